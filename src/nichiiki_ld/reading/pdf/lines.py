"""Lines of print: glyphs that stand side by side, and the text that they make."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from statistics import fmean

from nichiiki_ld.document import Printed, Ruby
from nichiiki_ld.reading.pdf.marks import ASCENT, DESCENT, MIDDLE, Glyph

SAME_SIZE = 1.15
"""Ratio of two sizes that a reader takes for one."""

_SAME_BASELINE = 0.3
"""How far base lines of one line may differ, in the size."""

_OVERPRINT = 0.15
"""A glyph that is printed a second time so near, in its size, only looks bold."""

_WORD_GAP = 0.25
"""Between two words in Latin letters, in the size."""

_MIXED_GAP = 0.5
"""Between Japanese and Latin text; a quarter is set there without any space."""

_JAPANESE_GAP = 0.9
"""Between two pieces of Japanese text; less is justification."""

_WIDEST_PAIR = 6
"""Gap between two characters of one word that is spread, at most, in the size."""

_EVEN = 0.25
"""How far the gaps of text that is spread over a width may differ from their mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A reading set above glyphs.

    Attributes:
        text: As printed.
        base: What it stands above, from left to right.
        top, bottom: Of its own glyphs.
    """

    text: str
    base: tuple[Glyph, ...]
    top: float
    bottom: float


@dataclass(slots=True, eq=False)
class Line:
    """Glyphs side by side, from left to right; never none.

    Attributes:
        size: Of most of them.
        baseline: Of those.
    """

    glyphs: list[Glyph]
    size: float
    baseline: float

    @property
    def x0(self) -> float:
        """Left end of what is printed."""
        return next((glyph.x0 for glyph in self.glyphs if not glyph.blank), self.glyphs[0].x0)

    @property
    def x1(self) -> float:
        """Right end of what is printed."""
        return max((glyph.x1 for glyph in self.glyphs if not glyph.blank), default=self.glyphs[-1].x1)

    @property
    def top(self) -> float:
        """Upper edge of its squares."""
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        """Lower edge of its squares."""
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def middle(self) -> float:
        """Half way between upper and lower edge."""
        return (self.top + self.bottom) / 2

    @property
    def blank(self) -> bool:
        """Whether nothing is printed."""
        return all(glyph.blank for glyph in self.glyphs)


def strips(glyphs: Iterable[Glyph]) -> list[Line]:
    """Return glyphs of one size on one base line together, from the top down, each from left to right.

    What is printed twice to look bold is there once.
    """
    found: list[Line] = []
    for sized in _alike(
        sorted(glyphs, key=lambda glyph: glyph.size), lambda glyph: log(glyph.size), log(SAME_SIZE)
    ):
        size = fmean(glyph.size for glyph in sized)
        sized.sort(key=lambda glyph: glyph.baseline)
        for row in _alike(sized, lambda glyph: glyph.baseline, _SAME_BASELINE * size):
            row.sort(key=lambda glyph: glyph.x0)
            found.append(Line(_once(row), size, row[len(row) // 2].baseline))
    found.sort(key=lambda line: (line.baseline, line.x0))
    return found


def _alike(
    ordered: Iterable[Glyph], key: Callable[[Glyph], float], difference: float
) -> Iterator[list[Glyph]]:
    """Yield runs of ordered glyphs whose values stay near the first one of the run."""
    run: list[Glyph] = []
    for glyph in ordered:
        if run and key(glyph) > key(run[0]) + difference:
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _once(row: Sequence[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in row:
        again = any(
            other.text == glyph.text and abs(other.x0 - glyph.x0) < _OVERPRINT * glyph.size
            for other in kept[-2:]
        )
        if not again:
            kept.append(glyph)
    return kept


def lines(found: Iterable[Line]) -> list[Line]:
    """Return strips of different sizes that stand side by side as one line, from the top down.

    A raised footnote mark belongs to the line whose height it stands within.
    """
    hosts: list[list[Line]] = []
    middles: list[float] = []
    for strip in sorted(found, key=lambda strip: -strip.size):
        middle = strip.baseline - MIDDLE * strip.size
        at = bisect_left(middles, middle)
        near = (index for index in (at - 1, at) if 0 <= index < len(hosts))
        host = next((index for index in near if _holds(hosts[index][0], middle)), None)
        if host is None:
            hosts.insert(at, [strip])
            middles.insert(at, middle)
        else:
            hosts[host].append(strip)
    merged = []
    for first, *others in hosts:
        glyphs = [glyph for strip in (first, *others) for glyph in strip.glyphs]
        merged.append(Line(sorted(glyphs, key=lambda glyph: glyph.x0), first.size, first.baseline))
    return merged


def _holds(line: Line, y: float) -> bool:
    return line.baseline - ASCENT * line.size <= y <= line.baseline + DESCENT * line.size


def printed(found: Sequence[Line], readings: Iterable[Reading] = ()) -> Printed:
    """Return what lines say, with the readings above them.

    A space stands where one is printed, and where a gap is too wide to be anything
    else; text that is spread evenly over a width has none.
    """
    pieces: list[str] = []
    places: dict[int, tuple[int, int]] = {}
    length = 0
    for line in found:
        shown = _shown(line)
        if not shown:
            continue
        if pieces:
            pieces.append("\n")
            length += 1
        for glyph, before in shown:
            pieces += (before, glyph.text)
            start = length + len(before)
            length = start + len(glyph.text)
            places[id(glyph)] = (start, length)
    rubies = []
    for reading in readings:
        spans = [places[id(glyph)] for glyph in reading.base if id(glyph) in places]
        if spans:
            rubies.append(Ruby(spans[0][0], spans[-1][1], reading.text))
    rubies.sort(key=lambda ruby: ruby.start)
    return Printed("".join(pieces), tuple(rubies))


def _shown(line: Line) -> list[tuple[Glyph, str]]:
    """Return the glyphs of a line without the spaces at its ends, each with the space that a gap before it means."""
    glyphs = line.glyphs
    inked = [index for index, glyph in enumerate(glyphs) if not glyph.blank]
    if not inked:
        return []
    glyphs = glyphs[inked[0] : inked[-1] + 1]
    if _is_spread(glyphs):
        return [(glyph, "") for glyph in glyphs]
    spaces = (" " if _is_gap(glyph, other) else "" for glyph, other in pairwise(glyphs))
    return list(zip(glyphs, ("", *spaces), strict=True))


def _is_gap(glyph: Glyph, other: Glyph) -> bool:
    if glyph.blank or other.blank:
        return False
    wide = is_japanese(glyph.text[-1]) + is_japanese(other.text[0])
    return other.x0 - glyph.x1 >= (_WORD_GAP, _MIXED_GAP, _JAPANESE_GAP)[wide] * max(glyph.size, other.size)


def _is_spread(glyphs: Sequence[Glyph]) -> bool:
    """Return whether single Japanese characters are set at equal distances, as headings of columns often are."""
    if len(glyphs) < 2 or not all(is_japanese(glyph.text[0]) for glyph in glyphs):  # noqa: PLR2004 - a distance needs two
        return False
    gaps = [other.x0 - glyph.x1 for glyph, other in pairwise(glyphs)]
    mean, size = fmean(gaps), glyphs[0].size
    if len(gaps) == 1 and mean > _WIDEST_PAIR * size:
        return False
    return mean >= _MIXED_GAP * size and all(abs(gap - mean) <= _EVEN * mean for gap in gaps)


def is_japanese(character: str) -> bool:
    """Return whether a character is set in a square of its own."""
    return unicodedata.east_asian_width(character) in {"W", "F", "A", "H"}
