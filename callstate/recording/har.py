"""A HAR file, the recording of a browser or a proxy, turned into a trace of the PhoneCalls API.

One rule: the lines come in the order in which the requests were answered, whatever the order of the file. Requests of
other kinds are left out. This module opens no file.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Annotated

import msgspec
from msgspec.structs import replace

from callstate.recording.traffic import HttpExchange, is_about_calls, lines_of, numbered


class UnreadableHarError(ValueError):
    """A text is not a HAR file; the message says why."""


class _Body(msgspec.Struct):
    text: str = ""
    encoding: str | None = None


class _Request(msgspec.Struct, rename="camel"):
    method: str
    url: str
    post_data: _Body | None = None


class _Response(msgspec.Struct):
    status: int
    content: _Body


class _Entry(msgspec.Struct, rename="camel"):
    started_date_time: Annotated[datetime, msgspec.Meta(tz=True)]
    request: _Request
    response: _Response
    time: float = 0


class _Log(msgspec.Struct):
    entries: list[_Entry]


class _Har(msgspec.Struct):
    log: _Log


def trace_of_har(data: bytes) -> Iterator[bytes]:
    """Return the lines of the trace; `UnreadableHarError` if it is not a HAR file.

    A HAR file does not tell what the network reported, so each call that is listed begins again with its listing.
    """
    try:
        entries = msgspec.json.decode(data, type=_Har).log.entries
        exchanges = [_exchange(entry) for entry in entries if is_about_calls(entry.request.url)]
    except (ValueError, RecursionError, OverflowError) as error:
        raise UnreadableHarError(str(error)) from None
    numbers = count(1)
    for exchange in sorted(exchanges, key=lambda exchange: exchange.at):
        for line in lines_of(exchange):
            yield numbered(replace(line, begins=bool(line.listed)), next(numbers))


def _exchange(entry: _Entry) -> HttpExchange:
    request, response = entry.request, entry.response
    return HttpExchange(
        at=entry.started_date_time + timedelta(milliseconds=max(entry.time, 0)),
        method=request.method,
        target=request.url,
        body=b"" if request.post_data is None else request.post_data.text.encode(),
        status=response.status or None,  # 0: there was no answer
        answer=_decoded(response.content),
    )


def _decoded(body: _Body) -> bytes:
    return msgspec.convert(body.text, bytes) if body.encoding == "base64" else body.text.encode()
