"""A description, arranged for reading: what a template fills a page with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode

from nichiiki_ld.catalog import Cut, Description, Term
from nichiiki_ld.compaction import name_of
from nichiiki_ld.formats import Format
from nichiiki_ld.iri import page_of
from nichiiki_ld.namespaces import (
    OA,
    OWL,
    PROV,
    RDF,
    RDF_LANG_STRING,
    RDF_TYPE,
    RDFS,
    XSD,
    XSD_STRING,
)
from nichiiki_ld.web.linking import REPRESENTATIONS, address
from nichiiki_ld.web.naming import READING, Naming, Value, value_of_thing
from nichiiki_ld.web.site import Site

_RULINGS = ("Correction", "Confirmation", "Exclusion", "Contradiction")
"""Classes of our vocabulary whose things are decisions on printed words."""

NOWHERE = 1_000_000_000
"""After every place of a document."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Printed words. Offsets count characters from 0, the end is exclusive.

    Attributes:
        row: The row that they stand in; None outside the table.
        page: On which they begin, counted from 1; empty where the document tells of no pages.
    """

    anchor: str
    text: str
    field: str
    start: str
    end: str
    href: str | None
    row: Value | None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody decided on printed words.

    Attributes:
        kind: `Correction`, `Confirmation`, `Exclusion` or `Contradiction`.
        right: The words that the data follow; empty where they follow the print, or leave it out.
    """

    kind: str
    name: Value
    field: str
    printed: tuple[str, ...]
    right: str
    reason: str
    evidence: tuple[Value, ...]
    reviewer: str
    decided: str


@dataclass(frozen=True, slots=True)
class Support:
    """What a stated value rests on.

    Attributes:
        anchor: What stands after `#` in the IRI of the statement; empty when it has a page of its own.
        ours: No document prints it; the publisher of the data says it.
    """

    anchor: str
    quotes: tuple[Quote, ...]
    rulings: tuple[Ruling, ...]
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property with all its values, each with its support.

    Attributes:
        also: Properties of other vocabularies that say the same.
    """

    name: Value
    also: tuple[Value, ...]
    values: tuple[tuple[Value, tuple[Support, ...]], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A thing that lives on another's page."""

    anchor: str
    name: Value
    types: tuple[Value, ...]
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Page:
    """Everything that a template shows.

    Attributes:
        name: What the address has after the first slash, without extension.
        hidden_anchors: Parts that are told within others; their links must lead here too.
        elsewhere: How many parts of other pages point here; data formats list them.
        untold: How many blank nodes are mentioned, but not described.
    """

    template: str
    name: str
    thing: Value
    types: tuple[Value, ...]
    properties: tuple[Property, ...]
    incoming: tuple[Property, ...]
    elsewhere: int
    parts: tuple[Part, ...]
    quotes: tuple[Quote, ...]
    rulings: tuple[Ruling, ...]
    hidden_anchors: tuple[str, ...]
    cuts: tuple[tuple[Value, Cut], ...]
    untold: int
    formats: Sequence[Format]


def number_of(text: str, otherwise: int = 0) -> int:
    """Return a number of up to nine digits, or something else: data of others may say anything."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(NOWHERE)) else otherwise


class Reader:
    """Reads one description for a page in a language.

    Attributes:
        thing: What the page is about.
        facts: What is said of it, its parts, and what supports them.
    """

    def __init__(self, site: Site, description: Description, language: str) -> None:
        self._site = site
        self._language = language
        self._description = description
        self.thing = description.thing
        self.facts = description.facts
        self._naming = Naming(site, language)
        self._supports = self._find_supports()

    def page(self) -> Page:
        """Return everything that is said, as it is said of things of any kind."""
        thing = self._description.thing
        types = self.facts.objects(thing, RDF_TYPE)
        parts, hidden = self._parts()
        shown_incoming = [t for t in self._description.incoming if not self._is_part(t.subject)]
        return Page(
            template=self._template(types),
            name=thing.value.removeprefix(self._site.base),
            thing=self._title(thing, types),
            types=self._types(types),
            properties=self._properties(thing),
            incoming=self._grouped([(t.predicate, t.subject) for t in shown_incoming], None),
            elsewhere=len({t.subject for t in self._description.incoming if self._is_part(t.subject)}),
            parts=parts,
            quotes=tuple(self.quotes_on_page()),
            rulings=tuple(self.rulings_on_page()),
            hidden_anchors=hidden,
            cuts=tuple((self.value(cut.predicate), cut) for cut in self._description.cuts),
            untold=self._description.untold,
            formats=REPRESENTATIONS,
        )

    def _template(self, types: Iterable[Term]) -> str:
        found = {each.value for each in types if isinstance(each, NamedNode)}
        return "ontology.html" if f"{OWL}Ontology" in found else "thing.html"

    # --- values

    def value(self, term: Term) -> Value:
        """Return how the page mentions a term."""
        if isinstance(term, NamedNode):
            if term in self.facts:
                # It may be called by its words, which nothing else tells.
                return value_of_thing(self._site, self.facts, term, self._language)
            return self._naming.name(term)
        if isinstance(term, Literal):
            datatype = term.datatype.value
            plain = datatype in (XSD_STRING, RDF_LANG_STRING) or datatype.startswith(XSD)
            code = "" if plain else self._site.compactor.shorten(datatype)
            return Value(text=term.value, language=term.language or "", code=code)
        if isinstance(term, BlankNode):
            name = name_of(term)
            return Value(text=name, href=f"#{name}" if self.facts.about(term) else None, iri=name)
        return Value(text=str(term))

    def _title(self, thing: NamedNode, types: Iterable[Term]) -> Value:
        value = value_of_thing(self._site, self.facts, thing, self._language)
        if value.language:
            return value
        # What has no label of its own is called by its kind: 訂正 name-5.
        own = [self.value(each) for each in types if self._is_own(each)]
        last = thing.value.rpartition("/")[2]
        kind = own[-1] if own else None
        return replace(value, text=f"{kind.text} {last}", language=kind.language) if kind else value

    def _types(self, types: Iterable[Term]) -> tuple[Value, ...]:
        return tuple(self.value(each) for each in sorted(types, key=lambda t: (not self._is_own(t), str(t))))

    def _is_own(self, term: Term) -> bool:
        return isinstance(term, NamedNode) and term.value.startswith(self._site.own(""))

    # --- properties

    def _properties(self, subject: Term) -> tuple[Property, ...]:
        pairs = [(t.predicate, t.object) for t in self.facts.about(subject) if t.predicate.value != RDF_TYPE]
        return self._grouped(pairs, subject)

    def _grouped(self, pairs: Iterable[tuple[NamedNode, Term]], subject: Term | None) -> tuple[Property, ...]:
        """Return properties in reading order.

        A property of another vocabulary that only repeats values which are shown already
        is named beside them: the rules write many such out for other clients.
        """
        values: defaultdict[NamedNode, dict[Term, None]] = defaultdict(dict)
        for predicate, term in pairs:
            values[predicate][term] = None
        shown: list[NamedNode] = []
        also: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
        rank = self._site.compactor.rank
        for predicate in sorted(values, key=lambda p: (not self._is_own(p), rank(p.value))):
            mine = values[predicate].keys()
            twins = [p for p in shown if values[p].keys() <= mine]
            repeats = {term for p in twins for term in values[p]} == mine
            supported = any((subject, predicate, term) in self._supports for term in mine)
            if repeats and not supported and not self._is_own(predicate):
                # Two properties may have the same value by chance.
                for twin in [each for each in twins if self._specialises(each, predicate)] or twins:
                    also[twin].append(predicate)
            else:
                shown.append(predicate)
        return tuple(
            Property(
                name=self.value(p),
                also=tuple(self.value(each) for each in also[p]),
                values=tuple(
                    (self.value(term), self._supports.get((subject, p, term), ()) if subject else ())
                    for term in sorted(values[p], key=self._order)
                ),
            )
            for p in sorted(shown, key=lambda p: rank(p.value))
        )

    def _specialises(self, property_: NamedNode, wider: NamedNode) -> bool:
        return any(self._site.store.triples(property_, NamedNode(f"{RDFS}subPropertyOf"), wider))

    def _order(self, term: Term) -> tuple[int, tuple[int, ...], str]:
        if isinstance(term, Literal):
            languages = [self._language, "ja", READING, "en"]
            tag = (term.language or "").lower()
            return (0, (languages.index(tag) if tag in languages else len(languages),), term.value)
        return (1, self._support_order.get(term, (NOWHERE,)), str(term))

    # --- what values rest on

    def _find_supports(self) -> dict[tuple[Term, Term, Term], tuple[Support, ...]]:
        found: defaultdict[tuple[Term, Term, Term], list[Support]] = defaultdict(list)
        self._support_order: dict[Term, tuple[int, ...]] = {}
        for statement in sorted(
            {t.subject for t in self.facts.triples if t.predicate.value == f"{RDF}subject"}, key=str
        ):
            quotes = self.quotes(self.facts.objects(statement, self._site.own("quotation")))
            rulings = self.rulings(self.facts.objects(statement, self._site.own("correction")))
            ours = not quotes and bool(self.facts.objects(statement, f"{PROV}wasAttributedTo"))
            support = Support(self._anchor(statement), tuple(quotes), tuple(rulings), ours)
            for subject in self.facts.objects(statement, f"{RDF}subject"):
                for predicate in self.facts.objects(statement, f"{RDF}predicate"):
                    for term in self.facts.objects(statement, f"{RDF}object"):
                        found[subject, predicate, term].append(support)
                        # Values come in the order in which the document prints them. Several
                        # places may share a prefecture: then their names tell.
                        starts = tuple(number_of(q.start, NOWHERE) for q in quotes) or (NOWHERE,)
                        self._support_order[term] = min(starts, self._support_order.get(term, starts))
        return {key: tuple(supports) for key, supports in found.items()}

    def _anchor(self, term: Term) -> str:
        iri = term.value if isinstance(term, NamedNode) else ""
        return iri.partition("#")[2] if page_of(iri) == self._description.thing.value else ""

    def supports(self, predicate: str, term: Term) -> tuple[Support, ...]:
        """Return what it rests on that the thing has a value for a property."""
        return self._supports.get((self.thing, NamedNode(predicate), term), ())

    def values(self, predicate: str) -> list[Term]:
        """Return what the thing has a property with, in the order in which documents print it."""
        return sorted(self.facts.objects(self.thing, predicate), key=self._order)

    def pointing(self, predicate: str) -> list[NamedNode]:
        """Return the things that point to the thing with a property, as far as they are described."""
        incoming = [t.subject for t in self._description.incoming if t.predicate.value == predicate]
        found = {*self.facts.subjects(predicate, self.thing), *incoming}
        return sorted((each for each in found if isinstance(each, NamedNode)), key=str)

    def quotes(self, quotations: Iterable[Term]) -> list[Quote]:
        """Return quotations in the order of their documents."""
        own, facts = self._site.own, self.facts
        quotes = []
        for quotation in quotations:
            if not isinstance(quotation, NamedNode):
                continue
            rows = facts.objects(quotation, own("row"))
            quotes.append(
                Quote(
                    anchor=self._anchor(quotation),
                    text=facts.text(quotation, own("text")),
                    field=facts.text(quotation, own("field")),
                    start=facts.text(quotation, own("start")),
                    end=facts.text(quotation, own("end")),
                    href=address(quotation.value),
                    row=self.value(rows[0]) if rows else None,
                    page=facts.text(quotation, own("page")),
                )
            )
        return sorted(quotes, key=lambda q: (q.start.rjust(9), q.field))

    def quotes_on_page(self) -> list[Quote]:
        """Return the quotations that are parts of the thing's page."""
        class_ = NamedNode(self._site.own("Quotation"))
        return self.quotes(
            part for part in self._description.parts if class_ in self.facts.objects(part, RDF_TYPE)
        )

    def rulings(self, things: Iterable[Term]) -> list[Ruling]:
        """Return corrections or judgements in the order of what they are about."""
        own, facts = self._site.own, self.facts
        return [
            Ruling(
                kind=self._kind_of(thing),
                name=self.value(thing),
                field=facts.text(thing, own("field")),
                printed=tuple(
                    each.value for each in facts.objects(thing, own("printed")) if isinstance(each, Literal)
                ),
                right=facts.text(thing, own("right")),
                reason=facts.text(thing, own("reason"), self._language, "ja"),
                evidence=tuple(
                    self.value(each)
                    for each in sorted(facts.objects(thing, own("evidence")), key=self._is_foreign)
                ),
                reviewer=facts.text(thing, own("reviewer")),
                decided=facts.text(thing, own("decided")),
            )
            for thing in sorted(things, key=self._place_of)
        ]

    def _kind_of(self, thing: Term) -> str:
        types = {each.value for each in self.facts.objects(thing, RDF_TYPE) if isinstance(each, NamedNode)}
        return next((each for each in _RULINGS if self._site.own(each) in types), "")

    def _place_of(self, thing: Term) -> int:
        """Return where the document prints what a ruling is about."""
        quotes = self.quotes(self.facts.objects(thing, self._site.own("quotation")))
        return min((number_of(each.start) for each in quotes), default=0)

    def _is_foreign(self, term: Term) -> bool:
        return not str(term).startswith(f"<{self._site.base}")

    def rulings_on_page(self) -> list[Ruling]:
        """Return what was decided on words of a row, or on words of a document outside its table."""
        thing = self._description.thing
        found = [*self.facts.subjects(self._site.own("row"), thing)]
        found += self.facts.subjects(self._site.own("document"), thing)
        return self.rulings(each for each in found if self._kind_of(each))

    # --- parts

    _TOLD_ELSEWHERE = (
        f"{RDF}Statement",
        f"{OA}TextPositionSelector",
        f"{OA}TextQuoteSelector",
        f"{OA}TextualBody",
    )

    def _parts(self) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        told = {NamedNode(iri) for iri in (*self._TOLD_ELSEWHERE, self._site.own("Quotation"))}
        parts, hidden = [], []
        placed = {support.anchor for supports in self._supports.values() for support in supports}
        placed |= {quote.anchor for quote in self.quotes_on_page()}
        for part in self._description.parts:
            types = self.facts.objects(part, RDF_TYPE)
            anchor = self._anchor(part)
            if part not in self._description.selectors and told.isdisjoint(types):
                parts.append(Part(anchor, self.value(part), self._types(types), self._properties(part)))
            elif anchor not in placed:
                hidden.append(anchor)
        for node in sorted(
            {t.subject for t in self.facts.triples if isinstance(t.subject, BlankNode)}, key=str
        ):
            kinds = self._types(self.facts.objects(node, RDF_TYPE))
            parts.append(Part(name_of(node), self.value(node), kinds, self._properties(node)))
        return tuple(parts), tuple(hidden)

    def _is_part(self, term: Term) -> bool:
        return isinstance(term, NamedNode) and page_of(term.value) != term.value
