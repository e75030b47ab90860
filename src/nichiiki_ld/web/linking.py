"""Where things are on this server, and what an answer says of its neighbours.

IRIs are those of the publication wherever the server runs. A page links by path, so
that a copy on a laptop links to itself.

Source: RFC 8288 (Web Linking).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from werkzeug.urls import iri_to_uri

from nichiiki_ld.formats import HTML, Format, Kind, of_kind
from nichiiki_ld.iri import page_of
from nichiiki_ld.web import language
from nichiiki_ld.web.signposting import in_header, signposts
from nichiiki_ld.web.site import current_site

REPRESENTATIONS: tuple[Format, ...] = tuple(of_kind(Kind.PAGE, Kind.GRAPH))
"""What a thing is described in."""


def path(name: str) -> str:
    """Return the path of a name below the base on this server."""
    return f"{request.script_root}/{name}"


def page(name: str) -> str:
    """Return the path of a page, in the language that the current address says."""
    return path(language.prefix(language.said()) + name)


def address(iri: str) -> str | None:
    """Return what a page links an IRI by: a path if it is ours, itself if it is on the web, else None."""
    site = current_site()
    if iri.startswith(site.base):
        name = iri.removeprefix(site.base)
        # What is no thing with a page, such as a file to download, has no language; the home page has.
        return page(name) if not name or page_of(iri) in site.catalog else path(name)
    return iri if iri.startswith(("https://", "http://")) else None


def for_templates() -> dict[str, Any]:
    """Return what every template may use."""
    site = current_site()
    return {
        "path": path,
        "page_path": page,
        "address": address,
        "site": site,
        "manifest": site.manifest,
        "language": language.current(),
        "here": language.here,
        "languages": language.OWN_NAMES,
        # What a document prints is Japanese, and a page in Japanese need not say so.
        "as_printed": language.spoken_in("ja", ""),
        "spoken_in": language.spoken_in,
    }


def link(target: str, relation: str, media_type: str = "") -> str:
    """Return one value of a `Link` field; what is not ASCII is percent-encoded."""
    type_ = f'; type="{media_type}"' if media_type else ""
    return f'<{iri_to_uri(target)}>; rel="{relation}"{type_}'


def of_thing(name: str) -> list[str]:
    """Return the links of a thing's own answer: where it is described."""
    return [
        link(path(f"{name}.{each.extension}"), "describedby", each.media_type) for each in REPRESENTATIONS
    ]


def of_description(name: str, shown: Format) -> list[str]:
    """Return the links of a description of a thing."""
    site = current_site()
    prefix = language.prefix(language.said()) if shown is HTML else ""
    links = [
        link(f"{site.base}{name}", "describes"),
        link(f"{site.base}{prefix}{name}.{shown.extension}", "canonical"),
        *alternates(name, shown, REPRESENTATIONS),
    ]
    return [*links, *(signs(name) if shown is HTML else [licence()])]


def signs(name: str) -> list[str]:
    """Return what the page of a thing says to programs of what belongs to it."""
    return [
        link(path(each.target) if each.is_here else each.target, each.relation, each.media_type)
        for each in in_header(signposts(current_site(), name))
    ]


def alternates(name: str, shown: Format | None, formats: Iterable[Format]) -> list[str]:
    """Return links to the other representations of what has a name."""
    return [
        link(path(f"{name}.{each.extension}"), "alternate", each.media_type)
        for each in formats
        if each is not shown
    ]


def licence() -> str:
    """Return the link to the terms of use; empty when the release names none."""
    terms = str(current_site().manifest["licence"])
    return link(terms, "license") if terms else ""
