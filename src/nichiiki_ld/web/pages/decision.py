"""A grant decision: who decided, when it was announced, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.pages.view import Cards, Day, Evidence, View


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """What the page of a grant decision shows."""

    announced: Day | None
    announced_evidence: tuple[Evidence, ...]
    agency: Value | None
    call: Value | None
    document: Value | None
    projects: Cards


def read(view: View) -> DecisionPage:
    """Return what the page of a grant decision shows."""
    own = view.own
    announced = view.fact(own("announced"))
    calls = view.things(own("call"))
    projects = view.around.projects(view.thing)
    chosen: dict[str, NamedNode] = {"call": calls[0]} if calls else {}
    return DecisionPage(
        announced=view.day(announced.term if announced else None),
        announced_evidence=announced.evidence if announced else (),
        agency=view.mention_one(view.things(own("agency"))),
        call=view.mention_one(calls),
        document=view.mention_one(view.things(own("document"))),
        projects=view.cards(projects, **chosen),
    )
