"""A document from the web: asked for once, over http or https, within limits of time and size."""

from __future__ import annotations

import re
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, responses
from typing import Any

from nichiiki_ld.deadline import within
from nichiiki_ld.errors import SourceError
from nichiiki_ld.fetch.advice import DOWNLOAD
from nichiiki_ld.fetch.answer import name_of, read_answer
from nichiiki_ld.fetch.journey import opener
from nichiiki_ld.reading.limits import MOST_FILE_BYTES

FETCH_SECONDS = 120.0
"""For everything, from the look-up of the name to the last byte."""

MOST_REDIRECTS = 5

_SCHEMES = ("http", "https")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = "nichiiki-ld (https://w3id.org/nichiiki/)"
_SAFE = "!$&'()*+,-./:;=@_~%"
"""What stays as it is in a path; what is escaped already stays escaped (RFC 3986, section 3.3)."""


_MOVED = "look for the address to which the document has moved"
_WAIT = "wait a while, and try again"
_HINTS: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: _MOVED,
    HTTPStatus.GONE: _MOVED,
    HTTPStatus.TOO_MANY_REQUESTS: _WAIT,
    HTTPStatus.SERVICE_UNAVAILABLE: _WAIT,
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered with.

    Attributes:
        name: What the file is called there, with an extension if anything tells it.
        address: What was asked for, in ASCII and without its fragment.
    """

    content: bytes
    name: str
    address: str


def is_address(text: str) -> bool:
    """Tell whether a person means something on the web, or in another scheme, rather than a file."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", text) is not None


def fetch(address: str, *, seconds: float = FETCH_SECONDS, most_bytes: int = MOST_FILE_BYTES) -> Fetched:
    """Fetch a document.

    Redirects are followed a few times, but not from https to http, and not from the public
    internet into a private network: whoever serves a public address must not choose what is
    asked for inside. A person may name a private address.

    Args:
        seconds: For everything.
        most_bytes: Largest document, after decompression.

    Raises:
        SourceError: The address is not one that is fetched, or it does not answer with a
            whole document of that size in that time.
    """
    asked = _checked(address)
    until = time.monotonic() + seconds
    try:
        return within(seconds, lambda: _exchange(asked, until, most_bytes))
    except TimeoutError:
        raise SourceError(
            f"did not come within {seconds:g} seconds", where=asked, hint=f"try again later, or {DOWNLOAD}"
        ) from None


def _checked(address: str) -> str:
    """Return an address in ASCII, without fragment.

    Raises:
        SourceError: It is none, or not one that is fetched.
    """
    try:
        parts = urllib.parse.urlsplit(address.strip())
        host, port = parts.hostname, parts.port
        ascii_host = (host or "").encode("idna").decode("ascii")
    except ValueError:
        raise SourceError("is no address", where=address, hint="write it as the browser shows it") from None
    if parts.scheme.lower() not in _SCHEMES:
        raise SourceError(
            f"{parts.scheme}: is not fetched, only http: and https: are",
            where=address,
            hint="name the file itself" if parts.scheme.lower() == "file" else DOWNLOAD,
        )
    if not ascii_host:
        raise SourceError("names no host", where=address, hint="write it as https://example.org/list.pdf")
    if parts.username is not None or parts.password is not None:
        # The address is published with the document.
        raise SourceError(
            "has a user name or password, and would be published with it",
            where=f"{parts.scheme}://…@{ascii_host}",
            hint=DOWNLOAD,
        )
    where = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    where += f":{port}" if port is not None else ""
    return urllib.parse.urlunsplit(
        (
            parts.scheme.lower(),
            where,
            urllib.parse.quote(parts.path, safe=_SAFE) or "/",
            urllib.parse.quote(parts.query, safe=f"{_SAFE}?"),
            "",
        )
    )


def _exchange(address: str, until: float, most_bytes: int) -> Fetched:
    director, at = opener(), address
    try:
        for _ in range(MOST_REDIRECTS + 1):
            request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
                at, headers={"User-Agent": _AGENT, "Accept-Encoding": "gzip"}
            )
            try:
                with director.open(request, timeout=max(until - time.monotonic(), 0.001)) as response:
                    content = read_answer(response, address, until, most_bytes)
                    return Fetched(content, name_of(response.headers, at), address)
            except urllib.error.HTTPError as error:
                with error:
                    at = _redirected(at, error)
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise reason from None
        raise _unreachable(address, reason) from None
    raise SourceError(f"is redirected more than {MOST_REDIRECTS} times", where=address, hint=DOWNLOAD)


def _redirected(address: str, error: urllib.error.HTTPError) -> str:
    """Return the address that an answer redirects to.

    Raises:
        SourceError: It is no redirect, or not one that is followed.
    """
    location = error.headers.get("Location")
    if error.code not in _REDIRECTS or not location:
        raise _refused(address, error) from None
    try:
        target = urllib.parse.urljoin(address, location)
    except ValueError:
        target = location
    try:
        target = _checked(target)
    except SourceError as reason:
        raise SourceError(f"is redirected to what {reason.message}", where=address, hint=DOWNLOAD) from None
    if address.startswith("https:") and target.startswith("http:"):
        raise SourceError(
            "is redirected from https: to http:, where anybody could change the document",
            where=address,
            hint=DOWNLOAD,
        )
    return target


def _refused(address: str, error: urllib.error.HTTPError) -> SourceError:
    status = f"{error.code} {responses.get(error.code, '')}".rstrip()
    return SourceError(
        f"it answers with status {status}", where=address, hint=_HINTS.get(error.code, DOWNLOAD)
    )


def _unreachable(address: str, reason: Any) -> SourceError:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return SourceError(
            f"its certificate is not valid: {reason.verify_message}",
            where=address,
            hint="check the address, and do not trust what it serves",
        )
    why = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return SourceError(
        f"it cannot be reached: {why}", where=address, hint="check the address and the network"
    )
