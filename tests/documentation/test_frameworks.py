"""The programs for FastAPI and Django: typed bodies, refusals as problem+json, and nothing told to a stranger."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from callstate import Answered, CreateSimple, PhoneCall, ViewState, apply_action, create_call, unwrap
from tests.documentation.programs import EXAMPLES

Json = dict[str, Any]  # Any: JSON
ALICE, BOB = "0003*210", "0003*024"
PROBLEM = "application/problem+json"
TOKENS = {who: {"Authorization": f"Bearer {who}"} for who in ("alice", "bob", "carol", "switch")}


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import the programs as one who runs them does, and forget them afterwards."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name in ("web", "structs", "fastapi_calls", "deadlines"):
            del sys.modules[name]


# FastAPI --------------------------------------------------------------------------------------------------------------


class FastApi:
    """Asks the application without a socket."""

    def __init__(self, app: Any) -> None:  # Any: an ASGI application
        self._transport = httpx.ASGITransport(app)

    def ask(self, method: str, path: str, who: str, body: Json | None = None) -> httpx.Response:
        return asyncio.run(self._asked(method, path, who, body))

    async def _asked(self, method: str, path: str, who: str, body: Json | None) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://app") as client:
            return await client.request(method, path, json=body, headers=TOKENS[who])


@pytest.fixture
def fastapi(examples: None) -> FastApi:  # noqa: ARG001  # it puts the programs on the path
    import fastapi_calls  # noqa: PLC0415  # as above

    return FastApi(fastapi_calls.app)


def post(client: FastApi, path: str, who: str, body: Json) -> httpx.Response:
    return client.ask("POST", path, who, body)


def connected_call(client: FastApi) -> str:
    body = {"call_id": "c1", "extension": ALICE, "source": [ALICE], "destination": [BOB]}
    assert post(client, "/calls", "alice", body).status_code == 200
    for view in ("00", "01"):
        signal = {"action": "Answered", "phoneCallId": "c1", "phoneCallViewId": view}
        assert post(client, "/signals", "switch", signal).status_code == 200
    return "c1"


def test_a_call_is_made_answered_and_held(fastapi: FastApi) -> None:
    call_id = connected_call(fastapi)
    answer = post(fastapi, "/actions", "alice", {"action": "OnHold", "phoneCallId": call_id, "phoneCallViewId": "00"})
    assert answer.status_code == 200
    seen = fastapi.ask("GET", f"/calls/{call_id}", "bob").json()
    assert [party["state"] for party in seen["parties"]] == ["ON_HOLD", "CONNECTED"]


def test_a_refusal_is_problem_json(fastapi: FastApi) -> None:
    call_id = connected_call(fastapi)
    answer = post(
        fastapi,
        "/actions",
        "alice",
        {"action": "UnPark", "phoneCallId": call_id, "phoneCallViewId": "00", "sendCallTo": BOB},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (409, PROBLEM)
    assert answer.json()["title"] == "wrong_state"
    assert "OnHold" in answer.json()["allowed"]


@pytest.mark.parametrize("body", [{"action": "Sing"}, {"action": "OnHold", "phoneCallId": 5}, {}, {"action": "OnHold"}])
def test_a_body_of_another_shape_is_refused_by_its_type(fastapi: FastApi, body: Json) -> None:
    assert post(fastapi, "/actions", "alice", body).status_code == 422


def test_a_stranger_learns_nothing(fastapi: FastApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Carol asks about a call of others is answered as if there were no call."""
    connected_call(fastapi)
    assert (
        post(
            fastapi, "/actions", "carol", {"action": "OnHold", "phoneCallId": "c1", "phoneCallViewId": "00"}
        ).status_code
        == 401
    )
    import web  # noqa: PLC0415  # as above

    monkeypatch.setitem(web.EXTENSIONS, "carol", "0003*333")
    hold = {"action": "OnHold", "phoneCallViewId": "00"}
    theirs = post(fastapi, "/actions", "carol", hold | {"phoneCallId": "c1"})
    none = post(fastapi, "/actions", "carol", hold | {"phoneCallId": "c2"})
    assert theirs.status_code == none.status_code == 404
    assert theirs.text.replace("c1", "c2") == none.text
    assert fastapi.ask("GET", "/calls/c1", "carol").status_code == 404


def test_the_description_has_the_fields_of_every_action(fastapi: FastApi) -> None:
    document = fastapi.ask("GET", "/openapi.json", "bob").json()
    body = document["paths"]["/actions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    kinds = {kind["title"]: kind for kind in body["anyOf"]}
    assert {"OnHold", "Park", "HangUp"} <= set(kinds)
    assert set(kinds["Park"]["properties"]) >= {"action", "phoneCallId", "phoneCallViewId", "maxInParking"}
    assert "$ref" not in str(body)


# Django ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def call() -> PhoneCall:
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    made = create_call(CreateSimple(call_id="c1", extension=ALICE, source=(ALICE,), destination=(BOB,)), at=nine)
    for view in ("00", "01"):
        made = apply_action(unwrap(made), Answered(call_id="c1", view_id=view), at=nine)
    return unwrap(made)


@pytest.fixture
def django(examples: None, call: PhoneCall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:  # noqa: ARG001  # Any: a client of Django, which has no types
    monkeypatch.chdir(tmp_path)  # where the program makes its database
    import django_calls  # noqa: PLC0415  # the programs are on the path now
    from django.db import connection  # noqa: PLC0415  # it wants the settings
    from django.test import Client  # noqa: PLC0415  # likewise

    with connection.schema_editor() as editor:
        editor.create_model(django_calls.StoredCall)
    django_calls.StoredCall.objects.create(id=call.id, version=call.version, deadline=call.deadline, call=call)
    yield Client()
    connection.close()


def ask(client: Any, who: str, body: Json, call_id: str = "c1") -> Any:  # Any: Django has no types
    return client.post(f"/calls/{call_id}/actions", body, content_type="application/json", headers=TOKENS[who])


def test_django_holds_a_call_stores_it_and_refuses_with_problem_json(django: Any) -> None:  # Any: likewise
    import django_calls  # noqa: PLC0415  # as above

    held = ask(django, "alice", {"action": "OnHold", "phoneCallViewId": "00"})
    assert held.status_code == 200
    assert "onHold" in held.json()["phoneCallView"][0]
    stored = django_calls.StoredCall.objects.get(pk="c1")
    assert stored.call.views[0].state is ViewState.ON_HOLD
    assert stored.version == stored.call.version
    refused = ask(django, "bob", {"action": "Whisper", "phoneCallViewId": "00", "sendCallTo": "0003*211"})
    assert (refused.status_code, refused.headers["Content-Type"]) == (400, PROBLEM)


def test_django_applies_the_action_again_if_somebody_was_faster(
    django: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # Any: likewise
    import django_calls  # noqa: PLC0415  # as above

    kept = django_calls.kept
    lost: list[PhoneCall] = []

    def slow(before: PhoneCall, after: PhoneCall) -> bool:
        if not lost:
            lost.append(after)
            other = {"action": "OnHold", "phoneCallViewId": "01"}
            assert ask(django, "bob", other).status_code == 200
        stored: bool = kept(before, after)
        return stored

    monkeypatch.setattr(django_calls, "kept", slow)
    assert ask(django, "alice", {"action": "OnHold", "phoneCallViewId": "00"}).status_code == 200
    states = [view.state for view in django_calls.StoredCall.objects.get(pk="c1").call.views]
    assert states == [ViewState.ON_HOLD, ViewState.ON_HOLD]


def test_django_tells_a_stranger_nothing(django: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # Any: likewise
    import django_calls  # noqa: PLC0415  # as above

    monkeypatch.setitem(django_calls.EXTENSIONS, "carol", "0003*333")
    hold = {"action": "OnHold", "phoneCallViewId": "00"}
    theirs, none = ask(django, "carol", hold), ask(django, "carol", hold, "c2")
    assert theirs.content.replace(b"c1", b"c2") == none.content
    assert ask(django, "switch", hold).status_code == 401
