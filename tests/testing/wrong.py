"""Implementations that are wrong: each is the core with one small change, named after a failure of real software.

One rule: a change is what somebody could have written by mistake, in a few lines, and it touches nothing else. A change
is a function with the arguments and the answer of `apply_action`, or of `advance`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from callstate import (
    Action,
    Answered,
    DomainError,
    EndReason,
    ErrorCode,
    HangUp,
    Held,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PhoneCallView,
    PickUp,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    ViewState,
    Whisper,
    advance,
    apply_action,
)
from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    OFF_HOOK,
    ON_HOLD,
    PARKED,
    RINGING,
    TRYING,
    Check,
    Disposition,
    ended_and_due,
    evolve,
)
from callstate.testing import CoreSubject
from callstate.voipnow.wire import wire_code

Answer = PhoneCall | DomainError
Take = Callable[[PhoneCall | None, Action, datetime], Answer]
Pass = Callable[[PhoneCall, datetime], PhoneCall]


def right(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    return apply_action(call, action, at=at)


def right_time(call: PhoneCall, at: datetime) -> PhoneCall:
    return advance(call, at=at)


class Wrong(NamedTuple):
    """What is changed, and the fewest inputs after which anybody can see it."""

    fewest: int
    take: Take = right
    passes: Pass = right_time


class WrongSubject(CoreSubject):
    """The core, with a change."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__()
        self.wrong = wrong

    def apply(self, action: Action, *, at: datetime) -> str | None:
        call = self.calls.get(action.call_id)
        result = self.wrong.take(call, action, at)
        if isinstance(result, DomainError):
            return wire_code(result.code)
        self.calls[result.id] = result
        return None

    def advance(self, *, at: datetime) -> datetime:
        self.calls = {call_id: self.wrong.passes(call, at) for call_id, call in self.calls.items()}
        return at


GALLERY: dict[str, Wrong] = {}


def takes(name: str, *, fewest: int) -> Callable[[Take], Take]:
    def put(take: Take) -> Take:
        GALLERY[name] = Wrong(fewest, take=take)
        return take

    return put


def passes(name: str, *, fewest: int) -> Callable[[Pass], Pass]:
    def put(time: Pass) -> Pass:
        GALLERY[name] = Wrong(fewest, passes=time)
        return time

    return put


# What the changes are made with -------------------------------------------------------------------------------------


def wrong_state(action: Action) -> DomainError:
    return DomainError(code=ErrorCode.WRONG_STATE, check=Check.STATE, action=type(action).__name__, reason="more")


def seen(call: PhoneCall | None, action: Action) -> PhoneCallView | None:
    """Return the view that an input names, if there is one."""
    view_id = getattr(action, "view_id", None)
    return None if call is None or view_id is None else call.view(view_id)


def state(call: PhoneCall | None, action: Action) -> ViewState | None:
    view = seen(call, action)
    return None if view is None else view.state


def each(call: PhoneCall, change: Callable[[PhoneCallView], Mapping[str, Any]]) -> PhoneCall:  # Any: fields of a view
    """Change fields of views."""
    return changed(call, views=tuple(evolve(view, **change(view)) for view in call.views))


def changed(call: PhoneCall, **fields: Any) -> PhoneCall:  # Any: fields of a call
    """Change fields of a call, though they may be such as no constructor takes."""
    call = evolve(call, **fields)
    _, due = ended_and_due(call.views, call.ends_by)
    return evolve(call, deadline=due)


def after(kind: type[Action], change: Callable[[PhoneCall, Action, PhoneCall], PhoneCall]) -> Take:
    """Do it right, then change the call if the input was of a kind and changed it."""

    def take(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
        result = right(call, action, at)
        if call is None or not isinstance(action, kind) or isinstance(result, DomainError) or result is call:
            return result
        return change(call, action, result)

    return take


def new_leg(before: PhoneCall, call: PhoneCall, **fields: Any) -> PhoneCall:  # Any: fields of a view
    """Change the leg that has just been dialled."""
    known = {view.id for view in before.views}
    return each(call, lambda view: {} if view.id in known else fields)


# Hold ---------------------------------------------------------------------------------------------------------------


@takes("a second hold releases the first", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    if isinstance(action, OnHold) and state(call, action) is ON_HOLD:
        action = OffHold(call_id=action.call_id, extension=action.extension, view_id=action.view_id)
    return right(call, action, at)


@takes("a second hold is an error", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    again = isinstance(action, OnHold) and state(call, action) is ON_HOLD
    return wrong_state(action) if again else right(call, action, at)


@takes("a second hold overwrites the date of the first", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    result = right(call, action, at)
    if result is call and isinstance(action, OnHold) and isinstance(result, PhoneCall):
        return each(result, lambda view: {"on_hold": at} if view.id == action.view_id else {})
    return result


@takes("off hold of a call that is not held is an error", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    not_held = isinstance(action, OffHold) and state(call, action) is CONNECTED
    return wrong_state(action) if not_held else right(call, action, at)


def _release_all(_before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    return each(call, lambda view: {"state": CONNECTED, "on_hold": None} if view.state is ON_HOLD else {})


GALLERY["off hold releases the other side's hold too"] = Wrong(3, take=after(OffHold, _release_all))


def _hold_both(_before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    return each(call, lambda view: {"state": ON_HOLD, "on_hold": call.updated} if view.state is CONNECTED else {})


GALLERY["one side's hold holds both sides"] = Wrong(1, take=after(OnHold, _hold_both))


@takes("a phone that rings can be put on hold", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    if isinstance(action, OnHold) and state(call, action) is RINGING and call is not None:
        return each(call, lambda view: {"state": ON_HOLD, "on_hold": at} if view.id == action.view_id else {})
    return right(call, action, at)


def _keep_hold(before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    held = {view.id: view.on_hold for view in before.views}
    return each(call, lambda view: {"on_hold": held.get(view.id)} if view.live else {})


GALLERY["the hold flag stays after a transfer"] = Wrong(2, take=after(Transfer, _keep_hold))
GALLERY["the hold flag stays after a transfer to voicemail"] = Wrong(2, take=after(TransferToVoicemail, _keep_hold))


# Answers and ends ---------------------------------------------------------------------------------------------------


@takes("a late answer revives a call that is over", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    if isinstance(action, Answered) and call is not None and call.over:
        fields = {"state": CONNECTED, "ended": None, "disposition": None}
        return each(call, lambda view: fields if view.id == action.view_id else {})
    return right(call, action, at)


@takes("a late answer revives a party that has left", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    if isinstance(action, Answered) and call is not None and not call.over and state(call, action) is ENDED:
        fields = {"state": CONNECTED, "ended": None, "disposition": None}
        return each(call, lambda view: fields if view.id == action.view_id else {})
    return right(call, action, at)


def _no_loser(before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    rang = {view.id for view in before.views if view.state is RINGING}
    lost = {"state": RINGING, "ended": None, "disposition": None}
    return each(call, lambda view: lost if view.id in rang and view.state is ENDED else {})


GALLERY["the first answer does not end the other phones"] = Wrong(1, take=after(Answered, _no_loser))


@takes("an action on a call that is over is accepted", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    return call if isinstance(action, OnHold) and call is not None and call.over else right(call, action, at)


@takes("an unknown view is accepted", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    wrong = isinstance(action, OnHold) and call is not None and not call.over and seen(call, action) is None
    return call if wrong and call is not None else right(call, action, at)


@takes("a call that rings cannot be hung up", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    rings = isinstance(action, HangUp) and call is not None and any(view.state is RINGING for view in call.views)
    return wrong_state(action) if rings else right(call, action, at)


@takes("a second hang-up is an error", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    again = isinstance(action, HangUp) and call is not None and call.over
    return wrong_state(action) if again else right(call, action, at)


def _answered_call(_before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    return each(call, lambda view: {"disposition": Disposition.ANSWERED} if view.state is ENDED else {})


GALLERY["a busy phone counts as an answered one"] = Wrong(1, take=after(HungUp, _answered_call))


# Parking ------------------------------------------------------------------------------------------------------------


def _park_by_itself(_before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    return each(call, lambda view: {"parking": evolve(view.parking, by=view.extension)} if view.parking else {})


GALLERY["a party is parked by itself"] = Wrong(1, take=after(Park, _park_by_itself))


@takes("parking one's own view parks oneself", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    view = seen(call, action)
    own = isinstance(action, Park) and view is not None and view.extension == action.extension
    return right(call, evolve(action, extension="@self") if own else action, at)


def _rung_back(before: PhoneCall, after_it: PhoneCall) -> bool:
    return len(after_it.views) > len(before.views)


@passes("a party whose time in the lot is up is dropped", fewest=2)
def _(call: PhoneCall, at: datetime) -> PhoneCall:
    later = right_time(call, at)
    if not _rung_back(call, later):
        return later
    gone = {"state": ENDED, "parking": None, "ended": at, "disposition": Disposition.ANSWERED}
    return each(later, lambda view: gone if view.state is PARKED else {})


@passes("a ring-back forgets the timer", fewest=2)
def _(call: PhoneCall, at: datetime) -> PhoneCall:
    later = right_time(call, at)
    if not _rung_back(call, later):
        return later
    return each(later, lambda view: {"parking": evolve(view.parking, until=None)} if view.parking else {})


@passes("a parker who is rung back counts as back", fewest=2)
def _(call: PhoneCall, at: datetime) -> PhoneCall:
    later = right_time(call, at)
    return new_leg(call, later, state=CONNECTED, until=None, answered=at) if _rung_back(call, later) else later


@passes("the parked party is lost when nobody answers the phone that retrieves it", fewest=2)
def _(call: PhoneCall, at: datetime) -> PhoneCall:
    later = right_time(call, at)
    rang = {view.id for view in call.views if view.state is RINGING}
    rang_out = any(view.state is ENDED and view.id in rang for view in later.views)
    if not (rang_out and any(view.state is PARKED for view in later.views)):
        return later
    gone = {"state": ENDED, "parking": None, "ended": at, "disposition": Disposition.ANSWERED}
    return each(later, lambda view: gone if view.state is PARKED else {})


@takes("a phone that answers a retrieval is not connected to the parked party", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    result = right(call, action, at)
    if call is None or not isinstance(action, Answered) or not isinstance(result, PhoneCall):
        return result
    rung = seen(call, action)
    lots = {v.id: v.parking for v in call.views if v.parking and rung and v.parking.by != rung.extension}
    back = {view.id for view in result.views if view.state is CONNECTED} & lots.keys()
    return each(result, lambda view: {"state": PARKED, "parking": lots[view.id]} if view.id in back else {})


@takes("a second phone is rung for a repeated retrieval", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    result = right(call, action, at)
    if isinstance(action, UnPark) and isinstance(result, PhoneCall) and result is call:
        last = call.views[-1]
        return changed(call, views=(*call.views, evolve(last, id=f"{int(last.id) + 1:02d}")))
    return result


# Time ---------------------------------------------------------------------------------------------------------------


@takes("a deadline at the same time beats the answer", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    return right(None if call is None else advance(call, at=at), action, at)


@takes("an input does not look at deadlines that have passed", fewest=0)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    untimed = None if call is None else each(call, lambda view: {"until": None} if view.state is RINGING else {})
    return right(untimed, action, at) if isinstance(action, Answered) else right(call, action, at)


@passes("the limit of a call is not kept", fewest=1)
def _(call: PhoneCall, at: datetime) -> PhoneCall:
    return changed(right_time(changed(call, ends_by=None), at), ends_by=call.ends_by)


GALLERY["a transfer rings without a limit"] = Wrong(
    1, take=after(Transfer, lambda before, _action, call: new_leg(before, call, until=None))
)


# Transfer -----------------------------------------------------------------------------------------------------------


def _keep_transferor(before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    lived = {view.id for view in before.views if view.live}
    stays = {"state": CONNECTED, "ended": None, "disposition": None}
    return each(call, lambda view: stays if view.id in lived and view.state is ENDED else {})


GALLERY["a transferor stays in the call"] = Wrong(1, take=after(Transfer, _keep_transferor))


@takes("a call that must not be transferred to the public is", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    if isinstance(action, Transfer) and call is not None and not call.allow_public_transfer:
        result = right(evolve(call, allow_public_transfer=True), action, at)
        return result if isinstance(result, DomainError) else evolve(result, allow_public_transfer=False)
    return right(call, action, at)


# Recording ----------------------------------------------------------------------------------------------------------


def _stop_all(_before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    return each(call, lambda _view: {"recording": None})


GALLERY["a hold stops the recording"] = Wrong(2, take=after(OnHold, _stop_all))
GALLERY["a transfer stops the recording"] = Wrong(2, take=after(Transfer, _stop_all))
GALLERY["stopping one side's recording stops both"] = Wrong(3, take=after(StopRecording, _stop_all))


@takes("a second start of the recording is an error", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    again = isinstance(action, StartRecording) and action.format == "wav" and right(call, action, at) is call
    return wrong_state(action) if again else right(call, action, at)


# Supervision and pick-up --------------------------------------------------------------------------------------------


GALLERY["a monitor acts as a barge"] = Wrong(
    1, take=after(Monitor, lambda before, _action, call: new_leg(before, call, role=BARGE))
)
GALLERY["a whisper is never private"] = Wrong(
    1, take=after(Whisper, lambda before, _action, call: new_leg(before, call, private=False))
)


def _one_monitor(before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    first = {view.id for view in before.views if view.target is not None}
    gone = {"state": ENDED, "target": None, "until": None, "ended": call.updated, "disposition": Disposition.NO_ANSWER}
    return each(call, lambda view: gone if view.id in first else {})


GALLERY["a second supervisor throws the first out"] = Wrong(2, take=after(Monitor, _one_monitor))


def _monitor_stays(before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    watching = {view.id: view for view in before.views if view.target is not None}
    return changed(call, views=tuple(watching.get(view.id, view) for view in call.views))


GALLERY["a supervisor stays when its target is parked"] = Wrong(2, take=after(Park, _monitor_stays))

GALLERY["a pick-up does not wait for the phone to answer"] = Wrong(
    1, take=after(PickUp, lambda before, _action, call: new_leg(before, call, state=CONNECTED, until=None))
)


@takes("a number written as text is refused", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    as_text = isinstance(action, Park) and isinstance(action.max_in_parking, str)
    return wrong_state(action) if as_text else right(call, action, at)


@takes("an accepted repeat counts as a change", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    result = right(call, action, at)
    if isinstance(action, OffHold) and result is call and isinstance(result, PhoneCall):
        return evolve(result, version=result.version + 1)
    return result


# Who leaves, and why --------------------------------------------------------------------------------------------------


def _all_hung_up(_before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    return each(call, lambda view: {} if view.live else {"reason": EndReason.HUNG_UP})


GALLERY["every party that leaves has hung up"] = Wrong(1, take=after(HungUp, _all_hung_up))


def _as_reported(_before: PhoneCall, action: Action, call: PhoneCall) -> PhoneCall:
    told = getattr(action, "disposition", None)
    left = {} if told is None else {"disposition": told}
    return each(call, lambda view: left if view.id == getattr(action, "view_id", None) else {})


GALLERY["a report decides that an answered party was busy"] = Wrong(1, take=after(HungUp, _as_reported))


@takes("a supervisor that hangs up ends the call", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    joined = set() if call is None else {view.extension for view in call.views if view.target is not None}
    whole = isinstance(action, HangUp) and action.extension in joined and action.view_id is None
    return right(call, evolve(action, extension="@self") if whole else action, at)


def _one_guest(before: PhoneCall, _action: Action, call: PhoneCall) -> PhoneCall:
    rang = {view.id for view in before.views if view.state is RINGING}
    lost = {"state": ENDED, "until": None, "ended": call.updated, "disposition": Disposition.NO_ANSWER}
    return each(call, lambda view: lost if view.id in rang and view.state is RINGING else {})


GALLERY["the first guest of a conference ends the other invitations"] = Wrong(0, take=after(Answered, _one_guest))
GALLERY["a deflection ends the other phones that ring"] = Wrong(1, take=after(Transfer, _one_guest))


# Reports, retries and roles -------------------------------------------------------------------------------------------


@takes("a hold at the phone is not noticed", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    return call if isinstance(action, Held) and state(call, action) is CONNECTED and call else right(call, action, at)


def _caller_goes_on_dialling(before: PhoneCall, action: Action, call: PhoneCall) -> PhoneCall:
    dialled = {view.id: view for view in before.views if view.state in (OFF_HOOK, TRYING) and view.side == 0}
    dialled.pop(action.view_id or "", None)
    if not any(view.id in dialled and view.state is CONNECTED for view in call.views):
        return call
    alone = {"state": ANSWERED}
    views = (dialled.get(v.id, evolve(v, **alone) if v.id == action.view_id else v) for v in call.views)
    return changed(call, views=tuple(views), answered=None)


GALLERY["a caller that heard no ringing goes on dialling"] = Wrong(1, take=after(Answered, _caller_goes_on_dialling))


@takes("a supervisor cannot change its role", fewest=2)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    joined = set() if call is None else {view.extension for view in call.views if view.target is not None}
    result = right(call, action, at)
    changes = isinstance(action, Whisper | Monitor) and isinstance(result, PhoneCall) and result is not call
    return wrong_state(action) if changes and getattr(action, "send_call_to", None) in joined else result


@takes("a colleague cannot retrieve a parked party", fewest=1)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    present = {"@self"} if call is None else {"@self", call.extension, *(view.extension for view in call.views)}
    stranger = isinstance(action, UnPark) and action.extension not in present
    return wrong_state(action) if stranger else right(call, action, at)


@takes("a retrieval is refused when it is sent again after the answer", fewest=4)
def _(call: PhoneCall | None, action: Action, at: datetime) -> Answer:
    result = right(call, action, at)
    late = isinstance(action, UnPark) and state(call, action) is CONNECTED and result is call
    return wrong_state(action) if late else result
