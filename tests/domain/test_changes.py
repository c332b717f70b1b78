from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from callstate import (
    Action,
    Answered,
    BargeIn,
    Change,
    CreateSimple,
    Disposition,
    EndReason,
    HangUp,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PhoneCallView,
    Role,
    StartRecording,
    StopRecording,
    UnPark,
    ViewState,
    advance,
    apply_action,
    create_call,
    unwrap,
)
from callstate.domain import (
    CallAnswered,
    CallEnded,
    DestinationDialled,
    HoldEnded,
    HoldStarted,
    ListingChanged,
    ParkerRungBack,
    ParkingEnded,
    ParkingExtended,
    ParkingStarted,
    RecordingEnded,
    RecordingStarted,
    RoleChanged,
    SideTaken,
    StateEntered,
    ViewAppeared,
    ViewEnded,
    ViewForgotten,
    changes,
)

T0 = datetime(2026, 1, 1, 12, tzinfo=UTC)
OUTSIDE, DESK, CLERK = "3334444", "0003*210", "0003*024"


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def on_call() -> PhoneCall:
    return PhoneCall(
        id="c1",
        extension=DESK,
        published=T0,
        answered=T0,
        views=(
            PhoneCallView(
                id="00",
                extension=OUTSIDE,
                state=ViewState.CONNECTED,
                side=0,
                listed=False,
                outside=True,
                answered=T0,
            ),
            PhoneCallView(id="01", extension=DESK, state=ViewState.CONNECTED, side=1, ringing=T0, answered=T0),
        ),
    )


def do(call: PhoneCall, action: Action, seconds: float) -> tuple[PhoneCall, tuple[Change, ...]]:
    new = unwrap(apply_action(call, action, at=after(seconds)))
    return new, changes(call, new)


def kinds(told: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(getattr(change, "view_id", "call"), type(change).__name__) for change in told]


def test_equal_calls_tell_nothing() -> None:
    assert changes(on_call(), on_call()) == ()


def test_values_that_are_equal_but_not_the_same_tell_nothing() -> None:
    parked, _ = do(on_call(), Park(call_id="c1", view_id="01", extension=DESK), 1)
    assert changes(parked, msgspec.json.decode(msgspec.json.encode(parked), type=PhoneCall)) == ()


def test_a_repeat_tells_nothing() -> None:
    assert do(on_call(), OffHold(call_id="c1", view_id="01"), 1)[1] == ()


def test_a_hold_is_told_when_it_starts_and_with_its_length_when_it_ends() -> None:
    held, started = do(on_call(), OnHold(call_id="c1", view_id="01"), 10)
    named: dict[str, Any] = {"call_id": "c1", "version": 1, "at": after(10), "view_id": "01", "extension": DESK}
    assert started == (
        StateEntered(**named, left=ViewState.CONNECTED, entered=ViewState.ON_HOLD),
        HoldStarted(**named, since=after(10)),
    )
    _, ended = do(held, OffHold(call_id="c1", view_id="01"), 70)
    named |= {"version": 2, "at": after(70)}
    assert ended == (
        StateEntered(**named, left=ViewState.ON_HOLD, entered=ViewState.CONNECTED),
        HoldEnded(**named, since=after(10), until=after(70)),
    )


def test_what_runs_when_a_party_leaves_ends_with_it_and_the_call_comes_last() -> None:
    call, started = do(on_call(), StartRecording(call_id="c1", view_id="01"), 1)
    assert [type(change) for change in started] == [RecordingStarted]
    call, _ = do(call, OnHold(call_id="c1", view_id="01"), 2)
    over, told = do(call, HangUp(call_id="c1"), 9)
    assert kinds(told) == [
        ("00", "StateEntered"),
        ("00", "ViewEnded"),
        ("01", "StateEntered"),
        ("01", "HoldEnded"),
        ("01", "RecordingEnded"),
        ("01", "ViewEnded"),
        ("call", "CallEnded"),
    ]
    recorded = next(change for change in told if isinstance(change, RecordingEnded))
    assert (recorded.recording.since, recorded.until) == (after(1), after(9))
    line = next(change for change in told if isinstance(change, ViewEnded) and change.view_id == "01")
    assert (line.ringing, line.answered, line.ended, line.disposition) == (T0, T0, after(9), Disposition.ANSWERED)
    assert told[-1] == CallEnded(
        call_id="c1", version=over.version, at=after(9), published=T0, answered=T0, ended=after(9)
    )


def test_a_stay_in_the_lot_is_told_from_its_start_over_each_ring_back_to_its_end() -> None:
    parked, told = do(on_call(), Park(call_id="c1", view_id="01", extension=DESK, position=7), 1)
    assert kinds(told) == [
        ("00", "ListingChanged"),
        ("00", "StateEntered"),
        ("00", "ParkingStarted"),
        ("01", "StateEntered"),
        ("01", "ViewEnded"),
    ]
    listed = next(change for change in told if isinstance(change, ListingChanged))
    started = next(change for change in told if isinstance(change, ParkingStarted))
    assert listed.listed
    assert (started.parking.position, started.parking.by, started.parking.until) == (7, DESK, after(181))

    rung = advance(parked, at=after(181))
    told = changes(parked, rung)
    assert kinds(told) == [("00", "ParkerRungBack"), ("02", "ViewAppeared")]
    back = next(change for change in told if isinstance(change, ParkerRungBack))
    assert (back.ring_backs, back.until) == (1, after(361))

    rung, told = do(rung, UnPark(call_id="c1", view_id="00", send_call_to=CLERK), 182)
    assert kinds(told) == [("03", "ViewAppeared")]
    _, told = do(rung, Answered(call_id="c1", view_id="03"), 185)
    assert kinds(told) == [
        ("00", "ListingChanged"),
        ("00", "StateEntered"),
        ("00", "ParkingEnded"),
        ("02", "StateEntered"),
        ("02", "ViewEnded"),
        ("03", "StateEntered"),
    ]
    ended = next(change for change in told if isinstance(change, ParkingEnded))
    assert (ended.parking.since, ended.until) == (after(1), after(185))


def test_who_barges_in_takes_a_side_when_the_phone_is_answered() -> None:
    call, told = do(on_call(), BargeIn(call_id="c1", view_id="01", send_call_to=CLERK), 1)
    assert [type(change) for change in told] == [ViewAppeared]
    _, told = do(call, Answered(call_id="c1", view_id="02"), 2)
    taken = next(change for change in told if isinstance(change, SideTaken))
    assert (taken.view_id, taken.side) == ("02", 2)


def test_a_new_call_appears_view_by_view_and_dials_its_destination_when_the_source_is_up() -> None:
    request = CreateSimple(call_id="c1", extension=DESK, source=(DESK,), destination=(OUTSIDE,))
    call = unwrap(create_call(request, at=T0))
    assert kinds(changes(None, call)) == [("00", "ViewAppeared"), ("01", "ViewAppeared")]
    call, told = do(call, Answered(call_id="c1", view_id="00"), 3)
    dialled = [change for change in told if isinstance(change, DestinationDialled)]
    assert [(change.extension, change.until) for change in dialled] == [(OUTSIDE, after(28))]
    _, told = do(call, Answered(call_id="c1", view_id="01"), 5)
    assert told[-1] == CallAnswered(call_id="c1", version=2, at=after(5), answered=after(5))


def test_stopping_and_starting_a_recording_between_two_values_tells_both() -> None:
    first, _ = do(on_call(), StartRecording(call_id="c1", view_id="01"), 1)
    stopped, told = do(first, StopRecording(call_id="c1", view_id="01"), 5)
    assert [type(change) for change in told] == [RecordingEnded]
    again, _ = do(stopped, StartRecording(call_id="c1", view_id="01", format="wav49"), 6)
    assert [type(change) for change in changes(first, again)] == [RecordingEnded, RecordingStarted]


def test_a_view_that_came_and_went_between_two_values_is_told_with_its_end() -> None:
    call = on_call()
    rings, _ = do(call, BargeIn(call_id="c1", view_id="01", send_call_to=CLERK), 1)
    assert kinds(changes(call, advance(rings, at=after(60)))) == [("02", "ViewAppeared"), ("02", "ViewEnded")]


def test_two_different_calls_are_a_bug_of_the_caller() -> None:
    other = msgspec.structs.replace(on_call(), id="c2")
    with pytest.raises(ValueError, match="both must be one call"):
        changes(other, on_call())


def test_every_change_can_be_published_as_json() -> None:
    _, told = do(on_call(), OnHold(call_id="c1", view_id="01"), 10)
    assert msgspec.json.decode(msgspec.json.encode(told), type=tuple[Change, ...]) == told


def joined(role: Role, **fields: Any) -> PhoneCallView:  # Any: fields of a view
    known: dict[str, Any] = {
        "id": "02",
        "extension": CLERK,
        "state": ViewState.CONNECTED,
        "answered": T0,
    }  # Any: likewise
    return PhoneCallView(**known | {"role": role} | fields)


def later_value(call: PhoneCall, *views: PhoneCallView, seconds: float = 9, **fields: Any) -> PhoneCall:
    """Build the next version of a call with other views (Any: fields of a call)."""
    return msgspec.structs.replace(call, views=views, version=call.version + 1, updated=after(seconds), **fields)


def with_view(view: PhoneCallView) -> PhoneCall:
    return msgspec.structs.replace(on_call(), views=(*on_call().views, view))


def test_a_supervisor_that_becomes_a_party_is_told_with_its_role_and_its_side() -> None:
    call = with_view(joined(Role.WHISPER, target="00", private=True))
    told = changes(call, later_value(call, *call.views[:2], joined(Role.BARGE, side=2)))
    named: dict[str, Any] = {"call_id": "c1", "version": 1, "at": after(9), "view_id": "02", "extension": CLERK}
    assert told == (
        RoleChanged(**named, left=Role.WHISPER, entered=Role.BARGE, private=False),
        SideTaken(**named, side=2),
    )


def test_a_whisper_that_becomes_private_is_told() -> None:
    call = with_view(joined(Role.WHISPER, target="00"))
    told = changes(call, later_value(call, *call.views[:2], joined(Role.WHISPER, target="00", private=True)))
    assert [(type(change), getattr(change, "private", None)) for change in told] == [(RoleChanged, True)]


def test_a_party_that_answers_too_late_for_its_side_takes_another() -> None:
    late = PhoneCallView(id="02", extension=CLERK, state=ViewState.RINGING, side=1, ringing=T0)
    call = with_view(late)
    up = msgspec.structs.replace(late, state=ViewState.CONNECTED, side=2, answered=after(9))
    assert kinds(changes(call, later_value(call, *call.views[:2], up))) == [("02", "SideTaken"), ("02", "StateEntered")]


def test_time_in_the_lot_that_starts_again_without_a_ring_back_is_told() -> None:
    parked, _ = do(on_call(), Park(call_id="c1", view_id="01", extension=DESK, position=7), 1)
    lot = parked.views[0].parking
    assert lot is not None
    waits = msgspec.structs.replace(parked.views[0], parking=msgspec.structs.replace(lot, until=after(361)))
    told = changes(parked, later_value(parked, waits, *parked.views[1:], seconds=181))
    assert told == (
        ParkingExtended(call_id="c1", version=2, at=after(181), view_id="00", extension=OUTSIDE, until=after(361)),
    )


def test_the_end_of_a_transferor_tells_why_it_left_and_who_came_in_its_place() -> None:
    call = on_call()
    ended = msgspec.structs.replace(
        call.views[1],
        state=ViewState.ENDED,
        ended=after(9),
        disposition=Disposition.ANSWERED,
        reason=EndReason.TRANSFERRED,
        successor="02",
    )
    rings = PhoneCallView(id="02", extension=CLERK, state=ViewState.RINGING, side=1, ringing=after(9))
    told = changes(call, later_value(call, call.views[0], ended, rings))
    line = next(change for change in told if isinstance(change, ViewEnded))
    assert (line.at, line.reason, line.successor) == (after(9), EndReason.TRANSFERRED, "02")


def test_a_view_that_the_call_no_longer_carries_is_told() -> None:
    gone = PhoneCallView(
        id="02",
        extension=CLERK,
        state=ViewState.ENDED,
        side=1,
        ended=T0,
        disposition=Disposition.NO_ANSWER,
        reason=EndReason.NO_ANSWER,
    )
    call = with_view(gone)
    told = changes(call, later_value(call, *call.views[:2], forgotten=1))
    assert told == (ViewForgotten(call_id="c1", version=1, at=after(9), view_id="02", extension=CLERK),)


def test_deadlines_that_fired_between_two_values_have_their_own_times() -> None:
    parked, _ = do(on_call(), Park(call_id="c1", view_id="01", extension=DESK, position=7), 1)
    told = changes(parked, advance(parked, at=after(400)))
    assert [(type(change).__name__, change.at) for change in told] == [
        ("ParkerRungBack", after(361)),
        ("ViewAppeared", after(181)),
        ("ViewEnded", after(206)),
        ("ViewAppeared", after(361)),
        ("ViewEnded", after(386)),
    ]


def test_a_new_call_came_when_it_was_published() -> None:
    request = CreateSimple(call_id="c1", extension=DESK, source=(DESK,), destination=(OUTSIDE,))
    assert [change.at for change in changes(None, unwrap(create_call(request, at=after(3))))] == [after(3)] * 2


def test_a_change_of_a_call_without_dates_has_no_time() -> None:
    dialling = PhoneCallView(id="00", extension=DESK, state=ViewState.OFF_HOOK, side=0)
    call = PhoneCall(id="c1", extension=DESK, views=(dialling,))
    tried = msgspec.structs.replace(dialling, state=ViewState.TRYING)
    told = changes(call, msgspec.structs.replace(call, views=(tried,), version=1))
    assert [change.at for change in (*changes(None, call), *told)] == [None, None]
