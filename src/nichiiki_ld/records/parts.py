"""The parts that all records are made of: quotations, statements, translations and judgements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nichiiki_ld import iri
from nichiiki_ld.model import LEAD, ROW, Cell, Decision, Source, Translation
from nichiiki_ld.settlement import DROPPED, PLACE_FIELDS, Settled, Settlement

Record = dict[str, Any]
"""A JSON object whose keys are terms of the context."""


# --- quotations -------------------------------------------------------------------


def quotation(source: Source, cell: Cell, *, within: Cell | None = None, name: str | None = None) -> Record:
    """Return the record of printed words.

    Args:
        within: The whole row that they belong to. Words that stand elsewhere, such as a
            prefecture that is printed once for several rows, are not quoted from it.
        name: Where it is not that of the cell.
    """
    record: Record = {
        "id": name or iri.quotation(source.id, cell.row, cell.field),
        "type": "Quotation",
        "document": iri.document(source.id),
        "field": cell.field,
        "text": cell.printed,
        "start": str(cell.start),
        "end": str(cell.end),
        **page(source, cell),
    }
    if within and within.start <= cell.start < within.end:
        record["row"] = iri.row(source.id, cell.row)
    return record


def page(source: Source, cell: Cell) -> Record:
    """Return what a record says of the page on which words begin: nothing, where the text tells of no pages."""
    number = source.page_of(cell.start)
    return {} if number is None else {"page": number}


# --- statements -------------------------------------------------------------------


def statement(
    subject: str,
    key: str,
    value: str | dict[str, str],
    quotations: Sequence[str],
    *,
    label: str | None = None,
    corrections: Sequence[str] = (),
) -> Record:
    """Return the statement that a record makes under a key of the context, with what it rests on.

    Without quotations it is ours, and says so.
    """
    record: Record = {
        "id": iri.statement(subject, label or key),
        "type": "Statement",
        "subject": subject,
        "predicate": key,
        "quotation": list(quotations),
    }
    record["object" if isinstance(value, str) else "rdf:object"] = value
    if corrections:
        record["correction"] = list(corrections)
    if not quotations:
        record["label"] = {
            "ja": "原資料に印刷されておらず、このプロジェクトが補った事実",
            "en": "Fact that the source does not print, stated by this project",
        }
        record["prov:wasAttributedTo"] = iri.PUBLISHER
    return record


def in_japanese(text: str) -> dict[str, str]:
    """Return the object of a statement that is a text of a document."""
    return {"@value": text, "@language": "ja"}


def of_type(value: object, datatype: str) -> dict[str, str]:
    """Return the object of a statement that is a literal of a datatype of XML Schema."""
    return {"@value": str(value), "@type": f"xsd:{datatype}"}


def corrections_of(source: Source, cells: Iterable[Settled]) -> list[str]:
    """Return the names of the corrections that were made to some cells."""
    return [
        iri.correction(source.id, each.cell.row, each.cell.field)
        for each in cells
        if each.decision and each.corrected
    ]


# --- translations -----------------------------------------------------------------


def translated(translations: Sequence[Translation], field: str) -> Record:
    """Return what a record says of the translations of one of its texts: nothing, when there are none."""
    texts = {each.language: each.text for each in translations if each.field == field}
    return {"unofficialTranslation": texts} if texts else {}


def translation_record(
    source: Source, settlement: Settlement, subject: str, translation: Translation
) -> Record:
    """Return the statement that a thing has a translation: by whom, and of which printed words."""
    settled = settlement[translation.row, translation.field]
    return {
        **statement(
            subject,
            "unofficialTranslation",
            {"@value": translation.text, "@language": translation.language},
            [iri.quotation(source.id, translation.row, translation.field)],
            label=f"unofficialTranslation-{translation.language}",
            corrections=corrections_of(source, [settled]),
        ),
        "type": "Translation",
        "label": {"ja": "このプロジェクトによる非公式訳", "en": "Unofficial translation by this project"},
        "translator": translation.translator,
        "dcterms:created": translation.date.isoformat(),
        "prov:wasAttributedTo": iri.PUBLISHER,
    }


# --- judgements -------------------------------------------------------------------


def judgements(source: Source, cells: Iterable[Settled]) -> Iterator[Record]:
    """Yield what a person decided on cells: that they are misprinted, or right as they are, or no record."""
    for settled in cells:
        if settled.decision is None:
            continue
        if settled.value == DROPPED:
            yield _exclusion(source, settled.cell, settled.decision)
        elif settled.corrected:
            yield _correction(source, settled, settled.decision)
        else:
            yield _confirmation(source, settled.cell, settled.decision)


def dropped_places(source: Source, row: str) -> list[Settled]:
    """Return the cells of a row that print no place, as a person decided, each name with its decision."""
    decisions = {
        decision.field: decision
        for decision in source.decisions
        if decision.row == row and decision.value == DROPPED and decision.field != ROW
    }
    if not decisions:
        return []
    return [
        Settled(cell, DROPPED if cell.field in decisions else cell.printed, decisions.get(cell.field))
        for cell in source.cells
        if cell.row == row and cell.base_field in PLACE_FIELDS and f"name-{cell.ordinal}" in decisions
    ]


def decided(decision: Decision) -> Record:
    """Return who decided, when, why and on what evidence."""
    return {
        "reason": {"ja": decision.reason, "en": decision.reason_en},
        "evidence": list(decision.evidence),
        "reviewer": decision.reviewer,
        "decided": decision.date.isoformat(),
    }


def _correction(source: Source, settled: Settled, decision: Decision) -> Record:
    cell = settled.cell
    return {
        **_judged(source, cell, decision),
        "id": iri.correction(source.id, cell.row, cell.field),
        "type": "Correction",
        "label": {
            "ja": f"「{cell.printed}」を「{settled.value}」に訂正",
            "en": f"Correction of 「{cell.printed}」 to 「{settled.value}」",
        },
        "right": decision.value,
    }


def _confirmation(source: Source, cell: Cell, decision: Decision) -> Record:
    quoted = _in_short(cell)
    return {
        **_judged(source, cell, decision),
        "id": iri.confirmation(source.id, cell.row, cell.field),
        "type": "Confirmation",
        "label": {
            "ja": f"{quoted}を印刷のとおりと確認",
            "en": f"Confirmation that {quoted} is right as printed",
        },
    }


def _exclusion(source: Source, cell: Cell, decision: Decision) -> Record:
    quoted = _in_short(cell)
    return {
        **_judged(source, cell, decision),
        "id": iri.exclusion(source.id, cell.row, cell.field),
        "type": "Exclusion",
        "label": {"ja": f"{quoted}を除外", "en": f"Exclusion of {quoted}"},
    }


_MOST_CHARACTERS = 30


def _in_short(cell: Cell) -> str:
    """Return the printed words for a label; a whole row may be long."""
    text = " ".join(cell.printed.split())
    return f"「{text}」" if len(text) <= _MOST_CHARACTERS else f"「{text[:_MOST_CHARACTERS]}…」"


def _judged(source: Source, cell: Cell, decision: Decision) -> Record:
    """Return what a judgement is about: a document where its words stand outside the table, else a row."""
    return {
        "document" if cell.row == LEAD else "row": iri.row(source.id, cell.row),
        "field": cell.field,
        "quotation": [iri.quotation(source.id, cell.row, cell.field)],
        "printed": [cell.printed],
        **decided(decision),
    }
