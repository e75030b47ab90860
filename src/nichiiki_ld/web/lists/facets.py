"""What a list can be filtered by, as a page shows it.

The number beside a value is how many things the list would have if that were the only
value chosen of its facet, with all other filters kept: what a click adds or leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext

from nichiiki_ld.web import linking
from nichiiki_ld.web.lists.members import Lists, name_of_value
from nichiiki_ld.web.lists.selection import Selection
from nichiiki_ld.web.naming import Naming, Value


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet.

    Attributes:
        href: The list with this value more, or less if it is chosen.
    """

    name: Value
    href: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet.

    Attributes:
        href: The list without it; empty where nothing of it is chosen.
    """

    name: str
    title: str
    values: tuple[FacetValue, ...]
    href: str


def facets_of(lists: Lists, selection: Selection, naming: Naming) -> list[FacetView]:
    """Return the facets of a list with the values that something has, and those that are chosen."""
    found = [_facet(lists, selection, naming, facet) for facet in selection.listing.facets]
    # One programme alone is nothing to choose from.
    return [each for each in found if each.name != "programme" or each.href or len(each.values) > 1]


def chosen_values(selection: Selection, naming: Naming) -> Iterator[tuple[str, FacetValue]]:
    """Yield what is chosen, each with the title of its facet and the list without it."""
    for facet in selection.listing.filters:
        for value in selection.choice.values.get(facet, ()):
            href = linking.page(selection.address(selection.toggled(facet, value)))
            yield title_of(facet), FacetValue(name_in_facet(naming, facet, value), href, 0, is_chosen=True)


def _facet(lists: Lists, selection: Selection, naming: Naming, facet: str) -> FacetView:
    counts = lists.counts(selection.listing, selection.choice, facet)
    chosen = selection.choice.values.get(facet, ())
    shown = [each for each in {*counts, *chosen} if each in lists.values[facet].values()]
    values = [
        FacetValue(
            name=name_in_facet(naming, facet, each),
            href=linking.page(selection.address(selection.toggled(facet, each))),
            count=counts.get(each, 0),
            is_chosen=each in chosen,
        )
        for each in sorted(shown, key=lambda value: _order(facet, value, counts.get(value, 0)))
    ]
    without = selection.choice.without(facet)
    return FacetView(
        name=facet,
        title=title_of(facet),
        values=tuple(values),
        href=linking.page(selection.address(without)) if chosen else "",
    )


def _order(facet: str, value: str, count: int) -> tuple[int, str]:
    """Prefectures stand in the order of their codes, as everywhere in Japan; everything else by number."""
    return (0 if facet == "prefecture" else -count, value)


def title_of(facet: str) -> str:
    """Return what a facet is called."""
    titles: dict[str, str] = {
        "theme": gettext("テーマ"),
        "prefecture": gettext("都道府県"),
        "municipality": gettext("市区町村"),
        "programme": gettext("事業"),
        "call": gettext("公募"),
        "kind": gettext("欄"),
    }
    return titles[facet]


def name_in_facet(naming: Naming, facet: str, value: str) -> Value:
    """Return what a value of a facet is called."""
    if facet == "kind":
        return Value(text=title_of_kind(value))
    return replace(naming.name(value), reading="", href=None, code=name_of_value(value))


def title_of_kind(kind: str) -> str:
    """Return what a kind of cells is called; its own word where nobody gave it another."""
    titles: dict[str, str] = {
        "name": gettext("地名"),
        "reading": gettext("読み仮名"),
        "prefecture": gettext("都道府県"),
        "applicant": gettext("応募主体"),
        "title": gettext("題名"),
        "summary": gettext("取組概要"),
        "amount": gettext("金額"),
        "amount-unit": gettext("金額の単位"),
        "number": gettext("番号"),
        "row": gettext("行全体"),
        "page-break": gettext("改ページでの行の区切り"),
        "fiscal-year": gettext("年度"),
        "round": gettext("募集の回"),
        "published-date": gettext("公表日"),
        "office": gettext("担当課"),
        "programme": gettext("事業"),
        "decision-count": gettext("交付決定の数"),
        "application-count": gettext("応募の数"),
        "application-opens": gettext("応募の受付開始"),
        "application-closes": gettext("応募の締切"),
        "previous-decision-date": gettext("前回の交付決定"),
        "telephone": gettext("電話番号"),
    }
    return titles.get(kind, kind)
