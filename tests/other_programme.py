"""A checkout with a second programme, made up: its list prints neither who applied nor what they do.

It prints a title and a sum of money, a prefecture once for the rows below, the unit in the
caption, pages, and a line of totals; its fiscal year and its office stand nowhere. What a
person decided is all there: a misprint outside the table, a name that is right though it looks
wrong, a name that is no place, a row that is no project.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAMME_ID = "wakamono"
SOURCE_ID = "2026-03-26-example"
CALL = "call/wakamono-2026"

TEXT = """\
2026年3月26日

若者二地域居住推進事業の交付先一覧

応募のあった5件のうち、次の4件に交付します。
\f別紙
(単位:千円)
番号\t都道府県\t市町村\t事業名\t交付額
1\t北海道\t上士幌町、下川町\t森と雪のテレワーク事業\t12,345
2\t\t北見市、旧端野町\t空き家の学校\t1,000
3\t静岡県\t森町\t\t500
合計\t\t\t\t13,845
"""

PROGRAMME = """\
website = "https://www.example.jp/wakamono.html"

[name]
ja = "若者二地域居住推進事業"
en = "Youth Two-Region Living"

[description]
ja = "若者の二地域居住を支援する架空の事業。"
en = "Support for young people who live in two regions; made up for the tests."

[agency]
corporate_number = "2000012020001"

[agency.name]
ja = "総務省"
en = "Ministry of Internal Affairs and Communications"
"""

SOURCE = """\
programme = "wakamono"
original = "original.txt"
sha256 = "{sha256}"
publisher = "2000012020001"
licence = "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"
attribution = "「若者二地域居住推進事業の交付先一覧」（総務省）を加工して作成"
withheld = []

[stated]
fiscal-year = "令和8年度"
office = "地域力創造グループ"
"""

CELLS = (
    ("lead", "published-date", "2026年3月26日"),
    ("lead", "title", "若者二地域居住推進事業の交付先一覧"),
    ("lead", "application-count", "5件"),
    ("lead", "decision-count-1", "4件"),
    ("1", "row", "1\t北海道\t上士幌町、下川町\t森と雪のテレワーク事業\t12,345"),
    ("1", "prefecture-1", "北海道"),
    ("1", "name-1", "上士幌町"),
    ("1", "prefecture-2", "北海道"),
    ("1", "name-2", "下川町"),
    ("1", "title", "森と雪のテレワーク事業"),
    ("1", "amount", "12,345"),
    ("1", "amount-unit", "千円"),
    ("2", "row", "2\t\t北見市、旧端野町\t空き家の学校\t1,000"),
    ("2", "prefecture-1", "北海道"),
    ("2", "name-1", "北見市"),
    ("2", "prefecture-2", "北海道"),
    ("2", "name-2", "旧端野町"),
    ("2", "title", "空き家の学校"),
    ("2", "amount", "1,000"),
    ("2", "amount-unit", "千円"),
    ("3", "row", "3\t静岡県\t森町\t\t500"),
    ("3", "prefecture-1", "静岡県"),
    ("3", "name-1", "森町"),
    ("3", "amount", "500"),
    ("3", "amount-unit", "千円"),
    ("4", "row", "合計\t\t\t\t13,845"),
)
"""Row, field and printed text of each cell; where it stands, a row's text or the first printing says."""

DECISIONS = (
    ("lead", "decision-count-1", "4件", "3件", "表には三件しかない。", "The table has three."),
    ("2", "name-2", "旧端野町", "dropped", "北見市の一部である。", "It is a part of Kitami City."),
    ("3", "name-1", "森町", "森町", "静岡県の森町である。", "It is Mori Town of Shizuoka."),
    ("4", "row", "合計\t\t\t\t13,845", "dropped", "合計の行である。", "It is a line of totals."),
)

THEMES = (("1", "telework", "テレワーク"), ("2", "vacant-houses", "空き家"))


def checkout_with_other_programme(target: Path) -> Path:
    """Copy the checkout and add the programme and its list; return the folder."""
    for name in ("data", "ontology", "shapes"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("worksheet.csv"))
    (target / f"data/programmes/{PROGRAMME_ID}.toml").write_text(PROGRAMME, encoding="utf-8")
    folder = target / "data/sources" / SOURCE_ID
    folder.mkdir()
    content = TEXT.encode()
    (folder / "original.txt").write_bytes(content)
    described = SOURCE.format(sha256=hashlib.sha256(content).hexdigest())
    (folder / "source.toml").write_text(described, encoding="utf-8")
    _write(folder / "rows.csv", "row field printed start end", [(*cell, *_place(*cell)) for cell in CELLS])
    _write(
        folder / "decisions.csv",
        "row field printed value reason reason_en evidence reviewer date",
        [(*each, f"document/{SOURCE_ID}", "Nichiiki-LD", "2026-04-01") for each in DECISIONS],
    )
    _write(folder / "themes.csv", "row theme phrase", THEMES)
    return target


def _place(row: str, field: str, printed: str) -> tuple[int, int]:
    lines = {number: text for number, name, text in CELLS if name == "row"}
    begin = TEXT.index(lines[row]) if row in lines else 0
    start = TEXT.find(printed, begin, begin + len(lines.get(row, TEXT)))
    if start < 0:
        start = TEXT.index(printed)
    assert field == "row" or start >= 0
    return start, start + len(printed)


def _write(path: Path, columns: str, rows: object) -> None:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(columns.split())
    writer.writerows(rows)  # type: ignore[arg-type]
    path.write_text(output.getvalue(), encoding="utf-8")
