"""Which things are in a list with some filters, and how many there would be with another one."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from pyoxigraph import NamedNode

from nichiiki_ld.list_index import Shelf
from nichiiki_ld.listing import Choice, Listing, usable
from nichiiki_ld.lists import CORRECTIONS, PROJECTS, prefixes_of
from nichiiki_ld.namespaces import SKOS
from nichiiki_ld.positions import Positions
from nichiiki_ld.web.lists.kept import Kept
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.site import Site

MOST_KEPT = 500_000
"""Numbers of things in all the lists that are kept for the next request."""


@dataclass(frozen=True, slots=True)
class Members:
    """The things of a list.

    Attributes:
        numbers: In the order of the list.
        projects: Number of a thing → how many of its projects agree with the filters, where they are counted.
    """

    shelf: Shelf
    numbers: Sequence[int]
    projects: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.numbers)

    def entries(self, first: int = 0, last: int | None = None) -> tuple[NamedNode, ...]:
        """Return the things from one place in the list up to before another."""
        return tuple(map(NamedNode, self.shelf.iris(self.numbers[first:last])))

    def counts(self, first: int = 0, last: int | None = None) -> Mapping[NamedNode, int]:
        """Return how many projects of each of these things agree with the filters."""
        found = self.entries(first, last)
        numbers = self.numbers[first:last]
        return {each: self.projects.get(number, 0) for each, number in zip(found, numbers, strict=True)}


class Lists:
    """The lists of a release.

    Attributes:
        values: Facet → name of a value in an address → the value in a query.
    """

    def __init__(self, site: Site) -> None:
        """Read what the lists can be filtered by."""
        self._site = site
        self._kept = Kept(MOST_KEPT)
        self.prefixes = prefixes_of(site.base)
        known = {
            "theme": site.catalog.instances(NamedNode(f"{SKOS}Concept")),
            "prefecture": site.catalog.instances(NamedNode(site.own("Prefecture"))),
            "programme": [],
            "call": site.catalog.instances(NamedNode(site.own("Call"))),
        }
        projects = site.lists.shelf(PROJECTS.name)
        self.values: Mapping[str, Mapping[str, str]] = {
            facet: _by_name(facet, {*projects.facet(facet), *(each.value for each in things)})
            for facet, things in known.items()
        } | {
            "municipality": _by_name("municipality", (each.value for each in site.around.containers)),
            "kind": {
                each: each
                for each in site.lists.shelf(CORRECTIONS.name).facet("kind")
                if usable("kind", each)
            },
        }

    @property
    def exist(self) -> bool:
        """Whether there is anything to list."""
        return bool(self._site.manifest["counts"].get("Project"))

    def members(self, listing: Listing, choice: Choice) -> Members:
        """Return the things of a list, as its query has them."""
        return self._kept.get(
            (listing.name, choice.key),
            lambda: self._members(listing, choice),
            len,
        )

    def counts(self, listing: Listing, choice: Choice, facet: str) -> Mapping[str, int]:
        """Return value of a facet → how many things of the list have it, all other filters kept."""
        return self._kept.get(
            (listing.name, choice.without(facet).key, facet),
            lambda: self._count(listing, choice.without(facet), facet),
            len,
        )

    def latest(self, listing: Listing, choice: Choice, most: int) -> tuple[NamedNode, ...]:
        """Return the latest things of a list."""
        members = self.members(listing, choice)
        wanted = set(members.numbers)
        numbers = [number for number in members.shelf.latest() if number in wanted]
        return tuple(map(NamedNode, members.shelf.iris(numbers[:most])))

    # --- asking

    def _places(self, listing: Listing, choice: Choice) -> Positions:
        """Return the places that agree with all filters."""
        shelf = self._site.lists.shelf(listing.name)
        found = shelf.everywhere
        chosen = {facet: choice.values[facet] for facet in listing.filters if choice.values.get(facet)}
        for facet, values in chosen.items():
            having = shelf.facet(facet)
            found &= reduce(or_, (having.get(value, 0) for value in values))
        if listing.needs_link and not choice.everything:
            found &= shelf.tied
        return found

    def _members(self, listing: Listing, choice: Choice) -> Members:
        shelf = self._site.lists.shelf(listing.name)
        places = self._places(listing, choice)
        if not listing.counts:
            return Members(shelf, array("I", dict.fromkeys(shelf.entries(places))))
        projects = Counter(shelf.entries(places & shelf.tied))
        numbers = sorted({*shelf.entries(places)}, key=lambda number: (-projects[number], number))
        return Members(shelf, array("I", numbers), projects)

    def _count(self, listing: Listing, others: Choice, facet: str) -> Mapping[str, int]:
        shelf = self._site.lists.shelf(listing.name)
        places = self._places(listing, others)
        counts = {value: shelf.count(places & having) for value, having in shelf.facet(facet).items()}
        return {value: number for value, number in counts.items() if number}


def name_of_value(value: str) -> str:
    """Return how an address names a value of a facet: the last part of an IRI."""
    return value.rpartition("/")[2]


def _by_name(facet: str, things: Iterable[str]) -> dict[str, str]:
    values = sorted(each for each in things if usable(facet, each))
    return {name_of_value(each): each for each in values if name_of_value(each)}


@once_per_release
def lists_of(site: Site) -> Lists:
    """Return the lists of a release."""
    return Lists(site)
