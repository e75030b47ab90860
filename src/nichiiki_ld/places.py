"""How places are written: names and readings, with and without their prefecture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from nichiiki_ld.model import Area, AreaKind


class Gazetteer:
    """The register, asked by printed names and by printed readings.

    A document writes a place with its prefecture in front: 北海道北見市, read
    ほっかいどうきたみし. A prefecture stands alone. The district (郡) may stand between.
    """

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas = {area.code: area for area in areas}
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._by_reading: defaultdict[str, set[str]] = defaultdict(set)
        for area in self._areas.values():
            self._by_name[self.full_name(area.code)].add(area.code)
            self._by_reading[self.full_reading(area.code)].add(area.code)
            if area.district:
                self._by_name[self._prefecture(area).name + area.district + area.name].add(area.code)

    def __iter__(self) -> Iterator[Area]:
        return iter(self._areas.values())

    def __getitem__(self, code: str) -> Area:
        """Return the area with a local-government code; KeyError when there is none."""
        return self._areas[code]

    def __contains__(self, code: object) -> bool:
        return code in self._areas

    def _prefecture(self, area: Area) -> Area:
        return self._areas[area.prefecture] if area.prefecture else area

    def full_name(self, code: str) -> str:
        """Return the name as a document writes it: 北海道上士幌町."""
        area = self._areas[code]
        return area.name if area.kind is AreaKind.PREFECTURE else self._prefecture(area).name + area.name

    def full_reading(self, code: str) -> str:
        """Return the reading as a document writes it: ほっかいどうかみしほろちょう."""
        area = self._areas[code]
        if area.kind is AreaKind.PREFECTURE:
            return area.reading
        return self._prefecture(area).reading + area.reading

    def named(self, name: str) -> frozenset[str]:
        """Return the codes of all areas with exactly this full name."""
        return frozenset(self._by_name.get(name, ()))

    def read_as(self, reading: str) -> frozenset[str]:
        """Return the codes of all areas with exactly this full reading."""
        return frozenset(self._by_reading.get(reading, ()))

    def area_of(self, name: str, reading: str | None) -> Area | None:
        """Return the area that a name and its reading both lead to, or None when they lead to none or several.

        A name alone is no evidence where a reading is printed: 士幌町 and 上士幌町 are
        neighbours, and a document can print the name of one with the reading of the other.
        """
        codes = self.named(name)
        if reading is not None:
            codes &= self.read_as(reading)
        return self._areas[next(iter(codes))] if len(codes) == 1 else None

    def in_prefecture_of(self, text: str) -> list[Area]:
        """Return the areas of the prefecture that a printed name or reading begins with; else none."""
        for area in self._areas.values():
            if area.kind is AreaKind.PREFECTURE and text.startswith((area.name, area.reading)):
                return [area, *(a for a in self._areas.values() if a.prefecture == area.code)]
        return []
