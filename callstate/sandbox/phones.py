"""What phones do by themselves after they began to ring, each by its number.

One rule: this module knows no calls. When a phone does what it does is planned elsewhere.
"""

from collections.abc import Mapping, MutableMapping
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=86400)]


class Phone(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """What a phone does when it rings.

    `answers` after so many seconds; `holds` answers, and puts the other party on hold `hold_after` seconds after they
    are connected; `rejects` rings for so many seconds and then declines; `busy` and `unreachable` end the attempt
    immediately; `ringsOut` is never answered.
    """

    does: Literal["answers", "holds", "rejects", "busy", "unreachable", "ringsOut"]
    after: Seconds = 0
    hold_after: Seconds = 2


RINGS_OUT = Phone(does="ringsOut")

MAGIC: Mapping[str, Phone] = {
    "5550100": Phone(does="answers"),
    "5550101": Phone(does="answers", after=5),
    "5550102": Phone(does="busy"),
    "5550103": RINGS_OUT,
    "5550104": Phone(does="rejects", after=2),
    "5550105": Phone(does="unreachable"),
    "5550106": Phone(does="holds"),
}
"""What the phones of some outside numbers do, unless a test gives them something else to do."""


class Phones:
    """All phones of a sandbox: those in `configured`, the magic ones, and all others, which do what `others` says.

    `numbers` is where it is kept what phones do that differ from the others.
    """

    def __init__(
        self, others: Phone, configured: Mapping[str, Phone], numbers: MutableMapping[str, Phone] | None = None
    ) -> None:
        self.others = others
        self._configured = dict(configured)
        self._numbers: MutableMapping[str, Phone] = {} if numbers is None else numbers
        for number, phone in configured.items():
            self._numbers.setdefault(number, phone)

    def reset(self) -> None:
        """Forget what phones were told to do since the start."""
        self._numbers.clear()
        self._numbers.update(self._configured)

    @property
    def numbers(self) -> Mapping[str, Phone]:
        """Return the phones that differ from the others, by number."""
        return {**MAGIC, **self._numbers}

    def phone(self, number: str) -> Phone:
        """Return what the phone of a number does."""
        return self._numbers.get(number) or MAGIC.get(number) or self.others

    def set(self, number: str, phone: Phone | None) -> None:
        """Tell what a phone does from its next ring on; `None`: what it would do by itself."""
        if phone is None:
            self._numbers.pop(number, None)
        else:
            self._numbers[number] = phone
