"""The oracle's answers beside a changed call: a refusal with its facts, and a repeat.

One rule: the checks raise them, and only `tests.oracle.call` catches them. What leads to them is not known here.
"""

from typing import NamedTuple, NoReturn

from callstate.domain import Check, ErrorCode, ViewState


class Refusal(NamedTuple):
    """A refused input: the code, the field at fault, the named view with its state, what is allowed, the check."""

    code: ErrorCode
    parameter: str | None = None
    value: str | None = None
    view_id: str | None = None
    state: ViewState | None = None
    allowed: tuple[str, ...] = ()
    check: Check = Check.FIELDS


class Refused(Exception):  # noqa: N818  # an answer, not an error
    """The input is refused; `silent` says that the refusal tells nothing of the call."""

    def __init__(
        self, code: ErrorCode, parameter: str | None, value: object, *, silent: bool, check: Check | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.parameter, self.value, self.silent = code, parameter, value, silent
        self.check = check_of(code) if check is None else check


class Repeated(Exception):  # noqa: N818  # an answer, not an error
    """The input is accepted and changes nothing; `parameter` is what a strict refusal names."""

    def __init__(self, parameter: str | None = None, value: object = None) -> None:
        super().__init__(parameter)
        self.parameter, self.value = parameter, value


_CHECKS = {
    ErrorCode.PHONECALL_INVALID: Check.CALL,
    ErrorCode.CALL_ENDED: Check.CALL,
    ErrorCode.EXTENSION_INVALID: Check.EXTENSION,
    ErrorCode.ACTION_INVALID: Check.ACTION,
    ErrorCode.PHONECALLVIEW_INVALID: Check.VIEW,
    ErrorCode.WRONG_STATE: Check.STATE,
    ErrorCode.RECORDING_IN_PROGRESS: Check.CONTEXT,
    ErrorCode.PUBLIC_TRANSFER_NOT_ALLOWED: Check.CONTEXT,
    ErrorCode.PARKING_FULL: Check.CONTEXT,
}


def check_of(code: ErrorCode) -> Check:
    """Return the check that usually fails with a code; the others are those of single fields."""
    return _CHECKS.get(code, Check.FIELDS)


def refuse(
    code: ErrorCode,
    parameter: str | None = None,
    value: object = None,
    *,
    silent: bool = False,
    check: Check | None = None,
) -> NoReturn:
    raise Refused(code, parameter, value, silent=silent, check=check)
