"""A document that is no plain text, written as one: what somebody gets who copies it out of the file.

Paragraphs are lines. A row of a table is a line, its cells separated by tabulators; a row of
the list that goes on below, because a cell is merged or a page ends, is one line too. A form feed
stands where a page begins. What is printed stays as it is: only breaks of lines within a cell
and blanks around it are not kept, and readings above names are written before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nichiiki_ld.document import Document, Grid, Paragraph, Printed, Ruby
from nichiiki_ld.extract.covering import from_left, own_texts
from nichiiki_ld.extract.line_breaks import joint_of_places, lines_of
from nichiiki_ld.extract.readings import with_readings
from nichiiki_ld.extract.rows import Row
from nichiiki_ld.extract.tables import Table
from nichiiki_ld.extract.transcript import OUTSIDE, Line, Piece, Stretch, Transcript
from nichiiki_ld.joints import join_lines, joint_of_text

PLACE_ROLES = frozenset({"places", "prefecture"})


def transcribe(document: Document, tables: Sequence[Table], rows: Iterable[Row]) -> Transcript:
    """Return the text of a document, and where in it everything is printed.

    Args:
        tables: Those of the list: in their columns of places, names are kept apart.
        rows: Of the list; each becomes one line.
    """
    writer = _Writer(document, tables, rows)
    named = sum(1 for _ in document.grids()) > 1
    for block, content in enumerate(document.blocks):
        if isinstance(content, Paragraph):
            writer.begin_page(content.page)
            writer.write_lines(content.text, Piece(block, OUTSIDE, 0))
        else:
            if content.name and named:
                writer.write_lines(content.name, Piece(block, OUTSIDE, 0))
            writer.write_grid(block, content)
    return Transcript(writer.text, writer.lines, writer.places, writer.rows)


def printed_in_line(printed: Printed, role: str) -> str:
    """Return the text of a cell on one line, in a column of places with the readings before the names."""
    joined = join_lines(printed.text, joint_of_places if role in PLACE_ROLES else joint_of_text)
    if role != "places" or not printed.rubies:
        return joined.text
    rubies = [
        Ruby(joined.places[ruby.start], joined.places[ruby.end - 1] + 1, ruby.reading)
        for ruby in printed.rubies
        if 0 <= ruby.start < ruby.end <= len(printed.text)
    ]
    return with_readings(joined.text, rubies)


class _Writer:
    """The text as far as it is written."""

    def __init__(self, document: Document, tables: Sequence[Table], rows: Iterable[Row]) -> None:
        self._document = document
        self._roles = {table.block: table.roles for table in tables}
        self._row_at: dict[tuple[int, int], Row] = {}
        self._within: set[tuple[int, int]] = set()
        for row in rows:
            self._row_at[row.lines[0]] = row
            self._within.update(row.lines[1:])
        self._written: list[str] = []
        self._length = 0
        self._page = 0
        self.lines: list[Line] = []
        self.places: dict[Piece, Stretch] = {}
        self.rows: dict[tuple[int, int], Stretch] = {}

    @property
    def text(self) -> str:
        """What is written."""
        return "".join(self._written)

    def begin_page(self, page: int) -> None:
        """Write a form feed before the first line of another page."""
        if page > self._page:
            if self._page:
                self._write("\f")
            self._page = page

    def write_lines(self, printed: str, piece: Piece) -> None:
        """Write a paragraph: one line, or several where its breaks separate something."""
        start = self._length
        for text in lines_of(printed):
            stretch = self._write(text)
            self._write("\n")
            self.lines.append(Line(*stretch, piece.block, piece.row, (stretch,)))
        self.places[piece] = start, max(start, self._length - 1)

    def write_grid(self, block: int, grid: Grid) -> None:
        """Write the rows of a table, those of the list as they belong together."""
        for number, line in enumerate(grid.rows):
            if (block, number) in self._within:
                continue
            self.begin_page(line.page)
            row = self._row_at.get((block, number))
            if row:
                columns = [row.pieces.get(column, []) for column in range(len(line.cells))]
            elif len(own_texts(grid, number)) == 1:
                # A title or a note: it may have lines that tell different things.
                column = next(c for c, cell in enumerate(line.cells) if cell.text.strip())
                self._write_title(Piece(block, number, column))
                continue
            else:
                columns = [
                    [] if from_left(grid, number, column) else [Piece(block, number, column)]
                    for column in range(len(line.cells))
                ]
            self._write_row(block, number, columns)

    def _write_title(self, piece: Piece) -> None:
        start = self._length
        self.write_lines(self._printed(piece).text, piece)
        self.rows[piece.block, piece.row] = start, max(start, self._length - 1)

    def _write_row(self, block: int, number: int, columns: Sequence[Sequence[Piece]]) -> None:
        start = end = self._length
        pieces = []
        # Tabulators behind the last text would be blanks at the end of a line.
        last = max(
            (c for c, each in enumerate(columns) if any(self._printed(p).text.strip() for p in each)),
            default=-1,
        )
        for column, each in enumerate(columns[: last + 1]):
            if column:
                self._write("\t")
            if stretch := self._write_cell(block, column, each):
                pieces.append(stretch)
                end = stretch[1]
        self._write("\n")
        if pieces:
            start = pieces[0][0]
        self.rows[block, number] = start, end
        self.lines.append(Line(start, end, block, number, pieces))

    def _write_cell(self, block: int, column: int, pieces: Sequence[Piece]) -> Stretch | None:
        role = self._roles[block][column] if block in self._roles else ""
        written = ""
        first = self._length
        for piece in pieces:
            text = printed_in_line(self._printed(piece), role)
            if not text:
                continue
            if written:
                self._write(" " if role in PLACE_ROLES else joint_of_text(written, text))
            written = text
            self.places[piece] = self._write(text)
        return (first, self._length) if written else None

    def _printed(self, piece: Piece) -> Printed:
        grid = self._document.blocks[piece.block]
        assert isinstance(grid, Grid)
        return grid.rows[piece.row].cells[piece.column].printed

    def _write(self, text: str) -> Stretch:
        start = self._length
        self._written.append(text)
        self._length += len(text)
        return start, self._length
