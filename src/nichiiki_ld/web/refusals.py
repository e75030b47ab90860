"""What the query page tells a person of a query that has no answer, in the language of the page.

Programs are told in English what the error says; the page has that too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from nichiiki_ld.errors import (
    MalformedQuery,
    NotExpressible,
    QueryError,
    QueryLimit,
    ServiceFailed,
    ServiceRefused,
    TooLong,
    TooManyQueries,
    TooManyServices,
    TooNested,
    UnknownFormat,
    UpdateRefused,
)
from nichiiki_ld.settings import Settings

LINES_AROUND = 2
"""Lines that are shown above and below one that cannot be read."""

MOST_CHARACTERS = 300
"""Of such a line."""

_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): ")
_PREFIX = re.compile(r"(?P<prefix>[A-Za-z][\w.-]*)?:")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a query, counted from 1."""

    number: int
    text: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a query has no answer.

    Attributes:
        told: What is wrong, in the language of the page.
        advice: What to do about it, likewise, or empty.
        message, hint: What a program is told, in English.
        line: Of the query, counted from 1, or 0.
        excerpt: The line that cannot be read, with its neighbours.
    """

    told: str
    advice: str
    message: str
    hint: str
    line: int
    excerpt: Sequence[Line]


def refusal_of(error: QueryError, text: str, settings: Settings) -> Refusal:
    """Return what a person is told of an error."""
    place = _PLACE.search(error.message) if isinstance(error, MalformedQuery) else None
    line, column = (int(place["line"]), int(place["column"])) if place else (0, 0)
    excerpt = _excerpt(text, line)
    told, advice = _unread(error, text, line, column) if excerpt else _told(error, settings)
    return Refusal(told, advice, error.message, error.hint or "", line if excerpt else 0, excerpt)


def _lines(text: str) -> list[str]:
    """Return the lines as the engine counts them."""
    return text.split("\n")


def _excerpt(text: str, number: int) -> list[Line]:
    lines = _lines(text)
    if not 1 <= number <= len(lines):
        return []
    first, last = max(1, number - LINES_AROUND), min(len(lines), number + LINES_AROUND)
    return [Line(each, lines[each - 1][:MOST_CHARACTERS], each == number) for each in range(first, last + 1)]


def _unread(error: QueryError, text: str, line: int, column: int) -> tuple[str, str]:
    """Return what is wrong where a query cannot be read."""
    if "Prefix not found" in error.message:
        found = [each["prefix"] or "" for each in _PREFIX.finditer(_lines(text)[line - 1][: column + 1])]
        prefix = f"{found[-1]}:" if found else ":"
        return (
            gettext("%(line)s行目の接頭辞「%(prefix)s」が宣言されていません。", line=line, prefix=prefix),
            gettext("先頭に「PREFIX %(prefix)s <…>」の行を加えてください。", prefix=prefix),
        )
    return (
        gettext(
            "%(line)s行目の%(column)s文字目から先を、SPARQLとして読み取れません。", line=line, column=column
        ),
        gettext("その前後の括弧・引用符・ピリオド・セミコロンを確かめてください。"),
    )


def _told(error: QueryError, settings: Settings) -> tuple[str, str]:
    """Return what is wrong, and what to do about it."""
    table = _LIMITS.get(error.limit) if isinstance(error, QueryLimit) else _KINDS.get(type(error))
    return table(settings) if table else (gettext("この問い合わせは実行できません。"), "")


Telling = Callable[[Settings], tuple[str, str]]


def _too_large(_: Settings) -> tuple[str, str]:
    return (
        gettext("答えが大きすぎます。"),
        gettext("LIMIT と OFFSET で分けるか、ダウンロードのページの全データをお使いください。"),
    )


_LIMITS: Mapping[str, Telling] = {
    "time": lambda settings: (
        gettext(
            "一つの問い合わせに使える時間（%(seconds)s秒）を超えました。",
            seconds=f"{settings.query_seconds:g}",
        ),
        gettext("条件を増やすか、LIMIT を付けて件数を減らしてください。"),
    ),
    "memory": lambda settings: (
        gettext(
            "一つの問い合わせに使えるメモリ（%(megabytes)s MB）を超えました。",
            megabytes=settings.query_memory_mb,
        ),
        gettext("ORDER BY・GROUP BY・DISTINCT の対象を減らすか、条件を増やしてください。"),
    ),
    "load": lambda _: (
        gettext("いま混み合っているため、順番が来ませんでした。"),
        gettext("少し待ってから、もう一度実行してください。"),
    ),
    "result rows": _too_large,
    "result bytes": _too_large,
}
"""Limit → what is told of it."""

_KINDS: Mapping[type[QueryError], Telling] = {
    TooManyQueries: lambda _: (
        gettext("待っている問い合わせが多すぎます。"),
        gettext("少し待ってから、もう一度実行してください。"),
    ),
    TooNested: lambda _: (
        gettext("括弧や演算子の入れ子が深すぎます。"),
        gettext("選択肢をたくさん並べるときは、UNION や || の代わりに VALUES や IN をお使いください。"),
    ),
    TooLong: lambda settings: (
        gettext(
            "問い合わせが長すぎます（%(kilobytes)s kBまで）。", kilobytes=settings.max_query_bytes // 1000
        ),
        gettext("いくつかに分けて実行してください。"),
    ),
    UpdateRefused: lambda _: (
        gettext("このエンドポイントは読み取り専用です。"),
        gettext("SELECT・ASK・CONSTRUCT・DESCRIBE が使えます。"),
    ),
    ServiceRefused: lambda _: (
        gettext("SERVICE でほかのエンドポイントに問い合わせることはできません。"),
        gettext("相手のエンドポイントから、SERVICE でここに問い合わせることはできます。"),
    ),
    TooManyServices: lambda _: (
        gettext("この問い合わせは実行できません。"),
        gettext("いくつかに分けて実行してください。"),
    ),
    ServiceFailed: lambda _: (gettext("SERVICE の相手のエンドポイントが答えませんでした。"), ""),
    NotExpressible: lambda _: (
        gettext("この形式では書けない文字が答えにあります。"),
        gettext("ほかの形式を選んでください。"),
    ),
    UnknownFormat: lambda _: (gettext("その名前の形式はありません。"), ""),
    MalformedQuery: lambda _: (gettext("この問い合わせは、SPARQLとして読み取れません。"), ""),
}
"""Class of error → what is told of it."""
