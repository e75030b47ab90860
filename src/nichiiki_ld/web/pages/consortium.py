"""A consortium: what it applied with, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nichiiki_ld.namespaces import RDFS_LABEL
from nichiiki_ld.web.japan import Point
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.pages.view import Cards, Evidence, View


@dataclass(frozen=True, slots=True)
class ConsortiumPage:
    """What the page of a consortium shows.

    Attributes:
        name_evidence: Where its name is printed.
        translation: Of its name into the language of the page; unofficial.
    """

    name_evidence: tuple[Evidence, ...]
    translation: Value | None
    projects: Cards
    areas: tuple[Value, ...]
    points: tuple[Point, ...]
    row: Value | None


def read(view: View) -> ConsortiumPage:
    """Return what the page of a consortium shows."""
    projects = view.around.projects(view.thing)
    # No list is filtered by its applicant: nearly all applied once.
    cards = replace(view.cards(projects), href="")
    areas = tuple(dict.fromkeys(area for each in projects for area in view.around.areas(each)))
    return ConsortiumPage(
        name_evidence=tuple(each for fact in view.facts(RDFS_LABEL) for each in fact.evidence),
        translation=view.translation(),
        projects=cards,
        areas=view.mention(areas),
        points=tuple(view.points(areas)),
        row=view.mention_one(view.things(view.own("row"))),
    )
