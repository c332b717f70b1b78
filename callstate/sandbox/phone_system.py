"""A whole phone system to try clients against, without a socket: the service, a simulation behind it, and its controls.

One rule: it decides nothing about calls. It puts the parts together, answers one request after the other, and tells
what happened. It may be used by several threads.
"""

import random
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import NamedTuple, TypeVar

import msgspec

from callstate.domain import DomainError, PhoneCall, Signal
from callstate.engine import LENIENT, Rules
from callstate.sandbox import event_stream, named_states
from callstate.sandbox.call_histories import Histories
from callstate.sandbox.clock import Clock
from callstate.sandbox.control import Control
from callstate.sandbox.event_deliveries import EventRecord
from callstate.sandbox.faults import Delivery, Faults
from callstate.sandbox.incoming_calls import Incoming, incoming_call
from callstate.sandbox.journal import Journal
from callstate.sandbox.log import Style, Told, event_line, happened, request_line
from callstate.sandbox.parts import MakeParts, Shell, in_memory
from callstate.sandbox.phones import RINGS_OUT, Phone, Phones
from callstate.sandbox.request_summary import read
from callstate.sandbox.simulation import NOBODY, Observers, Simulation
from callstate.sandbox.tokens import TokenIssuer
from callstate.sandbox.updates import Seen, Update, Updates
from callstate.voipnow.http import Exchange, HttpRequest, HttpResponse, Site
from callstate.voipnow.service import Directory, Step
from callstate.voipnow.stores import Host


class Setup(NamedTuple):
    """What a phone system is made of.

    `others` is what phones do that are not in `phones`. With a `seed` ids and tokens are the same in each run.
    `tokens` are fixed tokens, each with its account. `hosts` are names, beside those of this machine, by which the
    controls may be reached; `None` are any. `event_hosts` are names and addresses, beside those of this machine, to
    which call events are sent. `parts` makes what several processes can share.
    """

    directory: Directory
    calls: Iterable[PhoneCall] = ()
    phones: Mapping[str, Phone] = {}
    others: Phone = RINGS_OUT
    rules: Rules = LENIENT
    seed: int | None = None
    tokens: Mapping[str, str] = {}
    hosts: frozenset[str] | None = frozenset()
    event_hosts: frozenset[str] = frozenset()
    style: Style = Style()
    parts: MakeParts = in_memory


class PhoneSystem:
    """The service and all behind it. `say` is given each line for people."""

    def __init__(
        self, setup: Setup, *, say: Callable[[str], None] = lambda _line: None, observers: Observers = NOBODY
    ) -> None:
        self._setup = setup
        self._calls = tuple(setup.calls)
        self._say = say
        self._observers = observers
        self._lock = threading.RLock()
        self._happened: list[str] = []
        self._random = _random(setup.seed)
        self.clock: Clock = Clock()
        self.faults: Faults = Faults()
        self.journal: Journal = Journal()
        self.histories: Histories = Histories()
        self.updates: Updates = Updates(self, self.histories, setup.rules)
        self._parts = setup.parts(setup, Shell(self.clock, self._draw, say))
        self.phones: Phones = self._parts.phones
        self.deliveries: EventRecord = self._parts.deliveries
        self.deliveries.changed = self.updates.tell
        self.tokens: TokenIssuer = self._parts.tokens
        self.world: Simulation = Simulation(
            self._parts.state,
            self.clock,
            observers=Observers(stored=self._stored, started=self._started, stepped=self._stepped),
            rules=setup.rules,
        )
        site = Site(
            setup.directory, self.tokens, setup.rules, self.deliveries.subscriptions, may_call=self.deliveries.may_call
        )
        self._host = Host(self.world, site, clock=self.world.now, new_call_id=lambda: self._draw(10))
        self._control = Control(self, setup.hosts)
        self.world.start(self._calls)
        self._happened.clear()

    def _draw(self, size: int) -> str:
        return self._random.randbytes(size).hex()

    def _stored(self, before: PhoneCall | None, after: PhoneCall) -> None:
        self._happened.append(happened(before, after))
        if not self.shared:
            self.histories.follow(before, after)
        self.deliveries.notice(before, after)
        self._observers.stored(before, after)

    def _started(self, call: PhoneCall, at: datetime) -> None:
        if not self.shared:
            self.histories.came(call)
        self._observers.started(call, at)

    def _stepped(self, step: Step) -> None:
        if not self.shared:
            self.histories.explain(step)
        self._observers.stepped(step)

    # Requests ------------------------------------------------------------------------------------------------------

    def answer(self, request: HttpRequest) -> Delivery:
        """Answer a request, and tell how the answer travels."""
        with self._lock:
            delivery = self._answer(request)
            self.updates.tell()
            return delivery

    def _answer(self, request: HttpRequest) -> Delivery:
        asked = read(request)
        at = self.wake()
        response = self._control.answer(request, asked)
        if response is not None:
            if asked.of_tokens:
                self.journal.keep(at, asked, request, response, account=None, fault=None)
            streams = asked.path == event_stream.PATH and response.status == HTTPStatus.OK
            return Delivery(self._tell(Told(at, None, asked, request, response)), streams=streams)
        fault = self.faults.strike(asked) if self.faults else None
        refusal = None if fault is None else fault.answer
        exchange = self._host.exchange(request) if refusal is None else Exchange(refusal)
        for step in exchange.steps:
            self._stepped(step)
        self.journal.keep(at, asked, request, exchange.response, account=exchange.account, fault=fault)
        told = Told(at, exchange.account, asked, request, exchange.response)
        if fault is None:
            return Delivery(self._tell(told))
        response = self._tell(told._replace(fault=fault.words))
        return Delivery(response, fault.delay, fault.drop is not None)

    def unanswered(self, request: HttpRequest, response: HttpResponse) -> None:
        """Note a request that was never received whole, and how the server answered it."""
        with self._lock:
            self._tell(Told(self.wake(), None, read(request), request, response))

    def _tell(self, told: Told) -> HttpResponse:
        """Say what was asked and answered, and date the answer. The reads of the console are too many to be said."""
        if not told.asked.of_the_console or told.response.status >= HTTPStatus.BAD_REQUEST:
            self._say(request_line(told._replace(changes=tuple(self._happened)), self._setup.style))
            self._happened.clear()
        date = ("Date", format_datetime(told.at, usegmt=True))
        return msgspec.structs.replace(told.response, headers=(date, *told.response.headers))

    # Time ----------------------------------------------------------------------------------------------------------

    def wake(self) -> datetime:
        """Let happen what is due, and return the time."""
        with self._lock:
            self.world.now()
            at = self.clock.now()
            for line in self._happened:
                self._say(event_line(at, line))
            if self._happened:
                self.updates.tell()
            self._happened.clear()
            return at

    def wait(self) -> float | None:
        """Return for how many seconds nothing will happen by itself; `None` if nothing will."""
        with self._lock:
            due = None if self.clock.frozen else self.world.next_due()
            seconds = None if due is None else max((due - self.clock.now()).total_seconds(), 0)
            waits = [wait for wait in (seconds, self._parts.longest_wait) if wait is not None]
            return min(waits, default=None)

    # What a test may do --------------------------------------------------------------------------------------------

    def do(self, what: Callable[[], "_Result"]) -> "_Result":
        """Let happen what is due, do something, and let happen what is due then."""
        with self._lock:
            self.wake()
            result = what()
            self.world.now()
            self.updates.tell()
            return result

    def updates_since(self, seen: Seen) -> tuple[Update | None, Seen]:
        """Return what has changed for somebody who watches, if anything has, and how much has been seen with it."""
        with self._lock:
            return self.updates.since(seen)

    def report(self, signal: Signal) -> PhoneCall | DomainError:
        """Let the network report something."""
        return self.world.report(signal, self.world.now())

    def let_in(self, wanted: Incoming) -> PhoneCall:
        """Let a call come in; a `ValueError` says why it cannot."""
        call = incoming_call(wanted, call_id=self._draw(10), at=self.world.now(), directory=self._setup.directory)
        self.world.add(call)
        return call

    def hold(self, calls: Iterable[PhoneCall]) -> None:
        """Hold these calls and no others."""
        self.histories.forget()
        self.world.begin(calls)

    def enter(self, state: str) -> None:
        """Hold the call of a named state and no other; a `ValueError` tells that no state has the name."""
        self.hold([named_states.call_of(state, self.world.now())])

    def reset(self) -> None:
        """Be as at the start: calls, clock, phones, ids; no faults, subscriptions and records. Tokens stay valid."""
        self._random = _random(self._setup.seed)
        self.clock.reset()
        self.phones.reset()
        self.faults.clear()
        self.journal.clear()
        self.deliveries.reset()
        self.tokens.renew_fixed()
        self.hold(self._calls)

    def sending(self) -> AbstractContextManager[None]:
        """Send call events for the length of a `with` statement in the loop of a server."""
        return self._parts.sender()

    @property
    def shared(self) -> bool:
        """Whether other processes have the same calls."""
        return self._parts.longest_wait is not None

    @property
    def directory(self) -> Directory:
        """Who is who."""
        return self._setup.directory


_Result = TypeVar("_Result")


def _random(seed: int | None) -> random.Random:
    """Return where ids and tokens come from."""
    return secrets.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311  # a test wants the same again
