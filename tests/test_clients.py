"""Clients as people have them: each asks every example query, unmodified, and gets as many rows as there are."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)

from conftest import ROOT
from requirements import needs
from serving import serving

QUERIES = {
    path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "data/queries").glob("*.rq"))
}
GRAPHS = {name for name, text in QUERIES.items() if re.search(r"^(CONSTRUCT|DESCRIBE)\b", text, re.MULTILINE)}
ASKS = {name for name, text in QUERIES.items() if re.search(r"^ASK\b", text, re.MULTILINE)}
SELECTS = QUERIES.keys() - GRAPHS - ASKS

each_query = pytest.mark.parametrize("name", QUERIES)


def test_there_are_enough() -> None:
    assert len(SELECTS) >= 16
    assert GRAPHS
    assert ASKS


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory, dist: Path, release_folder: Path) -> Iterator[str]:
    assert release_folder.is_dir()
    with serving(dist, tmp_path_factory.mktemp("clients") / "log") as server:
        yield f"http://127.0.0.1:{server.port}/sparql"


@pytest.fixture(scope="module")
def expected(release_folder: Path) -> dict[str, int | bool]:
    """Rows, triples or the truth of each query, by the engine alone."""
    store = ox.Store.read_only(str(release_folder / "store"))
    found: dict[str, int | bool] = {}
    for name, text in QUERIES.items():
        results = store.query(text)
        found[name] = (
            bool(results)
            if isinstance(results, ox.QueryBoolean)
            else len(set(results) if isinstance(results, ox.QueryTriples) else list(results))
        )
    return found


# --- rdflib -------------------------------------------------------------------------


@each_query
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(endpoint: str, expected: dict[str, int | bool], name: str, method: Any) -> None:
    result = rdflib.Graph(SPARQLStore(endpoint, method=method)).query(QUERIES[name])
    found = bool(result) if name in ASKS else len(result.graph) if name in GRAPHS else len(list(result))  # type: ignore[arg-type]
    assert found == expected[name]


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_reads_every_format_of_solutions(
    endpoint: str, expected: dict[str, int | bool], form: str
) -> None:
    for name in SELECTS:
        result = SPARQLStore(endpoint, returnFormat=form).query(QUERIES[name])
        assert len(list(result)) == expected[name], name


# --- SPARQLWrapper ------------------------------------------------------------------

WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
each_way = pytest.mark.parametrize(("method", "body"), WAYS, ids=["get", "post", "post directly"])
by_field_alone = pytest.mark.parametrize("only_field", [False, True], ids=["as it is", "by Accept alone"])


def convert(endpoint: str, name: str, form: str, method: str, body: str, *, only_field: bool) -> Any:
    client = SPARQLWrapper(endpoint, returnFormat=form)
    client.setQuery(QUERIES[name])
    client.setMethod(method)
    client.setRequestMethod(body)
    client.setOnlyConneg(only_field)
    return client.queryAndConvert()


def lines(text: bytes) -> int:
    return len(pd.read_csv(io.BytesIO(text), dtype=str))


def triples_of_turtle(text: bytes) -> int:
    return len(rdflib.Graph().parse(data=text, format="turtle"))


READERS: dict[str, Callable[[Any], int]] = {
    JSON: lambda found: len(found["results"]["bindings"]),
    XML: lambda found: len(found.getElementsByTagName("result")),
    CSV: lines,
    # A line end in a literal is written as an escape.
    TSV: lambda found: found.count(b"\n") - 1,
}


@by_field_alone
@each_way
@pytest.mark.parametrize("form", READERS)
def test_sparqlwrapper_select(
    endpoint: str, expected: dict[str, int | bool], form: str, method: str, body: str, only_field: bool
) -> None:
    for name in SELECTS:
        found = convert(endpoint, name, form, method, body, only_field=only_field)
        assert READERS[form](found) == expected[name], name


@by_field_alone
@each_way
@pytest.mark.parametrize("form", [JSON, XML])
def test_sparqlwrapper_ask(
    endpoint: str, expected: dict[str, int | bool], form: str, method: str, body: str, only_field: bool
) -> None:
    for name in ASKS:
        found = convert(endpoint, name, form, method, body, only_field=only_field)
        truth = (
            found["boolean"]
            if form == JSON
            else found.getElementsByTagName("boolean")[0].firstChild.data == "true"
        )
        assert truth == expected[name], name


@by_field_alone
@each_way
@pytest.mark.parametrize("form", [XML, RDFXML, TURTLE, JSONLD])
@pytest.mark.filterwarnings("ignore::DeprecationWarning:SPARQLWrapper.*")
def test_sparqlwrapper_graph(
    endpoint: str, expected: dict[str, int | bool], form: str, method: str, body: str, only_field: bool
) -> None:
    for name in GRAPHS:
        found = convert(endpoint, name, form, method, body, only_field=only_field)
        assert (triples_of_turtle(found) if form == TURTLE else len(found)) == expected[name], name


# --- curl ---------------------------------------------------------------------------


@each_query
@pytest.mark.parametrize("way", [["-G"], []], ids=["get", "post"])
def test_curl(endpoint: str, expected: dict[str, int | bool], name: str, way: list[str]) -> None:
    done = subprocess.run(
        [
            *(needs("curl"), "-sS", "--fail", "--compressed", *way, endpoint),
            *("--data-urlencode", f"query@{ROOT / 'data/queries' / name}.rq"),
        ],
        capture_output=True,
        check=True,
        timeout=30,
    )
    if name in GRAPHS:
        assert triples_of_turtle(done.stdout) == expected[name]
    else:
        found = json.loads(done.stdout)
        truth = found.get("boolean")
        assert (truth if name in ASKS else len(found["results"]["bindings"])) == expected[name]


# --- pandas -------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SELECTS))
def test_pandas(endpoint: str, expected: dict[str, int | bool], name: str) -> None:
    parameters = urllib.parse.urlencode({"query": QUERIES[name], "format": "csv"})
    with urllib.request.urlopen(f"{endpoint}?{parameters}", timeout=30) as answer:
        table = pd.read_csv(io.BytesIO(answer.read()), dtype=str, keep_default_na=False)
    assert len(table) == expected[name]
    assert all(code.isdigit() and len(code) == 6 for code in table.get("code", []))


# --- the command of this project ------------------------------------------------------


@pytest.mark.parametrize("local", [True, False], ids=["release", "endpoint"])
def test_our_command(endpoint: str, dist: Path, expected: dict[str, int | bool], local: bool) -> None:
    """Not one process for each query: they start slowly."""
    for name in ("projects", *sorted(ASKS), *sorted(GRAPHS)):
        asked = ["--dist", str(dist)] if local else ["--endpoint", endpoint]
        done = subprocess.run(
            [
                *(sys.executable, "-c", "from nichiiki_ld.cli.main import main; main()", "query", name),
                *asked,
            ],
            cwd=ROOT,
            capture_output=True,
            check=True,
            timeout=60,
        )
        if name in ASKS:
            assert done.stdout == (b"true\n" if expected[name] else b"false\n")
        else:
            count = triples_of_turtle if name in GRAPHS else lines
            assert count(done.stdout) == expected[name], name


# --- Comunica -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("comunica")
    npm = needs("npm")
    # Version 5 needs a newer Node than Debian has.
    package = "@comunica/query-sparql@4"
    subprocess.run(
        [npm, "install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel", "error", package],
        capture_output=True,
        check=True,
        timeout=300,
    )
    return str(folder / "node_modules/.bin/comunica-sparql")


def run_comunica(comunica: str, *arguments: str) -> bytes:
    done = subprocess.run([comunica, *arguments], cwd=ROOT, capture_output=True, check=True, timeout=60)
    return done.stdout


def test_comunica(comunica: str, endpoint: str, expected: dict[str, int | bool]) -> None:
    for name in sorted(SELECTS | ASKS):
        file = f"data/queries/{name}.rq"
        found = json.loads(
            run_comunica(comunica, f"sparql@{endpoint}", "-f", file, "-t", "application/sparql-results+json")
        )
        truth = found.get("boolean")
        assert (truth if name in ASKS else len(found["results"]["bindings"])) == expected[name], name
    for name in sorted(GRAPHS):
        found = run_comunica(
            comunica, f"sparql@{endpoint}", "-f", f"data/queries/{name}.rq", "-t", "text/turtle"
        )
        assert triples_of_turtle(found) == expected[name], name


def test_comunica_joins_two_endpoints(comunica: str, endpoint: str) -> None:
    """Twice this one: no foreign host is asked."""
    query = f"""
        PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?area ?label {{
          SERVICE <{endpoint}> {{ SELECT DISTINCT ?area {{ ?project nichiiki:area ?area }} }}
          SERVICE <{endpoint}> {{ ?area rdfs:label ?label FILTER (LANG(?label) = "ja") }}
        }}"""
    document = endpoint.replace("/sparql", "/call/2024-2.ttl")
    found = run_comunica(comunica, document, "-q", query, "-t", "text/csv")
    assert lines(found) == 20
