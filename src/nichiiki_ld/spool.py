"""Sorted runs on disk: how a graph that is larger than memory comes out in order.

Each batch of statements is written as two sorted runs, one in the order of canonical
N-Quads, one in the order in which a person reads. Merging the runs gives the dumps.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from nichiiki_ld.compaction import Compactor

MAXIMUM_OPEN_RUNS = 200
"""More runs than this are merged in two steps: a process may not open very many files."""

_SEPARATOR = "\0"


@dataclass(frozen=True, slots=True)
class Run:
    """One batch of statements of one graph, sorted in both ways.

    Attributes:
        graph: Name of the graph (`compaction.name_of`); empty for the default graph.
        canonical: Lines of N-Quads, in the order of their code points.
        reading: Lines `rank+subject NUL rank+predicate NUL rank+object`, in reading order;
            the subject is a name (`compaction.name_of`).
        count: How many statements.
    """

    graph: str
    canonical: Path
    reading: Path
    count: int


def write_run(folder: Path, name: str, graph: str, triples: Iterable[Triple], compactor: Compactor) -> Run:
    """Write the statements of one graph as a run, each once."""
    unique = set(triples)
    node = _graph_of(graph)
    quads = (Quad(t.subject, t.predicate, t.object, node) for t in unique)
    lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    canonical, reading = folder / f"{name}.canonical", folder / f"{name}.reading"
    canonical.write_bytes(b"".join(sorted(lines)))
    reading.write_bytes(b"".join(sorted(_reading_line(triple, compactor) for triple in unique)))
    return Run(graph, canonical, reading, len(unique))


def _graph_of(name: str) -> NamedNode | BlankNode | DefaultGraph:
    if not name:
        return DefaultGraph()
    return BlankNode(name.removeprefix("_:")) if name.startswith("_:") else NamedNode(name)


def _reading_line(triple: Triple, compactor: Compactor) -> bytes:
    (blank, subject), (rank, _), (other, object_) = compactor.reading_key(triple)
    parts = (f"{blank:d}{subject}", f"{rank + 1:04}{triple.predicate.value}", f"{other:d}{object_}")
    return f"{_SEPARATOR.join(parts)}\n".encode()


def canonical_lines(runs: Sequence[Run]) -> Iterator[bytes]:
    """Yield the lines of canonical N-Quads: sorted by code point, each once."""
    return _merge([run.canonical for run in runs])


def reading_lines(runs: Sequence[Run], graph: str | None = None) -> Iterator[bytes]:
    """Yield N-Triples lines in reading order, each once; N-Quads lines when a graph is named."""
    end = f" {_graph_of(graph)} .\n".encode() if graph else b" .\n"
    for line in _merge([run.reading for run in runs]):
        subject, predicate, object_ = line.rstrip(b"\n").split(b"\0", 2)
        node = subject[1:] if subject.startswith(b"1") else b"<" + subject[1:] + b">"
        yield node + b" <" + predicate[4:] + b"> " + object_[1:] + end


def triples_of(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the N-Triples of sorted N-Quads, each once, still sorted."""
    last = b""
    for line in lines:
        _, _, rest = line.split(b" ", 2)
        # No space is in an IRI or a label; none but those within quotation marks is in a literal.
        end = rest.index(b" ", rest.rindex(b'"') if rest.startswith(b'"') else 0) - len(rest)
        triple = line[:end] + b" .\n"
        if triple != last:
            yield triple
            last = triple


def _merge(paths: list[Path]) -> Iterator[bytes]:
    while len(paths) > MAXIMUM_OPEN_RUNS:
        merged = []
        for start in range(0, len(paths), MAXIMUM_OPEN_RUNS):
            group = paths[start : start + MAXIMUM_OPEN_RUNS]
            target = group[0].with_name(f"{group[0].name}-to-{group[-1].name}")
            with target.open("wb") as output:
                output.writelines(_merge(group))
            merged.append(target)
        paths = merged
    with ExitStack() as stack:
        last = b""
        for line in heapq.merge(*(stack.enter_context(path.open("rb")) for path in paths)):
            if line != last:
                yield line
                last = line
