"""The table of settings in `docs/how-to/deploy.md`, made from `nichiiki_ld.settings`.

`python tests/settings_table.py` writes it; a test checks that it is written.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

from nichiiki_ld.settings import VARIABLES, Settings

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "deploy.md"

_TABLE = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
_ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n {8,}.+)*)", re.MULTILINE)
_MADE = {"workers": "4 for each processor, at most 32"}
"""Defaults that depend on the machine."""


def descriptions() -> dict[str, str]:
    """Return attribute → what the docstring of `Settings` says of it."""
    _, _, attributes = inspect.cleandoc(Settings.__doc__ or "").partition("Attributes:\n")
    return {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(attributes)}


def table() -> str:
    """Return the table in Markdown, a row for each variable."""
    described = descriptions()
    defaults = {each.name: each.default for each in dataclasses.fields(Settings)}
    rows = [
        f"| `{variable}` | {_MADE.get(name) or _text(defaults[name])} | {described[name]} |"
        for variable, name in VARIABLES.items()
    ]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows]) + "\n"


def written() -> str:
    """Return the table that the page has."""
    found = _TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found, "the page has no place for the table"
    return found[0]


def write() -> None:
    """Put the table into the page."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_TABLE.sub(lambda _: table(), page), encoding="utf-8")


def _text(default: object) -> str:
    if default == "":
        return "none"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


if __name__ == "__main__":
    write()
