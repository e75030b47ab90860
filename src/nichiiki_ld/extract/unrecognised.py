"""What is said when nobody can tell what the columns of a table are: what is printed, and what to write."""

from __future__ import annotations

from collections.abc import Sequence

from nichiiki_ld.document import Document, Grid
from nichiiki_ld.errors import LayoutError
from nichiiki_ld.extract.columns import assign
from nichiiki_ld.extract.contents import MOST_CELLS, Content, looks_like
from nichiiki_ld.extract.covering import begins, own_texts
from nichiiki_ld.extract.header import Header
from nichiiki_ld.extract.headings import IGNORED
from nichiiki_ld.joints import on_one_line

_GUESSES = (
    (Content.PLACES, "places"),
    (Content.NUMBERING, "number"),
    (Content.AMOUNTS, "amount"),
    (Content.BODIES, "applicant"),
    (Content.SENTENCES, "summary"),
)
"""What the cells of a column look like → what it may be."""

_MOST_SHOWN = 30
"""Columns of a table; none that is meant has as many."""


def no_table(document: Document, where: str) -> LayoutError:
    """Return the error for a document that has paragraphs only."""
    hint = (
        "give the file that has the list; in a text, separate the columns by tabs, as they come out of a PDF"
    )
    if document.text is None and document.pages:
        hint = (
            "the list may stand on other pages or in another file; or copy the table out of the PDF into a text file, "
            "one line a row, the columns separated by tabs"
        )
    return LayoutError("there is no table in the document", where=where, hint=hint)


def not_recognised(tables: Sequence[tuple[Grid, Header | None]], where: str) -> LayoutError:
    """Return the error for tables none of which is known to be a list of projects in places.

    It shows the headings of the largest table, the roles each may have, and a table to
    put into `source.toml`.
    """
    grid, header = max(tables, key=lambda each: len(each[0].rows) * len(each[0].rows[0].cells))
    row = header.last if header else _likely_header(grid)
    headings = [on_one_line(cell.text) for cell in grid.rows[row].cells][:_MOST_SHOWN]
    if header:
        headings = [h.text or text for h, text in zip(header.headings, headings, strict=False)]
    roles = (
        assign(header.headings, [_sample(grid, row, c) for c in range(len(header.headings))])
        if header
        else []
    )
    lines = []
    seen = set()
    for column, heading in enumerate(headings):
        if not heading or heading in seen:
            continue
        seen.add(heading)
        cells = _sample(grid, row, column)
        candidates = _candidates(roles[column] if roles else "", cells)
        example = f", e.g. {_shortened(cells[0])}" if cells else ""
        lines.append(f'{_quoted(heading)} = "{candidates[0]}"  # {" or ".join(candidates)}{example}')
    if "places" in roles:
        problem = "of the table only the places are recognised"
    else:
        problem = "no heading of the table is recognised as that of the places"
    shown = "、".join(filter(None, headings))
    return LayoutError(
        f"{problem}; the headings are: {shown or 'none'}",
        where=where,
        hint="\n".join(["say in source.toml what each column is, for example:", "", "[columns]", *lines]),
    )


def _candidates(known: str, cells: Sequence[str]) -> list[str]:
    """Return what a column may be, the likeliest first."""
    found = [known] if known not in {"", IGNORED} else []
    found += [role for content, role in _GUESSES if looks_like(content, cells)]
    if not found:
        found = [IGNORED, "title"] if known == IGNORED else ["title"]
    return list(dict.fromkeys([*found, IGNORED]))


def _likely_header(grid: Grid) -> int:
    """Return the first row that shows as many texts as any other of the first ones."""
    counts = [len(own_texts(grid, row)) for row in range(min(len(grid.rows), 20))]
    return counts.index(max(counts))


def _sample(grid: Grid, row: int, column: int) -> list[str]:
    below = range(row + 1, min(len(grid.rows), row + 1 + MOST_CELLS))
    return [grid.rows[r].cells[column].text for r in below if begins(grid, r, column)]


def _shortened(text: str) -> str:
    text = on_one_line(text)
    return text if len(text) <= 20 else f"{text[:20]}…"  # noqa: PLR2004 - enough to know a cell by


def _quoted(text: str) -> str:
    """Return a text as a string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\u{ord(c):04X}" if ord(c) < 0x20 or ord(c) == 0x7F else c for c in escaped) + '"'  # noqa: PLR2004 - control characters
