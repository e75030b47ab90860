"""A row of a document as it is printed, with what we say of its words beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import NamedNode

from nichiiki_ld.model import OF_THE_CUT, ROW, kind_of_field
from nichiiki_ld.namespaces import RDF, RDF_TYPE
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.page import Quote, Ruling, number_of
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
    """A place as the row names it.

    Attributes:
        prefecture: As printed apart from the name.
    """

    name: Cell
    reading: Cell | None
    prefecture: Cell | None

    @property
    def excluded(self) -> bool:
        """Whether it is no place, as somebody decided."""
        return self.name.printed.ruling is not None and self.name.printed.ruling.kind == "Exclusion"


@dataclass(frozen=True, slots=True)
class Outside:
    """Words that are printed elsewhere than in the row: a unit in the heading, a prefecture further up.

    Attributes:
        anchors: The names of all cells that are these words: places may share a prefecture.
    """

    cell: Cell
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row.

    Attributes:
        name: Of the row: 10行目.
        number: In its document, counted from 1; or empty.
        page: Of its document, counted from 1; or empty.
        told: By field, the cells that a column of its own is made for: `TOLD`.
        outside: In the order of the document.
        rulings: What was decided on its words.
        exclusion: The decision that it is no project, or None.
        stretches: The whole row as printed: its cells, and what stands between them.
        anchors: The places of cells and phrases.
    """

    name: Value
    number: str
    page: str
    places: tuple[PrintedPlace, ...]
    told: dict[str, Cell]
    outside: tuple[Outside, ...]
    phrases: tuple[Phrase, ...]
    rulings: tuple[Ruling, ...]
    exclusion: Ruling | None
    stretches: tuple[Cell | str, ...]
    project: Value | None
    document: Value | None
    anchors: frozenset[str]

    @property
    def misprints(self) -> int:
        """How many of its words were corrected."""
        return sum(each.kind == "Correction" for each in self.rulings)


TOLD = ("title", "applicant", "summary", "amount")
"""Fields that are told in columns of their own, in this order."""


def read_row(view: View) -> PrintedRow:
    """Return the row that a view is of."""
    own, facts, row = view.own, view.reader.facts, view.thing
    quotes = view.reader.quotes_on_page()
    rulings = view.reader.rulings_on_page()
    by_field = {each.field: each for each in rulings if each.kind in ("Correction", "Exclusion")}
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
        PrintedPlace(
            cell,
            cells.get(field.replace("name", "reading", 1)),
            cells.get(field.replace("name", "prefecture", 1)),
        )
        for field, cell in cells.items()
        if kind_of_field(field) == "name"
    )
    stretches = tuple(_stretches(view, quotes, cells))
    outside = tuple(_outside(quotes, cells))
    placed = {each.printed.anchor for each in stretches if isinstance(each, Cell)}
    placed |= {anchor for each in outside for anchor in each.anchors}
    return PrintedRow(
        name=next(iter(view.mention([row]))),
        number=facts.text(row, own("number")),
        page=facts.text(row, own("page")),
        places=places,
        told={field: cells[field] for field in TOLD if field in cells},
        outside=outside,
        phrases=phrases,
        rulings=tuple(rulings),
        exclusion=next((each for each in rulings if (each.kind, each.field) == ("Exclusion", ROW)), None),
        stretches=stretches,
        project=view.mention_one(
            each for each in view.reader.pointing(own("row")) if each in view.around.all_projects
        ),
        document=view.mention_one(view.things(own("document"))),
        anchors=frozenset(placed | {each.anchor for each in phrases}),
    )


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
    quotation = NamedNode(f"{view.thing.value}#{quote.anchor}")
    statements = view.site.catalog.pointing(quotation, view.own("quotation"))
    objects = view.site.catalog.objects
    return next((thing for each in statements for thing in objects(each, f"{RDF}object")), None)


def _outside(quotes: list[Quote], cells: dict[str, Cell]) -> Iterator[Outside]:
    elsewhere = [each for each in quotes if each.row is None]
    for _, group in groupby(elsewhere, key=lambda each: (each.start, each.end)):
        found = [cells[each.field] for each in group]
        yield Outside(found[0], tuple(each.printed.anchor for each in found))


def _stretches(view: View, quotes: list[Quote], cells: dict[str, Cell]) -> Iterator[Cell | str]:
    """Yield the row's text in order; a cell that does not stand where it says is left out."""
    facts, row = view.reader.facts, view.thing
    text, offset = facts.text(row, view.own("text")), facts.text(row, view.own("start"))
    if not text:
        return
    position = 0
    for quote in quotes:
        start, end = (number_of(each) - number_of(offset) for each in (quote.start, quote.end))
        if (
            quote.field not in OF_THE_CUT
            and quote.text
            and start >= position
            and text[start:end] == quote.text
        ):
            if start > position:
                yield text[position:start]
            yield cells[quote.field]
            position = end
    if text[position:]:
        yield text[position:]
