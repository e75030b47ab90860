"""CSV, TSV and TOML texts of ours, read strictly."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from nichiiki_ld.errors import TableError


def parse_csv(text: str, columns: Sequence[str], *, where: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each record of a CSV text with the number of its line, the heading being line 1.

    Args:
        columns: The heading that the text must have, in this order.
        where: The file, for messages.

    Raises:
        TableError: Another heading, or a line with another number of columns. The message
            has the line.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        heading = next(reader, [])
        if heading != list(columns):
            raise TableError(
                f"has the columns {', '.join(heading) or 'none'}",
                where=f"{where}:1",
                hint=f"the columns are {', '.join(columns)}",
            )
        for record in reader:
            line = reader.line_num
            if not record:
                continue
            if len(record) != len(columns):
                raise TableError(
                    f"has {len(record)} columns instead of {len(columns)}",
                    where=f"{where}:{line}",
                    hint=f"the columns are {', '.join(columns)}; a text with a comma needs quotes",
                )
            yield line, dict(zip(columns, record, strict=True))
    except csv.Error as error:
        raise TableError(f"is no CSV: {error}", where=f"{where}:{reader.line_num}") from None


def parse_toml(text: str, *, where: str) -> dict[str, Any]:
    """Return what a TOML text holds.

    Raises:
        TableError: It is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"is no TOML: {error}", where=where, hint="mend the file") from None


def format_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, line_end: str = "\n") -> str:
    """Return a table as CSV text with its heading (RFC 4180, but for the line end unless one is given)."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), lineterminator=line_end)
    writer.writeheader()
    writer.writerows(dict(row) for row in rows)
    return out.getvalue()
