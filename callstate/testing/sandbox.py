"""A phone system in the process of a test: what a client is tested against, and what the test does to it.

One rule: it is the same system as that of `callstate serve`, without files and without a command line.
"""

import logging
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from callstate.domain import (
    RINGING,
    TRYING,
    Answered,
    Disposition,
    Held,
    HungUp,
    PhoneCall,
    PhoneCallView,
    Resumed,
    Signal,
    unwrap,
)
from callstate.engine import LENIENT, Rules
from callstate.sandbox import DeliveryEntry, Entry, Fault, Given, Incoming, Phone, PhoneSystem, Setup, directory_of
from callstate.voipnow.service import Directory

if TYPE_CHECKING:
    from callstate.testing.sandbox_transport import SandboxTransport


class Sandbox:
    """A phone system to test a client against, for the length of a `with` statement.

    A client reaches it by `url`, over a socket, or without one by the httpx `transport`. Without a `directory` there
    are Alice (account `12`, extension `0003*210`), Bob (`13`, `0003*024`), Carol (`14`, `0003*211`) and Dave (`15`,
    `0003*212`), their organization (`3`) and an administrator (`admin`). Phones ring until somebody answers, unless
    `phones` tells otherwise, by number. With the same `seed` ids and tokens are the same in each run.

    Call events are sent to subscribers once there is a socket, from when `url` is asked for; before that they are only
    kept in `deliveries`.
    """

    def __init__(
        self,
        *,
        directory: Directory | str | None = None,
        calls: Iterable[PhoneCall] = (),
        phones: Mapping[str, Phone] | None = None,
        rules: Rules = LENIENT,
        seed: int | None = 0,
    ) -> None:
        found = directory if isinstance(directory, Directory) else _directory(directory)
        setup = Setup(directory=found, calls=tuple(calls), phones=phones or {}, rules=rules, seed=seed, hosts=None)
        self._system = PhoneSystem(setup, say=logging.getLogger("callstate.sandbox").info)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket, if `url` has opened one."""
        self._stack.close()

    # What a client needs -------------------------------------------------------------------------------------------

    @cached_property
    def url(self) -> str:
        """The base address, such as `http://127.0.0.1:40123`, of a socket that is opened when it is asked for."""
        from callstate.testing.sandbox_server import served  # noqa: PLC0415  # the server is loaded only if it is needed

        return self._stack.enter_context(served(self._system))

    @cached_property
    def transport(self) -> "SandboxTransport":
        """A transport for `httpx.Client` and for `httpx.AsyncClient`, which needs no socket."""
        from callstate.testing.sandbox_transport import SandboxTransport  # noqa: PLC0415  # as is httpx

        return SandboxTransport(self._system)

    def token(self, account: str) -> str:
        """Return a new access token for an account."""
        if self._system.directory.account(account) is None:
            raise ValueError(f"the directory has no account {account!r}")
        return self._system.tokens.issue(account)

    def expire_tokens(self, account: str | None = None) -> None:
        """Let the tokens of an account expire, or all."""
        self._system.tokens.expire(account=account)

    # What happens --------------------------------------------------------------------------------------------------

    def incoming(self, source: str, destination: str, *, wait_for_pickup: int = 25) -> PhoneCall:
        """Let somebody call: an outside number or an extension rings an extension."""
        wanted = Incoming(source=source, destination=destination, wait_for_pickup=wait_for_pickup)
        return self._system.do(lambda: self._system.let_in(wanted))

    def answer(self, call: PhoneCall | str, number: str | None = None) -> PhoneCall:
        """Let a phone answer that rings in a call: the only one, or that of a number."""
        view = _one(self.call(call), number, ringing=True)
        return self._report(Answered(call_id=_id(call), view_id=view.id))

    def hang_up(
        self, call: PhoneCall | str, number: str | None = None, *, disposition: Disposition | None = None
    ) -> PhoneCall:
        """Let a party hang up or decline: that of a number, or the only phone that rings."""
        view = _one(self.call(call), number, ringing=number is None)
        return self._report(HungUp(call_id=_id(call), view_id=view.id, disposition=disposition))

    def hold(self, call: PhoneCall | str, number: str) -> PhoneCall:
        """Let a party put the other one on hold at its phone."""
        return self._report(Held(call_id=_id(call), view_id=_one(self.call(call), number, ringing=False).id))

    def resume(self, call: PhoneCall | str, number: str) -> PhoneCall:
        """Let a party that holds resume at its phone."""
        return self._report(Resumed(call_id=_id(call), view_id=_one(self.call(call), number, ringing=False).id))

    def _report(self, signal: Signal) -> PhoneCall:
        return unwrap(self._system.do(lambda: self._system.report(signal)))

    def phone(
        self,
        number: str,
        does: Literal["answers", "holds", "rejects", "busy", "unreachable", "ringsOut"],
        *,
        after: float = 0,
    ) -> None:
        """Tell what the phone of a number does from its next ring on."""
        self._system.do(lambda: self._system.phones.set(number, Phone(does=does, after=after)))

    def advance(self, seconds: float) -> None:
        """Move the clock forward; what is due until then happens, each thing at its own time."""
        self._system.do(lambda: self._system.world.move(timedelta(seconds=seconds)))

    def advance_to_next(self) -> None:
        """Move the clock forward to when something happens by itself: a phone answers, a limit runs out."""
        self._system.do(self._system.world.move_to_next)

    def freeze(self, *, frozen: bool = True) -> None:
        """Stop the clock, so that time passes only by `advance`; or let it run again."""
        self._system.do(lambda: self._system.clock.freeze(frozen))

    def fail(  # noqa: PLR0913  # the parts of a fault, each by its name
        self,
        *,
        method: str | None = None,
        action: str | None = None,
        call: PhoneCall | str | None = None,
        status: int | None = None,
        drop: Literal["request", "answer"] | None = None,
        delay: float = 0,
        times: int = 1,
    ) -> None:
        """Let the next requests fail that fit `method`, `action` and `call`.

        With a `status` they are answered with it and not done. With `drop` the connection is closed: before the
        `request` is done, or after it is done and instead of the `answer`. With a `delay` the answer comes late.
        """
        call_id = None if call is None else _id(call)
        fault = Fault(method=method, action=action, call=call_id, status=status, drop=drop, delay=delay, times=times)
        self._system.do(lambda: self._system.faults.add(fault))

    def use(self, state: str) -> PhoneCall:
        """Hold the call of a scenario of the documentation, by its name such as `both-hold`, and no other."""
        self._system.do(lambda: self._system.enter(state))
        return self.calls[0]

    def reset(self) -> None:
        """Be as at the start. Tokens stay valid."""
        self._system.do(self._system.reset)

    # What a test looks at ------------------------------------------------------------------------------------------

    @property
    def calls(self) -> tuple[PhoneCall, ...]:
        """All calls as they are now, whole, those that are over included."""
        return self._system.do(self._system.world.calls)

    def call(self, call: PhoneCall | str) -> PhoneCall:
        """Return a call as it is now."""
        found = self._system.do(lambda: self._system.world.by_id(_id(call)))
        if found is None:
            raise ValueError(f"there is no call {_id(call)!r}")
        return found

    @property
    def requests(self) -> tuple[Entry, ...]:
        """What the client asked, and what it was answered, in order."""
        return self._system.do(lambda: self._system.journal.entries({}))

    @property
    def deliveries(self) -> tuple[DeliveryEntry, ...]:
        """The call events of subscriptions, in order, each with its request and, if it was sent, the outcome."""
        return self._system.do(lambda: self._system.deliveries.entries({}))

    def wait_for_deliveries(self) -> tuple[DeliveryEntry, ...]:
        """Wait until the subscribers have been sent all that has happened, and return the deliveries."""
        self._system.do(lambda: None)
        self._system.deliveries.wait()
        return self.deliveries


def _directory(text: str | None) -> Directory:
    return directory_of(None if text is None else Given("that was given", text.encode()))


def _id(call: PhoneCall | str) -> str:
    return call if isinstance(call, str) else call.id


def _one(call: PhoneCall, number: str | None, *, ringing: bool) -> PhoneCallView:
    """Return the one live view of a number, or the one that rings."""
    rung = (RINGING, TRYING) if number is not None else (RINGING,)
    views = [
        view
        for view in call.views
        if view.live and number in (None, view.extension) and (view.state in rung or not ringing)
    ]
    if len(views) != 1:
        what = "phone rings" if ringing else "party is there"
        of = "" if number is None else f" of number {number}"
        raise ValueError(f"{len(views) or 'no'} {what}{of} in call {call.id}: {', '.join(map(_words, call.views))}")
    return views[0]


def _words(view: PhoneCallView) -> str:
    return f"{view.extension} is {view.state}"
