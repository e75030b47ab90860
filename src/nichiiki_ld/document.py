"""A document as its file prints it: paragraphs and tables, before anybody asks what they mean.

Every reader of a file format gives one of these, and nothing behind the readers
knows what format a document came in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ruby:
    """A reading set above a piece of text (furigana).

    Attributes:
        start, end: Offsets into the text that it stands above, end exclusive.
        reading: As printed.
    """

    start: int
    end: int
    reading: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A piece of text as printed.

    Attributes:
        text: Its lines, separated by line feeds; no tabulators. Where the format has a break that a
            writer made (`<br>`, Alt+Enter, a paragraph) and where a line was merely full
            (PDF), there is a line feed.
        rubies: Readings above parts of it, in the order of printing.
        start: Where it stands in the text of the document, when the original is plain
            text; else None.
    """

    text: str
    rubies: tuple[Ruby, ...] = ()
    start: int | None = None


@dataclass(frozen=True, slots=True)
class GridCell:
    """A place of a table.

    Attributes:
        merged: The place is covered by a cell that begins further up or left. It has that
            cell's printed text too.
    """

    printed: Printed
    merged: bool = False

    @property
    def text(self) -> str:
        """The printed text."""
        return self.printed.text


@dataclass(frozen=True, slots=True)
class GridRow:
    """A line of a table.

    Attributes:
        page: Page that it begins on, counted from 1; 0 where the format has no pages.
        start, end: Where the line stands in the text of the document, when the original
            is plain text.
        guessed: Whether nothing printed says that the line begins there: the page begins with
            it, or within it.
    """

    cells: tuple[GridCell, ...]
    page: int = 0
    start: int | None = None
    end: int | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its lines, all with the same number of places.

    Attributes:
        name: What the file calls it (a sheet of a workbook), or empty.
    """

    rows: tuple[GridRow, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text outside of tables: one line of it, or several that belong together."""

    printed: Printed
    page: int = 0

    @property
    def text(self) -> str:
        """The printed text."""
        return self.printed.text


@dataclass(frozen=True, slots=True)
class Document:
    """A document: paragraphs and tables in the order of reading.

    Attributes:
        pages: How many pages it has; 0 where the format has none.
        text: The decoded text, when the original is plain text: then every piece and
            line says where it stands in it. Else None.
        encoding: The character encoding that the original was read in, as Python names
            it; empty where the format says so itself.
        title: What the file says its title is (HTML, PDF, Office properties), or empty.
        notes: What a person should know of the reading: hidden rows left out, formulas
            read as their kept values. One sentence each.
    """

    blocks: tuple[Paragraph | Grid, ...]
    pages: int = 0
    text: str | None = field(default=None, repr=False)
    encoding: str = ""
    title: str = ""
    notes: tuple[str, ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the paragraphs in their order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def grids(self) -> Iterator[Grid]:
        """Yield the tables in their order."""
        return (block for block in self.blocks if isinstance(block, Grid))
