"""Tables as Excel workbooks: every text is a text, so that codes keep their zeros.

A CSV file says nothing of types, and Excel takes `012084` in it for a number. No way of
writing it in CSV works in Excel and in everything else; a workbook does.

The same rows make the same bytes: a workbook holds no time but the one that is given.

Source: ECMA-376 (Office Open XML); Excel specifications and limits (1,048,576 rows,
32,767 characters in a cell).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSION = "xlsx"

MOST_ROWS = 1_048_576
"""In a sheet, the headings included; what is more goes on in another sheet."""

MOST_CHARACTERS = 32_767
"""In a cell; a longer text ends with an ellipsis."""

Cell = str | int | float | None

_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")
_MOST_OF_A_TITLE = 25
_WIDTHS = (6, 48)
_WIDE = 0x2E80
"""From here on characters are about twice as wide as Latin ones."""


class Workbook:
    """A workbook that rows are written to, one after the other.

    Use it as a context: it is complete once the context has ended.
    """

    def __init__(
        self,
        output: Path | IO[bytes],
        title: str,
        headings: Sequence[str],
        *,
        created: datetime.date | None = None,
    ) -> None:
        """Begin a workbook.

        Args:
            output: A file is written row by row; a stream at once, when all rows are there.
            title: What its sheet is called.
            created: Day that it says of itself.
        """
        is_file = isinstance(output, Path)
        self._book = xlsxwriter.Workbook(
            str(output) if is_file else output,
            {"constant_memory": is_file, "in_memory": not is_file, "strings_to_formulas": False},
        )
        day = created or datetime.date(1980, 1, 1)
        self._book.set_properties(
            {"title": title, "created": datetime.datetime.combine(day, datetime.time(), datetime.UTC)}
        )
        self._title = _NOT_IN_A_TITLE.sub(" ", title)[:_MOST_OF_A_TITLE].strip() or "1"
        self._headings = headings
        self._bold = self._book.add_format({"bold": True, "num_format": "@"})
        self._text = self._book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self._number = self._book.add_format({"valign": "top"})
        self._begin_sheet()

    def __enter__(self) -> Self:
        """Return the workbook."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left to be written."""
        self._book.close()

    def write(self, cells: Iterable[Cell]) -> None:
        """Write a row: numbers as numbers, texts as texts whatever they look like."""
        if self._row == MOST_ROWS:
            self._begin_sheet()
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self._sheet.write_string(self._row, column, _fitting(cell), self._text)
            elif cell is not None:
                self._sheet.write_number(self._row, column, cell, self._number)
        self._row += 1

    def _begin_sheet(self) -> None:
        number = len(self._book.worksheets()) + 1
        self._sheet = self._book.add_worksheet(self._title if number == 1 else f"{self._title} ({number})")
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(self._headings):
            least, most = _WIDTHS
            width = sum(2 if ord(each) >= _WIDE else 1 for each in heading) + 4
            self._sheet.set_column(column, column, min(max(width, least), most))
            self._sheet.write_string(0, column, heading, self._bold)
        # A code is meant to be a text: no green corner for it.
        self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._row = 1


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
