"""A PDF file: opened, counted, and read page by page.

Source: ISO 32000-1.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect, PDFXRefFallback
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.limits import check_size
from nichiiki_ld.reading.pdf.fonts import BoundedFonts
from nichiiki_ld.reading.pdf.marks import Marks
from nichiiki_ld.reading.pdf.painting import BoundedInterpreter, Painter
from nichiiki_ld.reading.pdf.streams import BoundedParser, Budget

MOST_PAGES = 3_000
"""Of a file: beyond it nobody printed a list."""

_HEADER = re.compile(rb"%PDF-\d")
_HEADER_BYTES = 1024
_END = re.compile(rb"startxref\s+\d+|%%EOF")
_END_BYTES = 4096
"""How far from the end of a file the mark of its end may stand; some servers append a few bytes."""

_NO_TITLES = frozenset({"about:blank", "untitled", "無題"})

# It warns of every trifle that producers do otherwise than the standard says, once per font and page.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


class PdfFile:
    """An open file.

    Attributes:
        pages: How many it has.
        title: What it says its title is, or empty.
        repaired: The table that says where its parts stand is broken, and was made anew.
    """

    def __init__(self, content: bytes, where: str) -> None:
        """Open a file from its bytes.

        Args:
            where: The file, for messages.

        Raises:
            UnreadableDocument: It is no PDF, cut off, damaged, locked or too large.
        """
        check_size(content, where)
        if not _HEADER.search(content[:_HEADER_BYTES]):
            raise UnreadableDocument(
                "is no PDF file", where=where, hint="give it the extension of what it is"
            )
        if not _END.search(content.rstrip(b"\0\t\n\f\r ")[-_END_BYTES:]):
            raise UnreadableDocument(
                "is cut off: the end of the PDF file is missing",
                where=where,
                hint="fetch the file again, as a whole",
            )
        self._where = where
        self._budget = Budget(where)
        self._fonts = BoundedFonts(self._budget)
        with self._in_our_words():
            document = PDFDocument(BoundedParser(content, self._budget))
            self._pages = list(islice(PDFPage.create_pages(document), MOST_PAGES + 1))
            self.title = _title(document)
        self.repaired = any(isinstance(table, PDFXRefFallback) for table in document.xrefs)
        self.pages = len(self._pages)
        if self.pages > MOST_PAGES:
            raise self._budget.bomb(f"it has more than {MOST_PAGES:,} pages")
        if not self.pages:
            raise UnreadableDocument("has no pages", where=where, hint="fetch the file again")

    @property
    def cut_streams(self) -> int:
        """How many streams ended too early so far."""
        return self._budget.cut

    def marks(self, number: int) -> Marks:
        """Return what a page has on it.

        Nothing of it is kept here.

        Args:
            number: Counted from 1.

        Raises:
            UnreadableDocument: It is damaged, or asks for too much.
        """
        self._budget.begin_page(number)
        painter = Painter(self._fonts, number, self._budget)
        with self._in_our_words():
            BoundedInterpreter(self._fonts, painter).process_page(self._pages[number - 1])
        return painter.marks

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except UnreadableDocument:
            raise
        except PDFPasswordIncorrect:
            raise UnreadableDocument(
                "is encrypted, and opens only with a password",
                where=self._where,
                hint="ask for it, then: qpdf --password=… --decrypt locked.pdf open.pdf",
            ) from None
        except PDFEncryptionError as error:
            raise UnreadableDocument(
                "is encrypted in a way that cannot be undone here",
                where=self._where,
                hint="open it in a program that can, and print it into a new PDF",
            ) from error
        except Exception as error:
            # Whatever a parser stumbles over in a broken file, from KeyError to RecursionError.
            raise UnreadableDocument(
                f"is damaged: its parts do not fit together ({type(error).__name__})",
                where=self._where,
                hint="fetch the file again; if it stays so, print it into a new PDF with a program that opens it",
            ) from error


def _title(document: PDFDocument) -> str:
    for info in document.info:
        title = resolve1(info.get("Title"))
        if isinstance(title, bytes):
            text = decode_text(title).strip()
            return "" if text.lower() in _NO_TITLES else text
    return ""
