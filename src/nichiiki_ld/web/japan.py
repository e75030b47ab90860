"""The map of Japan: where a point lies on it, whose outlines it has, and how shades and dots are chosen.

Units are tenths of those of `@svg-maps/japan`, as `frontend/parts/map.mjs` writes them.

Source: the map is in Mercator's projection; the numbers are fitted to it, within 0.3 of its units.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nichiiki_ld.codes import check_digit

LEFT, TOP, RIGHT, BOTTOM = -160, 0, 4380, 5160
"""Of the map: longitude 122.8 to 145.9, latitude 24.2 to 45.5. The outline begins at 0, east of Yonaguni."""

_X_OF_DEGREE, _X_OF_GREENWICH = 196.953, -24349.72
_Y_OF_RADIAN, _Y_OF_EQUATOR = -11252.074, 10065.60

_IDS = (  # noqa: SIM905  # 47 lines otherwise
    "hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa "
    "niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto osaka hyogo nara wakayama "
    "tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi fukuoka saga nagasaki kumamoto oita "
    "miyazaki kagoshima okinawa"
).split()
"""What the package calls the prefectures, in the order of JIS X 0401."""

CODES: Mapping[str, str] = {
    id_: f"{number:02}000{check_digit(f'{number:02}000')}" for number, id_ in enumerate(_IDS, start=1)
}
"""What the package calls a prefecture → its local-government code."""

MOST_KEPT_APART = 100
"""So many dots are moved apart where they overlap; more would need more time than a page has."""

_ROUNDS = 30
_NICE = (1, 2, 5)


class Located(Protocol):
    """What can be shown on the map: a name, where it leads to, and degrees (WGS 84)."""

    @property
    def name(self) -> str: ...
    @property
    def href(self) -> str: ...
    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Point:
    """A place and where it leads to. Decimal degrees (WGS 84)."""

    name: str
    href: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on the map.

    Attributes:
        x, y: Where it is drawn.
        own_x, own_y: Where it lies, if it had to move for another; else the same.
    """

    name: str
    href: str
    x: int
    y: int
    own_x: int
    own_y: int

    @property
    def has_moved(self) -> bool:
        """Whether it is drawn elsewhere than it lies."""
        return (self.x, self.y) != (self.own_x, self.own_y)


def project(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Return where a place lies on the map, or None if it lies outside."""
    if not (-90 < latitude < 90 and math.isfinite(longitude)):  # noqa: PLR2004  # degrees
        return None
    x = _X_OF_DEGREE * longitude + _X_OF_GREENWICH
    y = _Y_OF_RADIAN * math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) + _Y_OF_EQUATOR
    return (x, y) if LEFT <= x <= RIGHT and TOP <= y <= BOTTOM else None


def dots(points: Iterable[Located], radius: float) -> list[Dot]:
    """Return the points that lie on the map, from north to south, so far apart that each can be seen and hit.

    Where there are more than `MOST_KEPT_APART`, all stay where they are.

    Args:
        radius: Of a dot as it is drawn.
    """
    placed = [
        (point, place) for point in points if (place := project(point.latitude, point.longitude)) is not None
    ]
    placed.sort(key=lambda each: (each[1][1], each[1][0], each[0].name, each[0].href))
    places = [place for _, place in placed]
    drawn = keep_apart(places, 2 * radius) if len(places) <= MOST_KEPT_APART else places
    return [
        Dot(point.name, point.href, *map(round, at), *map(round, own))
        if math.dist(at, own) >= 1
        else Dot(point.name, point.href, *map(round, own), *map(round, own))
        for (point, own), at in zip(placed, drawn, strict=True)
    ]


def keep_apart(places: Sequence[tuple[float, float]], distance: float) -> list[tuple[float, float]]:
    """Return places near these of which no two are nearer than a distance, as far as some rounds of pushing do it.

    Two that are too near are pushed away from each other, each half of what lacks; two at
    one place in a direction that depends on their order alone.
    """
    found = [list(each) for each in places]
    for _ in range(_ROUNDS):
        moved = False
        for first in range(len(found)):
            for second in range(first + 1, len(found)):
                one, other = found[first], found[second]
                across, down = other[0] - one[0], other[1] - one[1]
                apart = math.hypot(across, down)
                if apart >= distance - 0.5:
                    continue
                if apart == 0:
                    turn = 2.4 * second
                    across, down, apart = math.cos(turn), math.sin(turn), 1.0
                push = (distance - apart) / 2 if apart > 1 else 1.0
                one[0] -= across / apart * push
                one[1] -= down / apart * push
                other[0] += across / apart * push
                other[1] += down / apart * push
                moved = True
        if not moved:
            break
    return [
        (min(max(x, LEFT), RIGHT), min(max(y, TOP), BOTTOM)) if (x, y) != own else own
        for (x, y), own in zip(found, places, strict=True)
    ]


def steps(numbers: Iterable[int], most: int = 4) -> list[tuple[int, int]]:
    """Return ranges, first and last, that numbers above 0 are shaded by, from the lightest on.

    A range begins at 1, 2 or 5 times a power of ten. Where there are more such than
    `most`, they are thinned out evenly.
    """
    highest = max(numbers, default=0)
    begins = []
    power = 1
    while power <= highest:
        begins += [nice * power for nice in _NICE if nice * power <= highest]
        power *= 10
    if len(begins) > most:
        begins = [begins[each * len(begins) // most] for each in range(most)]
    return [
        (begin, (begins[place + 1] - 1) if place + 1 < len(begins) else highest)
        for place, begin in enumerate(begins)
    ]


def step_of(number: int, ranges: Sequence[tuple[int, int]]) -> int:
    """Return which range a number lies in, counted from 1; 0 for none."""
    return next((place for place, (first, last) in enumerate(ranges, 1) if first <= number <= last), 0)
