"""Things and their descriptions.

A thing is no document: its IRI is answered with 303 and the address of a document
that describes it (Cool URIs for the Semantic Web, section 4).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Triple
from werkzeug.exceptions import NotFound

from nichiiki_ld.catalog import Description
from nichiiki_ld.formats import HTML, Format, by_extension
from nichiiki_ld.negotiation import negotiate
from nichiiki_ld.web import language, linking
from nichiiki_ld.web.fields import see_other, show_made, write
from nichiiki_ld.web.linking import REPRESENTATIONS
from nichiiki_ld.web.pages import ROWS_FROM, read_page
from nichiiki_ld.web.problems import NotAcceptable
from nichiiki_ld.web.rendered import page_once
from nichiiki_ld.web.site import Site, current_site
from nichiiki_ld.writing import reading_order, write_statements

bp = Blueprint("things", __name__)


@bp.get("/<path:name>")
def thing_or_description(name: str) -> Response:
    """Answer for any IRI below the base.

    The whole path is tried first: the name of a release ends like an extension
    (`dataset/1.0.0`).
    """
    site = current_site()
    for each in _spellings(name):
        if f"{site.base}{each}" in site.catalog:
            return thing(each)
        stem, _, extension = each.rpartition(".")
        format_ = by_extension(extension)
        if format_ in REPRESENTATIONS and f"{site.base}{stem}" in site.catalog:
            return description(stem, format_)
    raise NotFound


def _spellings(name: str) -> Iterator[str]:
    """Yield what the IRI may be written like that was asked for: with its query, with its percent-encoding."""
    encoded = quote(name, safe="/:@!$&'()*+,;=~")
    if query := request.query_string.decode("latin-1"):
        yield f"{name}?{query}"
        yield f"{encoded}?{query}"
    yield name
    yield encoded


def thing(name: str) -> Response:
    """Send a client to the description that it likes best."""
    chosen = negotiate(request.headers.get("Accept"), REPRESENTATIONS)
    if chosen is None:
        raise NotAcceptable(REPRESENTATIONS)
    path = linking.page if chosen is HTML else linking.path
    return see_other(path(f"{name}.{chosen.extension}"), linking.of_thing(name))


def description(name: str, format_: Format) -> Response:
    """Answer with the description of a thing in a format."""
    site = current_site()
    links = linking.of_description(name, format_)
    if format_ is HTML:
        return show_made(_page(site, name), links=links)
    if language.said():
        # Data have every language in them, and one address.
        raise NotFound
    described = site.catalog.describe(f"{site.base}{name}")
    return write(_serialize(site, described, format_), format_, links=links)


def _page(site: Site, name: str) -> str:
    """Return the page of a thing; one that is asked for with a query that no page has is made anew."""

    def make() -> str:
        template, content = read_page(site, f"{site.base}{name}", language.current())
        return render_template(template, **content)

    if request.args.keys() - {ROWS_FROM}:
        return make()
    return page_once(site, make)


def _serialize(site: Site, described: Description, format_: Format) -> bytes:
    """Write a description with the thing itself first, then its parts, then the rest."""

    def place(triple: Triple) -> int:
        if triple.subject == described.thing:
            return 0
        return 1 if triple.subject in described.parts else 2

    compactor = site.compactor
    ordered = sorted(reading_order(described.triples(), compactor), key=place)
    output = io.BytesIO()
    write_statements(ordered, output, format_, compactor, site.context)
    return output.getvalue()
