"""What a request asks of a list: its filters, checked against the data, and the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from nichiiki_ld.listing import Choice, Listing
from nichiiki_ld.web.lists.members import Lists, name_of_value

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

EVERYTHING = "all"
"""Value of `scope` that asks for areas without a project too."""

_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Selection:
    """A list as somebody asks for it.

    Attributes:
        unknown: Parameters whose value there is not: name and value.
        page: From 1.
    """

    listing: Listing
    choice: Choice
    unknown: tuple[tuple[str, str], ...] = ()
    page: int = 1

    def address(self, choice: Choice | None = None, *, page: int = 1, extension: str = "") -> str:
        """Return the name of this list with another choice, page or extension, its parameters in one order."""
        asked = self.choice if choice is None else choice
        parameters = [
            (facet, name_of_value(value))
            for facet in self.listing.filters
            for value in asked.values.get(facet, ())
        ]
        if asked.everything:
            parameters.append(("scope", EVERYTHING))
        if page > 1:
            parameters.append(("page", str(page)))
        name = f"{self.listing.name}.{extension}" if extension else self.listing.name
        return f"{name}?{urlencode(parameters)}" if parameters else name

    @property
    def is_narrow(self) -> bool:
        """Whether it has more than one value, or one that there is not: one of more such lists than anybody can read."""
        return sum(map(len, self.choice.values.values())) > 1 or bool(self.unknown)

    def toggled(self, facet: str, value: str) -> Choice:
        """Return the choice with a value of a facet more, or less if it is chosen."""
        chosen = self.choice.values.get(facet, ())
        others = tuple(each for each in chosen if each != value)
        wanted = others if value in chosen else tuple(sorted((*chosen, value)))
        return Choice({**self.choice.values, facet: wanted}, self.choice.everything)


def read_selection(lists: Lists, listing: Listing, parameters: MultiDict[str, str]) -> Selection:
    """Return what the parameters of a request ask for. Parameters that no list has are passed over."""
    values: dict[str, tuple[str, ...]] = {}
    unknown: list[tuple[str, str]] = []
    for facet in listing.filters:
        known = lists.values[facet]
        asked = [each for each in parameters.getlist(facet) if each]
        values[facet] = tuple(sorted({known[each] for each in asked if each in known}))
        unknown += [(facet, each) for each in dict.fromkeys(asked) if each not in known]
    scope = parameters.get("scope", "") if listing.needs_link else ""
    if scope not in ("", EVERYTHING):
        unknown.append(("scope", scope))
    asked_page = parameters.get("page", "1")
    digits = asked_page.isascii() and asked_page.isdecimal() and len(asked_page) <= _MOST_DIGITS
    page = int(asked_page) if digits else 0
    if page < 1:
        unknown.append(("page", asked_page))
    return Selection(listing, Choice(values, scope == EVERYTHING), tuple(unknown), max(page, 1))
