"""The SPARQL endpoint: the protocol for programs, a form for people.

Source: SPARQL 1.1 Protocol, section 2.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from nichiiki_ld.errors import NichiikiError, QueryError, QueryLimit, UpdateRefused
from nichiiki_ld.formats import HTML, Kind, of_kind
from nichiiki_ld.lexer import Scan
from nichiiki_ld.negotiation import accepts_gzip, negotiate
from nichiiki_ld.query import (
    OFFERED,
    Answer,
    Job,
    Parameters,
    QueryRequest,
    choose,
    from_body,
    from_parameters,
    job_of,
    parse_parameters,
)
from nichiiki_ld.web import language, linking
from nichiiki_ld.web.answers import shown_of
from nichiiki_ld.web.fields import write
from nichiiki_ld.web.problems import RETRY_AFTER_SECONDS, NotAcceptable, status_of
from nichiiki_ld.web.query_page import examples_of, show_page
from nichiiki_ld.web.service_description import describe_service
from nichiiki_ld.web.site import current_site
from nichiiki_ld.writing import write_graph

bp = Blueprint("endpoint", __name__)

METHODS = ("GET", "POST", "QUERY")

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


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
        response = show_page(asked.text, shown_of(answer, current_site(), language.current()))
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
        return from_parameters(_with_example(parameters))
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


def _with_example(parameters: Parameters) -> Parameters:
    """Return the parameters with the query that `example=` names; programs send the query itself.

    Raises:
        NotFound: There is no such example.
    """
    named = dict(parameters)
    if "query" in named or "example" not in named or not _wants_page():
        return parameters
    example = examples_of(current_site()).get(named["example"])
    if example is None:
        raise NotFound
    return [("query", example.query), *parameters]


def _wants_page() -> bool:
    return negotiate(request.headers.get("Accept"), (*of_kind(Kind.RESULTS), HTML)) is HTML


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
        return show_page(None, links=[linking.licence()])
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
    if not _wants_page():
        raise error
    status = status_of(error)
    response = show_page(text, error=error, status=status)
    response.cache_control.clear()
    response.cache_control.no_store = True
    if status in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[status])
    return response
