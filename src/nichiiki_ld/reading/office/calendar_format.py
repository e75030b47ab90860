"""Days and times as the number formats of workbooks show them, in both calendars."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from nichiiki_ld.reading.office.digits import figures

DATE_TOKENS = frozenset({"date", "elapsed"})

_ERAS = (
    (datetime.date(2019, 5, 1), "令和", "R"),
    (datetime.date(1989, 1, 8), "平成", "H"),
    (datetime.date(1926, 12, 25), "昭和", "S"),
    (datetime.date(1912, 7, 30), "大正", "T"),
    (datetime.date(1868, 1, 25), "明治", "M"),
)
"""First day, name and letter of each era, the last first."""

_WEEKDAYS = "月火水木金土日"
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ABBREVIATED = 3
_NOON_HOUR = 12
_SECONDS_A_DAY = 86_400
_LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time of day.

    Attributes:
        seconds: Since the epoch, for times that count on over a day.
    """

    at: datetime.datetime
    seconds: float

    @classmethod
    def of(cls, serial: float, *, since_1904: bool) -> Moment | None:
        """Return what a serial number of days stands for, or None for one that is no day."""
        if not 0 <= serial < _LAST_SERIAL:
            return None
        # Serials below one are times of day: any day will do.
        day = from_excel(serial + (0 if serial >= 1 else 1), MAC_EPOCH if since_1904 else WINDOWS_EPOCH)
        return cls(day, serial * _SECONDS_A_DAY) if isinstance(day, datetime.datetime) else None


def show_moment(
    moment: Moment, tokens: Sequence[tuple[str, str]], digits: int, *, first_year: bool
) -> str | None:
    """Return a moment as the tokens of a format show it; None where a token or figure is not known.

    Args:
        digits: Which figures are used: 0 Western ones, 1 kanji, 3 full-width.
        first_year: The first year of an era is 元.
    """
    at = moment.at
    if any(kind == "half" for kind, _ in tokens):
        at = at.replace(hour=at.hour % _NOON_HOUR or _NOON_HOUR)
    shown = []
    for index, (kind, text) in enumerate(tokens):
        part: str | None = ""
        if kind == "elapsed":
            part = figures(_elapsed(moment, text), digits)
        elif kind == "date" and first_year and text == "e" and _era_year(at) == 1:
            part = "元"
        elif kind == "date":
            part = _part(at, text, digits, is_minute=_is_minute(tokens, index))
        elif kind == "half":
            part = text.split("/")[moment.at.hour >= _NOON_HOUR]
        elif kind in {"literal", "other", "place"}:
            part = text
        if part is None:
            return None
        shown.append(part)
    return "".join(shown).strip()


def _part(at: datetime.datetime, token: str, digits: int, *, is_minute: bool) -> str | None:
    name, _, fraction = token.partition(".")
    name = name[: _LONGEST.get(name[0], 1)]
    if is_minute:
        name = name.replace("m", "n")
    show = _PARTS.get(name)
    if show is None:
        return None
    text = show(at)
    if fraction:
        text = f"{text}.{at.microsecond:06}"[: len(text) + 1 + len(fraction)]
    return figures(text, digits)


def _is_minute(tokens: Sequence[tuple[str, str]], index: int) -> bool:
    """Return whether an `m` stands beside hours or seconds: then it is no month."""
    if len(tokens[index][1]) >= _ABBREVIATED:
        return False
    before = [text for kind, text in tokens[:index] if kind in DATE_TOKENS]
    after = [text for kind, text in tokens[index + 1 :] if kind in DATE_TOKENS]
    return (bool(before) and before[-1][0] == "h") or (bool(after) and after[0][0] == "s")


def _elapsed(moment: Moment, token: str) -> str:
    unit = {"h": 3600, "m": 60, "s": 1}[token[0].lower()]
    return f"{int(moment.seconds + 0.5) // unit:0{len(token)}}"


def _era(at: datetime.datetime) -> tuple[datetime.date, str, str]:
    return next((era for era in _ERAS if at.date() >= era[0]), _ERAS[-1])


def _era_year(at: datetime.datetime) -> int:
    return at.year - _era(at)[0].year + 1


_PARTS: dict[str, Callable[[datetime.datetime], str]] = {
    "y": lambda at: f"{at.year % 100:02}",
    "yy": lambda at: f"{at.year % 100:02}",
    "yyy": lambda at: f"{at.year:04}",
    "yyyy": lambda at: f"{at.year:04}",
    "g": lambda at: _era(at)[2],
    "gg": lambda at: _era(at)[1][0],
    "ggg": lambda at: _era(at)[1],
    "e": lambda at: str(_era_year(at)),
    "ee": lambda at: f"{_era_year(at):02}",
    "r": lambda at: f"{_era_year(at):02}",
    "rr": lambda at: f"{_era(at)[1]}{_era_year(at):02}",
    "m": lambda at: str(at.month),
    "mm": lambda at: f"{at.month:02}",
    "mmm": lambda at: _ENGLISH_MONTHS[at.month - 1][:3],
    "mmmm": lambda at: _ENGLISH_MONTHS[at.month - 1],
    "mmmmm": lambda at: _ENGLISH_MONTHS[at.month - 1][0],
    "d": lambda at: str(at.day),
    "dd": lambda at: f"{at.day:02}",
    "ddd": lambda at: _ENGLISH_DAYS[at.weekday()][:3],
    "dddd": lambda at: _ENGLISH_DAYS[at.weekday()],
    "aaa": lambda at: _WEEKDAYS[at.weekday()],
    "aaaa": lambda at: f"{_WEEKDAYS[at.weekday()]}曜日",
    "h": lambda at: str(at.hour),
    "hh": lambda at: f"{at.hour:02}",
    "n": lambda at: str(at.minute),
    "nn": lambda at: f"{at.minute:02}",
    "s": lambda at: str(at.second),
    "ss": lambda at: f"{at.second:02}",
}
"""What each token shows; `n` stands for an `m` that is minutes."""

_LONGEST = {"y": 4, "g": 3, "e": 2, "r": 2, "m": 5, "d": 4, "a": 4, "h": 2, "s": 2}
"""Longer runs of a letter mean the same as these."""
