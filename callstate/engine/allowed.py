"""What may be asked of a view now: a refusal tells it beside its reason, and a user interface can show it.

One rule: an action is allowed on a view when some request of its kind, with the view as `phoneCallViewId` and no
numbers of parties, would be accepted and would change the call. Every refusal asks this, so sets of actions are bits of
a number here: the table's answer is looked up, then corrected by what the other views say.
"""

from callstate import domain
from callstate.domain import ENDED, RINGING
from callstate.engine.guards import FACETS
from callstate.engine.parties import facing, other_side, someone_is_up
from callstate.engine.transition_table import BIT, LENIENT, ON_CALL, SPEAKERS, Rules

_PARK, _UN_PARK, _TRANSFER = BIT[domain.Park], BIT[domain.UnPark], BIT[domain.Transfer]
_SENDING = _PARK | _TRANSFER | BIT[domain.TransferToVoicemail]
_OF_TWO = _SENDING | _UN_PARK
_FACETS = tuple((BIT[kind], is_set) for kind, is_set in FACETS.items())


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
    if not view.listed or view.state is ENDED:
        return ()
    bits = _bits(call, view, rules)
    return _FIRST[bits & _LOW] + _SECOND[bits >> _HALF]


def _bits(call: domain.PhoneCall, view: domain.PhoneCallView, rules: Rules) -> int:
    of_table = rules.allows[view.role][view.state]
    bits = of_table & ~_SENDING
    for bit, is_set in _FACETS:
        if bits & bit and is_set(view):
            bits &= ~bit
    if not of_table & _OF_TWO and (view.state is not RINGING or view.role not in SPEAKERS):
        return bits
    there, other = other_side(call, view)
    if there is None or view.side is None:
        return bits & ~_UN_PARK
    return bits | _sending(call, view, other, rules)


def _sending(
    call: domain.PhoneCall, view: domain.PhoneCallView, other: domain.PhoneCallView | None, rules: Rules
) -> int:
    """Tell by which actions one of the two parties can send the other away, if this view is named.

    If the asker names its own view, it sends the other party away; the other party, if an extension, this one.
    """
    if other is None or other.role not in SPEAKERS:
        return 0
    bits = _SENDING if call.allow_public_transfer else _SENDING & ~_TRANSFER
    if view.state in ON_CALL:
        bits &= rules.allows[view.role][view.state] & rules.allows[other.role][other.state]
        outside = view.outside and other.outside
        return (bits & ~_PARK if outside else bits) if other.state in ON_CALL else 0
    if view.state is RINGING:
        deflected = other.state not in ON_CALL and not other.waits and not someone_is_up(call, view.side)
        return bits & rules.allows[other.role][other.state] if deflected else 0
    rings = any(leg.state is RINGING and leg.role in SPEAKERS and not leg.outside for leg in facing(call, view))
    deflects = rings and not other.up and not view.waits
    return bits & rules.allows[view.role][view.state] if deflects else 0
