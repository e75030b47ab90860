from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from conftest import ROOT
from nichiiki_ld.compaction import Compactor
from nichiiki_ld.errors import NotExpressible
from nichiiki_ld.formats import DUMPS, JSON_LD, RDF_XML, TRIG, TURTLE, Format
from nichiiki_ld.namespaces import RDF, RDF_TYPE, RDFS_LABEL
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


@pytest.mark.parametrize("graph", [BlankNode("g"), NamedNode(f"{BASE}register")], ids=["blank", "below"])
def test_a_graph_of_any_name_beside_the_default_graph(graph: BlankNode | NamedNode) -> None:
    out = io.BytesIO()
    compactor = Compactor(CONTEXT)
    triple = Triple(BlankNode("f1b0"), NamedNode(RDFS_LABEL), Literal("x"))
    quads = [Quad(*triple), Quad(*triple, graph)]
    write_statements(quads, out, TRIG, compactor, CONTEXT)
    assert isomorphic(parse(out.getvalue(), format=engine_format(TRIG)), quads)


def test_blank_nodes_are_called_as_they_come() -> None:
    label = NamedNode(RDFS_LABEL)
    triples = [Triple(BlankNode(name), label, Literal(name)) for name in ("0z", "a:b", "x.y")]
    lines = write_graph([TURTLE_FIRST, *triples], TURTLE, CONTEXT).decode().splitlines()[-7:]
    assert lines == [
        "<project/1> rdfs:label _:b0 .",
        "",
        '_:b1 rdfs:label "0z" .',
        "",
        '_:b2 rdfs:label "a:b" .',
        "",
        '_:b3 rdfs:label "x.y" .',
    ]


TURTLE_FIRST = Triple(PROJECT, NamedNode(RDFS_LABEL), BlankNode("f00"))


@pytest.mark.parametrize("format_", DUMPS, ids=lambda f: f.name)
@pytest.mark.parametrize(
    "object_",
    [
        pytest.param(Literal("x", language="en", direction=BaseDirection.LTR), id="a text with a direction"),
        pytest.param(Triple(PROJECT, NamedNode(RDFS_LABEL), Literal("x")), id="a triple term"),
    ],
)
def test_what_only_rdf_1_2_has_is_refused(format_: Format, object_: Literal | Triple) -> None:
    with pytest.raises(NotExpressible, match="no format here carries"):
        write_graph([Triple(PROJECT, NamedNode(RDFS_LABEL), object_)], format_, CONTEXT)


@pytest.mark.parametrize(
    ("predicate", "object_", "message"),
    [
        pytest.param("http://example.org/1", PROJECT, "has no name for", id="a digit is no name"),
        pytest.param("http://example.org/", PROJECT, "has no name for", id="nothing is no name"),
        pytest.param("http://example.org/a%20", PROJECT, "has no name for", id="an escape is no name"),
        pytest.param("http://www.w3.org/2000/xmlns/a", PROJECT, "has no name for", id="no prefix for it"),
        pytest.param(RDF_TYPE, NamedNode("http://example.org/1"), "has no name for", id="a class"),
        pytest.param(f"{RDF}li", PROJECT, "keeps the name", id="a reserved name"),
        pytest.param(RDFS_LABEL, Literal("\x01"), "U\\+0001", id="a control character"),
        pytest.param(RDFS_LABEL, Literal("\uffff"), "U\\+FFFF", id="no character"),
    ],
)
def test_what_rdf_xml_cannot_say_is_refused(
    predicate: str, object_: NamedNode | Literal, message: str
) -> None:
    triple = Triple(PROJECT, NamedNode(predicate), object_)
    with pytest.raises(NotExpressible, match=message):
        write_graph([triple], RDF_XML, CONTEXT)
    for format_ in (TURTLE, JSON_LD):
        assert {
            q.triple for q in parse(write_graph([triple], format_, CONTEXT), format=engine_format(format_))
        } == {triple}


def test_rdf_xml_without_any_prefix() -> None:
    written = write_graph(TRICKY, RDF_XML, {"@base": BASE, "id": "@id", "type": "@type"})
    assert {quad.triple for quad in parse(written, format=RdfFormat.RDF_XML)} == TRICKY


def isomorphic(ones: Iterable[Quad], others: Iterable[Quad]) -> bool:
    """Tell whether two datasets are the same but for the labels of blank nodes."""
    datasets = Dataset(ones), Dataset(others)
    for each in datasets:
        each.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(datasets[0]) == set(datasets[1])


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t\r"\\'), max_size=15)
LOCAL_NAMES = st.sampled_from(
    [
        *(
            "project/1",
            "project/1#a",
            "ontology#area",
            "ontology#9",
            "ontology#a.",
            "ontology#a/b",
            "",
            "日本",
        ),
        *(
            "a:b",
            "x/a:b",
            "/x",
            "//x/y",
            "./x",
            "../x",
            "x/../y",
            "x/.",
            "..",
            "?q=a",
            "x?q=/../a",
            "#f",
            "@type",
        ),
        *("id", "type", "Project", "schema", "_", "%20", "a&b'c", "x//y", "x/", "Project#a"),
    ]
)
IRIS = LOCAL_NAMES.map(lambda local: NamedNode(BASE + local)) | st.sampled_from(
    [
        *(
            "https://schema.org/name",
            "https://schema.org/",
            "https://schema.org///x",
            "https://schema.org/a:b",
        ),
        *("http://example.org/日本?x", "urn:x:y", "mailto:a@example.org", "http://example.org/1", RDF_TYPE),
    ]
).map(NamedNode)
BLANK_NODES = st.sampled_from(["b0", "b1", "0", "a.b", "a-b", "é"]).map(BlankNode)
LITERALS = (
    TEXTS.map(Literal)
    | TEXTS.map(lambda text: Literal(text, language="ja-hrkt"))
    | st.tuples(
        TEXTS | st.sampled_from(["7", "+07", "true", "1.0"]), st.sampled_from(["integer", "boolean", "date"])
    ).map(lambda x: Literal(x[0], datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{x[1]}")))
    | st.builds(lambda text, datatype: Literal(text, datatype=datatype), TEXTS, IRIS)
)
GRAPHS = st.sets(st.builds(Triple, IRIS | BLANK_NODES, IRIS, IRIS | BLANK_NODES | LITERALS), max_size=10)
MINIMAL = {"@base": BASE, "id": "@id", "type": "@type"}


@pytest.mark.parametrize("context", [CONTEXT, MINIMAL], ids=["ours", "minimal"])
@given(GRAPHS)
def test_whatever_is_written_the_engine_reads_back(context: dict[str, Any], triples: set[Triple]) -> None:
    expected = [Quad(*triple) for triple in triples]
    for format_ in DUMPS:
        try:
            written = write_graph(triples, format_, context)
        except NotExpressible:
            assert format_ is RDF_XML
            continue
        assert isomorphic(parse(written, format=engine_format(format_)), expected), format_.name


@given(GRAPHS)
def test_a_strict_reader_takes_what_is_written_as_xml(triples: set[Triple]) -> None:
    try:
        written = write_graph(triples, RDF_XML, CONTEXT)
    except NotExpressible:
        return
    ElementTree.fromstring(written)
