"""A release of a few triples: its store in memory, its indexes in a folder of the test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from nichiiki_ld.catalog import Catalog
from nichiiki_ld.list_index import FILE_NAME as LISTS
from nichiiki_ld.list_index import ListIndex, write_list_index
from nichiiki_ld.neighbourhood import Neighbourhood
from nichiiki_ld.page_index import FILE_NAME as PAGES
from nichiiki_ld.page_index import PageIndex, write_page_index

BASE = "https://example.org/"
OWN = f"{BASE}ontology#"

Term = NamedNode | BlankNode | Literal | Triple


class Memory:
    """Triples in memory, looked up and asked as in a release."""

    def __init__(self, triples: Iterable[Triple] = (), turtle: str = "") -> None:
        self._store = Store()
        self._store.extend(Quad(t.subject, t.predicate, t.object) for t in triples)
        if turtle:
            prefixes = f"@base <{BASE}> . @prefix : <{OWN}> . @prefix dcterms: <http://purl.org/dc/terms/> ."
            self._store.load((prefixes + turtle).encode(), format=RdfFormat.TURTLE)

    def triples(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        object_: NamedNode | None = None,
    ) -> Iterator[Triple]:
        return (quad.triple for quad in self._store.quads_for_pattern(subject, predicate, object_, None))

    def select(self, text: str) -> Iterator[dict[str, Term]]:
        solutions = self._store.query(text)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: term for name, term in zip(names, solution, strict=True) if term is not None}

    def pages(self, folder: Path) -> PageIndex:
        """Write and open the index of its pages."""
        lines = (serialize(self.triples(), format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
        (folder / "triples.nt").write_bytes(b"".join(sorted(lines)))
        write_page_index(folder / PAGES, folder / "triples.nt", BASE)
        return PageIndex(folder)

    def catalog(self, folder: Path, **limits: int) -> Catalog:
        """Return what is on its pages."""
        return Catalog(self, self.pages(folder), BASE, **limits)

    def lists(self, folder: Path) -> ListIndex:
        """Write and open the index of its lists."""
        write_list_index(folder / LISTS, self, BASE)
        return ListIndex(folder)

    def around(self, folder: Path) -> Neighbourhood:
        """Return what lies near what in it."""
        return Neighbourhood(self, self.lists(folder), BASE)
