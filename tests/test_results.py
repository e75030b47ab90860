"""Results in every format, read back by strict readers that are not the engine that wrote them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from nichiiki_ld.errors import NotExpressible, QueryLimit
from nichiiki_ld.formats import RESULTS_CSV, RESULTS_JSON, RESULTS_TSV, RESULTS_XML, Format, Kind, of_kind
from nichiiki_ld.results import write_results

XSD = "http://www.w3.org/2001/XMLSchema#"
SRX = "{http://www.w3.org/2005/sparql-results#}"
Term = NamedNode | Literal | BlankNode

NASTY = [
    "",
    " ",
    ",",
    '"',
    "'",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\\",
    "<&>",
    "]]>",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "あ",
    "𠮷",
    "}},{{",
]
XML_FORBIDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.lists(st.sampled_from(NASTY), max_size=4).map("".join),
)
iris = st.sampled_from(
    [f"http://example.org/{tail}" for tail in ("", "a,b", "é", "a'b", "(x)", "%41", "?q=1&r=2", "日本")]
)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["ja", "en", "ja-hrkt"])),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(name)),
        texts,
        st.sampled_from([f"{XSD}date", "http://example.org/type"]),
    ),
    st.integers().map(Literal),
    st.booleans().map(Literal),
)
terms = st.one_of(iris.map(NamedNode), literals, st.sampled_from(["b0", "x1"]).map(BlankNode))


def solutions_of(values: list[Term]) -> tuple[QuerySolutions, list[tuple[Term | None, Term | None]]]:
    """Return solutions of ?value and ?never, and the same as terms."""
    store = Store()
    for number, value in enumerate(values):
        store.add(
            Quad(
                NamedNode(f"http://example.org/{number:03}"),
                NamedNode("http://example.org/p"),
                value,
                DefaultGraph(),
            )
        )
    query = "SELECT ?value ?never { ?s <http://example.org/p> ?value } ORDER BY ?s"
    expected = [(row["value"], None) for row in store.query(query)]
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return found, expected  # type: ignore[return-value]


def write(results: QuerySolutions | QueryBoolean, format_: Format) -> tuple[bytes, int]:
    return write_results(results, format_, most_bytes=10_000_000, most_rows=10_000)


# --- readers ------------------------------------------------------------------------------


def of_json(term: dict[str, str] | None) -> Term | None:
    if term is None:
        return None
    match term["type"]:
        case "uri":
            assert term.keys() == {"type", "value"}
            return NamedNode(term["value"])
        case "bnode":
            return BlankNode(term["value"])
        case "literal":
            assert term.keys() <= {"type", "value", "xml:lang", "datatype"}
            return literal(term["value"], term.get("xml:lang"), term.get("datatype"))
    raise AssertionError(term)


def literal(text: str, language: str | None, datatype: str | None) -> Literal:
    if language:
        return Literal(text, language=language)
    return Literal(text, datatype=NamedNode(datatype)) if datatype else Literal(text)


def read_json(body: bytes) -> list[tuple[Term | None, ...]]:
    document = json.loads(body.decode("utf-8"))
    assert document["head"]["vars"] == ["value", "never"]
    return [
        tuple(of_json(row.get(name)) for name in ("value", "never"))
        for row in document["results"]["bindings"]
    ]


def of_xml(element: ElementTree.Element) -> Term:
    text = element.text or ""
    if element.tag == f"{SRX}uri":
        return NamedNode(text)
    if element.tag == f"{SRX}bnode":
        return BlankNode(text)
    assert element.tag == f"{SRX}literal"
    return literal(text, element.get("{http://www.w3.org/XML/1998/namespace}lang"), element.get("datatype"))


def read_xml(body: bytes) -> list[tuple[Term | None, ...]]:
    root = ElementTree.fromstring(body)  # expat is the strict reader, and the document is ours
    assert [each.get("name") for each in root.iterfind(f"{SRX}head/{SRX}variable")] == ["value", "never"]
    rows = []
    for result in root.iterfind(f"{SRX}results/{SRX}result"):
        bound = {binding.get("name"): of_xml(binding[0]) for binding in result}
        rows.append((bound.get("value"), bound.get("never")))
    return rows


def read_tsv(body: bytes) -> list[tuple[Term | None, ...]]:
    text = body.decode("utf-8")
    assert text.endswith("\n")
    head, *rows = text[:-1].split("\n")
    assert head == "?value\t?never"
    return [tuple(of_turtle(cell) for cell in row.split("\t")) for row in rows]


def of_turtle(cell: str) -> Term | None:
    if not cell:
        return None
    (quad,) = parse(f"<http://e/s> <http://e/p> {cell} .", format=RdfFormat.TURTLE)
    if isinstance(quad.object, BlankNode):
        return BlankNode(cell.removeprefix("_:"))
    return quad.object  # type: ignore[return-value]


def read_csv(body: bytes) -> list[tuple[str, ...]]:
    """Read by RFC 4180, section 2: CR LF after each record, quotes around whatever has a quote, comma or line break."""
    text = body.decode("utf-8")
    field = r'(?:"(?:[^"]|"")*"|[^",\r\n]*)'
    assert re.fullmatch(rf"(?:{field},{field}\r\n)+", text)
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert head == ["value", "never"]
    return [tuple(row) for row in rows]


READERS: dict[Format, Callable[[bytes], list[tuple[Term | None, ...]]]] = {
    RESULTS_JSON: read_json,
    RESULTS_XML: read_xml,
    RESULTS_TSV: read_tsv,
}


def plain(term: Term | None) -> str:
    return "" if term is None else str(term) if isinstance(term, BlankNode) else term.value


# --- tests --------------------------------------------------------------------------------


def test_every_format_has_a_reader_here() -> None:
    assert {*READERS, RESULTS_CSV} == set(of_kind(Kind.RESULTS))


@settings(max_examples=300, deadline=None)
@given(st.lists(terms, max_size=5))
def test_what_is_written_is_what_was_found(values: list[Term]) -> None:
    for format_, read in READERS.items():
        solutions, expected = solutions_of(values)
        if format_ is RESULTS_XML and any(XML_FORBIDS.search(plain(row[0])) for row in expected):
            with pytest.raises(NotExpressible, match="XML cannot carry"):
                write(solutions, format_)
            continue
        body, rows = write(solutions, format_)
        assert rows == len(expected)
        assert read(body) == expected
    solutions, expected = solutions_of(values)
    body, rows = write(solutions, RESULTS_CSV)
    assert rows == len(expected)
    assert read_csv(body) == [(plain(value), plain(never)) for value, never in expected]


@pytest.mark.parametrize("format_", of_kind(Kind.RESULTS), ids=lambda each: each.name)
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_rows_are_counted(format_: Format, count: int) -> None:
    query = f"SELECT * {{ VALUES ?x {{ {'1 ' * count} }} }}"
    assert write(Store().query(query), format_)[1] == count  # type: ignore[arg-type]


@pytest.mark.parametrize("format_", of_kind(Kind.RESULTS), ids=lambda each: each.name)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_without_variables_are_counted(format_: Format, count: int) -> None:
    query = f"SELECT * {{ VALUES () {{ {'() ' * count} }} }}"
    assert write(Store().query(query), format_)[1] == count  # type: ignore[arg-type]


@pytest.mark.parametrize("format_", of_kind(Kind.RESULTS), ids=lambda each: each.name)
def test_a_limit_is_met_or_passed(format_: Format) -> None:
    query = "SELECT * { VALUES ?x { 1 2 3 4 } }"
    whole, _ = write(Store().query(query), format_)  # type: ignore[arg-type]

    def limited(most_bytes: int, most_rows: int) -> bytes:
        results = Store().query(query)
        return write_results(results, format_, most_bytes=most_bytes, most_rows=most_rows)[0]  # type: ignore[arg-type]

    assert limited(len(whole), 4) == whole
    with pytest.raises(QueryLimit) as bytes_limit:
        limited(len(whole) - 1, 4)
    assert bytes_limit.value.limit == "result bytes"
    with pytest.raises(QueryLimit) as rows_limit:
        limited(len(whole), 3)
    assert rows_limit.value.limit == "result rows"


def test_what_is_mended_counts_as_it_is_sent() -> None:
    # In the middle: at the end of a text the engine writes it rightly.
    query = r"SELECT * { VALUES ?x { 'a\rb' } }"
    whole, _ = write(Store().query(query), RESULTS_XML)  # type: ignore[arg-type]
    assert whole.count(b"&#13;") == 1

    def limited(most_bytes: int) -> bytes:
        return write_results(Store().query(query), RESULTS_XML, most_bytes=most_bytes, most_rows=1)[0]  # type: ignore[arg-type]

    assert limited(len(whole)) == whole
    with pytest.raises(QueryLimit) as caught:
        limited(len(whole) - 1)
    assert caught.value.limit == "result bytes"
