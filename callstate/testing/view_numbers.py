"""Which view of a service is which of the reference: a service gives its views any ids, and lists them in any order.

One rule: a view of the service keeps its counterpart for as long as the call lives. The same id and extension come
first, then the same extension and state, then the same extension.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from callstate.domain import Action, PhoneCall
from callstate.testing.subjects import Shown, Unable
from callstate.voipnow.wire import encode_call


class ListedView(NamedTuple):
    """What tells one view of a call from another."""

    id: str
    extension: str
    status: str


class ViewNumbers:
    """The ids of a service for the views of the reference, call by call."""

    def __init__(self) -> None:
        self._theirs: dict[str, dict[str, str]] = {}

    def asked(self, action: Action, call: PhoneCall | None) -> Action:
        """Return the input with the id that the service has given to the view."""
        if call is None or action.view_id is None:
            return action
        theirs = self._theirs.get(call.id, {})
        numbered_alike = all(ours == other for ours, other in theirs.items())
        if action.view_id in theirs:
            return action if numbered_alike else replace(action, view_id=theirs[action.view_id])
        if not numbered_alike and (action.view_id in theirs.values() or _has_view(call, action.view_id)):
            raise Unable("the service numbers its views in its own way, and does not list this one")
        return action

    def shown(self, call: PhoneCall, shown: Shown) -> Shown:
        """Return what the service shows with the ids of the reference."""
        if not isinstance(shown, bytes):
            return shown
        listed = _views(shown)
        ours = () if call.over else _views(encode_call(call))
        theirs = self._theirs.setdefault(call.id, {})
        _match(theirs, ours, listed)
        names = {other: mine for mine, other in theirs.items()}
        if all(names.get(view.id, view.id) == view.id for view in listed):
            return shown
        return _renamed(shown, {view.id: names.get(view.id, f"{view.id} of the subject") for view in listed})


def _has_view(call: PhoneCall, view_id: str) -> bool:
    return any(view.id == view_id for view in call.views)


_RULES: tuple[Callable[[ListedView], object], ...] = (
    lambda view: (view.id, view.extension),
    lambda view: (view.extension, view.status),
    lambda view: view.extension,
)


def _match(theirs: dict[str, str], ours: Iterable[ListedView], listed: Iterable[ListedView]) -> None:
    """Add the views that are new on both sides and belong together."""
    for alike in _RULES:
        new = [view for view in listed if view.id not in theirs.values()]
        for view in ours:
            found = next((other for other in new if alike(other) == alike(view)), None)
            if view.id not in theirs and found is not None:
                theirs[view.id] = found.id
                new.remove(found)


def _views(listing: bytes) -> tuple[ListedView, ...]:
    """Return the views of a listing; none if it is not one, which the comparison tells."""
    try:
        views = msgspec.json.decode(listing)["phoneCallView"]
        return tuple(ListedView(*(str(view.get(name)) for name in ListedView._fields)) for view in views)
    except (msgspec.MsgspecError, LookupError, TypeError, AttributeError, UnicodeDecodeError):
        return ()


def _renamed(listing: bytes, names: Mapping[str, str]) -> bytes:
    call = msgspec.json.decode(listing)
    views = [{**view, "id": names[str(view.get("id"))]} for view in call["phoneCallView"]]
    return msgspec.json.encode({**call, "phoneCallView": views})
