"""What the operating system keeps a process from, for good.

Source: getrlimit(2), prctl(2), seccomp(2); Linux, `include/uapi/linux/{audit,filter,seccomp}.h`.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PAGE_BYTES = resource.getpagesize()

_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
_ALLOW, _FAIL_WITH_EACCES = 0x7FFF0000, 0x0005000D
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_OTHER_ABI = 0x40000000
"""System calls of x86-64 from here on are those of x32."""

_MACHINES = {
    # seccomp, then socket, socketpair, io_uring_setup, pidfd_getfd
    "x86_64": (0xC000003E, 317, (41, 53, 425, 438)),
    "aarch64": (0xC00000B7, 277, (198, 199, 425, 438)),
}
"""Machine → its name for the kernel, the number of seccomp(2), and those of the calls that could make or fetch a socket."""


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


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def refuse_sockets() -> bool:
    """Keep all threads of this process from making a socket, and tell whether the system does that (Linux only)."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    name, seccomp, refused = machine
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 0, len(refused) + 3, name),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_IF_AT_LEAST, len(refused) + 1, 0, _OTHER_ABI),
        *((_JUMP_IF_EQUAL, len(refused) - place, 0, number) for place, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FAIL_WITH_EACCES),
    ]
    instructions = (_Instruction * len(steps))(*(_Instruction(*each) for each in steps))
    program = _Program(len(steps), instructions)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        # The kernel wants words as wide as a register.
        wide = ctypes.c_ulong
        if system.prctl(_PR_SET_NO_NEW_PRIVS, wide(1), wide(0), wide(0), wide(0)):
            return False
        return not system.syscall(
            ctypes.c_long(seccomp),
            wide(_SECCOMP_SET_MODE_FILTER),
            wide(_SECCOMP_FILTER_FLAG_TSYNC),
            ctypes.byref(program),
        )
    except (OSError, AttributeError):
        return False


def lock(*, memory_mb: int, files: int = 0) -> None:
    """Keep this process from ever opening a socket, or a file that it need not, and from taking much more memory.

    What is open stays open. No descriptor is free any more, so that every call that
    would make one fails, whoever makes it: the interpreter, the engine, a library. The
    engine opens the files of a large store when it first needs them: for these, so many
    descriptors are left, provided that the system refuses sockets in another way.

    Args:
        memory_mb: Address space that it may take on top of what it has now.
        files: How many it will open yet.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE_BYTES
    most = used + memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    has_no_sockets = refuse_sockets()
    # Below the lowest free number: those in use may lie above it.
    free = os.dup(0)
    os.close(free)
    if files and has_no_sockets:
        free = max(free, *(int(each.name) for each in Path("/proc/self/fd").iterdir())) + 1 + files
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
