"""Of which kind a file is, by its first bytes, and by its name where these are any text."""

from __future__ import annotations

import json
import re

from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.limits import check_size

_SNIFFED_BYTES = 4096
_JSON_BYTES = 1 << 20
_PDF_WITHIN_BYTES = 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_SAVE_NEW = "open it, save it as {} (or export a PDF), and import that"
_OCR = "make a PDF with text of it by OCR: ocrmypdf -l jpn, and import that"
_UNPACK = "unpack it, and import the document in it"

_OLE_KINDS = (
    ("WordDocument", "an old Word file (.doc)", _SAVE_NEW.format(".docx")),
    ("Workbook", "an old Excel file (.xls)", _SAVE_NEW.format(".xlsx")),
    ("Book", "an old Excel file (.xls)", _SAVE_NEW.format(".xlsx")),
    ("PowerPoint Document", "an old PowerPoint file (.ppt)", "export a PDF, and import that"),
)
"""Names of streams in compound files, what has them, and what to do."""

_MAGIC = (
    (b"\x89PNG", "a picture (PNG)", _OCR),
    (b"\xff\xd8\xff", "a picture (JPEG)", _OCR),
    (b"GIF8", "a picture (GIF)", _OCR),
    (b"II*\0", "a picture (TIFF)", _OCR),
    (b"MM\0*", "a picture (TIFF)", _OCR),
    (b"{\\rtf", "an RTF file", _SAVE_NEW.format(".docx")),
    (b"\x1f\x8b", "compressed (gzip)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", _UNPACK),
    (b"Rar!", "an archive (RAR)", _UNPACK),
    (b"MSCF", "an archive (CAB)", _UNPACK),
    (b"%!PS", "a PostScript file", "convert it to PDF, and import that"),
)
# Any text may begin with BM; the four bytes are reserved, and zero.
_BITMAP = re.compile(rb"BM.{4}\0{4}", re.DOTALL)
_LATER_MAGIC = (
    (slice(8, 12), b"WEBP", "a picture (WebP)", _OCR),
    (slice(4, 12), b"ftypheic", "a picture (HEIC)", _OCR),
    (slice(2, 5), b"-lh", "an archive (LZH)", _UNPACK),
)

_ZIP_KINDS = (
    ("xl/workbook.bin", "a binary Excel file (.xlsb)", _SAVE_NEW.format(".xlsx")),
    ("ppt/presentation.xml", "a PowerPoint file", "export a PDF, and import that"),
    ("content.xml", "an OpenDocument file", _SAVE_NEW.format(".xlsx or .docx")),
)
_EXTENSIONS = {
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "htm": "html",
    "html": "html",
    "xhtml": "html",
    "xht": "html",
}

_PAGE_BEGINS = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
"""No comment is tried again with another end: a file without a tag could make that take forever."""

_TAGS = re.compile(
    rb"<(?:html|head|body|title|meta|table|tr|div|p|h[1-6]|ul|br|span|a|center|font)\b", re.IGNORECASE
)
_XML_BEGINS = re.compile(rb"\s*<(?:\?xml|[A-Za-z_][\w.-]*:?[\w.-]*[\s>/])")
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(content: bytes, name: str) -> str:
    """Return `pdf`, `html`, `xlsx`, `docx`, `csv`, `tsv` or `txt`.

    Args:
        name: The file's name. Its extension tells text with separators from other text.

    Raises:
        UnreadableDocument: The file is empty, too large, or of any other kind. The message
            says which, where it is known, and the hint what to make of it.
    """
    check_size(content, name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if content.startswith(_ZIPS):
        return _kind_of_archive(content, name)
    _refuse_known(content, name)
    head = content[:_SNIFFED_BYTES]
    if b"%PDF-" in head[:_PDF_WITHIN_BYTES] and (extension == "pdf" or head.lstrip().startswith(b"%PDF-")):
        return "pdf"
    # The same in UTF-16, where every other byte of a tag is zero.
    ascii_head = (
        head.removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
        .replace(b"\0", b"")
    )
    if _PAGE_BEGINS.match(ascii_head):
        return "html"
    kind = _EXTENSIONS.get(extension, "txt")
    if kind == "html" and _TAGS.search(ascii_head):
        return "html"
    _refuse_text(content, ascii_head, name, kind)
    if extension in {"pdf", "xlsx", "xlsm", "docx", "docm"}:
        raise _refusal(
            name, f"is no {extension.upper()} file, though it is named one", "fetch the document again"
        )
    return kind


def _kind_of_archive(content: bytes, name: str) -> str:
    from nichiiki_ld.reading.office.package import Package  # noqa: PLC0415 - half the time to start, for two kinds of files

    parts = Package(content, name).names
    for part, what, hint in _ZIP_KINDS:
        if part in parts:
            raise _refusal(name, f"is {what}", hint)
    for folder, kind in (("xl/", "xlsx"), ("word/", "docx")):
        if any(part.startswith(folder) for part in parts):
            return kind
    raise _refusal(name, "is an archive (ZIP), and no Office file", _UNPACK)


def _refuse_known(content: bytes, name: str) -> None:
    """Refuse kinds that have no reader."""
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise _refusal(name, "is encrypted", "open it with its password and save it without one")
        for stream, what, hint in _OLE_KINDS:
            if stream.encode("utf-16-le") in content:
                raise _refusal(name, f"is {what}", hint)
        raise _refusal(name, "is a compound file of an old program", "export a PDF, and import that")
    for magic, what, hint in _MAGIC:
        if content.startswith(magic):
            raise _refusal(name, f"is {what}", hint)
    if _BITMAP.match(content):
        raise _refusal(name, "is a picture (BMP)", _OCR)
    for place, magic, what, hint in _LATER_MAGIC:
        if content[place] == magic:
            raise _refusal(name, f"is {what}", hint)


def _refuse_text(content: bytes, head: bytes, name: str, kind: str) -> None:
    """Refuse text that is no document: markup of other kinds, JSON, bytes that are no text."""
    if _is_json(content):
        raise _refusal(name, "is JSON, and no document", "fetch the page or file that people read")
    if _XML_BEGINS.match(head) and (head.lstrip().startswith(b"<?xml") or kind == "html"):
        raise _refusal(name, "is XML, and no HTML page", "fetch the page or file that people read")
    if kind == "html":
        raise _refusal(
            name, "is no HTML page, though it is named one", "look at what the address gives in a browser"
        )
    if b"\0" not in content[:_SNIFFED_BYTES] and _BINARY.search(content[:_SNIFFED_BYTES]):
        raise _refusal(
            name,
            "is of no kind that can be read",
            "documents are PDF, HTML, XLSX, DOCX, CSV, TSV or plain text",
        )


def _is_json(content: bytes) -> bool:
    if len(content) > _JSON_BYTES or content.lstrip()[:1] not in {b"{", b"["}:
        return False
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _refusal(name: str, message: str, hint: str) -> UnreadableDocument:
    return UnreadableDocument(message, where=name, hint=hint)
