"""A person is walked through the themes that the words of rows suggest, one key each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress, groupby
from operator import attrgetter

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from nichiiki_ld.cli.printed_row import printed_phrase
from nichiiki_ld.cli.question import bar
from nichiiki_ld.model import Source
from nichiiki_ld.repository.ledger import Ledger
from nichiiki_ld.settlement import Settlement
from nichiiki_ld.suggestions import Suggestion

_TAKE, _LEAVE, _BACK, _QUIT = "y", "n", "b", "q"


class ThemeWalk:
    """The walk through the themes that are suggested for the rows of one document.

    What is taken for a row is in `themes.csv` when the last question about it is answered, and not
    before: a row that has themes is not asked about again, so half of a row would be taken for
    the whole. What is left is kept nowhere: a row without any theme comes again the next time.
    """

    def __init__(
        self,
        console: Console,
        source: Source,
        settlement: Settlement,
        ledger: Ledger,
        labels: Mapping[str, Mapping[str, str]],
    ) -> None:
        """Prepare.

        Args:
            ledger: Of `themes.csv`.
            labels: Theme → language → label.
        """
        self._console, self._source, self._settlement = console, source, settlement
        self._ledger, self._labels = ledger, labels

    def run(self, suggestions: Sequence[Suggestion]) -> None:
        """Ask about each.

        Raises:
            NichiikiError: An answer cannot be written.
        """
        rows = [[*of_row] for _, of_row in groupby(suggestions, key=attrgetter("row"))]
        taken: list[list[bool]] = [[]]
        while len(taken) <= len(rows):
            row, answers = rows[len(taken) - 1], taken[-1]
            number = sum(map(len, taken))
            self._show(row[len(answers)], number=number + 1, total=len(suggestions))
            match self._key(first=not number):
                case "y" | "n" as key:
                    answers.append(key == _TAKE)
                    if len(answers) == len(row):
                        self._write([*compress(row, answers)])
                        taken.append([])
                case "b":
                    if not answers:
                        taken.pop()
                        if any(taken[-1]):
                            self._ledger.take_back()
                    taken[-1].pop()
                case _:
                    if answers:
                        self._console.print(
                            f"\nrow {row[0].row} was not finished, and comes again", style="dim"
                        )
                    return

    def _write(self, taken: Sequence[Suggestion]) -> None:
        """Write what was taken for a row, all of it at once."""
        if taken:
            self._ledger.append(
                *({"row": each.row, "theme": each.theme, "phrase": each.phrase} for each in taken)
            )

    def _show(self, suggestion: Suggestion, *, number: int, total: int) -> None:
        labels = self._labels.get(suggestion.theme, {})
        self._console.print()
        self._console.rule(
            Text(f"theme {number} of {total}  row {suggestion.row}"), align="left", style="dim"
        )
        printed = printed_phrase(self._source, self._settlement, suggestion)
        self._console.print(Padding(printed, (0, 0, 1, 0), expand=False))
        self._console.print(
            Text.assemble(
                (labels.get("ja", suggestion.theme), "bold"),
                f"  {labels.get('en', '')}  ",
                (suggestion.theme, "dim"),
            )
        )

    def _key(self, *, first: bool) -> str:
        """Return the key that is pressed; for the end of the input that of quitting."""
        offered = [
            (_TAKE, "take it"),
            (_LEAVE, "leave it"),
            *([] if first else [(_BACK, "back")]),
            (_QUIT, "quit"),
        ]
        self._console.print(bar(offered))
        try:
            while (key := click.getchar()) not in {name for name, _ in offered}:
                if not key:
                    return _QUIT
        except (EOFError, KeyboardInterrupt):
            return _QUIT
        return key
