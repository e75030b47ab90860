"""Whether all servers answer the queries alike: asked before anything is measured."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from endpoint.answers import Answer, difference, read
from endpoint.servers import Server, Unanswered


class _NoAnswer(Exception):
    """Says which server did not answer, and why."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The queries, after every server was asked each of them once.

    Attributes:
        rows: Solutions or triples of each query that is measured.
        first_seconds: What a first answer took, for each server's name and query.
        left_out: Query → why it is not measured at all.
        unanswered: Query → why it is not measured on the server that may fail.
    """

    queries: Mapping[str, str]
    rows: dict[str, int] = field(default_factory=dict)
    first_seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)

    @property
    def described(self) -> set[str]:
        """Names of the queries whose answers may differ."""
        return {name for name, query in self.queries.items() if form(query) == "DESCRIBE"}

    @property
    def measured(self) -> tuple[str, ...]:
        """Names of the queries that are measured."""
        return tuple(self.rows)

    @property
    def everywhere(self) -> tuple[str, ...]:
        """Names of those that the server that may fail answers too."""
        return tuple(name for name in self.rows if name not in self.unanswered)


def agree(
    queries: Mapping[str, str],
    servers: Sequence[Server],
    *,
    fallible: Server | None,
    patience_seconds: float,
    fallible_seconds: float,
) -> Agreement:
    """Ask every server every query once and compare the answers with the first server's.

    Args:
        servers: That must answer equally; a query that one of them does not answer is left out.
        fallible: One more, that may fail or differ.

    Raises:
        SystemExit: One of the servers differs from the first.
    """
    found = Agreement(queries)
    for name, query in queries.items():
        if form(query) == "DESCRIBE":
            found.left_out[name] = "every server may describe in its own way"
            continue
        try:
            expected = _expected(found, servers, name, patience_seconds)
        except _NoAnswer as error:
            found.left_out[name] = str(error)
            continue
        found.rows[name] = expected.rows
        if fallible is None:
            continue
        reason = ""
        try:
            reason = difference(_ask(found, fallible, name, fallible_seconds), expected)
        except (Unanswered, ValueError) as error:
            reason = str(error)
            fallible.drop_queries()
        if reason:
            found.unanswered[name] = reason
    return found


def _expected(found: Agreement, servers: Sequence[Server], name: str, patience_seconds: float) -> Answer:
    """Return the answer that all servers give, or raise what `agree` says."""
    expected: Answer | None = None
    for server in servers:
        try:
            answer = _ask(found, server, name, patience_seconds)
        except (Unanswered, ValueError) as error:
            raise _NoAnswer(f"{server.name}: {error}") from None
        expected = expected or answer
        if differs := difference(expected, answer):
            raise SystemExit(f"{name}: {servers[0].name} and {server.name} differ: {differs}")
    assert expected
    return expected


def _ask(found: Agreement, server: Server, name: str, timeout_seconds: float) -> Answer:
    began = perf_counter()
    media_type, body = server.ask(found.queries[name], timeout_seconds=timeout_seconds)
    found.first_seconds[server.name, name] = perf_counter() - began
    return read(media_type, body)


def form(query: str) -> str:
    """Return the form of a query: SELECT, CONSTRUCT, ASK or DESCRIBE."""
    bare = re.sub(r"<[^<>\s]*>|#[^\n]*", " ", query)
    found = re.search(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", bare, re.IGNORECASE)
    assert found, query
    return found[1].upper()
