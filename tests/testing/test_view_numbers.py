"""Views of a service are recognized by what they show, and an input names them as the service does."""

import msgspec
import pytest

from callstate import Answered, OnHold, PhoneCall, apply_action
from callstate.domain import unwrap
from callstate.testing import Begin, Unable
from callstate.testing.strategies import begun
from callstate.testing.subjects import START
from callstate.testing.view_numbers import ViewNumbers
from callstate.voipnow.wire import encode_call

TALK = begun(Begin("Alice and Bob talk"))


def listing(call: PhoneCall, ids: dict[str, str], *, backwards: bool = False) -> bytes:
    listed = msgspec.json.decode(encode_call(call))
    views = [{**view, "id": ids[view["id"]]} for view in listed["phoneCallView"]]
    return msgspec.json.encode({**listed, "phoneCallView": views[::-1] if backwards else views})


def hold(view_id: str | None) -> OnHold:
    return OnHold(call_id="a1", view_id=view_id or "")


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("ids", [{"00": "7", "01": "8"}, {"00": "01", "01": "00"}])
def test_views_with_other_ids_are_recognized(ids: dict[str, str], backwards: bool) -> None:
    numbers = ViewNumbers()
    shown = numbers.shown(TALK, listing(TALK, ids, backwards=backwards))
    assert isinstance(shown, bytes)
    assert {view["id"]: view["extension"] for view in msgspec.json.decode(shown)["phoneCallView"]} == {
        view.id: view.extension for view in TALK.views
    }
    assert numbers.asked(hold("00"), TALK) == hold(ids["00"])


def test_the_same_ids_stay() -> None:
    numbers = ViewNumbers()
    same = encode_call(TALK)
    assert numbers.shown(TALK, same) is same
    for view_id in ("00", "01", "99"):
        assert numbers.asked(hold(view_id), TALK) == hold(view_id)
    assert numbers.asked(hold("00"), None) == hold("00")
    assert numbers.shown(TALK, TALK) is TALK
    assert numbers.shown(TALK, None) is None


def test_a_view_that_the_service_does_not_list_cannot_be_named_in_other_numbers() -> None:
    call = begun(Begin("somebody outside talks to Bob"))
    numbers = ViewNumbers()
    numbers.shown(call, listing(call, {"01": "00"}))
    assert numbers.asked(hold("01"), call) == hold("00")
    assert numbers.asked(hold("99"), call) == hold("99")
    with pytest.raises(Unable, match="numbers its views in its own way"):
        numbers.asked(Answered(call_id="a1", view_id="00"), call)


def test_a_view_too_many_is_shown_as_one() -> None:
    call = begun(Begin("Bob's phone rings for Alice"))
    other = listing(call, {"00": "7", "01": "8"})
    listed = msgspec.json.decode(other)
    listed["phoneCallView"].append({**listed["phoneCallView"][0], "id": "00"})
    shown = ViewNumbers().shown(call, msgspec.json.encode(listed))
    assert isinstance(shown, bytes)
    ids = {view["id"] for view in msgspec.json.decode(shown)["phoneCallView"]}
    assert ids == {"00", "01", "7 of the subject"}


def test_an_id_is_kept_when_the_call_goes_on() -> None:
    numbers = ViewNumbers()
    ids = {"00": "8", "01": "7"}
    numbers.shown(TALK, listing(TALK, ids))
    held = unwrap(apply_action(TALK, hold("00"), at=START))
    shown = numbers.shown(held, listing(held, ids))
    assert isinstance(shown, bytes)
    assert msgspec.json.decode(shown) == msgspec.json.decode(encode_call(held))


@pytest.mark.parametrize("listing", [b"", b"[]", b"\xff", b'{"phoneCallView":5}', b'{"phoneCallView":[5]}'])
def test_what_is_no_listing_is_shown_as_it_is(listing: bytes) -> None:
    assert ViewNumbers().shown(TALK, listing) is listing
