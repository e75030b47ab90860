"""What a person asks for: words that all must be there, in any of the ways in which they may be written."""

from __future__ import annotations

import re
from dataclasses import dataclass

import jaconv

from nichiiki_ld.search.folding import fold, key_of, phrase

MOST_CHARACTERS = 200
"""Of a request; what follows is left out."""

MOST_WORDS = 12

_LATIN = re.compile(r"[a-z][a-z'\-]*")
_KANA = re.compile("[ぁ-ゖー]+(?<!っ)")
_LONG_VOWEL = re.compile("o[ou]|oh(?![aiueo])|uu")
_M_FOR_N = re.compile("m(?=[bmp])")
_SIGNS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Request:
    """Words to look for.

    Attributes:
        text: As it was typed, without what no text has.
        words: Each, folded, and after it how it may stand in a name instead.
        keys: What a name or code may be that is meant as a whole.
        iri: The same, if it is an IRI, or empty.
        is_cut: Whether something was left out.
    """

    text: str
    words: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    iri: str
    is_cut: bool

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.words)

    @property
    def forms(self) -> tuple[str, ...]:
        """All ways of all words."""
        return tuple(form for forms in self.words for form in forms)

    def expression(self) -> str:
        """Return it in the query language of FTS5.

        There are only letters and digits within the quotation marks, so nothing that is
        typed means anything there.
        """
        return " AND ".join(
            f"({' OR '.join([_phrase(word), *(f'name : {_phrase(form)}' for form in others)])})"
            for word, *others in self.words
        )


def read_request(typed: str) -> Request:
    """Return what was asked for; there are no wrong requests, but empty ones."""
    plain = " ".join(_SIGNS.sub(" ", typed[: 2 * MOST_CHARACTERS]).split())
    text = plain[:MOST_CHARACTERS]
    all_words = [word for word in fold(text).split() if phrase(word)[0]]
    words = list(dict.fromkeys(all_words))
    return Request(
        text=text,
        words=tuple((word, *_other_forms(word)) for word in words[:MOST_WORDS]),
        keys=tuple(filter(None, (key_of(text), *map(key_of, _other_forms("".join(all_words)))))),
        iri=text if text.startswith(("https://", "http://")) else "",
        is_cut=len(plain) > MOST_CHARACTERS or len(typed) > 2 * MOST_CHARACTERS or len(words) > MOST_WORDS,
    )


def _other_forms(word: str) -> list[str]:
    """Return how else a word of Latin letters may stand in a name.

    As the kana that it was typed for: chuuou is ちゅうおう. With its long vowels short, as
    signs and maps have them: chuou is chuo, and ohsaka is osaka. With the n that stations
    and passports write as m: gumma is gunma.
    """
    if not _LATIN.fullmatch(word):
        return []
    spelt = list(dict.fromkeys((word, _M_FOR_N.sub("n", word))))
    forms = [_LONG_VOWEL.sub(lambda match: match[0][0], each) for each in spelt]
    kana = str(jaconv.alphabet2kana(re.sub(r"['\-]", "", spelt[-1])))
    forms += [kana] if len(kana) > 1 and _KANA.fullmatch(kana) else []
    return [form for form in dict.fromkeys(forms) if form != word]


def _phrase(form: str) -> str:
    found, begun = phrase(form)
    return f'"{" ".join(found)}"{" *" if begun else ""}'
