"""SERVICE clauses, answered by the server itself before the query is evaluated.

The processes that evaluate have no sockets. So the pattern of a clause whose endpoint is
allowed is asked for here, within limits, and the clause becomes a VALUES block of what came
back: what SPARQL says a SERVICE clause is, a multiset of solutions that is joined.

Source: SPARQL 1.1 Federated Query, sections 2 and 4.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

from pyoxigraph import Literal, NamedNode

from nichiiki_ld.errors import ServiceFailed
from nichiiki_ld.lexer import Scan, Service

_ACCEPT = "application/sparql-results+json"
_VARIABLE = re.compile(r"\w+")
_PIECE_BYTES = 1 << 16
_FEDERATION = "https://www.w3.org/TR/sparql11-federated-query/"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: an allowed endpoint could send us where it is not allowed to go."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002 - as the library calls it
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def federate(text: str, scan: Scan, *, seconds: float, most_bytes: int) -> str:
    """Return a query with each SERVICE clause replaced by what its endpoint answers.

    Args:
        scan: Of the text; its services are allowed, and none is nested.
        seconds: For all endpoints together.
        most_bytes: Longest answer of one endpoint.

    Raises:
        ServiceFailed: An endpoint does not answer as it should, and the clause is not SILENT.
    """
    until = time.monotonic() + seconds
    for service in reversed(scan.services):
        try:
            values = _ask(text, scan.prologue, service, until, most_bytes)
        except ServiceFailed:
            if not service.silent:
                raise
            values = "{}"
        text = f"{text[: service.start]}{values}{text[service.end :]}"
    return text


def _ask(text: str, prologue: str, service: Service, until: float, most_bytes: int) -> str:
    pattern = text[slice(*service.pattern)]
    query = f"{prologue}\nSELECT * WHERE {pattern}"
    endpoint = service.endpoint or ""
    request = urllib.request.Request(  # noqa: S310 - the allow-list has http and https only
        endpoint,
        data=urllib.parse.urlencode({"query": query}).encode(),
        headers={"Accept": _ACCEPT, "User-Agent": "nichiiki-ld"},
    )
    try:
        with _opener.open(request, timeout=_left(until, endpoint)) as response:
            body = b""
            while piece := response.read1(_PIECE_BYTES):
                body += piece
                _left(until, endpoint)
                if len(body) > most_bytes:
                    raise _failed(endpoint, f"its answer is longer than {most_bytes} bytes")
        results = json.loads(body)
        return _values(results["head"]["vars"], results["results"]["bindings"])
    except urllib.error.HTTPError as error:
        error.close()
        raise _failed(endpoint, f"it answers with status {error.code}") from None
    except (OSError, HTTPException) as error:
        raise _failed(endpoint, str(getattr(error, "reason", error))) from None
    except (ValueError, KeyError, TypeError) as error:
        raise _failed(endpoint, f"its answer is no SPARQL JSON: {error}") from None


def _left(until: float, endpoint: str) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise _failed(endpoint, "it takes too long")
    return left


def _failed(endpoint: str, why: str) -> ServiceFailed:
    return ServiceFailed(
        f"the service {endpoint} failed: {why}",
        hint="ask it yourself, or write SERVICE SILENT to go on without it",
        reference=_FEDERATION,
    )


def _values(variables: list[str], bindings: list[dict[str, Any]]) -> str:
    """Return solutions as a group with one VALUES block."""
    if not variables:
        # No variable, but perhaps solutions: as many empty ones.
        return "{ VALUES () { " + "() " * len(bindings) + "} }"
    if not all(_VARIABLE.fullmatch(name) for name in variables):
        raise ValueError("a variable's name is none")
    names = " ".join(f"?{name}" for name in variables)
    rows = "\n".join(
        "(" + " ".join(_term(binding.get(name)) for name in variables) + ")" for binding in bindings
    )
    return f"{{ VALUES ({names}) {{\n{rows}\n}} }}"


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
