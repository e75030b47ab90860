"""How well the scheme's own labels suggest themes, against what people decided.

    python benchmarks/themes.py

Twice: on the documents of `data/sources/`, against their `themes.csv`; and on `themes.csv`
beside this program, sentences that were made up for the purpose, with the themes that their
author gave them before any was tried. The labels were written with the documents at hand,
and without the sentences.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from nichiiki_ld import iri
from nichiiki_ld.graph import parse_turtle
from nichiiki_ld.model import Cell
from nichiiki_ld.repository import Repository
from nichiiki_ld.settlement import Settlement, settle
from nichiiki_ld.suggestions import Suggester

ROOT = Path(__file__).parent.parent

Pair = tuple[str, str]
"""A row and a theme."""


def suggester(repository: Repository) -> Suggester:
    """Return the scheme of a checkout."""
    base = repository.publication().base
    path = repository.root / "ontology/themes.ttl"
    scheme = parse_turtle(path.read_text(encoding="utf-8"), where=str(path), base=base)
    return Suggester(scheme, base + iri.theme(""))


def of_documents(repository: Repository) -> Iterator[tuple[str, Settlement, str, set[str]]]:
    """Yield every row of every document with what people gave it: a name for it, its cells, its number, themes."""
    for source_id in repository.source_ids():
        source = repository.source(source_id)
        settlement = settle(source.cells, source.decisions, where=source_id)
        for row in settlement.rows:
            themes = {choice.theme for choice in source.themes if choice.row == row}
            yield f"{source_id} {row}", settlement, row, themes


def of_sentences() -> Iterator[tuple[str, Settlement, str, set[str]]]:
    """Yield the made-up sentences in the same way."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8") as lines:
        for number, line in enumerate(csv.DictReader(lines), start=1):
            text, row = line["text"], str(number)
            cell = Cell(row, "summary", text, 0, len(text))
            yield f"sentence {row}", settle([cell], (), where=row), row, set(line["themes"].split())


def report(
    title: str, rows: Iterable[tuple[str, Settlement, str, set[str]]], suggest: Suggester
) -> Iterator[str]:
    """Yield precision and recall as Markdown, and each pair that is wrong."""
    given: set[Pair] = set()
    suggested: dict[Pair, str] = {}
    count = 0
    for count, (name, settlement, row, themes) in enumerate(rows, start=1):  # noqa: B007 - told below
        given |= {(name, theme) for theme in themes}
        suggested |= {(name, each.theme): each.phrase for each in suggest.suggest(settlement, row)}
    right = given & suggested.keys()
    precision, recall = len(right) / len(suggested), len(right) / len(given)
    yield f"| {title} | {count} | {len(given)} | {len(suggested)} | {len(right)} | {precision:.2f} | {recall:.2f} |"
    for name, theme in sorted(suggested.keys() - given):
        yield f"not given: {theme}, {name}: {suggested[name, theme]}"
    for name, theme in sorted(given - suggested.keys()):
        yield f"not suggested: {theme}, {name}"


def main() -> None:
    """Run from the command line."""
    repository = Repository(ROOT)
    suggest = suggester(repository)
    lines = [
        *report("documents", of_documents(repository), suggest),
        *report("made-up sentences", of_sentences(), suggest),
    ]
    print("| | rows | pairs given | suggested | right | precision | recall |")
    print("|:--|--:|--:|--:|--:|--:|--:|")
    for line in sorted(lines, key=lambda line: not line.startswith("|")):
        print(line if line.startswith("|") else f"\n{line}")


if __name__ == "__main__":
    main()
