"""Pages in Japanese and English: their addresses, what chooses between them, and the words they use."""

from __future__ import annotations

import io
import re
import tomllib
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from conftest import ROOT
from pages import KINDS

PACKAGE = ROOT / "src/nichiiki_ld"
CATALOGUE = PACKAGE / "web/translations/en/LC_MESSAGES/messages.po"
PROJECT = "project/2024-2-10"
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def messages() -> set[str]:
    """Return every message of the templates and modules."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = settings["tool"]["babel"]["mappings"]
    found = extract_from_dir(PACKAGE, [(each["pattern"], each["method"]) for each in mappings])
    return {str(message) for _, _, message, _, _ in found}


def test_every_message_is_translated(english: Catalog) -> None:
    found = messages()
    assert len(found) > 50
    translated = {message.id for message in english if message.id and message.string and not message.fuzzy}
    assert found == translated, "run 'make messages', and translate what is new"


def test_translations_keep_the_places_of_values(english: Catalog) -> None:
    for message in english:
        assert not list(message.check(english)), message.id


def test_english_has_no_japanese(english: Catalog) -> None:
    assert [message.id for message in english if message.id and JAPANESE.search(str(message.string))] == []


def test_the_compiled_catalogue_is_of_the_written_one(english: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, english)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run 'make messages'"


def test_no_japanese_in_a_template_goes_untranslated() -> None:
    templates = sorted((PACKAGE / "web/templates").rglob("*.html"))
    assert len(templates) > 5
    for path in templates:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"_\(\s*('[^']*'|\"[^\"]*\")", "", text)
        assert not JAPANESE.search(text), path.name


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        pytest.param(None, "ja", id="no field: Japanese"),
        pytest.param("en", "en", id="English"),
        pytest.param("en-GB, en;q=0.9", "en", id="English of a country"),
        pytest.param("ja-JP, en;q=0.5", "ja", id="Japanese first"),
        pytest.param("fr, en;q=0.2", "en", id="what there is"),
        pytest.param("fr", "ja", id="nothing there is"),
        pytest.param("*", "ja", id="anything"),
        pytest.param(";;=", "ja", id="no language"),
    ],
)
@pytest.mark.parametrize("path", ["/", f"/{PROJECT}.html", "/dumps/", "/sparql"])
def test_the_language_of_a_page(client: FlaskClient, path: str, accept: str | None, language: str) -> None:
    headers = {"Accept": "text/html"} | ({"Accept-Language": accept} if accept else {})
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.text
    assert "Accept-Language" in response.vary


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", ["/", f"/{PROJECT}.html", "/dumps/", "/sparql"])
def test_an_address_in_a_language(client: FlaskClient, path: str, language: str) -> None:
    other = {"ja": "en", "en": "ja"}[language]
    headers = {"Accept": "text/html", "Accept-Language": other}
    response = client.get(f"/{language}{path}", headers=headers)
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" not in response.vary
    assert f'hreflang="{other}" href="/{other}{path}"' in response.text
    assert f'hreflang="x-default" href="{path}"' in response.text


def test_the_language_is_kept_from_page_to_page(client: FlaskClient) -> None:
    html = {"Accept": "text/html", "Accept-Language": "ja"}
    page = client.get(f"/en/{PROJECT}", headers=html)
    assert (page.status_code, page.headers["Location"]) == (303, f"/en/{PROJECT}.html")
    text = client.get(page.headers["Location"]).text
    assert 'href="/en/municipality/016331"' in text
    assert f'href="/{PROJECT}.ttl"' in text
    assert client.get(f"/{PROJECT}", headers=html).headers["Location"] == f"/{PROJECT}.html"


def test_data_have_one_address(client: FlaskClient) -> None:
    turtle = client.get(f"/en/{PROJECT}", headers={"Accept": "text/turtle"})
    assert turtle.headers["Location"] == f"/{PROJECT}.ttl"
    assert client.get(f"/en/{PROJECT}.ttl").status_code == 404
    assert client.get("/en/context.jsonld").status_code == 404


def test_what_is_not_there_is_told_in_the_language(client: FlaskClient) -> None:
    headers = {"Accept": "text/html"}
    assert "見つかりません" in client.get("/ja/nothing", headers=headers).text
    response = client.get("/en/nothing", headers=headers)
    assert "Not found" in response.text
    assert "見つかりません" not in response.text


def test_a_query_is_kept_in_the_other_language(client: FlaskClient) -> None:
    response = client.get("/ja/sparql?query=ASK%20%7B%7D%20%23%20%22%3E", headers={"Accept": "text/html"})
    assert 'href="/en/sparql?query=ASK%20%7B%7D%20%23%20%22%3E"' in response.text


def test_the_catalogues_are_in_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["nichiiki_ld"]
    found = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    assert CATALOGUE.with_suffix(".mo") in found


# --- the language of every word ---------------------------------------------------------


class Spoken(HTMLParser):
    """The texts of a page that are wholly Japanese and stand in nothing that says so."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr", "wbr"})
    NO_PROSE = frozenset({"script", "style", "code", "pre", "textarea", "template"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.unsaid: list[str] = []
        self.said = 0
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            inherited = self._open[-1][1] if self._open else ""
            self._open.append((tag, dict(attrs).get("lang") or inherited))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        letters = [each for each in data if each.isalpha()]
        if not letters or not all(JAPANESE.match(each) or each in "々〆ー" for each in letters):
            return
        if self.NO_PROSE.isdisjoint(tag for tag, _ in self._open):
            if self._open[-1][1].startswith("ja"):
                self.said += 1
            else:
                self.unsaid.append(f"{self._open[-1][0]}: {data.strip()}")


@pytest.mark.parametrize("name", KINDS)
def test_japanese_words_of_an_english_page_are_called_so(client: FlaskClient, name: str) -> None:
    """WCAG 2.2, success criterion 3.1.2: a program that reads aloud has to know."""
    kind = KINDS[name]
    response = client.get(f"/en/{kind.address}", headers={"Accept": "text/html"})
    assert response.status_code == kind.status
    page = Spoken(response.text)
    assert page.unsaid == []
    assert page.said
