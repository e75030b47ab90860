"""Which of the words in a cell is the name, the reading or the prefecture of which place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nichiiki_ld.extract.signs import Kind, Sign, signs
from nichiiki_ld.extract.words import (
    Role,
    Word,
    begins_with_prefecture,
    is_name,
    own_prefecture,
    prefecture_in,
    tells_of_others,
    wards_in,
    words,
)
from nichiiki_ld.orthography import fold_name, fold_reading, is_kana
from nichiiki_ld.prefectures import READINGS

Piece = tuple[int, int]
"""Offsets, end exclusive."""


@dataclass(slots=True)
class Place:
    """A place while its cell is read.

    Attributes:
        own: Its name begins with its prefecture.
        certain: Its prefecture stands right before it, or in brackets behind it. Otherwise that
            was printed before another place, and what comes later may say something else.
    """

    name: Piece
    reading: Piece | None = None
    prefecture: Piece | None = None
    own: bool = False
    certain: bool = False


class PlaceReader:
    """What is known while a cell is read from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.places: list[Place] = []
        self._prefecture: Piece | None = None
        """The one that the names which follow lie in, as far as is known."""
        self._right_before = False
        """That prefecture stands right before the next name."""
        self._ahead = False
        """Prefectures in brackets stand before their places, like headings."""
        self._item: list[Word] = []
        """The words up to the next separator."""
        self._last_name = -1
        """Which of them is the last name."""
        self._begun = 0
        """How many places there were before this item."""
        self._reading: Piece | None = None
        """A reading whose name is yet to come."""
        self._reading_first = False
        self._bracket_first = False
        """Readings in brackets stand before their names."""

    def read(self, pieces: Sequence[Sign], *, nested: bool = False) -> None:
        """Read a cell, or (nested) what is in a bracket behind a prefecture."""
        for item in _items(pieces):
            self._item, self._begun, self._reading = words(self._text, item), len(self.places), None
            names = [at for at, word in enumerate(self._item) if word.role is Role.NAME]
            self._last_name = names[-1] if names else -1
            outside = (word.role for word in self._item if word.role is not Role.BRACKET)
            self._reading_first = next(outside, None) is Role.KANA
            self._bracket_first = bool(self._item) and _is_bracketed_reading(self._item[0])
            self._read_item(nested=nested)

    @property
    def _last(self) -> Place | None:
        """The last place of this item."""
        return self.places[-1] if len(self.places) > self._begun else None

    def _read_item(self, *, nested: bool) -> None:
        item = self._item
        for at, word in enumerate(item):
            if word.role is Role.KANA:
                self._read_kana(word, item[at - 1] if at else None)
            elif word.role is Role.BRACKET:
                self._read_bracket(item, at, nested=nested)
            elif word.role is Role.PREFECTURE and self._leads(item, at, nested=nested):
                if self._reading and self._is_read(self._reading, word):
                    self._reading = None
                self._enter((word.start, word.end))
            else:
                self._add((word.start, word.end))
        if self._reading:
            if self._last and not self._last.reading:
                self._last.reading = self._reading
            else:
                name, self._reading = self._reading, None
                self._add(name)

    def _read_kana(self, word: Word, before: Word | None) -> None:
        last = self._last
        if last and last.reading and before and before.role is Role.KANA and not self._reading:
            last.reading = (last.reading[0], word.end)
        elif last and not last.reading and not self._reading_first:
            last.reading = (word.start, word.end)
        else:
            self._reading = (self._reading[0] if self._reading else word.start, word.end)

    def _add(self, name: Piece) -> None:
        """Add a place, with the reading that stood before it."""
        own = own_prefecture(self._text[slice(*name)])
        if own:
            self._prefecture = (name[0], name[0] + _length_of(own, self._text[slice(*name)]))
            place = Place(name, self._reading, own=True)
        else:
            place = Place(name, self._reading, self._prefecture, certain=self._right_before)
        self.places.append(place)
        self._reading, self._right_before = None, False

    def _enter(self, prefecture: Piece) -> None:
        self._prefecture = prefecture
        self._right_before = True

    # --- brackets ---------------------------------------------------------------------

    def _read_bracket(self, item: Sequence[Word], at: int, *, nested: bool) -> None:
        bracket, before, last = item[at], item[at - 1] if at else None, self._last
        after_prefecture = before is not None and before.role is Role.PREFECTURE
        if _is_bracketed_reading(bracket):
            if after_prefecture and self._right_before:
                return
            if last is None or self._bracket_first:
                self._reading = self._reading or (bracket.start, bracket.end)
            elif not last.reading:
                last.reading = (bracket.start, bracket.end)
        elif prefecture_in(bracket):
            self._read_prefecture(item, at)
        elif after_prefecture and not nested and _prints_places(bracket):
            self.read(
                [
                    Sign(sign.kind, sign.start + bracket.start, sign.end + bracket.start)
                    for sign in signs(bracket.text)
                ],
                nested=True,
            )
        elif tells_of_others(bracket) and last:
            last.name = (last.name[0], bracket.outer)
        elif last and (wards := self._wards(last, bracket)):
            # The city is not what is meant, and its reading is not that of the wards, so it stays with
            # the name. Each ward can be decided on only if the name is there as often.
            begin = min(last.name[0], last.reading[0]) if last.reading else last.name[0]
            last.name, last.reading = (begin, bracket.outer), None
            self.places += [replace(last) for _ in range(wards - 1)]

    def _wards(self, place: Place, bracket: Word) -> int:
        """Return how many of its wards a bracket behind a city names."""
        return wards_in(bracket) if self._text[slice(*place.name)].endswith("市") else 0

    def _read_prefecture(self, item: Sequence[Word], at: int) -> None:
        """Give a prefecture in brackets to the places that it is printed for."""
        bracket = item[at]
        piece = (bracket.start, bracket.end)
        heading = bracket.opener not in "(（﹙" and (at == 0 or item[at - 1].after is Kind.LINE)
        names_follow = at < self._last_name
        if not self.places or heading or (names_follow and (self._ahead or not self._last)):
            self._ahead = True
            self._enter(piece)
            return
        newest = self.places[-1]
        if newest.own:
            # A name that begins with its prefecture needs no bracket; one that says another is kept.
            own = own_prefecture(self._text[slice(*newest.name)])
            if fold_name(bracket.text) in READINGS and prefecture_in(bracket) != own:
                newest.prefecture = piece
        elif not newest.certain:
            self._give_back(piece)
        self._prefecture = None

    def _give_back(self, prefecture: Piece) -> None:
        """Give a prefecture to the last place, and to those before it that have none.

        One that seemed to lie in a prefecture printed further ahead may lie in either: it gets none.
        """
        newest, *others = reversed(self.places)
        newest.prefecture, newest.certain = prefecture, True
        for place in others:
            if place.own or place.certain:
                return
            place.prefecture = None if place.prefecture else prefecture
            place.certain = True

    # --- prefectures --------------------------------------------------------------------

    def _is_read(self, reading: Piece, prefecture: Word) -> bool:
        return fold_reading(self._text[slice(*reading)]) == READINGS[fold_name(prefecture.text)]

    def _leads(self, item: Sequence[Word], at: int, *, nested: bool) -> bool:
        """Say whether a prefecture only tells where the next name lies, and is no place of its own here."""
        word, *behind = item[at : at + 4]
        if behind and behind[0].role is Role.BRACKET:
            if not nested and _prints_places(behind[0]):
                return True
            if fold_reading(behind[0].text) == READINGS[fold_name(word.text)]:
                behind = behind[1:]
        if not behind or word.after is Kind.COLON:
            return bool(behind)
        own_reading = self._reading is not None and self._is_read(self._reading, word)
        if behind[0].role is Role.KANA and len(behind) > 1:
            # 島根県 あまちょう 海士町, and しまねけん 島根県 あまちょう 海士町
            kana, name = behind[:2]
            return (
                name.role is Role.NAME
                and word.after is not Kind.LINE
                and not own_prefecture(name.text)
                and not begins_with_prefecture(kana.text)
                and (self._reading is None or own_reading)
            )
        return behind[0].role is Role.NAME and not own_prefecture(behind[0].text) and not own_reading


def _items(pieces: Sequence[Sign]) -> Iterator[list[Sign]]:
    """Yield what stands between separators."""
    item: list[Sign] = []
    for piece in pieces:
        if piece.kind is Kind.SEPARATOR:
            yield item
            item = []
        else:
            item.append(piece)
    yield item


def _is_bracketed_reading(word: Word) -> bool:
    return word.role is Role.BRACKET and is_kana(word.text) and not tells_of_others(word)


def _prints_places(bracket: Word) -> bool:
    return any(
        is_name(fold_name(bracket.text[sign.start : sign.end]))
        for sign in signs(bracket.text)
        if sign.kind is Kind.WORD
    )


def _length_of(prefecture: str, name: str) -> int:
    """Return how many characters of a name print the prefecture that it begins with."""
    written = ""
    for length, character in enumerate(name, start=1):
        written += fold_name(character)
        if written == prefecture:
            return length
    return len(prefecture)
