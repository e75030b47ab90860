"""A request of the SPARQL protocol: the query, the graphs it is about, the format it wants.

Source: SPARQL 1.1 Protocol, section 2.1 (query operation); SPARQL 1.1 Query Language,
section 13.2 (specifying RDF datasets) and 19 (grammar).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from nichiiki_ld.errors import MalformedQuery, UnknownFormat, UpdateRefused
from nichiiki_ld.formats import HTML, Format, Kind, of_kind
from nichiiki_ld.negotiation import negotiate

PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """What is asked.

    Attributes:
        default_graphs, named_graphs: IRIs of the graphs that the protocol names; when
            both are empty, the query's own dataset clause or the endpoint's counts.
        format: Name of the format asked for by `format=`; empty when `Accept` decides.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""

    @property
    def chooses_graphs(self) -> bool:
        """Whether the protocol request says which graphs it is about."""
        return bool(self.default_graphs or self.named_graphs)


Parameters = Sequence[tuple[str, str]]
"""Names and values of a query string or form, in order, decoded once."""


def parse_parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a query string or of a form.

    Raises:
        MalformedQuery: The octets are not UTF-8 in percent-encoding.
    """
    try:
        return parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise MalformedQuery(
            "the parameters are not UTF-8", hint="encode the query as UTF-8, then percent-encode it"
        ) from error


def from_parameters(parameters: Parameters) -> QueryRequest:
    """Return the request that a query string or a form makes.

    Raises:
        MalformedQuery: `query` or `format` is missing, empty or there twice.
        UpdateRefused: There is an `update`.
    """
    if _all(parameters, "update"):
        raise UpdateRefused
    queries = _all(parameters, "query")
    if len(queries) != 1:
        raise MalformedQuery(
            "there is no parameter 'query'" if not queries else "there is more than one parameter 'query'",
            hint="send exactly one parameter 'query'",
            reference=PROTOCOL,
        )
    return _request(queries[0], parameters)


def from_body(body: bytes, parameters: Parameters) -> QueryRequest:
    """Return the request that a body of `application/sparql-query` makes.

    Args:
        parameters: Of the query string; it names the graphs.

    Raises:
        MalformedQuery: The body is empty or not UTF-8, or there is a parameter `query` besides.
    """
    if _all(parameters, "query"):
        raise MalformedQuery(
            "the query is both in the address and in the body", hint="send it once", reference=PROTOCOL
        )
    try:
        return _request(body.decode("utf-8"), parameters)
    except UnicodeDecodeError as error:
        raise MalformedQuery(
            f"the query is not UTF-8 (byte {error.start})", hint="encode the query as UTF-8"
        ) from error


def _request(text: str, parameters: Parameters) -> QueryRequest:
    if not text.strip():
        raise MalformedQuery("the query is empty", hint="write a query")
    if "\0" in text:
        raise MalformedQuery("the query has a NUL character", hint="remove it")
    formats = _all(parameters, "format")
    if len(set(formats)) > 1:
        raise MalformedQuery("there is more than one parameter 'format'", hint="name one format")
    return QueryRequest(
        text=text,
        default_graphs=_all(parameters, "default-graph-uri"),
        named_graphs=_all(parameters, "named-graph-uri"),
        format=formats[0].strip() if formats else "",
    )


def _all(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


# --- the format of the answer -----------------------------------------------------


OFFERED: Mapping[Kind, tuple[Format, ...]] = {
    Kind.RESULTS: (*of_kind(Kind.RESULTS), HTML),
    Kind.GRAPH: (*of_kind(Kind.GRAPH, Kind.DATASET), HTML),
}
"""What an answer can be written in: SELECT and ASK make results, CONSTRUCT and DESCRIBE a graph.

The page comes last: a program that accepts anything gets data.
"""


def choose(request: QueryRequest, accept: str | None) -> dict[Kind, Format | None]:
    """Return for each kind of answer the format it will have; None where the client accepts none.

    Which kind a query makes is known only after it is parsed, so there is an answer for each.

    Raises:
        UnknownFormat: `format=` names nothing of the table.
    """
    if not request.format:
        return {kind: negotiate(accept, offered) for kind, offered in OFFERED.items()}
    named = {
        kind: next((each for each in offered if _is_called(each, request.format)), None)
        for kind, offered in OFFERED.items()
    }
    if not any(named.values()):
        names = dict.fromkeys(each.name for offered in OFFERED.values() for each in offered)
        raise UnknownFormat(f"there is no format '{request.format}'", hint=f"use one of: {', '.join(names)}")
    return named


def _is_called(each: Format, name: str) -> bool:
    return name.lower() in (each.name, each.extension, each.media_type, *each.aliases)


# --- what a query's text says -----------------------------------------------------


_SPACE = r"(?:\s|#[^\n\r]*)*"
_SERVICE = re.compile(
    rf"(?<![:?$])SERVICE{_SPACE}(?:SILENT{_SPACE})?"
    rf"(?:[?$]\w+|<[^<>\"{{}}|^`\\\x00-\x20]*>|[\w.-]*:[^\s{{}}<>]*){_SPACE}\{{",
    re.IGNORECASE,
)
_FROM = re.compile(rf"(?<![\w:.-])FROM{_SPACE}(?:NAMED\b{_SPACE})?(?=<|[^\W\d_][\w.-]*:|:)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPAQUE = re.compile(
    r"'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|<(?P<iri>[^<>\"{}|^`\\\x00-\x20]*)>"
    r"|[?$]\w+"
    r"|#[^\n\r]*",
    re.DOTALL,
)


def calls_service(text: str) -> bool:
    """Tell whether a query has a SERVICE clause.

    Deliberately blunt: it looks into strings and comments too, and needs no space
    around the keyword, because the engine needs none. A query that only quotes a whole
    SERVICE clause is refused with the others; none that has one gets through.
    """
    if "service" not in text.lower() and "\\" not in text:
        return False
    return bool(_SERVICE.search(_ESCAPE.sub(_unescape, text)))


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def names_graphs(text: str) -> bool:
    """Tell whether a query has a dataset clause (`FROM`, `FROM NAMED`) of its own."""
    return bool(_FROM.search(_OPAQUE.sub(lambda match: "<>" if match["iri"] is not None else " ", text)))
