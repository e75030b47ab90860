"""Readings in Latin letters, and the English names of areas that follow from them.

Modified Hepburn without signs for long vowels, as on maps and road signs. What kana cannot say
is where one word ends and the next begins: まつうら is matsu-ura, not a long u. Such names are in
`data/registers/english.csv`, each with its reason.

Source:
    地名等の英語表記規程 (国土地理院, 平成28年国地達第10号), articles 13 and 15 and annex 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import jaconv

from nichiiki_ld.errors import RegisterError
from nichiiki_ld.model import Area, AreaKind

_LONG_VOWEL = re.compile("([おこごそぞとどのほぼぽもよょろ])[うお]|([うくぐすずつぬふぶぷむゆゅる])う")
_N_BEFORE_VOWEL = re.compile("ん(?=[あいうえおやゆよ])")
_SAME_SOUND = str.maketrans({"ぢ": "じ", "づ": "ず", "を": "お", "ー": None})
_HIRAGANA = re.compile("[ぁ-ゖー]+")
_LATIN = re.compile("[a-wyz]+(-[a-wyz]+)*")
"""Without x, which jaconv puts before a small kana that it finds alone."""

_ENDINGS = {
    "都": (("と",), "Metropolis"),
    "府": (("ふ",), "Prefecture"),
    "県": (("けん",), "Prefecture"),
    "市": (("し",), "City"),
    "町": (("ちょう", "まち"), "Town"),
    "村": (("むら", "そん"), "Village"),
    "区": (("く",), "Ward"),
}
"""Last character of a name → how it is read, and its English. 北海道 has none: Hokkaido is the whole name."""

_SPECIAL_WARD = "City"
"""What article 15 (2) calls the 23 special wards of Tokyo, and they themselves."""


def romanize(reading: str) -> str:
    """Return one word in hiragana in lower-case Latin letters: くっちゃん is kutchan, かんおんじ is kan-onji.

    The vowel of おう, おお and うう is taken to be long and written once.

    Raises:
        RegisterError: The text is no hiragana.
    """
    short = _LONG_VOWEL.sub(r"\1\2", reading.translate(_SAME_SOUND))
    # ん before a vowel or y is set off with a hyphen, and is n before b, m and p too.
    parts = _N_BEFORE_VOWEL.sub("ん-", short).split("-")
    latin = "-".join(str(jaconv.kana2alphabet(part)) for part in parts).replace("cch", "tch")
    if not (_HIRAGANA.fullmatch(reading) and _LATIN.fullmatch(latin)):
        raise RegisterError(f"「{reading}」 is no reading in hiragana", hint="mend the reading")
    return latin


def with_english_names(areas: Iterable[Area]) -> list[Area]:
    """Return areas with their English names: `Kitami City`, `Chuo Ward, Sapporo City`.

    Raises:
        RegisterError: A reading is no hiragana, or does not end as the name does; or a ward
            lies in no designated city.
    """
    areas = list(areas)
    cities = [area for area in areas if area.kind is AreaKind.DESIGNATED_CITY]
    return [replace(area, english_name=_english_name(area, _city_of(area, cities))) for area in areas]


def _city_of(area: Area, cities: Iterable[Area]) -> Area | None:
    if area.kind is not AreaKind.WARD:
        return None
    for city in cities:
        if city.prefecture == area.prefecture and area.name.startswith(city.name):
            return city
    raise RegisterError(f"the ward {area.name} lies in no designated city", where=f"register, {area.code}")


def _english_name(area: Area, city: Area | None) -> str:
    reading = area.reading
    if city:
        if not reading.startswith(city.reading):
            raise RegisterError(
                f"the reading 「{reading}」 of {area.name} does not begin with that of {city.name}",
                where=f"register, {area.code}",
            )
        reading = reading.removeprefix(city.reading)
    endings, kind = _ENDINGS.get(area.name[-1], (("",), ""))
    if area.kind is AreaKind.SPECIAL_WARD:
        kind = _SPECIAL_WARD
    ending = next((each for each in endings if reading.endswith(each)), None)
    if ending is None or reading == ending:
        raise RegisterError(
            f"the reading 「{reading}」 does not end as the name {area.name} does",
            where=f"register, {area.code}",
        )
    name = area.english or romanize(reading.removesuffix(ending)).capitalize()
    name = f"{name} {kind}".rstrip()
    return f"{name}, {_english_name(city, None)}" if city else name
