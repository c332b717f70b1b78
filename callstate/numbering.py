"""How ids and numbers look: of calls, of views, of extensions and of phones outside.

One rule: a text is judged by itself; whether a call or a directory has such a number is not known here.
"""

import re

import msgspec

CALL_ID = re.compile(r"[A-Za-z0-9]{1,255}")
VIEW_ID = re.compile(r"[0-9]+")
NUMBER = re.compile(r"\+?[0-9*]{1,64}")
EXTENSION = re.compile(r"[0-9]{4}\*[0-9]{3}|[0-9]{3}")
PHONE = re.compile(r"\+?[0-9]{1,64}")
WITHHELD = ""
"""The number of a party that shows none. Nobody can ask by it, or be named by it."""

_is_extension = EXTENSION.fullmatch

FIRST_VIEW_IDS = tuple(f"{number:02d}" for number in range(100))
"""The ids that nearly all views have, so that calls share them."""


def view_id(number: int) -> str:
    """Write the id of a view: its number, with two digits at least."""
    return FIRST_VIEW_IDS[number] if number < len(FIRST_VIEW_IDS) else str(number)


def is_extension(number: str) -> bool:
    """Tell a number of this system (`0003*210`, `210`) from an outside one."""
    return _is_extension(number) is not None


class Numbering(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Which texts are extension numbers: those of a pattern, or those of a set."""

    pattern: str = r"[0-9]{4}\*[0-9]{3}|[0-9]{3}"
    numbers: frozenset[str] | None = None

    def is_extension(self, number: str) -> bool:
        if self.numbers is not None:
            return number in self.numbers
        return re.fullmatch(self.pattern, number) is not None
