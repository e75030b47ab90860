"""Triples as JSON-LD node objects that read like the records they came from.

A streaming compactor for flat graphs: one node object a subject, its keys the context's
terms in the context's order. A JSON-LD processor that expands the result has the same
triples again; the tests compare with one. The lines of N-Triples are taken apart as text:
to make terms of them first would take as long again.

Source: JSON-LD 1.1, section 4 (terms, type coercion, containers); JSON-LD 1.1
Processing Algorithms, sections 5.6 and 6.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from nichiiki_ld.errors import NotExpressible
from nichiiki_ld.namespaces import RDF_TYPE, XSD, XSD_STRING

Context = Mapping[str, Any]
"""The value of `@context`."""

_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Up to what every JSON reader keeps exactly."""

_RELATIVE = re.compile(
    r"(?!\.{0,2}(?:[/?#]|\Z)|@)[^:/?#]*(?:/(?!\.{0,2}(?:[/?#]|\Z))[^:/?#]*)*/?(?:[?#][^:]*)?"
)
"""What can follow the base in an IRI that is written relative to it: nothing that a reader would take for a scheme,
a keyword or another folder (RFC 3986, section 5.2)."""

_NAMES_KEPT = 10_000

_INTEGERS = {f"{XSD}integer", f"{XSD}nonNegativeInteger"}


@dataclass(frozen=True, slots=True)
class _Term:
    name: str
    coercion: str | None
    by_language: bool
    always_list: bool


Object = NamedNode | BlankNode | Literal
"""What a triple of RDF 1.1 can end with."""


def name_of(node: NamedNode | BlankNode | Triple) -> str:
    """Return the IRI of a node, or the label of a blank node with `_:` before it, which no IRI begins with."""
    if isinstance(node, NamedNode):
        return node.value
    assert isinstance(node, BlankNode), "only the object of a triple can be a triple"
    return f"_:{node.value}"


def named(triple: Triple | Quad) -> tuple[str, Object]:
    """Return the subject's name (`name_of`) and the object of a triple.

    Raises:
        NotExpressible: It is one of RDF 1.2: it speaks of a triple, or its literal has a direction.
    """
    object_ = triple.object
    if isinstance(object_, Triple):
        raise NotExpressible(f"no format here carries a triple term: {triple}", hint=_RDF_1_1)
    if isinstance(object_, Literal) and object_.direction:
        raise NotExpressible(f"no format here carries the direction of a text: {object_}", hint=_RDF_1_1)
    return name_of(triple.subject), object_


_RDF_1_1 = "leave out what only RDF 1.2 has"


class Compactor:
    """A context, read backwards."""

    def __init__(self, context: Context) -> None:
        self.base: str = context["@base"]
        self.prefixes = {
            name: value
            for name, value in context.items()
            if isinstance(value, str) and value.endswith(("#", "/")) and not name.startswith("@")
        }
        self._prefix_of = {namespace: prefix for prefix, namespace in self.prefixes.items()}
        longest_first = sorted(self._prefix_of, key=len, reverse=True)
        self._namespace = re.compile("|".join(re.escape(namespace) for namespace in longest_first) or r"(?!)")
        self._terms: defaultdict[str, list[_Term]] = defaultdict(list)
        self._types: dict[str, str] = {}
        self._rank: dict[str, int] = {}
        self._vocabulary: dict[str, str] = {}
        for rank, (name, definition) in enumerate(context.items()):
            if name.startswith("@") or name in self.prefixes:
                continue
            if isinstance(definition, str):
                if not definition.startswith("@"):
                    self._types[self.expand(definition)] = name
                continue
            iri = self.expand(definition["@id"])
            coercion = definition.get("@type")
            self._terms[iri].append(
                _Term(
                    name,
                    self.expand(coercion) if coercion and not coercion.startswith("@") else coercion,
                    definition.get("@container") == "@language",
                    definition.get("@container") == "@set",
                )
            )
            self._rank[iri] = rank
            self._vocabulary[iri] = name
        self._unknown_rank = len(context)
        self._words = frozenset(context)
        self._keywords = {
            name for name, value in context.items() if isinstance(value, str) and value[:1] == "@"
        }
        # Those who are spoken of once are mostly spoken of again soon.
        self._value = lru_cache(_NAMES_KEPT)(self._value_of)
        self._plain = lru_cache(_NAMES_KEPT)(self._plain_term)

    def expand(self, name: str) -> str:
        """Return the IRI of a compact IRI of the context."""
        prefix, colon, local = name.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else name

    def split(self, iri: str) -> tuple[str, str]:
        """Return the prefix and the longest namespace that an IRI begins with; empty when there is none."""
        match = self._namespace.match(iri)
        return (self._prefix_of[match[0]], match[0]) if match else ("", "")

    def shorten(self, name: str) -> str:
        """Return an IRI as a value: compact, else relative to the base, else whole; the name of a blank node as it is."""
        return self.curie(name) or self.relative(name) or name

    def curie(self, iri: str) -> str:
        """Return a compact IRI, or the empty text where there is none that a JSON-LD processor expands."""
        prefix, namespace = self.split(iri)
        local = iri[len(namespace) :]
        return f"{prefix}:{local}" if prefix and local and not local.startswith("//") else ""

    def relative(self, iri: str) -> str:
        """Return an IRI relative to the base, or the empty text where it would not come back."""
        if not iri.startswith(self.base):
            return ""
        match = _RELATIVE.fullmatch(iri, len(self.base))
        return match[0] if match else ""

    def _value_of(self, name: str) -> str:
        """Return a name as the value of `@id`.

        Raises:
            NotExpressible: It is an IRI whose scheme is a prefix of the context.
        """
        short = self.shorten(name)
        if short == name and name.partition(":")[0] in self.prefixes:
            raise NotExpressible(
                f"JSON-LD would take the scheme of <{name}> for the prefix",
                hint="ask for another format",
                reference="https://www.w3.org/TR/json-ld11-api/#iri-expansion",
            )
        return name if short in self._keywords else short

    def _word(self, iri: str) -> str:
        """Return an IRI where a term of the context could stand too: a class, a datatype, a property as a value."""
        short = self._value(iri)
        return iri if short in self._words else short

    def rank(self, predicate: str) -> tuple[int, str]:
        """Return where a property stands in the reading order: the type first, then as in the context."""
        return (
            (-1, "") if predicate == RDF_TYPE else (self._rank.get(predicate, self._unknown_rank), predicate)
        )

    def object_rank(self, object_: Object) -> tuple[int, str]:
        """Return where a value stands among others: what is ours first, and Japanese before other languages."""
        if isinstance(object_, Literal):
            return (object_.language not in (None, "ja"), str(object_))
        return (not object_.value.startswith(self.base), str(object_))

    def reading_key(self, triple: Triple) -> tuple[tuple[int, str], tuple[int, str], tuple[int, str]]:
        """Return the key that sorts triples for a reader.

        By subject, its parts (`#…`) after it, blank nodes last; then as the context has it.
        """
        subject, object_ = named(triple)
        return (
            (subject.startswith("_:"), subject),
            self.rank(triple.predicate.value),
            self.object_rank(object_),
        )

    def nodes(self, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        """Yield one node object for each run of lines with the same subject.

        Args:
            lines: N-Triples as the engine writes them, in reading order (`reading_key`).
        """
        parts = (line.decode().split(" ", 2) for line in lines)
        for subject, group in groupby(parts, key=itemgetter(0)):
            yield self._node(subject, ((predicate[1:-1], rest[:-3]) for _, predicate, rest in group))

    def _node(self, subject: str, properties: Iterable[tuple[str, str]]) -> dict[str, Any]:
        types: list[str] = []
        found: dict[str, Any] = {}
        for predicate, object_ in properties:
            if object_.startswith('"'):
                self._add_literal(found, predicate, object_)
            elif predicate == RDF_TYPE:
                name = _name(object_)
                types.append(self._types.get(name) or self._word(name))
            else:
                self._add_node(found, predicate, _name(object_))
        # Our own class is the one to read; it has a term, and no colon.
        types.sort(key=lambda name: (":" in name, name))
        head: dict[str, Any] = {"id": self._value(_name(subject))}
        if types:
            head["type"] = types[0] if len(types) == 1 else types
        return head | found

    def _add_node(self, found: dict[str, Any], predicate: str, name: str) -> None:
        for term in self._terms.get(predicate, ()):
            if term.coercion == "@id":
                return _append(found, term, self._value(name))
            if term.coercion == "@vocab":
                return _append(found, term, self._vocabulary.get(name) or self._word(name))
        return _append(found, self._plain(predicate), {"id": self._value(name)})

    def _add_literal(self, found: dict[str, Any], predicate: str, literal: str) -> None:
        text, language, datatype = _literal(literal)
        terms = self._terms.get(predicate, ())
        if language:
            for term in terms:
                if term.by_language:
                    return _append_to(found.setdefault(term.name, {}), language, text)
            return _append(found, self._plain(predicate), {"@value": text, "@language": language})
        for term in terms:
            if term.coercion == datatype:
                return _append(found, term, _native(text) if datatype in _INTEGERS else text)
            if datatype == XSD_STRING and term.coercion is None and not term.by_language:
                return _append(found, term, text)
        value: Any = text if datatype == XSD_STRING else {"@value": text, "@type": self._word(datatype)}
        return _append(found, self._plain(predicate), value)

    def _plain_term(self, predicate: str) -> _Term:
        """Return a compact IRI as a key. Where that is itself a term, its coercions would apply: write it whole.

        A key is never relative to the base.
        """
        name = self.curie(predicate) or self._value(predicate)
        return _Term(predicate if name in self._words or ":" not in name else name, None, False, False)


def _name(node: str) -> str:
    """Return the name (`name_of`) of a node of N-Triples."""
    return node if node.startswith("_:") else node[1:-1]


def _literal(token: str) -> tuple[str, str, str]:
    """Return the text, language and datatype of a literal of N-Triples. A text with a language has no datatype here."""
    text, _, kind = token[1:].rpartition('"')
    if "\\" in text:
        (quad,) = parse(f"<x:s> <x:p> {token} .", format=RdfFormat.N_TRIPLES, lenient=True)
        assert isinstance(quad.object, Literal)
        text = quad.object.value
    if kind.startswith("@"):
        return text, kind[1:], ""
    return text, "", kind[3:-1] or XSD_STRING


def _append(found: dict[str, Any], term: _Term, value: Any) -> None:
    if term.always_list:
        found.setdefault(term.name, []).append(value)
    else:
        _append_to(found, term.name, value)


def _append_to(found: dict[str, Any], key: str, value: Any) -> None:
    if key not in found:
        found[key] = value
    elif isinstance(found[key], list):
        found[key].append(value)
    else:
        found[key] = [found[key], value]


def _native(lexical: str) -> int | str:
    """Return a JSON number when it says exactly what the literal says: `14`, but not `014`."""
    return int(lexical) if _CANONICAL_INTEGER.fullmatch(lexical) else lexical
