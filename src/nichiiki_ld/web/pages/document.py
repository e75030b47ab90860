"""A document as it is printed: its lead and its rows, and what we say of its words beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import request
from pyoxigraph import NamedNode

from nichiiki_ld.model import BLOT, kind_of_field
from nichiiki_ld.namespaces import DCTERMS, RDF, RDFS
from nichiiki_ld.passages import Mark, Stretch, cut
from nichiiki_ld.web import linking
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.page import Quote, Ruling, number_of
from nichiiki_ld.web.pages.printed_row import TOLD, PrintedRow, read_row
from nichiiki_ld.web.pages.view import Day, Evidence, View

ROWS_AT_ONCE = 30
ROWS_FROM = "from"
"""Parameter with the first row that is asked for."""

_GAP = "\u2003…\u2003"


@dataclass(frozen=True, slots=True)
class LeadMark:
    """Words of the lead that something rests on.

    Attributes:
        what: The property that they say something of, or empty.
        href: The statement, on the page of what it is said of; empty when that is this page.
        ruling: The judgement, where the document contradicts itself in these words, or misprints them.
        followed: Whether the data follow them.
    """

    anchor: str
    text: str
    what: str
    href: str
    ruling: Ruling | None
    followed: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """What the page of a document shows.

    Attributes:
        lead: What is printed before the table.
        whole: Whether that is all of it, and not the quoted words only.
        blotted: Whether some of it is not published.
        first, last: Which rows are shown, counted from 1.
        before, after: The first row of the page before and after, or None.
        translation: Of the title into the language of the page; unofficial.
        columns: Fields that a row of the page prints beside its places, in the order of `TOLD`.
        rulings: What the document contradicts itself in.
        decisions: Corrections and confirmations of words outside the table.
        misprints: How many words of the whole document were corrected.
        excluded: How many of all its rows are no projects.
    """

    lead: tuple[Stretch, ...]
    marks: dict[int, LeadMark]
    whole: bool
    blotted: bool
    rows: tuple[PrintedRow, ...]
    first: int
    last: int
    total: int
    before: int | None
    after: int | None
    columns: tuple[str, ...]
    rulings: tuple[Ruling, ...]
    decisions: tuple[Ruling, ...]
    misprints: int
    excluded: int
    published: Day | None
    published_evidence: tuple[Evidence, ...]
    publisher: Value | None
    calls: tuple[Value, ...]
    pages: tuple[Value, ...]
    attribution: Value | None
    translation: Value | None


def read(view: View) -> DocumentPage:
    """Return what the page of a document shows."""
    own, around = view.own, view.around
    rulings = view.judgements(around.contradictions(view.thing))
    decisions = view.judgements(around.decisions(view.thing))
    quotes = view.reader.quotes_on_page()
    marks = {number: _lead_mark(view, quote, [*rulings, *decisions]) for number, quote in enumerate(quotes)}
    view.placed |= {each.anchor for each in marks.values()}
    lead, whole = _lead(view, quotes)
    rows = around.rows(view.thing)
    first = _first(len(rows))
    shown = rows[first - 1 : first - 1 + ROWS_AT_ONCE]
    printed = tuple(read_row(View(view.site, each.value, view.language)) for each in shown)
    published = view.fact(own("published"))
    return DocumentPage(
        lead=lead,
        marks=marks,
        whole=whole,
        blotted=any(BLOT in each.text for each in lead),
        rows=printed,
        first=first,
        last=first + len(shown) - 1,
        total=len(rows),
        before=max(1, first - ROWS_AT_ONCE) if first > 1 else None,
        after=first + ROWS_AT_ONCE if first + ROWS_AT_ONCE <= len(rows) else None,
        columns=tuple(field for field in TOLD if any(field in each.told for each in printed)),
        rulings=tuple(rulings),
        decisions=tuple(decisions),
        misprints=around.misprints(view.thing),
        excluded=around.excluded_rows(view.thing),
        published=view.day(published.term if published else None),
        published_evidence=published.evidence if published else (),
        publisher=view.mention_one(view.things(f"{DCTERMS}publisher")),
        calls=view.mention(around.calls(view.thing)),
        pages=tuple(view.reader.value(each) for each in view.things(f"{RDFS}seeAlso")),
        attribution=view.text(own("attribution")),
        translation=view.translation(),
    )


def _first(total: int) -> int:
    """Return the first row that is asked for; the first of all where none is, or no such row."""
    number = number_of(request.args.get(ROWS_FROM, ""))
    return number if 1 <= number <= total else 1


def _lead(view: View, quotes: Sequence[Quote]) -> tuple[tuple[Stretch, ...], bool]:
    """Return the words before the table, whole if the data have them, or else those that are quoted.

    Quoted words from behind the table come after them.
    """
    text = view.reader.facts.text(view.thing, view.own("text"))
    numbered = list(enumerate(quotes))
    if text:
        before = [(number, quote) for number, quote in numbered if number_of(quote.start) < len(text)]
        marks = [
            Mark(number, number_of(quote.start), number_of(quote.end))
            for number, quote in before
            if text[number_of(quote.start) : number_of(quote.end)] == quote.text
        ]
        if len(marks) == len(before):
            return (*_trimmed(cut(text, marks)), *_behind(numbered[len(before) :])), True
    return tuple(_fragments(numbered)), False


def _behind(quotes: Sequence[tuple[int, Quote]]) -> Iterator[Stretch]:
    if quotes:
        yield Stretch(_GAP)
        yield from _fragments(quotes)


def _trimmed(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """Return stretches without the empty lines before the first and after the last."""
    found = list(stretches)
    if found and not found[0].marks:
        found[0] = replace(found[0], text=found[0].text.lstrip())
    if found and not found[-1].marks:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)


def _fragments(quotes: Sequence[tuple[int, Quote]]) -> Iterator[Stretch]:
    for number, quote in quotes:
        yield Stretch(quote.text, (number,), (number,), (number,))
        yield Stretch(_GAP)


def _lead_mark(view: View, quote: Quote, rulings: Sequence[Ruling]) -> LeadMark:
    facts = view.supported_by(NamedNode(f"{view.thing.value}#{quote.anchor}"))
    what, href = "", ""
    for triple in sorted(facts.triples, key=str):
        if triple.predicate.value == f"{RDF}subject" and isinstance(triple.object, NamedNode):
            predicates = facts.objects(triple.subject, f"{RDF}predicate")
            named = view.mention(each for each in predicates if isinstance(each, NamedNode))
            what = "・".join(each.text for each in named)
            if triple.object != view.thing and isinstance(triple.subject, NamedNode):
                href = linking.address(triple.subject.value) or ""
    field = kind_of_field(quote.field)
    ruling = next(
        (
            each
            for each in rulings
            if each.field == (field if each.kind == "Contradiction" else quote.field) and each.right
        ),
        None,
    )
    return LeadMark(
        anchor=quote.anchor,
        text=quote.text,
        what=what,
        href=href,
        ruling=ruling,
        followed=ruling is None or quote.text == ruling.right,
    )
