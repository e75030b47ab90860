"""What the cells of a column look like, whatever its heading says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from itertools import pairwise
from statistics import fmean

from nichiiki_ld.orthography import fold_name, is_kana
from nichiiki_ld.prefectures import READINGS
from nichiiki_ld.printed import plain

MOST_CELLS = 200
"""So many cells are enough to know a column by."""

_MOST_CHARACTERS = 400
"""Of a cell that is looked at."""


class Content(Enum):
    """A kind of content."""

    PLACES = auto()
    PREFECTURES = auto()
    BODIES = auto()
    SENTENCES = auto()
    NUMBERING = auto()
    AMOUNTS = auto()


_BRACKETS = re.compile(r"[(\[〔【<〈《][^()\[\]〔〕【】<>〈〉《》]*[)\]〕】>〉》]")
_WORDS = re.compile(r"[^\s、,・/;:。★☆※*●○◎]+")
_MARK = re.compile(r"[\d()]+$")
_PLACE = re.compile(r".+[都道府県郡市区町村]|(?:ほか|他|外)?\d+(?:市|区|町|村|市町村|市区町村)+")
_BODY = re.compile(
    r"コンソーシアム|会社|\(株\)|協議会|法人|組合|機構|公社|協会|大学|センター|チーム|会議|財団|社団|連合|銀行|委員会|研究所|"
    r"推進会|(?:会|社|団|部|課|室|株)$"
)
_NUMBER = re.compile(r"(?:no\.?|第)?(\d{1,5})(?:号|[.)])?", re.IGNORECASE)
_AMOUNT = re.compile(r"[¥\\]?\d{1,3}(?:,?\d{3})*(?:\.\d+)?(?:[千百]?万|億|千)?円?")

_SHORTENED = {name[:-1]: name for name in READINGS if not name.endswith("道")}

_MOST = 0.6
_NEARLY_ALL = 0.8
_LONG = 30
"""Characters of a cell that describes something rather than names it, on average."""


def prefecture_named(text: str) -> str:
    """Return the prefecture that a text is the name of, 青森県 or 青森, in full; else an empty text."""
    name = fold_name(text[:_MOST_CHARACTERS])
    return name if name in READINGS else _SHORTENED.get(name, "")


def is_places(text: str) -> bool:
    """Say whether a text looks like names of places: half of its words, or more, end as such names do.

    Readings are not counted, and what stands in brackets is not looked at.
    """
    normal = _BRACKETS.sub(" ", _spaced(text))
    words = [_MARK.sub("", word) for word in _WORDS.findall(normal)]
    words = [word for word in words if word and not is_kana(word)]
    if not words:
        return False
    named = sum(1 for word in words if _PLACE.fullmatch(word) or prefecture_named(word))
    return 2 * named >= len(words)


def _spaced(text: str) -> str:
    """Return a text in NFKC whose white space is kept: what it separates are different words."""
    return re.sub(r"\S+", lambda match: plain(match[0]), text[:_MOST_CHARACTERS])


def _numbering(cells: Sequence[str]) -> bool:
    numbers = [match and int(match[1]) for match in (_NUMBER.fullmatch(plain(cell)) for cell in cells)]
    running = sum(1 for one, two in pairwise(numbers) if one and two and two == one + 1)
    steps = len(cells) - 1
    return None not in numbers and (running >= _NEARLY_ALL * steps if steps else numbers == [1])


def _share(test: Callable[[str], bool], cells: Sequence[str]) -> float:
    return sum(map(test, cells)) / len(cells)


_TESTS: dict[Content, Callable[[Sequence[str]], bool]] = {
    Content.PLACES: lambda cells: _share(is_places, cells) >= _MOST,
    Content.PREFECTURES: lambda cells: _share(lambda c: bool(prefecture_named(c)), cells) >= _NEARLY_ALL,
    Content.BODIES: lambda cells: _share(lambda c: _BODY.search(plain(c)) is not None, cells) >= _MOST,
    Content.SENTENCES: lambda cells: fmean(map(len, cells)) >= _LONG,
    Content.NUMBERING: _numbering,
    Content.AMOUNTS: lambda cells: _share(lambda c: _AMOUNT.fullmatch(plain(c)) is not None, cells) >= _MOST,
}


def looks_like(content: Content, cells: Sequence[str]) -> bool:
    """Say whether the cells of a column are of a kind; no cells are of none."""
    return bool(cells) and _TESTS[content](cells)
