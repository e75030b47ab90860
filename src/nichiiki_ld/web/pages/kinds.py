"""Which reader and which template a thing's page is made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext
from pyoxigraph import NamedNode

from nichiiki_ld.iri import ONTOLOGY, THEMES
from nichiiki_ld.namespaces import RDF_TYPE, SKOS
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.page import Reader
from nichiiki_ld.web.pages import (
    area,
    call,
    consortium,
    decision,
    document,
    organization,
    programme,
    project,
    row,
    theme,
)
from nichiiki_ld.web.pages.view import View
from nichiiki_ld.web.site import Site


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing with a page of its own kind."""

    read: Callable[[View], object]
    template: str


_KINDS = {
    "Project": Kind(project.read, "project.html"),
    "Consortium": Kind(consortium.read, "consortium.html"),
    "Municipality": Kind(area.read, "area.html"),
    "Prefecture": Kind(area.read, "area.html"),
    "Ward": Kind(area.read, "area.html"),
    "Call": Kind(call.read, "call.html"),
    "Programme": Kind(programme.read, "programme.html"),
    "GrantDecision": Kind(decision.read, "decision.html"),
    "Agency": Kind(organization.read, "organization.html"),
    "SourceDocument": Kind(document.read, "document.html"),
    "SourceRow": Kind(row.read, "row.html"),
}
"""Class of our vocabulary → how its things are told."""

_THEME = Kind(theme.read, "theme.html")


def read_page(site: Site, thing: str, language: str) -> tuple[str, dict[str, object]]:
    """Return the template of a thing's page in a language, and what to fill it with."""
    kind = _kind(site, thing)
    if kind is None:
        page = Reader(site, site.catalog.describe(thing), language).page()
        return page.template, {"page": page, "told": None, "placed": frozenset(), "trail": ()}
    view = View(site, thing, language)
    told = kind.read(view)
    content = {
        "page": view.reader.page(),
        "told": told,
        "placed": frozenset(view.placed),
        "trail": _trail(view),
    }
    return kind.template, content


def _kind(site: Site, thing: str) -> Kind | None:
    types = {
        t.object.value
        for t in site.store.triples(NamedNode(thing), NamedNode(RDF_TYPE))
        if isinstance(t.object, NamedNode)
    }
    if f"{SKOS}Concept" in types and thing.startswith(f"{site.base}{THEMES}/"):
        return _THEME
    own = f"{site.base}{ONTOLOGY}#"
    return next((kind for name, kind in _KINDS.items() if f"{own}{name}" in types), None)


def _trail(view: View) -> tuple[Value, ...]:
    """Return what lies between the home page and a thing: the list it is in, and what it is a part of."""
    lists = {
        "Project": ("projects", gettext("プロジェクト")),
        "Consortium": ("consortia", gettext("コンソーシアム")),
        "Municipality": ("areas", gettext("地域")),
        "Prefecture": ("areas", gettext("地域")),
        "Ward": ("areas", gettext("地域")),
    }
    name, title = next((each for class_, each in lists.items() if view.is_a(class_)), ("", ""))
    if view.thing.value.startswith(f"{view.site.base}{THEMES}/"):
        name, title = "themes", gettext("テーマ")
    href = view.listed(name) if name else ""
    above: list[NamedNode] = []
    step = view.thing
    while step in view.around.containers and view.around.containers[step] not in above:
        step = view.around.containers[step]
        above.insert(0, step)
    for term in ("programme", "call", "document"):
        if not name and not above:
            above += view.things(view.own(term))[:1]
    listed = [Value(text=title, href=href, language=view.language)] if href else []
    return (*listed, *view.mention(above))
