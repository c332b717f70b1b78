"""Changes are complete: a reader who sees nothing else can follow a call, and every version of it has one at least."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from msgspec.structs import replace

from callstate.domain import (
    Action,
    CallEnded,
    Change,
    HoldEnded,
    HoldStarted,
    ListingChanged,
    ParkerRungBack,
    ParkingEnded,
    ParkingExtended,
    ParkingStarted,
    PhoneCall,
    PhoneCallView,
    RecordingEnded,
    RecordingStarted,
    RoleChanged,
    SideTaken,
    StateEntered,
    ViewAppeared,
    ViewEnded,
    ViewForgotten,
    changes,
)
from callstate.engine import apply_action, steps
from callstate.testing import timelines
from callstate.testing.strategies import Timeline
from callstate.testing.subjects import START
from tests.calls import Walk, walks

FACETS = (
    "state",
    "role",
    "private",
    "side",
    "listed",
    "on_hold",
    "recording",
    "parking",
    "ended",
    "disposition",
    "reason",
    "successor",
)
TICK = timedelta(microseconds=1)

Facets = dict[str, dict[str, Any]]  # Any: facets of a view, by their names
"""What a reader knows of each view."""


def facets_of(view: PhoneCallView) -> dict[str, Any]:  # Any: likewise
    return {name: getattr(view, name) for name in FACETS}


# Any: each takes its own kind of change, and the facets that are known of the view.
LEARNT: Mapping[type[Change], Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
    ViewAppeared: lambda change, _: facets_of(change.view),
    StateEntered: lambda change, _: {"state": change.entered},
    RoleChanged: lambda change, _: {"role": change.entered, "private": change.private},
    SideTaken: lambda change, _: {"side": change.side},
    ListingChanged: lambda change, _: {"listed": change.listed},
    HoldStarted: lambda change, _: {"on_hold": change.since},
    HoldEnded: lambda _change, _: {"on_hold": None},
    RecordingStarted: lambda change, _: {"recording": change.recording},
    RecordingEnded: lambda _change, _: {"recording": None},
    ParkingStarted: lambda change, _: {"parking": change.parking},
    ParkerRungBack: lambda change, known: {
        "parking": replace(known["parking"], ring_backs=change.ring_backs, until=change.until)
    },
    ParkingExtended: lambda change, known: {"parking": replace(known["parking"], until=change.until)},
    ParkingEnded: lambda _change, _: {"parking": None},
    ViewEnded: lambda change, _: {
        name: getattr(change, name) for name in ("ended", "disposition", "reason", "successor")
    },
}
"""What a reader learns of a view from each kind of change."""


def replayed(known: Facets, told: Iterable[Change]) -> Facets:
    known = dict(known)
    for change in told:
        if isinstance(change, ViewForgotten):
            del known[change.view_id]
        elif type(change) in LEARNT:
            view_id = getattr(change, "view_id")  # noqa: B009  # the changes of the call have none
            facets = known.get(view_id, {})
            known[view_id] = facets | LEARNT[type(change)](change, facets)
    return known


def versions(call: PhoneCall, inputs: Iterable[tuple[Action, datetime]]) -> Iterator[PhoneCall]:
    """Yield every version that a call goes through: after each deadline, and after each input that changes it."""
    yield call
    for action, at in inputs:
        for after in steps(call, at=at - TICK):
            call = after
            yield call
        answer = apply_action(call, action, at=at)
        if isinstance(answer, PhoneCall) and answer is not call:
            call = answer
            yield call


def walked(walk: Walk) -> list[PhoneCall]:
    moments = list(walk.moments())
    return list(versions(walk.start, [(moment.action, moment.at) for moment in moments]))


def lived(timeline: Timeline) -> list[PhoneCall]:
    inputs, at = [], START
    for given_input in timeline.inputs:
        at += timedelta(seconds=given_input.seconds)
        inputs.append((given_input.action, at))
    return list(versions(timeline.call, inputs))


def check(calls: list[PhoneCall]) -> None:
    """Follow a call version by version, and from its first value to its last."""
    known = replayed({}, changes(None, calls[0]))
    for before, after in pairwise(calls):
        told = changes(before, after)
        assert after.version == before.version + 1
        assert told
        assert {(change.version, change.at) for change in told} == {(after.version, after.updated)}
        known = replayed(known, told)
        assert known == {view.id: facets_of(view) for view in after.views}
        gone = {change.view_id for change in told if isinstance(change, ViewForgotten)}
        assert not gone & {view.id for view in before.views if view.live}
        assert after.over is (before.over or isinstance(told[-1], CallEnded))
    straight = replayed(replayed({}, changes(None, calls[0])), changes(calls[0], calls[-1]))
    assert straight == known


@given(walks())
def test_from_its_changes_a_reader_can_follow_any_call(walk: Walk) -> None:
    check(walked(walk))


@given(timelines(max_inputs=30))
def test_from_its_changes_a_reader_can_follow_any_call_from_its_beginning(timeline: Timeline) -> None:
    check(lived(timeline))


@given(walks())
def test_the_time_of_a_change_lies_between_the_two_values(walk: Walk) -> None:
    calls = walked(walk)
    first, last = calls[0], calls[-1]
    assert first.updated is not None
    assert last.updated is not None
    for change in changes(first, last):
        assert change.at is not None
        assert first.updated <= change.at <= last.updated
