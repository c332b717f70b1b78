"""Deliveries: the HTTP requests that tell subscribers of call events.

One rule: a delivery is a value. Who sends it, when, and what is done about an answer or a failure is not decided here.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from callstate.voipnow.service.event_urls import is_loopback, with_parameters, without_fragment
from callstate.voipnow.service.events import CallEvent
from callstate.voipnow.service.subscription_bodies import MayCall
from callstate.voipnow.service.subscriptions import EventMethod, Subscription, Subscriptions

FORM = "application/x-www-form-urlencoded"
"""The media type of a body."""


class Delivery(NamedTuple):
    """A request to be sent: to a GET the parameters are in the query of the URL, to a POST in the body, as a form."""

    method: str
    url: str
    body: bytes
    event: CallEvent
    subscription: Subscription


def deliveries(
    events: Iterable[CallEvent], subscriptions: Subscriptions, *, may_call: MayCall = is_loopback
) -> Iterator[Delivery]:
    """Yield the requests that events make, event by event, to the subscriptions in the order in which they were made.

    A subscription that is disabled gets nothing, nor does a URL that may not be called, which one that was stored under
    another rule can have. Whether it is enabled is asked when this is called, so that should be when the event happens.
    """
    for event in events:
        for subscription in subscriptions.by_extension(event.extension):
            if subscription.type is event.type and subscription.enabled and may_call(subscription.url):
                yield _delivery(event, subscription)


def _delivery(event: CallEvent, subscription: Subscription) -> Delivery:
    pairs = list(event.parameters.pairs())
    if subscription.method is EventMethod.GET:
        return Delivery("GET", with_parameters(subscription.url, pairs), b"", event, subscription)
    body = urlencode(pairs).encode()
    return Delivery("POST", without_fragment(subscription.url), body, event, subscription)
