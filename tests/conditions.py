"""Where the engine decides: each condition in its source, to be broken one at a time.

One rule: a condition is found by its place in the parsed source, so that every one is found. Broken means:

- an `if` that is never taken: what follows from its condition does not happen;
- an alternative left out of an `or`, or a condition out of an `and`; not one that only asks whether something is there,
  because what follows cannot do without it;
- a filter left out, so that everything goes through.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

MODULES = (
    "allowed", "authorization", "ended_views", "create", "deadlines", "effects", "guards", "hanging_up", "machine",
    "parties", "cross_view_rules", "settling", "transition_table", "transfers", "unreadable_requests", "transfer_roles",
)  # fmt: skip
"""The modules of the engine that decide; the sentences of refusals and explanations have tests of their own."""


class Condition(NamedTuple):
    """One condition of a module, and how its source is without it."""

    name: str
    change: Callable[[str], str]


class _Break(ast.NodeTransformer):
    """Names every condition of a module, and breaks the one at the wanted place, counted from the first."""

    def __init__(self, wanted: int | None = None) -> None:
        self.wanted, self.function = wanted, ""
        self.names: list[str] = []

    def _is_wanted(self, name: str) -> bool:
        self.names.append(f"{self.function}: {name.replace('|', 'or')}")
        return len(self.names) - 1 == self.wanted

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outer, self.function = self.function, node.name
        self.generic_visit(node)
        self.function = outer
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return node  # it is for the types, and decides nothing

    def visit_If(self, node: ast.If) -> ast.AST:
        wanted = self._is_wanted(f"never: if {ast.unparse(node.test)}")
        self.generic_visit(node)
        if wanted:
            node.test = ast.Constant(value=False)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        whole = ast.unparse(node)
        left = [value for value in node.values if not self._is_left_out(ast.unparse(value), whole)]
        self.generic_visit(node)
        if len(left) == len(node.values):
            return node
        return left[0] if len(left) == 1 else ast.BoolOp(op=node.op, values=left)

    def _is_left_out(self, value: str, whole: str) -> bool:
        return not value.endswith((" is None", " is not None")) and self._is_wanted(f"left out: {value} of {whole}")

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        wanted = bool(node.ifs) and self._is_wanted(f"no filter: {' if '.join(map(ast.unparse, node.ifs))}")
        self.generic_visit(node)
        if wanted:
            node.ifs = []
        return node


def _without(place: int) -> Callable[[str], str]:
    def change(source: str) -> str:
        return ast.unparse(_Break(place).visit(ast.parse(source)))

    return change


def conditions(module: str, source: str) -> Iterator[Condition]:
    """Yield every condition of a module; two of one name are told apart by a number."""
    breaks = _Break()
    breaks.visit(ast.parse(source))
    seen: Counter[str] = Counter()
    for place, name in enumerate(breaks.names):
        seen[name] += 1
        yield Condition(f"{module}.{name}" + (f" ({seen[name]})" if seen[name] > 1 else ""), _without(place))
