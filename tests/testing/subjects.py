"""Subjects that are right: a copy of the core that is reached by bytes alone, and the second implementation.

One rule: each of them is asked as a stranger would be.
"""

from datetime import datetime
from typing import Any

import msgspec

from callstate import LENIENT, Action, PhoneCall
from callstate.domain import Create
from callstate.engine import Rules, instant
from callstate.testing import CoreSubject
from callstate.voipnow.wire import encode_call, wire_code
from tests.oracle import OracleCall, create


class JsonSubject:
    """The core in a process of its own, as it were: bytes go in and bytes come out."""

    def __init__(self) -> None:
        self._core = CoreSubject()

    def start(self, new: Create | PhoneCall, *, at: datetime) -> None:
        self._core.start(_copied(new), at=at)

    def apply(self, action: Action, *, at: datetime) -> str | None:
        return self._core.apply(_copied(action), at=at)

    def advance(self, *, at: datetime) -> datetime:
        return self._core.advance(at=at)

    def look(self, call_id: str) -> bytes | None:
        call = self._core.look(call_id)
        return None if call is None or call.over else encode_call(call)

    def close(self) -> None:
        self._core.close()


def _copied(value: Any) -> Any:  # Any: any struct
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))


class OracleSubject:
    """The second implementation, on `transitions`."""

    def __init__(self, *, rules: Rules = LENIENT) -> None:
        self._rules = rules
        self._calls: dict[str, OracleCall] = {}

    def start(self, new: Create | PhoneCall, *, at: datetime) -> None:
        call = new if isinstance(new, PhoneCall) else create(new, instant(at), self._rules.numbering)
        assert isinstance(call, PhoneCall)
        strict, numbering = not self._rules.repeats, self._rules.numbering
        self._calls[call.id] = OracleCall.from_value(call, strict=strict, numbering=numbering)

    def apply(self, action: Action, *, at: datetime) -> str | None:
        call = self._calls.get(action.call_id)
        if call is None:
            return "pc_phonecall_invalid"
        refusal = call.apply(action, instant(at))
        return None if refusal is None else wire_code(refusal.code)

    def advance(self, *, at: datetime) -> datetime:
        for call in self._calls.values():
            call.advance(at)
        return at

    def look(self, call_id: str) -> PhoneCall:
        return self._calls[call_id].snapshot()

    def close(self) -> None:
        self._calls.clear()
