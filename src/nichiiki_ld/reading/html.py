"""Pages: what a browser shows without scripts and style sheets.

Source: HTML Standard, 4.9.12 (the table model), 4.5.10 (ruby), 15.3.1 (hidden elements).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as markup

from nichiiki_ld.document import Document, Grid, Paragraph
from nichiiki_ld.errors import UnreadableDocument
from nichiiki_ld.reading.encoding import decode
from nichiiki_ld.reading.html_ruby import RubyReader
from nichiiki_ld.reading.html_table import TableReader
from nichiiki_ld.reading.lattice import is_frame
from nichiiki_ld.reading.lettering import Lettering
from nichiiki_ld.reading.limits import MOST_DEPTH, Allowance, check_marks, check_size
from nichiiki_ld.reading.remarks import counted

_HEAD_BYTES = 4096
_DECLARATIONS = (
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE),
    re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE),
)
_DECLARED_XML = re.compile(r"\A\s*<\?xml[^>]*\?>")

_NOT_SHOWN = frozenset(
    {
        "area",
        "audio",
        "base",
        "canvas",
        "col",
        "colgroup",
        "datalist",
        "embed",
        "head",
        "iframe",
        "img",
        "input",
        "link",
        "map",
        "meta",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "option",
        "param",
        "progress",
        "rp",
        "script",
        "select",
        "source",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "track",
        "video",
    }
)
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
_CELLS = re.compile(rb"<t[dh]\b", re.IGNORECASE)
_STRUCK = frozenset({"del", "s", "strike"})
_HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE
)
_LAYOUT_ROLES = frozenset({"presentation", "none"})
_TOO_DEEP = "Excessive depth"


def read_html(content: bytes, where: str) -> Document:
    """Return the text of a page, block by block, and its tables.

    Spanning cells stand in all places that they cover. A line feed within a cell or paragraph
    is one that the page makes: `br`, or a block such as `p` or `li`. Readings in `ruby`
    stand above their text. Hidden elements are left out, and noted where they have text; what
    only scripts and style sheets would show or hide is not known. A table that contains tables
    is a layout, of which the inner tables and the text are read; so is one with one cell.

    Raises:
        UnreadableDocument: The page cannot be decoded, is garbled, or too large or too deep.
    """
    check_size(content, where)
    decoded = decode(content, where, _declared(content))
    text = _DECLARED_XML.sub("", decoded.text, count=1).encode()
    check_marks(text, where)
    allowance = Allowance(where)
    allowance.has_cells(len(_CELLS.findall(text)))
    parser = markup.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        root = markup.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableDocument(
            f"is no HTML page: {error}", where=where, hint="open it in a browser, and save what it shows"
        ) from None
    if any(_TOO_DEEP in entry.message for entry in parser.error_log):
        raise UnreadableDocument(
            f"has elements more than {MOST_DEPTH} deep within each other",
            where=where,
            hint="copy the table out of a browser into a spreadsheet, and import that",
        )
    page = _Page(allowance)
    page.read(root)
    title = " ".join((root.findtext(".//title") or "").split())
    notes = (*decoded.notes, *page.notes())
    return Document(tuple(page.blocks), encoding=decoded.encoding, title=title, notes=notes)


class _Page:
    """Walks through the elements of a page once, without recursion."""

    def __init__(self, allowance: Allowance) -> None:
        self.blocks: list[Paragraph | Grid] = []
        self._struck = self._hidden_rows = self._hidden = 0
        self._allowance = allowance
        self._texts = [Lettering()]
        self._rubies: list[RubyReader] = []
        self._table: TableReader | None = None
        self._table_element: Any = None
        self._preserved = 0

    def read(self, root: Any) -> None:
        """Read all that is shown below an element."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: set[Any] = set()
        for event, element in walk:
            if event == "start":
                if _hidden(element):
                    self._leave_out(element)
                    skipped.add(element)
                    walk.skip_subtree()
                else:
                    self._begin(element)
                    self._write(element.text)
            else:
                if element in skipped:
                    skipped.discard(element)
                else:
                    self._end(element)
                self._write(element.tail)
        self._flush()

    def notes(self) -> Iterator[str]:
        """Yield what a person should know."""
        for count, one, many, done in (
            (self._hidden_rows, "hidden row of a table was", "hidden rows of tables were", "left out"),
            (self._hidden, "hidden piece of text was", "hidden pieces of text were", "left out"),
            (self._struck, "piece of text is", "pieces of text are", "struck out, and read like any other"),
        ):
            if count:
                yield f"{counted(count, one, many)} {done}."

    def _leave_out(self, element: Any) -> None:
        """Count what is hidden and would show a text."""
        if element.tag in _NOT_SHOWN or not _has_text(element):
            return
        if element.tag == "tr":
            self._hidden_rows += 1
        else:
            self._hidden += 1

    def _begin(self, element: Any) -> None:
        name = element.tag
        if name == "br":
            self._texts[-1].line()
        elif name == "ruby":
            self._rubies.append(RubyReader(self._texts[-1]))
        elif self._rubies and name in {"rb", "rt"}:
            self._rubies[-1].begin(name)
        elif name in _BLOCKS:
            # A block within a reading is a mistake: what follows is plain text.
            self._rubies.clear()
            self._block()
            self._begin_block(element, name)
        self._struck += name in _STRUCK and bool((element.text_content() or "").strip())

    def _begin_block(self, element: Any, name: str) -> None:
        if name == "pre":
            self._preserved += 1
        elif name == "table" and self._table is None and not _is_layout(element):
            self._table, self._table_element = TableReader(self._allowance), element
        elif self._table is None:
            return
        elif name in {"thead", "tbody", "tfoot"}:
            self._table.begin_group(name)
        elif name == "tr":
            self._table.begin_row()
        elif name in {"td", "th"}:
            self._texts.append(Lettering())

    def _end(self, element: Any) -> None:
        name = element.tag
        if name == "ruby" and self._rubies:
            self._rubies.pop()
        elif self._rubies and name in {"rb", "rt"}:
            self._rubies[-1].end(name)
        elif name in _BLOCKS:
            self._end_block(element, name)
            self._block()

    def _end_block(self, element: Any, name: str) -> None:
        if name == "pre":
            self._preserved -= 1
        elif self._table is None:
            return
        elif element is self._table_element:
            self._end_table()
        elif name in {"thead", "tbody", "tfoot"}:
            self._table.end_group()
        elif name in {"td", "th"}:
            printed = self._texts.pop().printed()
            self._table.cell(printed, element.get("rowspan", "1"), element.get("colspan", "1"))

    def _end_table(self) -> None:
        assert self._table is not None
        grid = self._table.grid()
        self._table = self._table_element = None
        self._flush()
        if grid and is_frame(grid):
            self.blocks.append(Paragraph(grid.rows[0].cells[0].printed))
        elif grid:
            self.blocks.append(grid)

    def _write(self, text: str | None) -> None:
        if not text:
            return
        if self._rubies:
            self._rubies[-1].write(text)
        elif self._preserved:
            self._texts[-1].write(text)
        else:
            self._texts[-1].flow(text)

    def _block(self) -> None:
        """End the paragraph, or the line of a cell."""
        if len(self._texts) > 1:
            self._texts[-1].block()
        else:
            self._flush()

    def _flush(self) -> None:
        if not len(self._texts[0]):
            return
        printed = self._texts[0].printed()
        self._texts[0] = Lettering()
        if printed.text.strip():
            self._allowance.paragraph(printed.text)
            self.blocks.append(Paragraph(printed))


def _declared(content: bytes) -> str:
    head = content[:_HEAD_BYTES]
    found = next((match for pattern in _DECLARATIONS if (match := pattern.search(head))), None)
    return found[1].decode("ascii") if found else ""


def _hidden(element: Any) -> bool:
    return (
        element.tag in _NOT_SHOWN
        or "hidden" in element.attrib
        or (element.tag == "dialog" and "open" not in element.attrib)
        or bool(_HIDING.search(element.get("style", "")))
    )


def _has_text(element: Any) -> bool:
    """Return whether an element has text in it, other than that of scripts and the like."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        if event == "start" and each.tag in _NOT_SHOWN:
            walk.skip_subtree()
            continue
        # What stands behind the element itself is not in it.
        text = each.text if event == "start" else each.tail if each is not element else None
        if (text or "").strip():
            return True
    return False


def _is_layout(table: Any) -> bool:
    inner = next(table.iterdescendants("table"), None)
    return inner is not None or table.get("role", "").strip().lower() in _LAYOUT_ROLES
