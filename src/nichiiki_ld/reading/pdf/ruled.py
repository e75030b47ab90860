"""Tables whose places are told by rules.

Where two neighbouring places have no rule between them they are one cell: so merged cells
come out by themselves, in any direction. A side of a table may have no rule at all; and a
row whose lower or upper side has none goes on, or began, on another page.

Edges of coloured areas close cells and divide rows, but make no columns: often only every
second row is coloured, or only the headings.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean

from nichiiki_ld.reading.pdf.marks import Glyph, Rule

SAME_RULE_PT = 3.5
"""Rules nearer to each other are one: two thin ones, or the edges of a thick one. No text fits between them."""

_TOUCHING_PT = 3.0
"""How far from each other the ends of rules may be that meet."""

_SHORTEST_PT = 5.0
"""A shorter rule is a dash or an ornament."""

_OPEN_PT = 6.0
"""How far rules must reach beyond the last one across for a place to be there."""

_COVERED = 0.6
"""How much of a side must have a rule, for it to divide."""

MOST_PLACES = 100_000
"""Of one table on one page: beyond it somebody drew squared paper."""

MOST_TABLES = 50
"""On a page: beyond it somebody drew boxes."""

MOST_MEETINGS = 4_000_000
"""Horizontal rules by vertical ones, on a page."""


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table on a page.

    Attributes:
        columns, rows: Where places begin and end, in points: one more than there are places.
        cells: For each place, row by row, which cell covers it.
        open_above, open_below: For each column, whether its uppermost or lowest place has no
            rule there.
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]
    open_above: tuple[bool, ...]
    open_below: tuple[bool, ...]

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.rows[0]

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.rows[-1]

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point is within it."""
        return self.columns[0] <= x < self.columns[-1] and self.rows[0] <= y < self.rows[-1]

    def cell_at(self, x: float, y: float) -> int:
        """Return the cell that covers a point within the table."""
        row, column = bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1
        return self.cells[row][column]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules of a page make.

    Attributes:
        tables: From the top down.
        rest: Horizontal rules of no table.
        crowded: There are too many rules, or too many tables of them, for all to be told.
    """

    tables: list[RuledTable]
    rest: list[Rule]
    crowded: bool = False


_CROWD = Ruled([], [], crowded=True)


def find_tables(horizontals: Iterable[Rule], verticals: Iterable[Rule], glyphs: Iterable[Glyph]) -> Ruled:
    """Return the tables that rules make.

    What has one column is a frame around text, no table; a table within a cell of another
    one is a part of its text.

    Args:
        glyphs: Of the page: where a side has no rule, only text makes a place there.
    """
    across, down = _merge(horizontals), _merge(verticals)
    if len(across) * len(down) > MOST_MEETINGS:
        return _CROWD
    lattices = [lattice for group in _groups(across, down) if (lattice := _Lattice.of(*group))]
    if len(lattices) > MOST_TABLES:
        return _CROWD
    inked = [glyph for glyph in glyphs if not glyph.blank]
    tables: list[RuledTable] = []
    used: set[Rule] = set()
    crowded = False
    for lattice in lattices:
        if len(lattice.columns) * len(lattice.rows) > MOST_PLACES:
            crowded = True
            continue
        table = _table(lattice, inked)
        if table is not None:
            tables.append(table)
            used.update(lattice.across)
    outer = [table for table in tables if not any(_within(table, other) for other in tables)]
    outer.sort(key=lambda table: (table.top, table.columns[0]))
    return Ruled(outer, [rule for rule in across if rule not in used], crowded)


def _merge(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules on one straight line that touch as one, without the short ones."""
    merged: list[Rule] = []
    for near in _near(sorted(rules, key=lambda rule: rule.at)):
        drawn = [rule for rule in near if not rule.shade]
        at = fmean(rule.at for rule in drawn or near)
        near.sort(key=lambda rule: rule.start)
        joined = near[0]
        for rule in near[1:]:
            if rule.start > joined.end + _TOUCHING_PT:
                merged.append(replace(joined, at=at))
                joined = rule
            joined = Rule(at, joined.start, max(joined.end, rule.end), joined.shade and rule.shade)
        merged.append(replace(joined, at=at))
    return [rule for rule in merged if rule.length >= _SHORTEST_PT]


def _near(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return rules in order together that are one."""
    runs: list[list[Rule]] = []
    for rule in rules:
        if runs and rule.at - runs[-1][0].at <= SAME_RULE_PT:
            runs[-1].append(rule)
        else:
            runs.append([rule])
    return runs


def _groups(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return rules together that meet, directly or through others."""
    leader = list(range(len(across) + len(down)))

    def lead(member: int) -> int:
        while leader[member] != member:
            leader[member] = leader[leader[member]]
            member = leader[member]
        return member

    places = [rule.at for rule in down]
    for index, rule in enumerate(across):
        first = bisect_left(places, rule.start - _TOUCHING_PT)
        last = bisect_right(places, rule.end + _TOUCHING_PT)
        for other in range(first, last):
            if down[other].start - _TOUCHING_PT <= rule.at <= down[other].end + _TOUCHING_PT:
                leader[lead(len(across) + other)] = lead(index)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for index, rule in enumerate(across):
        groups[lead(index)][0].append(rule)
    for index, rule in enumerate(down):
        groups[lead(len(across) + index)][1].append(rule)
    return [group for group in groups.values() if group[0] and group[1]]


@dataclass(frozen=True, slots=True)
class _Lattice:
    """Rules that meet, in order, and where they divide: two columns and a row at least."""

    across: list[Rule]
    down: list[Rule]
    columns: list[float]
    rows: list[float]

    @classmethod
    def of(cls, across: list[Rule], down: list[Rule]) -> _Lattice | None:
        drawn = [rule for rule in down if not rule.shade]
        if not drawn:
            return None
        columns, rows = _boundaries(drawn, across), _boundaries(across, down)
        return cls(across, down, columns, rows) if _is_table(columns, rows) else None


def _is_table(columns: Sequence[float], rows: Sequence[float]) -> bool:
    return len(columns) >= 3 and len(rows) >= 2  # noqa: PLR2004 - two columns and a row at least


def _table(lattice: _Lattice, inked: Sequence[Glyph]) -> RuledTable | None:
    across, down = lattice.across, lattice.down
    columns, rows = _without_empty_ends(lattice.columns, lattice.rows, down, across, inked)
    if not _is_table(columns, rows):
        return None
    right_of = _walls(down, columns[1:-1], rows)
    below = _walls(across, rows[1:-1], columns)
    cells = _join(len(rows) - 1, len(columns) - 1, right_of, below)
    if len({cell for row in cells for cell in row}) < 2:  # noqa: PLR2004 - a frame has one
        return None
    edges = _walls(across, (rows[0], rows[-1]), columns)
    return RuledTable(
        tuple(columns),
        tuple(rows),
        cells,
        tuple(not closed for closed in edges[0]),
        tuple(not closed for closed in edges[1]),
    )


def _boundaries(own: Sequence[Rule], crossing: Sequence[Rule]) -> list[float]:
    """Return where rules of one direction divide, and how far those of the other one reach."""
    places = [near[0].at for near in _near(sorted(own, key=lambda rule: rule.at))]
    first, last = min(rule.start for rule in crossing), max(rule.end for rule in crossing)
    before = [first] if first < places[0] - _OPEN_PT else []
    after = [last] if last > places[-1] + _OPEN_PT else []
    return [*before, *places, *after]


def _without_empty_ends(
    columns: list[float],
    rows: list[float],
    down: Sequence[Rule],
    across: Sequence[Rule],
    inked: Sequence[Glyph],
) -> tuple[list[float], list[float]]:
    """Drop places at a side without a rule that no text stands in."""

    def text(x0: float, x1: float, y0: float, y1: float) -> bool:
        return any(x0 <= glyph.centre < x1 and y0 <= glyph.middle < y1 for glyph in inked)

    def ruled(rules: Sequence[Rule], at: float) -> bool:
        return any(abs(rule.at - at) <= SAME_RULE_PT for rule in rules)

    if not ruled(down, columns[0]) and not text(columns[0], columns[1], rows[0], rows[-1]):
        columns = columns[1:]
    if not ruled(down, columns[-1]) and not text(columns[-2], columns[-1], rows[0], rows[-1]):
        columns = columns[:-1]
    if (
        len(columns) > 1
        and not ruled(across, rows[0])
        and not text(columns[0], columns[-1], rows[0], rows[1])
    ):
        rows = rows[1:]
    if (
        len(columns) > 1
        and not ruled(across, rows[-1])
        and not text(columns[0], columns[-1], rows[-2], rows[-1])
    ):
        rows = rows[:-1]
    return columns, rows


def _walls(rules: Sequence[Rule], places: Sequence[float], steps: Sequence[float]) -> list[list[bool]]:
    """Return for each place, and each step along it, whether one of the rules, which are in order, divides there."""
    walls = []
    at = [rule.at for rule in rules]
    for place in places:
        near = rules[bisect_left(at, place - SAME_RULE_PT - 1) : bisect_right(at, place + SAME_RULE_PT + 1)]
        here = [rule for rule in near if abs(rule.at - place) <= SAME_RULE_PT]
        walls.append([_covers(here, start, end) for start, end in pairwise(steps)])
    return walls


def _covers(rules: Sequence[Rule], start: float, end: float) -> bool:
    covered = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules)
    return covered >= _COVERED * (end - start)


def _join(
    rows: int, columns: int, right_of: Sequence[Sequence[bool]], below: Sequence[Sequence[bool]]
) -> tuple[tuple[int, ...], ...]:
    """Number the cells, by the first place of each, joining places with no wall between them."""
    leader = list(range(rows * columns))

    def lead(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    def join(place: int, other: int) -> None:
        first, second = sorted((lead(place), lead(other)))
        leader[second] = first

    for row in range(rows):
        for column in range(columns):
            place = row * columns + column
            if column + 1 < columns and not right_of[column][row]:
                join(place, place + 1)
            if row + 1 < rows and not below[row][column]:
                join(place, place + columns)
    return tuple(tuple(lead(row * columns + column) for column in range(columns)) for row in range(rows))


def _within(table: RuledTable, other: RuledTable) -> bool:
    return (
        table is not other
        and other.columns[0] <= table.columns[0]
        and table.columns[-1] <= other.columns[-1]
        and other.top <= table.top
        and table.bottom <= other.bottom
    )
