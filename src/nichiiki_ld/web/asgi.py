"""Requests and answers between an ASGI server and a Flask application.

The body of a request is read here, within a number of bytes and of seconds, before
anything else is done for it: a client that sends slowly costs nothing but its connection.

Source: ASGI 3.0, HTTP & WebSocket message format 2.3; PEP 3333.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PIECE_BYTES = 1 << 18
_DRAIN_SECONDS = 3
_DRAIN_BYTES = 200_000_000


class ClientGone(Exception):
    """The client closed its connection, or what it sends is no HTTP any more."""


class BodyTooLong(Exception):
    """The body of a request is longer than may be."""


class BodyTooSlow(Exception):
    """The body of a request did not come in time."""


async def read_body(scope: Scope, receive: Receive, *, most_bytes: int, seconds: float) -> bytes:
    """Return the whole body of a request.

    Raises:
        BodyTooLong: It has more bytes, or says that it will have.
        BodyTooSlow: It takes longer to come.
        ClientGone: The client went away.
    """
    declared = header_of(scope, b"content-length")
    if declared.isdigit() and int(declared) > most_bytes:
        await _drain(scope, receive)
        raise BodyTooLong
    parts = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                part = message.get("body", b"")
                size += len(part)
                if size > most_bytes:
                    break
                parts.append(part)
                more = message.get("more_body", False)
    except TimeoutError:
        raise BodyTooSlow from None
    if size > most_bytes:
        await _drain(scope, receive)
        raise BodyTooLong
    return b"".join(parts)


async def _drain(scope: Scope, receive: Receive) -> None:
    """Read on for a moment: many clients send everything before they read an answer, and would miss it."""
    if any(name == b"expect" for name, _ in scope["headers"]):
        return
    size = 0
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while size < _DRAIN_BYTES:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
                size += len(message.get("body", b""))
    except TimeoutError:
        return


def environ_of(scope: Scope, body: bytes = b"") -> dict[str, Any]:
    """Return the WSGI environment of a request whose body was read."""
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    raw = scope.get("raw_path")
    path = unquote_to_bytes(raw.partition(b"?")[0]) if raw else scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            # It would look like the field with a hyphen, which a proxy may have set (RFC 3875, section 4.1.18).
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def dispatch(app: Flask, environ: dict[str, Any]) -> Response:
    """Return the application's answer to a request."""
    with app.request_context(environ):
        try:
            return app.full_dispatch_request()
        except Exception as error:  # noqa: BLE001 - what Flask itself does with what its handlers let through
            return app.handle_exception(error)


def within(app: Flask, environ: dict[str, Any], view: Callable[[], Any]) -> Any:
    """Return what a view gives within a request: a finished answer, or something else as it is.

    An error becomes the application's answer to it.
    """
    with app.request_context(environ):
        try:
            given = view()
        except Exception as error:  # noqa: BLE001 - the application's handlers know them
            given = app.handle_user_exception(error)
        return app.finalize_request(given) if isinstance(given, Response) else given


def head_of(response: Response, environ: dict[str, Any]) -> tuple[int, Headers]:
    """Return status and header fields as ASGI has them."""
    headers = response.get_wsgi_headers(environ)
    return response.status_code, [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
    ]


async def send_response(
    send: Send, response: Response, environ: dict[str, Any], *, seconds: float, pool: Any = None
) -> int:
    """Send an answer and return the number of bytes of its body.

    Args:
        seconds: How long the client may take for a piece.
        pool: Executor that reads files.

    Raises:
        TimeoutError: The client does not take the answer.
    """
    status, headers = head_of(response, environ)
    pieces = response.get_app_iter(environ)
    try:
        if response.is_streamed:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            return await _send_stream(send, iter(pieces), seconds, pool)
        body = b"".join(pieces)
        return await send_bytes(send, status, headers, body, seconds=seconds)
    finally:
        response.close()


async def send_bytes(send: Send, status: int, headers: Headers, body: bytes, *, seconds: float) -> int:
    """Send an answer whose body is at hand, in pieces, and return the number of bytes.

    Raises:
        TimeoutError: The client does not take it.
    """
    await send({"type": "http.response.start", "status": status, "headers": headers})
    view = memoryview(body)
    for start in range(0, max(len(body), 1), PIECE_BYTES):
        piece = bytes(view[start : start + PIECE_BYTES]) if len(body) > PIECE_BYTES else body
        await _send_piece(send, piece, start + PIECE_BYTES < len(body), seconds)
    return len(body)


async def _send_stream(send: Send, pieces: Iterator[bytes], seconds: float, pool: Any) -> int:
    loop = asyncio.get_running_loop()
    size = 0
    while (piece := await loop.run_in_executor(pool, next, pieces, None)) is not None:
        await _send_piece(send, piece, True, seconds)
        size += len(piece)
    await _send_piece(send, b"", False, seconds)
    return size


async def _send_piece(send: Send, piece: bytes, more: bool, seconds: float) -> None:  # noqa: FBT001 - as ASGI has it
    async with asyncio.timeout(seconds):
        await send({"type": "http.response.body", "body": piece, "more_body": more})


def header_of(scope: Scope, name: bytes) -> bytes:
    """Return the value of a header field, the values of several joined, or nothing."""
    values: Iterable[bytes] = (value for key, value in scope["headers"] if key == name)
    return b",".join(values)
