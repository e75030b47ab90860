"""Doubts about the prefecture that is printed apart from the name of a place."""

from __future__ import annotations

import re

from nichiiki_ld.model import Doubt
from nichiiki_ld.orthography import fold_name
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.review.candidates import Printing, Suggestions, Why, doubt

_BETWEEN_NAMES = re.compile(r"[\W_と]+|及び|および")


def review_prefecture(place: Printing, gazetteer: Gazetteer) -> list[Doubt]:
    """Return the doubts about the prefecture of a place: words that name none, or another than the name begins with."""
    if place.prefecture is None:
        return []
    suggest = Suggestions(place, gazetteer)
    beside, printed = suggest.beside, place.prefecture.value
    if beside is None:
        return [_unknown_prefecture(place, suggest, gazetteer)]
    own = gazetteer.prefecture_in(place.name.value)
    if own is None or own == beside or place.name.decision or place.prefecture.decision:
        return []
    why_own = Why(
        f"The name itself begins with {own.name}; {beside.name} is printed apart from it.",
        f"名称自体は{own.name}で始まる。{beside.name}は離れて印刷されている。",
    )
    name = place.name.value.removeprefix(own.name)
    why_beside = Why(
        f"{beside.name} is printed beside it, and has a place of this name.",
        f"{beside.name}と併記され、{beside.name}にも同名の地がある。",
    )
    return [
        doubt(
            place.name,
            f"the name says {own.name}, but the prefecture printed for it is {printed}",
            [
                *([suggest.prefecture(own, why_own)]),
                *(suggest.name(code, why_beside) for code in sorted(gazetteer.named(name, beside.name))),
            ],
            "contradiction",
        )
    ]


def _unknown_prefecture(place: Printing, suggest: Suggestions, gazetteer: Gazetteer) -> Doubt:
    """Return the doubt about words that are not the name of one prefecture."""
    assert place.prefecture
    printed, name = place.prefecture.value, place.name.value
    prefectures = [area for area in gazetteer if area.prefecture is None]
    written = fold_name(printed)
    shortened = {gazetteer.prefecture_named(word) for word in _BETWEEN_NAMES.split(written)}
    named = [each for each in prefectures if fold_name(each.name) in written or each in shortened]
    named.sort(key=lambda each: written.find(fold_name(each.name)[:-1]))
    having = {gazetteer.prefecture_of(code) for code in gazetteer.named(name)}
    why_named = Why("It is one of those that are printed.", "印刷された都道府県の一つである。")
    why_having = Why(f"It has a place called {name}.", f"{name}という区域がある。")
    why_near = Why("Its name is near to what is printed.", "印刷された県名に似る。")
    proposed = [
        *((each, why_having) for each in named if each in having),
        *((each, why_named) for each in named if each not in having),
        *((each, why_near) for each in prefectures if not named and _alike(each.name, printed)),
        *((each, why_having) for each in prefectures if not named and each in having),
    ]
    why = "there is no such prefecture"
    if len(named) > 1:
        why = f"{len(named)} prefectures are printed for it: {', '.join(each.name for each in named)}"
    return doubt(place.prefecture, why, [suggest.prefecture(*each) for each in proposed])


def _alike(name: str, printed: str) -> bool:
    """Say whether two names share all characters but one or two: 北海道 and 北海遺, 静岡県 and 静県."""
    one, other = set(name), set(fold_name(printed))
    return len(one ^ other) <= 2  # noqa: PLR2004 - a character for another, or one that is missing
