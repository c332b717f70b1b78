"""Incoming calls on demand: an outside number or an extension has dialled an extension, and its phone rings now.

One rule: the call is built as the network would report it; what happens next is up to the phones.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from callstate.domain import ANSWERED, DEFAULT_WAIT, RINGING, Flow, PhoneCall, PhoneCallView, later
from callstate.voipnow.service import Directory, ExtensionKind


class Incoming(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A call that comes in: who calls, the extension that rings, for how long, and the caller id that it shows."""

    source: Annotated[str, Meta(pattern=r"^\+?[0-9*]{1,64}$")]
    destination: Annotated[str, Meta(pattern=r"^[0-9*]{1,64}$")]
    wait_for_pickup: Annotated[int, Meta(ge=1, le=3600)] = DEFAULT_WAIT
    caller_id: Annotated[str, Meta(max_length=255)] | None = None


def incoming_call(wanted: Incoming, *, call_id: str, at: datetime, directory: Directory) -> PhoneCall:
    """Build the call; a `ValueError` says why it cannot come in. The caller pays if it is an extension."""
    called = directory.extension(wanted.destination)
    if called is None or called.kind is not ExtensionKind.PHONE_TERMINAL:
        raise ValueError(f"destination {wanted.destination} is not a phone of the directory")
    if wanted.source == wanted.destination:
        raise ValueError("source and destination are the same number")
    caller = directory.extension(wanted.source)
    charged = called if caller is None else caller
    owner = directory.organization_of(charged.number)
    flow = Flow.INCOMING if caller is None else Flow.LOCAL
    views = (
        PhoneCallView(
            id="00",
            extension=wanted.source,
            state=ANSWERED,
            side=0,
            listed=caller is not None,
            outside=caller is None,
            flow=flow,
            source=(wanted.source,),
            destination=(wanted.destination,),
        ),
        PhoneCallView(
            id="01",
            extension=wanted.destination,
            state=RINGING,
            side=1,
            flow=flow,
            caller_id=wanted.caller_id,
            ringing=at,
            until=later(at, wanted.wait_for_pickup),
            source=(wanted.source,),
            destination=(wanted.destination,),
        ),
    )
    return PhoneCall(
        id=call_id,
        extension=charged.number,
        views=views,
        owner_id=owner,
        owner_name=directory.name_of(owner),
        published=at,
        updated=at,
        wait_for_pickup=wanted.wait_for_pickup,
    )
