"""The files of a release that derive from its sorted runs."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store, parse

from nichiiki_ld import list_index, page_index, search_index
from nichiiki_ld.compaction import Compactor, Context
from nichiiki_ld.formats import DUMPS, FORMATS, N_QUADS, N_TRIPLES, Format, Kind
from nichiiki_ld.namespaces import RDF_TYPE
from nichiiki_ld.publication import DUMP_NAME
from nichiiki_ld.spool import Run, canonical_lines, quad_lines, reading_lines, triple_lines, triples_of
from nichiiki_ld.store import LAYOUT as STORE_LAYOUT
from nichiiki_ld.store import GraphStore
from nichiiki_ld.workbook import MEDIA_TYPE as XLSX_TYPE
from nichiiki_ld.writing import write_lines

READING_TRIPLES = "reading.nt"
READING_QUADS = "reading.nq"
INDEXES = frozenset({"store", search_index.FILE_NAME, page_index.FILE_NAME, list_index.FILE_NAME})
"""What the server reads and nobody downloads."""

LAYOUTS = (STORE_LAYOUT, search_index.LAYOUT, page_index.LAYOUT, list_index.LAYOUT)
"""Numbers of what the indexes look like."""

_BUFFER_BYTES = 1 << 20

QUADS_PER_LOAD = 500_000
"""The engine keeps what it loads at once in memory, about 1.5 kB a quad."""


def dump_path(folder: Path, format_: Format) -> Path:
    """Return where a release keeps its dump in a format."""
    return folder / f"{DUMP_NAME}.{format_.extension}"


def write_canonical(folder: Path, runs: Sequence[Run], namespace: str) -> tuple[Counter[str], Counter[str]]:
    """Write the sorted N-Quads and N-Triples dumps and return what they hold.

    Args:
        namespace: IRI of the vocabulary.

    Returns:
        The number of `triples`, and of things of each class of the vocabulary, under its local name;
        and the number of triples with each property of the vocabulary, likewise.
    """
    kind = f"<{RDF_TYPE}>".encode()
    own = f"<{namespace}".encode()
    quads, triples = dump_path(folder, N_QUADS), dump_path(folder, N_TRIPLES)
    with quads.open("wb", _BUFFER_BYTES) as output:
        output.writelines(canonical_lines(runs))
    counts: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    with quads.open("rb", _BUFFER_BYTES) as lines, triples.open("wb", _BUFFER_BYTES) as output:
        for line in triples_of(lines):
            output.write(line)
            counts["triples"] += 1
            _, predicate, object_ = line.split(b" ", 2)
            if predicate == kind and object_.startswith(own):
                counts[object_[len(own) : object_.index(b">")].decode()] += 1
            elif predicate.startswith(own):
                uses[predicate[len(own) : -1].decode()] += 1
    return counts, uses


def write_reading_triples(work: Path, runs: Sequence[Run]) -> None:
    """Write the union of all graphs in reading order, for the pretty dumps to read."""
    with (work / READING_TRIPLES).open("wb", _BUFFER_BYTES) as output:
        output.writelines(reading_lines(runs))


def write_reading_quads(work: Path, runs: Sequence[Run]) -> dict[str, int]:
    """Write graph after graph in reading order, for the pretty dumps to read, and return how long each is."""
    graphs: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: run.graph):
        graphs.setdefault(run.graph, []).append(run)
    counts = dict.fromkeys(graphs, 0)
    with (work / READING_QUADS).open("wb", _BUFFER_BYTES) as output:
        for graph, members in graphs.items():
            for line in reading_lines(members, graph):
                output.write(line)
                counts[graph] += 1
    return counts


def write_pretty(folder: Path, work: Path, format_: Format, context: Context) -> None:
    """Write the dump in a format for people from the statements in reading order."""
    flat = work / (READING_QUADS if format_.kind is Kind.DATASET else READING_TRIPLES)
    with (
        flat.open("rb", _BUFFER_BYTES) as lines,
        dump_path(folder, format_).open("wb", _BUFFER_BYTES) as output,
    ):
        write_lines(lines, output, format_, Compactor(context), context)


PRETTY: tuple[Format, ...] = tuple(f for f in DUMPS if f not in (N_QUADS, N_TRIPLES))
"""The dumps that are written in reading order."""


def compress(path: Path) -> None:
    """Write the gzip twin of a file. It holds no name and no time, so that equal files have equal twins."""
    with (
        path.open("rb") as source,
        path.with_name(f"{path.name}.gz").open("wb") as target,
        gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0, compresslevel=6) as packed,
    ):
        shutil.copyfileobj(source, packed, _BUFFER_BYTES)


def write_store(folder: Path, runs: Sequence[Run], *, union: bool = True, blank_nodes: bool = False) -> None:
    """Write the engine's index, which the server opens read-only.

    It takes the statements from the runs: the engine sorts them itself, in several ways.

    The default graph holds every triple once, beside the named graphs: asked for a union
    of them, the engine gives a triple of two graphs twice, and takes longer.

    Args:
        union: Whether it does; else it holds what is in no named graph.
        blank_nodes: Whether there are any. They take longer.
    """
    store = Store(str(folder / "store"))
    for lines in (quad_lines(runs), triple_lines(runs)) if union else (quad_lines(runs),):
        while piece := b"".join(islice(lines, QUADS_PER_LOAD)):
            # N-Triples are N-Quads too. Lenient: these are the engine's own words, whose IRIs
            # were checked on the way in.
            if blank_nodes:
                # Loading gives blank nodes other labels, each time anew.
                store.bulk_extend(parse(piece, format=RdfFormat.N_QUADS, lenient=True))
            else:
                store.bulk_load(piece, format=RdfFormat.N_QUADS, lenient=True)
    # The pieces lie beside one another, and a query looks into each until they are merged.
    store.optimize()
    store.flush()


def write_search(folder: Path, base: str, work: Path) -> None:
    """Write the index of words, which the server opens read-only."""
    search_index.write_search_index(folder / search_index.FILE_NAME, dump_path(folder, N_TRIPLES), base, work)


def write_pages(folder: Path, base: str) -> None:
    """Write the index of what has a page, which the server opens read-only."""
    page_index.write_page_index(folder / page_index.FILE_NAME, dump_path(folder, N_TRIPLES), base)


def write_lists(folder: Path, base: str, *, union: bool = True) -> None:
    """Write the index of the lists from the store, which the server opens read-only."""
    store = GraphStore(folder / "store", base=base, context={}, union=union)
    list_index.write_list_index(folder / list_index.FILE_NAME, store, base)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def published_files(folder: Path) -> list[Path]:
    """Return the files that a release publishes, sorted: all but the indexes, whose bytes depend on what wrote them."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in INDEXES
    )


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what a manifest says of each published file: `bytes`, `sha256` and `mediaType`."""
    media_types = {f".{f.extension}": f.media_type for f in FORMATS} | {
        ".json": "application/json",
        ".geojson": "application/geo+json",
        ".gz": "application/gzip",
        ".xlsx": XLSX_TYPE,
    }
    paths = published_files(folder)
    # Threads are enough: who hashes lets others run.
    with ThreadPoolExecutor() as threads:
        digests = list(threads.map(digest, paths))
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": sha256,
            "mediaType": media_types.get(path.suffix, "text/plain"),
        }
        for path, sha256 in zip(paths, digests, strict=True)
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write `manifest.json`, and `SHA256SUMS` over it and all files that it lists."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    path = folder / "manifest.json"
    path.write_text(text + "\n", encoding="utf-8")
    digests = {name: file["sha256"] for name, file in manifest["files"].items()} | {path.name: digest(path)}
    sums = "".join(f"{value}  {name}\n" for name, value in sorted(digests.items()))
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
