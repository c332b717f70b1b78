"""Updates: what is asked of one call, at which place a party is parked, and what is asked of each call."""

from typing import Any

import pytest
from msgspec.structs import replace

from callstate import STRICT, Answered, PhoneCall, Role, advance, apply_action, unwrap
from callstate.domain import ACTIONS, CONNECTED, ENDED, ON_HOLD, PARKED, PARKING_POSITIONS, RINGING
from callstate.voipnow.service import Request, Verb, handle
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    ERIN,
    OUTSIDE,
    at,
    call_of,
    changed,
    connected,
    held,
    incoming,
    outgoing,
    parked,
    ringing,
    states,
    two_sources,
    view,
)
from tests.voipnow.effort import calls_of
from tests.voipnow.world import (
    ADMIN,
    ALICE_ID,
    BASE,
    BOB_ID,
    CAROL_ID,
    DAVE_ID,
    DAVES_OTHER,
    DIRECTORY,
    ERIN_ID,
    FAR,
    FAR_ID,
    ORGANIZATION,
    QUEUE,
    Simulation,
    another,
)

# Updates of one call --------------------------------------------------------------------------------------------------


def test_an_accepted_update_says_where_the_call_can_be_read() -> None:
    answer = Simulation(connected()).put("OnHold", extension="210", phoneCallViewId="00")
    where = f"{BASE}/phoneCalls/12/0003*210/{CALL}"
    assert answer.data == {"id": CALL, "extension": ALICE, "link": {"self": where}}
    assert answer.version == connected().version + 1


def test_a_repeat_is_answered_alike_and_changes_nothing() -> None:
    world = Simulation(connected())
    first, again = (world.put("OnHold", phoneCallViewId="00") for _ in range(2))
    assert again == first._replace(changed=())
    assert world.put("OnHold", phoneCallViewId="00", rules=STRICT).code == "pc_wrong_state"


def test_with_self_the_extension_that_takes_part_asks() -> None:
    answer = Simulation(connected()).put("Park", viewer=BOB_ID, phoneCallViewId="01")
    assert states(answer.changed[0]) == (PARKED, ENDED)  # named is Bob's own view, so Alice waits
    assert answer.data["extension"] == BOB


def test_with_self_who_takes_part_comes_before_who_only_pays() -> None:
    dave_pays = replace(
        outgoing(), extension=DAVES_OTHER, views=(replace(outgoing().views[0], extension=DAVE), outgoing().views[1])
    )
    answer = Simulation(dave_pays).put("Transfer", viewer=DAVE_ID, sendCallTo=BOB)
    assert answer.changed[0].views[0].state is ENDED
    assert answer.data["extension"] == DAVE


def test_with_self_who_only_pays_may_ask() -> None:
    answer = Simulation(replace(connected(), extension=CAROL)).put("OnHold", viewer=CAROL_ID, phoneCallViewId="00")
    assert answer.data["extension"] == CAROL


def test_with_self_a_user_at_both_ends_asks_without_an_extension() -> None:
    own = call_of(view("00", DAVE, CONNECTED, side=0), view("01", DAVES_OTHER, CONNECTED, side=1))
    answer = Simulation(own).put("Park", viewer=DAVE_ID, phoneCallViewId="01")
    assert states(answer.changed[0]) == (ENDED, PARKED)  # the named one waits, for nobody asks
    assert answer.data["extension"] == ALICE


@pytest.mark.parametrize("extension", [BOB, "@self"])
def test_who_has_transferred_a_call_and_left_may_send_the_request_again(extension: str) -> None:
    """The answer may have been lost, and Bob does not pay."""
    world = Simulation(connected())
    sent = {"viewer": BOB_ID, "extension": extension, "sendCallTo": "212"}
    first = world.put("Transfer", **sent)
    after = world.call()
    again = world.put("Transfer", **sent)
    assert (first.status, again.status, again.data) == (202, 202, first.data)
    assert world.call() is after
    assert world.put("Transfer", **(sent | {"sendCallTo": DAVE})).code == "extension_invalid"
    assert world.put("OnHold", viewer=BOB_ID, extension=extension, phoneCallViewId="00").code == "extension_invalid"


@pytest.mark.parametrize("action", ["BargeIn", "Whisper", "Monitor"])
@pytest.mark.parametrize("extension", [ERIN, "@self"])
def test_a_colleague_may_join_a_conversation(action: str, extension: str) -> None:
    answer = Simulation(connected()).put(
        action, viewer=ERIN_ID, extension=extension, phoneCallViewId="01", sendCallTo="214", waitForPickup="20"
    )
    assert answer.status == 202
    leg = answer.changed[0].views[2]
    assert (leg.extension, leg.state, leg.until) == (ERIN, RINGING, at(40))


@pytest.mark.parametrize("extension", [DAVES_OTHER, "216", "@self"])
def test_what_a_colleague_joined_is_read_by_the_phone_that_joins(extension: str) -> None:
    world = Simulation(connected())
    answer = world.put("Monitor", viewer=DAVE_ID, extension=extension, phoneCallViewId="01", sendCallTo="213")
    assert answer.data == {
        "id": CALL,
        "extension": DAVE,
        "link": {"self": f"{BASE}/phoneCalls/{DAVE_ID}/{DAVE}/{CALL}"},
    }
    assert len(world.list(viewer=DAVE_ID, user=DAVE_ID, extension=DAVE, call_id=CALL).data["entry"]) == 1


def test_a_colleague_may_pick_up() -> None:
    answer = Simulation(ringing()).put(
        "PickUp", viewer=CAROL_ID, extension=CAROL, phoneCallViewId="01", sendCallTo=CAROL
    )
    assert answer.changed[0].views[2].state is RINGING


@pytest.mark.parametrize("action", ["PickUp", "BargeIn", "Whisper", "Monitor"])
@pytest.mark.parametrize("extension", [FAR, "@self"])
def test_who_is_of_another_organization_is_no_colleague(action: str, extension: str) -> None:
    world = Simulation(connected() if action != "PickUp" else ringing())
    answer = world.put(action, viewer=FAR_ID, extension=extension, phoneCallViewId="01", sendCallTo=FAR)
    assert answer.code == "extension_invalid"


@pytest.mark.parametrize("action", ["BargeIn", "Whisper", "Monitor"])
@pytest.mark.parametrize("extension", [FAR, "@self"])
def test_who_has_left_is_no_colleague_for_it(action: str, extension: str) -> None:
    """Somebody of another organization sent the other party away; it must not listen to what is said there now."""
    world = Simulation(changed(connected(), "01", extension=FAR))
    assert world.put("Transfer", viewer=FAR_ID, extension=FAR, sendCallTo=CAROL).status == 202
    world.store.put(unwrap(apply_action(world.call(), Answered(call_id=CALL, view_id="02"), at=at(21))))
    asked = {"viewer": FAR_ID, "extension": extension, "phoneCallViewId": "00", "sendCallTo": FAR}
    assert world.put(action, now=at(22), **asked).code == "extension_invalid"


def test_a_call_of_nobody_in_the_directory_has_no_colleagues() -> None:
    strange = call_of(
        view("00", "0009*100", CONNECTED, side=0), view("01", "0009*101", CONNECTED, side=1), extension="0009*100"
    )
    answer = Simulation(strange).put("Monitor", viewer=ADMIN, phoneCallViewId="01", sendCallTo=DAVE)
    assert answer.code == "extension_invalid"


@pytest.mark.parametrize(
    ("action", "number", "accepted"),
    [
        ("Monitor", DAVE, True),
        ("Monitor", QUEUE, False),
        ("Monitor", "0009*999", False),
        ("Monitor", "999", False),
        ("Monitor", FAR, False),
        ("BargeIn", FAR, False),
        ("Whisper", FAR, False),
        ("TransferToVoicemail", FAR, False),
        ("TransferToVoicemail", DAVE, True),
        ("Transfer", FAR, True),
        ("Transfer", QUEUE, False),
        ("Transfer", "215", True),
        ("Transfer", "213", True),
        ("Transfer", OUTSIDE, True),
    ],
)
def test_a_call_is_sent_to_a_phone_of_the_directory(action: str, number: str, *, accepted: bool) -> None:
    view_id = {} if action.startswith("Transfer") else {"phoneCallViewId": "01"}
    answer = Simulation(connected()).put(action, extension=ALICE, sendCallTo=number, **view_id)
    if accepted:
        assert answer.status == 202
        assert answer.changed[0].views[2].extension == DIRECTORY.full_number(number, ORGANIZATION)
    else:
        assert (answer.code, answer.changed) == ("pc_sendcallto_invalid", ())


def test_an_administrator_asks_in_the_name_of_the_organization_that_pays() -> None:
    both = {"viewer": ADMIN, "phoneCallViewId": "01"}
    assert Simulation(connected()).put("Monitor", sendCallTo=DAVE, **both).status == 202
    assert Simulation(connected()).put("Monitor", sendCallTo=FAR, **both).code == "pc_sendcallto_invalid"


def test_short_numbers_name_the_parties_of_a_transfer() -> None:
    answer = Simulation(connected()).put(
        "Transfer", sendCallTo="3334444", transferFromNumber="210", transferNumber="211"
    )
    assert [v.extension for v in answer.changed[0].views if v.live] == [BOB, "3334444"]


def test_due_deadlines_fire_first_and_are_stored_even_if_the_request_is_refused() -> None:
    answer = Simulation(two_sources()).put("OnHold", now=at(36), phoneCallViewId="00")
    assert answer.code == "pc_phonecall_invalid"  # nobody answered: it is over
    assert answer.changed == (advance(two_sources(), at=at(35)),)
    still = Simulation(two_sources()).put("OnHold", now=at(35), phoneCallViewId="00")
    assert (still.code, still.changed) == ("pc_wrong_state", ())  # at the very instant the request wins


def test_a_naive_instant_is_a_bug_of_the_caller() -> None:
    request = Request(verb=Verb.LIST, viewer=ALICE_ID)
    with pytest.raises(ValueError, match="offset"):
        handle(Simulation().store, DIRECTORY, request, at=at(0).replace(tzinfo=None))


# The parking lot ------------------------------------------------------------------------------------------------------


def parked_at(position: int, by: str = BOB) -> PhoneCall:
    return another(parked(position=position, by=by), f"parked{position}")


def position(call: PhoneCall) -> int | None:
    return next((v.parking.position for v in call.views if v.parking is not None), None)


def test_a_party_gets_the_first_free_position_of_its_organization() -> None:
    world = Simulation(parked_at(1), parked_at(2), parked_at(4), connected())
    answer = world.put("Park", extension=ALICE, phoneCallViewId="00", maxInParking="30")
    assert position(answer.changed[0]) == 3
    assert world.put("Park", extension=ALICE, phoneCallViewId="01").changed == ()  # a repeat


def test_another_organization_has_a_lot_of_its_own() -> None:
    far = call_of(view("00", FAR, CONNECTED, side=0), view("01", BOB, CONNECTED, side=1))
    world = Simulation(parked_at(1), far)
    assert position(world.put("Park", viewer=FAR_ID, phoneCallViewId="00").changed[0]) == 1


def test_a_full_lot_takes_nobody() -> None:
    world = Simulation(connected(), *(parked_at(position) for position in PARKING_POSITIONS))
    assert world.put("Park", phoneCallViewId="00").code == "pc_parking_full"
    assert world.call() == connected()


@pytest.mark.parametrize("action", ["OnHold", "Park", "Transfer", "TransferToVoicemail", "DELETE"])
def test_what_is_asked_of_each_call_costs_as_much_as_there_are_calls(action: str) -> None:
    def world(count: int) -> Simulation:
        return Simulation(*(another(connected(), f"c{n}", n) for n in range(count)))

    def ask(asked: Simulation) -> None:
        everywhere: dict[str, Any] = {"call_id": None}  # Any: as for `ask`
        answer = asked.delete(**everywhere) if action == "DELETE" else asked.put(action, sendCallTo=CAROL, **everywhere)
        assert len(answer.data) == len(asked.store)

    few, many = world(100), world(400)
    assert calls_of(lambda: ask(many)) < 4.5 * calls_of(lambda: ask(few))


# Updates of each call of an extension ---------------------------------------------------------------------------------


def test_each_call_of_the_extension_is_put_on_hold_with_an_outcome_of_its_own() -> None:
    world = Simulation(another(connected(), "a", 1), another(ringing(), "b", 2), another(held("01"), "c", 3))
    answer = world.put("OnHold", call_id=None, viewer=BOB_ID, extension=BOB)
    assert answer.status == 202
    assert [outcome["id"] for outcome in answer.data] == ["a", "b", "c"]
    assert answer.data[0] == {
        "id": "a",
        "extension": BOB,
        "link": {"self": f"{BASE}/phoneCalls/13/0003*211/a"},
    }
    assert answer.data[1]["error"]["code"] == "pc_wrong_state"
    assert answer.data[2]["extension"] == BOB
    assert [call.id for call in answer.changed] == ["a"]
    assert states(world.call("a")) == (CONNECTED, ON_HOLD)  # its own view


def test_of_each_call_of_the_extension_the_other_party_is_parked_at_a_place_of_its_own() -> None:
    world = Simulation(another(connected(), "a", 1), another(connected(), "b", 2), another(parked(), "c", 3))
    answer = world.put("Park", call_id=None, viewer=ALICE_ID)
    assert [position(call) for call in answer.changed] == [2, 3]
    assert states(world.call("a")) == (ENDED, PARKED)
    assert len(answer.data) == 3  # the call where Alice herself is parked, too
    assert world.put("Park", call_id=None, viewer=ALICE_ID).changed == ()


def test_who_parked_calls_retrieves_each_of_them() -> None:
    ringing_back = advance(another(parked(), "b", 2), at=at(190))
    world = Simulation(another(parked(), "a", 1), ringing_back)
    answer = world.put("UnPark", call_id=None, viewer=BOB_ID, sendCallTo="213", now=at(191))
    assert [call.views[-1].extension for call in answer.changed] == [DAVE, DAVE]


def test_the_extension_transfers_each_of_its_calls() -> None:
    world = Simulation(another(connected(), "a", 1), another(incoming(), "b", 2))
    fields = {"sendCallTo": CAROL, "transferNumber": ERIN, "phoneCallViewId": "00"}
    answer = world.put("Transfer", call_id=None, viewer=BOB_ID, **fields)
    assert [[v.extension for v in call.views if v.live] for call in answer.changed] == [
        [ALICE, CAROL],
        [OUTSIDE, CAROL],
    ]


@pytest.mark.parametrize("field", ["transferNumber", "transferFromNumber", "sendCallTo"])
def test_a_field_out_of_form_transfers_none_of_the_calls(field: str) -> None:
    world = Simulation(another(connected(), "a", 1), another(incoming(), "b", 2))
    answer = world.put("Transfer", call_id=None, viewer=BOB_ID, **{"sendCallTo": CAROL, field: "garb age"})
    codes = {"sendCallTo": "pc_sendcallto_invalid"}
    assert [one["error"]["code"] for one in answer.data] == [codes.get(field, "pc_transfernumber_invalid")] * 2
    assert answer.changed == ()


def test_the_extension_sends_each_of_its_calls_to_a_mailbox() -> None:
    answer = Simulation(connected()).put("TransferToVoicemail", call_id=None, sendCallTo=CAROL)
    assert answer.changed[0].views[2].role is Role.VOICEMAIL


def test_who_only_pays_has_no_view_to_hold() -> None:
    answer = Simulation(replace(connected(), extension=CAROL)).put("OnHold", call_id=None, viewer=CAROL_ID)
    assert answer.data[0]["error"]["code"] == "pc_phonecallview_invalid"


def test_a_call_of_two_own_extensions_is_asked_once() -> None:
    own = call_of(view("00", DAVE, CONNECTED, side=0), view("01", DAVES_OTHER, CONNECTED, side=1))
    answer = Simulation(own).put("OnHold", call_id=None, viewer=DAVE_ID)
    assert len(answer.data) == 1
    assert states(answer.changed[0]) == (ON_HOLD, CONNECTED)


def test_without_calls_there_are_no_outcomes() -> None:
    answer = Simulation().put("OnHold", call_id=None)
    assert (answer.status, answer.data) == (202, [])


def test_calls_that_are_over_by_now_are_stored_and_have_no_outcome() -> None:
    answer = Simulation(two_sources()).put("OnHold", call_id=None, now=at(36))
    assert answer.data == []
    assert answer.changed[0].over


@pytest.mark.parametrize("action", [kind.__name__ for kind in ACTIONS if kind.__name__ != "HangUp"])
def test_which_actions_need_a_call_id(action: str) -> None:
    answer = Simulation().put(action, call_id=None, user="99")
    each = {"OnHold", "Park", "UnPark", "Transfer", "TransferToVoicemail"}
    assert answer.code == ("user_invalid" if action in each else "pc_phonecall_invalid")


@pytest.mark.parametrize(
    ("body", "user", "code"),
    [
        (b"", "99", "user_invalid"),
        (b"", "@me", "pc_body_invalid"),
        (b'{"action":"Dance"}', "@me", "pc_action_invalid"),
        (b'{"action":"OnHold"}', "@owner", "user_invalid"),
    ],
)
def test_without_a_call_id_too_the_first_check_that_fails_is_the_answer(body: bytes, user: str, code: str) -> None:
    assert Simulation(connected()).ask(Verb.UPDATE, body=body, user=user).code == code


def test_the_owner_of_a_named_extension_is_known_without_a_call() -> None:
    assert Simulation(connected()).list(user="@owner", extension="210").data["totalResults"] == 1
