"""The cells of a row of the list: what is printed in it, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nichiiki_ld.document import Document, Paragraph
from nichiiki_ld.extract.covering import from_left
from nichiiki_ld.extract.places import PrintedPlace, Span, split_places
from nichiiki_ld.extract.prefecture_headings import prefecture_in
from nichiiki_ld.extract.rows import PlaceCell, Row
from nichiiki_ld.extract.tables import Table
from nichiiki_ld.extract.transcript import OUTSIDE, Piece, Stretch, Transcript
from nichiiki_ld.extract.words import own_prefecture
from nichiiki_ld.model import PAGE_BREAK, ROW, Cell
from nichiiki_ld.places import SAME_AS_ABOVE

_UNIT = re.compile(
    r"[(（\[［【〔]\s?(?:単位\s?[:：]?\s?)?(?P<unit>(?:[千百十]?万|千|億)?円)[^()（）\[\]［］【】〔〕]{0,12}[)）\]］】〕]"
)
_CAPTION_UNIT = re.compile(r"単位\s?[:：]?\s?(?P<unit>(?:[千百十]?万|千|億)?円)")
_DASHES = re.compile(r"[\W_ー]*")
_MOST_CHARACTERS = 100
"""Of a cell of prefectures that is quoted for each of its towns."""

_SIGNS = [[sign] for sign in sorted(SAME_AS_ABOVE)]
_MOST_ABOVE = 30
"""Places that a sign stands for."""

_MOST_PARAGRAPHS_BETWEEN = 3
"""Between a caption and its table."""


class CellWriter:
    """Makes the cells of rows."""

    def __init__(self, document: Document, tables: Sequence[Table], transcript: Transcript) -> None:
        self._document = document
        self._transcript = transcript
        self.cut = 0
        """Texts that go on where they cannot be quoted as one."""
        self._above: Mapping[int, int] = {}
        """Column → how many places the row above has of it."""
        self._units: dict[int, Stretch | None] = {}
        unit = None
        for table in tables:
            unit = self._unit(table) or (unit if table.header is None or table.goes_on else None)
            self._units[table.block] = unit

    def cells(self, name: str, row: Row) -> Iterator[Cell]:
        """Yield the cells of a row: the whole, its beginning if a page may cut it, its number, places, applicant, title, summary and amount.

        Args:
            name: What the row is called: its ordinal in the list.
        """
        rows = self._transcript.rows
        whole = rows[row.lines[0]][0], max(rows[line][1] for line in row.lines if line in rows)
        yield self._cell(name, ROW, whole)
        if row.guessed:
            yield self._cell(name, PAGE_BREAK, self._beginning(row, whole))
        yield from self._texts(name, row, "number")
        ordinal = 0
        here: Counter[int] = Counter()
        for place in row.places:
            found = [*self._places(place)]
            column = place.pieces[0].column
            if [printed.name.printed for printed, _ in found] in _SIGNS:
                # The sign stands for each place above it, and each is asked about.
                found *= min(max(self._above.get(column, 0), 1), _MOST_ABOVE)
            here[column] += len(found)
            for printed in found:
                ordinal += 1
                yield from self._place(name, ordinal, *printed)
        self._above = here or self._above
        for role in ("applicant", "title", "summary", "amount"):
            yield from self._texts(name, row, role)

    def _cell(self, name: str, field: str, stretch: Stretch) -> Cell:
        return Cell(name, field, self._transcript.text[slice(*stretch)], *stretch)

    def _beginning(self, row: Row, whole: Stretch) -> Stretch:
        """Return where the first of a row's texts stands."""
        pieces = (piece for column in row.pieces.values() for piece in column)
        return min((place for p in pieces if (place := self._transcript.places.get(p))), default=whole)

    # --- texts ------------------------------------------------------------------------

    def _texts(self, name: str, row: Row, role: str) -> Iterator[Cell]:
        stretch = self._stretch(row, role)
        if stretch is None:
            return
        yield self._cell(name, role, stretch)
        unit = self._units[row.table.block] if role == "amount" else None
        if unit and "円" not in self._transcript.text[slice(*stretch)]:
            yield self._cell(name, "amount-unit", unit)

    def _stretch(self, row: Row, role: str) -> Stretch | None:
        """Return where the text of a column stands, as far as it is one piece."""
        stretches = self._joined(row.of(role))
        if len(stretches) > 1:
            self.cut += 1
        return stretches[0] if stretches else None

    def _joined(self, pieces: Iterable[Piece]) -> list[Stretch]:
        """Return where pieces stand; those that only the end of a line separates are one."""
        joined: list[Stretch] = []
        for start, end in (
            self._transcript.places[each] for each in pieces if each in self._transcript.places
        ):
            between = self._transcript.text[joined[-1][1] : start] if joined else "\t"
            if between.strip() or "\t" in between:
                joined.append((start, end))
            else:
                joined[-1] = joined[-1][0], end
        return joined

    # --- places -------------------------------------------------------------------------

    def _places(self, place: PlaceCell) -> Iterator[tuple[PrintedPlace, Stretch | None]]:
        """Yield the places of a cell, each with the prefecture that is printed apart from it."""
        shared = self._prefecture(place.prefecture)
        for start, end in self._joined(place.pieces):
            yield from self._split(start, end, shared)

    def _split(
        self, start: int, end: int, shared: Stretch | None
    ) -> Iterator[tuple[PrintedPlace, Stretch | None]]:
        for printed in split_places(self._transcript.text[start:end], start):
            if printed.prefecture:
                yield printed, (printed.prefecture.start, printed.prefecture.end)
            else:
                yield printed, None if own_prefecture(printed.name.printed) else shared

    def _prefecture(self, piece: Piece | None) -> Stretch | None:
        """Return where the prefecture of a cell of prefectures stands; the whole cell where it names not just one.

        What cannot be read is not passed over: a town of that name can lie elsewhere. A dash says nothing.
        """
        if piece is None or piece not in self._transcript.places:
            return None
        start, end = self._transcript.places[piece]
        found = prefecture_in(self._transcript.text[start:end])
        if found:
            return start + found[0], start + found[1]
        if _DASHES.fullmatch(self._transcript.text, start, end):
            return None
        printed = self._transcript.text[start : min(end, start + _MOST_CHARACTERS)]
        return start, start + len(printed.rstrip())

    def _place(
        self, name: str, ordinal: int, printed: PrintedPlace, prefecture: Stretch | None
    ) -> Iterator[Cell]:
        found = [("name", _stretch_of(printed.name))]
        if printed.reading:
            found.append(("reading", _stretch_of(printed.reading)))
        if prefecture:
            found.append(("prefecture", prefecture))
        for field, stretch in sorted(found, key=lambda each: each[1]):
            yield self._cell(name, f"{field}-{ordinal}", stretch)

    # --- units of amounts -----------------------------------------------------------------

    def _unit(self, table: Table) -> Stretch | None:
        """Return where the unit of a table's amounts is printed: in their heading, else in a caption."""
        column = table.column("amount")
        if column is None or table.header is None:
            return None
        for row in range(table.header.last, table.header.first - 1, -1):
            at = column
            while at > 0 and from_left(table.grid, row, at):
                at -= 1
            if found := self._search(_UNIT, Piece(table.block, row, at)):
                return found
        captions = [
            Piece(table.block, row, column)
            for row in range(table.header.first)
            for column in range(len(table.roles))
        ]
        for block in range(table.block - 1, max(-1, table.block - 1 - _MOST_PARAGRAPHS_BETWEEN), -1):
            if not isinstance(self._document.blocks[block], Paragraph):
                break
            captions.append(Piece(block, OUTSIDE, 0))
        return next((found for piece in captions if (found := self._search(_CAPTION_UNIT, piece))), None)

    def _search(self, pattern: re.Pattern[str], piece: Piece) -> Stretch | None:
        if piece not in self._transcript.places:
            return None
        found = pattern.search(self._transcript.text, *self._transcript.places[piece])
        return found and found.span("unit")


def _stretch_of(span: Span) -> Stretch:
    return span.start, span.end
