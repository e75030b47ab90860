"""`nichiiki-ld validate`: what it takes, what it prints, how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from conftest import ROOT
from nichiiki_ld.cli.main import main

EXAMPLES = ROOT / "tests/examples"
CALL = str(EXAMPLES / "invalid/Call-undecided.ttl")
DOCUMENT = str(EXAMPLES / "valid/document.ttl")
PROGRAMME = str(EXAMPLES / "valid/programme.ttl")
CALL_CONTEXT = ("--context", DOCUMENT, "--context", PROGRAMME)


def run(*arguments: str, content: str | None = None) -> Result:
    return CliRunner().invoke(main, ["validate", "--root", str(ROOT), *arguments], input=content)


# --- what is validated -----------------------------------------------------------------


def test_without_a_target_it_is_the_checkout() -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (0, "Conforms: nothing was found.\n")


def test_a_release_or_a_folder_of_releases(release_folder: Path, dist: Path) -> None:
    for folder in (release_folder, dist):
        result = run(str(folder))
        assert (result.exit_code, result.stdout) == (0, "Conforms: nothing was found.\n")


def test_a_release_is_read_from_the_store_that_is_served(release_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes((release_folder / "manifest.json").read_bytes())
    store = Store(str(tmp_path / "store"))
    lost = "/row/13#summary> <https://w3id.org/nichiiki/ontology#text>"
    lines = (release_folder / "nichiiki.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if lost not in line]
    assert len(kept) == len(lines) - 1
    store.bulk_load("".join(kept), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    result = run(str(tmp_path))
    assert result.exit_code == 1
    assert "  - document/2025-07-01-mlit/row/13#summary  nichiiki:text\n" in result.stdout


UNDECIDED = """\
violation: Call-decided (1)
  The call has no decision: one nichiiki:GrantDecision must point to it.
  - call/2024-2

1 violation, 0 warnings: does not conform
"""


def test_a_file_in_a_context() -> None:
    result = run(CALL, *CALL_CONTEXT)
    assert (result.exit_code, result.stdout) == (1, UNDECIDED)


def test_a_context_is_not_reported_on(tmp_path: Path) -> None:
    empty = tmp_path / "empty.ttl"
    empty.write_text("")
    assert run(str(empty), "--context", CALL).exit_code == 0


def test_the_checkout_is_the_context_of_a_file() -> None:
    theme = "<project/9999-1-01> <ontology#theme> {} ; a <ontology#Project> ; <ontology#row> <x> ."
    for name, known in (("<theme/telework>", True), ("<theme/fishing>", False)):
        assert ("Project-theme (" in run("-", content=theme.format(name)).stdout) is not known


@pytest.mark.parametrize("extension", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"])
def test_every_rdf_format_is_read(extension: str, tmp_path: Path) -> None:
    format_ = RdfFormat.from_extension(extension)
    assert format_
    path = tmp_path / f"call.{extension}"
    triples = [quad.triple for quad in parse(path=CALL, format=RdfFormat.TURTLE)]
    statements: list[Quad] | list[Triple] = (
        [Quad(*t) for t in triples] if format_.supports_datasets else triples
    )
    with path.open("wb") as output:
        serialize(statements, output, format=format_)
    assert run(str(path), *CALL_CONTEXT).stdout == UNDECIDED


def test_standard_input_in_another_format() -> None:
    content = '{"@id": "urn:x", "@type": "https://w3id.org/nichiiki/ontology#Programme"}'
    result = run("-", "--input-format", "json-ld", content=content)
    assert result.exit_code == 1
    assert "violation: Programme-iri (1)" in result.stdout


# --- how it answers ------------------------------------------------------------------------


def test_warnings_are_no_failure() -> None:
    invalid = EXAMPLES / "invalid/Call-without-number-of-grants.ttl"
    content = "".join(Path(name).read_text(encoding="utf-8") for name in (invalid, DOCUMENT))
    content = content.replace("    nichiiki:decisionCount 2 ;\n", "")
    rows, register = str(EXAMPLES / "valid/rows.ttl"), str(EXAMPLES / "valid/register.ttl")
    result = run("-", "--context", PROGRAMME, "--context", rows, "--context", register, content=content)
    assert result.exit_code == 0
    assert result.stdout.endswith("0 violations, 1 warning: may be published\n")


def test_the_report_in_japanese() -> None:
    assert (
        "違反: Call-decided (1)\n  募集に交付決定がない。" in run(CALL, *CALL_CONTEXT, "--lang", "ja").stdout
    )


def test_the_report_as_rdf_and_json() -> None:
    turtle = run(CALL, *CALL_CONTEXT, "--format", "ttl")
    assert turtle.exit_code == 1
    focus = [
        q.object
        for q in parse(turtle.stdout, format=RdfFormat.TURTLE)
        if q.predicate.value.endswith("#focusNode")
    ]
    assert focus == [NamedNode("https://w3id.org/nichiiki/call/2024-2")]
    content = json.loads(run(CALL, *CALL_CONTEXT, "--format", "json").stdout)
    assert [each["focus"] for each in content["results"]] == ["https://w3id.org/nichiiki/call/2024-2"]


@pytest.mark.parametrize(
    ("name", "content", "said", "fix"),
    [
        ("broken.ttl", "<a> <b> <c> .\n<a> <b", "broken.ttl:2: is no Turtle: ", "mend it"),
        ("broken.nt", "<urn:a> <urn:b> .\n", "broken.nt:1: is no N-Triples: ", "mend it"),
        ("broken.jsonld", "{", "broken.jsonld", "mend it"),
        ("broken.rdf", "<a>", "broken.rdf", "mend it"),
        (
            "table.csv",
            "a,b",
            "table.csv: the extension '.csv' names no RDF format",
            "use one of: .ttl, .jsonld",
        ),
        ("missing.ttl", None, "missing.ttl: cannot be read: ", "name a file that exists"),
    ],
)
def test_bad_input_says_where_and_what_to_do(
    name: str, content: str | None, said: str, fix: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    result = run(str(path))
    assert result.exit_code == 2
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert said in first
    assert second.startswith("  fix: ")
    assert fix in second


def test_a_literal_that_its_datatype_does_not_have_is_a_result_and_no_noise() -> None:
    content = '<programme/x> <ontology#latitude> "north"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    content += '<prefecture/010006> <ontology#latitude> "north"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    result = run("-", content=content)
    assert result.exit_code == 1
    assert result.stderr == ""


def test_a_folder_that_is_no_release(tmp_path: Path) -> None:
    result = run(str(tmp_path))
    assert result.exit_code == 2
    assert "there is no release" in result.stderr
