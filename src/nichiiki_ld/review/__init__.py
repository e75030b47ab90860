"""Compare what is printed with what is known, and say what only a person can settle.

Nothing is ranked into truth by likeness. A doubt carries candidates, each with its
reason; a person writes the decision.
"""

from __future__ import annotations

from collections.abc import Mapping

from nichiiki_ld.errors import ReviewError
from nichiiki_ld.model import Doubt, Programme, Source
from nichiiki_ld.places import SAME_AS_ABOVE, Gazetteer
from nichiiki_ld.review.candidates import MAXIMUM_CANDIDATES, Printing, printings
from nichiiki_ld.review.habits import habits_of
from nichiiki_ld.review.lead import review_lead
from nichiiki_ld.review.rows import review_row
from nichiiki_ld.review.table import review_table
from nichiiki_ld.settlement import Settlement

__all__ = ["MAXIMUM_CANDIDATES", "programme_of", "review"]

_MOST_ABOVE = 30
"""Places of a row that a ditto sign below it can stand for."""


def review(
    settlement: Settlement,
    gazetteer: Gazetteer,
    *,
    programme: str,
    stated: Mapping[str, str] | None = None,
) -> list[Doubt]:
    """Return everything about a document that only a person can settle, in its order.

    Args:
        settlement: The cells as far as they are decided. Without decisions this
            finds every misprint; with all of them, nothing.
        programme: The name that the lead should print.
        stated: What `source.toml` states in place of the document. When it is given, even
            empty, a lead that lacks a fact which is needed is doubted too.
    """
    doubts = review_lead(settlement, programme, stated)
    of_table = review_table(settlement)
    habits = habits_of(settlement, gazetteer)
    above: list[Printing] = []
    for row in settlement.rows:
        places = printings(settlement, row)
        doubts += of_table.get(row, ())
        doubts += review_row(settlement, row, places, gazetteer, habits, above)
        above = [each for each in places if each.name.value not in SAME_AS_ABOVE][:_MOST_ABOVE] or above
    return doubts


def programme_of(source: Source, programmes: Mapping[str, Programme]) -> Programme:
    """Return the programme that a document announces decisions of.

    Raises:
        ReviewError: It is not described.
    """
    if source.programme not in programmes:
        raise ReviewError(
            f"there is no programme '{source.programme}'",
            where=f"data/sources/{source.id}/source.toml",
            hint=f"describe it in data/programmes/{source.programme}.toml",
        )
    return programmes[source.programme]
