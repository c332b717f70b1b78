"""What mutants there are: the engine with one thing broken, each of which the tests must catch.

One rule: a mutant changes the source of one module in one place, and a change that does not fit the source any more is
an error, never a mutant that changes nothing.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

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
    raise LookupError("callstate.engine.table has no ROWS")


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
    lines = _lines(source_of("engine/table"))
    for place, line in enumerate(lines):
        for group, name, rows in _broken_rows(line):
            yield Mutant(group, name, "engine/table", _with_rows([*lines[:place], *rows, *lines[place + 1 :]]))


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
    "first_answer_wins", "source_first", "barge_opens_a_side", "two_sides_are_connected",
    "supervision_ends_with_its_target", "a_call_needs_two_sides",
)  # fmt: skip


def _rule_mutants() -> Iterator[Mutant]:
    for rule in RULES:
        yield Mutant("rule off", rule, "engine/rules", _without(rule))


def _without(rule: str) -> Change:
    def change(source: str) -> str:
        lines = source.splitlines(keepends=True)
        left = [line for line in lines if not line.startswith(f"    ({rule}, ")]
        if len(left) + 1 != len(lines):
            raise LookupError(f"{rule} is there {len(lines) - len(left)} times")
        return "".join(left)

    return change


FORMS = (
    "TO_EXTENSION", "TO_NUMBER", "TRANSFER_FROM", "TRANSFERRED", "CALLER_ID", "FORMAT", "WAIT", "PARKING_LIMIT",
    "PRIVATE",
)  # fmt: skip
REPEATED = ("UnPark", "PickUp", "BargeIn", "Whisper", "Monitor", "StartRecording", "StopRecording")
OBJECTED = ("UnPark", "PickUp", "BargeIn", "Whisper", "Monitor", "StartRecording")

CHECKS = (
    ("the call is the one named", "engine/machine", "is None or action.call_id != call.id:", "is None:"),
    ("the call is not over", "engine/authorization", "return _over_violation(call, action, rules)", "return None"),
    ("the asker takes part", "engine/authorization", "else NOT_A_PARTY\n\n\ndef _over", "else None\n\n\ndef _over"),
    ("a colleague is an extension", "engine/authorization", " and domain.is_extension(number)", ""),
    (
        "who takes part has not left",
        "engine/authorization",
        "domain.WITHHELD and view.state is not domain.ENDED:",
        "domain.WITHHELD:",
    ),
    (
        "who withholds its number asks nothing",
        "engine/authorization",
        " == number != domain.WITHHELD and",
        " == number and",
    ),
    (
        "who asked again was of the call",
        "engine/authorization",
        "in was_of_it else NOT_A_PARTY",
        "in was_of_it else None",
    ),
    ("strict: a call that is over", "engine/authorization", " or not rules.repeats:", ":"),
    ("a view to act on is listed", "engine/machine", "ENDED or not view.listed:", "ENDED:"),
    ("a view to act on has not ended", "engine/machine", " or view.state is domain.ENDED or not", " or not"),
    (
        "a view to part from is listed",
        "engine/machine",
        " or not view.listed:\n        return False",
        ":\n        return False",
    ),
    ("a view to part from has not ended", "engine/machine", "return view.live or (", "return True or ("),
    ("a view to hang up is listed", "engine/machine", " or not view.listed:\n            ret", ":\n            ret"),
    ("the numbers of a transfer differ", "engine/machine", "return SAME_NUMBER if", "return None if"),
    ("the role", "engine/machine", "if view.role not in ROLES[type(action)]:", "if False:"),
    ("the state is known", "engine/machine", "if view.state is domain.UNKNOWN else None", "if False else None"),
    ("the sides are two", "engine/machine", "return None if count == TWO", "return None if True"),
    ("only the caller dials", "engine/machine", "if type(signal) in OF_THE_CALLER", "if False"),
    ("the other party's role", "engine/machine", "_role_violation(action, other, rules) or wrong", "wrong"),
    ("the other party's state", "engine/machine", "rules) or wrong", "rules)"),
    ("a transfer may be a repeat", "engine/machine", "if pair.told and not", "if False and not"),
    ("a park may be a repeat by who has left", "engine/transfers", "if already is not None:", "if False:"),
    ("an unknown state says nothing of a park", "engine/transfers", "if view.state is domain.UNKNOWN:", "if False:"),
    (
        "who left asks for what it did",
        "engine/authorization",
        "or not is_sent(call, action, pair.subject):",
        "or False:",
    ),
    ("who left asks from its own side", "engine/authorization", "[0].side == leaver.side", "[0].side is not None"),
    ("who left names its own view", "engine/authorization", " and view.extension == action.extension", ""),
    (
        "who left names its own number",
        "engine/authorization",
        "return action.phone_number == action.extension and",
        "return",
    ),
    (
        "who left by number was of the call",
        "engine/authorization",
        " and left_by(call, action.extension) is not None",
        "",
    ),
    ("strict: a repeat", "engine/machine", "refuse(call, action, rules, NOTHING_TO_DO, view)", "call"),
    ("strict: a repeated transfer", "engine/machine", "refuse(call, action, rules, NOTHING_TO_DO, subject)", "call"),
    ("strict: a repeated row", "engine/table", "    if not repeats:\n", "    if False:\n"),
    (
        "strict: who hangs up is there",
        "engine/machine",
        "refuse(call, action, rules, GONE, left_by(",
        "(lambda c, _: c)(call, (",
    ),
    ("a transfer goes to somebody new", "engine/transfers", "must_be_new(call, action, pair.subject) or ", ""),
    ("the parties of a transfer are told", "engine/transfers", "or _parties_are_told(call, action, pair)", "or None"),
    (
        "the parties of a voicemail are told",
        "engine/transfers",
        "Voicemail: _parties_are_told",
        "Voicemail: lambda *_: None",
    ),
    ("the public is allowed", "engine/transfers", "and not call.allow_public_transfer and", "and False and"),
    ("the lot has room", "engine/transfers", "        if action.position is not None", "        if True"),
    ("the parker is of this system", "engine/transfers", "if pair.other is not None and not", "if False and not"),
    ("a supervisor is no party", "engine/transfers", "view is None or view.role in domain.SUPERVISORS", "view is None"),
    ("who parked has the parker's side", "engine/transfers", " and view.side == lot.side", ""),
    ("who parked has the parker's number", "engine/transfers", " and view.extension == lot.by", ""),
    ("a phone rings for a second at least", "domain/constraints", "range(1, 3601)", "range(3601)"),
    ("a phone rings for an hour at most", "domain/constraints", "range(1, 3601)", "range(1, 3602)"),
    ("a party is parked for 10 s at least", "domain/constraints", "range(10, 3601)", "range(9, 3601)"),
    ("a party is parked for an hour at most", "domain/constraints", "range(10, 3601)", "range(10, 3602)"),
    ("a parker is rung ten times", "domain/constraints", "RING_BACKS = 10", "RING_BACKS = 9"),
    ("a boolean is no number", "domain/fields", "if isinstance(value, bool) else", "if False else"),
    ("an instant is aware", "engine/deadlines", "    if offset is None:", "    if False:"),
    ("time does not go back", "engine/machine", "if updated is not None and at < updated:", "if False:"),
    ("nor does it for deadlines", "engine/deadlines", "max(now, call.updated)", "now"),
    ("passed deadlines fire first", "engine/machine", "if deadline is not None and deadline < at:", "if False:"),
    ("the action wins a tie", "engine/machine", "inclusive=False", "inclusive=True"),
)


def _check_mutants() -> Iterator[Mutant]:
    for name, module, old, new in CHECKS:
        yield Mutant("check dropped", name, module, _replaced(old, new))
    for form in FORMS:
        yield Mutant(
            "check dropped",
            f"the form {form}",
            "domain/fields",
            _appended(f"{form} = {form}._replace(fits=lambda _: True)"),
        )
    for kind in REPEATED:
        text = f"REPEATS = {{kind: repeat for kind, repeat in REPEATS.items() if kind is not {kind}}}"
        yield Mutant("check dropped", f"{kind} is no repeat", "engine/guards", _appended(text))
    for kind in OBJECTED:
        text = f"GUARDS = {{kind: objects for kind, objects in GUARDS.items() if kind is not {kind}}}"
        yield Mutant("check dropped", f"what stands against {kind}", "engine/guards", _appended(text))


GROUPS = ("row removed", "state removed", "target changed", "kind changed", "rule off", "check dropped")


def mutants() -> list[Mutant]:
    """Return all mutants, in the order of their groups."""
    found = [*_table_mutants(), *_rule_mutants(), *_check_mutants()]
    return sorted(found, key=lambda mutant: GROUPS.index(mutant.group))
