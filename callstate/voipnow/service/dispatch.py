"""The service over many calls: a request and a time go in; the response and the calls that changed come out.

One rule: nothing is stored here. The program that calls `handle` stores the changed calls, and only then sends the
response, so any database can be used. This module knows nothing of HTTP, of tokens, or of where calls are kept.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec.structs import replace

from callstate.engine import LENIENT, Rules, instant
from callstate.voipnow.service.create import create
from callstate.voipnow.service.delete import delete
from callstate.voipnow.service.directory import Directory
from callstate.voipnow.service.list import list_calls
from callstate.voipnow.service.parking_lots import Lots
from callstate.voipnow.service.requests import Calls, Outcome, Request, Verb
from callstate.voipnow.service.scope import RequestContext
from callstate.voipnow.service.update import update

HANDLERS: Mapping[Verb, Callable[[RequestContext], Outcome]] = {
    Verb.CREATE: create,
    Verb.LIST: list_calls,
    Verb.UPDATE: update,
    Verb.DELETE: delete,
}


def handle(calls: Calls, directory: Directory, request: Request, *, at: datetime, rules: Rules = LENIENT) -> Outcome:
    """Answer a request, and hand back the calls that it changed.

    Deadlines strictly before `at` of every call that is touched fire first; such a call is handed back too, even if
    the request is refused. The numbering is that of the directory, whatever the rules have. No request makes this
    raise; a naive `at` does, with `ValueError`.
    """
    numbered = replace(rules, numbering=directory.numbering)
    outcome = HANDLERS[request.verb](RequestContext(calls, directory, request, instant(at), numbered, Lots(calls)))
    return outcome._replace(steps=tuple(step for step in outcome.steps if step.reached))
