"""What a thing can be found by: names, readings, codes and texts, read from what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from pyoxigraph import Literal, NamedNode, Triple

from nichiiki_ld.errors import RegisterError
from nichiiki_ld.hepburn import romanize
from nichiiki_ld.iri import ONTOLOGY, THEMES
from nichiiki_ld.namespaces import (
    DCTERMS,
    OWL,
    RDF,
    RDF_LANG_STRING,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SCHEMA,
    SKOS,
    XSD_STRING,
)
from nichiiki_ld.search.folding import key_of


class Kind(IntEnum):
    """What is listed together, in this order."""

    PROJECTS = 1
    AREAS = 2
    CONSORTIA = 3
    THEMES = 4
    DOCUMENTS = 5
    TERMS = 6
    THINGS = 7


NAMES = frozenset(
    {
        RDFS_LABEL,
        f"{SKOS}prefLabel",
        f"{SKOS}altLabel",
        f"{SCHEMA}name",
        "http://schema.org/name",
        "http://xmlns.com/foaf/0.1/name",
        f"{DCTERMS}title",
        "http://purl.org/dc/elements/1.1/title",
    }
)
"""Properties whose values are names, in anybody's data."""

_READING = "ja-hrkt"
_PARTS_OF_NAMES = {
    "都": ("と",),
    "府": ("ふ",),
    "県": ("けん",),
    "市": ("し",),
    "町": ("ちょう", "まち"),
    "村": ("むら", "そん"),
    "区": ("く",),
}
"""What an area is often called without, and how it is read."""


@dataclass
class Entry:
    """A thing.

    Attributes:
        keys: What it is called or numbered as a whole, folded.
        names: Names, readings and codes.
        texts: What else is said of it in words.
        links: Things by whose names it can be found too.
        wholes: What it lies in.
        label, reading: In Japanese, or empty.
        district: Of a town or village, or empty.
    """

    iri: str
    kind: Kind
    keys: list[str]
    names: list[str]
    texts: list[str]
    links: list[str] = field(default_factory=list)
    wholes: list[str] = field(default_factory=list)
    label: str = ""
    reading: str = ""
    district: str = ""


class Reader:
    """Reads entries of a release."""

    def __init__(self, base: str) -> None:
        """Begin.

        Args:
            base: Base IRI; what lies elsewhere is not shown here, and not found.
        """
        own = f"{base}{ONTOLOGY}#"
        self._base = base
        self._own = own
        self._kinds: Mapping[str, Kind] = {
            f"{own}Project": Kind.PROJECTS,
            f"{own}Municipality": Kind.AREAS,
            f"{own}Prefecture": Kind.AREAS,
            f"{own}Ward": Kind.AREAS,
            f"{own}Consortium": Kind.CONSORTIA,
            f"{own}SourceDocument": Kind.DOCUMENTS,
            f"{own}SourceRow": Kind.DOCUMENTS,
            f"{own}Correction": Kind.DOCUMENTS,
            f"{own}Confirmation": Kind.DOCUMENTS,
            f"{own}Exclusion": Kind.DOCUMENTS,
            f"{own}Contradiction": Kind.DOCUMENTS,
            f"{OWL}Class": Kind.TERMS,
            f"{OWL}ObjectProperty": Kind.TERMS,
            f"{OWL}DatatypeProperty": Kind.TERMS,
            f"{RDFS}Class": Kind.TERMS,
            f"{RDF}Property": Kind.TERMS,
        }
        untold = {f"{own}{name}" for name in ("Statement", "Translation", "ThemeAssignment", "Quotation")}
        self._untold = untold
        self.untold = frozenset(f"<{RDF_TYPE}> <{each}> .\n".encode() for each in untold)
        """What a line of N-Triples says behind its subject, when that is nothing to be found by itself."""
        self._codes = {
            f"{own}localGovernmentCode",
            f"{own}corporateNumber",
            f"{own}iso3166-2",
            f"{DCTERMS}identifier",
            f"{SKOS}notation",
        }
        self._linked = {f"{own}area", f"{own}theme"}
        self._unread = {f"{own}sha256", f"{own}field", f"{own}kind"}

    def read(self, iri: str, triples: Iterable[Triple]) -> Entry | None:
        """Return the entry of a thing, or None of one that nobody looks for.

        Args:
            triples: All that is said of it.
        """
        if not iri.startswith(self._base):
            return None
        objects: dict[str, list[NamedNode | Literal]] = {}
        for triple in triples:
            if isinstance(triple.object, NamedNode | Literal):
                objects.setdefault(triple.predicate.value, []).append(triple.object)
        types = {each.value for each in objects.get(RDF_TYPE, ()) if isinstance(each, NamedNode)}
        names = [o for p in sorted(NAMES & objects.keys()) for o in objects[p] if isinstance(o, Literal)]
        if types & self._untold or ("#" in iri and not names):
            return None
        codes = [o.value for p in sorted(self._codes & objects.keys()) for o in objects[p]]
        own_codes = {o.value for o in objects.get(f"{self._own}localGovernmentCode", ())}
        name_keys = _unique(key for name in names for key in self._keys(name, names, is_area=bool(own_codes)))
        code_keys = [key for code in codes for key in _keys_of_code(code, is_area=code in own_codes)]
        local = iri.removeprefix(self._base).replace("#", "/").rpartition("/")[2]
        named = {name.value for name in names}
        return Entry(
            iri=iri,
            kind=self._kind(iri, types),
            keys=[
                key for key in _unique([*name_keys, *map(key_of, codes), *code_keys, key_of(local)]) if key
            ],
            names=_unique([*(name.value for name in names), *_in_latin(names), *codes, *code_keys, local]),
            texts=_unique(
                o.value
                for p in sorted(objects.keys() - self._codes - self._unread - {RDF_TYPE})
                for o in objects[p]
                if isinstance(o, Literal)
                and o.datatype.value in (XSD_STRING, RDF_LANG_STRING)
                and o.value not in named
            ),
            links=_nodes(o for p in sorted(self._linked & objects.keys()) for o in objects[p]),
            wholes=_nodes(objects.get(f"{DCTERMS}isPartOf", ())) if own_codes else [],
            label=_in(names, "ja"),
            reading=_in(names, _READING),
            district="".join(sorted(o.value for o in objects.get(f"{self._own}district", ()))[:1]),
        )

    def _kind(self, iri: str, types: set[str]) -> Kind:
        if f"{SKOS}Concept" in types and iri.startswith(f"{self._base}{THEMES}/"):
            return Kind.THEMES
        return min((self._kinds[each] for each in types & self._kinds.keys()), default=Kind.THINGS)

    @staticmethod
    def _keys(name: Literal, names: Iterable[Literal], *, is_area: bool) -> Iterator[str]:
        """Yield what a name may be typed as; that of an area without its last word too."""
        text, language = name.value, (name.language or "").lower()
        forms = [text]
        if is_area and language == "en":
            first = text.partition(",")[0]
            forms += [first, first.rpartition(" ")[0]]
        elif is_area and language == "ja" and text[-1:] in _PARTS_OF_NAMES:
            forms.append(text[:-1])
            city, _, ward = text.rpartition("市")
            forms += [ward, ward[:-1]] if city else []
        elif is_area and language == _READING:
            last = {other.value[-1:] for other in names if other.language == "ja"}
            endings = [ending for each in sorted(last) for ending in _PARTS_OF_NAMES.get(each, ())]
            forms += [text.removesuffix(ending) for ending in endings if text.endswith(ending)]
        for form in forms:
            yield key_of(form)
            if language == _READING:
                yield from map(key_of, _romanized(form))


def _keys_of_code(code: str, *, is_area: bool) -> Iterator[str]:
    """Yield what else a code may be typed as: without its check digit, and as Excel leaves it, without zeros."""
    if is_area and code:
        yield code[:-1]
        if code.startswith("0"):
            yield code.lstrip("0")
            yield code[:-1].lstrip("0")


def _romanized(reading: str) -> list[str]:
    try:
        return [romanize(reading)]
    except RegisterError:
        return []


def _in_latin(names: Iterable[Literal]) -> list[str]:
    return [
        each for name in names if (name.language or "").lower() == _READING for each in _romanized(name.value)
    ]


def _in(names: Iterable[Literal], language: str) -> str:
    return next((name.value for name in names if (name.language or "").lower() == language), "")


def _nodes(terms: Iterable[NamedNode | Literal]) -> list[str]:
    return sorted({each.value for each in terms if isinstance(each, NamedNode)})


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))
