"""A call: its dates in order, how many applied, and what the document contradicts itself in."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from pyoxigraph import NamedNode

from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.page import Ruling, number_of
from nichiiki_ld.web.pages.view import MOST_CARDS, Cards, Day, Evidence, Fact, View, elsewhere

REIWA_BEGINS = 2018
"""The year before the first of the era 令和."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    name: str
    day: Day
    evidence: tuple[Evidence, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class CallPage:
    """What the page of a call shows."""

    programme: Fact | None
    year: str
    year_evidence: tuple[Evidence, ...]
    round: Fact | None
    events: tuple[Event, ...]
    applications: Fact | None
    granted: Fact | None
    contradictions: tuple[Ruling, ...]
    document: Value | None
    decisions: tuple[Value, ...]
    projects: Cards


def read(view: View) -> CallPage:
    """Return what the page of a call shows."""
    own, around = view.own, view.around
    year = view.fact(own("fiscalYear"))
    documents = view.things(own("document"))
    decisions = _decisions(view)
    return CallPage(
        programme=view.fact(own("programme")),
        year=_year(year.value.text) if year else "",
        year_evidence=year.evidence if year else (),
        round=view.fact(own("round")),
        events=tuple(sorted(_events(view, decisions), key=lambda each: each.day.iso)),
        applications=view.fact(own("applicationCount")),
        granted=view.fact(own("decisionCount")),
        contradictions=tuple(
            view.judgements(each for document in documents for each in around.contradictions(document))
        ),
        document=view.mention_one(documents),
        decisions=view.mention(decisions),
        projects=view.cards(around.projects(view.thing), call=view.thing),
    )


def _decisions(view: View) -> tuple[NamedNode, ...]:
    """Return the acts by which the first projects were granted; where there are no projects, the acts of the call."""
    projects = view.around.projects(view.thing)[:MOST_CARDS]
    if not projects:
        return tuple(view.site.catalog.pointing(view.thing, view.own("call")))
    return tuple(
        dict.fromkeys(
            decision
            for each in projects
            for decision in view.site.catalog.objects(each, view.own("decision"))
        )
    )


def _events(view: View, decisions: tuple[NamedNode, ...]) -> list[Event]:
    names = {
        "previousDecisionDate": gettext("前回の募集の交付決定"),
        "applicationOpens": gettext("応募の受付開始"),
        "applicationCloses": gettext("応募の締切"),
    }
    found = [
        Event(name, day, fact.evidence)
        for term, name in names.items()
        for fact in view.facts(view.own(term))
        if (day := view.day(fact.term))
    ]
    for decision, value in zip(decisions, view.mention(decisions), strict=True):
        other = View(view.site, decision.value, view.language)
        found += [
            Event(
                gettext("交付決定の公表"),
                day,
                elsewhere(fact.evidence),
                value.href or "",
            )
            for fact in other.facts(view.own("announced"))
            if (day := view.day(fact.term))
        ]
    return found


def _year(text: str) -> str:
    """Return a fiscal year as the language of the page says it."""
    era = number_of(text) - REIWA_BEGINS
    if era < 1:
        return text
    return str(gettext("令和%(era)s年度（%(year)s年度）", era=gettext("元") if era == 1 else era, year=text))
