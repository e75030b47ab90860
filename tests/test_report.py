"""Reports say what validation found, all of it, always in the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from nichiiki_ld.namespaces import RDF_TYPE, SH
from nichiiki_ld.report import report_json, report_text, report_turtle, violations
from nichiiki_ld.shapes import Result

BASE = "https://w3id.org/nichiiki/"
REPORT = f"{BASE}validation-report"

AREA = Result(
    focus=f"{BASE}project/2024-2-01",
    path=f"{BASE}ontology#area",
    value=f"<{BASE}municipality/019999>",
    shape=f"{BASE}shapes#Project-area",
    constraint="",
    component=f"{SH}ClassConstraintComponent",
    severity=f"{SH}Violation",
    messages=(("en", "Each area is in the register."), ("ja", "実施地域は登録簿にある。")),
)
OTHER_AREA = Result(
    focus=f"{BASE}project/2024-2-02",
    path=AREA.path,
    value='"北見市\\n"@ja',
    shape=AREA.shape,
    constraint="",
    component=AREA.component,
    severity=AREA.severity,
    messages=AREA.messages,
)
THEME = Result(
    focus="_:b0",
    path="",
    value="_:b0",
    shape=f"{BASE}shapes#Project",
    constraint=f"{BASE}shapes#Project-theme",
    component=f"{SH}SPARQLConstraintComponent",
    severity=f"{SH}Warning",
    messages=(("", 'A "quoted" word.'),),
)
RESULTS = sorted([AREA, OTHER_AREA, THEME])


def triples(content: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(content, format=RdfFormat.TURTLE)}


def objects(content: bytes, subject: str, name: str) -> list[NamedNode | BlankNode | Literal | Triple]:
    wanted = (NamedNode(subject), NamedNode(SH + name))
    return [triple.object for triple in triples(content) if (triple.subject, triple.predicate) == wanted]


# --- text ----------------------------------------------------------------------------


def test_text_has_every_result_grouped_by_check_violations_first() -> None:
    assert report_text(RESULTS, base=BASE) == (
        "violation: Project-area (2)\n"
        "  Each area is in the register.\n"
        "  - project/2024-2-01  nichiiki:area  municipality/019999\n"
        '  - project/2024-2-02  nichiiki:area  "北見市\\n"@ja\n'
        "\n"
        "warning: Project-theme (1)\n"
        '  A "quoted" word.\n'
        "  - _:b0\n"
        "\n"
        "2 violations, 1 warning: does not conform\n"
    )


def test_text_can_be_japanese() -> None:
    text = report_text([AREA], base=BASE, language="ja")
    assert text.startswith("違反: Project-area (1)\n  実施地域は登録簿にある。\n")
    assert text.endswith("違反 1 件、警告・情報 0 件。適合しません。\n")


def test_a_message_of_its_own_stands_beside_its_result() -> None:
    other = replace(AREA, focus="urn:x:1", messages=(("en", "Another text."),))
    lines = report_text([AREA, other], base=BASE).splitlines()
    assert lines[1:5] == [
        "  - project/2024-2-01  nichiiki:area  municipality/019999",
        "      Each area is in the register.",
        "  - urn:x:1  nichiiki:area  municipality/019999",
        "      Another text.",
    ]


def test_a_datatype_is_shortened() -> None:
    value = '"9"^^<http://www.w3.org/2001/XMLSchema#integer>'
    result = replace(AREA, value=value)
    assert '"9"^^xsd:integer\n' in report_text([result], base=BASE)


def test_warnings_may_be_published() -> None:
    assert report_text([THEME], base=BASE).endswith("0 violations, 1 warning: may be published\n")


@pytest.mark.parametrize(("language", "text"), [("en", "Conforms: nothing"), ("ja", "適合")])
def test_nothing_found_is_said_too(language: str, text: str) -> None:
    assert report_text([], base=BASE, language=language).startswith(text)


# --- RDF ------------------------------------------------------------------------------


def test_the_report_is_a_shacl_validation_report() -> None:
    content = report_turtle(RESULTS, BASE)
    assert Triple(NamedNode(REPORT), NamedNode(RDF_TYPE), NamedNode(f"{SH}ValidationReport")) in triples(
        content
    )
    names = [each.value for each in objects(content, REPORT, "result") if isinstance(each, NamedNode)]
    assert len(names) == 3
    for name in names:
        assert name.startswith(f"{REPORT}#result-")
        for required in (
            "focusNode",
            "resultSeverity",
            "sourceShape",
            "sourceConstraintComponent",
            "resultMessage",
        ):
            assert objects(content, name, required), required
    focus = {objects(content, name, "focusNode")[0] for name in names}
    assert NamedNode(AREA.focus) in focus
    values = [value for name in names for value in objects(content, name, "value")]
    assert Literal("北見市\n", language="ja") in values


def test_the_report_has_no_blank_node() -> None:
    for triple in triples(report_turtle(RESULTS, BASE)):
        assert not isinstance(triple.subject, BlankNode)
        assert not isinstance(triple.object, BlankNode)


@pytest.mark.parametrize(
    ("results", "conforms"),
    [
        pytest.param([], "true", id="no result"),
        pytest.param([AREA], "false", id="a violation"),
        pytest.param([THEME], "false", id="a warning: the specification counts every result"),
    ],
)
def test_conforms_as_the_specification_says(results: list[Result], conforms: str) -> None:
    found = objects(report_turtle(results, BASE), REPORT, "conforms")
    assert [each.value for each in found if isinstance(each, Literal)] == [conforms]


def test_the_same_results_make_the_same_bytes_in_any_order() -> None:
    assert report_turtle(RESULTS, BASE) == report_turtle(RESULTS[::-1], BASE)


def test_a_result_keeps_its_name_when_others_come() -> None:
    [name] = objects(report_turtle([AREA], BASE), REPORT, "result")
    assert name in objects(report_turtle(RESULTS, BASE), REPORT, "result")


# --- JSON, and what stops a release ------------------------------------------------------


def test_json_has_full_iris_and_counts() -> None:
    content = json.loads(report_json(RESULTS))
    assert (content["conforms"], content["violations"], content["warnings"]) == (False, 2, 1)
    [theme] = [each for each in content["results"] if each["constraint"]]
    assert theme["path"] is None
    [area] = [each for each in content["results"] if each["focus"] == AREA.focus]
    assert area["messages"] == {"en": "Each area is in the register.", "ja": "実施地域は登録簿にある。"}
    assert area["value"] == AREA.value


def test_only_violations_stop_a_release() -> None:
    assert violations(RESULTS) == [AREA, OTHER_AREA]
