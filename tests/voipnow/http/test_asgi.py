"""The ASGI application by itself: bodies in pieces, slow ones, clients that leave, a server that starts and stops."""

import asyncio
from collections.abc import Callable, Iterable

import msgspec
import pytest

from callstate.voipnow.http import BODY_LIMIT, Application, HttpRequest, HttpResponse, Scope, capitalized, json_response
from callstate.voipnow.http.asgi import Asgi, Message

HTTP: Scope = {
    "type": "http",
    "method": "PUT",
    "path": "/a b",
    "raw_path": b"/a%20b",
    "query_string": b"x=1",
    "headers": [(b"host", b"pbx.example"), (b"x-name", b"\xe9")],
    "scheme": "https",
}


def body(*pieces: bytes) -> list[Message]:
    last = len(pieces) - 1
    return [{"type": "http.request", "body": piece, "more_body": place < last} for place, piece in enumerate(pieces)]


def echo(seen: list[HttpRequest]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return json_response(200, b"{}", ("ETag", '"1"'))

    return answer


def run(application: Asgi, scope: Scope, messages: Iterable[Message]) -> list[Message]:
    """Play a server, which sends the messages and then nothing any more."""
    sent: list[Message] = []

    async def main() -> None:
        queue = iter(messages)

        async def receive() -> Message:
            for message in queue:
                return message
            return await asyncio.Future()

        async def send(message: Message) -> None:
            sent.append(message)

        await asyncio.wait_for(application(scope, receive, send), timeout=5)

    asyncio.run(main())
    return sent


def status(sent: list[Message]) -> tuple[int, str | None]:
    start, answer = sent
    error = msgspec.json.decode(answer["body"]).get("error")
    return start["status"], None if error is None else error["code"]


def test_a_request_goes_in_and_an_answer_comes_out() -> None:
    seen: list[HttpRequest] = []
    start, answer = run(Application(echo(seen)), HTTP, body(b"a", b"", b"bc"))
    assert seen == [
        HttpRequest(
            method="PUT",
            target="/a%20b?x=1",
            headers=(("host", "pbx.example"), ("x-name", "\xe9")),
            body=b"abc",
            base="https://pbx.example",
        )
    ]
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2"), (b"etag", b'"1"')]
    assert start == {"type": "http.response.start", "status": 200, "headers": headers}
    assert answer == {"type": "http.response.body", "body": b"{}"}


def test_it_can_stand_below_a_path_of_a_larger_application() -> None:
    seen: list[HttpRequest] = []
    run(
        Application(echo(seen)), {**HTTP, "root_path": "/pbx", "raw_path": b"/pbx/uapi", "query_string": b""}, body(b"")
    )
    assert (seen[0].target, seen[0].base) == ("/uapi", "https://pbx.example/pbx")


def test_what_a_server_may_leave_out() -> None:
    seen: list[HttpRequest] = []
    bare: Scope = {"type": "http", "method": "GET", "path": "/a b\xe9", "query_string": b"", "headers": []}
    run(Application(echo(seen)), bare, [{"type": "http.request"}])
    assert seen == [HttpRequest(method="GET", target="/a%20b%C3%A9", base="http://localhost")]


def test_a_body_is_read_to_its_end_but_not_kept_beyond_the_limit() -> None:
    seen: list[HttpRequest] = []
    pieces = body(*[b"x" * 100_000] * 50, b"end")
    run(Application(echo(seen)), HTTP, iter(pieces))
    assert len(seen[0].body) == BODY_LIMIT + 1


def test_a_client_that_leaves_in_the_middle_gets_no_answer_and_changes_nothing() -> None:
    seen: list[HttpRequest] = []
    assert run(Application(echo(seen)), HTTP, [*body(b"a", b"b")[:1], {"type": "http.disconnect"}]) == []
    assert seen == []


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    seen: list[HttpRequest] = []
    assert status(run(Application(echo(seen), body_seconds=0.01), HTTP, body(b"a", b"b")[:1])) == (
        408,
        "request_timeout",
    )
    assert seen == []


def test_who_is_answered_without_asking_is_told_to_who_wants_to_hear() -> None:
    heard: list[tuple[str, int]] = []
    application = Application(
        echo([]), body_seconds=0.01, unasked=lambda request, answer: heard.append((request.target, answer.status))
    )
    run(application, HTTP, body(b"a", b"b")[:1])
    assert heard == [("/a%20b?x=1", 408)]


def test_a_body_that_still_comes_when_the_server_stops_is_answered() -> None:
    sent: list[Message] = []

    async def main() -> None:
        async def receive() -> Message:
            return await asyncio.Future()

        async def send(message: Message) -> None:
            sent.append(message)

        served = asyncio.create_task(Application(echo([]))(HTTP, receive, send))
        await asyncio.sleep(0)
        served.cancel()
        await served

    asyncio.run(main())
    assert status(sent) == (503, "stopping")


@pytest.mark.parametrize("error", [asyncio.CancelledError, TimeoutError])
def test_what_happens_while_the_answer_is_sent_starts_no_other_one(error: type[BaseException]) -> None:
    sent: list[Message] = []
    heard: list[HttpResponse] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            raise error

    application = Application(echo([]), unasked=lambda _request, response: heard.append(response))
    with pytest.raises(error):
        asyncio.run(application(HTTP, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert heard == []


@pytest.mark.parametrize(
    ("server", "base"),
    [(("10.0.0.1", 8080), "10.0.0.1:8080"), (("::1", 80), "[::1]:80"), (("/run/pbx.sock", None), "localhost")],
)
def test_a_client_that_does_not_say_by_which_name_it_has_us(server: tuple[str, int | None], base: str) -> None:
    seen: list[HttpRequest] = []
    run(Application(echo(seen)), {**HTTP, "headers": [], "server": server}, body(b""))
    assert seen[0].base == f"https://{base}"


def test_a_bug_of_ours_is_answered_and_left_to_the_server() -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(Application(answer)(HTTP, receive, send))
    assert status(sent) == (500, "internal_server_error")


def test_it_starts_and_stops_with_the_server() -> None:
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = run(Application(echo([])), {"type": "lifespan"}, messages)
    assert sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


def test_other_protocols_are_refused_as_the_specification_says() -> None:
    with pytest.raises(NotImplementedError, match="only http is served, not websocket"):
        run(Application(echo([])), {"type": "websocket"}, [])


def test_names_of_headers_are_capitalized_for_a_server_of_http_1() -> None:
    def answer(_request: HttpRequest) -> HttpResponse:
        return json_response(401, b"{}", ("ETag", '"1"'), ("Allow", "GET"))

    start, body = run(capitalized(Application(answer)), HTTP, [{"type": "http.request"}])
    names = [name for name, _ in start["headers"]]
    assert names == [b"Content-Type", b"Content-Length", b"WWW-Authenticate", b"ETag", b"Allow"]
    assert body == {"type": "http.response.body", "body": b"{}"}


def test_a_capitalized_application_starts_and_stops_like_any_other() -> None:
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = run(capitalized(Application(echo([]))), {"type": "lifespan"}, messages)
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
