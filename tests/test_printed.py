from __future__ import annotations

import datetime

import pytest

from nichiiki_ld import printed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("令和7年7月1日", "2025-07-01", id="the release"),
        pytest.param("令和元年5月1日", "2019-05-01", id="the first year of an era is 元年"),
        pytest.param("平成31年4月30日", "2019-04-30", id="the last day of the era before"),
        pytest.param("昭和64年1月7日", "1989-01-07", id="seven days of a year"),
        pytest.param("令和７年４月２８日", "2025-04-28", id="full-width digits"),
    ],
)
def test_date(text: str, expected: str) -> None:
    assert printed.date(text).isoformat() == expected


def test_this_year_is_the_year_of_the_document() -> None:
    assert printed.date("本年3月26日", datetime.date(2025, 7, 1)) == datetime.date(2025, 3, 26)


@pytest.mark.parametrize(
    "text", ["7月1日", "令和7年13月1日", "本年3月26日", "令和7年2月30日", "2025年7月1日"]
)
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        printed.date(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("令和6年度", 2024), ("令和7年度", 2025), ("平成元年度", 1989)]
)
def test_fiscal_year(text: str, expected: int) -> None:
    assert printed.fiscal_year(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("14 団体", 14), ("14件", 14), ("2次募集", 2), ("１５団体", 15), ("1,741団体", 1741)],
)
def test_number(text: str, expected: int) -> None:
    assert printed.number(text) == expected


@pytest.mark.parametrize("text", ["団体", "3次5団体"])
def test_refuses_what_is_not_one_number(text: str) -> None:
    with pytest.raises(ValueError, match="one number"):
        printed.number(text)


def test_plain_ignores_how_it_was_spaced() -> None:
    assert printed.plain("国土政策局 地方政策課") == printed.plain("国土政策局地方政策課")
