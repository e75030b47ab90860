"""The pages of the lists: filtered by links, in pieces, with all that can be taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from nichiiki_ld.listing import Choice
from nichiiki_ld.lists import LISTINGS
from nichiiki_ld.web import language, linking
from nichiiki_ld.web.fields import show_made
from nichiiki_ld.web.lists.corrections import contradictions_of, fixes_of
from nichiiki_ld.web.lists.downloads import MOST_ROWS, downloads_of, listed_now, tables_of
from nichiiki_ld.web.lists.entries import Entries
from nichiiki_ld.web.lists.facets import chosen_values, facets_of
from nichiiki_ld.web.lists.members import Lists, lists_of
from nichiiki_ld.web.lists.selection import Selection, read_selection
from nichiiki_ld.web.naming import Naming
from nichiiki_ld.web.rendered import page_once
from nichiiki_ld.web.site import Site, current_site
from nichiiki_ld.web.takeaway import Download, query_to_take
from nichiiki_ld.web.things import thing_or_description

bp = Blueprint("lists", __name__)

ENTRIES_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Pieces:
    """Which piece of a list a page has.

    Attributes:
        first, last: Numbers of the things on the page, from 1; 0 in an empty list.
        previous, following: Addresses of the pages beside it, or empty.
    """

    page: int
    pages: int
    total: int
    first: int
    last: int
    previous: str
    following: str


@bp.get("/<any(projects, consortia, areas, themes, corrections):name>")
def listed(name: str) -> Response:
    """Answer with a list; where there is none, with the thing that is called so."""
    site = current_site()
    lists = lists_of(site)
    if not lists.exist:
        return thing_or_description(name)
    selection = read_selection(lists, LISTINGS[name], request.args)
    pieces = _pieces(selection, len(lists.members(selection.listing, selection.choice)))
    is_short = pieces.total <= MOST_ROWS
    downloads = (downloads_of if is_short else tables_of)(selection, language.current())
    address = f"{language.prefix(language.said())}{selection.address(page=pieces.page)}"
    canonical = f"{site.base}{address}"

    def make() -> str:
        return render_template(
            f"{name}.html",
            canonical=canonical,
            selection=selection,
            pieces=pieces,
            downloads=downloads,
            most_rows=MOST_ROWS,
            **_content(site, lists, selection, pieces),
        )

    asked = f"{request.path.removeprefix('/')}?{request.query_string.decode('latin-1')}".removesuffix("?")
    page = page_once(site, make) if asked == address else make()
    return show_made(page, links=_links(canonical, pieces, downloads))


def _content(site: Site, lists: Lists, selection: Selection, pieces: Pieces) -> dict[str, Any]:
    naming = Naming(site, language.current())
    members = lists.members(selection.listing, selection.choice)
    shown = members.counts(max(0, pieces.first - 1), pieces.last)
    name = selection.listing.name
    return {
        "facets": facets_of(lists, selection, naming),
        "chosen": list(chosen_values(selection, naming)),
        "scopes": _scopes(lists, selection),
        "cleared": linking.page(name),
        "query": query_to_take(listed_now(site, lists, selection).query, name),
        **_told(site, naming, selection, shown),
    }


def _told(site: Site, naming: Naming, selection: Selection, shown: Mapping[NamedNode, int]) -> dict[str, Any]:
    if selection.listing.name != "corrections":
        return {"entries": Entries(site, naming, selection, shown).tell(shown)}
    whole = not any(selection.choice.values.values())
    return {
        "entries": fixes_of(site, naming, list(shown)),
        "contradictions": contradictions_of(site, naming) if whole else [],
        "feed": linking.path(selection.address(extension="atom")),
    }


def _pieces(selection: Selection, total: int) -> Pieces:
    pages = max(1, -(-total // ENTRIES_AT_ONCE))
    page = selection.page
    if page > pages:
        raise NotFound
    first = (page - 1) * ENTRIES_AT_ONCE + 1

    def href(number: int) -> str:
        return linking.page(selection.address(page=number)) if 1 <= number <= pages else ""

    return Pieces(
        page=page,
        pages=pages,
        total=total,
        first=min(first, total),
        last=min(first + ENTRIES_AT_ONCE - 1, total),
        previous=href(page - 1),
        following=href(page + 1),
    )


def _links(canonical: str, pieces: Pieces, downloads: Sequence[Download]) -> list[str]:
    links = [linking.link(canonical, "canonical")]
    if pieces.previous:
        links.append(linking.link(pieces.previous, "prev"))
    if pieces.following:
        links.append(linking.link(pieces.following, "next"))
    links += [linking.link(each.href, "alternate", each.media_type) for each in downloads]
    return [*links, linking.licence()]


def _scopes(lists: Lists, selection: Selection) -> list[tuple[str, str, int, bool]]:
    """Return how far a list can reach: title, address, number of things, and whether it does."""
    if not selection.listing.needs_link:
        return []
    titles = {False: gettext("プロジェクトのある地域"), True: gettext("すべての地域")}
    found = []
    for everything, title in titles.items():
        choice = Choice(selection.choice.values, everything)
        number = len(lists.members(selection.listing, choice))
        href = linking.page(selection.address(choice))
        found.append((title, href, number, everything == selection.choice.everything))
    return found
