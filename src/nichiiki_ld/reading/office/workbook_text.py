"""Texts of a workbook: in pieces of different fonts, with readings above them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from nichiiki_ld.document import Printed
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.lettering import EDGES, Lettering, clean
from nichiiki_ld.reading.limits import MOST_CELLS
from nichiiki_ld.reading.office.package import Handler, Package

_LONGEST = 32_767
"""Characters of a text; Excel's own limit."""

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a workbook.

    Attributes:
        guided: The same with its readings. Excel keeps what was typed to get a kanji, and shows
            it only where a cell is told to.
        struck: A part of it is struck out.
    """

    printed: Printed
    guided: Printed
    struck: bool = False


def plain_text(text: str) -> Text:
    """Return a text that is all in one piece."""
    printed = Printed(clean(text).strip(EDGES))
    return Text(printed, printed)


def unescaped(text: str) -> str:
    """Return a text with its characters instead of their numbers (`_x000D_`), ECMA-376 Part 1, 22.9.2.19."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


EMPTY = plain_text("")


class TextReader:
    """Puts a text together from its elements: those of an `si` of the shared strings, or an `is` in a cell."""

    def __init__(self) -> None:
        """Begin a text."""
        self._text: list[str] = []
        self._readings: list[tuple[int, int, str]] = []
        self._reading: list[str] | None = None
        self._base = (0, 0)
        self._within = False
        self._struck = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if tag == "rPh":
            self._reading = []
            self._base = (int(attributes.get("sb", "0")), int(attributes.get("eb", "0")))
        elif tag == "t":
            self._within = True
        elif tag == "strike" and attributes.get("val", "1") not in {"0", "false"}:
            self._struck = True

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag == "rPh" and self._reading is not None:
            self._readings.append((*self._base, unescaped("".join(self._reading))))
            self._reading = None
        elif tag == "t":
            self._within = False

    def text(self, text: str) -> None:
        """Take text."""
        if self._within:
            (self._text if self._reading is None else self._reading).append(text)

    def result(self) -> Text:
        """Return the text.

        Raises:
            ValueError: It is longer than a cell can show.
        """
        raw = unescaped("".join(self._text))
        if len(raw) > _LONGEST:
            raise ValueError(f"a text has {len(raw):,} characters, and a cell can have {_LONGEST:,}")
        whole = plain_text(raw)
        if not self._readings:
            return Text(whole.printed, whole.printed, self._struck) if self._struck else whole
        lettering = Lettering()
        offset = _offsets(raw)
        at = 0
        for begin, end, reading in sorted(self._readings):
            first, last = offset(begin), offset(end)
            if at <= first < last:
                lettering.write(raw[at:first])
                mark = len(lettering)
                lettering.write(raw[first:last])
                lettering.ruby(mark, reading)
                at = last
        lettering.write(raw[at:])
        return Text(whole.printed, lettering.printed(), self._struck)


def _offsets(text: str) -> Callable[[int], int]:
    """Return what makes offsets into a text that are given in UTF-16 code units such in characters."""
    if max(text, default="") <= "\uffff":
        return lambda units: min(units, len(text))
    ends = list(accumulate(1 + (character > "\uffff") for character in text))
    return lambda units: bisect_right(ends, units)


def read_shared(package: Package, workbook: str, where: str) -> list[Text]:
    """Return the texts that cells refer to by number.

    Raises:
        UnreadableDocument: The part is damaged, or there are more texts than cells are read.
    """
    part = package.related(workbook, "sharedStrings")
    texts: list[Text] = []
    if not part:
        return texts
    reader = TextReader()

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal reader
        if tag == "si":
            reader = TextReader()
        else:
            reader.start(tag, attributes)

    def end(tag: str) -> None:
        if tag != "si":
            reader.end(tag)
            return
        if len(texts) == MOST_CELLS:
            raise UnreadableDocument(
                f"has more than {MOST_CELLS:,} texts",
                where=where,
                hint="keep the sheet that has the list, delete the others, and save it again",
            )
        result = reader.result()
        texts.append(result if result.printed.text else EMPTY)

    def text(text: str) -> None:
        reader.text(text)

    package.stream(part, Handler(start, end, text))
    return texts
