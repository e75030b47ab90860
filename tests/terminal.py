"""The command on a pseudo-terminal, as a person sits before it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

NICHIIKI = [sys.executable, "-c", "from nichiiki_ld.cli.main import main; main()"]


def _sit_at_the_terminal() -> None:
    """Make standard input the terminal that signals come from, also where a job in the background ignores them."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _surroundings() -> dict[str, str]:
    """Return the environment without the size of another terminal, which programs believe before their own."""
    return {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}


class Terminal:
    """A command on a pseudo-terminal of so many columns."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        columns: int,
        lines: int = 50,
        cwd: Path | None = None,
        **environment: str,
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._text, self._seen = b"", 0
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            cwd=cwd,
            preexec_fn=_sit_at_the_terminal,  # noqa: PLW1509 - no other thread is at work
            env={**_surroundings(), "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment},
        )
        os.close(slave)
        self._command = psutil.Process(self.process.pid)

    def send(self, text: str) -> None:
        """Send what is typed, whatever the command is about."""
        os.write(self.master, text.encode())

    def interrupt(self, *, seconds: float = 30) -> None:
        """Press Ctrl-C once the command waits for a line: before, `readline` could miss it until another key."""
        until, spent = time.monotonic() + seconds, -1.0
        while time.monotonic() < until and spent != (spent := sum(self._command.cpu_times()[:2])):
            time.sleep(0.2)
        self.send("\x03")

    def press(self, key: str, *, seconds: float = 30) -> None:
        """Press a key once the command waits for one: what is typed ahead is thrown away."""
        until = time.monotonic() + seconds
        while termios.tcgetattr(self.master)[3] & termios.ICANON:
            assert time.monotonic() < until, "no key is waited for"
            time.sleep(0.01)
        self.send(key)

    def wait_for(self, words: str, *, seconds: float = 30) -> str:
        """Return what it printed since the words that were waited for last, up to these."""
        until = time.monotonic() + seconds
        while (at := self._shown().find(words, self._seen)) < 0:
            assert self._more(until), f"「{words}」 does not come: {self._shown()[self._seen :]}"
        before, self._seen = self._seen, at + len(words)
        return self._shown()[before : self._seen]

    def _shown(self) -> str:
        return "\n".join(plain(self._text.decode(errors="ignore")))

    def read(self, *, seconds: float = 30) -> str:
        """Return all that it prints until its end."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._more(until):
            pass
        self.process.wait(timeout=30)
        os.close(self.master)
        return self._text.decode().replace("\r\n", "\n")

    def _more(self, until: float) -> bool:
        if not select.select([self.master], [], [], max(until - time.monotonic(), 0))[0]:
            return False
        try:
            piece = os.read(self.master, 65536)
        except OSError:
            return False
        self._text += piece
        return bool(piece)


def plain(text: str) -> list[str]:
    """Return lines as they look, without colours."""
    text = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", text)
    return [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
