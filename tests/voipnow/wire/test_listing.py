"""What a listing says of holds, of dates and of empty fields."""

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate.domain import DomainError, OffHold, PhoneCall, ViewState, unwrap
from callstate.engine import apply_action
from callstate.voipnow.wire import decode_call, encode_call
from tests.calls import at

Json = dict[str, Any]  # Any: JSON
CLERK, GUARD, PORTER = "0007*310", "0007*311", "0007*312"
EARLY, LATE = "2026-03-02T09:00:20Z", "2026-03-02T09:00:40Z"
ENDS: Json = {"status": "5", "source": [CLERK], "destination": [GUARD]}


def one(**fields: object) -> Json:
    return {"id": "00", "extension": CLERK} | ENDS | fields


def other(**fields: object) -> Json:
    return {"id": "01", "extension": GUARD} | ENDS | fields


def body(*views: Json, **fields: object) -> bytes:
    return msgspec.json.encode({"id": "desk1", "extension": CLERK, "phoneCallView": views} | fields)


def read(*views: Json, seen: datetime | None = None, **fields: object) -> PhoneCall:
    return unwrap(decode_call(body(*views, **fields), at=seen))


def states(call: PhoneCall) -> list[ViewState]:
    return [view.state for view in call.views]


# Who holds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("yes", [1, "1"])
@pytest.mark.parametrize("no", [None, 0, "0", "", "both", True, [1]])
def test_where_both_ends_are_listed_on_hold_the_holder_holds(yes: object, no: object) -> None:
    call = read(one(onHold=EARLY, holder=no), other(onHold=EARLY, holder=yes))
    assert states(call) == ["CONNECTED", "ON_HOLD"]
    assert [view.on_hold for view in call.views] == [None, at(20)]
    call = unwrap(apply_action(call, OffHold(call_id="desk1", view_id="01", extension=GUARD), at=at(50)))
    assert states(call) == ["CONNECTED", "CONNECTED"]


@pytest.mark.parametrize("holder", [1, 0, None])
def test_where_holder_does_not_tell_them_apart_both_hold(holder: object) -> None:
    assert states(read(one(onHold=EARLY, holder=holder), other(onHold=LATE, holder=holder))) == ["ON_HOLD", "ON_HOLD"]


@pytest.mark.parametrize("holder", [0, "", None, 1])
def test_a_hold_that_one_end_alone_shows_is_its_own(holder: object) -> None:
    assert states(read(one(onHold=EARLY, holder=holder), other())) == ["ON_HOLD", "CONNECTED"]
    assert states(read(other(onHold=EARLY, holder=holder)))[0] == "ON_HOLD"


def test_in_a_conference_only_the_holders_hold() -> None:
    third = {"id": "02", "extension": PORTER, "status": "5", "source": [CLERK], "destination": [PORTER]}
    call = read(one(onHold=EARLY), other(onHold=EARLY, holder="1"), third | {"onHold": LATE, "holder": "1"})
    assert states(call) == ["CONNECTED", "ON_HOLD", "ON_HOLD"]


def test_who_is_parked_holds_nobody_whatever_holder_says() -> None:
    lot = {"parked": EARLY, "parkedPos": 3, "parkedBy": PORTER}
    assert states(read(one(onHold=EARLY, holder=1, **lot), other(onHold=LATE, holder=0))) == ["PARKED", "ON_HOLD"]


def test_a_hold_of_the_other_end_also_needs_a_call() -> None:
    refusal = decode_call(body(one(onHold=EARLY, holder=1), other(onHold=EARLY, status=3)))
    assert isinstance(refusal, DomainError)
    assert refusal.parameter == "phoneCallView[1].status"


# When it was changed --------------------------------------------------------------------------------------------------


def test_dates_after_the_reading_do_not_count_as_changes() -> None:
    views = one(answered=EARLY), other(answered=LATE)
    assert read(*views).updated == at(40)
    assert read(*views, seen=at(40)).updated == at(40)
    assert read(*views, seen=at(39)).updated == at(20)
    assert read(*views, seen=at(19)).updated == at(19)
    assert read(one(), seen=at(3)).updated == at(3)


def test_the_date_of_a_hold_that_the_other_end_made_counts() -> None:
    assert read(one(onHold=EARLY, holder=1), other(onHold=LATE)).updated == at(40)


def test_a_wrong_offset_does_not_stop_the_timers() -> None:
    """The vendor's own example is published 59 minutes later than it is answered."""
    call = read(one(answered="2026-03-02T11:00:05+02:00"), published="2026-03-02T11:00:00+01:00", seen=at(60))
    assert call.published == at(3600)
    assert call.updated == at(5)


def test_the_time_of_reading_is_aware_and_kept_with_its_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        decode_call(body(one()), at=datetime(2026, 3, 2, 9))  # noqa: DTZ001  # the mistake
    twice = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    call = read(one(answered="2026-10-25T01:10:00Z"), seen=twice)
    assert call.updated == datetime.fromisoformat("2026-10-25T01:10:00Z")
    call = read(one(), seen=twice)
    assert call.updated is not None
    assert call.updated.tzinfo == timezone(timedelta(hours=1))


DATES = st.sampled_from(
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-03-02T09:00:00.999999Z", EARLY, LATE, "", None]
)


@given(st.lists(DATES, min_size=4, max_size=4), st.sampled_from([None, at(0), at(30)]))
def test_any_date_of_a_calendar_is_read(dates: list[str | None], seen: datetime | None) -> None:
    call = read(one(answered=dates[0], ringing=dates[1]), other(onHold=dates[2]), published=dates[3], seen=seen)
    counted = [datetime.fromisoformat(date) for date in dates if date]
    counted = [date for date in counted if seen is None or date <= seen]
    assert call.updated == max(counted, default=seen)


# Empty texts ----------------------------------------------------------------------------------------------------------

OPTIONAL = (
    "source", "destination", "flow", "callerId", "callerID", "ringing", "answered", "onHold", "holder", "parked",
    "parkedPos", "parkedBy", "recording", "disposition",
)  # fmt: skip


@pytest.mark.parametrize("name", OPTIONAL)
def test_an_empty_field_of_a_view_is_none(name: str) -> None:
    assert read(one(**{name: ""}), other()) == read(one(**{name: None}), other())


@pytest.mark.parametrize("name", ["ownerId", "ownerName", "published", "answered", "nonce"])
def test_an_empty_field_of_a_call_is_none(name: str) -> None:
    empty: Json = {name: ""}
    assert read(one(), other(), **empty) == read(one(), other())


@pytest.mark.parametrize("name", ["source", "destination"])
def test_an_empty_number_is_none(name: str) -> None:
    assert read(one(**{name: ["", CLERK, ""]})) == read(one(**{name: [CLERK]}))


def test_the_other_spelling_counts_where_the_usual_one_is_empty() -> None:
    assert read(one(callerId="", callerID="Ann <1>")).views[0].caller_id == "Ann <1>"


@pytest.mark.parametrize("name", ["parkedPos", "parkedBy"])
def test_a_parked_view_needs_what_is_empty(name: str) -> None:
    refusal = decode_call(body(one(parked=EARLY, **({"parkedPos": 3, "parkedBy": GUARD} | {name: ""}))))
    assert isinstance(refusal, DomainError)
    assert refusal.parameter == f"phoneCallView[0].{name}"


def test_an_empty_text_is_not_written() -> None:
    call = read(one())
    views = (msgspec.structs.replace(call.views[0], caller_id="", source=("", CLERK)), *call.views[1:])
    empty = msgspec.structs.replace(call, views=views, nonce="", owner_id="", owner_name="")
    assert encode_call(empty) == encode_call(call)
