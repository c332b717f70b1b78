"""The sender of the documentation: a subscriber that fails at first is asked again, one that always fails is left."""

import subprocess
import sys

from tests.documentation.programs import EXAMPLES, ROOT, start

DRIVER = """
import sys; sys.path.insert(0, {examples!r})
import httpx, msgspec, webhooks
from callstate.voipnow.service import CallEvent, Delivery
webhooks.PAUSE = 0
told = []
def answer(request):
    told.append(request.url.path)
    if request.url.path == "/gone":
        raise httpx.ConnectError("refused")
    return httpx.Response(503 if told.count("/late") == 1 else 200)
with httpx.Client(transport=httpx.MockTransport(answer)) as client:
    for path in ("/late", "/gone", "/well"):
        webhooks.send(Delivery("GET", "http://127.0.0.1" + path, b"", None, None), client)
print(*told)
"""


def test_the_program_sends_what_happened_in_its_order() -> None:
    said, _ = start("webhooks.py").communicate(timeout=60)
    assert said.decode().splitlines() == ["0003*024 CALLING", "0003*024 ANSWER"]


def test_an_event_is_sent_again_if_the_subscriber_fails_and_given_up_in_the_end() -> None:
    driver = DRIVER.format(examples=str(EXAMPLES))
    done = subprocess.run([sys.executable, "-c", driver], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["/late"] * 2 + ["/gone"] * 3 + ["/well"]
    assert done.stderr.splitlines() == ["http://127.0.0.1/gone: refused"] * 3
