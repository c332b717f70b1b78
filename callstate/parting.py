"""What an action that parts two parties does to them: one waits in the lot or is sent elsewhere, the other leaves.

One rule: as for all effects, every check has been made before, and what follows for other views is left to the rules.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from callstate.actions import Action, Park, Transfer, TransferToVoicemail
from callstate.effects import Views, end, enter, far_end, leg, swap
from callstate.forms import whole
from callstate.model import CONNECTED, VOICEMAIL, Disposition, Parking, PhoneCall, ViewState, evolve, later
from callstate.pairs import Pair

Part: TypeAlias = Callable[[PhoneCall, Any, Pair, ViewState, datetime], Views]  # Any: each takes its own action


def _park(call: PhoneCall, action: Park, pair: Pair, to: ViewState, at: datetime) -> Views:
    parker, seconds = pair.other, whole(action.max_in_parking)
    assert parker is not None and parker.side is not None  # checked: there are two parties, each on a side
    assert action.position is not None and seconds is not None  # checked: there is room, and a limit
    until = later(at, seconds)
    lot = Parking(
        since=at, position=action.position, by=parker.extension, side=parker.side, seconds=seconds, until=until
    )
    waiting = enter(pair.subject, to, at, parking=lot, listed=True)
    return swap(call.views, waiting, end(parker, at, Disposition.ANSWERED))


def _transfer(call: PhoneCall, action: Transfer, pair: Pair, to: ViewState, at: datetime) -> Views:
    views, side = _without_transferor(call, pair, to, at)
    return (*views, leg(views, action.send_call_to, at, side=side, **far_end(action.send_call_to, pair.subject)))


def _to_voicemail(call: PhoneCall, action: TransferToVoicemail, pair: Pair, to: ViewState, at: datetime) -> Views:
    views, side = _without_transferor(call, pair, to, at)
    new = leg(views, action.send_call_to, at, role=VOICEMAIL, side=side, **far_end(action.send_call_to, pair.subject))
    return (*views, evolve(new, state=CONNECTED, ringing=None, until=None, answered=at))


def _without_transferor(call: PhoneCall, pair: Pair, to: ViewState, at: datetime) -> tuple[Views, int | None]:
    leaver = pair.other
    assert leaver is not None  # checked: there are two parties
    # Who is read as on call may have no date of answer; by now it has answered.
    moved = enter(pair.subject, to, at, answered=pair.subject.answered or at)
    return swap(call.views, moved, end(leaver, at, Disposition.ANSWERED)), leaver.side


PARTS: Mapping[type[Action], Part] = {
    Park: _park,
    Transfer: _transfer,
    TransferToVoicemail: _to_voicemail,
}
