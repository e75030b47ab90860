"""Pages that were made, kept in memory within a number of characters; the least used go first.

A page follows from the release, its address and its language, so it need not be made twice.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import request

from nichiiki_ld.web import language
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.site import Site

MOST_CHARACTERS = 8_000_000


class Rendered:
    """The pages of one release. Several threads may ask at the same time."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._most = most_characters
        self._pages: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = threading.Lock()
        self.characters = 0

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """Return the page that is kept under a key, or make it; what is too large for the room is not kept."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        page = make()
        with self._lock:
            if key not in self._pages and len(page) <= self._most:
                self._pages[key] = page
                self.characters += len(page)
            while self.characters > self._most:
                _, dropped = self._pages.popitem(last=False)
                self.characters -= len(dropped)
        return page


def page_once(site: Site, make: Callable[[], str]) -> str:
    """Return the page of the current address in the language of the request, or make it.

    For addresses that mean something only: others are as many as anybody likes.
    """
    key = (request.host_url, request.script_root, request.path, request.query_string, language.current())
    return _pages(site).get(key, make)


@once_per_release
def _pages(_: Site) -> Rendered:
    return Rendered()
