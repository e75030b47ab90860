"""Where things are on this server, and what an answer says of its neighbours.

IRIs are those of the publication wherever the server runs. A page links by path, so
that a copy on a laptop links to itself.

Source: RFC 8288 (Web Linking).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.urls import iri_to_uri

from nichiiki_ld.formats import Format, Kind, of_kind
from nichiiki_ld.web import language
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
    base = current_site().base
    if iri.startswith(base):
        return page(iri.removeprefix(base))
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
        "as_printed": "" if language.current() == "ja" else Markup(' lang="ja"'),
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
    base = current_site().base
    return [
        link(f"{base}{name}", "describes"),
        link(f"{base}{name}.{shown.extension}", "canonical"),
        *alternates(name, shown, REPRESENTATIONS),
        licence(),
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
