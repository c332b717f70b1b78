"""The parts of the machine-readable reference that are not about inputs: new calls, values, deadlines and effects.

One rule: as for the whole document, nothing is stated here that was not asked of the engine.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import cast

import msgspec

from callstate import CreateSimple, Park, UnPark, ViewState
from callstate.domain import Create
from tests.calls import at
from tests.reference import machine_form as form
from tests.reference.effects import CHANGED, CLEARED, SET, WHO, changes_of, states_of
from tests.reference.facts import parking, sentence, timing
from tests.reference.facts.creating import the_limit_of_the_call
from tests.reference.machine_fields import as_data, checked, fields_of_input
from tests.reference.new_call_requests import KINDS
from tests.reference.new_calls import PURPOSES, shown_views, wrongs
from tests.reference.new_calls import refusal as refusal_of_new
from tests.reference.observed import CALL_ENDS, PARKING_ENDS, RINGING_ENDS, observed
from tests.reference.values import MEANINGS as VALUES
from tests.reference.values import WHEN, Field, fields_of


def new_calls() -> Iterator[form.NewCall]:
    for word, kind in KINDS.items():
        yield form.NewCall(
            kind=word,
            name=kind.__name__,
            purpose=PURPOSES[kind],
            fields=list(fields_of_input(kind)),
            checked=checked(kind),
            refusals=list(_refusals(kind)),
            views=[
                form.NewView(
                    number=number,
                    state=view.state,
                    side=view.side or 0,
                    listed=view.listed,
                    waits=view.waits,
                    limit=view.until is not None,
                    dates=[date for date in ("ringing", "answered") if getattr(view, date) == at(0)],
                )
                for number, view in shown_views(kind)
            ],
        )


def _refusals(kind: type[Create]) -> Iterator[form.Refusal]:
    for wrong in wrongs(kind):
        error = refusal_of_new(next(wrong.requests(kind)))
        yield as_data(wrong.why, error, [str(error.parameter)])


def values() -> Iterator[form.ValueClass]:
    for kind in VALUES:
        told = (f"{f'{field}: ' if field else ''}{sentence(fact)}" for fact, field in WHEN[kind].items())
        rules = [text.replace("`", "") for text in told]
        yield form.ValueClass(name=kind.__name__, fields=[_value(field) for field in fields_of(kind)], rules=rules)


def _value(field: Field) -> form.ValueField:
    plain = field.default.name if isinstance(field.default, Enum) else field.default
    required = field.default is msgspec.NODEFAULT
    return form.ValueField(
        name=field.name,
        type=field.type.replace("`", ""),
        meaning=field.meaning.text.replace("`", ""),
        required=required,
        default=None if required else [] if plain == () else cast("form.Json", plain),
        wire=re.findall(r"`(\w+)`", field.meaning.wire),
    )


def deadlines() -> Iterator[form.Deadline]:
    for name, time, kind, field, happens in (
        (RINGING_ENDS, "PhoneCallView.until", UnPark, "wait_for_pickup", timing.ringing_runs_out),
        (PARKING_ENDS, "Parking.until", Park, "max_in_parking", parking.when_the_time_runs_out),
        (CALL_ENDS, "PhoneCall.ends_by", CreateSimple, "call_duration", the_limit_of_the_call),
    ):
        (asked,) = (asked for asked in fields_of_input(kind) if asked.name == field)
        (bounds,) = asked.forms
        yield form.Deadline(
            name=name,
            field=time,
            minimum=cast("int", bounds.minimum),
            maximum=cast("int", bounds.maximum),
            default=cast("int | None", asked.default),
            happens=sentence(happens).replace("`", ""),
        )


def effects() -> Iterator[form.Effects]:
    changes, states = set(changes_of(observed())), set(states_of(observed()))
    order = list(ViewState)
    for cause in dict.fromkeys(step.cause for step in observed()):
        for part in (*WHO, "call"):
            fields = {kind: sorted(f for c, p, f, k in changes if (c, p, k) == (cause, part, kind)) for kind in _KINDS}
            moved = sorted(
                ((ViewState(a), ViewState(b)) for c, p, a, b in states if (c, p) == (cause, part)),
                key=lambda move: (order.index(move[0]), order.index(move[1])),
            )
            if moved or any(fields.values()):
                yield form.Effects(
                    cause=cause,
                    part=part,
                    states=[form.StateChange(before=before, after=after) for before, after in moved],
                    **fields,
                )


_KINDS = (SET, CLEARED, CHANGED)
