"""The text of paragraphs of a Word file: runs, breaks, readings, tracked changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nichiiki_ld.document import Printed
from nichiiki_ld.reading.lettering import Lettering
from nichiiki_ld.reading.office.package import attribute, local
from nichiiki_ld.reading.remarks import counted

_OFF = frozenset({"0", "false", "off"})
_SIGNS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-"}
_INSERTED = frozenset({"ins", "moveTo"})
_DELETED = frozenset({"del", "moveFrom"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_SILENT = frozenset(
    {"pPr", "delText", "delInstrText", "fldData", "footnoteRef", "endnoteRef", "annotationRef", "Fallback"}
)
_READING_FIELD = re.compile(
    r"\\o(?:\\a[clrd])?\s*\(\s*\\s\s*\\up\s*\d+\s*\((?P<reading>[^()]*)\)\s*[,;]\s*(?P<base>[^()]*)\)",
    re.IGNORECASE,
)
"""A reading as Word 97 wrote it, which later ones keep: `EQ \\o\\ad(\\s\\up 9(きたみ),北見)`."""


class Runs:
    """Reads paragraphs, and counts what it leaves out."""

    def __init__(self) -> None:
        """Begin without counts."""
        self._counts: Counter[str] = Counter()
        self._lettering = Lettering()
        self._fields: list[list[str] | None] = []
        self._takers: dict[str, Callable[[Any], None]] = {
            "t": self._piece,
            "r": self._run,
            "ruby": self._ruby,
            "br": self._line,
            "cr": self._line,
            **dict.fromkeys(_SIGNS, self._sign),
            **dict.fromkeys(_DELETED, self._deleted),
            **dict.fromkeys(_DRAWN, self._drawn),
            "sym": self._symbol,
            "fldChar": self._field,
            "instrText": self._instruction,
        }

    def read(self, paragraphs: Sequence[Any]) -> tuple[Printed, list[Any]]:
        """Return the text of paragraphs, a line each, and those of them that have any."""
        self._lettering = Lettering()
        # A field that is never ended hides no more than what it stands in.
        self._fields = []
        filled = []
        for number, paragraph in enumerate(paragraphs):
            if number:
                self._lettering.line()
            before = len(self._lettering)
            self._read(paragraph)
            if self._lettering.since(before).strip():
                filled.append(paragraph)
        return self._lettering.printed(), filled

    def notes(self) -> Iterator[str]:
        """Yield what a person should know of what was read."""
        for what, one, many, done in (
            ("deleted", "tracked deletion was", "tracked deletions were", "left out"),
            ("inserted", "tracked insertion was", "tracked insertions were", "taken"),
            ("drawn", "text box was", "text boxes were", "left out"),
            ("hidden", "piece of hidden text was", "pieces of hidden text were", "left out"),
            ("struck", "piece of text is", "pieces of text are", "struck out, and read like any other"),
            ("formula", "formula field was", "formula fields were", "left out"),
            ("symbol", "sign of a symbol font was", "signs of symbol fonts were", "left out"),
        ):
            if self._counts[what]:
                yield f"{counted(self._counts[what], one, many)} {done}."

    def _read(self, element: Any) -> None:
        for child in element:
            name = local(child.tag)
            if take := self._takers.get(name):
                take(child)
            elif name not in _SILENT:
                self._counts["inserted"] += name in _INSERTED
                self._read(child)

    def _piece(self, text: Any) -> None:
        if not self._instructs():
            self._lettering.write(text.text or "")

    def _sign(self, sign: Any) -> None:
        self._lettering.write(_SIGNS[local(sign.tag)])

    def _line(self, _break: Any) -> None:
        self._lettering.line()

    def _deleted(self, deletion: Any) -> None:
        self._counts["deleted"] += bool("".join(deletion.itertext()).strip())

    def _drawn(self, drawing: Any) -> None:
        self._counts["drawn"] += any(
            local(box.tag) == "txbxContent" and "".join(box.itertext()).strip() for box in drawing.iter()
        )

    def _symbol(self, _symbol: Any) -> None:
        self._counts["symbol"] += 1

    def _instruction(self, text: Any) -> None:
        if self._fields and self._fields[-1] is not None:
            self._fields[-1].append(text.text or "")

    def _run(self, run: Any) -> None:
        properties = next((child for child in run if local(child.tag) == "rPr"), ())
        marks = {local(each.tag) for each in properties if attribute(each, "val") not in _OFF}
        if "vanish" in marks:
            self._counts["hidden"] += any(local(each.tag) == "t" for each in run)
            return
        self._counts["struck"] += bool(marks & {"strike", "dstrike"})
        self._read(run)

    def _ruby(self, ruby: Any) -> None:
        reading = "".join(
            each.text or ""
            for part in ruby
            if local(part.tag) == "rt"
            for each in part.iter()
            if local(each.tag) == "t"
        )
        mark = len(self._lettering)
        for part in ruby:
            if local(part.tag) == "rubyBase":
                self._read(part)
        self._lettering.ruby(mark, reading)

    def _instructs(self) -> bool:
        """Return whether what comes is no text, but part of what a field is told to do."""
        return any(field is not None for field in self._fields)

    def _field(self, mark: Any) -> None:
        """Take the beginning of a field, the end of its instruction, or its end."""
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self._fields.append([])
        elif kind == "separate" and self._fields:
            self._fields[-1] = None
        elif kind == "end" and self._fields:
            instruction = self._fields.pop()
            if instruction and not self._instructs():
                self._write_field("".join(instruction))

    def _write_field(self, instruction: str) -> None:
        """Write a field that has no result because it is the text: a reading above a word."""
        if match := _READING_FIELD.search(instruction):
            mark = len(self._lettering)
            self._lettering.write(match["base"])
            self._lettering.ruby(mark, match["reading"])
        else:
            self._counts["formula"] += instruction.split()[:1] == ["EQ"]
