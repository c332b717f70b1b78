"""A listing of a call against the call: whether they say the same, and if not, which fields differ.

One rule: what is compared is the meaning, not the spelling: numbers as numbers or strings, any order of the fields, any
offset of a date. The wire's dates are in whole seconds, so two dates less than a second apart are the same.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

import msgspec

from callstate.domain import DomainError, PhoneCall
from callstate.engine import advance, fire, instant
from callstate.voipnow.wire import DATE, OTHER_SPELLINGS, decode_call, encode_call

DATES = frozenset({"published", "answered", "ringing", "recording", "parked", "onHold"})
LINKS = ("link", "links")

Facts: TypeAlias = dict[str, Any]  # Any: JSON
Listing: TypeAlias = dict[str, Any] | None  # likewise; None: it is not listed


class Difference(NamedTuple):
    """What a listing says and what it should say, in words."""

    told: str
    known: str


def difference(listed: bytes, call: PhoneCall, *, at: datetime) -> Difference | None:
    """Tell how a listing (`null`: the call is not listed) differs from the call at a time.

    A deadline at exactly that time may have fired or not.
    """
    before = fire(call, instant(at), inclusive=False)
    known = None if before.over else encode_call(before)
    if known == listed:
        return None
    told = _loosely(listed)
    found = _difference(listed, told, known)
    if found is None:
        return None
    after = advance(before, at=at)
    if after is before:
        return found
    return None if _difference(listed, told, None if after.over else encode_call(after)) is None else found


def _loosely(listed: bytes) -> object:
    try:
        return msgspec.json.decode(listed)
    except ValueError:  # text that is no Unicode; it is told when the listing is read as a call
        return listed


def _difference(listed: bytes, told: object, expected: bytes | None) -> Difference | None:
    known: Listing = None if expected is None else msgspec.json.decode(expected)
    if isinstance(told, dict):
        # As most listings come; those that are spelled in another way are read first.
        told = {name: value for name, value in told.items() if name not in LINKS}
    if told == known:
        return None
    if told is None or known is None:
        words = {False: "the call is listed", True: "the call is not listed"}
        return Difference(words[told is None], words[known is None])
    read = decode_call(listed)
    if isinstance(read, DomainError):
        return Difference(f"a listing that cannot be read: {read.reason}", "one that can")
    assert isinstance(told, dict)  # else it could not be read
    return _apart(_facts(told), _facts(msgspec.json.decode(encode_call(read))), _facts(known))


def _apart(told: Facts, read: Facts, known: Facts) -> Difference | None:
    """Show what differs, in the words of the listing. A field that it leaves out is not a difference."""
    names = [
        name
        for name in dict.fromkeys([*known, *read])
        if not (_same(name, read.get(name), known.get(name)) or _same(name, told.get(name), known.get(name)))
    ]
    return Difference(_words(names, told), _words(names, known)) if names else None


def _facts(listing: Mapping[str, Any]) -> Facts:
    """Return the fields of a call and of its views by their names; `null` and an empty text are none."""
    facts = dict(_filled(listing))
    for view in listing["phoneCallView"]:
        facts |= {f"view {view['id']} {name}": value for name, value in _filled(view).items()}
    return facts


def _filled(listing: Mapping[str, Any]) -> Facts:
    filled = {name: value for name, value in listing.items() if name != "phoneCallView" and value not in (None, "")}
    for name, other in OTHER_SPELLINGS.items():
        if other in filled:
            filled.setdefault(name, filled.pop(other))
    return filled


def _same(name: str, told: Any, known: Any) -> bool:
    if told is None or known is None or name.rpartition(" ")[2] not in DATES:
        return bool(told == known)
    one, other = DATE.read(told), DATE.read(known)
    assert one is not None and other is not None  # the listing could be read
    return abs(one - other) < timedelta(seconds=1)


def _words(names: list[str], facts: Facts) -> str:
    return ", ".join(f"{name} {facts.get(name, 'absent')}" for name in names)
