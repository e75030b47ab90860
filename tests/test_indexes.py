"""What a release has beside its store, so that no page waits for all of it: positions, pages, lists."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from memory import BASE, Memory
from nichiiki_ld import list_index, page_index
from nichiiki_ld.dumps import write_lists, write_pages
from nichiiki_ld.errors import ReleaseError
from nichiiki_ld.list_index import ListIndex
from nichiiki_ld.page_index import PageIndex
from nichiiki_ld.positions import (
    from_bytes,
    numbers_from_bytes,
    numbers_to_bytes,
    pack,
    shared,
    to_bytes,
    unpack,
)
from nichiiki_ld.web.site import Site

SETS = st.sets(st.integers(0, 300))


# --- positions ---------------------------------------------------------------------------


@given(SETS, SETS)
def test_sets_of_positions_are_sets(one: set[int], other: set[int]) -> None:
    first, second = pack(one, 301), pack(other, 301)
    assert list(unpack(first)) == sorted(one)
    assert set(unpack(first & second)) == one & other
    assert set(unpack(first | second)) == one | other
    assert first.bit_count() == len(one)
    assert from_bytes(to_bytes(first)) == first


@given(st.lists(SETS, max_size=6))
def test_what_is_in_most_sets_comes_first(sets: list[set[int]]) -> None:
    found = [set(unpack(each)) for each in shared([pack(each, 301) for each in sets])]
    expected = [
        {n for n in range(301) if sum(n in each for each in sets) == number}
        for number in range(len(sets), 0, -1)
    ]
    assert found == expected


def test_bytes_are_the_same_on_every_machine() -> None:
    assert to_bytes(pack([0, 9], 10)) == b"\x01\x02"
    assert numbers_to_bytes([1, 258]) == b"\x01\x00\x00\x00\x02\x01\x00\x00"
    assert list(numbers_from_bytes(b"\x01\x00\x00\x00\x02\x01\x00\x00")) == [1, 258]


# --- pages -------------------------------------------------------------------------------

PAGES = """
<b> :p 1 . <b#z> :p 1 . <b#a> :p 1 . <b-c> :p 1 . <b#> :p 1 . <a#only-a-part> :p 1 . <日本> :p 1 . <b> :q _:x . _:x :p 1 .
<https://example.com/elsewhere> :p 1 . <> :p 1 .
"""


def test_every_subject_has_a_page_or_lives_on_one(tmp_path: Path) -> None:
    pages = Memory(turtle=PAGES).pages(tmp_path)
    expected = [BASE, f"{BASE}a", f"{BASE}b", f"{BASE}b-c", f"{BASE}日本"]
    assert pages.pages() == expected
    assert len(pages) == 5
    assert pages.pages(2, 1) == expected[1:3]
    assert pages.pages(2, 5) == []
    assert pages.parts(f"{BASE}b") == [f"{BASE}b#", f"{BASE}b#a", f"{BASE}b#z"]
    assert pages.parts(f"{BASE}b-c") == []
    for each in (f"{BASE}c", f"{BASE}b#a", "https://example.com/elsewhere", None):
        assert each not in pages
    with pytest.raises(KeyError):
        pages.parts(f"{BASE}c")


# --- lists -------------------------------------------------------------------------------

LISTS = """
<c1> a :Consortium . <c2> a :Consortium . <none> a :Consortium . _:nameless a :Consortium .
<p1> a :Project ; :applicant <c1> ; :theme <t1> , "no thing" . <p2> a :Project ; :applicant <c1> ; :theme <t2> , <t1> .
<p3> a :Project ; :applicant <c2> ; :theme <t2> . _:p a :Project ; :applicant <c2> ; :theme <t3> .
<town> :localGovernmentCode "1" ; dcterms:isPartOf <pref> . <pref> a :Prefecture ; :localGovernmentCode "2" . <p1> :area <town> .
<k2> a :Correction ; :field "name-12" ; :decided "2026-01-02" ; :quotation [ :document <d> ; :start 20 ] .
<k1> a :Correction ; :field "reading-1" ; :decided "2026-01-03" ; :quotation [ :document <d> ; :start 100 ] .
<k0> a :Correction ; :field "name-1" ; :quotation [ :document <e> ; :start 3 ] .
<r10> a :SourceRow ; :document <d> ; :number 10 . <r9> a :SourceRow ; :document <d> ; :number 9 . <r0> a :SourceRow ; :document <d> .
<k1> :row <r9> . <k2> :row <r10> . <k3> a :Correction ; :document <d> . <k4> a :Confirmation ; :document <d> ; :row <r9> .
<x1> a :Exclusion ; :row <r9> ; :field "row" . <x2> a :Exclusion ; :row <r10> ; :field "name-1" .
"""


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> ListIndex:
    return Memory(turtle=LISTS).lists(tmp_path_factory.mktemp("lists"))


def names(lists: ListIndex, name: str, places: int) -> list[str]:
    shelf = lists.shelf(name)
    return [each.removeprefix(BASE) for each in shelf.iris(shelf.entries(places))]


def test_one_and_the_same_project_has_to_agree(lists: ListIndex) -> None:
    """A consortium with two projects has a place for each; without any it has one that nothing agrees with."""
    shelf = lists.shelf("consortia")
    assert names(lists, "consortia", shelf.everywhere) == ["c1", "c1", "c2", "c2", "none"]
    assert names(lists, "consortia", shelf.tied) == ["c1", "c1", "c2", "c2"]
    themes = {value.removeprefix(BASE): places for value, places in shelf.facet("theme").items()}
    assert {value: names(lists, "consortia", places) for value, places in themes.items()} == {
        "t1": ["c1", "c1"],
        "t2": ["c1", "c2"],
        "t3": ["c2"],
    }
    assert shelf.count(themes["t1"]) == 1
    assert shelf.count(themes["t1"] & themes["t2"]) == 1
    assert shelf.count(themes["t2"] & themes["t3"]) == 0, "its two projects have one theme each"


def test_prefectures_of_areas_and_of_projects(lists: ListIndex) -> None:
    for name, found in (("areas", ["pref", "town"]), ("projects", ["p1"])):
        ((value, places),) = lists.shelf(name).facet("prefecture").items()
        assert value == f"{BASE}pref"
        assert names(lists, name, places) == found


def test_corrections_in_the_order_of_their_documents(lists: ListIndex) -> None:
    shelf = lists.shelf("corrections")
    assert names(lists, "corrections", shelf.everywhere) == ["k3", "k2", "k1", "k0"], "20 comes before 100"
    kinds = {value: names(lists, "corrections", places) for value, places in shelf.facet("kind").items()}
    assert kinds == {"name": ["k2", "k0"], "reading": ["k1"]}
    assert shelf.iris(shelf.latest()) == [f"{BASE}k1", f"{BASE}k2", f"{BASE}k3", f"{BASE}k0"], (
        "those of no day come last"
    )


def test_what_documents_have(lists: ListIndex) -> None:
    rows = [each.value.removeprefix(BASE) for each in lists.parts(f"{BASE}d", "rows")]
    assert rows == ["r0", "r9", "r10"]
    assert lists.parts(f"{BASE}e", "rows") == ()
    counts = {kind: lists.count_of_parts(f"{BASE}d", kind) for kind in ("rows", "misprints", "excluded")}
    assert counts == {"rows": 3, "misprints": 3, "excluded": 1}, "a place that is none is no row"
    assert lists.count_of_parts(f"{BASE}e", "misprints") == 0


def test_the_number_of_a_thing(lists: ListIndex) -> None:
    shelf = lists.shelf("projects")
    assert shelf.total == 3
    assert shelf.iris([2, 0]) == [f"{BASE}p3", f"{BASE}p1"]
    assert shelf.number(f"{BASE}p2") == 1
    assert shelf.number(f"{BASE}c1") is None


# --- both, of the real release -----------------------------------------------------------


def test_two_builds_are_equal(release_folder: Path, site: Site, tmp_path: Path) -> None:
    for name in ("nichiiki.nt", "store"):
        (tmp_path / name).symlink_to(release_folder / name)
    write_pages(tmp_path, site.base)
    write_lists(tmp_path, site.base)
    for name in (page_index.FILE_NAME, list_index.FILE_NAME):
        assert (tmp_path / name).read_bytes() == (release_folder / name).read_bytes()


def test_nobody_downloads_them(client: FlaskClient, release_folder: Path) -> None:
    sums = (release_folder / "SHA256SUMS").read_text(encoding="utf-8")
    for name in (page_index.FILE_NAME, list_index.FILE_NAME):
        assert name not in sums
        assert client.get(f"/dumps/{name}").status_code == 404


@pytest.mark.parametrize(
    ("name", "index"), [(page_index.FILE_NAME, PageIndex), (list_index.FILE_NAME, ListIndex)]
)
def test_an_index_that_cannot_be_used_is_named(
    name: str, index: type[PageIndex | ListIndex], tmp_path: Path
) -> None:
    with pytest.raises(ReleaseError, match="no such index") as missing:
        index(tmp_path)
    assert missing.value.hint == "run 'nichiiki-ld build'"
    (tmp_path / name).write_bytes(b"no database at all" * 100)
    with pytest.raises(ReleaseError, match="cannot be used"):
        index(tmp_path)
    (tmp_path / name).unlink()
    sqlite3.connect(tmp_path / name).close()
    with pytest.raises(ReleaseError, match="layout 0"):
        index(tmp_path)


def test_pages_are_found_in_the_index_only(site: Site) -> None:
    """What the release says nothing of has none, though the store has it as an object."""
    shown = NamedNode("https://w3id.org/nichiiki/municipality/012084")
    assert shown.value in site.catalog
    assert "http://data.e-stat.go.jp/lod/sac/C01208" not in site.catalog
