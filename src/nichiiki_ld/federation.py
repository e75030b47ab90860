"""SERVICE clauses, answered by the server itself before the query is evaluated.

The processes that evaluate have no sockets. So the pattern of a clause whose endpoint is
allowed is asked for here, within limits, and the clause becomes a VALUES block of what came
back: what SPARQL says a SERVICE clause is, a multiset of solutions that is joined.

Source: SPARQL 1.1 Federated Query, sections 2 and 4.
"""

from __future__ import annotations

import json
import re
import socket
import time
import urllib.parse
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any

from pyoxigraph import Literal, NamedNode

from nichiiki_ld.deadline import within
from nichiiki_ld.errors import ServiceFailed
from nichiiki_ld.lexer import Scan, Service

_ACCEPT = "application/sparql-results+json"
_VARIABLE = re.compile(r"\w+")
_PIECE_BYTES = 1 << 16
_FEDERATION = "https://www.w3.org/TR/sparql11-federated-query/"


def federate(text: str, scan: Scan, *, seconds: float, most_bytes: int) -> str:
    """Return a query with each SERVICE clause replaced by what its endpoint answers.

    Raises:
        ServiceFailed: As `Federation.replace`.
    """
    return Federation(seconds=seconds, most_bytes=most_bytes).replace(text, scan)


class Federation:
    """What one query asks of other endpoints. One thread asks; any other may end it."""

    def __init__(self, *, seconds: float, most_bytes: int) -> None:
        """Describe the limits.

        Args:
            seconds: For all endpoints together, from now on.
            most_bytes: For all answers together, and likewise for what they are written as.
        """
        self._until = time.monotonic() + seconds
        self._most = self._left = most_bytes
        self._ended = False
        self._socket: socket.socket | None = None

    def end(self) -> None:
        """Let what is going on fail at once, or, while it still looks for an address, within the time limit."""
        self._ended = True
        if connected := self._socket:
            with suppress(OSError):
                # Not that of TLS, which would wait for the other end.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def replace(self, text: str, scan: Scan) -> str:
        """Return a query with each SERVICE clause replaced by what its endpoint answers.

        Args:
            scan: Of the text; its services are allowed, and none is nested.

        Raises:
            ServiceFailed: An endpoint does not answer as it should, or not within the limits, and the
                clause is not SILENT.
        """
        for service in reversed(scan.services):
            try:
                values = self._ask(text, scan.prologue, service)
            except ServiceFailed:
                if not service.silent:
                    raise
                values = "{}"
            text = f"{text[: service.start]}{values}{text[service.end :]}"
        return text

    def _ask(self, text: str, prologue: str, service: Service) -> str:
        endpoint = service.endpoint or ""
        query = f"{prologue}\nSELECT * WHERE {text[slice(*service.pattern)]}"
        try:
            body = within(self._seconds(endpoint), partial(self._exchange, endpoint, query))
        except TimeoutError:
            self.end()
            raise _failed(endpoint, "it takes too long") from None
        except (OSError, HTTPException, UnicodeError) as error:
            raise _failed(endpoint, str(error) or type(error).__name__) from None
        try:
            results = json.loads(body)
            values = _values(results["head"]["vars"], results["results"]["bindings"], self._left)
        except _TooMuch:
            raise self._too_large(endpoint) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _failed(endpoint, f"its answer is no SPARQL JSON: {error}") from None
        self._left -= max(len(body), len(values))
        return values

    def _exchange(self, endpoint: str, query: str) -> bytes:
        """Return the answer to a query. Nothing is followed: an endpoint could send us where it is not allowed to go."""
        connection = self._connect(endpoint)
        try:
            connection.connect()
            self._socket = connection.sock
            # Whoever ended this may have found nothing to end.
            self._seconds(endpoint)
            address = urllib.parse.urlsplit(endpoint)
            target = urllib.parse.quote(address.path or "/", safe="/%!$&'()*+,;=:@~")
            if address.query:
                target += f"?{urllib.parse.quote(address.query, safe='/?%!$&()*+,;=:@~')}"
            connection.request(
                "POST",
                target,
                urllib.parse.urlencode({"query": query}).encode(),
                {
                    "Accept": _ACCEPT,
                    "Content-Type": "application/x-www-form-urlencoded",
                    "User-Agent": "nichiiki-ld",
                    "Connection": "close",
                },
            )
            response = connection.getresponse()
            if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                raise _failed(endpoint, f"it answers with status {response.status}")
            return self._read(endpoint, response)
        finally:
            self._socket = None
            connection.close()

    def _connect(self, endpoint: str) -> HTTPConnection:
        seconds = self._seconds(endpoint)
        try:
            address = urllib.parse.urlsplit(endpoint)
            kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
            return kind(address.hostname or "", address.port, timeout=seconds)
        except ValueError as error:
            raise _failed(endpoint, f"its address is none: {error}") from None

    def _read(self, endpoint: str, response: HTTPResponse) -> bytes:
        body = bytearray()
        while piece := response.read1(_PIECE_BYTES):
            body += piece
            self._seconds(endpoint)
            if len(body) > self._left:
                raise self._too_large(endpoint)
        if response.length:
            raise _failed(endpoint, "its answer breaks off")
        return bytes(body)

    def _seconds(self, endpoint: str) -> float:
        """Return how much time is left."""
        left = self._until - time.monotonic()
        if left <= 0 or self._ended:
            raise _failed(endpoint, "it takes too long")
        return left

    def _too_large(self, endpoint: str) -> ServiceFailed:
        return _failed(endpoint, f"the answers of all services together are longer than {self._most} bytes")


class _TooMuch(Exception):
    """Solutions would be longer than they may be."""


def _failed(endpoint: str, why: str) -> ServiceFailed:
    return ServiceFailed(
        f"the service {endpoint} failed: {why}",
        hint="ask it yourself, or write SERVICE SILENT to go on without it",
        reference=_FEDERATION,
    )


def _values(variables: list[str], bindings: list[dict[str, Any]], most_characters: int) -> str:
    """Return solutions as a group with one VALUES block.

    Raises:
        _TooMuch: It would be too long: few bytes of an answer may stand for many solutions of many variables.
    """
    if not all(_VARIABLE.fullmatch(name) for name in variables):
        raise ValueError("a variable's name is none")
    # No variable, but perhaps solutions: as many empty ones.
    parts = [f"{{ VALUES ({' '.join(f'?{name}' for name in variables)}) {{"]
    length = len(parts[0])
    for binding in bindings:
        row: list[str] = []
        for name in variables:
            row.append(_term(binding.get(name)))
            length += len(row[-1]) + 1
            if length > most_characters:
                raise _TooMuch
        parts.append(f"({' '.join(row)})")
        length += len("\n()")
        if length > most_characters:
            raise _TooMuch
    return "\n".join([*parts, "} }"])


def _term(term: dict[str, Any] | None) -> str:
    if term is None:
        return "UNDEF"
    value = str(term["value"])
    match term["type"]:
        case "uri":
            return str(NamedNode(value))
        case "literal" | "typed-literal":
            language, datatype = term.get("xml:lang"), term.get("datatype")
            if language:
                return str(Literal(value, language=language))
            return str(Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value))
        case "bnode":
            # Blank nodes are names within one answer. VALUES takes none, so each gets an IRI of its own.
            return f"<urn:x-nichiiki-ld:bnode:{urllib.parse.quote(value, safe='')}>"
        case other:
            raise ValueError(f"a term of type {other}")
