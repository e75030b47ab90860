"""Readings set above names, written before them as text that is copied out of a document has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nichiiki_ld.document import Ruby
from nichiiki_ld.orthography import is_kana

_WORD = re.compile(r"[^\s、，,・･／/;；:：()（）\[\]［］〔〕【】<>＜＞《》]+")


def with_readings(text: str, rubies: Sequence[Ruby]) -> str:
    """Return a line of names with the reading of each before it: きたみし 北見市.

    The readings of parts of a name are one reading: ほっかいどう and きたみし above 北海道 and 北見市 make
    ほっかいどうきたみし. Kana of the name that have no reading above them are their own, and so
    are kanji between two readings, which is a misprint to be seen.
    """
    written = []
    at = 0
    for start, end, above in _groups(text, rubies):
        written += [text[at:start], _reading(text, start, end, above), " ", text[start:end]]
        at = end
    return "".join([*written, text[at:]])


def _groups(text: str, rubies: Sequence[Ruby]) -> list[tuple[int, int, list[Ruby]]]:
    """Return where names begin and end that have readings, with these; a reading can stand above 森　町."""
    groups: list[tuple[int, int, list[Ruby]]] = []
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    for ruby in sorted(rubies, key=lambda each: each.start):
        below = [word for word in words if word[0] < ruby.end and ruby.start < word[1]]
        if not below or not ruby.reading.strip():
            continue
        start, end = below[0][0], below[-1][1]
        if groups and start < groups[-1][1]:
            before = groups[-1]
            groups[-1] = (min(start, before[0]), max(end, before[1]), [*before[2], ruby])
        else:
            groups.append((start, end, [ruby]))
    return groups


def _reading(text: str, start: int, end: int, rubies: Sequence[Ruby]) -> str:
    first, last = rubies[0].start, rubies[-1].end
    while first > start and is_kana(text[first - 1]):
        first -= 1
    while last < end and is_kana(text[last]):
        last += 1
    written = ""
    at = first
    for ruby in rubies:
        written += text[at : ruby.start] + ruby.reading
        at = max(at, ruby.end)
    return "".join((written + text[at:last]).split())
