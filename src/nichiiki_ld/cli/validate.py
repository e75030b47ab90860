"""`nichiiki-ld validate`: the checkout, a release or any RDF file against the shapes."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from nichiiki_ld.build import check
from nichiiki_ld.cli.options import root_option
from nichiiki_ld.errors import GraphError, ReleaseError, TableError
from nichiiki_ld.formats import TURTLE, Format, Kind, by_extension, of_kind
from nichiiki_ld.groundwork import shapes_of, shared_graphs
from nichiiki_ld.release import open_release
from nichiiki_ld.report import report_json, report_text, report_turtle, violations
from nichiiki_ld.repository import Repository
from nichiiki_ld.shapes import DataGraph, Result, Shapes
from nichiiki_ld.statements import n_triples, subjects_of, triples_in
from nichiiki_ld.writing import engine_format

DOES_NOT_CONFORM = 1

STANDARD_INPUT = "-"

READABLE = {format_.name: format_ for format_ in of_kind(Kind.GRAPH, Kind.DATASET)}


@click.command()
@click.argument("target", required=False)
@root_option
@click.option(
    "--context",
    "contexts",
    type=click.Path(path_type=Path),
    multiple=True,
    help="An RDF file that the target refers to; may be given several times. It is not reported on.",
)
@click.option(
    "--input-format",
    type=click.Choice(sorted(READABLE)),
    help="Format of the target.  [default: by its extension; turtle for standard input]",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "ttl", "json"]),
    default="text",
    show_default=True,
    help="Of the report; ttl is a SHACL validation report.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "ja"]),
    default="en",
    show_default=True,
    help="Language of the report as text.",
)
def validate(
    *,
    target: str | None,
    root: Path,
    contexts: Sequence[Path],
    input_format: str | None,
    output_format: str,
    language: str,
) -> None:
    """Validate TARGET against the shapes of the checkout.

    TARGET is a folder of a release or of releases, an RDF file, or - for standard input.
    Without it, the checkout itself is validated: all that 'build' would release.

    A file is validated together with the ontology, themes, register and programmes of the
    checkout, and with every --context.

    Exit status: 0 when no shape is violated (there may be warnings), 1 when one is, 2 when
    the input cannot be read.
    """
    # rdflib logs a trace for each literal that its datatype does not have; here it is a result.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    repository = Repository(root)
    base = repository.publication().base
    if target is None:
        results = check(repository, workers=os.cpu_count() or 1)
    elif target != STANDARD_INPUT and Path(target).is_dir():
        results = _release_results(shapes_of(repository), Path(target), base)
    else:
        data = _read(target, input_format, base)
        context: set[Triple] = set().union(*shared_graphs(repository, repository.publication()).values())
        for path in contexts:
            context.update(_read(str(path), None, base))
        results = DataGraph(shapes_of(repository), n_triples(context)).validate(n_triples(data))
    click.echo(_report(results, output_format, base, language), nl=False)
    if violations(results):
        sys.exit(DOES_NOT_CONFORM)


def _report(results: Sequence[Result], output_format: str, base: str, language: str) -> str:
    if output_format == "ttl":
        return report_turtle(results, base).decode()
    if output_format == "json":
        return report_json(results)
    return report_text(results, base=base, language=language)


def _release_results(shapes: Shapes, folder: Path, base: str) -> list[Result]:
    """Return what is found in a release, read from the store that is served, one document at a time."""
    path = open_release(folder).folder / "store"
    if not path.is_dir():
        raise ReleaseError("the release has no store", where=str(path), hint="run 'nichiiki-ld build'")
    store = Store.read_only(str(path))
    graphs = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
    documents = [graph for graph in graphs if graph.startswith(f"{base}document/")]
    shared = b"".join(_statements(store, graph) for graph in graphs if graph not in documents)
    data = DataGraph(shapes, shared)
    results = set(data.validate(b"", focus=subjects_of(triples_in(shared))))
    for document in documents:
        results.update(data.validate(_statements(store, document)))
    return sorted(results)


def _statements(store: Store, graph: str) -> bytes:
    """Return a graph as N-Triples."""
    return store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(graph)) or b""


def _read(name: str, input_format: str | None, base: str) -> set[Triple]:
    """Return the triples of a file, of whatever graph.

    Raises:
        TableError: The file cannot be read.
        GraphError: Its format is not known, or it is not written in it. The message has the line.
    """
    where = "standard input" if name == STANDARD_INPUT else name
    format_ = READABLE[input_format] if input_format else _format_of(name)
    try:
        content = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    except OSError as error:
        raise TableError(
            f"cannot be read: {error.strerror}", where=where, hint="name a file that exists"
        ) from None
    try:
        return {quad.triple for quad in parse(content, format=engine_format(format_), base_iri=base)}
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise GraphError(
            f"is no {format_.label}: {error.msg}",
            where=f"{where}{line}",
            hint="mend it, or say --input-format",
        ) from None


def _format_of(name: str) -> Format:
    if name == STANDARD_INPUT:
        return TURTLE
    extension = Path(name).suffix.removeprefix(".").lower()
    format_ = by_extension(extension)
    if format_ and format_.name in READABLE:
        return format_
    known = ", ".join(f".{each.extension}" for each in READABLE.values())
    raise GraphError(
        f"the extension '.{extension}' names no RDF format",
        where=name,
        hint=f"say --input-format, or use one of: {known}",
    )
