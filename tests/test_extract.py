from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from nichiiki_ld.errors import LayoutError, SourceError
from nichiiki_ld.extract import extract
from nichiiki_ld.model import LEAD, Cell, Source

HEADER = "実施地域\t応募主体\t取組概要\n"
ROW = "ほっかいどうきたみし 北海道北見市\t北見コンソーシアム\tテレワークに取り組む。\n"
START = """令和8年7月1日
国土政策局地方政策課

新しい発表

令和8年度「ある事業」として、取組1件を採択した。1団体に交付決定。

"""


def fields(cells: list[Cell]) -> dict[tuple[str, str], str]:
    return {(cell.row, cell.field): cell.printed for cell in cells}


def test_every_offset_cuts_the_printed_text(source: Source) -> None:
    cells = extract(source.text, source.layout)
    assert len(cells) > 100
    for cell in cells:
        assert source.text[cell.start : cell.end] == cell.printed


def test_committed_rows_are_what_the_original_gives(source: Source) -> None:
    assert list(source.cells) == extract(source.text, source.layout)


def test_the_original_has_the_bytes_that_were_published(source: Source) -> None:
    path = Path(__file__).parent.parent / "data/sources" / source.id / source.original
    assert hashlib.sha256(path.read_bytes()).hexdigest() == (
        "bcbcc73bdae6e7f070d5cc9b1f42bb60bd1a9745a6b94c345b73b1409c7ebfc6"
    )


def test_lead(source: Source) -> None:
    found = {field: text for (row, field), text in fields(list(source.cells)).items() if row == LEAD}
    assert found == {
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


def test_the_seven_places_of_row_10(source: Source) -> None:
    found = fields(list(source.cells))
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


def test_all_rows_in_their_order(source: Source) -> None:
    rows = list(dict.fromkeys(cell.row for cell in source.cells if cell.row != LEAD))
    assert rows == [str(number) for number in range(1, 15)]
    for row in rows:
        assert {"row", "applicant", "summary", "reading-1", "name-1"} <= {
            cell.field for cell in source.cells if cell.row == row
        }


def test_contact_persons_are_not_read(source: Source) -> None:
    names = ("酒井", "吉田", "山口")
    assert all(name in source.text for name in names)
    assert not [cell for cell in source.cells for name in names if name in cell.printed]


def test_another_release_of_this_layout() -> None:
    found = fields(extract(START + HEADER + ROW, "copied-text"))
    assert found[LEAD, "published-date"] == "令和8年7月1日"
    assert found[LEAD, "fiscal-year-1"] == "令和8年度"
    assert found["1", "name-1"] == "北海道北見市"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(START, "no table", id="no table"),
        pytest.param(START + HEADER, "no rows", id="a table without rows"),
        pytest.param(START + HEADER + "一つ\t二つ\n", "row 1 has 2 columns", id="a column too few"),
        pytest.param(
            START + HEADER + ROW.strip() + "\t四つ\n", "row 1 has 4 columns", id="a column too many"
        ),
        pytest.param(
            START + HEADER + ROW + ROW.replace("\tテ", "\t\tテ"), "row 2 has 4 columns", id="second row"
        ),
        pytest.param(START + HEADER + "北海道北見市\tA\tB\n", "not pairs", id="a name without reading"),
        pytest.param(
            START + HEADER + "きたみし 北見市\tA\tB\n", "prefecture", id="a name without prefecture"
        ),
        pytest.param(
            START + HEADER + "KITAMI 北海道北見市\tA\tB\n", "no reading", id="a reading without kana"
        ),
        pytest.param(
            START + HEADER + ROW.replace("北見コンソーシアム", " "), "empty applicant", id="no applicant"
        ),
        pytest.param(HEADER + ROW, "does not print", id="no lead"),
    ],
)
def test_refuses_another_layout(text: str, message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        extract(text, "copied-text")


def test_refuses_an_unknown_layout() -> None:
    with pytest.raises(SourceError, match="unknown layout") as caught:
        extract("", "pdf-of-1998")
    assert caught.value.hint == "use one of: copied-text"


def test_rows_csv_is_plain_csv() -> None:
    path = Path(__file__).parent.parent / "data/sources/2025-07-01-mlit/rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    assert set(rows[0]) == {"row", "field", "printed", "start", "end"}
