"""What can be set from outside: one frozen value, made at the door and passed down."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from nichiiki_ld.errors import SettingsError
from nichiiki_ld.query import Guard


def _workers() -> int:
    """Return how many queries are evaluated at once unless it is said: more than processors, because some wait long."""
    return min(32, 4 * (os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs.

    Attributes:
        dist: Folder that `build` writes releases to.
        host: Name or address to listen at.
        port: TCP port to listen at; 0 is not offered, because nobody would learn the port chosen.
        threads: How many pages are made at the same time.
        max_age_seconds: How long a cache may keep an answer without asking again.
        release_check_seconds: How often to look whether there is a new release.
        trusted_proxies: How many proxies stand in front, whose forwarded host, scheme and address count.
        log_clients: Whether log lines have the client's address: 0 or 1.
        max_query_bytes: Longest body of a request, and longest query, that is read.
        body_seconds: How long the body of a request may take to come.
        send_seconds: How long a client may take for a piece of an answer.
        query_seconds: Longest evaluation of a query, the writing of its answer included.
        query_slice_seconds: After so long a query steps back, and is ended when another has no place.
        query_memory_mb: Address space of one evaluation, on top of what its process begins with.
        query_depth: Most brackets of a query that may be open at once.
        query_chain: Greatest height of a query's syntax tree.
        result_bytes: Longest answer, before compression.
        result_rows: Most solutions, or triples, of an answer.
        workers: How many queries are evaluated at the same time.
        workers_per_client: How many of one client.
        queue_length: How many queries may wait.
        queue_length_per_client: How many of one client.
        queue_seconds: How long a query may wait.
        cache_bytes: How much of the answers given is kept in memory.
        services: Beginnings of the IRIs of endpoints that SERVICE may ask, with spaces between; none unless set.
        service_clauses: How often a query may ask such endpoints.
        service_seconds: How long they may take, for all clauses of a query together.
        service_bytes: Longest answers of theirs, for all clauses of a query together.
    """

    dist: Path = Path("dist")
    host: str = "localhost"
    port: int = 8000
    threads: int = 8
    max_age_seconds: int = 3600
    release_check_seconds: float = 1.0
    trusted_proxies: int = 0
    log_clients: int = 0
    max_query_bytes: int = 1_000_000
    body_seconds: float = 10.0
    send_seconds: float = 60.0
    query_seconds: float = 10.0
    query_slice_seconds: float = 0.5
    query_memory_mb: int = 1024
    query_depth: int = 100
    query_chain: int = 1000
    result_bytes: int = 50_000_000
    result_rows: int = 1_000_000
    workers: int = field(default_factory=_workers)
    workers_per_client: int = 4
    queue_length: int = 500
    queue_length_per_client: int = 250
    queue_seconds: float = 30.0
    cache_bytes: int = 100_000_000
    services: str = ""
    service_clauses: int = 10
    service_seconds: float = 10.0
    service_bytes: int = 5_000_000

    @property
    def guard(self) -> Guard:
        """What is refused before it is evaluated."""
        return Guard(
            most_bytes=self.max_query_bytes,
            most_depth=self.query_depth,
            most_chain=self.query_chain,
            services=tuple(self.services.split()),
            most_services=self.service_clauses,
        )


VARIABLES: dict[str, str] = {
    "PORT" if each.name == "port" else f"NICHIIKI_{each.name.upper()}": each.name for each in fields(Settings)
}
"""Variable of the environment → attribute of `Settings`. `PORT` is what hosting services set."""

_FROM_ZERO = frozenset({"max_age_seconds", "trusted_proxies", "log_clients", "cache_bytes"})
_MOST = {"port": 65535, "threads": 256, "log_clients": 1, "workers": 256, "trusted_proxies": 16}
_SERVICE = re.compile(r"https?://[^/\s]+/\S*")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; an empty variable counts as not set.

    Raises:
        SettingsError: A number is none, or out of its range, or a service is no IRI.
    """
    defaults = Settings()
    found: dict[str, Any] = {}
    for variable, attribute in VARIABLES.items():
        if text := environment.get(variable, "").strip():
            found[attribute] = _value(variable, text, getattr(defaults, attribute))
    return Settings(**found)


def _value(variable: str, text: str, default: object) -> object:
    if isinstance(default, Path):
        return Path(text)
    if isinstance(default, str):
        return _services(variable, text) if VARIABLES[variable] == "services" else text
    return _number(variable, text, default)


def _services(variable: str, text: str) -> str:
    for each in text.split():
        if not _SERVICE.fullmatch(each):
            raise SettingsError(
                f"'{each}' is no beginning of an endpoint's IRI",
                where=variable,
                hint="write scheme, host and at least the first slash: https://example.org/sparql",
            )
    return text


def _number(variable: str, text: str, default: object) -> int | float:
    attribute = VARIABLES[variable]
    most = _MOST.get(attribute)
    fraction = isinstance(default, float)
    least = 0 if attribute in _FROM_ZERO or fraction else 1
    pattern = r"[0-9]+(?:\.[0-9]+)?" if fraction else r"[0-9]+"
    number = (float if fraction else int)(text) if re.fullmatch(pattern, text) else -1
    if number < least or (fraction and not number) or (most is not None and number > most):
        kind = "number above 0" if fraction else f"whole number from {least}"
        allowed = f"a {kind}" + (f" to {most}" if most else "")
        raise SettingsError(f"'{text}' is not {allowed}", where=variable, hint=f"set {variable} to {allowed}")
    return number
