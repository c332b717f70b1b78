"""The parameters of a call event: ten values, always all of them, under the names of the vendor.

One rule: within one leg only the status changes, because the values are those of the leg's own source and destination;
of several numbers the one that has answered counts. A value that is not known or is withheld is an empty text. The
service has no public numbers of extensions, so the public number that was dialled is known only if the leg shows it.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from callstate import domain
from callstate.voipnow.service.directory import Directory


class CallStatus(StrEnum):
    """The status of a call in an event, in the vendor's words.

    `CHANUNAVAIL`, the status if a phone is not registered, never occurs, because registrations are not modelled.
    """

    CALLING = "CALLING"
    ANSWER = "ANSWER"
    BUSY = "BUSY"
    NOANSWER = "NOANSWER"
    CANCEL = "CANCEL"
    CONGESTION = "CONGESTION"
    UNKNOWN = "UNKNOWN"


class EventParameters(NamedTuple):
    """The values, in the order of the vendor's table."""

    call_id: str
    caller_id_num: str
    caller_id_name: str
    called_did: str
    called_extension: str
    call_status: CallStatus
    call_flow: str
    caller_extension: str
    called_number: str
    call_api_id: str

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the wire's name of each value with the value."""
        return zip(PARAMETER_NAMES, map(str, self), strict=True)


PARAMETER_NAMES = (
    "CallID",
    "CallerIDNum",
    "CallerIDName",
    "CalledDID",
    "CalledExtension",
    "CallStatus",
    "CallFlow",
    "CallerExtension",
    "CalledNumber",
    "CallAPIID",
)


class _Shown(NamedTuple):
    """What a phone shows of somebody; an empty text is nothing."""

    number: str
    name: str


def is_outgoing(view: domain.PhoneCallView) -> bool:
    """Tell a leg that makes the call from one that receives it.

    The side alone would not do: a phone that is rung for a transfer or from the parking lot may stand on side 0. The
    source alone would not do either: a phone that picks up has the source of the phone that rang.
    """
    return view.side == 0 and (view.extension in view.source or not (view.source or view.destination))


class _Ends(NamedTuple):
    """Who calls and who is called, as a leg shows it; an empty text is a number that is withheld or not known."""

    caller: str
    called: str


def parameters(
    call: domain.PhoneCall, view: domain.PhoneCallView, status: CallStatus, directory: Directory
) -> EventParameters:
    """Return the parameters of an event of a leg."""
    if is_outgoing(view):
        return _of_caller(call, view, _called(call, view, directory), status, directory)
    caller = _chosen(call, view.source, calling=True)
    ends = _Ends(_full(directory, view, caller), _called(call, view, directory))
    return _of_called(call, view, ends, status, directory)


def _of_caller(
    call: domain.PhoneCall, view: domain.PhoneCallView, called: str, status: CallStatus, directory: Directory
) -> EventParameters:
    far = next((other for other in call.views if other.extension == called), None)
    shown = _shown(None if far is None else far.caller_id)
    return EventParameters(
        call_id=call.id,
        caller_id_num=shown.number or view.extension,
        caller_id_name=shown.name or _owner(directory, view.extension),
        called_did="",
        called_extension=called if directory.numbering.is_extension(called) else "",
        call_status=status,
        call_flow="OUT",
        caller_extension=view.extension,
        called_number=called,
        call_api_id=call.id,
    )


def _of_called(
    call: domain.PhoneCall, view: domain.PhoneCallView, ends: _Ends, status: CallStatus, directory: Directory
) -> EventParameters:
    shown = _shown(view.caller_id)
    number = shown.number or ends.caller
    return EventParameters(
        call_id=call.id,
        caller_id_num=number,
        caller_id_name=(shown.name or _owner(directory, ends.caller) or ends.caller) if number else "",
        called_did="" if directory.numbering.is_extension(ends.called) else ends.called,
        called_extension=view.extension,
        call_status=status,
        call_flow="IN",
        caller_extension=ends.caller if directory.numbering.is_extension(ends.caller) else "",
        called_number=ends.called or view.extension,
        call_api_id=call.id,
    )


# Who calls whom -------------------------------------------------------------------------------------------------------


def _called(call: domain.PhoneCall, view: domain.PhoneCallView, directory: Directory) -> str:
    """Return the number that was dialled: of several that were, a phone's own."""
    own = view.extension in view.destination
    return _full(directory, view, view.extension if own else _chosen(call, view.destination, calling=False))


def _chosen(call: domain.PhoneCall, numbers: tuple[str, ...], *, calling: bool) -> str:
    """Return one of the numbers of an end: the first that has answered, or else the first."""
    answered = {view.extension for view in call.views if view.answered is not None and (view.side == 0) is calling}
    return next((number for number in numbers if number in answered), numbers[0] if numbers else domain.WITHHELD)


def _full(directory: Directory, view: domain.PhoneCallView, number: str) -> str:
    return directory.full_number(number, directory.organization_of(view.extension))


def _owner(directory: Directory, number: str) -> str:
    owner = directory.owner(number)
    return "" if owner is None else owner.name


def _shown(caller_id: str | None) -> _Shown:
    """Read a caller id, `Alice <0003*210>`, or only one of the two."""
    text = (caller_id or "").strip()
    name, bracket, number = text.rpartition("<")
    if bracket:
        return _Shown(number.partition(">")[0].strip(), name.strip())
    return _Shown(text, "") if domain.NUMBER.fullmatch(text) else _Shown("", text)
