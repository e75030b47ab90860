"""What the operating system keeps a process from, for good.

Source: getrlimit(2), prctl(2).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PAGE_BYTES = resource.getpagesize()


def end_with_parent() -> None:
    """Let this process be killed when the thread that started it ends, however it ends (Linux only)."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return


def allow_many_files() -> None:
    """Let this process open as many files as the system allows: an index is opened as a whole."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def lock(*, memory_mb: int) -> None:
    """Keep this process from ever opening a file or a socket again, and from taking much more memory.

    What is open stays open. No descriptor is free any more, so that every call that
    would make one fails, whoever makes it: the interpreter, the engine, a library.

    Args:
        memory_mb: Address space that it may take on top of what it has now.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE_BYTES
    most = used + memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    # Below the lowest free number: those in use may lie above it.
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
