"""What the home page tells of a release with projects: how many, where, what about, and what is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from flask_babel import gettext
from pyoxigraph import NamedNode

from nichiiki_ld.neighbourhood import Neighbourhood
from nichiiki_ld.web import japan, linking, maps
from nichiiki_ld.web.page import Ruling, Value
from nichiiki_ld.web.pages import call
from nichiiki_ld.web.pages.call import CallPage
from nichiiki_ld.web.pages.view import Cards, View, neighbourhood_of
from nichiiki_ld.web.site import Site

MOST_CARDS = 20
"""Up to so many projects are all told."""

NEWEST = 12
"""So many are told of more."""

MOST_BARS = 20
MOST_DOTS = 100
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
        places: Its municipalities with projects.
    """

    code: str
    value: Value
    href: str
    path: str
    projects: int
    step: int
    places: tuple[Value, ...]


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
    around = neighbourhood_of(site)
    if not around.all_projects:
        return None
    calls = _newest_first(site)
    projects = list(islice(_in_order(around, calls), MOST_CARDS + 1))
    view = View(site, projects[0].value, language)
    prefectures = _prefectures(view)
    areas = _areas(around)
    themes = _bars(view)
    corrections = site.catalog.instances(NamedNode(site.own("Correction")))
    cards = view.cards(tuple(projects if len(projects) <= MOST_CARDS else projects[:NEWEST]))
    return Overview(
        numbers=tuple(_numbers(view, areas, sum(each.projects > 0 for each in prefectures), corrections)),
        prefectures=prefectures,
        steps=tuple(japan.steps(each.projects for each in prefectures)),
        points=tuple(view.points(areas)) if len(areas) <= MOST_DOTS else (),
        themes=themes[:MOST_BARS],
        more_themes=len(themes[MOST_BARS:]),
        newest=_newest(view, calls),
        correction=_example(view, corrections),
        corrections=len(corrections),
        cards=replace(cards, total=len(around.all_projects)),
        downloads=tuple(_downloads(view)),
    )


def _newest_first(site: Site) -> list[NamedNode]:
    """Return the calls; those that closed last come first, then those of the later year."""
    calls = site.catalog.instances(NamedNode(site.own("Call")))
    facts = site.catalog.about(calls)

    def age(each: NamedNode) -> tuple[str, str, str]:
        return (
            facts.text(each, site.own("applicationCloses")),
            facts.text(each, site.own("fiscalYear")),
            each.value,
        )

    return sorted(calls, key=age, reverse=True)


def _in_order(around: Neighbourhood, calls: Iterable[NamedNode]) -> Iterator[NamedNode]:
    """Yield the projects: those of the first call, of the next, and of none."""
    told: set[NamedNode] = set()
    of_calls = (project for each in calls for project in around.projects.get(each, ()))
    others = (each for each in sorted(around.all_projects, key=lambda node: node.value))
    for project in chain(of_calls, others):
        if project not in told:
            told.add(project)
            yield project


def _areas(around: Neighbourhood) -> list[NamedNode]:
    """Return the municipalities and wards that projects name."""
    named = {area for areas in around.areas.values() for area in areas}
    return sorted((area for area in named if area in around.containers), key=lambda node: node.value)


def _prefectures(view: View) -> tuple[Prefecture, ...]:
    around = view.around
    nodes = view.site.catalog.instances(NamedNode(view.own("Prefecture")))
    counts = [len(around.projects_within(each)) for each in nodes]
    ranges = japan.steps(counts)
    outlines = maps.outlines()
    found = []
    for node, value, number in zip(nodes, view.mention(nodes), counts, strict=True):
        places = [each for each in around.within(node) if each != node and each in around.projects]
        listed = view.listed("projects", prefecture=node) if number else ""
        found.append(
            Prefecture(
                code=value.code,
                value=value,
                href=listed or value.href or "",
                path=outlines.get(value.code, ""),
                projects=number,
                step=japan.step_of(number, ranges),
                places=view.mention(places),
            )
        )
    return tuple(found)


def _bars(view: View) -> tuple[Bar, ...]:
    around = view.around
    themes = {theme for themes in around.themes.values() for theme in themes}
    counts = sorted(
        ((len(around.projects.get(each, ())), each) for each in themes),
        key=lambda each: (-each[0], each[1].value),
    )
    return tuple(
        Bar(value, number, round(100 * number / counts[0][0], 2), view.listed("projects", theme=theme))
        for value, (number, theme) in zip(view.mention(theme for _, theme in counts), counts, strict=True)
    )


def _numbers(
    view: View, areas: list[NamedNode], prefectures: int, corrections: list[NamedNode]
) -> list[Number]:
    counts = view.site.manifest["counts"]
    found = [
        Number(gettext("プロジェクト"), len(view.around.all_projects), view.listed("projects")),
        Number(gettext("コンソーシアム"), counts.get("Consortium", 0), view.listed("consortia")),
        Number(gettext("実施市区町村"), len(areas), view.listed("areas")),
        Number(gettext("実施都道府県"), prefectures, "#prefectures"),
        Number(gettext("原資料の訂正"), len(corrections), view.listed("corrections")),
        Number(gettext("トリプル"), counts.get("triples", 0), linking.page("dumps/")),
    ]
    return [each for each in found if each.number]


def _newest(view: View, calls: list[NamedNode]) -> Newest | None:
    if not calls:
        return None
    newest = View(view.site, calls[0].value, view.language)
    (value,) = newest.mention(calls[:1])
    return Newest(value, call.read(newest), view.listed("projects", call=calls[0]))


def _example(view: View, corrections: list[NamedNode]) -> Ruling | None:
    """Return the correction with most evidence among the first."""
    rulings = view.judgements(corrections[:MOST_EXAMPLES])
    return max(rulings, key=lambda each: len(each.evidence), default=None)


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
