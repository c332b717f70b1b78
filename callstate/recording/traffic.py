"""What an exchange over HTTP tells about calls, as lines of a trace: requests of the PhoneCalls API and their answers.

One rule: nothing is made up. What an exchange does not say about one call, such as an action on all calls of an
extension or a call that is not in a list, has no line. How the exchange was recorded is not known here.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from callstate import domain
from callstate.conformance import Line, Reply, write_line
from callstate.voipnow.http import split
from callstate.voipnow.service import CREATES
from callstate.voipnow.wire import as_text

RESOURCES = frozenset({"phoneCalls", "phoneCall"})

SHORT = 3
"""The digits of a short number."""

NUMBERS = frozenset(
    {"sendCallTo", "transferFromNumber", "transferNumber", "phoneNumber", "extension", "source", "destination"}
)
"""The fields of requests that hold a number, or several."""

PARAMETERS = ("waitForPickup", "callDuration", "allowPublicTransfer")
"""The parameters of a create."""

OF_THE_OWNER = ("id", "extension", "ownerId", "ownerName")
"""What the answer to a create says about the new call, and its request does not."""


class HttpExchange(NamedTuple):
    """A request over HTTP and its answer: when it was answered, and no status if it was not."""

    at: datetime
    method: str
    target: str
    body: bytes
    status: int | None
    answer: bytes


class _Problem(msgspec.Struct):
    code: str = ""


class _Refusal(msgspec.Struct):
    error: _Problem | str


class _Entry(msgspec.Struct):
    id: str


class _Entries(msgspec.Struct):
    entry: list[Raw]


class _Party(msgspec.Struct, rename="camel"):
    source: Any = ()  # Any: a number or a list of them, as text or not
    destination: Any = ()  # Any: as of the source
    caller_id: str | None = None
    caller_destination: str | None = None


class _Create(msgspec.Struct, rename="camel"):
    phone_call_view: tuple[_Party]
    extension: str = domain.SELF
    nonce: str | None = None


def is_about_calls(target: str) -> bool:
    """Tell whether a request is one of the PhoneCalls API."""
    return not RESOURCES.isdisjoint(split(target)[0])


def lines_of(exchange: HttpExchange) -> Iterator[Line]:
    """Return the lines of an exchange, not numbered yet; none if it is about no call, or tells too little.

    A create that was refused has no call id; the `call` of its line is empty.
    """
    words, query = split(exchange.target)
    place = next((place for place, word in enumerate(words) if word in RESOURCES), len(words))
    read = _READ.get((exchange.method, len(words[place + 1 :])))
    if read is None:
        return
    try:
        yield from read(exchange, words[place + 1 :], query)
    except (ValueError, RecursionError):  # an answer or a body of another form
        return


def numbered(line: Line, seq: int) -> bytes:
    """Return a line as it is written with its number; a line of no call, which was refused, gets an id of its own."""
    whole = write_line(replace(line, seq=seq, call=line.call or f"refused{seq}"))
    return msgspec.json.format(whole, indent=-1) + b"\n"  # JSON that was sent may have line breaks


# One method each ------------------------------------------------------------------------------------------------------

Words = tuple[str, ...]
Query = Mapping[str, str]


def _action(exchange: HttpExchange, words: Words, _query: Query) -> Iterator[Line]:
    _, extension, call = words
    yield Line(
        at=exchange.at,
        call=call,
        request=_in_full(exchange.body, extension),
        extension=extension,
        answer=_reply(exchange),
    )


def _hang_up(exchange: HttpExchange, words: Words, query: Query) -> Iterator[Line]:
    number = {"phoneNumber": query["phoneNumber"]} if "phoneNumber" in query else {}
    body = msgspec.json.encode({"action": "HangUp", **number})
    return _action(exchange._replace(body=body), words, query)


def _listings(exchange: HttpExchange, _words: Words, query: Query) -> Iterator[Line]:
    if exchange.status != 200 or "fields" in query:  # noqa: PLR2004  # with fields the calls are not listed whole
        return
    for entry in msgspec.json.decode(exchange.answer, type=_Entries).entry:
        call = msgspec.json.decode(entry, type=_Entry).id
        yield Line(at=exchange.at, call=call, listed=entry)


def _create(exchange: HttpExchange, words: Words, query: Query) -> Iterator[Line]:
    reply = _reply(exchange)
    if words[-1] not in CREATES or reply is None or reply.status >= 500:  # noqa: PLR2004  # nobody knows its id
        return
    asked = msgspec.json.decode(exchange.body, type=_Create)
    known: dict[str, object] = {}
    if reply.accepted:
        (made,) = msgspec.json.decode(exchange.answer, type=tuple[Raw])
        reply = replace(reply, listed=made)
        known = {name: value for name, value in _object(made).items() if name in OF_THE_OWNER}
    call = str(known.pop("id", ""))
    wanted = {"kind": words[-1], "extension": asked.extension, **known, **_parties(asked, query)}
    body = _in_full(msgspec.json.encode(wanted), str(wanted["extension"]))
    yield Line(at=exchange.at, call=call, create=body, answer=reply)


_READ: Mapping[tuple[str, int], Callable[[HttpExchange, Words, Query], Iterator[Line]]] = {
    ("PUT", 3): _action,
    ("DELETE", 3): _hang_up,
    ("GET", 2): _listings,
    ("GET", 3): _listings,
    ("POST", 2): _create,
}
"""How an exchange is read, by its method and by how many words follow the resource."""


# What is in them ------------------------------------------------------------------------------------------------------


def _parties(asked: _Create, query: Query) -> Mapping[str, object]:
    (party,) = asked.phone_call_view
    given: Mapping[str, object] = {
        "source": _texts(party.source),
        "destination": _texts(party.destination),
        "callerId": party.caller_id,
        "callerDestination": party.caller_destination,
        "nonce": asked.nonce,
        **{name: query[name] for name in PARAMETERS if query.get(name)},
    }
    if "allowPublicTransfer" in given:
        given = {**given, "allowPublicTransfer": given["allowPublicTransfer"] in ("true", "1")}
    return {name: value for name, value in given.items() if value is not None}


def _texts(value: Any) -> list[str]:  # Any: JSON
    return [as_text(one) for one in (value if isinstance(value, list) else [value])]


def _reply(exchange: HttpExchange) -> Reply | None:
    if exchange.status is None:
        return None
    return Reply(status=exchange.status, error=_code(exchange.answer) if exchange.status >= 300 else None)  # noqa: PLR2004  # as HTTP has it


def _code(answer: bytes) -> str | None:
    try:
        error = msgspec.json.decode(answer, type=_Refusal).error
    except (ValueError, RecursionError):
        return None
    return (error if isinstance(error, str) else error.code) or None


def _object(data: bytes | Raw) -> dict[str, Any]:  # Any: JSON
    return msgspec.json.decode(data, type=dict[str, Any])


def _in_full(body: bytes, asker: str) -> Raw:
    """Write short numbers in full, as those of the asker's client; a body that is not an object is written as text."""
    try:
        given = _object(body)
    except (ValueError, RecursionError):
        return Raw(msgspec.json.encode(body.decode(errors="backslashreplace")))
    client = asker[:-SHORT]
    full = {name: _full(value, client) if name in NUMBERS else value for name, value in given.items()}
    return Raw(body) if full == given else Raw(msgspec.json.encode(full))


def _full(value: Any, client: str) -> Any:  # Any: JSON
    if isinstance(value, list):
        return [_full(one, client) for one in value]
    is_short = client.endswith("*") and isinstance(value, str) and len(value) == SHORT and value.isdecimal()
    return f"{client}{value}" if is_short else value
