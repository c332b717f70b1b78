"""What mutants there are: the engine with one thing broken, each of which the tests must catch.

One rule: a mutant changes the source of one module in one place, and a change that does not fit the source any more is
an error, never a mutant that changes nothing.
"""

# ruff: noqa: E501  # a check is one line

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conditions import MODULES, conditions

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
    "first_answer_wins", "source_first", "an_answer_reaches_the_caller", "barge_opens_a_side",
    "two_sides_are_connected", "supervision_ends_with_its_target", "a_call_needs_two_sides",
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


FIELDS = (
    "TO_EXTENSION", "TO_NUMBER", "TRANSFER_FROM", "TRANSFERRED", "CALLER_ID", "CALLER_ID_LENGTH", "FORMAT", "WAIT",
    "PARKING_LIMIT", "PRIVATE", "NONCE", "DURATION", "CALLER_DESTINATION",
)  # fmt: skip
REPEATED = ("UnPark", "PickUp", "BargeIn", "Whisper", "Monitor", "StartRecording", "StopRecording")
GUARDED = ("UnPark", "PickUp", "BargeIn", "Whisper", "Monitor", "StartRecording")

MACHINE, WHO, ASKER = "engine/machine", "engine/who_is_who", "engine/authorization"
CHECKS = (
    ("the call is the one named", MACHINE, "is None or action.call_id != call.id:", "is None:"),
    ("the call is not over", ASKER, "return _over_violation(call, action, rules)", "return None"),
    ("the asker takes part", ASKER, "        return None\n    return not_a_party", "        return None\n    return None and"),
    ("a colleague is an extension", ASKER, " and rules.numbering.is_extension(action.extension)", ""),
    ("a party that asks has not left", ASKER, "WITHHELD and view.state is not domain.ENDED:", "WITHHELD:"),
    ("a withheld number asks nothing", ASKER, " == number != domain.WITHHELD and", " == number and"),
    ("an asker of a call that is over was of it", ASKER, "in took_part else not_a_party", "in took_part else None and"),
    ("strict: a call that is over", ASKER, " or not rules.repeats:", ":"),
    ("a view to act on is listed", MACHINE, "is ENDED or not view.listed):", "is ENDED):"),
    ("a view to act on has not ended", MACHINE, "(view.state is ENDED or not view.listed):", "(not view.listed):"),
    ("a view to send is listed", MACHINE, " or not view.listed:\n        return False", ":\n        return False"),
    ("a view to send has not ended", MACHINE, "    if view.live:\n        return True", "    if True:\n        return True"),
    ("a parker's view repeats a park", MACHINE, "return parked_by(call, view) is not None", "return False"),
    ("a transferor's view repeats a transfer", MACHINE, "return left and is_repeated(call, action, parties)", "return False"),
    ("a transferor's view repeats nothing else", MACHINE, "return left and is_repeated(call, action, parties)", "return left"),
    ("a view to hang up is listed", "engine/hanging_up", "if view is None or not view.listed:", "if view is None:"),
    ("the numbers of a transfer differ", MACHINE, "return same_number(action.transfer_number) if", "return None if"),
    ("the role", MACHINE, "    if view.role not in ROLES[type(action)]:", "    if False:"),
    ("the state is known", MACHINE, "if view.state is domain.UNKNOWN else None", "if False else None"),
    ("the sides are two", MACHINE, "return None if count == TWO", "return None if True"),
    ("a report is of the right role", MACHINE, "    if view.role not in ROLES[kind]:", "    if False:"),
    ("only the calling side dials", MACHINE, "(view.side != 0 or view.until", "(view.until"),
    ("a phone with a limit does not dial", MACHINE, " or view.until is not None or view.state is domain.RINGING", " or view.state is domain.RINGING"),
    ("a phone that rings does not dial", MACHINE, " or view.state is domain.RINGING", ""),
    ("a caller that dials does not ring", MACHINE, "return not_rung(view) if", "return None if"),
    ("the other party's role", MACHINE, "_other_violation(action, parties, rules) or states", "states"),
    ("the other party's state", "engine/transfers", "if other.state not in needed:", "if False:"),
    ("a destination that waits is not deflected", "engine/transfers", "if is_deflected(parties) and subject.waits:", "if False:"),
    ("a phone of a side that is up is not deflected", "engine/transfers", "if is_deflected(parties) and someone_is_up", "if False and someone_is_up"),
    ("a transfer may be a repeat", MACHINE, "if parties.told and not isinstance(action, domain.Park) and", "if False and"),
    ("a park may be a repeat by who has left", WHO, "if view.state is domain.ENDED:  # that of", "if False:  # that of"),
    ("a phone that rings to retrieve has parked nobody", WHO, " or other.state is domain.PARKED:", ":"),
    ("an unknown state says nothing of a park", WHO, "if view.state is domain.UNKNOWN or view.state", "if view.state"),
    ("who left asks for what it did", ASKER, " and is_repeated(call, action, parties)", ""),
    ("who left asks from its own side", ASKER, "parties.subject.side != leaver.side and ", ""),
    ("a transferor who left may ask again", ASKER, "    if leaver is None:\n        return False", "    if True:\n        return False"),
    ("who left names its own view", ASKER, "view.extension == action.extension != domain.WITHHELD", "True"),
    ("who left names its own number", ASKER, "action.phone_number is not None and action.phone_number != action.extension:", "False:"),
    ("who hangs up has left", ASKER, "return left_by(call, action.extension) is not None", "return True"),
    ("strict: a repeat", MACHINE, "refuse(call, action, rules, nothing_to_do(action, view), view)", "call"),
    ("strict: a repeated transfer", MACHINE, "refuse(call, action, rules, nothing_to_do(action, subject), subject)", "call"),
    ("strict: a repeated row", "engine/table", "    if not repeats:\n", "    if False:\n"),
    ("strict: a number that is hung up is there", "engine/hanging_up", "refuse(call, action, rules, not_in_the_call(number))", "call"),
    ("strict: who hangs up is there", "engine/hanging_up", "if leaving or call.over or rules.repeats:", "if True:"),
    ("strict: a forgotten view", "engine/hanging_up", "refuse(call, action, rules, has_ended(view_id))\n", "call\n"),
    ("a phone that joined leaves alone", "engine/hanging_up", "view.up and view.role in (domain.PARTY, domain.VOICEMAIL)", "True"),
    ("a phone that rings leaves alone", "engine/hanging_up", "any(view.up and view.role", "any(view.role"),
    ("a parker that declines leaves alone", "engine/hanging_up", "return live if parked_last else own", "return live"),
    ("a parker ends the call", "engine/hanging_up", "return live if parked_last else own", "return own"),
    ("the charged extension ends the call", "engine/hanging_up", "return live if extension == call.extension and", "return own if True or"),
    ("a number means no mailbox", "engine/hanging_up", " and view.role is not domain.VOICEMAIL:", ":"),
    ("a transfer goes to somebody new", "engine/transfers", "must_be_new(call, action, parties.subject) or ", ""),
    ("the parties of a transfer are told", "engine/transfers", "    if not parties.told:", "    if False:"),
    ("of several phones one is told", "engine/transfers", "else several_ring()", "else None"),
    ("the view of a phone tells which one", WHO, "view is not None and leg.id == view.id]", "False]"),
    ("the asker tells which phone", WHO, "told += [leg for leg in ringing if leg.extension == action.extension]", "told += []"),
    ("an outside party transfers nobody", WHO, "other is None or not other.outside or", "True or other is None or"),
    ("a retry to an outside number", WHO, " or other.extension == action.send_call_to:", ":"),
    ("the asker's own view transfers", WHO, "    if view.extension == action.extension:\n", "    if False:\n"),
    ("of two outside parties none leaves", WHO, "return Parties(view) if view.outside else", "return Parties(view) if False else"),
    ("the leg of a deflection is a repeat", WHO, "return leg is not None and _is_destination(action, leg)", "return False"),
    ("a transferor has a successor", "engine/parties", "if successor_of(call, view) is not None), None)", "), None)"),
    ("the public is allowed", "engine/transfers", "and not call.allow_public_transfer else", "and False else"),
    ("the lot has room", "engine/transfers", "no_free_position() if action.position is None", "no_free_position() if False"),
    ("the parker is of this system", "engine/transfers", "if parties.other is not None and parties.other.outside:", "if False:"),
    ("an outside party waits", WHO, "Parties(parks, waits) if parks.outside else", "Parties(parks, waits) if False else"),
    ("a supervisor is no party", "engine/parties", "view is None or view.role in domain.SUPERVISORS", "view is None"),
    ("who parked has the parker's side", "engine/parties", " and view.side == lot.side", ""),
    ("who parked has the parker's number", "engine/parties", " and view.extension == lot.by", ""),
    ("who was parked had answered", "engine/parties", "view.answered is not None and view.answered <= parker.ended", "True"),
    ("a mailbox has not retrieved", "engine/guards", " or legs[0].role is domain.VOICEMAIL:", ":"),
    ("only a party that was parked was retrieved", "engine/guards", " and was_parked(call, view)", ""),
    ("a view that was picked up is named again", "engine/guards", "return view if repeated else None", "return None"),
    ("a private whisper is another one", "engine/guards", "        and leg.private is private\n", ""),
    ("a phone that joined takes another role", "engine/guards", "return None if joined_leg(call, action, view) is not None else must", "return must"),
    ("a forgotten view was of the call", "engine/parties", "number < int(call.views[-1].id) and ", ""),
    ("a call that forgot nobody", "engine/parties", "if not call.forgotten or domain", "if domain"),
    ("ten ended views are carried", "engine/carried", "CARRIED = 10", "CARRIED = 11"),
    ("what lived before stays", "engine/carried", "    yield from (view.id for view in before.views if view.live)\n", ""),
    ("the highest id stays", "engine/carried", "    yield views[-1].id\n", ""),
    ("the highest side stays", "engine/carried", "    yield from [view.id for view in views if view.side == highest][-1:]\n", ""),
    ("a transferor stays", "engine/carried", "    yield from (view.id for view in views if view.successor in live)\n", ""),
    ("a parker stays", "engine/carried", "    yield from (view.id for view in parkers if view is not None)\n", ""),
    ("a read call goes through the rules", MACHINE, "call.version == 0 or ", ""),
    ("a hold forgets", MACHINE, " or call.ended_views > CARRIED:", ":"),
    ("an unknown state is not ended by an answer", "engine/rules", "domain.UP - {domain.ENDED, domain.UNKNOWN}", "domain.UP - {domain.ENDED}"),
    ("an unknown side keeps a party connected", "engine/rules", "elif not any(view.state is domain.UNKNOWN", "elif not any(False and view.state is domain.UNKNOWN"),
    ("who answers late has a side of its own", "engine/rules", "return _on_sides_of_their_own(views, before, up)", "return views"),
    ("a source that is dialled is not reached", "engine/rules", " or callers[0].until is not None:", ":"),
    ("the dates decide how a view ended", "engine/effects", "    if left.answered is not None:\n", "    if disposition is None and left.answered is not None:\n"),
    ("a stranger learns nothing", "engine/refusals", "if call is None or check in _TELL_NOTHING else", "if call is None else"),
    ("an unlisted state is not told", "engine/refusals", "if shown is not None and shown.listed else", "if shown is not None else"),
    ("a new call has a hundred numbers", "engine/create", "if len(numbers) > MOST_NUMBERS:", "if False:"),
    ("a number of a new call comes once", "engine/create", "if number in numbers[:place]:", "if False:"),
    ("a destination is no source", "engine/create", "    if both is not None:", "    if False:"),
    ("destinations are of one kind", "engine/create", "if len(kinds) > 1 and", "if False and"),
    ("a phone rings for a second at least", "domain/constraints", "range(1, 3601)", "range(3601)"),
    ("a phone rings for an hour at most", "domain/constraints", "range(1, 3601)", "range(1, 3602)"),
    ("a party is parked for 10 s at least", "domain/constraints", "range(10, 3601)", "range(9, 3601)"),
    ("a party is parked for an hour at most", "domain/constraints", "range(10, 3601)", "range(10, 3602)"),
    ("a parker is rung ten times", "domain/constraints", "RING_BACKS = 10", "RING_BACKS = 9"),
    ("a boolean is no number", "domain/fields", "if isinstance(value, bool) else", "if False else"),
    ("time does not go back", MACHINE, "if updated is not None and at < updated:", "if False:"),
    ("nor does it for deadlines", "engine/deadlines", "max(at, call.updated)", "at"),
    ("passed deadlines fire first", MACHINE, "if deadline is not None and deadline < at:", "if False:"),
    ("the action wins a tie", MACHINE, "inclusive=False", "inclusive=True"),
)  # fmt: skip


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


def _condition_mutants() -> Iterator[Mutant]:
    for module in MODULES:
        path = f"engine/{module}"
        for name, change in conditions(module, source_of(path)):
            if name not in EQUIVALENT:
                yield Mutant("condition broken", name, path, change)


EQUIVALENT: Mapping[str, str] = {}
"""Conditions without which the engine does the same, with the reason."""

GROUPS = (
    "row removed", "state removed", "target changed", "kind changed", "rule off", "check dropped", "condition broken",
)  # fmt: skip


def mutants() -> list[Mutant]:
    """Return all mutants, in the order of their groups."""
    found = [*_table_mutants(), *_rule_mutants(), *_check_mutants(), *_condition_mutants()]
    return sorted(found, key=lambda mutant: GROUPS.index(mutant.group))
