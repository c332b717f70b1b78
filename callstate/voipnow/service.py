"""The service over many calls: one request and an instant go in, the response and the calls that changed come out.

One rule: nothing is stored here. Whoever calls `handle` stores the changed calls, and only then sends the response; so
any database can stand behind it. This module knows nothing of HTTP, of tokens, or of where calls are kept.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from callstate.deadlines import instant
from callstate.table import LENIENT, Rules
from callstate.voipnow.creating import create
from callstate.voipnow.deleting import delete
from callstate.voipnow.directory import Directory
from callstate.voipnow.exchange import Calls, Outcome, Request, Verb
from callstate.voipnow.listing import list_calls
from callstate.voipnow.scope import Question
from callstate.voipnow.updating import update

ANSWERS: Mapping[Verb, Callable[[Question], Outcome]] = {
    Verb.CREATE: create,
    Verb.LIST: list_calls,
    Verb.UPDATE: update,
    Verb.DELETE: delete,
}


def handle(calls: Calls, directory: Directory, request: Request, *, at: datetime, rules: Rules = LENIENT) -> Outcome:
    """Answer a request, and hand back the calls that it changed.

    Deadlines strictly before `at` of every call that is touched fire first; such a call is handed back too, even if
    the request is refused. No request makes this raise; a naive `at` does, with `ValueError`.
    """
    return ANSWERS[request.verb](Question(calls, directory, request, instant(at), rules))
