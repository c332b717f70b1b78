"""What a trial says when a subject differs: the story, the test to paste, and nothing when it does not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import callstate
from callstate import (
    LENIENT,
    STRICT,
    Action,
    Answered,
    Disposition,
    HangUp,
    Held,
    HungUp,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    testing,
)
from callstate.domain import ACTIONS, SIGNALS, Create, Numbering
from callstate.testing import (
    LAWS,
    Begin,
    CallMachine,
    CoreSubject,
    Diverged,
    Input,
    Subject,
    Unable,
    Wait,
    check_implementation,
    replay,
)
from callstate.testing.differences import difference
from callstate.testing.stateful import DEFAULTS
from callstate.testing.steps import Step, as_python
from callstate.testing.strategies import begun
from callstate.testing.subjects import START, Shown
from callstate.testing.trial import Trial
from callstate.voipnow.wire import encode_call
from tests.testing.test_laws import timeline
from tests.testing.wrong import GALLERY, WrongSubject

HOLD = OnHold(call_id="a1", view_id="00")
TALK = Begin("Alice and Bob talk")
TALK_OUTSIDE = Begin("Alice dials Bob")


def toggles() -> Subject:
    return WrongSubject(GALLERY["a second hold releases the first"])


def found(subject: Callable[[], Subject], *steps: Begin | Input | Wait) -> Diverged:
    with pytest.raises(Diverged) as caught:
        replay(subject, steps)
    return caught.value


def test_a_failure_tells_the_shortest_story_and_a_test_that_fails_alike() -> None:
    with pytest.raises(Diverged) as caught:
        check_implementation(toggles)
    diverged = caught.value
    assert diverged.inputs == 2
    begin, first, second = diverged.steps
    assert isinstance(begin, Begin)
    assert isinstance(first, Input)
    assert isinstance(second, Input)
    # Whether the user or the network has held before: a story is as short either way.
    assert (type(first.action), type(second.action)) in ((OnHold, OnHold), (Held, OnHold))
    assert "Alice and Bob talk" in diverged.story
    assert "OnHold" in diverged.story
    assert "reference: accepted" in diverged.story
    assert "subject:   accepted" in diverged.story
    names: dict[str, object] = {"make_subject": toggles}
    exec(diverged.test, names)  # noqa: S102  # it is meant to be pasted and run
    with pytest.raises(Diverged) as again:
        names["test_the_subject_does_as_the_reference"]()  # type: ignore[operator]  # it has just been defined
    assert again.value.story == diverged.story
    assert str(again.value) == f"{again.value.story}\n\nThe same as a test:\n\n{again.value.test}"


def test_the_story_of_a_hold_that_toggles() -> None:
    assert found(toggles, TALK, Input(HOLD), Wait(5), Input(HOLD, 1)).story.splitlines() == [
        "The subject does otherwise than the reference, when something happened 3 times:",
        "    0 s  call a1 starts: Alice and Bob talk",
        '    0 s  OnHold call_id="a1" view_id="00": accepted',
        "    5 s  5 s pass",
        '    6 s  OnHold call_id="a1" view_id="00"',
        "      reference: accepted; call a1 view 00 state is 'ON_HOLD'",
        "      subject:   accepted; call a1 view 00 state is 'CONNECTED'",
    ]


def test_the_test_to_paste_imports_what_it_needs_and_names_the_rules() -> None:
    busy = HungUp(call_id="a1", view_id="01", disposition=Disposition.BUSY)
    steps: list[Step] = [TALK, Input(busy, 2), Wait(3), Input(HOLD)]
    with pytest.raises(Diverged) as caught:
        replay(Refuses, steps, rules=STRICT)
    assert caught.value.test.splitlines() == [
        "from callstate import STRICT, Disposition, HungUp",
        "from callstate.testing import Begin, Input, replay",
        "",
        "",
        "def test_the_subject_does_as_the_reference() -> None:",
        "    replay(",
        "        make_subject,",
        "        [",
        '            Begin("Alice and Bob talk", "a1"),',
        '            Input(HungUp(call_id="a1", view_id="01", disposition=Disposition.BUSY), 2),',
        "        ],",
        "        rules=STRICT,",
        "    )",
    ]


def test_the_test_to_paste_leaves_other_rules_to_its_author() -> None:
    rules = replace(LENIENT, numbering=Numbering(pattern="[1-9][0-9]{3}"))
    with pytest.raises(Diverged) as caught:
        replay(lambda: Refuses(rules=rules), [TALK_OUTSIDE, Input(HungUp(call_id="a1", view_id="00"))], rules=rules)
    assert "        rules=rules," in caught.value.test.splitlines()


class Refuses(CoreSubject):
    def apply(self, action: Action, *, at: datetime) -> str | None:
        return "pc_no" if isinstance(action, HungUp) else super().apply(action, at=at)


class Raises(CoreSubject):
    def apply(self, action: Action, *, at: datetime) -> str | None:
        if isinstance(action, HangUp):
            raise KeyError("view")
        return super().apply(action, at=at)


def test_a_subject_that_raises_is_told_as_one() -> None:
    diverged = found(Raises, TALK, Input(HangUp(call_id="a1")))
    assert diverged.subject == "raised KeyError('view')"
    assert isinstance(diverged.__cause__, KeyError)


def test_a_start_that_differs_is_told_without_an_input() -> None:
    class NoAnswers(CoreSubject):
        def apply(self, action: Action, *, at: datetime) -> str | None:
            return "pc_no" if isinstance(action, Answered) else super().apply(action, at=at)

    diverged = found(NoAnswers, TALK)
    assert (diverged.inputs, diverged.reference, diverged.subject) == (0, "accepted", "refused, pc_no")


class OwnClock(CoreSubject):
    """A service whose clock is its own, runs, and cannot be told a ready-made call or a hold."""

    ahead = timedelta(days=9000)

    def start(self, new: Create | PhoneCall, *, at: datetime) -> None:
        if isinstance(new, PhoneCall):
            raise Unable
        super().start(new, at=at)

    def apply(self, action: Action, *, at: datetime) -> str | None:
        if isinstance(action, OnHold):
            raise Unable
        return super().apply(action, at=at + timedelta(seconds=1))

    def advance(self, *, at: datetime) -> datetime:
        if at < START + self.ahead:
            at += self.ahead
        return super().advance(at=at + timedelta(milliseconds=20))

    def look(self, call_id: str) -> Shown:  # type: ignore[override]  # it shows no more than a service
        call = self.calls[call_id]
        return None if call.over else encode_call(call)


def test_a_clock_of_its_own_is_no_difference_and_what_cannot_be_told_is_left_out() -> None:
    check_implementation(OwnClock, settings=settings(DEFAULTS, max_examples=60))
    for law in LAWS:
        law(OwnClock, timeline("Bob's phone rings for Alice", Input(OffHold(call_id="a1", view_id="00"), 30)))


def test_a_clock_of_its_own_is_not_asked_near_a_deadline() -> None:
    trial = Trial(OwnClock())
    trial.do(Begin("Bob's phone rings for Alice"))
    began = trial.now
    trial.do(Wait(25))
    assert trial.now - began > timedelta(seconds=28), "the phone rings for 25 s, and clocks differ by 3 s"


def test_steps_that_cannot_be_done_are_no_steps() -> None:
    trial = Trial(OwnClock())
    trial.do(TALK)
    trial.do(Input(HOLD))
    trial.do(Begin("Alice dials Bob", "a2"))
    assert trial.steps == (TALK,)


KINDS = st.sets(st.sampled_from((*ACTIONS, *SIGNALS)), min_size=1)
MISTAKES = st.sampled_from(("a second hold overwrites the date of the first", "a transfer stops the recording"))


@given(kinds=KINDS, mistake=MISTAKES, seed=st.integers(0, 99))
def test_the_steps_of_a_story_tell_the_same_story_again(kinds: set[type[Action]], mistake: str, seed: int) -> None:
    """Each subject is able to take some kinds of input only, so that steps are left out."""

    class TakesSome(WrongSubject):
        def __init__(self) -> None:
            super().__init__(GALLERY[mistake])

        def apply(self, action: Action, *, at: datetime) -> str | None:
            if type(action) not in kinds:
                raise Unable
            return super().apply(action, at=at)

    told = found_by(seed, TakesSome)
    if told is not None:
        assert found(TakesSome, *told.steps).story == told.story


def found_by(seed: int, subject: Callable[[], Subject]) -> Diverged | None:
    machine = CallMachine(subject)
    try:
        machine.first_call(Random(seed))  # noqa: S311  # no secret
        for _ in range(25):
            machine.next_step()
    except Diverged as told:
        return told
    return None


def test_a_step_that_is_left_out_keeps_its_time() -> None:
    trial = Trial(OwnClock())
    trial.do(TALK)
    trial.do(Input(HOLD, 60))
    assert trial.steps == (TALK, Wait(60))
    assert trial.left_out.total() == 1


def test_positions_are_the_first_that_are_free() -> None:
    trial = Trial(CoreSubject())
    trial.do(TALK)
    assert trial.free_position() == 1
    trial.do(Input(Park(call_id="a1", view_id="00", position=1)))
    assert trial.free_position() == 2


def test_a_repeat_is_refused_by_the_strict_rules_only() -> None:
    steps: list[Step] = [TALK, Input(OffHold(call_id="a1", view_id="00"))]
    replay(CoreSubject, steps)
    with pytest.raises(Diverged, match="refused, pc_wrong_state"):
        replay(CoreSubject, steps, rules=STRICT)


@pytest.mark.parametrize("step", [TALK, Input(HOLD, 2), Input(HungUp(call_id="a1", view_id="é\n")), Wait(0.5)])
def test_the_python_of_a_step_makes_the_same_step(step: Step) -> None:
    names = vars(callstate) | {"Begin": Begin, "Input": Input, "Wait": Wait}
    assert eval(as_python(step), names) == step  # noqa: S307  # it was written by us


@pytest.mark.parametrize("listing", [b"", b"[]", b"{", b'{"phoneCallView":[5]}', b'{"phoneCallView":5}', b"\xff"])
def test_what_is_no_listing_is_a_difference(listing: bytes) -> None:
    assert difference(begun(TALK), listing) is not None


@pytest.mark.parametrize("date", [b"yesterday", b"2000-01-01T00:00:00", b"2000-01-01T00:00:09Z"])
def test_a_date_that_is_another_is_a_difference(date: bytes) -> None:
    listing = encode_call(begun(TALK)).replace(b"2000-01-01T00:00:00Z", date, 1)
    assert difference(begun(TALK), listing, slack=timedelta(seconds=3)) is not None


def test_the_spelling_of_a_listing_is_no_difference() -> None:
    listing = (
        encode_call(begun(TALK), link="https://x/y").replace(b'"5"', b"5").replace(b"00:00:00Z", b"01:00:00+01:00")
    )
    assert difference(begun(TALK), listing) is None


def test_a_status_that_is_another_is_a_difference() -> None:
    found = difference(begun(TALK), encode_call(begun(TALK)).replace(b'"status":"5"', b'"status":["5"]', 1))
    assert found is not None
    assert found.place == "view 00 status"


def test_a_wait_is_made_as_short_as_it_can_be() -> None:
    with pytest.raises(Diverged) as caught:
        check_implementation(lambda: WrongSubject(GALLERY["the limit of a call is not kept"]))
    assert caught.value.inputs == 1


def test_there_is_nothing_but_what_is_public() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        testing.nothing  # type: ignore[attr-defined]  # noqa: B018  # the point
    assert [name for name in testing.__all__ if getattr(testing, name, None) is None] == []
