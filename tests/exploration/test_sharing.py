"""What is asked once in an exploration, because the answer is the same, gives what asking each time gives."""

import sys
from typing import Any

import pytest

from callstate import (
    Action,
    Disposition,
    EndReason,
    OffHold,
    OnHold,
    PhoneCall,
    StopRecording,
    ViewState,
    unwrap,
)
from callstate.domain import CONNECTED, ENDED, evolve
from callstate.engine import Rules, machine
from callstate.exploration import Exploration, survey
from callstate.exploration.invariants import INVARIANTS
from callstate.exploration.search import explore
from callstate.exploration.survey import WireReadsBack, kinds
from callstate.exploration.visits import Held, Visit, visit
from callstate.voipnow.wire import decode_call
from tests.calls import CAROL, at
from tests.compiled import PLAIN

Patch = pytest.MonkeyPatch


class AskedAbout(set[Any]):  # Any: what was asked about
    """Remembers nothing, so that each question is asked again."""

    def __contains__(self, _about: object) -> bool:
        return False


def visit_asking_always(call: PhoneCall, *, rules: Rules, max_views: int, held: Held) -> Visit:
    """Hold every view against the invariants each time that it comes."""
    assert held == set()
    return visit(call, rules=rules, max_views=max_views, held=AskedAbout())


@PLAIN
def test_views_that_are_asked_about_each_time_give_the_same(small: Exploration, monkeypatch: Patch) -> None:
    """Only this tells of a field of a wrong type that is equal to a right one, such as 0 in the place of False."""
    monkeypatch.setattr("callstate.exploration.search.visit", visit_asking_always)
    assert survey(max_views=2) == small


ENDED_IN_VAIN = {"ended": at(9), "disposition": Disposition.NO_ANSWER, "reason": EndReason.HUNG_UP, "recording": None}


@PLAIN
@pytest.mark.parametrize(
    ("kind", "wrong", "broken"),
    [
        (OnHold, {"state": ViewState.ON_HOLD}, "a_view_can_be_built"),
        (OffHold, {"state": CONNECTED, "on_hold": None, "extension": CAROL}, "parties_stay"),
        (StopRecording, {"state": ENDED, **ENDED_IN_VAIN}, "who_was_on_call_was_answered"),
    ],
)
def test_views_that_are_asked_about_each_time_give_the_same_counterexample(
    kind: type[Action],
    wrong: dict[str, Any],  # Any: fields of a view
    broken: str,
    monkeypatch: Patch,
) -> None:
    ready, repeats, guard, _, leg_effect = machine.PLANS[kind]
    plan = (ready, repeats, guard, lambda _action, view, _to, _at: evolve(view, **wrong), leg_effect)
    monkeypatch.setitem(machine.PLANS, kind, plan)
    found = survey(max_views=2)
    monkeypatch.setattr("callstate.exploration.search.visit", visit_asking_always)
    assert survey(max_views=2) == found
    assert found.broken is not None
    assert found.broken.invariant == broken


class ReadsAlways(WireReadsBack):
    """Reads each listing each time that it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.read = AskedAbout()


def read_always() -> Exploration:
    return explore(kinds().values(), max_views=2, invariants=(*INVARIANTS, ReadsAlways()))


def test_listings_that_are_read_each_time_give_the_same(small: Exploration) -> None:
    assert read_always() == small


def test_listings_that_are_read_each_time_give_the_same_counterexample(monkeypatch: Patch) -> None:
    def without_recordings(shown: bytes | str) -> PhoneCall:
        read = unwrap(decode_call(shown))
        return evolve(read, views=tuple(evolve(v, recording=None) for v in read.views))

    monkeypatch.setattr(sys.modules[WireReadsBack.__module__], "decode_call", without_recordings)
    found = survey(max_views=2)
    assert read_always() == found
    assert found.broken is not None
    assert found.broken.invariant == "wire_reads_back"
    assert found.broken.path.steps[-1].name == "StartRecording"
