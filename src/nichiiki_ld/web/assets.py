"""Style sheet, scripts and pictures, each at an address that changes with its content.

The parts of the style sheet are files of their own, joined here in the order of their
names. What `npm` brings lies in `static/built`, and may be absent.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from importlib.resources.abc import Traversable

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from nichiiki_ld.store import digest
from nichiiki_ld.web.fields import represent
from nichiiki_ld.web.linking import path

bp = Blueprint("assets", __name__)

STYLE_SHEET = "nichiiki.css"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}


def _contents() -> dict[str, bytes]:
    """Return plain name → content of each asset."""
    static = files("nichiiki_ld.web") / "static"
    parts = sorted((static / "style").iterdir(), key=lambda each: each.name)
    found = {STYLE_SHEET: b"\n".join(each.read_bytes() for each in parts)}
    built = static / "built"
    folders: list[Traversable] = [static, *([built] if built.is_dir() else [])]
    for folder in folders:
        for each in folder.iterdir():
            if each.is_file() and each.name.rpartition(".")[2] in _TYPES:
                found[each.name] = each.read_bytes()
    return found


@functools.cache
def _assets() -> dict[str, tuple[str, bytes, str]]:
    """Return versioned name → plain name, content and content type of each asset."""
    found = {}
    for name, content in _contents().items():
        stem, _, extension = name.rpartition(".")
        found[f"{stem}.{digest(content)[:12]}.{extension}"] = (name, content, _TYPES[extension])
    return found


def exists(name: str) -> bool:
    """Tell whether there is an asset of a plain name."""
    return any(each[0] == name for each in _assets().values())


def content(name: str) -> bytes | None:
    """Return the content of an asset of a plain name, or None if there is none."""
    return next((each[1] for each in _assets().values() if each[0] == name), None)


def address(name: str) -> str:
    """Return the path of an asset."""
    return path("assets/" + next(versioned for versioned, each in _assets().items() if each[0] == name))


@bp.get("/assets/<name>")
def asset(name: str) -> Response:
    """Answer with an asset, to be kept for good."""
    if name not in _assets():
        raise NotFound
    _, content, content_type = _assets()[name]
    response = represent(content, content_type)
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response
