"""The sandbox for tests of clients: with httpx of both kinds, over a socket, and as the fixture of the plugin."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from callstate.domain import Disposition, PhoneCall
from callstate.testing import Sandbox
from callstate.voipnow.service import EventType
from tests.sandbox.listening import listening

ALICE, BOB, CAROL = "0003*210", "0003*024", "0003*211"
ROOT = Path(__file__).parents[2]
BASE = "https://pbx.example"
HOLD = {"action": "OnHold", "phoneCallViewId": "01"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def client(sandbox: Sandbox, account: str = "14", **more: float) -> httpx.Client:
    headers = {"Authorization": f"Bearer {sandbox.token(account)}"}
    return httpx.Client(transport=sandbox.transport, base_url=BASE, headers=headers, **more)  # type: ignore[arg-type]  # any option of the client


def connected(sandbox: Sandbox) -> tuple[PhoneCall, str]:
    call = sandbox.answer(sandbox.incoming("3334444", CAROL))
    return call, f"/uapi/phoneCalls/@me/{CAROL}/{call.id}"


def subscribe(carol: httpx.Client, url: str) -> None:
    body = {"type": "0", "method": "1", "url": url}
    carol.post(f"/uapi/extensions/@me/{CAROL}/phoneCallEvents", json=body).raise_for_status()


# Every way to it ------------------------------------------------------------------------------------------------------


def test_a_sync_client_without_a_socket(sandbox: Sandbox) -> None:
    call, path = connected(sandbox)
    with client(sandbox) as carol:
        answer = carol.put(path, json=HOLD)
        assert answer.json()["link"]["self"].startswith(f"{BASE}/uapi/")
    assert sandbox.call(call).views[1].state == "ON_HOLD"


def test_an_async_client_without_a_socket(sandbox: Sandbox) -> None:
    call, path = connected(sandbox)

    async def hold() -> None:
        headers = {"Authorization": f"Bearer {sandbox.token('14')}"}
        async with httpx.AsyncClient(transport=sandbox.transport, base_url=BASE, headers=headers) as carol:
            assert (await carol.put(path, json=HOLD)).status_code == 202
            sandbox.fail(drop="answer")
            with pytest.raises(httpx.RemoteProtocolError):
                await carol.put(path, json={**HOLD, "action": "OffHold"})

    asyncio.run(hold())
    assert sandbox.call(call).views[1].state == "CONNECTED", "it was done"


def test_a_client_in_another_process(sandbox: Sandbox) -> None:
    call, path = connected(sandbox)
    program = (
        "import sys, urllib.request as u; r = u.Request(sys.argv[1], sys.argv[2].encode(), method='PUT', headers="
        "{'Authorization': 'Bearer ' + sys.argv[3], 'Content-Type': 'application/json'}); print(u.urlopen(r).status)"
    )
    body = '{"action": "OnHold", "phoneCallViewId": "01"}'
    start = [sys.executable, "-c", program, f"{sandbox.url}{path}", body, sandbox.token("14")]
    done = subprocess.run(start, capture_output=True, text=True, check=True, env={"no_proxy": "*"})
    assert done.stdout == "202\n"
    assert sandbox.call(call).views[1].state == "ON_HOLD"


def test_sandboxes_at_the_same_time_do_not_meet() -> None:
    with Sandbox() as one, Sandbox() as other:
        assert one.url != other.url
        one.incoming("3334444", CAROL)
        assert (len(one.calls), len(other.calls)) == (1, 0)
        assert one.url.startswith("http://127.0.0.1:")
        url = other.url
        assert httpx.get(f"{url}/openapi.json", trust_env=False).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_the_end_of_a_sandbox_does_not_wait_for_clients(sandbox: Sandbox) -> None:
    with httpx.Client(base_url=sandbox.url, trust_env=False) as waiting:
        assert waiting.get("/openapi.json").status_code == 200
        sandbox.close()
        with pytest.raises(httpx.TransportError):
            waiting.get("/openapi.json")


def test_ids_and_tokens_are_the_same_in_each_run_unless_no_seed_is_wanted() -> None:
    def drawn(seed: int | None) -> tuple[str, str]:
        with Sandbox(seed=seed) as sandbox:
            return sandbox.incoming("3334444", CAROL).id, sandbox.token("14")

    assert drawn(0) == drawn(0) != drawn(1)
    assert drawn(None) != drawn(None)


def test_a_directory_of_its_own() -> None:
    text = """
        accounts = [{ id = "1", name = "O", kind = "organization" },
                    { id = "2", name = "U", kind = "user", organization = "1" }]
        extensions = [{ number = "0001*100", user = "2" }]
    """
    with Sandbox(directory=text) as sandbox:
        assert sandbox.incoming("3334444", "0001*100").owner_name == "O"
        with pytest.raises(ValueError, match="the directory has no account '12'"):
            sandbox.token("12")


# What a test does -----------------------------------------------------------------------------------------------------


def test_parties_answer_hold_resume_and_hang_up(sandbox: Sandbox) -> None:
    call = sandbox.incoming(ALICE, CAROL)
    states = [
        [view.state for view in changed.views]
        for changed in (
            sandbox.answer(call, CAROL),
            sandbox.hold(call, ALICE),
            sandbox.resume(call.id, ALICE),
            sandbox.hang_up(call, ALICE),
        )
    ]
    assert states == [["CONNECTED", "CONNECTED"], ["ON_HOLD", "CONNECTED"], ["CONNECTED", "CONNECTED"], ["ENDED"] * 2]


def test_a_phone_that_rings_declines(sandbox: Sandbox) -> None:
    call = sandbox.hang_up(sandbox.incoming("3334444", CAROL), disposition=Disposition.BUSY)
    assert call.views[1].disposition is Disposition.BUSY


def test_an_outside_phone_that_is_dialled_answers(sandbox: Sandbox) -> None:
    _, path = connected(sandbox)
    with client(sandbox) as carol:
        carol.put(path, json={"action": "Transfer", "phoneCallViewId": "01", "sendCallTo": "5551234"})
    (call,) = sandbox.calls
    assert sandbox.answer(call, "5551234").views[2].state == "CONNECTED"


@pytest.mark.parametrize(
    ("number", "reason"), [(None, "no phone rings in call"), (BOB, f"no phone rings of number {BOB} in")]
)
def test_a_phone_that_does_not_ring_cannot_answer(sandbox: Sandbox, number: str | None, reason: str) -> None:
    call, _ = connected(sandbox)
    with pytest.raises(ValueError, match=reason.replace("*", r"\*")):
        sandbox.answer(call, number)


def test_a_call_that_there_is_not(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="there is no call 'nothing'"):
        sandbox.answer("nothing")


def test_time_passes_as_the_test_says(sandbox: Sandbox) -> None:
    sandbox.freeze()
    call = sandbox.incoming("3334444", CAROL, wait_for_pickup=60)
    sandbox.advance(59)
    assert not sandbox.call(call).over
    sandbox.advance_to_next()
    assert sandbox.call(call).over
    sandbox.freeze(frozen=False)
    sandbox.reset()
    assert sandbox.calls == ()


def test_tokens_expire(sandbox: Sandbox) -> None:
    with client(sandbox) as carol, client(sandbox, "12") as alice:
        sandbox.expire_tokens("14")
        assert [c.get("/uapi/phoneCalls/@me/@self").status_code for c in (carol, alice)] == [401, 200]
        sandbox.expire_tokens()
        assert alice.get("/uapi/phoneCalls/@me/@self").status_code == 401


# Retries --------------------------------------------------------------------------------------------------------------


def create(carol: httpx.Client) -> httpx.Response:
    body = {"extension": CAROL, "phoneCallView": [{"source": [CAROL], "destination": [BOB]}], "nonce": "n-1"}
    return carol.post("/uapi/phoneCalls/@me/simple", json=body)


def create_and_retry_blindly(carol: httpx.Client) -> None:
    """A wrong client: it takes a lost answer for a request that was not done."""
    try:
        create(carol)
    except httpx.TransportError:
        create(carol)


def create_and_look_before_a_retry(carol: httpx.Client) -> None:
    """A right client: it looks for the call that it may have created, by the nonce."""
    try:
        create(carol)
    except httpx.TransportError:
        entries = carol.get("/uapi/phoneCalls/@me/@self").json()["entry"]
        if not any(entry.get("nonce") == "n-1" for entry in entries):
            create(carol)


@pytest.mark.parametrize(("drop", "calls"), [("request", 1), ("answer", 2)])
def test_a_client_whose_retry_is_wrong_is_caught(sandbox: Sandbox, drop: str, calls: int) -> None:
    sandbox.fail(action="simple", drop=drop)  # type: ignore[arg-type]  # one of two words
    with client(sandbox) as carol:
        create_and_retry_blindly(carol)
    assert len(sandbox.calls) == calls


@pytest.mark.parametrize("drop", ["request", "answer"])
def test_a_client_whose_retry_is_right_passes(sandbox: Sandbox, drop: str) -> None:
    sandbox.fail(action="simple", drop=drop)  # type: ignore[arg-type]  # likewise
    with client(sandbox) as carol:
        create_and_look_before_a_retry(carol)
    assert len(sandbox.calls) == 1
    assert sandbox.requests[0].fault is not None


def test_an_answer_that_comes_later_than_the_client_waits(sandbox: Sandbox) -> None:
    call, path = connected(sandbox)
    sandbox.fail(call=call, delay=10)
    with client(sandbox, timeout=0.01) as carol, pytest.raises(httpx.ReadTimeout):
        carol.put(path, json=HOLD)
    assert sandbox.call(call).views[1].state == "ON_HOLD"
    sandbox.fail(action="OffHold", status=503)
    sandbox.fail(method="GET", delay=0.001)
    with client(sandbox, timeout=httpx.Timeout(None)) as carol:  # type: ignore[arg-type]  # likewise
        assert carol.put(path, json={**HOLD, "action": "OffHold"}).status_code == 503
        assert carol.get(path).status_code == 200


def test_a_named_state(sandbox: Sandbox) -> None:
    assert [view.state for view in sandbox.use("park-twice").views] == ["ENDED", "PARKED"]


# The plugin -----------------------------------------------------------------------------------------------------------

TESTS = """
import httpx

def test_a_client_holds(callstate_sandbox):
    call = callstate_sandbox.answer(callstate_sandbox.incoming("3334444", "0003*211"))
    headers = {"Authorization": f"Bearer {callstate_sandbox.token('14')}"}
    with httpx.Client(base_url=callstate_sandbox.url, headers=headers, trust_env=False) as client:
        client.put(f"/uapi/phoneCalls/@me/@self/{call.id}", json={"action": "OnHold", "phoneCallViewId": "01"})
    assert callstate_sandbox.call(call).view("01").state == "ON_HOLD"

def test_another_finds_nothing_of_it(callstate_sandbox):
    assert len(callstate_sandbox.calls) == %(calls)d
"""


def run_pytest(folder: Path, *arguments: str, calls: int = 0, tests: str = TESTS) -> "subprocess.CompletedProcess[str]":
    (folder / "test_client.py").write_text(tests.replace("%(calls)d", str(calls)), "utf-8")
    plugin = [] if "callstate" in _plugins() else ["-p", "_callstate_pytest"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def _plugins() -> list[str]:
    from importlib.metadata import entry_points  # noqa: PLC0415  # an editable install of before has none

    return [entry.name for entry in entry_points(group="pytest11")]


@pytest.mark.parametrize("arguments", [(), ("-n2",)])
def test_the_fixture_is_there_and_new_for_each_test(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run_pytest(tmp_path, *arguments)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_the_scope_of_the_fixture_is_chosen(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, "-o", "callstate_sandbox_scope=module", calls=1).returncode == 0
    wrong = run_pytest(tmp_path, "-o", "callstate_sandbox_scope=day")
    assert "callstate_sandbox_scope is one of function, class, module, package, session, not 'day'" in wrong.stdout


def test_the_tests_of_the_page_pass(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "test-your-client.md").read_text("utf-8")
    blocks = [block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "def test_" in block]
    assert len(blocks) == 3
    done = run_pytest(tmp_path, tests="\n\n".join(blocks))
    assert "4 passed" in done.stdout, done.stdout


def test_the_plugin_does_not_import_the_package() -> None:
    program = "import sys, _callstate_pytest; print([name for name in sys.modules if name.startswith('callstate')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# Call events ----------------------------------------------------------------------------------------------------------


def test_without_a_socket_events_are_kept_and_not_sent(sandbox: Sandbox) -> None:
    with listening() as listener, client(sandbox) as carol:
        subscribe(carol, f"{listener.url}/heard")
        call = sandbox.incoming("3334444", CAROL)
        (delivery,) = sandbox.wait_for_deliveries()
    assert (delivery.type, delivery.extension) == (EventType.DIAL_IN, CAROL)
    assert (delivery.parameters["CallID"], delivery.parameters["CallStatus"]) == (call.id, "CALLING")
    assert (delivery.status, delivery.failure) == (None, None)
    assert listener.heard == []


def test_with_a_socket_events_are_sent_and_a_test_can_wait_for_them(sandbox: Sandbox) -> None:
    with listening() as listener, httpx.Client(base_url=sandbox.url, trust_env=False) as carol:
        carol.headers["Authorization"] = f"Bearer {sandbox.token('14')}"
        subscribe(carol, f"{listener.url}/heard")
        subscribe(carol, f"{listener.url}/500")
        sandbox.incoming("3334444", CAROL)
        assert [delivery.status for delivery in sandbox.wait_for_deliveries()] == [200, 500]
        assert [heard.parameters["CallStatus"] for heard in listener.of("/heard")] == ["CALLING"]
        sandbox.reset()
        sandbox.incoming("3334444", CAROL)
        assert sandbox.wait_for_deliveries() == ()


def test_a_socket_is_closed_while_a_subscriber_is_slow() -> None:
    with listening() as listener:
        with Sandbox() as sandbox, httpx.Client(base_url=sandbox.url, trust_env=False) as carol:
            carol.headers["Authorization"] = f"Bearer {sandbox.token('14')}"
            subscribe(carol, f"{listener.url}/slow")
            sandbox.incoming("3334444", CAROL)
            listener.wait_for(lambda: len(listener.heard) == 1)
        (delivery,) = sandbox.wait_for_deliveries()
        assert (delivery.status, delivery.failure) == (None, None), "nobody waits for it any more"
