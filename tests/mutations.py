"""What mutants there are: the engine with one thing broken, each of which the tests must catch.

One rule: a mutant changes the source of one module in one place, and a change that does not fit the source any more is
an error, never a mutant that changes nothing.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conditions import MODULES, conditions
from tests.mutation_checks import CHECKS, FIELDS, GUARDED, REPEATED

PACKAGE = Path(__file__).parent.parent / "callstate"

Change = Callable[[str], str]


class Mutant(NamedTuple):
    """One thing broken: in which module, and how its source is changed."""

    group: str
    name: str
    module: str
    change: Change

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"


def source_of(module: str) -> str:
    """Return the source of a module of the package."""
    return (PACKAGE / f"{module}.py").read_text()


# The table ------------------------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """One row of the table, as it is written."""

    input: str
    states: tuple[str, ...]
    to: str
    kind: str

    def __str__(self) -> str:
        states = self.states[0] if len(self.states) == 1 else f"{self.states[0]} … {self.states[-1]}"
        return f"{self.input} from {states}" + ("" if self.to == "SAME" else f" to {self.to}")


STATES = ("UNKNOWN", "OFF_HOOK", "TRYING", "RINGING", "ANSWERED", "CONNECTED", "ON_HOLD", "PARKED", "ENDED")
OTHER_KIND = {"MOVE": "LATE", "REPEAT": "LATE", "LATE": "MOVE"}


def _lines(source: str) -> list[Line]:
    tree = ast.parse(source)
    tuples = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Tuple)
    }
    lines = []
    for row in _rows(tree).elts:
        assert isinstance(row, ast.Call)
        states = tuple(name for name in _names(row.args[1], tuples))
        words = [ast.unparse(arg) for arg in row.args]
        lines.append(Line(words[0], states, words[2], words[3] if len(words) > 3 else "MOVE"))
    return lines


def _rows(tree: ast.Module) -> ast.Tuple:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "ROWS" and isinstance(node.value, ast.Tuple):
            return node.value
    raise LookupError("callstate.engine.transition_table has no ROWS")


def _names(node: ast.expr, tuples: dict[str, ast.Tuple]) -> Iterator[str]:
    match node:
        case ast.Tuple(elts=elts):
            for element in elts:
                yield from _names(element, tuples)
        case ast.Starred(value=value):
            yield from _names(value, tuples)
        case ast.Name(id=name) if name in tuples:
            yield from _names(tuples[name], tuples)
        case _:
            yield ast.unparse(node)


def _with_rows(lines: Sequence[Line]) -> Change:
    """Put other rows in the table. An input may be left without any: a test shall notice, not the compiler."""

    def change(source: str) -> str:
        tree = ast.parse(source)
        text = "".join(
            f"Row({n}, ({''.join(f'{s}, ' for s in states)}), {to}, {kind})," for n, states, to, kind in lines
        )
        (expression,) = ast.parse(f"({text})").body
        assert isinstance(expression, ast.Expr)
        assert isinstance(expression.value, ast.Tuple)
        _rows(tree).elts = expression.value.elts
        return _replaced("if not by_state:", "if False:")(ast.unparse(tree))

    return change


def _row(line: Line) -> str:
    states = "".join(f"{state}, " for state in line.states)
    return f"Row({line.input}, ({states}), {line.to}, {line.kind}),"


def _table_mutants() -> Iterator[Mutant]:
    lines = _lines(source_of("engine/transition_table"))
    for place, line in enumerate(lines):
        for group, name, rows in _broken_rows(line):
            broken = _with_rows([*lines[:place], *rows, *lines[place + 1 :]])
            yield Mutant(group, name, "engine/transition_table", broken)


def _broken_rows(line: Line) -> Iterator[tuple[str, str, list[Line]]]:
    """Break one row: the group, what is broken, and what stands in its place."""
    yield "row removed", str(line), []
    other = STATES[(STATES.index(line.to) + 1) % len(STATES)] if line.to in STATES else "OFF_HOOK"
    yield "target changed", f"{line}: {other}", [line._replace(to=other)]
    kind = OTHER_KIND[line.kind]
    yield "kind changed", f"{line}: {kind}", [line._replace(kind=kind)]
    for state in line.states if len(line.states) > 1 else ():
        left = tuple(name for name in line.states if name != state)
        yield "state removed", f"{line}: {state}", [line._replace(states=left)]


# Rules and checks -----------------------------------------------------------------------------------------------------


def _replaced(old: str, new: str) -> Change:
    def change(source: str) -> str:
        if source.count(old) != 1:
            raise LookupError(f"{old!r} is there {source.count(old)} times")
        return source.replace(old, new)

    return change


def _appended(text: str) -> Change:
    return lambda source: f"{source}\n{text}\n"


RULES = (
    "first_answer_wins", "a_late_answer_opens_a_side", "source_first", "an_answer_reaches_the_caller",
    "barge_opens_a_side", "two_sides_are_connected", "supervision_ends_with_its_target", "a_call_needs_two_sides",
)  # fmt: skip


def _rule_mutants() -> Iterator[Mutant]:
    for rule in RULES:
        yield Mutant("rule off", rule, "engine/cross_view_rules", _without(rule))


def _without(rule: str) -> Change:
    def change(source: str) -> str:
        lines = source.splitlines(keepends=True)
        left = [line for line in lines if not line.startswith(f"    Row({rule}, ")]
        if len(left) + 1 != len(lines):
            raise LookupError(f"{rule} is there {len(lines) - len(left)} times")
        return "".join(left)

    return change


def _check_mutants() -> Iterator[Mutant]:
    for name, module, old, new in CHECKS:
        yield Mutant("check dropped", name, module, _replaced(old, new))
    for field in FIELDS:
        text = f"{field} = {field}._replace(is_valid=lambda *_: True)"
        yield Mutant("check dropped", f"the field rule {field}", "domain/fields", _appended(text))
    for kind in REPEATED:
        text = f"REPEATS = {{kind: repeat for kind, repeat in REPEATS.items() if kind is not domain.{kind}}}"
        yield Mutant("check dropped", f"{kind} is no repeat", "engine/guards", _appended(text))
    for kind in GUARDED:
        text = f"GUARDS = {{kind: guard for kind, guard in GUARDS.items() if kind is not domain.{kind}}}"
        yield Mutant("check dropped", f"the guard of {kind}", "engine/guards", _appended(text))


GROUPS = ("row removed", "state removed", "target changed", "kind changed", "rule off", "check dropped")


def mutants() -> list[Mutant]:
    """Return all mutants, in the order of their groups."""
    found = [*_table_mutants(), *_rule_mutants(), *_check_mutants()]
    return sorted(found, key=lambda mutant: GROUPS.index(mutant.group))


def condition_mutants() -> list[Mutant]:
    """Return the engine with each of its conditions broken."""
    found = []
    for module in MODULES:
        path = f"engine/{module}"
        found += [
            Mutant("condition broken", name, path, change) for name, change in conditions(module, source_of(path))
        ]
    return found
