"""Doubts beyond a single place: prefectures apart, rows without places, rows lost or repeated, and what settles them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

import pytest

from nichiiki_ld.errors import ReviewError, StaleDecision
from nichiiki_ld.model import LEAD, Cell, Decision, Doubt, FormerArea
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.repository import Repository
from nichiiki_ld.review import MAXIMUM_CANDIDATES, review
from nichiiki_ld.settlement import Settlement, settle

PROGRAMME = "関係人口創出事業"


def row(number: int | str, /, **fields: str) -> list[Cell]:
    """Return the cells of a row; `name_1` stands for the field `name-1`. Offsets do not matter to review."""
    line = fields.pop("row", "\t".join(fields.values()))
    cells = {"row": line, **{field.replace("_", "-"): text for field, text in fields.items()}}
    return [Cell(str(number), field, text, 0, len(text)) for field, text in cells.items()]


def lead(**fields: str) -> list[Cell]:
    return [Cell(LEAD, f.replace("_", "-"), text, 0, len(text)) for f, text in fields.items()]


def decide(row: int | str, field: str, printed: str, value: str) -> Decision:
    return Decision(
        str(row),
        field,
        printed,
        value,
        "理由",
        "reason",
        ("municipality/012084",),
        "A",
        datetime.date(2026, 1, 1),
    )


def doubts_of(
    cells: list[Cell],
    gazetteer: Gazetteer,
    *decisions: Decision,
    stated: Mapping[str, str] | None = None,
) -> list[Doubt]:
    settlement = settle(cells, decisions, where="decisions.csv")
    found = review(settlement, gazetteer, programme=PROGRAMME, stated=stated)
    for doubt in found:
        assert len(doubt.candidates) <= MAXIMUM_CANDIDATES
        for candidate in doubt.candidates:
            assert candidate.why.endswith(".")
            assert candidate.why_ja.endswith("。")
            assert bool(candidate.code) == bool(candidate.evidence)
    return found


def told(doubts: list[Doubt]) -> list[tuple[str, str, str]]:
    return [(d.row, d.field, d.kind) for d in doubts]


def candidates_of(doubt: Doubt) -> list[tuple[str, str]]:
    return [(c.field, c.value) for c in doubt.candidates]


def test_a_prefecture_in_a_name_that_is_unknown_is_proposed_last(gazetteer: Gazetteer) -> None:
    (found,) = doubts_of(row(1, name_1="北海道北身市"), gazetteer)
    proposed = [value for _, value in candidates_of(found)]
    assert proposed[0] == "北海道北見市"
    assert "北海道" not in proposed[:-1]


# --- rows that a page may have cut ---------------------------------------------------------


CUT = [
    *row(1, name_1="北海道北見市", applicant="北見の会"),
    *row(2, page_break="北海道上士幌町", name_1="北海道上士幌町", applicant="上士幌の会"),
]


def test_a_row_at_a_page_break_is_asked_about(gazetteer: Gazetteer) -> None:
    (found,) = doubts_of(CUT, gazetteer)
    assert told([found]) == [("2", "page-break", "page-break")]
    assert candidates_of(found) == [("page-break", "北海道上士幌町")]
    assert not doubts_of(CUT, gazetteer, decide(2, "page-break", "北海道上士幌町", "北海道上士幌町"))
    whole = next(cell.printed for cell in CUT if (cell.row, cell.field) == ("2", "row"))
    assert not doubts_of(CUT, gazetteer, decide(2, "row", whole, "dropped"))


def test_a_page_break_is_confirmed_or_the_list_is_imported_otherwise(gazetteer: Gazetteer) -> None:
    with pytest.raises(ReviewError, match="where row 2 begins") as refused:
        doubts_of(CUT, gazetteer, decide(2, "page-break", "北海道上士幌町", "北海道士幌町"))
    assert "text or CSV" in (refused.value.hint or "")


def test_rows_that_print_the_same_at_a_page_break_are_the_same(gazetteer: Gazetteer) -> None:
    cells = [
        *row(1, name_1="北海道北見市", applicant="北見の会"),
        *row(2, page_break="北海道北見市", name_1="北海道北見市", applicant="北見の会"),
    ]
    assert ("2", "row", "repeated") in told(doubts_of(cells, gazetteer))


# --- offices -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offices", "fields"),
    [
        pytest.param(
            ("国土政策局 地方政策課", "国土交通省国土政策局地方政策課"), [], id="a part of the chain"
        ),
        pytest.param(("地方政策課", "国土政策局　地方政策課"), [], id="its end"),
        pytest.param(("地方政策課", "総合計画課"), ["office"], id="another"),
    ],
)
def test_an_office_may_be_printed_in_part(
    offices: tuple[str, str], fields: list[str], gazetteer: Gazetteer
) -> None:
    cells = lead(office_1=offices[0], office_2=offices[1])
    assert [each.field for each in doubts_of(cells, gazetteer)] == fields


# --- the prefecture apart from the name -----------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field", "why", "expected"),
    [
        pytest.param(
            {"prefecture_1": "北海道", "name_1": "海士町"},
            "name-1",
            "no such place",
            ("name-1", "島根県海士町"),
            id="the town lies in another prefecture: full name, as the prefecture beside it is wrong",
        ),
        pytest.param(
            {"prefecture_1": "北海道", "name_1": "上土幌町"},
            "name-1",
            "no such place",
            ("name-1", "上士幌町"),
            id="a misprint beside its prefecture is written without it",
        ),
        pytest.param(
            {"prefecture_1": "北海道", "name_1": "北身市", "reading_1": "きたみし"},
            "name-1",
            "no such place",
            ("name-1", "北見市"),
            id="the reading tells",
        ),
        pytest.param(
            {"prefecture_1": "北海道", "name_1": "北見市", "reading_1": "きたむし"},
            "reading-1",
            "is read like this",
            ("reading-1", "きたみし"),
            id="a reading without the prefecture is mended without it",
        ),
        pytest.param(
            {"prefecture_1": "北海道", "name_1": "北見市", "reading_1": "ほっかいどうきたむし"},
            "reading-1",
            "is read like this",
            ("reading-1", "ほっかいどうきたみし"),
            id="and one with it, with it",
        ),
        pytest.param(
            {"prefecture_1": "北海道", "name_1": "士幌町", "reading_1": "かみしほろちょう"},
            "name-1",
            "but the reading",
            ("name-1", "上士幌町"),
            id="name and reading of neighbours",
        ),
        pytest.param(
            {"prefecture_1": "北海遺", "name_1": "北見市"},
            "prefecture-1",
            "no such prefecture",
            ("prefecture-1", "北海道"),
            id="no prefecture, though the name is the only one",
        ),
        pytest.param(
            {"prefecture_1": "北海道", "name_1": "島根県海士町"},
            "name-1",
            "the name says 島根県",
            ("prefecture-1", "島根県"),
            id="another prefecture than the name has",
        ),
        pytest.param(
            {"name_1": "北海道中川郡下川町"},
            "name-1",
            "no such place",
            ("name-1", "北海道下川町"),
            id="another district",
        ),
        pytest.param(
            {"name_1": "宮城県南伊勢町"},
            "name-1",
            "no such place",
            ("name-1", "三重県南伊勢町"),
            id="another prefecture in front",
        ),
        pytest.param(
            {"name_1": "北海道北見市網走市"},
            "name-1",
            "no such place",
            ("name-1", "北海道北見市"),
            id="two names run together",
        ),
        pytest.param(
            {"name_1": "ほか"}, "name-1", "no such place", ("name-1", "dropped"), id="no name at all"
        ),
        pytest.param(
            {"name_1": "森町"},
            "name-1",
            "北海道, 静岡県",
            ("name-1", "静岡県森町"),
            id="a name that two towns have",
        ),
        pytest.param(
            {"name_1": "池田町"},
            "name-1",
            "4 areas are written like this: 北海道, 福井県, 長野県, 岐阜県",
            ("name-1", "北海道池田町"),
            id="a name that four towns have: three are shown, four named",
        ),
        pytest.param(
            {"prefecture_1": "東京", "name_1": "札幌市白石区"},
            "name-1",
            "no such place",
            ("name-1", "北海道札幌市白石区"),
            id="a ward in another prefecture",
        ),
        pytest.param(
            {"name_1": "白石区"},
            "name-1",
            "a ward is printed without its city",
            ("name-1", "北海道札幌市白石区"),
            id="a ward without its city",
        ),
        pytest.param(
            {"name_1": "白石区", "reading_1": "しろいしく"},
            "name-1",
            "a ward is printed without its city",
            ("name-1", "北海道札幌市白石区"),
            id="and with its reading",
        ),
        pytest.param(
            {"name_1": "中央区"},
            "name-1",
            "areas are written like this",
            ("name-1", "北海道札幌市中央区"),
            id="a ward of many cities",
        ),
    ],
)
def test_a_place(
    fields: dict[str, str], field: str, why: str, expected: tuple[str, str], gazetteer: Gazetteer
) -> None:
    (doubt,) = doubts_of(row(1, **fields), gazetteer)
    assert doubt.field == field
    assert why in doubt.why
    assert expected in candidates_of(doubt)


def test_each_candidate_of_a_place_settles_it(gazetteer: Gazetteer) -> None:
    """What is suggested can be decided as it stands: afterwards nothing is asked about that cell."""
    prints = [
        {"prefecture_1": "北海道", "name_1": "海士町"},
        {"prefecture_1": "北海道", "name_1": "上土幌町"},
        {"prefecture_1": "北海道", "name_1": "士幌町", "reading_1": "かみしほろちょう"},
        {"prefecture_1": "北海遺", "name_1": "北見市"},
        {"prefecture_1": "北海道", "name_1": "島根県海士町"},
        {"name_1": "森町"},
        {"name_1": "中央区"},
        {"name_1": "北海道中川郡下川町"},
    ]
    count = 0
    for fields in prints:
        cells = row(1, **fields)
        for doubt in doubts_of(cells, gazetteer):
            printed = {cell.field: cell.printed for cell in cells}
            for each in doubt.candidates:
                decision = decide(1, each.field, printed[each.field], each.value)
                assert doubts_of(cells, gazetteer, decision) == [], (fields, each)
                count += 1
    assert count >= 12


def test_the_evidence_is_the_area(gazetteer: Gazetteer) -> None:
    (doubt,) = doubts_of(row(1, name_1="北海道北身市", reading_1="ほっかいどうきたみし"), gazetteer)
    (candidate,) = doubt.candidates
    assert candidate.evidence == ("municipality/012084",)
    assert candidate.why == (
        "The printed reading ほっかいどうきたみし is that of 北海道北見市, from which the printed name differs in 1 character."
    )
    assert candidate.why_ja == (
        "印刷された読み「ほっかいどうきたみし」は北海道北見市のものである。印刷された名称との違いは1文字。"
    )


def test_a_former_municipality_is_said_to_be_one(repository: Repository) -> None:
    shimizu = FormerArea("清水市", "しみずし", "220001", datetime.date(2003, 4, 1), ("221007",))
    gazetteer = Gazetteer(repository.register(), [shimizu])
    (doubt,) = doubts_of(row(1, name_1="静岡県清水市"), gazetteer)
    assert doubt.why == "no such place exists any more: 清水市 was there until 2003-04-01"
    assert candidates_of(doubt) == [("name-1", "静岡県静岡市")]
    assert "2003年4月1日" in doubt.candidates[0].why_ja


# --- a name without a reading, and the rest of the row ---------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"name_1": "北海道士幌町", "applicant": "上士幌町二地域居住コンソーシアム"},
            "北海道上士幌町",
            id="the applicant is called after a neighbour",
        ),
        pytest.param(
            {"name_1": "士幌町", "prefecture_1": "北海道", "summary": "上士幌町の空き家を活用する。"},
            "上士幌町",
            id="the summary names it",
        ),
        pytest.param(
            {"name_1": "青森県平川市", "applicant": "北見市コンソーシアム"},
            "北海道北見市",
            id="the applicant is called after a town elsewhere",
        ),
        pytest.param(
            {"name_1": "北海道士幌町", "name_2": "北海道北見市", "summary": "北見市と上士幌町を結ぶ。"},
            "北海道上士幌町",
            id="others are named rightly, and one that is near",
        ),
        pytest.param(
            {"name_1": "北海道士幌町", "applicant": "士幌町コンソーシアム"}, None, id="the row names it"
        ),
        pytest.param(
            {"name_1": "北海道士幌町", "applicant": "士幌町と上士幌町の協議会"}, None, id="the row names both"
        ),
        pytest.param(
            {
                "name_1": "北海道士幌町",
                "reading_1": "ほっかいどうしほろちょう",
                "applicant": "上士幌町協議会",
            },
            None,
            id="a reading settles it",
        ),
        pytest.param(
            {"name_1": "北海道士幌町", "summary": "横浜市の企業と連携する。"},
            None,
            id="a partner in another prefecture",
        ),
        pytest.param(
            {"name_1": "北海道士幌町", "name_2": "北海道北見市", "summary": "北見市から函館市まで。"},
            None,
            id="others are named rightly, and one that is not near",
        ),
        pytest.param(
            {"name_1": "北海道士幌町", "applicant": "十勝の暮らし推進協議会"}, None, id="nothing is named"
        ),
        pytest.param(
            {"name_1": "北海道", "applicant": "北見市協議会"},
            "北海道北見市",
            id="the prefecture may be all that is left of the town",
        ),
        pytest.param(
            {"name_1": "北海道", "reading_1": "ほっかいどう", "applicant": "北見市協議会"},
            None,
            id="a prefecture with its reading is meant",
        ),
        pytest.param(
            {"name_1": "北海道", "applicant": "北海道と北見市の協議会"},
            None,
            id="the row names the prefecture",
        ),
        pytest.param(
            {"name_1": "北海道", "name_2": "北海道北見市", "applicant": "北見市協議会"},
            None,
            id="the town is printed too",
        ),
        pytest.param(
            {"name_1": "北海道札幌市", "name_2": "北海道北見市", "summary": "北見市と札幌市中央区を結ぶ。"},
            "北海道札幌市中央区",
            id="likewise of one of two",
        ),
        pytest.param(
            {"name_1": "小野市", "name_2": "北見市", "summary": "北見市と小野町を結ぶ。"},
            "福島県小野町",
            id="without prefectures a near name of any prefecture counts",
        ),
        pytest.param(
            {"name_1": "北海道札幌市", "applicant": "札幌市中央区協議会"},
            "北海道札幌市中央区",
            id="the city may be all that is left of the ward",
        ),
        pytest.param(
            {"name_1": "北海道札幌市中央区", "applicant": "札幌市協議会"}, None, id="the city of the ward"
        ),
        pytest.param(
            {"name_1": "三重県鳥羽市", "summary": "滋賀県大津市の企業と。"}, None, id="大津市 is no 津市"
        ),
    ],
)
def test_the_rest_of_the_row(fields: dict[str, str], expected: str | None, gazetteer: Gazetteer) -> None:
    cells = row(1, **fields)
    doubts = doubts_of(cells, gazetteer)
    if expected is None:
        assert doubts == []
        return
    (doubt,) = doubts
    assert (doubt.field, doubt.kind) == ("name-1", "contradiction")
    assert expected in [c.value for c in doubt.candidates]
    confirmed = decide(1, "name-1", fields["name_1"], fields["name_1"])
    assert doubts_of(cells, gazetteer, confirmed) == []


# --- what a document prints for nearly all -------------------------------------------------------

TOWNS = [("北見市", "きたみし"), ("網走市", "あばしりし"), ("紋別市", "もんべつし"), ("根室市", "ねむろし")]


def list_of(reading: bool, prefecture: bool, last: Mapping[str, str]) -> list[Cell]:
    cells = []
    for number, (name, kana) in enumerate(TOWNS, start=1):
        fields = {
            "name_1": f"北海道{name}" if prefecture else name,
            **({"reading_1": kana} if reading else {}),
        }
        cells += row(number, **fields)
    return [*cells, *row(5, **last)]


@pytest.mark.parametrize(
    ("reading", "prefecture", "last", "why"),
    [
        pytest.param(
            True, True, {"name_1": "北海道士幌町"}, "no reading is printed", id="a reading was lost"
        ),
        pytest.param(
            True, False, {"name_1": "士幌町"}, "no reading is printed", id="and there are no prefectures"
        ),
        pytest.param(
            False, True, {"name_1": "津市"}, "no prefecture is printed", id="the prefecture was lost"
        ),
        pytest.param(False, False, {"name_1": "津市"}, None, id="all stand alone"),
        pytest.param(False, True, {"name_1": "北海道士幌町"}, None, id="all have a prefecture"),
        pytest.param(False, True, {"name_1": "津市", "prefecture_1": "三重県"}, None, id="this one apart"),
        pytest.param(
            False,
            True,
            {"name_1": "津市", "reading_1": "つし"},
            None,
            id="name and reading bear each other out",
        ),
        pytest.param(
            False, False, {"name_1": "津市", "reading_1": "つし"}, None, id="more than the others have"
        ),
    ],
)
def test_a_place_unlike_the_others(
    reading: bool, prefecture: bool, last: Mapping[str, str], why: str | None, gazetteer: Gazetteer
) -> None:
    cells = list_of(reading, prefecture, last)
    found = doubts_of(cells, gazetteer)
    if why is None:
        assert found == []
        return
    (doubt,) = found
    assert told([doubt]) == [("5", "name-1", "missing")]
    assert why in doubt.why
    assert doubts_of(cells, gazetteer, decide(5, "name-1", last["name_1"], last["name_1"])) == []


# --- rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "合計\t\t14件",
        "計\t\t14件",
        "小計",
        "総計\t14",
        "合　計\t14",
        "\t合計\t14",
        "合計（14件）",
        "計14件",
        "総合計",
    ],
)
def test_a_total_is_no_project(line: str, gazetteer: Gazetteer) -> None:
    cells = [*row(1, name_1="北海道北見市"), *row(2, row=line, name_1="14件")]
    (doubt,) = doubts_of(cells, gazetteer)
    assert told([doubt]) == [("2", "row", "total")]
    assert candidates_of(doubt)[0] == ("row", "dropped")
    dropped = decide(2, "row", line, "dropped")
    assert doubts_of(cells, gazetteer, dropped) == []


@pytest.mark.parametrize("line", ["計画課\t北見市", "会計\t北見市", "集計\t1", "計根別\t北見市"])
def test_other_words_with_that_sign_are_no_total(line: str, gazetteer: Gazetteer) -> None:
    assert doubts_of(row(1, row=line, name_1="北海道北見市"), gazetteer) == []


def test_a_row_without_a_place(gazetteer: Gazetteer) -> None:
    cells = row(1, row="（離島枠）", summary="（離島枠）")
    (doubt,) = doubts_of(cells, gazetteer)
    assert told([doubt]) == [("1", "row", "missing")]
    assert candidates_of(doubt) == [("row", "dropped")]


def test_a_place_twice_in_a_row(gazetteer: Gazetteer) -> None:
    cells = row(1, name_1="北海道北見市", name_2="北海道網走市", name_3="北見市")
    (doubt,) = doubts_of(cells, gazetteer)
    assert told([doubt]) == [("1", "name-3", "repeated")]
    for value in ("dropped", "北見市", "北海道紋別市"):
        assert doubts_of(cells, gazetteer, decide(1, "name-3", "北見市", value)) == []


def test_a_row_twice(gazetteer: Gazetteer) -> None:
    same = {"name_1": "北海道北見市", "applicant": "北見市", "summary": "空き家"}
    cells = [
        *row(1, number="1", **same),
        *row(2, number="2", name_1="北海道網走市"),
        *row(3, number="3", **same),
    ]
    (doubt,) = doubts_of(cells, gazetteer)
    assert told([doubt]) == [("3", "row", "repeated")]
    assert doubt.why == "row 1 prints the same"
    for value in ("dropped", "3\t北海道北見市\t北見市\t空き家"):
        assert doubts_of(cells, gazetteer, decide(3, "row", "3\t北海道北見市\t北見市\t空き家", value)) == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        pytest.param(["1", "2", "3"], [], id="they run"),
        pytest.param(["１", "２", "３"], [], id="full width"),
        pytest.param(["No.1", "No.2", "No.3"], [], id="with a word"),
        pytest.param(["1", "2", "1", "2"], [], id="anew for each part"),
        pytest.param(["1", "3"], [("2", "a row is missing before this number")], id="one is lost"),
        pytest.param(["1", "5"], [("2", "3 rows are missing before this number")], id="three are lost"),
        pytest.param(["3", "4"], [("1", "2 rows are missing before this number")], id="the first are lost"),
        pytest.param(
            ["1", "3", "2", "4"],
            [
                ("2", "a row is missing before this number"),
                ("3", "the number before is 3"),
                ("4", "a row is missing before this number"),
            ],
            id="two have changed places",
        ),
        pytest.param(["1", "2", "2"], [("3", "the number 2 is printed for two rows")], id="one twice"),
        pytest.param(["1", "1"], [("2", "the number 1 is printed for two rows")], id="the first twice"),
        pytest.param(["A-1", "A-3"], [], id="no numbers"),
    ],
)
def test_numbers(numbers: list[str], expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    towns = ["北海道北見市", "北海道網走市", "北海道紋別市", "北海道根室市"]
    cells = [
        cell for at, number in enumerate(numbers) for cell in row(at + 1, number=number, name_1=towns[at])
    ]
    found = doubts_of(cells, gazetteer)
    assert [(d.row, d.why) for d in found] == expected
    assert {(d.field, d.kind) for d in found} <= {("number", "count")}
    confirmed = [decide(d.row, d.field, d.printed, d.printed) for d in found]
    assert doubts_of(cells, gazetteer, *confirmed) == []


def test_a_dropped_row_leaves_no_gap_in_the_numbers(gazetteer: Gazetteer) -> None:
    towns = ["北海道北見市", "北海道網走市", "北海道紋別市"]
    cells = [cell for at, town in enumerate(towns, start=1) for cell in row(at, number=str(at), name_1=town)]
    assert doubts_of(cells, gazetteer, decide(2, "row", "2\t北海道網走市", "dropped")) == []


# --- the lead ------------------------------------------------------------------------------------


def test_what_a_lead_lacks(gazetteer: Gazetteer) -> None:
    cells = [*lead(title="採択結果"), *row(1, name_1="北海道北見市")]
    found = doubts_of(cells, gazetteer, stated={})
    assert told(found) == [(LEAD, "published-date", "missing"), (LEAD, "fiscal-year", "missing")]
    assert all("[stated] of source.toml" in doubt.why for doubt in found)
    stated = {"published-date": "令和8年3月26日", "fiscal-year": "令和7年度"}
    assert doubts_of(cells, gazetteer, stated=stated) == []
    assert doubts_of(cells, gazetteer) == []


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param("令和6年度", ["fiscal-year-1"], id="another year than the print"),
        pytest.param("令和７年度", [], id="the same, in other digits"),
        pytest.param("2025", ["fiscal-year-1"], id="not as a document prints it"),
    ],
)
def test_stated_against_printed(stated: str, expected: list[str], gazetteer: Gazetteer) -> None:
    cells = [
        *lead(title="t", published_date="令和8年3月26日", fiscal_year_1="令和7年度"),
        *row(1, name_1="北海道北見市"),
    ]
    found = doubts_of(cells, gazetteer, stated={"fiscal-year": stated})
    assert [d.field for d in found] == expected


def test_a_count_that_cannot_be_understood(gazetteer: Gazetteer) -> None:
    cells = [*lead(decision_count_1="多数の団体"), *row(1, name_1="北海道北見市")]
    (doubt,) = doubts_of(cells, gazetteer)
    assert told([doubt]) == [(LEAD, "decision-count-1", "misprint")]
    assert doubts_of(cells, gazetteer, decide(LEAD, "decision-count-1", "多数の団体", "1団体")) == []


def test_a_count_can_be_confirmed_against_the_table(gazetteer: Gazetteer) -> None:
    cells = [*lead(decision_count_1="3団体"), *row(1, name_1="北海道北見市")]
    assert told(doubts_of(cells, gazetteer)) == [(LEAD, "decision-count-1", "contradiction")]
    assert doubts_of(cells, gazetteer, decide(LEAD, "decision-count-1", "3団体", "3団体")) == []


# --- dropping --------------------------------------------------------------------------------------


def settled(*decisions: Decision) -> Settlement:
    cells = [*row(1, name_1="北海道北見市", reading_1="きたみし", name_2="ほか"), *row(2, row="合計\t1件")]
    return settle(cells, decisions, where="decisions.csv")


def test_a_dropped_row_is_no_row() -> None:
    decision = decide(2, "row", "合計\t1件", "dropped")
    settlement = settled(decision)
    assert settlement.rows == ["1"]
    assert settlement.all_rows == ["1", "2"]
    assert settlement.dropped == {"2": decision}


def test_a_dropped_name_is_left_out_with_what_belongs_to_it() -> None:
    settlement = settled(decide(1, "name-1", "北海道北見市", "dropped"))
    assert [s.value for s in settlement.repeated("1", "name")] == ["ほか"]
    assert settlement.get("1", "reading-1") is None
    assert settlement.dropped == {}


def test_a_row_can_be_confirmed() -> None:
    settlement = settled(decide(2, "row", "合計\t1件", "合計\t1件"))
    assert settlement.rows == ["1", "2"]
    assert not settlement["2", "row"].corrected


def test_a_dropped_row_that_prints_something_else_is_stale() -> None:
    with pytest.raises(StaleDecision, match="合計\t2件"):
        settled(decide(2, "row", "合計\t2件", "dropped"))


def test_a_row_cannot_become_another() -> None:
    with pytest.raises(ReviewError, match="cannot become 「北海道北見市」"):
        settled(decide(2, "row", "合計\t1件", "北海道北見市"))


@pytest.mark.parametrize(
    ("cells", "decisions"),
    [
        pytest.param(
            row(1, name_1="北海道北身市"),
            [
                decide(1, "name-1", "北海道北身市", "北海道北見市"),
                decide(1, "name-1", "北海道北身市", "北海道紋別市"),
            ],
            id="a cell",
        ),
        pytest.param(
            row(1, name_1="北海道北見市"),
            [
                decide(1, "row", "北海道北見市", "dropped"),
                decide(1, "row", "北海道北見市", "北海道北見市"),
            ],
            id="a row",
        ),
        pytest.param(
            lead(fiscal_year_1="令和7年度", fiscal_year_2="令和6年度"),
            [
                decide(LEAD, "fiscal-year", "令和7年度／令和6年度", "令和6年度"),
                decide(LEAD, "fiscal-year", "令和7年度／令和6年度", "令和7年度"),
            ],
            id="a fact of the lead",
        ),
        pytest.param(
            row(1, name_1="北海道北身市"),
            [decide(1, "name-1", "北海道北身市", "北海道北見市")] * 2,
            id="the same twice: one may be changed later, and the other not",
        ),
    ],
)
def test_two_decisions_on_one_cell_are_none(cells: list[Cell], decisions: list[Decision]) -> None:
    numbered = [replace(each, line=line) for line, each in enumerate(decisions, start=2)]
    with pytest.raises(ReviewError, match="is decided twice, also in line 2") as refused:
        settle(cells, numbered, where="decisions.csv")
    assert refused.value.where == "decisions.csv:3"
    assert refused.value.hint == "keep one of them"
