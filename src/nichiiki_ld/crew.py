"""What a worker process of a build does with one batch: make it a graph, validate it, spool it.

A worker is equipped once with everything that batches share. Batches are independent:
the shapes look at a node and its neighbours only, and the neighbours of a batch are in
the batch, in the head of its document, or in what is shared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nichiiki_ld import iri
from nichiiki_ld.compaction import Compactor, Context
from nichiiki_ld.graph import derive, read_records
from nichiiki_ld.model import LEAD, Area, Programme, Source, ThemeChoice
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.records import document_records, row_records
from nichiiki_ld.settlement import settle
from nichiiki_ld.shapes import DataGraph, Result, Shapes
from nichiiki_ld.spool import Run, write_run
from nichiiki_ld.statements import statements_of
from nichiiki_ld.translations import translations_by_row


@dataclass(frozen=True, slots=True)
class Equipment:
    """What all batches of a build share. Plain values, so that it can be sent to a process.

    Attributes:
        themes: Id → labels by language, of every theme of the scheme.
        shared: N-Triples of every graph that comes from no document, derived statements included.
        axioms: N-Triples of the ontology.
        work: Folder for the runs.
    """

    base: str
    context: Context
    rules: Mapping[str, str]
    shapes: Shapes
    register: tuple[Area, ...]
    programmes: Mapping[str, Programme]
    themes: Mapping[str, Mapping[str, str]]
    shared: bytes
    axioms: bytes
    work: Path


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a document.

    Attributes:
        number: Position among all batches; it names the run.
        source: The document with the cells of its lead and of these rows only.
        with_head: Whether the statements of the lead belong to this batch too.
    """

    number: int
    source: Source
    with_head: bool


class Worker:
    """A process that is equipped for batches."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._compactor = Compactor(equipment.context)
        self._gazetteer = Gazetteer(equipment.register)
        self._data = DataGraph(equipment.shapes, equipment.shared)

    def process(self, batch: Batch) -> tuple[Run, list[Result]]:
        """Return the run that a batch was written as, and what its validation found."""
        source = batch.source
        settlement = settle(source.cells, source.decisions, where=f"data/sources/{source.id}/decisions.csv")
        programme = self._equipment.programmes[source.programme]
        translations = translations_by_row(source, settlement)
        head = self._statements(
            list(document_records(source, settlement, programme, translations.get(LEAD, ()))),
            f"data/sources/{source.id}",
        )
        body = b""
        if settlement.all_rows:
            themes: defaultdict[str, list[ThemeChoice]] = defaultdict(list)
            for choice in source.themes:
                themes[choice.row].append(choice)
            records = [
                record
                for row in settlement.all_rows
                for record in row_records(
                    source,
                    settlement,
                    row,
                    programme,
                    self._gazetteer,
                    self._equipment.themes,
                    themes[row],
                    translations.get(row, ()),
                )
            ]
            body = self._statements(records, f"data/sources/{source.id}")
        own = body + head if batch.with_head else body
        results = self._data.validate(own, neighbours=b"" if batch.with_head else head)
        graph = self._equipment.base + iri.document(source.id)
        return write_run(
            self._equipment.work, f"batch-{batch.number:06}", graph, own, self._compactor
        ), results

    def validate_shared(self, subjects: frozenset[str]) -> list[Result]:
        """Return what validation finds about some subjects of what is shared."""
        return self._data.validate(b"", focus=subjects)

    def _statements(self, records: list[dict[str, object]], where: str) -> bytes:
        """Return what records say, and what follows from it, as N-Triples."""
        equipment = self._equipment
        store = read_records(records, equipment.context, where=where)
        derive(store, equipment.rules, equipment.axioms, equipment.base + iri.ONTOLOGY)
        return statements_of(store)


def only_rows(source: Source, rows: frozenset[str]) -> Source:
    """Return a document with nothing but its lead and some of its rows."""
    return replace(
        source,
        text=source.lead,
        cells=tuple(cell for cell in source.cells if cell.row == LEAD or cell.row in rows),
        decisions=tuple(d for d in source.decisions if d.row == LEAD or d.row in rows),
        themes=tuple(choice for choice in source.themes if choice.row in rows),
        translations=tuple(t for t in source.translations if t.row == LEAD or t.row in rows),
    )


_worker: Worker | None = None


def equip(equipment: Equipment) -> None:
    """Make this process a worker."""
    global _worker  # noqa: PLW0603 - the state of a worker process, set once when it starts
    _worker = Worker(equipment)


def process(batch: Batch) -> tuple[Run, list[Result]]:
    """Do `Worker.process` in this process."""
    assert _worker
    return _worker.process(batch)


def validate_shared(subjects: frozenset[str]) -> list[Result]:
    """Do `Worker.validate_shared` in this process."""
    assert _worker
    return _worker.validate_shared(subjects)
