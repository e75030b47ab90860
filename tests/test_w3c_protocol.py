"""The protocol and service description tests of the W3C, each under its name in the suite.

The suite's documents are three graphs, which are served here as any other file is. Its
tests of updates are turned round: this endpoint has none, so each is to be refused.

Source: https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/, …/service-description/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, parse, parse_query_results

from serving import Server, serving

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
DATA = "http://kasei.us/2009/09/sparql/data/"
ONE, TWO, THREE = (f"{DATA}data{number}.rdf" for number in (1, 2, 3))
SD = "http://www.w3.org/ns/sparql-service-description#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("w3c")
    data = folder / "data.nq"
    document = "<http://xmlns.com/foaf/0.1/Document>"
    data.write_text(
        "".join(f"<{graph}> <{RDF_TYPE.value}> {document} <{graph}> .\n" for graph in (ONE, TWO, THREE)),
        encoding="utf-8",
    )
    with serving(None, folder / "log", data=[data]) as started:
        yield started


def ask(
    server: Server,
    method: str = "GET",
    parameters: list[tuple[str, str]] | str = "",
    body: bytes | list[tuple[str, str]] | None = None,
    fields: Mapping[str, str] | None = None,
) -> tuple[int, str, bytes]:
    """Return status, media type and body."""
    text = parameters if isinstance(parameters, str) else urlencode(parameters)
    sent = urlencode(body).encode() if isinstance(body, list) else body
    answer = server.ask(method, f"/sparql?{text}" if text else "/sparql", sent, fields)
    return answer.status, answer.media_type, answer.body


def is_true(answer: tuple[int, str, bytes]) -> bool:
    """Read the answer to ASK by its media type."""
    status, media_type, body = answer
    assert 200 <= status < 400, body
    format_ = QueryResultsFormat.from_media_type(media_type)
    assert format_
    return bool(parse_query_results(body, format=format_))


ASK_GRAPHS = "ASK {{ <{0}> a ?type . <{1}> a ?type }}"
TWO_OF_THREE = (
    "ASK { <" + ONE + "> a ?x . <" + TWO + "> a ?x OPTIONAL { <" + THREE + "> a ?y } FILTER(!BOUND(?y)) }"
)
IN_NAMED = (
    f"ASK {{ GRAPH ?g1 {{ <{ONE}> a ?x }} GRAPH ?g2 {{ <{TWO}> a ?x }} "
    f"OPTIONAL {{ GRAPH ?g3 {{ <{THREE}> a ?y }} }} FILTER(!BOUND(?y)) }}"
)
FULL = (
    f"ASK {{ <{THREE}> a ?x . OPTIONAL {{ <{ONE}> a ?z }} GRAPH ?g1 {{ <{ONE}> a ?x }} "
    f"GRAPH ?g2 {{ <{TWO}> a ?x }} FILTER(!BOUND(?z)) }}"
)
DEFAULTS = [("default-graph-uri", ONE), ("default-graph-uri", TWO)]
NAMED = [("named-graph-uri", ONE), ("named-graph-uri", TWO)]


@pytest.mark.parametrize(
    ("method", "parameters", "body", "content_type"),
    [
        pytest.param("POST", "", [("query", "ASK {}")], FORM, id="query_post_form"),
        pytest.param("GET", [("query", "ASK {}")], None, None, id="query_get"),
        pytest.param("POST", "", b"ASK {}", QUERY, id="query_post_direct"),
        pytest.param(
            "GET",
            [("query", TWO_OF_THREE), *DEFAULTS],
            None,
            None,
            id="query_dataset_default_graphs_get",
        ),
        pytest.param("POST", DEFAULTS, TWO_OF_THREE.encode(), QUERY, id="query_dataset_default_graphs_post"),
        pytest.param("POST", "", [("query", TWO_OF_THREE), *DEFAULTS], FORM, id="default graphs in a form"),
        pytest.param(
            "POST", DEFAULTS, [("query", TWO_OF_THREE)], FORM, id="default graphs in the address of a form"
        ),
        pytest.param("POST", NAMED, IN_NAMED.encode(), QUERY, id="query_dataset_named_graphs_post"),
        pytest.param("GET", [("query", IN_NAMED), *NAMED], None, None, id="query_dataset_named_graphs_get"),
        pytest.param(
            "POST",
            "",
            [("query", FULL), ("default-graph-uri", THREE), *NAMED],
            FORM,
            id="query_dataset_full",
        ),
        pytest.param(
            "POST",
            DEFAULTS,
            TWO_OF_THREE.replace("ASK", f"ASK FROM <{THREE}>").encode(),
            QUERY,
            id="query_multiple_dataset",
        ),
        pytest.param("QUERY", "", b"ASK {}", QUERY, id="SPARQL 1.2: the QUERY method"),
        pytest.param("QUERY", "", [("query", "ASK {}")], FORM, id="SPARQL 1.2: the QUERY method, a form"),
    ],
)
def test_query(
    server: Server,
    method: str,
    parameters: list[tuple[str, str]] | str,
    body: bytes | list[tuple[str, str]] | None,
    content_type: str | None,
) -> None:
    fields = {"Content-Type": content_type} if content_type else {}
    assert is_true(ask(server, method, parameters, body, fields))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            "SELECT (1 AS ?value) {}",
            {
                *("application/sparql-results+xml", "application/sparql-results+json"),
                *("text/tab-separated-values", "text/csv"),
            },
            id="query_content_type_select",
        ),
        pytest.param(
            "ASK {}",
            {"application/sparql-results+xml", "application/sparql-results+json"},
            id="query_content_type_ask",
        ),
        pytest.param(
            "DESCRIBE <http://example.org/>",
            {"application/rdf+xml", "application/rdf+json", "text/turtle"},
            id="query_content_type_describe",
        ),
        pytest.param(
            "CONSTRUCT { <s> <p> 1 } WHERE {}",
            {"application/rdf+xml", "application/rdf+json", "text/turtle"},
            id="query_content_type_construct",
        ),
    ],
)
def test_content_type(server: Server, query: str, expected: set[str]) -> None:
    status, media_type, _ = ask(server, parameters=[("query", query)])
    assert status == 200
    assert media_type in expected


@pytest.mark.parametrize(
    ("method", "parameters", "body", "content_type"),
    [
        pytest.param("PUT", [("query", "ASK {}")], None, None, id="bad_query_method"),
        pytest.param(
            "GET", "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", None, None, id="bad_multiple_queries"
        ),
        pytest.param("POST", "", b"ASK {}", "text/plain", id="bad_query_wrong_media_type"),
        pytest.param("POST", "", b"query=ASK%20%7B%7D", None, id="bad_query_missing_form_type"),
        pytest.param("POST", "", b"ASK {}", None, id="bad_query_missing_direct_type"),
        pytest.param(
            "POST", "", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", id="bad_query_non_utf8"
        ),
        pytest.param("GET", "query=ASK%20%7B", None, None, id="bad_query_syntax"),
        pytest.param("GET", "update=CLEAR%20ALL", None, None, id="bad_update_get"),
        pytest.param(
            "POST", "", b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, id="bad_multiple_updates"
        ),
        pytest.param("POST", "", b"CLEAR NAMED", "text/plain", id="bad_update_wrong_media_type"),
        pytest.param("POST", "", b"update=CLEAR%20NAMED", None, id="bad_update_missing_form_type"),
        pytest.param(
            "POST", "", "CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16", id="bad_update_non_utf8"
        ),
        pytest.param("POST", "", b"update=CLEAR%20XYZ", FORM, id="bad_update_syntax"),
        pytest.param(
            "POST",
            f"using-graph-uri={quote(ONE, safe='')}",
            f"WITH <{TWO}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}".encode(),
            UPDATE,
            id="bad_update_dataset_conflict",
        ),
        pytest.param("POST", "", b"update=CLEAR%20ALL", FORM, id="update_post_form: there is no update"),
        pytest.param("POST", "", b"CLEAR ALL", UPDATE, id="update_post_direct: there is no update"),
        pytest.param("POST", "", b"CLEAR ALL", QUERY, id="an update that says it is a query"),
    ],
)
def test_refused(
    server: Server,
    method: str,
    parameters: list[tuple[str, str]] | str,
    body: bytes | None,
    content_type: str | None,
) -> None:
    fields = {"Content-Type": content_type} if content_type else {}
    status, media_type, told = ask(server, method, parameters, body, fields)
    assert 400 <= status < 500, told
    assert media_type == "application/problem+json"
    assert json.loads(told)["status"] == status
    assert is_true(ask(server, parameters=[("query", ASK_GRAPHS.format(ONE, THREE))])), (
        "the data are still there"
    )


def test_the_service_description(server: Server) -> None:
    """returns-rdf, has-endpoint-triple, conforms-to-schema."""
    answer = server.ask("GET", "/sparql", fields={"Accept": "text/turtle"})
    assert answer.media_type == "text/turtle"
    triples = {quad.triple for quad in parse(answer.body, format=RdfFormat.TURTLE)}
    endpoint = NamedNode(f"http://127.0.0.1:{server.port}/sparql")
    (service,) = {t.subject for t in triples if t.object == NamedNode(f"{SD}Service")}
    assert any(
        (t.subject, t.predicate.value, t.object) == (service, f"{SD}endpoint", endpoint) for t in triples
    )
    graphs = {t.object.value for t in triples if t.predicate.value == f"{SD}name"}
    assert graphs == {ONE, TWO, THREE}
    # The schema: what is said with a property of the vocabulary is said of a thing of its domain.
    domains = {
        "endpoint": "Service",
        "resultFormat": "Service",
        "defaultDataset": "Service",
        "name": "NamedGraph",
    }
    kinds = {(t.subject, t.object.value) for t in triples if t.predicate == RDF_TYPE}
    for triple in triples:
        name = triple.predicate.value.removeprefix(SD)
        if name in domains:
            assert (triple.subject, f"{SD}{domains[name]}") in kinds
