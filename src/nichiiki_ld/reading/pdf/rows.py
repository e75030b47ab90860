"""Rows of a table without rules, told by what stands between them.

The best there is decides:

1. rules or edges of coloured rows across the table, where there are several;
2. numbers that count up in the first column: one for each row;
3. the white between the lines of a column, where it is of two kinds: narrow within a cell,
   wider between cells; cells that stand side by side are a row, however they are aligned;
4. the first column: a row begins where it has text.

In the last case a cell of the first column that has several lines is taken for several rows,
and nothing can be done about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import fmean, median

from nichiiki_ld.reading.pdf.bands import Band
from nichiiki_ld.reading.pdf.cells import Extent, possible_cells
from nichiiki_ld.reading.pdf.rivers import Block

_WIDER = 0.2
"""How much wider white is that is clearly wider, in the size."""

_READING_SPACE = 0.1
"""How much wider white is for a reading that stands in it, about, in the size."""

_NEARLY = 0.1
"""How much narrower white may be that is as wide, in the size."""

_LEADING = 0.6
"""White between the lines of a cell without readings, mostly, in the size."""

_EVERY_ROW = 2
"""Rules between bands, from which on there is one below each row; a single one is that below the headings."""

_MOST_ALIKE = 2
_FIRST_FILLED = 0.8
_FILLED = 0.9
"""More bands than this, with text in so many first columns and in so many of all, are rows: cells seldom have equally many lines."""

_NUMBER = re.compile(r"[(（]?(\d{1,4})[)）.．]?")
_LEAST_NUMBERS = 2


@dataclass(slots=True, eq=False)
class Step:
    """A band, as a part of a table.

    Attributes:
        columns: That have text.
        number: In the first column, if there is one and nothing else.
    """

    band: Band
    columns: frozenset[int]
    number: int | None

    @classmethod
    def of(cls, band: Band, block: Block) -> Step:
        """Look up what a band has in each column."""
        glyphs = [(block.column(glyph.centre), glyph) for glyph in band.glyphs()]
        first = sorted((glyph for column, glyph in glyphs if column == 0), key=lambda glyph: glyph.x0)
        number = _NUMBER.fullmatch("".join(glyph.text for glyph in first))
        return cls(band, frozenset(column for column, _ in glyphs), int(number[1]) if number else None)


def rows(bands: Sequence[Band], block: Block, dividing: Sequence[float]) -> list[list[Band]]:
    """Return bands of one row together.

    Args:
        bands: Of the block.
        dividing: Where rules or edges cross the table.
    """
    steps = [Step.of(band, block) for band in bands]
    groups: list[list[Step]] = []
    for step in steps[block.titles :]:
        if not groups or any(groups[-1][-1].band.top < at < step.band.bottom for at in dividing):
            groups.append([])
        groups[-1].append(step)
    if 0 < len(groups) <= _EVERY_ROW:
        last = groups.pop()
        groups += _by_numbers(last, block) or _by_white(last, block) or _by_first_column(last, block)
    return [
        [step.band for step in group] for group in [*([title] for title in steps[: block.titles]), *groups]
    ]


def begin_with_numbers(found: Sequence[Sequence[Band]], block: Block) -> bool:
    """Return whether each row has its number in its first line, the first one too, though some have several lines.

    A number in the middle of its row does not tell where that begins.

    Args:
        found: Rows, those of the headings too.
    """
    numbered = [[Step.of(band, block).number is not None for band in row] for row in found]
    body = numbered if block.goes_on else [row for row in numbered if any(row)]
    return all(row[0] for row in body) and any(len(row) > 1 for row in body)


def _by_numbers(found: Sequence[Step], block: Block) -> list[list[Step]]:
    """Return bands of one row together, each with a number that counts up; none where there are no such numbers.

    A number may stand in the middle of its row.
    """
    keys = [index for index, step in enumerate(found) if step.number is not None]
    counts = [found[key].number or 0 for key in keys]
    if len(keys) < _LEAST_NUMBERS or any(other - number != 1 for number, other in pairwise(counts)):
        return []
    starts = [_widest(found, key, other) for key, other in pairwise(keys)]
    first = _widest(found, 0, keys[0]) if keys[0] else 0
    if block.goes_on and any(start != key for start, key in zip(starts, keys[1:], strict=True)):
        # Numbers stand in the middle of their rows, so what is above the first one is of its row.
        first = 0
    begun = {first, *starts}
    # Headings of their own, above the first number or between rows, and the rest of a row of the page before.
    usual = median(_white(found, index) for index in begun if index) if any(begun) else inf
    wide = max(_LEADING * found[0].band.size, usual - _NEARLY * found[0].band.size)
    alone = (
        index
        for index, step in enumerate(found)
        if index and not step.band.has_reading and _white(found, index) >= wide
    )
    return _divide(found, begun.union(alone))


def _widest(found: Sequence[Step], key: int, other: int) -> int:
    """Return where the row of a number ends, before that of the next one.

    It is just above the next number, unless the white further up is clearly wider.
    """
    size = found[other].band.size

    def white(index: int) -> float:
        return _white(found, index) - _READING_SPACE * size * found[index].band.has_reading

    widest = max(range(key + 1, other + 1), key=white)
    clearly = white(widest) >= white(other) + _WIDER * size and _white(found, widest) > _white(found, other)
    return widest if clearly else other


def _white(found: Sequence[Step], index: int) -> float:
    return found[index].band.top - found[index - 1].band.bottom


def _by_white(found: Sequence[Step], block: Block) -> list[list[Step]]:
    """Return bands of one row together, told by the white within columns; none where it does not tell."""
    ways = [
        (white, _divide(found, _uncovered(found, extents)))
        for white, extents in possible_cells([step.band for step in found], block)
    ]
    if not ways:
        return []
    # What is likely of the first page holds for all: one program set them.
    block.within, best = max(ways, key=lambda way: _likelihood(way[1], block))
    divided: list[list[Step]] = []
    for part in best:
        divided += _by_first_column(part, block) if _are_rows(part, block) else [part]
    return divided


def _uncovered(found: Sequence[Step], extents: Iterable[Extent]) -> list[int]:
    """Return the bands that no cell comes down to from above."""
    reach = sorted(extents)
    starts, bottom, at = [], 0.0, 0
    for index, step in enumerate(found):
        while at < len(reach) and reach[at][0] < step.band.top - 1:
            bottom = max(bottom, reach[at][1])
            at += 1
        if bottom <= step.band.top + 1:
            starts.append(index)
    return starts


def _likelihood(way: Sequence[Sequence[Step]], block: Block) -> float:
    """Return how well rows look like rows: there are many, and they have text in most columns."""
    filled = (len(frozenset().union(*(step.columns for step in row))) for row in way)
    return sum(count / (len(block.rivers) + 1) - 0.5 for count in filled)


def _are_rows(part: Sequence[Step], block: Block) -> bool:
    """Return whether bands that seem to be one row are several: all of them have text nearly everywhere."""
    first = fmean(0 in step.columns for step in part)
    filled = fmean(len(step.columns) for step in part) / (len(block.rivers) + 1)
    return len(part) > _MOST_ALIKE and first >= _FIRST_FILLED and filled >= _FILLED


def _by_first_column(found: Sequence[Step], block: Block) -> list[list[Step]]:
    starts = (index for index, step in enumerate(found) if index and _begins(step, block))
    return _divide(found, starts)


def _begins(step: Step, block: Block) -> bool:
    return 0 in step.columns or (len(block.rivers) > 1 and len(step.columns) == len(block.rivers))


def _divide(found: Sequence[Step], starts: Iterable[int]) -> list[list[Step]]:
    return [list(found[start:end]) for start, end in pairwise(sorted({0, *starts, len(found)}))]
