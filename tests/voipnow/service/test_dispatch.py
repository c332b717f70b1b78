"""The service: who may ask, which check comes first, and the laws of every request."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import STRICT, advance
from callstate.domain import ACTIONS, ON_HOLD
from callstate.voipnow.service import Verb
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    OUTSIDE,
    STARTS,
    at,
    connected,
    over,
)
from tests.voipnow.world import (
    ADMIN,
    ALICE_ID,
    BOB_ID,
    CALLBACK,
    CAROL_ID,
    CONFERENCE,
    FAR,
    FAR_ID,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    QUEUE,
    Simulation,
    another,
)


@pytest.mark.parametrize(
    ("viewer", "user", "extension"),
    [
        (ALICE_ID, "@me", ALICE),
        (ALICE_ID, "@viewer", "210"),
        (ALICE_ID, ALICE_ID, "@self"),
        (ALICE_ID, "@owner", "@self"),
        (ALICE_ID, "@owner", None),
        (ORGANIZATION, ALICE_ID, ALICE),
        (ORGANIZATION, "@me", "210"),
        (ORGANIZATION, "@owner", ALICE),
        (ADMIN, ALICE_ID, "210"),
        (ADMIN, "@me", ALICE),
        (ADMIN, "@me", "@self"),
        (BOB_ID, "@me", "@self"),
    ],
)
def test_who_may_ask_is_answered(viewer: str, user: str, extension: str | None) -> None:
    answer = Simulation(connected()).put("OnHold", viewer=viewer, user=user, extension=extension, phoneCallViewId="00")
    assert answer.status == 202
    assert answer.changed[0].views[0].state is ON_HOLD


@pytest.mark.parametrize(
    ("viewer", "user", "extension", "code"),
    [
        (ALICE_ID, "99", ALICE, "user_invalid"),
        (ALICE_ID, ORGANIZATION, ALICE, "user_invalid"),
        (ALICE_ID, "@you", "0009*999", "user_invalid"),
        (ALICE_ID, BOB_ID, "0009*999", "access_denied"),
        (ALICE_ID, "@me", BOB, "access_denied"),
        (BOB_ID, "@owner", "@self", "access_denied"),
        (FAR_ID, ALICE_ID, ALICE, "access_denied"),
        (OTHER_ORGANIZATION, ALICE_ID, ALICE, "access_denied"),
        ("nobody", "@me", ALICE, "access_denied"),
        (ALICE_ID, "@me", "0009*999", "extension_invalid"),
        (ALICE_ID, "@me", "999", "extension_invalid"),
        (ALICE_ID, "@me", "", "extension_invalid"),
        (ADMIN, "@me", "210", "extension_invalid"),
        (ORGANIZATION, ALICE_ID, BOB, "extension_invalid"),
        (ALICE_ID, "@me", CONFERENCE, "extension_invalid"),
        (CAROL_ID, "@me", "@self", "extension_invalid"),
        (CAROL_ID, "@me", CAROL, "extension_invalid"),
    ],
)
@pytest.mark.parametrize("verb", [Verb.UPDATE, Verb.DELETE])
def test_who_may_not_is_refused(verb: Verb, viewer: str, user: str, extension: str, code: str) -> None:
    body = {"action": "OnHold", "phoneCallViewId": "00"}
    answer = Simulation(connected()).ask(verb, call_id=CALL, body=body, viewer=viewer, user=user, extension=extension)
    assert answer.code == code
    assert answer.status == (401 if code == "access_denied" else 400)
    assert answer.changed == ()


@pytest.mark.parametrize(
    ("call_id", "user", "extension", "body", "code"),
    [
        ("unknown", "99", "", b"", "pc_phonecall_invalid"),
        ("no id!", "99", "", b"", "pc_phonecall_invalid"),
        ("", "99", "", b"", "pc_phonecall_invalid"),
        (CALL, "99", "", b"", "user_invalid"),
        (CALL, BOB_ID, "", b"", "access_denied"),
        (CALL, "@me", "", b"", "extension_invalid"),
        (CALL, "@me", CONFERENCE, b"", "extension_invalid"),
        (CALL, "@me", ALICE, b"", "pc_body_invalid"),
        (CALL, "@me", ALICE, b'{"action":"Dance"}', "pc_action_invalid"),
        (CALL, "@me", ALICE, b'{"action":"HangUp"}', "pc_action_invalid"),
        (CALL, "@me", ALICE, b'{"action":"UnPark"}', "pc_phonecallview_invalid"),
        (CALL, "@me", ALICE, b'{"action":"UnPark","phoneCallViewId":"00"}', "pc_sendcallto_invalid"),
        (
            CALL,
            "@me",
            ALICE,
            b'{"action":"UnPark","phoneCallViewId":"00","sendCallTo":"0009*999"}',
            "pc_sendcallto_invalid",
        ),
        (
            CALL,
            "@me",
            ALICE,
            b'{"action":"UnPark","phoneCallViewId":"00","sendCallTo":"0004*210"}',
            "pc_wrong_state",
        ),
    ],
)
def test_the_first_check_that_fails_is_the_answer(
    call_id: str, user: str, extension: str, body: bytes, code: str
) -> None:
    answer = Simulation(connected()).ask(Verb.UPDATE, call_id=call_id, user=user, extension=extension, body=body)
    assert answer.code == code


def test_a_call_that_is_over_is_no_existing_call() -> None:
    assert Simulation(over()).put("OnHold", user="99", phoneCallViewId="00").code == "pc_phonecall_invalid"


# Laws -----------------------------------------------------------------------------------------------------------------

NUMBERS = [ALICE, BOB, CAROL, "210", FAR, QUEUE, CONFERENCE, CALLBACK, OUTSIDE, "0009*999", "@self", "", "\x00"]
TEXTS = st.one_of(st.sampled_from(NUMBERS), st.text(max_size=5))
BODIES = st.one_of(
    st.binary(max_size=20),
    st.fixed_dictionaries(
        {"action": st.sampled_from([*(kind.__name__ for kind in ACTIONS), "Dance"])},
        optional={
            "phoneCallViewId": st.sampled_from(["00", "01", "02", "9", ""]),
            "sendCallTo": TEXTS,
            "transferFromNumber": TEXTS,
            "transferNumber": TEXTS,
            "extension": TEXTS,
            "phoneCallView": st.lists(st.fixed_dictionaries({}, optional={"source": TEXTS, "destination": TEXTS})),
        },
    ),
)
PARAMETERS = st.dictionaries(
    st.sampled_from(
        ["count", "startIndex", "filterBy", "filterOp", "filterValue", "fields", "sortOrder", "phoneNumber"]
    ),
    st.one_of(st.sampled_from(["1", "id", "published", "equals", "inArray", "present", "2026-03-02T09:00:00Z"]), TEXTS),
)
ASKED = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(Verb),
        "viewer": st.sampled_from([ADMIN, ORGANIZATION, ALICE_ID, BOB_ID, FAR_ID, "nobody", ""]),
        "user": st.one_of(st.sampled_from(["@me", "@viewer", "@owner", ALICE_ID, BOB_ID]), TEXTS),
        "extension": st.one_of(st.none(), TEXTS),
        "call_id": st.one_of(st.sampled_from([None, CALL, "b"]), TEXTS),
        "kind": st.one_of(st.sampled_from([None, "simple", "callback", "conferenceInvite"]), TEXTS),
        "query": PARAMETERS,
        "body": BODIES,
        "new_call_id": st.one_of(st.sampled_from(["new0", CALL]), TEXTS),
        "rules": st.sampled_from([STRICT]) | st.none(),
        "now": st.integers(0, 400).map(at),
    }
)


@given(st.sampled_from(STARTS), st.sampled_from(STARTS), ASKED)
def test_any_request_gets_an_answer_and_touches_only_what_it_is_about(start: Any, other: Any, asked: Any) -> None:
    """A refusal fires deadlines at most; a request about one call leaves the other as it is."""
    calls = {CALL: start(), "b": another(other(), "b", 1)}
    asked = {name: value for name, value in asked.items() if value is not None or name != "rules"}
    answer = Simulation(*calls.values()).ask(**asked)
    assert answer.status in (200, 202, 400, 401)
    assert len({call.id for call in answer.changed}) == len(answer.changed)
    if answer.status >= 400:
        assert isinstance(answer.data["error"]["message"], str)
        assert all(call == advance(calls[call.id], at=call.updated or at(0)) for call in answer.changed)
    if asked["call_id"] is not None and asked["verb"] is not Verb.CREATE:
        assert {call.id for call in answer.changed} <= {asked["call_id"]}
    if asked["verb"] is Verb.CREATE:
        assert {call.id for call in answer.changed} <= {"new0"} | {asked["new_call_id"]} - set(calls)
