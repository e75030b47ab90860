"""Cells of a table without rules: the lines of a column that stand close together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from nichiiki_ld.reading.pdf.bands import Band
from nichiiki_ld.reading.pdf.lines import Line
from nichiiki_ld.reading.pdf.rivers import Block, White

_JUMP = 0.2
"""How much wider white between cells is than that within them, at least, in the size."""

_LEADING = 0.7
"""White within a cell, at most, in the size."""

_READINGS = (0.3, 0.5, 0.8)
"""How much wider white within a cell may be for a reading that stands in it, in the size: how
much it is, is up to the program that set it."""

Extent = tuple[float, float]


@dataclass(slots=True)
class _Piece:
    """What a line has in one column."""

    top: float
    bottom: float
    has_reading: bool


def possible_cells(bands: Sequence[Band], block: Block) -> Iterator[tuple[White, list[Extent]]]:
    """Yield where cells of all columns begin and end, in each way that the white may mean, and that way.

    Nothing is yielded where white is of one kind, and was so on the pages before: it may be
    that between lines as well as that between cells. White above lines with a reading is
    looked at apart from other white; what the pages before made of it is not asked again.
    """
    columns = _columns(bands, block)
    size = median(band.size for band in bands)
    plain: list[float] = []
    read: list[float] = []
    for pieces in columns.values():
        for piece, below in pairwise(pieces):
            (read if below.has_reading else plain).append((below.top - piece.bottom) / size)
    within, within_read = _within(plain), _within(read)
    if within is None or within > _LEADING + _JUMP:
        within = block.within.plain
    known = block.within.read
    block.within = White(within, known)
    if within is None:
        if within_read is None or min(plain, default=_LEADING) < _LEADING:
            return
        within = _LEADING
    likely = {known} if known else {within_read or within, *(within + more for more in _READINGS)}
    for most in sorted(likely):
        extents = [
            extent for pieces in columns.values() for extent in _join(pieces, within * size, most * size)
        ]
        yield White(block.within.plain, most if read else known), extents


def _columns(bands: Sequence[Band], block: Block) -> dict[int, list[_Piece]]:
    columns: dict[int, list[_Piece]] = defaultdict(list)
    for band in bands:
        for line in band.lines:
            for column, piece in _by_column(line, block, band.read).items():
                columns[column].append(piece)
    for pieces in columns.values():
        pieces.sort(key=lambda piece: piece.top)
    return columns


def _by_column(line: Line, block: Block, read: Set[int]) -> dict[int, _Piece]:
    pieces: dict[int, _Piece] = {}
    for glyph in line.glyphs:
        if not glyph.blank:
            piece = pieces.setdefault(
                block.column(glyph.centre), _Piece(glyph.top, glyph.bottom, has_reading=False)
            )
            piece.top, piece.bottom = min(piece.top, glyph.top), max(piece.bottom, glyph.bottom)
            piece.has_reading |= id(glyph) in read
    return pieces


def _within(whites: Sequence[float]) -> float | None:
    """Return how wide white within cells is at most, or None where all of it is of one kind."""
    return next(
        ((white + wider) / 2 for white, wider in pairwise(sorted(whites)) if wider - white >= _JUMP), None
    )


def _join(pieces: Sequence[_Piece], within: float, within_read: float) -> Iterator[Extent]:
    top, bottom = pieces[0].top, pieces[0].bottom
    for below in pieces[1:]:
        if below.top - bottom > (within_read if below.has_reading else within):
            yield top, bottom
            top = below.top
        bottom = max(bottom, below.bottom)
    yield top, bottom
