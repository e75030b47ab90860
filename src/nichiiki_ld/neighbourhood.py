"""Which projects areas, themes, calls and consortia have, and what lies near what.

Read once from a release and kept: a page asks for what would be a query over all of it.

Source: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984), for distances;
H. Moritz, "Geodetic Reference System 1980", for the mean radius of the Earth.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode

from nichiiki_ld.catalog import Triples
from nichiiki_ld.iri import ONTOLOGY
from nichiiki_ld.namespaces import DCTERMS, RDF_TYPE

EARTH_RADIUS_KM = 6371.0088
MOST_COMPARED = 1000
"""So many projects of each theme are looked through for those that share several."""

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


class Neighbourhood:
    """The projects of a release and what they share.

    Attributes:
        all_projects: Every project.
        projects: Projects by what it names as area, theme, call, decision or applicant, sorted by IRI.
        areas, themes: By project, sorted by IRI.
        containers: What an area lies in.
        members: What lies in an area and in no smaller one, sorted by code.
        positions: Where an area's office is.
        rows: The rows of a document in the order of their numbers.
        contradictions, calls: That a document tells of.
    """

    def __init__(self, store: Triples, base: str) -> None:
        """Read a release; what it says of other things than areas and projects is left alone."""
        self._store = store
        self._own = f"{base}{ONTOLOGY}#"
        self.areas = self._objects("area")
        self.themes = self._objects("theme")
        self.all_projects = self._instances("Project")
        self.projects = _inverse(
            [self.areas, self.themes, *map(self._objects, ("call", "decision", "applicant"))],
            self.all_projects,
        )
        coded = {t.subject for t in store.triples(None, self._term("localGovernmentCode"))}
        self.containers = {
            t.subject: t.object
            for t in sorted(store.triples(None, NamedNode(f"{DCTERMS}isPartOf")), key=str)
            if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode) and t.subject in coded
        }
        self.members = _inverse([{area: (whole,) for area, whole in self.containers.items()}])
        self.positions = self._positions()
        documents = self._objects("document")
        self.rows = self._rows(documents)
        self.contradictions = _inverse([documents], self._instances("Contradiction"))
        self.calls = _inverse([documents], self._instances("Call"))

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
        return _sorted(found)

    def projects_within(self, area: NamedNode) -> Nodes:
        """Return the projects of an area and of all that lies in it."""
        return _sorted({each for part in self.within(area) for each in self.projects.get(part, ())})

    def nearest(self, area: NamedNode, most: int) -> list[Near]:
        """Return the municipalities with projects that are nearest to an area, which is not one of them."""
        here = self.positions.get(area)
        if here is None:
            return []
        found = [
            Near(other, distance_km(here, self.positions[other]))
            for other in self.positions
            if other in self.projects and other in self.containers and other != area
        ]
        return sorted(found, key=lambda each: (each.km, each.area.value))[:most]

    def akin(self, area: NamedNode, most: int) -> list[tuple[NamedNode, Nodes]]:
        """Return the areas whose projects share most themes with those of an area, and the themes."""
        shared: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        own = self.projects.get(area, ())
        for theme in {each for project in own for each in self.themes.get(project, ())}:
            for project in islice(self.projects.get(theme, ()), MOST_COMPARED):
                for other in self.areas.get(project, ()):
                    if other != area and project not in own:
                        shared[other].add(theme)
        ordered = sorted(shared, key=lambda other: (-len(shared[other]), other.value))
        return [(other, _sorted(shared[other])) for other in ordered[:most]]

    def alike(self, project: NamedNode, most: int) -> list[tuple[NamedNode, Nodes]]:
        """Return the other projects that share most themes with one, and the themes."""
        shared: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        for theme in self.themes.get(project, ()):
            for other in islice(self.projects.get(theme, ()), MOST_COMPARED):
                if other != project:
                    shared[other].add(theme)
        ordered = sorted(shared, key=lambda other: (-len(shared[other]), other.value))
        return [(other, _sorted(shared[other])) for other in ordered[:most]]

    def themes_of(self, area: NamedNode) -> list[tuple[NamedNode, int]]:
        """Return the themes of the projects in an area with their number, the most frequent first."""
        counts = Counter(
            theme for project in self.projects_within(area) for theme in self.themes.get(project, ())
        )
        return sorted(counts.items(), key=lambda each: (-each[1], each[0].value))

    # --- reading

    def _term(self, name: str) -> NamedNode:
        return NamedNode(f"{self._own}{name}")

    def _instances(self, class_: str) -> frozenset[NamedNode]:
        return frozenset(
            t.subject
            for t in self._store.triples(None, NamedNode(RDF_TYPE), self._term(class_))
            if isinstance(t.subject, NamedNode)
        )

    def _objects(self, predicate: str) -> dict[NamedNode, Nodes]:
        found: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        for triple in self._store.triples(None, self._term(predicate)):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
                found[triple.subject].add(triple.object)
        return {subject: _sorted(objects) for subject, objects in found.items()}

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
            for area in _sorted(latitudes.keys() & longitudes.keys())
        }

    def _rows(self, documents: Mapping[NamedNode, Nodes]) -> dict[NamedNode, Nodes]:
        numbers = self._numbers("number")
        found = _inverse([documents], self._instances("SourceRow"))
        return {
            document: tuple(sorted(rows, key=lambda row: (numbers.get(row, 0), row.value)))
            for document, rows in found.items()
        }


def _inverse(
    relations: Iterable[Mapping[NamedNode, Nodes]], subjects: frozenset[NamedNode] | None = None
) -> dict[NamedNode, Nodes]:
    """Return object → the subjects that relate to it, or those of them that are wanted."""
    found: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for relation in relations:
        for subject, objects in relation.items():
            if subjects is None or subject in subjects:
                for object_ in objects:
                    found[object_].add(subject)
    return {object_: _sorted(each) for object_, each in found.items()}


def _sorted(nodes: Iterable[NamedNode]) -> Nodes:
    return tuple(sorted(nodes, key=lambda node: node.value))
