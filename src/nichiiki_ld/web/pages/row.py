"""A row of a document, on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.pages.printed_row import PrintedRow, read_row
from nichiiki_ld.web.pages.view import View


@dataclass(frozen=True, slots=True)
class RowPage:
    """What the page of a row shows.

    Attributes:
        before, after: The rows beside it, or None.
    """

    row: PrintedRow
    before: Value | None
    after: Value | None


def read(view: View) -> RowPage:
    """Return what the page of a row shows."""
    row = read_row(view)
    view.placed |= row.anchors
    documents = view.things(view.own("document"))
    rows = next((rows for each in documents if view.thing in (rows := view.around.rows(each))), ())
    place = rows.index(view.thing) if view.thing in rows else 0
    return RowPage(
        row=row,
        before=view.mention_one(rows[max(0, place - 1) : place]),
        after=view.mention_one(rows[place + 1 : place + 2]),
    )
