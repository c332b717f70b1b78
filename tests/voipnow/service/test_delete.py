"""Hang-ups: of a call, of one leg, and of each call of an extension."""

from typing import Any

import pytest
from msgspec.structs import replace

from callstate import LENIENT, STRICT, Role
from callstate.domain import CONNECTED, ENDED
from callstate.engine import Rules
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    OUTSIDE,
    call_of,
    changed,
    conference,
    connected,
    incoming,
    over,
    parked,
    states,
    view,
)
from tests.voipnow.world import (
    BOB_ID,
    CAROL_ID,
    DAVE_ID,
    DAVES_OTHER,
    Simulation,
    another,
)


def test_a_call_is_hung_up_and_named() -> None:
    world = Simulation(conference())
    answer = world.delete(viewer=BOB_ID)
    assert (answer.status, answer.data) == (200, [{"id": CALL}])
    assert world.call().over


def test_a_call_that_was_hung_up_before_is_named_again() -> None:
    answer = Simulation(over()).delete()
    assert (answer.data, answer.changed) == ([{"id": CALL}], ())
    assert Simulation(over()).delete(viewer=CAROL_ID).code == "extension_invalid"
    assert Simulation(over()).delete(rules=STRICT).code == "pc_phonecall_invalid"
    assert Simulation().delete().code == "pc_phonecall_invalid"


def test_a_phone_number_hangs_up_its_own_leg() -> None:
    world = Simulation(conference())
    assert world.delete(query={"phoneNumber": "212"}).data == [{"id": CALL}]
    assert states(world.call()) == (CONNECTED, CONNECTED, ENDED)


@pytest.mark.parametrize("number", ["8887777", "", "anonymous", CAROL])
def test_a_number_that_is_not_in_the_call_hangs_up_nothing(number: str) -> None:
    withheld = replace(incoming().views[0], extension="")
    world = Simulation(replace(incoming(), views=(withheld, incoming().views[1])))
    for call_id in (CALL, None):
        answer = world.delete(viewer=BOB_ID, call_id=call_id, query={"phoneNumber": number})
        assert (answer.status, answer.data, answer.changed) == (200, [], ())


@pytest.mark.parametrize("number", [OUTSIDE, "", "@self", "nonsense", "999888,024"])
def test_strictly_a_number_that_is_not_in_the_call_is_refused(number: str) -> None:
    world, query = Simulation(connected()), {"phoneNumber": number}
    assert world.delete(query=query, rules=STRICT).code == "pc_wrong_state"
    assert world.delete(query=query, rules=STRICT, call_id=None).data == []


def test_the_extension_leaves_each_of_its_calls() -> None:
    world = Simulation(another(conference(), "a", 1), another(connected(), "b", 2), another(parked(), "c", 3))
    answer = world.delete(viewer=BOB_ID, extension=BOB, call_id=None)
    assert answer.data == [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    assert states(world.call("a")) == (CONNECTED, ENDED, CONNECTED)
    assert world.call("b").over
    assert world.call("c").over  # who parked a party and has no leg any more ends the call


def test_with_self_each_extension_of_the_user_leaves_its_calls() -> None:
    """Dave has both phones that are in the call, so nobody of his is left in it."""
    three = call_of(*conference().views[:2], view("02", DAVES_OTHER, CONNECTED, side=2, role=Role.BARGE))
    world = Simulation(changed(three, "01", extension=DAVE))
    answer = world.delete(viewer=DAVE_ID, call_id=None)
    assert answer.data == [{"id": CALL}]
    assert [view.state for view in world.call().views] == [ENDED] * 3, "Alice is not on call alone"
    assert world.list(viewer=DAVE_ID).data["entry"] == []


@pytest.mark.parametrize("rules", [LENIENT, STRICT], ids=lambda rules: rules.name)
def test_a_user_at_both_ends_ends_the_call(rules: Rules) -> None:
    world = Simulation(changed(changed(connected(), "00", extension=DAVES_OTHER), "01", extension=DAVE))
    answer = world.delete(viewer=DAVE_ID, call_id=None, rules=rules)
    assert (answer.data, world.call().over) == ([{"id": CALL}], True)


def test_who_pays_hangs_up_the_whole_call() -> None:
    world = Simulation(replace(conference(), extension=DAVE))
    assert world.delete(viewer=DAVE_ID, call_id=None).data == [{"id": CALL}]
    assert world.call().over


def test_in_each_call_the_leg_of_the_number_is_hung_up() -> None:
    world = Simulation(another(conference(), "a", 1), another(connected(), "b", 2))
    answer = world.delete(viewer=BOB_ID, call_id=None, query={"phoneNumber": CAROL})
    assert answer.data == [{"id": "a"}]
    assert not world.call("b").over


def test_hanging_up_for_who_does_not_exist_is_refused() -> None:
    assert Simulation().delete(call_id=None, user="99").code == "user_invalid"


@pytest.mark.parametrize("extension", [BOB, "@self"])
def test_who_has_left_hangs_up_its_own_leg_again_and_nobody_elses(extension: str) -> None:
    world = Simulation(conference())
    own: dict[str, Any] = {"viewer": BOB_ID, "extension": extension, "query": {"phoneNumber": BOB}}  # Any: as for `ask`
    assert world.delete(**own).data == [{"id": CALL}]
    after = world.call()
    assert world.delete(**own).data == []
    assert world.delete(**(own | {"query": {"phoneNumber": ALICE}})).code == "extension_invalid"
    again = world.delete(viewer=BOB_ID, extension=extension)
    assert (again.data, again.changed) == ([{"id": CALL}], ())
    assert world.call() is after


def test_strictly_who_has_left_does_not_hang_up_again() -> None:
    world = Simulation(conference())
    world.delete(viewer=CAROL_ID)
    assert states(world.call()) == (CONNECTED, CONNECTED, ENDED)
    assert world.delete(viewer=CAROL_ID, rules=STRICT).status == 400
    assert world.delete(viewer=CAROL_ID).data == [{"id": CALL}]
