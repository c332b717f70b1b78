"""Send call events from the outbox: each request to a subscriber is stored with the change that it tells.

One rule: an entry is acknowledged after it was sent. A sender that crashes before has another one send it again, so a
subscriber can get an event twice, and never none.
"""

import sys
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import httpx
import msgspec
from sqlalchemy import create_engine

from callstate import Answered, CreateSimple, PhoneCall, apply_action, create_call, unwrap
from callstate.voipnow.service import (
    FORM,
    Account,
    AccountKind,
    Delivery,
    Directory,
    EventMethod,
    EventType,
    Extension,
    Subscription,
    SubscriptionChanges,
    deliveries,
    events,
)
from callstate.voipnow.stores.sql import Outbox, SqlStore, SqlSubscriptions, create_tables

DIRECTORY = Directory(
    [
        Account(id="3", name="Default Organization", kind=AccountKind.ORGANIZATION),
        Account(id="12", name="Alice", kind=AccountKind.USER, organization="3"),
        Account(id="13", name="Bob", kind=AccountKind.USER, organization="3"),
    ],
    [Extension(number="0003*210", user="12"), Extension(number="0003*024", user="13")],
)

CLAIM = timedelta(minutes=1)
"""How long another sender leaves an entry to the one that has claimed it: longer than all its requests take."""

ATTEMPTS, PAUSE = 3, 1.0


def send_all(outbox: Outbox, client: httpx.Client) -> int:
    """Send what is in the outbox, and return how many entries it was; several senders share the work."""
    entries = outbox.claim(now(), until=now() + CLAIM, limit=10)
    for entry in entries:
        for delivery in msgspec.json.decode(entry.body, type=list[Delivery]):
            send(delivery, client)
        outbox.acknowledge([entry])
    return len(entries)


def send(delivery: Delivery, client: httpx.Client) -> None:
    """Try a few times, then give the event up, so that the next ones are not held back for ever."""
    headers = {"Content-Type": FORM} if delivery.body else {}
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE * attempt)
        try:
            answer = client.request(delivery.method, delivery.url, content=delivery.body, headers=headers)
        except httpx.TransportError as error:
            print(f"{delivery.url}: {error}", file=sys.stderr)
        else:
            if answer.is_success:
                return


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


# To see it work: Alice calls Bob, and a subscriber of Bob's calls is told --------------------------------------------


class Subscriber(BaseHTTPRequestHandler):
    """Prints the status of each event."""

    def do_POST(self) -> None:
        """Take an event."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        print(form["CalledExtension"][0], form["CallStatus"][0])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def main() -> None:
    """Let a phone ring and be answered, and then send."""
    engine = create_engine("sqlite:///:memory:")
    create_tables(engine)
    subscriptions = SqlSubscriptions(engine)

    def publish(before: PhoneCall | None, after: PhoneCall) -> Iterable[Delivery]:
        return deliveries(events(before, after, directory=DIRECTORY), subscriptions)

    store = SqlStore(engine, DIRECTORY.organization_of, publish)
    with HTTPServer(("127.0.0.1", 0), Subscriber) as server, httpx.Client(timeout=5, trust_env=False) as client:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/events"
        subscriptions.store(SubscriptionChanges(stored=(subscription(EventType.DIAL_IN, url),)))
        subscriptions.store(SubscriptionChanges(stored=(subscription(EventType.ANSWER_IN, url),)))
        talk(store)
        while send_all(Outbox(engine), client):
            pass
        server.shutdown()


def subscription(kind: EventType, url: str) -> Subscription:
    """Subscribe to an event of Bob's extension."""
    method = EventMethod.POST
    return Subscription(extension="0003*024", type=kind, id="s1", method=method, url=url, modified=now())


def talk(store: SqlStore) -> None:
    """Alice calls, and Bob answers."""
    wanted = CreateSimple(call_id="c0ffee", extension="0003*210", source=("0003*210",), destination=("0003*024",))
    call = unwrap(create_call(wanted, at=now()))
    store.swap([], [call])
    for view_id in ("00", "01"):
        after = unwrap(apply_action(call, Answered(call_id=call.id, view_id=view_id), at=now()))
        store.swap([call], [after])
        call = after


if __name__ == "__main__":
    main()
