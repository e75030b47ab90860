"""Lines of a table that belong to the row above them, because a cell is merged, a page ended, or a text was wrapped."""

from __future__ import annotations

import re

from nichiiki_ld.document import Document
from nichiiki_ld.extract.contents import is_places
from nichiiki_ld.extract.covering import begins, from_above
from nichiiki_ld.extract.tables import Table
from nichiiki_ld.orthography import is_kana

_TELLING = ("number", "applicant", "title", "summary", "amount")
"""Roles of which a row prints at least one of its own, unless it goes on from the row above."""

_NAMING = frozenset({"number", "applicant", "title"})
_HEADING_SIGN = re.compile(r"\s*[■□◆◇●○◎▼▽▲△★☆【〔\[<＜〈《]")
_SENTENCE_END = re.compile(r"[。．！？!?]\s*$")


def goes_on(table: Table, row: int) -> bool:
    """Say whether a line belongs to the row above it.

    It does when all that would tell a row is merged with the line above. When it is
    empty instead, that may as well be a row of which less is printed: then the line belongs to
    the row above if it has nothing but names of places, or the rest of a text after a page has ended.
    """
    there = {role: column for role in _TELLING if (column := table.column(role)) is not None}
    own = {role for role, column in there.items() if begins(table.grid, row, column)}
    if own - {"summary"} or not there:
        return False
    if is_covered(table, row):
        return not own
    places = [c for c in table.columns("places") if begins(table.grid, row, c)]
    if not _NAMING.intersection(there):
        return bool(own) and not places
    if own:
        return not places or _turns_page(table, row)
    cells = table.grid.rows[row].cells
    return all(is_places(cells[c].text) or is_kana(cells[c].text) for c in places)


def is_covered(table: Table, row: int) -> bool:
    """Say whether something that would tell a row is merged with the line above."""
    columns = (table.column(role) for role in _TELLING)
    cells = table.grid.rows[row].cells
    return any(c is not None and cells[c].text.strip() and from_above(table.grid, row, c) for c in columns)


def _turns_page(table: Table, row: int) -> bool:
    """Say whether a line is the first of a page, so that a row may have been cut there."""
    rows = table.grid.rows
    return rows[row].page > rows[row - 1].page if row > table.body else table.goes_on


# --- plain text ---------------------------------------------------------------------------


def is_loose(document: Document, table: Table, row: int) -> bool:
    """Say whether a line of a plain text has no separators, so that nothing says which column it is of."""
    line, text = table.grid.rows[row], document.text
    return (
        text is not None
        and len(table.roles) > 1
        and not any(cell.text.strip() for cell in line.cells[1:])
        and "\t" not in text[line.start : line.end]
    )


def begins_next(table: Table, row: int) -> bool:
    """Say whether such a line is the beginning of the places of a row that follows."""
    text = table.grid.rows[row].cells[0].text
    more = row + 1 < len(table.grid.rows)
    return more and table.roles[0] == "places" and (is_places(text) or is_kana(text))


def ends_last(table: Table, row: int, before: str) -> bool:
    """Say whether such a line is the rest of the last column of the row above.

    Cells are copied one after the other, so it can be nothing else of that row.

    Args:
        before: What that column printed so far.
    """
    text = table.grid.rows[row].cells[0].text
    if _HEADING_SIGN.match(text):
        return False
    if table.roles[-1] == "places":
        return True
    return bool(before.strip()) and not _SENTENCE_END.search(before) and not begins_next(table, row)
