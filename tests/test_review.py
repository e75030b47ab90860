from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pytest

from nichiiki_ld.errors import StaleDecision
from nichiiki_ld.model import LEAD, Cell, Decision, Doubt, Source
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.review import MAXIMUM_CANDIDATES, review
from nichiiki_ld.settlement import settle

PROGRAMME = "二地域居住先導的プロジェクト実装事業"

MISPRINTS = [
    ("3", "reading-1", "ふくしまけん磐梯町", "ふくしまけんばんだいまち"),
    ("7", "reading-1", "ながのけんほくほむら", "ながのけんはくばむら"),
    ("9", "reading-1", "みやぎけんみなみいせちょう", "みえけんみなみいせちょう"),
    ("10", "reading-3", "わかやまけんしらほまちょう", "わかやまけんしらはまちょう"),
    ("10", "name-4", "和歌山県さすみ町", "和歌山県すさみ町"),
    ("10", "reading-4", "わかやまけんちょう", "わかやまけんすさみちょう"),
    ("10", "name-5", "北海道士幌町", "北海道上士幌町"),
    ("14", "reading-1", "かごしまけんみなみおおくまちょう", "かごしまけんみなみおおすみちょう"),
]
"""Row, cell, what is printed, what is right. Settled by several registers and by press reports."""


def undecided(source: Source, gazetteer: Gazetteer) -> list[Doubt]:
    return review(settle(source.cells, (), where="decisions.csv"), gazetteer, programme=PROGRAMME)


def place(name: str, reading: str | None = None) -> list[Cell]:
    cells = [Cell("1", "name-1", name, 0, len(name))]
    if reading is not None:
        cells.append(Cell("1", "reading-1", reading, 0, len(reading)))
    return cells


def doubts_of(cells: list[Cell], gazetteer: Gazetteer) -> list[Doubt]:
    return review(settle(cells, (), where="decisions.csv"), gazetteer, programme=PROGRAMME)


def decision(row: str, field: str, printed: str, value: str) -> Decision:
    day = datetime.date(2026, 1, 1)
    return Decision(row, field, printed, value, "理由", "reason", ("municipality/012084",), "A", day, 7)


def test_finds_exactly_the_eight_misprints(source: Source, gazetteer: Gazetteer) -> None:
    found = [d for d in undecided(source, gazetteer) if d.kind == "misprint"]
    assert [(d.row, d.field, d.printed) for d in found] == [m[:3] for m in MISPRINTS]


def test_finds_the_contradiction_of_the_fiscal_year_and_no_other(
    source: Source, gazetteer: Gazetteer
) -> None:
    found = [d for d in undecided(source, gazetteer) if d.kind != "misprint"]
    assert [(d.row, d.field, d.printed) for d in found] == [(LEAD, "fiscal-year", "令和7年度／令和6年度")]


def test_the_right_value_is_among_the_candidates(source: Source, gazetteer: Gazetteer) -> None:
    right = {(row, field): value for row, field, _, value in MISPRINTS}
    for doubt in undecided(source, gazetteer):
        assert len(doubt.candidates) <= MAXIMUM_CANDIDATES
        if doubt.kind == "misprint":
            assert right[doubt.row, doubt.field] in [c.value for c in doubt.candidates]


def test_never_suggests_the_likest_reading_against_a_known_name(source: Source, gazetteer: Gazetteer) -> None:
    """The reading nearest to ほくほむら is that of 筑北村, another village of the prefecture."""
    (doubt,) = [d for d in undecided(source, gazetteer) if d.row == "7"]
    assert [candidate.code for candidate in doubt.candidates] == ["204854"]


def test_the_committed_decisions_settle_everything(source: Source, gazetteer: Gazetteer) -> None:
    settlement = settle(source.cells, source.decisions, where="decisions.csv")
    assert review(settlement, gazetteer, programme=PROGRAMME) == []
    for row, field, _, value in MISPRINTS:
        assert settlement[row, field].value == value
    assert [s.value for s in settlement.chosen("fiscal-year")] == ["令和6年度"]


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        pytest.param("北海道北見市", "ほっかいどうきたみし", id="a city"),
        pytest.param("和歌山県", "わかやまけん", id="a prefecture alone"),
        pytest.param("静岡県森町", "しずおかけんもりまち", id="a name that exists twice in Japan"),
        pytest.param("北海道枝幸町", "ほっかいどうえさしちょう", id="a reading that two towns share"),
        pytest.param("福島県耶麻郡磐梯町", "ふくしまけんばんだいまち", id="with its district"),
        pytest.param("北海道札幌市中央区", "ほっかいどうさっぽろしちゅうおうく", id="a ward"),
        pytest.param("北海道北見市", None, id="no reading printed"),
    ],
)
def test_no_doubt(name: str, reading: str | None, gazetteer: Gazetteer) -> None:
    assert doubts_of(place(name, reading), gazetteer) == []


@pytest.mark.parametrize(
    ("name", "reading", "field", "codes"),
    [
        pytest.param(
            "北海道士幌町", "ほっかいどうかみしほろちょう", "name-1", ["016331", "016322"], id="neighbours"
        ),
        pytest.param("北海道江差町", "ほっかいどうえさし", "reading-1", ["013617"], id="a reading cut short"),
        pytest.param("北海道北身市", "ほっかいどうきたみし", "name-1", ["012084"], id="a wrong character"),
        pytest.param("青森県北見市", "あおもりけんきたみし", "name-1", None, id="wrong prefecture in both"),
    ],
)
def test_doubts(name: str, reading: str, field: str, codes: list[str] | None, gazetteer: Gazetteer) -> None:
    found = doubts_of(place(name, reading), gazetteer)
    assert found[0].field == field
    if codes is not None:
        assert [candidate.code for candidate in found[0].candidates] == codes


def test_a_misprint_of_every_reading_is_noticed(gazetteer: Gazetteer) -> None:
    """Swapping two kana of any reading never passes silently, unless the result is another reading of the same place."""
    passed = []
    count = 0
    for area in gazetteer:
        reading = gazetteer.full_reading(area.code)
        wrong = reading[:-3] + reading[-2] + reading[-3] + reading[-1]
        if wrong != reading:
            count += 1
            if not doubts_of(place(gazetteer.full_name(area.code), wrong), gazetteer):
                passed.append(area.name)
    assert count > 1500
    assert passed == []


def test_a_decision_that_quotes_something_else_is_stale(source: Source) -> None:
    with pytest.raises(StaleDecision, match="北海道清水町") as caught:
        settle(
            source.cells, [decision("10", "name-5", "北海道清水町", "北海道上士幌町")], where="decisions.csv"
        )
    assert caught.value.where == "decisions.csv:7"


@pytest.mark.parametrize(
    ("row", "field", "printed", "value"),
    [
        pytest.param("99", "name-1", "北海道北見市", "北海道北見市", id="a row that does not exist"),
        pytest.param("1", "name-9", "北海道北見市", "北海道北見市", id="a cell that does not exist"),
        pytest.param(LEAD, "fiscal-year", "令和7年度", "令和7年度", id="one of two printings"),
        pytest.param(
            LEAD, "fiscal-year", "令和7年度／令和6年度", "令和5年度", id="a value that is not printed"
        ),
    ],
)
def test_other_stale_decisions(source: Source, row: str, field: str, printed: str, value: str) -> None:
    with pytest.raises(StaleDecision):
        settle(source.cells, [decision(row, field, printed, value)], where="decisions.csv")


def test_a_count_that_the_table_does_not_bear_out(source: Source, gazetteer: Gazetteer) -> None:
    cells = [cell for cell in source.cells if cell.row != "14"]
    found = doubts_of(cells, gazetteer)
    assert [d.field for d in found if d.kind == "contradiction"] == ["fiscal-year", "decision-count-1"]


def test_a_list_of_another_programme(source: Source, gazetteer: Gazetteer) -> None:
    settlement = settle(source.cells, source.decisions, where="decisions.csv")
    found = review(settlement, gazetteer, programme="別の事業")
    assert {d.field for d in found} == {"programme-1", "programme-2"}


def test_decisions_csv_has_evidence_for_each() -> None:
    path = Path(__file__).parent.parent / "data/sources/2025-07-01-mlit/decisions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 9
    assert all(row["evidence"] and row["reason"] and row["reason_en"] for row in rows)
