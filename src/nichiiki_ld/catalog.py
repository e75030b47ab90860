"""What a release says of a thing: everything that belongs on the thing's page.

A page describes one thing and its parts, whose IRIs have a `#`. Beside their own
triples it has what supports them, what points to the thing, and the names of all it
mentions, so that nobody has to ask again to read it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
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

_SELECTOR = f"{OA}hasSelector"

MOST_NAMES = 5000
"""Things whose names are remembered: every page mentions properties, classes, themes and areas again."""

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


def nodes_of(terms: Iterable[Term]) -> tuple[NamedNode, ...]:
    """Return the IRIs among some terms, each once, sorted."""
    return tuple(sorted({each for each in terms if isinstance(each, NamedNode)}, key=_value))


class Facts:
    """A set of triples, asked by subject and property or by property and object."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = frozenset(triples)
        self._about: defaultdict[Term, list[Triple]] = defaultdict(list)
        for triple in self.triples:
            self._about[triple.subject].append(triple)
        # Most subjects are asked for a few properties, some for none: each is put in order when it is asked.
        self._objects: dict[Term, dict[str, list[Term]]] = {}
        self._pointing: defaultdict[Term, list[Triple]] | None = None

    def __contains__(self, subject: object) -> bool:
        """Tell whether there is a triple with a subject."""
        return subject in self._about

    def about(self, subject: Term) -> list[Triple]:
        """Return the triples with a subject, sorted."""
        return sorted(self._about.get(subject, ()), key=str)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return what a subject has a property with, sorted."""
        known = self._objects.get(subject)
        if known is None:
            known = self._objects[subject] = {}
            for triple in self.about(subject):
                known.setdefault(triple.predicate.value, []).append(triple.object)
        return known.get(predicate, [])

    def nodes(self, subject: Term, predicate: str) -> tuple[NamedNode, ...]:
        """Return the IRIs that a subject has a property with, sorted."""
        return nodes_of(self.objects(subject, predicate))

    def subjects(self, predicate: str, object_: Term) -> list[Term]:
        """Return what has a property with an object, sorted."""
        if self._pointing is None:
            self._pointing = defaultdict(list)
            for triple in self.triples:
                self._pointing[triple.object].append(triple)
        found = [each for each in self._pointing.get(object_, ()) if each.predicate.value == predicate]
        return [each.subject for each in sorted(found, key=str)]

    def text(self, subject: Term, predicate: str, *languages: str) -> str:
        """Return a literal in the first of these languages that there is one in, or the empty text.

        Without languages, any literal will do.
        """
        literals = [o for o in self.objects(subject, predicate) if isinstance(o, Literal)]
        if not literals:
            return ""
        tags = [(each.language or "").lower() for each in literals]
        for language in languages:
            if language in tags:
                return literals[tags.index(language)].value
        return "" if languages else literals[0].value


@dataclass(frozen=True)
class Description:
    """What is said on a page.

    Attributes:
        thing: What the page is about.
        parts: The things with a `#` that live on it, sorted.
        facts: The thing, its parts and what supports them, each in full.
        incoming: Triples that point to the thing from elsewhere, sorted.
        selectors: Parts that only say where words stand, of which a brief description tells nothing.
        cuts: Properties of `incoming` that are not listed to the end.
        untold: How many blank nodes are mentioned, but no more described.
        names_of: Gives the names of what the others mention.
    """

    thing: NamedNode
    parts: tuple[NamedNode, ...]
    facts: Facts
    incoming: tuple[Triple, ...]
    selectors: frozenset[Node]
    cuts: tuple[Cut, ...]
    untold: int
    names_of: Callable[[Iterable[NamedNode]], set[Triple]]

    def triples(self) -> set[Triple]:
        """Return everything, and the names of all it mentions; a cut is said in a comment on the thing."""
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
        told = {*self.facts.triples, *self.incoming}
        mentioned = {
            term
            for triple in told
            for term in (triple.subject, triple.object)
            if isinstance(term, NamedNode) and term not in self.facts and triple.predicate.value != RDF_TYPE
        }
        return {*told, *self.names_of(mentioned), *notes}


class Pages(Protocol):
    """What has a page, and what lives on it: every subject below the base has one, or lives on one."""

    def __contains__(self, page: object) -> bool:
        """Tell whether an IRI without `#` has a page."""

    def __len__(self) -> int:
        """Return how many pages there are."""

    def pages(self, most: int | None = None, skipped: int = 0) -> list[str]:
        """Return the IRIs of pages, sorted: so many of them, after so many others."""

    def parts(self, page: str) -> list[str]:
        """Return the IRIs of the things that live on a page beside the one that it is about, sorted.

        Raises:
            KeyError: There is no such page.
        """


class Catalog:
    """The pages of a release."""

    def __init__(self, store: Triples, pages: Pages, base: str, *, most_links: int = MOST_LINKS) -> None:
        """Describe what is in a store.

        Args:
            base: Base IRI; what lies elsewhere has no page here.
            most_links: Incoming links of one property that a page lists.
        """
        self._store = store
        self._pages = pages
        self._most_links = most_links
        self._names = lru_cache(MOST_NAMES)(self._names_of)
        own = f"{base}{ONTOLOGY}#"
        self._follow = {f"{own}quotation", f"{own}correction", _SELECTOR}
        self._row = NamedNode(f"{own}row")
        self._document = NamedNode(f"{own}document")
        decisions = {NamedNode(f"{own}{each}") for each in ("Correction", "Confirmation", "Exclusion")}
        self._belong_to_row = {*decisions, NamedNode(f"{own}ThemeAssignment")}
        self._belong_to_document = {
            *decisions,
            NamedNode(f"{own}SourceRow"),
            NamedNode(f"{own}Contradiction"),
        }
        self._named_by = [
            NamedNode(RDFS_LABEL),
            NamedNode(f"{SKOS}prefLabel"),
            NamedNode(f"{own}localGovernmentCode"),
        ]

    def __contains__(self, page: object) -> bool:
        """Tell whether an IRI without `#` has a page."""
        return page in self._pages

    def __len__(self) -> int:
        """Return how many pages there are."""
        return len(self._pages)

    def pages(self, most: int | None = None, skipped: int = 0) -> list[str]:
        """Return the IRIs of all pages, sorted, or of so many after so many others."""
        return self._pages.pages(most, skipped)

    def names(self, things: Iterable[NamedNode]) -> set[Triple]:
        """Return the labels and local-government codes of things."""
        return {triple for thing in things for triple in self._names(thing)}

    def _names_of(self, thing: NamedNode) -> tuple[Triple, ...]:
        return tuple(
            triple for predicate in self._named_by for triple in self._store.triples(thing, predicate)
        )

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
        return list(nodes_of(t.subject for t in self._store.triples(None, NamedNode(RDF_TYPE), class_)))

    def about(self, things: Iterable[NamedNode]) -> Facts:
        """Return what is said of things themselves, without what supports it."""
        return Facts(triple for thing in things for triple in self._store.triples(thing))

    def objects(self, subject: NamedNode, predicate: str) -> tuple[NamedNode, ...]:
        """Return the things that a thing has a property with, sorted."""
        return nodes_of(t.object for t in self._store.triples(subject, NamedNode(predicate)))

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
        parts = tuple(map(NamedNode, self._pages.parts(page)))
        thing = NamedNode(page)
        taken, selectors, untold = self._with_support(thing, parts, brief=brief)
        incoming, cuts = self._incoming(thing, {*taken, *selectors}, brief=brief)
        return Description(
            thing=thing,
            parts=parts,
            facts=Facts(triple for triples in taken.values() for triple in triples),
            incoming=tuple(incoming),
            selectors=frozenset(selectors),
            cuts=tuple(cuts),
            untold=untold,
            names_of=self.names,
        )

    def _with_support(
        self, thing: NamedNode, parts: Iterable[NamedNode], *, brief: bool
    ) -> tuple[dict[Node, list[Triple]], set[Node], int]:
        """Return the triples of a thing, its parts and all that supports them, by subject, and what is left out.

        A blank node is told with what mentions it: it has no page (Concise Bounded Description).

        Returns:
            The triples; the selectors of quotations that a brief description has no triples
            of; the number of blank nodes that are left out.
        """
        own = dict.fromkeys((thing, *parts))
        # From the end: a quotation comes before its selectors, whose names begin like its own.
        waiting: list[Node] = [*self._beside(thing, brief=brief), *reversed(own)]
        taken: dict[Node, list[Triple]] = {}
        selectors: set[Node] = set()
        blank_nodes = 0
        untold: set[Node] = set()
        while waiting:
            subject = waiting.pop()
            if subject in taken or subject in selectors:
                continue
            if isinstance(subject, BlankNode):
                if blank_nodes == MOST_BLANK_NODES:
                    untold.add(subject)
                    continue
                blank_nodes += 1
            triples = list(self._store.triples(subject))
            taken[subject] = triples
            if isinstance(subject, NamedNode) and subject in own:
                waiting += self._pointing(subject, f"{RDF}subject")
            for triple in triples:
                object_ = triple.object
                if brief and triple.predicate.value == _SELECTOR and isinstance(object_, NamedNode):
                    selectors.add(object_)
                elif isinstance(object_, BlankNode) or (
                    isinstance(object_, NamedNode) and self._supports(subject, triple.predicate, object_)
                ):
                    waiting.append(object_)
        return taken, selectors.difference(taken), len(untold)

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
