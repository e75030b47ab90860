"""Cells together with what the data say for them, once the decisions were applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nichiiki_ld.errors import ReviewError, StaleDecision
from nichiiki_ld.model import LEAD, PAGE_BREAK, ROW, Cell, Decision

ALTERNATIVES = "／"
"""Separates the printings that a decision on a contradiction quotes: 令和7年度／令和6年度."""

DROPPED = "dropped"
"""The value of a decision by which a row becomes no record, or a printed name no place."""

PLACE_FIELDS = ("name", "reading", "prefecture")
"""What a place is printed as; cells of one place have the same ordinal."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A cell together with what the data say for it.

    Attributes:
        value: The printed text, or what a decision put in its place.
    """

    cell: Cell
    value: str
    decision: Decision | None = None

    @property
    def corrected(self) -> bool:
        """Whether the data say something else than what is printed. A decision can also confirm the print."""
        return self.value != self.cell.printed


class Settlement:
    """All cells of a document after the decisions were applied."""

    def __init__(
        self,
        cells: Iterable[Settled],
        choices: Mapping[str, Decision],
        dropped: Mapping[str, Decision] | None = None,
    ) -> None:
        self._rows: defaultdict[str, dict[str, Settled]] = defaultdict(dict)
        for settled in cells:
            self._rows[settled.cell.row][settled.cell.field] = settled
        self.choices = dict(choices)
        """Base field of the lead → the decision which of its printings holds."""
        self.dropped: Mapping[str, Decision] = dict(dropped or {})
        """Row of the table → the decision that it becomes no record."""

    @property
    def rows(self) -> list[str]:
        """The numbers of the table's rows that become records, in their order."""
        return [row for row in self.all_rows if row not in self.dropped]

    @property
    def all_rows(self) -> list[str]:
        """The numbers of the table's rows, those too that are dropped, in their order."""
        return [row for row in self._rows if row != LEAD]

    def __getitem__(self, place: tuple[str, str]) -> Settled:
        row, field = place
        return self._rows[row][field]

    def get(self, row: str, field: str) -> Settled | None:
        """Return the cell, or None when the row does not print it."""
        return self._rows[row].get(field)

    def row(self, row: str) -> list[Settled]:
        """Return all cells of a row, in the order of printing."""
        return list(self._rows[row].values())

    def repeated(self, row: str, base_field: str) -> list[Settled]:
        """Return every printing of a repeated field, in the order of printing."""
        return [s for s in self._rows[row].values() if s.cell.base_field == base_field]

    def chosen(self, base_field: str) -> list[Settled]:
        """Return those printings of a fact of the lead that the data follow: all, unless a decision chose."""
        cells = self.repeated(LEAD, base_field)
        choice = self.choices.get(base_field)
        return [s for s in cells if s.value == choice.value] if choice else cells


def settle(cells: Sequence[Cell], decisions: Sequence[Decision], *, where: str) -> Settlement:
    """Return the cells with the decisions applied.

    A decision names a cell (`10`, `name-5`) and quotes its text; or it names a
    repeated fact of the lead without its ordinal (`lead`, `fiscal-year`), quotes all
    its different printings joined by ／, and gives the one that holds.

    A row (`15`, `row`) is quoted as a whole and `dropped`, or confirmed with its own text. A
    printed name that is no place can be `dropped` too; its cells are then left out.

    Raises:
        StaleDecision: A decision quotes what is not printed there, or chooses a value
            that is not among the printings.
        ReviewError: A decision on a whole row neither drops nor confirms it, or one on a page break
            does not confirm it; or there are two on one cell.
    """
    by_cell = {(cell.row, cell.field): cell for cell in cells}
    _refuse_twice(decisions, where)
    corrections: dict[tuple[str, str], Decision] = {}
    choices: dict[str, Decision] = {}
    for decision in decisions:
        place = f"{where}:{decision.line}"
        cell = by_cell.get((decision.row, decision.field))
        if cell is not None:
            if cell.printed != decision.printed:
                raise StaleDecision(place, quoted=decision.printed, printed=cell.printed)
            if cell.field == ROW and decision.value not in {DROPPED, cell.printed}:
                raise ReviewError(
                    f"row {cell.row} as a whole cannot become 「{decision.value}」",
                    where=place,
                    hint=f"write {DROPPED} as its value, its own text to confirm it, or decide on one of its cells",
                )
            if cell.field == PAGE_BREAK and decision.value != cell.printed:
                raise ReviewError(
                    f"where row {cell.row} begins cannot be corrected here",
                    where=place,
                    hint="confirm it with its own text; if a page cuts the row wrongly, import the list as text or CSV",
                )
            corrections[decision.row, decision.field] = decision
            continue
        printings = list(
            dict.fromkeys(c.printed for c in cells if (c.row, c.base_field) == (decision.row, decision.field))
        )
        if (
            decision.row != LEAD
            or decision.printed != ALTERNATIVES.join(printings)
            or decision.value not in printings
        ):
            raise StaleDecision(place, quoted=decision.printed, printed=ALTERNATIVES.join(printings))
        choices[decision.field] = decision
    dropped = {place: d for place, d in corrections.items() if d.value == DROPPED}
    settled = []
    for cell in cells:
        if dropped and (cell.row, f"name-{cell.ordinal}") in dropped and cell.base_field in PLACE_FIELDS:
            continue
        correction = corrections.get((cell.row, cell.field))
        settled.append(Settled(cell, correction.value if correction else cell.printed, correction))
    return Settlement(settled, choices, {row: d for (row, field), d in dropped.items() if field == ROW})


def _refuse_twice(decisions: Iterable[Decision], where: str) -> None:
    """Refuse a second decision on one cell, or on one fact of the lead: which of them holds, nobody says."""
    first: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        before = first.setdefault((decision.row, decision.field), decision)
        if before is not decision:
            raise ReviewError(
                f"{decision.field} of row {decision.row} is decided twice, also in line {before.line}",
                where=f"{where}:{decision.line}",
                hint="keep one of them",
            )
