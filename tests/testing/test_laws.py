"""The laws hold for all that is right, and each of them finds a subject that breaks it."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings

from callstate import (
    Action,
    Answered,
    DomainError,
    HangUp,
    OnHold,
    PhoneCall,
    StartRecording,
    StopRecording,
    apply_action,
)
from callstate.domain import Held, Resumed, evolve
from callstate.testing import LAWS, Begin, CoreSubject, Input, Law, Subject, Timeline, Unable, laws, timelines
from callstate.testing.strategies import begun
from tests.testing.subjects import JsonSubject, OracleSubject
from tests.testing.wrong import GALLERY, Wrong, WrongSubject, after, each

HOLD = OnHold(call_id="a1", view_id="00")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@given(timeline=timelines())
def test_the_core_obeys(law: Law, timeline: Timeline) -> None:
    law(CoreSubject, timeline)


@pytest.mark.parametrize("make_subject", [JsonSubject, OracleSubject])
@given(timeline=timelines(max_inputs=6))
@settings(max_examples=30)
def test_other_implementations_obey_all(make_subject: Callable[[], Subject], timeline: Timeline) -> None:
    for law in LAWS:
        law(make_subject, timeline)


class GivesNoReason(CoreSubject):
    def apply(self, action: Action, *, at: datetime) -> str | None:
        return None if super().apply(action, at=at) is None else ""


class HoldsAndRefuses(CoreSubject):
    def apply(self, action: Action, *, at: datetime) -> str | None:
        refusal = super().apply(action, at=at)
        return "pc_wrong_state" if isinstance(action, OnHold) else refusal


class HearsNoHold(CoreSubject):
    def apply(self, action: Action, *, at: datetime) -> str | None:
        return None if isinstance(action, Held) else super().apply(action, at=at)


class SpellsTheHolderAsNobody(JsonSubject):
    def look(self, call_id: str) -> bytes | None:
        listing = super().look(call_id)
        return None if listing is None else listing.replace(b'"holder":"1"', b'"holder":"0"')


class ListsNonsense(JsonSubject):
    def look(self, call_id: str) -> bytes | None:
        return b"[" if super().look(call_id) else None


def moody() -> Callable[[], Subject]:
    """Make subjects of which every other one refuses a hold."""
    numbers = count()

    class Moody(CoreSubject):
        def __init__(self) -> None:
            super().__init__()
            self.refuses = next(numbers) % 2 == 1

        def apply(self, action: Action, *, at: datetime) -> str | None:
            return "pc_no" if self.refuses and isinstance(action, OnHold) else super().apply(action, at=at)

    return Moody


def wrong(name: str) -> Callable[[], Subject]:
    return lambda: WrongSubject(GALLERY[name])


def _never_stops(call: PhoneCall | None, action: Action, at: datetime) -> PhoneCall | DomainError:
    result = apply_action(call, action, at=at)
    return call if isinstance(action, StopRecording) and call and isinstance(result, PhoneCall) else result


def counts_looks() -> Subject:
    """Make a subject in which every look at the clock leaves a trace."""
    return WrongSubject(Wrong(1, passes=lambda call, _at: evolve(call, nonce=f"{call.nonce or ''}x")))


TALK, LEG_EFFECTS = "Alice and Bob talk", "Bob's phone rings for Alice"
LATE = Input(Answered(call_id="a1", view_id="01"), 30)
_UNDATED = after(OnHold, lambda _before, _action, call: each(call, lambda _view: {"on_hold": None}))
OTHER = Input(HangUp(call_id="0"))
BREAKERS: dict[str, tuple[Any, str, Input]] = {  # Any: what makes a subject
    "everything_gets_an_answer": (GivesNoReason, LEG_EFFECTS, Input(HOLD)),
    "a_refusal_changes_nothing": (HoldsAndRefuses, TALK, Input(HOLD)),
    "the_same_inputs_lead_to_the_same": (moody(), TALK, Input(HOLD)),
    "off_hold_undoes_a_hold": (wrong("one side's hold holds both sides"), TALK, OTHER),
    "stopping_undoes_a_recording": (lambda: WrongSubject(Wrong(1, take=_never_stops)), TALK, Input(HOLD)),
    "a_hold_touches_its_own_view": (wrong("one side's hold holds both sides"), TALK, OTHER),
    "a_reported_hold_is_a_hold": (HearsNoHold, TALK, OTHER),
    "asking_twice_is_asking_once": (wrong("a second hold releases the first"), TALK, Input(HOLD)),
    "time_passes_once": (counts_looks, TALK, Input(HOLD)),
    "time_in_two_steps_is_time_in_one": (counts_looks, TALK, Input(HOLD)),
    "deadlines_before_an_input_have_fired": (
        wrong("an input does not look at deadlines that have passed"), LEG_EFFECTS, LATE,
    ),
    "what_is_over_stays_over": (wrong("a late answer revives a call that is over"), TALK, LATE),
    "what_is_shown_can_be": (lambda: WrongSubject(Wrong(1, take=_UNDATED)), TALK, Input(HOLD)),
    "a_listing_survives_the_wire": (SpellsTheHolderAsNobody, TALK, Input(HOLD)),
}  # fmt: skip


def timeline(start: str, *inputs: Input) -> Timeline:
    begin = Begin(start)
    return Timeline(begin, begun(begin), inputs)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_can_be_broken(law: Law) -> None:
    make_subject, start, step = BREAKERS[law.__name__]
    law(CoreSubject, timeline(start, step))
    with pytest.raises(AssertionError):
        law(make_subject, timeline(start, step))


def test_a_listing_that_nobody_can_read_cannot_be() -> None:
    with pytest.raises(AssertionError, match="there cannot be such a call"):
        laws.what_is_shown_can_be(ListsNonsense, timeline(TALK, Input(HOLD)))


def test_a_subject_that_is_not_able_to_start_passes_a_law() -> None:
    class CannotBegin(GivesNoReason):
        def start(self, new: Any, *, at: datetime) -> None:  # Any: a request or a call
            raise Unable(new, at)

    laws.everything_gets_an_answer(CannotBegin, timeline(LEG_EFFECTS, Input(HOLD)))


def test_an_input_that_a_subject_is_not_able_to_take_counts_as_refused() -> None:
    class TakesNoHold(CoreSubject):
        def apply(self, action: Action, *, at: datetime) -> str | None:
            if isinstance(action, OnHold | StartRecording | Resumed):
                raise Unable
            return super().apply(action, at=at)

    for law in LAWS:
        law(TakesNoHold, timeline(TALK, Input(HOLD), Input(Held(call_id="a1", view_id="00"))))
