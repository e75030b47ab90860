"""Documents in batches, each document reviewed before its first batch."""

from __future__ import annotations

from collections.abc import Iterator

from nichiiki_ld.crew import Batch, Equipment, only_rows
from nichiiki_ld.errors import ReviewError, SourceError, UndecidedError
from nichiiki_ld.model import Source
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.records import call_name
from nichiiki_ld.repository import Repository
from nichiiki_ld.review import programme_of, review
from nichiiki_ld.settlement import Settlement, settle
from nichiiki_ld.translations import translations_by_row

ROWS_PER_BATCH = 1000


def batches(repository: Repository, equipment: Equipment) -> Iterator[Batch]:
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
