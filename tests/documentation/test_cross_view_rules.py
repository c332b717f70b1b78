"""The program of the page about the rules across the views leaves the views of a call as the engine leaves them."""

import runpy
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import asdict

from callstate import Answered, DomainError, HangUp, HungUp, PhoneCall, PhoneCallView, Transfer, apply_action
from callstate.domain import CONNECTED, UNKNOWN
from callstate.engine import create, cross_view_rules, deadlines, hanging_up, machine
from callstate.engine.cross_view_rules import RULES
from callstate.engine.settling import settle
from callstate.exploration import survey
from tests.calls import ALICE, BOB, DAVE, at, call_of, conference, on, view
from tests.documentation.programs import EXAMPLES
from tests.reference.observed import walked

PROGRAM = runpy.run_path(str(EXAMPLES / "cross_view_rules.py"))

Json = Any  # Any: a view as a dictionary


def _plain(seen: PhoneCallView) -> Json:
    """Write a view with names in the place of enum members."""
    shown = asdict(seen)
    for name in ("state", "role", "reason"):
        shown[name] = None if shown[name] is None else str(shown[name])
    shown["disposition"] = None if seen.disposition is None else seen.disposition.name
    shown["parking"] = None if seen.parking is None else asdict(seen.parking)
    return shown


def _compared(before: PhoneCall, views: tuple[PhoneCallView, ...], at: datetime) -> PhoneCall:
    settled = settle(before, views, at)
    program = list(map(_plain, views))
    PROGRAM["settle"](program, {seen.id: _plain(seen) for seen in before.views}, at, before.wait_for_pickup)
    kept = {seen["id"]: seen for seen in program}
    assert [kept[seen.id] for seen in settled.views] == list(map(_plain, settled.views)), (before, views)
    return settled


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the program with the rules wherever the engine applies these."""
    for module in (machine, deadlines, hanging_up, create):
        monkeypatch.setattr(module, "settle", _compared)


@pytest.mark.usefixtures("compared")
def test_the_program_leaves_the_views_as_the_engine_does() -> None:
    assert len(list(walked(seed=3, walks=20))) > 1000
    assert survey(max_views=2).broken is None


@pytest.mark.usefixtures("compared")
def test_it_does_so_where_states_or_dates_are_unknown() -> None:
    """Parties that were read from a listing have no dates, and of some not even the state is known."""
    undated = [view(f"{side:02d}", number, CONNECTED, side=side, answered=None) for side, number in enumerate(NUMBERS)]
    somebody = view("02", DAVE, UNKNOWN, side=2)
    for views in ((*undated, somebody), (*undated, view("02", DAVE, UNKNOWN, side=1)), tuple(undated)):
        for step in (on(HangUp, "01"), on(HungUp, "01"), on(Answered, "02"), on(Transfer, send_call_to="0003*999")):
            engine = apply_action(call_of(*views), step, at=at(20))
            assert isinstance(engine, PhoneCall | DomainError)
    late = (*conference().views, view("03", DAVE, UNKNOWN, side=1))
    assert isinstance(apply_action(call_of(*late), on(Answered, "03"), at=at(20)), PhoneCall)


NUMBERS = (ALICE, BOB)


def test_the_program_has_the_rules_in_their_order() -> None:
    assert [rule.__name__ for rule in PROGRAM["RULES"]] == [rule.__name__ for rule, *_ in RULES]
    assert cross_view_rules.RULES is RULES
