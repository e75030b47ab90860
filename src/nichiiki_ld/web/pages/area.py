"""A prefecture, municipality or ward: what it is called, what is done there, and what is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask_babel import format_decimal, gettext
from pyoxigraph import NamedNode

from nichiiki_ld.iri import REGISTER
from nichiiki_ld.namespaces import ESTAT, RDFS_LABEL, SKOS
from nichiiki_ld.web.japan import Point
from nichiiki_ld.web.naming import READING, Value
from nichiiki_ld.web.pages.project import Alike
from nichiiki_ld.web.pages.view import Cards, View

MOST_NEAR = 6
_MATCHES = ("exactMatch", "closeMatch")


@dataclass(frozen=True, slots=True)
class Code:
    """A code and what it is called."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same area in the data of others.

    Attributes:
        whose: Name of those data.
        relation: How the two match.
        linkset: The set of links that says so, or None.
    """

    whose: str
    href: str
    text: str
    relation: Value
    linkset: Value | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An area with projects and the distance to it, in kilometres, as the language of the page writes it."""

    area: Value
    km: str
    projects: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Something with the number of projects that have it, and where they are listed, or empty."""

    value: Value
    projects: int
    href: str


@dataclass(frozen=True, slots=True)
class AreaPage:
    """What the page of an area shows.

    Attributes:
        japanese: Its name with its reading, for a page in another language.
        container: What it lies in; None for a prefecture.
        projects: Of the area itself; of a prefecture, with those of its municipalities.
        busy: What lies in it and has projects.
        members: All that lies in it.
        register: What its names and codes are taken from; None in data without one.
    """

    japanese: Value | None
    container: Value | None
    kind: str
    district: Value | None
    names: tuple[Value, ...]
    codes: tuple[Code, ...]
    website: Value | None
    elsewhere: tuple[Elsewhere, ...]
    points: tuple[Point, ...]
    projects: Cards
    themes: tuple[Counted, ...]
    busy: tuple[Counted, ...]
    members: tuple[Value, ...]
    register: Value | None
    nearest: tuple[Neighbour, ...]
    akin: tuple[Alike, ...]


def read(view: View) -> AreaPage:
    """Return what the page of an area shows."""
    own, around, area = view.own, view.around, view.thing
    inside = tuple(each for each in around.within(area) if each != area)
    busy = tuple(each for each in inside if around.has_projects(each))
    projects = around.projects_within(area)
    website = next((view.reader.value(each) for each in view.things(own("website"))), None)
    akin = [] if view.is_a("Prefecture") else around.akin(area, MOST_NEAR)
    return AreaPage(
        japanese=_japanese(view),
        container=view.mention_one([around.containers[area]] if area in around.containers else []),
        kind=_kind(view),
        district=view.text(own("district")),
        names=tuple(view.reader.value(each) for each in view.reader.values(RDFS_LABEL)),
        codes=tuple(_codes(view)),
        website=website,
        elsewhere=tuple(_elsewhere(view)),
        points=tuple(view.points(busy or (area,))),
        projects=_cards(view, projects),
        themes=tuple(_themes(view)) if len(projects) > 1 else (),
        busy=tuple(
            Counted(replace(value, context=""), len(around.projects(each)), "")
            for each, value in zip(busy, view.mention(busy), strict=True)
        ),
        members=view.mention(inside),
        register=_where_it_is_from(view, REGISTER),
        nearest=() if view.is_a("Prefecture") else tuple(_nearest(view)),
        akin=tuple(
            Alike(value, view.mention(shared))
            for value, (_, shared) in zip(view.mention(each for each, _ in akin), akin, strict=True)
        ),
    )


def _japanese(view: View) -> Value | None:
    name = view.reader.facts.text(view.thing, RDFS_LABEL, "ja")
    reading = view.reader.facts.text(view.thing, RDFS_LABEL, READING)
    return Value(text=name, reading=reading, language="ja") if name and view.language != "ja" else None


def _filter(view: View) -> dict[str, NamedNode]:
    """Return what the list of the area's projects is filtered by; nothing where data of others have no such list."""
    if view.is_a("Prefecture"):
        return {"prefecture": view.thing}
    return {"municipality": view.thing} if view.thing in view.around.containers else {}


def _cards(view: View, projects: Sequence[NamedNode]) -> Cards:
    chosen = _filter(view)
    cards = view.cards(projects, **chosen)
    return cards if chosen else replace(cards, href="")


def _themes(view: View) -> list[Counted]:
    counted, chosen = view.around.themes_of(view.thing), _filter(view)
    values = view.mention(theme for theme, _ in counted)
    return [
        Counted(
            value,
            number,
            view.listed("projects", theme=theme, **chosen) if chosen else "",
        )
        for value, (theme, number) in zip(values, counted, strict=True)
    ]


def _nearest(view: View) -> list[Neighbour]:
    found = view.around.nearest(view.thing, MOST_NEAR)
    return [
        Neighbour(
            value,
            format_decimal(round(each.km, 1 if each.km < 100 else 0)),  # noqa: PLR2004  # as people say it
            len(view.around.projects(each.area)),
        )
        for value, each in zip(view.mention(each.area for each in found), found, strict=True)
    ]


def _kind(view: View) -> str:
    """Return what kind of municipality it is, in the language of the page."""
    words = {
        "designated-city": gettext("指定都市"),
        "city": gettext("市"),
        "town": gettext("町"),
        "village": gettext("村"),
        "special-ward": gettext("特別区"),
        "ward": gettext("指定都市の区"),
    }
    kind = view.text(view.own("kind"))
    return words.get(kind.text, kind.text) if kind else ""


def _codes(view: View) -> list[Code]:
    found = []
    six = view.text(view.own("localGovernmentCode"))
    if six:
        found.append(Code(gettext("全国地方公共団体コード（6桁）"), six.text))
        if len(six.text) == 6:  # noqa: PLR2004  # digits, the last one for checking
            found.append(Code(gettext("標準地域コード（5桁）"), six.text[:5]))
    if number := view.text(view.own("corporateNumber")):
        found.append(Code(gettext("法人番号"), number.text))
    if iso := view.text(view.own("iso3166-2")):
        found.append(Code("ISO 3166-2", iso.text))
    return found


def _elsewhere(view: View) -> list[Elsewhere]:
    whose = (
        (ESTAT, gettext("e-Stat（統計LOD）"), "estat"),
        ("http://www.wikidata.org/", "Wikidata", "wikidata"),
        ("http://ja.dbpedia.org/", gettext("DBpedia日本語版"), "dbpedia-ja"),
        ("https://sws.geonames.org/", "GeoNames", "geonames"),
    )
    found = []
    for match in _MATCHES:
        relation = view.reader.value(NamedNode(f"{SKOS}{match}"))
        for each in view.things(f"{SKOS}{match}"):
            name, linkset = next(
                ((name, linkset) for start, name, linkset in whose if each.value.startswith(start)), ("", "")
            )
            value = view.reader.value(each)
            if value.href:
                host = urlsplit(each.value).hostname or each.value
                last = each.value.rstrip("/").rpartition("/")[2]
                said_by = _where_it_is_from(view, f"linkset/{linkset}") if linkset else None
                found.append(Elsewhere(name or host, value.href, last, relation, said_by))
    return found


def _where_it_is_from(view: View, name: str) -> Value | None:
    """Return a thing of the release by its name, as the page mentions it; None where there is none."""
    thing = f"{view.site.base}{name}"
    return view.mention_one([NamedNode(thing)]) if thing in view.site.catalog else None
