"""The table, cell by cell: what each input does to a view in each state, in both rule sets, typed by hand.

Beside the state each cell has preconditions: a role, a number of sides, the other party's state, well-formed fields.
Each is broken alone, and gives exactly its code.
"""

from itertools import product
from typing import Any, NamedTuple

import pytest

from callstate import (
    LENIENT,
    STRICT,
    Action,
    Answered,
    BargeIn,
    Dialled,
    DomainError,
    EndReason,
    ErrorCode,
    FarEndRang,
    HangUp,
    Held,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Rang,
    Recording,
    Resumed,
    Role,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    ViewState,
    Whisper,
    apply_action,
)
from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    MONITOR,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    PARTY,
    RINGING,
    TRYING,
    UNKNOWN,
    VOICEMAIL,
    WHISPER,
)
from callstate.engine import Rules
from callstate.engine.transition_table import Kind, Move
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    at,
    call_of,
    callback,
    changed,
    conference,
    connected,
    held,
    incoming,
    lot,
    on,
    over,
    parked,
    refused,
    seen,
    view,
)

# What each input makes of a view in each state: the state it is in then; "=" is accepted and the state stays; "repeat"
# is a repeated action, "late" is a late report; "-" is wrong_state; "left" means that a view that has ended cannot be
# named. "rung" is late by the table, but such a view is dialled by the service, so the report cannot be true. "through"
# is "=" by the table, and then the rules connect the party with the mailbox.
# fmt: off
EXPECTED = """
                     UNKNOWN   OFF_HOOK  TRYING    RINGING   ANSWERED  CONNECTED ON_HOLD   PARKED    ENDED
Dialled              TRYING    TRYING    late      rung      late      late      late      late      late
Rang                 RINGING   -         RINGING   late      late      late      late      late      late
FarEndRang           ANSWERED  ANSWERED  ANSWERED  -         late      late      late      late      late
Answered             ANSWERED  -         ANSWERED  ANSWERED  late      late      late      late      late
Held                 -         -         -         -         -         ON_HOLD   late      late      late
Resumed              -         -         -         -         -         late      CONNECTED late      late
HungUp               ENDED     ENDED     ENDED     ENDED     ENDED     ENDED     ENDED     ENDED     late
OnHold               -         -         -         -         -         ON_HOLD   repeat    -         left
OffHold              -         -         -         -         -         repeat    CONNECTED -         left
Park                 -         -         -         -         -         PARKED    PARKED    repeat    left
UnPark               -         -         -         -         -         -         -         =         left
PickUp               -         -         -         =         -         -         -         -         left
BargeIn              -         -         -         -         -         =         -         -         left
Whisper              -         -         -         -         -         =         -         -         left
Monitor              -         -         -         -         -         =         =         -         left
Transfer             -         =         =         -         =         ANSWERED  ANSWERED  -         left
TransferToVoicemail  -         through   through   -         through   CONNECTED CONNECTED -         left
StartRecording       -         -         -         -         -         =         =         -         left
StopRecording        -         repeat    repeat    repeat    =         =         =         =         left
HangUp               ENDED     ENDED     ENDED     ENDED     ENDED     ENDED     ENDED     ENDED     repeat
"""
# fmt: on

INPUTS: dict[str, type[Action]] = {
    kind.__name__: kind
    for kind in (
        Dialled, Rang, FarEndRang, Answered, Held, Resumed, HungUp, OnHold, OffHold, Park, UnPark, PickUp, BargeIn,
        Whisper, Monitor, Transfer, TransferToVoicemail, StartRecording, StopRecording, HangUp,
    )
}  # fmt: skip


SENDING: tuple[type[Action], ...] = (Transfer, TransferToVoicemail)


class Cell(NamedTuple):
    kind: type[Action]
    state: ViewState
    expected: str


def _cells() -> list[Cell]:
    head, *rows = (line.split() for line in EXPECTED.strip().splitlines())
    return [Cell(INPUTS[row[0]], ViewState[s], word) for row in rows for s, word in zip(head, row[1:], strict=True)]


def _subject(state: ViewState, kind: type[Action]) -> PhoneCall:
    """Build a call whose view 00 is in a state, and the other party where that is natural."""
    tried = RINGING if kind in SENDING else TRYING
    other = {UNKNOWN: UNKNOWN, ANSWERED: RINGING, CONNECTED: CONNECTED, ON_HOLD: CONNECTED}.get(state, tried)
    if kind is Rang and state is TRYING:
        call = callback()
    elif state is PARKED:
        call = parked()
    elif state is ENDED:
        call = changed(
            conference(),
            "00",
            state=ENDED,
            ended=at(9),
            disposition=seen(over(), "00").disposition,
            reason=EndReason.HUNG_UP,
        )
    else:
        call = call_of(view("00", ALICE, state, side=0), view("01", BOB, other, side=1))
    if kind is StopRecording and seen(call, "00").up:
        call = changed(call, "00", recording=Recording(since=at(6)))
    return call


def _name(value: object) -> str:
    return f"{value.kind.__name__}-{value.state}" if isinstance(value, Cell) else getattr(value, "name", str(value))


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=_name)
@pytest.mark.parametrize("cell", _cells(), ids=_name)
def test_each_cell_of_the_table(cell: Cell, rules: Rules) -> None:
    call = _subject(cell.state, cell.kind)
    result = apply_action(call, on(cell.kind), at=at(20), rules=rules)
    match cell.expected:
        case "late":
            assert result is call
        case "repeat" if rules is LENIENT:
            assert result is call
        case "repeat" | "-" | "rung":
            assert isinstance(result, DomainError)
            assert (result.code, result.state) == (ErrorCode.WRONG_STATE, cell.state)
        case "left":
            assert isinstance(result, DomainError)
            assert result.code is ErrorCode.PHONECALLVIEW_INVALID
        case word:
            assert isinstance(result, PhoneCall)
            assert result.version == call.version + 1
            assert seen(result, "00").state is {"=": cell.state, "through": CONNECTED}.get(word) or ViewState[word]


def test_the_expectation_covers_every_input_in_every_state() -> None:
    assert {(cell.kind, cell.state) for cell in _cells()} == set(product(INPUTS.values(), ViewState))


@pytest.mark.parametrize("cell", _cells(), ids=_name)
def test_the_table_says_so_too(cell: Cell) -> None:
    """What diagrams are drawn from. To stop what does not run is a repeat of any state, so it is no row."""
    move = LENIENT.moves[cell.kind].get(cell.state)
    match cell.expected:
        case "-" | "left":
            assert move is None
        case "repeat" if cell.kind is StopRecording:
            assert move is None
        case "repeat":
            assert move == Move(cell.state, Kind.REPEAT)
        case "late" | "rung":
            assert move == Move(cell.state, Kind.LATE)
        case word:
            assert move == Move(cell.state if word in ("=", "through") else ViewState[word], Kind.MOVE)


# Roles ----------------------------------------------------------------------------------------------------------------

SPEAKERS = {PARTY, BARGE}
ANYBODY = {PARTY, BARGE, VOICEMAIL, WHISPER, MONITOR}
ALLOWED_ROLES: dict[type[Action], set[Role]] = {
    OnHold: SPEAKERS, OffHold: SPEAKERS, Park: SPEAKERS, UnPark: SPEAKERS, PickUp: {PARTY}, BargeIn: SPEAKERS,
    Whisper: SPEAKERS, Monitor: SPEAKERS, Transfer: SPEAKERS, TransferToVoicemail: SPEAKERS, StartRecording: SPEAKERS,
    StopRecording: SPEAKERS, Held: SPEAKERS, Resumed: SPEAKERS,
    HangUp: ANYBODY, Answered: ANYBODY, Rang: ANYBODY, HungUp: ANYBODY,
}  # fmt: skip
STATE_FOR: dict[type[Action], ViewState] = {
    OffHold: ON_HOLD, Resumed: ON_HOLD, UnPark: PARKED, PickUp: RINGING, Answered: RINGING, Rang: RINGING
}  # fmt: skip


def _playing(role: Role, state: ViewState) -> PhoneCall:
    """Build a call of two sides whose view 02 has a role, in a state."""
    joins = role in (WHISPER, MONITOR) or (role is BARGE and state is RINGING)
    place: dict[str, Any] = {"target": "01"} if joins else {"side": 0}  # Any: fields of a view
    if state is PARKED:
        return call_of(view("01", BOB, ENDED, side=1), view("02", ALICE, PARKED, role=role, parking=lot(), **place))
    first = view("00", CAROL, CONNECTED, side=0) if joins else view("00", CAROL, ENDED, side=0)
    return call_of(first, view("01", BOB, CONNECTED, side=1), view("02", ALICE, state, role=role, **place))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", ALLOWED_ROLES, ids=lambda kind: kind.__name__)
def test_each_action_is_for_its_roles_only(kind: type[Action], role: Role) -> None:
    state = STATE_FOR.get(kind, CONNECTED)
    if role in (WHISPER, MONITOR) and state in (ON_HOLD, PARKED):
        state = CONNECTED  # a supervisor that holds or is parked cannot be built
    call = _playing(role, state)
    result = apply_action(call, on(kind, "02"), at=at(20))
    if role in ALLOWED_ROLES[kind]:
        assert isinstance(result, PhoneCall)
    else:
        assert isinstance(result, DomainError)
        assert (result.code, result.view_id) == (ErrorCode.WRONG_STATE, "02")


@pytest.mark.parametrize("kind", [Park, Transfer, TransferToVoicemail])
def test_the_other_party_must_speak_too(kind: type[Action]) -> None:
    mailbox = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, CONNECTED, side=1, role=VOICEMAIL))
    assert refused(mailbox, on(kind, "00")).code is ErrorCode.WRONG_STATE
    barged = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, CONNECTED, side=2, role=BARGE))
    assert isinstance(apply_action(barged, on(kind, "00"), at=at(20)), PhoneCall)


@pytest.mark.parametrize("state", [UNKNOWN, OFF_HOOK, TRYING, RINGING, ANSWERED])
@pytest.mark.parametrize("kind", [Park, Transfer, TransferToVoicemail])
def test_the_other_party_must_be_on_call(kind: type[Action], state: ViewState) -> None:
    call = call_of(view("00", ALICE, CONNECTED, side=0), view("01", BOB, state, side=1))
    assert refused(call, on(kind)).code is ErrorCode.WRONG_STATE


@pytest.mark.parametrize("kind", [Park, Transfer, TransferToVoicemail])
def test_the_other_party_may_hold(kind: type[Action]) -> None:
    assert isinstance(apply_action(held("01"), on(kind, "00"), at=at(20)), PhoneCall)


@pytest.mark.parametrize("kind", [Park, Transfer, TransferToVoicemail])
def test_a_conference_has_no_other_party(kind: type[Action]) -> None:
    assert refused(conference(), on(kind)).code is ErrorCode.WRONG_STATE


def test_of_a_conference_nobody_is_retrieved() -> None:
    """Such a call cannot come about; as a value it can be built."""
    call = call_of(*parked().views, view("02", CAROL, CONNECTED, side=2, role=BARGE))
    assert refused(call, on(UnPark)).code is ErrorCode.WRONG_STATE


@pytest.mark.parametrize("kind", [OnHold, OffHold, BargeIn, Whisper, Monitor, StartRecording, StopRecording, HangUp])
def test_a_conference_does_not_hinder_the_others(kind: type[Action]) -> None:
    assert isinstance(apply_action(conference(), on(kind), at=at(20)), PhoneCall)


# What only the calling end can report ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Dialled, FarEndRang])
def test_only_the_calling_end_dials_and_hears_the_far_end(kind: type[Action]) -> None:
    call = call_of(view("00", ALICE, TRYING, side=0), view("01", BOB, TRYING, side=1))
    refusal = refused(call, on(kind, "01"))
    assert (refusal.code, refusal.view_id) == (ErrorCode.WRONG_STATE, "01")


@pytest.mark.parametrize("kind", [Dialled, FarEndRang])
def test_a_called_end_that_is_up_has_no_such_news_either(kind: type[Action]) -> None:
    assert refused(connected(), on(kind, "01")).code is ErrorCode.WRONG_STATE


# Context --------------------------------------------------------------------------------------------------------------


class Broken(NamedTuple):
    """A request that would be done but for one fact of the call."""

    name: str
    call: PhoneCall
    action: Action
    code: ErrorCode


NO_PARTY = ErrorCode.TRANSFER_NUMBER_INVALID
BROKEN = (
    *(
        Broken(f"{kind.__name__} to a party", call, on(kind, send_call_to=number), ErrorCode.SEND_CALL_TO_INVALID)
        for kind, call, number in (
            (UnPark, parked(), ALICE), (PickUp, _subject(RINGING, PickUp), BOB), (BargeIn, connected(), BOB),
            (Whisper, connected(), ALICE), (Monitor, connected(), BOB), (Transfer, held(), ALICE),
        )
    ),
    *(
        Broken(f"{kind.__name__} of nobody", connected(), on(kind, None, **{field: CAROL}), NO_PARTY)
        for kind, field in product(SENDING, ("transfer_number", "transfer_from_number"))
    ),
    Broken(
        "StartRecording in another format",
        changed(connected(), "00", recording=Recording(since=at(6))),
        on(StartRecording, format="wav49"),
        ErrorCode.RECORDING_IN_PROGRESS,
    ),
    Broken(
        "Transfer to the public",
        call_of(*connected().views, allow_public_transfer=False),
        on(Transfer),
        ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED,
    ),
    Broken("Park in a full lot", connected(), on(Park, position=None), ErrorCode.PARKING_FULL),
)  # fmt: skip


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=_name)
@pytest.mark.parametrize("broken", BROKEN, ids=_name)
def test_one_fact_of_the_call_against_it(broken: Broken, rules: Rules) -> None:
    refusal = refused(broken.call, broken.action, rules=rules)
    assert refusal.code is broken.code


def test_a_call_that_cannot_be_transferred_goes_to_a_mailbox() -> None:
    call = call_of(*connected().views, allow_public_transfer=False)
    assert isinstance(apply_action(call, on(TransferToVoicemail), at=at(20)), PhoneCall)


@pytest.mark.parametrize("kind", [Park, Transfer, TransferToVoicemail])
def test_of_two_outside_parties_none_sends_the_other_away(kind: type[Action]) -> None:
    """Nobody could be rung back. The engine never lists such views, but a caller may build one."""
    call = changed(incoming(), "01", extension="+40215550111", outside=True)
    refusal = refused(call, on(kind, "01"))
    assert refusal.code is ErrorCode.WRONG_STATE
    assert "Park" not in refusal.allowed
