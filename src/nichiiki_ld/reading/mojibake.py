"""Text that was garbled before its file was written: 譁�ｭ怜喧縺�, or æ–‡å­—åŒ–ã‘.

Somebody decoded a Japanese text with the wrong encoding and saved the result. The file is
valid, and nothing of it is right.
"""

from __future__ import annotations

import re

from nichiiki_ld.errors import UnreadableDocument

_SAMPLE_CHARACTERS = 100_000
_LOST = "\N{REPLACEMENT CHARACTER}"
_WESTERN = ("cp1252", "latin-1", "mac_roman")
_UTF8_SEQUENCES = re.compile(rb"(?:[\xe2-\xef][\x80-\xbf]{2})+")
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")
_KANA = re.compile("[ぁ-ヿ]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_EAST_ASIAN = re.compile("[\u2e80-\ud7ff\uf900-\uffef]")

_FEWEST_BYTES = 6
_MOST_LOST = 0.2
_MOST_SEQUENCES = 0.6
_MOST_SIGNS = 0.3
_MOST_HALF_WIDTH = 0.4
_JAPANESE_AGAIN = 0.3
_KANA_AGAIN = 0.1
"""Shares of the characters (bytes, for sequences) from which a suspicion is one."""


def refuse_mojibake(text: str, where: str) -> None:
    """Make sure that a text is not one encoding read as another.

    Japanese text in UTF-8 that was read as something else becomes UTF-8 sequences again
    when it is encoded back, and real text does not. Japanese text in CP932 or EUC-JP that
    was read as a Western encoding has letters and signs only. A text in EUC-JP read
    as CP932 is half-width kana, whose bytes are kana of full width.

    Raises:
        UnreadableDocument: It is, or a good part of its characters is lost.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    strange = "".join(character for character in sample if not character.isascii())
    if not strange:
        return
    wrong = next((name for name, test in _TESTS.items() if test(sample, strange)), None)
    if wrong:
        line = next(line for line in text.splitlines() if not line.isascii()).strip()
        raise UnreadableDocument(
            f"is garbled: 「{line[:20]}」 is {wrong}",
            where=where,
            hint="take the original again; saving this file in another encoding does not bring the text back",
        )


def _is_lost(_sample: str, strange: str) -> bool:
    return strange.count(_LOST) > _MOST_LOST * len(strange)


def _is_utf8_in(encodings: tuple[str, ...], strange: str) -> bool:
    for encoding in encodings:
        raw = strange.encode(encoding, errors="ignore")
        whole = sum(len(each) for each in _UTF8_SEQUENCES.findall(raw))
        if whole >= _FEWEST_BYTES and whole >= _MOST_SEQUENCES * len(raw):
            return True
    return False


def _is_utf8_in_japanese(_sample: str, strange: str) -> bool:
    return _is_utf8_in(("cp932", "euc_jp"), strange)


def _is_utf8_in_western(_sample: str, strange: str) -> bool:
    return _is_utf8_in(_WESTERN, strange)


def _is_japanese_in_western(sample: str, strange: str) -> bool:
    if _EAST_ASIAN.search(strange) or len(strange) < _MOST_SIGNS * len("".join(sample.split())):
        return False
    for wrong in _WESTERN:
        raw = sample.encode(wrong, errors="ignore")
        for right in ("cp932", "euc_jp"):
            again = raw.decode(right, errors="ignore")
            if len(_JAPANESE.findall(again)) > _JAPANESE_AGAIN * len(again):
                return True
    return False


def _is_euc_in_cp932(sample: str, strange: str) -> bool:
    if len(_HALF_WIDTH.findall(strange)) < _MOST_HALF_WIDTH * len(strange):
        return False
    again = sample.encode("cp932", errors="ignore").decode("euc_jp", errors="ignore")
    return len(_KANA.findall(again)) > _KANA_AGAIN * len(again)


_TESTS = {
    "UTF-8 that was read as Shift_JIS or EUC-JP": _is_utf8_in_japanese,
    "UTF-8 that was read as a Western encoding": _is_utf8_in_western,
    "Japanese that was read as a Western encoding": _is_japanese_in_western,
    "EUC-JP that was read as Shift_JIS": _is_euc_in_cp932,
    "a text whose characters were lost": _is_lost,
}
