"""A printed text, cut where the words that somebody marked in it begin and end.

Marks may overlap: one phrase can support one theme, and half of it another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a text. Offsets count characters of that text from 0, the end is exclusive."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text within which no mark begins or ends.

    Attributes:
        marks: Numbers of the marks that it lies in, the shortest first.
        begins, ends: Numbers of those whose first or last stretch it is.
    """

    text: str
    marks: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def cut(text: str, marks: Sequence[Mark]) -> tuple[Stretch, ...]:
    """Return a text in stretches; their texts joined are the text. A mark that leaves the text is passed over."""
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    bounds = sorted({0, len(text), *(each for mark in inside for each in (mark.start, mark.end))})
    stretches = []
    for start, end in pairwise(bounds):
        over = sorted(
            (mark for mark in inside if mark.start <= start and end <= mark.end),
            key=lambda mark: (mark.end - mark.start, mark.number),
        )
        stretches.append(
            Stretch(
                text=text[start:end],
                marks=tuple(mark.number for mark in over),
                begins=tuple(mark.number for mark in over if mark.start == start),
                ends=tuple(mark.number for mark in over if mark.end == end),
            )
        )
    return tuple(stretches)
