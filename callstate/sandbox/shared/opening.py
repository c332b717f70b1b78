"""The parts of a phone system, in the database of a URL."""

import time
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from callstate.sandbox.loading import SetupError
from callstate.sandbox.parts import MakeParts, Parts, Shell
from callstate.sandbox.phones import Phone, Phones
from callstate.sandbox.shared.events import SharedDeliveries
from callstate.sandbox.shared.mapping import SharedMapping
from callstate.sandbox.shared.plans import SharedPlans
from callstate.sandbox.shared.state import SharedState
from callstate.sandbox.shared.tables import metadata
from callstate.sandbox.tokens import Issued, TokenIssuer
from callstate.voipnow.http import Grant
from callstate.voipnow.stores.sql import create_tables

if TYPE_CHECKING:
    from callstate.sandbox.phone_system import Setup

LONGEST_WAIT = 0.25
"""After so many seconds a process looks for what others have planned."""


def opened(url: str) -> MakeParts:
    """Open a database, and create the tables that are missing; a `SetupError` says why it cannot be used."""
    try:
        engine = create_engine(url)
        create_tables(engine)
        create_tables(engine, metadata)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise SetupError(f"--store: {error}") from None
    except DBAPIError as error:
        raise SetupError(f"--store: the database cannot be used: {str(error.orig).partition(chr(10))[0]}") from None
    return partial(_parts, engine)


def _parts(engine: Engine, setup: "Setup", shell: Shell) -> Parts:
    phones = Phones(setup.others, setup.phones, SharedMapping(engine, "phone", Phone))
    deliveries = SharedDeliveries(engine, setup.directory, setup.event_hosts, shell.say)
    tokens = TokenIssuer(
        setup.directory,
        shell.draw,
        setup.tokens,
        kept=SharedMapping(engine, "fixed token", Grant),
        issued=SharedMapping(engine, "token", Issued),
        clock=time.time,  # the clock that all processes have
    )
    state = SharedState(engine, setup.directory.organization_of, SharedPlans(engine, phones), deliveries.publish)
    return Parts(phones, tokens, deliveries, state, deliveries.sender, LONGEST_WAIT)
