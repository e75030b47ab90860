"""The words that a cell of places is made of: names, readings, prefectures and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from nichiiki_ld.extract.signs import Kind, Sign, signs
from nichiiki_ld.orthography import fold_name, fold_reading, is_kana
from nichiiki_ld.prefectures import READINGS


class Role(Enum):
    """What a word is, as far as its script and its ending tell."""

    NAME = auto()
    KANA = auto()
    PREFECTURE = auto()
    BRACKET = auto()


@dataclass(frozen=True, slots=True)
class Word:
    """A name or a reading, or a bracket with all that is in it.

    Attributes:
        text: As printed; of a bracket what is in it, without blanks at its ends.
        start, end: Where that stands.
        outer: Where the whole bracket ends; of anything else the same as `end`.
        opener: The sign that opens a bracket, or empty.
        after: What stands between this word and the next; None for nothing.
    """

    role: Role
    text: str
    start: int
    end: int
    outer: int
    opener: str = ""
    after: Kind | None = None


_ENDINGS = frozenset("市区町村")
_PARTS = frozenset("都道府県郡市区町村")
_NO_READINGS = frozenset({"と", "や", "ほか", "など", "および", "ならびに", "また", "の"})
"""Words in kana that tell of other places, and are no reading of this one."""

_MOST_CHARACTERS = 40
"""Of a name that is still put together; no name is nearly as long."""

_FEWEST_SIGNS = 5
"""Three characters and the blanks between them: fewer are no name that is set wide for sure."""

_VOICE_MARKS = "ﾞﾟ"
_NO_WARDS = re.compile(r"(?:地|学|校|全|各|特|財産|行政|自治|選挙|[0-9])区$")
"""Words that end as the names of wards do, and are none."""

_MOST_WARDS = 30
"""No city has so many."""

_READING_ENDS = ("し", "ちょう", "まち", "むら", "そん", "く")
_MORE_PLACES = re.compile("ほか|他|など|等$|^外[0-9一二三四五六七八九十]")
_FRONTS = tuple(READINGS.values())
_SHORTENED = {name[:-1]: name for name in READINGS if not name.endswith("道")}


def words(text: str, pieces: Iterable[Sign]) -> list[Word]:
    """Return the words of a part of a cell that no separator stands in.

    Pieces of one name that blanks or line ends cut (森　町, 北 見 市, 上川郡　下川町) are one word.
    """
    found: list[Word] = []
    for piece in _set_wide(pieces):
        if piece.kind is Kind.BRACKET:
            found.append(_bracket(text, piece))
        elif piece.kind is Kind.WORD:
            for word in _cut(text, piece.start, piece.end):
                if found and _are_one(found[-1], word):
                    found[-1] = _word(text, found[-1].start, word.end)
                else:
                    found.append(word)
        elif found:
            found[-1] = replace(found[-1], after=max(piece.kind, found[-1].after or piece.kind))
    return found


def own_prefecture(name: str) -> str:
    """Return the prefecture that a name begins with, or is, in full; else an empty text."""
    name = fold_name(name)
    return next((front for front in (name[:3], name[:4]) if front in READINGS), "")


def prefecture_in(bracket: Word) -> str:
    """Return the prefecture that a bracket names, 石川県 or 石川; else an empty text."""
    name = fold_name(bracket.text)
    return name if name in READINGS else _SHORTENED.get(name, "")


def tells_of_others(bracket: Word) -> bool:
    """Say whether a bracket tells of places that it does not name: ほか3町."""
    return bracket.text in _NO_READINGS or (
        not is_kana(bracket.text) and _MORE_PLACES.search(fold_name(bracket.text)) is not None
    )


def wards_in(bracket: Word) -> int:
    """Return how many wards of a city a bracket names: 天竜区 one, 大原地区 none."""
    found = 0
    for sign in signs(bracket.text):
        name = fold_name(bracket.text[sign.start : sign.end]) if sign.kind is Kind.WORD else ""
        found += len(name) > 1 and name.endswith("区") and not _NO_WARDS.search(name)
    return min(found, _MOST_WARDS)


def is_name(text: str) -> bool:
    """Say whether a text ends as the names of municipalities and wards do."""
    return len(text) > 1 and text[-1] in _ENDINGS


def begins_with_prefecture(reading: str) -> bool:
    """Say whether a text begins as a reading with its prefecture does."""
    return fold_reading(reading).startswith(_FRONTS)


def _word(text: str, start: int, end: int) -> Word:
    printed = text[start:end]
    # A reading that kanji got into is a reading still: ふくしまけん磐梯町.
    kana = begins_with_prefecture(printed) or (is_kana(printed) and printed not in _NO_READINGS)
    role = Role.KANA if kana else Role.PREFECTURE if fold_name(printed) in READINGS else Role.NAME
    return Word(role, printed, start, end, end)


def _set_wide(pieces: Iterable[Sign]) -> Iterator[Sign]:
    """Yield signs; characters that single blanks set apart (い わ き 市) are one word."""
    run: list[Sign] = []
    for piece in [*pieces, Sign(Kind.SEPARATOR, 0, 0)]:
        single = piece.end - piece.start == 1 and len(run) < 2 * _MOST_CHARACTERS
        if single and piece.kind is (Kind.BLANK if run and run[-1].kind is Kind.WORD else Kind.WORD):
            run.append(piece)
            continue
        if len(run) >= _FEWEST_SIGNS:
            end = run.pop() if run[-1].kind is Kind.BLANK else None
            run = [Sign(Kind.WORD, run[0].start, run[-1].end), *([end] if end else [])]
        yield from run
        run = []
        if piece.kind is not Kind.SEPARATOR:
            yield piece


def _bracket(text: str, piece: Sign) -> Word:
    inner = text[piece.start + 1 : piece.end - 1]
    start = piece.start + 1 + len(inner) - len(inner.lstrip())
    stripped = inner.strip()
    return Word(Role.BRACKET, stripped, start, start + len(stripped), piece.end, opener=text[piece.start])


def _cut(text: str, start: int, end: int) -> Iterator[Word]:
    """Yield a word, or two where a reading ran into its name: きたみし北見市."""
    printed = text[start:end]
    length = next(
        (place for place, sign in enumerate(printed) if sign not in _VOICE_MARKS and not is_kana(sign)), 0
    )
    kana, name = fold_reading(printed[:length]), printed[length:]
    with_prefecture = own_prefecture(name) and kana.startswith(_FRONTS)
    if length and (with_prefecture or (kana.endswith(_READING_ENDS) and is_name(name))):
        yield _word(text, start, start + length)
        start += length
    yield _word(text, start, end)


def _are_one(first: Word, second: Word) -> bool:
    """Say whether two words that stand side by side are one name which was cut."""
    if first.after not in {Kind.BLANK, Kind.LINE} or first.end - first.start > _MOST_CHARACTERS:
        return False
    if first.role is not Role.NAME or second.role is not Role.NAME or own_prefecture(second.text):
        return False
    front, back = fold_name(first.text), fold_name(second.text)
    # The wards of 東京都 are of no city.
    ward = front.endswith("市") and back.endswith("区") and own_prefecture(front) != "東京都"
    return back in _PARTS or not is_name(front) or ward
