"""Other endpoints that are asked for SERVICE clauses: what they may not do to whoever asks them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from nichiiki_ld.errors import QueryLimit, ServiceFailed, TooManyQueries, TooManyServices
from nichiiki_ld.federation import Federation
from nichiiki_ld.lexer import scan
from nichiiki_ld.query import Guard
from nichiiki_ld.settings import Settings
from nichiiki_ld.web.services import AT_ONCE_FOR_A_CLIENT, Services

PATIENCE_SECONDS = 60
"""So long nothing here takes."""

Behave = Callable[[socket.socket], None]


class Endpoint:
    """Something that is asked, and behaves as it is told.

    Attributes:
        asked: How often.
        left: How many connections have ended, whoever ended them.
    """

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}/sparql"
        self.behave: Behave = lambda _: None
        self.asked = self.left = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(PATIENCE_SECONDS)
            _read_request(connection)
            with self._lock:
                self.asked += 1
            self.behave(connection)
        with self._lock:
            self.left += 1

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def _read_request(connection: socket.socket) -> None:
    """Read all of it: an end that closes before that resets the connection, and its last words may be lost."""
    with connection.makefile("rb") as request:
        length = 0
        while line := request.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        request.read(length)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    found = Endpoint()
    yield found
    found.close()


def answering(body: str, status: str = "200 OK", fields: str = "") -> Behave:
    told = body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(told)}\r\n{fields}\r\n".encode()
    return lambda connection: connection.sendall(head + told)


def dribbling(before: bytes) -> Behave:
    def behave(connection: socket.socket) -> None:
        connection.sendall(before)
        while True:
            time.sleep(0.05)
            connection.sendall(b" ")

    return behave


def silent(connection: socket.socket) -> None:
    """Say nothing until the other end is gone."""
    while connection.recv(65_536):
        pass


def solutions(variables: list[str], bindings: list[dict[str, Any]]) -> str:
    return json.dumps({"head": {"vars": variables}, "results": {"bindings": bindings}})


def one(value: str) -> str:
    return solutions(["x"], [{"x": {"type": "literal", "value": value}}])


def clauses(endpoint: Endpoint, count: int = 1, *, silent: bool = False) -> str:
    clause = f"SERVICE {'SILENT ' * silent}<{endpoint.address}> {{ ?s ?p ?x }}"
    return f"SELECT * {{ {' '.join([clause] * count)} }}"


def asked(text: str, *, seconds: float = PATIENCE_SECONDS, most_bytes: int = 100_000) -> str:
    return Federation(seconds=seconds, most_bytes=most_bytes).replace(text, scan(text))


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_clauses_become_what_is_answered(endpoint: Endpoint) -> None:
    endpoint.behave = answering(one("a"))
    values = '{ VALUES (?x) {\n("a")\n} }'
    assert asked(clauses(endpoint, 2)) == f"SELECT * {{ {values} {values} }}"
    assert endpoint.asked == 2


def test_solutions_without_variables_are_counted(endpoint: Endpoint) -> None:
    endpoint.behave = answering(solutions([], [{}, {}]))
    assert asked(clauses(endpoint)) == "SELECT * { { VALUES () {\n()\n()\n} } }"


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(silent, id="nothing comes"),
        pytest.param(dribbling(b""), id="a head that never begins"),
        pytest.param(dribbling(b"HTTP/1.1 200 OK\r\nX: "), id="a head that never ends"),
        pytest.param(dribbling(b"HTTP/1.1 200 OK\r\n\r\n"), id="a body that never ends"),
        pytest.param(
            dribbling(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"),
            id="a chunk that never begins",
        ),
    ],
)
def test_time_is_for_everything(endpoint: Endpoint, behave: Behave) -> None:
    """However often something comes. Nothing goes on behind the back of whoever asked."""
    endpoint.behave = behave
    with pytest.raises(ServiceFailed, match="takes too long"):
        asked(clauses(endpoint), seconds=0.3)
    wait_until(lambda: endpoint.left == 1)


def test_silent_clauses_share_the_time(endpoint: Endpoint) -> None:
    endpoint.behave = dribbling(b"HTTP/1.1 200 OK\r\nX: ")
    assert asked(clauses(endpoint, 3, silent=True), seconds=0.3) == "SELECT * { {} {} {} }"
    assert endpoint.asked == 1


@pytest.mark.parametrize(
    ("behave", "told"),
    [
        pytest.param(answering("{}", "302 Found", "Location: /other\r\n"), "status 302", id="a redirect"),
        pytest.param(answering("", "500 No"), "status 500", id="a fault"),
        pytest.param(answering("nonsense"), "no SPARQL JSON", id="no JSON"),
        pytest.param(answering("[" * 100_000), "no SPARQL JSON", id="deep JSON"),
        pytest.param(answering('{"head": {"vars": ["x"]}, "results": {"bindings": ["x"]}}'), "no SPARQL JSON", id="no solution"),
        pytest.param(answering(solutions(["x) {} #"], [])), "no SPARQL JSON", id="no name of a variable"),
        pytest.param(
            lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
            "breaks off",
            id="half of it",
        ),
        pytest.param(lambda connection: connection.sendall(b"nonsense\r\n"), "failed: ", id="no HTTP"),
    ],
)  # fmt: skip
def test_what_is_no_answer(endpoint: Endpoint, behave: Behave, told: str) -> None:
    endpoint.behave = behave
    with pytest.raises(ServiceFailed, match=told):
        asked(clauses(endpoint))
    assert endpoint.asked == 1, "nothing is followed"


def test_room_is_for_all_answers_together(endpoint: Endpoint) -> None:
    endpoint.behave = answering(one("a" * 1000))
    assert "a" * 1000 in asked(clauses(endpoint, 2), most_bytes=3000)
    with pytest.raises(ServiceFailed, match="longer than 3000 bytes"):
        asked(clauses(endpoint, 3), most_bytes=3000)


def test_few_bytes_do_not_become_many(endpoint: Endpoint) -> None:
    """A solution of two characters may leave thousands of variables without a value."""
    endpoint.behave = answering(solutions([f"x{each}" for each in range(1000)], [{}] * 10_000))
    with pytest.raises(ServiceFailed, match="longer than 100000 bytes"):
        asked(clauses(endpoint))


def test_it_can_be_ended(endpoint: Endpoint) -> None:
    endpoint.behave = silent
    asking = Federation(seconds=PATIENCE_SECONDS * 10, most_bytes=1000)
    text = clauses(endpoint, 2, silent=True)
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(asking.replace(text, scan(text))))
    thread.start()
    wait_until(lambda: endpoint.asked == 1)
    asking.end()
    thread.join(PATIENCE_SECONDS)
    assert told == ["SELECT * { {} {} }"]
    assert endpoint.asked == 1


def test_clauses_are_counted_before_anybody_is_asked(endpoint: Endpoint) -> None:
    guard = Guard(1_000_000, 100, 1000, (endpoint.address,), 3)
    assert len(guard.check(clauses(endpoint, 3), "").services) == 3
    with pytest.raises(TooManyServices, match="4 SERVICE clauses, and 3 are the limit"):
        guard.check(clauses(endpoint, 4), "")


# --- turns --------------------------------------------------------------------------------


async def until(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, condition)


def ask_as(services: Services, text: str, client: str) -> asyncio.Task[str]:
    return asyncio.ensure_future(services.replace(text, scan(text), client))


def with_services(use: Callable[[Services], Any], **settings: Any) -> None:
    async def run() -> None:
        services = Services(replace(Settings(), service_seconds=3 * PATIENCE_SECONDS, **settings))
        try:
            await use(services)
        finally:
            services.close()

    asyncio.run(run())


def test_no_client_takes_all_turns(endpoint: Endpoint) -> None:
    endpoint.behave = silent
    text = clauses(endpoint)

    async def use(services: Services) -> None:
        many = [ask_as(services, text, "greedy") for _ in range(2 * AT_ONCE_FOR_A_CLIENT)]
        await until(lambda: endpoint.asked == AT_ONCE_FOR_A_CLIENT)
        endpoint.behave = answering(one("a"))
        assert '"a"' in await ask_as(services, text, "modest")
        assert endpoint.asked == AT_ONCE_FOR_A_CLIENT + 1
        for each in many:
            each.cancel()
        await asyncio.gather(*many, return_exceptions=True)
        # Who goes away is not asked for any longer.
        await until(lambda: endpoint.left == endpoint.asked)
        assert '"a"' in await ask_as(services, text, "greedy")

    with_services(use)


def test_nobody_waits_for_ever(endpoint: Endpoint) -> None:
    endpoint.behave = silent
    text = clauses(endpoint)

    async def use(services: Services) -> None:
        many = [ask_as(services, text, "client") for _ in range(AT_ONCE_FOR_A_CLIENT + 1)]
        with pytest.raises(QueryLimit) as caught:
            await many[-1]
        assert caught.value.limit == "load"
        for each in many:
            each.cancel()
        await asyncio.gather(*many, return_exceptions=True)

    with_services(use, queue_seconds=0.3)


@pytest.mark.parametrize(
    ("clients", "limits"),
    [
        pytest.param(["a"] * 5, {"queue_length_per_client": 2}, id="of one client"),
        pytest.param([str(each) for each in range(11)], {"queue_length": 2}, id="in all"),
    ],
)
def test_too_many_wait(endpoint: Endpoint, clients: list[str], limits: dict[str, int]) -> None:
    endpoint.behave = silent
    text = clauses(endpoint)

    async def use(services: Services) -> None:
        *many, last = [ask_as(services, text, client) for client in clients]
        with pytest.raises(TooManyQueries):
            await last
        assert not any(each.done() for each in many)
        for each in many:
            each.cancel()
        await asyncio.gather(*many, return_exceptions=True)

    with_services(use, **limits)
