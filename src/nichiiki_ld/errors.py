"""Every error a person can meet, in one tree.

An error says what is wrong, where, and what to do about it. It is raised where it
is found and shown in two places only: the command line and the web server.

    NichiikiError
    ├── SourceError       an official document is missing, altered or described wrongly
    │   ├── SourceChanged     its bytes are not the ones that were pinned
    │   └── UnreadableDocument  its file is damaged, too large, or of a kind that cannot be read
    ├── LayoutError       a document's text does not have the layout it is read with
    ├── TableError        a CSV, TSV or TOML file of ours cannot be read as what it should be
    ├── ReviewError       what a person decided does not fit what is printed
    │   ├── StaleDecision     a decision quotes text that is not there
    │   ├── StaleTranslation  a translation quotes text that is not there
    │   ├── UndecidedError    doubts are left that only a person can settle
    │   ├── UnknownTheme      a theme that the scheme does not have
    │   ├── PhraseNotFound    a theme's phrase is not in the row
    │   └── UnknownPlace      a place that is not in the register
    ├── RegisterError     the register of municipalities cannot be made
    ├── GraphError        a file is not the RDF or JSON-LD it should be
    ├── QueryError        a query cannot be evaluated
    │   ├── MalformedQuery    it is none, more than one, or no SPARQL
    │   ├── UnknownFormat     it asks for a format that there is none of
    │   ├── UpdateRefused     it wants to change the data
    │   ├── ServiceRefused    it wants another endpoint to be asked
    │   ├── TooManyServices   it wants more of them to be asked than one query may
    │   ├── ServiceFailed     another endpoint that it may ask does not answer as it should
    │   ├── TooNested         its brackets or operators go deeper than any answer could
    │   ├── TooLong           its text is longer than what is read
    │   ├── NotExpressible    its answer has something that the format cannot carry
    │   ├── QueryLimit        it needs more time, memory or room than there is for one query
    │   └── TooManyQueries    others are waiting already
    ├── EvaluatorFault    a process that evaluates queries has a fault of its own
    ├── ShapesError       the shapes themselves cannot be used
    ├── ReleaseError      a release cannot be written or opened
    │   └── NotConformant     the graph violates its shapes
    ├── FrontendError     what npm brings for pages cannot be built
    ├── SettingsError     a variable of the environment cannot be used
    └── AddressInUse      nothing can listen at an address
"""

from __future__ import annotations

from typing import Any


class NichiikiError(Exception):
    """What went wrong, for a person.

    Attributes:
        message: One sentence: what is wrong.
        where: File and line, IRI, or row; None when the whole command is meant.
        hint: What to do about it, as an imperative.
        reference: Specification or document that the rule comes from.
    """

    def __init__(
        self, message: str, *, where: str | None = None, hint: str | None = None, reference: str | None = None
    ) -> None:
        self.message = message
        self.where = where
        self.hint = hint
        self.reference = reference
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # Whatever arguments a subclass takes, an error comes whole out of a worker process.
        return _again, (type(self), self.message), self.__dict__


def _again(kind: type[NichiikiError], message: str) -> NichiikiError:
    error = kind.__new__(kind, message)
    error.args = (message,)
    return error


class SourceError(NichiikiError):
    """An official document is missing, altered or described wrongly."""


class SourceChanged(SourceError):
    """The bytes of an original are not the bytes that were pinned."""

    def __init__(self, where: str, *, pinned: str, found: str) -> None:
        super().__init__(
            f"the original has the SHA-256 {found}, but source.toml pins {pinned}",
            where=where,
            hint="restore the original; a new edition of a document is a new source with its own folder",
        )


class UnreadableDocument(SourceError):
    """A file is damaged, larger than what is read, or of a kind that has no reader."""


class LayoutError(NichiikiError):
    """A document's text does not have the layout it is read with."""


class TableError(NichiikiError):
    """A CSV, TSV or TOML file of ours cannot be read as what it should be."""


class ReviewError(NichiikiError):
    """What a person decided does not fit what is printed."""


class StaleDecision(ReviewError):
    """A decision quotes text that its row does not print there."""

    def __init__(self, where: str, *, quoted: str, printed: str) -> None:
        super().__init__(
            f"the decision quotes 「{quoted}」, but the document prints {f'「{printed}」' if printed else 'nothing'} there",
            where=where,
            hint="look at rows.csv, then correct or remove the decision",
        )


class StaleTranslation(ReviewError):
    """A translation quotes text that its row does not print there."""

    def __init__(self, where: str, *, quoted: str, printed: str) -> None:
        super().__init__(
            f"the translation quotes 「{quoted}」, but the document prints {f'「{printed}」' if printed else 'nothing'} there",
            where=where,
            hint="look at rows.csv, then translate anew or remove the translation",
        )


class UndecidedError(ReviewError):
    """Doubts are left that only a person can settle."""


class UnknownTheme(ReviewError):
    """A theme that the scheme does not have."""


class PhraseNotFound(ReviewError):
    """The phrase that should support a theme is not in the row."""


class UnknownPlace(ReviewError):
    """A printed place that no entry of the register answers to."""


class RegisterError(NichiikiError):
    """The register of municipalities cannot be made or read."""


class GraphError(NichiikiError):
    """A file is not the RDF or JSON-LD it should be."""


class QueryError(NichiikiError):
    """A query cannot be evaluated."""


class MalformedQuery(QueryError):
    """A request holds no query, more than one, or one that is no SPARQL."""


class UnknownFormat(QueryError):
    """A request names a format that there is none of."""


class UpdateRefused(QueryError):
    """A request wants to change the data."""

    def __init__(self) -> None:
        super().__init__(
            "this endpoint only reads",
            hint="send a query; the data change with a release, never by an update",
            reference="https://www.w3.org/TR/sparql11-protocol/",
        )


class ServiceRefused(QueryError):
    """A query wants another endpoint to be asked in its course."""

    def __init__(self) -> None:
        super().__init__(
            "SERVICE is not available here",
            hint="ask the other endpoint yourself, or ask it with a SERVICE clause that names this one",
            reference="https://www.w3.org/TR/sparql11-federated-query/",
        )


class TooManyServices(QueryError):
    """A query has more SERVICE clauses than the limit."""

    def __init__(self, found: int, limit: int) -> None:
        super().__init__(
            f"the query has {found} SERVICE clauses, and {limit} are the limit",
            hint="ask in several parts, or put what one endpoint is asked into one clause",
        )


class ServiceFailed(QueryError):
    """Another endpoint did not answer as it should, or not within the limits."""


class TooNested(QueryError):
    """A query's brackets or operators go deeper than the limit."""

    def __init__(self, what: str, found: int, limit: int) -> None:
        super().__init__(
            f"the query has {found} {what}, and {limit} are the limit",
            hint="write it flatter: VALUES or IN instead of many alternatives, one group instead of nested ones",
        )


class TooLong(QueryError):
    """A query's text is longer than what is read."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"the query is longer than {limit_bytes} bytes",
            hint="send a shorter query; ask in several parts, or take a dump",
        )


class NotExpressible(QueryError):
    """An answer has something that the format asked for cannot carry."""


class QueryLimit(QueryError):
    """A query needs more of something than there is for one query.

    Attributes:
        limit: Which limit: `time`, `memory`, `result bytes`, `result rows` or `load`.
    """

    def __init__(self, limit: str, message: str, *, hint: str) -> None:
        self.limit = limit
        super().__init__(message, hint=hint)


class TooManyQueries(QueryError):
    """So many queries are waiting that another one would not be answered soon."""


class EvaluatorFault(NichiikiError):
    """A process that evaluates queries failed for a reason that no query should have."""


class ShapesError(NichiikiError):
    """The shapes themselves cannot be used."""


class ReleaseError(NichiikiError):
    """A release cannot be written or opened."""


class NotConformant(ReleaseError):
    """The graph violates its shapes, so nothing was released."""


class FrontendError(NichiikiError):
    """What npm brings for pages cannot be built."""


class SettingsError(NichiikiError):
    """A variable of the environment has a value that cannot be used."""


class AddressInUse(NichiikiError):
    """Nothing can listen at an address."""
