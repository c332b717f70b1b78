"""Where the parties of a listing stand: the state, the side and the role of each, and the party that is not listed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

STATUS = ("UNKNOWN", "OFF_HOOK", "TRYING", "RINGING", "ANSWERED", "CONNECTED")
UP = ("ANSWERED", "CONNECTED", "ON_HOLD", "PARKED")
TALKING = ("CONNECTED", "ON_HOLD")
FACING = {
    "UNKNOWN": "UNKNOWN",
    "OFF_HOOK": "TRYING",
    "TRYING": "TRYING",
    "RINGING": "ANSWERED",
    "ANSWERED": "RINGING",
    "CONNECTED": "CONNECTED",
    "ON_HOLD": "CONNECTED",
}
FURTHEST = tuple(FACING)
OUTSIDE_END = {4: 1, 8: 0}
NUMBER = re.compile(r"\+?[0-9*]{1,64}")
EXTENDED = re.compile(r"[0-9]+\*([0-9]+)")

IsExtension = Callable[[str], bool]


@dataclass
class Party:
    """A view; `lot` is the side of its parker, as long as it is parked."""

    id: str
    extension: str
    state: str
    source: list[str]
    destination: list[str]
    flow: int | None = None
    side: int | None = None
    role: str = "PARTY"
    target: str | None = None
    lot: int | None = None
    listed: bool = True
    outside: bool = False
    waits: bool = False


def read(listed: list[dict[str, Any]], is_extension: IsExtension) -> list[Party]:
    """Return the parties of a call of which these views are listed; `is_extension` is the numbering."""
    if not listed:
        return [Party(f"0{n}", "", "UNKNOWN", [], [], side=n, listed=False, outside=True) for n in (0, 1)]
    shown = sorted(listed, key=lambda view: int(view["id"]))
    told = any(str(view.get("holder")) == "1" for view in shown if view.get("onHold") and not view.get("parked"))
    parties = [party(view, is_extension, told=told) for view in shown]
    listen(parties)
    find_sides(parties, is_extension)
    wait(parties)
    parties += list(unlisted(parties, is_extension))
    join(parties)
    return parties


# Numbers: one in its short form is that of every extended number that ends with it.


def short(number: str) -> str | None:
    """Return the short form of an extended number."""
    extended = EXTENDED.fullmatch(number)
    return None if extended is None else extended[1]


def same(one: str, other: str) -> bool:
    """Tell whether two texts are one number."""
    return one == other or short(one) == other or one == short(other)


def find(parties: list[Party], number: str) -> Party | None:
    """Return the party of a number; the one with exactly this text comes first."""
    exact = [party for party in parties if party.extension == number]
    return next(iter(exact + [party for party in parties if same(party.extension, number)]), None)


def numbers(party: Party, side: int, is_extension: IsExtension) -> Iterator[tuple[str, bool]]:
    """Yield the numbers that a view shows for an end, and whether each is outside."""
    for number in party.destination if side else party.source:
        if NUMBER.fullmatch(number):
            yield number, OUTSIDE_END.get(party.flow or 0) == side or not is_extension(number)


# The state and the side of a listed view.


def party(view: dict[str, Any], is_extension: IsExtension, *, told: bool) -> Party:
    """Read a view; `told` says whether `holder` tells who holds."""
    state = STATUS[int(view["status"])]
    if view.get("parked"):
        state = "PARKED"
    elif view.get("onHold") and (not told or str(view.get("holder")) == "1"):
        state = "ON_HOLD"
    flow = int(view["flow"]) if view.get("flow") else None
    found = Party(view["id"], view["extension"], state, texts(view, "source"), texts(view, "destination"), flow)
    calls, called = (any(same(found.extension, text) for text in end) for end in (found.source, found.destination))
    found.side = 0 if calls or (flow == 4 and state != "PARKED" and not called) else 1  # noqa: PLR2004  # OUTGOING
    if state == "PARKED":
        found.lot = 1 - found.side
        find_parked(found, view["parkedBy"], is_extension)
    return found


def texts(view: dict[str, Any], name: str) -> list[str]:
    """Return the texts of a field, which can be one text, a list or missing."""
    value = view.get(name) or []
    return [text for text in ([value] if isinstance(value, str) else value) if text]


def find_parked(found: Party, parker: str, is_extension: IsExtension) -> None:
    """Tell who is parked if the view has the number of the parker: somebody from outside."""
    if not same(found.extension, parker):
        return
    outside_end = OUTSIDE_END.get(found.flow or 0)
    ends = (0, 1) if outside_end is None else (outside_end,)
    shown = [(*number, end) for end in ends for number in numbers(found, end, is_extension)]
    others = [(number, outside, end) for number, outside, end in shown if not same(number, parker)]
    nobody = [] if others else [("", True, found.lot if outside_end is None else outside_end)]
    for number, _, end in [other for other in others if other[1]][:1] or nobody:
        assert end is not None  # a parked party has the side of its parker
        found.extension, found.outside, found.side, found.lot = number, True, end, 1 - end


# Where the listed views stand together.


def listen(parties: list[Party]) -> None:
    """Make a connected view a supervisor of an answered one whose call it is no end of."""
    waiting = [party for party in parties if party.state == "ANSWERED"]
    for leg in (party for party in parties if party.state == "CONNECTED"):
        for target in (find(waiting, number) for number in leg.source):
            if target is not None and not any(same(leg.extension, n) for n in target.source + target.destination):
                leg.role, leg.side, leg.target = "MONITOR", None, target.id
                break


def taken(parties: list[Party]) -> set[int | None]:
    """Return the sides on which a view stands, and those of parkers."""
    return {party.side for party in parties} | {party.lot for party in parties}


def find_sides(parties: list[Party], is_extension: IsExtension) -> None:
    """Give another side to each view that is up where an earlier one is up."""
    free = [end for end in (0, 1) if end not in taken(parties) and has_left(parties, end, is_extension)]
    used: set[int] = set()
    for party in parties:
        if party.side is None or party.state not in UP:
            continue
        if party.side in used:
            party.side = free.pop() if free and party.state != "PARKED" else max(1, *used) + 1
        used.add(party.side)


def has_left(parties: list[Party], end: int, is_extension: IsExtension) -> bool:
    """Tell whether extensions, and nobody else, are shown for an end."""
    shown = [outside for party in parties for _, outside in numbers(party, end, is_extension)]
    return bool(shown) and not any(shown)


def wait(parties: list[Party]) -> None:
    """Put a view that is not up, on the side of a party that waits for it, opposite to that party."""
    up = [party for party in parties if party.state in UP and party.side is not None]
    ends = {party.side: party.lot for party in up if party.state == "PARKED"}
    if len(up) == 1 and up[0].state == "ANSWERED":
        ends[up[0].side] = 0 if up[0].side else 1
    for party in parties:
        if party.state not in UP:
            party.side = ends.get(party.side, party.side)


# The party that is not listed, and those that ring to join.


def unlisted(parties: list[Party], is_extension: IsExtension) -> Iterator[Party]:
    """Yield the party of an end at which nobody stands, or nobody has answered although the other end is connected."""
    up = {party.side for party in parties if party.state in UP and party.side is not None}
    for end in (0, 1):
        if end not in taken(parties):
            shown = (number for party in parties for number in numbers(party, end, is_extension))
            yield far(parties, end, *next(shown, ("", True)))
        elif up == {1 - end}:
            near = (party for party in parties if party.state in TALKING)
            shown = (number for party in near for number in numbers(party, end, is_extension))
            for number, outside in [found for found in shown if find(parties, found[0]) is None][:1]:
                yield far(parties, end, number, outside)


def far(parties: list[Party], end: int, number: str, outside: bool) -> Party:  # noqa: FBT001  # as `numbers` yields it
    """Make the party that is not listed, by the listed one that has come furthest."""
    near = max((party for party in parties if party.side is not None), key=lambda party: FURTHEST.index(party.state))
    waits = near.state == "RINGING" and end == 1
    return Party(
        id=f"{int(parties[-1].id) + 1:02}",
        extension=number,
        state="TRYING" if waits else FACING[near.state],
        source=near.source,
        destination=near.destination,
        side=end,
        listed=False,
        outside=outside and find(parties, number) is None,
        waits=waits,
    )


def join(parties: list[Party]) -> None:
    """Let a view that is not up, where another one is up, ring to barge in."""
    up = [party for party in parties if party.state in UP and party.side is not None]
    for leg in (party for party in parties if party.state not in UP):
        there = [party for party in up if party.side == leg.side]
        named = [party for party in (find(up, number) for number in leg.source) if party is not None]
        if there:
            leg.role, leg.side, leg.target = "BARGE", None, (named + there)[0].id
