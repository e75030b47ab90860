"""Which characters the bytes of a text stand for.

Japanese lists come in UTF-8, in UTF-16 (Excel's "Unicode text"), and in three encodings of
JIS X 0208. Each is tried strictly, so a text that is read is read as a whole; where two
succeed, the one that gives common Japanese characters wins. Measured on texts of one
line, this is right where statistical detectors take EUC-JP for Korean.

No character is ever replaced: what cannot be decoded is refused, with the byte.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.likelihood import likelihood
from nichiiki_ld.reading.mojibake import refuse_mojibake
from nichiiki_ld.reading.remarks import counted

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, a longer one before the one that it begins with."""

_WIDE = ("utf-16-le", "utf-16-be")
_ESCAPED = ("iso2022_jp", "iso2022_jp_ext")
_JAPANESE = ("cp932", "euc_jp", "euc_jis_2004")
"""In the order in which they win a draw."""

_CERTAIN = frozenset({"utf-8", *_ESCAPED, *(encoding for _, encoding in _MARKS)})
"""What is hardly ever anything else when it can be decoded at all."""

_LABELS = {
    "utf-8": ("utf-8", "utf8", "unicode-1-1-utf-8"),
    "cp932": (
        "shift_jis",
        "shift-jis",
        "sjis",
        "x-sjis",
        "ms_kanji",
        "ms932",
        "csshiftjis",
        "windows-31j",
        "cp932",
    ),
    "euc_jp": ("euc-jp", "euc_jp", "x-euc-jp", "cseucpkdfmtjapanese"),
    "iso2022_jp": ("iso-2022-jp", "csiso2022jp"),
}
"""What pages declare, by what it means (WHATWG Encoding, section 4.2)."""

_ENCODINGS = {label: encoding for encoding, labels in _LABELS.items() for label in labels}

_LIKELY = 0.5
_ESCAPE = re.compile(rb"\x1b[$(]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and how it was decoded.

    Attributes:
        encoding: As Python names it: the bytes of the original decoded with it are `text`.
        notes: What a person should know of it, one sentence each.
    """

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(content: bytes, where: str, declared: str = "") -> Decoded:
    """Return the text of a file.

    Args:
        declared: The encoding that the file says it is in. It counts when it can be true.

    Raises:
        UnreadableDocument: No encoding fits, or characters were garbled before the file was written.
    """
    found = _decoded(content, where, declared)
    refuse_mojibake(found.text, where)
    return found


def _decoded(content: bytes, where: str, declared: str) -> Decoded:
    failures = []
    likely: list[tuple[float, str, str]] = []
    for encoding in _candidates(content, declared):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            failures.append(f"{encoding} fails at byte {error.start:,}")
            continue
        if encoding in _CERTAIN:
            return Decoded(text, encoding, tuple(_notes(text, encoding, declared)))
        likely.append((likelihood(text), encoding, text))
    best, encoding, text = max(likely, key=lambda each: each[0], default=(0.0, "", ""))
    if best < _LIKELY:
        failures += [f"{encoding} gives no Japanese" for _, encoding, _ in likely]
        raise UnreadableDocument(
            f"cannot be decoded: {', '.join(failures)}",
            where=where,
            hint="open it in an editor that shows it rightly, and save it as UTF-8",
        )
    return Decoded(text, encoding, tuple(_notes(text, encoding, declared)))


def _candidates(content: bytes, declared: str) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (encoding,)
    if b"\0" in content:
        return _WIDE
    if content.isascii() and _ESCAPE.search(content):
        return (*_ESCAPED, "utf-8")
    named = _ENCODINGS.get(declared.lower(), "utf-8")
    # A declaration wins a draw, because `max` takes the first of equals.
    return (
        "utf-8",
        *(each for each in _JAPANESE if each == named),
        *(each for each in _JAPANESE if each != named),
    )


def _notes(text: str, encoding: str, declared: str) -> list[str]:
    notes = []
    meant = _ENCODINGS.get(declared.lower(), declared)
    if declared and meant.replace("_", "-") not in encoding.replace("_", "-"):
        notes.append(f"The file says it is in {declared}, but it is in {encoding}.")
    if lost := text.count("\N{REPLACEMENT CHARACTER}"):
        characters = counted(lost, "character was", "characters were")
        notes.append(f"{characters} lost before the file was written: � stands there.")
    if private := len(_PRIVATE.findall(text)):
        characters = counted(private, "character is", "characters are")
        notes.append(f"{characters} private (外字): only a font of the author shows what is meant.")
    return notes
