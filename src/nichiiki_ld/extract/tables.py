"""The tables of a document that are its list, and what their columns are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nichiiki_ld.document import Document, Grid
from nichiiki_ld.errors import LayoutError
from nichiiki_ld.extract.columns import assign
from nichiiki_ld.extract.contents import MOST_CELLS, Content, looks_like
from nichiiki_ld.extract.covering import begins
from nichiiki_ld.extract.header import Header, find_header
from nichiiki_ld.extract.headings import IGNORED, ROLES, comparable, may_name_persons
from nichiiki_ld.extract.unrecognised import no_table, not_recognised


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the list.

    Attributes:
        block: Which block of the document it is.
        header: None where it goes on without a header from the table before it.
        headings: As printed, one for each column; empty where there is none.
        roles: One for each column.
        body: Index of the first row below the header.
        goes_on: It goes on from the table before it, so that its first row can belong to that one's last.
    """

    block: int
    grid: Grid
    header: Header | None
    headings: tuple[str, ...]
    roles: tuple[str, ...]
    body: int
    goes_on: bool = False

    def columns(self, role: str) -> list[int]:
        """Return the columns of a role; several only of `places` and `ignored`."""
        return [column for column, each in enumerate(self.roles) if each == role]

    def column(self, role: str) -> int | None:
        """Return the column of a role, or None."""
        return next(iter(self.columns(role)), None)

    @property
    def signature(self) -> frozenset[tuple[str, str]]:
        """What tables of one list have in common: the roles and how they are headed."""
        return frozenset(
            (role, comparable(heading))
            for role, heading in zip(self.roles, self.headings, strict=True)
            if role != IGNORED
        )


def find_tables(document: Document, columns: Mapping[str, str], where: str) -> tuple[list[Table], list[str]]:
    """Return the tables that are the list of a document, in their order, and what a person should know.

    The list is the table that has places and the most else. Tables with the same columns are
    one list that goes on, and so is a table without header that follows and fits.

    Args:
        columns: Heading as printed → role, where somebody said so. A role that is given there
            goes to no other column.

    Raises:
        LayoutError: There is no table, none whose places are known, or a heading of
            `columns` stands in none.
    """
    stated = _stated(columns, where)
    blocks = [(index, block) for index, block in enumerate(document.blocks) if isinstance(block, Grid)]
    if not blocks:
        raise no_table(document, where)
    found = _recognise(blocks, stated)
    printed = {form for table in found for form in _forms(table)}
    if missing := [heading for heading in columns if comparable(heading) not in printed]:
        raise _not_there(missing, found, where)
    groups: dict[frozenset[tuple[str, str]], list[Table]] = {}
    for table in found:
        if "places" in table.roles and _suffices(table):
            groups.setdefault(table.signature, []).append(table)
    if not groups:
        raise not_recognised(
            [(t.grid, t.header) for t in found] or [(grid, None) for _, grid in blocks], where
        )
    best = max(
        groups.values(), key=lambda tables: (_known_roles(tables[0]), sum(len(t.grid.rows) for t in tables))
    )
    notes = [*_notes_of_columns(best[0]), *_notes_of_others(best, blocks, found)]
    return best, notes


def _stated(columns: Mapping[str, str], where: str) -> dict[str, str]:
    stated: dict[str, str] = {}
    for heading, role in columns.items():
        if role not in ROLES:
            raise LayoutError(
                f"'{role}', given to the heading 「{heading}」, is no role of a column",
                where=where,
                hint=f"use one of: {', '.join(ROLES)}",
            )
        if role in stated.values() and role not in {"places", IGNORED}:
            raise LayoutError(
                f"two columns are to be the {role}",
                where=where,
                hint=f"give one of them the role '{IGNORED}'; only places can stand in several columns",
            )
        stated[comparable(heading)] = role
    return stated


def _recognise(blocks: Sequence[tuple[int, Grid]], stated: Mapping[str, str]) -> list[Table]:
    found: list[Table] = []
    before: Table | None = None
    for block, grid in blocks:
        header = find_header(grid, stated)
        if header:
            table = _with_header(block, grid, header)
            if before and table.signature == before.signature:
                table = _follow(table, before)
            found.append(table)
            before = table
        elif before and _fits(grid, before):
            before = Table(block, grid, None, before.headings, before.roles, 0, goes_on=True)
            found.append(before)
        else:
            before = None
    return found


def _with_header(block: int, grid: Grid, header: Header) -> Table:
    body = header.last + 1
    roles = assign(header.headings, [_sample(grid, body, column) for column in range(len(header.headings))])
    headings = tuple(heading.text for heading in header.headings)
    return Table(block, grid, header, headings, tuple(role or IGNORED for role in roles), body)


def _sample(grid: Grid, body: int, column: int) -> list[str]:
    rows = range(body, min(len(grid.rows), body + MOST_CELLS))
    return [grid.rows[row].cells[column].text for row in rows if begins(grid, row, column)]


def _follow(table: Table, before: Table) -> Table:
    """Return a table that has the columns of the one before it; on the next page it goes on from there."""
    pages = before.grid.rows[-1].page, table.grid.rows[0].page
    goes_on = table.block == before.block + 1 and 0 < pages[0] == pages[1] - 1
    return Table(
        table.block, table.grid, table.header, table.headings, table.roles, table.body, goes_on=goes_on
    )


def _fits(grid: Grid, before: Table) -> bool:
    """Say whether a table without header can go on from the one before it."""
    if len(grid.rows[0].cells) != len(before.roles) or not before.columns("places"):
        return False
    cells = [cell for column in before.columns("places") for cell in _sample(grid, 0, column)]
    return looks_like(Content.PLACES, cells)


def _known_roles(table: Table) -> int:
    return len(set(table.roles) - {IGNORED})


def _suffices(table: Table) -> bool:
    """Say whether more is known of a table than its places, or nothing more stands in it."""
    return _known_roles(table) > 1 or all(
        role != IGNORED or not heading or (table.header is not None and table.header.headings[column].stated)
        for column, (role, heading) in enumerate(zip(table.roles, table.headings, strict=True))
    )


def _forms(table: Table) -> Iterator[str]:
    """Yield all that a person can call the headings of a table by."""
    yield from map(comparable, table.headings)
    if table.header:
        for row in table.grid.rows[table.header.first : table.header.last + 1]:
            yield from (comparable(cell.text) for cell in row.cells)


def _not_there(missing: Sequence[str], found: Sequence[Table], where: str) -> LayoutError:
    printed = dict.fromkeys(heading for table in found for heading in table.headings if heading)
    return LayoutError(
        f"no table has the heading {'、'.join(f'「{heading}」' for heading in missing)} that [columns] names",
        where=where,
        hint=f"name headings as printed; there are: {'、'.join(printed) or 'none'}",
    )


def _notes_of_columns(table: Table) -> Iterator[str]:
    for column, (role, heading) in enumerate(zip(table.roles, table.headings, strict=True)):
        if role != IGNORED:
            continue
        if heading:
            persons = (
                ", but is part of the row as printed, which is published: it may name persons"
                if may_name_persons(heading)
                else ""
            )
            yield f"The column 「{heading}」 was not read{persons}."
        elif _sample(table.grid, table.body, column):
            yield f"Column {column + 1} has no heading, and was not read."


def _notes_of_others(
    chosen: Sequence[Table], blocks: Sequence[tuple[int, Grid]], found: Sequence[Table]
) -> Iterator[str]:
    taken = {table.block for table in chosen}
    headings = {table.block: [heading for heading in table.headings if heading] for table in found}
    for number, (block, grid) in enumerate(blocks, start=1):
        if block in taken:
            continue
        name = f"「{grid.name}」" if grid.name else str(number)
        page = f" on page {grid.rows[0].page}" if grid.rows[0].page else ""
        columns = f", with the columns {'、'.join(headings[block])}" if headings.get(block) else ""
        count = len(grid.rows)
        yield f"Table {name}{page} ({count} row{'s' * (count != 1)}{columns}) is not of the list, and was left out."
