"""How long a build takes, stage by stage, and how much memory it needs.

    python benchmarks/build.py --projects 10000 --projects 100000

Makes press releases of synthetic projects on the real register, in the layout of the
real one, and builds a release of them: reading, review, graph, rules, SHACL, dumps,
compression, index and tables. Prints one table; the last column compares the time per
project with that of the first line.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from nichiiki_ld.build import build
from nichiiki_ld.extract import extract
from nichiiki_ld.model import LEAD, AreaKind, Decision, Source, ThemeChoice, Translation
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.reading.plain import read_plain
from nichiiki_ld.repository import Repository

ROOT = Path(__file__).parent.parent
MODEL = "2025-07-01-mlit"
ROWS_PER_DOCUMENT = 1000
STAGES = ("read", "graph and validate", "files", "publish")


class SyntheticRepository(Repository):
    """The real checkout, with synthetic documents in place of the real one."""

    def __init__(self, root: Path, projects: int, seed: int) -> None:
        super().__init__(root)
        object.__setattr__(self, "_maker", _Maker(Repository(root), projects, seed))

    __slots__ = ("_maker",)
    _maker: _Maker

    def source_ids(self) -> list[str]:
        return self._maker.ids()

    def source(self, source_id: str) -> Source:
        return self._maker.source(source_id)


class _Maker:
    """Writes press releases: real applicants, summaries and themes, in areas drawn from the register."""

    def __init__(self, repository: Repository, projects: int, seed: int) -> None:
        self._projects = projects
        self._seed = seed
        self._model = repository.source(MODEL)
        self._gazetteer = Gazetteer(repository.register())
        self._codes = [area.code for area in self._gazetteer if area.kind is not AreaKind.WARD]
        self._rows = [
            {cell.field: cell.printed for cell in self._model.cells if cell.row == row}
            for row in sorted({c.row for c in self._model.cells if c.row != LEAD}, key=int)
        ]

    def ids(self) -> list[str]:
        return [f"synthetic-{n:04}" for n in range(1, -(-self._projects // ROWS_PER_DOCUMENT) + 1)]

    def source(self, source_id: str) -> Source:
        number = int(source_id.rpartition("-")[2])
        count = min(ROWS_PER_DOCUMENT, self._projects - (number - 1) * ROWS_PER_DOCUMENT)
        rng = random.Random(self._seed * 1_000_003 + number)
        lines = []
        themes = []
        translations: list[Translation] = []
        misprints = []
        drawn: set[tuple[int | str, ...]] = set()
        for row in range(1, count + 1):
            which = rng.randrange(len(self._rows))
            model = self._rows[which]
            places = sum(1 for name in model if name.startswith("name-"))
            codes = rng.sample(self._codes, places)
            while (which, *codes) in drawn:
                codes = rng.sample(self._codes, places)
            # A row that prints the same as another one would be asked about.
            drawn.add((which, *codes))
            printed = []
            for place, code in enumerate(codes, start=1):
                name, reading = self._gazetteer.full_name(code), self._gazetteer.full_reading(code)
                if rng.random() < 0.3:
                    misprints.append((str(row), f"reading-{place}", f"{reading}ん", reading, code))
                    reading += "ん"
                printed.append(f"{reading} {name}")
            lines.append(f"{' '.join(printed)}\t{model['applicant']}\t{model['summary']}")
            themes += [
                ThemeChoice(str(row), choice.theme, choice.phrase)
                for choice in self._model.themes
                if choice.row == str(which + 1)
            ]
            translations += [
                replace(each, row=str(row)) for each in self._model.translations if each.row == str(which + 1)
            ]
        text = self._lead(number, count) + "\n".join(lines)
        day = self._model.decisions[0].date
        decisions = tuple(
            Decision(
                row,
                name,
                text_,
                right,
                "合成データ",
                "synthetic",
                (f"municipality/{code}",),
                "benchmark",
                day,
            )
            for row, name, text_, right, code in misprints
        )
        return replace(
            self._model,
            id=source_id,
            text=text,
            cells=extract(read_plain(text.encode(), source_id)).cells,
            decisions=decisions,
            themes=tuple(themes),
            translations=tuple(translations),
        )

    @staticmethod
    def _lead(number: int, count: int) -> str:
        return (
            "令和7年7月1日\n国土政策局地方政策課\n\n合成した発表資料\n\n"
            f"令和6年度「二地域居住先導的プロジェクト実装事業」の{number}次募集結果として、取組{count}件を採択した。\n"
            "公募期間 令和7年4月28日～令和7年5月30日\n"
            f"応募団体 {count}団体\n\n実施地域\t応募主体\t取組概要\n"
        )


@dataclass
class Measured:
    """One build."""

    projects: int
    triples: int = 0
    dump_bytes: int = 0
    peak_bytes: int = 0
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return sum(self.stages.values())


class _PeakMemory(threading.Thread):
    """Samples the proportional set size of this process and all below it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        own = psutil.Process()
        while not self._stop_asked.wait(0.5):
            total = 0
            for process in [own, *own.children(recursive=True)]:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak_bytes = max(self.peak_bytes, total)

    def stop(self) -> int:
        self._stop_asked.set()
        self.join()
        return self.peak_bytes


def measure(projects: int, seed: int, workers: int, folder: Path) -> Measured:
    """Build a release of so many synthetic projects and return what it took."""
    measured = Measured(projects)
    last = ("read", time.perf_counter())

    def progress(stage: str, _done: int, _total: int) -> None:
        nonlocal last
        now = time.perf_counter()
        measured.stages[last[0]] = measured.stages.get(last[0], 0.0) + now - last[1]
        last = (stage, now)

    memory = _PeakMemory()
    memory.start()
    try:
        built = build(SyntheticRepository(ROOT, projects, seed), folder, workers=workers, progress=progress)
    finally:
        measured.peak_bytes = memory.stop()
    progress("publish", 1, 1)
    manifest = json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["Project"] == projects
    measured.triples = manifest["counts"]["triples"]
    measured.dump_bytes = sum(file["bytes"] for file in manifest["files"].values())
    return measured


def table(results: Sequence[Measured]) -> str:
    """Return the results as Markdown."""
    first = results[0]
    heads = ["projects", "triples", *(f"{s} s" for s in STAGES), "all s", "triples/s", "peak MB", "files MB"]
    heads.append("time per project, ratio")
    lines = ["| " + " | ".join(heads) + " |", "|" + "--:|" * len(heads)]
    for result in results:
        ratio = (result.seconds / result.projects) / (first.seconds / first.projects)
        cells = [
            f"{result.projects:,}",
            f"{result.triples:,}",
            *(f"{result.stages.get(stage, 0.0):.1f}" for stage in STAGES),
            f"{result.seconds:.1f}",
            f"{result.triples / result.seconds:,.0f}",
            f"{result.peak_bytes / 1e6:,.0f}",
            f"{result.dump_bytes / 1e6:,.0f}",
            f"{ratio:.2f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--projects", type=int, action="append", help="how many; may be given several times")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="where to build; it must hold the files twice")
    parser.add_argument(
        "--keep", action="store_true", help="leave the last release there, for others to measure"
    )
    arguments = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, workers: {arguments.workers}\n"
    )
    results = []
    sizes = arguments.projects or [1000, 10_000]
    for number, projects in enumerate(sizes, start=1):
        folder = Path(tempfile.mkdtemp(dir=arguments.folder))
        kept = arguments.keep and number == len(sizes)
        try:
            results.append(measure(projects, arguments.seed, arguments.workers, folder))
        finally:
            if not kept:
                shutil.rmtree(folder)
        if kept:
            print(f"kept: {folder}\n")
    print(table(results))


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
