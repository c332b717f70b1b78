"""What phones do by themselves: those that a test sets, those of a file, and the magic outside numbers."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from callstate.cli import main
from callstate.domain import Disposition, PhoneCall
from callstate.sandbox import Phone
from callstate.sandbox.loading import Given, phones_of
from callstate.sandbox.phones import MAGIC, Phones
from callstate.sandbox.plans import Plans
from callstate.testing import Sandbox
from tests.sandbox.running import Running

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"
ROOT = Path(__file__).parents[2]


def states(call: PhoneCall) -> list[str]:
    return [view.state for view in call.views]


@pytest.mark.parametrize(
    ("phone", "seconds", "ended"),
    [
        (Phone(does="rejects", after=5), 5, Disposition.NOT_ALLOWED),
        (Phone(does="busy", after=5), 0, Disposition.BUSY),
        (Phone(does="unreachable"), 0, Disposition.FAILED),
        (Phone(does="ringsOut"), 25, Disposition.NO_ANSWER),
    ],
)
def test_a_phone_that_is_not_answered(phone: Phone, seconds: int, ended: Disposition) -> None:
    with Sandbox(phones={CAROL: phone}) as sandbox:
        sandbox.freeze()
        call = sandbox.incoming("3334444", CAROL)
        if seconds:
            assert states(sandbox.call(call)) == ["ANSWERED", "RINGING"]
            sandbox.advance(seconds - 1)
            assert states(sandbox.call(call)) == ["ANSWERED", "RINGING"]
            sandbox.advance(1)
        rung = sandbox.call(call).views[1]
        assert (rung.state, rung.disposition) == ("ENDED", ended)
        assert sandbox.call(call).over


@pytest.mark.parametrize("seconds", [0, 3])
def test_a_phone_that_answers(seconds: int) -> None:
    with Sandbox(phones={CAROL: Phone(does="answers", after=seconds)}) as sandbox:
        sandbox.freeze()
        call = sandbox.incoming("3334444", CAROL)
        sandbox.advance(seconds)
        assert states(sandbox.call(call)) == ["CONNECTED", "CONNECTED"]


def test_a_phone_that_holds_does_so_once() -> None:
    with Sandbox(phones={CAROL: Phone(does="holds", after=1, hold_after=3)}) as sandbox:
        sandbox.freeze()
        call = sandbox.incoming("3334444", CAROL)
        held = []
        for seconds in (1, 2, 1):
            sandbox.advance(seconds)
            held.append(states(sandbox.call(call)))
        assert held == [["CONNECTED", "CONNECTED"], ["CONNECTED", "CONNECTED"], ["CONNECTED", "ON_HOLD"]]
        resumed = sandbox.resume(call, CAROL)
        assert states(resumed) == ["CONNECTED", "CONNECTED"]
        sandbox.advance(100)
        assert states(sandbox.call(call)) == ["CONNECTED", "CONNECTED"]


@pytest.mark.parametrize(
    ("number", "seconds", "ended"),
    [
        ("5550100", 0, None),
        ("5550101", 5, None),
        ("5550102", 0, Disposition.BUSY),
        ("5550103", 25, Disposition.NO_ANSWER),
        ("5550104", 2, Disposition.NOT_ALLOWED),
        ("5550105", 0, Disposition.FAILED),
        ("5550106", 0, None),
    ],
)
def test_each_magic_number_does_what_the_page_says(number: str, seconds: int, ended: Disposition | None) -> None:
    with Sandbox(phones={ALICE: Phone(does="answers")}) as sandbox:
        sandbox.freeze()
        body = {"extension": ALICE, "phoneCallView": [{"source": [ALICE], "destination": [number]}]}
        headers = {"Authorization": f"Bearer {sandbox.token('12')}"}
        with httpx.Client(transport=sandbox.transport, base_url="https://pbx.example", headers=headers) as client:
            client.post("/uapi/phoneCalls/@me/simple", json=body)
        sandbox.advance(0)
        sandbox.advance(seconds)
        (call,) = sandbox.calls
        assert call.views[1].disposition == ended
        assert ended is not None or states(call) == ["CONNECTED", "CONNECTED"]
    page = (ROOT / "docs" / "how-to" / "sandbox.md").read_text("utf-8")
    assert f"| `{number}` |" in page


def test_the_page_tells_no_other_magic_numbers() -> None:
    page = (ROOT / "docs" / "how-to" / "sandbox.md").read_text("utf-8")
    assert page.count("| `55501") == len(MAGIC)


def test_a_phone_is_told_what_to_do_while_the_sandbox_runs(running: Running) -> None:
    shown = running.control("PUT", "phones/0003*211", does="busy")
    assert shown["phones"]["0003*211"] == {"does": "busy"}
    assert running.control("GET", "phones") == shown
    call = running.control("POST", "calls", source="3334444", destination=CAROL)
    assert running.calls()[call["id"]]["views"][1]["disposition"] == Disposition.BUSY
    running.control("DELETE", "phones/0003*211")
    call = running.control("POST", "calls", source="3334444", destination=CAROL)
    assert running.calls()[call["id"]]["views"][1]["state"] == "RINGING"


def test_what_a_phone_is_told_is_for_its_next_ring() -> None:
    with Sandbox() as sandbox:
        call = sandbox.incoming("3334444", CAROL)
        sandbox.phone(CAROL, "answers")
        sandbox.advance(1)
        assert states(sandbox.call(call)) == ["ANSWERED", "RINGING"]


@pytest.mark.parametrize(
    "text", ['{"0003*211": {"does": "busy"}}', '"0003*211" = { does = "busy" }', '["0003*211"]\ndoes = "busy"\n']
)
def test_phones_from_a_file(text: str) -> None:
    assert phones_of(Given("here", text.encode())) == {CAROL: Phone(does="busy")}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"0003*211": {"does": "sleep"}}', "Invalid enum value 'sleep'"),
        ('{"Carol": {"does": "busy"}}', "'Carol' is not a phone number"),
        ('{"0003*211": {"does": "busy", "soon": 1}}', "unknown field `soon`"),
        ('{"a": ' + "[" * 100_000, "recursion"),
    ],
)
def test_phones_that_cannot_be_read(text: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--phones", text]) == 2
    err = capsys.readouterr().err
    assert err.startswith("callstate: the phones '")
    assert reason in err
    assert err.count("\n") == 1


def test_plans_that_do_not_hold_any_more_are_forgotten() -> None:
    plans = Plans(Phones(Phone(does="answers", after=3600), {}))
    with Sandbox() as sandbox:
        call = sandbox.incoming("3334444", CAROL)
        over = sandbox.hang_up(call)
    assert call.published is not None
    for _ in range(1000):
        plans.look(call, call.published)
        plans.look(over, call.published)
    assert len(plans) < 100
    assert plans.next() is None
    plans.look(call, call.published)
    planned = plans.next()
    assert planned is not None
    assert planned.at == call.published + timedelta(hours=1)
