"""What comes from no document: ontology, themes, register, programmes, links, and what every batch needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from nichiiki_ld import iri
from nichiiki_ld.crew import Equipment
from nichiiki_ld.errors import ReleaseError
from nichiiki_ld.files import read_text
from nichiiki_ld.graph import derive, labels_below, parse_json, parse_turtle, read_records
from nichiiki_ld.model import Publication
from nichiiki_ld.publication import dataset_records
from nichiiki_ld.reference import link_records, programme_records, register_records
from nichiiki_ld.repository import Repository
from nichiiki_ld.shapes import Shapes
from nichiiki_ld.statements import n_triples, statements_of, triples_in


def shared_graphs(repository: Repository, publication: Publication) -> dict[str, set[Triple]]:
    """Return graph name → triples of the ontology, themes, register, programmes, links and the dataset itself."""
    root, base = repository.root, publication.base
    context = _context(repository, publication)
    rules = _rules(repository)
    axioms = parse_turtle(read_text(root / "ontology/nichiiki.ttl"), where="ontology/nichiiki.ttl", base=base)
    for path in sorted((root / "ontology/alignments").glob("*.ttl")):
        axioms |= parse_turtle(read_text(path), where=str(path.relative_to(root)), base=base)
    themes = parse_turtle(read_text(root / "ontology/themes.ttl"), where="ontology/themes.ttl", base=base)
    linksets = repository.linksets()
    made = {
        iri.REGISTER: (register_records(repository.register()), "data/registers"),
        iri.PROGRAMMES: (programme_records(repository.programmes().values()), "data/programmes"),
        iri.DATASET: (dataset_records(publication, linksets), "data/publication.toml"),
    } | {iri.linkset(linkset.id): (link_records(linkset), f"data/links/{linkset.id}") for linkset in linksets}
    graphs = {iri.ONTOLOGY: axioms, iri.THEMES: themes}
    for name, (records, where) in made.items():
        store = read_records(records, context, where=where)
        derive(store, rules, n_triples(axioms), base + iri.ONTOLOGY)
        graphs[name] = triples_in(statements_of(store))
    return graphs


def equipment_of(
    repository: Repository, publication: Publication, shared: dict[str, set[Triple]], work: Path
) -> Equipment:
    """Return what every batch needs.

    Args:
        shared: What `shared_graphs` returned.
        work: Folder for what is not published.

    Raises:
        ReleaseError: The context's base IRI is not the publication's.
        ShapesError: The shapes cannot be used.
    """
    union: set[Triple] = set().union(*shared.values())
    return Equipment(
        base=publication.base,
        context=_context(repository, publication),
        rules=_rules(repository),
        shapes=shapes_of(repository),
        register=tuple(repository.register()),
        programmes=repository.programmes(),
        themes=labels_below(shared[iri.THEMES], publication.base + iri.theme("")),
        shared=n_triples(union),
        axioms=n_triples(shared[iri.ONTOLOGY]),
        work=work,
    )


def shapes_of(repository: Repository) -> Shapes:
    """Return the shapes of a checkout.

    Raises:
        ShapesError: They cannot be used.
    """
    return Shapes.parse({f"shapes/{path.name}": read_text(path) for path in repository.files("shapes/*.ttl")})


def _context(repository: Repository, publication: Publication) -> dict[str, Any]:
    path = repository.root / "ontology/context.jsonld"
    context: dict[str, Any] = parse_json(read_text(path), where=str(path))["@context"]
    if context.get("@base") != publication.base:
        raise ReleaseError(
            f"the context's base is {context.get('@base')}, but the publication's is {publication.base}",
            where=str(path),
            hint="change both, and the prefixes in ontology/, shapes/ and data/",
        )
    return context


def _rules(repository: Repository) -> dict[str, str]:
    return {
        f"ontology/rules/{path.name}": read_text(path) for path in repository.files("ontology/rules/*.rq")
    }
