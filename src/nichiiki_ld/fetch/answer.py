"""What an address answers with: a whole document, unpacked, no larger than the limit."""

from __future__ import annotations

import re
import time
import urllib.parse
import zlib
from http.client import HTTPMessage, HTTPResponse

from nichiiki_ld.errors import SourceError
from nichiiki_ld.fetch.advice import DOWNLOAD
from nichiiki_ld.reading.limits import MIBIBYTE

_PIECE_BYTES = 1 << 16
_LONGEST_NAME = 100
_GZIP = zlib.MAX_WBITS | 16
_NOT_PRINTED = re.compile(r"[^\w.()\[\] -]")

_EXTENSIONS = {
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/tab-separated-values": ".tsv",
}
"""Of texts, whose first bytes do not tell what they are."""


def read_answer(response: HTTPResponse, address: str, until: float, most_bytes: int) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise SourceError(
            f"it answers in the encoding {encoding}, which was not asked for", where=address, hint=DOWNLOAD
        )
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise _too_large(address, most_bytes)
    unpacked = _Unpacked(address, most_bytes) if encoding != "identity" else None
    content = bytearray()
    while piece := response.read1(_PIECE_BYTES):
        if time.monotonic() > until:
            raise TimeoutError
        content += unpacked.more(piece, len(content)) if unpacked else piece
        if len(content) > most_bytes:
            raise _too_large(address, most_bytes)
    if response.length or (unpacked and not unpacked.whole):
        raise SourceError("it ended before its end", where=address, hint="try again")
    return bytes(content)


class _Unpacked:
    """A gzip stream, unpacked piece by piece, no further than the limit."""

    def __init__(self, address: str, most_bytes: int) -> None:
        self._address, self._most_bytes = address, most_bytes
        self._inflate = zlib.decompressobj(_GZIP)

    @property
    def whole(self) -> bool:
        return self._inflate.eof

    def more(self, piece: bytes, had_bytes: int) -> bytes:
        """Return what another piece unpacks to, up to one byte more than may be had."""
        found = bytearray()
        try:
            while piece:
                if self._inflate.eof:
                    self._inflate = zlib.decompressobj(_GZIP)
                found += self._inflate.decompress(piece, self._most_bytes - had_bytes - len(found) + 1)
                if had_bytes + len(found) > self._most_bytes:
                    break
                piece = self._inflate.unused_data
        except zlib.error as error:
            raise SourceError(f"is no gzip: {error}", where=self._address, hint=DOWNLOAD) from None
        return bytes(found)


def _too_large(address: str, most_bytes: int) -> SourceError:
    return SourceError(
        f"is larger than {most_bytes / MIBIBYTE:g} MiB, the limit",
        where=address,
        hint="download it, and import the part that has the list",
    )


def name_of(headers: HTTPMessage, address: str) -> str:
    """Return what a file is called, by the header or else by the address (RFC 6266)."""
    path = urllib.parse.unquote(urllib.parse.urlsplit(address).path)
    told = headers.get_filename() or path
    name = re.split(r"[/\\]", told.rstrip("/\\"))[-1]
    name = _NOT_PRINTED.sub("_", name).lstrip(".")[-_LONGEST_NAME:] or "document"
    extension = re.search(r"\.\w{1,8}\Z", name)
    if extension or "Content-Type" not in headers:
        return name
    return name + _EXTENSIONS.get(headers.get_content_type(), "")
