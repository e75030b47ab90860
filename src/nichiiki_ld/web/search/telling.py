"""What a page tells of each thing that was found: its name, what fits in it, and where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.namespaces import DCTERMS, RDF_LANG_STRING, RDF_TYPE, SKOS, XSD_STRING
from nichiiki_ld.search.entries import NAMES, Kind
from nichiiki_ld.search.folding import fold, marked
from nichiiki_ld.search.request import Request
from nichiiki_ld.web.naming import READING, Naming, Value
from nichiiki_ld.web.site import Site

MOST_CHARACTERS = {"ja": 100, "en": 200}
"""Of a text that is shown in part."""

_folded = lru_cache(10_000)(fold)
"""Names and texts come again with every search."""

_BEFORE = 0.3
"""So much of it stands before what fits."""

MOST_PLACES = 12
"""So many things are named that a result lies in or is about."""

Pieces = Sequence[tuple[str, bool]]
"""A text, and of each piece whether it is what was looked for."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that a result lies in, or is about."""

    value: Value
    name: Pieces
    context: Pieces


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a result.

    Attributes:
        language: Tag, or empty.
        unofficial: Whether they are a translation that the source does not have.
    """

    pieces: Pieces
    language: str
    unofficial: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A thing that was found.

    Attributes:
        value: How it is mentioned.
        name, reading, code: Of the value, in pieces.
        type: What it is, where its kind does not say it, or empty.
        other_name: Another name of it, if that is what fits.
        text: Words that fit, or that tell best what it is; or None.
        places, themes: Where it lies and what it is about.
    """

    kind: Kind
    value: Value
    name: Pieces
    reading: Pieces
    code: Pieces
    type: str
    other_name: Text | None
    text: Text | None
    places: tuple[Mention, ...]
    themes: tuple[Mention, ...]


class Telling:
    """Tells of results, on a page in a language."""

    def __init__(self, site: Site, naming: Naming, request: Request) -> None:
        self._site = site
        self._naming = naming
        self._forms = request.forms
        own = site.own
        self._summaries = (own("summary"), f"{SKOS}definition", own("text"), f"{DCTERMS}description")
        self._within = {
            Kind.PROJECTS: (own("area"),),
            Kind.DOCUMENTS: (own("row"), own("document")),
            Kind.THINGS: (own("programme"),),
        }
        # What no person wrote to be read.
        self._unread = {own(name) for name in ("sha256", "field", "kind", "localGovernmentCode", "text")}

    def tell(self, kind: Kind, iri: str) -> Result:
        """Tell of a thing."""
        facts = Facts(self._site.store.triples(NamedNode(iri)))
        thing = NamedNode(iri)
        value = self._naming.name(iri)
        name, reading, code = (self._marked(each) for each in (value.text, value.reading, value.code))
        is_seen = any(hit for pieces in (name, reading, code) for _, hit in pieces)
        return Result(
            kind=kind,
            value=value,
            name=name,
            reading=reading,
            code=code,
            type=self._type(facts, thing) if kind in (Kind.DOCUMENTS, Kind.TERMS, Kind.THINGS) else "",
            other_name=None if is_seen else self._other_name(facts, thing),
            text=self._text(facts, thing, kind),
            places=tuple(self._mentions(facts, thing, self._within.get(kind, ()))),
            themes=tuple(self._mentions(facts, thing, (self._site.own("theme"),))),
        )

    def _marked(self, text: str) -> Pieces:
        return marked(text, self._forms) if self._hits(text) else [(text, False)]

    def _hits(self, text: str) -> int:
        folded = _folded(text)
        return sum(form in folded for form in self._forms)

    def _type(self, facts: Facts, thing: NamedNode) -> str:
        for each in facts.objects(thing, RDF_TYPE):
            if isinstance(each, NamedNode) and each.value.startswith(self._site.own("")):
                return self._naming.name(each).text
        return ""

    def _other_name(self, facts: Facts, thing: NamedNode) -> Text | None:
        """Return a name in another language, or a code, that has what was looked for."""
        codes = {f"{DCTERMS}identifier", self._site.own("corporateNumber"), self._site.own("iso3166-2")}
        for triple in facts.about(thing):
            text = triple.object
            if triple.predicate.value in NAMES | codes and isinstance(text, Literal):
                pieces = self._marked(text.value)
                if any(hit for _, hit in pieces):
                    language = text.language or ""
                    return Text(pieces, "ja" if language.lower() == READING else language)
        return None

    def _text(self, facts: Facts, thing: NamedNode, kind: Kind) -> Text | None:
        unofficial = self._site.own("unofficialTranslation")
        best: tuple[int, Literal, bool] | None = None
        for triple in facts.about(thing):
            predicate, text = triple.predicate.value, triple.object
            if (
                not isinstance(text, Literal)
                or predicate in NAMES
                or text.datatype.value not in (XSD_STRING, RDF_LANG_STRING)
                or (predicate in self._unread and kind is not Kind.DOCUMENTS)
            ):
                continue
            # In the language of the page first, and the words that the source has before a translation.
            hits = 4 * self._hits(text.value)
            points = hits + 2 * (text.language == self._naming.language) + (predicate != unofficial)
            if hits and (best is None or points > best[0]):
                best = (points, text, predicate == unofficial)
        if best:
            _, text, is_unofficial = best
            return Text(self._excerpt(text.value, text.language or ""), text.language or "", is_unofficial)
        return self._summary(thing, kind)

    def _summary(self, thing: NamedNode, kind: Kind) -> Text | None:
        """Return what a thing is in a few words, though nothing in them was looked for."""
        if kind is Kind.AREAS:
            return None
        for predicate in self._summaries:
            text = self._naming.text(thing, predicate)
            translation = None
            if kind is Kind.PROJECTS and text and text.language != self._naming.language:
                translation = self._naming.translation(thing)
            if chosen := translation or text:
                return Text(
                    self._excerpt(chosen.text, chosen.language), chosen.language, translation is not None
                )
        return None

    def _excerpt(self, text: str, language: str) -> Pieces:
        """Return the part of a text around the first place that fits, or its beginning."""
        text = " ".join(text.split())
        most = MOST_CHARACTERS.get(language, MOST_CHARACTERS["ja"])
        folded = _folded(text)
        first = min((place for form in self._forms if (place := folded.find(form)) >= 0), default=0)
        if len(folded) != len(text):
            # Places in the two are not the same.
            pieces = self._marked(text)
            first = 0 if pieces[0][1] or len(pieces) == 1 else len(pieces[0][0])
        start = max(0, min(first - int(_BEFORE * most), len(text) - most))
        end = start + most
        if language == "en":
            # No word is cut in two.
            start = text.rfind(" ", 0, start) + 1 if start else 0
            end = text.rfind(" ", start, end) if end < len(text) else end
        before, after = [("…", False)] * (start > 0), [("…", False)] * (end < len(text))
        return [*before, *self._marked(text[start:end]), *after]

    def _mentions(self, facts: Facts, thing: NamedNode, predicates: Iterable[str]) -> Iterator[Mention]:
        """Yield what a thing points to, what was looked for first."""
        found = [
            self._naming.name(term)
            for predicate in predicates
            for term in facts.objects(thing, predicate)
            if isinstance(term, NamedNode)
        ]
        mentions = [
            Mention(value, self._marked(value.text), self._marked(value.context))
            for value in found[:MOST_PLACES]
        ]
        yield from sorted(mentions, key=lambda each: not any(hit for _, hit in (*each.name, *each.context)))
