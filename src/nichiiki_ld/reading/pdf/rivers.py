"""Tables without rules: where they begin and end, and the white rivers between their columns.

A band with a gap may begin a table. Each further one narrows the gaps, divides them where a
column begins that those above left empty, or ends the table where it is printed across a gap
that several have kept free. A title that is printed in the middle above several columns, and
one lone piece across columns between others that keep them, belong to the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from nichiiki_ld.reading.pdf.bands import Band, Span

_NARROWEST = 0.4
"""What must be left of a gap, in the size."""

_FAR = 3.0
"""White above a band, in its size: more, and it is of no table above."""

_NEAR = 1.2
"""Likewise, for one that keeps no columns."""

_CENTRED = 1.0
"""How far the middle of a title may be from that of its columns, in its size."""

_MOST_TITLES = 2

_STACKED = 0.6
"""White between the lines of a heading, at most, in the size."""

_CONFIRMED_BY = 2
"""Bands that print on both sides of a gap, next to it, so that it is one between columns."""

_ENDLESS = 1e6
"""How far the margins reach, in points."""


@dataclass(slots=True)
class River:
    """A gap that bands keep free.

    Attributes:
        witnesses: How many print on both sides, next to it.
    """

    x0: float
    x1: float
    witnesses: int = 1


class White(NamedTuple):
    """How wide white is within the cells of a table, at most, in the size; None where that is not known.

    Attributes:
        plain: Above a line without a reading.
        read: Above one with a reading.
    """

    plain: float | None = None
    read: float | None = None


NO_WHITE = White()


@dataclass(slots=True)
class Block:
    """Bands that keep the same columns.

    Attributes:
        start, end: Of the bands, end exclusive.
        rivers: Between the columns, from left to right.
        titles: How many of the first ones stand in the middle above several columns.
        goes_on: It is the rest of a table of the page before, below its headings.
        within: How wide white is within its cells, as far as that is known.
    """

    start: int
    end: int
    rivers: list[River] = field(default_factory=list)
    titles: int = 0
    goes_on: bool = False
    within: White = NO_WHITE

    def column(self, x: float) -> int:
        """Return the column of a place."""
        return sum((river.x0 + river.x1) / 2 <= x for river in self.rivers)


def find_block(bands: Sequence[Band], start: int) -> Block | None:
    """Return the table that begins with a band, or None."""
    best: Block | None = None
    for ahead in range(_MOST_TITLES + 1):
        block = _grow(bands, start + ahead)
        if block is None or (best is not None and len(block.rivers) <= len(best.rivers)):
            continue
        leading = list(pairwise(bands[start : start + ahead + 1]))
        stacked = [_is_stacked(band, below, block) for band, below in leading]
        if all(on or _is_title(band, block) for on, (band, _) in zip(stacked, leading, strict=True)):
            best = block
            best.start, best.titles = start, ahead - sum(stacked)
    return best


def continue_block(
    bands: Sequence[Band], rivers: Sequence[River], heads: Sequence[str], within: White
) -> Block | None:
    """Return the part of a table that the first bands of a page go on with, or None.

    Args:
        rivers: Of the table, at the end of the page before.
        heads: Its headings; where they are printed again, the part begins below them.
        within: The white within its cells.
    """
    again = [River(river.x0, river.x1, _CONFIRMED_BY) for river in rivers]
    block = _trim(bands, _flow(bands, 0, again))
    # A page that begins with the first column only may begin with anything.
    kept = any(block.column(x0) > 0 for band in bands[: block.end] for x0, _ in band.pieces)
    if not kept or len(block.rivers) != len(rivers):
        return None
    if [band.text() for band in bands[: len(heads)]] == list(heads) and len(heads) < block.end:
        block.start = len(heads)
    block.goes_on, block.within = True, within
    return block


def _grow(bands: Sequence[Band], start: int) -> Block | None:
    if start >= len(bands) or len(bands[start].pieces) < 2:  # noqa: PLR2004 - a gap needs two
        return None
    pieces = bands[start].pieces
    gaps = [River(left, right) for (_, left), (right, _) in pairwise(pieces)]
    # A column may begin in a margin, where the headings have nothing.
    margins = River(-_ENDLESS, pieces[0][0], 0), River(pieces[-1][1], _ENDLESS, 0)
    block = _flow(bands, start, [margins[0], *gaps, margins[1]])
    _settle(bands[block.start : block.end], block)
    block = _trim(bands, block)
    return block if block.rivers and block.end - block.start > 1 else None


def _settle(bands: Sequence[Band], block: Block) -> None:
    """Leave a block with the gaps that divide columns.

    A heading in the middle of a wide column and short text at its side leave a gap between
    them that nothing is ever printed on both sides of.
    """
    block.rivers = [river for river in block.rivers if abs(river.x0) < _ENDLESS > abs(river.x1)]
    while block.rivers:
        filled = [{block.column((x0 + x1) / 2) for x0, x1 in band.pieces} for band in bands]
        for column, river in enumerate(block.rivers):
            river.witnesses = sum({column, column + 1} <= columns for columns in filled)
        least = min(block.rivers, key=lambda river: (river.witnesses, river.x1 - river.x0))
        if least.witnesses >= _CONFIRMED_BY:
            return
        block.rivers.remove(least)


def _flow(bands: Sequence[Band], start: int, rivers: list[River]) -> Block:
    """Follow rivers from band to band, as far as they flow."""
    index = start
    while index < len(bands):
        band = bands[index]
        if index > start and band.top - bands[index - 1].bottom > _FAR * band.size:
            break
        narrowed = _narrow(rivers, band)
        if narrowed is None:
            if not _is_crossed(bands, index, rivers):
                break
        elif not any(river.witnesses for river in narrowed):
            break
        else:
            rivers = narrowed
        index += 1
    return Block(start, index, rivers)


def _narrow(rivers: Sequence[River], band: Band) -> list[River] | None:
    """Return what a band leaves of rivers, or None where it is printed across one that is known to be one."""
    narrowed: list[River] = []
    for river in rivers:
        free = _free(river, band.pieces, _NARROWEST * band.size)
        if not free and river.witnesses >= _CONFIRMED_BY:
            return None
        witnesses = river.witnesses if len(free) == 1 else 0
        narrowed += (River(x0, x1, witnesses) for x0, x1 in free)
    # A heading in the middle of a column and text at its side never both stand beside a gap.
    bounds = [-_ENDLESS, *(place for river in narrowed for place in (river.x0, river.x1)), _ENDLESS]
    printed = [
        any(left <= x0 and x1 <= right for x0, x1 in band.pieces)
        for left, right in zip(bounds[::2], bounds[1::2], strict=True)
    ]
    for river, (before, after) in zip(narrowed, pairwise(printed), strict=True):
        river.witnesses += before and after
    return narrowed


def _free(river: River, pieces: Sequence[Span], narrowest: float) -> list[Span]:
    free: list[Span] = []
    x0 = river.x0
    for left, right in pieces:
        if right <= x0:
            continue
        if left >= river.x1:
            break
        if left - x0 >= narrowest:
            free.append((x0, left))
        x0 = right
    if river.x1 - x0 >= narrowest:
        free.append((x0, river.x1))
    return free


def _is_crossed(bands: Sequence[Band], index: int, rivers: Sequence[River]) -> bool:
    """Return whether a lone piece across columns stands between bands that keep them, as near as rows do."""
    if index == 0 or index + 1 >= len(bands):
        return False
    before, band, after = bands[index - 1 : index + 2]
    near = _NEAR * band.size
    return (
        len(band.pieces) == 1 < len(after.pieces)
        and band.top - before.bottom <= near
        and after.top - band.bottom <= near
        and _narrow(rivers, after) is not None
    )


def _is_title(band: Band, block: Block) -> bool:
    """Return whether each piece of a band stands above one column, or in the middle above several."""
    bounds = [-_ENDLESS, *((river.x0 + river.x1) / 2 for river in block.rivers), _ENDLESS]
    for x0, x1 in band.pieces:
        first, last = block.column(x0), block.column(x1)
        outer = first == 0 or last == len(block.rivers)
        middle = (bounds[first] + bounds[last + 1]) / 2
        if first != last and not outer and abs((x0 + x1) / 2 - middle) > _CENTRED * band.size:
            return False
    return len(band.pieces) > 1


def _is_stacked(band: Band, below: Band, block: Block) -> bool:
    """Return whether a band is one line of a heading of one column that has more lines than the others."""
    (x0, x1), *others = band.pieces
    column = block.column(x0)
    if others or column != block.column(x1) or below.top - band.bottom > _STACKED * band.size:
        return False
    near = [piece for piece in below.pieces if block.column(piece[0]) == column]
    return any(abs((x0 + x1) - (left + right)) / 2 < _STACKED * band.size / 2 for left, right in near)


def _trim(bands: Sequence[Band], block: Block) -> Block:
    """Leave out bands at the end that print in the first column only, and not just below the last row."""
    while block.end - block.start > 1:
        band = bands[block.end - 1]
        white = band.top - bands[block.end - 2].bottom
        most = _NEAR if band.has_reading else _NEAR / 2
        if block.column(band.pieces[-1][1]) > 0 or white <= most * band.size:
            break
        block.end -= 1
    return block
