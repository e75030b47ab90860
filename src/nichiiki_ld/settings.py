"""What can be set from outside: one frozen value, made at the door and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nichiiki_ld.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs.

    Attributes:
        dist: Folder that `build` writes releases to.
        host: Name or address to listen at.
        port: TCP port to listen at; 0 is not offered, because nobody would learn the port chosen.
        threads: How many requests are answered at the same time.
        max_age_seconds: How long a cache may keep an answer without asking again.
        max_query_bytes: Longest body of a request that is read.
    """

    dist: Path = Path("dist")
    host: str = "localhost"
    port: int = 8000
    threads: int = 8
    max_age_seconds: int = 3600
    max_query_bytes: int = 1_000_000


VARIABLES: dict[str, str] = {
    "NICHIIKI_DIST": "dist",
    "NICHIIKI_HOST": "host",
    "PORT": "port",
    "NICHIIKI_THREADS": "threads",
    "NICHIIKI_MAX_AGE_SECONDS": "max_age_seconds",
    "NICHIIKI_MAX_QUERY_BYTES": "max_query_bytes",
}
"""Variable of the environment → attribute of `Settings`. `PORT` is what hosting services set."""

_LEAST = {"port": 1, "threads": 1, "max_age_seconds": 0, "max_query_bytes": 1}
_MOST = {"port": 65535, "threads": 256}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; an empty variable counts as not set.

    Raises:
        SettingsError: A number is none, or out of its range.
    """
    text = {attribute: environment.get(name, "").strip() for name, attribute in VARIABLES.items()}
    defaults = Settings()
    return Settings(
        dist=Path(text["dist"] or defaults.dist),
        host=text["host"] or defaults.host,
        **{
            attribute: _number(name, text[attribute]) if text[attribute] else getattr(defaults, attribute)
            for name, attribute in VARIABLES.items()
            if attribute in _LEAST
        },
    )


def _number(variable: str, text: str) -> int:
    attribute = VARIABLES[variable]
    least, most = _LEAST[attribute], _MOST.get(attribute)
    number = int(text) if text.isascii() and text.isdigit() else -1
    if number < least or (most is not None and number > most):
        allowed = f"a whole number from {least}" + (f" to {most}" if most else "")
        raise SettingsError(f"'{text}' is not {allowed}", where=variable, hint=f"set {variable} to {allowed}")
    return number
