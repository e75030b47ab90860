"""The page of the quality: what the release was checked by, what was found, and what it lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import NotFound

from nichiiki_ld.catalog import Facts
from nichiiki_ld.errors import ReleaseError
from nichiiki_ld.findings import MOST_FINDINGS, SEVERITIES, Finding, Findings, found_again, read_report
from nichiiki_ld.formats import TURTLE
from nichiiki_ld.namespaces import RDFS_LABEL, SKOS, VOID
from nichiiki_ld.release import CURRENT, open_release
from nichiiki_ld.web import language, linking
from nichiiki_ld.web.checking import (
    Named,
    anchor_of,
    groups_of,
    label_of,
    message_of,
    named,
    nodes_of,
    places_of,
    severity_name,
)
from nichiiki_ld.web.fields import show
from nichiiki_ld.web.naming import Value, value_of_thing
from nichiiki_ld.web.once import once_per_language, once_per_release
from nichiiki_ld.web.site import Site, current_site

bp = Blueprint("quality", __name__)

_REPORT_FILE = "validation-report.ttl"
_AREA_CLASSES = ("Prefecture", "Municipality", "Ward")
_MATCHES = tuple(f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
_TARGETS = {
    "data.e-stat.go.jp": "estat",
    "www.wikidata.org": "wikidata",
    "sws.geonames.org": "geonames",
    "ja.dbpedia.org": "dbpedia-ja",
    "eurovoc.europa.eu": "eurovoc",
}
"""Host of what is linked to → name of the set of links."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another release that is still there.

    Attributes:
        counts: How many results of each severity.
        again: The findings of the release that is shown that this one has too: check and focus.
    """

    version: str
    issued: str
    counts: tuple[int, ...]
    again: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Completeness:
    """How many areas have what an area may have.

    Attributes:
        totals: Kind of area → how many there are. `area` are those that take part in a project.
        having: What is had → kind of area → how many have it. What is linked to is called by its host.
    """

    totals: dict[str, int]
    having: dict[str, dict[str, int]]


@bp.get("/quality")
def quality() -> Response:
    """Answer with the report of the validation, for people."""
    site = current_site()
    if findings_of(site) is None:
        raise NotFound
    links = [
        linking.link(linking.path(f"dumps/{_REPORT_FILE}"), "alternate", TURTLE.media_type),
        linking.licence(),
    ]
    return show("quality.html", links=links, content=_content(site), report=_REPORT_FILE)


@once_per_language
def _content(site: Site) -> Markup:
    found = findings_of(site)
    assert found
    text = render_template(
        "_quality.html",
        found=found,
        severities=[(severity_name(each), found.of_severity(each)) for each in SEVERITIES],
        results=_shown(site, found),
        most=MOST_FINDINGS,
        groups=groups_of(site),
        nodes=nodes_of(site),
        checks=len(places_of(site)),
        named=lambda iri: named(site, iri),
        label=lambda iri: label_of(site, iri),
        message=message_of,
        severity=severity_name,
        anchor=anchor_of,
        facts=_facts(site),
        linksets=_linksets(site),
        kinds=_kinds(site),
        completeness=_completeness_in_words(site),
        earlier=earlier_of(site),
        is_first=not before(site),
        report=_REPORT_FILE,
    )
    return Markup(text)  # noqa: S704 - what a template gives is escaped


@once_per_release
def findings_of(site: Site) -> Findings | None:
    """Return what the report of a release says; None where it was not validated."""
    path = site.release.folder / _REPORT_FILE
    return read_report(path.read_bytes()) if path.is_file() else None


@once_per_release
def earlier_of(site: Site) -> tuple[Earlier, ...]:
    """Return the other releases that are still on disk, the newest first."""
    dist = site.settings.dist
    if not (dist / CURRENT).exists():
        return ()
    report = findings_of(site)
    sought = {each.key for each in report.kept} if report else set()
    found = []
    for path in dist.iterdir():
        if path.is_symlink() and path.name != CURRENT and path.resolve() != site.release.folder:
            earlier = _earlier(path, sought)
            found += [earlier] if earlier else []
    return tuple(sorted(found, key=lambda each: (each.issued, each.version), reverse=True))


def _earlier(path: Path, sought: Set[tuple[str, str]]) -> Earlier | None:
    try:
        release = open_release(path)
        turtle = (release.folder / _REPORT_FILE).read_bytes()
        report = read_report(turtle)
        again = found_again(turtle, sought)
    except (ReleaseError, OSError, SyntaxError):
        # It may be removed at any time, and is nothing that this page depends on.
        return None
    counts = tuple(report.of_severity(each) for each in SEVERITIES)
    return Earlier(release.version, str(release.manifest.get("issued") or ""), counts, again)


def since_of(site: Site, finding: Finding) -> Earlier | None:
    """Return the first of the earlier releases on disk from which on each has a finding; None if the last lacks it."""
    first = None
    for each in before(site):
        if finding.key not in each.again:
            break
        first = each
    return first


def before(site: Site) -> list[Earlier]:
    """Return the releases on disk that were issued before the one that is shown, the newest first."""
    own = (str(site.manifest.get("issued") or ""), site.release.version)
    return [each for each in earlier_of(site) if (each.issued, each.version) < own]


def _shown(
    site: Site, found: Findings
) -> list[tuple[str, Named, int, list[tuple[Value, str, Named | None, Earlier | None]]]]:
    """Return for each check that found something: severity, name, how many, and the first of them, each with since when."""
    by_check: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for each in found.kept:
        by_check[each.severity, each.check].append(each)
    names = Facts(site.catalog.names(each.focus for each in found.kept if isinstance(each.focus, NamedNode)))
    told = language.current()

    def focus(finding: Finding) -> Value:
        if isinstance(finding.focus, NamedNode):
            return value_of_thing(site, names, finding.focus, told)
        return Value(text=f"_:{finding.focus.value}")

    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    return [
        (
            severity,
            Named(anchor_of(check), f"{linking.page('shapes.html')}#{anchor_of(check)}"),
            found.counts[severity, check],
            [
                (
                    focus(each),
                    each.message(told),
                    named(site, each.value) if each.value else None,
                    since_of(site, each),
                )
                for each in findings
            ],
        )
        for (severity, check), findings in sorted(
            by_check.items(), key=lambda item: (order.get(item[0][0], len(order)), item[0][1])
        )
    ]


def _facts(site: Site) -> list[tuple[str, int]]:
    """Return what matters beside the report, each with a number."""
    counts = site.manifest["counts"]
    listed = (
        ("Statement", gettext("引用に支えられた言明")),
        ("Quotation", gettext("原資料からの引用")),
        ("ThemeAssignment", gettext("根拠の語句を引いたテーマの付与")),
        ("Translation", gettext("このプロジェクトが付けた非公式訳")),
        ("Correction", gettext("訂正した誤植")),
        ("Contradiction", gettext("原資料のなかの矛盾と、その判断")),
    )
    return [(words, int(counts[name])) for name, words in listed if name in counts]


def _target(name: str) -> str:
    """Return what a page calls what a set of links leads to, or the empty text."""
    words: dict[str, str] = {
        "estat": "e-Stat",
        "wikidata": "Wikidata",
        "geonames": "GeoNames",
        "dbpedia-ja": gettext("DBpedia日本語版"),
        "eurovoc": "EuroVoc",
    }
    return words.get(name, "")


def _linksets(site: Site) -> list[tuple[Value, int]]:
    """Return each set of links with the number of its links."""
    sets = site.catalog.instances(NamedNode(f"{VOID}Linkset"))
    names = Facts(site.catalog.names(sets))
    graphs = site.manifest["graphs"]
    told = language.current()
    found = []
    for each in sets:
        if each.value in graphs:
            value = value_of_thing(site, names, each, told)
            if target := _target(each.value.rpartition("/")[2]):
                value = replace(value, text=gettext("%(target)sへのリンク", target=target), language=told)
            found.append((value, int(graphs[each.value])))
    return found


@once_per_release
def completeness_of(site: Site) -> Completeness:
    """Return how many areas have what an area may have."""
    members = {
        "area": set(site.around.named("area")),
        **{each: set(site.catalog.instances(NamedNode(site.own(each)))) for each in _AREA_CLASSES},
    }
    members = {kind: found for kind, found in members.items() if found}
    having: defaultdict[str, set[NamedNode]] = defaultdict(set)
    for term in ("latitude", "website"):
        triples = site.store.triples(None, NamedNode(site.own(term)))
        having[term] = {t.subject for t in triples if isinstance(t.subject, NamedNode)}
    areas: set[NamedNode] = set().union(*members.values())
    for each in areas:
        for triple in site.store.triples(each, NamedNode(RDFS_LABEL)):
            if isinstance(triple.object, Literal) and triple.object.language == "en":
                having["en"].add(each)
        for predicate in _MATCHES:
            for triple in site.store.triples(each, NamedNode(predicate)):
                if isinstance(triple.object, NamedNode):
                    having[urlsplit(triple.object.value).hostname or ""].add(each)
    return Completeness(
        totals={kind: len(found) for kind, found in members.items()},
        having={
            what: {kind: len(found & members[kind]) for kind in members}
            for what, found in having.items()
            if found & areas
        },
    )


def _kinds(site: Site) -> list[tuple[str, int]]:
    """Return the kinds of areas with their numbers, for the head of the table."""
    totals = completeness_of(site).totals
    words = {"area": gettext("実施地域")}
    return [
        (words.get(kind) or label_of(site, site.own(kind)) or kind, total) for kind, total in totals.items()
    ]


def _completeness_in_words(site: Site) -> list[tuple[str, list[int]]]:
    """Return the rows of the table: what an area may have, and how many of each kind lack it."""
    found = completeness_of(site)
    words = {
        "latitude": gettext("位置（緯度・経度）"),
        "website": gettext("公式サイト"),
        "en": gettext("英語の名称"),
    }
    order = (*words, *_TARGETS)
    return [
        (
            words.get(what) or _target(_TARGETS.get(what, "")) or what,
            [found.totals[kind] - have for kind, have in numbers.items()],
        )
        for what, numbers in sorted(found.having.items(), key=lambda item: _place(order, item[0]))
    ]


def _place(order: Iterable[str], name: str) -> tuple[int, str]:
    listed = list(order)
    return (listed.index(name) if name in listed else len(listed), name)
