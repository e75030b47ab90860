"""The layout `copied-text`: a press release as copied out of its PDF.

Free lines come first; then a table, one line a row, its columns separated by tabs
under the headings 実施地域, 応募主体, 取組概要. A cell of places is a sequence of pairs
`reading name`, separated by spaces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from nichiiki_ld.errors import LayoutError
from nichiiki_ld.model import LEAD, Cell

HEADINGS = ("実施地域", "応募主体", "取組概要")

_DATE = r"(?:明治|大正|昭和|平成|令和)(?:元|\d+)年\d+月\d+日"
_YEAR = r"(?:明治|大正|昭和|平成|令和)(?:元|\d+)年度"

_LEAD_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"\A\s*(?P<published_date>{_DATE})\n(?P<office>\S+[局部課室])\n\s*\n(?P<title>.+)$",
        r"(?P<decision_count>\d+ ?団体)に交付決定",
        rf"(?P<fiscal_year>{_YEAR})「(?P<programme>[^」]+)」",
        r"取組(?P<decision_count>\d+ ?件)を採択",
        r"(?P<previous_decision_date>本年\d+月\d+日)に交付決定した",
        r"の(?P<round>\d+次募集)結果",
        rf"公募期間 *(?P<application_opens>{_DATE}) *[～〜-] *(?P<application_closes>{_DATE})",
        r"応募団体 *(?P<application_count>\d+ ?団体)",
        r"交付決定団体 *(?P<decision_count>\d+ ?団体)",
        r"【問合せ先】\s*(?P<office>[^\s、]+局 ?[^\s、]+[課室])",
        r"(?P<telephone>0\d+-\d+-\d+\((?:内線|直通)[^)]*\))",
        r"\((?P<round>\d+次)\)採択",
    )
)
"""Each named group is a field. The names of contact persons match no pattern: they are not data."""

_REPEATABLE = {"decision-count", "fiscal-year", "programme", "round", "office", "telephone"}
_REQUIRED = {"published-date", "title", "office", "programme", "fiscal-year", "decision-count"}

_PREFECTURE = re.compile(r"(?:北海道|東京都|京都府|大阪府|[^\s都道府県]{2,3}県)")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]")


def read(text: str) -> list[Cell]:
    """Return the cells of the release: those of its lead, then those of each row.

    A row gives `row` (the whole line), then `reading-1`, `name-1`, `reading-2` … in the
    order of printing, `applicant` and `summary`.

    Raises:
        LayoutError: A required fact or the table is missing, a row does not have the
            three columns, or its places are not pairs of reading and name.
    """
    lines = list(_lines(text))
    header = next((i for i, (line, _) in enumerate(lines) if tuple(line.split("\t")) == HEADINGS), None)
    if header is None:
        raise LayoutError(
            "there is no table: no line has the headings " + ", ".join(HEADINGS),
            hint="separate the columns by tabs, as they come out of the PDF",
        )
    lead = text[: lines[header][1]]
    rows = [(line, start) for line, start in lines[header + 1 :] if line.strip()]
    if not rows:
        raise LayoutError("the table has no rows", where=f"line {header + 1}")
    cells = _read_lead(lead)
    for number, (line, start) in enumerate(rows, start=1):
        cells += _read_row(str(number), line, start)
    return cells


def _lines(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield line.rstrip("\r\n"), start
        start += len(line)


def _read_lead(lead: str) -> list[Cell]:
    found = sorted(
        (match.start(group), match.end(group), group.replace("_", "-"))
        for pattern in _LEAD_PATTERNS
        for match in pattern.finditer(lead)
        for group in match.groupdict()
    )
    if missing := _REQUIRED - {field for _, _, field in found}:
        raise LayoutError(
            f"the lead does not print {', '.join(sorted(missing))} where this layout looks for it",
            hint="check that the original is complete, or write a layout for this kind of document",
        )
    ordinals: Counter[str] = Counter()
    cells = []
    for start, end, field in found:
        ordinals[field] += 1
        if ordinals[field] > 1 and field not in _REPEATABLE:
            raise LayoutError(f"the lead prints {field} twice", where=f"character {start}")
        name = f"{field}-{ordinals[field]}" if field in _REPEATABLE else field
        cells.append(Cell(LEAD, name, lead[start:end], start, end))
    return cells


def _read_row(number: str, line: str, start: int) -> list[Cell]:
    columns = line.split("\t")
    if len(columns) != len(HEADINGS):
        raise LayoutError(
            f"row {number} has {len(columns)} column{'s' * (len(columns) != 1)}, the table has {len(HEADINGS)}",
            where=f"character {start}",
            hint=f"a row is {', '.join(HEADINGS)}, separated by tabs",
        )
    places, applicant, summary = columns
    cells = [Cell(number, "row", line, start, start + len(line))]
    cells += _read_places(number, places, start)
    offset = start + len(places) + 1
    for field, printed in (("applicant", applicant), ("summary", summary)):
        if not printed.strip():
            raise LayoutError(f"row {number} has an empty {field}", where=f"character {offset}")
        cells.append(Cell(number, field, printed, offset, offset + len(printed)))
        offset += len(printed) + 1
    return cells


def _read_places(number: str, places: str, start: int) -> list[Cell]:
    tokens = list(re.finditer(r"\S+", places))
    where = f"character {start}"
    if not tokens or len(tokens) % 2:
        raise LayoutError(
            f"row {number} prints {len(tokens)} words for its places, which are not pairs of reading and name",
            where=where,
        )
    cells = []
    for index, token in enumerate(tokens):
        printed = token.group()
        field = "name" if index % 2 else "reading"
        if field == "name" and not _PREFECTURE.match(printed):
            raise LayoutError(f"row {number}: 「{printed}」 does not begin with a prefecture", where=where)
        if field == "reading" and not _KANA.match(printed):
            raise LayoutError(f"row {number}: 「{printed}」 is no reading", where=where)
        ordinal = index // 2 + 1
        cells.append(Cell(number, f"{field}-{ordinal}", printed, start + token.start(), start + token.end()))
    return cells
