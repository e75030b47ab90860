"""Workbooks: each visible sheet a table, with what its cells show.

Source: ECMA-376 Part 1, 18 (SpreadsheetML).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS

from nichiiki_ld.document import Document, Grid
from nichiiki_ld.reading.limits import Allowance
from nichiiki_ld.reading.office.number_format import GENERAL
from nichiiki_ld.reading.office.package import Package, attribute, damage_named, local
from nichiiki_ld.reading.office.sheet import Findings, Sheet, Styles
from nichiiki_ld.reading.office.workbook_text import read_shared
from nichiiki_ld.reading.remarks import counted

_YEAR_MONTH_DAY = 'yyyy"年"m"月"d"日"'
_ERA_YEAR_MONTH_DAY = '[$-411]ggge"年"m"月"d"日"'
_ERA_DOTS = "[$-411]ge.m.d"
_YEAR_MONTH = 'yyyy"年"m"月"'
_MONTH_DAY = 'm"月"d"日"'

_JAPANESE_FORMATS = {
    5: '"¥"#,##0;"¥"\\-#,##0',
    6: '"¥"#,##0;[Red]"¥"\\-#,##0',
    7: '"¥"#,##0.00;"¥"\\-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"\\-#,##0.00',
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    27: _ERA_DOTS,
    28: _ERA_YEAR_MONTH_DAY,
    29: _ERA_YEAR_MONTH_DAY,
    30: "m/d/yy",
    31: _YEAR_MONTH_DAY,
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    34: _YEAR_MONTH,
    35: _MONTH_DAY,
    36: _ERA_DOTS,
    50: _ERA_DOTS,
    51: _ERA_YEAR_MONTH_DAY,
    52: _YEAR_MONTH,
    53: _MONTH_DAY,
    54: _ERA_YEAR_MONTH_DAY,
    55: _YEAR_MONTH,
    56: _MONTH_DAY,
    57: _ERA_DOTS,
    58: _ERA_YEAR_MONTH_DAY,
}
"""What a number of a format means in a Japanese Excel, where it means something else there (18.8.30)."""

_FORMATS = BUILTIN_FORMATS | _JAPANESE_FORMATS
_BESIDE = {
    "the text of its drawings was": ("drawing",),
    "its comments were": ("comments", "threadedComment"),
}
"""What stands in parts of its own, by the kinds of these."""

_TEXTS = frozenset({"t", "text"})
_HIDDEN = frozenset({"hidden", "veryHidden"})
_TRUE = frozenset({"1", "true"})


def read_xlsx(content: bytes, where: str) -> Document:
    """Return each visible sheet as a table with the name of the sheet.

    A merged cell's text stands in all its places. Numbers and days are as their formats show
    them. Hidden rows, columns and sheets are left out, as are rows and columns without
    text, drawings, comments, and headers and footers of printed pages; what was left out
    that has text is noted. Of a formula the value counts that was kept when the workbook
    was saved.

    Readings (furigana) are read where the sheet shows them. Excel keeps what was typed to
    get each kanji, and that is printed nowhere.

    Raises:
        UnreadableDocument: The file is no workbook, damaged, encrypted or too large, or a
            formula has no kept value. The message has the cell.
    """
    package = Package(content, where)
    allowance = Allowance(where)
    blocks: list[Grid] = []
    notes: list[str] = []
    with damage_named(where):
        main = package.main()
        book = package.tree(main)
        styles = Styles(
            texts=read_shared(package, main, where),
            formats=_formats(package, main),
            since_1904=any(attribute(each, "date1904") in _TRUE for each in _all(book, "workbookPr")),
        )
        relations = package.relations(main)
        formulas = 0
        for element in _all(book, "sheet"):
            relation = relations.get(attribute(element, "id"))
            name = attribute(element, "name")
            if relation is None or relation.kind != "worksheet":
                continue
            if attribute(element, "state") in _HIDDEN:
                notes.append(f"Sheet 「{name}」 is hidden, and was left out.")
                continue
            sheet = Sheet(name, styles, allowance, where)
            grid = sheet.read(package, relation.part)
            if grid:
                blocks.append(grid)
            formulas += sheet.findings.formulas
            notes += (f"Sheet 「{name}」: {note}." for note in _notes(sheet.findings))
            notes += (
                f"Sheet 「{name}」: {left_out} left out."
                for left_out, kinds in _BESIDE.items()
                if _have_text(package, package.all_related(relation.part, *kinds))
            )
    if formulas and any(attribute(each, "fullCalcOnLoad") in _TRUE for each in _all(book, "calcPr")):
        notes.append("The workbook asks to be calculated anew when opened: the kept values may be old.")
    return Document(tuple(blocks), title=package.title(), notes=tuple(notes))


def _all(root: Any, name: str) -> Iterator[Any]:
    return (element for element in root.iter() if local(element.tag) == name)


def _formats(package: Package, main: str) -> list[str]:
    part = package.related(main, "styles")
    if not part:
        return []
    root = package.tree(part)
    own = {int(attribute(each, "numFmtId")): attribute(each, "formatCode") for each in _all(root, "numFmt")}
    known = _FORMATS | own
    return [
        known.get(int(attribute(xf, "numFmtId") or "0"), GENERAL)
        for group in _all(root, "cellXfs")
        for xf in group
        if local(xf.tag) == "xf"
    ]


def _notes(findings: Findings) -> Iterator[str]:
    kept = "as it was kept when the workbook was saved"
    for count, one, many, done in (
        (findings.hidden_rows, "hidden row was", "hidden rows were", "left out"),
        (findings.hidden_columns, "hidden column was", "hidden columns were", "left out"),
        (findings.formulas, "value is", "values are", f"the result of a formula, {kept}"),
        (findings.readings, "reading was", "readings were", "left out, because the sheet does not show it"),
        (findings.errors, "cell shows", "cells show", "an error"),
    ):
        if count:
            yield f"{counted(count, one, many)} {done}"
    if findings.margins:
        yield "the headers and footers of its printed pages were left out"
    if findings.struck:
        yield f"text is struck out, and was read like any other: cell {findings.struck}"
    for code, cell in findings.unknown.items():
        yield f"the number format {code} of cell {cell} was not applied"


def _have_text(package: Package, parts: Iterable[str]) -> bool:
    return any(
        local(each.tag) in _TEXTS and (each.text or "").strip()
        for part in parts
        for each in package.tree(part).iter()
    )
