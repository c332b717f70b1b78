"""Strategies for what comes over the wire: calls as services write them, requests, and requests that are broken.

One rule: each spelling that `wire_calls` and `requests` draw is one that some client or service uses and that is to be
understood; whatever is not comes from `broken_requests`.
"""

from typing import Any
from urllib.parse import quote

import msgspec
from hypothesis import strategies as st

from callstate.domain import ACTIONS, SELF, HangUp, Request
from callstate.testing.value_strategies import CALL_IDS, DATES, EXTENSIONS, NUMBERS, TEXTS, VIEW_IDS, of_kind
from callstate.voipnow.http import HttpRequest
from callstate.voipnow.service import CREATES

TOKEN = "token"  # noqa: S105  # it guards nothing
HEADERS = (("Authorization", f"Bearer {TOKEN}"), ("Content-Type", "application/json"))
_IN_THE_PATH = ("phoneCallId", "extension", "position")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


# Calls ----------------------------------------------------------------------------------------------------------------


def _spelled(number: int) -> st.SearchStrategy[int | str]:
    return st.sampled_from((number, str(number)))


@st.composite
def _view(draw: st.DrawFn, view_id: str) -> dict[str, Any]:  # Any: JSON
    status = draw(st.integers(0, 5))
    date = DATES.map(lambda at: at.isoformat())
    ends = st.lists(NUMBERS, min_size=1, max_size=2)
    facets: dict[str, Any] = {}  # Any: likewise
    if status == 5:  # noqa: PLR2004  # on call
        held = st.fixed_dictionaries({"onHold": date}, optional={"holder": st.sampled_from((0, 1, "0", "1"))})
        parked = st.fixed_dictionaries({"parked": date, "parkedPos": st.just("7"), "parkedBy": EXTENSIONS})
        recorded = st.fixed_dictionaries({"recording": date})
        facets = draw(st.just({}) | held | parked | recorded)
    return {
        "id": view_id,
        "extension": draw(EXTENSIONS),
        "status": draw(_spelled(status)),
        "source": draw(ends | NUMBERS),
        "destination": draw(ends | NUMBERS),
        **draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "flow": st.sampled_from((2, 4, 8, "2", "4", "8")),
                    "answered": date,
                    "callerId": TEXTS,
                    "unheardOf": JSON,
                },
            )
        ),
        **facets,
    }


@st.composite
def _wire_call(draw: st.DrawFn) -> bytes:
    date = DATES.map(lambda at: at.isoformat())
    view_ids = draw(st.lists(VIEW_IDS, unique=True, max_size=3))
    call = {
        "id": draw(CALL_IDS),
        "extension": draw(EXTENSIONS),
        "phoneCallView": [draw(_view(view_id)) for view_id in view_ids],
        **draw(st.fixed_dictionaries({}, optional={"published": date, "ownerId": CALL_IDS, "unheardOf": JSON})),
    }
    return msgspec.json.encode(call)


def wire_calls() -> st.SearchStrategy[bytes]:
    """Draw the JSON of a call as some service lists it: numbers as text or not, dates, unknown fields."""
    return _wire_call()


# Requests -------------------------------------------------------------------------------------------------------------


@st.composite
def _path(draw: st.DrawFn, *rest: str) -> str:
    """Draw one of the ways in which clients write a path."""
    root = draw(st.sampled_from(("uapi", "unifiedapi")))
    resource = draw(st.sampled_from(("phoneCalls", "phoneCall")))
    user = draw(st.sampled_from(("@me", "@viewer", "@owner")))
    safe = draw(st.sampled_from(("@*", "")))
    segments = "/".join(quote(segment, safe=safe) for segment in (root, resource, user, *rest))
    return f"/{segments}{draw(st.sampled_from(('', '/')))}"


@st.composite
def _update(draw: st.DrawFn) -> HttpRequest:
    action: Request = draw(st.sampled_from([kind for kind in ACTIONS if kind is not HangUp]).flatmap(of_kind))
    fields = {name: value for name, value in msgspec.to_builtins(action).items() if name not in _IN_THE_PATH}
    given = {name: value for name, value in fields.items() if value is not None}
    path = draw(_path(action.extension, action.call_id))
    return HttpRequest(method="PUT", target=path, headers=HEADERS, body=msgspec.json.encode(given))


@st.composite
def _create(draw: st.DrawFn) -> HttpRequest:
    numbers = st.lists(NUMBERS, min_size=1, max_size=2, unique=True)
    view = {"source": draw(numbers | NUMBERS), "destination": draw(numbers | NUMBERS)}
    body = {"extension": draw(EXTENSIONS), "phoneCallView": [view]}
    path = draw(_path(draw(st.sampled_from(tuple(CREATES)))))
    wait = draw(st.sampled_from(("", "?", "?waitForPickup=20")))
    return HttpRequest(method="POST", target=path + wait, headers=HEADERS, body=msgspec.json.encode(body))


@st.composite
def _look_or_hang_up(draw: st.DrawFn) -> HttpRequest:
    method = draw(st.sampled_from(("GET", "DELETE")))
    calls = [draw(CALL_IDS)] if draw(st.booleans()) else []
    return HttpRequest(method=method, target=draw(_path(draw(st.just(SELF) | EXTENSIONS), *calls)), headers=HEADERS)


def requests() -> st.SearchStrategy[HttpRequest]:
    """Draw a request to the service: an action, a new call, a list or a hang-up, in the name of `TOKEN`."""
    return _update() | _create() | _look_or_hang_up()


@st.composite
def _broken(draw: st.DrawFn) -> HttpRequest:
    request: HttpRequest = draw(requests())
    deep = st.integers(1, 100_000).map(lambda depth: b"[" * depth)
    body = st.binary(max_size=64) | deep | JSON.map(msgspec.json.encode) | st.just(request.body[:-1])
    target = st.text(max_size=24) | st.just(request.target + "/%00") | st.just(request.target.replace("/", "//"))
    method = st.sampled_from(("PATCH", "BREW", "", "put"))
    headers = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=3).map(tuple)
    wrong = st.sampled_from(("body", "target", "method", "headers")).flatmap(
        lambda field: st.tuples(
            st.just(field), {"body": body, "target": target, "method": method, "headers": headers}[field]
        )
    )
    return msgspec.structs.replace(request, **dict([draw(wrong)]))


def broken_requests() -> st.SearchStrategy[HttpRequest]:
    """Draw a request with one thing broken: the body, the target, the method or the headers."""
    return _broken()
