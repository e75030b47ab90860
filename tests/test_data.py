"""Every rule of data/, ontology/ and programmes, on the real files."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from conftest import ROOT
from nichiiki_ld.graph import parse_turtle
from nichiiki_ld.model import Source
from nichiiki_ld.namespaces import OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.records import find_phrase
from nichiiki_ld.repository import Repository
from nichiiki_ld.settlement import settle

BASE = "https://w3id.org/nichiiki/"
NICHIIKI = f"{BASE}ontology#"


def turtle(name: str) -> set[Triple]:
    return parse_turtle((ROOT / name).read_text(encoding="utf-8"), where=name, base=BASE)


@pytest.fixture(scope="module")
def ontology() -> set[Triple]:
    return turtle("ontology/nichiiki.ttl")


@pytest.fixture(scope="module")
def themes() -> set[Triple]:
    return turtle("ontology/themes.ttl")


def values(triples: set[Triple], subject: str, predicate: str) -> list[NamedNode | Literal]:
    return [t.object for t in triples if (t.subject.value, t.predicate.value) == (subject, predicate)]


def languages(triples: set[Triple], subject: str, predicate: str) -> Counter[str | None]:
    return Counter(v.language for v in values(triples, subject, predicate) if isinstance(v, Literal))


def terms(triples: set[Triple]) -> list[str]:
    kinds = {f"{OWL}Class", f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"}
    return sorted(
        {t.subject.value for t in triples if t.predicate.value == RDF_TYPE and t.object.value in kinds}
    )


def test_every_term_has_one_label_and_definition_in_each_language(ontology: set[Triple]) -> None:
    assert len(terms(ontology)) > 50
    for term in terms(ontology):
        assert languages(ontology, term, RDFS_LABEL) == {"ja": 1, "en": 1}, term
        assert languages(ontology, term, f"{SKOS}definition") == {"ja": 1, "en": 1}, term
        assert values(ontology, term, f"{RDFS}isDefinedBy"), term


def test_domains_and_ranges_of_ours_exist(ontology: set[Triple]) -> None:
    known = set(terms(ontology))
    used = [
        t.object.value
        for t in ontology
        if t.predicate.value in (f"{RDFS}domain", f"{RDFS}range", f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
    ]
    ours = {iri for iri in used if iri.startswith(NICHIIKI)}
    assert len(ours) > 5
    assert ours <= known


def test_alignments_are_of_terms_that_exist(ontology: set[Triple]) -> None:
    files = sorted((ROOT / "ontology/alignments").glob("*.ttl"))
    assert files
    for path in files:
        aligned = turtle(f"ontology/alignments/{path.name}")
        assert {t.subject.value for t in aligned} <= set(terms(ontology))
        assert {t.predicate.value for t in aligned} <= {f"{SKOS}closeMatch", f"{SKOS}exactMatch"}


def test_the_context_has_a_term_for_every_term_of_the_ontology(ontology: set[Triple]) -> None:
    context = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    named = {
        d if isinstance(d, str) else d["@id"] for d in context.values() if not isinstance(d, (int, float))
    }
    expanded = {name.replace("nichiiki:", NICHIIKI) for name in named if isinstance(name, str)}
    assert set(terms(ontology)) <= expanded
    ours = {iri for iri in expanded if iri.startswith(NICHIIKI)} - {NICHIIKI}
    assert ours <= set(terms(ontology))


def test_the_base_is_the_same_everywhere(repository: Repository) -> None:
    context = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert repository.publication().base == context["@base"] == BASE


def test_scheme_has_no_orphan_no_cycle_and_says_both_directions(themes: set[Triple]) -> None:
    concepts = {t.subject.value for t in themes if t.object == NamedNode(f"{SKOS}Concept")}
    assert len(concepts) == 20
    for concept in concepts:
        seen = {concept}
        while broader := values(themes, concept, f"{SKOS}broader"):
            (above,) = broader
            assert Triple(above, NamedNode(f"{SKOS}narrower"), NamedNode(concept)) in themes
            concept = above.value  # noqa: PLW2901 - climbs to the top
            assert concept not in seen
            seen.add(concept)
        assert values(themes, concept, f"{SKOS}topConceptOf")


def test_concepts_have_one_preferred_label_per_language_and_no_label_twice(themes: set[Triple]) -> None:
    concepts = {t.subject.value for t in themes if t.object == NamedNode(f"{SKOS}Concept")}
    seen: Counter[Literal] = Counter()
    for concept in concepts:
        assert languages(themes, concept, f"{SKOS}prefLabel") == {"ja": 1, "en": 1}
        assert languages(themes, concept, f"{SKOS}definition") == {"ja": 1, "en": 1}
        seen.update(v for v in values(themes, concept, f"{SKOS}prefLabel") if isinstance(v, Literal))
    assert max(seen.values()) == 1


def test_links_lead_from_what_exists(
    repository: Repository, gazetteer: Gazetteer, themes: set[Triple]
) -> None:
    known = {f"{BASE}{kind}/{area.code}" for area in gazetteer for kind in ("municipality", "prefecture")}
    known |= {t.subject.value for t in themes}
    linksets = repository.linksets()
    assert {linkset.id for linkset in linksets} == {"dbpedia-ja", "estat", "eurovoc", "geonames", "wikidata"}
    for linkset in linksets:
        assert linkset.links
        assert {link.subject for link in linkset.links} <= known, linkset.id
        assert all(link.justification.startswith("https://w3id.org/semapv/vocab/") for link in linkset.links)


def test_every_area_has_its_estat_code(repository: Repository, gazetteer: Gazetteer) -> None:
    (estat,) = [linkset for linkset in repository.linksets() if linkset.id == "estat"]
    codes = {link.subject.rpartition("/")[2]: link.object.rpartition("/C")[2] for link in estat.links}
    assert codes == {area.code: area.code[:5] for area in gazetteer}


def test_42_phrases_stand_in_their_rows(source: Source) -> None:
    settlement = settle(source.cells, source.decisions, where="")
    assert len(source.themes) == 42
    found = [find_phrase(settlement, choice) for choice in source.themes]
    for choice, cell in zip(source.themes, found, strict=True):
        assert cell is not None, choice
        assert source.text[cell.start : cell.end] == choice.phrase
    assert Counter(cell.field for cell in found if cell) == {"summary": 39, "applicant": 3}


def test_every_project_has_a_theme_and_no_theme_twice(source: Source) -> None:
    assert {choice.row for choice in source.themes} == {str(n) for n in range(1, 15)}
    assert max(Counter((choice.row, choice.theme) for choice in source.themes).values()) == 1


def test_tables_and_queries_are_there(repository: Repository) -> None:
    assert {path.stem for path in repository.files("data/tables/*.rq")} == {
        "areas",
        "consortia",
        "corrections",
        "projects",
        "register",
        "themes",
    }
