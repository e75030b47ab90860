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
from urllib.parse import urljoin

_NAME_START = r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
_NAME = rf"{_NAME_START}0-9\u00B7\u0300-\u036F\u203F\u2040\-"
_LOCAL = rf"(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])"
_GRAMMAR = rf"""
    (?P<space>[ \t\r\n]+|\#[^\r\n]*)
  | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
      |\"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\"
      |'(?!'')(?:[^'\\\n\r]|\\.)*'
      |"(?!"")(?:[^"\\\n\r]|\\.)*")
  | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$][{_NAME}]+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:[{_NAME}](?:[{_NAME}.]*[{_NAME}])?)
  | (?P<prefixed>(?:[{_NAME_START}](?:[{_NAME}.]*[{_NAME}])?)?:(?:{_LOCAL}(?:(?:{_LOCAL}|\.)*{_LOCAL})?)?)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<operator>\|\||&&|\^\^|!=|<=|>=|[-+*/|!^=<>?])
  | (?P<separator>[.,;])
  | (?P<other>.)
"""
_TOKEN = re.compile(_GRAMMAR, re.VERBOSE | re.DOTALL)
_TOKEN_WITHOUT_PREFIX = re.compile(re.sub(r"\|\s\(\?P<prefixed>.*", "", _GRAMMAR), re.VERBOSE | re.DOTALL)
_PREFIX = re.compile(rf"[{_NAME}.]*")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_OPERANDS = frozenset({"variable", "string", "language", "number", "prefixed", "iri", "blank"})
_GROUP_WORDS = frozenset({"union", "optional", "minus", "filter", "bind", "exists", "graph", "lateral"})
_CLAUSE_WORDS = frozenset({"select", "group", "having", "order"})
_VOLATILE = frozenset({"now", "rand", "uuid", "struuid", "bnode"})


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
        names_graphs: Whether it has a dataset clause (`FROM`, `FROM NAMED`).
        default_graphs, named_graphs: IRIs of its dataset clauses, as far as they can be read here.
        volatile: Whether it uses a function that gives something else each time.
        prologue: The `PREFIX` and `BASE` declarations, as text.
    """

    services: tuple[Service, ...] = ()
    loads: bool = False
    depth: int = 0
    chain: int = 0
    names_graphs: bool = False
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

    levels: list[_Level] = field(default_factory=lambda: [_Level("", clause=True)])
    depth: int = 0

    def tokens(self, text: str) -> Iterator[Token]:
        position = no_prefix_before = 0
        last = before = Token("", "", 0, 0)
        while position < len(text):
            if position >= no_prefix_before:
                run = _PREFIX.match(text, position)
                assert run
                # Names may have dots: without this, a.a.a.… would be read to its end from each of its dots.
                no_prefix_before = run.end() if text[run.end() : run.end() + 1] != ":" else position
            grammar = _TOKEN_WITHOUT_PREFIX if position < no_prefix_before else _TOKEN
            match = grammar.match(text, position)
            assert match
            assert match.lastgroup
            kind, end = match.lastgroup, match.end()
            if kind == "other" and match[0] in "\"'":
                # A string without end: no parser gets beyond it.
                return
            if kind == "iri" and self.levels[-1].expression and _is_operand(last):
                kind, end = "operator", position + (2 if text[position + 1] == "=" else 1)
            token = Token(kind, text[position:end], position, end)
            position = end
            if kind == "space":
                continue
            self._enter(token, last, before)
            last, before = token, last
            yield token

    def _enter(self, token: Token, last: Token, before: Token) -> None:
        level = self.levels[-1]
        match token.kind:
            case "open":
                self._open(token, last, before)
            case "close":
                self._close(token)
            case "operator":
                level.operators += 1
            case "separator":
                level.longest = max(level.longest, level.operators)
                level.operators = 0
            case "word":
                word = token.text.lower()
                if word in _GROUP_WORDS:
                    level.elements += 1
                elif word in _CLAUSE_WORDS:
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
        if level.bracket == "(":
            return level.expression
        if level.clause:
            return True
        if last.kind == "word":
            return last.text.lower() not in ("a", "values")
        return last.kind in ("iri", "prefixed") and before.text.lower() == "filter"


def _is_operand(token: Token) -> bool:
    return token.kind in _OPERANDS or token.text == ")" or token.text.lower() in ("true", "false")


def scan(text: str, base: str = "") -> Scan:
    r"""Return what a query's text says.

    Codepoint escapes (`\u0053ERVICE`) count both as they are written and as what they stand
    for, because a parser may replace them first or not at all.

    Args:
        base: What relative IRIs of services are resolved against.
    """
    plain = _scan(text, base)
    unescaped = _ESCAPE.sub(_unescape, text) if "\\" in text else text
    if unescaped == text:
        return plain
    other = _scan(unescaped, base)
    hidden = len(other.services) != len(plain.services)
    return Scan(
        services=(*plain.services, Service(None, False, 0, 0, (0, 0), False)) if hidden else plain.services,
        loads=plain.loads or other.loads,
        depth=max(plain.depth, other.depth),
        chain=max(plain.chain, other.chain),
        names_graphs=plain.names_graphs or other.names_graphs,
        default_graphs=plain.default_graphs,
        named_graphs=plain.named_graphs,
        volatile=plain.volatile or other.volatile,
        prologue=plain.prologue,
    )


def _scan(text: str, base: str) -> Scan:
    reader = _Reader()
    tokens = list(reader.tokens(text))
    while len(reader.levels) > 1:
        closed = reader.levels.pop()
        reader.levels[-1].below = max(reader.levels[-1].below, closed.height())
    words = {token.text.lower() for token in tokens if token.kind == "word"}
    prefixes, prologue, first = _prologue(tokens, base, text)
    default, named = _dataset(tokens, prefixes)
    return Scan(
        services=tuple(_services(tokens, prefixes)),
        loads="load" in words and first < len(tokens) and _begins_update(tokens[first:]),
        depth=reader.depth,
        chain=reader.levels[0].height() - 1,
        names_graphs=any(word.startswith("from") for word in words),
        default_graphs=default,
        named_graphs=named,
        volatile=bool(words & _VOLATILE),
        prologue=prologue,
    )


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def _begins_update(tokens: list[Token]) -> bool:
    return tokens[0].text.lower() in (
        *("load", "insert", "delete", "clear", "drop", "create", "add", "move", "copy", "with"),
    )


def _prologue(tokens: list[Token], base: str, text: str) -> tuple[dict[str, str], str, int]:
    """Return prefix → namespace (the base under `""` without colon), the text of the declarations, and where they end."""
    names = {"": base}
    parts = []
    position = 0
    while position + 1 < len(tokens):
        word, next_ = tokens[position].text.lower(), tokens[position + 1]
        if word == "base" and next_.kind == "iri":
            names[""] = urljoin(names[""], next_.text[1:-1])
            length = 2
        elif word == "prefix" and position + 2 < len(tokens) and tokens[position + 2].kind == "iri":
            names[next_.text] = urljoin(names[""], tokens[position + 2].text[1:-1])
            length = 3
        else:
            break
        parts.append(text[tokens[position].start : tokens[position + length - 1].end])
        position += length
    return names, "\n".join(parts), position


def _dataset(tokens: list[Token], names: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    default: dict[str, None] = {}
    named: dict[str, None] = {}
    for index, token in enumerate(tokens[:-1]):
        if token.kind == "word" and token.text.lower() == "from":
            after = tokens[index + 1]
            is_named = after.text.lower() == "named" and index + 2 < len(tokens)
            graph = _resolve(tokens[index + 2] if is_named else after, names)
            if graph is not None:
                (named if is_named else default)[graph] = None
    return tuple(default), tuple(named)


def _services(tokens: list[Token], names: dict[str, str]) -> Iterator[Service]:
    inside = 0
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
        service = _clause(tokens, index, names, nested=token.start < inside)
        inside = max(inside, service.end)
        yield service


def _clause(tokens: list[Token], index: int, names: dict[str, str], *, nested: bool) -> Service:
    token = tokens[index]
    rest = iter(range(index + 1, len(tokens)))
    at = next(rest, index)
    silent = tokens[at].text.lower() == "silent"
    if silent:
        at = next(rest, index)
    endpoint = None
    if token.text.lower() == "service":
        endpoint = _resolve(tokens[at], names)
    at = next(rest, index)
    if tokens[at].text != "{":
        return Service(None, silent, token.start, token.end, (token.end, token.end), nested)
    start, depth = tokens[at].start, 0
    for closing in range(at, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[closing].kind, 0)
        if not depth:
            end = tokens[closing].end
            return Service(endpoint, silent, token.start, end, (start, end), nested)
    return Service(None, silent, token.start, tokens[-1].end, (start, tokens[-1].end), nested)


def _resolve(token: Token, names: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return urljoin(names[""], token.text[1:-1])
    if token.kind == "prefixed" and "\\" not in token.text:
        prefix, _, local = token.text.partition(":")
        if f"{prefix}:" in names:
            return names[f"{prefix}:"] + local
    return None
