"""The rows of a list: which lines of its tables make one, and which are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nichiiki_ld.document import Document, Paragraph
from nichiiki_ld.extract.contents import is_places
from nichiiki_ld.extract.continuation import begins_next, ends_last, goes_on, is_covered, is_loose
from nichiiki_ld.extract.covering import begins, from_above, from_left, own_texts
from nichiiki_ld.extract.headings import comparable
from nichiiki_ld.extract.line_breaks import on_one_line
from nichiiki_ld.extract.prefecture_headings import SAME_AS_ABOVE, heads_prefecture, prefecture_in
from nichiiki_ld.extract.tables import Table
from nichiiki_ld.extract.transcript import OUTSIDE, Piece
from nichiiki_ld.printed import plain

_NOTE = re.compile(r"\s*(?:※|＊|\*|[(（]注|注\s*[)）:：\d])")
_TOTAL = re.compile(r"(?:総合|総|合|小|累)?計(?:[(（:：\d].*)?")
_HEADING_SIGN = re.compile(r"\s*[■□◆◇●○◎▼▽▲△★☆【〔\[<＜〈《]")

_MOST_PARAGRAPHS_BETWEEN = 2
"""Between a prefecture as a heading and its table."""

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
        if not table.goes_on:
            self._last = self._prefecture = None
            self._heading = self._heading_before(table)
        if table.header:
            rows = range(table.header.first, table.header.last + 1)
            self._headers = {_key(table, row) for row in rows}
        last = max(
            (r for r in range(table.body, len(table.grid.rows)) if len(own_texts(table.grid, r)) > 1),
            default=-1,
        )
        gap = False
        for row in range(table.body, len(table.grid.rows)):
            texts = own_texts(table.grid, row)
            if not texts:
                gap = True
            elif _key(table, row) in self._headers:
                self._headers_again += 1
            elif len(texts) == 1 and self._is_outside(table, row, below=gap and row > last):
                self._outside.append(on_one_line(texts[0]))
            elif not _is_total(texts) and self._goes_on(table, row):
                self._go_on(table, row)
            elif is_loose(self._document, table, row) and begins_next(table, row):
                self._ahead.append(Piece(table.block, row, 0))
            else:
                self._begin(table, (table.block, row))
        if self._ahead:
            self._begin(table, None)

    # --- lines that are no rows ---------------------------------------------------------

    def _is_outside(self, table: Table, row: int, *, below: bool) -> bool:
        """Say whether a line with one text is no row: a note, a heading, or what stands below the table."""
        column = next(c for c in range(len(table.roles)) if table.grid.rows[row].cells[c].text.strip())
        text = table.grid.rows[row].cells[column].text
        if _NOTE.match(text):
            return True
        spans = any(from_left(table.grid, row, c) for c in range(len(table.roles)))
        signed = _HEADING_SIGN.match(text) is not None
        if (
            heads_prefecture(text)
            and len(table.roles) > 1
            and (spans or signed or table.roles[column] != "places")
        ):
            self._heading, self._prefecture = Piece(table.block, row, column), None
            self._last = None
            return True
        alone = spans or column == 0
        return below and alone and not is_places(text) and not _is_total([text])

    def _heading_before(self, table: Table) -> Piece | None:
        """Return a prefecture that is the name of the sheet, or a heading just before the table."""
        if prefecture_in(table.grid.name):
            return Piece(table.block, OUTSIDE, 0)
        before = range(table.block - 1, max(-1, table.block - 1 - _MOST_PARAGRAPHS_BETWEEN), -1)
        for block in before:
            paragraph = self._document.blocks[block]
            if not isinstance(paragraph, Paragraph):
                return None
            if heads_prefecture(on_one_line(paragraph.text)):
                return Piece(block, OUTSIDE, 0)
        return None

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
            return bool(text) and own and text not in SAME_AS_ABOVE and not _is_total([text])

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
            # A prefecture that takes part as a whole has no town beside it.
            found = [PlaceCell((Piece(table.block, row, of_prefectures),), None)]
        to.places += found

    def _prefecture_of(self, table: Table, row: int, of: Row) -> Piece | None:
        """Return where the prefecture of a line is printed: in it, or above it for several lines."""
        column = table.column("prefecture")
        if column is None:
            return None
        text = table.grid.rows[row].cells[column].text.strip()
        if (
            text
            and text not in SAME_AS_ABOVE
            and not _is_total([text])
            and not from_left(table.grid, row, column)
        ):
            at = row
            while from_above(table.grid, at, column) and (table.block, at - 1) in of.lines:
                at -= 1
            self._prefecture = Piece(table.block, at, column)
        return self._prefecture

    def _text(self, piece: Piece) -> str:
        grid = self._document.blocks[piece.block]
        return "" if isinstance(grid, Paragraph) else grid.rows[piece.row].cells[piece.column].text


def _key(table: Table, row: int) -> tuple[str, ...]:
    return tuple(comparable(cell.text) for cell in table.grid.rows[row].cells)


def _is_total(texts: Sequence[str]) -> bool:
    """Say whether a line sums up others."""
    return _TOTAL.fullmatch(plain(texts[0])) is not None


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
