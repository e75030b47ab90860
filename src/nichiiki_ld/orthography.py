"""Which writings are the same name, and which kana are the same reading.

A character has forms: 龍 and 竜, ヶ and ケ, ｶﾅ and カナ. Who prints one for the other prints the
same name. Only forms of one character are taken for each other here, never a character that
looks or sounds alike: 塩釜市 is not how 塩竈市 is written, and 大 is not 太.

Source:
    Unicode Standard Annex 15 (NFKC); Unicode Technical Standard 37 (variation sequences);
    常用漢字表 (平成22年内閣告示第2号); 表外漢字字体表 (平成12年国語審議会答申).
"""

from __future__ import annotations

import re
import unicodedata

_OLDER = (
    "與与 並竝 來来 兒児 內内 劍剣 區区 卷巻 國国 增増 壯壮 壹壱 壽寿 奧奥 姬姫 寢寝 寶宝 對対 屬属 帶帯 廣広 彌弥 德徳 "
    "惠恵 戀恋 拂払 攝摂 曾曽 會会 條条 樂楽 樣様 橫横 檢検 櫻桜 歸帰 氣気 淺浅 淸清 滿満 澁渋 澤沢 濱浜 瀧滝 瀨瀬 灣湾 "
    "燒焼 狹狭 當当 發発 眞真 穗穂 稻稲 絲糸 綠緑 總総 繩縄 膽胆 莊荘 藏蔵 藝芸 觀観 讀読 豐豊 賣売 輕軽 邊辺 鄕郷 關関 "
    "隱隠 雙双 靑青 靜静 餘余 鹽塩 黑黒 龍竜 龜亀 縣県 臺台 萬万 榮栄 溫温 巢巣 豫予 霸覇"
)
"""Older forms beside today's, as the list of kanji in general use has them in brackets."""

_SIMPLER = "檮梼 礪砺 驒騨 籠篭 諫諌 鰺鯵 竈竃 俱倶 禰祢 檜桧 蘆芦"
"""Forms for print beside simpler forms in use, of kanji that are not in that list."""

_IN_REGISTERS = "﨑崎 嵜崎 髙高 濵浜 邉辺 嶋島 嶌島 冨富 舘館 渕淵 峯峰 𠮷吉 舩船 㐂喜 郞郎"
"""Forms that registers of names keep apart and readers do not."""

_RADICALS = "⻑長 ⻄西 ⻘青 ⻯竜 ⻤鬼 ⻆角 ⻲亀 ⻅見 ⻉貝 ⻢馬 ⻥魚"
"""Radicals that NFKC leaves alone. Fonts show them for the kanji, so they come out of a PDF instead of it."""

FORMS = {pair[0]: pair[1] for pairs in (_OLDER, _SIMPLER, _IN_REGISTERS, _RADICALS) for pair in pairs.split()}
"""Form of a character → the form it is compared as. Only characters that names of places have are here."""

_VARIATION_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_UNSEEN = (0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF)
_SAME = {ord(form): same for form, same in FORMS.items()} | dict.fromkeys((*_VARIATION_SELECTORS, *_UNSEEN))

_KANJI = "[々〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_BETWEEN_KANJI = re.compile(f"(?<={_KANJI})[ヶヵノ](?={_KANJI})")
_FULL_FORM = {"ヶ": "ケ", "ヵ": "カ", "ノ": "の"}

_HIRAGANA_OF_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)} | dict.fromkeys(_UNSEEN)
_KANA = re.compile("[ぁ-ゖー]+")


def fold_name(text: str) -> str:
    """Return the form that all writings of a name share: 龍ヶ崎市, 竜ケ崎市 and ⻯ｹ崎市 are one.

    White space is left out, as a name can be set wide. Between kanji, and only there, ヶ is ケ, ヵ is
    カ and ノ is の. Kana are not taken for each other otherwise: にせこ町 is not how ニセコ町 is written.
    """
    text = "".join(unicodedata.normalize("NFKC", text).split()).translate(_SAME)
    return _BETWEEN_KANJI.sub(lambda match: _FULL_FORM[match[0]], text)


def fold_reading(text: str) -> str:
    """Return a reading in hiragana, however wide and in whichever kana it is set.

    A small kana is not a large one, and づ is not ず: ちよう for ちょう is a misprint that a person looks at.
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_HIRAGANA_OF_KATAKANA)


def is_kana(text: str) -> bool:
    """Say whether a text, apart from white space, is kana throughout, hiragana or katakana of any width."""
    return _KANA.fullmatch(fold_reading(text)) is not None
