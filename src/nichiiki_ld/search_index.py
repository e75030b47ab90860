"""The index that a release is searched by: one SQLite file, written with the release and only read afterwards.

Names and codes as a whole are rows of a table, sorted, for what begins with what was
typed. Words within names, and within names and texts, are in full-text tables (FTS5) of pairs of
characters, because a word of Japanese may be as short as two; for one character, which begins
very many pairs, they have an index of their own. Things are numbered by kind, what the
release is about first, so that the first to be found are the first to be shown, and a
search may stop there.

Source: https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

from pyoxigraph import RdfFormat, parse
from rapidfuzz import fuzz, process

from nichiiki_ld.database import Database, explained, new_database
from nichiiki_ld.search.entries import NAMES, Entry, Kind, Reader
from nichiiki_ld.search.folding import terms
from nichiiki_ld.search.request import Request

FILE_NAME = "search.sqlite"

LAYOUT = 3
"""Number of what the file looks like; another needs another build."""

MOST_FOUND = 1000
"""Of a kind; what more there is, nobody looks through."""

COUNTED = 200
"""Of each kind, where all are told of at once: words that are everywhere take time."""

_NAMES = frozenset(f"<{name}>".encode() for name in NAMES)
_MOST_NAMES_KEPT = 20_000
_MOST_WHOLES = 5
_END_OF_TEXT = " \u241e "
"""Stands between two texts, so that no phrase goes from one to the next."""

_LEAST_LIKENESS = 60
_WHOLE, _BEGINNING, _NAME, _TEXT = range(4)
"""How well a thing fits, the best first."""

_STAGE = """
CREATE TABLE entry (iri TEXT PRIMARY KEY, kind INT, keys TEXT, names TEXT, texts TEXT, label TEXT, reading TEXT, district TEXT) WITHOUT ROWID;
CREATE TABLE link (thing TEXT, target TEXT, PRIMARY KEY (thing, target)) WITHOUT ROWID;
CREATE TABLE whole (thing TEXT, target TEXT, PRIMARY KEY (thing, target)) WITHOUT ROWID;
"""
_INDEX = """
PRAGMA cache_size = -64000;
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE kind (kind INTEGER PRIMARY KEY, first INT NOT NULL, last INT NOT NULL);
CREATE TABLE key (key TEXT NOT NULL, id INT NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE near (key TEXT NOT NULL, id INT NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE VIRTUAL TABLE names USING fts5(
  name, tokenize = 'ascii', content = '', columnsize = 0, prefix = '1'
);
CREATE VIRTUAL TABLE words USING fts5(
  name, text, tokenize = 'ascii', content = '', columnsize = 0, prefix = '1'
);
"""
_SUGGESTED = frozenset({Kind.AREAS, Kind.THEMES})


# --- writing ---------------------------------------------------------------------------


def write_search_index(path: Path, triples: Path, base: str, work: Path) -> None:
    """Write the index of a release.

    Memory does not grow with the number of things: they wait in a file of their own until
    it is known which of them others mention.

    Args:
        triples: N-Triples dump of the release, sorted.
        base: Base IRI.
        work: Folder for what is not kept.

    Raises:
        ReleaseError: This Python's SQLite has no full-text search.
    """
    stage = work / "search-stage.sqlite"
    with new_database(stage, _STAGE, LAYOUT) as waiting:
        for entry in _entries(triples, base):
            _put(waiting, entry)
        with new_database(path, _INDEX, LAYOUT) as index:
            _Writer(waiting, index).write()
    stage.unlink()


def _entries(triples: Path, base: str) -> Iterator[Entry]:
    """Yield what can be found in a sorted file of N-Triples."""
    reader = Reader(base)
    ours = f"<{base}".encode()
    with triples.open("rb", 1 << 20) as lines:
        for subject, group in groupby(lines, key=lambda line: line[: line.index(b" ")]):
            if not subject.startswith(ours):
                continue
            statements = list(group)
            said = [line[len(subject) + 1 :] for line in statements]
            # Most of a release are statements about others and parts without a name, which are not found by
            # themselves. To see that here, before the lines are parsed, halves the time.
            if not reader.untold.isdisjoint(said):
                continue
            if b"#" not in subject or any(each[: each.index(b" ")] in _NAMES for each in said):
                quads = parse(b"".join(statements), format=RdfFormat.N_TRIPLES, lenient=True)
                entry = reader.read(subject[1:-1].decode(), (quad.triple for quad in quads))
                if entry:
                    yield entry


def _put(waiting: sqlite3.Connection, entry: Entry) -> None:
    waiting.execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.iri,
            int(entry.kind),
            json.dumps(entry.keys),
            json.dumps(entry.names),
            json.dumps(entry.texts),
            entry.label,
            entry.reading,
            entry.district,
        ),
    )
    for table, targets in (("link", entry.links), ("whole", entry.wholes)):
        waiting.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(entry.iri, each) for each in targets])  # noqa: S608 - one of two names


@dataclass(frozen=True, slots=True)
class _Named:
    """How a thing is called.

    Attributes:
        label, reading: In Japanese, or empty.
        before_label, before_reading: What is written before them, of what the thing lies in.
        around: Its names with what stands before them, and the names of what it lies in.
    """

    names: Sequence[str]
    label: str
    reading: str
    before_label: str
    before_reading: str
    around: Sequence[str]


class _Writer:
    """Writes the things that wait into the index, in their order."""

    def __init__(self, waiting: sqlite3.Connection, index: sqlite3.Connection) -> None:
        self._waiting = waiting
        self._index = index
        self._named = lru_cache(_MOST_NAMES_KEPT)(self._read_names)

    def write(self) -> None:
        """Write everything."""
        ordered = self._waiting.execute(
            "SELECT iri, kind FROM entry ORDER BY kind, iri NOT IN (SELECT target FROM link), iri"
        )
        number = 0
        for kind, members in groupby(ordered, key=lambda row: int(row[1])):
            first = number + 1
            for iri, _ in members:
                number += 1
                self._thing(number, iri, Kind(kind))
            self._index.execute("INSERT INTO kind VALUES (?, ?, ?)", (kind, first, number))
        for table in ("names", "words"):
            self._index.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - one of two names

    def _thing(self, number: int, iri: str, kind: Kind) -> None:
        keys, names, texts = self._waiting.execute(
            "SELECT keys, names, texts FROM entry WHERE iri = ?", (iri,)
        ).fetchone()
        self._index.execute("INSERT INTO thing VALUES (?, ?)", (number, iri))
        found = [(key, number) for key in json.loads(keys)]
        self._index.executemany("INSERT INTO key VALUES (?, ?)", found)
        if kind in _SUGGESTED:
            self._index.executemany("INSERT INTO near VALUES (?, ?)", found)
        around = list(self._named(iri).around) if kind is Kind.AREAS else []
        for target in self._targets("link", iri):
            if mentioned := self._named(target):
                around += [*mentioned.names, *mentioned.around]
        own = _terms(json.loads(names))
        self._index.execute("INSERT INTO names(rowid, name) VALUES (?, ?)", (number, own))
        self._index.execute(
            "INSERT INTO words(rowid, name, text) VALUES (?, ?, ?)",
            (number, f"{own}{_END_OF_TEXT}{_terms(dict.fromkeys(around))}", _terms(json.loads(texts))),
        )

    def _targets(self, table: str, iri: str) -> list[str]:
        found = self._waiting.execute(f"SELECT target FROM {table} WHERE thing = ? ORDER BY target", (iri,))  # noqa: S608 - one of two names
        return [target for (target,) in found]

    def _read_names(self, iri: str, depth: int = 0) -> _Named:
        row = self._waiting.execute(
            "SELECT names, label, reading, district FROM entry WHERE iri = ?", (iri,)
        ).fetchone()
        if row is None:
            return _Named((), "", "", "", "", ())
        names: list[str] = json.loads(row[0])
        label, reading, district = str(row[1]), str(row[2]), str(row[3])
        wholes = self._targets("whole", iri) if depth < _MOST_WHOLES else []
        before_label = before_reading = ""
        around: list[str] = []
        if wholes:
            whole = self._named(wholes[0], depth + 1)
            # A ward is called after its city already: 札幌市中央区.
            before_label = whole.before_label + ("" if label.startswith(whole.label) else whole.label)
            before_reading = whole.before_reading + (
                "" if reading.startswith(whole.reading) else whole.reading
            )
            around = [*whole.names, *whole.around]
        full = [f"{before_label}{district}{label}", f"{before_label}{label}", f"{before_reading}{reading}"]
        return _Named(names, label, reading, before_label, before_reading, [*full, *around])


def _terms(texts: Iterable[str]) -> str:
    return _END_OF_TEXT.join(map(_terms_of, texts))


@lru_cache(_MOST_NAMES_KEPT)
def _terms_of(text: str) -> str:
    """Return the terms of a text. The names of areas and themes are asked for with each project."""
    return " ".join(terms(text))


# --- reading ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """Things of one kind that fit, the best first.

    Attributes:
        ranks: Number of each thing → how well it fits: 0 is best.
        is_cut: Whether there are more.
    """

    kind: Kind
    ranks: Mapping[int, int]
    is_cut: bool

    def __len__(self) -> int:
        """Return how many there are, as far as they were looked for."""
        return len(self.ranks)

    @property
    def ids(self) -> list[int]:
        """Their numbers."""
        return list(self.ranks)

    @property
    def best(self) -> int:
        """How well the first fits."""
        return next(iter(self.ranks.values()))


class SearchIndex:
    """The index of a release, opened for reading; threads may ask it at the same time."""

    def __init__(self, folder: Path) -> None:
        """Open the index of a release.

        Raises:
            ReleaseError: There is none, or it has another layout; or this Python's SQLite
                has no full-text search.
        """
        path = folder / FILE_NAME
        self._database = Database(path, LAYOUT)
        self._near: list[tuple[str, int]] | None = None
        with explained(path):
            # Without full-text search the table cannot be read.
            self._database.rows("SELECT rowid FROM words WHERE words MATCH 'a' LIMIT 1")
            kinds = self._database.rows("SELECT kind, first, last FROM kind ORDER BY kind")
        self._kinds = [(Kind(kind), first, last) for kind, first, last in kinds]

    def find(self, request: Request, *, kind: Kind | None = None, most: int = MOST_FOUND) -> list[Found]:
        """Return what fits a request: kinds with a whole name or code first, else in the order of kinds.

        Args:
            kind: The only kind to look for, or all.
            most: Of each kind; `Found.is_cut` says where there is more.
        """
        if not request:
            return []
        whole, beginning = self._by_key(request)
        found = [
            self._of_kind(request, each, whole, beginning, most)
            for each in self._kinds
            if kind in (None, each[0])
        ]
        return sorted(filter(None, found), key=lambda each: (each.best > _WHOLE, each.kind))

    def _by_key(self, request: Request) -> tuple[list[int], list[int]]:
        """Return what has a key, and what has one that begins like it, each sorted."""
        whole: set[int] = set()
        beginning: set[int] = set()
        for key in request.keys:
            whole |= self._ids("SELECT id FROM key WHERE key = ? LIMIT ?", key, MOST_FOUND)
            beginning |= self._ids(
                "SELECT id FROM key WHERE key > ? AND key < ? LIMIT ?", key, f"{key}\U0010ffff", MOST_FOUND
            )
        if request.iri:
            whole |= self._ids("SELECT id FROM thing WHERE iri = ?", request.iri)
        return sorted(whole), sorted(beginning - whole)

    def _ids(self, statement: str, *parameters: object) -> set[int]:
        return {id_ for (id_,) in self._database.rows(statement, parameters)}

    def _of_kind(
        self,
        request: Request,
        bounds: tuple[Kind, int, int],
        whole: Sequence[int],
        beginning: Sequence[int],
        most: int,
    ) -> Found:
        kind, first, last = bounds
        ranks: dict[int, int] = {}

        def take(rank: int, ids: Iterable[int]) -> None:
            for id_ in ids:
                ranks.setdefault(id_, rank)

        take(_WHOLE, (id_ for id_ in whole if first <= id_ <= last))
        take(_BEGINNING, (id_ for id_ in beginning if first <= id_ <= last))
        expression = request.expression()
        # Names have a table of their own: in the other, words that texts are full of would all be passed by.
        for rank, table in ((_NAME, "names"), (_TEXT, "words")):
            if len(ranks) <= most:
                # In the order of their numbers, which costs no sorting.
                rows = self._database.rows(
                    f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?",  # noqa: S608 - one of two names
                    (expression, first, last, most + 1),
                )
                take(rank, (id_ for (id_,) in rows))
        return Found(kind, dict(islice(ranks.items(), most)), len(ranks) > most)

    def iris(self, ids: Sequence[int]) -> list[str]:
        """Return the IRIs of things by their numbers, in the same order."""
        return [self._database.rows("SELECT iri FROM thing WHERE id = ?", (id_,))[0][0] for id_ in ids]

    def nearest(self, request: Request, most: int) -> list[str]:
        """Return the IRIs of areas and themes whose names or readings are written most like a request, best first."""
        if self._near is None:
            self._near = self._database.rows("SELECT key, id FROM near ORDER BY key, id")
        likeness: dict[int, float] = {}
        keys = [key for key, _ in self._near]
        for wanted in request.keys:
            for _, score, place in process.extract(
                wanted, keys, scorer=fuzz.ratio, limit=4 * most, score_cutoff=_LEAST_LIKENESS
            ):
                id_ = self._near[place][1]
                likeness[id_] = max(score, likeness.get(id_, 0))
        return self.iris(sorted(likeness, key=lambda id_: (-likeness[id_], id_))[:most])

    def count(self) -> int:
        """Return how many things can be found."""
        return max((last for _, _, last in self._kinds), default=0)
