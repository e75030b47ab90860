from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple, parse

from conftest import ROOT
from nichiiki_ld.compaction import Compactor
from nichiiki_ld.formats import DUMPS, RDF_XML, TRIG, TURTLE, Format
from nichiiki_ld.namespaces import RDF_TYPE, RDFS_LABEL
from nichiiki_ld.writing import engine_format, reading_order, write_graph, write_statements

BASE = "https://w3id.org/nichiiki/"
CONTEXT = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
PROJECT = NamedNode(f"{BASE}project/1")
TRICKY = {
    Triple(PROJECT, NamedNode(RDF_TYPE), NamedNode(f"{BASE}ontology#Project")),
    Triple(PROJECT, NamedNode(RDF_TYPE), NamedNode("https://schema.org/Project")),
    Triple(PROJECT, NamedNode(RDFS_LABEL), Literal("A", language="en")),
    Triple(PROJECT, NamedNode(RDFS_LABEL), Literal("甲", language="ja")),
    Triple(PROJECT, NamedNode(RDFS_LABEL), Literal('" .\n<http://example.org/> a\t\\ & ]]> </x>')),
    Triple(NamedNode(f"{BASE}project/1#part"), NamedNode(RDFS_LABEL), Literal("part")),
    Triple(NamedNode(f"{BASE}project/10"), NamedNode(RDFS_LABEL), Literal("next")),
}


@pytest.mark.parametrize("format_", DUMPS, ids=lambda f: f.name)
def test_every_format_holds_the_same_triples(format_: Format) -> None:
    written = write_graph(TRICKY, format_, CONTEXT)
    assert {quad.triple for quad in parse(written, format=engine_format(format_))} == TRICKY


@pytest.mark.parametrize("format_", DUMPS, ids=lambda f: f.name)
def test_order_of_input_does_not_show(format_: Format) -> None:
    ordered = sorted(TRICKY, key=str)
    assert write_graph(ordered, format_, CONTEXT) == write_graph(reversed(ordered), format_, CONTEXT)


def test_turtle_reads_well() -> None:
    text = write_graph(TRICKY, TURTLE, CONTEXT).decode()
    head, _, body = text.partition("\n\n")
    assert head.startswith(f"@base <{BASE}> .\n@prefix nichiiki: <{BASE}ontology#> .\n")
    blocks = body.rstrip("\n").split("\n\n")
    assert [block.split(" ")[0] for block in blocks] == ["<project/1>", "<project/1#part>", "<project/10>"]
    assert blocks[0].splitlines()[0] == "<project/1> a nichiiki:Project , schema:Project ;"
    assert '"甲"@ja , ' in blocks[0]


@pytest.mark.parametrize("format_", [TURTLE, TRIG, RDF_XML], ids=lambda f: f.name)
def test_nothing_to_write_is_still_a_document(format_: Format) -> None:
    written = write_graph([], format_, CONTEXT)
    assert list(parse(written, format=engine_format(format_))) == []
    assert b"nichiiki" in written


def test_named_graphs() -> None:
    out = io.BytesIO()
    graph = NamedNode(f"{BASE}register")
    compactor = Compactor(CONTEXT)
    quads = [Quad(*triple, graph) for triple in reading_order(TRICKY, compactor)]
    write_statements(quads, out, TRIG, compactor, CONTEXT)
    assert set(parse(out.getvalue(), format=engine_format(TRIG))) == set(quads)


def test_only_iris_below_the_base_are_relative() -> None:
    other = NamedNode("https://example.org/x?a=1&b=2#c")
    text = write_graph([Triple(other, NamedNode(RDFS_LABEL), Literal("x"))], TURTLE, CONTEXT).decode()
    assert f"<{other.value}> rdfs:label" in text


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\'), max_size=15)
IRIS = st.sampled_from(
    ["project/1", "project/1#a", "ontology#area", "ontology#9", "ontology#a.", "ontology#a/b", "", "日本"]
).map(lambda local: NamedNode(BASE + local)) | st.sampled_from(
    ["https://schema.org/name", "https://schema.org/", "http://example.org/日本?x", "urn:x:y"]
).map(NamedNode)
LITERALS = (
    TEXTS.map(Literal)
    | TEXTS.map(lambda text: Literal(text, language="ja-hrkt"))
    | st.tuples(
        TEXTS | st.sampled_from(["7", "+07", "true", "1.0"]), st.sampled_from(["integer", "boolean", "date"])
    ).map(lambda x: Literal(x[0], datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{x[1]}")))
)


@given(st.sets(st.builds(Triple, IRIS, IRIS, IRIS | LITERALS), max_size=10))
def test_whatever_is_written_the_engine_reads_back(triples: set[Triple]) -> None:
    for format_ in (TURTLE, TRIG):
        written = write_graph(triples, format_, CONTEXT)
        assert {quad.triple for quad in parse(written, format=engine_format(format_))} == triples
