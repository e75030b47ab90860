"""Text while it is being put together, with the readings above it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from nichiiki_ld.document import Printed, Ruby

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_UNPRINTED: dict[int, str | None] = {code: None for code in (*range(0x20), 0x7F) if code != ord("\n")}
_UNPRINTED |= {ord("\t"): " "}
EDGES = " \n"
_WHITE = re.compile(r"[ \t\n\r\f]+")
"""White space of HTML; an ideographic space and a no-break space are printed."""


def clean(text: str) -> str:
    """Return a text with line feeds as its only ends of lines, and without what cannot be printed.

    A tabulator becomes a space: between tabulators stand columns.
    """
    return text if text.isprintable() else _LINE_ENDS.sub("\n", text).translate(_UNPRINTED)


class Lettering:
    """A text that is written piece by piece."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._length = 0
        self._rubies: list[Ruby] = []
        self._space = False
        self._break = False

    def __len__(self) -> int:
        """How many characters were written; what is not written before the next text does not count."""
        return self._length

    def write(self, text: str) -> None:
        """Write a text as it is, but cleaned."""
        self._set(clean(text))

    def flow(self, text: str) -> None:
        """Write a text whose white space is only where it is in the file: it becomes one space at most."""
        pieces = _WHITE.split(clean(text.replace("\f", " ")))
        for number, piece in enumerate(pieces):
            if number:
                self._space = True
            if piece:
                self._set(piece)

    def tighten(self) -> None:
        """Forget white space at the end: the next text follows at once."""
        self._space = False

    def line(self) -> None:
        """End the line."""
        self._space = False
        if self._length or self._break:
            self._break = False
            self._append("\n")

    def block(self) -> None:
        """End the line unless nothing stands in it; what comes next, if anything, begins another."""
        self._space = False
        self._break = self._length > 0

    def ruby(self, start: int, reading: str, end: int | None = None) -> None:
        """Set a reading above what was written since the place `start`, or up to another."""
        base = self.since(start, end)
        start += len(base) - len(base.lstrip())
        reading = reading.strip()
        if reading and base.strip():
            self._rubies.append(Ruby(start, start + len(base.strip()), reading))

    def since(self, start: int, end: int | None = None) -> str:
        """Return what was written since a place, or up to another."""
        end = self._length if end is None else end
        first = bisect_right(self._starts, start) - 1
        if first < 0:
            return ""
        pieces = self._pieces[first : bisect_left(self._starts, end)]
        return "".join(pieces)[start - self._starts[first] : end - self._starts[first]]

    def printed(self) -> Printed:
        """Return what was written, without spaces and empty lines at its ends."""
        text = "".join(self._pieces)
        if not self._rubies:
            return Printed(text.strip(EDGES))
        lead = len(text) - len(text.lstrip(EDGES))
        text = text.strip(EDGES)
        rubies = tuple(Ruby(r.start - lead, r.end - lead, r.reading) for r in self._rubies)
        return Printed(text, rubies)

    def _set(self, text: str) -> None:
        if not text:
            return
        if self._break:
            if not self._ends_line():
                self._append("\n")
        elif self._space and self._length and not self._ends_line():
            self._append(" ")
        self._space = self._break = False
        self._append(text)

    def _ends_line(self) -> bool:
        return bool(self._pieces) and self._pieces[-1].endswith("\n")

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._starts.append(self._length)
        self._length += len(text)
