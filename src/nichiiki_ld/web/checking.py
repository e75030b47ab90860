"""What a release is checked by, in words: shared by the pages of the vocabulary, the shapes and the quality."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext
from pyoxigraph import BlankNode, Literal, NamedNode

from nichiiki_ld.catalog import Facts, Term
from nichiiki_ld.constraints import Check, Condition, Shape, Target, read_shapes
from nichiiki_ld.namespaces import DCAT, RDFS_LABEL, SH, SKOS, VOID
from nichiiki_ld.web import language, linking
from nichiiki_ld.web.once import once_per_release
from nichiiki_ld.web.site import Site

SHAPES = "shapes"
"""Name of the shapes below the base."""

_PLACE = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True, slots=True)
class Named:
    """A term that is mentioned: how it is written, and where it is told of."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A condition in words: what is looked at, and what it must be."""

    label: str
    values: tuple[Named, ...]


@once_per_release
def shapes_of(site: Site) -> tuple[Shape, ...]:
    """Return the shapes that a release was validated by; none where it was not."""
    path = site.release.folder / "shapes.ttl"
    return read_shapes(path.read_bytes()) if path.is_file() else ()


@once_per_release
def nodes_of(site: Site) -> dict[str, int]:
    """Return how many nodes each shape was applied to, by its IRI."""
    return {shape.iri: _nodes(site, shape.targets) for shape in shapes_of(site)}


def _nodes(site: Site, targets: tuple[Target, ...]) -> int:
    own = site.own("")
    counts = site.manifest["counts"]
    first = targets[0]
    if len(targets) == 1 and first.kind == "Class" and first.iri.removeprefix(own) in counts:
        return int(counts[first.iri.removeprefix(own)])
    if len(targets) == 1 and first.kind == "SubjectsOf":
        # Of a large release these are hundreds of thousands, which the engine counts where they are.
        text = f"SELECT (COUNT(DISTINCT ?node) AS ?nodes) WHERE {{ ?node {NamedNode(first.iri)} ?value }}"
        return sum(
            int(row["nodes"].value) for row in site.store.select(text) if isinstance(row["nodes"], Literal)
        )
    return len({node for target in targets for node in _focus(site, target)})


def _focus(site: Site, target: Target) -> Iterator[Term]:
    node = NamedNode(target.iri)
    if target.kind == "Class":
        yield from site.catalog.instances(node)
    elif target.kind == "Node":
        yield node
    else:
        for triple in site.store.triples(None, node):
            yield triple.subject if target.kind == "SubjectsOf" else triple.object


def groups_of(site: Site) -> list[tuple[tuple[Target, ...], list[Shape]]]:
    """Return the shapes by what they are applied to; the classes of the vocabulary come first."""
    groups: dict[tuple[Target, ...], list[Shape]] = {}
    for shape in shapes_of(site):
        groups.setdefault(shape.targets, []).append(shape)
    own = site.own("")
    return sorted(groups.items(), key=lambda group: not group[0][0].iri.startswith(own))


def places_of(site: Site) -> dict[str, str]:
    """Return for each check the shape at which it is told in full: the first of those that share it."""
    places: dict[str, str] = {}
    for _, shapes in groups_of(site):
        for shape in shapes:
            for check in shape.checks:
                places.setdefault(check.iri, shape.iri)
    return places


def label_of(site: Site, iri: str) -> str:
    """Return what a page calls a class or property that shapes are applied to, or the empty text."""
    words: dict[str, str] = {
        f"{SKOS}Concept": gettext("テーマ"),
        f"{SKOS}ConceptScheme": gettext("テーマの体系"),
        f"{DCAT}Dataset": gettext("データセット"),
        f"{DCAT}Distribution": gettext("配布物"),
        f"{VOID}Linkset": gettext("外部へのリンクの集まり"),
    }
    found = _labels(site).text(NamedNode(iri), RDFS_LABEL, language.current(), *language.LANGUAGES)
    return found or words.get(iri, "")


@once_per_release
def _labels(site: Site) -> Facts:
    """Return the names of the classes and properties that shapes are applied to."""
    targets = {target.iri for shape in shapes_of(site) for target in shape.targets}
    return Facts(site.catalog.names(NamedNode(each) for each in sorted(targets)))


def anchor_of(iri: str) -> str:
    """Return where a shape or constraint stands on the page of the shapes."""
    return iri.rpartition("#")[2]


def named(site: Site, term: Term | str) -> Named:
    """Return how a page writes a term of a shape."""
    if isinstance(term, str):
        return Named(site.compactor.shorten(term), linking.address(term))
    if isinstance(term, NamedNode):
        iri = term.value
        if iri.startswith(SH):
            return Named(iri.removeprefix(SH))
        return Named(site.compactor.shorten(iri), linking.address(iri))
    if isinstance(term, BlankNode):
        return Named(f"_:{term.value}")
    return Named(term.value if isinstance(term, Literal) else str(term))


def conditions(site: Site, check: Check) -> list[Said]:
    """Return what a check asks for, in words of the language of the page."""
    found = {each.name: each for each in check.conditions}
    said = []
    if number := _number(found.pop("minCount", None), found.pop("maxCount", None)):
        said.append(Said(gettext("個数"), (Named(number),)))
    for name, condition in found.items():
        label = _label(name)
        if name == "uniqueLang":
            said.append(Said(label, (Named(gettext("一つまで")),)))
        else:
            said.append(Said(label, tuple(named(site, each) for each in condition.values)))
    return said


def _number(least: Condition | None, most: Condition | None) -> str:
    """Return in words how many values there must be, or the empty text where any number will do."""
    low, high = _literal(least), _literal(most)
    if not low and not high:
        return ""
    if low == high:
        words = gettext("ちょうど%(number)s", number=low)
    elif low not in ("", "0") and high:
        words = gettext("%(low)sから%(high)s", low=low, high=high)
    elif high == "0":
        words = gettext("あってはならない")
    elif high:
        words = gettext("%(number)sまで", number=high)
    else:
        words = gettext("%(number)s以上", number=low)
    return str(words)


def _literal(condition: Condition | None) -> str:
    value = condition.values[0] if condition else None
    return value.value if isinstance(value, Literal) else ""


def _label(name: str) -> str:
    words: dict[str, str] = {
        "class": gettext("値のクラス"),
        "datatype": gettext("データ型"),
        "nodeKind": gettext("値の種類"),
        "in": gettext("次のいずれか"),
        "hasValue": gettext("必ず含む値"),
        "languageIn": gettext("言語"),
        "uniqueLang": gettext("一言語につき"),
        "pattern": gettext("文字列の形"),
        "minLength": gettext("最少の文字数"),
        "maxLength": gettext("最多の文字数"),
        "minInclusive": gettext("最小値"),
        "maxInclusive": gettext("最大値"),
        "minExclusive": gettext("これより大きい"),
        "maxExclusive": gettext("これより小さい"),
        "lessThan": gettext("次の値より前・小さい"),
        "lessThanOrEquals": gettext("次の値以前・以下"),
        "equals": gettext("次の値と同じ"),
        "disjoint": gettext("次の値と重ならない"),
        "node": gettext("合うべきシェイプ"),
    }
    return words.get(name, f"sh:{name}")


def message_of(check: Check) -> list[tuple[str, bool]]:
    """Return a check's message in the language of the page, in pieces.

    Each piece has whether it stands for a value that only a result has.
    """
    told = dict(check.messages)
    text = told.get(language.current()) or next(iter(told.values()), "")
    pieces, position = [], 0
    for match in _PLACE.finditer(text):
        pieces += [(text[position : match.start()], False), (match[1], True)]
        position = match.end()
    return [piece for piece in (*pieces, (text[position:], False)) if piece[0]]


def severity_name(severity: str) -> str:
    """Return what a page calls a severity."""
    words: dict[str, str] = {
        "Violation": gettext("違反"),
        "Warning": gettext("警告"),
        "Info": gettext("情報"),
    }
    return words.get(severity, severity)
