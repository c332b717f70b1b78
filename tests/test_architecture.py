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

ORDER = (
    "numbering",
    "model",
    "errors",
    "forms",
    "actions",
    "table",
    "conditions",
    "pairs",
    "allowed",
    "refusals",
    "asking",
    "effects",
    "parting",
    "rules",
    "deadlines",
    "machine",
    "explain",
    "changes",
    "create",
    "lifecycle",
    "invariants",
    "abstraction",
    "explore",
    "rendering",
    "__init__",
    "voipnow.__init__",
    "voipnow.fields",
    "voipnow.bodies",
    "voipnow.standing",
    "voipnow.reading",
    "voipnow.wire",
    "trace",
    "listings",
    "replay",
    "checking",
    "survey",
    "voipnow.directory",
    "voipnow.exchange",
    "voipnow.scope",
    "voipnow.parameters",
    "voipnow.creating",
    "voipnow.listing",
    "voipnow.acting",
    "voipnow.updating",
    "voipnow.deleting",
    "voipnow.service",
    "voipnow.book",
    "voipnow.schemas",
    "voipnow.openapi",
    "voipnow.http",
    "voipnow.hosting",
    "voipnow.asgi",
    "sandbox.__init__",
    "sandbox.clock",
    "sandbox.phones",
    "sandbox.world",
    "sandbox.tokens",
    "sandbox.control",
    "sandbox.log",
    "sandbox.recorder",
    "sandbox.demo",
    "sandbox.given",
    "sandbox.app",
    "sandbox.serve",
    "commands.__init__",
    "commands.terminal",
    "commands.apply",
    "commands.check",
    "commands.explore",
    "commands.serve",
    "commands.show",
    "__main__",
)
"""A module may import those before it. `testing`, which is for our users' tests, comes after all."""

PURE = frozenset(
    {
        "collections",
        "collections.abc",
        "datetime",
        "enum",
        "functools",
        "heapq",
        "http",
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

EXCEPTIONS = frozenset({("lifecycle", "transitions"), ("voipnow.asgi", "asyncio")})
"""Who may import more: a library that is there for one module, and how long an ASGI application waits for a body."""

SHELL = ("__main__", "commands.", "sandbox.")
"""Where clocks are read and files and sockets opened."""

IMPURE_BUILTINS = frozenset({"breakpoint", "compile", "eval", "exec", "globals", "input", "open", "print"})
CLOCKS = frozenset({"now", "today", "utcnow"})
IMMUTABLE = ("Mapping[", "frozenset[", "tuple[", "ClassVar[tuple[", "ClassVar[Mapping[")
MUTABLE_NODES = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
MUTABLE_CALLS = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"})

PATHS = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted(ROOT.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in PATHS.items()}
OURS = [name for name in PATHS if not name.startswith("testing.")]
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
    """`from callstate import rules` imports the module `callstate.rules`, if there is one."""
    inner = f"{module}.{name}".removeprefix("callstate.")
    return f"{module}.{name}" if inner in PATHS or f"{inner}.__init__" in PATHS else module


def own_imports(name: str) -> Iterator[str]:
    for imported in imports(TREES[name]):
        if imported == "callstate" or imported.startswith("callstate."):
            inner = imported.removeprefix("callstate").removeprefix(".")
            yield inner if inner in PATHS else f"{inner}.__init__".removeprefix(".")


@pytest.mark.parametrize("name", OURS)
def test_a_module_imports_only_those_before_it(name: str) -> None:
    assert name in ORDER, f"{name} is not in the order of the modules yet; where does it belong?"
    before = ORDER[: ORDER.index(name)]
    assert set(own_imports(name)) <= set(before)


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
    assert "callstate.machine" in imported
    assert not {name for name in imported if name.split(".")[0] == "transitions"}


def test_the_checks_find_what_they_look_for() -> None:
    bad_calls = ast.parse("datetime.now()\nopen('x')\nrow.input\nnow = 1")
    assert [ast.unparse(node) for node in ast.walk(bad_calls) if _is_impure(node)] == ["datetime.now", "open"]
    bad = ast.parse("CACHE = {}\nNAMES: dict[str, int] = {}\nGOOD: Mapping[str, int] = {}\nSEEN = set()\nPAIR = (1, 2)")
    assert [_binds_mutable(node) for node in bad.body] == [True, True, False, True, False]
    assert list(imports(ast.parse("import os\nfrom time import time\nfrom callstate import rules"))) == [
        "os",
        "time",
        "callstate.rules",
    ]
