"""How fast the endpoint answers, beside two other servers on the same dump.

    python benchmarks/serve.py --release dist
    python benchmarks/serve.py --projects 10000

Starts `nichiiki-ld serve`, `oxigraph serve-read-only` and rdflib-endpoint, checks that they
give the same answers to the example queries, drives the queries with wrk, one by one and
mixed, and lays siege to the server with queries that no server can answer. Prints tables
of ratios, each the median of the rounds, and whether the aims are met.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from build import ROOT, SyntheticRepository
from endpoint import report
from endpoint.agreement import Agreement, agree
from endpoint.load import LoadFailed, Sample, drive
from endpoint.report import Case, Siege
from endpoint.servers import Server, ours, oxigraph, rdflib_endpoint, version
from endpoint.siege import besieged
from nichiiki_ld.build import build
from nichiiki_ld.release import Release, open_release
from nichiiki_ld.settings import read_settings

MIX = "all, mixed"
ABLE_MIX = "all that are in this table, mixed"
SMALLER_MIX = "mixed, without those that rdflib-endpoint lacks"
LONGEST_SECONDS = 120
"""Of a load; and how long a first answer may take."""

CHEAP_QUERY = """\
PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>
SELECT ?programme { ?programme a nichiiki:Programme }"""

SIEGES: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "four at four addresses": ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"),
    "four at one address": ("127.0.0.2",) * 4,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        seconds: Of a load with one query; a mix takes ten times as long, and whoever is slow gets longer.
        rdflib_seconds: Longest first answer of rdflib-endpoint that is measured further.
        rdflib_triples: Largest release that it is given: it holds everything in memory.
        siege_seconds: Of the cheap query's load.
    """

    rounds: int
    seconds: float
    connections: int
    rdflib_seconds: float
    rdflib_triples: int
    siege_seconds: float


@dataclass(frozen=True, slots=True)
class Servers:
    """Those that run."""

    ours: Server
    oxigraph: Server
    rdflib: Server | None

    def of(self, case: Case, agreement: Agreement) -> list[Server]:
        """Return those that get a load; rdflib-endpoint only what it answers, and only once."""
        everywhere = case.fresh and set(case.queries) <= set(agreement.everywhere)
        return [self.ours, self.oxigraph, *([self.rdflib] if self.rdflib and everywhere else [])]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of the loads.

    Attributes:
        results: Of each case and server's name, a sample of each round.
        failed: Why there are none.
    """

    results: dict[tuple[Case, str], list[Sample]] = field(default_factory=dict)
    failed: dict[tuple[Case, str], str] = field(default_factory=dict)


def single(agreement: Agreement) -> list[Case]:
    """Return the loads of one query each."""
    return [Case(name, (name,), fresh) for name in agreement.measured for fresh in (True, False)]


def mixes(agreement: Agreement, measured: Measured, servers: Servers) -> dict[str, Case]:
    """Return the loads of many queries in turn: `fresh`, `repeated`, and `everywhere` of those that rdflib-endpoint answers.

    A query that a server refused when it was asked it alone is in none of them.
    """
    failed = {case.name for case, _ in measured.failed}
    able = tuple(name for name in agreement.measured if name not in failed)
    name = MIX if not failed and not set(agreement.left_out) - agreement.described else ABLE_MIX
    found = {"fresh": Case(name, able, fresh=True), "repeated": Case(name, able, fresh=False)}
    everywhere = tuple(name for name in able if name in agreement.everywhere)
    if servers.rdflib and everywhere:
        found["everywhere"] = (
            Case(SMALLER_MIX, everywhere, fresh=True) if everywhere != able else found["fresh"]
        )
    return found


def measure(
    loads: Sequence[Case], measured: Measured, agreement: Agreement, servers: Servers, plan: Plan
) -> None:
    """Drive loads on one server after the other, and all of that again in every round."""
    for number in range(1, plan.rounds + 1):
        for index, case in enumerate(loads):
            say(f"round {number} of {plan.rounds}, load {index + 1} of {len(loads)}: {case.name}")
            for server in servers.of(case, agreement):
                if (case, server.name) in measured.failed:
                    continue
                try:
                    sample = drive(
                        server,
                        [agreement.queries[name] for name in case.queries],
                        label=f"{number}-{len(measured.results)}-{index}" if case.fresh else "",
                        seconds=duration(case, server, agreement, plan),
                        connections=plan.connections,
                    )
                except LoadFailed as error:
                    measured.failed[case, server.name] = str(error)
                    measured.results.pop((case, server.name), None)
                else:
                    measured.results.setdefault((case, server.name), []).append(sample)
                server.settle()


def duration(case: Case, server: Server, agreement: Agreement, plan: Plan) -> float:
    """Return how many seconds a load takes: every connection gets some answers, a mix goes round twice."""
    first = sum(agreement.first_seconds[server.name, name] for name in case.queries)
    if len(case.queries) > 1:
        wanted = max(plan.seconds * 10, first * 2)
    else:
        wanted = max(plan.seconds, first * plan.connections * 2)
    return min(wanted, LONGEST_SECONDS)


def besiege(server: Server, plan: Plan) -> dict[str, Siege]:
    """Measure a cheap query on one connection, with and without clients that ask queries of death.

    Only on this server: Oxigraph's has no limit of time, unless it is told one, and then each
    query keeps a thread until its time is over, so that thousands of queries a second end it.
    """
    found = {name: Siege() for name in SIEGES}
    for number in range(1, plan.rounds + 1):
        for index, (name, addresses) in enumerate(SIEGES.items()):
            say(f"round {number} of {plan.rounds}, siege: {name}")
            _besiege(server, addresses, f"siege-{number}-{index}", plan, found[name])
    return found


def _besiege(server: Server, addresses: Sequence[str], label: str, plan: Plan, siege: Siege) -> None:
    with besieged(server, addresses, label) if addresses else nullcontext() as statuses:
        try:
            sample = drive(server, [CHEAP_QUERY], label=label, seconds=plan.siege_seconds, connections=1)
        except LoadFailed as error:
            siege.failure = str(error)
        else:
            siege.samples.append(sample)
    siege.statuses += statuses or Counter()
    server.settle()


def compare(release: Release, queries: Mapping[str, str], plan: Plan, folder: Path | None) -> str:
    """Run all servers on a release and return the tables.

    Args:
        folder: For Oxigraph's store; None lets it read the release's own.
    """
    settings = read_settings(os.environ)
    triples = release.manifest["counts"]["triples"]
    with ExitStack() as stack:
        say("loading")
        own = stack.enter_context(ours(release.folder))
        other = stack.enter_context(oxigraph(release.folder, folder))
        slow = (
            stack.enter_context(rdflib_endpoint(release.folder)) if triples <= plan.rdflib_triples else None
        )
        servers = Servers(own, other, slow)
        say("comparing answers")
        agreement = agree(
            queries,
            [own, other],
            fallible=slow,
            patience_seconds=LONGEST_SECONDS,
            fallible_seconds=plan.rdflib_seconds,
        )
        measured = Measured()
        measure(single(agreement), measured, agreement, servers, plan)
        mixed = mixes(agreement, measured, servers)
        measure(list(dict.fromkeys(mixed.values())), measured, agreement, servers, plan)
        sieges = besiege(own, plan)
    results = measured.results
    aims = [
        report.at_least("mix ÷ Oxigraph", 0.5, report.ratios(results, mixed["fresh"], own.name, other.name)),
        report.at_least(
            "mix, repeated ÷ Oxigraph", 1.5, report.ratios(results, mixed["repeated"], own.name, other.name)
        ),
        *report.survives(sieges, settings.query_slice_seconds),
    ]
    if "everywhere" in mixed:
        found = report.ratios(results, mixed["everywhere"], own.name, "rdflib-endpoint")
        aims.append(report.at_least("mix ÷ rdflib-endpoint", 10, found))
    return "\n\n".join(
        [
            f"{release.manifest['counts']['Project']:,} projects, {triples:,} triples",
            report.loads(results, agreement.rows, own.name, other.name, "rdflib-endpoint"),
            *missing(agreement, measured, plan, rdflib=slow is not None),
            report.sieges(sieges),
            report.aims(aims),
        ]
    )


def missing(agreement: Agreement, measured: Measured, plan: Plan, *, rdflib: bool) -> list[str]:
    """Return what is not in the table, and why."""
    lines = [f"- Not measured: {name}: {reason}." for name, reason in agreement.left_out.items()]
    lines += [f"- Not on rdflib-endpoint: {name}: {why}." for name, why in agreement.unanswered.items()]
    lines += [
        f"- Failed under load: {case.name}{'' if case.fresh else ', repeated'}: {why}."
        for (case, _), why in measured.failed.items()
    ]
    if not rdflib:
        lines.append(
            f"- No rdflib-endpoint: it holds all triples in memory, and these are more than {plan.rdflib_triples:,}."
        )
    return ["\n".join(lines)] if lines else []


def machine(plan: Plan) -> str:
    """Return what it ran on, and with what."""
    return (
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"oxigraph {version('oxigraph')}, rdflib-endpoint {version('rdflib-endpoint')}, "
        f"connections: {plan.connections}, rounds: {plan.rounds}, seconds: {plan.seconds:g}"
    )


def say(text: str) -> None:
    """Show what is going on, beside what is printed."""
    print(text, file=sys.stderr, flush=True)


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--release", type=Path, help="a release, or a folder of releases")
    what.add_argument("--projects", type=int, help="build a release of so many synthetic projects")
    parser.add_argument("--queries", type=Path, default=ROOT / "data" / "queries", help="folder of *.rq")
    parser.add_argument("--only", action="append", help="name of a query; may be given several times")
    parser.add_argument("--folder", type=Path, help="where to build and load; it must hold the release twice")
    parser.add_argument(
        "--same-store", action="store_true", help="let Oxigraph's server read the release's own store"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a load with one query")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rdflib-seconds", type=float, default=5.0, help="longest answer of rdflib-endpoint")
    parser.add_argument("--rdflib-triples", type=int, default=3_000_000, help="largest release it is given")
    parser.add_argument("--siege-seconds", type=float, default=15.0)
    return parser.parse_args()


def read_queries(folder: Path, only: Sequence[str] | None) -> dict[str, str]:
    """Return the queries of a folder by name.

    Raises:
        SystemExit: There are none.
    """
    found = {path.stem: path.read_text(encoding="utf-8").rstrip() for path in sorted(folder.glob("*.rq"))}
    if only:
        found = {name: query for name, query in found.items() if name in only}
    if not found:
        raise SystemExit(f"{folder}: there are no such queries")
    return found


def main() -> None:
    """Run from the command line."""
    arguments = read_arguments()
    plan = Plan(
        arguments.rounds,
        arguments.seconds,
        arguments.connections,
        arguments.rdflib_seconds,
        arguments.rdflib_triples,
        arguments.siege_seconds,
    )
    queries = read_queries(arguments.queries, arguments.only)
    print(f"{machine(plan)}{', one store for both' if arguments.same_store else ''}\n", flush=True)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        dist = arguments.release
        if dist is None:
            say("building")
            dist = folder / "dist"
            repository = SyntheticRepository(ROOT, arguments.projects, arguments.seed)
            build(repository, dist, workers=os.cpu_count() or 1, progress=lambda *_: None)
        print(compare(open_release(dist), queries, plan, None if arguments.same_store else folder))


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
