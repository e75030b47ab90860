"""Documents by which programs find their way: linksets, the catalogue of interfaces, sitemap, robots.txt, llms.txt.

They name addresses of the server that is asked: a sitemap must not list those of another host.

Source: RFC 9264 (Linkset), RFC 9727 (api-catalog), RFC 9309 (robots.txt), sitemaps.org
protocol 0.9, VoID section 7.2 (`/.well-known/void`), llmstxt.org.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urljoin
from xml.sax.saxutils import escape

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.urls import iri_to_uri

from nichiiki_ld.formats import HTML, TURTLE, Kind, of_kind
from nichiiki_ld.iri import DATASET, SPARQL
from nichiiki_ld.negotiation import negotiate
from nichiiki_ld.web import linking
from nichiiki_ld.web.dumps import files_of
from nichiiki_ld.web.fields import represent, see_other
from nichiiki_ld.web.language import LANGUAGES, prefix
from nichiiki_ld.web.problems import NotAcceptable
from nichiiki_ld.web.signposting import LINKSET, items, signposts
from nichiiki_ld.web.site import Site, current_site

bp = Blueprint("discovery", __name__)

MOST_URLS = 10_000
"""Addresses in one part of the sitemap; the protocol allows 50,000."""

_XML = "application/xml; charset=utf-8"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PATH = "/:@!$&'()*+,;=~%"
_PROFILE = "https://www.rfc-editor.org/info/rfc9727"


def _url(name: str) -> str:
    """Return the whole address of a name on this server."""
    return str(urljoin(request.host_url, iri_to_uri(linking.path(quote(name, safe=_PATH)))))


# --- linksets -------------------------------------------------------------------------


@bp.get(f"/<path:name>.{LINKSET.extension}")
def linkset(name: str) -> Response:
    """Answer with everything that the page of a thing links to for programs, and with the links back."""
    site = current_site()
    known = (name, quote(name, safe="/:@!$&'()*+,;=~"))
    name = next((each for each in known if f"{site.base}{each}" in site.catalog), "")
    if not name:
        raise NotFound
    page = _url(f"{name}.{HTML.extension}")
    own: dict[str, Any] = {"anchor": page}
    for each in signposts(site, name):
        target = {"href": _url(each.target) if each.is_here else iri_to_uri(each.target)}
        if each.media_type:
            target["type"] = each.media_type
        if each.relation != "linkset":
            own.setdefault(each.relation, []).append(target)
    back = [
        {
            "anchor": _url(f"{name}.{each.extension}"),
            "describes": [{"href": page, "type": HTML.media_type}],
            "type": [{"href": each.iri}],
        }
        for each in of_kind(Kind.GRAPH)
    ]
    back += [
        {"anchor": target["href"], "collection": [{"href": page, "type": HTML.media_type}]}
        for target in own.get("item", [])
    ]
    return _json({"linkset": [own, *back]}, LINKSET.media_type, [linking.licence()])


@bp.get("/.well-known/api-catalog")
def api_catalog() -> Response:
    """Answer with the interfaces that there are, and where each is described."""
    site = current_site()
    endpoint, catalog = _url(SPARQL), _url(".well-known/api-catalog")
    described: dict[str, Any] = {
        "anchor": endpoint,
        "service-desc": [{"href": endpoint, "type": TURTLE.media_type}],
        "service-doc": [
            {"href": _url(f"{each}/{SPARQL}"), "type": HTML.media_type, "hreflang": [each]}
            for each in LANGUAGES
        ],
    }
    if f"{site.base}{DATASET}" in site.catalog:
        described["service-meta"] = [{"href": _url(f"{DATASET}.ttl"), "type": TURTLE.media_type}]
    if site.manifest["licence"]:
        described["license"] = [{"href": site.manifest["licence"]}]
    return _json(
        {"linkset": [{"anchor": catalog, "item": [{"href": endpoint}]}, described]},
        f'{LINKSET.media_type}; profile="{_PROFILE}"',
        [linking.link(catalog, "api-catalog")],
    )


@bp.get("/.well-known/void")
def void() -> Response:
    """Lead to the description of the data."""
    if f"{current_site().base}{DATASET}" not in current_site().catalog:
        raise NotFound
    offered = [*of_kind(Kind.GRAPH), HTML]
    chosen = negotiate(request.headers.get("Accept"), offered)
    if chosen is None:
        raise NotAcceptable(offered)
    return see_other(linking.path(f"{DATASET}.{chosen.extension}"), linking.of_thing(DATASET))


def _json(content: Any, content_type: str, links: Iterable[str]) -> Response:
    return represent(json.dumps(content, ensure_ascii=False, indent=1) + "\n", content_type, links=links)


# --- crawlers -------------------------------------------------------------------------


@bp.get("/robots.txt")
def robots() -> Response:
    """Answer with what crawlers may fetch: everything but the answers to queries, which have no end."""
    endpoints = [linking.path(f"{prefix(each)}{SPARQL}?") for each in ("", *LANGUAGES)]
    lines = [
        "# Welcome. All data at once: " + _url("dumps/"),
        "# Please ask for one page at a time, and come back when the release has changed.",
        "User-agent: *",
        *(f"Disallow: {each}" for each in endpoints),
        "Crawl-delay: 1",
        "",
        f"Sitemap: {_url('sitemap.xml')}",
    ]
    return represent("\n".join(lines) + "\n", "text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Answer with the parts of the sitemap."""
    site = current_site()
    parts = range(1, 1 + -(-(len(_own_pages(site)) + len(site.catalog)) // _NAMES_IN_PART))
    changed = _changed(site)
    body = "".join(
        f"<sitemap><loc>{escape(_url(f'sitemap-{each}.xml'))}</loc>{changed}</sitemap>\n" for each in parts
    )
    return represent(f'{_DECLARATION}<sitemapindex xmlns="{_SITEMAP}">\n{body}</sitemapindex>\n', _XML)


@bp.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """Answer with some of the pages, each in every language."""
    site = current_site()
    names = _names(site, number - 1) if number else []
    if not names:
        raise NotFound
    body = "".join(_entries(names, _changed(site)))
    head = f'<urlset xmlns="{_SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    return represent(f"{_DECLARATION}{head}\n{body}</urlset>\n", _XML)


_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES_IN_PART = MOST_URLS // len(LANGUAGES)


def _names(site: Site, part: int) -> list[str]:
    """Return the paths of some pages without a language: first those of the site, then those of things.

    A thing whose IRI has a query is left out: its page has no address that a sitemap can name.
    """
    own = _own_pages(site)
    start, stop = part * _NAMES_IN_PART, (part + 1) * _NAMES_IN_PART
    skipped = max(0, start - len(own))
    things = site.catalog.pages(max(0, stop - len(own)) - skipped, skipped)
    return [
        *own[start:stop],
        *(f"{page.removeprefix(site.base)}.html" for page in things if "?" not in page),
    ]


def _own_pages(site: Site) -> list[str]:
    found = ["", "dumps/", SPARQL]
    if site.manifest["counts"].get("Project"):
        found += ["projects", "consortia", "areas", "themes", "corrections"]
    if "shapes.ttl" in site.manifest["files"]:
        found += ["shapes.html", "quality"]
    return found


def _entries(names: Iterable[str], changed: str) -> Iterator[str]:
    root = _url("")
    for name in names:
        own = escape(quote(name, safe=_PATH), {'"': "&quot;"})
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{each or "x-default"}" href="{root}{prefix(each)}{own}"/>'
            for each in (*LANGUAGES, "")
        )
        for each in LANGUAGES:
            yield f"<url><loc>{root}{prefix(each)}{own}</loc>{changed}{others}</url>\n"


def _changed(site: Site) -> str:
    issued = site.manifest["issued"]
    return f"<lastmod>{escape(str(issued))}</lastmod>" if issued else ""


@bp.get("/llms.txt")
def llms() -> Response:
    """Answer with what this is, and how a program asks it, for one that reads text."""
    site = current_site()
    text = render_template(
        "llms.txt",
        url=_url,
        title=site.manifest["title"],
        counts={name: count for name, count in site.manifest["counts"].items() if name != "triples"},
        dumps=[
            (name, media_type, site.manifest["files"][name.removeprefix("dumps/")])
            for name, media_type in items(site)
        ],
        tables=[
            each
            for each in files_of(site.manifest)
            if each.name.startswith("tables/") and not each.name.endswith(".gz") and ".en." not in each.name
        ],
        formats=of_kind(Kind.RESULTS),
        graphs=of_kind(Kind.GRAPH),
        has_ontology="ontology.ttl" in site.manifest["files"],
        has_dataset=f"{site.base}{DATASET}" in site.catalog,
        has_quality="shapes.ttl" in site.manifest["files"],
    )
    return represent(text, "text/markdown; charset=utf-8", links=[linking.licence()])


# --- pictures -------------------------------------------------------------------------


@bp.get("/favicon.ico")
def favicon() -> Response:
    """Answer clients that ask for the icon by the name it always had."""
    return represent((files("nichiiki_ld.web") / "static/favicon.ico").read_bytes(), "image/x-icon")


@bp.get("/apple-touch-icon.png")
def apple_touch_icon() -> Response:
    """Answer telephones that do not read the page first."""
    return represent((files("nichiiki_ld.web") / "static/icon.png").read_bytes(), "image/png")
