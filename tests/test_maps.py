"""The map of Japan: whose outlines it has, where points lie on it, and how it is shown."""

from __future__ import annotations

import math
import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from conftest import ROOT
from nichiiki_ld.catalog import Facts
from nichiiki_ld.errors import FrontendError
from nichiiki_ld.namespaces import RDFS_LABEL
from nichiiki_ld.web import assets, frontend, japan, maps
from nichiiki_ld.web.japan import Point
from nichiiki_ld.web.site import Site

Ring = list[tuple[int, int]]
PIXEL = 10
"""Of the original map, in units of ours."""


@pytest.fixture(scope="module")
def outlines() -> dict[str, list[Ring]]:
    """The rings of each prefecture."""
    if not assets.exists(maps.OUTLINES):
        reason = "no front end was built: run 'make frontend'"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(reason)
        pytest.skip(reason)
    return {code: rings_of(path) for code, path in maps.outlines().items()}


def rings_of(path: str) -> list[Ring]:
    x = y = 0
    found: list[Ring] = []
    for part in path.split("m")[1:]:
        assert re.fullmatch(r"[-\d ]+z", part), part
        numbers = [int(each) for each in re.findall(r"-?\d+", part)]
        ring: Ring = []
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            ring.append((x, y))
        x, y = ring[0]
        found.append(ring)
    return found


def lies_in(point: tuple[float, float], ring: Ring) -> bool:
    """Tell whether a ray from a point crosses a ring an odd number of times."""
    x, y = point
    crossed = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed = not crossed
    return crossed


def distance(point: tuple[float, float], rings: list[Ring]) -> float:
    """Return how far a point is from what lies in rings; 0 inside."""
    if any(lies_in(point, ring) for ring in rings):
        return 0
    found = []
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            length = (x2 - x1) ** 2 + (y2 - y1) ** 2
            along = ((point[0] - x1) * (x2 - x1) + (point[1] - y1) * (y2 - y1)) / length if length else 0
            part = min(1, max(0, along))
            found.append(math.dist(point, (x1 + part * (x2 - x1), y1 + part * (y2 - y1))))
    return min(found)


def test_the_table_of_prefectures_agrees_with_the_register(site: Site) -> None:
    nodes = site.catalog.instances(NamedNode(site.own("Prefecture")))
    names = Facts(site.catalog.names(nodes))
    registered = {
        node.value[-6:]: names.text(node, RDFS_LABEL, "en").partition(" ")[0].lower() for node in nodes
    }
    assert len(registered) == 47
    assert {code: id_ for id_, code in japan.CODES.items()} == registered


def test_every_office_lies_in_the_outline_of_its_prefecture(
    site: Site, outlines: dict[str, list[Ring]]
) -> None:
    """Two independent sources, the map and the register, agree; islands too small to be drawn lie in none."""
    assert len(outlines) == 47
    by_number = {code[:2]: rings for code, rings in outlines.items()}
    positions = site.around.positions
    assert len(positions) > 1900
    undrawn = 0
    for area, position in positions.items():
        code = area.value[-6:]
        point = japan.project(position.latitude, position.longitude)
        assert point is not None, f"{code} is not on the map"
        away = distance(point, by_number[code[:2]])
        undrawn += away > PIXEL
        inside = [number for number, rings in by_number.items() if any(lies_in(point, r) for r in rings)]
        # A border may be a few units wrong: the map is coarse.
        assert code[:2] in inside or not inside or away < 4 * PIXEL, f"{code} lies in {inside}"
    assert undrawn < 30


def test_outlines_are_small(outlines: dict[str, list[Ring]]) -> None:
    assert outlines
    assert sum(len(path) for path in maps.outlines().values()) < 60_000
    for name in (maps.OUTLINES, maps.WHOLE):
        assert len(assets.content(name) or b"") < 60_000


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        pytest.param(48.9, 2.4, id="Paris"),
        pytest.param(20.4, 136.1, id="Okinotorishima: south of the map"),
        pytest.param(90.0, 140.0, id="the pole is nowhere on this projection"),
        pytest.param(-90.0, 140.0, id="nor is the other"),
        pytest.param(math.nan, 140.0, id="not a number"),
        pytest.param(35.0, math.inf, id="infinite"),
        pytest.param(1e300, 1e300, id="no degrees"),
    ],
)
def test_what_is_not_on_the_map(latitude: float, longitude: float) -> None:
    assert japan.project(latitude, longitude) is None
    assert japan.dots([Point("x", "/x", latitude, longitude)], 10) == []


@given(st.lists(st.tuples(st.floats(25, 45), st.floats(124, 145)), max_size=30))
def test_no_dot_is_lost_and_none_moves_without_need(places: list[tuple[float, float]]) -> None:
    points = [Point(str(number), "", *place) for number, place in enumerate(places)]
    found = japan.dots(points, 40)
    assert sorted(dot.name for dot in found) == sorted(point.name for point in points)
    assert all(japan.LEFT <= dot.x <= japan.RIGHT and japan.TOP <= dot.y <= japan.BOTTOM for dot in found)
    own = [(dot.own_x, dot.own_y) for dot in found]
    nearest = min((math.dist(a, b) for n, a in enumerate(own) for b in own[:n]), default=math.inf)
    if nearest > 82:
        assert not any(dot.has_moved for dot in found)


def test_dots_at_one_place_can_all_be_seen() -> None:
    found = japan.dots([Point(str(number), "", 35.0, 137.0) for number in range(5)], 40)
    apart = [math.dist((a.x, a.y), (b.x, b.y)) for a in found for b in found if a is not b]
    assert min(apart) > 75
    assert max(math.dist((a.x, a.y), (a.own_x, a.own_y)) for a in found) < 120


def test_many_dots_stay_where_they_are() -> None:
    found = japan.dots([Point(str(n), "", 35.0, 137.0) for n in range(japan.MOST_KEPT_APART + 1)], 40)
    assert len(found) == japan.MOST_KEPT_APART + 1
    assert not any(dot.has_moved for dot in found)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([0, 0], [], id="nobody has any"),
        pytest.param([1, 0, 1], [(1, 1)], id="one step"),
        pytest.param([1, 2], [(1, 1), (2, 2)], id="as published"),
        pytest.param([7], [(1, 1), (2, 4), (5, 7)], id="three"),
        pytest.param([6000], [(1, 9), (10, 99), (100, 999), (1000, 6000)], id="of many some"),
    ],
)
def test_steps(numbers: list[int], expected: list[tuple[int, int]]) -> None:
    assert japan.steps(numbers) == expected


@given(st.lists(st.integers(0, 10**7), max_size=47))
def test_every_number_has_its_step(numbers: list[int]) -> None:
    ranges = japan.steps(numbers)
    assert len(ranges) <= 4
    for number in numbers:
        step = japan.step_of(number, ranges)
        assert (step == 0) == (number == 0)
        if step:
            assert ranges[step - 1][0] <= number <= ranges[step - 1][1]


# --- as it is shown ---------------------------------------------------------------------


def shown(app: Flask, macro: str, points: list[Point]) -> str:
    with app.test_request_context("/ja/"):
        return render_template_string(
            f"{{% from '_map.html' import {macro} with context %}}{{{{ {macro}(points) }}}}", points=points
        )


HOSTILE = Point('"><script>alert(1)</script>', '/x?a=1&b="', 35.0, 137.0)


@pytest.mark.parametrize("macro", ["locator", "points_on_map"])
def test_a_map_of_points(
    app: Flask, client: FlaskClient, outlines: dict[str, list[Ring]], macro: str
) -> None:
    assert outlines
    text = shown(app, macro, [Point("北見市", "/municipality/012084", 43.8, 143.9), HOSTILE])
    figure = ET.fromstring(text.strip())
    links = {
        link.get("href"): link.findtext("title") for link in figure.iter("a") if link.get("class") == "dot"
    }
    assert links == {"/municipality/012084": "北見市", HOSTILE.href: HOSTILE.name}
    assert "CC BY 4.0" in "".join(figure.itertext())
    assert "style=" not in text
    assert len(text) < 25_000
    (land,) = figure.iter("use")
    address, _, name = str(land.get("href")).partition("#")
    drawn = ET.fromstring(client.get(address).data)
    assert [each.get("id") for each in drawn] == [name]


def test_a_thousand_points(app: Flask, outlines: dict[str, list[Ring]]) -> None:
    assert outlines
    text = shown(app, "points_on_map", [Point(str(n), f"/{n}", 30 + n / 100, 137.0) for n in range(1200)])
    assert text.count('class="dot"') + text.count('<g class="dot"') >= 900
    assert "200件は描いていません" in text


@pytest.mark.parametrize("macro", ["locator", "points_on_map"])
def test_nothing_to_show(app: Flask, macro: str) -> None:
    assert shown(app, macro, []).strip() == ""
    assert shown(app, macro, [Point("Paris", "/paris", 48.9, 2.4)]).strip() == ""


def test_without_a_front_end_there_is_no_map(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "exists", lambda _name: False)
    assert shown(app, "locator", [Point("北見市", "/municipality/012084", 43.8, 143.9)]).strip() == ""


# --- as it is brought -------------------------------------------------------------------


def test_the_lock_file_names_no_registry() -> None:
    lock = (ROOT / "src/nichiiki_ld/web/frontend/package-lock.json").read_text(encoding="utf-8")
    assert '"@svg-maps/japan"' in lock
    assert '"resolved"' not in lock
    assert "http" not in re.sub(r'"(url|funding)": .*', "", lock)


def test_everything_that_npm_needs_is_in_the_package() -> None:
    package = ROOT / "src/nichiiki_ld"
    patterns = re.search(
        r"^nichiiki_ld = \[(.*)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    assert patterns
    packed = {path for pattern in re.findall(r'"([^"]+)"', patterns[1]) for path in package.glob(pattern)}
    sources = {
        path
        for path in (package / "web/frontend").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and "node_modules" not in path.parts
    }
    assert len(sources) >= 5
    assert sources <= packed


def fake_npm(folder: Path, script: str) -> None:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    npm.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the PATH, with the interpreter in it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_what_was_built_replaces_what_was_there(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "static" / "built"
    target.mkdir(parents=True)
    (target / "old.js").touch()
    fake_npm(path, '[ "$1" = ci ] || : > "$4/new.js"')
    assert [each.name for each in frontend.make(target)] == ["new.js"]
    assert [each.name for each in target.parent.iterdir()] == ["built"]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        pytest.param("", "there is no npm", id="no npm"),
        pytest.param("echo offline >&2; exit 1", "'npm ci' failed:\noffline", id="no registry"),
        pytest.param('[ "$1" = ci ] || { : > "$4/half.js"; exit 3; }', "'npm run build", id="half built"),
    ],
)
def test_what_fails_changes_nothing(path: Path, tmp_path: Path, script: str, message: str) -> None:
    target = tmp_path / "static" / "built"
    target.mkdir(parents=True)
    (target / "old.js").touch()
    if script:
        fake_npm(path, script)
    with pytest.raises(FrontendError, match=re.escape(message)):
        frontend.make(target)
    assert [each.name for each in target.parent.rglob("*")] == ["built", "old.js"]
