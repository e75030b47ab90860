"""English in the data: names from readings, descriptions of our own, translations that say they are ours."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from conftest import ROOT, SOURCE_ID, silent
from nichiiki_ld.build import Built, build
from nichiiki_ld.errors import NotConformant, RegisterError, ReviewError, StaleTranslation, TableError
from nichiiki_ld.hepburn import romanize, with_english_names
from nichiiki_ld.model import LEAD, Area, AreaKind, Source, Translation
from nichiiki_ld.namespaces import DCTERMS, PROV, RDF, RDF_TYPE, RDFS_LABEL, SCHEMA, SKOS
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.repository import Repository
from nichiiki_ld.settlement import Settlement, settle
from nichiiki_ld.translations import translations_by_row

BASE = "https://w3id.org/nichiiki/"
NICHIIKI = f"{BASE}ontology#"
TRANSLATION = f"{NICHIIKI}unofficialTranslation"

# --- readings -------------------------------------------------------------------------

TABLE = """
あ a い i う u え e お o か ka き ki く ku け ke こ ko が ga ぎ gi ぐ gu げ ge ご go
さ sa し shi す su せ se そ so ざ za じ ji ず zu ぜ ze ぞ zo た ta ち chi つ tsu て te と to
だ da ぢ ji づ zu で de ど do な na に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho
ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ま ma み mi む mu め me も mo
や ya ゆ yu よ yo ら ra り ri る ru れ re ろ ro わ wa を o ん n
きゃ kya きゅ kyu きょ kyo ぎゃ gya ぎゅ gyu ぎょ gyo しゃ sha しゅ shu しょ sho じゃ ja じゅ ju じょ jo
ちゃ cha ちゅ chu ちょ cho ぢゃ ja ぢゅ ju ぢょ jo にゃ nya にゅ nyu にょ nyo ひゃ hya ひゅ hyu ひょ hyo
びゃ bya びゅ byu びょ byo ぴゃ pya ぴゅ pyu ぴょ pyo みゃ mya みゅ myu みょ myo りゃ rya りゅ ryu りょ ryo
"""
"""The table of annex 1: hiragana, then Latin letters."""

KNOWN = dict(re.findall(r"(\S+) ([a-z]+)", TABLE))


def test_every_syllable_is_that_of_the_rule() -> None:
    assert len(KNOWN) == 107
    assert {kana: romanize(kana) for kana in KNOWN} == KNOWN


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        pytest.param("とうきょう", "tokyo", id="ou"),
        pytest.param("おおさか", "osaka", id="oo"),
        pytest.param("ちゅうおう", "chuo", id="uu, ou"),
        pytest.param("とうおん", "toon", id="a long vowel, and the next word begins with the same"),
        pytest.param("しょうおう", "shoo", id="two long vowels"),
        pytest.param("ゆうばり", "yubari", id="yuu"),
        pytest.param("ぜんつうじ", "zentsuji", id="tsuu"),
        pytest.param("にいがた", "niigata", id="ii stays"),
        pytest.param("ほくえい", "hokuei", id="ei stays"),
        pytest.param("きたあきた", "kitaakita", id="aa stays"),
        pytest.param("うおぬま", "uonuma", id="uo is no long vowel"),
        pytest.param("ぐんま", "gunma", id="n before m stays n"),
        pytest.param("なんば", "nanba", id="n before b stays n"),
        pytest.param("なんぽろ", "nanporo", id="n before p stays n"),
        pytest.param("かんおんじ", "kan-onji", id="n before a vowel; the example of the rule"),
        pytest.param("なんよう", "nan-yo", id="n before y"),
        pytest.param("くっちゃん", "kutchan", id="tch; the example of the rule"),
        pytest.param("はっちょう", "hatcho", id="tch and a long vowel"),
        pytest.param("さっぽろ", "sapporo", id="pp"),
        pytest.param("すっつ", "suttsu", id="tts"),
        pytest.param("せっしゅう", "sesshu", id="ssh"),
        pytest.param("おぢや", "ojiya", id="ぢ"),
        pytest.param("あいづ", "aizu", id="づ"),
        pytest.param("がろー", "garo", id="the sign of a long vowel"),
    ],
)
def test_romanizes(reading: str, expected: str) -> None:
    assert romanize(reading) == expected


@pytest.mark.parametrize("reading", ["", "北見", "kitami", "きたみ し", "っ", "きたっ", "カミ", "か゚", "-"])
def test_what_is_no_hiragana_has_no_name(reading: str) -> None:
    with pytest.raises(RegisterError, match="no reading in hiragana"):
        romanize(reading)


# --- areas ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("010006", "Hokkaido"),
        ("130001", "Tokyo Metropolis"),
        ("260002", "Kyoto Prefecture"),
        ("270008", "Osaka Prefecture"),
        ("300004", "Wakayama Prefecture"),
        ("390003", "Kochi Prefecture"),
        ("012084", "Kitami City"),
        ("016331", "Kamishihoro Town"),
        ("016322", "Shihoro Town"),
        ("013994", "Kyogoku Town"),
        ("014001", "Kutchan Town"),
        ("085464", "Sakai Town"),
        ("131016", "Chiyoda City"),
        ("132055", "Ome City"),
        ("151009", "Niigata City"),
        ("202053", "Iida City"),
        ("204854", "Hakuba Village"),
        ("224618", "Mori Town"),
        ("252018", "Otsu City"),
        ("261009", "Kyoto City"),
        ("271004", "Osaka City"),
        ("281000", "Kobe City"),
        ("372056", "Kan-onji City"),
        ("392014", "Kochi City"),
        ("011011", "Chuo Ward, Sapporo City"),
        ("141003", "Yokohama City"),
        ("464911", "Minamiosumi Town"),
        ("073016", "Koori Town"),
        ("332127", "Setouchi City"),
        ("422088", "Matsuura City"),
    ],
)
def test_areas_have_their_known_names(gazetteer: Gazetteer, code: str, expected: str) -> None:
    assert gazetteer[code].english_name == expected


def test_every_area_has_an_english_name_and_none_has_anothers(gazetteer: Gazetteer) -> None:
    areas = list(gazetteer)
    assert len(areas) == 1959
    for area in areas:
        assert re.fullmatch(
            r"[A-Z][a-z]+(-[A-Za-z][a-z]+)*( (Metropolis|Prefecture|City|Town|Village|Ward))?(, [A-Z][a-z]+ City)?",
            area.english_name,
        ), area
    # Areas of one prefecture that have one name in Latin letters have one reading too.
    named: dict[tuple[str | None, str], set[str]] = {}
    for area in areas:
        named.setdefault((area.prefecture, area.english_name), set()).add(area.reading)
    assert {key: found for key, found in named.items() if len(found) > 1} == {}


def test_kinds_are_those_of_the_names(gazetteer: Gazetteer) -> None:
    words = {
        AreaKind.DESIGNATED_CITY: "City",
        AreaKind.CITY: "City",
        AreaKind.TOWN: "Town",
        AreaKind.VILLAGE: "Village",
        AreaKind.SPECIAL_WARD: "City",
    }
    for area in gazetteer:
        if area.kind in words:
            assert area.english_name.endswith(f" {words[area.kind]}"), area
        elif area.kind is AreaKind.WARD:
            ward, city = area.english_name.split(", ")
            assert ward.endswith(" Ward"), area
            (within,) = [
                other
                for other in gazetteer
                if other.kind is AreaKind.DESIGNATED_CITY
                and other.prefecture == area.prefecture
                and area.name.startswith(other.name)
            ]
            assert city == within.english_name


def test_the_rule_gives_what_the_other_source_has_for_every_prefecture(gazetteer: Gazetteer) -> None:
    prefectures = [area for area in gazetteer if area.kind is AreaKind.PREFECTURE]
    assert len(prefectures) == 47
    by_rule = with_english_names([replace(area, english="") for area in prefectures])
    assert [area.english_name for area in by_rule] == [area.english_name for area in prefectures]


def could_be(reading: str) -> set[str]:
    """Return every spelling of a reading: with each vowel that may be long as one or as two, hyphens left out."""
    pieces = re.split(
        "(?<=[おこごそぞとどのほぼぽもよょろ])(?=[うお])|(?<=[うくぐすずつぬふぶぷむゆゅる])(?=う)", reading
    )
    spelled = [[romanize(piece).replace("-", "")] for piece in pieces]
    for index in range(1, len(pieces)):
        spelled[index].append(spelled[index][0][1:])
    return {"".join(choice) for choice in product(*spelled)}


def test_given_names_are_spellings_of_their_readings_that_the_rule_does_not_find(
    repository: Repository,
) -> None:
    given = [area for area in repository.register() if area.english and area.kind is not AreaKind.PREFECTURE]
    assert len(given) == 22
    for area, by_rule in zip(given, with_english_names(replace(a, english="") for a in given), strict=True):
        stem = re.sub("(し|ちょう|まち|むら|そん)$", "", area.reading)
        assert area.english.lower().replace("-", "") in could_be(stem), area
        assert area.english_name != by_rule.english_name, "the rule finds it, so it needs no line"


BEGINS_WITH_U = "上内浦海梅馬牛臼宇裏打魚鵜埋氏歌漆浮植産生美受請後有羽右憂雨卯兎碓"
BEGINS_WITH_O = "岡丘尾面於表大小音奥沖荻鬼帯親緒男雄織折重思"
"""Characters that can begin a word with a vowel that the rule would take for the end of a long one."""

LONG = {
    "相馬市": "相 is そう",
    "南相馬市": "相 is そう",
    "東海村": "東 is とう",
    "東海市": "東 is とう",
    "青梅市": "the rule itself has Ome, which goes back to one word",
    "佐那河内村": "河内 is ごうち here",
    "新上五島町": "島 is とう",
    "真岡市": "the city writes Moka",
}
"""Names with such a character whose vowel is long all the same, and why. しょう and the like are one character."""


def test_every_name_whose_vowel_could_be_two_was_looked_at(gazetteer: Gazetteer) -> None:
    found = set()
    for area in gazetteer:
        stem = re.sub("(し|ちょう|まち|むら|そん|く|けん)$", "", area.reading)
        u = re.search("[おこごそぞとどのほぼぽもよろくぐすずつぬふぶむゆる]う", stem)
        o = re.search("[こごそぞとどのほぼぽもよょろ]お", stem)
        if (u and re.search(f"[{BEGINS_WITH_U}]", area.name[1:])) or (
            o and re.search(f"[{BEGINS_WITH_O}]", area.name[1:])
        ):
            found.add(area.code)
    given = {area.code for area in gazetteer if area.english}
    assert len(found & given) > 15
    assert {gazetteer[code].name for code in found - given} == set(LONG)


@pytest.mark.parametrize(
    ("area", "message"),
    [
        pytest.param(
            Area("1", AreaKind.CITY, "北見市", "きたみ"), "does not end as", id="an ending is missing"
        ),
        pytest.param(
            Area("1", AreaKind.TOWN, "北見町", "ちょう"), "does not end as", id="nothing but the ending"
        ),
        pytest.param(Area("1", AreaKind.CITY, "北見市", "北見し"), "no reading", id="kanji in the reading"),
        pytest.param(
            Area("1", AreaKind.WARD, "北見市北区", "きたみしきたく"), "no designated city", id="no city"
        ),
    ],
)
def test_a_name_that_does_not_follow_is_refused(area: Area, message: str) -> None:
    with pytest.raises(RegisterError, match=message):
        with_english_names([area])


def test_the_reading_of_a_ward_begins_with_that_of_its_city() -> None:
    city = Area("1", AreaKind.DESIGNATED_CITY, "北見市", "きたみし", "01")
    ward = Area("2", AreaKind.WARD, "北見市北区", "きたく", "01")
    with pytest.raises(RegisterError, match="does not begin with that of 北見市"):
        with_english_names([city, ward])
    (_, named) = with_english_names([city, replace(ward, reading="きたみしきたく")])
    assert named.english_name == "Kita Ward, Kitami City"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("data", "ontology", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("worksheet.csv"))
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("422088,松浦市", "422089,松浦市", "is not what the register has", id="no such code"),
        pytest.param("まつうらし", "まつらし", "is not what the register has", id="another reading"),
        pytest.param("422088,松浦市", "422088,松裏市", "is not what the register has", id="another name"),
        pytest.param(",Matsuura,", ",,", "has no english", id="nothing given"),
    ],
)
def test_a_given_name_quotes_the_register(checkout: Path, old: str, new: str, message: str) -> None:
    change(checkout / "data/registers/english.csv", old, new)
    with pytest.raises(TableError, match=message) as caught:
        Repository(checkout).register()
    assert caught.value.where
    assert re.search(r"english\.csv:\d+$", caught.value.where)


# --- translations: the table -----------------------------------------------------------


@pytest.fixture(scope="module")
def settlement(source: Source) -> Settlement:
    return settle(source.cells, source.decisions, where="")


def test_every_summary_applicant_and_the_title_is_translated_once(
    source: Source, settlement: Settlement
) -> None:
    found = translations_by_row(source, settlement)
    assert [each.field for each in found[LEAD]] == ["title"]
    assert set(found) == {LEAD, *settlement.rows}
    for row in settlement.rows:
        assert sorted(each.field for each in found[row]) == ["applicant", "summary"], row
    assert {each.language for each in source.translations} == {"en"}
    texts = Counter(each.text for each in source.translations)
    assert texts.most_common(1)[0][1] == 1
    for text in texts:
        assert re.search("[a-z]", text)
        assert not re.search("[\u3040-\u30ff\u4e00-\u9fff]", text), "English for who reads no Japanese"


def test_names_and_figures_of_a_text_are_in_its_translation(source: Source, gazetteer: Gazetteer) -> None:
    checked = 0
    named = sorted(
        (area for area in gazetteer if area.kind is not AreaKind.PREFECTURE and len(area.name) > 2),
        key=lambda area: -len(area.name),
    )
    for each in source.translations:
        for figure in re.findall(r"[0-9]{2,}", each.printed):
            assert figure in each.text, each
            checked += 1
        # The longest name that stands there: 南伊勢町, not 伊勢町.
        area = next((area for area in named if area.name in each.printed), None)
        if area:
            assert area.english_name in each.text, each
            checked += 1
    assert checked > 8


STALE = Translation("1", "summary", "別の文言", "en", "Other words.", "A", datetime.date(2026, 1, 1), 7)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        pytest.param(
            {},
            StaleTranslation,
            "quotes 「別の文言」, but the document prints 「「テレワーク",
            id="other words",
        ),
        pytest.param({"row": "99"}, ReviewError, "there is no row 99", id="no such row"),
        pytest.param({"field": "name-1"}, ReviewError, "name-1 is not translated", id="a name is romanized"),
        pytest.param({"row": LEAD}, ReviewError, "summary is not translated", id="the lead has no summary"),
        pytest.param(
            {"row": LEAD, "field": "title"}, StaleTranslation, "quotes 「別の文言」", id="another title"
        ),
    ],
)
def test_a_translation_of_something_else_is_refused(
    source: Source, settlement: Settlement, changes: dict[str, str], error: type[ReviewError], message: str
) -> None:
    rows = settlement.rows
    with pytest.raises(error, match=re.escape(message)) as caught:
        translations_by_row(replace(source, translations=(replace(STALE, **changes),)), settlement)
    assert type(caught.value) is error
    assert caught.value.where == f"data/sources/{SOURCE_ID}/translations.csv:7"
    assert caught.value.hint
    assert settlement.rows == rows, "asking for a row does not make one"


def test_one_text_has_one_translation_into_a_language(source: Source, settlement: Settlement) -> None:
    twice = (*source.translations, replace(source.translations[0], language="EN", line=31))
    with pytest.raises(ReviewError, match="has another translation into 'EN'"):
        translations_by_row(replace(source, translations=twice), settlement)


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        pytest.param("移動費を軽減し", "移動費を軽くし", StaleTranslation, "the document prints", id="stale"),
        pytest.param(",2026-11-25", ",25 November", TableError, "is no day", id="no day"),
        pytest.param(",Nichiiki-LD,", ",,", TableError, "has no translator", id="no translator"),
        pytest.param("row,field,", "field,row,", TableError, "has the columns", id="other columns"),
    ],
)
def test_a_build_stops_at_a_bad_line_and_leaves_nothing(
    checkout: Path, tmp_path: Path, old: str, new: str, error: type[Exception], message: str
) -> None:
    change(checkout / f"data/sources/{SOURCE_ID}/translations.csv", old, new)
    with pytest.raises(error, match=message):
        build(Repository(checkout), tmp_path / "dist", workers=1, progress=silent)
    assert not list((tmp_path / "dist").glob("[!.]*"))


def test_an_empty_translation_is_no_translation(checkout: Path) -> None:
    path = checkout / f"data/sources/{SOURCE_ID}/translations.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r",en,[^\n]*,Nichiiki-LD,", ",en, ,Nichiiki-LD,", text, count=1), encoding="utf-8")
    with pytest.raises(TableError, match="has no text"):
        Repository(checkout).source(SOURCE_ID)


# --- the release ------------------------------------------------------------------------


class Graph:
    """What is said in a release."""

    def __init__(self, folder: Path) -> None:
        self.triples = [
            quad.triple for quad in parse(path=str(folder / "nichiiki.nt"), format=RdfFormat.N_TRIPLES)
        ]
        self._by: dict[tuple[str, str], list[NamedNode | Literal]] = {}
        for t in self.triples:
            self._by.setdefault((t.subject.value, t.predicate.value), []).append(t.object)

    def objects(self, subject: str, predicate: str) -> list[NamedNode | Literal]:
        return self._by.get((subject, predicate), [])

    def of(self, name: str) -> list[str]:
        kind = NamedNode(NICHIIKI + name)
        return [t.subject.value for t in self.triples if t.predicate.value == RDF_TYPE and t.object == kind]

    def texts(self, subject: str, predicate: str, language: str) -> list[str]:
        return [
            o.value
            for o in self.objects(subject, predicate)
            if isinstance(o, Literal) and o.language == language
        ]


@pytest.fixture(scope="module")
def graph(release_folder: Path) -> Graph:
    return Graph(release_folder)


@pytest.mark.parametrize(
    "name",
    [
        "Agency",
        "Call",
        "Contradiction",
        "Correction",
        "GrantDecision",
        "Municipality",
        "Prefecture",
        "Programme",
        "Project",
        "SourceDocument",
        "SourceRow",
        "ThemeAssignment",
        "Translation",
        "Ward",
    ],
)
def test_everything_that_has_a_page_has_a_label_in_both_languages(graph: Graph, name: str) -> None:
    things = graph.of(name)
    assert things
    for thing in things:
        for language in ("ja", "en"):
            (label,) = graph.texts(thing, RDFS_LABEL, language)
            assert label.strip()


def test_themes_and_the_dataset_have_english_too(graph: Graph) -> None:
    concept = NamedNode(f"{SKOS}Concept")
    themes = {t.subject.value for t in graph.triples if t.predicate.value == RDF_TYPE and t.object == concept}
    assert len(themes) == 20
    for thing in (*themes, f"{BASE}dataset", f"{BASE}register"):
        assert len(graph.texts(thing, RDFS_LABEL, "en")) == 1, thing


def test_a_consortium_has_no_english_name_but_a_translation(graph: Graph) -> None:
    consortia = graph.of("Consortium")
    assert len(consortia) == 14
    for consortium in consortia:
        for naming in (RDFS_LABEL, f"{SCHEMA}name"):
            assert [o.language for o in graph.objects(consortium, naming) if isinstance(o, Literal)] == ["ja"]
        assert len(graph.texts(consortium, TRANSLATION, "en")) == 1


@pytest.mark.parametrize(
    ("thing", "language", "expected"),
    [
        ("project/2024-2-01", "en", "Project 2024-2-01 in Kitami City, Hokkaido"),
        ("project/2024-2-02", "en", "Project 2024-2-02 in Kesennuma City, Miyagi Prefecture"),
        ("project/2024-2-10", "en", "Project 2024-2-10 in Wakayama Prefecture and 6 other areas"),
        (
            f"document/{SOURCE_ID}",
            "en",
            "Document of 2025-07-01 (Ministry of Land, Infrastructure, Transport and Tourism)",
        ),
        (
            f"document/{SOURCE_ID}/row/10/correction/name-5",
            "ja",
            "「北海道士幌町」を「北海道上士幌町」に訂正",
        ),
        (
            f"document/{SOURCE_ID}/row/10/correction/name-5",
            "en",
            "Correction of 「北海道士幌町」 to 「北海道上士幌町」",
        ),
        (f"document/{SOURCE_ID}/contradiction/fiscal-year", "ja", "「令和7年度」と「令和6年度」の矛盾"),
        (f"document/{SOURCE_ID}/row/1/theme/telework", "ja", "1行目に付けたテーマ「テレワーク」"),
        (f"document/{SOURCE_ID}/row/1/theme/telework", "en", "Theme “Telework” given to row 1"),
    ],
)
def test_labels(graph: Graph, thing: str, language: str, expected: str) -> None:
    assert graph.texts(BASE + thing, RDFS_LABEL, language) == [expected]


def test_each_translation_says_what_of_whom_and_that_it_is_ours(graph: Graph, source: Source) -> None:
    records = graph.of("Translation")
    assert len(records) == len(source.translations) == 29
    given = {(each.printed, each.text) for each in source.translations}
    found = set()
    for record in records:
        (subject,) = graph.objects(record, f"{RDF}subject")
        (text,) = graph.objects(record, f"{RDF}object")
        (quotation,) = graph.objects(record, f"{NICHIIKI}quotation")
        (printed,) = graph.objects(quotation.value, f"{NICHIIKI}text")
        assert graph.objects(record, f"{RDF}predicate") == [NamedNode(TRANSLATION)]
        assert graph.objects(subject.value, TRANSLATION) == [text]
        assert isinstance(text, Literal)
        assert text.language == "en"
        assert graph.objects(record, f"{PROV}wasAttributedTo") == [NamedNode(f"{BASE}dataset#publisher")]
        assert [o.value for o in graph.objects(record, f"{NICHIIKI}translator")] == ["Nichiiki-LD"]
        assert [o.value for o in graph.objects(record, f"{DCTERMS}created")] == ["2026-11-25"]
        assert graph.texts(record, RDFS_LABEL, "en") == ["Unofficial translation by this project"]
        found.add((printed.value, text.value))
    assert found == given


def test_a_translation_is_nowhere_said_as_if_the_ministry_said_it(graph: Graph, source: Source) -> None:
    texts = {each.text for each in source.translations}
    said = Counter(
        t.predicate.value for t in graph.triples if isinstance(t.object, Literal) and t.object.value in texts
    )
    assert said == {TRANSLATION: 29, f"{RDF}object": 29}
    for project in graph.of("Project"):
        for predicate in (f"{NICHIIKI}summary", f"{DCTERMS}description", f"{SCHEMA}description"):
            assert [o.language for o in graph.objects(project, predicate) if isinstance(o, Literal)] == ["ja"]


def test_the_property_specialises_nothing_and_says_what_it_is(graph: Graph) -> None:
    for word in ("subPropertyOf", "subClassOf"):
        assert graph.objects(TRANSLATION, f"http://www.w3.org/2000/01/rdf-schema#{word}") == []
    assert graph.texts(TRANSLATION, RDFS_LABEL, "en") == ["unofficial translation by this project"]
    assert graph.texts(TRANSLATION, RDFS_LABEL, "ja") == ["このプロジェクトによる非公式訳"]


def table(folder: Path, name: str, language: str = "") -> list[dict[str, str]]:
    text = (folder / f"tables/{name}{language}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_english_tables_are_in_english(release_folder: Path) -> None:
    unofficial = "unofficial translation by this project"
    project = table(release_folder, "projects", ".en")[0]
    assert project["Areas"] == "Kitami City"
    assert project["Prefectures"] == "Hokkaido"
    assert project[f"Summary ({unofficial})"].startswith("To promote two-region living")
    assert project[f"Applicant ({unofficial})"] == "Kitami City Two-Region Life Promotion Consortium"
    assert project["Summary (in Japanese)"].startswith("「テレワーク")
    assert table(release_folder, "projects")[0]["実施地域"] == "北見市"
    tenth = table(release_folder, "projects", ".en")[9]
    assert len(tenth["Areas"].split("; ")) == 7
    assert "Kamishihoro Town" in tenth["Areas"].split("; ")
    for row in table(release_folder, "consortia", ".en"):
        assert row[f"Consortium ({unofficial})"]
    for row in table(release_folder, "register", ".en"):
        assert row["Area"].isascii()
        assert row["Prefecture"].isascii()
    for row in table(release_folder, "corrections", ".en"):
        assert row["Document"].startswith("Document of 2025-07-01")
    features = json.loads((release_folder / "areas.geojson").read_text(encoding="utf-8"))["features"]
    names = {each["properties"]["code"]: each["properties"]["name_en"] for each in features}
    assert names["016331"] == "Kamishihoro Town"


def test_japanese_tables_keep_one_value_in_a_cell(release_folder: Path) -> None:
    for row in table(release_folder, "corrections"):
        assert row["原資料"] == "二地域居住の中長期的な課題解決に向け先導的な取組を支援します！"
    for row in table(release_folder, "consortia"):
        assert "; " not in row["コンソーシアム"]


def test_translations_are_counted_and_are_an_input(built: Built) -> None:
    assert built.manifest["counts"]["Translation"] == 29
    inputs = built.manifest["inputs"]
    assert f"data/sources/{SOURCE_ID}/translations.csv" in inputs
    assert "data/registers/english.csv" in inputs


def test_without_translations_there_is_a_release_without_them(checkout: Path, tmp_path: Path) -> None:
    (checkout / f"data/sources/{SOURCE_ID}/translations.csv").unlink()
    built = build(Repository(checkout), tmp_path / "dist", workers=2, progress=silent)
    assert built.results == []
    folder = built.folder.resolve()
    assert f"<{TRANSLATION}> ".encode() not in b"".join(
        line for line in (folder / "nichiiki.nt").read_bytes().splitlines() if b"/project/" in line
    )
    assert table(folder, "projects", ".en")[0]["Summary (unofficial translation by this project)"] == ""


def test_a_translation_in_another_language_stops_the_build(checkout: Path, tmp_path: Path) -> None:
    change(checkout / f"data/sources/{SOURCE_ID}/translations.csv", ",en,", ",fr,")
    with pytest.raises(NotConformant):
        build(Repository(checkout), tmp_path / "dist", workers=2, progress=silent)


@pytest.mark.parametrize(
    ("language", "label"),
    [("ja", "このプロジェクトによる非公式訳"), ("en", "unofficial translation by this project")],
)
def test_the_page_of_a_project_says_that_it_is_unofficial(
    client: FlaskClient, language: str, label: str
) -> None:
    body = client.get(f"/{language}/project/2024-2-01.html").get_data(as_text=True)
    assert "To promote two-region living of the “long stay with telework” type" in body
    assert label in body
