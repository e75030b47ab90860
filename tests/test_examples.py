"""The example queries: their heads, their standing on the real release, and the same answers from two engines."""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from conftest import ROOT, SOURCE_ID
from nichiiki_ld.errors import QueryError
from nichiiki_ld.examples import LANGUAGES, Example

FOLDER = ROOT / "data/queries"
EXAMPLES = [
    Example.parse(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.rq"))
]
BY_NAME = {example.name: example for example in EXAMPLES}
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)

WITHOUT_SOLUTION = {
    "areas-in-several-calls": "the data hold one call so far",
}
"""Example → why it has no solution on this release."""

SECONDS_AT_MOST = 1.0


# --- the head ---------------------------------------------------------------------

GOOD = """\
# ja: 題名
# en: The title
# ja> 一つ目の文。
# ja> 二つ目の文。
# en> The first sentence.
# en> The second: with a colon.

# この注釈は問い合わせのもの ／ this comment is the query's
SELECT ?s
WHERE { ?s ?p "# en: no head" }
"""


def test_parse() -> None:
    example = Example.parse("things", GOOD)
    assert example.name == "things"
    assert example.title == {"ja": "題名", "en": "The title"}
    assert example.explanation == {
        "ja": "一つ目の文。二つ目の文。",
        "en": "The first sentence. The second: with a colon.",
    }
    assert example.query == GOOD[GOOD.index("# この注釈") :]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        pytest.param("", "x", "no title in 'ja'", id="nothing at all"),
        pytest.param(GOOD.replace("# en: The title\n", ""), "x", "no title in 'en'", id="a title is missing"),
        pytest.param(
            re.sub(r"# ja> .*\n", "", GOOD), "x", "no explanation in 'ja'", id="an explanation is missing"
        ),
        pytest.param(
            GOOD.replace("# ja> 一", "# en: Again\n# ja> 一"), "x:3", "second title", id="two titles"
        ),
        pytest.param(
            GOOD.replace("# ja>", "# Note\n# ja>", 1),
            "x:3",
            "neither a title",
            id="a comment of another kind",
        ),
        pytest.param(GOOD.replace("# en:", "# fr:", 1), "x:2", "neither a title", id="another language"),
        pytest.param(GOOD.replace("# en:", "#en:", 1), "x:2", "neither a title", id="no space"),
        pytest.param(GOOD.replace("The title\n", " \n"), "x:2", "neither a title", id="an empty title"),
        pytest.param(GOOD[: GOOD.index("# この注釈")], "x", "has no query", id="a head alone"),
        pytest.param(f"\n{GOOD}", "x", "no title in 'ja'", id="the head does not come first"),
    ],
)
def test_parse_refuses(text: str, where: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        Example.parse("x", text)
    assert caught.value.where == where
    assert caught.value.hint


# --- the files --------------------------------------------------------------------


def test_there_are_enough() -> None:
    assert len(EXAMPLES) >= 16
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in BY_NAME)
    assert {*WITHOUT_SOLUTION, *LEFT_TO_THE_ENGINE} < set(BY_NAME)


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_unique(language: str) -> None:
    titles = Counter(example.title[language] for example in EXAMPLES)
    assert titles.most_common(1)[0][1] == 1


@each_example
def test_each_language_is_itself(example: Example) -> None:
    japanese = re.compile("[\u3041-\u30ff]")
    assert japanese.search(example.explanation["ja"])
    assert example.explanation["ja"].endswith("。")
    assert re.match("[A-Z]", example.title["en"])
    assert example.explanation["en"].endswith(".")


@each_example
def test_is_standard_sparql(example: Example) -> None:
    prepareQuery(example.query)
    ox.Store().query(example.query)


@each_example
def test_always_gives_the_same_answer(example: Example) -> None:
    """No clock, no chance, no other endpoint, nothing that hangs on the order of a group."""
    words = {word.upper() for word in re.findall(r"\w+", example.query)}
    assert not words & {"SERVICE", "FROM", "LIMIT", "OFFSET", "SAMPLE", "GROUP_CONCAT", "BNODE"}
    assert not words & {"NOW", "RAND", "UUID", "STRUUID"}
    assert ("SELECT" not in words) or "ORDER BY" in example.query


@each_example
def test_uses_every_prefix(example: Example) -> None:
    prefixes = re.findall(r"^PREFIX (\w+):", example.query, re.MULTILINE)
    body = "\n".join(line for line in example.query.splitlines() if not line.startswith("PREFIX "))
    assert [prefix for prefix in prefixes if not re.search(rf"(?<!\w){prefix}:\w", body)] == []
    assert prefixes == sorted(prefixes)


# --- on the release ---------------------------------------------------------------


@pytest.fixture(scope="module")
def store(release_folder: Path) -> ox.Store:
    return ox.Store.read_only(str(release_folder / "store"))


@pytest.fixture(scope="module")
def original() -> str:
    # As bytes: the positions count the line ends of the document as they are.
    return (ROOT / "data/sources" / SOURCE_ID / "original.txt").read_bytes().decode("utf-8")


def count(results: Any) -> int:
    return 1 if isinstance(results, ox.QueryBoolean) else sum(1 for _ in results)


@each_example
def test_finds_something_soon(store: ox.Store, example: Example) -> None:
    # Time of this process: a busy machine is no reason to fail.
    started = time.process_time()
    found = count(store.query(example.query))
    assert time.process_time() - started < SECONDS_AT_MOST
    assert (found == 0) == (example.name in WITHOUT_SOLUTION)


def rows(store: ox.Store, name: str, *variables: str) -> list[tuple[str, ...]]:
    """Return the solutions of a SELECT, some variables of them, as texts."""
    solutions = store.query(BY_NAME[name].query)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple("" if s[v] is None else s[v].value for v in variables) for s in solutions]


def test_projects(store: ox.Store) -> None:
    found = rows(store, "projects", "number", "applicant", "area_ja", "prefecture_ja")
    assert len({number for number, *_ in found}) == 14
    assert len(found) == 20
    assert found[0] == ("2024-2-01", "北見市二地域ライフ推進コンソーシアム", "北見市", "北海道")
    assert [area for number, _, area, _ in found if number == "2024-2-10"] == [
        "上士幌町",
        "和歌山県",
        "田辺市",
        "白浜町",
        "すさみ町",
        "三豊市",
        "壱岐市",
    ]


def test_projects_by_theme(store: ox.Store) -> None:
    found = rows(store, "projects-by-theme", "theme_en", "projects")
    assert sum(int(projects) for _, projects in found) == 42
    assert found[0] == ("Survey and pilot", "5")
    assert Counter(projects for _, projects in found) == {"5": 1, "3": 6, "2": 7, "1": 5}


def test_projects_by_prefecture(store: ox.Store) -> None:
    assert rows(store, "projects-by-prefecture", "prefecture_ja", "projects") == [
        ("北海道", "2"),
        ("宮城県", "1"),
        ("福島県", "1"),
        ("茨城県", "1"),
        ("新潟県", "1"),
        ("富山県", "1"),
        ("長野県", "1"),
        ("静岡県", "1"),
        ("三重県", "1"),
        ("和歌山県", "1"),
        ("鳥取県", "1"),
        ("広島県", "1"),
        ("香川県", "1"),
        ("長崎県", "1"),
        ("大分県", "1"),
        ("鹿児島県", "1"),
    ]


def test_calls(store: ox.Store) -> None:
    variables = ("fiscal_year", "round", "opens", "closes", "applications", "grants", "granted_percent")
    assert rows(store, "calls", *variables) == [("2024", "2", "2025-04-28", "2025-05-30", "15", "14", "93")]


def test_corrections(store: ox.Store, original: str) -> None:
    found = rows(store, "corrections", "row_number", "printed", "right", "start", "end", "evidence")
    assert list(dict.fromkeys(row[:3] for row in found)) == [
        ("3", "ふくしまけん磐梯町", "ふくしまけんばんだいまち"),
        ("7", "ながのけんほくほむら", "ながのけんはくばむら"),
        ("9", "みやぎけんみなみいせちょう", "みえけんみなみいせちょう"),
        ("10", "わかやまけんしらほまちょう", "わかやまけんしらはまちょう"),
        ("10", "わかやまけんちょう", "わかやまけんすさみちょう"),
        ("10", "和歌山県さすみ町", "和歌山県すさみ町"),
        ("10", "北海道士幌町", "北海道上士幌町"),
        ("14", "かごしまけんみなみおおくまちょう", "かごしまけんみなみおおすみちょう"),
    ]
    assert all(original[int(start) : int(end)] == printed for _, printed, _, start, end, _ in found)
    assert [evidence for _, printed, *_, evidence in found if printed == "北海道士幌町"] == [
        "https://kachimai.jp/article/index.php?display=pc&no=645892",
        "https://w3id.org/nichiiki/municipality/016331",
        "https://www.travelvoice.jp/20250702-157980/print",
    ]


def test_contradictions(store: ox.Store, original: str) -> None:
    found = rows(store, "contradictions", "text", "right", "start", "end")
    assert [row[:2] for row in found] == [("令和7年度", "令和6年度"), ("令和6年度", "令和6年度")]
    assert all(original[int(start) : int(end)] == text for text, _, start, end in found)


def test_theme_phrases(store: ox.Store, original: str) -> None:
    found = rows(store, "theme-phrases", "number", "theme_ja", "phrase", "start", "end")
    assert len(found) == 42
    assert found[0][:3] == ("2024-2-01", "テレワーク", "テレワークによる長期滞在型")
    assert all(original[int(start) : int(end)] == phrase for *_, phrase, start, end in found)


def test_who_tackles_vacant_houses(store: ox.Store) -> None:
    assert rows(store, "who-tackles-a-theme", "area_ja", "prefecture_en", "phrase") == [
        ("北見市", "Hokkaido", "空き家活用"),
        ("庄原市", "Hiroshima Prefecture", "空き家問題"),
        ("由布市", "Oita Prefecture", "空き家対策"),
    ]


def test_themes_together(store: ox.Store) -> None:
    assert rows(store, "themes-together", "first_en", "second_en", "projects") == [
        ("Community understanding and exchange", "Survey and pilot", "2"),
        ("Furusato nozei (hometown tax donation)", "Resident credentials", "2"),
        ("Reception and living support", "Survey and pilot", "2"),
        ("Vacant houses", "Securing workers and local successors", "2"),
    ]


def test_what_the_document_says_of_row_10(store: ox.Store, original: str) -> None:
    found = rows(store, "project-quotations", "text", "right", "value", "start", "end")
    assert all(original[int(start) : int(end)] == text for text, _, _, start, end in found)
    assert [(text, right, value) for text, right, value, *_ in found if right] == [
        ("わかやまけんしらほまちょう", "わかやまけんしらはまちょう", "白浜町"),
        ("わかやまけんちょう", "わかやまけんすさみちょう", "すさみ町"),
        ("和歌山県さすみ町", "和歌山県すさみ町", "すさみ町"),
        ("北海道士幌町", "北海道上士幌町", "上士幌町"),
    ]


def test_search_finds_the_projects_on_hometown_tax(store: ox.Store) -> None:
    assert [number for (number,) in rows(store, "search-summaries", "number")] == [
        "2024-2-04",
        "2024-2-10",
        "2024-2-14",
    ]


def test_areas_near_tokyo_station(store: ox.Store) -> None:
    found = rows(store, "areas-near-a-place", "area_ja", "squared_km", "latitude", "longitude")
    assert [area for area, *_ in found] == ["境町", "森町", "白馬村", "磐梯町"]
    for area, squared_km, latitude, longitude in found:
        right = great_circle_km(35.6812, 139.7671, float(latitude), float(longitude))
        assert math.sqrt(int(squared_km)) == pytest.approx(right, rel=0.01), area


def great_circle_km(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the distance on a sphere of 6,371 km by the haversine formula."""
    a, b = math.radians(latitude), math.radians(to_latitude)
    across = math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * across))


def test_register(store: ox.Store) -> None:
    wakayama = rows(store, "municipalities-of-a-prefecture", "kind", "area_ja", "reading", "code")
    assert Counter(kind for kind, *_ in wakayama) == {"city": 9, "town": 20, "village": 1}
    assert ("town", "すさみ町", "すさみちょう", "304069") in wakayama

    shizuoka = rows(store, "everything-in-a-prefecture", "kind", "container_ja")
    assert Counter(kind for kind, _ in shizuoka) == {
        "designated-city": 2,
        "city": 21,
        "town": 12,
        "ward": 6,
    }
    assert Counter(container for _, container in shizuoka) == {"静岡県": 35, "静岡市": 3, "浜松市": 3}

    same = rows(store, "municipalities-with-the-same-name", "name", "code")
    # A 26th name, 泊村, is that of a second village in the Northern Territories, which the register leaves out.
    assert len({name for name, _ in same}) == 25
    assert [code for name, code in same if name == "森町"] == ["013455", "224618"]


def test_codes_and_links(store: ox.Store) -> None:
    estat = rows(store, "areas-with-estat-codes", "code", "estat_code", "estat")
    assert len(estat) == 20
    assert estat[0] == ("012084", "01208", "http://data.e-stat.go.jp/lod/sac/C01208")

    links = rows(store, "area-links", "code", "target", "linkset")
    assert [target for code, target, _ in links if code == "042056"] == [
        "http://ja.dbpedia.org/resource/気仙沼市",
        "https://sws.geonames.org/2112261/",
        "http://www.wikidata.org/entity/Q235746",
    ]
    assert len([linkset for *_, linkset in links if linkset.endswith("/dbpedia-ja")]) == 19


def test_origin(store: ox.Store, release_folder: Path) -> None:
    sha256 = "bcbcc73bdae6e7f070d5cc9b1f42bb60bd1a9745a6b94c345b73b1409c7ebfc6"
    assert rows(store, "sources", "published", "rows", "sha256") == [("2025-07-01", "14", sha256)]
    assert [current for (current,) in rows(store, "versions", "current")] == ["true"]
    quads = (release_folder / "nichiiki.nq").read_bytes().count(b"\n")
    assert sum(int(triples) for (triples,) in rows(store, "named-graphs", "triples")) == quads


@pytest.mark.parametrize(("name", "answer"), [("takes-part", True), ("theme-without-a-phrase", False)])
def test_yes_or_no(store: ox.Store, name: str, answer: bool) -> None:
    assert bool(store.query(BY_NAME[name].query)) is answer


def test_every_question_of_yes_or_no_has_its_answer_above() -> None:
    asks = {example.name for example in EXAMPLES if re.search(r"^ASK\b", example.query, re.MULTILINE)}
    assert asks == {"takes-part", "theme-without-a-phrase"}


def test_schema_org_alone(store: ox.Store) -> None:
    triples = list(store.query(BY_NAME["projects-as-schema-org"].query))
    kinds = Counter(t.object.value for t in triples if t.predicate.value.endswith("#type"))
    assert kinds == {
        "https://schema.org/Project": 14,
        "https://schema.org/Organization": 14,
        "https://schema.org/AdministrativeArea": 20,
        "https://schema.org/GovernmentOrganization": 1,
    }
    other = {t.predicate.value for t in triples if not t.predicate.value.startswith("https://schema.org/")}
    assert other == {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}


def test_a_project_with_its_evidence_is_whole(store: ox.Store) -> None:
    triples = list(store.query(BY_NAME["project-with-evidence"].query))
    kinds = Counter(t.object.value.rpartition("#")[2] for t in triples if t.predicate.value.endswith("#type"))
    # Seven areas, three themes, applicant, summary; the name of the consortium; and two translations.
    assert kinds["ThemeAssignment"] == 3
    assert kinds["Translation"] == 2
    assert kinds["Statement"] == 2 * 15
    assert kinds["Correction"] == 4
    assert kinds["SourceRow"] == kinds["Consortium"] == kinds["Project"] == 1


# --- the same answers from two engines --------------------------------------------

LEFT_TO_THE_ENGINE = {
    "describe-a-municipality": "the standard leaves open what DESCRIBE gives (SPARQL 1.1 Query, section 16.4)",
}

AREAS_KEPT = re.compile(r"/prefecture/|/municipality/(?:22|30|013455)")
"""Prefectures, 静岡県 and 和歌山県, and the second 森町."""


@pytest.fixture(scope="module")
def excerpt(release_folder: Path) -> bytes:
    """The release without most of the register: what the examples name, as N-Quads."""
    lines = (release_folder / "nichiiki.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    named = set(re.findall(r"/ontology#area> <([^>]*)>", "".join(lines)))
    assert len(named) >= 20

    def is_kept(line: str) -> bool:
        thing = line.partition(">")[0][1:].partition("#")[0]
        is_area = "/municipality/" in thing or "/prefecture/" in thing
        return not is_area or thing in named or AREAS_KEPT.search(thing) is not None

    kept = [line for line in lines if is_kept(line)]
    assert 5000 < len(kept) < 20000
    return "".join(kept).encode()


@pytest.fixture(scope="module")
def oxigraph(excerpt: bytes) -> ox.Store:
    store = ox.Store()
    for quad in ox.parse(excerpt, format=ox.RdfFormat.N_QUADS):
        store.add(quad)
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    return store


@pytest.fixture(scope="module")
def toolbox(excerpt: bytes) -> rdflib.Dataset:
    # Last line first, so that no engine's order is that of the other by chance.
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=b"".join(reversed(excerpt.splitlines(keepends=True))), format="nquads")
    return dataset


def plain(term: Any) -> tuple[str, str]:
    """Return a term of either engine as its text and language."""
    text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term or "")
    return text, (getattr(term, "language", None) or "").lower()


def of_oxigraph(results: Any) -> Any:
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    if isinstance(results, ox.QuerySolutions):
        return [tuple(plain(term) for term in solution) for solution in results]
    return {(plain(t.subject), plain(t.predicate), plain(t.object)) for t in results}


def of_rdflib(results: rdflib.query.Result) -> Any:
    if results.type == "ASK":
        return bool(results)
    if results.type == "SELECT":
        return [tuple(plain(term) for term in row) for row in results]
    assert results.graph is not None
    return {tuple(plain(term) for term in triple) for triple in results.graph}


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if example.name not in LEFT_TO_THE_ENGINE],
    ids=lambda example: example.name,
)
def test_two_engines_agree(oxigraph: ox.Store, toolbox: rdflib.Dataset, example: Example) -> None:
    """The same answers, those of a SELECT in the same order too."""
    expected = of_oxigraph(oxigraph.query(example.query))
    assert of_rdflib(toolbox.query(example.query)) == expected
    assert expected or isinstance(expected, bool) or example.name in WITHOUT_SOLUTION
