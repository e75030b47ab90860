"""What a query's text says, judged by the engine: what it would ask, how deep it goes, what it costs to find out."""

from __future__ import annotations

import gc
import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store

from hostile_texts import DEEP_TEXTS, NO_SERVICE, service_texts
from nichiiki_ld.errors import TooNested
from nichiiki_ld.lexer import scan
from nichiiki_ld.query import _LINKS, _OPENS, Guard

BASE = "https://example.org/base/"


# --- services ---------------------------------------------------------------------------


class Engine:
    """The engine that evaluates queries, and something on this machine that it may ask; it tells whether it did."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._store = Store()
        self._store.add(Quad(NamedNode("x:a"), NamedNode("x:a"), Literal("a")))
        self._calls = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                # Counted before it is closed: the engine waits for the end of the connection.
                self._calls += 1
                connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def asks(self, text: str) -> tuple[bool, bool]:
        """Return whether a query is one, and whether its evaluation asked somebody."""
        before = self._calls
        try:
            results = self._store.query(text, base_iri=BASE)
            if not isinstance(results, QueryBoolean):
                for _ in results:
                    pass
        except (SyntaxError, ValueError):
            return False, self._calls > before
        except (OSError, RuntimeError):
            pass
        return True, self._calls > before


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    found = Engine()
    assert found.asks(f"SELECT * {{ SERVICE <{found.address}> {{}} }}") == (True, True)
    assert found.asks("SELECT * {}") == (True, False)
    assert found.asks("SELECT") == (False, False)
    yield found
    found.close()


ADDRESS = "http://e.org/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("SELECT * {}", [], id="none"),
        pytest.param(f"SELECT * {{ SERVICE <{ADDRESS}> {{}} }}", [ADDRESS], id="an IRI"),
        pytest.param("SELECT * { SERVICE <x> {} }", [f"{BASE}x"], id="an IRI without scheme"),
        pytest.param(f"BASE <{ADDRESS}> SELECT * {{ SERVICE <x> {{}} }}", [f"{ADDRESS}x"], id="a base"),
        pytest.param(
            f"PREFIX e: <{ADDRESS}> SELECT * {{ SERVICE e:x {{}} }}", [f"{ADDRESS}x"], id="a prefixed name"
        ),
        pytest.param("SELECT * { SERVICE ?x {} }", [None], id="a variable"),
        pytest.param("SELECT * { SERVICE e:x {} }", [None], id="a prefix that nobody declared"),
        pytest.param(
            f"SELECT * {{ SERVICE <{ADDRESS}1> {{}} SERVICE SILENT <{ADDRESS}2> {{}} }}",
            [f"{ADDRESS}1", f"{ADDRESS}2"],
            id="two",
        ),
        pytest.param(
            f"SELECT * {{ SERVICE <{ADDRESS}> {{ SERVICE ?x {{}} }} }}", [ADDRESS, None], id="one in another"
        ),
    ],
)
def test_endpoints(text: str, expected: list[str | None]) -> None:
    assert [each.endpoint for each in scan(text, BASE).services] == expected


def test_a_clause_is_known_by_its_position() -> None:
    text = f"SELECT * {{ ?s ?p '}}' . SERVICE SILENT <{ADDRESS}> {{ ?a ?b '}}' # }}\n {{}} }} ?s ?p ?o }}"
    (service,) = scan(text).services
    assert text[service.start : service.end].startswith("SERVICE SILENT <")
    assert text[slice(*service.pattern)] == "{ ?a ?b '}' # }\n {} }"
    assert service.end == service.pattern[1]
    assert service.silent
    assert not service.nested


def test_a_clause_in_another_says_so() -> None:
    outer, inner, last = scan("SELECT * { SERVICE <x:a> { SERVICE <x:b> {} } SERVICE <x:c> {} }").services
    assert (outer.nested, inner.nested, last.nested) == (False, True, False)


@pytest.mark.parametrize("name", list(service_texts(0)))
def test_hidden_services_are_found(name: str) -> None:
    assert scan(service_texts(8080)[name], BASE).services


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NO_SERVICE.items()])
def test_what_is_called_so_is_no_service(engine: Engine, text: str) -> None:
    assert scan(text, BASE).services == ()
    assert engine.asks(text) == (True, False)


def test_the_engine_asks_what_is_hidden(engine: Engine) -> None:
    """Otherwise the rows above would show nothing."""
    texts = service_texts(int(engine.address.rpartition(":")[2].rstrip("/")))
    asked = {name for name, text in texts.items() if engine.asks(text)[1]}
    assert len(asked) > 40


# --- other statements -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("LOAD <x:a>", True, id="LOAD"),
        pytest.param("load silent <x:a> INTO GRAPH <x:g>", True, id="lower case"),
        pytest.param("BASE <x:> PREFIX e: <x:> LOAD e:a", True, id="behind a prologue"),
        pytest.param("DROP ALL; LOAD <x:a>", True, id="behind another"),
        pytest.param("# x\nLOAD <x:a>", True, id="behind a comment"),
        pytest.param("SELECT * { ?load ?p 'LOAD <x:a>' }", False, id="a variable and a string"),
        pytest.param("PREFIX load: <x:> SELECT * { load:load load:a ?o } # LOAD <x:a>", False, id="a prefix"),
        pytest.param("INSERT DATA { <x:a> <x:b> 'LOAD' }", False, id="an update that loads nothing"),
    ],
)
def test_loads(text: str, expected: bool) -> None:
    assert scan(text).loads is expected


def test_graphs() -> None:
    found = scan("PREFIX e: <x:> ASK FROM <a> FROM e:b FROM NAMED <x:c> FROM NAMED <x:c> {}", BASE)
    assert found.default_graphs == (f"{BASE}a", "x:b")
    assert found.named_graphs == ("x:c",)


@pytest.mark.parametrize("unread", ["<http://[>", "e:a", "f:b\\-c"])
def test_graphs_are_told_whole_or_not(unread: str) -> None:
    """Without one of them, it would be another dataset."""
    found = scan(f"PREFIX f: <x:> ASK FROM <a> FROM <b> FROM {unread} FROM NAMED <c> {{}}", BASE)
    assert (found.default_graphs, found.named_graphs) == ((), ())


@pytest.mark.parametrize("name", ["NOW", "RAND", "UUID", "STRUUID", "BNODE"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("SELECT ({0}() AS ?x) {{}}", id="an expression"),
        pytest.param("SELECT * {{ FILTER({0}() = 1) }}", id="a filter"),
        pytest.param("SELECT * {{ FILTER{0}() }}", id="a filter without space"),
        pytest.param("SELECT * {{}} ORDER BY{0}()", id="an order without space"),
        pytest.param("SELECT (1 AS ?x) {{}} HAVING{0}()", id="a condition without space"),
        pytest.param("SELECT (COUNT(DISTINCT{0}()) AS ?x) {{}}", id="an aggregate without space"),
    ],
)
def test_volatile(engine: Engine, text: str, name: str) -> None:
    for called in (text.format(name), text.format(name.lower())):
        assert engine.asks(called) == (True, False)
        assert scan(called).volatile


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?now { ?now ?rand 'UUID()' } # RAND()",
        "PREFIX now: <x:> SELECT * { now:rand ?p <x:RAND()> }",
        "SELECT (MD5('x') AS ?x) {}",
    ],
)
def test_not_volatile(text: str) -> None:
    assert not scan(text).volatile


# --- depth ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in DEEP_TEXTS if name != "groups that only end"])
def test_deep_texts_pass_a_limit(name: str) -> None:
    found = scan(DEEP_TEXTS[name])
    assert found.depth > 100 or found.chain > 1000


NESTS = {
    "brackets": ("ASK { FILTER ", "(", "1", ")", "}"),
    "groups": ("ASK ", "{", "", "}", ""),
    "collections": ("ASK { ?s ?p ", "(", "1", ")", "}"),
    "blank nodes": ("ASK { ?s ?p ", "[ ?p ", "1", "]", "}"),
    "functions": ("ASK { FILTER ", "ABS(", "1", ")", "}"),
    "EXISTS": ("ASK { ", "FILTER EXISTS {", "", "}", "}"),
    "strings between": ("ASK { FILTER ", "IF('(',\"[\",", "1", ")", "}"),
    "comments between": ("ASK { FILTER ", "( # (((\n", "1", ")", "}"),
    "IRIs between": ("ASK { FILTER ", "IF(<x:(#>,<x:)>,", "1", ")", "}"),
    "comparisons between": ("ASK { FILTER ", "(?x<3&&?y>2&&", "1", ")", "}"),
}


@settings(deadline=None)
@given(st.sampled_from(list(NESTS)), st.integers(1, 300))
def test_depth_counts_brackets(name: str, number: int) -> None:
    before, opens, inner, closes, after = NESTS[name]
    beside = before.count("{")
    found = scan(before + opens * number + inner + closes * number + after)
    assert found.depth == number + beside
    assert scan(before + opens * number).depth == number + beside


CHAINS = {
    "sums": ("ASK { FILTER(", "1+", "1) }"),
    "sums with spaces": ("ASK { FILTER(", "?x + ", "?x) }"),
    "signed numbers": ("ASK { FILTER(1", "+1", ") }"),
    "differences of variables": ("ASK { FILTER(", "?x-", "?x) }"),
    "differences of names": ("PREFIX e: <x:> ASK { FILTER(", "e:x -", "e:x) }"),
    "or": ("ASK { FILTER(", "?x||", "?x) }"),
    "comparisons": ("ASK { FILTER(", "1<2&&", "1) }"),
    "negations": ("ASK { FILTER(", "!", "1) }"),
    "a path": ("ASK { ?s ", "<x:p>/", "<x:p> ?o }"),
    "a path of prefixed names": ("PREFIX e: <x:> ASK { ?s ", "e:p|", "e:p ?o }"),
    "UNION": ("ASK { ", "{} UNION ", "{} }"),
    "OPTIONAL": ("ASK { ", "OPTIONAL {} ", "}"),
    "MINUS": ("ASK { ", "MINUS{}", "}"),
    "BIND": ("ASK { ", "BIND(1 AS ?x)", "}"),
}


@settings(deadline=None)
@given(st.sampled_from(list(CHAINS)), st.integers(1, 300))
def test_chain_counts_operators(name: str, number: int) -> None:
    before, each, after = CHAINS[name]
    assert number <= scan(before + each * number + after).chain <= 5 * number + 10


# --- queries made at random -------------------------------------------------------------


@dataclass
class Written:
    """A query, token by token, and what was written into it.

    Attributes:
        tokens: Each with whether it is code: brackets in any other are none.
        services: The endpoints of its SERVICE clauses, in order.
    """

    draw: st.DrawFn
    address: str
    strict: bool
    tokens: list[tuple[bool, str]] = field(default_factory=list)
    services: list[str | None] = field(default_factory=list)
    names: int = 0

    def code(self, *texts: str) -> None:
        self.tokens.extend((True, text) for text in texts)

    def other(self, text: str) -> None:
        self.tokens.append((False, text))

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def variable(self) -> str:
        self.names += 1
        return f"?v{self.names}"

    def query(self) -> None:
        self.code("PREFIX")
        self.other("e:")
        self.other("<x:e#>")
        self.code("PREFIX")
        self.other("s:")
        self.other(f"<{self.address}>")
        match self.pick("all", "expression", "ask", "construct"):
            case "all":
                self.code("SELECT", self.pick("", "DISTINCT", "REDUCED"), "*")
            case "expression":
                self.code("SELECT", self.pick("", "DISTINCT", "REDUCED"), self.pick("", "?v1"), "(")
                self.expression(2)
                self.code("AS", self.variable(), ")")
            case "ask":
                self.code("ASK")
            case "construct":
                self.code("CONSTRUCT", "{", "?s", "?p", "?o", "}", "WHERE")
        self.group(3)

    def group(self, depth: int) -> None:
        self.code("{")
        if depth > 1 and self.pick("group", "sub-select") == "sub-select":
            self.code("SELECT", self.pick("", "DISTINCT"), "*", "{")
            self.elements(depth - 1)
            self.code("}")
            if self.pick("no", "order") == "order":
                self.code("ORDER", "BY", "(")
                self.expression(1)
                self.code(")")
        else:
            self.elements(depth)
        self.code("}")

    def elements(self, depth: int) -> None:
        for _ in range(self.draw(st.integers(0, 3))):
            self.element(depth)

    def element(self, depth: int) -> None:
        kinds = (self.bind, self.values, self.filter, self.triple, self.comment, self.service)
        nested = (self.subgroup, self.optional, self.union) if depth else ()
        self.draw(st.sampled_from([*kinds, *nested]))(depth)

    def bind(self, _depth: int) -> None:
        self.code("BIND", "(")
        self.expression(2)
        self.code("AS", self.variable(), ")")

    def values(self, _depth: int) -> None:
        self.code("VALUES", self.variable(), "{")
        for _ in range(self.draw(st.integers(1, 3))):
            self.literal()
        self.code("}")

    def filter(self, _depth: int) -> None:
        self.code("FILTER")
        if self.pick("brackets", "function") == "function":
            self.other(self.pick("e:f", "<x:f#>"))
        self.code("(")
        self.expression(2)
        self.code(")")

    def triple(self, _depth: int) -> None:
        self.code("OPTIONAL", "{", "?s")
        self.other(self.pick("e:p", "<x:p>", "<x:p#>", "a", "?p"))
        if self.pick("literal", "collection") == "literal":
            self.literal()
        else:
            self.code("(", "1")
            self.other(self.pick("<x:#>", "<x:'>", "e:x"))
            self.code(")")
        self.code("}")

    def comment(self, _depth: int) -> None:
        self.other(f"#{self.pick('', *NASTY).replace(chr(10), '')}\n")

    def subgroup(self, depth: int) -> None:
        self.group(depth - 1)

    def optional(self, depth: int) -> None:
        self.code("OPTIONAL")
        self.group(depth - 1)

    def union(self, depth: int) -> None:
        self.group(depth - 1)
        self.code("UNION")
        self.group(depth - 1)

    def service(self, depth: int) -> None:
        self.code(self.pick("SERVICE", "service", "SeRvIcE"), self.pick("", "SILENT"))
        form = self.pick("iri", "name", "variable")
        self.other({"iri": f"<{self.address}>", "name": "s:", "variable": "?service"}[form])
        self.services.append(None if form == "variable" else self.address)
        self.group(min(depth, 1))

    def expression(self, depth: int) -> None:
        self.operand(depth)
        for _ in range(self.draw(st.integers(0, 2))):
            self.code(self.pick("<", ">", "<=", "=", "+", "-", "*", "/", "&&", "||"), "(")
            self.operand(depth)
            self.code(")")

    def operand(self, depth: int) -> None:
        kinds = ("literal", "variable", "iri")
        deeper = ("brackets", "function", "exists", "compared", "list", *(() if self.strict else ("triple",)))
        match self.pick(*kinds, *(deeper if depth else ())):
            case "literal":
                self.literal()
            case "variable":
                self.code(self.pick("?x", "$y"))
            case "iri":
                self.other(
                    self.pick("<x:a>", "<x:#>", "<x:'>", "<x:(>", "e:x", "e:\\'", "e:\\#x", "<x:\\u0041>")
                )
            case "brackets":
                self.code("(")
                self.expression(depth - 1)
                self.code(")")
            case "function":
                self.other(self.pick("STR", "e:f", "<x:f#>"))
                self.code("(")
                self.expression(depth - 1)
                self.code(")")
            case "exists":
                self.code(self.pick("", "NOT"), "EXISTS")
                self.group(0)
            case "compared":
                self.code("EXISTS", "{", "}", "<", "1")
            case "list":
                self.code("(", "?x", "IN", "(")
                self.literal()
                self.code(",")
                self.literal()
                self.code(")", ")")
            case "triple":
                self.code("<<(")
                self.other(self.pick("<x:a>", "?x"))
                self.other(self.pick("<x:p>", "<x:p#>"))
                self.code("?o", ")>>")

    def literal(self) -> None:
        quote = self.pick("'", '"', "'''", '"""')
        parts = self.draw(st.lists(st.sampled_from(SAFE if self.strict else NASTY), max_size=3))
        content = "".join(parts)
        if self.strict:
            content = content.replace(quote[0], f"\\{quote[0]}")
            content = content.replace("\n", "\\n") if len(quote) == 1 else content
        closing = quote if self.strict else self.pick(quote, quote, quote, quote, quote[0], "")
        after = self.pick("", "", "@en", "@en-GB", "@en--ltr", "^^<x:d#>", "^^e:d")
        number = self.pick("1", "-1.5", ".5e0", "true")
        self.other(self.pick(quote + content + closing + after, number))


NASTY = (
    *(
        "'",
        '"',
        "''",
        '""',
        "#",
        "\\'",
        '\\"',
        "\\\\",
        "\\n",
        "\\q",
        "\\u0041",
        "\\u0027",
        "\\uD800",
        "\\u12",
    ),
    *("\n", "\r", "SERVICE <x:y> {}", "SERVICE ?x {", "}", "{", "(", ")", "<", ">", "a", "#>", " ", "é", "𝄞"),
)
SAFE = tuple(each for each in NASTY if each not in ("\\'", '\\"', "\\q", "\\u0027", "\\uD800", "\\u12", "\r"))


def joined(tokens: Sequence[tuple[bool, str]], spaces: Sequence[str]) -> str:
    """Return tokens as a text; the spaces between them are taken in turn."""
    return "".join(text + spaces[number % len(spaces)] for number, (_, text) in enumerate(tokens))


SPACES = st.lists(
    st.sampled_from(["", " ", "\n", "\t", "\r", "#\n", "# '\n", '# """\n', "#>\n"]), min_size=1, max_size=9
)
SURE_SPACES = st.lists(
    st.sampled_from([" ", "\n", "\t\r", " # '\n", ' # """\n', " #(\n", "\r#>\r"]), min_size=1
)


@st.composite
def queries(draw: st.DrawFn, *, strict: bool) -> Written:
    written = Written(draw, ADDRESS, strict)
    written.query()
    return written


FUZZ = settings(
    deadline=None,
    # The same examples each time: what a random one finds once in a thousand runs is for whoever
    # looks for it, with --hypothesis-seed and more examples, not for whoever changes a page.
    derandomize=True,
    max_examples=150,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


@FUZZ
@given(queries(strict=True), SURE_SPACES)
def test_exactly_what_was_written_is_found(engine: Engine, written: Written, spaces: list[str]) -> None:
    """In a query that is one, each SERVICE clause is found with its endpoint, and each bracket counts."""
    text = joined(written.tokens, spaces)
    found = scan(text)
    assume(engine.asks(text.replace(ADDRESS, engine.address))[0])
    assert [each.endpoint for each in found.services] == written.services
    assert found.depth == naive_depth(written.tokens)
    assert found.chain <= naive_chain(written.tokens)
    assert not found.loads


def naive_depth(tokens: Sequence[tuple[bool, str]]) -> int:
    """Count brackets in what is neither a string, a comment, an IRI nor a name."""
    depth = deepest = 0
    for is_code, text in tokens:
        if is_code:
            for character in text:
                depth += {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}.get(character, 0)
                deepest = max(deepest, depth)
    return deepest


def naive_chain(tokens: Sequence[tuple[bool, str]]) -> int:
    """Count everything that could be above something else, wherever it stands."""
    words = {"UNION", "OPTIONAL", "FILTER", "BIND", "EXISTS"}
    signs = set("<>=+-*/&|!^")
    count = 2 * sum(text.count(bracket) for is_code, text in tokens if is_code for bracket in "([{")
    count += sum(is_code and text in words for is_code, text in tokens)
    # The sign of a number, and what stands between a string and its datatype.
    return (
        count
        + sum(character in signs for _, text in tokens if text[:1] not in "<#" for character in text)
        + sum(text in ("<", "<=", "<<(") for is_code, text in tokens if is_code)
    )


@FUZZ
@given(queries(strict=False), SPACES, st.randoms(use_true_random=False), st.integers(0, 3))
def test_whatever_the_engine_asks_is_found(
    engine: Engine, written: Written, spaces: list[str], chance: random.Random, changes: int
) -> None:
    """Strings that do not end, spaces that are missing, tokens that were moved: the engine decides what it is."""
    tokens = list(written.tokens)
    for _ in range(changes):
        place = chance.randrange(len(tokens))
        match chance.randrange(3):
            case 0:
                tokens.insert(place, chance.choice(tokens))
            case 1 if len(tokens) > 1:
                del tokens[place]
            case _:
                other = chance.randrange(len(tokens))
                tokens[place], tokens[other] = tokens[other], tokens[place]
    text = joined(tokens, spaces).replace(ADDRESS, engine.address)
    _, asked = engine.asks(text)
    if asked:
        assert scan(text).services, text


BEHIND = (
    *(
        "VALUES ?v{{{literal}}}",
        "BIND({literal} AS ?v)",
        "FILTER({literal}<1{comment}||1)",
        "FILTER({x}<1{comment}||1)",
    ),
    *(
        "{{SELECT{distinct}?v(1<2{comment} AS ?w){{}}}}",
        "OPTIONAL{{?s ?p{literal}}}",
        "OPTIONAL{{?s ?p({x}<x:#>)}}",
    ),
    *(
        "FILTER{function}(1<2{comment})",
        "BIND(<<(<x:a><x:#>{x})>> AS ?v)",
        "#{content}\n",
        "VALUES ?v{{{x}{literal}}}",
    ),
    *(
        "FILTER({x}{sign}<x:#>{comment})",
        "{{SELECT*{{}}ORDER BY({x}<1{comment})}}",
        "FILTER(1 IN({x})){comment}",
    ),
)


@st.composite
def texts_behind(draw: st.DrawFn) -> str:
    """Return what may stand before a SERVICE clause, near to what reads it wrongly."""

    def some(*choices: str) -> str:
        return draw(st.sampled_from(choices))

    def content() -> str:
        return "".join(draw(st.lists(st.sampled_from(NASTY), max_size=3)))

    quote = some("'", '"', "'''", '"""')
    return some(*BEHIND).format(
        literal=f"{quote}{content()}{some(quote, quote, quote[0])}{some('', '@en', '@en--ltr', '^^<x:d>')}",
        comment=some("", "#>\n", "#>'\n", '#>"""\n', "#'''\n", f"#{content()}\n".replace("\n\n", "\n")),
        content=content().replace("\n", ""),
        distinct=some("", " ", " DISTINCT ", "DISTINCT", "REDUCED", " #\n"),
        function=some(" <x:f>", "<x:f#>", " e:f", "e:f", " STR", "#\ne:f"),
        sign=some("<", "=", "!=", "||", "+", ">", "<="),
        x=some(
            "1",
            "?x",
            "1.",
            ".5",
            "true",
            "EXISTS{}",
            "<x:a>",
            "e:a",
            "''",
            "'a'@en--ltr",
            "<<(<x:a><x:b>1)>>",
            "(1)",
        ),
    )


@FUZZ
@given(texts_behind(), texts_behind(), st.sampled_from(["", "#'''\n", '#"""\n', "#\\q'''\n", "#>\n", "#'\n"]))
@example("VALUES ?v{'''a'}", "", "")
@example("VALUES ?v{'''a'}", "", "#\\q'''\n")
@example("FILTER(EXISTS{}<1#>'\n||1)", "", "")
@example("BIND(<<(<x:a><x:#>?x)>> AS ?v)", "", "")
@example("FILTER(<<(<x:a><x:b>1)>>><x:#>)", "", "")
def test_nothing_before_a_clause_hides_it(engine: Engine, before: str, more: str, after: str) -> None:
    text = f"PREFIX e:<x:>SELECT*{{{before}{more}SERVICE<{engine.address}>{{}}{after}}}"
    _, asked = engine.asks(text)
    if asked:
        assert scan(text).services, text


NO_IRIS = ("<http://[>", "<//[x]>", "<http://]/>", "<http://\u2100/>")
TRICKY = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from([*NASTY, "'''", '"""', "<x:y>", "e:x", "?x", "1.", "SERVICE", "FILTER", "@en", "_:b"])
    ).map("".join),
    st.lists(
        st.sampled_from(
            [
                *("BASE", "PREFIX", "FROM", "NAMED", "SERVICE", "SELECT", "*", "{", "}", "e:", "e:x", "<x>"),
                *NO_IRIS,
            ]
        )
    ).map(" ".join),
)


@settings(FUZZ, max_examples=300)
@given(TRICKY)
@example("SELECT * FROM <http://[> {}")
@example("BASE <http://[> PREFIX e: <//[x]> SELECT * FROM e:x { SERVICE <x> {} }")
def test_any_text_is_looked_through(text: str) -> None:
    """Nothing fails, and the short way that a guard takes for a plain text never finds less."""
    found = scan(text, BASE)
    opens, links = len(_OPENS.findall(text)), len(_LINKS.findall(text))
    unescaped = "\\" in text
    assert found.depth <= opens or unescaped
    assert found.chain <= 2 * opens + links or unescaped
    with suppress(Exception):
        assert Guard(10**6, 10**6, 10**6).check(text, BASE).volatile >= found.volatile


@FUZZ
@given(queries(strict=True), SURE_SPACES, st.integers(1, 6), st.integers(1, 30))
def test_what_is_refused_for_depth_is_deep(
    written: Written, spaces: list[str], most_depth: int, most_chain: int
) -> None:
    assume(not written.services)
    try:
        Guard(10**6, most_depth, most_chain).check(joined(written.tokens, spaces), "")
    except TooNested:
        assert naive_depth(written.tokens) > most_depth or naive_chain(written.tokens) > most_chain
    else:
        assert naive_depth(written.tokens) <= most_depth


# --- what it costs ----------------------------------------------------------------------

PIECES = (
    *(chr(code) for code in range(32, 127)),
    *(
        "\n",
        "\r",
        "\0",
        "é",
        "𝄞",
        "a\u0300",
        "'''",
        '"""',
        "''",
        "'' ",
        "'a\n",
        "'''a",
        "'''a'''",
        '"""a\'',
        "'\\",
    ),
    *(
        "'''a' ",
        "'''a' \"\"\"b\" ",
        "<a",
        "<a>",
        "<<",
        "<<(",
        "a.",
        "a:",
        "a:b",
        "a:b.c",
        ":.",
        ":..",
        "?a",
        "?a-",
    ),
    *(
        "_:a.",
        "@a-",
        "1.",
        "1e",
        "e1",
        "1+",
        "%41",
        ":%4",
        ":\\-",
        "\\u0053",
        "\\U0001F600",
        "{(",
        "([",
        "{|",
        "#a\n",
    ),
    *(
        "service ",
        "service?x{",
        "service<x:y>{",
        "service<x:y>{}",
        "service a:b{",
        "{service<x:y>",
        "service'",
    ),
    *(
        "from ",
        "from<x:y>",
        "prefix a:<b> ",
        "prefix a:<b/> ",
        "base<x>",
        "base<x/>",
        "select ",
        "filter a:b(",
        "load ",
    ),
)


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_time_grows_with_the_text(piece: str) -> None:
    """Eight times the text takes about eight times as long, not 64 times."""

    def seconds(characters: int) -> float:
        text = piece * (characters // len(piece))
        began = time.process_time()
        scan(text, BASE)
        return time.process_time() - began

    # The collector looks through all that there is again and again, which is no time of the lexer.
    gc.disable()
    try:
        assert min(seconds(24_000) for _ in range(3)) < 32 * min(seconds(3000) for _ in range(3)) + 0.1
    finally:
        gc.enable()


@pytest.mark.parametrize("piece", ["(", "{", "a.", "1+", "?a", "'", "'''", "<a", "\\u0053", "service<x:y>{}"])
def test_a_megabyte_takes_a_moment(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    with suppress(Exception):
        Guard(1_000_000, 100, 1000).check(text, BASE)
    assert time.process_time() - began < 5
