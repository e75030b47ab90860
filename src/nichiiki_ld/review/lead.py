"""Doubts about what a document prints outside its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nichiiki_ld import printed
from nichiiki_ld.model import LEAD, Candidate, Doubt
from nichiiki_ld.review.candidates import doubt
from nichiiki_ld.settlement import ALTERNATIVES, Settled, Settlement

COMPARED: Mapping[str, Callable[[str], str | int]] = {
    "decision-count": printed.number,
    "fiscal-year": printed.fiscal_year,
    "office": printed.plain,
    "programme": printed.plain,
    "round": printed.number,
}
"""The repeated facts of a lead, and how each is understood when its printings are compared."""

NEEDED = ("published-date", "title", "fiscal-year")
"""Facts without which there is no document or no call; `source.toml` states what is not printed."""


def review_lead(settlement: Settlement, programme: str, stated: Mapping[str, str] | None) -> list[Doubt]:
    """Return the doubts about a lead.

    Args:
        stated: As `review` has it.
    """
    doubts = []
    for base_field in COMPARED:
        doubts += _review_repeated(settlement, base_field)
    doubts += [
        doubt(s, f"the programme of this source is {programme}", (), "contradiction")
        for s in settlement.repeated(LEAD, "programme")
        if printed.plain(s.value) != printed.plain(programme)
    ]
    counts = [
        s for s in settlement.chosen("decision-count") if _understood("decision-count", s.value) is not None
    ]
    if counts and not _confirmed(counts[0]) and printed.number(counts[0].value) != len(settlement.rows):
        why = f"the table has {len(settlement.rows)} rows"
        doubts.append(doubt(counts[0], why, (), "contradiction"))
    if stated is not None:
        doubts += _review_stated(settlement, stated)
    return doubts


def _review_repeated(settlement: Settlement, base_field: str) -> list[Doubt]:
    """Return the doubts about one fact that a lead can print several times."""
    cells = settlement.chosen(base_field)
    doubts = [
        doubt(s, f"this cannot be understood as a {base_field}", ())
        for s in cells
        if _understood(base_field, s.value) is None
    ]
    cells = [s for s in cells if _understood(base_field, s.value) is not None]
    if base_field == "office":
        cells = _most_whole(cells)
    if len({_understood(base_field, s.value) for s in cells}) > 1:
        printings = list(dict.fromkeys(s.value for s in cells))
        candidates = tuple(
            Candidate(
                base_field,
                s.value,
                "",
                f"It is printed at character {s.cell.start}.",
                f"{s.cell.start}文字目に印刷されている。",
            )
            for s in cells
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
    return doubts


def _most_whole(offices: Sequence[Settled]) -> list[Settled]:
    """Return offices without those that are a part of another: 地方政策課 beside 国土政策局地方政策課 says nothing else."""
    names = {printed.plain(each.value) for each in offices}
    return [
        each
        for each in offices
        if not any(name != (own := printed.plain(each.value)) and own in name for name in names)
    ]


def _understood(base_field: str, value: str) -> str | int | None:
    try:
        return COMPARED[base_field](value)
    except ValueError:
        return None


def _confirmed(settled: Settled) -> bool:
    return settled.decision is not None and not settled.corrected


def _review_stated(settlement: Settlement, stated: Mapping[str, str]) -> list[Doubt]:
    doubts = []
    for field in NEEDED:
        if not (settlement.get(LEAD, field) or settlement.repeated(LEAD, field) or field in stated):
            why = f"the document prints no {field}: write it in [stated] of source.toml"
            doubts.append(Doubt(LEAD, field, "", "missing", why))
    for field, value in stated.items():
        single = settlement.get(LEAD, field)
        for s in [single] if single else settlement.chosen(field):
            understand = COMPARED.get(field, printed.plain)
            if _same(understand, s.value, value):
                continue
            why = f"source.toml states {value}: take it out of [stated], or look whether the print is right"
            doubts.append(doubt(s, why, (), "contradiction"))
    return doubts


def _same(understand: Callable[[str], str | int], one: str, other: str) -> bool:
    try:
        return understand(one) == understand(other)
    except ValueError:
        return printed.plain(one) == printed.plain(other)
