"""Validation against shapes, of a whole graph or of parts of it.

pySHACL evaluates SHACL Core, Oxigraph the SPARQL constraints. Three things make this
fast enough for a graph of many projects, and none of them changes a result:

- A property shape is evaluated for all focus nodes of its node shape at once; pySHACL by
  itself walks from node to node.
- A SPARQL constraint is one query for all its focus nodes; pySHACL by itself parses and
  runs one for each of them.
- pySHACL sees a view that has only the properties that the shapes name.

Because shapes are local, a graph can be validated in parts. What the parts share
(register, themes, programmes, ontology) is the context, loaded once; the subjects of a
part are its focus nodes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import URIRef
from rdflib.term import Node

from nichiiki_ld.errors import ShapesError
from nichiiki_ld.namespaces import SH
from nichiiki_ld.shapes.reading import (
    FOCUS_GRAPH,
    FOCUS_OF,
    REFERENCE,
    SparqlConstraint,
    check_form,
    checks,
    messages_of,
    shapes_graph,
    take_properties,
    take_sparql,
    wanted_properties,
)
from nichiiki_ld.shapes.result import Result
from nichiiki_ld.shapes.view import Index, View, name_of, node_of, subject_of, term_of
from nichiiki_ld.statements import n_triples

__all__ = ["DataGraph", "Result", "Shapes", "validate"]

_FOCUS_GRAPH, _FOCUS_OF = NamedNode(FOCUS_GRAPH), NamedNode(FOCUS_OF)

Focus = Mapping[URIRef, set[Node]]
"""Shape with targets → its focus nodes."""


class Shapes:
    """Shapes, parsed once. When pickled it travels as text, and is parsed again where it arrives.

    Attributes:
        checks: IRIs of the shapes and SPARQL constraints that can give a result.
    """

    def __init__(self, turtle: Mapping[str, str]) -> None:
        self._turtle = dict(turtle)
        graph = shapes_graph(self._turtle)
        check_form(graph)
        self.checks = checks(graph)
        self.sparql = take_sparql(graph)
        self.evaluated = take_properties(graph)
        self.wanted = wanted_properties(graph)
        try:
            self._by_name = {shape.node: shape for shape in ShapesGraph(graph).shapes}
            self._rehearse()
        except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError, re.error) as error:
            raise ShapesError(
                f"the shapes cannot be used: {getattr(error, 'message', error)}",
                where=", ".join(self._turtle),
                reference=REFERENCE,
            ) from error

    @classmethod
    def parse(cls, turtle: Mapping[str, str]) -> Shapes:
        """Return the shapes of Turtle files.

        Args:
            turtle: File name → text. Names are for messages only.

        Raises:
            ShapesError: A file is no Turtle, or a shape is ill-formed or of a form that is not
                evaluated here (`reading.check_form`). Bad Turtle is told with its line.
        """
        return cls(turtle)

    def __reduce__(self) -> tuple[type[Shapes], tuple[dict[str, str]]]:
        return Shapes, (self._turtle,)

    def focus(self, view: View, nodes: AbstractSet[Node]) -> Focus:
        """Return the focus nodes of each shape with targets, of these nodes only."""
        return {name: self._by_name[name].focus_nodes(view) & nodes for name in self.evaluated}

    def core_results(self, view: View, focus: Focus) -> Iterator[Result]:
        """Yield what pySHACL finds: everything but SPARQL constraints."""
        by_shape: defaultdict[URIRef, set[Node]] = defaultdict(set)
        for target, names in self.evaluated.items():
            for name in names:
                by_shape[name] |= focus[target]
        executor = SHACLExecutor()
        for name, nodes in by_shape.items():
            if nodes:
                _, reports = self._by_name[name].validate(executor, view, focus=nodes)
                yield from (_core_result(node, statements) for _, node, statements in reports)

    def sparql_results(self, store: Store, focus: Focus) -> Iterator[Result]:
        """Yield what SPARQL constraints find in a store, whose focus graph is filled here."""
        store.extend(
            Quad(subject_of(node), _FOCUS_OF, NamedNode(constraint.name), _FOCUS_GRAPH)
            for constraint in self.sparql
            if constraint.shape in focus
            for node in focus[constraint.shape]
        )
        by_query: defaultdict[str, list[SparqlConstraint]] = defaultdict(list)
        for constraint in self.sparql:
            by_query[constraint.query].append(constraint)
        for query, sharing in by_query.items():
            solutions = store.query(query)
            assert isinstance(solutions, QuerySolutions)
            names = [variable.value for variable in solutions.variables]
            for solution in solutions:
                bound = {name: solution[name] for name in names if solution[name] is not None}
                this = node_of(bound["this"])
                for constraint in sharing:
                    if this in focus.get(constraint.shape, ()):
                        yield _sparql_result(constraint, bound)

    def _rehearse(self) -> None:
        """Evaluate everything once over nothing: what is ill-formed shows now, not in the middle of a graph."""
        nobody: set[Node] = {URIRef("urn:x-nichiiki-ld:nobody")}
        list(self.core_results(View(), dict.fromkeys(self.evaluated, nobody)))
        store = Store()
        for constraint in self.sparql:
            try:
                store.query(constraint.query)
            except SyntaxError as error:
                raise ShapesError(f"its query is no SPARQL: {error}", where=str(constraint.name)) from None


class DataGraph:
    """Data under shapes: a context that is loaded once, and parts that are validated in it one after the other.

    Not safe for threads; each worker has its own.
    """

    def __init__(self, shapes: Shapes, context: bytes = b"") -> None:
        """Load a context.

        Args:
            context: N-Triples as the engine writes them.
        """
        self._shapes = shapes
        self._text = context
        self._context = Index(context.splitlines(), shapes.wanted)

    def validate(
        self,
        part: bytes,
        *,
        neighbours: bytes = b"",
        focus: AbstractSet[str] | None = None,
    ) -> list[Result]:
        """Return what the shapes find, sorted.

        Args:
            part: N-Triples as the engine writes them, which may repeat some of the context.
            neighbours: More of them that the part's shapes look at, for this part only.
            focus: IRIs of the focus nodes, which may lie in the context; without it, every
                subject of the part. A node that no shape targets is passed over.
        """
        index = Index(part.splitlines(), self._shapes.wanted)
        view = View(self._context, Index(neighbours.splitlines(), self._shapes.wanted), index)
        nodes: set[Node] = set(index.subjects) if focus is None else {URIRef(iri) for iri in focus}
        by_shape = self._shapes.focus(view, nodes)
        results = set(self._shapes.core_results(view, by_shape))
        if self._shapes.sparql and any(by_shape.values()):
            store = Store()
            for text in (self._text, part, neighbours):
                _load(store, text)
            results.update(self._shapes.sparql_results(store, by_shape))
        return sorted(results)


def validate(
    shapes: Shapes,
    data: Iterable[Triple],
    *,
    context: Iterable[Triple] = (),
    focus: AbstractSet[str] | None = None,
) -> list[Result]:
    """Return what shapes find in data that stand in a context, sorted (`DataGraph.validate`)."""
    return DataGraph(shapes, n_triples(context)).validate(n_triples(data), focus=focus)


def _load(store: Store, text: bytes) -> None:
    """Load N-Triples. Text goes in twice as fast as terms, but then blank nodes get other labels."""
    if b"_:" in text:
        store.extend(parse(text, format=RdfFormat.N_TRIPLES, lenient=True))
    else:
        store.load(text, format=RdfFormat.N_TRIPLES, lenient=True)


def _core_result(result: Node, statements: list[tuple[Node, Node, Any]]) -> Result:
    """Return a result of pySHACL: triples whose objects may be pairs of a graph and a node."""
    found: dict[str, Any] = {}
    messages = []
    for subject, predicate, value in statements:
        node = value[1] if isinstance(value, tuple) else value
        name = str(predicate).removeprefix(SH)
        if subject == result and name == "resultMessage":
            messages.append(node)
        elif subject == result:
            found[name] = node
    return Result(
        focus=name_of(found["focusNode"]),
        path=str(found.get("resultPath", "")),
        value=str(term_of(found["value"])) if "value" in found else "",
        shape=str(found["sourceShape"]),
        constraint="",
        component=str(found["sourceConstraintComponent"]),
        severity=str(found["resultSeverity"]),
        messages=messages_of(messages),
    )


def _sparql_result(constraint: SparqlConstraint, solution: Mapping[str, Any]) -> Result:
    """Return the result that a solution makes.

    Source:
        SHACL, section 5.3.2. Without a value of its own, the value is the focus node.
    """
    path = solution.get("path")
    bound = {"value": solution["this"], **solution}
    return Result(
        focus=name_of(node_of(solution["this"])),
        path=path.value if isinstance(path, NamedNode) else "",
        value=str(bound["value"]),
        shape=str(constraint.shape),
        constraint=str(constraint.name),
        component=f"{SH}SPARQLConstraintComponent",
        severity=constraint.severity,
        messages=tuple((language, _filled(text, bound)) for language, text in constraint.messages),
    )


def _filled(message: str, bound: Mapping[str, Any]) -> str:
    return re.sub(
        r"\{[?$](\w+)\}", lambda match: str(bound[match[1]].value) if match[1] in bound else match[0], message
    )
