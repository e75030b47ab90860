"""Tables without rules: what stands in each column of each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nichiiki_ld.reading.pdf.bands import Band, runs
from nichiiki_ld.reading.pdf.marks import Glyph, Rule
from nichiiki_ld.reading.pdf.rivers import Block, River, White
from nichiiki_ld.reading.pdf.rows import begin_with_numbers, rows

_ACROSS = 0.5
"""How much of a table's width a rule must have to divide rows."""

_FILLED = 0.5
"""How many rows must have text in two columns."""

_INTO_RIVER_PT = 0.5
"""How far a glyph must reach into a gap between columns to be printed across it."""


_MARKER = re.compile(
    r"[(（]?([0-9０-９]{1,3}|[ア-ンa-zA-Z一二三四五六七八九十①-⑳])[)）.．、]?|[・○●◎◇◆□■※＊*•-]"
)


@dataclass(frozen=True, slots=True)
class UnruledTable:
    """A table on a page.

    Attributes:
        columns: Where columns begin and end, in points: one more than there are columns.
        rows: For each row, the glyphs in each column.
        spans: For each row, how many columns the text in each one stands above: more than
            one for a title over several.
        rivers: Between the columns.
        heads: What the bands of the titles and of the first row say.
        within: How wide white is within cells, as far as that is known.
        numbered: Whether each row begins with its number, the first one too.
    """

    columns: tuple[float, ...]
    rows: tuple[tuple[tuple[Glyph, ...], ...], ...]
    spans: tuple[tuple[int, ...], ...]
    rivers: tuple[River, ...]
    heads: tuple[str, ...]
    within: White
    numbered: bool


def tabulate(block: Block, bands: Sequence[Band], rules: Iterable[Rule]) -> UnruledTable | None:
    """Return the table that bands make, or None where they make none.

    Two rows with text in two of three columns make one, or three rows of two columns; not
    a numbered list. Of the rest of a table a single row is enough.

    Args:
        bands: Of the page, from the top down.
        rules: Horizontal ones that are of no other table.
    """
    own = bands[block.start : block.end]
    left, right = min(band.pieces[0][0] for band in own), max(band.pieces[-1][1] for band in own)
    dividing = [
        rule.at
        for rule in rules
        if min(rule.end, right) - max(rule.start, left) >= _ACROSS * (right - left)
        and own[0].top < rule.at < own[-1].bottom
    ]
    parts = rows(own, block, dividing)
    found = [_cells(row, block) for row in parts]
    cells = tuple(row for row, _ in found)
    filled = sum(sum(map(bool, row)) > 1 for row in cells)
    if not block.goes_on:
        enough = 2 if len(block.rivers) > 1 else 3
        marked = all(_MARKER.fullmatch("".join(glyph.text for glyph in row[0])) for row in cells if row[0])
        if len(cells) < enough or filled < _FILLED * len(cells) or (len(block.rivers) == 1 and marked):
            return None
    if not block.rivers:
        return None
    middles = ((river.x0 + river.x1) / 2 for river in block.rivers)
    heads = tuple(band.text() for part in parts[: block.titles + 1] for band in part)
    spans = tuple(spans for _, spans in found)
    numbered = begin_with_numbers(parts, block)
    return UnruledTable(
        (left, *middles, right), cells, spans, tuple(block.rivers), heads, block.within, numbered
    )


def _cells(row: Sequence[Band], block: Block) -> tuple[tuple[tuple[Glyph, ...], ...], tuple[int, ...]]:
    """Return the glyphs of a row in each column, and how many columns each stands above.

    Text that is printed across columns is in the first of them.
    """
    cells: list[list[Glyph]] = [[] for _ in range(len(block.rivers) + 1)]
    spans = [1] * len(cells)
    for line in (line for band in row for line in band.lines):
        for run in runs(line):
            first, last = block.column(run[0].centre), block.column(run[-1].centre)
            if first < last and _is_across(run, block):
                cells[first] += run
                spans[first] = max(spans[first], last - first + 1)
            else:
                for glyph in run:
                    cells[block.column(glyph.centre)].append(glyph)
    return tuple(map(tuple, cells)), tuple(spans)


def _is_across(run: Sequence[Glyph], block: Block) -> bool:
    """Return whether a piece is printed across a gap between columns, not only on both sides of a narrow one."""
    return any(
        glyph.x0 < river.x1 - _INTO_RIVER_PT and glyph.x1 > river.x0 + _INTO_RIVER_PT
        for river in block.rivers
        for glyph in run
        if not glyph.blank
    )
