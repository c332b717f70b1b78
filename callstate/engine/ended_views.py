"""What a call carries of the parties that have left: the newest ones, so that a long call stays small.

One rule: a view is dropped only when no request and no rule can ask for it any more.
"""

from collections.abc import Iterator

from callstate import domain
from callstate.domain import ENDED
from callstate.engine.parties import parker_of

CARRIED = 10
"""How many ended views a call carries; there are more only if more must stay."""


def carried(before: domain.PhoneCall, views: tuple[domain.PhoneCallView, ...]) -> tuple[domain.PhoneCallView, ...]:
    """Of more than ten ended views drop those that ended earliest until ten are left, except those that must stay."""
    ended = [view for view in views if view.state is ENDED]
    surplus = len(ended) - CARRIED
    stay = set(_must_stay(before, views))
    oldest = sorted((view for view in ended if view.id not in stay), key=_when_ended)
    dropped = {view.id for view in oldest[:surplus]}
    return tuple([view for view in views if view.id not in dropped])


def _when_ended(view: domain.PhoneCallView) -> tuple[object, int]:
    return view.ended, int(view.id)


def _must_stay(before: domain.PhoneCall, views: tuple[domain.PhoneCallView, ...]) -> Iterator[str]:
    """Yield the ids of the views that are asked for.

    They are those that lived before this step, because `changes` has to report their end; those with the highest id
    and the highest side, because both are never given twice; the parker of a parked party; and a transferor while the
    leg that came in its place lives, because it may repeat its request.
    """
    yield from (view.id for view in before.views if view.live)
    yield views[-1].id
    highest = max((view.side for view in views if view.side is not None), default=None)
    yield from [view.id for view in views if view.side == highest][-1:]
    live = {view.id for view in views if view.live}
    yield from (view.id for view in views if view.successor in live)
    parkers = (parker_of(views, view) for view in views if view.parking is not None)
    yield from (view.id for view in parkers if view is not None)
