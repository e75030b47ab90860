"""The text that offsets count in, and where in it everything is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nichiiki_ld.document import Document, Grid, Paragraph

OUTSIDE = -1
"""The row of a piece that is a paragraph, or the name of a sheet."""

Stretch = tuple[int, int]
"""Offsets into a text, end exclusive."""


class Piece(NamedTuple):
    """A printed piece of a document: a cell of a table, or a paragraph (row `OUTSIDE`)."""

    block: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text.

    Attributes:
        row: Of the table that it is of, or `OUTSIDE`.
        pieces: What it prints, column by column; for a paragraph the line itself.
    """

    start: int
    end: int
    block: int
    row: int
    pieces: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A document's text.

    Attributes:
        places: Where each piece stands, without blanks at its ends. A cell that goes on from
            above within a row of the list stands where it began.
        rows: Where each row of a table stands, by block and row.
    """

    text: str = field(repr=False)
    lines: Sequence[Line]
    places: Mapping[Piece, Stretch]
    rows: Mapping[tuple[int, int], Stretch]


def verbatim(document: Document) -> Transcript:
    """Return the text of a document that is plain text: nothing is written anew, everything has its place already."""
    text = document.text
    assert text is not None
    lines = []
    places: dict[Piece, Stretch] = {}
    rows: dict[tuple[int, int], Stretch] = {}
    for block, content in enumerate(document.blocks):
        if isinstance(content, Paragraph):
            start = content.printed.start
            assert start is not None
            whole = _bare(text, start, start + len(content.text))
            places[Piece(block, OUTSIDE, 0)] = whole
            lines.append(Line(*whole, block, OUTSIDE, (whole,)))
        else:
            rows.update(_verbatim_rows(text, block, content, places))
            for row in range(len(content.rows)):
                pieces = [places[Piece(block, row, c)] for c in range(len(content.rows[row].cells))]
                lines.append(
                    Line(*rows[block, row], block, row, [each for each in pieces if each[0] < each[1]])
                )
    return Transcript(text, lines, places, rows)


def _verbatim_rows(
    text: str, block: int, grid: Grid, places: dict[Piece, Stretch]
) -> dict[tuple[int, int], Stretch]:
    rows = {}
    for number, row in enumerate(grid.rows):
        assert row.start is not None
        assert row.end is not None
        rows[block, number] = _bare(text, row.start, row.end)
        for column, cell in enumerate(row.cells):
            start = cell.printed.start
            assert start is not None
            places[Piece(block, number, column)] = _bare(text, start, start + len(cell.text))
    return rows


def _bare(text: str, start: int, end: int) -> Stretch:
    """Return a stretch of a text without the blanks at its ends."""
    printed = text[start:end]
    begin = start + len(printed) - len(printed.lstrip())
    return begin, max(begin, start + len(printed.rstrip()))
