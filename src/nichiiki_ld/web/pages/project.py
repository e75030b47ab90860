"""A project: where, who, what about, and the words that say so."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from pyoxigraph import NamedNode

from nichiiki_ld.namespaces import DCTERMS
from nichiiki_ld.web.japan import Point
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.pages.passage import Passage, Phrase, number_phrases, passage_of
from nichiiki_ld.web.pages.view import Day, Evidence, Fact, View, elsewhere

MOST_ALIKE = 5

MOST_DIGITS = 18
"""Of a sum; data of others may say anything."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another thing, and the themes that both have."""

    thing: Value
    themes: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that projects share, and where those are listed; empty where there is no list."""

    value: Value
    href: str


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """What the page of a project shows.

    Attributes:
        title_printed, applicant_printed: The title, the applicant's name as printed; None where no phrase
            stands in it.
        title: None where no document prints one.
        amount: In yen, written for the page; empty where no document prints it.
        summary: As printed, with the phrases in it; None where no document prints it.
        summary_told: The summary where no document prints it.
        translation: Of the summary into the language of the page; unofficial.
        nearby: Other projects in the same prefectures.
    """

    areas: tuple[Fact, ...]
    points: tuple[Point, ...]
    title: Fact | None
    title_printed: Passage | None
    applicant: Fact | None
    applicant_printed: Passage | None
    amount: str
    amount_evidence: tuple[Evidence, ...]
    summary: Passage | None
    summary_evidence: tuple[Evidence, ...]
    summary_told: Value | None
    translation: Value | None
    phrases: tuple[Phrase, ...]
    themes: tuple[Listed, ...]
    call: Value | None
    decision: Value | None
    announced: Day | None
    announced_evidence: tuple[Evidence, ...]
    document: Value | None
    row: Value | None
    alike: tuple[Alike, ...]
    prefectures: tuple[Listed, ...]
    nearby: tuple[Value, ...]


def read(view: View) -> ProjectPage:
    """Return what the page of a project shows."""
    own, around = view.own, view.around
    areas = view.facts(own("area"))
    nodes = tuple(each.term for each in areas if isinstance(each.term, NamedNode))
    themes = view.facts(own("theme"))
    phrases = number_phrases(
        (each.value, quote) for each in themes for support in each.supports for quote in support.quotes
    )
    printed = next((each for each in view.facts(own("summary")) if each.supports), None)
    title = view.fact(f"{DCTERMS}title")
    amount = view.fact(own("amount"))
    applicant = view.fact(own("applicant"))
    decisions, rows = view.things(own("decision")), view.things(own("row"))
    announced = next(
        (View(view.site, each.value, view.language).fact(own("announced")) for each in decisions), None
    )
    prefectures = tuple(dict.fromkeys(around.top(each) for each in nodes))
    nearby = around.projects_within(*prefectures).without(view.thing)
    alike = around.alike(view.thing, MOST_ALIKE)
    return ProjectPage(
        areas=areas,
        points=tuple(view.points(nodes)),
        title=title,
        title_printed=_printed(title, phrases, only_with_phrases=True),
        amount=in_yen(amount.value.text) if amount else "",
        amount_evidence=amount.evidence if amount else (),
        applicant=applicant,
        applicant_printed=_printed(applicant, phrases, only_with_phrases=True),
        summary=_printed(printed, phrases),
        summary_evidence=printed.evidence if printed else (),
        summary_told=None if printed else view.text(own("summary")),
        translation=view.translation(),
        phrases=phrases,
        themes=tuple(Listed(each.value, _projects(view, "theme", each.term)) for each in themes),
        call=view.mention_one(view.things(own("call"))),
        decision=view.mention_one(decisions),
        announced=view.day(announced.term if announced else None),
        announced_evidence=elsewhere(announced.evidence if announced else ()),
        document=view.mention_one(
            each
            for row in rows
            for each in view.reader.facts.objects(row, own("document"))
            if isinstance(each, NamedNode)
        ),
        row=view.mention_one(rows),
        alike=tuple(
            Alike(value, view.mention(shared))
            for value, (_, shared) in zip(view.mention(each for each, _ in alike), alike, strict=True)
        ),
        prefectures=tuple(
            Listed(value, _projects(view, "prefecture", each))
            for each, value in zip(prefectures, view.mention(prefectures), strict=True)
        ),
        nearby=view.mention(nearby[:MOST_ALIKE]),
    )


def in_yen(amount: str) -> str:
    """Return a sum as the language of the page writes it; as it is where it is no number."""
    if not (amount.isascii() and amount.isdecimal() and len(amount) <= MOST_DIGITS):
        return amount
    return str(gettext("%(number)s円", number=f"{int(amount):,}"))


def _printed(
    fact: Fact | None, phrases: tuple[Phrase, ...], *, only_with_phrases: bool = False
) -> Passage | None:
    for support in fact.supports if fact else ():
        for quote in support.quotes:
            ruling = next((each for each in support.rulings if each.field == quote.field), None)
            passage = passage_of(quote, phrases, ruling)
            if passage.marks or not only_with_phrases:
                return passage
    return None


def _projects(view: View, key: str, chosen: object) -> str:
    return view.listed("projects", **{key: chosen}) if isinstance(chosen, NamedNode) else ""
