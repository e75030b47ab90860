"""What was computed and is likely to be asked for again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

Found = TypeVar("Found")


class Kept:
    """The latest results, up to a total size.

    Two requests may compute the same at the same time; the results are equal.
    """

    def __init__(self, most: int) -> None:
        """Keep nothing yet.

        Args:
            most: How large all results together may be; each is 1 larger than it says.
        """
        self._most = most
        self._found: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(
        self, key: Hashable, make: Callable[[], Found], size: Callable[[Found], int] = lambda _: 0
    ) -> Found:
        """Return what is kept under a key, or make it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                known: Found = self._found[key][0]  # type: ignore[assignment]
                return known
        made = make()
        with self._lock:
            if key not in self._found:
                weight = 1 + size(made)
                self._found[key] = (made, weight)
                self._size += weight
            while self._size > self._most and len(self._found) > 1:
                _, (_, weight) = self._found.popitem(last=False)
                self._size -= weight
        return made
