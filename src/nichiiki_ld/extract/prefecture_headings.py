"""A prefecture that is printed once for the places below it: 【北海道】, ○青森県（3件）, 岩手."""

from __future__ import annotations

import re

from nichiiki_ld.extract.contents import prefecture_named

_LETTER = r"[^\W\d_]"
_HEADING = re.compile(
    rf"(?P<sign>[\W\d_]*)(?P<name>{_LETTER}(?:\s*{_LETTER}){{1,3}})\s*[\])）】〕＞>》〉]*\s*"
    r"(?:[(（][ぁ-ゖァ-ヶー]+[)）]|[:：]?\s*[(（]?\s*(?:計\s*)?\d+\s*(?:件|団体|事業|地域|自治体|市町村)?\s*[)）]?)?\s*[:：]?"
)
_MOST_CHARACTERS = 40


def prefecture_in(text: str) -> tuple[int, int] | None:
    """Return where in a cell of prefectures its one prefecture stands; None where there is not just one."""
    found = _match(text)
    return found and found.span("name")


def heads_prefecture(text: str) -> bool:
    """Say whether a line of its own is a prefecture as a heading. The short form needs a sign or bracket before it."""
    found = _match(text)
    return found is not None and bool(
        found["sign"].strip() or prefecture_named(found["name"]) == "".join(found["name"].split())
    )


def _match(text: str) -> re.Match[str] | None:
    found = _HEADING.fullmatch(text) if len(text) <= _MOST_CHARACTERS else None
    return found if found and prefecture_named(found["name"]) else None
