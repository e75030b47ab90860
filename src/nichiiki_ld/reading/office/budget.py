"""What reading the parts of one Office file may cost in all.

A workbook of a few kilobytes can name one large part as each of a thousand sheets. So a
part is charged each time that somebody reads it.
"""

from __future__ import annotations

from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.limits import MIBIBYTE

MOST_PACKAGE_BYTES = 256 * MIBIBYTE
"""Of all parts, decompressed, each counted as often as it is read."""

MOST_ELEMENTS = 20_000_000
"""Of all parts, likewise: three million cells with a formula each have nine. One takes about a microsecond."""

_LEAST_CHARGE_BYTES = 4096
"""What reading a part costs at least."""


class Budget:
    """What one file may still cost."""

    def __init__(self, where: str) -> None:
        """Begin with the limits of this module.

        Args:
            where: The file, for messages.
        """
        self._where = where
        self._left_bytes = MOST_PACKAGE_BYTES
        self._left_elements = MOST_ELEMENTS

    def part(self, size_bytes: int) -> None:
        """Take a part, before it is decompressed.

        Raises:
            UnreadableDocument: There is not as much left.
        """
        self._left_bytes -= max(size_bytes, _LEAST_CHARGE_BYTES)
        if self._left_bytes < 0:
            raise self._exceeded(f"{MOST_PACKAGE_BYTES // MIBIBYTE} MiB in its parts once decompressed")

    def elements(self, count: int) -> None:
        """Take elements.

        Raises:
            UnreadableDocument: There are not as many left.
        """
        self._left_elements -= count
        if self._left_elements < 0:
            raise self._exceeded(f"{MOST_ELEMENTS:,} elements in its parts")

    def _exceeded(self, what: str) -> UnreadableDocument:
        return UnreadableDocument(
            f"has more than {what}, each part counted as often as it is used",
            where=self._where,
            hint="if it is a real document, keep the sheet that has the list, and save it again",
        )
