"""What a doubtful cell might have meant, each with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import OSA

from nichiiki_ld import iri
from nichiiki_ld.model import ROW, Area, Candidate, Doubt
from nichiiki_ld.orthography import fold_name, fold_reading
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.settlement import DROPPED, Settled, Settlement

MAXIMUM_CANDIDATES = 3

_FARTHEST = 2
"""How many characters a near name may differ in; more when it differs in no more than half of them."""


class Why(NamedTuple):
    """A reason in one sentence, as decisions give it in both languages."""

    en: str
    ja: str


def doubt(settled: Settled, why: str, candidates: Iterable[Candidate], kind: str = "misprint") -> Doubt:
    """Return a doubt about a cell, with as many candidates as a person is shown."""
    cell = settled.cell
    distinct = {(each.field, each.value): each for each in reversed([*candidates])}
    shown = tuple(reversed(distinct.values()))[:MAXIMUM_CANDIDATES]
    return Doubt(cell.row, cell.field, cell.printed, kind, why, shown)


def drop_row(why: Why) -> Candidate:
    """Return the candidate that a row becomes no record."""
    return Candidate(ROW, DROPPED, "", why.en, why.ja)


_NO_FURTHER = Why("What is printed here names no further place.", "新たな区域を示すものではない。")


def drop_name(name: Settled, why: Why = _NO_FURTHER) -> Candidate:
    """Return the candidate that a printed name is left out."""
    return Candidate(name.cell.field, DROPPED, "", why.en, why.ja)


def keep(settled: Settled, why: Why) -> Candidate:
    """Return the candidate that a cell is right as it is printed."""
    return Candidate(settled.cell.field, settled.cell.printed, "", why.en, why.ja)


@dataclass(frozen=True, slots=True)
class Printing:
    """The cells that print one place.

    Attributes:
        copy: How many places before it in the row have the very same words: a sign stands for several
            places, and a bracket can name several wards of one city.
    """

    name: Settled
    reading: Settled | None = None
    prefecture: Settled | None = None
    copy: int = 0

    @property
    def decided(self) -> bool:
        """Whether a person has decided on one of them."""
        return any(cell and cell.decision for cell in (self.name, self.reading, self.prefecture))

    def area(self, gazetteer: Gazetteer) -> Area | None:
        """Return the one area that they lead to, or None."""
        return gazetteer.area_of(
            self.name.value,
            self.reading.value if self.reading else None,
            self.prefecture.value if self.prefecture else None,
        )


def printings(settlement: Settlement, row: str) -> list[Printing]:
    """Return the places that a row prints, in their order."""
    found = []
    words: Counter[tuple[int, str]] = Counter()
    for name in settlement.repeated(row, "name"):
        ordinal = name.cell.ordinal
        same = name.cell.start, name.cell.printed
        found.append(
            Printing(
                name,
                settlement.get(row, f"reading-{ordinal}"),
                settlement.get(row, f"prefecture-{ordinal}"),
                words[same],
            )
        )
        words[same] += 1
    return found


class Suggestions:
    """Candidates for the cells of one place, written as the document writes it."""

    def __init__(self, place: Printing, gazetteer: Gazetteer) -> None:
        self._place = place
        self._gazetteer = gazetteer
        name = place.name.value
        self.beside = gazetteer.prefecture_named(place.prefecture.value) if place.prefecture else None
        """The prefecture that is printed apart from the name."""
        self.within = gazetteer.prefecture_in(name) or self.beside
        """The prefecture that the print puts the place in."""
        if self.within is None and place.reading:
            self.within = gazetteer.prefecture_read_in(place.reading.value)

    def name(self, code: str, why: Why) -> Candidate:
        """Return the candidate that the name of an area was meant."""
        area = self._gazetteer[code]
        alone = self.beside == self._gazetteer.prefecture_of(code) and not self._gazetteer.prefecture_in(
            self._place.name.value
        )
        value = area.name if alone else self._gazetteer.full_name(code)
        return self._candidate(self._place.name, value, area, why)

    def reading(self, code: str, why: Why) -> Candidate:
        """Return the candidate that the reading of an area was meant, with its prefecture if that is printed."""
        assert self._place.reading
        full, short = self._gazetteer.full_reading(code), self._gazetteer[code].reading
        printed = fold_reading(self._place.reading.value)
        value = min((full, short), key=lambda each: OSA.distance(printed, each))
        return self._candidate(self._place.reading, value, self._gazetteer[code], why)

    def prefecture(self, area: Area, why: Why) -> Candidate:
        """Return the candidate that a prefecture was meant by what is printed apart."""
        assert self._place.prefecture
        return self._candidate(self._place.prefecture, area.name, area, why)

    def near_names(self) -> list[tuple[int, str]]:
        """Return distance and code of the areas whose names are near, in the prefecture if that is known."""
        front = fold_name(self.within.name) if self.within else ""
        text = fold_name(self._place.name.value).removeprefix(front)
        return _nearest(
            text,
            (
                (fold_name(each).removeprefix(front), area.code)
                for area in self._gazetteer.within(self.within)
                for each in (area.name, self._gazetteer.full_name(area.code))
            ),
        )

    def near_readings(self) -> list[tuple[int, str]]:
        """Return distance and code of the areas whose readings are near, in the prefecture if that is known."""
        assert self._place.reading
        text = fold_reading(self._place.reading.value)
        within = self._gazetteer.prefecture_read_in(text) or self.within
        front = within.reading if within else ""
        return _nearest(
            text.removeprefix(front),
            (
                (each.removeprefix(front), area.code)
                for area in self._gazetteer.within(within)
                for each in (area.reading, self._gazetteer.full_reading(area.code))
            ),
        )

    def name_distance(self, code: str) -> int:
        """Return in how many characters an area's name differs from the printed one."""
        return _distance(fold_name(self._place.name.value), fold_name(self.name(code, Why("", "")).value))

    def reading_distance(self, code: str) -> int:
        """Return in how many characters an area's reading differs from the printed one."""
        assert self._place.reading
        return _distance(fold_reading(self._place.reading.value), self.reading(code, Why("", "")).value)

    @staticmethod
    def _candidate(cell: Settled, value: str, area: Area, why: Why) -> Candidate:
        return Candidate(cell.cell.field, value, area.code, why.en, why.ja, (iri.area(area),))


def _distance(one: str, other: str) -> int:
    return int(OSA.distance(one, other))


def _nearest(text: str, writings: Iterable[tuple[str, str]]) -> list[tuple[int, str]]:
    """Return distance and code of the nearest, each area once, by distance and then by code.

    Likeness is a hint, never a decision.
    """
    farthest = min(max(_FARTHEST, len(text) // 2), len(text) - 1)
    found: dict[str, int] = {}
    for writing, code in writings:
        distance = _distance(text, writing)
        if writing and distance <= farthest:
            found[code] = min(distance, found.get(code, distance))
    return sorted((distance, code) for code, distance in found.items())[:MAXIMUM_CANDIDATES]
