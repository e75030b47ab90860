"""What running text says of a call, and in which words: a table of patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ERA = r"(?:明治|大正|昭和|平成|令和)\s?(?:元|\d{1,2})"
_DAY = r"\d{1,2}\s?月\s?\d{1,2}\s?日"
DATE = rf"(?:{_ERA}|(?:西暦)?\d{{4}})\s?年\s?{_DAY}"
_YEAR = rf"(?:{_ERA}|(?<!\d)\d{{4}})年度"
_WEEKDAY = r"(?:\s?[(（][月火水木金土日](?:曜日?)?(?:[・･][祝休])?[)）])?"
_HOUR = r"(?:\s?(?:午前|午後|正午)?\s?(?:\d{1,2}(?:時(?:半|\d{1,2}分)?|[:：]\d{2}))?)?"
_TO = r"\s?(?:から|より|[～〜~\-－–—―])\s?"

_COUNT = r"(?>\d[\d,，]{0,6}\s?(?:件|団体|事業者|事業|社|者|コンソーシアム|プロジェクト|自治体|地方公共団体|市町村|地域|取組|提案))"
_ORDINAL = r"第?\s?[\d一二三四五六七八九十]{1,3}\s?[次回]"
_DECIDED = r"(?:採択|交付決定|選定|交付を決定)"
_SOUGHT = r"(?:応募|申請|提案)"
_CALL_OPEN = r"(?:公募|募集|応募|申請|受付|提案)"
_BUDGET = r"(?:\s?(?:第\d次|[一二]次)?(?:補正|当初)予算)?"
_BETWEEN = r"[\s:：(（]{0,4}"

_TELEPHONE_SIGN = r"[-－‐]"
_EXTENSION = r"(?:\s?[(（](?:内線|直通|代表)[^()（）]{0,20}[)）])?"
_OPENS = rf"(?P<application_opens>{DATE}){_WEEKDAY}{_HOUR}"
_CLOSES = rf"(?P<application_closes>{DATE}|(?:同年\s?)?{_DAY})"
_APPLICANTS = r"(?:団体|件|事業者|事業|案件|総|者)?(?:数|者)?(?:は|が|の?あった|いただいた|された|があった)?"
_DECISIONS = (
    r"(?:した)?(?:団体|件|事業者|事業|案件|取組|プロジェクト|コンソーシアム|総|者)?(?:数|者)?(?:は|が)?"
)
_ALL = r"(?:計|合計)?\s?"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<fiscal_year>{_YEAR}){_BUDGET}\s?(?:「(?P<programme>[^「」]{{2,60}})」)?",
        rf"(?<!\d)(?P<decision_count>{_COUNT})(?:[をがの]|に(?:対し(?:て)?)?|について)?、?\s?{_DECIDED}(?!予定|候補)",
        rf"{_DECIDED}{_DECISIONS}{_BETWEEN}{_ALL}(?P<decision_count>{_COUNT})",
        rf"(?P<previous_decision_date>(?:本年\s?{_DAY}|{DATE}))に{_DECIDED}(?:した|された|を行った)(?![。．、])",
        rf"(?P<round>{_ORDINAL}(?:公募|募集))",
        rf"[(（](?P<round>{_ORDINAL}(?:公募|募集)?)(?:分)?[)）]",
        rf"(?P<round>{_ORDINAL})(?=(?:分)?の?(?:{_DECIDED}|結果))",
        rf"{_CALL_OPEN}(?:の)?(?:受付)?期間(?:は|等)?{_BETWEEN}{_OPENS}{_TO}{_CLOSES}",
        rf"{_OPENS}{_TO}{_CLOSES}{_WEEKDAY}{_HOUR}(?:まで)?(?:の期間|の間)?、?(?:に|で|を)?{_CALL_OPEN}",
        rf"{_SOUGHT}{_APPLICANTS}{_BETWEEN}{_ALL}(?P<application_count>{_COUNT})(?!の?{_DECIDED}|[をに]{_DECIDED})",
        rf"(?<!\d)(?P<application_count>{_COUNT})の{_SOUGHT}",
        rf"(?<![\d\-－‐])(?P<telephone>(?:0|０)\d{{1,4}}{_TELEPHONE_SIGN}\d{{1,4}}{_TELEPHONE_SIGN}\d{{3,4}}(?![\d\-－‐]){_EXTENSION})",
    )
)
"""Each named group is a field. The names of contact persons match no pattern: they are not data."""

_PROGRAMMES = (
    re.compile(r"「(?P<programme>[^「」]{2,58}事業)」"),
    re.compile(
        rf"{_YEAR}{_BUDGET}\s?(?P<programme>[^\s「」、。()（）\d]{{2,50}}?事業)(?!者|所|費|年度|内容|概要)"
    ),
)
"""Where no programme stands in brackets behind a fiscal year, the first of these that fits tells it."""

_NO_OFFICE = re.compile(r"(?:FAX|fax|Fax|ＦＡＸ|ファックス|ファクシミリ|ﾌｧｯｸｽ|携帯)\D{0,6}$")
"""What stands before a number that nobody in an office answers."""

_MOBILE = re.compile(r"[0０][7-9７-９][0０]\D")
"""A mobile telephone is a person's."""

_MOST_CHARACTERS = 4000
"""Of a line that is looked through."""


def facts_in(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a line says what about the call, in the order of the patterns: offsets and field."""
    line = line[:_MOST_CHARACTERS]
    for pattern in _PATTERNS:
        yield from _found(pattern, line)


def programmes_in(lines: list[str]) -> list[tuple[int, int, int]]:
    """Return where programmes are named without a fiscal year before the bracket: line, and offsets in it."""
    for pattern in _PROGRAMMES:
        found = [
            (number, start, end)
            for number, line in enumerate(lines)
            for start, end, _ in _found(pattern, line[:_MOST_CHARACTERS])
        ]
        if found:
            return found
    return []


def _found(pattern: re.Pattern[str], line: str) -> Iterator[tuple[int, int, str]]:
    for match in pattern.finditer(line):
        for group, printed in match.groupdict().items():
            if printed is None or (group == "telephone" and not _is_of_office(line, *match.span(group))):
                continue
            yield match.start(group), match.end(group), group.replace("_", "-")


def _is_of_office(line: str, start: int, end: int) -> bool:
    return not (_NO_OFFICE.search(line[:start]) or _MOBILE.match(line, start, end))
