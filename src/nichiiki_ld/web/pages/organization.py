"""A public body: what it runs, decided and published."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from nichiiki_ld.namespaces import DCTERMS, RDF_TYPE
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.pages.view import View

MOST_OF_A_KIND = 50


@dataclass(frozen=True, slots=True)
class Some:
    """Some things of a kind, and how many there are."""

    shown: tuple[Value, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OrganizationPage:
    """What the page of a public body shows."""

    number: Value | None
    website: Value | None
    programmes: Some
    decisions: Some
    documents: Some


def read(view: View) -> OrganizationPage:
    """Return what the page of a public body shows."""
    catalog, own = view.site.catalog, view.own
    run: defaultdict[str, list[NamedNode]] = defaultdict(list)
    acting = catalog.pointing(view.thing, own("agency"))
    facts = catalog.about(acting)
    for each in acting:
        for class_ in ("Programme", "GrantDecision"):
            if NamedNode(own(class_)) in facts.objects(each, RDF_TYPE):
                run[class_].append(each)
    return OrganizationPage(
        number=view.text(own("corporateNumber")),
        website=next((view.reader.value(each) for each in view.things(own("website"))), None),
        programmes=_some(view, run["Programme"]),
        decisions=_some(view, run["GrantDecision"]),
        documents=_some(view, catalog.pointing(view.thing, f"{DCTERMS}publisher")),
    )


def _some(view: View, things: list[NamedNode]) -> Some:
    return Some(view.mention(things[:MOST_OF_A_KIND]), len(things))
