"""How long a search takes, and how long the making of its index, as a release grows.

    python benchmarks/search.py --release dist --projects 14 --projects 100000

Copies the projects of a release, with their consortia, rows and corrections, into areas drawn
from its register, until there are as many as asked for; writes the index of each such
release in a process of its own; and looks for words in it, common and rare. Prints one
table for the indexes and one for the searches; the last column compares the last release
with the first.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import random
import re
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nichiiki_ld.dumps import dump_path
from nichiiki_ld.formats import N_TRIPLES
from nichiiki_ld.release import open_release
from nichiiki_ld.search.request import read_request
from nichiiki_ld.search_index import COUNTED, FILE_NAME, SearchIndex, write_search_index

ROUNDS = 50
WORDS = (
    "北見",
    "きたみ",
    "kitami",
    "012084",
    "空き家",
    "テレワーク",
    "二地域居住",
    "北海道 空き家",
    "推進コンソーシアム",
    "の",
    "k",
    "ki",
    "kit",
    "qqqqqqqq",
)
_COPIED = re.compile(rb"<[^>]*/(?:project|consortium|document/[^/>]*/row)/(?:\d+-\d+-)?(\d+)[^>]*>")


@dataclass(frozen=True, slots=True)
class Made:
    """An index."""

    projects: int
    things: int
    seconds: float
    peak_mb: float
    file_mb: float
    medians_ms: tuple[float, ...]


def copies(dump: Path, target: Path, projects: int, base: str, *, seed: int = 1) -> None:
    """Write a dump of as many projects as asked for; those of the release first, then copies of them."""
    rng = random.Random(seed)
    rest: list[bytes] = []
    by_row: defaultdict[int, list[bytes]] = defaultdict(list)
    areas: list[bytes] = []
    with dump.open("rb") as lines:
        for line in lines:
            subject = line[: line.index(b" ")]
            if match := _COPIED.fullmatch(subject):
                by_row[int(match[1])].append(line)
            else:
                rest.append(line)
                if b"#localGovernmentCode> " in line:
                    areas.append(subject)
    area = f"<{base}ontology#area>".encode()
    rows = sorted(by_row)
    with target.open("wb") as output:
        output.writelines(rest)
        for number in range(projects):
            row = rows[number % len(rows)]
            text = b"".join(by_row[row])
            if number >= len(rows):
                name = b"%d" % (100 + number)
                text = re.sub(rb"(/row/)%d(?=[/>#])" % row, rb"\g<1>" + name, text)
                text = re.sub(rb"(\d{4}-\d+-)%02d(?=[\"># ])" % row, rb"\g<1>" + name, text)
                text = re.sub(re.escape(area) + rb" <[^>]*>", lambda _: area + b" " + rng.choice(areas), text)
            output.write(text)


def measure(dump: Path, projects: int, base: str, folder: Path) -> Made:
    """Write an index of copies and search in it."""
    work = folder / str(projects)
    work.mkdir()
    triples = work / "copies.nt"
    copies(dump, triples, projects, base)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, peak_mb = pool.apply(_write, (work, triples, base))
    index = SearchIndex(work)
    medians = []
    for words in WORDS:
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            index.find(read_request(words), most=COUNTED)
            times.append(time.perf_counter() - start)
        medians.append(statistics.median(times) * 1000)
    size = (work / FILE_NAME).stat().st_size
    return Made(projects, index.count(), seconds, peak_mb, size / 1e6, tuple(medians))


def _write(work: Path, triples: Path, base: str) -> tuple[float, float]:
    # Of the processor, which other work on the machine does not change.
    start = time.process_time()
    write_search_index(work / FILE_NAME, triples, base, work)
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def print_tables(made: Sequence[Made]) -> None:
    """Print what was measured."""
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    print("| projects | things | CPU seconds | peak MB | file MB | CPU seconds per thing, ratio |")
    print("|--:|--:|--:|--:|--:|--:|")
    first = made[0]
    for each in made:
        ratio = (each.seconds / each.things) / (first.seconds / first.things)
        print(
            f"| {each.projects:,} | {each.things:,} | {each.seconds:.1f} | {each.peak_mb:.0f} | {each.file_mb:.1f} | {ratio:.2f} |"
        )
    print("\n| words | " + " | ".join(f"{each.projects:,} projects, ms" for each in made) + " | ratio |")
    print("|---" + "|--:" * (len(made) + 1) + "|")
    for place, words in enumerate(WORDS):
        medians = [each.medians_ms[place] for each in made]
        cells = " | ".join(f"{each:.2f}" for each in medians)
        print(f"| {words} | {cells} | {medians[-1] / medians[0]:.1f} |")


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--release", type=Path, default=Path("dist"))
    parser.add_argument("--projects", type=int, action="append", help="may be given several times")
    arguments = parser.parse_args()
    release = open_release(arguments.release)
    dump = dump_path(release.folder, N_TRIPLES)
    base = str(release.manifest["base"])
    with tempfile.TemporaryDirectory() as folder:
        sizes = arguments.projects or [14, 100_000]
        print_tables([measure(dump, size, base, Path(folder)) for size in sizes])


if __name__ == "__main__":
    main()
