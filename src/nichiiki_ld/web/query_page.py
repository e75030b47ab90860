"""The query page: an editor, ready examples, and the answer as table, map, chart or graph.

It is made by the server as a whole. With scripts it gets an editor that completes, and
tables that sort; without them it takes a query and shows the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, render_template
from flask_babel import gettext
from markupsafe import Markup

from nichiiki_ld.errors import QueryError
from nichiiki_ld.examples import GROUPS, Example
from nichiiki_ld.formats import HTML, RESULTS_CSV, Format, Kind
from nichiiki_ld.iri import SPARQL
from nichiiki_ld.query import OFFERED
from nichiiki_ld.web import assets, completions, language, linking
from nichiiki_ld.web.answers import Shown
from nichiiki_ld.web.fields import show
from nichiiki_ld.web.once import once_per_language, once_per_release
from nichiiki_ld.web.refusals import refusal_of
from nichiiki_ld.web.site import Site, current_site
from nichiiki_ld.web.takeaway import Download, Snippet, query_to_take

LONGEST_ADDRESS = 6000
"""Characters of a query, as an address has it, up to which it is asked by address; beyond, some programs cut."""

EDITOR = "query-editor.js"
"""What npm brings; without it there is a plain field."""

_OWN_START = """\
PREFIX nichiiki: <{base}ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?project ?projectName ?areaName WHERE {{
  ?project a nichiiki:Project ;
    rdfs:label ?projectName ;
    nichiiki:area ?area .
  ?area rdfs:label ?areaName .
  FILTER (LANG(?projectName) = "{language}" && LANG(?areaName) = "{language}")
}}
ORDER BY ?project ?areaName
"""
_ANY_START = """\
SELECT ?subject ?property ?value WHERE {
  ?subject ?property ?value .
}
LIMIT 100
"""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Examples about one matter."""

    title: str
    examples: Sequence[Example]


@once_per_release
def examples_of(site: Site) -> dict[str, Example]:
    """Return name → example query, in the order of names; none where the release brings none."""
    folder = site.release.folder / "queries"
    return {
        path.stem: Example.parse(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.rq"))
    }


def show_page(
    text: str | None,
    answer: Shown | None = None,
    error: QueryError | None = None,
    *,
    status: int = HTTPStatus.OK,
    links: Iterable[str] = (),
) -> Response:
    """Return the page.

    Args:
        text: The query that was asked; None for a start.
        answer: What is shown below, if it has an answer.
        error: Why it has none.
    """
    site = current_site()
    # A form sends each end of a line as two characters.
    text = _start(site) if text is None else text.replace("\r\n", "\n")
    known = next((each for each in examples_of(site).values() if each.query.strip() == text.strip()), None)
    quoted = quote(text, safe="")
    in_address = len(quoted) <= LONGEST_ADDRESS
    return show(
        "sparql.html",
        links=links,
        status=status,
        negotiated=True,
        query=text,
        in_address=in_address,
        longest_address=LONGEST_ADDRESS,
        result=answer,
        refusal=refusal_of(error, text, site.settings) if error else None,
        formats=_formats(),
        example=known,
        examples=_shelves(site),
        downloads=_downloads(quoted, answer) if answer and in_address else [],
        kinds=_formats(answer) if answer and not in_address else [],
        snippets=_snippets(text) if answer else [],
        share=_address(quoted) if in_address else "",
        editor=assets.address(EDITOR) if assets.exists(EDITOR) else "",
        completions=linking.path(completions.ADDRESS),
    )


def _start(site: Site) -> str:
    """Return the query that the page begins with."""
    if site.manifest["counts"].get("Project"):
        return _OWN_START.format(base=site.base, language=language.current())
    return _ANY_START


@once_per_language
def _shelves(site: Site) -> Markup:
    """Return all examples by what they are about; empty where there are none."""
    examples = examples_of(site)
    titles = {
        "projects": gettext("プロジェクト"),
        "areas": gettext("地域"),
        "themes": gettext("テーマ"),
        "evidence": gettext("公表資料と根拠"),
        "links": gettext("ほかのデータとの結び付き"),
        "data": gettext("このデータ自身"),
        "": gettext("その他"),
    }
    shelves = [
        Shelf(titles[name], [each for each in examples.values() if each.group == name])
        for name in (*GROUPS, "")
    ]
    filled = [shelf for shelf in shelves if shelf.examples]
    if not filled:
        return Markup()
    return Markup(render_template("_examples.html", shelves=filled, sparql=linking.page(SPARQL)))  # noqa: S704  # made by a template, which escapes


# --- what is taken along


def _formats(answer: Shown | None = None) -> list[Format]:
    """Return the formats of data, or those of one answer."""
    kinds = (Kind.RESULTS, Kind.GRAPH) if answer is None else (_kind(answer),)
    found = {each.name: each for kind in kinds for each in OFFERED[kind] if each is not HTML}
    return (
        sorted(found.values(), key=lambda each: each is not RESULTS_CSV) if answer else list(found.values())
    )


def _kind(answer: Shown) -> Kind:
    return Kind.GRAPH if answer.kind == "graph" else Kind.RESULTS


def _address(quoted: str, format_: str = "") -> str:
    """Return where a query, percent-encoded, is answered: by the page, or in a format."""
    if format_:
        return f"{linking.path(SPARQL)}?query={quoted}&format={format_}"
    return f"{linking.page(SPARQL)}?query={quoted}"


def _downloads(quoted: str, answer: Shown) -> list[Download]:
    return [
        Download(each.label, _address(quoted, each.name), each.media_type, _hint(each))
        for each in _formats(answer)
    ]


def _hint(format_: Format) -> str:
    """Return what a format is good for, where people may not know."""
    return gettext("表計算ソフト用（UTF-8）") if format_ is RESULTS_CSV else ""


def _snippets(text: str) -> list[Snippet]:
    """Return the query in the words of tools.

    None where its text could end the quotation that it stands in: what a person pastes
    into a shell must not be what somebody else put into an address.
    """
    ends_quotation = '"""' in text or ')---"' in text
    if (
        ends_quotation
        or _CONTROLS.search(text)
        or any(line.strip() == "SPARQL" for line in text.splitlines())
    ):
        return []
    return list(query_to_take(text, "result").snippets)
