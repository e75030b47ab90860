"""The release of 2025-07-01 as it is printed, and documents of other shapes from end to end."""

from __future__ import annotations

import csv
import hashlib
import time
from pathlib import Path

import pytest

from hand_made import LEFT, UP, document, lead_of, rows_of, ruby, table
from nichiiki_ld.document import Document, Grid, GridCell, GridRow, Paragraph, Printed
from nichiiki_ld.errors import LayoutError
from nichiiki_ld.extract import Column, Extraction, extract
from nichiiki_ld.model import LEAD, Cell, Source
from nichiiki_ld.reading.plain import read_plain

FOLDER = Path(__file__).parent.parent / "data/sources/2025-07-01-mlit"


@pytest.fixture(scope="module")
def release() -> Extraction:
    return extract(read_plain((FOLDER / "original.txt").read_bytes(), "original.txt"))


def fields(cells: tuple[Cell, ...]) -> dict[tuple[str, str], str]:
    return {(cell.row, cell.field): cell.printed for cell in cells}


# --- the release of 2025-07-01 ----------------------------------------------------------------


def test_every_offset_cuts_the_printed_text(release: Extraction) -> None:
    assert len(release.cells) > 100
    for cell in release.cells:
        assert release.text[cell.start : cell.end] == cell.printed


def test_committed_rows_are_what_the_original_gives(source: Source, release: Extraction) -> None:
    assert source.cells == release.cells
    assert source.text == release.text == (FOLDER / "original.txt").read_text(encoding="utf-8")


def test_the_original_has_the_bytes_that_were_published() -> None:
    assert hashlib.sha256((FOLDER / "original.txt").read_bytes()).hexdigest() == (
        "bcbcc73bdae6e7f070d5cc9b1f42bb60bd1a9745a6b94c345b73b1409c7ebfc6"
    )


def test_the_columns_are_recognised(release: Extraction) -> None:
    assert release.columns == (
        Column("実施地域", "places", 0),
        Column("応募主体", "applicant", 1),
        Column("取組概要", "summary", 2),
    )
    assert release.notes == ()


def test_lead(release: Extraction) -> None:
    assert lead_of(release) == {
        "published-date": "令和7年7月1日",
        "office-1": "国土政策局地方政策課",
        "title": "二地域居住の中長期的な課題解決に向け先導的な取組を支援します！",
        "decision-count-1": "14 団体",
        "fiscal-year-1": "令和7年度",
        "programme-1": "二地域居住先導的プロジェクト実装事業",
        "decision-count-2": "14件",
        "previous-decision-date": "本年3月26日",
        "fiscal-year-2": "令和6年度",
        "programme-2": "二地域居住先導的プロジェクト実装事業",
        "round-1": "2次募集",
        "application-opens": "令和7年4月28日",
        "application-closes": "令和7年5月30日",
        "application-count": "15団体",
        "decision-count-3": "14団体",
        "office-2": "国土政策局 地方政策課",
        "telephone-1": "03-5253-8111(内線 29522)",
        "telephone-2": "03-5253-8369(直通)",
        "round-2": "2次",
    }


def test_the_seven_places_of_row_10(release: Extraction) -> None:
    found = fields(release.cells)
    assert [(found["10", f"reading-{n}"], found["10", f"name-{n}"]) for n in range(1, 8)] == [
        ("わかやまけん", "和歌山県"),
        ("わかやまけんたなべし", "和歌山県田辺市"),
        ("わかやまけんしらほまちょう", "和歌山県白浜町"),
        ("わかやまけんちょう", "和歌山県さすみ町"),
        ("ほっかいどうかみしほろちょう", "北海道士幌町"),
        ("かがわけんみとよし", "香川県三豊市"),
        ("ながさきけんいきし", "長崎県壱岐市"),
    ]
    assert ("10", "name-8") not in found


def test_all_rows_in_their_order(release: Extraction) -> None:
    rows = rows_of(release)
    assert len(rows) == 14
    for row in rows:
        assert {"row", "applicant", "summary", "reading-1", "name-1"} <= set(row)


def test_contact_persons_are_not_read(release: Extraction) -> None:
    names = ("酒井", "吉田", "山口")
    assert all(name in release.text for name in names)
    assert not [cell for cell in release.cells for name in names if name in cell.printed]


def test_rows_csv_is_plain_csv() -> None:
    with (FOLDER / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    assert set(rows[0]) == {"row", "field", "printed", "start", "end"}


def test_the_release_set_as_a_document_gives_the_same_rows(release: Extraction) -> None:
    """Another format, the same words: with readings above the names, as the ministry's PDF has them."""
    rows = rows_of(release)
    body = []
    for row in rows:
        parts: list[str | tuple[str, str]] = []
        for ordinal in range(1, 8):
            if f"name-{ordinal}" in row:
                parts += ["\n"] * bool(parts) + [(row[f"name-{ordinal}"], row[f"reading-{ordinal}"])]
        body.append([ruby(*parts), row["applicant"], row["summary"]])
    lines = release.text[: release.text.index("実施地域")].split("\n")
    blocks = [Paragraph(Printed(line.strip())) for line in lines if line.strip()]
    made = extract(Document((*blocks, table(["実施地域", "応募主体", "取組概要"], *body))))
    assert rows_of(made) == rows
    assert lead_of(made) == lead_of(release)


# --- other documents --------------------------------------------------------------------------


def test_a_list_of_another_ministry_over_two_pages() -> None:
    """Numbers, prefectures that span rows, group headings, amounts, and a page break in the midst."""
    header = (
        ["№", "交付対象自治体", LEFT, "事業名", "交付決定額\n（千円）", "担当者"],
        [UP, "都道府県", "市区町村", UP, UP, UP],
    )
    made = document(
        "令和８年２月２０日",
        "総務省自治行政局\n地域自立応援課",
        "令和７年度「関係人口創出事業」の採択結果",
        table(
            *header,
            ["1", "新潟県", "佐渡市\n（さどし）", "島のしごと", "8,000", "山田"],
            ["2", UP, "妙高市、上越市", "雪国の暮らし", "12,500", "田中"],
            pages=[1, 1, 1, 1],
        ),
        table(
            *header,
            ["", "", "糸魚川市", "", "", ""],
            ["3", "徳島県", "美波町★", "半農\n半X", "6,200", "鈴木"],
            ["合計", LEFT, LEFT, "", "26,700", ""],
            pages=[2, 2, 2, 2, 2],
        ),
        "★は新規",
    )
    extraction = extract(made)
    assert [column.role for column in extraction.columns] == [
        "number",
        "prefecture",
        "places",
        "title",
        "amount",
        "ignored",
    ]
    assert rows_of(extraction) == [
        {
            "row": "1\t新潟県\t佐渡市 （さどし）\t島のしごと\t8,000\t山田",
            "number": "1",
            "prefecture-1": "新潟県",
            "name-1": "佐渡市",
            "reading-1": "さどし",
            "title": "島のしごと",
            "amount": "8,000",
            "amount-unit": "千円",
        },
        {
            "row": "2\t新潟県\t妙高市、上越市 糸魚川市\t雪国の暮らし\t12,500\t田中",
            "number": "2",
            "prefecture-1": "新潟県",
            "name-1": "妙高市",
            "prefecture-2": "新潟県",
            "name-2": "上越市",
            "prefecture-3": "新潟県",
            "name-3": "糸魚川市",
            "title": "雪国の暮らし",
            "amount": "12,500",
            "amount-unit": "千円",
        },
        {
            "row": "3\t徳島県\t美波町★\t半農半X\t6,200\t鈴木",
            "number": "3",
            "prefecture-1": "徳島県",
            "name-1": "美波町",
            "title": "半農半X",
            "amount": "6,200",
            "amount-unit": "千円",
        },
        {"row": "合計\t\t\t\t26,700", "number": "合計", "amount": "26,700", "amount-unit": "千円"},
    ]
    assert lead_of(extraction) == {
        "published-date": "令和８年２月２０日",
        "office-1": "総務省自治行政局 地域自立応援課",
        "title": "令和７年度「関係人口創出事業」の採択結果",
        "fiscal-year-1": "令和７年度",
        "programme-1": "関係人口創出事業",
    }
    assert len(extraction.notes) == 2
    assert "may name persons" in extraction.notes[0]
    assert "row above: row 2." in extraction.notes[1]


def test_another_release_of_plain_text() -> None:
    text = (
        "令和8年7月1日\n国土政策局地方政策課\n\n新しい発表\n\n"
        "令和8年度「ある事業」として、取組1件を採択した。1団体に交付決定。\n\n"
        "実施地域\t応募主体\t取組概要\n"
        "ほっかいどうきたみし 北海道北見市\t北見コンソーシアム\tテレワークに取り組む。\n"
    )
    extraction = extract(read_plain(text.encode(), "original.txt"))
    assert lead_of(extraction)["published-date"] == "令和8年7月1日"
    assert lead_of(extraction)["fiscal-year-1"] == "令和8年度"
    assert rows_of(extraction)[0]["name-1"] == "北海道北見市"


def test_no_fact_of_the_lead_is_required() -> None:
    extraction = extract(document(table(["実施地域", "取組概要"], ["北見市", "調査"])))
    assert {cell.row for cell in extraction.cells} == {"1"}
    assert LEAD not in {cell.row for cell in extraction.cells}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("令和8年7月1日\n\n新しい発表\n", "there is no table", id="no table"),
        pytest.param("実施地域\t応募主体\t取組概要\n", "the table has no rows", id="a table without rows"),
        pytest.param("一つ\t二つ\n三つ\t四つ\n", "no heading of the table is recognised", id="another table"),
    ],
)
def test_refuses_what_is_no_list(text: str, message: str) -> None:
    with pytest.raises(LayoutError, match=message) as caught:
        extract(read_plain(text.encode(), "original.txt"), where="data/sources/x/original.txt")
    assert caught.value.where == "data/sources/x/original.txt"
    assert caught.value.hint


def test_a_list_of_5000_rows_takes_seconds() -> None:
    texts = ("12", "北海道", "北見市、網走市", "北見協議会", "テレワークに\n取り組む。" * 5, "12,000", "")
    row = GridRow(tuple(GridCell(Printed(text)) for text in texts))
    headings = ("番号", "都道府県", "市町村", "応募主体", "取組概要", "補助額", "備考")
    header = GridRow(tuple(GridCell(Printed(text)) for text in headings))
    begun = time.process_time()
    extraction = extract(Document((Grid((header, *[row] * 5_000)),)))
    assert time.process_time() - begun < 10
    assert len({cell.row for cell in extraction.cells}) == 5_000


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("市" * 50_000, id="a name without end"),
        pytest.param("、" * 50_000, id="separators"),
        pytest.param("(" * 50_000, id="brackets"),
        pytest.param("市\n" * 25_000, id="lines"),
        pytest.param("きたみし 北見市 " * 5_000, id="many places"),
        pytest.param("事業" * 25_000, id="words of headings"),
    ],
)
def test_a_large_cell_takes_seconds(cell: str) -> None:
    begun = time.process_time()
    made = document(table(["実施地域", "取組概要", cell], [cell, cell, cell], [UP, LEFT, cell]))
    extract(made)
    assert time.process_time() - begun < 10
