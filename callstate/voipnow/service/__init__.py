"""The service over many calls: who may ask, and how each request is answered."""

from callstate.voipnow.service.create import CREATES
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
from callstate.voipnow.service.list import Page
from callstate.voipnow.service.query import COUNTS, FIELDS, PAGE, STARTS
from callstate.voipnow.service.requests import Calls, Changed, Request, Response, Step, Steps, Verb
from callstate.voipnow.service.scope import by_publishing, participants
from callstate.voipnow.service.update import OfEach

__all__ = [
    "COUNTS",
    "CREATES",
    "FIELDS",
    "FULL_NUMBER",
    "PAGE",
    "STARTS",
    "Account",
    "AccountKind",
    "Calls",
    "Changed",
    "Directory",
    "Extension",
    "ExtensionKind",
    "OfEach",
    "Page",
    "Request",
    "Response",
    "Step",
    "Steps",
    "Verb",
    "by_publishing",
    "handle",
    "load_directory",
    "participants",
]
