"""The page of the values: each field of a call, a view, a parking and a recording.

One rule: names, types and defaults are those of the classes; when a field is set and cleared is said by facts. What a
field means is written here, once.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple, get_args

import msgspec

from callstate import Parking, PhoneCall, PhoneCallView, Recording
from tests.reference.facts import Fact, call_fields, creating, parking, sentence, timing, view_fields
from tests.reference.markdown import bullets, page, table

Kind = type[msgspec.Struct]


class Meaning(NamedTuple):
    """What a field is, and the names that the wire has for it."""

    text: str
    wire: str = ""


MEANINGS: Mapping[Kind, Mapping[str, Meaning]] = {
    PhoneCall: {
        "id": Meaning("1 to 255 letters and digits", "`id`"),
        "extension": Meaning("the extension that pays for the call", "`extension`"),
        "views": Meaning("the views, in the order of the numbers of their ids", "`phoneCallView`"),
        "owner_id": Meaning("the id of the owner of `extension`", "`ownerId`"),
        "owner_name": Meaning("the name of the owner", "`ownerName`"),
        "published": Meaning("when the call was created", "`published`"),
        "answered": Meaning("when two sides were first connected", "`answered`"),
        "nonce": Meaning("a text of the client that created the call", "`nonce`"),
        "version": Meaning("how often the call has changed"),
        "updated": Meaning("when the call last changed"),
        "ends_by": Meaning("when the call will be over, if it has a limit"),
        "wait_for_pickup": Meaning("the seconds that the phones of a new call ring, and those of later legs without a "
                                   "time of their own; 1 to 3600"),
        "allow_public_transfer": Meaning("false: every Transfer is refused"),
        "forgotten": Meaning("how many ended views were dropped"),
        "deadline": Meaning("when the call will next change by itself"),
        "ended_views": Meaning("how many of its views have ended"),
    },
    PhoneCallView: {
        "id": Meaning("1 to 9 digits", "`id`"),
        "extension": Meaning("the number of the party; empty if it withholds it", "`extension`"),
        "state": Meaning("what the party is doing, see [The states of a view](states.md)", "`status`"),
        "role": Meaning("what the view does in the call, see [Roles](glossary.md#roles)"),
        "side": Meaning("the end of the conversation on which it stands: 0 calls, 1 is called"),
        "target": Meaning("the id of the view that it has joined or rings to join"),
        "listed": Meaning("whether the service lists it and a request can name it"),
        "source": Meaning("the calling numbers", "`source`"),
        "destination": Meaning("the called numbers", "`destination`"),
        "flow": Meaning("between whom it runs", "`flow`"),
        "caller_id": Meaning("what its phone shows as the caller", "`callerId`"),
        "ringing": Meaning("when its phone last began to ring", "`ringing`"),
        "answered": Meaning("when it was first answered", "`answered`"),
        "on_hold": Meaning("since when it holds the call", "`onHold`, with `holder` 1"),
        "parking": Meaning("its stay in the lot", "`parked`, `parkedPos`, `parkedBy`"),
        "recording": Meaning("the recording of its party", "`recording`, the time"),
        "until": Meaning("when its ringing runs out"),
        "waits": Meaning("true: a destination that is not rung before a source has answered"),
        "private": Meaning("true: a whispering leg that does not hear the conversation"),
        "outside": Meaning("true: its party is not an extension of this system"),
        "ended": Meaning("when it ended"),
        "disposition": Meaning("how it ended, see [Numbers on the wire](glossary.md#numbers-on-the-wire)"),
        "reason": Meaning("why it ended, see [Why a view ended](glossary.md#why-a-view-ended)"),
        "successor": Meaning("the id of the leg that took its place"),
    },
    Parking: {
        "since": Meaning("when the party was parked", "`parked`"),
        "position": Meaning("the position in the lot, 1 to 100", "`parkedPos`"),
        "by": Meaning("the number of the parker", "`parkedBy`"),
        "side": Meaning("the side of the parker, on which a phone that retrieves the party will stand"),
        "seconds": Meaning("the time until the parker is rung back, 10 to 3600; no value: unknown"),
        "until": Meaning("when the parker is rung back next"),
        "ring_backs": Meaning("how often the parker was rung back, at most 10"),
    },
    Recording: {
        "since": Meaning("when it was started", "`recording` of the view"),
        "format": Meaning("`wav` or `wav49`"),
    },
}  # fmt: skip

WHEN: Mapping[Kind, Mapping[Fact, str]] = {
    PhoneCall: {
        call_fields.what_a_call_keeps: "",
        call_fields.when_the_call_was_answered: "",
        call_fields.the_version: "",
        call_fields.when_it_was_updated: "",
        call_fields.the_end_of_the_call: "",
        call_fields.what_is_forgotten: "",
        call_fields.which_ids_are_forgotten: "",
        call_fields.what_follows: "",
    },
    PhoneCallView: {
        view_fields.what_never_changes: "",
        view_fields.the_id: "id",
        view_fields.the_role: "role",
        view_fields.the_side: "side",
        view_fields.the_target: "target",
        view_fields.when_it_is_listed: "listed",
        view_fields.the_date_of_ringing: "ringing",
        view_fields.the_date_of_answer: "answered",
        view_fields.the_hold: "on_hold",
        view_fields.the_parking: "parking",
        view_fields.the_recording: "recording",
        view_fields.the_ringing_limit: "until",
        view_fields.whether_it_waits: "waits",
        view_fields.whether_it_is_private: "private",
        view_fields.the_end: "",
        view_fields.the_disposition: "disposition",
        view_fields.the_successor: "successor",
        view_fields.what_an_ended_view_loses: "",
    },
    Parking: {
        call_fields.what_a_parking_keeps: "",
        call_fields.when_the_parker_is_rung_back: "",
    },
    Recording: {call_fields.what_a_recording_has: ""},
}
"""The facts about the fields of a class, and the field that a sentence is about if it does not name it."""

TITLES: Mapping[Kind, str] = {
    PhoneCall: "one call",
    PhoneCallView: "the call as one party sees it",
    Parking: "the stay of a party in the lot",
    Recording: "a recording that runs",
}


def values_page() -> str:
    """Write the page."""
    return page(
        "Values",
        "A call is a `PhoneCall` with a `PhoneCallView` for each party. A parked view has a `Parking`, and a recorded "
        "one a `Recording`. This page says what each field means and when it is set and cleared. The "
        "[Glossary](glossary.md) defines the terms. The state of a view changes as [The table](table.md) says.",
        "Dates have an offset of whole minutes. An impossible value, such as a hold time in another state than "
        "`ON_HOLD`, cannot be built. In callstate's own JSON the fields have the names of this page; on the wire, "
        "fields without a value are left out.",
        *(block for kind in MEANINGS for block in _class(kind)),
        "## Deadlines",
        "A call changes by itself at the time of its `deadline`. See also [Time](../explanation/time.md).",
        bullets(map(sentence, _DEADLINES)),
    )


def _class(kind: Kind) -> Iterator[str]:
    yield f"## {kind.__name__}: {TITLES[kind]}"
    yield table(("Field", "Type", "Default", "On the wire", "Meaning"), map(_row, fields_of(kind)))
    yield "\n".join(f"- {f'`{field}`: ' if field else ''}{sentence(fact)}" for fact, field in WHEN[kind].items())


class Field(NamedTuple):
    """A field of a value: its name, its type in words, its default if it has one, and its meaning."""

    name: str
    type: str
    default: object
    meaning: Meaning


def fields_of(kind: Kind) -> Iterator[Field]:
    """Yield the fields of a class in their order."""
    for field in msgspec.structs.fields(kind):
        yield Field(field.name, type_of(field.type), field.default, MEANINGS[kind][field.name])


def _row(field: Field) -> tuple[str, ...]:
    return f"`{field.name}`", field.type, _default(field.default), field.meaning.wire or "not shown", field.meaning.text


_TYPES: Mapping[str, str] = {"str": "text", "int": "whole number", "bool": "true or false", "datetime": "date"}


def type_of(declared: Any) -> str:  # Any: a type of any form
    """Say in words which type a field has."""
    optional = [part for part in get_args(declared) if part is not type(None) and part is not ...]
    if getattr(declared, "__origin__", None) is tuple:
        return f"list of {type_of(optional[0])}s"
    kind = optional[0] if optional else declared
    return _TYPES.get(kind.__name__, f"`{kind.__name__}`")


def _default(value: object) -> str:
    if value is msgspec.NODEFAULT:
        return "required"
    if value is None:
        return "no value"
    return "empty" if value == () else f"`{value.name if isinstance(value, Enum) else str(value).lower()}`"


_DEADLINES: tuple[Fact, ...] = (
    timing.ringing_runs_out,
    parking.when_the_time_runs_out,
    creating.the_limit_of_the_call,
    *timing.ORDER,
)

FACTS: tuple[Fact, ...] = (*(fact for facts in WHEN.values() for fact in facts), *_DEADLINES)
"""Every fact that the page says."""

PAGES: Mapping[str, Callable[[], str]] = {"reference/values.md": values_page}
"""The pages of this module, by their path in the docs."""
