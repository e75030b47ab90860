"""What a printed name leads to, with all that can be printed beside it, and what it does not."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from nichiiki_ld.errors import TableError
from nichiiki_ld.model import AreaKind, FormerArea
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.repository import Repository

SHIMIZU = FormerArea("清水市", "しみずし", "220001", datetime.date(2003, 4, 1), ("221007",))
TANNO = FormerArea("端野町", "たんのちょう", "010006", datetime.date(2006, 3, 5), ("012084",))


@pytest.mark.parametrize(
    ("name", "reading", "prefecture", "code"),
    [
        pytest.param("北海道北見市", None, None, "012084", id="with its prefecture"),
        pytest.param("北見市", None, "北海道", "012084", id="beside its prefecture"),
        pytest.param("北見市", None, None, "012084", id="the only one of Japan"),
        pytest.param("弘前市", None, "青森", "022021", id="beside its prefecture without 県"),
        pytest.param("弘前市", None, "青 森 県", "022021", id="beside its prefecture, set wide"),
        pytest.param("和歌山県", "わかやまけん", None, "300004", id="a prefecture"),
        pytest.param("東京都", None, "東京都", "130001", id="a prefecture beside itself"),
        pytest.param("上川郡下川町", None, "北海道", "014681", id="with its district, beside its prefecture"),
        pytest.param("北海道上川郡下川町", None, None, "014681", id="with both in front"),
        pytest.param("上川郡下川町", None, None, "014681", id="with its district alone"),
        pytest.param(
            "北海道上川郡下川町",
            "かみかわぐんしもかわちょう",
            None,
            "014681",
            id="a reading with its district",
        ),
        pytest.param(
            "北海道上川郡下川町",
            "ほっかいどうかみかわぐんしもかわちょう",
            None,
            "014681",
            id="a reading with both",
        ),
        pytest.param("北海道北見市", "きたみし", None, "012084", id="a reading without the prefecture"),
        pytest.param(
            "北見市", "ほっかいどうきたみし", None, "012084", id="the prefecture in the reading alone"
        ),
        pytest.param("北海道北見市", "ｷﾀﾐｼ", None, "012084", id="a reading in half-width katakana"),
        pytest.param("札幌市中央区", None, None, "011011", id="a ward"),
        pytest.param("大阪市北区", "きたく", None, "271276", id="a ward, read without its city"),
        pytest.param("中央区", None, "東京都", "131024", id="a special ward of Tokyo"),
        pytest.param("千代田区", None, None, "131016", id="a special ward that only Tokyo has"),
        pytest.param("森町", None, "静岡県", "224618", id="森町 of 静岡県"),
        pytest.param("森町", None, "北海道", "013455", id="森町 of 北海道"),
        pytest.param("松前町", "まつまえちょう", None, "013315", id="松前町, told by its reading"),
        pytest.param("松前町", "まさきちょう", None, "384011", id="松前町, told by its other reading"),
        pytest.param(
            "小国町",
            "やまがたけんおぐにまち",
            None,
            "064017",
            id="小国町, told by the prefecture of its reading",
        ),
        pytest.param("府中市", None, "広島", "342084", id="府中市, told by a short prefecture"),
        pytest.param("福島県伊達市", None, None, "072133", id="伊達市 with its prefecture"),
        pytest.param("福島県伊達市", None, "福島県", "072133", id="printed with it and beside it"),
        pytest.param("竜ケ崎市", "りゅうがさきし", "茨城県", "082082", id="other forms of its characters"),
        pytest.param("鹿嶋市", None, "茨城県", "082228", id="鹿嶋市 beside its prefecture"),
        pytest.param("京都府京都市", None, None, "261009", id="a city called as its prefecture"),
        pytest.param("島根県　隠岐の島町", None, None, "325287", id="a blank in the name"),
    ],
)
def test_leads_to(
    name: str, reading: str | None, prefecture: str | None, code: str, gazetteer: Gazetteer
) -> None:
    area = gazetteer.area_of(name, reading, prefecture)
    assert area is not None
    assert area.code == code


@pytest.mark.parametrize(
    ("name", "reading", "prefecture"),
    [
        pytest.param("森町", None, None, id="two in Japan"),
        pytest.param("森町", "もりまち", None, id="two that are read alike"),
        pytest.param("小国町", "おぐにまち", None, id="likewise"),
        pytest.param("府中市", None, None, id="two cities"),
        pytest.param("伊達市", "だてし", None, id="two cities that are read alike"),
        pytest.param("中央区", "ちゅうおうく", None, id="a ward of many cities"),
        pytest.param("白石区", None, None, id="a ward of one city, without it"),
        pytest.param("中央区", None, "北海道", id="a ward without its city, beside its prefecture"),
        pytest.param("鹿嶋市", None, None, id="鹿嶋市 is 鹿島市 but for the form of a character"),
        pytest.param("北見市", None, "青森県", id="beside another prefecture"),
        pytest.param("北見市", None, "北海遺", id="beside no prefecture"),
        pytest.param("青森県北見市", None, None, id="with another prefecture"),
        pytest.param("士幌町", "かみしほろちょう", "北海道", id="the name of one and the reading of another"),
        pytest.param("中川郡下川町", None, "北海道", id="with another district"),
        pytest.param(
            "北海道札幌市中央区",
            "ほっかいどうちゅうおうく",
            None,
            id="a reading that lacks the city in the middle",
        ),
        pytest.param(
            "下川町",
            "かみかわぐんしもかわちょう",
            "北海道",
            id="a reading with a district that the name lacks",
        ),
        pytest.param("北見市", "", "北海道", id="an empty reading"),
        pytest.param("", None, None, id="nothing"),
        pytest.param("北見市網走市", None, "北海道", id="two names run together"),
        pytest.param("旧北見市", None, "北海道", id="what it was"),
    ],
)
def test_leads_nowhere(name: str, reading: str | None, prefecture: str | None, gazetteer: Gazetteer) -> None:
    assert gazetteer.area_of(name, reading, prefecture) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("白馬村の人手・住宅不足解消に向け", {"204854"}, id="in a sentence"),
        pytest.param("滋賀県大津市の企業", {"252018"}, id="大津市 is no mention of 津市"),
        pytest.param("上士幌町コンソーシアム", {"016331"}, id="上士幌町 is no mention of 士幌町"),
        pytest.param("森町二地域居住推進コンソーシアム", {"013455", "224618"}, id="each that has the name"),
        pytest.param("静岡県森町", {"224618"}, id="the one of the prefecture that stands before"),
        pytest.param("四日市市と廿日市市", {"242021", "342131"}, id="市 within a name"),
        pytest.param("東村山市", {"132136"}, id="東村山市 is no mention of 東村"),
        pytest.param("札幌市中央区", {"011011"}, id="a ward, not its city"),
        pytest.param("市町村と農村、まちづくり", set(), id="words that are no names"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_mentioned(text: str, codes: set[str], gazetteer: Gazetteer) -> None:
    assert gazetteer.mentioned(text) == codes


@pytest.mark.parametrize(
    ("name", "prefecture", "expected"),
    [
        pytest.param("静岡県清水市", None, [SHIMIZU], id="with its prefecture"),
        pytest.param("清水市", "静岡県", [SHIMIZU], id="beside its prefecture"),
        pytest.param("旧清水市", None, [SHIMIZU], id="said to be former"),
        pytest.param("北海道旧端野町", None, [TANNO], id="said to be former behind the prefecture"),
        pytest.param("北海道常呂郡端野町", None, [TANNO], id="with its district"),
        pytest.param("山梨県清水市", None, [], id="another prefecture"),
        pytest.param("清水町", "静岡県", [], id="another name"),
    ],
)
def test_former(
    name: str, prefecture: str | None, expected: list[FormerArea], repository: Repository
) -> None:
    gazetteer = Gazetteer(repository.register(), [SHIMIZU, TANNO])
    assert gazetteer.former_named(name, prefecture) == expected
    assert gazetteer.area_of(name, None, prefecture) is None or not expected


def test_the_committed_former_areas_are_none_of_today(repository: Repository, gazetteer: Gazetteer) -> None:
    former = repository.former_areas()
    assert len(former) == 6
    for each in former:
        assert each.successors
        assert all(code in gazetteer for code in each.successors)
        assert gazetteer[each.prefecture].kind is AreaKind.PREFECTURE
        assert gazetteer.area_of(each.name, None, gazetteer[each.prefecture].name) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("220001,清水市,しみずし,2003-04-01,,r", "has no successors", id="nothing came of it"),
        pytest.param("220001,清水市,しみずし,2003-04-01,221007,", "has no reason", id="nobody knows why"),
        pytest.param("220001,清水市,しみずし,2003,221007,r", "2003", id="no day"),
    ],
)
def test_former_areas_that_are_not_told_in_full(line: str, message: str, tmp_path: Path) -> None:
    folder = tmp_path / "data/registers"
    folder.mkdir(parents=True)
    (folder / "former.csv").write_text(
        f"prefecture,name,reading,until,successors,reason\n{line}\n", encoding="utf-8"
    )
    with pytest.raises(TableError, match=message):
        Repository(tmp_path).former_areas()


def test_without_the_file_no_former_area_is_known(tmp_path: Path) -> None:
    assert Repository(tmp_path).former_areas() == []
