"""A checkout to a release: everything that is published, validated before it is written anywhere public.

sources ── settle, review ──▶ batches ── graph, rules, SHACL ──▶ sorted runs ──▶ dumps, index, tables ──▶ one swap
"""

from __future__ import annotations

import gc
import multiprocessing
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from nichiiki_ld.batches import batches
from nichiiki_ld.compaction import Compactor
from nichiiki_ld.crew import Equipment, equip, process, validate_shared
from nichiiki_ld.dumps import write_manifest
from nichiiki_ld.errors import NotConformant
from nichiiki_ld.groundwork import equipment_of, shared_graphs
from nichiiki_ld.products import CANONICAL, content_of, copy_descriptions, manifest_of, products, tables_of
from nichiiki_ld.release import new_folder, publish
from nichiiki_ld.report import report_turtle, violations
from nichiiki_ld.repository import Repository
from nichiiki_ld.schedule import run_steps
from nichiiki_ld.shapes import Result
from nichiiki_ld.spool import Run, write_run
from nichiiki_ld.statements import n_triples, subjects_of

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is (0: not known)."""

SHARED_SUBJECTS_PER_TASK = 700
OBJECTS_PER_COLLECTION = 500_000


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
        equipment = equipment_of(repository, publication, shared, work)
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
        steps = products(folder, work, runs, equipment, tables_of(repository), publication.issued)
        progress("files", 0, len(steps))
        counts, uses = run_steps(pool, workers, steps, partial(progress, "files"))[CANONICAL]
        shutil.rmtree(work)
        copy_descriptions(repository, folder)
        (folder / "validation-report.ttl").write_bytes(report_turtle(results, publication.base))
        progress("publish", 0, 1)
        manifest = manifest_of(repository, publication, folder, runs, counts, uses)
        write_manifest(folder, manifest)
        released = publish(folder, dist, publication.version, content_of(folder))
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
        equipment = equipment_of(repository, publication, shared, Path(folder))
        with _pool(workers, equipment) as pool:
            return _graph(repository, equipment, shared, pool, workers, lambda *_: None)[1]


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
    for batch in batches(repository, equipment):
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
