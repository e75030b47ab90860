from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from conftest import ROOT
from nichiiki_ld import spool
from nichiiki_ld.compaction import Compactor
from nichiiki_ld.errors import NotExpressible
from nichiiki_ld.spool import (
    Run,
    canonical_lines,
    quad_lines,
    reading_lines,
    triple_lines,
    triples_of,
    write_run,
)
from nichiiki_ld.statements import n_triples
from nichiiki_ld.writing import reading_order

BASE = "https://w3id.org/nichiiki/"
CONTEXT = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
COMPACTOR = Compactor(CONTEXT)


def some_triples(count: int, seed: int) -> set[Triple]:
    rng = random.Random(seed)
    subjects = [
        NamedNode(f"{BASE}{name}") for name in ("row/1", "row/1#x", "row/1/theme/y", "row/10", "row/2")
    ]
    predicates = [NamedNode(f"{BASE}ontology#{name}") for name in ("area", "text", "start", "unknown")]
    objects = [
        NamedNode("http://example.org/x"),
        subjects[0],
        Literal("甲", language="ja"),
        Literal('a\nb\\ "c" <http://x> .'),
        Literal("A", language="en"),
        Literal("7", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        Literal("--", datatype=NamedNode("http://example.org/a--b")),
        Literal('x"@en', language="ja-latn"),
        BlankNode("f1b3"),
    ]  # fmt: skip
    return {Triple(rng.choice(subjects), rng.choice(predicates), rng.choice(objects)) for _ in range(count)}


def runs_of(folder: Path, batches: list[tuple[str, set[Triple]]]) -> list[Run]:
    return [
        write_run(folder, f"{number:03}", BASE + graph, n_triples(triples), COMPACTOR)
        for number, (graph, triples) in enumerate(batches)
    ]


@pytest.fixture(params=[200, 2], ids=["one step", "many steps"])
def batches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, set[Triple]]]:
    monkeypatch.setattr(spool, "MAXIMUM_OPEN_RUNS", request.param)
    return [(graph, some_triples(30, seed)) for seed, graph in enumerate(["b", "a", "b", "c", "a"])]


def test_canonical_lines_are_all_quads_sorted_once(
    tmp_path: Path, batches: list[tuple[str, set[Triple]]]
) -> None:
    expected = {Quad(*t, NamedNode(BASE + graph)) for graph, triples in batches for t in triples}
    lines = list(canonical_lines(runs_of(tmp_path, batches)))
    assert lines == sorted(serialize([quad], format=RdfFormat.N_QUADS) for quad in expected)


def test_runs_can_be_read_one_after_the_other(tmp_path: Path, batches: list[tuple[str, set[Triple]]]) -> None:
    runs = runs_of(tmp_path, [*batches, ("b", batches[0][1])])
    assert set(quad_lines(runs)) == set(canonical_lines(runs))
    assert set(triple_lines(runs)) == set(triples_of(canonical_lines(runs)))
    assert len(list(triple_lines(runs))) == len(list(quad_lines(runs))) == sum(run.count for run in runs)


def test_triples_are_sorted_and_each_stands_once(
    tmp_path: Path, batches: list[tuple[str, set[Triple]]]
) -> None:
    expected = set().union(*(triples for _, triples in batches))
    lines = list(triples_of(canonical_lines(runs_of(tmp_path, batches))))
    assert lines == sorted(serialize([triple], format=RdfFormat.N_TRIPLES) for triple in expected)


def test_reading_lines_are_in_the_order_of_the_compactor(
    tmp_path: Path, batches: list[tuple[str, set[Triple]]]
) -> None:
    expected = set().union(*(triples for _, triples in batches))
    lines = b"".join(reading_lines(runs_of(tmp_path, batches)))
    found = [quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]
    assert found == reading_order(expected, COMPACTOR)


def test_a_named_graph_is_said(tmp_path: Path) -> None:
    runs = runs_of(tmp_path, [("a", some_triples(5, 1))])
    lines = b"".join(reading_lines(runs, f"{BASE}a"))
    assert {quad.graph_name for quad in parse(lines, format=RdfFormat.N_QUADS)} == {NamedNode(f"{BASE}a")}


@pytest.mark.parametrize(
    ("name", "graph"), [("", DefaultGraph()), ("_:f1b7", BlankNode("f1b7"))], ids=["default", "blank"]
)
def test_a_graph_that_has_no_iri(tmp_path: Path, name: str, graph: BlankNode | DefaultGraph) -> None:
    blank = BlankNode("f1b0")
    triples = {
        *(Triple(blank, t.predicate, t.object) for t in some_triples(9, 5)),
        *(Triple(t.subject, t.predicate, blank) for t in some_triples(9, 6)),
        *some_triples(9, 7),
    }
    named = f"{BASE}a"
    runs = [
        write_run(tmp_path, "x", name, n_triples(triples), COMPACTOR),
        write_run(tmp_path, "y", named, n_triples(triples), COMPACTOR),
    ]
    expected = {Quad(*t, each) for t in triples for each in (graph, NamedNode(named))}
    canonical = list(canonical_lines(runs))
    assert set(parse(b"".join(canonical), format=RdfFormat.N_QUADS)) == expected
    assert list(triples_of(canonical)) == sorted(
        serialize([triple], format=RdfFormat.N_TRIPLES) for triple in triples
    )
    reading = list(parse(b"".join(reading_lines(runs[:1], name)), format=RdfFormat.N_QUADS))
    assert [quad.triple for quad in reading] == reading_order(triples, COMPACTOR)
    assert {quad.graph_name for quad in reading} == {graph}
    assert reading[-1].subject == blank


def test_counts_each_triple_once(tmp_path: Path) -> None:
    triples = some_triples(20, 3)
    twice = n_triples([*triples, *triples])
    assert write_run(tmp_path, "x", f"{BASE}a", twice, COMPACTOR).count == len(triples)


@pytest.mark.parametrize(
    "object_",
    [
        Triple(NamedNode(BASE), NamedNode(BASE), NamedNode(BASE)),
        Literal("x", language="ja", direction=BaseDirection.LTR),
    ],
    ids=["triple term", "direction"],
)
def test_a_statement_of_rdf_1_2_is_refused(tmp_path: Path, object_: Triple | Literal) -> None:
    triple = Triple(NamedNode(BASE), NamedNode(BASE), object_)
    statements = n_triples([triple, *some_triples(5, 1)])
    with pytest.raises(NotExpressible, match="no format here carries"):
        write_run(tmp_path, "x", f"{BASE}a", statements, COMPACTOR)
