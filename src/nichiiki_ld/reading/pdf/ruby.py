"""Readings set above names: which small glyphs are one, and what they stand above.

Nothing in a PDF says so. The small glyphs of a whole line may come after all the large
ones, and those of one reading are no nearer to each other than to the next reading. What
is known: a reading is small, mostly kana, just above its name, and either spread evenly
over the width of the name, or set in its middle, or at its left end.

Source: JIS X 4051 for how ruby is set.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from math import inf
from statistics import fmean

from nichiiki_ld.reading.pdf.lines import Line, Reading
from nichiiki_ld.reading.pdf.marks import ASCENT, Glyph

_SMALLER = 0.66
"""Of the name's size: half is usual, two thirds in small print."""

_SMALLER_IN_A_CELL = 0.82
"""Likewise within a cell, where nothing else stands so near above a name; elsewhere it may be a subtitle."""

_HIGHEST = 0.7
"""Between the lower edge of a reading and the upper edge of its name, in the name's size."""

_LOWEST = -0.35
"""Likewise, where both overlap."""

_FARTHEST = 4
"""Below which no line is looked at, likewise."""

_KANA_SHARE = 0.5
"""Of a reading: some print a character of the name that has no kana in the midst of it."""

_APART = 2.4
"""Gap within a reading, at most, in its own size: a name of three characters may be read in two."""

_BROKEN = 1.6
"""Gap within a name, at most, in its size: a long reading pushes its characters apart."""

_MOST_PAIRS = 4_000
"""Small glyphs by large ones: beyond it a line is no line of names."""

_LONGEST_READING = 24
_MOST_KANA = 6
"""That one character is read in."""

_PER_READING = 0.3
"""What another reading costs, when the same glyphs may be one or two."""

_NOT_SPREAD = 0.1
"""Gap in a reading that is set without any, at most, in its size."""


def find_readings(found: Sequence[Line], *, in_a_cell: bool = False) -> tuple[list[Line], list[Reading]]:
    """Return the lines that are no readings, and the readings with what they stand above.

    Vertical text and readings below their names are not looked for.

    Args:
        found: Strips of one size each, from the top down.
    """
    smaller = _SMALLER_IN_A_CELL if in_a_cell else _SMALLER
    rest: list[Line] = []
    readings: list[Reading] = []
    for index, strip in enumerate(found):
        kept: list[Glyph] = []
        for part in _parts(strip):
            if names := _names_below(part, strip.size / smaller, found[index + 1 :]):
                readings += _attach([glyph for glyph in part if not glyph.blank], names)
            else:
                kept += part
        if kept:
            rest.append(Line(kept, strip.size, strip.baseline))
    return rest, readings


def _parts(strip: Line) -> list[list[Glyph]]:
    """Return the pieces of a line that stand far apart."""
    parts = [[strip.glyphs[0]]]
    for glyph, other in pairwise(strip.glyphs):
        if other.x0 - glyph.x1 > _APART * strip.size:
            parts.append([])
        parts[-1].append(other)
    return parts


def _names_below(part: Sequence[Glyph], least: float, below: Sequence[Line]) -> list[list[Glyph]]:
    """Return the unbroken pieces of a line that a piece of small print may be the reading of; none where it is none.

    Args:
        least: Size of a name, at least.
    """
    if _kana_share(part) < _KANA_SHARE:
        return []
    left, right, bottom = part[0].x0, part[-1].x1, max(glyph.bottom for glyph in part)
    nearest: tuple[float, list[list[Glyph]]] = (inf, [])
    for line in below:
        top = line.baseline - ASCENT * line.size
        if line.baseline - bottom > _FARTHEST * line.size:
            break
        if line.size < least or not _LOWEST * line.size <= top - bottom <= _HIGHEST * line.size:
            continue
        names = _around(line, left, right)
        if names and abs(top - bottom) < nearest[0]:
            nearest = abs(top - bottom), names
    return nearest[1]


def _around(line: Line, left: float, right: float) -> list[list[Glyph]]:
    """Return the unbroken pieces of a line that reach below a width."""
    pieces: list[list[Glyph]] = [[]]
    before: Glyph | None = None
    for glyph in line.glyphs:
        broken = before is not None and glyph.x0 - before.x1 > _BROKEN * line.size
        if broken or _separates(glyph):
            pieces.append([])
        if not _separates(glyph):
            pieces[-1].append(glyph)
        before = glyph
    return [piece for piece in pieces if piece and piece[0].x0 < right and piece[-1].x1 > left]


def _attach(reading: Sequence[Glyph], names: Sequence[Sequence[Glyph]]) -> list[Reading]:
    """Return a reading, or the several ones that stand side by side, with what each stands above."""
    if len(names) == 1 and _is_over_all(reading, names[0]):
        return [_reading(reading, names[0])]
    name = [glyph for piece in names for glyph in piece]
    if len(reading) * len(name) > _MOST_PAIRS:
        return [_reading(reading, _below(reading, name))]
    ends = frozenset(accumulate(len(piece) for piece in names))
    return [
        _reading(reading[start:end], name[left:right])
        for start, end, left, right in _divide(reading, name, ends)
    ]


def _reading(glyphs: Sequence[Glyph], base: Sequence[Glyph]) -> Reading:
    return Reading(
        "".join(glyph.text for glyph in glyphs),
        tuple(base),
        min(glyph.top for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )


def _is_over_all(reading: Sequence[Glyph], name: Sequence[Glyph]) -> bool:
    """Return whether a reading is set over all of an unbroken name.

    A reading without gaps that is shorter than its name shows what its name is only when
    it is alone: it is in the middle of all of it, or at the left end.
    """
    if _uneven(reading) > _NOT_SPREAD or _kanji(name) > len(reading):
        return False
    size = name[0].size
    left, right = reading[0].x0, reading[-1].x1
    gap = _gap(reading)
    in_the_middle = abs((left + right) - (name[0].x0 + name[-1].x1)) / 2 < size / 4
    if gap > _NOT_SPREAD * reading[0].size:
        return in_the_middle and abs((right - left + gap) - (name[-1].x1 - name[0].x0)) < size
    return in_the_middle or abs(left - name[0].x0) < size / 4


_Cut = tuple[int, int, int, int]


def _divide(reading: Sequence[Glyph], name: Sequence[Glyph], ends: frozenset[int]) -> Sequence[_Cut]:
    """Return the cheapest way to cut a reading into pieces above pieces of the name: start, end, left, right of each.

    Args:
        ends: Where in the name a piece must end.
    """

    @cache
    def best(start: int, free: int) -> tuple[float, tuple[_Cut, ...]]:
        if start == len(reading):
            return 0.0, ()
        cheapest: tuple[float, tuple[_Cut, ...]] = (inf, ())
        for end in range(start + 1, min(len(reading), start + _LONGEST_READING) + 1):
            piece = _Piece.of(reading[start:end])
            for left, right in _runs(piece, name, free, ends):
                cost = piece.cost(name[left:right])
                if cost < cheapest[0]:
                    rest, others = best(end, right)
                    cheapest = min(cheapest, (cost + rest, ((start, end, left, right), *others)))
        return cheapest

    cost, cuts = best(0, 0)
    if cost < inf:
        return cuts
    left = name.index(_below(reading, name)[0])
    return [(0, len(reading), left, left + len(_below(reading, name)))]


def _runs(piece: _Piece, name: Sequence[Glyph], free: int, ends: frozenset[int]) -> list[tuple[int, int]]:
    """Return the pieces of a name, from a place on, whose middle is near that of a reading."""
    middle, size = (piece.x0 + piece.x1) / 2, name[0].size
    found = []
    for left in range(free, len(name)):
        if name[left].x0 > middle + size:
            break
        # Each character is read in one kana at least, or nearly so.
        for right in range(left + 1, min(len(name), left + piece.length + 1) + 1):
            off = (name[left].x0 + name[right - 1].x1) / 2 - middle
            if abs(off) <= size and piece.length <= _MOST_KANA * (right - left):
                found.append((left, right))
            if off > size or right in ends:
                break
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a reading, measured."""

    length: int
    x0: float
    x1: float
    gap: float
    uneven: float
    size: float

    @classmethod
    def of(cls, glyphs: Sequence[Glyph]) -> _Piece:
        return cls(len(glyphs), glyphs[0].x0, glyphs[-1].x1, _gap(glyphs), _uneven(glyphs), glyphs[0].size)

    def cost(self, run: Sequence[Glyph]) -> float:
        """Return how badly it fits above a name, in sizes of the name."""
        size = run[0].size
        wide, base = self.x1 - self.x0, run[-1].x1 - run[0].x0
        off = abs((self.x0 + self.x1) - (run[0].x0 + run[-1].x1)) / 2 / size
        ends = min(abs(wide + self.gap - base), abs(wide - base)) / size
        if self.gap <= _NOT_SPREAD * self.size:
            # Set without gaps, it may be shorter than its name, or longer.
            ends *= 0.3 if base > wide else 0.5
        missing = max(0, len(run) - self.length)
        return _PER_READING + 2 * off + ends + self.uneven + missing


def _gap(reading: Sequence[Glyph]) -> float:
    gaps = [other.x0 - glyph.x1 for glyph, other in pairwise(reading)]
    return max(0.0, fmean(gaps)) if gaps else 0.0


def _uneven(reading: Sequence[Glyph]) -> float:
    """Return how much the gaps of a reading differ, in its size."""
    gaps = [other.x0 - glyph.x1 for glyph, other in pairwise(reading)]
    return (max(gaps) - min(gaps)) / reading[0].size if gaps else 0.0


def _below(reading: Sequence[Glyph], name: Sequence[Glyph]) -> Sequence[Glyph]:
    """Return the glyphs under a reading, or the nearest one."""
    left, right = reading[0].x0, reading[-1].x1
    under = [index for index, glyph in enumerate(name) if left <= glyph.centre <= right]
    if under:
        return name[under[0] : under[-1] + 1]
    middle = (left + right) / 2
    nearest = min(range(len(name)), key=lambda index: abs(name[index].centre - middle))
    return name[nearest : nearest + 1]


def _separates(glyph: Glyph) -> bool:
    """Return whether a glyph is in no name: a space, a comma, a bracket."""
    return glyph.blank or unicodedata.category(glyph.text[0])[0] in "PSZ"


def _kanji(glyphs: Sequence[Glyph]) -> int:
    return sum(not _is_kana(glyph.text[0]) for glyph in glyphs)


def _is_kana(character: str) -> bool:
    return "\u3041" <= character <= "\u30ff" or "\uff66" <= character <= "\uff9f"


def _kana_share(glyphs: Sequence[Glyph]) -> float:
    """Return how much of a text is kana; 0 where it has anything but kana and kanji."""
    inked = [glyph.text[0] for glyph in glyphs if not glyph.blank]
    letters = [
        _is_kana(character) or unicodedata.name(character, "").startswith("CJK") for character in inked
    ]
    return sum(map(_is_kana, inked)) / len(inked) if inked and all(letters) else 0.0
