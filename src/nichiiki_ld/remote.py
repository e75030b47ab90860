"""Any SPARQL endpoint, asked as the local release is: a job goes in, an answer comes out.

Whatever the other endpoint can write, the answer is in the format of the job: results are
asked for as SPARQL JSON and graphs as Turtle, read, and written anew.
"""

from __future__ import annotations

import ast
import json
import math
import re
import time
import urllib.error
import urllib.parse
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException, responses
from typing import IO, Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results
from SPARQLWrapper import CONSTRUCT, POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from nichiiki_ld.compaction import Context
from nichiiki_ld.deadline import within
from nichiiki_ld.errors import ServiceFailed
from nichiiki_ld.formats import (
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TURTLE,
    Format,
    Kind,
)
from nichiiki_ld.query import Answer, Job
from nichiiki_ld.results import Room, check_rows, write_results
from nichiiki_ld.writing import write_graph

_AGENT = "nichiiki-ld (https://w3id.org/nichiiki/)"
_RESULTS = (RESULTS_JSON, RESULTS_XML, RESULTS_TSV)
_GRAPHS = (TURTLE, N_TRIPLES, RDF_XML)
_LONGEST_ADDRESS = 2000
_PROLOGUE = re.compile(
    r"(?:\s+|#[^\r\n]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:<]*:\s*<[^>]*>|VERSION\s*(?:\"[^\"]*\"|'[^']*'))*+",
    re.IGNORECASE,
)
_PIECE_BYTES = 1 << 16
_MOST_BYTES_OF_ERROR = 20_000
_MOST_CHARACTERS_OF_ERROR = 500


def ask(endpoint: str, job: Job, *, context: Context, seconds: float) -> Answer:
    """Send a query to an endpoint and write its answer. It is sent as a query whatever it says: never as an update.

    Args:
        context: What graphs are written with.
        seconds: For everything, from the look-up of the name to the last byte.

    Raises:
        ServiceFailed: The address is none, or the endpoint does not answer as it should, or not in time.
        QueryLimit: The answer is larger than the job allows.
        NotExpressible: The answer has something that the format cannot carry.
    """
    if not _is_address(endpoint):
        raise ServiceFailed(
            "is no address of an endpoint", where=endpoint, hint="write it whole: https://example.org/sparql"
        )
    wrapper = _prepare(endpoint, job.text, seconds)
    kind = Kind.GRAPH if wrapper.queryType == CONSTRUCT else Kind.RESULTS
    chosen = job.graph if kind is Kind.GRAPH else job.results
    if chosen is None:
        return Answer(kind, None)
    wrapper.addCustomHttpHeader("Accept", _accept(_GRAPHS if kind is Kind.GRAPH else _RESULTS))
    media_type, body = _receive(endpoint, wrapper, job.most_bytes, seconds)
    try:
        if kind is Kind.GRAPH:
            return _graph(endpoint, media_type, body, job, chosen, context)
        return _results(endpoint, media_type, body, job, chosen)
    except (SyntaxError, ValueError) as error:
        raise _failed(endpoint, f"its answer is no {media_type}: {error}") from None


def _is_address(endpoint: str) -> bool:
    try:
        address = urllib.parse.urlsplit(endpoint)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname)


def _prepare(endpoint: str, text: str, seconds: float) -> SPARQLWrapper:
    wrapper = SPARQLWrapper(endpoint, agent=_AGENT)
    wrapper.setOnlyConneg(True)
    wrapper.setTimeout(math.ceil(seconds))
    # The library's own look at the text takes a word of a comment for the kind of query.
    wrapper.queryString = text
    wrapper.queryType = CONSTRUCT if _makes_a_graph(text) else SELECT
    if len(endpoint) + len(urllib.parse.quote_plus(text)) > _LONGEST_ADDRESS:
        wrapper.setMethod(POST)
    return wrapper


def _makes_a_graph(text: str) -> bool:
    """Tell whether a query's first word after its prologue is CONSTRUCT or DESCRIBE."""
    prologue = _PROLOGUE.match(text)
    rest = text[prologue.end() :] if prologue else text
    return rest[: len("CONSTRUCT")].upper().startswith(("CONSTRUCT", "DESCRIBE"))


def _accept(formats: tuple[Format, ...]) -> str:
    """Return a field that prefers the first format, and takes the others."""
    first, *others = (each.media_type for each in formats)
    return ", ".join([first, *(f"{each};q=0.5" for each in others)])


# --- what comes back ----------------------------------------------------------------


def _receive(endpoint: str, wrapper: SPARQLWrapper, most_bytes: int, seconds: float) -> tuple[str, bytes]:
    """Return media type and body of the answer."""
    until = time.monotonic() + seconds
    try:
        return within(seconds, lambda: _exchange(endpoint, wrapper, most_bytes, until))
    except TimeoutError:
        raise _failed(
            endpoint,
            f"it did not answer within {seconds:g} seconds",
            "ask for less, or give it more --seconds",
        ) from None


def _exchange(endpoint: str, wrapper: SPARQLWrapper, most_bytes: int, until: float) -> tuple[str, bytes]:
    try:
        with wrapper.query().response as response:
            media_type = response.headers.get_content_type()
            return media_type, _read(response, most_bytes, until)
    except SPARQLWrapperException as error:
        # The library has read the body already, and keeps it as text.
        cause = error.__context__
        assert isinstance(cause, urllib.error.HTTPError)
        body = ast.literal_eval(str(error).partition("Response:\n")[2] or "b''")
        raise _refused(endpoint, cause, body) from None
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(endpoint, error, error.read(_MOST_BYTES_OF_ERROR)) from None
    except TimeoutError:
        raise
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise reason from None
        why = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise _failed(endpoint, f"it cannot be reached: {why}", "check the address and the network") from None


def _read(response: IO[bytes], most_bytes: int, until: float) -> bytes:
    room = Room(most_bytes)
    while piece := response.read(_PIECE_BYTES):
        room.write(piece)
        if time.monotonic() > until:
            raise TimeoutError
    return room.content()


def _results(endpoint: str, media_type: str, body: bytes, job: Job, chosen: Format) -> Answer:
    format_ = QueryResultsFormat.from_media_type(media_type)
    if format_ is None or format_ == QueryResultsFormat.CSV:
        raise _unreadable(endpoint, media_type, _RESULTS)
    results = parse_query_results(body, format=format_)
    assert isinstance(results, QuerySolutions | QueryBoolean)
    written, rows = write_results(results, chosen, most_bytes=job.most_bytes, most_rows=job.most_rows)
    return Answer(Kind.RESULTS, chosen, written, rows)


def _graph(endpoint: str, media_type: str, body: bytes, job: Job, chosen: Format, context: Context) -> Answer:
    format_ = RdfFormat.from_media_type(media_type)
    if format_ is None:
        raise _unreadable(endpoint, media_type, _GRAPHS)
    triples = {quad.triple for quad in parse(body, format=format_, base_iri=endpoint)}
    check_rows(len(triples), job.most_rows)
    return Answer(Kind.GRAPH, chosen, write_graph(triples, chosen, context), len(triples))


# --- what is wrong --------------------------------------------------------------------


def _refused(endpoint: str, error: urllib.error.HTTPError, body: bytes) -> ServiceFailed:
    media_type = error.headers.get_content_type() if error.headers else ""
    told = _told(media_type, body)
    hint = str(told.get("hint") or "") or _hint(error)
    detail = _printable(str(told.get("detail") or ""))
    status = f"it answers with status {error.code} {responses.get(error.code, '')}".rstrip()
    return _failed(endpoint, f"{status}: {detail}" if detail else status, _printable(hint))


def _hint(error: urllib.error.HTTPError) -> str:
    if error.code == HTTPStatus.BAD_REQUEST:
        return "correct the query"
    wait = error.headers.get("Retry-After", "") if error.headers else ""
    return f"ask again after {wait} seconds" if wait.isdigit() else "check the address, or ask again later"


def _told(media_type: str, body: bytes) -> Mapping[str, Any]:
    """Return problem details (RFC 9457); of any other text, its beginning as the detail, of a page nothing."""
    text = body.decode("utf-8", "replace").strip()
    if media_type.endswith("json"):
        try:
            told = json.loads(text)
        except ValueError:
            told = None
        if isinstance(told, dict):
            return told if "detail" in told else {"detail": told.get("message") or told.get("error") or text}
    return {} if "html" in media_type or text.startswith("<") else {"detail": text}


def _printable(text: str) -> str:
    """Return a text on one line, without anything that a terminal would obey."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= _MOST_CHARACTERS_OF_ERROR else f"{line[:_MOST_CHARACTERS_OF_ERROR]}…"


def _unreadable(endpoint: str, media_type: str, formats: tuple[Format, ...]) -> ServiceFailed:
    known = ", ".join(each.media_type for each in formats)
    return _failed(endpoint, f"it answers with {media_type} instead of one of: {known}")


def _failed(
    endpoint: str, why: str, hint: str = "check that this is the address of a SPARQL endpoint"
) -> ServiceFailed:
    return ServiceFailed(why, where=endpoint, hint=hint)
