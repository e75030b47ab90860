"""Doubts about one printed place: none when all that is printed of it leads to one and the same area."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nichiiki_ld.model import AreaKind, Candidate, Doubt, FormerArea
from nichiiki_ld.orthography import fold_name, is_kana
from nichiiki_ld.places import SAME_AS_ABOVE, Gazetteer
from nichiiki_ld.review.candidates import Printing, Suggestions, Why, doubt, drop_name
from nichiiki_ld.review.prefectures import review_prefecture
from nichiiki_ld.settlement import Settled

_MOST_PREFECTURES_NAMED = 8

_CITY_AND_WARDS = re.compile(r"(?P<city>[^(\[{〔【<〈《]+市)[(\[{〔【<〈《](?P<wards>.+)")
_CLOSED = re.compile(r"[)\]}〕】>〉》]")
_KANA = "".join(map(chr, range(ord("ぁ"), ord("ヶ") + 1))) + "ー"
_MOST_WARDS = 30


def review_place(place: Printing, gazetteer: Gazetteer, above: Sequence[Printing] = ()) -> list[Doubt]:
    """Return the doubts about one printed place.

    Args:
        above: The places of the row before.
    """
    about_prefecture = review_prefecture(place, gazetteer)
    if place.prefecture and gazetteer.prefecture_named(place.prefecture.value) is None:
        # What it should say is asked; meanwhile the rest must lead somewhere without it.
        place = replace(place, prefecture=None)
    if place.name.value in SAME_AS_ABOVE:
        return [*about_prefecture, _same_as_above(place, above, gazetteer)]
    if place.area(gazetteer):
        return about_prefecture
    return [*about_prefecture, *_Review(place, gazetteer).doubts()]


def _same_as_above(place: Printing, above: Sequence[Printing], gazetteer: Gazetteer) -> Doubt:
    """Return the doubt about a ditto sign: what it stands for was decided by whoever set the list, not here."""
    suggest = Suggestions(place, gazetteer)
    why = Why("It is printed in the row above.", "一つ上の行に印刷されている。")
    areas = [area for each in above if (area := each.area(gazetteer))]
    # The first sign stands for the first place above, where there is one for each.
    ordered = sorted(areas, key=areas[place.copy : place.copy + 1].__contains__, reverse=True)
    return doubt(
        place.name,
        "a sign is printed for it that stands for what is above",
        [suggest.name(area.code, why) for area in ordered],
        "missing",
    )


class _Review:
    """What name and reading of one place lead to."""

    def __init__(self, place: Printing, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._name = place.name
        self._copy = place.copy
        self._reading = place.reading
        self._suggest = Suggestions(place, gazetteer)
        prefecture = place.prefecture.value if place.prefecture else None
        self._prefecture = prefecture
        self._by_name = gazetteer.named(place.name.value, prefecture)
        self._by_reading: frozenset[str] = frozenset()
        if place.reading:
            self._by_reading = gazetteer.read_as(place.reading.value, prefecture)
            self._by_reading = self._by_reading or gazetteer.read_as(place.reading.value)
        self._former = gazetteer.former_named(place.name.value, prefecture)

    def doubts(self) -> list[Doubt]:
        """Return at least one doubt."""
        found = []
        if not self._by_name:
            found.append(self._unknown_name())
        if self._reading and not self._by_reading:
            found.append(self._unknown_reading(self._reading))
        if found:
            return found
        both = self._by_name & self._by_reading
        if not self._reading or both:
            return [self._several(both if len(both) > 1 else self._by_name)]
        return [self._conflict(self._reading)]

    def _unknown_name(self) -> Doubt:
        if wards := self._wards():
            return doubt(self._name, "wards are printed behind their city, in a bracket", wards)
        if self._by_reading:
            assert self._reading
            candidates = [
                self._suggest.name(code, self._read_like_this(code)) for code in sorted(self._by_reading)
            ]
            return doubt(self._name, "no such place exists", candidates)
        if self._former:
            return doubt(self._name, _tell(self._former), self._successors())
        towns, prefectures = self._mentioned()
        # Mostly the prefecture is printed as that of the place.
        candidates = [*self._misplaced(), *towns, *self._near_names(), *prefectures]
        return doubt(self._name, "no such place exists", candidates or [drop_name(self._name)])

    def _unknown_reading(self, reading: Settled) -> Doubt:
        candidates: list[Candidate] = []
        if self._by_name:
            candidates = [
                self._suggest.reading(code, self._named_like_this(code)) for code in sorted(self._by_name)
            ]
        else:
            # Both are unknown: what the name is near to counts before what the reading is near to.
            for distance, code in self._suggest.near_names()[:1]:
                full = self._gazetteer.full_name(code)
                why = Why(
                    f"This is the reading of {full}, from which the printed name {_differs(distance)}.",
                    f"{full}の読みである。印刷された名称との違いは{distance}文字。",
                )
                candidates.append(self._suggest.reading(code, why))
            for distance, code in self._suggest.near_readings():
                full = self._gazetteer.full_name(code)
                why = Why(
                    f"This is the reading of {full}, from which the printed reading {_differs(distance)}.",
                    f"{full}の読みである。印刷された読みとの違いは{distance}文字。",
                )
                candidates.append(self._suggest.reading(code, why))
        if not is_kana(reading.value):
            return doubt(reading, "the reading is not in kana throughout", candidates)
        return doubt(reading, "no place is read like this", candidates)

    def _several(self, codes: Iterable[str]) -> Doubt:
        codes = sorted(codes)
        prefectures = list(dict.fromkeys(self._gazetteer.prefecture_of(code).name for code in codes))
        where = f": {', '.join(prefectures)}" if len(prefectures) <= _MOST_PREFECTURES_NAMED else ""
        why = Why(
            f"This is one of the {len(codes)} areas that are written like this.",
            f"このように書かれる{len(codes)}件の区域の一つである。",
        )
        if len(codes) == 1:
            return doubt(
                self._name,
                "a ward is printed without its city",
                [
                    self._suggest.name(
                        codes[0], Why("No other city has a ward of this name.", "この名の区はほかにない。")
                    )
                ],
            )
        return doubt(
            self._name,
            f"{len(codes)} areas are written like this{where}",
            [self._suggest.name(code, why) for code in codes],
        )

    def _conflict(self, reading: Settled) -> Doubt:
        names = [self._gazetteer.full_name(code) for code in sorted(self._by_name)]
        read = [self._gazetteer.full_name(code) for code in sorted(self._by_reading)]
        candidates = [
            *(self._suggest.name(code, self._read_like_this(code)) for code in sorted(self._by_reading)),
            *(self._suggest.reading(code, self._named_like_this(code)) for code in sorted(self._by_name)),
        ]
        why = f"the name says {' or '.join(names)}, but the reading {reading.value} says {' or '.join(read)}"
        return doubt(self._name, why, candidates)

    def _wards(self) -> list[Candidate]:
        """Return what is meant by a city and a bracket that names wards of it: each, the city, or nothing more."""
        match = _CITY_AND_WARDS.fullmatch(fold_name(self._name.value))
        if not match:
            return []
        # Its reading may stand before it: おおさかし 大阪市（北区）.
        city = _CLOSED.split(match["city"])[-1]
        if not self._gazetteer.named(city, self._prefecture):
            city = city.lstrip(_KANA)
        names = [city + ward for ward in re.split(r"\W+", match["wards"]) if ward.endswith("区")][
            :_MOST_WARDS
        ]
        codes = [
            code
            for name in names
            for code in sorted(self._gazetteer.named(name, self._prefecture))
            or [c for each in self._gazetteer.former_named(name, self._prefecture) for c in each.successors]
        ]
        why = Why("The bracket names this ward of the city.", "括弧内にこの区の名がある。")
        whole = Why("The city as a whole is meant.", "市全体を指す。")
        found = [self._suggest.name(code, why) for code in codes]
        if len(found) > 1:
            # The name is there once for each ward.
            found = [*found[self._copy : self._copy + 1], drop_name(self._name)]
        cities = sorted(self._gazetteer.named(city, self._prefecture)) if codes else ()
        return [*found[:1], *(self._suggest.name(code, whole) for code in cities), *found[1:]]

    # --- evidence -----------------------------------------------------------------------

    def _read_like_this(self, code: str) -> Why:
        assert self._reading
        distance = self._suggest.name_distance(code)
        full, read = self._gazetteer.full_name(code), self._reading.value
        return Why(
            f"The printed reading {read} is that of {full}, from which the printed name {_differs(distance)}.",
            f"印刷された読み「{read}」は{full}のものである。印刷された名称との違いは{distance}文字。",
        )

    def _named_like_this(self, code: str) -> Why:
        distance = self._suggest.reading_distance(code)
        full = self._gazetteer.full_name(code)
        return Why(
            f"This is how {full} is read, whose name is printed; the printed reading {_differs(distance)}.",
            f"名称として印刷されている{full}の読みである。印刷された読みとの違いは{distance}文字。",
        )

    def _misplaced(self) -> list[Candidate]:
        """Return the areas of this name in another district or prefecture than the print says."""
        found = []
        for code in sorted(self._gazetteer.in_another_district(self._name.value)):
            area = self._gazetteer[code]
            why = Why(
                f"{area.name} lies in {area.district}."
                if area.district
                else f"{area.name} lies in no district.",
                f"{area.name}は{area.district}に属する。"
                if area.district
                else f"{area.name}は郡に属さない。",
            )
            found.append(self._suggest.name(code, why))
        for code in sorted(self._gazetteer.in_another_prefecture(self._name.value)):
            area, prefecture = self._gazetteer[code], self._gazetteer.prefecture_of(code)
            why = Why(f"{area.name} lies in {prefecture.name}.", f"{area.name}は{prefecture.name}にある。")
            found.append(self._suggest.name(code, why))
        return found

    def _mentioned(self) -> tuple[list[Candidate], list[Candidate]]:
        """Return the municipalities and the prefectures whose names stand in the printed one."""
        why = Why("Its name stands in what is printed.", "印刷された文字列の中にその名がある。")
        towns: list[Candidate] = []
        prefectures: list[Candidate] = []
        for code in sorted(self._gazetteer.mentioned(self._name.value)):
            kind = prefectures if self._gazetteer[code].kind is AreaKind.PREFECTURE else towns
            kind.append(self._suggest.name(code, why))
        return towns, prefectures

    def _near_names(self) -> list[Candidate]:
        found = []
        for distance, code in self._suggest.near_names():
            read = ""
            read_ja = ""
            if self._reading:
                other = self._suggest.reading_distance(code)
                read, read_ja = f", and the printed reading {_differs(other)}", f"、読みの違いは{other}文字"
            why = Why(
                f"The printed name {_differs(distance)}{read}.",
                f"印刷された名称との違いは{distance}文字{read_ja}。",
            )
            found.append(self._suggest.name(code, why))
        return found

    def _successors(self) -> list[Candidate]:
        return [
            self._suggest.name(
                code,
                Why(
                    f"{each.name} became this area, or part of it, on {each.until:%Y-%m-%d}.",
                    f"{each.name}は{each.until.year}年{each.until.month}月{each.until.day}日に、この区域またはその一部となった。",
                ),
            )
            for each in self._former
            for code in each.successors
        ]


def _differs(distance: int) -> str:
    return f"differs in {distance} character{'s' * (distance != 1)}"


def _tell(former: Iterable[FormerArea]) -> str:
    told = [f"{each.name} was there until {each.until:%Y-%m-%d}" for each in former]
    return f"no such place exists any more: {'; '.join(told)}"
