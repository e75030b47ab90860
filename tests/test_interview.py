"""`nichiiki-ld review --interactive`: one key for each doubt, and no answer is ever lost."""

from __future__ import annotations

import csv
import datetime
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import ROOT, SOURCE_ID
from nichiiki_ld.cli import review as command
from nichiiki_ld.cli.main import main
from nichiiki_ld.errors import TableError
from nichiiki_ld.repository import Repository
from nichiiki_ld.repository.ledger import Ledger
from terminal import NICHIIKI, Terminal

HEADER = "row,field,printed,value,reason,reason_en,evidence,reviewer,date"
CHOSEN = ["1", "\n"]
"""The first candidate, for the reasons that are proposed."""

Answer = Callable[..., Result]

CTRL_C = "\x03"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a review looks at, in which nothing is decided and no row is translated."""
    shutil.copytree(
        ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("worksheet.csv", "links", "queries")
    )
    for name in ("decisions.csv", "translations.csv", "themes.csv"):
        (tmp_path / "data/sources" / SOURCE_ID / name).unlink()
    (tmp_path / "ontology").symlink_to(ROOT / "ontology")
    return tmp_path


@pytest.fixture(autouse=True)
def _who_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NICHIIKI_REVIEWER", raising=False)


def decisions(checkout: Path) -> Path:
    return checkout / "data/sources" / SOURCE_ID / "decisions.csv"


def decided(checkout: Path) -> list[dict[str, str]]:
    with decisions(checkout).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def answer(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Run a walk with these keys and lines typed, as if on a terminal; it ends when they do."""

    def run(*typed: str, reviewer: str = "A") -> Result:
        monkeypatch.setattr(command, "on_terminal", lambda: True)
        arguments = ["review", SOURCE_ID, "--root", str(checkout), "-i"]
        arguments += ["--reviewer", reviewer] if reviewer else []
        return CliRunner().invoke(main, arguments, input="".join(typed), prog_name="nichiiki-ld")

    return run


def print_instead(checkout: Path, old: str, new: str) -> None:
    """Let the document print something else."""
    folder = decisions(checkout).parent
    text = (folder / "original.txt").read_bytes().decode()
    assert text.count(old) == 1
    content = text.replace(old, new).encode()
    described = (folder / "source.toml").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "original.txt").write_bytes(content)
    (folder / "source.toml").write_text(
        described.replace(digest, hashlib.sha256(content).hexdigest()), encoding="utf-8"
    )
    assert CliRunner().invoke(main, ["extract", "--root", str(checkout)]).exit_code == 0


def lead(year: str = "2", evidence: str = "") -> list[str]:
    """Choose a fiscal year, for a reason that nobody can propose."""
    return [year, "注記による。\n", "The note says so.\n", f"{evidence}\n"]


def test_all_the_way(checkout: Path, answer: Answer) -> None:
    result = answer(*CHOSEN * 8, *lead())
    assert result.exit_code == 0, result.output
    assert "9 of 9" in result.output
    assert f"{SOURCE_ID}: 14 rows, 9 decisions, 0 undecided" in result.output
    with (ROOT / "data/sources" / SOURCE_ID / "decisions.csv").open(encoding="utf-8", newline="") as file:
        expected = [(line["row"], line["field"], line["value"]) for line in csv.DictReader(file)]
    found = decided(checkout)
    assert [(line["row"], line["field"], line["value"]) for line in found] == [*expected[1:], expected[0]]
    today = datetime.datetime.now().astimezone().date().isoformat()
    assert {(line["reviewer"], line["date"]) for line in found} == {("A", today)}
    assert found[-1]["evidence"] == f"document/{SOURCE_ID}"
    assert found[-1]["reason"] == "注記による。"
    assert found[0]["evidence"] == "municipality/074071"
    assert all(line["reason"] and line["reason_en"] for line in found)
    assert answer().exit_code == 0


def test_what_is_shown(answer: Answer) -> None:
    shown = answer(*["s"] * 8, "q").output
    assert "ふくしまけん磐梯町 福島県磐梯町 │ 磐梯町二地域居住推進コンソーシアム" in shown
    assert "1  ふくしまけんばんだいまち  074071" in shown
    assert "2  reading-5: ほっかいどうしほろちょう  016322" in shown
    lead_line = shown[shown.index("9 of 9") :]
    assert "なお、今回の交付決定は、" in lead_line
    assert "【問合せ先】" not in lead_line


def test_each_answer_is_on_disk_before_the_next_question(checkout: Path, answer: Answer) -> None:
    result = answer(*CHOSEN, *CHOSEN)
    assert result.exit_code == 1
    assert [line["row"] for line in decided(checkout)] == ["3", "7"]
    assert "2 decisions, 7 undecided" in result.output
    assert "7 undecided" in answer("q").output


def test_nothing_is_asked_while_a_worksheet_is_filled_in(checkout: Path, answer: Answer) -> None:
    answer("q")
    worksheet = decisions(checkout).with_name("worksheet.csv")
    text = worksheet.read_text(encoding="utf-8")
    worksheet.write_text(text.replace("municipality/074071,,", "municipality/074071,A,"), encoding="utf-8")
    assert worksheet.read_text(encoding="utf-8") != text
    result = answer(*CHOSEN)
    assert result.exit_code == 2
    assert "is filled in, but not in decisions.csv" in result.output
    assert "1 of 9" not in result.output


def test_skipped_doubts_come_again_the_next_time(checkout: Path, answer: Answer) -> None:
    result = answer(*["s"] * 9)
    assert result.exit_code == 1
    assert "0 decisions, 9 undecided" in result.output
    assert not decisions(checkout).exists()
    assert "1 of 9" in answer("q").output


def test_back(checkout: Path, answer: Answer) -> None:
    """Back takes back what this walk has decided, or passed over, one step each."""
    answer(*CHOSEN, "s", *CHOSEN, "b", "b", "b", *CHOSEN, "q")
    assert [(line["row"], line["value"]) for line in decided(checkout)] == [("3", "ふくしまけんばんだいまち")]
    answer("b", "b", *CHOSEN, "b", "q")
    assert [line["row"] for line in decided(checkout)] == ["3"]


def test_back_to_nothing_leaves_no_file(checkout: Path, answer: Answer) -> None:
    answer(*CHOSEN, "b", "q")
    assert not decisions(checkout).exists()


def test_another_value(checkout: Path, answer: Answer) -> None:
    skip_to_name_5 = ["s"] * 6
    result = answer(*skip_to_name_5, "e", "北海道上士幌町\n", "理由\n", "reason\n", "\n", "q")
    assert result.exit_code == 1
    (line,) = decided(checkout)
    assert (line["row"], line["field"], line["printed"], line["value"]) == (
        "10",
        "name-5",
        "北海道士幌町",
        "北海道上士幌町",
    )
    assert line["evidence"] == "municipality/016331"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param("北海道中士幌町", "no such place exists", id="no place"),
        pytest.param("", "but the reading", id="as printed, which settles nothing"),
    ],
)
def test_a_value_that_settles_nothing(checkout: Path, answer: Answer, value: str, message: str) -> None:
    result = answer(*["s"] * 6, "e", f"{value}\n", "q")
    assert "does not settle it: " in result.output
    assert message in result.output[result.output.index("does not settle it: ") :]
    assert not decisions(checkout).exists()


def test_a_fiscal_year_that_is_printed_nowhere(checkout: Path, answer: Answer) -> None:
    result = answer(*["s"] * 8, "e", "令和5年度\n", "q")
    assert "does not settle it: " in result.output
    assert not decisions(checkout).exists()


def test_a_value_that_contradicts_a_decision(checkout: Path, answer: Answer) -> None:
    """Name and reading are both wrong. With the name decided, only its reading settles the other."""
    print_instead(
        checkout, "ほっかいどうかみしほろちょう 北海道士幌町", "ほっかいどうかみしほちょ 北海道士晃町"
    )
    to_name_5 = ["s"] * 6
    reasons = ["理由\n", "reason\n", "\n"]
    result = answer(
        *to_name_5, "e", "北海道上士幌町\n", *reasons,
        "e", "ほっかいどうしほろちょう\n",
        "e", "ほっかいどうかみしほろちょう\n", *reasons, "q",
    )  # fmt: skip
    refusal = " ".join(result.output[result.output.index("does not settle it: ") :].split())
    assert refusal.startswith("does not settle it: it contradicts the decision on row 10, name-5: ")
    assert [(line["field"], line["value"]) for line in decided(checkout)] == [
        ("name-5", "北海道上士幌町"),
        ("reading-5", "ほっかいどうかみしほろちょう"),
    ]
    assert "2 decisions, 8 undecided" in answer("q").output


def test_the_end_of_the_input_is_the_end_of_the_walk(answer: Answer) -> None:
    """Also where the reasons are to be taken."""
    result = answer("1")
    assert "e edit" in result.output
    assert "0 decisions, 9 undecided" in result.output


def test_a_cell_is_decided_once(checkout: Path, answer: Answer) -> None:
    """A decision that settles nothing is mended where it stands, not by a second one."""
    before = f"{HEADER}\n3,reading-1,ふくしまけん磐梯町,ふくしまけんばんだいむら,理由,reason,municipality/074071,Z,2026-01-01\n"
    decisions(checkout).write_text(before, encoding="utf-8")
    result = answer("1", "q")
    assert "does not settle it: this is decided already" in result.output
    assert decisions(checkout).read_text(encoding="utf-8") == before


def test_a_row_is_dropped(checkout: Path, answer: Answer) -> None:
    result = answer("d", "取組ではない。\n", "It is no project.\n", "\n", "q")
    (line,) = decided(checkout)
    assert (line["row"], line["field"], line["value"]) == ("3", "row", "dropped")
    assert line["printed"].startswith("ふくしまけん磐梯町 福島県磐梯町\t")
    assert line["evidence"] == f"document/{SOURCE_ID}/row/3"
    assert "13 rows, 1 decisions" in result.output


def test_the_lead_is_not_dropped(checkout: Path, answer: Answer) -> None:
    assert "drop the row" not in answer(*["s"] * 8, "d", "q").output.partition("9 of 9")[2]
    assert not decisions(checkout).exists()


def test_reasons_can_be_edited(checkout: Path, answer: Answer) -> None:
    answer("1", "e", "理由\n", "\n", "https://example.org/a municipality/074071\n", "q")
    (line,) = decided(checkout)
    assert line["reason"] == "理由"
    assert "磐梯町 is read" in line["reason_en"]
    assert line["evidence"] == "https://example.org/a municipality/074071"


@pytest.mark.parametrize(
    "evidence", ["新聞", "the news", "https://", "municipality/", 'https://example.org/"', "ftp://a/b"]
)
def test_evidence_that_is_no_iri(checkout: Path, answer: Answer, evidence: str) -> None:
    result = answer(*["s"] * 8, *lead(evidence=evidence), "\n", "q")
    assert "is no IRI" in result.output
    assert decided(checkout)[0]["evidence"] == f"document/{SOURCE_ID}"


def test_other_keys_do_nothing(checkout: Path, answer: Answer) -> None:
    assert answer("3", "9", "0", "x", " ", "\r", "b", "あ", "q").exit_code == 1
    assert not decisions(checkout).exists()


def test_who_decides_is_asked_once(checkout: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_name_in_git", lambda: "B. of git")
    result = answer(*CHOSEN, "\n", *CHOSEN, "q", reviewer="")
    assert result.output.count("Reviewer, as it is published [B. of git]") == 1
    assert [line["reviewer"] for line in decided(checkout)] == ["B. of git"] * 2


def test_who_decides_can_stand_in_the_environment(
    checkout: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NICHIIKI_REVIEWER", "C")
    answer(*CHOSEN, "q", reviewer="")
    assert [line["reviewer"] for line in decided(checkout)] == ["C"]


def test_git_is_asked_for_a_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[user]\n  name = 二 地域\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    assert command._name_in_git() == "二 地域"
    monkeypatch.setenv("PATH", "")
    assert command._name_in_git() is None


def test_no_terminal(checkout: Path) -> None:
    done = subprocess.run(
        [*NICHIIKI, "review", "--root", checkout, "--interactive"],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "asks on a terminal, and this is none: fill in worksheet.csv" in done.stderr
    assert not decisions(checkout).exists()


def test_what_is_not_printed_is_no_question_of_decisions(checkout: Path, answer: Answer) -> None:
    """A fact that the document lacks can only be stated in source.toml."""
    rows = decisions(checkout).with_name("rows.csv")
    text = rows.read_text(encoding="utf-8")
    rows.write_text(
        "".join(line for line in text.splitlines(keepends=True) if ",title," not in line), encoding="utf-8"
    )
    shown = answer(*["s"] * 9, "e", "d", "1", "q").output.partition("10 of 10")[2]
    assert "missing: the document prints no title: write it in [stated] of source.toml" in shown
    assert "type another value" not in shown
    assert not decisions(checkout).exists()


# --- themes ------------------------------------------------------------------------------


@pytest.fixture
def settled(checkout: Path) -> Path:
    """The checkout with everything decided, and no theme given but to the rows from 3 on."""
    folder = decisions(checkout).parent
    shutil.copy(ROOT / "data/sources" / SOURCE_ID / "decisions.csv", folder)
    (folder / "themes.csv").write_text(
        "row,theme,phrase\n" + "".join(f"{row},two-region-living,二地域居住\n" for row in range(3, 15)),
        encoding="utf-8",
    )
    return folder / "themes.csv"


def themes(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(line["row"], line["theme"], line["phrase"]) for line in csv.DictReader(file)][12:]


def test_themes_are_asked_for_after_the_doubts(settled: Path, answer: Answer) -> None:
    result = answer(*"ny" * 20)
    assert result.exit_code == 0
    asked = [line for line in result.output.splitlines() if line.startswith("theme ")]
    assert len(asked) >= 4
    assert {line.split("row ")[1].split()[0] for line in asked} == {"1", "2"}
    taken = themes(settled)
    assert len(taken) == len(asked) // 2
    assert {row for row, _, _ in taken} <= {"1", "2"}
    source = Repository(settled.parents[3]).source(SOURCE_ID)
    printed = {cell.row: cell.printed for cell in source.cells if cell.field == "row"}
    assert all(phrase in printed[row] for row, _, phrase in taken)


def test_what_a_theme_rests_on_is_shown(settled: Path, answer: Answer) -> None:
    shown = answer("q").output
    assert "theme 1 of " in shown
    assert "北海道北見市 │ 北見市二地域ライフ推進コンソーシアム │" in shown
    assert "テレワーク  Telework  telework" in shown
    assert "y take it   n leave it   q quit" in shown
    assert themes(settled) == []


def asked_themes(settled: Path, answer: Answer) -> dict[str, int]:
    """Return how many themes each row suggests."""
    shown = answer(*"n" * 40).output.splitlines()
    rows = [line.split("row ")[1].split()[0] for line in shown if line.startswith("theme ")]
    assert themes(settled) == []
    counts = {row: rows.count(row) for row in rows}
    assert list(counts) == ["1", "2"]
    assert min(counts.values()) > 1
    return counts


def test_a_row_that_is_left_in_the_middle_comes_again_whole(settled: Path, answer: Answer) -> None:
    """A row that has themes is not asked about: half of one would be taken for the whole."""
    counts = asked_themes(settled, answer)
    result = answer(*"y" * (counts["1"] + 1), "q")
    assert [row for row, _, _ in themes(settled)] == ["1"] * counts["1"]
    assert "row 2 was not finished, and comes again" in result.output
    again = answer(*"y" * counts["2"])
    assert f"theme 1 of {counts['2']}  row 2" in again.output
    assert [row for row, _, _ in themes(settled)] == ["1"] * counts["1"] + ["2"] * counts["2"]
    assert "theme 1 of " not in answer("q").output


@pytest.mark.parametrize("end", [pytest.param("q", id="quit"), pytest.param("", id="the end of the input")])
def test_nothing_of_a_row_is_written_before_its_last_question(
    settled: Path, answer: Answer, end: str
) -> None:
    before = settled.read_bytes()
    answer("y", end)
    assert settled.read_bytes() == before


def test_themes_back(settled: Path, answer: Answer) -> None:
    counts = asked_themes(settled, answer)
    first = counts["1"]
    answer("y", "b", *"n" * (first - 1), "y", "q")
    assert len(themes(settled)) == 1
    settled.write_text(
        "".join(settled.read_text(encoding="utf-8").splitlines(keepends=True)[:13]), encoding="utf-8"
    )
    # From the next row back into this one, twice, and then to its beginning.
    answer(*"y" * first, "b", "y", "b", "b", *"b" * (first - 2), "b", "x", *"n" * (first - 1), "y", "q")
    assert [row for row, _, _ in themes(settled)] == ["1"]


def test_back_into_a_row_of_which_nothing_was_taken(settled: Path, answer: Answer) -> None:
    counts = asked_themes(settled, answer)
    answer(*"n" * counts["1"], "b", "y", "b", "n", "q")
    assert themes(settled) == []


def test_no_themes_for_who_quits(checkout: Path, answer: Answer) -> None:
    result = answer("q", "y")
    assert "theme 1 of " not in result.output
    assert not (decisions(checkout).with_name("themes.csv")).exists()


# --- what stands in the file already ---------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, b"a,b\n1,2\n", id="no file"),
        pytest.param(b"a,b\n", b"a,b\n1,2\n", id="the heading"),
        pytest.param(b"a,b\nx,y", b"a,b\nx,y\n1,2\n", id="no line end at the end"),
        pytest.param(
            b"\xef\xbb\xbfa,b\r\nx,y\r\n", b"\xef\xbb\xbfa,b\r\nx,y\r\n1,2\r\n", id="as Excel writes it"
        ),
        pytest.param(b'a,b\n"x\r\ny",z\n', b'a,b\n"x\r\ny",z\n1,2\n', id="a line end within a field"),
    ],
)
def test_lines_are_added_and_nothing_else_changes(tmp_path: Path, before: bytes | None, after: bytes) -> None:
    path = tmp_path / "decisions.csv"
    if before is not None:
        path.write_bytes(before)
    ledger = Ledger(path, ("a", "b"))
    ledger.append({"a": "1", "b": "2"})
    assert path.read_bytes() == after
    ledger.append({"a": "3,\n", "b": ""})
    ledger.take_back()
    assert path.read_bytes() == after
    ledger.append({"a": "3", "b": "4"}, {"a": "5", "b": "6"})
    assert path.read_bytes().decode().split() == [*after.decode().split(), "3,4", "5,6"]
    ledger.take_back()
    assert path.read_bytes() == after
    ledger.take_back()
    assert path.exists() == (before is not None)
    if before is not None:
        assert path.read_bytes().rstrip(b"\n") == before.rstrip(b"\n")


def test_a_file_that_somebody_else_changes_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    ledger = Ledger(path, ("a", "b"))
    ledger.append({"a": "1", "b": "2"})
    path.write_bytes(path.read_bytes() + b"3,4\n")
    for change in (lambda: ledger.append({"a": "5", "b": "6"}), ledger.take_back):
        with pytest.raises(TableError, match="was changed by somebody else"):
            change()
    assert path.read_bytes() == b"a,b\n1,2\n3,4\n"


def test_decisions_that_are_there_stay(checkout: Path, answer: Answer) -> None:
    before = f"{HEADER}\r\n3,reading-1,ふくしまけん磐梯町,ふくしまけんばんだいまち,理由,reason,municipality/074071,Z,2026-01-01"
    decisions(checkout).write_bytes(before.encode())
    answer(*CHOSEN, "b", "b", "s", *CHOSEN, "q")
    content = decisions(checkout).read_bytes().decode()
    assert content.startswith(f"{before}\r\n9,reading-1,")
    assert len(Repository(checkout).source(SOURCE_ID).decisions) == 2


# --- on a terminal ---------------------------------------------------------------------


@pytest.mark.parametrize("columns", [80, 120])
def test_on_a_terminal(checkout: Path, columns: int) -> None:
    terminal = Terminal([*NICHIIKI, "review", "--root", checkout, "-i", "--reviewer", "A"], columns=columns)
    assert "ふくしまけん磐梯町" in terminal.wait_for("q quit")
    terminal.press("1")
    assert "municipality/074071" in terminal.wait_for("e edit")
    terminal.press("\r")
    terminal.wait_for("2 of 9")
    terminal.wait_for("q quit")
    assert [line["row"] for line in decided(checkout)] == ["3"]
    terminal.press("e")
    terminal.wait_for("Right value")
    terminal.send("ながのけんはくばむら\n")
    terminal.wait_for("Reason, in Japanese")
    terminal.interrupt()
    rest = terminal.read()
    assert terminal.process.returncode == 1
    assert "1 decisions, 8 undecided" in rest
    assert "Traceback" not in rest
    assert [line["row"] for line in decided(checkout)] == ["3"]


def test_ctrl_c_at_a_question(checkout: Path) -> None:
    terminal = Terminal([*NICHIIKI, "review", "--root", checkout, "-i", "--reviewer", "A"], columns=80)
    terminal.wait_for("q quit")
    terminal.press(CTRL_C)
    rest = terminal.read()
    assert terminal.process.returncode == 1
    assert "Traceback" not in rest
    assert "0 decisions, 9 undecided" in rest
