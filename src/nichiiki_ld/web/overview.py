"""What the home page tells of a release with projects: how many, where, what about, and what is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

from flask_babel import gettext, pgettext
from pyoxigraph import NamedNode

from nichiiki_ld.list_index import Shelf
from nichiiki_ld.lists import CORRECTIONS
from nichiiki_ld.neighbourhood import Neighbourhood
from nichiiki_ld.web import japan, linking, maps
from nichiiki_ld.web.naming import Value
from nichiiki_ld.web.page import Ruling
from nichiiki_ld.web.pages import call
from nichiiki_ld.web.pages.call import CallPage
from nichiiki_ld.web.pages.view import Cards, View
from nichiiki_ld.web.site import Site

MOST_CARDS = 20
"""Up to so many projects are all told."""

NEWEST = 12
"""So many are told of more."""

MOST_BARS = 20
MOST_DOTS = 100
MOST_PLACES = 8
"""So many municipalities of a prefecture are named."""

MOST_EXAMPLES = 100
"""Among so many corrections one is chosen to be shown."""


@dataclass(frozen=True, slots=True)
class Number:
    """How many of something there are, and where they are listed; empty where they are not."""

    name: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Prefecture:
    """A prefecture on the map.

    Attributes:
        href: Its projects; its own page where it has none.
        path: Its outline; empty where no front end was built.
        step: Of the shading, from 1; 0 without projects.
        places: Its municipalities with projects, or the first of them.
        more: How many others there are.
        areas: Where all are listed.
    """

    code: str
    value: Value
    href: str
    path: str
    projects: int
    step: int
    places: tuple[Value, ...]
    more: int
    areas: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A theme with its number of projects.

    Attributes:
        percent: Of the most frequent theme's number.
    """

    theme: Value
    projects: int
    percent: float
    href: str


@dataclass(frozen=True, slots=True)
class Download:
    """A table: its name, its length in bytes, and its address."""

    name: str
    size: int
    href: str


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest call, and where its projects are listed."""

    call: Value
    told: CallPage
    href: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the home page shows.

    Attributes:
        steps: First and last number of each step of the shading.
        points: Municipalities with projects; none where they are too many to draw.
        more_themes: How many themes with projects there is no bar for.
        correction: An example.
        cards: All projects, or the newest.
    """

    numbers: tuple[Number, ...]
    prefectures: tuple[Prefecture, ...]
    steps: tuple[tuple[int, int], ...]
    points: tuple[japan.Located, ...]
    themes: tuple[Bar, ...]
    more_themes: int
    newest: Newest | None
    correction: Ruling | None
    corrections: int
    cards: Cards
    downloads: tuple[Download, ...]

    @property
    def has_map(self) -> bool:
        """Whether there are outlines to draw."""
        return any(each.path for each in self.prefectures)


def read(site: Site, language: str) -> Overview | None:
    """Return what the home page shows in a language; None for a release without projects."""
    around = site.around
    if not around.all_projects:
        return None
    calls = _newest_first(site)
    projects = list(islice(_in_order(around, calls), MOST_CARDS + 1))
    view = View(site, projects[0].value, language)
    prefectures = _prefectures(view)
    areas = _areas(around)
    themes = _bars(view)
    corrections = site.lists.shelf(CORRECTIONS.name)
    cards = view.cards(tuple(projects if len(projects) <= MOST_CARDS else projects[:NEWEST]))
    return Overview(
        numbers=tuple(_numbers(view, areas, sum(each.projects > 0 for each in prefectures))),
        prefectures=prefectures,
        steps=tuple(japan.steps(each.projects for each in prefectures)),
        points=tuple(view.points(areas)) if len(areas) <= MOST_DOTS else (),
        themes=themes[:MOST_BARS],
        more_themes=len(themes[MOST_BARS:]),
        newest=_newest(view, calls),
        correction=_example(view, corrections),
        corrections=corrections.total,
        cards=replace(cards, total=len(around.all_projects)),
        downloads=tuple(_downloads(view)),
    )


def _newest_first(site: Site) -> list[NamedNode]:
    """Return the calls; those that were decided last come first, then those of the later year.

    A call whose decision was not announced is as new as the day on which it closed.
    """
    calls = site.catalog.instances(NamedNode(site.own("Call")))
    facts = site.catalog.about(calls)
    decisions = site.catalog.about(site.catalog.instances(NamedNode(site.own("GrantDecision"))))

    def age(each: NamedNode) -> tuple[str, str, str]:
        announced = (
            decisions.text(decision, site.own("announced"))
            for decision in decisions.subjects(site.own("call"), each)
        )
        return (
            max(announced, default="") or facts.text(each, site.own("applicationCloses")),
            facts.text(each, site.own("fiscalYear")),
            each.value,
        )

    return sorted(calls, key=age, reverse=True)


def _in_order(around: Neighbourhood, calls: Iterable[NamedNode]) -> Iterator[NamedNode]:
    """Yield the first projects: those of the first call, of the next, and of none."""
    told: set[NamedNode] = set()
    for some in chain(map(around.projects, calls), [around.all_projects]):
        for project in some[: MOST_CARDS + 1 + len(told)]:
            if project not in told:
                told.add(project)
                yield project


def _areas(around: Neighbourhood) -> list[NamedNode]:
    """Return the municipalities and wards that projects name."""
    return [area for area in around.named("area") if area in around.containers]


def _prefectures(view: View) -> tuple[Prefecture, ...]:
    around = view.around
    nodes = view.site.catalog.instances(NamedNode(view.own("Prefecture")))
    counts = [len(around.projects_within(each)) for each in nodes]
    ranges = japan.steps(counts)
    outlines = maps.outlines()
    found = []
    for node, value, number in zip(nodes, view.mention(nodes), counts, strict=True):
        places = [each for each in around.within(node) if each != node and around.has_projects(each)]
        listed = view.listed("projects", prefecture=node) if number else ""
        found.append(
            Prefecture(
                code=value.code,
                value=value,
                href=listed or value.href or "",
                path=outlines.get(value.code, ""),
                projects=number,
                step=japan.step_of(number, ranges),
                places=view.mention(places[:MOST_PLACES]),
                more=len(places[MOST_PLACES:]),
                areas=view.listed("areas", prefecture=node) if number else "",
            )
        )
    return tuple(found)


def _bars(view: View) -> tuple[Bar, ...]:
    counts = sorted(
        ((number, theme) for theme, number in view.around.named("theme").items()),
        key=lambda each: (-each[0], each[1].value),
    )
    return tuple(
        Bar(value, number, round(100 * number / counts[0][0], 2), view.listed("projects", theme=theme))
        for value, (number, theme) in zip(view.mention(theme for _, theme in counts), counts, strict=True)
    )


def _numbers(view: View, areas: list[NamedNode], prefectures: int) -> list[Number]:
    counts = view.site.manifest["counts"]
    found = [
        Number(gettext("プロジェクト"), len(view.around.all_projects), view.listed("projects")),
        *_programmes(counts),
        Number(gettext("コンソーシアム"), counts.get("Consortium", 0), view.listed("consortia")),
        Number(gettext("実施市区町村"), len(areas), view.listed("areas")),
        Number(gettext("実施都道府県"), prefectures, "#prefectures"),
        Number(
            gettext("原資料の訂正"), view.site.lists.shelf(CORRECTIONS.name).total, view.listed("corrections")
        ),
        Number(gettext("トリプル"), counts.get("triples", 0), linking.page("dumps/")),
    ]
    return [each for each in found if each.number]


def _programmes(counts: Mapping[str, int]) -> list[Number]:
    """Return how many programmes and calls there are, once there is more than one."""
    return [
        Number(name, counts.get(class_, 0), "")
        for name, class_ in (
            (pgettext("number of", "事業"), "Programme"),
            (pgettext("number of", "募集"), "Call"),
        )
        if counts.get(class_, 0) > 1
    ]


def _newest(view: View, calls: list[NamedNode]) -> Newest | None:
    if not calls:
        return None
    newest = View(view.site, calls[0].value, view.language)
    (value,) = newest.mention(calls[:1])
    return Newest(value, call.read(newest), view.listed("projects", call=calls[0]))


def _example(view: View, corrections: Shelf) -> Ruling | None:
    """Return the correction with most evidence among the first."""
    first = map(NamedNode, corrections.iris(range(min(corrections.total, MOST_EXAMPLES))))
    evidence = NamedNode(view.own("evidence"))
    chosen = max(first, key=lambda each: len({*view.site.store.triples(each, evidence)}), default=None)
    return next(iter(view.judgements([chosen])), None) if chosen else None


def _downloads(view: View) -> list[Download]:
    files = view.site.manifest["files"]
    names = {
        "projects": gettext("プロジェクト"),
        "consortia": gettext("コンソーシアム"),
        "areas": gettext("実施地域"),
        "themes": gettext("テーマ"),
        "corrections": gettext("原資料の訂正"),
    }
    ending = ".csv" if view.language == "ja" else f".{view.language}.csv"
    return [
        Download(name, files[file]["bytes"], linking.path(f"dumps/{file}"))
        for each, name in names.items()
        if (file := f"tables/{each}{ending}") in files
    ]
