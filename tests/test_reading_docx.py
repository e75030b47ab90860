"""Word files: paragraphs, tables, readings, tracked changes."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from nichiiki_ld.document import Document
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading import read
from nichiiki_ld.reading.docx import read_docx
from printed_grids import blocks, only_grid, read_above
from workbook_by_hand import package

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def reading_of(fill: Callable[[Any], None]) -> Document:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return read_docx(out.getvalue(), "list.docx")


def table(document: Any, rows: list[list[str]]) -> Any:
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def merged_down(document: Any) -> None:
    made = table(document, [["県", "市"], ["北海道", "北見市"], ["", "森町"], ["青森県", "五戸町"]])
    made.cell(1, 0).merge(made.cell(2, 0))
    made.cell(1, 0).text = "北海道"


def two_headings(document: Any) -> None:
    made = table(document, [["番号", "地域", ""], ["", "県", "市"], ["1", "北海道", "北見市"]])
    made.cell(0, 0).merge(made.cell(1, 0)).text = "番号"
    made.cell(0, 1).merge(made.cell(0, 2)).text = "地域"


def two_merged_groups(document: Any) -> None:
    made = table(document, [["甲", "1"], ["", "2"], ["乙", "3"], ["", "4"]])
    made.cell(0, 0).merge(made.cell(1, 0)).text = "甲"
    made.cell(2, 0).merge(made.cell(3, 0)).text = "乙"


def block_of_cells(document: Any) -> None:
    made = table(document, [["a", "", "b"], ["", "", "c"]])
    made.cell(0, 0).merge(made.cell(1, 1)).text = "a"


@pytest.mark.parametrize(
    ("fill", "expected"),
    [
        pytest.param(
            lambda document: table(document, [["番号", "市"], ["1", "北見市\n森町"]]),
            [["番号", "市"], ["1", "北見市\n森町"]],
            id="rows, cells, lines",
        ),
        pytest.param(
            merged_down,
            [["県", "市"], ["北海道", "北見市"], ["~北海道", "森町"], ["青森県", "五戸町"]],
            id="merged down",
        ),
        pytest.param(
            two_headings,
            [["番号", "地域", "~地域"], ["~番号", "県", "市"], ["1", "北海道", "北見市"]],
            id="two rows of headings",
        ),
        pytest.param(
            two_merged_groups,
            [["甲", "1"], ["~甲", "2"], ["乙", "3"], ["~乙", "4"]],
            id="one merged cell below another",
        ),
        pytest.param(block_of_cells, [["a", "b"], ["~a", "c"]], id="merged down and across"),
    ],
)
def test_tables(fill: Callable[[Any], None], expected: list[list[str]]) -> None:
    assert only_grid(reading_of(fill)) == expected


def test_blocks_stand_in_their_order() -> None:
    def fill(document: Any) -> None:
        document.core_properties.title = "採択\n一覧"
        document.add_heading("採択一覧", 1)
        document.add_paragraph("令和7年\t7月1日\n発表")
        table(document, [["番号", "市"], ["1", "北見市"]])
        document.add_paragraph("")
        document.add_paragraph("以上")
        document.sections[0].header.paragraphs[0].text = "頭"

    document = reading_of(fill)
    assert blocks(document) == [
        "採択一覧",
        "令和7年 7月1日\n発表",
        [["番号", "市"], ["1", "北見市"]],
        "以上",
    ]
    assert document.title == "採択 一覧"
    assert document.notes == ("The headers were left out.",)


def with_body(body: str, *, kinds: Mapping[str, str] | None = None, **parts: str) -> bytes:
    """Return a Word file by hand: what stands in its body, and other parts by their name, which is their kind or has one."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(
        f'<Relationship Id="{name}" Type="{kind}/{(kinds or {}).get(name, name)}" Target="{name}.xml"/>'
        for name in parts
    )
    return package(
        {
            "_rels/.rels": f'<R><Relationship Id="r1" Type="{kind}/officeDocument" Target="word/document.xml"/></R>',
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": f"<R>{listed}</R>",
            **{f"word/{name}.xml": content for name, content in parts.items()},
        }
    )


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def field(*pieces: str, result: str | None = None) -> str:
    marks = ['<w:r><w:fldChar w:fldCharType="begin"/></w:r>']
    marks += [f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces]
    if result is not None:
        marks += ['<w:r><w:fldChar w:fldCharType="separate"/></w:r>', run(result)]
    return "".join([*marks, '<w:r><w:fldChar w:fldCharType="end"/></w:r>'])


@pytest.mark.parametrize(
    ("paragraph", "text", "notes"),
    [
        pytest.param(run("北見") + run("市", "<w:b/>"), "北見市", (), id="runs"),
        pytest.param(
            f"<w:hyperlink>{run('北見')}</w:hyperlink><w:smartTag>{run('市')}</w:smartTag>",
            "北見市",
            (),
            id="links",
        ),
        pytest.param(
            f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{run('北見市')}</w:sdtContent></w:sdt>",
            "北見市",
            (),
            id="a content control",
        ),
        pytest.param(
            "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:noBreakHyphen/></w:r>",
            "a b\nc\n-",
            (),
            id="signs",
        ),
        pytest.param(
            f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins>{run('新')}</w:ins>",
            "新",
            ("1 tracked deletion was left out.", "1 tracked insertion was taken."),
            id="tracked changes",
        ),
        pytest.param(
            f"<w:moveFrom>{run('旧')}</w:moveFrom>{run('中')}<w:moveTo>{run('新')}</w:moveTo>",
            "中新",
            ("1 tracked deletion was left out.", "1 tracked insertion was taken."),
            id="tracked moves",
        ),
        pytest.param(
            run("見") + run("秘", "<w:vanish/>") + run("る", '<w:vanish w:val="0"/>'),
            "見る",
            ("1 piece of hidden text was left out.",),
            id="hidden text",
        ),
        pytest.param(
            run("北見市") + run("森町", "<w:strike/>"),
            "北見市森町",
            ("1 piece of text is struck out, and read like any other.",),
            id="struck out text",
        ),
        pytest.param(
            run("a") + f"<w:r><w:pict><w:txbxContent><w:p>{run('箱')}</w:p></w:txbxContent></w:pict></w:r>",
            "a",
            ("1 text box was left out.",),
            id="a text box",
        ),
        pytest.param(run("a") + "<w:r><w:drawing/></w:r>", "a", (), id="a picture"),
        pytest.param(
            run("第") + field(" PAGE ", result="3") + run("頁"), "第3頁", (), id="a field shows its result"
        ),
        pytest.param(
            run("a") + field("EQ \\f(1,2)"),
            "a",
            ("1 formula field was left out.",),
            id="a field that is a formula",
        ),
        pytest.param(
            run("a") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("b"),
            "a",
            (),
            id="a field without an end",
        ),
        pytest.param(
            run("★") + '<w:r><w:sym w:char="F0AB"/></w:r>',
            "★",
            ("1 sign of a symbol font was left out.",),
            id="a symbol",
        ),
    ],
)
def test_runs(paragraph: str, text: str, notes: tuple[str, ...]) -> None:
    document = read_docx(with_body(f"<w:p>{paragraph}</w:p><w:p>{run('次')}</w:p>"), "list.docx")
    assert blocks(document) == [text, "次"]
    assert document.notes == notes


RUBY = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('きた')}{run('み')}</w:rt><w:rubyBase>{run('北見')}</w:rubyBase></w:ruby></w:r>"


@pytest.mark.parametrize(
    ("paragraph", "text", "readings"),
    [
        pytest.param(RUBY + run("市"), "北見市", [("北見", "きたみ")], id="a phonetic guide"),
        pytest.param(
            run("、")
            + field('EQ \\* jc2 \\* "Font:ＭＳ 明朝" \\* hps10 \\o\\ad(\\s\\up 9(', "もり", "),森)")
            + run("町"),
            "、森町",
            [("森", "もり")],
            id="a phonetic guide of old files, in pieces",
        ),
        pytest.param(field("eq \\o(\\s\\up 11(もり);森)"), "森", [("森", "もり")], id="with a semicolon"),
    ],
)
def test_readings(paragraph: str, text: str, readings: list[tuple[str, str]]) -> None:
    row = f"<w:tr><w:tc><w:p>{run('1')}</w:p></w:tc><w:tc><w:p>{run('前')}</w:p><w:p>{paragraph}</w:p></w:tc></w:tr>"
    document = read_docx(with_body(f"<w:p>{paragraph}</w:p><w:tbl>{row}</w:tbl>"), "list.docx")
    (alone,) = document.paragraphs()
    assert alone.text == text
    assert read_above(alone.printed) == readings
    (grid,) = document.grids()
    assert grid.rows[0].cells[1].text == f"前\n{text}"
    assert read_above(grid.rows[0].cells[1].printed) == readings


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


WIDE = '<w:gridSpan w:val="99999999"/>'


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            f"<w:tr>{cell('a')}{cell('b')}</w:tr><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('c')}</w:tr>",
            [["a", "b"], ["", "c"]],
            id="a row that begins further right",
        ),
        pytest.param(
            f"<w:tr>{cell('a')}{cell('b')}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{cell('x')}{cell('y')}</w:tr>",
            [["a", "b"]],
            id="a deleted row",
        ),
        pytest.param(
            f"<w:sdt><w:sdtContent><w:tr>{cell('a')}<w:sdt><w:sdtContent>{cell('b')}</w:sdtContent></w:sdt></w:tr>"
            "</w:sdtContent></w:sdt>",
            [["a", "b"]],
            id="rows and cells in content controls",
        ),
        pytest.param(
            f"<w:tr>{cell('a', '<w:vMerge/>')}{cell('b')}</w:tr><w:tr>{cell('', '<w:vMerge/>')}{cell('c')}</w:tr>",
            [["a", "b"], ["~a", "c"]],
            id="a merged cell that nothing began",
        ),
        pytest.param(
            f"<w:tr>{cell('a', WIDE)}{cell('b')}</w:tr>",
            [["a", "b"]],
            id="a cell across a million columns",
        ),
    ],
)
def test_rows(rows: str, expected: list[list[str]]) -> None:
    assert only_grid(read_docx(with_body(f"<w:tbl>{rows}</w:tbl>"), "list.docx")) == expected


def test_layout_tables_and_frames() -> None:
    inner = f"<w:tbl><w:tr>{cell('1')}{cell('北見市')}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr>{cell('左')}<w:tc><w:p>{run('前')}</w:p>{inner}<w:p>{run('後')}</w:p></w:tc></w:tr></w:tbl>"
    frame = f"<w:tbl><w:tr>{cell('枠')}</w:tr></w:tbl>"
    assert blocks(read_docx(with_body(outer + frame), "list.docx")) == [
        "左",
        "前",
        [["1", "北見市"]],
        "後",
        "枠",
    ]


def test_numbers_that_word_makes_are_noted() -> None:
    numbered = "<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='{}'/></w:numPr></w:pPr>"
    styled = f"<w:pPr><w:pStyle w:val='L'/></w:pPr>{run('三')}"
    body = "".join(
        f"<w:p>{each}</w:p>"
        for each in (
            numbered.format(1) + run("一"),
            numbered.format(0) + run("二"),
            styled,
            numbered.format(1),
        )
    )
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>'
        "</w:style></w:styles>"
    )
    document = read_docx(with_body(body, styles=styles), "list.docx")
    assert blocks(document) == ["一", "二", "三"]
    assert document.notes == (
        "2 paragraphs are numbered by Word; the numbers are not in the file, and were left out.",
    )


def test_numbers_in_a_real_style() -> None:
    document = reading_of(lambda made: made.add_paragraph("一つ", style="List Number"))
    assert document.notes == (
        "1 paragraph is numbered by Word; the numbers are not in the file, and were left out.",
    )


def test_footnotes_are_noted() -> None:
    notes = f'<w:footnotes xmlns:w="{WORD}"><w:footnote><w:p>{run("注")}</w:p></w:footnote></w:footnotes>'
    document = read_docx(
        with_body(f"<w:p>{run('a')}<w:r><w:footnoteReference/></w:r></w:p>", footnotes=notes), "list.docx"
    )
    assert blocks(document) == ["a"]
    assert document.notes == ("The footnotes were left out.",)


@pytest.mark.parametrize(
    ("parts", "notes"),
    [
        pytest.param(
            {"header1": "header", "header2": "header"},
            ("The headers were left out.",),
            id="headers: one of several has words",
        ),
        pytest.param({"footer2": "footer"}, ("The footers were left out.",), id="footers"),
        pytest.param({"comments2": "comments"}, ("The comments were left out.",), id="comments"),
        pytest.param({"header1": "header", "footer1": "footer"}, (), id="numbers of pages are no words"),
    ],
)
def test_what_stands_beside_the_body_is_noted(parts: dict[str, str], notes: tuple[str, ...]) -> None:
    """The second part of a kind says something, the first one `- 1 -`."""
    content = with_body(
        f"<w:p>{run('a')}</w:p>",
        kinds=parts,
        **{
            name: f'<w:x xmlns:w="{WORD}"><w:p>{run("確定版" if "2" in name else "- 1 -")}</w:p></w:x>'
            for name in parts
        },
    )
    assert read_docx(content, "list.docx").notes == notes


def test_a_paragraph_made_by_the_library() -> None:
    """The same element classes that python-docx writes, with a ruby added to them."""

    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("北海道")
        paragraph._p.append(parse_xml(RUBY.replace("<w:r>", f'<w:r xmlns:w="{WORD}">', 1)))

    (paragraph,) = reading_of(fill).paragraphs()
    assert paragraph.text == "北海道北見"
    assert read_above(paragraph.printed) == [("北見", "きたみ")]


TABLES_WITHIN = "<w:tbl><w:tr><w:tc>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<w:sdt>" * 240 + f"<w:p>{run('x')}</w:p>" + "</w:sdt>" * 240, id="content controls"),
        pytest.param("<w:p>" + "<w:smartTag>" * 240 + run("x") + "</w:smartTag>" * 240 + "</w:p>", id="tags"),
        pytest.param(
            TABLES_WITHIN * 80 + f"<w:p>{run('x')}</w:p>" + "</w:tc></w:tr></w:tbl>" * 80, id="tables"
        ),
    ],
)
def test_what_the_parser_allows_in_depth_is_read(body: str) -> None:
    assert blocks(read_docx(with_body(body), "list.docx")) == ["x"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(lambda: with_body("<w:sdt>" * 1000), "Excessive depth", id="depth"),
        pytest.param(lambda: with_body("<w:p/>" * 3_100_000), "document.xml", id="a bomb of paragraphs"),
        pytest.param(
            lambda: package({"word/document.xml": "<d/>"}), "does not say where it begins", id="no beginning"
        ),
        pytest.param(lambda: with_body("")[:-30], "is damaged", id="cut off"),
        pytest.param(
            lambda: with_body(
                "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='x'/></w:tcPr></w:tc></w:tr></w:tbl>"
            ),
            "invalid literal",
            id="a span of no number",
        ),
        pytest.param(
            lambda: with_body("", styles='<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'),
            "document type",
            id="entities",
        ),
    ],
)
def test_damaged_and_hostile_files_are_refused_soon(content: Callable[[], bytes], message: str) -> None:
    made = content()
    begun = time.process_time()
    with pytest.raises(UnreadableDocument, match=rf"^list\.docx: .*({message})"):
        read(made, name="list.docx")
    assert time.process_time() - begun < 10


def test_a_file_without_a_body_is_damaged() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    content = package(
        {
            "_rels/.rels": f'<R><Relationship Id="a" Type="{kind}" Target="word/d.xml"/></R>',
            "word/d.xml": "<d/>",
        }
    )
    with pytest.raises(UnreadableDocument, match="it has no body"):
        read(content, name="list.docx")
