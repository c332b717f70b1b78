"""How values look at the prompt: as the expression that builds them, and a call as a few lines."""

import datetime as dt
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import domain
from callstate.domain import (
    ACTIONS,
    CONNECTED,
    ENDED,
    MONITOR,
    ON_HOLD,
    PARKED,
    RINGING,
    SIGNALS,
    TRYING,
    DomainError,
    Parking,
    PhoneCall,
    PhoneCallView,
    Recording,
    Role,
    ViewState,
    changes,
)
from callstate.engine import apply_action
from callstate.testing import any_calls
from callstate.testing.strategies import of_kind
from tests.calls import ALICE, BOB, CAROL, Walk, at, call_of, connected, on, view, walks

NAMES: dict[str, Any] = {**vars(domain), **vars(dt)}  # Any: all public names


def read(text: str) -> object:
    return eval(text, NAMES)  # noqa: S307  # what a value has just shown


@given(any_calls())
def test_a_call_shows_the_expression_that_builds_it(call: PhoneCall) -> None:
    assert read(repr(call)) == call
    for party in call.views:
        assert read(repr(party)) == party


@given(st.sampled_from((*ACTIONS, *SIGNALS)).flatmap(of_kind))
def test_so_does_an_input(action: domain.Action) -> None:
    assert read(repr(action)) == action


@given(walks(12))
def test_so_do_changes_and_refusals(walk: Walk) -> None:
    for moment in walk.moments():
        after = apply_action(moment.call, moment.action, at=moment.at)
        found = (after,) if isinstance(after, DomainError) else changes(moment.call, after)
        assert read(repr(found)) == found


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))))
def test_a_date_with_any_offset_is_read_again(date: datetime) -> None:
    recording = Recording(since=date)
    assert read(repr(recording)) == recording
    again = read(repr(recording))
    assert isinstance(again, Recording)
    assert again.since.utcoffset() == date.utcoffset()


def test_defaults_are_left_out_and_the_rest_is_short() -> None:
    party = PhoneCallView(id="00", extension="0003*210", state=ViewState.ON_HOLD, side=0, on_hold=at(0))
    assert repr(party) == (
        "PhoneCallView(id='00', extension='0003*210', state=ViewState.ON_HOLD, side=0, "
        "on_hold=datetime(2026, 3, 2, 9, tzinfo=UTC))"
    )
    assert repr(domain.OffHold(call_id="c1", view_id="01")) == "OffHold(call_id='c1', view_id='01')"
    with_views = PhoneCall(id="c1", extension="0003*210", views=(party,))
    assert repr(with_views) == f"PhoneCall(id='c1', extension='0003*210', views=({party!r},))"


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (datetime(2026, 3, 2, tzinfo=UTC), "datetime(2026, 3, 2, tzinfo=UTC)"),
        (datetime(2026, 3, 2, 0, 5, tzinfo=UTC), "datetime(2026, 3, 2, 0, 5, tzinfo=UTC)"),
        (
            datetime(2026, 3, 2, 9, 0, 0, 7, tzinfo=timezone(timedelta(hours=2))),
            "datetime(2026, 3, 2, 9, 0, 0, 7, tzinfo=timezone(timedelta(hours=2)))",
        ),
        (
            datetime(2026, 3, 2, 9, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
            "datetime(2026, 3, 2, 9, tzinfo=timezone(-timedelta(hours=3, minutes=30)))",
        ),
    ],
)
def test_a_date_is_shown_without_the_parts_that_are_zero(date: datetime, text: str) -> None:
    assert repr(Recording(since=date)) == f"Recording(since={text})"


def test_a_date_with_a_zone_is_shown_with_it() -> None:
    date: Any = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Berlin"))  # Any: a wrong type
    with pytest.raises(TypeError, match=r"datetime\(2026, 3, 2, tzinfo=zoneinfo.ZoneInfo\(key='Europe/Berlin'\)\)"):
        Parking(since=at(0), position=1, by=date, side=0)


def test_a_call_prints_a_line_for_itself_and_one_for_each_party() -> None:
    assert str(connected()) == (
        "call b817d2618fe6f1804333 of 0003*210, version 3, updated 2026-03-02 09:00:10Z\n"
        "  00  0003*210  PARTY  CONNECTED, answered 2026-03-02 09:00:05Z\n"
        "  01  0003*211  PARTY  CONNECTED, answered 2026-03-02 09:00:05Z"
    )


def test_a_line_has_the_dates_that_matter_in_its_state() -> None:
    lot = Parking(since=at(8), position=7, by=BOB, side=1, seconds=180, until=at(188))
    call = call_of(
        view("00", ALICE, PARKED, side=0, parking=lot),
        view("01", BOB, ENDED, side=1, reason="PARKED"),
        view("02", CAROL, RINGING, side=1, until=at(26)),
        view("03", "", TRYING, side=2, listed=False, outside=True),
        view("04", "0003*213", ON_HOLD, side=3, recording=Recording(since=at(9))),
        view("05", "0003*214", CONNECTED, role=MONITOR, target="04"),
        ends_by=at(3600),
        forgotten=2,
    )
    head, *parties = str(call).splitlines()
    assert head.endswith(", version 3, updated 2026-03-02 09:00:10Z, ends by 2026-03-02 10:00:00Z, 2 views dropped")
    assert parties == [
        "  00  0003*210     PARTY    PARKED, position 7, since 2026-03-02 09:00:08Z, until 2026-03-02 09:03:08Z",
        "  01  0003*211     PARTY    ENDED, at 2026-03-02 09:00:09Z, PARKED",
        "  02  0003*212     PARTY    RINGING, since 2026-03-02 09:00:01Z, until 2026-03-02 09:00:26Z",
        "  03  (no number)  PARTY    TRYING",
        "  04  0003*213     PARTY    ON_HOLD, since 2026-03-02 09:00:08Z, recorded since 2026-03-02 09:00:09Z",
        "  05  0003*214     MONITOR  CONNECTED, answered 2026-03-02 09:00:05Z, target 04",
    ]


def test_a_call_of_nobody_is_one_line() -> None:
    assert str(PhoneCall(id="c1", extension="0003*210", views=())) == "call c1 of 0003*210, version 0"


def test_another_value_prints_as_the_expression() -> None:
    party = view("00", ALICE, CONNECTED, side=0, role=Role.PARTY)
    assert str(party) == repr(party)
    assert on(domain.OnHold, view_id="00") == read(str(on(domain.OnHold, view_id="00")))
