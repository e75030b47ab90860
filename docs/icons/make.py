"""Draw the icon as pixels, for what does not take `icon.svg`: telephones, social media, old browsers.

    python docs/icons/make.py

Writes `icon.png` and `favicon.ico` beside `icon.svg`, the same bytes each time with the same zlib.
The circles are those of `icon.svg`, on the ground of the pages.

Source: PNG (Third Edition), sections 5 and 11.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from pathlib import Path

STATIC = Path(__file__).parents[2] / "src/nichiiki_ld/web/static"
GROUND = (0xFD, 0xFC, 0xF9)
SIZE = 512
SMALL_SIZE = 48

Colour = tuple[int, int, int]
_CIRCLE = re.compile(
    r'<circle cx="(?P<x>[0-9.]+)" cy="(?P<y>[0-9.]+)" r="(?P<r>[0-9.]+)" '
    r'fill="#(?P<fill>[0-9a-f]{6})"(?: fill-opacity="(?P<opacity>[0-9.]+)")?/>'
)


def pixels(svg: str, size: int) -> list[bytes]:
    """Return the rows of a square picture, three bytes for each pixel.

    Args:
        svg: A drawing of circles in a box of 32 by 32.
    """
    scale = size / 32
    rows = [[GROUND] * size for _ in range(size)]
    for circle in _CIRCLE.finditer(svg):
        x, y, radius = (float(circle[name]) * scale for name in ("x", "y", "r"))
        fill = tuple(bytes.fromhex(circle["fill"]))
        opacity = float(circle["opacity"] or 1)
        for row in range(size):
            for column in range(size):
                distance = math.hypot(column + 0.5 - x, row + 0.5 - y)
                share = opacity * min(1.0, max(0.0, radius - distance + 0.5))
                if share:
                    rows[row][column] = _mixed(rows[row][column], fill, share)
    return [bytes(value for pixel in row for value in pixel) for row in rows]


def _mixed(under: Colour, over: tuple[int, ...], share: float) -> Colour:
    red, green, blue = (round(b + (a - b) * share) for a, b in zip(over, under, strict=True))
    return red, green, blue


def png(rows: list[bytes]) -> bytes:
    """Return a picture as PNG."""
    head = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    content = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = [(b"IHDR", head), (b"IDAT", content), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def ico(picture: bytes, size: int) -> bytes:
    """Return a PNG as an icon file of one picture."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, size, size, 0, 0, 1, 24, len(picture), 22) + picture


def main() -> None:
    """Write the files."""
    svg = (STATIC / "icon.svg").read_text(encoding="utf-8")
    (STATIC / "icon.png").write_bytes(png(pixels(svg, SIZE)))
    (STATIC / "favicon.ico").write_bytes(ico(png(pixels(svg, SMALL_SIZE)), SMALL_SIZE))


if __name__ == "__main__":
    main()
