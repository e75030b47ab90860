"""Readers of documents: an original in, cells exactly as printed out.

A layout is one module here. It knows how a kind of document is laid out, and
nothing of what is right: misprints come out as they went in.
"""

from __future__ import annotations

from collections.abc import Callable

from nichiiki_ld.errors import SourceError
from nichiiki_ld.extract import copied_text
from nichiiki_ld.model import Cell

LAYOUTS: dict[str, Callable[[str], list[Cell]]] = {
    "copied-text": copied_text.read,
}


def extract(text: str, layout: str) -> list[Cell]:
    """Return the cells of a document's text, in the order in which they are printed.

    Args:
        text: The decoded original.
        layout: A name in `LAYOUTS`, as `source.toml` gives it.

    Raises:
        SourceError: There is no such layout.
        LayoutError: The text does not have that layout.
    """
    try:
        read = LAYOUTS[layout]
    except KeyError:
        raise SourceError(
            f"unknown layout '{layout}'", hint=f"use one of: {', '.join(sorted(LAYOUTS))}"
        ) from None
    return read(text)
