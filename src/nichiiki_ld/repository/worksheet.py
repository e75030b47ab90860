"""The worksheet of a document: what a person wrote on it is never overwritten.

The program writes it anew after each look at the document, so what was filled in has to be
in `decisions.csv` before that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nichiiki_ld.errors import NichiikiError, ReviewError
from nichiiki_ld.files import read_text
from nichiiki_ld.model import Decision
from nichiiki_ld.repository.tables import WORKSHEET_COLUMNS
from nichiiki_ld.tabular import parse_csv

_FILLED_IN = ("value", "reviewer", "date")
"""What only a person writes."""

_PROPOSED = ("reason", "reason_en", "evidence")
_PROPOSAL = ("row", "field", "printed", "candidate", "because")
"""What the program wrote, and a line is known by."""

_MOST_NAMED = 20
"""Lines that a message names."""


def refuse_unmoved(path: Path, decisions: Iterable[Decision], anew: str | None = None) -> None:
    """Refuse to write over a worksheet, or to remove it, while a person's work is on it only.

    Args:
        path: Of the worksheet; there may be none.
        decisions: On the document. What is decided was moved already.
        anew: What would be written, if that is known: then a reason that was reworded is seen
            too, whichever language it is in.

    Raises:
        ReviewError: Lines are filled in or reworded, and not decided.
        NichiikiError: It cannot be read, so that nobody knows what is on it.
    """
    if not path.exists():
        return
    decided = {(each.row, each.field, each.printed) for each in decisions}
    try:
        proposed = {} if anew is None else {_key(row): row for _, row in _lines(anew, path)}
        unmoved = [
            line
            for line, row in _lines(read_text(path), path)
            if (row["row"], row["field"], row["printed"]) not in decided and _is_touched(row, proposed)
        ]
    except NichiikiError as error:
        error.hint = "mend it; or move what is filled in to decisions.csv, and remove the file"
        raise
    if unmoved:
        shown = ", ".join(map(str, unmoved[:_MOST_NAMED])) + ("…" if len(unmoved) > _MOST_NAMED else "")
        one = len(unmoved) == 1
        raise ReviewError(
            f"line{'' if one else 's'} {shown} {'is' if one else 'are'} filled in, but not in decisions.csv",
            where=str(path),
            hint="move them to decisions.csv first, or clear what was filled in or reworded: this file is written anew",
        )


def _lines(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    return parse_csv(text, WORKSHEET_COLUMNS, where=str(path))


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in _PROPOSAL)


def _is_touched(row: Mapping[str, str], proposed: Mapping[tuple[str, ...], Mapping[str, str]]) -> bool:
    """Say whether a person wrote something on a line."""
    if any(row[column].strip() for column in _FILLED_IN):
        return True
    # The program proposes the reason in English in two columns, and without a candidate none.
    if row["reason_en"] != row["because"] or (not row["candidate"] and (row["reason"] or row["evidence"])):
        return True
    same = proposed.get(_key(row))
    return same is not None and any(row[column] != same[column] for column in _PROPOSED)
