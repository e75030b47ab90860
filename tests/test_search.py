"""Search: what people type, what it finds, and what nobody should type."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from conftest import Client
from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.dumps import dump_path
from nichiiki_ld.errors import ReleaseError
from nichiiki_ld.formats import N_TRIPLES
from nichiiki_ld.model import AreaKind
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.repository import Repository
from nichiiki_ld.search.entries import Kind
from nichiiki_ld.search.folding import fold, key_of, marked, phrase, terms
from nichiiki_ld.search.request import MOST_CHARACTERS, MOST_WORDS, read_request
from nichiiki_ld.search_index import FILE_NAME, SearchIndex, write_search_index
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.site import Site, open_site

KITAMI = "municipality/012084"


@pytest.fixture(scope="module")
def index(release_folder: Path) -> SearchIndex:
    return SearchIndex(release_folder)


def found(index: SearchIndex, typed: str, kind: Kind | None = None) -> list[str]:
    """Return the names of what is found, the best first."""
    names = []
    for each in index.find(read_request(typed), kind=kind):
        names += [iri.partition("/nichiiki/")[2] for iri in index.iris(each.ids)]
    return names


# --- what people type ------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("北見", id="two characters"),
        pytest.param("北見市", id="name"),
        pytest.param("北海道北見市", id="with its prefecture"),
        pytest.param("北海道 北見", id="prefecture and city"),
        pytest.param("北見　北海道", id="full-width space, the other way round"),
        pytest.param("きたみ", id="reading without its end"),
        pytest.param("きたみし", id="reading"),
        pytest.param("ほっかいどうきたみし", id="whole reading"),
        pytest.param("キタミ", id="katakana"),
        pytest.param("ｷﾀﾐｼ", id="half-width kana"),
        pytest.param("kitami", id="Latin letters"),
        pytest.param("KITAMI", id="capitals"),
        pytest.param("ｋｉｔａｍｉ", id="full-width letters"),
        pytest.param("Kitami City", id="English name"),
        pytest.param("kitami-shi", id="romanized name"),
        pytest.param("kitamishi", id="romanized name in one"),
        pytest.param("Kitami Hokkaido", id="English, with the prefecture"),
        pytest.param("012084", id="code"),
        pytest.param("01208", id="code without check digit"),
        pytest.param("12084", id="code as a spreadsheet leaves it"),
        pytest.param("０１２０８４", id="full-width digits"),
        pytest.param("7000020012084", id="corporate number"),
        pytest.param("https://w3id.org/nichiiki/municipality/012084", id="IRI"),
        pytest.param("  北見市！ ", id="signs around it"),
    ],
)
def test_a_city_is_found_first_however_it_is_written(index: SearchIndex, typed: str) -> None:
    assert found(index, typed, Kind.AREAS)[0] == KITAMI


def test_every_area_is_found_by_name_reading_and_code(index: SearchIndex, repository: Repository) -> None:
    """What is typed in full comes before everything that only begins so, or has it in it."""
    gazetteer = Gazetteer(repository.register())
    areas = list(gazetteer)
    assert len(areas) > 1900
    for area in areas[::7]:
        folder = "prefecture" if area.kind is AreaKind.PREFECTURE else "municipality"
        own = f"{folder}/{area.code}"
        for typed in (area.name, area.reading):
            alike = sum(typed in (other.name, other.reading) for other in areas)
            assert own in found(index, typed, Kind.AREAS)[: alike + 20], typed
        assert found(index, area.code, Kind.AREAS)[0] == own
        assert own in found(index, gazetteer.full_name(area.code), Kind.AREAS)[:2]


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        pytest.param("空き家", Kind.THEMES, ["theme/vacant-houses"], id="theme by its beginning"),
        pytest.param(
            "空き家",
            Kind.PROJECTS,
            ["project/2024-2-01", "project/2024-2-12", "project/2024-2-13"],
            id="projects by summary or theme",
        ),
        pytest.param("vacant houses", Kind.THEMES, ["theme/vacant-houses"], id="theme in English"),
        pytest.param("テレワーク", Kind.THEMES, ["theme/telework"], id="theme"),
        pytest.param("ﾃﾚﾜｰｸ", Kind.THEMES, ["theme/telework"], id="half-width long vowel"),
        pytest.param("上士幌", Kind.PROJECTS, ["project/2024-2-10"], id="project by its area"),
        pytest.param("kamishihoro", Kind.PROJECTS, ["project/2024-2-10"], id="likewise in Latin letters"),
        pytest.param(
            "香川県 マイレージ", Kind.PROJECTS, ["project/2024-2-10"], id="by prefecture and summary"
        ),
        pytest.param("サステナブル", Kind.CONSORTIA, ["consortium/2024-2-10"], id="applicant"),
        pytest.param("airline miles", Kind.PROJECTS, ["project/2024-2-10"], id="translated summary"),
        pytest.param("2024-2-10", Kind.PROJECTS, ["project/2024-2-10"], id="number of a project"),
        pytest.param(
            "さすみ",
            Kind.DOCUMENTS,
            ["document/2025-07-01-mlit/row/10/correction/name-4", "document/2025-07-01-mlit/row/10"],
            id="misprint",
        ),
        pytest.param("localGovernmentCode", Kind.TERMS, ["ontology#localGovernmentCode"], id="term"),
        pytest.param("龍ケ崎", Kind.AREAS, ["municipality/082082"], id="龍ケ"),
        pytest.param("竜ヶ崎", Kind.AREAS, ["municipality/082082"], id="竜ヶ"),
    ],
)
def test_what_is_found(index: SearchIndex, typed: str, kind: Kind, expected: list[str]) -> None:
    assert found(index, typed, kind) == expected


@pytest.mark.parametrize("typed", ["Chūō", "chuo", "chuou", "chuuou", "ちゅうおう", "チュウオウ"])
def test_long_vowels_may_be_written_in_any_way(index: SearchIndex, typed: str) -> None:
    names = found(index, typed, Kind.AREAS)
    assert {"municipality/131024", "municipality/011011"} <= set(names)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("sammu", "municipality/122378", id="before m"),
        pytest.param("Sanmu", "municipality/122378", id="as the register has it"),
        pytest.param("gumma", "prefecture/100005", id="a prefecture"),
        pytest.param("Nammoku", "municipality/103837", id="a village"),
        pytest.param("gumma nammoku", "municipality/103837", id="in each word"),
        pytest.param("tamba", "municipality/282235", id="before b"),
        pytest.param("ampachi", "municipality/213837", id="before p"),
    ],
)
def test_n_may_be_written_m(index: SearchIndex, typed: str, expected: str) -> None:
    assert expected in found(index, typed, Kind.AREAS)


@pytest.mark.parametrize("page", ["0" * 8 + "1" * 5000, "9" * 5000, "-1", "x"])
def test_a_page_that_is_no_number_is_the_first(client: FlaskClient, page: str) -> None:
    answer = client.get("/ja/search", query_string={"q": "北見", "kind": "areas", "page": page})
    assert answer.status_code == 200


def test_what_the_release_names_comes_before_its_namesakes(index: SearchIndex) -> None:
    """Projects name 北海道 and two of its municipalities; the register has two hundred."""
    names = found(index, "Hokkaido", Kind.AREAS)
    assert names[0] == "prefecture/010006"
    assert set(names[1:3]) == {"municipality/012084", "municipality/016331"}
    assert len(names) > 180


def test_kinds_with_a_whole_name_come_first(index: SearchIndex) -> None:
    assert next(each.kind for each in index.find(read_request("北見"))) is Kind.AREAS
    assert next(each.kind for each in index.find(read_request("テレワーク"))) is Kind.THEMES


def test_all_words_must_be_there(index: SearchIndex) -> None:
    assert found(index, "空き家 マイレージ") == []
    assert "project/2024-2-10" in found(index, "マイレージ")


def test_a_word_does_not_go_from_one_text_to_the_next(index: SearchIndex) -> None:
    """北見市 ends with 市, and the reading begins with き."""
    assert KITAMI not in found(index, "市き", Kind.AREAS)


def test_a_search_is_cut_and_says_so(index: SearchIndex) -> None:
    areas = index.find(read_request("市"), kind=Kind.AREAS, most=10)
    assert [(len(each), each.is_cut) for each in areas] == [(10, True)]
    everything = index.find(read_request("市"), kind=Kind.AREAS)
    assert [each.is_cut for each in everything] == [False]


def test_the_nearest_is_a_suggestion(index: SearchIndex) -> None:
    assert found(index, "きたみん") == []
    nearest = index.nearest(read_request("きたみん"), 5)
    assert nearest[0].endswith(KITAMI)
    assert index.nearest(read_request("kitamii"), 5)[0].endswith(KITAMI)


# --- words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＫＩＴＡＭＩ", "kitami"),
        ("ｷﾀﾐ", "きたみ"),
        ("ガ", "が"),
        ("ｶﾞ", "が"),
        ("か\u3099", "が"),
        ("Ōsaka", "osaka"),
        ("茅ヶ崎", "茅け崎"),
        ("葛\U000e0100城", "葛城"),
        ("テレ\u200bワーク", "てれわーく"),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert fold(text) == plain


def test_terms_of_a_text() -> None:
    assert terms("北見市2地域 Long-stay") == ["北見", "見市", "市", "2", "地域", "域", "long", "stay"]
    assert key_of(" Kitami-City ") == "kitamicity"
    assert phrase(fold("見市2地")) == (["見市", "市", "2", "地"], True)


@given(st.text(), st.text(min_size=1), st.text())
def test_any_part_of_a_japanese_run_is_a_phrase_of_it(before: str, part: str, after: str) -> None:
    """What stands in a text is found in it, from the beginning of a word or anywhere in Japanese."""
    words = fold(part).split()
    indexed = terms(f"{before} {part} {after}")
    for word in words:
        wanted, begun = phrase(word)
        if not wanted:
            continue
        if wanted[0].isascii() or begun:
            # At the beginning of the whole part, nothing stands before it.
            assert any(term.startswith(wanted[-1]) for term in indexed)
        else:
            assert any(indexed[at : at + len(wanted)] == wanted for at in range(len(indexed)))


@given(st.text(alphabet=st.characters(codec="utf-8")), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_marks_change_no_text(text: str, words: list[str]) -> None:
    assert "".join(piece for piece, _ in marked(text, [fold(word) for word in words])) == text


@pytest.mark.parametrize(
    ("text", "typed", "hits"),
    [
        ("北見市二地域ライフ", "らいふ", ["ライフ"]),
        ("ﾃﾚﾜｰｸﾌﾟﾗﾝ", "ぷらん", ["ﾌﾟﾗﾝ"]),
        ("Ōsaka and Kitami", "osaka", ["Ōsaka"]),
        ("Unkitami, Kitami", "kitami", ["Kitami"]),
        ("ΐ㌔", "き", ["㌔"]),
    ],
)
def test_what_is_marked(text: str, typed: str, hits: list[str]) -> None:
    assert [piece for piece, hit in marked(text, [fold(typed)]) if hit] == hits


# --- what nobody should type ---------------------------------------------------------

HOSTILE = [
    '"',
    '" OR name : "x',
    "a* AND b*",
    "NEAR(a b, 5)",
    "{name} : x",
    "'; DROP TABLE thing; --",
    "%_%",
    "\x00北見\x00",
    "\ud800北見",
    "\u202eimatik",
    "()",
    "-" * 300,
    "^北見",
    "北見*",
    "<script>alert(1)</script>",
    "💥",
    "e\u0301" * 150,
    "\ufdfa" * 200,
    "ｱ" * 100_000,
    " ".join(f"w{n}" for n in range(1000)),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_is_words(index: SearchIndex, client: FlaskClient, typed: str) -> None:
    index.find(read_request(typed))
    index.nearest(read_request(typed), 5)
    words = quote(typed[:5000].encode("utf-8", "surrogatepass"))
    for address in ("/search", "/en/search", "/search.json"):
        response = client.get(f"{address}?q={words}")
        assert response.status_code == 200
        assert "<script>alert" not in response.get_data(as_text=True) or address.endswith("json")


@given(st.text())
def test_any_text_can_be_looked_for(release_folder: Path, typed: str) -> None:
    SearchIndex(release_folder).find(read_request(typed), most=3)


def test_signs_around_a_word_mean_nothing(index: SearchIndex) -> None:
    for typed in ('"北見"', "^北見", "北見*", "(北見)", "\x00北見\ud800", "NEAR:北見"[5:]):
        assert found(index, typed, Kind.AREAS)[0] == KITAMI


def test_long_requests_are_cut() -> None:
    request = read_request("あ" * 1_000_000)
    assert len(request.text) == MOST_CHARACTERS
    assert request.is_cut
    assert len(read_request(" ".join(f"w{n}" for n in range(60))).words) == MOST_WORDS
    assert not read_request("北見 市").is_cut


# --- pages ---------------------------------------------------------------------------


class Marks(HTMLParser):
    """Collects what is marked, and the headings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.marks: list[str] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, _: object) -> None:
        self._open = tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "mark"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.marks.append(data)


def page(client: FlaskClient, language: str = "ja", **fields: str) -> str:
    response = client.get(f"/{language}/search?{urlencode(fields)}")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_the_page_marks_what_was_looked_for(client: FlaskClient) -> None:
    text = page(client, q="キタミ")
    assert "きたみ" in Marks(text).marks
    assert 'href="/ja/municipality/012084"' in text
    assert "北海道" in text
    assert set(Marks(page(client, q="空き家")).marks) == {"空き家"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_translation_is_called_one(client: FlaskClient, language: str) -> None:
    text = page(client, language, q="airline miles")
    assert "unofficial" in text
    assert "airline miles" in [mark.lower() for mark in Marks(text).marks] or "miles" in str(
        Marks(text).marks
    )


def test_one_kind_in_pieces(client: FlaskClient) -> None:
    first = page(client, q="市", kind="areas")
    assert first.count("<li>\n<h3>") == 20
    second = page(client, q="市", kind="areas", page="2")
    assert 'rel="prev"' in second
    assert 'start="21"' in second
    assert client.get("/search?q=北見&kind=areas&page=50").status_code == 404
    for other in ("0", "-1", "x", "1e9", "٣", "99999999999"):
        assert client.get(f"/search?{urlencode({'q': '市', 'page': other})}").status_code == 200


def test_nothing_found_is_said(client: FlaskClient) -> None:
    text = page(client, q="きたみん")
    assert "「きたみん」に当てはまるものはありません。" in text
    assert "もしかして" in text
    assert "北見市" in text
    words = page(client, q="北見 ほげほげほげ")
    assert "別の探し方" in words
    assert "/ja/search?q=%E5%8C%97%E8%A6%8B" in words
    sentence = page(client, q="北海道の空き家")
    assert f"/ja/search?{urlencode({'q': '北海道 空き家'})}" in sentence


def test_results_are_not_for_search_engines(client: FlaskClient) -> None:
    assert "noindex" in page(client, q="北見")
    assert "noindex" not in page(client)


def test_every_page_has_the_box(client: FlaskClient) -> None:
    for address in ("/ja/", "/en/projects", "/ja/municipality/012084.html", "/ja/search", "/ja/dumps/"):
        text = client.get(address).get_data(as_text=True)
        language = address.split("/")[1]
        assert f'role="search" action="/{language}/search"' in text
        assert f'href="/{language}/opensearch.xml"' in text


# --- for programs --------------------------------------------------------------------


def answer(client: FlaskClient, address: str, **fields: str) -> dict[str, Any]:
    response = client.get(f"{address}?{urlencode(fields)}")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    body: dict[str, Any] = json.loads(response.data)
    return body


def test_json(client: FlaskClient) -> None:
    body = answer(client, "/ja/search.json", q="ｷﾀﾐ")
    first = body["results"][0]
    assert first == {
        "kind": "areas",
        "kindLabel": "地域",
        "iri": "https://w3id.org/nichiiki/municipality/012084",
        "href": "/ja/municipality/012084",
        "label": "北見市",
        "language": "ja",
        "reading": "きたみし",
        "context": "北海道",
        "code": "012084",
        "snippet": "",
    }
    assert body["query"] == "キタミ" or body["query"] == "ｷﾀﾐ"
    assert not body["more"]
    english = answer(client, "/en/search.json", q="kitami")["results"][0]
    assert (english["label"], english["href"]) == ("Kitami City", "/en/municipality/012084")


def test_json_has_a_limit(client: FlaskClient) -> None:
    assert len(answer(client, "/search.json", q="市")["results"]) == 10
    assert len(answer(client, "/search.json", q="市", limit="3")["results"]) == 3
    assert len(answer(client, "/search.json", q="市", limit="100000")["results"]) == 50
    assert answer(client, "/search.json", q="市", limit="3")["more"]
    assert len(answer(client, "/search.json", q="市", limit="²")["results"]) == 10
    assert answer(client, "/search.json")["results"] == []
    assert {each["kind"] for each in answer(client, "/search.json", q="北", kind="themes")["results"]} <= {
        "themes"
    }


def test_json_of_a_whole_name_has_it_first(client: FlaskClient) -> None:
    labels = [each["label"] for each in answer(client, "/ja/search.json", q="テレワーク")["results"]]
    assert labels[0].startswith("テレワーク")


def test_opensearch(client: FlaskClient) -> None:
    response = client.get("/en/opensearch.xml", headers={"Host": "data.example"})
    root = ET.fromstring(response.data)
    addresses = [each.get("template") for each in root.iter("{http://a9.com/-/spec/opensearch/1.1/}Url")]
    assert addresses == [
        "http://data.example/en/search?q={searchTerms}",
        "http://data.example/en/search.json?q={searchTerms}",
    ]


# --- the index -----------------------------------------------------------------------


def test_two_indexes_are_the_same(release_folder: Path, site: Site, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    write_search_index(path, dump_path(release_folder, N_TRIPLES), site.base, tmp_path)
    assert path.read_bytes() == (release_folder / FILE_NAME).read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == [FILE_NAME]


def test_the_index_is_not_published(release_folder: Path, client: FlaskClient) -> None:
    assert FILE_NAME not in (release_folder / "SHA256SUMS").read_text(encoding="utf-8")
    assert client.get(f"/dumps/{FILE_NAME}").status_code == 404


def test_a_release_without_a_whole_index_is_none(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no such index"):
        SearchIndex(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(ReleaseError, match="cannot be used"):
        SearchIndex(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    sqlite3.connect(tmp_path / FILE_NAME).close()
    with pytest.raises(ReleaseError, match="layout 0"):
        SearchIndex(tmp_path)


# --- anybody's data ------------------------------------------------------------------

FOREIGN = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix schema: <http://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<a> foaf:name "Ada Lovelace" ; rdfs:comment "wrote the first programme" .
<b> schema:name "東京の図書館"@ja . <c> dcterms:title "Notes"@en . <d> skos:prefLabel "概念"@ja .
<e#part> rdfs:label "a part with a name" . <f#part> rdfs:comment "a part without" .
<g> <http://example.org/p> "no name, only a text" ; dcterms:isPartOf <g> .
<http://elsewhere.example/x> rdfs:label "elsewhere" .
_:b rdfs:label "nobody" .
<a%20b'"> rdfs:label "\\u202e<b>\\u0000" .
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("foreign")
    data = folder / "data.ttl"
    data.write_text(FOREIGN.replace("<a%20b'\"> rdfs:label", "<a%20b'> rdfs:label"), encoding="utf-8")
    release = write_adhoc_release([data], folder / "release", base="http://data.example/")
    site = open_site(Settings(dist=release))
    app = create_app(site, site.store.evaluate)
    app.test_client_class = Client
    return app


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("lovelace", ["a"]),
        ("ada", ["a"]),
        ("first programme", ["a"]),
        ("図書", ["b"]),
        ("notes", ["c"]),
        ("概念", ["d"]),
        ("part with", ["e#part"]),
        ("without", []),
        ("only a text", ["g"]),
        ("elsewhere", []),
        ("nobody", []),
    ],
)
def test_anybodys_data_can_be_searched(foreign: Flask, typed: str, names: list[str]) -> None:
    client = foreign.test_client()
    results = answer(client, "/search.json", q=typed)["results"]
    assert [each["iri"] for each in results] == [f"http://data.example/{name}" for name in names]
    assert client.get(f"/ja/search?{urlencode({'q': typed})}").status_code == 200


def test_words_of_the_data_are_words(foreign: Flask) -> None:
    text = foreign.test_client().get("/ja/search?q=b").get_data(as_text=True)
    assert "<b>" not in text
    assert unicodedata.normalize("NFC", text) == text
