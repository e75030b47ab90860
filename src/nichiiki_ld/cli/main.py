"""The command group, and the one place where an error becomes text on a terminal."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import click

from nichiiki_ld.cli.build import build
from nichiiki_ld.cli.extract import extract
from nichiiki_ld.cli.frontend import frontend
from nichiiki_ld.cli.import_ import import_
from nichiiki_ld.cli.query import query_command
from nichiiki_ld.cli.register import register
from nichiiki_ld.cli.review import review
from nichiiki_ld.cli.serve import serve
from nichiiki_ld.cli.validate import validate
from nichiiki_ld.errors import NichiikiError

BAD_INPUT = 2


class _Group(click.Group):
    """A group that keeps its commands in the order of the work, and explains errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NichiikiError as error:
            click.echo(str(error), err=True)
            if error.hint:
                click.echo(f"  fix: {textwrap.indent(error.hint, ' ' * 7).lstrip()}", err=True)
            if error.reference:
                click.echo(f"  see: {error.reference}", err=True)
            sys.exit(BAD_INPUT)


@click.group(cls=_Group)
@click.version_option(package_name="nichiiki-ld")
def main() -> None:
    """Publish Japan's two-region living projects as linked open data.

    The way of the data: import, review, build, serve. `extract` reads a source again, `validate` checks any of it, `query`
    asks the release or any endpoint, `register` makes the register of municipalities anew, and
    `frontend` brings what pages have from npm.
    """


for command in (import_, extract, review, build, validate, serve, query_command, register, frontend):
    main.add_command(command)
