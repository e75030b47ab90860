"""How jobs and answers travel between the server and its evaluators.

A message is one or two frames, each its length in eight bytes and then its bytes: a JSON
object, and for an answer the body. Nothing is ever unpickled: an evaluator is not trusted.
"""

from __future__ import annotations

import socket
from typing import Any

import orjson

from nichiiki_ld import errors
from nichiiki_ld.errors import EvaluatorFault, NichiikiError, QueryError, QueryLimit
from nichiiki_ld.formats import FORMATS, Format, Kind
from nichiiki_ld.query import Answer, Job

LENGTH_BYTES = 8

_BY_NAME = {each.name: each for each in FORMATS}


def job_to_frame(job: Job) -> bytes:
    """Return a job as a frame's bytes."""
    return orjson.dumps(
        {
            "text": job.text,
            "default_graphs": job.default_graphs,
            "named_graphs": job.named_graphs,
            "results": job.results and job.results.name,
            "graph": job.graph and job.graph.name,
            "most_bytes": job.most_bytes,
            "most_rows": job.most_rows,
            "gzip": job.gzip,
        }
    )


def job_from_frame(frame: bytes) -> Job:
    """Return the job that a frame holds."""
    told: dict[str, Any] = orjson.loads(frame)
    told |= {key: _format(told[key]) for key in ("results", "graph")}
    told |= {key: tuple(told[key]) for key in ("default_graphs", "named_graphs")}
    return Job(**told)


def answer_to_frames(answer: Answer) -> tuple[bytes, bytes]:
    """Return an answer as two frames' bytes."""
    head = {
        "kind": answer.kind.name,
        "format": answer.format and answer.format.name,
        "rows": answer.rows,
        "gzip": answer.gzip,
        "tag": answer.tag,
    }
    return orjson.dumps(head), answer.body


def refusal_to_frames(error: Exception) -> tuple[bytes, bytes]:
    """Return an error as two frames' bytes, the second empty."""
    told: dict[str, str | None] = {"error": type(error).__name__, "message": str(error)}
    if isinstance(error, NichiikiError):
        told |= {"message": error.message, "hint": error.hint, "reference": error.reference}
        told |= {"limit": getattr(error, "limit", None)}
    return orjson.dumps(told), b""


def ready_to_frame(thread_id: int) -> bytes:
    """Return what an evaluator says when it can take jobs: which thread will evaluate them."""
    return orjson.dumps({"thread": thread_id})


def thread_of(frame: bytes) -> int:
    """Return the thread of an evaluator that can take jobs.

    Raises:
        EvaluatorFault: It could not start. Says why.
    """
    told = orjson.loads(frame)
    if "error" in told:
        raise EvaluatorFault(f"{told['error']}: {told['message']}")
    return int(told["thread"])


def answer_from_frames(head: bytes, body: bytes) -> Answer:
    """Return the answer that two frames hold.

    Raises:
        QueryError: They hold an error that the query made.
        EvaluatorFault: They hold any other error.
    """
    told = orjson.loads(head)
    if "error" in told:
        raise _error(told)
    return Answer(Kind[told["kind"]], _format(told["format"]), body, told["rows"], told["gzip"], told["tag"])


def _error(told: dict[str, Any]) -> Exception:
    kind = getattr(errors, told["error"], None)
    if "hint" not in told or not (isinstance(kind, type) and issubclass(kind, QueryError)):
        return EvaluatorFault(f"{told['error']}: {told['message']}")
    if issubclass(kind, QueryLimit):
        return kind(told["limit"], told["message"], hint=told["hint"])
    # Not by its own constructor, which may make the message itself.
    error = kind.__new__(kind)
    QueryError.__init__(error, told["message"], hint=told["hint"], reference=told["reference"])
    return error


def _format(name: str | None) -> Format | None:
    return _BY_NAME[name] if name else None


def read_frame(connection: socket.socket) -> bytes | None:
    """Return the bytes of the next frame, or None when there will be none."""
    head = _read(connection, LENGTH_BYTES)
    return None if head is None else _read(connection, int.from_bytes(head))


def send_frame(connection: socket.socket, content: bytes) -> None:
    """Send bytes as a frame."""
    connection.sendall(len(content).to_bytes(LENGTH_BYTES))
    connection.sendall(content)


def _read(connection: socket.socket, length: int) -> bytes | None:
    content = bytearray()
    while len(content) < length:
        part = connection.recv(min(length - len(content), 1 << 20))
        if not part:
            return None
        content += part
    return bytes(content)
