"""`nichiiki-ld review`: what is printed against what is known."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from nichiiki_ld.cli.desk import Desk
from nichiiki_ld.cli.interview import Interview, Signature
from nichiiki_ld.cli.options import root_option
from nichiiki_ld.cli.printed_row import as_shown
from nichiiki_ld.cli.question import place_of, proposal, what_is_wrong
from nichiiki_ld.cli.theme_walk import ThemeWalk
from nichiiki_ld.repository import Repository
from nichiiki_ld.repository.folder import DECISIONS, THEMES, SourceFolder
from nichiiki_ld.repository.ledger import Ledger
from nichiiki_ld.repository.tables import DECISION_COLUMNS, THEME_COLUMNS

UNDECIDED = 1

_WIDE = 10_000
"""Columns of what is no terminal: nothing is folded."""


@click.command()
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1)
@root_option
@click.option(
    "--interactive", "-i", is_flag=True, help="Ask about each doubt and theme, and write the answers."
)
@click.option(
    "--reviewer",
    envvar="NICHIIKI_REVIEWER",
    help="Who decides, as it is published.  [default: NICHIIKI_REVIEWER, or else it is asked]",
)
def review(source_ids: tuple[str, ...], root: Path, *, interactive: bool, reviewer: str | None) -> None:
    """Compare rows with the register, and list what only a person can decide.

    Writes worksheet.csv beside the rows: one line for each candidate, with the columns of
    decisions.csv to fill in; move them there before you run this again. With --interactive, asks about each doubt on the terminal, then
    about the themes that rows without any suggest, and writes decisions.csv and themes.csv
    itself: a decision with each answer, and the themes of a row with the last answer about it.
    Ctrl-C loses none; a row whose themes were not asked to the end comes again.

    Exits with 1 while something is undecided.
    """
    if interactive and not on_terminal():
        raise click.UsageError("--interactive asks on a terminal, and this is none: fill in worksheet.csv")
    repository = Repository(root)
    desk = Desk.of(repository)
    sign = _signing(reviewer)
    undecided = 0
    for source_id in source_ids or repository.source_ids():
        folder = repository.sources[source_id]
        folder.look_at_worksheet()
        if interactive:
            _ask(folder, desk, sign)
        undecided += _report(folder, desk, at_length=not interactive)
    sys.exit(UNDECIDED if undecided else 0)


def on_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(folder: SourceFolder, desk: Desk, sign: Callable[[], Signature]) -> None:
    """Ask about each doubt, and then about the themes that rows suggest."""
    console = Console(highlight=False)
    source = folder.source()
    ledger = Ledger(folder.path / DECISIONS, DECISION_COLUMNS)
    if Interview(console, desk, source, ledger, sign).run():
        source = folder.source()
        settlement, _ = desk.review(source)
        themes = Ledger(folder.path / THEMES, THEME_COLUMNS)
        walk = ThemeWalk(console, source, settlement, themes, desk.theme_labels)
        walk.run(desk.suggestions(source, settlement))
    console.print()


def _signing(reviewer: str | None) -> Callable[[], Signature]:
    """Return what gives the name of the reviewer, asked once unless it is known, and the day."""

    @cache
    def sign() -> Signature:
        name = reviewer or click.prompt("Reviewer, as it is published", default=_name_in_git())
        return Signature(name.strip(), datetime.datetime.now().astimezone().date())

    return sign


def _name_in_git() -> str | None:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - whichever git the person uses
            capture_output=True,
            encoding="utf-8",
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() or None


def _report(folder: SourceFolder, desk: Desk, *, at_length: bool) -> int:
    """Print how much is undecided about a document, and what; write its worksheet, and return how much it is."""
    source = folder.source()
    settlement, doubts = desk.review(source)
    click.echo(
        f"{folder.id}: {len(settlement.rows)} rows, {len(source.decisions)} decisions, {len(doubts)} undecided"
    )
    worksheet = folder.write_worksheet(doubts, source.cells)
    if not at_length:
        return len(doubts)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    for doubt in doubts:
        console.print(
            Text.assemble(f"\n{place_of(doubt)}: ", as_shown(doubt.printed, "bold"), overflow="fold")
        )
        console.print(Padding(what_is_wrong(doubt), (0, 0, 0, 2), expand=False))
        for candidate in doubt.candidates:
            console.print(proposal("→", candidate, doubt))
    if worksheet:
        click.echo(
            f"\nDecide with --interactive; or fill in {worksheet}, and move the lines to decisions.csv."
        )
    return len(doubts)
