"""Turtle and TriG from the lines of N-Triples and N-Quads: pretty, prefixed, in the order in which they come.

The lines are taken apart as text. A term is written in Turtle as it is in N-Triples, but for
what has a shorter form: IRIs, and a few datatypes. To make terms of them first would take
several times as long, for a dump of millions.

Source: RDF 1.1 Turtle; RDF 1.1 TriG; RDF 1.1 N-Quads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import IO

from nichiiki_ld.compaction import Compactor
from nichiiki_ld.namespaces import RDF_TYPE, XSD

_LOCAL_NAME = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
"""A part of Turtle's PN_LOCAL that needs no escapes (Turtle 1.1, section 6.5)."""

_SHORT_LITERALS = {
    f"^^<{XSD}integer>".encode(): re.compile(rb"[+-]?[0-9]+"),
    f"^^<{XSD}boolean>".encode(): re.compile(rb"true|false"),
}
_TYPE = f"<{RDF_TYPE}>".encode()
_IRIS_REMEMBERED = 10_000


def write_turtle(lines: Iterable[bytes], output: IO[bytes], compactor: Compactor) -> None:
    """Write a block for each subject, a line for each property; a block around all that is of one named graph.

    Args:
        lines: N-Triples, or N-Quads for TriG, as the engine writes them; all of one
            subject together, and all of one graph.
    """
    terms = _Terms(compactor)
    node, object_of = terms.node, terms.object
    declarations = [f"@base <{compactor.base}> ."]
    declarations += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in compactor.prefixes.items()]
    output.write(("\n".join(declarations) + "\n").encode())
    graph: bytes | None = None
    subject = predicate = indent = b""
    block: list[bytes] = []
    for line in lines:
        new_subject, new_predicate, rest = line.split(b" ", 2)
        # No space is in an IRI or a label; none but those within quotation marks is in a literal.
        end = rest.index(b" ", rest.rindex(b'"') if rest.startswith(b'"') else 0)
        new_graph = rest[end + 1 : -3]
        if new_graph != graph:
            output.write(b"".join(block) + (b" .\n" if block else b"") + (b"}\n" if graph else b""))
            graph, subject, indent = new_graph, b"", b"    " if new_graph else b""
            block = [b"\n" + node(graph) + b" {\n" if graph else b"\n"]
        elif new_subject != subject:
            block.append(b" .\n")
            output.write(b"".join(block))
            block = [b"\n"]
        if new_subject != subject:
            subject, predicate = new_subject, new_predicate
            block += (indent, node(subject), b" ")
            block += (b"a" if predicate == _TYPE else node(predicate), b" ")
        elif new_predicate != predicate:
            predicate = new_predicate
            block += (b" ;\n", indent, b"    ", b"a" if predicate == _TYPE else node(predicate), b" ")
        else:
            block.append(b" , ")
        block.append(object_of(rest[:end]))
    output.write(b"".join(block) + (b" .\n" if block else b"") + (b"}\n" if graph else b""))


class _Terms:
    """Terms of N-Triples as Turtle writes them: prefixed, else relative to the base, else whole."""

    def __init__(self, compactor: Compactor) -> None:
        self._compactor = compactor
        # Most IRIs come again soon: every property, and what neighbours have in common.
        self.node = lru_cache(maxsize=_IRIS_REMEMBERED)(self._node)

    def _node(self, token: bytes) -> bytes:
        if token.startswith(b"_"):
            return token
        name = token[1:-1].decode()
        prefix, namespace = self._compactor.split(name)
        if prefix and _LOCAL_NAME.fullmatch(name, len(namespace)):
            return f"{prefix}:{name[len(namespace) :]}".encode()
        # Only what lies below the base: an engine that shortens all it can makes <//example.org/x> of other hosts.
        return f"<{self._compactor.relative(name) or name}>".encode()

    def object(self, token: bytes) -> bytes:
        """Return a term that stands last."""
        if not token.startswith(b'"'):
            return self.node(token)
        end = token.rindex(b'"') + 1
        kind = token[end:]
        if not kind.startswith(b"^^"):
            return token
        short = _SHORT_LITERALS.get(kind)
        if short and short.fullmatch(token, 1, end - 1):
            return token[1 : end - 1]
        return token[:end] + b"^^" + self.node(kind[2:])
