"""Which representation a client gets: one row for each rule of RFC 9110, section 12."""

from __future__ import annotations

import pytest

from nichiiki_ld.formats import (
    FORMATS,
    HTML,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    TURTLE,
    Format,
    Kind,
    of_kind,
)
from nichiiki_ld.negotiation import accepts_gzip, negotiate, parse_accept

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
OFFERED = (HTML, TURTLE, JSON_LD, N_TRIPLES, RDF_XML)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(None, HTML, id="no field: the first offered"),
        pytest.param("", HTML, id="an empty field names nothing: the first offered"),
        pytest.param("*/*", HTML, id="anything: the first offered"),
        pytest.param(BROWSER, HTML, id="a browser gets the page"),
        pytest.param(RDFLIB, RDF_XML, id="a library gets what it names"),
        pytest.param("text/turtle", TURTLE, id="one type"),
        pytest.param("TEXT/Turtle", TURTLE, id="types have no case"),
        pytest.param("text/turtle, */*;q=0.1", TURTLE, id="seen elsewhere: only exact fields work"),
        pytest.param("text/turtle;q=1.0, text/html;q=0.9", TURTLE, id="seen elsewhere: q=1.0 loses"),
        pytest.param("text/html;q=0.9, text/turtle;q=0.899", HTML, id="three decimals count"),
        pytest.param("text/turtle , */*", TURTLE, id="between equals, the named one"),
        pytest.param("text/*", HTML, id="a type's wildcard: the first offered of the type"),
        pytest.param("application/*", JSON_LD, id="a type's wildcard: HTML's other name is no match"),
        pytest.param("text/*;q=0.5, application/rdf+xml;q=0.4", HTML, id="quality before specificity"),
        pytest.param("text/html;q=0.1, text/*;q=0.9", TURTLE, id="the closest range speaks for a type"),
        pytest.param("text/html;q=0, */*", TURTLE, id="q=0 refuses"),
        pytest.param("text/html;q=0, text/*;q=0, */*", JSON_LD, id="q=0 refuses a whole type"),
        pytest.param("*/*;q=0", None, id="q=0 refuses everything"),
        pytest.param("image/png", None, id="nothing fits"),
        pytest.param("text/turtle;q=0", None, id="what is not named is not accepted"),
        pytest.param("application/xhtml+xml", HTML, id="another name of a format"),
        pytest.param("application/json", JSON_LD, id="another name: JSON is JSON-LD here"),
        pytest.param("text/plain", N_TRIPLES, id="another name: plain text is N-Triples"),
        pytest.param("application/x-turtle;q=0.5, text/turtle;q=0.2", TURTLE, id="both names of a format"),
        pytest.param("text/turtle;charset=utf-8", TURTLE, id="a charset that we have"),
        pytest.param('text/turtle; charset="UTF-8" ; q=0.7', TURTLE, id="quoted, spaced"),
        pytest.param(
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSON_LD, id="a profile"
        ),
        pytest.param(
            'application/ld+json;profile="a,b;q=0", text/turtle;q=0.1', JSON_LD, id="a comma within quotes"
        ),
        pytest.param(
            "text/html;level=1;q=0.1, text/html;q=0.9, text/turtle;q=0.5", HTML, id="without parameters"
        ),
        pytest.param("text/turtle;q=0.5;ext=1", TURTLE, id="parameters after q"),
        pytest.param(
            "text/turtle;q=5, text/html;q=0.1", HTML, id="no quality value: the element is left out"
        ),
        pytest.param("text/turtle;q=0.1234, text/html;q=0.1", HTML, id="four decimals are no quality value"),
        pytest.param("nonsense, text/turtle", TURTLE, id="no media range: the element is left out"),
        pytest.param("*/turtle, application/rdf+xml", RDF_XML, id="*/x is no media range"),
        pytest.param(",,text/turtle,,", TURTLE, id="empty elements"),
        pytest.param("nonsense", HTML, id="nothing that can be read: as if there were no field"),
    ],
)
def test_prefers(accept: str | None, expected: Format | None) -> None:
    assert negotiate(accept, OFFERED) is expected


def test_nothing_offered() -> None:
    assert negotiate("*/*", ()) is None
    assert negotiate(None, ()) is None


def test_the_order_of_the_offer_decides_between_equals() -> None:
    assert negotiate("application/json, application/xml", (RESULTS_XML, RESULTS_JSON)) is RESULTS_XML
    assert negotiate("application/json, application/xml", (RESULTS_JSON, RESULTS_XML)) is RESULTS_JSON


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_every_format_is_found_by_all_its_names(each: Format) -> None:
    offered = of_kind(each.kind)
    for name in (each.media_type, *each.aliases):
        assert negotiate(name, offered) is each, name


def test_a_client_without_a_preference_gets_the_first_of_a_kind() -> None:
    for kind in Kind:
        assert negotiate(None, of_kind(kind)) is of_kind(kind)[0]


def test_a_field_that_is_made_to_be_slow() -> None:
    assert parse_accept("text/turtle;" * 5_000 + '"' * 5_000) == []


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param(None, False, id="no field: plain bytes"),
        pytest.param("", False, id="an empty field: identity only"),
        pytest.param("gzip", True, id="named"),
        pytest.param("gzip, deflate, br, zstd", True, id="a browser"),
        pytest.param("GZIP;q=0.5", True, id="no case"),
        pytest.param("x-gzip", True, id="the old name"),
        pytest.param("*", True, id="any"),
        pytest.param("gzip;q=0", False, id="q=0 refuses"),
        pytest.param("gzip;q=0, *", False, id="named before the wildcard"),
        pytest.param("identity;q=1, gzip;q=0.5", False, id="plain bytes are liked better"),
        pytest.param("br", False, id="a coding that we have not"),
        pytest.param("gzip;q=nonsense", False, id="no quality value"),
    ],
)
def test_accepts_gzip(field: str | None, expected: bool) -> None:
    assert accepts_gzip(field) is expected
