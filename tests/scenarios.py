"""The form of a scenario, strictly: what is in `docs/scenarios/*.json`, and the schema that other languages read.

One rule: a name that is not in the form is an error, in a scenario's given call too, so that no mistyped expectation
passes for one that holds.
"""

from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from callstate import Disposition, Parking, PhoneCall, PhoneCallView, Recording, ViewState
from callstate.conformance.trace import Instant, Position, SignalName
from callstate.domain import Check, EndReason, Numbering

FOLDER = Path(__file__).parent.parent / "docs" / "scenarios"
SCHEMA = FOLDER / "schema.json"
PATHS = sorted(set(FOLDER.glob("*.json")) - {SCHEMA})

Value = TypeVar("Value")
Maybe: TypeAlias = Value | UnsetType | None
"""A field that need not be named; null means that there is none."""


class GivenParking(Parking, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class GivenRecording(Recording, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class GivenNumbering(Numbering, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which numbers are extensions: those that match the `pattern`, or exactly the `numbers`."""


class GivenView(PhoneCallView, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party, with the fields of callstate's own JSON; those that are left out have their defaults."""

    parking: GivenParking | None = None
    recording: GivenRecording | None = None


class GivenCall(PhoneCall, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole call, likewise."""

    views: tuple[GivenView, ...]


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an input is refused: callstate's code, the wire's, and what is allowed on the named view, in any order.

    `check` is the check that failed, and `parameter` the field at fault in the wire's words, null if there is none.
    `allowed` are all actions that are allowed then, `some_allowed` some of them, and `none_allowed` some others.
    """

    code: str
    wire: str
    check: Check | None = None
    parameter: Maybe[str] = UNSET
    allowed: list[str] | None = None
    some_allowed: list[str] | None = None
    none_allowed: list[str] | None = None


class Then(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What holds after a step. What is not named may be anything; null means that there is none.

    `states` are those of all views. `listed` are the views that the service lists, all of them, with some of their
    fields as the wire spells them. `views` and `call` are some fields of views and of the call in callstate's own JSON.
    """

    refused: Refusal | None = None
    unchanged: Literal[True] | None = None
    states: dict[str, ViewState] | None = None
    listed: dict[str, "ListedView"] | None = None
    views: dict[str, "SomeView"] | None = None
    call: "SomeCall | None" = None

    def __post_init__(self) -> None:
        whole = (self.refused is not None) + (self.unchanged is not None) + (self.states is not None)
        more = self.listed is not None or self.views is not None or self.call is not None
        if whole != 1 or (more and self.states is None):
            raise ValueError("then has refused, or unchanged, or states with more about them")


class ListedView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of a view as the wire spells them."""

    extension: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    flow: Maybe[str] = UNSET
    source: Maybe[list[str]] = UNSET
    destination: Maybe[list[str]] = UNSET
    ringing: Maybe[Instant] = UNSET
    answered: Maybe[Instant] = UNSET
    recording: Maybe[Instant] = UNSET
    parked: Maybe[Instant] = UNSET
    parkedPos: Maybe[str] = UNSET  # noqa: N815  # the wire's spelling
    parkedBy: Maybe[str] = UNSET  # noqa: N815  # likewise
    onHold: Maybe[Instant] = UNSET  # noqa: N815  # likewise
    holder: Maybe[str] = UNSET


class SomeView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of a view in callstate's own JSON."""

    extension: Maybe[str] = UNSET
    outside: Maybe[bool] = UNSET
    listed: Maybe[bool] = UNSET
    source: Maybe[list[str]] = UNSET
    destination: Maybe[list[str]] = UNSET
    caller_id: Maybe[str] = UNSET
    waits: Maybe[bool] = UNSET
    private: Maybe[bool] = UNSET
    role: Maybe[str] = UNSET
    flow: Maybe[int] = UNSET
    side: Maybe[int] = UNSET
    target: Maybe[str] = UNSET
    ringing: Maybe[Instant] = UNSET
    answered: Maybe[Instant] = UNSET
    on_hold: Maybe[Instant] = UNSET
    parking: Maybe[GivenParking] = UNSET
    recording: Maybe[GivenRecording] = UNSET
    until: Maybe[Instant] = UNSET
    ended: Maybe[Instant] = UNSET
    disposition: Maybe[Disposition] = UNSET
    reason: Maybe[EndReason] = UNSET
    successor: Maybe[str] = UNSET


class SomeCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of a call in callstate's own JSON."""

    extension: Maybe[str] = UNSET
    nonce: Maybe[str] = UNSET
    version: Maybe[int] = UNSET
    updated: Maybe[Instant] = UNSET
    published: Maybe[Instant] = UNSET
    answered: Maybe[Instant] = UNSET
    ends_by: Maybe[Instant] = UNSET
    wait_for_pickup: Maybe[int] = UNSET
    allow_public_transfer: Maybe[bool] = UNSET
    forgotten: Maybe[int] = UNSET


class Create(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A new call: its kind, and the fields of its request, flat. Whole numbers can come as text."""

    kind: Literal["simple", "callback", "conferenceInvite"]
    extension: str
    source: list[str]
    destination: list[str]
    wait_for_pickup: Maybe[int | str] = UNSET
    call_duration: Maybe[int | str] = UNSET
    caller_id: Maybe[str] = UNSET
    caller_destination: Maybe[str] = UNSET
    nonce: Maybe[str] = UNSET
    allow_public_transfer: Maybe[bool] = UNSET


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One input at a time: a request, a signal or a new call. Without one, time passes until then.

    `request` is the body as a client sends it, on behalf of `extension`; `position` is the place in the parking lot
    that is free, null if none is. `signal` is what the network reports of the view `view`.
    """

    at: Instant
    request: dict[str, Any] | None = None
    extension: Maybe[str] = UNSET
    position: Maybe[Position] = UNSET
    signal: SignalName | None = None
    view: Maybe[str] = UNSET
    disposition: Disposition | None = None
    create: Create | None = None
    then: Then


class _Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What scenarios and timelines have in common."""

    rules: Literal["lenient", "strict"]
    numbering: GivenNumbering | None = None
    given: GivenCall | None
    given_listed: dict[str, Any] | None = None
    steps: list[Step]

    def __post_init__(self) -> None:
        if self.given is not None and self.given_listed is not None:
            raise ValueError("there is given or given_listed, not both")


class Scenario(_Story, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A situation: the call that is given, null if there is none yet, and what happens to it, step by step.

    `given_listed` is that call as a service lists it; it is read at the time of the first step, and `given` is null.
    """

    title: str
    why: str


class Timeline(_Story, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A random timeline by its number, with every answer; what a step does not name has not changed."""

    number: int


def load(path: Path) -> Scenario:
    return msgspec.json.decode(path.read_bytes(), type=Scenario)


def schema() -> bytes:
    """Write the form as a JSON Schema."""
    found = msgspec.json.schema(Scenario)
    del found["$defs"]["GivenCall"]["properties"]["deadline"]  # it follows from the other fields
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | found
    return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"


def write() -> None:
    """Write the schema."""
    SCHEMA.write_bytes(schema())
