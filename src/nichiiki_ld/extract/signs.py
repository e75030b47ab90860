"""A line of print cut into words and what stands between them: separators, brackets, footnote marks, blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto


class Kind(IntEnum):
    """What a sign is. Of those between two words the greatest tells how far apart they are."""

    BLANK = auto()
    LINE = auto()
    MARK = auto()
    COLON = auto()
    SEPARATOR = auto()
    BRACKET = auto()
    WORD = auto()


@dataclass(frozen=True, slots=True)
class Sign:
    """A piece of a text, offsets from 0, end exclusive. A bracket has its two ends and all between."""

    kind: Kind
    start: int
    end: int


_SINGLE = {
    **dict.fromkeys("、，,､・･／/;；", Kind.SEPARATOR),
    **dict.fromkeys(":：", Kind.COLON),
    **dict.fromkeys("\n\r\v\f\x85\u2028\u2029", Kind.LINE),
}
_PAIRS = ("()（）﹙﹚", "[]［］〔〕【】", "<>＜＞〈〉《》", "{}｛｝")
"""Brackets; those of one group close each other, as (きたみし） is often printed."""

_OPENING = {sign: group for group, signs in enumerate(_PAIRS) for sign in signs[::2]}
_CLOSING = {sign: group for group, signs in enumerate(_PAIRS) for sign in signs[1::2]}

_DIGITS = "0123456789０１２３４５６７８９"
_MARK = re.compile(
    f"[★☆◎●○◯◇◆□■△▲▽▼•†‡]|(?:[※＊*][{_DIGITS}]*|注[{_DIGITS}]+|[{_DIGITS}]{{1,2}}(?=[)）]))[)）]?"
    "|[⁰¹²³⁴-⁹⁽⁾]+|[①-⑳❶-❿]"
)
_NUMBERING = re.compile(f"[{_DIGITS}]{{1,2}}[.．]")
"""Counts as a mark only where a word would begin."""


def signs(text: str) -> Iterator[Sign]:
    """Yield the signs of a text in their order; together they are the whole of it.

    A bracket that is not closed, or not opened, is part of a word.
    """
    closed_at = _matched(text)
    closing = set(closed_at.values())
    word = place = 0
    while place < len(text):
        found = _sign_at(text, place, closed_at, closing, begins=word == place)
        if found is None:
            place += 1
            continue
        if word < place:
            yield Sign(Kind.WORD, word, place)
        yield found
        word = place = found.end
    if word < place:
        yield Sign(Kind.WORD, word, place)


def _sign_at(
    text: str, place: int, closed_at: dict[int, int], closing: set[int], *, begins: bool
) -> Sign | None:
    if place in closed_at:
        return Sign(Kind.BRACKET, place, closed_at[place] + 1)
    if kind := _SINGLE.get(text[place], Kind.BLANK if text[place].isspace() else None):
        return Sign(kind, place, place + 1)
    match = _MARK.match(text, place)
    if match and match.end() - 1 in closing:
        # The ) of 北見市※1) belongs to the mark only if it closes no bracket.
        return Sign(Kind.MARK, place, match.end() - 1) if text[place] not in _DIGITS else None
    if match is None and begins:
        match = _NUMBERING.match(text, place)
    return Sign(Kind.MARK, place, match.end()) if match else None


def _matched(text: str) -> dict[int, int]:
    """Return where each outermost or inner bracket that is closed begins and ends."""
    found: dict[int, int] = {}
    open_: list[tuple[int, int]] = []
    for place, character in enumerate(text):
        if character in _OPENING:
            open_.append((_OPENING[character], place))
        elif character in _CLOSING and open_ and open_[-1][0] == _CLOSING[character]:
            found[open_.pop()[1]] = place
    return found
