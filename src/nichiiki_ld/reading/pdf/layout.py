"""A page, divided: ruled tables with the text of their cells, and the lines outside of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nichiiki_ld.document import GridCell, Printed
from nichiiki_ld.reading.pdf.lines import Line, Reading, lines, printed, strips
from nichiiki_ld.reading.pdf.marks import Glyph, Marks, Rule
from nichiiki_ld.reading.pdf.rivers import NO_WHITE, River, White
from nichiiki_ld.reading.pdf.ruby import find_readings
from nichiiki_ld.reading.pdf.ruled import RuledTable, find_tables
from nichiiki_ld.reading.pdf.unruled import UnruledTable


@dataclass(frozen=True, slots=True)
class TablePart:
    """What one page has of a table.

    Attributes:
        top, bottom: Its edges.
        columns: Where columns begin and end, in points: one more than there are columns.
        open_above, open_below: For each column, whether the rule at the upper or lower end is
            missing. All false in a table without rules.
        rivers: Between the columns of a table without rules.
        heads, within: What the bands of its headings say, and the white within cells, likewise.
        numbered: Whether each of its rows begins with its number, likewise.
    """

    page: int
    top: float
    bottom: float
    columns: tuple[float, ...]
    rows: list[list[GridCell]]
    open_above: tuple[bool, ...]
    open_below: tuple[bool, ...]
    rivers: tuple[River, ...] = ()
    heads: tuple[str, ...] = ()
    within: White = NO_WHITE
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A page, divided.

    Attributes:
        tables: With rules, from the top down.
        lines: Outside of them, likewise.
        readings: Above those.
        rules: Horizontal ones that are of no table.
        crowded: There are more rules than all tables can be told by.
    """

    number: int
    width: float
    height: float
    tables: tuple[TablePart, ...]
    lines: tuple[Line, ...]
    readings: tuple[Reading, ...]
    rules: tuple[Rule, ...]
    crowded: bool


def lay_out(marks: Marks) -> Layout:
    """Return the parts of a page."""
    ruled = find_tables(marks.horizontals, marks.verticals, marks.glyphs)
    inside: list[dict[int, list[Glyph]]] = [defaultdict(list) for _ in ruled.tables]
    outside: list[Glyph] = []
    for glyph in marks.glyphs:
        at = next(
            (at for at, table in enumerate(ruled.tables) if table.holds(glyph.centre, glyph.middle)), None
        )
        if at is None:
            outside.append(glyph)
        else:
            inside[at][ruled.tables[at].cell_at(glyph.centre, glyph.middle)].append(glyph)
    parts = tuple(
        _ruled_part(table, glyphs, marks.number) for table, glyphs in zip(ruled.tables, inside, strict=True)
    )
    rest, readings = find_readings(strips(outside))
    shown = tuple(line for line in lines(rest) if not line.blank)
    return Layout(
        marks.number,
        marks.width,
        marks.height,
        tables=parts,
        lines=shown,
        readings=tuple(readings),
        rules=tuple(ruled.rest),
        crowded=marks.crowded or ruled.crowded,
    )


def unruled_part(table: UnruledTable, readings: Iterable[Reading], page: int) -> TablePart:
    """Return a table without rules, with the text of its cells."""
    above = list(readings)
    rows: list[list[GridCell]] = []
    for glyphs, widths in zip(table.rows, table.spans, strict=True):
        row: list[GridCell] = []
        for column, cell in enumerate(glyphs):
            shown = next((row[at] for at in range(column) if at + widths[at] > column and glyphs[at]), None)
            row.append(
                GridCell(shown.printed, merged=True)
                if shown
                else GridCell(text_of(lines(strips(cell)), above))
            )
        rows.append(row)
    every = [glyph for row in table.rows for cell in row for glyph in cell]
    closed = (False,) * (len(table.columns) - 1)
    return TablePart(
        page,
        min(glyph.top for glyph in every),
        max(glyph.bottom for glyph in every),
        table.columns,
        rows,
        closed,
        closed,
        table.rivers,
        table.heads,
        table.within,
        table.numbered,
    )


def text_of(found: Sequence[Line], readings: Iterable[Reading]) -> Printed:
    """Return what lines say, with those of many readings that stand above them."""
    own = {id(glyph) for line in found for glyph in line.glyphs}
    return printed(found, [reading for reading in readings if id(reading.base[0]) in own])


def _ruled_part(table: RuledTable, glyphs: dict[int, list[Glyph]], page: int) -> TablePart:
    texts: dict[int, Printed] = {}
    rows: list[list[GridCell]] = []
    for cells in table.cells:
        row = []
        for cell in cells:
            merged = cell in texts
            if not merged:
                rest, readings = find_readings(strips(glyphs.get(cell, ())), in_a_cell=True)
                texts[cell] = printed(lines(rest), readings)
            row.append(GridCell(texts[cell], merged=merged))
        rows.append(row)
    return TablePart(page, table.top, table.bottom, table.columns, rows, table.open_above, table.open_below)
