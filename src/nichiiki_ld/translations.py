"""What people say printed words mean in another language, held against what is printed.

A translation is nobody's words but its translator's. It quotes what it translates, so that it
is never shown beside other words than those it was made of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from nichiiki_ld.errors import ReviewError, StaleTranslation
from nichiiki_ld.model import LEAD, Source, Translation
from nichiiki_ld.settlement import Settlement

ROW_FIELDS = ("summary", "applicant")
LEAD_FIELDS = ("title",)
"""What may be translated: each is said of one thing, which then has the translation."""


def translations_by_row(source: Source, settlement: Settlement) -> Mapping[str, Sequence[Translation]]:
    """Return the translations of a document by the row that they belong to, `lead` for those outside the table.

    Raises:
        StaleTranslation: One quotes what is not printed there.
        ReviewError: One is of a row that does not exist, of a field that is not translated, or
            of a text that has another translation into the same language.
    """
    rows = set(settlement.rows)
    found: defaultdict[str, list[Translation]] = defaultdict(list)
    seen: set[tuple[str, str, str]] = set()
    for translation in source.translations:
        row, field = translation.row, translation.field
        where = f"data/sources/{source.id}/translations.csv:{translation.line}"
        if row != LEAD and row not in rows:
            raise ReviewError(
                f"there is no row {row}",
                where=where,
                hint="give the number of a row of the table, or 'lead'",
            )
        fields = LEAD_FIELDS if row == LEAD else ROW_FIELDS
        if field not in fields:
            raise ReviewError(
                f"{field} is not translated", where=where, hint=f"translate {' or '.join(fields)}"
            )
        settled = settlement.get(row, field)
        if settled is None or settled.cell.printed != translation.printed:
            raise StaleTranslation(
                where, quoted=translation.printed, printed=settled.cell.printed if settled else ""
            )
        key = (row, field, translation.language.lower())
        if key in seen:
            raise ReviewError(
                f"{field} of row {row} has another translation into '{translation.language}'",
                where=where,
                hint="keep one of them",
            )
        seen.add(key)
        found[row].append(translation)
    return found
