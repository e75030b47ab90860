"""What documents say outside of their lists."""

from __future__ import annotations

import time

import pytest

from hand_made import document, lead_of, paragraph, table
from nichiiki_ld.document import Grid, Paragraph
from nichiiki_ld.extract import extract
from nichiiki_ld.extract.offices import is_office, office_at

LIST = table(["実施地域", "提案名"], ["北見市", "あ"])


def lead(*lines: str | Paragraph | Grid, title: str = "") -> dict[str, str]:
    """Return the facts of lines that stand before a list."""
    return lead_of(extract(document(*lines, LIST, title=title)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("令和8年3月26日", "令和8年3月26日", id="era"),
        pytest.param("令和元年５月７日", "令和元年５月７日", id="first year, full width"),
        pytest.param("令和 8 年 3 月 26 日", "令和 8 年 3 月 26 日", id="set wide"),
        pytest.param("2026年3月26日", "2026年3月26日", id="Gregorian"),
        pytest.param("令和8年3月26日（木）", "令和8年3月26日", id="with the day of the week"),
        pytest.param("令和８年３月26日現在", "令和８年３月26日", id="as of"),
        pytest.param("R8.3.26", "R8.3.26", id="shortened era"),
        pytest.param("2026/3/26", "2026/3/26", id="figures"),
        pytest.param("【令和8年3月26日】", "令和8年3月26日", id="in brackets"),
        pytest.param("公表日：令和8年3月26日", "令和8年3月26日", id="behind a label"),
        pytest.param("令和8年3月26日　国土交通省", "令和8年3月26日", id="before the ministry"),
        pytest.param("更新日：令和8年3月26日", None, id="the day of a change is none"),
        pytest.param("令和8年3月26日に採択しました。", None, id="a day in a sentence is none"),
        pytest.param("令和8年3月", None, id="a month is none"),
    ],
)
def test_the_day_is_a_line_of_its_own(line: str, expected: str | None) -> None:
    assert lead(line, "採択結果について").get("published-date") == expected


def test_the_day_can_stand_at_the_end() -> None:
    above = [f"{number}行目" for number in range(20)]
    assert lead(*above, "令和8年3月26日", "令和8年3月27日")["published-date"] == "令和8年3月26日"


def test_another_day_near_the_top_is_read_too() -> None:
    found = lead("令和8年3月26日", "令和8年3月27日", "令和8年３月26日", "採択結果について")
    assert found == {
        "published-date": "令和8年3月26日",
        "published-date-2": "令和8年3月27日",
        "title": "採択結果について",
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("国土政策局地方政策課", "国土政策局地方政策課", id="bureau and division"),
        pytest.param(
            "国土交通省 国土政策局 地方政策課", "国土交通省 国土政策局 地方政策課", id="with the ministry"
        ),
        pytest.param("総務省自治行政局地域自立応援課", "総務省自治行政局地域自立応援課", id="in one word"),
        pytest.param("内閣府地方創生推進室", "内閣府地方創生推進室", id="an office of the cabinet"),
        pytest.param(
            "観光庁 観光地域振興部 観光資源課", "観光庁 観光地域振興部 観光資源課", id="a department"
        ),
        pytest.param("東北地方整備局", "東北地方整備局", id="a bureau alone"),
        pytest.param("総合政策部", "総合政策部", id="a department alone"),
        pytest.param(
            "国土政策局 地方政策課 酒井、吉田(正)、山口", "国土政策局 地方政策課", id="persons behind it"
        ),
        pytest.param(
            "国土政策局 地方政策課 阿部", "国土政策局 地方政策課", id="a person whose name ends in 部"
        ),
        pytest.param("国土政策局 地方政策課 長谷部", "国土政策局 地方政策課", id="a longer one"),
        pytest.param("国土政策局地方政策課長谷部", "国土政策局地方政策課", id="a person in the same word"),
        pytest.param(
            "国土政策局 地方政策課 小室", "国土政策局 地方政策課", id="a person whose name ends in 室"
        ),
        pytest.param("国土政策局 長谷部", "国土政策局", id="a person behind a bureau"),
        pytest.param("国土政策局 地方政策課 阿部・小室", "国土政策局 地方政策課", id="two such persons"),
        pytest.param("国土政策局 地方政策課長 酒井", "国土政策局 地方政策課", id="the head of a division"),
        pytest.param("担当：地方政策課 酒井", "地方政策課", id="behind a label"),
        pytest.param("問合せ先　地方政策課移住促進室", "地方政策課移住促進室", id="a room of a division"),
        pytest.param("国土交通省", None, id="a ministry alone is no office"),
        pytest.param("長谷部", None, id="a person"),
        pytest.param("酒井、吉田", None, id="persons"),
        pytest.param("担当：長谷部、阿部", None, id="persons behind a label"),
        pytest.param("取組の概要", None, id="text"),
        pytest.param("課" * 100_000, None, id="no end"),
    ],
)
def test_offices(line: str, expected: str | None) -> None:
    found = office_at(line)
    assert (found and line[slice(*found)]) == expected or (is_office(line) and line == expected)


def test_offices_stand_near_the_top_and_behind_what_asks_for_contact() -> None:
    found = lead(
        "令和8年3月26日　国土政策局地方政策課",
        "採択結果について",
        "地方政策課は次のとおり採択した。",
        "＜問い合わせ先＞",
        "",
        "国土交通省 国土政策局 地方政策課 長谷部",
        "電話：03-5253-8111（内線29522）",
        "FAX：03-5253-1588",
        "携帯：090-1234-5678",
    )
    assert found == {
        "published-date": "令和8年3月26日",
        "office-1": "国土政策局地方政策課",
        "title": "採択結果について",
        "office-2": "国土交通省 国土政策局 地方政策課",
        "telephone-1": "03-5253-8111（内線29522）",
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            ["報道発表資料", "Press Release", "採択結果について"], "採択結果について", id="furniture"
        ),
        pytest.param(["国土交通省", "採択結果について"], "採択結果について", id="the ministry"),
        pytest.param(
            ["同時発表：記者クラブ", "採択結果について"], "採択結果について", id="who else was told"
        ),
        pytest.param(["別紙１", "採択結果について"], "採択結果について", id="an annex"),
        pytest.param(["各報道機関　御中", "採択結果について"], "採択結果について", id="an address"),
        pytest.param(["- 1 -", "www.mlit.go.jp", "採択結果について"], "採択結果について", id="no words"),
        pytest.param(
            ["～14団体に決定～", "■採択の一覧"], "～14団体に決定～", id="an item of a list comes last"
        ),
        pytest.param(["■採択の一覧"], "採択の一覧", id="an item, where there is nothing else"),
        pytest.param(["今般、次のとおり採択しました。", "採択の一覧"], "採択の一覧", id="a sentence is none"),
        pytest.param(["【北海道】"], None, id="a prefecture is none"),
        pytest.param(["採択結果に\nついて"], "採択結果について", id="on two lines"),
    ],
)
def test_the_title_is_the_first_line_that_is_nothing_else(lines: list[str], expected: str | None) -> None:
    assert lead("令和8年3月26日", *lines).get("title") == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["実装事業における", "採択結果について"], "実装事業における\n採択結果について", id="a particle"),
        pytest.param(["「二地域居住先導的プロジェクト", "実装事業」の採択結果"], "「二地域居住先導的プロジェクト\n実装事業」の採択結果", id="an open bracket"),
        pytest.param(["令和7年度及び", "令和8年度の", "採択結果について"], "令和7年度及び\n令和8年度の\n採択結果について", id="three lines"),
        pytest.param(["採択結果について", "実装事業の公募"], "採択結果について", id="a line that is whole"),
        pytest.param(["実装事業における", "国土政策局地方政策課"], "実装事業における", id="an office is no rest"),
        pytest.param(["実装事業における", "令和8年3月26日"], "実装事業における", id="a day is no rest"),
        pytest.param(["実装事業における", "取組3件を採択しました。"], "実装事業における", id="a sentence is no rest"),
        pytest.param(["実装事業における", "・採択結果について"], "実装事業における", id="an item of a list is no rest"),
    ],
)  # fmt: skip
def test_a_title_may_take_several_lines(lines: list[str], expected: str) -> None:
    assert lead("令和8年3月26日", *lines)["title"] == expected


def test_the_title_that_a_file_gives_itself_tells_where_it_ends() -> None:
    lines = ["令和8年3月26日", "二地域居住の推進", "採択結果のお知らせ", "別のお知らせ"]
    assert lead(*lines)["title"] == "二地域居住の推進"
    given = "国土交通省｜二地域居住の推進 採択結果のお知らせ"
    assert lead(*lines, title=given)["title"] == "二地域居住の推進\n採択結果のお知らせ"


def test_the_title_that_a_file_gives_itself_tells_the_line() -> None:
    lines = ["報道・広報のページ", "政策のご案内", "先導的な取組の採択結果について"]
    assert lead(*lines)["title"] == "報道・広報のページ"
    given = "先導的な取組の採択結果について | 国土交通省"
    assert lead(*lines, title=given)["title"] == "先導的な取組の採択結果について"


def test_the_title_of_a_sheet_is_above_its_header() -> None:
    sheet = table(
        ["", "採択事業一覧", "令和8年3月26日"],
        ["番号", "実施地域", "提案名"],
        ["1", "北見市", "あ"],
        name="Sheet1",
    )
    assert lead_of(extract(document(sheet))) == {
        "title": "採択事業一覧",
        "published-date": "令和8年3月26日",
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "令和7年度「先導的事業」の第2次募集の結果、応募のあった15件のうち14件を採択しました。",
            {
                "fiscal-year-1": "令和7年度",
                "programme-1": "先導的事業",
                "round-1": "第2次募集",
                "application-count": "15件",
                "decision-count-1": "14件",
            },
            id="a sentence that says it all",
        ),
        pytest.param(
            "2026年度の公募",
            {"fiscal-year-1": "2026年度"},
            id="a Gregorian fiscal year",
        ),
        pytest.param(
            "令和6年度補正予算「交流拠点事業」",
            {"fiscal-year-1": "令和6年度", "programme-1": "交流拠点事業"},
            id="a supplementary budget",
        ),
        pytest.param(
            "令和７年度二地域居住実装事業の採択",
            {"fiscal-year-1": "令和７年度", "programme-1": "二地域居住実装事業"},
            id="a programme without brackets",
        ),
        pytest.param("「実装事業」の採択", {"programme-1": "実装事業"}, id="a programme without fiscal year"),
        pytest.param("第2回公募", {"round-1": "第2回公募"}, id="a round counted in times"),
        pytest.param("採択一覧（第１次）", {"round-1": "第１次"}, id="a round in brackets"),
        pytest.param("二次募集の結果", {"round-1": "二次募集"}, id="a round in kanji"),
        pytest.param("2次採択", {"round-1": "2次"}, id="a round of decisions"),
        pytest.param("第６次産業化と第2次計画", {}, id="other things are counted so too"),
        pytest.param("採択件数：14件", {"decision-count-1": "14件"}, id="decisions behind a label"),
        pytest.param("14団体に対して交付決定", {"decision-count-1": "14団体"}, id="decisions for bodies"),
        pytest.param("１４事業者を選定", {"decision-count-1": "１４事業者"}, id="decisions, full width"),
        pytest.param("14件を採択予定", {}, id="a plan is no decision"),
        pytest.param(
            "提案14件を採択", {"decision-count-1": "14件"}, id="proposals that were adopted are decisions"
        ),
        pytest.param("応募総数　15団体", {"application-count": "15団体"}, id="applications behind a label"),
        pytest.param("15件の応募があり", {"application-count": "15件"}, id="applications in a sentence"),
        pytest.param(
            "募集期間：令和7年4月28日(月)から5月30日(金)まで",
            {"application-opens": "令和7年4月28日", "application-closes": "5月30日"},
            id="a period whose end has no year",
        ),
        pytest.param(
            "募集期間：令和7年4月28日～同年5月30日",
            {"application-opens": "令和7年4月28日", "application-closes": "同年5月30日"},
            id="a period whose end says that the year is the same",
        ),
        pytest.param(
            "応募期間　2026年4月28日（火）10時～2026年5月30日（土）17時必着",
            {"application-opens": "2026年4月28日", "application-closes": "2026年5月30日"},
            id="a period with hours",
        ),
        pytest.param(
            "令和7年4月28日から令和7年5月30日まで公募を行い",
            {"application-opens": "令和7年4月28日", "application-closes": "令和7年5月30日"},
            id="a period before what it is of",
        ),
        pytest.param(
            "事業期間：令和7年7月1日～令和8年3月31日",
            {},
            id="the period of the projects is another",
        ),
        pytest.param(
            "本年3月26日に交付決定した1次分",
            {"previous-decision-date": "本年3月26日"},
            id="an earlier decision",
        ),
        pytest.param("令和7年7月1日に採択した。", {}, id="this decision is no earlier one"),
        pytest.param("TEL 03-5253-8111", {"telephone-1": "03-5253-8111"}, id="a telephone without extension"),
        pytest.param(
            "電話 ０３－５２５３－８１１１", {"telephone-1": "０３－５２５３－８１１１"}, id="full width"
        ),
        pytest.param("ＦＡＸ：03-5253-1588", {}, id="a facsimile is none"),
        pytest.param("法人番号 2000-012-100001", {}, id="other numbers"),
    ],
)
def test_facts(line: str, expected: dict[str, str]) -> None:
    found = lead("令和8年3月26日", "結果について", line)
    assert found.pop("title") == "結果について"
    assert found.pop("published-date") == "令和8年3月26日"
    assert found == expected


def test_labels_and_values_can_stand_in_cells() -> None:
    outline = table(["応募件数", "15件"], ["採択件数", "14件"], ["公募期間", "令和8年1月5日～令和8年2月6日"])
    assert lead("結果について", outline) == {
        "title": "結果について",
        "application-count": "15件",
        "decision-count-1": "14件",
        "application-opens": "令和8年1月5日",
        "application-closes": "令和8年2月6日",
    }


def test_what_is_printed_again_on_each_page_is_read_once() -> None:
    pages: list[Paragraph | Grid] = []
    for page in range(1, 4):
        pages += [
            paragraph("令和7年度「実装事業」の採択結果", page),
            table(["実施地域", "提案名"], ["北見市", f"{page}"], pages=[page, page]),
        ]
    extraction = extract(document(*pages))
    assert lead_of(extraction) == {
        "title": "令和7年度「実装事業」の採択結果",
        "fiscal-year-1": "令和7年度",
        "programme-1": "実装事業",
    }


def test_facts_that_differ_are_all_read() -> None:
    found = lead("結果について", "令和7年度の募集", "令和6年度の募集", "応募団体 15団体", "応募件数 16件")
    assert found == {
        "title": "結果について",
        "fiscal-year-1": "令和7年度",
        "fiscal-year-2": "令和6年度",
        "application-count": "15団体",
        "application-count-2": "16件",
    }


def test_a_list_without_lead() -> None:
    assert lead() == {}


def test_names_of_persons_are_no_facts() -> None:
    names = ("酒井", "長谷部", "小室", "服部", "吉田")
    found = lead(
        "結果について",
        "【問合せ先】",
        "国土政策局 地方政策課 課長補佐 酒井",
        "担当　長谷部、小室",
        "服部",
        "係長：吉田 太郎",
    )
    assert found == {"title": "結果について", "office-1": "国土政策局 地方政策課"}
    assert not [text for text in found.values() for name in names if name in text]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("令和7年度" * 20_000, id="fiscal years"),
        pytest.param("令和7年4月28日～" * 20_000, id="days"),
        pytest.param("「" * 100_000, id="brackets"),
        pytest.param("1" * 100_000, id="figures"),
        pytest.param("採択" * 50_000, id="decisions"),
        pytest.param("局部課室" * 30_000, id="offices"),
        pytest.param("応募団体" * 20_000, id="applications"),
        pytest.param("あ" * 300_000, id="letters"),
    ],
)
def test_long_lines_take_no_time(line: str) -> None:
    begun = time.process_time()
    lead("【問合せ先】", line, "結果について")
    assert time.process_time() - begun < 2
