"""The door that requests come in by: queries go to the evaluators, everything else to the pages.

It never waits in a thread for a query or a client. It looks for a new release now and then
and turns to it: a request that has begun is answered from the release it began with.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any, Self

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from nichiiki_ld.errors import NichiikiError, TooLong
from nichiiki_ld.formats import HTML
from nichiiki_ld.pool import Pool, PoolLimits
from nichiiki_ld.query import Answer
from nichiiki_ld.release import open_release
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import endpoint
from nichiiki_ld.web.application import compile_templates, create_app
from nichiiki_ld.web.asgi import (
    BodyTooLong,
    BodyTooSlow,
    ClientGone,
    Headers,
    Receive,
    Scope,
    Send,
    dispatch,
    environ_of,
    head_of,
    header_of,
    read_body,
    send_bytes,
    send_response,
    within,
)
from nichiiki_ld.web.cache import AnswerCache, key_of
from nichiiki_ld.web.language import LANGUAGES
from nichiiki_ld.web.observation import METRICS_TYPE, Observed, Observer, digest_of
from nichiiki_ld.web.problems import BrokenBody, RequestTimeout, UnsupportedCoding
from nichiiki_ld.web.services import Services
from nichiiki_ld.web.site import Site, open_site

_log = logging.getLogger(__name__)

QUERIES = ("/sparql", *(f"/{each}/sparql" for each in LANGUAGES))
LONG_TEXT = 20_000
"""Characters from which on a query's text is looked through in a thread."""

_MOST_REMEMBERED = 2000
_MOST_REMEMBERED_BYTES = 4000

_CLIENT_GONE, _FAULT = 499, 500
"""Statuses of the log where no answer was given, or not to its end; the first is what nginx calls it."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a request was read and answered.

    Attributes:
        key: Of the cache.
        digest: Of the query's text.
        status, headers: Head of the answer.
    """

    key: bytes
    digest: str
    status: int
    headers: Headers


@dataclass(eq=False)
class Serving:
    """One release, and all that answers from it.

    Attributes:
        remembered: By raw request.
        requests: How many requests are being answered from it.
    """

    site: Site
    app: Flask
    pool: Pool
    cache: AnswerCache
    remembered: dict[Any, Remembered] = field(default_factory=dict)
    requests: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __enter__(self) -> Self:
        self.requests += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.requests -= 1
        if not self.requests:
            self.idle.set()

    async def retire(self) -> None:
        """End the processes once the last request is answered."""
        while self.requests:
            self.idle.clear()
            await self.idle.wait()
        await self.pool.close()


class Gateway:
    """An ASGI application that serves the current release."""

    def __init__(self, settings: Settings, *, started: Callable[[], None] = lambda: None) -> None:
        """Describe a gateway; the server's lifespan starts it.

        Args:
            started: Called when it can answer.
        """
        self._settings = settings
        self._started = started
        self._observer = Observer()
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="page")
        # One at a time: to look through a long text takes memory and seconds, which the others need.
        self._long_texts = ThreadPoolExecutor(1, thread_name_prefix="long-text")
        self._services = Services(settings)
        self._serving: Serving | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's request, or live and end with the server (ASGI)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    # --- life -------------------------------------------------------------------

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:  # noqa: BLE001 - told to the server, which ends
            # A server that has nothing to serve must not look as if it had.
            if not isinstance(error, NichiikiError):
                _log.exception("the server cannot start")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self) -> None:
        """Open the current release and start what answers.

        Raises:
            ReleaseError: There is none, or it cannot be served.
        """
        self._serving = await self._open()
        self._watch(self._look_for_releases())
        self._started()

    async def stop(self) -> None:
        """End everything."""
        for task in list(self._tasks):
            task.cancel()
        if self._serving:
            await self._serving.pool.close()
        for executor in (self._threads, self._long_texts):
            executor.shutdown(wait=False, cancel_futures=True)
        self._services.close()

    def _watch(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self) -> Serving:
        settings = self._settings
        site = await asyncio.to_thread(open_site, settings)
        pool = Pool(site.release.folder, site.base, PoolLimits.of(settings), died=self._observer.died)
        await pool.start()
        try:
            app = create_app(site)
            await asyncio.to_thread(compile_templates, app)
        except BaseException:
            await pool.close()
            raise
        self._observer.release.clear()
        self._observer.release.labels(site.release.version).set(1)
        return Serving(site, app, pool, AnswerCache(settings.cache_bytes))

    async def _look_for_releases(self) -> None:
        told = ""
        while True:
            await asyncio.sleep(self._settings.release_check_seconds)
            assert self._serving
            try:
                found = await asyncio.to_thread(open_release, self._settings.dist)
                if found.folder == self._serving.site.release.folder:
                    told = ""
                    continue
                new = await self._open()
            except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the next one may be right
                why = f"{type(error).__name__}: {error}"
                if why != told:
                    # Once, not every second.
                    _log.warning("the current release cannot be opened, the last one stays: %s", why)
                told = why
                continue
            told = ""
            old, self._serving = self._serving, new
            self._watch(old.retire())

    # --- requests -----------------------------------------------------------------

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in ("/healthz", "/readyz", "/metrics"):
            await self._tell(path, scope, send)
            return
        assert self._serving
        with self._serving as serving:
            try:
                if path in QUERIES and scope["method"] in ("HEAD", *endpoint.METHODS):
                    await self._query(serving, scope, receive, send)
                else:
                    await self._page(serving, scope, send)
            except (ClientGone, TimeoutError):
                # Nobody is there to be told. The server closes what was begun.
                return

    async def _tell(self, path: str, scope: Scope, send: Send) -> None:
        """Answer what operators and their machines ask."""
        serving = self._serving
        ready = serving is not None and serving.pool.ready
        status, content_type = 200, "text/plain; charset=utf-8"
        if path == "/metrics":
            content_type = METRICS_TYPE
            if serving:
                self._observer.running.set(serving.pool.running)
                self._observer.waiting.set(serving.pool.waiting)
                self._observer.cached.set(serving.cache.size_bytes)
            body = self._observer.metrics()
        elif path == "/readyz" and not ready:
            status, body = 503, b"not ready\n"
        else:
            body = b"ok\n"
        headers = [
            (b"content-type", content_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        sent = b"" if scope["method"] == "HEAD" else body
        await send_bytes(send, status, headers, sent, seconds=self._settings.send_seconds)

    async def _page(self, serving: Serving, scope: Scope, send: Send) -> None:
        environ = self._environ(scope)
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(self._threads, dispatch, serving.app, environ)
        self._observer.requests.labels(str(response.status_code)).inc()
        await send_response(send, response, environ, seconds=self._settings.send_seconds, pool=self._threads)

    def _environ(self, scope: Scope, body: bytes = b"") -> dict[str, Any]:
        environ = environ_of(scope, body)
        if count := self._settings.trusted_proxies:
            fix = ProxyFix(_nothing, x_for=count, x_proto=count, x_host=count, x_port=0, x_prefix=0)
            fix(environ, _nothing)
        return environ

    # --- queries ------------------------------------------------------------------

    async def _query(self, serving: Serving, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        settings = self._settings
        body = b""
        if scope["method"] not in ("GET", "HEAD"):
            try:
                body = await read_body(
                    scope, receive, most_bytes=settings.max_query_bytes, seconds=settings.body_seconds
                )
            except BodyTooLong:
                await self._refuse(serving, scope, send, TooLong(settings.max_query_bytes), began)
                return
            except BodyTooSlow:
                await self._refuse(serving, scope, send, RequestTimeout(), began)
                return
            except ClientGone:
                # Broken chunks look like this too, and their sender may still be there.
                await self._refuse(serving, scope, send, BrokenBody(), began)
                return
            if header_of(scope, b"content-encoding") not in (b"", b"identity"):
                await self._refuse(serving, scope, send, UnsupportedCoding(), began)
                return
        if len(scope["query_string"]) > 3 * settings.max_query_bytes:
            await self._refuse(serving, scope, send, TooLong(settings.max_query_bytes), began)
            return
        raw = _raw(scope, body)
        if raw and (known := serving.remembered.get(raw)) and (answer := serving.cache.get(known.key)):
            await self._repeat(scope, send, known, answer, began)
            return
        environ = self._environ(scope, body)
        observed = self._observed(environ)
        with self._writing_down(observed, began):
            response = await self._while_there(
                receive, self._evaluate(serving, scope, environ, raw, observed)
            )
            observed.seconds = time.perf_counter() - began
            observed.status = response.status_code
            timing = observed.timing
            response.headers["Server-Timing"] = (
                f'cache;desc="{observed.cache}", queue;dur={timing.queued_seconds * 1000:.1f}, '
                f"eval;dur={timing.evaluated_seconds * 1000:.1f}, total;dur={observed.seconds * 1000:.1f}"
            )
            observed.bytes = await send_response(send, response, environ, seconds=settings.send_seconds)

    @staticmethod
    async def _while_there(receive: Receive, work: Coroutine[Any, Any, Response]) -> Response:
        """Return what some work gives; end it when the client goes away.

        Raises:
            ClientGone: It went.
        """
        gone, working = asyncio.ensure_future(_gone(receive)), asyncio.ensure_future(work)
        try:
            await asyncio.wait({gone, working}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
        finally:
            gone.cancel()
            working.cancel()
        # Until it has ended, it does not say how long it took.
        await asyncio.gather(working, return_exceptions=True)
        raise ClientGone

    def _observed(self, environ: dict[str, Any], **told: Any) -> Observed:
        return Observed(client=environ["REMOTE_ADDR"] if self._settings.log_clients else None, **told)

    @contextmanager
    def _writing_down(self, observed: Observed, began: float) -> Iterator[None]:
        """Write down what becomes of a query, also when its client does not stay for the answer or take it."""
        try:
            yield
        except BaseException as error:
            left = isinstance(error, ClientGone | TimeoutError | asyncio.CancelledError)
            observed.status = _CLIENT_GONE if left else _FAULT
            observed.seconds = time.perf_counter() - began
            raise
        finally:
            self._observer.query(observed)

    async def _refuse(
        self, serving: Serving, scope: Scope, send: Send, error: Exception, began: float
    ) -> None:
        environ = self._environ(scope)

        def view() -> Response:
            raise error

        response = within(serving.app, environ, view)
        # What is left of the body stays unread.
        response.headers["Connection"] = "close"
        observed = self._observed(environ, status=response.status_code, seconds=time.perf_counter() - began)
        with self._writing_down(observed, began):
            await send_response(send, response, environ, seconds=self._settings.send_seconds)

    async def _repeat(
        self,
        scope: Scope,
        send: Send,
        known: Remembered,
        answer: Answer,
        began: float,
    ) -> None:
        """Give an answer again that this very request was given before."""
        body = b"" if scope["method"] == "HEAD" else answer.body
        observed = Observed(known.digest, known.status, rows=answer.rows, cache="hit")
        if self._settings.log_clients:
            observed.client = self._environ(scope)["REMOTE_ADDR"]
        with self._writing_down(observed, began):
            seconds = self._settings.send_seconds
            observed.bytes = await send_bytes(send, known.status, known.headers, body, seconds=seconds)
            observed.seconds = time.perf_counter() - began

    async def _evaluate(
        self, serving: Serving, scope: Scope, environ: dict[str, Any], raw: Any, observed: Observed
    ) -> Response:
        long = int(environ["CONTENT_LENGTH"]) + len(scope["query_string"]) > LONG_TEXT
        where = self._long_texts if long else None
        asked = await self._run(within, serving.app, environ, endpoint.read, executor=where)
        if isinstance(asked, Response):
            return asked
        observed.digest = digest_of(asked.text)
        job = asked.job
        key = key_of(job)
        answer = None if asked.volatile else serving.cache.get(key)
        observed.cache = "none" if asked.volatile else "hit" if answer else "miss"
        if answer is None:
            try:
                client = client_of(environ["REMOTE_ADDR"])
                if asked.scan.services:
                    job = replace(job, text=await self._services.replace(asked.text, asked.scan, client))
                answer = await serving.pool.evaluate(job, client, observed.timing)
            except NichiikiError as error:
                view = partial(endpoint.refuse_or_raise, error, asked.text)
                refused: Response = within(serving.app, environ, view)
                return refused
            if not asked.volatile:
                serving.cache.keep(key, answer)
        observed.rows = answer.rows
        view = partial(endpoint.respond, asked, answer)
        where = self._threads if answer.format is HTML else None
        response: Response = await self._run(within, serving.app, environ, view, executor=where)
        if raw and not asked.volatile and response.status_code == 200 and answer.format is not HTML:  # noqa: PLR2004
            status, headers = head_of(response, environ)
            _remember(serving, raw, Remembered(key, observed.digest, status, headers))
        return response

    async def _run(
        self, call: Callable[..., Any], *arguments: Any, executor: ThreadPoolExecutor | None
    ) -> Any:
        """Call something, in a thread if an executor is given: what is quick needs none."""
        if executor is None:
            return call(*arguments)
        return await asyncio.get_running_loop().run_in_executor(executor, call, *arguments)


def _remember(serving: Serving, raw: Any, known: Remembered) -> None:
    """Keep how a request was read, so that the same bytes need not be read again."""
    while len(serving.remembered) >= _MOST_REMEMBERED:
        del serving.remembered[next(iter(serving.remembered))]
    headers = [(name, value) for name, value in known.headers if name != b"date"]
    headers.append((b"server-timing", b'cache;desc="hit"'))
    serving.remembered[raw] = replace(known, headers=headers)


def _raw(scope: Scope, body: bytes) -> Any:
    """Return what makes a request the same as another, or None if it depends on more, or is long."""
    fields = (b"accept", b"accept-encoding", b"content-type")
    size = len(scope["query_string"]) + len(body)
    found = []
    for name, value in scope["headers"]:
        if name in (b"if-none-match", b"if-modified-since", b"range"):
            return None
        if name in fields:
            found.append((name, value))
            size += len(value)
    if size > _MOST_REMEMBERED_BYTES:
        return None
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return (method, scope["query_string"], body, tuple(found))


@lru_cache(maxsize=1000)
def client_of(address: str) -> str:
    """Return whom an address belongs to: one household or firm has at least all of a /64 network (RFC 6177)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.IPv6Network((found, 64), strict=False))


async def _gone(receive: Receive) -> None:
    """Return when the client has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _nothing(*_: Any) -> Any:
    return ()
