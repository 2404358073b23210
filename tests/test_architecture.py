"""What no linter checks of how the code is built. Import rules are in pyproject.toml, docstrings are ruff's."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
SOURCES = tuple(path for root in ("streams", "connectors") for path in sorted((REPOSITORY / root).rglob("*.py")))
#: The largest a module may be; half of that is already worth a hard look.
MAX_LINES = 400
#: What reads a file, the environment, a socket or the clock when it is called.
READERS = {"open", "read_text", "read_bytes", "getenv", "connect", "urlopen", "now", "utcnow", "monotonic"}
#: Where reading is of our own package's data, not of the machine.
PACKAGE_DATA = {"files", "joinpath"}


@cache
def parsed(path: Path) -> ast.Module:
    """Read a module once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """Give a module's name as a failure shows it."""
    return str(path.relative_to(REPOSITORY))


def too_large(path: Path) -> Iterator[int]:
    """Give how many lines a module has, if they are too many."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > MAX_LINES:
        yield lines


def swallowing(tree: ast.AST) -> Iterator[int]:
    """Give the lines of broad `except` blocks that do nothing at all."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        broad = node.type is None or (
            isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
        )
        if broad and all(isinstance(step, ast.Pass | ast.Continue) for step in node.body):
            yield node.lineno


def reading_at_import(tree: ast.Module) -> Iterator[int]:
    """Give the lines of calls that read the machine while a module is imported."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
            continue
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            yield node.lineno
        if isinstance(node, ast.Call) and _last_word(node.func) in READERS:
            words = ast.unparse(node.func).replace("(", ".").split(".")
            if not PACKAGE_DATA & set(words) and "__file__" not in ast.unparse(node):
                yield node.lineno
        waiting.extend(ast.iter_child_nodes(node))


def _last_word(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_modules_are_small_honest_and_quiet_at_import() -> None:
    """At most 400 lines; no error is swallowed unseen; nothing is read before somebody calls."""
    wrong = {
        name_of(path): found
        for path in SOURCES
        if (found := [*too_large(path), *swallowing(parsed(path)), *reading_at_import(parsed(path))])
    }
    assert len(SOURCES) > 300
    assert wrong == {}


def test_planted_violations_are_caught() -> None:
    """The rules above see what they are for."""
    planted = ast.parse(
        "import os\nHOME = os.environ['HOME']\nNOTES = Path('/etc/notes').read_text()\n"
        "try:\n    x = 1\nexcept Exception:\n    pass\n"
        "def later():\n    return open('x').read()\n"
    )
    assert sorted(reading_at_import(planted)) == [2, 3]
    assert list(swallowing(planted)) == [6]


def test_every_room_has_a_place_in_the_order_of_imports() -> None:
    """A new module of the stream is put into the layers of pyproject.toml, or no rule holds it."""
    pyproject = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    [layers] = [
        contract["layers"]
        for contract in pyproject["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    placed = {room.strip(" ()").removeprefix("wirewatch.") for layer in layers for room in layer.split("|")}
    package = REPOSITORY / "streams" / "wirewatch"
    rooms = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    assert rooms - {"__init__"} == placed


def test_one_door_for_each_library() -> None:
    """What a library does is asked for in one room, so that it can be replaced there."""
    doors = {
        "feedparser": ("wirewatch_connectors/parsing/",),
        "fastfeedparser": ("wirewatch_connectors/parsing/",),
        "kafka": ("wirewatch_connectors/publishing.py", "wirewatch/engine/"),
        "aiokafka": ("wirewatch/engine/",),
        "faust": ("wirewatch/agents.py", "wirewatch/app.py", "wirewatch/engine/"),
        "spacy": ("wirewatch/sorting/",),
        "prometheus_client": ("wirewatch/metrics.py",),
        "apprise": ("wirewatch/delivering/",),
        "fastapi": ("wirewatch/console/",),
    }
    found = {
        f"{name_of(path)} imports {library}"
        for path in SOURCES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for library in _libraries(node) & doors.keys()
        if not any(door in path.as_posix() for door in doors[library])
    }
    assert found == set()


def _libraries(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name.partition(".")[0] for name in node.names}
    return {(node.module or "").partition(".")[0]} if not node.level else set()
