"""What a document prints for nearly all of its places, so that one which lacks it stands out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nichiiki_ld.places import Gazetteer
from nichiiki_ld.review.candidates import Printing, Why
from nichiiki_ld.settlement import Settlement

_NEARLY_ALL = 0.8

READING = Why("reading", "読み仮名")
PREFECTURE = Why("prefecture", "都道府県名")
TOWN = Why("town", "市町村名")


@dataclass(frozen=True, slots=True)
class Habits:
    """What is printed with nearly all places: readings, or at least prefectures.

    A place that has a reading lacks nothing, as its name and reading bear each other out.
    """

    readings: bool
    without_prefecture: frozenset[tuple[str, str]]
    """Row and field of the names that have no prefecture where nearly all have one."""
    without_town: frozenset[tuple[str, str]]
    """Those that are a prefecture themselves where nearly all print a town and, apart from it, its prefecture."""

    def lacks(self, place: Printing) -> Why | None:
        """Return what a place lacks, or None."""
        if place.reading:
            return None
        if self.readings:
            return READING
        name = place.name.cell.row, place.name.cell.field
        if name in self.without_town:
            return TOWN
        return PREFECTURE if name in self.without_prefecture else None


def habits_of(settlement: Settlement, gazetteer: Gazetteer) -> Habits:
    """Return what a document prints for nearly all of its places."""
    names = readings = apart = 0
    silent: list[tuple[str, str]] = []
    for row in settlement.rows:
        fields = [s.cell.field for s in settlement.row(row)]
        ordinals = {f.removeprefix("reading-") for f in fields if f.startswith("reading-")}
        named = [f for f in fields if f.startswith("name-")]
        names += len(named)
        apart += sum(1 for f in fields if f.startswith("prefecture-"))
        readings += len(ordinals)
        silent += [(row, f) for f in named if f.removeprefix("name-") not in ordinals]
    if not silent:
        return Habits(readings=False, without_prefecture=frozenset(), without_town=frozenset())
    bare = _without_prefecture(settlement, silent, gazetteer)
    nearly_all = names - len(bare) >= _NEARLY_ALL * names
    whole = [each for each in silent if gazetteer.prefecture_named(settlement[each].value)]
    return Habits(
        readings >= _NEARLY_ALL * names,
        frozenset(bare if nearly_all else ()),
        frozenset(whole if apart >= _NEARLY_ALL * names else ()),
    )


def _without_prefecture(
    settlement: Settlement, names: Iterable[tuple[str, str]], gazetteer: Gazetteer
) -> list[tuple[str, str]]:
    return [
        (row, field)
        for row, field in names
        if not settlement.get(row, field.replace("name-", "prefecture-", 1))
        and not gazetteer.prefecture_in(settlement[row, field].value)
    ]
