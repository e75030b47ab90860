"""The list of kinds of pages is whole, and every page is small."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from nichiiki_ld.web.language import LANGUAGES
from nichiiki_ld.web.site import Site
from pages import KINDS, MOST_BYTES, ask

EDITOR = ("query", "query, table", "query, map", "query, chart", "query, error")
"""Pages that bring the editor, which is large and optional: what they load is not counted."""


def shape(name: str) -> tuple[int, tuple[str, ...]]:
    """Return what the names of all pages of a kind have in common: `document/x/row/1` is 4, document, row."""
    parts = name.split("/")
    return len(parts), tuple(parts[::2])


def test_every_kind_of_thing_is_listed(site: Site) -> None:
    names = [page.removeprefix(site.base) for page in site.catalog.pages()]
    assert len(names) > 2000
    listed = {shape(each.address.removesuffix(".html")) for each in KINDS.values()}
    assert {shape(name): name for name in names if shape(name) not in listed} == {}


def test_every_other_page_is_listed(app: Flask) -> None:
    client = app.test_client()
    listed = {each.address.partition("?")[0] for each in KINDS.values()}
    found = set()
    for rule in app.url_map.iter_rules():
        fixed = not rule.arguments and "GET" in (rule.methods or ())
        if fixed and rule.rule.split("/")[1] not in LANGUAGES:
            answer = client.get(rule.rule, headers={"Accept": "text/html"})
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found.add(rule.rule.removeprefix("/"))
    assert len(found) > 4
    assert found <= listed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_a_page_is_small(app: Flask, client: FlaskClient, name: str, language: str) -> None:
    """The page itself; and all that comes over the line for it, compressed."""
    status, body = ask(app, KINDS[name].address, language)
    assert status == KINDS[name].status
    packed = body.startswith(b"\x1f\x8b")
    page = gzip.decompress(body) if packed else body
    assert len(page) < MOST_BYTES
    if name not in EDITOR:
        loaded = re.findall(r'<(?:script|img)\b[^>]*\bsrc="(/[^"]+)"', page.decode())
        loaded += re.findall(r'<link\b[^>]*\brel="(?:stylesheet|icon)"[^>]*\bhref="(/[^"]+)"', page.decode())
        assert loaded
        parts = [client.get(address, headers={"Accept-Encoding": "gzip"}) for address in set(loaded)]
        assert all(part.status_code == 200 for part in parts)
        assert len(body) + sum(len(part.data) for part in parts) < MOST_BYTES
