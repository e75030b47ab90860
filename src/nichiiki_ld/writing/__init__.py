"""Triples and quads to bytes, in every format of the table: pretty, prefixed, sorted.

Everything streams: the caller brings the statements in order, the memory used is that of
one subject.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import IO, Any, cast

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from nichiiki_ld.compaction import Compactor, Context, named
from nichiiki_ld.errors import NotExpressible
from nichiiki_ld.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format, Kind
from nichiiki_ld.namespaces import RDF, RDF_TYPE
from nichiiki_ld.writing.turtle import write_turtle

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
_NAME_START = (
    "A-Z_a-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ENDS_IN_XML_NAME = re.compile(f"[{_NAME_START}][{_NAME_START}.0-9·\u0300-\u036f\u203f\u2040-]*\\Z")
"""What an element can be named by (Namespaces in XML 1.0, NCName); the rest of the IRI is the namespace."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document has, not even escaped."""
_XMLNS = "http://www.w3.org/2000/xmlns/"
_RESERVED_BY_XML = {
    RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("Description", "li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
}
"""Names that no property can have in RDF/XML (RDF 1.1 XML Syntax, section 6.2.5)."""


class _XmlHead(io.RawIOBase):
    """Passes RDF/XML on under a head of ours: the engine declares prefixes in an order that changes from run to run.

    A carriage return is escaped on the way: a reader would take it for a line feed.
    """

    def __init__(self, output: IO[bytes], compactor: Compactor) -> None:
        self._output = output
        self._held: bytes | None = b""
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<rdf:RDF"]
        prefixes = compactor.prefixes | {"rdf": RDF}
        lines += [f'    xmlns:{prefix}="{escape(namespace)}"' for prefix, namespace in prefixes.items()]
        self._head = ("\n".join(lines) + ">").encode()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        text = bytes(data).replace(b"\r", b"&#xD;")
        if self._held is None:
            self._output.write(text)
            return len(data)
        self._held += text
        if match := _XML_HEAD.match(self._held):
            self._output.write(self._head + self._held[match.end() :])
            self._held = None
        return len(data)


def _fit_for_xml(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield triples as long as RDF/XML can say them: the engine writes what no reader takes."""
    usable: set[str] = set()
    for triple in triples:
        predicate, object_ = triple.predicate.value, triple.object
        if predicate not in usable:
            _refuse_as_element(predicate)
            if predicate in _RESERVED_BY_XML:
                raise NotExpressible(f"RDF/XML keeps the name <{predicate}> for itself", hint=_ANOTHER)
            usable.add(predicate)
        if isinstance(object_, Literal):
            if found := _NOT_IN_XML.search(object_.value):
                raise NotExpressible(
                    f"RDF/XML has no way to write the character U+{ord(found[0]):04X}",
                    hint=_ANOTHER,
                    reference="https://www.w3.org/TR/xml/#charsets",
                )
        elif predicate == RDF_TYPE and isinstance(object_, NamedNode):
            # An element is named by the class of what it describes.
            _refuse_as_element(object_.value)
        yield triple


def _refuse_as_element(iri: str) -> None:
    if not _ENDS_IN_XML_NAME.search(iri) or iri.startswith(_XMLNS):
        raise NotExpressible(
            f"RDF/XML has no name for <{iri}>",
            hint=_ANOTHER,
            reference="https://www.w3.org/TR/rdf-syntax-grammar/#section-Serialising",
        )


_ANOTHER = "ask for another format"


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
        statements: Triples in reading order, or quads for a dataset format, each graph in
            reading order. Labels of blank nodes are names in every
            syntax: a letter, then letters and digits.
        context: What a JSON-LD document carries as its `@context`.

    Raises:
        NotExpressible: The format has no way to write one of them. What was written so
            far is no whole document.
    """
    if format_ in (N_TRIPLES, N_QUADS):
        serialize(statements, output, engine_format(format_))
    elif format_ == RDF_XML:
        _write_rdf_xml(cast("Iterable[Triple]", statements), output, compactor)
    else:
        write_lines(_lines(statements, format_), output, format_, compactor, context)


def write_lines(
    lines: IO[bytes], output: IO[bytes], format_: Format, compactor: Compactor, context: Context
) -> None:
    """Write statements in their order to a stream, in a format for people.

    Args:
        lines: N-Triples as the engine writes them, in reading order, or N-Quads for a dataset
            format, each graph in reading order; nothing that only RDF 1.2 has.
        context: What a JSON-LD document carries as its `@context`.

    Raises:
        NotExpressible: As `write_statements` does.
    """
    if format_ == JSON_LD:
        _write_json_ld(lines, output, compactor, context)
    elif format_ == RDF_XML:
        # Lenient: the engine's own words, whose IRIs were checked on the way in.
        triples = (quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES, lenient=True))
        _write_rdf_xml(triples, output, compactor)
    else:
        write_turtle(lines, output, compactor)


def _write_rdf_xml(triples: Iterable[Triple], output: IO[bytes], compactor: Compactor) -> None:
    with _XmlHead(output, compactor) as headed:
        serialize(
            _fit_for_xml(triples),
            cast("IO[bytes]", headed),
            RdfFormat.RDF_XML,
            prefixes=compactor.prefixes,
        )


def _lines(statements: Iterable[Triple] | Iterable[Quad], format_: Format) -> IO[bytes]:
    """Return N-Triples, or N-Quads for a dataset."""
    found = list(cast("Iterable[Triple | Quad]", statements))
    for each in found:
        named(each)
    flat = RdfFormat.N_QUADS if format_.kind is Kind.DATASET else RdfFormat.N_TRIPLES
    return io.BytesIO(serialize(cast("list[Triple]", found), format=flat) or b"")


def _write_json_ld(lines: Iterable[bytes], output: IO[bytes], compactor: Compactor, context: Context) -> None:
    head = orjson.dumps({"@context": context}, option=orjson.OPT_INDENT_2)
    output.write(head.removesuffix(b"\n}") + b',\n  "@graph": [')
    separator = b"\n"
    for node in compactor.nodes(lines):
        text = orjson.dumps(node, option=orjson.OPT_INDENT_2).replace(b"\n", b"\n    ")
        output.write(separator + b"    " + text)
        separator = b",\n"
    output.write(b"\n  ]\n}\n")


def write_graph(triples: Iterable[Triple], format_: Format, context: Context) -> bytes:
    """Return a small graph as bytes: pretty, prefixed, sorted; JSON-LD with the context inline.

    Args:
        triples: In any order. In a dataset format they stand in the default graph. Blank
            nodes are called `b0`, `b1` and so on as they come.

    Raises:
        NotExpressible: A term is one of RDF 1.2, or the format has no way to write it.
    """
    compactor = Compactor(context)
    ordered: Iterable[Triple] | Iterable[Quad] = reading_order(set(_relabelled(triples)), compactor)
    if format_.kind is Kind.DATASET:
        ordered = [Quad(*triple) for triple in ordered]
    out = io.BytesIO()
    write_statements(ordered, out, format_, compactor, context)
    return out.getvalue()


def _relabelled(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Give blank nodes labels that every syntax has; those of the engine change from answer to answer."""
    given: dict[BlankNode, BlankNode] = {}
    for triple in triples:
        subject, object_ = triple.subject, triple.object
        if isinstance(subject, BlankNode) or isinstance(object_, BlankNode):
            if isinstance(subject, BlankNode):
                subject = given.setdefault(subject, BlankNode(f"b{len(given)}"))
            if isinstance(object_, BlankNode):
                object_ = given.setdefault(object_, BlankNode(f"b{len(given)}"))
            yield Triple(subject, triple.predicate, object_)
        else:
            yield triple
