"""Who can ask for an action, and what is checked beside the action itself."""

from itertools import product

from callstate import (
    STRICT,
    Action,
    BargeIn,
    Check,
    DomainError,
    ErrorCode,
    HangUp,
    Park,
    PhoneCall,
    Transfer,
    TransferToVoicemail,
    apply_action,
)
from callstate.domain import ACTIONS, BARGE, RINGING, SELF, SIGNALS
from callstate.engine import BY_A_COLLEAGUE
from callstate.engine.transition_table import BETWEEN_TWO
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    OUTSIDE,
    at,
    changed,
    conference,
    connected,
    done,
    incoming,
    on,
    over,
    parked,
    refused,
    retrieving,
    supervised,
    unknown,
)
from tests.reference.facts.transferring import KINDS

IN_THE_CALL = tuple(kind for kind in ACTIONS if kind not in BY_A_COLLEAGUE)


def _check(call: PhoneCall, action: Action) -> Check | None:
    """Return the check that failed, if one did."""
    result = apply_action(call, action, at=at(20))
    return result.check if isinstance(result, DomainError) else None


def by_those_in_the_call() -> None:
    """
    Asker: `@self`, the extension that pays for the call, the extension of a live view, or the parker of a parked party.
    """
    for kind in IN_THE_CALL:
        for asker in (SELF, ALICE, BOB):
            assert _check(connected(), on(kind, extension=asker)) is not Check.EXTENSION
        assert _check(parked(), on(kind, extension=BOB)) is not Check.EXTENSION
        assert _check(connected(), on(kind, extension=DAVE)) is Check.EXTENSION


def by_a_colleague() -> None:
    """Asker: `@self`, any extension, or the number of a live view, that of an outside party included."""
    for kind in BY_A_COLLEAGUE:
        for asker in (SELF, ALICE, ERIN):
            assert _check(connected(), on(kind, extension=asker)) is not Check.EXTENSION
        assert _check(incoming(), on(kind, extension=OUTSIDE)) is not Check.EXTENSION
        assert _check(connected(), on(kind, extension=OUTSIDE)) is Check.EXTENSION


def hung_up_again() -> None:
    """An extension that has left the call can repeat a hang-up of itself."""
    left = done(conference(), on(HangUp, "02"))
    for told in ({"view_id": "02"}, {"view_id": None}, {"view_id": None, "phone_number": CAROL}):
        assert done(left, on(HangUp, extension=CAROL, **told)) is left
    assert _check(left, on(HangUp, "00", extension=CAROL)) is Check.EXTENSION


def transferred_again() -> None:
    """
    A transferor that has left by this action can repeat it, as long as the leg that took its place is live. Whether the
    request is a repeat is told by the whole request, so the check of the extension needs all of it; a request that is
    not a repeat, or that has a malformed number, is refused with `extension_invalid`.
    """
    for kind in KINDS:
        sent = done(connected(), on(kind))
        assert done(sent, on(kind, None, extension=BOB)) is sent
        for wrong in ({"send_call_to": CAROL}, {"send_call_to": ";"}, {"transfer_number": ";"}):
            error = refused(sent, on(kind, None, extension=BOB, **wrong))
            assert (error.code, error.check) == (ErrorCode.EXTENSION_INVALID, Check.EXTENSION)


def between_two_sides() -> None:
    """
    Sides: the call has exactly two sides with a live view. While a party is parked, the lot counts as its other side.
    """
    for kind in BETWEEN_TWO:
        assert _check(conference(), on(kind)) is Check.ROLE
        assert _check(connected(), on(kind)) is not Check.ROLE
        assert _check(parked(), on(kind)) is not Check.ROLE


def repeats_come_first() -> None:
    """[Repeats](#repeats) are checked before the state, except in `UNKNOWN`."""
    for kind in ACTIONS:
        if kind is not HangUp:
            assert _check(unknown(), on(kind)) is Check.STATE


def without_another_party() -> None:
    """If there is no other party, because it is parked or has not joined yet, the check that fails is `state`."""
    for action in (
        on(Park, "02"),
        on(Transfer, "02", send_call_to=CAROL),
        on(Transfer, "00", send_call_to=CAROL),
        on(TransferToVoicemail, "00"),
    ):
        error = refused(retrieving(BOB), action)
        assert (error.code, error.check) == (ErrorCode.WRONG_STATE, Check.STATE), action
    for kind in KINDS:
        assert _check(supervised(BARGE, RINGING), on(kind, None, extension=CAROL)) is Check.STATE


AGAIN = {HangUp: hung_up_again, Transfer: transferred_again, TransferToVoicemail: transferred_again}
"""What somebody who has left can ask."""


def fields_come_first() -> None:
    """A repeat with a malformed field is refused; the values of its other fields have no effect."""
    rung = done(connected(), on(BargeIn, "00", wait_for_pickup=30))
    again = on(BargeIn, "00", wait_for_pickup=99, caller_id="Eve")
    assert done(rung, again) is rung
    assert _check(rung, on(BargeIn, "00", caller_id=";")) is Check.FIELDS


def after_the_end() -> None:
    """
    When the call is over, every action is refused with `call_ended`, except for a HangUp by `@self`, by the extension
    that pays or by a number that had a view in the call. That is a repeat, unless it names a view that is unlisted or
    that the call never had, which is refused with `pc_phonecallview_invalid`. A HangUp by anybody else is refused with
    `extension_invalid`.
    """
    for kind in ACTIONS:
        for asker in (SELF, ALICE, BOB, DAVE):
            result = apply_action(over(), on(kind, extension=asker), at=at(20))
            if kind is HangUp:
                assert isinstance(result, DomainError) == (asker == DAVE)
                assert not isinstance(result, DomainError) or result.code is ErrorCode.EXTENSION_INVALID
            else:
                assert isinstance(result, DomainError)
                assert result.code is ErrorCode.CALL_ENDED
    unlisted = changed(over(), "00", listed=False)
    for call, view_id in ((over(), "99"), (unlisted, "00")):
        assert _check(call, on(HangUp, view_id)) is Check.VIEW
    assert done(over(), on(HangUp, "00")) == over()


def after_the_end_strictly() -> None:
    """
    The strict rules refuse every action on a call that is over with `call_ended`, a HangUp included, before they check
    the extension and the view. It does not matter who asks, or which view is named.
    """
    for kind, asker, view_id in product(ACTIONS, (SELF, BOB, DAVE), ("00", "99")):
        error = refused(over(), on(kind, view_id, extension=asker), rules=STRICT)
        assert (error.code, error.check) == (ErrorCode.CALL_ENDED, Check.CALL)


def signals_have_no_asker() -> None:
    """A signal has no asker: the program that watches the network reports it."""
    assert all("extension" not in kind.__struct_fields__ for kind in SIGNALS)
