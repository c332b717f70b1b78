"""Bodies that are large, deep or odd have an answer, and no body makes a value that is much larger than itself."""

import sys
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import BargeIn, apply_action
from callstate.domain import DomainError, ErrorCode, PhoneCall, ViewState, unwrap
from callstate.voipnow.wire import apply_body, decode_call, encode_call
from tests.calls import at, connected

Json = dict[str, Any]  # Any: JSON


def body(*views: Json) -> bytes:
    return msgspec.json.encode({"id": "desk1", "extension": "310", "phoneCallView": views})


def view(number: int, **fields: object) -> Json:
    return {"id": str(number), "extension": str(1000 + number), "status": 5} | fields


def test_a_thousand_views_are_read_and_one_more_are_not() -> None:
    call = unwrap(decode_call(body(*map(view, range(1000)))))
    assert len({view.side for view in call.views}) == len(call.views)
    refusal = decode_call(body(*map(view, range(1001))))
    assert isinstance(refusal, DomainError)
    assert (refusal.code, refusal.parameter) == (ErrorCode.BODY_INVALID, "phoneCallView")
    assert "at most 1,000" in refusal.message
    assert len(refusal.message) < 200


@pytest.mark.parametrize("count", [1001, 30_000])
def test_what_the_views_hold_does_not_matter_if_they_are_too_many(count: int) -> None:
    refusal = decode_call(b'{"id":"a","extension":"310","phoneCallView":[' + b"0," * count + b"0]}")
    assert isinstance(refusal, DomainError)
    assert refusal.parameter == "phoneCallView"


@pytest.mark.parametrize("state", [4, 5])
def test_a_call_of_many_numbers_is_no_larger_than_its_listing(state: int) -> None:
    numbers = [f"{number:07d}" for number in range(200)]
    listed = body(*(view(number, status=state, source=numbers, destination=numbers) for number in range(200)))
    call = unwrap(decode_call(listed))
    assert len(msgspec.json.encode(call)) < 2 * len(listed)


# Ids ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [10, 255, 4300, 100_000])
def test_the_id_of_a_view_has_nine_digits_at_most(digits: int) -> None:
    refusal = decode_call(body(view(1, id="9" * digits)))
    assert isinstance(refusal, DomainError)
    assert (refusal.code, refusal.parameter) == (ErrorCode.BODY_INVALID, "phoneCallView[0].id")


def test_after_the_last_id_the_far_party_has_the_first_free_one() -> None:
    call = unwrap(decode_call(body(view(0), view(999_999_999, status=3, source=["1000"]))))
    assert [one.id for one in call.views] == ["0", "01", "999999999"]
    assert not call.views[1].listed


@pytest.mark.parametrize("view_id", ["9" * 5000, "-1", "", " 00", "\u0660\u0660", "00\x00", "0" * 300])
def test_a_request_may_name_any_text_as_a_view(view_id: str) -> None:
    request = msgspec.json.encode({"action": "OnHold", "phoneCallViewId": view_id})
    refusal = apply_body(connected(), request, call_id=connected().id, at=at(20))
    assert isinstance(refusal, DomainError)
    assert refusal.code is ErrorCode.PHONECALLVIEW_INVALID
    assert len(refusal.message) < 300


# Depth, and text that is none -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["id", "extension", "ownerName", "phoneCallView", "published", "other"])
def test_a_field_nests_as_deep_as_it_likes(field: str) -> None:
    for depth in (10, 400, *range(sys.getrecursionlimit() - 60, sys.getrecursionlimit() + 10), 50_000):
        deep = "[" * depth + "]" * depth
        text = f'{{"id":"a","extension":"310","phoneCallView":[],"{field}":{deep}}}'
        assert isinstance(decode_call(text), PhoneCall | DomainError)
        answer = apply_body(connected(), text, call_id=connected().id, at=at(20))
        assert isinstance(answer, DomainError)
        assert answer.code in (ErrorCode.BODY_INVALID, ErrorCode.ACTION_INVALID)


@pytest.mark.parametrize("text", ['"\\ud800"', '"\ud800"', '"\\udc00\\ud800"'])
def test_half_a_surrogate_pair_is_no_text(text: str) -> None:
    refusal = decode_call(f'{{"id":"a","extension":"310","phoneCallView":[],"nonce":{text}}}')
    assert isinstance(refusal, DomainError)
    assert refusal.code is ErrorCode.BODY_INVALID


@pytest.mark.parametrize(
    "date",
    ["2026-03-02T09:00:00+01:00:30", "2026-03-02T09:00:00+24:00", "0000-01-01T00:00:00Z", "2026-03-02T24:00:00Z"],
)
def test_a_date_that_no_calendar_has_is_refused(date: str) -> None:
    refusal = decode_call(body(view(0, answered=date)))
    assert isinstance(refusal, DomainError)
    assert refusal.parameter == "phoneCallView[0].answered"


# Any listing ----------------------------------------------------------------------------------------------------------

NUMBERS = st.sampled_from(["310", "0007*310", "0007*311", "0008*310", "118", "+40730111222", "anonymous", ""])
OWN = st.sampled_from(["310", "0007*310", "0007*311", "0008*310", "2001"])
MOMENTS = st.sampled_from(["2026-03-02T09:00:00Z", "2026-03-02T11:30:00+02:00", "9999-12-31T23:59:59-23:59", ""])


@st.composite
def views(draw: st.DrawFn, number: int) -> Json:
    shown: Json = {
        "id": draw(st.sampled_from([f"{number:02d}", str(999_999_999 - number)])),
        "extension": draw(OWN),
        "status": draw(st.integers(0, 5)),
        "flow": draw(st.sampled_from([None, 2, 4, 8])),
        "source": draw(st.lists(NUMBERS, max_size=2)),
        "destination": draw(st.lists(NUMBERS, max_size=2)),
        "holder": draw(st.sampled_from([None, 0, 1])),
    }
    if draw(st.booleans()):
        shown |= {"parked": draw(MOMENTS), "parkedPos": draw(st.integers(1, 100)), "parkedBy": draw(OWN)}
    if shown["status"] == 5:
        shown["onHold"] = draw(MOMENTS)
    return shown


@given(st.lists(st.integers(), max_size=5).flatmap(lambda some: st.tuples(*(views(n) for n, _ in enumerate(some)))))
def test_any_parties_in_any_states_make_a_call_that_is_listed_as_it_was_read(listed: tuple[Json, ...]) -> None:
    call = unwrap(decode_call(body(*listed), at=at(10)))
    written = encode_call(call)
    assert encode_call(unwrap(decode_call(written, at=at(10)))) == written
    assert {one["id"] for one in listed} == {view.id for view in call.views if view.listed}
    joined = apply_action(call, BargeIn(call_id="desk1", view_id="00", send_call_to="0007*399"), at=at(20))
    if isinstance(joined, PhoneCall):
        assert joined.views != call.views
        assert any(view.state is ViewState.RINGING for view in joined.views)
