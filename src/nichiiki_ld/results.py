"""Solutions to bytes, in every result format of the table; whole within a limit, or not at all.

The engine writes JSON, TSV and XML. Its CSV leaves an IRI with a comma unquoted, and its
XML loses carriage returns and has characters that XML forbids: CSV is written here, the
former are mended, and the latter refused.

Source: SPARQL 1.1 Query Results JSON Format; CSV and TSV Formats; XML Format; XML 1.0, section 2.2.
"""

from __future__ import annotations

import csv
import io
import re
from typing import IO, Any, cast

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions

from nichiiki_ld.errors import NotExpressible, QueryLimit
from nichiiki_ld.formats import RESULTS_CSV, RESULTS_JSON, RESULTS_TSV, RESULTS_XML, Format

_ENGINE_FORMATS = {
    RESULTS_JSON: QueryResultsFormat.JSON,
    RESULTS_XML: QueryResultsFormat.XML,
    RESULTS_TSV: QueryResultsFormat.TSV,
    RESULTS_CSV: QueryResultsFormat.CSV,
}
_JSON_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_FORBIDDEN_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_ROW_OF_XML = b"<result>"
_RETURN_IN_XML = b"&#13;"


class Room(io.RawIOBase):
    """Takes bytes until there are more than a limit."""

    def __init__(self, most_bytes: int) -> None:
        self._parts: list[bytes] = []
        self._left = self._most = most_bytes

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Take bytes.

        Raises:
            QueryLimit: There is no more room.
        """
        self.claim(len(data))
        self._parts.append(bytes(data))
        return len(data)

    def claim(self, count: int) -> None:
        """Count bytes that come besides.

        Raises:
            QueryLimit: There is no more room.
        """
        self._left -= count
        if self._left < 0:
            raise QueryLimit(
                "result bytes",
                f"the answer is longer than {self._most} bytes",
                hint="select fewer columns or rows, page with ORDER BY, LIMIT and OFFSET, or take a dump",
            )

    def content(self) -> bytes:
        """Return all bytes."""
        return b"".join(self._parts)


def write_results(
    results: QuerySolutions | QueryBoolean, format_: Format, *, most_bytes: int, most_rows: int
) -> tuple[bytes, int]:
    """Return the answer to a SELECT or ASK query, and how many solutions it has.

    Raises:
        QueryLimit: It is longer, or has more solutions, than may be.
        NotExpressible: It has a character that the format cannot carry.
    """
    room = Room(most_bytes)
    if format_ is RESULTS_CSV and isinstance(results, QuerySolutions):
        rows = _write_csv(results, room, most_rows)
        return room.content(), rows
    results.serialize(cast("IO[bytes]", room), format=_ENGINE_FORMATS[format_])
    body = room.content()
    if format_ is RESULTS_XML:
        # As it stands, a reader takes a carriage return for a line feed (XML 1.0, section 2.11).
        room.claim((len(_RETURN_IN_XML) - 1) * body.count(b"\r"))
        body = check_xml(body).replace(b"\r", _RETURN_IN_XML)
    rows = 1 if isinstance(results, QueryBoolean) else _count(body, format_)
    check_rows(rows, most_rows)
    return body, rows


def check_rows(rows: int, most_rows: int) -> None:
    """Refuse an answer with too many rows.

    Raises:
        QueryLimit: There are too many.
    """
    if rows > most_rows:
        raise QueryLimit(
            "result rows",
            f"the answer has more than {most_rows} rows",
            hint="aggregate, page with ORDER BY, LIMIT and OFFSET, or take a dump",
        )


def check_xml(body: bytes) -> bytes:
    """Return XML once it has no character that XML forbids.

    Raises:
        NotExpressible: It has one.
    """
    if found := _FORBIDDEN_IN_XML.search(body):
        raise NotExpressible(
            f"the answer has the character U+{ord(found[0].decode()):04X}, which XML cannot carry",
            hint="ask for another format: JSON carries every character",
            reference="https://www.w3.org/TR/xml/#charsets",
        )
    return body


def _count(body: bytes, format_: Format) -> int:
    """Return how many solutions a document of the engine has."""
    if format_ is RESULTS_TSV:
        return body.count(b"\n") - 1
    if format_ is RESULTS_XML:
        # In text, the engine writes < as &lt;.
        return body.count(_ROW_OF_XML)
    structure = _JSON_STRING.sub(b"", body)
    # Between members of an object there is a name: only bindings stand side by side.
    return 0 if structure.endswith(b"[]}}") else structure.count(b"},{") + 1


def _write_csv(solutions: QuerySolutions, room: Room, most_rows: int) -> int:
    text = io.TextIOWrapper(io.BufferedWriter(room), encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    variables = solutions.variables
    writer.writerow([variable.value for variable in variables])
    rows = 0
    for solution in solutions:
        rows += 1
        check_rows(rows, most_rows)
        writer.writerow([_plain(solution[variable]) for variable in variables])
    text.flush()
    text.detach().detach()
    return rows


def _plain(term: object) -> str:
    if isinstance(term, (NamedNode, Literal)):
        return term.value
    if isinstance(term, BlankNode):
        return str(term)
    return "" if term is None else str(term)
