"""Running heads, feet and page numbers: lines that stand at the same place of page after page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nichiiki_ld.reading.pdf.layout import Layout
from nichiiki_ld.reading.pdf.lines import Line, printed

_MARGIN = 0.12
"""Of the height of a page, above and below."""

_MOST_LINES = 3
"""In a margin."""

_APART = 1.0
"""Blank between the margin and what the page has, in the size of the line."""

_SAME_PLACE_PT = 3.0

_NUMBER = re.compile(r"\d{1,4}")
_MARKED_NUMBER = re.compile(
    r"[-‐–—−－ー─~〜]\s*\d{1,4}\s*[-‐–—−－ー─~〜]|[pP]\.?\s*\d{1,4}|\d{1,4}\s*([/／]\s*\d{1,4}|ページ|頁)"
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class MarginLine:
    """A line in the margin of a page.

    Attributes:
        line: Itself, to find it again.
    """

    page: int
    text: str
    x0: float
    baseline: float
    line: Line

    @property
    def is_page_number(self) -> bool:
        """Whether it is the number of its page, or says that it is one of a page."""
        own = _NUMBER.fullmatch(self.text) is not None and int(self.text) == self.page
        return own or _MARKED_NUMBER.fullmatch(self.text) is not None

    @property
    def is_number(self) -> bool:
        """Whether it is a number and nothing else."""
        return _NUMBER.fullmatch(self.text) is not None

    def repeats(self, other: MarginLine) -> bool:
        """Return whether it is the same line on another page: numbers may count up with the pages."""
        if abs(self.baseline - other.baseline) > _SAME_PLACE_PT or _DIGITS.sub("0", self.text) != _DIGITS.sub(
            "0", other.text
        ):
            return False
        further = other.page - self.page
        numbers = zip(_DIGITS.findall(self.text), _DIGITS.findall(other.text), strict=True)
        counting = [int(theirs) - int(own) for own, theirs in numbers]
        return set(counting) <= {0, further} and counting.count(further) <= 1


def margin_lines(page: Layout) -> list[MarginLine]:
    """Return the lines of a page that stand in a margin, apart from the rest."""
    found = [
        *_outermost(page.lines, [part.top for part in page.tables], page.height * _MARGIN, downwards=True),
        *_outermost(
            page.lines[::-1],
            [-part.bottom for part in page.tables],
            page.height * (_MARGIN - 1),
            downwards=False,
        ),
    ]
    return [MarginLine(page.number, printed([line]).text, line.x0, line.baseline, line) for line in found]


def _outermost(
    lines: Sequence[Line], tables: Iterable[float], limit: float, *, downwards: bool
) -> list[Line]:
    """Return the first lines, as far as they are in the margin, up to the last one with a blank after it."""
    near = [
        (line.top, line.bottom) if downwards else (-line.bottom, -line.top)
        for line in lines[: _MOST_LINES + 1]
    ]
    nearest_table = min(tables, default=float("inf"))
    margin: list[Line] = []
    for index, (line, (start, end)) in enumerate(zip(lines[:_MOST_LINES], near, strict=False)):
        if end > limit or start > nearest_table:
            break
        after = min(near[index + 1][0] if index + 1 < len(near) else float("inf"), nearest_table)
        if after - end >= _APART * line.size:
            margin = list(lines[: index + 1])
    return margin


def running_lines(
    page: Sequence[MarginLine], before: Sequence[MarginLine], after: Sequence[MarginLine]
) -> tuple[list[Line], list[MarginLine]]:
    """Return the page numbers and repeated lines of a page, to be left out, and the first ones of those that repeat.

    Args:
        before: Of the two pages before: left and right pages may differ.
        after: Of the next page.
    """
    left_out: list[Line] = []
    first: list[MarginLine] = []
    for line in page:
        again, goes_on = (any(line.repeats(other) for other in others) for others in (before, after))
        if line.is_page_number or again or (line.is_number and goes_on):
            left_out.append(line.line)
        elif goes_on:
            first.append(line)
    return left_out, first
