"""Shapes from Turtle, taken apart for fast evaluation.

Two things are taken off the shapes that have targets: their property shapes, which are
then evaluated for all focus nodes at once, and their SPARQL constraints, which become one
query for all focus nodes. The results are those of the shapes as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import RdfFormat, parse
from rdflib import Graph, URIRef
from rdflib import Literal as GraphLiteral
from rdflib.term import Node

from nichiiki_ld.errors import ShapesError
from nichiiki_ld.namespaces import SH
from nichiiki_ld.shapes.view import SUB_CLASS_OF, TYPE, node_of

REFERENCE = "https://www.w3.org/TR/shacl/"

FOCUS_GRAPH = "urn:x-nichiiki-ld:focus"
FOCUS_OF = "urn:x-nichiiki-ld:focus-of"
"""Where a query finds its focus nodes: `GRAPH <FOCUS_GRAPH> { $this <FOCUS_OF> <constraint> }`."""


def _sh(name: str) -> URIRef:
    return URIRef(SH + name)


_TARGETS = tuple(_sh(f"target{name}") for name in ("Class", "Node", "SubjectsOf", "ObjectsOf"))
_ABOUT = {
    TYPE,
    *(_sh(name) for name in ("message", "severity", "deactivated", "name", "description", "order", "group")),
}
_PARTS = {_sh("path"), _sh("property"), _sh("sparql")}
_DEACTIVATED = (_sh("deactivated"), GraphLiteral(True))

Messages = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """A SPARQL constraint of one shape.

    Attributes:
        query: Finds the violations of all focus nodes in `FOCUS_GRAPH`.
        messages: Pairs of language tag and template.
    """

    name: URIRef
    shape: URIRef
    severity: str
    query: str
    messages: Messages


def shapes_graph(turtle: Mapping[str, str]) -> Graph:
    """Return the graph of Turtle files (file name → text).

    Raises:
        ShapesError: One is no Turtle.
    """
    graph = Graph(bind_namespaces="none")
    for name, text in turtle.items():
        try:
            quads = list(parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True))
        except SyntaxError as error:
            raise ShapesError(
                f"is no Turtle: {error.msg}", where=f"{name}:{error.lineno}", hint="mend the file"
            ) from None
        for quad in quads:
            graph.add((node_of(quad.subject), URIRef(quad.predicate.value), node_of(quad.object)))
    return graph


def checks(graph: Graph) -> frozenset[str]:
    """Return the IRIs of the shapes and SPARQL constraints that can give a result by themselves."""
    found = set(graph.objects(None, _sh("sparql")))
    for kind in ("NodeShape", "PropertyShape"):
        for shape in graph.subjects(TYPE, _sh(kind)):
            if set(graph.predicates(shape)) - _ABOUT - _PARTS - set(_TARGETS):
                found.add(shape)
    return frozenset(str(name) for name in found)


def check_form(graph: Graph) -> None:
    """Refuse what SHACL allows and this module does not evaluate.

    Raises:
        ShapesError: A path is no IRI, a shape with a target has none, or a SPARQL constraint
            is not on a node shape with a target.
    """
    for shape, path in graph.subject_objects(_sh("path")):
        if not isinstance(path, URIRef):
            raise ShapesError(
                "has a path that is no IRI", where=str(shape), hint="say it with a SPARQL constraint instead"
            )
    targeted = _targeted(graph)
    for shape in targeted:
        if not isinstance(shape, URIRef):
            raise ShapesError(
                "a shape with a target has no IRI", hint="name it, so that results can point to it"
            )
    for shape in graph.subjects(_sh("sparql"), None):
        if shape not in targeted or (shape, _sh("path"), None) in graph:
            raise ShapesError(
                "has a SPARQL constraint but is no node shape with a target",
                where=str(shape),
                hint="put the constraint on the node shape",
            )


def take_sparql(graph: Graph) -> tuple[SparqlConstraint, ...]:
    """Take the SPARQL constraints off their shapes and return them, sorted.

    Raises:
        ShapesError: One has no query that selects $this.

    Source:
        SHACL, section 5.3.1. There `$this` is bound before the query is evaluated; here the
        outermost group begins with a pattern that binds it to each focus node in turn.
    """
    found = []
    for shape, name in list(graph.subject_objects(_sh("sparql"))):
        graph.remove((shape, _sh("sparql"), name))
        if any((each, *_DEACTIVATED) in graph for each in (shape, name)):
            continue
        select = str(graph.value(name, _sh("select")) or "")
        if not re.match(r"\s*SELECT\b[^{]*[$?]this\b[^{]*\{", select):
            raise ShapesError(
                "its sh:select is no query that selects $this", where=str(name), reference=REFERENCE
            )
        focus = f"{{ GRAPH <{FOCUS_GRAPH}> {{ $this <{FOCUS_OF}> <{name}> }} "
        found.append(
            SparqlConstraint(
                name=URIRef(str(name)),
                shape=URIRef(str(shape)),
                severity=str(graph.value(shape, _sh("severity"), default=_sh("Violation"))),
                query=_prologue(graph, name) + select.replace("{", focus, 1),
                messages=messages_of(graph.objects(name, _sh("message")))
                or messages_of(graph.objects(shape, _sh("message"))),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.name, each.shape)))


def _prologue(graph: Graph, constraint: Node) -> str:
    lines = {
        f"PREFIX {graph.value(declaration, _sh('prefix'))}: <{graph.value(declaration, _sh('namespace'))}>\n"
        for prefixes in graph.objects(constraint, _sh("prefixes"))
        for declaration in graph.objects(prefixes, _sh("declare"))
    }
    return "".join(sorted(lines))


def take_properties(graph: Graph) -> dict[URIRef, list[URIRef]]:
    """Take the property shapes off the shapes with targets; return target shape → what to evaluate for its focus nodes.

    A shape that another one refers to is also evaluated there, as a whole, and keeps its
    property shapes.
    """
    found: dict[URIRef, list[URIRef]] = {}
    for shape in sorted(_targeted(graph)):
        if (shape, *_DEACTIVATED) in graph:
            continue
        parts: list[Any] = []
        if (None, None, shape) not in graph:
            parts = sorted(part for part in graph.objects(shape, _sh("property")) if isinstance(part, URIRef))
        for part in parts:
            graph.remove((shape, _sh("property"), part))
            # It was a property shape because it was the value of sh:property.
            graph.add((part, TYPE, _sh("PropertyShape")))
        constrained = set(graph.predicates(shape)) - _ABOUT - set(_TARGETS)
        found[URIRef(str(shape))] = [*([shape] if constrained else []), *parts]
    return found


def wanted_properties(graph: Graph) -> frozenset[str] | None:
    """Return the properties that may be asked for: whatever IRI the shapes name. None when a closed shape asks for all."""
    if (None, _sh("closed"), None) in graph:
        return None
    named = {str(value) for value in graph.objects() if isinstance(value, URIRef)}
    return frozenset(named | {str(TYPE), str(SUB_CLASS_OF)})


def messages_of(literals: Iterable[Any]) -> Messages:
    """Return messages as sorted pairs of language tag and text."""
    return tuple(sorted((getattr(literal, "language", None) or "", str(literal)) for literal in literals))


def _targeted(graph: Graph) -> set[Any]:
    return set(_target_subjects(graph))


def _target_subjects(graph: Graph) -> Iterator[Node]:
    for target in _TARGETS:
        yield from graph.subjects(target, None)
