"""A recorded trace: one JSON object a line, each an input to a call with its answer, or a call as it was then.

One rule: a line is read and written by itself; what it means for its call is for `verdict`. Unknown fields are ignored,
so a recorder may add what it likes. This module opens no file.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Raw, UnsetType, field
from msgspec.structs import asdict, replace

from callstate import domain
from callstate.voipnow.wire import decode_action, encode_call, http_status, wire_code

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Some editors write it at the beginning of a file, which may be anywhere in files that were joined."""

NOTHING = Raw()
NOT_LISTED = Raw(b"null")

Instant: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
Number: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"^(?:{domain.NUMBER.pattern})\Z")]
Position: TypeAlias = Annotated[int, msgspec.Meta(ge=domain.PARKING_POSITIONS.start, lt=domain.PARKING_POSITIONS.stop)]

DEFAULT = domain.Numbering()

ONE_NUMBER = ("extension", "send_call_to", "transfer_from_number", "transfer_number", "phone_number")
NUMBERS = ("source", "destination")
"""The fields of inputs that hold a number, and those that hold several."""

ACCEPTED, OK = 202, 200
"""The status of an action by PUT, and of all that is asked for, or told, in another way."""


class UnreadableLineError(ValueError):
    """A line cannot be read as a line of a trace; the message says why."""


class SignalName(StrEnum):
    """The words for what the network reports."""

    DIALLED = domain.Dialled.__name__
    RANG = domain.Rang.__name__
    FAR_END_RANG = domain.FarEndRang.__name__
    ANSWERED = domain.Answered.__name__
    HELD = domain.Held.__name__
    RESUMED = domain.Resumed.__name__
    HUNG_UP = domain.HungUp.__name__


class Reply(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What the recorded service answered: its status, its code if it refused, and the call as it then listed it."""

    status: int
    error: str | None = None
    listed: Raw = NOTHING

    @property
    def accepted(self) -> bool:
        """Whether the service did what was asked."""
        return 200 <= self.status < 300  # noqa: PLR2004  # as HTTP has it


KINDS = 5
"""A line is of one of so many kinds."""


class Line(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One line: when, which call, and exactly one of `start`, `listed`, `create`, `request` and `signal`.

    `start` is a whole call; `listed` is the call as the service lists it, or null if it lists no such call. With
    `begins` the call begins with this listing, whatever is known of it. `create` holds the fields of a new call.
    `request` is the body of a request on behalf of `extension`, and `position` the place in the parking lot that the
    service gave, null if none was free. `signal` is about the view `view`.

    `seq` orders lines with the same `at`: its number in the recording. `extensions` are the numbers in the line that
    are extensions of the service; it is needed only if the numbering that is used to judge the line says otherwise.
    """

    at: Instant
    seq: int = 0
    call: str
    start: domain.PhoneCall | None = None
    listed: Raw = NOTHING
    begins: bool = False
    create: Raw = NOTHING
    request: Raw = NOTHING
    extension: str = domain.SELF
    position: Position | UnsetType | None = UNSET
    signal: SignalName | None = None
    view: str = ""
    disposition: domain.Disposition | None = None
    answer: Reply | None = None
    extensions: tuple[Number, ...] | None = None

    def __post_init__(self) -> None:
        missing = (not self.request) + (not self.listed) + (not self.create) + (self.signal is None)
        if missing + (self.start is None) != KINDS - 1:
            raise ValueError("a line has exactly one of start, listed, create, request and signal")
        if self.begins and not self.listed:
            raise ValueError("a call begins with a listing")
        if self.start is not None and self.start.id != self.call:
            raise ValueError(f"the call that starts is {self.start.id!r}, not {self.call!r}")


_decode: Callable[[bytes], Line] = msgspec.json.Decoder(Line).decode


def read_line(data: bytes) -> Line:
    """Read a line; `UnreadableLineError` if it is none."""
    try:
        return _decode(data)
    except RecursionError:
        raise UnreadableLineError("nested too deep") from None
    except ValueError as error:  # malformed JSON, a field of the wrong type, an impossible call
        raise UnreadableLineError(str(error)) from None


# What a line holds ----------------------------------------------------------------------------------------------------

_SIGNALS: Mapping[str, type[domain.Signal]] = {kind.__name__: kind for kind in domain.SIGNALS}
_KINDS: Mapping[type[domain.Create], str] = {
    domain.CreateSimple: "simple",
    domain.CreateCallback: "callback",
    domain.CreateConferenceInvite: "conferenceInvite",
}


class _Kind(msgspec.Struct, frozen=True):
    """What a body of `create` is read as first."""

    kind: object = None


def _read_as(kind: type[domain.Create]) -> Callable[[Raw], msgspec.Struct]:
    """Make the reader of what a new call of a kind is told by, without the id, which is that of the line."""
    told = [one for one in msgspec.structs.fields(kind) if one.name != "call_id"]
    fields = [(one.name, one.type, field(name=domain.wire_name(one.name), default=one.default)) for one in told]
    return msgspec.json.Decoder(msgspec.defstruct(kind.__name__, fields, kw_only=True)).decode


_decode_kind: Callable[[Raw], _Kind] = msgspec.json.Decoder(_Kind).decode
_CREATES: Mapping[object, tuple[type[domain.Create], Callable[[Raw], msgspec.Struct]]] = {
    word: (kind, _read_as(kind)) for kind, word in _KINDS.items()
}


def request_of(line: Line) -> domain.Request | domain.DomainError:
    """Return the action that a line asks for, with its place in the parking lot, or the refusal of its body."""
    action = decode_action(bytes(line.request), call_id=line.call, extension=line.extension)
    if isinstance(action, domain.Park) and line.position is not UNSET:
        return replace(action, position=line.position)
    return action


def signal_of(line: Line) -> domain.Signal:
    """Return the signal of a line that has one."""
    if line.signal is SignalName.HUNG_UP:
        return domain.HungUp(call_id=line.call, view_id=line.view, disposition=line.disposition)
    assert line.signal is not None
    return _SIGNALS[line.signal](call_id=line.call, view_id=line.view)


def create_of(line: Line) -> domain.Create:
    """Return the new call that a line asks for; `UnreadableLineError` if it does not say which."""
    try:
        kind, read = _CREATES[_decode_kind(line.create).kind]
        return kind(call_id=line.call, **asdict(read(line.create)))
    except (KeyError, TypeError):
        raise UnreadableLineError(f"create has a kind, one of {', '.join(map(str, _CREATES))}") from None
    except ValueError as error:
        raise UnreadableLineError(f"create: {error}") from None


# Writing --------------------------------------------------------------------------------------------------------------


def record_start(call: domain.PhoneCall, *, at: datetime, seq: int = 0) -> bytes:
    """Write the line that starts a call, or starts it again."""
    return write_line(Line(at=at, seq=seq, call=call.id, start=call))


def record_listing(call: domain.PhoneCall, *, at: datetime, seq: int = 0) -> bytes:
    """Write the line of a call as it is listed; one that is over is not."""
    return write_line(Line(at=at, seq=seq, call=call.id, listed=_listed(call)))


def record(
    asked: domain.Action | domain.Create,
    result: domain.PhoneCall | domain.DomainError,
    *,
    at: datetime,
    seq: int = 0,
    numbering: domain.Numbering = DEFAULT,
) -> bytes:
    """Write the line of an input and what came of it: the call, or why it was refused."""
    line = line_of(asked, at=at)
    extensions = _extensions(asked, numbering)
    return write_line(replace(line, seq=seq, answer=_reply(result, _status(asked)), extensions=extensions))


def line_of(asked: domain.Action | domain.Create, *, at: datetime) -> Line:
    """Return the line of an input, without its answer."""
    if isinstance(asked, domain.Signal):
        disposition = asked.disposition if isinstance(asked, domain.HungUp) else None
        word = SignalName(type(asked).__name__)
        return Line(at=at, call=asked.call_id, signal=word, view=asked.view_id, disposition=disposition)
    if isinstance(asked, domain.Create):
        return Line(at=at, call=asked.call_id, create=_body(asked, "kind", _KINDS[type(asked)]))
    body = _body(asked, "action", type(asked).__name__)
    position = asked.position if isinstance(asked, domain.Park) else UNSET
    return Line(at=at, call=asked.call_id, request=body, extension=asked.extension, position=position)


def _status(asked: domain.Action | domain.Create) -> int:
    return ACCEPTED if isinstance(asked, domain.Request) and not isinstance(asked, domain.HangUp) else OK


def _extensions(asked: domain.Action | domain.Create, numbering: domain.Numbering) -> tuple[str, ...] | None:
    """Return the extensions among the numbers of an input, if the default numbering has others."""
    numbers = [number for number in _numbers(asked) if domain.NUMBER.fullmatch(number) is not None]
    extensions = set(filter(numbering.is_extension, numbers))
    return None if extensions == set(filter(DEFAULT.is_extension, numbers)) else tuple(sorted(extensions))


def _numbers(asked: domain.Action | domain.Create) -> Iterator[str]:
    yield from (getattr(asked, name, None) or "" for name in ONE_NUMBER)
    for name in NUMBERS:
        yield from getattr(asked, name, ())


def _body(asked: domain.Request | domain.Create, tag: str, word: object) -> Raw:
    """Write what was asked in the wire's words, without what the line says itself."""
    apart = {"call_id", "position"} if isinstance(asked, domain.Create) else {"call_id", "position", "extension"}
    given = {domain.wire_name(name): getattr(asked, name) for name in asked.__struct_fields__ if name not in apart}
    return Raw(msgspec.json.encode({tag: word} | {name: value for name, value in given.items() if value is not None}))


def _reply(result: domain.PhoneCall | domain.DomainError, status: int) -> Reply:
    if isinstance(result, domain.DomainError):
        return Reply(status=http_status(result.code), error=wire_code(result.code))
    return Reply(status=status, listed=_listed(result))


def _listed(call: domain.PhoneCall) -> Raw:
    return NOT_LISTED if call.over else Raw(encode_call(call))


def write_line(line: Line) -> bytes:
    """Write a line as it stands in a file."""
    return msgspec.json.encode(line) + b"\n"
