"""The command, as people run it: a real server on a real port."""

from __future__ import annotations

import http.client
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from SPARQLWrapper import JSON, SPARQLWrapper

from nichiiki_ld.cli.serve import find_address
from nichiiki_ld.errors import AddressInUse, SettingsError
from nichiiki_ld.settings import read_settings
from serving import running


@pytest.fixture(scope="module")
def address(dist: Path, release_folder: Path) -> Iterator[str]:
    assert release_folder.is_dir()
    with running(dist) as (_, line):
        yield line.split(" is at ")[1].split("/ ")[0]


def test_it_says_one_line_and_serves(address: str) -> None:
    request = urllib.request.Request(f"{address}/project/2024-2-10", headers={"Accept": "text/turtle"})
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.url == f"{address}/project/2024-2-10.ttl"
        assert "上士幌町" in response.read().decode("utf-8")


def test_head_has_the_length_and_no_body(address: str) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    for path in ("/", "/project/2024-2-10.ttl", "/dumps/nichiiki.ttl", "/sparql"):
        connection.request("HEAD", path)
        head = connection.getresponse()
        assert head.read() == b""
        connection.request("GET", path)
        whole = connection.getresponse()
        assert head.getheader("Content-Length") == str(len(whole.read())), path
        assert head.getheader("ETag") == whole.getheader("ETag"), path
    connection.close()


def test_a_range_of_a_dump(address: str, release_folder: Path) -> None:
    request = urllib.request.Request(f"{address}/dumps/nichiiki.nt", headers={"Range": "bytes=100-199"})
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 206
        assert response.read() == (release_folder / "nichiiki.nt").read_bytes()[100:200]


def test_sparqlwrapper_reads_an_answer(address: str) -> None:
    client = SPARQLWrapper(f"{address}/sparql")
    client.setReturnFormat(JSON)
    client.setQuery("SELECT (COUNT(?p) AS ?n) { ?p a <https://w3id.org/nichiiki/ontology#Project> }")
    for method in ("GET", "POST"):
        client.setMethod(method)
        result: Any = client.query().convert()
        assert result["results"]["bindings"][0]["n"]["value"] == "14"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_it_stops_when_asked(dist: Path, release_folder: Path, how: signal.Signals) -> None:
    assert release_folder.is_dir()
    with running(dist) as (process, line):
        host, _, port = line.split("//")[1].split("/")[0].partition(":")
        process.send_signal(how)
        assert process.wait(timeout=10) == 0
        assert process.stdout
        assert process.stdout.read() == ""
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((host, int(port)), timeout=1)


def test_sighup_opens_the_current_release(dist: Path, release_folder: Path) -> None:
    assert release_folder.is_dir()
    with running(dist) as (process, line):
        process.send_signal(signal.SIGHUP)
        assert process.stdout
        assert process.stdout.readline() == line
        time.sleep(0.2)
        with urllib.request.urlopen(line.split(" is at ")[1].split(" ")[0], timeout=10) as response:
            assert response.status == 200


def test_a_killed_server_leaves_the_port_free(dist: Path, release_folder: Path) -> None:
    assert release_folder.is_dir()
    with running(dist) as (process, line):
        port = int(line.split("//localhost:")[1].split("/")[0])
        process.kill()
        process.wait(timeout=10)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(AddressInUse):
                find_address("127.0.0.1", port)
                return
            time.sleep(0.1)
    pytest.fail("the port is still in use")


def test_a_port_in_use(dist: Path, release_folder: Path) -> None:
    assert release_folder.is_dir()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with running(dist, PORT=str(port)) as (process, line):
            assert line == f"localhost:{port}: cannot listen: Address already in use\n"
            assert process.wait(timeout=10) == 2
            assert process.stdout
            assert "fix: name another port" in process.stdout.read()


def test_no_release(tmp_path: Path) -> None:
    with running(tmp_path) as (process, line):
        assert "there is no release" in line
        assert process.wait(timeout=10) == 2
        assert process.stdout
        assert "nichiiki-ld build" in process.stdout.read()


def test_a_port_that_is_shared_is_in_use_too() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AddressInUse):
            find_address("127.0.0.1", other.getsockname()[1])


def test_a_host_that_is_unknown() -> None:
    with pytest.raises(AddressInUse, match="cannot listen"):
        find_address("no-such-host.invalid", 8000)


@pytest.mark.parametrize(
    ("environment", "attribute", "expected"),
    [
        pytest.param({}, "port", 8000, id="nothing set"),
        pytest.param({"PORT": "9000"}, "port", 9000, id="the port of a hosting service"),
        pytest.param({"PORT": ""}, "port", 8000, id="empty counts as not set"),
        pytest.param({"NICHIIKI_DIST": "/srv/dist"}, "dist", Path("/srv/dist"), id="a folder"),
        pytest.param({"NICHIIKI_HOST": "0.0.0.0"}, "host", "0.0.0.0", id="a host"),
        pytest.param({"NICHIIKI_MAX_AGE_SECONDS": "0"}, "max_age_seconds", 0, id="no caching"),
    ],
)
def test_settings(environment: dict[str, str], attribute: str, expected: object) -> None:
    assert getattr(read_settings(environment), attribute) == expected


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80x", "８０", "8000.0"])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"PORT": port})
    assert caught.value.where == "PORT"
