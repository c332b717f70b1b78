"""The form of the machine-readable reference, strictly, and the JSON Schema that is made of it.

One rule: the classes say which names the document has; what stands in it comes from `machine_readable`.
"""

from typing import Literal

import msgspec

Json = str | int | bool | None


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of the document; a field that has no value is left out."""


class State(_Part, frozen=True, kw_only=True):
    """A state of a view. `status` is its number on the wire, and `beside` names the wire's fields that come with it."""

    name: str
    up: bool
    meaning: str
    status: int | None = None
    beside: list[str] = []


class Role(_Part, frozen=True, kw_only=True):
    """A role of a view: whether it is a party, and whether it supervises one."""

    name: str
    party: bool
    supervises: bool


class Number(_Part, frozen=True, kw_only=True):
    """A word and its number on the wire."""

    name: str
    wire: int


class Check(_Part, frozen=True, kw_only=True):
    """A check of a request. The checks are made in the order of the list."""

    name: str
    passes_if: str


class Code(_Part, frozen=True, kw_only=True):
    """A code of a refusal, its spelling on the wire and its status. `vendor`: the vendor documents it."""

    name: str
    wire: str
    status: int
    vendor: bool


class Form(_Part, frozen=True, kw_only=True):
    """What a field must be, and the code of the refusal if it is not.

    `pattern`: the whole text matches it. `minimum` and `maximum`: a whole number, or a text of at most nine digits.
    `max_length`: so many characters. `number`: the number of an extension, or of an extension or an outside phone.
    """

    code: str
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    number: Literal["extension", "any"] | None = None


class Field(_Part, frozen=True, kw_only=True):
    """A field of an input or of a request for a new call. `wire` is its name on the wire, if it is sent.

    The forms are checked in their order, by form alone; a field that is not given is not checked, but a required one
    that is missing counts as an empty text.
    """

    name: str
    meaning: str
    required: bool
    default: Json = None
    wire: str | None = None
    other_spelling: str | None = None
    forms: list[Form] = []


class Test(_Part, frozen=True, kw_only=True):
    """A question about a field of the named view: whether it is equal to a value, or not. Null: it has no value.

    A value that begins with `$` is that of a field of the request: `$format` is the `format` that StartRecording has,
    or its default if the request has none.
    """

    field: str
    value: Json
    equal: bool = True


class Condition(_Part, frozen=True, kw_only=True):
    """What an input comes to if all tests pass: `repeat`, or the code of the refusal. `check` is the check that fails.

    First come the conditions of the check `view`, then the role, then those of `role` and `state`, then the table, and
    at last, for a move, those of `context`. Conditions are about the named view alone, so they are not complete: a view
    that has ended or is unlisted can be named by some requests nevertheless, which `refusals` and `repeats` say in
    words. A repeat that depends on other views is accepted in states that the table refuses.
    """

    check: str
    tests: list[Test]
    result: str


class Refusal(_Part, frozen=True, kw_only=True):
    """When an input is refused, in the order of the checks. `parameters`: the field at fault, on the wire."""

    check: str
    when: str
    code: str
    parameters: list[str] = []


class Repeat(_Part, frozen=True, kw_only=True):
    """When an action is a repeat, and the code by which the strict rules refuse it."""

    when: str
    strict: str


class Leg(_Part, frozen=True, kw_only=True):
    """A leg that an input or a deadline adds.

    `limit`: whether it rings for the time of the request or of the call; it has none if it is up.
    """

    role: str
    state: str
    outside: bool
    listed: bool
    on_a_side: bool
    limit: Literal["request", "call"] | None = None


class Input(_Part, frozen=True, kw_only=True):
    """An action or a signal.

    `roles`: of the named view. `two_sides`: the call must have exactly two sides. `asker`: who can ask, `participant`
    or `colleague` (any extension); a signal has none. `conditions`: what the named view decides beside the table.
    `checked` names the fields with forms, in the order in which they are checked. `refusals` and `repeats` say in words
    what else decides.
    """

    name: str
    kind: Literal["action", "signal"]
    purpose: str
    roles: list[str]
    two_sides: bool
    fields: list[Field]
    asker: Literal["participant", "colleague"] | None = None
    conditions: list[Condition] = []
    checked: list[str] = []
    refusals: list[Refusal] = []
    repeats: list[Repeat] = []
    legs: list[Leg] = []


class Row(_Part, frozen=True, kw_only=True):
    """One cell of the table: an input, the state of the view, and the state that it leads to.

    `result`: `move` is accepted; `repeat` and `late` are accepted and change nothing. A cell without a row is refused.
    """

    input: str
    state: str
    to: str
    result: Literal["move", "repeat", "late"]


class RuleSet(_Part, frozen=True, kw_only=True):
    """A rule set: its table, and the code of what is not in the table."""

    name: str
    repeats: bool
    otherwise: str
    rows: list[Row]


class NewView(_Part, frozen=True, kw_only=True):
    """A view of a new call, by the sort of its number. `limit`: it has a limit, creation plus `wait_for_pickup`."""

    number: str
    state: str
    side: int
    listed: bool
    waits: bool
    limit: bool
    dates: list[str] = []


class NewCall(_Part, frozen=True, kw_only=True):
    """A kind of request for a new call. `checked` names the fields with forms, in the order of their checks."""

    kind: str
    name: str
    purpose: str
    fields: list[Field]
    checked: list[str]
    refusals: list[Refusal]
    views: list[NewView]


class ValueField(_Part, frozen=True, kw_only=True):
    """A field of a value: its type, its default, and the names of the wire for it."""

    name: str
    type: str
    meaning: str
    required: bool
    default: Json | list[str] = None
    wire: list[str] = []


class ValueClass(_Part, frozen=True, kw_only=True):
    """A value: its fields, and sentences that say when they are set and cleared."""

    name: str
    fields: list[ValueField]
    rules: list[str]


class CrossViewRule(_Part, frozen=True, kw_only=True):
    """A rule across the views of a call. They are applied in their order, until none changes anything."""

    name: str
    text: str


class Deadline(_Part, frozen=True, kw_only=True):
    """A deadline: the field that has its time, the seconds that it can be set to, and what happens then."""

    name: str
    field: str
    minimum: int
    maximum: int
    happens: str
    default: int | None = None


class Far(_Part, frozen=True, kw_only=True):
    """The state of the party that a listing does not show, by the state and the side of the one that it shows."""

    listed: str
    side: int
    added: str
    waits: bool


class StateChange(_Part, frozen=True, kw_only=True):
    """A change of a state that a cause can bring about, the rules across the views included."""

    before: str
    after: str


class Effects(_Part, frozen=True, kw_only=True):
    """What a cause (an input or a deadline) can do to a view, by the part of the view, or to the call.

    `states`: changes of the state. `set`, `cleared` and `changed` name the other fields; false counts as no value.
    """

    cause: str
    part: str
    states: list[StateChange] = []
    set: list[str] = []
    cleared: list[str] = []
    changed: list[str] = []


class Limits(_Part, frozen=True, kw_only=True):
    """Numbers that belong to no field."""

    parking_positions: int
    ring_backs: int
    ended_views: int
    numbers_of_a_new_call: int
    views_of_a_listing: int


class Document(_Part, frozen=True, kw_only=True, rename={"schema": "$schema"}):
    """The reference of callstate for programs: everything in it is confirmed by running the engine."""

    schema: str

    states: list[State]
    roles: list[Role]
    flows: list[Number]
    dispositions: list[Number]
    end_reasons: list[str]
    patterns: dict[str, str]
    limits: Limits
    checks: list[Check]
    codes: list[Code]
    rule_sets: list[RuleSet]
    inputs: list[Input]
    new_calls: list[NewCall]
    values: list[ValueClass]
    cross_view_rules: list[CrossViewRule]
    deadlines: list[Deadline]
    parts: dict[str, str]
    effects: list[Effects]
    far_states: list[Far]


def schema() -> bytes:
    """Write the JSON Schema."""
    found = msgspec.json.schema(Document)
    return msgspec.json.format(msgspec.json.encode({"$schema": "https://json-schema.org/draft/2020-12/schema"} | found))
