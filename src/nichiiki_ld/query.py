"""A request of the SPARQL protocol: the query, the graphs it is about, the format it wants.

Source: SPARQL 1.1 Protocol, section 2.1 (query operation); SPARQL 1.1 Query Language,
section 13.2 (specifying RDF datasets) and 19 (grammar).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from nichiiki_ld.errors import (
    MalformedQuery,
    ServiceRefused,
    TooLong,
    TooManyServices,
    TooNested,
    UnknownFormat,
    UpdateRefused,
)
from nichiiki_ld.formats import HTML, Format, Kind, of_kind
from nichiiki_ld.lexer import Scan, scan
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
    return QueryRequest(
        text=text,
        default_graphs=_all(parameters, "default-graph-uri"),
        named_graphs=_all(parameters, "named-graph-uri"),
        format=_one_format(_all(parameters, "format")),
    )


def _one_format(names: Sequence[str]) -> str:
    """Return the name of the one format that is meant, or the empty text; SPARQLWrapper sends two names of it.

    Raises:
        MalformedQuery: The names are those of different formats.
    """
    names = [name.strip() for name in names]
    known = {tuple(_called(name).items()): name for name in names if any(_called(name).values())}
    if len(known) > 1:
        raise MalformedQuery("there is more than one parameter 'format'", hint="name one format")
    return next(iter([*known.values(), *names]), "")


def _all(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


# --- what an evaluator is told and tells ------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One query to evaluate.

    Attributes:
        default_graphs, named_graphs: As in `QueryRequest`.
        results: Format of the answer to SELECT and ASK; None when the client accepts none.
        graph: Format of the answer to CONSTRUCT and DESCRIBE; likewise.
        most_bytes, most_rows: Largest answer that is given, in bytes before compression,
            and in solutions or triples.
        gzip: Whether to compress what gets smaller by it.
    """

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    results: Format | None
    graph: Format | None
    most_bytes: int
    most_rows: int
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query was answered with.

    Attributes:
        kind: `RESULTS` of SELECT and ASK, `GRAPH` of CONSTRUCT and DESCRIBE.
        format: Of the body; None when the client accepts no format of this kind, and
            then nothing was evaluated. For a page, the body is what the page is made
            of: SPARQL JSON or Turtle.
        rows: Solutions or triples in the body.
        gzip: Whether the body is compressed.
        tag: Half of the SHA-256 of the body: what its entity tag is made of.
    """

    kind: Kind
    format: Format | None
    body: bytes = b""
    rows: int = 0
    gzip: bool = False
    tag: str = ""


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
    named = _called(request.format)
    if not any(named.values()):
        names = dict.fromkeys(each.name for offered in OFFERED.values() for each in offered)
        raise UnknownFormat(f"there is no format '{request.format}'", hint=f"use one of: {', '.join(names)}")
    return named


def _called(name: str) -> dict[Kind, Format | None]:
    """Return for each kind of answer the format of a name: `json` is SPARQL JSON, and of a graph JSON-LD."""
    return {
        kind: next((each for each in offered if _is_called(each, name.lower())), None)
        for kind, offered in OFFERED.items()
    }


def _is_called(each: Format, name: str) -> bool:
    return name in (each.name, each.extension, each.media_type, *each.aliases, *each.other_extensions)


def job_of(
    request: QueryRequest,
    found: Scan,
    formats: Mapping[Kind, Format | None],
    *,
    most_bytes: int,
    most_rows: int,
    gzip: bool = False,
) -> Job:
    """Return what an evaluator is told to do.

    Args:
        found: What the query's text says (`Guard.check`). Where it names several default
            graphs they are named to the engine, which would count a triple of two of them twice.
        formats: Of the answer (`choose`).
    """
    default, named = request.default_graphs, request.named_graphs
    if not (default or named) and len(found.default_graphs) > 1:
        default, named = found.default_graphs, found.named_graphs
    return Job(
        text=request.text,
        default_graphs=default,
        named_graphs=named,
        results=formats[Kind.RESULTS],
        graph=formats[Kind.GRAPH],
        most_bytes=most_bytes,
        most_rows=most_rows,
        gzip=gzip,
    )


# --- what may be evaluated at all --------------------------------------------------


_OPENS = re.compile(r"[(\[{]")
_LINKS = re.compile(r"[-+*/|&!^=<>]|UNION|OPTIONAL|MINUS|FILTER|BIND|EXISTS|GRAPH|LATERAL", re.IGNORECASE)
_TELLING = re.compile(r"service|load|from|now|rand|uuid|bnode|\\u", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guard:
    """What is refused before anything is evaluated.

    Attributes:
        most_bytes: Longest text, in UTF-8.
        most_depth: Most brackets that may be open at once.
        most_chain: Greatest height that the syntax tree may have (`lexer.Scan.chain`).
        services: Beginnings of the IRIs of endpoints that a query may ask.
        most_services: Most clauses of a query that ask one.
    """

    most_bytes: int
    most_depth: int
    most_chain: int
    services: tuple[str, ...] = ()
    most_services: int = 10

    def check(self, text: str, base: str) -> Scan:
        """Return what a query's text says, once nothing in it is to be refused.

        Raises:
            TooLong: The text is too long.
            TooNested: It is nested too deeply.
            ServiceRefused: It asks an endpoint that is not allowed.
            TooManyServices: It asks too many times.
            UpdateRefused: It is an update that loads a document.
        """
        if len(text) > self.most_bytes or len(text.encode("utf-8", "replace")) > self.most_bytes:
            raise TooLong(self.most_bytes)
        opens, links = len(_OPENS.findall(text)), len(_LINKS.findall(text))
        if opens <= self.most_depth and 2 * opens + links <= self.most_chain and not _TELLING.search(text):
            # The limits are out of reach for so few brackets and operators, wherever they stand.
            return Scan(depth=opens, chain=2 * opens + links)
        found = scan(text, base, most_depth=self.most_depth)
        if found.loads:
            raise UpdateRefused
        if found.depth > self.most_depth:
            raise TooNested("brackets within one another", found.depth, self.most_depth)
        if found.chain > self.most_chain:
            raise TooNested("levels in its syntax", found.chain, self.most_chain)
        for service in found.services:
            if service.nested or not self._allows(service.endpoint):
                raise ServiceRefused
        if len(found.services) > self.most_services:
            raise TooManyServices(len(found.services), self.most_services)
        return found

    def _allows(self, endpoint: str | None) -> bool:
        return endpoint is not None and endpoint.startswith(self.services or ("\0",))
