"""When deadlines fire, and what they do."""

from msgspec.structs import replace

from callstate import EndReason, OnHold, PhoneCall, Rang, advance, apply_action
from callstate.domain import ENDED, PARKED, RINGING
from tests.calls import BOB, CAROL, DAVE, at, call_of, connected, done, on, parked, retrieving, ringing, seen, view
from tests.reference.facts.creating import new


def ringing_runs_out() -> None:
    """
    At `until` the view ends (reason NO_ANSWER, disposition NO ANSWER), and the rules across the views are applied. A
    party that is parked stays parked.
    """
    late = advance(retrieving(CAROL), at=at(35))
    assert (seen(late, "02").state, seen(late, "02").reason) == (ENDED, EndReason.NO_ANSWER)
    assert seen(late, "00").state is PARKED
    assert advance(new(), at=at(25)).over


def the_order() -> None:
    """
    Deadlines fire in the order of their times, each at its own time. Of several at one time the limit of the call fires
    first, then those of the views in the order of their ids.
    """
    both = retrieving(CAROL, DAVE)
    first, second = (seen(advance(both, at=at(35)), leg) for leg in ("02", "03"))
    assert first.ended == second.ended == at(35)
    limited = replace(both, ends_by=at(35))
    assert {v.reason for v in advance(limited, at=at(35)).views if v.ended == at(35)} == {EndReason.LIMIT}
    waits = seen(advance(parked(), at=at(600)), "00")
    assert waits.parking is not None
    assert (waits.parking.ring_backs, waits.parking.until) == (3, at(730))


def before_an_input() -> None:
    """
    Deadlines strictly before the time of an input fire before it. At exactly the time of a deadline the input comes
    first. `advance` also fires deadlines at exactly its time.
    """
    rings = call_of(*ringing().views[:1], view("01", BOB, RINGING, side=1, until=at(30)))
    assert isinstance(apply_action(rings, on(Rang, "01"), at=at(30)), PhoneCall)
    assert seen(done(rings, on(Rang, "01"), now=at(30)), "01").live
    assert not seen(advance(rings, at=at(30)), "01").live
    assert done(rings, on(Rang, "01"), now=at(31)).over


def an_early_time() -> None:
    """A time before the last change of the call counts as the time of that change."""
    assert done(connected(), on(OnHold), now=at(3)).updated == at(10)


def a_refusal() -> None:
    """A refused input leaves the call as it was before the deadlines fired, so they fire again."""
    rings = call_of(*ringing().views[:1], view("01", BOB, RINGING, side=1, until=at(30)))
    apply_action(rings, on(OnHold, "01"), at=at(40))
    assert seen(rings, "01").state is RINGING


ORDER = (the_order, before_an_input, an_early_time, a_refusal)
