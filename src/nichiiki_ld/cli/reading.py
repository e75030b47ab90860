"""A document read while a person waits."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from nichiiki_ld.document import Document
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.extract import Extraction, extract
from nichiiki_ld.reading import read


def read_document(content: bytes, name: str, columns: Mapping[str, str]) -> tuple[Document, Extraction]:
    """Return a document and what is read of it, with a progress bar on a terminal.

    Args:
        name: Of the file, for its extension and for messages.
        columns: As `extract` has it.

    Raises:
        UnreadableDocument: The file cannot be read, or its text cannot be written.
        LayoutError: It has no list that is recognised.
    """
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        pages = bar.add_task("pages", total=None)
        document = read(
            content, name=name, progress=lambda done, total: bar.update(pages, completed=done, total=total)
        )
        bar.update(pages, description="rows", total=None)
        extraction = extract(document, columns, where=name)
    try:
        extraction.text.encode()
    except UnicodeEncodeError as error:
        raise UnreadableDocument(
            f"has a character that is none: U+{ord(extraction.text[error.start]):04X}, half of one in UTF-16",
            where=name,
            hint="open the document in the program that it is made for, and save it again",
        ) from None
    return document, extraction
