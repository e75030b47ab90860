"""What the head of a page says to machines: its address, its description, and the thing that it is about.

A page's canonical address is below the base IRI, like the names of things: it stays when the
data move to another server, and a copy on a laptop does not pass for the original.

Source: the Open Graph protocol; RFC 6596 (canonical).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import request
from flask_babel import gettext
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from nichiiki_ld.catalog import Facts
from nichiiki_ld.iri import DATASET
from nichiiki_ld.namespaces import DCTERMS, RDF_TYPE, SKOS
from nichiiki_ld.web import assets, language
from nichiiki_ld.web.dumps import files_of
from nichiiki_ld.web.linking import path
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.site import Site, current_site
from nichiiki_ld.web.structured_data import (
    DATASET_CLASS,
    MOST_MEMBERS,
    Coverage,
    Download,
    Json,
    Known,
    breadcrumbs,
    dataset,
    embedded,
    kind_of,
)

LOCALES = {"ja": "ja_JP", "en": "en_US"}
"""Language of a page → locale as the Open Graph protocol writes it."""

PICTURE = "icon.png"

MOST_CHARACTERS = 160
"""Of a description: what search engines show of one."""

_PATH = "/:@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Head:
    """What a page's head says.

    Attributes:
        canonical: Empty where the address is one of many for the same page.
        data: JSON-LD, ready to be embedded; empty where there is nothing to say.
        image: Address of a picture, or empty.
    """

    canonical: str
    description: str
    data: Markup
    locale: str
    other_locales: tuple[str, ...]
    image: str


def for_templates() -> dict[str, Any]:
    """Return what `_meta.html` uses."""
    return {"head_of_page": head_of_page}


def head_of_page() -> Head:
    """Return the head of the page that is asked for."""
    site = current_site()
    told = language.current()
    own = request.path.removeprefix("/").removeprefix(language.prefix(language.said()))
    items, description = _about(site, own, told)
    return Head(
        canonical="" if request.query_string else address_of(site, own),
        description=_shortened(description or str(site.manifest["description"][told])),
        data=embedded(items) if items else Markup(),
        locale=LOCALES[told],
        other_locales=tuple(locale for each, locale in LOCALES.items() if each != told),
        image=f"{site.base}{assets.address(PICTURE).removeprefix(path(''))}"
        if site.manifest["homepage"]
        else "",
    )


def address_of(site: Site, page: str) -> str:
    """Return the canonical address of a page in the language that the current address says.

    Args:
        page: Its path, not percent-encoded, without a language.
    """
    return f"{site.base}{language.prefix(language.said())}{quote(page, safe=_PATH)}"


def _about(site: Site, own: str, told: str) -> tuple[list[Json], str]:
    """Return the things that a page is about, and its description or nothing."""
    data = NamedNode(f"{site.base}{DATASET}")
    if not own:
        known = Known(gather(site, data), site.base, told)
        return ([_dataset(site, known, data)], "") if DATASET_CLASS in known.types(data) else ([], "")
    thing = thing_of(site, own)
    if thing is None:
        return [], ""
    known = Known(gather(site, thing), site.base, told)
    page = address_of(site, own)
    items: list[Json] = []
    if DATASET_CLASS in known.types(thing):
        items.append(_dataset(site, known, thing))
    elif kind := kind_of(known, thing):
        items.append(kind.tell(known, thing))
    for item in items:
        item["mainEntityOfPage"] = page
    trail = list(_trail(site, known, thing, page))
    described = _translation(known, thing) or (str(items[0].get("description", "")) if items else "")
    name = " ".join(name for name, _ in trail[-2:]) if _is_area(known, thing) else known.name(thing)
    return [*items, breadcrumbs(trail)], described or (
        f"{name} – {site.manifest['title'][told]}" if name else ""
    )


def _translation(known: Known, thing: NamedNode) -> str:
    """Return the translation of a summary into the language of the page, named as one, or the empty text."""
    summary = known.text(thing, known.own("summary"))
    text = known.facts.text(thing, known.own("unofficialTranslation"), known.language) if summary else ""
    return str(gettext("非公式訳: %(text)s", text=text)) if text else ""


def thing_of(site: Site, own: str) -> NamedNode | None:
    """Return the thing that the page at a path describes, or None where it is none of a thing.

    Args:
        own: The path, not percent-encoded, without a language.
    """
    stem, dot, extension = own.rpartition(".")
    if not dot or extension != "html":
        return None
    spelled = (f"{site.base}{stem}", f"{site.base}{quote(stem, safe=_PATH)}")
    return next((NamedNode(each) for each in spelled if each in site.catalog), None)


def gather(site: Site, thing: NamedNode) -> Facts:
    """Return what is said of a thing, as much of its neighbours as is told with it, and the names of all."""
    triples = set(site.catalog.about([thing]).triples)
    for first, second in (("row", "document"), ("decision", "agency")):
        steps = [t.object for t in triples if t.predicate.value == site.own(first)]
        for step in steps:
            if isinstance(step, NamedNode):
                triples |= set(site.store.triples(step, NamedNode(site.own(second))))
    if NamedNode(f"{SKOS}ConceptScheme") in {t.object for t in triples if t.predicate.value == RDF_TYPE}:
        triples |= set(site.store.triples(None, NamedNode(f"{SKOS}inScheme"), thing))
    mentioned = {
        term
        for triple in triples
        for term in (triple.subject, triple.object)
        if isinstance(term, NamedNode) and term.value.startswith(site.base)
    }
    for each in sorted(mentioned, key=str)[: 4 * MOST_MEMBERS]:
        triples |= site.catalog.names([each])
    return Facts(triples)


def _dataset(site: Site, known: Known, thing: NamedNode) -> Json:
    return dataset(known, thing, downloads_of(site), coverage_of(site))


@once_per_release
def downloads_of(site: Site) -> tuple[Download, ...]:
    """Return the files of a release that hold its data: graph and tables."""
    return tuple(
        Download(each.name, f"{site.base}dumps/{each.name}", each.media_type, each.size_bytes, each.sha256)
        for each in files_of(site.manifest)
        if each.name.startswith(("nichiiki.", "tables/", "areas.")) and not each.name.endswith(".gz")
    )


@once_per_release
def coverage_of(site: Site) -> Coverage:
    """Return the country, area and time that a release is about."""
    countries = {code[:2] for code in _literals(site, "iso3166-2", _SUBDIVISION)}
    south, north = _ends(site, "latitude")
    west, east = _ends(site, "longitude")
    return Coverage(
        country=countries.pop() if len(countries) == 1 else "",
        box=(south, west, north, east) if south and west else (),
        first=min(_literals(site, "applicationOpens", _DAY), default=""),
        last=max(_literals(site, "announced", _DAY), default=""),
    )


_SUBDIVISION = re.compile(r"[A-Z]{2}-[0-9A-Z]{1,3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?")


def _ends(site: Site, term: str) -> tuple[str, str]:
    """Return the least and the greatest of numbers, as they are written, or empty texts."""
    found = sorted(_literals(site, term, _DEGREES), key=float)
    return (found[0], found[-1]) if found else ("", "")


def _literals(site: Site, term: str, form: re.Pattern[str]) -> set[str]:
    """Return the values of a property of the vocabulary that have a form: data of others may have any."""
    found: Iterable[Triple] = site.store.triples(None, NamedNode(site.own(term)))
    texts = {t.object.value for t in found if isinstance(t.object, Literal)}
    return {text for text in texts if form.fullmatch(text)}


def _trail(site: Site, known: Known, thing: NamedNode, page: str) -> Iterator[tuple[str, str]]:
    """Yield name and address of each step from the home page to a thing's page."""
    yield str(site.manifest["title"][known.language]), address_of(site, "")
    if listed := _list_of(site, known, thing):
        name, page_of_list = listed
        yield name, address_of(site, page_of_list)
    above = f"{DCTERMS}isPartOf" if _is_area(known, thing) else known.own("document")
    for each in known.all(thing, above)[:1]:
        if each.value.startswith(site.base) and (name := known.name(each)):
            yield name, address_of(site, f"{each.value.removeprefix(site.base)}.html")
    yield known.name(thing) or thing.value.removeprefix(site.base), page


def _is_area(known: Known, thing: NamedNode) -> bool:
    return bool(known.any(thing, known.own("localGovernmentCode")))


def _list_of(site: Site, known: Known, thing: NamedNode) -> tuple[str, str] | None:
    """Return title and path of the list that a thing is in."""
    if not site.manifest["counts"].get("Project"):
        return None
    lists = (
        (known.own("Project"), gettext("プロジェクト"), "projects"),
        (known.own("Consortium"), gettext("コンソーシアム"), "consortia"),
        (known.own("Prefecture"), gettext("地域"), "areas"),
        (known.own("Municipality"), gettext("地域"), "areas"),
        (known.own("Ward"), gettext("地域"), "areas"),
        (f"{SKOS}Concept", gettext("テーマ"), "themes"),
        (known.own("Correction"), gettext("訂正"), "corrections"),
    )
    types = known.types(thing)
    return next(((title, own) for class_, title, own in lists if class_ in types), None)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"
