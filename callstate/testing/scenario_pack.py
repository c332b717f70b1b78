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

from callstate.domain import Disposition, Numbering, PhoneCall
from callstate.engine import LENIENT, STRICT, Rules

_SHIPPED = "scenarios"
_RULES = {"lenient": LENIENT, "strict": STRICT}


class NewCall(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The kind and the fields of a new call."""

    kind: str
    extension: str
    source: tuple[str, ...]
    destination: tuple[str, ...]
    wait_for_pickup: int | msgspec.UnsetType = msgspec.UNSET
    call_duration: int | msgspec.UnsetType | None = msgspec.UNSET
    caller_id: str | msgspec.UnsetType | None = msgspec.UNSET
    caller_destination: str | msgspec.UnsetType | None = msgspec.UNSET
    nonce: str | msgspec.UnsetType | None = msgspec.UNSET
    allow_public_transfer: bool | msgspec.UnsetType = msgspec.UNSET


class ScenarioStep(msgspec.Struct, frozen=True, kw_only=True):
    """One input and its time; without an input, time passes."""

    at: datetime
    request: dict[str, Any] | None = None
    extension: str = "@self"
    position: int | None = 1
    signal: str | None = None
    view: str = ""
    disposition: Disposition | None = None
    create: NewCall | None = None


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A situation: the call that is given, if there is one, and what happens to it."""

    title: str
    rules: str
    given: PhoneCall | None
    steps: tuple[ScenarioStep, ...]
    numbering: Numbering | None = None

    @property
    def judged_by(self) -> Rules:
        """The rules by which it is judged."""
        rules = _RULES[self.rules]
        return rules if self.numbering is None else msgspec.structs.replace(rules, numbering=self.numbering)


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
