"""What search engines read of a page: things in the words of schema.org, as JSON-LD.

One function for each kind of thing. Each takes what the graph says and the language of the
page; of the data as a whole it says what the manifest says besides.

Source: schema.org 29; JSON-LD 1.1, section 7 (embedding in HTML).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from nichiiki_ld.catalog import Facts, Term
from nichiiki_ld.iri import ONTOLOGY
from nichiiki_ld.namespaces import DCAT, DCTERMS, RDF_TYPE, RDFS_LABEL, SCHEMA, SKOS

CONTEXT = "https://schema.org"
MOST_MEMBERS = 200
"""So many members of a set are named."""

Json = dict[str, Any]

_READING = "ja-hrkt"
_LANGUAGES = ("ja", "en")
_PREFERRED = (f"{SKOS}prefLabel", RDFS_LABEL, f"{DCTERMS}title")


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the release.

    Attributes:
        url: Where it is.
    """

    name: str
    url: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the data are about, as a whole.

    Attributes:
        country: ISO 3166-1 code, or empty.
        box: South, west, north and east in decimal degrees, or empty.
        first, last: Days as `YYYY-MM-DD`, or empty.
    """

    country: str = ""
    box: tuple[str, ...] = ()
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the graph says of a thing and of those that it mentions, and the language to say it in."""

    facts: Facts
    base: str
    language: str

    def own(self, term: str) -> str:
        """Return the IRI of a term of the vocabulary."""
        return f"{self.base}{ONTOLOGY}#{term}"

    def types(self, thing: Term) -> set[str]:
        """Return the IRIs of the classes of a thing."""
        return {each.value for each in self.facts.objects(thing, RDF_TYPE) if isinstance(each, NamedNode)}

    def text(self, thing: Term, *predicates: str) -> str:
        """Return a text in the language, else in another one, else one that is in none."""
        wanted = (self.language, *_LANGUAGES)
        found = (self.facts.text(thing, each, *wanted) or self.any(thing, each) for each in predicates)
        return next(filter(None, found), "")

    def any(self, thing: Term, predicate: str) -> str:
        """Return a literal without a language, or the empty text."""
        literals = (each for each in self.facts.objects(thing, predicate) if isinstance(each, Literal))
        return next((each.value for each in literals if not each.language), "")

    def all(self, thing: Term, predicate: str) -> list[NamedNode]:
        """Return the things that a thing has a property with."""
        return [each for each in self.facts.objects(thing, predicate) if isinstance(each, NamedNode)]

    def name(self, thing: Term) -> str:
        """Return the name of a thing."""
        return self.text(thing, *_PREFERRED)

    def mention(self, type_: str, thing: NamedNode) -> Json:
        """Return a thing in few words."""
        return filled({"@type": type_, "@id": thing.value, "name": self.name(thing)})

    def mentions(self, type_: str, things: Iterable[NamedNode]) -> list[Json]:
        """Return things in few words, sorted; no more than `MOST_MEMBERS`."""
        return [self.mention(type_, each) for each in sorted(things, key=_value)[:MOST_MEMBERS]]


def filled(members: Mapping[str, Any]) -> Json:
    """Return members without those that say nothing; a list of one is that one."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in members.items()
        if value not in ("", None, [], {})
    }


def embedded(items: Sequence[Json]) -> Markup:
    """Return things as the content of a script element, from which no text of theirs can break out."""
    text = json.dumps({"@context": CONTEXT, "@graph": items}, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - no character that means something to HTML is left in it


# --- kinds of things ------------------------------------------------------------------


def project(known: Known, thing: NamedNode) -> Json:
    """Return a project; what grants it is a grant, and who applied is its member."""
    own = known.own
    decisions = known.all(thing, own("decision"))
    amount = known.any(thing, own("amount"))
    rows = known.all(thing, own("row"))
    documents = [each for row in rows for each in known.all(row, own("document"))]
    return _thing(known, thing, "Project") | filled(
        {
            "description": known.text(thing, own("summary")),
            "identifier": known.any(thing, f"{DCTERMS}identifier"),
            "areaServed": known.mentions("AdministrativeArea", known.all(thing, own("area"))),
            "keywords": known.mentions("DefinedTerm", known.all(thing, own("theme"))),
            "member": known.mentions("Organization", known.all(thing, own("applicant"))),
            "funding": [*(grant(known, each) for each in decisions), *_money(thing, amount)],
            "subjectOf": known.mentions("DigitalDocument", documents),
        }
    )


def grant(known: Known, thing: NamedNode) -> Json:
    """Return a grant decision."""
    agencies = known.mentions("GovernmentOrganization", known.all(thing, known.own("agency")))
    return filled({**known.mention("Grant", thing), "funder": agencies})


def _money(project: NamedNode, amount: str) -> list[Json]:
    """Return the sum that a project was granted, which is its own: one decision grants several."""
    if not amount:
        return []
    value = {"@type": "MonetaryAmount", "currency": "JPY", "value": amount}
    return [{"@type": "MonetaryGrant", "@id": f"{project.value}#grant", "amount": value}]


def area(known: Known, thing: NamedNode) -> Json:
    """Return a prefecture, municipality or ward."""
    own = known.own
    latitude, longitude = known.any(thing, own("latitude")), known.any(thing, own("longitude"))
    point = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return _thing(known, thing, "AdministrativeArea") | filled(
        {
            "alternateName": _other_names(known, thing),
            "identifier": [
                {"@type": "PropertyValue", "propertyID": own(term), "value": value}
                for term in ("localGovernmentCode", "iso3166-2", "corporateNumber")
                if (value := known.any(thing, own(term)))
            ],
            "geo": point if latitude and longitude else {},
            "containedInPlace": known.mentions("AdministrativeArea", known.all(thing, f"{DCTERMS}isPartOf")),
            "sameAs": _matches(known, thing),
            "url": [each.value for each in known.all(thing, own("website"))],
        }
    )


def organization(known: Known, thing: NamedNode) -> Json:
    """Return a consortium, or who publishes."""
    return _thing(known, thing, "Organization") | filled({"alternateName": _other_names(known, thing)})


def agency(known: Known, thing: NamedNode) -> Json:
    """Return a public body."""
    return _thing(known, thing, "GovernmentOrganization") | filled(
        {
            "alternateName": _other_names(known, thing),
            "taxID": known.any(thing, known.own("corporateNumber")),
            "url": [each.value for each in known.all(thing, known.own("website"))],
        }
    )


def programme(known: Known, thing: NamedNode) -> Json:
    """Return a programme, which is a service of the state."""
    return _thing(known, thing, "GovernmentService") | filled(
        {
            "additionalType": f"{SCHEMA}FundingScheme",
            "description": known.text(thing, f"{DCTERMS}description"),
            "serviceOperator": known.mentions(
                "GovernmentOrganization", known.all(thing, known.own("agency"))
            ),
            "url": [each.value for each in known.all(thing, known.own("website"))],
        }
    )


def document(known: Known, thing: NamedNode) -> Json:
    """Return a source document."""
    return _thing(known, thing, "DigitalDocument") | filled(
        {
            "datePublished": known.any(thing, known.own("published")),
            "publisher": known.mentions("GovernmentOrganization", known.all(thing, f"{DCTERMS}publisher")),
            "license": [each.value for each in known.all(thing, f"{DCTERMS}license")],
            "sha256": known.any(thing, known.own("sha256")),
        }
    )


def term(known: Known, thing: NamedNode) -> Json:
    """Return a theme."""
    return _thing(known, thing, "DefinedTerm") | filled(
        {
            "alternateName": _other_names(known, thing),
            "description": known.text(thing, f"{SKOS}definition"),
            "termCode": thing.value.rpartition("/")[2],
            "inDefinedTermSet": known.mentions("DefinedTermSet", known.all(thing, f"{SKOS}inScheme")),
            "sameAs": _matches(known, thing),
        }
    )


def term_set(known: Known, thing: NamedNode) -> Json:
    """Return the scheme of themes with its members."""
    members = [each for each in known.facts.subjects(f"{SKOS}inScheme", thing) if isinstance(each, NamedNode)]
    return _thing(known, thing, "DefinedTermSet") | filled(
        {
            "license": [each.value for each in known.all(thing, f"{DCTERMS}license")],
            "hasDefinedTerm": known.mentions("DefinedTerm", members),
        }
    )


def dataset(known: Known, thing: NamedNode, downloads: Sequence[Download], coverage: Coverage) -> Json:
    """Return the data, or one release of them.

    Source:
        Google Search Central, Dataset structured data; DCAT 3 for what the graph says.
    """
    publishers = known.mentions("Organization", known.all(thing, f"{DCTERMS}publisher"))
    terms = [each.value for each in known.all(thing, f"{DCTERMS}license")]
    return _thing(known, thing, "Dataset") | filled(
        {
            "description": known.text(thing, f"{DCTERMS}description"),
            "identifier": thing.value,
            "url": thing.value,
            "license": terms,
            "creator": publishers,
            "publisher": publishers,
            "creditText": known.text(thing, known.own("attribution")),
            "version": known.any(thing, f"{DCAT}version"),
            "datePublished": known.any(thing, f"{DCTERMS}issued"),
            "isAccessibleForFree": True if terms else "",
            "inLanguage": _languages(known, thing),
            "temporalCoverage": f"{coverage.first}/{coverage.last}"
            if coverage.first and coverage.last
            else "",
            "spatialCoverage": _place(coverage),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": each.name,
                    "contentUrl": each.url,
                    "encodingFormat": each.media_type,
                    "contentSize": f"{each.size_bytes} B",
                    "sha256": each.sha256,
                }
                for each in downloads
            ],
        }
    )


def _languages(known: Known, thing: NamedNode) -> list[str]:
    """Return the languages that a thing has a title in."""
    titles = known.facts.objects(thing, f"{DCTERMS}title")
    found = {(each.language or "").lower() for each in titles if isinstance(each, Literal)}
    return [each for each in _LANGUAGES if each in found]


def _place(coverage: Coverage) -> Json:
    address = {"@type": "PostalAddress", "addressCountry": coverage.country} if coverage.country else {}
    box = {"@type": "GeoShape", "box": " ".join(coverage.box)} if coverage.box else {}
    found = filled({"address": address, "geo": box})
    return {"@type": "Place", **found} if found else {}


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> Json:
    """Return the way to a page.

    Args:
        trail: Name and address of each step; the last one is the page itself.
    """
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(trail, start=1)
        ],
    }


def _thing(known: Known, thing: NamedNode, type_: str) -> Json:
    return known.mention(type_, thing)


def _other_names(known: Known, thing: NamedNode) -> list[str]:
    """Return the names in other languages, and the reading."""
    names = {
        each.value: (each.language or "").lower()
        for predicate in (*_PREFERRED, f"{SKOS}altLabel")
        for each in known.facts.objects(thing, predicate)
        if isinstance(each, Literal)
    }
    order = ("ja", _READING, "en")
    own = known.name(thing)
    found = [name for name in names if name != own and names[name] in order]
    return sorted(found, key=lambda name: (order.index(names[name]), name))


def _matches(known: Known, thing: NamedNode) -> list[str]:
    return sorted(each.value for each in known.all(thing, f"{SKOS}exactMatch"))


def _value(thing: NamedNode) -> str:
    return thing.value


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of the graph, and how its things are told.

    Attributes:
        iri: Of the class; a term of the vocabulary where it has no colon.
        type: Local name of the type at schema.org.
    """

    iri: str
    type: str
    tell: Callable[[Known, NamedNode], Json]


KINDS: tuple[Kind, ...] = (
    Kind("Project", "Project", project),
    Kind("Prefecture", "AdministrativeArea", area),
    Kind("Municipality", "AdministrativeArea", area),
    Kind("Ward", "AdministrativeArea", area),
    Kind("Consortium", "Organization", organization),
    Kind("Agency", "GovernmentOrganization", agency),
    Kind("Programme", "GovernmentService", programme),
    Kind("GrantDecision", "Grant", grant),
    Kind("SourceDocument", "DigitalDocument", document),
    Kind(f"{SKOS}Concept", "DefinedTerm", term),
    Kind(f"{SKOS}ConceptScheme", "DefinedTermSet", term_set),
)
"""All but the data themselves, which are told with their files."""

DATASET_TYPE = "Dataset"
DATASET_CLASS = f"{DCAT}Dataset"


def kind_of(known: Known, thing: Term) -> Kind | None:
    """Return how a thing is told, or None where schema.org has no word for it."""
    types = known.types(thing)
    return next(
        (each for each in KINDS if (each.iri if ":" in each.iri else known.own(each.iri)) in types), None
    )


def type_of(known: Known, thing: Term) -> str:
    """Return the IRI of the type at schema.org, or the empty text."""
    if DATASET_CLASS in known.types(thing):
        return f"{SCHEMA}{DATASET_TYPE}"
    kind = kind_of(known, thing)
    return f"{SCHEMA}{kind.type}" if kind else ""
