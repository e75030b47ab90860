"""Lists in files of many shapes, from the bytes to the areas they lead to; what they print is written here by hand."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import docx
import openpyxl
import pytest
from openpyxl.styles import Alignment

from hand_made import rows_of
from nichiiki_ld.extract import extract
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.reading import read
from nichiiki_ld.review import review
from nichiiki_ld.settlement import settle
from typeset import ruby, table, typeset

SHIMOKAWA, HAMAMATSU, MORI, SUZU, HAKUSAN, WAKAYAMA, DATE = (
    "014681",
    "221406",
    "224618",
    "172057",
    "172103",
    "300004",
    "072133",
)
NORTH = "空き家を改修し、地域の人々と都市の住民が共に使う、テレワークと滞在の拠点をつくる。"
EAST = "関係人口を増やす。"


@dataclass(frozen=True)
class Shape:
    """A file, and what it prints.

    Attributes:
        rows: Field → text of each row of the list, without the row as a whole.
        areas: Codes of what each row leads to.
        asked: Row and kind of each doubt about the table.
    """

    name: str
    content: Callable[[], bytes]
    rows: Sequence[dict[str, str]]
    areas: Sequence[Sequence[str]]
    asked: Sequence[tuple[str, str]] = ()


def pdf_with_ruby() -> bytes:
    """Names with their prefecture, readings above them, lines around all cells."""
    return typeset(
        table(
            ["実施地域", "応募主体", "取組概要"],
            [ruby("北海道下川町", "ほっかいどうしもかわちょう"), "北の会", NORTH],
            [
                f"{ruby('石川県珠洲市', 'いしかわけんすずし')}<br>{ruby('石川県白山市', 'いしかわけんはくさんし')}",
                "能登の会",
                EAST,
            ],
            [ruby("和歌山県", "わかやまけん"), "和歌山の会", EAST],
        )
    )


def pdf_with_two_rows_of_headings() -> bytes:
    """A prefecture over several rows, an unnamed column of numbers, amounts whose unit stands in the upper heading."""
    return typeset(
        table(
            ["1x2:", "2x1:実施地域", "1x2:事業者", "2x1:金額（千円）"],
            ["都道府県", "市町村", "事業費", "補助額"],
            ["1", "1x2:静岡県", "浜松市天竜区", "天竜の会", "20,000", "12,345"],
            ["2", "森町", "森の会", "9,000", "4,500"],
            ["3", "北海道", "上川郡下川町", "北の会", "8,000", "4,000"],
            headings=2,
        )
    )


def pdf_without_lines() -> bytes:
    """Columns that only white divides, the rows with numbers."""
    return typeset(
        table(
            ["番号", "対象地域", "実施主体", "事業概要"],
            ["1", "北海道下川町", "北の会", NORTH],
            ["2", "石川県珠洲市<br>石川県白山市", "能登の会", EAST],
            ["3", "静岡県森町", "森の会", EAST],
            kind="bare",
        ),
        landscape=True,
    )


def pdf_over_pages() -> bytes:
    """The headings again on each page, and a row that goes on from one page to the next."""
    return typeset(
        table(
            ["実施地域", "応募主体", "取組概要"],
            ["北海道下川町", "北の会", NORTH * 12],
            ["石川県珠洲市、白山市", "能登の会", NORTH * 12],
            ["静岡県森町", "森の会", EAST],
        ),
        css="@page { size: A5 }",
    )


def pdf_with_prefectures_behind() -> bytes:
    """The prefecture in brackets, also for several towns before it; a mark whose meaning stands below."""
    return typeset(
        table(
            ["対象地域", "代表団体", "提案名"],
            ["下川町★（北海道）", "北の会", "森と暮らす"],
            ["珠洲市、白山市（石川県）", "能登の会", "海と暮らす"],
            ["浜松市（天竜区）（静岡県）", "天竜の会", "川と暮らす"],
        )
        + "<p>★ 新規</p>"
    )


def pdf_with_readings_in_lines() -> bytes:
    """Readings in lines of their own above the names, no other line than those below the headings."""
    return typeset(
        table(
            ["番号", "実施地域", "応募主体"],
            ["1", "ほっかいどうしもかわちょう<br>北海道下川町", "北の会"],
            ["2", "しずおかけんもりまち<br>静岡県森町", "森の会"],
            ["3", "わかやまけん<br>和歌山県", "和歌山の会"],
            kind="bare",
        ),
        css=".bare th { border-bottom: 1px solid }",
    )


def page_with_spans() -> bytes:
    """A web page with a prefecture over its rows and a title over its columns."""
    return (
        '<!doctype html><meta charset="utf-8"><title>採択一覧</title><h1>採択一覧</h1>'
        + table(
            ["4x1:採択一覧（2件）"],
            ["都道府県", "市町村", "実施主体", "取組概要"],
            ["1x2:静岡県", "森町（もりまち）", "森の会", EAST],
            ["浜松市天竜区（はままつしてんりゅうく）", "天竜の会", NORTH],
            headings=2,
        )
    ).encode()


def page_with_headings() -> bytes:
    """A web page whose prefectures are headings within the table, and which names no charset but its own in Shift_JIS."""
    return (
        '<html><head><meta charset="Shift_JIS"><title>採択一覧</title></head><body>'
        + table(
            ["市町村", "団体名", "取組概要"],
            ["3x1:【北海道】"],
            ["下川町", "北の会", NORTH],
            ["3x1:【石川県】"],
            ["珠洲市・白山市", "能登の会", EAST],
        )
    ).encode("cp932")


def workbook_with_merged_cells() -> bytes:
    """Titles above the header, merged prefectures, numbers that are numbers, a caption with the unit."""
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (
        ["採択一覧"],
        [None, None, None, None, "（単位：円）"],
        ["No.", "都道府県", "市町村", "事業者名", "交付決定額"],
        [1, "静岡県", "森町", "森の会", 4500000],
        [2, None, "浜松市天竜区", "天竜の会", 12345000],
        [3, "和歌山県", None, "和歌山の会", 1000000],
        ["合計", None, None, None, 17845000],
    ):
        sheet.append(line)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("B4:B5")
    sheet["B4"].alignment = Alignment(vertical="center")
    return saved(book.save)


def workbook_of_sheets() -> bytes:
    """A sheet for each prefecture, with the same columns."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for prefecture, rows in (
        ("北海道", [["下川町", "北の会", NORTH]]),
        ("石川県", [["珠洲市\n白山市", "能登の会", EAST]]),
    ):
        sheet = book.create_sheet(prefecture)
        for line in [["市町村", "応募主体", "取組概要"], *rows]:
            sheet.append(line)
    return saved(book.save)


UNDER_PREFECTURES = (
    ("北海道", [["市町村", "応募主体", "取組概要"], ["下川町", "北の会", NORTH]]),
    ("福島県", [["伊達市", "伊達の会", EAST]]),
)
"""Another 伊達市 lies in 北海道."""


def workbook_of_sheets_without_headers() -> bytes:
    """A sheet for each prefecture, the header on the first only."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for prefecture, lines in UNDER_PREFECTURES:
        sheet = book.create_sheet(prefecture)
        for line in lines:
            sheet.append(line)
    return saved(book.save)


def word_document_of_headings() -> bytes:
    """A heading and a table for each prefecture, the header in the first only."""
    document = docx.Document()
    for prefecture, lines in UNDER_PREFECTURES:
        document.add_heading(prefecture, 2)
        grid = document.add_table(len(lines), 3)
        for row, line in zip(grid.rows, lines, strict=True):
            for cell, text in zip(row.cells, line, strict=True):
                cell.text = text
    return saved(document.save)


def page_of_headings() -> bytes:
    """The same as a web page."""
    return "".join(
        f"<h3>{prefecture}</h3><table>"
        + "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in line)}</tr>" for line in lines)
        + "</table>"
        for prefecture, lines in UNDER_PREFECTURES
    ).encode()


def word_document() -> bytes:
    """A merged prefecture, several towns as paragraphs of one cell, readings in brackets before the names."""
    document = docx.Document()
    document.add_paragraph("採択一覧")
    lines = [
        ["都道府県", "市町村名", "申請者", "事業名"],
        ["石川県", "（すずし）珠洲市\n（はくさんし）白山市", "能登の会", "海と暮らす"],
        ["静岡県", "（もりまち）森町", "森の会", "茶と暮らす"],
        ["", "（はままつしてんりゅうく）浜松市天竜区", "天竜の会", "川と暮らす"],
    ]
    grid = document.add_table(len(lines), len(lines[0]))
    for row, line in zip(grid.rows, lines, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
    grid.cell(2, 0).merge(grid.cell(3, 0))
    return saved(document.save)


def spreadsheet_of_windows() -> bytes:
    """CSV in Shift_JIS, where a prefecture is printed once for the rows below it."""
    return (
        "採択一覧\r\n\r\n都道府県,自治体,応募主体,概要\r\n北海道,下川町,北の会,"
        f"{NORTH}\r\n静岡県,森町,森の会,{EAST}\r\n,浜松市天竜区,天竜の会,{EAST}\r\n"
    ).encode("cp932")


def copied_text() -> bytes:
    """Text with tabulators, as it comes out of a PDF: the reading before each name, several places in a line."""
    return (
        "採択一覧\n\n実施地域\t応募主体\t取組概要\n"
        f"ほっかいどうしもかわちょう 北海道下川町\t北の会\t{NORTH}\n"
        f"いしかわけんすずし 石川県珠洲市 いしかわけんはくさんし 石川県白山市\t能登の会\t{EAST}\n"
        f"わかやまけん 和歌山県\t和歌山の会\t{EAST}\n"
    ).encode()


def spaced_text() -> bytes:
    """Text whose columns are divided by blanks; half-width kana, a town that two prefectures have."""
    return (
        "番号  実施地域                    応募主体    取組概要\n"
        f"1     ｼﾓｶﾜﾁｮｳ 下川町(北海道)      北の会      {EAST}\n"
        f"2     森町                        森の会      {EAST}\n"
    ).encode()


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def town(name: str, reading: str = "", prefecture: str = "", ordinal: int = 1) -> dict[str, str]:
    """Return the cells of a place: what is not printed for it is left out."""
    cells = {"name": name, "reading": reading, "prefecture": prefecture}
    return {f"{field}-{ordinal}": text for field, text in cells.items() if text}


SHAPES = [
    Shape(
        "ruby.pdf",
        pdf_with_ruby,
        [
            town("北海道下川町", "ほっかいどうしもかわちょう") | {"applicant": "北の会", "summary": NORTH},
            town("石川県珠洲市", "いしかわけんすずし")
            | town("石川県白山市", "いしかわけんはくさんし", ordinal=2)
            | {"applicant": "能登の会", "summary": EAST},
            town("和歌山県", "わかやまけん") | {"applicant": "和歌山の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [SUZU, HAKUSAN], [WAKAYAMA]],
    ),
    Shape(
        "headings.pdf",
        pdf_with_two_rows_of_headings,
        [
            {"number": "1"}
            | town("浜松市天竜区", prefecture="静岡県")
            | {"applicant": "天竜の会", "amount": "12,345", "amount-unit": "千円"},
            {"number": "2"}
            | town("森町", prefecture="静岡県")
            | {"applicant": "森の会", "amount": "4,500", "amount-unit": "千円"},
            {"number": "3"}
            | town("上川郡下川町", prefecture="北海道")
            | {"applicant": "北の会", "amount": "4,000", "amount-unit": "千円"},
        ],
        [[HAMAMATSU], [MORI], [SHIMOKAWA]],
    ),
    Shape(
        "bare.pdf",
        pdf_without_lines,
        [
            {"number": "1"} | town("北海道下川町") | {"applicant": "北の会", "summary": NORTH},
            {"number": "2"}
            | town("石川県珠洲市")
            | town("石川県白山市", ordinal=2)
            | {"applicant": "能登の会", "summary": EAST},
            {"number": "3"} | town("静岡県森町") | {"applicant": "森の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [SUZU, HAKUSAN], [MORI]],
    ),
    Shape(
        "pages.pdf",
        pdf_over_pages,
        [
            town("北海道下川町") | {"applicant": "北の会", "summary": NORTH * 12},
            town("石川県珠洲市")
            | town("白山市", ordinal=2, prefecture="石川県")
            | {"applicant": "能登の会", "summary": NORTH * 12},
            town("静岡県森町") | {"applicant": "森の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [SUZU, HAKUSAN], [MORI]],
    ),
    Shape(
        "behind.pdf",
        pdf_with_prefectures_behind,
        [
            town("下川町", prefecture="北海道") | {"applicant": "北の会", "title": "森と暮らす"},
            town("珠洲市", prefecture="石川県")
            | town("白山市", prefecture="石川県", ordinal=2)
            | {"applicant": "能登の会", "title": "海と暮らす"},
            town("浜松市（天竜区）", prefecture="静岡県") | {"applicant": "天竜の会", "title": "川と暮らす"},
        ],
        [[SHIMOKAWA], [SUZU, HAKUSAN], []],
        [("3", "misprint")],
    ),
    Shape(
        "readings.pdf",
        pdf_with_readings_in_lines,
        [
            {"number": "1"} | town("北海道下川町", "ほっかいどうしもかわちょう") | {"applicant": "北の会"},
            {"number": "2"} | town("静岡県森町", "しずおかけんもりまち") | {"applicant": "森の会"},
            {"number": "3"} | town("和歌山県", "わかやまけん") | {"applicant": "和歌山の会"},
        ],
        [[SHIMOKAWA], [MORI], [WAKAYAMA]],
    ),
    Shape(
        "spans.html",
        page_with_spans,
        [
            town("森町", "もりまち", "静岡県") | {"applicant": "森の会", "summary": EAST},
            town("浜松市天竜区", "はままつしてんりゅうく", "静岡県")
            | {"applicant": "天竜の会", "summary": NORTH},
        ],
        [[MORI], [HAMAMATSU]],
    ),
    Shape(
        "headings.html",
        page_with_headings,
        [
            town("下川町", prefecture="北海道") | {"applicant": "北の会", "summary": NORTH},
            town("珠洲市", prefecture="石川県")
            | town("白山市", prefecture="石川県", ordinal=2)
            | {"applicant": "能登の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [SUZU, HAKUSAN]],
    ),
    Shape(
        "merged.xlsx",
        workbook_with_merged_cells,
        [
            {"number": "1"}
            | town("森町", prefecture="静岡県")
            | {"applicant": "森の会", "amount": "4500000", "amount-unit": "円"},
            {"number": "2"}
            | town("浜松市天竜区", prefecture="静岡県")
            | {"applicant": "天竜の会", "amount": "12345000", "amount-unit": "円"},
            {"number": "3"}
            | town("和歌山県")
            | {"applicant": "和歌山の会", "amount": "1000000", "amount-unit": "円"},
            {"number": "合計", "amount": "17845000", "amount-unit": "円"},
        ],
        [[MORI], [HAMAMATSU], [WAKAYAMA], []],
        [("4", "total")],
    ),
    Shape(
        "sheets.xlsx",
        workbook_of_sheets,
        [
            town("下川町", prefecture="北海道") | {"applicant": "北の会", "summary": NORTH},
            town("珠洲市", prefecture="石川県")
            | town("白山市", prefecture="石川県", ordinal=2)
            | {"applicant": "能登の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [SUZU, HAKUSAN]],
    ),
    Shape(
        "headless.xlsx",
        workbook_of_sheets_without_headers,
        [
            town("下川町", prefecture="北海道") | {"applicant": "北の会", "summary": NORTH},
            town("伊達市", prefecture="福島県") | {"applicant": "伊達の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [DATE]],
    ),
    Shape(
        "headless.docx",
        word_document_of_headings,
        [
            town("下川町", prefecture="北海道") | {"applicant": "北の会", "summary": NORTH},
            town("伊達市", prefecture="福島県") | {"applicant": "伊達の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [DATE]],
    ),
    Shape(
        "headless.html",
        page_of_headings,
        [
            town("下川町", prefecture="北海道") | {"applicant": "北の会", "summary": NORTH},
            town("伊達市", prefecture="福島県") | {"applicant": "伊達の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [DATE]],
    ),
    Shape(
        "merged.docx",
        word_document,
        [
            town("珠洲市", "すずし", "石川県")
            | town("白山市", "はくさんし", "石川県", ordinal=2)
            | {"applicant": "能登の会", "title": "海と暮らす"},
            town("森町", "もりまち", "静岡県") | {"applicant": "森の会", "title": "茶と暮らす"},
            town("浜松市天竜区", "はままつしてんりゅうく", "静岡県")
            | {"applicant": "天竜の会", "title": "川と暮らす"},
        ],
        [[SUZU, HAKUSAN], [MORI], [HAMAMATSU]],
    ),
    Shape(
        "list.csv",
        spreadsheet_of_windows,
        [
            town("下川町", prefecture="北海道") | {"applicant": "北の会", "summary": NORTH},
            town("森町", prefecture="静岡県") | {"applicant": "森の会", "summary": EAST},
            town("浜松市天竜区", prefecture="静岡県") | {"applicant": "天竜の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [MORI], [HAMAMATSU]],
    ),
    Shape(
        "copied.txt",
        copied_text,
        [
            town("北海道下川町", "ほっかいどうしもかわちょう") | {"applicant": "北の会", "summary": NORTH},
            town("石川県珠洲市", "いしかわけんすずし")
            | town("石川県白山市", "いしかわけんはくさんし", ordinal=2)
            | {"applicant": "能登の会", "summary": EAST},
            town("和歌山県", "わかやまけん") | {"applicant": "和歌山の会", "summary": EAST},
        ],
        [[SHIMOKAWA], [SUZU, HAKUSAN], [WAKAYAMA]],
    ),
    Shape(
        "spaced.txt",
        spaced_text,
        [
            {"number": "1"} | town("下川町", "ｼﾓｶﾜﾁｮｳ", "北海道") | {"applicant": "北の会", "summary": EAST},
            {"number": "2"} | town("森町") | {"applicant": "森の会", "summary": EAST},
        ],
        [[SHIMOKAWA], []],
        [("2", "misprint")],
    ),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.content.__name__)
def test_what_is_printed_and_where_it_leads(shape: Shape, gazetteer: Gazetteer) -> None:
    extraction = extract(read(shape.content(), name=shape.name), where=shape.name)
    for cell in extraction.cells:
        assert extraction.text[cell.start : cell.end] == cell.printed
    rows = [{field: text for field, text in row.items() if field != "row"} for row in rows_of(extraction)]
    assert rows == shape.rows

    settlement = settle(extraction.cells, (), where="decisions.csv")
    doubts = [each for each in review(settlement, gazetteer, programme="") if each.row != "lead"]
    assert [(each.row, each.kind) for each in doubts] == list(shape.asked)
    doubted = {each.row for each in doubts}
    for number, (row, codes) in enumerate(zip(rows, shape.areas, strict=True), start=1):
        places = [field.removeprefix("name-") for field in row if field.startswith("name-")]
        areas = [
            gazetteer.area_of(row[f"name-{each}"], row.get(f"reading-{each}"), row.get(f"prefecture-{each}"))
            for each in places
        ]
        if str(number) not in doubted:
            assert [area.code if area else None for area in areas] == list(codes)
