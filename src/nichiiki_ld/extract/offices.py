"""Offices of ministries, told from the names of the persons who work in them.

An office is a chain of units from the largest to the smallest: 国土交通省 国土政策局 地方政策課. Names of
persons stand right behind it, and some end as units do (阿部, 小室, 長谷部). So a chain only goes
down, a short word is no unit, and no chain ends with a department (部) but one that is the whole line.
"""

from __future__ import annotations

import re

_LETTER = r"[^\s、。，,．・･:：;；/／()（）\[\]［］【】〔〕「」<>＜＞\d]"
_GAP = r"[ \u3000]{0,2}"
_MINISTRY = rf"(?:{_LETTER}{{2,8}}?[省庁]|内閣府|内閣官房)"
_BUREAU = rf"(?:(?:{_LETTER}|[・･]){{2,24}}?(?:局|本部)|大臣官房|{_LETTER}{{2,16}}?事務所)"
_DEPARTMENT = rf"{_LETTER}{{2,14}}?部"
_DIVISION = rf"{_LETTER}{{2,18}}?課"
_ROOM = rf"(?:{_LETTER}{{2,18}}?(?:室|係|班)|{_LETTER}{{2,12}}?(?:グループ|チーム))"
_CHAIN = re.compile(
    rf"(?P<ministry>{_MINISTRY})?"
    rf"(?P<rest>(?:{_GAP}{_BUREAU}){{0,2}}(?:{_GAP}{_DEPARTMENT}(?={_GAP}{_LETTER}{{2,18}}?[課室]))?"
    rf"(?:{_GAP}{_DIVISION})?(?:{_GAP}{_ROOM}){{0,2}})"
)
_DEPARTMENT_ALONE = re.compile(rf"(?:{_MINISTRY}{_GAP})?{_LETTER}{{3,14}}?部")
_LABEL = re.compile(
    r"[\s<＜【〔\[(（■□◆◇●○・※]*(?:(?:担当(?:部署|課|部局|窓口)?|(?:お?問い?合わ?せ|連絡|照会)先|所属)[\s:：)）】〕\]>＞]+)?"
)
_CONTACT = re.compile(r"問い?合わ?せ|連絡先|照会先|担当(?:部署|課|部局|窓口)")
_MOST_CHARACTERS = 200
"""Of a line with an office; a longer one is text."""


def office_at(line: str) -> tuple[int, int] | None:
    """Return where the office stands that a line begins with, possibly behind a label; None where it does not.

    A ministry alone is none.
    """
    if len(line) > _MOST_CHARACTERS:
        return None
    start = _end(_LABEL.match(line))
    found = _CHAIN.match(line, start)
    return (start, found.end()) if found and found["rest"] else None


def is_office(line: str) -> bool:
    """Say whether a line is an office, and nothing else."""
    line = line.strip()
    return office_at(line) == (0, len(line)) or (
        len(line) <= _MOST_CHARACTERS and _DEPARTMENT_ALONE.fullmatch(line) is not None
    )


def is_ministry(line: str) -> bool:
    """Say whether a line is a ministry, and nothing else."""
    return re.fullmatch(_MINISTRY, line.strip()[:_MOST_CHARACTERS]) is not None


def asks_for_contact(line: str) -> bool:
    """Say whether a line announces whom to ask: 【問合せ先】."""
    return len(line) <= _MOST_CHARACTERS and _CONTACT.search(line) is not None


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
