"""Deliveries: which URLs may be subscribed, and the requests that events make."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstate import Answered, Dialled
from callstate.voipnow.service import (
    PARAMETER_NAMES,
    CallEvent,
    CallStatus,
    Delivery,
    EventMethod,
    EventParameters,
    EventType,
    Subscription,
    SubscriptionChanges,
    deliveries,
    is_loopback,
)
from callstate.voipnow.service.event_urls import LONGEST, is_legal
from callstate.voipnow.stores import MemorySubscriptions
from tests.calls import ALICE, BOB, CALL, at
from tests.voipnow.line import Line, dialled

IN, OUT, HANGUP, ANSWER_IN, ANSWER_OUT = EventType


def subscription(
    url: str, kind: EventType = IN, method: EventMethod = EventMethod.POST, **more: object
) -> Subscription:
    known: dict[str, object] = {"extension": BOB, "id": "1", "modified": at(0)}
    return Subscription(type=kind, method=method, url=url, **(known | more))  # type: ignore[arg-type]  # of a test


def kept(*subscriptions: Subscription) -> MemorySubscriptions:
    store = MemorySubscriptions()
    store.store(SubscriptionChanges(stored=subscriptions))
    return store


def one_event(**parameters: str) -> CallEvent:
    known: dict[str, Any] = dict.fromkeys(EventParameters._fields, "") | {"call_status": CallStatus.CALLING}
    return CallEvent("01", BOB, IN, EventParameters(**(known | parameters)))


def sent(url: str, method: EventMethod, **parameters: str) -> Delivery:
    (found,) = deliveries([one_event(**parameters)], kept(subscription(url, method=method)), may_call=lambda _url: True)
    return found


# URLs -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "https://host.example/path/to?static=1&b#part",
        "HTTP://[::1]:65535/a%20b?c=d",
        "http://h?x",
        "http://h#x",
        "http://a-b_c.example:80/(a)!$&'*+,;=:@~/?a?b/c",
        "http://h/" + "a" * (LONGEST - 9),
    ],
)
def test_a_url_that_is_legal(url: str) -> None:
    assert is_legal(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "/path",
            "//host/",
            "host/path",
            "ftp://host/",
            "javascript:alert(1)",
            "http:host",
            "http://",
            "http:///x",
        ),
        *("http://user@host/", "http://user:secret@host/", "http://host:0/", "http://host:65536/", "http://host:x/"),
        *("http://host/a b", "http://host/ä", "http://hö.example/", "http://host/%2", "http://host/%zz", "http://h/\n"),
        *(
            "http://[::1/",
            "http://::1/",
            "http://[1::2::3]/",
            "http://h/#a#b",
            "http://h/[",
            "http://h\\x/",
            " http://h",
        ),
        "http://h/" + "a" * (LONGEST - 8),
    ],
)
def test_a_url_that_is_not(url: str) -> None:
    assert not is_legal(url)


@pytest.mark.parametrize(
    "url",
    ["http://localhost", "https://LOCALHOST:1/x", "http://127.0.0.1:8000/h?a", "http://127.9.9.9/", "http://[::1]/"],
)
def test_a_url_of_this_machine(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "http://10.0.0.1/", "http://169.254.169.254/", "http://0.0.0.0/", "http://[::]/"),
        *(
            "http://localhost.example/",
            "http://127.0.0.1.example/",
            "http://127.1/",
            "http://0x7f.1/",
            "http://2130706433/",
        ),
        *(
            "http://example.com/?http://localhost",
            "http://localhost@example.com/",
            "http://localhost./",
            "localhost",
            "",
        ),
        *(
            "http://example.com#@localhost/",
            "http://localhost./",
            "http://[::ffff:10.0.0.1]/",
            "file://localhost/etc/passwd",
        ),
    ],
)
def test_a_url_of_another_machine_or_of_none(url: str) -> None:
    assert not is_loopback(url)


# Requests -------------------------------------------------------------------------------------------------------------


def test_a_get_has_the_parameters_in_its_query() -> None:
    found = sent(
        "http://h/x", EventMethod.GET, call_id="c1", caller_extension=ALICE, caller_id_name="Jos\u00e9 Ruiz & Co"
    )
    assert (found.method, found.body) == ("GET", b"")
    assert found.url == (
        "http://h/x?CallID=c1&CallerIDNum=&CallerIDName=Jos%C3%A9+Ruiz+%26+Co&CalledDID=&CalledExtension="
        "&CallStatus=CALLING&CallFlow=&CallerExtension=0003%2A210&CalledNumber=&CallAPIID="
    )


def test_a_post_has_them_in_its_body_as_a_form() -> None:
    found = sent("http://h/x?event=dial-in", EventMethod.POST, call_id="c1")
    assert (found.method, found.url) == ("POST", "http://h/x?event=dial-in")
    assert found.body.startswith(b"CallID=c1&CallerIDNum=&")


@pytest.mark.parametrize(
    ("url", "before"),
    [
        ("http://h", "http://h?CallID="),
        ("http://h/?", "http://h/?CallID="),
        ("http://h/?event=in", "http://h/?event=in&CallID="),
        ("http://h/?event=in&", "http://h/?event=in&CallID="),
        ("http://h/??", "http://h/??&CallID="),
        ("http://h/#part", "http://h/?CallID="),
        ("http://h/?a=1#part?x", "http://h/?a=1&CallID="),
        ("http://h/#a?b", "http://h/?CallID="),
    ],
)
def test_the_query_of_a_url_stays_and_its_fragment_does_not(url: str, before: str) -> None:
    assert sent(url, EventMethod.GET).url.startswith(before)
    assert sent(url, EventMethod.POST).url == url.partition("#")[0]


LEGAL = st.from_regex(r"http://h(:[1-9][0-9]{0,3})?(/([a-z!$&'()*+,;=:@~-]|%[0-9A-F]{2}){0,9})?", fullmatch=True)
TAIL = st.from_regex(r"(\?([a-z=&+/?-]|%[2-7][0-9A-E]){0,12})?(#[a-z?&]{0,9})?", fullmatch=True)


@given(LEGAL, TAIL, st.dictionaries(st.sampled_from(EventParameters._fields), st.text()), st.sampled_from(EventMethod))
def test_a_request_for_any_legal_url_parses_back_to_the_static_parameters_and_exactly_the_ten(
    base: str, tail: str, parameters: dict[str, str], method: EventMethod
) -> None:
    url = base + tail
    assert is_legal(url)
    found = sent(url, method, **parameters)
    assert is_legal(found.url) or len(found.url) > LONGEST
    static = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    ten = list(zip(PARAMETER_NAMES, map(str, found.event.parameters), strict=True))
    query = parse_qsl(urlsplit(found.url).query, keep_blank_values=True)
    body = parse_qsl(found.body.decode(), keep_blank_values=True)
    assert (query, body) == ((static + ten, []) if method is EventMethod.GET else (static, ten))


# Whom -----------------------------------------------------------------------------------------------------------------


def test_events_go_to_the_enabled_subscriptions_of_their_extension_and_type_in_the_order_of_creation() -> None:
    line = Line(dialled(ALICE, BOB))
    line.on(Dialled, "00")
    line.on(Answered, "01")
    store = kept(
        subscription("http://localhost/2", ANSWER_IN, id="2"),
        subscription("http://localhost/1", ANSWER_IN, id="1"),
        subscription("http://localhost/off", ANSWER_IN, id="3", enabled=False),
        subscription("http://localhost/out", OUT, id="4", extension=ALICE),
        subscription("http://localhost/hangup", HANGUP, id="5"),
        subscription("http://elsewhere/", ANSWER_IN, id="6"),
    )
    assert [found.url for found in deliveries(line.told, store)] == [
        "http://localhost/out",
        "http://localhost/2",
        "http://localhost/1",
    ]
    assert "http://elsewhere/" in [found.url for found in deliveries(line.told, store, may_call=lambda _url: True)]


def test_a_delivery_tells_of_which_event_it_is_and_whose() -> None:
    line = Line(dialled(ALICE, BOB))
    wanted = subscription("http://localhost/")
    (found,) = deliveries(line.told, kept(wanted))
    assert (found.event, found.subscription) == (line.told[0], wanted)
    assert dict(parse_qsl(found.body.decode()))["CallID"] == CALL


def test_to_forget_what_is_not_kept_changes_nothing() -> None:
    store = kept(subscription("http://localhost/"))
    store.store(SubscriptionChanges(removed=(subscription("", id="9"), subscription("", extension=ALICE))))
    assert [one.id for one in store] == ["1"]
