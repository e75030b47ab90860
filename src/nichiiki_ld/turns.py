"""Whose turn it is: one line for each client, and the lines are served in turn.

Everything here runs in one event loop, so nothing here is locked.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Who waits for one of several things, all alike."""

    def __init__(self) -> None:
        self.lines: OrderedDict[str, deque[asyncio.Future[T]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self.lines.values()))

    def length_of(self, client: str) -> int:
        """Return how many turns a client waits for."""
        return len(self.lines.get(client, ()))

    def join(self, client: str) -> asyncio.Future[T]:
        """Return what a client waits for from now on, behind all that it waits for already."""
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.lines.setdefault(client, deque()).append(turn)
        return turn

    def leave(self, client: str, turn: asyncio.Future[T]) -> None:
        """Wait for a turn no longer, if it has not come."""
        line = self.lines.get(client)
        if line and turn in line:
            line.remove(turn)
            if not line:
                del self.lines[client]

    def next(self, may: Callable[[str], bool]) -> tuple[str, asyncio.Future[T]] | None:
        """Take the first of the first line whose client may, and put that line last."""
        for client, line in self.lines.items():
            if not may(client):
                continue
            turn = line.popleft()
            del self.lines[client]
            if line:
                self.lines[client] = line
            return client, turn
        return None
