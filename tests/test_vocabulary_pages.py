"""The pages of the vocabulary and of the shapes: whole, true, and linked to each other."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

from conftest import Client
from nichiiki_ld.build import Built
from nichiiki_ld.catalog import Facts
from nichiiki_ld.constraints import read_shapes, shapes_of_term
from nichiiki_ld.namespaces import OWL, RDF_TYPE, RDFS, RDFS_LABEL, SH, SKOS
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.checking import conditions, nodes_of, shapes_of
from nichiiki_ld.web.site import Site, open_site
from nichiiki_ld.web.terms import vocabulary_of

HTML = {"Accept": "text/html"}
LANGUAGES = ["ja", "en"]


class Page(HTMLParser):
    """Links, anchors and the text of each element with an anchor."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr", "wbr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        anchor = given.get("id") or ""
        self.links += [given["href"] or ""] if tag == "a" and "href" in given else []
        if anchor:
            self.anchors.append(anchor)
            self.texts[anchor] = ""
        if tag not in self.VOID:
            self._open.append(anchor)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for anchor in filter(None, self._open):
            self.texts[anchor] += data


def read(client: FlaskClient, address: str) -> Page:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200
    return Page(response.text)


@pytest.fixture(scope="module")
def ontology(release_folder: Path) -> Facts:
    text = (release_folder / "ontology.ttl").read_bytes()
    return Facts(quad.triple for quad in parse(text, format=RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def shapes_graph(release_folder: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(release_folder / "shapes.ttl")


def terms(ontology: Facts, site: Site) -> list[NamedNode]:
    subjects = {t.subject for t in ontology.triples}
    found = [each for each in subjects if isinstance(each, NamedNode) and each.value.startswith(site.own(""))]
    assert len(found) > 50
    return found


# --- vocabulary -----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_is_told(client: FlaskClient, ontology: Facts, site: Site, language: str) -> None:
    page = read(client, f"/{language}/ontology.html")
    for term in terms(ontology, site):
        anchor = term.value.partition("#")[2]
        text = page.texts[anchor]
        for each in LANGUAGES:
            assert ontology.text(term, RDFS_LABEL, each) in text, anchor
        assert ontology.text(term, f"{SKOS}definition", language) in text, anchor
        assert f"#{anchor}" in page.links
    assert len(page.anchors) == len(set(page.anchors))


def test_what_a_term_specialises_is_linked(client: FlaskClient, ontology: Facts, site: Site) -> None:
    text = client.get("/ja/ontology.html").text
    checked = 0
    for term in terms(ontology, site):
        section = text[text.index(f'id="{term.value.partition("#")[2]}"') :].partition("</section>")[0]
        for predicate in ("subClassOf", "subPropertyOf", "domain", "range"):
            for each in ontology.objects(term, f"{RDFS}{predicate}"):
                assert isinstance(each, NamedNode)
                href = each.value.replace(site.base, "/ja/")
                assert f'href="{href}"' in section, (term.value, each.value)
                checked += 1
    assert checked > 100


def test_alignments_are_linked(client: FlaskClient) -> None:
    assert 'href="http://www.wikidata.org/entity/P429"' in client.get("/ja/ontology.html").text


def test_examples_are_in_the_data(site: Site, app: Flask) -> None:
    with app.app_context():
        vocabulary = vocabulary_of(site)
    assert vocabulary
    for term, triple in vocabulary.examples.items():
        assert triple in set(site.store.triples(triple.subject))  # type: ignore[arg-type]
        assert term in (triple.predicate, triple.object)
    unused = {term for term, uses in vocabulary.uses.items() if not uses}
    assert unused == set(vocabulary.uses) - set(vocabulary.examples)


def test_uses_are_counted(site: Site, app: Flask) -> None:
    with app.app_context():
        vocabulary = vocabulary_of(site)
    assert vocabulary
    for term, uses in vocabulary.uses.items():
        of_class = NamedNode(f"{OWL}Class") in vocabulary.facts.objects(term, RDF_TYPE)
        found = (
            site.store.triples(None, NamedNode(RDF_TYPE), term)
            if of_class
            else site.store.triples(None, term)
        )
        assert uses == len(set(found)), term.value


def test_the_build_counts_uses(built: Built) -> None:
    uses = built.manifest["uses"]
    assert uses["theme"] == 42
    assert uses["applicant"] == built.manifest["counts"]["Project"]
    assert not set(uses) & set(built.manifest["counts"])


def test_a_manifest_without_uses(release_folder: Path, tmp_path: Path) -> None:
    """Releases of earlier versions have none; the store is counted instead."""
    folder = tmp_path / "release"
    folder.mkdir()
    for path in release_folder.iterdir():
        if path.name != "manifest.json":
            (folder / path.name).symlink_to(path)
    text = (release_folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(text.replace('"uses"', '"other"'), encoding="utf-8")
    site = open_site(Settings(dist=folder))
    with create_app(site).app_context():
        old = vocabulary_of(site)
    assert old
    assert old.uses[NamedNode(site.own("theme"))] == 42


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shapes_of_a_term_are_linked(client: FlaskClient, site: Site, language: str) -> None:
    page, shapes = read(client, f"/{language}/ontology.html"), read(client, f"/{language}/shapes.html")
    links = {link.partition("#")[2] for link in page.links if link.startswith(f"/{language}/shapes.html#")}
    assert len(links) > 80
    assert links <= set(shapes.anchors)
    named = shapes_of_term(read_shapes((site.release.folder / "shapes.ttl").read_bytes()), site.own("area"))
    assert {each.partition("#")[2] for each in named} == {"Project-area"}


def test_themes_are_listed(client: FlaskClient, site: Site) -> None:
    page = read(client, "/en/ontology.html")
    themes = [p for p in site.catalog.pages() if p.startswith(f"{site.base}theme/")]
    assert len(themes) == 20
    assert {each.replace(site.base, "/en/") for each in themes} <= set(page.links)


# --- shapes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        pytest.param(None, "/shapes.ttl", id="no field"),
        pytest.param("*/*", "/shapes.ttl", id="anything"),
        pytest.param("text/turtle", "/shapes.ttl", id="Turtle"),
        pytest.param("text/html,application/xhtml+xml,*/*;q=0.8", "/shapes.html", id="a browser"),
    ],
)
def test_shapes_are_negotiated(client: FlaskClient, accept: str | None, place: str) -> None:
    response = client.get("/shapes", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.headers["Location"]) == (303, place)
    assert "Accept" in response.vary
    english = client.get("/en/shapes", headers=HTML)
    assert english.headers["Location"] == "/en/shapes.html"


def active(graph: rdflib.Graph) -> set[str]:
    """Return the names of all that can give a result: property shapes, constraints, shapes with conditions."""
    sh = rdflib.Namespace(SH)
    found = set(graph.objects(None, sh.sparql)) | set(graph.objects(None, sh.property))
    return {str(each).rpartition("#")[2] for each in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shape_is_told(client: FlaskClient, shapes_graph: rdflib.Graph, language: str) -> None:
    page = read(client, f"/{language}/shapes.html")
    assert len(page.anchors) == len(set(page.anchors))
    expected = active(shapes_graph)
    assert len(expected) > 100
    assert expected <= set(page.anchors)
    targeted = {
        str(each).rpartition("#")[2] for each in shapes_graph.subjects(rdflib.URIRef(f"{SH}targetClass"))
    }
    assert targeted <= set(page.anchors)
    for name in expected:
        shape = rdflib.URIRef(f"https://w3id.org/nichiiki/shapes#{name}")
        for message in shapes_graph.objects(shape, rdflib.URIRef(f"{SH}message")):
            assert isinstance(message, rdflib.Literal)
            if message.language == language:
                words = re.sub(r"\{[?$](\w+)\}", r"\1", message)
                assert words in page.texts[name], name


def test_every_condition_has_words(app: Flask, site: Site) -> None:
    """In the language of the page, a shape's parameters have names; none is told by its bare name."""
    with app.test_request_context("/ja/shapes.html"):
        labels = {
            said.label
            for shape in shapes_of(site)
            for check in shape.checks
            for said in conditions(site, check)
        }
    assert len(labels) > 8
    assert not {label for label in labels if label.startswith("sh:")}


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (1, 1, "ちょうど1"),
        (1, None, "1以上"),
        (None, 1, "1まで"),
        (1, 2, "1から2"),
        (0, 2, "2まで"),
        (None, 0, "あってはならない"),
    ],
)
def test_numbers_in_words(app: Flask, site: Site, least: int | None, most: int | None, words: str) -> None:
    text = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetClass <urn:c> ; sh:property <urn:p> . <urn:p> sh:path <urn:q> "
    text += f"; sh:minCount {least} " if least is not None else ""
    text += f"; sh:maxCount {most} " if most is not None else ""
    ((check,),) = (shape.checks for shape in read_shapes(f"{text}.".encode()))
    with app.test_request_context("/ja/shapes.html"):
        assert [value.text for said in conditions(site, check) for value in said.values] == [words]


def test_nodes_are_counted(app: Flask, site: Site, shapes_graph: rdflib.Graph) -> None:
    with app.app_context():
        found = nodes_of(site)
    assert len(found) > 30
    sh = rdflib.Namespace(SH)
    for shape, number in found.items():
        nodes = set()
        for class_ in shapes_graph.objects(rdflib.URIRef(shape), sh.targetClass):
            nodes |= {
                t.subject for t in site.store.triples(None, NamedNode(RDF_TYPE), NamedNode(str(class_)))
            }
        for path in shapes_graph.objects(rdflib.URIRef(shape), sh.targetSubjectsOf):
            nodes |= {t.subject for t in site.store.triples(None, NamedNode(str(path)))}
        assert number == len(nodes), shape


def test_shapes_as_they_are_written() -> None:
    text = """
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <urn:one> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:severity sh:Warning ; sh:message "m"@en ;
      sh:sparql <urn:s> , <urn:off> ; sh:property <urn:p> ; sh:nodeKind sh:IRI .
    <urn:s> sh:select "SELECT $this { $this ?p ?o }" .
    <urn:off> sh:select "SELECT $this {}" ; sh:deactivated true .
    <urn:p> sh:path <urn:q> ; sh:in ( "a" <urn:b> 1 ) ; sh:class <urn:D> .
    <urn:two> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:deactivated true ; sh:nodeKind sh:IRI .
    <urn:three> a sh:NodeShape ; sh:nodeKind sh:IRI .
    """
    (shape,) = read_shapes(text.encode())
    own, sparql, part = shape.checks
    assert (own.iri, own.severity, own.messages) == ("urn:one", "Warning", (("en", "m"),))
    assert (sparql.iri, sparql.severity, sparql.messages) == ("urn:s", "Warning", (("en", "m"),))
    assert (part.iri, part.severity, part.path) == ("urn:p", "Violation", "urn:q")
    assert [(each.name, len(each.values)) for each in part.conditions] == [("class", 1), ("in", 3)]
    assert shapes_of_term([shape], "urn:C") == ("urn:one",)
    assert shapes_of_term([shape], "urn:D") == ("urn:p",)
    assert shapes_of_term([shape], "urn:q") == ("urn:p",)
    circle = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
    circle += "<urn:s> sh:targetClass <urn:C> ; sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l ."
    ((check,),) = (each.checks for each in read_shapes(circle.encode()))
    assert len(check.conditions[0].values) == 1


@pytest.mark.parametrize(
    "address", ["/ja/ontology.html", "/en/shapes.html", "/shapes.html", "/ontology.html"]
)
def test_pages_are_kept_by_caches(client: Client, address: str) -> None:
    response = client.get(address, headers=HTML)
    again = client.get(address, headers={**HTML, "If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert len(response.data) < 100_000
