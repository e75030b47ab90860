"""Tables that go on over pages, made one.

A table goes on where the next page begins with one of the same columns. Its headings, printed
again, are left out. A row goes on where the rule is missing both below it and above the rest. It
is guessed that one does where the rows at the break are too empty to be rows, as no others are;
and that none does in a table without rules, unless numbers say so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from nichiiki_ld.document import Grid, GridCell, GridRow, Printed, Ruby
from nichiiki_ld.reading.limits import Allowance
from nichiiki_ld.reading.pdf.layout import TablePart

_SAME_COLUMN_PT = 3.0
_MOST_HEADING_ROWS = 3
_NUMBER = re.compile(r"[(（]?\d{1,4}[)）.．]?")
_EMPTY = 0.5
"""How much of a row must be empty, for it to be the rest of one."""


class GrowingTable:
    """A table, as far as it was read.

    Attributes:
        first, last: Its parts on the first and the last page.
        guessed: Pages that begin with a row that was taken for the rest of one, though no
            rule says so.
    """

    def __init__(self, part: TablePart) -> None:
        """Begin with its first part."""
        self.first = self.last = part
        self.guessed: list[int] = []
        self._columns = part.columns
        self._rows = [list(row) for row in part.rows]
        self._pages = [part.page] * len(part.rows)
        self._guesses: set[int] = set()
        self._open = part.open_below
        # A table that has no rule around it shows nothing by having none at the end of a page.
        self._closes = not all(part.open_above)

    def takes(self, part: TablePart) -> bool:
        """Go on with the part of another page, if it is of this table."""
        places = self._places(part)
        if places is None:
            return False
        rows = [[row[place] if new else _again(row[place]) for place, new in places] for row in part.rows]
        repeated = self._repeated(rows)
        # Where headings stand between, only the end of the page before shows what goes on.
        further = [part.open_above[place] or bool(repeated) for place, _ in places]
        goes_on = [above and below and self._closes for above, below in zip(further, self._open, strict=True)]
        rows = rows[repeated:]
        if rows:
            rest = not any(goes_on) and self._is_rest(rows[0], part.page)
            if rest or self._shows_nothing(part, repeated):
                self._guesses.add(len(self._rows) - rest)
            if all(goes_on) or rest:
                self._join_row(rows)
                rows = rows[1:]
            else:
                self._go_on_merged(rows, goes_on)
        self._rows += rows
        self._pages += [part.page] * len(rows)
        self._open = tuple(part.open_below[place] for place, _ in places)
        self.last = part
        return True

    def grid(self, allowance: Allowance) -> Grid:
        """Return the table, without rows and columns in which no text begins.

        Raises:
            UnreadableDocument: It has more places or characters than are allowed.
        """
        width = len(self._columns) - 1
        columns = [column for column in range(width) if any(_begins(row[column]) for row in self._rows)]
        rows = []
        for number, (row, page) in enumerate(zip(self._rows, self._pages, strict=True)):
            if any(map(_begins, row)):
                cells = tuple(row[column] for column in columns)
                allowance.cells(len(cells))
                allowance.characters(sum(len(cell.text) for cell in cells))
                rows.append(GridRow(cells, page, guessed=number in self._guesses))
        return Grid(tuple(rows))

    def _places(self, part: TablePart) -> list[tuple[int, bool]] | None:
        """Return for each column the one of the part, and whether it begins there; None where they do not fit."""
        own, other = self._columns, part.columns
        if bool(part.rivers) != bool(self.last.rivers):
            return None
        if part.rivers:
            apart = len(own) != len(other) or any(
                max(river.x0, theirs.x0) > min(river.x1, theirs.x1)
                for river, theirs in zip(self.last.rivers, part.rivers, strict=True)
            )
            return None if apart else [(column, True) for column in range(len(own) - 1)]
        # Left and right pages may have different margins.
        shifted = [place - other[0] + own[0] for place in other]
        if abs(shifted[-1] - own[-1]) > _SAME_COLUMN_PT:
            return None
        if any(min(abs(place - mine) for mine in own) > _SAME_COLUMN_PT for place in shifted):
            return None
        places: list[tuple[int, bool]] = []
        for left in own[:-1]:
            place = min(bisect_right(shifted, left + _SAME_COLUMN_PT), len(shifted) - 1) - 1
            places.append((place, not places or places[-1][0] != place))
        return places

    def _headings(self) -> int:
        """Return how many rows the headings have: those that cells of the first row hang together."""
        depth = 1
        while depth < min(_MOST_HEADING_ROWS, len(self._rows)) and _hang_together(
            self._rows[depth - 1], self._rows[depth]
        ):
            depth += 1
        return depth

    def _repeated(self, rows: Sequence[Sequence[GridCell]]) -> int:
        """Return how many rows of headings are printed again."""
        count = 0
        for own, other in zip(self._rows[: self._headings()], rows, strict=False):
            if [cell.text for cell in own] != [cell.text for cell in other] or not any(
                cell.text for cell in own
            ):
                break
            count += 1
        return count

    def _shows_nothing(self, part: TablePart, repeated: int) -> bool:
        """Return whether neither rules nor numbers show if a row goes on in the part of another page."""
        if part.rivers:
            return not (self.last.numbered and part.numbered)
        return not self._closes and all(self._open) and (all(part.open_above) or bool(repeated))

    def _is_rest(self, row: Sequence[GridCell], page: int) -> bool:
        """Return whether a row, or the one before it, is not whole: a page ended in the midst of one."""
        *before, last = self._rows[self._headings() :] or [[]]
        if not before:
            return False
        rest = _is_part(row, before) or _is_part(last, before)
        if rest:
            self.guessed.append(page)
        return rest

    def _join_row(self, rows: list[list[GridCell]]) -> None:
        """Add the first of some rows to the last one, and let cells over several rows say the same everywhere."""
        for column, (cell, rest) in enumerate(zip(list(self._rows[-1]), rows[0], strict=True)):
            whole = _join(cell, rest)
            for row in reversed(self._rows):
                if row[column].printed is not cell.printed:
                    break
                row[column] = GridCell(whole.printed, row[column].merged)
            for row in rows[1:]:
                if not row[column].merged or row[column].printed is not rest.printed:
                    break
                row[column] = GridCell(whole.printed, merged=True)

    def _go_on_merged(self, rows: list[list[GridCell]], goes_on: Sequence[bool]) -> None:
        """Let a cell over several rows that goes on from the page before cover the rows here too."""
        for column, further in enumerate(goes_on):
            begun = rows[0][column].printed
            if further and not begun.text:
                above = GridCell(self._rows[-1][column].printed, merged=True)
                for row in rows:
                    if row[column].printed is not begun:
                        break
                    row[column] = above


def _again(cell: GridCell) -> GridCell:
    return GridCell(cell.printed, merged=True)


def _begins(cell: GridCell) -> bool:
    return bool(cell.text) and not cell.merged


def _hang_together(row: Sequence[GridCell], below: Sequence[GridCell]) -> bool:
    """Return whether one cell covers places of both rows, or several of the upper one."""
    down = any(cell.merged and cell.printed is upper.printed for upper, cell in zip(row, below, strict=True))
    return down or any(cell.merged for cell in row)


def _join(cell: GridCell, rest: GridCell) -> GridCell:
    if not rest.text or rest.printed is cell.printed:
        return cell
    if not cell.text:
        return GridCell(rest.printed, cell.merged)
    before = len(cell.text) + 1
    rubies = (Ruby(ruby.start + before, ruby.end + before, ruby.reading) for ruby in rest.printed.rubies)
    return GridCell(Printed(f"{cell.text}\n{rest.text}", (*cell.printed.rubies, *rubies)), cell.merged)


def _is_part(row: Sequence[GridCell], before: Sequence[Sequence[GridCell]]) -> bool:
    """Return whether a row is too empty to be one, as none of those before is.

    A row without a number where all others have one is none. Else rows below a cell over
    several rows are empty in the first column, and headings between rows in all others.
    """
    if not row[0].text and not row[0].merged and all(_NUMBER.fullmatch(each[0].text) for each in before):
        return True
    empty = sum(not cell.text for cell in row)
    usual = _stands_alone if row[0].text else _is_below_merged
    return _EMPTY * len(row) <= empty < len(row) and not any(map(usual, before))


def _stands_alone(row: Sequence[GridCell]) -> bool:
    return bool(row[0].text) and not any(cell.text for cell in row[1:] if not cell.merged)


def _is_below_merged(row: Sequence[GridCell]) -> bool:
    return row[0].merged or not row[0].text
