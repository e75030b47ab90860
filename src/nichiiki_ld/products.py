"""The files of a release: the steps that write them, and what describes them."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from nichiiki_ld import iri
from nichiiki_ld.crew import Equipment
from nichiiki_ld.dumps import (
    LAYOUTS,
    PRETTY,
    READING_QUADS,
    READING_TRIPLES,
    compress,
    describe_files,
    digest,
    dump_path,
    write_canonical,
    write_lists,
    write_pages,
    write_pretty,
    write_reading_quads,
    write_reading_triples,
    write_search,
    write_store,
)
from nichiiki_ld.examples import Example
from nichiiki_ld.files import read_text
from nichiiki_ld.formats import DUMPS, Format, Kind
from nichiiki_ld.model import Publication
from nichiiki_ld.repository import Repository
from nichiiki_ld.schedule import Step
from nichiiki_ld.spool import Run
from nichiiki_ld.tables import LANGUAGES, Table, geojson
from nichiiki_ld.workbook import Workbook

CANONICAL = "canonical"


def tables_of(repository: Repository) -> list[Table]:
    """Return the tables of a checkout.

    Raises:
        QueryError: No comment at the head of a query names a column.
    """
    return [Table.parse(path.stem, read_text(path)) for path in repository.files("data/tables/*.rq")]


def products(
    folder: Path,
    work: Path,
    runs: list[Run],
    equipment: Equipment,
    tables: Sequence[Table],
    issued: datetime.date,
) -> list[Step]:
    """Return the steps that write dumps, index, tables and gzip twins; `canonical` gives what was counted.

    The index takes longest, and the tables ask it, so both come before what may wait.

    Args:
        folder: Where they go.
        work: Where files go that others are made of.
        issued: Date that workbooks bear.
    """
    twins = [
        Step(f"{f.name} twin", partial(compress, dump_path(folder, f)), (_written_by(f),)) for f in DUMPS
    ]
    return [
        Step("index", partial(write_store, folder, runs)),
        Step(CANONICAL, partial(write_canonical, folder, runs, f"{equipment.base}{iri.ONTOLOGY}#")),
        Step("search", partial(write_search, folder, equipment.base, work), (CANONICAL,)),
        Step("pages", partial(write_pages, folder, equipment.base), (CANONICAL,)),
        Step("lists", partial(write_lists, folder, equipment.base), ("index",)),
        *_tables(folder, tables, issued),
        Step(READING_TRIPLES, partial(write_reading_triples, work, runs)),
        Step(READING_QUADS, partial(write_reading_quads, work, runs)),
        *(
            Step(
                each.name,
                partial(write_pretty, folder, work, each, equipment.context),
                (READING_QUADS if each.kind is Kind.DATASET else READING_TRIPLES,),
            )
            for each in PRETTY
        ),
        *twins,
    ]


def _tables(folder: Path, tables: Sequence[Table], issued: datetime.date) -> Iterator[Step]:
    """Yield the steps that write tables, one after the other: each is sorted in memory."""
    before = "index"
    for table in tables:
        name = f"table {table.name}"
        yield Step(name, partial(_table, folder, table, issued), (before,))
        before = name


def _written_by(format_: Format) -> str:
    return format_.name if format_ in PRETTY else CANONICAL


def copy_descriptions(repository: Repository, folder: Path) -> None:
    """Copy what the data are described by: ontology, context, themes, shapes, link tables and example queries.

    Raises:
        QueryError: An example query has no title or explanation.
    """
    root = repository.root
    for name in ("nichiiki.ttl", "themes.ttl", "context.jsonld"):
        target = folder / ("ontology.ttl" if name == "nichiiki.ttl" else name)
        shutil.copyfile(root / "ontology" / name, target)
    (folder / "shapes.ttl").write_text(
        "\n".join(read_text(path) for path in repository.files("shapes/*.ttl")), encoding="utf-8"
    )
    (folder / "links").mkdir()
    for path in repository.files("data/links/*.sssom.tsv"):
        shutil.copyfile(path, folder / "links" / path.name)
    (folder / "queries").mkdir()
    for path in sorted(root.glob("data/queries/*.rq")):
        Example.parse(path.stem, read_text(path))
        shutil.copyfile(path, folder / "queries" / path.name)


def _table(folder: Path, table: Table, created: datetime.date) -> None:
    """Write a table in every language, as CSV and as a workbook, and the areas as GeoJSON too."""
    rows: Iterable[dict[str, list[str]]] = table.rows(Store.read_only(str(folder / "store")))
    if table.name == "areas":
        rows = list(rows)
        text = json.dumps(geojson(rows), ensure_ascii=False, indent=1)
        (folder / "areas.geojson").write_text(text + "\n", encoding="utf-8")
    (folder / "tables").mkdir(exist_ok=True)
    with ExitStack() as stack:
        outputs, books = {}, {}
        for language in LANGUAGES:
            suffix = "" if language == LANGUAGES[0] else f".{language}"
            path = folder / "tables" / f"{table.name}{suffix}.csv"
            outputs[language] = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            headings = [heading for heading, _ in table.columns[language]]
            books[language] = stack.enter_context(
                Workbook(path.with_suffix(".xlsx"), table.name, headings, created=created)
            )
        table.write(_also_in(books, table, rows), outputs)


def _also_in(
    books: dict[str, Workbook], table: Table, rows: Iterable[dict[str, list[str]]]
) -> Iterator[dict[str, list[str]]]:
    """Yield rows, each written to the workbooks on its way."""
    for row in rows:
        for language, book in books.items():
            book.write(table.cells(row, language))
        yield row


def manifest_of(
    repository: Repository,
    publication: Publication,
    folder: Path,
    runs: list[Run],
    counts: Counter[str],
    uses: Counter[str],
) -> dict[str, Any]:
    """Return what `manifest.json` says of a release.

    Args:
        folder: Where its files are.
        counts, uses: Number of things of each class, and of statements with each property, of the vocabulary.
    """
    graphs: dict[str, int] = {}
    for run in runs:
        graphs[run.graph] = graphs.get(run.graph, 0) + run.count
    return {
        "version": publication.version,
        "issued": publication.issued.isoformat(),
        "base": publication.base,
        "title": dict(publication.title),
        "description": dict(publication.description),
        "licence": publication.licence,
        "attribution": dict(publication.attribution),
        "homepage": publication.homepage,
        "counts": dict(counts),
        "uses": dict(uses),
        "graphs": graphs,
        "inputs": {
            path.relative_to(repository.root).as_posix(): digest(path) for path in _inputs(repository)
        },
        "files": describe_files(folder),
    }


def content_of(folder: Path) -> str:
    """Return the digest of what is published, and of the layouts of the indexes that are not."""
    return hashlib.sha256(f"{digest(folder / 'SHA256SUMS')} {LAYOUTS}".encode()).hexdigest()


def _inputs(repository: Repository) -> list[Path]:
    patterns = (
        *("data/**/*.toml", "data/**/*.csv", "data/**/*.tsv", "data/**/*.rq"),
        *("data/sources/*/original.*", "data/sources/*/text.txt"),
        *("ontology/**/*.ttl", "ontology/**/*.rq", "ontology/*.jsonld", "shapes/*.ttl"),
    )
    found = {path for pattern in patterns for path in repository.root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.name != "worksheet.csv")
