"""`nichiiki-ld query`: what it takes, prints and says, on a terminal and in a pipe; and that it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from conftest import ROOT
from nichiiki_ld.cli.main import main
from nichiiki_ld.formats import FORMATS, HTML, Kind, by_extension
from nichiiki_ld.query import OFFERED
from nichiiki_ld.writing import engine_format
from serving import EVALUATOR, serving
from terminal import NICHIIKI, Terminal, plain

PREFIX = "PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
COUNT = f"{PREFIX}SELECT (COUNT(?p) AS ?projects) {{ ?p a nichiiki:Project }}"
GRAPH = f"{PREFIX}CONSTRUCT {{ ?p a ?c }} WHERE {{ ?p a nichiiki:Project, ?c }}"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
COMMAND = [*NICHIIKI, "query"]


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith("NICHIIKI_") or name in ("COLUMNS", "NO_COLOR"):
            monkeypatch.delenv(name)


def run(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    """Run the command in this process, its standard output a pipe. Line ends of `stdout` are made alike."""
    arguments = ("query", "--root", ROOT, *arguments)
    return CliRunner().invoke(
        main, [str(each) for each in arguments], input=text, prog_name="nichiiki-ld", catch_exceptions=False
    )


@pytest.fixture
def local(dist: Path, release_folder: Path) -> list[str]:
    assert release_folder.is_dir()
    return ["--dist", str(dist)]


# --- the question ---------------------------------------------------------------------


def test_takes_text_file_name_and_standard_input(local: list[str], tmp_path: Path) -> None:
    file = tmp_path / "with a space.rq"
    file.write_text(f"\ufeff{COUNT}", encoding="utf-8")
    ways = [run(COUNT, *local), run(file, *local), run("-", *local, text=COUNT), run(*local, text=COUNT)]
    assert [(way.exit_code, way.stdout) for way in ways] == [(0, "projects\n14\n")] * 4
    assert ways[0].stdout_bytes == b"projects\r\n14\r\n"
    named = run("calls", *local)
    assert named.exit_code == 0
    assert named.stdout.count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "text", "message", "hint"),
    [
        pytest.param(["-"], "SELECT * {\n  ?s ?p }", "error at 2:10", "line and column", id="syntax"),
        pytest.param(["-"], "", "the query is empty", "write a query", id="nothing"),
        pytest.param(["-"], b"ASK { <x> <y> '\xff' }", "not UTF-8 (byte 15)", "UTF-8", id="Latin-1"),
        pytest.param(["no-such-query"], None, "neither a file 'no-such-query'", "use one of: area-links, ", id="a name"),
        pytest.param(["no-such.rq"], None, "neither a file 'no-such.rq'", "use one of: ", id="a file"),
        pytest.param([str(ROOT / "data")], None, "data: cannot be read", "name a file", id="a folder"),
        pytest.param(["ASK {" + "{" * 200 + "}" * 200 + "}"], None, "100 are the limit", "flatter", id="nested"),
        pytest.param(
            ["ASK { SERVICE <http://localhost:1/> { ?s ?p ?o } }"], None, "SERVICE is not available", "", id="SERVICE"
        ),
        pytest.param(["LOAD <file:///etc/passwd>"], None, "only reads", "", id="LOAD"),
        pytest.param(["DELETE WHERE { ?s ?p ?o }"], None, "error at 1:1", "not updates", id="an update"),
        pytest.param([COUNT, "--format", "turtle"], None, "SELECT and ASK are not", "json, xml, csv, tsv", id="no graph"),
        pytest.param([GRAPH, "--format", "csv"], None, "CONSTRUCT and DESCRIBE", "turtle, json-ld", id="no results"),
        pytest.param([COUNT, "--output", "x.xlsx"], None, "x.xlsx: the extension '.xlsx'", ".csv", id="extension"),
        pytest.param([COUNT, "--output", "no/such/x.csv"], None, "cannot be written", "--output", id="output"),
    ],
)  # fmt: skip
def test_bad_input_is_explained(
    local: list[str], arguments: list[str], text: str | bytes | None, message: str, hint: str
) -> None:
    done = run(*arguments, *local, text=text)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "  fix: " in done.stderr
    assert hint in done.stderr.partition("  fix: ")[2]
    assert "Traceback" not in done.stderr


def test_an_error_says_where_the_query_stands(local: list[str], tmp_path: Path) -> None:
    file = tmp_path / "wrong.rq"
    file.write_text("ASK {", encoding="utf-8")
    assert run(file, *local).stderr.startswith(f"{file}: the query cannot be read: error at 1:6")
    assert run("-", *local, text="ASK {").stderr.startswith("standard input: ")


# --- limits -----------------------------------------------------------------------------


def test_limits_are_those_of_the_server(local: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    done = run(LONG, *local, "--seconds", "0.5")
    assert done.exit_code == 2
    assert "took longer than 0.5 seconds" in done.stderr
    assert time.monotonic() - began < 10
    monkeypatch.setenv("NICHIIKI_RESULT_ROWS", "10")
    done = run("projects", *local)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "more than 10 rows" in done.stderr
    monkeypatch.setenv("NICHIIKI_MAX_QUERY_BYTES", "ten")
    assert "NICHIIKI_MAX_QUERY_BYTES: 'ten'" in run(COUNT, *local).stderr


def test_no_release(tmp_path: Path, release_folder: Path) -> None:
    done = run(COUNT, "--dist", tmp_path)
    assert done.exit_code == 2
    assert f"{tmp_path}: there is no release" in done.stderr
    assert "  fix: run 'nichiiki-ld build'" in done.stderr
    # A release without its store, and one whose store is none.
    for name in ("manifest.json", "context.jsonld"):
        (tmp_path / name).write_bytes((release_folder / name).read_bytes())
    assert "there is no store" in run(COUNT, "--dist", tmp_path).stderr
    (tmp_path / "store").mkdir()
    done = run(COUNT, "--dist", tmp_path)
    assert done.exit_code == 2
    assert "  fix: run 'nichiiki-ld build'" in done.stderr


# --- formats ------------------------------------------------------------------------------


def names(kind: Kind) -> list[str]:
    return [each.name for each in OFFERED[kind] if each is not HTML]


def test_every_format_is_offered() -> None:
    offered = {*names(Kind.RESULTS), *names(Kind.GRAPH)}
    assert offered == {each.name for each in FORMATS} - {"html"}
    listed = re.sub(r"\s+", "", run("--help").output)
    assert all(name in listed for name in offered)


@pytest.mark.parametrize("name", names(Kind.RESULTS))
def test_every_format_of_results(local: list[str], tmp_path: Path, name: str) -> None:
    printed = run("projects-by-theme", *local, "--format", name)
    assert printed.exit_code == 0
    output = tmp_path / f"answer.{name}"
    assert run("projects-by-theme", *local, "--output", output).exit_code == 0
    assert output.read_bytes() == printed.stdout_bytes
    if name == "csv":
        assert printed.stdout_bytes.count(b"\r\n") == 20
        return
    form = getattr(ox.QueryResultsFormat, name.upper())
    results = ox.parse_query_results(printed.stdout_bytes, format=form)
    assert isinstance(results, ox.QuerySolutions)
    assert len(list(results)) == 19
    truth = run("takes-part", *local, "--format", name)
    assert "true" in truth.stdout


@pytest.mark.parametrize("name", names(Kind.GRAPH))
def test_every_format_of_graphs(local: list[str], tmp_path: Path, name: str) -> None:
    printed = run(GRAPH, *local, "--format", name)
    assert printed.exit_code == 0
    format_ = next(each for each in OFFERED[Kind.GRAPH] if each.name == name)
    assert by_extension(format_.extension) is format_
    output = tmp_path / f"answer.{format_.extension}"
    assert run(GRAPH, *local, "--output", output).exit_code == 0
    assert output.read_bytes() == printed.stdout_bytes
    quads = ox.parse(
        printed.stdout_bytes, format=engine_format(format_), base_iri="https://w3id.org/nichiiki/"
    )
    assert len({quad.triple for quad in quads}) == 28


def test_a_pipe_gets_what_programs_read(local: list[str]) -> None:
    assert run("takes-part", *local).stdout == "true\n"
    assert run("theme-without-a-phrase", *local).stdout == "false\n"
    assert run("theme-without-a-phrase", *local).exit_code == 0
    assert run("projects", *local).stdout.startswith("number,applicant,")
    assert run(GRAPH, *local).stdout.startswith("@base <https://w3id.org/nichiiki/> .\n@prefix ")
    none = run("SELECT ?s { ?s <urn:none> 1 }", *local)
    assert (none.exit_code, none.stdout) == (0, "s\n")


def test_a_reader_that_stops_early(local: list[str]) -> None:
    query = "SELECT ?s { ?s ?p ?o }"
    done = subprocess.run(
        ["bash", "-c", '"$@" | head -1', "bash", *COMMAND, query, *local], capture_output=True, timeout=60, check=True
    )  # fmt: skip
    assert done.stdout == b"s\r\n"
    assert done.stderr == b""


# --- a terminal -----------------------------------------------------------------------------


class AtTerminal(Terminal):
    """The command on a pseudo-terminal of so many columns."""

    def __init__(self, arguments: list[str], *, columns: int, **environment: str) -> None:
        super().__init__([*COMMAND, "--root", str(ROOT), *arguments], columns=columns, **environment)


def test_a_table(local: list[str]) -> None:
    terminal = AtTerminal(["projects-by-theme", *local], columns=140)
    text = terminal.read()
    assert terminal.process.returncode == 0
    assert "\x1b[" in text
    lines = plain(text)
    assert lines[0].split() == ["theme_ja", "theme_en", "projects", "theme"]
    assert lines[1] == "─" * 132
    assert lines[2] == f"調査・実証@ja{' ' * 33}Survey and pilot@en{' ' * 32}5   <theme/survey-and-pilot>"
    assert lines[-2] == "19 rows"


def test_a_table_without_colour(local: list[str]) -> None:
    text = AtTerminal([COUNT, *local], columns=80, NO_COLOR="1").read()
    assert not re.search(r"\x1b\[[\d;]*3\dm", text)
    assert plain(text) == ["projects", "────────", "      14", "1 row", ""]


def test_where_columns_have_no_room_each_row_is_a_record(local: list[str]) -> None:
    lines = plain(AtTerminal(["projects", *local], columns=60).read())
    assert lines[:10] == [
        "1 of 20",
        "number         2024-2-01",
        "applicant      北見市二地域ライフ推進コンソーシアム@ja",
        "code           012084",
        "area_ja        北見市@ja",
        "area_en        Kitami City@en",
        "prefecture_ja  北海道@ja",
        "prefecture_en  Hokkaido@en",
        "project        <project/2024-2-01>",
        "area           <municipality/012084>",
    ]
    assert lines[-2] == "20 rows"


def test_a_long_text_is_folded_in_its_column(local: list[str]) -> None:
    query = f"{PREFIX}SELECT ?p ?s {{ ?p nichiiki:summary ?s }} ORDER BY ?p LIMIT 1"
    lines = plain(AtTerminal([query, *local], columns=60).read())
    assert lines[2].startswith("<project/2024-2-01>   「テレワークによる長期滞在型」")
    assert lines[3].startswith(" " * 22)
    assert lines[3].strip()
    assert "".join(line[22:] for line in lines[2:-2]).endswith("取り組む。@ja")


@pytest.mark.parametrize("columns", [100, 20], ids=["table", "record"])
def test_nothing_in_the_data_is_obeyed(local: list[str], columns: int) -> None:
    query = 'SELECT ?text ?empty ?unbound ("x"@en AS ?a) { VALUES (?text ?empty) { ("[red]a\\u001B]0;title\\u0007b\\u202Ec\\u009B2J" "") } }'
    text = AtTerminal([query, *local], columns=columns).read()
    assert "\x1b]" not in text
    assert not {"\x07", "\u202e", "\x9b"} & set(text)
    shown = "".join(plain(text)).replace(" ", "").replace("\n", "")
    assert "[red]a\\u001B]0;title\\u0007b\\u202Ec\\u009B2J" in shown
    assert '""' in shown


def test_graphs_and_answers_of_yes_or_no_on_a_terminal(local: list[str]) -> None:
    assert AtTerminal(["takes-part", *local], columns=80).read() == "true\n"
    assert AtTerminal([GRAPH, *local], columns=80).read().startswith("@base <https://w3id.org/nichiiki/> .\n")
    assert "\x1b" not in AtTerminal(["CONSTRUCT { <x:s> <x:p> '\\u001B[2J' } {}", *local], columns=80).read()


def test_many_rows_are_not_all_shown(local: list[str]) -> None:
    lines = plain(AtTerminal(["SELECT ?s { ?s a ?c }", *local], columns=100).read())
    assert len(lines) == 1000 + 4
    assert re.fullmatch(r"the first 1000 of \d+ rows; --format csv gives all", lines[-2])


def test_a_table_in_a_pipe(local: list[str]) -> None:
    assert run(COUNT, *local, "--format", "table").stdout == "projects\n────────\n      14\n1 row\n"
    assert run("SELECT ?s { ?s <urn:none> 1 }", *local, "--format", "table").stdout == "no rows\n"


def test_ctrl_c_ends_it_quietly(local: list[str]) -> None:
    terminal = AtTerminal([LONG, *local, "--seconds", "60"], columns=80)
    children: list[psutil.Process] = []
    until = time.monotonic() + 30
    while not children and time.monotonic() < until:
        time.sleep(0.2)
        for child in psutil.Process(terminal.process.pid).children():
            with suppress(psutil.Error):
                if EVALUATOR in " ".join(child.cmdline()) and child.cpu_times().user > 0.5:
                    children.append(child)
    assert children
    os.write(terminal.master, b"\x03")
    assert terminal.read().replace("^C", "").strip() == ""
    assert terminal.process.returncode == 130
    gone, left = psutil.wait_procs(children, timeout=5)
    assert gone
    assert not left


# --- another endpoint -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory, dist: Path, release_folder: Path) -> Iterator[str]:
    assert release_folder.is_dir()
    with serving(dist, tmp_path_factory.mktemp("query") / "log", NICHIIKI_QUERY_SECONDS="1") as server:
        yield f"http://127.0.0.1:{server.port}/sparql"


@pytest.mark.parametrize(
    "name", ["projects", "corrections", "takes-part", "downloads", "projects-as-schema-org"]
)
def test_an_endpoint_is_asked_as_the_release_is(local: list[str], endpoint: str, name: str) -> None:
    there, here = run(name, "--endpoint", endpoint), run(name, *local)
    assert there.exit_code == 0, there.stderr
    if name == "projects-as-schema-org":
        # Without a release at hand, the base and the prefixes are those of the query.
        found = [set(ox.parse(each.stdout_bytes, format=ox.RdfFormat.TURTLE)) for each in (there, here)]
        assert found[0] == found[1]
        assert "@prefix schema: " in there.stdout
    else:
        assert there.stdout == here.stdout


def test_every_format_from_an_endpoint(endpoint: str) -> None:
    for name in names(Kind.RESULTS):
        assert "上士幌町" in run("projects", "--endpoint", endpoint, "--format", name).stdout
    for name in names(Kind.GRAPH):
        assert "2024-2-10" in run(GRAPH, "--endpoint", endpoint, "--format", name).stdout


def test_a_long_query_goes_by_post(endpoint: str) -> None:
    query = f"{COUNT} #{'長' * 3000}"
    assert run(query, "--endpoint", endpoint).stdout == "projects\n14\n"


@pytest.mark.parametrize(
    ("query", "message", "hint"),
    [
        pytest.param("SELECT * {", "status 400 Bad Request: the query cannot be read: error at 1:11", "line and column", id="syntax"),
        pytest.param(LONG, "status 503 Service Unavailable: the query took longer than 1 seconds", "dump", id="limit"),
        pytest.param("ASK { SERVICE <http://e/> {} }", "status 403 Forbidden: SERVICE is", "", id="SERVICE"),
        pytest.param("CLEAR ALL", "status 400 Bad Request: ", "not updates", id="an update is sent as a query"),
    ],
)  # fmt: skip
def test_what_an_endpoint_refuses(endpoint: str, query: str, message: str, hint: str) -> None:
    done = run(query, "--endpoint", endpoint)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{endpoint}: it answers with {message}")
    assert hint in done.stderr.partition("\n  fix: ")[2]


@contextmanager
def answering(
    status: int, media_type: str, body: bytes, *, drip: bool = False, **fields: str
) -> Iterator[str]:
    """Give the address of a server that answers so, or one byte each tenth of a second."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            for name, value in fields.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            with suppress(OSError):
                for byte in body if drip else [body]:
                    self.wfile.write(bytes([byte]) if isinstance(byte, int) else byte)
                    self.wfile.flush()
                    time.sleep(0.1 if drip else 0)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/sparql"
        server.shutdown()


RESULTS = "application/sparql-results+json"


@pytest.mark.parametrize(
    ("status", "media_type", "body", "message"),
    [
        pytest.param(404, "text/html", b"<h1>Not Found</h1>", "status 404 Not Found\n", id="a page"),
        pytest.param(401, "text/plain", b"who\nare \x1b[2J you", "status 401 Unauthorized: who are [2J you\n", id="401"),
        pytest.param(500, "text/plain", b"", "status 500 Internal Server Error\n", id="500, empty"),
        pytest.param(500, "text/plain", b"x" * 9999, "Error: " + "x" * 500 + "…\n", id="500, long"),
        pytest.param(429, "application/json", b'{"message": "slow down"}', "429 Too Many Requests: slow down\n", id="429"),
        pytest.param(400, "application/json", b'{"mess', 'status 400 Bad Request: {"mess\n', id="broken JSON"),
        pytest.param(414, "", b"long", "status 414 ", id="no media type"),
        pytest.param(599, "text/plain", b"", "status 599\n", id="an unknown status"),
        pytest.param(200, "text/html", b"<p>welcome</p>", "answers with text/html instead of one of: application/sparql", id="no answer"),
        pytest.param(200, RESULTS, b'{"head": {"vars": ["s"]}, "results": {"bind', "its answer is no application/", id="cut off"),
        pytest.param(200, RESULTS, b"", "its answer is no application/", id="nothing"),
    ],
)  # fmt: skip
def test_errors_of_other_endpoints(status: int, media_type: str, body: bytes, message: str) -> None:
    with answering(status, media_type, body, Retry_After="7") as address:
        done = run(COUNT, "--endpoint", address)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{address}: ")
    assert message in done.stderr
    assert ("ask again after 7 seconds" in done.stderr) == (status >= 401)


def test_a_body_that_ends_too_early() -> None:
    with answering(200, RESULTS, b'{"head": {"vars": []}', Content_Length="100") as address:
        done = run(COUNT, "--endpoint", address)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr


def test_an_endpoint_that_writes_only_xml() -> None:
    xml = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>'
    with answering(200, "application/sparql-results+xml", xml) as address:
        assert run("ASK {}", "--endpoint", address).stdout == "true\n"
    with answering(200, "application/n-triples", b"<urn:s> <urn:p> _:b .") as address:
        done = run(
            "# SELECT\nPREFIX a: <b#c>\ndescribe <urn:s>", "--endpoint", address, "--format", "n-triples"
        )
    assert re.fullmatch(r"<urn:s> <urn:p> _:\w+ \.\n", done.stdout)


def test_a_large_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NICHIIKI_RESULT_BYTES", "1000")
    with answering(200, RESULTS, b" " * 1001) as address:
        assert "longer than 1000 bytes" in run(COUNT, "--endpoint", address).stderr


@pytest.mark.parametrize("way", ["accepts and is silent", "drips"])
def test_an_endpoint_that_does_not_answer(way: str) -> None:
    began = time.monotonic()
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        answering(200, RESULTS, b" " * 100, drip=True) as slow,
    ):
        address = slow if way == "drips" else f"http://127.0.0.1:{silent.getsockname()[1]}/"
        done = run(COUNT, "--endpoint", address, "--seconds", "1")
    assert done.exit_code == 2
    assert "it did not answer within 1 seconds" in done.stderr
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://127.0.0.1:1/sparql", "it cannot be reached: Connection refused"),
        ("http://no-such-host.invalid/sparql", "it cannot be reached: "),
        ("http://exa mple/", "it cannot be reached: "),
        ("http://127.0.0.1:port/", "it cannot be reached: "),
        ("http://127.0.0.1:1/日本", "it cannot be reached: "),
        ("file:///etc/passwd", "is no address of an endpoint"),
        ("localhost:8000/sparql", "is no address of an endpoint"),
        ("http://[::1/", "is no address of an endpoint"),
    ],
)
def test_an_address_that_leads_nowhere(address: str, message: str) -> None:
    done = run(COUNT, "--endpoint", address)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{address}: {message}")


def test_two_things_to_ask(local: list[str], endpoint: str) -> None:
    done = run(COUNT, *local, "--endpoint", endpoint)
    assert done.exit_code == 2
    assert "give one of them" in done.stderr


# --- SERVICE ------------------------------------------------------------------------------------


def test_an_allowed_service_is_joined(
    local: list[str], endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"""{PREFIX}SELECT (COUNT(*) AS ?n) {{
        ?project a nichiiki:Project
        SERVICE <{endpoint}> {{ ?project nichiiki:area ?area }} }}"""
    assert run(query, *local).exit_code == 2
    monkeypatch.setenv("NICHIIKI_SERVICES", endpoint)
    assert run(query, *local).stdout == "n\n20\n"
    monkeypatch.setenv("NICHIIKI_SERVICES", "http://127.0.0.1:1/")
    failed = run("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", *local)
    assert failed.exit_code == 2
    assert "Connection refused" in failed.stderr


def test_no_process_is_left(local: list[str]) -> None:
    before = set(psutil.Process().children())
    run(COUNT, *local)
    assert set(psutil.Process().children()) <= before


def test_unused_signals_stay_as_they_were(local: list[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    run(COUNT, *local)
    assert signal.getsignal(signal.SIGINT) is before


def test_json_lines_up_with_the_server(local: list[str], endpoint: str) -> None:
    """What programs read is the same as the endpoint's own answer."""
    parameters = urllib.parse.urlencode({"query": COUNT, "format": "json"})
    with urllib.request.urlopen(f"{endpoint}?{parameters}", timeout=30) as answer:
        served = json.loads(answer.read())
    assert json.loads(run(COUNT, *local, "--format", "json").stdout) == served
