"""A retry never harms: so it is in every call that can be reached, and a harm is told."""

import os
from pathlib import Path

import pytest

from callstate import HangUp, PhoneCall, Transfer
from callstate.domain import ENDED, RINGING, EndReason
from callstate.engine import hanging_up
from callstate.exploration import Exploration, Retries, retries, survey
from tests.calls import ALICE, BOB, at, call_of, connected, parked, view
from tests.compiled import PLAIN

PAGE = Path(__file__).parents[2] / "docs" / "development" / "reachable-states.md"
LONG = os.environ.get("CALLSTATE_LONG") == "1"


def row(found: Retries, calls: int, views: str) -> str:
    harms = (len(found.harms), len(found.unclear))
    return f"| {views} | {calls} | {found.requests} | {found.sendings} | {harms[0]} | {harms[1]} |"


def test_no_retry_harms_a_call_of_two_views_and_the_page_tells_how_many_were_tried(small: Exploration) -> None:
    found = retries(small.calls, max_views=2)
    assert found.harms == ()
    assert row(found, len(small.calls), "two") in PAGE.read_text("utf-8")


@pytest.mark.skipif(not LONG, reason="it takes minutes")
def test_no_retry_harms_a_call_of_four_views() -> None:
    every = survey()
    found = retries(every.calls)
    assert found.harms == ()
    assert row(found, len(every.calls), "four") in PAGE.read_text("utf-8")


def declining() -> PhoneCall:
    """Bob, who pays, has parked Alice; his phone (02) rings back, and another one (03) rings to retrieve her."""
    ends = {"side": 1, "until": at(35), "ringing": at(10)}
    back = (view("02", BOB, RINGING, **ends), view("03", "0003*213", RINGING, **ends))
    return call_of(*parked().views, *back, extension=BOB)


def test_who_declines_a_ring_back_twice_does_not_end_the_call() -> None:
    assert retries([declining()]).harms == ()


@PLAIN
def test_a_harm_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without that rule, the hang-up that declined the ring-back ends the call when somebody else has answered."""
    monkeypatch.setattr(hanging_up, "_is_done_with_parking", lambda _call, _extension: False)
    harm = retries([declining()]).harms[0]
    assert isinstance(harm.request, HangUp)
    assert harm.request.extension == BOB
    assert harm.event is not None
    assert harm.event.name == "Answered"
    assert (harm.view.extension, harm.view.state) == (ALICE, ENDED)


def test_who_transfers_is_left_open_if_only_the_party_is_named() -> None:
    """Transferred to a phone that sends it on itself, the party is sent back to that phone by the same request."""
    found = retries([connected()])
    assert found.harms == ()
    assert found.unclear
    for harm in found.unclear:
        assert isinstance(harm.request, Transfer)
        assert harm.event is not None
        assert harm.event.name == "Transfer"
        assert harm.view.reason is EndReason.DEFLECTED
