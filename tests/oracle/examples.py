"""What the examples have in common: a story with one call, told in seconds since it began.

One rule: an example states what it expects; nothing is computed here.
"""

from typing import Any

from callstate.domain import Action, ErrorCode, Numbering, PhoneCall, PhoneCallView
from tests.oracle.answers import Refusal
from tests.oracle.create import Create
from tests.oracle.starts import CALL, T0, seconds
from tests.oracle.subjects import Subject


class Example:
    """One call and the implementation that holds it."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._now = 0.0

    @property
    def call(self) -> PhoneCall:
        return self._subject.call

    @property
    def states(self) -> list[str]:
        return [str(view.state) for view in self.call.views]

    @property
    def reasons(self) -> list[str | None]:
        return [None if view.reason is None else str(view.reason) for view in self.call.views]

    def view(self, view_id: str) -> PhoneCallView:
        found = self.call.view(view_id)
        assert found is not None
        return found

    def do(self, kind: type[Action], view_id: str | None = None, *, at: float | None = None, **fields: Any) -> None:
        """Give an input that is accepted and changes the call."""
        before = self.call
        assert self._give(kind, view_id, at, fields) is None
        assert self.call.version > before.version

    def repeat(self, kind: type[Action], view_id: str | None = None, *, at: float | None = None, **fields: Any) -> None:
        """Give an input that is accepted and changes nothing."""
        before = self.call
        assert self._give(kind, view_id, at, fields) is None
        assert self.call is before

    def refused(self, kind: type[Action], view_id: str | None = None, **fields: Any) -> ErrorCode:
        return self.refusal(kind, view_id, **fields).code

    def refusal(
        self, kind: type[Action], view_id: str | None = None, *, at: float | None = None, **fields: Any
    ) -> Refusal:
        before = self.call
        answer = self._give(kind, view_id, at, fields)
        assert answer is not None
        assert self.call == before
        return answer

    def advance(self, at: float) -> None:
        self._now = at
        self._subject.advance(seconds(at))

    def allowed(self, view_id: str) -> set[str]:
        return set(self._subject.allowed(view_id))

    def _give(self, kind: type[Any], view_id: str | None, at: float | None, fields: dict[str, Any]) -> Refusal | None:
        self._now = self._now + 1 if at is None else at
        named = {} if view_id is None else {"view_id": view_id}
        return self._subject.apply(kind(**{"call_id": CALL} | named | fields), seconds(self._now))


class Making:
    """Creates calls at second 0."""

    def __init__(self, implementation: type[Subject]) -> None:
        self._implementation = implementation

    def call(self, request: Create, numbering: Numbering | None = None) -> PhoneCall:
        made = self._implementation.create(request, T0, numbering)
        assert isinstance(made, PhoneCall)
        return made

    def example(self, request: Create, numbering: Numbering | None = None) -> Example:
        return Example(self._implementation(self.call(request, numbering), numbering=numbering))

    def refused(self, request: Create, numbering: Numbering | None = None) -> ErrorCode:
        made = self._implementation.create(request, T0, numbering)
        assert isinstance(made, Refusal)
        return made.code
