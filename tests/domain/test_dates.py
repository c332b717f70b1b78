"""The dates of a call: any aware datetime is taken, and kept with a fixed offset of whole minutes."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate.domain import PhoneCall, PhoneCallView, Recording, ViewState, fixed_offset, later

BERLIN = ZoneInfo("Europe/Berlin")
# In this night 02:00 to 03:00 comes twice: first at an offset of two hours, then of one.
FIRST, SECOND = datetime(2026, 10, 25, 2, 40, tzinfo=BERLIN), datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)


class OwnDatetime(datetime):
    """A kind of datetime that msgspec cannot write, as libraries for dates have."""


def rings(view_id: str, until: datetime) -> PhoneCallView:
    return PhoneCallView(id=view_id, extension="0003*210", state=ViewState.RINGING, side=int(view_id), until=until)


def test_a_zone_is_replaced_by_the_offset_that_it_has_at_that_time() -> None:
    view = PhoneCallView(
        id="00", extension="0003*210", state=ViewState.CONNECTED, side=0, ringing=FIRST, answered=SECOND
    )
    assert view.ringing == datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
    assert view.answered == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert (view.ringing.tzinfo, view.answered.tzinfo) == (timezone(timedelta(hours=2)), timezone(timedelta(hours=1)))
    assert view.answered.fold == 0


def test_the_hour_that_comes_twice_is_in_order() -> None:
    call = PhoneCall(id="c1", extension="0003*210", views=(rings("00", SECOND), rings("01", FIRST)))
    assert call.deadline == datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
    assert msgspec.json.decode(msgspec.json.encode(call), type=PhoneCall) == call


@pytest.mark.parametrize(
    ("offset", "minutes"),
    [
        (timedelta(hours=23, minutes=59, seconds=59), 23 * 60 + 59),
        (timedelta(minutes=53, seconds=28), 53),
        (timedelta(microseconds=1), 0),
        (-timedelta(seconds=1), -1),
        (-timedelta(hours=23, minutes=59, seconds=30), -(23 * 60 + 59)),
    ],
)
def test_an_offset_with_seconds_is_rounded_and_the_time_stays(offset: timedelta, minutes: int) -> None:
    date = datetime(2026, 3, 2, 9, tzinfo=timezone(offset))
    kept = fixed_offset("at", date)
    assert kept == date
    assert kept.utcoffset() == timedelta(minutes=minutes)
    assert msgspec.json.decode(msgspec.json.encode(kept), type=datetime) == date


@given(st.datetimes(timezones=st.timezones(), allow_imaginary=True))
def test_any_date_that_has_an_offset_is_kept_as_the_same_time_and_can_be_stored(date: datetime) -> None:
    kept = fixed_offset("at", date)
    assert kept - date.replace(tzinfo=timezone(date.utcoffset() or timedelta(0))) == timedelta(0)
    assert type(kept.tzinfo) is timezone
    stored = msgspec.json.decode(msgspec.json.encode(kept), type=datetime)
    assert (stored, stored.utcoffset()) == (kept, kept.utcoffset())


@pytest.mark.parametrize("end", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("hours", [-23, 0, 23])
def test_a_date_at_the_ends_of_time_is_built_compared_hashed_and_stored(end: datetime, hours: int) -> None:
    date = end.replace(tzinfo=timezone(timedelta(hours=hours)))
    call = PhoneCall(id="c1", extension="0003*210", views=(rings("00", date), rings("01", FIRST)), published=date)
    assert call.deadline == min(date, FIRST.astimezone(UTC))
    assert msgspec.json.decode(msgspec.json.encode(call), type=PhoneCall) == call
    assert hash(call) == hash(msgspec.structs.replace(call))
    assert date.strftime("%H:%M:%S") in str(call)


def test_where_rounding_down_leaves_time_the_offset_is_rounded_up() -> None:
    first = datetime.min.replace(tzinfo=BERLIN)
    assert fixed_offset("at", first).utcoffset() == timedelta(minutes=54)
    last = datetime.max.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59, seconds=30)))
    with pytest.raises(ValueError, match=r"at is .*; there is no such date with an offset of whole minutes"):
        fixed_offset("at", last)


def test_a_date_of_another_class_becomes_a_plain_one_that_can_be_stored() -> None:
    recording = Recording(since=OwnDatetime(2026, 3, 2, 9, tzinfo=UTC))
    assert type(recording.since) is datetime
    assert msgspec.json.decode(msgspec.json.encode(recording), type=Recording) == recording


def test_a_date_without_an_offset_is_refused() -> None:
    sentence = r"since is datetime\(2026, 3, 2, 9\); a date needs an offset, such as tzinfo=UTC\."
    with pytest.raises(ValueError, match=sentence):
        Recording(since=datetime(2026, 3, 2, 9))  # noqa: DTZ001  # that it is naive is the point


def test_a_plain_date_stays_the_very_same() -> None:
    for date in (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=2)))):
        assert fixed_offset("at", date) is date


def test_beyond_the_last_datetime_there_is_no_deadline() -> None:
    assert later(datetime.max.replace(tzinfo=UTC), 1) is None
    assert later(datetime(2026, 3, 2, tzinfo=UTC), 60) == datetime(2026, 3, 2, 0, 1, tzinfo=UTC)
