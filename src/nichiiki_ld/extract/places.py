"""A printed cell of places, cut into the places it prints.

People print several places in a cell in many ways: 北海道北見市、上士幌町, 珠洲市、白山市(石川県),
きたみし 北見市, 島根県　隠岐の島町. What is cut here is told from the signs, from the kind of
script and from the endings of names alone; whether there is such a place is not asked. What
cannot be told apart stays together as one name, which no register will know, so that a
person is asked: 北見市網走市, 北見市ほか3市町.
"""

from __future__ import annotations

from dataclasses import dataclass

from nichiiki_ld.extract.place_reader import Piece, PlaceReader
from nichiiki_ld.extract.signs import Kind, signs


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: its offsets and what it prints."""

    start: int
    end: int
    printed: str


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """A place as a cell prints it.

    Attributes:
        prefecture: Where it is printed apart from the name: before several names, or in brackets
            behind. Several places may share one. None where the name begins with its own, unless
            a bracket says another.
        name: With the district (郡) if that is printed; without footnote marks, and without brackets
            but those of wards and those that tell of other places.
        reading: As printed, or None.
    """

    prefecture: Span | None
    name: Span
    reading: Span | None


def split_places(text: str, start: int = 0) -> list[PrintedPlace]:
    """Return the places that a cell prints, in their order.

    Left out are separators, footnote marks, the reading of a prefecture that stands before a
    place, and brackets that name a part of a place or what it was: islands, districts, 旧○○町.
    Wards are places themselves: a name with a bracket of wards behind it stays whole, and comes
    once for each of them.

    Args:
        start: Where the cell begins in the document; the offsets count from there.
    """

    def span(piece: Piece) -> Span:
        return Span(start + piece[0], start + piece[1], text[slice(*piece)])

    pieces = list(signs(text))
    reader = PlaceReader(text)
    reader.read(pieces)
    found = [
        PrintedPlace(
            span(place.prefecture) if place.prefecture else None,
            span(place.name),
            span(place.reading) if place.reading else None,
        )
        for place in reader.places
    ]
    printed = [piece for piece in pieces if piece.kind in {Kind.WORD, Kind.BRACKET}]
    if printed and not found:
        found.append(PrintedPlace(None, span((printed[0].start, printed[-1].end)), None))
    return found
