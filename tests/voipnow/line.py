"""A call that the engine makes, input by input, and what the subscribers of its extensions hear meanwhile.

One rule: between two values of the call lies one input or one deadline, as it does for a service.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from callstate import LENIENT, Action, PhoneCall, PhoneCallView, Role, apply_action, create_call, steps, unwrap
from callstate.domain import OFF_HOOK, TRYING, Create, Flow
from callstate.engine import Rules
from callstate.voipnow.service import CallEvent, Directory, events
from tests.calls import ALICE, BOB, CALL, CAROL, DAVE, ERIN, at
from tests.voipnow.world import CONFERENCE, DIRECTORY, QUEUE

NAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol", DAVE: "dave", ERIN: "erin", CONFERENCE: "room", QUEUE: "queue"}


class Heard(NamedTuple):
    """An event, in short: of whom, of which type, and with which status."""

    who: str
    type: int
    status: str


def heard(found: Sequence[CallEvent]) -> list[Heard]:
    return [Heard(NAMES.get(one.extension, one.extension), int(one.type), one.parameters.call_status) for one in found]


class Line:
    """A call in which things happen, one second after the other."""

    def __init__(self, call: PhoneCall | None = None, *, directory: Directory = DIRECTORY) -> None:
        self.directory = directory
        self.rules: Rules = replace(LENIENT, numbering=directory.numbering)
        self.seconds = 10.0
        self.told: list[CallEvent] = []
        self.values: list[PhoneCall] = []
        if call is not None:
            self._next(call)

    @property
    def call(self) -> PhoneCall:
        """The call as it is now."""
        return self.values[-1]

    @property
    def now(self) -> datetime:
        """The time of the next input."""
        return at(self.seconds)

    def create(self, kind: type[Create], source: tuple[str, ...], destination: tuple[str, ...], **more: Any) -> "Line":
        """Let the service make the call (Any: fields of a create)."""
        known = {"call_id": CALL, "extension": source[0], "source": source, "destination": destination}
        self._next(unwrap(create_call(kind(**(known | more)), at=self.now, rules=self.rules)))
        return self

    def do(self, *inputs: Action) -> list[Heard]:
        """Let things happen, and tell what is heard of them."""
        before = len(self.told)
        for action in inputs:
            self.seconds += 1
            self._next(unwrap(apply_action(self.call, action, at=self.now, rules=self.rules)))
        return heard(self.told[before:])

    def on(self, kind: type[Action], view_id: str | None = None, **fields: Any) -> list[Heard]:
        """Let one thing happen to a view (Any: fields of any input)."""
        named = {} if view_id is None else {"view_id": view_id}
        return self.do(kind(**({"call_id": CALL} | named | fields)))

    def wait(self, seconds: float) -> list[Heard]:
        """Let time pass, deadline by deadline."""
        before = len(self.told)
        self.seconds += seconds
        for call in steps(self.call, at=self.now):
            self._next(call)
        return heard(self.told[before:])

    def _next(self, call: PhoneCall) -> None:
        before = self.values[-1] if self.values else None
        self.told += events(before, call, directory=self.directory)
        self.values.append(call)

    def of(self, who: str) -> list[CallEvent]:
        """Return all events of one extension."""
        return [one for one in self.told if one.extension == who]


def dialled(caller: str, called: str, **fields: Any) -> PhoneCall:
    """Build a call that a phone dials by itself, of which the network reports (Any: fields of the views)."""
    ends = {"source": (caller,), "destination": (called,), "flow": Flow.LOCAL, **fields}
    views = tuple(
        PhoneCallView(
            id=f"{side:02d}",
            extension=number,
            state=TRYING if side else OFF_HOOK,
            side=side,
            listed=DIRECTORY.numbering.is_extension(number),
            outside=not DIRECTORY.numbering.is_extension(number),
            role=Role.PARTY,
            **ends,
        )
        for side, number in enumerate((caller, called))
    )
    return PhoneCall(id=CALL, extension=caller if DIRECTORY.extension(caller) else called, views=views, updated=at(0))
