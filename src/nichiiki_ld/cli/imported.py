"""What was imported, on one screen: what was recognised, and what is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nichiiki_ld.cli.table import visible
from nichiiki_ld.extract import Column
from nichiiki_ld.joints import on_one_line
from nichiiki_ld.model import LEAD, PAGE_BREAK, Doubt, Programme, Source
from nichiiki_ld.printed import plain
from nichiiki_ld.repository.folder import DESCRIPTION
from nichiiki_ld.suggestions import Suggestion

_FACTS = (
    ("published", ("published-date", "office")),
    ("call", ("fiscal-year", "round")),
    ("applications", ("application-opens", "application-closes", "application-count")),
    ("decisions", ("decision-count", "previous-decision-date")),
    ("telephone", ("telephone",)),
)
"""Lines of the screen → facts of the lead, in the order of reading."""

_KINDS = {
    "misprint": ("misprint", "misprints"),
    "contradiction": ("contradiction", "contradictions"),
    "count": ("number", "numbers"),
    "missing": ("missing fact", "missing facts"),
    "repeated": ("repetition", "repetitions"),
    "total": ("total", "totals"),
    PAGE_BREAK: ("page break", "page breaks"),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to.

    Attributes:
        columns: Of the list, as they were understood.
        suggestions: Of themes, for the rows that have none.
        pages: 0 where the format has none.
        anew: Whether there was no such source before.
    """

    folder: Path
    source: Source
    programme: Programme
    columns: Sequence[Column]
    notes: Sequence[str]
    doubts: Sequence[Doubt]
    suggestions: Sequence[Suggestion]
    pages: int
    anew: bool


def show(console: Console, imported: Imported, root: Path) -> None:
    """Print it.

    Args:
        root: The checkout, as the command line named it.
    """
    source = imported.source
    title = _told(source, ["title"]) or source.stated.get("title", "")
    console.print(Text(source.id, style="bold"))
    console.print(Padding(Text(visible(title), overflow="fold"), (0, 0, 0, 2), expand=False))
    console.print()
    console.print(Padding(_recognised(imported), (0, 0, 0, 2), expand=False))
    console.print()
    _print_left(console, imported, root)


def _recognised(imported: Imported) -> Table:
    grid = _grid()
    grid.add_row(
        "programme", Text.assemble(imported.programme.name["ja"], (f"  {imported.programme.id}", "dim"))
    )
    for label, fields in _FACTS:
        if told := _told(imported.source, fields):
            grid.add_row(label, Text(visible(told), overflow="fold"))
    rows = len({cell.row for cell in imported.source.cells} - {LEAD})
    pages = f" on {_count(imported.pages, 'page', 'pages')}" if imported.pages else ""
    grid.add_row("rows", f"{rows}{pages}")
    grid.add_row("columns", _columns(imported.columns))
    for label, note in zip(["notes", *[""] * len(imported.notes)], imported.notes, strict=False):
        grid.add_row(label, Text(visible(note), overflow="fold"))
    written = ", ".join(sorted(path.name for path in imported.folder.iterdir()))
    grid.add_row("files", Text.assemble(f"{imported.folder}/\n", (written, "dim"), overflow="fold"))
    return grid


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _columns(columns: Iterable[Column]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(overflow="fold")
    grid.add_column(style="cyan", no_wrap=True)
    for column in columns:
        role = Text(column.role, style="dim") if column.role == "ignored" else Text(column.role)
        grid.add_row(Text(visible(column.heading) or "(no heading)"), role)
    return grid


def _told(source: Source, fields: Iterable[str]) -> str:
    """Return what the lead prints of some facts, each printing once."""
    found: dict[str, str] = {}
    for field in fields:
        for cell in source.cells:
            if cell.row == LEAD and cell.base_field == field:
                found.setdefault(plain(cell.printed), on_one_line(cell.printed))
    return ", ".join(found.values())


def _print_left(console: Console, imported: Imported, root: Path) -> None:
    where = "" if root == Path() else f" --root {root}"
    left = list(_left(imported))
    if left:
        console.print("Left to do", style="bold")
        for each in left:
            console.print(Padding(Text(each, overflow="fold"), (0, 0, 0, 2), expand=False))
        console.print()
    asks = imported.doubts or imported.suggestions
    next_ = f"review {imported.source.id} --interactive" if asks else "build"
    console.print(Text.assemble("Next: ", (f"nichiiki-ld {next_}{where}", "bold green")), soft_wrap=True)


def _left(imported: Imported) -> Iterable[str]:
    decidable = Counter(doubt.kind for doubt in imported.doubts if doubt.printed)
    if decidable:
        kinds = ", ".join(
            _count(number, *_KINDS.get(kind, (kind, kind))) for kind, number in decidable.items()
        )
        yield f"decide: {kinds}"
    if missing := [doubt.field for doubt in imported.doubts if not doubt.printed]:
        yield f"say what is not printed: {', '.join(missing)}, in [stated] of {DESCRIPTION}"
    if imported.suggestions:
        rows = len({suggestion.row for suggestion in imported.suggestions})
        yield f"choose themes: {len(imported.suggestions)} suggested for {_count(rows, 'row', 'rows')}"
    if not imported.source.licence:
        yield f"look up the licence, and give it in {DESCRIPTION}"
    elif imported.anew:
        yield f"check the licence in {DESCRIPTION}"
    if imported.source.withheld is None:
        yield f"look for names of persons before the table: withheld in {DESCRIPTION}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
