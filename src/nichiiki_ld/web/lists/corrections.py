"""Misprints of the documents, each with what is right, why, and the row it stands in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask_babel import format_date, gettext
from pyoxigraph import Literal, NamedNode

from nichiiki_ld.model import kind_of_field
from nichiiki_ld.passages import Mark, Stretch, cut
from nichiiki_ld.web import linking
from nichiiki_ld.web.lists.facets import title_of_kind
from nichiiki_ld.web.lists.kept import Kept
from nichiiki_ld.web.naming import Naming, Value
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.page import NOWHERE, number_of
from nichiiki_ld.web.pages.document import ROWS_AT_ONCE
from nichiiki_ld.web.site import Site

MOST_KEPT = 2000
"""Corrections that are kept as a page tells them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a text, and whether the other text has them too."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Context:
    """The row that a misprint stands in.

    Attributes:
        stretches: The row as printed; number 0 marks the misprint.
        href: The row's own page, at the words.
        in_document: The page of the document, at the row; empty if it is not known.
    """

    name: Value
    document: Value | None
    stretches: tuple[Stretch, ...]
    href: str
    in_document: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A misprint and what is right, or a contradiction and what the data follow.

    Attributes:
        anchor: On the page of corrections.
        field: What kind of words it is about, in words.
        printed: What is printed; more than one text in a contradiction.
        decided: ISO 8601; `decided_text` is how the language writes it.
        about: The thing that the row names, or None.
        context: None where the words stand in no row.
        document: What prints words outside its rows; None for those of a row.
        quotes: Words outside the rows, each with where they stand; empty for those of a row.
    """

    iri: str
    href: str
    anchor: str
    field: str
    printed: tuple[tuple[Piece, ...], ...]
    right: tuple[Piece, ...]
    reason: Value | None
    evidence: tuple[Value, ...]
    reviewer: str
    decided: str
    decided_text: str
    context: Context | None = None
    document: Value | None = None
    quotes: tuple[tuple[str, str], ...] = ()

    @property
    def printed_text(self) -> str:
        """What is printed, as one text."""
        return " / ".join("".join(piece.text for piece in words) for words in self.printed)

    @property
    def right_text(self) -> str:
        """What is right."""
        return "".join(piece.text for piece in self.right)


def fixes_of(site: Site, naming: Naming, corrections: Sequence[NamedNode]) -> list[Fix]:
    """Return corrections as a page tells them."""
    # What is kept has links in it, and words of a language.
    where = (naming.language, linking.page(""))
    kept = _kept_of(site)

    def tell(correction: NamedNode) -> Fix:
        return kept.get((correction, where), lambda: _Teller(site, naming, correction).tell())

    return [tell(each) for each in corrections]


@once_per_release
def _kept_of(_site: Site) -> Kept:
    return Kept(MOST_KEPT)


def contradictions_of(site: Site, naming: Naming) -> list[Fix]:
    """Return the contradictions that were judged, as a page tells them."""
    return fixes_of(site, naming, site.catalog.instances(NamedNode(site.own("Contradiction"))))


class _Teller:
    """Tells of one correction or contradiction."""

    def __init__(self, site: Site, naming: Naming, thing: NamedNode) -> None:
        self._own = site.own
        self._base = site.base
        self._naming = naming
        self._thing = thing
        self._facts = site.catalog.about([thing])
        self._quotations = site.catalog.about(self._facts.nodes(thing, self._own("quotation")))
        self._rows = site.catalog.about(self._facts.nodes(thing, self._own("row")))

    def tell(self) -> Fix:
        thing, facts, own, naming = self._thing, self._facts, self._own, self._naming
        right = facts.text(thing, own("right"))
        printed = sorted(
            each.value for each in facts.objects(thing, own("printed")) if isinstance(each, Literal)
        )
        decided = facts.text(thing, own("decided"))
        field = facts.text(thing, own("field"))
        row = next(iter(facts.nodes(thing, self._own("row"))), None)
        document = next(iter(facts.nodes(thing, self._own("document"))), None)
        pairs = [differences(words, right) for words in printed]
        return Fix(
            iri=thing.value,
            href=linking.address(thing.value) or "",
            anchor=anchor_of(thing.value.removeprefix(self._base)),
            field=title_of_field(field),
            printed=tuple(pair[0] for pair in pairs),
            right=pairs[0][1] if len(pairs) == 1 else (Piece(right, differs=False),),
            reason=naming.text(thing, own("reason")),
            evidence=tuple(
                naming.name(each)
                for each in sorted(
                    facts.nodes(thing, self._own("evidence")),
                    key=lambda each: (not each.value.startswith(self._base), each.value),
                )
            ),
            reviewer=facts.text(thing, own("reviewer")),
            decided=decided,
            decided_text=_day(decided),
            context=self._context(row) if row else None,
            document=naming.name(document) if document else None,
            quotes=() if row else self._quotes(),
        )

    def _context(self, row: NamedNode) -> Context:
        own, rows = self._own, self._rows
        text = rows.text(row, own("text"))
        begin = number_of(rows.text(row, own("start")), NOWHERE)
        quotation = next(iter(self._facts.nodes(self._thing, self._own("quotation"))), None)
        marks = []
        if quotation:
            start = number_of(self._quotations.text(quotation, own("start")), NOWHERE)
            end = number_of(self._quotations.text(quotation, own("end")), NOWHERE)
            words = self._quotations.text(quotation, own("text"))
            if begin <= start < end < NOWHERE and text[start - begin : end - begin] == words:
                marks = [Mark(0, start - begin, end - begin)]
        document = next(iter(rows.nodes(row, self._own("document"))), None)
        place = quotation.value.partition("#")[2] if quotation else ""
        href = linking.address(row.value) or ""
        return Context(
            name=self._naming.name(row),
            document=self._naming.name(document) if document else None,
            stretches=cut(text, marks) if text else (),
            href=f"{href}#{place}" if place else href,
            in_document=self._place(document, number_of(rows.text(row, own("number")))) if document else "",
        )

    def _place(self, document: NamedNode, number: int) -> str:
        """Return where a page of a document has a row; empty for a row without a number."""
        href = linking.address(document.value)
        if not href or not number:
            return ""
        first = (number - 1) // ROWS_AT_ONCE * ROWS_AT_ONCE + 1
        return f"{href}.html{f'?from={first}' if first > 1 else ''}#row-{number}"

    def _quotes(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self._quotations.text(each, self._own("text")), linking.address(each.value) or "")
            for each in self._facts.nodes(self._thing, self._own("quotation"))
        )


def differences(printed: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces, those apart that the other text does not have there."""
    wrong: list[Piece] = []
    corrected: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, printed, right, autojunk=False).get_opcodes():
        differs = what != "equal"
        wrong += [Piece(printed[i:j], differs)] if i < j else []
        corrected += [Piece(right[k:m], differs)] if k < m else []
    return tuple(wrong), tuple(corrected)


def title_of_field(field: str) -> str:
    """Return what a cell of a row is called: the fifth name, the lead's fiscal year."""
    kind = kind_of_field(field)
    title = title_of_kind(kind)
    number = field.removeprefix(f"{kind}-")
    return (
        title if number == field else str(gettext("%(title)s（%(number)s番目）", title=title, number=number))
    )


def anchor_of(name: str) -> str:
    """Return what a correction is called on its page: `2025-07-01-mlit-row-10-name-5`."""
    parts = [part for part in name.split("/") if part not in ("document", "correction")]
    return "-".join(parts)


def _day(text: str) -> str:
    try:
        return str(format_date(datetime.date.fromisoformat(text), "long"))
    except ValueError:
        return text
