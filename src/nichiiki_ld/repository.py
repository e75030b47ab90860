"""The checkout: `data/`, `ontology/` and `shapes/` as values, and back."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nichiiki_ld.errors import SourceChanged, SourceError, TableError
from nichiiki_ld.files import read_text, write_atomically
from nichiiki_ld.hepburn import with_english_names
from nichiiki_ld.links import parse_sssom
from nichiiki_ld.model import (
    Agency,
    Area,
    AreaKind,
    Cell,
    Decision,
    Doubt,
    Linkset,
    Programme,
    Publication,
    Source,
    ThemeChoice,
    Translation,
)
from nichiiki_ld.tabular import format_csv, parse_csv, parse_toml

ROW_COLUMNS = ("row", "field", "printed", "start", "end")
DECISION_COLUMNS = (
    "row",
    "field",
    "printed",
    "value",
    "reason",
    "reason_en",
    "evidence",
    "reviewer",
    "date",
)
THEME_COLUMNS = ("row", "theme", "phrase")
TRANSLATION_COLUMNS = ("row", "field", "printed", "language", "text", "translator", "date")
WORKSHEET_COLUMNS = ("why", "candidate", "because", *DECISION_COLUMNS)
PREFECTURE_COLUMNS = (
    "local_government_code",
    "name",
    "reading",
    "english",
    "iso3166_2",
    "corporate_number",
    "latitude",
    "longitude",
    "website",
)
MUNICIPALITY_COLUMNS = (
    "local_government_code",
    "kind",
    "prefecture",
    "name",
    "reading",
    "district",
    "corporate_number",
    "latitude",
    "longitude",
)
WEBSITE_COLUMNS = ("local_government_code", "website")
ENGLISH_COLUMNS = ("local_government_code", "name", "reading", "english", "reason")


@dataclass(frozen=True, slots=True)
class Repository:
    """A checkout of the project.

    Attributes:
        root: The folder that holds `data/`, `ontology/` and `shapes/`.
    """

    root: Path

    # --- what is published -------------------------------------------------

    def publication(self) -> Publication:
        """Return `data/publication.toml`."""
        path = self.root / "data/publication.toml"
        with _keys_of(path) as table:
            return Publication(
                base=_base(table["base"], path),
                version=_version(table["version"], path),
                issued=_day(table["issued"], str(path)),
                title=table["title"],
                description=table["description"],
                publisher=table["publisher"],
                licence=table["licence"],
                attribution=table["attribution"],
                homepage=table["homepage"],
            )

    def programmes(self) -> dict[str, Programme]:
        """Return every `data/programmes/<id>.toml` by its id."""
        found = {}
        for path in sorted((self.root / "data/programmes").glob("*.toml")):
            with _keys_of(path) as table:
                agency = table["agency"]
                found[path.stem] = Programme(
                    id=path.stem,
                    name=table["name"],
                    description=table["description"],
                    website=table.get("website", ""),
                    agency=Agency(agency["corporate_number"], agency["name"], agency.get("website", "")),
                )
        return found

    def register(self) -> list[Area]:
        """Return all prefectures, municipalities and wards with their English names, in the order of their codes.

        Raises:
            TableError: A table cannot be read, or an English name is given to what is not in the register.
            RegisterError: An English name does not follow from a reading.
        """
        folder = self.root / "data/registers"
        websites = {
            row["local_government_code"]: row["website"]
            for _, row in _read_csv(folder / "websites.csv", WEBSITE_COLUMNS)
        }
        areas = [
            Area(
                code=row.pop("local_government_code"),
                kind=AreaKind.PREFECTURE,
                **row,
            )
            for _, row in _read_csv(folder / "prefectures.csv", PREFECTURE_COLUMNS)
        ]
        for line, row in _read_csv(folder / "municipalities.csv", MUNICIPALITY_COLUMNS):
            code = row.pop("local_government_code")
            try:
                kind = AreaKind(row.pop("kind"))
            except ValueError as error:
                raise TableError(str(error), where=f"{folder / 'municipalities.csv'}:{line}") from None
            areas.append(Area(code=code, kind=kind, website=websites.get(code, ""), **row))
        areas = self._with_given_english(areas)
        return with_english_names(sorted(areas, key=lambda area: area.code))

    def _with_given_english(self, areas: Iterable[Area]) -> list[Area]:
        """Return areas with the names that `english.csv` gives, each quoting the name and reading it is for."""
        path = self.root / "data/registers/english.csv"
        known = {area.code: area for area in areas}
        for line, row in _read_csv(path, ENGLISH_COLUMNS):
            where = f"{path}:{line}"
            area = known.get(row["local_government_code"])
            if area is None or (area.name, area.reading) != (row["name"], row["reading"]):
                raise TableError(
                    f"{row['name']} ({row['reading']}) is not what the register has as {row['local_government_code']}",
                    where=where,
                    hint="look at the register, then mend or remove the line",
                )
            hint = "give the name without its kind, and say what the reading does not tell"
            _filled(row, "reason", where, hint)
            known[area.code] = replace(area, english=_filled(row, "english", where, hint))
        return list(known.values())

    def linksets(self) -> list[Linkset]:
        """Return every `data/links/<id>.sssom.tsv`, in the order of their ids."""
        return [_linkset(path) for path in sorted((self.root / "data/links").glob("*.sssom.tsv"))]

    # --- sources -----------------------------------------------------------

    def source_ids(self) -> list[str]:
        """Return the ids of all official documents, in their order."""
        return sorted(path.parent.name for path in (self.root / "data/sources").glob("*/source.toml"))

    def source(self, source_id: str) -> Source:
        """Return a document with everything that is known and said of it.

        Raises:
            SourceError: There is no such source, or its original is missing.
            SourceChanged: The original is not the one that was pinned.
            TableError: One of its files cannot be read.
        """
        source = self.original(source_id)
        folder = self._folder(source_id)
        cells = self._cells(folder / "rows.csv")
        decisions = self._decisions(folder / "decisions.csv") if (folder / "decisions.csv").exists() else ()
        themes = self._themes(folder / "themes.csv") if (folder / "themes.csv").exists() else ()
        translated = folder / "translations.csv"
        translations = self._translations(translated) if translated.exists() else ()
        for cell in cells:
            if source.text[cell.start : cell.end] != cell.printed:
                raise SourceError(
                    f"{cell.field} of row {cell.row} does not stand at {cell.start}–{cell.end} of the original",
                    where=str(folder / "rows.csv"),
                    hint=f"run 'nichiiki-ld extract {source_id}'",
                )
        return replace(source, cells=cells, decisions=decisions, themes=themes, translations=translations)

    def original(self, source_id: str) -> Source:
        """Return a document's description and its text, checked against its digest.

        Raises:
            SourceError: There is no such source, its original is missing, or it is not UTF-8.
            SourceChanged: The original is not the one that was pinned.
        """
        folder = self._folder(source_id)
        path = folder / "source.toml"
        if not path.exists():
            known = ", ".join(self.source_ids())
            raise SourceError(
                f"there is no source '{source_id}'", where=str(path), hint=f"use one of: {known}"
            )
        with _keys_of(path) as table:
            source = Source(
                id=source_id,
                programme=table["programme"],
                layout=table["layout"],
                original=table["original"],
                sha256=table["sha256"],
                licence=table["licence"],
                attribution=table["attribution"],
                publisher=table["publisher"],
                related=tuple(table.get("related", ())),
                withheld=tuple(table["withheld"]) if "withheld" in table else None,
            )
        original = folder / source.original
        try:
            content = original.read_bytes()
        except OSError as error:
            raise SourceError(
                f"the original cannot be read: {error.strerror}",
                where=str(original),
                hint="restore the official document",
            ) from None
        digest = hashlib.sha256(content).hexdigest()
        if digest != source.sha256:
            raise SourceChanged(str(original), pinned=source.sha256, found=digest)
        text = content.decode("utf-8")
        if any(words not in text for words in source.withheld or ()):
            raise SourceError(
                "words that are to be withheld do not stand in the original",
                where=str(path),
                hint="quote them as they are printed",
            )
        return replace(source, text=text)

    def write_rows(self, source_id: str, cells: Iterable[Cell]) -> Path:
        """Write a document's `rows.csv` and return its path."""
        path = self._folder(source_id) / "rows.csv"
        rows = [
            {"row": c.row, "field": c.field, "printed": c.printed, "start": c.start, "end": c.end}
            for c in cells
        ]
        write_atomically(path, format_csv(ROW_COLUMNS, rows))
        return path

    def write_worksheet(self, source_id: str, doubts: Sequence[Doubt]) -> Path | None:
        """Write what is left to decide as `worksheet.csv`, or remove it when nothing is.

        The columns after the third are those of decisions.csv: a person fills them in on
        one line of each doubt and moves that line there.
        """
        path = self._folder(source_id) / "worksheet.csv"
        if not doubts:
            path.unlink(missing_ok=True)
            return None
        rows = []
        for doubt in doubts:
            for candidate in doubt.candidates or (None,):
                row = dict.fromkeys(WORKSHEET_COLUMNS, "")
                row |= {"row": doubt.row, "field": doubt.field, "printed": doubt.printed, "why": doubt.why}
                if candidate:
                    row |= {"candidate": candidate.value, "because": candidate.why}
                    if candidate.field != doubt.field:
                        row |= {
                            "field": candidate.field,
                            "printed": self._printed(source_id, doubt.row, candidate.field),
                        }
                rows.append(row)
        write_atomically(path, format_csv(WORKSHEET_COLUMNS, rows))
        return path

    def _printed(self, source_id: str, row: str, field: str) -> str:
        cells = self._cells(self._folder(source_id) / "rows.csv")
        return next(c.printed for c in cells if (c.row, c.field) == (row, field))

    def _folder(self, source_id: str) -> Path:
        return self.root / "data/sources" / source_id

    def _cells(self, path: Path) -> tuple[Cell, ...]:
        if not path.exists():
            raise SourceError(
                "the document was not extracted yet",
                where=str(path),
                hint=f"run 'nichiiki-ld extract {path.parent.name}'",
            )
        cells = []
        for line, row in _read_csv(path, ROW_COLUMNS):
            try:
                start, end = int(row["start"]), int(row["end"])
            except ValueError:
                raise TableError("start and end are not whole numbers", where=f"{path}:{line}") from None
            cells.append(Cell(row["row"], row["field"], row["printed"], start, end))
        return tuple(cells)

    def _decisions(self, path: Path) -> tuple[Decision, ...]:
        return tuple(
            Decision(
                row=row["row"],
                field=row["field"],
                printed=row["printed"],
                value=_filled(row, "value", f"{path}:{line}"),
                reason=_filled(row, "reason", f"{path}:{line}"),
                reason_en=_filled(row, "reason_en", f"{path}:{line}"),
                evidence=tuple(_filled(row, "evidence", f"{path}:{line}").split()),
                reviewer=_filled(row, "reviewer", f"{path}:{line}"),
                date=_day(row["date"], f"{path}:{line}"),
                line=line,
            )
            for line, row in _read_csv(path, DECISION_COLUMNS)
        )

    def _themes(self, path: Path) -> tuple[ThemeChoice, ...]:
        return tuple(
            ThemeChoice(row["row"], row["theme"], _filled(row, "phrase", f"{path}:{line}"), line)
            for line, row in _read_csv(path, THEME_COLUMNS)
        )

    def _translations(self, path: Path) -> tuple[Translation, ...]:
        hint = "a translation says what it means, in which language, and who says so"
        return tuple(
            Translation(
                row=row["row"],
                field=row["field"],
                printed=row["printed"],
                language=_filled(row, "language", f"{path}:{line}", hint),
                text=_filled(row, "text", f"{path}:{line}", hint),
                translator=_filled(row, "translator", f"{path}:{line}", hint),
                date=_day(row["date"], f"{path}:{line}"),
                line=line,
            )
            for line, row in _read_csv(path, TRANSLATION_COLUMNS)
        )

    # --- ontology and shapes ------------------------------------------------

    def files(self, pattern: str) -> list[Path]:
        """Return the files of the checkout that match a glob, in the order of their names.

        Raises:
            SourceError: None does. A checkout without its rules is no checkout.
        """
        found = sorted(path for path in self.root.glob(pattern) if path.is_file())
        if not found:
            raise SourceError(
                f"there is no {pattern}",
                where=str(self.root),
                hint="run in a checkout, or name one with --root",
            )
        return found


class _keys_of:  # noqa: N801 - reads as a statement: with _keys_of(path) as table
    """A TOML table whose missing keys become one clear error."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> dict[str, Any]:
        return parse_toml(read_text(self._path), where=str(self._path))

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyError):
            raise TableError(
                f"lacks the key '{error.args[0]}'", where=str(self._path), hint="add it"
            ) from None


def _filled(
    row: Mapping[str, str],
    column: str,
    where: str,
    hint: str = "a decision says what, why, and on what evidence",
) -> str:
    if not row[column].strip():
        raise TableError(f"has no {column}", where=where, hint=hint)
    return row[column]


def _day(value: object, where: str) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise TableError(f"「{value}」 is no day", where=where, hint="write it as 2025-07-01") from None


def _base(value: str, path: Path) -> str:
    if not re.fullmatch(r"https?://[!-~]+/", value):
        raise TableError(f"the base IRI '{value}' is not usable", where=str(path), hint="end it with a slash")
    return value


def _version(value: str, path: Path) -> str:
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.-]*", value) or value == "current":
        raise TableError(
            f"the version '{value}' cannot name a folder",
            where=str(path),
            hint="use digits, letters, dots and hyphens",
        )
    return value


def _read_csv(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    return parse_csv(read_text(path), columns, where=str(path))


def _linkset(path: Path) -> Linkset:
    return parse_sssom(read_text(path), id_=path.name.removesuffix(".sssom.tsv"), where=str(path))
