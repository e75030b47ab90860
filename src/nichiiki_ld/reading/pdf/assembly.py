"""Pages, put together: what they print in the order of reading, without what repeats in their margins."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from nichiiki_ld.document import Grid, Paragraph
from nichiiki_ld.reading.limits import Allowance
from nichiiki_ld.reading.pdf.bands import bands
from nichiiki_ld.reading.pdf.joining import GrowingTable
from nichiiki_ld.reading.pdf.layout import Layout, TablePart, unruled_part
from nichiiki_ld.reading.pdf.lines import Line
from nichiiki_ld.reading.pdf.notes import Notebook
from nichiiki_ld.reading.pdf.paragraphs import paragraphs
from nichiiki_ld.reading.pdf.rivers import continue_block, find_block
from nichiiki_ld.reading.pdf.running import MarginLine, margin_lines, running_lines
from nichiiki_ld.reading.pdf.unruled import tabulate

_MOST_BANDS = 1_000
"""On a page: beyond it tables without rules are not looked for."""

_PAGES_BEFORE = 2
"""Whose margins are compared: left and right pages may differ."""


class Assembly:
    """A document, as far as its pages were read.

    A page is put in its place when the next one is known, because only then it is known
    what repeats in the margins.
    """

    def __init__(self, notebook: Notebook, allowance: Allowance) -> None:
        """Begin with nothing."""
        self._notebook = notebook
        self._allowance = allowance
        self._blocks: list[Paragraph | GrowingTable] = []
        self._before: deque[list[MarginLine]] = deque(maxlen=_PAGES_BEFORE)
        self._waiting: tuple[Layout, list[MarginLine]] | None = None
        self._growing: GrowingTable | None = None

    def add(self, page: Layout) -> None:
        """Take the next page."""
        margin = margin_lines(page)
        if self._waiting:
            self._place(*self._waiting, margin)
        self._waiting = page, margin

    def blocks(self) -> tuple[Paragraph | Grid, ...]:
        """Return what all pages print, after the last one.

        Raises:
            UnreadableDocument: There is more of it than is read.
        """
        if self._waiting:
            self._place(*self._waiting, [])
            self._waiting = None
        blocks: list[Paragraph | Grid] = []
        for block in self._blocks:
            if isinstance(block, GrowingTable):
                self._notebook.joined_pages += block.guessed
                blocks.append(block.grid(self._allowance))
            elif block.text:
                self._allowance.paragraph(block.text)
                blocks.append(block)
        return tuple(blocks)

    def _place(self, page: Layout, margin: list[MarginLine], after: Sequence[MarginLine]) -> None:
        earlier = [line for lines in self._before for line in lines]
        left_out, first = running_lines(margin, earlier, after)
        self._before.append(margin)
        self._notebook.running += [line.text for line in first]
        running = {id(line.line) for line in first}
        lines = [line for line in page.lines if not any(line is other for other in left_out)]
        # The right margin is as wide as the left one, or less: one long line is not full for being the longest.
        right = max(
            (*(line.x1 for line in lines), page.width - min((line.x0 for line in lines), default=0.0))
        )
        # Until something else comes, the table of the page before may go on.
        begun, self._growing = self._growing, None
        for part in self._parts(page, lines, begun):
            if isinstance(part, TablePart):
                if begun is None or not begun.takes(part):
                    begun = GrowingTable(part)
                    self._blocks.append(begun)
                self._growing, begun = begun, None
            else:
                self._blocks += paragraphs(part, page.readings, right, page.number)
                if any(id(line) not in running for line in part):
                    self._growing = begun = None
        self._growing = self._growing or begun

    def _parts(
        self, page: Layout, lines: Sequence[Line], begun: GrowingTable | None
    ) -> Iterator[list[Line] | TablePart]:
        """Yield the lines and tables of a page, from the top down.

        Args:
            begun: A table of the page before that may go on here.
        """
        tables = list(page.tables)
        run: list[Line] = []
        for line in lines:
            while tables and tables[0].top < line.middle:
                yield from _divide(page, run, begun)
                run, begun = [], None
                yield tables.pop(0)
            run.append(line)
        yield from _divide(page, run, begun)
        yield from tables


def _divide(
    page: Layout, run: Sequence[Line], begun: GrowingTable | None
) -> Iterator[list[Line] | TablePart]:
    """Yield the tables without rules among lines, and the lines between them."""
    found = bands(run, page.readings)
    index = 0
    plain: list[Line] = []
    while index < len(found):
        block = None
        if index == 0 and begun and begun.last.rivers:
            block = continue_block(found, begun.last.rivers, begun.first.heads, begun.last.within)
        if block is None and len(found) <= _MOST_BANDS:
            block = find_block(found, index)
        table = tabulate(block, found, page.rules) if block else None
        if block is None or table is None:
            plain += found[index].lines
            index += 1
        else:
            yield from _lines(plain)
            plain = []
            yield unruled_part(table, page.readings, page.number)
            index = block.end
    yield from _lines(plain)


def _lines(plain: list[Line]) -> Iterable[list[Line]]:
    return [plain] if plain else []
