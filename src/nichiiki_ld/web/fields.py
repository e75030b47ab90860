"""Header fields: what every answer says, and how one is kept and checked by caches.

Source: RFC 9110 (HTTP Semantics), sections 8.8 and 13; RFC 9111 (HTTP Caching);
Fetch Standard (CORS protocol); Content Security Policy Level 3.
"""

from __future__ import annotations

import datetime
import gzip
from collections.abc import Iterable
from http import HTTPStatus

from flask import Response, render_template, request

from nichiiki_ld.formats import HTML, Format
from nichiiki_ld.negotiation import accepts_gzip
from nichiiki_ld.store import COMPRESSION_LEVEL, LEAST_BYTES_TO_COMPRESS, digest
from nichiiki_ld.web import language
from nichiiki_ld.web.site import current_site

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_EXPOSED = (
    "Accept-Ranges, Allow, Content-Encoding, Content-Length, Content-Range, ETag, Link, Location, Retry-After, "
    "Server-Timing, Vary"
)
_PREFLIGHT = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range"
    ),
    "Access-Control-Max-Age": "86400",
}


def add_to_every_answer(response: Response) -> Response:
    """Add what does not depend on the answer: everybody may read it, and a page gets nothing from elsewhere."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if request.method == "OPTIONS" and response.status_code == HTTPStatus.OK:
        response.status_code = 204
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
        for name, value in _PREFLIGHT.items():
            response.headers[name] = value
        for name in ("Content-Type", "Content-Length"):
            response.headers.pop(name, None)
    return response


def represent(
    body: bytes | str,
    content_type: str,
    *,
    links: Iterable[str] = (),
    negotiated: bool = False,
    status: int = HTTPStatus.OK,
    tag: str = "",
    packed: bool | None = None,
) -> Response:
    """Return a complete answer: tagged, dated, linked; 304 when the client has it already.

    Args:
        negotiated: Whether another `Accept` gets something else at the same address.
        tag: Digest of the body, if it is known already.
        packed: Whether the body is compressed already; None where that is done here, for
            a client that takes it.
    """
    data = body.encode() if isinstance(body, str) else body
    if packed is None:
        packed = len(data) >= LEAST_BYTES_TO_COMPRESS and accepts_gzip(request.headers.get("Accept-Encoding"))
        data = gzip.compress(data, COMPRESSION_LEVEL, mtime=0) if packed else data
    response = Response(data, status=status, content_type=content_type)
    response.set_etag(tag or digest(data))
    keep(response)
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "gzip"
    add_links(response, links)
    if negotiated:
        response.vary.add("Accept")
    if status == HTTPStatus.OK:
        response.make_conditional(request)
    return response


def write(body: bytes | str, format_: Format, **rest: bool | int | str | Iterable[str] | None) -> Response:
    """Return `represent` in a format of the table."""
    return represent(body, format_.content_type, **rest)  # type: ignore[arg-type]


def show(
    template: str,
    *,
    links: Iterable[str] = (),
    status: int = HTTPStatus.OK,
    negotiated: bool = False,
    **context: object,
) -> Response:
    """Return a page in the language of the request, made from a template.

    Args:
        negotiated: Whether another `Accept` gets something else at the same address.
        context: What the template is filled with.
    """
    return show_made(render_template(template, **context), links=links, status=status, negotiated=negotiated)


def show_made(
    body: str, *, links: Iterable[str] = (), status: int = HTTPStatus.OK, negotiated: bool = False
) -> Response:
    """Return a page in the language of the request that was made already."""
    response = represent(body, HTML.content_type, links=links, negotiated=negotiated, status=status)
    response.content_language.add(language.current())
    if not language.said():
        response.vary.add("Accept-Language")
    return response


def keep(response: Response) -> None:
    """Let caches keep an answer that follows from the release."""
    site = current_site()
    response.cache_control.public = True
    response.cache_control.max_age = site.settings.max_age_seconds
    # A date after the answer's own is not allowed (RFC 9110, section 8.8.2.1).
    if site.issued and site.issued <= datetime.datetime.now(datetime.UTC):
        response.last_modified = site.issued


def see_other(location: str, links: Iterable[str] = ()) -> Response:
    """Return 303: what was asked for is no document, and this one describes it."""
    response = Response(f"{location}\n", status=303, content_type="text/plain; charset=utf-8")
    response.autocorrect_location_header = False
    response.location = location
    response.vary.add("Accept")
    response.cache_control.public = True
    response.cache_control.max_age = current_site().settings.max_age_seconds
    add_links(response, links)
    return response


def add_links(response: Response, links: Iterable[str]) -> None:
    """Add the values of the `Link` field, but for empty ones."""
    if value := ", ".join(filter(None, links)):
        response.headers["Link"] = value
