"""Documents made by hand, as short as what they are to show."""

from __future__ import annotations

from collections.abc import Sequence

from nichiiki_ld.document import Document, Grid, GridCell, GridRow, Paragraph, Printed, Ruby
from nichiiki_ld.extract import Extraction
from nichiiki_ld.model import LEAD

UP = "↑"
"""A place that is covered by the cell above it."""

LEFT = "←"
"""A place that is covered by the cell to its left."""


def document(*blocks: str | Paragraph | Grid, title: str = "") -> Document:
    """Return a document; a text is a paragraph."""
    pages = max((page for block in blocks if not isinstance(block, str) for page in _pages(block)), default=0)
    return Document(
        tuple(Paragraph(Printed(block)) if isinstance(block, str) else block for block in blocks),
        pages=pages,
        title=title,
    )


def _pages(block: Paragraph | Grid) -> list[int]:
    return [block.page] if isinstance(block, Paragraph) else [row.page for row in block.rows]


def table(*rows: Sequence[str | Printed], name: str = "", pages: Sequence[int] = ()) -> Grid:
    """Return a table of texts, `UP` and `LEFT` where a cell is merged."""
    made: list[tuple[GridCell, ...]] = []
    for row in rows:
        cells: list[GridCell] = []
        for column, text in enumerate(row):
            if text == UP:
                cells.append(GridCell(made[-1][column].printed, merged=True))
            elif text == LEFT:
                cells.append(GridCell(cells[-1].printed, merged=True))
            else:
                cells.append(GridCell(text if isinstance(text, Printed) else Printed(text)))
        made.append(tuple(cells))
    page_of = [*pages, *[0] * (len(made) - len(pages))]
    return Grid(tuple(GridRow(cells, page) for cells, page in zip(made, page_of, strict=True)), name)


def paragraph(text: str, page: int) -> Paragraph:
    """Return a paragraph on a page."""
    return Paragraph(Printed(text), page)


def ruby(*parts: str | tuple[str, str]) -> Printed:
    """Return a text with readings above some of its parts: `("北見", "きたみ"), "市"`."""
    text = ""
    rubies = []
    for part in parts:
        base, reading = (part, "") if isinstance(part, str) else part
        if reading:
            rubies.append(Ruby(len(text), len(text) + len(base), reading))
        text += base
    return Printed(text, tuple(rubies))


def rows_of(extraction: Extraction) -> list[dict[str, str]]:
    """Return each row of the list, field → as printed, and check where everything stands."""
    rows: dict[str, dict[str, str]] = {}
    for cell in extraction.cells:
        assert extraction.text[cell.start : cell.end] == cell.printed, cell
        assert cell.printed.strip() == cell.printed != "", cell
        if cell.row != LEAD:
            assert cell.field not in rows.setdefault(cell.row, {}), cell
            rows[cell.row][cell.field] = cell.printed
    assert list(rows) == [str(number) for number in range(1, len(rows) + 1)]
    return list(rows.values())


def lead_of(extraction: Extraction) -> dict[str, str]:
    """Return the facts of the lead, field → as printed."""
    for cell in extraction.cells:
        assert extraction.text[cell.start : cell.end] == cell.printed, cell
    return {cell.field: cell.printed for cell in extraction.cells if cell.row == LEAD}
