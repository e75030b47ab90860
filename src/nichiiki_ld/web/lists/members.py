"""Which things are in a list, by its query, and how many there would be with another filter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from nichiiki_ld.iri import ONTOLOGY, THEMES
from nichiiki_ld.listing import Choice, Listing, members_query, usable
from nichiiki_ld.namespaces import DCTERMS, RDFS, SKOS
from nichiiki_ld.neighbourhood import Neighbourhood
from nichiiki_ld.store import Term
from nichiiki_ld.web.lists.kept import Kept
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.pages.view import neighbourhood_of
from nichiiki_ld.web.site import Site

MOST_KEPT = 500_000
"""Things in all the lists that are kept for the next request."""


@dataclass(frozen=True, slots=True)
class Members:
    """The things of a list.

    Attributes:
        entries: In the order of the list.
        projects: How many projects of each agree with the filters, where they are counted.
    """

    entries: tuple[NamedNode, ...]
    projects: Mapping[NamedNode, int] = field(default_factory=dict)


class Lists:
    """The lists of a release.

    Attributes:
        values: Facet → name of a value in an address → the value in a query.
    """

    def __init__(self, site: Site, around: Neighbourhood) -> None:
        """Read what the lists can be filtered by."""
        self._site = site
        self._around = around
        self._kept = Kept(MOST_KEPT)
        base = site.base
        self.prefixes = {
            "call": f"{base}call/",
            "dcterms": DCTERMS,
            "nichiiki": f"{base}{ONTOLOGY}#",
            "prefecture": f"{base}prefecture/",
            "rdfs": RDFS,
            "skos": SKOS,
            "theme": f"{base}{THEMES}/",
        }
        self._calls = self._objects("call", around.all_projects)
        self._kinds: dict[NamedNode, str] = {}
        for each in site.catalog.instances(NamedNode(site.own("Correction"))):
            for triple in site.store.triples(each, NamedNode(site.own("field"))):
                if isinstance(triple.object, Literal):
                    self._kinds[each] = kind_of(triple.object.value)
        self._rows = self._objects("row", self._kinds)
        of_rows: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
        for project, rows in self._objects("row", around.all_projects).items():
            for row in rows:
                of_rows[row].append(project)
        self._of_rows = of_rows
        themes = {each for found in around.themes.values() for each in found}
        self._prefectures = frozenset(site.catalog.instances(NamedNode(site.own("Prefecture"))))
        self.values: Mapping[str, Mapping[str, str]] = {
            "theme": _by_name("theme", {*site.catalog.instances(NamedNode(f"{SKOS}Concept")), *themes}),
            "prefecture": _by_name("prefecture", self._prefectures),
            "call": _by_name("call", site.catalog.instances(NamedNode(site.own("Call")))),
            "kind": {each: each for each in sorted(set(self._kinds.values())) if usable("kind", each)},
        }

    @property
    def exist(self) -> bool:
        """Whether there is anything to list."""
        return bool(self._around.all_projects)

    def members(self, listing: Listing, choice: Choice) -> Members:
        """Return the things of a list, as its query has them."""
        return self._kept.get(
            (listing.name, choice.key),
            lambda: self._ask(listing, choice),
            lambda found: len(found.entries),
        )

    def counts(self, listing: Listing, choice: Choice, facet: str) -> Mapping[str, int]:
        """Return value of a facet → how many things of the list have it, all other filters kept."""
        return self._kept.get(
            (listing.name, choice.without(facet).key, facet),
            lambda: self._count(listing, choice.without(facet), facet),
            len,
        )

    # --- asking

    def _ask(self, listing: Listing, choice: Choice) -> Members:
        # Sorted here: the engine takes longer to sort IRIs than to find them.
        projects: defaultdict[NamedNode, int] = defaultdict(int)
        ranks: dict[NamedNode, list[tuple[float, str]]] = {}
        for row in self._site.store.select(members_query(listing, choice, self.prefixes)):
            entry = row[listing.entry]
            if isinstance(entry, NamedNode):
                projects[entry] += "project" in row
                ranks[entry] = [_rank(row.get(each)) for each in listing.rank]
        counted = dict(projects) if listing.counts else {}
        return Members(
            tuple(sorted(ranks, key=lambda each: (-counted.get(each, 0), ranks[each], each.value))), counted
        )

    def _count(self, listing: Listing, others: Choice, facet: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for entry in self.members(listing, others).entries:
            found.update(self._values(listing, entry, others, facet))
        return found

    def _values(self, listing: Listing, entry: NamedNode, others: Choice, facet: str) -> set[str]:
        """Return the values of a facet that a thing has of itself, or through the projects that agree with all others."""
        if facet == "kind":
            return {self._kinds[entry]} if entry in self._kinds else set()
        if facet == "prefecture" and listing.entry == "area":
            return self._prefecture(entry)
        own = {"kind", "prefecture"} if listing.entry == "area" else {"kind"}
        wanted = {name: set(values) for name, values in others.values.items() if values and name not in own}
        return {
            value
            for project in self._projects(listing, entry)
            if all(wanted[name] & self._of_project(project, name) for name in wanted)
            for value in self._of_project(project, facet)
        }

    def _projects(self, listing: Listing, entry: NamedNode) -> Iterable[NamedNode]:
        if listing.entry == "project":
            return (entry,)
        if listing.entry == "correction":
            return (each for row in self._rows.get(entry, ()) for each in self._of_rows.get(row, ()))
        return self._around.projects.get(entry, ())

    def _of_project(self, project: NamedNode, facet: str) -> set[str]:
        if facet == "theme":
            return {each.value for each in self._around.themes.get(project, ())}
        if facet == "call":
            return {each.value for each in self._calls.get(project, ())}
        return {each for area in self._around.areas.get(project, ()) for each in self._prefecture(area)}

    def _prefecture(self, area: NamedNode) -> set[str]:
        top = self._around.top(area)
        return {top.value} if top in self._prefectures else set()

    def _objects(self, term: str, subjects: Iterable[NamedNode]) -> dict[NamedNode, list[NamedNode]]:
        predicate = NamedNode(self._site.own(term))
        found = {}
        for subject in subjects:
            objects = {t.object for t in self._site.store.triples(subject, predicate)}
            found[subject] = [each for each in objects if isinstance(each, NamedNode)]
        return found


def _rank(term: Term | None) -> tuple[float, str]:
    """Return what a term is sorted by: a number by its size, an IRI by its text."""
    if isinstance(term, Literal):
        try:
            return (float(term.value), "")
        except ValueError:
            return (0.0, term.value)
    return (0.0, term.value if isinstance(term, NamedNode) else "")


def kind_of(field_name: str) -> str:
    """Return what kind of cell a field is: `name` of `name-5`."""
    stem, _, number = field_name.rpartition("-")
    return stem if stem and number.isascii() and number.isdecimal() else field_name


def name_of_value(value: str) -> str:
    """Return how an address names a value of a facet: the last part of an IRI."""
    return value.rpartition("/")[2]


def _by_name(facet: str, things: Iterable[NamedNode]) -> dict[str, str]:
    values = sorted(each.value for each in things if usable(facet, each.value))
    return {name_of_value(each): each for each in values if name_of_value(each)}


@once_per_release
def lists_of(site: Site) -> Lists:
    """Return the lists of a release."""
    return Lists(site, neighbourhood_of(site))
