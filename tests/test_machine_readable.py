"""What programs read of the pages: JSON-LD, the head, signposts, sitemap and the documents at known addresses."""

from __future__ import annotations

import importlib.util
import json
import re
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Triple

from conftest import ROOT, Client
from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.catalog import Facts
from nichiiki_ld.formats import DUMPS, Kind, of_kind
from nichiiki_ld.namespaces import RDF_TYPE, RDFS_LABEL, SCHEMA, SKOS
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app, discovery
from nichiiki_ld.web.meta import MOST_CHARACTERS
from nichiiki_ld.web.signposting import MOST_HEADER_BYTES, Signpost, in_header
from nichiiki_ld.web.site import Site, open_site
from nichiiki_ld.web.structured_data import Known, embedded

BASE = "https://w3id.org/nichiiki/"
PROJECT = "project/2024-2-10"
TOWN = "municipality/016331"
HTML = {"Accept": "text/html"}

TYPED = {
    PROJECT: "Project",
    TOWN: "AdministrativeArea",
    "municipality/011011": "AdministrativeArea",
    "prefecture/010006": "AdministrativeArea",
    "consortium/2024-2-10": "Organization",
    "organization/2000012100001": "GovernmentOrganization",
    "programme/leading-projects": "GovernmentService",
    "call/2024-2/decision": "Grant",
    "document/2025-07-01-mlit": "DigitalDocument",
    "theme/telework": "DefinedTerm",
    "theme": "DefinedTermSet",
    "dataset": "Dataset",
    "dataset/1.0.0": "Dataset",
}
UNTYPED = ["call/2024-2", "document/2025-07-01-mlit/row/10", "ontology", "linkset/wikidata"]


class Page(HTMLParser):
    """The head of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: list[dict[str, str]] = []
        self.title = ""
        self.data: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and "content" in given:
            self.meta[given.get("property") or given.get("name", "")] = given["content"]
        elif tag == "link":
            self.links.append(given)
        elif tag == "script" and given.get("type") == "application/ld+json":
            self.data.append("")
            self._inside = "data"
        elif tag == "title" and not self.title:
            self._inside = "title"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "title"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data[-1] += data
        elif self._inside == "title":
            self.title += data

    def graph(self) -> list[dict[str, Any]]:
        (text,) = self.data
        document = json.loads(text)
        assert document["@context"] == "https://schema.org"
        items: list[dict[str, Any]] = document["@graph"]
        return items

    def canonical(self) -> list[str]:
        return [each["href"] for each in self.links if each.get("rel") == "canonical"]


def read(client: FlaskClient, address: str, **headers: str) -> Page:
    response = client.get(address, headers={**HTML, **headers})
    assert response.status_code == 200
    return Page(response.text)


def links_of(value: str) -> list[tuple[str, str, str]]:
    """Return relation, target and media type of each value of a Link field."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', value)
    return [(relation, target, type_) for target, relation, type_ in found]


# --- JSON-LD --------------------------------------------------------------------------

REFERENCES = (
    "license",
    "item",
    "sameAs",
    "url",
    "contentUrl",
    "mainEntityOfPage",
    "additionalType",
    "propertyID",
)
STUB = {"@context": {"@vocab": SCHEMA} | {each: {"@type": "@id"} for each in REFERENCES}}


def load(url: str, _options: object) -> dict[str, Any]:
    """Return as much of schema.org's context as these pages need; nothing is fetched."""
    assert url == "https://schema.org"
    return {"contextUrl": None, "documentUrl": url, "document": STUB, "contentType": "application/ld+json"}


def triples_of(page: Page) -> rdflib.Graph:
    document = {"@context": "https://schema.org", "@graph": page.graph()}
    text = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": load})
    return rdflib.Graph().parse(data=text, format="nt")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(("name", "type_"), TYPED.items())
def test_a_thing_has_its_type(client: FlaskClient, name: str, type_: str, language: str) -> None:
    thing, *others = read(client, f"/{language}/{name}.html").graph()
    assert (thing["@type"], thing["@id"]) == (type_, BASE + name)
    assert thing["name"]
    assert thing["mainEntityOfPage"] == f"{BASE}{language}/{name}.html"
    assert [each["@type"] for each in others] == ["BreadcrumbList"]


@pytest.mark.parametrize("name", UNTYPED)
def test_what_schema_org_has_no_word_for(client: FlaskClient, name: str) -> None:
    assert [each["@type"] for each in read(client, f"/{name}.html").graph()] == ["BreadcrumbList"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", TYPED)
def test_json_ld_says_what_the_graph_says(client: FlaskClient, site: Site, name: str, language: str) -> None:
    """Every triple about a thing of ours whose property the graph has too has the same value there."""
    graph = triples_of(read(client, f"/{language}/{name}.html"))
    same = {
        "name": [RDFS_LABEL],
        "description": [site.own("summary"), f"{SKOS}definition", "http://purl.org/dc/terms/description"],
        "alternateName": [RDFS_LABEL, f"{SKOS}altLabel"],
        "identifier": ["http://purl.org/dc/terms/identifier"],
        "areaServed": [site.own("area")],
        "keywords": [site.own("theme")],
        "member": [site.own("applicant")],
        "funding": [site.own("decision")],
        "funder": [site.own("agency")],
        "serviceOperator": [site.own("agency")],
        "containedInPlace": ["http://purl.org/dc/terms/isPartOf"],
        "sameAs": [f"{SKOS}exactMatch"],
        "inDefinedTermSet": [f"{SKOS}inScheme"],
        "taxID": [site.own("corporateNumber")],
        "sha256": [site.own("sha256")],
        "datePublished": [site.own("published"), "http://purl.org/dc/terms/issued"],
        "publisher": ["http://purl.org/dc/terms/publisher"],
        "creator": ["http://purl.org/dc/terms/publisher"],
        "license": ["http://purl.org/dc/terms/license"],
        "version": ["http://www.w3.org/ns/dcat#version"],
        "creditText": [site.own("attribution")],
    }
    checked = 0
    for subject, predicate, value in graph:
        term = str(predicate).removeprefix(SCHEMA)
        ours = isinstance(subject, rdflib.URIRef) and subject.startswith(BASE)
        if not ours or term not in same or isinstance(value, rdflib.BNode) or str(value) == str(subject):
            continue
        stated = {
            t.object.value
            for each in same[term]
            for t in site.store.triples(NamedNode(str(subject)), NamedNode(each))
            if isinstance(t.object, NamedNode | Literal)
        }
        assert str(value) in stated, (str(subject), term, str(value))
        checked += 1
    assert checked


@pytest.mark.parametrize(("name", "type_"), TYPED.items())
def test_types_of_the_graph(site: Site, name: str, type_: str) -> None:
    """Where the graph has a type of schema.org, the page has no other; but a programme is told as what clients know."""
    types = site.store.triples(NamedNode(BASE + name), NamedNode(RDF_TYPE))
    found = {str(t.object.value).removeprefix(SCHEMA) for t in types if SCHEMA in str(t.object)}
    assert found <= {type_, "FundingScheme"}


def test_a_town_is_told_with_its_codes_and_point(client: FlaskClient, site: Site) -> None:
    thing = read(client, f"/ja/{TOWN}.html").graph()[0]
    facts = site.catalog.about([NamedNode(BASE + TOWN)])
    town = NamedNode(BASE + TOWN)
    codes = {each["propertyID"]: each["value"] for each in thing["identifier"]}
    assert codes[site.own("localGovernmentCode")] == "016331"
    for each in ("latitude", "longitude"):
        assert thing["geo"][each] == facts.text(town, site.own(each))
    assert thing["name"] == "上士幌町"
    assert "かみしほろちょう" in thing["alternateName"]
    assert {str(o.value) for o in facts.objects(town, f"{SKOS}exactMatch")} == set(
        [thing["sameAs"]] if isinstance(thing["sameAs"], str) else thing["sameAs"]
    )


@pytest.mark.parametrize("address", ["/ja/", "/en/", "/", "/dataset.html", "/dataset/1.0.0.html"])
def test_the_data_are_told_with_their_files(client: FlaskClient, site: Site, address: str) -> None:
    data = read(client, address).graph()[0]
    assert data["@type"] == "Dataset"
    files = site.manifest["files"]
    assert len(data["distribution"]) > 10
    for each in data["distribution"]:
        name = each["contentUrl"].removeprefix(f"{BASE}dumps/")
        assert each["sha256"] == files[name]["sha256"]
        assert each["contentSize"] == f"{files[name]['bytes']} B"
        assert each["encodingFormat"] == files[name]["mediaType"]
    named = {each["name"] for each in data["distribution"]}
    assert {f"nichiiki.{each.extension}" for each in DUMPS} <= named
    assert data["license"] == site.manifest["licence"]
    assert data["datePublished"] == site.manifest["issued"]
    assert data["spatialCoverage"]["address"]["addressCountry"] == "JP"
    south, west, north, east = map(float, data["spatialCoverage"]["geo"]["box"].split())
    assert 20 < south < 27
    assert 43 < north < 46
    assert 122 < west < 125
    assert 144 < east < 154
    first, last = data["temporalCoverage"].split("/")
    opens = {t.object.value for t in site.store.triples(None, NamedNode(site.own("applicationOpens")))}  # type: ignore[union-attr]
    assert first == min(opens)
    assert last == "2025-07-01"


def test_breadcrumbs_lead_to_pages(client: FlaskClient) -> None:
    for name in (*TYPED, *UNTYPED):
        trail = read(client, f"/en/{name}.html").graph()[-1]["itemListElement"]
        assert [each["position"] for each in trail] == list(range(1, len(trail) + 1))
        assert trail[-1]["item"] == f"{BASE}en/{name}.html"
        assert trail[0]["item"] == f"{BASE}en/"
        assert all(each["name"] for each in trail)
    town = read(client, f"/en/{TOWN}.html").graph()[-1]["itemListElement"]
    assert [each["item"].removeprefix(BASE) for each in town] == [
        "en/",
        "en/areas",
        "en/prefecture/010006.html",
        f"en/{TOWN}.html",
    ]


HOSTILE = '</script><script>alert(1)</script><!-- & \u2028 \u2029 "'


def test_no_text_breaks_out_of_the_script() -> None:
    text = str(embedded([{"name": HOSTILE}]))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["@graph"][0]["name"] == HOSTILE


def test_a_language_that_is_not_there_falls_back() -> None:
    thing = NamedNode("http://a/b")
    label = NamedNode(RDFS_LABEL)
    facts = Facts(_triples((thing, label, Literal("甲", language="ja"))))
    assert Known(facts, "http://a/", "en").name(thing) == "甲"
    facts = Facts(_triples((thing, label, Literal("plain"))))
    assert Known(facts, "http://a/", "en").name(thing) == "plain"
    assert Known(Facts([]), "http://a/", "en").name(thing) == ""


def _triples(*triples: tuple[Any, Any, Any]) -> Iterator[Triple]:
    for each in triples:
        yield Triple(*each)


# --- the head -------------------------------------------------------------------------

ADDRESSES = [
    "",
    f"{PROJECT}.html",
    f"{TOWN}.html",
    "dumps/",
    "sparql",
    "ontology.html",
    "shapes.html",
    "quality",
]


@pytest.mark.parametrize("language", ["", "ja/", "en/"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_head(client: FlaskClient, address: str, language: str) -> None:
    page = read(client, f"/{language}{address}")
    assert page.canonical() == [f"{BASE}{language}{address}"]
    meta = page.meta
    assert meta["og:url"] == f"{BASE}{language}{address}"
    assert meta["og:title"] == page.title
    assert 10 < len(meta["description"]) <= MOST_CHARACTERS
    assert meta["og:description"] == meta["description"]
    english = language == "en/"
    assert (meta["og:locale"], meta["og:locale:alternate"]) == (
        ("en_US", "ja_JP") if english else ("ja_JP", "en_US")
    )
    picture = urlsplit(meta["og:image"]).path.removeprefix("/nichiiki")
    assert client.get(picture).mimetype == "image/png"


def test_a_page_with_a_query_is_one_view_of_many(client: FlaskClient) -> None:
    page = read(client, "/quality?x=1")
    assert page.canonical() == []
    assert "og:url" not in page.meta


def test_what_is_not_there_has_no_address(client: FlaskClient) -> None:
    page = Page(client.get("/nothing", headers=HTML).text)
    assert page.canonical() == []
    assert page.data == []


def test_the_description_of_a_project_is_its_own(client: FlaskClient) -> None:
    page = read(client, f"/ja/{PROJECT}.html")
    assert page.meta["description"] == page.graph()[0]["description"][: MOST_CHARACTERS - 1] + "…" or (
        page.meta["description"] == page.graph()[0]["description"]
    )


def test_a_translation_is_called_one(client: FlaskClient, site: Site) -> None:
    """And JSON-LD, where nothing says so, has the words of the source."""
    page = read(client, f"/en/{PROJECT}.html")
    facts = site.catalog.about([NamedNode(BASE + PROJECT)])
    text = facts.text(NamedNode(BASE + PROJECT), site.own("unofficialTranslation"), "en")
    start = page.meta["description"].partition(": ")[2].removesuffix("…")
    assert len(start) > 100
    assert text.startswith(start)
    summary = facts.text(NamedNode(BASE + PROJECT), site.own("summary"), "ja")
    assert page.graph()[0]["description"] == summary


# --- signposts ------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*TYPED, *UNTYPED])
def test_signposts_of_a_page(client: FlaskClient, name: str) -> None:
    field = client.get(f"/{name}.html").headers["Link"]
    assert len(field.encode()) < 4096
    links = links_of(field)
    assert ("cite-as", BASE + name, "") in links
    for each in of_kind(Kind.GRAPH):
        assert ("describedby", f"/{name}.{each.extension}", each.media_type) in links
    types = {target for relation, target, _ in links if relation == "type"}
    assert types == {f"{SCHEMA}AboutPage"} | ({SCHEMA + TYPED[name]} if name in TYPED else set())
    assert any(relation == "license" and target for relation, target, _ in links)
    assert ("linkset", f"/{name}.linkset.json", "application/linkset+json") in links
    items = {target for relation, target, _ in links if relation == "item"}
    dumps = {f"/dumps/nichiiki.{each.extension}" for each in DUMPS}
    assert items == (dumps if name.startswith("dataset") else set())


@pytest.mark.parametrize("language", ["", "ja/", "en/"])
def test_the_home_page_stands_for_the_data(client: FlaskClient, language: str) -> None:
    links = links_of(client.get(f"/{language}", headers=HTML).headers["Link"])
    assert ("cite-as", f"{BASE}dataset", "") in links
    assert ("canonical", f"{BASE}{language}", "") in links
    assert sum(relation == "item" for relation, _, _ in links) == len(DUMPS)


def test_authors(client: FlaskClient) -> None:
    links = links_of(client.get("/document/2025-07-01-mlit.html").headers["Link"])
    assert ("author", f"{BASE}organization/2000012100001", "") in links
    links = links_of(client.get("/dataset.html").headers["Link"])
    assert ("author", f"{BASE}dataset#publisher", "") in links


def test_a_dump_leads_back(client: FlaskClient) -> None:
    for each in DUMPS:
        links = links_of(client.get(f"/dumps/nichiiki.{each.extension}").headers["Link"])
        assert ("collection", "/dataset.html", "text/html") in links
    assert 'rel="collection"' not in client.get("/dumps/shapes.ttl").headers["Link"]


@pytest.mark.parametrize("name", [*TYPED, *UNTYPED])
def test_the_linkset_says_the_same(client: FlaskClient, name: str) -> None:
    response = client.get(f"/{name}.linkset.json")
    assert response.headers["Content-Type"] == "application/linkset+json"
    own, *others = json.loads(response.data)["linkset"]
    page = f"http://localhost/{name}.html"
    assert own.pop("anchor") == page
    said = {
        (relation, each["href"].removeprefix("http://localhost"), each.get("type", ""))
        for relation, targets in own.items()
        for each in targets
    }
    field = {
        link
        for link in links_of(client.get(f"/{name}.html").headers["Link"])
        if link[0] in {"cite-as", "describedby", "type", "license", "author", "item"}
    }
    assert said == field
    for each in others:
        back = each.get("describes") or each["collection"]
        assert back[0]["href"] == page
        assert client.head(urlsplit(each["anchor"]).path).status_code == 200


def test_a_long_header_leaves_the_rest_to_the_linkset() -> None:
    long = [
        Signpost("describedby", "x" * MOST_HEADER_BYTES),
        Signpost("cite-as", "a"),
        Signpost("linkset", "b"),
    ]
    assert [each.relation for each in in_header(long)] == ["cite-as", "linkset"]
    assert in_header(long[1:]) == long[1:]


def test_linksets_of_what_is_not_there(client: FlaskClient) -> None:
    assert client.get("/nothing.linkset.json").status_code == 404
    assert client.get("/en/dataset.linkset.json").status_code == 404


# --- documents at known addresses -----------------------------------------------------


def test_the_catalogue_of_interfaces(client: FlaskClient) -> None:
    response = client.get("/.well-known/api-catalog")
    assert response.mimetype == "application/linkset+json"
    assert 'profile="https://www.rfc-editor.org/info/rfc9727"' in response.headers["Content-Type"]
    head = client.head("/.well-known/api-catalog")
    assert ("api-catalog", "http://localhost/.well-known/api-catalog", "") in links_of(head.headers["Link"])
    catalog, endpoint = json.loads(response.data)["linkset"]
    assert catalog["item"] == [{"href": endpoint["anchor"]}]
    for relation in ("service-desc", "service-doc", "service-meta"):
        for target in endpoint[relation]:
            found = client.get(urlsplit(target["href"]).path, headers={"Accept": target["type"]})
            assert (found.status_code, found.mimetype) == (200, target["type"])


@pytest.mark.parametrize(
    ("accept", "place"),
    [("text/turtle", "/dataset.ttl"), ("text/html", "/dataset.html"), (None, "/dataset.ttl")],
)
def test_void(client: FlaskClient, accept: str | None, place: str) -> None:
    response = client.get("/.well-known/void", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.headers["Location"]) == (303, place)
    assert client.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406


SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_robots(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    lines = response.text.splitlines()
    assert [line for line in lines if line.startswith("Disallow")] == [
        "Disallow: /sparql?",
        "Disallow: /ja/sparql?",
        "Disallow: /en/sparql?",
    ]
    assert "Sitemap: http://localhost/sitemap.xml" in lines


def _entries(client: FlaskClient, root: str = "http://localhost") -> list[ET.Element]:
    index = ET.fromstring(client.get("/sitemap.xml").data)
    parts = [each.findtext(f"{SITEMAP}loc") or "" for each in index]
    assert parts
    entries: list[ET.Element] = []
    for part in parts:
        assert part.startswith(f"{root}/")
        body = client.get(urlsplit(part).path).data
        found = list(ET.fromstring(body))
        assert 0 < len(found) <= 50_000
        assert len(body) < 50_000_000
        entries += found
    return entries


def test_the_sitemap_has_every_page_in_both_languages(client: FlaskClient, site: Site) -> None:
    entries = _entries(client)
    found = [unquote(urlsplit(each.findtext(f"{SITEMAP}loc") or "").path) for each in entries]
    assert len(found) == len(set(found))
    things = {
        f"/{language}/{page.removeprefix(BASE)}.html"
        for page in site.catalog.pages()
        for language in ("ja", "en")
    }
    assert len(things) > 4000
    assert things <= set(found)
    rest = set(found) - things
    assert {"/ja/projects", "/en/corrections"} <= rest
    assert {"/ja/", "/en/quality", "/en/shapes.html", "/ja/sparql", "/ja/dumps/"} <= rest
    assert all(each.findtext(f"{SITEMAP}lastmod") == site.manifest["issued"] for each in entries)
    for each in entries[:50]:
        others = {link.get("hreflang"): link.get("href") for link in each if link.tag.endswith("}link")}
        assert set(others) == {"ja", "en", "x-default"}
        assert each.findtext(f"{SITEMAP}loc") in others.values()


def test_every_page_of_the_site_in_the_sitemap_is_there(client: FlaskClient, site: Site) -> None:
    found = {urlsplit(each.findtext(f"{SITEMAP}loc") or "").path for each in _entries(client)}
    pages = {page.removeprefix(BASE) for page in site.catalog.pages()}
    own = {path for path in found if path.split("/", 2)[2].removesuffix(".html") not in pages}
    assert len(own) >= 10
    assert {path for path in own if client.get(path, headers=HTML).status_code != 200} == set()


def test_a_large_sitemap_has_parts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    whole = [ET.tostring(each) for each in _entries(client)]
    monkeypatch.setattr(discovery, "_NAMES_IN_PART", 700)
    assert len(ET.fromstring(client.get("/sitemap.xml").data)) > 2
    assert [ET.tostring(each) for each in _entries(client)] == whole
    assert client.get("/sitemap-0.xml").status_code == 404
    assert client.get("/sitemap-999.xml").status_code == 404


def test_addresses_are_those_of_the_server_that_is_asked(app: Flask) -> None:
    client = app.test_client()
    origin = "https://data.example"
    assert f"Sitemap: {origin}/sitemap.xml" in client.get("/robots.txt", base_url=origin).text
    for path in ("/sitemap.xml", "/sitemap-1.xml", "/.well-known/api-catalog", f"/{PROJECT}.linkset.json"):
        answer = client.get(path, base_url=origin)
        assert origin.encode() in answer.data
        assert b"localhost" not in answer.data
    below = client.get("/robots.txt", base_url=f"{origin}/lod").text
    assert f"Sitemap: {origin}/lod/sitemap.xml" in below
    assert "Disallow: /lod/sparql?" in below


def test_llms_txt(client: FlaskClient, site: Site) -> None:
    response = client.get("/llms.txt")
    assert response.mimetype == "text/markdown"
    text = response.text
    lines = text.splitlines()
    assert lines[0].startswith(f"# {site.manifest['title']['en']}")
    assert f"> {site.manifest['description']['en']}" in lines
    assert site.manifest["licence"] in text
    assert site.manifest["version"] in text
    assert "\n\n\n\n" not in text
    addresses = re.findall(r"\]\((http://localhost[^)]*)\)", text)
    assert len(addresses) > 15
    tables = re.findall(r"^- \[tables/\w+\.(\w+)\].*: table, (.*)$", text, re.MULTILINE)
    assert set(tables) == {
        ("csv", "UTF-8 CSV; read every column as text, codes have leading zeros"),
        ("xlsx", "Excel workbook; codes are text"),
    }
    for each in addresses:
        assert client.head(urlsplit(each).path, headers={"Accept": "*/*"}).status_code == 200, each


# --- pictures -------------------------------------------------------------------------


@cache
def icons() -> ModuleType:
    spec = importlib.util.spec_from_file_location("icons", ROOT / "docs/icons/make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _pixels(png: bytes) -> tuple[int, int, bytes]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    content = png[png.index(b"IDAT") + 4 :]
    return width, height, zlib.decompress(content)


def test_icons_are_drawn_from_the_svg(client: FlaskClient) -> None:
    maker = icons()
    svg = (maker.STATIC / "icon.svg").read_text(encoding="utf-8")
    assert svg.count("<circle") == len(maker._CIRCLE.findall(svg))
    touch = client.get("/apple-touch-icon.png")
    assert touch.mimetype == "image/png"
    drawn = b"".join(b"\0" + row for row in maker.pixels(svg, maker.SIZE))
    assert _pixels(touch.data) == (maker.SIZE, maker.SIZE, drawn)
    icon = client.get("/favicon.ico")
    assert icon.mimetype == "image/x-icon"
    small = b"".join(b"\0" + row for row in maker.pixels(svg, maker.SMALL_SIZE))
    assert _pixels(icon.data[22:]) == (maker.SMALL_SIZE, maker.SMALL_SIZE, small)


# --- data of others -------------------------------------------------------------------

FOREIGN = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix own: <ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<dataset> a dcat:Dataset . <a> rdfs:label "</script><script>alert(1)</script>" . <日本> rdfs:label "日本" .
<m> a own:Municipality ; own:latitude "north" ; own:longitude 1e400 ; own:localGovernmentCode "<!--" . <q?id=1> rdfs:label "q" .
<p> a own:Project ; own:decision "x" ; own:area "y" , <m> ; own:announced "soon" ; own:applicationOpens "2025-01-01" .
<ontology> a <http://www.w3.org/2002/07/owl#Ontology> . <ontology#X> a <http://www.w3.org/2002/07/owl#Class> .
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Client:
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "a.ttl").write_text(FOREIGN, encoding="utf-8")
    base = "http://data.example/"
    site = open_site(Settings(dist=write_adhoc_release([folder / "a.ttl"], folder / "release", base=base)))
    app = create_app(site)
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.mark.parametrize(
    "name", ["", "a.html", "m.html", "p.html", "dataset.html", "日本.html", "ontology.html"]
)
def test_pages_of_others(foreign: Client, name: str) -> None:
    page = read(foreign, f"/en/{name}")
    assert page.data
    assert "og:image" not in page.meta
    assert len(page.canonical()) == 1


def test_known_addresses_of_others(foreign: Client, tmp_path: Path) -> None:
    for address in ("/robots.txt", "/llms.txt", "/.well-known/api-catalog", "/sitemap.xml", "/sitemap-1.xml"):
        assert foreign.get(address).status_code == 200
    found = {urlsplit(each.findtext(f"{SITEMAP}loc") or "").path for each in _entries(foreign)}
    assert {path for path in found if foreign.get(unquote(path), headers=HTML).status_code != 200} == set()
    assert all(each.find(f"{SITEMAP}lastmod") is None for each in _entries(foreign))
    for address in ("/quality", "/shapes", "/shapes.html", "/en/quality"):
        assert foreign.get(address, headers=HTML).status_code == 404
    (tmp_path / "b.ttl").write_text("<a> <p> 1 .", encoding="utf-8")
    release = write_adhoc_release([tmp_path / "b.ttl"], tmp_path / "release", base="http://data.example/")
    client = create_app(open_site(Settings(dist=release))).test_client()
    for address in ("/.well-known/void", "/ontology.html"):
        assert client.get(address, headers=HTML).status_code == 404
    assert read(client, "/").data == []
