"""Triples as pySHACL sees them: only what shapes ask for, in layers, without a copy of the context.

Terms keep their lexical forms. rdflib by itself writes `36.0` for `36.00`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as GraphLiteral
from rdflib.term import Node

from nichiiki_ld.namespaces import RDF_TYPE, RDFS, XSD_STRING

Term = NamedNode | BlankNode | Literal

TYPE = URIRef(RDF_TYPE)
SUB_CLASS_OF = URIRef(f"{RDFS}subClassOf")
_TO_CLASSES = frozenset({f"<{TYPE}>".encode(), f"<{SUB_CLASS_OF}>".encode()})


class Index:
    """Triples by subject and property.

    Attributes:
        subjects: Subject → property → values. Every subject is there, also one without a
            property that is wanted.
        by_class: Property and class → instances, or subclasses.
    """

    __slots__ = ("by_class", "subjects")

    def __init__(self, lines: Iterable[bytes], wanted: frozenset[str] | None) -> None:
        """Index triples.

        Args:
            lines: N-Triples as the engine writes them, one space between terms, without line ends.
            wanted: The properties that will be asked for; None when all may be.
        """
        self.subjects: dict[Node, dict[Node, list[Node]]] = {}
        self.by_class: defaultdict[tuple[Node, Node], list[Node]] = defaultdict(list)
        # One object for each term: to make one takes long, and to compare two that are equal.
        nodes: dict[bytes, Node] = {}
        asked = None if wanted is None else {f"<{name}>".encode() for name in wanted}
        for line in lines:
            subject_token, predicate_token, rest = line.split(b" ", 2)
            subject = nodes.get(subject_token) or nodes.setdefault(subject_token, _read(subject_token))
            properties = self.subjects.setdefault(subject, {})
            if asked is not None and predicate_token not in asked:
                continue
            predicate = nodes.get(predicate_token) or nodes.setdefault(
                predicate_token, _read(predicate_token)
            )
            token = rest[:-2]
            value = nodes.get(token) or nodes.setdefault(token, _read(token))
            properties.setdefault(predicate, []).append(value)
            if predicate_token in _TO_CLASSES:
                self.by_class[predicate, value].append(subject)


def _read(token: bytes) -> Node:
    """Return a term of N-Triples, its lexical form unchanged."""
    text = token.decode()
    if text.startswith("<") and text[1] != "<":
        return URIRef(text[1:-1])
    if text.startswith("_:"):
        return BNode(text[2:])
    if text.startswith('"') and "\\" not in text:
        lexical, _, kind = text[1:].rpartition('"')
        if not kind:
            return GraphLiteral(lexical)
        if kind.startswith("^^"):
            return GraphLiteral(lexical, datatype=URIRef(kind[3:-1]), normalize=False)
        if "--" not in kind:
            return GraphLiteral(lexical, lang=kind[1:])
    line = b"<x:s> <x:p> %b .\n" % token
    return node_of(next(iter(parse(line, format=RdfFormat.N_TRIPLES, lenient=True))).object)


class View(Graph):
    """Indexes laid over each other. What two of them have may come twice; it cannot be written to."""

    def __init__(self, *layers: Index) -> None:
        super().__init__(bind_namespaces="none")
        self._layers = layers

    def objects(
        self,
        subject: Any = None,
        predicate: Any = None,
        unique: bool = False,  # noqa: FBT001, FBT002
    ) -> Generator[Node, None, None]:
        """Yield the values of a property."""
        if subject is None or predicate is None:
            yield from super().objects(subject, predicate, unique)
            return
        for layer in self._layers:
            properties = layer.subjects.get(subject)
            if properties is not None:
                yield from properties.get(predicate, ())

    def subjects(
        self,
        predicate: Any = None,
        object: Any = None,  # noqa: A002
        unique: bool = False,  # noqa: FBT001, FBT002
    ) -> Generator[Node, None, None]:
        """Yield what has a property with a value; fast for the instances and subclasses of a class."""
        if object is None or predicate not in (TYPE, SUB_CLASS_OF):
            yield from super().subjects(predicate, object, unique)
            return
        for layer in self._layers:
            yield from layer.by_class.get((predicate, object), ())

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        """Yield the triples that match. Everything that rdflib does beside the two above comes here."""
        wanted_subject, wanted_property, wanted_value = triple
        for layer in self._layers:
            subjects = layer.subjects
            for subject in subjects if wanted_subject is None else (wanted_subject,):
                properties = subjects.get(subject, {})
                asked = properties if wanted_property is None else (wanted_property,)
                for property_ in asked:
                    yield from (
                        (subject, property_, value)
                        for value in properties.get(property_, ())
                        if wanted_value in (None, value)
                    )


def node_of(term: object) -> Node:
    """Return a term of pyoxigraph as one of rdflib, its lexical form unchanged."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, Literal), "a triple is no term of RDF 1.1"
    if term.language:
        return GraphLiteral(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == XSD_STRING:
        return GraphLiteral(term.value)
    return GraphLiteral(term.value, datatype=URIRef(datatype), normalize=False)


def term_of(node: Node) -> Term:
    """Return a term of rdflib as one of pyoxigraph."""
    if not isinstance(node, GraphLiteral):
        return subject_of(node)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype)) if node.datatype else None)


def subject_of(node: Node) -> NamedNode | BlankNode:
    """Return an IRI or blank node of rdflib as one of pyoxigraph."""
    return BlankNode(str(node)) if isinstance(node, BNode) else NamedNode(str(node))


def name_of(node: Node) -> str:
    """Return an IRI, or `_:` and the label of a blank node."""
    return f"_:{node}" if isinstance(node, BNode) else str(node)
