"""Answers that do not tell what happened: the call is followed both ways until a listing or an answer tells."""

import json
from typing import Any

import pytest

from callstate import LENIENT, STRICT, CreateSimple, OnHold, PhoneCall, apply_action, create_call, unwrap
from callstate.conformance import Divergence, record_listing, record_start, tracked_calls
from callstate.conformance.judge import Judge
from callstate.engine import Rules
from tests.calls import ALICE, BOB, CALL, at, call_of, connected, held, ringing, view

Json = dict[str, Any]  # Any: JSON
NO_ANSWERS: list[Json] = [{}, {"answer": {"status": 500}}, {"answer": {"status": 504, "error": "gateway"}}]
DONE: Json = {"answer": {"status": 202}}
REFUSED: Json = {"answer": {"status": 400, "error": "pc_wrong_state"}}
CREATED: Json = {"kind": "simple", "extension": ALICE, "source": [ALICE], "destination": [BOB]}


def line(seconds: float, **fields: Any) -> bytes:  # Any: JSON
    return json.dumps({"at": at(seconds).isoformat(), "call": CALL} | fields).encode()


def asked(seconds: float, action: str, answer: Json, **fields: str) -> bytes:
    return line(seconds, request={"action": action, "phoneCallViewId": "00"} | fields, **answer)


def shown(seconds: float, call: PhoneCall) -> bytes:
    return record_listing(call, at=at(seconds))


def judge_of(start: PhoneCall | None = None, rules: Rules = LENIENT) -> Judge:
    judge = Judge(rules=rules)
    if start is not None:
        judge.judge(record_start(start, at=at(10)))
    return judge


def judged(start: PhoneCall | None, *lines: bytes, rules: Rules = LENIENT) -> list[Divergence | None]:
    return [judge_of_line for judge in [judge_of(start, rules)] for judge_of_line in map(judge.judge, lines)]


def hold(call: PhoneCall, seconds: float) -> PhoneCall:
    return unwrap(apply_action(call, OnHold(call_id=CALL, view_id="00"), at=at(seconds)))


# Both ways ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=str)
def test_it_may_have_been_done(answer: Json) -> None:
    call = connected()
    assert judged(call, asked(20, "OnHold", answer), shown(21, hold(call, 20))) == [None, None]


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=str)
def test_it_may_not_have_been_done(answer: Json) -> None:
    assert judged(connected(), asked(20, "OnHold", answer), shown(21, connected())) == [None, None]


def test_a_listing_decides() -> None:
    call = connected()
    lines = asked(20, "OnHold", NO_ANSWERS[2]), shown(21, hold(call, 20)), shown(22, call)
    assert [found is None for found in judged(call, *lines)] == [True, True, False]
    lines = asked(20, "OnHold", NO_ANSWERS[2]), shown(21, call), shown(22, hold(call, 20))
    assert [found is None for found in judged(call, *lines)] == [True, True, False]


def test_an_answer_decides() -> None:
    """By the strict rules a second hold is refused only if the first was done."""
    call = connected()
    unclear = asked(20, "OnHold", NO_ANSWERS[2])
    done = [unclear, asked(21, "OnHold", REFUSED), shown(22, hold(call, 20))]
    assert judged(call, *done, rules=STRICT) == [None] * 3
    missed = [unclear, asked(21, "OnHold", DONE), shown(22, hold(call, 21))]
    assert judged(call, *missed, rules=STRICT) == [None] * 3
    mixed = [unclear, asked(21, "OnHold", REFUSED), shown(22, hold(call, 21))]
    assert [found is None for found in judged(call, *mixed, rules=STRICT)] == [True, True, False]


def test_what_neither_way_says_diverges_from_the_one_in_which_it_was_done() -> None:
    call = connected()
    found = judged(call, asked(20, "OnHold", NO_ANSWERS[2]), shown(21, hold(call, 15)))[1]
    assert found is not None
    assert (found.told, found.known) == (
        "view 00 onHold 2026-03-02T09:00:15Z",
        "view 00 onHold 2026-03-02T09:00:20Z",
    )


def test_what_the_reference_refuses_was_not_done() -> None:
    call = ringing()
    lines = asked(20, "OnHold", NO_ANSWERS[2]), shown(21, call), asked(22, "OnHold", DONE)
    assert [found is None for found in judged(call, *lines)] == [True, True, False]


def test_a_signal_has_happened_unless_its_answer_is_unclear() -> None:
    call = ringing()
    answered = {"signal": "Answered", "view": "01"}
    assert judged(call, line(20, **answered), shown(21, call))[1] is not None
    assert judged(call, line(20, **answered, answer={"status": 502}), shown(21, call)) == [None, None]


def test_a_call_may_have_been_created_or_not() -> None:
    wanted = CreateSimple(call_id=CALL, extension=ALICE, source=(ALICE,), destination=(BOB,))
    new = unwrap(create_call(wanted, at=at(0)))
    created = line(0, create=CREATED, answer={"status": 504})
    assert judged(None, created, shown(1, new), asked(2, "HangUp", DONE)) == [None] * 3
    assert judged(None, created, line(1, listed=None), asked(2, "HangUp", DONE))[1:] != [None, None]
    assert judged(None, created, shown(1, connected()))[1] is not None, "who lists the call has created it"
    gone = {"answer": {"status": 400, "error": "pc_phonecall_invalid"}}
    assert judged(None, created, asked(2, "HangUp", gone), line(3, listed=None)) == [None] * 3


def test_a_hang_up_that_is_unclear_is_settled_by_the_list() -> None:
    lines = asked(20, "HangUp", NO_ANSWERS[1]), line(21, listed=None), asked(22, "OnHold", DONE)
    assert [found is None for found in judged(connected(), *lines)] == [True, True, False]
    assert judged(connected(), lines[0], shown(21, connected()), lines[2]) == [None] * 3


def test_unclear_lines_are_counted() -> None:
    judge = judge_of(connected())
    for told in (asked(20, "OnHold", NO_ANSWERS[2]), asked(21, "OffHold", DONE), asked(22, "OnHold", {})):
        assert judge.judge(told) is None
    assert (judge.tally["unclear"], judge.tally["accepted"], judge.tally["believed"]) == (2, 1, 0)


def test_a_deadline_passes_in_each_way() -> None:
    rung = call_of(view("00", ALICE, "ANSWERED", side=0), view("01", BOB, "RINGING", side=1, until=at(35)))  # type: ignore[arg-type]  # a StrEnum
    lines = line(30, signal="Answered", view="01", answer={"status": 500}), line(40, listed=None)
    assert judged(rung, *lines) == [None, None]


# Too many ways --------------------------------------------------------------------------------------------------------


def many(count: int) -> list[bytes]:
    """Ask for holds and releases, each of which may have been done or not."""
    words = ("OnHold", "OffHold")
    return [asked(20 + number, words[number % 2], NO_ANSWERS[2]) for number in range(count)]


def test_after_too_many_unclear_answers_a_call_is_judged_again_from_its_next_listing() -> None:
    judge = judge_of(connected())
    lines = many(200)
    assert [judge.judge(told) for told in lines] == [None] * 200
    assert judge.tally["skipped"] > 0
    assert judge.judge(line(300, listed=None)) is None
    assert judge.judge(asked(301, "PickUp", DONE)) is None
    skipped = judge.tally["skipped"]
    assert judge.judge(shown(302, held())) is None
    assert judge.judge(asked(303, "PickUp", DONE, sendCallTo="0003*219")) is not None
    assert judge.tally["skipped"] == skipped


def test_few_ways_of_a_call_are_kept() -> None:
    judge = judge_of(connected())
    for told in many(200):
        judge.judge(told)
        assert len(judge._calls.ways(CALL)) <= tracked_calls.MOST_WAYS  # noqa: SLF001  # memory is what this is about


def test_ways_that_are_alike_are_one() -> None:
    judge = judge_of(held())
    for seconds in range(100):
        judge.judge(asked(20 + seconds, "OnHold", NO_ANSWERS[2]))
    assert judge.tally["skipped"] == 0
    assert judge.judge(shown(200, held())) is None


def test_calls_whose_ways_have_all_ended_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracked_calls, "ROOM", 2)
    rung = call_of(view("00", ALICE, "ANSWERED", side=0), view("01", BOB, "RINGING", side=1, until=at(35)))  # type: ignore[arg-type]  # a StrEnum
    judge = Judge()
    for number in range(4):
        for told in (record_start(rung, at=at(10)), line(20, signal="Rang", view="01", answer={"status": 500})):
            judge.judge(told.replace(CALL.encode(), f"call{number}".encode()))
    judge.judge(record_start(connected(), at=at(40)))
    late = line(41, signal="Answered", view="01", answer={"status": 200, "listed": None})
    assert judge.judge(late.replace(CALL.encode(), b"call0")) is None
