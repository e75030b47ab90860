"""Bands of print: lines with white above and below, and the pieces that they are printed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from nichiiki_ld.reading.pdf.lines import Line, Reading
from nichiiki_ld.reading.pdf.marks import Glyph

_TOUCHING = 0.15
"""How much two lines may overlap that stand below each other, in the size."""

_GAP = 0.5
"""White within a piece, at most, in the size: Japanese text has hardly any, Latin text a quarter."""

Span = tuple[float, float]


@dataclass(slots=True, eq=False)
class Band:
    """Lines that overlap from above: mostly one, several where cells of a row are centred.

    Attributes:
        top, bottom: Of the lines, without readings above them.
        size: Of the smallest.
        pieces: Where something is printed, from left to right.
        read: Glyphs of the page that a reading stands above, by identity.
        has_reading: One stands above the uppermost line.
    """

    top: float
    bottom: float
    size: float
    lines: list[Line]
    pieces: list[Span]
    read: Set[int]
    has_reading: bool

    def glyphs(self) -> list[Glyph]:
        """Return what is printed."""
        return [glyph for line in self.lines for glyph in line.glyphs if not glyph.blank]

    def text(self) -> str:
        """Return what is printed, without spaces, to compare it."""
        return "".join(glyph.text for glyph in self.glyphs())


def bands(lines: Iterable[Line], readings: Iterable[Reading]) -> list[Band]:
    """Return lines, from the top down, as bands.

    Args:
        readings: Above glyphs of the lines.
    """
    read = frozenset(id(glyph) for reading in readings for glyph in reading.base)
    found: list[Band] = []
    for line in sorted(lines, key=lambda line: line.top):
        if found and line.top < found[-1].bottom - _TOUCHING * line.size:
            band = found[-1]
            band.bottom, band.size = max(band.bottom, line.bottom), min(band.size, line.size)
            band.lines.append(line)
        else:
            has_reading = any(id(glyph) in read for glyph in line.glyphs)
            found.append(Band(line.top, line.bottom, line.size, [line], [], read, has_reading))
    for band in found:
        band.pieces = _union(
            piece for line in band.lines for run in runs(line) if (piece := _span(run)) is not None
        )
    return found


def runs(line: Line) -> list[list[Glyph]]:
    """Return the pieces of a line, each without a gap; spaces that are printed fill one."""
    pieces: list[list[Glyph]] = [[line.glyphs[0]]]
    end = line.glyphs[0].x1
    for glyph in line.glyphs[1:]:
        if glyph.x0 - end >= _GAP * line.size:
            pieces.append([])
        pieces[-1].append(glyph)
        end = max(end, glyph.x1)
    return pieces


def _span(run: Sequence[Glyph]) -> Span | None:
    inked = [glyph for glyph in run if not glyph.blank]
    return (min(glyph.x0 for glyph in inked), max(glyph.x1 for glyph in inked)) if inked else None


def _union(pieces: Iterable[Span]) -> list[Span]:
    union: list[Span] = []
    for x0, x1 in sorted(pieces):
        if union and x0 <= union[-1][1]:
            union[-1] = union[-1][0], max(union[-1][1], x1)
        else:
            union.append((x0, x1))
    return union
