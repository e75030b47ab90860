"""How much of a document is read: beyond it nobody printed a list, somebody made a bomb.

A file of a few kilobytes can ask for terabytes: a compressed part, a cell that claims
to span a million columns, a text that stands in a thousand merged places. So everything
that a reader is about to make is charged to an allowance before it is made.
"""

from __future__ import annotations

from nichiiki_ld.errors import UnreadableDocument

MIBIBYTE = 1 << 20

MOST_FILE_BYTES = 64 * MIBIBYTE
"""Of a file as it comes."""

MOST_PART_BYTES = 128 * MIBIBYTE
"""Of one part of an Office file, decompressed."""

MOST_RATIO = 200
"""How many times larger a part may be than it is compressed. Sheets of real workbooks stay below 60."""

RATIO_FROM_BYTES = 16 * MIBIBYTE
"""Smaller parts may be compressed as well as they like."""

MOST_PARTS = 20_000
"""In an Office file."""

MOST_MARKS = 3_000_000
"""Elements and attributes of a text that is made into a tree as a whole; each takes about 150 bytes of memory."""

MOST_DEPTH = 256
"""Of elements within each other; the parser's own limit for trees."""

MOST_CELLS = 1_000_000
"""Places of all tables of a document: a list of 5,000 rows has some 50,000."""

MOST_CELLS_SEEN = 3_000_000
"""Rows and cells that a workbook has something of, if only a border: they take time to pass over."""

MOST_PARAGRAPHS = 500_000
"""Lines and paragraphs outside of tables."""

MOST_LINES = 1_000_000
"""Of a plain text, the empty ones included."""

MOST_CHARACTERS = 50_000_000
"""Of all places and paragraphs, a text counted once for every place that it stands in."""

_SEEN = "rows and cells, empty ones included"
_ONLY_THE_LIST = "keep the part that has the list, delete the rest, and save the file again"


def check_size(content: bytes, where: str) -> None:
    """Make sure that a file is neither empty nor larger than what is read.

    Raises:
        UnreadableDocument: It is.
    """
    if not content.strip():
        raise UnreadableDocument("is empty", where=where, hint="fetch the document again")
    if len(content) > MOST_FILE_BYTES:
        raise UnreadableDocument(
            f"has {len(content) / MIBIBYTE:.0f} MiB, and {MOST_FILE_BYTES // MIBIBYTE} MiB are the limit",
            where=where,
            hint=_ONLY_THE_LIST,
        )


def check_marks(markup: bytes, where: str) -> None:
    """Make sure that markup can be made into a tree in bounded memory.

    Raises:
        UnreadableDocument: It cannot.
    """
    marks = markup.count(b"<") + markup.count(b"=")
    if marks > MOST_MARKS:
        raise UnreadableDocument(
            f"has {marks:,} elements and attributes, and {MOST_MARKS:,} are the limit",
            where=where,
            hint=_ONLY_THE_LIST,
        )


class Allowance:
    """What one document may still take."""

    def __init__(self, where: str) -> None:
        """Begin with the limits of this module.

        Args:
            where: The file, for messages.
        """
        self._where = where
        self._left = {
            "cells": MOST_CELLS,
            "paragraphs": MOST_PARAGRAPHS,
            "lines": MOST_LINES,
            "characters": MOST_CHARACTERS,
            _SEEN: MOST_CELLS_SEEN,
        }
        self._limits = dict(self._left)

    def cells(self, count: int) -> None:
        """Take places of tables.

        Raises:
            UnreadableDocument: There are not as many left.
        """
        self._take("cells", count)

    def has_cells(self, count: int) -> None:
        """Make sure that places of tables are left, without taking them.

        Raises:
            UnreadableDocument: There are not as many left.
        """
        if count > self._left["cells"]:
            self._take("cells", count)

    def seen(self) -> None:
        """Take a row or a cell of a workbook, whatever is in it.

        Raises:
            UnreadableDocument: No more is left.
        """
        self._take(_SEEN, 1)

    def lines(self, count: int) -> None:
        """Take lines of a plain text.

        Raises:
            UnreadableDocument: There are not as many left.
        """
        self._take("lines", count)

    def paragraph(self, text: str) -> None:
        """Take a paragraph.

        Raises:
            UnreadableDocument: No more is left.
        """
        self._take("paragraphs", 1)
        self._take("characters", len(text))

    def characters(self, count: int) -> None:
        """Take characters of places of tables.

        Raises:
            UnreadableDocument: There are not as many left.
        """
        self._take("characters", count)

    def _take(self, what: str, count: int) -> None:
        self._left[what] -= count
        if self._left[what] < 0:
            raise UnreadableDocument(
                f"has more than {self._limits[what]:,} {what}",
                where=self._where,
                hint=_ONLY_THE_LIST,
            )
