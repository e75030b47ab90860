"""Anybody's RDF files as a release: what is kept, what is refused, and what the pages make of it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from conftest import Client
from nichiiki_ld import adhoc
from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.errors import GraphError, ReleaseError
from nichiiki_ld.formats import DUMPS, HTML, N_QUADS, RDF_XML, Format, Kind
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.linking import REPRESENTATIONS
from nichiiki_ld.web.site import open_site
from nichiiki_ld.writing import engine_format
from test_writing import BLANK_NODES, GRAPHS, IRIS, isomorphic

BASE = "http://data.example/"
EX = "http://example.org/v#"
TURTLE_TEXT = f"""
@prefix ex: <{EX}> .
@prefix schema: <http://schema.org/> .
<a> a ex:Thing ; ex:name "A"@en , "甲"@ja ; ex:knows [ ex:name "B" ; ex:list ( 1 <b> ) ] ; ex:p <geo:35,139> .
<b> ex:knows <a> , _:c . _:c schema:name "C" . <b#part> ex:name "part" .
<x/日本> ex:name "日本" . <a%20b> ex:name "escaped" . <q?id=1> ex:name "query" . <c:d> ex:name "c" .
"""
TRIG_TEXT = f"""
@prefix ex: <{EX}> .
<g> {{ <a> ex:knows _:x . _:x ex:name "in a graph" . }}
<h> {{ _:x ex:name "the same node" . <a> ex:knows _:x . }}
"""
LABEL_OF_ONE = b"<urn:x:s> <urn:x:p> _:b .\n"


def files(folder: Path, **texts: str | bytes) -> list[Path]:
    """Write files; `a__ttl` is called `a.ttl`."""
    paths = []
    for name, text in texts.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        paths.append(path)
    return paths


def released(tmp_path: Path, **texts: str | bytes) -> Path:
    return write_adhoc_release(files(tmp_path, **texts), tmp_path / "release", base=BASE)


def dump(folder: Path, format_: Format = N_QUADS) -> list[Quad]:
    path = folder / f"nichiiki.{format_.extension}"
    assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
    return list(parse(path=str(path), format=engine_format(format_)))


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def count(folder: Path, pattern: str) -> int:
    solutions = Store.read_only(str(folder / "store")).query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert isinstance(solutions, QuerySolutions)
    found = next(solutions)["n"]
    assert isinstance(found, Literal)
    return int(found.value)


# --- what is kept ---------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("extension", "format_"),
    [(extension, each) for each in DUMPS for extension in (each.extension, *each.other_extensions)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_format_round_trips(tmp_path: Path, extension: str, format_: Format, packed: bool) -> None:
    given_quads = list(parse(TURTLE_TEXT, format=RdfFormat.TURTLE, base_iri=BASE))
    text = serialize(
        given_quads if format_.kind is Kind.DATASET else (q.triple for q in given_quads),
        format=engine_format(format_),
    )
    assert text
    path = tmp_path / (f"data.{extension.upper()}" + (".gz" if packed else ""))
    path.write_bytes(gzip.compress(text) if packed else text)
    folder = write_adhoc_release([path], tmp_path / "release", base=BASE)
    for each in DUMPS:
        assert isomorphic(dump(folder, each), given_quads), each.name
    assert isomorphic(Store.read_only(str(folder / "store")), given_quads)


def test_relative_iris_are_resolved_against_the_base(tmp_path: Path) -> None:
    folder = released(tmp_path, a__ttl="<a> <b> <../c> .", b__trig="<g> { <> <p> <#f> }")
    assert (folder / "nichiiki.nq").read_text().splitlines() == [
        f"<{BASE}> <{BASE}p> <{BASE}#f> <{BASE}g> .",
        f"<{BASE}a> <{BASE}b> <{BASE}c> .",
    ]


def test_graphs_are_kept(tmp_path: Path) -> None:
    folder = released(tmp_path, a__trig=TRIG_TEXT, b__ttl="<a> <p> 1 .", c__nq='<urn:a> <urn:b> "c" _:g .')
    expected = [
        *parse(TRIG_TEXT + "<a> <p> 1 . _:g { <urn:a> <urn:b> 'c' }", format=RdfFormat.TRIG, base_iri=BASE)
    ]
    for format_ in DUMPS:
        if format_.kind is Kind.DATASET:
            assert isomorphic(dump(folder, format_), expected), format_.name
        else:
            assert len(dump(folder, format_)) == 5, format_.name
    assert manifest_of(folder)["graphs"] == {f"{BASE}g": 2, f"{BASE}h": 2}
    assert manifest_of(folder)["counts"] == {"triples": 5}


def test_json_ld_keeps_its_graphs(tmp_path: Path) -> None:
    document = {"@id": "g", "@graph": [{"@id": "a", f"{EX}name": "A"}]}
    folder = released(tmp_path, a__json=json.dumps(document))
    expected = Quad(NamedNode(f"{BASE}a"), NamedNode(f"{EX}name"), Literal("A"), NamedNode(f"{BASE}g"))
    assert dump(folder) == [expected]


def test_blank_nodes_of_two_files_are_apart(tmp_path: Path) -> None:
    folder = released(tmp_path, a__nt=LABEL_OF_ONE, b__nt=LABEL_OF_ONE, c__nq=LABEL_OF_ONE)
    assert [q.object for q in dump(folder)] == [BlankNode(f"f{number}b0") for number in (1, 2, 3)]
    assert count(folder, "?s ?p ?o FILTER isBlank(?o)") == 3


def test_a_blank_node_of_two_graphs_is_one(tmp_path: Path) -> None:
    folder = released(tmp_path, a__trig=TRIG_TEXT)
    assert {q.subject for q in dump(folder)} == {NamedNode(f"{BASE}a"), BlankNode("f1b0")}
    assert count(folder, f"GRAPH <{BASE}g> {{ ?s <{EX}knows> ?b }} GRAPH <{BASE}h> {{ ?b ?p ?o }}") == 1


def test_the_same_files_make_the_same_release(tmp_path: Path) -> None:
    paths = files(tmp_path, a__ttl=TURTLE_TEXT, b__trig=TRIG_TEXT)
    one, other = (write_adhoc_release(paths, tmp_path / name, base=BASE) for name in ("one", "other"))
    assert (one / "SHA256SUMS").read_bytes() == (other / "SHA256SUMS").read_bytes()
    other = write_adhoc_release(paths[:1], tmp_path / "less", base=BASE)
    assert manifest_of(one)["version"] != manifest_of(other)["version"]


def test_more_than_is_held_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = files(tmp_path, a__ttl=TURTLE_TEXT, b__trig=TRIG_TEXT, c__trig=TRIG_TEXT)
    whole = write_adhoc_release(paths, tmp_path / "whole", base=BASE)
    monkeypatch.setattr(adhoc, "QUADS_PER_RUN", 2)
    pieces = write_adhoc_release(paths, tmp_path / "pieces", base=BASE)
    assert (whole / "SHA256SUMS").read_bytes() == (pieces / "SHA256SUMS").read_bytes()


QUADS = st.lists(
    st.builds(
        lambda triple, graph: Quad(*triple, graph),
        GRAPHS.filter(bool).map(lambda found: min(found, key=str)),
        IRIS | BLANK_NODES | st.just(DefaultGraph()),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(QUADS)
def test_whatever_is_read_is_written(
    tmp_path_factory: pytest.TempPathFactory, given_quads: list[Quad]
) -> None:
    path = tmp_path_factory.mktemp("data") / "data.nq"
    path.write_bytes(serialize(given_quads, format=RdfFormat.N_QUADS) or b"")
    folder = write_adhoc_release([path], path.with_name("release"), base=BASE, union_default_graph=False)
    union = [Quad(*quad.triple) for quad in dump(folder)]
    for format_ in DUMPS:
        if format_ is RDF_XML and not (folder / "nichiiki.rdf").exists():
            continue
        expected = given_quads if format_.kind is Kind.DATASET else union
        assert isomorphic(dump(folder, format_), expected), format_.name
    # An index keeps the values of numbers, not how they are written: 00 is 0 in any.
    index = Store()
    index.extend(given_quads)
    assert isomorphic(Store.read_only(str(folder / "store")), list(index))


# --- the default graph ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "forced", "expected"),
    [
        pytest.param("", None, True, id="only named graphs: their union"),
        pytest.param("<a> <p> 1 .", None, False, id="triples outside: as given"),
        pytest.param("<a> <p> 1 .", True, True, id="union wanted"),
        pytest.param("", False, False, id="no union wanted"),
    ],
)
def test_what_the_default_graph_holds(
    tmp_path: Path, extra: str, forced: bool | None, expected: bool
) -> None:
    paths = files(tmp_path, a__trig=TRIG_TEXT + extra)
    folder = write_adhoc_release(paths, tmp_path / "release", base=BASE, union_default_graph=forced)
    assert manifest_of(folder)["unionDefaultGraph"] is expected
    outside = 1 if extra else 0
    assert count(folder, "?s ?p ?o") == (3 if expected else 0) + outside
    assert count(folder, "GRAPH ?g { ?s ?p ?o }") == 4
    # A page tells all that is said of its thing, in whatever graph.
    page = client_of(folder).get("/a.nt")
    assert b"#knows>" in page.data


# --- the context ------------------------------------------------------------------------


def test_prefixes_in_use_come_from_the_files(tmp_path: Path) -> None:
    text = """@prefix ex: <http://example.org/v#> . @prefix other: <http://example.org/other#> .
        @prefix schema: <http://schema.org/> . @prefix urn: <http://example.org/urn/> . @prefix : <http://e/> .
        @prefix rdf: <http://example.org/rdf#> . @prefix id: <http://example.org/id#> .
        <a> ex:p <urn:x:y> ; schema:q 1 ; urn:r 1 ; :s 1 ; rdf:t 1 ; id:u 1 ."""
    folder = released(tmp_path, a__ttl=text)
    assert json.loads((folder / "context.jsonld").read_text())["@context"] == {
        "@base": BASE,
        "ex": EX,
        "schema": "http://schema.org/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "id": "@id",
        "type": "@type",
    }


def test_a_context_of_ones_own(tmp_path: Path) -> None:
    paths = files(tmp_path, a__ttl=TURTLE_TEXT)
    context = {"id": "@id", "type": "@type", "called": {"@id": f"{EX}name", "@container": "@language"}}
    folder = write_adhoc_release(paths, tmp_path / "release", base=BASE, context=context)
    document = json.loads((folder / "nichiiki.jsonld").read_text(encoding="utf-8"))
    assert document["@context"] == context | {"@base": BASE}
    names = {node["id"]: node.get("called") for node in document["@graph"]}
    assert names["a"] == {"ja": "甲", "en": "A"}


def test_a_format_that_cannot_say_it_is_left_out(tmp_path: Path) -> None:
    folder = released(tmp_path, a__ttl=f"<a> <{EX}1> <b> .")
    names = set(manifest_of(folder)["files"])
    assert not any("rdf" in name for name in [*names, *(path.name for path in folder.iterdir())])
    assert {f"nichiiki.{each.extension}.gz" for each in DUMPS if each is not RDF_XML} < names


# --- what is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "where", "message"),
    [
        pytest.param("a.csv", "x", "a.csv", "has no extension of an RDF format", id="extension"),
        pytest.param("a.n3", "x", "a.n3", "has no extension of an RDF format", id="N3 is another language"),
        pytest.param("ttl", "<a> <b> <c> .", "ttl", "has no extension of an RDF format", id="no extension"),
        pytest.param("a.ttl", None, "a.ttl", "cannot be read: No such file", id="missing"),
        pytest.param("a.ttl", "<a> <b>\n<c>\n<d> .", "a.ttl:3", "is no Turtle: .*line 3", id="Turtle"),
        pytest.param("a.nq", "<urn:a> <urn:b> <c> .", "a.nq:1", "is no N-Quads", id="a relative IRI in N-Quads"),
        pytest.param("a.json", '{\n"a":', "a.json:2", "is no JSON-LD", id="JSON-LD"),
        pytest.param("a.rdf", "<a>\n<b>\n</a>", "a.rdf:3", "is no RDF/XML", id="no XML"),
        pytest.param("a.owl", "<a/>", "a.owl", "is no RDF/XML", id="XML, but no RDF"),
        pytest.param("a.ttl.gz", "<a> <b> <c> .", "a.ttl.gz", "is no whole gzip file", id="no gzip"),
        pytest.param("a.ttl.gz", gzip.compress(b"<a> <b> 'c' .")[:-9], "a.ttl.gz", "is no whole gzip file", id="cut gzip"),
        pytest.param("a.ttl", "# nothing", "a.ttl", "there is no statement to serve", id="nothing in it"),
        pytest.param("a.json", "[1]", "a.json", "there is no statement to serve", id="JSON that is no JSON-LD"),
        pytest.param("a.nt", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "a.nt", "no format here carries a triple term", id="a triple term"),
        pytest.param("a.nt", '<urn:a> <urn:b> "c"@en--ltr .', "a.nt", "no format here carries the direction", id="a direction"),
    ],
)  # fmt: skip
def test_what_is_no_rdf_file_is_refused(
    tmp_path: Path, name: str, content: str | bytes | None, where: str, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(GraphError, match=message) as refused:
        write_adhoc_release([path], tmp_path / "release", base=BASE)
    assert refused.value.where == str(tmp_path / where)
    assert refused.value.hint
    assert sorted(tmp_path.iterdir()) == before


def test_a_remote_context_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(GraphError) as refused:
        released(tmp_path, a__json='{"@context": "http://localhost:1/c", "@id": "a", "p": 1}')
    assert refused.value.hint == "write its context into the file: nothing is fetched"


@pytest.mark.parametrize("base", ["data/", "http://data.example", "http://data.example/a b/"])
def test_a_base_that_is_none(tmp_path: Path, base: str) -> None:
    with pytest.raises(GraphError, match="the base"):
        write_adhoc_release(files(tmp_path, a__ttl="<a> <b> <c> ."), tmp_path / "release", base=base)


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    paths = files(tmp_path, a__ttl=TURTLE_TEXT)
    with pytest.raises(ReleaseError, match="is not empty"):
        write_adhoc_release(paths, tmp_path, base=BASE)
    (tmp_path / "empty").mkdir()
    assert write_adhoc_release(paths, tmp_path / "empty", base=BASE) == tmp_path / "empty"


# --- pages ---------------------------------------------------------------------------------


def client_of(folder: Path) -> FlaskClient:
    site = open_site(Settings(dist=folder))
    app: Flask = create_app(site, site.store.evaluate)
    app.test_client_class = Client
    return app.test_client()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    return released(path, a__ttl=TURTLE_TEXT, b__nt=f'<{BASE}odd> <{BASE}1> "\\u0001" .\n')


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return client_of(folder)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/dumps/", 200),
        ("/dumps/manifest.json", 200),
        ("/dumps/SHA256SUMS", 200),
        ("/dumps/nichiiki.ttl", 200),
        ("/dumps/nichiiki.rdf", 404),
        ("/context.jsonld", 200),
        ("/sparql", 200),
        ("/sparql?query=ASK%7B%7D", 200),
        ("/sparql?query=SELECT*%7B%3Fs%3Fp%3Fo%7D", 200),
        ("/sparql?query=DESCRIBE%3Cb%3E", 200),
        ("/ontology", 404),
        ("/theme", 404),
        ("/dataset", 404),
        ("/shapes", 404),
        ("/shapes.ttl", 404),
        ("/a", 303),
        ("/a.html", 200),
        ("/b.html", 200),
        ("/x/日本", 303),
        ("/x/日本.html", 200),
        ("/a%20b", 303),
        ("/a%20b.ttl", 200),
        ("/q?id=1", 303),
        ("/q?id=1.html", 200),
        ("/a?utm_source=x", 303),
        ("/odd.html", 200),
        ("/odd.rdf", 406),
        ("/c:d", 404),
    ],
)
def test_pages_answer(client: FlaskClient, path: str, status: int) -> None:
    for accept in ("text/html", "*/*"):
        response = client.get(path, headers={"Accept": accept})
        assert response.status_code == status
        if status == 303:
            assert client.get(response.headers["Location"]).status_code == 200
        assert "license" not in response.headers.get("Link", "")


@pytest.mark.parametrize("accept", [each.media_type for each in REPRESENTATIONS])
def test_the_service_is_described(client: FlaskClient, accept: str) -> None:
    assert client.get("/sparql", headers={"Accept": accept}).status_code == 200


def test_nothing_is_dated_that_has_no_date(client: FlaskClient) -> None:
    response = client.get("/")
    assert "Last-Modified" not in response.headers
    assert response.headers["ETag"]
    assert "<time" not in response.text
    assert "None" not in response.text


def test_the_home_page_leads_to_things(client: FlaskClient, folder: Path) -> None:
    page = client.get("/").text
    for each in ('href="/a"', 'href="/b"', "a.ttl, b.nt", f"{manifest_of(folder)['counts']['triples']:,}"):
        assert each in page
    for each in ("プロジェクト", "/ontology", "/shapes", "利用条件"):
        assert each not in page


@pytest.mark.parametrize("each", [each for each in REPRESENTATIONS if each is not HTML], ids=lambda e: e.name)
def test_blank_nodes_are_described_with_their_thing(client: FlaskClient, each: Format) -> None:
    described = parse(client.get(f"/a.{each.extension}").data, format=engine_format(each))
    expected = """@prefix ex: <http://example.org/v#> .
        <a> a ex:Thing ; ex:name "A"@en , "甲"@ja ; ex:p <geo:35,139> ;
            ex:knows [ ex:name "B" ; ex:list ( 1 <b> ) ] .
        <b> ex:knows <a> ."""
    assert isomorphic(described, parse(expected, format=RdfFormat.TURTLE, base_iri=BASE))


def test_a_page_links_a_blank_node_to_what_is_said_of_it(client: FlaskClient) -> None:
    page = client.get("/a.html").text
    assert '<a href="#_:f1b0">' in page
    assert 'id="_:f1b0"' in page


def test_a_description_says_what_it_leaves_out(tmp_path: Path) -> None:
    items = " ".join(map(str, range(1500)))
    client = client_of(released(tmp_path, a__ttl=f"<a> <list> ( {items} ) ; <knows> <b> ."))
    text = client.get("/a.nt").text
    # One more is mentioned than is described.
    assert "Not complete: 1 blank nodes are mentioned here, but not described" in text
    assert "一部だけを表示しています" in client.get("/a.html").text
    assert "一部だけを表示しています" not in client.get("/b.html").text


def test_the_real_release_can_be_served_so_too(tmp_path: Path, release_folder: Path) -> None:
    folder = write_adhoc_release(
        [release_folder / "nichiiki.nq"], tmp_path / "release", base="https://w3id.org/nichiiki/"
    )
    real, found = manifest_of(release_folder), manifest_of(folder)
    assert found["unionDefaultGraph"]
    assert (found["counts"], found["graphs"]) == (real["counts"], real["graphs"])
    for name in ("nichiiki.nq", "nichiiki.nt"):
        assert found["files"][name]["sha256"] == real["files"][name]["sha256"]
    client = client_of(folder)
    for path in ("/", "/ontology.html", "/project/2024-2-10.html", "/dataset.html", "/theme.html"):
        assert client.get(path).status_code == 200
