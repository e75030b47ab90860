"""Texts made alike, so that what a person types and what the data say meet.

Width, case, katakana and hiragana, accents, signs that nobody sees, and the forms of a
character that are one to a reader: ＫＩＴＡＭＩ, ｷﾀﾐ and キタミ are kitami, きたみ and きたみ; 龍 is 竜.

Source: Unicode Standard Annex 15 (NFKC); Unicode, section 3.13 (casefold).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

_KATAKANA = range(0x30A1, 0x30F7)
_TO_HIRAGANA = 0x60
_ACCENTED = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_UNSEEN = (
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
    0xAD,
    0xFEFF,
)
_LOOSE_MARKS = (*range(0x300, 0x370), 0x3099, 0x309A)
_VARIANTS = {
    "ヶ": "け", "ヵ": "か", "ゖ": "け", "ゕ": "か",
    "龍": "竜", "檜": "桧", "澤": "沢", "濱": "浜", "濵": "浜", "﨑": "崎", "嵜": "崎", "髙": "高", "邊": "辺", "邉": "辺",
    "廣": "広", "櫻": "桜", "瀧": "滝", "藪": "薮", "諫": "諌", "嶋": "島", "國": "国", "會": "会", "舘": "館", "籠": "篭",
    "竈": "釜", "渕": "淵", "曾": "曽", "壹": "壱", "驒": "騨", "鷗": "鴎", "礪": "砺", "蘂": "蕊", "葛󠄀": "葛",
}  # fmt: skip
"""Characters that names of places are written with in more ways than one."""


def _same() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in _ACCENTED:
        base = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))
        if base.isascii():
            table[code] = base.lower()
    table |= {code: chr(code - _TO_HIRAGANA) for code in _KATAKANA}
    table |= dict.fromkeys((*_UNSEEN, *_LOOSE_MARKS))
    return table | {ord(form): plain for form, plain in _VARIANTS.items() if len(form) == 1}


_SAME = _same()

_CJK = "ぁ-ゖゝゞー々〆〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|[^\W_{_CJK}]+")
_UNIT = re.compile(
    ".[\u0300-\u036f\u3099\u309a\uff9e\uff9f\u200b-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL
)
_KEY = re.compile(r"[\W_]+")

MOST_KEY_CHARACTERS = 80
"""Of a key; a longer name is found by its words."""


def fold(text: str) -> str:
    """Return a text made alike to others that a reader takes for the same."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_SAME)


def key_of(text: str) -> str:
    """Return a whole name as one word, without spaces, hyphens and signs."""
    return _KEY.sub("", fold(text))[:MOST_KEY_CHARACTERS]


def terms(text: str) -> list[str]:
    """Return what a text is indexed by: pairs of neighbouring characters of Japanese, and words of the rest.

    The last character of a Japanese run stands alone too. So any part of a run, from two
    characters on, is a phrase of its pairs, and one character begins a pair or is the last.
    """
    return list(chain.from_iterable(_terms_of_run(run, whole=True) for run in _RUN.finditer(fold(text))))


def phrase(word: str) -> tuple[list[str], bool]:
    """Return the terms that stand one after the other where a folded word stands, and whether the last is but begun."""
    runs = list(_RUN.finditer(word))
    found: list[str] = []
    for place, run in enumerate(runs):
        found += _terms_of_run(run, whole=place + 1 < len(runs))
    last = runs[-1] if runs else None
    return found, last is not None and (not last["cjk"] or len(last["cjk"]) == 1)


def _terms_of_run(run: re.Match[str], *, whole: bool) -> Sequence[str]:
    text = run[0]
    if not run["cjk"] or len(text) == 1:
        return (text,)
    pairs = [one + other for one, other in pairwise(text)]
    return [*pairs, text[-1]] if whole else pairs


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Return a text in pieces, and of each whether it is one of some folded words as a person wrote it."""
    units = _UNIT.findall(text)
    folded: list[str] = []
    owner: list[int] = []
    for number, unit in enumerate(units):
        plain = fold(unit)
        folded.append(plain)
        owner += [number] * len(plain)
    whole = "".join(folded)
    hit = [False] * len(units)
    for start, end in _places(whole, words):
        for number in owner[start:end]:
            hit[number] = True
    pieces: list[tuple[str, bool]] = []
    for unit, is_hit in zip(units, hit, strict=True):
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + unit, is_hit)
        else:
            pieces.append((unit, is_hit))
    return pieces


def _places(folded: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where words stand; one of Latin letters only where a word begins."""
    for word in filter(None, words):
        before = r"(?<![^\W_])" if word.isascii() else ""
        for match in re.finditer(before + re.escape(word), folded):
            yield match.span()
