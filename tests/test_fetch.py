"""Fetching: once, within limits, over http and https only, and never where it was not sent."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nichiiki_ld import fetch as fetching
from nichiiki_ld.errors import SourceError
from nichiiki_ld.fetch import Fetched, fetch, journey
from nichiiki_ld.reading.limits import MIBIBYTE
from requirements import needs

LIST = "実施地域,応募主体\n北海道北見市,北見市コンソーシアム\n".encode()
Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """Give the address of a server on this machine, and the paths that it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def sends(body: bytes, status: int = 200, **fields: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **fields}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def fetched(answer: Answer, path: str = "/list.csv", **limits: float) -> Fetched:
    with serving(answer) as (address, asked):
        found = fetch(f"{address}{path}", **limits)  # type: ignore[arg-type]
        assert len(asked) == 1
        return Fetched(found.content, found.name, found.address.removeprefix(address))


def refusal(answer: Answer, **limits: float) -> SourceError:
    with serving(answer) as (address, _), pytest.raises(SourceError) as caught:
        fetch(f"{address}/list.csv", **limits)  # type: ignore[arg-type]
    assert caught.value.where
    assert caught.value.hint
    return caught.value


def test_bytes_come_as_they_are() -> None:
    assert fetched(sends(LIST)) == Fetched(LIST, "list.csv", "/list.csv")


@pytest.mark.parametrize(
    ("path", "fields", "name"),
    [
        pytest.param("/a/b/list.pdf?x=1.html", {}, "list.pdf", id="the path"),
        pytest.param("/%E4%B8%80%E8%A6%A7.xlsx", {}, "一覧.xlsx", id="the path, escaped"),
        pytest.param("/get?id=5", {"Content_Type": "text/csv; charset=shift_jis"}, "get.csv", id="the media type"),
        pytest.param("/", {"Content_Type": "text/html"}, "document.html", id="nothing but the media type"),
        pytest.param("/", {}, "document", id="nothing"),
        pytest.param("/x", {"Content_Disposition": 'attachment; filename="list.docx"'}, "list.docx", id="the header"),
        pytest.param("/x", {"Content_Disposition": "attachment; filename*=UTF-8''%E4%B8%80%E8%A6%A7.tsv"}, "一覧.tsv", id="the header, extended"),
        pytest.param("/x", {"Content_Disposition": 'attachment; filename="../../.ssh/keys.txt"'}, "keys.txt", id="a way up"),
        pytest.param("/x", {"Content_Disposition": 'attachment; filename="C:\\\\x\\\\list.txt"'}, "list.txt", id="a way on another system"),
        pytest.param("/x", {"Content_Disposition": 'attachment; filename="..\x1b[2J.txt"'}, "_[2J.txt", id="what a terminal obeys"),
        pytest.param("/x", {"Content_Disposition": f'attachment; filename="{"x" * 999}.pdf"'}, f"{'x' * 96}.pdf", id="a long name"),
    ],
)  # fmt: skip
def test_what_the_file_is_called(path: str, fields: dict[str, str], name: str) -> None:
    assert fetched(sends(LIST, **fields), path).name == name


@pytest.mark.parametrize("size", [1, 5 * MIBIBYTE], ids=["small", "several pieces"])
def test_gzip(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert fetched(sends(gzip.compress(content), Content_Encoding="gzip")).content == content


def test_gzip_in_members() -> None:
    body = gzip.compress(LIST[:20]) + gzip.compress(LIST[20:])
    assert fetched(sends(body, Content_Encoding="x-gzip")).content == LIST


def test_a_body_without_length() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(LIST)

    assert fetched(answer).content == LIST


@pytest.mark.parametrize(
    ("address", "message"),
    [
        pytest.param("file:///etc/passwd", "file: is not fetched", id="a file"),
        pytest.param("ftp://example.org/list.pdf", "ftp: is not fetched", id="ftp"),
        pytest.param("data:text/csv,a%2Cb", "data: is not fetched", id="data in the address"),
        pytest.param("https:///list.pdf", "names no host", id="no host"),
        pytest.param("http://example.org:99999/", "is no address", id="no port"),
        pytest.param("http://[zz]/", "is no address", id="no host within brackets"),
        pytest.param("http://a..b/", "is no address", id="an empty label"),
        pytest.param("https://user:secret@example.org/", "has a user name or password", id="a password"),
    ],
)
def test_what_is_not_fetched(address: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        fetch(address)
    assert caught.value.hint
    assert "secret" not in str(caught.value)


def test_an_address_as_a_browser_shows_it() -> None:
    found = fetched(sends(LIST), "/一覧 表.csv?年=令和7#page=2")
    assert found.address == "/%E4%B8%80%E8%A6%A7%20%E8%A1%A8.csv?%E5%B9%B4=%E4%BB%A4%E5%92%8C7"
    assert fetching.is_address("https://example.org/")
    assert not fetching.is_address("C:\\list.pdf")
    assert not fetching.is_address("2026/list.pdf")


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        pytest.param(404, "look for the address", id="moved away"),
        pytest.param(403, "download it with a browser", id="forbidden"),
        pytest.param(503, "wait a while", id="overloaded"),
        pytest.param(599, "download it with a browser", id="an unknown status"),
    ],
)
def test_statuses(status: int, hint: str) -> None:
    error = refusal(sends(b"no", status))
    assert error.message.startswith(f"it answers with status {status}")
    assert hint in str(error.hint)


def test_what_is_too_large() -> None:
    assert fetched(sends(b"x" * 1000), most_bytes=1000).content == b"x" * 1000
    assert "is larger" in refusal(sends(b"x" * 1001), most_bytes=1000).message


def test_what_says_it_is_too_large_is_not_waited_for() -> None:
    began = time.monotonic()
    error = refusal(lambda h: (sends(b"", Content_Length=str(1 << 40))(h), time.sleep(3))[0])
    assert "is larger than 64 MiB" in error.message
    assert time.monotonic() - began < 2


def test_a_bomb_is_not_unpacked_further_than_the_limit() -> None:
    bomb = gzip.compress(bytes(200 * MIBIBYTE), 9)
    began = time.monotonic()
    assert (
        "is larger than 1 MiB" in refusal(sends(bomb, Content_Encoding="gzip"), most_bytes=MIBIBYTE).message
    )
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(sends(LIST[:-9], Content_Length=str(len(LIST))), "ended before its end", id="cut off"),
        pytest.param(sends(gzip.compress(LIST)[:-9], Content_Encoding="gzip"), "ended before its end", id="gzip, cut off"),
        pytest.param(sends(LIST, Content_Encoding="gzip"), "is no gzip", id="no gzip"),
        pytest.param(sends(LIST, Content_Encoding="br"), "in the encoding br", id="another encoding"),
        pytest.param(lambda h: h.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be reached", id="no HTTP"),
        pytest.param(lambda _: None, "cannot be reached", id="nothing"),
    ],
)  # fmt: skip
def test_broken_answers(answer: Answer, message: str) -> None:
    assert message in refusal(answer).message


def test_no_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SourceError, match="cannot be reached: Connection refused"):
        fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("way", ["silent", "drips", "drips its fields"])
def test_the_time_limit_is_for_all_of_it(way: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if way == "silent":
            time.sleep(5)
            return
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if way == "drips" else b""))
        for _ in range(50):
            time.sleep(0.1)
            handler.wfile.write(b"x" if way == "drips" else b"X: x\r\n")

    began = time.monotonic()
    assert "did not come within 1 seconds" in refusal(answer, seconds=1).message
    assert time.monotonic() - began < 3


# --- redirects -------------------------------------------------------------------------


def steps(*, most: int) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        at = int(handler.path.strip("/") or 0)
        if at >= most:
            sends(LIST)(handler)
        else:
            sends(b"", 302, Location=f"/{at + 1}")(handler)

    return answer


def test_a_few_redirects_are_followed() -> None:
    with serving(steps(most=5)) as (address, asked):
        found = fetch(f"{address}/0")
    assert found == Fetched(LIST, "5", f"{address}/0")
    assert asked == [f"/{step}" for step in range(6)]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(steps(most=6), "redirected more than 5 times", id="many"),
        pytest.param(sends(b"", 302, Location="/list.csv"), "redirected more than 5 times", id="in a circle"),
        pytest.param(sends(b"", 302, Location="file:///etc/passwd"), "redirected to what file: is not fetched", id="to a file"),
        pytest.param(sends(b"", 301, Location="ftp://example.org/"), "redirected to what ftp: is not fetched", id="to ftp"),
        pytest.param(sends(b"", 307, Location="data:text/csv,x"), "redirected to what data: is not fetched", id="to data"),
        pytest.param(sends(b"", 302, Location="http://[zz]/"), "redirected to what is no address", id="to no address"),
        pytest.param(sends(b"", 302), "status 302 Found", id="to nowhere"),
    ],
)  # fmt: skip
def test_where_redirects_do_not_lead(answer: Answer, message: str) -> None:
    with serving(answer) as (address, _), pytest.raises(SourceError, match=message):
        fetch(f"{address}/0")


class _Address(ipaddress.IPv4Address):
    """The first address that is come to is taken for a public one."""

    arrivals = 0

    @property
    def is_global(self) -> bool:
        type(self).arrivals += 1
        return self.arrivals == 1


def test_a_public_address_does_not_lead_into_a_private_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey.ipaddress, "ip_address", _Address)
    with (
        serving(sends(b"secret")) as (inside, asked),
        serving(sends(b"", 302, Location=f"{inside}/admin")) as (outside, _),
        pytest.raises(SourceError, match="redirected into a private network, to 127") as caught,
    ):
        fetch(f"{outside}/list.csv")
    assert asked == []
    assert caught.value.where == "127.0.0.1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    subprocess.run(
        [needs("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", f"{path}.crt"],
        capture_output=True, check=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def _server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_nobody_vouches_for(certificate: Path) -> None:
    with (
        serving(sends(LIST), _server_side(certificate)) as (address, asked),
        pytest.raises(SourceError, match="its certificate is not valid: self-signed certificate"),
    ):
        fetch(f"{address}/list.csv")
    assert asked == []


def test_https_does_not_lead_to_http(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        serving(sends(LIST)) as (plain, asked),
        serving(sends(b"", 302, Location=f"{plain}/list.csv"), _server_side(certificate)) as (secure, _),
        pytest.raises(SourceError, match="from https: to http:"),
    ):
        fetch(f"{secure}/list.csv")
    assert asked == []
    with serving(sends(LIST), _server_side(certificate)) as (secure, _):
        assert fetch(f"{secure}/list.csv").content == LIST


def test_a_proxy_is_used_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(sends(LIST)) as (proxy, asked):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        assert fetch("http://list.example.org/list.csv").content == LIST
    assert asked == ["http://list.example.org/list.csv"]
