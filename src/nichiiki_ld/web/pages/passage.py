"""Printed words with what somebody marked in them: the phrases that support themes, the misprints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nichiiki_ld.passages import Mark, Stretch, cut
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.page import Quote, Ruling, number_of


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that support a theme.

    Attributes:
        number: By which the page refers to it, counted from 1 in the order in which they are printed.
        anchor: Of the words wherever the row is shown.
        place: Where they stand on the page of their row.
        judgement: The page of the judgement that gives the theme, or empty.
    """

    number: int
    theme: Value
    quote: Quote
    anchor: str
    place: str
    judgement: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A printed cell.

    Attributes:
        anchor: Its name on the page of its row: `summary`.
        marks: By the number of a stretch's mark, the phrase that it belongs to.
        ruling: The correction, if the words are a misprint.
    """

    anchor: str
    text: str
    stretches: tuple[Stretch, ...]
    marks: dict[int, Phrase]
    ruling: Ruling | None


def phrase_anchor(theme: str) -> str:
    """Return the name of the place where a row prints the phrase for a theme."""
    return f"phrase-{theme}"


def place_of(quote: Quote) -> str:
    """Return where quoted words stand: on the page of their row, or else of their document."""
    href = quote.href or ""
    if quote.row and quote.row.href and href.endswith("#phrase"):
        return f"{quote.row.href}#{phrase_anchor(href.removesuffix('#phrase').rpartition('/')[2])}"
    return href


def number_phrases(found: Iterable[tuple[Value, Quote]]) -> tuple[Phrase, ...]:
    """Return the phrases of a row in the order in which they are printed."""
    ordered = sorted(found, key=lambda each: (*_span(each[1]), each[0].iri))
    return tuple(
        Phrase(
            number=number,
            theme=theme,
            quote=quote,
            anchor=phrase_anchor(theme.iri.rpartition("/")[2]),
            place=place_of(quote),
            judgement=(quote.href or "").partition("#")[0],
        )
        for number, (theme, quote) in enumerate(ordered, start=1)
    )


def passage_of(quote: Quote, phrases: Sequence[Phrase] = (), ruling: Ruling | None = None) -> Passage:
    """Return a cell with the phrases that stand in it."""
    first, _ = _span(quote)
    inside = [each for each in phrases if each.quote.field == quote.field]
    marks = []
    for phrase in inside:
        start, end = (each - first for each in _span(phrase.quote))
        if start >= 0 and quote.text[start:end] == phrase.quote.text:
            marks.append(Mark(phrase.number, start, end))
    return Passage(
        anchor=quote.anchor or quote.field,
        text=quote.text,
        stretches=cut(quote.text, marks),
        marks={each.number: each for each in inside},
        ruling=ruling,
    )


def _span(quote: Quote) -> tuple[int, int]:
    return number_of(quote.start), number_of(quote.end)
