"""A doubt on a terminal: what is wrong, what might have been meant, and what one can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from nichiiki_ld.cli.table import visible
from nichiiki_ld.model import LEAD, ROW, Candidate, Doubt
from nichiiki_ld.settlement import DROPPED


def place_of(doubt: Doubt) -> str:
    """Return where a doubt is, in words."""
    return f"{'lead' if doubt.row == LEAD else f'row {doubt.row}'}, {doubt.field}"


def what_is_wrong(doubt: Doubt) -> Text:
    """Return the kind of a doubt, and its reason."""
    return Text.assemble((f"{doubt.kind}: ", "bold"), visible(doubt.why), overflow="fold")


def proposal(mark: str, candidate: Candidate, doubt: Doubt) -> Group:
    """Return a candidate and, below it, its evidence.

    Args:
        mark: Stands before it: the key that takes it.
    """
    text = Text(overflow="fold")
    text.append(f"{mark}  ", style="bold cyan")
    if candidate.value == DROPPED:
        text.append("drop the row" if candidate.field == ROW else "leave the name out", style="green")
    else:
        text.append(f"{candidate.field}: " if candidate.field != doubt.field else "")
        as_printed = candidate.value == doubt.printed
        text.append("as it is printed" if as_printed else visible(candidate.value), style="green")
    if candidate.code:
        text.append(f"  {candidate.code}", style="dim")
    why = Text(visible(candidate.why), style="dim", overflow="fold")
    return Group(Padding(text, (0, 0, 0, 2), expand=False), Padding(why, (0, 0, 0, 5), expand=False))


def keys(doubt: Doubt, *, first: bool) -> Text:
    """Return the keys that a doubt can be answered with.

    Args:
        first: Whether nothing was answered before.
    """
    offered: Sequence[tuple[str, str, bool]] = (
        (
            "1" if len(doubt.candidates) == 1 else f"1–{len(doubt.candidates)}",
            "take it",
            bool(doubt.candidates),
        ),
        ("e", "type another value", bool(doubt.printed)),
        ("d", "drop the row", doubt.row != LEAD),
        ("s", "skip", True),
        ("b", "back", not first),
        ("q", "quit", True),
    )
    return bar((key, meaning) for key, meaning, is_offered in offered if is_offered)


def bar(keys: Iterable[tuple[str, str]]) -> Text:
    """Return keys and what they do, on one line."""
    text = Text(overflow="fold")
    for key, meaning in keys:
        text.append(f"{key} ", style="bold cyan")
        text.append(f"{meaning}   ", style="dim")
    text.rstrip()
    return text
