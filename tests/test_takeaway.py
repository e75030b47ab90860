"""What people take away: every query and snippet, run against a real server, gives the list."""

from __future__ import annotations

import csv
import html
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nichiiki_ld.listing import LANGUAGES
from serving import Server, serving

LISTS = [
    "projects",
    "projects?theme=vacant-houses",
    "projects?theme=hometown-tax&prefecture=010006&prefecture=300004&call=2024-2",
    "projects?prefecture=130001",
    "consortia?prefecture=010006",
    "areas?theme=survey-and-pilot",
    "areas?scope=all&prefecture=010006",
    "themes?prefecture=010006",
    "themes",
    "corrections?kind=name",
    "corrections",
]
each_list = pytest.mark.parametrize("address", LISTS)


@pytest.fixture(scope="module")
def server(release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(release_folder, tmp_path_factory.mktemp("server") / "output") as found:
        yield found


def page_of(server: Server, address: str, language: str = "ja") -> str:
    answer = server.ask("GET", f"/{language}/{address}", fields={"Accept": "text/html"})
    assert answer.status == 200
    return answer.body.decode()


def taken(page: str) -> dict[str, str]:
    """Return the query and the snippets of a page, by what names each."""
    found = re.findall(
        r'<pre class="[^"]*copyable" role="group" tabindex="0" aria-labelledby="([^"]*)"><code>(.*?)</code></pre>',
        page,
        re.DOTALL,
    )
    return {name: html.unescape(text) for name, text in found}


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def expected_rows(server: Server, address: str, language: str = "ja") -> list[dict[str, str]]:
    """Return the list's own table."""
    name, _, query = address.partition("?")
    answer = server.ask("GET", f"/{name}.csv?{query}&lang={language}")
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", LANGUAGES)
@each_list
def test_the_query_gives_exactly_the_list(server: Server, address: str, language: str) -> None:
    query = taken(page_of(server, address, language))["query-text"]
    answer = server.ask(
        "POST",
        "/sparql",
        query.encode(),
        {"Content-Type": "application/sparql-query", "Accept": "text/csv"},
    )
    assert answer.status == 200
    _, *rows = rows_of(answer.body.decode())
    expected = expected_rows(server, address, language)
    assert len(rows) == len(expected)
    # The same cells; in the table the thing itself comes last.
    assert [sorted(row) for row in rows] == [sorted(row.values()) for row in expected]
    assert [row[0] for row in rows] == [list(row.values())[-1] for row in expected]


@each_list
def test_the_query_page_opens_it(server: Server, address: str) -> None:
    page = page_of(server, address)
    href = html.unescape(next(iter(re.findall(r'href="(/ja/sparql\?query=[^"]*)"', page))))
    answer = server.ask("GET", href, fields={"Accept": "text/csv"})
    assert answer.status == 200
    assert len(rows_of(answer.body.decode())) == 1 + len(expected_rows(server, address))


@each_list
def test_curl(server: Server, address: str, tmp_path: Path) -> None:
    snippet = taken(page_of(server, address))["snippet-curl"]
    assert f"http://127.0.0.1:{server.port}/sparql" in snippet
    subprocess.run(["bash", "-euo", "pipefail", "-c", snippet], cwd=tmp_path, check=True, timeout=60)
    written = (tmp_path / f"{address.partition('?')[0]}.csv").read_text(encoding="utf-8")
    assert [row[0] for row in rows_of(written)[1:]] == [
        list(row.values())[-1] for row in expected_rows(server, address)
    ]


@pytest.mark.parametrize("address", ["areas?theme=vacant-houses", "themes", "projects?prefecture=130001"])
def test_pandas(server: Server, address: str, tmp_path: Path) -> None:
    snippet = taken(page_of(server, address))["snippet-pandas"]
    script = tmp_path / "snippet.py"
    script.write_text(f'{snippet}\ntable.to_csv("out.csv", index=False)\n', encoding="utf-8")
    subprocess.run([sys.executable, str(script)], cwd=tmp_path, check=True, timeout=120, capture_output=True)
    heading, *rows = rows_of((tmp_path / "out.csv").read_text(encoding="utf-8"))
    expected = expected_rows(server, address)
    assert [row[0] for row in rows] == [list(row.values())[-1] for row in expected]
    if "code" in heading:
        # Codes keep their zeros.
        assert [row[heading.index("code")] for row in rows] == [row["地域コード"] for row in expected]
        assert rows[0][heading.index("code")] == "012084"


@each_list
def test_r_and_power_query_have_the_whole_query(server: Server, address: str) -> None:
    texts = taken(page_of(server, address))
    query = texts["query-text"].strip()
    endpoint = f'"http://127.0.0.1:{server.port}/sparql"'
    r = re.search(r'r"---\(\n(.*?)\n\)---"', texts["snippet-r"], re.DOTALL)
    assert r
    assert r[1] == query
    assert f"request({endpoint})" in texts["snippet-r"]
    assert 'colClasses = "character"' in texts["snippet-r"]
    # A text of M ends at the first quotation mark that is not doubled.
    m = re.search(r'Query = "((?:[^"]|"")*)",\n', texts["snippet-power-query"])
    assert m
    assert m[1].replace('""', '"').replace("#(#)(", "#(") == query
    assert f"Web.Contents({endpoint}," in texts["snippet-power-query"]


def test_the_address_is_the_one_that_the_client_sees(release_folder: Path, tmp_path: Path) -> None:
    with serving(release_folder, tmp_path / "output", NICHIIKI_TRUSTED_PROXIES="1") as server:
        fields = {
            "Accept": "text/html",
            "X-Forwarded-Host": "data.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1",
        }
        page = server.ask("GET", "/ja/projects", fields=fields).body.decode()
        assert "https://data.example/sparql" in page
        assert "127.0.0.1" not in page
