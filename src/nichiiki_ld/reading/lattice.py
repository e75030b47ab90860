"""Texts on rows and columns, made a grid."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise

from nichiiki_ld.document import Grid, GridCell, GridRow, Printed
from nichiiki_ld.reading.limits import Allowance

_EMPTY = GridCell(Printed(""))


def is_frame(grid: Grid) -> bool:
    """Return whether a table has one cell only: then it is a frame around a text."""
    return len(grid.rows) == 1 and len(grid.rows[0].cells) == 1


class Lattice:
    """Texts that stand on rows and columns, some across several of them.

    The grid that it gives has only columns in which a text begins, and only rows in
    which one begins: a table on squared paper, where each column is three merged ones,
    is the table that one sees. Where rows without text stand between rows with text, one
    of them stays, because a table may end there; unless a merged cell runs through.
    """

    def __init__(self, allowance: Allowance, *, opaque: bool = False) -> None:
        """Begin with nothing.

        Args:
            allowance: What the grid is charged to.
            opaque: A text that covers several places hides other texts there; else they show.
        """
        self._allowance = allowance
        self._opaque = opaque
        self._texts: dict[tuple[int, int], Printed] = {}
        self._spans: list[tuple[int, int, int, int]] = []

    def place(self, row: int, column: int, printed: Printed, *, height: int = 1, width: int = 1) -> None:
        """Set a text; an empty one only where it covers several places.

        Rows and columns are counted from anywhere, and may be skipped.

        Raises:
            UnreadableDocument: There are more texts than places are allowed.
        """
        self._allowance.has_cells(len(self._texts))
        if printed.text.strip():
            self._texts[row, column] = printed
        if height > 1 or width > 1:
            self._spans.append((row, column, row + height, column + width))

    def grid(self, name: str = "") -> Grid | None:
        """Return the grid, or None where there is no text.

        Raises:
            UnreadableDocument: It would have more places or characters than are allowed.
        """
        rows = sorted({row for row, _ in self._texts})
        columns = sorted({column for _, column in self._texts})
        if not rows:
            return None
        self._allowance.cells(len(rows) * len(columns))
        places = [[_EMPTY] * len(columns) for _ in rows]
        row_at = {row: index for index, row in enumerate(rows)}
        column_at = {column: index for index, column in enumerate(columns)}
        for (row, column), printed in self._texts.items():
            self._allowance.characters(len(printed.text))
            places[row_at[row]][column_at[column]] = GridCell(printed)
        for span in self._spans:
            self._cover(span, places, rows, columns)
        blank = GridRow((_EMPTY,) * len(columns))
        lines = []
        for cells, gap in zip(places, self._gaps(rows), strict=True):
            if gap:
                self._allowance.cells(len(columns))
                lines.append(blank)
            lines.append(GridRow(tuple(cells)))
        return Grid(tuple(lines), name)

    def _cover(
        self,
        span: tuple[int, int, int, int],
        places: list[list[GridCell]],
        rows: list[int],
        columns: list[int],
    ) -> None:
        top, left, bottom, right = span
        printed = self._texts.get((top, left))
        if printed is None:
            return
        across = range(bisect_left(columns, left), bisect_left(columns, right))
        down = range(bisect_left(rows, top), bisect_left(rows, bottom))
        self._allowance.cells(len(across) * len(down) - 1)
        for row in down:
            for column in across:
                if places[row][column] is _EMPTY or (
                    self._opaque and (rows[row], columns[column]) != (top, left)
                ):
                    self._allowance.characters(len(printed.text))
                    places[row][column] = GridCell(printed, merged=True)

    def _gaps(self, rows: list[int]) -> list[bool]:
        """Return for each row whether others stand before it that are empty and that nothing runs through."""
        begun = [0] * (len(rows) + 2)
        for top, _, bottom, _ in self._spans:
            if bottom - top > 1:
                begun[bisect_left(rows, top + 1)] += 1
                begun[bisect_left(rows, bottom - 1) + 1] -= 1
        through = list(accumulate(begun))
        apart = [False, *(other - one > 1 for one, other in pairwise(rows))]
        return [far and not spans for far, spans in zip(apart, through, strict=False)]
