"""Triples and quads to bytes, in every format of the table: pretty, prefixed, sorted.

Everything streams: the caller brings the statements in order, the memory used is that of
one subject.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any, cast

import orjson
from pyoxigraph import Quad, RdfFormat, Triple, serialize

from nichiiki_ld.compaction import Compactor, Context
from nichiiki_ld.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format, Kind

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


_TURTLE_HEAD = re.compile(rb"\A(?:@[^\n]*\n)*(?=[^@])")
_XML_HEAD = re.compile(rb"\A<\?xml[^>]*\?>\n<rdf:RDF[^>]*>")
_NEXT_BLOCK = re.compile(rb"(?<= \.\n)(?=[^}])")
"""Where a line of Turtle or TriG follows a full stop, and is not the end of a graph."""


class _Polished(io.RawIOBase):
    """Passes the engine's text on, under a head of ours and, in Turtle and TriG, with an empty line before each subject.

    The engine declares prefixes in an order that changes from run to run, and relative to
    the base. In Turtle it ends each subject's lines by a full stop, and no literal holds a
    line break.
    """

    def __init__(self, output: IO[bytes], format_: Format, compactor: Compactor) -> None:
        self._output = output
        self._spaced = format_ != RDF_XML
        self._engine_head: re.Pattern[bytes] | None = _TURTLE_HEAD if self._spaced else _XML_HEAD
        head = _turtle_head(compactor) if self._spaced else _xml_head(compactor)
        self._head = head
        self._held = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        content = self._held + bytes(data)
        if self._engine_head:
            match = self._engine_head.match(content)
            if not match:
                self._held = content
                return len(data)
            self._output.write(self._head)
            content = content[match.end() :]
            self._engine_head = None
        # The last bytes may be a full stop whose next line is still to come.
        spaced = _NEXT_BLOCK.sub(b"\n", content) if self._spaced else content
        self._output.write(spaced[:-3])
        self._held = spaced[-3:]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            # A text without statements has nothing but a head.
            self._output.write(self._head if self._engine_head else self._held)
        super().close()


def _turtle_head(compactor: Compactor) -> bytes:
    lines = [f"@base <{compactor.base}> ."]
    lines += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in compactor.prefixes.items()]
    return ("\n".join(lines) + "\n\n").encode()


def _xml_head(compactor: Compactor) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<rdf:RDF xml:base="{compactor.base}"']
    lines += [f'    xmlns:{prefix}="{namespace}"' for prefix, namespace in compactor.prefixes.items()]
    return ("\n".join(lines) + ">").encode()


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
    options: Mapping[str, Any] = {"prefixes": compactor.prefixes, "base_iri": compactor.base}
    with _Polished(output, format_, compactor) as polished:
        serialize(statements, cast("IO[bytes]", polished), engine_format(format_), **options)


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
