"""What the page of a thing shows: a reader for each kind of thing, and one for everything else."""

from __future__ import annotations

from nichiiki_ld.web.pages.document import ROWS_FROM
from nichiiki_ld.web.pages.kinds import read_page

__all__ = ["ROWS_FROM", "read_page"]
