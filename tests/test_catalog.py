"""What belongs on a page, on a small graph of its own and on the real release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from memory import BASE, OWN, Memory
from nichiiki_ld.catalog import MOST_LINKS, Catalog, Description
from nichiiki_ld.iri import page_of
from nichiiki_ld.namespaces import OA, RDF, RDF_TYPE, RDFS, RDFS_LABEL
from nichiiki_ld.page_index import PageIndex
from nichiiki_ld.store import GraphStore


def link(subject: str, predicate: str, object_: str) -> Triple:
    return Triple(NamedNode(f"{BASE}{subject}"), NamedNode(predicate), NamedNode(f"{BASE}{object_}"))


def label(subject: str, text: str) -> Triple:
    return Triple(NamedNode(f"{BASE}{subject}"), NamedNode(RDFS_LABEL), Literal(text, language="ja"))


def test_a_thing_its_parts_and_names(tmp_path: Path) -> None:
    triples = [
        label("project/1", "取組"),
        link("project/1", f"{OWN}area", "municipality/1"),
        link("project/1#part", f"{OWN}row", "row/1"),
        label("municipality/1", "町"),
        link("municipality/1", f"{OWN}isPartOf", "prefecture/1"),
        label("project/10", "ほかの取組"),
    ]
    described = Memory(triples).catalog(tmp_path).describe(f"{BASE}project/1")
    assert described.triples() == {*triples[:4]}
    assert [part.value for part in described.parts] == [f"{BASE}project/1#part"]


def test_statements_come_with_quotations_and_corrections(tmp_path: Path) -> None:
    triples = [
        link("project/1", f"{OWN}area", "municipality/1"),
        link("project/1#statement", f"{RDF}subject", "project/1"),
        link("project/1#statement", f"{OWN}quotation", "row/1#name"),
        link("row/1#name", f"{OA}hasSelector", "row/1#name-position"),
        link("row/1#name-position", RDF_TYPE, "ontology#Position"),
        link("project/1#statement", f"{OWN}correction", "correction/1"),
        link("correction/1", f"{OA}hasBody", "correction/1#right"),
        Triple(NamedNode(f"{BASE}correction/1#right"), NamedNode(f"{RDF}value"), Literal("正")),
        link("elsewhere", f"{RDF}subject", "project/1"),
        link("elsewhere", f"{OWN}quotation", "row/2#name"),
        Triple(NamedNode(f"{BASE}row/2#name"), NamedNode(f"{OWN}text"), Literal("文言")),
    ]
    assert Memory(triples).catalog(tmp_path).describe(f"{BASE}project/1").triples() == set(triples)


def test_the_body_of_an_annotation_is_left_on_its_own_page(tmp_path: Path) -> None:
    triples = [
        link("assignment", f"{RDF}subject", "project/1"),
        link("assignment", f"{OA}hasBody", "theme/1"),
        link("theme/1", f"{OWN}broader", "theme"),
        label("project/1", "取組"),
        label("theme/1", "テーマ"),
    ]
    described = Memory(triples).catalog(tmp_path).describe(f"{BASE}project/1").triples()
    assert triples[4] in described
    assert triples[2] not in described


def test_too_many_links_are_cut_with_a_sign(tmp_path: Path) -> None:
    triples = [link(f"municipality/{n}", f"{OWN}in", "prefecture/1") for n in range(7)]
    triples.append(label("prefecture/1", "県"))
    described = Memory(triples).catalog(tmp_path, most_links=5).describe(f"{BASE}prefecture/1")
    assert [(cut.predicate.value, cut.listed, cut.total) for cut in described.cuts] == [(f"{OWN}in", 5, 7)]
    comments = [t.object for t in described.triples() if t.predicate.value == f"{RDFS}comment"]
    assert len(comments) == 1
    assert "5 of 7" in str(comments[0])


def test_as_many_links_as_there_may_be_are_not_cut(tmp_path: Path) -> None:
    triples = [link(f"municipality/{n}", f"{OWN}in", "prefecture/1") for n in range(5)]
    triples.append(label("prefecture/1", "県"))
    described = Memory(triples).catalog(tmp_path, most_links=5).describe(f"{BASE}prefecture/1")
    assert not described.cuts
    assert len(described.incoming) == 5


def test_no_such_page(tmp_path: Path) -> None:
    catalog = Memory([link("a#part", RDF_TYPE, "b")]).catalog(tmp_path)
    assert f"{BASE}a" in catalog
    assert f"{BASE}a#part" not in catalog
    assert f"{BASE}b" not in catalog
    with pytest.raises(KeyError):
        catalog.describe(f"{BASE}b")


def test_things_of_others_have_no_page(tmp_path: Path) -> None:
    other = Triple(NamedNode("https://example.com/x"), NamedNode(RDF_TYPE), NamedNode(f"{BASE}c"))
    assert Memory([other]).catalog(tmp_path).pages() == []


# --- the real release ----------------------------------------------------------------


@pytest.fixture(scope="module")
def base(release_folder: Path) -> str:
    return str(json.loads((release_folder / "manifest.json").read_text(encoding="utf-8"))["base"])


@pytest.fixture(scope="module")
def store(release_folder: Path, base: str) -> GraphStore:
    return GraphStore(release_folder / "store", base=base, context={"@base": base})


@pytest.fixture(scope="module")
def catalog(store: GraphStore, release_folder: Path, base: str) -> Catalog:
    return Catalog(store, PageIndex(release_folder), base)


@pytest.fixture(scope="module")
def project(catalog: Catalog, base: str) -> Description:
    return catalog.describe(f"{base}project/2024-2-10")


def test_every_subject_below_the_base_has_a_page(store: GraphStore, catalog: Catalog, base: str) -> None:
    subjects = {t.subject.value for t in store.triples() if isinstance(t.subject, NamedNode)}
    own = {subject for subject in subjects if subject.startswith(base)}
    assert len(own) > 2000
    assert not [subject for subject in own if page_of(subject) not in catalog]


def test_no_page_of_the_release_is_cut(catalog: Catalog) -> None:
    described = [catalog.describe(page) for page in catalog.pages() if "/municipality/" not in page]
    assert len(described) > 150
    assert not [each.thing for each in described if each.cuts]
    most = max(len(each.incoming) for each in described)
    assert 100 < most < MOST_LINKS * 5


def test_the_project_has_seven_areas_with_their_names(project: Description, base: str) -> None:
    facts = project.facts
    areas = facts.objects(project.thing, f"{base}ontology#area")
    names = {
        t.object.value
        for t in project.triples()
        if t.subject in areas and t.predicate.value == RDFS_LABEL and isinstance(t.object, Literal)
    }
    assert len(areas) == 7
    assert {"上士幌町", "すさみ町", "白浜町", "田辺市", "三豊市", "壱岐市", "和歌山県"} <= names
    assert NamedNode(f"{base}municipality/016331") in areas
    assert NamedNode(f"{base}municipality/016322") not in areas


def test_the_project_shows_its_correction(project: Description, base: str) -> None:
    facts, own = project.facts, f"{base}ontology#"
    correction = NamedNode(f"{base}document/2025-07-01-mlit/row/10/correction/name-5")
    assert facts.text(correction, f"{own}printed") == "北海道士幌町"
    assert facts.text(correction, f"{own}right") == "北海道上士幌町"
    assert "上士幌町" in facts.text(correction, f"{own}reason", "ja")
    assert NamedNode(f"{base}municipality/016331") in facts.objects(correction, f"{own}evidence")


def test_every_quotation_of_a_project_comes_with_its_selectors(project: Description, base: str) -> None:
    facts = project.facts
    quotations = {t.object for t in facts.triples if t.predicate.value == f"{base}ontology#quotation"}
    assert len(quotations) > 10
    for quotation in quotations:
        selectors = facts.objects(quotation, f"{OA}hasSelector")
        assert len(selectors) == 2
        assert all(facts.about(selector) for selector in selectors)
        assert facts.text(quotation, f"{base}ontology#text")


def test_the_row_has_its_corrections_and_theme_assignments(catalog: Catalog, base: str) -> None:
    row = catalog.describe(f"{base}document/2025-07-01-mlit/row/10")
    found = {
        t.subject.value.rpartition("/row/")[2] for t in row.facts.triples if isinstance(t.subject, NamedNode)
    }
    assert {"10/correction/name-5", "10/theme/travel-cost", "10#name-5"} <= found


def test_the_document_has_its_rows_but_not_its_whole_text(
    catalog: Catalog, base: str, release_folder: Path
) -> None:
    document = catalog.describe(f"{base}document/2025-07-01-mlit")
    rows = document.facts.subjects(f"{base}ontology#document", document.thing)
    texts = [document.facts.text(row, f"{base}ontology#text") for row in rows]
    assert len([text for text in texts if "\t" in text]) == 14
    assert release_folder.is_dir()
