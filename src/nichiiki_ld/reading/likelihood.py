"""How much a text looks like Japanese, from the kinds of its characters."""

from __future__ import annotations

_SAMPLE_CHARACTERS = 20_000

_CONTROL = range(0x20)
_ASCII = range(0x20, 0x7F)
_KANA = range(0x3000, 0x3100)
"""With the punctuation before them."""
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_HALF_WIDTH_KANA = range(0xFF61, 0xFFA0)
_IDEOGRAPHS = (range(0x3400, 0xA000), range(0x20000, 0x40000))
_FIRST_LEVEL = range(0xB0, 0xD0)
_SECOND_LEVEL = range(0xD0, 0xF5)
"""Of the kanji of JIS X 0208, by their first byte in EUC-JP."""
_SIGNS = frozenset({0x87, *range(0xED, 0xEF), *range(0xFA, 0xFD)})
"""First bytes of what CP932 has more: ①, ㈱, 髙."""


def likelihood(text: str) -> float:
    """Return how likely a text is a Japanese one, at most 1.

    It looks at a sample, and knows no words: it tells a right decoding from wrong ones.
    ASCII says little either way. Half-width kana are what EUC-JP looks like in CP932.
    """
    sample = [character for character in text[:_SAMPLE_CHARACTERS] if not character.isspace()]
    return sum(map(_weight, sample)) / len(sample) if sample else 0.0


def _weight(character: str) -> float:
    code = ord(character)
    for kind, weight in (
        (_CONTROL, -3.0),
        (_ASCII, 0.7),
        (_KANA, 1.0),
        (_FULL_WIDTH, 1.0),
        (_HALF_WIDTH_KANA, 0.5),
    ):
        if code in kind:
            return weight
    lead = _first_byte(character, "euc_jp")
    if lead is None:
        sign = any(code in kind for kind in _IDEOGRAPHS) or _first_byte(character, "cp932") in _SIGNS
        return 0.4 if sign else -0.5
    return 1.0 if lead in _FIRST_LEVEL else 0.5 if lead in _SECOND_LEVEL else 0.4


def _first_byte(character: str, encoding: str) -> int | None:
    try:
        return character.encode(encoding)[0]
    except UnicodeEncodeError:
        return None
