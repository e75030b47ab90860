"""What the operating system keeps a process from, for good.

Source: getrlimit(2), landlock(7), prctl(2), proc(5), seccomp(2); Linux,
`include/uapi/linux/{audit,filter,landlock,seccomp}.h`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
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

_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
"""Numbers of system calls, the same on every machine above."""
_LANDLOCK_VERSION = 1
_BELOW_A_PATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_LANDLOCK_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Version of Landlock → how many rights on files it knows; later ones know at least as many as `_MOST_RIGHTS`."""
_MOST_RIGHTS = 16


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


class Itself:
    """What the system tells a process of itself, opened while it still may open it (Linux only)."""

    def __init__(self) -> None:
        """Open it.

        Raises:
            OSError: This system has no `/proc`.
        """
        self._memory = os.open("/proc/self/statm", os.O_RDONLY)
        self._descriptors = os.open("/proc/self/fd", os.O_RDONLY | os.O_DIRECTORY)

    def used_bytes(self) -> int:
        """Return how much address space it takes."""
        return int(os.pread(self._memory, 100, 0).split()[0]) * _PAGE_BYTES

    def opened(self) -> dict[int, str]:
        """Return what is open: descriptor → path of the file, or what else it is."""
        found = {}
        for name in os.listdir(self._descriptors):  # noqa: PTH208 - a path could not be opened any more
            # The descriptor by which this is read is gone by now.
            with contextlib.suppress(OSError):
                found[int(name)] = os.readlink(name, dir_fd=self._descriptors)
        return found

    def close(self) -> None:
        """Close it."""
        os.close(self._memory)
        os.close(self._descriptors)


def only_read_below(folder: Path) -> bool:
    """Keep this thread, and all that it starts from now on, from opening anything but to read it below a folder.

    Threads that run already are not kept from anything. What is open stays open.

    Returns:
        Whether the system does that (Linux with Landlock).

    Raises:
        OSError: There is no such folder.
    """
    if platform.machine() not in _MACHINES:
        return False
    place = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return _restrict(place)
    finally:
        os.close(place)


def _restrict(place: int) -> bool:
    try:
        system = ctypes.CDLL(None, use_errno=True)
        wide = ctypes.c_ulong
        version = system.syscall(wide(_LANDLOCK_CREATE_RULESET), None, wide(0), wide(_LANDLOCK_VERSION))
        if version < 1 or system.prctl(_PR_SET_NO_NEW_PRIVS, wide(1), wide(0), wide(0), wide(0)):
            return False
        # Whatever a rule does not allow of these is refused.
        rights = struct.pack("=Q", (1 << _LANDLOCK_RIGHTS.get(version, _MOST_RIGHTS)) - 1)
        rules = system.syscall(wide(_LANDLOCK_CREATE_RULESET), rights, wide(len(rights)), wide(0))
        if rules < 0:
            return False
        rule = struct.pack("=Qi", _READ_FILE | _READ_FOLDER, place)
        try:
            added = system.syscall(wide(_LANDLOCK_ADD_RULE), wide(rules), wide(_BELOW_A_PATH), rule, wide(0))
            return not added and not system.syscall(wide(_LANDLOCK_RESTRICT_SELF), wide(rules), wide(0))
        finally:
            os.close(rules)
    except (OSError, AttributeError):
        return False


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


def lock(itself: Itself, *, memory_mb: int, files: int = 0) -> None:
    """Keep this process from ever opening a socket, or a file that it need not, and from taking much more memory.

    What is open stays open. No descriptor is free any more, so that every call that
    would make one fails, whoever makes it: the interpreter, the engine, a library. The
    engine opens the files of a large store when it first needs them: for these, so many
    descriptors are left, provided that the system refuses sockets in another way. What else
    could be opened in their place is for `only_read_below` to say.

    Args:
        itself: Of this process; is closed.
        memory_mb: Address space that it may take on top of what it has now.
        files: How many it will open yet.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = itself.used_bytes() + memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    has_no_sockets = refuse_sockets()
    highest = max(itself.opened())
    itself.close()
    # Below the lowest free number: those in use may lie above it.
    free = os.dup(0)
    os.close(free)
    if files and has_no_sockets:
        free = max(free, highest) + 1 + files
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
