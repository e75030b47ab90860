"""What lies near what, on a small graph and on the real release."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from memory import BASE, Memory
from nichiiki_ld.neighbourhood import EARTH_RADIUS_KM, Neighbourhood, Position, distance_km
from nichiiki_ld.web.site import Site


def node(name: str) -> NamedNode:
    return NamedNode(f"{BASE}{name}")


TOWNS = """
<pref> :localGovernmentCode "1" ; :latitude 35.0 ; :longitude 135.0 .
<city> :localGovernmentCode "2" ; dcterms:isPartOf <pref> ; :latitude 35.0 ; :longitude 135.1 .
<ward> :localGovernmentCode "3" ; dcterms:isPartOf <city> ; :latitude 35.0 ; :longitude 135.2 .
<far> :localGovernmentCode "4" ; dcterms:isPartOf <other> ; :latitude 40.0 ; :longitude 140.0 .
<none> :localGovernmentCode "5" ; dcterms:isPartOf <pref> ; :latitude "nowhere" ; :longitude 135.3 .
<other> :localGovernmentCode "6" .
<call/1> dcterms:isPartOf <programme> .
<p1> a :Project ; :area <ward> , <pref> ; :theme <t1> , <t2> ; :call <call/1> .
<p2> a :Project ; :area <far> ; :theme <t2> ; :applicant <applicant> .
<p3> a :Project ; :area <none> ; :theme <t1> , <t2> , <t3> .
<statement> :area <city> .
"""


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Neighbourhood:
    return Memory(turtle=TOWNS).around(tmp_path_factory.mktemp("towns"))


def test_areas_lie_in_each_other(around: Neighbourhood) -> None:
    assert around.top(node("ward")) == node("pref")
    assert around.top(node("pref")) == node("pref")
    assert around.within(node("pref")) == (node("city"), node("none"), node("pref"), node("ward"))
    assert around.members[node("city")] == (node("ward"),)
    assert node("call/1") not in around.containers


def test_projects_of_what_they_name(around: Neighbourhood) -> None:
    assert tuple(around.projects(node("t2"))) == (node("p1"), node("p2"), node("p3"))
    assert tuple(around.projects(node("call/1"))) == (node("p1"),)
    assert tuple(around.projects(node("applicant"))) == (node("p2"),)
    assert not around.has_projects(node("city")), "only projects have areas in this sense"
    assert not around.projects(node("city"))
    assert tuple(around.projects_within(node("city"))) == (node("p1"),)
    assert tuple(around.projects_within(node("pref"))) == (node("p1"), node("p3"))
    assert tuple(around.projects_within(node("pref"), node("far"))) == (node("p1"), node("p2"), node("p3"))
    assert around.areas(node("p1")) == (node("pref"), node("ward"))
    assert around.named("theme") == {node("t1"): 2, node("t2"): 3, node("t3"): 1}
    assert around.themes_of(node("pref"))[0] == (node("t1"), 2)


def test_the_nearest_with_projects(around: Neighbourhood) -> None:
    """A prefecture is no neighbour, nor is what has no place; nothing is its own neighbour."""
    near = around.nearest(node("city"), 5)
    assert [each.area for each in near] == [node("ward"), node("far")]
    assert near[0].km == pytest.approx(9.1, abs=0.1)
    assert [each.area for each in around.nearest(node("ward"), 5)] == [node("far")]
    assert around.nearest(node("none"), 5) == []


def test_what_shares_themes(around: Neighbourhood) -> None:
    assert around.alike(node("p1"), 5) == [
        (node("p3"), (node("t1"), node("t2"))),
        (node("p2"), (node("t2"),)),
    ]
    assert around.akin(node("ward"), 1) == [(node("none"), (node("t1"), node("t2")))]


def test_some_projects_are_read_when_they_are_looked_at(around: Neighbourhood) -> None:
    every = around.all_projects
    assert (len(every), every[0], every[-1], every[1:]) == (
        3,
        node("p1"),
        node("p3"),
        (node("p2"), node("p3")),
    )
    assert every[::-1] == (node("p3"), node("p2"), node("p1"))
    assert node("p2") in every
    assert node("statement") not in every
    assert tuple(every.without(node("p2"))) == (node("p1"), node("p3"))
    assert tuple(every.without(node("none"))) == tuple(every)
    with pytest.raises(IndexError):
        every[3]


def test_areas_in_a_circle(tmp_path: Path) -> None:
    """Data of others may say so; nothing is endless."""
    around = Memory(
        turtle='<a> :localGovernmentCode "1" ; dcterms:isPartOf <b> .'
        '<b> :localGovernmentCode "2" ; dcterms:isPartOf <a> .'
    ).around(tmp_path)
    assert around.within(node("a")) == (node("a"), node("b"))
    assert around.top(node("a")) in (node("a"), node("b"))


def test_the_real_one(site: Site) -> None:
    around = site.around
    assert len(around.all_projects) == 14
    assert len(around.positions) > 1900
    hokkaido = NamedNode(f"{site.base}prefecture/010006")
    assert len(around.within(hokkaido)) == 1 + 179 + 10
    document = NamedNode(f"{site.base}document/2025-07-01-mlit")
    rows = around.rows(document)
    assert [each.value for each in rows] == [f"{document.value}/row/{number}" for number in range(1, 15)]
    assert len(around.contradictions(document)) == 1
    assert [each.value for each in around.calls(document)] == [f"{site.base}call/2024-2"]
    assert around.rows(NamedNode(f"{site.base}document/none")) == ()


PLACES = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))


def test_distances() -> None:
    """From the equator to the pole is a quarter of the way round; a degree of latitude is 111.2 km."""
    equator, pole = Position(0, 0), Position(90, 0)
    assert distance_km(equator, pole) == pytest.approx(3.14159265 * EARTH_RADIUS_KM / 2)
    assert distance_km(Position(35, 135), Position(36, 135)) == pytest.approx(111.2, abs=0.05)
    assert distance_km(Position(0, 179.5), Position(0, -179.5)) == pytest.approx(111.2, abs=0.05)


@given(PLACES, PLACES)
def test_distances_are_distances(one: Position, other: Position) -> None:
    there, back = distance_km(one, other), distance_km(other, one)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 3.1416 * EARTH_RADIUS_KM
    assert distance_km(one, one) == pytest.approx(0, abs=1e-6)
