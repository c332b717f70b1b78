"""The verbs: what an input, or the passing of time, makes of a call, and why it is refused."""

from callstate.engine.allowed import allowed_actions
from callstate.engine.authorization import BY_A_COLLEAGUE, Joining
from callstate.engine.create import create_call, refuse_in_use
from callstate.engine.deadlines import advance, fire, instant, next_deadline, steps, steps_before
from callstate.engine.ended_views import CARRIED
from callstate.engine.explain import Explanation, explain, explanation_of
from callstate.engine.machine import apply_action
from callstate.engine.parties import live_view_of, parker_left, sides
from callstate.engine.refusal_reasons import ended_call, no_call, not_a_party
from callstate.engine.refusals import refuse
from callstate.engine.settling import settle
from callstate.engine.transition_table import LATE, LENIENT, ON_CALL, REPEAT, STRICT, Rules
from callstate.engine.unreadable_requests import refuse_unread

__all__ = [
    "BY_A_COLLEAGUE",
    "CARRIED",
    "LATE",
    "LENIENT",
    "ON_CALL",
    "REPEAT",
    "STRICT",
    "Explanation",
    "Joining",
    "Rules",
    "advance",
    "allowed_actions",
    "apply_action",
    "create_call",
    "ended_call",
    "explain",
    "explanation_of",
    "fire",
    "instant",
    "live_view_of",
    "next_deadline",
    "no_call",
    "not_a_party",
    "parker_left",
    "refuse",
    "refuse_in_use",
    "refuse_unread",
    "settle",
    "sides",
    "steps",
    "steps_before",
]
