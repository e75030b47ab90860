"""Compare what is printed with what is known, and say what only a person can settle.

Nothing is ranked into truth by likeness. A doubt carries candidates, each with its
reason; a person writes the decision.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from rapidfuzz.distance import OSA

from nichiiki_ld import printed
from nichiiki_ld.errors import ReviewError
from nichiiki_ld.model import LEAD, Candidate, Doubt, Programme, Source
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.settlement import ALTERNATIVES, Settled, Settlement

MAXIMUM_CANDIDATES = 3

_HIRAGANA = re.compile(r"[ぁ-ゖー]+")

COMPARED: Mapping[str, Callable[[str], str | int]] = {
    "decision-count": printed.number,
    "fiscal-year": printed.fiscal_year,
    "office": printed.plain,
    "programme": printed.plain,
    "round": printed.number,
}
"""The repeated facts of a lead, and how each is understood when its printings are compared."""


def review(settlement: Settlement, gazetteer: Gazetteer, *, programme: str) -> list[Doubt]:
    """Return everything about a document that only a person can settle, in its order.

    Args:
        settlement: The cells as far as they are decided. Without decisions this
            finds every misprint; with all of them, nothing.
        programme: The name that the lead should print.
    """
    doubts = _review_lead(settlement, programme)
    for row in settlement.rows:
        for name in settlement.repeated(row, "name"):
            reading = settlement.get(row, f"reading-{name.cell.ordinal}")
            doubts += review_place(name, reading, gazetteer)
    return doubts


def programme_of(source: Source, programmes: Mapping[str, Programme]) -> Programme:
    """Return the programme that a document announces decisions of.

    Raises:
        ReviewError: It is not described.
    """
    if source.programme not in programmes:
        raise ReviewError(
            f"there is no programme '{source.programme}'",
            where=f"data/sources/{source.id}/source.toml",
            hint=f"describe it in data/programmes/{source.programme}.toml",
        )
    return programmes[source.programme]


def review_place(name: Settled, reading: Settled | None, gazetteer: Gazetteer) -> list[Doubt]:
    """Return the doubts about one printed place: none when name and reading lead to one and the same area."""
    if gazetteer.area_of(name.value, reading.value if reading else None):
        return []
    by_name = gazetteer.named(name.value)
    by_reading = gazetteer.read_as(reading.value) if reading else frozenset()
    doubts = []
    if not by_name:
        doubts.append(_unknown_name(name, by_reading, gazetteer))
    if reading and not by_reading:
        doubts.append(_unknown_reading(reading, name, by_name, gazetteer))
    if doubts:
        return doubts
    if not reading or by_name & by_reading:
        codes = sorted(by_name & by_reading or by_name)
        return [
            _doubt(
                name,
                f"{len(codes)} areas are written like this",
                [_candidate(name.cell.field, code, gazetteer, "has this name") for code in codes],
            )
        ]
    return [_conflict(name, reading, by_name, by_reading, gazetteer)]


def _doubt(settled: Settled, why: str, candidates: Iterable[Candidate], kind: str = "misprint") -> Doubt:
    cell = settled.cell
    return Doubt(cell.row, cell.field, cell.printed, kind, why, tuple(candidates)[:MAXIMUM_CANDIDATES])


def _candidate(field: str, code: str, gazetteer: Gazetteer, why: str) -> Candidate:
    write = gazetteer.full_reading if field.startswith("reading") else gazetteer.full_name
    return Candidate(field, write(code), code, why)


def _unknown_name(name: Settled, by_reading: frozenset[str], gazetteer: Gazetteer) -> Doubt:
    field = name.cell.field
    if by_reading:
        candidates = [
            _candidate(field, code, gazetteer, "is what the printed reading says")
            for code in sorted(by_reading)
        ]
    else:
        candidates = _nearest(field, name.value, gazetteer)
    return _doubt(name, "no such place exists", candidates)


def _unknown_reading(reading: Settled, name: Settled, by_name: frozenset[str], gazetteer: Gazetteer) -> Doubt:
    field = reading.cell.field
    if by_name:
        why = f"is the reading of the printed name {name.value}"
        candidates = [_candidate(field, code, gazetteer, why) for code in sorted(by_name)]
    else:
        # Both are unknown: what the name is near to counts before what the reading is near to.
        near_name = _nearest(name.cell.field, name.value, gazetteer)[:1]
        candidates = [
            *(
                _candidate(
                    field,
                    c.code,
                    gazetteer,
                    f"is the reading of {c.value}, from which the printed name {c.why}",
                )
                for c in near_name
            ),
            *_nearest(field, reading.value, gazetteer),
        ]
    if not _HIRAGANA.fullmatch(reading.value):
        return _doubt(reading, "the reading is not in kana throughout", candidates)
    return _doubt(reading, "no place is read like this", candidates)


def _conflict(
    name: Settled,
    reading: Settled,
    by_name: frozenset[str],
    by_reading: frozenset[str],
    gazetteer: Gazetteer,
) -> Doubt:
    candidates = [
        *(_candidate(name.cell.field, c, gazetteer, "if the reading is right") for c in sorted(by_reading)),
        *(_candidate(reading.cell.field, c, gazetteer, "if the name is right") for c in sorted(by_name)),
    ]
    why = (
        f"the name says {' or '.join(sorted(by_name))}, "
        f"but the reading {reading.value} says {' or '.join(sorted(by_reading))}"
    )
    return _doubt(name, why, candidates)


def _nearest(field: str, text: str, gazetteer: Gazetteer) -> list[Candidate]:
    """Return places of the same prefecture whose writing is near. Likeness is a hint, never a decision."""
    areas = gazetteer.in_prefecture_of(text) or list(gazetteer)
    near = sorted(
        (OSA.distance(text, _candidate(field, area.code, gazetteer, "").value), area.code) for area in areas
    )
    return [
        _candidate(field, code, gazetteer, f"differs in {distance} character{'s' * (distance != 1)}")
        for distance, code in near[:MAXIMUM_CANDIDATES]
    ]


def _review_lead(settlement: Settlement, programme: str) -> list[Doubt]:
    doubts = []
    for base_field, understand in COMPARED.items():
        cells = settlement.chosen(base_field)
        if len({understand(s.value) for s in cells}) > 1:
            printings = list(dict.fromkeys(s.value for s in cells))
            candidates = tuple(
                Candidate(base_field, value, "", f"is printed at character {s.cell.start}")
                for value, s in ((s.value, s) for s in cells)
            )
            doubts.append(
                Doubt(
                    LEAD,
                    base_field,
                    ALTERNATIVES.join(printings),
                    "contradiction",
                    f"the document says {' and '.join(printings)}",
                    candidates,
                )
            )
    doubts += [
        _doubt(s, f"the programme of this source is {programme}", (), "contradiction")
        for s in settlement.repeated(LEAD, "programme")
        if printed.plain(s.value) != printed.plain(programme)
    ]
    counts = settlement.chosen("decision-count")
    if counts and printed.number(counts[0].value) != len(settlement.rows):
        why = f"the table has {len(settlement.rows)} rows"
        doubts.append(_doubt(counts[0], why, (), "contradiction"))
    return doubts
