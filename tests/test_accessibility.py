"""WCAG 2.1 AA, which JIS X 8341-3 is, as far as axe can tell: every kind of page, both languages, light and dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser

from browser import Tab, open_tab
from pages import KINDS
from serving import Server, serving

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""Rules that a page may keep when it is light, and break when it is dark."""


@pytest.fixture(scope="module")
def server(dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert release_folder.is_dir()
    with serving(dist, tmp_path_factory.mktemp("accessibility") / "log", NICHIIKI_WORKERS="1") as started:
        yield started


def violations(
    tab: Tab, *, kind: str, values: tuple[str, ...], left_out: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what axe finds on a page: rule → what it says and where.

    Args:
        kind: What `values` are: `tag` or `rule`.
        left_out: Rules that are not tried.
    """
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE)
    options = {
        "runOnly": {"type": kind, "values": values},
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in left_out},
    }
    found = tab.evaluate("options => axe.run(document, options)", options)
    assert found["passes"], "axe looked at nothing"
    return {
        each["id"]: [
            each["help"],
            *(f"{n['target']} {n['failureSummary']} {n['html'][:200]}" for n in each["nodes"][:4]),
        ]
        for each in found["violations"]
    }


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_no_violation(browser: Browser, server: Server, name: str, language: str) -> None:
    with open_tab(browser, server.port, language=language) as tab:
        assert tab.open(f"{language}/{KINDS[name].address}") == KINDS[name].status
        tab.unfold()
        # Colours take axe five times as long as all else, and those of a page in English are the same.
        light = violations(tab, kind="tag", values=TAGS, left_out=OF_COLOURS if language == "en" else ())
        assert not light, json.dumps(light, ensure_ascii=False, indent=1)
        if language == "en":
            return
        tab.page.emulate_media(color_scheme="dark")
        dark = violations(tab, kind="rule", values=OF_COLOURS)
        assert not dark, json.dumps(dark, ensure_ascii=False, indent=1)


def test_axe_finds_what_is_wrong(browser: Browser, server: Server) -> None:
    """A check that cannot fail is a defect."""
    with open_tab(browser, server.port) as tab:
        tab.open("ja/")
        tab.evaluate(
            "document.querySelector('main').insertAdjacentHTML('afterbegin',"
            ' \'<img src="/favicon.ico"><p><font color="#999999">pale</font></p><input>\')'
        )
        found = violations(tab, kind="tag", values=TAGS)
    assert {"image-alt", "color-contrast", "label"} <= found.keys()
