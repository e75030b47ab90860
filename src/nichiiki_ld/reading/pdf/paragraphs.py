"""Lines outside of tables, made paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nichiiki_ld.document import Paragraph
from nichiiki_ld.reading.pdf.layout import text_of
from nichiiki_ld.reading.pdf.lines import SAME_SIZE, Line, Reading, printed

_FULL = 1.5
"""How far from the right edge a line may end that is merely full, in its size."""

_LEADING = 0.9
"""Blank between the lines of a paragraph, at most, in their size."""

_INDENT = 1.5
"""How far lines of a paragraph may begin from each other, in their size."""

_BULLET = re.compile(
    r"[・○●◎◇◆□■※＊*☆★▪•(（【〔<＜－-]|[0-9０-９①-⑳]+[.．、)）]|[（(]?[一二三四五六七八九十]+[)）、]"
)


def paragraphs(
    lines: Sequence[Line], readings: Iterable[Reading], right: float, page: int
) -> list[Paragraph]:
    """Return lines as paragraphs: one goes on in the next line where it was merely full.

    A line that ends before the right edge is a paragraph of its own, or the end of one: so is a
    date set at the right.

    Args:
        right: Where the longest lines of the page end.
    """
    above = list(readings)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Paragraph(text_of(group, above), page) for group in groups]


def _goes_on(group: Sequence[Line], line: Line, right: float) -> bool:
    last, size = group[-1], line.size
    begins = min(each.x0 for each in group)
    if max(last.size, size) > SAME_SIZE * min(last.size, size) or line.top - last.bottom > _LEADING * size:
        return False
    if last.x1 < right - _FULL * size or abs(line.x0 - begins) > _INDENT * size:
        return False
    text = printed([line]).text
    if _BULLET.match(text):
        return False
    # After a full stop, an indented line begins a paragraph.
    return not (printed([last]).text.endswith("。") and line.x0 > begins + size / 2)
