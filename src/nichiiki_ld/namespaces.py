"""The vocabularies this project speaks, each under its usual prefix."""

from __future__ import annotations

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
GEO = "http://www.opengis.net/ont/geosparql#"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SF = "http://www.opengis.net/ont/sf#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
VANN = "http://purl.org/vocab/vann/"
VOID = "http://rdfs.org/ns/void#"
XSD = "http://www.w3.org/2001/XMLSchema#"

ESTAT = "http://data.e-stat.go.jp/lod/sac/"
ESTAT_TERMS = "http://data.e-stat.go.jp/lod/terms/sacs#"

RDF_TYPE = f"{RDF}type"
RDF_LANG_STRING = f"{RDF}langString"
RDFS_LABEL = f"{RDFS}label"
XSD_STRING = f"{XSD}string"

WELL_KNOWN: dict[str, str] = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "geo": GEO,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sf": SF,
    "sh": SH,
    "skos": SKOS,
    "vann": VANN,
    "void": VOID,
    "xsd": XSD,
    "sac": ESTAT,
    "sacs": ESTAT_TERMS,
}
"""Prefix → namespace. The project's own prefix follows from the base IRI (`iri.Naming`)."""
