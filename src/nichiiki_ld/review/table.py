"""Doubts about a table as a whole: rows that are missing, in disorder, printed twice or cut by a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from nichiiki_ld.model import OF_THE_CUT, PAGE_BREAK, ROW, Doubt
from nichiiki_ld.review.candidates import Why, doubt, drop_row, keep
from nichiiki_ld.settlement import Settlement

_NUMBER = re.compile(r"(?:No\.?|第|№)?\s*(?P<number>\d+)\s*[.)号]?", re.IGNORECASE)
_NOT_COMPARED = OF_THE_CUT | {"number"}


def review_table(settlement: Settlement) -> Mapping[str, list[Doubt]]:
    """Return the doubts that only a look at the rows together shows, by row."""
    found: dict[str, list[Doubt]] = {}
    for each in [*_page_breaks(settlement), *_numbers(settlement), *_repetitions(settlement)]:
        found.setdefault(each.row, []).append(each)
    return found


def _page_breaks(settlement: Settlement) -> list[Doubt]:
    """Return the rows that a page begins with or within, where nothing printed says which words are whose."""
    doubts = []
    for row in settlement.rows:
        cell = settlement.get(row, PAGE_BREAK)
        if cell and not cell.decision:
            why = "a page begins at or within this row and no line divides the rows there: see in the original which words are its own"
            whole = Why(
                "It is whole, and has nothing of another row.", "原本と照合した。行の区切りは正しい。"
            )
            doubts.append(doubt(cell, why, [keep(cell, whole)], PAGE_BREAK))
    return doubts


def _numbers(settlement: Settlement) -> list[Doubt]:
    """Return the rows whose printed number does not follow the one before: a row may be lost.

    Numbering may begin anew at 1. Rows that are dropped count; rows without a number do not.
    """
    doubts = []
    last = 0
    for row in settlement.all_rows:
        cell = settlement.get(row, "number")
        match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", cell.value).strip()) if cell else None
        if cell is None or match is None:
            continue
        number = int(match["number"])
        follows = number in {last + 1, 1} and number != last
        if not (follows or cell.decision or row in settlement.dropped):
            confirm = Why("The list itself numbers its rows so.", "一覧表の番号は原本のとおりである。")
            doubts.append(doubt(cell, _out_of_order(last, number), [keep(cell, confirm)], "count"))
        last = number
    return doubts


def _out_of_order(last: int, number: int) -> str:
    if number == last:
        return f"the number {number} is printed for two rows"
    if number < last:
        return f"the number before is {last}"
    missing = number - last - 1
    rows = "a row is" if missing == 1 else f"{missing} rows are"
    return f"{rows} missing before this number"


def _repetitions(settlement: Settlement) -> list[Doubt]:
    """Return the rows that print the same as an earlier one, but for the number."""
    doubts = []
    first: dict[tuple[tuple[str, str], ...], str] = {}
    for row in settlement.rows:
        content = tuple(
            (s.cell.field, s.value) for s in settlement.row(row) if s.cell.field not in _NOT_COMPARED
        )
        if not content:
            continue
        before = first.setdefault(content, row)
        whole = settlement.get(row, ROW)
        if before != row and whole and not whole.decision:
            same = Why(f"Row {before} prints the same.", f"{before}行目と同じ内容である。")
            two = Why("They are two projects.", "別の取組である。")
            doubts.append(
                doubt(whole, f"row {before} prints the same", [drop_row(same), keep(whole, two)], "repeated")
            )
    return doubts
