"""The guide to queries: what it shows is run as it stands, and prints what it says; its figures are those of the code."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import ROOT
from nichiiki_ld.cli.query import ENDPOINT_SECONDS
from nichiiki_ld.settings import VARIABLES, Settings
from serving import serving

GUIDE = ROOT / "docs/how-to/query.md"
TEXT = GUIDE.read_text(encoding="utf-8")
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


BLOCKS = [
    Block(found[1], found[2], found[3] or "", TEXT.count("\n", 0, found.start()) + 1)
    for found in _BLOCK.finditer(TEXT)
]
RUN = [block for block in BLOCKS if block.language in _RUN]


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


@pytest.mark.parametrize("block", RUN, ids=lambda block: f"line {block.line}")
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
        f"{defaults.service_seconds:g} seconds for all of them together, {defaults.service_bytes:,} bytes each"
        in TEXT
    )
    assert defaults.max_age_seconds == 3600
    assert "may be kept for an hour" in TEXT
