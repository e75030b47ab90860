"""Records of the rows of a document's table: projects, who applied with them, and all that supports them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nichiiki_ld import iri, printed
from nichiiki_ld.errors import PhraseNotFound, ReviewError, UnknownPlace, UnknownTheme
from nichiiki_ld.model import (
    OF_THE_CUT,
    PHRASE_FIELDS,
    ROW,
    Area,
    Cell,
    Programme,
    Source,
    ThemeChoice,
    Translation,
)
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.records.lead import call_name
from nichiiki_ld.records.parts import (
    Record,
    corrections_of,
    dropped_places,
    in_japanese,
    judgements,
    of_type,
    page,
    quotation,
    statement,
    translated,
    translation_record,
)
from nichiiki_ld.settlement import Settled, Settlement


def row_records(
    source: Source,
    settlement: Settlement,
    row: str,
    programme: Programme,
    gazetteer: Gazetteer,
    themes: Mapping[str, Mapping[str, str]],
    choices: Sequence[ThemeChoice],
    translations: Sequence[Translation] = (),
) -> Iterator[Record]:
    """Yield what one row says: the project, its applicant if that is printed, and all that supports them.

    A row that was dropped is told as it is printed, with the judgement that it is no project.

    Args:
        themes: Id → labels by language, of the whole scheme.
        choices: The themes given to this row.
        translations: Those of this row.

    Raises:
        UnknownPlace: A place leads to no area, or to several.
        UnknownTheme: A theme is not in the scheme.
        PhraseNotFound: A theme's phrase is not in the row.
        ReviewError: A sum of money cannot be understood.
    """
    reader = _Row(source, settlement, row)
    yield from reader.as_printed()
    if row in settlement.dropped:
        return
    call = call_name(source, settlement, programme)
    project, consortium = iri.project(call, row), iri.consortium(call, row)
    applied = reader.get("applicant") is not None
    places = list(reader.places(gazetteer))
    yield {
        "id": project,
        "type": "Project",
        "label": reader.label(project, places, gazetteer),
        "identifier": project.removeprefix("project/"),
        "call": call,
        "decision": iri.decision(call),
        **({"applicant": consortium} if applied else {}),
        "area": [iri.area(place.area) for place in places],
        "theme": sorted({iri.theme(choice.theme) for choice in choices}),
        **reader.told(),
        **translated(translations, "summary"),
        "row": reader.name,
    }
    if applied:
        yield from reader.consortium(project, consortium, translations)
    yield from reader.statements(project, places)
    for translation in translations:
        subject = {"summary": project, "applicant": consortium}[translation.field]
        yield translation_record(source, settlement, subject, translation)
    for choice in choices:
        yield from _theme_assignment(source, settlement, choice, project, themes)


@dataclass(frozen=True, slots=True)
class _Place:
    """An area that a row names, and the cells that print it, the name first."""

    area: Area
    cells: Sequence[Settled]


class _Row:
    """A row of the table, and what is said of it and of what it names."""

    def __init__(self, source: Source, settlement: Settlement, row: str) -> None:
        self._source = source
        self._settlement = settlement
        self._row = row
        self._whole = settlement[row, ROW]
        self.name = iri.row(source.id, row)

    def get(self, field: str) -> Settled | None:
        return self._settlement.get(self._row, field)

    # --- as it is printed

    def as_printed(self) -> Iterator[Record]:
        """Yield the row, its cells, and what a person decided on them."""
        whole = self._whole.cell
        left_out = dropped_places(self._source, self._row)
        cells = [*self._settlement.row(self._row), *left_out]
        number = int(self._row)
        yield {
            "id": self.name,
            "type": "SourceRow",
            "label": {"ja": f"{number}行目", "en": f"Row {number}"},
            "document": iri.document(self._source.id),
            "number": number,
            "text": whole.printed,
            "start": str(whole.start),
            "end": str(whole.end),
            **page(self._source, whole),
        }
        for each in cells:
            # The row is told already, unless something is said of how it was cut.
            if each.cell.field not in OF_THE_CUT or each.decision:
                yield quotation(self._source, each.cell, within=whole)
        yield from judgements(self._source, cells)

    # --- what it says

    def places(self, gazetteer: Gazetteer) -> Iterator[_Place]:
        """Yield the areas that the row names, in the order of printing."""
        for name in self._settlement.repeated(self._row, "name"):
            ordinal = name.cell.ordinal
            reading, prefecture = self.get(f"reading-{ordinal}"), self.get(f"prefecture-{ordinal}")
            area = gazetteer.area_of(
                name.value, reading.value if reading else None, prefecture.value if prefecture else None
            )
            beside = [each for each in (prefecture, reading) if each]
            if area is None:
                told = "".join(f" ({each.value})" for each in beside)
                raise UnknownPlace(
                    f"「{name.value}」{told} is no place of the register",
                    where=f"data/sources/{self._source.id}/rows.csv, row {self._row}, {name.cell.field}",
                    hint=f"run 'nichiiki-ld review {self._source.id}' and decide in decisions.csv, with the evidence",
                )
            yield _Place(area, [name, *beside])

    def label(self, project: str, places: Sequence[_Place], gazetteer: Gazetteer) -> dict[str, str]:
        """Return what a project is called: by its title, or else by who applied, or else by where it is."""
        number = project.removeprefix("project/")
        title, applicant = self.get("title"), self.get("applicant")
        if title:
            label = title.value
        elif applicant:
            label = f"{applicant.value}の取組"
        elif places:
            first = gazetteer.full_name(places[0].area.code)
            label = f"{first}ほかの取組" if len(places) > 1 else f"{first}の取組"
        else:
            label = f"プロジェクト{number}"
        return {"ja": label, "en": f"Project {number}{_where([each.area for each in places], gazetteer)}"}

    def told(self) -> Record:
        """Return what the row prints of a project in words and figures, as far as it does."""
        title, summary, yen = self.get("title"), self.get("summary"), self._yen()
        return {
            **({"title": {"ja": title.value}} if title else {}),
            **({"summary": {"ja": summary.value}} if summary else {}),
            **({"amount": yen} if yen is not None else {}),
        }

    def consortium(
        self, project: str, consortium: str, translations: Sequence[Translation]
    ) -> Iterator[Record]:
        """Yield who applied with a project."""
        applicant = self._settlement[self._row, "applicant"]
        yield {
            "id": consortium,
            "type": "Consortium",
            # It is known by no English name, so it has no label in English.
            "label": {"ja": applicant.value},
            **translated(translations, "applicant"),
            "row": self.name,
        }
        yield self._statement(project, "applicant", consortium, [applicant])
        yield self._statement(consortium, "label", in_japanese(applicant.value), [applicant])

    def statements(self, project: str, places: Sequence[_Place]) -> Iterator[Record]:
        """Yield the statements that support where a project is and what is printed of it."""
        for place in places:
            label = f"area-{place.cells[0].cell.ordinal}"
            yield self._statement(project, "area", iri.area(place.area), place.cells, label=label)
        for key in ("title", "summary"):
            if settled := self.get(key):
                yield self._statement(project, key, in_japanese(settled.value), [settled])
        if (yen := self._yen()) is not None:
            cells = [each for each in (self.get("amount"), self.get("amount-unit")) if each]
            yield self._statement(project, "amount", of_type(yen, "integer"), cells)

    def _yen(self) -> int | None:
        amount, unit = self.get("amount"), self.get("amount-unit")
        if amount is None:
            return None
        try:
            return printed.yen(amount.value, unit.value if unit else "")
        except ValueError as error:
            raise ReviewError(
                str(error),
                where=f"data/sources/{self._source.id}/rows.csv, row {self._row}, amount",
                hint="say the sum with its unit in decisions.csv, like 12,345千円",
            ) from error

    def _statement(
        self,
        subject: str,
        key: str,
        value: str | dict[str, str],
        cells: Sequence[Settled],
        *,
        label: str | None = None,
    ) -> Record:
        return statement(
            subject,
            key,
            value,
            [iri.quotation(self._source.id, self._row, each.cell.field) for each in cells],
            label=label,
            corrections=corrections_of(self._source, cells),
        )


def _where(areas: Sequence[Area], gazetteer: Gazetteer) -> str:
    """Return where a project is, for its English label, which else were a number only."""
    if not areas or not areas[0].english_name:
        return ""
    first = areas[0]
    names = [first.english_name, *([gazetteer[first.prefecture].english_name] if first.prefecture else [])]
    others = len(areas) - 1
    more = f" and {others} other area{'s' if others > 1 else ''}" if others else ""
    return f" in {', '.join(names)}{more}"


# --- themes -----------------------------------------------------------------------


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
            f"「{choice.phrase}」 stands neither in the summary nor in the title or the applicant of row {choice.row}",
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
    yield quotation(source, cell, within=settlement[choice.row, ROW].cell, name=phrase)


def find_phrase(settlement: Settlement, choice: ThemeChoice) -> Cell | None:
    """Return the place where a row prints a theme's phrase, or None where it does not."""
    for field in PHRASE_FIELDS:
        settled = settlement.get(choice.row, field)
        offset = settled.cell.printed.find(choice.phrase) if settled else -1
        if settled and offset >= 0:
            start = settled.cell.start + offset
            return Cell(choice.row, field, choice.phrase, start, start + len(choice.phrase))
    return None
