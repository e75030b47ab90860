"""Readings above text, as pages write them: `<ruby>北見<rp>(</rp><rt>きたみ</rt><rp>)</rp></ruby>`."""

from __future__ import annotations

from collections import deque

from nichiiki_ld.reading.lettering import Lettering


class RubyReader:
    """Takes the pieces of one `ruby` element.

    Pieces of text and their readings follow each other; several `rb` may come
    before as many `rt`. A reading that has no text left goes above the last one.
    """

    def __init__(self, text: Lettering) -> None:
        """Begin with what is written before it."""
        self._text = text
        self._bases: deque[tuple[int, int]] = deque()
        self._last: tuple[int, int] | None = None
        self._begin = len(text)
        self._reading: Lettering | None = None

    def begin(self, name: str) -> None:
        """Begin a piece of text (`rb`) or a reading (`rt`)."""
        self._end_reading()
        self._end_base()
        if name == "rt":
            self._reading = Lettering()

    def end(self, name: str) -> None:
        """End a piece of text or a reading."""
        if name == "rt":
            self._end_reading()
        else:
            self._end_base()

    def write(self, text: str) -> None:
        """Take text; white space alone only separates elements."""
        if self._reading is not None:
            self._reading.flow(text)
        elif text.strip():
            self._text.flow(text)

    def _end_base(self) -> None:
        if len(self._text) > self._begin:
            self._text.tighten()
            self._bases.append((self._begin, len(self._text)))
        self._begin = len(self._text)

    def _end_reading(self) -> None:
        if self._reading is None:
            return
        if self._bases:
            self._last = self._bases.popleft()
        if self._last:
            begin, end = self._last
            self._text.ruby(begin, self._reading.printed().text, end)
        self._reading = None
