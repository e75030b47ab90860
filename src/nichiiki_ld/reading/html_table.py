"""The table model of HTML: where cells stand that span rows and columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nichiiki_ld.document import Grid, Printed
from nichiiki_ld.reading.lattice import Lattice
from nichiiki_ld.reading.limits import Allowance

_MOST_COLUMNS = 1_000
_MOST_ROWS = 65_534
"""That a cell may span, as the standard has it."""

_NUMBER = re.compile(r"\s*\+?(\d{1,9})")
_ORDER = {"thead": 0, "tbody": 1, "tfoot": 2}


@dataclass(frozen=True, slots=True)
class _Spanning:
    printed: Printed
    height: int
    width: int


@dataclass(slots=True)
class _Group:
    """Rows that belong together: no cell spans into another group."""

    order: int
    rows: list[list[_Spanning]] = field(default_factory=list)


class TableReader:
    """Takes the groups, rows and cells of one table in their order in the file."""

    def __init__(self, allowance: Allowance) -> None:
        """Begin a table."""
        self._allowance = allowance
        self._places = 0
        self._groups: list[_Group] = []
        self._open = False

    def begin_group(self, name: str) -> None:
        """Begin `thead`, `tbody` or `tfoot`."""
        self._groups.append(_Group(_ORDER[name]))
        self._open = True

    def end_group(self) -> None:
        """End a group; a row that comes without one begins another."""
        self._open = False

    def begin_row(self) -> None:
        """Begin a row."""
        if not self._open:
            self.begin_group("tbody")
        self._groups[-1].rows.append([])

    def cell(self, printed: Printed, height: str, width: str) -> None:
        """Add a cell to the row.

        Args:
            height, width: How many rows and columns it says it spans; a height of 0 is the
                rest of its group.
        """
        self._charge(1)
        if not self._groups or not self._groups[-1].rows:
            self.begin_row()
        rows = _number(height, 1)
        spanning = _Spanning(
            printed,
            height=min(rows, _MOST_ROWS) if rows else _MOST_ROWS,
            width=min(max(_number(width, 1), 1), _MOST_COLUMNS),
        )
        self._groups[-1].rows[-1].append(spanning)

    def grid(self) -> Grid | None:
        """Return the table as it is shown: the head first, the foot last; None where it has no text.

        Raises:
            UnreadableDocument: It would have more places than are allowed.
        """
        lattice = Lattice(self._allowance)
        number = 0
        for group in sorted(self._groups, key=lambda each: each.order):
            taken: dict[int, int] = {}
            for index, row in enumerate(group.rows):
                column = 0
                for cell in row:
                    while taken.get(column, 0) > index:
                        column += 1
                        self._charge(1)
                    height = min(cell.height, len(group.rows) - index)
                    lattice.place(number, column, cell.printed, height=height, width=cell.width)
                    # A cell of one row cannot be in the way of another one.
                    if height > 1:
                        self._charge(cell.width)
                        taken.update(dict.fromkeys(range(column, column + cell.width), index + height))
                    column += cell.width
                number += 1
        return lattice.grid()

    def _charge(self, places: int) -> None:
        """Count places that are looked at."""
        self._places += places
        self._allowance.has_cells(self._places)


def _number(text: str, otherwise: int) -> int:
    match = _NUMBER.match(text)
    return int(match[1]) if match else otherwise
