"""Documents written as text: lines made one, readings before names, and where everything stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hand_made import LEFT, UP, document, lead_of, paragraph, rows_of, ruby, table
from nichiiki_ld.document import Document, Grid, GridCell, GridRow, Paragraph, Printed, Ruby
from nichiiki_ld.errors import LayoutError
from nichiiki_ld.extract import extract
from nichiiki_ld.extract.line_breaks import joint_of_places, lines_of
from nichiiki_ld.extract.transcription import printed_in_line
from nichiiki_ld.joints import join_lines, joint_of_text


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param("北見市\n網走市", "北見市 網走市", id="two names"),
        pytest.param("北海道北\n見市", "北海道北見市", id="a name that was cut"),
        pytest.param("上川郡\n下川町", "上川郡下川町", id="a district and its town"),
        pytest.param("北海道\n北見市", "北海道 北見市", id="a prefecture and a town"),
        pytest.param("四日市\n市", "四日市市", id="a name that ends as names within it do"),
        pytest.param("千葉市、市\n原市", "千葉市、市原市", id="a name that begins as others end"),
        pytest.param("北見市、\n網走市", "北見市、 網走市", id="a separator at the end"),
        pytest.param("珠洲市、白山\n市(石川県)", "珠洲市、白山市(石川県)", id="cut behind a separator"),
        pytest.param("下川町\n(北海道)", "下川町 (北海道)", id="a bracket in the next line"),
        pytest.param("下川町(\n北海道\n)", "下川町(北海道)", id="a bracket that was cut"),
        pytest.param("下川町(北海道)\n北見市", "下川町(北海道) 北見市", id="a bracket at the end"),
        pytest.param("北見市★\n網走市", "北見市★ 網走市", id="a mark at the end"),
        pytest.param("北見市※1\n網走市", "北見市※1 網走市", id="a footnote at the end"),
        pytest.param("北見市ほか\n3町", "北見市ほか3町", id="others"),
        pytest.param("佐渡島\n新潟県佐渡市", "佐渡島 新潟県佐渡市", id="a prefecture begins a name"),
        pytest.param("きたみし\n北見市", "きたみし 北見市", id="a reading above"),
        pytest.param("北見市\nきたみし", "北見市 きたみし", id="a reading below"),
        pytest.param(
            "ほっかいどう\nきたみし\n北見市", "ほっかいどう きたみし 北見市", id="a reading in two lines"
        ),
        pytest.param(
            "みなみしほ\nろちょう\n南士幌町", "みなみしほろちょう 南士幌町", id="a reading that was cut"
        ),
        pytest.param(
            "にせこちょう\nニセコ町", "にせこちょう ニセコ町", id="a name in kana below its reading"
        ),
        pytest.param("ニセコ\n町", "ニセコ町", id="a name in kana that was cut at its kind"),
        pytest.param("ニセ\nコ町", "ニセコ町", id="a name in kana that was cut in its midst"),
        pytest.param("南アルプ\nス市", "南アルプス市", id="a name in kanji and kana that was cut"),
        pytest.param("品川区(し\nながわく)", "品川区(しながわく)", id="a reading in brackets that was cut"),
        pytest.param("きたみ\n北見市", "きたみ 北見市", id="a reading that lost its end"),
        pytest.param("  北見市  \n\n 網走市", "北見市 網走市", id="blanks and empty lines"),
    ],
)
def test_lines_of_a_cell_of_places(printed: str, expected: str) -> None:
    assert join_lines(printed, joint_of_places).text == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param("テレワーク\nに取り組む。", "テレワークに取り組む。", id="Japanese"),
        pytest.param("Nichiiki\nLinked Data", "Nichiiki Linked Data", id="Latin on both sides"),
        pytest.param("拠点は\nTokyo", "拠点はTokyo", id="Latin on one side"),
        pytest.param("Tokyo\nを拠点に", "Tokyoを拠点に", id="Latin on the other side"),
        pytest.param("・調査\n・実証", "・調査 ・実証", id="items of a list"),
        pytest.param("①調査\n②実証", "①調査 ②実証", id="numbered items"),
        pytest.param("(1)調査\n(2)実証", "(1)調査 (2)実証", id="items numbered in brackets"),
        pytest.param("人口の\n1.5倍", "人口の1.5倍", id="a number is no item"),
        pytest.param("北見\n\n協議会", "北見協議会", id="an empty line"),
        pytest.param("北見\t協議会", "北見 協議会", id="no tabulator stays in a cell"),
    ],
)
def test_lines_of_another_cell(printed: str, expected: str) -> None:
    assert join_lines(printed, joint_of_text).text == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "令和8年3月26日\n国土政策局地方政策課\n先導的な取組を\n支援します",
            ["令和8年3月26日", "国土政策局地方政策課", "先導的な取組を支援します"],
            id="a day and an office are lines, a title is one",
        ),
        pytest.param("14\n団体に交付決定", ["14団体に交付決定"], id="a fact that was cut"),
        pytest.param("終わり。\n始まり", ["終わり。", "始まり"], id="after a sentence"),
        pytest.param("事業の概要\n・調査\n・実証", ["事業の概要", "・調査", "・実証"], id="items of a list"),
        pytest.param(
            "公募期間：令和8年1月5日～\n令和8年2月6日\n応募団体：15団体",
            ["公募期間：令和8年1月5日～", "令和8年2月6日", "応募団体：15団体"],
            id="labels, and a day that stands alone",
        ),
        pytest.param("一つ\n\n二つ", ["一つ", "二つ"], id="an empty line"),
    ],
)
def test_lines_of_a_paragraph(printed: str, expected: list[str]) -> None:
    assert lines_of(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(ruby(("北見市", "きたみし")), "きたみし 北見市", id="above the whole name"),
        pytest.param(
            ruby(("北海道", "ほっかいどう"), ("北見市", "きたみし")),
            "ほっかいどうきたみし 北海道北見市",
            id="above the prefecture and the town",
        ),
        pytest.param(
            ruby(("北", "きた"), ("見", "み"), ("市", "し")), "きたみし 北見市", id="above each character"
        ),
        pytest.param(
            ruby("上川郡", ("下川町", "しもかわちょう")),
            "しもかわちょう 上川郡下川町",
            id="above the town only",
        ),
        pytest.param(
            ruby(("南", "みなみ"), "アルプス", ("市", "し")),
            "みなみアルプスし 南アルプス市",
            id="kana are their own reading",
        ),
        pytest.param(ruby("みなかみ", ("町", "まち")), "みなかみまち みなかみ町", id="kana before a reading"),
        pytest.param(
            ruby(("福島県", "ふくしまけん"), "磐梯", ("町", "まち")),
            "ふくしまけん磐梯まち 福島県磐梯町",
            id="kanji without a reading amid others",
        ),
        pytest.param(
            ruby(("北見市", "きたみし"), "、", ("網走市", "あばしりし")),
            "きたみし 北見市、あばしりし 網走市",
            id="two names",
        ),
        pytest.param(
            ruby(("北見市", "きたみし"), "（北海道）"), "きたみし 北見市（北海道）", id="a bracket behind"
        ),
        pytest.param(ruby(("森　町", "もりまち")), "もりまち 森　町", id="a name set wide"),
        pytest.param(
            ruby(("北海道北", "ほっかいどうきた"), "\n", ("見市", "みし")),
            "ほっかいどうきたみし 北海道北見市",
            id="a name over two lines",
        ),
        pytest.param(
            ruby(("北見市", "きたみし"), "\n", ("網走市", "あばしりし")),
            "きたみし 北見市 あばしりし 網走市",
            id="a name a line",
        ),
        pytest.param(
            Printed("北見市", (Ruby(2, 9, "し"),)), "北見市", id="a reading above nothing is left out"
        ),
        pytest.param(ruby(("北見市", " ")), "北見市", id="an empty reading"),
    ],
)
def test_readings_are_written_before_names(printed: Printed, expected: str) -> None:
    assert printed_in_line(printed, "places") == expected


def test_readings_are_written_in_columns_of_places_only() -> None:
    printed = ruby(("北見", "きたみ"), "協議会")
    assert printed_in_line(printed, "applicant") == "北見協議会"
    assert printed_in_line(ruby(("北海道", "ほっかいどう")), "prefecture") == "北海道"


def test_a_document_reads_as_copied_text() -> None:
    extraction = extract(
        document(
            paragraph("令和8年3月26日", 1),
            paragraph("採択結果に\nついて", 1),
            table(
                ["番号", "実施\n地域", "提案名", "備考"],
                ["1", ruby(("北見市", "きたみし"), "\n", ("網走市", "あばしりし")), "テレ\nワーク", ""],
                ["2", "森町", "調査", "新規"],
                pages=[1, 1, 2],
            ),
            paragraph("以上", 2),
        )
    )
    assert extraction.text == (
        "令和8年3月26日\n"
        "採択結果について\n"
        "番号\t実施地域\t提案名\t備考\n"
        "1\tきたみし 北見市 あばしりし 網走市\tテレワーク\n"
        "\f2\t森町\t調査\t新規\n"
        "以上\n"
    )
    assert rows_of(extraction) == [
        {
            "row": "1\tきたみし 北見市 あばしりし 網走市\tテレワーク",
            "number": "1",
            "reading-1": "きたみし",
            "name-1": "北見市",
            "reading-2": "あばしりし",
            "name-2": "網走市",
            "title": "テレワーク",
        },
        {"row": "2\t森町\t調査\t新規", "number": "2", "name-1": "森町", "title": "調査"},
    ]


def test_merged_text_stands_in_each_row_and_once_in_a_line() -> None:
    extraction = extract(
        document(
            table(
                ["都道府県", "市町村", "提案名"],
                ["北海道", "北見市", "あ"],
                [UP, "網走市", "い"],
                ["宮城県", LEFT, "う"],
            )
        )
    )
    assert (
        extraction.text == "都道府県\t市町村\t提案名\n北海道\t北見市\tあ\n北海道\t網走市\tい\n宮城県\t\tう\n"
    )


def test_a_title_in_a_table_keeps_its_lines() -> None:
    extraction = extract(
        document(
            table(
                ["令和8年3月26日\n採択の一覧\n（単位：千円）", LEFT, LEFT],
                ["実施地域", "提案名", "補助額"],
                ["北見市", "あ", "1,000"],
            )
        )
    )
    assert extraction.text.startswith("令和8年3月26日\n採択の一覧\n（単位：千円）\n実施地域\t")
    assert lead_of(extraction) == {"published-date": "令和8年3月26日", "title": "採択の一覧"}
    assert rows_of(extraction)[0]["amount-unit"] == "千円"


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param(
            [table(["実施地域", "補助額（百万円）"], ["北見市", "12"])],
            {"amount": "12", "amount-unit": "百万円"},
            id="in the heading",
        ),
        pytest.param(
            [table(["実施地域", "補助額\n（千\n円）"], ["北見市", "12"])],
            {"amount": "12", "amount-unit": "千円"},
            id="in the heading, cut",
        ),
        pytest.param(
            ["単位：千円", table(["実施地域", "補助額"], ["北見市", "1,200"])],
            {"amount": "1,200", "amount-unit": "千円"},
            id="in a caption",
        ),
        pytest.param(
            [table(["実施地域", "補助額"], ["北見市", "1,200千円"])],
            {"amount": "1,200千円"},
            id="in the cell",
        ),
        pytest.param(
            [table(["実施地域", "補助額（千円）"], ["北見市", "1,200円"])],
            {"amount": "1,200円"},
            id="in the cell, against the heading: the cell says it itself",
        ),
        pytest.param([table(["実施地域", "補助額"], ["北見市", "1,200"])], {"amount": "1,200"}, id="nowhere"),
        pytest.param(
            [table(["実施地域", "補助額", LEFT], ["", "事業費", "国費（千円）"], ["北見市", "300", "200"])],
            {"amount": "200", "amount-unit": "千円"},
            id="in the lower of two headings",
        ),
        pytest.param(
            [table(["実施地域", "交付額（千円）", LEFT], ["", "事業費", "国費"], ["北見市", "300", "200"])],
            {"amount": "200", "amount-unit": "千円"},
            id="in the upper of two headings",
        ),
    ],
)
def test_units_of_amounts(blocks: list[Paragraph | Grid | str], expected: dict[str, str]) -> None:
    (row,) = rows_of(extract(document(*blocks)))
    assert {field: text for field, text in row.items() if field.startswith("amount")} == expected


# --- whatever is printed ----------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from(
        [
            "北見市",
            "北海道北",
            "見市",
            "きたみし",
            "、",
            "(北海道)",
            "★",
            "ニセコ",
            "町",
            " ",
            "",
            "テレワーク",
            "A b",
            "合計",
            "※注",
            "\t",
            "1",
        ]
    ),
    max_size=4,
)
TEXTS = LINES.map("\n".join)


@st.composite
def printed_texts(draw: st.DrawFn) -> Printed:
    text = draw(TEXTS)
    offsets = st.integers(0, len(text) + 1)
    rubies = draw(st.lists(st.tuples(offsets, offsets, st.sampled_from(["きた", "み", ""])), max_size=2))
    return Printed(text, tuple(Ruby(*each) for each in sorted(rubies)))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    headings = draw(
        st.permutations(["番号", "都道府県", "実施地域", "応募主体", "取組概要", "補助額（千円）", "分野"])
    )
    rows = [tuple(GridCell(Printed(heading)) for heading in headings)]
    for _ in range(draw(st.integers(0, 5))):
        above = rows[-1]
        row: list[GridCell] = []
        for column in range(len(headings)):
            kind = draw(st.sampled_from(["own", "own", "own", "above", "left"]))
            if kind == "above" and len(rows) > 1:
                row.append(GridCell(above[column].printed, merged=True))
            elif kind == "left" and column:
                row.append(GridCell(row[-1].printed, merged=True))
            else:
                row.append(GridCell(draw(printed_texts())))
        rows.append(tuple(row))
    page = draw(st.integers(0, 2))
    return Grid(tuple(GridRow(row, page and page + number // 3) for number, row in enumerate(rows)))


PARAGRAPHS = st.lists(TEXTS.map(lambda text: Paragraph(Printed(text))), max_size=2)


@given(PARAGRAPHS, st.lists(grids(), min_size=1, max_size=2), PARAGRAPHS)
@settings(max_examples=60)
def test_offsets_cut_what_is_printed_and_nothing_vanishes(
    above: list[Paragraph], tables: list[Grid], below: list[Paragraph]
) -> None:
    try:
        extraction = extract(Document((*above, *tables, *below)))
    except LayoutError as error:
        assert error.message == "the table has no rows"  # noqa: PT017 - any other is a fault
        return
    for row in rows_of(extraction):
        assert "\n" not in row["row"]
        assert not [field for field, text in row.items() if "\t" in text and field != "row"]
    letters = "".join(extraction.text.split())
    cells = (cell.printed for grid in tables for row in grid.rows for cell in row.cells)
    for printed in (*cells, *(each.printed for each in (*above, *below))):
        assert printed.rubies or "".join(printed.text.split()) in letters
