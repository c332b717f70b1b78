"""JSON to values and back: calls, the bodies of actions, and the service's answers.

One rule: what is read may be spelled loosely, what is written is exact; and no bytes at all make a reader raise. This
module decides nothing about calls: whether the fields of an action are what they must be is judged by `apply_action`,
once the call and the view are found. `bodies` reads actions.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import msgspec

from callstate.domain import ENDED, ON_HOLD, PARKED, WITHHELD, DomainError, Flow, PhoneCall, PhoneCallView, ViewState
from callstate.engine import LENIENT, Rules, instant
from callstate.voipnow.wire.fields import decode
from callstate.voipnow.wire.reading import STATUS, read_call

# Reading --------------------------------------------------------------------------------------------------------------


class Listed(msgspec.Struct, frozen=True):
    """Calls as the service lists them, one or many, each still to be read."""

    entry: list[msgspec.Raw]


def decode_call(data: bytes | str, *, at: datetime | None = None, rules: Rules = LENIENT) -> PhoneCall | DomainError:
    """Read a call in the form in which the service lists it.

    The wire lists only some parties. Where one end of the call has none, the party there becomes an unlisted view,
    by the number that the others show as their source or destination. The rules tell by their numbering which numbers
    are outside of the system, where the listing does not. The call was last changed at the latest date in the listing;
    if `at` is given, an aware datetime, dates after it do not count, and `at` does if no other date is left.
    """
    now = None if at is None else instant(at)
    return decode(data, "PhoneCall", partial(read_call, at=now, numbering=rules.numbering))


# Writing --------------------------------------------------------------------------------------------------------------


class _Link(msgspec.Struct, frozen=True, gc=False, rename={"address": "self"}):
    address: str


class AcceptedBody(msgspec.Struct, frozen=True, gc=False):
    """The body of the answer to an accepted action: where the call can be read."""

    id: str
    extension: str
    link: _Link


class ViewBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A view in the order and the types of the wire, where its numbers are strings."""

    id: str
    extension: str
    ringing: datetime | None = None
    answered: datetime | None = None
    status: str
    flow: str | None = None
    caller_id: str | None = None
    source: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    recording: datetime | None = None
    parked: datetime | None = None
    parked_pos: str | None = None
    parked_by: str | None = None
    on_hold: datetime | None = None
    holder: str | None = None


class CallBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A call in the order and the types of the wire."""

    id: str
    extension: str
    owner_id: str | None = None
    owner_name: str | None = None
    answered: datetime | None = None
    published: datetime | None = None
    nonce: str | None = None
    phone_call_view: tuple[ViewBody, ...]
    link: _Link | None = None


_STATUS: Mapping[ViewState, str] = {
    **{state: str(number) for number, state in STATUS.items()},
    **dict.fromkeys((ON_HOLD, PARKED), "5"),
}
_FLOW: Mapping[Flow | None, str | None] = {None: None, **{flow: str(flow.value) for flow in Flow}}

_encode: Callable[[object], bytes] = msgspec.json.Encoder().encode


def encode_call(call: PhoneCall, *, link: str | None = None) -> bytes:
    """Write a call as the service lists it: its listed live views, and nothing that is null or an empty text."""
    return _encode(
        CallBody(
            id=call.id,
            extension=call.extension,
            owner_id=call.owner_id or None,
            owner_name=call.owner_name or None,
            answered=call.answered,
            published=call.published,
            nonce=call.nonce or None,
            phone_call_view=tuple([_wire_view(view) for view in call.views if view.listed and view.state is not ENDED]),
            link=None if link is None else _Link(link),
        )
    )


def _wire_view(view: PhoneCallView) -> ViewBody:
    lot, recording, on_hold = view.parking, view.recording, view.on_hold
    return ViewBody(
        id=view.id,
        # A parked party from outside, which may have no number, is shown under that of the party that parked it.
        extension=view.extension if lot is None or not (view.outside or view.extension == WITHHELD) else lot.by,
        ringing=view.ringing,
        answered=view.answered,
        status=_STATUS[view.state],
        flow=_FLOW[view.flow],
        caller_id=view.caller_id or None,
        source=_filled(view.source),
        destination=_filled(view.destination),
        recording=None if recording is None else recording.since,
        parked=None if lot is None else lot.since,
        parked_pos=None if lot is None else str(lot.position),
        parked_by=None if lot is None else lot.by,
        on_hold=on_hold,
        holder=None if on_hold is None else "1",
    )


def _filled(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, texts)) if "" in texts else texts


def encode_accepted(call: PhoneCall, *, extension: str, link: str) -> bytes:
    """Write the answer to an action that was accepted: where the call can be read."""
    return _encode(AcceptedBody(call.id, extension, _Link(link)))
