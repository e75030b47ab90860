"""Which places of a table are covered by a cell that begins above them, and which by one to their left."""

from __future__ import annotations

from nichiiki_ld.document import Grid


def from_above(grid: Grid, row: int, column: int) -> bool:
    """Say whether a place is covered by a cell that begins further up."""
    cell = grid.rows[row].cells[column]
    return cell.merged and row > 0 and grid.rows[row - 1].cells[column].text == cell.text


def from_left(grid: Grid, row: int, column: int) -> bool:
    """Say whether a place is covered by a cell that begins in the same row, further left."""
    return grid.rows[row].cells[column].merged and not from_above(grid, row, column)


def begins(grid: Grid, row: int, column: int) -> bool:
    """Say whether a text is printed that begins in this place."""
    cell = grid.rows[row].cells[column]
    return not cell.merged and bool(cell.text.strip())


def own_texts(grid: Grid, row: int) -> list[str]:
    """Return the texts that a row shows, from left to right, each once: also those that begin above it."""
    return [
        cell.text
        for column, cell in enumerate(grid.rows[row].cells)
        if cell.text.strip() and not from_left(grid, row, column)
    ]
