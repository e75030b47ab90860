"""Headers and footers of printed pages: whether they say anything.

Source: ECMA-376 Part 1, 18.3.1.36 to 18.3.1.39 and 18.3.1.46 for the codes in those of sheets.
"""

from __future__ import annotations

import re

_CODE = re.compile(r'&(?:"[^"]*"|\d+|K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|[A-Z&])?', re.IGNORECASE)
"""A part of the page, a font, a colour; or what Excel puts there itself, such as the number of the page."""


def has_words(text: str) -> bool:
    """Return whether a text has any letter: `- 3 -` is the number of a page."""
    return any(map(str.isalpha, text))


def without_codes(margin: str) -> str:
    """Return what a header or footer of a sheet says itself: `確定版` of `&L&"ＭＳ 明朝"確定版&R&P`."""
    return _CODE.sub("", margin)
