"""Statements as text: N-Triples as the engine writes them, one a line (RDF 1.1 N-Triples)."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, parse, serialize


def statements_of(store: Store) -> bytes:
    """Return the default graph of a store as N-Triples, each triple once, in no order."""
    return store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Return triples as N-Triples."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def triples_in(lines: bytes) -> set[Triple]:
    """Return the triples of N-Triples."""
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)}


def subjects_of(triples: Iterable[Triple]) -> set[str]:
    """Return the IRIs that something is said of."""
    return {triple.subject.value for triple in triples if isinstance(triple.subject, NamedNode)}
