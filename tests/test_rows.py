"""Lines of tables made rows: which belong together, which are rows of their own, and which are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from hand_made import LEFT, UP, document, lead_of, paragraph, rows_of, table
from nichiiki_ld.document import Document, Grid, Paragraph
from nichiiki_ld.extract import extract
from nichiiki_ld.reading.plain import read_plain

HEADINGS = ["番号", "都道府県", "市町村", "提案名", "取組概要"]


def read(*blocks: str | Paragraph | Grid) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    extraction = extract(document(*blocks))
    return rows_of(extraction), extraction.notes


def places(row: Mapping[str, str]) -> list[str]:
    """Return the places of a row, each with the prefecture that is printed apart from it."""
    names = [field for field in row if field.startswith("name-")]
    assert names == [f"name-{number}" for number in range(1, len(names) + 1)]
    return [
        row.get(f"prefecture-{number}", "") + row[f"name-{number}"] for number in range(1, len(names) + 1)
    ]


def test_each_line_is_a_row() -> None:
    rows, notes = read(
        table(
            HEADINGS,
            ["1", "北海道", "北見市", "あ", "か"],
            ["", "", "", "", ""],
            ["2", "宮城県", "気仙沼市", "い", "き"],
        )
    )
    assert rows == [
        {
            "row": "1\t北海道\t北見市\tあ\tか",
            "number": "1",
            "prefecture-1": "北海道",
            "name-1": "北見市",
            "title": "あ",
            "summary": "か",
        },
        {
            "row": "2\t宮城県\t気仙沼市\tい\tき",
            "number": "2",
            "prefecture-1": "宮城県",
            "name-1": "気仙沼市",
            "title": "い",
            "summary": "き",
        },
    ]
    assert notes == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], [UP, UP, "網走市", UP, UP]],
            [["北海道北見市", "北海道網走市"]],
            id="merged: another town of the project",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], [UP, "宮城県", "気仙沼市", UP, UP]],
            [["北海道北見市", "宮城県気仙沼市"]],
            id="merged: a town in another prefecture",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], [UP, "和歌山県", "", UP, UP]],
            [["北海道北見市", "和歌山県"]],
            id="merged: a prefecture as a body",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["2", UP, "網走市", UP, UP]],
            [["北海道北見市"], ["北海道網走市"]],
            id="its own number: a row, though the rest is merged",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["2", UP, UP, "い", "き"]],
            [["北海道北見市"], ["北海道北見市"]],
            id="merged places: two projects of a town",
        ),
        pytest.param(
            [
                ["1", "北海道", "北見市", "あ", "か"],
                ["2", "", "網走市", "い", "き"],
                ["3", "宮城県", "気仙沼市", "う", "く"],
            ],
            [["北海道北見市"], ["北海道網走市"], ["宮城県気仙沼市"]],
            id="a prefecture holds until the next is printed",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["2", "〃", "網走市", "い", "き"]],
            [["北海道北見市"], ["北海道網走市"]],
            id="a ditto mark",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["2", UP, "網走市", "い", "き"]],
            [["北海道北見市"], ["北海道網走市"]],
            id="a prefecture that spans rows",
        ),
        pytest.param(
            [["1", "北海道（ほっかいどう）", "北見市", "あ", "か"]],
            [["北海道北見市"]],
            id="a prefecture with its reading",
        ),
        pytest.param(
            [["1", "北海道", "網走市、和歌山県田辺市", "あ", "か"]],
            [["北海道網走市", "和歌山県田辺市"]],
            id="a name with a prefecture needs none",
        ),
        pytest.param(
            [["1", "北海道", "気仙沼市(宮城県)", "あ", "か"]],
            [["宮城県気仙沼市"]],
            id="a prefecture in the cell counts before the one beside it",
        ),
        pytest.param(
            [["1", "岩手県、宮城県", "気仙沼市", "あ", "か"]],
            [["岩手県、宮城県気仙沼市"]],
            id="two prefectures: nobody knows which holds, so both are what is printed for it",
        ),
        pytest.param(
            [["1", "福剛県", "那珂川町", "あ", "か"], ["2", "九州", "大島町", "い", "き"]],
            [["福剛県那珂川町"], ["九州大島町"]],
            id="no prefecture: not passed over, as a town of that name can lie elsewhere",
        ),
        pytest.param(
            [["1", "福剛県", "福岡県那珂川市", "あ", "か"]],
            [["福岡県那珂川市"]],
            id="no prefecture, but the name has its own",
        ),
        pytest.param(
            [["1", "福剛県", "那珂川町", "あ", "か"], ["2", "", "大島町", "い", "き"]],
            [["福剛県那珂川町"], ["福剛県大島町"]],
            id="no prefecture: it holds for the row below too",
        ),
        pytest.param(
            [["1", "福島県", "伊達市", "あ", "か"], ["2", "―", "北見市", "い", "き"]],
            [["福島県伊達市"], ["北見市"]],
            id="a dash says nothing",
        ),
        pytest.param(
            [["1", "静岡県", "浜松市", "あ", "か"], ["2", "静岡県", "〃", "い", "き"]],
            [["静岡県浜松市"], ["静岡県〃"]],
            id="a ditto mark for a town is no prefecture as a body",
        ),
        pytest.param(
            [["1", "静岡県", "浜松市、森町", "あ", "か"], ["2", "〃", "同上", "い", "き"]],
            [["静岡県浜松市", "静岡県森町"], ["静岡県同上", "静岡県同上"]],
            id="a ditto mark stands for each town above",
        ),
        pytest.param(
            [
                ["1", "静岡県", "浜松市、森町", "あ", "か"],
                ["2", "静岡県", "浜松市", "い", "き"],
                ["3", "静岡県", "〃", "う", "く"],
            ],
            [["静岡県浜松市", "静岡県森町"], ["静岡県浜松市"], ["静岡県〃"]],
            id="a ditto mark stands for the row above only",
        ),
        pytest.param(
            [["1", "静岡県", "浜松市", "あ", "か"], ["2", "静岡県", "計", "い", "き"]],
            [["静岡県浜松市"], []],
            id="a total in place of a town is no prefecture as a body",
        ),
        pytest.param(
            [["1", "滋賀県", "大津市、京都市", "あ", "か"], [UP, "京都府", UP, UP, UP]],
            [["滋賀県大津市", "滋賀県京都市", "京都府大津市", "京都府京都市"]],
            id="towns that lie in two prefectures: the second is no body",
        ),
        pytest.param(
            [["1", "北海道", LEFT, "あ", "か"]],
            [["北海道"]],
            id="a prefecture across both columns",
        ),
        pytest.param(
            [["1", "北海道", "", "あ", "か"], ["2", "宮城県", "気仙沼市", "い", "き"]],
            [["北海道"], ["宮城県気仙沼市"]],
            id="a prefecture without town",
        ),
    ],
)
def test_places_of_rows(lines: Sequence[Sequence[str]], expected: Sequence[Sequence[str]]) -> None:
    rows, notes = read(table(HEADINGS, *lines))
    assert [places(row) for row in rows] == expected
    assert notes == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["", "", "網走市", "", ""]],
            [(["北海道北見市", "北海道網走市"], "か")],
            id="only a town: it belongs to the row above",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["", "", "", "", "きく"]],
            [(["北海道北見市"], "かきく")],
            id="only the rest of a text",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["", "", "東北地方", "", ""]],
            [(["北海道北見市"], "か"), (["東北地方"], None)],
            id="no name of a place: a row that a person looks at",
        ),
        pytest.param(
            [["1", "北海道", "北見市", "あ", "か"], ["", "", "網走市", "", "き"]],
            [(["北海道北見市"], "か"), (["北海道網走市"], "き")],
            id="a town and a text of its own: a row of which less is printed",
        ),
    ],
)
def test_lines_that_lack_what_tells_a_row(
    lines: Sequence[Sequence[str]], expected: Sequence[tuple[list[str], str | None]]
) -> None:
    rows, notes = read(table(HEADINGS, *lines))
    assert [(places(row), row.get("summary")) for row in rows] == expected
    assert [note for note in notes if "row above" in note] == list(notes)
    assert bool(notes) == (len(rows) < len(lines))


@pytest.mark.parametrize(
    "total",
    [
        pytest.param(["合計", "", "", "", "2件"], id="in the first column"),
        pytest.param(["", "", "計", "", ""], id="in the column of places"),
        pytest.param(["", "小　計", "", "", ""], id="in the column of prefectures, set wide"),
        pytest.param(["計（２件）", LEFT, LEFT, "", ""], id="across columns, with a count"),
    ],
)
def test_a_line_that_sums_up_is_a_row_without_places(total: Sequence[str]) -> None:
    rows, _ = read(
        table(
            HEADINGS,
            ["1", "北海道", "北見市", "あ", "か"],
            total,
            ["2", "", "網走市", "い", "き"],
        )
    )
    assert [places(row) for row in rows] == [["北海道北見市"], [], ["北海道網走市"]]
    assert "計" in rows[1]["row"]


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param(["宮城県", LEFT, LEFT, LEFT, LEFT], id="across all columns"),
        pytest.param(["【宮城県】", "", "", "", ""], id="in brackets"),
        pytest.param(["○宮城県（1件）", "", "", "", ""], id="with sign and count"),
        pytest.param(["■宮城", "", "", "", ""], id="shortened, behind a sign"),
        pytest.param(["", "宮城県", "", "", ""], id="in the column of prefectures"),
    ],
)
def test_a_prefecture_as_a_heading_holds_for_the_lines_below(heading: Sequence[str]) -> None:
    rows, notes = read(
        table(
            HEADINGS,
            ["1", "北海道", "北見市", "あ", "か"],
            heading,
            ["2", "", "気仙沼市", "い", "き"],
            ["3", "", "石巻市", "う", "く"],
        )
    )
    assert [row["name-1"] for row in rows] == ["北見市", "気仙沼市", "石巻市"]
    assert [row["prefecture-1"].removesuffix("県") for row in rows] == ["北海道", "宮城", "宮城"]
    assert len(notes) == 1
    assert "is in no row" in notes[0]


def test_a_heading_of_another_kind_is_a_row_that_a_person_drops() -> None:
    rows, _ = read(
        table(
            HEADINGS,
            ["東北地方", LEFT, LEFT, LEFT, LEFT],
            ["1", "宮城県", "気仙沼市", "い", "き"],
        )
    )
    assert [row["row"] for row in rows] == ["東北地方", "1\t宮城県\t気仙沼市\tい\tき"]
    assert places(rows[0]) == []


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param(["その他", LEFT, LEFT, LEFT, LEFT], id="across all columns"),
        pytest.param(["【その他】", "", "", "", ""], id="in brackets"),
        pytest.param(["その他", "", "", "", ""], id="in the first column"),
        pytest.param(["", "", "■市町村", "", ""], id="in the column of places, behind a sign"),
        pytest.param(["【その他】", "", "", "", "2件"], id="with a count"),
        pytest.param(["【福島県】", "", "", "", "（２件）"], id="a prefecture with a count"),
    ],
)
def test_a_heading_ends_the_prefecture_before_it(heading: Sequence[str]) -> None:
    rows, _ = read(
        table(
            HEADINGS,
            ["【北海道】", LEFT, LEFT, LEFT, LEFT],
            ["1", "", "森町", "あ", "か"],
            heading,
            ["2", "", "伊達市", "い", "き"],
        )
    )
    assert [places(row) for row in rows][::2] == [["北海道森町"], ["伊達市"]]


def test_a_long_text_in_place_of_a_prefecture_is_quoted_in_part() -> None:
    """It is quoted for each town."""
    rows, _ = read(table(HEADINGS, ["1", "九 " * 5_000, "森町", "あ", "か"]))
    assert rows[0]["prefecture-1"] == "九 " * 49 + "九"


def test_a_heading_ends_the_prefecture_of_a_column() -> None:
    rows, _ = read(
        table(
            HEADINGS,
            ["1", "北海道", "森町", "あ", "か"],
            ["その他", LEFT, LEFT, LEFT, LEFT],
            ["2", "", "伊達市", "い", "き"],
        )
    )
    assert [places(row) for row in rows] == [["北海道森町"], [], ["伊達市"]]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(["合計", LEFT, "3件"], id="a total"),
        pytest.param(["", "網走市", ""], id="a town alone"),
        pytest.param(["2", "", "取組だけ"], id="a row without a town"),
    ],
)
def test_what_is_no_heading_leaves_the_prefecture_as_it_is(line: Sequence[str]) -> None:
    rows, _ = read(
        table(
            ["番号", "市町村", "取組概要"],
            ["【北海道】", LEFT, LEFT],
            ["1", "森町", "あ"],
            line,
            ["3", "伊達市", "い"],
        )
    )
    assert places(rows[-1]) == ["北海道伊達市"]


def test_the_header_printed_again_is_none() -> None:
    rows, notes = read(
        table(
            HEADINGS,
            ["1", "北海道", "北見市", "あ", "か"],
            ["番号", "都道府県", "市町村", "提　案　名", "取組\n概要"],
            ["2", "宮城県", "気仙沼市", "い", "き"],
        )
    )
    assert [row["number"] for row in rows] == ["1", "2"]
    assert notes == ("The header is printed again once, and was left out there.",)


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(["※市町村は予定", LEFT, LEFT, LEFT, LEFT], id="across all columns"),
        pytest.param(["（注）市町村は予定", "", "", "", ""], id="in the first column"),
        pytest.param(["", "", "", "", "注１：市町村は予定"], id="in another column"),
    ],
)
def test_a_note_is_no_row(note: Sequence[str]) -> None:
    rows, notes = read(table(HEADINGS, ["1", "北海道", "北見市", "あ", "か"], note))
    assert len(rows) == 1
    assert notes == (f"The line 「{next(filter(None, note))}」 is in no row.",)


def test_what_stands_below_a_sheet_is_of_the_lead() -> None:
    extraction = extract(
        document(
            table(
                ["採択結果の一覧", "", "", "", ""],
                HEADINGS,
                ["1", "北海道", "北見市", "あ", "か"],
                ["", "", "", "", ""],
                ["公募期間：令和8年1月5日～令和8年2月6日", "", "", "", ""],
            )
        )
    )
    assert len(rows_of(extraction)) == 1
    assert lead_of(extraction) == {
        "title": "採択結果の一覧",
        "application-opens": "令和8年1月5日",
        "application-closes": "令和8年2月6日",
    }
    assert extraction.notes == ("The line 「公募期間：令和8年1月5日～令和8年2月6日」 is in no row.",)


# --- several tables -------------------------------------------------------------------------

SHORT = ["市町村", "提案名"]


def test_tables_under_prefectures_are_one_list() -> None:
    rows, notes = read(
        "【北海道】",
        table(SHORT, ["北見市", "あ"], ["網走市", "い"]),
        "○ 宮城県（１件）",
        "（単位：千円）",
        table(SHORT, ["気仙沼市", "う"]),
    )
    assert [places(row) for row in rows] == [["北海道北見市"], ["北海道網走市"], ["宮城県気仙沼市"]]
    assert notes == ()


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        pytest.param(["福島県"], "福島県伊達市", id="another prefecture"),
        pytest.param(["【福島県】", "（単位：千円）"], "福島県伊達市", id="another prefecture and a unit"),
        pytest.param(["その他"], "伊達市", id="a heading of another kind"),
        pytest.param(["福島県", "あ", "い", "う"], "伊達市", id="a prefecture too far above"),
        pytest.param([], "北海道伊達市", id="nothing"),
        pytest.param(["- 2 -"], "北海道伊達市", id="the number of a page"),
        pytest.param(["（単位：千円）"], "北海道伊達市", id="a unit"),
        pytest.param(["※予定を含む"], "北海道伊達市", id="a note"),
    ],
)
def test_a_heading_before_a_table_without_header(between: Sequence[str], expected: str) -> None:
    rows, _ = read("北海道", table(SHORT, ["北見市", "あ"]), *between, table(["伊達市", "い"]))
    assert [places(row) for row in rows] == [["北海道北見市"], [expected]]


def test_a_row_does_not_go_on_below_another_heading() -> None:
    rows, _ = read(
        "北海道",
        table(["番号", "市町村", "提案名"], ["1", "北見市", "あ"]),
        "福島県",
        table(["", "伊達市", ""], ["2", "会津若松市", "い"]),
    )
    assert [places(row) for row in rows] == [["北海道北見市"], ["福島県伊達市"], ["福島県会津若松市"]]


def test_a_prefecture_is_not_carried_into_another_table() -> None:
    rows, _ = read(
        table(HEADINGS, ["1", "北海道", "北見市", "あ", "か"]),
        "第2部",
        table(HEADINGS, ["2", "", "気仙沼市", "い", "き"]),
    )
    assert [places(row) for row in rows] == [["北海道北見市"], ["気仙沼市"]]


def test_sheets_named_after_prefectures_are_one_list() -> None:
    extraction = extract(
        document(table(SHORT, ["北見市", "あ"], name="北海道"), table(SHORT, ["気仙沼市", "う"], name="宮城"))
    )
    assert [places(row) for row in rows_of(extraction)] == [["北海道北見市"], ["宮城気仙沼市"]]
    assert lead_of(extraction) == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("福島県", "福島県伊達市", id="another prefecture"),
        pytest.param("その他", "伊達市", id="something else"),
    ],
)
def test_a_sheet_without_header_has_its_own_prefecture(name: str, expected: str) -> None:
    rows, _ = read(
        table(SHORT, ["北見市", "あ"], name="北海道"),
        table(["伊達市", "い"], name=name),
    )
    assert [places(row) for row in rows] == [["北海道北見市"], [expected]]


def test_a_table_over_several_pages() -> None:
    rows, notes = read(
        table(HEADINGS, ["1", "北海道", "北見市", "あ", "か"], pages=[1, 1]),
        table(HEADINGS, ["2", "", "網走市", "い", "き"], pages=[2, 2]),
        table(["3", "", "斜里町", "う", "く"], pages=[3]),
    )
    assert [places(row) for row in rows] == [["北海道北見市"], ["北海道網走市"], ["北海道斜里町"]]
    assert notes == ()


def test_a_row_cut_by_the_end_of_a_page_is_one() -> None:
    rows, notes = read(
        table(HEADINGS, ["1", "北海道", "北見市、", "長い", "前半は"], pages=[1, 1]),
        table(HEADINGS, ["", "", "網走市", "題名", "ここまで。"], pages=[2, 2]),
    )
    # A title of its own may be another row, of which no number is printed.
    assert [row["title"] for row in rows] == ["長い", "題名"]
    rows, notes = read(
        table(HEADINGS, ["1", "北海道", "北見市、", "題名", "前半は"], pages=[1, 1]),
        table(HEADINGS, ["", "", "網走市", "", "ここまで。"], pages=[2, 2]),
    )
    assert rows == [
        {
            "row": "1\t北海道\t北見市、 網走市\t題名\t前半はここまで。",
            "number": "1",
            "prefecture-1": "北海道",
            "name-1": "北見市",
            "prefecture-2": "北海道",
            "name-2": "網走市",
            "title": "題名",
            "summary": "前半はここまで。",
        }
    ]
    assert len(notes) == 1
    assert "row above: row 1." in notes[0]


def test_other_tables_are_left_out_and_named() -> None:
    extraction = extract(
        document(
            table(["公募期間", "令和8年1月5日～令和8年2月6日"], ["応募団体", "15団体"]),
            table(HEADINGS, ["1", "北海道", "北見市", "あ", "か"]),
            paragraph("審査委員", 2),
            table(["氏名", "所属"], ["山田", "大学"], pages=[2, 2]),
        )
    )
    assert len(rows_of(extraction)) == 1
    assert lead_of(extraction)["application-count"] == "15団体"
    assert lead_of(extraction)["application-opens"] == "令和8年1月5日"
    assert extraction.notes == (
        "Table 1 (2 rows) is not of the list, and was left out.",
        "Table 3 on page 2 (2 rows) is not of the list, and was left out.",
    )


def test_the_list_is_the_table_that_says_most() -> None:
    rows, notes = read(
        table(["都道府県", "提案名"], ["北海道", "あ"], ["宮城県", "い"], ["秋田県", "う"]),
        table(HEADINGS, ["1", "北海道", "北見市", "あ", "か"]),
    )
    assert [places(row) for row in rows] == [["北海道北見市"]]
    assert notes == (
        "Table 1 (4 rows, with the columns 都道府県、提案名) is not of the list, and was left out.",
    )


def test_a_line_between_tables_that_looks_like_places_is_noted() -> None:
    """A reader may have taken it for a paragraph: then a place is lost, and nobody would ask."""
    rows, notes = read(
        table(SHORT, ["三重県明和町", "あ"], pages=[1, 1]),
        paragraph("三重県度会町", 1),
        paragraph("14市町村で行う。", 1),
        table(SHORT, ["三重県鳥羽市", "い"], pages=[2, 2]),
    )
    assert [places(row) for row in rows] == [["三重県明和町"], ["三重県鳥羽市"]]
    assert notes == ("The line 「三重県度会町」 on page 1 looks like names of places, but is in no table.",)


# --- plain text -------------------------------------------------------------------------------


def plain(text: str) -> Document:
    document = read_plain(text.encode(), "original.txt")
    assert document.text == text
    return document


HEADER = "実施地域\t応募主体\t取組概要\n"


def test_plain_text_is_not_written_anew() -> None:
    text = f"一覧\n\n{HEADER}北海道北見市、網走市\t北見協議会\tテレワーク\n"
    extraction = extract(plain(text))
    assert extraction.text == text
    assert rows_of(extraction) == [
        {
            "row": "北海道北見市、網走市\t北見協議会\tテレワーク",
            "name-1": "北海道北見市",
            "prefecture-2": "北海道",
            "name-2": "網走市",
            "applicant": "北見協議会",
            "summary": "テレワーク",
        }
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "北海道北見市\t協議会\tテレワークに\n取り組む。\n宮城県石巻市\t組合\t調査\n",
            [(["北海道北見市"], "テレワークに\n取り組む。"), (["宮城県石巻市"], "調査")],
            id="the rest of the last column",
        ),
        pytest.param(
            "北海道北見市\t協議会\tテレワーク。\n宮城県気仙沼市\n宮城県石巻市\t組合\t調査\n",
            [(["北海道北見市"], "テレワーク。"), (["宮城県気仙沼市", "宮城県石巻市"], "調査")],
            id="the first of the places of the row below, never of the row above",
        ),
        pytest.param(
            "北海道北見市\t協議会\tテレワークに\nみやぎけんいしのまきし\n宮城県石巻市\t組合\t調査\n",
            [(["北海道北見市"], "テレワークに"), (["宮城県石巻市"], "調査")],
            id="a reading in its own line",
        ),
        pytest.param(
            "北海道北見市\t協議会\tテレワーク。\n■東北地方\n宮城県石巻市\t組合\t調査\n",
            [(["北海道北見市"], "テレワーク。"), (["東北地方"], None), (["宮城県石巻市"], "調査")],
            id="a heading is a row that a person drops",
        ),
    ],
)
def test_lines_without_separators(lines: str, expected: Sequence[tuple[list[str], str | None]]) -> None:
    extraction = extract(plain(HEADER + lines))
    assert [(places(row), row.get("summary")) for row in rows_of(extraction)] == expected
    assert bool(extraction.notes) == (len(expected) == 2)


def test_a_last_column_of_places_goes_on_in_the_next_line() -> None:
    text = "提案名\t実施地域\nテレワーク\t北海道北見市\n北海道網走市\n調査\t宮城県石巻市\n"
    assert [places(row) for row in rows_of(extract(plain(text)))] == [
        ["北海道北見市", "北海道網走市"],
        ["宮城県石巻市"],
    ]
