"""The server behind Debian's nginx, set up as `deploy/nginx.conf` says, and what the server believes of a proxy."""

from __future__ import annotations

import gzip
import http.client
import itertools
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from nichiiki_ld.web.observation import digest_of
from requirements import needs
from serving import Answer, Server, free_port, serving

ROOT = Path(__file__).parent.parent
SITE = ROOT / "deploy" / "nginx.conf"
NAME = "data.example.org"

THING = "/project/2024-2-10"
PAGE = f"{THING}.html"
DUMP = "/dumps/nichiiki.nt"
ENDPOINT = NamedNode("http://www.w3.org/ns/sparql-service-description#endpoint")

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?p { ?p a <https://w3id.org/nichiiki/ontology#Project> } ORDER BY ?p"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"

BEHIND = {"NICHIIKI_HOST": "127.0.0.1", "NICHIIKI_TRUSTED_PROXIES": "1"}

MAIN = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    # As in the file that Debian's package brings.
    gzip on;
    # Each test is a client of its own, although all come from here.
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Test-Client;
    include {folder}/site.conf;
}}
"""


class Reply(Answer):
    """An answer that came by way of a cache, perhaps."""

    @property
    def cache(self) -> str | None:
        """What nginx says of its cache."""
        return self.fields["X-Cache"]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: str | bytes | None = None,
    *,
    context: ssl.SSLContext | None = None,
    **fields: str,
) -> Reply:
    """Send one request to a port on this machine; fields are named with `_` for `-`."""
    address = ("127.0.0.1", port)
    connection = (
        http.client.HTTPSConnection(*address, timeout=20, context=context)
        if context
        else http.client.HTTPConnection(*address, timeout=20)
    )
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    data = body.encode() if isinstance(body, str) else body
    try:
        # Whoever refuses a body may have answered before all of it was sent.
        with suppress(BrokenPipeError):
            connection.request(method, path, data, headers)
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())
    finally:
        connection.close()


def endpoints(description: Reply) -> set[str]:
    """Return where a service description says that the endpoint is."""
    assert description.status == 200
    quads = parse(description.body, RdfFormat.N_TRIPLES)
    return {quad.object.value for quad in quads if quad.predicate == ENDPOINT}


# --- nginx in front ---------------------------------------------------------------------


@dataclass
class Front:
    """nginx with the site, and the server that it passes requests to.

    Attributes:
        folder: Where nginx keeps everything.
        tls_port: Where it speaks HTTPS.
        client: Address that requests come from.
    """

    folder: Path
    port: int
    tls_port: int
    server_port: int
    client: str = "192.0.2.1"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: str | bytes | None = None,
        *,
        tls: bool = False,
        **fields: str,
    ) -> Reply:
        """Send a request to nginx as the client of this test."""
        fields.setdefault("X_Test_Client", self.client)
        fields.setdefault("Host", NAME)
        if not tls:
            return ask(self.port, path, method, body, **fields)
        context = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        context.check_hostname = False
        return ask(self.tls_port, path, method, body, context=context, **fields)

    def sparql(self, query: str = ASK, **fields: str) -> Reply:
        """Ask by GET."""
        return self.ask(f"/sparql?query={quote(query)}", **fields)


def substituted(front: Front) -> str:
    """Return the committed site, with the places of this machine in place of those of a server."""
    text = SITE.read_text(encoding="utf-8")
    tls = f"listen 127.0.0.1:{front.tls_port} ssl;"
    tls += f"ssl_certificate {front.folder}/certificate.pem; ssl_certificate_key {front.folder}/key.pem;"
    for there, here in {
        "listen 80;": f"listen 127.0.0.1:{front.port}; {tls}",
        "listen [::]:80;": "",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{front.server_port};",
        "/var/cache/nichiiki-ld ": f"{front.folder}/cache ",
        "proxy_read_timeout 75s;": "proxy_read_timeout 2s;",
    }.items():
        assert text.count(there) == 1, there
        text = text.replace(there, here)
    return text


@contextmanager
def nginx(folder: Path, server_port: int) -> Iterator[Front]:
    """Run nginx with the committed site in front of a server."""
    program = needs("nginx")
    port = tls_port = free_port()
    while tls_port in (port, server_port):
        tls_port = free_port()
    front = Front(folder, port, tls_port, server_port)
    subprocess.run(
        [
            *(needs("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={NAME}", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )
    (folder / "site.conf").write_text(substituted(front), encoding="utf-8")
    # As root, nginx would answer as somebody who may not see the folder.
    user = "" if os.geteuid() else "user root;"
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
    command = [program, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr
    process = subprocess.Popen(command)
    try:
        _wait_for(front.port)
        yield front
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    pytest.fail(f"nothing listens at port {port}")


@pytest.fixture(scope="module")
def everybody(dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The server behind nginx."""
    assert release_folder.is_dir()
    needs("nginx")
    folder = tmp_path_factory.mktemp("nginx")
    with (
        serving(dist, folder / "server.log", **BEHIND) as server,
        nginx(folder, server.port) as front,
    ):
        yield front


def empty_cache(front: Front) -> None:
    """Empty the cache, as the page about deployment says."""
    subprocess.run(["find", front.folder / "cache", "-type", "f", "-delete"], check=True)


_clients = (f"198.51.100.{n}" for n in itertools.count(1))


@pytest.fixture
def front(everybody: Front) -> Front:
    """The same, for a client that asked nothing yet and finds nothing kept."""
    empty_cache(everybody)
    return Front(
        everybody.folder, everybody.port, everybody.tls_port, everybody.server_port, client=next(_clients)
    )


def test_a_thing_and_its_page(front: Front) -> None:
    thing = front.ask(THING, Accept="text/html")
    assert (thing.status, thing.fields["Location"]) == (303, PAGE)
    page = front.ask(PAGE)
    assert (page.status, page.media_type) == (200, "text/html")
    assert "上士幌町" in page.text


def test_the_address_arrives_as_it_was_sent(front: Front) -> None:
    query = 'ASK { FILTER (STRLEN("%41+&% ") = 7) }'
    assert json.loads(front.sparql(query, Accept="application/json").body)["boolean"] is True


def test_the_second_comes_from_the_cache(front: Front) -> None:
    for path in (PAGE, f"{THING}.ttl", DUMP, f"/sparql?query={quote(SELECT)}"):
        first, second = front.ask(path), front.ask(path)
        assert (first.cache, second.cache) == ("MISS", "HIT"), path
        assert first.body == second.body
        for name in ("ETag", "Last-Modified", "Cache-Control", "Content-Type", "Link", "Vary"):
            assert first.fields[name] == second.fields[name], name
        assert first.fields["ETag"].startswith('"')
        head = front.ask(path, "HEAD")
        assert (head.cache, head.body) == ("HIT", b"")
        assert head.fields["Content-Length"] == str(len(first.body))


def test_an_answer_is_as_old_as_it_is(front: Front) -> None:
    first = front.ask(PAGE)
    time.sleep(1.1)
    second = front.ask(PAGE)
    assert second.cache == "HIT"
    assert second.fields.get_all("Date") == [first.fields["Date"]]


def test_a_kept_answer_does_not_say_how_long_it_took(front: Front) -> None:
    query = f"{SELECT} # one that the server has not answered yet"
    first, second = front.sparql(query), front.sparql(query)
    assert "eval" in first.fields["Server-Timing"]
    assert second.fields.get_all("Server-Timing") == ['cache;desc="proxy"']


def test_emptying_the_folder_empties_the_cache(front: Front) -> None:
    front.ask(PAGE)
    assert front.ask(PAGE).cache == "HIT"
    empty_cache(front)
    again = front.ask(PAGE)
    assert (again.status, again.cache) == (200, "MISS")


# --- negotiation ------------------------------------------------------------------------


def test_representations_are_not_mixed_up(front: Front) -> None:
    wanted = ["text/turtle", "text/html", "text/turtle", "application/ld+json", "text/html", "text/turtle"]
    extensions = {"text/turtle": "ttl", "text/html": "html", "application/ld+json": "jsonld"}
    seen = []
    for accept in wanted:
        reply = front.ask(THING, Accept=accept)
        assert reply.fields["Location"] == f"{THING}.{extensions[accept]}"
        seen.append(reply.cache)
    assert seen == ["MISS", "MISS", "HIT", "MISS", "HIT", "HIT"]


def test_results_are_not_mixed_up_under_load(front: Front) -> None:
    accepted = ["text/csv", "application/sparql-results+json", "application/sparql-results+xml", "text/html"]
    codings = ["", "gzip", "identity", "gzip;q=0", "br, gzip"]
    wanted = [(accept, coding) for accept in accepted for coding in codings] * 10

    def one(number: int) -> tuple[str, str, Reply]:
        accept, coding = wanted[number]
        # More than one client would ask in so short a time.
        client = f"203.0.113.{number % 100}"
        return (
            accept,
            coding,
            front.sparql(SELECT, Accept=accept, Accept_Encoding=coding, X_Test_Client=client),
        )

    bodies: dict[str, set[bytes]] = {accept: set() for accept in accepted}
    with ThreadPoolExecutor(8) as threads:
        for accept, coding, reply in threads.map(one, range(len(wanted))):
            assert (reply.status, reply.media_type) == (200, accept)
            compressed = reply.fields["Content-Encoding"] == "gzip"
            assert not compressed or coding in ("gzip", "br, gzip")
            bodies[accept].add(gzip.decompress(reply.body) if compressed else reply.body)
    assert [len(each) for each in bodies.values()] == [1, 1, 1, 1]


@pytest.mark.parametrize("path", [PAGE, DUMP, f"/sparql?query={quote(SELECT)}"])
def test_compressed_and_plain(front: Front, path: str) -> None:
    both = [front.ask(path, Accept_Encoding=coding) for coding in ("gzip", "identity", "gzip", "identity")]
    assert [each.cache for each in both[2:]] == ["HIT", "HIT"]
    assert [each.body for each in both[:2]] == [each.body for each in both[2:]]
    coded, plain = both[:2]
    assert "Content-Encoding" not in plain.fields
    if coded.fields["Content-Encoding"] == "gzip":
        assert gzip.decompress(coded.body) == plain.body
        assert coded.fields["ETag"] != plain.fields["ETag"]
    else:
        # What the server leaves as it is, nginx leaves too.
        assert "Content-Encoding" not in coded.fields
        assert coded.body == plain.body
    assert all(each.fields["ETag"].startswith('"') for each in both)


def test_a_dump_is_compressed(front: Front) -> None:
    assert front.ask(DUMP, Accept_Encoding="gzip").fields["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("state", ["not kept", "kept"])
def test_a_range_of_a_dump(front: Front, release_folder: Path, state: str) -> None:
    if state == "kept":
        front.ask(DUMP)
    part = front.ask(DUMP, Range="bytes=100-199")
    assert (part.status, part.cache) == (206, "HIT" if state == "kept" else "MISS")
    assert part.body == (release_folder / "nichiiki.nt").read_bytes()[100:200]


# --- conditional requests ---------------------------------------------------------------


def test_what_a_client_has_is_not_sent_again(front: Front) -> None:
    tag = ask(front.server_port, PAGE).fields["ETag"]
    for cache in ("MISS", "HIT"):
        reply = front.ask(PAGE, If_None_Match=tag)
        assert (reply.status, reply.body, reply.cache) == (304, b"", cache)
        assert reply.fields["ETag"] == tag
    assert front.ask(PAGE, If_None_Match='"another"').status == 200


def test_a_tag_is_one_of_a_representation(front: Front) -> None:
    results = {accept: front.sparql(SELECT, Accept=accept) for accept in ("text/csv", "application/json")}
    tag = results["text/csv"].fields["ETag"]
    assert front.sparql(SELECT, Accept="text/csv", If_None_Match=tag).status == 304
    assert front.sparql(SELECT, Accept="application/json", If_None_Match=tag).status == 200


# --- the protocol -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "content_type", "body"),
    [
        pytest.param("POST", "/sparql", FORM, urlencode({"query": SELECT}), id="a form"),
        pytest.param("POST", "/sparql", QUERY, SELECT, id="a query"),
        pytest.param("QUERY", "/sparql", QUERY, SELECT, id="the method QUERY"),
    ],
)
def test_a_body_is_passed_on_and_its_answer_not_kept(
    front: Front, method: str, path: str, content_type: str, body: str
) -> None:
    expected = front.sparql(SELECT, Accept="text/csv").body
    for _ in range(2):
        reply = front.ask(path, method, body, Content_Type=content_type, Accept="text/csv")
        assert (reply.status, reply.cache, reply.body) == (200, None, expected)


def test_errors_of_the_server_pass_and_are_not_kept(front: Front) -> None:
    for _ in range(2):
        reply = front.sparql("SELECT nonsense", Accept="application/json")
        assert (reply.status, reply.media_type) == (400, "application/problem+json")
        assert "1:16" in json.loads(reply.body)["detail"]
        assert reply.cache == "MISS"


def test_what_changes_is_not_kept(front: Front) -> None:
    answers = {front.sparql("SELECT (UUID() AS ?id) {}").body for _ in range(3)}
    assert len(answers) == 3


def test_scripts_of_other_sites_may_ask(front: Front) -> None:
    preflight = front.ask(
        "/sparql",
        "OPTIONS",
        Origin="https://other.example",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type",
    )
    assert preflight.status == 204
    assert "POST" in preflight.fields["Access-Control-Allow-Methods"]
    assert front.sparql(Origin="https://other.example").fields["Access-Control-Allow-Origin"] == "*"


def test_what_operators_ask(front: Front) -> None:
    for path in ("/healthz", "/readyz"):
        assert [front.ask(path).status, front.ask(path).cache] == [200, "MISS"]
    assert ask(front.server_port, "/metrics").status == 200
    assert front.ask("/metrics").status == 404


# --- limits -----------------------------------------------------------------------------


def is_problem(reply: Reply, status: int) -> bool:
    """Return whether nginx refused something in a way that programs and scripts can read."""
    assert (reply.status, reply.media_type) == (status, "application/problem+json")
    assert json.loads(reply.body)["status"] == status
    assert reply.fields["Access-Control-Allow-Origin"] == "*"
    assert reply.fields["Cache-Control"] == "no-store"
    return True


@pytest.mark.parametrize(
    ("content_type", "more_bytes", "by"),
    [
        pytest.param(QUERY, 1_000_001, "server", id="the server says it"),
        pytest.param(QUERY, (1 << 20) + 1, "nginx", id="nginx says it"),
        pytest.param(FORM, 5_000_000, "nginx", id="a form"),
    ],
)
def test_a_body_that_is_too_long(front: Front, content_type: str, more_bytes: int, by: str) -> None:
    start = b"query=" if content_type == FORM else b""
    body = start + b"ASK {} #" + b"x" * (more_bytes - len(start) - 8)
    reply = front.ask("/sparql", "POST", body, Content_Type=content_type, Accept="application/json")
    assert reply.status == 413
    assert reply.media_type == "application/problem+json"
    assert by == "server" or is_problem(reply, 413)
    assert front.sparql().status == 200


def test_a_long_address_arrives(front: Front) -> None:
    reply = front.sparql(f"ASK {{}} #{'x' * 25_000}")
    assert reply.status == 200


def test_too_many_queries(front: Front) -> None:
    replies = [front.sparql() for _ in range(150)]
    refused = [reply for reply in replies if reply.status == 429]
    assert 50 <= len(replies) - len(refused) <= 149
    assert {reply.status for reply in replies} == {200, 429}
    assert all(is_problem(reply, 429) for reply in refused)
    assert refused[0].fields["Retry-After"] == "5"
    assert front.ask(PAGE).status == 200, "pages are not queries"
    front.client = next(_clients)
    assert front.sparql().status == 200, "others are not concerned"


def test_one_network_is_one_client(front: Front) -> None:
    statuses = [front.sparql(X_Test_Client=f"2001:db8:7:8::{n:x}").status for n in range(1, 151)]
    assert 429 in statuses
    assert front.sparql(X_Test_Client="2001:db8:7:9::1").status == 200


def test_too_many_connections(front: Front) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

    def one(number: int) -> Reply:
        # Each another query: of the same ones, nginx passes one on.
        return front.ask(f"/sparql?query={quote(query)}%23{number}", Accept="application/json")

    with ThreadPoolExecutor(48) as threads:
        replies = list(threads.map(one, range(48)))
    refused = [reply for reply in replies if reply.status == 429]
    assert refused
    assert all(is_problem(reply, 429) for reply in refused)
    assert front.ask(PAGE).status == 200


# --- who is asked by which name ---------------------------------------------------------


def test_the_endpoint_is_where_it_was_asked(front: Front) -> None:
    urls = {False: f"http://{NAME}:{front.port}", True: f"https://{NAME}:{front.tls_port}"}
    for tls in (False, True, False, True):
        described = front.ask("/sparql", tls=tls, Accept="application/n-triples")
        assert endpoints(described) == {f"{urls[tls]}/sparql"}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"X_Forwarded_Host": "evil.example"}, id="forwarded host"),
        pytest.param({"X_Forwarded_Proto": "https"}, id="forwarded scheme"),
        pytest.param({"X_Forwarded_For": "10.0.0.1", "X_Forwarded_Host": "a, evil.example"}, id="two"),
        pytest.param({"Forwarded": "host=evil.example;proto=https"}, id="RFC 7239"),
        pytest.param({"X_Forwarded_Port": "1", "X_Forwarded_Prefix": "/evil"}, id="port and prefix"),
        pytest.param({"Host": "evil.example"}, id="another name"),
    ],
)
def test_what_a_client_says_of_itself_does_not_count(front: Front, fields: dict[str, str]) -> None:
    told = front.ask("/sparql", Accept="application/n-triples", **fields)
    assert endpoints(told) == {f"http://{NAME}:{front.port}/sparql"}
    plain = front.ask("/sparql", Accept="application/n-triples")
    assert (plain.cache, plain.body) == ("HIT", told.body)


@pytest.fixture(scope="module", params=["0", "1", "2"])
def trusting(
    request: pytest.FixtureRequest, dist: Path, release_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, Server]]:
    """A server that trusts so many proxies."""
    assert release_folder.is_dir()
    log = tmp_path_factory.mktemp("trusting") / "server.log"
    settings = BEHIND | {"NICHIIKI_TRUSTED_PROXIES": request.param, "NICHIIKI_LOG_CLIENTS": "1"}
    with serving(dist, log, **settings) as server:
        yield int(request.param), server


@pytest.mark.parametrize(
    ("host", "scheme", "expected"),
    [
        pytest.param(None, None, ["http://own", "http://own", "http://own"], id="nothing forwarded"),
        pytest.param("b", "https", ["http://own", "https://b", "http://own"], id="one proxy"),
        pytest.param(
            "evil, a, b",
            "https, https, http",
            ["http://own", "http://b", "https://a"],
            id="one of the client",
        ),
        pytest.param("a:8080, b:8081", None, ["http://own", "http://b:8081", "http://a:8080"], id="ports"),
    ],
)
def test_values_count_from_the_right(
    trusting: tuple[int, Server], host: str | None, scheme: str | None, expected: list[str]
) -> None:
    count, server = trusting
    fields = {"X_Forwarded_Host": host, "X_Forwarded_Proto": scheme}
    described = ask(
        server.port,
        "/sparql",
        Host="own",
        Accept="application/n-triples",
        **{name: value for name, value in fields.items() if value},
    )
    assert endpoints(described) == {f"{expected[count]}/sparql"}


def _clients_of(server: Server, query: str) -> list[str]:
    """Return which clients the log says have asked a query."""
    lines = server.output.read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    return [each["client"] for each in told if each["digest"] == digest_of(query)]


def test_the_client_is_the_one_that_the_proxy_saw(trusting: tuple[int, Server]) -> None:
    count, server = trusting
    query = f"ASK {{}} # {count}"
    for cache in ("eval", 'desc="hit"'):
        reply = ask(
            server.port,
            f"/sparql?query={quote(query)}",
            Accept="application/json",
            X_Forwarded_For="6.6.6.6, 192.0.2.8, 192.0.2.7",
        )
        assert reply.status == 200
        assert cache in reply.fields["Server-Timing"]
    until = time.monotonic() + 5
    while len(_clients_of(server, query)) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    expected = ["127.0.0.1", "192.0.2.7", "192.0.2.8"][count]
    assert _clients_of(server, query) == [expected, expected]


def test_a_field_with_an_underscore_is_another(trusting: tuple[int, Server]) -> None:
    """A proxy passes `x_forwarded_for` on as any other field: it must not count as the one that the proxy sets."""
    count, server = trusting
    query = f"ASK {{}} # _ {count}"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    fields = {"x_forwarded_for": "6.6.6.6, 6.6.6.6", "x_forwarded_host": "evil.example"}
    for told in (fields, fields | {"X-Forwarded-For": "192.0.2.8, 192.0.2.7"}):
        connection.request("GET", f"/sparql?query={quote(query)}", headers=told)
        assert connection.getresponse().read()
    connection.close()
    until = time.monotonic() + 20
    while len(_clients_of(server, query)) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert _clients_of(server, query) == ["127.0.0.1", ["127.0.0.1", "192.0.2.7", "192.0.2.8"][count]]


# --- when the server is gone ------------------------------------------------------------


def becomes_fresh(front: Front, path: str) -> bool:
    """Return whether what is kept is new again, after a while."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if front.ask(path).cache == "HIT":
            return True
        time.sleep(0.05)
    return False


def test_cached_answers_outlive_the_server(dist: Path, release_folder: Path, tmp_path: Path) -> None:
    assert release_folder.is_dir()
    needs("nginx")
    port = str(free_port())
    settings = BEHIND | {"PORT": port, "NICHIIKI_MAX_AGE_SECONDS": "1"}
    with nginx(tmp_path, int(port)) as front:
        with serving(dist, tmp_path / "first.log", **settings):
            page, results = front.ask(PAGE), front.sparql(SELECT, Accept="text/csv")
            assert (page.status, results.status) == (200, 200)
            time.sleep(2.1)
            # Too old, and given once more, while another is fetched.
            assert front.ask(PAGE).cache == "STALE"
            assert becomes_fresh(front, PAGE)
            time.sleep(2.1)
        old, old_results = front.ask(PAGE), front.sparql(SELECT, Accept="text/csv")
        assert (old.status, old.cache, old.body) == (200, "STALE", page.body)
        assert old.fields["Server-Timing"] == 'cache;desc="proxy, stale"'
        assert (old_results.status, old_results.cache, old_results.body) == (200, "STALE", results.body)
        for method, body in (("GET", None), ("POST", SELECT)):
            refused = front.ask("/sparql?x=new", method, body, Content_Type=QUERY)
            assert is_problem(refused, 502)
            assert refused.fields["Retry-After"] == "10"
        with serving(dist, tmp_path / "second.log", **settings):
            assert front.ask("/sparql", "POST", SELECT, Content_Type=QUERY).status == 200
            assert becomes_fresh(front, PAGE)


def test_a_server_that_hangs(dist: Path, release_folder: Path, tmp_path: Path) -> None:
    assert release_folder.is_dir()
    needs("nginx")
    with (
        serving(dist, tmp_path / "server.log", **BEHIND, NICHIIKI_MAX_AGE_SECONDS="1") as server,
        nginx(tmp_path, server.port) as front,
    ):
        page = front.ask(PAGE)
        time.sleep(2.1)
        processes = server.processes()
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        try:
            stale = front.ask(PAGE)
            assert (stale.status, stale.cache, stale.body) == (200, "STALE", page.body)
            assert is_problem(front.sparql(), 504)
        finally:
            for process in reversed(processes):
                process.send_signal(signal.SIGCONT)
        assert front.sparql(SELECT).status == 200


def test_nginx_closes_a_kept_connection_before_the_server_does(front: Front) -> None:
    own = re.search(r"keepalive_timeout (\d+)s;", SITE.read_text(encoding="utf-8").partition("server {")[0])
    assert own
    connection = http.client.HTTPConnection("127.0.0.1", front.server_port, timeout=20)
    for pause_seconds in (0, int(own[1]) + 0.5):
        time.sleep(pause_seconds)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok\n"
    connection.close()
