"""Tables as text: CSV and TSV."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from nichiiki_ld.document import Document, Grid, Printed
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.encoding import decode
from nichiiki_ld.reading.lattice import Lattice
from nichiiki_ld.reading.lettering import EDGES, clean
from nichiiki_ld.reading.limits import Allowance, check_size

_DELIMITERS = (",", "\t", ";")
_SAMPLE_RECORDS = 200
MOST_FIELD_CHARACTERS = 100_000
"""The csv module has a limit too, which anybody in the process may change."""

_SEPARATOR_LINE = re.compile(r"sep=(?P<delimiter>[,;\t])\r?\n", re.IGNORECASE)
"""What Excel writes, and takes, for the separator."""


def read_delimited(content: bytes, where: str, *, expected: str = ",") -> Document:
    """Return the one table of a CSV or TSV text.

    The separator is the one among comma, tabulator and semicolon by which most records
    have the same number of fields. Records may be of different lengths; a line above
    the table is a line of it.

    Args:
        expected: The separator that wins a draw: that of the file's extension.

    Raises:
        UnreadableDocument: It cannot be decoded, is garbled or too large, or its quotation
            marks do not match. The message has the line.
    """
    check_size(content, where)
    decoded = decode(content, where)
    text = decoded.text
    if stated := _SEPARATOR_LINE.match(text):
        text, delimiter = text[stated.end() :], stated["delimiter"]
    else:
        delimiter = _delimiter(text, expected)
    grid = _grid(text, delimiter, where, lines_before=1 if stated else 0)
    return Document((grid,) if grid else (), encoding=decoded.encoding, notes=decoded.notes)


def _grid(text: str, delimiter: str, where: str, *, lines_before: int) -> Grid | None:
    lattice = Lattice(Allowance(where))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, record in enumerate(reader):
            for column, field in enumerate(record):
                if len(field) > MOST_FIELD_CHARACTERS:
                    raise UnreadableDocument(
                        f"has a field larger than {MOST_FIELD_CHARACTERS:,} characters",
                        where=f"{where}:{reader.line_num + lines_before}",
                        hint="look for a quotation mark that is never closed",
                    )
                if shown := clean(field).strip(EDGES):
                    lattice.place(number, column, Printed(shown))
    except csv.Error as error:
        raise UnreadableDocument(
            f"is no table of fields: {error}",
            where=f"{where}:{reader.line_num + lines_before}",
            hint="a quotation mark within a quoted field is written twice",
            reference="https://www.rfc-editor.org/rfc/rfc4180",
        ) from None
    return lattice.grid()


def _delimiter(text: str, expected: str) -> str:
    ranked = sorted(_DELIMITERS, key=lambda each: (_agreement(text, each), each == expected))
    return ranked[-1]


def _agreement(text: str, delimiter: str) -> tuple[int, int]:
    """Return how many records have the usual number of fields, if that is more than one, and the number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    widths: Counter[int] = Counter()
    try:
        widths.update(len(record) for record in islice(reader, _SAMPLE_RECORDS))
    except csv.Error:
        return 0, 0
    widths = Counter({width: count for width, count in widths.items() if width > 1})
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
