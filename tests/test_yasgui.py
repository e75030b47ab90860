"""Yasgui, as others put it on their pages: from another origin, with every example query unmodified."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pyoxigraph as ox
import pytest
from playwright.sync_api import Page, Route

from browser import open_browser
from conftest import ROOT
from requirements import needs
from serving import serving

QUERIES = sorted((ROOT / "data/queries").glob("*.rq"))

PAGE = """<!doctype html><meta charset="utf-8"><title>Yasgui</title><div id="yasgui"></div>
<script src="node_modules/@triply/yasgui/build/yasgui.min.js"></script>
<script>
const yasgui = new Yasgui(document.getElementById("yasgui"), { requestConfig: { endpoint: "ENDPOINT" } });
async function ask(text) {
  const tab = yasgui.getTab();
  tab.setQuery(text);
  try { await tab.yasqe.query(); } catch (error) { /* what the endpoint said is in the results */ }
  const { results } = tab.yasr;
  const failed = results.getError();
  return { status: failed ? failed.status : 200, ask: results.getBoolean(),
    rows: results.getBindings()?.length ?? null };
}
</script>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Yasgui and what it needs, from npm."""
    folder = tmp_path_factory.mktemp("yasgui")
    subprocess.run(
        [
            *(needs("npm"), "install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel", "error"),
            *("--ignore-scripts", "@triply/yasgui@4"),
        ],
        capture_output=True,
        check=True,
        timeout=300,
    )
    return folder


@pytest.fixture(scope="module")
def page(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, dist: Path, release_folder: Path
) -> Iterator[Page]:
    assert release_folder.is_dir()
    with serving(dist, tmp_path_factory.mktemp("log") / "log") as server, open_browser() as browser:
        endpoint = f"http://127.0.0.1:{server.port}/sparql"
        (folder / "index.html").write_text(PAGE.replace("ENDPOINT", endpoint), encoding="utf-8")
        pages = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        Thread(target=pages.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{pages.server_port}"
        tab = browser.new_page()

        def only_ours(route: Route) -> None:
            """Yasgui asks prefix.cc for prefixes; no test asks another host."""
            if route.request.url.startswith((origin, endpoint)):
                route.continue_()
            else:
                route.abort()

        tab.route("**/*", only_ours)
        tab.goto(f"{origin}/index.html")
        yield tab
        pages.shutdown()
        pages.server_close()


def ask(page: Page, text: str) -> Any:
    return page.evaluate("text => ask(text)", text)


def test_every_example_query(page: Page, release_folder: Path) -> None:
    store = ox.Store.read_only(str(release_folder / "store"))
    assert len(QUERIES) >= 15
    for path in QUERIES:
        text = path.read_text(encoding="utf-8")
        expected = store.query(text)
        found = ask(page, text)
        assert found["status"] == 200, path.stem
        if isinstance(expected, ox.QueryBoolean):
            assert found["ask"] is bool(expected), path.stem
        else:
            rows = set(expected) if isinstance(expected, ox.QueryTriples) else list(expected)
            assert found["rows"] == len(rows), path.stem


def test_what_the_endpoint_says_against_a_query_is_shown(page: Page) -> None:
    assert ask(page, "SELECT * WHERE { ?s ?p }")["status"] == 400
    shown = page.inner_text(".yasr")
    assert "1:25" in shown
    assert "correct the query" in shown
