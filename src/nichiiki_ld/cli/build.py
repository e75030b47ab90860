"""`nichiiki-ld build`: a checkout to a release."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from nichiiki_ld.build import Progress
from nichiiki_ld.build import build as build_release
from nichiiki_ld.cli.options import dist_option, root_option
from nichiiki_ld.repository import Repository


@click.command()
@root_option
@dist_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    show_default="one for each processor",
    help="How many processes share the work.",
)
def build(root: Path, dist: Path, workers: int) -> None:
    """Write a release: validated graph, dumps, tables and the index that is served.

    A build that fails leaves the last release as it is.
    """
    with _progress() as progress:
        built = build_release(Repository(root), dist, workers=workers, progress=progress)
    counts = built.manifest["counts"]
    warnings = f", {len(built.results)} warnings" if built.results else ""
    click.echo(
        f"{built.folder}: {counts['Project']} projects, {counts['triples']} triples, "
        f"{len(built.manifest['files'])} files, valid{warnings}"
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    """Give a progress bar on a terminal, and one plain line for each stage elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Plain()
        return
    with Bar(
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=None)
            bar.update(tasks[stage], completed=done, total=total or None)

        yield show


class _Plain:
    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        if stage != self._stage:
            self._stage = stage
            print(stage, file=sys.stderr, flush=True)
