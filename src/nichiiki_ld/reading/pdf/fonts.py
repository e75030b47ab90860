"""The fonts of a PDF file, each of them counted before it is made.

A font may say in a few bytes that four billion glyphs have a width or a character. The
parser that is used here would write all of them down.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pdfminer.cmapdb import CMapParser, FileUnicodeMap
from pdfminer.pdffont import PDFFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1

from nichiiki_ld.reading.pdf.streams import Budget

MOST_FONT_ENTRIES = 500_000
"""Widths and characters that one font may name; there are 65,536 glyphs in the largest fonts."""


class _CountedMap(FileUnicodeMap):
    """A map from glyphs to characters that is only counted."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget
        self._count = 0

    def add_cid2unichr(self, *_entry: object) -> None:
        self._count += 1
        if self._count > MOST_FONT_ENTRIES:
            raise self._budget.bomb(f"a font names more than {MOST_FONT_ENTRIES:,} characters")


class BoundedFonts(PDFResourceManager):
    """The fonts of a file, each of them counted before it is made."""

    def __init__(self, budget: Budget) -> None:
        """Begin with none."""
        super().__init__()
        self._budget = budget

    def get_font(self, objid: object, spec: Any) -> PDFFont:
        """Return a font, made once.

        Raises:
            UnreadableDocument: It has more entries than a font may have.
        """
        if not objid or objid not in self._cached_fonts:
            self._count_widths(spec)
            characters = resolve1(spec.get("ToUnicode"))
            if isinstance(characters, PDFStream):
                CMapParser(_CountedMap(self._budget), BytesIO(characters.get_data())).run()
        return super().get_font(objid, spec)

    def _count_widths(self, spec: Any) -> None:
        """Count what ranges of glyphs the widths speak of: `first last width` for each of them."""
        for key, length in (("W", 3), ("W2", 5)):
            widths = resolve1(spec.get(key))
            numbers: list[Any] = []
            count = 0
            for entry in widths if isinstance(widths, list) else ():
                value = resolve1(entry)
                if isinstance(value, list):
                    numbers = []
                    count += len(value)
                else:
                    numbers.append(value)
                if len(numbers) == length:
                    first, last = numbers[:2]
                    count += max(0, last - first) if isinstance(first, int) and isinstance(last, int) else 0
                    numbers = []
            if count > MOST_FONT_ENTRIES:
                raise self._budget.bomb(f"a font names the widths of {count:,} glyphs")
