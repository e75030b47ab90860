"""Maps for templates: the outlines that `nichiiki-ld frontend` brought, and what is drawn on them."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nichiiki_ld.web import assets, japan

OUTLINES = "japan.json"
WHOLE = "japan.svg"

DOT_RADIUS = 44
"""Of a dot on a map that fills a column, in units of the map."""

SMALL_DOT_RADIUS = 72
"""Of a dot on a map that is a third as wide."""

MOST_POINTS = 1000
"""So many points are drawn on one map."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Points, drawn on a map.

    Attributes:
        outside: How many lie elsewhere than on the map.
        untold: How many are left out because there are too many.
    """

    dots: tuple[japan.Dot, ...]
    radius: int
    outside: int
    untold: int


@functools.cache
def outlines() -> dict[str, str]:
    """Return local-government code → path of each prefecture; nothing where no front end was built."""
    content = assets.content(OUTLINES)
    if content is None:
        return {}
    paths = json.loads(content)["prefectures"]
    return dict(sorted((japan.CODES[id_], path) for id_, path in paths.items()))


def plotted(points: Iterable[japan.Located], *, small: bool = False) -> Plot:
    """Return how points are drawn."""
    given = list(points)
    kept = given[:MOST_POINTS]
    radius = SMALL_DOT_RADIUS if small else DOT_RADIUS
    drawn = tuple(japan.dots(kept, radius))
    return Plot(drawn, radius, outside=len(kept) - len(drawn), untold=len(given) - len(kept))


def for_templates() -> dict[str, Any]:
    """Return what `_map.html` uses."""
    return {
        "map_of_japan": assets.address(WHOLE) if assets.exists(WHOLE) else "",
        "map_box": f"{japan.LEFT} {japan.TOP} {japan.RIGHT - japan.LEFT} {japan.BOTTOM - japan.TOP}",
        "plotted": plotted,
    }
