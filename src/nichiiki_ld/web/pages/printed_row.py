"""A row of a document as it is printed, with what we say of its words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from nichiiki_ld.namespaces import RDF, RDF_TYPE
from nichiiki_ld.web.page import Quote, Ruling, Value, number_of
from nichiiki_ld.web.pages.passage import Passage, Phrase, number_phrases, passage_of
from nichiiki_ld.web.pages.view import View


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell and what the data have for it.

    Attributes:
        thing: What it names, or None.
    """

    printed: Passage
    thing: Value | None


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """A place as the row names it."""

    name: Cell
    reading: Cell | None


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row.

    Attributes:
        name: Of the row: 10行目.
        number: In its document, counted from 1; or empty.
        stretches: The whole row as printed: its cells, and what stands between them.
        other: Cells that are none of the others.
        anchors: The places of cells and phrases.
    """

    name: Value
    number: str
    places: tuple[PrintedPlace, ...]
    applicant: Cell | None
    summary: Cell | None
    other: tuple[Cell, ...]
    phrases: tuple[Phrase, ...]
    rulings: tuple[Ruling, ...]
    stretches: tuple[Cell | str, ...]
    project: Value | None
    document: Value | None
    anchors: frozenset[str]


def read_row(view: View) -> PrintedRow:
    """Return the row that a view is of."""
    own, facts, row = view.own, view.reader.facts, view.thing
    quotes = view.reader.quotes_on_page()
    rulings = view.reader.rulings_on_page()
    by_field = {each.field: each for each in rulings}
    phrases = number_phrases(_phrases(view))
    things = {each.field: _named_by(view, each) for each in quotes}
    mentioned = dict(
        zip(
            found := [each for each in things.values() if each],
            view.mention(found),
            strict=True,
        )
    )
    cells = {
        each.field: Cell(
            passage_of(each, phrases, by_field.get(each.field)),
            mentioned.get(thing) if (thing := things[each.field]) else None,
        )
        for each in quotes
    }
    places = tuple(
        PrintedPlace(cell, cells.get(field.replace("name", "reading", 1)))
        for field, cell in cells.items()
        if _is(field, "name")
    )
    told = {"applicant", "summary"}
    return PrintedRow(
        name=next(iter(view.mention([row]))),
        number=facts.text(row, own("number")),
        places=places,
        applicant=cells.get("applicant"),
        summary=cells.get("summary"),
        other=tuple(
            cell
            for field, cell in cells.items()
            if field not in told and not _is(field, "name") and not _is(field, "reading")
        ),
        phrases=phrases,
        rulings=tuple(rulings),
        stretches=tuple(_stretches(view, quotes, cells)),
        project=view.mention_one(
            each for each in view.reader.pointing(own("row")) if each in view.around.all_projects
        ),
        document=view.mention_one(view.things(own("document"))),
        anchors=frozenset(
            {each.printed.anchor for each in cells.values()} | {each.anchor for each in phrases}
        ),
    )


def _is(field: str, kind: str) -> bool:
    return field == kind or (field.startswith(f"{kind}-") and field.removeprefix(f"{kind}-").isdecimal())


def _phrases(view: View) -> Iterator[tuple[Value, Quote]]:
    own, facts = view.own, view.reader.facts
    for judgement in facts.subjects(own("row"), view.thing):
        if NamedNode(own("ThemeAssignment")) in facts.objects(judgement, RDF_TYPE):
            themes = [
                each for each in facts.objects(judgement, f"{RDF}object") if isinstance(each, NamedNode)
            ]
            for quote in view.reader.quotes(facts.objects(judgement, own("quotation"))):
                for theme in themes:
                    yield view.reader.value(theme), quote


def _named_by(view: View, quote: Quote) -> NamedNode | None:
    """Return the thing that the data have for a cell: the object of a statement that rests on it."""
    facts = view.supported_by(NamedNode(f"{view.thing.value}#{quote.anchor}"))
    for triple in sorted(facts.triples, key=str):
        if triple.predicate.value == f"{RDF}object" and isinstance(triple.object, NamedNode):
            return triple.object
    return None


def _stretches(view: View, quotes: list[Quote], cells: dict[str, Cell]) -> Iterator[Cell | str]:
    """Yield the row's text in order; a cell that does not stand where it says is left out."""
    facts, row = view.reader.facts, view.thing
    text, offset = facts.text(row, view.own("text")), facts.text(row, view.own("start"))
    if not text:
        return
    position = 0
    for quote in quotes:
        start, end = (number_of(each) - number_of(offset) for each in (quote.start, quote.end))
        if quote.text and start >= position and text[start:end] == quote.text:
            if start > position:
                yield text[position:start]
            yield cells[quote.field]
            position = end
    if text[position:]:
        yield text[position:]
