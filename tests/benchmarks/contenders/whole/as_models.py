"""A call and its legs as models of pydantic, each change of which is validated.

One rule: they change by assignment, with `validate_assignment`, as a service has it whose state is in models and is to
keep the types of its fields; `model_copy(update=...)` would not validate. No library moves a leg: its state is looked
up in the dictionary, and assigned. Values that are no models, such as the place in the lot, are checked by their class.
"""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from callstate import PhoneCall
from callstate.domain import Numbering
from tests.benchmarks.contenders.whole import without_library
from tests.oracle import OracleCall
from tests.oracle.legs import Leg as OracleLeg


class Leg(BaseModel, without_library.Leg):
    """A leg with the fields of the oracle's, each validated; it is equal to itself only, as the oracle's is."""

    model_config = ConfigDict(validate_assignment=True, arbitrary_types_allowed=True)

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class Call(BaseModel, OracleCall):
    """A call with its state in fields, each validated."""

    model_config = ConfigDict(validate_assignment=True, arbitrary_types_allowed=True)
    leg_type: ClassVar[type[OracleLeg]] = Leg

    strict: bool
    numbering: Numbering
    value: PhoneCall
    legs: list[Leg]  # type: ignore[assignment]  # every list of legs of such a call has such legs only
    version: int
    updated: datetime | None
    ends_by: datetime | None
    answered: datetime | None
    forgotten: int

    def __init__(self, call: PhoneCall, *, strict: bool = False, numbering: Numbering | None = None) -> None:
        legs = [Leg.from_view(view) for view in call.views]
        own = {name: getattr(call, name) for name in ("version", "updated", "ends_by", "answered", "forgotten")}
        numbering = Numbering() if numbering is None else numbering
        super().__init__(strict=strict, numbering=numbering, value=call, legs=legs, **own)
