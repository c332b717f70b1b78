"""The scenarios of the documentation, as the package ships them.

One rule: what a scenario expects is not read. The reference passes all of them, so a subject that does the same steps
is compared with the reference, which shows more than the expectations name.
"""

from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

from callstate.domain import Disposition, Numbering, PhoneCall, unwrap
from callstate.engine import LENIENT, STRICT, Rules
from callstate.voipnow.wire import decode_call

_SHIPPED = "scenarios"
_RULES = {"lenient": LENIENT, "strict": STRICT}


class ScenarioStep(msgspec.Struct, frozen=True, kw_only=True):
    """One input and its time; without an input, time passes."""

    at: datetime
    request: dict[str, Any] | None = None
    extension: str = "@self"
    position: int | None = 1
    signal: str | None = None
    view: str = ""
    disposition: Disposition | None = None
    create: dict[str, Any] | None = None


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A situation: the call that is given, if there is one, and what happens to it.

    `given_listed` is that call as a service lists it, read at the time of the first step.
    """

    title: str
    rules: str
    given: PhoneCall | None
    steps: tuple[ScenarioStep, ...]
    given_listed: dict[str, Any] | None = None
    numbering: Numbering | None = None

    @property
    def judged_by(self) -> Rules:
        """The rules by which it is judged."""
        rules = _RULES[self.rules]
        return rules if self.numbering is None else msgspec.structs.replace(rules, numbering=self.numbering)

    @property
    def call(self) -> PhoneCall | None:
        """The call that is given."""
        if self.given_listed is None:
            return self.given
        listing = msgspec.json.encode(self.given_listed)
        return unwrap(decode_call(listing, at=self.steps[0].at, rules=self.judged_by))


def scenarios() -> dict[str, Scenario]:
    """Return all scenarios by name."""
    decoder = msgspec.json.Decoder(Scenario)
    paths = sorted(_folder().iterdir(), key=lambda path: path.name)
    named = {path.name.removesuffix(".json"): path for path in paths if path.name.endswith(".json")}
    return {name: decoder.decode(path.read_bytes()) for name, path in named.items() if name != "schema"}


def _folder() -> Traversable:
    """Return the folder: that of the installed package, or of a checkout, where there is no copy."""
    shipped = files("callstate") / _SHIPPED
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / "docs" / _SHIPPED
