"""The oracle's answers beside a changed call: a refusal with its facts, and a repeat.

One rule: the checks raise them, and only `tests.oracle.call` catches them. What leads to them is not known here.
"""

from typing import NamedTuple, NoReturn

from callstate.domain import ErrorCode, ViewState


class Refusal(NamedTuple):
    """A refused input: the code, the field at fault, the named view with its state, and what is allowed on it."""

    code: ErrorCode
    parameter: str | None = None
    value: str | None = None
    view_id: str | None = None
    state: ViewState | None = None
    allowed: tuple[str, ...] = ()


class Refused(Exception):  # noqa: N818  # an answer, not an error
    """The input is refused; `silent` says that the refusal tells nothing of the call."""

    def __init__(self, code: ErrorCode, parameter: str | None, value: object, *, silent: bool) -> None:
        super().__init__(code)
        self.code, self.parameter, self.value, self.silent = code, parameter, value, silent


class Repeated(Exception):  # noqa: N818  # an answer, not an error
    """The input is accepted and changes nothing; `parameter` is what a strict refusal names."""

    def __init__(self, parameter: str | None = None, value: object = None) -> None:
        super().__init__(parameter)
        self.parameter, self.value = parameter, value


def refuse(code: ErrorCode, parameter: str | None = None, value: object = None, *, silent: bool = False) -> NoReturn:
    raise Refused(code, parameter, value, silent=silent)
