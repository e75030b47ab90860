"""`nichiiki-ld extract`: an official document to rows, exactly as printed."""

from __future__ import annotations

from pathlib import Path

import click

from nichiiki_ld.cli.options import root_option
from nichiiki_ld.cli.reading import read_document
from nichiiki_ld.errors import SourceError
from nichiiki_ld.model import LEAD
from nichiiki_ld.repository import Repository
from nichiiki_ld.repository.folder import ROWS


@click.command()
@click.argument("source_ids", metavar="[SOURCE]...", nargs=-1)
@root_option
def extract(source_ids: tuple[str, ...], root: Path) -> None:
    """Read official documents again into rows.csv, exactly as printed.

    Without a SOURCE, every document below data/sources is read. The text of a document
    that is no plain text is written beside it, as text.txt.
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
        folder = repository.sources[source_id]
        described, content = folder.original()
        _, extraction = read_document(content, str(folder.path / described.original), described.columns)
        folder.write_extraction(extraction.text, extraction.cells)
        rows = {cell.row for cell in extraction.cells} - {LEAD}
        lead = sum(1 for cell in extraction.cells if cell.row == LEAD)
        click.echo(f"{folder.path / ROWS}: {len(rows)} rows, {lead} facts of the lead")
        for note in extraction.notes:
            click.echo(f"  {note}")
