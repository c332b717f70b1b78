"""The laws of call control, one by one, for any subject.

One rule: a law compares a subject with itself, so it says what is wrong without saying what would be right. It takes
what makes a subject, and a `Timeline`; a timeline to which it has nothing to say passes.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import wraps
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from callstate.domain import Action, HangUp, OffHold, OnHold, PhoneCall, StartRecording, StopRecording
from callstate.testing.differences import difference
from callstate.testing.starts import BEGINNINGS
from callstate.testing.steps import Begin
from callstate.testing.strategies import Timeline
from callstate.testing.subjects import START, Shown, Subject, Unable
from callstate.voipnow.wire import decode_call, encode_call

MakeSubject: TypeAlias = Callable[[], Subject]
Law: TypeAlias = Callable[[MakeSubject, Timeline], None]

UNABLE = "unable"
VIEW_IDS = ("00", "01", "02", "03")
_MOMENT = timedelta(microseconds=1)


class _Life:
    """One subject and one call of it, and what time it is there."""

    def __init__(self, subject: Subject, begin: Begin) -> None:
        self.subject, self.call_id = subject, begin.call_id
        self.now = subject.advance(at=START)
        self.exact = self.now == START
        beginning = BEGINNINGS[begin.beginning]
        subject.start(beginning.new(begin.call_id), at=self.now)
        for signal in beginning.signals(begin.call_id):
            self.put(signal)

    def put(self, action: Action) -> str | None:
        """Put an input; one that nobody can tell the subject counts as refused."""
        try:
            return self.subject.apply(action, at=self.now)
        except Unable:
            return UNABLE

    def look(self) -> Shown:
        return self.subject.look(self.call_id)

    def wait(self, seconds: float) -> None:
        self.now = self.subject.advance(at=self.now + timedelta(seconds=seconds))

    def moments(self, timeline: Timeline) -> Iterator[Action]:
        """Yield each input when its time has come."""
        for step in timeline.inputs:
            self.wait(step.seconds)
            yield step.action


Begins: TypeAlias = Callable[[], _Life]


def _law(check: Callable[[Begins, Timeline], None]) -> Law:
    @wraps(check)
    def law(make_subject: MakeSubject, timeline: Timeline) -> None:
        with ExitStack() as stack, suppress(Unable):

            def begin() -> _Life:
                subject = make_subject()
                stack.callback(subject.close)
                return _Life(subject, timeline.begin)

            check(begin, timeline)

    return law


@_law
def everything_gets_an_answer(begin: Begins, timeline: Timeline) -> None:
    """Check that no input makes a subject raise, and a refusal has a code."""
    life = begin()
    for action in life.moments(timeline):
        assert life.put(action) != "", f"{action} is refused without a reason"


@_law
def a_refusal_changes_nothing(begin: Begins, timeline: Timeline) -> None:
    """Check that a call looks the same after a refusal as before."""
    life = begin()
    for action in life.moments(timeline):
        before = life.look()
        if life.put(action) is not None:
            _assert_same(before, life.look(), f"{action} is refused")


@_law
def the_same_inputs_lead_to_the_same(begin: Begins, timeline: Timeline) -> None:
    """Check that two subjects that hear the same say the same."""
    one, other = begin(), begin()
    for action, same in zip(one.moments(timeline), other.moments(timeline), strict=True):
        assert one.put(action) == other.put(same), f"{action} is answered in two ways"
        if one.exact:
            _assert_same(one.look(), other.look(), f"{action} comes to two of a kind")


@_law
def off_hold_undoes_a_hold(begin: Begins, timeline: Timeline) -> None:
    """Check that a hold that is released leaves no trace."""
    _undoes(begin(), timeline, OnHold, OffHold)


@_law
def stopping_undoes_a_recording(begin: Begins, timeline: Timeline) -> None:
    """Check that a recording that is stopped leaves no trace in the call."""
    _undoes(begin(), timeline, StartRecording, StopRecording)


def _undoes(life: _Life, timeline: Timeline, do: type[Any], undo: type[Any]) -> None:  # Any: two actions on a view
    for action in life.moments(timeline):
        life.put(action)
        for view_id in VIEW_IDS:
            before = life.look()
            named = {"call_id": life.call_id, "view_id": view_id}
            if life.put(do(**named)) is None and life.look() != before:
                assert life.put(undo(**named)) is None, f"{undo.__name__} is refused on view {view_id}"
                _assert_same(before, life.look(), f"{do.__name__} and {undo.__name__} on view {view_id}")


@_law
def a_hold_touches_its_own_view(begin: Begins, timeline: Timeline) -> None:
    """Check that a hold, an off hold and a recording leave the other views as they are."""
    life = begin()
    for action in life.moments(timeline):
        life.put(action)
        for kind in (OnHold, StartRecording, OffHold, StopRecording):
            for view_id in VIEW_IDS:
                before = _views(life.look())
                life.put(kind(call_id=life.call_id, view_id=view_id))
                after = _views(life.look())
                for other in (before.keys() | after.keys()) - {view_id}:
                    assert before.get(other) == after.get(other), f"{kind.__name__} on {view_id} changes {other}"


@_law
def asking_twice_is_asking_once(begin: Begins, timeline: Timeline) -> None:
    """Check that an input that comes again at once changes nothing more."""
    life = begin()
    for action in life.moments(timeline):
        life.put(action)
        before = life.look()
        life.put(action)
        _assert_same(before, life.look(), f"{action} comes again")


@_law
def time_passes_once(begin: Begins, timeline: Timeline) -> None:
    """Check that to be told the time again changes nothing."""
    life = begin()
    for action in life.moments(timeline):
        life.put(action)
        life.wait(0)
        before = life.look()
        life.wait(0)
        _assert_same(before, life.look(), "the time is told again")


@_law
def time_in_two_steps_is_time_in_one(begin: Begins, timeline: Timeline) -> None:
    """Check that it makes no difference how often a call is looked after."""
    one, other = begin(), begin()
    for action, same in zip(one.moments(timeline), other.moments(timeline), strict=True):
        one.put(action)
        other.put(same)
        if one.exact:
            for _ in range(4):
                one.wait(15)
            other.wait(60)
            _assert_same(one.look(), other.look(), "a minute passes, or four quarters of one")


@_law
def deadlines_before_an_input_have_fired(begin: Begins, timeline: Timeline) -> None:
    """Check that an input after a while is the same as waiting, and then the input."""
    late, early = begin(), begin()
    for step in timeline.inputs if late.exact else ():
        at = late.now + timedelta(seconds=step.seconds)
        early.now = early.subject.advance(at=max(at - _MOMENT, early.now))
        early.now = late.now = at
        assert late.put(step.action) == early.put(step.action), f"{step.action} depends on who waited"
        _assert_same(_later(late), _later(early), f"{step.action} comes after {step.seconds} s")


def _later(life: _Life) -> Shown:
    life.wait(0)
    return life.look()


@_law
def what_is_over_stays_over(begin: Begins, timeline: Timeline) -> None:
    """Check that nothing brings a call back that has been hung up."""
    life = begin()
    life.put(HangUp(call_id=life.call_id))
    before = life.look()
    for action in life.moments(timeline):
        life.put(action)
        _assert_same(before, life.look(), f"{action} comes after the end")


@_law
def what_is_shown_can_be(begin: Begins, timeline: Timeline) -> None:
    """Check that a call that is shown whole could be built, and that one that is listed can be read."""
    life = begin()
    for action in life.moments(timeline):
        life.put(action)
        shown = life.look()
        assert _can_be(shown), f"there cannot be such a call: {shown!r}"


def _can_be(shown: Shown) -> bool:
    if not isinstance(shown, PhoneCall):
        return shown is None or isinstance(decode_call(shown), PhoneCall)
    try:
        replace(shown, views=tuple(replace(view) for view in shown.views))
    except ValueError:
        return False
    return True


@_law
def a_listing_survives_the_wire(begin: Begins, timeline: Timeline) -> None:
    """Check that a listing that is read and written again says the same."""
    life = begin()
    for action in life.moments(timeline):
        life.put(action)
        shown = life.look()
        listing = encode_call(shown) if isinstance(shown, PhoneCall) else shown
        read = None if listing is None else decode_call(listing)
        if isinstance(read, PhoneCall) and not read.over:
            assert difference(read, listing) is None, f"{listing!r} is written otherwise"


def _assert_same(before: Shown, after: Shown, when: str) -> None:
    assert _content(before) == _content(after), f"{when}, and the call changes from {before!r} to {after!r}"


def _content(shown: Shown) -> object:
    """Return what a call says, save how often and when it has changed."""
    if isinstance(shown, PhoneCall):
        return replace(shown, version=0, updated=None)
    return None if shown is None else msgspec.json.decode(shown)


def _views(shown: Shown) -> dict[str, Any]:  # Any: a view, or its JSON
    if isinstance(shown, PhoneCall):
        return {view.id: view for view in shown.views}
    return {} if shown is None else {view["id"]: view for view in msgspec.json.decode(shown)["phoneCallView"]}


LAWS: tuple[Law, ...] = (
    everything_gets_an_answer,
    a_refusal_changes_nothing,
    the_same_inputs_lead_to_the_same,
    off_hold_undoes_a_hold,
    stopping_undoes_a_recording,
    a_hold_touches_its_own_view,
    asking_twice_is_asking_once,
    time_passes_once,
    time_in_two_steps_is_time_in_one,
    deadlines_before_an_input_have_fired,
    what_is_over_stays_over,
    what_is_shown_can_be,
    a_listing_survives_the_wire,
)
"""All of them."""
