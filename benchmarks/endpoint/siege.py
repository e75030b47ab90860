"""Clients that ask again and again what no server can answer in its time."""

from __future__ import annotations

import http.client
import itertools
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from endpoint.servers import ACCEPT, HOST, Server

QUERY_OF_DEATH = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
"""A cartesian product over five patterns, counted: it needs no memory, only for ever."""

_SETTLE_SECONDS = 1
_PAUSE_SECONDS = 0.1
_PATIENCE_SECONDS = 120


class _Client(threading.Thread):
    """One client at one address of the loopback network."""

    def __init__(self, server: Server, address: str, label: str) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._label = label
        self._connection = http.client.HTTPConnection(
            HOST, server.port, timeout=_PATIENCE_SECONDS, source_address=(address, 0)
        )
        self._over = threading.Event()
        self.statuses: Counter[str] = Counter()

    def run(self) -> None:
        for number in itertools.count():
            if self._over.is_set():
                return
            self.statuses[self._ask(f"{QUERY_OF_DEATH}\n#{self._label}-{number}")] += 1

    def _ask(self, query: str) -> str:
        """Return the status, or what happened instead."""
        try:
            self._connection.request("GET", self._server.target(query), headers={"Accept": ACCEPT})
            response = self._connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self._over.wait(_PAUSE_SECONDS)
            return "left" if self._over.is_set() else type(error).__name__
        if response.status == http.HTTPStatus.TOO_MANY_REQUESTS:
            # Without this it would be a flood of requests, which is another attack.
            self._over.wait(_PAUSE_SECONDS)
        return str(response.status)

    def stop(self) -> None:
        self._over.set()
        if self._connection.sock:
            with suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self.join(_PATIENCE_SECONDS)


@contextmanager
def besieged(server: Server, addresses: Sequence[str], label: str) -> Iterator[Counter[str]]:
    """Keep one such client at work at each address; the counter has the statuses they got once it is over."""
    clients = [_Client(server, address, f"{label}-{n}") for n, address in enumerate(addresses)]
    statuses: Counter[str] = Counter()
    for client in clients:
        client.start()
    try:
        threading.Event().wait(_SETTLE_SECONDS)
        yield statuses
    finally:
        for client in clients:
            client.stop()
            statuses += client.statuses
