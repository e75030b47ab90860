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


RDFS_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"

_LIMITS = {
    "en": (
        "Limits of one query: {settings.query_seconds:g} seconds, {settings.query_memory_mb} MB of memory, "
        "{settings.result_rows} rows and {settings.result_bytes} bytes of its answer, {settings.max_query_bytes} bytes of text, "
        "{settings.query_depth} brackets within one another, {settings.query_chain} levels in its syntax. An answer is whole or refused, never cut off. "
        "The functions are those of SPARQL 1.1; there are no others."
    ),
    "ja": (
        "一つの問い合わせの上限：{settings.query_seconds:g} 秒、メモリ {settings.query_memory_mb} MB、"
        "結果 {settings.result_rows} 行・{settings.result_bytes} バイト、問い合わせ文 {settings.max_query_bytes} バイト、"
        "括弧の入れ子 {settings.query_depth} 段、構文の木の高さ {settings.query_chain} 段。結果は全部を返すか断るかのどちらかで、途中で切ることはありません。"
        "関数は SPARQL 1.1 のものだけです。"
    ),
}


def describe_service(site: Site, endpoint: str) -> set[Triple]:
    """Return the description of the endpoint: its formats, its limits, and the graphs it answers from.

    Args:
        endpoint: URL at which it was asked.
    """
    service = f"{site.base}{SPARQL}"
    data, default = f"{site.base}{DATASET}", f"{service}#default-graph"
    found = {
        _link(service, RDF_TYPE, f"{SD}Service"),
        _link(service, f"{SD}endpoint", endpoint),
        _link(service, f"{SD}supportedLanguage", f"{SD}SPARQL11Query"),
        _link(service, f"{SD}defaultDataset", data),
        _link(data, RDF_TYPE, f"{SD}Dataset"),
        _link(data, f"{SD}defaultGraph", default),
        _link(default, RDF_TYPE, f"{SD}Graph"),
        Triple(NamedNode(service), NamedNode(RDFS_LABEL), Literal("SPARQL endpoint", language="en")),
    }
    if site.manifest.get("unionDefaultGraph", True):
        found.add(_link(service, f"{SD}feature", f"{SD}UnionDefaultGraph"))
    if site.settings.services:
        found.add(_link(service, f"{SD}feature", f"{SD}BasicFederatedQuery"))
    for language in ("en", "ja"):
        limits = _LIMITS[language].format(settings=site.settings)
        found.add(Triple(NamedNode(service), NamedNode(RDFS_COMMENT), Literal(limits, language=language)))
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
