"""Which writings count as one, and that no two places of the register do."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import pytest

from nichiiki_ld.model import AreaKind
from nichiiki_ld.orthography import FORMS, fold_name, fold_reading, is_kana
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.prefectures import READINGS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("葛\U000e0100城市", "葛城市", id="a variation selector (IVS)"),
        pytest.param("檮原町", "梼原町", id="the form for print and the simpler one"),
        pytest.param("塩竃市", "塩竈市", id="竃 and 竈"),
        pytest.param("竜ケ崎市", "龍ヶ崎市", id="龍 and 竜, ヶ and ケ"),
        pytest.param("鯵ヶ沢町", "鰺ヶ沢町", id="鯵 and 鰺"),
        pytest.param("ﾆｾｺ町", "ニセコ町", id="half-width katakana"),
        pytest.param("鎌ｹ谷市", "鎌ケ谷市", id="half-width ケ"),
        pytest.param("山の内町", "山ノ内町", id="の and ノ between kanji"),
        pytest.param("諌早市", "諫早市", id="諌 and 諫"),
        pytest.param("四条畷市", "四條畷市", id="條 and 条"),
        pytest.param("飯館村", "飯舘村", id="舘 and 館"),
        pytest.param("桧枝岐村", "檜枝岐村", id="檜 and 桧"),
        pytest.param("聖篭町", "聖籠町", id="籠 and 篭"),
        pytest.param("須惠町", "須恵町", id="惠 and 恵"),
        pytest.param("\u2ed1野県\u2f69\u2fba村", "長野県白馬村", id="radicals out of a PDF"),
        pytest.param("\ufa19奈川県", "神奈川県", id="a compatibility ideograph"),
        pytest.param("森　町", "森町", id="set wide"),
        pytest.param("北\u200b見市", "北見市", id="a sign that nobody sees"),
        pytest.param("﨑", "崎", id="a form that only registers know"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("塩釜市", "塩竈市", id="another character for the same thing"),
        pytest.param("にせこ町", "ニセコ町", id="hiragana for katakana in a name"),
        pytest.param("袖が浦市", "袖ケ浦市", id="が for ケ"),
        pytest.param("大子町", "太子町", id="大 and 太"),
        pytest.param("士幌町", "土幌町", id="士 and 土"),
        pytest.param("二セコ町", "ニセコ町", id="the kanji for two, and the katakana ni"),
        pytest.param("ヶ", "ケ", id="ヶ that stands between no kanji"),
        pytest.param("まノ町", "まの町", id="ノ that does not stand between kanji"),
    ],
)
def test_not_the_same_name(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("キタミシ", "きたみし", True, id="katakana"),
        pytest.param("ｷﾞﾌｼ", "ぎふし", True, id="half-width, with its voice mark"),
        pytest.param("しまねけん おきのしまちょう", "しまねけんおきのしまちょう", True, id="a blank"),
        pytest.param("ニセコちょう", "にせこちょう", True, id="both kana"),
        pytest.param("か\u3099", "が", True, id="a combining voice mark"),
        pytest.param("かみしほろちよう", "かみしほろちょう", False, id="a large kana for a small one"),
        pytest.param("みなみあいつまち", "みなみあいづまち", False, id="a voice mark that is missing"),
        pytest.param("いずし", "いづし", False, id="ず and づ"),
        pytest.param("ニセコー", "ニセコ", False, id="a long mark"),
    ],
)
def test_readings(one: str, other: str, same: bool) -> None:
    assert (fold_reading(one) == fold_reading(other)) is same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("きたみし", True),
        ("ｷﾞﾌｼ", True),
        ("ニセコ", True),
        ("きた みし", True),
        ("ばんだい町", False),
        ("", False),
        ("abc", False),
    ],
)
def test_is_kana(text: str, expected: bool) -> None:
    assert is_kana(text) is expected


def test_no_two_places_become_one(gazetteer: Gazetteer) -> None:
    """Within a prefecture no two names become one, with or without the district; in Japan, one pair does."""
    within: defaultdict[str, set[str]] = defaultdict(set)
    japan: defaultdict[str, set[str]] = defaultdict(set)
    for area in gazetteer:
        for name in {area.name, area.district + area.name}:
            within[gazetteer.prefecture_of(area.code).name + fold_name(name)].add(area.code)
        japan[fold_name(area.name)].add(area.name)
    assert len(within) > 2_500
    assert [codes for codes in within.values() if len(codes) > 1] == []
    assert [names for names in japan.values() if len(names) > 1] == [{"鹿嶋市", "鹿島市"}]


def test_folding_changes_no_reading_of_the_register(gazetteer: Gazetteer) -> None:
    assert [area.reading for area in gazetteer if fold_reading(area.reading) != area.reading] == []


def test_each_form_is_needed(gazetteer: Gazetteer) -> None:
    """A form is in the table because a name of the register has its character, and NFKC does not do it."""
    characters = {sign for area in gazetteer for sign in fold_name(area.name + area.district)}
    assert len(FORMS) > 100
    for form, same in FORMS.items():
        assert same in characters, f"no name has {same}"
        assert same not in FORMS, f"{same} is itself a form of something"
        assert unicodedata.normalize("NFKC", form) == form, f"NFKC makes {form} into something else"


def test_the_prefectures_are_those_of_the_register(gazetteer: Gazetteer) -> None:
    prefectures = [area for area in gazetteer if area.kind is AreaKind.PREFECTURE]
    assert dict(READINGS) == {area.name: area.reading for area in prefectures}
    assert list(READINGS) == [area.name for area in prefectures]
