"""Records of what comes from no document: areas, programmes, agencies, links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from nichiiki_ld import iri
from nichiiki_ld.errors import UnknownPlace
from nichiiki_ld.model import Area, AreaKind, Linkset, Programme

Record = dict[str, Any]
"""A JSON object whose keys are terms of the context."""


def register_records(areas: Sequence[Area]) -> Iterator[Record]:
    """Yield one record for each area, every part pointing to the area it lies in."""
    cities = {(area.prefecture, area.name): area for area in areas if area.kind is AreaKind.DESIGNATED_CITY}
    for area in areas:
        record: Record = {
            "id": iri.area(area),
            "type": _AREA_CLASS.get(area.kind, "Municipality"),
            "label": {"ja": area.name, "ja-hrkt": area.reading},
            "localGovernmentCode": area.code,
        }
        if area.english_name:
            record["label"]["en"] = area.english_name
        if area.kind is not AreaKind.PREFECTURE:
            record["kind"] = area.kind.value
        if container := _container(area, cities):
            record["isPartOf"] = container
        if area.district:
            record["district"] = {"ja": area.district}
        for key, value in (
            ("corporateNumber", area.corporate_number),
            ("iso3166-2", area.iso3166_2),
            ("latitude", canonical_decimal(area.latitude)),
            ("longitude", canonical_decimal(area.longitude)),
            ("website", area.website),
        ):
            if value:
                record[key] = value
        yield record


def canonical_decimal(text: str) -> str:
    """Return a decimal number without zeros that say nothing: `39.718600` is `39.7186`.

    Engines keep the value of an `xsd:decimal`, not how it was written; in this form both are the same.

    Source:
        XML Schema 1.1 Part 2, section 3.3.3, canonical representation.
    """
    return format(Decimal(text).normalize(), "f") if text else ""


_AREA_CLASS = {AreaKind.PREFECTURE: "Prefecture", AreaKind.WARD: "Ward"}


def _container(area: Area, cities: dict[tuple[str | None, str], Area]) -> str | None:
    if area.kind is AreaKind.PREFECTURE:
        return None
    if area.kind is AreaKind.WARD:
        city = next(
            (c for (p, name), c in cities.items() if p == area.prefecture and area.name.startswith(name)),
            None,
        )
        if city is None:
            raise UnknownPlace(
                f"the ward {area.name} lies in no designated city", where=f"register, {area.code}"
            )
        return iri.area(city)
    return iri.area_by_code(area.prefecture or "", prefecture=True)


def programme_records(programmes: Iterable[Programme]) -> Iterator[Record]:
    """Yield each programme, and each agency once."""
    agencies: dict[str, Record] = {}
    for programme in programmes:
        agency = iri.organization(programme.agency.corporate_number)
        agencies[agency] = {
            "id": agency,
            "type": "Agency",
            "label": dict(programme.agency.name),
            "corporateNumber": programme.agency.corporate_number,
            **({"website": programme.agency.website} if programme.agency.website else {}),
        }
        yield {
            "id": iri.programme(programme.id),
            "type": "Programme",
            "label": dict(programme.name),
            "description": dict(programme.description),
            "agency": agency,
            **({"website": programme.website} if programme.website else {}),
        }
    yield from agencies.values()


def link_records(linkset: Linkset) -> Iterator[Record]:
    """Yield the links of a table that are not refused."""
    for link in linkset.links:
        if not link.refused:
            yield {"id": link.subject, link.predicate: [{"id": link.object}]}
