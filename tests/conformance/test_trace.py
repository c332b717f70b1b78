"""Traces: what conforms is not complained of, what diverges is found at its line, and memory stays bounded."""

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import (
    LENIENT,
    STRICT,
    Action,
    Answered,
    CreateCallback,
    CreateConferenceInvite,
    CreateSimple,
    Disposition,
    DomainError,
    HangUp,
    HungUp,
    OnHold,
    Park,
    PhoneCall,
    advance,
    apply_action,
    create_call,
)
from callstate.conformance import (
    Differs,
    Divergence,
    UnreadableLineError,
    record,
    record_start,
    tracked_calls,
)
from callstate.conformance.judge import Judge
from callstate.conformance.trace import record_listing
from callstate.domain import Create
from callstate.engine import Rules
from callstate.voipnow.wire import apply_body, encode_call, http_status, wire_code
from tests.calls import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    DAVE,
    ELSEWHERE,
    OUTSIDE,
    Walk,
    at,
    call_of,
    connected,
    held,
    over,
    ringing,
    view,
    walks,
)

Json = dict[str, Any]  # Any: JSON
ACCEPTED: Json = {"status": 202}


def refused(code: str, status: int = 400) -> Json:
    return {"status": status, "error": code}


def line(seconds: float, **fields: Any) -> bytes:  # Any: JSON
    return json.dumps({"at": at(seconds).isoformat(), "call": CALL} | fields).encode()


def asked(seconds: float, action: str, view_id: str, answer: Json | None, **fields: Any) -> bytes:  # Any: JSON
    told = {} if answer is None else {"answer": answer}
    return line(seconds, request={"action": action, "phoneCallViewId": view_id} | fields, **told)


def judged(*lines: bytes, start: PhoneCall | None = None, rules: Rules = LENIENT) -> list[Divergence | None]:
    judge = Judge(rules=rules)
    if start is not None:
        assert judge.judge(record_start(start, at=at(10))) is None
    return [judge.judge(told) for told in lines]


def only(found: Iterable[Divergence | None]) -> Divergence:
    (divergence,) = found
    assert divergence is not None
    return divergence


# What was recorded from the reference conforms to it ------------------------------------------------------------------


def recorded(walk: Walk, rules: Rules) -> list[bytes]:
    lines = [record_start(walk.start, at=at(10))]
    call, now = walk.start, at(10)
    for moment in walk.moments(rules):
        now = moment.at
        result = apply_action(moment.call, moment.action, at=now, rules=rules)
        call = call if isinstance(result, DomainError) else result
        lines += [record(moment.action, result, at=now), record_listing(advance(call, at=now), at=now)]
    return lines


@given(walk=walks(), rules=st.sampled_from([LENIENT, STRICT]))
def test_what_the_reference_did_conforms(walk: Walk, rules: Rules) -> None:
    judge = Judge(rules=rules)
    lines = recorded(walk, rules)
    assert [judge.judge(told) for told in lines] == [None] * len(lines)
    tally = judge.tally
    assert (tally["lines"], tally["skipped"], tally["starts"]) == (len(lines), 0, 1)
    assert tally["requests"] + tally["signals"] == tally["listings"] == (len(lines) - 1) // 2
    assert tally["accepted"] + tally["repeats"] + tally["refused"] + tally["believed"] == tally["listings"]


CREATES: list[Create] = [
    CreateSimple(call_id="a", extension=ALICE, source=(ALICE,), destination=(BOB,), call_duration=60, nonce="1"),
    CreateCallback(call_id="a", extension=ALICE, source=(OUTSIDE,), destination=(ELSEWHERE,), wait_for_pickup="9"),
    CreateConferenceInvite(call_id="a", extension=ALICE, source=(ALICE,), destination=(CAROL,), owner_id="3"),
    CreateSimple(call_id="a", extension=ALICE, source=(ALICE,), destination=(ALICE,)),
]


@pytest.mark.parametrize("create", CREATES, ids=lambda create: type(create).__name__)
def test_a_new_call_that_the_reference_made_conforms(create: Create) -> None:
    assert judged(record(create, create_call(create, at=at(0)), at=at(0))) == [None]


def test_a_recorded_input_can_be_read_by_people() -> None:
    action = Park(call_id=CALL, view_id="01", extension=ALICE, position=7)
    told = json.loads(record(action, DomainError(**FULL), at=at(0)))
    assert told == {
        "at": "2026-03-02T09:00:00Z",
        "call": CALL,
        "request": {"action": "Park", "phoneCallViewId": "01", "maxInParking": 180},
        "extension": ALICE,
        "position": 7,
        "answer": {"status": 400, "error": "pc_parking_full"},
    }
    signal = HungUp(call_id=CALL, view_id="01", disposition=Disposition.BUSY)
    told = json.loads(record(signal, over(), at=at(0)))
    assert told["signal"], told["view"] == ("HungUp", "01")
    assert told["disposition"] == 1
    assert told["answer"] == {"status": 200, "listed": None}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (OnHold(call_id=CALL, view_id="01"), 202),
        (HangUp(call_id=CALL), 200),
        (Answered(call_id=CALL, view_id="01"), 200),
        (CreateSimple(call_id=CALL, extension=ALICE, source=(ALICE,), destination=(BOB,)), 200),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_has_the_status_with_which_the_service_gives_it(asked: Action | Create, status: int) -> None:
    assert json.loads(record(asked, connected(), at=at(0)))["answer"]["status"] == status


FULL: Json = json.loads('{"code": "parking_full", "check": "context", "action": "Park", "reason": "the lot is full"}')


# What diverges --------------------------------------------------------------------------------------------------------


EVERYTHING = (
    "OnHold", "Park", "BargeIn", "Whisper", "Monitor", "Transfer", "TransferToVoicemail", "StartRecording", "HangUp",
)  # fmt: skip


def test_a_refusal_of_what_is_allowed_diverges() -> None:
    found = only(judged(asked(20, "OnHold", "00", refused("pc_wrong_state")), start=connected()))
    assert str(found).splitlines() == [
        f"call {CALL}: OnHold on view 00",
        "  trace:     refused, 400 pc_wrong_state",
        "  reference: accepted",
        f"  allowed:   {', '.join(EVERYTHING)}",
    ]


def test_what_is_accepted_against_the_rules_diverges() -> None:
    found = only(judged(asked(20, "OnHold", "01", ACCEPTED), start=ringing()))
    assert found.told == "accepted"
    known = "refused, 400 pc_wrong_state. OnHold refused: view 01 is RINGING; it must be CONNECTED."
    assert found.known == known
    assert found.allowed == ("PickUp", "Transfer", "TransferToVoicemail", "HangUp")


@pytest.mark.parametrize("answer", [refused("pc_parking_full"), refused("call_ended"), refused("wrong state")])
def test_another_reason_diverges(answer: Json) -> None:
    assert only(judged(asked(20, "OnHold", "01", answer), start=ringing())).told.startswith("refused, 400 ")


@pytest.mark.parametrize("answer", [refused("pc_wrong_state"), refused("wrong_state"), {"status": 400}])
def test_the_reason_may_be_spelled_in_two_ways_or_missing(answer: Json) -> None:
    assert judged(asked(20, "OnHold", "01", answer), start=ringing()) == [None]


def test_a_refusal_without_a_reason_is_shown_as_such() -> None:
    found = only(judged(asked(20, "OnHold", "00", {"status": 400}), start=connected()))
    assert found.told == "refused, 400 without a code"


def test_a_repeat_conforms_by_the_rules_that_are_asked() -> None:
    accepted, denied = asked(20, "OnHold", "00", ACCEPTED), asked(20, "OnHold", "00", refused("pc_wrong_state"))
    assert judged(accepted, start=held()) == judged(denied, start=held(), rules=STRICT) == [None]
    assert only(judged(denied, start=held())).known == "accepted"
    assert "OnHold" not in (only(judged(accepted, start=held(), rules=STRICT)).allowed or ())


def test_a_signal_has_happened_unless_the_trace_says_otherwise() -> None:
    impossible = line(20, signal="FarEndRang", view="01")
    assert only(judged(impossible, start=connected())).known.startswith("refused, 400 pc_wrong_state")
    told = line(20, signal="FarEndRang", view="01", answer=refused("pc_wrong_state"))
    assert judged(told, start=connected()) == [None]


def test_a_late_answer_that_revives_a_call_diverges() -> None:
    late = line(21, signal="Answered", view="01", answer={"status": 200, "listed": None})
    assert judged(late, asked(22, "OnHold", "00", ACCEPTED), start=over())[0] is None
    assert "has ended" in only(judged(asked(22, "OnHold", "00", ACCEPTED), start=over())).known


def test_a_second_hold_that_moves_the_date_diverges() -> None:
    listed = {"id": CALL, "extension": ALICE, "published": "2026-03-02T09:00:00Z", "answered": "2026-03-02T09:00:05Z"}
    views = json.loads(record_listing(held(), at=at(10)))["listed"]["phoneCallView"]
    views[0]["onHold"] = "2026-03-02T09:00:20Z"
    answer = ACCEPTED | {"listed": listed | {"phoneCallView": views}}
    found = only(judged(asked(20, "OnHold", "00", answer), start=held()))
    assert found == Divergence(
        call_id=CALL,
        at=at(20),
        kind=Differs.LISTING,
        asked="OnHold",
        view_id="00",
        told="view 00 onHold 2026-03-02T09:00:20Z",
        known="view 00 onHold 2026-03-02T09:00:08Z",
    )
    assert str(found).startswith(f"call {CALL}: the call after OnHold\n")


def test_only_the_first_divergence_of_a_call_is_shown_until_it_starts_anew() -> None:
    wrong = asked(20, "OnHold", "01", ACCEPTED)
    other = record_start(call_of(*ringing().views, version=9), at=at(10))
    judge = Judge()
    found = [judge.judge(told) for told in (record_start(ringing(), at=at(10)), wrong, wrong, other, wrong)]
    assert [divergence is not None for divergence in found] == [False, True, False, False, True]
    assert (judge.tally["skipped"], judge.tally["divergences"]) == (1, 2)


def test_a_call_that_is_over_and_diverges_is_not_judged_any_more() -> None:
    wrong = asked(20, "OnHold", "01", ACCEPTED)
    first, second = judged(wrong, wrong, start=over())
    assert first is not None
    assert second is None


# What is not known is believed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        refused("access_denied", 401),
        refused("user_invalid"),
        refused("extension_invalid"),
        refused("not_found", 404),
        {"status": 304},
    ],
)
def test_who_may_ask_is_not_in_a_trace(answer: Json) -> None:
    lines = asked(20, "OnHold", "00", answer), asked(21, "OffHold", "00", ACCEPTED)
    assert judged(*lines, start=held("01")) == [None, None]
    assert judged(asked(20, "OnHold", "01", answer), start=ringing()) == [None]


def test_which_phones_there_are_is_not_in_a_trace() -> None:
    denied = asked(20, "Monitor", "00", refused("pc_sendcallto_invalid"), sendCallTo=DAVE)
    assert judged(denied, start=connected()) == [None]
    assert "pc_wrong_state" in only(judged(denied, start=ringing())).known, "the state counts first"
    accepted = asked(20, "Monitor", "00", ACCEPTED, sendCallTo=BOB)
    assert "sendCallTo" in only(judged(accepted, start=connected())).known


def test_the_lot_is_known_by_the_position() -> None:
    full = line(20, request={"action": "Park", "phoneCallViewId": "00"}, position=None, answer=ACCEPTED)
    assert "pc_parking_full" in only(judged(full, start=connected())).known
    believed = asked(20, "Park", "00", refused("pc_parking_full"))
    assert judged(believed, start=connected()) == [None]


def test_a_request_without_an_answer_may_have_been_done_or_not() -> None:
    lines = asked(20, "OnHold", "00", None), asked(21, "OnHold", "07", None), asked(22, "OffHold", "00", ACCEPTED)
    assert judged(*lines, start=connected()) == [None, None, None]
    judge = Judge()
    for told in (record_start(connected(), at=at(10)), *lines):
        judge.judge(told)
    assert (judge.tally["accepted"], judge.tally["unclear"]) == (1, 2)


# Bodies and calls that are none ---------------------------------------------------------------------------------------


def test_a_body_that_is_none_is_judged_after_the_call_and_the_asker() -> None:
    broken = line(20, request="{", answer=refused("pc_body_invalid"))
    word = line(20, request={"action": "Dance"}, answer=refused("pc_action_invalid"))
    assert judged(broken, word, start=connected()) == [None, None]
    assert "pc_phonecall_invalid" in only(judged(word, start=over())).known
    assert "pc_phonecall_invalid" in only(judged(word)).known
    stranger = line(20, extension=DAVE, request={"action": "Dance"}, answer=refused("pc_action_invalid"))
    assert only(judged(stranger, start=connected())) == Divergence(
        call_id=CALL,
        at=at(20),
        kind=Differs.ANSWER,
        asked="the request",
        told="refused, 400 pc_action_invalid",
        known=f"refused, 400 extension_invalid. PhoneCallAction refused: extension {DAVE!r} takes no part in the call.",
    )


REQUESTS: list[object] = [
    *({"action": word, "phoneCallViewId": "00"} for word in ("OnHold", "OffHold", "Park", "HangUp", "Dance")),
    *({"action": "OnHold", "phoneCallViewId": view_id} for view_id in (0, None, "07")),
    *({}, [], 5, "{", None),
]


@pytest.mark.parametrize("call", [None, connected(), held(), over()], ids=["unknown", "connected", "held", "over"])
@pytest.mark.parametrize("extension", [ALICE, DAVE])
@pytest.mark.parametrize("position", [1, 7, None])
def test_a_request_has_the_answer_that_apply_body_gives(
    call: PhoneCall | None, extension: str, position: int | None
) -> None:
    for request in REQUESTS:
        told = {"request": request, "extension": extension, "position": position}
        body = json.dumps(request)
        known = apply_body(call, body, call_id=CALL, extension=extension, position=position, at=at(20))
        if isinstance(known, DomainError):
            told["answer"] = refused(wire_code(known.code), http_status(known.code))
        else:
            told["answer"] = ACCEPTED | {"listed": None if known.over else json.loads(encode_call(known))}
        judge = Judge()
        if call is not None:
            judge.judge(record_start(call, at=at(10)))
        assert judge.judge(line(20, **told)) is None
        assert (judge.tally["requests"], judge.tally["believed"]) == (1, 0)


def test_an_unknown_call_is_refused() -> None:
    assert judged(asked(20, "OnHold", "00", refused("pc_phonecall_invalid"))) == [None]
    assert only(judged(asked(20, "OnHold", "00", ACCEPTED))).allowed is None
    assert only(judged(line(20, signal="Answered", view="00"))).asked == "Answered"


def test_an_unknown_view_has_nothing_that_is_allowed() -> None:
    assert only(judged(asked(20, "OnHold", "99", ACCEPTED), start=connected())).allowed is None


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (b"{", "truncated"),
        (b'{"at": "2026-03-02T09:00:00Z"}', "missing required field `call`"),
        (b'{"at": "2026-03-02T09:00:00", "call": "a", "listed": null}', "timezone"),
        (b'{"at": "2026-03-02T09:00:00Z", "call": "a"}', "exactly one of"),
        (line(0, listed=None, signal="Rang"), "exactly one of"),
        (line(0, signal="Rang", begins=True), "a call begins with a listing"),
        (line(0, signal="Sang", view="00"), "Invalid enum value 'Sang'"),
        (line(0, position=101, request={}), "<= 100"),
        (line(0, start={"id": "other", "extension": ALICE, "views": []}), "'other', not"),
        (line(0, start={"id": CALL, "extension": "nobody", "views": []}), "charged extension"),
        (line(0, create={}), "create has a kind, one of simple, callback, conferenceInvite"),
        (line(0, create={"kind": []}), "create has a kind"),
        (line(0, create={"kind": "simple"}), "create: Object missing required field `extension`"),
        (line(0, create=5), "create: Expected `object`"),
        (line(0, listed=5), "a JSON object"),
        (line(0, listed={"id": "other", "extension": ALICE, "phoneCallView": []}), "'other', not"),
        (line(0, call="?", listed=None).replace(b"?", b"\xff"), "utf-8"),
        (line(0, create={"kind": "?"}).replace(b"?", b"\xff"), "create: "),
        (line(0, listed={"id": "?"}).replace(b"?", b"\xff"), "utf-8"),
        (b'{"x":' * 100_000, "nested too deep"),
    ],
)
def test_a_line_that_is_none_is_told(told: bytes, reason: str) -> None:
    with pytest.raises(UnreadableLineError) as unreadable:
        Judge().judge(told)
    assert reason in str(unreadable.value)


def test_empty_lines_and_unknown_fields_are_ignored() -> None:
    assert judged(b"", b"\n", b"  \r\n", line(0, listed=None, x={"y": [1]}, z=None)) == [None] * 4


EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "trace.jsonl"


@given(data=st.data())
def test_whatever_a_line_is_made_of_it_is_judged_or_told(data: st.DataObject) -> None:
    judge = Judge()
    for told in EXAMPLE.read_bytes().splitlines(keepends=True):
        start = data.draw(st.integers(0, len(told)))
        broken = told[:start] + data.draw(st.binary(max_size=3)) + told[start + data.draw(st.integers(0, 3)) :]
        for one in (broken, told):
            with contextlib.suppress(UnreadableLineError):
                judge.judge(one)


# Listings -------------------------------------------------------------------------------------------------------------


def listing(call: PhoneCall, **fields: Any) -> Json:  # Any: JSON
    found: Json = json.loads(record_listing(call, at=at(10)))["listed"]
    return found | fields


def test_a_listing_starts_a_call_and_then_must_agree() -> None:
    started = line(10, listed=listing(connected()))
    assert judged(started, asked(20, "OnHold", "00", ACCEPTED)) == [None, None]
    agree = line(21, listed=listing(held()))
    found = judged(started, asked(20, "OnHold", "00", ACCEPTED), agree)
    assert found[:2] == [None, None]
    assert only(found[2:]).asked is None
    assert str(only(found[2:])).startswith(f"call {CALL}: the call as it is listed\n")


def test_a_listing_can_begin_a_call_again() -> None:
    """What has happened since the last line is not known then, and what diverged before does not matter."""
    again = line(21, listed=listing(held()), begins=True)
    wrong = asked(22, "PickUp", "00", ACCEPTED)
    assert judged(again, line(22, listed=listing(held())), start=connected()) == [None, None]
    found = judged(wrong, wrong, again, wrong, start=connected())
    assert [divergence is None for divergence in found] == [False, True, True, False]
    assert judged(line(21, listed=None, begins=True), line(22, listed=listing(held())), start=connected()) == [
        None,
        None,
    ]


def test_a_listing_may_be_spelled_in_other_words() -> None:
    views = [
        view | {"status": int(view["status"]), "source": view["source"][0], "x": None}
        for view in reversed(listing(held())["phoneCallView"])
    ]
    views[1]["onHold"] = "2026-03-02T10:00:08.900+01:00"
    other = listing(held(), phoneCallView=views, links={"self": "https://x"}, link={"self": "https://x"}, more=1)
    assert judged(line(20, listed=other), start=held()) == [None]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"onHold": "2026-03-02T09:00:09Z"},
            ("view 00 onHold 2026-03-02T09:00:09Z", "view 00 onHold 2026-03-02T09:00:08Z"),
        ),
        (
            {"onHold": None, "status": "4"},
            ("view 00 status 4, view 00 onHold absent", "view 00 status 5, view 00 onHold 2026-03-02T09:00:08Z"),
        ),
        ({"callerId": "Alice"}, ("view 00 callerId Alice", "view 00 callerId absent")),
    ],
)  # fmt: skip
def test_the_fields_that_differ_are_shown(told: Json, words: tuple[str, str]) -> None:
    views = listing(held())["phoneCallView"]
    wrong = listing(held(), phoneCallView=[views[0] | told, views[1]])
    found = only(judged(line(20, listed=wrong), start=held()))
    assert (found.told, found.known, found.allowed) == (*words, None)


def test_a_listing_that_contradicts_itself_diverges() -> None:
    views = listing(held())["phoneCallView"]
    wrong = listing(held(), phoneCallView=[views[0] | {"status": "3"}, views[1]])
    found = only(judged(line(20, listed=wrong), start=held()))
    assert found.told.startswith(
        "a listing that cannot be read: phoneCallView[0].status must be status 5 beside onHold"
    )
    no_text = line(20, listed=listing(held(), nonce="?")).replace(b"?", b"\xff")
    assert "utf-8" in only(judged(no_text, start=held())).told


def test_what_is_over_is_not_listed_and_what_lives_is() -> None:
    assert judged(line(20, listed=None), start=over()) == [None]
    assert judged(line(20, listed=None)) == [None]
    gone = only(judged(line(20, listed=None), start=held()))
    assert (gone.told, gone.known) == ("the call is not listed", "the call is listed")
    there = only(judged(line(20, listed=listing(held())), start=over()))
    assert (there.told, there.known) == ("the call is listed", "the call is not listed")


def test_at_the_instant_of_a_deadline_a_listing_may_show_either() -> None:
    rung = call_of(view("00", ALICE, "ANSWERED", side=0), view("01", BOB, "RINGING", side=1, until=at(35)))  # type: ignore[arg-type]  # a StrEnum
    shown, gone = listing(rung), None
    assert judged(line(35, listed=shown), start=rung) == judged(line(35, listed=gone), start=rung) == [None]
    assert only(judged(line(36, listed=shown), start=rung)).known == "the call is not listed"
    assert only(judged(line(34, listed=gone), start=rung)).known == "the call is listed"
    late = listing(rung, nonce="x")
    assert only(judged(line(35, listed=late), start=rung)).told == "nonce x"


# Memory ---------------------------------------------------------------------------------------------------------------


def many(*told: bytes, count: int) -> Iterable[bytes]:
    for number in range(count):
        yield from (one.replace(CALL.encode(), f"call{number}".encode()) for one in told)


def test_the_last_calls_that_ended_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracked_calls, "REMEMBERED", 3)
    judge = Judge()
    for told in many(record_start(over(), at=at(10)), count=5):
        assert judge.judge(told) is None
    again = [judge.judge(told) for told in many(asked(20, "HangUp", "00", ACCEPTED), count=5)]
    assert [divergence is None for divergence in again] == [False, False, True, True, True]


def test_calls_that_end_by_a_deadline_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are kept as they were, so that what comes in before the deadline, but late, is judged by its own time."""
    monkeypatch.setattr(tracked_calls, "ROOM", 4)
    monkeypatch.setattr(tracked_calls, "REMEMBERED", 2)
    rung = call_of(view("00", ALICE, "ANSWERED", side=0), view("01", BOB, "RINGING", side=1, until=at(35)))  # type: ignore[arg-type]  # a StrEnum
    judge = Judge()
    for told in many(record_start(rung, at=at(10)), count=4):
        judge.judge(told)
    judge.judge(record_start(connected(), at=at(40)))
    answers = [judge.judge(told) for told in many(line(30, signal="Answered", view="01"), count=4)]
    assert [divergence is None for divergence in answers] == [False, False, True, True]
    assert judge.judge(asked(41, "OnHold", "00", ACCEPTED)) is None
