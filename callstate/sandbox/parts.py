"""What a phone system consists of, and how these parts are made if everything stays in the memory of one process."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from callstate.sandbox.clock import Clock
from callstate.sandbox.event_deliveries import Deliveries, EventRecord
from callstate.sandbox.memory_state import MemoryState
from callstate.sandbox.phones import Phones
from callstate.sandbox.plans import Plans
from callstate.sandbox.simulation import State
from callstate.sandbox.tokens import TokenIssuer

if TYPE_CHECKING:
    from callstate.sandbox.phone_system import Setup


class Parts(NamedTuple):
    """The parts of a phone system that several processes can share.

    `sender` sends call events in the loop of a server, for the length of a `with` statement. `longest_wait` is how many
    seconds may pass before this process looks for what others have planned; `None`: there are no others.
    """

    phones: Phones
    tokens: TokenIssuer
    deliveries: EventRecord
    state: State
    sender: Callable[[], AbstractContextManager[None]]
    longest_wait: float | None = None


class Shell(NamedTuple):
    """What the parts need of the phone system: its clock, its random numbers as hexadecimal digits, and its log."""

    clock: Clock
    draw: Callable[[int], str]
    say: Callable[[str], None]


MakeParts: TypeAlias = Callable[["Setup", Shell], Parts]


def in_memory(setup: "Setup", shell: Shell) -> Parts:
    """Make the parts of a phone system of one process."""
    phones = Phones(setup.others, setup.phones)
    deliveries = Deliveries(setup.directory, shell.clock, setup.event_hosts, shell.say)
    return Parts(
        phones,
        TokenIssuer(setup.directory, shell.draw, setup.tokens),
        deliveries,
        MemoryState(setup.directory.organization_of, Plans(phones)),
        partial(_sending, deliveries),
    )


def _sending(deliveries: Deliveries) -> AbstractContextManager[None]:
    from callstate.sandbox.event_worker import EventWorker  # noqa: PLC0415  # only a sandbox on a socket sends

    return EventWorker(deliveries)
