"""Which things of a release have a page, and which things live on it: an SQLite file, written with the release.

A thing whose IRI has a `#` lives on the page of what stands before it. To find the parts of a
page in the store itself, all of it would have to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from nichiiki_ld.database import Database, new_database

FILE_NAME = "pages.sqlite"
LAYOUT = 1

MOST_REMEMBERED = 50_000
"""IRIs of which it is remembered whether they have a page: each link of a page asks."""

_SCHEMA = """
CREATE TABLE page (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE part (page INT NOT NULL, fragment TEXT NOT NULL, PRIMARY KEY (page, fragment)) WITHOUT ROWID;
CREATE TABLE total (pages INT NOT NULL);
"""


def write_page_index(path: Path, triples: Path, base: str) -> None:
    """Write the index of a release.

    Args:
        triples: N-Triples dump of the release, sorted.
        base: Base IRI; what lies elsewhere has no page here.

    Raises:
        ReleaseError: It cannot be written.
    """
    with new_database(path, _SCHEMA, LAYOUT) as index:
        last, number = "", 0
        for subject in _subjects(triples, base):
            page, sign, fragment = subject.partition("#")
            # Sorted, the parts of a page come together, though not with the page itself.
            if page != last:
                index.execute("INSERT OR IGNORE INTO page (iri) VALUES (?)", (page,))
                ((number,),) = index.execute("SELECT number FROM page WHERE iri = ?", (page,))
                last = page
            if sign:
                index.execute("INSERT INTO part VALUES (?, ?)", (number, fragment))
        index.execute("INSERT INTO total SELECT COUNT(*) FROM page")


def _subjects(triples: Path, base: str) -> Iterator[str]:
    """Yield the IRIs below the base that something is said of, each once."""
    ours = f"<{base}".encode()
    with triples.open("rb", 1 << 20) as lines:
        for subject, _ in groupby(lines, key=lambda line: line[: line.index(b" ")]):
            if subject.startswith(ours):
                yield subject[1:-1].decode()


class PageIndex:
    """The index of a release, opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the index of a release.

        Raises:
            ReleaseError: There is none, or it has another layout.
        """
        self._database = Database(folder / FILE_NAME, LAYOUT)
        self._number = lru_cache(MOST_REMEMBERED)(self._look_up)
        ((self._total,),) = self._database.rows("SELECT pages FROM total")

    def __contains__(self, page: object) -> bool:
        """Tell whether an IRI without `#` has a page."""
        return isinstance(page, str) and self._number(page) is not None

    def __len__(self) -> int:
        """Return how many pages there are."""
        return int(self._total)

    def pages(self, most: int | None = None, skipped: int = 0) -> list[str]:
        """Return the IRIs of pages, sorted: so many of them, after so many others."""
        limit = -1 if most is None else most
        found = self._database.rows("SELECT iri FROM page ORDER BY iri LIMIT ? OFFSET ?", (limit, skipped))
        return [iri for (iri,) in found]

    def parts(self, page: str) -> list[str]:
        """Return the IRIs of the things that live on a page beside the one that it is about, sorted.

        Raises:
            KeyError: There is no such page.
        """
        number = self._number(page)
        if number is None:
            raise KeyError(page)
        found = self._database.rows("SELECT fragment FROM part WHERE page = ? ORDER BY fragment", (number,))
        return [f"{page}#{fragment}" for (fragment,) in found]

    def _look_up(self, page: str) -> int | None:
        found = self._database.rows("SELECT number FROM page WHERE iri = ?", (page,))
        return int(found[0][0]) if found else None
