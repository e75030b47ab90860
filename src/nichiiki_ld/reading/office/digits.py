"""Numbers as the number formats of workbooks show them: digit by digit into the places of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

_DIGIT_PLACES = "0#?"
_SIGNIFICANT = 11
_WHOLE_BELOW = 1e21
_PLAIN_FROM = 1e-9
_CONTEXT = Context(prec=400)
"""The largest number has 309 digits, and formats rarely ask for more than three decimals."""


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_KANJI = "〇一二三四五六七八九"
_FIGURE_SETS = {0: None, 3: _FULL_WIDTH}


@dataclass(frozen=True, slots=True)
class Picture:
    """Where digits go.

    Attributes:
        tokens: Pairs of kind and text, of one section of a format.
    """

    tokens: Sequence[tuple[str, str]]
    _places: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Find the places of digits."""
        self._places.extend(
            index
            for index, (kind, text) in enumerate(self.tokens)
            if kind == "place" and text in _DIGIT_PLACES
        )

    @property
    def point(self) -> int:
        """Index of the decimal point among the tokens, or behind the last."""
        return next(
            (i for i, token in enumerate(self.tokens) if token == ("place", ".")),
            len(self.tokens),
        )

    @property
    def whole(self) -> list[int]:
        """Indices of the places before the decimal point."""
        return [index for index in self._places if index < self.point]

    @property
    def decimals(self) -> list[int]:
        """Indices of the places behind the decimal point."""
        return [index for index in self._places if index > self.point]

    @property
    def grouped(self) -> bool:
        """Whether thousands are separated: a comma stands between two places."""
        whole = self.whole
        return bool(whole) and any(
            token == ("place", ",") and whole[0] < i < whole[-1] for i, token in enumerate(self.tokens)
        )

    @property
    def thousands(self) -> int:
        """How many commas follow the last place of either side: each divides by a thousand."""
        count = 0
        for last in {places[-1] for places in (self.whole, self.decimals) if places}:
            count += next(
                (i for i, token in enumerate(self.tokens[last + 1 :]) if token != ("place", ",")),
                len(self.tokens) - last - 1,
            )
        return count

    @property
    def per_cents(self) -> int:
        """How many signs of per cent there are: each multiplies by a hundred."""
        return sum(token == ("place", "%") for token in self.tokens)


def show_number(value: float, picture: Picture, digits: int = 0) -> str | None:
    """Return a number in a picture, rounded half away from zero as Excel does; None where it cannot be.

    That is so where figures are asked for that are not known here, or more digits than any number has.

    Args:
        digits: Which figures are used: 0 Western ones, 1 kanji, 3 full-width.
    """
    if any(kind == "exponent" for kind, _ in picture.tokens):
        return _scientific(value, picture, digits)
    scaled = Decimal(repr(value)).scaleb(2 * picture.per_cents - 3 * picture.thousands)
    step = Decimal(1).scaleb(-len(picture.decimals))
    try:
        rounded = abs(scaled).quantize(step, rounding=ROUND_HALF_UP, context=_CONTEXT)
    except InvalidOperation:
        return None
    whole, _, fraction = f"{rounded:f}".partition(".")
    shown = {**_whole(whole, picture), **_fraction(fraction, picture)}
    texts = []
    for index, (kind, text) in enumerate(picture.tokens):
        if index in shown:
            part = figures(shown[index], digits)
            if part is None:
                return None
            texts.append(part)
        elif kind in {"literal", "other"} or text == "%" or index == picture.point:
            texts.append(text)
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{''.join(texts).strip()}"


def general(value: float) -> str:
    """Return a number without a format: all digits of a whole one, eleven of another."""
    if value == int(value) and abs(value) < _WHOLE_BELOW:
        return str(int(value))
    return (
        f"{Decimal(f'{value:.{_SIGNIFICANT}g}'):f}"
        if _PLAIN_FROM <= abs(value) < _WHOLE_BELOW
        else f"{value:.6g}"
    )


def figures(text: str, digits: int) -> str | None:
    """Return a text with its digits as other figures; None where these are not known here."""
    if digits in _FIGURE_SETS:
        table = _FIGURE_SETS[digits]
        return text.translate(table) if table else text
    if digits == 1 and text.isdecimal():
        return _kanji(text)
    return text if not any(map(str.isdecimal, text)) else None


def _kanji(text: str) -> str:
    """Return digits in kanji, up to 99 with tens (二十三), more one by one (二〇二五)."""
    tens, ones = divmod(int(text), 10)
    if tens >= 10 or not tens:  # noqa: PLR2004 - a number of three digits
        return "".join(_KANJI[int(each)] for each in (text if tens else str(ones)))
    return f"{_KANJI[tens] if tens > 1 else ''}十{_KANJI[ones] if ones else ''}"


def _whole(digits: str, picture: Picture) -> dict[int, str]:
    places = picture.whole
    digits = digits.lstrip("0")
    shown: dict[int, str] = {}
    taken = 0
    for index in reversed(places):
        first = index == places[0]
        rest = digits[: max(len(digits) - taken, 0)]
        part = rest if first else rest[-1:]
        filler = "" if picture.tokens[index][1] == "#" else "0" if picture.tokens[index][1] == "0" else " "
        part = part or filler
        shown[index] = _separated(part, taken) if picture.grouped else part
        taken += 1 if not first else len(part)
    return shown


def _separated(digits: str, before: int) -> str:
    """Return digits with a comma behind each that stands a multiple of three places from the right.

    Args:
        before: How many digits stand to their right.
    """
    shown = ""
    for offset, digit in enumerate(reversed(digits)):
        place = before + offset
        comma = "," if place and place % 3 == 0 and digit.isdecimal() else ""
        shown = f"{digit}{comma}{shown}"
    return shown


def _fraction(digits: str, picture: Picture) -> dict[int, str]:
    places = picture.decimals
    kept = len(digits.rstrip("0"))
    shown = {}
    for number, index in enumerate(places):
        place = picture.tokens[index][1]
        zero = {"0": "0", "?": " ", "#": ""}[place]
        shown[index] = digits[number] if number < kept else zero
    return shown


def _scientific(value: float, picture: Picture, digits: int) -> str | None:
    text = f"{value:.{len(picture.decimals) and _mantissa(picture)}E}"
    mantissa, _, exponent = text.partition("E")
    width = sum(1 for kind, token in _after_exponent(picture) if kind == "place" and token in _DIGIT_PLACES)
    plus = "+" if ("exponent", "E+") in [(kind, token.upper()) for kind, token in picture.tokens] else ""
    sign = "-" if exponent.startswith("-") else plus
    return figures(f"{mantissa}E{sign}{int(exponent[1:]):0{width}}", digits)


def _mantissa(picture: Picture) -> int:
    exponent = next(index for index, (kind, _) in enumerate(picture.tokens) if kind == "exponent")
    return sum(picture.point < index < exponent for index in picture.decimals)


def _after_exponent(picture: Picture) -> Sequence[tuple[str, str]]:
    exponent = next(index for index, (kind, _) in enumerate(picture.tokens) if kind == "exponent")
    return picture.tokens[exponent + 1 :]
