"""What one process serves: a release and what was read from it at the start."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app
from pyoxigraph import NamedNode

from nichiiki_ld.catalog import Catalog
from nichiiki_ld.compaction import Compactor
from nichiiki_ld.errors import ReleaseError
from nichiiki_ld.iri import ONTOLOGY
from nichiiki_ld.list_index import ListIndex
from nichiiki_ld.namespaces import RDF_TYPE, SKOS
from nichiiki_ld.neighbourhood import Neighbourhood
from nichiiki_ld.page_index import PageIndex
from nichiiki_ld.query import Guard
from nichiiki_ld.release import Release, open_release
from nichiiki_ld.search_index import SearchIndex
from nichiiki_ld.settings import Settings
from nichiiki_ld.store import GraphStore

EXTENSION = "nichiiki"
"""Where an application keeps its site."""


@dataclass(frozen=True)
class Site:
    """A release, ready to be asked.

    Attributes:
        base: Base IRI of the data, with the final slash; a path is what follows it.
        context: The value of `@context` in the release's context document.
        issued: Midnight (UTC) of the day of publication; None where files are served as they are.
        themes: IRI of the concept scheme, or empty.
        guard: What is refused before it is evaluated.
        search: What words are looked for in.
        lists: What is in the lists.
        around: What lies near what.
    """

    release: Release
    settings: Settings
    store: GraphStore
    catalog: Catalog
    compactor: Compactor
    base: str
    context: Mapping[str, Any]
    issued: datetime.datetime | None
    themes: str
    guard: Guard
    search: SearchIndex
    lists: ListIndex
    around: Neighbourhood

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the release says of itself."""
        return self.release.manifest

    def own(self, term: str) -> str:
        """Return the IRI of a term of the vocabulary."""
        return f"{self.base}{ONTOLOGY}#{term}"


def open_site(settings: Settings) -> Site:
    """Open the current release.

    Raises:
        ReleaseError: There is none, or it is not whole.
    """
    release = open_release(settings.dist)
    try:
        base = str(release.manifest["base"])
        issued = release.manifest["issued"]
        day = datetime.date.fromisoformat(issued) if issued is not None else None
        context = json.loads((release.folder / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(
            f"the release is not whole: {error}", where=str(release.folder), hint="run 'nichiiki-ld build'"
        ) from error
    compactor = Compactor(context)
    union = bool(release.manifest.get("unionDefaultGraph", True))
    store = GraphStore(release.folder / "store", base=base, context=context, union=union)
    lists = ListIndex(release.folder)
    schemes = sorted(
        triple.subject.value
        for triple in store.triples(None, NamedNode(RDF_TYPE), NamedNode(f"{SKOS}ConceptScheme"))
        if isinstance(triple.subject, NamedNode)
    )
    return Site(
        release=release,
        settings=settings,
        store=store,
        catalog=Catalog(store, PageIndex(release.folder), base),
        compactor=compactor,
        base=base,
        context=context,
        issued=datetime.datetime.combine(day, datetime.time(), datetime.UTC) if day else None,
        themes=schemes[0] if schemes else "",
        guard=settings.guard,
        search=SearchIndex(release.folder),
        lists=lists,
        around=Neighbourhood(store, lists, base),
    )


def current_site() -> Site:
    """Return the site of the application that answers the current request."""
    return cast("Site", current_app.extensions[EXTENSION])
