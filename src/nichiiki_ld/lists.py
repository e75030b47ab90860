"""The five lists: what is in each, what is told of it, and what it can be filtered by."""

from __future__ import annotations

from collections.abc import Mapping

from nichiiki_ld import iri
from nichiiki_ld.listing import Column, Listing
from nichiiki_ld.namespaces import DCTERMS, RDFS, SKOS

_UNOFFICIAL = ("", " (unofficial translation by this project)")

# As a pattern the class would be asked first, and every prefecture be tried for every area.
_PLACES = """\
OPTIONAL {
  ?project nichiiki:area ?area .
  ?area nichiiki:localGovernmentCode ?area_code .
  OPTIONAL { ?area rdfs:label ?own_name FILTER (LANG(?own_name) = "LANG") }
  OPTIONAL {
    ?area dcterms:isPartOf+ ?whole .
    ?whole rdfs:label ?whole_name FILTER (LANG(?whole_name) = "LANG") FILTER EXISTS { ?whole a nichiiki:Prefecture }
  }
ja|  BIND (COALESCE(CONCAT(?whole_name, ?own_name), ?own_name, ?area_code) AS ?area_name)
en|  BIND (COALESCE(CONCAT(?own_name, ", ", ?whole_name), ?own_name, ?area_code) AS ?area_name)
}"""

PROJECTS = Listing(
    name="projects",
    title=("プロジェクトの一覧", "Projects"),
    entry="project",
    facets=("theme", "prefecture", "programme", "call"),
    unlisted=("municipality",),
    base="?project a nichiiki:Project .",
    link="",
    needs_link=False,
    counts=False,
    has_points=True,
    columns=(
        Column("number", ("プロジェクト番号", "Project")),
        Column("title", ("事業名", "Title (in Japanese)")),
        Column("applicant", ("応募主体", "Applicant (in Japanese)")),
        Column("applicant_en", ("", f"Applicant{_UNOFFICIAL[1]}"), "en"),
        Column("area_codes", ("地域コード", "Area codes")),
        Column("areas", ("実施地域", "Areas")),
        Column("themes", ("テーマ", "Themes")),
        Column("summary", ("取組概要", "Summary (in Japanese)")),
        Column("summary_en", ("", f"Summary{_UNOFFICIAL[1]}"), "en"),
        Column("amount", ("金額（円）", "Amount (yen)")),
        Column("call_name", ("公募", "Call")),
        Column("project", ("プロジェクトのIRI", "Project IRI")),
    ),
    select="""\
?project ?number ?title ?applicant
en|?applicant_en
(GROUP_CONCAT(DISTINCT ?area_code; separator="; ") AS ?area_codes)
(GROUP_CONCAT(DISTINCT ?area_name; separator="; ") AS ?areas)
(GROUP_CONCAT(DISTINCT ?theme_name; separator="; ") AS ?themes)
?summary
en|?summary_en
?amount ?call_name""",
    about=f"""\
OPTIONAL {{ ?project dcterms:identifier ?number }}
OPTIONAL {{ ?project dcterms:title ?title FILTER (LANG(?title) = "ja") }}
OPTIONAL {{ ?project nichiiki:amount ?amount }}
OPTIONAL {{
  ?project nichiiki:applicant ?consortium .
  ?consortium rdfs:label ?applicant FILTER (LANG(?applicant) = "ja")
en|  OPTIONAL {{ ?consortium nichiiki:unofficialTranslation ?applicant_en FILTER (LANG(?applicant_en) = "en") }}
}}
OPTIONAL {{ ?project nichiiki:summary ?summary FILTER (LANG(?summary) = "ja") }}
en|OPTIONAL {{ ?project nichiiki:unofficialTranslation ?summary_en FILTER (LANG(?summary_en) = "en") }}
OPTIONAL {{ ?project nichiiki:call ?call . ?call rdfs:label ?call_name FILTER (LANG(?call_name) = "LANG") }}
{_PLACES}
OPTIONAL {{
  ?project nichiiki:theme ?theme .
  ?theme skos:prefLabel ?theme_name FILTER (LANG(?theme_name) = "LANG")
}}""",
    order="?area_code ?theme",
    group="""\
?project ?number ?title ?applicant
en|?applicant_en
?summary
en|?summary_en
?amount ?call_name""",
)

_PLACES_OF_EACH = "\n".join(
    f"{line[:3]}  {line[3:]}" if line[2:3] == "|" else f"  {line}" for line in _PLACES.splitlines()
)
"""The same, further in."""

CONSORTIA = Listing(
    name="consortia",
    title=("コンソーシアムの一覧", "Consortia"),
    entry="consortium",
    facets=("theme", "prefecture", "programme", "call"),
    base="?consortium a nichiiki:Consortium .",
    link="?project nichiiki:applicant ?consortium .",
    needs_link=False,
    counts=False,
    has_points=True,
    columns=(
        Column("name", ("コンソーシアム", "Consortium (in Japanese)")),
        Column("name_en", ("", f"Consortium{_UNOFFICIAL[1]}"), "en"),
        Column("numbers", ("プロジェクト番号", "Projects")),
        Column("area_codes", ("地域コード", "Area codes")),
        Column("areas", ("実施地域", "Areas")),
        Column("consortium", ("コンソーシアムのIRI", "Consortium IRI")),
    ),
    select="""\
?consortium ?name
en|?name_en
(GROUP_CONCAT(DISTINCT ?number; separator="; ") AS ?numbers)
(GROUP_CONCAT(DISTINCT ?area_code; separator="; ") AS ?area_codes)
(GROUP_CONCAT(DISTINCT ?area_name; separator="; ") AS ?areas)""",
    about=f"""\
OPTIONAL {{ ?consortium rdfs:label ?name FILTER (LANG(?name) = "ja") }}
en|OPTIONAL {{ ?consortium nichiiki:unofficialTranslation ?name_en FILTER (LANG(?name_en) = "en") }}
OPTIONAL {{
  ?project nichiiki:applicant ?consortium .
  OPTIONAL {{ ?project dcterms:identifier ?number }}
{_PLACES_OF_EACH}
}}""",
    order="?number ?area_code",
    group="""\
?consortium ?name
en|?name_en""",
)

AREAS = Listing(
    name="areas",
    title=("地域の一覧", "Areas"),
    entry="area",
    facets=("prefecture", "theme", "programme", "call"),
    base="?area nichiiki:localGovernmentCode ?code .",
    link="?project nichiiki:area ?area .",
    needs_link=True,
    counts=True,
    has_points=True,
    columns=(
        Column("code", ("地域コード", "Area code")),
        Column("name", ("地域", "Area")),
        Column("name_ja", ("", "Area (in Japanese)"), "en"),
        Column("reading", ("読み", "Reading")),
        Column("prefecture", ("都道府県", "Prefecture")),
        Column("latitude", ("緯度", "Latitude")),
        Column("longitude", ("経度", "Longitude")),
        Column("projects", ("プロジェクト数", "Number of projects")),
        Column("numbers", ("プロジェクト番号", "Projects")),
        Column("area", ("地域のIRI", "Area IRI")),
    ),
    select="""\
?area ?code ?name
en|?name_ja
?reading ?prefecture ?latitude ?longitude
(COUNT(DISTINCT ?project) AS ?projects)
(GROUP_CONCAT(DISTINCT ?number; separator="; ") AS ?numbers)""",
    about="""\
?area nichiiki:localGovernmentCode ?code .
OPTIONAL { ?area rdfs:label ?name FILTER (LANG(?name) = "LANG") }
en|OPTIONAL { ?area rdfs:label ?name_ja FILTER (LANG(?name_ja) = "ja") }
OPTIONAL { ?area rdfs:label ?reading FILTER (LANG(?reading) = "ja-hrkt") }
OPTIONAL {
  ?area dcterms:isPartOf* ?whole .
  ?whole a nichiiki:Prefecture ; rdfs:label ?prefecture FILTER (LANG(?prefecture) = "LANG")
}
OPTIONAL { ?area nichiiki:latitude ?latitude ; nichiiki:longitude ?longitude }
OPTIONAL { ?project nichiiki:area ?area ; dcterms:identifier ?number }""",
    order="?number",
    group="""\
?area ?code ?name
en|?name_ja
?reading ?prefecture ?latitude ?longitude""",
)

THEMES = Listing(
    name="themes",
    title=("テーマの一覧", "Themes"),
    entry="theme",
    facets=("prefecture", "programme", "call"),
    base="?theme a skos:Concept .",
    link="?project nichiiki:theme ?theme .",
    needs_link=False,
    counts=True,
    columns=(
        Column("name", ("テーマ", "Theme")),
        Column("definition", ("定義", "Definition")),
        Column("broader_names", ("上位のテーマ", "Broader themes")),
        Column("projects", ("プロジェクト数", "Number of projects")),
        Column("numbers", ("プロジェクト番号", "Projects")),
        Column("theme", ("テーマのIRI", "Theme IRI")),
    ),
    select="""\
?theme ?name ?definition
(GROUP_CONCAT(DISTINCT ?broader_name; separator="; ") AS ?broader_names)
(COUNT(DISTINCT ?project) AS ?projects)
(GROUP_CONCAT(DISTINCT ?number; separator="; ") AS ?numbers)""",
    about="""\
OPTIONAL { ?theme skos:prefLabel ?name FILTER (LANG(?name) = "LANG") }
OPTIONAL { ?theme skos:definition ?definition FILTER (LANG(?definition) = "LANG") }
OPTIONAL {
  ?theme skos:broader ?broader .
  ?broader skos:prefLabel ?broader_name FILTER (LANG(?broader_name) = "LANG")
}
OPTIONAL { ?project nichiiki:theme ?theme ; dcterms:identifier ?number }""",
    order="?number ?broader_name",
    group="?theme ?name ?definition",
)

CORRECTIONS = Listing(
    name="corrections",
    title=("原資料の誤植と訂正の一覧", "Misprints of the sources and their corrections"),
    entry="correction",
    facets=("kind", "prefecture", "theme", "programme", "call"),
    base="""\
?correction a nichiiki:Correction .
OPTIONAL {
  ?correction nichiiki:quotation ?quotation .
  ?quotation nichiiki:document ?source ; nichiiki:start ?start .
}""",
    rank=("source", "start"),
    day="decided",
    has_points=True,
    link="?correction nichiiki:row ?row . ?project a nichiiki:Project ; nichiiki:row ?row .",
    needs_link=False,
    counts=False,
    columns=(
        Column("document_name", ("原資料", "Document")),
        Column("row_number", ("行", "Row")),
        Column("field", ("欄", "Field")),
        Column("printed", ("印刷された文言", "Printed")),
        Column("right", ("正しい文言", "Right")),
        Column("reason", ("理由", "Reason")),
        Column("evidences", ("証拠", "Evidence")),
        Column("reviewer", ("判断した者", "Decided by")),
        Column("decided", ("判断日", "Decided on")),
        Column("correction", ("訂正のIRI", "Correction IRI")),
    ),
    select="""\
?correction ?document_name ?row_number ?field ?printed ?right ?reason
(GROUP_CONCAT(DISTINCT STR(?evidence); separator=" ") AS ?evidences)
?reviewer ?decided""",
    about="""\
OPTIONAL { ?correction nichiiki:printed ?printed ; nichiiki:right ?right }
OPTIONAL { ?correction nichiiki:field ?field }
OPTIONAL { ?correction nichiiki:reason ?reason FILTER (LANG(?reason) = "LANG") }
OPTIONAL { ?correction nichiiki:reviewer ?reviewer ; nichiiki:decided ?decided }
OPTIONAL { ?correction nichiiki:evidence ?evidence }
OPTIONAL { ?correction nichiiki:row/nichiiki:number ?row_number }
OPTIONAL {
  ?correction nichiiki:quotation/nichiiki:document/rdfs:label ?document_name FILTER (LANG(?document_name) = "LANG")
}""",
    order="?evidence",
    group="?correction ?source ?start ?document_name ?row_number ?field ?printed ?right ?reason ?reviewer ?decided",
)

LISTINGS: Mapping[str, Listing] = {
    each.name: each for each in (PROJECTS, CONSORTIA, AREAS, THEMES, CORRECTIONS)
}


def prefixes_of(base: str) -> dict[str, str]:
    """Return prefix → namespace for the queries of a release.

    Args:
        base: Base IRI.
    """
    return {
        "call": f"{base}call/",
        "dcterms": DCTERMS,
        "municipality": f"{base}municipality/",
        "nichiiki": f"{base}{iri.ONTOLOGY}#",
        "prefecture": f"{base}prefecture/",
        "programme": f"{base}programme/",
        "rdfs": RDFS,
        "skos": SKOS,
        "theme": f"{base}{iri.THEMES}/",
    }
