"""What a document says outside of its list: its day, title and offices, and facts of the call."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from nichiiki_ld.extract.lead_facts import DATE, facts_in, programmes_in
from nichiiki_ld.extract.offices import asks_for_contact, is_ministry, is_office, office_at
from nichiiki_ld.extract.prefecture_headings import heads_prefecture
from nichiiki_ld.extract.transcript import OUTSIDE, Line, Stretch
from nichiiki_ld.model import LEAD, Cell
from nichiiki_ld.printed import plain

REPEATABLE = frozenset({"decision-count", "fiscal-year", "programme", "round", "office", "telephone"})
"""Facts that have an ordinal from the first on. Another one gets its second when it is printed again, otherwise."""

_HEAD_LINES = 15
"""So far down, at most, stand the day and the offices that publish."""

_CONTACT_LINES = 5
"""So many lines, at most, follow on the words that announce whom to ask."""

_DAY = re.compile(
    r"[\s【〔\[(（<＜]*(?:(?:公表|発表|報道発表|掲載|公開|発行)(?:日時?|年月日)?\s?[:：]?\s*)?"
    rf"(?P<day>{DATE}|(?:[MTSHR]|明治|大正|昭和|平成|令和)\s?(?:元|\d{{1,2}})[./．]\d{{1,2}}[./．]\d{{1,2}}|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}})"
    r"(?:\s?[(（][月火水木金土日](?:曜日?)?(?:[・･][祝休])?[)）])?"
    r"(?:\s?(?:現在|時点|付け?|発表|公表|掲載|作成|\d{1,2}(?:時|[:：])(?:\d{2})?分?))?[\s】〕\])）>＞]*"
)
_FURNITURE = re.compile(
    r"(?:記者|報道|プレス)(?:発表|機関|関係|資料|配布|クラブ).*|プレスリリース.*|(?:press|news) ?release.*|ニュースリリース|同時発表.*|"
    r"(?:取扱|解禁|配布先|公表日|発表日|更新日|掲載日|公開日|問い?合わ?せ|連絡先|担当|住所|電話|tel|fax|e-?mail|url|https?:|www\.).*|"
    r"[(（]?(?:別紙|別添|別表|資料|参考資料|参考|添付資料)[\d\s\-－ー・一二三]*[)）]?|.*(?:各位|御中)|以上|記|[(（\[［]?単位.*|"
    r"サイトマップ|トップページ|お問い?合わ?せ|検索|文字サイズ.*|閲覧支援.*|本文へ.*|ホーム.*|報道・広報|印刷|english|メニュー|目次|.{1,12}[:：].*",
    re.IGNORECASE,
)
_LIST_SIGN = re.compile(r"\s*[■□◆◇●○◎▼▽・](?![■□◆◇●○◎▼▽・])\s*")
_NO_TITLE_START = re.compile(r"[※*＊→⇒<＜\-－–—]")
_GOES_ON = re.compile(
    r"(?:[のをにとやがで、，・]|および|及び|ならびに|並びに|または|又は|における|に(?:係|よ)る|に関する|に対する|に向けた|に基づく"
    r"|[「『（(【〔［\[][^」』）)】〕］\]]*)$"
)
"""What the first line of a title ends with that takes two: no title ends with a particle, or in an open bracket."""
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")

_SHORTEST_TITLE = 4
_LONGEST_TITLE = 150
_TELLING_TITLE = 8
"""Characters of a line that is looked for in the title which the file gives itself."""


def read_lead(text: str, lines: Sequence[Line], title: str) -> list[Cell]:
    """Return the facts that lines print, in their order.

    A line that is printed again, as the head of each page is, tells nothing new. Of a fact that is
    printed once as a rule, another printing counts only when it says something else.

    Args:
        lines: Those of the text that are not of the list.
        title: What the file says its title is, to tell the line that prints it.
    """
    found = [
        (start, end, field) for start, end, field in _facts(text, _once(text, lines), title) if start < end
    ]
    ordinals: Counter[str] = Counter()
    printings: dict[str, set[str]] = {}
    reached: dict[str, int] = {}
    cells = []
    for start, end, field in sorted(found, key=lambda each: (each[0], -each[1], each[2])):
        printed = text[start:end]
        if start < reached.get(field, 0):
            continue
        reached[field] = end
        if field not in REPEATABLE and plain(printed) in printings.setdefault(field, set()):
            continue
        printings.setdefault(field, set()).add(plain(printed))
        ordinals[field] += 1
        name = field if ordinals[field] == 1 and field not in REPEATABLE else f"{field}-{ordinals[field]}"
        cells.append(Cell(LEAD, name, printed, start, end))
    return cells


def _once(text: str, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that print something, each printing once."""
    first: dict[str, Line] = {}
    for line in lines:
        if printed := plain(text[line.start : line.end]):
            first.setdefault(printed, line)
    return list(first.values())


def _facts(text: str, lines: Sequence[Line], title: str) -> Iterator[tuple[int, int, str]]:
    yield from ((*stretch, "published-date") for stretch in _days(text, lines))
    if stretch := _title(text, lines, title):
        yield (*stretch, "title")
    yield from ((*stretch, "office") for stretch in _offices(text, lines))
    told = set()
    for line in lines:
        for start, end, field in facts_in(text[line.start : line.end]):
            told.add(field)
            yield line.start + start, line.start + end, field
    if "programme" not in told:
        for number, start, end in programmes_in([text[line.start : line.end] for line in lines]):
            yield lines[number].start + start, lines[number].start + end, "programme"


def _days(text: str, lines: Sequence[Line]) -> list[Stretch]:
    """Return where the days stand that are lines of their own: those near the top, or else the first one further down."""
    found = [
        (number, (start + match.start("day"), start + match.end("day")))
        for number, line in enumerate(lines)
        for start, end in line.pieces
        if (match := _DAY.match(text[start:end])) and _is_head(text[start + match.end() : end])
    ]
    near = [stretch for number, stretch in found if number < _HEAD_LINES]
    return near or [stretch for _, stretch in found[:1]]


def _is_head(rest: str) -> bool:
    """Say whether nothing follows on the day in its line but who publishes."""
    return not rest.strip() or is_office(rest) or is_ministry(rest)


def _offices(text: str, lines: Sequence[Line]) -> Iterator[Stretch]:
    ask = -_CONTACT_LINES - 1
    for number, line in enumerate(lines):
        if asks_for_contact(text[line.start : line.end]):
            ask = number
        for start, end in line.pieces:
            piece = text[start:end]
            day = _DAY.match(piece)
            begin = day.end() if day else 0
            begin += len(piece[begin:]) - len(piece[begin:].lstrip())
            if number < _HEAD_LINES and is_office(piece[begin:]):
                yield start + begin, end
            elif number - ask <= _CONTACT_LINES and (found := office_at(piece)):
                yield start + found[0], start + found[1]


def _title(text: str, lines: Sequence[Line], title: str) -> Stretch | None:
    """Return where the title stands: the first line that is nothing else, or that the file says is its title.

    Lines of tables that are left out count only when there is no other, and so do items of lists.
    A title goes on in the next line where that is no other fact, and the first ends like no title.
    """
    pieces = [
        (line.row != OUTSIDE and len(line.pieces) > 1, stretch) for line in lines for stretch in line.pieces
    ]
    candidates = [
        (in_table, signed, stretch)
        for in_table, stretch in pieces
        if (signed := _may_be_title(text[slice(*stretch)])) is not None
    ]
    known = plain(title)
    for _, _, (start, end) in candidates:
        printed = plain(text[start:end])
        if len(printed) >= _TELLING_TITLE and printed in known:
            return start, _end_of_title(text, lines, (start, end), known)
    ranked = sorted(candidates, key=lambda each: each[:2])
    if not ranked:
        return None
    start, end = ranked[0][2]
    sign = _LIST_SIGN.match(text, start, end)
    return (sign.end() if sign else start), _end_of_title(text, lines, (start, end), known)


def _end_of_title(text: str, lines: Sequence[Line], stretch: Stretch, known: str) -> int:
    """Return where a title ends that begins in a stretch.

    Args:
        known: What the file says is its title, in the form in which printings are compared.
    """
    start, end = stretch
    for line in lines:
        if line.start < end:
            continue
        if line.row != OUTSIDE or text[end : line.start].strip() or line.end - start > _LONGEST_TITLE:
            break
        goes_on = _GOES_ON.search(text[start:end]) or plain(text[start : line.end]) in known
        if not goes_on or _may_be_title(text[line.start : line.end].strip()) is not False:
            break
        end = line.pieces[-1][1]
    return end


def _may_be_title(line: str) -> bool | None:
    """Return None for a line that is no title; else whether it is an item of a list."""
    short = len(plain(line)) < _SHORTEST_TITLE or len(line) > _LONGEST_TITLE
    if short or line.endswith("。") or not _JAPANESE.search(line) or _NO_TITLE_START.match(line):
        return None
    if (
        _FURNITURE.fullmatch(line)
        or _DAY.match(line)
        or is_office(line)
        or is_ministry(line)
        or heads_prefecture(line)
    ):
        return None
    return _LIST_SIGN.match(line) is not None
