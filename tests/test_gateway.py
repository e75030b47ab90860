"""What every answer of the endpoint comes with: caches, figures, log lines, the next release, other endpoints."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.formats import RESULTS_CSV, RESULTS_JSON, Kind
from nichiiki_ld.query import Answer as Evaluated
from nichiiki_ld.query import Job
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.cache import AnswerCache, key_of
from nichiiki_ld.web.gateway import Gateway, client_of
from nichiiki_ld.web.observation import digest_of, log_to_standard_error
from nichiiki_ld.web.site import Site
from serving import EVALUATOR, Answer, Server, free_port, serving

BASE = "https://w3id.org/nichiiki/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LARGE = "SELECT * { ?s a ?c } ORDER BY ?s LIMIT 500"


@pytest.fixture(scope="module")
def server(dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert release_folder.is_dir()
    with serving(dist, tmp_path_factory.mktemp("gateway") / "log") as started:
        yield started


def get(server: Server, query: str, **fields: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return server.ask("GET", f"/sparql?{urlencode({'query': query})}", fields=named)


def lines(server: Server) -> list[dict[str, object]]:
    """Return the log lines of queries, once the last is there."""
    time.sleep(0.2)
    return [
        json.loads(line)
        for line in server.output.read_text(encoding="utf-8").splitlines()
        if line.startswith("{")
    ]


def figures(server: Server) -> dict[str, float]:
    answer = server.ask("GET", "/metrics")
    assert answer.status == 200
    return {
        sample.name
        + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


# --- caches -------------------------------------------------------------------------------


def test_a_repeated_query_comes_from_memory(server: Server) -> None:
    query = f"{COUNT} # repeated"
    first, second, third = (get(server, query) for _ in range(3))
    assert 'cache;desc="miss"' in first.fields["Server-Timing"]
    assert 'cache;desc="hit"' in second.fields["Server-Timing"]
    assert second.body == first.body == third.body
    for name in ("ETag", "Last-Modified", "Cache-Control", "Vary", "Content-Type", "Link"):
        assert first.fields[name] == second.fields[name], name
    assert first.fields["ETag"].startswith('"')
    assert "public" in first.fields["Cache-Control"]
    assert get(server, query, If_None_Match=first.fields["ETag"]).status == 304
    assert server.ask("HEAD", f"/sparql?{urlencode({'query': query})}").fields["Content-Length"] == str(
        len(first.body)
    )
    by_form = server.ask("POST", "/sparql", urlencode({"query": query}).encode(), FORM)
    assert 'cache;desc="hit"' in by_form.fields["Server-Timing"], "what counts is the query, not how it came"
    assert by_form.body == first.body


def test_formats_and_codings_are_kept_apart(server: Server) -> None:
    plain = get(server, LARGE, Accept="text/csv")
    packed = get(server, LARGE, Accept="text/csv", Accept_Encoding="gzip")
    again = get(server, LARGE, Accept="text/csv")
    assert packed.fields["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body == again.body
    assert packed.fields["ETag"] != plain.fields["ETag"]
    for answer in (plain, packed):
        assert {"Accept", "Accept-Encoding"} <= {each.strip() for each in answer.fields["Vary"].split(",")}
    assert get(server, LARGE, Accept="text/csv", Accept_Encoding="gzip;q=0").body == plain.body
    assert get(server, LARGE, Accept="application/json").media_type == "application/sparql-results+json"


@pytest.mark.parametrize("call", ["UUID()", "STRUUID()", "RAND()", "NOW()", "BNODE()"])
def test_what_changes_is_not_kept(server: Server, call: str) -> None:
    query = f"SELECT ({call} AS ?x) {{}}"
    first, second = get(server, query), get(server, query)
    assert first.fields["Cache-Control"] == second.fields["Cache-Control"] == "no-store"
    assert 'cache;desc="none"' in second.fields["Server-Timing"]
    assert call == "BNODE()" or first.body != second.body


def test_errors_are_not_kept(server: Server) -> None:
    for _ in range(2):
        answer = get(server, "SELECT")
        assert answer.status == 400
        assert answer.fields["Cache-Control"] == "no-store"


def test_preflight(server: Server) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = server.ask("OPTIONS", "/sparql", fields=asked)
    assert answer.status == 204
    assert answer.fields["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "HEAD", "POST", "QUERY"} <= set(answer.fields["Access-Control-Allow-Methods"].split(", "))
    assert "Content-Type" in answer.fields["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.fields
    assert "ETag" in get(server, COUNT).fields["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("where", ["text", "default_graphs"])
def test_what_is_kept_is_bounded_however_long_a_query_is(where: str) -> None:
    """A query may have a megabyte of comments, or of graphs; its answer may be short."""
    cache = AnswerCache(200_000)
    plain = Job("ASK {}", (), (), RESULTS_CSV, None, 1, 1)
    tracemalloc.start()
    try:
        for number in range(200):
            long = f"ASK {{}} # {'x' * 100_000}{number}"
            job = replace(plain, **{where: long if where == "text" else (long,)})
            cache.keep(key_of(job), Evaluated(Kind.RESULTS, RESULTS_CSV, b"x"))
            assert cache.get(key_of(job))
        del long, job
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert cache.size_bytes <= 200_000
    assert kept_bytes < 1_000_000


def test_what_makes_a_query_another_one() -> None:
    job = Job("ASK {}", ("x:a",), (), RESULTS_CSV, None, 1, 1)
    others = [
        replace(job, text="ASK {} "),
        replace(job, default_graphs=(), named_graphs=("x:a",)),
        replace(job, default_graphs=("x:a", "x:b")),
        replace(job, results=RESULTS_JSON),
        replace(job, gzip=True),
    ]
    assert len({key_of(each) for each in [job, replace(job), *others]}) == 6


# --- what operators see -------------------------------------------------------------------


def test_health(server: Server) -> None:
    for path in ("/healthz", "/readyz"):
        answer = server.ask("GET", path)
        assert (answer.status, answer.body) == (200, b"ok\n")
        assert answer.fields["Cache-Control"] == "no-store"
        assert server.ask("HEAD", path).body == b""


def test_a_log_line_for_each_query(server: Server) -> None:
    query = f"{COUNT} # logged"
    answers = [get(server, query), get(server, query), get(server, "SELECT # logged")]
    found = lines(server)[-3:]
    assert [line["status"] for line in found] == [200, 200, 400]
    assert [line["cache"] for line in found] == ["miss", "hit", "miss"]
    for line, answer in zip(found[:2], answers, strict=False):
        assert line["rows"] == 1
        assert line["bytes"] == len(answer.body)
        assert float(str(line["seconds"])) >= float(str(line["queued_seconds"])) >= 0
    assert found[0]["digest"] == found[1]["digest"]
    # Refused by the parser, which is in the process that evaluates.
    assert float(str(found[2]["evaluated_seconds"])) > 0
    assert "127.0.0.1" not in server.output.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_who_shares_a_turn(address: str, client: str) -> None:
    assert client_of(address) == client


def logged(server: Server, query: str) -> dict[str, object]:
    """Return the log line of a query, once it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for line in lines(server):
            if line.get("digest") == digest_of(query):
                return line
    pytest.fail("it is not in the log")


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?l) }"


@pytest.fixture(scope="module")
def patient(dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that evaluates one query at a time, for long, and waits little for its client."""
    assert release_folder.is_dir()
    environment = {
        "NICHIIKI_WORKERS": "1",
        "NICHIIKI_QUERY_SECONDS": "120",
        "NICHIIKI_QUERY_SLICE_SECONDS": "120",
        "NICHIIKI_QUERY_MEMORY_MB": "3072",
        "NICHIIKI_SEND_SECONDS": "1",
    }
    with serving(dist, tmp_path_factory.mktemp("patient") / "log", **environment) as started:
        yield started


def send(connection: socket.socket, query: str) -> None:
    path = f"/sparql?{urlencode({'query': query})}"
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())


def test_a_query_whose_client_leaves_is_counted_and_logged(patient: Server) -> None:
    evaluated, waiting = f"{ENDLESS} # evaluated", f"{ENDLESS} # waiting"
    before = figures(patient)
    with patient.connect() as first, patient.connect() as second:
        send(first, evaluated)
        while not figures(patient)["nichiiki_queries_running"]:
            time.sleep(0.01)
        send(second, waiting)
        while not figures(patient)["nichiiki_queries_waiting"]:
            time.sleep(0.01)
        second.close()
        line = logged(patient, waiting)
        assert (line["status"], line["evaluated_seconds"]) == (499, 0)
        assert float(str(line["queued_seconds"])) > 0
        first.close()
        line = logged(patient, evaluated)
        assert (line["status"], line["cache"]) == (499, "miss")
        assert float(str(line["seconds"])) >= float(str(line["evaluated_seconds"])) > 0
    after = figures(patient)
    assert after["nichiiki_queries_total cache=miss status=499"] == 2
    assert after["nichiiki_evaluators_ended_total reason=gone"] == 1
    assert after["nichiiki_query_seconds_count"] - before["nichiiki_query_seconds_count"] == 2


@pytest.mark.parametrize("leaves", [False, True], ids=["it stays", "it leaves"])
def test_a_query_whose_answer_is_not_taken_is_logged(patient: Server, leaves: bool) -> None:
    query = f"SELECT * {{ ?s ?p ?o }} # {leaves}"
    with patient.connect(receive_bytes=4096) as connection:
        send(connection, query)
        connection.recv(1000)
        if leaves:
            connection.close()
        line = logged(patient, query)
    assert line["cache"] == "miss"
    # Of a client that is gone, all that it is sent is thrown away at once.
    assert line["status"] in ((200, 499) if leaves else (499,))
    assert float(str(line["evaluated_seconds"])) > 0


def test_every_log_line_is_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("nichiiki_ld")
    for name in ("handlers", "propagate", "level"):
        monkeypatch.setattr(logger, name, getattr(logger, name))
    monkeypatch.setattr(logger, "handlers", [])
    log_to_standard_error()
    logging.getLogger("nichiiki_ld.web").warning("リリース%s", "一\n二")
    try:
        int("x")
    except ValueError:
        logging.getLogger("nichiiki_ld.pool").exception("fault")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["event"], first["level"], first["text"]) == ("message", "warning", "リリース一\n二")
    assert second["traceback"].splitlines()[-1].startswith("ValueError: ")


def test_a_client_is_logged_when_it_is_asked_for(dist: Path, release_folder: Path, tmp_path: Path) -> None:
    assert release_folder.is_dir()
    with serving(dist, tmp_path / "log", NICHIIKI_LOG_CLIENTS="1", NICHIIKI_WORKERS="1") as server:
        for _ in range(2):
            get(server, COUNT)
        assert [line["client"] for line in lines(server)] == ["127.0.0.1"] * 2


def test_figures(server: Server) -> None:
    before = figures(server)
    get(server, f"{COUNT} # counted {time.monotonic_ns()}")
    get(server, "SELECT # counted")
    after = figures(server)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more("nichiiki_queries_total cache=miss status=200") == 1
    assert more("nichiiki_queries_total cache=miss status=400") == 1
    assert more("nichiiki_query_seconds_count") == 2
    assert after["nichiiki_queries_running"] == after["nichiiki_queries_waiting"] == 0
    assert after["nichiiki_cache_bytes"] > 0


# --- the next release ---------------------------------------------------------------------


def release(folder: Path, name: str, things: int) -> Path:
    """Write a release in which everything says of which release it is."""
    data = folder / f"{name}.nt"
    text = f'<{BASE}it> <{BASE}version> "{name}" .\n'
    text += "".join(f'<{BASE}thing/{name}/{n}> <{BASE}of> "{name}" .\n' for n in range(things))
    data.write_text(text, encoding="utf-8")
    return write_adhoc_release([data], folder / f"release-{name}", base=BASE)


def turn(dist: Path, release: Path) -> None:
    link = dist / "next"
    link.symlink_to(release)
    link.replace(dist / "current")


def test_a_new_release_under_load(tmp_path: Path) -> None:
    """No request is dropped, and no answer has something of two releases."""
    dist = tmp_path / "dist"
    dist.mkdir()
    sizes = {"a": 300, "b": 500}
    releases = {name: release(tmp_path, name, size) for name, size in sizes.items()}
    turn(dist, releases["a"])
    query = f"SELECT ?v ?of (COUNT(*) AS ?n) {{ <{BASE}it> <{BASE}version> ?v . ?s <{BASE}of> ?of }} GROUP BY ?v ?of"
    seen: list[tuple[int, str]] = []
    stop = threading.Event()

    def ask(number: int) -> None:
        asked = 0
        while not stop.is_set():
            asked += 1
            # Some repeated, some new, some pages.
            answer = get(server, f"{query} # {number} {asked % 7 or time.monotonic_ns()}", Accept="text/csv")
            seen.append((answer.status, answer.body.decode()))
            page = server.ask("GET", "/it.nt")
            seen.append((page.status, f"page {page.body.decode().count('version')}"))

    environment = {"NICHIIKI_RELEASE_CHECK_SECONDS": "0.1", "NICHIIKI_WORKERS": "2"}
    with serving(dist, tmp_path / "log", **environment) as server:
        askers = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for asker in askers:
            asker.start()
        try:
            for name in ("b", "a", "b"):
                time.sleep(2)
                turn(dist, releases[name])
            time.sleep(3)
        finally:
            stop.set()
            for asker in askers:
                asker.join()
        assert len(server.evaluators()) == 2, "those of the old releases are gone"
        assert len(server.listeners()) == 1
    whole = {f"v,of,n\r\n{name},{name},{size}\r\n" for name, size in sizes.items()}
    assert len(seen) > 50
    assert {text for _, text in seen} == whole | {"page 1"}
    assert {status for status, _ in seen} == {200}


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param('{"version": "x"}', id="a manifest and nothing else"),
        pytest.param("[]", id="a manifest that is none"),
        pytest.param("{", id="no JSON"),
    ],
)
def test_a_broken_release_is_passed_over(tmp_path: Path, manifest: str) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    turn(dist, release(tmp_path, "a", 3))
    environment = {"NICHIIKI_RELEASE_CHECK_SECONDS": "0.1", "NICHIIKI_WORKERS": "1"}
    with serving(dist, tmp_path / "log", **environment) as server:
        broken = tmp_path / "broken"
        broken.mkdir()
        (broken / "manifest.json").write_text(manifest, encoding="utf-8")
        turn(dist, broken)
        time.sleep(1)
        assert get(server, COUNT, Accept="text/csv").body == b"n\r\n4\r\n"
        assert server.ask("GET", "/readyz").status == 200
        turn(dist, release(tmp_path, "b", 4))
        time.sleep(2)
        assert get(server, COUNT, Accept="text/csv").body == b"n\r\n5\r\n"
        said = server.output.read_text(encoding="utf-8")
    assert said.count("cannot be opened, the last one stays") == 1, "once is enough"


def test_the_watch_goes_on_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also past what nobody has thought of. What was begun for a release is ended when it cannot be served."""
    dist = tmp_path / "dist"
    dist.mkdir()
    turn(dist, release(tmp_path, "a", 3))
    tried: list[str] = []

    def create(site: Site) -> Flask:
        tried.append(site.release.version)
        if len(tried) == 2:
            raise RuntimeError("nobody has thought of this")
        return create_app(site)

    monkeypatch.setattr("nichiiki_ld.web.gateway.create_app", create)
    settings = Settings(dist=dist, workers=1, release_check_seconds=0.05)

    async def run() -> int:
        gateway = Gateway(settings)
        await gateway.start()
        try:
            turn(dist, release(tmp_path, "b", 3))
            async with asyncio.timeout(60):
                while len(tried) < 3:  # noqa: ASYNC110 - what is waited for tells nobody
                    await asyncio.sleep(0.01)
                # The one before is retired behind the back of all.
                while (found := _evaluators()) > 1:  # noqa: ASYNC110 - likewise
                    await asyncio.sleep(0.01)
        finally:
            await gateway.stop()
        return found

    assert asyncio.run(run()) == 1
    assert _evaluators() == 0


def _evaluators() -> int:
    """Return how many processes of this one evaluate queries."""
    found = 0
    for process in psutil.Process().children():
        with suppress(psutil.Error):
            found += EVALUATOR in " ".join(process.cmdline())
    return found


# --- other endpoints ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def silent() -> str:
    """An endpoint where nobody answers."""
    return f"http://127.0.0.1:{free_port()}/"


@pytest.fixture(scope="module")
def federating(
    server: Server, silent: str, dist: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that may ask the other one, and one that is not there."""
    allowed = f"http://127.0.0.1:{server.port}/sparql {silent}"
    log = tmp_path_factory.mktemp("federating") / "log"
    with serving(dist, log, NICHIIKI_SERVICES=allowed, NICHIIKI_SERVICE_SECONDS="5") as started:
        yield started


AREAS = f"<{BASE}project/2024-2-10> <{BASE}ontology#area> ?area"


def test_an_allowed_service_is_joined(federating: Server, server: Server) -> None:
    service = f"SERVICE <http://127.0.0.1:{server.port}/sparql>"
    query = (
        f"PREFIX o: <{BASE}ontology#> SELECT ?area ?code {{ {service} {{ {AREAS} }} ?area o:localGovernmentCode ?code }} "
        "ORDER BY ?code"
    )
    answer = get(federating, query, Accept="text/csv")
    assert answer.status == 200, answer.body
    assert len(answer.body.splitlines()) == 8
    assert b"016331" in answer.body
    assert answer.fields["Cache-Control"] == "no-store"
    prefixed = f"PREFIX s: <http://127.0.0.1:{server.port}/> SELECT * {{ SERVICE s:sparql {{ {AREAS} }} }}"
    assert len(get(federating, prefixed, Accept="text/csv").body.splitlines()) == 8


def test_terms_come_through_a_service_whole(federating: Server, server: Server) -> None:
    inner = r"""VALUES (?a ?b ?c) { ("x\"\\\n\t'" "あ"@ja 1.50) (UNDEF <http://e.org/a,b> true) }"""
    query = f"SELECT ?a ?b ?c {{ SERVICE <http://127.0.0.1:{server.port}/sparql> {{ {inner} }} }} ORDER BY ?a"
    direct = get(server, f"SELECT ?a ?b ?c {{ {inner} }} ORDER BY ?a")
    assert json.loads(get(federating, query).body) == json.loads(direct.body)


@pytest.mark.parametrize(
    ("clause", "status"),
    [
        pytest.param("SERVICE <{silent}> {{ ?s ?p ?o }}", 502, id="it does not answer"),
        pytest.param("SERVICE SILENT <{silent}> {{ ?s ?p ?o }}", 200, id="SILENT: one empty solution"),
        pytest.param("SERVICE <http://127.0.0.1:1/> {{ ?s ?p ?o }}", 403, id="not allowed"),
        pytest.param("SERVICE SILENT <http://127.0.0.1:1/> {{ ?s ?p ?o }}", 403, id="not allowed, SILENT"),
        pytest.param("SERVICE ?x {{ ?s ?p ?o }}", 403, id="a variable"),
        pytest.param("SERVICE <{open}> {{ SERVICE <{open}> {{ ?s ?p ?o }} }}", 403, id="one within another"),
        pytest.param("SERVICE <{open}> {{ ?s ?p }}", 502, id="a pattern that the other refuses"),
        pytest.param("SERVICE SILENT <{silent}> {{}}" * 10, 200, id="as many as may be"),
        pytest.param("SERVICE SILENT <{silent}> {{}}" * 11, 400, id="one too many"),
    ],
)
def test_services(federating: Server, server: Server, silent: str, clause: str, status: int) -> None:
    text = clause.format(silent=silent, open=f"http://127.0.0.1:{server.port}/sparql")
    answer = get(federating, f"SELECT * {{ {text} }}")
    assert answer.status == status, answer.body
    if status == 200:
        assert json.loads(answer.body)["results"]["bindings"] == [{}]
