"""Pages of things, made for people: what each tells, where every fact comes from, and what it does with hostile data."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from conftest import SOURCE_ID, Client
from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.catalog import BRIEF_LINKS
from nichiiki_ld.model import LEAD, Source
from nichiiki_ld.namespaces import RDF
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.pages.view import MOST_CARDS
from nichiiki_ld.web.rendered import Rendered
from nichiiki_ld.web.site import Site, open_site

DOCUMENT = f"/document/{SOURCE_ID}"
MOST_BYTES = 100_000


class Page(HTMLParser):
    """A page: its links, its anchors, and the texts of elements by what they are marked with."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], str]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            self.elements.append((tag, {name: value or "" for name, value in attrs}, ""))
        else:
            self._open.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, ""))

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            name, given, texts = self._open.pop()
            assert name == tag
            self.elements.append((name, given, "".join(texts)))

    def texts(self, tag: str, class_: str = "") -> list[str]:
        return [
            text
            for name, given, text in self.elements
            if name == tag and (not class_ or class_ in given.get("class", "").split())
        ]

    def links(self, class_: str = "") -> list[tuple[str, str]]:
        """Return address and text of each link."""
        return [
            (given["href"], text)
            for name, given, text in self.elements
            if name == "a" and "href" in given and (not class_ or class_ in given.get("class", "").split())
        ]

    @property
    def anchors(self) -> set[str]:
        return {given["id"] for _, given, _ in self.elements if "id" in given}


def told(client: FlaskClient, path: str) -> str:
    """Return the part of a page that is made for people."""
    response = client.get(f"{path}.html")
    assert response.status_code == 200
    start, end = response.text.index("<main"), response.text.index('<details class="statements">')
    return response.text[start:end]


# --- projects ---------------------------------------------------------------------------------


def projects(site: Site) -> list[str]:
    found = [
        each.value.removeprefix(site.base) for each in site.catalog.instances(NamedNode(site.own("Project")))
    ]
    assert len(found) == 14
    return found


def test_every_phrase_is_marked_in_the_summary(client: FlaskClient, site: Site, source: Source) -> None:
    """All 42: the marked stretches of a number, joined, are the phrase that the data quote."""
    seen = 0
    for name in projects(site):
        html = told(client, f"/ja/{name}")
        row = name.rpartition("-")[2].lstrip("0")
        choices = {choice.theme: choice.phrase for choice in source.themes if choice.row == row}
        page = Page(html)
        for theme, phrase in choices.items():
            (number,) = re.findall(rf'class="pick pick-(\d+)" id="phrase-{theme}"', html)
            marked = re.findall(
                rf'<a class="phrase(?: on-\d+)*? on-{number}(?: on-\d+)*"[^>]*><mark>(.*?)</mark>', html
            )
            assert "".join(marked) == phrase
            legend = [text for text in page.texts("li", f"key-{number}") if phrase in text]
            assert len(legend) == 1
            assert (f"/ja{DOCUMENT}/row/{row}#phrase-{theme}", phrase) in page.links("source")
            seen += 1
    assert seen == 42


def test_the_summary_is_as_printed(client: FlaskClient, site: Site, source: Source) -> None:
    printed = {cell.row: cell.printed for cell in source.cells if cell.field == "summary"}
    for name in projects(site):
        text = re.sub(r'<sup class="number">\d+</sup>', "", told(client, f"/ja/{name}"))
        quotes = [re.sub(r"\s*\n\s*", "", each) for each in Page(text).texts("blockquote", "printed-text")]
        assert printed[name.rpartition("-")[2].lstrip("0")] in quotes


def test_every_fact_has_its_source(client: FlaskClient, site: Site, source: Source) -> None:
    """Every printed name, reading, applicant and summary is a link to where it stands, with its words."""
    for name in projects(site):
        row = name.rpartition("-")[2].lstrip("0")
        sources = Page(told(client, f"/ja/{name}")).links("source")
        for cell in source.cells:
            if cell.row == row and cell.field not in ("row", "summary"):
                assert (f"/ja{DOCUMENT}/row/{row}#{cell.field}", cell.printed) in sources
        assert f"/ja{DOCUMENT}/row/{row}#summary" in [href for href, _ in sources]


def test_sources_lead_to_the_words(client: FlaskClient, site: Site) -> None:
    """What a mark links to is there, and says what the mark says."""
    pages: dict[str, Page] = {}
    checked = 0
    things = [
        *projects(site),
        "call/2024-2",
        "call/2024-2/decision",
        "consortium/2024-2-10",
        "theme/travel-cost",
    ]
    for name in things:
        for href, words in Page(told(client, f"/ja/{name}")).links("source"):
            address, _, fragment = href.partition("#")
            if address not in pages:
                pages[address] = Page(client.get(f"{address}.html").text)
            (place,) = [
                (given, text) for _, given, text in pages[address].elements if given.get("id") == fragment
            ]
            if not fragment.startswith("phrase-") and not words.endswith("行目"):
                assert re.sub(r"\d", "", words) in re.sub(r"\d", "", place[1])
            checked += 1
    assert checked > 130


def test_misprints_are_told_with_what_is_right(client: FlaskClient, source: Source) -> None:
    html = told(client, "/ja/project/2024-2-10")
    decisions = [each for each in source.decisions if each.row == "10"]
    assert len(decisions) == 4
    for each in decisions:
        assert f"<del>{each.printed}</del>" in html
        assert f"<ins>{each.value}</ins>" in html
        assert f'href="/ja{DOCUMENT}/row/10/correction/{each.field}"' in html


def test_areas_have_readings_and_prefectures(client: FlaskClient) -> None:
    html = told(client, "/ja/project/2024-2-10")
    assert (
        '<span class="context">北海道</span> <ruby lang="ja">上士幌町<rp>（</rp><rt>かみしほろちょう</rt>'
        in html
    )
    assert 'class="places"' in html


def test_the_neighbours_of_a_project(client: FlaskClient) -> None:
    html = told(client, "/ja/project/2024-2-10")
    assert 'href="/ja/project/2024-2-05"' in html, "it supports the cost of travel too"
    assert 'href="/ja/project/2024-2-01"' in html, "it is in Hokkaido too"
    assert 'href="/ja/projects?theme=travel-cost"' in html
    assert 'href="/ja/projects?prefecture=010006"' in html
    assert 'href="/ja/project/2024-2-10"' not in html.replace('href="/ja/project/2024-2-10.', "")


def test_the_unofficial_translation_is_called_so(client: FlaskClient, site: Site) -> None:
    term = site.own("unofficialTranslation")
    for name in projects(site):
        text = site.catalog.about([project := NamedNode(f"{site.base}{name}")]).text(project, term, "en")
        assert text
        page = Page(told(client, f"/en/{name}"))
        (lead,) = [each for each in page.texts("p", "lead") if text in each]
        assert lead.strip() != text, "the label stands beside it"
        assert text not in client.get(f"/ja/{name}.html").text.split('<details class="statements">')[0]


# --- areas --------------------------------------------------------------------------------------


def test_a_municipality_with_a_project(client: FlaskClient) -> None:
    html = told(client, "/ja/municipality/302066")
    for words in ("302066", "30206", "4000020302066", "たなべし", "https://www.city.tanabe.lg.jp/"):
        assert words in html
    for host in (
        "http://data.e-stat.go.jp/lod/sac/C30206",
        "http://ja.dbpedia.org/",
        "https://sws.geonames.org/",
    ):
        assert f'href="{host}' in html
    assert 'href="/ja/project/2024-2-10"' in html
    near = re.findall(r'<ol class="nearest">(.*?)</ol>', html, re.DOTALL)[0]
    assert re.findall(r'href="/ja/municipality/(\d+)"', near)[:2] == ["304018", "304069"]
    assert re.search(r'白浜町.*?<span class="km">[^<]*6\.2', near)


def test_a_municipality_without_projects(client: FlaskClient) -> None:
    """士幌町, which the release names by a misprint: its neighbour has the project."""
    html = told(client, "/ja/municipality/016322")
    assert "この地域で行うプロジェクトは、このデータにはありません。" in html
    near = re.findall(r'<ol class="nearest">(.*?)</ol>', html, re.DOTALL)[0]
    assert re.findall(r'href="/ja/municipality/(\d+)"', near)[0] == "016331"


def test_a_prefecture(client: FlaskClient) -> None:
    html = told(client, "/ja/prefecture/010006")
    assert {"/ja/project/2024-2-01", "/ja/project/2024-2-10"} <= {href for href, _ in Page(html).links()}
    assert html.index("/ja/municipality/012084") < html.index("<details>")
    folded = html[html.index("<details>") :]
    assert len(re.findall(r'href="/ja/municipality/\d+"', folded)) == 189
    assert 'href="/ja/projects?prefecture=010006"' in html


# --- themes, calls and the others ---------------------------------------------------------------


def test_a_theme_has_its_projects_with_their_words(client: FlaskClient, source: Source) -> None:
    phrases = [each.phrase for each in source.themes if each.theme == "vacant-houses"]
    assert len(phrases) == 3
    page = Page(told(client, "/ja/theme/vacant-houses"))
    assert [text for _, text in page.links("source")] == phrases
    html = told(client, "/ja/theme/vacant-houses")
    assert "使われていない住宅の活用" in html
    assert 'EuroVoc: <a href="http://eurovoc.europa.eu/1690"><span lang="en">housing</span>' in html
    assert 'href="/ja/theme/two-region-living"' in html
    assert 'href="/ja/projects?theme=vacant-houses"' in html


def test_the_call_in_the_order_of_its_days(client: FlaskClient) -> None:
    html = told(client, "/ja/call/2024-2")
    days = re.findall(r'<li><time datetime="([\d-]+)">', html)
    assert days == ["2025-03-26", "2025-04-28", "2025-05-30", "2025-07-01"]
    assert '<span class="figure">15</span>' in html
    assert '<span class="figure">14</span>' in html
    assert "<del>令和7年度</del>" in html
    assert "<ins>令和6年度</ins>" in html
    assert "3月26日は令和6年度に属し" in html


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("programme/leading-projects", ["call/2024-2", "organization/2000012100001"]),
        ("call/2024-2/decision", ["call/2024-2", "organization/2000012100001", "project/2024-2-14"]),
        ("consortium/2024-2-10", ["project/2024-2-10", "municipality/016331"]),
        ("organization/2000012100001", ["programme/leading-projects", f"document/{SOURCE_ID}"]),
    ],
)
def test_the_others_lead_on(client: FlaskClient, path: str, links: list[str]) -> None:
    found = {href for href, _ in Page(told(client, f"/ja/{path}")).links()}
    assert {f"/ja/{each}" for each in links} <= found


# --- the document ---------------------------------------------------------------------------------


def test_the_document_is_whole(client: FlaskClient, source: Source) -> None:
    """Lead and rows, character by character, but for the names of contact persons."""
    html = told(client, f"/ja{DOCUMENT}")
    lead = re.search(r'<blockquote class="printed-text lead-text whole">(.*?)</blockquote>', html, re.DOTALL)
    assert lead
    shown = Page(re.sub(r'<span class="fix">.*?</span> <a.*?</a></span>', "", lead[0])).texts("blockquote")[0]
    end = min(cell.start for cell in source.cells if cell.row != LEAD)
    (names,) = source.withheld or ()
    assert shown == source.text[:end].replace(names, "■" * len(names)).strip()
    for cell in source.cells:
        if cell.row != LEAD and cell.field != "row":
            row = re.search(rf'<tr class="quoted" id="row-{cell.row}">(.*?)</tr>', html, re.DOTALL)
            assert row
            text = re.sub(r'<sup class="number">\d+</sup>', "", row[1])
            assert cell.printed in re.sub(r"<[^>]*>", "", text)


def test_names_of_contact_persons_are_not_shown(client: FlaskClient) -> None:
    page = client.get(f"{DOCUMENT}.html").text
    assert not [name for name in ("酒井", "吉田", "山口") if name in page]


def test_every_misprint_is_marked_in_the_document(client: FlaskClient, source: Source) -> None:
    html = told(client, f"/ja{DOCUMENT}")
    misprints = [each for each in source.decisions if each.row != LEAD]
    assert len(misprints) == 8
    for each in misprints:
        row = re.search(rf'<tr class="quoted" id="row-{each.row}">(.*?)</tr>', html, re.DOTALL)
        assert row
        assert f"<del>{each.printed}</del>" in row[1]
        assert (
            f'href="/ja{DOCUMENT}/row/{each.row}/correction/{each.field}"><ins>{each.value}</ins>' in row[1]
        )


def test_every_quotation_is_a_place_in_the_text(client: FlaskClient, site: Site) -> None:
    for name, least in ((DOCUMENT, 19), (f"{DOCUMENT}/row/10", 16)):
        anchors = Page(told(client, f"/ja{name}")).anchors
        parts = site.catalog.describe(f"{site.base}{name[1:]}").parts
        quotations = {
            part.value.partition("#")[2]
            for part in parts
            if NamedNode(site.own("Quotation")) in site.catalog.about([part]).objects(part, f"{RDF}type")
        }
        assert len(quotations) >= least
        assert quotations <= anchors


def test_a_row_is_whole(client: FlaskClient, source: Source) -> None:
    rows = {cell.row: cell.printed for cell in source.cells if cell.field == "row"}
    assert len(rows) == 14
    for number, printed in rows.items():
        html = told(client, f"/ja{DOCUMENT}/row/{number}")
        text = re.sub(r'<sup class="number">\d+</sup>|<span class="fix">.*?</ins></a></span>', "", html)
        assert printed in Page(text).texts("blockquote", "whole")


def test_words_of_the_lead_lead_to_what_they_support(client: FlaskClient) -> None:
    html = told(client, f"/ja{DOCUMENT}")
    assert re.search(
        r'id="application-count" href="/ja/call/2024-2#statement-applicationCount"[^>]*>15団体</a>', html
    )
    assert f'href="/ja{DOCUMENT}/contradiction/fiscal-year"><ins>令和6年度</ins>' in html


# --- what all have ----------------------------------------------------------------------------------

KINDS = [
    "project/2024-2-10",
    "consortium/2024-2-10",
    "municipality/016331",
    "municipality/011011",
    "prefecture/010006",
    "theme/survey-and-pilot",
    "theme/two-region-living",
    "call/2024-2",
    "call/2024-2/decision",
    "programme/leading-projects",
    "organization/2000012100001",
    f"document/{SOURCE_ID}",
    f"document/{SOURCE_ID}/row/10",
]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_a_page_of_its_own_kind(client: FlaskClient, name: str, language: str) -> None:
    response = client.get(f"/{language}/{name}.html")
    html = response.text
    assert len(response.data) < MOST_BYTES
    assert html.count("<h1") == 1
    assert re.search(rf'<nav class="trail" aria-label="[^"]+">\s*<ol>\s*<li><a href="/{language}/">', html)
    assert 'aria-current="page"' in html
    for extension in ("ttl", "jsonld", "nt", "rdf"):
        assert f'href="/{name}.{extension}"' in html[html.index('<section class="data"') :]
    levels = [int(each) for each in re.findall(r"<h([1-6])", html)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_other_things_keep_the_general_page(client: FlaskClient) -> None:
    for name in ("dataset", f"{DOCUMENT[1:]}/row/10/correction/name-5", "linkset/estat"):
        html = client.get(f"/ja/{name}.html").text
        assert '<details class="statements">' not in html
        assert 'class="properties"' in html


def test_pages_are_kept_within_their_room() -> None:
    kept = Rendered(most_characters=10)
    assert kept.get("a", lambda: "12345") == "12345"
    assert kept.get("a", lambda: "other") == "12345"
    assert kept.get("b", lambda: "12345") == "12345"
    assert kept.get("a", lambda: "other") == "12345"
    assert kept.get("c", lambda: "123") == "123"
    assert kept.get("b", lambda: "again") == "again", "the least used went"
    assert kept.get("d", lambda: "12345678901") == "12345678901"
    assert kept.get("d", lambda: "anew") == "anew", "larger than the room"
    assert kept.characters <= 10


# --- somebody's data ----------------------------------------------------------------------------------

HOSTILE = '"><script>alert(1)</script>'
PREFIXES = f"""
@base <https://example.org/> .
@prefix : <https://example.org/ontology#> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TURTLE = (
    PREFIXES
    + r"""
<project/1> a :Project ; rdfs:label "H"@ja ; :summary "H"@ja , "H"@en ; :unofficialTranslation "H"@en ;
  :area <municipality/1> , "H" ; :theme <theme/H> , <javascript:alert(1)> ; :applicant <consortium/1> ; :row <document/1/row/1> ;
  :call <call/1> ; :decision <call/1/decision> .
<project/1#statement-summary> a :Statement ; rdf:subject <project/1> ; rdf:predicate :summary ; rdf:object "H"@ja ;
  :quotation <document/1/row/1#summary> .
<document/1/row/1/theme/x> a :ThemeAssignment ; :row <document/1/row/1> ; rdf:subject <project/1> ;
  rdf:predicate :theme ; rdf:object <theme/H> ; :quotation <document/1/row/1/theme/x#phrase> .
<document/1/row/1/theme/x#phrase> a :Quotation ; :text "script" ; :field "summary" ; :start 5 ; :end 99 ; :row <document/1/row/1> .
<document/1/row/1#summary> a :Quotation ; :text "H" ; :field "summary" ; :start "soon" ; :end "later" ; :row <document/1/row/1> .
<document/1/row/1#name-1> a :Quotation ; :text "H" ; :field "name-1" ; :start 0 ; :end 27 ; :row <document/1/row/1> .
<document/1/row/1> a :SourceRow ; :document <document/1> ; :number "H" ; :text "H" ; :start 0 ; rdfs:label "H" .
<document/1/row/1/correction/name-1> a :Correction ; :row <document/1/row/1> ; :field "name-1" ; :printed "H" ; :right "H" ;
  :reason "H"@ja ; :evidence <javascript:alert(1)> ; :quotation <document/1/row/1#name-1> .
<document/1> a :SourceDocument ; rdfs:label "H"@ja ; :text "H" ; :published "H" ; rdfs:seeAlso <javascript:alert(1)> .
<document/1#title> a :Quotation ; :text "H" ; :field "title" ; :start 0 ; :end 27 ; :document <document/1> .
<document/1/contradiction/x> a :Contradiction ; :document <document/1> ; :field "title" ; :printed "H" , "I" ; :right "H" ; :reason "H" .
<municipality/1> a :Municipality ; rdfs:label "H"@ja , "H"@ja-Hrkt , "H"@en ; :localGovernmentCode "H" ; :kind "H" ; :website <javascript:alert(1)> ;
  skos:exactMatch <javascript:alert(1)> , <https://example.com/'onmouseover='x> ; :latitude 35 ; :longitude 135 ; dcterms:isPartOf <municipality/1> .
<consortium/1> a :Consortium ; rdfs:label "H"@ja ; :row <document/1/row/1> .
<theme/H> a skos:Concept ; skos:prefLabel "H"@ja ; skos:definition "H"@ja , "H"@en ; skos:broader <theme/H> ; skos:exactMatch <javascript:alert(1)> .
<call/1> a :Call ; rdfs:label "H"@ja ; :fiscalYear "H" ; :applicationOpens "2025-99-99"^^xsd:date ; :round "H" ; :programme <programme/1> .
<call/1/decision> a :GrantDecision ; :announced "H" ; :call <call/1> .
<programme/1> a :Programme ; rdfs:label "H" ; dcterms:description "H"@ja ; :agency <organization/1> .
<organization/1> a :Agency ; :corporateNumber "H" .
<nothing/project> a :Project . <nothing/area> a :Municipality . <nothing/call> a :Call . <nothing/row> a :SourceRow .
<nothing/document> a :SourceDocument . <nothing/consortium> a :Consortium . <nothing/programme> a :Programme .
<nothing/decision> a :GrantDecision . <nothing/organization> a :Agency . <theme/nothing> a skos:Concept .
""".replace("<theme/H>", "<theme/x>").replace('"H"', '"\\"><script>alert(1)</script>"')
)


def serve(folder: Path, turtle: str) -> Client:
    data = folder / "data.ttl"
    data.write_text(turtle, encoding="utf-8")
    release = write_adhoc_release([data], folder / "release", base="https://example.org/")
    site = open_site(Settings(dist=release))
    app = create_app(site, site.store.evaluate)
    app.testing = True
    return Client(app)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return serve(tmp_path_factory.mktemp("hostile"), TURTLE)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "name",
    [
        *(
            "project/1",
            "document/1",
            "document/1/row/1",
            "municipality/1",
            "consortium/1",
            "theme/x",
            "call/1",
        ),
        *("call/1/decision", "programme/1", "organization/1", "theme/nothing"),
        *(f"nothing/{each}" for each in ("project", "area", "call", "row", "document", "consortium")),
        *(f"nothing/{each}" for each in ("programme", "decision", "organization")),
    ],
)
def test_hostile_words_are_words(hostile: Client, name: str, language: str) -> None:
    """Nothing that data say runs, leads to a script, or breaks the page."""
    html = hostile.get(f"/{language}/{name}.html").text
    assert '<details class="statements">' in html
    assert "<script>alert" not in html
    assert 'href="javascript:' not in html
    assert not re.search(r"<[^>]*\son\w+=", html)
    if not name.startswith("nothing") and name != "theme/nothing":
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    Page(html)


def test_a_theme_of_a_hundred_thousand_is_cut(tmp_path: Path) -> None:
    """Scaled down: more projects than are told, and more links than are read."""
    many = 1200
    turtle = PREFIXES + '<theme/x> a skos:Concept ; skos:prefLabel "多い"@ja .\n'
    turtle += "".join(
        f'<project/{n:06}> a :Project ; rdfs:label "取組{n}"@ja ; :theme <theme/x> .\n' for n in range(many)
    )
    client = serve(tmp_path, turtle)
    response = client.get("/ja/theme/x.html")
    assert len(response.data) < MOST_BYTES
    part = response.text.split('<details class="statements">')
    assert part[0].count('<li>\n  <h3><a href="/ja/project/') == MOST_CARDS
    assert f"{many:,}件のうち、最初の{MOST_CARDS}件です。" in part[0]
    assert part[1].count('href="/ja/project/') == BRIEF_LINKS
    assert f"のうち、{BRIEF_LINKS}件です。" in part[1]


def test_a_long_document_is_turned_like_pages(tmp_path: Path) -> None:
    turtle = PREFIXES + '<document/1> a :SourceDocument ; rdfs:label "長い"@ja .\n'
    turtle += "".join(
        f'<document/1/row/{n}> a :SourceRow ; :document <document/1> ; :number {n} ; :text "行{n}" ; :start {n} .\n'
        for n in range(1, 101)
    )
    client = serve(tmp_path, turtle)
    first = client.get("/ja/document/1.html").text
    assert re.findall(r'<tr class="quoted" id="row-(\d+)">', first) == [str(n) for n in range(1, 31)]
    assert 'rel="next" href="/ja/document/1.html?from=31"' in first
    last = client.get("/ja/document/1.html?from=91").text
    assert re.findall(r'<tr class="quoted" id="row-(\d+)">', last) == [str(n) for n in range(91, 101)]
    assert 'rel="prev" href="/ja/document/1.html?from=61"' in last
    for asked in ("0", "-1", "101", "x", "１", "9" * 5000, "<script>"):
        answer = client.get("/ja/document/1.html", query_string={"from": asked})
        assert answer.status_code == 200
        assert 'id="row-1"' in answer.text


def test_a_long_document_counts_all_its_misprints_on_every_piece(tmp_path: Path) -> None:
    turtle = PREFIXES + '<document/1> a :SourceDocument ; rdfs:label "長い"@ja .\n'
    turtle += "".join(
        f'<document/1/row/{n}> a :SourceRow ; :document <document/1> ; :number {n} ; :text "行{n}" ; :start {n} .\n'
        for n in range(1, 41)
    )
    correction = 'a :Correction ; :field "name-1" ; :printed "行" ; :right "列" ; '
    turtle += "".join(f"<k{n}> {correction} :row <document/1/row/{n}> .\n" for n in (1, 2, 31, 40))
    turtle += f"<k> {correction} :document <document/1> .\n"
    turtle += "".join(f'<x{n}> a :Exclusion ; :field "row" ; :row <document/1/row/{n}> .\n' for n in (3, 39))
    client = serve(tmp_path, turtle)
    for piece in ("", "?from=31"):
        assert "誤植5件、除外した行2件" in client.get(f"/ja/document/1.html{piece}").text


def test_the_projects_of_an_area_are_the_list_that_it_leads_to(tmp_path: Path) -> None:
    """Of the city with its wards, not of the prefecture."""
    many = MOST_CARDS + 5
    turtle = (
        PREFIXES
        + """
<prefecture/010006> a :Prefecture ; :localGovernmentCode "010006" ; rdfs:label "道"@ja .
<municipality/011002> a :Municipality ; :localGovernmentCode "011002" ; rdfs:label "市"@ja ; dcterms:isPartOf <prefecture/010006> .
<municipality/011011> a :Ward ; :localGovernmentCode "011011" ; rdfs:label "区"@ja ; dcterms:isPartOf <municipality/011002> .
<municipality/016331> a :Municipality ; :localGovernmentCode "016331" ; rdfs:label "町"@ja ; dcterms:isPartOf <prefecture/010006> .
<theme/x> a skos:Concept ; skos:prefLabel "題"@ja . <project/t> a :Project ; :area <municipality/016331> ; :theme <theme/x> .
"""
    )
    turtle += "".join(
        f"<project/{n}> a :Project ; :area <municipality/{'011011' if n % 2 else '011002'}> ; :theme <theme/x> .\n"
        for n in range(many)
    )
    client = serve(tmp_path, turtle)
    for name, total in (("prefecture/010006", many + 1), ("municipality/011002", many)):
        part = told(client, f"/ja/{name}")
        facet, code = name.split("/")
        assert f'<a href="/ja/projects?{facet}={code}">すべての一覧</a>' in part
        assert (
            f'<a href="/ja/projects?theme=x&amp;{facet}={code}">題</a> <span class="code">{total}</span>'
            in part
        )
        for query in (f"{facet}={code}", f"theme=x&{facet}={code}"):
            page = client.get(f"/ja/projects?{query}", headers={"Accept": "text/html"}).text
            assert f'<strong class="figure">{total}</strong>' in page


def test_a_consortium_leads_to_no_list_of_others(tmp_path: Path) -> None:
    turtle = PREFIXES + '<consortium/1> a :Consortium ; rdfs:label "会"@ja . <project/other> a :Project .\n'
    turtle += "".join(
        f"<project/{n}> a :Project ; :applicant <consortium/1> .\n" for n in range(MOST_CARDS + 5)
    )
    part = told(serve(tmp_path, turtle), "/ja/consortium/1")
    assert "のうち、最初の" in part
    assert "/ja/projects" not in part


@pytest.mark.parametrize(
    ("name", "linksets"),
    [
        ("municipality/016331", {"estat", "dbpedia-ja"}),
        ("municipality/011011", {"estat"}),
        ("prefecture/010006", {"estat", "wikidata", "geonames"}),
    ],
)
def test_what_is_said_of_an_area_has_its_source(client: FlaskClient, name: str, linksets: set[str]) -> None:
    page = told(client, f"/ja/{name}")
    sources = Page(page[page.index('id="s-area"') :]).links("source")
    assert {href for href, _ in sources} == {"/ja/register", *(f"/ja/linkset/{each}" for each in linksets)}
    assert "都道府県・市区町村の登録簿" in dict(sources)["/ja/register"]
    for href, _ in sources:
        assert client.get(f"{href}.html").status_code == 200


def test_files_have_no_language(client: FlaskClient) -> None:
    """What a page links to by its IRI is a page in the same language, or else a file."""
    html = client.get("/ja/dataset.html").text
    assert 'href="/dumps/nichiiki.ttl"' in html
    assert 'href="/ja/dumps/nichiiki.ttl"' not in html
    assert 'href="/ja/ontology#' in html
