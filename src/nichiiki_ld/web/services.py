"""Whose turn it is to have other endpoints asked for a query's SERVICE clauses.

An endpoint may take its time, and nothing here can hurry it: so few are asked at the same
time, still fewer for one client, and none for a client that has gone away.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from nichiiki_ld.errors import QueryLimit, TooManyQueries
from nichiiki_ld.federation import Federation
from nichiiki_ld.lexer import Scan
from nichiiki_ld.settings import Settings

AT_ONCE = 8
"""For how many queries others are asked at the same time."""

AT_ONCE_FOR_A_CLIENT = 2
"""For how many of one client."""


@dataclass(slots=True)
class _Client:
    """Who has queries here.

    Attributes:
        queries: How many, those that wait included.
    """

    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_FOR_A_CLIENT))
    queries: int = 0


class Services:
    """Asks other endpoints. Everything but the asking runs in one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="service")
        self._places = asyncio.Semaphore(AT_ONCE)
        self._clients: dict[str, _Client] = {}

    async def replace(self, text: str, scan: Scan, client: str) -> str:
        """Return a query with each SERVICE clause replaced by what its endpoint answers. To cancel this ends the asking.

        Args:
            client: Who asks; clients take turns.

        Raises:
            TooManyQueries: Too many are waiting.
            QueryLimit: There was no turn.
            ServiceFailed: As `Federation.replace`.
        """
        found = self._join(client)
        try:
            return await self._wait(found, text, scan)
        finally:
            found.queries -= 1
            if not found.queries:
                del self._clients[client]

    def close(self) -> None:
        """Ask nobody any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _join(self, client: str) -> _Client:
        settings = self._settings
        found = self._clients.get(client) or _Client()
        waiting = max(0, sum(each.queries for each in self._clients.values()) - AT_ONCE)
        if (
            waiting >= settings.queue_length
            or found.queries - AT_ONCE_FOR_A_CLIENT >= settings.queue_length_per_client
        ):
            raise TooManyQueries(
                "too many queries with SERVICE are waiting already",
                hint="wait a little, and ask one after the other",
            )
        self._clients[client] = found
        found.queries += 1
        return found

    async def _wait(self, client: _Client, text: str, scan: Scan) -> str:
        turn = asyncio.timeout(self._settings.queue_seconds)
        try:
            async with turn, client.places, self._places:
                turn.reschedule(None)
                return await self._ask(text, scan)
        except TimeoutError:
            raise QueryLimit(
                "load",
                f"the query waited {self._settings.queue_seconds:g} seconds and had no turn to ask other endpoints",
                hint="ask again later",
            ) from None

    async def _ask(self, text: str, scan: Scan) -> str:
        settings = self._settings
        asking = Federation(seconds=settings.service_seconds, most_bytes=settings.service_bytes)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, asking.replace, text, scan)
        except asyncio.CancelledError:
            asking.end()
            raise
