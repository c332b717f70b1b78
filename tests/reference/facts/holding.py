"""What OnHold and OffHold do, and the signals that report the same."""

from msgspec.structs import replace

from callstate import Held, OffHold, OnHold, Resumed, StartRecording
from callstate.domain import ANSWERED, CONNECTED, ON_HOLD
from callstate.voipnow.wire import encode_call
from tests.calls import at, changed, connected, done, held, held_by_both, on, seen, supervised
from tests.reference.facts.fact import differ, only_changes
from tests.reference.facts.recording import recorded

HOLDS, RESUMES = (OnHold, Held), (OffHold, Resumed)


def it_holds() -> None:
    """The view is `ON_HOLD`. `onHold` is the time of the hold and `holder` is 1."""
    call = done(connected(), on(OnHold))
    assert (seen(call, "00").state, seen(call, "00").on_hold) == (ON_HOLD, at(20))
    listed = encode_call(call)
    assert (listed.count(b'"onHold"'), listed.count(b'"holder":"1"')) == (1, 1)


def a_recording_continues() -> None:
    """A running recording continues."""
    for kind in HOLDS:
        assert seen(done(recorded(), on(kind)), "00").recording == seen(recorded(), "00").recording


def the_other_side_stays() -> None:
    """
    No other view changes. The party on the other side stays `CONNECTED`, or `ON_HOLD` if it holds too: both sides can
    hold independently.
    """
    for kind in HOLDS:
        assert only_changes(connected(), done(connected(), on(kind)), "00")
        assert only_changes(held("01"), done(held("01"), on(kind)), "00")


def supervisors_stay() -> None:
    """Legs that whisper or monitor stay."""
    for view_id in ("00", "01"):
        assert only_changes(supervised(), done(supervised(), on(OnHold, view_id)), view_id)


def a_call_that_was_read() -> None:
    """
    The first change of a call that was read from a listing, even a hold or a recording, also brings about what the
    rules across the views still require of the other views.
    """
    half = replace(changed(connected(), "01", state=ANSWERED), version=0)
    for kind in (OnHold, Held, StartRecording):
        assert seen(done(half, on(kind)), "01").state is CONNECTED


def it_resumes() -> None:
    """The view is `CONNECTED`. `onHold` and `holder` are removed."""
    call = done(held(), on(OffHold))
    assert (seen(call, "00").state, seen(call, "00").on_hold) == (CONNECTED, None)
    assert b"onHold" not in encode_call(call)
    assert b"holder" not in encode_call(call)


def an_undated_party_gets_a_date() -> None:
    """
    A view that has no date of answer, because the listing it was read from had none, gets the time of the input as one.
    """
    for kind in RESUMES:
        assert seen(done(changed(held(), "00", answered=None), on(kind)), "00").answered == at(20)
        assert seen(done(held(), on(kind)), "00").answered == seen(held(), "00").answered


def the_other_hold_continues() -> None:
    """No other view changes. If the other side holds too, its hold continues; only that side can end it."""
    for kind in RESUMES:
        call = done(held_by_both(), on(kind))
        assert only_changes(held_by_both(), call, "00")
        assert done(call, on(kind)) is call


def as_after_on_hold() -> None:
    """The view is `ON_HOLD`, as after [OnHold](actions/OnHold.md)."""
    assert done(connected(), on(Held)) == done(connected(), on(OnHold))


def as_after_off_hold() -> None:
    """The view is `CONNECTED`, as after [OffHold](actions/OffHold.md)."""
    assert done(held(), on(Resumed)) == done(held(), on(OffHold))


def no_other_view_changes() -> None:
    """No other view changes."""
    assert differ(connected(), done(connected(), on(Held)), "00") == {"state", "on_hold"}
    assert only_changes(held_by_both(), done(held_by_both(), on(Resumed)), "00")
