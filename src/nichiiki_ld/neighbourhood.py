"""Which projects areas, themes, calls and consortia have, and what lies near what.

Nothing here grows with the number of projects but sets of their positions; what they are called is
read from the release when somebody looks at them.

Source: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984), for distances;
H. Moritz, "Geodetic Reference System 1980", for the mean radius of the Earth.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import overload

from pyoxigraph import Literal, NamedNode

from nichiiki_ld.catalog import Triples, nodes_of
from nichiiki_ld.iri import ONTOLOGY
from nichiiki_ld.list_index import ListIndex, Shelf
from nichiiki_ld.lists import PROJECTS
from nichiiki_ld.namespaces import DCTERMS
from nichiiki_ld.positions import Positions, pack, shared, unpack

EARTH_RADIUS_KM = 6371.0088

MOST_THEMES = 30
"""Of one project, by which others are compared with it; data of others may have any number."""

_RELATIONS = ("theme", "area", "call", "decision")
"""How projects are related to what the index knows their sets for."""

Nodes = tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the Earth, in decimal degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Near:
    """An area and how far away it is, in kilometres."""

    area: NamedNode
    km: float


def distance_km(one: Position, other: Position) -> float:
    """Return the length of the shortest way over the surface of a sphere."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


class Projects(Sequence[NamedNode]):
    """Some of the projects, sorted by IRI. Only those that are looked at are read."""

    def __init__(self, shelf: Shelf, positions: Positions) -> None:
        """Choose projects by their positions in the list of all."""
        self._shelf = shelf
        self.positions = positions

    def __len__(self) -> int:
        """Return how many there are."""
        return self.positions.bit_count()

    @overload
    def __getitem__(self, index: int) -> NamedNode: ...

    @overload
    def __getitem__(self, index: slice) -> Nodes: ...

    def __getitem__(self, index: int | slice) -> NamedNode | Nodes:
        """Return one of them, or several, read in one step."""
        wanted = range(len(self))[index]
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        if wanted.step != 1:
            return tuple(self)[index]
        numbers = islice(unpack(self.positions), wanted.start, wanted.stop)
        return tuple(map(NamedNode, self._shelf.iris(numbers)))

    def __iter__(self) -> Iterator[NamedNode]:
        """Yield them."""
        return iter(self[:])

    def __contains__(self, project: object) -> bool:
        """Tell whether a project is one of them."""
        number = self._shelf.number(project.value) if isinstance(project, NamedNode) else None
        return number is not None and bool(self.positions >> number & 1)

    def without(self, project: NamedNode) -> Projects:
        """Return all but one."""
        return Projects(self._shelf, self.positions & ~self._position(project))

    def _position(self, project: NamedNode) -> Positions:
        number = self._shelf.number(project.value)
        return 0 if number is None else 1 << number


class Neighbourhood:
    """The projects of a release and what they share.

    Attributes:
        all_projects: Every project.
        containers: What an area lies in.
        members: What lies in an area and in no smaller one, sorted by code.
        positions: Where an area's office is.
    """

    def __init__(self, store: Triples, lists: ListIndex, base: str) -> None:
        """Read where areas lie; everything else is looked up."""
        self._store = store
        self._lists = lists
        self._shelf = lists.shelf(PROJECTS.name)
        self._own = f"{base}{ONTOLOGY}#"
        self.all_projects = Projects(self._shelf, self._shelf.everywhere)
        coded = nodes_of(t.subject for t in store.triples(None, self._term("localGovernmentCode")))
        self.containers = {
            area: container
            for area in coded
            for container in self._objects(area, NamedNode(f"{DCTERMS}isPartOf"))[-1:]
        }
        self.members = _inverse(self.containers)
        self.positions = self._positions()

    # --- projects

    def projects(self, thing: NamedNode) -> Projects:
        """Return the projects that name a thing as area, theme, call, decision or applicant."""
        found = self._having(thing) or pack(self._applied(thing), len(self.all_projects))
        return Projects(self._shelf, found)

    def has_projects(self, area: NamedNode) -> bool:
        """Tell whether projects name an area."""
        return area.value in self._shelf.facet("area")

    def areas(self, project: NamedNode) -> Nodes:
        """Return the areas of a project, sorted by IRI."""
        return self._objects(project, self._term("area"))

    def themes(self, project: NamedNode) -> Nodes:
        """Return the themes of a project, sorted by IRI."""
        return self._objects(project, self._term("theme"))

    def named(self, relation: str) -> dict[NamedNode, int]:
        """Return what projects name as area, theme, call or decision, sorted by IRI, with the number of projects."""
        found = self._shelf.facet(relation)
        return {NamedNode(iri): places.bit_count() for iri, places in found.items()}

    def _having(self, thing: NamedNode) -> Positions:
        found = 0
        for relation in _RELATIONS:
            found |= self._shelf.facet(relation).get(thing.value, 0)
        return found

    def _applied(self, applicant: NamedNode) -> Iterator[int]:
        for triple in self._store.triples(None, self._term("applicant"), applicant):
            if isinstance(triple.subject, NamedNode):
                number = self._shelf.number(triple.subject.value)
                if number is not None:
                    yield number

    # --- documents

    def rows(self, document: NamedNode) -> Nodes:
        """Return the rows of a document in the order of their numbers."""
        return self._lists.parts(document.value, "rows")

    def contradictions(self, document: NamedNode) -> Nodes:
        """Return what a document contradicts itself in."""
        return self._lists.parts(document.value, "contradictions")

    def decisions(self, document: NamedNode) -> Nodes:
        """Return the corrections and confirmations of words that a document prints outside its table."""
        return self._lists.parts(document.value, "decisions")

    def misprints(self, document: NamedNode) -> int:
        """Return how many words of a document were corrected, in its rows and outside them."""
        return self._lists.count_of_parts(document.value, "misprints")

    def excluded_rows(self, document: NamedNode) -> int:
        """Return how many rows of a document are no projects, as somebody decided."""
        return self._lists.count_of_parts(document.value, "excluded")

    def calls(self, document: NamedNode) -> Nodes:
        """Return the calls that a document tells of."""
        return self._lists.parts(document.value, "calls")

    # --- areas

    def top(self, area: NamedNode) -> NamedNode:
        """Return the largest area that an area lies in: its prefecture, or itself."""
        passed = set()
        while area in self.containers and area not in passed:
            passed.add(area)
            area = self.containers[area]
        return area

    def within(self, area: NamedNode) -> Nodes:
        """Return an area and all that lies in it, sorted by IRI."""
        found = {area}
        waiting = [area]
        while waiting:
            inside = [each for each in self.members.get(waiting.pop(), ()) if each not in found]
            found.update(inside)
            waiting += inside
        return nodes_of(found)

    def projects_within(self, *areas: NamedNode) -> Projects:
        """Return the projects of some areas and of all that lies in them."""
        known = self._shelf.facet("area")
        found = 0
        for area in areas:
            for part in self.within(area):
                found |= known.get(part.value, 0)
        return Projects(self._shelf, found)

    def nearest(self, area: NamedNode, most: int) -> list[Near]:
        """Return the municipalities with projects that are nearest to an area, which is not one of them."""
        here = self.positions.get(area)
        if here is None:
            return []
        found = [
            Near(other, distance_km(here, self.positions[other]))
            for other in self.positions
            if self.has_projects(other) and other in self.containers and other != area
        ]
        return sorted(found, key=lambda each: (each.km, each.area.value))[:most]

    def akin(self, area: NamedNode, most: int) -> list[tuple[NamedNode, Nodes]]:
        """Return the areas whose projects share most themes with those of an area, and the themes."""
        areas, themes = self._shelf.facet("area"), self._shelf.facet("theme")
        own = areas.get(area.value, 0)
        others = [places & ~own for places in themes.values() if places & own]
        names = [theme for theme, places in themes.items() if places & own]
        found: list[tuple[int, str, list[str]]] = []
        for other, places in areas.items():
            if other != area.value and places & ~own:
                theirs = [name for name, having in zip(names, others, strict=True) if having & places]
                if theirs:
                    found.append((-len(theirs), other, theirs))
        return [(NamedNode(other), tuple(map(NamedNode, each))) for _, other, each in sorted(found)[:most]]

    def alike(self, project: NamedNode, most: int) -> list[tuple[NamedNode, Nodes]]:
        """Return the other projects that share most themes with one, and the themes."""
        themes = self.themes(project)[:MOST_THEMES]
        having = [self._shelf.facet("theme").get(each.value, 0) for each in themes]
        own = Projects(self._shelf, self._shelf.everywhere).without(project).positions
        numbers: list[int] = []
        for positions in shared(having):
            numbers += islice(unpack(positions & own), most - len(numbers))
        return [
            (
                NamedNode(iri),
                tuple(theme for theme, places in zip(themes, having, strict=True) if places >> number & 1),
            )
            for number, iri in zip(numbers, self._shelf.iris(numbers), strict=True)
        ]

    def themes_of(self, area: NamedNode) -> list[tuple[NamedNode, int]]:
        """Return the themes of the projects in an area with their number, the most frequent first."""
        inside = self.projects_within(area).positions
        counts = {
            theme: (places & inside).bit_count() for theme, places in self._shelf.facet("theme").items()
        }
        ordered = sorted((-number, theme) for theme, number in counts.items() if number)
        return [(NamedNode(theme), -number) for number, theme in ordered]

    # --- reading

    def _term(self, name: str) -> NamedNode:
        return NamedNode(f"{self._own}{name}")

    def _objects(self, subject: NamedNode, predicate: NamedNode) -> Nodes:
        return nodes_of(t.object for t in self._store.triples(subject, predicate))

    def _numbers(self, predicate: str) -> dict[NamedNode, float]:
        found: dict[NamedNode, float] = {}
        for triple in self._store.triples(None, self._term(predicate)):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
                try:
                    number = float(triple.object.value)
                except ValueError:
                    continue
                if math.isfinite(number):
                    found[triple.subject] = number
        return found

    def _positions(self) -> dict[NamedNode, Position]:
        latitudes, longitudes = self._numbers("latitude"), self._numbers("longitude")
        return {
            area: Position(latitudes[area], longitudes[area])
            for area in nodes_of(latitudes.keys() & longitudes.keys())
        }


def _inverse(containers: Mapping[NamedNode, NamedNode]) -> dict[NamedNode, Nodes]:
    """Return container → what lies in it."""
    found: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
    for area, container in containers.items():
        found[container].append(area)
    return {container: nodes_of(areas) for container, areas in found.items()}
