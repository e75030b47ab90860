"""A release's store, opened for reading; the one place behind which SPARQL is evaluated."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    serialize,
)

from nichiiki_ld.errors import MalformedQuery, ReleaseError, ServiceRefused
from nichiiki_ld.formats import (
    HTML,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TURTLE,
    Format,
    Kind,
)
from nichiiki_ld.query import (
    QueryRequest,
    calls_service,
)
from nichiiki_ld.writing import engine_format

_RESULT_WRITERS = {
    RESULTS_JSON: QueryResultsFormat.JSON,
    RESULTS_XML: QueryResultsFormat.XML,
    RESULTS_TSV: QueryResultsFormat.TSV,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query was answered with.

    Attributes:
        kind: `RESULTS` of SELECT and ASK, `GRAPH` of CONSTRUCT and DESCRIBE.
        format: Of the body; None when the client accepts no format of this kind, and
            then nothing was evaluated. For a page, the body is what the page is made
            of: SPARQL JSON or Turtle.
    """

    kind: Kind
    format: Format | None
    body: bytes = b""


class GraphStore:
    """The quads of a release. Every triple is in a named graph; the default graph holds their union."""

    def __init__(self, folder: Path, *, base: str, prefixes: Mapping[str, str]) -> None:
        """Open a store.

        Args:
            base: What relative IRIs of a query are resolved against.
            prefixes: Prefixes that graphs are written with.

        Raises:
            ReleaseError: The folder holds no store.
        """
        # Without this, opening a folder that is not there makes it.
        if not folder.is_dir():
            raise ReleaseError("there is no store", where=str(folder), hint="run 'nichiiki-ld build'")
        try:
            self._store = Store.read_only(str(folder))
        except OSError as error:
            raise ReleaseError(
                f"the store cannot be opened: {error}", where=str(folder), hint="run 'nichiiki-ld build'"
            ) from error
        self._base = base
        self._prefixes = dict(prefixes)

    def triples(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object_: NamedNode | None = None,
    ) -> Iterator[Triple]:
        """Yield the triples that match, whichever graph they are in."""
        for quad in self._store.quads_for_pattern(subject, predicate, object_, DefaultGraph()):
            yield quad.triple

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self._store.named_graphs() if isinstance(graph, NamedNode))

    def evaluate(self, request: QueryRequest, formats: Mapping[Kind, Format | None]) -> Answer:
        """Evaluate a query and write its answer.

        There is no limit of time or memory here.

        Args:
            formats: What to write each kind of answer in.

        Raises:
            MalformedQuery: The text is no SPARQL query, or a graph's name is no IRI.
            ServiceRefused: It has a SERVICE clause: the engine would follow it.
        """
        if calls_service(request.text):
            raise ServiceRefused
        results = self._query(request)
        kind = Kind.GRAPH if isinstance(results, QueryTriples) else Kind.RESULTS
        chosen = formats[kind]
        if chosen is None:
            return Answer(kind, None)
        written = {Kind.GRAPH: TURTLE, Kind.RESULTS: RESULTS_JSON}[kind] if chosen is HTML else chosen
        return Answer(kind, chosen, self._write(results, written))

    def _query(self, request: QueryRequest) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            if request.chooses_graphs:
                return self._store.query(
                    request.text,
                    base_iri=self._base,
                    default_graph=[NamedNode(graph) for graph in request.default_graphs],
                    named_graphs=[NamedNode(graph) for graph in request.named_graphs],
                )
            return self._store.query(request.text, base_iri=self._base)
        except (SyntaxError, ValueError) as error:
            raise MalformedQuery(
                f"the query cannot be read: {error}",
                hint="correct the query at the line and column named; this endpoint takes queries, not updates",
                reference="https://www.w3.org/TR/sparql11-query/",
            ) from None

    def _write(self, results: QuerySolutions | QueryBoolean | QueryTriples, format_: Format) -> bytes:
        if isinstance(results, QueryTriples):
            written = serialize(results, format=engine_format(format_), prefixes=self._prefixes)
        elif format_ is RESULTS_CSV and isinstance(results, QuerySolutions):
            return write_csv(results)
        else:
            writer = _RESULT_WRITERS.get(format_, QueryResultsFormat.CSV)
            written = results.serialize(format=writer)
        return written or b""


def write_csv(solutions: QuerySolutions) -> bytes:
    """Return solutions as CSV.

    The engine's own writer leaves an IRI with a comma unquoted, which makes it two cells.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 3.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    variables = solutions.variables
    writer.writerow([variable.value for variable in variables])
    for solution in solutions:
        writer.writerow([_plain(solution[variable]) for variable in variables])
    return text.getvalue().encode()


def _plain(term: object) -> str:
    if isinstance(term, (NamedNode, Literal)):
        return term.value
    if isinstance(term, BlankNode):
        return str(term)
    return "" if term is None else str(term)
