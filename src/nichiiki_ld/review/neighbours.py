"""Doubts about places that are real, but that what is printed right beside them makes doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from nichiiki_ld.model import Area, AreaKind, Candidate, Doubt
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.review.candidates import (
    MAXIMUM_CANDIDATES,
    Printing,
    Suggestions,
    Why,
    doubt,
    drop_name,
    keep,
)
from nichiiki_ld.settlement import Settled

_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")
_MOST_NAMED = 3
_END_OF_THE_NAME = Why("It is the end of the name before it.", "直前の地名の後半である。")


def review_neighbours(
    places: Sequence[Printing],
    areas: Mapping[str, Area],
    doubts: Sequence[Doubt],
    whole: Settled | None,
    gazetteer: Gazetteer,
) -> list[Doubt]:
    """Return the doubts about the places of a row, with those that come from what stands side by side.

    A name that a line end cut, 東村 and 山市, must not lead to 沖縄県東村; nor 京都市 and 北区, printed one
    after the other, to the whole of the city.

    Args:
        areas: Field of a name → the one area that it leads to, where it does.
        doubts: About each place alone. Those about the other half of such a pair get a candidate more.
        whole: The row, which tells what stands between two names.
    """
    found: list[Doubt] = []
    better: dict[str, Candidate] = {}
    for one, two in pairwise(places):
        between = _between(one, two, whole)
        if between and not between.strip() and two.name.cell.field not in areas:
            joined = _joined(one, two, gazetteer)
            if joined:
                better[two.name.cell.field] = drop_name(two.name, _END_OF_THE_NAME)
            if joined or (joined is not None and not _LINE_ENDS.isdisjoint(between)):
                found += _cut(one, two, areas, joined, gazetteer)
    for city, wards in _cities_and_wards(places, areas, gazetteer):
        area = areas[city.name.cell.field]
        why = Why(
            f"It is a ward of {area.name}, which is printed beside it.", f"併記された{area.name}の区である。"
        )
        for place, code in wards:
            better[place.name.cell.field] = Suggestions(place, gazetteer).name(code, why)
        if not city.decided:
            found.append(_beside_its_ward(city, area, [place.name.cell.printed for place, _ in wards]))
    return [*found, *(_with(better.get(each.field), each) for each in doubts)]


def _between(one: Printing, two: Printing, whole: Settled | None) -> str:
    """Return what is printed between two names; nothing where the row does not tell."""
    if whole is None:
        return ""
    start, end = (at - whole.cell.start for at in (one.name.cell.end, two.name.cell.start))
    return whole.cell.printed[start:end] if 0 <= start < end else ""


def _joined(one: Printing, two: Printing, gazetteer: Gazetteer) -> list[str] | None:
    """Return the codes of the areas whose names two printed ones are the halves of; None where the second is a name itself."""
    if gazetteer.named(two.name.value) or gazetteer.prefecture_in(two.name.value):
        return None
    return sorted(gazetteer.named(one.name.cell.printed + two.name.cell.printed))


def _cut(
    one: Printing, two: Printing, areas: Mapping[str, Area], joined: Sequence[str], gazetteer: Gazetteer
) -> Iterator[Doubt]:
    """Yield the doubt about a place that may be the first half of a name."""
    area = areas.get(one.name.cell.field)
    if area is None or one.decided:
        return
    why = Why(
        f"{one.name.value} and {two.name.value}, which stand one after the other, are its two halves.",
        f"続けて印刷された{one.name.value}と{two.name.value}を合わせた名である。",
    )
    right = Why(
        f"{area.name} is meant; what stands behind it is another name.",
        f"{area.name}を指す。続く文字列は別の名である。",
    )
    suggest = Suggestions(one, gazetteer)
    candidates = [*(suggest.name(code, why) for code in joined), keep(one.name, right)]
    told = f"「{two.name.value}」 stands right behind it and is no place: the name may go on there"
    yield doubt(one.name, told, candidates)


def _cities_and_wards(
    places: Sequence[Printing], areas: Mapping[str, Area], gazetteer: Gazetteer
) -> Iterator[tuple[Printing, list[tuple[Printing, str]]]]:
    """Yield each city with the places that print wards of it without its name.

    A ward that is known to be of another city is none. A city that is printed twice comes once.
    """
    cities: dict[tuple[str | None, str], Printing] = {}
    for place in places:
        area = areas.get(place.name.cell.field)
        if area and area.kind is AreaKind.DESIGNATED_CITY:
            cities.setdefault((area.prefecture, area.name), place)
    wards: dict[str, list[tuple[Printing, str]]] = {}
    for place in places if cities else ():
        leads_to = areas.get(place.name.cell.field)
        for code in gazetteer.wards(place.name.cell.printed):
            ward = gazetteer[code]
            city = cities.get((ward.prefecture, ward.name.partition("市")[0] + "市"))
            if city and leads_to in {None, ward}:
                wards.setdefault(city.name.cell.field, []).append((place, code))
    for city in cities.values():
        if city.name.cell.field in wards:
            yield city, wards[city.name.cell.field]


def _beside_its_ward(city: Printing, area: Area, wards: Sequence[str]) -> Doubt:
    names, names_ja = " and ".join(wards[:_MOST_NAMED]), "と".join(wards[:_MOST_NAMED])
    only = Why(
        f"Only {names} is meant; {area.name} is printed to say where that lies.",
        f"{names_ja}のみを指し、{area.name}はその所在を示す。",
    )
    both = Why(f"{area.name} as a whole takes part too.", f"{area.name}全体も実施地域である。")
    told = f"its ward {names} is printed beside it"
    return doubt(city.name, told, [drop_name(city.name, only), keep(city.name, both)])


def _with(candidate: Candidate | None, doubt: Doubt) -> Doubt:
    """Return a doubt with a candidate before its others."""
    if candidate is None:
        return doubt
    rest = (
        each for each in doubt.candidates if (each.field, each.value) != (candidate.field, candidate.value)
    )
    return replace(doubt, candidates=(candidate, *rest)[:MAXIMUM_CANDIDATES])
