"""Load by `wrk`: as many requests as a server answers, on a few connections, for a few seconds."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from endpoint.servers import ACCEPT, Server, program

_SCRIPT = Path(__file__).with_name("load.lua")
_MOST_REQUESTS = 20_000
"""On one connection, whatever the time."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a server did under a load.

    Attributes:
        throughput: Answers each second.
        latencies_us: Of each answer, ascending.
    """

    throughput: float
    latencies_us: Sequence[int]

    def percentile_ms(self, percent: float) -> float:
        """Return the latency that so many percent of the answers do not pass (nearest rank)."""
        rank = max(0, -(-len(self.latencies_us) * percent // 100) - 1)
        return self.latencies_us[int(rank)] / 1000


class LoadFailed(Exception):
    """A server refused, failed or did not answer at all."""


def drive(server: Server, queries: Sequence[str], *, label: str, seconds: float, connections: int) -> Sample:
    """Send queries in turn on so many connections.

    Args:
        label: Makes every query a text that no other load had, by a comment at its end.
            Empty: the same texts again and again.

    Raises:
        LoadFailed: A request was not answered with 200, or none was answered.
    """
    wrk = program("wrk", "apt-get install wrk (or see https://github.com/wg/wrk)")
    with tempfile.NamedTemporaryFile("w", suffix=".targets") as targets:
        targets.write("".join(f"{server.target(query)}\n" for query in queries))
        targets.flush()
        command = [wrk, "-t", str(connections), "-c", str(connections), "-d", f"{max(1, round(seconds))}s"]
        # What it is told here is only counted, so it must not be less than a query may take.
        command += ["--timeout", "120s", "-s", str(_SCRIPT), server.url]
        command += ["--", targets.name, ACCEPT, label, str(_MOST_REQUESTS)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=seconds + 300)
    if done.returncode:
        raise LoadFailed(f"{server.name}: wrk: {done.stderr.strip()}")
    return _read(done.stdout, server.name)


def _read(printed: str, name: str) -> Sample:
    """Return what `load.lua` printed."""
    throughput = 0.0
    elapsed_us = 0
    latencies: list[int] = []
    for line in printed.splitlines():
        word, _, rest = line.partition(" ")
        numbers = [int(number) for number in rest.split()] if word.startswith("@") else []
        if word == "@errors" and numbers[0]:
            raise LoadFailed(f"{name}: {numbers[0]} connections broke")
        if word == "@thread":
            elapsed_us, failures, status = numbers
            if failures:
                raise LoadFailed(f"{name}: {failures} answers were not 200 but, the last, {status}")
        if word == "@latency" and numbers:
            throughput += len(numbers) * 1_000_000 / elapsed_us
            latencies += numbers
    if not latencies:
        raise LoadFailed(f"{name}: no answer in the time")
    return Sample(throughput, sorted(latencies))
