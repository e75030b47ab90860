"""The checkout: `data/`, `ontology/` and `shapes/` as values, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nichiiki_ld.errors import SourceError, TableError
from nichiiki_ld.files import read_text
from nichiiki_ld.hepburn import with_english_names
from nichiiki_ld.links import parse_sssom
from nichiiki_ld.model import (
    Agency,
    Area,
    AreaKind,
    FormerArea,
    Linkset,
    Programme,
    Publication,
    Source,
)
from nichiiki_ld.repository.sources import SourceFolders
from nichiiki_ld.repository.strict import day, filled, keys_of, read_csv

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
FORMER_COLUMNS = ("prefecture", "name", "reading", "until", "successors", "reason")
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
        with keys_of(path) as table:
            return Publication(
                base=_base(table["base"], path),
                version=_version(table["version"], path),
                issued=day(table["issued"], str(path)),
                title=table["title"],
                description=table["description"],
                publisher=table["publisher"],
                licence=table["licence"],
                attribution=table["attribution"],
                homepage=table["homepage"],
            )

    def programmes(self) -> dict[str, Programme]:
        """Return every `data/programmes/<id>.toml` by its id.

        Raises:
            TableError: One lacks something, or its calls would be called like those of another.
        """
        found: dict[str, Programme] = {}
        for path in sorted((self.root / "data/programmes").glob("*.toml")):
            with keys_of(path) as table:
                agency = table["agency"]
                found[path.stem] = Programme(
                    id=path.stem,
                    name=table["name"],
                    description=table["description"],
                    website=table.get("website", ""),
                    call_prefix=_call_prefix(table.get("call_prefix", f"{path.stem}-"), path, found),
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
            for _, row in read_csv(folder / "websites.csv", WEBSITE_COLUMNS)
        }
        areas = [
            Area(
                code=row.pop("local_government_code"),
                kind=AreaKind.PREFECTURE,
                **row,
            )
            for _, row in read_csv(folder / "prefectures.csv", PREFECTURE_COLUMNS)
        ]
        for line, row in read_csv(folder / "municipalities.csv", MUNICIPALITY_COLUMNS):
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
        for line, row in read_csv(path, ENGLISH_COLUMNS):
            where = f"{path}:{line}"
            area = known.get(row["local_government_code"])
            if area is None or (area.name, area.reading) != (row["name"], row["reading"]):
                raise TableError(
                    f"{row['name']} ({row['reading']}) is not what the register has as {row['local_government_code']}",
                    where=where,
                    hint="look at the register, then mend or remove the line",
                )
            hint = "give the name without its kind, and say what the reading does not tell"
            filled(row, "reason", where, hint)
            known[area.code] = replace(area, english=filled(row, "english", where, hint))
        return list(known.values())

    def former_areas(self) -> list[FormerArea]:
        """Return the municipalities and wards that `former.csv` knows to be there no longer; none without that file.

        Raises:
            TableError: It cannot be read, or a line does not say when, why, or what came of it.
        """
        path = self.root / "data/registers/former.csv"
        if not path.exists():
            return []
        found = []
        for line, row in read_csv(path, FORMER_COLUMNS):
            where = f"{path}:{line}"
            hint = "say what was called so until when, the codes of what it became, and how you know"
            for column in ("prefecture", "name", "reading", "reason"):
                filled(row, column, where, hint)
            successors = tuple(filled(row, "successors", where, hint).split())
            until = day(row["until"], where)
            found.append(FormerArea(row["name"], row["reading"], row["prefecture"], until, successors))
        return found

    def linksets(self) -> list[Linkset]:
        """Return every `data/links/<id>.sssom.tsv`, in the order of their ids."""
        return [_linkset(path) for path in sorted((self.root / "data/links").glob("*.sssom.tsv"))]

    # --- sources -----------------------------------------------------------

    @property
    def sources(self) -> SourceFolders:
        """The official documents below `data/sources/`."""
        return SourceFolders(self.root / "data/sources")

    def source_ids(self) -> list[str]:
        """Return the ids of all official documents, in their order."""
        return self.sources.ids()

    def source(self, source_id: str) -> Source:
        """Return a document with everything that is known and said of it.

        Raises:
            SourceError: There is no such source, or its original is missing.
            SourceChanged: The original is not the one that was pinned.
            TableError: One of its files cannot be read.
        """
        return self.sources[source_id].source()

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


def _call_prefix(value: str, path: Path, others: Mapping[str, Programme]) -> str:
    if not re.fullmatch(r"(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*-)?", value):
        raise TableError(
            f"the prefix '{value}' cannot stand before the year in the name of a call",
            where=str(path),
            hint="give call_prefix: lower-case letters, digits and hyphens, a letter first and a hyphen last",
        )
    for other in others.values():
        if other.call_prefix == value:
            raise TableError(
                f"calls its calls like those of '{other.id}': '{value}' stands before the year in both",
                where=str(path),
                hint="give it another call_prefix",
            )
    return value


def _linkset(path: Path) -> Linkset:
    return parse_sssom(read_text(path), id_=path.name.removesuffix(".sssom.tsv"), where=str(path))
