"""`nichiiki-ld query`: a question to the local release, or to any endpoint."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results
from rich.console import Console

from nichiiki_ld.cli.options import root_option
from nichiiki_ld.cli.serve import DEFAULT_BASE
from nichiiki_ld.cli.table import show, visible
from nichiiki_ld.compaction import Compactor, Context
from nichiiki_ld.errors import QueryError, ReleaseError, UnknownFormat
from nichiiki_ld.federation import federate
from nichiiki_ld.formats import HTML, RESULTS_CSV, RESULTS_JSON, TURTLE, Format, Kind
from nichiiki_ld.pool import Pool, PoolLimits, Timing
from nichiiki_ld.query import OFFERED, Answer, Job, QueryRequest, from_body, job_of
from nichiiki_ld.release import Release, open_release
from nichiiki_ld.remote import ask
from nichiiki_ld.settings import Settings, read_settings
from nichiiki_ld.store import GraphStore

ENDPOINT_SECONDS = 30.0
INTERRUPTED = 130

_STANDARD_INPUT = "-"
_TABLE = "table"
_NAMES = tuple(
    dict.fromkeys(each.name for offered in OFFERED.values() for each in offered if each is not HTML)
)
_WORD = re.compile(r"[^\s{<*?]+")
"""What no query is: every query has a space or one of these characters."""

_DECLARATION = re.compile(r"\bPREFIX\s+([A-Za-z][\w.-]*):\s*<([^<>\s]*[#/])>", re.IGNORECASE)


@click.command("query")
@click.argument("query", metavar="[TEXT|FILE|NAME|-]", required=False)
@click.option(
    "--dist",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of releases that 'build' writes.  [default: dist]",
)
@root_option
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the local release.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice([_TABLE, *_NAMES]),
    help="Of the answer.  [default: by the extension of --output; table on a terminal; else csv or turtle]",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write the answer to."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="How long the answer may take.  [default: 30 from an endpoint; else NICHIIKI_QUERY_SECONDS, or 10]",
)
def query_command(
    query: str | None,
    dist: Path | None,
    root: Path,
    endpoint: str | None,
    format_name: str | None,
    output: Path | None,
    seconds: float | None,
) -> None:
    """Answer a SPARQL query from the current release, within the limits of the server.

    The query is a text, a file, the name of a file of data/queries/ without its .rq, or -
    for standard input. SELECT is answered with a table on a terminal and with CSV
    elsewhere; CONSTRUCT and DESCRIBE with Turtle; ASK with true or false.

    The variables of the environment that limit the server limit this command too.

    Exit status: 0 when the query was answered, by false or with no row too; 2 when it was not.
    """
    if endpoint and dist:
        raise click.UsageError("--endpoint and --dist name two things to ask: give one of them")
    text, where = _read(query, root)
    if format_name is None and output is not None:
        format_name = _by_extension(output)
    on_terminal = output is None and sys.stdout.isatty()
    if format_name is None and on_terminal:
        format_name = _TABLE
    settings = read_settings(os.environ)
    settings = dataclasses.replace(
        settings, dist=dist or settings.dist, query_seconds=seconds or settings.query_seconds, workers=1
    )
    try:
        request = from_body(text, ())
        formats = _formats(format_name)
        if endpoint:
            context = _context_of(_current(settings)) | _prefixes(request.text)
            answer = _from_endpoint(endpoint, request, formats, settings, context, seconds)
        else:
            release = open_release(settings.dist)
            context = _context_of(release)
            answer = _from_release(release, request, formats, settings, context)
        if answer.format is None:
            raise _unfit(answer.kind, format_name or "")
    except QueryError as error:
        error.where = error.where or where
        raise
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    _write(answer, format_name, output, context, on_terminal=on_terminal)


# --- the question --------------------------------------------------------------------


def _read(query: str | None, root: Path) -> tuple[bytes, str | None]:
    """Return the text of a query, and where it stands unless it is an argument itself.

    Raises:
        QueryError: The argument names a file, and there is none or it cannot be read.
    """
    if query is None and sys.stdin.isatty():
        raise click.UsageError("give a query, a file, a name of data/queries/, or - for standard input")
    if query is None or query == _STANDARD_INPUT:
        return sys.stdin.buffer.read(), "standard input"
    path = _path_of(query, root)
    if path is None:
        return query.encode("utf-8", "surrogateescape"), None
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf"), str(path)
    except OSError as error:
        raise QueryError(f"cannot be read: {error.strerror}", where=str(path), hint="name a file") from None


def _path_of(query: str, root: Path) -> Path | None:
    """Return the file that an argument names, or None when it is a query itself."""
    is_word = _WORD.fullmatch(query) is not None
    if is_word or ("\n" not in query and "{" not in query):
        if Path(query).exists():
            return Path(query)
        ready = root / "data/queries" / f"{query}.rq"
        if is_word and ready.is_file():
            return ready
    if is_word:
        names = ", ".join(sorted(path.stem for path in (root / "data/queries").glob("*.rq")))
        raise QueryError(
            f"there is neither a file '{query}' nor a query of that name in {root / 'data/queries'}",
            hint=f"use one of: {names}"
            if names
            else "write the query, name a file, or name the checkout by --root",
        )
    return None


# --- the answer ----------------------------------------------------------------------


def _from_release(
    release: Release,
    request: QueryRequest,
    formats: Mapping[Kind, Format | None],
    settings: Settings,
    context: Context,
) -> Answer:
    base = str(release.manifest["base"])
    found = settings.guard.check(request.text, base)
    # A release that cannot be opened is found out here; a process would try again and again.
    GraphStore(release.folder / "store", base=base, context=context)
    job = job_of(request, found, formats, most_bytes=settings.result_bytes, most_rows=settings.result_rows)
    if found.services:
        text = federate(job.text, found, seconds=settings.service_seconds, most_bytes=settings.service_bytes)
        job = dataclasses.replace(job, text=text)
    return asyncio.run(_evaluate(release.folder, base, job, PoolLimits.of(settings)))


async def _evaluate(folder: Path, base: str, job: Job, limits: PoolLimits) -> Answer:
    pool = Pool(folder, base, limits)
    try:
        await pool.start()
        return await pool.evaluate(job, "", Timing())
    finally:
        await pool.close()


def _from_endpoint(
    endpoint: str,
    request: QueryRequest,
    formats: Mapping[Kind, Format | None],
    settings: Settings,
    context: Context,
    seconds: float | None,
) -> Answer:
    job = Job(
        text=request.text,
        default_graphs=(),
        named_graphs=(),
        results=formats[Kind.RESULTS],
        graph=formats[Kind.GRAPH],
        most_bytes=settings.result_bytes,
        most_rows=settings.result_rows,
    )
    return ask(endpoint, job, context=context, seconds=seconds or ENDPOINT_SECONDS)


def _current(settings: Settings) -> Release | None:
    """Return the current release, whose prefixes are good for any answer, if there is one."""
    try:
        return open_release(settings.dist)
    except ReleaseError:
        return None


def _context_of(release: Release | None) -> dict[str, object]:
    """Return the context of a release; without one, a context that only has a base.

    Raises:
        ReleaseError: The release has none.
    """
    if release is None:
        return {"@base": DEFAULT_BASE}
    path = release.folder / "context.jsonld"
    try:
        context: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(
            f"the release is not whole: {error}", where=str(release.folder), hint="run 'nichiiki-ld build'"
        ) from error
    return context


def _prefixes(text: str) -> dict[str, object]:
    """Return the prefixes that a query declares: those that its author reads best."""
    return dict(_DECLARATION.findall(text))


# --- formats -------------------------------------------------------------------------


def _formats(name: str | None) -> dict[Kind, Format | None]:
    """Return the format of each kind of answer; None where the format of this name cannot carry it."""
    if name == _TABLE:
        return {Kind.RESULTS: RESULTS_JSON, Kind.GRAPH: TURTLE}
    if name is None:
        return {Kind.RESULTS: RESULTS_CSV, Kind.GRAPH: TURTLE}
    return {
        kind: next((each for each in offered if each.name == name), None) for kind, offered in OFFERED.items()
    }


def _by_extension(output: Path) -> str | None:
    """Return the name of the format that a file's extension stands for; None without an extension.

    Raises:
        UnknownFormat: There is no such format.
    """
    extension = output.suffix.removeprefix(".").lower()
    if not extension:
        return None
    for offered in OFFERED.values():
        for each in offered:
            if each is not HTML and extension in (each.extension, each.name):
                return each.name
    known = ", ".join(
        dict.fromkeys(
            f".{each.extension}" for offered in OFFERED.values() for each in offered if each is not HTML
        )
    )
    raise UnknownFormat(
        f"the extension '.{extension}' names no format of an answer",
        where=str(output),
        hint=f"say --format, or use one of: {known}",
    )


def _unfit(kind: Kind, name: str) -> UnknownFormat:
    what = "CONSTRUCT and DESCRIBE are" if kind is Kind.GRAPH else "SELECT and ASK are"
    known = ", ".join(each.name for each in OFFERED[kind] if each is not HTML)
    return UnknownFormat(f"{what} not answered in the format '{name}'", hint=f"use one of: {known}")


# --- writing -------------------------------------------------------------------------


def _write(
    answer: Answer, format_name: str | None, output: Path | None, context: Context, *, on_terminal: bool
) -> None:
    body = answer.body
    if format_name == _TABLE and answer.kind is Kind.RESULTS:
        body = _tabulated(answer, context, to_terminal=on_terminal)
    elif on_terminal:
        body = visible(body.decode("utf-8")).encode()
    # An answer of the engine may end without one, and a prompt would stand behind it.
    body = body if body.endswith(b"\n") or not body else body + b"\n"
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(body)
    except OSError as error:
        raise QueryError(
            f"cannot be written: {error.strerror}", where=str(output), hint="name another file with --output"
        ) from None


def _tabulated(answer: Answer, context: Context, *, to_terminal: bool) -> bytes:
    """Return what a person reads of SPARQL JSON."""
    results = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return b"true" if results else b"false"
    assert isinstance(results, QuerySolutions)
    page = io.StringIO()
    console = Console(file=page, force_terminal=to_terminal, legacy_windows=False)
    show(console, results, answer.rows, Compactor(context))
    if to_terminal:
        return page.getvalue().encode(sys.stdout.encoding, "replace")
    return "\n".join(line.rstrip() for line in page.getvalue().split("\n")).encode()
