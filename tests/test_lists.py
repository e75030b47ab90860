"""The lists: their rows are the answers of their queries, counts are true, filters are in the address."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import openpyxl
import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from conftest import Client
from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.listing import LANGUAGES, Choice, list_query, usable
from nichiiki_ld.lists import LISTINGS
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.lists import members as members_module
from nichiiki_ld.web.lists import pages as pages_module
from nichiiki_ld.web.lists.members import Lists, lists_of
from nichiiki_ld.web.site import Site, open_site

BASE = "https://w3id.org/nichiiki/"
HTML = {"Accept": "text/html"}

FILTERS: list[dict[str, list[str]]] = [
    {},
    {"theme": ["vacant-houses"]},
    {"theme": ["vacant-houses", "telework"]},
    {"prefecture": ["010006"]},
    {"prefecture": ["010006", "300004"], "theme": ["hometown-tax"]},
    {"prefecture": ["130001"]},
    {"call": ["2024-2"], "theme": ["survey-and-pilot"], "prefecture": ["072010", "070009"][1:]},
    {"theme": ["telework"], "prefecture": ["420000"]},
    {"municipality": ["012084", "016331"]},
]


def asked(name: str, filters: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Leave out what the list has no facet for."""
    return {facet: values for facet, values in filters.items() if facet in LISTINGS[name].filters}


def address(name: str, filters: Mapping[str, list[str]], extension: str = "", **more: str) -> str:
    query = urlencode({**filters, **more}, doseq=True)
    return f"/{name}{extension}" + (f"?{query}" if query else "")


CASES = [
    pytest.param(name, filters, id=f"{name} {urlencode(filters, doseq=True) or 'all'}")
    for name in LISTINGS
    for filters in {str(asked(name, each)): asked(name, each) for each in FILTERS}.values()
] + [
    pytest.param("areas", {"scope": ["all"]}, id="all areas"),
    pytest.param("areas", {"scope": ["all"], "prefecture": ["010006"]}, id="all areas of a prefecture"),
    pytest.param("areas", {"scope": ["all"], "theme": ["telework"]}, id="all areas with a theme"),
    pytest.param("corrections", {"kind": ["name"]}, id="corrections of names"),
    pytest.param(
        "corrections", {"kind": ["reading"], "prefecture": ["300004"]}, id="of readings in a prefecture"
    ),
]
each_case = pytest.mark.parametrize(("name", "filters"), CASES)


# --- what a list must have, found without its query ----------------------------------


class Truth:
    """Projects, areas and corrections, read from the graph triple by triple."""

    def __init__(self, folder: Path) -> None:
        quads = ox.parse(path=str(folder / "nichiiki.nt"), format=ox.RdfFormat.N_TRIPLES)
        self.triples = {(q.subject.value, q.predicate.value, q.object.value) for q in quads}
        self.pairs: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self.classes: defaultdict[str, set[str]] = defaultdict(set)
        for s, p, o in self.triples:
            self.pairs[p.removeprefix(f"{BASE}ontology#")].add((s, o))
            if p.endswith("#type"):
                self.classes[re.split("[#/]", o)[-1]].add(s)
        self.projects = self.classes["Project"]
        self.part_of = dict(self.pairs["http://purl.org/dc/terms/isPartOf"])
        self.known = {
            (project, facet): self._values(project, facet)
            for project in self.projects
            for facet in ("theme", "prefecture", "municipality", "call")
        }

    def prefecture(self, area: str) -> str | None:
        while area not in self.classes["Prefecture"]:
            if area not in self.part_of:
                return None
            area = self.part_of[area]
        return area

    def _values(self, project: str, facet: str) -> set[str]:
        if facet == "prefecture":
            return {str(self.prefecture(o)) for s, o in self.pairs["area"] if s == project}
        if facet == "municipality":
            named = {o for s, o in self.pairs["area"] if s == project}
            return named | {self.part_of[each] for each in named if each in self.part_of}
        return {o for s, o in self.pairs[facet] if s == project}

    def agree(self, filters: Mapping[str, list[str]]) -> set[str]:
        """Return the projects that agree with all facets."""
        return {
            project
            for project in self.projects
            if all(
                self.known[project, facet] & {f"{BASE}{facet}/{each}" for each in values}
                for facet, values in filters.items()
            )
        }

    def members(self, name: str, filters: Mapping[str, list[str]]) -> set[str]:
        own = {
            k: v
            for k, v in filters.items()
            if k in ("kind", "scope") or (name == "areas" and k == "prefecture")
        }
        projects = self.agree({k: v for k, v in filters.items() if k not in own})
        tied = any(k not in own for k in filters)
        if name == "projects":
            return projects
        if name == "consortia":
            return {o for s, o in self.pairs["applicant"] if s in projects}
        if name == "themes":
            return {o for s, o in self.pairs["theme"] if s in projects} if tied else self.classes["Concept"]
        if name == "areas":
            found = {o for s, o in self.pairs["area"] if s in projects}
            if "scope" in own and not tied:
                found = {s for s, _ in self.pairs["localGovernmentCode"]}
            wanted = {f"{BASE}prefecture/{each}" for each in own.get("prefecture", [])}
            return {each for each in found if not wanted or self.prefecture(each) in wanted}
        rows = {o for s, o in self.pairs["row"] if s in projects}
        corrections = self.classes["Correction"]
        return {
            s
            for s, o in self.pairs["row"]
            if s in corrections
            if not tied or o in rows
            if "kind" not in own or any(s.rpartition("/")[2].startswith(f"{kind}-") for kind in own["kind"])
        }


@pytest.fixture(scope="module")
def truth(release_folder: Path) -> Truth:
    return Truth(release_folder)


# --- pages, read as a browser reads them ---------------------------------------------


class Page(HTMLParser):
    """The links of a page with their classes and texts, and the text of the query."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.facets: dict[str, list[dict[str, str]]] = {}
        self.codes: list[str] = []
        self.ids: list[str] = []
        self._facet = ""
        self._open: dict[str, str] | None = None
        self._code: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if attributes.get("id", "").startswith("facet-"):
            self._facet = attributes["id"].removeprefix("facet-")
        if tag == "a":
            self._open = {**attributes, "text": ""}
            self.links.append(self._open)
            if self._facet:
                self.facets.setdefault(self._facet, []).append(self._open)
        if tag == "code":
            self._code = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = None
        if tag == "nav":
            self._facet = ""
        if tag == "code" and self._code is not None:
            self.codes.append("".join(self._code))
            self._code = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open["text"] += data
        if self._code is not None:
            self._code.append(data)

    @property
    def query(self) -> str:
        return next(code for code in self.codes if "SELECT" in code)


def page_of(client: FlaskClient, path: str) -> Page:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    return Page(response.text)


def total_of(text: str) -> int:
    found = re.search(r'class="figure">([\d,]+)<', text)
    assert found
    return int(found[1].replace(",", ""))


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200, path
    assert response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline=""), strict=True))


def iris(rows: list[dict[str, str]]) -> list[str]:
    """Return the last column, which names the thing."""
    return [list(row.values())[-1] for row in rows]


@pytest.fixture(scope="module")
def store(release_folder: Path) -> ox.Store:
    return ox.Store.read_only(str(release_folder / "store"))


@pytest.fixture
def lists(app: Flask, site: Site) -> Lists:
    with app.app_context():
        return lists_of(site)


# --- the list, its query, its files ----------------------------------------------------


@each_case
def test_page_query_and_table_are_the_same_list(
    client: FlaskClient, store: ox.Store, truth: Truth, name: str, filters: dict[str, list[str]]
) -> None:
    expected = truth.members(name, filters)
    text = client.get(address(name, filters), headers=HTML).text
    page = Page(text)
    assert total_of(text) == len(expected)
    solutions = store.query(page.query)
    assert isinstance(solutions, ox.QuerySolutions)
    found = [solution[0].value for solution in solutions]
    assert len(found) == len(expected)
    assert set(found) == expected
    assert iris(table(client, address(name, filters, ".csv"))) == found
    shown = [f"{BASE}{link['href'].removeprefix('/')}" for link in page.links]
    places = [shown.index(each) for each in found[: pages_module.ENTRIES_AT_ONCE] if each in shown]
    assert len(places) == min(len(found), pages_module.ENTRIES_AT_ONCE)
    if name == "projects":
        assert places == sorted(places)


@each_case
def test_the_page_has_the_things_in_the_order_of_the_query(
    lists: Lists, store: ox.Store, name: str, filters: dict[str, list[str]]
) -> None:
    listing = LISTINGS[name]
    values = {
        facet: tuple(sorted(lists.values[facet][each] for each in chosen))
        for facet, chosen in filters.items()
        if facet != "scope"
    }
    choice = Choice(values, "scope" in filters)
    for language in LANGUAGES:
        solutions = store.query(list_query(listing, choice, lists.prefixes, language, {}))
        assert isinstance(solutions, ox.QuerySolutions)
        assert tuple(solution[0] for solution in solutions) == lists.members(listing, choice).entries()


@each_case
def test_every_count_is_what_a_click_gives(
    client: FlaskClient, truth: Truth, name: str, filters: dict[str, list[str]]
) -> None:
    page = page_of(client, address(name, filters))
    assert page.facets
    for facet, links in page.facets.items():
        others = {k: v for k, v in filters.items() if k != facet}
        every = links[::5] if len(links) > 10 else links
        for link in every:
            asked_for = parse_qs(urlsplit(link["href"]).query)
            chosen = set(filters.get(facet, []))
            value = next(iter(set(asked_for.get(facet, [])) ^ chosen))
            assert {k: set(v) for k, v in asked_for.items() if k != facet} == {
                k: set(v) for k, v in others.items()
            }
            assert ("aria-current" in link) == (value in chosen)
            count = int(re.findall(r"[\d,]+", link["text"])[-1].replace(",", ""))
            assert count == len(truth.members(name, {**others, facet: [value]})), link


def test_there_is_enough_to_filter(client: FlaskClient) -> None:
    page = page_of(client, "/projects")
    assert [*page.facets] == ["theme", "prefecture", "call"]
    assert len(page.facets["theme"]) == 19
    assert len(page.facets["prefecture"]) == 16
    assert [*page_of(client, "/corrections").facets] == ["kind", "prefecture", "theme", "call"]


def test_a_filter_is_removed_by_one_click(client: FlaskClient) -> None:
    page = page_of(client, "/ja/projects?prefecture=010006&theme=telework&theme=vacant-houses")
    removing = [link["href"] for link in page.links if "×" in link["text"]]
    assert removing == [
        "/ja/projects?theme=vacant-houses&prefecture=010006",
        "/ja/projects?theme=telework&prefecture=010006",
        "/ja/projects?theme=telework&theme=vacant-houses",
    ]
    assert [link["href"] for link in page.links if link.get("class") == "clear"] == ["/ja/projects"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("theme=nothing", "theme=nothing"),
        ("prefecture=13", "prefecture=13"),
        ("call=1&theme=telework", "call=1"),
        ("theme=%22%3E%3Cscript%3E", "theme=&#34;&gt;&lt;script&gt;"),
        ("theme=telework%27%20%7D%20%3Fs", "theme=telework&#39; } ?s"),
        ("prefecture=https%3A%2F%2Fw3id.org%2Fnichiiki%2Fprefecture%2F010006", "prefecture=https:"),
        ("page=0", "page=0"),
        ("page=x", "page=x"),
        ("page=" + "9" * 5000, "page=999"),
        ("theme=%ff", "theme="),
    ],
)
def test_unknown_values_are_said(client: FlaskClient, query: str, said: str) -> None:
    response = client.get(f"/projects?{query}", headers=HTML)
    assert response.status_code == 200
    assert said in response.text
    assert "という絞り込みはありません" in response.text
    assert client.get(f"/projects.csv?{query}").status_code == 400
    feed = client.get(f"/corrections.atom?{query}", headers={"Accept": "application/json"})
    assert feed.status_code == 400
    assert "/corrections" in feed.get_json()["hint"]


def test_municipalities_are_too_many_to_choose_from(client: FlaskClient) -> None:
    page = page_of(client, "/ja/projects?municipality=016331&theme=travel-cost")
    assert "municipality" not in page.facets
    removing = {link["text"]: link["href"] for link in page.links if "×" in link["text"]}
    assert removing == {
        "テーマ 移動費の支援(マイレージを含む) ×を外す": "/ja/projects?municipality=016331",
        "市区町村 上士幌町 ×を外す": "/ja/projects?theme=travel-cost",
    }
    for name in ("consortia", "areas", "themes", "corrections"):
        both = [client.get(f"/ja/{name}{each}", headers=HTML).text for each in ("", "?municipality=016331")]
        assert total_of(both[0]) == total_of(both[1]), "no other list is filtered by one"
    assert total_of(client.get("/ja/projects?municipality=016322", headers=HTML).text) == 0
    unknown = client.get("/ja/projects?municipality=010006", headers=HTML).text
    assert "「municipality=010006」という絞り込みはありません" in unknown, (
        "a prefecture has a filter of its own"
    )


@pytest.mark.parametrize(
    ("query", "is_narrow"),
    [
        pytest.param("", False, id="everything"),
        pytest.param("?theme=telework", False, id="one value"),
        pytest.param("?page=1", False, id="a page"),
        pytest.param("?theme=telework&theme=vacant-houses", True, id="two of one facet"),
        pytest.param("?theme=telework&prefecture=010006", True, id="two of two"),
        pytest.param("?theme=nothing", True, id="one that there is not"),
    ],
)
def test_crawlers_do_not_go_from_filter_to_filter(client: FlaskClient, query: str, is_narrow: bool) -> None:
    page = page_of(client, f"/ja/projects{query}")
    text = client.get(f"/ja/projects{query}", headers=HTML).text
    assert ('<meta name="robots" content="noindex">' in text) is is_narrow
    leading = [link for link in page.links if link["href"].startswith("/ja/projects?")]
    assert len(leading) >= 10
    assert {link.get("rel") for link in leading} == {"nofollow"}


@pytest.mark.parametrize(
    ("path", "phrases"),
    [
        pytest.param("/ja/projects?theme=vacant-houses&call=2024-2", True, id="in Japanese"),
        pytest.param("/en/projects?theme=vacant-houses", True, id="beside a translation, as printed"),
        pytest.param("/ja/projects", False, id="no theme, nothing to support"),
    ],
)
def test_a_list_of_a_theme_has_the_words_that_say_so(
    client: FlaskClient, truth: Truth, path: str, phrases: bool
) -> None:
    text = client.get(path, headers=HTML).text
    items = re.findall(r"<li>\s*<h3>.*?</li>", text, re.DOTALL)
    assert len(items) == (3 if phrases else 14)
    texts = {(s, o) for s, o in truth.pairs["text"]}
    for item in items:
        found = re.findall(r'<a class="source" href="([^"]+)"><q [^>]*>([^<]+)</q>', item)
        assert bool(found) is phrases
        for href, words in found:
            (row,) = re.findall(r"/(document/.*/row/\d+)#phrase-vacant-houses$", href)
            assert (f"{BASE}{row}/theme/vacant-houses#phrase", words) in texts


def test_other_parameters_are_passed_over(client: FlaskClient) -> None:
    response = client.get("/projects?utm_source=x&theme=&scope=all&kind=name", headers=HTML)
    assert total_of(response.text) == 14
    assert "という絞り込みはありません" not in response.text
    assert f'<link rel="canonical" href="{BASE}projects">' in response.text


def test_the_address_is_written_in_one_way(client: FlaskClient) -> None:
    path = "/en/projects?prefecture=300004&call=2024-2&prefecture=010006&prefecture=300004&theme=hometown-tax"
    response = client.get(path, headers=HTML)
    canonical = f"{BASE}en/projects?theme=hometown-tax&prefecture=010006&prefecture=300004&call=2024-2"
    assert f'<link rel="canonical" href="{canonical.replace("&", "&amp;")}">' in response.text
    assert f'<{canonical}>; rel="canonical"' in response.headers["Link"]
    assert total_of(response.text) == 1


@pytest.mark.parametrize("name", LISTINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_in_each_language(client: FlaskClient, name: str, language: str) -> None:
    response = client.get(f"/{language}/{name}", headers=HTML)
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert len(response.data) < 100_000
    page = Page(response.text)
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        if link["href"].startswith("/") and link.get("class") != "download" and "hreflang" not in link:
            assert link["href"].startswith((f"/{language}/", "/corrections.atom")), link
    assert client.get(f"/{language}/{name}.csv").status_code == 404


def test_readings_stand_over_names(client: FlaskClient) -> None:
    ruby = re.compile("<ruby[^>]*>北見市<rp>（</rp><rt>きたみし</rt><rp>）</rp></ruby>")
    for name in ("projects", "consortia", "areas"):
        assert ruby.search(client.get(f"/ja/{name}", headers=HTML).text)
        assert not ruby.search(client.get(f"/en/{name}", headers=HTML).text)


# --- pieces ------------------------------------------------------------------------------


def test_long_lists_come_in_pieces(client: FlaskClient) -> None:
    first = client.get("/ja/areas?scope=all", headers=HTML)
    total = total_of(first.text)
    assert total > 1800
    pages = -(-total // pages_module.ENTRIES_AT_ONCE)
    assert '<link rel="next" href="/ja/areas?scope=all&amp;page=2">' in first.text
    assert '</ja/areas?scope=all&page=2>; rel="next"' in first.headers["Link"]
    assert 'rel="prev"' not in first.text
    last = client.get(f"/ja/areas?scope=all&page={pages}", headers=HTML)
    assert f'rel="prev" href="/ja/areas?scope=all&amp;page={pages - 1}"' in last.text
    assert 'rel="next"' not in last.text
    assert f'rel="canonical" href="{BASE}ja/areas?scope=all&amp;page={pages}"' in last.text
    assert client.get(f"/ja/areas?scope=all&page={pages + 1}", headers=HTML).status_code == 404
    assert client.get("/ja/projects?page=2", headers=HTML).status_code == 404


def test_named_areas_come_first(client: FlaskClient) -> None:
    rows = table(client, "/areas.csv?scope=all")
    counts = [int(row["プロジェクト数"]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert sum(1 for each in counts if each) == 20
    assert iris(rows)[:20] == iris(table(client, "/areas.csv"))


def test_a_theme_leads_to_as_many_projects_as_it_says(client: FlaskClient) -> None:
    page = page_of(client, "/ja/themes?prefecture=010006&call=2024-2")
    links = [link for link in page.links if link["href"].startswith("/ja/projects?theme=")]
    assert len(links) == 6
    for link in links:
        number = int(re.findall(r"\d+", link["text"])[0])
        assert total_of(client.get(link["href"], headers=HTML).text) == number
        assert "prefecture=010006&call=2024-2" in link["href"]


def test_a_list_that_is_kept_is_that_of_its_address(client: FlaskClient) -> None:
    def page(address: str, host: str = "data.example") -> str:
        return client.get(address, headers=HTML | {"Host": host}).text

    first = page("/ja/projects")
    assert page("/ja/projects") == first
    assert "data.example" in first
    assert "other.example" in page("/ja/projects", "other.example")
    assert "data.example" not in page("/ja/projects", "other.example")
    for other in ("/en/projects", "/projects", "/ja/projects?theme=telework", "/ja/projects?theme=none"):
        assert page(other) != first, other
    assert "none" in page("/ja/projects?theme=none")
    assert page("/ja/projects") == first


def test_nothing_matches(client: FlaskClient) -> None:
    response = client.get("/projects?prefecture=130001", headers=HTML)
    assert "当てはまるものはありません" in response.text
    assert table(client, "/projects.csv?prefecture=130001") == []
    assert json.loads(client.get("/projects.geojson?prefecture=130001").text)["features"] == []


# --- files -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTINGS)
def test_a_workbook_has_the_table_with_its_codes(client: FlaskClient, name: str, language: str) -> None:
    rows = table(client, f"/{name}.csv?lang={language}")
    response = client.get(f"/{name}.xlsx?lang={language}")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert list(cells[0]) == list(rows[0])
    assert [["" if cell is None else str(cell) for cell in row] for row in cells[1:]] == [
        list(row.values()) for row in rows
    ]
    codes = {"地域コード", "Area code", "Area codes", "プロジェクト番号"} & set(rows[0])
    for row in cells[1:]:
        assert all(isinstance(row[list(rows[0]).index(code)], str | None) for code in codes)
    assert client.get(f"/{name}.xlsx?lang={language}").data == response.data


def test_amounts_are_numbers_in_a_workbook(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/areas.xlsx").data))
    heading, first = list(book.worksheets[0].iter_rows(values_only=True))[:2]
    cells = dict(zip(heading, first, strict=True))
    assert cells["地域コード"] == "012084"
    assert isinstance(cells["緯度"], float)
    assert cells["プロジェクト数"] == 1
    issued = json.loads(client.get("/dumps/manifest.json").text)["issued"]
    assert book.properties.created.date().isoformat() == issued


@each_case
def test_json_ld_has_the_things(
    client: FlaskClient, truth: Truth, name: str, filters: dict[str, list[str]]
) -> None:
    members = truth.members(name, filters)
    response = client.get(address(name, filters, ".jsonld"))
    assert response.content_type.startswith("application/ld+json")
    found = {
        (q.subject.value, q.predicate.value, q.object.value)
        for q in ox.parse(response.data, format=ox.RdfFormat.JSON_LD)
    }
    expected = {triple for triple in truth.triples if triple[0] in members}
    assert expected <= found
    assert found <= truth.triples


@pytest.mark.parametrize("name", ["projects", "consortia", "areas"])
def test_geojson(client: FlaskClient, name: str) -> None:
    response = client.get(f"/{name}.geojson?theme=vacant-houses&lang=en")
    assert response.content_type == "application/geo+json"
    features = json.loads(response.text)["features"]
    rows = table(client, f"/{name}.csv?theme=vacant-houses&lang=en")
    assert [each["id"] for each in features] == iris(rows)
    for feature in features:
        coordinates = feature["geometry"]["coordinates"]
        points = [coordinates] if name == "areas" else coordinates
        assert points
        assert all(122 < longitude < 154 and 20 < latitude < 46 for longitude, latitude in points)
    assert client.get("/themes.geojson").status_code == 404


def test_corrections_lie_where_the_project_of_their_row_is(client: FlaskClient) -> None:
    page = client.get("/ja/corrections?kind=name", headers=HTML).text
    assert 'href="/corrections.geojson?kind=name"' in page
    features = json.loads(client.get("/corrections.geojson?kind=name").text)["features"]
    assert [each["id"] for each in features] == iris(table(client, "/corrections.csv?kind=name"))
    of_project = json.loads(client.get("/projects.geojson").text)["features"]
    (there,) = [each["geometry"] for each in of_project if each["id"].endswith("/2024-2-10")]
    assert [each["geometry"] for each in features] == [there, there]
    assert len(there["coordinates"]) > 4


def test_headings_are_in_the_language(client: FlaskClient) -> None:
    assert [*table(client, "/areas.csv")[0]][:3] == ["地域コード", "地域", "読み"]
    english = table(client, "/areas.csv?lang=en")[0]
    assert [*english][:3] == ["Area code", "Area", "Area (in Japanese)"]
    assert (english["Area code"], english["Area (in Japanese)"]) == ("012084", "北見市")
    assert "Kitami" in english["Area"]
    assert not re.search(r"[\u3041-\u30ff]", "".join(english))
    assert client.get("/areas.csv?lang=fr").status_code == 400


def test_too_long_a_list_is_no_file(release_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nichiiki_ld.web.lists.downloads.MOST_ROWS", 3)
    monkeypatch.setattr(pages_module, "MOST_ROWS", 3)
    client = client_of(release_folder)
    response = client.get("/projects.csv", headers={"Accept": "application/json"})
    assert response.status_code == 403
    assert "14 rows" in response.get_json()["detail"]
    assert "長い一覧なので" in client.get("/projects?call=2024-2", headers=HTML).text
    whole = client.get("/en/projects", headers=HTML).text
    assert "too long to be written" not in whole
    for extension in ("xlsx", "csv"):
        table = f"/dumps/tables/projects.en.{extension}"
        assert f'href="{table}"' in whole
        assert client.get(table).status_code == 200
    assert "tables/areas" not in client.get("/areas?scope=all", headers=HTML).text
    assert client.get("/projects.csv?theme=vacant-houses").status_code == 200


def test_caches_keep_each_by_its_address(client: FlaskClient) -> None:
    response = client.get("/projects.csv?theme=telework")
    again = client.get("/projects.csv?theme=telework", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert f'<{BASE}projects.csv?theme=telework>; rel="canonical"' in response.headers["Link"]


# --- the query ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTINGS)
def test_the_query_is_for_reading(client: FlaskClient, name: str, language: str) -> None:
    everything = {"prefecture": ["010006", "300004"], "theme": ["hometown-tax"], "call": ["2024-2"]}
    page = page_of(client, f"/{language}{address(name, asked(name, everything))}")
    query = page.query
    prefixes = re.findall(r"^PREFIX (\w+):", query, re.MULTILINE)
    assert prefixes == sorted(prefixes)
    code = "\n".join(line for line in query.splitlines() if not line.startswith(("PREFIX", "#")))
    assert all(f"{prefix}:" in code for prefix in prefixes)
    assert {"ja": "# 都道府県: 北海道 / 和歌山県", "en": "# Prefecture: Hokkaido"}[language] in query
    assert "VALUES ?prefecture { prefecture:010006 prefecture:300004 }" in query
    opened = next(link["href"] for link in page.links if "/sparql?query=" in link["href"])
    assert parse_qs(urlsplit(opened).query)["query"] == [query]
    assert len(opened) < 8000


def test_only_checked_values_get_into_a_query() -> None:
    assert usable("theme", f"{BASE}theme/vacant-houses")
    for each in (
        f"{BASE}theme/a>b",
        f"{BASE}theme/a b",
        f"{BASE}theme/a\n",
        f"{BASE}theme/{{",
        f"{BASE}a\\u003e",
    ):
        assert not usable("theme", each)
    assert usable("kind", "fiscal-year")
    for each in ('a"b', "a b", "", "名", "a\\"):
        assert not usable("kind", each)


def test_names_in_comments_cannot_end_anything() -> None:
    name = 'x"""\' )---"\nSPARQL\n} # <b>`$(ls)` ' + "長" * 500
    value = f"{BASE}theme/odd.name"
    text = list_query(
        LISTINGS["projects"],
        Choice({"theme": (value,)}),
        {"nichiiki": f"{BASE}ontology#"},
        "ja",
        {value: name},
    )
    comment = next(line for line in text.splitlines() if "テーマ:" in line)
    assert not set("\"'`$<>{}\\") & set(comment)
    assert len(comment) < 150
    assert f"VALUES ?theme {{ <{value}> }}" in text


# --- other people's data, and much of it -----------------------------------------------


def client_of(folder: Path) -> FlaskClient:
    site = open_site(Settings(dist=folder))
    app: Flask = create_app(site, site.store.evaluate)
    app.test_client_class = Client
    return app.test_client()


def test_there_are_no_lists_of_other_data(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        '<a> <p> "x" . <themes> <p> "a thing of that name" . <areas.csv> <p> 1 .', encoding="utf-8"
    )
    folder = write_adhoc_release([path], tmp_path / "release", base="http://data.example/")
    client = client_of(folder)
    for name in LISTINGS:
        for language in ("", "/ja", "/en"):
            expected = 303 if name == "themes" else 404
            assert client.get(f"{language}/{name}", headers=HTML).status_code == expected, name
        for extension in ("csv", "xlsx", "jsonld", "geojson"):
            expected = {"themes.jsonld": 200, "areas.csv": 303}.get(f"{name}.{extension}", 404)
            assert client.get(f"/{name}.{extension}").status_code == expected, f"{name}.{extension}"
    assert client.get("/corrections.atom").status_code == 404
    home = client.get("/", headers=HTML).text
    for each in ("/projects", "/consortia", "/corrections"):
        assert f'href="{each}' not in home


HOSTILE = """
@prefix n: <http://data.example/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<project/1> a n:Project ; rdfs:label "\\"><script>alert(1)</script>"@ja ; n:theme <theme/a.b> , <theme/c> , "no thing" ;
  n:area <municipality/000001> , <municipality/000002> ; n:applicant <consortium/1> ; n:summary "=1+1</script>" .
<project/2> a n:Project .
<project/3> a n:Project ; n:theme <theme/c> ; dcterms:identifier "=cmd|x" ; n:call <call/x> ; n:area _:nowhere .
<consortium/1> a n:Consortium ; rdfs:label "\u0001甲"@ja .
<theme/a.b> a skos:Concept ; skos:prefLabel "a\\"\\"\\" )---\\" SPARQL"@ja . <theme/c> skos:broader <theme/a.b> .
<municipality/000001> n:localGovernmentCode "000001" ; dcterms:isPartOf <municipality/000002> .
<municipality/000002> n:localGovernmentCode "000002" ; dcterms:isPartOf <municipality/000001> ; n:latitude "x" ; n:longitude 1.0 .
<document/d/row/1/correction/x-1> a n:Correction ; n:printed "<b>" ; n:right "&amp;" ; n:decided "never" ; n:field "x-1" ;
  n:evidence <javascript:alert(1)> ; n:row <document/d/row/1> ; n:quotation <document/d/row/1#x-1> .
<document/d/row/1> a n:SourceRow ; n:document <document/d> ; n:text "<b>" ; n:number "{long}" ; n:start "{long}" .
<document/d/row/1#x-1> n:document <document/d> ; n:start "{long}" ; n:end "{long}" ; n:text "" .
<call/x> a n:Call .
""".replace("{long}", "1" * 5000)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "a.ttl").write_text(HOSTILE, encoding="utf-8")
    return client_of(write_adhoc_release([folder / "a.ttl"], folder / "release", base="http://data.example/"))


@pytest.mark.parametrize("name", LISTINGS)
def test_hostile_data_are_told_whole(hostile: FlaskClient, name: str) -> None:
    for language in LANGUAGES:
        response = hostile.get(f"/{language}/{name}", headers=HTML)
        assert response.status_code == 200
        for each in ("<script>alert", 'href="javascript:', "<del><b>&amp;", "None"):
            assert each not in response.text, each
    expected = {"projects": 3, "consortia": 1, "areas": 2, "themes": 1, "corrections": 1}[name]
    assert total_of(response.text) == expected
    assert len(table(hostile, f"/{name}.csv")) == expected
    for extension in ("xlsx", "jsonld", *(["atom"] if name == "corrections" else [])):
        assert hostile.get(f"/{name}.{extension}").status_code == 200
    for facet in LISTINGS[name].facets:
        for link in Page(response.text).facets.get(facet, []):
            assert hostile.get(link["href"], headers=HTML).status_code == 200


def test_no_cell_is_a_formula(hostile: FlaskClient) -> None:
    row = table(hostile, "/projects.csv")[0]
    assert [value for value in row.values() if value.startswith("'=")] or row
    book = openpyxl.load_workbook(io.BytesIO(hostile.get("/projects.xlsx").data))
    assert all(cell.data_type != "f" for cells in book.worksheets[0].iter_rows() for cell in cells)
    third = next(each for each in table(hostile, "/projects.csv") if each["プロジェクトのIRI"].endswith("/3"))
    assert third["プロジェクト番号"] == "'=cmd|x"


def test_many_projects_take_one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 1200
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://d.example/ontology#Project>"
    lines = [
        f"<http://d.example/project/{n:06}> {kind} .\n<http://d.example/project/{n:06}> <http://d.example/ontology#theme> <http://d.example/theme/t{n % 7}> ."
        for n in range(number)
    ]
    (tmp_path / "a.nt").write_text("\n".join(lines), encoding="utf-8")
    client = client_of(
        write_adhoc_release([tmp_path / "a.nt"], tmp_path / "release", base="http://d.example/")
    )
    text = client.get("/projects?page=24", headers=HTML).text
    assert total_of(text) == number
    assert text.count('href="/project/') == pages_module.ENTRIES_AT_ONCE == 50
    assert 'href="/project/001199"' in text
    assert len(text.encode()) < 150_000
    monkeypatch.setattr(members_module, "MOST_KEPT", 10)
    begin = time.perf_counter()
    assert client.get("/projects?theme=t1", headers=HTML).status_code == 200
    assert time.perf_counter() - begin < 20
