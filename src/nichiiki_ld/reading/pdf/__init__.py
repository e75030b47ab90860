"""A PDF file as a document: paragraphs, and tables with and without rules.

    file ──painting──▶ marks ──layout──▶ lines, ruled tables ──assembly──▶ paragraphs, tables
                       glyphs,  ruby,    page by page          unruled tables, joined over pages
                       rules    ruled

Read are pages set from left to right. Not read: text that runs down or is turned, which is
counted; several columns of running text side by side, whose lines come out mixed; a table within
a cell, which is a part of its text; rows that only vertical rules cross, which are one row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nichiiki_ld.document import Document, Grid, Paragraph, Printed
from nichiiki_ld.reading.limits import Allowance
from nichiiki_ld.reading.pdf.assembly import Assembly
from nichiiki_ld.reading.pdf.file import PdfFile
from nichiiki_ld.reading.pdf.layout import lay_out
from nichiiki_ld.reading.pdf.notes import Notebook
from nichiiki_ld.reading.pdf.shared_glyphs import unify_dashes


def read_pdf(content: bytes, where: str, progress: Callable[[int, int], None] | None = None) -> Document:
    """Return what a PDF file prints.

    Lines of a cell or paragraph are separated by line feeds, also where they were merely full. A
    reading that stands above a name that goes on in the next line is two readings, as printed.

    Args:
        where: The file, for messages.
        progress: Told after each page how many are done, and how many there are.

    Raises:
        UnreadableDocument: It is no PDF, damaged, cut off, locked, has no text, or asks for
            more than any list does.
    """
    file = PdfFile(content, where)
    notebook = Notebook(repaired=file.repaired)
    assembly = Assembly(notebook, Allowance(where))
    for number in range(1, file.pages + 1):
        cut = file.cut_streams
        marks = file.marks(number)
        page = lay_out(marks)
        notebook.see(marks, cut=file.cut_streams > cut, crowded=page.crowded)
        assembly.add(page)
        if progress:
            progress(number, file.pages)
    notebook.check(where)
    blocks = assembly.blocks()
    if notebook.shared:
        blocks = tuple(_with_dashes(block) for block in blocks)
    return Document(blocks, file.pages, title=file.title, notes=notebook.notes())


def _with_dashes(block: Paragraph | Grid) -> Paragraph | Grid:
    if isinstance(block, Paragraph):
        return replace(block, printed=_unified(block.printed))
    rows = (
        replace(row, cells=tuple(replace(cell, printed=_unified(cell.printed)) for cell in row.cells))
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


def _unified(printed: Printed) -> Printed:
    return replace(printed, text=unify_dashes(printed.text)) if "〜" in printed.text else printed
