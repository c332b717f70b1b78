"""The laws of call control, one by one, for any subject.

One rule: a law compares a subject with itself, so it needs no expected result. It takes a function that makes a
subject, and a `Timeline`; a timeline that the subject is not able to start passes.
"""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from callstate.domain import (
    HangUp,
    Held,
    OffHold,
    OnHold,
    PhoneCall,
    Resumed,
    StartRecording,
    StopRecording,
)
from callstate.testing.differences import difference
from callstate.testing.runs import UNABLE, VIEW_IDS, Law, Run, StartRun, as_law, assert_same, views_of
from callstate.testing.strategies import Timeline
from callstate.testing.subjects import Shown
from callstate.voipnow.wire import decode_call, encode_call

_SHORT = timedelta(microseconds=1)


@as_law
def everything_gets_an_answer(start_run: StartRun, timeline: Timeline) -> None:
    """Check that no input makes a subject raise, and a refusal has a code."""
    run = start_run()
    for action in run.inputs(timeline):
        assert run.apply(action) != "", f"{action} is refused without a code"


@as_law
def a_refusal_changes_nothing(start_run: StartRun, timeline: Timeline) -> None:
    """Check that a call looks the same after a refusal as before."""
    run = start_run()
    for action in run.inputs(timeline):
        before = run.look()
        if run.apply(action) is not None:
            assert_same(before, run.look(), f"{action} is refused")


@as_law
def the_same_inputs_lead_to_the_same(start_run: StartRun, timeline: Timeline) -> None:
    """Check that two subjects that take the same inputs give the same answers."""
    one, other = start_run(), start_run()
    for action, same in zip(one.inputs(timeline), other.inputs(timeline), strict=True):
        assert one.apply(action) == other.apply(same), f"{action} is answered in two ways"
        if one.exact:
            assert_same(one.look(), other.look(), f"{action} comes to two subjects")


@as_law
def off_hold_undoes_a_hold(start_run: StartRun, timeline: Timeline) -> None:
    """Check that a hold that is released leaves no trace."""
    _undoes(start_run(), timeline, OnHold, OffHold)


@as_law
def stopping_undoes_a_recording(start_run: StartRun, timeline: Timeline) -> None:
    """Check that a recording that is stopped leaves no trace in the call."""
    _undoes(start_run(), timeline, StartRecording, StopRecording)


def _undoes(run: Run, timeline: Timeline, do: type[Any], undo: type[Any]) -> None:  # Any: two actions on a view
    for action in run.inputs(timeline):
        run.apply(action)
        for view_id in VIEW_IDS:
            before = run.look()
            named = {"call_id": run.call_id, "view_id": view_id}
            if run.apply(do(**named)) is None and run.look() != before:
                assert run.apply(undo(**named)) is None, f"{undo.__name__} is refused on view {view_id}"
                assert_same(before, run.look(), f"{do.__name__} and {undo.__name__} on view {view_id}")


@as_law
def a_hold_touches_its_own_view(start_run: StartRun, timeline: Timeline) -> None:
    """Check that a hold, an off hold and a recording leave the other views as they are."""
    run = start_run()
    for action in run.inputs(timeline):
        run.apply(action)
        for kind in (OnHold, StartRecording, OffHold, StopRecording):
            for view_id in VIEW_IDS:
                before = views_of(run.look())
                run.apply(kind(call_id=run.call_id, view_id=view_id))
                after = views_of(run.look())
                for other in (before.keys() | after.keys()) - {view_id}:
                    assert before.get(other) == after.get(other), f"{kind.__name__} on {view_id} changes {other}"


@as_law
def a_reported_hold_is_a_hold(start_run: StartRun, timeline: Timeline) -> None:
    """Check that a hold or a release has the same effect whether a request or a signal makes it."""
    asked, reported = start_run(), start_run()
    for action, same in zip(asked.inputs(timeline), reported.inputs(timeline), strict=True):
        asked.apply(action)
        reported.apply(same)
        for request, signal in ((OnHold, Held), (OffHold, Resumed)) if asked.exact else ():
            _assert_same_effect(asked, reported, request, signal)


def _assert_same_effect(asked: Run, reported: Run, request: type[Any], signal: type[Any]) -> None:  # Any: on a view
    """Check it for each view that the request changes."""
    for view_id in VIEW_IDS:
        before, named = asked.look(), {"call_id": asked.call_id, "view_id": view_id}
        if asked.apply(request(**named)) is None and asked.look() != before:
            answer = reported.apply(signal(**named))
            if answer == UNABLE:
                answer = reported.apply(request(**named))
            assert answer is None, f"{signal.__name__} of view {view_id} is refused, {answer}"
            assert_same(asked.look(), reported.look(), f"{request.__name__} or {signal.__name__} of view {view_id}")


@as_law
def asking_twice_is_asking_once(start_run: StartRun, timeline: Timeline) -> None:
    """Check that an input that comes again immediately changes nothing more."""
    run = start_run()
    for action in run.inputs(timeline):
        run.apply(action)
        before = run.look()
        run.apply(action)
        assert_same(before, run.look(), f"{action} comes again")


@as_law
def time_passes_once(start_run: StartRun, timeline: Timeline) -> None:
    """Check that advancing to the same time again changes nothing."""
    run = start_run()
    for action in run.inputs(timeline):
        run.apply(action)
        run.wait(0)
        before = run.look()
        run.wait(0)
        assert_same(before, run.look(), "the time is given again")


@as_law
def time_in_two_steps_is_time_in_one(start_run: StartRun, timeline: Timeline) -> None:
    """Check that it makes no difference in how many steps time passes."""
    one, other = start_run(), start_run()
    for action, same in zip(one.inputs(timeline), other.inputs(timeline), strict=True):
        one.apply(action)
        other.apply(same)
        if one.exact:
            for _ in range(4):
                one.wait(15)
            other.wait(60)
            assert_same(one.look(), other.look(), "a minute passes, or four quarters of one")


@as_law
def deadlines_before_an_input_have_fired(start_run: StartRun, timeline: Timeline) -> None:
    """Check that an input after some time gives the same as waiting first, and then the input."""
    late, early = start_run(), start_run()
    for step in timeline.inputs if late.exact else ():
        at = late.now + timedelta(seconds=step.seconds)
        early.now = early.subject.advance(at=max(at - _SHORT, early.now))
        early.now = late.now = at
        assert late.apply(step.action) == early.apply(step.action), f"{step.action} depends on when time was advanced"
        assert_same(_later(late), _later(early), f"{step.action} comes after {step.seconds} s")


def _later(run: Run) -> Shown:
    run.wait(0)
    return run.look()


@as_law
def what_is_over_stays_over(start_run: StartRun, timeline: Timeline) -> None:
    """Check that nothing brings a call back that has been hung up."""
    run = start_run()
    run.apply(HangUp(call_id=run.call_id))
    before = run.look()
    for action in run.inputs(timeline):
        run.apply(action)
        assert_same(before, run.look(), f"{action} comes after the end")


@as_law
def what_is_shown_can_be(start_run: StartRun, timeline: Timeline) -> None:
    """Check that a call that is shown whole could be built, and that one that is listed can be read."""
    run = start_run()
    for action in run.inputs(timeline):
        run.apply(action)
        shown = run.look()
        assert _can_be(shown), f"there cannot be such a call: {shown!r}"


def _can_be(shown: Shown) -> bool:
    if not isinstance(shown, PhoneCall):
        return shown is None or isinstance(decode_call(shown), PhoneCall)
    try:
        replace(shown, views=tuple(replace(view) for view in shown.views))
    except ValueError:
        return False
    return True


@as_law
def a_listing_survives_the_wire(start_run: StartRun, timeline: Timeline) -> None:
    """Check that a listing that is read and written again has the same content."""
    run = start_run()
    for action in run.inputs(timeline):
        run.apply(action)
        shown = run.look()
        listing = encode_call(shown) if isinstance(shown, PhoneCall) else shown
        read = None if listing is None else decode_call(listing)
        if isinstance(read, PhoneCall) and not read.over:
            assert difference(read, listing) is None, f"{listing!r} is written otherwise"


LAWS: tuple[Law, ...] = (
    everything_gets_an_answer,
    a_refusal_changes_nothing,
    the_same_inputs_lead_to_the_same,
    off_hold_undoes_a_hold,
    stopping_undoes_a_recording,
    a_hold_touches_its_own_view,
    a_reported_hold_is_a_hold,
    asking_twice_is_asking_once,
    time_passes_once,
    time_in_two_steps_is_time_in_one,
    deadlines_before_an_input_have_fired,
    what_is_over_stays_over,
    what_is_shown_can_be,
    a_listing_survives_the_wire,
)
"""All of them."""
