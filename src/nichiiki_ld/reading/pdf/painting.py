"""What the content of a page paints: glyphs, rules and pictures, each in its place on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager, PDFTextState
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import stream_value
from pdfminer.utils import Matrix, apply_matrix_pt, apply_matrix_rect

from nichiiki_ld.reading.pdf.marks import Glyph, Marks, Rule
from nichiiki_ld.reading.pdf.shared_glyphs import unify
from nichiiki_ld.reading.pdf.streams import BoundedStream, Budget

MOST_GLYPHS_ON_A_PAGE = 50_000
"""A page full of the smallest print has some 10,000."""

MOST_RULES_ON_A_PAGE = 20_000
"""Beyond it they are a map or a drawing, no table."""

THICKEST_RULE_PT = 3.0
"""An area that is narrower is a rule."""

_STRAIGHT_PT = 0.5
"""How far the ends of a straight rule may differ."""

_UPRIGHT = 0.05
"""How far a line may be turned, as a slope."""

_WIDE = 0.9
"""Advance of a Japanese glyph, at least, in its size."""

_INVISIBLE = 3
"""Text rendering mode, ISO 32000-1, 9.3.6."""

_WHITES = ((1,), (1, 1, 1), (0, 0, 0, 0))
"""In grey, RGB and CMYK."""

_PAGE_SHARE = 0.6
"""Of a page: a coloured area that is larger is its background."""


class BoundedInterpreter(PDFPageInterpreter):
    """Reads the content of a page, and of the forms on it, which is charged as such."""

    def execute(self, streams: Sequence[object]) -> None:
        """Read some content."""
        contents = [stream_value(stream) for stream in streams]
        for content in contents:
            if isinstance(content, BoundedStream):
                content.drawn = True
        super().execute(contents)


class Painter(PDFTextDevice):
    """Collects what a page has on it.

    Text in another direction than from left to right is counted, and not collected.
    """

    def __init__(self, fonts: PDFResourceManager, number: int, budget: Budget) -> None:
        """Begin a page.

        Args:
            number: Of the page, counted from 1.
        """
        super().__init__(fonts)
        self.marks = Marks(number)
        self._budget = budget
        self._crop = (0.0, 0.0, 0.0, 0.0)

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Take the size of the page, turned as it is shown."""
        x0, y0, x1, y1 = apply_matrix_rect(ctm, page.mediabox)
        self.marks.width, self.marks.height = abs(x1 - x0), abs(y1 - y0)
        left, bottom, right, top = apply_matrix_rect(ctm, page.cropbox)
        self._crop = (left, self.marks.height - top, right, self.marks.height - bottom)

    def begin_figure(self, name: str, bbox: Any, matrix: Matrix) -> None:
        """Nothing: what a form paints, the page has."""

    def end_figure(self, name: str) -> None:
        """Nothing."""

    def render_image(self, *_picture: Any) -> None:
        """Count a picture, and how much of the page it covers."""
        self.marks.pictures += 1
        if self.ctm is None:
            return
        x0, y0, x1, y1 = apply_matrix_rect(self.ctm, (0, 0, 1, 1))
        left, top, right, bottom = self._crop
        wide = min(x1, right) - max(x0, left)
        high = min(self.marks.height - y0, bottom) - max(self.marks.height - y1, top)
        if wide > 0 and high > 0:
            self.marks.pictured_area += wide * high

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        """Take a text; what is printed invisibly was recognised in a picture."""
        self.marks.recognised |= textstate.render == _INVISIBLE
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        *_colours: Any,
    ) -> float:
        """Collect a glyph, and return how far it advances."""
        advance: float = font.char_width(cid) * fontsize * scaling
        a, b, _, d, _, _ = matrix
        x, y = apply_matrix_pt(matrix, (0, rise))
        upright = abs(b) <= _UPRIGHT * abs(a) and fontsize * a > 0 and fontsize * d > 0
        if not upright or font.is_vertical():
            self.marks.turned += 1
            return advance
        self._add(font, cid, Glyph("", x, x + advance * a, self.marks.height - y, fontsize * d))
        return advance

    def _add(self, font: PDFFont, cid: int, glyph: Glyph) -> None:
        left, top, right, bottom = self._crop
        if not (left <= glyph.centre <= right and top <= glyph.middle <= bottom):
            return
        try:
            text = str(font.to_unichr(cid))
        except PDFUnicodeNotDefined:
            text = "\ufffd"
        text = "".join(character for character in text.replace("\t", " ") if character >= " ")
        if not text:
            return
        self.marks.unknown += "\ufffd" in text
        glyph.text = unify(text, full_width=glyph.x1 - glyph.x0 >= _WIDE * glyph.size)
        self.marks.shared |= glyph.text != text
        if len(self.marks.glyphs) >= MOST_GLYPHS_ON_A_PAGE:
            raise self._budget.bomb(
                f"page {self.marks.number} has more than {MOST_GLYPHS_ON_A_PAGE:,} characters"
            )
        self.marks.glyphs.append(glyph)

    def paint_path(self, *painted: Any) -> None:
        """Collect the rules of a path: its straight strokes, and the edges of what it fills."""
        graphicstate, stroke, fill, _, path = painted
        if self.marks.crowded or self.ctm is None or not (stroke or fill):
            return
        ctm, white = self.ctm, _is_white(graphicstate.ncolor)
        for points in _subpaths(path):
            corners = [
                (x, self.marks.height - y) for x, y in (apply_matrix_pt(ctm, point) for point in points)
            ]
            if not all(isfinite(x) and isfinite(y) for x, y in corners):
                continue
            if fill:
                self._fill(corners, white=white)
            if stroke:
                for (x0, y0), (x1, y1) in pairwise(corners):
                    self._rule(x0, y0, x1, y1)
        if len(self.marks.horizontals) + len(self.marks.verticals) > MOST_RULES_ON_A_PAGE:
            self.marks.crowded = True
            self.marks.horizontals.clear()
            self.marks.verticals.clear()

    def _fill(self, corners: list[tuple[float, float]], *, white: bool) -> None:
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        thin = min(x1 - x0, y1 - y0) <= THICKEST_RULE_PT
        if y1 - y0 <= THICKEST_RULE_PT:
            self.marks.horizontals.append(Rule((y0 + y1) / 2, x0, x1))
        if x1 - x0 <= THICKEST_RULE_PT:
            self.marks.verticals.append(Rule((x0 + x1) / 2, y0, y1))
        area = (x1 - x0) * (y1 - y0)
        if thin or white or area > _PAGE_SHARE * self.marks.width * self.marks.height:
            return
        self.marks.horizontals += Rule(y0, x0, x1, shade=True), Rule(y1, x0, x1, shade=True)
        self.marks.verticals += Rule(x0, y0, y1, shade=True), Rule(x1, y0, y1, shade=True)

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if abs(y1 - y0) <= _STRAIGHT_PT < abs(x1 - x0):
            self.marks.horizontals.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= _STRAIGHT_PT < abs(y1 - y0):
            self.marks.verticals.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _subpaths(path: Sequence[Any]) -> Iterator[list[tuple[float, float]]]:
    """Yield the corners of each part of a path that has no curves."""
    points: list[tuple[float, float]] = []
    curved = False
    for name, *numbers in (*path, ("m", 0.0, 0.0)):
        if name == "m":
            if len(points) > 1 and not curved:
                yield points
            points, curved = [], False
        if name == "h":
            points += points[:1]
        elif name in {"m", "l"}:
            points.append((float(numbers[0]), float(numbers[1])))
        else:
            curved = True


def _is_white(colour: Any) -> bool:
    numbers = colour if isinstance(colour, tuple | list) else (colour,)
    return tuple(numbers) in _WHITES
