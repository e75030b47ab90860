"""Our JSON-LD against a JSON-LD processor's reading of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from conftest import ROOT
from nichiiki_ld.compaction import Compactor
from nichiiki_ld.errors import NotExpressible
from nichiiki_ld.formats import JSON_LD
from nichiiki_ld.namespaces import OA, RDF_TYPE, RDFS_LABEL, XSD
from nichiiki_ld.statements import n_triples
from nichiiki_ld.writing import write_graph
from test_writing import BLANK_NODES, MINIMAL, isomorphic
from test_writing import IRIS as ANY_IRIS

BASE = "https://w3id.org/nichiiki/"
NICHIIKI = f"{BASE}ontology#"
CONTEXT: dict[str, Any] = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))[
    "@context"
]
SUBJECT = NamedNode(f"{BASE}project/2024-2-10")


def node(
    *properties: tuple[str, NamedNode | BlankNode | Literal], subject: NamedNode | BlankNode = SUBJECT
) -> dict[str, Any]:
    compactor = Compactor(CONTEXT)
    triples = [Triple(subject, NamedNode(predicate), object_) for predicate, object_ in properties]
    lines = [n_triples([triple]) for triple in sorted(triples, key=compactor.reading_key)]
    (found,) = compactor.nodes(lines)
    return found


def read_by_processor(document: bytes) -> list[Quad]:
    quads = jsonld.to_rdf(json.loads(document), {"format": "application/n-quads"})
    return list(parse(quads, format=RdfFormat.N_QUADS))


@pytest.mark.parametrize(
    ("predicate", "value", "expected"),
    [
        pytest.param(RDF_TYPE, NamedNode(f"{NICHIIKI}Project"), {"type": "Project"}, id="a class of ours"),
        pytest.param(RDF_TYPE, NamedNode("https://schema.org/Project"), {"type": "schema:Project"}, id="a class"),
        pytest.param(
            f"{NICHIIKI}area",
            NamedNode(f"{BASE}municipality/012084"),
            {"area": ["municipality/012084"]},
            id="always a list",
        ),
        pytest.param(f"{NICHIIKI}call", NamedNode(f"{BASE}call/2024-2"), {"call": "call/2024-2"}, id="an IRI"),
        pytest.param(
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate",
            NamedNode(f"{NICHIIKI}area"),
            {"predicate": "area"},
            id="a term as a value",
        ),
        pytest.param(RDFS_LABEL, Literal("取組", language="ja"), {"label": {"ja": "取組"}}, id="by language"),
        pytest.param(
            f"{NICHIIKI}round", Literal("2", datatype=NamedNode(f"{XSD}integer")), {"round": 2}, id="a number"
        ),
        pytest.param(
            f"{NICHIIKI}round",
            Literal("02", datatype=NamedNode(f"{XSD}integer")),
            {"round": "02"},
            id="a number that JSON would write otherwise",
        ),
        pytest.param(
            f"{NICHIIKI}latitude",
            Literal("43.80", datatype=NamedNode(f"{XSD}decimal")),
            {"latitude": "43.80"},
            id="a decimal keeps its digits",
        ),
        pytest.param(
            f"{NICHIIKI}round",
            Literal("2"),
            {"nichiiki:round": "2"},
            id="another datatype than the term's",
        ),
        pytest.param(
            "http://example.org/p", NamedNode("http://example.org/o"), {"http://example.org/p": {"id": "http://example.org/o"}}, id="no term"
        ),
        pytest.param(RDF_TYPE, BlankNode("b0"), {"type": "_:b0"}, id="a class without a name"),
        pytest.param(RDF_TYPE, Literal("x"), {"rdf:type": "x"}, id="a class that is none"),
        pytest.param(RDF_TYPE, NamedNode(f"{BASE}Project"), {"type": f"{BASE}Project"}, id="named like a term"),
        pytest.param("http://example.org/p", Literal('a"@en\n\\'), {"http://example.org/p": 'a"@en\n\\'}, id="what N-Triples escapes"),
        pytest.param(f"{NICHIIKI}call", BlankNode("b0"), {"call": "_:b0"}, id="a blank node"),
        pytest.param("http://example.org/p", BlankNode("b0"), {"http://example.org/p": {"id": "_:b0"}}, id="a blank node, no term"),
        pytest.param(f"{BASE}p", NamedNode(f"{BASE}a:b"), {f"{BASE}p": {"id": f"{BASE}a:b"}}, id="not relative"),
        pytest.param("http://example.org/p", NamedNode("https://schema.org///x"), {"http://example.org/p": {"id": "https://schema.org///x"}}, id="not compact"),
        pytest.param(f"{OA}start", Literal("5", datatype=NamedNode(f"{XSD}integer")), {"oa:start": {"@value": "5", "@type": "xsd:integer"}}, id="no term, typed"),
    ],
)  # fmt: skip
def test_a_value(predicate: str, value: NamedNode | Literal, expected: dict[str, Any]) -> None:
    assert node((predicate, value)) == {"id": "project/2024-2-10"} | expected


def test_a_blank_node_as_subject() -> None:
    found = node((RDFS_LABEL, Literal("x")), subject=BlankNode("b0"))
    assert found == {"id": "_:b0", "rdfs:label": "x"}


def test_a_scheme_that_is_a_prefix_is_refused() -> None:
    with pytest.raises(NotExpressible, match="take the scheme of <geo:35,139> for the prefix"):
        node(("http://example.org/p", NamedNode("geo:35,139")))


def test_two_labels_of_one_language() -> None:
    found = node((RDFS_LABEL, Literal("b", language="ja")), (RDFS_LABEL, Literal("a", language="ja")))
    assert found["label"] == {"ja": ["a", "b"]}


IRIS = st.sampled_from(
    [
        f"{BASE}project/1",
        f"{BASE}project/1#x",
        f"{NICHIIKI}area",
        "http://example.org/x",
        "https://schema.org/name",
        BASE,
    ]
).map(NamedNode)
PREDICATES = st.sampled_from(
    sorted(
        {Compactor(CONTEXT).expand(d["@id"]) for d in CONTEXT.values() if isinstance(d, dict)}
        | {"http://example.org/p"}
    )
).map(NamedNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.tuples(TEXTS, st.sampled_from(["ja", "en", "ja-hrkt"])).map(lambda x: Literal(x[0], language=x[1])),
    st.tuples(
        st.sampled_from(["1", "01", "-3", "2025-07-01", "2.50", "true"]),
        st.sampled_from(["integer", "nonNegativeInteger", "date", "decimal", "gYear", "boolean"]),
    ).map(lambda x: Literal(x[0], datatype=NamedNode(XSD + x[1]))),
)


ALL_IRIS = IRIS | ANY_IRIS


@pytest.mark.parametrize("context", [CONTEXT, MINIMAL], ids=["ours", "minimal"])
@given(
    st.sets(
        st.builds(
            Triple,
            ALL_IRIS | BLANK_NODES,
            PREDICATES | ALL_IRIS,
            ALL_IRIS | BLANK_NODES | LITERALS,
        ),
        max_size=12,
    )
)
def test_whatever_is_written_a_processor_reads_back(context: dict[str, Any], triples: set[Triple]) -> None:
    written = write_graph(triples, JSON_LD, context)
    assert isomorphic(read_by_processor(written), [Quad(*triple) for triple in triples])
