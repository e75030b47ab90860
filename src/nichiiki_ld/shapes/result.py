"""What validation finds."""

from __future__ import annotations

from dataclasses import dataclass

from nichiiki_ld.namespaces import SH


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One thing that a shape finds wrong with a focus node.

    Attributes:
        focus: IRI of the focus node, or `_:` and the label of a blank node.
        path: IRI of the property, or empty.
        value: The value as an N-Triples term, or empty.
        shape: IRI of the shape.
        constraint: IRI of the SPARQL constraint, or empty.
        component: IRI of the constraint component.
        severity: IRI of the severity.
        messages: Pairs of language tag and text, sorted.

    Source:
        SHACL, section 3.6.2 (validation results).
    """

    focus: str
    path: str
    value: str
    shape: str
    constraint: str
    component: str
    severity: str
    messages: tuple[tuple[str, str], ...]

    @property
    def violates(self) -> bool:
        """Whether it stops a release: a violation does, a warning does not."""
        return self.severity == f"{SH}Violation"

    @property
    def check(self) -> str:
        """The IRI of what was checked: the SPARQL constraint where there is one, or the shape."""
        return self.constraint or self.shape

    def message(self, language: str = "en") -> str:
        """Return the message in a language, or in the first there is."""
        return dict(self.messages).get(language, self.messages[0][1] if self.messages else "")
