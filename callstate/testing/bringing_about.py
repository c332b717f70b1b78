"""How a call that is given comes about by requests and signals, for a service that makes its calls itself.

One rule: a way is one only if the reference comes to the same call by it, but for dates that nothing depends on.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from callstate import domain
from callstate.engine import Rules, apply_action, create_call
from callstate.testing.steps import Begin, Input, Step


def way_to(given: domain.PhoneCall, rules: Rules) -> tuple[Step, ...]:
    """Return the steps that lead to a call; none if it is not known how."""
    first, at = given.views[0], given.published
    if at is None or not first.source or not first.destination:
        return ()
    call = create_call(_create(given, at), at=at, rules=rules)
    steps: list[Step] = [Begin(_create(given, at), given.id)]
    for when, action in sorted(_events(given), key=lambda event: event[0]):
        if not isinstance(call, domain.PhoneCall):
            return ()
        call = apply_action(call, action, at=when, rules=rules)
        steps.append(Input(action, (when - at).total_seconds()))
        at = when
    return tuple(steps) if isinstance(call, domain.PhoneCall) and _essence(call) == _essence(given) else ()


def _create(given: domain.PhoneCall, at: datetime) -> domain.Create:
    first, begins = given.views[0], given.answered or at
    return domain.CreateSimple(
        call_id=given.id,
        extension=given.extension,
        source=first.source,
        destination=first.destination,
        wait_for_pickup=given.wait_for_pickup,
        call_duration=None if given.ends_by is None else int((given.ends_by - begins).total_seconds()),
        allow_public_transfer=given.allow_public_transfer,
    )


def _events(given: domain.PhoneCall) -> Iterator[tuple[datetime, domain.Action]]:
    """Yield what must have happened, and when, for the views to be as they are."""
    for view in given.views:
        named = {"call_id": given.id, "view_id": view.id}
        if view.answered is not None:
            yield view.answered, domain.Answered(**named)
        if view.on_hold is not None:
            yield view.on_hold, domain.OnHold(**named)
        if view.recording is not None:
            yield view.recording.since, domain.StartRecording(**named, format=view.recording.format)
        if view.parking is not None:
            yield view.parking.since, _park(given, view.parking)


def _park(given: domain.PhoneCall, parking: domain.Parking) -> domain.Action:
    parker = next((view.id for view in given.views if view.extension == parking.by), "")
    park = domain.Park(call_id=given.id, view_id=parker, extension=parking.by, position=parking.position)
    return park if parking.seconds is None else replace(park, max_in_parking=parking.seconds)


def _essence(call: domain.PhoneCall) -> Any:  # Any: plain values to be compared
    """Return what the answers to inputs depend on."""
    views = [
        (
            *(view.id, view.extension, view.state, view.role, view.side, view.target, view.listed, view.outside),
            *(view.source, view.destination, view.on_hold, view.parking, view.until, view.recording, view.reason),
        )
        for view in call.views
    ]
    return call.extension, call.ends_by, call.wait_for_pickup, call.allow_public_transfer, views
