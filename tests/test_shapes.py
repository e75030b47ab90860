"""The shapes say what they should, and the fast way of evaluating them finds what the plain way finds."""

from __future__ import annotations

import pickle
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from rdflib.collection import Collection

from conftest import ROOT
from nichiiki_ld.errors import ShapesError
from nichiiki_ld.namespaces import OWL, RDF, RDF_TYPE, SH
from nichiiki_ld.shapes import DataGraph, Result, Shapes, validate

BASE = "https://w3id.org/nichiiki/"
EXAMPLES = ROOT / "tests/examples"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "shapes").glob("*.ttl"))}


def turtle(path: Path) -> set[Triple]:
    return {quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)}


ONTOLOGY = turtle(ROOT / "ontology/nichiiki.ttl")
WORLD = {triple for path in VALID for triple in turtle(path)}
"""A small world in which nothing is wrong."""


def written(triples: Iterable[Triple]) -> bytes:
    content = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert content is not None
    return content


def subject(triple: Triple) -> str:
    assert isinstance(triple.subject, NamedNode)
    return triple.subject.value


@dataclass(frozen=True)
class Example:
    """A fault in the small world: what a file describes replaces its description there.

    The head of the file says the message and the focus node of the one result, and with
    `without` what is missing.
    """

    path: Path

    def head(self, key: str) -> list[str]:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [line.removeprefix(f"# {key}: ") for line in lines if line.startswith(f"# {key}: ")]

    @property
    def triples(self) -> set[Triple]:
        return turtle(self.path)

    @property
    def replaced(self) -> set[str]:
        return {subject(triple) for triple in self.triples} | {BASE + name for name in self.head("without")}

    def world(self) -> set[Triple]:
        replaced = self.replaced
        return {triple for triple in WORLD if subject(triple) not in replaced} | self.triples


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.parse(FILES)


@pytest.fixture(scope="module")
def found_in(shapes: Shapes) -> dict[Path, list[Result]]:
    """Return what is found in each invalid example."""
    assert len(INVALID) > 100
    return {path: validate(shapes, Example(path).world(), context=ONTOLOGY) for path in INVALID}


# --- the examples -------------------------------------------------------------------


def test_the_valid_world_has_no_result(shapes: Shapes) -> None:
    assert len(VALID) > 5
    assert validate(shapes, WORLD, context=ONTOLOGY) == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_example_has_exactly_its_result(path: Path, found_in: dict[Path, list[Result]]) -> None:
    example = Example(path)
    assert [
        (BASE + focus, text)
        for focus, text in zip(example.head("focus"), example.head("expects"), strict=True)
    ] == [(result.focus, result.message("en")) for result in found_in[path]]


def test_every_check_has_an_invalid_example(shapes: Shapes, found_in: dict[Path, list[Result]]) -> None:
    assert len(shapes.checks) > 100
    assert shapes.checks == {result.check for results in found_in.values() for result in results}


def test_examples_are_named_after_a_class_of_the_shapes() -> None:
    text = "".join(FILES.values())
    for path in INVALID:
        assert re.search(rf"sh:targetClass [^;.]*\b\w+:{path.stem.split('-')[0]}\b", text), path.name


# --- the files ---------------------------------------------------------------------


@pytest.fixture
def graph() -> rdflib.Graph:
    """Return the shapes as they are written; pySHACL adds to a graph of shapes, so each test has its own."""
    graph = rdflib.Graph()
    for text in FILES.values():
        graph.parse(data=text, format="turtle")
    return graph


def sh(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(SH + name)


def test_shapes_are_valid_shapes(graph: rdflib.Graph) -> None:
    """SHACL-SHACL, appendix C of the specification."""
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


def test_there_is_a_shape_for_every_class_of_the_ontology(graph: rdflib.Graph) -> None:
    classes = {
        subject(t) for t in ONTOLOGY if t.predicate.value == RDF_TYPE and t.object == NamedNode(f"{OWL}Class")
    }
    assert len(classes) == 19
    assert classes <= {str(each) for each in graph.objects(None, sh("targetClass"))}


def test_everything_but_lists_has_an_iri(graph: rdflib.Graph) -> None:
    lists = {node for head in graph.objects() for node in _cells(graph, head)}
    names = set(graph.subjects()) - lists
    assert len(names) > 150
    for name in names:
        assert str(name).startswith(f"{BASE}shapes"), name


def _cells(graph: rdflib.Graph, head: Any) -> Iterable[Any]:
    first = rdflib.URIRef(f"{RDF}first")
    if (head, first, None) in graph:
        cells = Collection(graph, head)
        yield from (cells._get_container(index) for index in range(len(cells)))


def test_every_check_says_what_is_wrong_in_both_languages(shapes: Shapes, graph: rdflib.Graph) -> None:
    for name in shapes.checks:
        messages = list(graph.objects(rdflib.URIRef(name), sh("message")))
        assert sorted(str(getattr(each, "language", "")) for each in messages) == ["en", "ja"], name


def test_every_shape_is_used(graph: rdflib.Graph) -> None:
    parts = set(graph.subjects(rdflib.URIRef(RDF_TYPE), sh("PropertyShape")))
    parts |= set(graph.subjects(rdflib.URIRef(RDF_TYPE), sh("SPARQLConstraint")))
    assert parts == set(graph.objects(None, sh("property"))) | set(graph.objects(None, sh("sparql")))


def test_recommendations_only_warn(shapes: Shapes, found_in: dict[Path, list[Result]]) -> None:
    recommended = shapes.checks & _names(FILES["recommended.ttl"])
    assert len(recommended) > 5
    for path, results in found_in.items():
        for result in results:
            assert result.violates is (result.check not in recommended), path.name


def _names(text: str) -> set[str]:
    quads = parse(text, format=RdfFormat.TURTLE)
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


# --- as pySHACL finds it ---------------------------------------------------------------


Comparable = tuple[str, str, str, str, str, str, str, frozenset[str]]


def plain(data: Iterable[Triple], graph: rdflib.Graph) -> set[Comparable]:
    """Return what pySHACL by itself finds, by the shapes as they are written.

    It drops the language of a message that it fills in, so only texts are compared.
    """
    triples = rdflib.Graph()
    triples.parse(data=written(data), format="nt")
    _, report, _ = pyshacl.validate(triples, shacl_graph=graph)
    assert isinstance(report, rdflib.Graph)
    found = set()
    for result in report.objects(None, sh("result")):
        values = {
            key: report.value(result, sh(key))
            for key in ("focusNode", "resultPath", "value", "sourceShape", "sourceConstraint")
        }
        found.add(
            (
                str(values["focusNode"]),
                str(values["resultPath"] or ""),
                "" if values["value"] is None else str(values["value"]),
                str(values["sourceShape"]),
                str(values["sourceConstraint"] or ""),
                str(report.value(result, sh("sourceConstraintComponent"))),
                str(report.value(result, sh("resultSeverity"))),
                frozenset(str(text) for text in report.objects(result, sh("resultMessage"))),
            )
        )
    return found


def comparable(results: Iterable[Result]) -> set[Comparable]:
    found = set()
    for result in results:
        value = ""
        if result.value:
            quads = list(parse(f"<urn:s> <urn:p> {result.value} .", format=RdfFormat.N_TRIPLES))
            value = str(quads[0].object.value)
        texts = frozenset(text for _, text in result.messages)
        found.add(
            (
                result.focus,
                result.path,
                value,
                result.shape,
                result.constraint,
                result.component,
                result.severity,
                texts,
            )
        )
    return found


def gathered(examples: Sequence[Example]) -> list[set[Triple]]:
    """Return few worlds that hold the faults of many examples: those that describe different things share one."""
    worlds: list[tuple[set[str], set[Triple]]] = []
    for example in examples:
        room = next((world for world in worlds if world[0].isdisjoint(example.replaced)), None)
        if room is None:
            room = (set(), set())
            worlds.append(room)
        room[0].update(example.replaced)
        room[1].update(example.triples)
    return [{t for t in WORLD if subject(t) not in replaced} | triples for replaced, triples in worlds]


def test_results_are_those_of_plain_pyshacl_on_every_check(
    shapes: Shapes, graph: rdflib.Graph, found_in: dict[Path, list[Result]]
) -> None:
    everything = WORLD | ONTOLOGY | {triple for path in INVALID for triple in Example(path).triples}
    results = validate(shapes, everything)
    assert comparable(results) == plain(everything, graph)
    # What is wrong by being absent does not show when all examples are put together.
    seen = {result.check for result in results}
    absent = [
        Example(path)
        for path, results in found_in.items()
        if not {result.check for result in results} <= seen
    ]
    assert absent
    for world in gathered(absent):
        results = validate(shapes, world | ONTOLOGY)
        assert comparable(results) == plain(world | ONTOLOGY, graph)
        seen |= {result.check for result in results}
    assert seen == shapes.checks


@pytest.fixture(scope="module")
def real(release_folder: Path) -> tuple[set[Triple], set[Triple]]:
    """Two real rows with the head of their document, and what they refer to."""
    quads = list(parse(path=str(release_folder / "nichiiki.nq"), format=RdfFormat.N_QUADS))
    rows = re.compile(r"/row/(?!(?:3|13)\b)\d|(?:project|consortium)/2024-2-(?!03|13)")
    own, shared = set(), set()
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        name = subject(quad.triple)
        if "/document/" in quad.graph_name.value:
            if not rows.search(name):
                own.add(quad.triple)
        elif not re.search(r"/(municipality|prefecture)/(?!074071|070009|442135|440001)", name):
            shared.add(quad.triple)
    return own, shared


def test_real_rows_are_as_plain_pyshacl_finds_them(
    shapes: Shapes, graph: rdflib.Graph, real: tuple[set[Triple], set[Triple]]
) -> None:
    own, shared = real
    assert len(own) > 800
    assert plain(own | shared, graph) == comparable(validate(shapes, own | shared)) == set()


def damaged(triples: Iterable[Triple], seed: int, share: float) -> set[Triple]:
    """Return triples of which some are dropped and some literals are altered, always the same ones for a seed."""
    chance = random.Random(seed)
    left = set()
    for triple in sorted(triples, key=str):
        roll = chance.random()
        if roll < share / 2:
            continue
        value = triple.object
        if roll < share and isinstance(value, Literal):
            # pySHACL by itself breaks off at what is no number, and at a backslash in a message.
            altered = value.value[:-1] + chance.choice("123" if value.value[-1:].isdigit() else "あいう")
            literal = (
                Literal(altered, language=value.language)
                if value.language
                else Literal(altered, datatype=value.datatype)
            )
            left.add(Triple(triple.subject, triple.predicate, literal))
        else:
            left.add(triple)
    return left


@pytest.mark.parametrize("seed", [1, 2])
def test_damaged_real_rows_are_as_plain_pyshacl_finds_them(
    shapes: Shapes, graph: rdflib.Graph, real: tuple[set[Triple], set[Triple]], seed: int
) -> None:
    own, shared = real
    data = damaged(own, seed, 0.1) | shared
    results = validate(shapes, data)
    assert len({result.check for result in results}) > 15
    assert comparable(results) == plain(data, graph)


# --- in parts ----------------------------------------------------------------------------

SHARED = {
    triple
    for name in ("register", "themes", "programme")
    for triple in turtle(EXAMPLES / f"valid/{name}.ttl")
}
DOCUMENT = {triple for name in ("document", "rows") for triple in turtle(EXAMPLES / f"valid/{name}.ttl")}
DOCUMENTS = 6


def renamed(triples: Iterable[Triple], number: int) -> set[Triple]:
    """Return the example document again as another document that reports another call."""
    text = written(triples).decode()
    text = text.replace("document/example", f"document/example-{number}").replace("2024-1", f"2024-{number}")
    text = re.sub(r'(#round> )"1"', rf'\1"{number}"', text)
    return {quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)}


def row_of(triple: Triple) -> str:
    """Return the row whose page a triple belongs to, or nothing for the head of a document."""
    found = re.search(r"/row/(\d+)|/(?:project|consortium)/\d+-\d+-0*(\d+)", subject(triple))
    return found[1] or found[2] if found else ""


@pytest.mark.parametrize("rows_per_part", [1, 2])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.1])
def test_parts_find_what_the_whole_finds(shapes: Shapes, rows_per_part: int, share: float) -> None:
    documents = [damaged(renamed(DOCUMENT, number), number, share) for number in range(1, DOCUMENTS + 1)]
    context = SHARED | ONTOLOGY
    whole = validate(shapes, context.union(*documents))
    data = DataGraph(shapes, written(context))
    parts = data.validate(b"", focus={subject(triple) for triple in context})
    for document in documents:
        head = {triple for triple in document if not row_of(triple)}
        rows = sorted({row_of(triple) for triple in document} - {""})
        assert len(rows) == 2
        for start in range(0, len(rows), rows_per_part):
            chosen = rows[start : start + rows_per_part]
            own = {triple for triple in document if row_of(triple) in chosen}
            first = start == 0
            parts += data.validate(
                written(own | head if first else own), neighbours=b"" if first else written(head)
            )
    assert sorted(set(parts)) == whole
    assert bool(whole) is (share > 0)


@pytest.mark.parametrize("documents_per_part", [1, 2, 4])
def test_documents_may_be_validated_in_any_number_at_once(shapes: Shapes, documents_per_part: int) -> None:
    documents = [damaged(renamed(DOCUMENT, number), number, 0.05) for number in range(1, DOCUMENTS + 1)]
    data = DataGraph(shapes, written(SHARED | ONTOLOGY))
    parts = [
        result
        for start in range(0, DOCUMENTS, documents_per_part)
        for result in data.validate(written(set().union(*documents[start : start + documents_per_part])))
    ]
    assert sorted(parts) == data.validate(written(set().union(*documents)))


def test_results_do_not_depend_on_the_order_of_the_data(shapes: Shapes) -> None:
    triples = sorted(damaged(WORLD, 7, 0.1), key=str)
    results = validate(shapes, triples, context=ONTOLOGY)
    assert len(results) > 20
    assert results == sorted(set(results))
    random.Random(1).shuffle(triples)
    assert validate(shapes, triples, context=ONTOLOGY) == results


def test_neighbours_are_looked_at_but_not_reported_on(shapes: Shapes) -> None:
    broken = written(Example(EXAMPLES / "invalid/Call-undecided.ttl").triples)
    data = DataGraph(shapes, written(WORLD | ONTOLOGY))
    assert data.validate(b"", neighbours=broken) == []
    assert [result.focus for result in data.validate(broken)] == [f"{BASE}call/2024-2"]


def test_a_context_is_not_changed_by_a_part(shapes: Shapes) -> None:
    data = DataGraph(shapes, written(WORLD | ONTOLOGY))
    assert data.validate(written(Example(EXAMPLES / "invalid/Agency-linked.ttl").triples))
    assert data.validate(b"", focus={subject(triple) for triple in WORLD}) == []


def test_shapes_travel_between_processes(shapes: Shapes) -> None:
    again = pickle.loads(pickle.dumps(shapes))
    assert again.checks == shapes.checks
    example = Example(EXAMPLES / "invalid/Project-without-area.ttl")
    assert validate(again, example.world(), context=ONTOLOGY) == validate(
        shapes, example.world(), context=ONTOLOGY
    )


# --- other shapes ----------------------------------------------------------------------------

HEAD = f"@prefix sh: <{SH}> . @prefix : <urn:x:> . "


def found(shapes: str, data: str) -> list[tuple[str, str, str]]:
    triples = [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]
    results = validate(Shapes.parse({"s.ttl": HEAD + shapes}), triples)
    return [(each.focus, each.check, each.value) for each in results]


def test_a_shape_that_another_refers_to_is_evaluated_there_too() -> None:
    shapes = """
        :A a sh:NodeShape ; sh:targetClass :a ; sh:property :A-p . :A-p sh:path :p ; sh:minCount 1 .
        :B a sh:NodeShape ; sh:targetClass :b ; sh:node :A .
    """
    assert found(shapes, "<urn:x:1> a <urn:x:a> . <urn:x:2> a <urn:x:b> .") == [
        ("urn:x:1", "urn:x:A-p", ""),
        ("urn:x:2", "urn:x:B", "<urn:x:2>"),
    ]


@pytest.mark.parametrize(
    "deactivated", [":A sh:deactivated true .", ":A-p sh:deactivated true . :A-q sh:deactivated true ."]
)
def test_what_is_deactivated_finds_nothing(deactivated: str) -> None:
    shapes = """
        :A a sh:NodeShape ; sh:targetClass :a ; sh:property :A-p ; sh:sparql :A-q .
        :A-p sh:path :p ; sh:minCount 1 . :A-q sh:select "SELECT $this WHERE { $this a ?class }" .
    """
    assert len(found(shapes, "<urn:x:1> a <urn:x:a> .")) == 2
    assert found(shapes + deactivated, "<urn:x:1> a <urn:x:a> .") == []


def test_a_closed_shape_sees_every_property() -> None:
    shapes = (
        ":A a sh:NodeShape ; sh:targetClass :a ; sh:closed true ; sh:ignoredProperties ( <"
        + RDF_TYPE
        + "> ) ."
    )
    assert found(shapes, "<urn:x:1> a <urn:x:a> ; <urn:x:never-named> 1 .") == [
        ("urn:x:1", "urn:x:A", f'"1"^^<{"http://www.w3.org/2001/XMLSchema#integer"}>')
    ]


def test_blank_nodes_of_the_data_can_be_focus_nodes() -> None:
    shapes = """
        :A a sh:NodeShape ; sh:targetClass :a ; sh:property :A-p ; sh:sparql :A-q .
        :A-p sh:path :p ; sh:minCount 1 . :A-q sh:select "SELECT $this WHERE { $this a ?class }" .
    """
    results = found(shapes, "_:node a <urn:x:a> .")
    assert {check for _, check, _ in results} == {"urn:x:A-p", "urn:x:A-q"}
    assert len({focus for focus, _, _ in results}) == 1
    assert results[0][0].startswith("_:")


def test_a_value_keeps_its_lexical_form() -> None:
    shapes = ":A a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :A-p . :A-p sh:path :p ; sh:maxInclusive 1 ."
    [(_, _, value)] = found(
        shapes, '<urn:x:1> <urn:x:p> "36.00"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    )
    assert value.startswith('"36.00"')


def test_a_message_is_filled_in_as_it_is() -> None:
    shapes = r"""
        :A a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:sparql :A-q .
        :A-q sh:message "{?value} or {$value}, not {?unbound} of {$this}"@en ;
          sh:select "SELECT $this ?value WHERE { $this <urn:x:p> ?value }" .
    """
    triples = [quad.triple for quad in parse(r'<urn:x:1> <urn:x:p> "\\1{?this}" .', format=RdfFormat.TURTLE)]
    [result] = validate(Shapes.parse({"s.ttl": HEAD + shapes}), triples)
    assert result.messages == (("en", r"\1{?this} or \1{?this}, not {?unbound} of urn:x:1"),)
    assert result.message("ja") == result.message("en")


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        pytest.param("\n:A sh:path", "is no Turtle", "s.ttl:2", id="the line of bad Turtle"),
        pytest.param(
            ":A a sh:NodeShape ; sh:targetClass :a ; sh:property :P . :P sh:path [ sh:inversePath :p ] .",
            "path that is no IRI",
            "urn:x:P",
            id="a path with a blank node",
        ),
        pytest.param("[] sh:targetClass :a .", "has no IRI", None, id="a shape without a name"),
        pytest.param(
            ':A a sh:NodeShape ; sh:sparql :Q . :Q sh:select "SELECT $this {}" .',
            "no node shape with a target",
            "urn:x:A",
            id="a SPARQL constraint without a target",
        ),
        pytest.param(
            ":A sh:targetClass :a ; sh:path :p ; sh:sparql :Q .",
            "no node shape with a target",
            "urn:x:A",
            id="a SPARQL constraint of a property shape",
        ),
        pytest.param(
            ':A a sh:NodeShape ; sh:targetClass :a ; sh:sparql :Q . :Q sh:select "SELECT ?that { ?that ?p ?o }" .',
            "selects $this",
            "urn:x:Q",
            id="a query that does not select the focus node",
        ),
        pytest.param(
            ':A a sh:NodeShape ; sh:targetClass :a ; sh:sparql :Q . :Q sh:select "SELECT $this { $this" .',
            "no SPARQL",
            "urn:x:Q",
            id="a query that is no SPARQL",
        ),
        pytest.param(
            ':A a sh:NodeShape ; sh:targetClass :a ; sh:property :P . :P sh:path :p ; sh:minCount "one" .',
            "cannot be used",
            "s.ttl",
            id="an ill-formed parameter",
        ),
        pytest.param(
            ':A a sh:NodeShape ; sh:targetClass :a ; sh:pattern "(" .',
            "cannot be used",
            "s.ttl",
            id="a pattern that is none",
        ),
        pytest.param(
            ":A a sh:NodeShape , sh:PropertyShape ; sh:targetClass :a ; sh:path :p .",
            "cannot be used",
            "s.ttl",
            id="a shape of both kinds",
        ),
    ],
)
def test_shapes_that_cannot_be_used_are_refused_when_they_are_read(
    text: str, message: str, where: str | None
) -> None:
    with pytest.raises(ShapesError, match=re.escape(message)) as caught:
        Shapes.parse({"s.ttl": HEAD + text})
    assert caught.value.where == where
