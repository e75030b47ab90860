"""`/search` for people, `/search.json` for programs and for the box that completes what is typed, OpenSearch for browsers.

Source: OpenSearch 1.1, draft 6.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from nichiiki_ld.search.entries import Kind
from nichiiki_ld.search.request import Request, read_request
from nichiiki_ld.search_index import COUNTED, MOST_FOUND, Found
from nichiiki_ld.web import language, linking
from nichiiki_ld.web.fields import represent, show
from nichiiki_ld.web.naming import Naming, Value
from nichiiki_ld.web.page import number_of
from nichiiki_ld.web.search.telling import Pieces, Result, Telling
from nichiiki_ld.web.site import Site, current_site

bp = Blueprint("search", __name__)

RESULTS_AT_ONCE = 20
"""Of the kind that is asked for."""

RESULTS_OF_EACH = 3
"""Of each kind, where there are several."""

DEFAULT_LIMIT = 10
MOST_LIMIT = 50
"""Results in JSON."""

EXAMPLES = ("北見", "きたみ", "kitami", "012084")
"""Ways to look for one city."""

_SUGGESTIONS = 5
_PARTICLES = re.compile("[のをにへでとがは・、。]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Results of one kind.

    Attributes:
        name: Of the kind, in addresses.
        total: How many there are; more, if it is cut.
        href: The page with all of them.
    """

    name: str
    title: str
    total: int
    is_cut: bool
    href: str
    results: Sequence[Result]


@dataclass(frozen=True, slots=True)
class Pager:
    """Which piece of the results of a kind a page has, with the addresses of those beside it, or nothing."""

    page: int
    pages: int
    previous: str
    following: str


@bp.get("/search")
def search() -> Response:
    """Answer with what was found, by kind; without words, with the box alone."""
    site = current_site()
    asked = read_request(request.args.get("q", ""))
    kind = _kind(request.args.get("kind", ""))
    found = site.search.find(asked, most=COUNTED)
    if len(found) == 1:
        kind = found[0].kind
    chosen = next((each for each in found if each.kind is kind), None)
    if chosen and chosen.is_cut:
        # Of what is looked through, more is worth its time.
        (whole,) = site.search.find(asked, kind=kind)
        found = [whole if each is chosen else each for each in found]
        chosen = whole
    page = _page(request.args.get("page", "1"))
    naming = Naming(site, language.current())
    telling = Telling(site, naming, asked)
    if chosen:
        groups = [_group(site, telling, asked, chosen, (page - 1) * RESULTS_AT_ONCE, RESULTS_AT_ONCE)]
    else:
        groups = [_group(site, telling, asked, each, 0, RESULTS_OF_EACH) for each in found]
    if page > 1 and not (chosen and groups[0].results):
        raise NotFound
    return show(
        "search.html",
        links=[linking.licence()],
        asked=asked,
        groups=groups,
        kinds=_kinds(asked, found, chosen),
        total=sum(map(len, found)),
        is_cut=any(each.is_cut for each in found),
        most_found=MOST_FOUND,
        examples=EXAMPLES,
        pager=_pager(asked, chosen, page) if chosen else None,
        suggestions=_suggestions(site, naming, asked) if asked and not found else [],
        other_searches=_other_searches(site, asked) if not found else [],
    )


@bp.get("/search.json")
def search_json() -> Response:
    """Answer with the best results of all kinds in one list."""
    site = current_site()
    asked = read_request(request.args.get("q", ""))
    limit = _limit(request.args.get("limit", ""))
    found = site.search.find(asked, kind=_kind(request.args.get("kind", "")), most=limit)
    telling = Telling(site, Naming(site, language.current()), asked)
    ordered = sorted(
        (rank, each.kind, place, id_)
        for each in found
        for place, (id_, rank) in enumerate(each.ranks.items())
    )[:limit]
    iris = site.search.iris([id_ for *_, id_ in ordered])
    results = [telling.tell(kind, iri) for (_, kind, _, _), iri in zip(ordered, iris, strict=True)]
    body = {
        "query": asked.text,
        "more": any(each.is_cut for each in found) or sum(map(len, found)) > limit,
        "page": linking.page(_address(asked)),
        "results": [_in_json(each) for each in results],
    }
    response = represent(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "application/json")
    response.content_language.add(language.current())
    if not language.said():
        response.vary.add("Accept-Language")
    return response


@bp.get("/opensearch.xml")
def opensearch() -> Response:
    """Answer with what a browser needs to search here from its own box."""
    root = f"{request.host_url.rstrip('/')}{linking.page('')}"
    return represent(
        render_template("opensearch.xml", root=root), "application/opensearchdescription+xml; charset=utf-8"
    )


def titles() -> dict[Kind, str]:
    """Return what a page calls each kind."""
    return {
        Kind.PROJECTS: gettext("プロジェクト"),
        Kind.AREAS: gettext("地域"),
        Kind.CONSORTIA: gettext("コンソーシアム"),
        Kind.THEMES: gettext("テーマ"),
        Kind.DOCUMENTS: gettext("原資料と訂正"),
        Kind.TERMS: gettext("語彙"),
        Kind.THINGS: gettext("そのほか"),
    }


def _kind(name: str) -> Kind | None:
    return next((each for each in Kind if each.name.lower() == name), None)


def _page(text: str) -> int:
    pages = MOST_FOUND // RESULTS_AT_ONCE
    number = number_of(text)
    return number if 0 < number <= pages else 1


def _limit(text: str) -> int:
    return max(1, min(int(text[:9]), MOST_LIMIT)) if text.isascii() and text.isdecimal() else DEFAULT_LIMIT


def _address(asked: Request, kind: Kind | None = None, page: int = 1) -> str:
    """Return the name of the page of a search, of one kind perhaps."""
    fields = {"q": asked.text}
    if kind:
        fields["kind"] = kind.name.lower()
    if page > 1:
        fields["page"] = str(page)
    return f"search?{urlencode(fields)}"


def _group(site: Site, telling: Telling, asked: Request, found: Found, first: int, most: int) -> Group:
    ids = found.ids[first : first + most]
    return Group(
        name=found.kind.name.lower(),
        title=titles()[found.kind],
        total=len(found),
        is_cut=found.is_cut,
        href=linking.page(_address(asked, found.kind)),
        results=[telling.tell(found.kind, iri) for iri in site.search.iris(ids)],
    )


def _kinds(
    asked: Request, found: Sequence[Found], chosen: Found | None
) -> list[tuple[str, str, int, bool, bool]]:
    """Return the ways to see one kind or all: title, address, number, whether there are more, whether it is now."""
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose
        return []
    is_cut = any(each.is_cut for each in found)
    whole = (gettext("すべて"), linking.page(_address(asked)), sum(map(len, found)), is_cut, chosen is None)
    return [
        whole,
        *(
            (
                titles()[each.kind],
                linking.page(_address(asked, each.kind)),
                len(each),
                each.is_cut,
                each is chosen,
            )
            for each in found
        ),
    ]


def _pager(asked: Request, found: Found, page: int) -> Pager:
    pages = -(-len(found) // RESULTS_AT_ONCE)

    def href(number: int) -> str:
        return linking.page(_address(asked, found.kind, number)) if 1 <= number <= pages else ""

    return Pager(page, pages, href(page - 1), href(page + 1))


def _suggestions(site: Site, naming: Naming, asked: Request) -> list[Value]:
    return [naming.name(iri) for iri in site.search.nearest(asked, _SUGGESTIONS)]


def _other_searches(site: Site, asked: Request) -> list[tuple[str, str]]:
    """Return what finds something where all words together find nothing: 北海道の空き家 taken apart, or a word alone."""
    apart = [part for word, *_ in asked.words for part in _PARTICLES.split(word) if len(part) > 1]
    texts = [" ".join(apart), *apart] if len(apart) > 1 else []
    tried = [read_request(text) for text in dict.fromkeys(texts)]
    return [(each.text, linking.page(_address(each))) for each in tried if site.search.find(each, most=1)]


def _in_json(result: Result) -> dict[str, Any]:
    value = result.value
    text = result.other_name or result.text
    return {
        "kind": result.kind.name.lower(),
        "kindLabel": titles()[result.kind],
        "iri": value.iri,
        "href": value.href,
        "label": value.text,
        "language": value.language,
        "reading": value.reading,
        "context": value.context or "、".join(_plain(each.name) for each in result.places),
        "code": value.code,
        "snippet": _plain(text.pieces) if text else "",
    }


def _plain(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)
