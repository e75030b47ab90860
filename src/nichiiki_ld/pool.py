"""Processes that evaluate queries, and whose turn it is.

A query is evaluated in a process of its own for the time being, which is killed when it
takes too long, needs too much memory or is not wanted any more; another takes its place.
Clients take turns: who asks much waits for who asks little.

Everything here runs in one event loop, so nothing here is locked.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nichiiki_ld.errors import EvaluatorFault, QueryLimit, ReleaseError, TooManyQueries
from nichiiki_ld.frames import LENGTH_BYTES, answer_from_frames, job_to_frame, thread_of
from nichiiki_ld.query import Answer, Job
from nichiiki_ld.settings import Settings
from nichiiki_ld.turns import Turns

_log = logging.getLogger(__name__)

_NICE = 15
"""How far a query that takes long steps back behind those that do not."""

_START_SECONDS = 60
_PAUSE_SECONDS = 1
_SPARE_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How much there is for queries.

    Attributes:
        workers: How many are evaluated at the same time.
        workers_per_client: How many of one client.
        query_seconds: Longest evaluation, the writing of the answer included.
        slice_seconds: After so long a query steps back, and is ended when another has no place.
        memory_mb: Address space of one evaluation, on top of what the process begins with.
        queue_length, queue_length_per_client: How many may wait, in all and of one client.
        queue_seconds: How long one may wait.
    """

    workers: int
    workers_per_client: int
    query_seconds: float
    slice_seconds: float
    memory_mb: int
    queue_length: int
    queue_length_per_client: int
    queue_seconds: float

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits that are set from outside."""
        return cls(
            workers=settings.workers,
            workers_per_client=min(settings.workers, settings.workers_per_client),
            query_seconds=settings.query_seconds,
            slice_seconds=settings.query_slice_seconds,
            memory_mb=settings.query_memory_mb,
            queue_length=settings.queue_length,
            queue_length_per_client=settings.queue_length_per_client,
            queue_seconds=settings.queue_seconds,
        )


@dataclass(slots=True)
class Timing:
    """How long a query waited and was evaluated, in seconds, as far as it came."""

    queued_seconds: float = 0.0
    evaluated_seconds: float = 0.0


class _Gone(Exception):
    """A process ended in the middle of a job."""


class _Overlong(Exception):
    """A process says more than it may."""


@dataclass(eq=False, slots=True)
class _Worker:
    """A process and the socket to it.

    Attributes:
        thread_id: Of the thread that evaluates, which the kernel schedules.
        client: Whose query it evaluates; None when it is free.
        since: When that query began.
        slow: Whether that query has used up its slice.
        evicted: Whether it was killed to make room.
        worn: Whether it has to be replaced after its query.
    """

    process: subprocess.Popen[bytes]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    thread_id: int
    client: str | None = None
    since: float = 0.0
    slow: bool = False
    evicted: bool = False
    worn: bool = False

    async def ask(self, frame: bytes, most_bytes: int) -> tuple[bytes, bytes]:
        """Send a job and return the two frames of its answer.

        Raises:
            _Gone: The process ended.
            _Overlong: The answer is longer than it may be.
        """
        try:
            self.writer.write(len(frame).to_bytes(LENGTH_BYTES) + frame)
            head = await self.receive(most_bytes)
            return head, await self.receive(most_bytes)
        except (EOFError, ConnectionError) as error:
            raise _Gone from error

    async def receive(self, most_bytes: int) -> bytes:
        """Return the next frame.

        Raises:
            EOFError: There will be none.
            _Overlong: It is longer than it may be. It is not read, and nothing else can be.
        """
        length = int.from_bytes(await self.reader.readexactly(LENGTH_BYTES))
        if length > most_bytes + _SPARE_BYTES:
            raise _Overlong
        return await self.reader.readexactly(length) if length else b""

    def kill(self) -> None:
        """End the process now."""
        if self.process.poll() is None:
            self.process.kill()

    def step_back(self) -> None:
        """Let the others go first."""
        self.slow = True
        try:
            os.setpriority(os.PRIO_PROCESS, self.thread_id, _NICE)
        except OSError:
            return

    def step_forth(self) -> None:
        """Take the usual turn again; a process that may not is replaced."""
        if not self.slow:
            return
        self.slow = False
        try:
            os.setpriority(os.PRIO_PROCESS, self.thread_id, 0)
        except OSError:
            self.worn = True


class Pool:
    """Evaluates queries on one release."""

    def __init__(
        self, folder: Path, base: str, limits: PoolLimits, *, died: Callable[[str], None] = lambda _: None
    ) -> None:
        """Describe a pool; `start` starts it.

        Args:
            folder: Of the release.
            died: Called with the reason whenever a process ended, or was ended, in the middle of a query.
        """
        self._folder = folder
        self._base = base
        self.limits = limits
        self._died = died
        self._free: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._queue: Turns[_Worker] = Turns()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether a query would be evaluated."""
        return bool(self._free or self._busy)

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._queue)

    @property
    def running(self) -> int:
        """How many queries are evaluated."""
        return len(self._busy)

    async def start(self) -> None:
        """Start all processes, and return when the first can take a query.

        Raises:
            ReleaseError: None could be started. What was begun is ended.
        """
        outcomes: asyncio.Queue[Exception | None] = asyncio.Queue()
        for _ in range(self.limits.workers):
            self._spawn(self._add(outcomes.put_nowait))
        failure = None
        try:
            for _ in range(self.limits.workers):
                if (failure := await outcomes.get()) is None:
                    return
        except BaseException:
            await self.close()
            raise
        await self.close()
        raise ReleaseError(
            f"no process that evaluates queries could be started: {_why(failure)}",
            where=str(self._folder),
            hint="build the release anew with 'nichiiki-ld build'"
            if sys.platform == "linux"
            else "run it on Linux: these processes are locked by means that no other system has",
        )

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        # A task that is cancelled before its first step does nothing, and some have a process to end.
        await asyncio.sleep(0)
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        workers = [*self._free, *self._busy]
        for worker in workers:
            worker.kill()
            worker.writer.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        for worker in workers:
            await asyncio.to_thread(worker.process.wait)

    async def evaluate(self, job: Job, client: str, timing: Timing) -> Answer:
        """Evaluate a query when it is its turn. To cancel this ends the evaluation.

        Args:
            client: Who asks; clients take turns.
            timing: Is filled, also when there is no answer.

        Raises:
            TooManyQueries: Too many are waiting.
            QueryLimit: It took too long, its answer is too long, or its process was ended.
            QueryError: As `GraphStore.evaluate`.
        """
        arrived = time.monotonic()
        try:
            worker = await self._acquire(client)
        finally:
            began = time.monotonic()
            timing.queued_seconds = began - arrived
        worker.since = began
        slice_ends = asyncio.get_running_loop().call_later(
            self.limits.slice_seconds, self._slice_ended, worker
        )
        whole = False
        try:
            async with asyncio.timeout(self.limits.query_seconds):
                head, body = await worker.ask(job_to_frame(job), job.most_bytes)
            whole = True
        except TimeoutError:
            raise self._too_long() from None
        except _Overlong:
            raise self._too_large(job) from None
        except _Gone:
            raise await self._gone(worker) from None
        except asyncio.CancelledError:
            self._died("gone")
            raise
        finally:
            timing.evaluated_seconds = time.monotonic() - began
            slice_ends.cancel()
            self._release(worker, reusable=whole)
        return answer_from_frames(head, body)

    # --- turns ----------------------------------------------------------------

    async def _acquire(self, client: str) -> _Worker:
        limits = self.limits
        # While a worker is free, everyone who waits has as many as may be: nobody is overtaken.
        if self._free and self._may(client):
            return self._take(self._free.pop(), client)
        if (
            len(self._queue) >= limits.queue_length
            or self._queue.length_of(client) >= limits.queue_length_per_client
        ):
            raise TooManyQueries(
                f"{len(self._queue)} queries are waiting already",
                hint="wait a little, and ask one after the other; answers that were given before come from the cache",
            )
        turn = self._queue.join(client)
        self._make_room()
        try:
            async with asyncio.timeout(limits.queue_seconds):
                try:
                    return await turn
                except asyncio.CancelledError:
                    if turn.done() and not turn.cancelled():
                        # Its turn came while the client went away.
                        self._release(turn.result(), reusable=True)
                    raise
        except TimeoutError:
            raise QueryLimit(
                "load",
                f"the query waited {limits.queue_seconds:g} seconds and had no turn",
                hint="ask again later",
            ) from None
        finally:
            self._queue.leave(client, turn)

    def _may(self, client: str) -> bool:
        return sum(worker.client == client for worker in self._busy) < self.limits.workers_per_client

    def _take(self, worker: _Worker, client: str) -> _Worker:
        worker.client = client
        worker.since = time.monotonic()
        self._busy.add(worker)
        return worker

    def _serve_next(self) -> None:
        while self._free and (found := self._queue.next(self._may)):
            client, turn = found
            if not turn.done():
                turn.set_result(self._take(self._free.pop(), client))

    def _slice_ended(self, worker: _Worker) -> None:
        worker.step_back()
        self._make_room()

    def _make_room(self) -> None:
        """End a query that has had its slice when somebody waits who could begin at once if there were a place."""
        if self._free or not any(map(self._may, self._queue.lines)):
            return
        if any(worker.evicted for worker in self._busy) or len(self._busy) < self.limits.workers:
            # A place is being made already.
            return
        slow = [worker for worker in self._busy if worker.slow]
        if slow:
            counts = {worker.client: 0 for worker in slow}
            for worker in slow:
                counts[worker.client] += 1
            greedy = max(slow, key=lambda worker: (counts[worker.client], -worker.since))
            greedy.evicted = True
            greedy.kill()

    def _release(self, worker: _Worker, *, reusable: bool) -> None:
        self._busy.discard(worker)
        worker.client = None
        worker.step_forth()
        if reusable and not worker.worn and not worker.evicted and not self._closed:
            self._free.append(worker)
        else:
            self._spawn(self._replace(worker))
        self._serve_next()

    # --- processes ------------------------------------------------------------

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _replace(self, worker: _Worker) -> None:
        worker.kill()
        worker.writer.close()
        try:
            if not self._closed:
                await self._add()
        finally:
            await asyncio.to_thread(worker.process.wait)

    async def _add(self, tell: Callable[[Exception | None], None] = lambda _: None) -> None:
        """Start a process, however often it has to be tried.

        Args:
            tell: Called with what became of the first try: why it failed, or None.
        """
        first = True
        while not self._closed:
            try:
                self._free.append(await self._start_worker())
            except (EvaluatorFault, OSError, EOFError, TimeoutError, ValueError, _Overlong) as error:
                _log.warning("an evaluator did not start: %s", _why(error))
                if first:
                    tell(error)
                first = False
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                if first:
                    tell(None)
                self._serve_next()
                return

    async def _start_worker(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603, ASYNC220 - starts at once, and a child watcher is not needed
                [
                    sys.executable,
                    *("-m", "nichiiki_ld.evaluator", str(self._folder), self._base),
                    *(str(self.limits.memory_mb), str(theirs.fileno())),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # A terminal interrupts a whole group: who started it decides what ends.
                process_group=0,
            )
        reader, writer = await asyncio.open_connection(sock=ours)
        worker = _Worker(process, reader, writer, 0)
        try:
            async with asyncio.timeout(_START_SECONDS):
                worker.thread_id = thread_of(await worker.receive(_SPARE_BYTES))
        except BaseException:
            worker.kill()
            writer.close()
            await asyncio.to_thread(process.wait)
            raise
        return worker

    # --- what to say ------------------------------------------------------------

    def _too_long(self) -> QueryLimit:
        self._died("time")
        return QueryLimit(
            "time",
            f"the query took longer than {self.limits.query_seconds:g} seconds",
            hint="name more of what you look for, join fewer patterns, ask in parts, or take a dump",
        )

    def _too_large(self, job: Job) -> QueryLimit:
        self._died("result bytes")
        return QueryLimit(
            "result bytes",
            f"the answer is longer than {job.most_bytes} bytes",
            hint="select fewer columns or rows, page with ORDER BY, LIMIT and OFFSET, or take a dump",
        )

    async def _gone(self, worker: _Worker) -> QueryLimit:
        if worker.evicted:
            self._died("load")
            return QueryLimit(
                "load",
                f"the query was ended after {self.limits.slice_seconds:g} seconds or more, because others were waiting",
                hint="ask again when fewer ask, or ask for less at once",
            )
        # It has closed its socket, so it is ending; if it is not, nothing waits for it.
        worker.kill()
        code = await asyncio.to_thread(worker.process.wait)
        name = signal.Signals(-code).name if code < 0 else f"exit {code}"
        self._died("memory")
        return QueryLimit(
            "memory",
            f"the query needed more than {self.limits.memory_mb} MB of memory, or a deeper stack ({name})",
            hint="avoid products of patterns that share no variable, and sort or group fewer rows",
        )


def _why(error: Exception | None) -> str:
    """Return why a process did not start."""
    if isinstance(error, TimeoutError):
        return f"it took longer than {_START_SECONDS} seconds"
    if isinstance(error, EOFError):
        return "it ended without a word"
    if isinstance(error, _Overlong):
        return "it said more than it may"
    return str(error) or type(error).__name__
