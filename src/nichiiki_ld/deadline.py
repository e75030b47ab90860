"""Work that must be done by a time, whatever its libraries think of time limits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return what a piece of work returns.

    The time limits of HTTP libraries begin anew with each byte. So the work is done in a
    thread, which is left alone when the time is over; it should look at the clock itself
    from time to time, and end.

    Raises:
        TimeoutError: It was not done in time. Whatever else it raises is raised as it is.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(timeout=seconds)
