"""Whether two servers gave the same answer, however each writes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from nichiiki_ld.formats import N_TRIPLES, RESULTS_JSON

Term = NamedNode | BlankNode | Literal | Triple
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float")}


@dataclass(frozen=True)
class Answer:
    """What a query was answered with, in a form that can be compared.

    Attributes:
        content: Solutions or triples, each as often as it occurs; a truth value.
    """

    content: Counter[tuple[str, ...]] | bool

    @property
    def rows(self) -> int:
        """How many solutions or triples there are."""
        return 1 if isinstance(self.content, bool) else self.content.total()


def read(media_type: str, body: bytes) -> Answer:
    """Return the answer that a body has.

    The order of solutions does not count. Numbers count by their value, to twelve digits;
    language tags without case. Blank nodes are relabelled in a graph, and all alike in
    solutions: a release has none.

    Raises:
        ValueError: The body is not what the media type says, or that is none of the formats asked for.
    """
    if media_type == N_TRIPLES.media_type:
        return Answer(Counter(_triples(body)))
    if media_type != RESULTS_JSON.media_type:
        raise ValueError(f"an answer in {media_type}")
    results = parse_query_results(body, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return Answer(bool(results))
    return Answer(Counter(_solutions(results)))


def difference(ours: Answer, theirs: Answer) -> str:
    """Return how two answers differ, in words; empty when they are equal."""
    if ours == theirs:
        return ""
    if isinstance(ours.content, bool) or isinstance(theirs.content, bool):
        return f"{ours.content} here, {theirs.content} there"
    missing, extra = theirs.content - ours.content, ours.content - theirs.content
    parts = [
        f"{found.total()} only {where}, such as {next(iter(found))}"
        for found, where in ((extra, "here"), (missing, "there"))
        if found
    ]
    return "; ".join(parts)


def _solutions(solutions: QuerySolutions) -> Iterable[tuple[str, ...]]:
    names = sorted(variable.value for variable in solutions.variables)
    for solution in solutions:
        terms = ((name, solution[name]) for name in names)
        yield tuple(
            f"?{name}={'_:' if isinstance(term, BlankNode) else _normal(term)}"
            for name, term in terms
            if term is not None
        )


def _triples(body: bytes) -> Iterable[tuple[str, ...]]:
    graph = Dataset(
        Quad(quad.subject, quad.predicate, _normal(quad.object))
        for quad in parse(body, format=RdfFormat.N_TRIPLES)
    )
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    for quad in graph:
        yield str(quad.subject), str(quad.predicate), str(quad.object)


def _normal(term: Term) -> Term:
    if not isinstance(term, Literal):
        return term
    if term.language:
        return Literal(term.value, language=term.language.lower())
    if term.datatype.value in _NUMBERS:
        return Literal(f"{float(term.value):.12g}", datatype=NamedNode(term.datatype.value))
    return term
