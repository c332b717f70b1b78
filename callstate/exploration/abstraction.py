"""How endless calls become few enough to visit all: which of them count as one, and which inputs are tried on each.

One rule: this text lists every difference that is ignored and every input that is not tried. Calls that count as one
can be changed by the same inputs into calls that count as one, which a test holds. They may differ in

- dates, and how long something still takes. What rings before a ring-back is kept, with it and after it; which of two
  phones stops ringing first is not, because a hang-up of either is tried at any time;
- names: numbers, ids, labels such as the caller id, and the order of the views. The name of a call still shows which
  parties are outside of the system, which numbers are the same, and which view stands on which side, the calling side
  apart from the others;
- who has left, when and why, and which leg came in the place of whom. It decides whether a request of that party is a
  repeat. Whether the parker of a parked party has left is kept;
- whether a supervisor whispers or listens, because each of the two leads to the other;
- who pays for the call, and whether a party that is up came by barging in. They decide whether a hang-up ends all
  parties or one, and both are tried in other ways too;
- how often a parker was rung back before the eighth time, the position in the lot and the format of a recording.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, groupby, permutations, product

from callstate import domain
from callstate.engine import parker_left

SHORT_PARKING = 10
"""Seconds, fewer than a phone rings by default: so the parker is rung back before, while and after somebody rings."""


# Which calls count as one ---------------------------------------------------------------------------------------------


def identity(call: domain.PhoneCall) -> str:
    """Name a call so that the calls that count as one, and no others, have one name."""
    live = [view for view in call.views if view.state is not domain.ENDED]
    if not live:
        return ""
    back = next((view.parking.until for view in live if view.parking is not None), None)
    marks = {view.id: _mark(call, view, back) for view in live}
    order = sorted(live, key=lambda view: marks[view.id])
    links = min(map(_links, _orders(order, marks)))
    return " ".join((*sorted(marks.values()), links, f"{call.ends_by is not None:d}{call.allow_public_transfer:d}"))


def _mark(call: domain.PhoneCall, view: domain.PhoneCallView, back: datetime | None) -> str:
    """Describe a view without the others: what of it matters to what happens next. `back` is the next ring-back."""
    side = "-" if view.side is None else "+" if view.side else "0"
    flags = view.listed + 2 * view.waits + 4 * (view.recording is not None) + 8 * (view.on_hold is not None)
    limit = _limit(view.until, back) if view.parking is None else _lot(call, view, view.parking)
    return f"{_role(view)} {view.state} {side}{_kind(view)}{flags}{limit}"


def _role(view: domain.PhoneCallView) -> domain.Role:
    if view.role is domain.WHISPER:
        return domain.MONITOR
    return domain.PARTY if view.role is domain.BARGE and view.side is not None else view.role


def _kind(view: domain.PhoneCallView) -> str:
    return "e" if not view.outside else "o" if view.extension else "?"


def _limit(until: datetime | None, back: datetime | None) -> str:
    if until is None or back is None:
        return "" if until is None else "t"
    return "<" if until < back else "=" if until == back else ">"


def _lot(call: domain.PhoneCall, view: domain.PhoneCallView, lot: domain.Parking) -> str:
    # A parker that was rung back less often than this has one more ring-back to come, whatever happens.
    rings = max(lot.ring_backs, domain.RING_BACKS - 2)
    return f"{rings}{lot.until is not None:d}{parker_left(call, view):d}"


def _orders(
    order: Sequence[domain.PhoneCallView], marks: Mapping[str, str]
) -> Iterable[Sequence[domain.PhoneCallView]]:
    """Give each order of the views in which only those of the same mark have changed places."""
    if len(set(marks.values())) == len(order):
        return (order,)
    groups = [list(group) for _, group in groupby(order, key=lambda view: marks[view.id])]
    return (list(chain.from_iterable(chosen)) for chosen in product(*map(permutations, groups)))


def _links(order: Sequence[domain.PhoneCallView]) -> str:
    """Describe how the views hang together: sides, numbers and targets, named by the order in which they appear."""
    sides: dict[int | None, int] = {None: -1, 0: 0}
    numbers: dict[str, int] = {}
    ids: dict[str | None, int] = {view.id: place for place, view in enumerate(order)}
    links = []
    for view in order:
        side, number = sides.setdefault(view.side, len(sides)), numbers.setdefault(view.extension, len(numbers))
        links.append(f"{side}.{number}.{ids.get(view.target, '')}")
        if view.parking is not None:
            lot = view.parking
            links.append(f"{sides.setdefault(lot.side, len(sides))}.{numbers.setdefault(lot.by, len(numbers))}")
    return ",".join(links)


# Which inputs are tried -----------------------------------------------------------------------------------------------

PLAIN = (
    domain.OnHold,
    domain.OffHold,
    domain.StopRecording,
    domain.HangUp,
    domain.Dialled,
    domain.Rang,
    domain.FarEndRang,
    domain.Answered,
    domain.Held,
    domain.Resumed,
)
"""Inputs that say no more than the view."""


def inputs(call: domain.PhoneCall, *, full: bool) -> Iterator[domain.Action]:
    """Yield what is tried on a call: each kind of input on each live view, and some for the call as a whole.

    The numbers to ring are one that is new to the call and that of the newest party (it can only be a repeat, or
    refused), to join a party also those of the phones that have joined it, to transfer also one outside of the system,
    and for a mailbox every party's. In a `full` call the new number is tried only where it takes somebody's place.
    """
    live = [view for view in call.views if view.state is not domain.ENDED]
    numbers = list(dict.fromkeys(view.extension for view in live))
    new = int(call.views[-1].id) + 1 if call.views else 0
    fresh, outside, newest = f"0009*{new:03d}", f"0799{new:03d}", numbers[-1:]
    for view in live:
        yield from _on_view(call, view)
        yield from _ringing(call, view, newest if full else [fresh, *newest])
        yield from _joining(call, view)
        yield domain.Transfer(call_id=call.id, view_id=view.id, extension=view.extension, send_call_to=fresh)
        for number in (fresh, outside, *newest):
            yield domain.Transfer(call_id=call.id, view_id=view.id, send_call_to=number)
        for number in (fresh, *numbers):
            yield domain.TransferToVoicemail(call_id=call.id, view_id=view.id, send_call_to=number)
    yield from _by_number(call, fresh, numbers)
    yield from _on_ended(call, fresh)


def _on_view(call: domain.PhoneCall, view: domain.PhoneCallView) -> Iterator[domain.Action]:
    for kind in PLAIN:
        yield kind(call_id=call.id, view_id=view.id)
    yield domain.HungUp(call_id=call.id, view_id=view.id, disposition=domain.Disposition.BUSY)
    # Which of the two formats comes first makes no difference; the second is tried against the first.
    for audio in ("wav",) if view.recording is None else ("wav", "wav49"):
        yield domain.StartRecording(call_id=call.id, view_id=view.id, format=audio)
    for asker in (domain.SELF, view.extension):
        yield domain.Park(call_id=call.id, view_id=view.id, extension=asker, max_in_parking=SHORT_PARKING)


def _ringing(call: domain.PhoneCall, view: domain.PhoneCallView, numbers: Iterable[str]) -> Iterator[domain.Action]:
    for number in numbers:
        for kind in (domain.UnPark, domain.PickUp, domain.BargeIn, domain.Monitor):
            yield kind(call_id=call.id, view_id=view.id, send_call_to=number)
        yield domain.Whisper(call_id=call.id, view_id=view.id, send_call_to=number, private=1)


def _joining(call: domain.PhoneCall, view: domain.PhoneCallView) -> Iterator[domain.Action]:
    """Yield the roles that the phones that have joined a view, or ring to, can take."""
    for leg in call.views:
        if leg.target == view.id:
            for kind in (domain.BargeIn, domain.Monitor):
                yield kind(call_id=call.id, view_id=view.id, send_call_to=leg.extension)
            for private in (0, 1):
                yield domain.Whisper(call_id=call.id, view_id=view.id, send_call_to=leg.extension, private=private)


def _by_number(call: domain.PhoneCall, fresh: str, numbers: Iterable[str]) -> Iterator[domain.Action]:
    """Yield what names no view, and what names what the call does not have."""
    yield domain.HangUp(call_id=call.id)
    for number in (fresh, *numbers):
        yield domain.HangUp(call_id=call.id, phone_number=number)
        yield domain.HangUp(call_id=call.id, extension=number)
        yield from _sending(call, number, fresh)
    yield domain.HangUp(call_id=call.id, extension=call.extension)
    yield domain.OnHold(call_id=call.id, view_id="9999")
    for view in call.views[:1]:
        yield domain.OnHold(call_id=call.id, view_id=view.id, extension=fresh)


def _sending(call: domain.PhoneCall, leaver: str, number: str) -> Iterator[domain.Action]:
    yield domain.Transfer(call_id=call.id, transfer_from_number=leaver, send_call_to=number)
    yield domain.TransferToVoicemail(call_id=call.id, transfer_from_number=leaver, send_call_to=number)


def _on_ended(call: domain.PhoneCall, fresh: str) -> Iterator[domain.Action]:
    """Yield what names the newest of those who have left."""
    live = [view.extension for view in call.views if view.state is not domain.ENDED]
    gone = [view for view in call.views if view.state is domain.ENDED]
    for view in gone[-1:]:
        for kind in (*domain.SIGNALS, domain.OnHold, domain.Park, domain.HangUp):
            yield kind(call_id=call.id, view_id=view.id)
        yield domain.HangUp(call_id=call.id, extension=view.extension)
        for number in (fresh, *live[-1:]):
            yield from _sending(call, view.extension, number)
        for number in live[-1:]:
            for again in (domain.UnPark, domain.PickUp):
                yield again(call_id=call.id, view_id=view.id, send_call_to=number)
