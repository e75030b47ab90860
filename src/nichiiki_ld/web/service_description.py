"""What the endpoint says of itself.

Source: SPARQL 1.1 Service Description.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

from nichiiki_ld.formats import Kind, of_kind
from nichiiki_ld.iri import DATASET, SPARQL
from nichiiki_ld.namespaces import RDF_TYPE, RDFS_LABEL, VOID, XSD
from nichiiki_ld.web.site import Site

SD = "http://www.w3.org/ns/sparql-service-description#"


def describe_service(site: Site) -> set[Triple]:
    """Return the description of the endpoint: its formats, and the graphs it answers from."""
    service = f"{site.base}{SPARQL}"
    data, default = f"{site.base}{DATASET}", f"{service}#default-graph"
    found = {
        _link(service, RDF_TYPE, f"{SD}Service"),
        _link(service, f"{SD}endpoint", service),
        _link(service, f"{SD}supportedLanguage", f"{SD}SPARQL11Query"),
        _link(service, f"{SD}feature", f"{SD}UnionDefaultGraph"),
        _link(service, f"{SD}defaultDataset", data),
        _link(data, RDF_TYPE, f"{SD}Dataset"),
        _link(data, f"{SD}defaultGraph", default),
        _link(default, RDF_TYPE, f"{SD}Graph"),
        Triple(NamedNode(service), NamedNode(RDFS_LABEL), Literal("SPARQL endpoint", language="en")),
    }
    for format_ in of_kind(Kind.RESULTS, Kind.GRAPH, Kind.DATASET):
        if format_.iri:
            found.add(_link(service, f"{SD}resultFormat", format_.iri))
    for graph in site.store.graphs():
        entry = f"{service}#graph-{graph.removeprefix(site.base).replace('/', '-')}"
        found |= {
            _link(data, f"{SD}namedGraph", entry),
            _link(entry, RDF_TYPE, f"{SD}NamedGraph"),
            _link(entry, f"{SD}name", graph),
        }
        if graph in site.manifest["graphs"]:
            count = Literal(str(site.manifest["graphs"][graph]), datatype=NamedNode(f"{XSD}integer"))
            found.add(Triple(NamedNode(entry), NamedNode(f"{VOID}triples"), count))
    return found


def _link(subject: str, predicate: str, object_: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(object_))
