"""Each invariant accepts the calls of every kind, and tells of a value that breaks it."""

from collections.abc import Callable
from typing import Any

import pytest

from callstate import Answered, Disposition, EndReason, HangUp, Park, PhoneCall, PhoneCallView, Recording, apply_action
from callstate.domain import ANSWERED, BARGE, ENDED, PARKED, RINGING, TRYING, evolve
from callstate.exploration import change_invariants as change
from callstate.exploration import invariants as rule
from callstate.exploration import view_invariants as of_view
from callstate.exploration.change_invariants import CHANGE_INVARIANTS, OfAChange
from callstate.exploration.invariants import INVARIANTS, OfACall
from callstate.exploration.survey import WireReadsBack, call_invariants
from callstate.exploration.view_invariants import VIEW_INVARIANTS, OfAView
from tests.calls import (
    CAROL,
    STARTS,
    at,
    call_of,
    conference,
    connected,
    dialling,
    held,
    over,
    parked,
    supervised,
    two_sources,
    view,
)


def but(call: PhoneCall, view_id: str, **fields: Any) -> PhoneCall:  # Any: fields of a view
    """Change a view as the engine does, past the constructors."""
    views = tuple(evolve(view, **fields) if view.id == view_id else view for view in call.views)
    return evolve(call, views=views)


def lot_but(**fields: Any) -> PhoneCall:  # Any: fields of a parking
    call = parked()
    return but(call, "00", parking=evolve(parking_of(call.views[0]), **fields))


def parking_of(view: PhoneCallView) -> Any:  # Any: a parking, which is there
    assert view.parking is not None
    return view.parking


BAD: tuple[tuple[OfACall, Callable[[], PhoneCall]], ...] = (
    (rule.held_since, lambda: but(held(), "00", on_hold=None)),
    (rule.held_since, lambda: but(held(), "01", on_hold=at(8))),
    (rule.held_since, lambda: but(held(), "00", answered=at(9))),
    (rule.parked_in_one_place, lambda: but(parked(), "00", parking=None)),
    (rule.parked_in_one_place, lambda: but(parked(), "00", state=ANSWERED)),
    (rule.parked_in_one_place, lambda: but(parked(), "00", until=at(35))),
    (rule.parked_in_one_place, lambda: lot_but(until=None)),
    (rule.parked_in_one_place, lambda: lot_but(ring_backs=10)),
    (rule.parked_in_one_place, lambda: lot_but(seconds=None)),
    (rule.parked_in_one_place, lambda: lot_but(position=0)),
    (rule.recorded_while_up, lambda: but(two_sources(), "00", recording=Recording(since=at(9)))),
    (rule.recorded_while_up, lambda: but(over(), "00", recording=Recording(since=at(9)))),
    (rule.one_up_on_a_side, lambda: but(conference(), "02", side=0)),
    (rule.one_up_on_a_side, lambda: but(two_sources(), "00", state=ANSWERED, until=None)),
    (rule.together_on_call, lambda: but(connected(), "00", state=ANSWERED)),
    (rule.together_on_call, lambda: but(connected(), "00", state=PARKED)),
    (rule.nobody_is_connected_alone, lambda: but(connected(), "01", state=RINGING)),
    (rule.nobody_is_connected_alone, lambda: but(held("00"), "01", state=TRYING)),
    (rule.the_caller_is_through, lambda: but(dialling(), "01", state=ANSWERED)),
    (rule.the_caller_is_through, lambda: but(connected(), "00", state=TRYING)),
    (rule.ends_agree, lambda: but(over(), "00", reason=None)),
    (rule.ends_agree, lambda: but(over(), "00", reason=EndReason.DEFLECTED)),
    (rule.ends_agree, lambda: but(over(), "00", reason=EndReason.REJECTED)),
    (rule.ends_agree, lambda: but(over(), "00", answered=None)),
    (rule.ends_agree, lambda: but(over(), "00", disposition=Disposition.NO_ANSWER)),
    (rule.successors_take_a_place, lambda: but(over(), "00", reason=EndReason.TRANSFERRED)),
    (rule.successors_take_a_place, lambda: but(over(), "00", successor="01")),
    (rule.successors_take_a_place, lambda: but(over(), "00", reason=EndReason.TRANSFERRED, successor="01")),
    (rule.successors_take_a_place, lambda: but(over(), "01", reason=EndReason.TRANSFERRED, successor="01")),
    (rule.deadlines_have_a_cause, lambda: but(connected(), "00", until=at(35))),
    (rule.deadlines_have_a_cause, lambda: but(over(), "00", until=at(35))),
    (rule.deadlines_have_a_cause, lambda: evolve(over(), ends_by=at(35))),
    (rule.deadlines_have_a_cause, lambda: evolve(two_sources(), updated=at(36))),
    (rule.supervisors_have_a_target, lambda: but(supervised(), "02", target=None)),
    (rule.supervisors_have_a_target, lambda: but(supervised(), "02", target="09")),
    (rule.supervisors_have_a_target, lambda: but(supervised(), "01", state=ENDED)),
    (rule.supervisors_have_a_target, lambda: but(supervised(BARGE, RINGING), "01", state=PARKED)),
    (rule.supervisors_have_a_target, lambda: but(conference(), "02", target="00")),
    (rule.nobody_is_alone, lambda: but(connected(), "00", state=ENDED)),
    (rule.rules_are_settled, lambda: but(connected(), "00", state=ANSWERED)),
    (rule.rules_are_settled, lambda: but(two_sources(), "01", state=ANSWERED)),
    (WireReadsBack(), lambda: but(connected(), "00", id="none")),
    (WireReadsBack(), lambda: but(connected(), "00", caller_id=5)),
    (WireReadsBack(), lambda: but(connected(), "01", state=RINGING)),
)


@pytest.mark.parametrize(("invariant", "bad"), BAD)
def test_a_bad_value_is_told(invariant: OfACall, bad: Callable[[], PhoneCall]) -> None:
    assert invariant(bad())


def changed_by_hand(before: PhoneCall, **fields: Any) -> tuple[PhoneCall, PhoneCall]:  # Any: fields of a call
    return before, evolve(before, **({"version": before.version + 1} | fields))


def test_a_version_that_stays_or_leaps_is_told() -> None:
    for version in (-1, 0, 2):
        assert change.version_counts_changes(*changed_by_hand(connected(), version=connected().version + version))


def test_two_deadlines_of_one_instant_may_both_count() -> None:
    before = two_sources()
    after = evolve(before, version=before.version + 2, updated=at(35))
    assert change.version_counts_changes(before, after) is None
    assert change.version_counts_changes(before, evolve(after, updated=at(34)))


def unanswered(call: PhoneCall) -> PhoneCall:
    return but(call, "00", state=ENDED, ended=at(10), disposition=Disposition.NO_ANSWER)


def undated() -> PhoneCall:
    return but(connected(), "00", answered=None)


def of_many(ended: int) -> PhoneCall:
    """Alice and Bob talk, and so many others were in the call, each of them on the called side."""
    gone = [view(f"{number:02d}", f"0003*{number + 300}", ENDED, side=1) for number in range(2, ended + 2)]
    return call_of(*connected().views, *gone)


def test_a_view_too_many_is_told() -> None:
    assert change.few_who_left_are_carried(connected(), of_many(10)) is None
    assert change.few_who_left_are_carried(of_many(11), of_many(11))


def test_a_view_that_lived_a_step_ago_is_not_too_many() -> None:
    living = of_many(11)
    before = evolve(living, views=tuple(evolve(v, state=RINGING) for v in living.views))
    assert change.few_who_left_are_carried(before, living) is None


def test_what_is_asked_for_is_not_too_many() -> None:
    """Here the eleven transferred to Bob's phone, which is still there, so each of them can send its request again."""
    call = of_many(12)
    repeating = {"reason": EndReason.TRANSFERRED, "successor": "01"}
    views = tuple(v if v.live else evolve(v, **repeating) for v in call.views)
    assert change.few_who_left_are_carried(call, evolve(call, views=views)) is None


BAD_CHANGES: tuple[tuple[OfAChange, Callable[[], tuple[PhoneCall, PhoneCall]]], ...] = (
    (change.a_call_can_be_built, lambda: (connected(), evolve(two_sources(), deadline=None))),
    (change.a_call_can_be_built, lambda: changed_by_hand(parked(), views=parked().views[::-1])),
    (change.a_call_can_be_built, lambda: changed_by_hand(parked(), allow_public_transfer=1)),
    (change.an_over_call_stays, lambda: changed_by_hand(over())),
    (change.views_stay, lambda: changed_by_hand(parked(), views=parked().views[:1])),
    (change.views_stay, lambda: changed_by_hand(connected(), views=connected().views[:1], forgotten=1)),
    (change.changes_tell_all, lambda: changed_by_hand(connected())),
    (change.dates_stay, lambda: changed_by_hand(evolve(connected(), updated=at(9)), updated=at(8))),
    (change.dates_stay, lambda: changed_by_hand(evolve(connected(), updated=at(9)), updated=None)),
    (change.dates_stay, lambda: changed_by_hand(evolve(connected(), answered=at(2)), answered=at(3))),
)


@pytest.mark.parametrize(("invariant", "bad"), BAD_CHANGES)
def test_a_bad_change_is_told(invariant: OfAChange, bad: Callable[[], tuple[PhoneCall, PhoneCall]]) -> None:
    assert invariant(*bad())


def first_views(before: PhoneCall, after: PhoneCall) -> tuple[PhoneCallView, PhoneCallView]:
    return before.views[0], after.views[0]


BAD_VIEWS: tuple[tuple[OfAView, Callable[[], tuple[PhoneCallView, PhoneCallView]]], ...] = (
    (of_view.a_view_can_be_built, lambda: first_views(connected(), but(held(), "00", on_hold=None))),
    (of_view.a_view_can_be_built, lambda: first_views(connected(), but(connected(), "00", extension="nobody"))),
    (of_view.a_view_can_be_built, lambda: first_views(connected(), but(connected(), "00", source=[CAROL]))),
    (of_view.a_view_can_be_built, lambda: first_views(connected(), lot_but(position=101))),
    (of_view.a_view_can_be_built, lambda: first_views(connected(), but(connected(), "00", waits=0))),
    (of_view.who_left_stays_gone, lambda: first_views(over(), but(over(), "00", state=RINGING))),
    (of_view.who_left_stays_gone, lambda: first_views(over(), but(over(), "00", answered=None))),
    (of_view.parties_stay, lambda: first_views(connected(), but(connected(), "00", outside=True))),
    (of_view.parties_stay, lambda: first_views(connected(), but(connected(), "00", extension=CAROL))),
    (of_view.who_was_on_call_was_answered, lambda: first_views(connected(), unanswered(connected()))),
    (of_view.who_was_on_call_was_answered, lambda: first_views(undated(), unanswered(undated()))),
    (of_view.who_was_on_call_was_answered, lambda: first_views(parked(), unanswered(parked()))),
)


@pytest.mark.parametrize(("invariant", "bad"), BAD_VIEWS)
def test_a_bad_view_is_told(invariant: OfAView, bad: Callable[[], tuple[PhoneCallView, PhoneCallView]]) -> None:
    assert invariant(*bad())


def test_a_call_that_nobody_can_hang_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "apply_action", lambda call, _action, at: call)  # noqa: ARG005  # as it is called
    assert rule.the_end_can_be_reached(evolve(connected(), updated=at(9)))


@pytest.mark.parametrize("answer", ["changed", "held"])
def test_a_call_that_comes_back_is_told(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call = evolve(over(), updated=at(20))
    other = evolve(call, version=9)
    monkeypatch.setattr(rule, "apply_action", lambda call, _action, at: other if answer == "changed" else call)  # noqa: ARG005  # as it is called
    assert rule.over_is_final(call)


@pytest.mark.parametrize("start", STARTS)
def test_every_kind_of_call_is_accepted(start: Callable[[], PhoneCall]) -> None:
    call = start()
    assert [invariant.__name__ for invariant in call_invariants() if invariant(call)] == []


def test_every_step_of_a_call_is_accepted() -> None:
    call = two_sources()
    for action in (
        Answered(call_id=call.id, view_id="00"),
        Answered(call_id=call.id, view_id="02"),
        Park(call_id=call.id, view_id="00"),
        HangUp(call_id=call.id),
    ):
        after = apply_action(call, action, at=at(20))
        assert isinstance(after, PhoneCall)
        assert [told for invariant in INVARIANTS if (told := invariant(after))] == []
        assert [told for of_a_change in CHANGE_INVARIANTS if (told := of_a_change(call, after))] == []
        pairs = list(zip(call.views, after.views, strict=False))
        assert [told for of_a_view in VIEW_INVARIANTS for pair in pairs if (told := of_a_view(*pair))] == []
        call = after
    assert call.over
    assert rule.over_is_final(call) is None
