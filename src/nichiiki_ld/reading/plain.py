"""Plain text, as one copies it out of a PDF: lines, and tables whose columns are separated by tabulators."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nichiiki_ld.document import Document, Grid, GridCell, GridRow, Paragraph, Printed
from nichiiki_ld.reading.encoding import decode
from nichiiki_ld.reading.limits import Allowance, check_size

_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_LINE = re.compile(rf"([^{_LINE_ENDS}]*)(\r\n|[{_LINE_ENDS}]|\Z)")
_PAGE_END = "\f"
_TABULATOR = re.compile(r"\t")
_GAP = re.compile(r"[ \u3000]{2,}")
_WIDE_GAP = re.compile(r"(?<! ) *+\u3000[ \u3000]*")
"""A run of spaces that has no ideographic one is looked at once, not once from each of its spaces."""

_MOST_WRAPPED = 3
"""So many lines without a tabulator may stand between two lines of a table."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    page: int
    page_ended: bool

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def read_plain(content: bytes, where: str) -> Document:
    """Return the lines of a text as paragraphs, and runs of lines with tabulators as tables.

    A table ends at an empty line. Lines with fewer columns than the longest get empty
    ones; up to three lines without a tabulator amid a table are lines of it with one
    column, because a cell may have been wrapped or a heading stand there. Where no
    line has a tabulator, columns may be separated by two or more spaces, or by ideographic spaces,
    if each line of a run has the same number of them.

    The text of the document is the decoded file, verbatim, and everything says where it
    stands in it. Pages are counted where the text has form feeds.

    Raises:
        UnreadableDocument: It cannot be decoded, is garbled or too large.
    """
    check_size(content, where)
    decoded = decode(content, where)
    allowance = Allowance(where)
    allowance.lines(sum(map(decoded.text.count, _LINE_ENDS)))
    lines = list(_lines(decoded.text))
    runs = _tabbed(lines) if "\t" in decoded.text else _spaced(lines)
    blocks: list[Paragraph | Grid] = []
    at = 0
    for begin, end, separator in runs:
        blocks += _paragraphs(lines[at:begin], allowance)
        blocks.append(_grid([line for line in lines[begin:end] if not line.blank], separator, allowance))
        at = end
    blocks += _paragraphs(lines[at:], allowance)
    return Document(
        tuple(blocks),
        pages=lines[-1].page,
        text=decoded.text,
        encoding=decoded.encoding,
        notes=decoded.notes,
    )


def _lines(text: str) -> Iterator[_Line]:
    page = 1 if _PAGE_END in text else 0
    inked = len(text.rstrip())
    for match in _LINE.finditer(text):
        line, end = match.groups()
        yield _Line(line, match.start(), page, end == _PAGE_END)
        if end == _PAGE_END and match.end() < inked:
            page += 1


def _paragraphs(lines: list[_Line], allowance: Allowance) -> Iterator[Paragraph]:
    for line in lines:
        if not line.blank:
            allowance.paragraph(line.text)
            yield Paragraph(Printed(line.text, start=line.start), line.page)


def _grid(lines: list[_Line], separator: re.Pattern[str], allowance: Allowance) -> Grid:
    split = [_split(line, separator) for line in lines]
    width = max(map(len, split))
    allowance.cells(width * len(lines))
    rows = []
    for line, cells in zip(lines, split, strict=True):
        allowance.characters(len(line.text))
        end = line.start + len(line.text)
        missing = GridCell(Printed("", start=end))
        rows.append(
            GridRow((*cells, *[missing] * (width - len(cells))), page=line.page, start=line.start, end=end)
        )
    return Grid(tuple(rows))


def _split(line: _Line, separator: re.Pattern[str]) -> list[GridCell]:
    start, end = (0, len(line.text)) if separator is _TABULATOR else _inked(line.text)
    cells = []
    for gap in separator.finditer(line.text, start, end):
        cells.append(GridCell(Printed(line.text[start : gap.start()], start=line.start + start)))
        start = gap.end()
    return [*cells, GridCell(Printed(line.text[start:end], start=line.start + start))]


def _inked(text: str) -> tuple[int, int]:
    """Return where a text begins and ends but for the spaces around it."""
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _tabbed(lines: list[_Line]) -> list[tuple[int, int, re.Pattern[str]]]:
    """Return where tables begin and end."""
    runs: list[tuple[int, int, re.Pattern[str]]] = []
    begin = last = -1
    for index, line in enumerate(lines):
        if "\t" in line.text and not line.blank:
            begin = index if begin < 0 else begin
            last = index
        elif begin >= 0 and (index - last > _MOST_WRAPPED or _separates(lines, index)):
            runs.append((begin, last + 1, _TABULATOR))
            begin = -1
    if begin >= 0:
        runs.append((begin, last + 1, _TABULATOR))
    return runs


def _separates(lines: list[_Line], index: int) -> bool:
    """Return whether a line is an empty one, and not just what stands between the end of a line and that of its page."""
    return lines[index].blank and not (lines[index].page_ended and not lines[index].text)


def _spaced(lines: list[_Line]) -> list[tuple[int, int, re.Pattern[str]]]:
    """Return where lines follow each other that have the same number of columns."""
    runs = []
    # Lines that do not suffice from the first of them on do so even less from a later one.
    failed: dict[re.Pattern[str], int] = {}
    index = 0
    while index < len(lines):
        begin = index
        for separator, suffices in _SPACED:
            if begin < failed.get(separator, 0):
                continue
            width, end = _run(lines, begin, separator)
            if suffices(width, end - begin):
                runs.append((begin, end, separator))
                index = end
                break
            failed[separator] = end
        else:
            index += 1
    return runs


def _run(lines: list[_Line], begin: int, separator: re.Pattern[str]) -> tuple[int, int]:
    """Return how many columns a line has, and where the run of lines ends that have as many."""
    width = _width(lines[begin], separator)
    end = begin + 1
    while end < len(lines) and _width(lines[end], separator) == width:
        end += 1
    return width, end


def _width(line: _Line, separator: re.Pattern[str]) -> int:
    """Return how many columns a line has; an empty one has none."""
    return 0 if line.blank else len(separator.findall(line.text.strip())) + 1


_SPACED: tuple[tuple[re.Pattern[str], Callable[[int, int], bool]], ...] = (
    (_GAP, lambda width, lines: (width >= 3 and lines >= 2) or (width == 2 and lines >= 3)),  # noqa: PLR2004 - as the name says
    (_WIDE_GAP, lambda width, lines: width >= 3 and lines >= 3),  # noqa: PLR2004 - a single ideographic space may be anything
)
"""Separators, and how many columns and lines are no chance: more lines never suffice less."""
