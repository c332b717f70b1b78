"""How ids and numbers look: of calls, of views, of extensions and of phones outside.

One rule: a text is judged by itself; whether a call or a directory has such a number is not known here.
"""

import re
from collections.abc import Callable
from functools import cached_property

from msgspec.structs import force_setattr

from callstate.domain.notation import Value, shown

CALL_ID = re.compile(r"[A-Za-z0-9]{1,255}")
"""The id of a call: 1 to 255 letters and digits. The characters are the vendor's, the length is callstate's."""

VIEW_ID = re.compile(r"[0-9]{1,9}")
"""The id of a view: a number of 1 to 9 digits. The vendor's have two; the limit is callstate's decision."""

NUMBER = re.compile(r"\+?[0-9*]{1,64}")
"""Any number that a party may have: 1 to 64 digits and `*`, after a `+` or not. The length is callstate's decision."""

EXTENSION = re.compile(r"[0-9]{4}\*[0-9]{3}|[0-9]{3}")
"""The vendor's extension numbers: `0003*210`, of client 0003, and `210` for short."""

PHONE = re.compile(r"\+?[0-9]{1,64}")
"""A public number: 1 to 64 digits, after a `+` or not."""

WITHHELD = ""
"""The number of a party that shows none. No request can come from it or name it."""

FIRST_VIEW_IDS = tuple(f"{number:02d}" for number in range(100))
"""The ids that nearly all views have, so that calls share them."""


def view_id(number: int) -> str:
    """Write the id of a view: its number, with two digits at least."""
    return FIRST_VIEW_IDS[number] if number < len(FIRST_VIEW_IDS) else str(number)


class Numbering(Value, frozen=True, gc=True, kw_only=True, dict=True):
    """Which texts are extension numbers of a system: all that match a `pattern`, or exactly those of a set `numbers`.

    The default pattern is the vendor's: `0003*210`, and the short form `210`. A system with other extensions gives its
    own, as a regular expression that has to match the whole number; a directory that knows its extensions gives their
    numbers. All other numbers are outside ones. A `ValueError` is raised for a pattern that is not a regular expression
    or matches the empty text (the number of a party that shows none), and for numbers that are none or come with a
    pattern; a `TypeError` for `numbers` that are not a set of texts.
    """

    pattern: str = EXTENSION.pattern
    numbers: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.pattern, str):
            raise TypeError(f"pattern is {shown(self.pattern)}; its type must be str.")
        if self.numbers is None:
            _check_pattern(self)
        else:
            force_setattr(self, "numbers", _set_of_numbers(self.numbers))
            if self.pattern != EXTENSION.pattern:
                raise ValueError(f"pattern is {self.pattern!r} and numbers are given too; a numbering has one of them.")

    @cached_property
    def _match(self) -> Callable[[str], re.Match[str] | None]:
        return re.compile(self.pattern).fullmatch

    def is_extension(self, number: str) -> bool:
        """Tell a number of this system from an outside one."""
        return self._match(number) is not None if self.numbers is None else number in self.numbers


def _check_pattern(numbering: Numbering) -> None:
    try:
        matches_nothing = numbering.is_extension(WITHHELD)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"pattern is {numbering.pattern!r}; it is not a regular expression: {error}.") from error
    if matches_nothing:
        raise ValueError(f"pattern is {numbering.pattern!r}; it must not match the empty text, a number not shown.")


def _set_of_numbers(given: object) -> frozenset[str]:
    if not isinstance(given, frozenset | set) or not all(isinstance(number, str) for number in given):
        raise TypeError(f"numbers is {shown(given)}; it must be a set of texts.")
    wrong = [number for number in given if NUMBER.fullmatch(number) is None]
    if wrong:
        raise ValueError(f"numbers contains {shown(wrong[0])}; a number is 1 to 64 digits and *, after + or not.")
    return frozenset(given)


is_extension: Callable[[str], bool] = Numbering().is_extension
"""Tell an extension number from an outside one by the default numbering."""
