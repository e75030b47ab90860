"""Workbooks: texts stay texts, nothing is cut without a sign, and the same rows make the same bytes."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from nichiiki_ld import workbook
from nichiiki_ld.workbook import Cell, Workbook


def written(rows: list[list[Cell]], title: str = "t") -> bytes:
    output = io.BytesIO()
    with Workbook(output, title, ["a", "b"], created=datetime.date(2026, 11, 23)) as book:
        for row in rows:
            book.write(row)
    return output.getvalue()


def sheets(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("012084", id="a code with a zero in front"),
        pytest.param("2000012100001", id="13 digits"),
        pytest.param("2024-2-01", id="looks like a day"),
        pytest.param("=1+1", id="looks like a formula"),
        pytest.param("https://example.org/", id="an address"),
        pytest.param("1E5", id="looks like a number"),
        pytest.param("北見市\nきたみし", id="two lines"),
        pytest.param(" a ", id="spaces around"),
        pytest.param("\U0001f600𠮷", id="beyond the first plane"),
    ],
)
def test_texts_stay_texts(text: str) -> None:
    ((_, row),) = [sheets(written([[text, None]]))["t"]]
    assert row == (text, None)
    book = openpyxl.load_workbook(io.BytesIO(written([[text, text]])))
    assert [cell.data_type for cell in book.worksheets[0][2]] == ["s", "s"]
    assert [cell.hyperlink for cell in book.worksheets[0][2]] == [None, None]


def test_numbers_are_numbers() -> None:
    assert sheets(written([[43.8, 14]]))["t"][1] == (43.8, 14)


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["012084", 1.5], ["x" * 100, None]]
    assert written(rows) == written(rows)
    for name in ("one.xlsx", "other.xlsx"):
        with Workbook(tmp_path / name, "t", ["a", "b"]) as book:
            for row in rows:
                book.write(row)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()
    assert sheets((tmp_path / "one.xlsx").read_bytes()) == sheets(written(rows))


def test_more_rows_than_a_sheet_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    found = sheets(written([[str(number), None] for number in range(5)]))
    assert [*found] == ["t", "t (2)", "t (3)"]
    assert all(rows[0] == ("a", "b") for rows in found.values())
    assert [row[0] for rows in found.values() for row in rows[1:]] == ["0", "1", "2", "3", "4"]


def test_a_longer_text_than_a_cell_takes() -> None:
    whole, cut = "長" * workbook.MOST_CHARACTERS, "長" * (workbook.MOST_CHARACTERS + 1)
    row = sheets(written([[whole, cut]]))["t"][1]
    assert row == (whole, whole[:-1] + "…")


@pytest.mark.parametrize("title", ["a/b:c*[d]?", "長" * 60, "", "'x'"])
def test_any_title(title: str) -> None:
    assert len(sheets(written([], title))) == 1


def test_tables_of_the_release_have_twins(release_folder: Path) -> None:
    tables = sorted((release_folder / "tables").glob("*.csv"))
    assert len(tables) >= 12
    for path in tables:
        text = path.read_bytes().decode("utf-8-sig")
        expected = list(csv.reader(io.StringIO(text, newline="")))
        ((*rows,),) = sheets(path.with_suffix(".xlsx").read_bytes()).values()
        assert len(rows) == len(expected)
        for row, cells in zip(rows, expected, strict=True):
            for cell, words in zip(row, cells, strict=True):
                same = words == ("" if cell is None else str(cell))
                assert same or (isinstance(cell, float | int) and cell == float(words)), (path.name, words)
        codes = [place for place, name in enumerate(expected[0]) if name in ("地域コード", "Area code")]
        assert all(isinstance(row[place], str) for row in rows for place in codes)
