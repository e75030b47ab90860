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

from pyoxigraph import RdfFormat, parse

from nichiiki_ld.compaction import Compactor, named

MAXIMUM_OPEN_RUNS = 200
"""More runs than this are merged in two steps: a process may not open very many files."""


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


def write_run(folder: Path, name: str, graph: str, statements: bytes, compactor: Compactor) -> Run:
    """Write the statements of one graph as a run, each once.

    Args:
        statements: N-Triples as the engine writes them, in any order. A line may come twice.

    Raises:
        NotExpressible: A statement is one of RDF 1.2 (`compaction.named`).
    """
    lines = set(statements.splitlines(keepends=True))
    end = _end_of(graph)
    canonical, reading = folder / f"{name}.canonical", folder / f"{name}.reading"
    canonical.write_bytes(b"".join(sorted(line[:-3] + end for line in lines)))
    reading.write_bytes(b"".join(sorted(_reading(lines, compactor))))
    return Run(graph, canonical, reading, len(lines))


def _end_of(graph: str) -> bytes:
    """Return what ends a line of N-Quads after its object; of N-Triples, for the default graph."""
    node = graph if graph.startswith("_:") or not graph else f"<{graph}>"
    return f" {node} .\n".encode() if node else b" .\n"


def _reading(lines: Iterable[bytes], compactor: Compactor) -> Iterator[bytes]:
    """Yield for each line of N-Triples the one that sorts by `Compactor.reading_key`.

    The lines are taken apart as text: making each term again would take several times as long.
    """
    ranked: dict[bytes, bytes] = {}
    ours = f"<{compactor.base}".encode()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        object_ = rest[:-3]
        if object_.startswith(b'"'):
            _, _, kind = object_.rpartition(b'"')
            foreign = kind.startswith(b"@") and kind != b"@ja"
        else:
            kind = b""
            foreign = not object_.startswith(ours)
        if b"--" in kind or object_.startswith(b"<<"):
            # A text with a direction or a triple term, perhaps; raises if it is.
            named(next(iter(parse(line, format=RdfFormat.N_TRIPLES))).triple)
        if predicate not in ranked:
            iri = predicate[1:-1]
            ranked[predicate] = b"%04d" % (compactor.rank(iri.decode())[0] + 1) + iri
        node = b"1" + subject if subject.startswith(b"_") else b"0" + subject[1:-1]
        yield b"%b\0%b\0%d%b\n" % (node, ranked[predicate], foreign, object_)


def quad_lines(runs: Iterable[Run]) -> Iterator[bytes]:
    """Yield lines of N-Quads, run after run: in no order of them all, and what two runs have comes twice."""
    for run in runs:
        with run.canonical.open("rb") as lines:
            yield from lines


def triple_lines(runs: Iterable[Run]) -> Iterator[bytes]:
    """Yield the lines of `quad_lines` as N-Triples."""
    for run in runs:
        end = -len(_end_of(run.graph))
        for line in quad_lines([run]):
            yield line[:end] + b" .\n"


def canonical_lines(runs: Sequence[Run]) -> Iterator[bytes]:
    """Yield the lines of canonical N-Quads: sorted by code point, each once."""
    return _merge([run.canonical for run in runs])


def reading_lines(runs: Sequence[Run], graph: str | None = None) -> Iterator[bytes]:
    """Yield N-Triples lines in reading order, each once; N-Quads lines when a graph is named."""
    end = _end_of(graph or "")
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
