"""RDF files to a release: anybody's data, served as they are, with nothing validated.

files ── read, relabel ──▶ sorted runs ──▶ dumps, index ──▶ one rename
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast
from xml.parsers import expat

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, parse

from nichiiki_ld.compaction import Compactor, Context, name_of, named
from nichiiki_ld.dumps import (
    PRETTY,
    compress,
    describe_files,
    digest,
    dump_path,
    write_canonical,
    write_lists,
    write_manifest,
    write_pages,
    write_pretty,
    write_reading_quads,
    write_reading_triples,
    write_search,
    write_store,
)
from nichiiki_ld.errors import GraphError, NotExpressible, ReleaseError
from nichiiki_ld.formats import DUMPS, N_QUADS, RDF_XML, Format, by_file_name
from nichiiki_ld.iri import ONTOLOGY
from nichiiki_ld.namespaces import RDF, RDF_TYPE, WELL_KNOWN
from nichiiki_ld.spool import Run, write_run
from nichiiki_ld.statements import n_triples
from nichiiki_ld.writing import engine_format

QUADS_PER_RUN = 100_000
"""How many statements are held in memory at once, about 0.5 kB each."""

_PREFIX = re.compile(r"(?!xml)[A-Za-z][A-Za-z0-9-]*")
"""A prefix that Turtle, JSON-LD and XML all have."""

_FILES_IN_TITLE = 3


def write_adhoc_release(
    files: Sequence[Path],
    folder: Path,
    *,
    base: str,
    context: Context | None = None,
    union_default_graph: bool | None = None,
) -> Path:
    """Write RDF files as a release, whole or not at all, and return its folder.

    Statements stay in the graphs that they are in. Blank nodes stay blank nodes, those of
    different files apart; they are called `f1b0`: the first of the first file. Nothing is
    validated, derived or fetched.

    Args:
        files: In any format of a graph or dataset, told by extension, perhaps with `.gz`.
        folder: Is made; may be there only if it is empty.
        base: What relative IRIs are resolved against, and what the IRIs of things with
            a page begin with. It ends with a slash.
        context: JSON-LD context of the release; by default one of prefixes only.
        union_default_graph: Whether the default graph of queries holds all triples
            whichever graph they are in, or only those in no named graph. By default
            it does when there are none of the latter.

    Raises:
        GraphError: A file cannot be read, is not what its extension says, or has what
            only RDF 1.2 has; or there is no statement in any.
        ReleaseError: The folder holds something, or cannot be written to.
    """
    _check_base(base)
    formats = [_format_of(path) for path in files]
    with _new_folder(folder) as made:
        work = made / "work"
        work.mkdir()
        spool = _Spool(work, Compactor({**(context or {}), "@base": base}))
        for number, (path, format_) in enumerate(zip(files, formats, strict=True), start=1):
            spool.read(path, format_, number)
        spool.write()
        if not spool.runs:
            raise GraphError(
                "there is no statement to serve",
                where=", ".join(map(str, files)),
                hint="name a file that holds some",
            )
        union = not spool.outside_graphs if union_default_graph is None else union_default_graph
        counts, uses = write_canonical(made, spool.runs, f"{base}{ONTOLOGY}#")
        write_store(made, spool.runs, union=union, blank_nodes=spool.blank_nodes)
        write_search(made, base, work)
        write_pages(made, base)
        write_lists(made, base, union=union)
        published = spool.context(context)
        graphs = _write_dumps(made, work, spool.runs, published)
        shutil.rmtree(work)
        document = json.dumps({"@context": published}, ensure_ascii=False, indent=2)
        (made / "context.jsonld").write_text(f"{document}\n", encoding="utf-8")
        content = f"{digest(dump_path(made, N_QUADS))} {base} {union}"
        write_manifest(
            made,
            {
                "version": f"adhoc-{hashlib.sha256(content.encode()).hexdigest()[:12]}",
                "issued": None,
                "base": base,
                "title": _title(files),
                "description": {
                    "ja": "ファイルから読み込んだままのデータ。検証はされていない。",
                    "en": "Data as they were read from files. Nothing was validated.",
                },
                "licence": "",
                "attribution": {"ja": "", "en": ""},
                "homepage": "",
                "unionDefaultGraph": union,
                "counts": dict(counts),
                "uses": dict(uses),
                "graphs": {
                    name: count for name, count in graphs.items() if name and not name.startswith("_:")
                },
                "inputs": _inputs(files),
                "files": describe_files(made),
            },
        )
    return folder


def _check_base(base: str) -> None:
    try:
        NamedNode(base)
    except ValueError as error:
        raise GraphError(
            f"the base is no IRI: {error}", where=base, hint="name one that ends with /"
        ) from None
    if not base.endswith("/"):
        raise GraphError("the base does not end with /", where=base, hint="name one that does")


def _format_of(path: Path) -> Format:
    if format_ := by_file_name(path.name):
        return format_
    known = sorted(f".{each}" for f in DUMPS for each in (f.extension, *f.other_extensions))
    raise GraphError(
        "has no extension of an RDF format",
        where=str(path),
        hint=f"rename it to end with one of {' '.join(known)}, perhaps with .gz after it",
    )


def _title(files: Sequence[Path]) -> dict[str, str]:
    names = ", ".join(path.name for path in files[:_FILES_IN_TITLE])
    more = len(files) - _FILES_IN_TITLE
    if more <= 0:
        return {"ja": names, "en": names}
    return {"ja": f"{names}、ほか{more}件", "en": f"{names} and {more} more"}


def _inputs(files: Sequence[Path]) -> dict[str, str]:
    """Return the digests of the files by their names, which say nothing of folders."""
    names = Counter(path.name for path in files)
    return {
        path.name if names[path.name] == 1 else f"{number}/{path.name}": digest(path)
        for number, path in enumerate(files, start=1)
    }


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write in, which becomes the one asked for once everything is written.

    Raises:
        ReleaseError: There is something at its place, or it cannot be made.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ReleaseError("the folder is not empty", where=str(folder), hint="name another")
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ReleaseError(
            f"cannot be written to: {error.strerror}", where=str(folder), hint="name another folder"
        ) from None
    try:
        yield temporary
        temporary.chmod(0o755)
        temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_dumps(folder: Path, work: Path, runs: Sequence[Run], context: Context) -> dict[str, int]:
    """Write the dumps for people, but for formats that cannot say it, and all twins; return the length of each graph."""
    write_reading_triples(work, runs)
    graphs = write_reading_quads(work, runs)
    for format_ in DUMPS:
        if format_ in PRETTY:
            try:
                write_pretty(folder, work, format_, context)
            except NotExpressible:
                dump_path(folder, format_).unlink()
                continue
        compress(dump_path(folder, format_))
    return graphs


# --- reading ---------------------------------------------------------------------------


class _Spool:
    """Takes statements in and writes them as runs.

    Attributes:
        runs: What was written.
        outside_graphs: Whether there is a triple in no named graph.
        blank_nodes: Whether there is a blank node.
    """

    def __init__(self, work: Path, order: Compactor) -> None:
        """Begin.

        Args:
            work: Folder for the runs.
            order: What orders them.
        """
        self._work = work
        self._order = order
        self._graphs: dict[str, set[Triple]] = {}
        self._waiting = 0
        self._prefixes: dict[str, str] = {}
        self._schemes: set[str] = set()
        self._words: set[str] = set()
        self.runs: list[Run] = []
        self.outside_graphs = False
        self.blank_nodes = False

    def read(self, path: Path, format_: Format, number: int) -> None:
        """Take the statements of a file.

        Args:
            number: Of the file; its blank nodes are called by it.

        Raises:
            GraphError: The file cannot be read, or is not what it should be.
        """
        labels: dict[str, BlankNode] = {}

        def relabelled(node: BlankNode) -> BlankNode:
            return labels.setdefault(node.value, BlankNode(f"f{number}b{len(labels)}"))

        with _explained(path, format_), _open(path) as file:
            quads = parse(file, format=engine_format(format_), base_iri=self._order.base)
            for quad in quads:
                _, object_ = named(quad)
                subject, graph = cast("NamedNode | BlankNode", quad.subject), quad.graph_name
                if isinstance(subject, BlankNode):
                    subject = relabelled(subject)
                if isinstance(object_, BlankNode):
                    object_ = relabelled(object_)
                if isinstance(graph, BlankNode):
                    graph = relabelled(graph)
                self._take(Quad(subject, quad.predicate, object_, graph))
        self.blank_nodes |= bool(labels)
        for prefix, namespace in quads.prefixes.items():
            self._prefixes.setdefault(prefix, namespace)

    def _take(self, quad: Quad) -> None:
        graph, predicate, object_ = quad.graph_name, quad.predicate.value, quad.object
        self._words.add(predicate)
        for term in (quad.subject, object_):
            if isinstance(term, NamedNode):
                self._schemes.add(term.value[: term.value.index(":")])
        if isinstance(object_, Literal):
            self._words.add(object_.datatype.value)
        elif predicate == RDF_TYPE and isinstance(object_, NamedNode):
            self._words.add(object_.value)
        self.outside_graphs |= isinstance(graph, DefaultGraph)
        name = "" if isinstance(graph, DefaultGraph) else name_of(graph)
        self._graphs.setdefault(name, set()).add(quad.triple)
        self._waiting += 1
        if self._waiting == QUADS_PER_RUN:
            self.write()

    def write(self) -> None:
        """Write what was taken and not written yet."""
        for graph, triples in sorted(self._graphs.items()):
            name = f"{len(self.runs):06}"
            self.runs.append(write_run(self._work, name, graph, n_triples(triples), self._order))
        self._graphs.clear()
        self._waiting = 0

    def context(self, given: Context | None) -> dict[str, Any]:
        """Return the context of the release: the one given, else the base, two keywords and the prefixes in use.

        A prefix that is also the scheme of an IRI is left out: JSON-LD could not tell them apart.
        """
        if given is not None:
            return {**given, "@base": self._order.base}
        namespaces: dict[str, str] = {}
        for prefix, namespace in [*self._prefixes.items(), *WELL_KNOWN.items()]:
            if (
                _PREFIX.fullmatch(prefix)
                and prefix not in namespaces
                and prefix not in self._schemes | {"id", "type"}
                and namespace not in namespaces.values()
                and namespace.endswith(("#", "/"))
                and (prefix != "rdf" or namespace == RDF)
                and any(word.startswith(namespace) for word in self._words)
            ):
                namespaces[prefix] = namespace
        return {"@base": self._order.base, **dict(sorted(namespaces.items())), "id": "@id", "type": "@type"}


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.name.lower().endswith(".gz") else path.open("rb")


@contextmanager
def _explained(path: Path, format_: Format) -> Iterator[None]:
    """Turn what goes wrong with a file into an error for a person."""
    where = str(path)
    try:
        yield
    except SyntaxError as error:
        line = error.lineno or (_xml_line(path) if format_ is RDF_XML else None)
        hint = "mend the file"
        if "LoadDocumentCallback" in error.msg:
            hint = "write its context into the file: nothing is fetched"
        raise GraphError(
            f"is no {format_.label}: {error.msg}", where=f"{where}:{line}" if line else where, hint=hint
        ) from None
    except NotExpressible as error:
        raise GraphError(error.message, where=where, hint=error.hint) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise GraphError("is no whole gzip file", where=where, hint="mend the file") from None
    except OSError as error:
        raise GraphError(
            f"cannot be read: {error.strerror or error}", where=where, hint="name a file that is there"
        ) from None


def _xml_line(path: Path) -> int | None:
    """Return the line at which a file stops being XML, or None where it is; the engine does not tell."""
    parser = expat.ParserCreate()
    try:
        with _open(path) as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        return error.lineno
    return None
