"""Requests that are made to end the server, to fill it, to make it lie, or to reach beyond it.

Each is sent to a real server. It has to be refused or answered by the right status while
plain queries go on being answered, and the processes that answer have to stay the same.
"""

from __future__ import annotations

import csv
import gzip
import http.client
import io
import itertools
import json
import os
import random
import re
import select
import signal
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat as EngineResults
from pyoxigraph import parse, parse_query_results

from hostile_texts import DEEP_TEXTS, ENDLESS, MAYBE, NO_SERVICE, TWICE, doubled, service_texts
from nichiiki_ld.formats import HTML, RESULTS_CSV, Format, Kind, of_kind
from nichiiki_ld.writing import engine_format
from serving import Answer, Server, serving

BASE = "https://w3id.org/nichiiki/"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
JSON = {"Accept": "application/json"}

QUERY_SECONDS = 1
BODY_SECONDS = 2
SEND_SECONDS = 2
MEMORY_MB = 300

KILL_SECONDS = float(
    os.environ.get("NICHIIKI_TEST_KILL_SECONDS") or (60 if os.environ.get("CI") == "true" else 10)
)
"""How long processes are killed under load; more finds more. For the minute that CI takes, anywhere:

    NICHIIKI_TEST_KILL_SECONDS=60 pytest tests/test_hostile.py -k killed_under_load
"""

LATE_SECONDS = 15
"""On a machine that does much else, an answer may come so long after a limit was passed."""

Attack = Callable[[], Answer]

RESULTS = of_kind(Kind.RESULTS)
GRAPHS = of_kind(Kind.GRAPH, Kind.DATASET)


@pytest.fixture(scope="module")
def start(
    dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Server]]:
    """Start servers that live until the last test here."""
    assert release_folder.is_dir()
    folder = tmp_path_factory.mktemp("output")
    with ExitStack() as stack:

        def begin(**environment: str) -> Server:
            number = len(list(folder.iterdir()))
            server = stack.enter_context(serving(dist, folder / str(number), **environment))
            identities[server.port] = server.listeners()
            return server

        yield begin


identities: dict[int, set[tuple[int, float]]] = {}
"""Port of a server → the processes that listened there when it began."""


@pytest.fixture(scope="module")
def server(start: Callable[..., Server]) -> Server:
    """A server with low limits, so that passing them takes little time."""
    return start(
        NICHIIKI_QUERY_SECONDS=str(QUERY_SECONDS),
        NICHIIKI_QUERY_MEMORY_MB=str(MEMORY_MB),
        NICHIIKI_BODY_SECONDS=str(BODY_SECONDS),
        NICHIIKI_WORKERS="3",
    )


@pytest.fixture(scope="module")
def patient_server(start: Callable[..., Server]) -> Server:
    """A server that gives long answers time, and clients that do not take them little."""
    return start(NICHIIKI_WORKERS="2", NICHIIKI_SEND_SECONDS=str(SEND_SECONDS))


@pytest.fixture(scope="module")
def narrow_server(start: Callable[..., Server]) -> Server:
    """A server that evaluates one query at a time, to its end unless its client goes away."""
    return start(
        NICHIIKI_WORKERS="1",
        NICHIIKI_QUERY_SECONDS="60",
        NICHIIKI_QUERY_SLICE_SECONDS="60",
        NICHIIKI_SEND_SECONDS="60",
        # What is endless in time needs memory too: it must not end by that before the others have waited.
        NICHIIKI_QUERY_MEMORY_MB="3072",
        NICHIIKI_QUEUE_SECONDS="1",
    )


@pytest.fixture(scope="module")
def crowded_server(start: Callable[..., Server]) -> Server:
    """A server before which few may wait."""
    return start(
        NICHIIKI_WORKERS="1",
        NICHIIKI_QUERY_SECONDS="1",
        NICHIIKI_QUERY_SLICE_SECONDS="1",
        NICHIIKI_QUEUE_LENGTH="6",
        NICHIIKI_QUEUE_LENGTH_PER_CLIENT="3",
    )


MOST_ROWS = 1000
MOST_BYTES = 400_000


@pytest.fixture(scope="module")
def short_server(start: Callable[..., Server]) -> Server:
    """A server that gives short answers only."""
    return start(
        NICHIIKI_WORKERS="2",
        NICHIIKI_RESULT_ROWS=str(MOST_ROWS),
        NICHIIKI_RESULT_BYTES=str(MOST_BYTES),
    )


class Listener:
    """Something on this machine that nobody may connect to; it counts who does."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.calls = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.calls += 1
                connection.close()

    def close(self) -> None:
        # It does not wake up from accept() by being closed alone.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    socket.create_connection(("127.0.0.1", found.port)).close()
    until = time.monotonic() + 10
    while not found.calls and time.monotonic() < until:
        time.sleep(0.01)
    assert found.calls == 1, "it does not count"
    found.calls = 0
    yield found
    found.close()


# --- how an attack is judged ------------------------------------------------------------

_numbers = itertools.count(1)


def plain_query() -> tuple[str, int]:
    """Return a query that no cache has the answer to, and the number that its answer shows."""
    number = next(_numbers)
    return (
        f"SELECT ?area ({number} AS ?n) {{ <{BASE}project/2024-2-10> <{BASE}ontology#area> ?area }}",
        number,
    )


def is_right(answer: Answer, number: int) -> bool:
    """Tell whether an answer is the one to a plain query."""
    solutions = json.loads(answer.body)["results"]["bindings"]
    areas = {each["area"]["value"] for each in solutions}
    return (
        len(areas) == len(solutions) == 7
        and f"{BASE}municipality/016331" in areas
        and all(each["n"]["value"] == str(number) for each in solutions)
    )


def ask(server: Server, text: str | bytes, *, source: str = "127.0.0.1", **fields: str) -> Answer:
    body = text.encode() if isinstance(text, str) else text
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return server.ask("POST", "/sparql", body, {**JSON, "Content-Type": QUERY, **named}, source=source)


def check_plain(server: Server, *, source: str = "127.0.0.1") -> None:
    text, number = plain_query()
    answer = ask(server, text, source=source)
    assert answer.status == 200, answer.body
    assert is_right(answer, number)


def check_up(server: Server) -> None:
    assert server.process.poll() is None
    assert server.ask("GET", "/healthz").status == 200
    assert server.listeners() == identities[server.port]


def check_problem(answer: Answer, *statuses: int) -> dict[str, Any]:
    """Return what a refusal says."""
    assert answer.status in statuses, (answer.status, answer.body[:300])
    assert answer.media_type == "application/problem+json"
    problem: dict[str, Any] = json.loads(answer.body)
    assert problem["status"] == answer.status
    assert problem["title"]
    assert problem["detail"]
    assert problem["hint"]
    if answer.status in (429, 503):
        assert int(answer.fields["Retry-After"]) > 0
    if answer.status == 503:
        assert problem["limit"] in ("time", "memory", "result bytes", "result rows", "load")
    return problem


def meanwhile(server: Server, attack: Attack) -> Answer:
    """Return what an attack is answered, after plain queries were answered while it went on."""
    served = 0
    times: list[float] = []
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        attacking = pool.submit(attack)
        attacking.add_done_callback(lambda _: times.append(time.monotonic() - began))
        while True:
            check_plain(server)
            if attacking.done():
                break
            served += 1
            wait([attacking], timeout=0.1)
        answer = attacking.result()
    if times[0] > 1:
        assert served, "nobody else was served"
    assert times[0] < QUERY_SECONDS + LATE_SECONDS
    check_plain(server)
    check_up(server)
    return answer


# --- texts that go deeper than any stack ------------------------------------------------


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in DEEP_TEXTS.items()])
def test_deep_texts_are_malformed(server: Server, text: str) -> None:
    check_problem(meanwhile(server, lambda: ask(server, text)), 400)


def test_deep_texts_by_every_method(server: Server) -> None:
    text = "ASK " + "{" * 10_000
    form = urlencode({"query": text}).encode()
    fields = {**JSON, "Content-Type": QUERY}
    check_problem(server.ask("GET", f"/sparql?{form.decode()}", None, JSON), 400)
    check_problem(server.ask("POST", "/sparql", form, {**JSON, "Content-Type": FORM}), 400)
    check_problem(server.ask("QUERY", "/sparql", text.encode(), fields), 400)
    head = server.ask("HEAD", f"/sparql?{form.decode()}", None, JSON)
    assert (head.status, head.body) == (400, b"")
    check_up(server)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{" * 999_000, id="brackets"),
        pytest.param("SELECT * { ?s ?p (" + "1 " * 490_000, id="a collection"),
        pytest.param("ASK { FILTER(" + "1+" * 490_000 + "1) }", id="a sum"),
        pytest.param("ASK { ?s ?p 'service' } #" + ";." * 490_000, id="a comment"),
        pytest.param("SELECT * { " + "service<x:y>{" * 4000, id="services in one another"),
        pytest.param("base<x:y/>" + "base<x/>" * 6000 + "ASK { SERVICE <x> {} }", id="one base on another"),
        pytest.param("ASK { ?s ?p 'service'" + ";?p?o" * 190_000, id="a long list of properties"),
    ],
)
def test_long_texts_from_many_leave_room_for_others(server: Server, text: str) -> None:
    """To look through a text costs the process that all others depend on, not an evaluator."""
    gateway = psutil.Process(next(iter(identities[server.port]))[0])
    with ThreadPoolExecutor(8) as pool:
        before = gateway.memory_info().rss
        # Who sends such texts may wait: what counts is that the others need not.
        fields = {**JSON, "Content-Type": QUERY}
        attacks = [
            pool.submit(server.ask, "POST", "/sparql", text.encode(), fields, seconds=120) for _ in range(8)
        ]
        slowest, most = 0.0, before
        while not all(each.done() for each in attacks):
            began = time.monotonic()
            check_plain(server)
            slowest = max(slowest, time.monotonic() - began)
            most = max(most, gateway.memory_info().rss)
            time.sleep(0.02)
    for each in attacks:
        if text.startswith("ASK { ?s ?p 'service' } #"):
            # A query after all, if there is time for it.
            assert each.result().status in (200, 408, 503)
        else:
            check_problem(each.result(), 400, 403, 408, 503)
    check_up(server)
    assert slowest < 3
    assert most - before < 400_000_000


# --- queries that would never end, or fill any memory -----------------------------------


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ENDLESS.items()])
def test_endless_queries_are_ended(server: Server, text: str) -> None:
    check_problem(meanwhile(server, lambda: ask(server, text)), 503)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in MAYBE.items()])
def test_hard_queries_are_answered_whole_or_refused(server: Server, text: str) -> None:
    answer = meanwhile(server, lambda: ask(server, text, Accept="application/json, text/turtle;q=0.5"))
    if answer.status == 200:
        json.loads(answer.body)
    else:
        check_problem(answer, 400, 503)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("^(a+)+$", id="repeats of repeats"),
        pytest.param("^(a|a|aa)*$", id="alternatives that overlap"),
        pytest.param("^(([a-z])+.)+[A-Z]([a-z])+$", id="a name with spaces"),
        pytest.param("^(.*)*(.*)*(.*)*x$", id="any, any number of times"),
        pytest.param("(x+x+)+y", id="two runs"),
    ],
)
@pytest.mark.parametrize("letters", [30, 5000])
def test_regular_expressions_that_backtrack(server: Server, pattern: str, letters: int) -> None:
    text = f'ASK {{ FILTER(REGEX("{"a" * letters}!", "{pattern}")) }}'
    answer = meanwhile(server, lambda: ask(server, text))
    assert answer.status == 200, answer.body
    assert json.loads(answer.body)["boolean"] is False


def test_many_bindings(server: Server) -> None:
    """As many as a text may have room for are counted; a million are too long a text."""
    text = "SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {} }} }}"
    answer = meanwhile(server, lambda: ask(server, text.format("1 " * 490_000)))
    if answer.status == 200:
        assert json.loads(answer.body)["results"]["bindings"][0]["n"]["value"] == "490000"
    else:
        check_problem(answer, 503)
    problem = check_problem(meanwhile(server, lambda: ask(server, text.format("1 " * 1_000_000))), 413)
    assert "1000000" in problem["detail"]


def test_a_refusal_is_a_page_for_people(server: Server) -> None:
    answer = ask(server, ENDLESS["gigabytes of solutions"], Accept="text/html")
    assert (answer.status, answer.media_type) == (503, "text/html")
    assert int(answer.fields["Retry-After"]) > 0


def test_a_refusal_is_kept_by_no_cache(server: Server) -> None:
    answer = ask(server, ENDLESS["40 doublings"])
    check_problem(answer, 503)
    assert "no-store" in answer.fields["Cache-Control"]
    assert "ETag" not in answer.fields


def test_a_process_that_died_is_logged_with_the_digest_of_the_query(server: Server) -> None:
    text = f"{ENDLESS['40 doublings']} # {next(_numbers)}"
    check_problem(ask(server, text), 503)
    answered = [json.loads(line) for line in server.output.read_text("utf-8").splitlines() if line[0] == "{"]
    assert answered[-1]["status"] == 503
    assert re.fullmatch("[0-9a-f]{16,}", answered[-1]["digest"])


# --- bodies and heads -------------------------------------------------------------------

HUGE = 100_000_000


def exchange(server: Server, request: Iterable[bytes], *, seconds: float = 30) -> Answer | None:
    """Send pieces until something comes back or all are sent; return the answer, or None when there was none."""
    with server.connect(seconds=seconds) as connection:
        pieces = iter(request)
        pending = b""
        with suppress(BrokenPipeError, ConnectionResetError):
            while pending or (pending := next(pieces, b"")):
                readable, _, _ = select.select([connection], [connection], [], seconds)
                if readable:
                    break
                pending = pending[connection.send(pending) :]
        return receive(connection)


def receive(connection: socket.socket) -> Answer | None:
    """Return the answer on a connection, or None when it was closed without one."""
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        return Answer(response.status, response.msg, response.read())
    except (http.client.RemoteDisconnected, ConnectionResetError):
        return None
    finally:
        response.close()


def head(method: str = "POST", path: str = "/sparql", **fields: str) -> bytes:
    lines = {"Host": "localhost", **JSON, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return (
        f"{method} {path} HTTP/1.1\r\n"
        + "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        + "\r\n"
    ).encode("latin-1")


def repeated(piece: bytes, size: int) -> Iterator[bytes]:
    for _ in range(size // len(piece)):
        yield piece


def chunked(piece: bytes, size: int) -> Iterator[bytes]:
    for each in repeated(piece, size):
        yield b"%x\r\n%s\r\n" % (len(each), each)
    yield b"0\r\n\r\n"


MEGABYTE = b"#" * 1_000_000


@pytest.mark.parametrize(
    ("request_head", "body", "statuses"),
    [
        pytest.param(
            head(Content_Type=QUERY, Content_Length=str(HUGE)),
            lambda: repeated(MEGABYTE, HUGE),
            (413,),
            id="its length is told",
        ),
        pytest.param(
            head(Content_Type=QUERY, Transfer_Encoding="chunked"),
            lambda: chunked(MEGABYTE, HUGE),
            (413,),
            id="in chunks",
        ),
        pytest.param(
            head(Content_Type=FORM, Content_Length=str(HUGE)),
            lambda: itertools.chain([b"query="], repeated(MEGABYTE, HUGE)),
            (413,),
            id="a form",
        ),
        pytest.param(
            head(Content_Type=FORM, Transfer_Encoding="chunked"),
            lambda: chunked(b"a=b&" * 100_000, HUGE),
            (413,),
            id="a form of millions of fields, in chunks",
        ),
        pytest.param(
            head("QUERY", Content_Type=QUERY, Content_Length=str(HUGE)),
            lambda: repeated(MEGABYTE, HUGE),
            (413,),
            id="by QUERY",
        ),
        pytest.param(
            head(Content_Type="application/sparql-update", Content_Length=str(HUGE)),
            lambda: repeated(MEGABYTE, HUGE),
            (403, 413),
            id="an update",
        ),
        pytest.param(
            head(Content_Type="text/plain", Content_Length=str(HUGE)),
            lambda: repeated(MEGABYTE, HUGE),
            (413, 415),
            id="another media type",
        ),
        pytest.param(
            head(Content_Type=QUERY, Content_Length=str(HUGE), Expect="100-continue"),
            lambda: iter(()),
            (413,),
            id="the client asks first",
        ),
        pytest.param(
            head(Content_Type=QUERY, Content_Length="99999999999999999999999999"),
            lambda: repeated(MEGABYTE, HUGE),
            (400, 413),
            id="its length is no number that fits",
        ),
        pytest.param(
            head(Content_Type=QUERY, Content_Length="-1"),
            lambda: repeated(MEGABYTE, HUGE),
            (400, 413),
            id="its length is below zero",
        ),
        pytest.param(
            head(Content_Type=QUERY),
            lambda: repeated(MEGABYTE, HUGE),
            (400,),
            id="without length",
        ),
        pytest.param(
            head("GET", "/sparql?query=ASK%7B%7D", Content_Length=str(HUGE)),
            lambda: repeated(MEGABYTE, HUGE),
            (200, 400, 413),
            id="by GET",
        ),
        pytest.param(
            head("POST", "/", Content_Length=str(HUGE)),
            lambda: repeated(MEGABYTE, HUGE),
            (405, 413),
            id="to a page",
        ),
        pytest.param(
            head(Content_Type=QUERY, Transfer_Encoding="chunked"),
            lambda: iter([b"fffffffffffffffff\r\n", b"x" * 1000]),
            (400,),
            id="a chunk without end",
        ),
        pytest.param(
            head(Content_Type=QUERY, Transfer_Encoding="chunked"),
            lambda: itertools.chain([b"1;" + b"x" * 1_000_000], repeated(MEGABYTE, HUGE)),
            (400, 408, 413),
            id="an extension of a chunk without end",
        ),
        pytest.param(
            head(Content_Type=QUERY, Transfer_Encoding="chunked", Content_Length="5"),
            lambda: chunked(b"ASK{}", 5),
            (200, 400),
            id="two lengths",
        ),
    ],
)
def test_bodies_of_100_megabytes(
    server: Server, request_head: bytes, body: Callable[[], Iterator[bytes]], statuses: tuple[int, ...]
) -> None:
    gateway = psutil.Process(next(iter(identities[server.port]))[0])
    before = gateway.memory_info().rss

    def attack() -> Answer:
        answer = exchange(server, itertools.chain([request_head], body()))
        assert answer, "closed without an answer"
        return answer

    answer = meanwhile(server, attack)
    assert answer.status in statuses, answer.body
    if answer.status == 413:
        check_problem(answer, 413)
    # The allocator keeps some of what it was given.
    assert gateway.memory_info().rss - before < 50_000_000


@pytest.mark.parametrize(
    ("request_head", "statuses"),
    [
        pytest.param(
            head("GET", "/sparql?query=ASK%7B%7D%23" + "x" * 2_000_000), (413, 414, 431), id="a query"
        ),
        pytest.param(head("GET", "/" + "x" * 2_000_000), (404, 414, 431), id="a path"),
        pytest.param(head("GET", "/healthz", X="x" * 2_000_000), (400, 431), id="a field"),
        pytest.param(
            head("GET", "/healthz", **{f"X{number}": "x" for number in range(10_000)}),
            (400, 431),
            id="10,000 fields",
        ),
        pytest.param(b"GET" * 1_000_000 + b" / HTTP/1.1\r\n\r\n", (400, 405, 414, 431), id="a method"),
    ],
)
def test_long_heads(server: Server, request_head: bytes, statuses: tuple[int, ...]) -> None:
    """The server below answers these, and may close the connection at once."""

    def attack() -> Answer:
        return exchange(server, repeated_slices(request_head)) or Answer(431, http.client.HTTPMessage(), b"")

    assert meanwhile(server, attack).status in statuses


def repeated_slices(data: bytes, size: int = 65_536) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        pytest.param("gzip", gzip.compress(b"#" * 50_000_000), id="gzip, a bomb"),
        pytest.param("gzip", gzip.compress(b"ASK{}"), id="gzip, a query"),
        pytest.param("x-gzip, gzip", gzip.compress(gzip.compress(b"#" * 50_000_000)), id="gzip twice"),
        pytest.param("deflate", b"x", id="deflate"),
        pytest.param("br", b"x", id="br"),
        pytest.param("zstd", b"x", id="zstd"),
    ],
)
def test_compressed_bodies_are_not_read(server: Server, coding: str, body: bytes) -> None:
    fields = {**JSON, "Content-Type": QUERY, "Content-Encoding": coding}
    check_problem(meanwhile(server, lambda: server.ask("POST", "/sparql", body, fields)), 415)


def dribble(
    server: Server, connections: int, start: bytes, seconds: float
) -> list[tuple[float, Answer | None]]:
    """Send a request byte by byte on many connections; return for each when an answer began, and which."""
    with ExitStack() as stack:
        waiting = [stack.enter_context(server.connect()) for _ in range(connections)]
        began = time.monotonic()
        for each in waiting:
            each.sendall(start)
        found = []
        while waiting and time.monotonic() - began < seconds:
            readable, _, _ = select.select(waiting, [], [], 0.2)
            for each in readable:
                found.append((time.monotonic() - began, receive(each)))
                waiting.remove(each)
            for each in waiting:
                with suppress(BrokenPipeError, ConnectionResetError):
                    each.send(b"x")
        return found


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param(head(Content_Type=QUERY, Content_Length="100000"), id="a query"),
        pytest.param(head(Content_Type=FORM, Content_Length="100000") + b"query=", id="a form"),
        pytest.param(head("QUERY", Content_Type=QUERY, Content_Length="100000"), id="by QUERY"),
    ],
)
def test_slow_bodies_time_out(server: Server, beginning: bytes) -> None:
    with ThreadPoolExecutor(1) as pool:
        dribbling = pool.submit(dribble, server, 50, beginning, BODY_SECONDS + LATE_SECONDS)
        while not dribbling.done():
            check_plain(server)
            time.sleep(0.1)
        found = dribbling.result()
    assert len(found) == 50
    for _, answer in found:
        assert answer
        check_problem(answer, 408)
    check_up(server)


def test_a_body_that_stops_times_out(server: Server) -> None:
    def attack() -> Answer:
        answer = exchange(server, [head(Content_Type=QUERY, Content_Length="100") + b"ASK"])
        assert answer
        return answer

    check_problem(meanwhile(server, attack), 408)


def test_slow_heads(server: Server) -> None:
    """Nobody else notices them."""
    with ThreadPoolExecutor(1) as pool:
        dribbling = pool.submit(dribble, server, 200, b"GET /sparql HTTP/1.1\r\nX: ", 5)
        while not dribbling.done():
            check_plain(server)
            time.sleep(0.1)
        assert all(answer is None or 400 <= answer.status < 500 for _, answer in dribbling.result())
    check_up(server)


def test_connections_that_say_nothing(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(server.connect())
        check_plain(server)
    check_up(server)


LONG_ROWS = 900
LONG_TEXT_BYTES = 10 * 2**11
LONG_ANSWER = f"SELECT ?s11 {{ {doubled(11, TWICE)} {{ SELECT * {{ ?s ?p ?o }} LIMIT {LONG_ROWS} }} }}"
"""Some 18 MB, more than all buffers between the server and a client hold."""


def ask_long(server: Server) -> socket.socket:
    """Return a connection with little room on which a long answer was asked for."""
    connection = server.connect(receive_bytes=4096)
    body = f"{LONG_ANSWER} # {next(_numbers)}".encode()
    connection.sendall(head(Content_Type=QUERY, Content_Length=str(len(body))) + body)
    return connection


def test_clients_that_do_not_read(patient_server: Server) -> None:
    """They are left after a while, and what they did read does not look whole."""
    with ExitStack() as stack:
        connections = [stack.enter_context(ask_long(patient_server)) for _ in range(8)]
        until = time.monotonic() + SEND_SECONDS + 6
        while time.monotonic() < until:
            check_plain(patient_server)
            time.sleep(0.1)
        for connection in connections:
            response = http.client.HTTPResponse(connection)
            with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):  # noqa: PT012
                response.begin()
                assert response.status == 200
                response.read()
            response.close()
    check_up(patient_server)


def test_a_client_that_reads_slowly_gets_all(patient_server: Server) -> None:
    """The limit is for a piece of the answer, not for all of it."""

    def attack() -> Answer:
        with ask_long(patient_server) as connection:
            response = http.client.HTTPResponse(connection)
            response.begin()
            parts = []
            began = time.monotonic()
            while part := response.read(400_000):
                parts.append(part)
                time.sleep(0.08)
            assert time.monotonic() - began > SEND_SECONDS
            body = b"".join(parts)
            assert len(body) == int(response.msg["Content-Length"])
            return Answer(response.status, response.msg, body)

    answer = meanwhile(patient_server, attack)
    assert answer.status == 200
    solutions = json.loads(answer.body)["results"]["bindings"]
    assert [len(each["s11"]["value"]) for each in solutions] == [LONG_TEXT_BYTES] * LONG_ROWS


def test_a_client_that_does_not_read_holds_no_evaluator(narrow_server: Server) -> None:
    with ask_long(narrow_server) as connection:
        assert connection.recv(12) == b"HTTP/1.1 200"
        began = time.monotonic()
        check_plain(narrow_server)
        assert time.monotonic() - began < 20
    check_up(narrow_server)


# --- texts that are no texts ------------------------------------------------------------

SAID = 'SELECT ("{}" AS ?x) {{}}'


@pytest.mark.parametrize(
    ("octets", "statuses"),
    [
        pytest.param(b"\xff", (400,), id="no UTF-8 at all"),
        pytest.param(b"\xc0\xaf", (400,), id="a form that is too long"),
        pytest.param(b"\xe3\x81", (400,), id="a character cut off"),
        pytest.param(b"\xed\xa0\x80", (400,), id="a lone surrogate"),
        pytest.param(b"\xed\xa0\xbd\xed\xb8\x80", (400,), id="a pair of surrogates"),
        pytest.param(b"\xf4\x90\x80\x80", (400,), id="a character beyond Unicode"),
        pytest.param(b"\0", (400,), id="NUL"),
        pytest.param(b"\x82\xa0", (400,), id="Shift_JIS"),
        pytest.param(b"\\uD800", (400,), id="a lone surrogate, escaped"),
        pytest.param(b"\\U00110000", (400,), id="a character beyond Unicode, escaped"),
        pytest.param(b"\\u12", (400,), id="an escape cut off"),
        pytest.param(b"\\u0000", (200, 400), id="NUL, escaped"),
        pytest.param("\ufffe\uffff\U0001fffe".encode(), (200, 400), id="noncharacters"),
        pytest.param("\u202e\u2066".encode(), (200,), id="marks of direction"),
        pytest.param("\ufeff".encode(), (200,), id="a byte order mark within"),
        pytest.param("e\u0301".encode() * 1000, (200,), id="characters that combine"),
        pytest.param(b"\x01\x02\x1f\x7f", (200, 400), id="control characters"),
    ],
)
def test_octets_that_are_no_text(server: Server, octets: bytes, statuses: tuple[int, ...]) -> None:
    before, after = SAID.format("|").encode().split(b"|")
    text = before + octets + after
    form = b"query=" + quote(text, safe="").encode()
    answers = [
        ask(server, text),
        server.ask("POST", "/sparql", form, {**JSON, "Content-Type": FORM}),
        server.ask("GET", f"/sparql?{form.decode()}", None, JSON),
        server.ask("QUERY", "/sparql", text, {**JSON, "Content-Type": QUERY}),
    ]
    assert len({answer.status for answer in answers}) == 1
    for answer in answers:
        if answer.status == 200:
            assert 200 in statuses
            found = json.loads(answer.body)["results"]["bindings"][0]["x"]["value"]
            assert found == (octets.decode() if octets != b"\\u0000" else "\0")
        else:
            check_problem(answer, *statuses)
    check_plain(server)
    check_up(server)


@pytest.mark.parametrize(
    ("body", "content_type", "statuses"),
    [
        pytest.param("\ufeffASK{}".encode(), QUERY, (200, 400), id="a byte order mark first"),
        pytest.param("ASK{}".encode("utf-16"), QUERY, (400,), id="UTF-16"),
        pytest.param(
            "ASK{}".encode("utf-16"), f"{QUERY}; charset=utf-16", (400, 415), id="UTF-16 that says so"
        ),
        pytest.param(
            b"ASK{}", f"{QUERY}; charset=nonsense", (200, 400, 415), id="a charset that there is not"
        ),
        pytest.param(b"ASK{}", f"{QUERY}; charset=\xff", (200, 400, 415), id="a charset that is no text"),
        pytest.param(b"ASK{}", f"{QUERY};" * 1000, (200, 400, 415), id="parameters without end"),
        pytest.param(b"query=%zz%ASK%7", FORM, (400,), id="percent signs that encode nothing"),
        pytest.param(b"&" * 900_000, FORM, (400, 413), id="a form of separators"),
        pytest.param(b"a&" * 450_000, FORM, (400, 413), id="a form of names"),
        pytest.param(
            b"query=ASK{}" + b"&default-graph-uri=x:g" * 40_000, FORM, (200, 400, 413), id="40,000 graphs"
        ),
        pytest.param(b"query=ASK{}&" * 50_000, FORM, (400,), id="50,000 queries"),
        pytest.param(b"\0" * 100_000, QUERY, (400,), id="nothing but NUL"),
        pytest.param(b" " * 900_000, QUERY, (400,), id="nothing but spaces"),
        pytest.param(b"\\u0041" * 150_000, QUERY, (400,), id="nothing but escapes"),
    ],
)
def test_bodies_that_are_no_queries(
    server: Server, body: bytes, content_type: str, statuses: tuple[int, ...]
) -> None:
    fields = {**JSON, "Content-Type": content_type}
    answer = meanwhile(server, lambda: server.ask("POST", "/sparql", body, fields))
    if answer.status == 200:
        assert 200 in statuses
        assert "boolean" in json.loads(answer.body)
    else:
        check_problem(answer, *statuses)


# --- what is put where it does not belong ----------------------------------------------

INJECTED = "Injected: yes"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"/sparql?query=ASK%7B%7D&format=json%0D%0A{quote(INJECTED)}", id="format"),
        pytest.param(f"/sparql?query=ASK%7B%7D&format=%0D%0A%0D%0A{quote(INJECTED)}", id="format, a body"),
        pytest.param(f"/sparql?query=ASK%7B%7D&format=json%0A{quote(INJECTED)}", id="format, LF alone"),
        pytest.param(
            f"/sparql?query=ASK%7B%7D&default-graph-uri=x:%0D%0A{quote(INJECTED)}", id="default-graph-uri"
        ),
        pytest.param(
            f"/sparql?query=ASK%7B%7D&named-graph-uri=x:%0D%0A{quote(INJECTED)}", id="named-graph-uri"
        ),
        pytest.param(f"/sparql?query=ASK%7B%7D%0D%0A{quote(INJECTED)}", id="query"),
        pytest.param(f"/sparql?query=ASK%7B%7D&x%0D%0A{quote(INJECTED)}=1", id="a parameter without meaning"),
        pytest.param(f"/project/2024-2-10%0D%0A{quote(INJECTED)}", id="a path"),
        pytest.param(f"/project/2024-2-10?x=%0D%0A{quote(INJECTED)}", id="a query string of a page"),
        pytest.param(f"//evil.example/%0D%0A{quote(INJECTED)}", id="a path with a host"),
        pytest.param(f"/dumps/%0D%0A{quote(INJECTED)}", id="a dump"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_no_field_comes_from_a_parameter(server: Server, path: str, accept: str) -> None:
    with server.connect() as connection:
        connection.sendall(head("GET", path, Accept=accept, Connection="close"))
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    fields, _, _ = answer.partition(b"\r\n\r\n")
    status = int(fields.split()[1])
    assert status < 500
    assert not re.search(rb"(?im)^Injected", fields)
    assert not re.search(rb"(?i)[\r\n]Location: *//evil", fields)
    check_up(server)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param("Host: a\r\n Injected: yes", id="a folded Host"),
        pytest.param("Host: a\rInjected: yes", id="CR in Host"),
        pytest.param("Host: a\0b", id="NUL in Host"),
        pytest.param("Host: evil.example\r\nHost: localhost", id="two Hosts"),
        pytest.param('Host: "><script>alert(1)</script>', id="a script in Host"),
        pytest.param("Host: evil.example@localhost", id="a user in Host"),
        pytest.param("Host: \xff\xfe", id="no text in Host"),
        pytest.param("Host:", id="an empty Host"),
        pytest.param("X: 1", id="no Host"),
        pytest.param("Host: localhost\r\nX-Forwarded-Host: evil.example", id="X-Forwarded-Host"),
        pytest.param("Host: localhost\r\nX-Forwarded-Host: a\rInjected: yes", id="CR in X-Forwarded-Host"),
        pytest.param("Host: localhost\r\nX-Forwarded-Proto: javascript", id="X-Forwarded-Proto"),
        pytest.param("Host: localhost\r\nX-Forwarded-Prefix: //evil.example", id="X-Forwarded-Prefix"),
        pytest.param("Host: localhost\r\nX-Forwarded-For: evil.example\rInjected: yes", id="X-Forwarded-For"),
        pytest.param("Host: localhost\r\nX-Script-Name: //evil.example", id="X-Script-Name"),
        pytest.param("Host: localhost\r\nX-Original-URL: //evil.example", id="X-Original-URL"),
        pytest.param("Host: localhost\r\nForwarded: host=evil.example;proto=https", id="Forwarded"),
        pytest.param("Host: localhost\r\nOrigin: evil.example\rInjected: yes", id="CR in Origin"),
        pytest.param("Host: localhost\r\nAccept: */*\rInjected: yes", id="CR in Accept"),
        pytest.param("Host: localhost\r\nAccept: \xff/\xfe;q=\xfd", id="no text in Accept"),
        pytest.param("Host: localhost\r\nAccept: text/html;q=1e999999999", id="an odd weight in Accept"),
        pytest.param(f"Host: localhost\r\nAccept: {'a/b;q=0.1, ' * 3000}*/*", id="a long Accept"),
        pytest.param(f"Host: localhost\r\nAccept: {';' * 30_000}", id="an Accept of separators"),
        pytest.param(f"Host: localhost\r\nIf-None-Match: {'W/' * 10_000}", id="a long If-None-Match"),
        pytest.param(f"Host: localhost\r\nRange: bytes={'0-1,' * 5000}0-1", id="a long Range"),
        pytest.param("Host: localhost\r\nInjected : yes", id="a space in a name"),
    ],
)
@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/project/2024-2-10", "/dumps/nichiiki.ttl"])
def test_fields_that_lie(server: Server, fields: str, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\n{fields}\r\nConnection: close\r\n\r\n".encode("latin-1")
    with server.connect() as connection:
        connection.sendall(request)
        try:
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        except ConnectionResetError:
            answer = b""
    if answer:
        told, _, body = answer.partition(b"\r\n\r\n")
        assert int(told.split()[1]) < 500
        assert not re.search(rb"(?im)^Injected", told)
        assert b"<script>alert" not in answer
        if "evil.example" in fields and not fields.startswith("Host: evil"):
            assert b"evil.example" not in told
            assert b"evil.example" not in body
    check_up(server)


# --- what would reach beyond the server -------------------------------------------------


@pytest.mark.parametrize("name", list(service_texts(0)))
def test_no_other_endpoint_is_asked(server: Server, listener: Listener, name: str) -> None:
    text = service_texts(listener.port)[name]
    parameters = urlencode({"query": text})
    for answer in (
        ask(server, text),
        server.ask("POST", "/sparql", parameters.encode(), {**JSON, "Content-Type": FORM}),
        server.ask("GET", f"/sparql?{parameters}", None, JSON),
    ):
        problem = check_problem(answer, 403)
        assert "SERVICE" in problem["detail"]
    assert listener.calls == 0
    check_plain(server)
    check_up(server)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NO_SERVICE.items()])
def test_a_service_that_is_none(server: Server, text: str) -> None:
    answer = ask(server, text)
    assert answer.status == 200, answer.body
    json.loads(answer.body)


@pytest.mark.parametrize(
    ("scheme", "where"),
    list(itertools.product(["file:///etc/passwd", "http://127.0.0.1:{port}/"], ["query", "parameter"])),
)
@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_no_graph_is_fetched(
    server: Server, listener: Listener, scheme: str, where: str, clause: str
) -> None:
    """A graph that this release does not have is an empty one."""
    graph = scheme.format(port=listener.port)
    pattern = "{ ?s ?p ?o }" if clause == "FROM" else "{ GRAPH ?g { ?s ?p ?o } }"
    if where == "query":
        parameters = {"query": f"SELECT * {clause} <{graph}> WHERE {pattern}"}
    else:
        name = "default-graph-uri" if clause == "FROM" else "named-graph-uri"
        parameters = {"query": f"SELECT * WHERE {pattern}", name: graph}
    answer = server.ask("GET", f"/sparql?{urlencode(parameters)}", None, JSON)
    assert answer.status == 200, answer.body
    assert json.loads(answer.body)["results"]["bindings"] == []
    assert listener.calls == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("LOAD <http://127.0.0.1:{port}/>", id="LOAD"),
        pytest.param("LOAD SILENT <http://127.0.0.1:{port}/> INTO GRAPH <x:g>", id="LOAD SILENT INTO"),
        pytest.param("PREFIX e: <x:> LOAD <http://127.0.0.1:{port}/>", id="behind a prologue"),
        pytest.param("DROP ALL; LOAD <http://127.0.0.1:{port}/>", id="behind another"),
        pytest.param("LOAD <file:///etc/passwd>", id="a file"),
        pytest.param("INSERT DATA {{ <x:a> <x:b> <x:c> }}", id="INSERT DATA"),
        pytest.param(
            "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
            id="INSERT with SERVICE",
        ),
    ],
)
def test_nothing_is_loaded(server: Server, listener: Listener, text: str) -> None:
    text = text.format(port=listener.port)
    check_problem(ask(server, text), 400, 403)
    check_problem(ask(server, text, Content_Type="application/sparql-update"), 403)
    form = urlencode({"update": text}).encode()
    check_problem(server.ask("POST", "/sparql", form, {**JSON, "Content-Type": FORM}), 403)
    check_problem(server.ask("GET", f"/sparql?{form.decode()}", None, JSON), 403)
    assert listener.calls == 0
    check_up(server)


def test_evaluators_can_open_nothing(server: Server) -> None:
    """No number of a descriptor is left to them, and their memory has a limit."""
    check_plain(server)
    evaluators = server.evaluators()
    assert len(evaluators) == 3
    for process in evaluators:
        told = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
        limits = {line[:26].strip(): line[26:].split()[:2] for line in told.splitlines()[1:]}
        most = int(limits["Max open files"][1])
        assert limits["Max open files"] == [str(most), str(most)]
        held = {int(each.name) for each in Path(f"/proc/{process.pid}/fd").iterdir()}
        assert held >= set(range(most))
        soft, hard = limits["Max address space"]
        assert soft == hard
        assert int(soft) <= process.memory_info().vms + MEMORY_MB * 1_000_000
        assert limits["Max core file size"] == ["0", "0"]
        assert not process.net_connections("inet")


# --- an answer is whole or none ---------------------------------------------------------


def count(body: bytes, each: Format) -> int:
    """Return how many solutions or triples a body has, by a strict reader."""
    if each is RESULTS_CSV:
        csv.field_size_limit(MOST_BYTES)
        return len(list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))) - 1
    if each.kind is Kind.RESULTS:
        engine = EngineResults.from_media_type(each.media_type)
        assert engine
        return len(list(parse_query_results(body, format=engine)))
    return len(list(parse(body, format=engine_format(each))))


CODED = [
    *(pytest.param(each, "identity", id=each.name) for each in (*RESULTS, *GRAPHS)),
    *(pytest.param(each, "gzip", id=f"{each.name}, compressed") for each in (RESULTS_CSV, GRAPHS[0])),
]


@pytest.mark.parametrize(("each", "coding"), CODED)
def test_rows_up_to_the_limit(short_server: Server, each: Format, coding: str) -> None:
    def rows(number: int) -> Answer:
        shape = "SELECT ?s" if each.kind is Kind.RESULTS else "CONSTRUCT { ?s a ?o }"
        text = f"{shape} {{ SELECT ?s ?o {{ ?s a ?o }} ORDER BY ?s ?o LIMIT {number} }}"
        return ask(short_server, text, Accept=f"{each.media_type}, */*;q=0.1", Accept_Encoding=coding)

    answer = rows(MOST_ROWS)
    assert (answer.status, answer.media_type) == (200, each.media_type), answer.body[:300]
    body = gzip.decompress(answer.body) if answer.fields["Content-Encoding"] == "gzip" else answer.body
    assert count(body, each) == MOST_ROWS
    refused = rows(MOST_ROWS + 1)
    assert refused.status == 503
    assert check_refused(refused) == "result rows"
    check_up(short_server)


def check_refused(answer: Answer) -> str:
    """Return which limit a refusal names."""
    if answer.fields["Content-Encoding"] == "gzip":
        answer = Answer(answer.status, answer.fields, gzip.decompress(answer.body))
    return str(check_problem(answer, 503)["limit"])


@pytest.mark.parametrize(("each", "coding"), CODED)
def test_bytes_up_to_the_limit(short_server: Server, each: Format, coding: str) -> None:
    """What is counted is what a client would have after decompression."""

    def letters(number: int, coding: str = coding) -> Answer:
        bound = f'{{ BIND("{"x" * number}" AS ?x) }}'
        shape = "SELECT ?x" if each.kind is Kind.RESULTS else "CONSTRUCT { <x:s> <x:p> ?x }"
        return ask(
            short_server, f"{shape} {bound}", Accept=f"{each.media_type}, */*;q=0.1", Accept_Encoding=coding
        )

    beside = len(letters(1000, "identity").body) - 1000
    answer = letters(MOST_BYTES - beside)
    assert (answer.status, answer.media_type) == (200, each.media_type), answer.body[:300]
    body = gzip.decompress(answer.body) if answer.fields["Content-Encoding"] == "gzip" else answer.body
    assert len(body) == MOST_BYTES
    assert count(body, each) == 1
    assert check_refused(letters(MOST_BYTES - beside + 1)) == "result bytes"
    check_up(short_server)


def test_a_page_is_refused_likewise(short_server: Server) -> None:
    answer = ask(short_server, f"SELECT * {{ ?s ?p ?o }} LIMIT {MOST_ROWS + 1}", Accept=HTML.media_type)
    assert (answer.status, answer.media_type) == (503, HTML.media_type)
    answer = ask(short_server, f"SELECT ?s {{ ?s ?p ?o }} LIMIT {MOST_ROWS}", Accept=HTML.media_type)
    assert answer.status == 200


def test_a_row_is_counted_once(short_server: Server) -> None:
    """Whatever its values look like."""
    confusing = '},{ "bindings": [] <result> \\n\\t\\" ,{'
    values = "VALUES (?x ?y) { " + f"('{confusing}' UNDEF) " * MOST_ROWS + "}"
    for each in RESULTS:
        answer = ask(short_server, f"SELECT * {{ {values} }}", Accept=each.media_type)
        assert answer.status == 200, answer.body[:300]
        assert count(answer.body, each) == MOST_ROWS
        refused = ask(short_server, f"SELECT * {{ {{ {values} }} UNION {{}} }}", Accept=each.media_type)
        assert refused.status == 503


# --- many at once -----------------------------------------------------------------------


def test_200_clients_at_once(server: Server) -> None:
    ready = threading.Barrier(200)

    def one(_: int) -> bool:
        text, number = plain_query()
        ready.wait()
        answer = ask(server, text)
        return answer.status == 200 and is_right(answer, number)

    with ThreadPoolExecutor(200) as pool:
        assert all(pool.map(one, range(200)))
    check_up(server)


def endless() -> str:
    """Return a query that takes all the time that it is given, and that no cache knows."""
    return f"{ENDLESS['a product that is filtered']} # {next(_numbers)}"


def test_too_many_of_one_client(crowded_server: Server) -> None:
    """One may be at work and three wait; the others are told to come again."""
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: ask(crowded_server, endless()), range(12)))
    found = Counter(answer.status for answer in answers)
    assert set(found) == {429, 503}
    assert found[429] >= 6
    assert found[503] >= 4
    for answer in answers:
        check_problem(answer, 429, 503)
    check_plain(crowded_server)
    check_up(crowded_server)


def test_too_many_in_all(crowded_server: Server) -> None:
    """Six may wait, whoever they are."""
    with ThreadPoolExecutor(15) as pool:
        answers = list(
            pool.map(
                lambda number: ask(crowded_server, endless(), source=f"127.0.0.{number % 5 + 1}"), range(15)
            )
        )
    found = Counter(answer.status for answer in answers)
    assert set(found) == {429, 503}
    assert found[429] >= 5
    assert found[503] >= 7
    check_plain(crowded_server)
    check_up(crowded_server)


def test_clients_take_turns(crowded_server: Server) -> None:
    """Who asks one thing does not wait for all that another asks."""
    with ThreadPoolExecutor(4) as pool:
        many = [pool.submit(ask, crowded_server, endless()) for _ in range(4)]
        time.sleep(0.5)
        check_plain(crowded_server, source="127.0.0.2")
        assert sum(each.done() for each in many) <= 2
        assert {each.result().status for each in many} == {503}
    check_up(crowded_server)


def test_nobody_waits_for_ever(narrow_server: Server) -> None:
    with ask_endless(narrow_server):
        answer = ask(narrow_server, plain_query()[0])
        assert check_problem(answer, 503)["limit"] == "load"
    check_plain_soon(narrow_server)


# --- clients and processes that go away -------------------------------------------------


def ask_endless(server: Server) -> socket.socket:
    """Return a connection on which an endless query is being evaluated."""
    until = time.monotonic() + LATE_SECONDS
    while b"nichiiki_queries_running 0" not in server.ask("GET", "/metrics").body:
        assert time.monotonic() < until, "an earlier query is still there"
        time.sleep(0.02)
    connection = server.connect()
    body = endless().encode()
    connection.sendall(head(Content_Type=QUERY, Content_Length=str(len(body))) + body)
    while b"nichiiki_queries_running 1" not in server.ask("GET", "/metrics").body:
        assert time.monotonic() < until
        time.sleep(0.02)
    return connection


def check_plain_soon(server: Server) -> None:
    """Ask again while the process that evaluates is replaced."""
    until = time.monotonic() + LATE_SECONDS
    while ask(server, plain_query()[0]).status == 503 and time.monotonic() < until:
        time.sleep(0.1)
    check_plain(server)


def shut(connection: socket.socket) -> None:
    connection.close()


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("leave", [shut, reset])
def test_a_client_that_goes_away_frees_its_evaluator(
    narrow_server: Server, leave: Callable[[socket.socket], None]
) -> None:
    before = {process.pid for process in narrow_server.evaluators()}
    connection = ask_endless(narrow_server)
    began = time.monotonic()
    leave(connection)
    check_plain_soon(narrow_server)
    # The query itself might take 60 seconds.
    assert time.monotonic() - began < 30
    assert not before & {process.pid for process in narrow_server.evaluators()}
    check_up(narrow_server)


def test_clients_that_go_away_while_they_wait(narrow_server: Server) -> None:
    with ask_endless(narrow_server):
        for _ in range(20):
            body = endless().encode()
            with narrow_server.connect() as connection:
                connection.sendall(head(Content_Type=QUERY, Content_Length=str(len(body))) + body)
    check_plain_soon(narrow_server)
    check_up(narrow_server)


def test_a_process_that_stands_still(crowded_server: Server) -> None:
    (process,) = crowded_server.evaluators()
    process.suspend()
    assert check_problem(ask(crowded_server, plain_query()[0]), 503)["limit"] == "time"
    check_plain_soon(crowded_server)
    check_up(crowded_server)


def test_processes_killed_under_load(start: Callable[..., Server], release_folder: Path) -> None:
    """An answer is right or refused, and as many are refused as were killed at most."""
    server = start(NICHIIKI_WORKERS="4", NICHIIKI_QUERY_SECONDS="10")
    manifest = json.loads((release_folder / "manifest.json").read_text(encoding="utf-8"))
    triples = manifest["counts"]["triples"]
    ends = time.monotonic() + KILL_SECONDS
    kills = 0
    chance = random.Random(1)

    def one(worker: int) -> Counter[int]:
        found: Counter[int] = Counter()
        while time.monotonic() < ends:
            number = next(_numbers)
            text = f"SELECT (COUNT(*) AS ?n) ({number} AS ?m) {{ ?s ?p ?o FILTER(STR(?o) != '{number}#') }}"
            answer = ask(server, text, source=f"127.0.0.{worker + 1}")
            found[answer.status] += 1
            if answer.status == 200:
                (solution,) = json.loads(answer.body)["results"]["bindings"]
                assert (int(solution["n"]["value"]), int(solution["m"]["value"])) == (triples, number)
            else:
                check_problem(answer, 503)
        return found

    with ThreadPoolExecutor(6) as pool:
        clients: list[Future[Counter[int]]] = [pool.submit(one, worker) for worker in range(6)]
        while time.monotonic() < ends:
            time.sleep(0.3)
            if evaluators := server.evaluators():
                with suppress(psutil.NoSuchProcess):
                    chance.choice(evaluators).send_signal(signal.SIGKILL)
                    kills += 1
        found = sum((client.result() for client in clients), Counter())
    assert kills > 3
    assert found[200] > 10
    assert 0 < found[503] <= kills
    until = time.monotonic() + LATE_SECONDS
    while len(server.evaluators()) < 4 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(server.evaluators()) == 4
    for _ in range(20):
        check_plain(server)
    check_up(server)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_no_process_outlives_the_server(dist: Path, tmp_path: Path, how: signal.Signals) -> None:
    with serving(dist, tmp_path / "output", NICHIIKI_WORKERS="2") as server:
        family = server.processes()
        assert len(family) > 3
        server.process.send_signal(how)
        server.process.wait(timeout=20)
        _, left = psutil.wait_procs(family, timeout=20)
        assert not left


# --- whatever comes ---------------------------------------------------------------------

TRICKY = st.sampled_from(
    [
        *(
            "SELECT",
            "ASK",
            "*",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "<",
            ">",
            "<x:y>",
            "?x",
            "'",
            '"',
            "'''",
            '"""',
        ),
        *(
            "\\",
            "#",
            "\n",
            "SERVICE",
            "FILTER",
            "BIND",
            "AS",
            "1",
            "+",
            "||",
            ".",
            ";",
            ",",
            "/",
            "^",
            "|",
            "!",
        ),
        *(
            "\\u0053",
            "UNION",
            "OPTIONAL",
            "VALUES",
            "GRAPH",
            "EXISTS",
            "<<",
            ">>",
            "{|",
            "|}",
            "@en",
            ":",
            "_:b",
        ),
        *("FROM", "NAMED", "BASE", "PREFIX", "e:", "<http://[>", "<//[x]>", "<http://\u2100/>"),
    ]
)
NO_HURRY = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@NO_HURRY
@given(
    st.one_of(
        st.text(), st.lists(TRICKY, max_size=30).map(" ".join), st.lists(TRICKY, max_size=30).map("".join)
    )
)
@example("ASK{}")
@example("SELECT * FROM <http://[> {}")
def test_any_text(server: Server, text: str) -> None:
    answer = ask(server, text.encode("utf-8", "replace"))
    if answer.status != 200:
        check_problem(answer, 400, 403, 503)


@NO_HURRY
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: b"GET /sparql?" + tail)))
@example(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
@example(b"GET http://evil.example/sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
@example(b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n")
@example(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
@example(b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")
@example(b"GET /sparql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n")
def test_any_octets(server: Server, octets: bytes) -> None:
    with server.connect(seconds=5) as connection, suppress(OSError):
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        assert not connection.recv(65_536).startswith(b"HTTP/1.1 5")
    assert server.ask("GET", "/healthz").status == 200


def test_the_server_is_still_the_one_that_was_started(server: Server) -> None:
    """After all that: the same processes answer, they hold no more than before, and they say what happened."""
    check_up(server)
    check_plain(server)
    assert len(server.evaluators()) == 3
    metrics = server.ask("GET", "/metrics")
    assert metrics.status == 200
    assert metrics.media_type == "text/plain"
    assert b"nichiiki_queries_running 0" in metrics.body
    gateway = psutil.Process(next(iter(identities[server.port]))[0])
    until = time.monotonic() + LATE_SECONDS
    while gateway.num_fds() > 100 and time.monotonic() < until:
        time.sleep(0.1)
    assert gateway.num_fds() <= 100
    said = server.output.read_text(encoding="utf-8")
    assert "Traceback" not in said
