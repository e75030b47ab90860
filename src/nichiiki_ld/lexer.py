"""What a query's text says before anything parses it: the tokens of SPARQL, and what they add up to.

It costs time in proportion to the text and needs no stack, so it can judge what would
end a parser. It is no parser: a text that it finds nothing wrong with may be no SPARQL.

Source: SPARQL 1.1 Query Language, section 19 (grammar; 19.2 codepoint escape sequences).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from urllib.parse import urljoin

_NAME_START = r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
_VARIABLE = rf"{_NAME_START}0-9\u00B7\u0300-\u036F\u203F\u2040"
_NAME = rf"{_VARIABLE}\-"
_LOCAL = rf"(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])"
_GRAMMAR = rf"""
    (?P<space>[ \t\r\n]+|\#[^\r\n]*)
  | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$][{_VARIABLE}]+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
  | (?P<blank>_:[{_NAME}](?:[{_NAME}.]*[{_NAME}])?)
  | (?P<prefixed>(?:[{_NAME_START}](?:[{_NAME}.]*[{_NAME}])?)?:(?:{_LOCAL}(?:(?:{_LOCAL}|\.)*{_LOCAL})?)?)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<operator>\|\||&&|\^\^|!=|<=|>=|>>|[-+*/|!^=<>?])
  | (?P<separator>[.,;])
  | (?P<other>.)
"""
_TOKEN = re.compile(_GRAMMAR, re.VERBOSE | re.DOTALL)
_TOKEN_WITHOUT_PREFIX = re.compile(re.sub(r"\|\s\(\?P<prefixed>.*", "", _GRAMMAR), re.VERBOSE | re.DOTALL)
_PREFIX = re.compile(rf"[{_NAME}.]*")
_LINE_END = re.compile(r"[\r\n]")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_CHARACTER_ESCAPE = (
    r"\\(?:[tbnrf\"'\\]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|U00(?:0(?!0[dD][89a-fA-F])|10)[0-9a-fA-F]{4})"
)
_SHORT = {q: re.compile(rf"{q}(?:[^{q}\\\n\r]|{_CHARACTER_ESCAPE})*+{q}") for q in "'\""}
_LONG = {
    q: re.compile(rf"{q * 3}(?:{q}{{0,2}}+(?:[^{q}\\]|{_CHARACTER_ESCAPE}))*+{q * 3}", re.DOTALL)
    for q in "'\""
}
"""Strings, which are read without the other tokens: what has no end is tried once, not again from each quote in it."""

_OPERANDS = frozenset({"variable", "string", "language", "number", "prefixed", "iri", "blank"})
_GROUP_WORDS = ("union", "optional", "minus", "filter", "bind", "exists", "graph", "lateral")
_CLAUSE_WORDS = ("select", "group", "having", "order")
_TOLD = frozenset({"word", "prefixed", "iri", "variable", "open", "close"})
"""What a clause is made of, as far as it matters here; the others would only fill memory."""

_LONGEST_BASE = 4096
_VOLATILE = ("now", "rand", "uuid", "bnode")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query.

    Attributes:
        kind: Name of the group of the token grammar.
        start, end: Position in the text, in characters.
    """

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Service:
    """A SERVICE clause.

    Attributes:
        endpoint: IRI; None when it is a variable, or written in a way that only a parser could read.
        silent: Whether a failure counts as one empty solution.
        start, end: Position of the whole clause.
        pattern: Position of the group after the endpoint, braces included.
        nested: Whether it stands in another SERVICE clause.
    """

    endpoint: str | None
    silent: bool
    start: int
    end: int
    pattern: tuple[int, int]
    nested: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What a query's text says.

    Attributes:
        services: SERVICE clauses, in their order.
        loads: Whether it is an update that loads a document.
        depth: Most brackets of any kind that are open at once.
        chain: Upper bound of the height of the syntax tree: on the deepest way down, one for
            each bracket and one for each operator or group element beside it.
        default_graphs, named_graphs: IRIs of its dataset clauses; none if there is one that cannot be read here.
        volatile: Whether it uses a function that gives something else each time.
        prologue: The `PREFIX` and `BASE` declarations, as text.
    """

    services: tuple[Service, ...] = ()
    loads: bool = False
    depth: int = 0
    chain: int = 0
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    volatile: bool = False
    prologue: str = ""


@dataclass(slots=True)
class _Level:
    """What stands between a bracket and its partner.

    Attributes:
        bracket: The opening bracket; empty for the whole text.
        expression: Whether `<` after a value compares, rather than begins an IRI.
        clause: Whether a SELECT clause or a solution modifier was begun: brackets hold expressions.
        operators, longest: Operators since the last separator, and most of them.
        elements: Parts of a group, each of which the next is joined to.
        below: Greatest height of what stands in brackets here.
    """

    bracket: str
    expression: bool = False
    clause: bool = False
    operators: int = 0
    longest: int = 0
    elements: int = 0
    below: int = 0

    def height(self) -> int:
        return 1 + self.below + max(self.longest, self.operators) + self.elements


@dataclass(slots=True)
class _Reader:
    """Goes through a text once and keeps what it met."""

    text: str
    levels: list[_Level] = field(default_factory=lambda: [_Level("", clause=True)])
    depth: int = 0
    no_end: dict[str, int] = field(default_factory=dict)

    def tokens(self) -> Iterator[Token]:
        text = self.text
        position = no_prefix_before = 0
        last = before = Token("", "", 0, 0)
        while position < len(text):
            if position >= no_prefix_before:
                run = _PREFIX.match(text, position)
                assert run
                # Names may have dots: without this, a.a.a.… would be read to its end from each of its dots.
                no_prefix_before = run.end() if text[run.end() : run.end() + 1] != ":" else position
            if text[position] in _SHORT and (end := self._end_of_string(position)):
                kind = "string"
            else:
                grammar = _TOKEN_WITHOUT_PREFIX if position < no_prefix_before else _TOKEN
                match = grammar.match(text, position)
                assert match
                assert match.lastgroup
                kind, end = match.lastgroup, match.end()
            if kind == "iri" and self.levels[-1].expression and _is_operand(last):
                kind, end = "operator", position + (2 if text[position + 1] == "=" else 1)
            token = Token(kind, text[position:end], position, end)
            position = end
            if kind == "space":
                continue
            self._enter(token, last, before)
            last, before = token, last
            yield token

    def _end_of_string(self, position: int) -> int:
        """Return where the string that begins here ends; 0 when it has no end.

        Three quotes that begin no long string are an empty string and a quote.
        """
        quote = self.text[position]
        if self.text.startswith(quote * 3, position) and position >= self.no_end.get(quote * 3, 0):
            if match := _LONG[quote].match(self.text, position):
                return match.end()
            self.no_end[quote * 3] = len(self.text)
        if position >= self.no_end.get(quote, 0):
            if match := _SHORT[quote].match(self.text, position):
                return match.end()
            line_end = _LINE_END.search(self.text, position)
            self.no_end[quote] = line_end.start() if line_end else len(self.text)
        return 0

    def _enter(self, token: Token, last: Token, before: Token) -> None:
        level = self.levels[-1]
        match token.kind:
            case "open":
                self._open(token, last, before)
            case "close":
                self._close(token)
            case "operator" if token.text != "?":
                level.operators += 1
            case "separator":
                level.longest = max(level.longest, level.operators)
                level.operators = 0
            case "word":
                # A parser that wants no space between keywords reads SELECTDISTINCT and {}UNION{}.
                word = token.text.lower()
                if word.endswith(_GROUP_WORDS):
                    level.elements += 1
                elif word.startswith(_CLAUSE_WORDS):
                    level.clause = True

    def _open(self, token: Token, last: Token, before: Token) -> None:
        level = self.levels[-1]
        expression = token.text == "(" and self._opens_expression(level, last, before)
        if token.text == "{":
            level.clause = False
            level.elements += 1
        self.levels.append(_Level(token.text, expression))
        self.depth = max(self.depth, len(self.levels) - 1)

    def _close(self, token: Token) -> None:
        if len(self.levels) > 1:
            closed = self.levels.pop()
            self.levels[-1].below = max(self.levels[-1].below, closed.height())
        if token.text == "}" and len(self.levels) == 1:
            self.levels[-1].clause = True

    @staticmethod
    def _opens_expression(level: _Level, last: Token, before: Token) -> bool:
        if last.text == "<" == before.text:
            return False  # A triple term: three terms follow.
        if level.bracket == "(":
            return level.expression
        if level.clause:
            return True
        if last.kind == "word":
            return last.text.lower() not in ("a", "values")
        called = before.text.lower() == "filter" or last.text.lower().startswith("filter")
        return last.kind in ("iri", "prefixed") and called


def _is_operand(token: Token) -> bool:
    """Tell whether a value ends here: also EXISTS {…} and <<(…)>>."""
    return (
        token.kind in _OPERANDS or token.text in (")", "}", ">>") or token.text.lower() in ("true", "false")
    )


def scan(text: str, base: str = "", *, most_depth: int = sys.maxsize) -> Scan:
    r"""Return what a query's text says.

    Codepoint escapes (`\u0053ERVICE`) count both as they are written and as what they stand
    for, because a parser may replace them first or not at all.

    Args:
        base: What relative IRIs of services are resolved against.
        most_depth: So many open brackets are too many, whatever follows: the rest is not looked at.
    """
    plain = _scan(text, base, most_depth)
    unescaped = _ESCAPE.sub(_unescape, text) if "\\" in text else text
    if unescaped == text:
        return plain
    other = _scan(unescaped, base, most_depth)
    hidden = len(other.services) != len(plain.services)
    return Scan(
        services=(*plain.services, Service(None, False, 0, 0, (0, 0), False)) if hidden else plain.services,
        loads=plain.loads or other.loads,
        depth=max(plain.depth, other.depth),
        chain=max(plain.chain, other.chain),
        default_graphs=plain.default_graphs,
        named_graphs=plain.named_graphs,
        volatile=plain.volatile or other.volatile,
        prologue=plain.prologue,
    )


def _scan(text: str, base: str, most_depth: int) -> Scan:
    reader = _Reader(text)
    until_too_deep = takewhile(lambda _: reader.depth <= most_depth, reader.tokens())
    tokens = [token for token in until_too_deep if token.kind in _TOLD]
    while len(reader.levels) > 1:
        closed = reader.levels.pop()
        reader.levels[-1].below = max(reader.levels[-1].below, closed.height())
    words = {token.text.lower() for token in tokens if token.kind == "word"}
    names, prologue, first = _prologue(tokens, base, text)
    default, named = _dataset(tokens, names)
    return Scan(
        services=tuple(_services(tokens, names)),
        loads="load" in words and first < len(tokens) and _begins_update(tokens[first:]),
        depth=reader.depth,
        chain=reader.levels[0].height() - 1,
        default_graphs=default,
        named_graphs=named,
        volatile=any(word.endswith(_VOLATILE) for word in words),
        prologue=prologue,
    )


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def _begins_update(tokens: list[Token]) -> bool:
    return tokens[0].text.lower() in (
        *("load", "insert", "delete", "clear", "drop", "create", "add", "move", "copy", "with"),
    )


@dataclass(slots=True)
class _Names:
    """What the prologue declares.

    Attributes:
        base: What relative IRIs are resolved against; None when it is too long to follow.
        prefixes: With their colons.
    """

    base: str | None
    prefixes: dict[str, str] = field(default_factory=dict)

    def resolve(self, token: Token) -> str | None:
        """Return the IRI that a token stands for, as far as it can be read here."""
        if token.kind == "iri":
            try:
                return None if self.base is None else urljoin(self.base, token.text[1:-1])
            except ValueError:
                # No IRI (<http://[>), or one that only the engine reads.
                return None
        if token.kind == "prefixed" and "\\" not in token.text:
            prefix, _, local = token.text.partition(":")
            namespace = self.prefixes.get(f"{prefix}:")
            return None if namespace is None else namespace + local
        return None


def _prologue(tokens: list[Token], base: str, text: str) -> tuple[_Names, str, int]:
    """Return what is declared, the text of the declarations, and where they end."""
    names = _Names(base)
    parts = []
    position = 0
    while position + 1 < len(tokens):
        word, next_ = tokens[position].text.lower(), tokens[position + 1]
        if word == "base" and next_.kind == "iri":
            resolved = names.resolve(next_)
            names.base = resolved if resolved and len(resolved) <= _LONGEST_BASE else None
            length = 2
        elif word == "prefix" and position + 2 < len(tokens) and tokens[position + 2].kind == "iri":
            namespace = names.resolve(tokens[position + 2])
            if namespace is None:
                names.prefixes.pop(next_.text, None)
            else:
                names.prefixes[next_.text] = namespace
            length = 3
        else:
            break
        parts.append(text[tokens[position].start : tokens[position + length - 1].end])
        position += length
    return names, "\n".join(parts), position


def _dataset(tokens: list[Token], names: _Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    default: dict[str, None] = {}
    named: dict[str, None] = {}
    for index, token in enumerate(tokens[:-1]):
        if token.kind == "word" and token.text.lower().endswith("from"):
            after = tokens[index + 1]
            is_named = after.text.lower() == "named" and index + 2 < len(tokens)
            graph = names.resolve(tokens[index + 2] if is_named else after)
            if graph is None:
                # The others would be another dataset.
                return (), ()
            (named if is_named else default)[graph] = None
    return tuple(default), tuple(named)


def _services(tokens: list[Token], names: _Names) -> Iterator[Service]:
    inside = 0
    partners = _partners(tokens)
    for index, token in enumerate(tokens):
        if token.kind not in ("word", "prefixed") or "service" not in token.text.lower():
            continue
        if token.kind == "prefixed":
            # A parser that wants no space after a keyword may read SERVICEex:x {…} as a clause.
            prefix, after = token.text.partition(":")[0], tokens[index + 1 : index + 2]
            if "service" not in prefix.lower() or not after or after[0].text != "{":
                continue
            if index and tokens[index - 1].text.lower() in ("graph", "from", "named"):
                continue
        service = _clause(tokens, index, names, partners, nested=token.start < inside)
        inside = max(inside, service.end)
        yield service


def _partners(tokens: list[Token]) -> dict[int, int]:
    """Return for each opening bracket that is closed the place of its partner."""
    partners: dict[int, int] = {}
    opened = []
    for index, token in enumerate(tokens):
        if token.kind == "open":
            opened.append(index)
        elif token.kind == "close" and opened:
            partners[opened.pop()] = index
    return partners


def _clause(
    tokens: list[Token], index: int, names: _Names, partners: dict[int, int], *, nested: bool
) -> Service:
    token = tokens[index]
    rest = iter(range(index + 1, len(tokens)))
    at = next(rest, index)
    silent = tokens[at].text.lower() == "silent"
    if silent:
        at = next(rest, index)
    endpoint = None
    if token.text.lower() == "service":
        endpoint = names.resolve(tokens[at])
    at = next(rest, index)
    if tokens[at].text != "{":
        return Service(None, silent, token.start, token.end, (token.end, token.end), nested)
    start = tokens[at].start
    if at not in partners:
        return Service(None, silent, token.start, tokens[-1].end, (start, tokens[-1].end), nested)
    end = tokens[partners[at]].end
    return Service(endpoint, silent, token.start, end, (start, end), nested)
