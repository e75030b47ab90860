"""``nichiiki-ld serve``: serve the current release over HTTP."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from nichiiki_ld.adhoc import write_adhoc_release
from nichiiki_ld.errors import AddressInUse
from nichiiki_ld.release import open_release
from nichiiki_ld.settings import Settings, read_settings
from nichiiki_ld.web.gateway import Gateway
from nichiiki_ld.web.observation import log_to_standard_error

HEADER_MILLISECONDS = 10_000
"""How long the head of a request may take to come."""

DEFAULT_BASE = "https://w3id.org/nichiiki/"
"""Base of files that are served as they are: with it, a copy of our own dump has its pages."""

_PAUSE_SECONDS = 0.05


@click.command("serve")
@click.option(
    "--dist",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of releases that 'build' writes.  [default: dist]",
)
@click.option(
    "--data",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="RDF file to serve instead of a release, as it is; may be given several times.",
)
@click.option("--base", help=f"Base IRI of such files, with its slash.  [default: {DEFAULT_BASE}]")
@click.option(
    "--union-default-graph/--no-union-default-graph",
    default=None,
    help="Whether the default graph of such files holds the named graphs too.  [default: if it is empty]",
)
@click.option("--host", help="Name or address to listen at.  [default: localhost]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen at.  [env: PORT; default: 8000]")
def serve(
    dist: Path | None,
    files: tuple[Path, ...],
    base: str | None,
    union_default_graph: bool | None,  # noqa: FBT001 - as click calls it
    host: str | None,
    port: int | None,
) -> None:
    """Serve the current release: pages, data, dumps and SPARQL.

    When a new release is built, it turns to that one within a second or so. With --data it
    serves any RDF files in the same way; nothing of them is validated.
    """
    if files and dist:
        raise click.UsageError("--data and --dist name two things to serve: give one of them")
    from_environment = read_settings(os.environ)
    settings = dataclasses.replace(
        from_environment,
        dist=dist or from_environment.dist,
        host=host or from_environment.host,
        port=port or from_environment.port,
    )
    if not files:
        _serve(settings)
        return
    # A server that is told to end must clean up first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="nichiiki-ld-") as folder:
        release = write_adhoc_release(
            files,
            Path(folder) / "release",
            base=base or DEFAULT_BASE,
            union_default_graph=union_default_graph,
        )
        _serve(dataclasses.replace(settings, dist=release))


def _serve(settings: Settings) -> None:
    open_release(settings.dist)
    address = find_address(settings.host, settings.port)
    server = Granian(
        "nichiiki_ld.web",
        address=address,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        # What it would say at the start is said in one line of ours.
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(load_application, settings, address), wrap_loader=False)


def load_application(settings: Settings, address: str) -> Callable[..., Any]:
    """Return the application; called once in each process that answers requests."""
    log_to_standard_error()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    version = open_release(settings.dist).version
    line = f"Nichiiki-LD {version} is at http://{host}:{settings.port}/ (stop with Ctrl-C)"
    announce = threading.Thread(target=_announce, args=(line, address, settings.port), daemon=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return Gateway(settings, started=announce.start)


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: nothing else would, and it keeps the port."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _announce(line: str, address: str, port: int) -> None:
    """Say where the server is once it answers: whoever reads the line can connect."""
    while True:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(_PAUSE_SECONDS)
        else:
            click.echo(line)
            return


def find_address(host: str, port: int) -> str:
    """Return the IP address that a name stands for, IPv4 first, once nothing else listens there.

    The server would share a port with another process of the same user, and each of them
    would get a part of the requests.

    Raises:
        AddressInUse: The name is unknown, or the port cannot be had.
    """
    where = f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AddressInUse(
            f"cannot listen: {error.strerror}",
            where=where,
            hint="name another port with --port, or stop what uses it",
        ) from None
    return str(address[0])
