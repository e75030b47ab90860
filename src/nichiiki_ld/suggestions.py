"""Themes that the words of a row suggest, by the labels of the scheme itself.

Nothing is assigned here. A suggestion quotes the clause that holds the word; a person takes
it or leaves it.

Source: SKOS Reference, section 5 (lexical labels). A hidden label may have `…` in it, which
stands for a few characters within one clause.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from nichiiki_ld.model import PHRASE_FIELDS, Cell
from nichiiki_ld.namespaces import SKOS
from nichiiki_ld.settlement import Settlement

_LABELS = frozenset({f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}hiddenLabel"})
_LANGUAGE = "ja"
_ENDS_OF_CLAUSES = "、。，．「」『』（）()【】[]〈〉・\n\t "
_GAP = "…"
_MOST_BETWEEN = 8
_BETWEEN = f"[^{re.escape(_ENDS_OF_CLAUSES)}]{{0,{_MOST_BETWEEN}}}?"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme that a row may have, and why.

    Attributes:
        theme: Its id.
        phrase: The clause that suggests it, exactly as printed: what `themes.csv` quotes.
        term: The label that was found in it.
    """

    row: str
    theme: str
    phrase: str
    field: str
    term: str


@dataclass(frozen=True, slots=True)
class _Found:
    term: str
    cell: Cell
    start: int
    end: int


class Suggester:
    """A concept scheme, asked by printed words."""

    def __init__(self, scheme: Iterable[Triple], prefix: str) -> None:
        """Take the labels in Japanese of a scheme, but for those of its top: all rows are about that.

        Args:
            prefix: What the IRI of a theme begins with; its id follows.
        """
        self._themes: defaultdict[str, set[str]] = defaultdict(set)
        triples = list(scheme)
        top = {triple.subject for triple in triples if triple.predicate.value == f"{SKOS}topConceptOf"}
        for triple in triples:
            subject, label = triple.subject, triple.object
            if (
                isinstance(subject, NamedNode)
                and isinstance(label, Literal)
                and subject not in top
                and subject.value.startswith(prefix)
                and triple.predicate.value in _LABELS
                and label.language == _LANGUAGE
            ):
                self._themes[_folded(label.value)[0]].add(subject.value.removeprefix(prefix))
        # The longest first: 交流人口 is not 交流. What has a gap hides nothing that stands in it.
        terms = sorted(self._themes, key=lambda term: (-len(term), term))
        self._searches = [_Search([term for term in terms if (_GAP in term) is gap]) for gap in (False, True)]

    def suggest(self, settlement: Settlement, row: str) -> list[Suggestion]:
        """Return what a row suggests, each theme once, in the order in which the row prints it."""
        best: dict[str, _Found] = {}
        for field in PHRASE_FIELDS:
            settled = settlement.get(row, field)
            for found in self._find(settled.cell) if settled else ():
                for theme in self._themes[found.term]:
                    if theme not in best or len(found.term) > len(best[theme].term):
                        best[theme] = found
        ordered = sorted(best.items(), key=lambda each: (each[1].cell.start + each[1].start, each[0]))
        return [
            Suggestion(
                row, theme, _clause(found.cell.printed, found.start, found.end), found.cell.field, found.term
            )
            for theme, found in ordered
        ]

    def _find(self, cell: Cell) -> Iterator[_Found]:
        text, offsets = _folded(cell.printed)
        for search in self._searches:
            for term, first, last in search.find(text):
                yield _Found(term, cell, offsets[first], offsets[last] + 1)


class _Search:
    """Some terms, looked for at once."""

    def __init__(self, terms: Sequence[str]) -> None:
        patterns = (_BETWEEN.join(map(re.escape, term.split(_GAP))) for term in terms)
        self._terms = terms
        self._pattern = re.compile("|".join(f"({pattern})" for pattern in patterns) or r"(?!)")

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield each term that stands in a folded text, with the offsets of its first and last character."""
        for match in self._pattern.finditer(text):
            assert match.lastindex
            yield self._terms[match.lastindex - 1], match.start(), match.end() - 1


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return a text in NFKC and small letters, and for each character the one of the text that it comes from."""
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for each in unicodedata.normalize("NFKC", character).casefold() if character != _GAP else _GAP:
            folded.append(each)
            offsets.append(offset)
    return "".join(folded), offsets


def _clause(text: str, start: int, end: int) -> str:
    """Return the clause around a piece of a text."""
    first = max(text.rfind(sign, 0, start) for sign in _ENDS_OF_CLAUSES) + 1
    last = min((at for sign in _ENDS_OF_CLAUSES if (at := text.find(sign, end)) >= 0), default=len(text))
    return text[first:last]
