"""The service over a store that others write to: nothing of theirs is overwritten."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from callstate.domain import Park, PhoneCall
from callstate.engine import apply_action
from callstate.voipnow.http import HttpRequest
from callstate.voipnow.stores import Host
from callstate.voipnow.stores.host import ATTEMPTS
from tests.voipnow.asking import ALICE, AT, AUTHORIZED, CALL, HOLD, ID, PATH, SITE


class Shared:
    """A store of one call, to which somebody else writes just before we do, `rivals` times."""

    def __init__(self, rivals: int, rival: PhoneCall = CALL) -> None:
        self.call = CALL
        self.rivals = rivals
        self.rival = rival
        self.asked: list[Mapping[str, int]] = []

    def by_id(self, call_id: str) -> PhoneCall | None:
        return self.call if call_id == ID else None

    def by_extensions(self, numbers: Collection[str]) -> Iterable[PhoneCall]:
        return [self.call] if ALICE in numbers else []

    def taken_positions(self, organization: str | None) -> Collection[int]:
        return {1} if organization == "3" else ()

    def swap(self, known: Iterable[PhoneCall], changed: Iterable[PhoneCall]) -> bool:
        self.asked.append({call.id: call.version for call in known})
        if len(self.asked) <= self.rivals:
            self.call = msgspec.structs.replace(self.rival, version=self.call.version + 1)
        for call in changed:
            if self.asked[-1].get(call.id) != self.call.version:
                return False
            self.call = call
        return True


def ask(store: Shared, method: str, body: bytes = b"", path: str = PATH) -> tuple[int, str | None]:
    host = Host(store, SITE, clock=lambda: AT, new_call_id=lambda: "new1")
    answer = host.answer(HttpRequest(method=method, target=path, headers=AUTHORIZED, body=body))
    return answer.status, dict(answer.headers).get("ETag")


def test_a_change_is_stored_before_it_is_answered() -> None:
    store = Shared(rivals=0)
    assert ask(store, "PUT", HOLD) == (202, '"8"')
    assert (store.call.version, store.call.views[1].on_hold) == (8, AT)
    assert store.asked == [{ID: 7}]


def test_a_request_is_answered_again_from_what_somebody_else_has_stored() -> None:
    store = Shared(rivals=2)
    assert ask(store, "PUT", HOLD) == (202, '"10"')
    assert store.asked == [{ID: 7}, {ID: 8}, {ID: 9}]


def test_a_request_that_is_answered_again_asked_its_call_once() -> None:
    host = Host(Shared(rivals=2), SITE, clock=lambda: AT, new_call_id=lambda: "new1")
    request = HttpRequest(method="PUT", target=PATH, headers=AUTHORIZED, body=HOLD)
    (step,) = host.exchange(request).steps
    assert isinstance(step.result, PhoneCall)
    assert step.result.version == 10


def test_the_answer_is_that_of_the_call_as_somebody_else_has_left_it() -> None:
    parked = apply_action(CALL, Park(call_id=ID, view_id="00", extension=ALICE), at=AT)
    assert isinstance(parked, PhoneCall)
    store = Shared(rivals=1, rival=parked)
    assert ask(store, "PUT", HOLD)[0] == 400
    assert store.call == parked


def test_calls_of_an_extension_are_guarded_too() -> None:
    store = Shared(rivals=1)
    assert ask(store, "PUT", b'{"action":"Park"}', f"/uapi/phoneCalls/12/{ALICE}")[0] == 202
    assert store.asked == [{ID: 7}, {ID: 8}]
    parking = store.call.views[0].parking
    assert parking is not None
    assert parking.position == 2


def test_who_is_never_first_is_told_to_try_again() -> None:
    store = Shared(rivals=ATTEMPTS)
    assert ask(store, "PUT", HOLD) == (503, None)
    assert len(store.asked) == ATTEMPTS
    assert store.call.views == CALL.views
