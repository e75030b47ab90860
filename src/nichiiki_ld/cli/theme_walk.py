"""A person is walked through the themes that the words of rows suggest, one key each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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

    What is taken is in `themes.csv` before the next question comes. What is left is kept
    nowhere: a row without any theme is asked about again the next time.
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
        taken: list[bool] = []
        while len(taken) < len(suggestions):
            suggestion = suggestions[len(taken)]
            self._show(suggestion, number=len(taken) + 1, total=len(suggestions))
            match self._key(first=not taken):
                case "y":
                    self._ledger.append(
                        {"row": suggestion.row, "theme": suggestion.theme, "phrase": suggestion.phrase}
                    )
                    taken.append(True)
                case "n":
                    taken.append(False)
                case "b":
                    if taken.pop():
                        self._ledger.take_back()
                case _:
                    return

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
