"""The whole table: from which states each input leads where. Everything else is refused with `wrong_state`.

One rule: every change of a view's state that an input makes by itself is a row here; all other changes are made by the
rules across the views of a call. The rows are compiled once, and a bad row is refused then, not when a call meets it.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import msgspec

from callstate.domain import (
    ACTIONS,
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    PARTY,
    RINGING,
    SIGNALS,
    TRYING,
    UNKNOWN,
    Action,
    Answered,
    BargeIn,
    Dialled,
    FarEndRang,
    HangUp,
    Held,
    HungUp,
    Monitor,
    Numbering,
    OffHold,
    OnHold,
    Park,
    PickUp,
    Rang,
    Resumed,
    Role,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    ViewState,
    Whisper,
)


class Kind(StrEnum):
    """What a row is: a move; a repeat, which the strict rules refuse; or a late report, which is never refused."""

    MOVE = "move"
    REPEAT = "repeat"
    LATE = "late"


MOVE, REPEAT, LATE = Kind


class Row(NamedTuple):
    """One input, the states from which it is taken, and the state it leads to; `None`: the state stays."""

    input: type[Action]
    states: tuple[ViewState, ...]
    to: ViewState | None
    kind: Kind = MOVE


class Move(msgspec.Struct, frozen=True, gc=False):
    """The entry of the table for one state and one input: the state to be in, and which kind of row says so."""

    to: ViewState
    kind: Kind


Moves: TypeAlias = Mapping[ViewState, Move]

SAME = None
LIVE = (UNKNOWN, OFF_HOOK, TRYING, RINGING, ANSWERED, CONNECTED, ON_HOLD, PARKED)
ON_CALL = (CONNECTED, ON_HOLD)
NOT_YET_CONNECTED = (OFF_HOOK, TRYING, ANSWERED)
AFTER_ANSWERED = (CONNECTED, ON_HOLD, PARKED, ENDED)

# The columns are the point.
# fmt: off
ROWS: tuple[Row, ...] = (
    #   what the network reports
    Row(Dialled,             (OFF_HOOK, UNKNOWN),                          TRYING),
    Row(Dialled,             (TRYING, RINGING, ANSWERED, *AFTER_ANSWERED), SAME,      LATE),
    Row(Rang,                (TRYING, UNKNOWN),                            RINGING),
    Row(Rang,                (RINGING, ANSWERED, *AFTER_ANSWERED),         SAME,      LATE),
    Row(FarEndRang,          (OFF_HOOK, TRYING, UNKNOWN),                  ANSWERED),
    Row(FarEndRang,          (ANSWERED, *AFTER_ANSWERED),                  SAME,      LATE),
    Row(Answered,            (TRYING, RINGING, UNKNOWN),                   ANSWERED),
    Row(Answered,            (ANSWERED, *AFTER_ANSWERED),                  SAME,      LATE),
    Row(Held,                (CONNECTED,),                                 ON_HOLD),
    Row(Held,                (ON_HOLD, PARKED, ENDED),                     SAME,      LATE),
    Row(Resumed,             (ON_HOLD,),                                   CONNECTED),
    Row(Resumed,             (CONNECTED, PARKED, ENDED),                   SAME,      LATE),
    Row(HungUp,              LIVE,                                         ENDED),
    Row(HungUp,              (ENDED,),                                     SAME,      LATE),
    #   what a user asks for
    Row(OnHold,              (CONNECTED,),                                 ON_HOLD),
    Row(OnHold,              (ON_HOLD,),                                   SAME,      REPEAT),
    Row(OffHold,             (ON_HOLD,),                                   CONNECTED),
    Row(OffHold,             (CONNECTED,),                                 SAME,      REPEAT),
    Row(Park,                ON_CALL,                                      PARKED),
    Row(Park,                (PARKED,),                                    SAME,      REPEAT),
    Row(UnPark,              (PARKED,),                                    SAME),
    Row(PickUp,              (RINGING,),                                   SAME),
    Row(BargeIn,             (CONNECTED,),                                 SAME),
    Row(Whisper,             (CONNECTED,),                                 SAME),
    Row(Monitor,             ON_CALL,                                      SAME),
    Row(Transfer,            ON_CALL,                                      ANSWERED),
    Row(Transfer,            NOT_YET_CONNECTED,                            SAME),
    Row(TransferToVoicemail, ON_CALL,                                      CONNECTED),
    Row(TransferToVoicemail, NOT_YET_CONNECTED,                            SAME),
    Row(StartRecording,      ON_CALL,                                      SAME),
    Row(StopRecording,       (ANSWERED, *ON_CALL, PARKED),                 SAME),
    Row(HangUp,              LIVE,                                         ENDED),
    Row(HangUp,              (ENDED,),                                     SAME,      REPEAT),
)
# fmt: on

SPEAKERS = frozenset({PARTY, BARGE})
ANY_ROLE = frozenset(Role)

ROLES: Mapping[type[Action], frozenset[Role]] = {
    **dict.fromkeys((*ACTIONS, *SIGNALS), SPEAKERS),
    **dict.fromkeys((Dialled, Rang, FarEndRang, Answered, HungUp, HangUp), ANY_ROLE),
    PickUp: frozenset({PARTY}),
}
"""The roles of the views on which an input may be done."""

BETWEEN_TWO: frozenset[type[Action]] = frozenset({Park, UnPark, Transfer, TransferToVoicemail})
"""Actions that are about two parties, so they need a call of exactly two sides."""

TWO = 2
"""The sides of a conversation that is not a conference."""

BIT: Mapping[type[Action], int] = {kind: 1 << place for place, kind in enumerate(ACTIONS)}
"""A number for each action, so that sums of them are sets."""


DEFAULT_NUMBERING = Numbering()


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """A rule set, compiled: for each input the moves by state.

    `repeats` tells whether repeated actions are accepted, `numbering` which numbers in a request are extensions.
    `needs` has the states from which an input changes a call, in words; `allows` has the actions that change a call
    from a role and state, as a sum of `BIT`s. Another numbering goes in by
    `msgspec.structs.replace(LENIENT, numbering=…)`.
    """

    name: str
    repeats: bool
    moves: Mapping[type[Action], Moves]
    needs: Mapping[type[Action], str]
    allows: Mapping[Role, Mapping[ViewState, int]]
    numbering: Numbering = DEFAULT_NUMBERING

    def __repr__(self) -> str:
        name = self.name.upper()
        return name if self.numbering == DEFAULT_NUMBERING else f"replace({name}, numbering={self.numbering!r})"


def compile_rules(name: str, rows: Iterable[Row] = ROWS, *, repeats: bool) -> Rules:
    """Compile rows to a look-up by input, then by state.

    A `ValueError` refuses a row of an unknown state or input, a second row for a pair that has one (it would shadow
    it), and an input without a row.
    """
    moves: dict[type[Action], dict[ViewState, Move]] = {kind: {} for kind in (*ACTIONS, *SIGNALS)}
    for row in rows:
        for state in row.states:
            _refuse_bad_row(row, state, moves)
            moves[row.input][state] = Move(state if row.to is SAME else row.to, row.kind)
    for kind, by_state in moves.items():
        if not by_state:
            raise ValueError(f"{kind.__name__} has no row")
    if not repeats:
        moves = {kind: {s: m for s, m in by.items() if m.kind is not REPEAT} for kind, by in moves.items()}
    needs = {kind: either([s for s in by if _moves_from(s, by)]) for kind, by in moves.items()}
    return Rules(name=name, repeats=repeats, moves=moves, needs=needs, allows=_allows(moves))


def _allows(moves: Mapping[type[Action], Moves]) -> dict[Role, dict[ViewState, int]]:
    return {
        role: {
            state: sum(BIT[kind] for kind in ACTIONS if role in ROLES[kind] and _moves_from(state, moves[kind]))
            for state in ViewState
        }
        for role in Role
    }


def either(words: Sequence[str]) -> str:
    """Join words by commas and a last "or"."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def _moves_from(state: ViewState, moves: Moves) -> bool:
    return state in moves and moves[state].kind is MOVE


def _refuse_bad_row(row: Row, state: object, moves: Mapping[type[Action], Moves]) -> None:
    if row.input not in moves:
        raise ValueError(f"{row.input!r} is not an input")
    for known in (state, row.to):
        if not isinstance(known, ViewState) and known is not SAME:
            raise ValueError(f"{row.input.__name__}: {known!r} is not a state")
    if state in moves[row.input]:
        raise ValueError(f"{row.input.__name__} has two rows from {state}")


LENIENT = compile_rules("lenient", repeats=True)
"""The default rules: a repeated action is accepted and changes nothing."""

STRICT = compile_rules("strict", repeats=False)
"""The rules of JTAPI and FreeSWITCH: a repeated action is refused."""
