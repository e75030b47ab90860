"""Word files: paragraphs and tables in the order of the body.

Source: ECMA-376 Part 1, 17 (WordprocessingML).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nichiiki_ld.document import Document, Grid, Paragraph, Printed
from nichiiki_ld.reading.lattice import Lattice, is_frame
from nichiiki_ld.reading.limits import Allowance
from nichiiki_ld.reading.office.margins import has_words
from nichiiki_ld.reading.office.package import Package, attribute, damage_named, local
from nichiiki_ld.reading.office.runs import Runs
from nichiiki_ld.reading.remarks import counted

_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"})
"""What may stand around paragraphs, tables, rows and cells and prints nothing itself."""

_DELETED = frozenset({"del", "moveFrom"})
_BESIDE: dict[str, tuple[str, Callable[[str], bool]]] = {
    "headers": ("header", has_words),
    "footers": ("footer", has_words),
    "footnotes": ("footnotes", bool),
    "endnotes": ("endnotes", bool),
    "comments": ("comments", bool),
}
"""What stands in parts of its own, by the kind of these, and what tells that such a text says anything."""


def read_docx(content: bytes, where: str) -> Document:
    """Return the paragraphs and tables of a Word file.

    A merged cell's text stands in all its places. Of tracked changes the insertions are
    taken and the deletions left out. A table that contains tables is a layout: the inner
    tables and the text around them are read; a table of one cell is a frame. Headers, footers,
    footnotes, comments, hidden text and text boxes are left out, and numbers that Word makes
    itself, because the file does not have them as text; what was left out that has text is
    noted, but for headers and footers without a letter: those number pages.

    Raises:
        UnreadableDocument: The file is no Word file, damaged, encrypted or too large.
    """
    package = Package(content, where)
    with damage_named(where):
        main = package.main()
        body = _child(package.tree(main), "body")
        if body is None:
            raise ValueError("it has no body")
        reader = _Reader(Allowance(where), _numbered_styles(package, main))
        reader.read(body)
        notes = list(reader.notes())
        notes += (
            f"The {what} were left out."
            for what, (kind, says) in _BESIDE.items()
            if any(says(_text(package, part)) for part in package.all_related(main, kind))
        )
        return Document(tuple(reader.blocks), title=package.title(), notes=tuple(notes))


class _Reader:
    def __init__(self, allowance: Allowance, numbered_styles: frozenset[str]) -> None:
        self.blocks: list[Paragraph | Grid] = []
        self._allowance = allowance
        self._numbered_styles = numbered_styles
        self._runs = Runs()
        self._numbered = 0
        self._deleted_rows = 0

    def read(self, container: Any) -> None:
        """Read what stands in the body, or in a cell of a layout."""
        for element in _within(container):
            if local(element.tag) == "p":
                printed = self._paragraph([element])
                if printed.text.strip():
                    self._allowance.paragraph(printed.text)
                    self.blocks.append(Paragraph(printed))
            elif local(element.tag) == "tbl":
                self._table(element)

    def notes(self) -> Iterator[str]:
        """Yield what a person should know."""
        if self._numbered:
            paragraphs = counted(self._numbered, "paragraph is", "paragraphs are")
            yield f"{paragraphs} numbered by Word; the numbers are not in the file, and were left out."
        if self._deleted_rows:
            rows = counted(self._deleted_rows, "table row is", "table rows are")
            yield f"{rows} deleted in tracked changes, and were left out."
        yield from self._runs.notes()

    def _paragraph(self, paragraphs: list[Any]) -> Printed:
        printed, filled = self._runs.read(paragraphs)
        self._numbered += sum(self._is_numbered(each) for each in filled)
        return printed

    def _is_numbered(self, paragraph: Any) -> bool:
        properties = _child(paragraph, "pPr")
        if properties is None:
            return False
        numbering = _child(properties, "numPr")
        if numbering is not None:
            number = _child(numbering, "numId")
            return number is not None and attribute(number, "val") != "0"
        style = _child(properties, "pStyle")
        return style is not None and attribute(style, "val") in self._numbered_styles

    def _table(self, table: Any) -> None:
        rows = [row for row in _within(table) if local(row.tag) == "tr"]
        if any(local(each.tag) == "tbl" for row in rows for each in row.iter()):
            for row in rows:
                for cell in _cells(row):
                    self.read(cell)
            return
        lattice = Lattice(self._allowance)
        for cell in self._placed(rows):
            lattice.place(cell.row, cell.column, cell.printed, height=cell.height, width=cell.width)
        grid = lattice.grid()
        if grid and is_frame(grid):
            self.blocks.append(Paragraph(grid.rows[0].cells[0].printed))
        elif grid:
            self.blocks.append(grid)

    def _placed(self, rows: list[Any]) -> list[_Placed]:
        placed: list[_Placed] = []
        above: dict[int, _Placed] = {}
        number = 0
        for row in rows:
            properties = _child(row, "trPr")
            if properties is not None and any(local(each.tag) in _DELETED for each in properties):
                self._deleted_rows += 1
                continue
            here: dict[int, _Placed] = {}
            column = _number(properties, "gridBefore", 0)
            for cell in _cells(row):
                shape = _child(cell, "tcPr")
                width = _number(shape, "gridSpan", 1)
                if _goes_on(shape) and column in above:
                    here[column] = above[column]
                    here[column].height += 1
                else:
                    printed = self._paragraph([each for each in _within(cell) if local(each.tag) == "p"])
                    here[column] = _Placed(number, column, width, printed)
                    placed.append(here[column])
                column += width
            above = here
            number += 1
        return placed


@dataclass(slots=True)
class _Placed:
    """A cell, as far as it was seen to reach down."""

    row: int
    column: int
    width: int
    printed: Printed
    height: int = 1


def _goes_on(shape: Any) -> bool:
    """Return whether a cell is the lower part of one that begins further up."""
    merge = None if shape is None else _child(shape, "vMerge")
    return merge is not None and attribute(merge, "val") != "restart"


def _within(element: Any) -> Iterator[Any]:
    """Yield the children of an element, and those of what wraps some of them."""
    for child in element:
        name = local(child.tag)
        if name in _WRAPPERS:
            yield from _within(child)
        elif name not in _DELETED:
            yield child


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in _within(row) if local(cell.tag) == "tc")


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if local(child.tag) == name), None)


def _number(properties: Any, name: str, otherwise: int) -> int:
    element = None if properties is None else _child(properties, name)
    return otherwise if element is None else max(int(attribute(element, "val") or otherwise), otherwise)


def _numbered_styles(package: Package, main: str) -> frozenset[str]:
    part = package.related(main, "styles")
    if not part:
        return frozenset()
    styles = (each for each in package.tree(part) if local(each.tag) == "style")
    return frozenset(
        attribute(style, "styleId")
        for style in styles
        if any(local(each.tag) == "numId" and attribute(each, "val") != "0" for each in style.iter())
    )


def _text(package: Package, part: str) -> str:
    texts = (each.text or "" for each in package.tree(part).iter() if local(each.tag) == "t")
    return "".join(texts).strip()
