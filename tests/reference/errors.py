"""The page of the errors: every code, whose it is, and a request that it answers.

One rule: each is asked for over HTTP, and code, status and sentence are those of the answer.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from callstate import ErrorCode, HangUp, Park, PhoneCall, apply_action, unwrap
from callstate.domain import PARKING_POSITIONS
from callstate.engine.explain import QUESTIONS
from callstate.voipnow.http import BODY_LIMIT, HttpResponse
from callstate.voipnow.wire import http_status, wire_code
from tests.reference.exchanges import NOW, PATH, Service, call_of
from tests.reference.markdown import bullets, literal, page, table
from tests.voipnow.examples import ID, RECORDED, VIEW

LIST = "/uapi/phoneCalls/@me/0003*210"
CREATE = "/uapi/phoneCalls/@me/simple"
EVENTS = "/uapi/extensions/@me/0003*210/phoneCallEvents"


class Told(NamedTuple):
    """When a code is the answer, and a request that gets it."""

    when: str
    ask: Callable[[], HttpResponse]


def _put(action: str, *, call: PhoneCall | None = None, path: str = PATH, **fields: Any) -> HttpResponse:
    """Ask for an action (Any: JSON)."""
    body = msgspec.json.encode({"action": action, "phoneCallViewId": "01", **fields})
    return Service(call or call_of(VIEW)).ask("PUT", path, body)


def _ring(action: str = "BargeIn", send_call_to: str = "0003*211", **fields: Any) -> HttpResponse:
    """Ask for an action that rings a phone (Any: JSON)."""
    return _put(action, sendCallTo=send_call_to, **fields)


def _get(query: str) -> HttpResponse:
    return Service(call_of(VIEW)).ask("GET", f"{LIST}?{query}")


def _post(source: str = "0003*210", destination: str = "0003*024", query: str = "") -> HttpResponse:
    view = {"source": [source], "destination": [destination]}
    body = msgspec.json.encode({"extension": "0003*210", "phoneCallView": [view]})
    return Service().ask("POST", f"{CREATE}{query}", body)


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


def _not_public() -> PhoneCall:
    return replace(call_of(VIEW), allow_public_transfer=False)


def _event(verb: str = "POST", rest: str = "", **fields: Any) -> HttpResponse:
    """Ask for a subscription to call events (Any: JSON)."""
    body = msgspec.json.encode({"type": "0", "method": "1", "url": "http://127.0.0.1:9000/", **fields})
    return Service().ask(verb, f"{EVENTS}{rest}", body)


TOLD: Mapping[ErrorCode, Told] = {
    ErrorCode.PHONECALL_INVALID: Told(
        "The id in the path has other characters than letters and digits, or names no call.",
        lambda: _put("OnHold", path=PATH.replace(ID, "b0")),
    ),
    ErrorCode.PHONECALLVIEW_INVALID: Told(
        "The id of the view is missing, or names no live view of this call that is listed.",
        lambda: _put("OnHold", phoneCallViewId="07"),
    ),
    ErrorCode.USER_INVALID: Told(
        "The user in the path is no user's id and no word for one, or is `@owner` where no call tells whose.",
        lambda: _put("OnHold", path=PATH.replace("@me", "99")),
    ),
    ErrorCode.EXTENSION_INVALID: Told(
        "The extension in the path is not of that user, or has nothing to do with the call; or a new call is charged "
        "to one of another kind.",
        lambda: _put("OnHold", path=PATH.replace("0003*210", "0003*500")),
    ),
    ErrorCode.ACCESS_DENIED: Told(
        "The token is missing, unknown or has expired, or its account may not act for that user or extension.",
        lambda: _put("OnHold", path=PATH.replace("0003*210", "0003*211")),
    ),
    ErrorCode.COUNT_INVALID: Told("`count` of a list is no number from 1 to 5000.", lambda: _get("count=0")),
    ErrorCode.START_INDEX_INVALID: Told("`startIndex` is no number from 0 to 5000.", lambda: _get("startIndex=-1")),
    ErrorCode.FILTER_BY_INVALID: Told(
        "`filterBy` is missing beside another filter parameter, or unknown.", lambda: _get("filterBy=extension")
    ),
    ErrorCode.FILTER_OP_INVALID: Told(
        "`filterOp` is unknown.", lambda: _get("filterBy=id&filterOp=like&filterValue=b")
    ),
    ErrorCode.FILTER_VALUE_INVALID: Told(
        "`filterValue` is missing, or is not what it is compared with.",
        lambda: _get("filterBy=published&filterOp=equals&filterValue=noon"),
    ),
    ErrorCode.FIELDS_INVALID: Told(
        "`fields` names something that a call does not have.", lambda: _get("fields=id,colour")
    ),
    ErrorCode.SORT_ORDER_INVALID: Told("`sortOrder` is neither of its two words.", lambda: _get("sortOrder=random")),
    ErrorCode.CALL_ENDED: Told(
        "The call is over. To the vendor that is no existing call, so the wire does not tell the two apart.",
        lambda: _put("OnHold", call=_over()),
    ),
    ErrorCode.BODY_INVALID: Told(
        "The body is no JSON object, or one of another shape than the request needs.",
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b"[]"),
    ),
    ErrorCode.ACTION_INVALID: Told(
        "`action` is missing or no word of the vocabulary; or it is HangUp, which is asked for by DELETE.",
        lambda: _put("Hold"),
    ),
    ErrorCode.SEND_CALL_TO_INVALID: Told(
        "`sendCallTo` is missing, out of form, a number that is in the call already, or not a phone terminal (of the "
        "same organization) that the directory knows.",
        lambda: _ring(send_call_to="5550100"),
    ),
    ErrorCode.CALLER_ID_INVALID: Told(
        "`callerId`, or `callerDestination` of a new call, has other characters.",
        lambda: _ring(callerId="Eve; <1>"),
    ),
    ErrorCode.WAIT_FOR_PICKUP_INVALID: Told("`waitForPickup` is out of range.", lambda: _ring(waitForPickup=0)),
    ErrorCode.MAX_IN_PARKING_INVALID: Told(
        "`maxInParking` is out of range.", lambda: _put("Park", maxInParking="3 minutes")
    ),
    ErrorCode.FORMAT_INVALID: Told("`format` is no format.", lambda: _put("StartRecording", format="mp3")),
    ErrorCode.PRIVATE_INVALID: Told("`private` is neither 0 nor 1.", lambda: _ring("Whisper", private=2)),
    ErrorCode.TRANSFER_NUMBER_INVALID: Told(
        "A transfer number is out of form or no party's, both are the same, or both are of one end.",
        lambda: _put("Transfer", sendCallTo="3334444", phoneCallViewId=None, transferNumber="0003*211"),
    ),
    ErrorCode.SOURCE_INVALID: Told(
        "A source of a new call is missing, out of form, named twice, or an extension that does not exist.",
        lambda: _post(source="nobody"),
    ),
    ErrorCode.DESTINATION_INVALID: Told(
        "The same of a destination; or destinations are mixed, within the system and outside; or one is a source too.",
        lambda: _post(destination="0003*210"),
    ),
    ErrorCode.CALL_DURATION_INVALID: Told(
        "`callDuration` of a new call is out of range.", lambda: _post(query="?callDuration=0")
    ),
    ErrorCode.PUBLIC_TRANSFER_INVALID: Told(
        "`allowPublicTransfer` of a new call is neither true nor false.",
        lambda: _post(query="?allowPublicTransfer=maybe"),
    ),
    ErrorCode.WRONG_STATE: Told(
        "The party, or the call, is not where the action needs it: its state, its role, the number of ends.",
        lambda: _ring("PickUp"),
    ),
    ErrorCode.RECORDING_IN_PROGRESS: Told(
        "The party is recorded already, in another format.",
        lambda: _put("StartRecording", call=call_of(RECORDED), format="wav49"),
    ),
    ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED: Told(
        "The call was made with `allowPublicTransfer` false, and `sendCallTo` is an outside number.",
        lambda: _put("Transfer", call=_not_public(), sendCallTo="3334444", phoneCallViewId=None),
    ),
    ErrorCode.PARKING_FULL: Told("All positions of the organization's lot are taken.", _into_a_full_lot),
    ErrorCode.NEW_EVENT_TYPE_INVALID: Told(
        "`type` of a new subscription to call events is missing, no number from 0 to 4, or another one than in the "
        "path.",
        lambda: _event(type="5"),
    ),
    ErrorCode.EVENT_TYPE_INVALID: Told(
        "The type in the path of subscriptions is none, or an update has another one in its body.",
        lambda: _event("GET", "/5"),
    ),
    ErrorCode.EVENT_METHOD_INVALID: Told(
        "`method` of a new subscription is missing, or it is neither 0 nor 1.", lambda: _event(method="GET")
    ),
    ErrorCode.EVENT_ID_INVALID: Told(
        "The id in the path has other characters than letters and digits, or names no subscription of the extension "
        "and the type.",
        lambda: _event("DELETE", "/0/none"),
    ),
    ErrorCode.EVENT_URL_INVALID: Told(
        "`url` of a new subscription is missing, or it is no absolute URL of http or https, has a user, is too long, "
        "or is one that this service does not call.",
        lambda: _event(url="http://10.0.0.1/"),
    ),
    ErrorCode.EVENT_STATUS_INVALID: Told("`status` of a subscription is neither 0 nor 1.", lambda: _event(status="on")),
    ErrorCode.EVENT_NOTE_INVALID: Told(
        "`note` of a subscription is no text, or it has more than 1024 characters.", lambda: _event(note=[])
    ),
}
"""Every code of the core and the service."""


class Problem(NamedTuple):
    """What is wrong with a request before anything is asked of a call."""

    when: str
    ask: Callable[[], HttpResponse]


PROBLEMS = (
    Problem("There is nothing at this path.", lambda: Service().ask("GET", "/uapi/calls")),
    Problem("The path has no such method; `Allow` says which it has.", lambda: Service().ask("PATCH", PATH)),
    Problem("There is no token, or it has expired.", lambda: Service().ask("GET", PATH, Authorization="")),
    Problem(
        "The call has changed: `If-Match` of a request names another `ETag`.",
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b'{"action":"OnHold","phoneCallViewId":"01"}', If_Match='"9"'),
    ),
    Problem("The body is too long.", lambda: Service(call_of(VIEW)).ask("PUT", PATH, b" " * (BODY_LIMIT + 1))),
    Problem(
        "The body is not said to be JSON.",
        lambda: Service(call_of(VIEW)).ask("PUT", PATH, b"{}", Content_Type="text/plain"),
    ),
)


def is_the_vendors(code: ErrorCode) -> bool:
    """Tell whether a code is on a page of the vendor: only those are spelled alike inside and on the wire."""
    return wire_code(code) == code


def answer(told: Told | Problem) -> tuple[int, str, str]:
    """Return the status, the code and the sentence of an answer."""
    response = told.ask()
    error = msgspec.json.decode(response.body)["error"]
    return response.status, error["code"], error["message"]


def errors_page() -> str:
    """Write the page of the errors."""
    return page(
        "Errors",
        "A refusal is a value with facts: the code, what was asked, what it would have needed, the parameter and value "
        "at fault, the view that stood in the way with its state, and which actions are allowed on it now. The "
        'sentence is made from them. On the wire it is `{"error": {"code", "message"}}`; programs go by the code, the '
        "sentence is for people.",
        "An action is allowed on a view if some request of its kind that names the view would be accepted, a repeat "
        "included. A Transfer to the very phone that is there already is a repeat in every state, so it is named on a "
        "view that rings; with the strict rules, which have no repeats, it is not.",
        "## The checks",
        "They are made in this order, and the first that fails is the answer. Under each check: what it asks.",
        table(("Check", "It asks whether"), ((check, question) for check, question in QUESTIONS.items())),
        "A service asks who the user is, and what it may do, together with the check of the extension: `user_invalid`, "
        "then `access_denied` and `extension_invalid`.",
        "## Codes that the vendor documents",
        _codes(code for code in TOLD if is_the_vendors(code)),
        "## Codes of ours",
        "Where the vendor's pages name no code, these are in its manner. All are answered with 400.",
        _codes(code for code in TOLD if not is_the_vendors(code)),
        "## Before a call is asked for",
        "What is wrong with a request as HTTP. These are no refusals of the core, so they have no `ErrorCode`; "
        "`access_denied` is the vendor's, the others are ours.",
        table(("On the wire", "HTTP", "When", "For example"), map(_problem, PROBLEMS)),
        "## Exceptions",
        bullets(
            (
                "`CallStateError` is a refusal as an exception, raised by `unwrap` only.",
                (
                    "`ValueError` and `TypeError` mean a bug of the caller: a naive datetime, an impossible value, "
                    "something that is no action. No request from outside leads there."
                ),
            )
        ),
    )


def _codes(codes: Iterator[ErrorCode]) -> str:
    return table(("Code", "On the wire", "HTTP", "When", "For example"), map(_code, codes))


def _code(code: ErrorCode) -> tuple[str, ...]:
    status, on_the_wire, sentence = answer(TOLD[code])
    assert (status, on_the_wire) == (http_status(code), wire_code(code)), (code, sentence)
    return f"`{code}`", f"`{on_the_wire}`", str(status), TOLD[code].when, literal(sentence)


def _problem(problem: Problem) -> tuple[str, ...]:
    status, on_the_wire, sentence = answer(problem)
    return f"`{on_the_wire}`", str(status), problem.when, literal(sentence)


PAGES: Mapping[str, Callable[[], str]] = {"reference/errors.md": errors_page}
"""The pages of this module, by where they stand in the docs."""
