"""What the query page shows of an answer: a table, a map and a chart where they make sense, or linked Turtle.

Everything is decided from the answer alone, so that any query gets it: points from columns
of coordinates, from WKT, or from areas that are known; bars from one column of numbers.

Source: SPARQL 1.1 Query Results JSON Format; GeoSPARQL 1.1, section 8.5 (WKT: longitude first
unless a reference system says otherwise).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from pyoxigraph import Literal, NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.formats import Kind
from nichiiki_ld.namespaces import GEO, XSD
from nichiiki_ld.query import Answer
from nichiiki_ld.web.japan import Point
from nichiiki_ld.web.linking import address
from nichiiki_ld.web.naming import Value, value_of_thing
from nichiiki_ld.web.site import Site

MOST_ROWS = 1000
"""A page shows at most so many solutions and says how many there are; the other formats have all."""

MOST_CELLS = 15_000
"""A table of many columns has fewer rows: a browser takes long for more cells."""

MOST_LINES = 1000
"""Likewise lines of Turtle."""

MOST_BARS = 50
MOST_CHARACTERS = 2000
"""Of a literal in the table."""

MOST_CHARACTERS_OF_IRI = 80
MOST_NAMED = 1000
"""So many things are called by their labels; further ones by their IRIs."""

_NUMBERS = frozenset(
    f"{XSD}{name}"
    for name in (
        *("integer", "decimal", "double", "float", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_LATITUDE = re.compile(r"(?P<of>.*?)(?:lat|latitude|緯度)", re.IGNORECASE)
_LONGITUDE = re.compile(r"(?P<of>.*?)(?:long|lon|lng|longitude|経度)", re.IGNORECASE)
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_WKT = re.compile(
    rf"\s*(?:<(?P<system>[^>]*)>\s*)?POINT\s*Z?\s*\(\s*(?P<x>{_NUMBER})\s+(?P<y>{_NUMBER})(?:\s+{_NUMBER})?\s*\)\s*",
    re.IGNORECASE,
)
_LATITUDE_FIRST = "http://www.opengis.net/def/crs/EPSG/0/4326"
_LONGITUDE_FIRST = ("", "http://www.opengis.net/def/crs/OGC/1.3/CRS84")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of the table.

    Attributes:
        text: As the table shows it: a literal, or a short IRI.
        href: What it links to, or None.
        full: The whole of what `text` shortens, or empty.
        label: What a thing is called in the language of the page, or empty.
        language: Language tag of the literal or the label.
        number: Its value, where it is a number.
        iri: Of a thing; empty for a literal.
        datatype: Of a literal that has one of its own.
    """

    text: str = ""
    href: str | None = None
    full: str = ""
    label: str = ""
    language: str = ""
    number: float | None = None
    iri: str = ""
    datatype: str = ""

    @property
    def name(self) -> str:
        """What a map or a chart calls it."""
        return self.label or self.text


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart.

    Attributes:
        percent: Of the longest bar, 0 to 100.
    """

    label: Cell
    number: str
    percent: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One number for each row.

    Attributes:
        of, by: Names of the columns with the numbers and with the labels.
        untold: How many rows have no bar.
    """

    of: str
    by: str
    bars: tuple[Bar, ...]
    untold: int


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions of SELECT.

    Attributes:
        numeric: For each column, whether all its values are numbers.
        total: How many solutions there are; `rows` has the first of them.
        points: Places to show on a map.
        chart: None where it would say nothing.
    """

    variables: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    points: tuple[Point, ...]
    chart: Chart | None
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """The answer to ASK."""

    value: bool
    kind: str = field(default="truth", init=False)


@dataclass(frozen=True, slots=True)
class Graph:
    """The answer to CONSTRUCT or DESCRIBE.

    Attributes:
        pieces: Turtle, in pieces, each with what it links to or None.
        total: How many triples there are.
        untold: How many lines are not shown.
    """

    pieces: tuple[tuple[str, str | None], ...]
    total: int
    untold: int
    kind: str = field(default="graph", init=False)


Shown = Table | Truth | Graph


def shown_of(answer: Answer, site: Site, language: str) -> Shown:
    """Return what a page in a language shows of an answer that was given for a page."""
    if answer.kind is Kind.GRAPH:
        return _graph(answer.body.decode("utf-8"), answer.rows, site)
    results = json.loads(answer.body)
    if "boolean" in results:
        return Truth(bool(results["boolean"]))
    variables = tuple(results["head"]["vars"])
    solutions = results["results"]["bindings"]
    reader = _Reader(site, language)
    most = max(1, min(MOST_ROWS, MOST_CELLS // max(len(variables), 1)))
    plain = [[reader.cell(each.get(name)) for name in variables] for each in solutions[:most]]
    rows = reader.named(plain)
    numeric = tuple(_is_numeric([row[place] for row in rows]) for place in range(len(variables)))
    columns = _Columns(variables, numeric, rows, language)
    return Table(
        variables=variables,
        numeric=numeric,
        rows=rows,
        total=len(solutions),
        points=tuple(dict.fromkeys(columns.points(site))),
        chart=columns.chart(len(solutions)),
    )


def _is_numeric(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if cell.text]
    return bool(filled) and all(cell.number is not None for cell in filled)


class _Reader:
    """Makes cells of terms."""

    def __init__(self, site: Site, language: str) -> None:
        self._site = site
        self._language = language

    def cell(self, term: Mapping[str, Any] | None) -> Cell:
        """Return a term of the results as a cell; a thing has no label yet."""
        if term is None:
            return Cell()
        value = term["value"]
        if term["type"] == "uri":
            short = self._site.compactor.shorten(value)
            text = _middle_cut(short)
            return Cell(text, address(value), full=value if text != short else "", iri=value)
        if term["type"] == "bnode":
            return Cell(f"_:{value}")
        if not isinstance(value, str):
            parts = (self.cell(value[part]).text for part in ("subject", "predicate", "object"))
            return Cell(f"<<( {' '.join(parts)} )>>")
        datatype = term.get("datatype", "")
        cut = value if len(value) <= MOST_CHARACTERS else f"{value[:MOST_CHARACTERS]}…"
        return Cell(
            cut,
            language=term.get("xml:lang", ""),
            number=_number(value) if datatype in _NUMBERS else None,
            datatype=datatype,
        )

    def named(self, rows: Iterable[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
        """Return the cells with labels of what is ours."""
        rows = list(rows)
        base = self._site.base
        things = dict.fromkeys(cell.iri for row in rows for cell in row if cell.iri.startswith(base))
        nodes = [NamedNode(iri) for iri in islice(things, MOST_NAMED)]
        names = Facts(self._site.catalog.names(nodes))
        found = {node.value: value_of_thing(self._site, names, node, self._language) for node in nodes}
        return tuple(tuple(_with_label(cell, found.get(cell.iri)) for cell in row) for row in rows)


def _with_label(cell: Cell, value: Value | None) -> Cell:
    if value is None or value.text == cell.text or not value.language:
        return cell
    return replace(cell, label=value.text, language=value.language)


def _middle_cut(text: str) -> str:
    if len(text) <= MOST_CHARACTERS_OF_IRI:
        return text
    half = MOST_CHARACTERS_OF_IRI // 2
    return f"{text[:half]}…{text[-half:]}"


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


class _Columns:
    """Finds out what the columns of a table are good for."""

    def __init__(
        self,
        variables: Sequence[str],
        numeric: Sequence[bool],
        rows: Sequence[Sequence[Cell]],
        language: str,
    ) -> None:
        self._variables = variables
        self._numeric = numeric
        self._rows = rows
        self._language = language
        self._coordinates = self._pairs()
        self._labels = self._find_labels()

    def _pairs(self) -> list[tuple[int, int]]:
        """Return the columns of latitudes with those of the longitudes that go with them."""
        found = {}
        for pattern in (_LATITUDE, _LONGITUDE):
            matches = {
                place: match["of"].lower()
                for place, name in enumerate(self._variables)
                if self._numeric[place] and (match := pattern.fullmatch(name))
            }
            found[pattern] = {of: place for place, of in matches.items()}
        return [
            (place, found[_LONGITUDE][of])
            for of, place in found[_LATITUDE].items()
            if of in found[_LONGITUDE]
        ]

    # --- what rows are called

    def _find_labels(self) -> tuple[int, ...]:
        """Return the columns that tell a reader what a row is about: one, or two of a kind where one does not tell."""
        ranks = {place: self._rank(place) for place in range(len(self._variables))}
        known = {place: rank for place, rank in ranks.items() if rank is not None}
        if not known:
            return ()
        best = min(known.values())
        places = [place for place, rank in known.items() if rank == best]
        names = {row[places[0]].name for row in self._rows}
        return tuple(places[: 1 if len(names) == len(self._rows) else 2])

    def _rank(self, place: int) -> int | None:
        """Return how well a column names its rows, 0 is best; None if it does not."""
        if self._numeric[place]:
            return None
        cells = [row[place] for row in self._rows if row[place].text]
        if not cells or any(cell.datatype for cell in cells):
            return None
        if all(cell.language and not cell.iri for cell in cells):
            return 0 if all(cell.language == self._language for cell in cells) else 1
        if all(cell.label for cell in cells):
            return 2
        return 4 if all(cell.text.isdecimal() for cell in cells) else 3

    def _name(self, row: Sequence[Cell]) -> Cell:
        """Return what a row is called."""
        named = [row[place] for place in self._labels if row[place].text]
        if len(named) > 1:
            return Cell(" · ".join(cell.name for cell in named), language=named[0].language)
        others = sorted((cell for cell in row if cell.text), key=lambda cell: not cell.iri)
        return next(iter([*named, *others]), Cell())

    def _href(self, row: Sequence[Cell]) -> str:
        """Return what a row leads to: a thing that has a label is one of ours."""
        return next((cell.href for cell in row if cell.label and cell.href), "")

    # --- chart

    def chart(self, total: int) -> Chart | None:
        """Return the numbers of the only column that has some, as bars."""
        taken = {place for pair in self._coordinates for place in pair}
        numbers = [place for place, numeric in enumerate(self._numeric) if numeric and place not in taken]
        if len(numbers) != 1 or not self._labels or len(self._rows) < 2:  # noqa: PLR2004  # one bar compares nothing
            return None
        place = numbers[0]
        values = [row[place].number for row in self._rows]
        known = [value for value in values if value is not None]
        if min(known) < 0 or min(known) == max(known):
            return None
        bars = [
            Bar(self._bar_label(row), row[place].text, round(100 * value / max(known), 2))
            for row, value in zip(self._rows, values, strict=True)
            if value is not None
        ][:MOST_BARS]
        return Chart(self._variables[place], self._variables[self._labels[0]], tuple(bars), total - len(bars))

    def _bar_label(self, row: Sequence[Cell]) -> Cell:
        name = self._name(row)
        # Two names lead to two things, and a bar to none of them.
        return name if len(self._labels) > 1 else replace(name, href=name.href or self._href(row) or None)

    # --- points

    def points(self, site: Site) -> Iterator[Point]:
        """Yield the places of the rows, by the first way in which there are any."""
        for way in (self._by_coordinates, self._by_wkt, lambda: self._by_areas(site)):
            found = list(way())
            if found:
                yield from found
                return

    def _by_coordinates(self) -> Iterator[Point]:
        for row in self._rows:
            for latitude, longitude in self._coordinates:
                yield from self._point(row, row[latitude].number, row[longitude].number)

    def _by_wkt(self) -> Iterator[Point]:
        for row in self._rows:
            for cell in row:
                if cell.datatype == f"{GEO}wktLiteral" and (match := _WKT.fullmatch(cell.text)):
                    first, second = float(match["x"]), float(match["y"])
                    if match["system"] == _LATITUDE_FIRST:
                        yield from self._point(row, first, second)
                    elif (match["system"] or "") in _LONGITUDE_FIRST:
                        yield from self._point(row, second, first)

    def _by_areas(self, site: Site) -> Iterator[Point]:
        beginnings = tuple(f"{site.base}{kind}/" for kind in ("municipality", "prefecture"))
        places = [
            place
            for place in range(len(self._variables))
            if (iris := [row[place].iri for row in self._rows if row[place].text])
            and all(iri.startswith(beginnings) for iri in iris)
        ]
        if not places:
            return
        # Municipalities say more than the prefectures that they lie in.
        place = min(places, key=lambda each: not self._has_municipality(each, beginnings[0]))
        known: dict[str, tuple[float, float] | None] = {}
        for row in self._rows:
            cell = row[place]
            if cell.iri and cell.iri not in known:
                known[cell.iri] = _coordinates(site, cell.iri)
            if cell.iri and (found := known[cell.iri]):
                yield Point(cell.name, cell.href or "", *found)

    def _has_municipality(self, place: int, beginning: str) -> bool:
        return any(row[place].iri.startswith(beginning) for row in self._rows)

    def _point(self, row: Sequence[Cell], latitude: float | None, longitude: float | None) -> Iterator[Point]:
        if latitude is None or longitude is None:
            return
        if abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004  # degrees
            yield Point(self._name(row).name, self._href(row), latitude, longitude)


def _coordinates(site: Site, iri: str) -> tuple[float, float] | None:
    """Return the latitude and longitude that the data give for an area."""
    found = []
    for term in ("latitude", "longitude"):
        triples = site.store.triples(NamedNode(iri), NamedNode(site.own(term)))
        values = [
            number
            for triple in triples
            if isinstance(triple.object, Literal) and (number := _number(triple.object.value)) is not None
        ]
        if not values:
            return None
        found.append(min(values))
    return found[0], found[1]


# --- Turtle

_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"'
    r'|<(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>'
    r"|(?<![\w:@-])(?P<prefix>[A-Za-z][\w.-]*):(?P<local>[A-Za-z_0-9](?:[\w.-]*[\w-])?)"
)
"""As our own writer writes it: strings have no line breaks, local names no escapes."""


def _graph(turtle: str, total: int, site: Site) -> Graph:
    lines = turtle.split("\n")
    heads = [line for line in lines if line.startswith(("@prefix ", "@base "))]
    body = lines[len(heads) :]
    text = "\n".join(body[:MOST_LINES]).strip("\n")
    pieces: list[tuple[str, str | None]] = []
    used = set()
    end = 0
    for match in _TOKEN.finditer(text):
        iri = ""
        if match["prefix"] in site.compactor.prefixes:
            used.add(match["prefix"])
            iri = site.compactor.prefixes[match["prefix"]] + match["local"]
        elif match["iri"] is not None:
            relative = ":" not in match["iri"]
            used |= {"@base"} if relative else set()
            iri = f"{site.base}{match['iri']}" if relative else match["iri"]
        if href := address(iri):
            pieces += [(text[end : match.start()], None), (match[0], href)]
            end = match.end()
    pieces.append((text[end:], None))
    wanted = [line for line in heads if line.split()[1].rstrip(":") in used or line.split()[0] in used]
    head = "".join(f"{line}\n" for line in wanted)
    return Graph(
        pieces=tuple(each for each in ((f"{head}\n" if head else "", None), *pieces) if each[0]),
        total=total,
        untold=max(0, len(body) - MOST_LINES),
    )
