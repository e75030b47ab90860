"""A person is walked through the doubts about a document, one key each."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from nichiiki_ld import iri
from nichiiki_ld.cli.desk import Desk
from nichiiki_ld.cli.printed_row import printed_words
from nichiiki_ld.cli.question import bar, keys, place_of, proposal, what_is_wrong
from nichiiki_ld.cli.table import visible
from nichiiki_ld.errors import ReviewError
from nichiiki_ld.model import LEAD, ROW, Candidate, Cell, Decision, Doubt, Source
from nichiiki_ld.repository.ledger import Ledger
from nichiiki_ld.review.candidates import printings
from nichiiki_ld.settlement import DROPPED, Settlement

_EVIDENCE = re.compile(r"(?:https?://|[a-z]+/)[!#-;=?-\[\]_a-z~]+")
"""An IRI in ASCII, whole or below the base."""

_KEYS = tuple("123456789")
"""Of candidates, as far as there are keys."""

_ENTER = frozenset("\r\n")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, and on which day."""

    reviewer: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class _Step:
    """What was done about a doubt.

    Attributes:
        decision: None when it was passed over.
    """

    doubt: tuple[str, str, str]
    decision: Decision | None = None


class Interview:
    """The walk through the doubts about one document.

    Each answer is written before the next question. It ends when nothing is left but what
    was passed over, or when the person wants it to.
    """

    def __init__(
        self, console: Console, desk: Desk, source: Source, ledger: Ledger, sign: Callable[[], Signature]
    ) -> None:
        """Prepare.

        Args:
            ledger: Of `decisions.csv`.
            sign: Asks who decides; it is called with the first decision.
        """
        self._console, self._desk, self._source, self._ledger = console, desk, source, ledger
        self._sign = sign
        self._decisions = list(source.decisions)
        self._steps: list[_Step] = []
        self._now: tuple[Settlement, list[Doubt]] | None = None

    def run(self) -> bool:
        """Ask, and say whether every doubt was decided or passed over, rather than left.

        Raises:
            NichiikiError: A decision cannot be written.
        """
        while True:
            settlement, doubts = self._reviewed()
            passed = {step.doubt for step in self._steps if step.decision is None}
            # The lead comes last: what it counts depends on which rows are dropped.
            left = sorted(
                (doubt for doubt in doubts if _name(doubt) not in passed), key=lambda each: each.row == LEAD
            )
            if not left:
                return True
            self._show(settlement, left[0], number=len(self._steps) + 1, total=len(self._steps) + len(left))
            try:
                if not self._answer(settlement, left[0]):
                    return False
            except (EOFError, KeyboardInterrupt, click.Abort):
                self._console.print()
                return False

    def _reviewed(self) -> tuple[Settlement, list[Doubt]]:
        if self._now is None:
            self._now = self._desk.review(self._source, self._decisions)
        return self._now

    # --- the question ------------------------------------------------------------------

    def _show(self, settlement: Settlement, doubt: Doubt, *, number: int, total: int) -> None:
        self._console.print()
        self._console.rule(Text(f"{number} of {total}  {place_of(doubt)}"), align="left", style="dim")
        self._console.print(
            Padding(printed_words(self._source, settlement, doubt), (0, 0, 1, 0), expand=False)
        )
        self._console.print(what_is_wrong(doubt))
        for key, candidate in zip(_KEYS, doubt.candidates, strict=False):
            self._console.print(proposal(key, candidate, doubt))
        self._console.print(keys(doubt, first=not self._steps))

    def _answer(self, settlement: Settlement, doubt: Doubt) -> bool:
        """Take a key, do what it means, and say whether to go on."""
        while True:
            match click.getchar():
                case "q" | "":
                    return False
                case "s":
                    self._steps.append(_Step(_name(doubt)))
                    return True
                case "b" if self._steps:
                    self._take_back()
                    return True
                case "e" if doubt.printed:
                    value = click.prompt("Right value", default=doubt.printed).strip()
                    self._decide(settlement, doubt, Candidate(doubt.field, value, "", ""))
                    return True
                case "d" if doubt.row != LEAD and settlement.get(doubt.row, ROW):
                    self._decide(settlement, doubt, _drop(doubt))
                    return True
                case key if key in _KEYS[: len(doubt.candidates)]:
                    self._decide(settlement, doubt, doubt.candidates[int(key) - 1])
                    return True

    # --- the answer --------------------------------------------------------------------

    def _decide(self, settlement: Settlement, doubt: Doubt, candidate: Candidate) -> None:
        cell = settlement.get(doubt.row, candidate.field)
        printed = doubt.printed if candidate.field == doubt.field or cell is None else cell.cell.printed
        draft = Decision(
            doubt.row, candidate.field, printed, candidate.value, "", "", (), "", datetime.date.min
        )
        tried, why = self._tried(draft)
        if tried is None or why:
            refusal = f"「{visible(draft.value)}」 does not settle it: {visible(why)}"
            self._console.print(Text(refusal, style="red"))
            return
        self._console.print(Text.assemble("→ ", (visible(draft.value), "bold green")))
        if doubt.row == LEAD:
            # That it is printed is true of each of them; why this one holds, only the person knows.
            candidate = replace(candidate, why="", why_ja="")
        reason, reason_en, evidence = self._reasons(candidate, self._evidence(candidate, doubt.row, tried[0]))
        signature = self._sign()
        decision = replace(
            draft,
            reason=reason,
            reason_en=reason_en,
            evidence=evidence,
            reviewer=signature.reviewer,
            date=signature.date,
        )
        self._ledger.append(_row(decision))
        self._decisions.append(decision)
        self._now = tried
        self._steps.append(_Step(_name(doubt), decision))

    def _tried(self, draft: Decision) -> tuple[tuple[Settlement, list[Doubt]] | None, str]:
        """Return what a review with one more decision comes to, and why that settles nothing, if so.

        Either something is still wrong with its own cell, or it contradicts a decision before
        it: then that cell would be asked about again, and a second decision on it is none.
        """
        decided = {(each.row, each.field) for each in self._decisions}
        if (draft.row, draft.field) in decided:
            return None, "this is decided already: go back to it, or mend that line of decisions.csv"
        try:
            tried = self._desk.review(self._source, [*self._decisions, draft])
        except ReviewError as error:
            return None, str(error)
        before = {(each.row, each.field) for each in self._reviewed()[1]}
        for each in tried[1]:
            place = each.row, each.field
            if place == (draft.row, draft.field):
                return tried, each.why
            if place in decided - before:
                return tried, f"it contradicts the decision on {place_of(each)}: {each.why}"
        return tried, ""

    def _evidence(self, candidate: Candidate, row: str, settled: Settlement) -> tuple[str, ...]:
        """Return what bears a candidate out: the place that it leads to, or else the row itself."""
        if candidate.evidence:
            return candidate.evidence
        ordinal = Cell(row, candidate.field, "", 0, 0).ordinal
        area = next(
            (
                place.area(self._desk.gazetteer)
                for place in printings(settled, row)
                if place.name.cell.ordinal == ordinal
            ),
            None,
        )
        return (iri.area(area) if area else iri.row(self._source.id, row),)

    def _reasons(self, candidate: Candidate, evidence: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
        """Return the reasons in both languages and the evidence: as they are proposed, or as they are typed."""
        if candidate.why and candidate.why_ja:
            for each in (candidate.why_ja, candidate.why, " ".join(evidence)):
                self._console.print(Padding(Text(visible(each), overflow="fold"), (0, 0, 0, 2), expand=False))
            self._console.print(bar([("Enter", "take these"), ("e", "edit")]))
            while (key := click.getchar()) != "e":
                if key in _ENTER:
                    return candidate.why_ja, candidate.why, evidence
                if not key:
                    # The terminal is gone.
                    raise EOFError
        return (
            click.prompt("Reason, in Japanese", default=candidate.why_ja or None).strip(),
            click.prompt("Reason, in English", default=candidate.why or None).strip(),
            click.prompt(
                "Evidence, IRIs separated by spaces", default=" ".join(evidence), value_proc=_evidence
            ),
        )

    def _take_back(self) -> None:
        step = self._steps.pop()
        if step.decision:
            self._ledger.take_back()
            self._decisions.remove(step.decision)
            self._now = None


def _name(doubt: Doubt) -> tuple[str, str, str]:
    return doubt.row, doubt.field, doubt.kind


def _drop(doubt: Doubt) -> Candidate:
    """Return the candidate that a row becomes no record, with the reason that the doubt gives for it, if any."""
    whole = Candidate(ROW, DROPPED, "", "")
    return next((each for each in doubt.candidates if (each.field, each.value) == (ROW, DROPPED)), whole)


def _evidence(text: str) -> tuple[str, ...]:
    given = tuple(text.split())
    if wrong := [each for each in given if not _EVIDENCE.fullmatch(each)]:
        raise click.UsageError(
            f"{' '.join(wrong)} is no IRI: write https://… or what stands below the base, as municipality/012084"
        )
    return given


def _row(decision: Decision) -> dict[str, str]:
    return {
        "row": decision.row,
        "field": decision.field,
        "printed": decision.printed,
        "value": decision.value,
        "reason": decision.reason,
        "reason_en": decision.reason_en,
        "evidence": " ".join(decision.evidence),
        "reviewer": decision.reviewer,
        "date": decision.date.isoformat(),
    }
