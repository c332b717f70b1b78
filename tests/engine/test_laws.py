"""The laws of the engine, each on every call of random walks of at least 50 inputs, with time going on between them."""

from itertools import product
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from callstate import (
    LENIENT,
    STRICT,
    Action,
    Answered,
    BargeIn,
    DomainError,
    ErrorCode,
    HangUp,
    Held,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Resumed,
    StartRecording,
    StopRecording,
    UnPark,
    Whisper,
    allowed_actions,
    apply_action,
)
from callstate.domain import (
    ACTIONS,
    BARGE,
    CONNECTED,
    ENDED,
    MONITOR,
    ON_HOLD,
    SIGNALS,
    WHISPER,
    Check,
)
from callstate.engine import Rules
from tests.calls import Walk, done, fields_but, on, seen, settled, walks
from tests.reference.facts.allowing import would_change

RULE_SETS = (LENIENT, STRICT)


# Totality, refusals, determinism --------------------------------------------------------------------------------------


@given(walks(), st.sampled_from(RULE_SETS))
def test_total(walk: Walk, rules: Rules) -> None:
    """Every well-typed input is answered with a call or a refusal, never with an exception."""
    for call, action, now in walk.moments(rules):
        result = apply_action(call, action, at=now, rules=rules)
        assert isinstance(result, PhoneCall | DomainError)


@given(walks(), st.sampled_from(RULE_SETS))
def test_refusal_changes_nothing(walk: Walk, rules: Rules) -> None:
    for call, action, now in walk.moments(rules):
        before = msgspec.json.encode(call)
        apply_action(call, action, at=now, rules=rules)
        assert msgspec.json.encode(call) == before


@given(walks(), st.sampled_from(RULE_SETS))
def test_deterministic(walk: Walk, rules: Rules) -> None:
    """Equal inputs give equal outputs, byte for byte, whichever objects carry them."""
    for call, action, now in walk.moments(rules):
        twin = msgspec.json.decode(msgspec.json.encode(call), type=PhoneCall)
        copy = msgspec.json.decode(msgspec.json.encode(action), type=type(action))
        results = [apply_action(c, a, at=now, rules=rules) for c, a in ((call, action), (twin, copy))]
        assert msgspec.json.encode(results[0]) == msgspec.json.encode(results[1])


# What is allowed ------------------------------------------------------------------------------------------------------


@given(walks(), st.integers(0, 5), st.sampled_from(RULE_SETS))
def test_allowed_actions_agree_with_apply_action(walk: Walk, place: int, rules: Rules) -> None:
    """An action is named if and only if some request of its kind for a listed, live view would change the call."""
    for call in {m.call.version: m.call for m in walk.moments(rules)}.values():
        view = call.views[place % len(call.views)]
        can_be_named = view.live and view.listed
        changing = [kind.__name__ for kind in ACTIONS if can_be_named and would_change(call, view.id, kind, rules)]
        assert allowed_actions(call, view.id, rules=rules) == tuple(changing)


@given(walks(), st.sampled_from(RULE_SETS))
def test_a_refusal_names_what_is_allowed_then(walk: Walk, rules: Rules) -> None:
    for moment in walk.moments(rules):
        result = apply_action(moment.call, moment.action, at=moment.at, rules=rules)
        named = moment.action.view_id
        if isinstance(result, DomainError) and named is not None:
            tells = result.check not in (Check.CALL, Check.EXTENSION)
            assert result.allowed == (allowed_actions(settled(moment), named, rules=rules) if tells else ())


# Undoing --------------------------------------------------------------------------------------------------------------


def _undone(before: PhoneCall, after: PhoneCall) -> None:
    assert fields_but(after, "version", "updated") == fields_but(before, "version", "updated")
    assert after.version == before.version + 2


@given(walks())
def test_hold_and_resume_undo_each_other(walk: Walk) -> None:
    for moment in walk.moments():
        call = settled(moment)
        for view in call.views:
            if view.listed and "OnHold" in allowed_actions(call, view.id, rules=STRICT):
                _undone(call, done(call, on(OnHold, view.id), on(OffHold, view.id), now=moment.at))
            if view.listed and view.state is ON_HOLD:
                again = done(call, on(OffHold, view.id), on(OnHold, view.id), now=moment.at)
                views = tuple(replace(v, on_hold=view.on_hold) if v.id == view.id else v for v in again.views)
                _undone(call, replace(again, views=views))


@given(walks())
def test_start_and_stop_undo_each_other(walk: Walk) -> None:
    for moment in walk.moments():
        call = settled(moment)
        for view in call.views:
            if "StartRecording" in allowed_actions(call, view.id, rules=STRICT):
                _undone(call, done(call, on(StartRecording, view.id), on(StopRecording, view.id), now=moment.at))


@given(walks())
def test_park_and_unpark_undo_each_other(walk: Walk) -> None:
    """The party that waited is as it was, and talks to somebody on the side that the parker had."""
    for moment in walk.moments():
        call = settled(moment)
        for view in call.views:
            parks = on(Park, view.id)
            if "Park" in allowed_actions(call, view.id, rules=STRICT):
                lot = done(call, parks, now=moment.at)
                waits = next(v for v in lot.views if v.parking is not None)
                taken = done(lot, on(UnPark, waits.id, send_call_to="0003*998"), now=moment.at)
                back = done(taken, on(Answered, taken.views[-1].id), now=moment.at)
                was, now_is, who = seen(call, waits.id), seen(back, waits.id), back.views[-1]
                changing = ("state", "on_hold")
                assert fields_but(now_is, *changing) == fields_but(was, *changing)
                assert (now_is.state, who.state) == (CONNECTED, CONNECTED)
                assert waits.parking is not None
                assert who.side == waits.parking.side != now_is.side


# The frame ------------------------------------------------------------------------------------------------------------

TOUCHED: dict[type[Action], tuple[str, ...]] = {
    OnHold: ("state", "on_hold"),
    OffHold: ("state", "on_hold"),
    Held: ("state", "on_hold"),
    Resumed: ("state", "on_hold"),
    StartRecording: ("recording",),
    StopRecording: ("recording",),
}


@given(walks())
def test_frame_of_one_party(walk: Walk) -> None:
    """Hold and recording touch the named view, and there only their own facet."""
    for moment in walk.moments():
        names = TOUCHED.get(type(moment.action))
        call = settled(moment)
        result = apply_action(moment.call, moment.action, at=moment.at)
        if names is None or isinstance(result, DomainError):
            continue
        assert fields_but(result, "views", "version", "updated") == fields_but(call, "views", "version", "updated")
        for before, after in zip(call.views, result.views, strict=True):
            own = names if before.id == moment.action.view_id else ()
            assert fields_but(after, *own) == fields_but(before, *own)


@given(walks())
def test_frame_of_a_leg(walk: Walk) -> None:
    """What only rings a phone adds one view or changes the role of one, and leaves the others alone."""
    for moment in walk.moments():
        call = settled(moment)
        result = apply_action(moment.call, moment.action, at=moment.at)
        if isinstance(moment.action, UnPark | PickUp | BargeIn | Whisper | Monitor) and isinstance(result, PhoneCall):
            before = {view.id: view for view in call.views}
            legs = [view for view in result.views if before.get(view.id) != view]
            assert len(legs) == result.version - call.version
            for leg in legs:
                assert leg.extension == moment.action.send_call_to
                old = before.get(leg.id)
                assert old is None or fields_but(leg, *OF_A_ROLE) == fields_but(old, *OF_A_ROLE)


OF_A_ROLE = ("role", "private", "target", "side")
"""The fields in which the leg changes that joins in another role."""


@given(walks(), st.sampled_from(RULE_SETS))
def test_what_never_changes(walk: Walk, rules: Rules) -> None:
    """A call keeps who it is, and a view its id, its number, its first dates and, unless it has joined, its role."""
    call = walk.start
    for moment in walk.moments(rules):
        assert fields_but(moment.call, *CHANGING) == fields_but(call, *CHANGING)
        kept = [(view, after) for view in call.views if (after := moment.call.view(view.id)) is not None]
        # Several deadlines in one step can add a view and drop it again.
        assert len(call.views) - len(kept) <= moment.call.forgotten - call.forgotten
        for before, after in kept:
            assert (after.extension, after.outside) == (before.extension, before.outside)
            assert after.role is before.role or {after.role, before.role} <= JOINED
            assert before.answered in (None, after.answered)
            assert before.ringing in (None, after.ringing)
            assert (after.source, after.destination, after.flow) == (before.source, before.destination, before.flow)
        assert call.answered in (None, moment.call.answered)
        call = moment.call


CHANGING = ("views", "version", "updated", "answered", "ends_by", "deadline", "ended_views", "forgotten")
JOINED = {BARGE, WHISPER, MONITOR}


# Ends, late news, repeats ---------------------------------------------------------------------------------------------


@given(walks(), st.sampled_from(RULE_SETS))
def test_ended_is_final(walk: Walk, rules: Rules) -> None:
    """A view that has ended never changes while the call carries it, and a call that is over never does."""
    call = walk.start
    for moment in walk.moments(rules):
        for before in call.views:
            if before.state is ENDED:
                after = moment.call.view(before.id)
                assert after == before or (after is None and moment.call.forgotten > 0)
        assert not call.over or moment.call is call
        call = moment.call


@given(walks(), st.sampled_from(RULE_SETS))
def test_late_news_changes_nothing(walk: Walk, rules: Rules) -> None:
    """A signal that was taken is late news at once; after the end every signal is."""
    for moment in walk.moments(rules):
        if isinstance(moment.action, SIGNALS):
            result = apply_action(moment.call, moment.action, at=moment.at, rules=rules)
            if isinstance(result, PhoneCall):
                assert apply_action(result, moment.action, at=moment.at, rules=rules) is result
        if moment.call.over:
            for kind, view in product(SIGNALS, moment.call.views):
                assert apply_action(moment.call, on(kind, view.id), at=moment.at, rules=rules) is moment.call


def _may_be_sent_again(call: PhoneCall, action: Action, after: PhoneCall) -> bool:
    """Leave out what names a party that cannot be named any more, or a number that several bear."""
    if isinstance(action, HangUp) and action.phone_number is not None:
        return [v.extension for v in call.views if v.live].count(action.phone_number) < 2
    if isinstance(action, HangUp) and action.view_id is not None:
        return seen(after, action.view_id).listed  # an outside party is, but while it is parked
    return True


@given(walks())
def test_a_repeat_returns_the_same_object(walk: Walk) -> None:
    """Whatever was accepted may be sent again, as retries do: it is accepted and changes nothing."""
    for moment in walk.moments():
        action = moment.action
        result = apply_action(moment.call, action, at=moment.at)
        if isinstance(result, PhoneCall) and _may_be_sent_again(moment.call, action, result):
            assert apply_action(result, action, at=moment.at) is result


@given(walks())
def test_strict_rules_refuse_the_repeats_of_actions_and_nothing_else(walk: Walk) -> None:
    for moment in walk.moments():
        call, action, now = settled(moment), moment.action, moment.at
        lenient, strict = (apply_action(call, action, at=now, rules=rules) for rules in RULE_SETS)
        if call.over and isinstance(action, HangUp):
            assert isinstance(strict, DomainError)
            assert strict.code in (ErrorCode.CALL_ENDED, ErrorCode.PHONECALL_INVALID)
        elif lenient is not call or isinstance(action, SIGNALS):
            assert _without_allowed(strict) == _without_allowed(lenient)
        else:
            assert isinstance(strict, DomainError)
            assert strict.code is ErrorCode.WRONG_STATE


def _without_allowed(result: PhoneCall | DomainError) -> dict[str, Any]:  # Any: fields of a call or a refusal
    # What is allowed, and the states that would do, are fewer under strict rules.
    return fields_but(result, "allowed", "needed") if isinstance(result, DomainError) else asdict(result)
