"""What a page calls the terms of other vocabularies, in Japanese and English.

Terms of our own have their labels in the ontology, and no entry here.
"""

from __future__ import annotations

from nichiiki_ld.namespaces import DCAT, DCTERMS, GEO, OA, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, VANN, VOID

TERMS: dict[str, tuple[str, str]] = {
    f"{RDF}type": ("種類", "type"),
    f"{RDF}subject": ("主語", "subject"),
    f"{RDF}predicate": ("述語", "predicate"),
    f"{RDF}object": ("目的語", "object"),
    f"{RDF}value": ("値", "value"),
    f"{RDFS}label": ("名称", "label"),
    f"{RDFS}comment": ("注記", "comment"),
    f"{RDFS}seeAlso": ("関連するページ", "see also"),
    f"{RDFS}subClassOf": ("上位のクラス", "subclass of"),
    f"{RDFS}subPropertyOf": ("上位のプロパティ", "subproperty of"),
    f"{RDFS}domain": ("主語のクラス", "domain"),
    f"{RDFS}range": ("値の種類", "range"),
    f"{RDFS}isDefinedBy": ("定義する文書", "defined by"),
    f"{SKOS}prefLabel": ("優先ラベル", "preferred label"),
    f"{SKOS}altLabel": ("別名", "alternative label"),
    f"{SKOS}definition": ("定義", "definition"),
    f"{SKOS}broader": ("上位の概念", "broader"),
    f"{SKOS}narrower": ("下位の概念", "narrower"),
    f"{SKOS}related": ("関連する概念", "related"),
    f"{SKOS}inScheme": ("属する体系", "in scheme"),
    f"{SKOS}hasTopConcept": ("最上位の概念", "top concept"),
    f"{SKOS}topConceptOf": ("最上位とする体系", "top concept of"),
    f"{SKOS}exactMatch": ("一致する項目", "exact match"),
    f"{SKOS}closeMatch": ("ほぼ一致する項目", "close match"),
    f"{SKOS}broadMatch": ("より広い項目", "broad match"),
    f"{SKOS}relatedMatch": ("関連する項目", "related match"),
    f"{DCTERMS}identifier": ("識別番号", "identifier"),
    f"{DCTERMS}title": ("題名", "title"),
    f"{DCTERMS}description": ("説明", "description"),
    f"{DCTERMS}isPartOf": ("含まれる先", "part of"),
    f"{DCTERMS}hasPart": ("含むもの", "has part"),
    f"{DCTERMS}license": ("利用条件", "licence"),
    f"{DCTERMS}publisher": ("公表者", "publisher"),
    f"{DCTERMS}issued": ("公表日", "issued"),
    f"{DCAT}distribution": ("配布物", "distribution"),
    f"{DCAT}version": ("版", "version"),
    f"{DCAT}downloadURL": ("ダウンロード先", "download URL"),
    f"{DCAT}mediaType": ("メディアタイプ", "media type"),
    f"{SCHEMA}telephone": ("電話番号", "telephone"),
    f"{SCHEMA}name": ("名称", "name"),
    f"{GEO}hasGeometry": ("位置", "geometry"),
    f"{GEO}asWKT": ("座標（WKT）", "as WKT"),
    f"{OA}hasBody": ("注釈の内容", "body"),
    f"{OA}hasTarget": ("注釈の対象", "target"),
    f"{OA}motivatedBy": ("注釈の目的", "motivation"),
    f"{OWL}versionInfo": ("版", "version"),
    f"{PROV}wasDerivedFrom": ("もとになったもの", "derived from"),
    f"{VANN}preferredNamespacePrefix": ("接頭辞", "prefix"),
    f"{VANN}preferredNamespaceUri": ("名前空間", "namespace"),
    f"{VOID}triples": ("トリプル数", "triples"),
}
"""IRI → Japanese and English."""
