"""What a process can no more do once it is locked: tried in processes of their own, since there is no way back."""

from __future__ import annotations

import asyncio
import json
import platform
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from nichiiki_ld.formats import RESULTS_CSV
from nichiiki_ld.pool import Pool, PoolLimits, Timing
from nichiiki_ld.query import Answer, Job
from nichiiki_ld.settings import Settings

TRIES = """
import json, os, socket, sys, threading
from pathlib import Path
from nichiiki_ld.sandbox import Itself, lock, only_read_below, refuse_sockets

def tried(make):
    try:
        make()
    except OSError as error:
        return type(error).__name__
    return "made"

def connect():
    socket.create_connection(("127.0.0.1", 9))

def in_thread(make):
    thread = threading.Thread(target=lambda: (begin.wait(), found.append(tried(make))))
    thread.start()
    return thread

begin, found, held = threading.Event(), [], []
def file():
    held.append(os.open(__import__("__main__").__file__, os.O_RDONLY))
"""


def outcome(program: str) -> Any:
    """Run a program that prints JSON."""
    code = f"__file__ = {sys.executable!r}\n{TRIES}\n{textwrap.dedent(program)}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(ran.stdout)


def test_no_thread_makes_a_socket() -> None:
    refused, tries, piped = outcome("""
        pair = socket.socketpair()
        older = in_thread(connect)
        refused = refuse_sockets()
        begin.set()
        older.join()
        younger = in_thread(socket.socket)
        younger.join()
        pair[0].send(b"x")
        print(json.dumps([refused, [*found, tried(socket.socketpair)], pair[1].recv(1).decode()]))
    """)
    if not refused:
        pytest.skip(f"this system does not refuse sockets ({platform.system()} on {platform.machine()})")
    assert tries == ["PermissionError"] * 3
    assert piped == "x", "what was open stays open"


def test_no_file_is_opened() -> None:
    assert outcome("""
        lock(Itself(), memory_mb=500)
        print(json.dumps([tried(file), tried(socket.socket)]))
    """) in (["OSError", "PermissionError"], ["OSError", "OSError"])


def test_some_files_are_opened_yet_but_no_socket() -> None:
    """A large store is opened piece by piece."""
    opened, socket_ = outcome("""
        lock(Itself(), memory_mb=500, files=5)
        print(json.dumps([[tried(file) for _ in range(40)].count("made"), tried(socket.socket)]))
    """)
    assert socket_ != "made"
    assert 5 <= opened < 20 or (opened == 0 and socket_ == "OSError")


def test_only_one_folder_is_read(tmp_path: Path) -> None:
    """By no thread that starts from now on, whatever it tries."""
    inside, outside = tmp_path / "in" / "deep", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir(parents=True)
        (folder / "file").write_text("x", encoding="utf-8")
    (inside / "link").symlink_to(outside / "file")
    restricted, read, others, held = outcome(f"""
        inside, outside = Path({str(inside)!r}), Path({str(outside)!r})
        kept = (outside / "file").open()
        restricted = only_read_below(inside.parent)
        tries = {{
            "write": lambda: os.open(inside / "file", os.O_WRONLY),
            "append": lambda: os.open(inside / "file", os.O_RDWR | os.O_APPEND),
            "truncate": lambda: os.truncate(inside / "file", 0),
            "make": lambda: os.open(inside / "new", os.O_WRONLY | os.O_CREAT),
            "make a folder": lambda: os.mkdir(inside / "new"),
            "remove": lambda: os.remove(inside / "file"),
            "outside": lambda: os.open(outside / "file", os.O_RDONLY),
            "by a link": lambda: os.open(inside / "link", os.O_RDONLY),
            "the way up": lambda: os.open(inside / ".." / ".." / "out" / "file", os.O_RDONLY),
            "list": lambda: os.listdir(outside),
            "environment": lambda: os.open("/proc/self/environ", os.O_RDONLY),
            "passwd": lambda: os.open("/etc/passwd", os.O_RDONLY),
        }}
        begin.set()
        for make in tries.values():
            in_thread(make).join()
        read = [(inside / "file").read_text(), os.listdir(inside.parent)]
        print(json.dumps([restricted, read, dict(zip(tries, found)), kept.read()]))
    """)
    if not restricted:
        pytest.skip(f"this system has no Landlock ({platform.system()} on {platform.machine()})")
    assert read == ["x", ["deep"]]
    assert others == dict.fromkeys(others, "PermissionError")
    assert len(others) == 12
    assert held == "x", "what was open stays open"


@pytest.fixture
def many_files(tmp_path: Path) -> Path:
    """A release whose store has more files than the engine opens when it starts, which are sixteen."""
    (tmp_path / "context.jsonld").write_text('{"@context": {}}', encoding="utf-8")
    store = Store(str(tmp_path / "store"))
    for number in range(3):
        triples = [
            f'<http://d.example/{number}/{each}> <http://d.example/p{number}> "{each}"' for each in range(50)
        ]
        quads = [f"{each} {graph} ." for each in triples for graph in ("", f"<http://d.example/g{number}>")]
        # Each load writes files of its own for each order of terms, until there are enough to be merged.
        store.bulk_load("\n".join(quads).encode(), format=RdfFormat.N_QUADS)
    del store
    assert len(list((tmp_path / "store").glob("*.sst"))) > 20
    return tmp_path


def test_an_evaluator_opens_nothing_but_its_store(many_files: Path) -> None:
    """Not in the thread that evaluates, and not in the first: what is tried here is what a query could make it do."""
    restricted = outcome(f"print(json.dumps(only_read_below(Path({str(many_files)!r}))))")
    if not restricted:
        pytest.skip(f"this system has no Landlock ({platform.system()} on {platform.machine()})")
    found = outcome(f"""
        from nichiiki_ld import evaluator
        release = Path({str(many_files)!r})
        def ways():
            return [
                tried(lambda: (release / "store" / "CURRENT").read_text()),
                tried(lambda: (release / "context.jsonld").read_text()),
                tried(lambda: Path("/etc/passwd").read_text()),
                tried(lambda: Path("/proc/self/environ").read_text()),
                tried(lambda: (release / "store" / "new").write_text("")),
                tried(socket.socket),
            ]
        evaluator._serve = lambda *_: found.append(ways())
        evaluator.main(str(release), "http://d.example/", "500", str(socket.socketpair()[0].detach()))
        found.append(ways())
        print(json.dumps(found))
    """)
    assert found == [["made", *["PermissionError"] * 5]] * 2


def test_a_store_of_many_files_is_asked_whole(many_files: Path) -> None:
    """An evaluator opens the others when it needs them."""

    async def ask(*texts: str) -> list[Answer]:
        pool = Pool(many_files, "http://d.example/", PoolLimits.of(replace(Settings(), workers=1)))
        await pool.start()
        try:
            jobs = [Job(text, (), (), RESULTS_CSV, None, 100_000, 1000) for text in texts]
            return [await pool.evaluate(job, "client", Timing()) for job in jobs]
        finally:
            await pool.close()

    queries = [
        f"SELECT ?s ?o {{ {pattern} }} ORDER BY ?o ?s"
        for number in range(3)
        for pattern in (
            f"?s <http://d.example/p{number}> ?o",
            f"GRAPH <http://d.example/g{number}> {{ ?s ?p ?o }}",
            f"GRAPH ?g {{ ?s <http://d.example/p{number}> ?o }}",
            f'?s ?p "{number}" BIND (1 AS ?o)',
        )
    ]
    answers = asyncio.run(ask(*queries))
    assert [each.rows for each in answers] == [50, 50, 50, 3] * 3
    assert b"http://d.example/2/49" in answers[-2].body
