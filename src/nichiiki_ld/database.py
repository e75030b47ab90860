"""SQLite files of a release: written once, and only read afterwards, by several threads at the same time.

Source: https://www.sqlite.org/pragma.html; https://www.sqlite.org/uri.html (`immutable`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from nichiiki_ld.errors import ReleaseError

_BUILD = "run 'nichiiki-ld build'"
_PRAGMAS = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;"
"""A file that is not whole is thrown away with the release that it belongs to."""


@contextmanager
def new_database(path: Path, schema: str, layout: int) -> Iterator[sqlite3.Connection]:
    """Give a connection to a new file, and write it to the end if nothing goes wrong.

    Args:
        layout: Number of what the file looks like; another needs another build.

    Raises:
        ReleaseError: It cannot be written.
    """
    with explained(path), closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"{_PRAGMAS} PRAGMA user_version = {layout}; {schema}")
        yield connection
        connection.commit()


class Database:
    """A file, opened for reading."""

    def __init__(self, path: Path, layout: int) -> None:
        """Open a file.

        Raises:
            ReleaseError: There is none, or it has another layout.
        """
        self._path = path
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        if not path.is_file():
            raise ReleaseError("there is no such index", where=str(path), hint=_BUILD)
        with explained(path):
            ((found,),) = self.rows("PRAGMA user_version")
        if found != layout:
            raise ReleaseError(f"the index has layout {found}, not {layout}", where=str(path), hint=_BUILD)

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Return all rows of a query."""
        with self._connection() as connection:
            return connection.execute(statement, parameters).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that no other thread uses at the moment."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            # What cannot change needs no lock.
            address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            yield connection
        finally:
            self._idle.put(connection)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise an error of SQLite as what it means for a release.

    Raises:
        ReleaseError: The file cannot be used, or this Python's SQLite has no full-text search.
    """
    try:
        yield
    except sqlite3.Error as error:
        if "fts5" in str(error):
            raise ReleaseError(
                "this Python's SQLite has no full-text search (FTS5)",
                where=str(path),
                hint="run with a Python whose SQLite is built with it, as those of python.org and Debian are",
            ) from error
        raise ReleaseError(f"the index cannot be used: {error}", where=str(path), hint=_BUILD) from error
