"""How well lists are imported that were typeset and damaged, how fast, and in how much memory.

    python benchmarks/import.py --documents 8 --rows 20 --seed 1

Draws places from the register, prints lists of them in several shapes (PDF by Chromium, XLSX, DOCX,
CSV, copied text), damages what is printed, and imports the result without any decision. A
place is *asked* when the review has a doubt about it. What counts most is the last column
of the first table: places that lead to another area than the one that was meant, without
a question. Then a PDF of many pages is read, for time and memory.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import platform
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import docx
import openpyxl
from docx.table import _Cell
from openpyxl.styles import Alignment

from nichiiki_ld.document import Document
from nichiiki_ld.extract import Extraction, extract
from nichiiki_ld.model import OF_THE_CUT, AreaKind
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.reading import read
from nichiiki_ld.repository import Repository
from nichiiki_ld.review import review
from nichiiki_ld.settlement import settle

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from typeset import typeset  # noqa: E402 - what makes PDFs lies beside the tests

KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"
HEADINGS = ("実施地域", "応募主体", "取組概要")
COLUMNS = ("都道府県", "市町村", "応募主体", "取組概要")


# --- what is meant, and what is printed ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is printed, and the area that is meant."""

    code: str
    prefecture: str
    prefecture_reading: str
    name: str
    reading: str

    @property
    def whole_reading(self) -> str:
        """With that of the prefecture, when there is one."""
        return f"{self.prefecture_reading}{self.reading}" if self.reading else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list."""

    places: tuple[Place, ...]
    applicant: str
    summary: str


Rows = list[Row]


def draw(gazetteer: Gazetteer, rng: random.Random, rows: int) -> Rows:
    """Return rows about areas drawn from the register, those of one prefecture together."""
    towns = [area for area in gazetteer if area.kind not in (AreaKind.PREFECTURE, AreaKind.WARD)]
    found: Rows = []
    while len(found) < rows:
        prefecture = gazetteer[rng.choice(towns).prefecture or ""]
        ours = [area for area in towns if area.prefecture == prefecture.code]
        for _ in range(rng.randint(1, 4)):
            areas = rng.sample(ours, rng.choice((1, 1, 1, 2, 3)))
            places = tuple(
                Place(a.code, prefecture.name, prefecture.reading, a.name, a.reading) for a in areas
            )
            summary = f"{places[0].name}の空き家を活用し、都市住民との二地域居住を促進する。"
            # No two rows have one applicant: a row is found again by it.
            applicant = f"第{len(found) + 1}{places[0].name}二地域居住推進コンソーシアム"
            found.append(Row(places, applicant, summary))
    return found[:rows]


# --- damage --------------------------------------------------------------------------


def _each_place(rows: Rows, rng: random.Random, share: float, change: Callable[[Place], Place]) -> Rows:
    return [
        replace(row, places=tuple(change(p) if rng.random() < share else p for p in row.places))
        for row in rows
    ]


def nothing(rows: Rows, rng: random.Random) -> Rows:  # noqa: ARG001 - as the others
    """Leave everything as it is."""
    return rows


def misread_kana(rows: Rows, rng: random.Random) -> Rows:
    """Put another kana in place of one, in a third of the readings."""

    def change(place: Place) -> Place:
        at = rng.randrange(len(place.reading))
        return replace(place, reading=place.reading[:at] + rng.choice(KANA) + place.reading[at + 1 :])

    return _each_place(rows, rng, 1 / 3, change)


def dropped_character(rows: Rows, rng: random.Random) -> Rows:
    """Lose a character of the name or of the reading, in a third of the places."""

    def change(place: Place) -> Place:
        part = rng.choice(("name", "reading"))
        text = getattr(place, part)
        at = rng.randrange(len(text))
        return replace(place, **{part: text[:at] + text[at + 1 :]})

    return _each_place(rows, rng, 1 / 3, change)


def swapped_rows(rows: Rows, rng: random.Random) -> Rows:
    """Put the places of a row beside the applicant of the next, in a fifth of the rows."""
    rows = list(rows)
    for at in range(len(rows) - 1):
        if rng.random() < 1 / 5:
            first, second = rows[at], rows[at + 1]
            rows[at], rows[at + 1] = (
                replace(first, places=second.places),
                replace(second, places=first.places),
            )
    return rows


def merged_cells(rows: Rows, rng: random.Random) -> Rows:
    """Let a prefecture reach over rows that are not its own, in a fifth of the rows."""
    rows = list(rows)
    for at in range(1, len(rows)):
        if rng.random() < 1 / 5:
            above = rows[at - 1].places[0].prefecture
            rows[at] = replace(rows[at], places=tuple(replace(p, prefecture=above) for p in rows[at].places))
    return rows


DAMAGES: Sequence[Callable[[Rows, random.Random], Rows]] = (
    nothing,
    misread_kana,
    dropped_character,
    swapped_rows,
    merged_cells,
)


# --- shapes --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing:
    """A document, and the cells that it prints: row number, field, text."""

    name: str
    content: bytes
    cells: frozenset[tuple[int, str, str]]


def _expected(
    rows: Rows, *, apart: bool, readings: bool, whole: bool = False
) -> frozenset[tuple[int, str, str]]:
    """Return the cells of a list.

    Args:
        apart: The prefecture is printed apart from the name.
        whole: Name and reading begin with the prefecture.
    """
    cells: set[tuple[int, str, str]] = set()
    for number, row in enumerate(rows, start=1):
        cells |= {(number, "applicant", row.applicant), (number, "summary", row.summary)}
        for ordinal, place in enumerate(row.places, start=1):
            cells.add((number, f"name-{ordinal}", place.prefecture + place.name if whole else place.name))
            if readings and place.reading:
                cells.add((number, f"reading-{ordinal}", place.whole_reading if whole else place.reading))
            if apart:
                cells.add((number, f"prefecture-{ordinal}", place.prefecture))
    return frozenset(cells)


def _table(heads: Iterable[str], lines: Iterable[str], border: str) -> str:
    head = "".join(f"<th>{each}</th>" for each in heads)
    style = f"<style>td,th{{border:{border};padding:4px 10px;vertical-align:top}}table{{border-collapse:collapse}}</style>"
    return f"{style}<p>令和8年7月1日</p><h1>採択結果の一覧について</h1><table><tr>{head}</tr>{''.join(lines)}</table>"


def _texts(row: Row) -> str:
    return f"<td>{html.escape(row.applicant)}</td><td>{html.escape(row.summary)}</td>"


def _ruby(rows: Rows, border: str) -> bytes:
    def cell(row: Row) -> str:
        return "<br>".join(
            f"<ruby>{p.prefecture}{p.name}<rt>{p.whole_reading}</rt></ruby>"
            if p.reading
            else p.prefecture + p.name
            for p in row.places
        )

    lines = (f"<tr><td>{cell(row)}</td>{_texts(row)}</tr>" for row in rows)
    content: bytes = typeset(_table(HEADINGS, lines, border))
    return content


def pdf_with_ruby(rows: Rows) -> Listing:
    """Ruled, readings above the names."""
    expected = _expected(rows, apart=False, readings=True, whole=True)
    return Listing("ruby.pdf", _ruby(rows, "1px solid"), expected)


def pdf_without_lines(rows: Rows) -> Listing:
    """The same without a line."""
    expected = _expected(rows, apart=False, readings=True, whole=True)
    return Listing("unruled.pdf", _ruby(rows, "0"), expected)


def _runs(rows: Rows) -> list[int]:
    """Return for each row how many rows its prefecture's cell covers; 0 where it is covered itself."""
    found = [0] * len(rows)
    for at, row in enumerate(rows):
        if at and rows[at - 1].places[0].prefecture == row.places[0].prefecture:
            continue
        same = (r.places[0].prefecture == row.places[0].prefecture for r in rows[at:])
        found[at] = next((n for n, each in enumerate(same) if not each), len(rows) - at)
    return found


def _named(row: Row) -> str:
    return "、".join(f"{p.name}({p.reading})" if p.reading else p.name for p in row.places)


def pdf_with_spans(rows: Rows) -> Listing:
    """Ruled, a prefecture's cell over its rows, readings in brackets."""
    lines = (
        "<tr>"
        + (f"<td rowspan={span}>{row.places[0].prefecture}</td>" if span else "")
        + f"<td>{html.escape(_named(row))}</td>{_texts(row)}</tr>"
        for row, span in zip(rows, _runs(rows), strict=True)
    )
    content = typeset(_table(COLUMNS, lines, "1px solid"))
    return Listing("spans.pdf", content, _expected(rows, apart=True, readings=True))


def pdf_without_readings(rows: Rows) -> Listing:
    """Ruled, the prefecture in brackets behind all towns of a row, no readings."""

    def cell(row: Row) -> str:
        return f"{'、'.join(p.name for p in row.places)}({row.places[0].prefecture})"

    lines = (f"<tr><td>{cell(row)}</td>{_texts(row)}</tr>" for row in rows)
    content = typeset(_table(("対象地域", "事業主体", "事業概要"), lines, "1px solid"))
    return Listing("brackets.pdf", content, _expected(rows, apart=True, readings=False))


def workbook(rows: Rows) -> Listing:
    """A workbook with merged prefectures."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["令和8年7月1日"])
    sheet.append(list(COLUMNS))
    for row, span in zip(rows, _runs(rows), strict=True):
        sheet.append([row.places[0].prefecture if span else None, _named(row), row.applicant, row.summary])
        if span > 1:
            at = sheet.max_row
            sheet.merge_cells(start_row=at, end_row=at + span - 1, start_column=1, end_column=1)
            sheet.cell(at, 1).alignment = Alignment(vertical="center")
    out = io.BytesIO()
    book.save(out)
    return Listing("list.xlsx", out.getvalue(), _expected(rows, apart=True, readings=True))


def word_document(rows: Rows) -> Listing:
    """A Word document with merged prefectures."""
    document = docx.Document()
    document.add_paragraph("令和8年7月1日")
    table = document.add_table(len(rows) + 1, len(COLUMNS))
    for cell, text in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.text = text
    first: _Cell | None = None
    for number, (row, span) in enumerate(zip(rows, _runs(rows), strict=True), start=1):
        cells = table.rows[number].cells
        if span:
            first = cells[0]
            first.text = row.places[0].prefecture
        elif first is not None:
            first = first.merge(cells[0])
        for cell, text in zip(cells[1:], (_named(row), row.applicant, row.summary), strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return Listing("list.docx", out.getvalue(), _expected(rows, apart=True, readings=True))


def copied_text(rows: Rows) -> Listing:
    """Text with tabs, as it comes out of a PDF."""

    def cell(row: Row) -> str:
        return " ".join(f"{p.whole_reading} {p.prefecture}{p.name}".strip() for p in row.places)

    lines = ["令和8年7月1日", "", "採択結果の一覧について", "", "\t".join(HEADINGS)]
    lines += ["\t".join((cell(row), row.applicant, row.summary)) for row in rows]
    content = "\n".join(lines).encode()
    expected = _expected(rows, apart=False, readings=True, whole=True)
    return Listing("list.txt", content, expected)


SHAPES: Sequence[Callable[[Rows], Listing]] = (
    pdf_with_ruby,
    pdf_without_lines,
    pdf_with_spans,
    pdf_without_readings,
    workbook,
    word_document,
    copied_text,
)


# --- measuring -------------------------------------------------------------------------


@dataclass
class Score:
    """What came of some lists."""

    documents: int = 0
    cells: int = 0
    exact: int = 0
    places: int = 0
    right: int = 0
    asked: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add another's figures."""
        for name in ("documents", "cells", "exact", "places", "right", "asked", "lost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong += other.wrong


def score(listing: Listing, rows: Rows, gazetteer: Gazetteer) -> Score:
    """Import a list without decisions and compare with what was meant."""
    extraction = extract(read(listing.content, name=listing.name), where=listing.name)
    found = {(int(cell.row), cell.field, cell.printed) for cell in extraction.cells if cell.row.isdigit()}
    row_of = {cell.printed: cell.row for cell in extraction.cells if cell.field == "applicant"}
    result = Score(1, len(listing.cells), len(listing.cells & found))
    settlement = settle(extraction.cells, (), where=listing.name)
    doubts = review(settlement, gazetteer, programme="")
    doubtful = {(doubt.row, doubt.field.rpartition("-")[2]) for doubt in doubts}
    of_whole_rows = {doubt.row for doubt in doubts if doubt.field in OF_THE_CUT}
    for row in rows:
        key = row_of.get(row.applicant)
        for ordinal, place in enumerate(row.places, start=1):
            result.places += 1
            name = settlement.get(key, f"name-{ordinal}") if key else None
            if key is None or name is None:
                result.lost += 1
                continue
            if (key, str(ordinal)) in doubtful or key in of_whole_rows:
                result.asked += 1
                continue
            reading, prefecture = (settlement.get(key, f"{f}-{ordinal}") for f in ("reading", "prefecture"))
            area = gazetteer.area_of(
                name.value, reading.value if reading else None, prefecture.value if prefecture else None
            )
            if area is None:
                result.asked += 1
            elif area.code == place.code:
                result.right += 1
            else:
                result.wrong.append(f"{listing.name}: {place} → {area.code} {area.name}")
    return result


def by_damage(documents: int, rows: int, seed: int, gazetteer: Gazetteer) -> Iterator[tuple[str, str, Score]]:
    """Yield a score for each damage and shape: so many documents of each."""
    for damage in DAMAGES:
        for shape in SHAPES:
            total = Score()
            for number in range(documents):
                rng = random.Random(f"{seed} {damage.__name__} {shape.__name__} {number}")
                printed = damage(draw(gazetteer, rng, rows), rng)
                total.add(score(shape(printed), printed, gazetteer))
            yield damage.__name__.replace("_", " "), shape.__name__.replace("_", " "), total


def table(scores: Iterable[tuple[str, str, Score]]) -> str:
    """Return the scores as Markdown."""
    heads = (
        "damage",
        "shape",
        "lists",
        "cells",
        "exact",
        "places",
        "right",
        "asked",
        "lost",
        "**wrong, not asked**",
    )
    lines = ["| " + " | ".join(heads) + " |", "|:--|:--|" + "--:|" * (len(heads) - 2)]
    for damage, shape, s in scores:
        exact = f"{s.exact / s.cells:.1%}"
        figures = (s.documents, s.cells, exact, s.places, s.right, s.asked, s.lost, len(s.wrong))
        lines.append("| " + " | ".join((damage, shape, *(str(each) for each in figures))) + " |")
    return "\n".join(lines)


def long_pdf(gazetteer: Gazetteer, seed: int, rows: int) -> bytes:
    """Return a PDF of so many rows, about seventeen on a page."""
    lines = (
        f'<tr style="height:3.4em"><td>{row.places[0].prefecture}{row.places[0].name}</td>{_texts(row)}</tr>'
        for row in draw(gazetteer, random.Random(seed), rows)
    )
    content: bytes = typeset(_table(HEADINGS, lines, "1px solid"))
    return content


def measure_long(gazetteer: Gazetteer, seed: int, rows: int) -> str:
    """Return what reading a long PDF took, as a line."""
    content = long_pdf(gazetteer, seed, rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    document: Document = read(content, name="long.pdf")
    seconds = time.perf_counter() - start
    extraction: Extraction = extract(document, where="long.pdf")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = len({cell.row for cell in extraction.cells if cell.row.isdigit()})
    return (
        f"{document.pages} pages, {found} of {rows} rows, {len(content) / 1e6:.1f} MB: {document.pages / seconds:.1f} pages/s, "
        f"peak memory {after / 1024:.0f} MB, {before / 1024:.0f} MB of it before"
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=4, help="lists of each shape for each damage")
    parser.add_argument("--rows", type=int, default=20, help="of a list")
    parser.add_argument("--long", type=int, default=5000, help="rows of the long PDF")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    gazetteer = Gazetteer(Repository(ROOT).register())
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    print(measure_long(gazetteer, arguments.seed, arguments.long), end="\n\n")
    scores = list(by_damage(arguments.documents, arguments.rows, arguments.seed, gazetteer))
    print(table(scores))
    for _, _, each in scores:
        for wrong in each.wrong:
            print(f"wrong: {wrong}")


if __name__ == "__main__":
    main()
