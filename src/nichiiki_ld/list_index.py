"""What is in the lists of a release, and what its documents have: an SQLite file, written with the release.

It is read from the store by the queries of the lists, so that a list is what its query says,
and answers in microseconds how many things agree with some filters, however many there are.

A list has places: each is one of its things with one of the projects that it is tied to, or with none.
The places of a thing stand side by side. For each value of each facet there is the set of places that
have it (`positions`): filters that all have to agree, with one and the same project, are `&`.
"""

from __future__ import annotations

import sqlite3
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nichiiki_ld.database import Database, new_database
from nichiiki_ld.iri import ONTOLOGY
from nichiiki_ld.listing import RELATIONS, Listing, is_own, things_query, values_query
from nichiiki_ld.lists import LISTINGS, PROJECTS, prefixes_of
from nichiiki_ld.model import ROW
from nichiiki_ld.positions import (
    Positions,
    from_bytes,
    numbers_from_bytes,
    numbers_to_bytes,
    pack,
    to_bytes,
    unpack,
)

FILE_NAME = "lists.sqlite"
LAYOUT = 2

DOCUMENT_PARTS: Mapping[str, tuple[str, ...]] = {
    "rows": ("?part a n:SourceRow ; n:document ?document",),
    "contradictions": ("?part a n:Contradiction ; n:document ?document",),
    "decisions": (
        "?part a n:Correction ; n:document ?document",
        "?part a n:Confirmation ; n:document ?document",
    ),
    "misprints": (
        "?part a n:Correction ; n:document ?document",
        "?part a n:Correction ; n:row ?row . ?row n:document ?document",
    ),
    "excluded": (f'?part a n:Exclusion ; n:field "{ROW}" ; n:row ?row . ?row n:document ?document',),
    "calls": ("?part a n:Call ; n:document ?document",),
}
"""What documents have → the patterns of which each finds some of it."""

_ROWS_AT_ONCE = 1000
_SCHEMA = """
CREATE TABLE list (name TEXT PRIMARY KEY, entries INT NOT NULL, places INT NOT NULL, entry_of BLOB, tied BLOB NOT NULL);
CREATE TABLE entry (
  list TEXT NOT NULL, number INT NOT NULL, iri TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (list, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX number_of ON entry (list, iri);
CREATE TABLE facet (
  list TEXT NOT NULL, facet TEXT NOT NULL, value TEXT NOT NULL, places BLOB NOT NULL, PRIMARY KEY (list, facet, value)
) WITHOUT ROWID;
CREATE TABLE part (
  document TEXT NOT NULL, kind TEXT NOT NULL, place INT NOT NULL, iri TEXT NOT NULL, PRIMARY KEY (document, kind, place)
) WITHOUT ROWID;
"""

Term = NamedNode | BlankNode | Literal | Triple


class Solutions(Protocol):
    """A store that can be asked."""

    def select(self, text: str) -> Iterable[Mapping[str, Term]]:
        """Return the solutions of a SELECT query: variable → value, where it has one."""


# --- writing ---------------------------------------------------------------------------


def write_list_index(path: Path, store: Solutions, base: str) -> None:
    """Write the index of a release.

    Args:
        base: Base IRI.

    Raises:
        ReleaseError: It cannot be written.
    """
    with new_database(path, _SCHEMA, LAYOUT) as index:
        writer = _Writer(store, base, index)
        for listing in LISTINGS.values():
            writer.write_list(listing)
        for kind, patterns in DOCUMENT_PARTS.items():
            writer.write_parts(kind, patterns)


class _Writer:
    """Writes what it asks a store for.

    Projects are numbered as they come, by what SPARQL calls them: some may be blank nodes,
    which are listed nowhere, but which things can be tied to.
    """

    def __init__(self, store: Solutions, base: str, index: sqlite3.Connection) -> None:
        self._store = store
        self._index = index
        self._own = f"{base}{ONTOLOGY}#"
        self._prefixes = prefixes_of(base)
        self._projects: dict[str, int] = {}
        self._of_projects: dict[str, Mapping[str, Sequence[int]]] = {}

    def write_list(self, listing: Listing) -> None:
        """Write a list with its facets."""
        entries, tied = self._things(listing)
        days = self._days(listing.day, entries) if listing.day else {}
        self._index.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            ((listing.name, number, iri, days.get(iri, "")) for number, iri in enumerate(entries)),
        )
        entry_of, places_of = _places(tied, len(self._projects))
        length = len(entry_of)
        self._index.execute(
            "INSERT INTO list VALUES (?, ?, ?, ?, ?)",
            (
                listing.name,
                len(entries),
                length,
                numbers_to_bytes(entry_of) if length > len(entries) else None,
                _packed(pack(chain.from_iterable(places_of), length)),
            ),
        )
        numbers = {iri: number for number, iri in enumerate(entries)}
        first_place = list(accumulate((max(1, len(each)) for each in tied), initial=0))
        for facet in (*listing.filters, *(RELATIONS if listing is PROJECTS else ())):
            if is_own(listing, facet):
                places = {
                    value: (
                        place for each in found for place in range(first_place[each], first_place[each + 1])
                    )
                    for value, found in self._having(listing, facet, numbers).items()
                }
            else:
                places = {
                    value: (place for each in found if each < len(places_of) for place in places_of[each])
                    for value, found in self._projects_having(listing, facet).items()
                }
            for value in sorted(places):
                # What is no project in this list may have a value too.
                if positions := pack(places[value], length):
                    self._index.execute(
                        "INSERT INTO facet VALUES (?, ?, ?, ?)",
                        (listing.name, facet, value, _packed(positions)),
                    )

    def _things(self, listing: Listing) -> tuple[list[str], list[Sequence[int]]]:
        """Return the things of a list in its order, and for each the projects that it is tied to."""
        tied: dict[str, list[int]] = {}
        ranks: dict[str, list[tuple[float, str]]] = {}
        for row in self._store.select(things_query(listing, self._prefixes)):
            entry = row[listing.entry]
            if isinstance(entry, NamedNode):
                projects = tied.setdefault(entry.value, [])
                if "project" in row:
                    projects.append(self._project(row["project"]))
                if listing.rank:
                    rank = [_rank(row.get(each)) for each in listing.rank]
                    ranks[entry.value] = min(rank, ranks.get(entry.value, rank))
        entries = sorted(tied, key=lambda iri: (ranks.get(iri, []), iri))
        return entries, [list(dict.fromkeys(tied.pop(each))) for each in entries]

    def _project(self, term: Term) -> int:
        return self._projects.setdefault(str(term), len(self._projects))

    def _days(self, term: str, entries: Sequence[str]) -> dict[str, str]:
        known = set(entries)
        text = f"SELECT ?thing ?day WHERE {{ ?thing <{self._own}{term}> ?day }}"
        return {
            thing.value: day.value
            for row in self._store.select(text)
            if isinstance(thing := row["thing"], NamedNode) and isinstance(day := row["day"], Literal)
            if thing.value in known
        }

    def _having(
        self, listing: Listing, facet: str, numbers: Mapping[str, int]
    ) -> Mapping[str, Sequence[int]]:
        """Return value → the numbers of the things that have it themselves."""
        kind = Literal if facet == "kind" else NamedNode
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row in self._store.select(values_query(listing, facet, self._prefixes)):
            thing, value = row[listing.entry], row.get(facet)
            if isinstance(thing, NamedNode) and thing.value in numbers and isinstance(value, kind):
                found[value.value].append(numbers[thing.value])
        return found

    def _projects_having(self, listing: Listing, facet: str) -> Mapping[str, Sequence[int]]:
        """Return value → the projects that have it."""
        if facet not in self._of_projects:
            found: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
            for row in self._store.select(values_query(listing, facet, self._prefixes)):
                value = row[facet]
                if isinstance(value, NamedNode):
                    found[value.value].append(self._project(row["project"]))
            self._of_projects[facet] = found
        return self._of_projects[facet]

    def write_parts(self, kind: str, patterns: Sequence[str]) -> None:
        """Write what each document has of a kind, in the order of its numbers."""
        found: defaultdict[str, set[tuple[float, str]]] = defaultdict(set)
        for pattern in patterns:
            text = (
                f"PREFIX n: <{self._own}> "
                f"SELECT ?part ?document ?number WHERE {{ {pattern} OPTIONAL {{ ?part n:number ?number }} }}"
            )
            for row in self._store.select(text):
                part, document = row["part"], row["document"]
                if isinstance(part, NamedNode) and isinstance(document, NamedNode):
                    number, _ = _rank(row.get("number"))
                    found[document.value].add((number, part.value))
        for iri, parts in sorted(found.items()):
            iris = dict.fromkeys(each for _, each in sorted(parts))
            self._index.executemany(
                "INSERT INTO part VALUES (?, ?, ?, ?)",
                ((iri, kind, place, each) for place, each in enumerate(iris)),
            )


def _places(tied: Sequence[Sequence[int]], projects: int) -> tuple[array[int], list[list[int]]]:
    """Return the number of the thing at each place, and for each project its places."""
    entry_of = array("I")
    places_of: list[list[int]] = [[] for _ in range(projects)]
    for number, mine in enumerate(tied):
        for each in mine:
            places_of[each].append(len(entry_of))
            entry_of.append(number)
        if not mine:
            entry_of.append(number)
    return entry_of, places_of


def _rank(term: Term | None) -> tuple[float, str]:
    """Return what a term is sorted by: a number by its size, an IRI by its text."""
    if isinstance(term, Literal):
        try:
            number = float(term.value)
        except ValueError:
            return (0.0, term.value)
        # Nothing can be sorted by what is no number.
        return (number if number == number else 0.0, "")  # noqa: PLR0124 - NaN
    return (0.0, term.value if isinstance(term, NamedNode) else "")


def _packed(positions: Positions) -> bytes:
    # Most sets are of few places of many.
    return zlib.compress(to_bytes(positions), 1)


# --- reading ---------------------------------------------------------------------------


class ListIndex:
    """The index of a release, opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the index of a release.

        Raises:
            ReleaseError: There is none, or it has another layout.
        """
        self._database = Database(folder / FILE_NAME, LAYOUT)
        self._shelves = {name: Shelf(self._database, name) for name in LISTINGS}

    def shelf(self, name: str) -> Shelf:
        """Return a list by its name."""
        return self._shelves[name]

    def count_of_parts(self, document: str, kind: str) -> int:
        """Return how many things of a kind a document has."""
        ((count,),) = self._database.rows(
            "SELECT COUNT(*) FROM part WHERE document = ? AND kind = ?", (document, kind)
        )
        return int(count)

    def parts(self, document: str, kind: str) -> tuple[NamedNode, ...]:
        """Return what a document has of a kind, in order."""
        found = self._database.rows(
            "SELECT iri FROM part WHERE document = ? AND kind = ? ORDER BY place", (document, kind)
        )
        return tuple(NamedNode(iri) for (iri,) in found)


class Shelf:
    """The places of one list.

    Attributes:
        total: How many things are in the list.
        everywhere: All places.
        tied: Those with a project.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._facets: dict[str, Mapping[str, Positions]] = {}
        ((self.total, length, entry_of, tied),) = database.rows(
            "SELECT entries, places, entry_of, tied FROM list WHERE name = ?", (name,)
        )
        self.everywhere: Positions = (1 << length) - 1
        self.tied = from_bytes(zlib.decompress(tied))
        self._entry_of = None if entry_of is None else numbers_from_bytes(entry_of)

    def facet(self, facet: str) -> Mapping[str, Positions]:
        """Return value → the places that have it."""
        if facet not in self._facets:
            found = self._database.rows(
                "SELECT value, places FROM facet WHERE list = ? AND facet = ? ORDER BY value",
                (self._name, facet),
            )
            self._facets[facet] = {value: from_bytes(zlib.decompress(places)) for value, places in found}
        return self._facets[facet]

    def entries(self, places: Positions) -> Iterator[int]:
        """Yield the number of the thing at each place, in the order of the list: one with several places as often."""
        if self._entry_of is None:
            return unpack(places)
        return map(self._entry_of.__getitem__, unpack(places))

    def count(self, places: Positions) -> int:
        """Return how many things some places are of."""
        if self._entry_of is None:
            return places.bit_count()
        return len(set(self.entries(places)))

    def iris(self, numbers: Iterable[int]) -> list[str]:
        """Return the IRIs of things by their numbers, in the same order."""
        wanted = list(numbers)
        found: dict[int, str] = {}
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            some = wanted[start : start + _ROWS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            found |= self._database.rows(
                f"SELECT number, iri FROM entry WHERE list = ? AND number IN ({marks})",  # noqa: S608 - question marks
                (self._name, *some),
            )
        return [found[number] for number in wanted]

    def number(self, iri: str) -> int | None:
        """Return the number of a thing, or None where it is not in the list."""
        found = self._database.rows("SELECT number FROM entry WHERE list = ? AND iri = ?", (self._name, iri))
        return int(found[0][0]) if found else None

    def latest(self) -> list[int]:
        """Return the numbers of all things: those of the latest day first, those of none last."""
        found = self._database.rows(
            "SELECT number FROM entry WHERE list = ? ORDER BY day DESC, number", (self._name,)
        )
        return [number for (number,) in found]
