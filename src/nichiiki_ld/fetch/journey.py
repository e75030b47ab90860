"""Connections, and where redirects may lead them: not into a private network."""

from __future__ import annotations

import ipaddress
import ssl
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any, TypeVar

from nichiiki_ld.errors import SourceError
from nichiiki_ld.fetch.advice import DOWNLOAD

C = TypeVar("C", bound=HTTPConnection)


class _Journey:
    """Where the connections of one fetch lead: never from a public address to one that is none."""

    def __init__(self) -> None:
        self._was_public = False

    def arrive(self, connection: HTTPConnection) -> None:
        address = ipaddress.ip_address(connection.sock.getpeername()[0].partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        if self._was_public and not address.is_global:
            connection.close()
            raise SourceError(
                f"a public address is redirected into a private network, to {address}",
                where=connection.host,
                hint=DOWNLOAD,
            )
        self._was_public = self._was_public or address.is_global

    def over(self, kind: type[C], request: urllib.request.Request) -> Callable[..., C]:
        """Return what makes connections that arrive before they ask for anything.

        Through a proxy nothing can be told; the person who set it up decides where it leads.
        """
        if request.host != urllib.parse.urlsplit(request.full_url).netloc:
            return kind

        def connect(*args: Any, **options: Any) -> C:
            connection = kind(*args, **options)
            plain = connection.connect

            def connect_and_arrive() -> None:
                plain()
                self.arrive(connection)

            connection.connect = connect_and_arrive  # type: ignore[method-assign]
            return connection

        return connect


class _Http(urllib.request.HTTPHandler):
    def __init__(self, journey: _Journey) -> None:
        super().__init__()
        self._journey = journey

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._journey.over(HTTPConnection, req), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, journey: _Journey) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(context=self._trust)
        self._journey = journey

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._journey.over(HTTPSConnection, req), req, context=self._trust)


def opener() -> urllib.request.OpenerDirector:
    """Return what opens addresses for one fetch, and follows no redirect by itself."""
    journey = _Journey()
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Http(journey),
        _Https(journey),
    ):
        director.add_handler(handler)
    return director
