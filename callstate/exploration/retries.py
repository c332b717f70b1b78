"""A retry never harms: what an accepted request does when it is sent again after the next event.

One rule: a request that was accepted may be sent again, because its answer was lost, after any one input or deadline
has come between. Then it is a repeat, or it is refused, or it brings about again what its first sending brought about:
each view that it changes or adds then is as a view of the same number was after the first sending. So it holds, ends
or rings nobody whom it did not hold, end or ring before. A repeat is not a first sending, because it did nothing.

One kind of request is not meant, and counted apart: a transfer that names only the party to be sent leaves open who
sends it. If the phone that it rang has sent the party on in between, the next phone rings now, and sends it back.

The strict rules need no look of their own: they refuse the repeats of the lenient ones, and change nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from callstate.domain import PARTY, VOICEMAIL, Action, PhoneCall, PhoneCallView, Request, Transfer, TransferToVoicemail
from callstate.engine import apply_action, next_deadline
from callstate.exploration.abstraction import inputs
from callstate.exploration.visits import EPOCH, Step, take

Standing: TypeAlias = tuple[object, ...]


class Harm(NamedTuple):
    """A request that does at its second sending what it did not do at its first: to which view, and after what."""

    call: PhoneCall
    request: Request
    event: Step | None
    view: PhoneCallView


class Retries(NamedTuple):
    """How many requests were sent again, and how often; those that do harm, and those that left open who transfers."""

    requests: int
    sendings: int
    harms: tuple[Harm, ...]
    unclear: tuple[Harm, ...]


def retries(calls: Iterable[PhoneCall], *, max_views: int = 4) -> Retries:
    """Send every request that each of the calls accepts again, after each event that can be next."""
    requests, sendings, harms = 0, 0, list[Harm]()
    for call in calls:
        for first, sent in _accepted(call, max_views).items():
            events = _next(first, max_views)
            requests += len(sent)
            sendings += len(sent) * len(events)
            harms += [harm for request in sent for harm in _harms(call, request, first, events)]
    unclear = tuple(harm for harm in harms if _leaves_open_who_transfers(harm))
    return Retries(requests, sendings, tuple(harm for harm in harms if harm not in unclear), unclear)


def _leaves_open_who_transfers(harm: Harm) -> bool:
    request = harm.request
    if not isinstance(request, Transfer | TransferToVoicemail) or request.view_id is None:
        return False
    view = harm.call.view(request.view_id)
    own = view is not None and view.extension == request.extension
    return request.transfer_from_number is None and not own


def _accepted(call: PhoneCall, max_views: int) -> dict[PhoneCall, list[Request]]:
    """Return the requests that a call accepts, by what they make of it."""
    now = call.updated or EPOCH
    sent: dict[PhoneCall, list[Request]] = {}
    for action in _tried(call, max_views):
        after = apply_action(call, action, at=now)
        if isinstance(action, Request) and isinstance(after, PhoneCall) and after is not call:
            sent.setdefault(after, []).append(action)
    return sent


def _next(call: PhoneCall, max_views: int) -> dict[PhoneCall, Step | None]:
    """Return what one event can make of a call, and by which event; nothing need happen at all."""
    now, due = call.updated or EPOCH, next_deadline(call)
    events = [Step(action, now) for action in _tried(call, max_views)]
    found: dict[PhoneCall, Step | None] = {call: None}
    for event in events if due is None else [*events, Step(None, due)]:
        after = take(call, event)
        if isinstance(after, PhoneCall):
            found.setdefault(after, event)
    return found


def _tried(call: PhoneCall, max_views: int) -> Iterator[Action]:
    return inputs(call, full=sum(view.live for view in call.views) >= max_views)


def _harms(
    call: PhoneCall, request: Request, first: PhoneCall, events: Mapping[PhoneCall, Step | None]
) -> Iterator[Harm]:
    standings = {_standing(view) for view in first.views}
    for before, event in events.items():
        again = apply_action(before, request, at=before.updated or EPOCH)
        if isinstance(again, PhoneCall) and again is not before:
            known = set(map(id, before.views))
            for view in again.views:
                if id(view) not in known and _standing(view) not in standings:
                    yield Harm(call, request, event, view)


def _standing(view: PhoneCallView) -> Standing:
    """Return what a request can be about in a view: who it is, whether it is in the call, in which state and role.

    A phone that has joined a party is there, whether it rings or is up: it may have taken its role in either state.
    """
    if not view.live:
        return (view.extension, view.state)
    if view.role is not PARTY and view.role is not VOICEMAIL:
        return (view.extension, view.role, view.private)
    lot, recording = view.parking, view.recording
    facets = (lot and (lot.by, lot.position), recording and recording.format)
    return (view.extension, view.state, view.role, *facets)
