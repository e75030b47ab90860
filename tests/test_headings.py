"""Columns known by what their headings mean, and what is said when they are not."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

import pytest

from hand_made import LEFT, UP, document, rows_of, table
from nichiiki_ld.document import Grid
from nichiiki_ld.errors import LayoutError
from nichiiki_ld.extract import extract
from nichiiki_ld.extract.headings import ROLES, meanings

PLACES = ("北海道北見市", "宮城県気仙沼市")
BODIES = ("北見協議会", "株式会社気仙沼")
SENTENCES = (
    "都市部と同等の仕事施設や空き家を活用し、テレワークによる長期滞在を推進する。",
    "仕事と地域での役割のマッチングに取り組み、官民連携での定着を目指していく。",
)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        pytest.param("実施地域", "places", id="as in the release of 2025-07-01"),
        pytest.param("対象地域", "places", id="places: the area that is aimed at"),
        pytest.param("地域", "places", id="places: shortest"),
        pytest.param("市区町村名", "places", id="places: all kinds of municipalities"),
        pytest.param("自治体", "places", id="places: self-governing bodies"),
        pytest.param("地方公共団体名", "places", id="places: as laws call them"),
        pytest.param("都道府県・市区町村名", "places", id="places: both in one column"),
        pytest.param("都道府県名\n市町村名", "places", id="places: both, each called a name"),
        pytest.param("代表自治体", "places", id="places: the leading one"),
        pytest.param("都道府県", "prefecture", id="prefecture"),
        pytest.param("都道府県名", "prefecture", id="prefecture: called a name"),
        pytest.param("県名", "prefecture", id="prefecture: where no other kind occurs"),
        pytest.param("応募主体", "applicant", id="applicant: as in the release of 2025-07-01"),
        pytest.param("実施主体", "applicant", id="applicant: who carries out"),
        pytest.param("事業主体", "applicant", id="applicant: whose project it is"),
        pytest.param("事業実施主体名", "applicant", id="applicant: who carries out a project"),
        pytest.param("補助事業者名", "applicant", id="applicant: who gets the grant"),
        pytest.param("申請者", "applicant", id="applicant: who applied"),
        pytest.param("代表団体", "applicant", id="applicant: the leading body"),
        pytest.param("コンソーシアム名", "applicant", id="applicant: a consortium"),
        pytest.param("取組概要", "summary", id="summary: as in the release of 2025-07-01"),
        pytest.param("事業の概要", "summary", id="summary: with a particle"),
        pytest.param("事業内容", "summary", id="summary: contents"),
        pytest.param("取り組み内容", "summary", id="summary: written out"),
        pytest.param("提案名", "title", id="title: of a proposal"),
        pytest.param("事業名", "title", id="title: of a project"),
        pytest.param("プロジェクト名", "title", id="title: in katakana"),
        pytest.param("件名", "title", id="title: of a matter"),
        pytest.param("番号", "number", id="number"),
        pytest.param("№", "number", id="number: the sign, which NFKC writes No"),
        pytest.param("ＮＯ．", "number", id="number: full width"),
        pytest.param("#", "number", id="number: a hash"),
        pytest.param("通番", "number", id="number: running"),
        pytest.param("交付決定額（千円）", "amount", id="amount: with its unit"),
        pytest.param("補助金額", "amount", id="amount: of a subsidy"),
        pytest.param("採択額【百万円】", "amount", id="amount: another kind of bracket"),
        pytest.param("国費", "amount", id="amount: from the state's budget"),
        pytest.param("令和７年度 交付決定額（円）", "amount", id="amount: of a fiscal year"),
        pytest.param("取 組　概 要", "summary", id="set wide"),
        pytest.param("実施\n地域", "places", id="on two lines"),
        pytest.param("実施地域※１", "places", id="with a footnote mark"),
        pytest.param("■実施地域", "places", id="with a sign before it"),
        pytest.param("①実施地域", "places", id="numbered"),
        pytest.param("担当者名", "ignored", id="a person"),
        pytest.param("団体コード", "ignored", id="a code is no number of a row"),
    ],
)
def test_a_heading_means(heading: str, role: str) -> None:
    assert [meaning.role for meaning in meanings(heading)][:1] == [role]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("北海道", id="a prefecture"),
        pytest.param("北見市", id="a municipality"),
        pytest.param("北見市二地域居住推進コンソーシアム", id="a consortium"),
        pytest.param("1", id="a number"),
        pytest.param("12,000", id="an amount"),
        pytest.param("テレワークの推進に取り組む。", id="a sentence"),
        pytest.param("実施地域" * 100, id="too long for a heading"),
    ],
)
def test_what_stands_below_is_no_heading(text: str) -> None:
    assert meanings(text) == ()


def roles(grid: Grid, **columns: str) -> list[str]:
    extraction = extract(document(grid), columns)
    assert [column.index for column in extraction.columns] == list(range(len(extraction.columns)))
    return [column.role for column in extraction.columns]


@pytest.mark.parametrize(
    ("headings", "columns", "expected"),
    [
        pytest.param(
            ("団体名", "事業名"), (PLACES, BODIES), ["places", "title"], id="団体名 above municipalities"
        ),
        pytest.param(
            ("実施地域", "団体名"),
            (PLACES, BODIES),
            ["places", "applicant"],
            id="団体名 beside a column of places",
        ),
        pytest.param(
            ("実施地域", "団体名"),
            (PLACES, PLACES),
            ["places", "applicant"],
            id="団体名 beside a column of places: municipalities can apply",
        ),
        pytest.param(
            ("都道府県", "団体名"),
            (("北海道", "宮城県"), ("北見市", "気仙沼市")),
            ["prefecture", "places"],
            id="団体名 beside prefectures only",
        ),
        pytest.param(
            ("実施地域", "取組"), (PLACES, SENTENCES), ["places", "summary"], id="取組 above sentences"
        ),
        pytest.param(("実施地域", "取組"), (PLACES, BODIES), ["places", "title"], id="取組 above names"),
        pytest.param(
            ("実施地域", "名称"), (PLACES, BODIES), ["places", "title"], id="名称: a title rather than a body"
        ),
        pytest.param(
            ("地域", "市町村名", "提案名"),
            (("東北", "北陸"), PLACES, BODIES),
            ["ignored", "places", "title"],
            id="two for places: the one that names municipalities",
        ),
        pytest.param(
            ("対象地域", "市町村", "提案名"),
            (("山間部", "離島"), PLACES, BODIES),
            ["ignored", "places", "title"],
            id="two for places: the one with places in it, whatever the headings say",
        ),
        pytest.param(
            ("都道府県", "提案名"),
            (("北海道", "宮城県"), BODIES),
            ["places", "title"],
            id="prefectures alone are the places",
        ),
        pytest.param(
            ("", "実施地域", "提案名"),
            (("1", "2"), PLACES, BODIES),
            ["number", "places", "title"],
            id="a column without heading that numbers the rows",
        ),
        pytest.param(
            ("", "市町村", "提案名"),
            (("北海道", "宮城県"), ("北見市", "気仙沼市"), BODIES),
            ["prefecture", "places", "title"],
            id="a column without heading that has prefectures",
        ),
        pytest.param(
            ("", "実施地域", "提案名"),
            (("3", "7"), PLACES, BODIES),
            ["ignored", "places", "title"],
            id="numbers that do not run are no numbering",
        ),
        pytest.param(
            ("実施地域", "総事業費", "交付決定額"),
            (PLACES, ("200", "300"), ("100", "150")),
            ["places", "ignored", "amount"],
            id="two sums: the one that was granted",
        ),
        pytest.param(
            ("実施地域", "代表者名", "申請者"),
            (PLACES, ("山田太郎", "田中花子"), BODIES),
            ["places", "ignored", "applicant"],
            id="persons are not read",
        ),
        pytest.param(
            ("取組概要", "応募主体", "実施地域"),
            (SENTENCES, BODIES, PLACES),
            ["summary", "applicant", "places"],
            id="in any order",
        ),
    ],
)
def test_columns(headings: Sequence[str], columns: Sequence[Sequence[str]], expected: Sequence[str]) -> None:
    assert roles(table(headings, *zip(*columns, strict=True))) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(
            [["番号", "実施地域", LEFT, "提案名"], [UP, "都道府県", "市町村", UP]],
            ["number", "prefecture", "places", "title"],
            id="a group heading above two",
        ),
        pytest.param(
            [["番号", "実施地域", "", "提案名"], ["", "都道府県", "市町村", ""]],
            ["number", "prefecture", "places", "title"],
            id="the same without merged cells, as in CSV",
        ),
        pytest.param(
            [["番号", "市町村", LEFT, "提案"], [UP, "都道府県", "名称", "名称"]],
            ["number", "prefecture", "places", "title"],
            id="名称 means what the group is",
        ),
        pytest.param(
            [["番号", "実施地域", LEFT, "提案名"]],
            ["number", "prefecture", "places", "title"],
            id="one heading above two columns",
        ),
        pytest.param(
            [
                ["採択一覧", LEFT, LEFT, LEFT],
                ["", "", "", "令和8年3月26日"],
                ["番号", "都道府県", "市町村", "提案名"],
            ],
            ["number", "prefecture", "places", "title"],
            id="not in the first row",
        ),
        pytest.param(
            [["事業名", "二地域居住事業", "", ""], ["番号", "都道府県", "市町村", "提案名"]],
            ["number", "prefecture", "places", "title"],
            id="a row that names one thing is no header",
        ),
    ],
)
def test_headers(header: Sequence[Sequence[str]], expected: Sequence[str]) -> None:
    body = (["1", "北海道", "北見市", "テレワーク"], ["2", "宮城県", "気仙沼市", "マッチング"])
    extraction = extract(document(table(*header, *body)))
    assert [column.role for column in extraction.columns] == expected
    assert [row["title"] for row in rows_of(extraction)] == ["テレワーク", "マッチング"]
    assert [row["prefecture-1"] for row in rows_of(extraction)] == ["北海道", "宮城県"]


def test_columns_are_shown_as_printed() -> None:
    grid = table(["実施\n地域", "提 案 名", "備考"], ["北海道北見市", "テレワーク", ""])
    extraction = extract(document(grid))
    assert [(column.heading, column.role) for column in extraction.columns] == [
        ("実施地域", "places"),
        ("提 案 名", "title"),
        ("備考", "ignored"),
    ]
    assert extraction.notes == ("The column 「備考」 was not read.",)


def test_a_column_that_may_name_persons_is_noted() -> None:
    grid = table(["実施地域", "提案名", "担当者"], ["北海道北見市", "テレワーク", "山田"])
    (note,) = extract(document(grid)).notes
    assert "「担当者」" in note
    assert "may name persons" in note


UNKNOWN = table(
    ["ところ", "だれ", "な\nに", "いくら", "番"],
    *zip(PLACES, BODIES, SENTENCES, ("1,000千円", "2,000千円"), ("1", "2"), strict=True),
)


def test_what_is_not_recognised_comes_with_a_table_to_settle_it() -> None:
    with pytest.raises(
        LayoutError, match="no heading of the table is recognised as that of the places"
    ) as caught:
        extract(document(UNKNOWN), where="data/sources/x")
    assert "ところ、だれ、なに、いくら、番" in caught.value.message
    assert caught.value.where == "data/sources/x"
    hint = caught.value.hint or ""
    settled = tomllib.loads(hint[hint.index("[columns]") :])["columns"]
    assert settled == {
        "ところ": "places",
        "だれ": "applicant",
        "なに": "summary",
        "いくら": "amount",
        "番": "number",
    }
    assert roles(UNKNOWN, **settled) == ["places", "applicant", "summary", "amount", "number"]


def test_candidates_are_shown() -> None:
    grid = table(
        ["実施場", "採択", "提案名"], ["北海道北見市", "1", "テレワーク"], ["福島県磐梯町", "2", "調査"]
    )
    with pytest.raises(LayoutError) as caught:
        extract(document(grid))
    lines = (caught.value.hint or "").splitlines()
    assert '"実施場" = "places"  # places or ignored, e.g. 北海道北見市' in lines
    assert '"採択" = "number"  # number or amount or ignored, e.g. 1' in lines
    assert '"提案名" = "title"  # title or ignored, e.g. テレワーク' in lines


def test_headings_that_toml_would_not_take_are_escaped() -> None:
    with pytest.raises(LayoutError) as caught:
        extract(document(table(['"場\\所"', "だれ\x07"], ["北見市", "協議会"], ["網走市", "協議会"])))
    hint = caught.value.hint or ""
    assert set(tomllib.loads(hint[hint.index("[columns]") :])["columns"]) == {'"場\\所"', "だれ\x07"}


def test_places_alone_beside_what_is_unknown_are_a_question() -> None:
    with pytest.raises(LayoutError, match="only the places are recognised"):
        extract(document(table(["実施地域", "なに"], ["北見市", "あ"], ["網走市", "い"])))


def test_places_alone_are_a_list() -> None:
    assert roles(table(["採択自治体"], ["北見市"], ["網走市"])) == ["places"]
    assert roles(table(["実施地域", "なに"], ["北見市", "あ"], ["網走市", "い"]), なに="ignored") == [
        "places",
        "ignored",
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param({"取組概要": "title"}, ["places", "applicant", "title"], id="another role than its own"),
        pytest.param({"取組\n概要": "title"}, ["places", "applicant", "title"], id="compared without breaks"),
        pytest.param({"応募主体": "ignored"}, ["places", "ignored", "summary"], id="left out"),
        pytest.param(
            {"応募主体": "places"}, ["ignored", "places", "summary"], id="a role that is stated is no other's"
        ),
        pytest.param(
            {"応募主体": "places", "実施地域": "places"},
            ["places", "places", "summary"],
            id="places can stand in two columns",
        ),
    ],
)
def test_what_is_stated_holds(columns: dict[str, str], expected: Sequence[str]) -> None:
    grid = table(["実施地域", "応募主体", "取組概要"], *zip(PLACES, PLACES, SENTENCES, strict=True))
    assert roles(grid, **columns) == expected


def test_two_stated_columns_of_places_are_both_read() -> None:
    grid = table(["代表", "連携", "提案名"], ["北海道北見市", "網走市、斜里町", "テレワーク"])
    (row,) = rows_of(extract(document(grid), {"代表": "places", "連携": "places"}))
    assert [row["name-1"], row["name-2"], row["name-3"]] == ["北海道北見市", "網走市", "斜里町"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        pytest.param(
            {"予算": "amount"}, "no table has the heading 「予算」", id="a heading that is not there"
        ),
        pytest.param(
            {"取組概要": "theme"}, "'theme', given to the heading 「取組概要」, is no role", id="no role"
        ),
        pytest.param(
            {"応募主体": "summary", "取組概要": "summary"},
            "two columns are to be the summary",
            id="one role twice",
        ),
    ],
)
def test_refuses_what_is_stated_wrongly(columns: dict[str, str], message: str) -> None:
    grid = table(["実施地域", "応募主体", "取組概要"], *zip(PLACES, BODIES, SENTENCES, strict=True))
    with pytest.raises(LayoutError, match=message) as caught:
        extract(document(grid), columns, where="source.toml")
    assert caught.value.where == "source.toml"
    assert caught.value.hint


def test_roles_are_those_that_the_message_names() -> None:
    grid = table(["実施地域", "応募主体"], ["北見市", "あ"])
    with pytest.raises(LayoutError) as caught:
        extract(document(grid), {"応募主体": "?"})
    assert caught.value.hint == f"use one of: {', '.join(ROLES)}"


def test_no_table() -> None:
    with pytest.raises(LayoutError, match="there is no table") as caught:
        extract(document("令和8年3月26日", "採択結果について"))
    assert "tabs" in (caught.value.hint or "")


def test_a_table_without_rows() -> None:
    with pytest.raises(LayoutError, match="the table has no rows"):
        extract(document(table(["実施地域", "応募主体", "取組概要"])))
