"""Workbooks written by hand, for what no library writes: readings, lies and bombs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def _relations(parts: Mapping[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_KINDS}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(parts.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def package(parts: Mapping[str, str | Iterable[bytes]]) -> bytes:
    """Return an archive; a part of many pieces is written piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in [content.encode()] if isinstance(content, str) else content:
                    part.write(piece)
    return out.getvalue()


def workbook(
    sheet: str | Iterable[bytes], *, texts: str = "", book: str = "", parts: Mapping[str, str] | None = None
) -> bytes:
    """Return a workbook with one sheet.

    Args:
        sheet: The whole part.
        texts: The `si` elements of the shared strings.
        book: What stands in the workbook part behind its sheets.
        parts: What else is in it, or what is there instead.
    """
    return package(
        {
            "_rels/.rels": _relations({"xl/workbook.xml": "officeDocument"}),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_KINDS}"><sheets>'
            f'<sheet name="一覧" sheetId="1" r:id="r1"/></sheets>{book}</workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                {"worksheets/sheet1.xml": "worksheet", "sharedStrings.xml": "sharedStrings"}
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
            SHEET: sheet,
        }
        | dict(parts or {})
    )


def sheet(rows: str, *, before: str = "", behind: str = "") -> str:
    """Return a sheet part with rows, and what stands around them."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'
