"""The page of the Python API: the prose is written by hand, and each name is described from its source.

One rule: a signature is the text of the source and a description is the docstring, so a reader of the plain file sees
what a reader of the site sees. The page says which names stand where: in a comment before each place.
"""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple, get_args

import msgspec

from tests.reference.markdown import fence
from tests.test_public_names import PUBLIC

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
PLACE = re.compile(
    r"(?P<head><!-- python -m tests\.write api: (?P<names>[^>]+?) -->\n).*?(?P<end>\n<!-- end -->)", re.DOTALL
)
HOME = re.compile(r"^(\| `(callstate[\w.]*)` \| [^|]+ \|) .+ \|$", re.MULTILINE)
LONGEST_LINE = 88


def written(page: str) -> str:
    """Write every place of the page again, and the table of the names."""
    names = {package: ", ".join(f"`{name}`" for name in import_module(package).__all__) for package in PUBLIC}
    page = HOME.sub(lambda found: f"{found[1]} {names[found[2]]} |", page)
    return PLACE.sub(lambda found: f"{found['head']}\n{_described(found['names'])}\n{found['end']}", page)


def write() -> None:
    """Write the page."""
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")


def shown(page: str) -> list[str]:
    """Name everything that the page describes, by its whole name."""
    return [name for found in PLACE.finditer(page) for name in found["names"].split()]


def _described(names: str) -> str:
    return "\n\n".join(block for name in names.split() for block in _entry(name))


def _entry(name: str) -> Iterator[str]:
    home, _, own = name.rpartition(".")
    found = getattr(import_module(home), own)
    yield f"### `{own}`"
    yield fence("py", _head(own, found, home))
    yield _text(own, found, home)
    if inspect.isclass(found):
        members = [member for member in _members(found) if member.text]
        if members:
            yield "\n".join(f"- `{member.signature}`: {' '.join(member.text.split())}" for member in members)


# The text of the source -----------------------------------------------------------------------------------------------


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))


def _node(body: list[ast.stmt], name: str) -> Any:  # Any: the node of a class or a function
    return next((node for node in body if getattr(node, "name", None) == name), None)


def _unparsed(node: ast.AST | None) -> str:
    """Write a node without the modules before its names."""
    return "" if node is None else re.sub(r"\b[a-z_]\w*\.(?=[A-Z])", "", ast.unparse(node))


def _text(name: str, found: object, home: str) -> str:
    """Return the docstring; that of a constant stands below it in the source."""
    if inspect.isclass(found) or inspect.isroutine(found):
        return inspect.getdoc(found) or ""
    _, below = _constant(name, home)
    assert isinstance(below, ast.Expr), f"{name} has no docstring"
    assert isinstance(below.value, ast.Constant), f"{name} has no docstring"
    return inspect.cleandoc(str(below.value.value))


def _constant(name: str, home: str) -> tuple[ast.AnnAssign | ast.Assign, ast.stmt]:
    """Return the statement that sets a constant or a type alias, and the one below it."""
    body = _tree(home).body
    for node, below in pairwise(body):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else (node.target,)
            if name in map(_unparsed, targets):
                return node, below
    raise AssertionError(f"{home} does not set {name}")


# Heads ----------------------------------------------------------------------------------------------------------------


def _head(name: str, found: Any, home: str) -> str:  # Any: whatever is public
    if inspect.isclass(found):
        return _head_of_class(name, found)
    if inspect.isroutine(found):
        return _call(name, _node(_tree(found.__module__).body, found.__name__)) + _meaning(found)
    node, _ = _constant(name, home)
    if isinstance(node, ast.Assign):
        return f"{name}: {type(found).__name__}"
    alias = _unparsed(node.annotation) == "TypeAlias"
    return f"{name} = {_unparsed(node.value)}" if alias else f"{name}: {_unparsed(node.annotation)}"


def _meaning(found: Any) -> str:  # Any: a function
    """Spell out a returned type that has a name of its own for a union of two."""
    returned = found.__annotations__["return"]
    parts = get_args(returned) if isinstance(returned, UnionType) else ()
    own = _unparsed(_node(_tree(found.__module__).body, found.__name__).returns)
    return f"  # {' | '.join(part.__name__ for part in parts)}" if parts and own.isidentifier() else ""


def _head_of_class(name: str, found: Any) -> str:  # Any: a class of any kind
    if issubclass(found, Enum):
        return "\n".join((f"{name}:", *(f"    {member.name} = {member.value!r}" for member in found)))
    if issubclass(found, msgspec.Struct):
        named = all(given.kind is given.KEYWORD_ONLY for given in inspect.signature(found).parameters.values())
        derived = getattr(found, "derived", ())
        fields = {field.name: field.default for field in msgspec.structs.fields(found) if field.name not in derived}
        return _wrapped(name, ["*"] * named + _fields(found, fields))
    if hasattr(found, "_fields"):
        defaults = dict.fromkeys(found._fields, msgspec.NODEFAULT) | found._field_defaults
        return _wrapped(name, _fields(found, defaults))
    return _call(name, _node(_body(found), "__init__"))


def _fields(found: type, defaults: Mapping[str, object]) -> list[str]:
    return [f"{name}: {_type(found, name)}{_default(default)}" for name, default in defaults.items()]


def _body(kind: type) -> list[ast.stmt]:
    """Return the statements of a class of the package."""
    if not kind.__module__.startswith("callstate"):
        return []
    body: list[ast.stmt] = _node(_tree(kind.__module__).body, kind.__name__).body
    return body


def _type(found: type, field: str) -> str:
    """Return the annotation of a field, from the class that declares it."""
    declared = (node for kind in found.__mro__ for node in _body(kind) if isinstance(node, ast.AnnAssign))
    return next(_unparsed(node.annotation) for node in declared if _unparsed(node.target) == field)


def _default(value: object) -> str:
    if value is msgspec.NODEFAULT:
        return ""
    if callable(value):
        return " = ..."
    return f" = {type(value).__name__}.{value.name}" if isinstance(value, Enum) else f" = {value!r}"


def _call(name: str, node: ast.FunctionDef | None) -> str:
    if node is None:
        return name
    return _wrapped(name, _parameters(node.args), f" -> {_unparsed(node.returns)}" if node.returns else "")


def _parameters(args: ast.arguments) -> list[str]:
    """Write the parameters of a function, without that of the object or the class."""
    without = [""] * (len(args.args) - len(args.defaults))
    places = [*without, *(f" = {_unparsed(default)}" for default in args.defaults)]
    plain = [f"{_unparsed(arg)}{default}" for arg, default in zip(args.args, places, strict=True)]
    named = [
        _unparsed(arg) + ("" if default is None else f" = {_unparsed(default)}")
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
    ]
    several = [f"*{_unparsed(args.vararg)}"] if args.vararg else ["*"] if named else []
    rest = [f"**{_unparsed(args.kwarg)}"] if args.kwarg else []
    return [p for p in (*plain, *several, *named, *rest) if p not in ("self", "cls")]


def _wrapped(name: str, parameters: list[str], end: str = "") -> str:
    line = f"{name}({', '.join(parameters)}){end}"
    if len(line) <= LONGEST_LINE:
        return line
    return "\n".join((f"{name}(", *(f"    {parameter}," for parameter in parameters), f"){end}"))


# Members --------------------------------------------------------------------------------------------------------------


class _Member(NamedTuple):
    """A method or a property of a class, as a line."""

    signature: str
    text: str


def _members(found: type) -> Iterator[_Member]:
    """Yield the public methods and properties that a class declares itself, and those of its private bases."""
    kinds = [kind for kind in found.__mro__ if kind is found or kind.__name__.startswith("_")]
    for node in (node for kind in kinds for node in _body(kind)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield _Member(_line(node), ast.get_docstring(node) or "")


def _line(node: Any) -> str:  # Any: the node of a function
    returns = f" -> {_unparsed(node.returns)}" if node.returns else ""
    if any(_unparsed(decorator) in ("property", "cached_property") for decorator in node.decorator_list):
        return f"{node.name}{returns.replace(' ->', ':')}"
    return f"{node.name}({', '.join(_parameters(node.args))}){returns}"
