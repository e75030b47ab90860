"""The endpoint: one row for each rule of the SPARQL 1.1 Protocol, and what the engine must not do."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import (
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from nichiiki_ld.formats import HTML, JSON_LD, RESULTS_CSV, RESULTS_JSON, Format, Kind, of_kind
from nichiiki_ld.lexer import scan
from nichiiki_ld.results import write_results
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.site import open_site
from nichiiki_ld.writing import engine_format

BASE = "https://w3id.org/nichiiki/"
SELECT = f"SELECT ?area {{ <{BASE}project/2024-2-10> <{BASE}ontology#area> ?area }} ORDER BY ?area"
ASK = f"ASK {{ <{BASE}project/2024-2-10> ?p '北海道士幌町' }}"
CONSTRUCT = f"CONSTRUCT {{ ?s a ?c }} {{ ?s a ?c . FILTER (?s = <{BASE}project/2024-2-10>) }}"
DESCRIBE = f"DESCRIBE <{BASE}project/2024-2-10>"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def client(release_folder: Path) -> FlaskClient:
    site = open_site(Settings(dist=release_folder))
    return create_app(site, site.store.evaluate).test_client()


def get(
    client: FlaskClient, accept: str | None = None, /, **parameters: str | list[str]
) -> tuple[int, str | None, str]:
    """Return status, media type and text."""
    named = {name.replace("_", "-"): value for name, value in parameters.items()}
    headers = {"Accept": accept} if accept else {}
    response = client.get(f"/sparql?{urlencode(named, doseq=True)}", headers=headers)
    return response.status_code, response.mimetype, response.text


# --- ways to send a query ---------------------------------------------------------------


def test_by_get(client: FlaskClient) -> None:
    status, media_type, text = get(client, query=SELECT)
    assert (status, media_type) == (200, RESULTS_JSON.media_type)
    assert len(json.loads(text)["results"]["bindings"]) == 7


def test_by_form(client: FlaskClient) -> None:
    response = client.post("/sparql", data=urlencode({"query": SELECT}), content_type=FORM)
    assert len(json.loads(response.data)["results"]["bindings"]) == 7


def test_by_body(client: FlaskClient) -> None:
    response = client.post("/sparql", data=SELECT.encode(), content_type=f"{QUERY}; charset=utf-8")
    assert len(json.loads(response.data)["results"]["bindings"]) == 7


def test_head(client: FlaskClient) -> None:
    response = client.head(f"/sparql?{urlencode({'query': SELECT})}")
    assert response.status_code == 200
    assert response.data == b""


@pytest.mark.parametrize("text", ["100% + 1", "%41", "a+b", "あ&い=う"])
def test_a_query_is_decoded_once(client: FlaskClient, text: str) -> None:
    query = f"SELECT ('{text}' AS ?x) {{}}"
    for response in (
        client.get(f"/sparql?{urlencode({'query': query})}"),
        client.post("/sparql", data=urlencode({"query": query}), content_type=FORM),
        client.post("/sparql", data=query.encode(), content_type=QUERY),
    ):
        assert json.loads(response.data)["results"]["bindings"][0]["x"]["value"] == text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(("GET", "?query=SELECT", b"", None), 400, id="no SPARQL"),
        pytest.param(("GET", "?query=", b"", None), 400, id="an empty query"),
        pytest.param(("GET", "?x=1", b"", None), 400, id="no query"),
        pytest.param(("GET", "?query=ASK{}&query=ASK{}", b"", None), 400, id="two queries"),
        pytest.param(("GET", "?query=ASK{}&format=nonsense", b"", None), 400, id="no such format"),
        pytest.param(("GET", "?query=ASK{}&format=json&format=xml", b"", None), 400, id="two formats"),
        pytest.param(("GET", "?query=%FF", b"", None), 400, id="not UTF-8"),
        pytest.param(
            ("GET", "?query=ASK{}&default-graph-uri=nonsense", b"", None), 400, id="a graph that is no IRI"
        ),
        pytest.param(("GET", "?query=ASK{}%00", b"", None), 400, id="NUL"),
        pytest.param(("POST", "", b"", FORM), 400, id="an empty form"),
        pytest.param(("POST", "", b"query=ASK{}&query=ASK{}", FORM), 400, id="two queries in a form"),
        pytest.param(("POST", "", b"query=%FF", FORM), 400, id="a form that is not UTF-8"),
        pytest.param(("POST", "", b"", QUERY), 400, id="an empty body"),
        pytest.param(("POST", "", b"\xff", QUERY), 400, id="a body that is not UTF-8"),
        pytest.param(("POST", "?query=ASK{}", b"ASK{}", QUERY), 400, id="a query in address and body"),
        pytest.param(("POST", "", b"ASK{}", "text/plain"), 415, id="another media type"),
        pytest.param(("POST", "", b"ASK{}", None), 415, id="no media type"),
        pytest.param(
            ("POST", "", b"ASK{}", "multipart/form-data; boundary=x"), 415, id="a form of another kind"
        ),
        pytest.param(("POST", "", b"DROP ALL", "application/sparql-update"), 403, id="an update"),
        pytest.param(("POST", "", b"update=DROP+ALL", FORM), 403, id="an update in a form"),
        pytest.param(("GET", "?update=DROP+ALL", b"", None), 403, id="an update in the address"),
        pytest.param(("POST", "", b"DROP ALL", QUERY), 400, id="an update that says it is a query"),
        pytest.param(("PUT", "", b"", None), 405, id="another method"),
        pytest.param(("POST", "", b"#" * 1_000_001, QUERY), 413, id="too long"),
    ],
)
def test_refused(client: FlaskClient, sent: tuple[str, str, bytes, str | None], status: int) -> None:
    method, path, body, content_type = sent
    response = client.open(
        f"/sparql{path}", method=method, data=body, content_type=content_type, headers=JSON
    )
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.json
    assert response.json["status"] == status
    assert response.json["detail"]
    assert response.json["hint"]


@pytest.mark.parametrize(
    ("iri", "status"),
    [
        pytest.param("http://[", 400, id="a bracket"),
        pytest.param("http://[::1", 400, id="half an address"),
        pytest.param("//[", 400, id="a bracket without scheme"),
        pytest.param("http://[x]/", 400, id="no address in brackets"),
        pytest.param("http://a]", 400, id="the other bracket"),
        pytest.param("http://\u2100/", 200, id="one that only the engine reads: an empty graph"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("SELECT * FROM <{}> {{}}", id="FROM"),
        pytest.param("SELECT * FROM <x:a> FROM NAMED <{}> {{}}", id="FROM NAMED, the second"),
        pytest.param("BASE <{}> SELECT * FROM <a> {{}}", id="BASE"),
        pytest.param("PREFIX e: <{}> SELECT * FROM e:a {{}}", id="PREFIX"),
        pytest.param("SELECT * {{ SERVICE <{}> {{}} }}", id="SERVICE"),
        pytest.param("BASE <{}> SELECT * {{ SERVICE <a> {{}} }}", id="SERVICE below a BASE"),
        pytest.param("PREFIX e: <{}> SELECT * {{ SERVICE e:a {{}} }}", id="SERVICE with a PREFIX"),
    ],
)
def test_an_address_that_is_none(client: FlaskClient, text: str, iri: str, status: int) -> None:
    """It is no fault of the server, wherever it stands."""
    found, _, told = get(client, "application/json", query=text.format(iri))
    if "SERVICE" in text:
        assert found == 403
        return
    assert found == status
    if status == 400:
        assert "error at 1:" in json.loads(told)["detail"]


def test_the_parser_says_where(client: FlaskClient) -> None:
    status, _, text = get(client, "application/json", query="SELECT * {\n ?s ?p }")
    assert status == 400
    assert "error at 2:" in json.loads(text)["detail"]


def test_a_person_sees_the_query_beside_the_error(client: FlaskClient) -> None:
    status, media_type, text = get(client, "text/html", query="SELECT <b>")
    assert (status, media_type) == (400, "text/html")
    assert "SELECT &lt;b&gt;" in text
    assert "<b>" not in text


# --- formats ----------------------------------------------------------------------------

RESULTS = of_kind(Kind.RESULTS)
GRAPHS = of_kind(Kind.GRAPH, Kind.DATASET)


@pytest.mark.parametrize("query", [SELECT, ASK], ids=["SELECT", "ASK"])
@pytest.mark.parametrize("each", RESULTS, ids=lambda each: each.name)
def test_results_in_every_format(client: FlaskClient, each: Format, query: str) -> None:
    by_accept = get(client, f"image/png, {each.media_type};q=0.3", query=query)
    assert by_accept[:2] == (200, each.media_type)
    for name in (each.name, each.extension, each.media_type):
        assert get(client, "text/html", query=query, format=name) == by_accept
    engine = QueryResultsFormat.from_media_type(each.media_type)
    assert engine
    if each is not RESULTS_CSV:
        parsed = parse_query_results(by_accept[2].encode(), format=engine)
        assert bool(parsed) is False if query == ASK else len(list(parsed)) == 7


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["CONSTRUCT", "DESCRIBE"])
@pytest.mark.parametrize("each", GRAPHS, ids=lambda each: each.name)
def test_graphs_in_every_format(client: FlaskClient, each: Format, query: str) -> None:
    by_accept = get(client, f"image/png, {each.media_type};q=0.3", query=query)
    assert by_accept[:2] == (200, each.media_type)
    assert get(client, query=query, format=each.name) == by_accept
    found = {quad.predicate.value for quad in parse(by_accept[2].encode(), format=engine_format(each))}
    assert found


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        pytest.param(None, SELECT, "application/sparql-results+json", id="no field"),
        pytest.param("*/*", SELECT, "application/sparql-results+json", id="curl"),
        pytest.param("*/*", CONSTRUCT, "text/turtle", id="curl, a graph"),
        pytest.param("text/html,application/xml;q=0.9,*/*;q=0.8", SELECT, "text/html", id="a browser"),
        pytest.param(
            "text/csv;q=0.2, text/tab-separated-values;q=0.7", SELECT, "text/tab-separated-values", id="q"
        ),
        pytest.param(
            "application/sparql-results+json;q=0, */*", SELECT, "application/sparql-results+xml", id="q=0"
        ),
        pytest.param("application/json", SELECT, "application/sparql-results+json", id="JSON, results"),
        pytest.param("application/json", CONSTRUCT, "application/ld+json", id="JSON, a graph"),
        pytest.param("text/*", SELECT, "text/csv", id="a wildcard"),
    ],
)
def test_accept(client: FlaskClient, accept: str | None, query: str, expected: str) -> None:
    assert get(client, accept, query=query)[:2] == (200, expected)


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "text/turtle"), (CONSTRUCT, "application/sparql-results+xml"), (ASK, "image/png")],
)
def test_nothing_fits(client: FlaskClient, query: str, accept: str) -> None:
    response = client.get(f"/sparql?{urlencode({'query': query})}", headers={"Accept": accept})
    assert response.status_code == 406
    assert "accept one of" in response.text
    assert "Accept" in response.vary


def test_a_format_of_the_other_kind(client: FlaskClient) -> None:
    assert get(client, query=SELECT, format="turtle")[0] == 406


def test_the_page_shows_a_table(client: FlaskClient) -> None:
    _, _, text = get(client, query=SELECT, format="html")
    assert 'href="/municipality/016331"' in text
    assert "7件" in text


def test_the_page_says_when_it_does_not_show_all(client: FlaskClient) -> None:
    _, _, text = get(client, query="SELECT * { ?s a ?c } LIMIT 1001", format="html")
    assert "最初の1,000件だけ" in text
    assert text.count("<tr>") == 1001
    _, _, text = get(client, query="SELECT * { ?s a ?c } LIMIT 1000", format="html")
    assert "最初の" not in text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><b>', "</textarea><b>"])
def test_the_page_escapes_what_it_shows(client: FlaskClient, text: str) -> None:
    query = f"SELECT ({json.dumps(text)} AS ?x) {{}}"
    _, _, page = get(client, query=query, format="html")
    assert text not in page


def test_links_on_the_page_are_no_scripts(client: FlaskClient) -> None:
    _, _, page = get(client, query="SELECT (IRI('javascript:alert(1)') AS ?x) {}", format="html")
    assert 'href="javascript:' not in page


def test_answers_are_tagged(client: FlaskClient) -> None:
    address = f"/sparql?{urlencode({'query': SELECT})}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_an_iri_with_a_comma_is_one_cell() -> None:
    store = Store()
    store.add(
        Quad(NamedNode("https://e.org/a,b"), NamedNode("https://e.org/p"), NamedNode("https://e.org/c"))
    )
    solutions = store.query('SELECT ?s ("a\\"b\\n" AS ?l) ?unbound { ?s ?p ?o }')
    assert isinstance(solutions, QuerySolutions)
    body, count = write_results(solutions, RESULTS_CSV, most_bytes=1000, most_rows=10)
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    assert count == 1
    assert rows == [["s", "l", "unbound"], ["https://e.org/a,b", 'a"b\n', ""]]


# --- graphs -----------------------------------------------------------------------------


def number(client: FlaskClient, query: str, **graphs: str | list[str]) -> int:
    status, _, text = get(client, None, query=query, **graphs)
    assert status == 200, text
    return int(json.loads(text)["results"]["bindings"][0]["n"]["value"])


def test_the_default_graph_is_the_union(client: FlaskClient, release_folder: Path) -> None:
    manifest = json.loads((release_folder / "manifest.json").read_text(encoding="utf-8"))
    assert number(client, COUNT) == manifest["counts"]["triples"]
    for graph, triples in manifest["graphs"].items():
        assert number(client, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}") == triples


THEMES = f"{BASE}theme"
IN_NAMED = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def test_graphs_of_the_protocol(client: FlaskClient) -> None:
    themes = number(client, COUNT, default_graph_uri=THEMES)
    ontology = number(client, COUNT, default_graph_uri=f"{BASE}ontology")
    assert 0 < themes < 1000
    assert number(client, COUNT, default_graph_uri=[THEMES, f"{BASE}ontology"]) == themes + ontology
    assert number(client, IN_NAMED, default_graph_uri=THEMES) == 0
    assert number(client, IN_NAMED, named_graph_uri=[THEMES, f"{BASE}ontology"]) == 2
    assert number(client, COUNT, named_graph_uri=THEMES) == 0


def test_graphs_of_the_query(client: FlaskClient) -> None:
    themes = number(client, COUNT, default_graph_uri=THEMES)
    assert number(client, COUNT.replace("{", f"FROM <{THEMES}> {{", 1)) == themes
    assert number(client, COUNT.replace("{", f"FROM NAMED <{THEMES}> {{", 1)) == 0
    assert number(client, IN_NAMED.replace("{", f"FROM NAMED <{THEMES}> {{", 1)) == 1


def test_graphs_of_the_protocol_win(client: FlaskClient) -> None:
    query = COUNT.replace("{", f"FROM <{BASE}ontology> {{", 1)
    assert number(client, query, default_graph_uri=THEMES) == number(client, COUNT, default_graph_uri=THEMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("SELECT * FROM <g> {}", True, id="FROM"),
        pytest.param("SELECT * from named ex:g {}", True, id="FROM NAMED, a prefixed name"),
        pytest.param("SELECT * FROM#c\n<g> {}", True, id="a comment between"),
        pytest.param("SELECT ?from {?from ?p ?o}", False, id="a variable"),
        pytest.param("SELECT * {?s ?p 'x FROM <g>'}", False, id="in a string"),
        pytest.param('SELECT * {?s ?p """x\n" FROM <g>"""}', False, id="in a long string"),
        pytest.param("# FROM <g>\nSELECT * {}", False, id="in a comment"),
        pytest.param("SELECT * {?s <http://e.org/#x> ?o} # FROM <g>", False, id="a # within an IRI"),
        pytest.param("SELECT * {?s ex:from <g>}", False, id="a prefixed name that ends so"),
    ],
)
def test_names_graphs(text: str, expected: bool) -> None:
    found = scan(f"PREFIX ex: <http://e.org/> {text}", "http://e.org/")
    assert bool(found.default_graphs or found.named_graphs) is expected


# --- SERVICE ----------------------------------------------------------------------------

INNER = "{ ?s ?p ?o }"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE <http://e.org/> {INNER} }}",
        f"SELECT * {{ service silent <http://e.org/> {INNER} }}",
        f"SELECT * {{ SERVICE ?x {INNER} }}",
        f"PREFIX e: <http://e.org/> SELECT * {{ SERVICE e:sparql {INNER} }}",
        f"PREFIX : <http://e.org/> SELECT * {{ SERVICE : {INNER} }}",
        f"SELECT * {{ ?s ?p 1SERVICESILENT<http://e.org/>{INNER} }}",
        f"SELECT * {{ ?s ?p trueSERVICE<http://e.org/>{INNER} }}",
        f"SELECT * {{ SERVICE # <\n <http://e.org/> # x\n {INNER} }}",
        f"SELECT * {{ ?a ?b ?c FILTER(?a<?b)SERVICE#>\n<http://e.org/>{INNER} }}",
        f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE <x> {INNER} }} }} }} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE <x> {INNER} }} }}",
        f"SELECT * {{ \\u0053ERVICE <http://e.org/> {INNER} }}",
        f"CONSTRUCT {INNER} WHERE {{ SERVICE <x> {INNER} }}",
    ],
)
def test_no_other_endpoint_is_asked(client: FlaskClient, text: str) -> None:
    assert scan(text).services
    status, media_type, answer = get(client, "application/json", query=text)
    assert (status, media_type) == (403, "application/problem+json")
    assert "SERVICE" in json.loads(answer)["detail"]


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ ?service a <http://www.w3.org/ns/sparql-service-description#Service> . {INNER} }}",
        f"PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT * {{ ?s dcat:accessService ?x . {INNER} }}",
        f"PREFIX e: <http://e.org/service/> SELECT * {{ ?s e:service ?x . {INNER} }}",
        f"SELECT * {{ ?s ?p 'a service' . {INNER} }}",
    ],
)
def test_a_service_that_is_none(client: FlaskClient, text: str) -> None:
    assert not scan(text).services
    assert get(client, query=text)[0] == 200


# --- without a query --------------------------------------------------------------------


def test_the_form(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/html"})
    assert response.mimetype == HTML.media_type
    assert '<form action="/sparql" method="get">' in response.text
    for each in (*RESULTS, *GRAPHS):
        assert f'value="{each.name}"' in response.text


def test_the_service_description(client: FlaskClient) -> None:
    for accept, format_ in ((None, "text/turtle"), ("application/ld+json", JSON_LD.media_type)):
        response = client.get("/sparql", headers={"Accept": accept} if accept else {})
        assert response.mimetype == format_
    triples = {q.triple for q in parse(client.get("/sparql").data, format=RdfFormat.TURTLE)}
    formats = {t.object.value for t in triples if t.predicate.value.endswith("#resultFormat")}
    assert formats == {each.iri for each in (*RESULTS, *GRAPHS)}
    assert any(t.object == NamedNode(THEMES) for t in triples)


def test_the_example_of_the_form_has_answers(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    query = page.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&amp;", "&")):
        query = query.replace(escaped, plain)
    _, _, text = get(client, query=query)
    assert len(json.loads(text)["results"]["bindings"]) >= 14
