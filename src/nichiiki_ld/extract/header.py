"""The rows of a table that say what its columns are: mostly the first, not always, and at times two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nichiiki_ld.document import Grid
from nichiiki_ld.extract.contents import Content, is_places, looks_like
from nichiiki_ld.extract.covering import begins, from_above, own_texts
from nichiiki_ld.extract.headings import IGNORED, MOST_CHARACTERS, Meaning, comparable, meanings
from nichiiki_ld.joints import on_one_line

MOST_ROWS = 200
"""Among so many first rows of a table a header is looked for."""

MOST_HEADER_ROWS = 3

_SAMPLE_CELLS = 50
_PLACES = frozenset({"places", "prefecture"})


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column.

    Attributes:
        text: As printed, on one line; empty where there is none.
        meanings: What it may mean.
        stated: The role that somebody gave it, or empty.
        row, column: Where it is printed in the table.
    """

    text: str
    meanings: tuple[Meaning, ...]
    stated: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: rows `first` to `last`, and what heads each column."""

    first: int
    last: int
    headings: tuple[Heading, ...]


def find_header(grid: Grid, stated: Mapping[str, str]) -> Header | None:
    """Return the header of a table: the first row with headings of places and of something else that we know.

    Failing that, a heading of places suffices if names of places stand below it, and after
    that two headings that we know without the places. A header can have more rows: group
    headings above, or headings of their own below them.

    Args:
        stated: Comparable heading → role, for headings that mean nothing by themselves.
    """
    of_places = of_others = None
    for row in range(min(len(grid.rows), MOST_ROWS)):
        roles = _roles(grid, row, stated)
        known = {found[0] for found in roles if found[0] != IGNORED}
        places = any(_PLACES.intersection(found) for found in roles)
        if places and not _has_content(grid, row, stated):
            if len(known) > 1:
                return _with_neighbours(grid, row, stated)
            if of_places is None and _heads_places(grid, row, stated):
                of_places = row
        if of_others is None and len(known) > 1:
            of_others = row
    best = of_others if of_places is None else of_places
    return None if best is None else _with_neighbours(grid, best, stated)


def _known(text: str, stated: Mapping[str, str]) -> tuple[str, tuple[Meaning, ...]]:
    """Return the role that was given to a heading, and what it may mean by itself."""
    role = stated.get(comparable(text), "") if len(text) <= 10 * MOST_CHARACTERS else ""
    return role, () if role else meanings(text)


def _roles(grid: Grid, row: int, stated: Mapping[str, str]) -> list[list[str]]:
    """Return for each heading of a row that we know the roles that it may have."""
    known = (_known(text, stated) for text in own_texts(grid, row))
    return [[role] if role else [meaning.role for meaning in found] for role, found in known if role or found]


def _has_content(grid: Grid, row: int, stated: Mapping[str, str]) -> bool:
    """Say whether a row tells of places or at length: then it is none of headings, whatever else it prints."""
    return any(
        (is_places(text) or len(comparable(text)) > MOST_CHARACTERS) and not any(_known(text, stated))
        for text in own_texts(grid, row)
    )


def _heads_places(grid: Grid, row: int, stated: Mapping[str, str]) -> bool:
    for column, cell in enumerate(grid.rows[row].cells):
        role, found = _known(cell.text, stated)
        if role in _PLACES:
            return True
        if any(meaning.role in _PLACES for meaning in found):
            below = [r.cells[column].text for r in grid.rows[row + 1 : row + 1 + _SAMPLE_CELLS]]
            if looks_like(Content.PLACES, [text for text in below if text.strip()]):
                return True
    return False


def _with_neighbours(grid: Grid, row: int, stated: Mapping[str, str]) -> Header:
    first = last = row
    while (
        last + 1 < len(grid.rows) and last - row < MOST_HEADER_ROWS - 1 and _extends(grid, last + 1, stated)
    ):
        last += 1
    if row > 0 and _completes(grid, row, stated):
        first -= 1
    headings = (
        _heading(grid, range(first, last + 1), column, stated) for column in range(len(grid.rows[row].cells))
    )
    return Header(first, last, tuple(headings))


def _extends(grid: Grid, row: int, stated: Mapping[str, str]) -> bool:
    """Say whether a row has headings that stand below those of the row above it."""
    own = [c for c in range(len(grid.rows[row].cells)) if begins(grid, row, c)]
    known = [c for c in own if any(_known(grid.rows[row].cells[c].text, stated))]
    open_above = len(own) < sum(bool(cell.text.strip()) for cell in grid.rows[row - 1].cells)
    short = all(len(grid.rows[row].cells[c].text) <= MOST_CHARACTERS for c in own)
    repeated = all(grid.rows[row].cells[c].text == grid.rows[row - 1].cells[c].text for c in own)
    return bool(known) and 2 * len(known) >= len(own) and open_above and short and not repeated


def _completes(grid: Grid, row: int, stated: Mapping[str, str]) -> bool:
    """Say whether the row above a header tells what columns are that it leaves open or names too shortly."""
    for column, cell in enumerate(grid.rows[row].cells):
        above = grid.rows[row - 1].cells[column].text
        if not above.strip():
            continue
        if from_above(grid, row, column):
            return True
        if not cell.text.strip() and any(_known(above, stated)):
            return True
        if (
            cell.text.strip()
            and not any(_known(cell.text, stated))
            and any(_known(above + cell.text, stated))
        ):
            return True
    return False


def _heading(grid: Grid, rows: Sequence[int], column: int, stated: Mapping[str, str]) -> Heading:
    stack: list[tuple[int, str]] = []
    for row in rows:
        text = on_one_line(grid.rows[row].cells[column].text)
        if text and not (stack and stack[-1][1] == text):
            stack.append((row, text))
    if not stack:
        return Heading("", (), "", rows[-1], column)
    for row, text in _forms(stack):
        role, found = _known(text, stated)
        if role or found:
            return Heading(text, found, role, row, column)
    return Heading(" ".join(text for _, text in stack), (), "", stack[-1][0], column)


def _forms(stack: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield what the heading of a column can be called: 市町村 名称, 名称, 市町村."""
    if len(stack) > 1:
        yield stack[-1][0], " ".join(text for _, text in stack)
    yield from reversed(stack)
