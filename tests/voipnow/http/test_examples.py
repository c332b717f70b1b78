"""Every example of the vendor is answered as the vendor shows, or as this project decided where it does not."""

from datetime import UTC, datetime

import msgspec
import pytest

from callstate import PhoneCall, PhoneCallView
from callstate.voipnow.http import Grant, HttpRequest, Site, respond
from callstate.voipnow.service import Directory, load_directory
from callstate.voipnow.stores import MemoryStore
from callstate.voipnow.wire import decode_call
from tests.voipnow.examples import EXAMPLES, Example

DIRECTORY = b"""
accounts = [
    {id = "3", name = "Default Organization", kind = "organization"},
    {id = "12", name = "John Doe", kind = "user", organization = "3"},
    {id = "13", name = "Jane Roe", kind = "user", organization = "3"},
]
extensions = [
    {number = "0003*210", user = "12"},
    {number = "0003*211", user = "12", kind = "conference"},
    {number = "0003*212", user = "12", kind = "callback"},
    {number = "0003*024", user = "13"},
]
"""

NOW = datetime(2012, 6, 27, 13, 10, tzinfo=UTC)


def store_of(example: Example, directory: Directory) -> MemoryStore:
    store = MemoryStore(directory.organization_of)
    if example.finds is not None:
        call = decode_call(msgspec.json.encode(example.finds))
        assert isinstance(call, PhoneCall), call
        store.put(call)
    return store


def request_of(example: Example) -> HttpRequest:
    method, target = example.request.split(" ")
    token = () if example.token is None else (("Authorization", f"Bearer {example.token}"),)
    headers = (("Content-Type", "application/json"), *token)
    return HttpRequest(
        method=method, target=target, headers=headers, body=example.body.encode(), base="https://x.x.x.x"
    )


def standing(view: PhoneCallView) -> str:
    recorded = "" if view.recording is None else f", recorded in {view.recording.format}"
    return f"{view.state}{recorded}"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_answered_as_documented_or_decided(example: Example) -> None:
    directory = load_directory(DIRECTORY)
    assert isinstance(directory, Directory)
    store = store_of(example, directory)
    tokens = {"token": Grant(account="12", until=datetime.max.replace(tzinfo=UTC))}
    exchange = respond(store, Site(directory, tokens), request_of(example), at=NOW, new_call_id="new0")
    assert exchange.response.status == example.status
    assert msgspec.json.decode(exchange.response.body) == example.answer
    if example.left is None:
        assert exchange.changed == ()
        return
    (call,) = exchange.changed or store
    assert {view.extension: standing(view) for view in call.views if view.live} == example.left
