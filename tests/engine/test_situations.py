"""The situations in which phone systems differ or fail, each with this project's answer.

The order is that of a call's life; each test says its situation in one sentence.
"""

import pytest

from callstate import (
    LENIENT,
    STRICT,
    Action,
    Answered,
    BargeIn,
    Disposition,
    DomainError,
    ErrorCode,
    HangUp,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Recording,
    StartRecording,
    StopRecording,
    Transfer,
    UnPark,
    ViewState,
    Whisper,
    advance,
    allowed_actions,
    apply_action,
)
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, MONITOR, ON_HOLD, PARKED, RINGING, TRYING
from callstate.engine import Rules
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    at,
    call_of,
    changed,
    connected,
    dialling,
    done,
    held,
    on,
    over,
    parked,
    refused,
    retrieving,
    ringing,
    seen,
    states,
    supervised,
    view,
)


def test_hold_when_this_view_already_holds() -> None:
    """A hold is sent twice: accepted, the same call, and the date of the first one stays; strict rules refuse it."""
    call = held("00")
    assert done(call, on(OnHold)) is call
    assert seen(call, "00").on_hold == at(8)
    assert refused(call, on(OnHold), rules=STRICT).code is ErrorCode.WRONG_STATE


def test_off_hold_when_nobody_holds() -> None:
    """A connected party is asked to be released: its goal holds, so it is accepted; strict rules refuse it."""
    call = connected()
    assert done(call, on(OffHold)) is call
    assert refused(call, on(OffHold), rules=STRICT).code is ErrorCode.WRONG_STATE


def test_off_hold_by_the_side_that_did_not_hold() -> None:
    """The held party asks for release: its own view holds nobody, so nothing changes and the other's hold stays."""
    call = held("00")
    assert done(call, on(OffHold, "01")) is call
    assert states(call) == (ON_HOLD, CONNECTED)
    assert refused(call, on(OffHold, "01"), rules=STRICT).state is CONNECTED


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
@pytest.mark.parametrize(("call", "view_id", "state"), [(ringing(), "01", RINGING), (dialling(), "01", TRYING)])
def test_hold_while_ringing_or_trying(call: PhoneCall, view_id: str, state: ViewState, rules: Rules) -> None:
    """A phone that is not on call is put on hold: refused with its state and what is allowed."""
    refusal = apply_action(call, on(OnHold, view_id), at=at(20), rules=rules)
    assert isinstance(refusal, DomainError)
    assert (refusal.code, refusal.state) == (ErrorCode.WRONG_STATE, state)
    assert "HangUp" in refusal.allowed
    assert "OnHold" not in refusal.allowed


def test_both_sides_hold() -> None:
    """Each side holds the other: two holds, two dates, and each is released by its own side alone."""
    call = done(done(connected(), on(OnHold, "00"), now=at(11)), on(OnHold, "01"), now=at(12))
    assert [v.on_hold for v in call.views] == [at(11), at(12)]
    assert states(done(call, on(OffHold, "00"))) == (CONNECTED, ON_HOLD)
    assert states(done(call, on(OffHold, "01"))) == (ON_HOLD, CONNECTED)


def test_both_hold_at_once() -> None:
    """Two holds cross on the line: whichever comes first, the call is the same in the end."""
    first, second = on(OnHold, "00"), on(OnHold, "01")
    assert done(connected(), first, second) == done(connected(), second, first)
    assert states(done(connected(), first, second)) == (ON_HOLD, ON_HOLD)


@pytest.mark.parametrize("who", ["00", "01"])
def test_hang_up_while_held(who: str) -> None:
    """Either side of a held, recorded and supervised call hangs up: all of it ends at once, in one step."""
    call = changed(changed(supervised(MONITOR), "00", state=ON_HOLD, on_hold=at(8)), "01", recording=_tape())
    ended = done(call, on(HangUp, who))
    assert states(ended) == (ENDED, ENDED, ENDED)
    assert {(v.on_hold, v.recording, v.target, v.ended) for v in ended.views} == {(None, None, None, at(20))}
    assert ended.version == call.version + 1


@pytest.mark.parametrize("action", [on(HangUp, None), on(HangUp, "00")], ids=["the call", "a party"])
def test_a_second_hang_up(action: Action) -> None:
    """A call that is over is hung up again: nothing changes; strict rules say that it has ended."""
    call = over()
    assert done(call, action) is call
    assert refused(call, action, rules=STRICT).code is ErrorCode.CALL_ENDED


@pytest.mark.parametrize("kind", [OnHold, OffHold, Park, UnPark, PickUp, BargeIn, Transfer, StartRecording])
def test_any_action_after_the_end(kind: type[Action]) -> None:
    """Something is asked of a call that is over: refused as late, which is told from an unknown call."""
    assert refused(over(), on(kind)).code is ErrorCode.CALL_ENDED
    assert refused(None, on(kind)).code is ErrorCode.PHONECALL_INVALID


def test_park_from_on_call() -> None:
    """A call is parked: the parker leaves, its hold with it; the other party waits with a date, a place and a name."""
    call = done(held("01"), on(Park, "00", position=3))
    assert states(call) == (PARKED, ENDED)
    assert seen(call, "01").on_hold is None
    waits = seen(call, "00").parking
    assert waits is not None
    assert (waits.since, waits.position, waits.by) == (at(20), 3, BOB)
    assert refused(ringing(), on(Park, "01")).code is ErrorCode.WRONG_STATE


def test_park_when_parked() -> None:
    """A parked party is parked again: its goal holds, so place and time stay as they were."""
    call = parked()
    assert done(call, on(Park, "00", position=9, max_in_parking=20)) is call


def test_park_in_a_full_lot() -> None:
    """No position is free: refused, and the parties talk on; a party that waits already is not asked."""
    assert refused(connected(), on(Park, position=None)).code is ErrorCode.PARKING_FULL
    assert done(parked(), on(Park, position=None)).version == parked().version


def test_the_retriever_does_not_answer() -> None:
    """A phone rings to retrieve and nobody takes it: only that leg ends; the party waits on, and so does its timer."""
    call = advance(done(parked(), on(UnPark, wait_for_pickup=5)), at=at(25))
    assert states(call) == (PARKED, ENDED, ENDED)
    assert seen(call, "00").parking == seen(parked(), "00").parking
    assert seen(call, "02").disposition is Disposition.NO_ANSWER


def test_two_retrieve_the_same_parked_call() -> None:
    """Two phones ring for one parked party: the first answer gets it, the other phone ends, its answer comes late."""
    call = done(retrieving(CAROL, DAVE), on(Answered, "03"))
    assert states(call) == (CONNECTED, ENDED, ENDED, CONNECTED)
    assert done(call, on(Answered, "02")) is call
    assert refused(call, on(UnPark, send_call_to=CAROL)).state is CONNECTED


def test_a_parking_runs_out() -> None:
    """The parked party's time is up: whoever parked it is rung back, and the party waits on."""
    call = advance(parked(), at=at(190))
    assert states(call) == (PARKED, ENDED, RINGING)
    assert seen(call, "02").extension == BOB
    assert not advance(call, at=at(10**6)).over


def test_a_parking_runs_out_at_the_instant_of_an_answer() -> None:
    """The time is up at the very instant at which a retriever answers: the answer wins, nobody is rung back."""
    call = done(done(parked(), on(UnPark, wait_for_pickup=3600)), on(Answered, "02"), now=at(190))
    assert states(call) == (CONNECTED, ENDED, CONNECTED)


def test_the_parked_party_hangs_up() -> None:
    """Who waits gives up: the call is over, and nobody is rung back any more."""
    call = done(parked(), on(HungUp, "00"))
    assert call.over
    assert advance(call, at=at(10**6)) is call


def test_the_transferor_has_left_while_the_target_rings() -> None:
    """A transfer is blind: the transferor is out at once, and when the target answers the two others talk."""
    call = done(connected(), on(Transfer, "00"))
    assert states(call) == (ANSWERED, ENDED, RINGING)
    assert done(call, on(HungUp, "01")) is call
    assert states(done(call, on(Answered, "02"))) == (CONNECTED, ENDED, CONNECTED)


def test_the_transferred_party_leaves_while_the_target_rings() -> None:
    """The customer gives up before the target answers: the target's phone stops, the call is over."""
    call = done(connected(), on(Transfer, "00"), on(HungUp, "00"))
    assert states(call) == (ENDED, ENDED, ENDED)
    assert seen(call, "02").disposition is Disposition.NO_ANSWER


@pytest.mark.parametrize("why", [Disposition.BUSY, Disposition.FAILED, None])
def test_a_blind_transfer_fails(why: Disposition | None) -> None:
    """The target is busy, fails or rings out: the call is over, and the transferred party ends as answered."""
    call = done(connected(), on(Transfer, "00"))
    ended = advance(call, at=at(45)) if why is None else done(call, on(HungUp, "02", disposition=why))
    assert ended.over
    assert seen(ended, "00").disposition is Disposition.ANSWERED
    assert seen(ended, "02").disposition is (why or Disposition.NO_ANSWER)


def test_two_pick_up_one_ringing_call() -> None:
    """Two colleagues pick up one phone: both of theirs ring, the first answer wins, the others end."""
    call = done(ringing(), on(PickUp, "01", send_call_to=CAROL), on(PickUp, "01", send_call_to=DAVE))
    assert states(call) == (ANSWERED, RINGING, RINGING, RINGING)
    call = done(call, on(Answered, "03"))
    assert states(call) == (CONNECTED, ENDED, ENDED, CONNECTED)
    assert refused(call, on(PickUp, "03", send_call_to=CAROL)).code is ErrorCode.WRONG_STATE


def test_start_recording_when_recording() -> None:
    """A recording is started twice: the first runs on from its date; in another format it is refused."""
    call = changed(connected(), "00", recording=_tape())
    assert done(call, on(StartRecording)) is call
    assert refused(call, on(StartRecording, format="wav49")).code is ErrorCode.RECORDING_IN_PROGRESS


def test_stop_recording_when_nothing_is_recorded() -> None:
    """A recording is stopped that does not run: its goal holds, so nothing changes; strict rules refuse it."""
    call = connected()
    assert done(call, on(StopRecording)) is call
    assert refused(call, on(StopRecording), rules=STRICT).code is ErrorCode.WRONG_STATE


@pytest.mark.parametrize("call", [ringing(), dialling()], ids=["ringing", "trying"])
def test_start_recording_before_the_answer(call: PhoneCall) -> None:
    """A recording is asked for before anybody talks: refused, nothing is armed for later."""
    refusal = apply_action(call, on(StartRecording, "01"), at=at(20))
    assert isinstance(refusal, DomainError)
    assert refusal.code is ErrorCode.WRONG_STATE


def test_a_recording_across_hold_park_and_transfer() -> None:
    """A recorded party is held, parked, retrieved and transferred: one recording, from its first date, to its end."""
    call = changed(connected(), "00", recording=_tape())
    for step in (on(OnHold, "00"), on(OffHold, "00"), on(Park, "00"), on(UnPark, "00"), on(Answered, "02")):
        call = done(call, step)
        assert seen(call, "00").recording == _tape()
    call = done(call, on(Transfer, "00", send_call_to=CAROL))
    assert seen(call, "00").recording == _tape()
    assert seen(done(call, on(HungUp, "00")), "00").recording is None


def test_to_supervise_a_held_call() -> None:
    """A party that holds may be listened to; to speak to it or to join it is refused; a monitor hinders no hold."""
    call = held("00")
    assert states(done(call, on(Monitor, "00"))) == (ON_HOLD, CONNECTED, RINGING)
    for kind in (Whisper, BargeIn):
        assert (refused(call, on(kind, "00")).code, refused(call, on(kind, "00")).state) == (
            ErrorCode.WRONG_STATE,
            ON_HOLD,
        )
    assert seen(done(supervised(MONITOR), on(OnHold, "01")), "02").state is CONNECTED


def test_the_target_ends_while_it_is_supervised() -> None:
    """The supervised party leaves: the supervision ends with it, though others talk on."""
    call = call_of(*supervised(MONITOR).views, view("03", DAVE, CONNECTED, side=3))
    assert states(done(call, on(HungUp, "01"))) == (CONNECTED, ENDED, ENDED, CONNECTED)


def test_a_party_supervises_itself() -> None:
    """A phone that is in the call is asked to supervise it: refused."""
    for kind, number in ((Monitor, ALICE), (Whisper, ALICE), (BargeIn, BOB)):
        assert refused(connected(), on(kind, "00", send_call_to=number)).code is ErrorCode.SEND_CALL_TO_INVALID


def test_a_second_supervisor() -> None:
    """One more supervisor joins the same party: both hear."""
    call = done(supervised(MONITOR), on(Monitor, "01"), on(Answered, "03"))
    assert states(call) == (CONNECTED,) * 4


def test_a_supervisor_asks_for_another_role() -> None:
    """A monitor whispers, then barges in, and its phone never rings again."""
    call = done(supervised(MONITOR), on(Whisper, "01", send_call_to=CAROL), on(BargeIn, "01", send_call_to=CAROL))
    assert states(call) == (CONNECTED, CONNECTED, CONNECTED)
    assert (seen(call, "02").role, seen(call, "02").side, seen(call, "02").target) == (BARGE, 2, None)


def test_answer_and_hang_up_cross() -> None:
    """The caller hangs up as the phone is answered: in either order the call is over; the order tells if it was."""
    answer, hang_up = on(Answered, "01"), on(HangUp, "00")
    late = done(ringing(), hang_up, answer)
    assert [v.disposition for v in late.views] == [Disposition.NO_ANSWER] * 2
    in_time = done(ringing(), answer, hang_up)
    assert [v.disposition for v in in_time.views] == [Disposition.ANSWERED] * 2
    assert allowed_actions(late, "00") == ()


def _tape() -> Recording:
    return Recording(since=at(6))
