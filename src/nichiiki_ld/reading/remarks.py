"""How notes on a reading are worded."""

from __future__ import annotations


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its words: `1 text box was`, `1,200 text boxes were`."""
    return f"{count:,} {one if count == 1 else many}"
