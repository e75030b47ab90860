"""A list as a file: the rows of its query as CSV and as a workbook, its things as JSON-LD and on a map.

Data have no language prefix. Headings and names are in Japanese; `?lang=en` asks for English.

Source: RFC 4180 (CSV), RFC 7946 (GeoJSON), ECMA-376 (Office Open XML).
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext
from pyoxigraph import Literal, NamedNode

from nichiiki_ld.formats import JSON_LD
from nichiiki_ld.listing import LANGUAGES, Listing, list_query
from nichiiki_ld.lists import LISTINGS
from nichiiki_ld.namespaces import XSD
from nichiiki_ld.store import Term
from nichiiki_ld.tables import Table
from nichiiki_ld.web import language, linking
from nichiiki_ld.web.fields import represent
from nichiiki_ld.web.lists.members import Lists, lists_of
from nichiiki_ld.web.lists.selection import Selection, read_selection
from nichiiki_ld.web.naming import Naming
from nichiiki_ld.web.problems import problem
from nichiiki_ld.web.site import Site, current_site
from nichiiki_ld.web.takeaway import Download
from nichiiki_ld.web.things import thing_or_description
from nichiiki_ld.workbook import EXTENSION as XLSX
from nichiiki_ld.workbook import MEDIA_TYPE as XLSX_TYPE
from nichiiki_ld.workbook import Cell, Workbook
from nichiiki_ld.writing import reading_order, write_statements

files = Blueprint("list-files", __name__)

MOST_ROWS = 5000
"""Longest list that is written as a file when somebody asks; all municipalities are 1,973."""

CSV_TYPE = "text/csv; charset=utf-8; header=present"
GEOJSON_TYPE = "application/geo+json"
_NUMBERS = frozenset({f"{XSD}integer", f"{XSD}decimal", f"{XSD}double"})
_EXACT = 1e15
"""From here on a sheet, and JSON as many programs read it, would not have all digits."""

Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its query, in a language."""

    site: Site
    lists: Lists
    selection: Selection
    language: str

    @property
    def query(self) -> str:
        """The query whose solutions are the rows."""
        choice = self.selection.choice
        naming = Naming(self.site, self.language)
        chosen = [value for values in choice.values.values() for value in values]
        names = {value: naming.name(value).text for value in chosen if ":" in value}
        return list_query(self.selection.listing, choice, self.lists.prefixes, self.language, names)

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Headings with the variables of their columns."""
        return self.selection.listing.headings(self.language)

    @property
    def entries(self) -> tuple[NamedNode, ...]:
        """The things of the list."""
        return self.lists.members(self.selection.listing, self.selection.choice).entries()

    def __len__(self) -> int:
        """Return how many things there are."""
        return len(self.lists.members(self.selection.listing, self.selection.choice))

    def rows(self) -> Iterator[Row]:
        """Yield the solutions of the query."""
        return self.site.store.select(self.query)


def downloads_of(selection: Selection, language_: str) -> list[Download]:
    """Return the files of a list, the easiest to open first."""

    def href(extension: str, *, translated: bool) -> str:
        address = linking.path(selection.address(extension=extension))
        if not translated or language_ == LANGUAGES[0]:
            return address
        return f"{address}{'&' if '?' in address else '?'}lang={language_}"

    found = [
        Download(
            "Excel", href(XLSX, translated=True), XLSX_TYPE, gettext("コードの先頭の0もそのまま開けます")
        ),
        Download("CSV", href("csv", translated=True), "text/csv", gettext("UTF-8（BOM付き）")),
        Download(
            "JSON-LD",
            href("jsonld", translated=False),
            JSON_LD.media_type,
            gettext("載っているものの全データ"),
        ),
    ]
    if selection.listing.has_points:
        found.append(
            Download(
                "GeoJSON",
                href("geojson", translated=True),
                GEOJSON_TYPE,
                gettext("地図ソフト用（庁舎の位置）"),
            )
        )
    return found


def tables_of(selection: Selection, language_: str) -> list[Download]:
    """Return the tables of the release that have all of a list, which is too long to be written when somebody asks."""
    if any(selection.choice.values.values()) or selection.choice.everything:
        return []
    ending = "" if language_ == LANGUAGES[0] else f".{language_}"
    found = {
        each: f"tables/{selection.listing.name}{ending}.{extension}"
        for each, extension in (("Excel", XLSX), ("CSV", "csv"))
    }
    published = current_site().manifest["files"]
    return [
        Download(label, linking.path(f"dumps/{name}"), str(published[name]["mediaType"]))
        for label, name in found.items()
        if name in published
    ]


@files.get(
    "/<any(projects, consortia, areas, themes, corrections):name>.<any(csv, xlsx, jsonld, geojson):extension>"
)
def download(name: str, extension: str) -> Response:
    """Answer with a list as a file. A filter that does not exist is an error: nobody reads a notice in a file."""
    site = current_site()
    lists = lists_of(site)
    listing = LISTINGS[name]
    if not lists.exist or (extension == "geojson" and not listing.has_points):
        return thing_or_description(f"{name}.{extension}")
    selection = read_selection(lists, listing, request.args)
    wanted = request.args.get("lang", LANGUAGES[0])
    if refused := refusal_of(selection, wanted):
        return refused
    listed = Listed(site, lists, selection, wanted)
    if len(listed) > MOST_ROWS:
        return problem(
            403,
            f"This list has {len(listed)} rows; at most {MOST_ROWS} are written as one file.",
            hint=f"filter it, send its query to {linking.path('sparql')}, or take all of {linking.path('dumps/')}",
        )
    write, content_type = _WRITERS[extension]
    links = [
        linking.link(f"{site.base}{selection.address(extension=extension)}", "canonical"),
        linking.link(linking.path(selection.address()), "describedby", "text/html"),
        linking.licence(),
    ]
    response = represent(write(listed), content_type, links=links)
    if extension in ("csv", XLSX):
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


def refusal_of(selection: Selection, language_: str) -> Response | None:
    """Return the answer to a request for a file with a filter, or in a language, that there is not; else None."""
    unknown = [*selection.unknown, *([] if language_ in LANGUAGES else [("lang", language_)])]
    if not unknown:
        return None
    parameter, value = unknown[0]
    return problem(
        400,
        f"There is no value {value!r} of {parameter!r} in this list.",
        hint=f"the page {linking.page(selection.listing.name)} shows what can be chosen",
    )


# --- writing ----------------------------------------------------------------------------


def write_csv(listed: Listed) -> bytes:
    """Return the rows as CSV that Excel reads as UTF-8."""
    output = io.StringIO(newline="")
    table = Table(listed.selection.listing.name, {listed.language: listed.headings}, listed.query)
    variables = [variable for _, variable in listed.headings]
    rows = (
        {each: [text_of_term(row[each])] if each in row else [] for each in variables}
        for row in listed.rows()
    )
    table.write(rows, {listed.language: output})
    return output.getvalue().encode()


def write_xlsx(listed: Listed) -> bytes:
    """Return the rows as a workbook."""
    output = io.BytesIO()
    listing = listed.selection.listing
    title = listing.title[LANGUAGES.index(listed.language)]
    created = listed.site.issued.date() if listed.site.issued else None
    headings = [heading for heading, _ in listed.headings]
    with Workbook(output, title, headings, created=created) as book:
        for row in listed.rows():
            book.write(_cell(row.get(variable)) for _, variable in listed.headings)
    return output.getvalue()


def write_jsonld(listed: Listed) -> bytes:
    """Return what the release says of each thing, with the names of what they mention."""
    site = listed.site
    entries = listed.entries
    facts = site.catalog.about(entries)
    mentioned = {
        triple.object
        for triple in facts.triples
        if isinstance(triple.object, NamedNode) and triple.object.value.startswith(site.base)
    }
    triples = {*facts.triples, *site.catalog.names(mentioned.difference(entries))}
    place = {str(entry): number for number, entry in enumerate(entries)}
    ordered = sorted(
        reading_order(triples, site.compactor), key=lambda triple: place.get(str(triple.subject), len(place))
    )
    output = io.BytesIO()
    write_statements(ordered, output, JSON_LD, site.compactor, site.context)
    return output.getvalue()


def write_geojson(listed: Listed) -> bytes:
    """Return a feature for each thing: where it lies, and its row."""
    features = [_feature(listed, row) for row in listed.rows()]
    collection = {"type": "FeatureCollection", "features": features}
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


_WRITERS = {
    "csv": (write_csv, CSV_TYPE),
    XLSX: (write_xlsx, XLSX_TYPE),
    "jsonld": (write_jsonld, JSON_LD.content_type),
    "geojson": (write_geojson, GEOJSON_TYPE),
}


def _feature(listed: Listed, row: Row) -> dict[str, Any]:
    around = listed.site.around
    entry = row[listed.selection.listing.entry]
    assert isinstance(entry, NamedNode)
    areas = _areas_of(listed.site, listed.selection.listing, entry)
    points = [
        [around.positions[each].longitude, around.positions[each].latitude]
        for each in areas
        if each in around.positions
    ]
    geometry: dict[str, Any] | None = None
    if points:
        one = listed.selection.listing.entry == "area"
        geometry = (
            {"type": "Point", "coordinates": points[0]}
            if one
            else {"type": "MultiPoint", "coordinates": points}
        )
    properties = {
        variable: _cell(row.get(variable)) for _, variable in listed.headings if variable not in _IN_GEOMETRY
    }
    return {"type": "Feature", "id": entry.value, "geometry": geometry, "properties": properties}


def _areas_of(site: Site, listing: Listing, entry: NamedNode) -> Iterable[NamedNode]:
    """Return where a thing of a list lies: an area itself, a correction by the project that its row tells of."""
    around = site.around
    projects: Sequence[NamedNode]
    if listing.entry == "area":
        return [entry]
    if listing.entry == "correction":
        rows = site.catalog.objects(entry, site.own("row"))
        projects = [each for row in rows for each in site.catalog.pointing(row, site.own("row"))]
    elif listing.entry == "project":
        projects = [entry]
    else:
        projects = around.projects(entry)
    return dict.fromkeys(each for project in projects for each in around.areas(project))


_IN_GEOMETRY = frozenset({"latitude", "longitude"})


def text_of_term(term: Term) -> str:
    """Return a term as the CSV of the endpoint has it."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _cell(term: Term | None) -> Cell:
    """Return a number for a number, and a text for everything else; a code is a text."""
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        try:
            number = float(term.value)
        except ValueError:
            return term.value
        if math.isfinite(number) and abs(number) < _EXACT:
            return int(number) if number.is_integer() else number
    return None if term is None else text_of_term(term)


def listed_now(site: Site, lists: Lists, selection: Selection) -> Listed:
    """Return a list in the language of the current page."""
    return Listed(site, lists, selection, language.current())
