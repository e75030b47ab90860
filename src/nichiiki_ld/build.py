"""A checkout to a release: everything that is published, validated before it is written anywhere public.

sources ── settle, review ──▶ batches ── graph, rules, SHACL ──▶ sorted runs ──▶ dumps, index, tables ──▶ one swap
"""

from __future__ import annotations

import datetime
import gc
import hashlib
import json
import multiprocessing
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import Store, Triple

from nichiiki_ld import iri
from nichiiki_ld.compaction import Compactor
from nichiiki_ld.crew import Batch, Equipment, equip, only_rows, process, validate_shared
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
    write_manifest,
    write_pages,
    write_pretty,
    write_reading_quads,
    write_reading_triples,
    write_search,
    write_store,
)
from nichiiki_ld.errors import NotConformant, ReleaseError, ReviewError, SourceError, UndecidedError
from nichiiki_ld.examples import Example
from nichiiki_ld.files import read_text
from nichiiki_ld.formats import DUMPS, Format, Kind
from nichiiki_ld.graph import (
    derive,
    labels_below,
    n_triples,
    parse_json,
    parse_turtle,
    read_records,
    statements_of,
    subjects_of,
    triples_in,
)
from nichiiki_ld.model import Publication, Source
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.publication import dataset_records
from nichiiki_ld.records import call_name
from nichiiki_ld.reference import link_records, programme_records, register_records
from nichiiki_ld.release import new_folder, publish
from nichiiki_ld.report import report_turtle, violations
from nichiiki_ld.repository import Repository
from nichiiki_ld.review import programme_of, review
from nichiiki_ld.schedule import Step, run_steps
from nichiiki_ld.settlement import Settlement, settle
from nichiiki_ld.shapes import Result, Shapes
from nichiiki_ld.spool import Run, write_run
from nichiiki_ld.tables import LANGUAGES, Table, geojson
from nichiiki_ld.translations import translations_by_row
from nichiiki_ld.workbook import Workbook

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is (0: not known)."""

ROWS_PER_BATCH = 1000
SHARED_SUBJECTS_PER_TASK = 700
OBJECTS_PER_COLLECTION = 500_000
CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made.

    Attributes:
        folder: `dist/<version>`.
        manifest: What `manifest.json` holds.
        results: What validation found; warnings only, since a violation stops the build.
    """

    folder: Path
    manifest: dict[str, Any]
    results: list[Result]


def build(repository: Repository, dist: Path, *, workers: int, progress: Progress) -> Built:
    """Write a release of a checkout and make it the current one.

    Nothing below `dist` changes for a reader until the last step.

    Args:
        workers: How many processes share the work, at least 1.

    Raises:
        UndecidedError: A document holds a doubt that no decision settles.
        NotConformant: The graph violates a shape.
        NichiikiError: An input is missing, broken or altered, or `dist` cannot be written to.
    """
    publication = repository.publication()
    with ExitStack() as stack:
        progress("read", 0, 1)
        folder = stack.enter_context(new_folder(dist))
        work = folder / "work"
        work.mkdir()
        shared = shared_graphs(repository, publication)
        equipment = _equipment(repository, publication, shared, work)
        progress("read", 1, 1)
        with _pool(workers, equipment) as pool:
            runs, results = _graph(repository, equipment, shared, pool, workers, progress)
        if found := violations(results):
            raise NotConformant(
                f"{len(found)} violations, the first: {found[0].messages[0][1]}",
                where=found[0].focus,
                hint="mend the data; 'nichiiki-ld validate' shows all of them",
            )
        # New processes: the equipment of the old ones is large, and not needed any more.
        pool = stack.enter_context(_pool(workers))
        steps = _files(folder, work, runs, equipment, _tables_of(repository), publication.issued)
        progress("files", 0, len(steps))
        counts, uses = run_steps(pool, workers, steps, partial(progress, "files"))[CANONICAL]
        shutil.rmtree(work)
        _copies(repository, folder)
        (folder / "validation-report.ttl").write_bytes(report_turtle(results, publication.base))
        progress("publish", 0, 1)
        manifest = _manifest(repository, publication, folder, runs, counts, uses)
        write_manifest(folder, manifest)
        released = publish(folder, dist, publication.version, _content(folder))
        progress("publish", 1, 1)
        return Built(released, manifest, results)


def _pool(workers: int, equipment: Equipment | None = None) -> ProcessPoolExecutor:
    """Return processes that are started afresh, equipped if equipment is given."""
    # A fork would take threads and memory along.
    context = multiprocessing.get_context("forkserver")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=partial(_start, equipment))


def _start(equipment: Equipment | None) -> None:
    """Make this process ready for work.

    What it does makes millions of small values and few cycles, which the collector would
    look for over and over again in all that the process holds.
    """
    if equipment:
        equip(equipment)
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_PER_COLLECTION)


def check(repository: Repository, *, workers: int) -> list[Result]:
    """Return what validation finds in all that a build would release, in the way of a build, and release nothing.

    Raises:
        NichiikiError: As `build` does, for its inputs.
    """
    publication = repository.publication()
    shared = shared_graphs(repository, publication)
    with tempfile.TemporaryDirectory() as folder:
        equipment = _equipment(repository, publication, shared, Path(folder))
        with _pool(workers, equipment) as pool:
            return _graph(repository, equipment, shared, pool, workers, lambda *_: None)[1]


# --- what comes from no document ---------------------------------------------------


def shared_graphs(repository: Repository, publication: Publication) -> dict[str, set[Triple]]:
    """Return graph name → triples of the ontology, themes, register, programmes, links and the dataset itself."""
    root, base = repository.root, publication.base
    context = _context(repository, publication)
    rules = _rules(repository)
    axioms = parse_turtle(read_text(root / "ontology/nichiiki.ttl"), where="ontology/nichiiki.ttl", base=base)
    for path in sorted((root / "ontology/alignments").glob("*.ttl")):
        axioms |= parse_turtle(read_text(path), where=str(path.relative_to(root)), base=base)
    themes = parse_turtle(read_text(root / "ontology/themes.ttl"), where="ontology/themes.ttl", base=base)
    linksets = repository.linksets()
    made = {
        iri.REGISTER: (register_records(repository.register()), "data/registers"),
        iri.PROGRAMMES: (programme_records(repository.programmes().values()), "data/programmes"),
        iri.DATASET: (dataset_records(publication, linksets), "data/publication.toml"),
    } | {iri.linkset(linkset.id): (link_records(linkset), f"data/links/{linkset.id}") for linkset in linksets}
    graphs = {iri.ONTOLOGY: axioms, iri.THEMES: themes}
    for name, (records, where) in made.items():
        store = read_records(records, context, where=where)
        derive(store, rules, n_triples(axioms), base + iri.ONTOLOGY)
        graphs[name] = triples_in(statements_of(store))
    return graphs


def _equipment(
    repository: Repository, publication: Publication, shared: dict[str, set[Triple]], work: Path
) -> Equipment:
    union: set[Triple] = set().union(*shared.values())
    return Equipment(
        base=publication.base,
        context=_context(repository, publication),
        rules=_rules(repository),
        shapes=shapes_of(repository),
        register=tuple(repository.register()),
        programmes=repository.programmes(),
        themes=labels_below(shared[iri.THEMES], publication.base + iri.theme("")),
        shared=n_triples(union),
        axioms=n_triples(shared[iri.ONTOLOGY]),
        work=work,
    )


def shapes_of(repository: Repository) -> Shapes:
    """Return the shapes of a checkout.

    Raises:
        ShapesError: They cannot be used.
    """
    return Shapes.parse({f"shapes/{path.name}": read_text(path) for path in repository.files("shapes/*.ttl")})


def _context(repository: Repository, publication: Publication) -> dict[str, Any]:
    path = repository.root / "ontology/context.jsonld"
    context: dict[str, Any] = parse_json(read_text(path), where=str(path))["@context"]
    if context.get("@base") != publication.base:
        raise ReleaseError(
            f"the context's base is {context.get('@base')}, but the publication's is {publication.base}",
            where=str(path),
            hint="change both, and the prefixes in ontology/, shapes/ and data/",
        )
    return context


def _rules(repository: Repository) -> dict[str, str]:
    return {
        f"ontology/rules/{path.name}": read_text(path) for path in repository.files("ontology/rules/*.rq")
    }


def _tables_of(repository: Repository) -> list[Table]:
    return [Table.parse(path.stem, read_text(path)) for path in repository.files("data/tables/*.rq")]


# --- documents -------------------------------------------------------------------------


def _graph(
    repository: Repository,
    equipment: Equipment,
    shared: dict[str, set[Triple]],
    pool: ProcessPoolExecutor,
    workers: int,
    progress: Progress,
) -> tuple[list[Run], list[Result]]:
    """Return the runs of all graphs, and everything that validation found, sorted."""
    results: list[Result] = []
    runs: list[Run] = []
    subjects = sorted({subject for triples in shared.values() for subject in subjects_of(triples)})
    tasks: Iterable[Future[Any]] = [
        pool.submit(validate_shared, frozenset(subjects[start : start + SHARED_SUBJECTS_PER_TASK]))
        for start in range(0, len(subjects), SHARED_SUBJECTS_PER_TASK)
    ]
    compactor = Compactor(equipment.context)
    for number, (name, triples) in enumerate(sorted(shared.items())):
        graph, statements = equipment.base + name, n_triples(triples)
        runs.append(write_run(equipment.work, f"shared-{number:03}", graph, statements, compactor))
    waiting = deque(tasks)
    done, known = 0, len(waiting)
    for batch in _batches(repository, equipment):
        waiting.append(pool.submit(process, batch))
        known += 1
        while len(waiting) > 2 * workers:
            done = _collect(waiting.popleft(), runs, results, done)
            progress("graph and validate", done, 0)
    while waiting:
        done = _collect(waiting.popleft(), runs, results, done)
        progress("graph and validate", done, known)
    return runs, sorted(set(results))


def _collect(task: Future[Any], runs: list[Run], results: list[Result], done: int) -> int:
    outcome = task.result()
    if isinstance(outcome, tuple):
        run, outcome = outcome
        runs.append(run)
    results.extend(outcome)
    return done + 1


def _batches(repository: Repository, equipment: Equipment) -> Iterator[Batch]:
    """Yield the documents in pieces, each reviewed before its first piece.

    Raises:
        UndecidedError: A document holds a doubt that no decision settles.
        SourceError: Nobody has said under which licence it is.
        ReviewError: Its programme is not known, a theme is given to a row that does not exist, a
            translation is not of what is printed, or two documents report the same call.
    """
    gazetteer = Gazetteer(equipment.register)
    number = 0
    reported: dict[str, str] = {}
    for source_id in repository.source_ids():
        source = repository.source(source_id)
        settlement = _reviewed(source, equipment, gazetteer)
        call = call_name(source, settlement, equipment.programmes[source.programme])
        if call in reported:
            raise ReviewError(
                f"data/sources/{reported[call]} reports {call} too",
                where=f"data/sources/{source_id}",
                hint="say the round of the call under [stated] in source.toml, or keep one of the documents",
            )
        reported[call] = source_id
        # A row that was dropped is published too, with the reason.
        rows = settlement.all_rows
        for start in range(0, len(rows), ROWS_PER_BATCH):
            part = only_rows(source, frozenset(rows[start : start + ROWS_PER_BATCH]))
            yield Batch(number, part, with_head=start == 0)
            number += 1


def _reviewed(source: Source, equipment: Equipment, gazetteer: Gazetteer) -> Settlement:
    folder = f"data/sources/{source.id}"
    programme = programme_of(source, equipment.programmes)
    if not source.licence:
        raise SourceError(
            "says no licence",
            where=f"{folder}/source.toml",
            hint='look how the publisher licenses its documents, and give its address: licence = "https://…"',
        )
    settlement = settle(source.cells, source.decisions, where=f"{folder}/decisions.csv")
    doubts = review(settlement, gazetteer, programme=programme.name["ja"], stated=source.stated)
    if doubts:
        first = doubts[0]
        raise UndecidedError(
            f"{len(doubts)} doubts are not decided, the first: row {first.row}, {first.field} "
            f"「{first.printed}」: {first.why}",
            where=folder,
            hint=f"run 'nichiiki-ld review {source.id}'",
        )
    known = set(settlement.rows)
    for choice in source.themes:
        if choice.row not in known:
            raise ReviewError(
                f"there is no row {choice.row}",
                where=f"{folder}/themes.csv:{choice.line}",
                hint="give the number of a row of the table",
            )
    translations_by_row(source, settlement)
    return settlement


# --- files -----------------------------------------------------------------------------


def _files(
    folder: Path,
    work: Path,
    runs: list[Run],
    equipment: Equipment,
    tables: Sequence[Table],
    issued: datetime.date,
) -> list[Step]:
    """Return the steps that write dumps, index, tables and gzip twins; `canonical` gives what was counted.

    The index takes longest, and the tables ask it, so both come before what may wait.
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


def _copies(repository: Repository, folder: Path) -> None:
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


def _manifest(
    repository: Repository,
    publication: Publication,
    folder: Path,
    runs: list[Run],
    counts: Counter[str],
    uses: Counter[str],
) -> dict[str, Any]:
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


def _content(folder: Path) -> str:
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
