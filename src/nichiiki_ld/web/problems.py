"""Whatever goes wrong, told as a page, or as problem details to whoever takes no page.

Source: RFC 9457 (Problem Details for HTTP APIs); RFC 9110, section 15.5.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from nichiiki_ld.errors import (
    MalformedQuery,
    NichiikiError,
    NotExpressible,
    QueryLimit,
    ServiceFailed,
    ServiceRefused,
    TooLong,
    TooManyQueries,
    TooManyServices,
    TooNested,
    UnknownFormat,
    UpdateRefused,
)
from nichiiki_ld.formats import FORMATS, HTML, Format, Kind
from nichiiki_ld.negotiation import negotiate
from nichiiki_ld.web import language

PROBLEM = Format(
    name="problem",
    extension="json",
    media_type="application/problem+json",
    kind=Kind.PAGE,
    label="Problem details",
    # Who reads JSON of any kind reads this too: a SPARQL client asks for nothing else.
    aliases=("application/json", *(f.media_type for f in FORMATS if f.media_type.endswith("+json"))),
)

_STATUS: dict[type[NichiikiError], int] = {
    MalformedQuery: 400,
    UnknownFormat: 400,
    TooNested: 400,
    TooManyServices: 400,
    UpdateRefused: 403,
    ServiceRefused: 403,
    NotExpressible: 406,
    TooLong: 413,
    TooManyQueries: 429,
    ServiceFailed: 502,
    QueryLimit: 503,
}
"""What a client can cause. Every other error of ours is a fault of the server, never a 404."""

RETRY_AFTER_SECONDS = {429: 5, 503: 30}
"""When to come again: soon where others were waiting, later where the query itself was too much."""

_TITLES = {
    400: ("要求を読み取れません", "Bad request"),
    403: ("受け付けていません", "Not allowed here"),
    404: ("見つかりません", "Not found"),
    405: ("この方法では呼び出せません", "Method not allowed"),
    406: ("その形式では提供していません", "Not acceptable"),
    408: ("要求が届ききりませんでした", "Request timeout"),
    413: ("要求が大きすぎます", "Too large"),
    415: ("その形式の本文は受け付けていません", "Unsupported media type"),
    416: ("その範囲はありません", "Range not satisfiable"),
    429: ("要求が多すぎます", "Too many requests"),
    500: ("サーバーの不具合です", "Internal server error"),
    502: ("外部のエンドポイントが答えません", "Bad gateway"),
    503: ("この問い合わせには応じきれません", "Over a limit"),
}
_DETAILS = {
    404: ("There is nothing at this address.", "start from the home page, or search the dumps for the IRI"),
    408: (
        "The body of the request did not come in time.",
        "send it at once, or put the query in the address",
    ),
    405: ("This address cannot be used with this method.", "use one of the methods in the field Allow"),
    413: ("The request is too long.", "send a shorter query"),
    416: ("The file has no such bytes.", "ask for a range within the size that Content-Range gives"),
    415: (
        "The body of the request has a media type that is not read here.",
        "send a query as application/sparql-query, or in a form as application/x-www-form-urlencoded",
    ),
    500: ("The server has a fault. It was logged.", "try again later"),
}


class NotAcceptable(HTTPException):
    """None of the media types that a client accepts is available."""

    code = 406

    def __init__(self, available: Sequence[Format]) -> None:
        self.available = [each.media_type for each in available]
        super().__init__("Nothing here has a media type that the request accepts.")


class RequestTimeout(HTTPException):
    """The body of a request did not come in time."""

    code = 408


class BrokenBody(HTTPException):
    """The body of a request ends in the middle, or its chunks are malformed."""

    code = 400
    description = "The body of the request ends in the middle, or its chunks are malformed."


class UnsupportedCoding(HTTPException):
    """The body of a request is compressed, or coded in another way."""

    code = 415


def register(app: Flask) -> None:
    """Let an application answer errors by this module."""
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(NichiikiError, _of_ours)
    app.register_error_handler(Exception, _of_bug)


def status_of(error: NichiikiError) -> int:
    """Return the status that an error of ours is answered with."""
    return _STATUS.get(type(error), 500)


def _of_http(error: HTTPException) -> Response:
    original = error.get_response()
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        # A redirect to the address with its slash.
        return Response(status=original.status_code, headers={"Location": original.headers["Location"]})
    detail, hint = _DETAILS.get(error.code, (error.description or error.name, ""))
    available = error.available if isinstance(error, NotAcceptable) else []
    if available:
        detail, hint = error.description or "", f"accept one of: {', '.join(available)}"
    response = problem(error.code, detail, hint=hint, available=available)
    for name in ("Allow", "Content-Range", "Retry-After"):
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def _of_ours(error: NichiikiError) -> Response:
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _of_bug(error)
    limit = error.limit if isinstance(error, QueryLimit) else ""
    return problem(status, error.message, hint=error.hint or "", reference=error.reference or "", limit=limit)


def _of_bug(error: Exception) -> Response:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    detail, hint = _DETAILS[500]
    return problem(500, detail, hint=hint)


def problem(
    status: int,
    detail: str,
    *,
    hint: str = "",
    reference: str = "",
    limit: str = "",
    available: Sequence[str] = (),
) -> Response:
    """Return an answer that says what is wrong and what to do about it."""
    japanese, title = _TITLES.get(status, ("エラー", "Error"))
    members = {"title": title, "status": status, "detail": detail, "hint": hint, "instance": request.path}
    if reference:
        members["reference"] = reference
    if limit:
        members["limit"] = limit
    if available:
        members["available"] = list(available)
    format_ = negotiate(request.headers.get("Accept"), (PROBLEM, HTML)) or PROBLEM
    if format_ is HTML:
        name = {"ja": japanese, "en": title}[language.current()]
        body = render_template("problem.html", name=name, problem=members)
    else:
        body = json.dumps(members, ensure_ascii=False, indent=2) + "\n"
    response = Response(body, status=status, content_type=format_.content_type)
    response.vary.add("Accept")
    if format_ is HTML:
        response.content_language.add(language.current())
        response.vary.add("Accept-Language")
    response.cache_control.no_store = True
    if status in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[status])
    return response
