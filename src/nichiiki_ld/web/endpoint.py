"""The SPARQL endpoint: the protocol for programs, a form for people.

Source: SPARQL 1.1 Protocol, section 2.1.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import UnsupportedMediaType

from nichiiki_ld.errors import NichiikiError, QueryError, QueryLimit, UpdateRefused
from nichiiki_ld.formats import HTML, Format, Kind, of_kind
from nichiiki_ld.lexer import Scan
from nichiiki_ld.negotiation import accepts_gzip, negotiate
from nichiiki_ld.query import (
    OFFERED,
    Answer,
    Job,
    QueryRequest,
    choose,
    from_body,
    from_parameters,
    job_of,
    parse_parameters,
)
from nichiiki_ld.web import linking
from nichiiki_ld.web.fields import show, write
from nichiiki_ld.web.problems import RETRY_AFTER_SECONDS, NotAcceptable, status_of
from nichiiki_ld.web.service_description import describe_service
from nichiiki_ld.web.site import current_site
from nichiiki_ld.writing import write_graph

bp = Blueprint("endpoint", __name__)

MOST_ROWS_ON_PAGE = 1000
"""A page shows so many solutions and says how many there are; the other formats have all."""

METHODS = ("GET", "POST", "QUERY")

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"

_EXAMPLE = """\
PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?project ?projectName ?areaName WHERE {
  ?project a nichiiki:Project ;
    rdfs:label ?projectName ;
    nichiiki:area ?area .
  ?area rdfs:label ?areaName .
  FILTER (LANG(?projectName) = "ja" && LANG(?areaName) = "ja")
}
ORDER BY ?project ?areaName
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that may be evaluated.

    Attributes:
        text: As the client wrote it.
        volatile: Whether the same query may have another answer the next time.
    """

    text: str
    scan: Scan
    job: Job

    @property
    def volatile(self) -> bool:
        """Whether the same query may have another answer next time."""
        return self.scan.volatile or bool(self.scan.services)


Evaluate = Callable[[Job], Answer]
"""Evaluates a query and waits for its answer."""

EVALUATE = "nichiiki-evaluate"


@bp.route("/sparql", methods=[*METHODS])
def sparql() -> Response:
    """Answer a query; without one, say what can be asked."""
    asked = read()
    if isinstance(asked, Response):
        return asked
    evaluate = current_app.extensions[EVALUATE]
    try:
        if evaluate is None:
            raise QueryLimit("load", "nothing evaluates queries here", hint="run 'nichiiki-ld serve'")
        return respond(asked, evaluate(asked.job))
    except QueryError as error:
        return refuse(error, asked.text)


def read() -> Asked | Response:
    """Return what the current request asks, or its answer if nothing is to be evaluated."""
    if request.method in ("GET", "HEAD") and not request.query_string:
        return _without_query()
    site, settings = current_site(), current_site().settings
    text = ""
    try:
        asked = _read_request()
        text = asked.text
        formats = choose(asked, request.headers.get("Accept"))
        found = site.guard.check(text, site.base)
    except QueryError as error:
        return refuse(error, text)
    if not any(formats.values()):
        raise NotAcceptable(OFFERED[Kind.RESULTS])
    job = job_of(
        asked,
        found,
        formats,
        most_bytes=settings.result_bytes,
        most_rows=settings.result_rows,
        gzip=accepts_gzip(request.headers.get("Accept-Encoding")),
    )
    return Asked(text, found, job)


def respond(asked: Asked, answer: Answer) -> Response:
    """Return the answer to the current request."""
    if answer.format is None:
        raise NotAcceptable(OFFERED[answer.kind])
    if answer.format is HTML:
        response = _page(asked.text, _table(answer))
    else:
        response = write(
            answer.body,
            answer.format,
            links=[linking.licence()],
            negotiated=True,
            tag=answer.tag,
            packed=answer.gzip,
        )
    if asked.volatile:
        response.cache_control.clear()
        response.cache_control.no_store = True
    return response


def _read_request() -> QueryRequest:
    """Read the request by the ways of the protocol, or the QUERY method, whose body is the query."""
    parameters = parse_parameters(request.query_string)
    if request.method in ("GET", "HEAD"):
        return from_parameters(parameters)
    if request.mimetype == _FORM:
        form = parse_parameters(request.get_data())
        # A form cannot be sent with an Accept field of its own: format= may stand in its address.
        return from_parameters([*form, *(each for each in parameters if each[0] != "query")])
    if request.mimetype == _QUERY:
        _check_charset()
        return from_body(request.get_data(), parameters)
    if request.mimetype == _UPDATE:
        raise UpdateRefused
    raise UnsupportedMediaType


def _check_charset() -> None:
    """Refuse a query in another encoding than UTF-8 (section 2.1.3)."""
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType


def _without_query() -> Response:
    """Answer with the form, or with the service description (section 4 of the protocol)."""
    site = current_site()
    offered = (*of_kind(Kind.GRAPH), HTML)
    chosen = negotiate(request.headers.get("Accept"), offered)
    if chosen is None:
        raise NotAcceptable(offered)
    if chosen is HTML:
        example = _EXAMPLE.replace("https://w3id.org/nichiiki/", site.base)
        return _page(example, links=[linking.licence()])
    body = write_graph(describe_service(site, request.base_url), chosen, site.context)
    return write(body, chosen, links=[linking.licence()], negotiated=True)


def refuse_or_raise(error: NichiikiError, text: str) -> Response:
    """Return the answer to a query that could not be evaluated.

    Raises:
        NichiikiError: A program asks, or it is no fault of the query: the application tells it.
    """
    if isinstance(error, QueryError):
        return refuse(error, text)
    raise error


def refuse(error: QueryError, text: str) -> Response:
    """Show a person the query beside what is wrong with it; a program gets problem details."""
    if negotiate(request.headers.get("Accept"), (*of_kind(Kind.RESULTS), HTML)) is not HTML:
        raise error
    status = status_of(error)
    response = _page(text, error=error, status=status)
    response.cache_control.clear()
    response.cache_control.no_store = True
    if status in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[status])
    return response


def _page(
    text: str,
    result: dict[str, Any] | None = None,
    error: QueryError | None = None,
    *,
    status: int = HTTPStatus.OK,
    links: Iterable[str] = (),
) -> Response:
    formats: dict[str, Format] = {
        each.name: each for kind in (Kind.RESULTS, Kind.GRAPH) for each in OFFERED[kind] if each is not HTML
    }
    return show(
        "sparql.html",
        links=links,
        status=status,
        negotiated=True,
        query=text,
        result=result,
        error=error,
        formats=list(formats.values()),
        most=MOST_ROWS_ON_PAGE,
    )


def _table(answer: Answer) -> dict[str, Any]:
    """Return what the page shows of an answer."""
    if answer.kind is Kind.GRAPH:
        return {"turtle": answer.body.decode("utf-8")}
    results = json.loads(answer.body)
    if "boolean" in results:
        return {"boolean": results["boolean"]}
    variables = results["head"]["vars"]
    solutions = results["results"]["bindings"]
    shown = [[_cell(each.get(name)) for name in variables] for each in solutions[:MOST_ROWS_ON_PAGE]]
    return {"variables": variables, "rows": shown, "total": len(solutions)}


def _cell(term: dict[str, Any] | None) -> dict[str, str | None]:
    if term is None:
        return {"text": "", "href": None, "language": ""}
    if term["type"] == "uri":
        short = current_site().compactor.shorten(term["value"])
        return {"text": short, "href": linking.address(term["value"]), "language": ""}
    text = term["value"] if isinstance(term["value"], str) else json.dumps(term["value"], ensure_ascii=False)
    return {"text": text, "href": None, "language": term.get("xml:lang", "")}
