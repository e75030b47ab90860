from __future__ import annotations

import pytest

from nichiiki_ld.errors import TableError
from nichiiki_ld.links import parse_sssom

HEAD = """#curie_map:
#  a: http://a.example/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
#mapping_set_id: http://a.example/set
#mapping_set_title: A
#license: https://creativecommons.org/licenses/by/4.0/
"""
COLUMNS = "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\n"
ROW = "a:1\tskos:exactMatch\t\ta:2\tsemapv:ManualMappingCuration\n"


def test_prefixes_are_expanded_and_refusals_kept() -> None:
    refused = ROW.replace("\t\t", "\tNot\t").replace("a:2", "http://b.example/日本")
    linkset = parse_sssom(HEAD + COLUMNS + ROW + refused, id_="x", where="x.tsv")
    first, second = linkset.links
    assert (first.subject, first.predicate, first.object) == (
        "http://a.example/1",
        "http://www.w3.org/2004/02/skos/core#exactMatch",
        "http://a.example/2",
    )
    assert not first.refused
    assert second.refused
    assert second.object == "http://b.example/日本"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        pytest.param(COLUMNS + ROW, "x.tsv", "lack 'curie_map'", id="no metadata"),
        pytest.param("#curie_map: [\n" + COLUMNS, "x.tsv", "no readable SSSOM metadata", id="no YAML"),
        pytest.param(
            HEAD + COLUMNS.replace("object_id", "object") + ROW,
            "x.tsv:8",
            "lacks the column object_id",
            id="no column",
        ),
        pytest.param(
            HEAD + COLUMNS + "a:1\ta:2\n", "x.tsv:9", "has 2 columns instead of 5", id="a short line"
        ),
        pytest.param(HEAD + COLUMNS + ROW.replace("a:2", "b:2"), "x.tsv:9", "prefix of b:2", id="no prefix"),
    ],
)
def test_refuses(text: str, where: str, message: str) -> None:
    with pytest.raises(TableError, match=message) as caught:
        parse_sssom(text, id_="x", where="x.tsv")
    assert caught.value.where == where
