"""What a person should know of how a PDF file was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.pdf.marks import Marks

_MOST_UNKNOWN = 0.2
"""Of all glyphs: beyond it the text cannot be read, only looked at."""

_MOSTLY = 0.5
"""Of a page: where pictures cover more, they are the page, and what is printed beside them is not all of it."""

_MOST_NAMED = 10
"""Pages and lines that a note names, the first ones."""

_OCR = "make its text readable first: ocrmypdf -l jpn {options}scanned.pdf readable.pdf"


@dataclass(slots=True)
class Notebook:
    """Observations, gathered page by page."""

    glyphs: int = 0
    unknown: int = 0
    turned: int = 0
    pictures: int = 0
    shared: bool = False
    repaired: bool = False
    cut_pages: list[int] = field(default_factory=list)
    pictured_pages: list[int] = field(default_factory=list)
    mostly_pictured_pages: list[int] = field(default_factory=list)
    turned_pages: list[int] = field(default_factory=list)
    crowded_pages: list[int] = field(default_factory=list)
    joined_pages: list[int] = field(default_factory=list)
    running: list[str] = field(default_factory=list)

    def see(self, marks: Marks, *, cut: bool, crowded: bool) -> None:
        """Observe a page.

        Args:
            cut: One of its streams ended too early.
            crowded: It has more rules than tables can be told by.
        """
        inked = sum(not glyph.blank for glyph in marks.glyphs)
        self.glyphs += inked
        self.unknown += marks.unknown
        self.turned += marks.turned
        self.pictures += marks.pictures
        self.shared |= marks.shared
        mostly = marks.pictured_area > _MOSTLY * marks.width * marks.height
        for happened, pages in (
            (cut, self.cut_pages),
            (not inked and marks.pictures > 0, self.pictured_pages),
            (inked > 0 and mostly and not marks.recognised, self.mostly_pictured_pages),
            (marks.turned > 0, self.turned_pages),
            (crowded, self.crowded_pages),
        ):
            if happened:
                pages.append(marks.number)

    def check(self, where: str) -> None:
        """Make sure that there is text to read.

        Raises:
            UnreadableDocument: There is none, or hardly any.
        """
        if self.turned > self.glyphs:
            raise UnreadableDocument(
                "is set in vertical or turned lines, which are not read",
                where=where,
                hint="copy its text into a .txt file, in the order of reading",
            )
        if not self.glyphs:
            what = "has no text, only pictures: it was scanned" if self.pictures else "has no text"
            raise UnreadableDocument(what, where=where, hint=_OCR.format(options=""))
        if self.unknown > _MOST_UNKNOWN * self.glyphs:
            raise UnreadableDocument(
                f"does not say which characters {self.unknown:,} of its {self.glyphs:,} glyphs are",
                where=where,
                hint=_OCR.format(options="--force-ocr "),
            )

    def notes(self) -> tuple[str, ...]:
        """Return the notes, one sentence each."""
        found = (
            (
                self.repaired,
                "The table of contents of the PDF file is broken; its parts were found by searching.",
            ),
            (
                self.cut_pages,
                f"The content of {_pages(self.cut_pages)} ends early; something may be missing there.",
            ),
            (
                self.pictured_pages,
                f"{_pages(self.pictured_pages).capitalize()} {_has(self.pictured_pages)} no text, only pictures; nothing was read there.",
            ),
            (
                self.mostly_pictured_pages,
                f"{_pages(self.mostly_pictured_pages).capitalize()} {_is(self.mostly_pictured_pages)} mostly a picture; only the text beside it was read.",
            ),
            (
                self.turned_pages,
                f"Text that is not set from left to right was left out on {_pages(self.turned_pages)}.",
            ),
            (
                self.crowded_pages,
                f"{_pages(self.crowded_pages).capitalize()} {_has(self.crowded_pages)} too many lines drawn to tell all tables by them.",
            ),
            (
                self.unknown,
                f"The PDF file does not say which characters {self.unknown:,} glyphs are; they stand as \ufffd.",
            ),
            (
                self.shared,
                "The PDF file names radicals and other characters in place of those that look the same (⽉ for 月, ‧ for ・); this was undone.",
            ),
            (
                self.joined_pages,
                f"A row was taken to go on at the top of {_pages(self.joined_pages)}, because a part of it would be too empty for a row.",
            ),
            (
                self.running,
                f"Lines that repeat in the margins were kept once: {'; '.join(f'「{line}」' for line in self.running[:_MOST_NAMED])}.",
            ),
        )
        return tuple(note for happened, note in found if happened)


def _has(numbers: Sequence[int]) -> str:
    return "has" if len(numbers) == 1 else "have"


def _is(numbers: Sequence[int]) -> str:
    return "is" if len(numbers) == 1 else "are"


def _pages(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:_MOST_NAMED]))
    return (
        f"page{'s' if len(numbers) > 1 else ''} {named}{' and others' if len(numbers) > _MOST_NAMED else ''}"
    )
