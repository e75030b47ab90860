"""Lines of print made one line: what stands between two of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Joint = Callable[[str, str], str]
"""What to put between two lines: a space or nothing."""

BULLET = re.compile(
    r"[・●○■□◆◇▼▽★☆※⚫➢➤►▶⇒→]|[①-⑳❶-❿Ⅰ-Ⅻ]|[（(]?[\d一二三四五六七八九十]{1,2}[）)．.、](?!\d)"
)
_LATIN_END = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９,.;:)&%]$")
_LATIN_START = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９(&]")

TAIL_CHARACTERS = 60
"""So much of a line tells how it ends; no name is nearly as long."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Lines made one.

    Attributes:
        places: For each character of the printed text where it is in the joined one; of one that
            was left out, where the next is.
    """

    text: str
    places: Sequence[int]


def join_lines(printed: str, joint: Joint) -> Joined:
    """Return printed lines as one, each without blanks at its ends; empty lines are left out."""
    pieces: list[str] = []
    places: list[int] = []
    length = 0
    tail = ""
    for line in printed.splitlines(keepends=True):
        bare = line.strip().replace("\t", " ")
        if bare:
            between = joint(tail, bare) if tail else ""
            begin = length + len(between)
            pieces += [between, bare]
            length = begin + len(bare)
            tail = (tail + between + bare)[-TAIL_CHARACTERS:]
        else:
            begin = length
        indent = len(line) - len(line.lstrip())
        places += [min(max(begin + at - indent, begin), length) for at in range(len(line))]
    return Joined("".join(pieces), places)


def one_line(printed: str) -> str:
    """Return printed lines as one; what stands within a line stays as it is."""
    return join_lines(printed, joint_of_text).text


def on_one_line(printed: str) -> str:
    """Return a text as it is shown to somebody on one line."""
    return " ".join(one_line(printed).split())


def joint_of_text(front: str, back: str) -> str:
    """Separate what is Latin on both sides, and a list's items."""
    latin = _LATIN_END.search(front) and _LATIN_START.match(back)
    return " " if latin or BULLET.match(back) else ""
