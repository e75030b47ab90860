"""Documents as short lists, to be compared with what was written by hand."""

from __future__ import annotations

from nichiiki_ld.document import Document, Grid, Printed


def cells(grid: Grid) -> list[list[str]]:
    """Return the texts of a table; `~` stands before one that covers the place from elsewhere."""
    return [[f"{'~' if cell.merged else ''}{cell.text}" for cell in row.cells] for row in grid.rows]


def only_grid(document: Document) -> list[list[str]]:
    """Return the texts of the one table of a document."""
    (grid,) = document.grids()
    return cells(grid)


def blocks(document: Document) -> list[object]:
    """Return paragraphs as texts and tables as lists of lists, in their order."""
    return [cells(block) if isinstance(block, Grid) else block.text for block in document.blocks]


def read_above(printed: Printed) -> list[tuple[str, str]]:
    """Return each piece of text that has a reading, and the reading."""
    return [(printed.text[ruby.start : ruby.end], ruby.reading) for ruby in printed.rubies]
