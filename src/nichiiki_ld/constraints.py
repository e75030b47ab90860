"""Shapes as people read them: what each is applied to, and what it asks for.

Nothing is validated here: `shapes` does that. This reads the published Turtle, so that a
page can say in words what is checked.

Source: SHACL, sections 2.1 (shapes), 4 (core constraint components) and 5 (SPARQL constraints).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from nichiiki_ld.catalog import Facts, Term
from nichiiki_ld.namespaces import RDF, RDF_TYPE, SH

Messages = tuple[tuple[str, str], ...]
"""Pairs of language tag and text."""

_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_NO_CONDITION = frozenset(
    {
        *_TARGETS,
        *("path", "property", "sparql", "message", "severity", "deactivated"),
        *("name", "description", "order", "group", "flags", "ignoredProperties"),
    }
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is asked for.

    Attributes:
        name: Local name of the parameter: `minCount`.
        values: Of a list, its members in order.
    """

    name: str
    values: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What can give a result: a property shape, a SPARQL constraint, or what a shape asks of its focus nodes themselves.

    Attributes:
        path: IRI of the property; empty where it is none.
        query: Text of a SPARQL constraint, or empty.
        severity: Local name: `Violation`, `Warning`, `Info`.
        mentions: IRIs of classes that values must be of.
    """

    iri: str
    path: str
    conditions: tuple[Condition, ...]
    query: str
    severity: str
    messages: Messages
    mentions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Target:
    """What a shape is applied to.

    Attributes:
        kind: `Class`, `Node`, `SubjectsOf` or `ObjectsOf`.
        iri: Of the class, node or property.
    """

    kind: str
    iri: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape with targets."""

    iri: str
    targets: tuple[Target, ...]
    checks: tuple[Check, ...]


def read_shapes(turtle: bytes) -> tuple[Shape, ...]:
    """Return the shapes that have targets, in the order in which they are written.

    A shape that is deactivated is left out; one without targets is told where it is referred to.

    Raises:
        SyntaxError: It is no Turtle.
    """
    triples = [quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)]
    order = {name: place for place, name in enumerate(dict.fromkeys(t.subject for t in triples))}
    reader = _Reader(Facts(triples))
    found = [
        subject
        for subject in order
        if isinstance(subject, NamedNode) and reader.targets(subject) and not reader.is_off(subject)
    ]
    return tuple(reader.shape(each, order) for each in sorted(found, key=order.__getitem__))


def shapes_of_term(shapes: Iterable[Shape], term: str) -> tuple[str, ...]:
    """Return the IRIs of the checks and shapes that hold a class or property: they target it, or look at it."""
    found: dict[str, None] = {}
    for shape in shapes:
        if any(target.iri == term for target in shape.targets):
            found[shape.iri] = None
        for check in shape.checks:
            if check.path == term or term in check.mentions:
                found[check.iri] = None
    return tuple(found)


class _Reader:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def _all(self, subject: Term, name: str) -> list[Term]:
        return self._facts.objects(subject, f"{SH}{name}")

    def is_off(self, subject: Term) -> bool:
        return any(
            isinstance(each, Literal) and each.value == "true" for each in self._all(subject, "deactivated")
        )

    def targets(self, subject: Term) -> tuple[Target, ...]:
        return tuple(
            Target(kind.removeprefix("target"), each.value)
            for kind in _TARGETS
            for each in self._all(subject, kind)
            if isinstance(each, NamedNode)
        )

    def shape(self, subject: NamedNode, order: dict[Term, int]) -> Shape:
        severity = self._severity(subject, "Violation")
        own = self._check(subject, severity)
        parts = [*self._all(subject, "property"), *self._all(subject, "sparql")]
        checks = [own] if own.conditions else []
        for part in sorted(parts, key=lambda each: order.get(each, len(order))):
            if self.is_off(part):
                continue
            check = self._check(part, "Violation")
            if check.query:
                # A SPARQL constraint has the severity of its shape, and perhaps its message.
                check = replace(check, severity=severity, messages=check.messages or own.messages)
            checks.append(check)
        return Shape(subject.value, self.targets(subject), tuple(checks))

    def _check(self, subject: Term, severity: str) -> Check:
        paths = [each.value for each in self._all(subject, "path") if isinstance(each, NamedNode)]
        conditions = tuple(self._conditions(subject))
        return Check(
            iri=_name(subject),
            path=paths[0] if paths else "",
            conditions=conditions,
            query=self._facts.text(subject, f"{SH}select").strip("\n"),
            severity=self._severity(subject, severity),
            messages=self._messages(subject),
            mentions=frozenset(
                value.value
                for each in conditions
                if each.name == "class"
                for value in each.values
                if isinstance(value, NamedNode)
            ),
        )

    def _severity(self, subject: Term, default: str) -> str:
        named = [each.value for each in self._all(subject, "severity") if isinstance(each, NamedNode)]
        return named[0].removeprefix(SH) if named else default

    def _messages(self, subject: Term) -> Messages:
        return tuple(
            sorted(
                (each.language or "", each.value)
                for each in self._all(subject, "message")
                if isinstance(each, Literal)
            )
        )

    def _conditions(self, subject: Term) -> Iterator[Condition]:
        values: defaultdict[str, list[Term]] = defaultdict(list)
        is_constraint = any(self._all(subject, "select"))
        for triple in self._facts.about(subject):
            iri = triple.predicate.value
            name = iri.removeprefix(SH)
            if iri == RDF_TYPE or not iri.startswith(SH) or name in _NO_CONDITION or is_constraint:
                continue
            values[name] += self._members(triple.object)
        for name in sorted(values, key=_place):
            yield Condition(name, tuple(values[name]))

    def _members(self, term: Term) -> list[Term]:
        """Return the members of a list; of anything else, itself."""
        found: list[Term] = []
        seen: set[Term] = set()
        while isinstance(term, BlankNode) and term not in seen:
            seen.add(term)
            first, rest = self._facts.objects(term, f"{RDF}first"), self._facts.objects(term, f"{RDF}rest")
            if not first or not rest:
                break
            found.append(first[0])
            term = rest[0]
        return found or [term]


_READING_ORDER = (
    *("minCount", "maxCount", "class", "datatype", "nodeKind", "in", "hasValue", "languageIn", "uniqueLang"),
    *("pattern", "minLength", "maxLength", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive"),
)


def _place(name: str) -> tuple[int, str]:
    return (_READING_ORDER.index(name) if name in _READING_ORDER else len(_READING_ORDER), name)


def _name(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""
