"""`nichiiki-ld review`: what is printed against what is known."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nichiiki_ld.cli.options import root_option
from nichiiki_ld.model import Doubt
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.repository import Repository
from nichiiki_ld.review import programme_of
from nichiiki_ld.review import review as find_doubts
from nichiiki_ld.settlement import settle
from nichiiki_ld.translations import translations_by_row

UNDECIDED = 1


@click.command()
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1)
@root_option
def review(source_ids: tuple[str, ...], root: Path) -> None:
    """Compare rows with the register, and list what only a person can decide.

    Writes worksheet.csv beside the rows: one line for each candidate, with the columns of
    decisions.csv to fill in. Exits with 1 while something is undecided.
    """
    repository = Repository(root)
    gazetteer = Gazetteer(repository.register())
    programmes = repository.programmes()
    undecided = 0
    for source_id in source_ids or repository.source_ids():
        source = repository.source(source_id)
        folder = root / "data/sources" / source_id
        programme = programme_of(source, programmes)
        settlement = settle(source.cells, source.decisions, where=str(folder / "decisions.csv"))
        translations_by_row(source, settlement)
        doubts = find_doubts(settlement, gazetteer, programme=programme.name["ja"])
        undecided += len(doubts)
        click.echo(
            f"{source_id}: {len(settlement.rows)} rows, {len(source.decisions)} decisions, {len(doubts)} undecided"
        )
        for doubt in doubts:
            _show(doubt)
        worksheet = repository.write_worksheet(source_id, doubts)
        if worksheet:
            click.echo(f"\nFill in {worksheet} and move the lines to decisions.csv.")
    sys.exit(UNDECIDED if undecided else 0)


def _show(doubt: Doubt) -> None:
    row = "lead" if doubt.row == "lead" else f"row {doubt.row}"
    click.echo(f"\n  {row}, {doubt.field}: {click.style(doubt.printed, bold=True)}")
    click.echo(f"    {doubt.kind}: {doubt.why}")
    for candidate in doubt.candidates:
        code = f" ({candidate.code})" if candidate.code else ""
        field = f"{candidate.field}: " if candidate.field != doubt.field else ""
        click.echo(f"    → {field}{click.style(candidate.value, fg='green')}{code}, {candidate.why}")
