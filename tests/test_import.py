"""`nichiiki-ld import`: a file or an address becomes a source, whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from conftest import ROOT, SOURCE_ID
from nichiiki_ld.cli.main import main
from nichiiki_ld.errors import SourceError
from nichiiki_ld.intake import Intake, describe, programme_named, publisher_name
from nichiiki_ld.model import LEAD, Agency, Cell, Programme
from nichiiki_ld.repository import Repository
from nichiiki_ld.repository.sources import SourceFolders
from nichiiki_ld.repository.tables import DECISION_COLUMNS
from terminal import NICHIIKI
from typeset import table, typeset

NAME = "二地域居住先導的プロジェクト実装事業"
HEADINGS = ["番号", "実施地域", "応募主体", "取組概要"]
LEAD_LINES = [
    "令和8年9月30日",
    "国土政策局地方政策課",
    f"令和8年度「{NAME}」（3次募集）の採択結果について",
    "取組2件を採択しました。",
]
ROWS = [
    ["1", "北海道北見市", "北見コンソーシアム", "空き家を改修し、テレワークの拠点をつくる。"],
    ["2", "静岡県森町", "森の会", "関係人口を増やす。"],
]
SHIZUOKA = [
    "森町",
    "沼津市",
    "熱海市",
    "三島市",
    "富士宮市",
    "伊東市",
    "島田市",
    "富士市",
    "磐田市",
    "焼津市",
    "掛川市",
    "藤枝市",
]
ID = "2026-09-30-mlit"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of everything that an import looks at."""
    shutil.copytree(
        ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("worksheet.csv", "links", "queries")
    )
    (tmp_path / "ontology").symlink_to(ROOT / "ontology")
    return tmp_path


def run(checkout: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(
        main, ["import", "--root", str(checkout), *map(str, arguments)], prog_name="nichiiki-ld"
    )


def refused(checkout: Path, *arguments: str | Path) -> str:
    """Run an import that must leave nothing behind, and return what it says."""
    before = tree(checkout)
    result = run(checkout, *arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert tree(checkout) == before
    return result.output


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in (folder / "data").rglob("*")
    }


def written(
    tmp_path: Path, name: str = "list.csv", rows: list[list[str]] = ROWS, lead: list[str] = LEAD_LINES
) -> Path:
    """Write a list as CSV."""
    path = tmp_path / name
    out = io.StringIO(newline="")
    csv.writer(out).writerows([*([line] for line in lead), [], HEADINGS, *rows])
    path.write_bytes(out.getvalue().encode())
    return path


def folder(checkout: Path, source_id: str = ID) -> Path:
    return checkout / "data/sources" / source_id


def test_a_document_that_tells_everything(checkout: Path, tmp_path: Path) -> None:
    path = written(tmp_path)
    result = run(checkout, path)
    assert result.exit_code == 0, result.output
    assert sorted(each.name for each in folder(checkout).iterdir()) == [
        "original.csv",
        "rows.csv",
        "source.toml",
        "text.txt",
    ]
    assert (folder(checkout) / "original.csv").read_bytes() == path.read_bytes()
    assert tomllib.loads((folder(checkout) / "source.toml").read_text(encoding="utf-8")) == {
        "programme": "leading-projects",
        "original": "original.csv",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "publisher": "2000012100001",
        "licence": "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
        "attribution": f"「令和8年度『{NAME}』（3次募集）の採択結果について」（国土交通省、令和8年9月30日）を加工して作成",
    }
    source = Repository(checkout).source(ID)
    found = {(cell.row, cell.field): cell.printed for cell in source.cells}
    assert found["1", "name-1"] == "北海道北見市"
    assert found["2", "applicant"] == "森の会"
    assert found[LEAD, "published-date"] == "令和8年9月30日"
    assert source.withheld is None


def test_the_screen(checkout: Path, tmp_path: Path) -> None:
    lines = [line.rstrip() for line in run(checkout, written(tmp_path)).output.splitlines()]
    assert lines[:2] == [ID, f"  令和8年度「{NAME}」（3次募集）の採択結果について"]
    assert f"  programme  {NAME}  leading-projects" in lines
    assert "  published  令和8年9月30日, 国土政策局地方政策課" in lines
    assert "  rows       2" in lines
    at = lines.index("  columns    番号      number")
    assert [line.split() for line in lines[at + 1 : at + 4]] == [
        ["実施地域", "places"],
        ["応募主体", "applicant"],
        ["取組概要", "summary"],
    ]
    assert "  choose themes: 3 suggested for 2 rows" in lines
    assert lines[-1] == f"Next: nichiiki-ld review {ID} --interactive --root {checkout}"


def test_nothing_left_to_ask(checkout: Path, tmp_path: Path) -> None:
    rows = [["1", "北海道北見市", "北見の会", "会を開く。"], ["2", "静岡県森町", "森の会", "会を開く。"]]
    result = run(checkout, written(tmp_path, rows=rows))
    assert result.exit_code == 0
    assert "themes" not in result.output
    assert result.output.endswith(f"Next: nichiiki-ld build --root {checkout}\n")


def test_doubts_are_counted_and_wait_on_the_worksheet(checkout: Path, tmp_path: Path) -> None:
    rows = [
        ROWS[0],
        ["2", "北海道中士幌町", "士幌の会", "関係人口を増やす。"],
        ["3", "森町、府中市", "森の会", "関係人口を増やす。"],
    ]
    result = run(checkout, written(tmp_path, rows=rows))
    assert result.exit_code == 1, result.output
    assert "  decide: 1 contradiction, 3 misprints" in result.output
    assert f"Next: nichiiki-ld review {ID} --interactive" in result.output
    with (folder(checkout) / "worksheet.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {(line["row"], line["field"]) for line in lines} == {
        ("lead", "decision-count-1"),
        ("2", "name-1"),
        ("3", "name-1"),
        ("3", "name-2"),
    }
    proposed = [line for line in lines if line["candidate"]]
    assert proposed
    for line in proposed:
        assert line["reason"]
        assert line["reason_en"]
        assert line["evidence"].startswith(("municipality/", "prefecture/"))
        assert line["value"] == line["reviewer"] == line["date"] == ""


def test_the_release_as_a_workbook_has_the_same_questions_and_no_others(
    checkout: Path, tmp_path: Path
) -> None:
    original = ROOT / "data/sources" / SOURCE_ID / "original.txt"
    workbook = openpyxl.Workbook()
    for line in original.read_text(encoding="utf-8").split("\n"):
        workbook.active.append(line.split("\t") if line else [None])
    workbook.save(tmp_path / "release.xlsx")
    result = run(checkout, tmp_path / "release.xlsx", "--id", "the-same-again")
    assert result.exit_code == 1
    assert "decide: 1 contradiction, 8 misprints" in result.output
    again, before = Repository(checkout).source("the-same-again"), Repository(checkout).source(SOURCE_ID)
    assert [(c.row, c.field, c.printed) for c in again.cells] == [
        (c.row, c.field, c.printed) for c in before.cells
    ]


def test_a_table_without_lines_is_asked_about_where_a_page_ends(checkout: Path, tmp_path: Path) -> None:
    rows = [[f"静岡県{name}", f"{name}の会", f"{name}の空き家を活用する。" * 3] for name in SHIZUOKA]
    content = typeset(
        "".join(f"<p>{line}</p>" for line in [*LEAD_LINES[:3], f"取組{len(rows)}件を採択しました。"])
        + table(["実施地域", "応募主体", "取組概要"], *rows, kind="bare", headings=1),
        css="@page { size: A5 }",
    )
    (tmp_path / "list.pdf").write_bytes(content)
    result = run(checkout, tmp_path / "list.pdf")
    assert result.exit_code == 1, result.output
    pages = Repository(checkout).source(ID).text.count("\f")
    assert pages
    assert f"decide: {pages} page break" in result.output
    with (folder(checkout) / "worksheet.csv").open(encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file))
    with (folder(checkout) / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, DECISION_COLUMNS, lineterminator="\n")
        out.writeheader()
        for line in asked:
            given = {"value": line["candidate"], "reviewer": "A", "date": "2026-10-01"}
            out.writerow({name: given.get(name) or line[name] for name in DECISION_COLUMNS})
    result = run(checkout, tmp_path / "list.pdf")
    assert result.exit_code == 0, result.output


def test_a_text_is_its_own_text(checkout: Path, tmp_path: Path) -> None:
    text = "\n".join([*LEAD_LINES, "", *("\t".join(row) for row in [HEADINGS, *ROWS])]) + "\n"
    (tmp_path / "list.txt").write_bytes(text.encode())
    assert run(checkout, tmp_path / "list.txt").exit_code == 0
    assert not (folder(checkout) / "text.txt").exists()
    assert Repository(checkout).source(ID).text == text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8-sig", "utf-16"])
def test_a_text_in_another_encoding_has_its_text_beside_it(
    checkout: Path, tmp_path: Path, encoding: str
) -> None:
    text = "\r\n".join([*LEAD_LINES, "", *("\t".join(row) for row in [HEADINGS, *ROWS])]) + "\r\n"
    (tmp_path / "list.txt").write_bytes(text.encode(encoding))
    assert run(checkout, tmp_path / "list.txt").exit_code == 0
    assert (folder(checkout) / "text.txt").read_bytes() == text.encode()
    assert (folder(checkout) / "original.txt").read_bytes() == text.encode(encoding)
    assert Repository(checkout).source(ID).text == text


# --- ids and programmes ----------------------------------------------------------------


def test_a_document_without_its_day_asks_for_an_id(checkout: Path, tmp_path: Path) -> None:
    path = written(tmp_path, lead=[f"「{NAME}」の採択結果について"])
    assert "say --id, with the day and the publisher" in refused(checkout, path)
    result = run(checkout, path, "--id", "2026-spring")
    assert result.exit_code == 1
    assert "say what is not printed: published-date, fiscal-year, in [stated]" in result.output
    assert f"Next: nichiiki-ld review 2026-spring --interactive --root {checkout}" in result.output
    description = folder(checkout, "2026-spring") / "source.toml"
    text = description.read_text(encoding="utf-8")
    assert '# published-date = "令和8年3月26日"  # needed' in text
    assert '# round = "2次募集"  # if there is one' in text
    assert not (folder(checkout, "2026-spring") / "worksheet.csv").exists()
    stated = text.replace("# published-date", "published-date").replace("# fiscal-year", "fiscal-year")
    description.write_text(stated, encoding="utf-8")
    assert run(checkout, path).exit_code == 0


@pytest.mark.parametrize(
    "source_id", ["../elsewhere", "a/b", "..", "", "A", "一覧", "a--b", "-a", ".import-x", "a b"]
)
def test_ids_that_name_no_folder(checkout: Path, tmp_path: Path, source_id: str) -> None:
    assert "an id has lower-case letters" in refused(checkout, written(tmp_path), "--id", source_id)


def test_an_id_that_another_document_has(checkout: Path, tmp_path: Path) -> None:
    output = refused(checkout, written(tmp_path), "--id", SOURCE_ID)
    assert f"{folder(checkout, SOURCE_ID)}: is another document" in output
    assert "a new edition of a document is a new source" in output


def test_another_document_of_the_same_day(checkout: Path, tmp_path: Path) -> None:
    assert run(checkout, written(tmp_path)).exit_code == 0
    other = written(tmp_path, "other.csv", [ROWS[1]])
    assert f"{folder(checkout)}: is another document" in refused(checkout, other)
    assert run(checkout, other, "--id", f"{ID}-2").exit_code == 1


def test_a_document_that_is_a_source_of_another_id(checkout: Path, tmp_path: Path) -> None:
    assert run(checkout, written(tmp_path)).exit_code == 0
    assert f"is a source already, as {ID}" in refused(checkout, written(tmp_path), "--id", "another")


def test_a_programme_that_nobody_has_described(checkout: Path, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        lead=["令和8年9月30日", "令和8年度「若者移住支援事業」の採択結果について", "取組2件を採択しました。"],
    )
    output = refused(checkout, path)
    assert f"{path}: the document names no programme that is described" in output
    assert "known: leading-projects" in output
    template = output[output.index("website = ") :]
    described = tomllib.loads(template)
    assert described["name"]["ja"] == "若者移住支援事業"
    assert "there is no programme 'youth'" in refused(checkout, path, "--programme", "youth")
    described_text = template.replace('en = ""', 'en = "Youth"').replace(
        'corporate_number = ""', 'corporate_number = "4000012010005"'
    )
    (checkout / "data/programmes/youth.toml").write_text(
        described_text.replace('website = ""', 'website = "https://www.example.go.jp/"'), encoding="utf-8"
    )
    assert run(checkout, path).exit_code == 0
    assert Repository(checkout).source("2026-09-30-example").programme == "youth"


def programme(id_: str, name: str, number: str = "2000012100001") -> Programme:
    names = {"ja": name, "en": id_}
    return Programme(id_, names, names, Agency(number, {"ja": "省", "en": "Ministry"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("令和8年度「地域活性化事業」の結果", "a", id="as it is called"),
        pytest.param("地域活性\n化 事業", "a", id="broken across lines"),
        pytest.param("広域地域活性化事業の結果", "b", id="a name that has another in it"),
        pytest.param("広域地域活性化事業は地域活性化事業の後継", None, id="both"),
        pytest.param("ＩＴ事業とIT事業", "c", id="in another width"),
        pytest.param("地域活性事業", None, id="almost"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_which_programme_is_named(text: str, expected: str | None) -> None:
    known = {
        each.id: each
        for each in (
            programme("a", "地域活性化事業"),
            programme("b", "広域地域活性化事業"),
            programme("c", "IT事業"),
        )
    }
    if expected:
        assert programme_named(text, (), known).id == expected
    else:
        with pytest.raises(SourceError) as caught:
            programme_named(text, (), known)
        assert caught.value.hint


@pytest.mark.parametrize(
    ("address", "name"),
    [
        pytest.param("https://www.mlit.go.jp/report/press/1.html", "mlit", id="a ministry"),
        pytest.param("https://www.pref.hokkaido.lg.jp/", "hokkaido", id="a prefecture"),
        pytest.param("https://www.city.kitami.lg.jp/", "kitami", id="a city"),
        pytest.param("https://example.com/", "example", id="no Japanese domain"),
        pytest.param("https://go.jp/", "go", id="the second level itself"),
        pytest.param("http://127.0.0.1:8000/", "", id="an address of numbers"),
        pytest.param("http://localhost/", "", id="no domain"),
        pytest.param("http://[zz]/", "", id="no address"),
        pytest.param("", "", id="none"),
    ],
)
def test_what_a_publisher_is_called(address: str, name: str) -> None:
    assert publisher_name(address) == name


def test_what_is_printed_stays_in_its_comment() -> None:
    cells = [
        Cell(LEAD, "title", '一行目\nprogramme = "x"\r\x0b\x1b[2J"\\', 0, 1),
        Cell(LEAD, "office-1", "a\u2028b\x7f", 0, 1),
    ]
    intake = Intake(
        programme("a", "名\n前"), "original.pdf", "0" * 64, cells, columns={'見"出\nし': "places"}
    )
    described = tomllib.loads(describe(intake))
    assert described["programme"] == "a"
    assert described["columns"] == {'見"出\nし': "places"}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u2028]", describe(intake))


def test_a_publisher_that_is_no_ministry_has_no_licence_by_rule() -> None:
    municipality = Intake(programme("a", "事業", "4000020182079"), "original.pdf", "0" * 64, ())
    text = describe(municipality)
    assert "licence" not in tomllib.loads(text)
    assert "The licence is not known" in text


# --- headings that are not recognised --------------------------------------------------


def test_headings_that_are_not_recognised(checkout: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [["地区", "担い手", "なかみ"], *(row[1:] for row in ROWS)]
    path.write_text("\n".join([*LEAD_LINES, "", *(",".join(row) for row in rows)]), encoding="utf-8")
    output = refused(checkout, path)
    assert '"担い手" = "' in output
    assert "say each as --column HEADING=ROLE" in output
    said = ["--column", "地区=places", "--column", "担い手=applicant", "--column", "なかみ=summary"]
    assert run(checkout, path, *said).exit_code == 0
    assert Repository(checkout).sources[ID].describe().columns == {
        "地区": "places",
        "担い手": "applicant",
        "なかみ": "summary",
    }
    assert run(checkout, path).exit_code == 0
    assert run(checkout, path, *said).exit_code == 0
    assert "its description says something else" in refused(checkout, path, "--column", "なかみ=title")


@pytest.mark.parametrize("column", ["地区", "地区=place", "=places", ""])
def test_columns_that_say_nothing(checkout: Path, tmp_path: Path, column: str) -> None:
    assert "is not HEADING=ROLE" in refused(checkout, written(tmp_path), "--column", column)


# --- again -----------------------------------------------------------------------------


def test_again(checkout: Path, tmp_path: Path) -> None:
    path = written(tmp_path, rows=[*ROWS, ["3", "北海道中士幌町", "士幌の会", "関係人口を増やす。"]])
    assert run(checkout, path).exit_code == 1
    kept = {
        "source.toml": (folder(checkout) / "source.toml").read_text(encoding="utf-8") + "# looked at\n",
        "decisions.csv": "row,field,printed,value,reason,reason_en,evidence,reviewer,date\n"
        "3,name-1,北海道中士幌町,北海道士幌町,理由,reason,municipality/016322,A,2026-10-01\n"
        "lead,decision-count-1,2件,3件,理由,reason,document/x,A,2026-10-01\n",
        "themes.csv": "row,theme,phrase\n1,telework,テレワーク\n",
        "translations.csv": "row,field,printed,language,text,translator,date\n",
    }
    for name, text in kept.items():
        (folder(checkout) / name).write_text(text, encoding="utf-8")
    for name in ("rows.csv", "text.txt"):
        (folder(checkout) / name).unlink()
    result = run(checkout, path)
    assert result.exit_code == 0, result.output
    assert {name: (folder(checkout) / name).read_text(encoding="utf-8") for name in kept} == kept
    assert sorted(each.name for each in folder(checkout).iterdir()) == sorted(
        [*kept, "original.csv", "rows.csv", "text.txt"]
    )


def test_again_under_another_name(checkout: Path, tmp_path: Path) -> None:
    """How a document is read depends on what it is called, so the name it got at first holds."""
    lines = [
        *LEAD_LINES,
        "",
        "\t".join(HEADINGS),
        *("\t".join(row) for row in ROWS),
        '3\t"静岡県"\t"森"\t調査',
    ]
    path = tmp_path / "list.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    run(checkout, path)
    before = {each.name: each.read_bytes() for each in folder(checkout).iterdir()}
    assert "original.tsv" in before
    other = path.rename(tmp_path / "list.txt")
    run(checkout, other)
    assert {each.name: each.read_bytes() for each in folder(checkout).iterdir()} == before


def test_a_source_without_a_licence_is_in_the_way_of_nothing_but_a_build(
    checkout: Path, tmp_path: Path
) -> None:
    """A publisher that is no ministry has no licence by rule: a person looks it up."""
    programmes = checkout / "data/programmes"
    text = (programmes / "leading-projects.toml").read_text(encoding="utf-8")
    (programmes / "leading-projects.toml").write_text(
        text.replace("2000012100001", "7000020010006"), encoding="utf-8"
    )
    first, second = written(tmp_path), written(tmp_path, "other.csv", ROWS[:1])
    result = run(checkout, first)
    assert "look up the licence, and give it in source.toml" in result.output
    assert "licence" not in tomllib.loads((folder(checkout) / "source.toml").read_text(encoding="utf-8"))
    assert run(checkout, first).exit_code == 0
    reviewed = CliRunner().invoke(main, ["review", "--root", str(checkout)])
    assert f"{ID}: 2 rows, 0 decisions, 0 undecided" in reviewed.output
    assert run(checkout, second, "--id", "2026-10-01-hokkaido").exit_code == 1
    assert Repository(checkout).source(ID).licence == ""


def test_again_says_when_the_original_was_altered(checkout: Path, tmp_path: Path) -> None:
    path = written(tmp_path)
    assert run(checkout, path).exit_code == 0
    (folder(checkout) / "original.csv").write_bytes(b"x")
    assert "the original has the SHA-256" in refused(checkout, path)


def test_again_with_another_programme(checkout: Path, tmp_path: Path) -> None:
    assert run(checkout, written(tmp_path)).exit_code == 0
    assert "its description says something else" in refused(
        checkout, written(tmp_path), "--programme", "other"
    )


# --- nothing half done -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param(
            "list.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "list.pdf: ", id="a PDF that is cut off"
        ),
        pytest.param(
            "list.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "list.xls: ",
            id="a workbook of the old kind",
        ),
        pytest.param("list.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "list.png: ", id="a picture"),
        pytest.param("list.txt", b"", "list.txt: is empty", id="empty"),
        pytest.param("list.txt", "ここに表はない。\n".encode(), "there is no table", id="no table"),
        pytest.param("list.csv", "番号,実施地域,応募主体\n".encode(), "list.csv: ", id="no rows"),
    ],
)
def test_documents_that_are_none(
    checkout: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    output = refused(checkout, tmp_path / name)
    assert message in output
    assert "  fix: " in output


def test_half_of_a_character(checkout: Path, tmp_path: Path) -> None:
    """A workbook can escape what no text can hold."""
    workbook = openpyxl.Workbook()
    for row in [*([line] for line in LEAD_LINES), HEADINGS, *ROWS]:
        workbook.active.append(row)
    workbook.active["C6"] = "北見の会XX"
    workbook.save(tmp_path / "plain.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(tmp_path / "list.xlsx", "w") as out,
    ):
        for name in plain.namelist():
            out.writestr(name, plain.read(name).replace(b"XX", b"_xD800_"))
    assert "list.xlsx: has a character that is none: U+D800" in refused(checkout, tmp_path / "list.xlsx")


def test_what_is_no_file(checkout: Path, tmp_path: Path) -> None:
    assert "there is no such file" in refused(checkout, tmp_path / "none.pdf")
    assert "is no file" in refused(checkout, tmp_path)
    assert "is no file" in refused(checkout, "/dev/zero")
    (tmp_path / "large.pdf").touch()
    os.truncate(tmp_path / "large.pdf", 1 << 30)
    assert "is larger than 64 MiB" in refused(checkout, tmp_path / "large.pdf")


def test_a_folder_that_cannot_be_written(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / "data/sources")
    (checkout / "data/sources").write_text("a file", encoding="utf-8")
    assert "data/sources: cannot be written to" in refused(checkout, written(tmp_path))


def test_a_failure_while_writing_leaves_nothing(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    assert "No space left on device" in refused(checkout, written(tmp_path))


def test_what_a_killed_import_leaves_is_no_source_and_goes_away(checkout: Path, tmp_path: Path) -> None:
    left = checkout / "data/sources/.import-killed"
    shutil.copytree(folder(checkout, SOURCE_ID), left)
    assert Repository(checkout).source_ids() == [SOURCE_ID]
    assert run(checkout, written(tmp_path)).exit_code == 0
    assert not left.exists()
    assert Repository(checkout).source_ids() == [SOURCE_ID, ID]


def test_an_import_that_is_killed_anywhere_leaves_a_source_or_none(checkout: Path, tmp_path: Path) -> None:
    """The moments differ from run to run; what is left must always be one of the two."""
    path = written(tmp_path, rows=ROWS * 300)
    for delay in (0.0, 0.002, 0.004, 0.008):
        process = subprocess.Popen([*NICHIIKI, "import", "--root", checkout, path], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while (
            not any((checkout / "data/sources").glob(".import-*"))
            and process.poll() is None
            and time.monotonic() < until
        ):
            time.sleep(0.0005)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        ids = Repository(checkout).source_ids()
        assert set(ids) in ({SOURCE_ID}, {SOURCE_ID, ID})
        for each in ids:
            Repository(checkout).source(each)
        shutil.rmtree(folder(checkout), ignore_errors=True)
    assert run(checkout, path).exit_code == 1


def test_two_at_once_get_one_folder(checkout: Path) -> None:
    """The second waits for the first, and then finds the folder taken."""
    folders = SourceFolders(checkout / "data/sources")
    errors: list[SourceError] = []

    def add() -> None:
        try:
            folders.add("same", {f"file-{n}": bytes(1000) for n in range(20)})
        except SourceError as error:
            errors.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(errors) == 3
    assert {error.message for error in errors} == {"is there already"}
    assert len(list((checkout / "data/sources/same").iterdir())) == 20


# --- from the web ----------------------------------------------------------------------


@contextmanager
def serving(directory: Path) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(directory))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_from_an_address(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    path = written(tmp_path)
    with serving(tmp_path) as (address, asked):
        result = run(checkout, f"{address}/list.csv#page=2")
        assert result.exit_code == 0, result.output
        assert asked == ["/list.csv"]
        assert "status 404" in refused(checkout, f"{address}/none.pdf")
    source = Repository(checkout).source(ID)
    assert source.related == (f"{address}/list.csv",)
    assert (folder(checkout) / "original.csv").read_bytes() == path.read_bytes()
    assert run(checkout, path).exit_code == 0


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.org/list.pdf", "data:text/csv,a", "https://"]
)
def test_from_elsewhere(checkout: Path, address: str) -> None:
    assert "  fix: " in refused(checkout, address)
