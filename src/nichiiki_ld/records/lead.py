"""Records of what a document says outside its table: itself, its call and its decision."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nichiiki_ld import iri, printed
from nichiiki_ld.errors import ReviewError
from nichiiki_ld.joints import one_line
from nichiiki_ld.model import LEAD, Programme, Source, Translation
from nichiiki_ld.records.parts import (
    Record,
    corrections_of,
    decided,
    in_japanese,
    judgements,
    of_type,
    quotation,
    statement,
    translated,
    translation_record,
)
from nichiiki_ld.settlement import Settled, Settlement

T = TypeVar("T")

_OPENS, _CLOSES = "application-opens", "application-closes"


def document_records(
    source: Source, settlement: Settlement, programme: Programme, translations: Sequence[Translation] = ()
) -> Iterator[Record]:
    """Yield what a document's lead says: the document, its call and decision, with their statements.

    Args:
        translations: Those of its title.

    Raises:
        ReviewError: A fact that is needed is neither printed nor stated, or a date or
            number cannot be understood.
    """
    lead = Lead(source, settlement)
    document = iri.document(source.id)
    call = call_name(source, settlement, programme)
    yield from _document(lead, document, programme, translations)
    yield from _call(lead, document, call, programme)
    for settled in settlement.row(LEAD):
        yield quotation(source, settled.cell)
    yield from judgements(source, settlement.row(LEAD))
    for translation in translations:
        yield translation_record(source, settlement, document, translation)
    yield from _contradictions(source, settlement)


def call_name(source: Source, settlement: Settlement, programme: Programme) -> str:
    """Return the name of the call that a document reports."""
    lead = Lead(source, settlement)
    return iri.call(programme.call_prefix, lead.fiscal_year(), lead.number("round"))


class Lead:
    """The facts of a lead, understood, each with what it rests on."""

    def __init__(self, source: Source, settlement: Settlement) -> None:
        self.source = source
        self.settlement = settlement

    def printings(self, field: str) -> list[Settled]:
        """Return the cells that print a fact, but for those that a decision passed over."""
        return self.settlement.chosen(field)

    def text(self, field: str) -> str | None:
        """Return a fact as it is printed, or else as `source.toml` states it, or None."""
        cells = self.printings(field)
        return cells[0].value if cells else self.source.stated.get(field)

    def needed(self, field: str) -> str:
        """Return a fact without which there is no document or call."""
        text = self.text(field)
        if text is None:
            raise ReviewError(
                f"the lead does not print {field}",
                where=f"data/sources/{self.source.id}/rows.csv",
                hint="say it under [stated] in source.toml",
            )
        return text

    def published(self) -> str:
        """Return the day of the document, ISO 8601."""
        return self._understood("published-date", printed.date, self.needed("published-date")).isoformat()

    def fiscal_year(self) -> int:
        """Return the Gregorian year in which the fiscal year of the call begins."""
        return self._understood("fiscal-year", printed.fiscal_year, self.needed("fiscal-year"))

    def day(self, field: str) -> str | None:
        """Return a day, ISO 8601, or None where the document does not tell it."""
        found = self._day(field)
        return None if found is None else found.isoformat()

    def _day(self, field: str) -> datetime.date | None:
        text = self.text(field)
        if text is None:
            return None
        published = self._understood("published-date", printed.date, self.needed("published-date"))
        since = self._day(_OPENS) if field == _CLOSES else None
        return self._understood(field, lambda each: printed.date(each, published, since), text)

    def number(self, field: str) -> int | None:
        """Return a number, or None where the document does not tell it."""
        text = self.text(field)
        return None if text is None else self._understood(field, printed.number, text)

    def _understood(self, field: str, understand: Callable[[str], T], text: str) -> T:
        try:
            return understand(text)
        except ValueError as error:
            raise ReviewError(
                f"{field}: {error}",
                where=f"data/sources/{self.source.id}/{'rows.csv' if self.printings(field) else 'source.toml'}",
                hint="say in decisions.csv what is meant, or mend [stated]",
            ) from error

    def statement(self, subject: str, key: str, field: str, value: str | dict[str, str]) -> Record:
        """Return the statement of a fact, with all its printings."""
        cells = self.printings(field)
        return statement(
            subject,
            key,
            value,
            [iri.quotation(self.source.id, LEAD, each.cell.field) for each in cells],
            corrections=corrections_of(self.source, cells),
        )


def _document(
    lead: Lead, document: str, programme: Programme, translations: Sequence[Translation]
) -> Iterator[Record]:
    source, title, published, office = (
        lead.source,
        one_line(lead.needed("title")),
        lead.published(),
        lead.text("office"),
    )
    telephones = lead.settlement.repeated(LEAD, "telephone")
    yield {
        "id": document,
        "type": "SourceDocument",
        "label": {"ja": title, "en": _described(source, programme, published)},
        "title": {"ja": title},
        **translated(translations, "title"),
        "published": published,
        "publisher": iri.organization(source.publisher),
        **({"office": {"ja": office}} if office is not None else {}),
        "telephone": [printed.telephone(each.value) for each in telephones],
        "sha256": source.sha256,
        "license": source.licence,
        "attribution": {"ja": source.attribution},
        **({"text": source.published_lead} if source.published_lead else {}),
        **({"seeAlso": list(source.related)} if source.related else {}),
    }
    yield lead.statement(document, "published", "published-date", of_type(published, "date"))
    yield lead.statement(document, "title", "title", in_japanese(title))
    if office is not None:
        yield lead.statement(document, "office", "office", in_japanese(office))
    for each in telephones:
        yield statement(
            document,
            "telephone",
            {"@value": printed.telephone(each.value)},
            [iri.quotation(source.id, LEAD, each.cell.field)],
            label=each.cell.field,
            corrections=corrections_of(source, [each]),
        )


def _described(source: Source, programme: Programme, published: str) -> str:
    """Return a description in English of a document whose title is Japanese: its day, and who published it."""
    agency = programme.agency
    who = f" ({agency.name['en']})" if source.publisher == agency.corporate_number else ""
    return f"Document of {published}{who}"


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact of a call: the field that prints it, how it is understood, and of which datatype it is."""

    field: str
    understand: Callable[[Lead, str], str | int | None]
    datatype: str


_OPTIONAL: Mapping[str, _Fact] = {
    "round": _Fact("round", Lead.number, "integer"),
    "applicationOpens": _Fact(_OPENS, Lead.day, "date"),
    "applicationCloses": _Fact(_CLOSES, Lead.day, "date"),
    "applicationCount": _Fact("application-count", Lead.number, "integer"),
    "decisionCount": _Fact("decision-count", Lead.number, "integer"),
    "previousDecisionDate": _Fact("previous-decision-date", Lead.day, "date"),
}
"""Property of the call → what it is read from."""


def _call(lead: Lead, document: str, call: str, programme: Programme) -> Iterator[Record]:
    fiscal_year, round_, published = lead.fiscal_year(), lead.number("round"), lead.published()
    found = {key: fact.understand(lead, fact.field) for key, fact in _OPTIONAL.items()}
    told = {key: value for key, value in found.items() if value is not None}
    year_ja = printed.fiscal_year_of_era(fiscal_year)
    short_ja = f"{year_ja}募集" if round_ is None else f"{year_ja} {round_}次募集"
    short_en = f"fiscal {fiscal_year}" + ("" if round_ is None else f", call {round_}")
    yield {
        "id": call,
        "type": "Call",
        "label": {
            "ja": f"{programme.name['ja']} {short_ja}",
            "en": f"{programme.name['en']}, {short_en}",
        },
        "programme": iri.programme(programme.id),
        "document": document,
        "fiscalYear": str(fiscal_year),
        **told,
    }
    decision = iri.decision(call)
    # Like their IRIs, the labels of a programme with a prefix tell them from those of others.
    front_ja, front_en = (
        f"{programme.name[each]} " if programme.call_prefix else "" for each in ("ja", "en")
    )
    yield {
        "id": decision,
        "type": "GrantDecision",
        "label": {
            "ja": f"{front_ja}{short_ja}の交付決定",
            "en": f"{front_en.rstrip()}: grant decision of {short_en}"
            if front_en
            else f"Grant decision of {short_en}",
        },
        "call": call,
        "agency": iri.organization(lead.source.publisher),
        "document": document,
        "announced": published,
    }
    yield lead.statement(call, "programme", "programme", iri.programme(programme.id))
    yield lead.statement(call, "fiscalYear", "fiscal-year", of_type(fiscal_year, "gYear"))
    for key, value in told.items():
        yield lead.statement(call, key, _OPTIONAL[key].field, of_type(value, _OPTIONAL[key].datatype))
    yield lead.statement(decision, "announced", "published-date", of_type(published, "date"))


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
            "right": decision.value,
            **decided(decision),
        }
