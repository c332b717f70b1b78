"""The program of the page of HangUp ends the same views as the engine."""

import runpy
from itertools import product

import pytest

from callstate import Answered, DomainError, EndReason, HangUp, Park, PhoneCall, UnPark, apply_action
from callstate.domain import CONNECTED, ENDED, VOICEMAIL
from tests import reached
from tests.calls import ALICE, BOB, DAVE, STARTS, at, call_of, changed, connected, done, on, parked, view
from tests.documentation.programs import EXAMPLES
from tests.reference.observed import observed

PROGRAM = runpy.run_path(str(EXAMPLES / "hang_up.py"))


def _retrieved_and_declined() -> PhoneCall:
    """Alice pays, has parked Bob and has declined a ring-back; Dave has retrieved Bob."""
    lot = done(connected(), on(Park, "01", extension=ALICE))
    rung = done(lot, on(UnPark, "01", send_call_to=ALICE), on(HangUp, "02"))
    return done(rung, on(UnPark, "01", send_call_to=DAVE), on(Answered, "03"))


def _mailbox() -> PhoneCall:
    """Alice talks to Bob's mailbox."""
    return call_of(
        view("00", ALICE, CONNECTED, side=0),
        view("01", BOB, CONNECTED, side=1, role=VOICEMAIL, listed=False),
    )


def _assert_same(call: PhoneCall) -> None:
    numbers = [*dict.fromkeys(v.extension for v in call.views if v.extension), "0003*998"]
    requests = [
        *(HangUp(call_id=call.id, extension=asker) for asker in ("@self", call.extension, *numbers)),
        *(HangUp(call_id=call.id, phone_number=number) for number in numbers),
        *(HangUp(call_id=call.id, view_id=v.id, phone_number=n) for v, n in product(call.views, (None, numbers[0]))),
    ]
    for request in requests:
        result = apply_action(call, request, at=call.updated or at(0))
        if isinstance(result, DomainError):
            continue
        left = [v.id for v in result.views if v.reason is EndReason.HUNG_UP and _was_live(call, v.id)]
        assert [v.id for v in PROGRAM["leaving"](call, request)] == left, (call, request)
        assert (result is call) == (not left)


def _was_live(call: PhoneCall, view_id: str) -> bool:
    before = call.view(view_id)
    return before is not None and before.state is not ENDED


@pytest.mark.parametrize("start", [*STARTS, _retrieved_and_declined, _mailbox])
def test_the_program_ends_the_same_views_of_plain_calls(start: object) -> None:
    assert callable(start)
    _assert_same(start())


def test_it_does_so_in_every_call_that_is_met() -> None:
    calls = (*reached.small().calls, *(step.after for step in observed()[::9]))
    for call in calls:
        _assert_same(call)


def test_a_payer_that_has_parked_and_left_again_ends_nobody() -> None:
    assert PROGRAM["leaving"](_retrieved_and_declined(), HangUp(call_id=connected().id, extension=ALICE)) == []
    other = changed(parked(by=ALICE), "01", extension=ALICE)
    assert len(PROGRAM["leaving"](other, HangUp(call_id=other.id, extension=ALICE))) == 1
