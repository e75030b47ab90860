"""The house: import only from a floor below your own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src/nichiiki_ld"

FLOORS: tuple[tuple[str, frozenset[str]], ...] = (
    ("words", frozenset({"errors", "namespaces", "orthography", "prefectures"})),
    ("nouns", frozenset({"document", "formats", "model"})),
    (
        "rules",
        frozenset(
            {
                "codes",
                "compaction",
                "hepburn",
                "iri",
                "joints",
                "lexer",
                "listing",
                "negotiation",
                "passages",
                "places",
                "positions",
                "printed",
                "settlement",
                "statements",
                "tabular",
            }
        ),
    ),
    (
        "verbs",
        frozenset(
            {
                "catalog",
                "examples",
                "extract",
                "graph",
                "links",
                "lists",
                "publication",
                "query",
                "reading",
                "records",
                "reference",
                "register",
                "search",
                "results",
                "review",
                "shapes",
                "suggestions",
                "tables",
                "translations",
                "writing",
            }
        ),
    ),
    ("reports", frozenset({"constraints", "findings", "intake", "report"})),
    ("disk", frozenset({"database", "deadline", "files", "spool", "workbook"})),
    (
        "world",
        frozenset(
            {
                "federation",
                "fetch",
                "frames",
                "list_index",
                "packages",
                "page_index",
                "remote",
                "repository",
                "sandbox",
                "search_index",
                "settings",
                "store",
                "turns",
            }
        ),
    ),
    ("press", frozenset({"crew", "dumps", "evaluator", "neighbourhood", "pool", "release", "schedule"})),
    ("parts", frozenset({"batches", "groundwork", "products"})),
    ("release", frozenset({"adhoc", "build"})),
    ("web door", frozenset({"web"})),
    ("cli door", frozenset({"cli"})),
)

HEIGHT = {room: height for height, (_, rooms) in enumerate(FLOORS) for room in rooms}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> list[tuple[str, int]]:
    """Return room and line of each import of the package, also inside functions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("nichiiki_ld"):
            tail = node.module.removeprefix("nichiiki_ld").lstrip(".")
            names = [tail.split(".")[0]] if tail else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [a.name.split(".")[1] for a in node.names if a.name.startswith("nichiiki_ld.")]
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: write imports in full"
        found += [(name, node.lineno) for name in names]
    return found


def test_every_module_has_a_floor() -> None:
    assert len(MODULES) > 30
    assert {room_of(path) for path in MODULES} == set(HEIGHT)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_from_below(path: Path) -> None:
    room = room_of(path)
    for name, line in imports_of(path):
        inside_one_room = name == room and (PACKAGE / room).is_dir()
        assert inside_one_room or HEIGHT[name] < HEIGHT[room], f"{path.name}:{line}: {room} imports {name}"


OUTSIDE = {
    "flask": "web door",
    "werkzeug": "web door",
    "granian": "web door",
    "click": "cli door",
    "rich": "cli door",
    "socket": "world",
    "urllib.request": "world",
    "pathlib": "disk",
    "os": "disk",
    "time": "world",
}
"""What a module may only touch from a floor upwards: nothing below opens a file, a socket or a clock."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_world_stays_where_it_belongs(path: Path) -> None:
    names = [floor for floor, _ in FLOORS]
    own = HEIGHT[room_of(path)]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module]
        for module in modules:
            for outside, floor in OUTSIDE.items():
                if module == outside or module.startswith(f"{outside}."):
                    assert own >= names.index(floor), f"{path.name}:{node.lineno} imports {module}"


def test_no_module_is_the_whole() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert max(lengths.values()) <= 500, max(lengths, key=lambda name: lengths[name])
