"""Organizations over HTTP: whose phones a request rings, whose views it names, who sees that a call is supervised."""

from typing import Any

import pytest
from msgspec.structs import replace

from callstate import Answered, Park, PhoneCall, Role
from callstate.domain import BARGE, CONNECTED, ENDED, MONITOR, PARKED, RINGING, WHISPER
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    ELSEWHERE,
    ERIN,
    OUTSIDE,
    at,
    call_of,
    changed,
    connected,
    done,
    lot,
    outgoing,
    parked,
    ringing,
    states,
    supervised,
    view,
)
from tests.voipnow.world import (
    ADMIN,
    ALICE_ID,
    BOB_ID,
    CAROL_ID,
    CONFERENCE,
    DAVE_ID,
    ERIN_ID,
    FAR,
    FAR_ID,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    WITHOUT_ID,
    Simulation,
    another,
)


def with_far() -> PhoneCall:
    """Alice (00) talks to somebody of the other organization (01)."""
    return changed(connected(), "01", extension=FAR)


def asked(action: str, view_id: str | None, **fields: Any) -> dict[str, Any]:  # Any: JSON
    named = {} if view_id is None else {"phoneCallViewId": view_id}
    return {"action": action, **named, **fields}


# Phones that ring -----------------------------------------------------------------------------------------------------

START = {"PickUp": ringing, "UnPark": parked}
NAMED = {"PickUp": "01", "UnPark": "00", "TransferToVoicemail": None}


@pytest.mark.parametrize("action", ["PickUp", "UnPark", "BargeIn", "Whisper", "Monitor", "TransferToVoicemail"])
def test_a_phone_that_rings_for_a_request_is_of_the_askers_organization(action: str) -> None:
    world = Simulation(START.get(action, connected)())
    path, view_id = f"@me/{ALICE}/{CALL}", NAMED.get(action, "01")
    far = world.http(ALICE_ID, "PUT", path, asked(action, view_id, sendCallTo=FAR))
    assert (far.status, far.code, far.changed) == (400, "pc_sendcallto_invalid", ())
    near = world.http(ALICE_ID, "PUT", path, asked(action, view_id, sendCallTo=CAROL))
    assert near.changed[0].views[2].extension == CAROL


@pytest.mark.parametrize("number", [FAR, CAROL, OUTSIDE, "112"])
def test_anybody_can_be_the_target_of_a_transfer(number: str) -> None:
    answer = Simulation(connected()).http(
        ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", asked("Transfer", None, sendCallTo=number)
    )
    assert answer.changed[0].views[2].extension == number


def test_a_phone_that_rings_already_does_not_ring_for_the_request() -> None:
    """Somebody outside has called Bob (01) and the other organization (02); that it picks up is a repeat."""
    both = call_of(*ringing().views, view("02", FAR, RINGING, side=1))
    answer = Simulation(both).http(BOB_ID, "PUT", f"@me/{BOB}/{CALL}", asked("PickUp", "01", sendCallTo=FAR))
    assert (answer.status, answer.changed) == (202, ())


def create(source: list[str], destination: list[str], extension: str = ALICE) -> dict[str, Any]:  # Any: JSON
    return {"extension": extension, "phoneCallView": [{"source": source, "destination": destination}]}


@pytest.mark.parametrize("sources", [[FAR], [ALICE, FAR], [OUTSIDE, FAR]])
def test_a_call_is_not_begun_at_a_phone_of_another_organization(sources: list[str]) -> None:
    answer = Simulation().http(ALICE_ID, "POST", "@me/simple", create(sources, [BOB]))
    assert (answer.status, answer.code, answer.changed) == (400, "pc_source_invalid", ())


@pytest.mark.parametrize("sources", [[ALICE], [BOB, "213"], [OUTSIDE, CAROL]])
def test_a_call_may_be_begun_at_any_phone_of_the_own_organization_and_outside(sources: list[str]) -> None:
    assert Simulation().http(ALICE_ID, "POST", "@me/simple", create(sources, [FAR])).status == 200


def test_a_guest_of_a_conference_may_be_of_another_organization() -> None:
    body = create([CONFERENCE], [FAR], CONFERENCE)
    assert Simulation().http(ALICE_ID, "POST", "@me/conferenceInvite", body).status == 200


def test_an_administrator_rings_phones_of_the_payers_organization_only() -> None:
    body = create([FAR], [BOB])
    assert Simulation().http(ADMIN, "POST", f"{ALICE_ID}/simple", body).code == "pc_source_invalid"


# Numbers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["112", "999", "911"])
def test_a_short_number_that_the_directory_does_not_know_is_a_public_one(number: str) -> None:
    (call,) = Simulation().http(ALICE_ID, "POST", "@me/simple", create(["210"], [number])).changed
    assert [(v.extension, v.outside) for v in call.views] == [(ALICE, False), (number, True)]


def test_an_emergency_number_never_parks_anybody() -> None:
    world = Simulation()
    world.http(ALICE_ID, "POST", "@me/simple", create(["210"], ["112"]), now=at(0))
    for view_id in ("00", "01"):
        world.report(Answered(call_id="new0", view_id=view_id), at(5))
    answer = world.http(ALICE_ID, "PUT", f"@me/{ALICE}/new0", asked("Park", "00"))
    assert states(answer.changed[0]) == (ENDED, PARKED)
    waiting = answer.changed[0].views[1]
    assert waiting.parking is not None
    assert (waiting.extension, waiting.parking.by) == ("112", ALICE)


@pytest.mark.parametrize("action", ["PickUp", "UnPark", "BargeIn", "Whisper", "Monitor", "TransferToVoicemail"])
@pytest.mark.parametrize("number", ["112", "0009*999", OUTSIDE])
def test_only_an_extension_of_the_directory_is_rung_by_these(action: str, number: str) -> None:
    world = Simulation(START.get(action, connected)())
    body = asked(action, NAMED.get(action, "01"), sendCallTo=number)
    assert world.http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", body).code == "pc_sendcallto_invalid"


# Views ----------------------------------------------------------------------------------------------------------------

ON_A_VIEW = [
    asked("OnHold", "01"),
    asked("OffHold", "01"),
    asked("StartRecording", "01"),
    asked("StopRecording", "01"),
    *(asked(action, "01", sendCallTo=CAROL) for action in ("BargeIn", "Whisper", "Monitor", "PickUp", "UnPark")),
]


@pytest.mark.parametrize("body", ON_A_VIEW, ids=lambda body: body["action"])
def test_a_view_of_another_organization_cannot_be_named(body: dict[str, Any]) -> None:
    world = Simulation(with_far())
    answer = world.http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", body)
    assert (answer.status, answer.code, answer.changed) == (400, "pc_phonecallview_invalid", ())
    assert world.call() == with_far()


@pytest.mark.parametrize("body", ON_A_VIEW[:-2], ids=lambda body: body["action"])
def test_a_view_of_a_colleague_can_be_named(body: dict[str, Any]) -> None:
    assert Simulation(connected()).http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", body).status == 202


@pytest.mark.parametrize("body", ON_A_VIEW[:4], ids=lambda body: body["action"])
@pytest.mark.parametrize("account", [FAR_ID, OTHER_ORGANIZATION, ADMIN])
def test_a_view_is_named_by_its_own_organization_and_by_an_administrator(account: str, body: dict[str, Any]) -> None:
    assert Simulation(with_far()).http(account, "PUT", f"@me/@self/{CALL}", body).status == 202


def test_an_administrator_asks_for_the_organization_of_the_named_view() -> None:
    other = replace(with_far(), views=(*with_far().views, view("02", CAROL, CONNECTED, side=2, role=BARGE)))
    world = Simulation(other)
    monitored = world.http(ADMIN, "PUT", f"@me/@self/{CALL}", asked("Monitor", "01", sendCallTo=DAVE))
    assert monitored.code == "pc_sendcallto_invalid"
    assert world.http(ADMIN, "PUT", f"@me/@self/{CALL}", asked("Monitor", "00", sendCallTo=DAVE)).status == 202


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (asked("Park", "01"), (ENDED, PARKED)),
        (asked("Transfer", "01", sendCallTo=CAROL), (ENDED, "ANSWERED", RINGING)),
        (asked("TransferToVoicemail", "01", sendCallTo=CAROL), (ENDED, CONNECTED, CONNECTED)),
    ],
    ids=["Park", "Transfer", "TransferToVoicemail"],
)
def test_the_party_that_is_sent_away_may_be_of_another_organization(
    body: dict[str, Any], after: tuple[str, ...]
) -> None:
    world = Simulation(with_far())
    answer = world.http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", body)
    assert (answer.status, states(world.call())) == (202, after)
    again = world.http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", body)
    assert (again.status, again.changed) == (202, ()), "a retry names the same view"


def far_and_customer() -> PhoneCall:
    """Alice pays for a call in which the other organization (01) talks to somebody outside (00)."""
    ends = {"source": (OUTSIDE,), "destination": (FAR,)}
    return call_of(
        view("00", OUTSIDE, CONNECTED, side=0, listed=False, outside=True, **ends),
        view("01", FAR, CONNECTED, side=1, **ends),
    )


@pytest.mark.parametrize(
    "body",
    [
        asked("Park", "01"),
        asked("Transfer", "01", sendCallTo=CAROL),
        asked("TransferToVoicemail", "01", sendCallTo=CAROL),
    ],
    ids=lambda body: body["action"],
)
def test_nobody_makes_a_party_of_another_organization_send_the_other_one_away(body: dict[str, Any]) -> None:
    """A party outside never parks or transfers, so the named one would."""
    world = Simulation(far_and_customer())
    assert world.http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", body).code == "pc_phonecallview_invalid"
    assert world.call() == far_and_customer()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action": "Sing", "phoneCallViewId": "01"}, "pc_action_invalid"),
        (asked("OnHold", "07"), "pc_phonecallview_invalid"),
        (asked("StartRecording", "01", format="mp3"), "pc_phonecallview_invalid"),
        (asked("StartRecording", "00", format="mp3"), "pc_format_invalid"),
        (asked("Monitor", "01", sendCallTo="nobody"), "pc_phonecallview_invalid"),
        (asked("Monitor", "00", sendCallTo=FAR, waitForPickup=0), "pc_waitforpickup_invalid"),
        (asked("Park", "01", maxInParking=5), "pc_maxinparking_invalid"),
        (asked("PickUp", "00", sendCallTo=FAR), "pc_wrong_state"),
        (asked("Transfer", "01", sendCallTo=FAR), "pc_sendcallto_invalid"),
    ],
    ids=str,
)
def test_the_organization_of_a_view_is_checked_with_the_view_and_that_of_a_phone_last(
    body: dict[str, Any], code: str
) -> None:
    assert Simulation(with_far()).http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", body).code == code


def test_who_has_left_is_refused_for_that_before_the_organization_of_a_view_counts() -> None:
    """Bob has sent the other organization away, and does not pay."""
    world = Simulation(changed(connected(), "00", extension=FAR))
    sent = asked("Transfer", "00", sendCallTo=CAROL)
    assert world.http(BOB_ID, "PUT", f"@me/{BOB}/{CALL}", sent).status == 202
    assert world.http(BOB_ID, "PUT", f"@me/{BOB}/{CALL}", asked("OnHold", "00")).code == "extension_invalid"


def far_in_our_lot() -> PhoneCall:
    return done(with_far(), Park(call_id=CALL, view_id="01", extension=ALICE))


def bob_in_the_far_lot() -> PhoneCall:
    """Somebody of the other organization has parked Bob (00); Alice pays."""
    return changed(changed(parked(by=FAR), "00", extension=BOB), "01", extension=FAR)


def test_a_party_in_the_lot_is_retrieved_by_the_organization_that_parked_it() -> None:
    for named in ("01", "00"):
        world = Simulation(far_in_our_lot())
        answer = world.http(ERIN_ID, "PUT", f"@me/{ERIN}/{CALL}", asked("UnPark", named, sendCallTo=ERIN))
        assert answer.status == 202, "by its own view, and by that of the parker"
        assert answer.changed[0].views[2].extension == ERIN
    theirs = Simulation(bob_in_the_far_lot()).http(
        FAR_ID, "PUT", f"@me/{FAR}/{CALL}", asked("UnPark", "00", sendCallTo=FAR)
    )
    assert theirs.changed[0].views[2].extension == FAR


def test_nothing_else_is_done_to_a_party_of_another_organization_in_the_lot() -> None:
    recorded = asked("StopRecording", "01")
    assert Simulation(far_in_our_lot()).http(ALICE_ID, "PUT", f"@me/{ALICE}/{CALL}", recorded).code == (
        "pc_phonecallview_invalid"
    )


# Colleagues -----------------------------------------------------------------------------------------------------------


def parked_customer() -> PhoneCall:
    """Alice has parked somebody outside (01)."""
    call = changed(outgoing(), "01", outside=True)
    return done(call, Park(call_id=CALL, view_id="00", extension=ALICE))


@pytest.mark.parametrize("extension", [CAROL, "212", "@self"])
def test_a_colleague_retrieves_a_parked_party(extension: str) -> None:
    world = Simulation(parked_customer())
    answer = world.http(CAROL_ID, "PUT", f"@me/{extension}/{CALL}", asked("UnPark", "01", sendCallTo="212"))
    assert answer.data == {
        "id": CALL,
        "extension": CAROL,
        "link": {"self": f"https://host/uapi/phoneCalls/{CAROL_ID}/{CAROL}/{CALL}"},
    }
    world.report(Answered(call_id=CALL, view_id="02"), at(22))
    assert states(world.call()) == (ENDED, CONNECTED, CONNECTED)


def test_somebody_of_another_organization_does_not() -> None:
    body = asked("UnPark", "01", sendCallTo=FAR)
    assert Simulation(parked_customer()).http(FAR_ID, "PUT", f"@me/{FAR}/{CALL}", body).code == "extension_invalid"


@pytest.mark.parametrize(
    "body", [asked("OnHold", "00"), asked("Park", "00"), asked("Transfer", "00", sendCallTo=CAROL)]
)
def test_a_colleague_who_takes_no_part_asks_for_nothing_else(body: dict[str, Any]) -> None:
    assert Simulation(connected()).http(CAROL_ID, "PUT", f"@me/{CAROL}/{CALL}", body).code == "extension_invalid"


@pytest.mark.parametrize("action", ["PickUp", "UnPark", "BargeIn", "Whisper", "Monitor"])
def test_a_user_without_an_extension_is_no_colleague(action: str) -> None:
    world = Simulation(START.get(action, connected)())
    body = asked(action, NAMED.get(action, "01"), sendCallTo=CAROL)
    assert world.http(WITHOUT_ID, "PUT", f"@me/@self/{CALL}", body).code == "extension_invalid"


# Supervision ----------------------------------------------------------------------------------------------------------


def listed(world: Simulation, account: str, extension: str = "@self") -> list[str]:
    (entry,) = world.http(account, "GET", f"@me/{extension}/{CALL}").data["entry"]
    return [shown["id"] for shown in entry["phoneCallView"]]


@pytest.mark.parametrize("role", [WHISPER, MONITOR])
@pytest.mark.parametrize("state", [RINGING, CONNECTED])
def test_a_supervising_leg_is_listed_to_its_extension_its_organization_and_administrators(
    role: Role, state: Any
) -> None:
    world = Simulation(supervised(role, state))
    for account in (CAROL_ID, ORGANIZATION, ADMIN):
        assert listed(world, account) == ["00", "01", "02"], account
    for account in (ALICE_ID, BOB_ID):
        assert listed(world, account) == ["00", "01"], account


def test_a_supervising_leg_is_not_listed_to_another_organization_in_the_call() -> None:
    world = Simulation(changed(supervised(), "00", extension=FAR))
    for account in (FAR_ID, OTHER_ORGANIZATION):
        assert listed(world, account) == ["00", "01"], account


def test_a_supervising_leg_is_in_no_list_of_those_it_listens_to() -> None:
    (entry,) = Simulation(supervised()).http(BOB_ID, "GET", f"@me/{BOB}").data["entry"]
    assert [shown["id"] for shown in entry["phoneCallView"]] == ["00", "01"]


def test_a_leg_that_has_barged_in_is_listed_to_everybody() -> None:
    assert listed(Simulation(supervised(BARGE, RINGING)), ALICE_ID) == ["00", "01", "02"]


@pytest.mark.parametrize(
    "body", [asked("OnHold", "02"), asked("Park", "02"), asked("Monitor", "02", sendCallTo=DAVE)], ids=str
)
def test_who_does_not_see_a_leg_cannot_name_it(body: dict[str, Any]) -> None:
    hidden = Simulation(supervised()).http(BOB_ID, "PUT", f"@me/{BOB}/{CALL}", body)
    unknown = Simulation(connected()).http(BOB_ID, "PUT", f"@me/{BOB}/{CALL}", body)
    assert (hidden.status, hidden.data, hidden.changed) == (unknown.status, unknown.data, ())
    assert Simulation(supervised()).http(CAROL_ID, "PUT", f"@me/{CAROL}/{CALL}", body).code == "pc_wrong_state"


@pytest.mark.parametrize("call_id", [f"/{CALL}", ""])
def test_who_does_not_see_a_leg_does_not_hang_it_up(call_id: str) -> None:
    world = Simulation(supervised())
    assert world.http(BOB_ID, "DELETE", f"@me/{BOB}{call_id}?phoneNumber=212").data == []
    assert world.call() == supervised()
    assert world.http(CAROL_ID, "DELETE", f"@me/{CAROL}{call_id}?phoneNumber=212").data == [{"id": CALL}]
    assert states(world.call()) == (CONNECTED, CONNECTED, ENDED)


@pytest.mark.parametrize(
    ("call", "account", "method", "query", "body"),
    [
        (supervised(), BOB_ID, "PUT", "", asked("OnHold", "02")),
        (supervised(), BOB_ID, "DELETE", "?phoneNumber=212", None),
        (with_far(), ALICE_ID, "PUT", "", asked("OnHold", "01")),
    ],
    ids=["hidden", "hidden number", "foreign"],
)
def test_what_only_accounts_explain_is_nothing_that_was_asked_of_the_call(
    call: PhoneCall, account: str, method: str, query: str, body: dict[str, Any] | None
) -> None:
    """A trace knows no accounts, so it could not tell why."""
    world = Simulation(call)
    assert world.http(account, method, f"@me/@self/{CALL}{query}", body).steps == ()
    reached = world.http(ADMIN, method, f"@me/@self/{CALL}{query}", body).steps
    assert [step.at for step in reached] == [at(20)]


# Who joined -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [WHISPER, MONITOR])
@pytest.mark.parametrize("path", [f"{CAROL}/{CALL}", f"@self/{CALL}", CAROL, "@self"])
def test_who_supervises_leaves_alone(role: Role, path: str) -> None:
    world = Simulation(supervised(role))
    answer = world.http(CAROL_ID, "DELETE", f"@me/{path}")
    assert (answer.status, answer.data) == (200, [{"id": CALL}])
    assert states(world.call()) == (CONNECTED, CONNECTED, ENDED)


def test_a_phone_that_still_rings_to_join_declines_alone() -> None:
    world = Simulation(supervised(BARGE, RINGING))
    assert world.http(CAROL_ID, "DELETE", f"@me/{CAROL}/{CALL}").data == [{"id": CALL}]
    assert states(world.call()) == (CONNECTED, CONNECTED, ENDED)


def test_a_retry_of_who_has_left_alone_is_answered_alike_and_ends_nothing() -> None:
    world = Simulation(supervised())
    first, again = (world.http(CAROL_ID, "DELETE", f"@me/{CAROL}/{CALL}") for _ in range(2))
    assert (first.status, first.data) == (again.status, again.data)
    assert states(world.call()) == (CONNECTED, CONNECTED, ENDED)


def test_who_pays_ends_the_call_even_while_it_only_supervises() -> None:
    world = Simulation(replace(supervised(), extension=CAROL))
    world.http(CAROL_ID, "DELETE", f"@me/@self/{CALL}")
    assert world.call().over


def test_a_user_with_a_party_and_a_supervisor_ends_the_call() -> None:
    world = Simulation(changed(changed(supervised(), "01", extension="0003*216"), "02", extension=DAVE))
    world.http(DAVE_ID, "DELETE", f"@me/@self/{CALL}")
    assert world.call().over


def test_a_user_with_two_supervisors_leaves_with_both() -> None:
    one = changed(supervised(), "02", extension=DAVE)
    call = replace(one, views=(*one.views, view("03", "0003*216", CONNECTED, role=MONITOR, target="00")))
    world = Simulation(call)
    assert world.http(DAVE_ID, "DELETE", f"@me/@self/{CALL}").data == [{"id": CALL}]
    assert states(world.call()) == (CONNECTED, CONNECTED, ENDED, ENDED)


# Strangers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["@me", "@owner", FAR_ID])
@pytest.mark.parametrize("condition", [None, '"3"', '"4"', "*"])
def test_to_a_stranger_a_call_is_listed_as_an_unknown_one(user: str, condition: str | None) -> None:
    headers = {} if condition is None else {"If-Match": condition}
    world = Simulation(connected())
    known, unknown = (
        world.http(FAR_ID, "GET", f"{user}/@self/{call_id}", headers=headers) for call_id in (CALL, "unknown")
    )
    assert known == unknown


@pytest.mark.parametrize("condition", ['"3"', '"4"'])
@pytest.mark.parametrize(("method", "body"), [("PUT", asked("OnHold", "00")), ("DELETE", None)])
def test_a_stranger_tries_no_condition(method: str, body: dict[str, Any] | None, condition: str) -> None:
    answer = Simulation(connected()).http(FAR_ID, method, f"@me/@self/{CALL}", body, headers={"If-Match": condition})
    assert (answer.code, answer.version) == ("extension_invalid", None)


@pytest.mark.parametrize("start", [connected, ringing, parked, supervised])
@pytest.mark.parametrize("body", [asked("OnHold", "00"), asked("Monitor", "01", sendCallTo=FAR), {"action": "Sing"}])
def test_a_stranger_is_told_the_same_whatever_the_state_is(start: Any, body: dict[str, Any]) -> None:
    told = Simulation(start()).http(FAR_ID, "PUT", f"@me/@self/{CALL}", body)
    assert told.data == Simulation(connected()).http(FAR_ID, "PUT", f"@me/@self/{CALL}", {"action": "OnHold"}).data


def test_an_unknown_call_is_refused_before_an_unknown_action_and_a_bad_body() -> None:
    world = Simulation()
    for body in ({"action": "Sing"}, [1], "text", asked("OnHold", "00")):
        assert world.http(FAR_ID, "PUT", f"99/@self/{CALL}", body).code == "pc_phonecall_invalid"


# Order ----------------------------------------------------------------------------------------------------------------


def test_calls_of_one_second_are_listed_in_the_order_in_which_they_were_made() -> None:
    world = Simulation()
    for call_id in ("z9", "m5", "a1"):
        world.http(ALICE_ID, "POST", "@me/simple", create(["210"], [ELSEWHERE]), new_call_id=call_id)
    world.report(Answered(call_id="z9", view_id="00"))
    page = world.http(ALICE_ID, "GET", "@me/@self").data
    assert [entry["id"] for entry in page["entry"]] == ["z9", "m5", "a1"]
    backwards = world.http(ALICE_ID, "GET", "@me/210?sortOrder=descending").data
    assert [entry["id"] for entry in backwards["entry"]] == ["a1", "m5", "z9"]


def test_calls_of_several_extensions_are_listed_together_in_that_order() -> None:
    world = Simulation(another(connected(), "z", 1), another(ringing(), "b", 0))
    world.store.put(another(changed(connected(), "00", extension=DAVE), "c", 1))
    page = world.http(ORGANIZATION, "GET", "@me/@self").data
    assert [entry["id"] for entry in page["entry"]] == ["b", "z", "c"]


# A Park by an ended view ----------------------------------------------------------------------------------------------


def fork_parked() -> PhoneCall:
    """Two phones rang for somebody outside (00); Carol (02) answered, not Bob (01), and has parked the caller."""
    ends = {"source": (OUTSIDE,), "destination": (BOB, CAROL)}
    waiting = lot(by=CAROL, side=1)
    return call_of(
        view("00", OUTSIDE, PARKED, side=0, listed=True, outside=True, parking=waiting, **ends),
        view("01", BOB, ENDED, side=1, **ends),
        view("02", CAROL, ENDED, side=1, ended=at(10), **ends),
        extension=CAROL,
    )


@pytest.mark.parametrize(("account", "extension"), [(CAROL_ID, "@self"), (CAROL_ID, CAROL), (ORGANIZATION, "@self")])
def test_a_park_is_repeated_by_the_view_of_the_parker_and_of_nobody_else(account: str, extension: str) -> None:
    world = Simulation(fork_parked())
    path = f"@me/{extension}/{CALL}"
    assert world.http(account, "PUT", path, asked("Park", "02")).status == 202
    assert world.http(account, "PUT", path, asked("Park", "01")).code == "pc_phonecallview_invalid"
    assert world.call() == fork_parked()
