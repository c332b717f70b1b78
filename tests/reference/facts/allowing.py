"""What it means that an action is allowed on a view."""

from collections.abc import Iterator
from itertools import product

from callstate import (
    LENIENT,
    STRICT,
    Action,
    DomainError,
    HangUp,
    OnHold,
    Park,
    PhoneCall,
    StartRecording,
    Transfer,
    TransferToVoicemail,
    Whisper,
    allowed_actions,
    apply_action,
)
from callstate.domain import ACTIONS, RINGING, Check
from callstate.engine import Rules
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    STARTS,
    at,
    changed,
    conference,
    connected,
    held,
    incoming,
    on,
    refused,
    retrieving,
    ringing,
    seen,
    supervised,
    view,
)
from tests.reference.facts.recording import recorded

NEW = "0003*998"
"""An extension that has nothing to do with any call."""


def requests_of(call: PhoneCall, view_id: str, kind: type[Action]) -> Iterator[Action]:
    """Build every request of a kind for a view that could matter: other numbers, formats and askers are like these."""
    parties = {v.extension for v in call.views}
    numbers = parties | {DAVE, NEW}
    askers = {"@self"} | {v.parking.by for v in call.views if v.parking is not None}
    if kind is HangUp:
        yield on(kind, view_id)
    elif kind is StartRecording:
        yield from (on(kind, view_id, format=form) for form in ("wav", "wav49"))
    elif kind is Park:
        yield from (on(kind, view_id, extension=asker) for asker in sorted({*askers, seen(call, view_id).extension}))
    elif kind in (Transfer, TransferToVoicemail):
        # Without numbers, which count before the view.
        yield from (on(kind, view_id, send_call_to=NEW, extension=asker) for asker in sorted({"@self", *parties}))
    elif kind is Whisper:
        for number, private in product(sorted(numbers), (0, 1)):
            yield on(kind, view_id, send_call_to=number, private=private)
    elif "send_call_to" in kind.__struct_fields__:
        yield from (on(kind, view_id, send_call_to=number) for number in sorted(numbers))
    else:
        yield on(kind, view_id)


def would_change(call: PhoneCall, view_id: str, kind: type[Action], rules: Rules) -> bool:
    """Tell whether some request of a kind that names the view is accepted and changes the call."""
    now = call.updated or at(0)
    results = (apply_action(call, request, at=now, rules=rules) for request in requests_of(call, view_id, kind))
    return any(isinstance(result, PhoneCall) and result is not call for result in results)


def some_request() -> None:
    """
    An action is allowed on a view if some request of its kind, with the view as `phoneCallViewId` and without the
    numbers of parties, would be accepted and would change the call.
    """
    for start, rules in product(STARTS, (LENIENT, STRICT)):
        call = start()
        for v in call.views:
            if v.live and v.listed:
                changing = [kind.__name__ for kind in ACTIONS if would_change(call, v.id, kind, rules)]
                assert allowed_actions(call, v.id, rules=rules) == tuple(changing)


def repeats_are_not_allowed() -> None:
    """
    A repeat changes nothing, so an action of which every request would be a repeat is not allowed, although it would be
    accepted: OnHold on a view that holds, for example. Both rule sets therefore allow the same.
    """
    assert "OnHold" not in allowed_actions(held(), "00")
    assert apply_action(held(), on(OnHold, "00"), at=at(20)) == held()
    for start in STARTS:
        for v in start().views:
            assert allowed_actions(start(), v.id) == allowed_actions(start(), v.id, rules=STRICT)


def on_which_views() -> None:
    """On a view that is unlisted, that has ended, or that the call does not have, nothing is allowed."""
    assert allowed_actions(incoming(), "00") == ()
    assert allowed_actions(connected(), "99") == ()
    assert all(allowed_actions(start(), v.id) == () for start in STARTS for v in start().views if not v.live)


def any_asker() -> None:
    """
    Who asks does not count: the asker of the request may be anybody who can ask, so Park and the transfers are allowed
    on the view of either party. Whether a phone is there that can be rung does not count either, nor a free position in
    the lot.
    """
    for v in ("00", "01"):
        assert {"Park", "Transfer", "TransferToVoicemail", "BargeIn"} <= set(allowed_actions(connected(), v))
    full = refused(connected(), on(Park, "00", position=None))
    assert "Park" in full.allowed


def two_of_several() -> None:
    """
    UnPark and PickUp stay allowed while a phone rings for them, because another phone can be rung too. BargeIn, Whisper
    and Monitor stay allowed for other phones.
    """
    assert "UnPark" in allowed_actions(retrieving(CAROL), "00")
    assert "PickUp" in allowed_actions(ringing(), "01")
    assert {"BargeIn", "Whisper", "Monitor"} <= set(allowed_actions(supervised(), "01"))


def what_recording_allows() -> None:
    """StartRecording is allowed only on a view that is not recorded, StopRecording only on one that is."""
    assert "StopRecording" in allowed_actions(recorded(), "00")
    assert "StartRecording" not in allowed_actions(recorded(), "00")
    assert "StopRecording" not in allowed_actions(connected(), "00")


def what_a_conference_allows() -> None:
    """
    In a call of more than two sides, Park, UnPark, Transfer and TransferToVoicemail are not allowed on any view. A
    guest that still rings counts, a leg that rings to barge in does not.
    """
    sending = {"Park", "UnPark", "Transfer", "TransferToVoicemail"}
    assert all(sending.isdisjoint(allowed_actions(conference(), v.id)) for v in conference().views)
    guest = (*connected().views, view("02", CAROL, RINGING, side=2))
    more = PhoneCall(id="c1", extension=ALICE, views=guest)
    assert sending.isdisjoint(allowed_actions(more, "00"))


def what_an_outside_party_allows() -> None:
    """
    Park is allowed if one of the two parties is an extension. Transfer is not allowed in a call that refuses it
    (`allow_public_transfer` is false), TransferToVoicemail is.
    """
    both = changed(changed(connected(), "00", outside=True), "01", outside=True)
    assert "Park" not in allowed_actions(both, "00")
    assert "Park" in allowed_actions(changed(connected(), "00", outside=True), "00")
    private = PhoneCall(id="c1", extension=ALICE, views=connected().views, allow_public_transfer=False)
    assert [name for name in allowed_actions(private, "00") if name.startswith("Transfer")] == ["TransferToVoicemail"]


def in_a_refusal() -> None:
    """
    `allowed` of a refusal is about the view that the request names, or, if it names none, about the view that stood in
    the way. It is empty if there is no such view, and if the check of the call, of the extension or of the action
    failed. Deadlines that passed before the request have fired.
    """
    refusal = refused(ringing(), on(OnHold, "01"))
    assert refusal.allowed == allowed_actions(ringing(), "01")
    stranger = refused(ringing(), on(OnHold, "01", extension=DAVE))
    assert (stranger.check, stranger.allowed) == (Check.EXTENSION, ())
    unnamed = refused(ringing(), on(Transfer, None, extension=BOB, send_call_to=ALICE))
    assert (unnamed.view_id, unnamed.allowed) == ("00", allowed_actions(ringing(), "00"))
    assert refused(ringing(), on(OnHold, "99")).allowed == ()
    late = apply_action(retrieving(CAROL), on(OnHold, "00"), at=at(100))
    assert isinstance(late, DomainError)
    assert late.allowed == allowed_actions(retrieving(CAROL), "00")


MEANING = (some_request, repeats_are_not_allowed, on_which_views, any_asker)
DETAILS = (two_of_several, what_recording_allows, what_a_conference_allows, what_an_outside_party_allows)
