from __future__ import annotations

import json
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple

from conftest import ROOT
from nichiiki_ld.errors import GraphError
from nichiiki_ld.graph import derive, parse_json, parse_turtle, read_records
from nichiiki_ld.model import LEAD, Programme, Source
from nichiiki_ld.namespaces import DCTERMS, GEO, OA, RDF_TYPE, RDFS, SCHEMA
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.records import document_records, row_records
from nichiiki_ld.reference import canonical_decimal, register_records
from nichiiki_ld.repository import Repository
from nichiiki_ld.settlement import settle
from nichiiki_ld.statements import n_triples, statements_of, triples_in
from nichiiki_ld.translations import translations_by_row

BASE = "https://w3id.org/nichiiki/"
NICHIIKI = f"{BASE}ontology#"
CONTEXT: dict[str, Any] = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))[
    "@context"
]
AXIOMS = parse_turtle((ROOT / "ontology/nichiiki.ttl").read_text(encoding="utf-8"), where="", base=BASE)
RULES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "ontology/rules").glob("*.rq")}


def everything(records: list[dict[str, Any]]) -> set[Triple]:
    store = read_records(records, CONTEXT, where="test")
    derive(store, RULES, n_triples(AXIOMS), f"{BASE}ontology")
    return triples_in(statements_of(store))


def objects(triples: set[Triple], subject: str, predicate: str) -> set[str]:
    return {
        t.object.value
        for t in triples
        if t.subject.value == BASE + subject and t.predicate.value == predicate
    }


@pytest.fixture(scope="module")
def programme(repository: Repository) -> Programme:
    return repository.programmes()["leading-projects"]


@pytest.fixture(scope="module")
def graph(source: Source, gazetteer: Gazetteer, programme: Programme) -> set[Triple]:
    settlement = settle(source.cells, source.decisions, where="")
    themes = {choice.theme: {"ja": "テーマ", "en": "A theme"} for choice in source.themes}
    translations = translations_by_row(source, settlement)
    records = list(document_records(source, settlement, programme, translations[LEAD]))
    for row in settlement.rows:
        choices = [choice for choice in source.themes if choice.row == row]
        records += row_records(
            source, settlement, row, programme, gazetteer, themes, choices, translations[row]
        )
    return everything(records)


def test_row_10_is_in_seven_areas_and_none_is_the_neighbour(graph: set[Triple]) -> None:
    assert objects(graph, "project/2024-2-10", f"{NICHIIKI}area") == {
        f"{BASE}{name}"
        for name in (
            "prefecture/300004",
            "municipality/302066",
            "municipality/304018",
            "municipality/304069",
            "municipality/016331",
            "municipality/372081",
            "municipality/422100",
        )
    }
    assert not [t for t in graph if t.object == NamedNode(f"{BASE}municipality/016322")]


def test_the_correction_says_what_why_and_on_what_evidence(graph: set[Triple]) -> None:
    name = "document/2025-07-01-mlit/row/10/correction/name-5"
    assert objects(graph, name, f"{NICHIIKI}printed") == {"北海道士幌町"}
    assert objects(graph, name, f"{NICHIIKI}right") == {"北海道上士幌町"}
    assert f"{BASE}municipality/016331" in objects(graph, name, f"{NICHIIKI}evidence")
    assert objects(graph, name, f"{OA}motivatedBy") == {f"{OA}editing"}
    (target,) = objects(graph, name, f"{OA}hasTarget")
    assert objects(graph, target.removeprefix(BASE), f"{NICHIIKI}text") == {"北海道士幌町"}


def test_the_call_follows_the_decision_and_both_statements_are_kept(graph: set[Triple]) -> None:
    assert objects(graph, "call/2024-2", f"{NICHIIKI}fiscalYear") == {"2024"}
    assert objects(graph, "call/2024-2", f"{NICHIIKI}applicationCount") == {"15"}
    assert objects(graph, "call/2024-2", f"{NICHIIKI}decisionCount") == {"14"}
    name = "document/2025-07-01-mlit/contradiction/fiscal-year"
    assert objects(graph, name, f"{NICHIIKI}printed") == {"令和7年度", "令和6年度"}
    assert objects(graph, name, f"{NICHIIKI}right") == {"令和6年度"}
    assert len(objects(graph, name, f"{NICHIIKI}quotation")) == 2
    statement = objects(graph, "call/2024-2#statement-fiscalYear", f"{NICHIIKI}quotation")
    assert statement == {f"{BASE}document/2025-07-01-mlit#fiscal-year-2"}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Project", 14),
        ("Consortium", 14),
        ("Call", 1),
        ("GrantDecision", 1),
        ("ThemeAssignment", 42),
        ("Translation", 29),
        ("Correction", 8),
        ("Contradiction", 1),
        ("SourceRow", 14),
    ],
)
def test_how_many(graph: set[Triple], name: str, count: int) -> None:
    kind = NamedNode(NICHIIKI + name)
    assert sum(1 for t in graph if t.predicate.value == RDF_TYPE and t.object == kind) == count


def test_every_quotation_cuts_its_words_from_the_original(graph: set[Triple], source: Source) -> None:
    quotations = [
        t.subject.value.removeprefix(BASE) for t in graph if t.object == NamedNode(f"{NICHIIKI}Quotation")
    ]
    assert len(quotations) > 100
    for name in quotations:
        (text,) = objects(graph, name, f"{NICHIIKI}text")
        (start,) = objects(graph, name, f"{NICHIIKI}start")
        (end,) = objects(graph, name, f"{NICHIIKI}end")
        assert source.text[int(start) : int(end)] == text
        position, quote = sorted(objects(graph, name, f"{OA}hasSelector"))
        assert objects(graph, position.removeprefix(BASE), f"{OA}start") == {start}
        assert objects(graph, quote.removeprefix(BASE), f"{OA}exact") == {text}


def test_well_known_words_are_written_out(graph: set[Triple]) -> None:
    project = "project/2024-2-01"
    assert f"{SCHEMA}Project" in objects(graph, project, RDF_TYPE)
    area = objects(graph, project, f"{NICHIIKI}area")
    assert (
        objects(graph, project, f"{DCTERMS}spatial") == objects(graph, project, f"{SCHEMA}areaServed") == area
    )
    assert objects(graph, project, f"{SCHEMA}name") == objects(graph, project, f"{RDFS}label")


def test_a_point_is_written_longitude_first(gazetteer: Gazetteer) -> None:
    triples = everything(list(register_records([gazetteer["010006"], gazetteer["012084"]])))
    assert objects(triples, "municipality/012084#point", f"{GEO}asWKT") == {"POINT(143.8957877 43.80392712)"}
    assert objects(triples, "municipality/012084", f"{DCTERMS}isPartOf") == {f"{BASE}prefecture/010006"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("39.718600", "39.7186"), ("36.0", "36"), ("140", "140"), ("-0.50", "-0.5"), ("", "")],
)
def test_decimals_are_canonical(text: str, expected: str) -> None:
    assert canonical_decimal(text) == expected


def test_a_ward_lies_in_its_city(gazetteer: Gazetteer) -> None:
    records = {record["id"]: record for record in register_records(list(gazetteer))}
    assert records["municipality/011011"]["isPartOf"] == "municipality/011002"
    assert records["municipality/131016"]["isPartOf"] == "prefecture/130001"
    wards = [record for record in records.values() if record["type"] == "Ward"]
    assert len(wards) == 171
    assert all(records[ward["isPartOf"]]["kind"] == "designated-city" for ward in wards)


def test_names_of_contact_persons_are_not_published(graph: set[Triple]) -> None:
    said = [t.object.value for t in graph if isinstance(t.object, Literal)]
    assert not [text for text in said for name in ("酒井", "吉田", "山口") if name in text]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        pytest.param(
            {"id": "project/1", "nonsense": "x"}, "does not know nonsense", id="a key without a meaning"
        ),
        pytest.param({"label": {"ja": "x"}}, "has no id", id="a record without a name"),
    ],
)
def test_nothing_of_a_record_vanishes(record: dict[str, Any], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        read_records([record], CONTEXT, where="test")


def test_a_text_may_hold_what_a_blank_node_begins_with() -> None:
    record = {"id": "project/1", "label": {"ja": "x _:y"}}
    assert objects(everything([record]), "project/1", f"{RDFS}label") == {"x _:y"}


STEP = Triple(NamedNode(f"{BASE}a"), NamedNode(f"{BASE}next"), NamedNode(f"{BASE}b"))
MORE = Triple(NamedNode(f"{BASE}b"), NamedNode(f"{BASE}next"), NamedNode(f"{BASE}c"))
LAST = Triple(NamedNode(f"{BASE}c"), NamedNode(f"{BASE}next"), NamedNode(f"{BASE}d"))


def a_store(*triples: Triple) -> Store:
    store = Store()
    store.load(n_triples(triples), RdfFormat.N_TRIPLES)
    return store


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        pytest.param("CONSTRUCT {", "no usable CONSTRUCT", id="no SPARQL"),
        pytest.param("ASK {}", "no CONSTRUCT query", id="another kind of query"),
        pytest.param(
            "CONSTRUCT { ?a <urn:x> [] } WHERE { ?a ?b ?c }",
            "makes a blank node",
            id="would find something new for ever",
        ),
    ],
)
def test_a_rule_that_is_none(rule: str, message: str) -> None:
    store = a_store(STEP)
    with pytest.raises(GraphError, match=message) as caught:
        derive(store, {"rules/x.rq": rule}, b"", BASE)
    assert caught.value.where == "rules/x.rq"


def test_rules_run_until_nothing_is_new() -> None:
    rule = f"CONSTRUCT {{ ?a <{BASE}next> ?c }} WHERE {{ ?a <{BASE}next> ?b . ?b <{BASE}next> ?c }}"
    store = a_store(STEP, MORE, LAST)
    derive(store, {"x": rule}, b"", f"{BASE}ontology")
    assert triples_in(statements_of(store)) == {
        *(STEP, MORE, LAST),
        *(Triple(STEP.subject, STEP.predicate, end) for end in (MORE.object, LAST.object)),
        Triple(MORE.subject, STEP.predicate, LAST.object),
    }


def test_the_axioms_are_seen_and_not_stated() -> None:
    rule = (
        f"CONSTRUCT {{ ?a <{BASE}is> ?kind }} WHERE {{ GRAPH <{BASE}ontology> {{ ?kind ?x ?y }} ?a ?b ?c }}"
    )
    store = a_store(STEP)
    derive(store, {"x": rule}, n_triples([LAST]), f"{BASE}ontology")
    found = triples_in(statements_of(store))
    assert found == {STEP, Triple(STEP.subject, NamedNode(f"{BASE}is"), NamedNode(f"{BASE}c"))}


def test_broken_turtle_says_where() -> None:
    with pytest.raises(GraphError, match="is no Turtle") as caught:
        parse_turtle("<a> <b> <c> .\n<a> <b\n", where="themes.ttl", base=BASE)
    assert caught.value.where == "themes.ttl:2"


def test_turtle_with_a_blank_node() -> None:
    with pytest.raises(GraphError, match="blank node"):
        parse_turtle("<a> <b> [] .", where="x.ttl", base=BASE)


@pytest.mark.parametrize(("text", "message"), [("{\n", "is no JSON"), ("[]", "no JSON object")])
def test_broken_json_says_where(text: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        parse_json(text, where="context.jsonld")
