"""A table that a person's answers are added to, one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nichiiki_ld.errors import TableError
from nichiiki_ld.files import write_atomically
from nichiiki_ld.tabular import format_csv


class Ledger:
    """A CSV file of ours to which lines are added.

    Every answer is on disk before the next one is asked for. What stood in the file
    stays as it is, byte for byte; only what was added here can be taken back.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Begin with what stands in the file, if there is one.

        Args:
            path: Was read before: what stands in it has these columns.
        """
        self.path = path
        self._columns = tuple(columns)
        self._before = self._on_disk()
        self._added: list[str] = []
        self._last = self._before

    def append(self, *rows: Mapping[str, str]) -> None:
        """Add a line, or several that are one answer: all of them or none.

        Raises:
            TableError: Somebody else has changed the file since.
            NichiikiError: It cannot be written.
        """
        self._added.append(
            format_csv(self._columns, rows, line_end=self._line_end).partition(self._line_end)[2]
        )
        try:
            self._write()
        except BaseException:
            self._added.pop()
            raise

    def take_back(self) -> None:
        """Remove what was added last.

        Raises:
            TableError: Somebody else has changed the file since.
            NichiikiError: It cannot be written.
        """
        line = self._added.pop()
        try:
            self._write()
        except BaseException:
            self._added.append(line)
            raise

    @property
    def _line_end(self) -> str:
        return "\r\n" if b"\r\n" in (self._before or b"").partition(b"\n")[0] + b"\n" else "\n"

    def _on_disk(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def _write(self) -> None:
        if self._on_disk() != self._last:
            raise TableError(
                "was changed by somebody else meanwhile", where=str(self.path), hint="run the command again"
            )
        if self._before is None and not self._added:
            self.path.unlink(missing_ok=True)
            self._last = None
            return
        before = self._before or format_csv(self._columns, []).encode()
        if not before.endswith(b"\n"):
            before += self._line_end.encode()
        content = before + "".join(self._added).encode()
        write_atomically(self.path, content)
        self._last = content
