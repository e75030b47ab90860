"""The one table of formats.

Dumps, extensions, `Accept`, `Link` headers, DCAT distributions, the service description
and the round-trip tests all derive from it. To add a serialization, add one entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a format can carry."""

    PAGE = auto()
    GRAPH = auto()
    DATASET = auto()
    RESULTS = auto()


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write something down.

    Attributes:
        name: Short name, for `?format=` and for messages.
        extension: File name extension without the dot.
        media_type: As it is registered with IANA.
        kind: What it carries.
        label: Name for people.
        iri: Its IRI in the W3C registry of file formats (https://www.w3.org/ns/formats/); empty when it has none.
        aliases: Other media types that clients ask for it by.
        other_extensions: Other file name extensions that files of it are found with.
        utf8: Whether the media type takes `charset=utf-8`.
    """

    name: str
    extension: str
    media_type: str
    kind: Kind
    label: str
    iri: str = ""
    aliases: tuple[str, ...] = ()
    utf8: bool = False
    other_extensions: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of a `Content-Type` field."""
        return f"{self.media_type}; charset=utf-8" if self.utf8 else self.media_type


_W3C = "http://www.w3.org/ns/formats/"

HTML = Format("html", "html", "text/html", Kind.PAGE, "HTML", "", ("application/xhtml+xml",), utf8=True)
TURTLE = Format(
    "turtle",
    "ttl",
    "text/turtle",
    Kind.GRAPH,
    "Turtle",
    f"{_W3C}Turtle",
    ("application/x-turtle",),
    utf8=True,
)
JSON_LD = Format(
    "json-ld",
    "jsonld",
    "application/ld+json",
    Kind.GRAPH,
    "JSON-LD",
    f"{_W3C}JSON-LD",
    ("application/json",),
    other_extensions=("json",),
)
N_TRIPLES = Format(
    "n-triples",
    "nt",
    "application/n-triples",
    Kind.GRAPH,
    "N-Triples",
    f"{_W3C}N-Triples",
    ("text/plain",),
    utf8=True,
)
RDF_XML = Format(
    "rdf-xml",
    "rdf",
    "application/rdf+xml",
    Kind.GRAPH,
    "RDF/XML",
    f"{_W3C}RDF_XML",
    ("application/xml", "text/xml"),
    other_extensions=("xml", "owl"),
)
N_QUADS = Format(
    "n-quads",
    "nq",
    "application/n-quads",
    Kind.DATASET,
    "N-Quads",
    f"{_W3C}N-Quads",
    ("text/x-nquads",),
    utf8=True,
)
TRIG = Format(
    "trig",
    "trig",
    "application/trig",
    Kind.DATASET,
    "TriG",
    f"{_W3C}TriG",
    ("application/x-trig",),
    utf8=True,
)
RESULTS_JSON = Format(
    "json",
    "srj",
    "application/sparql-results+json",
    Kind.RESULTS,
    "SPARQL JSON",
    f"{_W3C}SPARQL_Results_JSON",
    ("application/json",),
)
RESULTS_XML = Format(
    "xml",
    "srx",
    "application/sparql-results+xml",
    Kind.RESULTS,
    "SPARQL XML",
    f"{_W3C}SPARQL_Results_XML",
    ("application/xml", "text/xml"),
)
RESULTS_CSV = Format(
    "csv", "csv", "text/csv", Kind.RESULTS, "CSV", f"{_W3C}SPARQL_Results_CSV", (), utf8=True
)
RESULTS_TSV = Format(
    "tsv", "tsv", "text/tab-separated-values", Kind.RESULTS, "TSV", f"{_W3C}SPARQL_Results_TSV", (), utf8=True
)

FORMATS: tuple[Format, ...] = (
    HTML,
    TURTLE,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    N_QUADS,
    TRIG,
    RESULTS_JSON,
    RESULTS_XML,
    RESULTS_CSV,
    RESULTS_TSV,
)
"""Within a kind, the first is what a client without a preference gets."""

DUMPS: tuple[Format, ...] = tuple(f for f in FORMATS if f.kind in (Kind.GRAPH, Kind.DATASET))


def of_kind(*kinds: Kind) -> list[Format]:
    """Return the formats of these kinds, in the order of the table."""
    return [f for f in FORMATS if f.kind in kinds]


def by_extension(extension: str) -> Format | None:
    """Return the format with a file name extension, or None."""
    return next((f for f in FORMATS if f.extension == extension), None)


def by_file_name(name: str) -> Format | None:
    """Return the graph or dataset format that a file's name ends with, or None; `.gz` after it does not matter."""
    plain = name.lower().removesuffix(".gz")
    return next(
        (f for f in DUMPS for each in (f.extension, *f.other_extensions) if plain.endswith(f".{each}")), None
    )
