"""Each invariant accepts the calls of every kind, and tells of a value that breaks it."""

from collections.abc import Callable
from typing import Any

import pytest

from callstate import Answered, HangUp, Park, PhoneCall, PhoneCallView, Recording, apply_action
from callstate.domain import ANSWERED, BARGE, ENDED, PARKED, RINGING, evolve
from callstate.exploration import invariants as rule
from callstate.exploration.invariants import CHANGE_INVARIANTS, INVARIANTS, OfACall, OfAChange
from callstate.exploration.survey import HELD, wire_reads_back
from tests.calls import STARTS, at, conference, connected, held, over, parked, supervised, two_sources


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
    (rule.together_on_call, lambda: but(connected(), "01", state=RINGING)),
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
    (wire_reads_back, lambda: but(connected(), "00", id="none")),
    (wire_reads_back, lambda: but(connected(), "00", caller_id=5)),
    (wire_reads_back, lambda: but(connected(), "01", state=RINGING)),
)


@pytest.mark.parametrize(("invariant", "bad"), BAD)
def test_a_bad_value_is_told(invariant: OfACall, bad: Callable[[], PhoneCall]) -> None:
    assert invariant(bad())


def changed_by_hand(before: PhoneCall, **fields: Any) -> tuple[PhoneCall, PhoneCall]:  # Any: fields of a call
    return before, evolve(before, **({"version": before.version + 1} | fields))


def test_a_version_that_stays_or_leaps_is_told() -> None:
    for version in (-1, 0, 2):
        assert rule.version_counts_changes(*changed_by_hand(connected(), version=connected().version + version))


def test_two_deadlines_of_one_instant_may_both_count() -> None:
    before = two_sources()
    after = evolve(before, version=before.version + 2, updated=at(35))
    assert rule.version_counts_changes(before, after) is None
    assert rule.version_counts_changes(before, evolve(after, updated=at(34)))


BAD_CHANGES: tuple[tuple[OfAChange, Callable[[], tuple[PhoneCall, PhoneCall]]], ...] = (
    (rule.can_be_built, lambda: (connected(), but(held(), "00", on_hold=None))),
    (rule.can_be_built, lambda: (connected(), but(connected(), "00", extension="nobody"))),
    (rule.can_be_built, lambda: (connected(), lot_but(position=101))),
    (rule.can_be_built, lambda: (connected(), evolve(two_sources(), deadline=None))),
    (rule.an_over_call_stays, lambda: changed_by_hand(over())),
    (rule.who_left_stays_gone, lambda: changed_by_hand(parked(), views=but(parked(), "01", state=RINGING).views)),
    (rule.who_left_stays_gone, lambda: changed_by_hand(parked(), views=parked().views[:1])),
    (rule.who_left_stays_gone, lambda: changed_by_hand(parked(), views=parked().views[::-1])),
    (rule.dates_stay, lambda: changed_by_hand(evolve(connected(), updated=at(9)), updated=at(8))),
    (rule.dates_stay, lambda: changed_by_hand(evolve(connected(), updated=at(9)), updated=None)),
    (rule.dates_stay, lambda: changed_by_hand(evolve(connected(), answered=at(2)), answered=at(3))),
)


@pytest.mark.parametrize(("invariant", "bad"), BAD_CHANGES)
def test_a_bad_change_is_told(invariant: OfAChange, bad: Callable[[], tuple[PhoneCall, PhoneCall]]) -> None:
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
    assert [invariant.__name__ for invariant in HELD if invariant(call)] == []


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
        call = after
    assert call.over
    assert rule.over_is_final(call) is None
