"""The folder of one official document.

source.toml        what the document is, by a person
original.*         its bytes, pinned by digest
text.txt           its transcription, unless the original is a UTF-8 text itself
rows.csv           what it prints, each with its place in the text
decisions.csv      what a person says of it; themes.csv and translations.csv likewise
worksheet.csv      what is left to decide; not kept in Git
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nichiiki_ld.errors import SourceChanged, SourceError, TableError
from nichiiki_ld.files import read_text, write_atomically
from nichiiki_ld.model import Cell, Decision, Doubt, Source, ThemeChoice, Translation
from nichiiki_ld.repository.strict import day, filled, keys_of, read_csv
from nichiiki_ld.repository.tables import (
    DECISION_COLUMNS,
    ROW_COLUMNS,
    THEME_COLUMNS,
    TRANSLATION_COLUMNS,
    format_rows,
    format_worksheet,
)
from nichiiki_ld.repository.worksheet import refuse_unmoved

DESCRIPTION = "source.toml"
ROWS = "rows.csv"
TEXT = "text.txt"
DECISIONS = "decisions.csv"
THEMES = "themes.csv"
TRANSLATIONS = "translations.csv"
WORKSHEET = "worksheet.csv"


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """One document on disk."""

    path: Path

    @property
    def id(self) -> str:
        """The id of the document."""
        return self.path.name

    # --- what is read ------------------------------------------------------------

    def describe(self) -> Source:
        """Return what `source.toml` says, without text, rows and decisions.

        Raises:
            TableError: It cannot be read, or lacks something.
        """
        path = self.path / DESCRIPTION
        with keys_of(path) as table:
            return Source(
                id=self.id,
                programme=table["programme"],
                original=_file_name(table["original"], path),
                sha256=table["sha256"],
                # Import leaves it out where it knows none; a build asks for it.
                licence=table.get("licence", ""),
                attribution=table["attribution"],
                publisher=table["publisher"],
                related=tuple(table.get("related", ())),
                withheld=tuple(table["withheld"]) if "withheld" in table else None,
                columns=_texts(table, "columns", path),
                stated=_texts(table, "stated", path),
            )

    def original(self) -> tuple[Source, bytes]:
        """Return what `source.toml` says, and the bytes of the original.

        Raises:
            SourceError: It is missing.
            SourceChanged: It is not the one that was pinned.
        """
        described = self.describe()
        path = self.path / described.original
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SourceError(
                f"the original cannot be read: {error.strerror}",
                where=str(path),
                hint="restore the official document",
            ) from None
        digest = hashlib.sha256(content).hexdigest()
        if digest != described.sha256:
            raise SourceChanged(str(path), pinned=described.sha256, found=digest)
        return described, content

    def source(self) -> Source:
        """Return the document with everything that is known and said of it.

        The original is not read anew: its text is in `text.txt`, or it is a text.

        Raises:
            SourceError: Its original is missing, it was not extracted, or what is to be withheld is not printed.
            SourceChanged: The original is not the one that was pinned.
            TableError: One of its files cannot be read.
        """
        described, content = self.original()
        source = described.with_text(self._text(described.original, content))
        cells = tuple(self._cells())
        for cell in cells:
            if source.text[cell.start : cell.end] != cell.printed:
                raise SourceError(
                    f"{cell.field} of row {cell.row} does not stand at {cell.start}–{cell.end} of the text",
                    where=str(self.path / ROWS),
                    hint=f"run 'nichiiki-ld extract {self.id}'",
                )
        if any(words not in source.text for words in source.withheld or ()):
            raise SourceError(
                "words that are to be withheld do not stand in the original",
                where=str(self.path / DESCRIPTION),
                hint="quote them as they are printed",
            )
        return replace(
            source,
            cells=cells,
            decisions=tuple(self._decisions()),
            themes=tuple(self._themes()),
            translations=tuple(self._translations()),
        )

    def _text(self, original: str, content: bytes) -> str:
        if (self.path / TEXT).exists():
            return read_text(self.path / TEXT)
        if original.endswith(".txt"):
            try:
                return content.decode("utf-8")
            except UnicodeDecodeError:
                pass
        raise self._not_extracted(TEXT)

    def _not_extracted(self, name: str) -> SourceError:
        return SourceError(
            "the document was not extracted yet",
            where=str(self.path / name),
            hint=f"run 'nichiiki-ld extract {self.id}'",
        )

    def _cells(self) -> Iterator[Cell]:
        path = self.path / ROWS
        if not path.exists():
            raise self._not_extracted(ROWS)
        for line, row in read_csv(path, ROW_COLUMNS):
            try:
                start, end = int(row["start"]), int(row["end"])
            except ValueError:
                raise TableError("start and end are not whole numbers", where=f"{path}:{line}") from None
            yield Cell(row["row"], row["field"], row["printed"], start, end)

    def _lines(self, name: str, columns: Sequence[str]) -> Iterator[tuple[str, int, dict[str, str]]]:
        """Yield where each record of a table stands, its line and the record; nothing where there is no table."""
        path = self.path / name
        if path.exists():
            for line, row in read_csv(path, columns):
                yield f"{path}:{line}", line, row

    def _decisions(self) -> Iterator[Decision]:
        for where, line, row in self._lines(DECISIONS, DECISION_COLUMNS):
            yield Decision(
                row=row["row"],
                field=row["field"],
                printed=row["printed"],
                value=filled(row, "value", where),
                reason=filled(row, "reason", where),
                reason_en=filled(row, "reason_en", where),
                evidence=tuple(filled(row, "evidence", where).split()),
                reviewer=filled(row, "reviewer", where),
                date=day(row["date"], where),
                line=line,
            )

    def _themes(self) -> Iterator[ThemeChoice]:
        for where, line, row in self._lines(THEMES, THEME_COLUMNS):
            yield ThemeChoice(row["row"], row["theme"], filled(row, "phrase", where), line)

    def _translations(self) -> Iterator[Translation]:
        hint = "a translation says what it means, in which language, and who says so"
        for where, line, row in self._lines(TRANSLATIONS, TRANSLATION_COLUMNS):
            yield Translation(
                row=row["row"],
                field=row["field"],
                printed=row["printed"],
                language=filled(row, "language", where, hint),
                text=filled(row, "text", where, hint),
                translator=filled(row, "translator", where, hint),
                date=day(row["date"], where),
                line=line,
            )

    # --- what is written ---------------------------------------------------------

    def write_extraction(self, text: str, cells: Iterable[Cell]) -> None:
        """Write what was read of the original: `rows.csv`, and `text.txt` unless the original is that text."""
        described, content = self.original()
        files = extraction_files(described.original, content, text, cells)
        for name, body in files.items():
            write_atomically(self.path / name, body)
        if TEXT not in files:
            (self.path / TEXT).unlink(missing_ok=True)

    def look_at_worksheet(self) -> None:
        """See that the worksheet may be written anew: nothing that a person wrote is on it only.

        Raises:
            ReviewError: Something is.
            NichiikiError: It, or `decisions.csv`, cannot be read.
        """
        refuse_unmoved(self.path / WORKSHEET, self._decisions())

    def write_worksheet(self, doubts: Sequence[Doubt], cells: Iterable[Cell]) -> Path | None:
        """Write what is left to decide as `worksheet.csv` and return its path; remove it when nothing is.

        Raises:
            ReviewError: A person wrote something on it that is not decided yet; it is left as it is.
            NichiikiError: It cannot be read or written.
        """
        path = self.path / WORKSHEET
        content = format_worksheet(self.id, doubts, cells)
        refuse_unmoved(path, self._decisions(), content)
        if content is None:
            path.unlink(missing_ok=True)
            return None
        write_atomically(path, content)
        return path


def extraction_files(original: str, content: bytes, text: str, cells: Iterable[Cell]) -> dict[str, bytes]:
    """Return the files that hold what was read of a document, by their names, in the order of writing.

    Args:
        original: File name of the document.
        content: Its bytes.
        text: What the offsets of the cells count in.
    """
    is_text = original.endswith(".txt") and content == text.encode()
    # The rows last: rows that are older than their text are found out when they are read.
    return ({} if is_text else {TEXT: text.encode()}) | {ROWS: format_rows(cells).encode()}


def _file_name(value: str, path: Path) -> str:
    if Path(value).name != value or value.startswith("."):
        raise TableError(
            f"the original '{value}' is no name of a file", where=str(path), hint="keep it in the same folder"
        )
    return value


def _texts(table: Mapping[str, object], key: str, path: Path) -> Mapping[str, str]:
    found = table.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise TableError(
            f"[{key}] has something else than texts",
            where=str(path),
            hint="write each value in quotation marks",
        )
    return found
