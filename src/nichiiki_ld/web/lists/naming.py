"""How lists mention things: names and texts are read once, links are made for each page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from pyoxigraph import NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.web import linking
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.page import Value, value_of_thing, within
from nichiiki_ld.web.pages.view import neighbourhood_of, text_of
from nichiiki_ld.web.site import Site

MOST_KEPT = 20_000
"""Names, and texts, that are kept."""


class _Read:
    """What was read of a release, the latest of it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._containers = neighbourhood_of(site).containers
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
