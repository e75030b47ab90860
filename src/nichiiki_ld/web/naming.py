"""How pages mention things: names and texts are read once, links are made for each page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from pyoxigraph import NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.iri import page_of
from nichiiki_ld.namespaces import RDFS_LABEL, SKOS
from nichiiki_ld.web import linking
from nichiiki_ld.web.language import LANGUAGES
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.site import Site
from nichiiki_ld.web.wording import TERMS

MOST_KEPT = 10_000
"""Names, and texts, that are kept."""

READING = "ja-hrkt"
"""Language tag of a reading in kana."""


@dataclass(frozen=True, slots=True)
class Value:
    """A thing that is mentioned, or a literal.

    Attributes:
        href: What it links to; None for a literal, or an IRI that is no address.
        text: Its label in the language of the page, or what else there is; the literal itself.
        other, reading: Its label in another language, its reading; or empty.
        language: Language tag of `text`, or empty.
        context: Name of what it lies in, or empty.
        code: What tells it from others of the same name: code, datatype.
        iri: Of a thing, or the name of a blank node; empty for a literal.
    """

    text: str
    href: str | None = None
    other: str = ""
    reading: str = ""
    language: str = ""
    context: str = ""
    code: str = ""
    iri: str = ""


class _Read:
    """What was read of a release, the latest of it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._containers = site.around.containers
        self.name = lru_cache(MOST_KEPT)(self._name)
        self.text = lru_cache(MOST_KEPT)(self._text)

    def _name(self, iri: str, language: str) -> Value:
        thing = NamedNode(iri)
        container = self._containers.get(thing)
        names = Facts(self._site.catalog.names([thing, container] if container else [thing]))
        return within(value_of_thing(self._site, names, thing, language), container, names, language)

    def _text(self, iri: str, term: str, language: str, *, exactly: bool) -> Value | None:
        thing, predicate = NamedNode(iri), NamedNode(term)
        facts = Facts(self._site.store.triples(thing, predicate))
        if exactly:
            text = facts.text(thing, term, language)
            return Value(text=text, language=language) if text else None
        return text_of(facts, thing, term, language)


@once_per_release
def _read_of(site: Site) -> _Read:
    return _Read(site)


class Naming:
    """Names and texts for a page in a language."""

    def __init__(self, site: Site, language: str) -> None:
        self._read = _read_of(site)
        self._own = site.own
        self.language = language

    def name(self, thing: NamedNode | str) -> Value:
        """Return how the page mentions a thing; an area with the name of what it lies in."""
        iri = thing if isinstance(thing, str) else thing.value
        return replace(self._read.name(iri, self.language), href=linking.address(iri))

    def mention(self, things: Iterable[NamedNode]) -> tuple[Value, ...]:
        """Return how the page mentions things."""
        return tuple(map(self.name, things))

    def text(self, thing: NamedNode, predicate: str) -> Value | None:
        """Return a text of a thing in the language of the page, or else in Japanese, or what there is."""
        return self._read.text(thing.value, predicate, self.language, exactly=False)

    def translation(self, thing: NamedNode) -> Value | None:
        """Return the unofficial translation of a thing's words into the language of the page, or None."""
        return self._read.text(thing.value, self._own("unofficialTranslation"), self.language, exactly=True)


def value_of_thing(site: Site, names: Facts, thing: NamedNode, language: str) -> Value:
    """Return how a page in a language mentions a thing, with what is known of its names."""
    labels = {
        each: names.text(thing, f"{SKOS}prefLabel", each) or names.text(thing, RDFS_LABEL, each)
        for each in LANGUAGES
    }
    if not any(labels.values()) and thing.value in TERMS:
        labels = dict(zip(LANGUAGES, TERMS[thing.value], strict=True))
    known = [each for each in (language, *LANGUAGES) if labels[each]]
    words = names.text(thing, site.own("text"))
    short = (
        f"「{words}」"
        if words and page_of(thing.value) != thing.value
        else site.compactor.shorten(thing.value)
    )
    return Value(
        text=labels[known[0]] if known else short,
        href=linking.address(thing.value),
        other=next((labels[each] for each in known[1:] if each != known[0]), ""),
        reading=names.text(thing, RDFS_LABEL, READING) if known[:1] == ["ja"] else "",
        language=known[0] if known else "",
        code=names.text(thing, site.own("localGovernmentCode")),
        iri=thing.value,
    )


def within(value: Value, container: NamedNode | None, names: Facts, language: str) -> Value:
    """Return a mention with the name of what it lies in: towns of several prefectures share a name."""
    return replace(value, context=names.text(container, RDFS_LABEL, language, "ja")) if container else value


def text_of(facts: Facts, subject: NamedNode, predicate: str, language: str) -> Value | None:
    """Return a text of a thing in a language, or else in Japanese, or in whichever there is."""
    for each in (language, "ja", ""):
        if text := facts.text(subject, predicate, each):
            return Value(text=text, language=each)
    text = facts.text(subject, predicate)
    return Value(text=text) if text else None
