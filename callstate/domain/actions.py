"""The vocabulary: one class for each action a user asks for and each signal the network reports.

One rule: a class holds the fields of its request and, in `field_rules`, what each of them must look like by itself;
nothing here looks at a call. Actions are named by the wire's own words, signals by what has happened. Values stay as
they came (a number may be a string), so that a refusal can show them.

What an action does and which fields it has is from the vendor's page of it; which state it needs, what refuses it and
what counts as a repeat are callstate's decisions unless said otherwise. Every action is refused with
`pc_phonecall_invalid`, `call_ended` or `extension_invalid` because of the call or the asker, and with
`pc_phonecallview_invalid` if it names a view that no request can name; the vendor documents all of these but
`call_ended`.
"""

from typing import ClassVar, TypeAlias, get_args

from callstate.domain import fields
from callstate.domain.constraints import PARKING_POSITIONS
from callstate.domain.fields import FieldRule
from callstate.domain.model import DEFAULT_WAIT
from callstate.domain.states import Disposition

SELF = "@self"
"""Any extension of the user: the request does not say on behalf of which one it comes."""


class _Input(fields.Judged, frozen=True, gc=False, kw_only=True, rename=fields.wire_name, tag_field="action", tag=True):
    """What every input names: the call."""

    call_id: str


class _Request(_Input, frozen=True, gc=False, kw_only=True):
    """An action also says on behalf of which extension it comes."""

    extension: str = SELF


class _OnView(_Request, frozen=True, gc=False, kw_only=True):
    view_id: str


class _Rings(_OnView, frozen=True, gc=False, kw_only=True):
    """An action that rings the phone of the extension `send_call_to`, for `wait_for_pickup` seconds (1 to 3600).

    `caller_id` is what that phone shows: at most 255 letters, digits, spaces and `<>+*`. A malformed field is refused
    with its own code (`send_call_to_invalid`, `caller_id_invalid`, `wait_for_pickup_invalid`), a number that is already
    in the call with `send_call_to_invalid`. The default of 25 s is the vendor's, the bounds are callstate's.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (
        fields.TO_EXTENSION,
        fields.CALLER_ID,
        fields.CALLER_ID_LENGTH,
        fields.WAIT,
    )

    send_call_to: str
    caller_id: str | None = None
    wait_for_pickup: int | str = DEFAULT_WAIT


class _Sends(_Request, frozen=True, gc=False, kw_only=True):
    """An action that sends one party of the call, told by numbers or by a view, to `send_call_to`."""

    send_call_to: str
    transfer_from_number: str | None = None
    transfer_number: str | None = None
    view_id: str | None = None


class OnHold(_OnView, frozen=True, gc=False, kw_only=True):
    """Put the call on hold, on behalf of the party of the view; the other end can hold as well, independently.

    Refused with `wrong_state` unless that party is CONNECTED and is neither a supervisor nor a mailbox. A second hold
    is a repeat.
    """


class OffHold(_OnView, frozen=True, gc=False, kw_only=True):
    """End the hold of the party of the view. Another party's hold stays.

    Refused with `wrong_state` unless that party is ON_HOLD or CONNECTED. If it does not hold the call this is a repeat,
    as the vendor's own test expects.
    """


class Park(_OnView, frozen=True, gc=False, kw_only=True):
    """Park a party for at most `max_in_parking` seconds (10 to 3600).

    The party of the view waits, or the other one if the view is the asker's own; the other party leaves. The vendor's
    examples have both forms, its client has the limits and the default of 180 s. An outside party always waits, because
    it cannot be rung back. The parking lot is shared with other calls, so the program that keeps it gives the first
    free `position` (1 to 100), or `None` if there is none: `parking_full`.

    Refused with `max_in_parking_invalid`, and with `wrong_state` unless the call has two sides, both parties are
    CONNECTED or ON_HOLD, and one of them is an extension. Parking a parked party is a repeat. A position that does not
    exist is a mistake of the program: `ValueError`.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (fields.PARKING_LIMIT,)

    max_in_parking: int | str = 180
    position: int | None = 1

    def __post_init__(self) -> None:
        if self.position is not None and self.position not in PARKING_POSITIONS:
            raise ValueError(f"a parking position is 1 to 100, not {self.position!r}")


class UnPark(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone to retrieve the parked party of the view. If nobody answers, the party stays parked.

    The view may also be the one of the party that parked it. Refused with `wrong_state` unless the party is parked. Any
    extension may ask. A phone that already rings for it, or has retrieved it, is a repeat.
    """


class PickUp(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring another phone for the call that rings at the view; the first to answer has it.

    Refused with `wrong_state` unless the view is that of a party, and RINGING. Any extension may ask. A phone that
    already rings there, or has answered there, is a repeat.
    """


class BargeIn(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that joins the conversation of the view as a further party.

    Refused with `wrong_state` unless the party of the view is CONNECTED. Any extension may ask. A phone that already
    rings for this or has joined is a repeat; one that already listens or whispers to this party joins without ringing
    again.
    """


class Whisper(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that speaks to the party of the view alone; with `private` 1 it does not hear the others.

    Refused like `BargeIn`, and with `private_invalid` unless `private` is 0 or 1, the vendor's two values.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (*_Rings.field_rules, fields.PRIVATE)

    private: int | str = 0


class Monitor(_Rings, frozen=True, gc=False, kw_only=True):
    """Ring a phone that listens to the conversation of the view in silence.

    Refused with `wrong_state` unless the party of the view is CONNECTED or ON_HOLD. Any extension may ask. A phone that
    already listens, or rings to listen, is a repeat. The vendor's newer pages and client have this action.
    """


class Transfer(_Sends, frozen=True, gc=False, kw_only=True):
    """Send a party to another extension or outside number, without asking there first (a blind transfer).

    `transfer_from_number` names the transferor, the party that leaves; `transfer_number` names the transferred party. A
    missing one is the other party. Without both, the party of the view is transferred, as older clients ask; if that is
    the asker's own view, its party is the transferor. Without a view, the asker is the transferor. If the transferor's
    phone still rings, the call is deflected: that phone stops ringing, and the caller is sent on.

    Refused with `send_call_to_invalid`, also if the number is already in the call; with `transfer_number_invalid` for a
    number that does not belong to a party, or two numbers of one side; with `wrong_state` unless the call has two sides
    and both parties are CONNECTED or ON_HOLD, or the transferor is RINGING; with `public_transfer_not_allowed` if the
    call was created so. Sending a party to the phone that it already faces alone is a repeat.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (fields.TO_NUMBER, fields.TRANSFER_FROM, fields.TRANSFERRED)


class TransferToVoicemail(_Sends, frozen=True, gc=False, kw_only=True):
    """Send a party to the mailbox of an extension; the parties are told, and refused, as for `Transfer`.

    The mailbox answers immediately. Sending a party to the mailbox that it already faces alone is a repeat.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (fields.TO_EXTENSION, fields.TRANSFER_FROM, fields.TRANSFERRED)


class StartRecording(_OnView, frozen=True, gc=False, kw_only=True):
    """Record the party of the view, in `format` wav or wav49, until it leaves or the recording is stopped.

    Refused with `format_invalid`; with `wrong_state` unless the party is CONNECTED or ON_HOLD; with
    `recording_in_progress` if it is recorded in the other format. In the same one it is a repeat.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (fields.FORMAT,)

    format: str = "wav"


class StopRecording(_OnView, frozen=True, gc=False, kw_only=True):
    """Stop the recording of the party of the view. If there is none it is a repeat, in every state but `UNKNOWN`."""


class HangUp(_Request, frozen=True, gc=False, kw_only=True):
    """End the whole call; with a `phone_number`, or else a `view_id`, only that party leaves.

    Without both, an extension that has only joined the call, that only rings, or that parked a party, ends its own
    views instead of the call. On the wire this is a DELETE, and a number that is not in the call hangs up nothing, as
    the vendor has it. A party that has left, and a call that has ended, are repeats; only the strict rules refuse a
    HangUp because of a state.
    """

    view_id: str | None = None
    phone_number: str | None = None


class _Signal(_Input, frozen=True, gc=False, kw_only=True):
    """What the network reports of one view, listed or not. A report that comes late changes nothing.

    Signals are callstate-specific: the vendor's service gets them from its own switch. Refused with
    `pc_phonecallview_invalid` if the call has no such view, and with `wrong_state` if it cannot have happened.
    """

    view_id: str


class Dialled(_Signal, frozen=True, gc=False, kw_only=True):
    """The calling phone, on side 0, has dialled: it is `TRYING`. Not for a phone that the service dials."""


class Rang(_Signal, frozen=True, gc=False, kw_only=True):
    """The phone that is rung rings: it is `RINGING`. Not for a caller that dials itself."""


class FarEndRang(_Signal, frozen=True, gc=False, kw_only=True):
    """The calling phone, on side 0, hears the other end ring: it is `ANSWERED`, with no date of answer."""


class Answered(_Signal, frozen=True, gc=False, kw_only=True):
    """The phone was answered: it is `ANSWERED`, and `CONNECTED` as soon as another side is up."""


class Held(_Signal, frozen=True, gc=False, kw_only=True):
    """The party has put the call on hold at its phone, or the far network has: it is `ON_HOLD`."""


class Resumed(_Signal, frozen=True, gc=False, kw_only=True):
    """The party has resumed the call at its phone, or the far network has: it is `CONNECTED` again."""


class HungUp(_Signal, frozen=True, gc=False, kw_only=True):
    """The party has hung up, or could not be reached: then `disposition` says why.

    A party that was answered ends as ANSWERED whatever `disposition` says.
    """

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
"""Everything that `apply_action` takes: what users ask for, and what the network reports."""

ACTIONS: tuple[type[Request], ...] = get_args(Request)
SIGNALS: tuple[type[Signal], ...] = get_args(Signal)
