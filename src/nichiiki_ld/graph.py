"""Records to statements: the context makes them RDF, the rules add what follows.

There is no mapping here. What a key means is said by `ontology/context.jsonld`, what
follows from it by `ontology/nichiiki.ttl` and `ontology/rules/*.rq`.

Statements stay within the engine, and leave it as N-Triples: to make a term of each part
of each would take longer than all the rest.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from nichiiki_ld.compaction import Context
from nichiiki_ld.errors import GraphError
from nichiiki_ld.namespaces import RDFS_LABEL
from nichiiki_ld.statements import statements_of, subjects_of


def read_records(records: Iterable[Mapping[str, Any]], context: Context, *, where: str) -> Store:
    """Return the triples that records make under a context (JSON-LD 1.1, Deserialize to RDF).

    Args:
        where: What the records come from, for messages.

    Returns:
        A store in memory, which has them in its default graph.

    Raises:
        GraphError: A record is no JSON-LD, has a key that the context does not know, or
            makes a blank node: a release has none.
    """
    records = list(records)
    _refuse_unknown_keys(records, context, where)
    document = json.dumps({"@context": context, "@graph": records}, ensure_ascii=False)
    store = Store()
    try:
        store.load(document, RdfFormat.JSON_LD)
    except (SyntaxError, ValueError) as error:
        raise GraphError(f"the records are no JSON-LD: {error}", where=where) from error
    if line := _with_blank_node(statements_of(store)):
        raise GraphError(f"a record has no id: {line}", where=where)
    return store


def _refuse_unknown_keys(records: Sequence[Mapping[str, Any]], context: Context, where: str) -> None:
    """A JSON-LD processor drops keys it does not know. Here nothing vanishes."""
    keys = {key for record in records for key in record}
    unknown = {
        key for key in keys if key not in context and not (":" in key and key.split(":")[0] in context)
    }
    unknown -= {key for key in unknown if key.startswith(("http://", "https://"))}
    if unknown:
        raise GraphError(
            f"the context does not know {', '.join(sorted(unknown))}",
            where=where,
            hint="add the terms to ontology/context.jsonld",
        )


def derive(store: Store, rules: Mapping[str, str], axioms: bytes, ontology: str) -> None:
    """Add the triples that follow from those of a store by the rules.

    The rules run until they find nothing new. They see the triples in the default
    graph and the axioms in the named graph `ontology`.

    Args:
        rules: File name → SPARQL CONSTRUCT query.
        axioms: N-Triples of the ontology.

    Raises:
        GraphError: A rule is no CONSTRUCT query, or makes blank nodes: they would be new each time.
    """
    store.load(axioms, RdfFormat.N_TRIPLES, to_graph=NamedNode(ontology))
    known = 0
    while len(store) > known:
        known = len(store)
        for name, rule in rules.items():
            store.load(_construct(store, name, rule), RdfFormat.N_TRIPLES)


def _construct(store: Store, name: str, rule: str) -> bytes:
    """Return what a rule makes, as N-Triples. A line may come twice."""
    try:
        found = store.query(rule, default_graph=DefaultGraph())
    except (SyntaxError, ValueError) as error:
        raise GraphError(f"the rule is no usable CONSTRUCT query: {error}", where=name) from error
    if not isinstance(found, QueryTriples):
        raise GraphError("the rule is no CONSTRUCT query", where=name, hint="a rule makes triples")
    lines = found.serialize(format=RdfFormat.N_TRIPLES) or b""
    if line := _with_blank_node(lines):
        raise GraphError(f"the rule makes a blank node: {line}", where=name, hint="make an IRI with BIND")
    return lines


def _with_blank_node(lines: bytes) -> str:
    """Return a line of N-Triples that has a blank node, if there is any."""
    # Only a text has these two characters otherwise, and few do.
    if b"_:" in lines:
        for line in lines.splitlines():
            subject, _, object_ = line.split(b" ", 2)
            if subject.startswith(b"_:") or object_.startswith(b"_:"):
                return line.decode()
    return ""


def parse_turtle(text: str, *, where: str, base: str) -> set[Triple]:
    """Return the triples of a Turtle file of ours, which has no blank nodes.

    Raises:
        GraphError: It is no Turtle, or has blank nodes. The message has the line.
    """
    try:
        triples = {quad.triple for quad in parse(text, format=RdfFormat.TURTLE, base_iri=base)}
    except SyntaxError as error:
        raise GraphError(
            f"is no Turtle: {error.msg}", where=f"{where}:{error.lineno}", hint="mend the file"
        ) from None
    for triple in triples:
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise GraphError("has a blank node", where=where, hint="give it an IRI")
    return triples


def parse_json(text: str, *, where: str) -> dict[str, Any]:
    """Return the JSON object that a file of ours holds.

    Raises:
        GraphError: It is no JSON object. The message has the line.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise GraphError(
            f"is no JSON: {error.msg}", where=f"{where}:{error.lineno}", hint="mend the file"
        ) from None
    if not isinstance(value, dict):
        raise GraphError("is no JSON object", where=where)
    return value


def labels_below(triples: Collection[Triple], prefix: str) -> dict[str, dict[str, str]]:
    """Return the labels by language of everything below a prefix, by what follows it; no labels too."""
    found: dict[str, dict[str, str]] = {
        subject.removeprefix(prefix): {} for subject in subjects_of(triples) if subject.startswith(prefix)
    }
    for triple in triples:
        name, text = str(getattr(triple.subject, "value", "")).removeprefix(prefix), triple.object
        if triple.predicate.value == RDFS_LABEL and name in found and isinstance(text, Literal):
            found[name][text.language or ""] = text.value
    return found
