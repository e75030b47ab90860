"""One thing and the ways to ask for what its page shows, whatever kind of thing it is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import format_date
from pyoxigraph import Literal, NamedNode

from nichiiki_ld.catalog import Facts, Term, nodes_of
from nichiiki_ld.namespaces import RDF, RDF_TYPE
from nichiiki_ld.neighbourhood import Nodes
from nichiiki_ld.web import linking
from nichiiki_ld.web.japan import Point
from nichiiki_ld.web.naming import Naming, Value, text_of
from nichiiki_ld.web.page import Quote, Reader, Ruling, Support
from nichiiki_ld.web.pages.passage import phrase_anchor, place_of
from nichiiki_ld.web.site import Site

MOST_CARDS = 20
"""So many projects are told on the page of what they share; the list has all."""


@dataclass(frozen=True, slots=True)
class Source:
    """Printed words that a fact rests on.

    Attributes:
        href: Where they stand, highlighted.
        where: The row, or empty.
        ruling: The correction of these words, if they are a misprint.
    """

    text: str
    href: str
    where: str
    ruling: Ruling | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The printed words of one statement.

    Attributes:
        anchor: What stands after `#` in the IRI of the statement; empty when it has a page of its own.
        ours: No document prints it; the publisher of the data says it.
    """

    anchor: str
    sources: tuple[Source, ...]
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a property of the thing, and what it rests on."""

    term: Term
    value: Value
    supports: tuple[Support, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and how the language of the page writes it."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A project, told in short.

    Attributes:
        unofficial: Whether the summary is a translation that the source does not have.
        sources: The words for which it is told here.
    """

    project: Value
    summary: Value
    unofficial: bool
    areas: tuple[Value, ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    """The first projects of many.

    Attributes:
        href: Where all are listed; empty where there is no list.
    """

    shown: tuple[Card, ...]
    total: int
    href: str


class View:
    """A thing, for a page in a language.

    Attributes:
        placed: Anchors of parts that the page has in its own way, so that it has them once.
    """

    def __init__(self, site: Site, thing: str, language: str) -> None:
        self.site = site
        self.language = language
        self.reader = Reader(site, site.catalog.describe(thing, brief=True), language)
        self.thing = self.reader.thing
        self.own = site.own
        self._naming = Naming(site, language)
        self.around = site.around
        self.placed: set[str] = set()

    # --- the thing itself

    def facts(self, predicate: str) -> tuple[Fact, ...]:
        """Return the values of a property with what each rests on, in the order in which they are printed."""
        return tuple(self._fact(predicate, term) for term in self.reader.values(predicate))

    def is_a(self, class_: str) -> bool:
        """Tell whether the thing is of a class of our vocabulary."""
        return NamedNode(self.own(class_)) in self.reader.facts.objects(self.thing, RDF_TYPE)

    def fact(self, predicate: str) -> Fact | None:
        """Return the first value of a property, or None."""
        return next(iter(self.facts(predicate)), None)

    def _fact(self, predicate: str, term: Term) -> Fact:
        supports = self.reader.supports(predicate, term)
        return Fact(term, self.reader.value(term), supports, self.evidence(supports))

    def things(self, predicate: str) -> Nodes:
        """Return the things that the thing has a property with."""
        return tuple(term for term in self.reader.values(predicate) if isinstance(term, NamedNode))

    def text(self, predicate: str) -> Value | None:
        """Return a text in the language of the page, or else in Japanese or in none."""
        return text_of(self.reader.facts, self.thing, predicate, self.language)

    def evidence(self, supports: Iterable[Support]) -> tuple[Evidence, ...]:
        """Return what a fact rests on, each printed word with its correction; its anchors are placed."""
        found = []
        for support in supports:
            rulings = {each.field: each for each in support.rulings}
            sources = tuple(self.source(quote, rulings.get(quote.field)) for quote in support.quotes)
            anchor = "" if support.anchor in self.placed else support.anchor
            self.placed.add(anchor)
            found.append(Evidence(anchor, sources, support.ours))
        return tuple(found)

    def source(self, quote: Quote, ruling: Ruling | None = None) -> Source:
        """Return printed words with the place where they stand on the page of their row or document."""
        return Source(quote.text, place_of(quote), quote.row.text if quote.row else "", ruling)

    def supported_by(self, quotation: NamedNode) -> Facts:
        """Return the statements that rest on a quotation."""
        catalog = self.site.catalog
        return catalog.about(catalog.pointing(quotation, self.own("quotation")))

    def translation(self) -> Value | None:
        """Return the unofficial translation of the thing's words into the language of the page, or None."""
        text = self.reader.facts.text(self.thing, self.own("unofficialTranslation"), self.language)
        return Value(text=text, language=self.language) if text else None

    # --- other things

    def mention(self, things: Iterable[NamedNode]) -> tuple[Value, ...]:
        """Return how the page mentions things; an area with the name of what it lies in."""
        return self._naming.mention(things)

    def mention_one(self, things: Iterable[NamedNode]) -> Value | None:
        """Return how the page mentions the first of some things, or None."""
        return next(iter(self.mention(list(things)[:1])), None)

    def points(self, areas: Iterable[NamedNode]) -> list[Point]:
        """Return where areas are, for a map."""
        found = [each for each in areas if each in self.around.positions]
        return [
            Point(
                value.text,
                value.href or "",
                self.around.positions[area].latitude,
                self.around.positions[area].longitude,
            )
            for area, value in zip(found, self.mention(found), strict=True)
        ]

    def cards(self, projects: Sequence[NamedNode], **chosen: NamedNode) -> Cards:
        """Return the first of some projects.

        Args:
            chosen: By which thing the list of projects is to be filtered: theme, prefecture, call.
        """
        first = tuple(projects[:MOST_CARDS])
        shown = []
        for each, value in zip(first, self.mention(first), strict=True):
            summary = self._naming.text(each, self.own("summary"))
            translated = self._naming.translation(each)
            if summary and summary.language == self.language:
                translated = None
            areas = self.mention(self.around.areas(each))
            shown.append(Card(value, translated or summary or Value(""), translated is not None, areas))
        return Cards(
            shown=tuple(shown),
            total=len(projects),
            href=self.listed("projects", **chosen),
        )

    def listed(self, name: str, **chosen: NamedNode) -> str:
        """Return the address of a list with its filters, or the empty text where there are no lists."""
        if not self.site.manifest["counts"].get("Project"):
            return ""
        query = urlencode({key: each.value.rpartition("/")[2] for key, each in chosen.items()})
        return linking.page(f"{name}?{query}" if query else name)

    def phrases_of(self, project: NamedNode, theme: NamedNode) -> tuple[Source, ...]:
        """Return the printed words by which a project has a theme."""
        return phrases_of(self.site, self._naming, project, theme)

    def judgements(self, things: Iterable[NamedNode]) -> list[Ruling]:
        """Return corrections or judgements that are told on pages of their own."""
        found: list[Ruling] = []
        for each in things:
            described = self.site.catalog.describe(each.value, brief=True)
            found += Reader(self.site, described, self.language).rulings([each])
        return found

    def day(self, term: Term | None) -> Day | None:
        """Return a day as people write it; None where it is none."""
        if not isinstance(term, Literal):
            return None
        try:
            day = datetime.date.fromisoformat(term.value)
        except ValueError:
            return None
        return Day(term.value, format_date(day, "long"))


def phrases_of(site: Site, naming: Naming, project: NamedNode, theme: NamedNode) -> tuple[Source, ...]:
    """Return the printed words by which a project has a theme."""
    catalog, own = site.catalog, site.own
    quotations = nodes_of(
        quotation
        for statement in catalog.pointing(project, f"{RDF}subject")
        if theme in catalog.objects(statement, f"{RDF}object")
        for quotation in catalog.objects(statement, own("quotation"))
    )
    facts = catalog.about(quotations)
    rows = [row for each in quotations for row in facts.nodes(each, own("row"))]
    row = naming.name(rows[0]) if rows else None
    anchor = phrase_anchor(theme.value.rpartition("/")[2])
    return tuple(
        Source(
            facts.text(each, own("text")),
            f"{row.href}#{anchor}" if row else linking.address(each.value) or "",
            row.text if row else "",
            None,
        )
        for each in quotations
    )


def elsewhere(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return what a fact of another thing rests on: its anchors are on that thing's page."""
    return tuple(Evidence("", each.sources, each.ours) for each in evidence)
