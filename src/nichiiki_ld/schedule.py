"""Work in steps that wait for one another, shared by the processes of a pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work.

    Attributes:
        call: What to do in a process of the pool.
        after: Names of the steps that must be done before.
    """

    name: str
    call: Callable[[], Any]
    after: tuple[str, ...] = ()


def run_steps(
    pool: Executor, workers: int, steps: Sequence[Step], done: Callable[[int, int], None]
) -> Mapping[str, Any]:
    """Do all steps and return what each gave, by name.

    A process that is free takes the first step in the given order that waits for nothing:
    put first what others wait for longest.

    Args:
        workers: How many processes the pool has.
        done: Called with the number of finished steps and of all.

    Raises:
        Exception: The first that a step raised.
    """
    results: dict[str, Any] = {}
    waiting = list(steps)
    running: dict[Future[Any], str] = {}
    while waiting or running:
        for step in [each for each in waiting if results.keys() >= set(each.after)]:
            if len(running) < workers:
                running[pool.submit(step.call)] = step.name
                waiting.remove(step)
        assert running, f"wait for one another: {waiting}"
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            results[running.pop(future)] = future.result()
        done(len(results), len(steps))
    return results
