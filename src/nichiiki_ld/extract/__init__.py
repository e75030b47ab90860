"""From a document to its text and the cells of its list, exactly as printed.

What is right is not asked here: misprints come out as they went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from nichiiki_ld.document import Document, Paragraph
from nichiiki_ld.errors import LayoutError
from nichiiki_ld.extract.cells import CellWriter
from nichiiki_ld.extract.contents import is_places
from nichiiki_ld.extract.headings import ROLES
from nichiiki_ld.extract.lead import read_lead
from nichiiki_ld.extract.rows import Row, read_rows
from nichiiki_ld.extract.tables import Table, find_tables
from nichiiki_ld.extract.transcript import OUTSIDE, Line, Transcript, verbatim
from nichiiki_ld.extract.transcription import transcribe
from nichiiki_ld.joints import on_one_line
from nichiiki_ld.model import Cell

__all__ = ["ROLES", "Column", "Extraction", "extract"]

_SHORT_LINE = 60
"""Characters: a longer line tells of places rather than names them."""

_NOTHING_STATED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list as it was understood.

    Attributes:
        heading: As printed, on one line; empty where there is none.
        role: One of `ROLES`.
        index: Counted from 0, from the left.
    """

    heading: str
    role: str
    index: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a document prints.

    Attributes:
        text: What offsets count in: the original if that is plain text, else a transcription.
        cells: Those of the lead in their order, then those of each row.
        notes: What a person should know: columns and tables that were left out, lines in no row.
            One sentence each.
    """

    text: str = field(repr=False)
    cells: tuple[Cell, ...]
    columns: tuple[Column, ...]
    notes: tuple[str, ...]


def extract(
    document: Document, columns: Mapping[str, str] = _NOTHING_STATED, *, where: str = ""
) -> Extraction:
    """Return the text of a document, and the cells of its lead and its list.

    The list is told by the headings of its columns, which may stand in any order. For each
    cell `text[start:end] == printed`.

    Args:
        columns: Heading as printed → role, one of `ROLES`, for headings that are not
            recognised by themselves.
        where: The document, for messages.

    Raises:
        LayoutError: The document has no table, none whose columns are recognised (the
            message has what to write into `source.toml`), or no rows in it; or `columns` names
            a heading that is not there.
    """
    tables, notes = find_tables(document, columns, where)
    rows, more = read_rows(document, tables)
    if not rows:
        raise LayoutError(
            "the table has no rows", where=where or None, hint="look whether the original is complete"
        )
    transcript = transcribe(document, tables, rows) if document.text is None else verbatim(document)
    writer = CellWriter(document, tables, transcript)
    cells = read_lead(transcript.text, _outside(document, transcript, tables, rows), document.title)
    for number, row in enumerate(rows, start=1):
        cells += writer.cells(str(number), row)
    notes += [*more, *_places_outside(document, tables, rows)]
    if writer.cut:
        notes.append(f"{writer.cut} texts go on in another line, and only their beginnings were read.")
    first = tables[0]
    shown = (
        Column(heading, role, index)
        for index, (heading, role) in enumerate(zip(first.headings, first.roles, strict=True))
    )
    return Extraction(transcript.text, tuple(cells), tuple(shown), tuple(notes))


def _outside(
    document: Document, transcript: Transcript, tables: Sequence[Table], rows: Iterable[Row]
) -> list[Line]:
    """Return the lines above and below the tables of the list, without the names of sheets."""
    ends = {table.block: (table.header.first if table.header else 0, table.body) for table in tables}
    for block, number in (line for row in rows for line in row.lines):
        ends[block] = (ends[block][0], max(ends[block][1], number + 1))
    found = []
    for line in transcript.lines:
        name_of_sheet = line.row == OUTSIDE and not isinstance(document.blocks[line.block], Paragraph)
        begin, end = ends.get(line.block, (0, 0))
        if not name_of_sheet and not begin <= line.row < end:
            found.append(line)
    return found


def _places_outside(document: Document, tables: Sequence[Table], rows: Iterable[Row]) -> Iterator[str]:
    """Yield notes of lines below the head of the list that look like names of places: a reader may have lost their row."""
    headings = {place.prefecture.block for row in rows for place in row.places if place.prefecture}
    for block in range(tables[0].block, len(document.blocks)):
        paragraph = document.blocks[block]
        if (
            isinstance(paragraph, Paragraph)
            and block not in headings
            and len(paragraph.text) <= _SHORT_LINE
            and is_places(paragraph.text)
        ):
            page = f" on page {paragraph.page}" if paragraph.page else ""
            yield f"The line 「{on_one_line(paragraph.text)}」{page} looks like names of places, but is in no table."
