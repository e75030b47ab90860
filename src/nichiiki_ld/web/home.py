"""The home page: what this is, how much there is, and where to go on."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from pyoxigraph import NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.formats import HTML
from nichiiki_ld.iri import DATASET
from nichiiki_ld.negotiation import negotiate
from nichiiki_ld.web import language, linking, overview
from nichiiki_ld.web.fields import see_other, show
from nichiiki_ld.web.linking import REPRESENTATIONS
from nichiiki_ld.web.naming import Value, value_of_thing
from nichiiki_ld.web.once import once_per_language
from nichiiki_ld.web.problems import NotAcceptable
from nichiiki_ld.web.site import Site, current_site

bp = Blueprint("home", __name__)

MOST_THINGS = 100
"""So many things are listed where there are no projects to show."""


@bp.get("/")
def home() -> Response:
    """Answer with the page; send a client that wants data to the description of the whole."""
    site = current_site()
    described = f"{site.base}{DATASET}" in site.catalog
    offered = REPRESENTATIONS if described else [HTML]
    chosen = negotiate(request.headers.get("Accept"), offered)
    if chosen is None:
        raise NotAcceptable(offered)
    if chosen is not HTML:
        return see_other(linking.path(f"{DATASET}.{chosen.extension}"), linking.of_thing(DATASET))
    links = linking.alternates(DATASET, HTML, REPRESENTATIONS) if described else []
    links.append(linking.link(f"{site.base}{language.prefix(language.said())}", "canonical"))
    links += linking.signs(DATASET) if described else [linking.licence()]
    if told := _overview(site):
        return show("home.html", links=links, negotiated=True, told=told)
    return show(
        "things.html",
        links=links,
        negotiated=True,
        counts=_counts(site),
        things=_things(site),
        themes=_themes(site),
    )


@once_per_language
def _overview(site: Site) -> Markup:
    """Return what the page tells of a release with projects; nothing for any other."""
    told = overview.read(site, language.current())
    # S704: a template escapes what it is filled with.
    return Markup(render_template("_overview.html", told=told)) if told else Markup()  # noqa: S704


def _counts(site: Site) -> list[tuple[Value, int]]:
    """Return the numbers of the manifest; each but the triples counts the things of a class."""
    counts: dict[str, int] = dict(site.manifest["counts"])
    triples = counts.pop("triples", 0)
    classes = [NamedNode(site.own(name)) for name in counts]
    names = Facts(site.catalog.names(classes))
    found = [
        (value_of_thing(site, names, class_, language.current()), counts[name])
        for name, class_ in zip(counts, classes, strict=True)
    ]
    return [(Value(text=gettext("トリプル"), language=language.current()), triples), *found]


def _things(site: Site) -> list[Value]:
    """Return the first things that have a page."""
    things = [NamedNode(page) for page in site.catalog.pages(MOST_THINGS)]
    names = Facts(site.catalog.names(things))
    return [value_of_thing(site, names, thing, language.current()) for thing in things]


def _themes(site: Site) -> Value | None:
    if not site.themes:
        return None
    scheme = NamedNode(site.themes)
    return value_of_thing(site, Facts(site.catalog.names([scheme])), scheme, language.current())
