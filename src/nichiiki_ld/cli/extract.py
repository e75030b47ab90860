"""`nichiiki-ld extract`: an official document to rows, exactly as printed."""

from __future__ import annotations

from pathlib import Path

import click

from nichiiki_ld.cli.options import root_option
from nichiiki_ld.errors import SourceError
from nichiiki_ld.extract import extract as extract_cells
from nichiiki_ld.model import LEAD
from nichiiki_ld.repository import Repository


@click.command()
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1)
@root_option
def extract(source_ids: tuple[str, ...], root: Path) -> None:
    """Read official documents into rows.csv, exactly as printed.

    Without a SOURCE, every document below data/sources is read.
    """
    repository = Repository(root)
    chosen = source_ids or repository.source_ids()
    if not chosen:
        raise SourceError(
            "there are no sources",
            where=str(root / "data/sources"),
            hint="run in a checkout, or name one with --root",
        )
    for source_id in chosen:
        source = repository.original(source_id)
        cells = extract_cells(source.text, source.layout)
        path = repository.write_rows(source_id, cells)
        rows = {cell.row for cell in cells} - {LEAD}
        lead = sum(1 for cell in cells if cell.row == LEAD)
        click.echo(f"{path}: {len(rows)} rows, {lead} facts of the lead")
