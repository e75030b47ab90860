"""The home page: what it says of the published release, of a large one, and of one that has no map."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from nichiiki_ld.neighbourhood import Neighbourhood
from nichiiki_ld.web import create_app, maps, overview
from nichiiki_ld.web.site import Site

LANGUAGES = ("ja", "en")


class Outline(HTMLParser):
    """The links of a page with their texts, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.headings: list[tuple[int, str]] = []
        self._href: str | None = None
        self._heading = 0
        self._text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._text = dict(attrs).get("href"), ""
        if re.fullmatch("h[1-6]", tag):
            self._heading, self._text = int(tag[1]), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.links.append((self._href, " ".join(self._text.split())))
            self._href = None
        if self._heading and tag == f"h{self._heading}":
            self.headings.append((self._heading, " ".join(self._text.split())))
            self._heading = 0

    def handle_data(self, data: str) -> None:
        self._text += data


@pytest.fixture(scope="module")
def around(site: Site) -> Neighbourhood:
    return site.around


@pytest.fixture(params=LANGUAGES)
def page(app: Flask, request: pytest.FixtureRequest) -> tuple[str, str]:
    """A language and the page in it."""
    return request.param, app.test_client().get(f"/{request.param}/").text


def test_every_project_is_told(page: tuple[str, str], around: Neighbourhood, site: Site) -> None:
    language, text = page
    links = Counter(href for href, _ in Outline(text).links)
    assert len(around.all_projects) == 14
    for project in around.all_projects:
        assert links[f"/{language}/{project.value.removeprefix(site.base)}"] == 1


def test_the_numbers_lead_to_what_they_count(page: tuple[str, str], site: Site) -> None:
    language, text = page
    numbers = {
        href: match[0] for href, words in Outline(text).links if (match := re.match(r"[\d,]+ (?=\D)", words))
    }
    stripped = {href: number.strip() for href, number in numbers.items()}
    assert stripped == {
        f"/{language}/projects": "14",
        f"/{language}/consortia": "14",
        f"/{language}/areas": "19",
        "#prefectures": "16",
        f"/{language}/corrections": "8",
        f"/{language}/dumps/": f"{site.manifest['counts']['triples']:,}",
    }
    assert 'id="prefectures"' in text


def test_themes_are_counted(page: tuple[str, str], around: Neighbourhood) -> None:
    """Each bar has its number beside it, and they come sorted."""
    language, text = page
    bars = re.findall(
        rf'<a href="/{language}/projects\?theme=([\w-]+)">.*?<rect width="([\d.]+)".*?class="bar-number">(\d+)<',
        text,
    )
    expected = Counter(theme.value for project in around.all_projects for theme in around.themes(project))
    assert {name: int(number) for name, _, number in bars} == {
        iri.rpartition("/")[2]: number for iri, number in expected.items()
    }
    numbers = [int(number) for _, _, number in bars]
    assert numbers == sorted(numbers, reverse=True)
    for _, width, number in bars:
        assert float(width) == pytest.approx(100 * int(number) / numbers[0], abs=0.01)


def test_the_map_tells_what_the_data_do(page: tuple[str, str], around: Neighbourhood, site: Site) -> None:
    language, text = page
    if not maps.outlines():
        assert "<figure" not in text
        pytest.skip("no front end was built: run 'make frontend'")
    figure = re.search(r"<figure.*?</figure>", text, re.DOTALL)
    assert figure
    assert len(figure[0]) < 60_000
    shapes = re.findall(
        r'<a href="([^"]+)" class="step"><title>([^<]+)</title><path( fill="url\(#step-\d\)")?', figure[0]
    )
    assert len(shapes) == 47
    counted = {href: int(re.findall(r"\d+", title)[-1]) for href, title, fill in shapes if fill}
    prefectures = site.catalog.instances(NamedNode(site.own("Prefecture")))
    counts = {each.value[-6:]: len(around.projects_within(each)) for each in prefectures}
    assert counted == {
        f"/{language}/projects?prefecture={code}": number for code, number in counts.items() if number
    }
    without = [href for href, _, fill in shapes if not fill]
    assert without == [f"/{language}/prefecture/{code}" for code, number in counts.items() if not number]
    dots = set(re.findall(r'<a href="([^"]+)" class="dot"><title>[^<]+</title>', figure[0]))
    named = {area for each in around.all_projects for area in around.areas(each) if area in around.containers}
    assert dots == {f"/{language}/{area.value.removeprefix(site.base)}" for area in named}
    assert len(dots) == 19
    assert "CC BY 4.0" in figure[0]


def test_the_table_says_what_the_map_shows(page: tuple[str, str]) -> None:
    language, text = page
    table = re.search(r"<table>.*?</table>", text, re.DOTALL)
    assert table
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table[0], re.DOTALL)
    assert len(rows) == 16
    (hokkaido,) = [row for row in rows if "prefecture=010006" in row]
    for code in ("012084", "016331"):
        assert f'href="/{language}/municipality/{code}"' in hokkaido
    assert '<td class="number">2</td>' in hokkaido


def test_the_newest_call_and_a_correction(client: FlaskClient) -> None:
    text = client.get("/ja/").text
    for each in (
        "2025-04-28",
        "2025-05-30",
        "2025-07-01",
        'href="/ja/call/2024-2"',
        'href="/ja/projects?call=2024-2"',
        'href="/ja/document/2025-07-01-mlit"',
        "<del>北海道士幌町</del>",
        "<ins>北海道上士幌町</ins>",
        "テーマ別のプロジェクト数",
    ):
        assert each in text


def test_tables_can_be_taken_at_once(page: tuple[str, str], client: FlaskClient) -> None:
    language, text = page
    files = [href for href, _ in Outline(text).links if href.endswith(".csv")]
    assert len(files) == 5
    for each in files:
        assert each.endswith(".en.csv") == (language == "en")
        assert client.get(each).mimetype == "text/csv"


def test_headings_go_down_step_by_step(page: tuple[str, str]) -> None:
    _, text = page
    levels = [level for level, _ in Outline(text).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_page_is_light(page: tuple[str, str]) -> None:
    _, text = page
    assert len(text.encode()) < 100_000
    assert "style=" not in text
    assert "<script src" not in text.partition("<main")[2]


def test_the_page_lives_below_another_path(app: Flask) -> None:
    text = app.test_client().get("/ja/", environ_overrides={"SCRIPT_NAME": "/lod"}).text
    assert 'href="/lod/ja/projects' in text
    assert 'href="/ja/projects' not in text
    assert 'href="/ja/projects' in app.test_client().get("/ja/").text


def test_without_a_front_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "outlines", dict)
    text = create_app(site, site.store.evaluate).test_client().get("/ja/").text
    assert "<figure" not in text
    assert "テーマ別のプロジェクト数" in text
    assert 'id="prefectures"' in text


def test_of_very_many_the_newest_are_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a release with more of everything than a page should have."""
    limits = {"MOST_CARDS": 10, "NEWEST": 4, "MOST_BARS": 5, "MOST_DOTS": 18, "MOST_EXAMPLES": 1}
    for name, limit in limits.items():
        monkeypatch.setattr(overview, name, limit)
    text = create_app(site, site.store.evaluate).test_client().get("/ja/").text
    told = [href for href, _ in Outline(text).links if re.fullmatch(r"/ja/project/[\w-]+", href)]
    assert told == [f"/ja/project/2024-2-{number:02}" for number in range(1, 5)]
    assert "新しいプロジェクト" in text
    assert 'href="/ja/projects"' in text
    assert text.count('class="bar-number"') == 5
    assert "ほかに14のテーマ" in text
    assert 'class="dot"' not in text
    assert ("市区町村は多いため、点を描いていません。" in text) == bool(maps.outlines())


def test_what_the_page_is_made_of_is_read_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = overview.read
    monkeypatch.setattr(
        overview, "read", lambda site, language: asked.append(language) or real(site, language)
    )
    client = create_app(site, site.store.evaluate).test_client()
    first = client.get("/ja/")
    assert client.get("/ja/").data == first.data
    assert asked == ["ja"]
    client.get("/en/")
    assert asked == ["ja", "en"]
