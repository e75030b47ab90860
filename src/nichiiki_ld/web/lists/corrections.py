"""Misprints of the documents, each with what is right, why, and the row it stands in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask_babel import format_date, gettext
from pyoxigraph import Literal, NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.passages import Mark, Stretch, cut
from nichiiki_ld.web import linking
from nichiiki_ld.web.lists.facets import title_of_kind
from nichiiki_ld.web.lists.kept import Kept
from nichiiki_ld.web.lists.members import kind_of
from nichiiki_ld.web.naming import Naming, Value
from nichiiki_ld.web.once import once_per_release
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
        context: None for a contradiction.
        quotes: Words of a contradiction, with where they stand.
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
        self._quotations = site.catalog.about(self._mentioned("quotation", thing, self._facts))
        self._rows = site.catalog.about(self._mentioned("row", thing, self._facts))

    def _mentioned(self, term: str, thing: NamedNode, facts: Facts) -> list[NamedNode]:
        found = set(facts.objects(thing, self._own(term)))
        return sorted((each for each in found if isinstance(each, NamedNode)), key=lambda each: each.value)

    def tell(self) -> Fix:
        thing, facts, own, naming = self._thing, self._facts, self._own, self._naming
        right = facts.text(thing, own("right"))
        printed = sorted(
            each.value for each in facts.objects(thing, own("printed")) if isinstance(each, Literal)
        )
        decided = facts.text(thing, own("decided"))
        field = facts.text(thing, own("field"))
        row = next(iter(self._mentioned("row", thing, facts)), None)
        document = next(iter(self._mentioned("document", thing, facts)), None)
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
                    self._mentioned("evidence", thing, facts),
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
        begin = _number(rows.text(row, own("start")))
        quotation = next(iter(self._mentioned("quotation", self._thing, self._facts)), None)
        marks = []
        if quotation and begin is not None:
            start = _number(self._quotations.text(quotation, own("start")))
            end = _number(self._quotations.text(quotation, own("end")))
            words = self._quotations.text(quotation, own("text"))
            if start is not None and end is not None and text[start - begin : end - begin] == words:
                marks = [Mark(0, start - begin, end - begin)]
        document = next(iter(self._mentioned("document", row, rows)), None)
        place = quotation.value.partition("#")[2] if quotation else ""
        href = linking.address(row.value) or ""
        return Context(
            name=self._naming.name(row),
            document=self._naming.name(document) if document else None,
            stretches=cut(text, marks) if text else (),
            href=f"{href}#{place}" if place else href,
            in_document=self._place(document, _number(rows.text(row, own("number")))) if document else "",
        )

    def _place(self, document: NamedNode, number: int | None) -> str:
        """Return where a page of a document has a row."""
        href = linking.address(document.value)
        if not href or number is None:
            return ""
        first = (number - 1) // ROWS_AT_ONCE * ROWS_AT_ONCE + 1
        return f"{href}.html{f'?from={first}' if first > 1 else ''}#row-{number}"

    def _quotes(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self._quotations.text(each, self._own("text")), linking.address(each.value) or "")
            for each in self._mentioned("quotation", self._thing, self._facts)
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
    kind = kind_of(field)
    title = title_of_kind(kind)
    number = field.removeprefix(f"{kind}-")
    return (
        title if number == field else str(gettext("%(title)s（%(number)s番目）", title=title, number=number))
    )


def anchor_of(name: str) -> str:
    """Return what a correction is called on its page: `2025-07-01-mlit-row-10-name-5`."""
    parts = [part for part in name.split("/") if part not in ("document", "correction")]
    return "-".join(parts)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _day(text: str) -> str:
    try:
        return str(format_date(datetime.date.fromisoformat(text), "long"))
    except ValueError:
        return text
