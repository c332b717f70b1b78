"""When the fields of a call, a parking and a recording are set and cleared, tested on every step that was observed."""

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from callstate import (
    DomainError,
    EndReason,
    ErrorCode,
    HangUp,
    HungUp,
    OnHold,
    Park,
    PhoneCall,
    PhoneCallView,
    Rang,
    UnPark,
    apply_action,
    unwrap,
)
from callstate.domain import CONNECTED, ENDED, ON_HOLD, RING_BACKS, whole
from callstate.engine import CARRIED, next_deadline
from tests.calls import BOB, at, connected, on
from tests.reference.observed import PARKING_ENDS, Observed, never_change, observed, seen_views

# A parking ------------------------------------------------------------------------------------------------------------


def what_a_parking_keeps() -> None:
    """
    `since`, `position`, `by`, `side` and `seconds` are given by Park: the time, the position, the number and the side
    of the parker, and `maxInParking`. They do not change as long as the party is parked.
    """
    parked = ((step, old.parking, new.parking) for step, old, new in seen_views() if old.parking and new.parking)
    never_change(parked, "since", "position", "by", "side", "seconds")
    for step, old, new in seen_views():
        if new.parking is not None and old.parking is None:
            (left,) = [v for o, v in step.pairs if o and o.live and v.reason is EndReason.PARKED]
            assert (new.parking.since, new.parking.by, new.parking.side) == (step.at, left.extension, left.side)
            assert new.parking.seconds == whole(step.input.max_in_parking)  # type: ignore[union-attr]  # a Park


def when_the_parker_is_rung_back() -> None:
    """
    `until` is `since` plus `seconds`. At that time `ring_backs` is increased by one if the parker's phone is rung, and
    `until` is that time plus `seconds`; after the tenth ring-back it has no value.
    """
    for step, old, new in seen_views():
        lot, before = new.parking, old.parking
        if lot is not None and before is None:
            assert (lot.until, lot.ring_backs) == (step.at + timedelta(seconds=lot.seconds or 0), 0)
        if lot is not None and before is not None and lot != before:
            assert step.cause == PARKING_ENDS
            rang = len(step.after.views) > len(step.before.views)  # type: ignore[union-attr]  # it is there
            assert lot.ring_backs == before.ring_backs + rang
            over = lot.ring_backs == RING_BACKS
            assert lot.until == (None if over else step.at + timedelta(seconds=lot.seconds or 0))


def what_a_recording_has() -> None:
    """`since` is the time of StartRecording, `format` that of the request. Neither changes."""
    recorded = ((step, old.recording, new.recording) for step, old, new in seen_views())
    never_change(((step, old, new) for step, old, new in recorded if old and new), "since", "format")
    for step, old, new in seen_views():
        if new.recording is not None and old.recording is None:
            assert (new.recording.since, new.recording.format) == (step.at, step.input.format)  # type: ignore[union-attr]  # a StartRecording


# A call ---------------------------------------------------------------------------------------------------------------


def what_a_call_keeps() -> None:
    """
    `id`, `extension`, `owner_id`, `owner_name`, `published`, `nonce`, `wait_for_pickup` and `allow_public_transfer` are
    given when the call is created and never change.
    """
    kept = ("id", "extension", "owner_id", "owner_name", "published", "nonce", "wait_for_pickup")
    never_change(_calls(), *kept, "allow_public_transfer")


def _calls() -> Iterator[tuple[Observed, PhoneCall, PhoneCall]]:
    return ((step, step.before, step.after) for step in observed() if step.before is not None)


def the_version() -> None:
    """`version` is increased by one by each input that changes the call and by each deadline."""
    assert all(after.version == before.version + 1 for _, before, after in _calls())


def when_it_was_updated() -> None:
    """`updated` is the time of the last input or deadline that changed the call."""
    assert all(after.updated == step.at for step, _, after in _calls())


def when_the_call_was_answered() -> None:
    """
    `answered` is the time at which two sides were first connected, or a mailbox took the call. It is set once and never
    cleared.
    """
    for step, before, after in _calls():
        if before.answered is not None:
            assert after.answered == before.answered
        else:
            new = [new for old, new in step.pairs if new.state is CONNECTED and not _talks(old)]
            assert after.answered == (step.at if any(view.side is not None for view in new) else None)


def _talks(view: PhoneCallView | None) -> bool:
    return view is not None and view.state in (CONNECTED, ON_HOLD)


def the_end_of_the_call() -> None:
    """`ends_by` is given when the call is created, and cleared when the call is over."""
    assert all(after.ends_by == (None if after.over else before.ends_by) for _, before, after in _calls())


def what_is_forgotten() -> None:
    """
    `forgotten` counts the ended views that the call no longer has. A call keeps ten ended views. If there are more,
    those that ended first are dropped, except for: views that ended in the same step, the newest view, the last view on
    the highest side, the newest ended view with the number and the side of the parker of a parked party, and
    transferors of which the successor is live. A ring-back that nobody has answered is such a newest view: Park's own
    can then be dropped. Of views that ended at the same time, the one with the lower id is dropped first.
    """
    for _, before, after in _calls():
        dropped = {view.id for view in before.views} - {view.id for view in after.views}
        assert after.forgotten == before.forgotten + len(dropped)
        assert dropped <= {view.id for view in before.views[:-1] if not view.live}
        assert not dropped or sum(not view.live for view in after.views) >= CARRIED
    assert CARRIED == 10
    lot = unwrap(apply_action(connected(), on(Park, max_in_parking=3600), at=at(20)))
    assert _ids_after(lot, "0003*300") == ["01", *(f"{number:02}" for number in range(4, 13))]
    assert _ids_after(lot, BOB) == [f"{number:02}" for number in range(3, 13)]


def _ids_after(call: PhoneCall, number: str) -> list[str]:
    """Retrieve a parked party eleven times by a phone that declines, and return the ids of those who have left."""
    for _ in range(11):
        rung = unwrap(apply_action(call, on(UnPark, send_call_to=number), at=at(30)))
        call = unwrap(apply_action(rung, on(HungUp, rung.views[-1].id), at=at(30)))
    return [view.id for view in call.views if not view.live]


def which_ids_are_forgotten() -> None:
    """
    If `forgotten` is not 0, an id of 1 to 9 digits that the call does not have is that of a dropped view if its number
    is lower than the highest id in the call, in any spelling (`3` is `03`). A signal about it is a late report, and a
    HangUp of it is a repeat; any other request that names it is refused as if the call never had it.
    """
    lot = connected()
    call = replace(
        lot, views=tuple(replace(view, id=f"{number}") for number, view in enumerate(lot.views, 4)), forgotten=3
    )
    for name in ("3", "03", "0"):
        for again in (on(Rang, name), on(HangUp, name)):
            assert apply_action(call, again, at=at(20)) is call
            assert isinstance(apply_action(replace(call, forgotten=0), again, at=at(20)), DomainError)
        refusal = apply_action(call, on(OnHold, name), at=at(20))
        assert isinstance(refusal, DomainError)
        assert refusal.code is ErrorCode.PHONECALLVIEW_INVALID
    assert isinstance(apply_action(call, on(HangUp, "06"), at=at(20)), DomainError)


def what_follows() -> None:
    """
    `deadline` is the earliest of `ends_by` and the limits of the views: `until` of a view, or that of its parking.
    `ended_views` is the number of ended views. Both follow from the other fields.
    """
    for step in observed():
        limits = [view.until if view.parking is None else view.parking.until for view in step.after.views]
        known = [limit for limit in (step.after.ends_by, *limits) if limit is not None]
        assert step.after.deadline == next_deadline(step.after) == min(known, default=None)
        assert step.after.ended_views == sum(view.state is ENDED for view in step.after.views)
