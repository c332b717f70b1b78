"""The service over many calls: who may ask, and how each request is answered."""

from callstate.voipnow.service.create import CREATES
from callstate.voipnow.service.deliveries import FORM, Delivery, deliveries
from callstate.voipnow.service.directory import (
    FULL_NUMBER,
    Account,
    AccountKind,
    Directory,
    Extension,
    ExtensionKind,
    load_directory,
)
from callstate.voipnow.service.dispatch import handle
from callstate.voipnow.service.event_parameters import PARAMETER_NAMES, CallStatus, EventParameters
from callstate.voipnow.service.event_urls import is_loopback
from callstate.voipnow.service.events import CallEvent, EventType, events
from callstate.voipnow.service.pages import Page
from callstate.voipnow.service.query import COUNTS, FIELDS, PAGE, STARTS
from callstate.voipnow.service.requests import Calls, Changed, Request, Response, Step, Steps, Verb
from callstate.voipnow.service.scope import by_publishing, participants
from callstate.voipnow.service.subscription_bodies import LONGEST_NOTE, EventBody, MayCall
from callstate.voipnow.service.subscription_list import EVENT_FIELDS, FILTERED_BY
from callstate.voipnow.service.subscription_requests import handle_subscription
from callstate.voipnow.service.subscriptions import (
    NO_CHANGES,
    EventMethod,
    Subscription,
    SubscriptionChanges,
    SubscriptionOutcome,
    SubscriptionRequest,
    Subscriptions,
    SubscriptionStore,
)
from callstate.voipnow.service.update import OfEach

__all__ = [
    "COUNTS",
    "CREATES",
    "EVENT_FIELDS",
    "FIELDS",
    "FILTERED_BY",
    "FORM",
    "FULL_NUMBER",
    "LONGEST_NOTE",
    "NO_CHANGES",
    "PAGE",
    "PARAMETER_NAMES",
    "STARTS",
    "Account",
    "AccountKind",
    "CallEvent",
    "CallStatus",
    "Calls",
    "Changed",
    "Delivery",
    "Directory",
    "EventBody",
    "EventMethod",
    "EventParameters",
    "EventType",
    "Extension",
    "ExtensionKind",
    "MayCall",
    "OfEach",
    "Page",
    "Request",
    "Response",
    "Step",
    "Steps",
    "Subscription",
    "SubscriptionChanges",
    "SubscriptionOutcome",
    "SubscriptionRequest",
    "SubscriptionStore",
    "Subscriptions",
    "Verb",
    "by_publishing",
    "deliveries",
    "events",
    "handle",
    "handle_subscription",
    "is_loopback",
    "load_directory",
    "participants",
]
