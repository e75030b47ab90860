"""The whole site, walked from the home page: every link leads to something, and to where it says.

Every page of the publisher's own is read, in Japanese, in English and at its address without a
language. So that this takes no longer than the rest of the tests, some are sampled, always the same:
of the 1,900 areas of the register those are read that a project names, and of the others one in a
hundred, but that each of them is there is asked whenever a page links to it; filters are followed from
a list, and from a list that is filtered already one in thirty, and of the files and queries of
filtered lists one in thirty is asked for.
"""

from __future__ import annotations

import zlib
from collections import defaultdict, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from nichiiki_ld.web.language import LANGUAGES
from nichiiki_ld.web.site import Site
from pages import KINDS

ORIGIN = "http://localhost"
ONE_AREA_IN = 100
ONE_FILTER_IN = 30
"""Of what is sampled, one in so many is looked at."""

SPACES = ("", *LANGUAGES)
"""What addresses of pages begin with."""

MOST_REDIRECTS = 3


class Links(HTMLParser):
    """What a page links to, what can be linked to in it, and which address it calls its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: dict[str, None] = {}
        self.anchors: set[str] = set()
        self.canonical: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        relation = given.get("rel", "")
        if tag == "link" and relation == "canonical":
            self.canonical.append(given["href"])
            return
        if (tag, relation) != ("link", "preconnect"):
            self.links |= {
                given[name]: None for name in ("href", "xlink:href", "src", "action") if name in given
            }
        self.anchors |= {given["id"]} if "id" in given else set()


@dataclass
class Walk:
    """What was found.

    Attributes:
        pages: Address → the page that was read there.
        moved: Address → the address that it leads to.
        lost: What is answered with an error: address, status, one page that links to it.
        fragments: Links to a place within a page: address and fragment → one page that has it.
        asked: Addresses that were asked for, but not read.
    """

    pages: dict[str, Links] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    lost: list[tuple[str, int, str]] = field(default_factory=list)
    fragments: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


def chosen(address: str, one_in: int) -> bool:
    """Tell whether an address is in the sample."""
    return zlib.crc32(address.encode()) % one_in == 0


class Walker:
    """Follows links from page to page."""

    def __init__(self, client: FlaskClient, site: Site) -> None:
        self._client = client
        self._areas = _areas_of_projects(site)
        self.walk = Walk()

    def go(self, first: str) -> Walk:
        """Read everything that can be reached from an address."""
        waiting = deque([(first, "")])
        known = {first}
        while waiting:
            address, source = waiting.popleft()
            if not self._is_read(address, source):
                self._ask(address, source)
                continue
            page = self.read(address, source)
            for link in page.links if page else ():
                target, fragment = _resolve(address, link)
                if target and fragment:
                    self.walk.fragments.setdefault((target, fragment), address)
                if target and target not in known:
                    known.add(target)
                    waiting.append((target, address))
        return self.walk

    def read(self, address: str, source: str) -> Links | None:
        """Return the page at an address, where that is one; go where it leads."""
        for _ in range(MOST_REDIRECTS):
            if address in self.walk.pages:
                return self.walk.pages[address]
            answer = self._client.get(address, headers={"Accept": "text/html"})
            if answer.status_code >= 400:
                self.walk.lost.append((address, answer.status_code, source))
                return None
            if answer.status_code < 300:
                if answer.mimetype != "text/html":
                    return None
                self.walk.pages[address] = Links(answer.text)
                return self.walk.pages[address]
            target, _ = _resolve(address, answer.headers["Location"])
            self.walk.moved[address] = target
            address = target
        self.walk.lost.append((address, 310, source))
        return None

    def anchors(self, address: str, source: str) -> set[str]:
        """Return what can be linked to in a page, or in a picture of ours that others take parts of."""
        if address.endswith(".svg"):
            return Links(self._client.get(address).text).anchors
        page = self.read(address, source)
        return page.anchors if page else set()

    def _ask(self, address: str, source: str) -> None:
        if "?" in source and "?" in address and not chosen(address, ONE_FILTER_IN):
            return
        self.walk.asked.add(address)
        answer = self._client.head(address, headers={"Accept": "text/html, */*;q=0.5"})
        if answer.status_code >= 400:
            self.walk.lost.append((address, answer.status_code, source))

    def _is_read(self, address: str, source: str) -> bool:
        path, _, query = address.partition("?")
        kind, name = split(path)[1].partition("/")[::2]
        name = name.removesuffix(".html")
        if kind == "municipality":
            return not query and (name in self._areas or chosen(name, ONE_AREA_IN))
        if kind in ("assets", "dumps") and name:
            return False
        if query:
            return kind != "sparql" and "?" not in source and "." not in path
        return "." not in path.rpartition("/")[2] or path.endswith(".html") or kind == "dataset"


def _resolve(address: str, link: str) -> tuple[str, str]:
    """Return address and fragment of a link of a page; no address where it leads elsewhere."""
    parts = urlsplit(urljoin(f"{ORIGIN}{address}", link))
    if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
        return "", ""
    return (parts.path + (f"?{parts.query}" if parts.query else "")), unquote(parts.fragment)


def split(path: str) -> tuple[str, str]:
    """Return the language that a path begins with, or nothing, and the name that follows."""
    first, slash, rest = path.removeprefix("/").partition("/")
    return (first, rest) if first in LANGUAGES and slash else ("", path.removeprefix("/"))


def _areas_of_projects(site: Site) -> set[str]:
    projects = site.catalog.instances(NamedNode(site.own("Project")))
    facts = site.catalog.about(projects)
    return {
        area.value.rpartition("/")[2]
        for project in projects
        for area in facts.objects(project, site.own("area"))
        if isinstance(area, NamedNode)
    }


@pytest.fixture(scope="module")
def walker(app: Flask, site: Site) -> Walker:
    return Walker(app.test_client(), site)


@pytest.fixture(scope="module")
def walk(walker: Walker) -> Walk:
    return walker.go("/")


def test_the_walk_is_long_enough(walk: Walk) -> None:
    """A walk that stops at a locked door finds nothing wrong."""
    by_language: defaultdict[str, set[str]] = defaultdict(set)
    for address in walk.pages:
        language, name = split(address)
        by_language[language].add(name)
    assert set(by_language) == set(SPACES)
    for language, names in by_language.items():
        assert len(names) > 250, language
        assert sum(name.startswith("municipality/") for name in names) > 30
        assert sum(name.startswith("prefecture/") for name in names) == 47
    assert len(walk.asked) > 3000


def test_every_kind_of_page_is_reached(walk: Walk) -> None:
    """From the home page, by links alone: but for what a person types."""
    names = {split(address)[1].partition("?")[0] for address in walk.pages}
    typed = {"search", "nothing"}
    wanted = {kind.address.partition("?")[0] for kind in KINDS.values()} - typed
    examples = {"municipality/016322.html", "municipality/011011.html"}
    assert wanted - examples <= names


def test_no_link_leads_nowhere(walk: Walk) -> None:
    assert not walk.lost


def test_every_page_leads_to_every_language(walk: Walk) -> None:
    missing = [
        (address, language)
        for address, page in walk.pages.items()
        for language in LANGUAGES
        if f"/{language}/{split(address)[1]}" not in {_resolve(address, link)[0] for link in page.links}
    ]
    assert not missing


def test_every_fragment_is_there(walker: Walker, walk: Walk) -> None:
    assert len(walk.fragments) > 100
    missing = []
    for (address, fragment), source in walk.fragments.items():
        if fragment not in walker.anchors(walk.moved.get(address, address), source):
            missing.append(f"{source} links to {address}#{fragment}")
    assert not missing


def test_a_page_has_one_address(walk: Walk, site: Site) -> None:
    """Two addresses would be two pages to a search engine: the one that a page calls its own is no other page's."""
    addresses: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    wrong = []
    for address, page in walk.pages.items():
        if "?" not in address:
            language, name = split(address)
            own = page.canonical
            if len(own) != 1 or not own[0].startswith(site.base):
                wrong.append((address, own))
            else:
                addresses[language, own[0]].add(name)
    assert not wrong
    assert not {key: names for key, names in addresses.items() if len(names) > 1}
    assert len(addresses) > 600
