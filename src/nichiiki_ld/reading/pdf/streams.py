"""The compressed parts of a PDF file, decompressed within limits.

A stream of a few kilobytes can ask for gigabytes, and a form can draw another one a
thousand times that does the same. The parser that is used here would do as it is asked.
So every stream is charged to a budget, each time that somebody reads it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import (
    LITERALS_ASCII85_DECODE,
    LITERALS_ASCIIHEX_DECODE,
    LITERALS_FLATE_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFStream,
    int_value,
    resolve1,
)
from pdfminer.runlength import rldecode
from pdfminer.utils import apply_png_predictor, apply_tiff_predictor

from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.limits import MIBIBYTE

MOST_STREAM_BYTES = 32 * MIBIBYTE
"""Of one stream, decompressed: the largest that a page needs are whole Japanese fonts."""

MOST_STREAMED_BYTES = 256 * MIBIBYTE
"""Of all streams, each counted as often as it is read. A page of a table takes some 100 kB."""

MOST_PAGE_BYTES = 4 * MIBIBYTE
"""Of the content of one page, each form counted as often as it is drawn. Every byte may be an
operator, so this takes far longer than fonts and pictures of the same size."""

MOST_CONTENT_BYTES = 64 * MIBIBYTE
"""Of the content of all pages."""

LEAST_CONTENT_BYTES = 1024
"""What drawing a form costs at least."""

LEAST_CHARGE_BYTES = 8192
"""What reading a stream costs at least: a short form can be drawn as often as one likes."""

MOST_FILTERS = 4
"""That a stream may have gone through."""

_PIECE_BYTES = 65_536
_CHECKSUM_BYTES = 4
_RUN_BYTES = 64
"""How many bytes one byte of a run-length encoding stands for, at most."""


class Budget:
    """What one file may still decompress.

    Attributes:
        cut: How many streams ended before they were complete.
    """

    def __init__(self, where: str) -> None:
        """Begin with the limits of this module."""
        self.cut = 0
        self._where = where
        self._left_bytes = MOST_STREAMED_BYTES
        self._content_bytes = MOST_CONTENT_BYTES
        self._page_bytes = MOST_PAGE_BYTES
        self._page = 0

    def begin_page(self, number: int) -> None:
        """Begin a page, counted from 1."""
        self._page, self._page_bytes = number, MOST_PAGE_BYTES

    def draw(self, size_bytes: int) -> None:
        """Take what a stream has that is drawn on the page.

        Raises:
            UnreadableDocument: There is not as much left, for the page or for all of them.
        """
        self._page_bytes -= max(size_bytes, LEAST_CONTENT_BYTES)
        if self._page_bytes < 0:
            raise self.bomb(f"page {self._page} takes more than {MOST_PAGE_BYTES // MIBIBYTE} MiB to draw")
        self._content_bytes -= max(size_bytes, LEAST_CONTENT_BYTES)
        if self._content_bytes < 0:
            raise self.bomb(f"its pages take more than {MOST_CONTENT_BYTES // MIBIBYTE} MiB to draw")

    def charge(self, size_bytes: int) -> None:
        """Take what a stream has, decompressed.

        Raises:
            UnreadableDocument: There is not as much left.
        """
        self._left_bytes -= max(size_bytes, LEAST_CHARGE_BYTES)
        if self._left_bytes < 0:
            raise self.bomb(f"its pages take more than {MOST_STREAMED_BYTES // MIBIBYTE} MiB to read")

    def room(self, size_bytes: int) -> None:
        """Make sure that a stream is no longer than one may be.

        Raises:
            UnreadableDocument: It is.
        """
        if size_bytes > MOST_STREAM_BYTES:
            raise self.bomb(
                f"one of its streams decompresses to more than {MOST_STREAM_BYTES // MIBIBYTE} MiB"
            )

    def damaged(self) -> UnreadableDocument:
        """Return the error for a stream that cannot be decompressed."""
        return UnreadableDocument(
            "is damaged: one of its streams cannot be decompressed",
            where=self._where,
            hint="fetch the file again; if it stays so, print it into a new PDF with the program that still opens it",
        )

    def bomb(self, what: str) -> UnreadableDocument:
        """Return the error for a file that asks for too much."""
        return UnreadableDocument(
            f"asks for more than any list does: {what}",
            where=self._where,
            hint="print just the pages of the list into a new PDF",
        )


class BoundedStream(PDFStream):
    """A stream that keeps nothing of what it decompresses.

    Attributes:
        drawn: It is the content of a page, or of a form on one.
    """

    def __init__(self, stream: PDFStream, budget: Budget) -> None:
        """Take the place of a stream."""
        super().__init__(stream.attrs, stream.rawdata or b"", stream.decipher)
        self.drawn = False
        self._budget = budget

    def get_data(self) -> bytes:
        """Return the content, as it is after all filters but those of pictures.

        Raises:
            UnreadableDocument: It is longer than a stream may be, or damaged.
        """
        data = self.rawdata or b""
        if self.decipher and self.objid is not None and self.genno is not None:
            data = self.decipher(self.objid, self.genno, data, self.attrs)
        filters = self.get_filters()
        if len(filters) > MOST_FILTERS:
            raise self._budget.bomb(f"one of its streams went through {len(filters)} filters")
        for name, parameters in filters:
            decoded = self._decode(name, data)
            if decoded is None:
                break
            data = self._unpredict(decoded, parameters)
        self._budget.charge(len(data))
        if self.drawn:
            self._budget.draw(len(data))
        return data

    def _decode(self, name: Any, data: bytes) -> bytes | None:
        if name in LITERALS_FLATE_DECODE:
            return self._inflate(data)
        if name in LITERALS_LZW_DECODE:
            return self._collect(LZWDecoder(BytesIO(data)).run())
        if name in LITERALS_RUNLENGTH_DECODE:
            self._budget.room(len(data) * _RUN_BYTES)
            return rldecode(data)
        if name in LITERALS_ASCII85_DECODE:
            return ascii85decode(data)
        if name in LITERALS_ASCIIHEX_DECODE:
            return asciihexdecode(data)
        return None

    def _collect(self, pieces: Iterable[bytes]) -> bytes:
        collected, size_bytes = [], 0
        for piece in pieces:
            size_bytes += len(piece)
            self._budget.room(size_bytes)
            collected.append(piece)
        return b"".join(collected)

    def _inflate(self, data: bytes) -> bytes:
        engine = zlib.decompressobj()

        def pieces() -> Iterable[bytes]:
            for start in range(0, len(data), _PIECE_BYTES):
                yield engine.decompress(data[start : start + _PIECE_BYTES], MOST_STREAM_BYTES + 1)
                while engine.unconsumed_tail:
                    yield engine.decompress(engine.unconsumed_tail, MOST_STREAM_BYTES + 1)
                if engine.eof:
                    return

        try:
            inflated = self._collect(pieces())
        except zlib.error:
            return self._inflate_raw(data)
        self._budget.cut += not engine.eof
        return inflated

    def _inflate_raw(self, data: bytes) -> bytes:
        """Inflate what has a wrong checksum, and nothing that is wrong before it."""
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            inflated = engine.decompress(data[2:], MOST_STREAM_BYTES + 1)
        except zlib.error:
            raise self._budget.damaged() from None
        self._budget.room(len(inflated))
        if not engine.eof:
            raise self._budget.damaged()
        return inflated

    def _unpredict(self, data: bytes, parameters: Any) -> bytes:
        parameters = resolve1(parameters)
        predictor = int_value(parameters.get("Predictor", 1)) if isinstance(parameters, dict) else 1
        if predictor == 1:
            return data
        colours, columns, bits = (
            int_value(parameters.get(key, usual))
            for key, usual in (("Colors", 1), ("Columns", 1), ("BitsPerComponent", 8))
        )
        if min(colours, columns, bits) < 1:
            raise self._budget.damaged()
        self._budget.room(colours * columns * bits)
        undo = apply_tiff_predictor if predictor == 2 else _undo_png  # noqa: PLR2004 - as the format numbers them
        return bytes(undo(colours, columns, bits, data))


def _undo_png(colours: int, columns: int, bits: int, data: bytes) -> bytes:
    return bytes(apply_png_predictor(15, colours, columns, bits, data))


class BoundedParser(PDFParser):
    """A parser whose streams are bounded."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        """Read a file from its bytes."""
        super().__init__(BytesIO(content))
        self._budget = budget

    def push(self, *entries: tuple[int, Any]) -> None:
        """Put what was read on the stack."""
        super().push(
            *(
                (at, BoundedStream(read, self._budget) if isinstance(read, PDFStream) else read)
                for at, read in entries
            )
        )
