"""Workbooks: what their cells show, and what they hide."""

from __future__ import annotations

import datetime
import io
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from nichiiki_ld.document import Document
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading import read
from nichiiki_ld.reading.office.number_format import show, show_text
from nichiiki_ld.reading.xlsx import read_xlsx
from printed_grids import cells, only_grid, read_above
from workbook_by_hand import SHEET, sheet, workbook


def made(fill: Callable[[Any], None]) -> bytes:
    """Return a workbook whose sheet 一覧 was filled."""
    book = openpyxl.Workbook()
    book.active.title = "一覧"
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reading_of(fill: Callable[[Any], None]) -> Document:
    return read_xlsx(made(fill), "list.xlsx")


def put(sheet: Any, rows: list[list[object]]) -> None:
    for row in rows:
        sheet.append(row)


def merged_down(sheet: Any) -> None:
    put(sheet, [["県", "市"], ["北海道", "北見市"], [None, "森町"]])
    sheet.merge_cells("A2:A3")


def two_headings(sheet: Any) -> None:
    put(sheet, [["番号", "地域", None], [None, "県", "市"], [1, "北海道", "北見市"]])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")


def title_above(sheet: Any) -> None:
    put(sheet, [["採択一覧"], [], [], ["番号", "市"], [1, "北見市"]])
    sheet.merge_cells("A1:XFD1")


def squared_paper(sheet: Any) -> None:
    for row, (one, other) in enumerate([("番号", "市"), ("1", "北見市"), ("2", "森町")]):
        top = 2 + 2 * row
        sheet.cell(top, 2, one)
        sheet.cell(top, 5, other)
        sheet.merge_cells(start_row=top, end_row=top + 1, start_column=2, end_column=4)
        sheet.merge_cells(start_row=top, end_row=top + 1, start_column=5, end_column=9)


def far_away(sheet: Any) -> None:
    put(sheet, [["番号", "市"], [1, "北見市"]])
    sheet["XFD1048576"].number_format = "0"


def far_text(sheet: Any) -> None:
    sheet["C5"] = "北見市"
    sheet["XFD1048576"] = "注"


def hidden_lines(sheet: Any) -> None:
    put(sheet, [["番号", "秘", "市"], [1, "x", "北見市"], [2, "y", "森町"], [3, "z", "下川町"]])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True


def hidden_anchor(sheet: Any) -> None:
    put(sheet, [["県", "市"], ["北海道", "北見市"], [None, "森町"], [None, "下川町"]])
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[2].hidden = True


@pytest.mark.parametrize(
    ("fill", "expected"),
    [
        pytest.param(
            merged_down, [["県", "市"], ["北海道", "北見市"], ["~北海道", "森町"]], id="merged down"
        ),
        pytest.param(
            two_headings,
            [["番号", "地域", "~地域"], ["~番号", "県", "市"], ["1", "北海道", "北見市"]],
            id="two rows of headings",
        ),
        pytest.param(
            title_above,
            [["採択一覧", "~採択一覧"], ["", ""], ["番号", "市"], ["1", "北見市"]],
            id="a title across the sheet, and empty rows become one",
        ),
        pytest.param(
            squared_paper,
            [["番号", "市"], ["1", "北見市"], ["2", "森町"]],
            id="a sheet of squares, all merged",
        ),
        pytest.param(far_away, [["番号", "市"], ["1", "北見市"]], id="a last cell without text"),
        pytest.param(far_text, [["北見市", ""], ["", ""], ["", "注"]], id="a last cell with text"),
        pytest.param(
            hidden_lines, [["番号", "市"], ["1", "北見市"], ["3", "下川町"]], id="hidden rows and columns"
        ),
        pytest.param(
            hidden_anchor,
            [["県", "市"], ["北海道", "森町"], ["~北海道", "下川町"]],
            id="a merged cell shows its text though its first row is hidden",
        ),
        pytest.param(
            lambda sheet: put(sheet, [["北見市\n森町\r\n下\t川町 "]]),
            [["北見市\n森町\n下 川町"]],
            id="lines in a cell",
        ),
        pytest.param(
            lambda sheet: put(sheet, [[True, None, " ", "a"]]), [["TRUE", "a"]], id="no columns without text"
        ),
        pytest.param(
            lambda sheet: put(sheet, [[CellRichText("北見", TextBlock(InlineFont(b=True), "市"), "※1")]]),
            [["北見市※1"]],
            id="text in several fonts",
        ),
    ],
)
def test_sheets(fill: Callable[[Any], None], expected: list[list[str]]) -> None:
    assert only_grid(reading_of(fill)) == expected


def test_what_is_hidden_is_noted() -> None:
    assert reading_of(hidden_lines).notes == (
        "Sheet 「一覧」: 1 hidden row was left out.",
        "Sheet 「一覧」: 1 hidden column was left out.",
    )


def test_every_visible_sheet_is_a_table_with_its_name() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "北見市"
        sheet.parent.create_sheet("空")
        sheet.parent.create_sheet("別紙")["B2"] = "森町"
        hidden = sheet.parent.create_sheet("集計")
        hidden["A1"] = "x"
        hidden.sheet_state = "veryHidden"
        sheet.parent.properties.title = "採択 一覧"

    document = reading_of(fill)
    assert [(grid.name, cells(grid)) for grid in document.grids()] == [
        ("一覧", [["北見市"]]),
        ("別紙", [["森町"]]),
    ]
    assert document.notes == ("Sheet 「集計」 is hidden, and was left out.",)
    assert document.title == "採択 一覧"


def shown(value: object, code: str) -> str:
    def fill(sheet: Any) -> None:
        sheet["A1"] = value
        sheet["A1"].number_format = code

    return only_grid(reading_of(fill))[0][0]


DAY = datetime.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        pytest.param(1234000, "#,##0", "1,234,000", id="thousands"),
        pytest.param(99, "#,##0", "99", id="fewer than a thousand"),
        pytest.param(1234567, '#,##0,"千円"', "1,235千円", id="in thousands, rounded"),
        pytest.param(12084, "000000", "012084", id="leading zeros"),
        pytest.param(1234.5, "#,##0.00", "1,234.50", id="decimals"),
        pytest.param(0.125, "0.0%", "12.5%", id="per cent"),
        pytest.param(-1234, "#,##0_ ;[Red]\\-#,##0\\ ", "-1,234", id="the format of Japanese accounts"),
        pytest.param(-1234, '#,##0;"△"#,##0', "△1,234", id="a section for negative numbers"),
        pytest.param(0, "0;-0;－", "－", id="a section for zero"),
        pytest.param(7, '"令和"0"年度"', "令和7年度", id="words around a number"),
        pytest.param(DAY, '[$-411]ggge"年"m"月"d"日";@', "令和7年7月1日", id="a day of the era"),
        pytest.param(
            DAY, '[DBNum3][$-411]ggge"年"m"月"d"日"', "令和７年７月１日", id="in full-width figures"
        ),
        pytest.param(DAY, "[$-411]ge.m.d", "R7.7.1", id="a day of the era, short"),
        pytest.param(DAY, "yyyy/m/d", "2025/7/1", id="a day"),
        pytest.param(DAY, "mm-dd-yy", "2025/7/1", id="the short day of the system: number 14"),
        pytest.param(DAY, 'yyyy"年"m"月"d"日"\\(aaa\\)', "2025年7月1日(火)", id="a day of the week"),
        pytest.param(
            datetime.date(2019, 5, 1),
            '[$-ja-JP-x-gannen]ggge"年"',
            "令和元年",
            id="the first year, where it is said",
        ),
        pytest.param(datetime.date(2019, 4, 30), '[$-411]ggge"年"', "平成31年", id="the last day of an era"),
        pytest.param(datetime.time(13, 5), "h:mm", "13:05", id="a time: m is minutes"),
        pytest.param(45839 + (9 * 60 + 5) / 1440, "m/d h:mm AM/PM", "7/1 9:05 AM", id="months and minutes"),
        pytest.param(8000020130001, "General", "8000020130001", id="a long number keeps its digits"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="eleven digits without a format"),
        pytest.param(10.0, "General", "10", id="a whole number has no point"),
        pytest.param("012084", "@", "012084", id="text stays text"),
        pytest.param("北見市", '@"（北海道）"', "北見市（北海道）", id="words around a text"),
    ],
)
def test_numbers_are_as_they_are_shown(value: object, code: str, expected: str) -> None:
    assert shown(value, code) == expected


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (1500, '[>=1000]#,##0"円";0"円未満"', "1,500円"),
        (15, '[>=1000]#,##0"円";0"円未満"', "15円未満"),
        (1234567, "000-0000", "123-4567"),
        (5, "0,000", "0,005"),
        (12345, "0.00E+00", "1.23E+04"),
        (1.5, "[h]:mm", "36:00"),
        (45839, '[DBNum1]ggge"年"m"月"d"日"', "令和七年七月一日"),
        (45861, '[DBNum1]d"日"', "二十三日"),
        (45839, "gge/ee/rr/mmmm/ddd", "令7/07/令和07/July/Tue"),
        (5, ";;;", ""),
        (0, "#", ""),
        (2.25, "0.0", "2.3"),
        (-0.4, "0", "0"),
        (3, 'General"件"', "3件"),
        (3, 'G/標準"件"', "3件"),
        (0.5, "# ?/?", None),
        (12, "[DBNum2]General", None),
        (-1, "yyyy/m/d", None),
        (1, "0" * 300, None),
        (1e308, "0." + "0" * 200, None),
    ],
)
def test_number_formats(value: float, code: str, expected: str | None) -> None:
    assert show(value, code) == expected


def test_formats_of_text() -> None:
    assert show_text("甲", '0;0;0;"「"@"」"') == "「甲」"
    assert show_text("甲", ";;;") == ""
    assert show_text("甲", "#,##0") == "甲"


def test_a_format_that_is_not_known_is_noted() -> None:
    def fill(sheet: Any) -> None:
        sheet["B3"] = 0.5
        sheet["B3"].number_format = "# ?/?"

    document = reading_of(fill)
    assert only_grid(document) == [["0.5"]]
    assert document.notes == ("Sheet 「一覧」: the number format # ?/? of cell B3 was not applied.",)


def test_a_number_with_more_digits_than_any_has_is_shown_without_its_format() -> None:
    def fill(sheet: Any) -> None:
        sheet["B3"] = 1e308
        sheet["B3"].number_format = "0." + "0" * 200

    (note,) = reading_of(fill).notes
    assert note == f"Sheet 「一覧」: the number format 0.{'0' * 200} of cell B3 was not applied."


def test_days_since_1904() -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>1</v></c></row>'
    styles = '<styleSheet xmlns="x"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    relations = (
        '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="x/styles" Target="/xl/styles.xml"/></Relationships>'
    )
    content = workbook(
        sheet(rows),
        book='<workbookPr date1904="1"/>',
        parts={"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations},
    )
    assert only_grid(read_xlsx(content, "list.xlsx")) == [["1904/1/2"]]


GUIDED = (
    '<si><r><t>北見</t></r><r><t>市</t></r><rPh sb="0" eb="2"><t>キタミ</t></rPh><rPh sb="2" eb="3"><t>シ</t></rPh>'
    '<phoneticPr type="Hiragana"/></si>'
)


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        pytest.param('<row r="1"><c r="A1" t="s" ph="1"><v>0</v></c></row>', "", id="of a cell"),
        pytest.param('<row r="1" ph="1"><c r="A1" t="s"><v>0</v></c></row>', "", id="of a row"),
        pytest.param(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            '<cols><col min="1" max="2" phonetic="1"/></cols>',
            id="of a column",
        ),
        pytest.param(
            f'<row r="1"><c r="A1" t="inlineStr" ph="1">{GUIDED.replace("si>", "is>")}</c></row>',
            "",
            id="in the cell itself",
        ),
    ],
)
def test_readings_that_are_shown(rows: str, before: str) -> None:
    document = read_xlsx(workbook(sheet(rows, before=before), texts=GUIDED), "list.xlsx")
    (grid,) = document.grids()
    assert grid.rows[0].cells[0].text == "北見市"
    assert read_above(grid.rows[0].cells[0].printed) == [("北見", "キタミ"), ("市", "シ")]
    assert document.notes == ()


def test_what_was_typed_and_is_not_shown_is_no_reading() -> None:
    document = read_xlsx(workbook(sheet('<row><c t="s"><v>0</v></c></row>'), texts=GUIDED), "list.xlsx")
    (grid,) = document.grids()
    assert grid.rows[0].cells[0].printed.rubies == ()
    assert document.notes == ("Sheet 「一覧」: 1 reading was left out, because the sheet does not show it.",)


@pytest.mark.parametrize(
    ("text", "expected", "readings"),
    [
        pytest.param(
            '<t>𠮷田</t><rPh sb="0" eb="2"><t>よし</t></rPh>',
            "𠮷田",
            [("𠮷", "よし")],
            id="offsets count UTF-16",
        ),
        pytest.param(
            '<t>_x000D_\n北見</t><rPh sb="2" eb="4"><t>きたみ</t></rPh>',
            "北見",
            [("北見", "きたみ")],
            id="line ends before",
        ),
        pytest.param(
            '<t>北見</t><rPh sb="0" eb="99"><t>きたみ</t></rPh>',
            "北見",
            [("北見", "きたみ")],
            id="beyond the end",
        ),
        pytest.param('<t>北見</t><rPh sb="5" eb="1"><t>きたみ</t></rPh>', "北見", [], id="nowhere"),
        pytest.param("<t>a_x005F_x0041_</t>", "a_x0041_", [], id="an escaped escape"),
    ],
)
def test_places_of_readings(text: str, expected: str, readings: list[tuple[str, str]]) -> None:
    content = workbook(sheet('<row><c t="s" ph="1"><v>0</v></c></row>'), texts=f"<si>{text}</si>")
    (grid,) = read_xlsx(content, "list.xlsx").grids()
    assert grid.rows[0].cells[0].text == expected
    assert read_above(grid.rows[0].cells[0].printed) == readings


def test_formulas_count_by_their_kept_values() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;"件"</f><v>2件</v></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    document = read_xlsx(workbook(sheet(rows), book='<calcPr fullCalcOnLoad="1"/>'), "list.xlsx")
    assert only_grid(document) == [["2", "2件", "#DIV/0!"]]
    assert document.notes == (
        "Sheet 「一覧」: 4 values are the result of a formula, as it was kept when the workbook was saved.",
        "Sheet 「一覧」: 1 cell shows an error.",
        "The workbook asks to be calculated anew when opened: the kept values may be old.",
    )


def test_a_formula_without_a_kept_value_is_refused_with_its_cell() -> None:
    def fill(sheet: Any) -> None:
        put(sheet, [["額"], [1000], ["=SUM(A2:A2)"]])

    with pytest.raises(
        UnreadableDocument, match=r"^list\.xlsx, sheet 「一覧」, cell A3: has a formula"
    ) as caught:
        reading_of(fill)
    assert "Excel or LibreOffice" in (caught.value.hint or "")


def test_a_formula_that_is_hidden_does_not_matter() -> None:
    def fill(sheet: Any) -> None:
        put(sheet, [["額"], [1000], ["=SUM(A2:A2)"]])
        sheet.row_dimensions[3].hidden = True

    assert only_grid(reading_of(fill)) == [["額"], ["1000"]]


def test_struck_out_text_and_drawings_are_noted() -> None:
    texts = "<si><r><t>北見市</t></r><r><rPr><strike/></rPr><t>森町</t></r></si>"
    relations = '<Relationships><Relationship Id="r1" Type="x/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    content = workbook(
        sheet('<row r="2"><c r="B2" t="s"><v>0</v></c></row>'),
        texts=texts,
        parts={
            "xl/worksheets/_rels/sheet1.xml.rels": relations,
            "xl/drawings/drawing1.xml": '<d xmlns:a="a"><a:t>箱</a:t></d>',
        },
    )
    document = read_xlsx(content, "list.xlsx")
    assert only_grid(document) == [["北見市森町"]]
    assert document.notes == (
        "Sheet 「一覧」: text is struck out, and was read like any other: cell B2.",
        "Sheet 「一覧」: the text of its drawings was left out.",
    )


ONE = "<row><c><v>1</v></c></row>"


def beside(kind: str, part: str) -> bytes:
    """Return a workbook whose sheet has a part of its own beside it."""
    relations = f'<R><Relationship Id="r1" Type="x/{kind}" Target="../beside.xml"/></R>'
    return workbook(
        sheet(ONE), parts={"xl/worksheets/_rels/sheet1.xml.rels": relations, "xl/beside.xml": part}
    )


@pytest.mark.parametrize(
    ("content", "left_out"),
    [
        pytest.param(
            beside("comments", "<c><text><r><t>要確認</t></r></text></c>"), "comments were", id="a comment"
        ),
        pytest.param(
            beside("threadedComment", "<c><text>要確認</text></c>"), "comments were", id="a threaded comment"
        ),
        pytest.param(beside("comments", "<c><text> </text></c>"), "", id="a comment without text"),
        pytest.param(
            workbook(
                sheet(
                    ONE,
                    behind='<headerFooter><oddHeader>&amp;L&amp;"ＭＳ 明朝,標準"&amp;10令和7年&amp;R&amp;P</oddHeader></headerFooter>',
                )
            ),
            "headers and footers of its printed pages were",
            id="a header",
        ),
        pytest.param(
            workbook(
                sheet(ONE, behind="<headerFooter><firstFooter>確定&amp;&amp;版</firstFooter></headerFooter>")
            ),
            "headers and footers of its printed pages were",
            id="a footer of the first page",
        ),
        pytest.param(
            workbook(
                sheet(
                    ONE,
                    behind='<headerFooter><oddFooter>&amp;C&amp;"ＭＳ 明朝"&amp;KFF0000- &amp;P / &amp;N -</oddFooter></headerFooter>',
                )
            ),
            "",
            id="a footer that only counts pages",
        ),
    ],
)
def test_what_stands_beside_the_cells_is_noted(content: bytes, left_out: str) -> None:
    document = read_xlsx(content, "list.xlsx")
    assert only_grid(document) == [["1"]]
    assert [note.partition(" left out")[0] for note in document.notes] == (
        [f"Sheet 「一覧」: {'its' if left_out.startswith('c') else 'the'} {left_out}"] if left_out else []
    )


def test_strict_files_and_other_cases_of_names_are_read() -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    content = workbook(
        sheet('<row><c t="s"><v>0</v></c></row>').replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", strict
        ),
        parts={
            "xl/sharedStrings.xml": "",
            "XL/SharedStrings.XML": f'<sst xmlns="{strict}"><si><t>甲</t></si></sst>',
        },
    )
    assert only_grid(read_xlsx(content, "list.xlsx")) == [["甲"]]


def blanks() -> Iterator[bytes]:
    return (b" " * 1_000_000 for _ in range(300))


def ten_million_cells() -> Iterator[bytes]:
    yield b"<worksheet><sheetData><row>"
    for _ in range(10_000):
        yield b"<c><v>1</v></c>" * 1000
    yield b"</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            lambda: workbook(blanks()), "286 MiB in xl/worksheets/sheet1.xml", id="a bomb of blanks"
        ),
        pytest.param(lambda: workbook(ten_million_cells()), "MiB in xl/worksheets", id="ten million cells"),
        pytest.param(
            lambda: workbook(sheet(ONE), texts="<si>" * 1_000_000), "nested more than 256 deep", id="depth"
        ),
        pytest.param(
            lambda: workbook(
                sheet("".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 5001))),
                texts=f"<si><t>{'長' * 30_000}</t></si>",
            ),
            "50,000,000 characters",
            id="one text in 5,000 cells",
        ),
        pytest.param(
            lambda: workbook(
                sheet(
                    ONE,
                    before='<cols><col min="1" max="16384" hidden="1"/>'
                    + '<col min="1" max="16384"/>' * 9
                    + "</cols>",
                )
            ),
            "more columns than a sheet has",
            id="columns described again and again",
        ),
        pytest.param(
            lambda: workbook(
                sheet(
                    "".join(
                        f'<row><c r="{openpyxl.utils.get_column_letter(n)}{n}"><v>1</v></c></row>'
                        for n in range(1, 1100)
                    )
                )
            ),
            "1,000,000 cells",
            id="a diagonal",
        ),
        pytest.param(
            lambda: workbook('<!DOCTYPE a [<!ENTITY e "x">]><worksheet>&e;</worksheet>'),
            "document type",
            id="entities",
        ),
        pytest.param(
            lambda: workbook('<!DOCTYPE a SYSTEM "file:///etc/passwd"><worksheet/>'),
            "document type",
            id="another file",
        ),
        pytest.param(
            lambda: workbook(
                sheet(ONE),
                parts={"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY e 'x'>]><workbook>&e;</workbook>"},
            ),
            "document type",
            id="entities in the workbook part",
        ),
    ],
)
def test_bombs_are_refused_soon(content: Callable[[], bytes], message: str) -> None:
    made_content = content()
    begun = time.process_time()
    with pytest.raises(UnreadableDocument, match=rf"^list\.xlsx.*: .*{message}"):
        read(made_content, name="list.xlsx")
    assert time.process_time() - begun < 10


def again_and_again(sheet_part: str, times: int = 1000) -> bytes:
    """Return a workbook each of whose many sheets is the same part."""
    sheets = '<sheet name="一覧" r:id="r1"/>' * times
    return workbook(
        sheet_part, parts={"xl/workbook.xml": f'<workbook xmlns:r="r"><sheets>{sheets}</sheets></workbook>'}
    )


@pytest.mark.parametrize(
    ("limit", "value", "content", "message"),
    [
        pytest.param(
            "limits.MOST_CELLS_SEEN",
            5000,
            again_and_again(sheet("<row>" + "<c/>" * 9 + "</row>")),
            "5,000 rows and cells, empty ones included",
            id="cells without text",
        ),
        pytest.param(
            "limits.MOST_CELLS_SEEN",
            5000,
            again_and_again(sheet("<row/>" * 10)),
            "5,000 rows and cells, empty ones included",
            id="rows without cells",
        ),
        pytest.param(
            "office.budget.MOST_ELEMENTS",
            5000,
            again_and_again(sheet("<x/>" * 10)),
            "5,000 elements in its parts",
            id="elements that mean nothing",
        ),
        pytest.param(
            "office.budget.MOST_PACKAGE_BYTES",
            1 << 20,
            again_and_again(sheet(" ")),
            "1 MiB in its parts",
            id="small parts",
        ),
        pytest.param(
            "office.budget.MOST_ELEMENTS",
            5000,
            workbook(sheet(ONE), parts={"xl/workbook.xml": f"<workbook>{'<x/>' * 6000}</workbook>"}),
            "5,000 elements in its parts",
            id="elements of a tree",
        ),
    ],
)
def test_a_part_costs_as_often_as_it_is_used(
    limit: str, value: int, content: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"nichiiki_ld.reading.{limit}", value)
    with pytest.raises(UnreadableDocument, match=f"has more than {message}") as caught:
        read(content, name="list.xlsx")
    assert caught.value.hint


def test_many_readings_of_one_text_take_no_long_time() -> None:
    readings = "".join(f'<rPh sb="{n}" eb="{n + 1}"><t>き</t></rPh>' for n in range(2, 30_000))
    content = workbook(
        sheet('<row><c t="s" ph="1"><v>0</v></c></row>'),
        texts=f"<si><t>𠮷{'北' * 30_000}</t>{readings}</si>" * 3,
    )
    begun = time.process_time()
    (grid,) = read_xlsx(content, "list.xlsx").grids()
    assert len(grid.rows[0].cells[0].printed.rubies) == 29_998
    assert time.process_time() - begun < 30


def test_merged_cells_that_overlap_a_thousand_times_cost_nothing() -> None:
    behind = '<mergeCell ref="A1:XFD1048576"/>' * 1000
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="C9"><v>2</v></c></row>'
    assert only_grid(read_xlsx(workbook(sheet(rows, behind=behind)), "list.xlsx")) == [
        ["1", "~1"],
        ["~1", "~1"],
    ]


def lying(content: bytes, name: str = SHEET, size: int = 100) -> bytes:
    """Let the directory of an archive say another size of a part."""
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(lambda: lying(workbook(blanks())), "CRC", id="a size that is a lie"),
        pytest.param(lambda: workbook(sheet(ONE))[:-60], "damaged", id="cut off"),
        pytest.param(lambda: workbook("no XML"), "no XML", id="a part that is no XML"),
        pytest.param(lambda: workbook(""), "no XML", id="an empty part"),
        pytest.param(lambda: workbook(sheet('<row r="x"/>')), "invalid literal", id="a row of no number"),
        pytest.param(lambda: workbook(sheet('<row><c r="A0"><v>1</v></c></row>')), "row 0", id="row zero"),
        pytest.param(
            lambda: workbook(sheet('<row><c r="ZZZZ1"><v>1</v></c></row>')), "ZZZZ1", id="a column too far"
        ),
        pytest.param(
            lambda: workbook(sheet(ONE), texts=f"<si><t>{'長' * 32_768}</t></si>"),
            "a cell can have 32,767",
            id="a text longer than a cell",
        ),
        pytest.param(
            lambda: workbook(sheet('<row><c t="s"><v>7</v></c></row>')), "out of range", id="a text too far"
        ),
        pytest.param(
            lambda: workbook(sheet("<row><c><v>nan</v></c></row>")), "the number nan", id="no number"
        ),
        pytest.param(lambda: workbook(sheet('<row><c t="d"><v>x</v></c></row>')), "datetime", id="no day"),
        pytest.param(lambda: workbook(sheet(ONE, behind='<mergeCell ref="?"/>')), "range", id="no range"),
        pytest.param(
            lambda: workbook(sheet(ONE), parts={"_rels/.rels": "<Relationships/>"}),
            "does not say where it begins",
            id="no beginning",
        ),
        pytest.param(
            lambda: workbook(
                sheet(ONE),
                parts={"xl/_rels/workbook.xml.rels": '<R><r Id="r1" Type="x/worksheet" Target="x.xml"/></R>'},
            ),
            "part xl/x.xml is missing",
            id="a part that is not there",
        ),
    ],
)
def test_damaged_files_are_named_so(content: Callable[[], bytes], message: str) -> None:
    with pytest.raises(UnreadableDocument, match=rf"^list\.xlsx: .*{message}") as caught:
        read(content(), name="list.xlsx")
    assert caught.value.hint


def test_an_encrypted_part_is_named_so() -> None:
    content = bytearray(workbook(sheet(ONE)))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(SHEET.encode()))
    content[at + 8] |= 1
    with pytest.raises(UnreadableDocument, match="is encrypted"):
        read(bytes(content), name="list.xlsx")
