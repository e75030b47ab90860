"""Plain text, CSV and TSV in every encoding, and which kind a file is."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT
from nichiiki_ld.document import Grid
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading import KINDS, kind_of, limits, read
from nichiiki_ld.reading.delimited import read_delimited
from nichiiki_ld.reading.encoding import decode
from nichiiki_ld.reading.plain import read_plain
from printed_grids import blocks, only_grid

COPIED = "令和7年7月1日\n\n実施地域\t応募主体\n北海道北見市\t北見市コンソーシアム\n"
RELEASE = ROOT / "data/sources/2025-07-01-mlit/original.txt"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "番号\t地域\n1\t北見市\n",
            [[["番号", "地域"], ["1", "北見市"]]],
            id="lines with tabulators are a table",
        ),
        pytest.param(
            "まえ\n番号\t地域\n1\t北見市\nあと\n",
            ["まえ", [["番号", "地域"], ["1", "北見市"]], "あと"],
            id="lines before and behind are paragraphs",
        ),
        pytest.param(
            "番号\t地域\r\n1\t北見市\r\n",
            [[["番号", "地域"], ["1", "北見市"]]],
            id="a carriage return is no text",
        ),
        pytest.param(
            "○採択取組\t\t\n番号\t地域\t名\n",
            [[["○採択取組", "", ""], ["番号", "地域", "名"]]],
            id="a caption padded with tabulators is a line of the table",
        ),
        pytest.param(
            "番号\t地域\t名\n1\t北見市\n",
            [[["番号", "地域", "名"], ["1", "北見市", ""]]],
            id="a short line gets empty cells",
        ),
        pytest.param(
            "番号\t名\n【北海道】\n1\t北見市\n",
            [[["番号", "名"], ["【北海道】", ""], ["1", "北見市"]]],
            id="a heading amid the table stays in it",
        ),
        pytest.param(
            "番号\t名\n一\n二\n三\n四\n1\t北見市\n",
            [[["番号", "名"]], "一", "二", "三", "四", [["1", "北見市"]]],
            id="more than three lines without a tabulator are no part of it",
        ),
        pytest.param(
            "番号\t名\n1\t甲\n\n番号\t名\n1\t乙\n",
            [[["番号", "名"], ["1", "甲"]], [["番号", "名"], ["1", "乙"]]],
            id="an empty line ends a table",
        ),
        pytest.param("\t北見市\n1\t森町\n", [[["", "北見市"], ["1", "森町"]]], id="a cell may be empty"),
        pytest.param(
            "番号  地域  名\n1  北見市  甲 \n",
            [[["番号", "地域", "名"], ["1", "北見市", "甲"]]],
            id="columns by two spaces, and a space at the end",
        ),
        pytest.param(
            "番号　地域　名\n１　北見市　甲\n２　森町　乙\n",
            [[["番号", "地域", "名"], ["１", "北見市", "甲"], ["２", "森町", "乙"]]],
            id="columns by ideographic spaces, three lines of three",
        ),
        pytest.param(
            "１　目的\n２　内容\n３　期間\n",
            ["１　目的", "２　内容", "３　期間"],
            id="numbered headings are no table",
        ),
        pytest.param(
            "番号  地域  名\n1  北見市\n",
            ["番号  地域  名", "1  北見市"],
            id="lines with unlike numbers of columns are ambiguous",
        ),
        pytest.param(
            "題\n甲  乙　丙  丁\n甲　乙　丙\n一　二　三\n壱　弐　参\n番号  地域  名\n1  北見市  甲\n末\n",
            [
                "題",
                "甲  乙　丙  丁",
                [["甲", "乙", "丙"], ["一", "二", "三"], ["壱", "弐", "参"]],
                [["番号", "地域", "名"], ["1", "北見市", "甲"]],
                "末",
            ],
            id="what separates one table does not hide the next",
        ),
        pytest.param(
            "番号\t地域\n注  一  二\n",
            [[["番号", "地域"]], "注  一  二"],
            id="where tabulators are, spaces separate nothing",
        ),
    ],
)
def test_plain_text(text: str, expected: list[object]) -> None:
    assert blocks(read_plain(text.encode(), "original.txt")) == expected


@pytest.mark.parametrize(
    "text", [COPIED, COPIED.replace("\n", "\r\n"), "番号  地域  名\n1  北見市  甲\n", "  a\tb \n"]
)
def test_everything_says_where_it_stands(text: str) -> None:
    document = read_plain(text.encode(), "original.txt")
    assert document.text == text
    seen = 0
    for block in document.blocks:
        printed = (
            [cell.printed for row in block.rows for cell in row.cells]
            if isinstance(block, Grid)
            else [block.printed]
        )
        for each in printed:
            assert each.start is not None
            assert text[each.start : each.start + len(each.text)] == each.text
            seen += 1
    assert seen >= 2


def test_a_row_is_a_whole_line() -> None:
    document = read_plain(b"a\tb\r\nc\td\r\n", "original.txt")
    (grid,) = document.grids()
    assert [(row.start, row.end) for row in grid.rows] == [(0, 3), (5, 8)]


def test_archives_have_no_more_parts_than_office_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nichiiki_ld.reading.office.package.MOST_PARTS", 3)
    with pytest.raises(UnreadableDocument, match=r"^list\.xlsx: has more than 3 parts"):
        kind_of(archive("xl/a", "xl/b", "xl/c", "xl/d"), "list.xlsx")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("令和7年の採択\n" * 40_000, id="ordinary lines"),
        pytest.param("甲  乙\n甲\n" * 20_000, id="runs of one line"),
        pytest.param("甲\f" * 100_000, id="form feeds"),
        pytest.param("甲\u3000乙" + " " * 200_000 + "丙\n", id="spaces without an ideographic one"),
    ],
)
def test_long_texts_are_read_in_time(text: str) -> None:
    begun = time.process_time()
    assert read_plain(text.encode(), "original.txt").blocks
    assert time.process_time() - begun < 25


def test_form_feeds_are_ends_of_pages_and_not_of_tables() -> None:
    document = read_plain("番号\t名\n1\t甲\n\f2\t乙\n\f".encode(), "original.txt")
    (grid,) = document.grids()
    assert document.pages == 2
    assert [row.page for row in grid.rows] == [1, 1, 2]


def test_the_real_release() -> None:
    document = read_plain(RELEASE.read_bytes(), "original.txt")
    (grid,) = document.grids()
    assert document.text == RELEASE.read_text(encoding="utf-8")
    assert document.encoding == "utf-8"
    assert [cell.text for cell in grid.rows[0].cells] == ["○採択取組", "", ""]
    assert [cell.text for cell in grid.rows[1].cells] == ["実施地域", "応募主体", "取組概要"]
    assert len(grid.rows) == 2 + 14
    assert next(document.paragraphs()).text == "令和7年7月1日"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '番号,地域\n1,"北見市\n森町"\n',
            [["番号", "地域"], ["1", "北見市\n森町"]],
            id="a quoted field may have lines",
        ),
        pytest.param(
            '1,"甲、""乙"", 丙"\n2,丁\n',
            [["1", '甲、"乙", 丙'], ["2", "丁"]],
            id="quotation marks and commas in a field",
        ),
        pytest.param(
            "番号;地域;額\n1;北見市;1,234\n",
            [["番号", "地域", "額"], ["1", "北見市", "1,234"]],
            id="semicolons",
        ),
        pytest.param(
            "番号\t地域\n1\t甲, 乙, 丙\n", [["番号", "地域"], ["1", "甲, 乙, 丙"]], id="tabulators in a CSV"
        ),
        pytest.param(
            "sep=;\r\n番号;地域\r\n", [["番号", "地域"]], id="the line in which Excel says the separator"
        ),
        pytest.param(
            "一覧\n番号,地域\n1,甲\n",
            [["一覧", ""], ["番号", "地域"], ["1", "甲"]],
            id="a title above the table",
        ),
        pytest.param(
            "一覧,,\n番号,地域,\n1,甲,\n",
            [["一覧", ""], ["番号", "地域"], ["1", "甲"]],
            id="no column without text",
        ),
        pytest.param(
            "一覧\n\n\n番号,地域\n",
            [["一覧", ""], ["", ""], ["番号", "地域"]],
            id="empty lines become one empty line",
        ),
        pytest.param("北見市\n森町\n", [["北見市"], ["森町"]], id="one column"),
        pytest.param('1,"甲\t乙"\n', [["1", "甲 乙"]], id="a tabulator in a field is a space"),
    ],
)
def test_delimited_text(text: str, expected: list[list[str]]) -> None:
    document = read_delimited(text.encode(), "list.csv")
    assert only_grid(document) == expected
    assert document.text is None


def test_the_extension_wins_a_draw() -> None:
    assert only_grid(read_delimited(b"a\tb,c\n", "list.tsv", expected="\t")) == [["a", "b,c"]]
    assert only_grid(read_delimited(b"a\tb,c\n", "list.csv")) == [["a b", "c"]]


def test_quotation_marks_that_do_not_match() -> None:
    with pytest.raises(UnreadableDocument, match=r"list\.csv:3: is no table of fields: ") as caught:
        read_delimited('番号,名\n1,甲\n2,"乙"丙\n'.encode(), "list.csv")
    assert caught.value.hint == "a quotation mark within a quoted field is written twice"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"]
)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(COPIED, id="as copied"),
        pytest.param("1,森町\n", id="six characters"),
        pytest.param("ほっかいどう\n", id="only hiragana"),
        pytest.param(f"{COPIED}ﾎｯｶｲﾄﾞｳ\n", id="half-width kana among others"),
        pytest.param("檮原町、竈門、龍ヶ崎市\n", id="rare kanji"),
    ],
)
def test_encodings_of_japanese_text(text: str, encoding: str) -> None:
    content = text.encode("iso2022_jp_ext" if encoding == "iso2022_jp" else encoding)
    decoded = decode(content, "original.txt")
    assert decoded.text == text
    assert content.decode(decoded.encoding) == text
    assert decoded.notes == ()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("①㈱甲～\n", "cp932", id="signs of Windows"),
        pytest.param("①甲乙丙丁\n", "euc_jis_2004", id="signs of JIS X 0213 in EUC"),
        pytest.param("No,Name\n1,Mori\n", "utf-8", id="ASCII"),
    ],
)
def test_encodings_of_signs(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "original.txt").text == text


def test_what_no_encoding_gives_is_refused_with_the_byte() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        decode("実施地域\t".encode() + b"\xff\xff\n", "original.txt")
    assert "utf-8 fails at byte 13" in str(caught.value)
    assert "cp932" in str(caught.value)
    assert "euc_jp" in str(caught.value)
    assert caught.value.hint == "open it in an editor that shows it rightly, and save it as UTF-8"


LONGER = "実施地域,応募主体,取組概要\n北海道北見市,北見市のコンソーシアム,長期滞在の推進\n"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param("譁�ｭ怜喧縺�の説明", "Shift_JIS", id="UTF-8 read as Shift_JIS"),
        pytest.param(
            LONGER.encode().decode("cp932", errors="replace"),
            "Shift_JIS",
            id="a table of it, with lost characters",
        ),
        pytest.param(LONGER.encode().decode("latin-1"), "Western", id="UTF-8 read as Latin-1"),
        pytest.param(
            LONGER.encode("cp932").decode("cp1252", errors="ignore"),
            "Western",
            id="Shift_JIS read as Windows-1252",
        ),
        pytest.param(LONGER.encode("euc_jp").decode("latin-1"), "Western", id="EUC-JP read as Latin-1"),
        pytest.param(
            LONGER.encode("euc_jp").decode("cp932", errors="replace"), "EUC-JP", id="EUC-JP read as Shift_JIS"
        ),
        pytest.param(
            LONGER.encode("cp932").decode("utf-8", errors="replace"), "lost", id="nothing but lost characters"
        ),
    ],
)
def test_garbled_text_is_refused(text: str, cause: str) -> None:
    with pytest.raises(UnreadableDocument, match=f"is garbled.*{cause}"):
        read_plain(text.encode(), "original.txt")


@pytest.mark.parametrize(
    "text",
    ["竈門炭治郎", "繧繝縁の縺れ", "ﾎｯｶｲﾄﾞｳｷﾀﾐｼ", "Café à Genève", "檮原町", "※①～③", "葛󠄀城市"],
)
def test_real_text_is_not_garbled(text: str) -> None:
    assert decode(text.encode(), "original.txt").text == text


def test_lost_and_private_characters_are_noted() -> None:
    document = read_plain(f"{COPIED}葛\ue000城\n�\n".encode(), "original.txt")
    assert document.notes == (
        "1 character was lost before the file was written: � stands there.",
        "1 character is private (外字): only a font of the author shows what is meant.",
    )


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7\n", "list.html", "pdf"),
        (b"\xef\xbb\xbf%PDF-1.7\n"[3:], "list", "pdf"),
        (b"junk\n%PDF-1.4", "list.pdf", "pdf"),
        (b"<!DOCTYPE html><p>x", "list.csv", "html"),
        (b"\xef\xbb\xbf\n<!-- c --><HTML>", "list", "html"),
        ("<html><body>x".encode("utf-16"), "list.txt", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html/>', "list.xhtml", "html"),
        (b"<table><tr><td>x", "list.html", "html"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "list.csv", "xlsx"),
        (archive("[Content_Types].xml", "word/document.xml"), "list.zip", "docx"),
        (b"a,b\n", "LIST.CSV", "csv"),
        (b"a\tb\n", "list.tab", "tsv"),
        (b"a\tb\n", "list.txt", "txt"),
        (b"a\tb\n", "list", "txt"),
        (b"[1] see below\n", "notes.txt", "txt"),
        (b"BMI,name\n22,a\n", "list.csv", "csv"),
        (b"<!-- c -->" * 40 + b"<p>x", "list.txt", "txt"),
        (b"<!-- c -->\n" * 40 + b"<html>x", "list.txt", "html"),
        (b"<!--->--><html>x", "list.txt", "html"),
    ],
)
def test_the_kind_is_what_the_bytes_say(content: bytes, name: str, kind: str) -> None:
    assert kind_of(content, name) == kind
    assert kind in KINDS


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "name", "message", "hint"),
    [
        (b" \n", "list.html", "is empty", "fetch the document again"),
        (b'{"login": true}', "list.html", "is JSON", "that people read"),
        (b"<?xml version='1.0'?><rss/>", "list.html", "is XML", "that people read"),
        (b"please log in", "list.html", "is no HTML page", "in a browser"),
        (b"please log in", "list.pdf", "is no PDF file", "fetch the document again"),
        (OLE + "Workbook".encode("utf-16-le"), "list.xls", r"old Excel file \(\.xls\)", ".xlsx"),
        (OLE + "WordDocument".encode("utf-16-le"), "list.doc", r"old Word file \(\.doc\)", ".docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "list.xlsx", "is encrypted", "without one"),
        (OLE, "list.jtd", "compound file", "export a PDF"),
        (b"\x89PNG\r\n", "list.png", r"picture \(PNG\)", "ocrmypdf -l jpn"),
        (b"{\\rtf1", "list.rtf", "RTF", ".docx"),
        (b"\x1f\x8b\x08", "list.csv.gz", "gzip", "unpack"),
        (archive("list.csv"), "list.zip", "archive", "unpack"),
        (archive("ppt/presentation.xml"), "list.pptx", "PowerPoint", "export a PDF"),
        (archive("mimetype", "content.xml"), "list.ods", "OpenDocument", ".xlsx or .docx"),
        (archive("xl/workbook.bin"), "list.xlsb", "binary Excel", ".xlsx"),
        pytest.param(
            archive("xl/workbook.xml")[:40],
            "list.xlsx",
            "is damaged",
            "again",
            id="an archive that is cut off",
        ),
        (b"BM\x36\x10\0\0\0\0\0\0\x36\0", "list.bmp", r"picture \(BMP\)", "ocrmypdf -l jpn"),
        (b"\x01\x02\x03", "list.bin", "of no kind", "PDF, HTML, XLSX, DOCX, CSV, TSV or plain text"),
    ],
)
def test_other_kinds_are_named_with_what_to_do(content: bytes, name: str, message: str, hint: str) -> None:
    with pytest.raises(UnreadableDocument, match=rf"^{name}: .*{message}") as caught:
        kind_of(content, name)
    assert hint in (caught.value.hint or "")


def test_reads_by_kind() -> None:
    assert only_grid(read(b"a;b\nc;d\n", name="list.csv")) == [["a", "b"], ["c", "d"]]
    assert only_grid(read(b"a\tb,c\n", name="list.tsv")) == [["a", "b,c"]]
    assert only_grid(read(b"<table><tr><td>a<td>b", name="list.html")) == [["a", "b"]]


def test_what_prints_nothing_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"list\.html: prints no text"):
        read(b"<html><body><div id=root></div><script>x</script>", name="list.html")


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        pytest.param(b"a\n" * 1_100_000, "list.txt", "1,000,000 lines", id="lines"),
        pytest.param(b"a,a,a,a,a,a,a,a,a,a\n" * 110_000, "list.csv", "1,000,000 cells", id="cells"),
        pytest.param(b"a" * 200_000 + b",b\n", "list.csv", "field larger", id="a field"),
        pytest.param(
            b"\n" * 1000 + b"a" * (limits.MOST_FILE_BYTES), "list.txt", "64 MiB are the limit", id="bytes"
        ),
    ],
)
def test_more_than_anybody_prints_is_refused_soon(content: bytes, name: str, message: str) -> None:
    begun = time.process_time()
    with pytest.raises(UnreadableDocument, match=message):
        read(content, name=name)
    assert time.process_time() - begun < 20


def test_a_reader_is_imported_when_it_is_needed() -> None:
    """Commands that read nothing, or a text, start without the libraries of other formats."""
    code = (
        "import sys; from nichiiki_ld.reading import read; read(b'a', name='a.txt');"
        "print(*sorted({'lxml', 'numpy', 'openpyxl', 'pdfminer', 'zipfile'} & set(sys.modules)));"
        "import nichiiki_ld.reading.docx; print('openpyxl' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["", "False"]


def test_no_reader_opens_anything() -> None:
    """What a file asks to be fetched is not: the readers have no way to open files or sockets."""
    sources = list((ROOT / "src/nichiiki_ld/reading").rglob("*.py"))
    assert len(sources) > 20
    for source in map(Path, sources):
        text = source.read_text(encoding="utf-8")
        assert " open(" not in text
        assert "import urllib" not in text
