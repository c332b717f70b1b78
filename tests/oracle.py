"""The oracle: the behaviour of a call, implemented a second time, by hand, on the `transitions` library.

One rule: it is independent. It takes from the package the values, the inputs and the refusal codes, and nothing that
decides; its table (`tests.oracle_legs`), its rules (`tests.oracle_rules`) and its checks were written from the
description of the behaviour alone. It is slow and mutable where the engine is quick and pure; on every input both must
say the same. What the service around the core checks (users, organizations) is not known here.
"""

import re
from datetime import datetime
from typing import NoReturn, TypeAlias

from msgspec.structs import replace

from callstate.domain import (
    CALL_ID,
    CONNECTED,
    DEFAULT_WAIT,
    PARKED,
    PHONE,
    RINGING,
    SELF,
    TRYING,
    UNKNOWN,
    Action,
    BargeIn,
    Disposition,
    ErrorCode,
    HangUp,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    Parking,
    PhoneCall,
    PickUp,
    Recording,
    Request,
    Role,
    Signal,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from tests.oracle_legs import Leg, after, is_inside
from tests.oracle_rules import Conversation, flow_between, ring_the_parker_back, ring_waiting

Rings: TypeAlias = UnPark | PickUp | BargeIn | Whisper | Monitor
Joins: TypeAlias = BargeIn | Whisper | Monitor
Sends: TypeAlias = Transfer | TransferToVoicemail
Due: TypeAlias = tuple[datetime, int, Leg | None]

CALLER_ID = re.compile(r"[A-Za-z0-9<>+* ]*")
JOINING_ROLES = {"BargeIn": Role.BARGE, "Whisper": Role.WHISPER, "Monitor": Role.MONITOR}


class Refused(Exception):  # noqa: N818  # an answer, not an error
    """The input is refused."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code)
        self.code = code


class Repeated(Exception):  # noqa: N818  # an answer, not an error
    """The goal of the input holds already."""


def refuse(code: ErrorCode) -> NoReturn:
    raise Refused(code)


def number_in(value: int | str, low: int, high: int) -> bool:
    """Tell a number of a range, given as a number or as its digits."""
    if isinstance(value, str):
        return re.fullmatch("[0-9]{1,9}", value) is not None and low <= int(value) <= high
    return not isinstance(value, bool) and low <= value <= high


def is_number(value: str) -> bool:
    return is_inside(value) or PHONE.fullmatch(value) is not None


def fault_of_form(request: Request) -> ErrorCode | None:
    """Find the first field that is wrong by itself."""
    match request:
        case UnPark() | PickUp() | BargeIn() | Whisper() | Monitor():
            return _fault_of_ringing(request)
        case Transfer() | TransferToVoicemail():
            return _fault_of_sending(request)
        case Park() if not number_in(request.max_in_parking, 10, 3600):
            return ErrorCode.MAX_IN_PARKING_INVALID
        case StartRecording() if request.format not in ("wav", "wav49"):
            return ErrorCode.FORMAT_INVALID
        case _:
            return None


def _fault_of_ringing(request: Rings) -> ErrorCode | None:
    if not is_inside(request.send_call_to):
        return ErrorCode.SEND_CALL_TO_INVALID
    if request.caller_id is not None and not CALLER_ID.fullmatch(request.caller_id):
        return ErrorCode.CALLER_ID_INVALID
    if not number_in(request.wait_for_pickup, 1, 3600):
        return ErrorCode.WAIT_FOR_PICKUP_INVALID
    if isinstance(request, Whisper) and not number_in(request.private, 0, 1):
        return ErrorCode.PRIVATE_INVALID
    return None


def _fault_of_sending(request: Sends) -> ErrorCode | None:
    to, numbers = request.send_call_to, (request.transfer_from_number, request.transfer_number)
    if not (is_number(to) if isinstance(request, Transfer) else is_inside(to)):
        return ErrorCode.SEND_CALL_TO_INVALID
    given = [number for number in numbers if number is not None]
    if not all(map(is_number, given)) or len(set(given)) < len(given):
        return ErrorCode.TRANSFER_NUMBER_INVALID
    return None


class OracleCall(Conversation):
    """A call that changes in place. `strict` refuses the repeats of actions."""

    def __init__(self, call: PhoneCall, *, strict: bool = False) -> None:
        super().__init__(call)
        self.strict = strict

    @classmethod
    def from_value(cls, call: PhoneCall, *, strict: bool = False) -> "OracleCall":
        return cls(call, strict=strict)

    def apply(self, action: Action, at: datetime) -> ErrorCode | None:
        """Take one input; `None` says that it was accepted, as a repeat too. A refusal leaves all as it was."""
        at = self._not_before(at)
        due = self._next_due()
        held = self.snapshot() if due is not None and due[0] < at else None
        while due is not None and due[0] < at:
            self._expire(due)
            due = self._next_due()
        try:
            self._take(action, at)
        except Repeated:
            return None
        except Refused as refusal:
            if held is not None:
                self.load(held)
            return refusal.code
        return None

    def advance(self, at: datetime) -> None:
        """Let the time pass until `at`, that instant included."""
        at = self._not_before(at)
        while (due := self._next_due()) is not None and due[0] <= at:
            self._expire(due)

    def _take(self, action: Action, at: datetime) -> None:
        if not CALL_ID.fullmatch(action.call_id) or action.call_id != self.value.id:
            refuse(ErrorCode.PHONECALL_INVALID)
        gone = self.gone()
        if isinstance(action, Signal):
            self._hear(action, at)
        else:
            self._check(action)
            self._do(action, at)
        self.finish(at, gone)

    def _do(self, request: Request, at: datetime) -> None:
        match request:
            case OnHold() | OffHold():
                self._hold(request, at)
            case StartRecording():
                self._start_recording(request, at)
            case StopRecording():
                self._stop_recording(request, at)
            case Park():
                self._park(request, at)
            case UnPark():
                self._unpark(request, at)
            case PickUp():
                self._pick_up(request, at)
            case BargeIn() | Whisper() | Monitor():
                self._join_in(request, at)
            case Transfer() | TransferToVoicemail():
                self._send(request, at)
            case HangUp():
                self._hang_up(request, at)

    # Time.

    def _not_before(self, at: datetime) -> datetime:
        return at if self.updated is None else max(at, self.updated)

    def _next_due(self) -> Due | None:
        found: list[Due] = [] if self.ends_by is None else [(self.ends_by, -1, None)]
        for leg in self.live:
            until = leg.until if leg.parking is None else leg.parking.until
            if until is not None:
                found.append((until, leg.number, leg))
        return min(found, key=lambda due: due[:2], default=None)

    def _expire(self, due: Due) -> None:
        at, leg = self._not_before(due[0]), due[2]
        gone = self.gone()
        if leg is None:
            self.end_all("is let go", at)
        elif leg.parking is not None:
            ring_the_parker_back(self, leg, at, DEFAULT_WAIT)
        else:
            leg.end("is let go", at, Disposition.NO_ANSWER)
        self.finish(at, gone)

    # Signals.

    def _hear(self, signal: Signal, at: datetime) -> None:
        name, leg = type(signal).__name__, self.leg(signal.view_id)
        if leg is None:
            refuse(ErrorCode.PHONECALLVIEW_INVALID)
        if name in ("Dialled", "FarEndRang") and leg.side != 0 and not self.over:
            refuse(ErrorCode.WRONG_STATE)
        if leg.can(f"{name} again") or self.over:
            raise Repeated
        if not leg.can(name):
            refuse(ErrorCode.WRONG_STATE)
        if isinstance(signal, HungUp):
            leg.end(name, at, signal.disposition)
            return
        if leg.waits:
            ring_waiting(self, leg, at)
            leg.listed = leg.inside
        leg.move(name, at)

    # The checks before the role.

    def _check(self, request: Request) -> None:
        if self.over and (self.strict or not isinstance(request, HangUp)):
            refuse(ErrorCode.CALL_ENDED)
        if request.extension != SELF and not self._speaks_for(request):
            refuse(ErrorCode.EXTENSION_INVALID)
        if not self._names_a_view(request):
            refuse(ErrorCode.PHONECALLVIEW_INVALID)
        fault = fault_of_form(request)
        if fault is not None:
            refuse(fault)

    def _speaks_for(self, request: Request) -> bool:
        if isinstance(request, PickUp | BargeIn | Whisper | Monitor) and is_inside(request.extension):
            return True
        if not request.extension:
            return False
        known = {leg.extension for leg in (self.legs if self.over else self.live)} | {self.value.extension}
        known |= {leg.parking.by for leg in self.legs if leg.parking is not None}
        return request.extension in known or self._asks_again(request)

    def _asks_again(self, request: Request) -> bool:
        """Whether the asker has left, and asks once more for what it left by."""
        left = [leg for leg in self.legs if not leg.live and leg.extension == request.extension]
        if isinstance(request, HangUp):
            again = request.phone_number == request.extension and bool(left)
            return again if request.phone_number is not None else any(leg.id == request.view_id for leg in left)
        if not isinstance(request, Transfer | TransferToVoicemail) or len(self.sides()) != 2:
            return False
        if request.view_id is not None and self.leg(request.view_id) is None:
            request = replace(request, view_id=None)
        try:
            sent, _ = self._who(request)
        except Refused:
            return False
        if sent is None or self._opposite(sent.side) != self._former_side(request.extension):
            return False
        return self._sent_already(request, sent)

    def _names_a_view(self, request: Request) -> bool:
        if isinstance(request, HangUp) and request.phone_number is not None:
            return True
        if isinstance(request, HangUp | Transfer | TransferToVoicemail) and request.view_id is None:
            return True
        leg = self.leg(request.view_id)
        if leg is None or not leg.listed:
            return False
        if isinstance(request, Park) and not leg.live:
            return self._parked_by(request, leg)
        return leg.live or isinstance(request, HangUp)

    # What the actions have in common.

    def _again(self) -> NoReturn:
        if self.strict:
            refuse(ErrorCode.WRONG_STATE)
        raise Repeated

    def _named(self, view_id: str | None) -> Leg:
        leg = self.leg(view_id)
        assert leg is not None, "the view was checked before"
        return leg

    def _subject(self, leg: Leg, *roles: Role) -> Leg:
        if leg.role not in roles or leg.state == UNKNOWN:
            refuse(ErrorCode.WRONG_STATE)
        return leg

    def _need(self, leg: Leg, trigger: str) -> None:
        if not leg.can(trigger):
            refuse(ErrorCode.WRONG_STATE)

    def _need_two_sides(self) -> None:
        if len(self.sides()) != 2:
            refuse(ErrorCode.WRONG_STATE)

    def _need_free(self, number: str) -> None:
        if any(leg.extension == number for leg in self.live):
            refuse(ErrorCode.SEND_CALL_TO_INVALID)

    def _opposite(self, side: int | None) -> int | None:
        """The other one of two sides; a leg that stands on none has none opposite."""
        return next((other for other in self.sides() if other != side), None) if side in self.sides() else None

    def _main(self, side: int | None) -> Leg | None:
        """The party that stands for a side: the one that is up, else the first."""
        return min(self.on_side(side), key=lambda leg: (not leg.up, leg.number), default=None)

    # Hold and recording.

    def _hold(self, request: OnHold | OffHold, at: datetime) -> None:
        name = type(request).__name__
        leg = self._subject(self._named(request.view_id), Role.PARTY, Role.BARGE)
        if leg.can(f"{name} again"):
            self._again()
        self._need(leg, name)
        leg.move(name, at)

    def _start_recording(self, request: StartRecording, at: datetime) -> None:
        leg = self._subject(self._named(request.view_id), Role.PARTY, Role.BARGE)
        if leg.recording is not None and leg.recording.format == request.format:
            self._again()
        self._need(leg, "StartRecording")
        if leg.recording is not None:
            refuse(ErrorCode.RECORDING_IN_PROGRESS)
        leg.recording = Recording(since=at, format=request.format)

    def _stop_recording(self, request: StopRecording, at: datetime) -> None:
        leg = self._subject(self._named(request.view_id), Role.PARTY, Role.BARGE)
        if leg.recording is None:
            self._again()
        leg.move("StopRecording", at)
        leg.recording = None

    # The parking lot.

    def _parked_by(self, request: Park, named: Leg) -> bool:
        """Whether somebody waits whom the named view, or the asker's, parked before it left."""
        waiting = self.parked()
        if waiting is None or waiting.parking is None:
            return False
        lot = waiting.parking
        left = [leg for leg in self.legs if not leg.live and leg.side == lot.side and leg.extension == lot.by]
        return named in left or (request.extension == lot.by and bool(left))

    def _park(self, request: Park, at: datetime) -> None:
        self._need_two_sides()
        named = self._named(request.view_id)
        if named.state == UNKNOWN:
            refuse(ErrorCode.WRONG_STATE)
        waiting, parker = self._who_waits(request, named)
        if waiting is not None and waiting.role == Role.VOICEMAIL:
            refuse(ErrorCode.WRONG_STATE)
        if PARKED in (named.state, waiting and waiting.state) or self._parked_by(request, named):
            self._again()
        if not self._both_on_call(waiting, parker) or waiting is None or parker is None or not parker.inside:
            refuse(ErrorCode.WRONG_STATE)
        if request.position is None:
            refuse(ErrorCode.PARKING_FULL)
        self._put_in_the_lot(waiting, parker, request, at)

    def _who_waits(self, request: Park, named: Leg) -> tuple[Leg | None, Leg | None]:
        """Tell the party that waits and the one that parks it; an outside party never parks."""
        other = self._main(self._opposite(named.side))
        waiting, parker = (other, named) if named.extension == request.extension else (named, other)
        return (waiting, parker) if parker is None or parker.inside else (parker, waiting)

    def _both_on_call(self, *legs: Leg | None) -> bool:
        return all(leg is not None and leg.talks and leg.on_call for leg in legs)

    def _put_in_the_lot(self, waiting: Leg, parker: Leg, request: Park, at: datetime) -> None:
        assert request.position is not None
        assert parker.side is not None
        seconds = int(request.max_in_parking)
        waiting.move("Park", at)
        waiting.parking = Parking(
            since=at,
            position=request.position,
            by=parker.extension,
            side=parker.side,
            seconds=seconds,
            until=after(at, seconds),
        )
        waiting.listed = True
        parker.end("is let go", at, Disposition.ANSWERED)

    def _unpark(self, request: UnPark, at: datetime) -> None:
        self._need_two_sides()
        waiting = self._subject(self._named(request.view_id), Role.PARTY, Role.BARGE)
        side = None if waiting.parking is None else waiting.parking.side
        if self._rings_there(side, request.send_call_to):
            self._again()
        self._need(waiting, "UnPark")
        self._need_free(request.send_call_to)
        leg = Leg(id="", extension=request.send_call_to, state=TRYING, side=side, caller_id=request.caller_id)
        self.ring(leg, other=waiting, at=at, wait=int(request.wait_for_pickup))

    def _rings_there(self, side: int | None, number: str) -> bool:
        return any(leg.state == RINGING and leg.extension == number for leg in self.on_side(side))

    # More phones.

    def _pick_up(self, request: PickUp, at: datetime) -> None:
        rung = self._subject(self._named(request.view_id), Role.PARTY)
        if rung.state == RINGING and self._rings_there(rung.side, request.send_call_to):
            self._again()
        self._need(rung, "PickUp")
        self._need_free(request.send_call_to)
        leg = Leg(id="", extension=request.send_call_to, state=TRYING, side=rung.side, caller_id=request.caller_id)
        self.ring(leg, other=rung, at=at, wait=int(request.wait_for_pickup))
        leg.source, leg.destination, leg.flow = rung.source, rung.destination, rung.flow

    def _join_in(self, request: Joins, at: datetime) -> None:
        name = type(request).__name__
        role, number = JOINING_ROLES[name], request.send_call_to
        target = self._subject(self._named(request.view_id), Role.PARTY, Role.BARGE)
        if any(self._has_joined(leg, target) for leg in self.live if leg.role == role and leg.extension == number):
            self._again()
        self._need(target, name)
        self._need_free(number)
        leg = Leg(id="", extension=number, state=TRYING, role=role, target=target.id, caller_id=request.caller_id)
        leg.private = isinstance(request, Whisper) and int(request.private) == 1
        self.ring(leg, other=target, at=at, wait=int(request.wait_for_pickup))

    def _has_joined(self, leg: Leg, target: Leg) -> bool:
        return leg.target == target.id or (leg.role == Role.BARGE and leg.up)

    # Transfers.

    def _bearer(self, number: str) -> Leg | None:
        """Whom a number means among the parties."""
        found = [leg for leg in self.live if not leg.supervises and leg.extension == number]
        return min(found, key=lambda leg: (leg.role == Role.VOICEMAIL, leg.number), default=None)

    def _former_side(self, number: str) -> int | None:
        """Where a party stood that has left; the last of its legs counts."""
        found = [leg for leg in self.legs if not leg.live and leg.extension == number and leg.side is not None]
        last = max(found, key=lambda leg: (leg.ended, leg.number), default=None)
        return None if last is None else last.side

    def _who(self, request: Sends) -> tuple[Leg | None, Leg | None]:
        """Who is sent and who sends; without a sender the one who sent it has left, without both nobody is told."""
        to, of = request.transfer_number, request.transfer_from_number
        if of is None and (to is not None or request.view_id is not None):
            sent = self._named(request.view_id) if to is None else self._bearer(to)
            return sent, None if sent is None else self._main(self._opposite(sent.side))
        number = request.extension if of is None else of
        sender = self._bearer(number)
        if sender is not None and sender.side is None:
            refuse(ErrorCode.WRONG_STATE)
        side = self._former_side(number) if sender is None else sender.side
        sent = self._main(self._opposite(side)) if to is None else self._bearer(to)
        if side is None or sent is None or sent.side == side:
            return None, None
        return sent, sender

    def _send(self, request: Sends, at: datetime) -> None:
        self._need_two_sides()
        sent, sender = self._who(request)
        if sent is not None:
            self._subject(sent, Role.PARTY, Role.BARGE)
            if self._sent_already(request, sent):
                self._again()
        if not self._can_part(sent, sender):
            refuse(ErrorCode.WRONG_STATE)
        if isinstance(request, Transfer):
            self._need_free(request.send_call_to)
        if sent is None or sender is None:
            refuse(ErrorCode.TRANSFER_NUMBER_INVALID)
        if not is_inside(request.send_call_to) and not self.value.allow_public_transfer:
            refuse(ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED)
        sender.end("is let go", at, Disposition.ANSWERED)
        sent.move(type(request).__name__, at)
        self._new_partner(request, sent, sender.side, at)

    def _can_part(self, sent: Leg | None, sender: Leg | None) -> bool:
        """Whether both are on call; where a number tells nobody, those who stand for the sides."""
        if sent is not None and sender is not None:
            return self._both_on_call(sent, sender)
        mains = [self._main(side) for side in self.sides()]
        return self._both_on_call(*mains, *([] if sent is None else [sent]))

    def _sent_already(self, request: Sends, sent: Leg) -> bool:
        there = self.on_side(self._opposite(sent.side))
        wanted = (request.send_call_to, isinstance(request, TransferToVoicemail))
        return [(leg.extension, leg.role == Role.VOICEMAIL) for leg in there] == [wanted]

    def _new_partner(self, request: Sends, sent: Leg, side: int | None, at: datetime) -> None:
        number = request.send_call_to
        if isinstance(request, Transfer):
            self.ring(Leg(id="", extension=number, state=TRYING, side=side), other=sent, at=at, wait=DEFAULT_WAIT)
            return
        mailbox = Leg(id="", extension=number, state=CONNECTED, side=side, role=Role.VOICEMAIL, answered=at)
        mailbox.source, mailbox.destination = sent.numbers, (number,)
        mailbox.flow = flow_between(number, sent.extension)
        self.answered = self.answered or at
        self.join(mailbox)

    # The end.

    def _hang_up(self, request: HangUp, at: datetime) -> None:
        if request.phone_number is None and request.view_id is None:
            if self.over:
                self._again()
            self.end_all("HangUp", at)
            return
        leg = self.leg(request.view_id) if request.phone_number is None else self._numbered(request.phone_number)
        if leg is None or leg.can("HangUp again"):
            self._again()
        leg.end("HangUp", at)

    def _numbered(self, number: str) -> Leg | None:
        found = [leg for leg in self.live if leg.extension == number != ""]
        return min(found, key=lambda leg: (leg.role == Role.VOICEMAIL, leg.number), default=None)
