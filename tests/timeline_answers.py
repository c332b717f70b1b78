"""How the answers to a timeline are told: by what each step changes.

One rule: the same telling serves the oracle that draws a timeline, and each implementation that answers it again. Which
answer is right is not known here.
"""

from typing import Any

import msgspec

from callstate import PhoneCall
from callstate.domain import PhoneCallView
from tests.oracle.subjects import FOR_THE_STATE
from tests.scenarios import SomeCall, SomeView

Json = dict[str, Any]  # Any: JSON

OF_A_CALL = SomeCall.__struct_fields__
OF_A_VIEW = SomeView.__struct_fields__


def _plain(field: msgspec.structs.FieldInfo) -> object:
    """Return the default of a field as JSON has it; a field without one has nothing yet."""
    return None if field.default is msgspec.NODEFAULT else [] if field.default == () else field.default


VIEW = {field.name: _plain(field) for field in msgspec.structs.fields(PhoneCallView)}
CALL = {field.name: _plain(field) for field in msgspec.structs.fields(PhoneCall) if field.name not in PhoneCall.derived}
"""The fields of a view and of a call that follow from nothing, with their defaults."""


class Answers:
    """The answers to the steps of one timeline; `whole` is the call as the reader of the timeline knows it."""

    def __init__(self, call: object, whole: Json | None) -> None:
        self._call, self._whole = call, whole

    def tell(self, step: Json, result: object, shown: Json) -> Json:
        """Tell what a step has changed; `shown` is the result as a scenario compares it."""
        if result is self._call and self._whole is not None:
            return {"unchanged": True}
        if "refused" in shown:
            return {"refused": _told(step, shown["refused"])}
        told = self._changes(shown)
        self._call, self._whole = result, shown["call"]
        return told

    def _changes(self, shown: Json) -> Json:
        before = {} if self._whole is None else {view["id"]: view for view in self._whole["views"]}
        changed = {name: _changed(before.get(name, VIEW), view, OF_A_VIEW) for name, view in shown["views"].items()}
        views = {name: fields for name, fields in changed.items() if fields}
        return {
            "states": shown["states"],
            "views": views,
            "call": _changed(self._whole or CALL, shown["call"], OF_A_CALL),
        }


def _changed(old: Json, new: Json, names: tuple[str, ...]) -> Json:
    return {name: new[name] for name in names if new[name] != old[name]}


def _told(step: Json, refusal: Json) -> Json:
    """Leave out what is a matter of words.

    These are which of two states is wrong, and for which field, and which view a request is about that names none.
    """
    left = {"check", "parameter"} if refusal["code"] in FOR_THE_STATE else set()
    if "request" in step and "phoneCallViewId" not in step["request"]:
        left |= {"allowed"}
    return {name: value for name, value in refusal.items() if name not in left}
