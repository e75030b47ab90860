"""A release's store, opened for reading; the one place behind which SPARQL is evaluated."""

from __future__ import annotations

import gzip
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from nichiiki_ld.compaction import Context
from nichiiki_ld.errors import MalformedQuery, ReleaseError, ServiceRefused
from nichiiki_ld.formats import HTML, RDF_XML, RESULTS_JSON, TURTLE, Format, Kind
from nichiiki_ld.query import Answer, Job
from nichiiki_ld.results import Room, check_rows, check_xml, write_results
from nichiiki_ld.writing import write_graph

LAYOUT = (1, pyoxigraph.__version__)
"""What a store on disk depends on beside its quads: how it is written (`dumps.write_store`), and the engine's files."""

LEAST_BYTES_TO_COMPRESS = 1000
COMPRESSION_LEVEL = 5
SPARQL = "https://www.w3.org/TR/sparql11-query/"

Node = NamedNode | BlankNode | DefaultGraph
Term = NamedNode | BlankNode | Literal | Triple
Results = QuerySolutions | QueryBoolean | QueryTriples


class GraphStore:
    """The quads of a release. Its default graph is written out: it is read like any other graph."""

    def __init__(self, folder: Path, *, base: str, context: Context, union: bool = True) -> None:
        """Open a store.

        Args:
            union: Whether the default graph holds what the named graphs hold.
            base: What relative IRIs of a query are resolved against.
            context: What graphs are written with: its prefixes, or itself in JSON-LD.

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
        self._context = context
        self._everything = DefaultGraph() if union else None

    def triples(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: NamedNode | None = None,
    ) -> Iterator[Triple]:
        """Yield the triples of any graph that match, perhaps repeated."""
        for quad in self._store.quads_for_pattern(subject, predicate, object_, self._everything):
            yield quad.triple

    def select(self, text: str) -> Iterator[dict[str, Term]]:
        """Yield the solutions of a SELECT query that was made here: variable → value, where it has one.

        Nothing limits it. A client's query goes another way, by `evaluate`.
        """
        solutions = self._ask(self._store, text, None, None)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: term for name, term in zip(names, solution, strict=True) if term is not None}

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self._store.named_graphs() if isinstance(graph, NamedNode))

    def warm(self) -> None:
        """Have the engine open all its files and start what it needs, while the process still may."""
        self._store.query("ASK { GRAPH ?g { ?s ?p ?o } }")

    def evaluate(self, job: Job) -> Answer:
        """Evaluate a query and write its answer.

        There is no limit of time or memory here, and SERVICE is followed: what calls this
        is a process that can be killed and has no sockets, or has read the query before.

        Raises:
            MalformedQuery: The text is no SPARQL query, or a graph's name is no IRI.
            ServiceRefused: It asks another endpoint, which cannot be reached from here.
            QueryLimit: The answer is too large.
            NotExpressible: The answer has a character that the format cannot carry.
        """
        results = self._query(job)
        kind = Kind.GRAPH if isinstance(results, QueryTriples) else Kind.RESULTS
        chosen = job.graph if isinstance(results, QueryTriples) else job.results
        if chosen is None:
            return Answer(kind, None)
        try:
            if isinstance(results, QueryTriples):
                body, rows = self._write_graph(results, TURTLE if chosen is HTML else chosen, job)
            else:
                body, rows = write_results(
                    results,
                    RESULTS_JSON if chosen is HTML else chosen,
                    most_bytes=job.most_bytes,
                    most_rows=job.most_rows,
                )
        except RuntimeError as error:
            raise _malformed(error) from None
        except OSError:
            # Nothing else in a query reaches beyond the store.
            raise ServiceRefused from None
        packed = job.gzip and chosen is not HTML and len(body) >= LEAST_BYTES_TO_COMPRESS
        body = gzip.compress(body, COMPRESSION_LEVEL, mtime=0) if packed else body
        return Answer(kind, chosen, body, rows, packed, digest(body))

    def _query(self, job: Job) -> Results:
        try:
            if not (job.default_graphs or job.named_graphs):
                return self._ask(self._store, job.text, None, None)
            default: list[Node] = [NamedNode(graph) for graph in job.default_graphs]
            named: list[NamedNode | BlankNode] = [NamedNode(graph) for graph in job.named_graphs]
            if self._overlap(default):
                return self._ask(self._merged(default, named), job.text, DefaultGraph(), named)
            # Both, even where one is empty: what is left out would be all that the store has.
            return self._ask(self._store, job.text, default, named)
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise _malformed(error) from None
        except OSError:
            raise ServiceRefused from None

    def _ask(
        self,
        store: Store,
        text: str,
        default: DefaultGraph | list[Node] | None,
        named: list[NamedNode | BlankNode] | None,
    ) -> Results:
        return store.query(text, base_iri=self._base, default_graph=default, named_graphs=named)

    def _overlap(self, graphs: Sequence[Node]) -> bool:
        """Tell whether a triple is in two of these graphs: the engine would count it twice."""
        return any(
            Quad(quad.subject, quad.predicate, quad.object, other) in self._store
            for place, graph in enumerate(graphs)
            for quad in (self._of_graph(graph) if place + 1 < len(graphs) else ())
            for other in graphs[place + 1 :]
        )

    def _merged(self, default: Iterable[Node], named: Iterable[Node]) -> Store:
        """Return a store in memory whose default graph is the merge of some graphs (RDF 1.1 Semantics, section 4.1)."""
        merged = Store()
        for graph in default:
            merged.extend(Quad(*quad.triple) for quad in self._of_graph(graph))
        for graph in named:
            merged.extend(self._of_graph(graph))
        return merged

    def _of_graph(self, graph: Node) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, None, None, graph)

    def _write_graph(self, triples: QueryTriples, format_: Format, job: Job) -> tuple[bytes, int]:
        # In the order in which they come: blank nodes are numbered by it.
        found = dict.fromkeys(itertools.islice(triples, job.most_rows + 1))
        check_rows(len(found), job.most_rows)
        body = write_graph(found, format_, self._context)
        Room(job.most_bytes).write(body)
        return check_xml(body) if format_ is RDF_XML else body, len(found)


def digest(body: bytes) -> str:
    """Return what an entity tag is made of: half of the SHA-256 of the bytes."""
    return hashlib.sha256(body).hexdigest()[:32]


def _malformed(error: Exception) -> MalformedQuery:
    return MalformedQuery(
        f"the query cannot be read: {error}",
        hint="correct the query at the line and column named; this endpoint takes queries, not updates",
        reference=SPARQL,
    )
