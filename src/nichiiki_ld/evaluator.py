"""A process that evaluates queries, one after the other, and can do nothing else.

It opens a release's store, gives up the right to open anything more, and then answers jobs
that come over a socket. It may be killed at any moment.

    python -m nichiiki_ld.evaluator FOLDER BASE MEMORY_MB DESCRIPTOR
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
from pathlib import Path

from nichiiki_ld.frames import answer_to_frames, job_from_frame, read_frame, refusal_to_frames, send_frame
from nichiiki_ld.sandbox import allow_many_files, end_with_parent, lock
from nichiiki_ld.store import GraphStore

STACK_BYTES = 256_000_000
"""The engine goes down the syntax tree by calls; address space that is not used costs nothing."""


def main(folder: str, base: str, memory_mb: str, descriptor: str) -> None:
    """Answer jobs until the other end of the socket is closed."""
    end_with_parent()
    allow_many_files()
    release = Path(folder)
    context = json.loads((release / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    store = GraphStore(release / "store", base=base, context=context)
    connection = socket.socket(fileno=int(descriptor))
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(
        target=_serve, args=(store, release / "store", connection, int(memory_mb)), daemon=True
    )
    thread.start()
    thread.join()


def _serve(store: GraphStore, folder: Path, connection: socket.socket, memory_mb: int) -> None:
    store.warm()
    lock(memory_mb=memory_mb, files=_unopened(folder))
    send_frame(connection, str(threading.get_native_id()).encode())
    while (frame := read_frame(connection)) is not None:
        try:
            frames = answer_to_frames(store.evaluate(job_from_frame(frame)))
        except MemoryError:
            # What is left of the memory may be anything: let the process be replaced.
            return
        except Exception as error:  # noqa: BLE001 - told to the server, which logs it
            frames = refusal_to_frames(error)
        for part in frames:
            send_frame(connection, part)


def _unopened(folder: Path) -> int:
    """Return how many files of a store the engine has not opened yet: of a large one it opens some only at the start."""
    opened = set()
    for each in Path("/proc/self/fd").iterdir():
        # The descriptor by which this folder is read is gone by now.
        with contextlib.suppress(OSError):
            opened.add(each.readlink().name)
    return len({each.name for each in folder.glob("*.sst")} - opened)


if __name__ == "__main__":
    main(*sys.argv[1:])
