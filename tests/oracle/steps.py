"""The steps of a scenario, taken by the oracle: JSON in, a call or a refusal out.

One rule: nothing of the package decides here; what it means for a call is for the modules of the topics.
"""

from datetime import datetime
from typing import Any

import msgspec

from callstate.domain import SIGNALS, Check, Disposition, ErrorCode, HungUp, Numbering, PhoneCall, Signal
from callstate.voipnow.wire import wire_code
from tests.oracle.answers import Refusal
from tests.oracle.bodies import read_create, read_request
from tests.oracle.call import OracleCall
from tests.oracle.create import create
from tests.oracle.listings import listed, read_listing

Json = dict[str, Any]  # Any: JSON

CALL = "c0ffee"
"""The id of every call of a scenario, and the call that its requests name."""

_SIGNALS = {kind.__name__: kind for kind in SIGNALS}


def begin(scenario: Json, given: PhoneCall | None, numbering: Numbering) -> PhoneCall | None:
    """Return the call at the beginning; a listing is read at the time of the first step."""
    listing = scenario.get("given_listed")
    return given if listing is None else read_listing(listing, numbering, _time(scenario["steps"][0]))


def take(call: PhoneCall | None, step: Json, *, strict: bool, numbering: Numbering) -> PhoneCall | Refusal | None:
    """Take one step; a refusal leaves the call as it was, and so does a repeat, which returns the very same one."""
    at = _time(step)
    if "create" in step:
        return create(read_create(step["create"], call_id=CALL), at, numbering)
    if call is None:
        return Refusal(ErrorCode.PHONECALL_INVALID, "phoneCallId", CALL, check=Check.CALL)
    oracle = OracleCall.from_value(call, strict=strict, numbering=numbering)
    refusal = _given_to(oracle, step, at)
    if refusal is not None:
        return refusal
    after = oracle.snapshot()
    return call if after == call else after


def shown(result: PhoneCall | Refusal | None) -> Json:
    """Show a result in the form in which a scenario asks for it."""
    if result is None:
        return {}
    if isinstance(result, Refusal):
        told = {"code": str(result.code), "wire": wire_code(result.code), "check": str(result.check)}
        return {"refused": told | {"parameter": result.parameter, "allowed": list(result.allowed)}}
    call = msgspec.json.decode(msgspec.json.encode(result))
    views = {view["id"]: view for view in call["views"]}
    states = {view_id: view["state"] for view_id, view in views.items()}
    return {"call": call, "states": states, "views": views, "listed": listed(result)}


def _given_to(oracle: OracleCall, step: Json, at: datetime) -> Refusal | None:
    if "signal" in step:
        return oracle.apply(_signal(step), at)
    if "request" not in step:
        oracle.advance(at)
        return None
    extension, position = step["extension"], step.get("position", 1)
    request = read_request(step["request"], call_id=CALL, extension=extension, position=position)
    return oracle.refuse_unknown(extension, at) if request is None else oracle.apply(request, at)


def _signal(step: Json) -> Signal:
    if step["signal"] == "HungUp":
        told = step.get("disposition")
        return HungUp(call_id=CALL, view_id=step["view"], disposition=None if told is None else Disposition(told))
    return _SIGNALS[step["signal"]](call_id=CALL, view_id=step["view"])


def _time(step: Json) -> datetime:
    return datetime.fromisoformat(step["at"])
