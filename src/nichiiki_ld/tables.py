"""Tables for people: a SPARQL query makes the rows, the comments at its head name the columns.

The first variable of the SELECT is the key: all solutions with one key make one row,
and the different values of a column stand in one cell, separated by `; `.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import IO, Any

from pyoxigraph import QuerySolutions, Store

from nichiiki_ld.errors import QueryError

LANGUAGES = ("ja", "en")
VALUE_SEPARATOR = "; "
BYTE_ORDER_MARK = "\ufeff"
"""Makes Excel read a CSV file as UTF-8."""

_COLUMN = re.compile(r"# (?P<ja>\S.*?) \?(?P<ja_variable>\w+) \| (?P<en>\S.*?) \?(?P<en_variable>\w+)")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")

NUMBERS = frozenset({"amount", "latitude", "longitude", "round", "row_number", "start", "end"})
"""Variables whose values are amounts. All others are texts: a code may look like a number."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as `data/tables/<name>.rq` defines it.

    Attributes:
        columns: For each language, headings with their variables.
        query: The whole SPARQL text.
    """

    name: str
    columns: Mapping[str, Sequence[tuple[str, str]]]
    query: str

    @classmethod
    def parse(cls, name: str, text: str) -> Table:
        """Return the table that a query file defines.

        Raises:
            QueryError: No comment at its head names a column.
        """
        found = [match for line in text.splitlines() if (match := _COLUMN.fullmatch(line))]
        if not found:
            raise QueryError(
                "names no columns", where=name, hint="write '# 見出し ?variable | Heading ?variable'"
            )
        return cls(
            name,
            {lang: [(match[lang], match[f"{lang}_variable"]) for match in found] for lang in LANGUAGES},
            text,
        )

    def rows(self, store: Store) -> Iterator[dict[str, list[str]]]:
        """Yield the rows: variable → its different values, in the order in which the query finds them.

        Raises:
            QueryError: The query cannot be evaluated.
        """
        try:
            solutions = store.query(self.query)
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"is no usable SELECT query: {error}", where=self.name) from error
        assert isinstance(solutions, QuerySolutions)
        variables = [variable.value for variable in solutions.variables]
        for _, group in groupby(solutions, key=lambda solution: str(solution[0])):
            row: dict[str, list[str]] = {variable: [] for variable in variables}
            for solution in group:
                for variable, term in zip(variables, solution, strict=True):
                    if term is not None and (value := str(term.value)) not in row[variable]:
                        row[variable].append(value)
            yield row

    def cells(self, row: Mapping[str, Sequence[str]], language: str) -> list[str | float | None]:
        """Return a row as the cells of a sheet, where an amount is a number and a code is a text."""
        return [_number_or_text(variable, row[variable]) for _, variable in self.columns[language]]

    def write(self, rows: Iterable[Mapping[str, Sequence[str]]], outputs: Mapping[str, IO[str]]) -> None:
        """Write the table as CSV that opens rightly in Excel: with a byte order mark, and no cell that is a formula.

        Args:
            outputs: Language → text stream that leaves line ends alone. All are written at
                once, so that the rows need not be kept.
        """
        writers = []
        for language, output in outputs.items():
            output.write(BYTE_ORDER_MARK)
            writer = csv.writer(output, lineterminator="\r\n")
            writer.writerow(heading for heading, _ in self.columns[language])
            writers.append((writer, [variable for _, variable in self.columns[language]]))
        for row in rows:
            for writer, variables in writers:
                writer.writerow(_cell(row[variable]) for variable in variables)


def _number_or_text(variable: str, values: Sequence[str]) -> str | float | None:
    if variable in NUMBERS and len(values) == 1 and _NUMBER.fullmatch(values[0]):
        return float(values[0]) if "." in values[0] else int(values[0])
    return VALUE_SEPARATOR.join(values) or None


def _cell(values: Sequence[str]) -> str:
    """Return a cell's text. One that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = VALUE_SEPARATOR.join(values)
    return f"'{text}" if _FORMULA.match(text) and not re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def geojson(rows: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, Any]:
    """Return areas as GeoJSON points (RFC 7946, section 3.3), those without coordinates with no geometry.

    Args:
        rows: Of the table `areas`.
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row["area"][0],
                "geometry": {
                    "type": "Point",
                    "coordinates": [float(row["longitude"][0]), float(row["latitude"][0])],
                }
                if row["latitude"]
                else None,
                "properties": {
                    "code": row["code"][0],
                    "name": row["name"][0],
                    "name_en": row["name_en"][0],
                    "reading": row["reading"][0],
                    "prefecture": row["prefecture"][0],
                    "prefecture_en": row["prefecture_en"][0],
                    "projects": list(row["number"]),
                },
            }
            for row in rows
        ],
    }
