"""Solutions as a table on a terminal; where the columns have no room, as one record below the other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nichiiki_ld.compaction import Compactor
from nichiiki_ld.namespaces import XSD

MOST_ROWS = 1000
"""A table shows so many solutions and says how many there are; the other formats have all."""

_LEAST_WIDTH = 20
"""Columns of text that is wider than this are wrapped, but not narrower."""

_SPACE_BETWEEN = 3
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_NUMBERS = frozenset(
    f"{XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)


def visible(text: str) -> str:
    """Return a text with everything that a terminal would obey written out, line ends and tabulators excepted."""
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04X}", text.replace("\r\n", "\n"))


def show(console: Console, solutions: QuerySolutions, rows: int, compactor: Compactor) -> None:
    """Print solutions, and how many there are.

    Args:
        rows: How many solutions there are.
        compactor: Has the prefixes that IRIs are shortened with.
    """
    names = [variable.value for variable in solutions.variables]
    shown = [
        [_cell(term, compactor) for term in solution]
        for solution, _ in zip(solutions, range(MOST_ROWS), strict=False)
    ]
    numeric = [
        bool(shown) and all(cell.justify == "right" or not cell for cell in column)
        for column in _columns(names, shown)
    ]
    if shown and names:
        if _fits(console.width, names, shown):
            console.print(_table(names, shown, numeric))
        else:
            for number, row in enumerate(shown, start=1):
                console.print(Text(f"{number} of {rows}", style="dim"))
                console.print(_record(names, row))
                console.print()
    console.print(_count(rows), style="dim", highlight=False)


def _columns(names: Sequence[str], rows: Sequence[Sequence[Text]]) -> Iterable[list[Text]]:
    return ([row[place] for row in rows] for place in range(len(names)))


def _count(rows: int) -> str:
    if rows > MOST_ROWS:
        return f"the first {MOST_ROWS} of {rows} rows; --format csv gives all"
    return "1 row" if rows == 1 else f"{rows or 'no'} rows"


def _table(names: Sequence[str], rows: Iterable[Sequence[Text]], numeric: Sequence[bool]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for name, right in zip(names, numeric, strict=True):
        table.add_column(Text(name), overflow="fold", justify="right" if right else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _record(names: Sequence[str], row: Sequence[Text]) -> Table:
    record = Table.grid(padding=(0, 2, 0, 0))
    record.add_column(style="bold", no_wrap=True)
    record.add_column(overflow="fold")
    for name, cell in zip(names, row, strict=True):
        cell.justify = "left"
        record.add_row(Text(name), cell)
    return record


def _fits(width: int, names: Sequence[str], rows: Sequence[Sequence[Text]]) -> bool:
    """Tell whether a table is readable: narrow columns as they are, the others not narrower than some characters."""
    least = [
        min(_LEAST_WIDTH, max(Text(name).cell_len, *(_widest_line(cell) for cell in column)))
        for name, column in zip(names, _columns(names, rows), strict=True)
    ]
    return sum(least) + (len(names) - 1) * _SPACE_BETWEEN <= width


def _widest_line(cell: Text) -> int:
    return max(line.cell_len for line in cell.split(allow_blank=True))


def _cell(term: object, compactor: Compactor) -> Text:
    match term:
        case None:
            return Text()
        case NamedNode():
            curie = compactor.curie(term.value)
            return Text(visible(curie or f"<{compactor.relative(term.value) or term.value}>"), style="cyan")
        case BlankNode():
            return Text(visible(str(term)), style="cyan")
        case Literal():
            return _literal(term)
    return Text(visible(str(term)))


def _literal(term: Literal) -> Text:
    # What is empty is not the same as what is missing.
    cell = Text(visible(term.value) or json.dumps(term.value))
    if term.language:
        cell.append(f"@{term.language}", style="dim")
    if term.datatype.value in _NUMBERS:
        cell.justify = "right"
    return cell
