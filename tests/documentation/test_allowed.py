"""The program of the page "What allowed means" names the same actions as the engine."""

import runpy
from collections.abc import Callable

import pytest
from hypothesis import given

from callstate import PhoneCall, allowed_actions
from tests import reached
from tests.calls import STARTS, Walk, changed, outgoing, walks
from tests.documentation.programs import EXAMPLES
from tests.reference.cases import at_the_mailbox, deflected, outside_only, picked_up
from tests.reference.facts.transferring import fork


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> Callable[[PhoneCall, str], list[str]]:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    program: Callable[[PhoneCall, str], list[str]] = runpy.run_path(str(EXAMPLES / "allowed.py"))["allowed"]
    return program


def _calls() -> tuple[PhoneCall, ...]:
    starts = (*STARTS, fork, deflected, picked_up, outside_only, at_the_mailbox)
    ringing_outside = changed(changed(outgoing(), "00", state="ANSWERED"), "01", state="RINGING", answered=None)
    return (*(start() for start in starts), ringing_outside, *reached.small().calls)


def test_the_program_names_what_the_engine_names(allowed: Callable[[PhoneCall, str], list[str]]) -> None:
    for call in _calls():
        for view in (*(view.id for view in call.views), "99"):
            assert allowed(call, view) == list(allowed_actions(call, view)), (call, view)


def test_it_names_so_on_random_walks(allowed: Callable[[PhoneCall, str], list[str]]) -> None:
    @given(walks())
    def agree(walk: Walk) -> None:
        for call in {moment.call.version: moment.call for moment in walk.moments()}.values():
            for view in call.views:
                assert allowed(call, view.id) == list(allowed_actions(call, view.id)), (call, view.id)

    agree()
