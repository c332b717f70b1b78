"""A call that changes in place: inputs and time go in, refusals come out.

One rule: the order of the checks is here, the checks themselves are in the modules of their topic.
"""

from datetime import datetime
from typing import TypeAlias

from callstate.domain import (
    CALL_ID,
    Action,
    Check,
    EndReason,
    ErrorCode,
    HangUp,
    Numbering,
    PhoneCall,
    Request,
    as_value,
)
from tests.oracle.allowed import allowed
from tests.oracle.answers import Refusal, Refused, Repeated, refuse
from tests.oracle.authorization import may_ask, names_a_view, takes_part
from tests.oracle.fields import fault_of_form
from tests.oracle.legs import Leg
from tests.oracle.parking import ring_the_parker_back
from tests.oracle.plans import plan
from tests.oracle.rules import end_all, finish
from tests.oracle.signals import hear
from tests.oracle.state import Conversation

Due: TypeAlias = tuple[datetime, int, Leg | None]


class OracleCall(Conversation):
    """A call that changes in place. `strict` refuses the repeats of actions."""

    @classmethod
    def from_value(cls, call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> "OracleCall":
        return cls(call, strict=strict, numbering=numbering)

    def apply(self, action: Action, at: datetime) -> Refusal | None:
        """Take one input; `None` says that it was accepted, as a repeat too. A refusal leaves all as it was."""
        at = self._not_before(at)
        due = self._next_due()
        held = self.snapshot() if due is not None and due[0] < at else None
        self._expire_before(at)
        refusal = self._answer(action, at)
        if refusal is not None and held is not None:
            self.load(held)
        return refusal

    def refuse_unknown(self, extension: str, at: datetime) -> Refusal:
        """Refuse an action that is unknown; the call and the extension are checked before."""
        held = self.snapshot()
        self._expire_before(self._not_before(at))
        known, over = takes_part(self, extension), self.over
        self.load(held)
        if over:
            return Refusal(ErrorCode.CALL_ENDED, "phoneCallId", self.value.id, check=Check.CALL)
        if not known:
            return Refusal(ErrorCode.EXTENSION_INVALID, "extension", extension, check=Check.EXTENSION)
        return Refusal(ErrorCode.ACTION_INVALID, "action", check=Check.ACTION)

    def _expire_before(self, at: datetime) -> None:
        while (due := self._next_due()) is not None and due[0] < at:
            self._expire(due)

    def advance(self, at: datetime) -> None:
        """Let the time pass until `at`, that instant included."""
        at = self._not_before(at)
        while (due := self._next_due()) is not None and due[0] <= at:
            self._expire(due)

    def _answer(self, action: Action, at: datetime) -> Refusal | None:
        try:
            self._take(action, at)
        except Repeated as repeat:
            if self.strict and isinstance(action, Request):
                return self._refusal(
                    action, Refused(ErrorCode.WRONG_STATE, repeat.parameter, repeat.value, silent=False)
                )
        except Refused as refused:
            return self._refusal(action, refused)
        return None

    def _refusal(self, action: Action, refused: Refused) -> Refusal:
        value = as_value(refused.value)
        if refused.silent:
            return Refusal(refused.code, refused.parameter, value, check=refused.check)
        leg = self.leg(action.view_id)
        state = leg.state if leg is not None and leg.listed else None
        view_id = None if leg is None else leg.id
        return Refusal(
            refused.code, refused.parameter, value, view_id, state, allowed(self, action.view_id), refused.check
        )

    def _take(self, action: Action, at: datetime) -> None:
        if not CALL_ID.fullmatch(action.call_id) or action.call_id != self.value.id:
            refuse(ErrorCode.PHONECALL_INVALID, "phoneCallId", action.call_id, silent=True)
        gone = {leg.id for leg in self.ended}
        if isinstance(action, Request):
            self._check(action)
            plan(self, action)(at)
        else:
            hear(self, action, at)
        finish(self, at, gone)

    def _check(self, request: Request) -> None:
        """Make the checks that come before the role."""
        if self.over and (self.strict or not isinstance(request, HangUp)):
            refuse(ErrorCode.CALL_ENDED, "phoneCallId", request.call_id, silent=True)
        if not may_ask(self, request):
            refuse(ErrorCode.EXTENSION_INVALID, "extension", request.extension, silent=True)
        if not names_a_view(self, request):
            refuse(ErrorCode.PHONECALLVIEW_INVALID, "phoneCallViewId", request.view_id)
        fault = fault_of_form(request, self.numbering)
        if fault is not None:
            refuse(*fault)

    # Time.

    def _not_before(self, at: datetime) -> datetime:
        return at if self.updated is None else max(at, self.updated)

    def _next_due(self) -> Due | None:
        found: list[Due] = [] if self.ends_by is None else [(self.ends_by, -1, None)]
        for leg in self.live:
            until = leg.until if leg.parking is None else leg.parking.until
            if until is not None:
                found.append((until, leg.number, leg))
        return min(found, key=lambda due: due[:2], default=None)

    def _expire(self, due: Due) -> None:
        at, leg = self._not_before(due[0]), due[2]
        gone = {leg.id for leg in self.ended}
        if leg is None:
            end_all(self, "is let go", at, EndReason.LIMIT)
        elif leg.parking is not None:
            ring_the_parker_back(self, leg, at)
        else:
            leg.end("is let go", at, EndReason.NO_ANSWER)
        finish(self, at, gone)
