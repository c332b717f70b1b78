"""What HangUp does, and HungUp, which reports the same."""

from msgspec.structs import replace

from callstate import Disposition, EndReason, HangUp, HungUp, PhoneCallView, Role, StartRecording, ViewState
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, MONITOR, RINGING, TRYING, WHISPER
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    at,
    changed,
    conference,
    connected,
    done,
    held,
    on,
    parked,
    retrieving,
    ringing,
    seen,
    states,
    supervised,
    view,
)
from tests.reference.facts.transferring import fork


def the_whole_call_ends() -> None:
    """Without a number and a view the whole call ends."""
    for asker in ("@self", ALICE, BOB):
        assert done(connected(), on(HangUp, None, extension=asker)).over


def some_end_only_their_own_views() -> None:
    """
    There is one exception: an asker that has no party or mailbox that is up, and does not pay for the call, ends just
    its own views. So does one that has parked a party of the call, even if it pays, unless its last view ended because
    it parked that party: then the call ends.
    """
    rung = done(fork(), on(HangUp, None, extension=CAROL))
    assert (states(rung), seen(rung, "02").reason) == ((ANSWERED, RINGING, ENDED), EndReason.HUNG_UP)
    for role, state in ((MONITOR, CONNECTED), (WHISPER, RINGING), (BARGE, RINGING)):
        assert states(done(supervised(role, state), on(HangUp, None, extension=CAROL))) == (CONNECTED, CONNECTED, ENDED)
    assert states(done(conference(), on(HangUp, None, extension=CAROL))) == (CONNECTED, CONNECTED, ENDED)
    assert done(replace(fork(), extension=DAVE), on(HangUp, None, extension=DAVE)).over
    ringing_back = replace(retrieving(BOB), extension=BOB)
    assert seen(done(ringing_back, on(HangUp, None, extension=BOB)), "00").live
    assert done(parked(), on(HangUp, None, extension=BOB)).over


def one_party_leaves() -> None:
    """
    With `phoneNumber`, or else with a view, only that party leaves. Its view is `ENDED`: disposition ANSWERED if the
    party was ever answered, otherwise NO ANSWER. Its hold, parking and recording end. If the request has a
    `phoneNumber`, its view is not checked.
    """
    for view_id in ("01", "99"):
        assert states(done(conference(), on(HangUp, view_id, phone_number=CAROL))) == (CONNECTED, CONNECTED, ENDED)
    for told in ({"view_id": "02"}, {"view_id": None, "phone_number": CAROL}, {"phone_number": CAROL}):
        left = done(conference(), on(HangUp, **told))
        assert states(left) == (CONNECTED, CONNECTED, ENDED)
        assert seen(left, "02").disposition is Disposition.ANSWERED
    assert seen(done(fork(), on(HangUp, "02")), "02").disposition is Disposition.NO_ANSWER
    was_held = seen(done(held(), on(StartRecording), on(HangUp)), "00")
    assert (was_held.on_hold, was_held.recording) == (None, None)
    assert seen(done(parked(), on(HangUp)), "00").parking is None


def fewer_than_two_sides() -> None:
    """
    If fewer than two sides then have a live view, every view ends and the call is over. While a party is parked, the
    lot counts as the other side.
    """
    assert states(done(supervised(), on(HangUp, "00"))) == (ENDED, ENDED, ENDED)
    assert not done(retrieving(CAROL), on(HangUp, "02")).over
    assert done(retrieving(CAROL), on(HangUp, "00")).over


def two_sides_remain() -> None:
    """If two sides remain, their parties stay in the call. A party is `ANSWERED` if the other side still rings."""
    assert states(done(conference(), on(HangUp, "00"))) == (ENDED, CONNECTED, CONNECTED)
    guests = replace(connected(), views=(*connected().views, view("02", CAROL, RINGING, side=2)))
    assert states(done(guests, on(HangUp, "01"))) == (ANSWERED, ENDED, RINGING)


def its_supervisors_leave() -> None:
    """Legs that whisper to, monitor or ring to join a party that leaves end as well."""
    for role, state in ((WHISPER, CONNECTED), (MONITOR, CONNECTED), (BARGE, RINGING)):
        call = replace(conference(), views=(*conference().views, _joined(role, state)))
        assert seen(done(call, on(HangUp, "01")), "03").reason is EndReason.TARGET_LEFT


def _joined(role: Role, state: ViewState) -> PhoneCallView:
    until = at(35) if state is RINGING else None
    return view("03", DAVE, state, role=role, target="01", until=until)


def it_remains_a_value() -> None:
    """A call that is over remains a value, so that it can be distinguished from an unknown call."""
    call = done(connected(), on(HangUp, None))
    assert (call.id, call.over) == (connected().id, True)
    assert done(call, on(HangUp, None)) is call


# The signal -----------------------------------------------------------------------------------------------------------


def the_view_ends() -> None:
    """
    The view is `ENDED`. Its disposition is ANSWERED if it was ever answered, whatever the signal says. Otherwise it is
    the disposition of the signal, or NO ANSWER if the signal has none or says ANSWERED.
    """
    for told in (None, *Disposition):
        assert seen(done(connected(), on(HungUp, disposition=told)), "00").disposition is Disposition.ANSWERED
        left = seen(done(fork(), on(HungUp, "02", disposition=told)), "02")
        default = Disposition.NO_ANSWER
        assert left.state is ENDED
        assert left.disposition is (default if told in (None, Disposition.ANSWERED) else told)


def its_reason() -> None:
    """
    Its reason is REJECTED if that disposition is BUSY, FAILED or NOT ALLOWED, NO_ANSWER if the signal says NO ANSWER
    about a party that was never answered, and otherwise HUNG_UP.
    """
    rejected = (Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED)
    for told in (None, *Disposition):
        assert seen(done(connected(), on(HungUp, disposition=told)), "00").reason is EndReason.HUNG_UP
        reason = seen(done(fork(), on(HungUp, "02", disposition=told)), "02").reason
        no_answer = EndReason.NO_ANSWER if told is Disposition.NO_ANSWER else EndReason.HUNG_UP
        assert reason is (EndReason.REJECTED if told in rejected else no_answer)


def as_after_hang_up() -> None:
    """The same as after a [HangUp](actions/HangUp.md) of that party."""
    for call in (connected(), ringing(), held(), parked(), conference(), supervised()):
        for party in [v.id for v in call.views if v.live]:
            assert done(call, on(HungUp, party)) == done(call, on(HangUp, party))


def a_rejection_is_passed_on() -> None:
    """
    If the call is over as a result, parties that were never answered take over BUSY, FAILED or NOT ALLOWED: the caller
    of a busy phone is BUSY.
    """
    for told in (Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED):
        call = done(ringing(), on(HungUp, "01", disposition=told))
        assert (call.over, seen(call, "00").disposition) == (True, told)
    dialling = changed(ringing(), "00", state=TRYING)
    assert seen(done(dialling, on(HungUp, "01", disposition=Disposition.NO_ANSWER)), "00").disposition is (
        Disposition.NO_ANSWER
    )
