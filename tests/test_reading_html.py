"""Pages, their tables and readings."""

from __future__ import annotations

import time

import pytest

from nichiiki_ld.document import Document
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.html import read_html
from printed_grids import blocks, cells, only_grid, read_above


def page(body: str, encoding: str = "utf-8") -> Document:
    return read_html(body.encode(encoding), "list.html")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "<table><tr><th>番号<th>地域<tr><td>1<td>北見市</table>",
            [["番号", "地域"], ["1", "北見市"]],
            id="rows and cells without end tags",
        ),
        pytest.param(
            "<table><tr><td rowspan=2>北海道<td>北見市<tr><td>森町</table>",
            [["北海道", "北見市"], ["~北海道", "森町"]],
            id="a cell across rows",
        ),
        pytest.param(
            "<table><tr><th rowspan=2>番号<th colspan=2>地域<tr><th>県<th>市<tr><td>1<td>甲<td>乙</table>",
            [["番号", "地域", "~地域"], ["~番号", "県", "市"], ["1", "甲", "乙"]],
            id="two rows of headings",
        ),
        pytest.param(
            "<table><tr><td>a<td>b<td rowspan=3>c<tr><td rowspan=2>d<td>e<tr><td>f</table>",
            [["a", "b", "c"], ["d", "e", "~c"], ["~d", "f", "~c"]],
            id="cells across rows in two columns",
        ),
        pytest.param(
            "<table><tr><td colspan=1000000>題<tr><td>a<td>b</table>",
            [["題", "~題"], ["a", "b"]],
            id="a cell across a million columns is as wide as the table",
        ),
        pytest.param(
            "<table><tr><td colspan=2>a<td>b<tr><td colspan=2>c<td>d</table>",
            [["a", "b"], ["c", "d"]],
            id="two columns that are always one",
        ),
        pytest.param(
            "<table><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d</table>",
            [["a", "b"], ["~a", "c"], ["~a", "d"]],
            id="rowspan=0 is the rest of the group",
        ),
        pytest.param(
            "<table><tbody><tr><td rowspan=9>a<td>b</tbody><tbody><tr><td>c<td>d</tbody></table>",
            [["a", "b"], ["c", "d"]],
            id="no cell reaches into the next group",
        ),
        pytest.param(
            "<table><tfoot><tr><td>計<td>2</tfoot><tbody><tr><td>甲<td>1</tbody><thead><tr><th>名<th>数</thead></table>",
            [["名", "数"], ["甲", "1"], ["計", "2"]],
            id="the head is shown first, the foot last",
        ),
        pytest.param(
            "<table><tr><td colspan=x rowspan=-1>a<td>b</table>",
            [["a", "b"]],
            id="spans that are no numbers are one",
        ),
        pytest.param(
            "<table><tr><td>1<td>北見市<br>森町<br/>下川町</table>",
            [["1", "北見市\n森町\n下川町"]],
            id="br ends a line",
        ),
        pytest.param(
            "<table><tr><td>1<td><p>北見市</p>\n<p>森町</p></table>",
            [["1", "北見市\n森町"]],
            id="paragraphs in a cell",
        ),
        pytest.param(
            "<table><tr><td>1<td><ul><li>北見市<li>森町</ul>他</table>",
            [["1", "北見市\n森町\n他"]],
            id="a list in a cell",
        ),
        pytest.param(
            "<table><tr><td>1<td>\n  北見市 \n\t と森町&nbsp;等　\n</table>",
            [["1", "北見市 と森町\u00a0等　"]],
            id="white space is one space, but for what is printed",
        ),
        pytest.param(
            "<table><tr><td>1<td>下川町<sup>※1</sup></table>",
            [["1", "下川町※1"]],
            id="a footnote mark is text",
        ),
        pytest.param(
            "<table><tr><td>a<td style='color:red; DISPLAY : none'>x<td hidden>y<td>b</table>",
            [["a", "b"]],
            id="hidden cells take no place",
        ),
        pytest.param(
            "<table><tr><td>a<tr><td>b<td>c</table>",
            [["a", ""], ["b", "c"]],
            id="a short row gets empty cells",
        ),
        pytest.param(
            "<table><tr><td>a<td>b<tr><td><td><tr><td>c<td>d</table>",
            [["a", "b"], ["", ""], ["c", "d"]],
            id="an empty row stays",
        ),
        pytest.param("<table><td>a<td>b</table>", [["a", "b"]], id="cells without a row"),
        pytest.param(
            "<table><tr><td>１<td>a&lt;b&gt;&amp;&#x5317;</table>",
            [["１", "a<b>&北"]],
            id="characters by their names",
        ),
        pytest.param(
            "<table><tr><td>a<td><pre>b\n  c</pre></table>", [["a", "b\n  c"]], id="text set as it is"
        ),
    ],
)
def test_tables(body: str, expected: list[list[str]]) -> None:
    assert only_grid(page(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "<h1>採択一覧</h1><p>令和7年<br>7月1日</p>以上",
            ["採択一覧", "令和7年\n7月1日", "以上"],
            id="headings, paragraphs, bare text",
        ),
        pytest.param(
            "<table><caption>別紙</caption><tr><td>1<td>甲</table>あと",
            ["別紙", [["1", "甲"]], "あと"],
            id="a caption is a paragraph before its table",
        ),
        pytest.param(
            "<nav><ul><li><a href=/>ホーム</a><li>政策</ul></nav>",
            ["ホーム", "政策"],
            id="navigation is paragraphs",
        ),
        pytest.param(
            "<table><tr><td>左<td>前<table><tr><td>1<td>甲</table>後</table>",
            ["左", "前", [["1", "甲"]], "後"],
            id="a table that contains tables is a layout",
        ),
        pytest.param(
            "<table role=presentation><tr><td>左<td>右</table>",
            ["左", "右"],
            id="a table that says it is a layout",
        ),
        pytest.param("<table><tr><td>枠の中</table>", ["枠の中"], id="a table with one cell is a frame"),
        pytest.param(
            "<table>迷子<tr><td>1<td>甲</tr></table>",
            ["迷子", [["1", "甲"]]],
            id="text outside of cells stands before the table",
        ),
        pytest.param(
            "<p>a<script>x</script><style>x</style><noscript>x</noscript><template>x</template>"
            "<select><option>x</select><textarea>x</textarea><svg><title>x</title></svg><!-- x -->b</p>",
            ["ab"],
            id="what is not shown",
        ),
        pytest.param(
            "<div style='display:none'><p>x</p></div>y<dialog>x</dialog><dialog open>z</dialog>",
            ["y", "z"],
            id="hidden blocks, with the text behind them",
        ),
        pytest.param("<td>a</td>", ["a"], id="a cell without a table"),
    ],
)
def test_blocks(body: str, expected: list[object]) -> None:
    assert blocks(page(body)) == expected


@pytest.mark.parametrize(
    ("body", "text", "readings"),
    [
        pytest.param(
            "<ruby>北見市<rp>(</rp><rt>きたみし</rt><rp>)</rp></ruby>と",
            "北見市と",
            [("北見市", "きたみし")],
            id="brackets for browsers without ruby are not shown",
        ),
        pytest.param(
            "あ<ruby>北<rt>きた</rt>見<rt>み</rt></ruby>",
            "あ北見",
            [("北", "きた"), ("見", "み")],
            id="pieces in turn",
        ),
        pytest.param(
            "<ruby><rb>北</rb><rb>見</rb><rt>きた</rt><rt>み</rt></ruby>",
            "北見",
            [("北", "きた"), ("見", "み")],
            id="pieces, then as many readings",
        ),
        pytest.param(
            "<ruby>\n 北見\n <rt> きたみ </rt>\n</ruby>市",
            "北見市",
            [("北見", "きたみ")],
            id="white space between",
        ),
        pytest.param(
            "<ruby><b>北</b>見<rtc><rt>きたみ</rt></rtc></ruby>",
            "北見",
            [("北見", "きたみ")],
            id="markup in the text",
        ),
        pytest.param("<ruby>北見<rt></rt></ruby>", "北見", [], id="an empty reading"),
        pytest.param("<ruby>北見</ruby>市", "北見市", [], id="no reading"),
        pytest.param(
            "<ruby>北見<rt>きたみ</rt><rt>Kitami</rt></ruby>",
            "北見",
            [("北見", "きたみ"), ("北見", "Kitami")],
            id="two readings",
        ),
    ],
)
def test_readings(body: str, text: str, readings: list[tuple[str, str]]) -> None:
    (paragraph,) = page(f"<p>{body}</p>").paragraphs()
    assert paragraph.text == text
    assert read_above(paragraph.printed) == readings
    (grid,) = page(f"<table><tr><td>1<td>\n{body}</table>").grids()
    assert grid.rows[0].cells[1].text == text
    assert read_above(grid.rows[0].cells[1].printed) == readings


def test_a_merged_cell_has_its_readings_everywhere() -> None:
    (grid,) = page(
        "<table><tr><td rowspan=2><ruby>森町<rt>もりまち</rt></ruby><td>1<tr><td>2</table>"
    ).grids()
    assert cells(grid) == [["森町", "1"], ["~森町", "2"]]
    assert read_above(grid.rows[1].cells[0].printed) == [("森町", "もりまち")]


def test_a_block_within_a_reading_loses_nothing() -> None:
    assert blocks(page("<ruby>北<p>見</p><rt>きた</rt></ruby>市")) == ["北", "見", "きた市"]


@pytest.mark.parametrize(
    ("head", "encoding", "expected", "notes"),
    [
        pytest.param('<meta charset="Shift_JIS">', "cp932", "cp932", (), id="meta"),
        pytest.param(
            "<meta http-equiv=x content='text/html; charset=EUC-JP'>", "euc_jp", "euc_jp", (), id="http-equiv"
        ),
        pytest.param("", "euc_jp", "euc_jp", (), id="nothing said"),
        pytest.param("", "utf-8-sig", "utf-8-sig", (), id="a byte order mark"),
        pytest.param(
            "<meta charset=utf-8>",
            "utf-16",
            "utf-16",
            (),
            id="a byte order mark wins",
        ),
        pytest.param(
            "<meta charset=utf-8>",
            "cp932",
            "cp932",
            ("The file says it is in utf-8, but it is in cp932.",),
            id="a declaration that cannot be true",
        ),
        pytest.param("<meta charset=iso-2022-jp>", "iso2022_jp", "iso2022_jp", (), id="ISO-2022-JP"),
    ],
)
def test_encodings(head: str, encoding: str, expected: str, notes: tuple[str, ...]) -> None:
    body = f"<html><head>{head}<title>採択\n 一覧</title></head><body><p>北海道北見市、ほか</p></body></html>"
    document = page(body, encoding)
    assert document.encoding == expected
    assert document.notes == notes
    assert document.title == "採択 一覧"
    assert blocks(document) == ["北海道北見市、ほか"]


def test_an_xml_declaration_is_no_trouble() -> None:
    text = (
        '<?xml version="1.0" encoding="Shift_JIS"?>\n<!DOCTYPE html><html><body><p>北見市</p></body></html>'
    )
    assert blocks(page(text, "cp932")) == ["北見市"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(" " * 1_000_000, id="white space"),
        pytest.param("<p>" + "<?xml " * 200_000, id="declarations without an end"),
    ],
)
def test_what_may_be_an_xml_declaration_is_looked_for_once(body: str) -> None:
    begun = time.process_time()
    page(f"<p>北見市</p>{body}")
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        pytest.param(
            "<table><tr><td>a<td>b<tr hidden><td>c<td>d<tr style='display:none'><td>e<td>f</table>",
            ("2 hidden rows of tables were left out.",),
            id="rows",
        ),
        pytest.param(
            "<p>a</p><div style='visibility:hidden'><p>x</p></div><p hidden>y</p><dialog>z</dialog>",
            ("3 hidden pieces of text were left out.",),
            id="other elements",
        ),
        pytest.param("<p>a<b hidden>x</b>", ("1 hidden piece of text was left out.",), id="one"),
        pytest.param("<p>a<b hidden><i></i>x</b>", ("1 hidden piece of text was left out.",), id="a tail"),
        pytest.param(
            "<p>a<b hidden> <i><script>x</script></i></b> b<script hidden>x</script>",
            (),
            id="what has no text hides none",
        ),
    ],
)
def test_hidden_text_is_noted(body: str, notes: tuple[str, ...]) -> None:
    assert page(body).notes == notes


def test_struck_out_text_is_noted() -> None:
    document = page("<p>北見市<del>森町</del></p><s> </s>")
    assert blocks(document) == ["北見市森町"]
    assert document.notes == ("1 piece of text is struck out, and read like any other.",)


def test_no_entity_is_fetched() -> None:
    """Document types are passed over in HTML: an entity of its own is no more than its letters."""
    text = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/hostname">]><p>a&e;b</p>'
    assert "&e;" in str(blocks(page(text)))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("<div>" * 100_000 + "x", "256 deep", id="elements within each other"),
        pytest.param("<i>" * 3_100_000, "3,000,000 are the limit", id="elements"),
        pytest.param("<table><tr>" + "<td>x" * 1_000_001, "1,000,000 cells", id="cells"),
        pytest.param(
            "<table>" + ("<tr>" + "<td rowspan=65534 colspan=1000>x" * 3) * 3000,
            "cells",
            id="overlapping cells",
        ),
        pytest.param(
            "<table>" + "<tr><td colspan=900>x" * 1500 + "<tr>" + "<td>y" * 1000,
            "1,000,000 cells",
            id="places covered",
        ),
        pytest.param(
            "<table><tr><td rowspan=2000>" + "長" * 60_000 + "<td>x" + "<tr><td>x" * 1999,
            "50,000,000 characters",
            id="a long text in many places",
        ),
    ],
)
def test_more_than_anybody_prints_is_refused_soon(body: str, message: str) -> None:
    begun = time.process_time()
    with pytest.raises(UnreadableDocument, match=rf"^list\.html: .*{message}"):
        page(body)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<ruby>北<rt>き</rt></ruby>" * 80_000, id="each with its text"),
        pytest.param(
            f"<ruby>{'<rb>北</rb>' * 80_000}{'<rt>き</rt>' * 80_000}</ruby>",
            id="all texts, then all readings",
        ),
    ],
)
def test_many_readings_take_no_long_time(body: str) -> None:
    begun = time.process_time()
    (paragraph,) = page(f"<p>{body}").paragraphs()
    assert len(paragraph.printed.rubies) == 80_000
    assert time.process_time() - begun < 25
