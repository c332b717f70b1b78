"""When the fields of a view are set and cleared: each sentence is tested on every step that was observed."""

from collections.abc import Callable
from datetime import timedelta

from callstate import Disposition, EndReason, OnHold, PhoneCallView, Rang, Role, TransferToVoicemail, Whisper
from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    ON_HOLD,
    PARKED,
    RINGING,
    SUPERVISORS,
    TRYING,
    WHISPER,
    whole,
)
from tests.calls import at, changed, connected, done, on, seen
from tests.reference.observed import CREATE, Observed, added_views, never_change, observed, seen_views

JOINS = ("BargeIn", "Whisper", "Monitor")


def _changes(name: str, is_so: Callable[[Observed, PhoneCallView, PhoneCallView], bool]) -> None:
    """Show that a field of a view changes exactly where it should, and that it does somewhere."""
    found = [(step, old, new) for step, old, new in seen_views() if getattr(old, name) != getattr(new, name)]
    assert found
    for step, old, new in seen_views():
        assert (getattr(old, name) != getattr(new, name)) == is_so(step, old, new), (name, step.cause, old, new)


# A view ---------------------------------------------------------------------------------------------------------------


def what_never_changes() -> None:
    """
    `id`, `extension`, `source`, `destination`, `flow`, `caller_id` and `outside` are given when the view is created and
    never change.
    """
    never_change(seen_views(), "id", "extension", "source", "destination", "flow", "caller_id", "outside")


def the_id() -> None:
    """
    The id of a new view is one more than the highest one that was ever used in the call, with two digits at least;
    `00` is the first.
    """
    for step, new in added_views():
        if step.before is not None:
            assert int(new.id) == int(step.before.views[-1].id) + 1
            assert new.id == f"{int(new.id):02d}"
    assert all(step.after.views[0].id == "00" for step in observed() if step.cause == CREATE)


def the_role() -> None:
    """
    Given when the view is created. It changes only when BargeIn, Whisper or Monitor is asked for a phone that has
    joined the same party in another role, or rings to do so. It stays when the view ends.
    """
    _changes("role", lambda step, old, new: step.cause in JOINS and old.role is not new.role)
    changed = [(old.role, new.role) for _, old, new in seen_views() if old.role is not new.role]
    assert {role for roles in changed for role in roles} == {*SUPERVISORS, BARGE}


def the_side() -> None:
    """
    Given when the view is created; the legs of BargeIn, Whisper and Monitor have none. A BARGE leg gets the next side,
    one more than the highest ever used in the call, when it has answered, and a leg that is up when it takes the role
    BARGE. A view that answers where another one is up already changes to the next side too. It stays when the view
    ends.
    """
    for step, old, new in seen_views():
        if old.side != new.side:
            assert new.up
            assert old.up == (old.role in SUPERVISORS)
            assert new.side == 1 + max(v.side for v in step.before.views if v.side is not None)  # type: ignore[union-attr]  # it is there
            assert (new.role is BARGE) == (old.side is None)
    assert all((new.side is None) == (step.cause in JOINS) for step, new in added_views())


def the_target() -> None:
    """
    The id of the view that BargeIn, Whisper or Monitor names, given when the leg is created. Cleared when the leg ends,
    and when a BARGE leg gets its side.
    """
    _changes("target", lambda _, old, new: old.target is not None and (new.state is ENDED or new.side is not None))
    for step, new in added_views():
        named = getattr(step.input, "view_id", None) if step.cause in JOINS else None
        assert new.target == named


def when_it_is_listed() -> None:
    """
    Given when the view is created: false for an outside number, a mailbox and a destination that waits, otherwise true.
    Set when a waiting destination that is an extension is rung, or is reported as ringing or answered, and when the
    party is parked. Cleared when the parking of an outside party ends.
    """
    for step, old, new in seen_views():
        if not old.listed and new.listed:
            assert new.parking is not None or (old.waits and not new.waits and not new.outside), step
        if old.listed and not new.listed:
            assert (old.state, old.outside) == (PARKED, True)
        assert new.listed or not (new.state is PARKED or (old.waits and new.state is RINGING and not new.outside))
    for step, new in added_views():
        assert new.listed != (new.outside or new.role is Role.VOICEMAIL or (step.cause == CREATE and new.waits))


def the_date_of_ringing() -> None:
    """The time at which the view became `RINGING`. It is never cleared."""
    _changes("ringing", lambda _, old, new: new.state is RINGING is not old.state)
    assert all(new.ringing == step.at for step, old, new in seen_views() if new.state is RINGING is not old.state)
    assert all((new.ringing == step.at) == (new.state is RINGING) for step, new in added_views())


def the_date_of_answer() -> None:
    """
    The time at which Answered was reported of the view; if it has no date by then, the time at which it became
    `CONNECTED`, or left `CONNECTED`, `ON_HOLD` or `PARKED`, or at which its hold was ended, or at which it was sent to
    a mailbox, although it was `CONNECTED` before. FarEndRang sets none. It is set once and never cleared.
    """
    undated = changed(connected(), "00", answered=None)
    assert seen(done(undated, on(TransferToVoicemail)), "00").answered == at(20)
    assert seen(done(undated, on(OnHold)), "00").answered is None
    talking = (CONNECTED, ON_HOLD, PARKED)

    def is_set(step: Observed, old: PhoneCallView, new: PhoneCallView) -> bool:
        answers = step.cause == "Answered" and getattr(step.input, "view_id", None) == old.id
        leaves = old.state in talking and new.state not in talking
        return old.answered is None and (answers or leaves or (new.state is CONNECTED is not old.state))

    _changes("answered", is_set)
    assert all(new.answered == step.at for step, old, new in seen_views() if old.answered != new.answered)


def the_hold() -> None:
    """The time at which the view became `ON_HOLD`, as long as it is `ON_HOLD`."""
    _changes("on_hold", lambda _, old, new: (old.state is ON_HOLD) != (new.state is ON_HOLD))
    assert all(new.on_hold == step.at for step, old, new in seen_views() if new.state is ON_HOLD is not old.state)
    assert all((new.on_hold is not None) == (new.state is ON_HOLD) for _, _, new in seen_views())


def the_parking() -> None:
    """Set when the view becomes `PARKED`, cleared when it leaves that state."""
    for _, old, new in seen_views():
        assert (new.parking is not None) == (new.state is PARKED)
        assert (old.parking is None) == (old.state is not PARKED)


def the_recording() -> None:
    """Set by StartRecording. Cleared by StopRecording and when the view ends, and by nothing else."""
    _changes(
        "recording",
        lambda step, old, new: (
            (step.cause in ("StartRecording", "StopRecording") and step.input.view_id == old.id)  # type: ignore[union-attr]  # they name a view
            or (old.recording is not None and new.state is ENDED)
        ),
    )


def the_ringing_limit() -> None:
    """
    The time at which a phone that the service dials stops ringing. Set when a leg is added, when a waiting destination
    is rung, when such a destination is reported as ringing, and again when Rang is reported of an outside number that
    has one. Cleared when the view is neither `TRYING` nor `RINGING`. A mailbox and a caller that dials itself have
    none.
    """

    def is_changed(step: Observed, old: PhoneCallView, new: PhoneCallView) -> bool:
        if new.state not in (TRYING, RINGING):
            return old.until is not None
        rang = isinstance(step.input, Rang) and step.input.view_id == old.id and new.state is not old.state
        return (old.waits and not new.waits) or (rang and old.outside and old.until is not None)

    for step, old, new in seen_views():
        changed = is_changed(step, old, new)
        assert changed or old.until == new.until, (step.cause, old, new)
        if changed and new.state in (TRYING, RINGING):
            assert new.until == step.at + timedelta(seconds=step.after.wait_for_pickup)
        assert new.until is None or new.state in (TRYING, RINGING)
    for step, new in added_views():
        assert (new.until is None) == (new.role is Role.VOICEMAIL or new.state is ANSWERED or new.waits)
        seconds = whole(getattr(step.input, "wait_for_pickup", step.after.wait_for_pickup))
        assert new.until in (None, step.at + timedelta(seconds=seconds or 0))


def whether_it_waits() -> None:
    """
    True for a destination of a new call until it is rung, until it is reported as ringing or answered, or until it
    ends; never set afterwards.
    """
    _changes("waits", lambda _, old, new: old.waits and (new.until is not None or new.state is not TRYING))
    assert all(step.cause == CREATE for step, new in added_views() if new.waits)
    assert all(old.waits or not new.waits for _, old, new in seen_views())


def whether_it_is_private() -> None:
    """
    True for a leg of Whisper with `private` 1. It changes only when the leg takes another role, or is asked for with
    another `private`.
    """
    _changes("private", lambda step, old, new: step.cause in JOINS and old.private != new.private)
    private = [step.input.private for step, new in added_views() if isinstance(step.input, Whisper) and new.private]
    assert {whole(told) for told in private} == {1}
    assert all(new.role is WHISPER for step in observed() for new in step.after.views if new.private)


def the_end() -> None:
    """
    `ended`, `disposition` and `reason` are set when the view becomes `ENDED`, `ended` to that time. They are never
    cleared, and nothing of an ended view changes again.
    """
    for step, old, new in seen_views():
        assert (new.ended is None, new.disposition is None, new.reason is None) == (new.state is not ENDED,) * 3
        assert old.state is not ENDED or old == new
        assert new.state is not ENDED or old.state is ENDED or new.ended == step.at


def the_disposition() -> None:
    """
    ANSWERED if the view has a date of answer. Otherwise the disposition that HungUp reported, except for ANSWERED. If a
    party that was never answered ends because of another one (reason OTHER_LEFT), it takes over BUSY, FAILED or NOT
    ALLOWED from that party. Otherwise NO ANSWER.
    """
    for step, old, new in seen_views():
        if new.state is ENDED is not old.state:
            told = getattr(step.input, "disposition", None)
            own = getattr(step.input, "view_id", None) == old.id and told is not Disposition.ANSWERED
            passed_on = told in _REJECTIONS and new.reason is EndReason.OTHER_LEFT
            if new.answered is not None:
                assert new.disposition is Disposition.ANSWERED
            elif passed_on and new.disposition is Disposition.NO_ANSWER:
                assert any(v.answered for _, v in step.pairs if v.id == step.input.view_id)  # type: ignore[union-attr]  # a HungUp
            else:
                assert new.disposition is ((told if own or passed_on else None) or Disposition.NO_ANSWER)


_REJECTIONS = (Disposition.BUSY, Disposition.FAILED, Disposition.NOT_ALLOWED)


def the_successor() -> None:
    """
    Set to the id of the new leg when the party transfers or deflects the call (reason TRANSFERRED or DEFLECTED). Never
    cleared, even if that leg has left.
    """
    _changes("successor", lambda _, old, new: new.state is not old.state and new.reason in _SENT)
    for step, old, new in seen_views():
        if old.successor != new.successor:
            assert new.successor == step.after.views[-1].id


_SENT = (EndReason.TRANSFERRED, EndReason.DEFLECTED)


def what_an_ended_view_loses() -> None:
    """
    An ended view has no `on_hold`, `parking`, `recording`, `until` and `target`. It keeps `ringing` and `answered`.
    """
    for _, old, new in seen_views():
        if new.state is ENDED:
            lost = (new.on_hold, new.parking, new.recording, new.until, new.target, new.waits)
            assert lost == (None, None, None, None, None, False)
            assert (new.ringing, new.answered is None) == (old.ringing, new.answered is None)
            assert old.answered in (None, new.answered)
