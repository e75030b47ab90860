"""`nichiiki-ld import`: a document from a file or the web becomes a source."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from nichiiki_ld.cli.desk import Desk
from nichiiki_ld.cli.imported import Imported, show
from nichiiki_ld.cli.options import root_option
from nichiiki_ld.cli.reading import read_document
from nichiiki_ld.errors import LayoutError, SourceError
from nichiiki_ld.extract import ROLES, Extraction
from nichiiki_ld.fetch import fetch, is_address
from nichiiki_ld.intake import Intake, describe, programme_named
from nichiiki_ld.model import Doubt, Programme, Source
from nichiiki_ld.reading import kind_of
from nichiiki_ld.reading.limits import MIBIBYTE, MOST_FILE_BYTES
from nichiiki_ld.repository import Repository
from nichiiki_ld.repository.folder import DESCRIPTION, WORKSHEET, SourceFolder, extraction_files
from nichiiki_ld.repository.sources import SOURCE_ID
from nichiiki_ld.repository.tables import format_worksheet
from nichiiki_ld.settlement import Settlement

UNDECIDED = 1


def _id(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not SOURCE_ID.fullmatch(value):
        raise click.BadParameter("an id has lower-case letters, digits and hyphens: 2026-03-26-mlit")
    return value


def _columns(
    _context: click.Context, _parameter: click.Parameter, values: Sequence[str]
) -> Mapping[str, str]:
    columns = {}
    for value in values:
        heading, _, role = value.rpartition("=")
        if not heading or role not in ROLES:
            raise click.BadParameter(f"'{value}' is not HEADING=ROLE with a role of: {', '.join(ROLES)}")
        columns[heading] = role
    return columns


@click.command("import")
@click.argument("document", metavar="FILE|URL")
@click.option(
    "--id", "source_id", callback=_id, help="Of the source.  [default: day and publisher: 2026-03-26-mlit]"
)
@click.option(
    "--programme",
    "programme_id",
    metavar="ID",
    help="Of data/programmes/.  [default: the one that the document names]",
)
@click.option(
    "--column",
    "columns",
    metavar="HEADING=ROLE",
    multiple=True,
    callback=_columns,
    help=f"What a column is whose heading is not recognised; may be given several times. A role is one of: {', '.join(ROLES)}.",
)
@root_option
def import_(
    document: str, source_id: str | None, programme_id: str | None, columns: Mapping[str, str], root: Path
) -> None:
    """Make a source of an official list: PDF, HTML, XLSX, DOCX, CSV, TSV or text.

    Makes a folder below data/sources with the original, its rows exactly as printed, a
    description as far as the document tells, and a worksheet of what only a person can
    decide. The folder is made whole or not at all.

    A document that is a source already is read again: source.toml and everything that a
    person decided stay as they are.

    Exit status: 0 when nothing is left to decide, 1 when something is, 2 when nothing was imported.
    """
    repository = Repository(root)
    received = _fetched(document) if is_address(document) and not Path(document).exists() else _read(document)
    known = repository.sources.of_digest(received.sha256)
    if known and source_id in {None, *known}:
        imported = _again(repository, repository.sources[source_id or known[0]], programme_id, columns)
    elif known:
        raise SourceError(
            f"is a source already, as {known[0]}",
            where=document,
            hint=f"leave --id out, or say --id {known[0]}",
        )
    else:
        imported = _anew(repository, received, source_id, programme_id, columns)
    show(Console(highlight=False), imported, root)
    sys.exit(UNDECIDED if imported.doubts else 0)


# --- what comes in ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Received:
    content: bytes
    name: str
    address: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def _fetched(address: str) -> _Received:
    with Console(stderr=True).status("fetching"):
        fetched = fetch(address)
    return _Received(fetched.content, fetched.name, fetched.address)


def _read(name: str) -> _Received:
    path = Path(name)
    try:
        if not path.is_file():
            problem = "is no file" if path.exists() else "there is no such file"
            raise SourceError(
                problem, where=name, hint="name a file, or an address that begins with https://"
            )
        if path.stat().st_size > MOST_FILE_BYTES:
            raise SourceError(
                f"is larger than {MOST_FILE_BYTES // MIBIBYTE} MiB, the limit",
                where=name,
                hint="keep the part that has the list, and save that as a file",
            )
        return _Received(path.read_bytes(), name)
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror}", where=name, hint="look at its permissions"
        ) from None


# --- a new source ----------------------------------------------------------------------


def _anew(
    repository: Repository,
    received: _Received,
    source_id: str | None,
    programme_id: str | None,
    columns: Mapping[str, str],
) -> Imported:
    """Make a source.

    Raises:
        SourceError: Its programme or its day is not known, or there is another document of that id.
    """
    if source_id and source_id in repository.sources:
        raise _taken(repository.sources[source_id])
    desk = Desk.of(repository)
    try:
        document, extraction = read_document(received.content, received.name, columns)
    except LayoutError as error:
        if "[columns]" in (error.hint or ""):
            error.hint = f"{error.hint}\n\nthere is no source.toml yet: say each as --column HEADING=ROLE"
        raise
    programme = _programme(desk.programmes, programme_id, extraction, received.name)
    intake = Intake(
        programme=programme,
        original=f"original.{kind_of(received.content, received.name)}",
        sha256=received.sha256,
        cells=extraction.cells,
        address=received.address,
        called=document.title,
        columns=columns,
    )
    source_id = source_id or intake.proposed_id()
    if source_id is None:
        raise SourceError(
            "the document does not print the day of its publication where it is looked for",
            where=received.name,
            hint="say --id, with the day and the publisher: 2026-03-26-mlit",
        )
    if source_id in repository.sources:
        raise _taken(repository.sources[source_id])
    source = Source(
        id=source_id,
        programme=programme.id,
        original=intake.original,
        sha256=intake.sha256,
        licence=intake.licence,
        attribution=intake.attribution,
        publisher=programme.agency.corporate_number,
        columns=columns,
        cells=extraction.cells,
    ).with_text(extraction.text)
    settlement, doubts = desk.review(source)
    files = {
        intake.original: received.content,
        DESCRIPTION: describe(intake).encode(),
        **extraction_files(intake.original, received.content, extraction.text, extraction.cells),
    }
    if worksheet := format_worksheet(source_id, doubts, extraction.cells):
        files[WORKSHEET] = worksheet.encode()
    folder = repository.sources.add(source_id, files)
    return _imported(folder, source, extraction, desk, settlement, doubts, document.pages, anew=True)


def _programme(
    programmes: Mapping[str, Programme], programme_id: str | None, extraction: Extraction, name: str
) -> Programme:
    if programme_id is None:
        try:
            return programme_named(extraction.text, extraction.cells, programmes)
        except SourceError as error:
            error.where = name
            raise
    if programme_id not in programmes:
        raise SourceError(
            f"there is no programme '{programme_id}'",
            hint=f"describe it in data/programmes/{programme_id}.toml, or use one of: {', '.join(programmes)}",
        )
    return programmes[programme_id]


def _taken(folder: SourceFolder) -> SourceError:
    return SourceError(
        "is another document",
        where=str(folder.path),
        hint="give another id with --id; a new edition of a document is a new source with its own folder",
    )


# --- a source that is there already ----------------------------------------------------


def _again(
    repository: Repository,
    folder: SourceFolder,
    programme_id: str | None,
    columns: Mapping[str, str],
) -> Imported:
    """Read a source again, as its description says.

    Raises:
        SourceError: The command line says something else than the description.
        ReviewError: The worksheet is filled in.
    """
    described, content = folder.original()
    if programme_id not in {None, described.programme} or not columns.items() <= described.columns.items():
        raise SourceError(
            "is a source already, and its description says something else",
            where=str(folder.path / DESCRIPTION),
            hint="change it there, and import again without --programme and --column",
        )
    folder.look_at_worksheet()
    desk = Desk.of(repository)
    # By its own name: the extension tells how it is read, and whoever comes with the same bytes may call them otherwise.
    document, extraction = read_document(content, str(folder.path / described.original), described.columns)
    folder.write_extraction(extraction.text, extraction.cells)
    source = folder.source()
    settlement, doubts = desk.review(source)
    folder.write_worksheet(doubts, source.cells)
    return _imported(folder, source, extraction, desk, settlement, doubts, document.pages, anew=False)


def _imported(
    folder: SourceFolder,
    source: Source,
    extraction: Extraction,
    desk: Desk,
    settlement: Settlement,
    doubts: Sequence[Doubt],
    pages: int,
    *,
    anew: bool,
) -> Imported:
    return Imported(
        folder=folder.path,
        source=source,
        programme=desk.programmes[source.programme],
        columns=extraction.columns,
        notes=extraction.notes,
        doubts=doubts,
        suggestions=desk.suggestions(source, settlement),
        pages=pages,
        anew=anew,
    )
