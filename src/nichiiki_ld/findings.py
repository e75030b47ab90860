"""What a published validation report says: how much was found, and the first of each kind.

A report of many projects is long. It is read statement after statement, and no more is kept
than a page shows.

Source: SHACL, section 3.6 (validation report).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from nichiiki_ld.namespaces import SH

MOST_FINDINGS = 100
"""Of one check, so many are kept."""

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One result.

    Attributes:
        focus: What it is about.
        path: IRI of the property, or empty.
        value: The value that is wrong, or None.
        severity: Local name.
        check: IRI of the SPARQL constraint where there is one, or of the shape.
        messages: Pairs of language tag and text.
    """

    focus: NamedNode | BlankNode
    path: str
    value: NamedNode | BlankNode | Literal | None
    severity: str
    check: str
    messages: tuple[tuple[str, str], ...]

    @property
    def key(self) -> tuple[str, str]:
        """What it has in common with the same finding in another report: the check, and what it is about."""
        return self.check, self.focus.value

    def message(self, language: str) -> str:
        """Return the message in a language, or in the first there is."""
        return dict(self.messages).get(language, self.messages[0][1] if self.messages else "")


@dataclass(frozen=True)
class Findings:
    """A report.

    Attributes:
        conforms: As the report itself says.
        counts: Severity and check → how many results.
        kept: The first of each.
    """

    conforms: bool
    counts: Counter[tuple[str, str]]
    kept: tuple[Finding, ...]

    def of_severity(self, severity: str) -> int:
        """Return how many results have a severity."""
        return sum(count for (each, _), count in self.counts.items() if each == severity)


def read_report(turtle: bytes) -> Findings:
    """Return what a report says, whose results are written one after the other.

    Raises:
        SyntaxError: It is no Turtle.
    """
    counts: Counter[tuple[str, str]] = Counter()
    kept = []
    conforms = False
    for said in _subjects(turtle):
        conforms |= any(t.predicate.value == f"{SH}conforms" and _text(t) == "true" for t in said)
        for finding in _findings(said):
            counts[finding.severity, finding.check] += 1
            if counts[finding.severity, finding.check] <= MOST_FINDINGS:
                kept.append(finding)
    return Findings(conforms, counts, tuple(kept))


def found_again(turtle: bytes, sought: Set[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return those of some findings (check and focus, see `Finding.key`) that another report has too.

    Raises:
        SyntaxError: It is no Turtle.
    """
    return frozenset(
        finding.key for said in _subjects(turtle) for finding in _findings(said) if finding.key in sought
    )


def _subjects(turtle: bytes) -> Iterator[list[Triple]]:
    """Yield the statements of each subject of a report."""
    triples = (quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE))
    for _, group in groupby(triples, key=lambda triple: triple.subject):
        yield list(group)


def _findings(said: Iterable[Triple]) -> Iterator[Finding]:
    """Yield the result that the statements of one subject make; nothing where it is none."""
    values: dict[str, Triple] = {}
    messages = []
    for triple in said:
        name = triple.predicate.value.removeprefix(SH)
        values[name] = triple
        if name == "resultMessage" and isinstance(triple.object, Literal):
            messages.append((triple.object.language or "", triple.object.value))
    if "focusNode" not in values or "resultSeverity" not in values:
        return
    focus = values["focusNode"].object
    value = values["value"].object if "value" in values else None
    check = values.get("sourceConstraint") or values.get("sourceShape")
    if isinstance(focus, NamedNode | BlankNode) and not isinstance(value, Triple):
        yield Finding(
            focus=focus,
            path=_text(values["resultPath"]) if "resultPath" in values else "",
            value=value,
            severity=_text(values["resultSeverity"]).removeprefix(SH),
            check=_text(check) if check else "",
            messages=tuple(sorted(messages)),
        )


def _text(triple: Triple) -> str:
    return triple.object.value if isinstance(triple.object, NamedNode | Literal) else ""
