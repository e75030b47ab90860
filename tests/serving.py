"""The command, as people run it, on a free port: what every test of the real server starts from."""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-c", "from nichiiki_ld.cli.main import main; main()", "serve"]

EVALUATOR = "nichiiki_ld.evaluator"
"""What the command line of a process that evaluates queries has in it, and no other's."""

_START_SECONDS = 60


def free_port() -> int:
    """Return a port below those that the system gives to outgoing connections: one of them could have it first."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _start(
    dist: Path | None, output: int | IO[str], environment: Mapping[str, str], data: Sequence[Path] = ()
) -> subprocess.Popen[str]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PORT": str(free_port()), **environment}
    served = ["--dist", str(dist)] if dist else [part for path in data for part in ("--data", str(path))]
    return subprocess.Popen(
        [*COMMAND, *served],
        env=variables,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


@contextmanager
def running(dist: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command on a free port; give the process and the line that it says."""
    process = _start(dist, subprocess.PIPE, environment)
    assert process.stdout
    try:
        yield process, process.stdout.readline()
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@dataclass(frozen=True)
class Answer:
    """What came back, whole: a body that is shorter than its head says is an error of the client's library."""

    status: int
    fields: http.client.HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        """Value of `Content-Type` without parameters."""
        return self.fields.get("Content-Type", "").partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        process: The one that was started.
        output: File that everything it says is written to.
    """

    process: subprocess.Popen[str]
    port: int
    output: Path

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        fields: Mapping[str, str] | None = None,
        *,
        seconds: float = 30,
        source: str = "127.0.0.1",
    ) -> Answer:
        """Send one request on a connection of its own.

        Args:
            seconds: How long nothing may come.
            source: Address of this machine to ask from: to the server, another client.
        """
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=seconds, source_address=(source, 0)
        )
        try:
            connection.request(method, path, body, dict(fields or {}))
            response = connection.getresponse()
            return Answer(response.status, response.msg, response.read())
        finally:
            connection.close()

    def connect(self, *, seconds: float = 30, receive_bytes: int | None = None) -> socket.socket:
        """Open a connection for a request that no library would send.

        Args:
            receive_bytes: Size of the buffer that answers are kept in until they are read.
        """
        connection = socket.socket()
        if receive_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.settimeout(seconds)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def processes(self) -> list[psutil.Process]:
        """Return the process that was started and all that come from it."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def evaluators(self) -> list[psutil.Process]:
        """Return the processes that evaluate queries."""
        found = []
        for process in self.processes():
            with suppress(psutil.Error):
                if EVALUATOR in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def listeners(self) -> set[tuple[int, float]]:
        """Return number and time of start of the processes that listen at the port."""
        found = set()
        for process in self.processes():
            # A process that evaluates queries may end while it is looked at.
            with suppress(psutil.Error):
                listens = any(
                    each.status == psutil.CONN_LISTEN and each.laddr.port == self.port
                    for each in process.net_connections("tcp")
                )
                if listens:
                    found.add((process.pid, process.create_time()))
        return found


@contextmanager
def serving(
    dist: Path | None, output: Path, *, data: Sequence[Path] = (), **environment: str
) -> Iterator[Server]:
    """Run the command until the end of the block; what it says goes to a file, so that it never waits for a reader.

    Args:
        dist: Folder of releases; None when RDF files are served.
        data: These files.
    """
    with output.open("w", encoding="utf-8") as stream:
        process = _start(dist, stream, environment, data)
    left: list[psutil.Process] = []
    try:
        yield Server(process, _port(process, output), output)
    finally:
        family: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(process.pid)
            family = [first, *first.children(recursive=True)]
        process.terminate()
        _, left = psutil.wait_procs(family, timeout=10)
        for each in left:
            each.kill()
        process.wait(timeout=10)
    assert not left, "processes outlived the order to end"


def _port(process: subprocess.Popen[str], output: Path) -> int:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        for line in output.read_text(encoding="utf-8").splitlines(keepends=True):
            if " is at http://" in line and line.endswith("\n"):
                return int(line.split(" is at http://")[1].split("/")[0].rpartition(":")[2])
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the server did not start: {output.read_text(encoding='utf-8')}")
