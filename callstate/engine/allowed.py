"""What may be asked of a view now: a refusal tells it beside its reason, and a user interface can show it.

One rule: an action is allowed on a view when some request of its kind, with the view as `phoneCallViewId` and no
numbers of parties, would be accepted and would change the call. Every refusal asks this, so sets of actions are bits of
a number here: the table's answer is looked up, then corrected by what the other views say.
"""

from callstate import domain
from callstate.engine.parties import facing, main_of, sides
from callstate.engine.table import BIT, LENIENT, SPEAKERS, TWO, Rules
from callstate.engine.who_is_who import Parties, states_fit

_START, _STOP = BIT[domain.StartRecording], BIT[domain.StopRecording]
_PARK, _UN_PARK, _TRANSFER = BIT[domain.Park], BIT[domain.UnPark], BIT[domain.Transfer]
_SENDS = {kind: BIT[kind] for kind in (domain.Park, domain.Transfer, domain.TransferToVoicemail)}
_SENDING = sum(_SENDS.values())


def _names(kinds: tuple[type[domain.Action], ...]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each set of these actions, at the place that its bits make."""
    sets: list[tuple[str, ...]] = [()]
    for kind in kinds:
        sets += [(*names, kind.__name__) for names in sets]
    return tuple(sets)


_HALF = len(domain.ACTIONS) // 2
_FIRST, _SECOND = _names(domain.ACTIONS[:_HALF]), _names(domain.ACTIONS[_HALF:])
_LOW = len(_FIRST) - 1


def allowed_actions(call: domain.PhoneCall, view_id: str | None, *, rules: Rules = LENIENT) -> tuple[str, ...]:
    """Return the names of the actions that could now change the call through this view, in the table's order.

    Repeats are not named. On no view, an unknown one, one that has ended or one that is not listed there are none.
    Deadlines that have passed are not looked at: `advance` the call first.
    """
    view = None if view_id is None else call.view(view_id)
    return () if view is None else allowed_on(call, view, rules)


def allowed_on(call: domain.PhoneCall, view: domain.PhoneCallView, rules: Rules) -> tuple[str, ...]:
    """Return the same for a view that is at hand."""
    if not view.listed or view.state is domain.ENDED:
        return ()
    bits = _bits(call, view, rules)
    return _FIRST[bits & _LOW] + _SECOND[bits >> _HALF]


def _bits(call: domain.PhoneCall, view: domain.PhoneCallView, rules: Rules) -> int:
    bits = rules.allows[view.role, view.state] & ~_SENDING
    if bits & (_START | _STOP):
        bits &= ~(_STOP if view.recording is None else _START)
    if view.role not in SPEAKERS or view.side is None or view.state is domain.UNKNOWN:
        return bits
    if len(sides(call.views)) != TWO:
        return bits & ~_UN_PARK
    return bits | _sending(call, view, rules)


def _sending(call: domain.PhoneCall, view: domain.PhoneCallView, rules: Rules) -> int:
    """Tell by which actions one of the two parties can send the other away, if this view is named."""
    legs = [leg for leg in facing(call, view) if leg.role in SPEAKERS]
    other = main_of(legs)
    if other is None:
        return 0
    # If the asker names its own view, it sends the other away; the party of the other end, if an extension, this one.
    pairs = [Parties(other, view), *(Parties(view, leg) for leg in legs if not leg.outside)]
    bits = sum(bit for kind, bit in _SENDS.items() if any(states_fit(call, pair, rules.moves[kind]) for pair in pairs))
    if view.outside and other.outside:
        bits &= ~_PARK
    return bits if call.allow_public_transfer else bits & ~_TRANSFER
