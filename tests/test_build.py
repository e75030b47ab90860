"""The release as a whole: what is in it, that it is always the same, that it is always whole."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, Triple, parse

from conftest import ROOT
from nichiiki_ld.build import Built
from nichiiki_ld.formats import DUMPS, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from nichiiki_ld.release import open_release
from nichiiki_ld.writing import engine_format

TABLES = ("areas", "consortia", "corrections", "projects", "register", "themes")


@pytest.fixture(scope="module")
def triples(release_folder: Path) -> set[Triple]:
    """What the sorted N-Triples dump holds, which the engine reads."""
    return {
        quad.triple for quad in parse(path=str(release_folder / "nichiiki.nt"), format=RdfFormat.N_TRIPLES)
    }


def lines_of(graph: rdflib.Graph) -> set[Triple]:
    """Return what another toolbox read, as triples of the engine."""
    text = graph.serialize(format="nt", encoding="utf-8")
    return {quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)}


def test_counts(built: Built) -> None:
    counts = built.manifest["counts"]
    expected = {
        "Programme": 1,
        "Call": 1,
        "GrantDecision": 1,
        "Project": 14,
        "Consortium": 14,
        "Prefecture": 47,
        "Municipality": 1741,
        "Ward": 171,
        "SourceRow": 14,
        "ThemeAssignment": 42,
        "Correction": 8,
        "Contradiction": 1,
        "Translation": 29,
    }
    assert {name: counts[name] for name in expected} == expected


def test_the_release_is_valid(built: Built, release_folder: Path) -> None:
    assert built.results == []
    report = rdflib.Graph().parse(release_folder / "validation-report.ttl")
    (conforms,) = report.objects(None, rdflib.SH.conforms)
    assert conforms.toPython() is True


def test_everything_is_there(release_folder: Path) -> None:
    dumps = {f"nichiiki.{f.extension}" for f in DUMPS}
    assert len(dumps) == 6
    names = {
        path.relative_to(release_folder).as_posix() for path in release_folder.rglob("*") if path.is_file()
    }
    assert dumps | {f"{name}.gz" for name in dumps} <= names
    assert {f"tables/{name}{lang}.csv" for name in TABLES for lang in ("", ".en")} <= names
    assert {"areas.geojson", "validation-report.ttl", "manifest.json", "SHA256SUMS", "ontology.ttl"} <= names
    assert (release_folder / "store").is_dir()
    assert not (release_folder / "work").exists()


@pytest.mark.parametrize("format_", [TURTLE, RDF_XML], ids=lambda f: f.name)
def test_rdflib_reads_the_same_triples(release_folder: Path, triples: set[Triple], format_: Format) -> None:
    """The engine wrote them; rdflib reads them."""
    path = release_folder / f"nichiiki.{format_.extension}"
    found = lines_of(rdflib.Graph().parse(path, format=format_.media_type))
    assert len(found) > 50_000
    assert found == triples


def test_a_json_ld_processor_reads_the_same_triples(release_folder: Path, triples: set[Triple]) -> None:
    """We wrote it; PyLD reads it."""
    document = json.loads((release_folder / f"nichiiki.{JSON_LD.extension}").read_text(encoding="utf-8"))
    quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert {quad.triple for quad in parse(quads, format=RdfFormat.N_QUADS)} == triples


@pytest.mark.parametrize("format_", [N_TRIPLES, N_QUADS], ids=lambda f: f.name)
def test_sorted_lines_are_read_by_rdflib(release_folder: Path, triples: set[Triple], format_: Format) -> None:
    path = release_folder / f"nichiiki.{format_.extension}"
    lines = path.read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    dataset = rdflib.Dataset(default_union=True).parse(
        path, format=format_.media_type.rpartition("/")[2].replace("-", "")
    )
    assert {(str(s), str(p)) for s, p, _, _ in dataset.quads()} == {
        (t.subject.value, t.predicate.value) for t in triples
    }


def test_trig_and_n_quads_are_one_dataset(release_folder: Path, triples: set[Triple]) -> None:
    quads = [
        set(parse(path=str(release_folder / f"nichiiki.{f.extension}"), format=engine_format(f)))
        for f in (TRIG, N_QUADS)
    ]
    assert quads[0] == quads[1]
    assert {quad.triple for quad in quads[0]} == triples


def test_trig_is_read_by_rdflib(release_folder: Path, triples: set[Triple]) -> None:
    dataset = rdflib.Dataset(default_union=True).parse(release_folder / "nichiiki.trig", format="trig")
    plain = rdflib.Graph()
    for s, p, o, _ in dataset.quads():
        plain.add((s, p, o))
    assert lines_of(plain) == triples


def test_no_blank_nodes(release_folder: Path) -> None:
    assert b"_:" not in b"".join(
        line.split(b'"')[0] for line in (release_folder / "nichiiki.nq").read_bytes().splitlines()
    )


def test_the_index_holds_what_the_dump_holds(release_folder: Path) -> None:
    dump = set(parse(path=str(release_folder / "nichiiki.nq"), format=RdfFormat.N_QUADS))
    store = Store.read_only(str(release_folder / "store"))
    default: set[Quad] = set(store.quads_for_pattern(None, None, None, DefaultGraph()))
    assert set(store) - default == dump
    assert {quad.triple for quad in default} == {quad.triple for quad in dump}


def test_twins_unpack_to_their_files(release_folder: Path) -> None:
    for format_ in DUMPS:
        path = release_folder / f"nichiiki.{format_.extension}"
        packed = path.with_name(f"{path.name}.gz").read_bytes()
        assert gzip.decompress(packed) == path.read_bytes()
        assert packed[3:8] == b"\0\0\0\0\0", "a name or a time in the head"


def test_digests(release_folder: Path) -> None:
    sums = dict(
        reversed(line.split("  ", 1))
        for line in (release_folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    assert len(sums) > 30
    for name, digest in sums.items():
        assert hashlib.sha256((release_folder / name).read_bytes()).hexdigest() == digest
    manifest = json.loads((release_folder / "manifest.json").read_text(encoding="utf-8"))
    assert {name: file["sha256"] for name, file in manifest["files"].items()} == {
        name: digest for name, digest in sums.items() if name != "manifest.json"
    }
    assert manifest["inputs"]["data/sources/2025-07-01-mlit/original.txt"].startswith("bcbcc73bdae6")


def test_tables_open_rightly(release_folder: Path) -> None:
    expected = {
        "projects": 14,
        "consortia": 14,
        "areas": 20,
        "themes": 42,
        "corrections": 8,
        "register": 1959,
    }
    for name, count in expected.items():
        for language in ("", ".en"):
            raw = (release_folder / f"tables/{name}{language}.csv").read_bytes()
            assert raw.startswith(b"\xef\xbb\xbf"), "Excel needs a byte order mark"
            rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
            assert len(rows) == count
            assert all(None not in row and None not in row.values() for row in rows)
    text = (release_folder / "tables/projects.csv").read_text(encoding="utf-8-sig")
    projects = list(csv.DictReader(io.StringIO(text)))
    assert projects[0]["地域コード"] == "012084", "codes are text"
    (tenth,) = [row for row in projects if row["プロジェクト番号"] == "2024-2-10"]
    assert len(tenth["実施地域"].split("; ")) == 7
    assert "上士幌町" in tenth["実施地域"].split("; ")
    assert "士幌町" not in tenth["実施地域"].split("; ")


def test_points_are_in_japan(release_folder: Path) -> None:
    features = json.loads((release_folder / "areas.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == 20
    for feature in features:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert 122 < longitude < 154
        assert 20 < latitude < 46


def test_names_of_contact_persons_are_nowhere(release_folder: Path) -> None:
    line = "酒井、吉田(正)、山口".encode()
    files = [path for path in release_folder.rglob("*") if path.is_file() and path.suffix != ".gz"]
    assert len(files) > 30
    assert not [path for path in files if line in path.read_bytes()]


def copy_checkout(target: Path) -> Path:
    for name in ("data", "ontology", "shapes"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("worksheet.csv"))
    return target


def build_process(root: Path, dist: Path, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from nichiiki_ld.cli.main import main; main()", "build"]
    return subprocess.Popen(
        [*command, "--root", str(root), "--dist", str(dist), "--workers", "2"],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def published(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != "store"
    }


def test_two_builds_are_equal_byte_for_byte(release_folder: Path, tmp_path: Path) -> None:
    """Another folder, another time zone, another locale, another hash seed."""
    root = copy_checkout(tmp_path / "elsewhere" / "deep")
    process = build_process(
        root, tmp_path / "out", TZ="Pacific/Kiritimati", LC_ALL="C", LANG="C", PYTHONHASHSEED="7"
    )
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    first, second = published(release_folder), published((tmp_path / "out/current").resolve())
    assert len(first) > 30
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_build_killed_at_any_moment_leaves_the_last_release(release_folder: Path, tmp_path: Path) -> None:
    """Killed with all its processes, at moments spread over a whole build; what is served stays whole."""
    root = copy_checkout(tmp_path / "checkout")
    path = root / "data/publication.toml"
    dist = tmp_path / "dist"
    shutil.copytree(release_folder, dist / ".releases" / "old", symlinks=True)
    (dist / "1.0.0").symlink_to(".releases/old")
    (dist / "current").symlink_to("1.0.0")
    old = published(dist / "current")
    path.write_text(path.read_text(encoding="utf-8").replace("issued = 2026-11-25", "issued = 2027-01-01"))

    started = time.monotonic()
    process = build_process(root, tmp_path / "measured")
    process.communicate(timeout=300)
    assert process.returncode == 0
    seconds = time.monotonic() - started
    new = published((tmp_path / "measured/current").resolve())
    assert new != old

    rng = random.Random(1)
    moments = [seconds * (n + rng.random()) / 8 for n in range(8)] + [seconds * 0.97, seconds * 0.99]
    survived = 0
    for moment in moments:
        process = build_process(root, dist)
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        found = published(open_release(dist).folder)
        assert found in (old, new)
        survived += found == old
    assert survived >= 5, "the kills came too late to show anything"
    process = build_process(root, dist)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert published(open_release(dist).folder) == new
    assert not list(dist.glob(".build-*"))
