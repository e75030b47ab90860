"""What the heading of a column means: a table of words that ministries use.

A heading says more than one thing at times: 団体名 heads municipalities in one list and
applicants in the next. Then what stands below it decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nichiiki_ld.extract.contents import Content
from nichiiki_ld.printed import plain

ROLES = ("number", "prefecture", "places", "applicant", "summary", "title", "amount", "ignored")
"""What a column can be to us."""

IGNORED = "ignored"

MOST_CHARACTERS = 40
"""Of a heading, without white space. What is longer is text."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading may mean.

    Attributes:
        rank: Of several columns that may be the same, the lowest rank is it.
        if_content: What has to stand below; None where the heading alone tells.
    """

    role: str
    rank: int = 1
    if_content: Content | None = None


_CALLED = "(?:等|など)?(?:の?(?:名称|名前|名))?(?:等|一覧)?"
_ABOUT = "(?:(?:補助|交付|支援)?対象|(?:事業|取組|活動)?実施|補助|主な|主たる|関係|連携|参画|代表|採択|応募|申請|交付(?:決定)?|選定|提案|事業|取組|活動)"
_WORK = "(?:取組|取り組み|取組み|事業|提案|プロジェクト|実施|計画|活動|実証|支援|構想|企画)"
_LOCAL = "(?:市区町村|市町村|市区町|市町|町村|自治体|地方公共団体|地方自治体|地方団体)"
_GRANTED = "(?:補助金?|助成金?|交付金?|採択|国費|国庫|内示|配分|決定|予定|上限|限度)"
_PREFECTURES = "(?:都道府県|道府県|府県|県)"

_MEANINGS: Sequence[tuple[str, Sequence[Meaning]]] = (
    # The most telling pattern of a role first; a heading has all meanings of the first one that fits.
    (
        r"(?:(?:整理|採択|事業|受付|受理|管理|通し|案件|応募|申請|交付|決定|一連|連)?番号|通番|連番|項番|no\.?|nos\.?|#)",
        [Meaning("number")],
    ),
    (
        rf"{_ABOUT}*{_PREFECTURES}名?(?:及び|・|、|/|,|\||または|又は)?{_LOCAL}{_CALLED}",
        [Meaning("places", 1)],
    ),
    (rf"{_ABOUT}*{_PREFECTURES}{_CALLED}", [Meaning("prefecture", 1)]),
    (rf"{_ABOUT}+(?:地域|地区|区域|エリア|場所|地){_CALLED}", [Meaning("places", 1)]),
    (rf"{_ABOUT}*{_LOCAL}{_CALLED}", [Meaning("places", 2)]),
    (rf"(?:地域|地区|区域|エリア|場所|フィールド){_CALLED}", [Meaning("places", 4)]),
    (r"所在地", [Meaning("places", 6, Content.PLACES)]),
    (
        rf"(?:補助)?(?:応募|実施|事業|申請|提案|取組|活動|運営)+(?:の)?(?:主体|者|事業者){_CALLED}|(?:補助|交付|間接補助|採択|民間|選定|対象)事業者{_CALLED}",
        [Meaning("applicant", 1)],
    ),
    (
        rf"(?:コンソーシアム|協議会){_CALLED}|代表(?:団体|企業|法人|機関|申請者|事業者|者)(?:等|の?名称)?",
        [Meaning("applicant", 2)],
    ),
    (
        rf"(?:{_ABOUT}|補助)+(?:団体|法人|機関|企業){_CALLED}|(?:交付|補助|交付決定|助成)先{_CALLED}|実施体制",
        [Meaning("places", 5, Content.PLACES), Meaning("applicant", 3)],
    ),
    (
        r"(?:団体|組織|法人|企業|会社|事業者|機関|主体|構成団体)(?:等|の?名称?)?",
        [Meaning("places", 3, Content.PLACES), Meaning("applicant", 4)],
    ),
    # The name of a person is no fact for us; that of a body in such a column is.
    (r"代表者(?:名|氏名)", [Meaning("applicant", 6, Content.BODIES), Meaning(IGNORED)]),
    (
        rf"{_WORK}*(?:の)?(?:目的(?:・|及び|と|、|,))?(?:概要|内容|要旨|概略|あらまし)(?:等|(?:・|及び|、|,).{{1,8}})?",
        [Meaning("summary", 1)],
    ),
    (
        rf"(?:補助|交付|対象|交付対象)*{_WORK}+(?:の)?(?:名称|名|件名|タイトル|テーマ|題名)",
        [Meaning("title", 1)],
    ),
    (r"(?:件|題)名|案件名?|タイトル|テーマ名?", [Meaning("title", 2)]),
    (
        r"名称|名前",
        [Meaning("places", 7, Content.PLACES), Meaning("applicant", 7, Content.BODIES), Meaning("title", 4)],
    ),
    (
        rf"(?:主な|具体的な)?{_WORK}(?:事項|項目)?",
        [Meaning("summary", 4, Content.SENTENCES), Meaning("title", 5)],
    ),
    (
        rf"(?:{_GRANTED}|事業|申請|等|の)*{_GRANTED}(?:等|の)*(?:金額|額)",
        [Meaning("amount", 1)],
    ),
    (r"国費|(?:補助|助成|交付)金|金額", [Meaning("amount", 2)]),
    (
        r"(?:総|補助対象|対象|概算|全体|予定)*(?:事業費|経費|所要額)(?:総額)?|予算額|総額",
        [Meaning("amount", 4)],
    ),
    (
        r"備考|分野|類型|区分|種別|年度|.*年度|.*期間|.*コード|構成員.*|(?:地方)?ブロック.*|採否|点数|評価|url|hp|ホームページ",
        [Meaning(IGNORED)],
    ),
    (r"(?:担当|問い?合わ?せ|連絡先|電話|氏名|責任者|メール|e-?mail).*", [Meaning(IGNORED)]),
)

_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), tuple(meanings)) for pattern, meanings in _MEANINGS)

_YEAR = re.compile(r"^(?:令和|平成|r|h)(?:元|\d{1,2})(?:年度)?(?=.)")
_MARKS = re.compile(r"[※*★☆]\d*\)?|注\d+|[(\[](?:※|注)?\d+[)\]]")
_LEADING = re.compile(r"^[■□◆◇●○◎▼▽・]+|^\(?\d{1,2}[.)]?")
_BRACKETS = re.compile(r"[(\[〔【<〈《][^()\[\]〔〕【】<>〈〉《》]*[)\]〕】>〉》]")
_PERSONS = re.compile(
    r"担当|氏名|責任者|代表者(?:名|氏名)|連絡先|問い?合わ?せ|電話|メール|e-?mail", re.IGNORECASE
)


def comparable(heading: str) -> str:
    """Return the form in which headings are compared: 取 組 概 要 and 取組概要 are the same."""
    return plain(heading).casefold()


@lru_cache(maxsize=4096)
def meanings(heading: str) -> tuple[Meaning, ...]:
    """Return what a heading may mean, the first meaning first; none for one that no pattern fits.

    What stands in brackets is left out if the rest means nothing with it: 補助額（千円）.
    """
    for form in _forms(heading):
        for pattern, found in _COMPILED:
            if pattern.fullmatch(form):
                return found
    return ()


def may_name_persons(heading: str) -> bool:
    """Say whether names of persons may stand below a heading."""
    return _PERSONS.search(comparable(heading)) is not None


def _forms(heading: str) -> Iterator[str]:
    whole = comparable(heading)
    if not 0 < len(whole) <= MOST_CHARACTERS:
        return
    yield whole
    bare = _LEADING.sub("", _MARKS.sub("", whole))
    yield bare
    without = _BRACKETS.sub("", bare)
    yield without
    yield _YEAR.sub("", without)
