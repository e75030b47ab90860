"""What printed Japanese numbers, dates and years mean."""

from __future__ import annotations

import datetime
import re
import unicodedata

_ERA_START = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
"""Gregorian year of each era's first year (元年)."""

_ERA = "|".join(_ERA_START)
_YEAR = rf"(?P<era>{_ERA})\s*(?P<year>元|\d+)年"
_DATE = re.compile(rf"{_YEAR}\s*(?P<month>\d+)月\s*(?P<day>\d+)日")
_THIS_YEAR = re.compile(r"本年\s*(?P<month>\d+)月\s*(?P<day>\d+)日")
_FISCAL_YEAR = re.compile(rf"{_YEAR}度")
_NUMBER = re.compile(r"\d+(?:,\d{3})*")


def plain(text: str) -> str:
    """Return the text in NFKC without white space: the form in which two printings are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _gregorian_year(match: re.Match[str]) -> int:
    year = 1 if match["year"] == "元" else int(match["year"])
    return _ERA_START[match["era"]] + year - 1


def date(text: str, published: datetime.date | None = None) -> datetime.date:
    """Return the day that a printed date names: 令和7年7月1日, or 本年3月26日.

    Args:
        text: The date as printed; half- or full-width digits, 元年 too.
        published: Day of the document, which 本年 is counted from.

    Raises:
        ValueError: The text is no such date, the day does not exist, or it says 本年 and
            the document has no date.
    """
    normal = unicodedata.normalize("NFKC", text)
    if match := _DATE.fullmatch(normal.strip()):
        return datetime.date(_gregorian_year(match), int(match["month"]), int(match["day"]))
    match = _THIS_YEAR.fullmatch(normal.strip())
    if match and published:
        return datetime.date(published.year, int(match["month"]), int(match["day"]))
    raise ValueError(f"「{text}」 is no date of a Japanese era")


def fiscal_year(text: str) -> int:
    """Return the Gregorian year in which a printed fiscal year begins: 令和6年度 is 2024.

    Raises:
        ValueError: The text is no fiscal year.
    """
    match = _FISCAL_YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        raise ValueError(f"「{text}」 is no fiscal year of a Japanese era")
    return _gregorian_year(match)


def number(text: str) -> int:
    """Return the one whole number in a printed count: `14 団体` is 14, `2次募集` is 2.

    Raises:
        ValueError: The text has no number, or more than one.
    """
    found = _NUMBER.findall(unicodedata.normalize("NFKC", text))
    if len(found) != 1:
        raise ValueError(f"「{text}」 does not hold one number")
    return int(found[0].replace(",", ""))
