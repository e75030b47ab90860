"""Tables about a document as text: its rows, and the worksheet for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nichiiki_ld import iri
from nichiiki_ld.model import LEAD, Candidate, Cell, Doubt
from nichiiki_ld.tabular import format_csv

ROW_COLUMNS = ("row", "field", "printed", "start", "end")
DECISION_COLUMNS = (
    "row",
    "field",
    "printed",
    "value",
    "reason",
    "reason_en",
    "evidence",
    "reviewer",
    "date",
)
THEME_COLUMNS = ("row", "theme", "phrase")
TRANSLATION_COLUMNS = ("row", "field", "printed", "language", "text", "translator", "date")
WORKSHEET_COLUMNS = ("why", "candidate", "because", *DECISION_COLUMNS)


def format_rows(cells: Iterable[Cell]) -> str:
    """Return what `rows.csv` holds."""
    return format_csv(
        ROW_COLUMNS,
        (
            {"row": c.row, "field": c.field, "printed": c.printed, "start": c.start, "end": c.end}
            for c in cells
        ),
    )


def evidence_of(candidate: Candidate, source_id: str, row: str) -> tuple[str, ...]:
    """Return the IRIs that bear a candidate out: its own, or else the row that says so itself.

    The lead bears nothing out that way: where it contradicts itself, each printing is in it.
    """
    if candidate.evidence or row == LEAD:
        return candidate.evidence
    return (iri.row(source_id, row),)


def format_worksheet(source_id: str, doubts: Sequence[Doubt], cells: Iterable[Cell]) -> str | None:
    """Return a line for each candidate of each doubt, or None when there is nothing to fill in.

    The columns after the third are those of decisions.csv. The reasons and the evidence of
    a candidate stand there as a proposal; a person writes the value on one line of each
    doubt, signs it with name and day, and moves that line. What the document does not print
    at all is no matter of decisions, and has no line.
    """
    printed = {(cell.row, cell.field): cell.printed for cell in cells}
    rows = []
    for doubt in doubts:
        if not doubt.printed:
            continue
        for candidate in doubt.candidates or (None,):
            row = dict.fromkeys(WORKSHEET_COLUMNS, "")
            row |= {"row": doubt.row, "field": doubt.field, "printed": doubt.printed, "why": doubt.why}
            if candidate:
                row |= {
                    "candidate": candidate.value,
                    "because": candidate.why,
                    "reason": candidate.why_ja,
                    "reason_en": candidate.why,
                    "evidence": " ".join(evidence_of(candidate, source_id, doubt.row)),
                }
                if candidate.field != doubt.field:
                    row |= {"field": candidate.field, "printed": printed[doubt.row, candidate.field]}
            rows.append(row)
    return format_csv(WORKSHEET_COLUMNS, rows) if rows else None
