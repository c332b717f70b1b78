"""The vocabulary: one class for each action a user asks for and each signal the network reports.

One rule: a class holds the fields of its request and, in `forms`, what each of them must look like by itself; nothing
here looks at a call. Actions are named by the wire's own words, signals by what has happened. Values keep the form in
which they came (a number may be a string), so that a refusal can show them.
"""

from typing import ClassVar, TypeAlias, get_args

import msgspec

from callstate import forms as form
from callstate.forms import Form
from callstate.model import DEFAULT_WAIT, PARKING_POSITIONS, Disposition

SELF = "@self"
"""Any extension of the user: the request does not say on behalf of which one it comes."""


class _Input(msgspec.Struct, frozen=True, gc=False, kw_only=True, rename=form.wire_name, tag_field="action", tag=True):
    """What every input names: the call."""

    forms: ClassVar[tuple[Form, ...]] = ()

    call_id: str


class _Request(_Input, frozen=True, gc=False, kw_only=True):
    """An action also says on behalf of which extension it comes."""

    extension: str = SELF


class _OnView(_Request, frozen=True, gc=False, kw_only=True):
    view_id: str


class _Rings(_OnView, frozen=True, gc=False, kw_only=True):
    """An action that rings the phone of the extension `send_call_to`, for `wait_for_pickup` seconds (1 to 3600)."""

    forms: ClassVar[tuple[Form, ...]] = (form.TO_EXTENSION, form.CALLER_ID, form.WAIT)

    send_call_to: str
    caller_id: str | None = None
    wait_for_pickup: int | str = DEFAULT_WAIT


class _Sends(_Request, frozen=True, gc=False, kw_only=True):
    """An action that sends one party of the call, told by its number or by a view, to `send_call_to`."""

    send_call_to: str
    transfer_from_number: str | None = None
    transfer_number: str | None = None
    view_id: str | None = None


class OnHold(_OnView, frozen=True, gc=False, kw_only=True):
    """Put the call on hold, by the party of the view. Refused unless it is on call: `wrong_state`."""


class OffHold(_OnView, frozen=True, gc=False, kw_only=True):
    """Connect to the call that the party of the view holds. Another party's hold stays (our decision)."""


class Park(_OnView, frozen=True, gc=False, kw_only=True):
    """Park a party for at most `max_in_parking` seconds (10 to 3600), at a `position` of the lot (1 to 100).

    The party of the view waits, or the other one if the view is the asker's own; the other party leaves. The lot is
    shared with other calls, so whoever keeps it gives the first free position, or `None` if there is none.
    """

    forms: ClassVar[tuple[Form, ...]] = (form.PARKING_LIMIT,)

    max_in_parking: int | str = 180
    position: int | None = 1

    def __post_init__(self) -> None:
        if self.position is not None and self.position not in PARKING_POSITIONS:
            raise ValueError(f"a parking position is 1 to 100, not {self.position!r}")


class UnPark(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone to retrieve the parked party of the view. If nobody answers, the party stays parked."""


class PickUp(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring another phone for the call that rings at the view; the first to answer has it."""


class BargeIn(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that joins the conversation of the view as a further party."""


class Whisper(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that speaks to the party of the view alone; with `private` 1 it does not hear the others."""

    forms: ClassVar[tuple[Form, ...]] = (*_Rings.forms, form.PRIVATE)

    private: int | str = 0


class Monitor(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that listens to the conversation of the view in silence."""


class Transfer(_Sends, frozen=True, gc=False, kw_only=True):
    """Send a party to another extension or outside number, without asking there first.

    `transfer_from_number` is the party that transfers and leaves, `transfer_number` the one that is transferred; one
    that is missing is the other party. Without both, the party of the view is transferred; without a view, the
    asker transfers.
    """

    forms: ClassVar[tuple[Form, ...]] = (form.TO_NUMBER, form.TRANSFER_FROM, form.TRANSFERRED)


class TransferToVoicemail(_Sends, frozen=True, gc=False, kw_only=True):
    """Send a party to the mailbox of an extension; who is who is told as for `Transfer`."""

    forms: ClassVar[tuple[Form, ...]] = (form.TO_EXTENSION, form.TRANSFER_FROM, form.TRANSFERRED)


class StartRecording(_OnView, frozen=True, gc=False, kw_only=True):
    """Record the party of the view, in `format` wav or wav49, until it leaves or the recording is stopped."""

    forms: ClassVar[tuple[Form, ...]] = (form.FORMAT,)

    format: str = "wav"


class StopRecording(_OnView, frozen=True, gc=False, kw_only=True):
    """Stop the recording of the party of the view."""


class HangUp(_Request, frozen=True, gc=False, kw_only=True):
    """End the whole call; with a `phone_number` or else a `view_id`, only that party leaves."""

    view_id: str | None = None
    phone_number: str | None = None


class _Signal(_Input, frozen=True, gc=False, kw_only=True):
    """What the network reports of one view, listed or not. News that is not new changes nothing."""

    view_id: str


class Dialled(_Signal, frozen=True, gc=False, kw_only=True):
    """The calling phone has dialled."""


class Rang(_Signal, frozen=True, gc=False, kw_only=True):
    """The phone that is rung rings."""


class FarEndRang(_Signal, frozen=True, gc=False, kw_only=True):
    """The calling phone hears the other end ring."""


class Answered(_Signal, frozen=True, gc=False, kw_only=True):
    """The phone that is rung was answered."""


class HungUp(_Signal, frozen=True, gc=False, kw_only=True):
    """The party has hung up, or could not be reached: then `disposition` tells why."""

    disposition: Disposition | None = None


Signal: TypeAlias = Dialled | Rang | FarEndRang | Answered | HungUp

Request: TypeAlias = (
    OnHold
    | OffHold
    | Park
    | UnPark
    | PickUp
    | BargeIn
    | Whisper
    | Monitor
    | Transfer
    | TransferToVoicemail
    | StartRecording
    | StopRecording
    | HangUp
)

Action: TypeAlias = Request | Signal
"""All that `apply_action` takes: what users ask for, and what the network reports."""

ACTIONS: tuple[type[Request], ...] = get_args(Request)
SIGNALS: tuple[type[Signal], ...] = get_args(Signal)
