"""The parties that a listing names by their numbers: which spellings mean one number, and who is outside of the system.

One rule: a number in its short form (`210`) is that of every extended number that ends with it (`0003*210`), and two
different extended numbers are two. Each question about a number is answered in one look, however many there are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from callstate import domain

Value = TypeVar("Value")

OUTSIDE_END: Mapping[domain.Flow | None, int] = {domain.Flow.OUTGOING: 1, domain.Flow.INCOMING: 0}
"""The side that is outside of the system, where the flow of a view tells it."""


class Party(NamedTuple):
    """A party by its number, and whether it is outside of the system."""

    number: str
    outside: bool


NOBODY_KNOWN = Party(domain.WITHHELD, outside=True)


def parties(view: domain.PhoneCallView, side: int, numbering: domain.Numbering) -> Iterator[Party]:
    """Yield the parties that a view shows at an end, without texts such as `anonymous` in the place of a number."""
    outside = OUTSIDE_END.get(view.flow) == side
    for number in view.destination if side else view.source:
        if domain.NUMBER.fullmatch(number):
            yield Party(number, outside or not numbering.is_extension(number))


def same_number(one: str, other: str) -> bool:
    """Tell whether two texts are one number, in its short or its extended form."""
    return one == other or _short(one) == other or one == _short(other)


def is_one_of(number: str, shown: Sequence[str]) -> bool:
    """Tell whether one of the texts is the same number."""
    short, ending = _short(number), f"*{number}"
    if number in shown or (short is not None and short in shown):
        return True
    return any(text.endswith(ending) and _short(text) == number for text in shown)


def _short(number: str) -> str | None:
    organization, star, short = number.partition("*")
    return short if star and organization.isdigit() and short.isdigit() else None


class ByNumber(Generic[Value]):
    """Values by the numbers of parties, to be found by either form; of two with one number the first is kept."""

    def __init__(self, values: Iterable[tuple[str, Value]]) -> None:
        self._spelled: dict[str, Value] = {}
        self._by_short: dict[str, Value] = {}
        for number, value in values:
            self._spelled.setdefault(number, value)
            short = _short(number)
            if short is not None:
                self._by_short.setdefault(short, value)

    def find(self, number: str) -> Value | None:
        """Return what is kept for a number."""
        short = _short(number)
        known = self._spelled.get(number)
        if known is None:
            known = self._by_short.get(number)
        return self._spelled.get(short) if known is None and short is not None else known


def numbers(texts: Iterable[str]) -> ByNumber[str]:
    """Return numbers as something in which each is found by either form."""
    return ByNumber((text, text) for text in texts)
