from __future__ import annotations

import pytest

from nichiiki_ld.errors import TableError
from nichiiki_ld.tabular import format_csv, parse_csv, parse_toml

COLUMNS = ("row", "theme", "phrase")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'row,theme,phrase\n1,a,"two\nlines"\n\n2,b,c\n'
    assert list(parse_csv(text, COLUMNS, where="t.csv")) == [
        (3, {"row": "1", "theme": "a", "phrase": "two\nlines"}),
        (5, {"row": "2", "theme": "b", "phrase": "c"}),
    ]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        pytest.param("row,theme\n", "t.csv:1", "has the columns row, theme", id="another heading"),
        pytest.param("", "t.csv:1", "has the columns none", id="nothing"),
        pytest.param("row,theme,phrase\n1,a\n", "t.csv:2", "has 2 columns instead of 3", id="too few"),
        pytest.param("row,theme,phrase\n1,a,b,c\n", "t.csv:2", "has 4 columns instead of 3", id="too many"),
        pytest.param('row,theme,phrase\n1,a,"b\n', "t.csv:2", "is no CSV", id="an open quote"),
    ],
)
def test_refuses(text: str, where: str, message: str) -> None:
    with pytest.raises(TableError, match=message) as caught:
        list(parse_csv(text, COLUMNS, where="t.csv"))
    assert caught.value.where == where


def test_a_byte_order_mark_is_no_part_of_the_heading() -> None:
    assert list(parse_csv("\ufeffrow,theme,phrase\n1,a,b\n", COLUMNS, where="t.csv"))


def test_what_is_written_is_read() -> None:
    rows = [{"row": "1", "theme": 'a "b", c', "phrase": "甲\n乙"}]
    assert [row for _, row in parse_csv(format_csv(COLUMNS, rows), COLUMNS, where="t.csv")] == rows


def test_toml_that_is_none() -> None:
    with pytest.raises(TableError, match="is no TOML") as caught:
        parse_toml("a = ", where="source.toml")
    assert caught.value.where == "source.toml"
