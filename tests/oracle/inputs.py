"""Inputs for random walks: mostly sensible, sometimes wrong, drawn for a call as it stands.

One rule: which answer is right is not known here.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import TypeAlias

from callstate.domain import (
    CONNECTED,
    OFF_HOOK,
    ON_HOLD,
    RINGING,
    TRYING,
    UNKNOWN,
    Action,
    Answered,
    BargeIn,
    CreateCallback,
    CreateConferenceInvite,
    CreateSimple,
    Dialled,
    Disposition,
    FarEndRang,
    HangUp,
    Held,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PhoneCall,
    PickUp,
    Rang,
    Resumed,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from tests.oracle.starts import ABROAD, ALICE, CALL, EMERGENCY, ERIN, EXTENSIONS, GUESTS, OUTSIDE, seconds


class Inputs:
    """Draws inputs for a call as it stands; `random` decides everything."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def draw(self, call: PhoneCall) -> Action:
        """Draw an input; the network speaks in one of three."""
        makers = SIGNALS if self.chance(0.33) else REQUESTS
        return self.random.choice(makers)(self, call)

    def retry(self, actions: Sequence[Action], call: PhoneCall) -> Action:
        """Draw an input, at times one that was given before."""
        return self.random.choice(actions) if actions and self.chance(0.12) else self.draw(call)

    def common(self, call: PhoneCall) -> dict[str, str]:
        call_id = call.id if not self.chance(0.01) else self.random.choice(("", "other", CALL + "é"))
        return {"call_id": call_id}

    def asker(self, call: PhoneCall) -> dict[str, str]:
        if self.chance(0.6):
            return self.common(call)
        return self.common(call) | {"extension": self.random.choice((*self.numbers(call), call.extension, ERIN))}

    def numbers(self, call: PhoneCall) -> tuple[str, ...]:
        """Draw from the numbers that mean something in the call; there is always one."""
        return tuple(view.extension for view in call.views if view.extension) or (ALICE,)

    def view_id(self, call: PhoneCall) -> str:
        named = [view.id for view in call.views if view.live and view.listed]
        if named and self.chance(0.85):
            return self.random.choice(named)
        return self.random.choice((*(view.id for view in call.views), "77", "03"))

    def on_view(self, call: PhoneCall) -> dict[str, str]:
        return self.asker(call) | {"view_id": self.view_id(call)}

    def send_call_to(self, call: PhoneCall, wrong: tuple[str, ...]) -> str:
        if self.chance(0.06):
            return self.random.choice(wrong)
        return self.random.choice(EXTENSIONS if self.chance(0.8) else self.numbers(call))

    def rings(self, call: PhoneCall) -> dict[str, object]:
        fields: dict[str, object] = {**self.on_view(call)}
        fields["send_call_to"] = self.send_call_to(call, ("", "@self", OUTSIDE, "0003*20"))
        joined = [view for view in call.views if view.target is not None]
        if joined and self.chance(0.3):
            leg = self.random.choice(joined)
            fields |= {"send_call_to": leg.extension, "view_id": leg.target}
        if self.chance(0.3):
            fields["wait_for_pickup"] = self.random.choice((1, "10", 20, 3600, "3600"))
        if self.chance(0.03):
            fields["wait_for_pickup"] = self.random.choice((0, 3601, "", "x", True, "-1"))
        if self.chance(0.2):
            fields["caller_id"] = self.random.choice(("John Doe <0003*201>", "", "Bad;Id", "Ärger <1>", "9" * 256))
        return fields

    def whisper(self, call: PhoneCall) -> Action:
        private = self.random.choice((0, 1, "1", "0") if self.chance(0.9) else (2, "x", True))
        return Whisper(**self.rings(call), private=private)  # type: ignore[arg-type]  # wrong values belong here

    def sends(self, call: PhoneCall, wrong: tuple[str, ...]) -> dict[str, str]:
        fields = self.asker(call) | {"send_call_to": self.send_call_to(call, wrong)}
        numbers = (*self.numbers(call), OUTSIDE) if self.chance(0.95) else ("x", "@self", "")
        for name in ("transfer_number", "transfer_from_number"):
            if self.chance(0.35):
                fields[name] = self.random.choice(numbers)
        ringing = [view.extension for view in call.views if view.state is RINGING]
        if ringing and self.chance(0.3):
            fields[self.random.choice(("transfer_from_number", "extension"))] = self.random.choice(ringing)
        if self.chance(0.4):
            fields["view_id"] = self.view_id(call)
        return fields

    def transfer(self, call: PhoneCall) -> Action:
        fields = self.sends(call, ("", "@self", "12*34", "+1x"))
        if self.chance(0.2):
            fields["send_call_to"] = self.random.choice((OUTSIDE, ABROAD, EMERGENCY))
        return Transfer(**fields)

    def park(self, call: PhoneCall) -> Action:
        limit = self.random.choice((10, "30", 180, 3600) if self.chance(0.95) else (9, 3601, "x", True))
        position = None if self.chance(0.05) else self.random.choice((1, 2, 100))
        return Park(**self.on_view(call), max_in_parking=limit, position=position)

    def hang_up(self, call: PhoneCall) -> Action:
        fields = self.asker(call)
        if self.chance(0.85):
            fields["view_id"] = self.view_id(call)
        if self.chance(0.3):
            fields["phone_number"] = self.random.choice((*self.numbers(call), OUTSIDE, ERIN))
        return HangUp(**fields)

    def record(self, call: PhoneCall) -> Action:
        formats = ("wav", "wav49") if self.chance(0.95) else ("mp3", "")
        return StartRecording(**self.on_view(call), format=self.random.choice(formats))

    def reported(self, call: PhoneCall) -> dict[str, str]:
        ids = [view.id for view in call.views if view.state in (OFF_HOOK, TRYING, RINGING, UNKNOWN)]
        if not ids or self.chance(0.2):
            ids = [view.id for view in call.views] + ["77", "03"]
        return self.common(call) | {"view_id": self.random.choice(ids)}

    def held(self, call: PhoneCall) -> dict[str, str]:
        ids = [view.id for view in call.views if view.state in (CONNECTED, ON_HOLD)]
        return self.common(call) | {"view_id": self.random.choice(ids)} if ids else self.reported(call)

    def hung_up(self, call: PhoneCall) -> Action:
        why = None if self.chance(0.4) else self.random.choice(tuple(Disposition))
        return HungUp(**self.reported(call), disposition=why)

    def later(self, now: datetime) -> datetime:
        """Draw the time of the next step: often the same instant, seldom long after, at times before."""
        step = self.random.choice((0, 0, 1, 2, 2, 5, 5, 10, 20, 25, 30, -3, 0.5))
        if self.chance(0.04):
            step = self.random.choice((180, 400, 4000))
        try:
            return seconds(step, since=now)
        except OverflowError:
            return now


class Creates:
    """Draws requests that create calls."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def draw(self) -> CreateSimple | CreateCallback | CreateConferenceInvite:
        fields = self._common()
        if self.random.random() < 0.3:
            source = (fields["extension"],) if self.random.random() < 0.9 else self._numbers()
            return CreateConferenceInvite(**fields | {"source": source})  # type: ignore[arg-type]  # wrong values belong here
        fields["call_duration"] = self._often(None, 1, "60", 86400, 86401, "x")
        if self.random.random() < 0.3:
            return CreateCallback(**fields)  # type: ignore[arg-type]  # wrong values belong here
        fields["caller_destination"] = self._often(None, "D <1>", "ü")
        fields["allow_public_transfer"] = self.random.random() < 0.5
        return CreateSimple(**fields)  # type: ignore[arg-type]  # wrong values belong here

    def _common(self) -> dict[str, object]:
        return {
            "call_id": self._often(CALL, "", "c-1"),
            "extension": self._often(ALICE, ERIN, EMERGENCY, "@self", OUTSIDE),
            "source": self._numbers(),
            "destination": self._numbers(),
            "caller_id": self._often(None, "A <1>", "ü", "9" * 256),
            "nonce": self._often(None, "n", "n" * 255, "n" * 256),
            "wait_for_pickup": self._often(25, "10", 3600, 0, "x"),
        }

    def _often(self, usual: object, *others: object) -> object:
        return usual if self.random.random() < 0.9 else self.random.choice(others)

    def _numbers(self) -> tuple[str, ...]:
        """Draw numbers of one kind mostly, seldom none, many, or the same one twice."""
        kinds = ((*EXTENSIONS, *GUESTS), (OUTSIDE, ABROAD, EMERGENCY, "900", "+40"), (*EXTENSIONS, OUTSIDE, "x", ""))
        numbers = self.random.choices(self.random.choices(kinds, (5, 5, 1))[0], k=self.random.choice((1, 1, 1, 2, 3)))
        if self.random.random() < 0.03:
            numbers = [f"{number:04}*{number:03}" for number in range(self.random.choice((0, 100, 101)))]
        return tuple(numbers)


Maker: TypeAlias = Callable[[Inputs, PhoneCall], Action]

SIGNALS: tuple[Maker, ...] = (
    lambda draw, call: Dialled(**draw.reported(call)),
    lambda draw, call: Rang(**draw.reported(call)),
    lambda draw, call: FarEndRang(**draw.reported(call)),
    lambda draw, call: Answered(**draw.reported(call)),
    lambda draw, call: Answered(**draw.reported(call)),
    lambda draw, call: Answered(**draw.reported(call)),
    Inputs.hung_up,
    lambda draw, call: Held(**draw.held(call)),
    lambda draw, call: Resumed(**draw.held(call)),
)

REQUESTS: tuple[Maker, ...] = (
    lambda draw, call: OnHold(**draw.on_view(call)),
    lambda draw, call: OffHold(**draw.on_view(call)),
    Inputs.park,
    Inputs.park,
    lambda draw, call: UnPark(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    lambda draw, call: PickUp(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    lambda draw, call: BargeIn(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    Inputs.whisper,
    lambda draw, call: Monitor(**draw.rings(call)),  # type: ignore[arg-type]  # wrong values belong here
    Inputs.transfer,
    Inputs.transfer,
    lambda draw, call: TransferToVoicemail(**draw.sends(call, ("", "@self", OUTSIDE))),
    Inputs.record,
    lambda draw, call: StopRecording(**draw.on_view(call)),
    Inputs.hang_up,
)
