"""Where a program finds what belongs to a page: its thing's name, descriptions, type, terms of use and files.

What is said here is written twice: in the `Link` field of the page, and in a document of its own.

Source: FAIR Signposting Profile (level 2); RFC 8288 (Web Linking); RFC 9264 (Linkset).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.formats import DUMPS, Format, Kind, of_kind
from nichiiki_ld.iri import DATASET
from nichiiki_ld.namespaces import DCAT, DCTERMS, SCHEMA
from nichiiki_ld.publication import DUMP_NAME
from nichiiki_ld.web.site import Site
from nichiiki_ld.web.structured_data import Known, type_of

LINKSET = Format("linkset", "linkset.json", "application/linkset+json", Kind.PAGE, "Linkset")
"""In no list of formats: it describes no thing, but the documents about it."""

MOST_HEADER_BYTES = 3500
"""Of all signposts of a page in its `Link` field; what is longer is in the linkset alone."""


@dataclass(frozen=True, slots=True)
class Signpost:
    """A link of a page.

    Attributes:
        target: An IRI, or a name below the root of this server.
        is_here: Whether it is the latter.
    """

    relation: str
    target: str
    media_type: str = ""
    is_here: bool = False


def signposts(site: Site, name: str) -> list[Signpost]:
    """Return what the page of a thing says of its neighbours.

    Args:
        name: What the IRI has after the base.
    """
    thing = NamedNode(f"{site.base}{name}")
    known = Known(site.catalog.about([thing]), site.base, "en")
    found = [
        Signpost("cite-as", thing.value),
        *(
            Signpost("describedby", f"{name}.{each.extension}", each.media_type, is_here=True)
            for each in of_kind(Kind.GRAPH)
        ),
        Signpost("type", f"{SCHEMA}AboutPage"),
    ]
    if type_ := type_of(known, thing):
        found.append(Signpost("type", type_))
    terms = _things(known.facts, thing, "license") or [str(site.manifest["licence"])]
    found += [Signpost("license", each) for each in terms if each]
    found += [Signpost("author", each) for each in _things(known.facts, thing, "publisher")]
    if is_data(site, known.facts, thing):
        found += [Signpost("item", name, media_type, is_here=True) for name, media_type in items(site)]
    found.append(Signpost("linkset", f"{name}.{LINKSET.extension}", LINKSET.media_type, is_here=True))
    return found


def is_data(site: Site, facts: Facts, thing: NamedNode) -> bool:
    """Tell whether a thing is the published data, or the release that is served here."""
    own = f"{site.base}{DATASET}"
    served = (own, f"{own}/{site.release.version}")
    return thing.value in served and f"{DCAT}Dataset" in Known(facts, site.base, "en").types(thing)


def items(site: Site) -> list[tuple[str, str]]:
    """Return path and media type of each dump of the release."""
    dumps = [(f"{DUMP_NAME}.{each.extension}", each.media_type) for each in DUMPS]
    return [(f"dumps/{name}", media_type) for name, media_type in dumps if name in site.manifest["files"]]


def in_header(found: Iterable[Signpost]) -> list[Signpost]:
    """Return the signposts that a `Link` field has room for: all, or those that lead to the others."""
    listed = list(found)
    size = sum(len(each.target) + len(each.relation) + len(each.media_type) + 30 for each in listed)
    if size <= MOST_HEADER_BYTES:
        return listed
    return [each for each in listed if each.relation in ("cite-as", "linkset", "license")]


def _things(facts: Facts, thing: NamedNode, term: str) -> list[str]:
    found = facts.objects(thing, f"{DCTERMS}{term}")
    return [each.value for each in found if isinstance(each, NamedNode)]
