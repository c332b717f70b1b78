"""The program of the page "Reading a listing" places the parties of a listing as the engine does."""

import runpy
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from callstate import Numbering, PhoneCall
from callstate.voipnow.wire import decode_call
from tests.calls import at
from tests.documentation.programs import EXAMPLES

PROGRAM = runpy.run_path(str(EXAMPLES / "listings.py"))
SAME = ("id", "extension", "side", "target", "listed", "outside", "waits", "flow")
NUMBERS = ("0003*210", "0003*211", "0003*212", "212", "0009*212", "0721000001", "112", "anonymous", "")
FACETS: tuple[dict[str, object], ...] = (
    {},
    {"onHold": at(6).isoformat(), "status": 5},
    {"onHold": at(6).isoformat(), "status": 5, "holder": "1"},
    *({"parked": at(6).isoformat(), "parkedPos": 3, "parkedBy": by} for by in NUMBERS[:3]),
)


@st.composite
def listings(draw: st.DrawFn) -> list[dict[str, Any]]:  # Any: JSON
    """Draw up to five views that share a few numbers, in any state, in any order."""
    ids = draw(st.lists(st.sampled_from([f"{number:02}" for number in range(12)]), max_size=5, unique=True))
    ends = st.lists(st.sampled_from(NUMBERS), max_size=2)
    views = []
    for view_id in ids:
        view = {
            "id": view_id,
            "extension": draw(st.sampled_from(NUMBERS[:4])),
            "status": draw(st.integers(0, 5)),
            "source": draw(ends),
            "destination": draw(st.one_of(ends, st.sampled_from(NUMBERS))),
            "flow": draw(st.sampled_from((2, 4, 8, ""))),
        }
        views.append(view | draw(st.sampled_from((FACETS[0], *FACETS))))
    return views


def _placed(listed: list[dict[str, Any]]) -> list[list[object]]:
    parties = PROGRAM["read"](listed, Numbering().is_extension)
    return [
        [*(getattr(party, name) for name in SAME), party.state, party.role, party.lot, party.source, party.destination]
        for party in parties
    ]


def _of_the_engine(listed: list[dict[str, Any]]) -> list[list[object]]:
    call = decode_call(msgspec.json.encode({"id": "c1", "extension": NUMBERS[0], "phoneCallView": listed}))
    assert isinstance(call, PhoneCall), call
    return [
        [
            *(getattr(view, name) for name in SAME),
            *(view.state, view.role, view.parking and view.parking.side),
            *(list(view.source), list(view.destination)),
        ]
        for view in call.views
    ]


@given(listings())
def test_the_program_places_the_parties_of_a_listing_as_the_engine_does(listed: list[dict[str, Any]]) -> None:
    assert _placed(listed) == _of_the_engine(listed)


def test_it_places_nobody_that_is_listed_as_the_engine_does() -> None:
    assert _placed([]) == _of_the_engine([])
