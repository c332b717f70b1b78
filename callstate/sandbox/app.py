"""The sandbox as an ASGI application: the service, a world behind it, and what a test may do to that.

One rule: it decides nothing. It puts the parts together, wakes the world when something is due, and says what happened.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from callstate.domain import PhoneCall
from callstate.engine import LENIENT, Rules
from callstate.sandbox.clock import Clock
from callstate.sandbox.control import Control
from callstate.sandbox.log import event_line, request_line, told
from callstate.sandbox.phones import Phones
from callstate.sandbox.simulation import Listener, Simulation, Witness
from callstate.sandbox.tokens import TokenIssuer
from callstate.voipnow.http import Application, Exchange, HttpRequest, HttpResponse, Receive, Scope, Send, Site
from callstate.voipnow.service import Directory
from callstate.voipnow.stores import MemoryStore, Host


class Sandbox:
    """A whole system to try clients against.

    `say` is given each line for people, `listen` each call that is stored: how it was, or `None`, and how it is, and
    `witness` each input that a call was given, with what came of it.
    """

    def __init__(  # noqa: PLR0913  # the parts of a whole system, each by its name
        self,
        directory: Directory,
        calls: Iterable[PhoneCall],
        *,
        say: Callable[[str], None],
        listen: Listener = lambda _before, _after: None,
        witness: Witness = lambda _step: None,
        answer_after: timedelta | None = None,
        rules: Rules = LENIENT,
    ) -> None:
        self._say = say
        self._listen = listen
        self._witness = witness
        self._news: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        book = MemoryStore(directory.organization_of)
        self._clock = Clock()
        phones = Phones(answer_after)
        self._world = Simulation(book, self._clock, phones, listen=self._apply_signal, witness=witness, rules=rules)
        self._desk = TokenIssuer(directory)
        self._control = Control(self._world, self._desk)
        site = Site(directory, self._desk.tokens, rules)
        self._host = Host(self._world, site, clock=self._world.now, new_call_id=lambda: secrets.token_hex(10))
        self._application = Application(self._answer, unasked=self._log)
        self._world.begin(calls)
        self._news.clear()

    def token(self, account: str) -> str:
        """Make a token for an account."""
        return self._desk.issue(account, self._world.now())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as the ASGI specification says."""
        if scope["type"] != "lifespan":
            return await self._application(scope, receive, send)
        self._wake()
        await self._application(scope, receive, send)
        return self._rest()

    def _answer(self, request: HttpRequest) -> HttpResponse:
        at = self._wake()  # what happens by itself has lines of its own
        ours = self._control.answer(request)
        exchange = self._host.exchange(request) if ours is None else Exchange(ours)
        for step in exchange.steps:
            self._witness(step)
        self._say(request_line(at, request, exchange, self._news))
        self._news.clear()
        self._sleep()
        return exchange.response

    def _log(self, request: HttpRequest, response: HttpResponse) -> None:
        self._say(request_line(self._wake(), request, Exchange(response), ()))

    def _apply_signal(self, before: PhoneCall | None, after: PhoneCall) -> None:
        self._news.append(told(before, after))
        self._listen(before, after)

    # Time ----------------------------------------------------------------------------------------------------------

    def _wake(self) -> datetime:
        """Let happen what is due, come back when more is, and tell the time."""
        self._world.now()
        at = self._clock.now()
        for news in self._news:
            self._say(event_line(at, news))
        self._news.clear()
        self._sleep()
        return at

    def _sleep(self) -> None:
        self._rest()
        wait = self._world.wait()
        if wait is not None:
            self._timer = asyncio.get_running_loop().call_later(wait.total_seconds(), self._wake)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
