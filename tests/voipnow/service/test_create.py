"""New calls: who pays, how they are answered, and what makes none."""

import pytest

from callstate.voipnow.service import Verb
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    at,
    connected,
)
from tests.voipnow.world import (
    ALICE_ID,
    BASE,
    BOB_ID,
    CALLBACK,
    CONFERENCE,
    DAVE_ID,
    ORGANIZATION,
    Simulation,
)


def test_a_simple_call_is_answered_as_an_array_of_it() -> None:
    world = Simulation()
    answer = world.create("simple", "210", "210", ["211"])
    (data,) = answer.data
    assert (answer.status, answer.version) == (200, 0)
    assert data["links"] == {"self": f"{BASE}/phoneCalls/12/0003*210/new0"}
    assert (data["id"], data["extension"], data["ownerId"]) == ("new0", ALICE, ORGANIZATION)
    assert data["ownerName"] == "Default Organization"
    assert [v["extension"] for v in data["phoneCallView"]] == [ALICE]  # Bob is not rung yet
    assert "link" not in data
    assert world.call("new0") == answer.changed[0]
    assert [v.extension for v in answer.changed[0].views] == [ALICE, BOB]


def test_a_created_call_can_be_read_where_its_answer_says() -> None:
    world = Simulation()
    _, user, extension, call_id = world.create("simple", ALICE, ALICE, BOB).data[0]["links"]["self"].rsplit("/", 3)
    assert [e["id"] for e in world.list(user=user, extension=extension, call_id=call_id).data["entry"]] == ["new0"]


def test_a_simple_call_takes_all_its_options() -> None:
    body = {
        "extension": ALICE,
        "nonce": "n1",
        "phoneCallView": [
            {"source": [ALICE], "destination": "3334444", "callerId": "A <1>", "callerDestination": "B <2>"}
        ],
    }
    query = {"waitForPickup": "30", "callDuration": "600", "allowPublicTransfer": "TRUE", "video": "maybe"}
    (call,) = Simulation().ask(Verb.CREATE, kind="simple", body=body, query=query).changed
    assert (call.wait_for_pickup, call.ends_by, call.nonce) == (30, at(620), "n1")
    assert call.allow_public_transfer
    assert [v.caller_id for v in call.views] == ["A <1>", "B <2>"]


@pytest.mark.parametrize("text", ["false", "0", "", "False"])
def test_a_simple_call_is_not_for_public_transfer_by_default(text: str) -> None:
    world, query = Simulation(), {"allowPublicTransfer": text}
    (outside,) = world.create("simple", ALICE, ALICE, "3334444", query=query).changed
    assert not outside.allow_public_transfer


def test_a_call_made_to_an_extension_may_be_transferred_whatever_was_asked() -> None:
    query = {"allowPublicTransfer": "false"}
    assert Simulation().create("simple", ALICE, ALICE, BOB, query=query).changed[0].allow_public_transfer


def test_a_callback_is_charged_to_its_extension() -> None:
    (call,) = Simulation().create("callback", "301", "3334444", "3235742879", query={"callDuration": "60"}).changed
    assert (call.extension, call.ends_by) == (CALLBACK, at(80))
    assert call.allow_public_transfer


def test_guests_are_rung_for_a_conference() -> None:
    answer = Simulation().create("conferenceInvite", "300", ["300"], [BOB], query={"number": "3", "pin": "2233"})
    assert [v["extension"] for v in answer.data[0]["phoneCallView"]] == [CONFERENCE, BOB]
    assert answer.version == 0


def test_self_pays_if_it_is_the_only_extension_that_could() -> None:
    assert Simulation().create("simple", "@self", ALICE, BOB).data[0]["extension"] == ALICE
    assert Simulation().create("conferenceInvite", "@self", "300", BOB).data[0]["extension"] == CONFERENCE
    assert Simulation().create("simple", "@self", DAVE, BOB, viewer=DAVE_ID).code == "extension_invalid"
    assert Simulation().create("callback", "@self", "3334444", "5554444").code == "extension_invalid"


def test_the_owner_is_the_user_of_the_extension_that_pays() -> None:
    assert Simulation().create("simple", "210", ALICE, BOB, user="@owner").status == 200
    assert Simulation().create("simple", BOB, ALICE, BOB, user="@owner").code == "access_denied"
    assert Simulation().create("simple", "999", ALICE, BOB, user="@owner").code == "user_invalid"


def test_an_organization_creates_calls_for_its_users() -> None:
    answer = Simulation().create("simple", ALICE, ALICE, BOB, viewer=ORGANIZATION, user=ALICE_ID)
    assert answer.data[0]["links"]["self"] == f"{BASE}/phoneCalls/12/0003*210/new0"


@pytest.mark.parametrize(
    ("kind", "extension", "source", "destination", "code"),
    [
        ("dance", ALICE, ALICE, BOB, "pc_action_invalid"),
        (None, ALICE, ALICE, BOB, "pc_action_invalid"),
        ("simple", CONFERENCE, ALICE, BOB, "extension_invalid"),
        ("simple", None, ALICE, BOB, "extension_invalid"),
        ("simple", "0009*999", ALICE, BOB, "extension_invalid"),
        ("simple", BOB, ALICE, BOB, "access_denied"),
        ("callback", ALICE, "3334444", "5554444", "extension_invalid"),
        ("conferenceInvite", ALICE, ALICE, BOB, "extension_invalid"),
        ("simple", ALICE, None, BOB, "pc_source_invalid"),
        ("simple", ALICE, ALICE, [], "pc_destination_invalid"),
        ("simple", ALICE, ["0009*999"], BOB, "pc_source_invalid"),
        ("simple", ALICE, ["0004*210"], BOB, "pc_source_invalid"),
        ("simple", ALICE, ALICE, ["0009*999"], "pc_destination_invalid"),
        ("simple", ALICE, "210", ALICE, "pc_destination_invalid"),
        ("simple", ALICE, {"a": 1}, BOB, "pc_body_invalid"),
    ],
)
def test_a_call_that_cannot_be_made_is_refused(
    kind: str, extension: str | None, source: object, destination: object, code: str
) -> None:
    answer = Simulation().create(kind, extension, source, destination)
    assert (answer.code, answer.changed) == (code, ())


@pytest.mark.parametrize(
    ("body", "user", "code"),
    [
        (b"", "99", "user_invalid"),
        (b"", BOB_ID, "access_denied"),
        (b"", "@me", "pc_body_invalid"),
        (b"[" * 100_000, "@me", "pc_body_invalid"),
        (b'{"extension":"210","phoneCallView":[]}', "@me", "pc_body_invalid"),
        (b'{"extension":"210","phoneCallView":[{},{}]}', "@me", "pc_body_invalid"),
        (b'{"extension":"210"}', "@me", "pc_body_invalid"),
        (b"", "@owner", "user_invalid"),
    ],
)
def test_a_body_that_is_no_call_is_refused_after_the_user(body: bytes, user: str, code: str) -> None:
    assert Simulation().ask(Verb.CREATE, kind="simple", body=body, user=user).code == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"waitForPickup": "0"}, "pc_waitforpickup_invalid"),
        ({"callDuration": "long"}, "pc_callduration_invalid"),
        ({"allowPublicTransfer": "maybe"}, "pc_allowpublictransfer_invalid"),
    ],
)
def test_a_wrong_parameter_of_a_new_call_is_refused_with_its_code(query: dict[str, str], code: str) -> None:
    assert Simulation().create("simple", ALICE, ALICE, BOB, query=query).code == code


def test_a_new_call_never_takes_the_place_of_another() -> None:
    world = Simulation(connected())
    assert world.create("simple", ALICE, ALICE, CAROL, new_call_id=CALL).code == "pc_phonecall_invalid"
    assert world.create("simple", ALICE, ALICE, CAROL, new_call_id="no id!").code == "pc_phonecall_invalid"
    assert world.call() == connected()
