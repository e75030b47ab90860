"""The page of corrections and its feed: every misprint, what is right, why, and where it stands."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from conftest import ROOT, SOURCE_ID, Client
from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.lists.corrections import anchor_of, differences
from nichiiki_ld.web.site import open_site

BASE = "https://w3id.org/nichiiki/"
HTML = {"Accept": "text/html"}
ATOM = "{http://www.w3.org/2005/Atom}"

_TEXT = (ROOT / "data/sources" / SOURCE_ID / "decisions.csv").read_text(encoding="utf-8")
DECISIONS = list(csv.DictReader(io.StringIO(_TEXT, newline="")))
MISPRINTS = [each for each in DECISIONS if each["row"] != "lead"]
CONTRADICTIONS = [each for each in DECISIONS if each["row"] == "lead"]


def text_of(fragment: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", fragment))


def articles(page: str) -> dict[str, str]:
    """Return each correction's part of the page by its anchor."""
    return dict(re.findall(r'<article class="misprint" id="([^"]*)"(.*?)</article>', page, re.DOTALL))


def anchor(decision: dict[str, str]) -> str:
    return f"{SOURCE_ID}-row-{decision['row']}-{decision['field']}"


def test_there_are_decisions() -> None:
    assert (len(MISPRINTS), len(CONTRADICTIONS)) == (8, 1)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("decision", MISPRINTS, ids=anchor)
def test_every_misprint_is_told(client: FlaskClient, decision: dict[str, str], language: str) -> None:
    page = client.get(f"/{language}/corrections", headers=HTML).text
    article = articles(page)[anchor(decision)]
    printed, right = re.findall(r"<(?:del|ins)[^>]*>(.*?)</(?:del|ins)>", article, re.DOTALL)
    assert (text_of(printed), text_of(right)) == (decision["printed"], decision["value"])
    assert "<del" in article.partition("<ins")[0]
    reason = decision["reason" if language == "ja" else "reason_en"]
    assert reason in text_of(article)
    for each in decision["evidence"].split():
        href = each if each.startswith("http") else f"/{language}/{each}"
        assert f'href="{html.escape(href)}"' in article
    assert f'datetime="{decision["date"]}"' in article
    assert decision["reviewer"] in article
    marked = re.search(r"<blockquote.*?>(.*?)</blockquote>", article, re.DOTALL)
    assert marked
    assert re.findall(r'<mark class="wrong">(.*?)</mark>', marked[1]) == [decision["printed"]]
    row = f"document/{SOURCE_ID}/row/{decision['row']}"
    assert f'href="/{language}/{row}#{decision["field"]}"' in article
    assert f'href="/{language}/document/{SOURCE_ID}.html#row-{decision["row"]}"' in article
    assert f'href="/{language}/{row}/correction/{decision["field"]}"' in article


@pytest.mark.parametrize("decision", MISPRINTS, ids=anchor)
def test_its_links_lead_to_the_place(client: FlaskClient, decision: dict[str, str]) -> None:
    document = client.get(f"/ja/document/{SOURCE_ID}.html", headers=HTML).text
    assert f'id="row-{decision["row"]}"' in document
    row = client.get(f"/ja/document/{SOURCE_ID}/row/{decision['row']}.html", headers=HTML).text
    assert f'id="{decision["field"]}"' in row


def test_they_stand_in_the_order_of_the_document(client: FlaskClient) -> None:
    page = client.get("/ja/corrections", headers=HTML).text
    expected = [
        ("3", "reading-1"), ("7", "reading-1"), ("9", "reading-1"), ("10", "reading-3"),
        ("10", "reading-4"), ("10", "name-4"), ("10", "name-5"), ("14", "reading-1"),
    ]  # fmt: skip
    assert [*articles(page)][:8] == [f"{SOURCE_ID}-row-{row}-{field}" for row, field in expected]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_contradiction_is_told_below(client: FlaskClient, language: str) -> None:
    page = client.get(f"/{language}/corrections", headers=HTML).text
    assert len(articles(page)) == 9
    article = list(articles(page).values())[-1]
    (decision,) = CONTRADICTIONS
    found = [text_of(each) for each in re.findall(r"<del[^>]*>(.*?)</del>", article, re.DOTALL)]
    assert sorted(found) == sorted(decision["printed"].split("／"))
    assert f">{decision['value']}</ins>" in article
    assert decision["reason" if language == "ja" else "reason_en"] in text_of(article)
    filtered = client.get(f"/{language}/corrections?kind=name", headers=HTML).text
    assert len(articles(filtered)) == 2


def test_why_is_said_first(client: FlaskClient) -> None:
    page = client.get("/ja/corrections", headers=HTML).text
    assert re.search(r'<h1>原資料の誤植と訂正</h1>\s*<p class="lead">[^<]{40,}</p>', page)
    assert 'rel="alternate" type="application/atom+xml" href="/corrections.atom"' in page
    assert (
        'type="application/atom+xml" href="/corrections.atom?lang=en"'
        in client.get("/en/corrections", headers=HTML).text
    )


@pytest.mark.parametrize(
    ("printed", "right", "wrong_pieces", "right_pieces"),
    [
        ("北海道士幌町", "北海道上士幌町", [], ["上"]),
        ("わかやまけんちょう", "わかやまけんすさみちょう", [], ["すさみ"]),
        ("和歌山県さすみ町", "和歌山県すさみ町", ["す"], ["す"]),
        ("a", "b", ["a"], ["b"]),
        ("", "b", [], ["b"]),
    ],
)
def test_what_differs(printed: str, right: str, wrong_pieces: list[str], right_pieces: list[str]) -> None:
    wrong, corrected = differences(printed, right)
    assert "".join(piece.text for piece in wrong) == printed
    assert "".join(piece.text for piece in corrected) == right
    assert [piece.text for piece in wrong if piece.differs] == wrong_pieces
    assert [piece.text for piece in corrected if piece.differs] == right_pieces


def test_anchors_are_of_one_correction() -> None:
    names = [f"document/d/row/{row}/correction/{field}" for row in (1, 11) for field in ("name-1", "1-name")]
    assert len({anchor_of(each) for each in names}) == 4


# --- the feed ------------------------------------------------------------------------------


def feed_of(client: FlaskClient, query: str = "") -> ET.Element:
    response = client.get(f"/corrections.atom{query}")
    assert response.status_code == 200
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.data)


def one(element: ET.Element, name: str) -> str:
    (found,) = element.findall(f"{ATOM}{name}")
    assert found.text
    return found.text


@pytest.mark.parametrize(("query", "language"), [("", "ja"), ("?lang=en", "en")])
def test_the_feed_has_every_correction(client: FlaskClient, query: str, language: str) -> None:
    feed = feed_of(client, query)
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    entries = feed.findall(f"{ATOM}entry")
    by_id = {one(entry, "id"): entry for entry in entries}
    assert len(by_id) == len(entries) == 8
    for decision in MISPRINTS:
        name = f"document/{SOURCE_ID}/row/{decision['row']}/correction/{decision['field']}"
        entry = by_id[f"{BASE}{name}"]
        assert one(entry, "title") == f"{decision['printed']} → {decision['value']}"
        assert one(entry, "updated") == f"{decision['date']}T00:00:00+09:00"
        assert decision["reason" if language == "ja" else "reason_en"] in one(entry, "content")
        links = {each.get("rel"): each.get("href") for each in entry.findall(f"{ATOM}link")}
        assert links["alternate"] == f"http://localhost/{language}/corrections#{anchor(decision)}"
        assert f'id="{anchor(decision)}"' in client.get(f"/{language}/corrections", headers=HTML).text


def test_the_feed_says_what_it_is(client: FlaskClient) -> None:
    """RFC 4287, section 4.1.1: one id, title and updated; an author; a link to itself."""
    feed = feed_of(client)
    assert one(feed, "id") == f"{BASE}corrections.atom"
    assert one(feed, "title") == "原資料の誤植と訂正"
    assert one(feed, "updated") == max(one(each, "updated") for each in feed.findall(f"{ATOM}entry"))
    links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
    assert links["self"] == "http://localhost/corrections.atom"
    assert links["alternate"] == "http://localhost/ja/corrections"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None


def test_the_feed_can_be_filtered(client: FlaskClient) -> None:
    feed = feed_of(client, "?kind=name")
    assert len(feed.findall(f"{ATOM}entry")) == 2
    assert one(feed, "id") == f"{BASE}corrections.atom?kind=name"
    for wrong, said in (("?kind=x", "'x' of 'kind'"), ("?lang=fr", "'fr' of 'lang'")):
        answer = client.get(f"/corrections.atom{wrong}", headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert said in answer.get_json()["detail"]
        assert "/corrections" in answer.get_json()["hint"]


OUTSIDE = """
@prefix n: <http://data.example/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<project/1> a n:Project . <document/d> a n:SourceDocument ; rdfs:label "交付先一覧"@ja .
<document/d/correction/decision-count-1> a n:Correction ; n:document <document/d> ; n:field "decision-count-1" ;
  n:printed "4件" ; n:right "3件" ; n:decided "2026-04-01" ; n:quotation <document/d#decision-count-1> .
<document/d#decision-count-1> a n:Quotation ; n:document <document/d> ; n:text "4件" ; n:start 40 ; n:end 42 .
"""


def test_a_misprint_outside_the_table_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(OUTSIDE, encoding="utf-8")
    folder = write_adhoc_release([tmp_path / "a.ttl"], tmp_path / "release", base="http://data.example/")
    site = open_site(Settings(dist=folder))
    client = Client(create_app(site, site.store.evaluate))
    (entry,) = feed_of(client).findall(f"{ATOM}entry")
    links = {each.get("rel"): each.get("href") for each in entry.findall(f"{ATOM}link")}
    assert links["related"] == "http://localhost/document/d#decision-count-1"
    assert "所在: 交付先一覧" in one(entry, "content").splitlines()
    (article,) = articles(client.get("/ja/corrections", headers=HTML).text).values()
    assert 'href="/ja/document/d#decision-count-1"' in article
    (feature,) = json.loads(client.get("/corrections.geojson").text)["features"]
    assert feature["geometry"] is None, "it is of no row, so of no project"


def test_what_xml_cannot_carry_is_replaced() -> None:
    from nichiiki_ld.web.lists.feed import _NOT_IN_XML  # noqa: PLC0415 - only here

    assert _NOT_IN_XML.sub("?", "a\u0001\ufffe\ud800z\t\U0001f600") == "a???z\t\U0001f600"
