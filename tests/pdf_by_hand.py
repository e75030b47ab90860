"""PDF files written by hand, for what no typesetting program makes at wish.

Their one font is not embedded and has no map to Unicode, as in files of older programs: its
characters are those of Adobe-Japan1.

Source: ISO 32000-1; 7.6.3 for the encryption.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence

from pdfminer.arcfour import Arcfour

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_ID = b"0123456789abcdef"
_KEY_BYTES = 16
_PERMISSIONS = -4

_FONT = b"<< /Type /Font /Subtype /Type0 /BaseFont /Mincho /Encoding /%s /DescendantFonts [4 0 R] >>"
_GLYPHS = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Mincho /DW 1000 /W [1 94 500 231 632 500] "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> "
    b"/FontDescriptor << /Type /FontDescriptor /FontName /Mincho /FontBBox [0 -120 1000 880] "
    b"/Ascent 880 /Descent -120 /Flags 4 >> >>"
)


def text(x: float, y: float, size: float, content: str) -> bytes:
    """Return the operators that print a text.

    Args:
        x, y: Of its base line's left end, in points from the lower left corner of the page.
    """
    codes = content.encode("utf-16-be").hex()
    return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET\n".encode("ascii")


def rule(x0: float, y0: float, x1: float, y1: float) -> bytes:
    """Return the operators that draw a line."""
    return f"0.5 w {x0} {y0} m {x1} {y1} l S\n".encode("ascii")


def stream(data: bytes, extra: bytes = b"/Filter /FlateDecode", *, compress: bool = True) -> bytes:
    """Return a stream as an object."""
    body = zlib.compress(data) if compress else data
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), extra if compress else b"", body)


def pdf(
    *contents: bytes,
    page: bytes = b"",
    more: Sequence[bytes] = (),
    encoding: bytes = b"UniJIS-UTF16-H",
    password: str | None = None,
) -> bytes:
    """Return a file with a page for each content.

    Args:
        contents: Operators, or a whole stream object.
        page: More entries of each page's dictionary.
        more: Objects after the pages; the first has the number 5 + 2 · pages.
        encoding: Of the font.
        password: That the file opens with; empty: it opens without one, but is encrypted.
    """
    kids = b" ".join(b"%d 0 R" % (5 + 2 * index) for index in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        _FONT % encoding,
        _GLYPHS,
    ]
    for index, content in enumerate(contents):
        # What is given after an entry of the same name counts.
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            b"/Contents %d 0 R %s >>" % (6 + 2 * index, page)
        )
        objects.append(content if b"endstream" in content else stream(content))
    return _file([*objects, *more], password)


def _file(objects: list[bytes], password: str | None) -> bytes:
    trailer = b"/Root 1 0 R"
    if password is not None:
        owner = _owner_entry(password)
        key = _key(password, owner)
        objects = [_encrypt(key, number, body) for number, body in enumerate(objects, 1)]
        objects.append(
            b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P %d /O <%s> /U <%s> >>"
            % (_PERMISSIONS, owner.hex().encode("ascii"), _user_entry(key).hex().encode("ascii"))
        )
        trailer += b" /Encrypt %d 0 R /ID [<%s> <%s>]" % (
            len(objects),
            _ID.hex().encode(),
            _ID.hex().encode(),
        )
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, start)
    return bytes(out)


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PADDING)[:32]


def _rounds(digest: bytes) -> bytes:
    for _ in range(50):
        digest = hashlib.md5(digest, usedforsecurity=False).digest()
    return digest


def _ladder(key: bytes, data: bytes) -> bytes:
    for step in range(20):
        data = Arcfour(bytes(byte ^ step for byte in key)).encrypt(data)
    return data


def _owner_entry(password: str) -> bytes:
    key = _rounds(hashlib.md5(_padded("owner"), usedforsecurity=False).digest())
    return _ladder(key, _padded(password))


def _key(password: str, owner: bytes) -> bytes:
    permissions = _PERMISSIONS.to_bytes(4, "little", signed=True)
    return _rounds(hashlib.md5(_padded(password) + owner + permissions + _ID, usedforsecurity=False).digest())


def _user_entry(key: bytes) -> bytes:
    digest = hashlib.md5(_PADDING + _ID, usedforsecurity=False).digest()
    return _ladder(key, digest) + bytes(16)


def _encrypt(key: bytes, number: int, body: bytes) -> bytes:
    """Encrypt the stream or the strings of an object."""
    own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0", usedforsecurity=False).digest()[
        :_KEY_BYTES
    ]
    head, begin, rest = body.partition(b"\nstream\n")
    if begin:
        return head + begin + Arcfour(own).encrypt(rest.removesuffix(b"\nendstream")) + b"\nendstream"
    return re.sub(
        rb"\((\w+)\)", lambda found: b"<%s>" % Arcfour(own).encrypt(found[1]).hex().encode("ascii"), body
    )
