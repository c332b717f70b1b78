"""The whole table: from which states each input leads where. What is not in it is refused with `wrong_state`.

One rule: every move of a view's state that an input makes by itself is a row here, and nothing else moves one, save
the rules across the views of a call. The rows are compiled once; a bad row is refused then, not when a call meets it.
"""

from collections.abc import Iterable, Mapping
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
    Check,
    Dialled,
    ErrorCode,
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
    Violation,
    Whisper,
)


class Kind(StrEnum):
    """What a row is: a move; a repeat, which the strict rules refuse; or late news, which nobody refuses."""

    MOVE = "move"
    REPEAT = "repeat"
    LATE = "late news"


MOVE, REPEAT, LATE = Kind


class Row(NamedTuple):
    """One input, the states from which it is taken, and the state it leads to; `None`: the state stays."""

    input: type[Action]
    states: tuple[ViewState, ...]
    to: ViewState | None
    kind: Kind = MOVE


class Move(NamedTuple):
    """What the table says of one state and one input: the state to be in, and which kind of row says so."""

    to: ViewState
    kind: Kind


Moves: TypeAlias = Mapping[ViewState, Move]

SAME = None
LIVE = (UNKNOWN, OFF_HOOK, TRYING, RINGING, ANSWERED, CONNECTED, ON_HOLD, PARKED)
ON_CALL = (CONNECTED, ON_HOLD)
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
    Row(TransferToVoicemail, ON_CALL,                                      CONNECTED),
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
"""On whose view an input may be done."""

BETWEEN_TWO: frozenset[type[Action]] = frozenset({Park, UnPark, Transfer, TransferToVoicemail})
"""Actions that are of two parties only, so they need a call of exactly two sides."""


BIT: Mapping[type[Action], int] = {kind: 1 << place for place, kind in enumerate(ACTIONS)}
"""A number for each action, so that sums of them are sets."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """A rule set, compiled: for each input the moves by state, and the refusal if there is none.

    `repeats` tells whether repeated actions are accepted; `allows` the actions that have a row, as a sum of `BIT`s.
    """

    name: str
    repeats: bool
    moves: Mapping[type[Action], Moves]
    needs: Mapping[type[Action], Violation]
    allows: Mapping[tuple[Role, ViewState], int]
    numbering: Numbering = Numbering()

    def __repr__(self) -> str:
        if self.numbering == Numbering():
            return self.name.upper()
        return f"msgspec.structs.replace({self.name.upper()}, numbering={self.numbering!r})"


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
    needs = {kind: _wrong_state(by_state) for kind, by_state in moves.items()}
    return Rules(name=name, repeats=repeats, moves=moves, needs=needs, allows=_allows(moves))


def _allows(moves: Mapping[type[Action], Moves]) -> dict[tuple[Role, ViewState], int]:
    return {
        (role, state): sum(BIT[kind] for kind in ACTIONS if role in ROLES[kind] and state in moves[kind])
        for role in Role
        for state in ViewState
    }


def _wrong_state(moves: Moves) -> Violation:
    return Violation(ErrorCode.WRONG_STATE, f"a view that is {' or '.join(moves)}", check=Check.STATE)


def _refuse_bad_row(row: Row, state: object, moves: Mapping[type[Action], Moves]) -> None:
    if row.input not in moves:
        raise ValueError(f"{row.input!r} is no input")
    for known in (state, row.to):
        if not isinstance(known, ViewState) and known is not SAME:
            raise ValueError(f"{row.input.__name__}: {known!r} is no state")
    if state in moves[row.input]:
        raise ValueError(f"{row.input.__name__} has two rows from {state}")


LENIENT = compile_rules("lenient", repeats=True)
"""The rules by default: an action whose goal already holds is accepted and changes nothing."""

STRICT = compile_rules("strict", repeats=False)
"""As JTAPI and FreeSWITCH have it: a repeated action is refused."""
