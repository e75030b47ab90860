"""The commands as a person runs them: what they print, what they leave behind, how they exit."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import ROOT, SOURCE_ID
from nichiiki_ld.cli.main import main
from nichiiki_ld.repository.tables import WORKSHEET_COLUMNS
from nichiiki_ld.tabular import format_csv


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of everything that a build reads."""
    for name in ("data", "ontology", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("worksheet.csv"))
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="nichiiki-ld")


def folder(checkout: Path) -> Path:
    return checkout / "data/sources" / SOURCE_ID


def change(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert text.count(old) >= 1, f"{path} does not hold {old}"
    path.write_bytes(text.replace(old, new, 1).encode())


def append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(line)


def recode(folder: Path) -> None:
    """Make the original a text in another encoding."""
    content = (folder / "original.txt").read_bytes().decode().encode("euc_jis_2004")
    digest = hashlib.sha256((folder / "original.txt").read_bytes()).hexdigest()
    (folder / "original.txt").write_bytes(content)
    change(folder / "source.toml", digest, hashlib.sha256(content).hexdigest())


def test_extract_writes_the_text_of_what_is_no_utf_8(checkout: Path) -> None:
    before = {name: (folder(checkout) / name).read_bytes() for name in ("original.txt", "rows.csv")}
    recode(folder(checkout))
    assert run("extract", "--root", checkout).exit_code == 0
    assert (folder(checkout) / "text.txt").read_bytes() == before["original.txt"]
    assert (folder(checkout) / "rows.csv").read_bytes() == before["rows.csv"]
    assert run("review", "--root", checkout).exit_code == 0


def test_extract_removes_a_text_that_is_not_needed(checkout: Path) -> None:
    (folder(checkout) / "text.txt").write_text("old", encoding="utf-8")
    assert "does not stand at" in run("review", "--root", checkout).output
    assert run("extract", "--root", checkout).exit_code == 0
    assert not (folder(checkout) / "text.txt").exists()


def test_extract_writes_the_committed_rows(checkout: Path) -> None:
    before = (folder(checkout) / "rows.csv").read_bytes()
    (folder(checkout) / "rows.csv").unlink()
    result = run("extract", "--root", checkout)
    assert result.exit_code == 0, result.output
    assert (folder(checkout) / "rows.csv").read_bytes() == before
    assert "14 rows, 19 facts of the lead" in result.output


def test_review_of_what_is_settled(checkout: Path) -> None:
    result = run("review", "--root", checkout)
    assert result.exit_code == 0, result.output
    assert "0 undecided" in result.output
    assert not (folder(checkout) / "worksheet.csv").exists()


def test_review_without_decisions_asks_for_them(checkout: Path) -> None:
    decisions = folder(checkout) / "decisions.csv"
    decisions.write_text(decisions.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    result = run("review", "--root", checkout)
    assert result.exit_code == 1
    assert result.output.count("misprint: ") == 8
    assert result.output.count("contradiction: ") == 1
    worksheet = (folder(checkout) / "worksheet.csv").read_text(encoding="utf-8")
    assert worksheet.startswith("why,candidate,because,row,field,printed,value,reason,")
    assert "北海道上士幌町" in worksheet
    assert "ほっかいどうしほろちょう" in worksheet


@pytest.fixture
def worksheet(checkout: Path) -> Path:
    """The worksheet of a document of which nothing is decided."""
    decisions = folder(checkout) / "decisions.csv"
    decided = decisions.read_bytes()
    decisions.unlink()
    assert run("review", "--root", checkout).exit_code == 1
    decisions.write_bytes(decided)
    return folder(checkout) / "worksheet.csv"


def fill_in(worksheet: Path, line: int, **fields: str) -> None:
    """Write something on a line, counted from 1, the heading being the first."""
    with worksheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[line - 2] |= fields
    worksheet.write_text(format_csv(WORKSHEET_COLUMNS, rows), encoding="utf-8")


def test_the_worksheet_goes_away_when_everything_is_decided(checkout: Path, worksheet: Path) -> None:
    assert run("review", "--root", checkout).exit_code == 0
    assert not worksheet.exists()


def look(checkout: Path, command: str) -> Result:
    """Run a command that writes a worksheet anew."""
    document = [folder(checkout) / "original.txt"] if command == "import" else []
    return run(command, "--root", checkout, *document)


@pytest.mark.parametrize("command", ["review", "import"])
@pytest.mark.parametrize(
    "written",
    [
        pytest.param({"value": "ふくしまけんばんだいまち"}, id="a value"),
        pytest.param({"reviewer": "A"}, id="who decides"),
        pytest.param({"date": "2026-01-01"}, id="the day"),
        pytest.param({"reason_en": "The kanji were left in the reading."}, id="a better reason"),
        pytest.param({"reason": "読み仮名に漢字が残る。"}, id="a better reason in Japanese"),
    ],
)
def test_what_is_written_on_a_worksheet_is_not_written_over(
    checkout: Path, worksheet: Path, command: str, written: dict[str, str]
) -> None:
    decisions = folder(checkout) / "decisions.csv"
    decisions.write_bytes(b"".join(decisions.read_bytes().splitlines(keepends=True)[:1]))
    fill_in(worksheet, 4, **written)
    before = {path.name: path.read_bytes() for path in folder(checkout).iterdir()}
    result = look(checkout, command)
    assert result.exit_code == 2, result.output
    assert "worksheet.csv: line 4 is filled in, but not in decisions.csv" in result.output
    assert "move them to decisions.csv first, or clear" in result.output
    assert {path.name: path.read_bytes() for path in folder(checkout).iterdir()} == before


def test_an_import_that_a_worksheet_stops_writes_nothing(checkout: Path, worksheet: Path) -> None:
    (folder(checkout) / "decisions.csv").unlink()
    (folder(checkout) / "rows.csv").unlink()
    fill_in(worksheet, 4, value="ふくしまけんばんだいまち")
    assert look(checkout, "import").exit_code == 2
    assert not (folder(checkout) / "rows.csv").exists()


def test_the_lines_that_are_filled_in_are_named(checkout: Path, worksheet: Path) -> None:
    (folder(checkout) / "decisions.csv").unlink()
    for line in (2, 4, 6):
        fill_in(worksheet, line, value="a")
    assert "lines 2, 4, 6 are filled in" in run("review", "--root", checkout).output


@pytest.mark.parametrize("command", ["review", "import"])
def test_what_was_moved_may_be_left_on_the_worksheet(checkout: Path, worksheet: Path, command: str) -> None:
    fill_in(worksheet, 4, value="ふくしまけんばんだいまち", reviewer="A", date="2026-01-01")
    assert look(checkout, command).exit_code == 0
    assert not worksheet.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"old", "worksheet.csv:1: has the columns old", id="of other columns"),
        pytest.param("読み".encode("cp932"), "worksheet.csv: is not UTF-8", id="of another encoding"),
    ],
)
@pytest.mark.parametrize("command", ["review", "import"])
def test_a_worksheet_that_cannot_be_read_is_left_alone(
    checkout: Path, command: str, content: bytes, message: str
) -> None:
    path = folder(checkout) / "worksheet.csv"
    path.write_bytes(content)
    result = look(checkout, command)
    assert result.exit_code == 2
    assert message in result.output
    assert "move what is filled in to decisions.csv, and remove the file" in result.output
    assert path.read_bytes() == content


Damage = Callable[[Path], object]

BAD_INPUTS: list[tuple[str, Damage, str, str]] = [
    (
        "original missing",
        lambda c: (folder(c) / "original.txt").unlink(),
        "original.txt: the original cannot be read",
        "restore the official document",
    ),
    (
        "original altered",
        lambda c: change(folder(c) / "original.txt", "15団体", "16団体"),
        "original.txt: the original has the SHA-256",
        "restore the original",
    ),
    (
        "rows not extracted",
        lambda c: (folder(c) / "rows.csv").unlink(),
        "rows.csv: the document was not extracted yet",
        "run 'nichiiki-ld extract 2025-07-01-mlit'",
    ),
    (
        "rows.csv that quotes something else",
        lambda c: change(folder(c) / "rows.csv", "北海道北見市", "北海道網走市"),
        "does not stand at",
        "run 'nichiiki-ld extract",
    ),
    (
        "a row with three columns",
        lambda c: change(folder(c) / "rows.csv", "1,applicant,", "1,applicant\n1,applicant,"),
        "has 2 columns instead of 5",
        "the columns are row, field, printed, start, end",
    ),
    (
        "a decision with three columns",
        lambda c: append(folder(c) / "decisions.csv", "3,reading-1,x\n"),
        "decisions.csv:11: has 3 columns instead of 9",
        "the columns are row, field, printed",
    ),
    (
        "a decision that quotes what is not there",
        lambda c: change(folder(c) / "decisions.csv", "北海道士幌町", "北海道音更町"),
        "the decision quotes 「北海道音更町」",
        "correct or remove the decision",
    ),
    (
        "a decision without evidence",
        lambda c: change(folder(c) / "decisions.csv", "municipality/074071", ""),
        "has no evidence",
        "on what evidence",
    ),
    (
        "a decision of no day",
        lambda c: change(folder(c) / "decisions.csv", "2026-11-23", "yesterday"),
        "「yesterday」 is no day",
        "2025-07-01",
    ),
    (
        "an unknown theme",
        lambda c: change(folder(c) / "themes.csv", "telework", "teleport"),
        "themes.csv:2: there is no theme 'teleport'",
        "use one of: community-exchange",
    ),
    (
        "a phrase that is not in the row",
        lambda c: change(folder(c) / "themes.csv", "空き家活用", "空き地活用"),
        "「空き地活用」 stands neither in",
        "quote the row as it is printed",
    ),
    (
        "a theme of a row that does not exist",
        lambda c: append(folder(c) / "themes.csv", "15,telework,x\n"),
        "themes.csv:44: there is no row 15",
        "a row of the table",
    ),
    (
        "a place that is not in the register",
        lambda c: change(folder(c) / "decisions.csv", "北海道上士幌町", "北海道中士幌町"),
        "no such place exists",
        "run 'nichiiki-ld review",
    ),
    (
        "undecided misprints",
        lambda c: (folder(c) / "decisions.csv").unlink(),
        "9 doubts are not decided",
        "run 'nichiiki-ld review 2025-07-01-mlit'",
    ),
    (
        "broken Turtle",
        lambda c: change(c / "ontology/themes.ttl", "<theme/telework> a", "<theme/telework> a <"),
        "ontology/themes.ttl:",
        "mend the file",
    ),
    (
        "broken ontology",
        lambda c: change(c / "ontology/nichiiki.ttl", "@prefix nichiiki:", "@prefix other:"),
        "ontology/nichiiki.ttl:",
        "mend the file",
    ),
    (
        "broken shapes",
        lambda c: change(c / "shapes/core.ttl", "@prefix sh:", "@prefix other:"),
        "core.ttl",
        "",
    ),
    (
        "broken context",
        lambda c: change(c / "ontology/context.jsonld", "{", "{{"),
        "context.jsonld:1: is no JSON",
        "mend the file",
    ),
    (
        "broken rule",
        lambda c: change(c / "ontology/rules/types.rq", "CONSTRUCT {", "CONSTRUCT ("),
        "types.rq: the rule is no usable CONSTRUCT query",
        "",
    ),
    (
        "a term that the context does not know",
        lambda c: change(c / "ontology/context.jsonld", '"summary":', '"abstract":'),
        "the context does not know summary",
        "add the terms",
    ),
    (
        "broken table query",
        lambda c: change(c / "data/tables/areas.rq", "SELECT", "SELCT"),
        "areas: is no usable SELECT query",
        "",
    ),
    (
        "broken TOML",
        lambda c: change(folder(c) / "source.toml", "programme =", "programme"),
        "source.toml: is no TOML",
        "mend the file",
    ),
    (
        "a key too few",
        lambda c: change(folder(c) / "source.toml", "attribution =", "attributed ="),
        "source.toml: lacks the key 'attribution'",
        "add it",
    ),
    (
        "no licence",
        lambda c: change(folder(c) / "source.toml", "licence =", "# licence ="),
        "source.toml: says no licence",
        "look how the publisher licenses its documents",
    ),
    (
        "two decisions on one cell",
        lambda c: append(
            folder(c) / "decisions.csv",
            "3,reading-1,ふくしまけん磐梯町,ふくしまけんばんだいむら,理由,reason,municipality/074071,A,2026-01-01\n",
        ),
        "decisions.csv:11: reading-1 of row 3 is decided twice, also in line 3",
        "keep one of them",
    ),
    (
        "an original elsewhere",
        lambda c: change(folder(c) / "source.toml", '"original.txt"', '"../original.txt"'),
        "the original '../original.txt' is no name of a file",
        "keep it in the same folder",
    ),
    (
        "a stated fact that is no text",
        lambda c: append(folder(c) / "source.toml", "\n[stated]\nround = 2\n"),
        "[stated] has something else than texts",
        "write each value in quotation marks",
    ),
    (
        "columns that are no table",
        lambda c: append(folder(c) / "source.toml", '\ncolumns = "places"\n'),
        "[columns] has something else than texts",
        "write each value in quotation marks",
    ),
    (
        "an original that is no UTF-8, and no text beside it",
        lambda c: recode(folder(c)),
        "text.txt: the document was not extracted yet",
        "run 'nichiiki-ld extract 2025-07-01-mlit'",
    ),
    (
        "an unknown programme",
        lambda c: change(folder(c) / "source.toml", "leading-projects", "other"),
        "there is no programme 'other'",
        "data/programmes/other.toml",
    ),
    (
        "another base",
        lambda c: change(c / "data/publication.toml", "https://w3id.org/nichiiki/", "https://example.org/"),
        "the context's base is",
        "change both",
    ),
    (
        "links with an unknown prefix",
        lambda c: change(c / "data/links/eurovoc.sssom.tsv", "\teurovoc:", "\teu:"),
        "is not in the curie_map",
        "declare it",
    ),
]


@pytest.mark.parametrize(
    ("damage", "message", "hint"),
    [pytest.param(damage, message, hint, id=name) for name, damage, message, hint in BAD_INPUTS],
)
def test_bad_input_is_explained_and_leaves_the_last_release(
    checkout: Path, release_folder: Path, damage: Damage, message: str, hint: str
) -> None:
    dist = checkout / "dist"
    dist.mkdir()
    (dist / "1.0.0").symlink_to(release_folder)
    (dist / "current").symlink_to("1.0.0")
    damage(checkout)
    result = run("build", "--root", checkout, "--dist", dist, "--workers", "1")
    assert result.exit_code == 2, result.output
    assert message in result.output
    assert hint in result.output
    assert "Traceback" not in result.output
    assert (dist / "current").resolve() == release_folder
    assert not [path for path in dist.iterdir() if path.name.startswith(".build-")]


def test_dist_that_cannot_be_written(checkout: Path) -> None:
    (checkout / "dist").write_text("a file", encoding="utf-8")
    result = run("build", "--root", checkout, "--dist", checkout / "dist")
    assert result.exit_code == 2
    assert "is a file" in result.output
    assert (checkout / "dist").read_text(encoding="utf-8") == "a file"


def test_a_violation_stops_the_build(checkout: Path) -> None:
    change(checkout / "data/registers/municipalities.csv", "012084,city,010006", "012085,city,010006")
    change(checkout / "data/links/estat.sssom.tsv", "municipality/012084", "municipality/012085")
    result = run("build", "--root", checkout, "--dist", checkout / "dist")
    assert result.exit_code == 2
    assert "violation" in result.output
    assert not (checkout / "dist/current").exists()


def test_unknown_source(checkout: Path) -> None:
    result = run("extract", "2030-01-01-mlit", "--root", checkout)
    assert result.exit_code == 2
    assert "use one of: 2025-07-01-mlit" in result.output


def test_every_command_explains_itself() -> None:
    listed = run("--help")
    assert listed.exit_code == 0
    assert len(main.commands) == 9
    for name in main.commands:
        assert name in listed.output
        assert run(name, "--help").output.count("\n") > 5
