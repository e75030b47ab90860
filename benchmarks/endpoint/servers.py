"""The servers that are compared: started on free ports of the loopback address, always stopped."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from nichiiki_ld.formats import N_TRIPLES, RESULTS_JSON

HOST = "127.0.0.1"
ACCEPT = f"{RESULTS_JSON.media_type},{N_TRIPLES.media_type};q=0.9"
"""What every server is asked for: the formats that all of them have, results first."""

_START_SECONDS = 900
_STOP_SECONDS = 15
_PAUSE_SECONDS = 0.05
_SETTLE_SECONDS = 60
_GLANCE_SECONDS = 0.2
_IDLE = 0.15
"""Of a processor, that a server may use for itself: the kernel counts in hundredths of a second."""


def _reason(response: http.client.HTTPResponse, body: bytes) -> str:
    """Return what an answer says went wrong."""
    if response.headers.get_content_type() == "application/problem+json":
        return str(json.loads(body)["detail"])
    return body[:200].decode(errors="replace")


class Unanswered(Exception):
    """A server did not answer a query with 200 in time."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        path: Where its endpoint is.
        process: Leads a process group of its own.
    """

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Root of the server."""
        return f"http://{HOST}:{self.port}/"

    def target(self, query: str) -> str:
        """Return the request target that asks a query."""
        return f"{self.path}?query={quote(query, safe='')}"

    def ask(self, query: str, *, timeout_seconds: float) -> tuple[str, bytes]:
        """Return media type and body of an answer.

        Raises:
            Unanswered: With the reason.
        """
        connection = http.client.HTTPConnection(HOST, self.port, timeout=timeout_seconds)
        try:
            connection.request("GET", self.target(query), headers={"Accept": ACCEPT})
            response = connection.getresponse()
            body = response.read()
        except TimeoutError:
            raise Unanswered(f"no answer within {timeout_seconds:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"no answer: {error!r}") from None
        finally:
            connection.close()
        if response.status != 200:
            raise Unanswered(f"status {response.status}: {_reason(response, body)}")
        return response.headers.get_content_type(), body

    def wait(self, *, timeout_seconds: float = _START_SECONDS) -> None:
        """Return when it answers.

        Raises:
            Unanswered: It ended, or it took too long.
        """
        until = time.monotonic() + timeout_seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Unanswered(f"{self.name} ended with {self.process.returncode}")
            try:
                self.ask("ASK {}", timeout_seconds=5)
            except Unanswered:
                time.sleep(_PAUSE_SECONDS)
            else:
                return
        raise Unanswered(f"{self.name} did not start within {timeout_seconds:g} s")

    def settle(self) -> None:
        """Return when it works at nothing, at most a minute later: what was asked last would slow the next."""
        until = time.monotonic() + _SETTLE_SECONDS
        before = self._processor_seconds()
        while time.monotonic() < until:
            time.sleep(_GLANCE_SECONDS)
            now = self._processor_seconds()
            if 0 <= now - before < _GLANCE_SECONDS * _IDLE:
                return
            before = now

    def _processor_seconds(self) -> float:
        total = 0.0
        for process in self._processes():
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def _processes(self) -> list[psutil.Process]:
        leader = psutil.Process(self.process.pid)
        return [leader, *leader.children(recursive=True)]

    def drop_queries(self) -> None:
        """Make `rdflib_server` forget what it works at."""
        self.process.send_signal(signal.SIGHUP)
        # The old fork may still accept for a moment.
        time.sleep(1)
        self.wait()


def program(name: str, hint: str) -> str:
    """Return the path of a program, of this environment if it is there.

    Raises:
        SystemExit: It is not installed.
    """
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if found is None:
        raise SystemExit(f"{name} is not installed\n  fix: {hint}")
    return found


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def version(name: str) -> str:
    """Return the version of a package, in the environment that its program is of."""
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    command = [_python_of(name), "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def ours(release: Path) -> Iterator[Server]:
    """Run this server on a release, with its default settings."""
    port = free_port()
    command = [program("nichiiki-ld", "pip install --editable ."), "serve", "--dist", str(release)]
    with _running("nichiiki-ld", port, "/sparql", [*command, "--host", HOST, "--port", str(port)]) as server:
        yield server


@contextmanager
def oxigraph(release: Path, folder: Path | None) -> Iterator[Server]:
    """Run Oxigraph's server on the dumps of a release: the union as its default graph, the graphs by name.

    It gets no limit of time: with one, each query keeps a thread until its time is over, and
    it ends when there are too many of them, after some ten thousand answers.

    Args:
        folder: Where to put its store; None lets it read the one of the release, which holds the same.
    """
    port = free_port()
    command = program("oxigraph", "pip install '.[bench]'")
    store = str(folder / "oxigraph" if folder else release / "store")
    if folder:
        _load(command, release, store)
    serve = ["serve-read-only", "--location", store, "--bind", f"{HOST}:{port}"]
    with _running("Oxigraph", port, "/query", [command, *serve]) as server:
        yield server


def _load(command: str, release: Path, store: str) -> None:
    dumps = [str(release / "nichiiki.nt"), str(release / "nichiiki.nq")]
    for arguments in (["load", "--location", store, "--file", *dumps], ["optimize", "--location", store]):
        subprocess.run([command, *arguments], check=True, stderr=subprocess.DEVNULL)


@contextmanager
def rdflib_endpoint(release: Path) -> Iterator[Server]:
    """Run rdflib-endpoint on the N-Quads of a release, its default graph the union of them."""
    port = free_port()
    script = Path(__file__).with_name("rdflib_server.py")
    # Not next to this file: its own folder on the path would hide packages of the same name.
    command = [_python_of("rdflib-endpoint"), "-P", str(script), str(port), str(release / "nichiiki.nq")]
    with _running("rdflib-endpoint", port, "/", command) as server:
        yield server


def _python_of(name: str) -> str:
    """Return the interpreter that a program of Python is installed for."""
    return str(Path(program(name, "pip install '.[bench]'")).with_name("python"))


@contextmanager
def _running(name: str, port: int, path: str, command: Sequence[str]) -> Iterator[Server]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        server = Server(name, port, path, process)
        server.wait()
        server.settle()
        yield server
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_STOP_SECONDS)
    # Whatever it left behind would keep the port.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
