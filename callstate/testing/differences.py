"""Where what a subject shows differs from the call of the reference.

One rule: a listing is compared by its content. How its numbers are spelled, in which order its views stand, and links,
which only the service can know, make no difference; a whole call is compared whole.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from callstate.domain import PhoneCall
from callstate.testing.subjects import Shown
from callstate.voipnow.wire import encode_call

EXACT = timedelta(0)
_CALL = "a call"
_LINKS = frozenset({"link", "links"})


class Difference(NamedTuple):
    """One place of a call, and what is there on either side."""

    place: str
    expected: object
    shown: object

    @property
    def kind(self) -> str:
        """The place in any call and any view."""
        return "-".join(word for word in self.place.split() if word.isalpha() or "_" in word) or "call"


def difference(expected: PhoneCall, shown: Shown, *, slack: timedelta = EXACT) -> Difference | None:
    """Return the first place where they differ; dates no further apart than `slack` do not."""
    if isinstance(shown, PhoneCall):
        if shown == expected:
            return None
        pair = _plain(expected, shown)
    else:
        pair = _listed(None if expected.over else encode_call(expected)), _listed(shown)
        if not all(pair):
            return None if pair[0] == pair[1] else Difference("listing", *(_CALL if one else None for one in pair))
    return next(_differences("", *pair, slack), None)


def _plain(expected: PhoneCall, shown: PhoneCall) -> tuple[Any, Any]:  # Any: plain JSON
    both: list[Any] = [msgspec.to_builtins(call) for call in (expected, shown)]  # Any: likewise
    expected_views, shown_views = ({"view": {view["id"]: view for view in call.pop("views")}} for call in both)
    # The views first: what has happened to them shows more than that the version is another one.
    return expected_views | both[0], shown_views | both[1]


def _listed(listing: bytes | None) -> Any:  # Any: plain JSON
    """Return a listing as views by their ids; a listing without a view is empty, as no listing is."""
    if listing is None:
        return {}
    try:
        call = msgspec.json.decode(listing)
        views = {str(view["id"]): _fields(view) for view in call.pop("phoneCallView", ())}
    except (msgspec.MsgspecError, LookupError, TypeError, AttributeError, UnicodeDecodeError):
        return {"listing": "no JSON of a call"}
    return {**_fields(call), "view": views} if views else {}


def _fields(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that have a value, with numbers as the text that they are elsewhere."""
    return {
        name: str(value) if isinstance(value, int) else value
        for name, value in fields.items()
        if value is not None and name not in _LINKS
    }


def _differences(place: str, expected: Any, shown: Any, slack: timedelta) -> Iterator[Difference]:  # Any: plain JSON
    if isinstance(expected, dict) and isinstance(shown, dict):
        for name in dict.fromkeys((*expected, *shown)):
            yield from _differences(f"{place} {name}".strip(), expected.get(name), shown.get(name), slack)
    elif expected != shown and not _is_same_date(expected, shown, slack):
        yield Difference(place, expected, shown)


def _is_same_date(expected: object, shown: object, slack: timedelta) -> bool:
    if not (isinstance(expected, str) and isinstance(shown, str)):
        return False
    try:
        apart = datetime.fromisoformat(expected) - datetime.fromisoformat(shown)
    except (ValueError, TypeError, OverflowError):  # no dates, or only one of them has an offset
        return False
    return abs(apart) <= slack
