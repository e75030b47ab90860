"""What a cell of a workbook shows: its number in its number format.

A workbook keeps 45839 and `[$-411]ggge"年"m"月"d"日"`, and shows 令和7年7月1日. The formats that lists
use are known here: zeros and separators of thousands, per cent, dates and times of both
calendars, literal text, conditions, full-width and kanji digits. Of a format with fractions
or words of numbers nothing is shown in part: the caller is told.

Not done: what depends on the width of a column. A long number is shown whole, where Excel
would show 8.00002E+12.

Source: ECMA-376 Part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from nichiiki_ld.reading.office.calendar_format import DATE_TOKENS, Moment, show_moment
from nichiiki_ld.reading.office.digits import Picture, general, show_number

GENERAL = "General"

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _. | \*.                                       # a gap as wide as a character, a fill
    | \[\$(?P<currency>[^\]-]*)(?P<locale>[^\]]*)\]
    | \[(?P<condition>[<>=]+)\ *(?P<bound>-?[\d.]+)\]
    | \[(?P<elapsed>h+|m+|s+)\]
    | \[DBNum(?P<digits>\d)\]
    | \[[^\]]*\]                                     # a colour
    | (?P<general>General|G/標準)
    | (?P<half>AM/PM|A/P|午前/午後)
    | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?|g+|e+|a{3,4}|r+)
    | (?P<place>[0#?.,%])
    | (?P<text>@)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[_*].|[^;])*', re.DOTALL)

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "=": lambda value, bound: value == bound,
    "<>": lambda value, bound: value != bound,
}

_TEXT_SECTION = 3
_MOST_CHARACTERS = 255
"""Of a format; Excel's own limit."""


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the formats between semicolons: its tokens as pairs of kind and text."""

    tokens: tuple[tuple[str, str], ...]
    condition: Callable[[float, float], bool] | None = None
    bound: float = 0.0
    digits: int = 0
    first_year: bool = False

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.tokens)


def show(value: float, code: str, *, since_1904: bool = False) -> str | None:
    """Return a number as a format shows it, or None where the format is not known here.

    Args:
        since_1904: Days are counted from 1904, as workbooks of old Macintoshes do.
    """
    if len(code) > _MOST_CHARACTERS:
        return None
    section, magnitude = _chosen(value, _sections(code))
    if section is None:
        return ""
    if section.has("date", "elapsed"):
        moment = Moment.of(value, since_1904=since_1904)
        return (
            None
            if moment is None
            else show_moment(moment, section.tokens, section.digits, first_year=section.first_year)
        )
    if section.has("general", "text"):
        return _worded(section, general(magnitude)) if not section.digits else None
    if any(kind == "other" and text == "/" for kind, text in section.tokens):
        return None
    return show_number(magnitude, Picture(section.tokens), section.digits)


def show_text(text: str, code: str) -> str:
    """Return a text as a format shows it."""
    if "@" not in code and ";" not in code:
        return text
    sections = _sections(code[:_MOST_CHARACTERS])
    if len(sections) > _TEXT_SECTION:
        return _worded(sections[_TEXT_SECTION], text)
    return _worded(sections[-1], text) if sections[-1].has("text") else text


def _worded(section: _Section, text: str) -> str:
    """Return the text where a section has it, among what the section says itself."""
    return "".join(
        text if kind in {"general", "text"} else word if kind in {"literal", "other", "place"} else ""
        for kind, word in section.tokens
    )


def _chosen(value: float, sections: list[_Section]) -> tuple[_Section | None, float]:
    """Return the section that a number is shown with, and the number with the sign to be shown."""
    numeric = sections[:_TEXT_SECTION]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or section.condition(value, section.bound):
                return section, value if section.condition is None or len(numeric) == 1 else abs(value)
        return None, value
    if len(numeric) == 1 or (value >= 0 and len(numeric) < _TEXT_SECTION) or value > 0:
        chosen, shown = numeric[0], value
    elif value < 0:
        chosen, shown = numeric[1], abs(value)
    else:
        chosen, shown = numeric[2], value
    return (chosen if chosen.tokens else None), shown


@lru_cache(maxsize=256)
def _sections(code: str) -> list[_Section]:
    sections = []
    at = 0
    while at <= len(code):
        match = _SECTION.match(code, at)
        text = match.group() if match else ""
        sections.append(_section(text))
        at += len(text) + 1
    return sections


def _section(code: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    condition, bound, digits, first_year = None, 0.0, 0, False
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup, match.group()
        if kind in {"quoted", "escaped"}:
            tokens.append(("literal", match[kind]))
        elif kind in {"currency", "locale"}:
            tokens.append(("literal", match["currency"]))
            first_year |= "gannen" in match["locale"].lower()
        elif kind == "bound":
            condition, bound = _COMPARISONS.get(match["condition"]), _bound(match["bound"])
        elif kind == "digits":
            digits = int(match["digits"])
        elif kind == "elapsed":
            tokens.append(("elapsed", match["elapsed"]))
        elif kind == "date":
            tokens.append(("date", text.lower()))
        elif kind:
            tokens.append((kind, text))
    if not DATE_TOKENS.intersection(kind for kind, _ in tokens):
        tokens = [("literal" if kind == "half" else kind, text) for kind, text in tokens]
    return _Section(tuple(tokens), condition, bound, digits, first_year)


def _bound(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
