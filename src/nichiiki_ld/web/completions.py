"""What the editor of the query page completes: prefixes, classes and properties of the release, with their labels.

One small JSON document for each release. It has our own terms, and those terms of other
vocabularies that the data use.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from flask import Blueprint, Response
from pyoxigraph import NamedNode

from nichiiki_ld.catalog import Facts
from nichiiki_ld.iri import ONTOLOGY, SPARQL, page_of
from nichiiki_ld.namespaces import OWL, RDF_TYPE, RDFS, RDFS_LABEL
from nichiiki_ld.web.fields import represent
from nichiiki_ld.web.language import LANGUAGES
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.site import Site, current_site
from nichiiki_ld.web.wording import TERMS

bp = Blueprint("completions", __name__)

ADDRESS = f"{SPARQL}/completions.json"

LOOKED_AT = 20_000
"""So many statements are looked through for terms that neither ontology nor context has."""

_CLASSES = (f"{OWL}Class", f"{RDFS}Class")
_PROPERTIES = tuple(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation"))


@bp.get(f"/{ADDRESS}")
def completions() -> Response:
    """Answer with what can be completed."""
    return represent(document(current_site()), "application/json")


@once_per_release
def document(site: Site) -> str:
    """Return prefixes, and classes and properties by kind, name and labels, as JSON."""
    classes, properties = _terms(site)
    names = Facts(site.catalog.names([*classes, *properties]))
    terms = [
        *(_entry(site, names, each, "class") for each in classes),
        *(_entry(site, names, each, "property") for each in properties),
    ]
    content = {
        "prefixes": dict(site.compactor.prefixes),
        "terms": sorted(filter(None, terms), key=lambda each: (not _is_own(site, each), each["name"])),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _is_own(site: Site, entry: dict[str, str]) -> bool:
    return site.compactor.expand(entry["name"]).startswith(site.base)


def _entry(site: Site, names: Facts, term: NamedNode, kind: str) -> dict[str, str] | None:
    """Return a term with its labels, or None where no prefix shortens it."""
    name = site.compactor.curie(term.value)
    if not name:
        return None
    known = TERMS.get(term.value, ("",) * len(LANGUAGES))
    labels = {
        language: names.text(term, RDFS_LABEL, language) or word
        for language, word in zip(LANGUAGES, known, strict=True)
    }
    return {"kind": kind, "name": name, **{each: label for each, label in labels.items() if label}}


def _terms(site: Site) -> tuple[list[NamedNode], list[NamedNode]]:
    """Return the classes and the properties that are ours or used, sorted."""
    classes: set[NamedNode] = set()
    properties: set[NamedNode] = set()
    ontology = f"{site.base}{ONTOLOGY}"
    mentioned = set(_of_context(site)) | {NamedNode(iri) for iri in TERMS}
    if ontology in site.catalog:
        parts = [
            part
            for part in site.catalog.describe(ontology, brief=True).parts
            if page_of(part.value) == ontology
        ]
        facts = site.catalog.about(parts)
        for part in parts:
            types = {str(each.value) for each in facts.objects(part, RDF_TYPE) if isinstance(each, NamedNode)}
            if not types.isdisjoint(_CLASSES):
                classes.add(part)
            elif not types.isdisjoint(_PROPERTIES):
                properties.add(part)
        mentioned |= {t.object for t in facts.triples if isinstance(t.object, NamedNode)}
    kind = NamedNode(RDF_TYPE)
    for term in mentioned:
        if _any(site.store.triples(None, kind, term)):
            classes.add(term)
        if _any(site.store.triples(None, term)):
            properties.add(term)
    for triple in islice(site.store.triples(), LOOKED_AT):
        properties.add(triple.predicate)
        if triple.predicate == kind and isinstance(triple.object, NamedNode):
            classes.add(triple.object)
    return sorted(classes, key=str), sorted(properties, key=str)


def _of_context(site: Site) -> Iterator[NamedNode]:
    """Yield the IRIs that the terms of the context stand for."""
    for name, definition in site.context.items():
        if name.startswith("@"):
            continue
        compact = definition if isinstance(definition, str) else definition.get("@id", "")
        if ":" not in compact or compact.startswith("@"):
            continue
        iri = site.compactor.expand(compact)
        if iri not in site.compactor.prefixes.values():
            yield NamedNode(iri)


def _any(found: Iterable[object]) -> bool:
    return next(iter(found), None) is not None
