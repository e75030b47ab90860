"""Files of ours read strictly: a missing key, an empty field or a day that is none becomes one clear error."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nichiiki_ld.errors import TableError
from nichiiki_ld.files import read_text
from nichiiki_ld.tabular import parse_csv, parse_toml


@contextmanager
def keys_of(path: Path) -> Iterator[dict[str, Any]]:
    """Give a TOML file's table, whose missing keys become one clear error.

    Raises:
        TableError: It cannot be read, or what is asked of it is not there.
    """
    table = parse_toml(read_text(path), where=str(path))
    try:
        yield table
    except KeyError as error:
        raise TableError(f"lacks the key '{error.args[0]}'", where=str(path), hint="add it") from None


def read_csv(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each record of a CSV file with the number of its line.

    Raises:
        TableError: It cannot be read, or does not have these columns throughout.
    """
    return parse_csv(read_text(path), columns, where=str(path))


def filled(
    row: Mapping[str, str],
    column: str,
    where: str,
    hint: str = "a decision says what, why, and on what evidence",
) -> str:
    """Return a field that must not be empty.

    Raises:
        TableError: It is.
    """
    if not row[column].strip():
        raise TableError(f"has no {column}", where=where, hint=hint)
    return row[column]


def day(value: object, where: str) -> datetime.date:
    """Return a day, which TOML has as one and CSV as text.

    Raises:
        TableError: It is none.
    """
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise TableError(f"「{value}」 is no day", where=where, hint="write it as 2025-07-01") from None
