"""A list as a SPARQL query: the query is what defines the list.

A list has one row for each of its things. Its filters are checked values, so that the text
is made of nothing that a client wrote. Within one facet any of the values will do; all
facets have to agree, and where a list tells of things through their projects, it is one
and the same project that agrees with all.

Source: SPARQL 1.1 Query Language, sections 11 (aggregates) and 12 (subqueries).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LANGUAGES = ("ja", "en")

Words = tuple[str, str]
"""The same in Japanese and in English."""

_LOCAL = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*")
_IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")
_UNFIT_FOR_A_COMMENT = re.compile(r"[^\w・、。（）()～〜―ー,.:&/+ -]+")
_KIND = re.compile(r"[a-z]+(-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes:
        headings: In Japanese and in English.
        language: The only language whose table has it; empty for all.
    """

    variable: str
    headings: Words
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list.

    Attributes:
        name: As in its address.
        entry: Variable of the thing.
        facets: What it can be filtered by, in the order of the page.
        unlisted: What it can be filtered by too, but has too many values to be chosen from on the page.
        base: Pattern that every thing of the list matches.
        link: Pattern that ties a thing to a project; empty for projects themselves.
        needs_link: Whether a thing without a project is left out unless everything is asked for.
        counts: Whether the projects that agree with the filters are counted.
        columns: Of its tables.
        select, about, order, group: Parts of the query. A line that begins with `ja|` or
            `en|` is for that language only; `LANG` stands for the language.
        has_points: Whether its things lie somewhere.
        rank: Variables of `base` that its things are sorted by before their IRIs.
        day: Property of our vocabulary that says since when there is a thing; empty where nobody asks.
    """

    name: str
    title: Words
    entry: str
    facets: tuple[str, ...]
    base: str
    link: str
    needs_link: bool
    counts: bool
    columns: tuple[Column, ...]
    select: str
    about: str
    order: str
    group: str
    has_points: bool = False
    rank: tuple[str, ...] = ()
    day: str = ""
    unlisted: tuple[str, ...] = ()

    @property
    def filters(self) -> tuple[str, ...]:
        """All that it can be filtered by, in the order of an address."""
        return (*self.facets, *self.unlisted)

    def headings(self, language: str) -> list[tuple[str, str]]:
        """Return headings with their variables, for a table in a language."""
        place = LANGUAGES.index(language)
        return [
            (column.headings[place], column.variable)
            for column in self.columns
            if column.language in ("", language)
        ]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list is filtered by.

    Attributes:
        values: Facet → the values of which any will do, sorted: IRIs, or the kinds of fields.
        everything: Whether things without a project are wanted where they are left out.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    everything: bool = False

    def without(self, facet: str) -> Choice:
        """Return the choice without one facet."""
        return Choice(
            {name: values for name, values in self.values.items() if name != facet}, self.everything
        )

    @property
    def key(self) -> tuple[object, ...]:
        """What two equal choices have in common."""
        return (self.everything, *sorted((name, values) for name, values in self.values.items() if values))


_FACETS: Mapping[str, tuple[Words, str]] = {
    "theme": (("テーマ", "Theme"), "?project nichiiki:theme ?theme ."),
    "prefecture": (
        ("都道府県", "Prefecture"),
        "?project nichiiki:area/dcterms:isPartOf* ?prefecture .",
    ),
    "municipality": (
        ("市区町村", "Municipality"),
        "?project nichiiki:area/dcterms:isPartOf* ?municipality .",
    ),
    "programme": (("事業", "Programme"), "?project nichiiki:call/nichiiki:programme ?programme ."),
    "call": (("公募", "Call"), "?project nichiiki:call ?call ."),
    "kind": (
        ("欄", "Field"),
        '?correction nichiiki:field ?field FILTER (REPLACE(?field, "-[0-9]+$", "") = ?kind)',
    ),
}
_OF_AREAS = {"prefecture": "?area dcterms:isPartOf* ?prefecture ."}
RELATIONS: Mapping[str, str] = {
    "area": "?project nichiiki:area ?area .",
    "decision": "?project nichiiki:decision ?decision .",
}
"""What pages look for projects by, beside the facets."""

_TO_READ: Mapping[str, str] = {
    "prefecture": "?prefecture a nichiiki:Prefecture .",
    "kind": '?correction a nichiiki:Correction ; nichiiki:field ?field BIND (REPLACE(?field, "-[0-9]+$", "") AS ?kind)',
}
"""What the pattern of a facet needs, or is replaced by, where its values are asked for."""

_WHICH = ("# どれを載せるか", "# Which are listed")
_ABOUT = ("# 載せたものについて", "# What is told of each")


def usable(facet: str, value: str) -> bool:
    """Tell whether a value of the data can be written into a query as it is."""
    return bool((_KIND if facet == "kind" else _IRI).fullmatch(value))


def things_query(listing: Listing, prefixes: Mapping[str, str]) -> str:
    """Return the query for all things of a list, each with what it is sorted by and the projects it is tied to.

    Solutions may come more than once: not to repeat them takes the engine much memory.
    """
    lines = [listing.base]
    project = listing.entry if not listing.link else "project"
    if listing.link:
        lines.append(f"OPTIONAL {{ {listing.link} }}")
    variables = dict.fromkeys([listing.entry, *listing.rank, project])
    return _complete([f"SELECT {_variables(variables)} WHERE {{", *lines, "}"], prefixes)


def is_own(listing: Listing, facet: str) -> bool:
    """Tell whether the things of a list have a facet of themselves, not through projects."""
    return "?project" not in _pattern(listing, facet)


def values_query(listing: Listing, facet: str, prefixes: Mapping[str, str]) -> str:
    """Return the query for the values of a facet, or of a relation of projects, with what has each.

    That is the thing of the list where the facet is its own (`is_own`), else the project. Solutions
    may come more than once, and for other things than those of the list.
    """
    subject = listing.entry if is_own(listing, facet) else "project"
    pattern = _pattern(listing, facet)
    more = _TO_READ.get(facet, "")
    body = more if f"AS ?{facet}" in more else f"{pattern} {more}"
    return _complete([f"SELECT ?{subject} ?{facet} WHERE {{ {body} }}"], prefixes)


def list_query(
    listing: Listing,
    choice: Choice,
    prefixes: Mapping[str, str],
    language: str,
    names: Mapping[str, str],
) -> str:
    """Return the query whose solutions are the rows of a list.

    Args:
        prefixes: Prefix → namespace; those that are not used are left out.
        names: Value → what people call it, for the comments.
    """
    place = LANGUAGES.index(language)
    body = [
        f"SELECT {_indent(_in(listing.select, language), 2).lstrip()}",
        "WHERE {",
        "  {",
        "    SELECT * WHERE {",
        f"      {_WHICH[place]}",
        "      {",
        _indent(_members(listing, choice, prefixes, language, names), 8),
        "      }",
        f"      {_ABOUT[place]}",
        _indent(_in(listing.about, language), 6),
        "    }",
        f"    ORDER BY ?{listing.entry} {listing.order}",
        "  }",
        "}",
        f"GROUP BY {' '.join(_in(listing.group, language).split())}",
        f"ORDER BY {'DESC(?projects) ' if listing.counts else ''}{_variables([*listing.rank, listing.entry])}",
    ]
    return f"# {listing.title[place]}\n{_complete(body, prefixes)}"


def _members(
    listing: Listing, choice: Choice, prefixes: Mapping[str, str], language: str, names: Mapping[str, str]
) -> str:
    chosen = {facet: choice.values[facet] for facet in listing.filters if choice.values.get(facet)}
    patterns = {facet: _pattern(listing, facet) for facet in chosen}
    tied = any("?project" in pattern for pattern in patterns.values())
    lines = [listing.base]
    if listing.link and (tied or (listing.needs_link and not choice.everything)):
        lines.append(listing.link)
    elif listing.counts:
        lines.append(f"OPTIONAL {{ {listing.link} }}")
    for facet, values in chosen.items():
        title = _FACETS[facet][0][LANGUAGES.index(language)]
        said = [_comment(names[value]) for value in values if names.get(value)]
        if said:
            lines.append(f"# {title}: {' / '.join(said)}")
        terms = (f'"{each}"' if facet == "kind" else _term(each, prefixes) for each in values)
        lines += [f"VALUES ?{facet} {{ {' '.join(terms)} }}", patterns[facet]]
    variables = [listing.entry, *listing.rank, *(["project"] if listing.counts else [])]
    return f"SELECT DISTINCT {_variables(variables)} WHERE {{\n{_indent(chr(10).join(lines), 2)}\n}}"


def _variables(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


def _pattern(listing: Listing, facet: str) -> str:
    own = _OF_AREAS.get(facet) if listing.entry == "area" else None
    return own or RELATIONS.get(facet) or _FACETS[facet][1]


def _in(part: str, language: str) -> str:
    """Return the lines of a part that are for a language."""
    lines = []
    for line in part.splitlines():
        only, bar, rest = line.partition("|")
        if bar and only in LANGUAGES:
            if only == language:
                lines.append(rest)
        else:
            lines.append(line)
    return "\n".join(lines).replace('"LANG"', f'"{language}"')


def _indent(text: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line for line in text.splitlines())


def _term(iri: str, prefixes: Mapping[str, str]) -> str:
    assert _IRI.fullmatch(iri)
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(local := iri.removeprefix(namespace)):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _comment(name: str) -> str:
    """Return a name without what could end a comment, or the text that a query stands in."""
    return " ".join(_UNFIT_FOR_A_COMMENT.sub(" ", name).split())[:100]


def _complete(body: Iterable[str], prefixes: Mapping[str, str]) -> str:
    text = "\n".join(body)
    code = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    used: Sequence[str] = [
        f"PREFIX {prefix}: <{prefixes[prefix]}>"
        for prefix in sorted(prefixes)
        if re.search(rf"(?<![\w:]){prefix}:\w", code)
    ]
    return "\n".join([*used, "", text, ""])
