"""A process that evaluates queries, one after the other, and can do nothing else.

It opens a release's store, gives up the right to open anything else, and then answers jobs
that come over a socket. It may be killed at any moment.

    python -m nichiiki_ld.evaluator FOLDER BASE MEMORY_MB DESCRIPTOR
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from pathlib import Path

from nichiiki_ld.frames import (
    answer_to_frames,
    job_from_frame,
    read_frame,
    ready_to_frame,
    refusal_to_frames,
    send_frame,
)
from nichiiki_ld.sandbox import Itself, allow_many_files, end_with_parent, lock, only_read_below
from nichiiki_ld.store import GraphStore

STACK_BYTES = 256_000_000
"""The engine goes down the syntax tree by calls; address space that is not used costs nothing."""


def main(folder: str, base: str, memory_mb: str, descriptor: str) -> None:
    """Answer jobs until the other end of the socket is closed."""
    end_with_parent()
    connection = socket.socket(fileno=int(descriptor))
    release = Path(folder)
    try:
        itself = Itself()
        context = json.loads((release / "context.jsonld").read_text(encoding="utf-8"))["@context"]
        allow_many_files()
        # Before any other thread starts, and the engine's own among them.
        only_read_below(release / "store")
    except Exception as error:  # noqa: BLE001 - told to the server, which logs it
        _refuse_to_start(connection, error)
        return

    def live() -> None:
        try:
            store = GraphStore(release / "store", base=base, context=context)
            store.warm()
            lock(itself, memory_mb=int(memory_mb), files=_unopened(release / "store", itself))
        except Exception as error:  # noqa: BLE001 - likewise
            _refuse_to_start(connection, error)
        else:
            _serve(store, connection)

    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    thread.join()


def _refuse_to_start(connection: socket.socket, error: Exception) -> None:
    send_frame(connection, refusal_to_frames(error)[0])


def _serve(store: GraphStore, connection: socket.socket) -> None:
    send_frame(connection, ready_to_frame(threading.get_native_id()))
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


def _unopened(folder: Path, itself: Itself) -> int:
    """Return how many files of a store the engine has not opened yet: of a large one it opens some only at the start."""
    opened = {Path(path).name for path in itself.opened().values()}
    return len({each.name for each in folder.glob("*.sst")} - opened)


if __name__ == "__main__":
    main(*sys.argv[1:])
