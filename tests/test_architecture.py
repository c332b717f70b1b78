"""The house: who may import whom, a core without a clock or any I/O, names that are public on purpose."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import callstate

ROOT = Path(callstate.__file__).parent

WINGS = (
    "domain",
    "engine",
    "voipnow.wire",
    "voipnow.service",
    "voipnow.http",
    "voipnow.stores.sql",
    "voipnow.stores",
    "exploration",
    "conformance",
    "recording",
    "testing",
    "sandbox",
    "cli",
)
"""The packages that a module belongs to. From outside, a wing is imported by its own name, never by a module in it."""

PURE = frozenset(
    {
        "collections",
        "collections.abc",
        "contextlib",
        "datetime",
        "enum",
        "functools",
        "heapq",
        "http",
        "ipaddress",
        "itertools",
        "msgspec",
        "msgspec.json",
        "msgspec.structs",
        "operator",
        "re",
        "tomllib",
        "types",
        "typing",
        "urllib.parse",
    }
)
"""All that the core may import: nothing here reads a clock, draws a random number, logs, opens or waits."""

EXCEPTIONS = frozenset(
    {
        ("lifecycle", "transitions"),
        ("voipnow.http.asgi", "asyncio"),
        ("exploration.search", "concurrent"),
        *((f"voipnow.stores.sql.{name}", "sqlalchemy") for name in ("binding", "outbox", "schema", "tables")),
        *((f"voipnow.stores.sql.{name}", "sqlalchemy") for name in ("statements", "store", "subscriptions")),
    }
)
"""Who may import more: a library that is there for one module or package, how long an ASGI application waits for a
body, and the processes of an exploration, whose result is the same with any number."""

SHELL = ("__main__", "cli.", "sandbox.")
"""Where clocks are read and files and sockets opened."""

IMPURE_BUILTINS = frozenset({"breakpoint", "compile", "eval", "exec", "globals", "input", "open", "print"})
CLOCKS = frozenset({"now", "today", "utcnow"})
IMMUTABLE = ("Mapping[", "frozenset[", "tuple[", "ClassVar[tuple[", "ClassVar[Mapping[")
MUTABLE_NODES = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
MUTABLE_CALLS = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"})

PATHS = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted(ROOT.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in PATHS.items()}
OURS = [name for name in PATHS if not name.startswith("testing.")]
"""All but the kit, which draws random numbers."""

CORE = [name for name in OURS if not name.startswith(SHELL)]


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the package"
            assert node.module is not None
            yield from (_whole_name(node.module, alias.name) for alias in node.names)


def _whole_name(module: str, name: str) -> str:
    """`from callstate import engine` imports the module `callstate.engine`; what a face exports comes from the face."""
    face = f"{module}.__init__".removeprefix("callstate.")
    if face in PATHS and name in _exported(TREES[face]):
        return module
    inner = f"{module}.{name}".removeprefix("callstate.")
    return f"{module}.{name}" if inner in PATHS or f"{inner}.__init__" in PATHS else module


def _exported(tree: ast.Module) -> list[str]:
    lists = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return [name for exported in lists for name in ast.literal_eval(exported)]


def wing_of(name: str) -> str | None:
    return next((wing for wing in WINGS if f"{name}.".startswith(f"{wing}.")), None)


def below_a_face(name: str) -> list[str]:
    """Return what a module imports from within another wing."""
    inner = [module.removeprefix("callstate.") for module in imports(TREES[name]) if module.startswith("callstate.")]
    return [module for module in inner if wing_of(module) not in (None, module, wing_of(name))]


def test_imports_go_down_only() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", PATHS)
def test_a_wing_is_imported_by_its_face(name: str) -> None:
    assert below_a_face(name) == []


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_nothing_that_could_make_it_impure(name: str) -> None:
    others = {imported for imported in imports(TREES[name]) if imported.split(".")[0] != "callstate"}
    assert {other for other in others if (name, other.split(".")[0]) not in EXCEPTIONS} <= PURE


@pytest.mark.parametrize("name", CORE)
def test_the_core_reads_no_clock_and_does_no_io(name: str) -> None:
    assert [ast.unparse(node) for node in ast.walk(TREES[name]) if _is_impure(node)] == []


def _is_impure(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in CLOCKS
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in IMPURE_BUILTINS


@pytest.mark.parametrize("name", OURS)
def test_no_module_keeps_state(name: str) -> None:
    kept = [ast.unparse(node) for node in ast.walk(TREES[name]) if isinstance(node, ast.Global)]
    scopes = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Module | ast.ClassDef)]
    kept += [ast.unparse(node) for scope in scopes for node in scope.body if _binds_mutable(node)]
    assert kept == []


def _binds_mutable(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["__all__"]:
        return False  # Python wants a list or a tuple; linters and type checkers read the list
    if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).startswith(IMMUTABLE):
        return False  # the type checker refuses to change it
    called = node.value.func if isinstance(node.value, ast.Call) else None
    return isinstance(node.value, MUTABLE_NODES) or (isinstance(called, ast.Name) and called.id in MUTABLE_CALLS)


@pytest.mark.parametrize("name", PATHS)
def test_a_module_stays_under_300_lines(name: str) -> None:
    assert len(PATHS[name].read_text("utf-8").splitlines()) < 300


@pytest.mark.parametrize("name", PATHS)
def test_a_module_opens_with_a_paragraph(name: str) -> None:
    assert ast.get_docstring(TREES[name])


def _rank(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, each by name: as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_the_public_names_are_sorted_and_all_there() -> None:
    assert list(callstate.__all__) == sorted(set(callstate.__all__), key=_rank)
    for name in callstate.__all__:
        assert hasattr(callstate, name), name


def test_what_the_package_imports_is_public() -> None:
    names = {
        alias.asname or alias.name
        for node in ast.walk(TREES["__init__"])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert names == set(callstate.__all__)


@pytest.mark.parametrize("name", callstate.__all__)
def test_a_public_name_is_documented(name: str) -> None:
    value = getattr(callstate, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__doc__, name
        assert value.__doc__.strip(), name


def test_importing_the_package_does_not_import_transitions() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import callstate"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "callstate.domain.model" in imported
    assert not {name for name in imported if name.split(".")[0] == "transitions"}


def test_the_checks_find_what_they_look_for() -> None:
    bad_calls = ast.parse("datetime.now()\nopen('x')\nrow.input\nnow = 1")
    assert [ast.unparse(node) for node in ast.walk(bad_calls) if _is_impure(node)] == ["datetime.now", "open"]
    bad = ast.parse("CACHE = {}\nNAMES: dict[str, int] = {}\nGOOD: Mapping[str, int] = {}\nSEEN = set()\nPAIR = (1, 2)")
    assert [_binds_mutable(node) for node in bad.body] == [True, True, False, True, False]
    assert list(imports(ast.parse("import os\nfrom time import time\nfrom callstate import engine"))) == [
        "os",
        "time",
        "callstate.engine",
    ]
