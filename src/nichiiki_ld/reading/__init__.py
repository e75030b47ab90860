"""Readers of files: bytes in, a document out.

A reader tells what a file prints and where, and nothing of what it means. The kind of a
file is what its bytes say; its name decides only between kinds of plain text. No reader
opens a file, asks the network, or runs what a file brings along.
"""

from __future__ import annotations

from collections.abc import Callable

from nichiiki_ld.document import Document
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.delimited import read_delimited
from nichiiki_ld.reading.kinds import kind_of
from nichiiki_ld.reading.plain import read_plain

__all__ = ["KINDS", "kind_of", "read"]


def _read_docx(content: bytes, name: str) -> Document:
    from nichiiki_ld.reading.docx import read_docx  # noqa: PLC0415 - as _read_pdf

    return read_docx(content, name)


def _read_html(content: bytes, name: str) -> Document:
    from nichiiki_ld.reading.html import read_html  # noqa: PLC0415 - as _read_pdf

    return read_html(content, name)


def _read_xlsx(content: bytes, name: str) -> Document:
    from nichiiki_ld.reading.xlsx import read_xlsx  # noqa: PLC0415 - as _read_pdf

    return read_xlsx(content, name)


_READERS: dict[str, Callable[[bytes, str], Document]] = {
    "csv": read_delimited,
    "docx": _read_docx,
    "html": _read_html,
    "tsv": lambda content, where: read_delimited(content, where, expected="\t"),
    "txt": read_plain,
    "xlsx": _read_xlsx,
}

KINDS = frozenset({"pdf", *_READERS})
"""What can be read, by the usual extension."""


def read(content: bytes, *, name: str, progress: Callable[[int, int], None] | None = None) -> Document:
    """Return what a file prints.

    Args:
        name: The file's name, for its extension and for messages.
        progress: Told how many pages are read, and of how many, where a format has pages.

    Raises:
        UnreadableDocument: The file is of a kind that has no reader, damaged, encrypted,
            garbled, or too large; or it prints nothing.
    """
    kind = kind_of(content, name)
    document = _read_pdf(content, name, progress) if kind == "pdf" else _READERS[kind](content, name)
    if not document.blocks:
        raise UnreadableDocument(
            "prints no text",
            where=name,
            hint="look at it in the program that it is made for; a page that scripts fill has to be "
            "saved by a browser, and a picture needs OCR",
        )
    return document


def _read_pdf(content: bytes, name: str, progress: Callable[[int, int], None] | None) -> Document:
    from nichiiki_ld.reading.pdf import read_pdf  # noqa: PLC0415 - takes most of a second, for one kind of file

    return read_pdf(content, name, progress)
