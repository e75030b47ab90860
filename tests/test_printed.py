from __future__ import annotations

import datetime

import pytest

from nichiiki_ld import printed
from nichiiki_ld.joints import one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("令和7年7月1日", "2025-07-01", id="the release"),
        pytest.param("令和元年5月1日", "2019-05-01", id="the first year of an era is 元年"),
        pytest.param("平成31年4月30日", "2019-04-30", id="the last day of the era before"),
        pytest.param("昭和64年1月7日", "1989-01-07", id="seven days of a year"),
        pytest.param("令和７年４月２８日", "2025-04-28", id="full-width digits"),
        pytest.param("2026年3月26日", "2026-03-26", id="the western year"),
        pytest.param("西暦2026年3月26日", "2026-03-26", id="the western year, called so"),
        pytest.param("2026/3/26", "2026-03-26", id="as a spreadsheet writes it"),
        pytest.param("2026.3.26", "2026-03-26", id="with full stops"),
        pytest.param("2026-03-26", "2026-03-26", id="ISO 8601"),
        pytest.param("R8.3.26", "2026-03-26", id="the era as a letter"),
        pytest.param("令和8年3月26日（木）", "2026-03-26", id="with the day of the week"),
        pytest.param("令和８年３月20日（金・祝）", "2026-03-20", id="with a holiday"),
    ],
)
def test_date(text: str, expected: str) -> None:
    assert printed.date(text).isoformat() == expected


def test_this_year_is_the_year_of_the_document() -> None:
    assert printed.date("本年3月26日", datetime.date(2025, 7, 1)) == datetime.date(2025, 3, 26)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("5月30日", "2025-05-30", id="the same year"),
        pytest.param("５月30日（金）", "2025-05-30", id="full width, with the day of the week"),
        pytest.param("4月28日", "2025-04-28", id="the same day"),
        pytest.param("1月30日", "2026-01-30", id="past the end of the year"),
        pytest.param("同年5月30日", "2025-05-30", id="it says that the year is the same"),
        pytest.param("令和8年5月30日", "2026-05-30", id="its own year counts"),
        pytest.param("本年5月30日", "2024-05-30", id="the year of the document"),
    ],
)
def test_a_day_without_year_follows_the_one_before_it(text: str, expected: str) -> None:
    published, since = datetime.date(2024, 7, 1), datetime.date(2025, 4, 28)
    assert printed.date(text, published, since).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03-5253-8111", "03-5253-8111"),
        ("０３－５２５３－８１１１", "03-5253-8111"),
        ("03‐5253‐8111（内線29-914）", "03-5253-8111（内線29-914）"),
    ],
)
def test_telephone(text: str, expected: str) -> None:
    assert printed.telephone(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "7月1日",
        "令和7年13月1日",
        "本年3月26日",
        "令和7年2月30日",
        "25年7月1日",
        "2026.3/26",
        "令和百年1月1日",
        "9" * 5000,
    ],
)
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        printed.date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("令和6年度", 2024), ("令和7年度", 2025), ("平成元年度", 1989), ("2026年度", 2026), ("R８年度", 2026)],
)
def test_fiscal_year(text: str, expected: int) -> None:
    assert printed.fiscal_year(text) == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        pytest.param(2024, "令和6年度", id="the release"),
        pytest.param(2019, "令和元年度", id="an era's first year, from its beginning in April"),
        pytest.param(2018, "平成30年度", id="the era before"),
        pytest.param(1988, "昭和63年度", id="the era before that"),
        pytest.param(1867, "1867年度", id="before the first era that is known here"),
    ],
)
def test_fiscal_year_of_era(year: int, expected: str) -> None:
    assert printed.fiscal_year_of_era(year) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("14 団体", 14), ("14件", 14), ("2次募集", 2), ("１５団体", 15), ("1,741団体", 1741)],
        *[("第2回", 2), ("第二回", 2), ("二次募集", 2), ("十件", 10), ("二十一団体", 21)],
    ],
)
def test_number(text: str, expected: int) -> None:
    assert printed.number(text) == expected


@pytest.mark.parametrize("text", ["団体", "3次5団体", "三重県", "次"])
def test_refuses_what_is_not_one_number(text: str) -> None:
    with pytest.raises(ValueError, match="one number"):
        printed.number(text)


def test_plain_ignores_how_it_was_spaced() -> None:
    assert printed.plain("国土政策局 地方政策課") == printed.plain("国土政策局地方政策課")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        pytest.param("12,345", "千円", 12_345_000, id="the unit stands in the heading"),
        pytest.param(
            "１２，３４５", "（単位：百万円）", 12_345_000_000, id="full-width, and a caption in brackets"
        ),
        pytest.param("12,345千円", "", 12_345_000, id="the unit stands behind the figure"),
        pytest.param("12,345千円", "円", 12_345_000, id="what stands behind the figure counts"),
        pytest.param("1.5億円", "", 150_000_000, id="a fraction of a large unit"),
        pytest.param("12.5", "千円", 12_500, id="a fraction that is whole in yen"),
        pytest.param("1億2,000万円", "", 120_000_000, id="two units"),
        pytest.param("3万", "円", 30_000, id="a scale under plain yen"),
        pytest.param("¥1,000", "", 1_000, id="the sign says the unit"),
        pytest.param("金10,000円也", "", 10_000, id="as on a receipt"),
        pytest.param("0", "千円", 0, id="nothing is a sum too"),
    ],
)
def test_yen(text: str, unit: str, expected: int) -> None:
    assert printed.yen(text, unit) == expected


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        pytest.param("12,345", "", "of which unit", id="no unit anywhere"),
        pytest.param("12,345", "件", "of which unit", id="a heading that is no unit of money"),
        pytest.param("3万", "千円", "of which unit", id="two units that contradict each other"),
        pytest.param("1.5", "円", "no whole number", id="half a yen"),
        pytest.param("1億3億円", "", "no sum", id="the same unit twice"),
        pytest.param("1,23", "千円", "no sum", id="a comma in the wrong place"),
        pytest.param("▲1,000", "千円", "no sum", id="a loss is no grant"),
        pytest.param("未定", "千円", "no sum", id="words"),
        pytest.param("", "千円", "no sum", id="nothing"),
        pytest.param("1 " * 5000, "千円", "no sum", id="a long text, in no time"),
    ],
)
def test_refuses_what_is_no_sum(text: str, unit: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        printed.yen(text, unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("実装事業における\n採択結果について", "実装事業における採択結果について"),
        (" 実装事業における \n\t採択結果について\n", "実装事業における採択結果について"),
        ("Call 2\nof 2026", "Call 2 of 2026"),
        ("令和8年度\n2次募集", "令和8年度2次募集"),
        ("一行　だけ", "一行　だけ"),
        ("", ""),
    ],
)
def test_lines_are_made_one(text: str, expected: str) -> None:
    assert one_line(text) == expected
