"""The rows of a list: which lines of its tables make one, and which are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nichiiki_ld.document import Document, Paragraph
from nichiiki_ld.extract.apart import (
    first_column,
    is_note,
    is_set_apart,
    is_signed,
    is_total,
    may_head,
    names_a_kind,
    prefecture_before,
    spans,
)
from nichiiki_ld.extract.contents import is_places
from nichiiki_ld.extract.continuation import begins_next, ends_last, goes_on, is_covered, is_loose
from nichiiki_ld.extract.covering import begins, from_above, from_left, own_texts
from nichiiki_ld.extract.headings import comparable
from nichiiki_ld.extract.prefecture_headings import heads_prefecture
from nichiiki_ld.extract.tables import Table
from nichiiki_ld.extract.transcript import Piece
from nichiiki_ld.joints import on_one_line
from nichiiki_ld.places import SAME_AS_ABOVE

_MOST_NAMED = 20
"""Rows that a note names."""


class PlaceCell(NamedTuple):
    """A printed cell of places, and the prefecture that is printed for all of them.

    Attributes:
        pieces: The cell; of a plain text it can be cut by ends of lines.
    """

    pieces: tuple[Piece, ...]
    prefecture: Piece | None


@dataclass(slots=True)
class Row:
    """A row of the list.

    Attributes:
        lines: Block and row of the lines of tables that it is.
        pieces: Column → what is printed in it; no column that is empty.
        guessed: Whether the reader guessed where one of its lines begins.
    """

    table: Table
    lines: list[tuple[int, int]]
    pieces: dict[int, list[Piece]] = field(default_factory=dict)
    places: list[PlaceCell] = field(default_factory=list)
    guessed: bool = False

    def of(self, role: str) -> list[Piece]:
        """Return what is printed in the column of a role."""
        column = self.table.column(role)
        return [] if column is None else self.pieces.get(column, [])


def read_rows(document: Document, tables: Sequence[Table]) -> tuple[list[Row], list[str]]:
    """Return the rows of a list in their order, and what a person should know.

    Every line of the tables is a row, or part of one, but for empty lines, headers that are
    printed again, prefectures as headings, and notes; all but the first are noted. A line that
    sums up others, or that is a heading of another kind, is a row.
    """
    reader = _Reader(document)
    for table in tables:
        reader.read(table)
    return reader.rows, list(reader.notes())


class _Reader:
    """What is known while the lines are read from top to bottom."""

    def __init__(self, document: Document) -> None:
        self.rows: list[Row] = []
        self._document = document
        self._last: Row | None = None
        """The row that a line can belong to."""
        self._prefecture: Piece | None = None
        """The last of the column of prefectures."""
        self._heading: Piece | None = None
        """The prefecture that is a heading of the lines which follow."""
        self._table: Table | None = None
        """The one that was read last."""
        self._ahead: list[Piece] = []
        """Places printed in lines of their own before the row that they belong to."""
        self._headers: set[tuple[str, ...]] = set()
        self._headers_again = 0
        self._going_on: list[int] = []
        self._outside: list[str] = []

    def notes(self) -> Iterator[str]:
        """Yield what a person should know, in one sentence each."""
        if self._headers_again:
            yield f"The header is printed again {_times(self._headers_again)}, and was left out there."
        if self._going_on:
            numbers = list(dict.fromkeys(self._going_on))
            shown = ", ".join(map(str, numbers[:_MOST_NAMED])) + ("…" if len(numbers) > _MOST_NAMED else "")
            yield f"Lines that print nothing of their own but places or the rest of a text were taken as part of the row above: row {shown}."
        for line in self._outside[:_MOST_NAMED]:
            yield f"The line 「{line}」 is in no row."
        if len(self._outside) > _MOST_NAMED:
            yield f"{len(self._outside) - _MOST_NAMED} more lines are in no row."

    def read(self, table: Table) -> None:
        """Read the lines of a table."""
        if not table.goes_on or is_set_apart(self._document, self._table, table):
            self._last = self._prefecture = None
            self._heading = prefecture_before(self._document, table)
        self._table = table
        if table.header:
            rows = range(table.header.first, table.header.last + 1)
            self._headers = {_key(table, row) for row in rows}
        last = max(
            (r for r in range(table.body, len(table.grid.rows)) if len(own_texts(table.grid, r)) > 1),
            default=-1,
        )
        gap = False
        for row in range(table.body, len(table.grid.rows)):
            if texts := own_texts(table.grid, row):
                self._read_line(table, row, texts, below=gap and row > last)
            else:
                gap = True
        if self._ahead:
            self._begin(table, None)

    def _read_line(self, table: Table, row: int, texts: Sequence[str], *, below: bool) -> None:
        """Read a line that is not empty.

        Args:
            texts: What it shows.
            below: It stands below the table, behind a line that is empty.
        """
        if _key(table, row) in self._headers:
            self._headers_again += 1
        elif len(texts) == 1 and self._is_outside(table, row, below=below):
            self._outside.append(on_one_line(texts[0]))
        elif not (is_total(texts) or names_a_kind(texts[0])) and self._goes_on(table, row):
            self._go_on(table, row)
        elif is_loose(self._document, table, row) and begins_next(table, row):
            self._ahead.append(Piece(table.block, row, 0))
        else:
            if may_head(table, row, texts):
                # Whatever it heads, the prefecture before it does not hold any longer.
                self._heading = self._prefecture = None
            self._begin(table, (table.block, row))

    # --- lines that are no rows ---------------------------------------------------------

    def _is_outside(self, table: Table, row: int, *, below: bool) -> bool:
        """Say whether a line with one text is no row: a note, a heading, or what stands below the table."""
        column = first_column(table, row)
        text = table.grid.rows[row].cells[column].text
        if is_note(text):
            return True
        sets_apart = spans(table, row) or is_signed(text) or table.roles[column] != "places"
        if heads_prefecture(text) and len(table.roles) > 1 and sets_apart:
            self._heading, self._prefecture = Piece(table.block, row, column), None
            self._last = None
            return True
        alone = spans(table, row) or column == 0
        return below and alone and not is_places(text) and not is_total([text])

    # --- lines that go on from the row above ----------------------------------------------

    def _goes_on(self, table: Table, row: int) -> bool:
        """Say whether a line belongs to the row above it."""
        if self._last is None:
            return False
        if is_loose(self._document, table, row):
            before = self._last.pieces.get(len(table.roles) - 1, [])
            return ends_last(table, row, self._text(before[-1]) if before else "")
        return goes_on(table, row)

    def _go_on(self, table: Table, row: int) -> None:
        last = self._last
        assert last is not None
        last.lines.append((table.block, row))
        last.guessed |= table.grid.rows[row].guessed
        if is_loose(self._document, table, row):
            self._going_on.append(len(self.rows))
            piece = Piece(table.block, row, 0)
            last.pieces.setdefault(len(table.roles) - 1, []).append(piece)
            if table.roles[-1] == "places":
                *before, newest = last.places or [PlaceCell((), None)]
                last.places = [*before, newest._replace(pieces=(*newest.pieces, piece))]
            return
        if not is_covered(table, row):
            self._going_on.append(len(self.rows))
        for column in range(len(table.roles)):
            if begins(table.grid, row, column):
                last.pieces.setdefault(column, []).append(Piece(table.block, row, column))
        self._add_places(table, row, last, only_own=True)

    # --- lines that begin a row -------------------------------------------------------------

    def _begin(self, table: Table, line: tuple[int, int] | None) -> None:
        """Begin a row with a line, and with the places that stood before it."""
        ahead, self._ahead = self._ahead, []
        lines = [(piece.block, piece.row) for piece in ahead]
        new = Row(table, [*lines, line] if line else lines)
        if ahead:
            new.pieces[0] = [*ahead]
            self._going_on.append(len(self.rows) + 1)
        self.rows.append(new)
        self._last = new
        if line is None:
            new.places.append(PlaceCell(tuple(ahead), self._heading))
            return
        block, row = line
        new.guessed = table.grid.rows[row].guessed
        for column, cell in enumerate(table.grid.rows[row].cells):
            if cell.text.strip() and not from_left(table.grid, row, column):
                new.pieces.setdefault(column, []).append(Piece(block, row, column))
        self._add_places(table, row, new, only_own=False, before=ahead)

    def _add_places(
        self, table: Table, row: int, to: Row, *, only_own: bool, before: Sequence[Piece] = ()
    ) -> None:
        """Add the places of a line to its row.

        Args:
            only_own: What the line has from above is in the row already.
            before: What lines before it printed of the first column.
        """

        def tells(column: int) -> bool:
            text = table.grid.rows[row].cells[column].text.strip()
            own = begins(table.grid, row, column) or (not only_own and not from_left(table.grid, row, column))
            return bool(text) and own and not is_total([text])

        prefecture = self._prefecture_of(table, row, to) or self._heading
        found = [
            PlaceCell((*(before if column == 0 else ()), Piece(table.block, row, column)), prefecture)
            for column in table.columns("places")
            if tells(column)
        ]
        if before and not tells(0):
            found.insert(0, PlaceCell(tuple(before), prefecture))
        of_prefectures = table.column("prefecture")
        if not found and of_prefectures is not None and tells(of_prefectures):
            found = self._instead_of_towns(table, row, of_prefectures, to)
        to.places += found

    def _instead_of_towns(self, table: Table, row: int, of_prefectures: int, of: Row) -> list[PlaceCell]:
        """Return the places of a line that prints a prefecture but no town of its own."""
        prefecture = Piece(table.block, row, of_prefectures)
        towns = [
            column
            for column in table.columns("places")
            if table.grid.rows[row].cells[column].text.strip() and not from_left(table.grid, row, column)
        ]
        if not towns:
            # A prefecture that takes part as a whole has no town beside it.
            return [] if self._text(prefecture).strip() in SAME_AS_ABOVE else [PlaceCell((prefecture,), None)]
        # What reaches down from the line above lies in this prefecture too; a total is no place.
        return [
            PlaceCell((self._printed_at(table, row, column, of),), prefecture)
            for column in towns
            if from_above(table.grid, row, column)
        ]

    def _prefecture_of(self, table: Table, row: int, of: Row) -> Piece | None:
        """Return where the prefecture of a line is printed: in it, or above it for several lines."""
        column = table.column("prefecture")
        if column is None:
            return None
        text = table.grid.rows[row].cells[column].text.strip()
        if (
            text
            and text not in SAME_AS_ABOVE
            and not is_total([text])
            and not from_left(table.grid, row, column)
        ):
            self._prefecture = self._printed_at(table, row, column, of)
        return self._prefecture

    @staticmethod
    def _printed_at(table: Table, row: int, column: int, of: Row) -> Piece:
        """Return where a text that may reach down over several lines of a row begins in it."""
        while from_above(table.grid, row, column) and (table.block, row - 1) in of.lines:
            row -= 1
        return Piece(table.block, row, column)

    def _text(self, piece: Piece) -> str:
        grid = self._document.blocks[piece.block]
        return "" if isinstance(grid, Paragraph) else grid.rows[piece.row].cells[piece.column].text


def _key(table: Table, row: int) -> tuple[str, ...]:
    return tuple(comparable(cell.text) for cell in table.grid.rows[row].cells)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
