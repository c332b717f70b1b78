"""The page of the new calls: what each kind of request has, how it is checked, and the call that it makes.

One rule: the tables are made by creating calls; the order of the checks is tested by breaking two fields together.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from callstate import CreateCallback, CreateConferenceInvite, CreateSimple, DomainError, PhoneCallView, create_call
from callstate.domain import Create, wire_name
from callstate.engine.create import MOST_NUMBERS
from callstate.voipnow.wire import http_status, wire_code
from tests.calls import ALICE, BOB, CAROL, DAVE, ELSEWHERE, OUTSIDE, at
from tests.reference.cases import malformed
from tests.reference.facts import Fact, creating, sentence
from tests.reference.markdown import bullets, literal, page, table
from tests.reference.new_call_requests import KINDS, request

PURPOSES: Mapping[type[Create], str] = {
    CreateSimple: "Ring each source. When one has answered, ring each destination.",
    CreateCallback: "Call an outside number back, and then connect it to another outside number.",
    CreateConferenceInvite: "Ring each destination to join a conference. The conference is the only source.",
}

MEANINGS: Mapping[str, str] = {
    "call_id": "the id of the new call; the program that keeps the calls makes it up",
    "extension": "the extension that pays for the call; of a conference invitation it is the conference",
    "source": "the numbers that are rung first",
    "destination": "the numbers that are rung when a source has answered",
    "owner_id": "the id of the owner of the call; a service takes the organization of the payer",
    "owner_name": "the name of the owner of the call",
    "caller_id": "the caller id that the sources show",
    "caller_destination": "the caller id that the destinations show",
    "nonce": "a text that the call keeps for the client",
    "wait_for_pickup": "how long each phone rings, in seconds",
    "call_duration": "how long the call can last, in seconds from its creation",
    "allow_public_transfer": "whether a call to outside numbers can be transferred",
}

_BY_THE_SERVICE = ("call_id", "owner_id", "owner_name")

FORMS: Mapping[str, str] = {
    "call_id": "1 to 255 letters and digits",
    "extension": "an extension number",
    "source": f"1 to {MOST_NUMBERS} numbers, see the checks",
    "destination": f"1 to {MOST_NUMBERS} numbers, see the checks",
    "allow_public_transfer": "`true` or `false`",
}
"""What the fields without a rule of their own must be; the cases below show it."""


class Wrong(NamedTuple):
    """A request that is refused: why, and the fields that make it so."""

    why: str
    fields: Mapping[str, object]
    also: tuple[Mapping[str, object], ...] = ()

    def requests(self, kind: type[Create]) -> Iterator[Create]:
        for fields in (self.fields, *self.also):
            yield request(kind, **fields)


def wrongs(kind: type[Create]) -> Iterator[Wrong]:
    """Yield what is refused, in the order of the checks."""
    yield Wrong("the id is not 1 to 255 letters and digits", {"call_id": "c-1"}, ({"call_id": "c" * 256},))
    yield Wrong("`extension` is not an extension number", {"extension": OUTSIDE})
    yield from _of_the_source(kind)
    yield from _of_the_destination(kind)
    for rule in kind.field_rules:
        why, value = malformed(rule)
        yield Wrong(f"`{wire_name(rule.field)}` {why}", {rule.field: value})


def _of_the_source(kind: type[Create]) -> Iterator[Wrong]:
    if kind is CreateConferenceInvite:
        why = "`source` is not exactly the `extension`"
        yield Wrong(why, {"source": (BOB,)}, ({"source": ()}, {"source": (ALICE, BOB)}))
        return
    yield from _of_numbers(kind, "source")


def _of_the_destination(kind: type[Create]) -> Iterator[Wrong]:
    yield from _of_numbers(kind, "destination")
    same = ALICE if kind is CreateConferenceInvite else OUTSIDE
    both = {"destination": (same,)} if kind is CreateConferenceInvite else {"source": (same,), "destination": (same,)}
    yield Wrong("a number of `destination` is also in `source`", both)
    if kind is CreateSimple:
        why = "`destination` has extensions and outside numbers"
        yield Wrong(why, {"destination": (BOB, OUTSIDE)})


def _of_numbers(kind: type[Create], field: str) -> Iterator[Wrong]:
    yield Wrong(f"`{field}` is missing or empty", {field: ()})
    many = tuple(str(3330000 + number) for number in range(MOST_NUMBERS + 1))
    yield Wrong(f"`{field}` has more than {MOST_NUMBERS} numbers", {field: many})
    yield Wrong(f"`{field}` has a text that is not an extension or phone number", {field: ("nobody",)})
    if kind is CreateCallback:
        yield Wrong(f"`{field}` has an extension", {field: (CAROL,)})
    yield Wrong(f"`{field}` has a number twice", {field: (OUTSIDE, ELSEWHERE, OUTSIDE)})


def refusal(request: Create) -> DomainError:
    """Return how a request is refused."""
    result = create_call(request, at=at(0))
    assert isinstance(result, DomainError), request
    return result


# The page -------------------------------------------------------------------------------------------------------------


def new_calls_page() -> str:
    """Write the page."""
    return page(
        "New calls",
        "There are three kinds of requests for a new call. `create_call` makes a call of each of them, or refuses it. "
        "The [Glossary](glossary.md) defines *view*, *side* and *outside party*; [Values](values.md) explains the "
        "fields of the call.",
        table(("Kind", "In Python", "Purpose"), ((f"`{k}`", f"`{c.__name__}`", PURPOSES[c]) for k, c in KINDS.items())),
        "## Fields",
        _fields(),
        "A field that is not given has its default. `call_id`, `owner_id` and `owner_name` are given by the program "
        "that keeps the calls, not by the client.",
        "## Checks",
        "The checks are made in this order, and the first one that fails determines the answer, with status 400.",
        *(block for name, kind in KINDS.items() for block in _checks(name, kind)),
        "## The new call",
        bullets(map(sentence, creating.CALL)),
        "## Its views",
        bullets(map(sentence, creating.VIEWS)),
        "The views differ as follows. The *limit* is the time of creation plus `waitForPickup`.",
        table(("Kind", "Number", "State", "Side", "Listed", "Waits", "Limit", "Dates"), _views()),
        "The `flow` of the views follows from the numbers:",
        table(("Sources", "Destinations", "Flow"), _flows()),
        "## What happens then",
        bullets(map(sentence, creating.THEN)),
        "## On the wire",
        "`POST /uapi/phoneCalls/` with the user and the kind, such as `/uapi/phoneCalls/@me/simple`.",
        bullets(map(sentence, creating.SERVICE)),
    )


def _fields() -> str:
    names = dict.fromkeys(field.name for kind in KINDS.values() for field in msgspec.structs.fields(kind))
    return table(("On the wire", "In Python", "Kinds", "Meaning", "Must be", "Default"), map(_field, names))


def _field(name: str) -> tuple[str, ...]:
    kinds = [word for word, kind in KINDS.items() if name in kind.__struct_fields__]
    declared = next(f for f in msgspec.structs.fields(KINDS[kinds[0]]) if f.name == name)
    needed = dict.fromkeys(
        literal(rule.needed) for word in kinds for rule in KINDS[word].field_rules if rule.field == name
    )
    return (
        "not sent" if name in _BY_THE_SERVICE else f"`{wire_name(name)}`",
        f"`{name}`",
        "all" if len(kinds) == len(KINDS) else ", ".join(f"`{word}`" for word in kinds),
        MEANINGS[name],
        "; ".join(needed) or FORMS.get(name, ""),
        "required" if declared.required else "none" if declared.default is None else f"`{declared.default}`",
    )


def _checks(name: str, kind: type[Create]) -> Iterator[str]:
    yield f"### `{name}`"
    yield table(
        ("Check", "Refused if", "Code", "On the wire", "Parameter"), (_check(kind, wrong) for wrong in wrongs(kind))
    )


def _check(kind: type[Create], wrong: Wrong) -> tuple[str, ...]:
    first, *others = map(refusal, wrong.requests(kind))
    assert all(error.code == first.code for error in others)
    assert http_status(first.code) == 400
    return first.check, wrong.why, f"`{first.code}`", f"`{wire_code(first.code)}`", f"`{first.parameter}`"


def _views() -> Iterator[tuple[str, ...]]:
    for name, kind in KINDS.items():
        for number, view in shown_views(kind):
            assert view.until in (None, at(25))
            limit = "no" if view.until is None else "yes"
            dates = [f"`{date}`" for date in ("ringing", "answered") if getattr(view, date) == at(0)]
            flags = ("yes" if flag else "no" for flag in (view.listed, view.waits))
            yield f"`{name}`", number, f"`{view.state}`", str(view.side), *flags, limit, ", ".join(dates)


def shown_views(kind: type[Create]) -> Iterator[tuple[str, PhoneCallView]]:
    """Yield a view of each sort that a kind can have, as the call is created."""
    if kind is CreateConferenceInvite:
        yield "the conference", creating.new(kind).views[0]
    if kind is CreateSimple:
        yield "a source that is an extension", creating.new(kind).views[0]
    if kind is not CreateConferenceInvite:
        yield "an outside source", creating.new(kind, source=(OUTSIDE,)).views[0]
    if kind is not CreateCallback:
        yield "a destination that is an extension", creating.new(kind, destination=(DAVE,)).views[-1]
    yield "an outside destination", creating.new(kind, destination=(ELSEWHERE,)).views[-1]


def _flows() -> Iterator[tuple[str, str, str]]:
    sources = {"extensions": (ALICE, CAROL), "outside": (OUTSIDE,), "extensions and outside": (ALICE, OUTSIDE)}
    destinations = {"extensions": (BOB, DAVE), "outside": (ELSEWHERE,)}
    for from_whom, source in sources.items():
        for to_whom, destination in destinations.items():
            flows = {view.flow for view in creating.new(source=source, destination=destination).views}
            (flow,) = flows
            assert flow is not None
            yield from_whom, to_whom, f"`{flow.name}` ({flow.value})"


FACTS: tuple[Fact, ...] = (*creating.CALL, *creating.VIEWS, *creating.THEN, *creating.SERVICE)
"""Every fact that the page says."""

PAGES: Mapping[str, Callable[[], str]] = {"reference/new-calls.md": new_calls_page}
"""The pages of this module, by their path in the docs."""
