"""The program of the page "Who is who in a transfer" tells the parties of each request as the engine does."""

import runpy
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, TypeAlias

import pytest

from callstate import (
    Check,
    DomainError,
    EndReason,
    Park,
    PhoneCall,
    Transfer,
    TransferToVoicemail,
    apply_action,
)
from callstate.domain import ANSWERED, BARGE, CONNECTED, ENDED, RINGING, VOICEMAIL
from callstate.engine import sides
from callstate.engine.transfer_roles import is_sent, park_parties, transfer_parties
from tests import reached
from tests.calls import ALICE, BOB, CAROL, DAVE, STARTS, at, call_of, changed, view
from tests.documentation.programs import EXAMPLES
from tests.reference.cases import deflected, picked_up, transferred
from tests.reference.facts.transferring import fork

PROGRAM = runpy.run_path(str(EXAMPLES / "who_is_who.py"))
NOBODY = "0003*998"
Sends: TypeAlias = Transfer | TransferToVoicemail
KINDS: tuple[type[Sends], ...] = (Transfer, TransferToVoicemail)
ORDER = list(Check)


def _transfers(call: PhoneCall) -> Iterator[Sends]:
    """Yield transfers by each way of naming the parties, to a phone that is new, or that of a party."""
    numbers = [*dict.fromkeys(view.extension for view in call.views), NOBODY]
    views = [None, *(view.id for view in call.views)]
    for kind, told, asker, number in product(KINDS, views, ("@self", *numbers), numbers):
        yield kind(call_id=call.id, extension=asker, view_id=told, send_call_to=number)
    by_numbers = product((None, *numbers), (None, *numbers), views)
    for kind, (leaver, sent, told), number in product(KINDS, by_numbers, numbers[-2:]):
        yield kind(
            call_id=call.id,
            extension=numbers[0],
            send_call_to=number,
            transfer_from_number=leaver,
            transfer_number=sent,
            view_id=told,
        )


def _assert_same_answer(call: PhoneCall, request: Park | Sends, parties: Any) -> None:  # Any: parties of the program
    """Compare the answers, unless one of the checks before those of the program fails."""
    result = apply_action(call, request, at=call.updated or at(0))
    answer, check = PROGRAM["answer"](call, request, parties)
    if not isinstance(result, DomainError):
        assert answer == ("repeat" if result is call else "accepted"), (call, request)
    elif ORDER.index(result.check) > ORDER.index(Check.ROLE) or len(sides(call.views)) == 2:
        early = ORDER.index(result.check) < ORDER.index(Check.ROLE)
        assert early or (answer, check) == (result.code, result.check), (call, request)


def _assert_same_parties(call: PhoneCall) -> None:
    for request in _transfers(call):
        view = None if request.view_id is None else call.view(request.view_id)
        found, expected = PROGRAM["transfer"](call, request, view), transfer_parties(call, request, view)
        assert tuple(found) == tuple(expected), (call, request)
        assert PROGRAM["is_repeat"](call, request, found) == is_sent(call, request, expected)
        _assert_same_answer(call, request, found)
    for view, asker, position in product(call.views, ("@self", *(view.extension for view in call.views)), (1, None)):
        parks = Park(call_id=call.id, view_id=view.id, extension=asker, position=position)
        found, parties = PROGRAM["park"](call, parks, view), park_parties(call, parks, view)
        assert (found.sent, found.leaver) == (parties.subject, parties.other), (call, parks)
        _assert_same_answer(call, parks, found)


def _left_twice() -> PhoneCall:
    """Bob has been at both ends and has transferred the call from each, to Carol and to Dave."""
    left = {"reason": EndReason.TRANSFERRED}
    return call_of(
        view("00", BOB, ENDED, side=0, successor="02", **left),
        view("01", BOB, ENDED, side=1, successor="03", **left),
        view("02", CAROL, CONNECTED, side=0),
        view("03", DAVE, CONNECTED, side=1),
    )


def _beside_the_successor() -> PhoneCall:
    """Another phone rings on the side of the leg to which Bob has transferred the call."""
    return call_of(*transferred().views, view("03", CAROL, RINGING, side=1))


def _up_beside_one_that_rings() -> PhoneCall:
    """Bob is up on the side on which Carol's phone rings."""
    return changed(fork(), "01", state=ANSWERED)


def _mailbox_and_phone() -> PhoneCall:
    """Bob's mailbox and Bob are in the call."""
    return call_of(
        view("00", BOB, CONNECTED, side=0, role=VOICEMAIL, listed=False),
        view("01", ALICE, CONNECTED, side=1),
        view("02", BOB, CONNECTED, side=2, role=BARGE),
    )


SPECIAL = (_left_twice, _beside_the_successor, _up_beside_one_that_rings, _mailbox_and_phone)


@pytest.mark.parametrize("start", [*STARTS, fork, deflected, transferred, picked_up, *SPECIAL])
def test_the_program_tells_the_parties_of_plain_calls(start: Callable[[], PhoneCall]) -> None:
    _assert_same_parties(start())


def test_the_program_tells_the_parties_of_small_calls() -> None:
    for call in reached.small().calls[::2]:
        if not call.over:
            _assert_same_parties(call)
