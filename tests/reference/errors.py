"""The page of the errors: every code, its origin, and a request that gets it.

One rule: each request goes over HTTP, and the page shows the code, the status and the message of the answer.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from callstate import Answered, BargeIn, ErrorCode, HangUp, Park, PhoneCall, Whisper, apply_action, unwrap
from callstate.domain import PARKING_POSITIONS
from callstate.engine.explain import QUESTIONS
from callstate.voipnow.http import BODY_LIMIT, HttpResponse
from callstate.voipnow.wire import http_status, wire_code
from tests.reference.exchanges import NOW, PATH, Service, call_of
from tests.reference.facts import sentence, serving
from tests.reference.markdown import bullets, page, table
from tests.voipnow.examples import ID, RECORDED, VIEW

LIST = "/uapi/phoneCalls/@me/0003*210"
CREATE = "/uapi/phoneCalls/@me/simple"
EVENTS = "/uapi/extensions/@me/0003*210/phoneCallEvents"

Ask: TypeAlias = Callable[[], HttpResponse]


class Told:
    """When a code is answered, and a request for each clause of that sentence that gets it; the first is shown."""

    def __init__(self, when: str, *asks: Ask) -> None:
        self.when, self.asks = when, asks


def _put(action: str, *, call: PhoneCall | None = None, path: str = PATH, **fields: Any) -> HttpResponse:
    """Ask for an action (Any: JSON)."""
    body = msgspec.json.encode({"action": action, "phoneCallViewId": "01", **fields})
    return Service(call or call_of(VIEW)).ask("PUT", path, body)


def _ring(action: str = "BargeIn", send_call_to: str = "0003*211", **fields: Any) -> HttpResponse:
    """Ask for an action that rings a phone (Any: JSON)."""
    return _put(action, sendCallTo=send_call_to, **fields)


def _get(query: str, path: str = LIST) -> HttpResponse:
    return Service(call_of(VIEW)).ask("GET", f"{path}?{query}")


def _post(
    source: object = ("0003*210",),
    destination: object = ("0003*024",),
    query: str = "",
    extension: str = "0003*210",
    nonce: str = "",
    **fields: Any,
) -> HttpResponse:
    """Ask for a simple call (Any: JSON)."""
    view = {"source": source, "destination": destination, **fields}
    body = msgspec.json.encode({"extension": extension, "nonce": nonce, "phoneCallView": [view]})
    return Service().ask("POST", f"{CREATE}{query}", body)


def _unauthorized(authorization: str) -> HttpResponse:
    return Service(call_of(VIEW)).ask("GET", PATH, Authorization=authorization)


def _as_organization(path: str, view: str = "01", call: PhoneCall | None = None) -> HttpResponse:
    body = msgspec.json.encode({"action": "OnHold", "phoneCallViewId": view})
    return Service(call or call_of(VIEW), account="3").ask("PUT", path, body)


def _over() -> PhoneCall:
    call = call_of(VIEW)
    return unwrap(apply_action(call, HangUp(call_id=call.id), at=NOW))


def _into_a_full_lot() -> HttpResponse:
    parked = (_parked(position, NOW) for position in PARKING_POSITIONS)
    service = Service(call_of(VIEW), *parked)
    return service.ask("PUT", PATH, b'{"action":"Park","phoneCallViewId":"01"}')


def _parked(position: int, at: datetime) -> PhoneCall:
    call = replace(call_of(VIEW), id=f"c{position}")
    return unwrap(apply_action(call, Park(call_id=call.id, view_id="01", position=position), at=at))


_JOINED = "03"
"""The id of a leg that joins the call of the example."""


def _joined_by(kind: type[BargeIn | Whisper]) -> PhoneCall:
    """Return the call after a colleague has joined it."""
    call = call_of(VIEW)
    joins = kind(call_id=call.id, view_id="01", send_call_to="0003*211")
    rung = unwrap(apply_action(call, joins, at=NOW))
    return unwrap(apply_action(rung, Answered(call_id=call.id, view_id=rung.views[-1].id), at=NOW))


def _not_public() -> PhoneCall:
    return replace(call_of(VIEW), allow_public_transfer=False)


def _transfer(**fields: Any) -> HttpResponse:
    """Ask for a transfer by numbers (Any: JSON)."""
    return _put("Transfer", sendCallTo="3334444", phoneCallViewId=None, **fields)


_MANY = [str(3330000 + number) for number in range(101)]
"""More numbers than a new call can have on one side."""


def _event(verb: str = "POST", rest: str = "", **fields: Any) -> HttpResponse:
    """Ask for a subscription to call events (Any: JSON)."""
    body = msgspec.json.encode({"type": "0", "method": "1", "url": "http://127.0.0.1:9000/", **fields})
    return Service().ask(verb, f"{EVENTS}{rest}", body)


TOLD: Mapping[ErrorCode, Told] = {
    ErrorCode.PHONECALL_INVALID: Told(
        "There is no call with the id in the path, or the id has characters other than letters and digits.",
        lambda: _put("OnHold", path=PATH.replace(ID, "b0")),
        lambda: _put("OnHold", path=PATH.replace(ID, "b-0")),
    ),
    ErrorCode.PHONECALLVIEW_INVALID: Told(
        "The id of the view is not that of a live, listed view of this call, or it is missing.",
        lambda: _put("OnHold", phoneCallViewId="07"),
        lambda: _put("OnHold", phoneCallViewId="02"),
        lambda: _put("OnHold", phoneCallViewId=None),
    ),
    ErrorCode.USER_INVALID: Told(
        "The user in the path is neither the id of a user nor one of the reserved words, or it is `@owner` together "
        "with `@self` without a call.",
        lambda: _put("OnHold", path=PATH.replace("@me", "99")),
        lambda: _get("count=1", "/uapi/phoneCalls/@owner/@self"),
    ),
    ErrorCode.EXTENSION_INVALID: Told(
        "The extension in the path has nothing to do with the call or does not belong to that user. For a new call: "
        "the extension that pays is of the wrong kind.",
        lambda: _put("OnHold", path=PATH.replace("0003*210", "0003*500")),
        lambda: _as_organization(PATH.replace("@me", "13")),
        lambda: _post(extension="0003*500"),
    ),
    ErrorCode.ACCESS_DENIED: Told(
        "The account is not allowed to act for that user or extension, or the token is missing or unknown.",
        lambda: _put("OnHold", path=PATH.replace("0003*210", "0003*211")),
        lambda: _put("OnHold", path=PATH.replace("@me", "13")),
        lambda: _unauthorized(""),
        lambda: _unauthorized("Bearer stranger"),
    ),
    ErrorCode.COUNT_INVALID: Told(
        "`count` of a list is not a number from 1 to 5000.", lambda: _get("count=0"), lambda: _get("count=5001")
    ),
    ErrorCode.START_INDEX_INVALID: Told(
        "`startIndex` is not a number from 0 to 5000.",
        lambda: _get("startIndex=-1"),
        lambda: _get("startIndex=5001"),
    ),
    ErrorCode.FILTER_BY_INVALID: Told(
        "`filterBy` is unknown, or it is missing although another filter parameter is present.",
        lambda: _get("filterBy=extension"),
        lambda: _get("filterOp=equals"),
        lambda: _get("filterValue=b"),
    ),
    ErrorCode.FILTER_OP_INVALID: Told(
        "`filterOp` is unknown.", lambda: _get("filterBy=id&filterOp=like&filterValue=b")
    ),
    ErrorCode.FILTER_VALUE_INVALID: Told(
        "`filterValue` is not of the kind that it is compared with, or it is missing.",
        lambda: _get("filterBy=published&filterOp=equals&filterValue=noon"),
        lambda: _get("filterBy=id&filterOp=equals"),
    ),
    ErrorCode.FIELDS_INVALID: Told(
        "`fields` names a field that a call does not have.", lambda: _get("fields=id,colour")
    ),
    ErrorCode.SORT_ORDER_INVALID: Told(
        "`sortOrder` is neither `ascending` nor `descending`.", lambda: _get("sortOrder=random")
    ),
    ErrorCode.CALL_ENDED: Told(
        "The call is over. For the vendor such a call does not exist, so the wire has one code for an ended and an "
        "unknown call.",
        lambda: _put("OnHold", call=_over()),
    ),
    ErrorCode.BODY_INVALID: Told(
        "The body is not a JSON object, or it is not JSON.",
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b"[]"),
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b"{"),
    ),
    ErrorCode.ACTION_INVALID: Told(
        "`action` is unknown or missing, or it is HangUp, which is requested by DELETE.",
        lambda: _put("Hold"),
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b"{}"),
        lambda: _put("HangUp"),
    ),
    ErrorCode.SEND_CALL_TO_INVALID: Told(
        "`sendCallTo` has the wrong form, is missing, is the number of a live view of the call, or is not a phone "
        "terminal in the directory.",
        lambda: _ring(send_call_to="5550100"),
        lambda: _put("BargeIn"),
        lambda: _ring(send_call_to="0003*210"),
        lambda: _ring(send_call_to="0003*500"),
        lambda: _ring(send_call_to="0003*999"),
    ),
    ErrorCode.CALLER_ID_INVALID: Told(
        "`callerId`, or `callerDestination` of a new call, has a character that is not allowed, or is too long.",
        lambda: _ring(callerId="Eve; <1>"),
        lambda: _ring(callerId="1" * 256),
        lambda: _post(callerDestination=";"),
        lambda: _post(callerDestination="1" * 256),
    ),
    ErrorCode.WAIT_FOR_PICKUP_INVALID: Told("`waitForPickup` is out of range.", lambda: _ring(waitForPickup=0)),
    ErrorCode.MAX_IN_PARKING_INVALID: Told(
        "`maxInParking` is not a whole number, or it is out of range.",
        lambda: _put("Park", maxInParking="3 minutes"),
        lambda: _put("Park", maxInParking=9),
    ),
    ErrorCode.FORMAT_INVALID: Told(
        "`format` is neither `wav` nor `wav49`.", lambda: _put("StartRecording", format="mp3")
    ),
    ErrorCode.NONCE_INVALID: Told(
        "`nonce` of a new call has more than 255 characters.", lambda: _post(nonce="1" * 256)
    ),
    ErrorCode.PRIVATE_INVALID: Told("`private` is neither 0 nor 1.", lambda: _ring("Whisper", private=2)),
    ErrorCode.TRANSFER_NUMBER_INVALID: Told(
        "A transfer number is not that of a party or has the wrong form, or both numbers are the same.",
        lambda: _transfer(transferNumber="0003*211"),
        lambda: _transfer(transferNumber="nobody"),
        lambda: _transfer(transferNumber="0003*210", transferFromNumber="0003*210"),
    ),
    ErrorCode.SOURCE_INVALID: Told(
        "A source of a new call has the wrong form, is missing, is named twice or is an extension that does not exist; "
        "or there are more than 100.",
        lambda: _post(source=["nobody"]),
        lambda: _post(source=[]),
        lambda: _post(source=["0003*210", "0003*210"]),
        lambda: _post(source=["0003*999"]),
        lambda: _post(source=_MANY),
    ),
    ErrorCode.DESTINATION_INVALID: Told(
        "A destination is also a source. Otherwise as for sources, and also: some destinations are extensions and "
        "others outside numbers.",
        lambda: _post(destination=["0003*210"]),
        lambda: _post(destination=["nobody"]),
        lambda: _post(destination=[]),
        lambda: _post(destination=["0003*024", "0003*024"]),
        lambda: _post(destination=["0003*999"]),
        lambda: _post(destination=_MANY),
        lambda: _post(destination=["0003*024", "3334444"]),
    ),
    ErrorCode.CALL_DURATION_INVALID: Told(
        "`callDuration` of a new call is out of range.", lambda: _post(query="?callDuration=0")
    ),
    ErrorCode.PUBLIC_TRANSFER_INVALID: Told(
        "`allowPublicTransfer` of a new call is neither `true` nor `false`.",
        lambda: _post(query="?allowPublicTransfer=maybe"),
    ),
    ErrorCode.WRONG_STATE: Told(
        "The state or the role of the party, or the number of sides of the call, is not what the action requires.",
        lambda: _ring("PickUp"),
        lambda: _as_organization(PATH, _JOINED, _joined_by(Whisper)),
        lambda: _put("Park", call=_joined_by(BargeIn)),
    ),
    ErrorCode.RECORDING_IN_PROGRESS: Told(
        "The party is already being recorded in another format.",
        lambda: _put("StartRecording", call=call_of(RECORDED), format="wav49"),
    ),
    ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED: Told(
        "The call was made to an outside number and was created without `allowPublicTransfer`.",
        lambda: _put("Transfer", call=_not_public(), sendCallTo="3334444", phoneCallViewId=None),
    ),
    ErrorCode.PARKING_FULL: Told("All positions in the lot of the organization are taken.", _into_a_full_lot),
    ErrorCode.NEW_EVENT_TYPE_INVALID: Told(
        "`type` of a new subscription to call events is not a number from 0 to 4, is missing, or is not the one in the "
        "path.",
        lambda: _event(type="5"),
        lambda: _event(type=None),
        lambda: _event(rest="/1"),
    ),
    ErrorCode.EVENT_TYPE_INVALID: Told(
        "The type in the path of subscriptions is not a number from 0 to 4.",
        lambda: _event("GET", "/5"),
        lambda: _event("PUT", "/5/a"),
    ),
    ErrorCode.EVENT_METHOD_INVALID: Told(
        "`method` of a new subscription is neither 0 nor 1, or it is missing.",
        lambda: _event(method="GET"),
        lambda: _event(method=None),
    ),
    ErrorCode.EVENT_ID_INVALID: Told(
        "The extension has no subscription of the type and the id in the path, or the id has characters other than "
        "letters and digits.",
        lambda: _event("DELETE", "/0/none"),
        lambda: _event("DELETE", "/0/n-one"),
    ),
    ErrorCode.EVENT_URL_INVALID: Told(
        "`url` of a new subscription is one that this service does not call, is missing, is not an absolute URL of "
        "http or https, has a user, or is too long.",
        lambda: _event(url="http://10.0.0.1/"),
        lambda: _event(url=None),
        lambda: _event(url="events"),
        lambda: _event(url="ftp://127.0.0.1/"),
        lambda: _event(url="http://eve@127.0.0.1/"),
        lambda: _event(url=f"http://127.0.0.1/{'a' * 10_000}"),
    ),
    ErrorCode.EVENT_STATUS_INVALID: Told("`status` of a subscription is neither 0 nor 1.", lambda: _event(status="on")),
    ErrorCode.EVENT_NOTE_INVALID: Told(
        "`note` of a subscription is not a text, or it has more than 1024 characters.",
        lambda: _event(note=[]),
        lambda: _event(note="1" * 1025),
    ),
}
"""Every code of the core and the service."""


PROBLEMS = (
    Told("The path is unknown.", lambda: Service().ask("GET", "/uapi/calls")),
    Told(
        "The path does not support this method. The header `Allow` lists those that it supports.",
        lambda: Service().ask("PATCH", PATH),
    ),
    Told("The token is missing or has expired.", lambda: Service().ask("GET", PATH, Authorization="")),
    Told(
        "The call has changed: `If-Match` of the request does not match the current `ETag`.",
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b'{"action":"OnHold","phoneCallViewId":"01"}', If_Match='"9"'),
    ),
    Told("The body is too long.", lambda: Service(call_of(VIEW)).ask("PUT", PATH, b" " * (BODY_LIMIT + 1))),
    Told(
        "The content type is not JSON.",
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b"{}", Content_Type="text/plain"),
    ),
)


def is_the_vendors(code: ErrorCode) -> bool:
    """Tell whether the vendor documents a code: only those are spelled the same inside and on the wire."""
    return wire_code(code) == code


def answer(ask: Ask) -> tuple[int, str, str]:
    """Return the status, the code and the message of an answer."""
    response = ask()
    error = msgspec.json.decode(response.body)["error"]
    return response.status, error["code"], error["message"]


def errors_page() -> str:
    """Write the page of the errors."""
    return page(
        "Errors",
        "A refusal is a value, a `DomainError`. It states the code, the action, what the action requires, the "
        "parameter and the value at fault, the [view](glossary.md#view) concerned with its state, and the actions that "
        "are currently allowed on that view. Its message is built from these facts. On the wire a refusal is "
        '`{"error": {"code", "message"}}`. Programs should look at the code; the message is for people.',
        "An action is allowed on a view if some request of its kind that names the view would be accepted and would "
        "change the call, see [What allowed means](allowed.md). If the check of the call, of the extension or "
        "of the action failed, a refusal states neither the view, nor its state, nor what is allowed, so that an asker "
        "who has nothing to do with the call learns nothing about it. The state of an unlisted view is never stated.",
        "## The order of the checks",
        "The checks are made in this order. The first one that fails determines the answer.",
        table(("Check", "It passes if"), ((check, question) for check, question in QUESTIONS.items())),
        sentence(serving.the_user_comes_first),
        sentence(serving.an_unknown_action),
        "## Codes that the vendor documents",
        _codes(code for code in TOLD if is_the_vendors(code)),
        "## callstate-specific codes",
        "Where the vendor's documentation has no code, callstate has its own, spelled in the vendor's style. All of "
        "them are answered with status 400.",
        _codes(code for code in TOLD if not is_the_vendors(code)),
        "## HTTP errors",
        "These are wrong as HTTP requests, so they are answered before any call is looked at. They are not refusals of "
        "the core and have no `ErrorCode`. `access_denied` is a code of the vendor; the others are specific to "
        "callstate.",
        table(("On the wire", "HTTP", "When", "Example"), map(_problem, PROBLEMS)),
        "## Exceptions",
        bullets(
            (
                "`CallStateError` is a refusal as an exception. Only `unwrap` raises it.",
                (
                    "`ValueError` and `TypeError` mean a bug in the calling program: a naive datetime, an impossible "
                    "value, an object that is not an action. No request from outside can cause them."
                ),
            )
        ),
    )


def _codes(codes: Iterator[ErrorCode]) -> str:
    return table(("Code", "On the wire", "HTTP", "When", "Example"), map(_code, codes))


def _code(code: ErrorCode) -> tuple[str, ...]:
    status, on_the_wire, sentence = answer(TOLD[code].asks[0])
    assert (status, on_the_wire) == (http_status(code), wire_code(code)), (code, sentence)
    return f"`{code}`", f"`{on_the_wire}`", str(status), TOLD[code].when, f"`{sentence}`"


def _problem(problem: Told) -> tuple[str, ...]:
    status, on_the_wire, sentence = answer(problem.asks[0])
    return f"`{on_the_wire}`", str(status), problem.when, f"`{sentence}`"


PAGES: Mapping[str, Callable[[], str]] = {"reference/errors.md": errors_page}
"""The pages of this module, by their path in the docs."""
