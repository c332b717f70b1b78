"""Random timelines with every answer, for implementers to run in bulk: `python -m tests.write timelines`.

One rule: the oracle draws and answers them, and the engine is not asked; a test checks that it answers the same. A line
of the file is one timeline in the form of a scenario without its words, and what a step does not name has not changed.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from callstate.domain import (
    RINGING,
    TRYING,
    Action,
    Answered,
    Create,
    CreateCallback,
    CreateSimple,
    FarEndRang,
    HungUp,
    Numbering,
    OffHold,
    Park,
    PhoneCall,
    Rang,
    Request,
    StopRecording,
    Transfer,
    TransferToVoicemail,
)
from tests import pack
from tests.oracle import steps
from tests.oracle.answers import Refusal
from tests.oracle.bodies import NAMES, OF_A_CREATE
from tests.oracle.inputs import Creates, Inputs
from tests.oracle.listing_inputs import Listings
from tests.oracle.starts import BOB, OUTSIDE, STARTS, T0, lot
from tests.scenarios import FOLDER
from tests.timeline_answers import CALL, VIEW, Answers

FILE = FOLDER / "timelines.jsonl"
COUNT = 3000
STEPS = (3, 4, 5, 6, 7)
"""How many steps a timeline has at most."""

MOST_NUMBERS = 3
"""How many numbers a new call has at an end, because a hundred make long lines."""

NUMBERINGS = (None, None, None, r"[0-9]{4}\*[0-9]{3}|[2-9][0-9]{2}")
"""The usual numbering mostly, else one in which a number such as 112 is outside."""

Json = dict[str, Any]  # Any: JSON


def _rung_back(party: str, times: int) -> PhoneCall:
    """A parked party whose parker has been rung back that many times."""
    call = lot(party)
    (left, waiting), place = call.views, call.views[1].parking
    assert place is not None
    return replace(call, views=(left, replace(waiting, parking=replace(place, ring_backs=times))))


OF_SCENARIOS = (
    "deflection-again-while-a-phone-rings", "third-party-leaves", "transfer-by-one-who-rang-out",
    "transfer-while-two-phones-ring", "two-retrieve", "view-of-a-parker-is-carried", "view-of-a-transferor-is-carried",
)  # fmt: skip
"""The scenarios with a given call that timelines begin with, because random steps seldom lead there."""

LEFT_OUT = ("last minute", "long")
"""Not every language has a date so late, and one call of twelve views is enough."""

GIVEN = {
    **{name: call for name, call in STARTS.items() if name not in LEFT_OUT},
    **{name: msgspec.convert(scenario["given"], PhoneCall) for name, scenario in pack.scenarios(OF_SCENARIOS).items()},
    "rung back eight times": _rung_back(BOB, 8),
    "rung back nine times": _rung_back(OUTSIDE, 9),
}
"""The calls that timelines are given."""


def draw(number: int) -> Json:
    """Draw a timeline; its number alone decides."""
    return {"number": number} | _Drawing(Random(number)).timeline()  # noqa: S311  # a seed makes it repeatable


class _Drawing:
    """Draws one timeline while the oracle answers it."""

    def __init__(self, random: Random) -> None:
        self.random, self.inputs = random, Inputs(random)
        self.strict = random.random() < 0.3
        self.pattern = random.choice(NUMBERINGS)
        self.numbering = Numbering() if self.pattern is None else Numbering(pattern=self.pattern)
        self.call: PhoneCall | None = None
        self.answers = Answers(None, None)
        self.now = T0
        self.steps: list[Json] = []

    def timeline(self) -> Json:
        head: Json = {"rules": "strict" if self.strict else "lenient"}
        if self.pattern is not None:
            head["numbering"] = {"pattern": self.pattern}
        head |= self._begin()
        most = self.random.choice(STEPS)
        while len(self.steps) < most and not (self.call is not None and self.call.over and self.inputs.chance(0.4)):
            self._step(self._create() if self.call is None else self._sensible(self.call))
        return head | {"steps": self.steps}

    def _begin(self) -> Json:
        """Begin with nothing, with a listing or with a given call."""
        kind = self.random.choices(("create", "listing", "given"), (4, 2, 6))[0]
        if kind == "create":
            return {"given": None}
        if kind == "listing":
            listing = Listings(self.random).draw()
            self.call = steps.begin({"given_listed": listing, "steps": [{"at": _written(T0)}]}, None, self.numbering)
            self.answers = Answers(self.call, None)
            self._step({})
            return {"given": None, "given_listed": listing}
        self.call = replace(self.random.choice(tuple(GIVEN.values())), id=steps.CALL)
        whole = steps.shown(self.call)["call"]
        self.answers = Answers(self.call, whole)
        return {"given": _given(whole)}

    def _step(self, given: Json) -> None:
        result = self._take(given)
        told = self.answers.tell(given, result, steps.shown(result))
        self.steps.append({"at": _written(self.now)} | given | {"then": told})
        self.call = result if isinstance(result, PhoneCall) else self.call
        self.now = self.inputs.later(self.now)

    def _take(self, given: Json) -> PhoneCall | Refusal | None:
        return steps.take(self.call, {"at": _written(self.now)} | given, strict=self.strict, numbering=self.numbering)

    # What comes in.

    def _create(self) -> Json:
        request = Creates(self.random).draw()
        while max(len(request.source), len(request.destination)) > MOST_NUMBERS:
            request = Creates(self.random).draw()
        kinds = {CreateSimple: "simple", CreateCallback: "callback"}
        body: Json = {"kind": kinds.get(type(request), "conferenceInvite"), "extension": request.extension}
        body |= _fields(request, OF_A_CREATE)
        if "callDuration" in body and self.inputs.chance(0.3):
            body["callDuration"] = body.get("waitForPickup", 25)  # two deadlines at one time
        return {"create": body}

    def _sensible(self, call: PhoneCall) -> Json:
        """Draw again, mostly, what would be refused or change nothing."""
        given = self._input(call)
        for _ in range(5):
            result = self._take(given)
            if (isinstance(result, PhoneCall) and result is not call) or self.inputs.chance(0.25):
                break
            given = self._input(call)
        return given

    def _input(self, call: PhoneCall) -> Json:
        known = [step for step in self.steps if {"request", "signal"} & step.keys()]
        if known and self.inputs.chance(0.12):
            again = self.random.choice(known)
            return {name: value for name, value in again.items() if name not in ("at", "then")}
        if self.inputs.chance(0.08):
            return {}
        waits = [view.id for view in call.views if view.state in (TRYING, RINGING)]
        if waits and self.inputs.chance(0.25):  # so that calls get somewhere
            kind = self.random.choice((Answered, Answered, Answered, Rang, FarEndRang))
            return self._as_step(kind(call_id=call.id, view_id=self.random.choice(waits)))
        seldom = self.random.choice((self._transfer, self._undo)) if self.inputs.chance(0.1) else self.inputs.draw
        return self._as_step(seldom(call))

    def _undo(self, call: PhoneCall) -> Action:
        """End a hold or a recording, if there is one."""
        held = [OffHold(call_id=call.id, view_id=view.id) for view in call.views if view.on_hold is not None]
        recorded = [
            StopRecording(call_id=call.id, view_id=view.id) for view in call.views if view.recording is not None
        ]
        return self.random.choice([*held, *recorded, self.inputs.draw(call)])

    def _transfer(self, call: PhoneCall) -> Action:
        """Send somebody in the name of a party that is or was in the call, mostly to a phone that is there."""
        numbers = [view.extension for view in call.views if view.extension] or [BOB]
        fields = {name: self.random.choice(numbers) for name in ("send_call_to", "extension")}
        for name in ("transfer_from_number", "transfer_number"):
            if self.inputs.chance(0.4):
                fields[name] = self.random.choice(numbers)
        if self.inputs.chance(0.4):
            fields["view_id"] = self.random.choice(call.views).id
        return self.random.choice((Transfer, TransferToVoicemail))(call_id=call.id, **fields)

    def _as_step(self, action: Action) -> Json:
        if not isinstance(action, Request):
            told = {"signal": type(action).__name__, "view": action.view_id}
            why = action.disposition if isinstance(action, HungUp) else None
            return told if why is None else told | {"disposition": int(why)}
        body: Json = {"action": type(action).__name__}
        body |= _fields(action, {name: names[0] for name, names in NAMES.items()})
        step: Json = {"request": self._spelled(body), "extension": action.extension}
        return step | {"position": action.position} if isinstance(action, Park) else step

    def _spelled(self, body: Json) -> Json:
        """Spell a body in another way at times, or leave a field or the action away."""
        for name, other in (("callerId", "callerID"), ("waitForPickup", "waitForPickUp")):
            if name in body and self.inputs.chance(0.2):
                body = {other if key == name else key: value for key, value in body.items()}
            elif name in body and self.inputs.chance(0.1):
                body = body | {other: "7"}
        if self.inputs.chance(0.01):
            return body | {"action": self.random.choice(("Dance", "hangup", ""))}
        for name in ("waitForPickup", "maxInParking", "private", "transferNumber", "transferFromNumber"):
            if name in body and self.inputs.chance(0.06):
                body = body | {name: self.random.choice(("+10", " 10", "x", ""))}
        if self.inputs.chance(0.01):
            return {name: value for name, value in body.items() if name != "sendCallTo"}
        return body


def _given(whole: Json) -> Json:
    """Write a call without what is at its default."""
    views = [{name: value for name, value in view.items() if value != VIEW[name]} for view in whole["views"]]
    return {name: whole[name] for name in CALL if name != "views" and whole[name] != CALL[name]} | {"views": views}


def _fields(value: Request | Create, names: dict[str, str]) -> Iterator[tuple[str, object]]:
    defaults = {field.name: field.default for field in msgspec.structs.fields(type(value))}
    for name, key in names.items():
        if name in defaults and getattr(value, name) != defaults[name]:
            yield key, getattr(value, name)


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


# The file.


def line(number: int) -> str:
    return json.dumps(draw(number), ensure_ascii=False, separators=(",", ":")) + "\n"


def read() -> list[Json]:
    return [json.loads(text) for text in FILE.read_text("utf-8").splitlines()]


def write() -> None:
    """Draw all timelines again."""
    with FILE.open("w", encoding="utf-8") as file:
        file.writelines(map(line, range(1, COUNT + 1)))
