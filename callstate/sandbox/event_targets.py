"""To which machines call events are sent: to this one, and to the hosts that were named at the start.

One rule: what is judged is the address that is connected to. A name is looked up for each request, and the connection
goes to the addresses that were judged, so a name that means something else a moment later leads nowhere else.
"""

import asyncio
import socket
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread
from urllib.parse import urlsplit

from callstate.voipnow.service import is_loopback


def may_be_sent(url: str, hosts: frozenset[str]) -> bool:
    """Tell whether a subscriber may give a URL. Of a host that is a name it is judged when an event is sent."""
    host = urlsplit(url).hostname or ""
    return host in hosts or not _is_address(host) or is_loopback(url)


async def addresses_of(host: str, port: int, hosts: frozenset[str]) -> tuple[str, ...]:
    """Return the addresses of a host; a `PermissionError` says that events are not sent there."""
    found = (host,) if _is_address(host) else await _looked_up(host, port)
    other = next((address for address in found if not ip_address(address).is_loopback), None)
    if other is not None and host not in hosts:
        raise PermissionError(f"{host} is {other}, which is not this machine (--event-host {host} allows it)")
    return found


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _looked_up(host: str, port: int) -> tuple[str, ...]:
    """Look a name up in a thread of its own: asyncio's are few, and the process waits for them at its end."""
    found: Future[tuple[str, ...]] = Future()
    found.set_running_or_notify_cancel()  # from now on it is not cancelled, only abandoned
    Thread(target=_look_up, args=(host, port, found), daemon=True).start()
    return await asyncio.wrap_future(found)


def _look_up(host: str, port: int, found: "Future[tuple[str, ...]]") -> None:
    try:
        known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that is none
        found.set_exception(error)
    else:
        found.set_result(tuple(str(entry[4][0]) for entry in known))
