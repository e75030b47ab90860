"""How things are named: every IRI below the base, in one place.

Names are relative to the base, as JSON-LD records write them. They hold codes, not
names of things, and ASCII only.
"""

from __future__ import annotations

from nichiiki_ld.model import LEAD, Area, AreaKind

ONTOLOGY = "ontology"
THEMES = "theme"
REGISTER = "register"
PROGRAMMES = "programme"
DATASET = "dataset"
PUBLISHER = f"{DATASET}#publisher"
SPARQL = "sparql"


def theme(theme_id: str) -> str:
    """Return the name of a theme."""
    return f"{THEMES}/{theme_id}"


def programme(programme_id: str) -> str:
    """Return the name of a programme."""
    return f"{PROGRAMMES}/{programme_id}"


def call(prefix: str, fiscal_year: int, round_: int | None = None) -> str:
    """Return the name of a call: `call/2024-2` is the second of fiscal 2024, `call/wakamono-2026` the only one.

    Args:
        prefix: What the programme has before the year.
        round_: None where the calls of a year are not counted.
    """
    return f"call/{prefix}{fiscal_year}" + (f"-{round_}" if round_ is not None else "")


def decision(call_name: str) -> str:
    """Return the name of the act by which a call was decided."""
    return f"{call_name}/decision"


def project(call_name: str, row: str) -> str:
    """Return the name of the project in a row of the list that reports a call."""
    return f"project/{call_name.removeprefix('call/')}-{int(row):02}"


def consortium(call_name: str, row: str) -> str:
    """Return the name of the applicant in a row of the list that reports a call."""
    return f"consortium/{call_name.removeprefix('call/')}-{int(row):02}"


def area(item: Area) -> str:
    """Return the name of a prefecture, or of a municipality or ward."""
    return area_by_code(item.code, prefecture=item.kind is AreaKind.PREFECTURE)


def area_by_code(code: str, *, prefecture: bool = False) -> str:
    """Return the name of an area by its six-digit local-government code."""
    return f"{'prefecture' if prefecture else 'municipality'}/{code}"


def organization(corporate_number: str) -> str:
    """Return the name of an organization by its corporate number."""
    return f"organization/{corporate_number}"


def document(source_id: str) -> str:
    """Return the name of an official document."""
    return f"document/{source_id}"


def row(source_id: str, number: str) -> str:
    """Return the name of a row of a document's table; of the document itself for its lead."""
    return document(source_id) if number == LEAD else f"{document(source_id)}/row/{number}"


def quotation(source_id: str, number: str, field: str) -> str:
    """Return the name of a printed cell: a part of its row's page."""
    return f"{row(source_id, number)}#{field}"


def statement(subject: str, label: str) -> str:
    """Return the name of a statement about a thing: a part of the thing's page."""
    return f"{subject}#statement-{label}"


def theme_assignment(source_id: str, number: str, theme_id: str) -> str:
    """Return the name of the act of giving a row a theme."""
    return f"{row(source_id, number)}/theme/{theme_id}"


def correction(source_id: str, number: str, field: str) -> str:
    """Return the name of a correction of printed words."""
    return f"{row(source_id, number)}/correction/{field}"


def confirmation(source_id: str, number: str, field: str) -> str:
    """Return the name of the judgement that printed words are right."""
    return f"{row(source_id, number)}/confirmation/{field}"


def exclusion(source_id: str, number: str, field: str) -> str:
    """Return the name of the judgement that printed words are no project or place."""
    return f"{row(source_id, number)}/exclusion/{field}"


def contradiction(source_id: str, field: str) -> str:
    """Return the name of a contradiction within a document's lead."""
    return f"{document(source_id)}/contradiction/{field}"


def linkset(linkset_id: str) -> str:
    """Return the name of the links to one target."""
    return f"linkset/{linkset_id}"


def release(version: str) -> str:
    """Return the name of one release of the data."""
    return f"{DATASET}/{version}"


def page_of(name: str) -> str:
    """Return the name of the thing on whose page a thing is described: what stands before `#`."""
    return name.partition("#")[0]
