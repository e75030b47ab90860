"""Which representation a client gets: the `Accept` and `Accept-Encoding` fields.

Source: RFC 9110, sections 12.4.2 (quality values), 12.5.1 (Accept) and 12.5.3 (Accept-Encoding).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from nichiiki_ld.formats import Format

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_NAME})/({_NAME})\s*((?:;.*)?)", re.DOTALL)
_CODING = re.compile(rf"\s*({_NAME})\s*((?:;.*)?)", re.DOTALL)
_PARAMETER = re.compile(rf';\s*(?:({_NAME})\s*=\s*({_NAME}|"(?:[^"\\]|\\.)*"))?\s*', re.DOTALL)
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+', re.DOTALL)


class Match(IntEnum):
    """How closely a media range names a media type; the closest speaks for it."""

    NONE = 0
    ANYTHING = 1
    TYPE = 2
    NAMED_WITH_PARAMETERS = 3
    NAMED = 4


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an `Accept` field.

    Attributes:
        quality: From 0 (refused) to 1.
        parameters: Whether it has parameters that no representation here has; a range
            without them speaks for the same type with more weight.
    """

    type: str
    subtype: str
    quality: float
    parameters: bool = False

    def match(self, media_type: str) -> Match:
        """Return how closely it names a media type."""
        type_, _, subtype = media_type.partition("/")
        if self.type == "*":
            return Match.ANYTHING
        if self.type != type_ or self.subtype not in ("*", subtype):
            return Match.NONE
        if self.subtype == "*":
            return Match.TYPE
        return Match.NAMED_WITH_PARAMETERS if self.parameters else Match.NAMED


def parse_accept(field: str) -> list[MediaRange]:
    """Return the media ranges of an `Accept` field.

    An element that is no media range, or whose quality is no quality value, is left
    out: one bad element does not spoil the others. `charset=utf-8` is no parameter
    of ours to be told apart by, and neither is the `profile` of JSON-LD.
    """
    ranges = []
    for element in _ELEMENT.findall(field):
        match = _RANGE.fullmatch(element)
        parameters = _parameters(match[3]) if match else None
        if not match or parameters is None:
            continue
        quality = parameters.pop("q", "1")
        if not _QUALITY.fullmatch(quality) or (match[1] == "*" and match[2] != "*"):
            continue
        ignored = parameters.get("charset", "utf-8").strip('"').lower() in ("utf-8", "utf8")
        others = parameters.keys() - ({"charset", "profile"} if ignored else {"profile"})
        ranges.append(MediaRange(match[1].lower(), match[2].lower(), float(quality), bool(others)))
    return ranges


def _parameters(text: str) -> dict[str, str] | None:
    """Return parameters by lower-case name; None when the text is something else."""
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _PARAMETER.match(text, position)
        if not match:
            return None
        if match[1]:
            found.setdefault(match[1].lower(), match[2])
        position = match.end()
    return found


def negotiate(accept: str | None, offered: Sequence[Format]) -> Format | None:
    """Return the offered format that a client likes best; None when it accepts none.

    The highest quality wins; between equals the format that was named rather than met
    by a wildcard, then the one that is offered first. Without a field, or with one
    that holds no media range at all, the first offered is the answer.
    """
    ranges = parse_accept(accept) if accept else []
    if not ranges:
        return offered[0] if offered else None
    best: Format | None = None
    best_rank = (0.0, Match.NONE)
    for each in offered:
        rank = _rank(each, ranges)
        if rank[0] > 0 and rank > best_rank:
            best, best_rank = each, rank
    return best


def _rank(offered: Format, ranges: Sequence[MediaRange]) -> tuple[float, Match]:
    """Return the quality of the range that speaks for a format, and how closely it names it.

    Another media type of the same format counts only where a client names it: `*/*`
    must not bring back by an alias what `text/html;q=0` has refused.
    """
    match, quality = max((r.match(offered.media_type), r.quality) for r in ranges)
    if match < Match.NAMED_WITH_PARAMETERS:
        named = [
            (r.quality, r.match(alias))
            for r in ranges
            for alias in offered.aliases
            if r.match(alias) >= Match.NAMED_WITH_PARAMETERS
        ]
        if named:
            return max(named)
    return (quality, match) if match else (0.0, Match.NONE)


def accepts_gzip(field: str | None) -> bool:
    """Tell whether a client takes `gzip`, by its `Accept-Encoding` field.

    A client that sends no field would take any coding, but old ones that send none
    cannot undo any: they get the plain bytes.
    """
    qualities: dict[str, float] = {}
    for element in _ELEMENT.findall(field or ""):
        match = _CODING.fullmatch(element)
        parameters = _parameters(match[2]) if match else None
        if not match or parameters is None:
            continue
        quality = parameters.get("q", "1")
        if _QUALITY.fullmatch(quality):
            qualities[match[1].lower()] = float(quality)
    gzip = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)
