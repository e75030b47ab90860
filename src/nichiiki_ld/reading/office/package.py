"""The parts of an Office file: a ZIP archive with XML in it, neither of which is to be trusted.

Nothing is decompressed before the archive says how large it will be, and no more of it
than that. XML is read without document types, so there are no entities, no external
files and no network.

openpyxl and python-docx read such files too. They make an object of every cell, merged
places included, and pass over what a reader of printed lists needs: readings above the
text, formulas without a kept value, insertions, content controls.

Source: ECMA-376 Part 2 (Open Packaging Conventions).
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.limits import (
    MIBIBYTE,
    MOST_DEPTH,
    MOST_PART_BYTES,
    MOST_PARTS,
    MOST_RATIO,
    RATIO_FROM_BYTES,
    check_marks,
    check_size,
)
from nichiiki_ld.reading.office.budget import Budget

_CHUNK_BYTES = 1 << 16
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_XML = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_AGAIN = "open it in the program that wrote it, save it again, and import that"


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another one refers to.

    Attributes:
        kind: The last segment of the relationship's type: `worksheet`.
    """

    kind: str
    part: str


@contextmanager
def damage_named(where: str) -> Iterator[None]:
    """Say of whatever a damaged file causes that the file is damaged.

    Raises:
        UnreadableDocument: Reading failed.
    """
    try:
        yield
    except etree.LxmlError as error:
        raise UnreadableDocument(
            f"is damaged: a part of it is no XML ({error})", where=where, hint=_AGAIN
        ) from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        LookupError,
        ValueError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise UnreadableDocument(f"is damaged: {error}", where=where, hint=_AGAIN) from None


@lru_cache(maxsize=1024)
def local(tag: object) -> str:
    """Return a name without its namespace; empty for what is no element.

    Files come in two sets of namespaces, the transitional and the strict ones.
    """
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute whatever namespace it is in, or an empty text."""
    return next((str(value) for key, value in element.attrib.items() if local(key) == name), "")


class Package:
    """An Office file.

    Attributes:
        names: Its parts, in lower case, as the specification compares them.
    """

    def __init__(self, content: bytes, where: str) -> None:
        """Open a file, of which nothing is decompressed yet.

        Raises:
            UnreadableDocument: It is no archive, has too many parts, or is too large.
        """
        check_size(content, where)
        self._where = where
        self._budget = Budget(where)
        if content.count(_CENTRAL_ENTRY) > MOST_PARTS:
            raise UnreadableDocument(f"has more than {MOST_PARTS:,} parts", where=where, hint=_AGAIN)
        with damage_named(where):
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._parts = {
                info.filename.replace("\\", "/").lstrip("/").lower(): info
                for info in self._archive.infolist()
            }
        self.names = frozenset(self._parts)

    def tree(self, part: str) -> Any:
        """Return the root element of a part.

        Raises:
            UnreadableDocument: The part is missing, too large, no XML, or was read too often.
        """
        with damage_named(self._where):
            markup = b"".join(self._chunks(part))
            check_marks(markup, self._where)
            self._budget.elements(markup.count(b"<"))
            root = etree.fromstring(markup, etree.XMLParser(remove_comments=True, remove_pis=True, **_XML))
            if root.getroottree().docinfo.doctype:
                raise _document_type()
            return root

    def stream(self, part: str, handler: Handler) -> None:
        """Give the elements of a part to a handler, one after the other, without making a tree.

        Raises:
            UnreadableDocument: The part is missing, too large, no XML, or was read too often.
        """
        with damage_named(self._where):
            parser = etree.XMLParser(target=_Target(handler, self._budget), **_XML)
            for chunk in self._chunks(part):
                parser.feed(chunk)
            parser.close()

    def main(self) -> str:
        """Return the name of the part that the document begins with.

        Raises:
            UnreadableDocument: There is none.
        """
        for relation in self.relations("").values():
            if relation.kind == "officeDocument":
                return relation.part
        raise UnreadableDocument(
            "is damaged: it does not say where it begins", where=self._where, hint=_AGAIN
        )

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return what a part refers to within the file, by identifier; the empty name is the file."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if listing.lower() not in self.names:
            return {}
        found = {}
        for each in self.tree(listing):
            if attribute(each, "TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attribute(each, "Target")))
                kind = attribute(each, "Type").rpartition("/")[2]
                found[attribute(each, "Id")] = Relation(kind, target.lstrip("/"))
        return found

    def related(self, part: str, kind: str) -> str:
        """Return the one part of a kind that a part refers to, if it is there, or an empty name."""
        return next(iter(self.all_related(part, kind)), "")

    def all_related(self, part: str, *kinds: str) -> list[str]:
        """Return the parts of some kinds that a part refers to, as far as they are there, each once."""
        names = (each.part for each in self.relations(part).values() if each.kind in kinds)
        return list(dict.fromkeys(name for name in names if name.lower() in self.names))

    def title(self) -> str:
        """Return the title among the properties of the document, or an empty text."""
        properties = self.related("", "core-properties")
        if not properties:
            return ""
        return next(
            (
                " ".join((each.text or "").split())
                for each in self.tree(properties)
                if local(each.tag) == "title"
            ),
            "",
        )

    def _chunks(self, part: str) -> Iterator[bytes]:
        info = self._parts.get(part.lower())
        if info is None:
            raise UnreadableDocument(
                f"is damaged: its part {part} is missing", where=self._where, hint=_AGAIN
            )
        self._check(info)
        self._budget.part(info.file_size)
        # What the archive says of the size is what is read at most.
        with self._archive.open(info) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                yield chunk

    def _check(self, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableDocument(
                "is encrypted", where=self._where, hint="open it with its password and save it without one"
            )
        if info.compress_type not in _METHODS:
            raise UnreadableDocument(
                "is compressed in a way that Office files are not", where=self._where, hint=_AGAIN
            )
        large = info.file_size > MOST_PART_BYTES
        dense = info.file_size > RATIO_FROM_BYTES and info.file_size > MOST_RATIO * max(info.compress_size, 1)
        if large or dense:
            raise UnreadableDocument(
                f"would have {info.file_size / MIBIBYTE:,.0f} MiB in {info.filename} alone once decompressed",
                where=self._where,
                hint="if it is a real document, keep the sheet that has the list, and save it again",
            )


@dataclass(frozen=True, slots=True)
class Handler:
    """What is told of the elements of a part, by their local names.

    Attributes:
        text: Gets the text within an element, in pieces.
    """

    start: Callable[[str, Mapping[str, str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]


class _Target:
    """What the parser calls: it knows no document types and no bottomless depths."""

    def __init__(self, handler: Handler, budget: Budget) -> None:
        self._handler = handler
        self._budget = budget
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise ValueError(f"elements are nested more than {MOST_DEPTH} deep")
        self._budget.elements(1)
        self._handler.start(local(tag), attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._handler.end(local(tag))

    def data(self, text: str) -> None:
        self._handler.text(text)

    def doctype(self, _name: str, _public: str, _system: str) -> None:
        raise _document_type()

    def close(self) -> None:
        """Nothing is kept."""


def _document_type() -> ValueError:
    return ValueError("a part of it has a document type, which Office files do not")
