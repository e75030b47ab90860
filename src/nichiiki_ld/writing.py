"""Triples and quads to bytes, in every format of the table: pretty, prefixed, sorted.

Everything streams: the caller brings the statements in order, the memory used is that of
one subject.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import IO, Any, cast

import orjson
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from nichiiki_ld.compaction import Compactor, Context, named
from nichiiki_ld.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format, Kind
from nichiiki_ld.namespaces import RDF_LANG_STRING, RDF_TYPE, XSD, XSD_STRING

_ENGINE_FORMATS = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    RDF_XML: RdfFormat.RDF_XML,
    N_QUADS: RdfFormat.N_QUADS,
    TRIG: RdfFormat.TRIG,
}


def engine_format(format_: Format) -> RdfFormat:
    """Return what the RDF engine calls a graph or dataset format."""
    return RdfFormat.JSON_LD if format_ == JSON_LD else _ENGINE_FORMATS[format_]


_XML_HEAD = re.compile(rb"\A<\?xml[^>]*\?>\n<rdf:RDF[^>]*>")
_LOCAL_NAME = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
"""A part of Turtle's PN_LOCAL that needs no escapes (Turtle 1.1, section 6.5)."""

_SHORT_LITERALS = {f"{XSD}integer": re.compile(r"[+-]?[0-9]+"), f"{XSD}boolean": re.compile(r"true|false")}


IRIS_REMEMBERED = 10_000


class _TurtleTerms:
    """Terms as Turtle writes them: prefixed, else relative to the base, else whole."""

    def __init__(self, compactor: Compactor) -> None:
        self._base = compactor.base
        self._split = compactor.split
        # Most IRIs come again soon: every property, and what neighbours have in common.
        self.iri = lru_cache(maxsize=IRIS_REMEMBERED)(self._iri)

    def _iri(self, iri: str) -> str:
        prefix, namespace = self._split(iri)
        if prefix and _LOCAL_NAME.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
        # Only what lies below the base: an engine that shortens all it can makes <//example.org/x> of other hosts.
        if iri.startswith(self._base) and iri != self._base:
            return f"<{iri[len(self._base) :]}>"
        return f"<{iri}>"

    def object(self, term: NamedNode | Literal) -> str:
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        datatype = term.datatype.value
        if datatype in (XSD_STRING, RDF_LANG_STRING):
            return str(term)
        if datatype in _SHORT_LITERALS and _SHORT_LITERALS[datatype].fullmatch(term.value):
            return term.value
        return f"{Literal(term.value)}^^{self.iri(datatype)}"


def _write_turtle(
    statements: Iterable[Triple] | Iterable[Quad], output: IO[bytes], compactor: Compactor
) -> None:
    """Write Turtle, or TriG when there are quads: a block for each subject, a line for each property."""
    terms = _TurtleTerms(compactor)
    lines = [f"@base <{compactor.base}> ."]
    lines += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in compactor.prefixes.items()]
    output.write(("\n".join(lines) + "\n").encode())
    for graph, members in groupby(cast("Iterable[Triple | Quad]", statements), key=_graph_of):
        output.write(f"\n{terms.iri(graph)} {{\n".encode() if graph else b"\n")
        indent = "    " if graph else ""
        separator = ""
        for subject, group in groupby(members, key=_subject_of):
            block = [
                ("a" if predicate == RDF_TYPE else terms.iri(predicate))
                + " "
                + " , ".join(terms.object(named(statement)[1]) for statement in same)
                for predicate, same in groupby(group, key=_predicate_of)
            ]
            text = f" ;\n{indent}    ".join(block)
            output.write(f"{separator}{indent}{terms.iri(subject)} {text} .\n".encode())
            separator = "\n"
        output.write(b"}\n" if graph else b"")


def _subject_of(statement: Triple | Quad) -> str:
    return named(statement)[0]


def _predicate_of(statement: Triple | Quad) -> str:
    return statement.predicate.value


def _graph_of(statement: Triple | Quad) -> str:
    graph = statement.graph_name if isinstance(statement, Quad) else None
    return graph.value if isinstance(graph, NamedNode) else ""


class _XmlHead(io.RawIOBase):
    """Passes RDF/XML on under a head of ours: the engine declares prefixes in an order that changes from run to run."""

    def __init__(self, output: IO[bytes], compactor: Compactor) -> None:
        self._output = output
        self._held: bytes | None = b""
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<rdf:RDF"]
        lines += [f'    xmlns:{prefix}="{namespace}"' for prefix, namespace in compactor.prefixes.items()]
        self._head = ("\n".join(lines) + ">").encode()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self._held is None:
            self._output.write(data)
            return len(data)
        self._held += bytes(data)
        if match := _XML_HEAD.match(self._held):
            self._output.write(self._head + self._held[match.end() :])
            self._held = None
        return len(data)


def reading_order(triples: Iterable[Triple], compactor: Compactor) -> list[Triple]:
    """Return triples in the order in which a person reads them (`Compactor.reading_key`)."""
    return sorted(triples, key=compactor.reading_key)


def write_statements(
    statements: Iterable[Triple] | Iterable[Quad],
    output: IO[bytes],
    format_: Format,
    compactor: Compactor,
    context: Context,
) -> None:
    """Write statements in their order to a stream.

    Args:
        statements: Triples, or quads for a dataset format; all of one subject together,
            and for a dataset all of one graph.
        context: What a JSON-LD document carries as its `@context`.
    """
    if format_ == JSON_LD:
        _write_json_ld(statements, output, compactor, context)  # type: ignore[arg-type]
        return
    if format_ in (N_TRIPLES, N_QUADS):
        serialize(statements, output, engine_format(format_))
        return
    if format_ == RDF_XML:
        with _XmlHead(output, compactor) as headed:
            serialize(
                statements, cast("IO[bytes]", headed), engine_format(format_), prefixes=compactor.prefixes
            )
        return
    _write_turtle(statements, output, compactor)


def _write_json_ld(
    triples: Iterable[Triple], output: IO[bytes], compactor: Compactor, context: Context
) -> None:
    head = orjson.dumps({"@context": context}, option=orjson.OPT_INDENT_2)
    output.write(head.removesuffix(b"\n}") + b',\n  "@graph": [')
    separator = b"\n"
    for node in compactor.nodes(triples):
        text = orjson.dumps(node, option=orjson.OPT_INDENT_2).replace(b"\n", b"\n    ")
        output.write(separator + b"    " + text)
        separator = b",\n"
    output.write(b"\n  ]\n}\n")


def write_graph(triples: Iterable[Triple], format_: Format, context: Context) -> bytes:
    """Return a small graph as bytes: pretty, prefixed, sorted; JSON-LD with the context inline.

    Args:
        triples: In any order. In a dataset format they stand in the default graph.
    """
    compactor = Compactor(context)
    ordered: Iterable[Triple] | Iterable[Quad] = reading_order(set(triples), compactor)
    if format_.kind is Kind.DATASET:
        ordered = [Quad(*triple) for triple in ordered]
    out = io.BytesIO()
    write_statements(ordered, out, format_, compactor, context)
    return out.getvalue()
