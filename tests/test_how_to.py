"""The guides: what they show is run as it stands, and prints what they say; their figures are those of the code."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from conftest import ROOT
from nichiiki_ld.cli.query import ENDPOINT_SECONDS
from nichiiki_ld.search.entries import Kind
from nichiiki_ld.search.request import MOST_CHARACTERS, MOST_WORDS
from nichiiki_ld.settings import VARIABLES, Settings
from nichiiki_ld.web.search.pages import DEFAULT_LIMIT, MOST_LIMIT
from serving import serving
from terminal import Terminal, plain
from typeset import typeset

TEXT = (ROOT / "docs/how-to/query.md").read_text(encoding="utf-8")
SEARCHING = (ROOT / "docs/how-to/search.md").read_text(encoding="utf-8")
ADDRESS = "http://localhost:8000"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
_RUN = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-W", "error", "-c"]}
_NOT_RUN = {
    "r": "R is not installed where the tests run",
    "sparql": "asks foreign hosts",
    "console": "asks foreign hosts",
}


@dataclass(frozen=True)
class Block:
    """What stands between two fences, and what it prints by the block below it."""

    language: str
    text: str
    printed: str
    line: int


def blocks_of(guide: str) -> list[Block]:
    return [
        Block(found[1], found[2], found[3] or "", guide.count("\n", 0, found.start()) + 1)
        for found in _BLOCK.finditer(guide)
    ]


BLOCKS = blocks_of(TEXT)
RUN = [block for block in BLOCKS if block.language in _RUN]
SEARCH_BLOCKS = blocks_of(SEARCHING)


def test_every_block_was_found() -> None:
    assert TEXT.count("```") == sum(4 if block.printed else 2 for block in BLOCKS)
    assert len(RUN) >= 10
    assert {block.language for block in BLOCKS} == {*_RUN, *_NOT_RUN}
    assert all(block.printed for block in RUN)


@pytest.fixture(scope="module")
def checkout(
    tmp_path_factory: pytest.TempPathFactory, dist: Path, release_folder: Path
) -> Iterator[tuple[Path, str]]:
    """A folder like the checkout, and the address of a server of its release."""
    assert release_folder.is_dir()
    folder = tmp_path_factory.mktemp("checkout")
    for name, target in (("data", ROOT / "data"), ("dist", dist)):
        (folder / name).symlink_to(target)
    with serving(dist, folder / "log", NICHIIKI_QUERY_SECONDS="2") as server:
        yield folder, f"http://localhost:{server.port}"


@pytest.mark.parametrize("block", [*RUN, *SEARCH_BLOCKS], ids=lambda block: f"line {block.line}")
def test_prints_what_it_says(checkout: tuple[Path, str], block: Block) -> None:
    folder, address = checkout
    scripts = Path(sys.executable).parent
    done = subprocess.run(
        [*_RUN[block.language], block.text.replace(ADDRESS, address)],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "132",
            "PYTHONUTF8": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.rstrip() for line in done.stdout.splitlines()] == block.printed.splitlines()


def test_the_search_is_as_its_guide_says(checkout: tuple[Path, str]) -> None:
    (block,) = SEARCH_BLOCKS
    printed = json.loads(block.printed)
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", SEARCHING, re.MULTILINE)
    told = {name for name, _ in rows}
    parameters = {"q", "kind", "limit"}
    assert told == {*parameters, *printed}
    prose = SEARCHING.partition("Each result has")[2]
    assert set(re.findall(r"`(\w+)`", prose)) == printed["results"][0].keys()
    explained = dict(rows)
    assert f"up to {MOST_CHARACTERS} characters and {MOST_WORDS} words" in explained["q"]
    assert re.findall(r"`(\w+)`", explained["kind"]) == [kind.name.lower() for kind in Kind]
    assert f"{DEFAULT_LIMIT} unless it is said, never more than {MOST_LIMIT}" in explained["limit"]
    _, address = checkout
    with urlopen(f"{address}/en/search.json?q=kitami&kind=projects") as answer:
        assert {each["kind"] for each in json.load(answer)["results"]} == {"projects"}


_LIMIT = re.compile(r"^\| .* \| ([\d,]+) \| `(\w+)` \| (?:\d{3}|–) \|$", re.MULTILINE)


def test_limits_are_those_of_the_settings() -> None:
    defaults = dataclasses.asdict(Settings())
    found = {variable: int(number.replace(",", "")) for number, variable in _LIMIT.findall(TEXT)}
    assert len(found) >= 10
    assert found == {variable: defaults[VARIABLES[variable]] for variable in found}


def test_other_figures() -> None:
    defaults = Settings()
    assert f"after {ENDPOINT_SECONDS:g} seconds (`--seconds`)" in TEXT
    assert (
        f"{defaults.service_seconds:g} seconds for all of them together, {defaults.service_bytes:,} bytes of answers likewise"
        in TEXT
    )
    assert defaults.max_age_seconds == 3600
    assert "may be kept for an hour" in TEXT


# --- a press release from PDF to release -----------------------------------------------

ADDING = (ROOT / "docs/how-to/add-a-press-release.md").read_text(encoding="utf-8")

_FENCED = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_COLUMNS = 100
_UNDECIDED = 1


@dataclass(frozen=True)
class Step:
    """What stands between two fences of the guide, and the words before and after it.

    Attributes:
        printed: The block that follows, if it says what this one prints.
    """

    language: str
    text: str
    before: str
    after: str
    printed: list[str]


def steps() -> list[Step]:
    found = list(_FENCED.finditer(ADDING))
    bounds = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(ADDING)]
    made = []
    for number, match in enumerate(found):
        if match[2] == "text":
            continue
        shows = number + 1 < len(found) and found[number + 1][2] == "text"
        last = number + 1 if shows else number
        made.append(
            Step(
                match[2],
                re.sub(f"^{match[1]}", "", match[3], flags=re.MULTILINE),
                ADDING[bounds[number] : starts[number]],
                ADDING[bounds[last + 1] : starts[last + 1]],
                found[number + 1][3].splitlines() if shows else [],
            )
        )
    return made


class Reader:
    """Somebody who follows the guide in a checkout of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        scripts = Path(sys.executable).parent
        self._environment = {
            **os.environ,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": str(_COLUMNS),
            "PYTHONUTF8": "1",
        }

    @property
    def source(self) -> Path:
        (found,) = (
            each for each in (self.folder / "data/sources").iterdir() if each.name.startswith("2027-")
        )
        return found

    def follow(self, step: Step) -> None:
        getattr(self, f"_{step.language}")(step)

    def _html(self, step: Step) -> None:
        (self.folder / "list.pdf").write_bytes(typeset(step.text))

    def _sh(self, step: Step) -> None:
        done = subprocess.run(
            ["bash", "-uo", "pipefail", "-c", step.text],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == (_UNDECIDED if "nichiiki-ld import" in step.text else 0), done.stderr
        assert [line.rstrip() for line in done.stdout.splitlines()] == step.printed

    def _toml(self, step: Step) -> None:
        path = self.source / "source.toml"
        text, count = re.subn(
            r"^# withheld = .*\n", step.text, path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        assert count == 1
        path.write_text(text, encoding="utf-8")

    def _terminal(self, step: Step) -> None:
        terminal = Terminal(
            ["bash", "-c", step.text], columns=_COLUMNS, cwd=self.folder, PATH=self._environment["PATH"]
        )
        shown = terminal.wait_for(step.printed[-1], seconds=60)
        assert [line.rstrip() for line in shown.splitlines() if line.strip()] == [
            line for line in step.printed if line
        ]
        keys = [
            key
            for found in re.findall(r"[Pp]ress (`\w+`(?: `\w+`)*)", step.after)
            for key in re.findall(r"\w+", found)
        ]
        assert len(keys) >= 3
        for number, key in enumerate(keys, start=1):
            terminal.press({"Enter": "\r"}.get(key, key))
            if number < len(keys):
                terminal.wait_for("e edit" if key == "1" else "q quit")
        assert " undecided" in plain(terminal.read())[-2]

    def _csv(self, step: Step) -> None:
        name = re.findall(r"`(\w+\.csv)`", step.before)[-1]
        path = self.source / name
        if name == "themes.csv":
            assert path.read_text(encoding="utf-8") == step.text
            return
        (line,) = csv.reader([step.text.replace("\n", "")])
        with (self.source / "worksheet.csv").open(encoding="utf-8", newline="") as file:
            proposed = [row[-9:] for row in csv.reader(file)]
        filled = {3: "", 7: "", 8: ""}
        assert [filled.get(column, field) for column, field in enumerate(line)] in proposed
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(step.text)


def test_a_press_release_is_added_as_the_guide_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("worksheet.csv"))
    for name in ("ontology", "shapes"):
        (tmp_path / name).symlink_to(ROOT / name)
    reader = Reader(tmp_path)
    followed = steps()
    assert [step.language for step in followed] == [
        "html",
        "sh",
        "toml",
        "terminal",
        "csv",
        "terminal",
        "csv",
        "sh",
        "sh",
    ]
    for step in followed:
        reader.follow(step)
