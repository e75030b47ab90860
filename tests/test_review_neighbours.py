"""Places that are real and still not what is meant: what is printed right beside them tells, from the cell to the doubt."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from hand_made import document, table
from nichiiki_ld.extract import extract
from nichiiki_ld.model import Cell, Decision, Doubt
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.reading.plain import read_plain
from nichiiki_ld.repository import Repository
from nichiiki_ld.review import review
from nichiiki_ld.settlement import settle

Asked = list[tuple[str, list[str]]]
"""Field of each doubt, and the values of its candidates."""


def printed(cell: str) -> tuple[Cell, ...]:
    """Return the cells of a row with one cell of places."""
    return extract(document(table(["市町村", "事業者"], [cell, "あ"]))).cells


def listed(*lines: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of a list: prefecture, town, applicant."""
    return extract(document(table(["都道府県", "市町村", "事業者"], *lines))).cells


def in_lines(text: str) -> tuple[Cell, ...]:
    """Return the cells of a plain text, whose line ends stay."""
    return extract(read_plain(f"市町村\t事業者\n{text}\tあ\n".encode(), "original.txt")).cells


def asked(cells: Sequence[Cell], gazetteer: Gazetteer, *decisions: Decision) -> list[Doubt]:
    doubts = review(settle(cells, decisions, where="decisions.csv"), gazetteer, programme="")
    return [each for each in doubts if each.row != "lead"]


def told(doubts: Sequence[Doubt]) -> Asked:
    return [(each.field, [candidate.value for candidate in each.candidates]) for each in doubts]


def decide(doubt: Doubt, number: int = 0) -> Decision:
    """Take a candidate."""
    each = doubt.candidates[number]
    day = datetime.date(2026, 1, 1)
    return Decision(doubt.row, each.field, doubt.printed, each.value, "理由", "reason", ("row",), "A", day)


def settled(cells: Sequence[Cell], gazetteer: Gazetteer, *, take: Sequence[int]) -> list[str]:
    """Return the codes of what a row leads to when the first doubt is decided, then the one that is left, until none is."""
    decisions: list[Decision] = []
    for number in take:
        decisions.append(decide(asked(cells, gazetteer, *decisions)[0], number))
    assert asked(cells, gazetteer, *decisions) == []
    settlement = settle(cells, decisions, where="decisions.csv")
    codes = []
    for name in settlement.repeated(settlement.rows[-1], "name"):
        area = gazetteer.area_of(name.value, None, None)
        assert area
        codes.append(area.code)
    return codes


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param(
            "東村\n山市",
            [("name-1", ["東京都東村山市", "東村"]), ("name-2", ["dropped", "山形県山形市", "山形県上山市"])],
            id="a name that a line end cut: its beginning is a village of 沖縄県",
        ),
        pytest.param("東村\n北見市", [], id="two towns"),
        pytest.param(
            "東村、山市",
            [("name-2", ["山形県山形市", "山形県上山市", "山形県村山市"])],
            id="a separator cuts no name",
        ),
        pytest.param("京都府京都市\n北区", [], id="a ward in the next line is of the name"),
    ],
)
def test_a_name_that_was_cut(cell: str, expected: Asked, gazetteer: Gazetteer) -> None:
    assert told(asked(printed(cell), gazetteer)) == expected


def test_a_ward_in_the_next_line_leads_to_the_ward(gazetteer: Gazetteer) -> None:
    assert settled(printed("京都府京都市\n北区"), gazetteer, take=[]) == ["261017"]


def test_a_line_end_before_what_is_no_place(gazetteer: Gazetteer) -> None:
    """Nobody knows what 東村 and the rest make, but the village need not be meant."""
    found = asked(in_lines("東村\n山巾市"), gazetteer)
    assert [(each.field, each.why) for each in found] == [
        ("name-1", "「山巾市」 stands right behind it and is no place: the name may go on there"),
        ("name-2", "no such place exists"),
    ]
    assert [each.value for each in found[0].candidates] == ["東村"]


@pytest.mark.parametrize(
    ("take", "codes"),
    [
        pytest.param([0, 0], ["132136"], id="one town"),
        pytest.param([1, 1], ["473031", "062014"], id="two towns"),
    ],
)
def test_a_name_that_was_cut_can_be_mended(take: list[int], codes: list[str], gazetteer: Gazetteer) -> None:
    assert settled(printed("東村\n山市"), gazetteer, take=take) == codes


def test_a_ward_beside_its_city(gazetteer: Gazetteer) -> None:
    found = asked(printed("京都府京都市、北区"), gazetteer)
    assert told(found) == [
        ("name-1", ["dropped", "京都府京都市"]),
        ("name-2", ["京都市北区"]),
    ]
    assert found[0].why == "its ward 北区 is printed beside it"


@pytest.mark.parametrize(
    ("take", "codes"),
    [
        pytest.param([0, 0], ["261017"], id="the ward alone"),
        pytest.param([1, 0], ["261009", "261017"], id="both"),
    ],
)
def test_a_city_and_its_ward_can_be_decided(take: list[int], codes: list[str], gazetteer: Gazetteer) -> None:
    assert settled(printed("京都府京都市、北区"), gazetteer, take=take) == codes


def test_a_city_stays_in_doubt_when_the_ward_is_decided_first(gazetteer: Gazetteer) -> None:
    """The ward may turn out to be one of another city: then 京都市 is what is meant."""
    cells = printed("北区、京都市")
    city, ward = asked(cells, gazetteer)
    assert told([city, ward]) == [
        ("name-2", ["dropped", "京都市"]),
        ("name-1", ["京都府京都市北区", "北海道札幌市北区", "埼玉県さいたま市北区"]),
    ]
    assert [each.field for each in asked(cells, gazetteer, decide(ward, 0))] == ["name-2"]
    assert asked(cells, gazetteer, decide(ward, 1)) == []


# --- wards in a bracket --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("浜松市（天竜区）", [("name-1", ["静岡県浜松市天竜区", "静岡県浜松市"])], id="one ward"),
        pytest.param(
            "大阪府大阪市（北区、中央区）",
            [
                ("name-1", ["大阪府大阪市北区", "大阪府大阪市", "dropped"]),
                ("name-2", ["大阪府大阪市中央区", "大阪府大阪市", "dropped"]),
            ],
            id="two wards: each is asked about, so that none is lost",
        ),
        pytest.param(
            "おおさかし 大阪市（北区）",
            [("name-1", ["大阪府大阪市北区", "大阪府大阪市"])],
            id="with the reading of the city",
        ),
        pytest.param(
            "さいたま市（さいたまし）（北区）",
            [("name-1", ["埼玉県さいたま市北区", "埼玉県さいたま市"])],
            id="a city that begins with kana",
        ),
        pytest.param("浜松市（大原地区）", [], id="a district is a part"),
    ],
)
def test_wards_in_a_bracket(cell: str, expected: Asked, gazetteer: Gazetteer) -> None:
    assert told(asked(printed(cell), gazetteer)) == expected


def test_a_ward_in_a_bracket_that_there_is_no_longer(repository: Repository) -> None:
    gazetteer = Gazetteer(repository.register(), repository.former_areas())
    found = told(asked(printed("浜松市（浜北区）（静岡県）"), gazetteer))
    assert found == [("name-1", ["浜松市浜名区", "浜松市"])]


def test_each_ward_in_a_bracket_can_be_decided(gazetteer: Gazetteer) -> None:
    assert settled(printed("大阪府大阪市（北区、中央区）"), gazetteer, take=[0, 0]) == ["271276", "271284"]
    assert settled(printed("大阪府大阪市（北区、中央区）"), gazetteer, take=[1, 2]) == ["271004"]


# --- signs that stand for the row above -----------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            [["静岡県", "浜松市", "あ"], ["静岡県", "〃", "い"]],
            [("2", "name-1", ["浜松市"])],
            id="in the same prefecture",
        ),
        pytest.param(
            [["静岡県", "浜松市", "あ"], ["〃", "同上", "い"], ["〃", "〃", "う"]],
            [("2", "name-1", ["浜松市"]), ("3", "name-1", ["浜松市"])],
            id="one sign below the other",
        ),
        pytest.param(
            [["静岡県", "浜松市、森町", "あ"], ["静岡県", "〃", "い"]],
            [("2", "name-1", ["浜松市", "森町"]), ("2", "name-2", ["森町", "浜松市"])],
            id="for two towns",
        ),
        pytest.param(
            [["静岡県", "浜松市", "あ"], ["北海道", "〃", "い"]],
            [("2", "name-1", ["静岡県浜松市"])],
            id="in another prefecture: somebody made a mistake",
        ),
        pytest.param([["静岡県", "〃", "あ"]], [("1", "name-1", [])], id="above is nothing"),
    ],
)
def test_a_sign_for_the_row_above_is_asked_about(
    lines: Sequence[Sequence[str]], expected: list[tuple[str, str, list[str]]], gazetteer: Gazetteer
) -> None:
    found = asked(listed(*lines), gazetteer)
    assert [(each.row, *place) for each, place in zip(found, told(found), strict=True)] == expected
    assert {each.kind for each in found} == {"missing"}


def test_a_sign_that_was_decided_is_what_the_next_one_stands_for(gazetteer: Gazetteer) -> None:
    cells = listed(["静岡県", "浜松市、森町", "あ"], ["静岡県", "〃", "い"], ["静岡県", "〃", "う"])
    decisions = [decide(each) for each in asked(cells, gazetteer) if each.row == "2"]
    found = asked(cells, gazetteer, *decisions)
    assert told(found) == [("name-1", ["浜松市", "森町"]), ("name-2", ["森町", "浜松市"])]
    assert asked(cells, gazetteer, *decisions, *map(decide, found)) == []


# --- prefectures that are none ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why", "expected"),
    [
        pytest.param(
            ["福剛県", "那珂川町", "あ"],
            "there is no such prefecture",
            ["福島県", "福井県", "福岡県"],
            id="a misprint: never 栃木県那珂川町 without a question",
        ),
        pytest.param(
            ["九州", "大島町", "あ"],
            "there is no such prefecture",
            ["東京都"],
            id="a part of Japan: never 東京都大島町 without a question",
        ),
        pytest.param(
            ["宮城県・福島県", "白石市", "あ"],
            "2 prefectures are printed for it: 宮城県, 福島県",
            ["宮城県", "福島県"],
            id="two: the one that has such a place comes first",
        ),
        pytest.param(
            ["福島、宮城", "白石市", "あ"],
            "2 prefectures are printed for it: 福島県, 宮城県",
            ["宮城県", "福島県"],
            id="two, shortened",
        ),
    ],
)
def test_a_cell_that_is_not_one_prefecture(
    line: Sequence[str], why: str, expected: list[str], gazetteer: Gazetteer
) -> None:
    found = asked(listed(line), gazetteer)[0]
    assert (found.field, found.why) == ("prefecture-1", why)
    assert [each.value for each in found.candidates] == expected


def test_one_of_two_prefectures_can_be_chosen(gazetteer: Gazetteer) -> None:
    cells = listed(["福島県・宮城県", "伊達市", "あ"])
    assert asked(cells, gazetteer, decide(asked(cells, gazetteer)[0])) == []


# --- prefectures without a town -----------------------------------------------------------------

TOWNS = [
    ["静岡県", town, town] for town in ("浜松市", "森町", "三島市", "熱海市", "沼津市", "伊東市", "島田市")
]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([*TOWNS, ["静岡県", "", "い"]], [("name-1", ["静岡県"])], id="a town is missing"),
        pytest.param([*TOWNS[:3], ["静岡県", "", "い"]], [], id="three towns of four are not nearly all"),
        pytest.param(
            [*TOWNS, ["静岡県", "静岡県（しずおかけん）", "い"]],
            [],
            id="its reading is printed: nothing is missing",
        ),
    ],
)
def test_a_prefecture_where_nearly_all_have_a_town(
    lines: Sequence[Sequence[str]], expected: Asked, gazetteer: Gazetteer
) -> None:
    cells = listed(*lines)
    found = asked(cells, gazetteer)
    assert told(found) == expected
    for each in found:
        assert each.why == "no town is printed for it, while nearly all others have one"
        assert asked(cells, gazetteer, decide(each)) == []
