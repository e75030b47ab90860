"""The page of the vocabulary and the page of the shapes, each made from its Turtle and from the data.

Each term has an example from the data, the shapes that hold it, and how often it is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from werkzeug.exceptions import NotFound

from nichiiki_ld.catalog import Facts, Term
from nichiiki_ld.constraints import shapes_of_term
from nichiiki_ld.formats import HTML, TURTLE
from nichiiki_ld.iri import ONTOLOGY, THEMES
from nichiiki_ld.namespaces import DCTERMS, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS
from nichiiki_ld.negotiation import negotiate
from nichiiki_ld.web import language, linking, things
from nichiiki_ld.web.checking import (
    SHAPES,
    Named,
    anchor_of,
    conditions,
    groups_of,
    label_of,
    message_of,
    named,
    nodes_of,
    places_of,
    severity_name,
    shapes_of,
)
from nichiiki_ld.web.fields import see_other, show
from nichiiki_ld.web.linking import REPRESENTATIONS
from nichiiki_ld.web.naming import Value, value_of_thing
from nichiiki_ld.web.once import once_per_language, once_per_release
from nichiiki_ld.web.problems import NotAcceptable
from nichiiki_ld.web.site import Site, current_site

bp = Blueprint("terms", __name__)

_CLASS = f"{OWL}Class"
_PROPERTIES = frozenset(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation"))
_WIDER = (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
_MATCHES = tuple(f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
_LOOKED_AT = 200
"""So many statements are looked at for an example."""

MOST_CHARACTERS = 40
"""Of a literal in an example."""


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a release, with what is known of their use.

    Attributes:
        terms: In the order in which they are written.
        facts: What is said of the terms and of the things in the examples.
        uses: Term → how many things are of the class, or how many statements have the property.
        examples: Term → a statement of the data.
        shapes: Term → the shapes that hold it.
    """

    terms: tuple[NamedNode, ...]
    facts: Facts
    uses: dict[NamedNode, int]
    examples: dict[NamedNode, Triple]
    shapes: dict[NamedNode, tuple[str, ...]]

    def of_kind(self, kinds: Iterable[str]) -> list[NamedNode]:
        """Return the terms that are of one of these classes."""
        wanted = {NamedNode(kind) for kind in kinds}
        return [each for each in self.terms if not wanted.isdisjoint(self.facts.objects(each, RDF_TYPE))]


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as its page tells it.

    Attributes:
        other, other_definition: In the other language.
        wider: What it specialises, and what it is like elsewhere.
        example: Subject, and object; None where there is none in the data.
        uses: None for what is neither class nor property.
        shapes: Where those that hold it stand on their page.
    """

    anchor: str
    code: str
    text: str
    other: str
    definition: str
    other_definition: str
    wider: tuple[Named, ...]
    domain: tuple[Named, ...]
    range: tuple[Named, ...]
    uses: int | None
    example: tuple[Value, Value | None] | None
    shapes: tuple[str, ...]


@once_per_release
def vocabulary_of(site: Site) -> Vocabulary | None:
    """Return the vocabulary of a release, or None where it brings none of its own."""
    path = site.release.folder / "ontology.ttl"
    page = f"{site.base}{ONTOLOGY}"
    if not path.is_file() or page not in site.catalog:
        return None
    written = parse(path.read_bytes(), format=RdfFormat.TURTLE)
    order = dict.fromkeys(quad.subject for quad in written if isinstance(quad.subject, NamedNode))
    found = site.catalog.describe(page)
    parts = sorted(found.parts, key=lambda part: list(order).index(part) if part in order else len(order))
    types = {part: set(found.facts.objects(part, RDF_TYPE)) for part in parts}
    classes = [each for each in parts if NamedNode(_CLASS) in types[each]]
    properties = [each for each in parts if types[each] & {NamedNode(kind) for kind in _PROPERTIES}]
    uses = {each: _count(site, RDF_TYPE, each, "counts") for each in classes}
    uses |= {each: _count(site, each.value, None, "uses") for each in properties}
    examples = {each: _example(site, RDF_TYPE, each) for each in classes}
    examples |= {each: _example(site, each.value, None) for each in properties}
    known = {term: triple for term, triple in examples.items() if triple}
    mentioned = {
        node
        for triple in known.values()
        for node in (triple.subject, triple.object)
        if isinstance(node, NamedNode)
    }
    words = {triple for node in mentioned for triple in site.store.triples(node, NamedNode(site.own("text")))}
    return Vocabulary(
        terms=tuple(parts),
        facts=Facts({*found.facts.triples, *site.catalog.names(mentioned), *words}),
        uses=uses,
        examples=known,
        shapes={each: shapes_of_term(shapes_of(site), each.value) for each in parts},
    )


def _count(site: Site, predicate: str, object_: NamedNode | None, listed: str) -> int:
    """Return how often a term is used, as the manifest says, or else the store."""
    term = object_.value if object_ else predicate
    if listed in site.manifest:
        return int(site.manifest[listed].get(term.removeprefix(site.own("")), 0))
    return sum(1 for _ in site.store.triples(None, NamedNode(predicate), object_))


def _example(site: Site, predicate: str, object_: NamedNode | None) -> Triple | None:
    """Return a statement, always the same of one release."""
    found = islice(site.store.triples(None, NamedNode(predicate), object_), _LOOKED_AT)
    return min((each for each in found if isinstance(each.subject, NamedNode)), key=str, default=None)


@bp.get(f"/{ONTOLOGY}.html")
def ontology() -> Response:
    """Answer with the terms of the vocabulary; for one of somebody else, with its description."""
    site = current_site()
    if f"{site.base}{ONTOLOGY}" not in site.catalog:
        raise NotFound
    vocabulary = vocabulary_of(site)
    if vocabulary is None:
        return things.description(ONTOLOGY, HTML)
    page = NamedNode(f"{site.base}{ONTOLOGY}")
    return show(
        "vocabulary.html",
        links=linking.of_description(ONTOLOGY, HTML),
        title=_text(vocabulary.facts, page, RDFS_LABEL),
        content=_vocabulary_content(site),
        formats=[each for each in REPRESENTATIONS if each is not HTML],
    )


@once_per_language
def _vocabulary_content(site: Site) -> Markup:
    vocabulary = vocabulary_of(site)
    assert vocabulary
    classes = vocabulary.of_kind([_CLASS])
    properties = vocabulary.of_kind(_PROPERTIES)
    others = [each for each in vocabulary.terms if each not in {*classes, *properties}]
    page = NamedNode(f"{site.base}{ONTOLOGY}")
    text = render_template(
        "_vocabulary.html",
        title=_text(vocabulary.facts, page, RDFS_LABEL),
        description=_text(vocabulary.facts, page, f"{DCTERMS}description"),
        iri=page.value,
        prefix=site.compactor.split(site.own("x"))[0],
        namespace=site.own(""),
        classes=_entries(site, vocabulary, classes),
        properties=_entries(site, vocabulary, properties),
        others=_entries(site, vocabulary, others),
        themes=_themes(site),
    )
    return Markup(text)  # noqa: S704 - what a template gives is escaped


def _entries(site: Site, vocabulary: Vocabulary, terms: Iterable[NamedNode]) -> list[Entry]:
    facts = vocabulary.facts
    told = language.current()

    def links(term: NamedNode, *predicates: str) -> tuple[Named, ...]:
        return tuple(named(site, each) for p in predicates for each in facts.objects(term, p))

    def other(term: NamedNode, predicate: str) -> str:
        return next((facts.text(term, predicate, each) for each in language.LANGUAGES if each != told), "")

    return [
        Entry(
            anchor=term.value.partition("#")[2],
            code=site.compactor.shorten(term.value),
            text=_text(facts, term, RDFS_LABEL),
            other=other(term, RDFS_LABEL),
            definition=_text(facts, term, f"{SKOS}definition"),
            other_definition=other(term, f"{SKOS}definition"),
            wider=links(term, *_WIDER, *_MATCHES),
            domain=links(term, f"{RDFS}domain"),
            range=links(term, f"{RDFS}range"),
            uses=vocabulary.uses.get(term),
            example=_shown(site, facts, vocabulary.examples.get(term)),
            shapes=tuple(anchor_of(each) for each in vocabulary.shapes[term]),
        )
        for term in terms
    ]


def _text(facts: Facts, term: Term, predicate: str) -> str:
    return facts.text(term, predicate, language.current(), *language.LANGUAGES)


def _shown(site: Site, facts: Facts, triple: Triple | None) -> tuple[Value, Value | None] | None:
    if triple is None or not isinstance(triple.subject, NamedNode):
        return None
    told = language.current()
    subject = value_of_thing(site, facts, triple.subject, told)
    if triple.predicate.value == RDF_TYPE:
        return subject, None
    object_ = triple.object
    if isinstance(object_, NamedNode):
        return subject, value_of_thing(site, facts, object_, told)
    if isinstance(object_, Literal):
        text = object_.value
        cut = f"{text[: MOST_CHARACTERS - 1]}…" if len(text) > MOST_CHARACTERS else text
        return subject, Value(text=cut, language=object_.language or "")
    return subject, None


def _themes(site: Site) -> list[tuple[Value, str]]:
    """Return each theme with its definition."""
    scheme = NamedNode(f"{site.base}{THEMES}")
    found = _theme_facts(site)
    told = language.current()
    return [
        (value_of_thing(site, found, each, told), _text(found, each, f"{SKOS}definition"))
        for each in sorted(found.subjects(f"{SKOS}inScheme", scheme), key=str)
        if isinstance(each, NamedNode)
    ]


@once_per_release
def _theme_facts(site: Site) -> Facts:
    members = site.store.triples(None, NamedNode(f"{SKOS}inScheme"), NamedNode(f"{site.base}{THEMES}"))
    return site.catalog.about([t.subject for t in members if isinstance(t.subject, NamedNode)])


# --- shapes ---------------------------------------------------------------------------


@bp.get(f"/{SHAPES}")
def shapes() -> Response:
    """Send a client to the page of the shapes, or to their Turtle."""
    if not shapes_of(current_site()):
        raise NotFound
    offered = [TURTLE, HTML]
    chosen = negotiate(request.headers.get("Accept"), offered)
    if chosen is None:
        raise NotAcceptable(offered)
    path = linking.page if chosen is HTML else linking.path
    links = [
        linking.link(linking.path(f"{SHAPES}.{f.extension}"), "describedby", f.media_type) for f in offered
    ]
    return see_other(path(f"{SHAPES}.{chosen.extension}"), links)


@bp.get(f"/{SHAPES}.html")
def shapes_page() -> Response:
    """Answer with every shape, in words."""
    site = current_site()
    if not shapes_of(site):
        raise NotFound
    links = [*linking.alternates(SHAPES, None, [TURTLE]), linking.licence()]
    return show("shapes.html", links=links, content=_shapes_content(site))


@once_per_language
def _shapes_content(site: Site) -> Markup:
    text = render_template(
        "_shapes.html",
        groups=groups_of(site),
        nodes=nodes_of(site),
        places=places_of(site),
        named=lambda term: named(site, term),
        conditions=lambda check: conditions(site, check),
        message=message_of,
        severity=severity_name,
        anchor=anchor_of,
        label=lambda iri: label_of(site, iri),
    )
    return Markup(text)  # noqa: S704 - what a template gives is escaped
