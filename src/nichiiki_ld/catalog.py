"""What a release says of a thing: everything that belongs on the thing's page.

A page describes one thing and its parts, whose IRIs have a `#`. Beside their own
triples it has what supports them, what points to the thing, and the names of all it
mentions, so that nobody has to ask again to read it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nichiiki_ld.iri import ONTOLOGY, page_of
from nichiiki_ld.namespaces import DCTERMS, OA, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SKOS

MOST_LINKS = 1000
"""Incoming links of one property that a page lists; the largest prefecture has 190 municipalities."""

MOST_BLANK_NODES = 1000
"""Blank nodes that a page describes with its thing."""

BRIEF_LINKS = 30
"""Incoming links of one property in a brief description."""

MOST_READ = 1000
"""Incoming links that are read for a brief description."""

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple


class Triples(Protocol):
    """A way to look triples up."""

    def triples(
        self,
        subject: Node | None = None,
        predicate: NamedNode | None = None,
        object_: NamedNode | None = None,
    ) -> Iterable[Triple]:
        """Return the triples that match, in any order, perhaps repeated."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A property that more things point to a thing with than its page lists.

    Attributes:
        total: None where nobody counted.
    """

    predicate: NamedNode
    listed: int
    total: int | None


class Facts:
    """A set of triples, asked by subject and property or by property and object."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = frozenset(triples)
        self._by_subject: defaultdict[Term, list[Triple]] = defaultdict(list)
        self._by_object: defaultdict[Term, list[Triple]] = defaultdict(list)
        for triple in sorted(self.triples, key=str):
            self._by_subject[triple.subject].append(triple)
            self._by_object[triple.object].append(triple)

    def about(self, subject: Term) -> list[Triple]:
        """Return the triples with a subject, sorted."""
        return self._by_subject.get(subject, [])

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return what a subject has a property with."""
        return [t.object for t in self.about(subject) if t.predicate.value == predicate]

    def subjects(self, predicate: str, object_: Term) -> list[Term]:
        """Return what has a property with an object."""
        return [t.subject for t in self._by_object.get(object_, []) if t.predicate.value == predicate]

    def text(self, subject: Term, predicate: str, *languages: str) -> str:
        """Return a literal in the first of these languages that there is one in, or the empty text.

        Without languages, any literal will do.
        """
        literals = [o for o in self.objects(subject, predicate) if isinstance(o, Literal)]
        for language in languages:
            for literal in literals:
                if (literal.language or "").lower() == language:
                    return literal.value
        return literals[0].value if literals and not languages else ""


@dataclass(frozen=True)
class Description:
    """What is said on a page.

    Attributes:
        thing: What the page is about.
        parts: The things with a `#` that live on it, sorted.
        facts: The thing, its parts and what supports them, each in full.
        incoming: Triples that point to the thing from elsewhere, sorted.
        names: Labels of what the others mention.
        cuts: Properties of `incoming` that are not listed to the end.
        untold: How many blank nodes are mentioned, but no more described.
    """

    thing: NamedNode
    parts: tuple[NamedNode, ...]
    facts: Facts
    incoming: tuple[Triple, ...]
    names: frozenset[Triple]
    cuts: tuple[Cut, ...]
    untold: int

    def triples(self) -> set[Triple]:
        """Return everything; a cut is said in a comment on the thing, never passed over."""
        missing = [
            f"this description has {cut.listed} of {cut.total or 'more'} triples that point here with <{cut.predicate.value}>"
            for cut in self.cuts
        ]
        if self.untold:
            missing.append(f"{self.untold} blank nodes are mentioned here, but not described")
        notes = {
            Triple(
                self.thing,
                NamedNode(f"{RDFS}comment"),
                Literal(f"Not complete: {each}. The SPARQL endpoint and the dumps have all.", language="en"),
            )
            for each in missing
        }
        return {*self.facts.triples, *self.incoming, *self.names, *notes}


class Catalog:
    """The pages of a release."""

    def __init__(self, store: Triples, base: str, *, most_links: int = MOST_LINKS) -> None:
        """Find out what is described where.

        Args:
            base: Base IRI; what lies elsewhere has no page here.
            most_links: Incoming links of one property that a page lists.
        """
        self._store = store
        self._base = base
        self._most_links = most_links
        parts: defaultdict[str, set[NamedNode]] = defaultdict(set)
        for triple in store.triples():
            subject = triple.subject
            if isinstance(subject, NamedNode) and subject.value.startswith(base):
                parts[page_of(subject.value)].add(subject)
        self._parts = {page: tuple(sorted(found, key=_value)) for page, found in sorted(parts.items())}
        own = f"{base}{ONTOLOGY}#"
        self._follow = {f"{own}quotation", f"{own}correction", f"{OA}hasSelector"}
        self._row = NamedNode(f"{own}row")
        self._document = NamedNode(f"{own}document")
        self._belong_to_row = {NamedNode(f"{own}Correction"), NamedNode(f"{own}ThemeAssignment")}
        self._belong_to_document = {NamedNode(f"{own}SourceRow"), NamedNode(f"{own}Contradiction")}
        self._named_by = [
            NamedNode(RDFS_LABEL),
            NamedNode(f"{SKOS}prefLabel"),
            NamedNode(f"{own}localGovernmentCode"),
        ]

    def __contains__(self, page: object) -> bool:
        """Tell whether an IRI without `#` has a page."""
        return page in self._parts

    def __len__(self) -> int:
        """Return how many pages there are."""
        return len(self._parts)

    def pages(self, most: int | None = None) -> list[str]:
        """Return the IRIs of all pages, or of the first ones, sorted."""
        return list(islice(self._parts, most))

    def names(self, things: Iterable[NamedNode]) -> set[Triple]:
        """Return the labels and local-government codes of things."""
        return {
            triple
            for thing in things
            for predicate in self._named_by
            for triple in self._store.triples(thing, predicate)
        }

    def containers(self, things: Iterable[NamedNode]) -> dict[NamedNode, NamedNode]:
        """Return what each thing is a part of, where that is said."""
        found = {}
        for thing in things:
            for triple in sorted(self._store.triples(thing, NamedNode(f"{DCTERMS}isPartOf")), key=str):
                if isinstance(triple.object, NamedNode):
                    found[thing] = triple.object
        return found

    def instances(self, class_: NamedNode) -> list[NamedNode]:
        """Return the things of a class, sorted."""
        found = {t.subject for t in self._store.triples(None, NamedNode(RDF_TYPE), class_)}
        return sorted((each for each in found if isinstance(each, NamedNode)), key=_value)

    def about(self, things: Iterable[NamedNode]) -> Facts:
        """Return what is said of things themselves, without what supports it."""
        return Facts(triple for thing in things for triple in self._store.triples(thing))

    def pointing(self, thing: NamedNode, predicate: str) -> list[NamedNode]:
        """Return the things that point to a thing with a property, sorted."""
        return sorted(set(self._pointing(thing, predicate)), key=_value)

    def describe(self, page: str, *, brief: bool = False) -> Description:
        """Return what belongs on a page.

        Args:
            brief: Without the rows of a document, and with a few of the things that point
                here: for a page that tells of these in its own way, and in no more time
                for a thing that everything points to.

        Raises:
            KeyError: There is no such page.
        """
        parts = self._parts[page]
        thing = NamedNode(page)
        taken, untold = self._with_support(thing, parts, brief=brief)
        incoming, cuts = self._incoming(thing, set(taken), brief=brief)
        facts = Facts(triple for triples in taken.values() for triple in triples)
        mentioned = {
            term
            for triple in (*facts.triples, *incoming)
            for term in (triple.subject, triple.object)
            if isinstance(term, NamedNode) and term not in taken and triple.predicate.value != RDF_TYPE
        }
        return Description(
            thing=thing,
            parts=tuple(part for part in parts if part != thing),
            facts=facts,
            incoming=tuple(incoming),
            names=frozenset(self.names(mentioned)),
            cuts=tuple(cuts),
            untold=untold,
        )

    def _with_support(
        self, thing: NamedNode, parts: Iterable[NamedNode], *, brief: bool
    ) -> tuple[dict[Node, list[Triple]], int]:
        """Return the triples of a thing, its parts and all that supports them, by subject, and how many are left out.

        A blank node is told with what mentions it: it has no page (Concise Bounded Description).
        """
        waiting: list[Node] = [thing, *parts, *self._beside(thing, brief=brief)]
        for part in parts:
            waiting += self._pointing(part, f"{RDF}subject")
        taken: dict[Node, list[Triple]] = {}
        blank_nodes = 0
        untold: set[Node] = set()
        while waiting:
            subject = waiting.pop()
            if subject in taken:
                continue
            if isinstance(subject, BlankNode):
                if blank_nodes == MOST_BLANK_NODES:
                    untold.add(subject)
                    continue
                blank_nodes += 1
            triples = list(self._store.triples(subject))
            taken[subject] = triples
            waiting += (
                t.object
                for t in triples
                if isinstance(t.object, BlankNode)
                or (isinstance(t.object, NamedNode) and self._supports(subject, t.predicate, t.object))
            )
        return taken, len(untold)

    def _supports(self, subject: Node, predicate: NamedNode, object_: NamedNode) -> bool:
        """Tell whether what a thing points to is needed to read what is said of it.

        The body of an annotation is, unless it is a thing with a page of its own.
        """
        if predicate.value == f"{OA}hasBody":
            return page_of(object_.value) == subject.value
        return predicate.value in self._follow

    def _beside(self, thing: NamedNode, *, brief: bool) -> Iterator[NamedNode]:
        """Yield what has a page of its own, but is told in full on the thing's page too."""
        for triple in self._store.triples(thing, self._row):
            if isinstance(triple.object, NamedNode):
                yield triple.object
        belonging = [(self._row, self._belong_to_row), (self._document, self._belong_to_document)]
        for predicate, classes in belonging[:1] if brief else belonging:
            for subject in self._pointing(thing, predicate.value):
                types = {t.object for t in self._store.triples(subject, NamedNode(RDF_TYPE))}
                if not types.isdisjoint(classes):
                    yield subject

    def _pointing(self, thing: NamedNode, predicate: str) -> Iterator[NamedNode]:
        for triple in self._store.triples(None, NamedNode(predicate), thing):
            if isinstance(triple.subject, NamedNode):
                yield triple.subject

    def _incoming(self, thing: NamedNode, taken: set[Node], *, brief: bool) -> tuple[list[Triple], list[Cut]]:
        pointing = self._store.triples(None, None, thing)
        read = list(islice(pointing, MOST_READ + 1)) if brief else pointing
        untold = isinstance(read, list) and len(read) > MOST_READ
        most = BRIEF_LINKS if brief else self._most_links
        by_predicate: defaultdict[NamedNode, set[Triple]] = defaultdict(set)
        for triple in read:
            if triple.subject not in taken and triple.predicate.value != RDF_TYPE:
                by_predicate[triple.predicate].add(triple)
        listed: list[Triple] = []
        cuts = []
        for predicate in sorted(by_predicate, key=_value):
            found = sorted(by_predicate[predicate], key=str)
            listed += found[:most]
            if untold or len(found) > most:
                cuts.append(Cut(predicate, min(most, len(found)), None if untold else len(found)))
        return listed, cuts


def _value(node: NamedNode) -> str:
    return node.value
