"""A theme: what it means, and the projects that have it, each with the words that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from nichiiki_ld.links import parse_sssom
from nichiiki_ld.namespaces import SKOS
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.pages.area import Counted
from nichiiki_ld.web.pages.view import MOST_CARDS, Cards, View
from nichiiki_ld.web.site import Site

_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


@dataclass(frozen=True, slots=True)
class Match:
    """A concept of another scheme, and how the two match."""

    relation: Value
    concept: Value


EUROVOC = "links/eurovoc.sssom.tsv"
"""File of a release with the names of the concepts that themes are linked to."""


@dataclass(frozen=True, slots=True)
class ThemePage:
    """What the page of a theme shows.

    Attributes:
        definition_other: In the other language.
        narrower: With the number of their projects.
    """

    definition: Value | None
    definition_other: Value | None
    scheme: Value | None
    broader: tuple[Value, ...]
    narrower: tuple[Counted, ...]
    related: tuple[Value, ...]
    matches: tuple[Match, ...]
    projects: Cards


def read(view: View) -> ThemePage:
    """Return what the page of a theme shows."""
    around = view.around
    projects = around.projects(view.thing)
    cards = view.cards(projects, theme=view.thing)
    narrower = view.things(f"{SKOS}narrower")
    definitions = [view.reader.value(each) for each in view.reader.values(f"{SKOS}definition")]
    return ThemePage(
        definition=view.text(f"{SKOS}definition"),
        definition_other=next((each for each in definitions if each.language != view.language), None),
        scheme=view.mention_one(view.things(f"{SKOS}inScheme")),
        broader=view.mention(view.things(f"{SKOS}broader")),
        narrower=tuple(
            Counted(value, len(around.projects(each)), "")
            for each, value in zip(narrower, view.mention(narrower), strict=True)
        ),
        related=view.mention(view.things(f"{SKOS}related")),
        matches=tuple(
            Match(view.reader.value(NamedNode(f"{SKOS}{match}")), _concept(view, each))
            for match in _MATCHES
            for each in view.things(f"{SKOS}{match}")
        ),
        projects=replace(
            cards,
            shown=tuple(
                replace(card, sources=view.phrases_of(project, view.thing))
                for card, project in zip(cards.shown, projects[:MOST_CARDS], strict=True)
            ),
        ),
    )


def _concept(view: View, concept: NamedNode) -> Value:
    """Return a concept of others, by the name that the table of links has for it."""
    value = view.reader.value(concept)
    name = _names_of_concepts(view.site).get(concept.value)
    return replace(value, text=name, language="en") if name and not value.language else value


@once_per_release
def _names_of_concepts(site: Site) -> Mapping[str, str]:
    """Return IRI → English name of the concepts that themes are linked to."""
    path = site.release.folder / EUROVOC
    if not path.is_file():
        return {}
    linkset = parse_sssom(path.read_text(encoding="utf-8"), id_="eurovoc", where=str(path))
    return {link.object: link.object_label for link in linkset.links}
