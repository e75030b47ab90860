"""A second programme, whose list prints neither who applied nor what they do, from checkout to pages."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from conftest import Client, silent
from nichiiki_ld.build import Built, build
from nichiiki_ld.errors import ReviewError, TableError
from nichiiki_ld.lists import LISTINGS
from nichiiki_ld.repository import Repository
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.site import open_site
from other_programme import CALL, PROGRAMME_ID, SOURCE_ID, checkout_with_other_programme

BASE = "https://w3id.org/nichiiki/"
FIRST = "project/wakamono-2026-01"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout_with_other_programme(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def two(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(Repository(checkout), tmp_path_factory.mktemp("dist"), workers=2, progress=silent)


@pytest.fixture(scope="module")
def pages(two: Built) -> Flask:
    site = open_site(Settings(dist=two.folder.resolve()))
    app = create_app(site, site.store.evaluate)
    app.test_client_class = Client
    return app


@pytest.fixture
def visitor(pages: Flask) -> FlaskClient:
    return pages.test_client()


class Words(HTMLParser):
    """The words of a page's main part, and the anchors of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._inside = False
        self._skipped = 0
        self.anchors: list[str] = []
        self._pieces: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside |= tag == "main"
        self._skipped += tag in ("script", "style", "svg")
        self.anchors += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        self._inside &= tag != "main"
        self._skipped -= tag in ("script", "style", "svg")
        if tag in ("dd", "dt", "li", "p", "td", "th", "tr"):
            self._pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._skipped:
            self._pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._pieces).split())


def words(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    return Words(response.text).text


# --- the graph ----------------------------------------------------------------------


def test_what_the_list_does_not_print_is_a_warning_and_no_violation(two: Built) -> None:
    assert sorted((r.focus.removeprefix(BASE), r.message("en").partition(":")[0]) for r in two.results) == [
        ("call/wakamono-2026", "The call does not say when applications closed."),
        ("call/wakamono-2026", "The call does not say when applications opened."),
        *(
            (f"project/wakamono-2026-0{number}", f"The project has no {what}")
            for number in (1, 2)
            for what in ("applicant", "summary")
        ),
        *(("project/wakamono-2026-03", f"The project has no {what}") for what in ("applicant", "summary")),
        ("project/wakamono-2026-03", "The project has no theme"),
    ]
    assert not any(result.violates for result in two.results)


def test_the_first_programme_says_what_it_says_alone(two: Built, release_folder: Path) -> None:
    """Only the graphs of the new programme and its document are new."""
    news = (f"<{BASE}document/{SOURCE_ID}> .", f"<{BASE}programme> .")

    def others(folder: Path) -> set[str]:
        lines = (folder / "nichiiki.nq").read_text(encoding="utf-8").splitlines()
        return {line for line in lines if not line.endswith(news)}

    assert others(two.folder) == others(release_folder)


def test_a_sum_is_told_in_the_words_of_schema_org(two: Built) -> None:
    lines = set((two.folder / "nichiiki.nt").read_text(encoding="utf-8").splitlines())
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    project = f"{BASE}{FIRST}"
    assert {
        f'<{project}> <{BASE}ontology#amount> "12345000"^^{integer} .',
        f"<{project}> <https://schema.org/funding> <{project}#grant> .",
        f"<{project}#grant> <https://schema.org/amount> <{project}#grant-amount> .",
        f'<{project}#grant-amount> <https://schema.org/value> "12345000"^^{integer} .',
        f'<{project}#grant-amount> <https://schema.org/currency> "JPY" .',
    } <= lines


# --- pages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            f"/ja/{FIRST}.html",
            [
                "森と雪のテレワーク事業",
                "12,345,000円",
                "テーマと、その根拠の語句",
                "若者二地域居住推進事業 令和8年度募集",
            ],
            id="a project by its title, its sum and the phrase in the title",
        ),
        pytest.param(
            f"/en/{FIRST}.html",
            ["in Kamishihoro Town, Hokkaido and 1 other area", "12,345,000 yen", "Words in the title"],
            id="the same in English",
        ),
        pytest.param(
            "/ja/project/wakamono-2026-03.html",
            ["静岡県森町の取組", "500,000円"],
            id="a project without a title",
        ),
        pytest.param(
            f"/ja/{CALL}.html",
            [
                "令和8年度（2026年度） このプロジェクトによる記載 原資料には印刷されていません",
                "3 団体",
                "5 団体",
            ],
            id="a call whose year is stated",
        ),
        pytest.param(
            f"/en/{CALL}.html", ["stated by this project not printed in the source"], id="the same in English"
        ),
        pytest.param(
            f"/ja/programme/{PROGRAMME_ID}.html",
            ["若者の二地域居住を支援する架空の事業。", "プロジェクト3件"],
            id="the programme",
        ),
        pytest.param(
            f"/ja/document/{SOURCE_ID}.html",
            [
                "題名 金額",
                "除外した行1件",
                "4件誤植 3件",
                "北海道 下川町",
                "合計 13,845 除外 合計の行である。",
            ],
            id="the document, with the columns that it has, and the row that is no project",
        ),
        pytest.param(
            f"/en/document/{SOURCE_ID}.html",
            ["rows left out: 1", "left out It is a line of totals.", "Title Amount"],
            id="the same in English",
        ),
        pytest.param(
            f"/ja/document/{SOURCE_ID}/row/2.html",
            ["行の外に印刷された文言 千円、北海道 ページ番号 2", "旧端野町 → 除外 北見市の一部である。"],
            id="a row whose prefecture stands further up",
        ),
        pytest.param(
            f"/ja/document/{SOURCE_ID}/row/3.html", ["森町 → 印刷のとおり"], id="a name that was confirmed"
        ),
        pytest.param(
            f"/ja/document/{SOURCE_ID}/row/4.html", ["合計 13,845 → 除外"], id="a row that is no project"
        ),
        pytest.param(
            "/ja/",
            ["17 プロジェクト 2 事業 2 募集 14 コンソーシアム", "最新の公募 若者二地域居住推進事業"],
            id="home",
        ),
        pytest.param("/en/", ["17 Projects 2 Programmes 2 Calls"], id="home in English"),
        pytest.param("/ja/search?q=雪", ["森と雪のテレワーク事業"], id="search by a word of a title"),
        pytest.param("/ja/search?q=wakamono-2026-02", ["空き家の学校"], id="search by a number"),
    ],
)
def test_pages_tell(visitor: FlaskClient, path: str, expected: list[str]) -> None:
    told = words(visitor, path)
    for each in expected:
        assert each in told, told


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_of_the_programme_is_there(visitor: FlaskClient, two: Built, language: str) -> None:
    """None of them needs who applied, what they do, or a round."""
    nt = (two.folder / "nichiiki.nt").read_text(encoding="utf-8")
    subjects = {
        name
        for name in re.findall(rf"^<{BASE}([^>#]+)[>#]", nt, re.MULTILINE)
        if SOURCE_ID in name or "wakamono" in name
    }
    assert len(subjects) >= 16
    for name in sorted(subjects):
        response = visitor.get(f"/{language}/{name}.html", headers=HTML)
        assert response.status_code == 200, name
        assert "None" not in Words(response.text).text, name


def test_every_part_of_a_row_has_its_place_on_the_page(visitor: FlaskClient, two: Built) -> None:
    """A link to a quotation leads to the words, wherever they are printed."""
    nt = (two.folder / "nichiiki.nt").read_text(encoding="utf-8")
    for number in (1, 2, 3, 4):
        row = f"document/{SOURCE_ID}/row/{number}"
        wanted = set(re.findall(rf"^<{BASE}{row}#([a-z0-9-]+)> <{BASE}ontology#text>", nt, re.MULTILINE))
        assert wanted
        anchors = Words(visitor.get(f"/ja/{row}.html", headers=HTML).text).anchors
        assert wanted <= set(anchors)
        assert len(anchors) == len(set(anchors))


def test_places_come_in_the_order_in_which_they_are_printed(visitor: FlaskClient) -> None:
    """Both share the prefecture that stands before them."""
    told = words(visitor, f"/ja/{FIRST}.html")
    assert 0 < told.index("上士幌町（かみしほろちょう）") < told.index("下川町（しもかわちょう）")


def test_two_properties_with_one_value_by_chance_are_no_twins(visitor: FlaskClient) -> None:
    """Row 2 stands on page 2."""
    told = words(visitor, f"/ja/document/{SOURCE_ID}/row/2.html")
    assert "行番号 2 別の語彙では schema:position 文言" in told
    assert told.count("schema:position") == 1


def test_the_structured_data_of_a_project_have_the_sum(visitor: FlaskClient) -> None:
    text = visitor.get(f"/ja/{FIRST}.html", headers=HTML).text
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found
    project = next(each for each in json.loads(found[1])["@graph"] if each["@type"] == "Project")
    assert project["funding"][1] == {
        "@type": "MonetaryGrant",
        "@id": f"{BASE}{FIRST}#grant",
        "amount": {"@type": "MonetaryAmount", "currency": "JPY", "value": "12345000"},
    }
    assert "member" not in project


# --- lists and tables ---------------------------------------------------------------


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200, path
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("name", "all_of_them", "of_the_programme"),
    [
        pytest.param("projects", 17, 3, id="projects"),
        pytest.param("consortia", 14, 0, id="no project of the programme has an applicant"),
        pytest.param("areas", 21, 4, id="three of the four have projects of the other programme too"),
        pytest.param("themes", 20, 2, id="themes"),
        pytest.param("corrections", 9, 0, id="the misprint stands outside the table, so no project has it"),
    ],
)
def test_lists_are_filtered_by_programme(
    visitor: FlaskClient, name: str, all_of_them: int, of_the_programme: int
) -> None:
    assert len(table(visitor, f"/{name}.csv")) == all_of_them
    assert len(table(visitor, f"/{name}.csv?programme={PROGRAMME_ID}")) == of_the_programme
    text = visitor.get(f"/ja/{name}", headers=HTML).text
    assert (f"programme={PROGRAMME_ID}" in text) is (of_the_programme > 0)


def test_one_programme_is_nothing_to_choose_from(client: FlaskClient) -> None:
    assert 'id="facet-call"' in client.get("/ja/projects", headers=HTML).text
    assert 'id="facet-programme"' not in client.get("/ja/projects", headers=HTML).text


def test_a_list_tells_title_and_sum(visitor: FlaskClient) -> None:
    first = table(visitor, f"/projects.csv?programme={PROGRAMME_ID}")[0]
    assert {key: first[key] for key in ("事業名", "応募主体", "取組概要", "金額（円）")} == {
        "事業名": "森と雪のテレワーク事業",
        "応募主体": "",
        "取組概要": "",
        "金額（円）": "12345000",
    }
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"/projects.xlsx?programme={PROGRAMME_ID}").data))
    heading, row = list(book.worksheets[0].iter_rows(values_only=True))[:2]
    assert dict(zip(heading, row, strict=True))["金額（円）"] == 12_345_000
    assert "金額 12,345,000円" in words(visitor, f"/ja/projects?programme={PROGRAMME_ID}")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", LISTINGS)
def test_the_query_of_a_list_gives_the_list(visitor: FlaskClient, name: str, language: str) -> None:
    """What people take away is what they saw, also with cells that nobody printed."""
    page = visitor.get(f"/{language}/{name}", headers=HTML).text
    found = re.search(r'href="(/(?:ja|en)/sparql\?query=[^"]*)"', page)
    assert found
    (query,) = parse_qs(urlsplit(html.unescape(found[1])).query)["query"]
    answer = visitor.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    asked = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    listed = table(visitor, f"/{name}.csv?lang={language}")
    assert len(listed) > 8
    headings = LISTINGS[name].headings(language)
    assert [{heading: row[variable] for heading, variable in headings} for row in asked] == listed


def test_the_tables_of_the_release_have_all_projects(two: Built) -> None:
    text = (two.folder / "tables/projects.csv").read_text(encoding="utf-8-sig")
    rows = {row["プロジェクト番号"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert len(rows) == 17
    last = rows["wakamono-2026-03"]
    assert (last["事業"], last["募集回"], last["事業名"], last["金額（円）"]) == (
        "若者二地域居住推進事業",
        "",
        "",
        "500000",
    )
    assert rows["2024-2-01"]["募集回"] == "2"
    themes = (two.folder / "tables/themes.csv").read_text(encoding="utf-8-sig")
    assert "森と雪のテレワーク事業" in themes
    corrections = (two.folder / "tables/corrections.csv").read_text(encoding="utf-8-sig")
    assert "decision-count-1,4件,3件" in corrections


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("projects", "wakamono-2026-03", id="who applied is not needed"),
        pytest.param(
            "calls", "若者二地域居住推進事業 令和8年度募集", id="nor a round or the days of applications"
        ),
        pytest.param("corrections", "4件", id="a misprint outside the table"),
        pytest.param("who-tackles-a-theme", "wakamono-2026-02", id="nor a summary"),
    ],
)
def test_example_queries_find_the_other_programme(
    visitor: FlaskClient, two: Built, name: str, expected: str
) -> None:
    query = (two.folder / f"queries/{name}.rq").read_text(encoding="utf-8")
    answer = visitor.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert expected in answer.text


# --- what does not go together --------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param('call_prefix = ""', "calls its calls like those of 'leading-projects'", id="taken"),
        pytest.param('call_prefix = "2026-"', "cannot stand before the year", id="looks like a year"),
        pytest.param('call_prefix = "若者-"', "cannot stand before the year", id="no ASCII"),
        pytest.param('call_prefix = "wakamono"', "cannot stand before the year", id="no hyphen at its end"),
    ],
)
def test_a_prefix_that_cannot_be(tmp_path: Path, line: str, message: str) -> None:
    root = checkout_with_other_programme(tmp_path)
    path = root / f"data/programmes/{PROGRAMME_ID}.toml"
    path.write_text(f"{line}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(TableError, match=message) as caught:
        Repository(root).programmes()
    assert caught.value.where == str(path)


def test_two_documents_cannot_report_one_call(tmp_path: Path) -> None:
    root = checkout_with_other_programme(tmp_path / "checkout")
    sources = root / "data/sources"
    again = sources / "2026-04-01-again"
    again.mkdir()
    for path in (sources / SOURCE_ID).iterdir():
        (again / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ReviewError, match=f"data/sources/{SOURCE_ID} reports {CALL} too"):
        build(Repository(root), tmp_path / "dist", workers=1, progress=silent)
    assert not (tmp_path / "dist/current").exists()
