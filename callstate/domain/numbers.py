"""How ids and numbers look: of calls, of views, of extensions and of phones outside.

One rule: a text is judged by itself; whether a call or a directory has such a number is not known here.
"""

import re

import msgspec
from msgspec.structs import force_setattr

CALL_ID = re.compile(r"[A-Za-z0-9]{1,255}")
VIEW_ID = re.compile(r"[0-9]+")
NUMBER = re.compile(r"\+?[0-9*]{1,64}")
EXTENSION = re.compile(r"[0-9]{4}\*[0-9]{3}|[0-9]{3}")
PHONE = re.compile(r"\+?[0-9]{1,64}")
WITHHELD = ""
"""The number of a party that shows none. Nobody can ask by it, or be named by it."""

FIRST_VIEW_IDS = tuple(f"{number:02d}" for number in range(100))
"""The ids that nearly all views have, so that calls share them."""


def view_id(number: int) -> str:
    """Write the id of a view: its number, with two digits at least."""
    return FIRST_VIEW_IDS[number] if number < len(FIRST_VIEW_IDS) else str(number)


class Numbering(msgspec.Struct, frozen=True, kw_only=True):
    """Which texts are extension numbers of the system: all that match `pattern`, or exactly the `numbers` if given.

    The default is the vendor's form, `0003*210` or `210`. `matcher` follows from the pattern and is not to be given.
    """

    pattern: str = EXTENSION.pattern
    numbers: frozenset[str] | None = None
    matcher: re.Pattern[str] = EXTENSION

    def __post_init__(self) -> None:
        force_setattr(self, "matcher", re.compile(self.pattern))

    def is_extension(self, number: str) -> bool:
        """Tell a number of this system from an outside one."""
        return self.matcher.fullmatch(number) is not None if self.numbers is None else number in self.numbers


is_extension = Numbering().is_extension
"""Tell an extension number from an outside one by the default numbering."""
