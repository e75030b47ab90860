"""Data that would like to be a program: shown as they are written, and nothing of them runs.

One release is of this checkout with hostile words in its source, its decisions and its titles;
the other is of somebody's RDF file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser

from browser import Tab, open_tab
from conftest import ROOT, SOURCE_ID, silent
from nichiiki_ld.build import build
from nichiiki_ld.extract import extract
from nichiiki_ld.model import Programme, Publication, Source
from nichiiki_ld.reading.plain import read_plain
from nichiiki_ld.repository import Repository
from serving import Server, serving

NAME = '"><script>window.hit=1</script>'
SUMMARY = "</script><img src=x onerror=window.hit=1>"
TITLE = "</title><svg onload=window.hit=1>'\"&amp;"
REASON = "<iframe srcdoc='<script>top.hit=1</script>'>{{ 7*7 }}"
REVERSED = "\u202edesrever"
RUNNING = f"{NAME}{SUMMARY}' onmouseover='window.hit=1"
APPLICANT = "北見市二地域ライフ推進コンソーシアム"
SUMMARY_END = "都市部と同等の仕事施設、空き家活用等に取り組む。"


class HostileRepository(Repository):
    """The checkout, with other words in it."""

    def publication(self) -> Publication:
        real = super().publication()
        return replace(
            real,
            title={language: words + TITLE for language, words in real.title.items()},
            description={language: words + TITLE for language, words in real.description.items()},
        )

    def programmes(self) -> dict[str, Programme]:
        return {
            name: replace(
                each,
                # The Japanese name is the one that the document prints.
                name={**each.name, "en": each.name["en"] + NAME},
                description={language: words + NAME for language, words in each.description.items()},
            )
            for name, each in super().programmes().items()
        }

    def source(self, source_id: str) -> Source:
        real = super().source(source_id)
        for words in (APPLICANT, SUMMARY_END):
            assert real.text.count(words) == 1
        text = _worse(real.text)
        return replace(
            real,
            text=text,
            cells=extract(read_plain(text.encode(), real.original)).cells,
            decisions=tuple(
                replace(each, reason=each.reason + REASON, reason_en=each.reason_en + REASON)
                for each in real.decisions
            ),
            translations=tuple(
                replace(each, printed=_worse(each.printed), text=each.text + NAME)
                for each in real.translations
            ),
        )


def _worse(text: str) -> str:
    text = text.replace(APPLICANT, APPLICANT + NAME + REVERSED)
    return text.replace(SUMMARY_END, SUMMARY_END + SUMMARY)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    build(HostileRepository(ROOT), folder / "dist", workers=2, progress=silent)
    with serving(folder / "dist", folder / "log", NICHIIKI_WORKERS="1") as started:
        yield started


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Tab]:
    with open_tab(browser, server.port) as opened:
        yield opened
        check_nothing_ran(opened)


_RUNNABLE = (
    "[onload], [onerror], [onmouseover], iframe, main img[src=x], main svg[onload],"
    " script:not([src]):not([type='application/ld+json']), [href^='javascript:'], [href^='data:']"
)


def check_nothing_ran(tab: Tab) -> None:
    """What the words would do is set a mark, open a dialog, or break the policy."""
    assert tab.evaluate("window.hit") is None
    assert not tab.wrong
    assert tab.evaluate(f'[...document.querySelectorAll("{_RUNNABLE}")].map(each => each.outerHTML)') == []
    embedded = tab.evaluate(
        "[...document.querySelectorAll('script[type=\"application/ld+json\"]')].map(each => each.textContent)"
    )
    for text in embedded:
        json.loads(text)


# --- the words of the data ----------------------------------------------------------------

QUERY = """\
PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>
SELECT ?project ?label ?summary {
  ?project a nichiiki:Project ; <http://www.w3.org/2000/01/rdf-schema#label> ?label ; nichiiki:summary ?summary
}"""


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    ("address", "words"),
    [
        pytest.param("", [TITLE], id="home"),
        pytest.param("projects", [NAME], id="list of projects"),
        pytest.param("consortia", [NAME], id="list of consortia"),
        pytest.param("corrections", [REASON], id="list of corrections"),
        pytest.param("project/2024-2-01.html", [NAME], id="project"),
        pytest.param("consortium/2024-2-01.html", [NAME], id="consortium"),
        pytest.param("municipality/012084.html", [NAME], id="municipality"),
        pytest.param("theme/vacant-houses.html", [NAME], id="theme"),
        pytest.param("programme/leading-projects.html", [NAME], id="programme"),
        pytest.param("call/2024-2.html", [NAME], id="call"),
        pytest.param(f"document/{SOURCE_ID}.html", [NAME, SUMMARY], id="document"),
        pytest.param(f"document/{SOURCE_ID}/row/1.html", [NAME, SUMMARY], id="row"),
        pytest.param(f"document/{SOURCE_ID}/row/10/correction/name-5.html", [REASON], id="correction"),
        pytest.param("dataset.html", [TITLE], id="dataset"),
        pytest.param("search?" + urlencode({"q": "北見市二地域ライフ"}), [NAME], id="search"),
        pytest.param("sparql?" + urlencode({"query": QUERY}), [NAME, SUMMARY], id="query"),
    ],
)
def test_words_of_the_data_are_words(tab: Tab, address: str, words: list[str], language: str) -> None:
    assert tab.open(f"{language}/{address}") == 200
    text = tab.evaluate("document.body.textContent")
    for each in words:
        assert each in text


def test_what_is_suggested_is_words(tab: Tab) -> None:
    tab.open("ja/")
    box = tab.page.get_by_role("main").locator("input[name=q]")
    box.press_sequentially("北見市二地域ライフ")
    tab.page.get_by_text(NAME).first.wait_for()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "projects",
        "consortia",
        "search?q=desrever",
        "project/2024-2-01.html",
        f"document/{SOURCE_ID}.html",
    ],
)
def test_what_is_written_backwards_ends_where_it_ends(tab: Tab, address: str) -> None:
    """An override of the direction turns the words that it is in, and not what stands beside them."""
    tab.open(f"ja/{address}")
    found, turned = tab.evaluate(_OVERRIDES)
    assert found
    assert turned == []


_OVERRIDES = """() => {
  const texts = [], turned = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.includes("\u202e")) texts.push(walker.currentNode);
  for (const text of texts) {
    let inside = text.parentElement, isolated = false;
    while (getComputedStyle(inside).display.startsWith("inline") || inside.closest("ruby")) {
      isolated ||= getComputedStyle(inside).unicodeBidi.includes("isolate");
      inside = inside.parentElement;
    }
    if (!isolated && inside.textContent.trim() !== text.data.trim()) turned.push(inside.outerHTML.slice(0, 300));
  }
  return [texts.length, turned];
}"""


# --- the words of a request ---------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        pytest.param("search?" + urlencode({"q": RUNNING}), 200, id="search"),
        pytest.param("sparql?" + urlencode({"query": RUNNING}), 400, id="query"),
        pytest.param("projects?" + urlencode({"theme": RUNNING}), None, id="theme"),
        pytest.param("projects?" + urlencode({RUNNING: RUNNING}), None, id="parameter"),
        pytest.param("areas?" + urlencode({"prefecture": RUNNING}), None, id="prefecture"),
        pytest.param(quote(f"municipality/{RUNNING}"), 404, id="thing"),
        pytest.param("?" + urlencode({"q": RUNNING}), 200, id="home"),
    ],
)
def test_words_of_a_request_are_words(tab: Tab, address: str, status: int | None, language: str) -> None:
    found = tab.open(f"{language}/{address}")
    assert found == status if status else found < 500


# --- somebody's RDF file -----------------------------------------------------------------

TURTLE = r"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix own: <https://w3id.org/nichiiki/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<project/x'onclick='window.hit=1> a own:Project , <javascript:window.hit=1> ;
  rdfs:label "\"><script>window.hit=1</script>\u202Edesrever"@ja ;
  own:summary "</script><img src=x onerror=window.hit=1>"@ja ;
  own:area <municipality/%22%3E%3Cscript%3E> ;
  rdfs:seeAlso <javascript:window.hit=1> , <data:text/html,%3Cscript%3Ewindow.hit=1%3C/script%3E> ,
    <https://example.org/'%20onmouseover='window.hit=1> ;
  <http://example.org/p?a=1&b='> "\"></textarea><script>window.hit=1</script>"@x-script .
<municipality/%22%3E%3Cscript%3E> a own:Municipality ; rdfs:label "{{ 7*7 }}${7*7}<!--"@ja ;
  own:localGovernmentCode "\"><b>1" .
"""


@pytest.fixture(scope="module")
def somebodys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("somebodys")
    data = folder / "data.ttl"
    data.write_text(TURTLE, encoding="utf-8")
    with serving(None, folder / "log", data=[data], NICHIIKI_WORKERS="1") as started:
        yield started


@pytest.mark.parametrize(
    ("address", "words"),
    [
        pytest.param("", [NAME], id="home"),
        pytest.param(quote("project/x'onclick='window.hit=1.html"), [NAME, SUMMARY], id="thing"),
        pytest.param("municipality/%2522%253E%253Cscript%253E.html", ["{{ 7*7 }}${7*7}<!--"], id="area"),
        pytest.param("sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o }"}), [NAME, SUMMARY], id="query"),
    ],
)
def test_somebodys_words_are_words(
    browser: Browser, somebodys: Server, address: str, words: list[str]
) -> None:
    with open_tab(browser, somebodys.port) as tab:
        assert tab.open(f"ja/{address}") == 200
        text = tab.evaluate("document.body.textContent")
        for each in words:
            assert each in text
        check_nothing_ran(tab)
