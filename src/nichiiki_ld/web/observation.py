"""What operators see: a log line for each query, and figures for Prometheus.

The client's address is in neither, unless it is asked for in the log.
"""

from __future__ import annotations

import datetime
import json
import logging
import sys
from dataclasses import asdict, dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from nichiiki_ld.pool import Timing
from nichiiki_ld.store import digest

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_FIELDS = "nichiiki_fields"
_log = logging.getLogger("nichiiki_ld.queries")


@dataclass(slots=True)
class Observed:
    """What is told of one query.

    Attributes:
        digest: Of the query's text.
        timing: How long it waited and was evaluated.
        cache: `hit`, `miss`, or `none` where nothing was to be looked up.
        client: Address, if it is asked for.
    """

    digest: str = ""
    status: int = 0
    seconds: float = 0.0
    timing: Timing = field(default_factory=Timing)
    rows: int = 0
    bytes: int = 0
    cache: str = "none"
    client: str | None = None


class Observer:
    """Counts queries and writes their log lines."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._queries = Counter(
            "nichiiki_queries", "Queries answered.", ["status", "cache"], registry=self.registry
        )
        self._seconds = Histogram(
            "nichiiki_query_seconds",
            "From the whole request to the answer.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._queued = Histogram(
            "nichiiki_query_queue_seconds",
            "Time that a query waited for its turn.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._ended = Counter(
            "nichiiki_evaluators_ended",
            "Processes that were ended, or ended, in the middle of a query.",
            ["reason"],
            registry=self.registry,
        )
        self.requests = Counter(
            "nichiiki_requests", "Requests of any kind.", ["status"], registry=self.registry
        )
        self.running = Gauge(
            "nichiiki_queries_running", "Queries that are being evaluated.", registry=self.registry
        )
        self.waiting = Gauge("nichiiki_queries_waiting", "Queries that wait.", registry=self.registry)
        self.cached = Gauge("nichiiki_cache_bytes", "Bytes of answers kept.", registry=self.registry)
        self.release = Gauge(
            "nichiiki_release_info", "The release that is served.", ["version"], registry=self.registry
        )

    def died(self, reason: str) -> None:
        """Count a process that did not outlive its query."""
        self._ended.labels(reason).inc()

    def query(self, observed: Observed) -> None:
        """Count a query and write its log line."""
        self._queries.labels(str(observed.status), observed.cache).inc()
        self._seconds.observe(observed.seconds)
        if observed.cache == "miss":
            self._queued.observe(observed.timing.queued_seconds)
        told = asdict(observed)
        _log.info("query", extra={_FIELDS: {"event": "query"} | told.pop("timing") | told})

    def metrics(self) -> bytes:
        """Return all figures in the text format of Prometheus."""
        return generate_latest(self.registry)


def digest_of(text: str) -> str:
    """Return what a log line names a query by."""
    return digest(text.encode("utf-8", "replace"))[:16]


class _JsonLine(logging.Formatter):
    """A record as one JSON object: what is told of a query, or else a message."""

    def format(self, record: logging.LogRecord) -> str:
        message = {"event": "message", "level": record.levelname.lower(), "text": record.getMessage()}
        if record.exc_info:
            message["traceback"] = self.formatException(record.exc_info)
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line = {"time": time.isoformat(timespec="milliseconds")} | getattr(record, _FIELDS, message)
        return json.dumps(
            {
                key: round(value, 6) if isinstance(value, float) else value
                for key, value in line.items()
                if value is not None
            },
            ensure_ascii=False,
        )


def log_to_standard_error() -> None:
    """Let log lines go to standard error, one JSON object a line."""
    logger = logging.getLogger("nichiiki_ld")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLine())
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO)
