"""The law of the quick form of the rules: it comes to what all rules do, asked in turn until none changes anything."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callstate import LENIENT, STRICT, Answered, PhoneCall, apply_action
from callstate.domain import ANSWERED, CONNECTED, ENDED, MONITOR, RINGING
from callstate.engine import Rules, deadlines, hanging_up, machine
from callstate.engine.cross_view_rules import RULES
from callstate.engine.ended_views import CARRIED, carried
from callstate.engine.settling import settle
from callstate.engine.views import Views
from callstate.exploration import explore
from callstate.exploration.survey import kinds
from tests.calls import ALICE, BOB, CAROL, DAVE, Walk, at, call_of, on, states, view, walks
from tests.compiled import PLAIN


def in_turn(views: Views, before: PhoneCall, now: datetime) -> Views:
    """Ask all rules, again and again: the form that is as plain as it can be."""
    last: Views | None = None
    while last is not views:
        last = views
        for rule, *_ in RULES:
            views = rule(views, before, now)
    return views


def by_both(before: PhoneCall, views: Views, now: datetime) -> PhoneCall:
    """Settle a call, and hold what comes of it against the plain form."""
    call = settle(before, views, now)
    expected = in_turn(views, before, now)
    if sum(view.state is ENDED for view in expected) > CARRIED:
        expected = carried(before, expected)
    assert call.views == expected, (before, views)
    return call


@pytest.fixture
def held_to_the_law(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Let the engine settle every call in both forms, and count how often."""
    times: list[None] = []

    def counted(before: PhoneCall, views: Views, now: datetime) -> PhoneCall:
        times.append(None)
        return by_both(before, views, now)

    for module in (machine, hanging_up, deadlines):
        monkeypatch.setattr(module, "settle", counted)
    return times


@PLAIN
def test_of_every_call_of_three_views(held_to_the_law: list[None]) -> None:
    found = explore(kinds().values(), max_views=3, invariants=())
    assert found.broken is None, found.broken
    assert len(held_to_the_law) > found.edges / 2  # a hold is not settled


@PLAIN
@pytest.mark.usefixtures("held_to_the_law")
@given(walk=walks(), rules=st.sampled_from((LENIENT, STRICT)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_random_walks(walk: Walk, rules: Rules) -> None:
    for call, action, now in walk.moments(rules):
        apply_action(call, action, at=now, rules=rules)


def test_a_call_that_never_went_through_the_rules_is_asked_all() -> None:
    """Two who are up and not yet connected: none of the views changes, and yet a rule has something to add."""
    views = (view("00", ALICE, ANSWERED, side=0), view("01", BOB, ANSWERED, side=1))
    assert states(settle(call_of(*views, version=0), views, at(20))) == (CONNECTED, CONNECTED)
    assert states(settle(call_of(*views), views, at(20))) == (ANSWERED, ANSWERED)


def test_what_a_rule_has_changed_sets_off_others() -> None:
    """Carol's answer ends Bob's ringing, and that ends the leg that has joined Bob, which no input leads to."""
    views = (
        view("00", ALICE, ANSWERED, side=0),
        view("01", BOB, RINGING, side=1),
        view("02", CAROL, RINGING, side=1),
        view("03", DAVE, CONNECTED, role=MONITOR, target="01"),
    )
    after = apply_action(call_of(*views), on(Answered, "02"), at=at(20))
    assert isinstance(after, PhoneCall)
    assert states(after) == (CONNECTED, ENDED, CONNECTED, ENDED)
