"""Doubts about one row of the table: its places, each and together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from nichiiki_ld.model import ROW, Area, AreaKind, Doubt
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.review.candidates import (
    Printing,
    Suggestions,
    Why,
    doubt,
    drop_name,
    drop_row,
    keep,
)
from nichiiki_ld.review.habits import TOWN, Habits
from nichiiki_ld.review.neighbours import review_neighbours
from nichiiki_ld.review.places import review_place
from nichiiki_ld.settlement import Settlement

_TOTAL = re.compile(r"(?:総合|総|合|小|累)?計(?:[(（\d].*)?")
_TELLING = ("applicant", "title", "summary")
"""Fields that may name the municipality that a project is in."""

_NEAR = 2
"""Names that differ in so few characters can be each other's misprint."""


def review_row(
    settlement: Settlement,
    row: str,
    places: Sequence[Printing],
    gazetteer: Gazetteer,
    habits: Habits,
    above: Sequence[Printing],
) -> list[Doubt]:
    """Return the doubts about a row.

    Args:
        places: That it prints.
        habits: What the document prints for nearly all of its places.
        above: The places of the row before it: what a ditto sign stands for.
    """
    whole = settlement.get(row, ROW)
    if whole and not whole.decision and _is_total(whole.value):
        why = Why("It sums up other rows.", "ほかの行の合計を示す行である。")
        project = Why("It is a project, not a sum.", "合計ではなく一つの取組である。")
        return [doubt(whole, "this looks like a total", [drop_row(why), keep(whole, project)], "total")]
    if not places and whole:
        why = Why(
            "It prints no place, so it is no project of the list.", "実施地域がなく、取組を示す行ではない。"
        )
        return [
            doubt(
                whole,
                "no place is printed in this row: drop it, or say in [columns] which column has the places",
                [drop_row(why)],
                "missing",
            )
        ]
    doubts: list[Doubt] = []
    found: list[tuple[Printing, Area]] = []
    for place in places:
        about_place = review_place(place, gazetteer, above)
        doubts += about_place
        if not about_place and (area := place.area(gazetteer)):
            found.append((place, area))
    areas = {place.name.cell.field: area for place, area in found}
    doubts = review_neighbours(places, areas, doubts, whole, gazetteer)
    doubts += _repeated(found)
    doubts += _elsewhere(settlement, row, found, gazetteer)
    doubted = {each.field for each in doubts}
    sure = [(place, area) for place, area in found if place.name.cell.field not in doubted]
    return [*doubts, *_unlike_the_others(sure, habits)]


def _is_total(line: str) -> bool:
    first = next((cell for cell in line.split("\t") if cell.strip()), "")
    return (
        "計" in first and _TOTAL.fullmatch("".join(unicodedata.normalize("NFKC", first).split())) is not None
    )


def _repeated(found: Sequence[tuple[Printing, Area]]) -> list[Doubt]:
    """Return the places of a row that another of its places is already."""
    doubts = []
    before: dict[str, Printing] = {}
    for place, area in found:
        first = before.setdefault(area.code, place)
        if first is not place and not place.decided:
            why = f"{area.name} is printed twice in this row"
            twice = Why("It is printed twice and means the same.", "重ねて印刷されているが、同じ区域を指す。")
            candidates = [drop_name(place.name), keep(place.name, twice)]
            doubts.append(doubt(place.name, why, candidates, "repeated"))
    return doubts


def _unlike_the_others(found: Sequence[tuple[Printing, Area]], habits: Habits) -> list[Doubt]:
    """Return the places that lack what the document prints for nearly all: something was lost there."""
    doubts = []
    for place, area in found:
        lacks = habits.lacks(place)
        if lacks and not place.decided:
            right = Why(
                f"{area.name} is meant; only the {lacks.en} is not printed.",
                f"{area.name}を指す。{lacks.ja}が印刷されていないだけである。",
            )
            if lacks is TOWN:
                right = Why(f"{area.name} as a whole takes part.", f"{area.name}全体が実施地域である。")
            why = f"no {lacks.en} is printed for it, while nearly all others have one"
            doubts.append(doubt(place.name, why, [keep(place.name, right)], "missing"))
    return doubts


def _elsewhere(
    settlement: Settlement, row: str, found: Sequence[tuple[Printing, Area]], gazetteer: Gazetteer
) -> list[Doubt]:
    """Return the places without a reading that the rest of the row contradicts.

    A name can be a misprint and a name of another place at once: 士幌町 for 上士幌町. Without a
    reading nothing in the cell shows it, but the applicant may be called after the right one.
    Doubted is a place that the row does not name elsewhere while it names another that it could
    have been; where it names others of its places too, only one that is near to it.
    """
    silent = [(place, area) for place, area in found if not place.reading and not place.decided]
    if not silent:
        return []
    told = {field: cell.value for field in _TELLING if (cell := settlement.get(row, field))}
    named = [gazetteer[code] for code in sorted(gazetteer.mentioned("、".join(told.values())))]
    here = [area for _, area in found]
    others = [area for area in named if area.prefecture and not any(_names(area, each) for each in here)]
    any_here = any(_names(area, each) for area in named for each in here)
    doubts = []
    for place, area in silent:
        if any(_names(each, area) for each in named):
            continue
        apart = place.prefecture or gazetteer.prefecture_in(place.name.value)
        against = [
            each
            for each in others
            if not apart or gazetteer.prefecture_of(each.code) == gazetteer.prefecture_of(area.code)
        ]
        if any_here:
            against = [each for each in against if _could_be(each, area)]
        elif not against and len(found) == 1:
            against = [each for each in others if _begins_with(told.get("applicant", ""), each, gazetteer)]
        if against:
            doubts.append(_contradicted(place, area, against, gazetteer))
    return doubts


def _names(named: Area, printed: Area) -> bool:
    """Say whether an area that the row names elsewhere is a printed one, or the city of a printed ward."""
    return named.code == printed.code or (
        printed.kind is AreaKind.WARD
        and named.prefecture == printed.prefecture
        and printed.name.startswith(named.name)
    )


def _could_be(named: Area, printed: Area) -> bool:
    """Say whether one name could have become the other, or a prefecture or city be all that is left of it."""
    left_of_it = named.prefecture == printed.code or (named.kind is AreaKind.WARD and _names(printed, named))
    return left_of_it or OSA.distance(named.name, printed.name) <= _NEAR


def _begins_with(applicant: str, area: Area, gazetteer: Gazetteer) -> bool:
    return applicant.startswith((area.name, gazetteer.full_name(area.code)))


def _contradicted(place: Printing, area: Area, against: Sequence[Area], gazetteer: Gazetteer) -> Doubt:
    suggest = Suggestions(place, gazetteer)
    names = " and ".join(each.name for each in against)
    candidates = [
        suggest.name(
            each.code,
            Why(
                f"The row names {each.name}; no reading is printed that would tell it from {area.name}.",
                f"同じ行に{each.name}の名がある。{area.name}と区別する読みは印刷されていない。",
            ),
        )
        for each in against[:2]
    ]
    right = Why(
        f"{area.name} is meant; {names} is named for another reason.",
        f"{area.name}を指す。{'と'.join(each.name for each in against)}の名は別の理由で挙がっている。",
    )
    why = f"it is printed without a reading, and the row names {names} but not {area.name}"
    return doubt(place.name, why, [*candidates, keep(place.name, right)], "contradiction")
