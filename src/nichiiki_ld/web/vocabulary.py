"""The documents that data refer to: the JSON-LD context and the shapes."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from nichiiki_ld.formats import JSON_LD, TURTLE, Format
from nichiiki_ld.web import linking
from nichiiki_ld.web.fields import write
from nichiiki_ld.web.site import current_site

bp = Blueprint("vocabulary", __name__)


@bp.get("/context.jsonld")
def context() -> Response:
    """Answer with the context that makes a record RDF."""
    return _file("context.jsonld", JSON_LD)


@bp.get("/shapes.ttl")
def shapes_document() -> Response:
    """Answer with the shapes that a release is validated by."""
    return _file("shapes.ttl", TURTLE)


def _file(name: str, format_: Format) -> Response:
    try:
        content = (current_site().release.folder / name).read_bytes()
    except FileNotFoundError:
        raise NotFound from None
    return write(content, format_, links=[linking.licence()])
