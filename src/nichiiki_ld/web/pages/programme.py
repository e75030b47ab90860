"""A programme: what it funds, who runs it, and its calls."""

from __future__ import annotations

from dataclasses import dataclass

from nichiiki_ld.namespaces import DCTERMS
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.pages.area import Counted
from nichiiki_ld.web.pages.view import View

MOST_CALLS = 50


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """What the page of a programme shows.

    Attributes:
        calls: The first ones, each with the number of its projects.
        more: How many calls are not told.
    """

    description: Value | None
    agency: Value | None
    website: Value | None
    calls: tuple[Counted, ...]
    more: int


def read(view: View) -> ProgrammePage:
    """Return what the page of a programme shows."""
    own, around = view.own, view.around
    calls = view.site.catalog.pointing(view.thing, own("programme"))
    told = calls[:MOST_CALLS]
    return ProgrammePage(
        description=view.text(f"{DCTERMS}description"),
        agency=view.mention_one(view.things(own("agency"))),
        website=next((view.reader.value(each) for each in view.things(own("website"))), None),
        calls=tuple(
            Counted(value, len(around.projects(each)), view.listed("projects", call=each))
            for each, value in zip(told, view.mention(told), strict=True)
        ),
        more=len(calls) - len(told),
    )
