"""The vocabulary: one class for each action a user asks for and each signal the network reports.

One rule: a class holds the fields of its request and, in `field_rules`, what each of them must look like by itself;
nothing here looks at a call. Actions are named by the wire's own words, signals by what has happened. Values keep the
form in which they came (a number may be a string), so that a refusal can show them.

What an action is for and which fields it has is from the vendor's page of it; which state it needs, what refuses it and
what a repeat is are our decisions, unless said otherwise. All are refused with `pc_phonecall_invalid`, `call_ended` or
`extension_invalid` for the call and the asker, and with `pc_phonecallview_invalid` for a view that no request can name;
the vendor documents all of these but `call_ended`.
"""

from typing import ClassVar, TypeAlias, get_args

from callstate.domain import fields as form
from callstate.domain.constraints import PARKING_POSITIONS
from callstate.domain.fields import FieldRule
from callstate.domain.model import DEFAULT_WAIT
from callstate.domain.notation import Value
from callstate.domain.states import Disposition

SELF = "@self"
"""Any extension of the user: the request does not say on behalf of which one it comes."""


class _Input(Value, frozen=True, gc=False, kw_only=True, rename=form.wire_name, tag_field="action", tag=True):
    """What every input names: the call."""

    field_rules: ClassVar[tuple[FieldRule, ...]] = ()

    call_id: str


class _Request(_Input, frozen=True, gc=False, kw_only=True):
    """An action also says on behalf of which extension it comes."""

    extension: str = SELF


class _OnView(_Request, frozen=True, gc=False, kw_only=True):
    view_id: str


class _Rings(_OnView, frozen=True, gc=False, kw_only=True):
    """An action that rings the phone of the extension `send_call_to`, for `wait_for_pickup` seconds (1 to 3600).

    `caller_id` is what that phone shows: letters, digits, blanks and `<>+*`. A field out of form is refused with its
    own code (`send_call_to_invalid`, `caller_id_invalid`, `wait_for_pickup_invalid`), a number that is in the call
    already with `send_call_to_invalid`. The default of 25 s is the vendor's, the bounds are ours.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (form.TO_EXTENSION, form.CALLER_ID, form.WAIT)

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
    """Put the call on hold, by the party of the view; a hold of the other end is another one.

    Refused with `wrong_state` unless that party, no supervisor and no mailbox, is on call. A second hold is a repeat.
    """


class OffHold(_OnView, frozen=True, gc=False, kw_only=True):
    """Connect to the call that the party of the view holds. Another party's hold stays.

    Refused with `wrong_state` unless that party is on call. If it holds nobody it is a repeat, as the vendor's own test
    wants it.
    """


class Park(_OnView, frozen=True, gc=False, kw_only=True):
    """Park a party for at most `max_in_parking` seconds (10 to 3600).

    The party of the view waits, or the other one if the view is the asker's own; the other party leaves. The vendor's
    examples have both forms, its client has the limits and the default of 180 s. The lot is shared with other calls, so
    whoever keeps it gives the first free `position` (1 to 100), or `None` if there is none: `parking_full`.

    Refused with `max_in_parking_invalid`; with `wrong_state` unless the call has two sides, both parties are on call,
    and one of them is of this system. Who is parked already is a repeat. A position that does not exist is a mistake of
    the program: `ValueError`.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (form.PARKING_LIMIT,)

    max_in_parking: int | str = 180
    position: int | None = 1

    def __post_init__(self) -> None:
        if self.position is not None and self.position not in PARKING_POSITIONS:
            raise ValueError(f"a parking position is 1 to 100, not {self.position!r}")


class UnPark(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone to retrieve the parked party of the view. If nobody answers, the party stays parked.

    Refused with `wrong_state` unless the party is parked. A phone that rings for it already is a repeat.
    """


class PickUp(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring another phone for the call that rings at the view; the first to answer has it.

    Refused with `wrong_state` unless the view is that of a party, and rings. Any extension may ask. A phone that rings
    there already is a repeat.
    """


class BargeIn(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that joins the conversation of the view as a further party.

    Refused with `wrong_state` unless the party of the view is on call and holds nobody. Any extension may ask. A phone
    that has joined, or rings to, is a repeat.
    """


class Whisper(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that speaks to the party of the view alone; with `private` 1 it does not hear the others.

    Refused like `BargeIn`, and with `private_invalid` unless `private` is 0 or 1, the vendor's two values.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (*_Rings.field_rules, form.PRIVATE)

    private: int | str = 0


class Monitor(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that listens to the conversation of the view in silence.

    Refused with `wrong_state` unless the party of the view is on call; who holds may be listened to. Any extension may
    ask. A phone that listens, or rings to, is a repeat. The vendor's newer pages and client have this action.
    """


class Transfer(_Sends, frozen=True, gc=False, kw_only=True):
    """Send a party to another extension or outside number, without asking there first.

    `transfer_from_number` is the party that transfers and leaves, `transfer_number` the one that is transferred; one
    that is missing is the other party. Without both, the party of the view is transferred, as older clients ask;
    without a view, the asker transfers.

    Refused with `send_call_to_invalid`, also for a number that is in the call; with `transfer_number_invalid` for one
    that is no party's, or two of one end; with `wrong_state` unless the call has two sides and both parties are on
    call; with `public_transfer_not_allowed` for an outside number, if the call was made so. Who faces that phone alone
    already is a repeat.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (form.TO_NUMBER, form.TRANSFER_FROM, form.TRANSFERRED)


class TransferToVoicemail(_Sends, frozen=True, gc=False, kw_only=True):
    """Send a party to the mailbox of an extension; who is who is told, and refused, as for `Transfer`.

    The mailbox answers at once. Who faces it alone already is a repeat.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (form.TO_EXTENSION, form.TRANSFER_FROM, form.TRANSFERRED)


class StartRecording(_OnView, frozen=True, gc=False, kw_only=True):
    """Record the party of the view, in `format` wav or wav49, until it leaves or the recording is stopped.

    Refused with `format_invalid`; with `wrong_state` unless the party is on call; with `recording_in_progress` if it is
    recorded in the other format. In the same one it is a repeat.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (form.FORMAT,)

    format: str = "wav"


class StopRecording(_OnView, frozen=True, gc=False, kw_only=True):
    """Stop the recording of the party of the view. If there is none it is a repeat, in every state but `UNKNOWN`."""


class HangUp(_Request, frozen=True, gc=False, kw_only=True):
    """End the whole call; with a `phone_number` or else a `view_id`, only that party leaves.

    On the wire this is a DELETE, and a number that is not in the call hangs up nothing, as the vendor has it. A party
    who has left, and a call that is over, are repeats; it is never refused for a state but by the strict rules.
    """

    view_id: str | None = None
    phone_number: str | None = None


class _Signal(_Input, frozen=True, gc=False, kw_only=True):
    """What the network reports of one view, listed or not. SignalName that is not new changes nothing.

    Signals are ours: the vendor's service hears them from its own switch. Refused with `pc_phonecallview_invalid` if
    the call has no such view, and with `wrong_state` for what cannot have happened, by the table.
    """

    view_id: str


class Dialled(_Signal, frozen=True, gc=False, kw_only=True):
    """The calling phone, on side 0, has dialled: it is `TRYING`."""


class Rang(_Signal, frozen=True, gc=False, kw_only=True):
    """The phone that is rung rings: it is `RINGING`."""


class FarEndRang(_Signal, frozen=True, gc=False, kw_only=True):
    """The calling phone, on side 0, hears the other end ring: it is `ANSWERED`, with no date of answer."""


class Answered(_Signal, frozen=True, gc=False, kw_only=True):
    """The phone that is rung was answered: it is `ANSWERED`, and on call as soon as another end is up."""


class Held(_Signal, frozen=True, gc=False, kw_only=True):
    """The party has put the call on hold at its phone, or the far network has: it is `ON_HOLD`."""


class Resumed(_Signal, frozen=True, gc=False, kw_only=True):
    """The party has resumed the call at its phone, or the far network has: it is `CONNECTED` again."""


class HungUp(_Signal, frozen=True, gc=False, kw_only=True):
    """The party has hung up, or could not be reached: then `disposition` tells why. Without one its dates tell."""

    disposition: Disposition | None = None


Signal: TypeAlias = Dialled | Rang | FarEndRang | Answered | Held | Resumed | HungUp

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
