"""The law of the one pass that finds the other side of a call: it finds what the questions of one thing each find."""

from hypothesis import given

from callstate import PhoneCall, PhoneCallView
from callstate.domain import CONNECTED, ENDED, evolve
from callstate.engine.parties import facing, main_of, other_side, sides
from tests.calls import Walk, call_of, conference, connected, parked, retrieving, ringing, view, walks


def by_single_questions(call: PhoneCall, asked: PhoneCallView) -> tuple[int | None, PhoneCallView | None]:
    others = sides(call.views) - {asked.side}
    return (min(others), main_of(facing(call, asked))) if len(others) == 1 else (None, None)


@given(walks())
def test_on_random_walks(walk: Walk) -> None:
    for call, _, _ in walk.moments():
        for asked in call.views:
            assert other_side(call, asked) == by_single_questions(call, asked), (call, asked)


def test_each_kind_of_other_side() -> None:
    """Another party, one of two who ring, the lot, one who retrieves, and none where there are three sides."""
    beside = call_of(view("00", "0003*213", CONNECTED, side=2), evolve(parked().views[0], id="01"))
    for call in (connected(), ringing(), parked(), retrieving("0003*213"), conference(), beside):
        for asked in (*call.views, view("09", "0003*299", ENDED, side=0)):
            assert other_side(call, asked) == by_single_questions(call, asked), (call, asked)
