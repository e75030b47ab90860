"""Records of lists of any programme: what is printed is told, what is not is not, and what we add says so."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pytest

from nichiiki_ld.errors import ReviewError, UnknownPlace
from nichiiki_ld.model import Agency, Cell, Decision, Programme, Source, ThemeChoice
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.records import Record, document_records, row_records
from nichiiki_ld.settlement import settle

TEXT = "2026年3月26日\n採択一覧\n令和8年度\n北海道 (千円)\n\f1\t上士幌町\t雪の家\t12,345\n2\t北見市\t\t\n計\t\t\t12,345\n"
LEAD = [("lead", "published-date", "2026年3月26日"), ("lead", "title", "採択一覧")]
YEAR = ("lead", "fiscal-year-1", "令和8年度")
ROW_1 = [
    ("1", "row", "1\t上士幌町\t雪の家\t12,345"),
    ("1", "prefecture-1", "北海道"),
    ("1", "name-1", "上士幌町"),
]
TITLE = ("1", "title", "雪の家")
AMOUNT = ("1", "amount", "12,345")
UNIT = ("1", "amount-unit", "千円")

PROGRAMME = Programme(
    "wakamono",
    {"ja": "若者事業", "en": "Youth"},
    {"ja": "例", "en": "Example"},
    Agency("2000012020001", {"ja": "総務省", "en": "MIC"}),
    call_prefix="wakamono-",
)


def source_of(
    cells: Iterable[tuple[str, str, str]],
    *,
    stated: dict[str, str] | None = None,
    decisions: Iterable[tuple[str, str, str, str]] = (),
) -> Source:
    return Source(
        id="example",
        programme="wakamono",
        original="original.txt",
        sha256="0" * 64,
        licence="https://example.jp/licence",
        attribution="加工して作成",
        publisher="2000012020001",
        stated=stated or {},
        cells=tuple(
            Cell(row, field, text, TEXT.index(text), TEXT.index(text) + len(text))
            for row, field, text in cells
        ),
        decisions=tuple(
            Decision(*each, "理由", "Why", ("document/example",), "Nichiiki-LD", datetime.date(2026, 4, 1))
            for each in decisions
        ),
    ).with_text(TEXT)


def of_lead(source: Source) -> dict[str, Record]:
    settlement = settle(source.cells, source.decisions, where="decisions.csv")
    return by_id(document_records(source, settlement, PROGRAMME))


def of_row(
    source: Source, gazetteer: Gazetteer, row: str = "1", choices: Iterable[ThemeChoice] = ()
) -> dict[str, Record]:
    settlement = settle(source.cells, source.decisions, where="decisions.csv")
    themes: dict[str, dict[str, str]] = {"snow": {"ja": "雪", "en": "Snow"}}
    return by_id(row_records(source, settlement, row, PROGRAMME, gazetteer, themes, list(choices)))


def by_id(records: Iterable[Record]) -> dict[str, Record]:
    found = {record["id"]: record for record in records}
    assert found
    return found


# --- the lead ---------------------------------------------------------------------


def test_a_call_without_a_round_has_none_in_its_name_and_label() -> None:
    found = of_lead(source_of([*LEAD, YEAR]))
    call = found["call/wakamono-2026"]
    assert "round" not in call
    assert call["label"] == {"ja": "若者事業 令和8年度募集", "en": "Youth, fiscal 2026"}
    assert found["call/wakamono-2026/decision"]["label"] == {
        "ja": "若者事業 令和8年度募集の交付決定",
        "en": "Youth: grant decision of fiscal 2026",
    }


def test_a_fact_that_is_stated_has_no_quotation_and_says_whose_it_is() -> None:
    found = of_lead(source_of(LEAD, stated={"fiscal-year": "令和8年度", "round": "第2回"}))
    assert found["call/wakamono-2026-2"]["round"] == 2
    for key in ("fiscalYear", "round"):
        statement = found[f"call/wakamono-2026-2#statement-{key}"]
        assert statement["quotation"] == []
        assert statement["prov:wasAttributedTo"] == "dataset#publisher"
        assert set(statement["label"]) == {"ja", "en"}


def test_a_fact_that_is_printed_goes_before_one_that_is_stated() -> None:
    found = of_lead(source_of([*LEAD, YEAR], stated={"fiscal-year": "令和9年度"}))
    statement = found["call/wakamono-2026#statement-fiscalYear"]
    assert statement["quotation"] == ["document/example#fiscal-year-1"]
    assert "prov:wasAttributedTo" not in statement


def test_what_nobody_says_of_a_document_is_left_out() -> None:
    found = of_lead(source_of([*LEAD, YEAR]))
    assert "office" not in found["document/example"]
    assert "document/example#statement-office" not in found
    assert not {"applicationOpens", "decisionCount"} & found["call/wakamono-2026"].keys()


def test_a_misprint_outside_the_table_is_a_correction_of_the_document() -> None:
    decided = [("lead", "fiscal-year-1", "令和8年度", "令和7年度")]
    found = of_lead(source_of([*LEAD, YEAR], decisions=decided))
    correction = found["document/example/correction/fiscal-year-1"]
    assert correction["document"] == "document/example"
    assert (correction["printed"], correction["right"]) == (["令和8年度"], "令和7年度")
    statement = found["call/wakamono-2025#statement-fiscalYear"]
    assert statement["correction"] == ["document/example/correction/fiscal-year-1"]


def test_a_closing_day_without_year_is_counted_from_the_opening_day() -> None:
    stated = {"application-opens": "令和7年12月1日", "application-closes": "1月30日"}
    call = of_lead(source_of([*LEAD, YEAR], stated=stated))["call/wakamono-2026"]
    assert (call["applicationOpens"], call["applicationCloses"]) == ("2025-12-01", "2026-01-30")


def test_a_closing_day_without_year_and_opening_day_cannot_be_understood() -> None:
    with pytest.raises(ReviewError, match="application-closes: 「1月30日」"):
        of_lead(source_of([*LEAD, YEAR], stated={"application-closes": "1月30日"}))


@pytest.mark.parametrize(
    ("cells", "stated", "message"),
    [
        pytest.param(LEAD, {}, "does not print fiscal-year", id="neither printed nor stated"),
        pytest.param([YEAR, *LEAD[1:]], {}, "does not print published-date", id="no day"),
        pytest.param([*LEAD, YEAR], {"round": "前期"}, "round: 「前期」", id="a number that is none"),
        pytest.param(
            LEAD, {"fiscal-year": "令和8年"}, "fiscal-year: 「令和8年」", id="a year of no fiscal year"
        ),
        pytest.param(
            [*LEAD, YEAR], {"application-opens": "春"}, "application-opens: 「春」", id="a day that is none"
        ),
    ],
)
def test_a_lead_that_cannot_be_understood(
    cells: list[tuple[str, str, str]], stated: dict[str, str], message: str
) -> None:
    with pytest.raises(ReviewError, match=message):
        of_lead(source_of(cells, stated=stated))


def test_what_is_printed_before_the_table_ends_at_its_first_row() -> None:
    source = source_of([*LEAD, YEAR, *ROW_1, UNIT])
    assert source.lead == "2026年3月26日\n採択一覧\n令和8年度\n北海道 (千円)\n\f"


# --- rows -------------------------------------------------------------------------


def test_a_row_without_applicant_and_summary_is_a_project_without_them(gazetteer: Gazetteer) -> None:
    found = of_row(source_of([*LEAD, YEAR, *ROW_1]), gazetteer)
    project = found["project/wakamono-2026-01"]
    assert not {"applicant", "summary", "title", "amount"} & project.keys()
    assert project["area"] == ["municipality/016331"]
    assert not [name for name in found if name.startswith("consortium/")]


@pytest.mark.parametrize(
    ("more", "label"),
    [
        pytest.param([TITLE, ("1", "applicant", "上士幌町")], "雪の家", id="by its title"),
        pytest.param([("1", "applicant", "上士幌町")], "上士幌町の取組", id="by who applied"),
        pytest.param([], "北海道上士幌町の取組", id="by where it is"),
        pytest.param([("1", "name-2", "北見市")], "北海道上士幌町ほかの取組", id="by the first place"),
    ],
)
def test_what_a_project_is_called(gazetteer: Gazetteer, more: list[tuple[str, str, str]], label: str) -> None:
    found = of_row(source_of([*LEAD, YEAR, *ROW_1, *more]), gazetteer)
    assert found["project/wakamono-2026-01"]["label"]["ja"] == label


def test_a_sum_is_in_yen_and_quotes_its_unit(gazetteer: Gazetteer) -> None:
    found = of_row(source_of([*LEAD, YEAR, *ROW_1, AMOUNT, UNIT]), gazetteer)
    assert found["project/wakamono-2026-01"]["amount"] == 12_345_000
    statement = found["project/wakamono-2026-01#statement-amount"]
    assert statement["rdf:object"] == {"@value": "12345000", "@type": "xsd:integer"}
    assert statement["quotation"] == [
        "document/example/row/1#amount",
        "document/example/row/1#amount-unit",
    ]


def test_a_sum_without_a_unit_is_asked_for(gazetteer: Gazetteer) -> None:
    with pytest.raises(ReviewError, match="of which unit") as caught:
        of_row(source_of([*LEAD, YEAR, *ROW_1, AMOUNT]), gazetteer)
    assert caught.value.where == "data/sources/example/rows.csv, row 1, amount"


def test_a_sum_takes_its_unit_from_a_decision(gazetteer: Gazetteer) -> None:
    decided = [("1", "amount", "12,345", "12,345円")]
    found = of_row(source_of([*LEAD, YEAR, *ROW_1, AMOUNT], decisions=decided), gazetteer)
    assert found["project/wakamono-2026-01"]["amount"] == 12_345
    assert found["project/wakamono-2026-01#statement-amount"]["correction"] == [
        "document/example/row/1/correction/amount"
    ]


def test_words_that_stand_outside_the_row_are_not_quoted_from_it(gazetteer: Gazetteer) -> None:
    found = of_row(source_of([*LEAD, YEAR, *ROW_1, AMOUNT, UNIT]), gazetteer)
    rows = {field: found[f"document/example/row/1#{field}"].get("row") for field in ("name-1", "amount")}
    assert rows == dict.fromkeys(rows, "document/example/row/1")
    for field in ("prefecture-1", "amount-unit"):
        assert "row" not in found[f"document/example/row/1#{field}"]
    assert found["project/wakamono-2026-01#statement-area-1"]["quotation"] == [
        "document/example/row/1#name-1",
        "document/example/row/1#prefecture-1",
    ]


def test_pages_are_counted_where_the_text_has_them(gazetteer: Gazetteer) -> None:
    source = source_of([*LEAD, YEAR, *ROW_1])
    assert of_lead(source)["document/example#title"]["page"] == 1
    found = of_row(source, gazetteer)
    pages = [found[f"document/example/row/1{part}"]["page"] for part in ("", "#prefecture-1", "#name-1")]
    assert pages == [2, 1, 2]


def test_a_text_without_form_feeds_has_no_pages() -> None:
    assert source_of(LEAD).with_text("一枚").page_of(0) is None


def test_the_prefecture_beside_a_name_belongs_to_it(gazetteer: Gazetteer) -> None:
    whole, _, name = ROW_1
    with pytest.raises(UnknownPlace, match=r"「上士幌町」 \(雪の家\)"):
        of_row(source_of([*LEAD, YEAR, whole, name, ("1", "prefecture-1", "雪の家")]), gazetteer)


def test_a_row_that_is_no_project_is_told_with_the_reason(gazetteer: Gazetteer) -> None:
    total = "計\t\t\t12,345"
    found = of_row(
        source_of([*LEAD, YEAR, *ROW_1, ("3", "row", total)], decisions=[("3", "row", total, "dropped")]),
        gazetteer,
        row="3",
    )
    assert set(found) == {
        "document/example/row/3",
        "document/example/row/3#row",
        "document/example/row/3/exclusion/row",
    }
    exclusion = found["document/example/row/3/exclusion/row"]
    assert exclusion["label"] == {"ja": "「計 12,345」を除外", "en": "Exclusion of 「計 12,345」"}
    assert (exclusion["printed"], exclusion["reason"]["en"]) == ([total], "Why")
    assert "right" not in exclusion


def test_a_name_that_is_no_place_is_told_with_the_reason(gazetteer: Gazetteer) -> None:
    cells = [*LEAD, YEAR, *ROW_1, ("1", "name-2", "雪の家")]
    found = of_row(source_of(cells, decisions=[("1", "name-2", "雪の家", "dropped")]), gazetteer)
    assert found["project/wakamono-2026-01"]["area"] == ["municipality/016331"]
    assert found["document/example/row/1/exclusion/name-2"]["quotation"] == ["document/example/row/1#name-2"]
    assert found["document/example/row/1#name-2"]["text"] == "雪の家"


def test_a_print_that_was_confirmed_is_no_misprint(gazetteer: Gazetteer) -> None:
    decided = [("1", "name-1", "上士幌町", "上士幌町")]
    found = of_row(source_of([*LEAD, YEAR, *ROW_1], decisions=decided), gazetteer)
    assert "document/example/row/1/correction/name-1" not in found
    confirmation = found["document/example/row/1/confirmation/name-1"]
    assert (confirmation["printed"], confirmation["row"]) == (["上士幌町"], "document/example/row/1")
    assert "correction" not in found["project/wakamono-2026-01#statement-area-1"]


def test_a_theme_may_quote_the_title(gazetteer: Gazetteer) -> None:
    found = of_row(
        source_of([*LEAD, YEAR, *ROW_1, TITLE]), gazetteer, choices=[ThemeChoice("1", "snow", "雪")]
    )
    phrase: dict[str, Any] = found["document/example/row/1/theme/snow#phrase"]
    assert (phrase["field"], phrase["text"], phrase["row"]) == ("title", "雪", "document/example/row/1")
