"""The query page: examples, answers as table, map, chart and Turtle, what goes wrong, and the editor in a browser."""

from __future__ import annotations

import html
import http.server
import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, expect
from pyoxigraph import RdfFormat, parse

from browser import Tab, open_tab
from conftest import ROOT
from nichiiki_ld.errors import (
    MalformedQuery,
    NotExpressible,
    QueryError,
    QueryLimit,
    ServiceFailed,
    ServiceRefused,
    TooLong,
    TooManyQueries,
    TooNested,
    UnknownFormat,
    UpdateRefused,
)
from nichiiki_ld.examples import GROUPS, Example
from nichiiki_ld.formats import HTML, Kind
from nichiiki_ld.query import OFFERED, Job
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import assets
from nichiiki_ld.web.answers import (
    MOST_BARS,
    MOST_CELLS,
    MOST_LINES,
    MOST_ROWS,
    Graph,
    Shown,
    Table,
    shown_of,
)
from nichiiki_ld.web.query_page import EDITOR, LONGEST_ADDRESS
from nichiiki_ld.web.refusals import refusal_of
from nichiiki_ld.web.site import Site
from serving import Server, serving

PAGE = {"Accept": "text/html"}
EXAMPLES = [
    Example.parse(path.stem, path.read_text("utf-8")) for path in (ROOT / "data/queries").glob("*.rq")
]
HOSTILE = '"><script>window.hit=1</script>&amp;</textarea></pre>'


def ask(client: FlaskClient, query: str, language: str = "ja") -> Any:
    """Return the answer of the page to a query."""
    return client.get(f"/{language}/sparql?{urlencode({'query': query})}", headers=PAGE)


def answered(app: Flask, site: Site, query: str, language: str = "ja") -> Shown:
    """Return what the page in a language shows of the answer to a query."""
    job = Job(query, (), (), HTML, HTML, most_bytes=50_000_000, most_rows=1_000_000)
    with app.test_request_context(f"/{language}/sparql"):
        return shown_of(site.store.evaluate(job), site, language)


def table(app: Flask, site: Site, query: str, language: str = "ja") -> Table:
    """Return the table of an answer."""
    found = answered(app, site, query, language)
    assert isinstance(found, Table)
    return found


# --- examples ---------------------------------------------------------------------------


def test_every_example_is_on_a_shelf() -> None:
    assert len(EXAMPLES) >= 30
    assert {example.group for example in EXAMPLES} == set(GROUPS)


def test_the_release_has_the_examples(release_folder: Path) -> None:
    assert {path.stem for path in (release_folder / "queries").iterdir()} == {each.name for each in EXAMPLES}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_start_page_explains_every_example(client: FlaskClient, language: str) -> None:
    page = html.unescape(client.get(f"/{language}/sparql", headers=PAGE).text)
    for example in EXAMPLES:
        assert f'href="/{language}/sparql?example={example.name}"' in page
        assert example.title[language] in page
        assert example.explanation[language] in page


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_run_by_its_name(client: FlaskClient, example: Example, language: str) -> None:
    response = client.get(f"/{language}/sparql?example={example.name}", headers=PAGE)
    assert response.status_code == 200
    page = html.unescape(response.text)
    assert example.query in page
    assert f"<strong>{example.title[language]}</strong>" in page
    assert 'id="results"' in page


def test_an_example_is_known_by_its_text(client: FlaskClient) -> None:
    """A form sends each end of a line as two characters."""
    (example,) = (each for each in EXAMPLES if each.name == "projects-by-theme")
    page = ask(client, example.query.replace("\n", "\r\n")).text
    assert f"<strong>{example.title['ja']}</strong>" in page
    assert 'id="snippet-curl"' in page


def test_programs_send_the_query_itself(client: FlaskClient) -> None:
    """`example=` is for people: what programs get is as it was."""
    response = client.get("/sparql?example=projects", headers={"Accept": "application/sparql-results+json"})
    assert response.status_code == 400
    assert "no parameter 'query'" in response.json["detail"]


def test_no_such_example(client: FlaskClient) -> None:
    assert client.get("/ja/sparql?example=../projects", headers=PAGE).status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_first_query_has_answers(client: FlaskClient, language: str) -> None:
    page = client.get(f"/{language}/sparql", headers=PAGE).text
    query = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])  # type: ignore[index]
    assert f'"{language}"' in query
    assert len(client.get(f"/sparql?{urlencode({'query': query})}").json["results"]["bindings"]) >= 14


# --- tables -----------------------------------------------------------------------------


def test_things_of_ours_are_called_by_their_labels(app: Flask, site: Site) -> None:
    query = f"SELECT * {{ VALUES ?area {{ <{site.base}municipality/012084> <{site.base}no-such> }} }}"
    for language, label in (("ja", "北見市"), ("en", "Kitami City")):
        (known,), (unknown,) = table(app, site, query, language).rows
        assert (known.text, known.label) == ("municipality/012084", label)
        assert known.href == f"/{language}/municipality/012084"
        assert (unknown.text, unknown.label) == ("no-such", "")


def test_what_leads_nowhere_is_no_link(app: Flask, site: Site) -> None:
    cells = table(
        app, site, "SELECT * { VALUES ?x { <javascript:alert(1)> <urn:x:y> <https://e.org/> } }"
    ).rows
    assert [row[0].href for row in cells] == [None, None, "https://e.org/"]


def test_markup_in_an_answer_is_words(client: FlaskClient) -> None:
    literal = HOSTILE.replace('"', '\\"')
    query = (
        f'SELECT ("{literal}" AS ?a) ("{literal}"@en AS ?b) (IRI("https://e.org/\'onclick=\'x") AS ?c) {{}}'
    )
    page = ask(client, query).text
    assert "<script>window.hit" not in page
    assert (
        page.count(html.escape(HOSTILE)) + page.count(str(html.escape(HOSTILE)).replace("&quot;", "&#34;"))
        >= 2
    )
    assert "'onclick='" not in page


def test_a_long_iri_is_cut_in_the_middle(app: Flask, site: Site) -> None:
    iri = "https://example.org/" + "x" * 3000
    cell = table(app, site, f"SELECT * {{ VALUES ?x {{ <{iri}> }} }}").rows[0][0]
    assert len(cell.text) < 100
    assert cell.full == cell.href == iri


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        pytest.param(3, MOST_ROWS, id="the first thousand"),
        pytest.param(60, MOST_CELLS // 60, id="fewer of many columns"),
    ],
)
def test_a_long_table_is_cut_and_says_so(client: FlaskClient, columns: int, rows: int) -> None:
    chosen = " ".join(f"(?p AS ?column{number})" for number in range(columns))
    page = ask(client, f"SELECT {chosen} {{ ?s ?p ?o }} LIMIT 1300").text
    assert page.count("<tr>") == rows + 1
    assert "1,300" in page
    assert f"最初の{rows:,}件だけを表示しています。" in page


def test_no_result(client: FlaskClient) -> None:
    response = ask(client, "SELECT ?s { ?s a <urn:x:nothing> }")
    assert response.status_code == 200
    assert "条件に合うものはありませんでした。" in response.text
    assert 'id="solutions"' not in response.text


@pytest.mark.parametrize("query", ["SELECT * {}", "SELECT ?x {}", "SELECT (BNODE() AS ?x) {}"])
def test_a_table_of_almost_nothing(client: FlaskClient, query: str) -> None:
    assert ask(client, query).status_code == 200


@pytest.mark.parametrize(("pattern", "words"), [("?s ?p ?o", "はい"), ("?s a <urn:x:nothing>", "いいえ")])
def test_ask_is_answered_in_words(client: FlaskClient, pattern: str, words: str) -> None:
    assert f">{words}</strong>" in ask(client, f"ASK {{ {pattern} }}").text


# --- maps -------------------------------------------------------------------------------

GEO = "PREFIX geo: <http://www.opengis.net/ont/geosparql#>"
TOKYO = (35.68, 139.77)


def places(found: Table) -> list[tuple[float, float]]:
    return [(point.latitude, point.longitude) for point in found.points]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param("?lat ?long", [TOKYO], id="the usual names"),
        pytest.param("?latitude ?longitude", [TOKYO], id="whole words"),
        pytest.param("?緯度 ?経度", [TOKYO], id="Japanese"),
        pytest.param("?here_lat ?here_lon", [TOKYO], id="of something"),
        pytest.param("?here_lat ?there_lon", [], id="of two things"),
        pytest.param("?x ?y", [], id="no names of coordinates"),
    ],
)
def test_points_by_coordinates(
    app: Flask, site: Site, variables: str, expected: list[tuple[float, float]]
) -> None:
    assert places(table(app, site, f"SELECT * {{ VALUES ({variables}) {{ (35.68 139.77) }} }}")) == expected


def test_no_point_off_the_globe(app: Flask, site: Site) -> None:
    assert not places(table(app, site, "SELECT * { VALUES (?lat ?long) { (95.0 139.77) (1e400 1.0) } }"))


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        pytest.param("POINT(139.77 35.68)", [TOKYO], id="longitude first"),
        pytest.param(" point Z ( 139.77 35.68 40.0 ) ", [TOKYO], id="spaces and a height"),
        pytest.param(
            "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(139.77 35.68)", [TOKYO], id="CRS 84"
        ),
        pytest.param(
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(35.68 139.77)", [TOKYO], id="latitude first"
        ),
        pytest.param("<http://www.opengis.net/def/crs/EPSG/0/6677> POINT(1 2)", [], id="metres"),
        pytest.param("LINESTRING(1 2, 3 4)", [], id="no point"),
    ],
)
def test_points_by_wkt(app: Flask, site: Site, wkt: str, expected: list[tuple[float, float]]) -> None:
    found = table(app, site, f'{GEO} SELECT ("{wkt}"^^geo:wktLiteral AS ?place) {{}}')
    assert places(found) == expected


def test_points_by_areas(app: Flask, site: Site) -> None:
    """Of the municipality, not of the prefecture beside it; and it leads to the area."""
    query = f"""SELECT * {{ VALUES (?p ?a) {{ (<{site.base}prefecture/010006> <{site.base}municipality/012084>) }} }}"""
    (point,) = table(app, site, query, "en").points
    assert point.name == "Kitami City"
    assert point.href == "/en/municipality/012084"
    assert (round(point.latitude), round(point.longitude)) == (44, 144)


def test_no_points_by_evidence(app: Flask, site: Site) -> None:
    """A column of all kinds of things, some of them areas, is no column of places."""
    query = f"SELECT * {{ VALUES ?x {{ <{site.base}municipality/012084> <https://e.org/> }} }}"
    assert not table(app, site, query).points


# --- charts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            'SELECT * { VALUES (?name ?n) { ("a"@ja 4) ("b"@ja 1) } }',
            [("a", "4", 100), ("b", "1", 25)],
            id="labels and numbers",
        ),
        pytest.param('SELECT * { VALUES (?name ?n) { ("a" 4) } }', None, id="one bar compares nothing"),
        pytest.param('SELECT * { VALUES (?name ?n) { ("a" 1) ("b" 1) } }', None, id="all the same"),
        pytest.param('SELECT * { VALUES (?name ?n) { ("a" -1) ("b" 1) } }', None, id="below zero"),
        pytest.param("SELECT * { VALUES (?n ?m) { (1 2) (3 4) } }", None, id="nothing to name them by"),
        pytest.param(
            'SELECT * { VALUES (?name ?n ?m) { ("a" 1 2) ("b" 3 4) } }', None, id="which of two numbers?"
        ),
        pytest.param('SELECT * { VALUES (?name ?n) { ("a" 1) ("b" "x") } }', None, id="not all are numbers"),
        pytest.param(
            'SELECT * { VALUES (?code ?en ?ja ?n) { ("01" "a"@en "い"@ja 2) ("02" "b"@en "ろ"@ja 1) } }',
            [("い", "2", 100), ("ろ", "1", 50)],
            id="in the language of the page",
        ),
        pytest.param(
            'SELECT * { VALUES (?a ?b ?n) { ("x"@ja "y"@ja 2) ("x"@ja "z"@ja 1) } }',
            [("x · y", "2", 100), ("x · z", "1", 50)],
            id="two names where one does not tell",
        ),
        pytest.param(
            'SELECT * { VALUES (?name ?lat ?lon ?n) { ("a" 35.0 135.0 2) ("b" 36.0 136.0 4) } }',
            [("a", "2", 50), ("b", "4", 100)],
            id="coordinates are no numbers to compare",
        ),
    ],
)
def test_a_chart(app: Flask, site: Site, query: str, expected: list[tuple[str, str, float]] | None) -> None:
    chart = table(app, site, query).chart
    found = chart and [(bar.label.name, bar.number, bar.percent) for bar in chart.bars]
    assert found == expected


def test_a_long_chart_says_what_it_leaves_out(app: Flask, site: Site) -> None:
    values = " ".join(f'("{number}"@ja {number})' for number in range(70))
    chart = table(app, site, f"SELECT * {{ VALUES (?name ?n) {{ {values} }} }}").chart
    assert chart
    assert len(chart.bars) == MOST_BARS
    assert chart.untold == 70 - MOST_BARS


def test_a_chart_needs_no_style(client: FlaskClient) -> None:
    page = client.get("/ja/sparql?example=projects-by-theme", headers=PAGE).text
    assert page.count("<rect width=") >= 15
    assert "style=" not in page


# --- graphs -----------------------------------------------------------------------------


def test_turtle_has_links(app: Flask, site: Site) -> None:
    found = answered(app, site, f"DESCRIBE <{site.base}project/2024-2-01>", "en")
    assert isinstance(found, Graph)
    links = {text: href for text, href in found.pieces if href}
    assert links["<municipality/012084>"] == "/en/municipality/012084"
    assert links["nichiiki:Project"] == "/en/ontology#Project"
    assert links["schema:Project"] == "https://schema.org/Project"
    text = "".join(text for text, _ in found.pieces)
    assert found.total > 20
    assert "@prefix void:" not in text


def test_words_in_turtle_are_no_links(app: Flask, site: Site) -> None:
    words = r"\" <https://e.org/> rdfs:label \\"
    found = answered(app, site, f'CONSTRUCT {{ <urn:x:s> <urn:x:p> "{words}" , <javascript:x> }} {{}}')
    assert isinstance(found, Graph)
    assert [href for _, href in found.pieces if href] == []


def test_a_graph_is_whole(app: Flask, site: Site) -> None:
    """What is shown is Turtle that says just what was answered."""
    query = f"DESCRIBE <{site.base}municipality/016331>"
    found = answered(app, site, query)
    assert isinstance(found, Graph)
    text = "".join(text for text, _ in found.pieces)
    parsed = {quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)}
    assert len(parsed) == found.total > 20


def test_a_long_graph_is_cut_and_says_so(client: FlaskClient) -> None:
    page = ask(client, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 5000").text
    assert "5,000" in page
    assert "行は表示していません。" in page
    assert page.count("\n") < MOST_LINES + 500


# --- what is taken along ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "kind"),
    [("SELECT ?s { ?s ?p ?o } LIMIT 3", Kind.RESULTS), ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", Kind.GRAPH)],
)
def test_every_format_is_a_link_that_works(client: FlaskClient, query: str, kind: Kind) -> None:
    page = ask(client, query, "en").text
    links = {html.unescape(each) for each in re.findall(r'<a class="download" href="([^"]+)"', page)}
    found = {parse_qs(urlsplit(link).query)["format"][0]: client.get(link) for link in links}
    expected = {each.name: each.media_type for each in OFFERED[kind] if each is not HTML}
    assert {name: answer.mimetype for name, answer in found.items()} == expected
    assert all(answer.status_code == 200 for answer in found.values())


def test_a_long_query_has_no_address(client: FlaskClient) -> None:
    query = f"# {'長' * (LONGEST_ADDRESS // 9 + 1)}\nSELECT ?s {{ ?s ?p ?o }} LIMIT 3"
    response = client.post("/ja/sparql", data={"query": query}, headers=PAGE)
    page = response.text
    assert response.status_code == 200
    assert "共有できるアドレスになりません" in page
    assert "format=csv" not in page
    form = re.search(r'<form action="/sparql" method="post".*?</form>', page, re.DOTALL)
    assert form
    sent = html.unescape(re.search(r'name="query" value="(.*?)">', form[0], re.DOTALL)[1])  # type: ignore[index]
    csv = client.post("/sparql", data={"query": sent, "format": "csv"})
    assert csv.mimetype == "text/csv"
    assert len(csv.text.splitlines()) == 4


@pytest.mark.parametrize(
    ("text", "there"),
    [
        pytest.param("ASK {}", True, id="harmless"),
        pytest.param("ASK { FILTER ('''\nSPARQL\nrm -rf ~''' = 1) }", False, id="ends the shell's document"),
        pytest.param(
            "ASK { FILTER ('''\rSPARQL\rrm -rf ~''' = 1) }", False, id="a browser makes line ends of these"
        ),
        pytest.param('ASK {} # """ + x', False, id="ends Python's text"),
        pytest.param('ASK {} # )---" x', False, id="ends R's text"),
        pytest.param("ASK {} # \x1b[201~ls", False, id="a terminal's control"),
    ],
)
def test_a_snippet_is_never_what_somebody_else_runs(client: FlaskClient, text: str, there: bool) -> None:
    response = ask(client, text)
    assert response.status_code == 200
    assert ('id="snippet-curl"' in response.text) is there


# --- what went wrong --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words", "line"),
    [
        pytest.param(
            "SELECT * {\n ?s foaf:name ?o\n}", "2行目の接頭辞「foaf:」が宣言されていません。", 2, id="prefix"
        ),
        pytest.param("SELECT * {\n\n ?s ?p\n", "SPARQLとして読み取れません。", 4, id="ends too early"),
        pytest.param("ASK {} nonsense", "1行目の", 1, id="goes on"),
    ],
)
def test_the_wrong_line_is_marked(client: FlaskClient, query: str, words: str, line: int) -> None:
    response = ask(client, query)
    assert response.status_code == 400
    page = html.unescape(response.text)
    assert words in page
    assert f'data-wrong-line="{line}"' in page
    marked = re.search(r"<mark><span[^>]*>(\d+)</span> (.*?)</mark>", page)
    assert marked
    assert (int(marked[1]), marked[2]) == (line, query.split("\n")[line - 1])
    assert 'role="alert"' in page
    assert '<p lang="en">the query cannot be read' in page


@pytest.mark.parametrize(
    "error",
    [
        *(
            QueryLimit(each, "x", hint="y")
            for each in ("time", "memory", "load", "result rows", "result bytes")
        ),
        *(TooManyQueries("x"), TooNested("brackets", 200, 100), TooLong(1_000_000), UpdateRefused()),
        *(ServiceRefused(), ServiceFailed("x"), NotExpressible("x"), UnknownFormat("x"), MalformedQuery("x")),
    ],
    ids=str,
)
def test_every_error_is_told_in_japanese(app: Flask, error: QueryError) -> None:
    with app.test_request_context("/ja/sparql"):
        told = refusal_of(error, "ASK {}", Settings())
        unknown = refusal_of(QueryError("x"), "ASK {}", Settings())
    assert told.told.endswith("。")
    assert told.told != unknown.told
    assert told.message == error.message
    assert not told.excerpt


def test_a_message_that_names_a_line_that_is_not_there(app: Flask) -> None:
    with app.test_request_context("/ja/sparql"):
        found = refusal_of(MalformedQuery("error at 99999:1: expected x"), "ASK", Settings())
    assert (found.line, list(found.excerpt)) == (0, [])


# --- completion -------------------------------------------------------------------------


def test_completions(client: FlaskClient, site: Site) -> None:
    response = client.get("/sparql/completions.json")
    assert response.mimetype == "application/json"
    assert len(response.data) < 40_000
    content = json.loads(response.data)
    terms = {each["name"]: each for each in content["terms"]}
    assert terms["nichiiki:Project"] == {
        "kind": "class",
        "name": "nichiiki:Project",
        "ja": "プロジェクト",
        "en": "Project",
    }
    assert terms["nichiiki:area"]["kind"] == "property"
    assert terms["rdfs:label"]["kind"] == terms["dcterms:isPartOf"]["kind"] == "property"
    assert terms["schema:Project"]["kind"] == "class"
    assert content["prefixes"]["nichiiki"] == f"{site.base}ontology#"
    assert all(name.partition(":")[0] in content["prefixes"] for name in terms)
    assert all(
        each.get("ja") and each.get("en") for name, each in terms.items() if name.startswith("nichiiki:")
    )
    assert content["terms"][0]["name"].startswith("nichiiki:")


def test_completions_are_terms_of_the_data(client: FlaskClient) -> None:
    """A term of another vocabulary is offered because the data have it."""
    content = json.loads(client.get("/sparql/completions.json").data)
    foreign = [each for each in content["terms"] if not each["name"].startswith("nichiiki:")]
    assert len(foreign) > 30
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in content["prefixes"].items())
    for each in foreign:
        pattern = f"?s a {each['name']}" if each["kind"] == "class" else f"?s {each['name']} ?o"
        answer = client.get(f"/sparql?query={quote(f'{prefixes}ASK {{ {pattern} }}')}")
        assert answer.json["boolean"], each["name"]


# --- in a browser -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert release_folder.is_dir()
    if not assets.exists(EDITOR):
        reason = "no front end was built: run 'make frontend'"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(reason)
        pytest.skip(reason)
    with serving(dist, tmp_path_factory.mktemp("query") / "log", NICHIIKI_WORKERS="1") as started:
        yield started


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Tab]:
    """A tab in which nothing may go wrong: no violation of the policy, no request to another host."""
    with open_tab(browser, server.port) as opened:
        yield opened
        assert not opened.wrong


def editor_of(tab: Tab) -> Locator:
    editor = tab.page.get_by_role("textbox", name="問い合わせ")
    expect(editor).to_be_visible()
    assert editor.get_attribute("contenteditable") == "true"
    return editor


def write(tab: Tab, text: str) -> None:
    editor_of(tab).press("Control+a")
    tab.page.keyboard.insert_text(text)


def test_the_editor_highlights_and_obeys_the_policy(tab: Tab) -> None:
    tab.open("ja/sparql?example=projects-by-theme")
    colours = "each => [...each.querySelectorAll('span')].map(span => getComputedStyle(span).color)"
    assert len(set(editor_of(tab).evaluate(colours))) >= 3
    assert tab.page.locator("textarea[name=query]").is_hidden()


def test_a_completed_term_brings_its_prefix(tab: Tab) -> None:
    """It is found by its Japanese name."""
    tab.open("ja/sparql")
    write(tab, "SELECT * { ?it ")
    tab.page.keyboard.insert_text("応募主体")
    tab.page.keyboard.press("Control+Space")
    option = tab.page.get_by_role("option", name="nichiiki:applicant").first
    expect(option).to_be_visible()
    option.click()
    value = tab.page.locator("textarea[name=query]").input_value()
    assert value == (
        "PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>\nSELECT * { ?it nichiiki:applicant"
    )


def test_the_keyboard_gets_out_of_the_editor(tab: Tab) -> None:
    tab.open("ja/sparql")
    editor = editor_of(tab)
    editor.focus()
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_role("button", name="実行")).to_be_focused()
    tab.page.keyboard.press("Shift+Tab")
    expect(editor).to_be_focused()
    expect(tab.page.get_by_text("先にEscキーを押します")).to_be_visible()


def test_the_page_says_how_long_it_took(tab: Tab) -> None:
    tab.open(f"ja/sparql?{urlencode({'query': 'SELECT (42 AS ?once) {}'})}")
    expect(tab.page.locator("#timing")).to_contain_text("ミリ秒")
    tab.page.reload()
    expect(tab.page.locator("#timing")).to_contain_text("再利用")


def test_a_table_is_sorted(tab: Tab) -> None:
    query = 'SELECT * { VALUES (?n ?name) { (10 "b") (9 "a") (100 "c") (UNDEF "d") } }'
    tab.open(f"ja/sparql?{urlencode({'query': query})}")
    column = tab.page.locator("#solutions tbody td:first-child")
    heading = tab.page.get_by_role("columnheader", name="n", exact=False).first
    heading.get_by_role("button").click()
    assert column.all_inner_texts() == ["9", "10", "100", ""]
    assert heading.get_attribute("aria-sort") == "ascending"
    heading.get_by_role("button").press("Enter")
    assert column.all_inner_texts() == ["100", "10", "9", ""]


def test_a_long_query_is_posted(tab: Tab) -> None:
    tab.open("ja/sparql")
    write(tab, f"# {'x' * LONGEST_ADDRESS}\nASK {{}}")
    expect(tab.page.get_by_text("共有できるアドレスになりません").first).to_be_visible()
    tab.page.get_by_role("button", name="実行").click()
    expect(tab.page.locator(".truth")).to_have_text("はい")
    assert tab.address() == "/ja/sparql"


def test_an_address_is_short(tab: Tab) -> None:
    tab.open("ja/sparql")
    write(tab, "ASK {}")
    tab.page.keyboard.press("Control+Enter")
    expect(tab.page.locator(".truth")).to_have_text("はい")
    assert tab.address() == "/ja/sparql?query=ASK+%7B%7D"


def test_hostile_words_stay_words(tab: Tab) -> None:
    literal = HOSTILE.replace('"', '\\"')
    query = f'SELECT ("{literal}" AS ?a) ("{literal}"@ja AS ?b) {{}}'
    tab.open(f"ja/sparql?{urlencode({'query': query})}")
    assert tab.page.locator("#solutions td").all_inner_texts() == [HOSTILE, HOSTILE]
    assert tab.evaluate("window.hit") is None


@contextmanager
def another_site(page: str) -> Iterator[str]:
    """Serve one page from another origin until the end of the block."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_port}/"
    finally:
        site.shutdown()
        site.server_close()


_AS_EDITORS_ASK = """async ([endpoint, query]) => {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Accept": "application/sparql-results+json,*/*;q=0.9",
      "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
      "Accept-Language": "en",
    },
    body: new URLSearchParams({ query }),
  });
  return [answer.headers.get("Server-Timing") !== null, await answer.json()];
}"""


def test_an_editor_of_another_site_may_ask(browser: Browser, server: Server) -> None:
    """As Yasgui does: by POST, from another origin, reading header fields of the answer."""
    context = browser.new_context()
    with another_site("<!doctype html><title>x</title>") as address:
        page = context.new_page()
        page.goto(address)
        timed, answer = page.evaluate(
            _AS_EDITORS_ASK, [f"http://127.0.0.1:{server.port}/sparql", "ASK { ?s ?p ?o }"]
        )
    context.close()
    assert timed
    assert answer["boolean"] is True


def test_without_projects_there_is_still_a_page(tmp_path: Path, browser: Browser, server: Server) -> None:
    """Somebody's RDF has neither examples nor areas."""
    assert server
    data = tmp_path / "data.ttl"
    data.write_text('<urn:x:s> <http://www.w3.org/2000/01/rdf-schema#label> "n"@ja ; a <urn:x:C> .', "utf-8")
    with (
        serving(None, tmp_path / "log", data=[data], NICHIIKI_WORKERS="1") as started,
        open_tab(browser, started.port) as tab,
    ):
        assert tab.open("ja/sparql") == 200
        assert tab.page.get_by_role("heading", name="問い合わせの例").count() == 0
        tab.page.keyboard.press("Control+Enter")
        tab.page.get_by_role("button", name="実行").click()
        expect(tab.page.locator("#solutions tbody tr")).to_have_count(2)
        assert not tab.wrong
