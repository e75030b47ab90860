"""What printed Japanese numbers, dates, years and sums of money mean."""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal

_ERA_START = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
"""Gregorian year of each era's first year (元年)."""

_ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}

_ERA = "|".join((*_ERA_START, *_ERA_LETTERS))
_YEAR = rf"(?:(?P<era>{_ERA})\s*(?P<year>元|\d{{1,2}})|(?:西暦)?(?P<gregorian>\d{{4}}))"
_MONTH_AND_DAY = r"(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})日"
_WEEKDAY = r"(?:\s*\([月火水木金土日](?:曜日?)?(?:・祝|・休)?\))?"
_DATES = tuple(
    re.compile(pattern + _WEEKDAY)
    for pattern in (
        rf"{_YEAR}年\s*{_MONTH_AND_DAY}",
        rf"{_YEAR}(?P<sign>[./-])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})",
    )
)
_WITHOUT_YEAR = re.compile(rf"(?P<word>[本同]年)?\s*{_MONTH_AND_DAY}{_WEEKDAY}")
_FISCAL_YEAR = re.compile(rf"{_YEAR}年度")
_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_COUNTED_IN_KANJI = re.compile(
    r"第?(?P<tens>[一二三四五六七八九]?十)?(?P<ones>[一二三四五六七八九])?(?:次|回|件|団体).*"
)
_KANJI = "一二三四五六七八九"

_ASCII = str.maketrans("０１２３４５６７８９－‐", "0123456789--")

_SCALE = {"": 1, "千": 1_000, "万": 10_000, "百万": 1_000_000, "億": 100_000_000, "兆": 1_000_000_000_000}
_SCALES = "|".join(filter(None, _SCALE))
_FIGURE = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,9})?"
_AMOUNT = re.compile(
    rf"(?:金|[¥\\])?\s*(?P<figures>(?=\d)(?:{_FIGURE}\s*(?:{_SCALES})\s*){{0,5}}(?:{_FIGURE})?)\s*(?P<yen>円)?(?:也)?"
)
_PART = re.compile(rf"(?P<figure>{_FIGURE})\s*(?P<scale>{_SCALES})?")
_UNIT = re.compile(rf"[(\[]?\s*(?:単位\s*[:/]?\s*)?(?P<scale>{_SCALES})?円\s*[)\]]?")


def plain(text: str) -> str:
    """Return the text in NFKC without white space: the form in which two printings are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _gregorian_year(match: re.Match[str]) -> int:
    if match["gregorian"]:
        return int(match["gregorian"])
    year = 1 if match["year"] == "元" else int(match["year"])
    return _ERA_START[_ERA_LETTERS.get(match["era"], match["era"])] + year - 1


def date(
    text: str, published: datetime.date | None = None, since: datetime.date | None = None
) -> datetime.date:
    """Return the day that a printed date names: 令和7年7月1日, R8.3.26, 2026年3月26日(木), 2026/3/26, 本年3月26日 or 3月26日.

    Args:
        text: The date as printed; half- or full-width digits, 元年 too. A day of the week is
            not looked at.
        published: Day of the document, which 本年 is counted from.
        since: Day printed before this one (`4月28日～5月30日`): without a year it is the first such day
            from then on, and 同年 is its year.

    Raises:
        ValueError: The text is no such date, the day does not exist, or it has no year and
            there is no day to count it from.
    """
    normal = _normal(text)
    for pattern in _DATES:
        if match := pattern.fullmatch(normal):
            return datetime.date(_gregorian_year(match), int(match["month"]), int(match["day"]))
    match = _WITHOUT_YEAR.fullmatch(normal)
    counted_from = published if match and match["word"] == "本年" else since
    if match and counted_from:
        month, day = int(match["month"]), int(match["day"])
        turned = not match["word"] and (month, day) < (counted_from.month, counted_from.day)
        return datetime.date(counted_from.year + turned, month, day)
    raise ValueError(f"「{text}」 is no date")


def telephone(text: str) -> str:
    """Return a printed telephone number with digits and hyphens of ASCII; whatever else is printed stays."""
    return text.translate(_ASCII)


def fiscal_year(text: str) -> int:
    """Return the Gregorian year in which a printed fiscal year begins: 令和6年度 and 2024年度 are 2024.

    Raises:
        ValueError: The text is no fiscal year.
    """
    match = _FISCAL_YEAR.fullmatch(_normal(text))
    if not match:
        raise ValueError(f"「{text}」 is no fiscal year")
    return _gregorian_year(match)


def fiscal_year_of_era(year: int) -> str:
    """Return a fiscal year as the state writes it: 2024 is 令和6年度, 2019 is 令和元年度, 2018 is 平成30年度.

    A year in which the era changed is called by the new one throughout, as the budget of 2019 was.

    Args:
        year: Gregorian year in which it begins.
    """
    name, start = max(
        ((era, start) for era, start in _ERA_START.items() if start <= year),
        key=lambda each: each[1],
        default=("", 0),
    )
    return f"{name}{'元' if year == start else year - start + 1}年度" if name else f"{year}年度"


def number(text: str) -> int:
    """Return the one whole number in a printed count: `14 団体` is 14, `2次募集` and `第二回` are 2.

    Raises:
        ValueError: The text has no number, or more than one.
    """
    normal = _normal(text)
    found = _NUMBER.findall(normal)
    match = _COUNTED_IN_KANJI.fullmatch(normal)
    if not found and match and (match["tens"] or match["ones"]):
        tens = 10 * (_kanji(match["tens"].removesuffix("十")) or 1) if match["tens"] else 0
        return tens + _kanji(match["ones"] or "")
    if len(found) != 1:
        raise ValueError(f"「{text}」 does not hold one number")
    return int(found[0].replace(",", ""))


def _kanji(digit: str) -> int:
    return _KANJI.index(digit) + 1 if digit else 0


def yen(text: str, unit: str = "") -> int:
    """Return a printed sum of money in yen: `12,345` under 千円 is 12345000, `1億2,000万円` is 120000000.

    Args:
        text: The sum as printed. Where it says its unit itself, that counts.
        unit: What the heading or the caption prints for all sums: 千円, `(単位:百万円)`.

    Raises:
        ValueError: The text is no sum of money, its unit is printed nowhere, or it is no
            whole number of yen.
    """
    match = _AMOUNT.fullmatch(_normal(text))
    parts = list(_PART.finditer(match["figures"])) if match else []
    scales = [_SCALE[part["scale"] or ""] for part in parts]
    if not match or scales != sorted(set(scales), reverse=True):
        raise ValueError(f"「{text}」 is no sum of money")
    total = sum(
        (Decimal(part["figure"].replace(",", "")) * scale for part, scale in zip(parts, scales, strict=True)),
        Decimal(),
    )
    if not match["yen"] and not _normal(text).startswith(("¥", "\\", "金")):
        heading = _UNIT.fullmatch(_normal(unit))
        scale = _SCALE[heading["scale"] or ""] if heading else 0
        # 3万 under 円 is clear, under 千円 it is not.
        if not scale or (scale > 1 and scales != [1]):
            raise ValueError(f"it is not printed of which unit 「{text}」 is a sum")
        total *= scale
    if total != total.to_integral_value():
        raise ValueError(f"「{text}」 is no whole number of yen")
    return int(total)
