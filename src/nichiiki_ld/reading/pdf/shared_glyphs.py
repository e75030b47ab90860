"""Characters that some PDF files name in place of others that look the same.

A font draws 月 and the radical ⽉ with one and the same glyph. A program that keeps only
glyphs (Skia, so Chromium; Quartz, so macOS) later writes into the PDF which character
each glyph may stand for, and takes the first that the font has: the radical. That is an
artefact of the file, nothing that anybody printed, so it is undone here.

Source: Equivalent_Unified_Ideograph (Unicode Character Database) for the radicals.
"""

from __future__ import annotations

import unicodedata

_SUPPLEMENT = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰"
    "⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡"
    "⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟"
    "罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐"
    "马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_RADICALS = str.maketrans(_SUPPLEMENT, _IDEOGRAPHS) | {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
}
# Japanese fonts draw the door of 神戸; NFKC has the Chinese one (戶).
_RADICALS[0x2F3E] = "戸"

# Only where the glyph is as wide as a Japanese one: a narrow middle dot is one.
_FULL_WIDTH = str.maketrans("\u2003\u2027\u2215\u2035\u2329\u232a", "\u3000・／｀〈〉")

_WAVE_DASH = str.maketrans("〜", "～")


def unify(text: str, *, full_width: bool) -> str:
    """Return what a glyph's text stands for.

    Args:
        full_width: Whether the glyph is as wide as it is high.
    """
    text = text.translate(_RADICALS)
    return text.translate(_FULL_WIDTH) if full_width else text


def unify_dashes(text: str) -> str:
    """Return a text with the wave dash that Japanese keyboards write (U+FF5E) for the one of JIS (U+301C).

    To be used only on documents whose glyphs stand for the first of several characters:
    there, nothing but U+301C can come out, whatever was typed.
    """
    return text.translate(_WAVE_DASH)
