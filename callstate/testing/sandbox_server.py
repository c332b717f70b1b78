"""The sockets of sandboxes in the process of a test: one thread serves them all, and is started for the first one.

One rule: each sandbox has a port of its own, so that tests that run at the same time do not meet.
"""

import asyncio
import logging
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from callstate.sandbox import PhoneSystem, listening, server_for

if TYPE_CHECKING:
    import uvicorn


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Start the thread, which ends with the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="callstate sandboxes", daemon=True).start()
    return loop


def _run(what: Coroutine[Any, Any, None]) -> None:
    asyncio.run_coroutine_threadsafe(what, _loop()).result()


@contextmanager
def served(system: PhoneSystem) -> Iterator[str]:
    """Serve a phone system, and yield the address."""
    listener = listening("127.0.0.1", 0)
    server = server_for(system, logging.getLogger("callstate.sandbox").warning)
    _run(_start(server, listener))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        _run(_stop(server))


async def _start(server: "uvicorn.Server", listener: Any) -> None:
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listener])


async def _stop(server: "uvicorn.Server") -> None:
    """Stop without waiting for clients: the test that had them is over."""
    for listener in server.servers:
        listener.close()
    for connection in tuple(server.server_state.connections):
        connection.transport.abort()
    await server.lifespan.shutdown()
