"""The site in a real browser: what every page keeps to, and what a person does there."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser import Tab, open_tab
from pages import KINDS
from serving import Server, serving

PHONES = (320, 360)
"""Widths in CSS pixels: WCAG 2.1, 1.4.10 (Reflow), and the most common phones."""

_TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 0.5)
  .filter(each => { for (let up = each.parentElement; up && up !== document.body; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== "visible") return false; return true; })
  .slice(0, 5).map(each => each.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module")
def server(dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert release_folder.is_dir()
    with serving(dist, tmp_path_factory.mktemp("browser") / "log", NICHIIKI_WORKERS="1") as started:
        yield started


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Tab]:
    """A tab of a person who reads Japanese; whatever a test does there, nothing may go wrong."""
    with open_tab(browser, server.port) as opened:
        yield opened
        assert not opened.wrong


# --- every page -------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """What was seen of one page."""

    status: int
    wrong: list[str]
    navigations: int
    printed_navigations: int
    backgrounds: tuple[str, str]
    too_wide: dict[int, Any]


@pytest.fixture(scope="module")
def visit(browser: Browser, server: Server) -> Callable[[str, str], Visit]:
    """Look at a page once, for all that is asked of it."""
    seen: dict[tuple[str, str], Visit] = {}

    def look(name: str, language: str) -> Visit:
        if (name, language) not in seen:
            with open_tab(browser, server.port, language=language) as tab:
                seen[name, language] = _look(tab, f"{language}/{KINDS[name].address}")
        return seen[name, language]

    return look


def _look(tab: Tab, address: str) -> Visit:
    status = tab.open(address)
    shown = "() => [...document.querySelectorAll('nav')].filter(each => each.checkVisibility()).length"
    background = "() => getComputedStyle(document.body).backgroundColor"
    navigations, light = tab.evaluate(shown), tab.evaluate(background)
    tab.page.emulate_media(media="print")
    printed = tab.evaluate(shown)
    tab.page.emulate_media(media="screen", color_scheme="dark")
    dark = tab.evaluate(background)
    tab.unfold()
    too_wide = {}
    for width in PHONES:
        tab.page.set_viewport_size({"width": width, "height": 640})
        if tab.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            too_wide[width] = tab.evaluate(_TOO_WIDE)
    return Visit(status, tab.wrong, navigations, printed, (light, dark), too_wide)


LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])
EVERY_KIND = pytest.mark.parametrize("name", KINDS)


@LANGUAGES
@EVERY_KIND
def test_nothing_goes_wrong(visit: Callable[[str, str], Visit], name: str, language: str) -> None:
    """No error in the console, nothing against the Content-Security-Policy, no request to another host."""
    seen = visit(name, language)
    assert seen.status == KINDS[name].status
    assert not seen.wrong


@LANGUAGES
@EVERY_KIND
def test_nothing_is_wider_than_a_phone(visit: Callable[[str, str], Visit], name: str, language: str) -> None:
    assert not visit(name, language).too_wide


@EVERY_KIND
def test_paper_has_no_navigation(visit: Callable[[str, str], Visit], name: str) -> None:
    seen = visit(name, "ja")
    assert seen.navigations >= 2
    assert seen.printed_navigations == 0


@EVERY_KIND
def test_dark_is_dark(visit: Callable[[str, str], Visit], name: str) -> None:
    light, dark = (sum(map(int, each[4:-1].split(","))) for each in visit(name, "ja").backgrounds)
    assert light > 600
    assert dark < 200


def test_a_tab_sees_what_is_wrong(browser: Browser, server: Server) -> None:
    """A check that cannot fail is a defect."""
    with open_tab(browser, server.port) as tab:
        tab.open("ja/")
        tab.evaluate(
            "() => { const add = (name, more) => document.body.append(Object.assign(document.createElement(name), more));"
            " add('script', {textContent: 'window.hit = 1'}); add('img', {src: 'http://127.0.0.2/x.png'});"
            " setTimeout(() => { throw new Error('thrown') }); console.error('said') }"
        )
        tab.page.wait_for_timeout(200)
        told = "\n".join(tab.wrong)
        assert tab.evaluate("window.hit") is None
    for part in ("script-src", "img-src", "thrown", "said"):
        assert part in told


# --- the home page ----------------------------------------------------------------------


def focused(tab: Tab) -> str:
    """Return the address that the keyboard would go to, or nothing."""
    return str(tab.evaluate("document.activeElement.closest('a')?.getAttribute('href') ?? ''"))


def test_the_map_is_reached_by_the_keyboard(tab: Tab) -> None:
    """All 47 prefectures and each dot are links with a title, one after the other, and seen when they are reached."""
    tab.open("ja/")
    links = tab.page.locator("main figure svg a")
    addresses = [str(each.get_attribute("href")) for each in links.all()]
    assert len({each for each in addresses if "prefecture" in each}) == 47
    assert len({each for each in addresses if "/municipality/" in each}) > 15
    assert all(
        title.strip()
        for title in tab.evaluate(
            "[...document.querySelectorAll('main svg a')].map(e => e.querySelector('title').textContent)"
        )
    )
    reached: dict[str, bool] = {}
    for _ in range(len(addresses) + 60):
        tab.page.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.closest('svg') !== null"):
            outline = "() => { const style = getComputedStyle(document.activeElement); const shape = getComputedStyle(document.activeElement.querySelector('path, circle')); return style.outlineStyle !== 'none' || shape.outlineStyle !== 'none' || parseFloat(shape.strokeWidth) > 0 }"
            reached[focused(tab)] = tab.evaluate(outline)
    assert set(reached) == set(addresses)
    assert all(reached.values())


def test_a_prefecture_of_the_map_leads_to_its_page(tab: Tab) -> None:
    tab.open("ja/")
    tab.page.locator("main figure svg a[href*='/prefecture/']").first.focus()
    target = focused(tab)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(lambda address: urlsplit(address).path.startswith(target.removesuffix(".html")))
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()


def test_themes_are_counted_without_colour(tab: Tab) -> None:
    """A bar is as long as its number says, which stands beside it, and leads to so many projects."""
    tab.open("ja/")
    vacant = tab.page.get_by_role("main").get_by_role("link", name="空き家", exact=False).first
    line = vacant.locator("xpath=ancestor::*[self::li or self::tr or self::div][1]")
    (number,) = set(re.findall(r"\d+", line.inner_text()))
    vacant.click()
    expect(entries(tab)).to_have_count(int(number))


# --- lists ------------------------------------------------------------------------------


def entries(tab: Tab) -> Locator:
    """Return what a list shows."""
    return tab.page.locator(".entries ol > li")


def test_a_list_is_filtered(tab: Tab) -> None:
    tab.open("ja/projects")
    everything = entries(tab).count()
    facet = tab.page.get_by_role("navigation", name="絞り込み").get_by_role("link", name="空き家")
    said = int(re.findall(r"\d+", facet.inner_text())[-1])
    facet.click()
    expect(tab.page).to_have_url(re.compile(r"/ja/projects\?theme=vacant-houses$"))
    expect(entries(tab)).to_have_count(said)
    assert 0 < said < everything
    expect(tab.page.locator(".list-count .figure")).to_have_text(str(said))
    assert all("空き家" in text for text in entries(tab).all_inner_texts())
    prefecture = tab.page.get_by_role("navigation", name="絞り込み").get_by_role("link", name="広島県")
    prefecture.click()
    assert parse_qs(urlsplit(tab.page.url).query).keys() == {"theme", "prefecture"}
    expect(entries(tab)).to_have_count(1)
    tab.page.go_back()
    expect(entries(tab)).to_have_count(said)


def test_a_list_is_taken_away(tab: Tab) -> None:
    """The table, which Excel opens; and the query that gives this list, which the query page runs."""
    tab.open("ja/projects?theme=vacant-houses")
    shown = entries(tab).count()
    with tab.page.expect_download() as started:
        tab.page.get_by_role("link", name="CSV").first.click()
    content = Path(started.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert len({next(iter(row.values())) for row in rows}) == shown
    assert any("北見市" in value for row in rows for value in row.values())


# --- search -----------------------------------------------------------------------------


def test_search(tab: Tab) -> None:
    """As one types, what is found is suggested; Enter shows everything."""
    tab.open("ja/")
    box = tab.page.get_by_role("main").get_by_role("combobox")
    box.press_sequentially("きたみ")
    expect(tab.page.get_by_role("option").filter(has_text="北見市").first).to_be_visible()
    box.press("Enter")
    expect(tab.page).to_have_url(re.compile("/ja/search"))
    assert parse_qs(urlsplit(tab.page.url).query)["q"] == ["きたみ"]
    tab.page.get_by_role("main").get_by_role("link", name="北見市").first.click()
    expect(tab.page.get_by_role("heading", level=1)).to_contain_text("北見市")


def test_a_suggestion_is_chosen_by_the_keyboard(tab: Tab) -> None:
    tab.open("en/")
    box = tab.page.get_by_role("main").get_by_role("combobox")
    box.press_sequentially("kitami")
    expect(tab.page.get_by_role("option").first).to_be_visible()
    for _ in range(tab.page.get_by_role("option").count()):
        box.press("ArrowDown")
        active = tab.page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        if "Kitami City" in active.inner_text():
            break
    box.press("Enter")
    expect(tab.page.get_by_role("heading", level=1)).to_contain_text("Kitami")


# --- things and the document -------------------------------------------------------------


def test_a_fact_leads_to_the_words_that_it_rests_on(tab: Tab) -> None:
    tab.open("ja/project/2024-2-10.html")
    tab.page.get_by_role("main").get_by_role("link", name="北海道士幌町").first.press("Enter")
    target = tab.page.locator(":target")
    expect(target).to_be_visible()
    assert "document/2025-07-01-mlit" in tab.page.url
    expect(target).to_contain_text("北海道士幌町")


def test_the_document_shows_phrases_and_misprints(tab: Tab) -> None:
    """Quoted phrases are marked where they stand, a misprint is struck out, and the right value stands beside it."""
    tab.open("ja/document/2025-07-01-mlit.html")
    main = tab.page.get_by_role("main")
    row = main.locator("#row-10")
    struck, right = row.locator("del", has_text="北海道士幌町"), row.locator("ins", has_text="北海道上士幌町")
    expect(struck).to_have_css("text-decoration-line", "line-through")
    expect(right).to_be_visible()
    assert struck.bounding_box()["y"] <= right.bounding_box()["y"] + 40  # type: ignore[index]
    phrases = main.locator("mark")
    assert phrases.count() >= 42
    assert phrases.first.evaluate("each => getComputedStyle(each).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert main.locator("del").count() >= 8
    row.get_by_role("link", name="ふるさと納税").first.click()
    expect(tab.page.get_by_role("heading", level=1)).to_contain_text("ふるさと納税")


# --- queries ----------------------------------------------------------------------------


def empty_editor(tab: Tab) -> None:
    """Go to where a query is written, the editor that npm brings, and take out what is there."""
    editor = tab.page.locator("[contenteditable=true][role=textbox]")
    editor.press("Control+a")
    # Emptied first: where coloured text is typed over, Chromium itself writes a style, which the policy forbids.
    editor.press("Delete")


def test_an_example_is_run_and_shown_on_a_map(tab: Tab) -> None:
    tab.open("ja/sparql")
    tab.page.get_by_role("main").get_by_role("link", name="実施地域の地図").first.click()
    rows = tab.page.get_by_role("main").locator("table tbody tr")
    expect(rows.first).to_be_visible()
    dots = tab.page.locator("figure.map svg a")
    assert rows.count() == dots.count() > 15
    assert tab.evaluate(
        "each => each.querySelector('circle').getBBox().width > 0", dots.first.element_handle()
    )
    dots.first.press("Enter")
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    assert "/ja/municipality/" in tab.page.url or "/ja/prefecture/" in tab.page.url


def test_numbers_are_shown_as_a_chart(tab: Tab) -> None:
    tab.open(f"ja/{KINDS['query, chart'].address}")
    bars = tab.page.get_by_role("main").locator("ol.bars > li")
    numbers = [float(each.split()[-1]) for each in bars.all_inner_texts()]
    widths = tab.evaluate(
        "[...document.querySelectorAll('main ol.bars rect')].map(each => each.getBoundingClientRect().width)"
    )
    assert len(numbers) > 10
    assert widths == pytest.approx([number * widths[0] / numbers[0] for number in numbers], rel=0.05)


def test_a_query_is_written_and_run(tab: Tab) -> None:
    """Ctrl+Enter runs it, and the address of what comes shows the same to whoever gets it."""
    tab.open("ja/sparql")
    empty_editor(tab)
    tab.page.keyboard.insert_text("SELECT ?n { VALUES ?n { 1 2 3 } }")
    tab.page.keyboard.press("Control+Enter")
    rows = tab.page.get_by_role("main").locator("table tbody tr")
    expect(rows).to_have_count(3)
    assert parse_qs(urlsplit(tab.page.url).query)["query"] == ["SELECT ?n { VALUES ?n { 1 2 3 } }"]
    tab.page.reload()
    expect(rows).to_have_count(3)


def test_terms_are_completed(tab: Tab) -> None:
    tab.open("ja/sparql")
    empty_editor(tab)
    tab.page.keyboard.insert_text(
        "PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>\nSELECT * { ?it a nichiiki:Proj"
    )
    tab.page.keyboard.press("Control+Space")
    expect(tab.page.get_by_role("option", name="nichiiki:Project").first).to_be_visible()


# --- languages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "",
        "project/2024-2-10.html",
        "projects?theme=vacant-houses",
        "search?q=012084",
        "sparql?query=ASK%20%7B%7D",
    ],
)
def test_the_switch_keeps_the_page(tab: Tab, address: str) -> None:
    tab.open(f"ja/{address}")
    tab.page.get_by_role("link", name="English", exact=True).click()
    assert tab.address() == f"/en/{address}"
    assert tab.evaluate("document.documentElement.lang") == "en"
    tab.page.get_by_role("link", name="日本語", exact=True).click()
    assert tab.address() == f"/ja/{address}"
    assert tab.evaluate("document.documentElement.lang") == "ja"


@pytest.mark.parametrize(("language", "words"), [("ja", "二地域居住"), ("en", "two-region living")])
def test_a_browser_gets_its_language(browser: Browser, server: Server, language: str, words: str) -> None:
    with open_tab(browser, server.port, language=language) as tab:
        tab.open("")
        assert tab.evaluate("document.documentElement.lang") == language
        expect(tab.page.get_by_role("heading", level=1)).to_contain_text(words)


# --- without JavaScript -----------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser, server: Server) -> Iterator[Tab]:
    """A tab without JavaScript."""
    with open_tab(browser, server.port, scripts=False) as opened:
        yield opened
        assert not opened.wrong


def test_without_scripts(plain: Tab) -> None:
    plain.open("ja/")
    expect(plain.page.locator("main figure svg a[href*='prefecture']")).to_have_count(47)
    box = plain.page.get_by_role("main").get_by_role("searchbox")
    box.fill("012084")
    box.press("Enter")
    plain.page.get_by_role("main").get_by_role("link", name="北見市").first.click()
    expect(plain.page.get_by_role("heading", level=1)).to_contain_text("北見市")
    plain.open("ja/projects")
    plain.page.get_by_role("navigation", name="絞り込み").get_by_role("link", name="空き家").click()
    expect(entries(plain)).to_have_count(3)


def test_a_query_without_scripts(plain: Tab) -> None:
    plain.open("ja/sparql")
    plain.page.locator("textarea[name=query]").fill("SELECT ?n { VALUES ?n { 1 2 3 } }")
    plain.page.get_by_role("button", name="実行").click()
    expect(plain.page.get_by_role("main").locator("table tbody tr")).to_have_count(3)
