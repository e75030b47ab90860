"""A sheet of a workbook: what its cells show, and where."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.datetime import from_ISO8601, to_excel
from openpyxl.utils.exceptions import CellCoordinatesException

from nichiiki_ld.document import Grid, Printed
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.lattice import Lattice
from nichiiki_ld.reading.limits import MOST_CELLS, Allowance
from nichiiki_ld.reading.office.digits import general
from nichiiki_ld.reading.office.margins import has_words, without_codes
from nichiiki_ld.reading.office.number_format import GENERAL, show, show_text
from nichiiki_ld.reading.office.package import Handler, Package
from nichiiki_ld.reading.office.workbook_text import Text, TextReader, plain_text, unescaped

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_TRUE = frozenset({"1", "true", "on"})
_MARGINS = frozenset(f"{pages}{end}" for pages in ("odd", "even", "first") for end in ("Header", "Footer"))


@dataclass(frozen=True, slots=True)
class Styles:
    """What all sheets of a workbook share.

    Attributes:
        texts: Shared strings.
        formats: Format code of each cell style.
        since_1904: Days are counted from 1904.
    """

    texts: Sequence[Text]
    formats: Sequence[str]
    since_1904: bool


@dataclass(slots=True)
class Findings:
    """What a person should know of a sheet, as counts.

    Attributes:
        unknown: Format codes that were not applied.
        struck: The first cell whose text is struck out in part.
        margins: Printed pages have headers or footers with words.
    """

    hidden_rows: int = 0
    hidden_columns: int = 0
    formulas: int = 0
    readings: int = 0
    errors: int = 0
    struck: str = ""
    margins: bool = False
    unknown: dict[str, str] = field(default_factory=dict)


class Sheet:
    """Reads one sheet from its elements."""

    def __init__(self, name: str, styles: Styles, allowance: Allowance, where: str) -> None:
        """Begin a sheet of which nothing is read yet."""
        self.name = name
        self.findings = Findings()
        self._styles = styles
        self._allowance = allowance
        self._where = f"{where}, sheet 「{name}」"
        self._shown: dict[tuple[int, int], Printed] = {}
        self._without_value: dict[tuple[int, int], None] = {}
        self._formulas: set[tuple[int, int]] = set()
        self._merged: list[tuple[int, int, int, int]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._guided_columns: set[int] = set()
        self._guided_row = False
        self._row = self._column = self._described = 0
        self._cell: Mapping[str, str] = {}
        self._value: list[str] | None = None
        self._within_value = self._has_formula = False
        self._inline: TextReader | None = None
        self._margin: list[str] | None = None
        self._beginners: dict[str, Callable[[Mapping[str, str]], None]] = {
            "c": self._begin_cell,
            "v": self._begin_value,
            "f": self._begin_formula,
            "is": self._begin_inline,
            "row": self._begin_row,
            "col": self._begin_columns,
            "mergeCell": self._begin_merge,
            **dict.fromkeys(_MARGINS, self._begin_margin),
        }

    def read(self, package: Package, part: str) -> Grid | None:
        """Return the table of the sheet; None where nothing is shown.

        Raises:
            UnreadableDocument: It is damaged or too large, or a formula has no kept value.
        """
        package.stream(part, Handler(self._start, self._end, self._text))
        rows, columns = _Visible(self._hidden_rows), _Visible(self._hidden_columns)
        for row, column in self._without_value:
            if row not in self._hidden_rows and column not in self._hidden_columns:
                raise UnreadableDocument(
                    "has a formula whose value was not kept",
                    where=f"{self._where}, cell {_name(row, column)}",
                    hint="open the workbook in Excel or LibreOffice, let it calculate, and save it again",
                )
        self._count()
        lattice = Lattice(self._allowance, opaque=True)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in self._merged}
        for (row, column), printed in self._shown.items():
            bottom, right = merged.get((row, column), (row, column))
            top, left = rows.before(row), columns.before(column)
            height, width = rows.before(bottom + 1) - top, columns.before(right + 1) - left
            if height > 0 and width > 0:
                lattice.place(top, left, printed, height=height, width=width)
        return lattice.grid(self.name)

    def _count(self) -> None:
        hidden = self._hidden_rows, self._hidden_columns
        self.findings.hidden_rows = len({row for row, _ in self._shown if row in hidden[0]})
        self.findings.hidden_columns = len({column for _, column in self._shown if column in hidden[1]})
        self.findings.formulas = sum(
            row not in hidden[0] and column not in hidden[1] for row, column in self._formulas
        )

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._inline:
            self._inline.start(tag, attributes)
        elif begin := self._beginners.get(tag):
            begin(attributes)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._allowance.seen()
        self._cell, self._value, self._has_formula = attributes, None, False
        self._move(attributes.get("r", ""))

    def _begin_value(self, _attributes: Mapping[str, str]) -> None:
        self._value, self._within_value = [], True

    def _begin_formula(self, _attributes: Mapping[str, str]) -> None:
        self._has_formula = True

    def _begin_inline(self, _attributes: Mapping[str, str]) -> None:
        self._inline = TextReader()

    def _begin_margin(self, _attributes: Mapping[str, str]) -> None:
        self._margin = []

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._allowance.seen()
        self._row = int(attributes.get("r", self._row + 1))
        self._column = 0
        self._guided_row = attributes.get("ph", "") in _TRUE
        if attributes.get("hidden", "") in _TRUE and self._row <= _LAST_ROW:
            self._hidden_rows.add(self._row)

    def _end(self, tag: str) -> None:
        if tag == "c":
            self._take()
            self._inline = None
        elif tag == "v":
            self._within_value = False
        elif tag in _MARGINS and self._margin is not None:
            self.findings.margins |= has_words(without_codes("".join(self._margin)))
            self._margin = None
        elif self._inline:
            self._inline.end(tag)

    def _text(self, text: str) -> None:
        if self._inline:
            self._inline.text(text)
        elif self._within_value and self._value is not None:
            self._value.append(text)
        elif self._margin is not None:
            self._margin.append(text)

    def _move(self, reference: str) -> None:
        if reference:
            try:
                letters, self._row = coordinate_from_string(reference)
            except CellCoordinatesException as error:
                raise ValueError(*error.args) from None
            self._column = column_index_from_string(letters)
        else:
            self._column += 1
        if not (0 < self._row <= _LAST_ROW and 0 < self._column <= _LAST_COLUMN):
            raise ValueError(f"sheet 「{self.name}」 has a cell at row {self._row}, column {self._column}")

    def _begin_columns(self, attributes: Mapping[str, str]) -> None:
        first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
        span = range(first, min(last, _LAST_COLUMN) + 1)
        self._described += len(span)
        if self._described > _LAST_COLUMN:
            raise ValueError(f"sheet 「{self.name}」 describes more columns than a sheet has")
        if attributes.get("hidden", "") in _TRUE:
            self._hidden_columns.update(span)
        if attributes.get("phonetic", "") in _TRUE:
            self._guided_columns.update(span)

    def _begin_merge(self, attributes: Mapping[str, str]) -> None:
        left, top, right, bottom = range_boundaries(attributes.get("ref", ""))
        self._allowance.has_cells(len(self._merged))
        # Whole columns and rows have no numbers of the other kind.
        self._merged.append((top or 1, left or 1, bottom or _LAST_ROW, right or _LAST_COLUMN))

    def _take(self) -> None:
        """Keep what the cell shows that has just ended."""
        place = self._row, self._column
        kind = self._cell.get("t", "n")
        value = None if self._value is None else "".join(self._value)
        if self._has_formula:
            self._allowance.has_cells(len(self._formulas))
            self._formulas.add(place)
            if value is None or (not value and kind != "str"):
                self._without_value[place] = None
                return
        text = None
        if self._inline:
            text = _formatted(self._inline.result(), self._format())
        elif value:
            text = self._showing(kind, value)
        if not text or not text.printed.text:
            return
        if text.struck and not self.findings.struck:
            self.findings.struck = _name(*place)
        guided = self._guided_row or self._column in self._guided_columns or self._cell.get("ph", "") in _TRUE
        self.findings.readings += bool(text.guided.rubies) and not guided
        if len(self._shown) == MOST_CELLS:
            self._allowance.has_cells(MOST_CELLS + 1)
        self._shown[place] = text.guided if guided else text.printed

    def _showing(self, kind: str, value: str) -> Text:
        code = self._format()
        match kind:
            case "s":
                return _formatted(self._styles.texts[int(value)], code)
            case "str":
                return _formatted(plain_text(unescaped(value)), code)
            case "b":
                return plain_text("TRUE" if value in _TRUE else "FALSE")
            case "e":
                self.findings.errors += 1
                return plain_text(value)
            case "d":
                number = to_excel(from_ISO8601(value))
            case _:
                number = float(value)
        if not math.isfinite(number):
            raise ValueError(
                f"cell {_name(self._row, self._column)} of sheet 「{self.name}」 has the number {value}"
            )
        if code == GENERAL:
            return plain_text(general(number))
        shown = show(number, code, since_1904=self._styles.since_1904)
        if shown is None:
            self.findings.unknown.setdefault(code, _name(self._row, self._column))
            shown = general(number)
        return plain_text(shown)

    def _format(self) -> str:
        style = int(self._cell.get("s", "0"))
        return self._styles.formats[style] if 0 <= style < len(self._styles.formats) else GENERAL


class _Visible:
    """Counts the rows or columns that are not hidden."""

    def __init__(self, hidden: set[int]) -> None:
        self._hidden = sorted(hidden)

    def before(self, number: int) -> int:
        """Return how many visible ones stand before one: its own place, where it is visible."""
        return number - bisect_left(self._hidden, number)


def _formatted(text: Text, code: str) -> Text:
    if code in {GENERAL, "@"}:
        return text
    shown = show_text(text.printed.text, code)
    return text if shown == text.printed.text else plain_text(shown)


def _name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"
