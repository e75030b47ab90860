"""What stands between the rows of a list and between its tables: headings, notes, totals, captions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nichiiki_ld.document import Document, Paragraph
from nichiiki_ld.extract.contents import is_places
from nichiiki_ld.extract.covering import from_left
from nichiiki_ld.extract.prefecture_headings import heads_prefecture, prefecture_in
from nichiiki_ld.extract.tables import Table
from nichiiki_ld.extract.transcript import OUTSIDE, Piece
from nichiiki_ld.joints import on_one_line
from nichiiki_ld.printed import plain

_NOTE = re.compile(r"\s*(?:※|＊|\*|[(（]注|注\s*[)）:：\d])")
_TOTAL = re.compile(r"(?:総合|総|合|小|累)?計(?:[(（:：\d].*)?")
_COUNT = re.compile(r"\(?(?:計|全)?\d+(?:件|団体|事業|地域|自治体|市町村)?\)?")
_KIND = re.compile(
    r"\W*(?=\w)(?:都?道?府?県|市?区?町?村?|政令(?:指定)?(?:都市|市)|指定都市|中核市|特別区)\W*"
)
"""Of municipalities: 市町村 ends as a name does, and is none."""

_CAPTION = re.compile(r"[\W\d]*(?:単位.{0,20})?")
"""The number of a page, a rule, the unit of amounts: no heading."""

_HEADING_SIGN = re.compile(r"\s*[■□◆◇●○◎▼▽▲△★☆【〔\[<＜〈《]")

_MOST_PARAGRAPHS_BETWEEN = 2
"""Between a prefecture as a heading and its table."""


def is_note(text: str) -> bool:
    """Say whether a line is a note: ※予定を含む."""
    return _NOTE.match(text) is not None


def is_total(texts: Sequence[str]) -> bool:
    """Say whether a line of a table sums up others."""
    return _TOTAL.fullmatch(plain(texts[0])) is not None


def is_signed(text: str) -> bool:
    """Say whether a line begins with a sign or a bracket as headings do."""
    return _HEADING_SIGN.match(text) is not None


def names_a_kind(text: str) -> bool:
    """Say whether a text names a kind of municipalities, and none of them."""
    return _KIND.fullmatch(text) is not None


def spans(table: Table, row: int) -> bool:
    """Say whether something in a line reaches over several columns."""
    return any(from_left(table.grid, row, column) for column in range(len(table.roles)))


def first_column(table: Table, row: int) -> int:
    """Return the first column of a line that shows something; there must be one."""
    return next(c for c in range(len(table.roles)) if table.grid.rows[row].cells[c].text.strip())


def may_head(table: Table, row: int, texts: Sequence[str]) -> bool:
    """Say whether a line that is a row for lack of better may head those below it: その他 across all columns.

    Args:
        texts: What the line shows.
    """
    counted = len(texts) > 1 and all(_COUNT.fullmatch(plain(text)) for text in texts[1:])
    if is_total(texts) or not (len(texts) == 1 or counted):
        return False
    # In a column alone the sign is a bullet.
    signed = len(table.roles) > 1 and is_signed(texts[0])
    of_places = table.roles[first_column(table, row)] == "places"
    place = of_places and is_places(texts[0]) and not names_a_kind(texts[0])
    return spans(table, row) or signed or not place


def prefecture_before(document: Document, table: Table) -> Piece | None:
    """Return a prefecture that is the name of the sheet, or a heading just before the table."""
    if prefecture_in(table.grid.name):
        return Piece(table.block, OUTSIDE, 0)
    for block in range(table.block - 1, max(-1, table.block - 1 - _MOST_PARAGRAPHS_BETWEEN), -1):
        paragraph = document.blocks[block]
        if not isinstance(paragraph, Paragraph):
            return None
        if heads_prefecture(on_one_line(paragraph.text)):
            return Piece(block, OUTSIDE, 0)
    return None


def is_set_apart(document: Document, before: Table | None, table: Table) -> bool:
    """Say whether something that may head it stands before a table that goes on: then no heading holds any longer.

    Args:
        before: The table of the list before it.
    """
    if before is None or table.grid.name != before.grid.name:
        return True
    return any(
        isinstance(each, Paragraph) and not is_note(each.text) and not _CAPTION.fullmatch(each.text)
        for each in document.blocks[before.block + 1 : table.block]
    )
