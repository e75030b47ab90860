"""A document's settled cells to records: plain JSON documents against `ontology/context.jsonld`.

A record says what the data say, and which printed words it rests on. There is no RDF
here: the context makes it. Every statement that rests on printed words comes with a
`Statement` that names its subject, predicate, object and quotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nichiiki_ld import iri, printed
from nichiiki_ld.errors import PhraseNotFound, ReviewError, UnknownPlace, UnknownTheme
from nichiiki_ld.model import LEAD, Area, Cell, Decision, Programme, Source, ThemeChoice, Translation
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.settlement import Settled, Settlement

Record = dict[str, Any]
"""A JSON object whose keys are terms of the context."""

# --- a document -----------------------------------------------------------------


def document_records(
    source: Source, settlement: Settlement, programme: Programme, translations: Sequence[Translation] = ()
) -> Iterator[Record]:
    """Yield what a document's lead says: the document, its call and decision, with their statements.

    Args:
        translations: Those of its title.

    Raises:
        ReviewError: A date or number of the lead cannot be understood.
    """
    lead = _Lead(source, settlement)
    document = iri.document(source.id)
    agency = iri.organization(source.publisher)
    published = lead.date("published-date")
    title = settlement[LEAD, "title"].value
    yield {
        "id": document,
        "type": "SourceDocument",
        "label": {"ja": title, "en": _described(source, programme, published)},
        "title": {"ja": title},
        **_translated(translations, "title"),
        "published": published,
        "publisher": agency,
        "office": {"ja": settlement[LEAD, "office-1"].value},
        "telephone": [s.value for s in settlement.repeated(LEAD, "telephone")],
        "sha256": source.sha256,
        "license": source.licence,
        "attribution": {"ja": source.attribution},
        **({"text": source.published_lead} if source.published_lead else {}),
        **({"seeAlso": list(source.related)} if source.related else {}),
    }
    call = call_name(source, settlement)
    fiscal_year, round_ = lead.fiscal_year(), lead.number("round")
    yield {
        "id": call,
        "type": "Call",
        "label": {
            "ja": f"{programme.name['ja']} 令和{fiscal_year - 2018}年度 {round_}次募集",
            "en": f"{programme.name['en']}, fiscal {fiscal_year}, call {round_}",
        },
        "programme": iri.programme(programme.id),
        "document": document,
        "fiscalYear": str(fiscal_year),
        "round": round_,
        **lead.optional(
            {
                "applicationOpens": lead.date,
                "applicationCloses": lead.date,
                "applicationCount": lead.number,
                "decisionCount": lead.number,
                "previousDecisionDate": lead.date,
            }
        ),
    }
    decision = iri.decision(call)
    yield {
        "id": decision,
        "type": "GrantDecision",
        "label": {
            "ja": f"令和{fiscal_year - 2018}年度 {round_}次募集の交付決定",
            "en": f"Grant decision of fiscal {fiscal_year}, call {round_}",
        },
        "call": call,
        "agency": agency,
        "document": document,
        "announced": published,
    }
    yield from _lead_statements(source, settlement, document, call, decision, published)
    for settled in settlement.row(LEAD):
        yield _quotation(source, settled.cell)
    for translation in translations:
        yield _translation(source, settlement, document, translation)
    yield from _contradictions(source, settlement)


def _described(source: Source, programme: Programme, published: str) -> str:
    """Return a description in English of a document whose title is Japanese: its day, and who published it."""
    agency = programme.agency
    who = f" ({agency.name['en']})" if source.publisher == agency.corporate_number else ""
    return f"Document of {published}{who}"


def call_name(source: Source, settlement: Settlement) -> str:
    """Return the name of the call that a document reports."""
    lead = _Lead(source, settlement)
    return iri.call(lead.fiscal_year(), lead.number("round"))


class _Lead:
    """The facts of a lead, understood."""

    def __init__(self, source: Source, settlement: Settlement) -> None:
        self._source = source
        self._settlement = settlement

    def _value(self, field: str) -> str:
        single = self._settlement.get(LEAD, field)
        if single:
            return single.value
        chosen = self._settlement.chosen(field)
        if not chosen:
            raise ReviewError(
                f"the lead does not print {field}",
                where=f"data/sources/{self._source.id}/rows.csv",
                hint="add a decision, or read the document with another layout",
            )
        return chosen[0].value

    def date(self, field: str) -> str:
        published = printed.date(self._value("published-date"))
        return printed.date(self._value(field), published).isoformat()

    def number(self, field: str) -> int:
        return printed.number(self._value(field))

    def fiscal_year(self) -> int:
        return printed.fiscal_year(self._value("fiscal-year"))

    def optional(self, wanted: dict[str, Any]) -> Record:
        found: Record = {}
        for key, understand in wanted.items():
            field = _LEAD_FIELDS[key]
            if self._settlement.get(LEAD, field) or self._settlement.chosen(field):
                found[key] = understand(field)
        return found


_LEAD_FIELDS = {
    "applicationOpens": "application-opens",
    "applicationCloses": "application-closes",
    "applicationCount": "application-count",
    "decisionCount": "decision-count",
    "previousDecisionDate": "previous-decision-date",
}
"""Property of the call → field of the lead."""


def _lead_statements(
    source: Source, settlement: Settlement, document: str, call: str, decision: str, published: str
) -> Iterator[Record]:
    def quotes(field: str) -> list[str]:
        return [iri.quotation(source.id, LEAD, s.cell.field) for s in settlement.chosen(field)]

    lead = _Lead(source, settlement)
    day = {"@type": "xsd:date"}
    yield _statement(document, "published", {"@value": published, **day}, quotes("published-date"))
    yield _statement(
        document, "title", {"@value": settlement[LEAD, "title"].value, "@language": "ja"}, quotes("title")
    )
    yield _statement(
        document,
        "office",
        {"@value": settlement[LEAD, "office-1"].value, "@language": "ja"},
        quotes("office"),
    )
    for settled in settlement.repeated(LEAD, "telephone"):
        yield _statement(
            document,
            "telephone",
            {"@value": settled.value},
            [iri.quotation(source.id, LEAD, settled.cell.field)],
            label=settled.cell.field,
        )
    yield _statement(call, "programme", iri.programme(source.programme), quotes("programme"))
    yield _statement(
        call, "fiscalYear", {"@value": str(lead.fiscal_year()), "@type": "xsd:gYear"}, quotes("fiscal-year")
    )
    yield _statement(
        call, "round", {"@value": str(lead.number("round")), "@type": "xsd:integer"}, quotes("round")
    )
    for key in ("applicationOpens", "applicationCloses", "previousDecisionDate"):
        if found := lead.optional({key: lead.date}):
            yield _statement(call, key, {"@value": found[key], **day}, quotes(_LEAD_FIELDS[key]))
    for key in ("applicationCount", "decisionCount"):
        if found := lead.optional({key: lead.number}):
            value = {"@value": str(found[key]), "@type": "xsd:integer"}
            yield _statement(call, key, value, quotes(_LEAD_FIELDS[key]))
    yield _statement(decision, "announced", {"@value": published, **day}, quotes("published-date"))


def _contradictions(source: Source, settlement: Settlement) -> Iterator[Record]:
    for field, decision in settlement.choices.items():
        cells = settlement.repeated(LEAD, field)
        printings = list(dict.fromkeys(s.cell.printed for s in cells))
        quoted = [f"「{text}」" for text in printings]
        yield {
            "id": iri.contradiction(source.id, field),
            "type": "Contradiction",
            "label": {
                "ja": f"{'と'.join(quoted)}の矛盾",
                "en": f"Contradiction between {' and '.join(quoted)}",
            },
            "document": iri.document(source.id),
            "field": field,
            "quotation": [iri.quotation(source.id, LEAD, s.cell.field) for s in cells],
            "printed": printings,
            **_decided(decision),
        }


# --- rows ------------------------------------------------------------------------


def row_records(
    source: Source,
    settlement: Settlement,
    row: str,
    gazetteer: Gazetteer,
    themes: Mapping[str, Mapping[str, str]],
    choices: Sequence[ThemeChoice],
    translations: Sequence[Translation] = (),
) -> Iterator[Record]:
    """Yield what one row says: the project, its consortium, and all that supports them.

    Args:
        themes: Id → labels by language, of the whole scheme.
        choices: The themes given to this row.
        translations: Those of this row.

    Raises:
        UnknownPlace: A place leads to no area, or to several.
        UnknownTheme: A theme is not in the scheme.
        PhraseNotFound: A theme's phrase is not in the row.
    """
    call = call_name(source, settlement)
    project, consortium = iri.project(call, row), iri.consortium(call, row)
    source_row = iri.row(source.id, row)
    applicant, summary = settlement[row, "applicant"], settlement[row, "summary"]
    whole = settlement[row, "row"].cell
    number = int(row)
    areas = list(_areas(source, settlement, row, gazetteer))
    yield {
        "id": project,
        "type": "Project",
        "label": {
            "ja": f"{applicant.value}の取組",
            "en": f"Project {project.removeprefix('project/')}{_where([a for a, _ in areas], gazetteer)}",
        },
        "identifier": project.removeprefix("project/"),
        "call": call,
        "decision": iri.decision(call),
        "applicant": consortium,
        "area": [iri.area(area) for area, _ in areas],
        "theme": sorted({iri.theme(choice.theme) for choice in choices}),
        "summary": {"ja": summary.value},
        **_translated(translations, "summary"),
        "row": source_row,
    }
    yield {
        "id": consortium,
        "type": "Consortium",
        # It is known by no English name, so it has no label in English.
        "label": {"ja": applicant.value},
        **_translated(translations, "applicant"),
        "row": source_row,
    }
    yield {
        "id": source_row,
        "type": "SourceRow",
        "label": {"ja": f"{number}行目", "en": f"Row {number}"},
        "document": iri.document(source.id),
        "number": number,
        "text": whole.printed,
        "start": str(whole.start),
        "end": str(whole.end),
    }
    for settled in settlement.row(row):
        if settled.cell.field != "row":
            yield _quotation(source, settled.cell)
        if settled.decision:
            yield _correction(source, settled, settled.decision)
    for area, cells in areas:
        yield _statement(
            project,
            "area",
            iri.area(area),
            [iri.quotation(source.id, row, s.cell.field) for s in cells],
            label=f"area-{cells[0].cell.ordinal}",
            corrections=[iri.correction(source.id, row, s.cell.field) for s in cells if s.decision],
        )
    for subject, key, value, settled in (
        (project, "applicant", consortium, applicant),
        (project, "summary", {"@value": summary.value, "@language": "ja"}, summary),
        (consortium, "label", {"@value": applicant.value, "@language": "ja"}, applicant),
    ):
        yield _statement(
            subject,
            key,
            value,
            [iri.quotation(source.id, row, settled.cell.field)],
            corrections=[iri.correction(source.id, row, settled.cell.field)] if settled.decision else (),
        )
    for translation in translations:
        subject = {"summary": project, "applicant": consortium}[translation.field]
        yield _translation(source, settlement, subject, translation)
    for choice in choices:
        yield from _theme_assignment(source, settlement, choice, project, themes)


def _where(areas: Sequence[Area], gazetteer: Gazetteer) -> str:
    """Return where a project is, for its English label, which else were a number only."""
    if not areas or not areas[0].english_name:
        return ""
    first = areas[0]
    names = [first.english_name, *([gazetteer[first.prefecture].english_name] if first.prefecture else [])]
    others = len(areas) - 1
    more = f" and {others} other area{'s' if others > 1 else ''}" if others else ""
    return f" in {', '.join(names)}{more}"


def _areas(
    source: Source, settlement: Settlement, row: str, gazetteer: Gazetteer
) -> Iterator[tuple[Area, list[Settled]]]:
    for name in settlement.repeated(row, "name"):
        reading = settlement.get(row, f"reading-{name.cell.ordinal}")
        area = gazetteer.area_of(name.value, reading.value if reading else None)
        if area is None:
            raise UnknownPlace(
                f"「{name.value}」{f' ({reading.value})' if reading else ''} is no place of the register",
                where=f"data/sources/{source.id}/rows.csv, row {row}, {name.cell.field}",
                hint=f"run 'nichiiki-ld review {source.id}' and decide in decisions.csv, with the evidence",
            )
        yield area, [name, *([reading] if reading else [])]


def _theme_assignment(
    source: Source,
    settlement: Settlement,
    choice: ThemeChoice,
    project: str,
    themes: Mapping[str, Mapping[str, str]],
) -> Iterator[Record]:
    where = f"data/sources/{source.id}/themes.csv:{choice.line}"
    if choice.theme not in themes:
        raise UnknownTheme(
            f"there is no theme '{choice.theme}'",
            where=where,
            hint=f"use one of: {', '.join(sorted(themes))}",
        )
    cell = find_phrase(settlement, choice)
    if cell is None:
        raise PhraseNotFound(
            f"「{choice.phrase}」 stands neither in the summary nor in the applicant of row {choice.row}",
            where=where,
            hint="quote the row as it is printed",
        )
    name = iri.theme_assignment(source.id, choice.row, choice.theme)
    phrase = f"{name}#phrase"
    labels = themes[choice.theme]
    yield {
        "id": name,
        "type": "ThemeAssignment",
        "label": {
            "ja": f"{choice.row}行目に付けたテーマ「{labels.get('ja', choice.theme)}」",
            "en": f"Theme “{labels.get('en', choice.theme)}” given to row {choice.row}",
        },
        "row": iri.row(source.id, choice.row),
        "subject": project,
        "predicate": "nichiiki:theme",
        "object": iri.theme(choice.theme),
        "quotation": [phrase],
    }
    yield _quotation(source, cell, name=phrase)


def find_phrase(settlement: Settlement, choice: ThemeChoice) -> Cell | None:
    """Return the place where a row prints a theme's phrase, looking in its summary first; None when nowhere."""
    for field in ("summary", "applicant"):
        settled = settlement.get(choice.row, field)
        offset = settled.cell.printed.find(choice.phrase) if settled else -1
        if settled and offset >= 0:
            start = settled.cell.start + offset
            return Cell(choice.row, field, choice.phrase, start, start + len(choice.phrase))
    return None


# --- parts ------------------------------------------------------------------------


def _quotation(source: Source, cell: Cell, *, name: str | None = None) -> Record:
    record: Record = {
        "id": name or iri.quotation(source.id, cell.row, cell.field),
        "type": "Quotation",
        "document": iri.document(source.id),
        "field": cell.field,
        "text": cell.printed,
        "start": str(cell.start),
        "end": str(cell.end),
    }
    if cell.row != LEAD:
        record["row"] = iri.row(source.id, cell.row)
    return record


def _statement(
    subject: str,
    key: str,
    value: str | dict[str, str],
    quotations: Sequence[str],
    *,
    label: str | None = None,
    corrections: Sequence[str] = (),
) -> Record:
    """Return the statement that a record makes under a key of the context, with what it rests on."""
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
    return record


def _translated(translations: Sequence[Translation], field: str) -> Record:
    """Return what a record says of the translations of one of its texts: nothing, when there are none."""
    texts = {each.language: each.text for each in translations if each.field == field}
    return {"unofficialTranslation": texts} if texts else {}


def _translation(source: Source, settlement: Settlement, subject: str, translation: Translation) -> Record:
    """Return the statement that a thing has a translation: by whom, and of which printed words."""
    settled = settlement[translation.row, translation.field]
    place = (source.id, translation.row, translation.field)
    return {
        **_statement(
            subject,
            "unofficialTranslation",
            {"@value": translation.text, "@language": translation.language},
            [iri.quotation(*place)],
            label=f"unofficialTranslation-{translation.language}",
            corrections=[iri.correction(*place)] if settled.decision else (),
        ),
        "type": "Translation",
        "label": {"ja": "このプロジェクトによる非公式訳", "en": "Unofficial translation by this project"},
        "translator": translation.translator,
        "dcterms:created": translation.date.isoformat(),
        "prov:wasAttributedTo": iri.PUBLISHER,
    }


def _correction(source: Source, settled: Settled, decision: Decision) -> Record:
    cell = settled.cell
    return {
        "id": iri.correction(source.id, cell.row, cell.field),
        "type": "Correction",
        "label": {
            "ja": f"「{cell.printed}」を「{settled.value}」に訂正",
            "en": f"Correction of 「{cell.printed}」 to 「{settled.value}」",
        },
        "row": iri.row(source.id, cell.row),
        "field": cell.field,
        "quotation": [iri.quotation(source.id, cell.row, cell.field)],
        "printed": [cell.printed],
        **_decided(decision),
    }


def _decided(decision: Decision) -> Record:
    return {
        "right": decision.value,
        "reason": {"ja": decision.reason, "en": decision.reason_en},
        "evidence": list(decision.evidence),
        "reviewer": decision.reviewer,
        "decided": decision.date.isoformat(),
    }
