"""What was measured, as Markdown. Every ratio says how many times better this server is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from endpoint.load import Sample


@dataclass(frozen=True, slots=True)
class Case:
    """One load: some queries in turn.

    Attributes:
        fresh: Whether every query is a text that was not sent before.
    """

    name: str
    queries: tuple[str, ...]
    fresh: bool


Results = Mapping[tuple[Case, str], Sequence[Sample]]
"""Of each case and server's name, a sample of each round."""


@dataclass(slots=True)
class Siege:
    """A cheap query, sent while other clients ask what cannot be answered.

    Attributes:
        statuses: What those clients got, and how often.
        failure: Why the cheap query was not answered, if so.
    """

    samples: list[Sample] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    failure: str = ""

    def percentile_ms(self, percent: float) -> float:
        """Return a percentile of the cheap query, the median of the rounds; infinite if it failed."""
        if self.failure:
            return math.inf
        return median(sample.percentile_ms(percent) for sample in self.samples)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted, and what was measured."""

    text: str
    wanted: str
    measured: str
    met: bool


def ratios(results: Results, case: Case, ours: str, theirs: str) -> tuple[float, float, float] | None:
    """Return throughput, p50 and p99 as ratios, medians of the rounds; None where it was not measured."""
    if (case, ours) not in results or (case, theirs) not in results:
        return None
    pairs = list(zip(results[case, ours], results[case, theirs], strict=True))
    return (
        median(one.throughput / other.throughput for one, other in pairs),
        median(other.percentile_ms(50) / one.percentile_ms(50) for one, other in pairs),
        median(other.percentile_ms(99) / one.percentile_ms(99) for one, other in pairs),
    )


def loads(results: Results, rows: Mapping[str, int], ours: str, first: str, second: str) -> str:
    """Return one line for each query and mix.

    Args:
        first: The server that is compared with twice, once with repeated queries.
        second: The server that may not answer everything.
    """
    heads = ["query", "rows", "answers/s", "p50 ms", "p99 ms"]
    for peer in (f"÷ {first}", f"repeated ÷ {first}", f"÷ {second}"):
        heads += [f"**{peer}** throughput", "p50", "p99"]
    lines = []
    for case in (case for case, server in results if case.fresh and server == ours):
        samples = results[case, ours]
        cells = [
            case.name,
            f"{rows[case.name]:,}" if case.name in rows else "",
            f"{median(sample.throughput for sample in samples):,.0f}",
            *(f"{median(sample.percentile_ms(percent) for sample in samples):,.1f}" for percent in (50, 99)),
        ]
        again = Case(case.name, case.queries, fresh=False)
        for compared, theirs in ((case, first), (again, first), (case, second)):
            found = ratios(results, compared, ours, theirs)
            cells += [f"{ratio:,.2f}" for ratio in found] if found else [""] * 3
        lines.append(cells)
    return table(heads, lines)


def sieges(found: Mapping[str, Siege]) -> str:
    """Return one line for each siege."""
    heads = ["queries of death from", "a cheap query: p50 ms", "p99 ms", "answers", "what the others got"]
    return table(
        heads,
        [
            [
                name,
                f"{siege.percentile_ms(50):,.1f}",
                f"{siege.percentile_ms(99):,.1f}",
                f"{sum(len(sample.latencies_us) for sample in siege.samples):,}",
                siege.failure
                or ", ".join(f"{n:,} × {status}" for status, n in sorted(siege.statuses.items())),
            ]
            for name, siege in found.items()
        ],
    )


def at_least(text: str, wanted: float, measured: tuple[float, float, float] | None) -> Aim:
    """Return an aim for the ratio of throughputs."""
    if measured is None:
        return Aim(text, f"≥ {wanted:g}", "not measured", met=False)
    return Aim(text, f"≥ {wanted:g}", f"{measured[0]:.2f}", met=measured[0] >= wanted)


def survives(by_name: Mapping[str, Siege], slice_seconds: float) -> list[Aim]:
    """Return the aims for the cheap query under each siege but the first, which is none."""
    unloaded, *others = by_name.items()
    most_ms = 3 * unloaded[1].percentile_ms(99) + slice_seconds * 1000
    return [
        Aim(
            f"p99 of a cheap query, {name}",
            f"≤ 3 × {unloaded[1].percentile_ms(99):.1f} ms + {slice_seconds:g} s",
            f"{siege.percentile_ms(99):.1f} ms",
            met=siege.percentile_ms(99) <= most_ms,
        )
        for name, siege in others
    ]


def aims(found: Iterable[Aim]) -> str:
    """Return one line for each aim."""
    lines = [[aim.text, aim.wanted, aim.measured, "yes" if aim.met else "**no**"] for aim in found]
    return table(["aim", "wanted", "measured", "met"], lines)


def table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table, its first column text and the others numbers."""
    rule = ["|:--|" + "--:|" * (len(heads) - 1)]
    return "\n".join(["| " + " | ".join(heads) + " |", *rule, *("| " + " | ".join(c) + " |" for c in lines)])
