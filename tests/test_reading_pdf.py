"""PDF files: what is printed comes out, in its place, whichever program made them."""

from __future__ import annotations

import gc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from nichiiki_ld.document import Document, Printed
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.limits import MIBIBYTE
from nichiiki_ld.reading.pdf import read_pdf
from nichiiki_ld.reading.pdf.marks import Glyph
from pdf_by_hand import pdf, rule, stream, text
from typeset import ruby, scanned, table, typeset

RELEASE = Path(__file__).parent.parent / "data/sources/2025-07-01-mlit/original.txt"

FOOT = (
    '<div style="font-size: 8pt; width: 100%; text-align: center">- <span class="pageNumber"></span> -</div>'
)
HEAD = '<div style="font-size: 8pt; width: 100%; text-align: right">二地域居住先導的プロジェクト</div>'


def read(content: bytes) -> Document:
    return read_pdf(content, "list.pdf")


def said(printed: Printed) -> str:
    """Return a text on one line, each reading in brackets after what it stands above."""
    out = printed.text
    for each in sorted(printed.rubies, key=lambda ruby: -ruby.end):
        out = f"{out[: each.end]}《{each.reading}》{out[each.end :]}"
    return out.replace("\n", "/")


def shown(document: Document) -> list[list[list[str]]]:
    """Return the tables, with ^ before what is covered by a cell further up or left."""
    return [
        [["^" * cell.merged + said(cell.printed) for cell in row.cells] for row in grid.rows]
        for grid in document.grids()
    ]


def paragraphs(document: Document) -> list[str]:
    return [said(paragraph.printed) for paragraph in document.paragraphs()]


# The release of 2025-07-01


def release_rows() -> list[tuple[list[tuple[str, str]], str, str]]:
    """Return the rows of the release: name and reading of each place, applicant, summary."""
    rows = []
    for line in RELEASE.read_text(encoding="utf-8").splitlines():
        if line.count("\t") == 2 and line.split("\t")[2] not in ("", "取組概要"):
            places, applicant, summary = line.split("\t")
            words = places.split(" ")
            rows.append((list(zip(words[1::2], words[::2], strict=True)), applicant, summary))
    return rows


def kana_line(name: str, reading: str) -> str:
    return f'<div style="font-size: 0.6em; line-height: 1.2">{reading}</div><div>{name}</div>'


@pytest.mark.parametrize(
    ("kind", "place", "between", "font"),
    [
        pytest.param("", ruby, "<br>", "Sans", id="ruby, one place a line"),
        pytest.param("", ruby, "、", "Sans", id="ruby of places side by side"),
        pytest.param("", kana_line, "", "Serif", id="a small line of kana above each name, in another font"),
        pytest.param("bare", ruby, "<br>", "Serif", id="no rules, cells centred"),
        pytest.param("bare", ruby, "、", "Sans", id="no rules, places side by side"),
    ],
)
def test_the_release(kind: str, place: Callable[[str, str], str], between: str, font: str) -> None:
    rows = release_rows()
    assert len(rows) == 14
    assert len(rows[9][0]) == 7
    cells = [[between.join(place(*each) for each in places), *texts] for places, *texts in rows]
    document = read(
        typeset(
            '<p class="right">令和7年7月1日<br>国土政策局地方政策課</p><p>○採択取組</p>'
            + table(["実施地域", "応募主体", "取組概要"], *cells, kind=kind),
            landscape=True,
            css=f'body {{ font-family: "Noto {font} CJK JP" }} td:first-child {{ width: 34% }} table {{ font-size: 8pt }}',
        )
    )
    assert paragraphs(document) == ["令和7年7月1日", "国土政策局地方政策課", "○採択取組"]
    (grid,) = document.grids()
    assert [cell.text for cell in grid.rows[0].cells] == ["実施地域", "応募主体", "取組概要"]
    for row, (places, applicant, summary) in zip(grid.rows[1:], rows, strict=True):
        names, *texts = (cell.printed for cell in row.cells)
        assert names.text.replace("\n", "").replace("、", "") == "".join(name for name, _ in places)
        # A name that goes on in the next line has a reading above each part of it.
        read_above: dict[int, str] = {}
        for each in names.rubies:
            read_above[each.start] = each.reading
        at = 0
        for name, reading in places:
            end = at
            while names.text[at:end].replace("\n", "").replace("、", "") != name:
                end += 1
            assert "".join(read_above.pop(start) for start in sorted(read_above) if start < end) == reading
            at = end
        assert [printed.text.replace("\n", "") for printed in texts] == [applicant, summary]


# Readings


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(ruby("北見市", "きたみし"), "北見市《きたみし》", id="spread over the name"),
        pytest.param(
            ruby("北海道", "ほっかいどう") + ruby("北見市", "きたみし"),
            "北海道《ほっかいどう》北見市《きたみし》",
            id="two next to each other",
        ),
        pytest.param(
            ruby("津市", "つし") + ruby("志", "こころざし") + "町",
            "津市《つし》志《こころざし》町",
            id="one reaches beyond its name, towards the next",
        ),
        pytest.param(
            ruby("福島県磐梯町", "ふくしまけん磐梯町"),
            "福島県磐梯町《ふくしまけん磐梯町》",
            id="kanji in it, as printed",
        ),
        pytest.param("さいたま" + ruby("市", "し"), "さいたま市《し》", id="above a part of the name"),
        pytest.param(
            f'<span style="ruby-align: center">{ruby("鹿児島県", "かごしまけん")}</span>',
            "鹿児島県《かごしまけん》",
            id="in the middle, shorter than the name",
        ),
        pytest.param(
            f'<span style="ruby-align: start">{ruby("鹿児島県", "かごしまけん")}</span>',
            "鹿児島県《かごしまけん》",
            id="at the left end, as spreadsheets set it",
        ),
        pytest.param(
            ruby("森町", "もりまち") + "、" + ruby("境町", "さかいまち"),
            "森町《もりまち》、境町《さかいまち》",
            id="a comma between",
        ),
        pytest.param(
            "北見市<sup>※1</sup>と森町<sup>(2)</sup>", "北見市※1と森町(2)", id="raised marks stay in the text"
        ),
        pytest.param("北見市<sup>ア</sup>", "北見市ア", id="a raised mark in kana too"),
        pytest.param(
            ruby("北海道北見市", "ほっかいどうきたみし") + "のまちづくり",
            "北海道北見市《ほっかいどうきたみし》のまちづくり",
            id="in running text",
        ),
    ],
)
def test_readings(html: str, expected: str) -> None:
    assert shown(read(typeset(table(["実施地域", "応募主体"], [html, "協議会"])))) == [
        [["実施地域", "応募主体"], [expected, "協議会"]]
    ]


def test_a_reading_goes_on_with_its_name_in_the_next_line() -> None:
    document = read(
        typeset(
            table(["実施地域", "応募主体"], [ruby("北海道北見市", "ほっかいどうきたみし"), "会"]),
            css="td:first-child { width: 5em } table { table-layout: fixed; width: 12em }",
        )
    )
    ((_, row),) = shown(document)
    assert row[0].replace("/", "").replace("《", "").count("北") == 2
    assert (
        "".join(each.reading for each in next(document.grids()).rows[1].cells[0].printed.rubies)
        == "ほっかいどうきたみし"
    )


# Text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "金一日山水火土木立方高食風馬鳥魚長青黄母西",
            "金一日山水火土木立方高食風馬鳥魚長青黄母西",
            id="kanji, no radicals",
        ),
        pytest.param(
            "森町・境町／〈A〉　40～60代",
            "森町・境町／〈A〉　40～60代",
            id="signs that share a glyph with others",
        ),
        pytest.param("葛󠄀城市と葛城市", "葛󠄀城市と葛城市", id="a variation selector"),
        pytest.param("ﾊﾝｶｸ ｶﾅ", "ﾊﾝｶｸ ｶﾅ", id="half-width kana"),
        pytest.param(
            "TEL 03-5253-8111 (内線 29522)", "TEL 03-5253-8111 (内線 29522)", id="spaces that are printed"
        ),
        pytest.param("国土政策局　地方政策課", "国土政策局　地方政策課", id="an ideographic space"),
        pytest.param("髙﨑神﨑㈱①Ⅱ", "髙﨑神﨑㈱①Ⅱ", id="signs of vendors"),
        pytest.param(
            "<b>北見市</b>の<span style='font-size: 8pt'>小さな</span>字",
            "北見市の小さな字",
            id="sizes in one line",
        ),
        pytest.param(
            '<div style="text-align: justify; text-align-last: justify">実施地域</div>',
            "実施地域",
            id="spread over the width",
        ),
        pytest.param("一行目<br>二行目", "一行目/二行目", id="lines"),
    ],
)
def test_text(html: str, expected: str) -> None:
    assert shown(read(typeset(table(["甲", "乙"], [html, "丙"]))))[0][1] == [expected, "丙"]


def test_justified_text_has_no_spaces() -> None:
    summary = "都市部と同等の仕事施設、空き家活用等に取り組むEnglish wordsもある。" * 5
    document = read(typeset(table(["甲", "乙"], ["北見市", summary]), css="td { text-align: justify }"))
    assert shown(document)[0][1][1].replace("/", "").replace("English wordsも", "English wordsも") == summary


def test_what_the_file_says_is_told() -> None:
    document = read(typeset("<p>7月の森町・境町</p>", title="採択取組一覧"))
    assert document.title == "採択取組一覧"
    assert paragraphs(document) == ["7月の森町・境町"]
    (note,) = document.notes
    assert "⽉" in note


# Tables with rules

TWO_HEADINGS = (
    ["1x2:番号", "2x1:実施地域", "1x2:応募主体", "2x1:金額（千円）"],
    ["都道府県", "市町村", "補助額", "自己負担"],
)


def test_merged_cells_and_two_rows_of_headings() -> None:
    document = read(
        typeset(
            table(
                *TWO_HEADINGS,
                ["1", "1x3:北海道", "北見市", "協議会", "10", "20"],
                ["2", "下川町", "1x2:会", "1", "2"],
                ["3", "森町", "3", "4"],
                ["4x1:合計", "14", "26"],
                headings=2,
            )
        )
    )
    assert shown(document) == [
        [
            ["番号", "実施地域", "^実施地域", "応募主体", "金額（千円）", "^金額（千円）"],
            ["^番号", "都道府県", "市町村", "^応募主体", "補助額", "自己負担"],
            ["1", "北海道", "北見市", "協議会", "10", "20"],
            ["2", "^北海道", "下川町", "会", "1", "2"],
            ["3", "^北海道", "森町", "^会", "3", "4"],
            ["合計", "^合計", "^合計", "^合計", "14", "26"],
        ]
    ]


ROWS = (["地域", "主体", "額"], ["北見市", "協議会", "1"], ["森町", "会", "2"])


@pytest.mark.parametrize(
    "css",
    [
        pytest.param(
            "th { background: #036; color: #fff; border: 0 } table { border-bottom: 1pt solid }",
            id="coloured headings have no rules",
        ),
        pytest.param(
            "td, th { background: #eee; border: 2pt solid #fff }", id="white rules between coloured cells"
        ),
        pytest.param(
            "table { border-collapse: separate; border-spacing: 1.5pt }", id="each cell has its own frame"
        ),
        pytest.param("td, th { border: 3pt double }", id="double rules"),
        pytest.param("td, th { border: 1pt dashed }", id="dashed rules"),
        pytest.param("td, th { border: 1.5pt dotted }", id="dotted rules"),
        pytest.param(
            "tr > :first-child { border-left: 0 } tr > :last-child { border-right: 0 }",
            id="open at both sides",
        ),
        pytest.param("td, th { border-left: 0; border-right: 0 }", id="rules between rows only"),
        pytest.param(
            "td, th { border: 0 } tr:nth-child(even) { background: #eee }",
            id="every second row coloured, no rules",
        ),
        pytest.param(
            "td, th { border: 0 } th { border-bottom: 1pt solid }", id="a rule below the headings only"
        ),
        pytest.param("td, th { border: 0 }", id="no rules"),
    ],
)
def test_rules_of_many_kinds(css: str) -> None:
    assert shown(read(typeset(table(*ROWS), css=css))) == [[list(row) for row in ROWS]]


def test_a_frame_is_no_table() -> None:
    document = read(
        typeset(
            f'<div style="border: 1pt solid; padding: 5pt"><p>枠の中の文章</p>{table(*ROWS)}</div><p>枠の後の文章</p>'
        )
    )
    assert paragraphs(document) == ["枠の中の文章", "枠の後の文章"]
    assert shown(document) == [[list(row) for row in ROWS]]


def test_tables_with_text_between_are_two() -> None:
    document = read(typeset(f"<p>別紙1</p>{table(*ROWS)}<p>別紙2</p>{table(*ROWS)}"))
    assert [type(block).__name__ for block in document.blocks] == ["Paragraph", "Grid", "Paragraph", "Grid"]


# Tables without rules


def test_columns_without_rules() -> None:
    document = read(
        typeset(
            '<p class="right">（単位：千円）</p>'
            + table(
                ["番号", "実施地域", "応募主体", "取組概要", "金額"],
                [
                    "1",
                    ruby("北海道北見市", "ほっかいどうきたみし"),
                    "北見市コンソーシアム",
                    "都市部と同等の仕事施設、空き家活用等に取り組むことで、長期滞在を進める。" * 2,
                    "1,200",
                ],
                [
                    "2",
                    f"{ruby('和歌山県', 'わかやまけん')}<br>{ruby('田辺市', 'たなべし')}",
                    "協議会",
                    "移動費を軽減する。",
                    "30,000",
                ],
                ["3", "静岡県森町", "", "交流を促進する。", "15"],
                kind="bare",
            )
            + "<p>※ 金額は交付決定額です。</p>",
            landscape=True,
            css=".bare td:last-child { text-align: right } .bare td:not(:nth-child(4)) { white-space: nowrap }",
        )
    )
    assert paragraphs(document) == ["（単位：千円）", "※ 金額は交付決定額です。"]
    ((headings, first, second, third),) = shown(document)
    assert [cell.replace("/", "") for cell in headings] == [
        "番号",
        "実施地域",
        "応募主体",
        "取組概要",
        "金額",
    ]
    assert first[:3] == ["1", "北海道北見市《ほっかいどうきたみし》", "北見市コンソーシアム"]
    assert (
        first[3].replace("/", "")
        == "都市部と同等の仕事施設、空き家活用等に取り組むことで、長期滞在を進める。" * 2
    )
    assert first[4] == "1,200"
    assert second == [
        "2",
        "和歌山県《わかやまけん》/田辺市《たなべし》",
        "協議会",
        "移動費を軽減する。",
        "30,000",
    ]
    assert third == ["3", "静岡県森町", "", "交流を促進する。", "15"]


def test_titles_over_several_columns_without_rules() -> None:
    document = read(
        typeset(
            table(
                ["", "2x1:実施地域", "", "2x1:金額（千円）"],
                ["番号", "都道府県", "市町村", "応募主体", "補助額", "自己負担"],
                ["1", "北海道", "北見市", "協議会", "10", "20"],
                ["2", "", "下川町", "会", "1", "2"],
                ["3", "静岡県", "森町", "会", "3", "4"],
                headings=2,
                kind="bare",
            )
        )
    )
    assert shown(document) == [
        [
            ["", "実施地域", "^実施地域", "", "金額（千円）", "^金額（千円）"],
            ["番号", "都道府県", "市町村", "応募主体", "補助額", "自己負担"],
            ["1", "北海道", "北見市", "協議会", "10", "20"],
            ["2", "", "下川町", "会", "1", "2"],
            ["3", "静岡県", "森町", "会", "3", "4"],
        ]
    ]


def test_a_heading_between_rows_without_rules() -> None:
    document = read(
        typeset(
            table(
                ["番号", "地域", "主体", "額"],
                ["1", "北見市", "協議会", "1"],
                ["2", "下川町", "協議会", "1"],
                ["4x1:○静岡県の地域ですよ皆さんこちらです"],
                ["3", "森町", "会", "2"],
                kind="bare",
            ),
            css=".bare { width: 60% }",
        )
    )
    assert [row[0] for row in shown(document)[0]] == [
        "番号",
        "1",
        "2",
        "○静岡県の地域ですよ皆さんこちらです",
        "3",
    ]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<ol><li>テレワークの推進<li>空き家の活用<li>交流の促進</ol>", id="a numbered list"),
        pytest.param(
            "<p>　公募期間　　令和7年4月28日～<br>　応募団体　　15団体<br>　決定団体　　14団体</p>",
            id="spaces between words",
        ),
        pytest.param(
            '<div style="display: flex; justify-content: space-between"><span>別紙1</span><span>令和7年7月1日</span></div><p>一覧</p>',
            id="a date at the right",
        ),
        pytest.param(f"<p>{'長い文章です。' * 60}</p>", id="running text"),
    ],
)
def test_what_is_no_table(html: str) -> None:
    assert shown(read(typeset(html))) == []


# Paragraphs


def test_full_lines_belong_together_and_others_do_not() -> None:
    sentence = "二地域居住等における中長期的な課題の解決に向けた先導的な取組を支援します。"
    document = read(
        typeset(
            f'<p class="right">令和7年7月1日<br>国土政策局</p><h1>支援します！</h1><p>{sentence * 3}</p><p>以上</p>'
        )
    )
    date, office, title, body, end = paragraphs(document)
    assert (date, office, title, end) == ("令和7年7月1日", "国土政策局", "支援します！", "以上")
    assert body.replace("/", "") == sentence * 3
    assert "/" in body
    assert [paragraph.page for paragraph in document.paragraphs()] == [1] * 5


# Several pages

NUMBERED = [
    [
        str(number),
        "北海道" if number < 20 else "静岡県",
        f"第{number}協議会",
        "長い文章です。" * (number % 12 + 1),
    ]
    for number in range(1, 41)
]


@pytest.mark.parametrize(
    "headings", [pytest.param(1, id="headings repeated"), pytest.param(0, id="headings once")]
)
@pytest.mark.parametrize("kind", [pytest.param("", id="rules"), pytest.param("bare", id="no rules")])
@pytest.mark.parametrize("align", ["middle", "top"])
def test_a_table_over_pages(kind: str, headings: int, align: str) -> None:
    document = read(
        typeset(
            f"<p>一覧</p>{table(['番号', '県', '主体', '概要'], *NUMBERED, kind=kind, headings=headings)}<p>以上</p>",
            head=HEAD,
            foot=FOOT,
            css=f"@page {{ size: A5 }} .bare td, td {{ vertical-align: {align} }}",
        )
    )
    assert document.pages > 3
    (grid,) = document.grids()
    assert len({row.page for row in grid.rows}) == document.pages
    assert [[cell.text.replace("\n", "") for cell in row.cells] for row in grid.rows[1:]] == NUMBERED
    assert sorted(paragraphs(document)) == ["一覧", "二地域居住先導的プロジェクト", "以上"]
    assert "二地域居住先導的プロジェクト" in document.notes[-1]
    # Rules tell where a row ends, and so does a number in its first line; one in its middle does not.
    told = bool(not kind or align == "top")
    assert sum(row.guessed for row in grid.rows) == (0 if told else document.pages - 1)


TOWNS = [
    ("北海道苫小牧市", "ほっかいどうとまこまいし"),
    ("北海道北見市", "ほっかいどうきたみし"),
    ("北海道上富良野町", "ほっかいどうかみふらのちょう"),
    ("北海道森町", "ほっかいどうもりまち"),
    ("北海道赤井川村", "ほっかいどうあかいがわむら"),
]


@pytest.mark.parametrize("headings", [1, 0])
def test_a_page_break_in_a_table_without_rules_and_numbers_is_guessed(headings: int) -> None:
    """Lines with readings above them are as far apart within a cell as other lines of two cells."""
    places = [[TOWNS[(row + place) % len(TOWNS)] for place in range(row % 4 + 1)] for row in range(40)]
    rows = [
        [
            "<br>".join(ruby(*town) for town in towns),
            f"第{number}回二地域居住推進コンソーシアム",
            f"{number}番目の取組により、都市の住民との二地域居住を促進する。",
        ]
        for number, towns in enumerate(places, start=1)
    ]
    document = read(
        typeset(
            table(["実施地域", "応募主体", "取組概要"], *rows, kind="bare", headings=headings),
            css="td { padding: 4px 10px; vertical-align: top }",
        )
    )
    assert document.pages > 2
    (grid,) = document.grids()
    assert [[cell.text.replace("\n", "") for cell in row.cells] for row in grid.rows[1:]] == [
        ["".join(name for name, _ in towns), *texts] for towns, (_, *texts) in zip(places, rows, strict=True)
    ]
    breaks = [row for row in grid.rows if row.guessed]
    assert len(breaks) == document.pages - 1


def test_page_numbers_may_begin_anywhere() -> None:
    pages = (text(290, 30, 8, str(number)) + text(50, 700, 10, f"第{number}章") for number in (12, 13, 14))
    assert paragraphs(read(pdf(*pages))) == ["第12章", "第13章", "第14章"]


@pytest.mark.parametrize("headings", [1, 0])
def test_a_cell_over_several_rows_goes_on_over_the_page(headings: int) -> None:
    rows = [
        ["1x6:北海道", "北見市", "概要です。" * 30],
        *([f"第{number}町", "概要です。" * 30] for number in range(2, 7)),
        ["静岡県", "森町", "終"],
    ]
    document = read(
        typeset(
            table(["県", "町", "概要"], *rows, headings=headings),
            css="@page { size: A5 landscape } tr { break-inside: avoid } td:not(:last-child) { white-space: nowrap }",
        )
    )
    assert document.pages > 1
    (table_shown,) = shown(document)
    assert [row[:2] for row in table_shown] == [
        ["県", "町"],
        ["北海道", "北見市"],
        *(["^北海道", f"第{number}町"] for number in range(2, 7)),
        ["静岡県", "森町"],
    ]


def grid_of(columns: list[int], rows: list[int], cells: list[list[str]]) -> bytes:
    """Return the operators that draw a table with all its rules, rows from the top down."""
    drawn = [rule(columns[0], y, columns[-1], y) for y in rows]
    drawn += [rule(x, rows[0], x, rows[-1]) for x in columns]
    for y, row in zip(rows, cells, strict=False):
        drawn += [
            text(x + 3, y - 12, 10, content) for x, content in zip(columns, row, strict=False) if content
        ]
    return b"".join(drawn)


COLUMNS = [50, 150, 300, 500]
HEADINGS = ["地域", "主体", "概要"]


def test_a_row_that_is_closed_at_the_end_of_the_page_goes_on_where_it_is_mostly_empty() -> None:
    document = read(
        pdf(
            grid_of(
                COLUMNS,
                [800, 780, 760, 740],
                [HEADINGS, ["森町", "会", "あ"], ["北見市", "協議会", "概要の前半"]],
            ),
            grid_of(COLUMNS, [800, 780, 760, 740], [HEADINGS, ["", "", "後半"], ["境町", "会", "う"]]),
        )
    )
    assert shown(document) == [
        [HEADINGS, ["森町", "会", "あ"], ["北見市", "協議会", "概要の前半/後半"], ["境町", "会", "う"]]
    ]
    assert "page 2" in document.notes[0]


def test_a_full_row_at_the_top_of_a_page_is_a_row() -> None:
    document = read(
        pdf(
            grid_of(COLUMNS, [800, 780, 760], [HEADINGS, ["森町", "会", "あ"]]),
            grid_of(
                [column + 20 for column in COLUMNS],
                [800, 780, 760],
                [["北見市", "協議会", "い"], ["境町", "会", "う"]],
            ),
        )
    )
    assert shown(document) == [
        [HEADINGS, ["森町", "会", "あ"], ["北見市", "協議会", "い"], ["境町", "会", "う"]]
    ]
    assert [row.page for row in next(document.grids()).rows] == [1, 1, 2, 2]
    assert document.notes == ()


def test_a_table_of_other_columns_is_another_table() -> None:
    document = read(
        pdf(
            grid_of(COLUMNS, [800, 780, 760], [HEADINGS, ["森町", "会", "あ"]]),
            grid_of([50, 200, 500], [800, 780, 760], [["項目", "値"], ["期間", "4月"]]),
        )
    )
    assert [len(grid.rows[0].cells) for grid in document.grids()] == [3, 2]


def test_a_title_on_the_next_page_ends_the_table() -> None:
    first = grid_of(COLUMNS, [700, 680, 660], [HEADINGS, ["森町", "会", "あ"]])
    document = read(pdf(first, text(50, 720, 10, "別紙2") + first))
    assert len(shown(document)) == 2
    assert paragraphs(document) == ["別紙2"]


def test_a_subtitle_in_kana_is_no_reading() -> None:
    content = text(50, 715, 10, "みんなでつくる") + text(50, 700, 14, "二地域居住のまち")
    assert paragraphs(read(pdf(content))) == ["みんなでつくる", "二地域居住のまち"]


# Files of other programs


def picture(width: float, height: float, x: float = 0, y: float = 0) -> bytes:
    """Return the operators that draw a picture."""
    return f"q {width} 0 0 {height} {x} {y} cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q\n".encode("ascii")


def test_a_font_without_a_map_to_unicode() -> None:
    content = text(100, 710, 5, "ほっかいどうきたみし") + text(100, 700, 10, "北海道北見市 2級")
    assert paragraphs(read(pdf(content))) == ["北海道北見市《ほっかいどうきたみし》 2級"]


def test_a_font_in_shift_jis() -> None:
    content = b"BT /F 10 Tf 1 0 0 1 50 700 Tm <966b8ca98e73> Tj ET"
    assert paragraphs(read(pdf(content, encoding=b"90ms-RKSJ-H"))) == ["北見市"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            pdf(text(50, 700, 10, "北見市"), password=""),
            ["北見市"],
            id="encrypted, and opens without a password",
        ),
        pytest.param(
            pdf(b"BT /F 10 Tf 0 1 -1 0 100 50 Tm <5317898b5e02> Tj ET", page=b"/Rotate 90"),
            ["北見市"],
            id="a page shown turned",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市") + text(50.3, 700, 10, "北見市")),
            ["北見市"],
            id="printed twice, to look bold",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "国土") + text(120, 700, 10, "政策局")),
            ["国土 政策局"],
            id="a gap where no space is printed",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市") + text(50, 900, 10, "外")),
            ["北見市"],
            id="beyond the edge of the page",
        ),
        pytest.param(
            pdf(
                b"/X Do",
                page=b"/Resources << /XObject << /X 7 0 R >> >>",
                more=[
                    stream(
                        text(50, 700, 10, "北見市"),
                        b"/Filter /FlateDecode /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>",
                    )
                ],
            ),
            ["北見市"],
            id="within a form",
        ),
        pytest.param(
            pdf(text(50, 800, 10, "14") + text(50, 700, 10, "北見市")),
            ["14", "北見市"],
            id="a number that is not the page's",
        ),
        pytest.param(
            pdf(text(50, 800, 10, "- 1 -") + text(50, 700, 10, "北見市")),
            ["北見市"],
            id="a page number is no text",
        ),
    ],
)
def test_other_programs(document: bytes, expected: list[str]) -> None:
    assert paragraphs(read(document)) == expected


@pytest.mark.parametrize(
    ("document", "words"),
    [
        pytest.param(
            pdf(text(50, 700, 10, "北見市")).replace(b"startxref\n", b"startxref\n9"),
            "broken",
            id="the table of parts is wrong",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市") + b"BT /F 10 Tf 0 1 -1 0 100 50 Tm <5317> Tj ET"),
            "left to right",
            id="some turned text",
        ),
        pytest.param(
            pdf(b"BT /F 10 Tf 1 0 0 1 50 700 Tm <034b034b034b034b034bfff0> Tj ET", encoding=b"Identity-H"),
            "which characters",
            id="an unknown glyph",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市"), b"q 500 0 0 500 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"),
            "Page 2 has no text",
            id="one page scanned",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市"), text(290, 20, 8, "第2頁") + picture(595, 800, 0, 42)),
            "Page 2 is mostly a picture",
            id="one page scanned, and numbered",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市") + picture(595, 300) + picture(595, 300, 0, 300)),
            "Page 1 is mostly a picture",
            id="a page scanned in strips",
        ),
        pytest.param(
            pdf(*[text(50, 700 - 90 * n, 10, "北見市") + picture(595, 700) for n in (0, 1)]),
            "Pages 1, 2 are mostly a picture",
            id="two pages",
        ),
    ],
)
def test_what_may_be_missing_is_told(document: bytes, words: str) -> None:
    found = read(document)
    assert paragraphs(found)[0] in ("北見市", "あああああ\ufffd")
    (note,) = found.notes
    assert words in note


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(text(50, 700, 10, "北見市") + picture(595, 400), id="less than half a page"),
        pytest.param(
            text(50, 700, 10, "北見市") + picture(595, 1500, 0, -1200), id="a picture beyond the edge"
        ),
        pytest.param(
            b"3 Tr " + text(50, 700, 10, "北見市") + picture(595, 842),
            id="its text was recognised, and is read",
        ),
    ],
)
def test_a_picture_that_hides_no_text_is_not_told(content: bytes) -> None:
    found = read(pdf(content))
    assert paragraphs(found) == ["北見市"]
    assert found.notes == ()


def boxes(count: int) -> bytes:
    """Return small tables of two cells, side by side."""
    return b"".join(
        b"".join(rule(x + dx, y, x + dx, y + 10) for dx in (0, 9, 18))
        + rule(x, y, x + 18, y)
        + rule(x, y + 10, x + 18, y + 10)
        for x, y in ((10 + 22 * (number % 25), 10 + 15 * (number // 25)) for number in range(count))
    )


@pytest.mark.parametrize(
    ("limit", "value", "content"),
    [
        pytest.param("MOST_TABLES", 5, boxes(6), id="many small tables"),
        pytest.param("MOST_MEETINGS", 100, boxes(20), id="many rules that meet"),
        pytest.param("MOST_PLACES", 5, boxes(1), id="squared paper"),
    ],
)
def test_tables_that_are_not_told_are_noted(
    limit: str, value: int, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = pdf(text(50, 700, 10, "北見市") + content)
    assert read(document).notes == ()
    monkeypatch.setattr(f"nichiiki_ld.reading.pdf.ruled.{limit}", value)
    found = read(document)
    assert paragraphs(found) == ["北見市"]
    assert found.notes == ("Page 1 has too many lines drawn to tell all tables by them.",)


def test_more_tables_than_a_page_can_have_are_boxes() -> None:
    """Every glyph is looked at for every table, so there is a limit; a form with boxes is not far below it."""
    content = text(50, 700, 10, "北見市")
    assert len(list(read(pdf(content + boxes(50))).grids())) == 50
    found = read(pdf(content + boxes(51)))
    assert list(found.grids()) == []
    assert len(found.notes) == 1


def test_a_drawing_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nichiiki_ld.reading.pdf.painting.MOST_RULES_ON_A_PAGE", 100)
    found = read(pdf(text(50, 700, 10, "北見市") + b"".join(rule(0, 5 * y, 500, 5 * y) for y in range(101))))
    assert paragraphs(found) == ["北見市"]
    assert "lines drawn" in found.notes[0]


# Bad input

GOOD = pdf(text(50, 700, 10, "北見市"))


def two_streams(damage: Callable[[bytes], bytes]) -> bytes:
    """Return a file whose page is a stream with damage."""
    return pdf(
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
        % (len(packed := damage(zlib.compress(text(50, 700, 10, "北見市") * 50))), packed)
    )


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        pytest.param(b"", "empty", "again", id="empty"),
        pytest.param(b"<html>", "is no PDF", "extension", id="something else"),
        pytest.param(GOOD[: len(GOOD) // 2], "cut off", "again", id="half of a file"),
        pytest.param(GOOD[:-40], "cut off", "again", id="all but the end"),
        pytest.param(
            b"%PDF-1.7\n" + bytes(range(256)) * 50 + b"startxref\n9\n%%EOF",
            "damaged",
            "again",
            id="no parts in it",
        ),
        pytest.param(pdf(text(50, 700, 10, "北見市"), password="secret"), "password", "qpdf", id="locked"),
        pytest.param(pdf(), "no pages", "again", id="no pages"),
        pytest.param(pdf(b"q Q"), "has no text", "ocrmypdf -l jpn", id="nothing printed"),
        pytest.param(
            pdf(b"BT /F 10 Tf 1 0 0 1 50 700 Tm <fff0fff1fff2> Tj ET", encoding=b"Identity-H"),
            "which characters",
            "--force-ocr",
            id="glyphs nobody knows",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市"), encoding=b"UniJIS-UTF16-V"),
            "vertical",
            ".txt",
            id="set vertically",
        ),
        pytest.param(
            two_streams(lambda data: data[:20] + b"\xff" * 20 + data[40:]),
            "damaged",
            "again",
            id="a damaged stream",
        ),
    ],
)
def test_a_bad_file(content: bytes, message: str, hint: str) -> None:
    with pytest.raises(UnreadableDocument) as raised:
        read(content)
    assert message in raised.value.message
    assert raised.value.where == "list.pdf"
    assert hint in (raised.value.hint or "")


def test_a_scanned_page_names_ocr() -> None:
    with pytest.raises(UnreadableDocument, match="only pictures") as raised:
        read(scanned("<p>北海道北見市</p>"))
    assert "ocrmypdf -l jpn" in (raised.value.hint or "")


def test_a_stream_that_ends_early_is_read_and_told() -> None:
    found = read(two_streams(lambda data: data[:-5]))
    assert "ends early" in found.notes[0]


def test_a_wrong_checksum_is_no_damage() -> None:
    found = read(two_streams(lambda data: data[:-4] + b"abcd"))
    assert paragraphs(found) == ["北見市"]
    assert found.notes == ()


def form(kid: int) -> bytes:
    extra = b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X %d 0 R >> >> /Filter /FlateDecode"
    return stream(b"/X Do " * 10, extra % kid)


def with_font(glyphs: bytes, more: bytes = b"", characters: bytes = b"") -> bytes:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [8 0 R] %s >>"
    descendant = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> %s >>"
    return pdf(
        b"BT /G 10 Tf 1 0 0 1 50 700 Tm <3042> Tj ET",
        page=b"/Resources << /Font << /G 7 0 R >> >>",
        more=[font % more, descendant % glyphs, stream(characters)],
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(lambda: pdf(stream(bytes(40_000_000))), "32 MiB", id="a stream that grows"),
        pytest.param(
            lambda: pdf(b"q Q", b"q Q " * 1_100_000), "page 2 takes more than 4 MiB", id="a long page"
        ),
        pytest.param(
            lambda: pdf(stream(zlib.compress(bytes(40_000_000)), b"/Filter [/FlateDecode /FlateDecode]")),
            "32 MiB",
            id="one within another",
        ),
        pytest.param(
            lambda: pdf(
                stream(b"0" * 9, b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2000000000 >>")
            ),
            "32 MiB",
            id="a long line to predict",
        ),
        pytest.param(
            lambda: pdf(stream(b"0", b"/Filter [" + b"/FlateDecode " * 9 + b"]")),
            "9 filters",
            id="many filters",
        ),
        pytest.param(
            lambda: with_font(b"/W [0 2000000000 500]"), "widths", id="widths of two billion glyphs"
        ),
        pytest.param(
            lambda: with_font(
                b"", b"/ToUnicode 9 0 R", b"1 beginbfrange <00000000> <ffffffff> <00000000> endbfrange"
            ),
            "characters",
            id="a map of four billion characters",
        ),
    ],
)
def test_a_bomb_is_refused(content: Callable[[], bytes], words: str) -> None:
    with pytest.raises(UnreadableDocument, match="more than any list") as raised:
        read(content())
    assert words in raised.value.message


@pytest.mark.parametrize(
    ("limit", "value", "content", "words"),
    [
        pytest.param(
            "streams.MOST_STREAMED_BYTES",
            2 * MIBIBYTE,
            pdf(
                b"/X Do",
                page=b"/Resources << /XObject << /X 7 0 R >> >>",
                more=[form(8 + depth) for depth in range(20)],
            ),
            "2 MiB to read",
            id="forms that draw forms ten times",
        ),
        pytest.param(
            "streams.MOST_PAGE_BYTES",
            MIBIBYTE,
            pdf(
                b"/X Do",
                page=b"/Resources << /XObject << /X 7 0 R >> >>",
                more=[form(8 + depth) for depth in range(20)],
            ),
            "page 1 takes more than 1 MiB to draw",
            id="forms on one page",
        ),
        pytest.param(
            "streams.MOST_CONTENT_BYTES",
            MIBIBYTE,
            pdf(*[b" " * 400_000] * 3),
            "its pages take more than 1 MiB to draw",
            id="content of all pages",
        ),
        pytest.param("file.MOST_PAGES", 10, pdf(*[b"q Q"] * 11), "10 pages", id="pages"),
        pytest.param(
            "painting.MOST_GLYPHS_ON_A_PAGE",
            100,
            pdf(*[text(50, 700, 1, "市" * 101)]),
            "100 characters",
            id="characters on a page",
        ),
    ],
)
def test_limits(limit: str, value: int, content: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"nichiiki_ld.reading.pdf.{limit}", value)
    with pytest.raises(UnreadableDocument, match="more than any list") as raised:
        read(content)
    assert words in raised.value.message


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            pdf(text(50, 700, 10, "北見市"), page=b"/X " + b"[" * 50_000 + b"]" * 50_000), id="nested arrays"
        ),
        pytest.param(
            pdf(
                text(50, 700, 10, "北見市") + b"/X Do",
                page=b"/Resources << /Font << /F 3 0 R >> /XObject << /X 7 0 R >> >>",
                more=[form(7)],
            ),
            id="a form that draws itself",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市") + b"BT /F 10 Tf 1e200 0 0 1e200 1e308 1e308 Tm <3042> Tj ET"),
            id="enormous text",
        ),
        pytest.param(
            pdf(text(50, 700, 10, "北見市"), page=b"/MediaBox [0 0 1e300 1e300]"), id="an enormous page"
        ),
    ],
)
def test_odd_files_are_read_all_the_same(content: bytes) -> None:
    assert "北見市" in paragraphs(read(content))


def test_progress_is_told_and_no_page_is_kept() -> None:
    rows = [
        [str(number), "北海道北見市", f"第{number}協議会", "長い文章です。" * 10] for number in range(1, 241)
    ]
    content = typeset(table(["番号", "地域", "主体", "概要"], *rows))
    told: list[tuple[int, int]] = []
    kept: list[int] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done % 5 == 0:
            kept.append(sum(isinstance(each, Glyph) for each in gc.get_objects()))

    document = read_pdf(content, "list.pdf", progress)
    assert document.pages >= 10
    assert told == [(page, document.pages) for page in range(1, document.pages + 1)]
    assert sum(len(grid.rows) for grid in document.grids()) == 241
    # What a page has is gone when the one after the next is read.
    assert max(kept) < 6_000
    assert max(kept) <= 1.5 * min(kept)
