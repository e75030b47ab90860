"""Areas by the names and readings that documents print, with and without prefecture and district."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nichiiki_ld.model import Area, AreaKind, FormerArea
from nichiiki_ld.orthography import fold_name, fold_reading

_WARD_OF_A_CITY = re.compile("(.+市)(.+区)")
_ENDINGS = re.compile("[都道府県市区町村]")
_DISTRICT = re.compile("(?P<district>.+?郡)(?P<name>.+[町村])")
_DISTRICT_READ = "ぐん"
_SHORTEST_NAME = 2

SAME_AS_ABOVE = frozenset({"〃", "″", "々", "同上", "同", '"', "”", "''"})
"""What a list prints in place of what the row above has in the same column."""


class Gazetteer:
    """The register, asked by printed names and by printed readings.

    A document writes a place with its prefecture in front (北海道北見市, read ほっかいどうきたみし),
    or leaves it to a column beside. The district (郡) may stand between; a ward of a designated
    city stands behind its city. Writings that differ in the forms of characters are the same.

    A look-up is one in a dictionary, and nothing here looks for what is merely near.
    """

    def __init__(self, areas: Iterable[Area], former: Iterable[FormerArea] = ()) -> None:
        """Index the areas.

        Args:
            former: Municipalities and wards that there are no longer. No name leads to one;
                `former_named` tells of them.
        """
        self._areas = {area.code: area for area in areas}
        prefectures = [area for area in self._areas.values() if area.kind is AreaKind.PREFECTURE]
        self._prefectures = {fold_name(area.name): area for area in prefectures}
        self._shortened = {_without_kind(name): area for name, area in self._prefectures.items()}
        names: defaultdict[str, dict[str, None]] = defaultdict(dict)
        readings: defaultdict[str, dict[str, None]] = defaultdict(dict)
        wards: defaultdict[str, dict[str, None]] = defaultdict(dict)
        written = {area.code: fold_name(area.name) for area in prefectures}
        for code, area in self._areas.items():
            name, prefecture = fold_name(area.name), written.get(area.prefecture or "", "")
            fronts = ("", fold_name(area.district)) if area.district else ("",)
            for front in fronts:
                names[front + name][code] = None
                names[prefecture + front + name][code] = None
            readings[area.reading][code] = None
            readings[self.full_reading(code)][code] = None
            if area.kind is AreaKind.WARD and (parts := _WARD_OF_A_CITY.fullmatch(name)):
                wards[parts[2]][code] = None
                city = self._areas.get(next(iter(names.get(prefecture + parts[1], ())), ""))
                if city:
                    readings[area.reading.removeprefix(city.reading)][code] = None
        self._by_name: Mapping[str, Sequence[str]] = {key: tuple(codes) for key, codes in names.items()}
        self._by_reading: Mapping[str, Sequence[str]] = {key: tuple(codes) for key, codes in readings.items()}
        self._by_ward: Mapping[str, Sequence[str]] = {key: tuple(codes) for key, codes in wards.items()}
        self._longest = max(map(len, self._by_name), default=0)
        self._former: defaultdict[str, list[FormerArea]] = defaultdict(list)
        for each in former:
            self._former[fold_name(each.name)].append(each)

    def __iter__(self) -> Iterator[Area]:
        return iter(self._areas.values())

    def __getitem__(self, code: str) -> Area:
        """Return the area with a local-government code; KeyError when there is none."""
        return self._areas[code]

    def __contains__(self, code: object) -> bool:
        return code in self._areas

    # --- how a place is written ---------------------------------------------------

    def prefecture_of(self, code: str) -> Area:
        """Return the prefecture that an area lies in; a prefecture lies in itself."""
        area = self._areas[code]
        return self._areas[area.prefecture] if area.prefecture else area

    def full_name(self, code: str) -> str:
        """Return the name as a document writes it: 北海道上士幌町."""
        area = self._areas[code]
        return area.name if area.kind is AreaKind.PREFECTURE else self.prefecture_of(code).name + area.name

    def full_reading(self, code: str) -> str:
        """Return the reading as a document writes it: ほっかいどうかみしほろちょう."""
        area = self._areas[code]
        if area.kind is AreaKind.PREFECTURE:
            return area.reading
        return self.prefecture_of(code).reading + area.reading

    # --- what a print leads to ----------------------------------------------------

    def area_of(self, name: str, reading: str | None, prefecture: str | None = None) -> Area | None:
        """Return the one area that a name and all that is printed beside it lead to, or None.

        A name alone is no evidence where a reading is printed: 士幌町 and 上士幌町 are
        neighbours, and a document can print the name of one with the reading of the other.
        A name without its prefecture must be the only one of Japan, or the reading must tell which.
        A ward of a designated city without its city leads nowhere.

        Args:
            prefecture: As printed apart from the name, 青森県 or 青森; does not count where the
                name itself begins with one.
        """
        key = name
        if prefecture is not None:
            front = self._front(name, prefecture)
            if front is None:
                return None
            key = front + name
        codes = self._by_name.get(key)
        if codes is None:
            key = fold_name(key)
            codes = self._by_name.get(key, ())
        if key in self._by_ward:
            return None
        if reading is not None:
            codes = self._read_so(codes, reading, key)
        return self._areas[codes[0]] if len(codes) == 1 else None

    def named(self, name: str, prefecture: str | None = None) -> frozenset[str]:
        """Return the codes of all areas that are written like this, of wards without their city too."""
        front = self._front(name, prefecture)
        if front is None:
            return frozenset()
        key = fold_name(name)
        found = {*self._by_name.get(front + key, ())}
        owner = self._prefectures.get(front)
        found |= {c for c in self._by_ward.get(key, ()) if owner in {None, self.prefecture_of(c)}}
        return frozenset(found)

    def wards(self, name: str) -> Sequence[str]:
        """Return the codes of the wards that a name without their city means: 北区 twelve."""
        return self._by_ward.get(fold_name(name), ())

    def read_as(self, reading: str, prefecture: str | None = None) -> frozenset[str]:
        """Return the codes of all areas that are read like this, with or without the prefecture's reading."""
        codes = self._by_reading.get(fold_reading(reading), ())
        if prefecture is None:
            return frozenset(codes)
        owner = self.prefecture_named(prefecture)
        return frozenset(code for code in codes if owner == self.prefecture_of(code))

    def _read_so(self, codes: Sequence[str], reading: str, key: str) -> Sequence[str]:
        read = self._by_reading.get(reading)
        if read is None:
            reading = fold_reading(reading)
            read = self._by_reading.get(reading)
        if read is not None:
            return [code for code in codes if code in read]
        # The register has no readings of districts: what stands before the last ぐん is not compared.
        return [
            code
            for code in codes
            if (district := self._areas[code].district)
            and fold_name(district) in key
            and reading.endswith(_DISTRICT_READ + self._areas[code].reading)
        ]

    def _front(self, name: str, prefecture: str | None) -> str | None:
        """Return what to put before a name that does not print its prefecture; None for an unknown prefecture."""
        if prefecture is None or self.prefecture_in(name):
            return ""
        owner = self.prefecture_named(prefecture)
        return fold_name(owner.name) if owner else None

    # --- prefectures ----------------------------------------------------------------

    def prefecture_named(self, text: str) -> Area | None:
        """Return the prefecture that a text names, 青森県 or 青森."""
        name = fold_name(text)
        return self._prefectures.get(name) or self._shortened.get(name)

    def prefecture_in(self, name: str) -> Area | None:
        """Return the prefecture that a printed name begins with, in full."""
        name = fold_name(name)
        # 京都府 and 東京都 have three characters, 神奈川県 has four.
        return self._prefectures.get(name[:3]) or self._prefectures.get(name[:4])

    def prefecture_read_in(self, reading: str) -> Area | None:
        """Return the prefecture whose reading a printed reading begins with."""
        reading = fold_reading(reading)
        return next((area for area in self._prefectures.values() if reading.startswith(area.reading)), None)

    def within(self, prefecture: Area | None) -> list[Area]:
        """Return a prefecture and all areas in it; without a prefecture, the whole register."""
        if prefecture is None:
            return list(self)
        return [area for area in self._areas.values() if prefecture.code in {area.code, area.prefecture}]

    # --- what else a name can be -----------------------------------------------------

    def in_another_district(self, name: str) -> frozenset[str]:
        """Return the areas that a name means which prints a district (郡) they do not lie in."""
        name = fold_name(name)
        owner = self.prefecture_in(name)
        front = fold_name(owner.name) if owner else ""
        match = _DISTRICT.fullmatch(name.removeprefix(front))
        return frozenset(self._by_name.get(front + match["name"], ())) if match else frozenset()

    def in_another_prefecture(self, name: str) -> frozenset[str]:
        """Return the areas of all Japan that have a name which is printed with a prefecture, or beside one."""
        name = fold_name(name)
        owner = self.prefecture_in(name)
        return self.named(name.removeprefix(fold_name(owner.name)) if owner else name)

    def former_named(self, name: str, prefecture: str | None = None) -> list[FormerArea]:
        """Return the municipalities and wards that there are no longer and that had this name."""
        name = fold_name(name).removeprefix("旧")
        owner = self.prefecture_in(name) or (self.prefecture_named(prefecture) if prefecture else None)
        if owner:
            name = name.removeprefix(fold_name(owner.name)).removeprefix("旧")
        match = _DISTRICT.fullmatch(name)
        found = self._former.get(name) or (self._former.get(match["name"]) if match else None) or []
        return [each for each in found if owner is None or owner.code == each.prefecture]

    def mentioned(self, text: str) -> frozenset[str]:
        """Return the areas whose names stand in a running text, of names within each other the longest.

        大津市 is no mention of 津市. A name that several areas have is a mention of each.
        """
        text = fold_name(text)
        found: set[str] = set()
        rest = len(text)
        for end in reversed([match.end() for match in _ENDINGS.finditer(text)]):
            if end > rest:
                continue
            for start in range(max(0, end - self._longest), end - _SHORTEST_NAME + 1):
                if codes := self._by_name.get(text[start:end]):
                    found.update(codes)
                    rest = start
                    break
        return frozenset(found)


def _without_kind(prefecture: str) -> str:
    """Return the name of a prefecture without 都, 府 or 県. 北海道 has none that could be left out."""
    return prefecture if prefecture.endswith("道") else prefecture[:-1]
