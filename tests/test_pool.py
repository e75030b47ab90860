"""Processes that evaluate: whose turn it is, what is said when one ends, and when none starts."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from nichiiki_ld.errors import QueryLimit, ReleaseError
from nichiiki_ld.formats import RESULTS_CSV
from nichiiki_ld.pool import Pool, PoolLimits, Timing
from nichiiki_ld.query import Job
from nichiiki_ld.settings import Settings

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
PLAIN = "SELECT ?o { <http://d.example/1> ?p ?o }"

# So long nothing here takes: the tests fail by what is said, not by the clock.
PATIENT = PoolLimits.of(
    replace(Settings(), workers=1, query_seconds=60, query_slice_seconds=60, queue_seconds=5)
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    (folder / "context.jsonld").write_text('{"@context": {}}', encoding="utf-8")
    triples = "".join(f'<http://d.example/{each}> <http://d.example/p> "{each}" .\n' for each in range(200))
    store = Store(str(folder / "store"))
    store.bulk_load(triples.encode(), format=RdfFormat.N_TRIPLES)
    store.flush()
    return folder


def job(text: str, most_bytes: int = 100_000) -> Job:
    return Job(text, (), (), RESULTS_CSV, None, most_bytes, 1000)


def with_pool(
    folder: Path, use: Callable[[Pool], Awaitable[None]], limits: PoolLimits = PATIENT
) -> list[str]:
    """Use a pool, and return why processes ended meanwhile."""
    died: list[str] = []

    async def run() -> None:
        pool = Pool(folder, "http://d.example/", limits, died=died.append)
        async with asyncio.timeout(120):
            await pool.start()
            try:
                await use(pool)
            finally:
                await pool.close()

    asyncio.run(run())
    return died


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


def test_who_has_as_many_as_may_be_keeps_nobody_from_a_free_process(release: Path) -> None:
    async def use(pool: Pool) -> None:
        # Those that are not ready yet are no free ones.
        await until(lambda: len(pool._free) == 4)
        endless = [
            asyncio.ensure_future(pool.evaluate(job(f"{ENDLESS} # {each}"), "greedy", Timing()))
            for each in range(3)
        ]
        await until(lambda: (pool.running, pool.waiting) == (2, 1))
        answer = await pool.evaluate(job(PLAIN), "modest", Timing())
        assert answer.body == b"o\r\n1\r\n"
        assert (pool.running, pool.waiting) == (2, 1)
        for each in endless:
            each.cancel()
        await asyncio.gather(*endless, return_exceptions=True)

    assert with_pool(release, use, replace(PATIENT, workers=4, workers_per_client=2)) == ["gone", "gone"]


# --- processes that are not what they should be --------------------------------------------


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let something else be started as the process that evaluates: some lines that have a `connection`."""

    def begin(lines: str) -> None:
        program = tmp_path / "python"
        program.write_text(
            f"#!{sys.executable}\n"
            "import json, socket, sys, time\n"
            "connection = socket.socket(fileno=int(sys.argv[-1]))\n"
            "def say(frame):\n"
            "    connection.sendall(len(frame).to_bytes(8) + frame)\n"
            f"{textwrap.dedent(lines)}",
            encoding="utf-8",
        )
        program.chmod(0o755)
        monkeypatch.setattr("sys.executable", str(program))

    return begin


READY = """
say(b'{"thread": 0}')
connection.recv(1_000_000)
"""


@pytest.mark.parametrize(
    ("lines", "limit", "told"),
    [
        pytest.param(
            f"{READY}say(b'{{}}'); say(b'x' * 300_000); time.sleep(600)",
            "result bytes",
            "longer than 100000 bytes",
            id="it says more than it may",
        ),
        pytest.param(
            f"{READY}connection.close(); time.sleep(600)", "memory", "SIGKILL", id="it is silent, and lives"
        ),
        pytest.param(f"{READY}sys.exit(3)", "memory", "(", id="it ends"),
    ],
)
def test_an_answer_that_does_not_come(
    release: Path,
    pretend: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    lines: str,
    limit: str,
    told: str,
) -> None:
    """It is told why, and nobody waits for a process where everybody would have to wait with him."""
    waited = []
    wait = subprocess.Popen.wait

    def listening(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        waited.append(threading.current_thread())
        return wait(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", listening)
    pretend(lines)

    async def use(pool: Pool) -> None:
        with pytest.raises(QueryLimit) as caught:
            await pool.evaluate(job(PLAIN), "client", Timing())
        assert caught.value.limit == limit
        assert told in caught.value.message

    assert with_pool(release, use) == [limit]
    assert waited
    assert threading.main_thread() not in waited


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param("", "it ended without a word", id="it ends"),
        pytest.param("say(b'x' * 300_000)", "more than it may", id="it says too much"),
        pytest.param("say(b'?')", "unexpected", id="it says nonsense"),
        pytest.param(
            """say(b'{"error": "OSError", "message": "no /proc"}')""", "OSError: no /proc", id="it says why"
        ),
    ],
)
def test_no_process_starts(release: Path, pretend: Callable[[str], None], lines: str, told: str) -> None:
    """Whoever starts a pool is told, and does not wait for ever."""
    pretend(lines)

    async def use(_: Pool) -> None:
        pytest.fail("it started")

    with pytest.raises(ReleaseError) as caught:
        with_pool(release, use, replace(PATIENT, workers=3))
    assert told in caught.value.message
    assert caught.value.where == str(release)
    assert caught.value.hint


def test_a_release_without_a_store(tmp_path: Path) -> None:
    (tmp_path / "context.jsonld").write_text('{"@context": {}}', encoding="utf-8")

    async def use(_: Pool) -> None:
        pytest.fail("it started")

    with pytest.raises(ReleaseError, match=r"could be started: .*store"):
        with_pool(tmp_path, use)


def test_elsewhere_than_on_linux(
    release: Path, pretend: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend("")
    monkeypatch.setattr("nichiiki_ld.pool.sys.platform", "darwin")

    async def use(_: Pool) -> None:
        pytest.fail("it started")

    with pytest.raises(ReleaseError) as caught:
        with_pool(release, use)
    assert "Linux" in str(caught.value.hint)
