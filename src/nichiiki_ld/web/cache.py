"""Answers that were given, kept in memory within a number of bytes; the least used go first."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256

from nichiiki_ld.frames import job_to_frame
from nichiiki_ld.query import Answer, Job

_OVERHEAD_BYTES = 1000
"""What a key and its entry take beside the body."""


def key_of(job: Job) -> bytes:
    """Return what makes a query the same as another, however long its text and its names of graphs are."""
    return sha256(job_to_frame(job)).digest()


class AnswerCache:
    """Answers of one release by what was asked."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self.size_bytes = 0

    def get(self, key: bytes) -> Answer | None:
        """Return the answer that was kept under a key, or None."""
        if key not in self._answers:
            return None
        self._answers.move_to_end(key)
        return self._answers[key]

    def keep(self, key: bytes, answer: Answer) -> None:
        """Keep an answer, unless it is larger than an eighth of the room: it would push out too many others."""
        size = _size(answer)
        if size > self._most // 8 or key in self._answers:
            return
        self._answers[key] = answer
        self.size_bytes += size
        while self.size_bytes > self._most:
            _, old = self._answers.popitem(last=False)
            self.size_bytes -= _size(old)


def _size(answer: Answer) -> int:
    return len(answer.body) + _OVERHEAD_BYTES
