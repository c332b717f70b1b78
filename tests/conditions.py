"""Where the engine decides: each condition in its source, to be broken one at a time.

One rule: a condition is found by its place in the parsed source, so that every one is found. Broken means:

- an `if` that is never taken: what follows from its condition does not happen;
- an alternative left out of an `or`, or a condition out of an `and`, where one of the two decides an `if`, a filter, a
  choice or what is returned;
- a filter left out, so that everything goes through.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

MODULES = (
    "allowed", "authorization", "carried", "create", "deadlines", "effects", "guards", "hanging_up", "machine",
    "parties", "rules", "table", "transfers", "unread", "who_is_who",
)  # fmt: skip
"""The modules of the engine that decide; the sentences of refusals and explanations have tests of their own."""


class Condition(NamedTuple):
    """One condition of a module, and how its source is without it."""

    name: str
    change: Callable[[str], str]


class _Break(ast.NodeTransformer):
    """Breaks the condition at one place, counted from the first of the module."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.place, self.name, self.function = wanted, -1, "", ""

    def _is_wanted(self) -> bool:
        self.place += 1
        return self.place == self.wanted

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # as ast names it
        outer, self.function = self.function, node.name
        self.generic_visit(node)
        self.function = outer
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return node  # it is for the types, and decides nothing

    def visit_If(self, node: ast.If) -> ast.AST:  # as ast names it
        if self._is_wanted():
            self.name = f"never: if {ast.unparse(node.test)}"
            node.test = ast.Constant(value=False)
            return node
        return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:  # as ast names it
        for value in node.values:
            if self._is_wanted():
                self.name = f"left out: {ast.unparse(value)} of {ast.unparse(node)}"
                left = [other for other in node.values if other is not value]
                return left[0] if len(left) == 1 else ast.BoolOp(op=node.op, values=left)
        return self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        if node.ifs and self._is_wanted():
            self.name = f"no filter: {' if '.join(map(ast.unparse, node.ifs))}"
            node.ifs = []
            return node
        return self.generic_visit(node)


def _broken(source: str, place: int) -> tuple[ast.Module, _Break]:
    breaks, tree = _Break(place), ast.parse(source)
    breaks.visit(tree)
    return tree, breaks


def _without(place: int) -> Callable[[str], str]:
    return lambda source: ast.unparse(_broken(source, place)[0])


def conditions(module: str, source: str) -> Iterator[Condition]:
    """Yield every condition of a module; two of one name are told apart by a number."""
    seen: Counter[str] = Counter()
    place = 0
    while (breaks := _broken(source, place)[1]).name:
        what = f"{module}.{breaks.function}: {breaks.name.replace('|', 'or')}"
        seen[what] += 1
        yield Condition(what if seen[what] == 1 else f"{what} ({seen[what]})", _without(place))
        place += 1
