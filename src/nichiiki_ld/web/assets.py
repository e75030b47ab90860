"""The style sheet, at an address that changes with its content."""

from __future__ import annotations

import functools
from importlib.resources import files

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from nichiiki_ld.store import digest
from nichiiki_ld.web.fields import represent
from nichiiki_ld.web.linking import path

bp = Blueprint("assets", __name__)

_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
_NAMES = ("nichiiki.css", "icon.svg")


@functools.cache
def _assets() -> dict[str, tuple[str, bytes, str]]:
    """Return versioned name → plain name, content and content type of each asset."""
    found = {}
    for name in _NAMES:
        content = (files("nichiiki_ld.web") / "static" / name).read_bytes()
        stem, _, extension = name.rpartition(".")
        found[f"{stem}.{digest(content)[:12]}.{extension}"] = (name, content, _TYPES[extension])
    return found


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
