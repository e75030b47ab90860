"""Lines of print made one line: where a break separates words, and where it only ends a full line.

Japanese has no spaces between words, so nothing in the characters says whether a line
ended because the column did. What the line ends with, and the next begins with, tells it
well enough; in a column of places a wrong guess leads to a name that no register knows,
and so to a question.
"""

from __future__ import annotations

import re

from nichiiki_ld.extract.contents import prefecture_named
from nichiiki_ld.joints import BULLET, TAIL_CHARACTERS, joint_of_text
from nichiiki_ld.orthography import is_kana

_MARKS_AT_END = re.compile(r"(?:[★☆※*＊†‡●○◎]|※?\d{1,2}[)）]?|[*＊]\d{1,2}|[①-⑳])+$")
_NAME_END = re.compile(r"[都道府県市区町村)）\]］〕】＞>》、，,・･／/;；：:]$")
_READING_END = re.compile(
    r"(?:けん|ふ|と|どう|し|ちょう|まち|むら|そん|く|ケン|フ|ト|ドウ|シ|チョウ|マチ|ムラ|ソン|ク)$"
)
_OPENING_END = re.compile(r"[(（\[［〔【<＜《「]$")
_LAST_BRACKET = re.compile(r"[(（\[［〔【<＜《][^(（\[［〔【<＜《)）\]］〕】>＞》]*$")
_CLOSING_START = re.compile(r"[)）\]］〕】>＞》」、，,・･／/;；]")
_FIRST_CHARACTER_OF_A_NAME = re.compile(r"(?:^|[、，,・･／/;；])[都道府県市区町村]$")
_LAST_CHARACTER_OF_A_NAME = re.compile(r"[市区町村県府都道](?!\w)")

_SENTENCE_ENDS = "。！？!?"
_LABEL = re.compile(r"[^\s：:。、]{1,14}\s?[：:]|[【〔<＜〈《■□◆◇○●▼▽]")
_FULL_LINE = 25
"""Characters: a shorter line did not end because it was full."""

_ON_ITS_OWN = re.compile(
    r"\s*(?:(?:明治|大正|昭和|平成|令和)\s*(?:元|\d+)年\s*\d+月\s*\d+日.{0,6}|\d{4}年\s*\d+月\s*\d+日.{0,6}|\S{1,30}[省庁局部課室]|"
    r"(?:記者発表|報道発表|報道)(?:資料)?|Press Release|News Release)\s*",
    re.IGNORECASE,
)
_BUREAU = re.compile(r"\S{1,30}[省庁局部]")
_DIVISION = re.compile(r"\S{1,30}[課室]")


def joint_of_places(front: str, back: str) -> str:
    """Separate names and readings that are complete, and join a name that was cut."""
    if _OPENING_END.search(front) or _CLOSING_START.match(back):
        return ""
    if _FIRST_CHARACTER_OF_A_NAME.search(front) or _LAST_CHARACTER_OF_A_NAME.match(back):
        return ""
    if any(prefecture_named(back[:length]) == back[:length] for length in (3, 4)):
        return " "
    line = re.split(r"[\s、，,・･／/;；()（）]", front)[-1]
    if line and is_kana(line):
        in_bracket = _LAST_BRACKET.search(front)
        return "" if in_bracket and is_kana(back[:1]) else _after_kana(line, back)
    if _NAME_END.search(_MARKS_AT_END.sub("", front)) or _MARKS_AT_END.search(front):
        return " "
    return ""


def _after_kana(kana: str, back: str) -> str:
    """Separate a reading from what follows it, and join kana that were cut: きたみ|し, ニセ|コ町."""
    return "" if is_kana(back[:1]) and not _READING_END.search(kana) else " "


def lines_of(printed: str) -> list[str]:
    """Return the lines of a text outside of tables, those that were merely full made one.

    A break stays after a sentence, before a label or an item of a list, and around a line that
    is a date, an office or a word like 報道発表資料; but an office is one line with its bureau.
    """
    found: list[str] = []
    alone = True
    for line in printed.splitlines():
        bare = line.strip().replace("\t", " ")
        if not bare:
            alone = True
            continue
        by_itself = _ON_ITS_OWN.fullmatch(bare) is not None
        if alone and by_itself and found and _BUREAU.fullmatch(found[-1]) and _DIVISION.fullmatch(bare):
            found[-1] += f" {bare}"
        elif alone or by_itself or _breaks(found[-1], bare):
            found.append(bare)
        else:
            found[-1] += joint_of_text(found[-1][-TAIL_CHARACTERS:], bare) + bare
        alone = by_itself
    return found


def _breaks(front: str, back: str) -> bool:
    short_label = len(front) < _FULL_LINE and _LABEL.match(front)
    return bool(short_label or front[-1] in _SENTENCE_ENDS or _LABEL.match(back) or BULLET.match(back))
