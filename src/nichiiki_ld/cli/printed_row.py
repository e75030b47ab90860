"""A printed row, or a line of a lead, on a terminal: the words in doubt stand out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nichiiki_ld.cli.table import visible
from nichiiki_ld.model import LEAD, ROW, Cell, Doubt, Source
from nichiiki_ld.passages import Mark, cut
from nichiiki_ld.settlement import PLACE_FIELDS, Settlement
from nichiiki_ld.suggestions import Suggestion

IN_DOUBT = "bold white on red"
BESIDE = "yellow"
"""What belongs to the same place as the words in doubt."""

SUPPORTS = "bold white on green"

_MARGIN = 2


def printed_words(source: Source, settlement: Settlement, doubt: Doubt) -> RenderableType:
    """Return the line of the document that a doubt is about; several where it prints a fact several times."""
    in_doubt = _cells_in_doubt(settlement, doubt)
    beside = [
        settled.cell
        for settled in settlement.row(doubt.row)
        for cell in in_doubt
        if doubt.row != LEAD
        and settled.cell != cell
        and cell.base_field in PLACE_FIELDS
        and settled.cell.base_field in PLACE_FIELDS
        and settled.cell.ordinal == cell.ordinal
    ]
    marked = [
        # A whole row in doubt needs no colour: there is nothing else to see.
        *((cell, "" if cell.field == ROW else IN_DOUBT) for cell in in_doubt),
        *((cell, BESIDE) for cell in beside),
    ]
    lines = {_line_around(source.text, cell) for cell, _ in marked}
    if doubt.row != LEAD and (whole := settlement.get(doubt.row, ROW)):
        lines = {line for line in lines if not whole.cell.start <= line[0] < whole.cell.end}
        lines.add((whole.cell.start, whole.cell.end))
    return Group(*(_line(source.text, start, end, marked) for start, end in sorted(lines)))


def printed_phrase(source: Source, settlement: Settlement, suggestion: Suggestion) -> RenderableType:
    """Return the row that suggests a theme, the phrase in it marked."""
    row, cell = (settlement[suggestion.row, field].cell for field in (ROW, suggestion.field))
    start = cell.start + max(cell.printed.find(suggestion.phrase), 0)
    phrase = replace(cell, printed=suggestion.phrase, start=start, end=start + len(suggestion.phrase))
    return _line(source.text, row.start, row.end, [(phrase, SUPPORTS)])


def _cells_in_doubt(settlement: Settlement, doubt: Doubt) -> list[Cell]:
    single = settlement.get(doubt.row, doubt.field)
    if single:
        return [single.cell]
    return [settled.cell for settled in settlement.repeated(doubt.row, doubt.field)]


def _line_around(text: str, cell: Cell) -> tuple[int, int]:
    end = re.compile(r"[\r\n\f]|\Z").search(text, cell.end)
    start = max(text.rfind(each, 0, cell.start) for each in "\r\n\f")
    return start + 1, end.start() if end else len(text)


def _line(text: str, start: int, end: int, marked: Sequence[tuple[Cell, str]]) -> RenderableType:
    """Return a stretch of a text, each cell in its style; of cells that overlap the first has its way."""
    marks = [Mark(number, cell.start - start, cell.end - start) for number, (cell, _) in enumerate(marked)]
    line = Text(overflow="fold")
    for stretch in cut(text[start:end], marks):
        line.append(as_shown(stretch.text, marked[min(stretch.marks)][1] if stretch.marks else ""))
    return Padding(line, (0, 0, 0, _MARGIN), expand=False)


def as_shown(text: str, style: str = "") -> Text:
    """Return a printed text as a terminal may show it: a bar where a column ends."""
    shown = Text(style=style, overflow="fold")
    for number, column in enumerate(text.split("\t")):
        if number:
            shown.append(" │ ", style="dim")
        shown.append(visible(column))
    return shown
