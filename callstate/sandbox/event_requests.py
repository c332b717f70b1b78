"""One call event on its way: an HTTP request to a subscriber, made once.

One rule: it takes some seconds at most, whatever the subscriber does. The answer is read to its end, if that comes
soon, and ignored; a redirect is not followed, and no proxy is asked.
"""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from socket import gaierror
from typing import NamedTuple
from urllib.parse import urlsplit

import h11

from callstate.sandbox.event_targets import addresses_of
from callstate.voipnow.service import FORM, Delivery

SECONDS = 5
"""How long a request may take, from the look-up of the host to the end of the answer."""

_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
_CHUNK = 65536

MOST_BYTES = 1 << 20
"""So much of an answer is read."""


class Outcome(NamedTuple):
    """What came of a request: the status of the answer, or why there is none."""

    status: int | None = None
    failure: str | None = None


async def send(delivery: Delivery, hosts: frozenset[str]) -> Outcome:
    """Send an event to a subscriber on this machine or on one of the hosts."""
    exchange = _Exchange(delivery)
    try:
        async with asyncio.timeout(SECONDS):
            await exchange.run(hosts)
    except (OSError, ValueError, h11.ProtocolError) as error:  # ValueError: also a name that is none
        if exchange.status is None:
            return Outcome(failure=_words(error))
    return Outcome(status=exchange.status)


def _words(error: Exception) -> str:
    """Say why an event was not delivered."""
    match error:
        case TimeoutError():
            return f"no answer within {SECONDS} seconds"
        case ConnectionRefusedError():
            return "the connection was refused"
        case gaierror():
            return f"the name of the host has no address: {error.strerror}"
        case h11.RemoteProtocolError():
            return f"no answer in HTTP: {error}"
        case _:
            return str(error)


class _Exchange:
    """A request and its answer. The status is there as soon as it has come, even if the rest never does."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._url = urlsplit(delivery.url)
        self._connection = h11.Connection(h11.CLIENT)
        self.status: int | None = None

    async def run(self, hosts: frozenset[str]) -> None:
        """Make the request, and read the answer."""
        scheme, host = self._url.scheme, self._url.hostname or ""
        port = self._url.port or _PORTS[scheme]
        addresses = await addresses_of(host, port, hosts)
        tls = await asyncio.to_thread(context) if scheme == "https" else None
        reader, writer = await _connected(addresses, port, tls, host)
        try:
            writer.write(self._request())
            await self._read(reader)
        finally:
            writer.transport.abort()

    def _request(self) -> bytes:
        body = self._delivery.body
        about = [("Content-Type", FORM), ("Content-Length", str(len(body)))] if body else []
        headers = [("Host", self._url.netloc), ("User-Agent", "callstate"), ("Connection", "close"), *about]
        target = f"{self._url.path or '/'}{f'?{self._url.query}' if self._url.query else ''}"
        head = h11.Request(method=self._delivery.method, target=target, headers=headers)
        parts = (head, *([h11.Data(data=body)] if body else []), h11.EndOfMessage())
        return b"".join(self._connection.send(part) or b"" for part in parts)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        left = MOST_BYTES
        while left > 0:
            match self._connection.next_event():
                case h11.Response(status_code=status):
                    self.status = status
                case h11.EndOfMessage():
                    return
                case h11.NEED_DATA:
                    data = await reader.read(_CHUNK)
                    self._connection.receive_data(data)
                    left -= len(data)
                case _:  # a part of the body, or an answer before the answer
                    pass
        raise ValueError("the answer is too long")


async def _connected(
    addresses: tuple[str, ...], port: int, tls: ssl.SSLContext | None, host: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address that takes the connection; a name such as `localhost` has two."""
    *others, last = addresses
    name = None if tls is None else host
    for address in others:
        try:
            return await asyncio.open_connection(address, port, ssl=tls, server_hostname=name)
        except OSError:
            continue
    return await asyncio.open_connection(last, port, ssl=tls, server_hostname=name)


@cache
def context() -> ssl.SSLContext:
    """Read the authorities that this machine trusts, which takes some time."""
    return ssl.create_default_context()
