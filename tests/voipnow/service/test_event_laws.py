"""The laws of call events: over every explored call of three live views, and over random walks.

One rule: the history of a leg is all of its events since the call was first seen, and a law looks at all of them.
"""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from typing import NamedTuple, TypeAlias

import pytest
from hypothesis import given

from callstate import DomainError, PhoneCall, PhoneCallView, advance, apply_action, next_deadline
from callstate.domain import BARGE, MONITOR, PARTY, VOICEMAIL, WHISPER
from callstate.exploration.abstraction import inputs
from callstate.exploration.search import Exploration, explore
from callstate.exploration.survey import ALICE, BOB, CAROL, kinds
from callstate.exploration.visits import EPOCH, Step, take
from callstate.voipnow.service import Account, AccountKind, CallEvent, CallStatus, Directory, EventType, Extension
from callstate.voipnow.service import events as events_of
from tests.calls import Moment, Walk, walks
from tests.voipnow.world import DIRECTORY

History: TypeAlias = Mapping[str, tuple[CallEvent, ...]]
"""The events of each leg of a call, by the id of its view."""

EXPLORED = Directory(
    [
        Account(id="3", name="Organization", kind=AccountKind.ORGANIZATION),
        Account(id="12", name="User", kind=AccountKind.USER, organization="3"),
    ],
    [Extension(number=number, user="12") for number in (ALICE, BOB, CAROL, *(f"0009*{n:03d}" for n in range(100)))],
)
VIEWS = 3
"""Live views of the explored calls; with four the same laws take four times as long."""


class Told(NamedTuple):
    """A call, the events of its legs until then, and which of them had answered when it was first seen."""

    call: PhoneCall
    history: History
    adopted: frozenset[str]

    def then(self, after: PhoneCall, directory: Directory) -> "Told":
        """Follow the call to its next value."""
        history = dict(self.history)
        for one in events_of(self.call, after, directory=directory):
            history[one.view_id] = (*history.get(one.view_id, ()), one)
        return self._replace(call=after, history=history)


def first(call: PhoneCall, directory: Directory) -> Told:
    history = {one.view_id: (one,) for one in events_of(None, call, directory=directory)}
    answered = {view.id for view in call.views if view.up and view.role in (PARTY, BARGE)}
    return Told(call, history, frozenset(answered - set(history)))


# The laws -------------------------------------------------------------------------------------------------------------

LEG = re.compile(r"1?4?2?|0?3?2?")
LEG_OF_A_BARGE = re.compile(r"(03?2?)*")
"""A phone that rings to barge in and is told to listen instead has hung up as a party, and may be asked again."""


def check(now: Told) -> None:
    """Hold all laws of one value of a call and the events until then."""
    legs = [(view, now.history.get(view.id, ())) for view in now.call.views]
    for view, told in legs:
        types = "".join(str(int(one.type)) for one in told)
        check_order(now, view, types)
        check_parameters(now, view, told)
        if now.call.over:
            assert not types or types.endswith("2"), "every leg that has begun hangs up"
    answers = [one for told in now.history.values() for one in told if one.type is EventType.ANSWER_OUT]
    assert len(answers) <= 1, "a caller is answered once a call"


def check_order(now: Told, view: PhoneCallView, types: str) -> None:
    if view.outside or view.role is VOICEMAIL:
        assert not types
    elif view.id in now.adopted:
        assert types in ("", "2")
    elif view.role is PARTY:
        assert LEG.fullmatch(types), types
        assert types[:1] in ("", "0", "1"), "nobody answers or hangs up who has not begun"
        assert view.live or types == "" or types.endswith("2"), "no phase is left open"
        assert not (view.live and types.endswith("2")), "no phase falls"
    else:
        assert LEG_OF_A_BARGE.fullmatch(types), types
        assert view.role is BARGE or types.endswith("2") or not types, "a supervisor is not a party"


def check_parameters(now: Told, view: PhoneCallView, told: tuple[CallEvent, ...]) -> None:
    flat = [one.parameters._replace(call_status=CallStatus.UNKNOWN) for one in told]
    if max(len(view.source), len(view.destination)) <= 1:
        assert len(set(flat)) <= 1, "within a leg only the status changes"
    for place, one in enumerate(told):
        if one.type is not EventType.HANGUP:
            continue
        answered = view.id in now.adopted or told[place - 1].type in (EventType.ANSWER_IN, EventType.ANSWER_OUT)
        assert (one.parameters.call_status is CallStatus.ANSWER) is answered


def check_step(now: Told, after: PhoneCall, directory: Directory) -> None:
    """Hold the laws of one step: its events are those of parties."""
    for one in events_of(now.call, after, directory=directory):
        view = after.view(one.view_id)
        assert view is not None
        assert not view.outside
        assert view.role not in (WHISPER, MONITOR, VOICEMAIL) or one.type is EventType.HANGUP
    assert events_of(after, copy(after), directory=directory) == (), "a repeat gives nothing"


def check_skipping(start: PhoneCall, middle: PhoneCall, end: PhoneCall, directory: Directory) -> None:
    """Hold that a leg that was there before has the same events, but not its answer if it has left."""
    both = [*events_of(start, middle, directory=directory), *events_of(middle, end, directory=directory)]
    for view in start.views:
        told = [one.type for one in both if one.view_id == view.id]
        skipped = [one.type for one in events_of(start, end, directory=directory) if one.view_id == view.id]
        assert skipped == expected(told), (told, skipped)


def expected(told: list[EventType]) -> list[EventType]:
    if EventType.HANGUP not in told:
        return told
    begun = told[0] in (EventType.DIAL_IN, EventType.DIAL_OUT)
    rest = told[told.index(EventType.HANGUP) + 1 :]
    return [*([] if begun else [EventType.HANGUP]), *rest] if not rest or begun else []


# Every explored call --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def explored() -> Exploration:
    found = explore(kinds().values(), max_views=VIEWS, invariants=())
    assert found.broken is None
    return found


def told_of(found: Exploration) -> list[Told]:
    """Return each call with the events on a shortest way to it."""
    known: list[Told] = []
    for call, origin in zip(found.calls, found.origins, strict=True):
        known.append(first(call, EXPLORED) if origin is None else known[origin.place].then(call, EXPLORED))
    return known


def values_after(call: PhoneCall) -> Iterator[PhoneCall]:
    """Yield what each step of the exploration makes of a call, if it changes it."""
    now, due = call.updated or EPOCH, next_deadline(call)
    full = sum(view.live for view in call.views) >= VIEWS
    found = [Step(action, now) for action in inputs(call, full=full)]
    for step in found if due is None else [Step(None, due), *found]:
        after = take(call, step)
        if isinstance(after, PhoneCall) and after is not call:
            yield after


def test_the_laws_hold_on_every_explored_step(explored: Exploration) -> None:
    tried = 0
    for now in told_of(explored):
        check(now)
        for after in values_after(now.call):
            check_step(now, after, EXPLORED)
            check(now.then(after, EXPLORED))
            tried += 1
    assert tried > len(explored.calls)


def test_a_skipped_value_of_a_call_loses_only_answers_and_legs_that_came_and_went(explored: Exploration) -> None:
    for place, middle in enumerate(explored.calls):
        origin = explored.origins[place]
        if origin is not None:
            for end in values_after(middle):
                check_skipping(explored.calls[origin.place], middle, end, EXPLORED)


# Random walks ---------------------------------------------------------------------------------------------------------


def values(moment: Moment) -> Iterator[PhoneCall]:
    """Yield the values of the call from this moment on: deadline by deadline, and then what the input makes of it."""
    call = moment.call
    while (due := next_deadline(call)) is not None and due < moment.at:
        call = advance(call, at=due)
        yield call
    after = apply_action(call, moment.action, at=moment.at)
    if not isinstance(after, DomainError):
        yield after


@given(walks())
def test_the_laws_hold_on_random_walks(walk: Walk) -> None:
    now = first(walk.start, DIRECTORY)
    check(now)
    for moment in walk.moments():
        for after in values(moment):
            if after.version > now.call.version:  # after a refusal the deadlines fire once more
                check_step(now, after, DIRECTORY)
                now = now.then(after, DIRECTORY)
                check(now)
