"""How long the server takes for a page of each kind, and how large the page is.

    python benchmarks/pages.py --release dist

Asks the application as the gateway does, one request after the other, as a browser asks:
in Japanese, gzip accepted, nothing known from before. Prints one table, the slowest first,
and whether the aims are met.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from nichiiki_ld.settings import Settings
from nichiiki_ld.web.application import compile_templates, create_app
from nichiiki_ld.web.asgi import dispatch, environ_of
from nichiiki_ld.web.site import open_site

ROOT = Path(__file__).parent.parent
ROUNDS = 200
MOST_MILLISECONDS = 10
MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page, by one example.

    Attributes:
        address: Below the root, without a language.
        status: What it is answered with.
    """

    address: str
    status: int = 200


def _search(words: str) -> Kind:
    return Kind("search?" + urlencode({"q": words}))


def _example(name: str) -> Kind:
    """Return the query page with an example query and its answer."""
    text = (ROOT / f"data/queries/{name}.rq").read_text(encoding="utf-8")
    return Kind("sparql?" + urlencode({"query": text}))


KINDS: Mapping[str, Kind] = {
    "home": Kind(""),
    "projects": Kind("projects"),
    "projects, filtered": Kind("projects?theme=vacant-houses"),
    "consortia": Kind("consortia"),
    "areas": Kind("areas"),
    "themes": Kind("themes"),
    "corrections": Kind("corrections"),
    "project": Kind("project/2024-2-10.html"),
    "consortium": Kind("consortium/2024-2-10.html"),
    "municipality with a project": Kind("municipality/016331.html"),
    "municipality without one": Kind("municipality/016322.html"),
    "ward": Kind("municipality/011011.html"),
    "prefecture": Kind("prefecture/010006.html"),
    "themes' scheme": Kind("theme.html"),
    "theme": Kind("theme/vacant-houses.html"),
    "programme": Kind("programme/leading-projects.html"),
    "call": Kind("call/2024-2.html"),
    "decision": Kind("call/2024-2/decision.html"),
    "organization": Kind("organization/2000012100001.html"),
    "document": Kind("document/2025-07-01-mlit.html"),
    "row": Kind("document/2025-07-01-mlit/row/10.html"),
    "correction": Kind("document/2025-07-01-mlit/row/10/correction/name-5.html"),
    "theme assignment": Kind("document/2025-07-01-mlit/row/1/theme/vacant-houses.html"),
    "contradiction": Kind("document/2025-07-01-mlit/contradiction/fiscal-year.html"),
    "dataset": Kind("dataset.html"),
    "release": Kind("dataset/1.0.0.html"),
    "linkset": Kind("linkset/wikidata.html"),
    "register": Kind("register.html"),
    "ontology": Kind("ontology.html"),
    "shapes": Kind("shapes.html"),
    "quality": Kind("quality"),
    "search": Kind("search"),
    "search, found": _search("きたみ"),
    "search, nothing found": _search("qqqqqqqq"),
    "query": Kind("sparql"),
    "query, table": _example("projects"),
    "query, map": _example("areas-on-a-map"),
    "query, chart": _example("projects-by-theme"),
    "query, error": Kind("sparql?query=SELECT", 400),
    "downloads": Kind("dumps/"),
    "not found": Kind("nothing", 404),
}
"""Every kind of page there is, with an example from the published release; a test looks for more."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of page.

    Attributes:
        first: Milliseconds of the first answer, which may have read something for all that follow.
        median: Milliseconds of the others.
        size: Bytes of the page.
        packed: Bytes of the page as it is sent.
    """

    name: str
    first: float
    median: float
    size: int
    packed: int


def ask(app: Flask, address: str, language: str = "ja") -> tuple[int, bytes]:
    """Return status and body of a page as a browser gets it."""
    path, _, query = address.partition("?")
    environ = environ_of(
        {
            "method": "GET",
            "path": f"/{language}/{path}",
            "query_string": query.encode("ascii"),
            "http_version": "1.1",
            "headers": [
                (b"host", b"localhost"),
                (b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                (b"accept-encoding", b"gzip, deflate, br, zstd"),
            ],
        }
    )
    response = dispatch(app, environ)
    body = b"".join(response.get_app_iter(environ))
    response.close()
    return response.status_code, body


def measure(app: Flask, name: str, kind: Kind, rounds: int) -> Measured:
    """Ask for a page again and again.

    Raises:
        SystemExit: It is not answered as it should be.
    """
    milliseconds = []
    body = b""
    for _ in range(rounds + 1):
        began = time.perf_counter()
        status, body = ask(app, kind.address)
        milliseconds.append((time.perf_counter() - began) * 1000)
        if status != kind.status:
            raise SystemExit(f"{name}: /{kind.address} is answered with {status}, not {kind.status}")
    plain = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    first, *others = milliseconds
    return Measured(name, first, statistics.median(others), len(plain), len(body))


def table(results: Sequence[Measured]) -> str:
    """Return the results as Markdown, the slowest first."""
    lines = ["| page | ms | first ms | bytes | bytes, gzip |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {each.name} | {each.median:.1f} | {each.first:.1f} | {each.size:,} | {each.packed:,} |"
        for each in sorted(results, key=lambda each: -each.median)
    ]
    return "\n".join(lines)


def aims(results: Sequence[Measured]) -> str:
    """Return whether every page is quick and small enough."""
    slow = [each.name for each in results if each.median >= MOST_MILLISECONDS]
    large = [each.name for each in results if each.size >= MOST_BYTES]
    return "\n".join(
        f"- every page {aim}: {'not met by ' + ', '.join(missed) if missed else 'met'}"
        for aim, missed in (
            (f"in less than {MOST_MILLISECONDS} ms at the median", slow),
            (f"of less than {MOST_BYTES // 1000} kB", large),
        )
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--release", type=Path, default=Path("dist"), help="a release, or a folder of releases"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="requests for each page")
    parser.add_argument("--only", action="append", help="name of a page; may be given several times")
    arguments = parser.parse_args()
    site = open_site(Settings(dist=arguments.release))
    app = create_app(site, site.store.evaluate)
    compile_templates(app)
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"{site.manifest['counts']['triples']:,} triples, rounds: {arguments.rounds}\n"
    )
    chosen = {name: kind for name, kind in KINDS.items() if not arguments.only or name in arguments.only}
    results = [measure(app, name, kind, arguments.rounds) for name, kind in chosen.items()]
    print(f"{table(results)}\n\n{aims(results)}")


if __name__ == "__main__":
    main()
