"""Themes suggested by labels, each with the clause that is to be quoted."""

from __future__ import annotations

import pytest

from conftest import ROOT
from nichiiki_ld.graph import parse_turtle
from nichiiki_ld.model import Cell, ThemeChoice
from nichiiki_ld.records.rows import find_phrase
from nichiiki_ld.repository import Repository
from nichiiki_ld.settlement import Settlement, settle
from nichiiki_ld.suggestions import Suggester

BASE = "https://example.org/"

SCHEME = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<theme/all> skos:topConceptOf <theme> ; skos:prefLabel "二地域居住"@ja .
<theme/houses> skos:prefLabel "空き家対策"@ja , "Vacant houses"@en ; skos:altLabel "空家"@ja , "空き家"@ja .
<theme/people> skos:prefLabel "交流人口"@ja .
<theme/exchange> skos:prefLabel "交流"@ja .
<theme/cards> skos:prefLabel "証明制度"@ja .
<theme/definition> skos:prefLabel "居住者の定義"@ja ; skos:hiddenLabel "居住…明確化"@ja .
<theme/work> skos:prefLabel "ﾃﾚﾜｰｸ"@ja ; skos:altLabel "remote work"@en .
"""


def row(**cells: str) -> Settlement:
    start, found = 0, []
    for field, text in cells.items():
        found.append(Cell("1", field, text, start, start + len(text)))
        start += len(text) + 1
    return settle(found, (), where="test")


def suggested(**cells: str) -> list[tuple[str, str]]:
    suggester = Suggester(parse_turtle(SCHEME, where="test", base=BASE), f"{BASE}theme/")
    return [(each.theme, each.phrase) for each in suggester.suggest(row(**cells), "1")]


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        pytest.param("役場が空家を調べる。", [("houses", "役場が空家を調べる")], id="an alternative label"),
        pytest.param(
            "地域の、空き家の利用、を行う", [("houses", "空き家の利用")], id="the clause, not the sentence"
        ),
        pytest.param("「空き家」", [("houses", "空き家")], id="quotation marks end a clause"),
        pytest.param(
            "空き家と空家と空き家対策", [("houses", "空き家と空家と空き家対策")], id="once for each theme"
        ),
        pytest.param(
            "空家、空き家対策の窓口", [("houses", "空き家対策の窓口")], id="the longest label tells most"
        ),
        pytest.param(
            "交流人口を増やす",
            [("people", "交流人口を増やす")],
            id="a shorter label within a longer one is none",
        ),
        pytest.param(
            "交流人口、住民との交流",
            [("people", "交流人口"), ("exchange", "住民との交流")],
            id="in the order of printing",
        ),
        pytest.param(
            "居住者を証明制度で明確化",
            [("definition", "居住者を証明制度で明確化"), ("cards", "居住者を証明制度で明確化")],
            id="a gap hides nothing that stands in it",
        ),
        pytest.param("居住する。明確化", [], id="a gap does not reach into the next clause"),
        pytest.param("居住が十分に長い文によって離れた明確化", [], id="a gap is short"),
        pytest.param(
            "テレワークを進める", [("work", "テレワークを進める")], id="half-width kana are the same"
        ),
        pytest.param("remote work", [], id="labels in other languages are no print of these documents"),
        pytest.param("二地域居住を進める", [], id="the top is what all are about"),
    ],
)
def test_suggests(summary: str, expected: list[tuple[str, str]]) -> None:
    assert suggested(summary=summary) == expected


def test_looks_at_title_and_applicant_too() -> None:
    assert suggested(title="空家の会", applicant="交流協議会", summary="未定") == [
        ("houses", "空家の会"),
        ("exchange", "交流協議会"),
    ]
    assert suggested(applicant="空家の会", name="空き家村") == [("houses", "空家の会")]


def test_every_phrase_can_be_quoted_in_themes_csv() -> None:
    repository = Repository(ROOT)
    base = repository.publication().base
    path = ROOT / "ontology/themes.ttl"
    suggester = Suggester(parse_turtle(path.read_text("utf-8"), where=path.name, base=base), f"{base}theme/")
    (source_id, *_) = repository.source_ids()
    source = repository.source(source_id)
    settlement = settle(source.cells, source.decisions, where=source_id)
    found = [each for number in settlement.rows for each in suggester.suggest(settlement, number)]
    assert len(found) > 30
    for each in found:
        cell = find_phrase(settlement, ThemeChoice(each.row, each.theme, each.phrase))
        assert cell is not None
        assert source.text[cell.start : cell.end] == each.phrase
