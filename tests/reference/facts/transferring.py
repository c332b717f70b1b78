"""What Transfer and TransferToVoicemail do."""

from itertools import product

from msgspec.structs import replace

from callstate import (
    Action,
    Answered,
    Disposition,
    DomainError,
    EndReason,
    PhoneCall,
    Transfer,
    TransferToVoicemail,
    advance,
    apply_action,
)
from callstate.domain import (
    ANSWERED,
    BARGE,
    CONNECTED,
    ENDED,
    MONITOR,
    OFF_HOOK,
    ON_HOLD,
    RINGING,
    TRYING,
    VOICEMAIL,
    WHISPER,
    Recording,
)
from tests.calls import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ELSEWHERE,
    at,
    changed,
    connected,
    done,
    held,
    incoming,
    on,
    refused,
    ringing,
    seen,
    states,
    supervised,
    view,
)
from tests.reference.facts.fact import differ, only_adds

KINDS: tuple[type[Action], ...] = (Transfer, TransferToVoicemail)


def fork() -> PhoneCall:
    """Alice (00) hears two phones ring: Bob's (01) and Carol's (02)."""
    call = ringing()
    return replace(call, views=(*call.views, view("02", CAROL, RINGING, side=1)))


def _sent(call: PhoneCall, kind: type[Action], **fields: str | None) -> tuple[str, str]:
    """Return the ids of the party that was transferred and of the transferor."""
    after = done(call, on(kind, **fields))
    (left,) = [v for v in after.views if v.successor is not None]
    (sent,) = [v for v in after.views if v.live and v.id in {v.id for v in call.views} and v.side != left.side]
    return sent.id, left.id


def by_numbers() -> None:
    """
    `transferFromNumber` is the transferor, who leaves. `transferNumber` is the transferred party. If one of the two is
    missing, it is the other party of the call.
    """
    for kind in KINDS:
        both = {"transfer_from_number": ALICE, "transfer_number": BOB}
        for given in (both, *({name: number} for name, number in both.items())):
            assert _sent(connected(), kind, view_id=None, **given) == ("01", "00")


def by_view() -> None:
    """
    If both are missing, the party of the named view is transferred. There are two exceptions: if the named view is the
    asker's own, the asker is the transferor; and an outside party is the transferor only if a number says so, unless it
    is the phone of `sendCallTo` itself. Without a view the asker is the transferor.
    """
    for kind in KINDS:
        assert _sent(connected(), kind, view_id="00") == ("00", "01")
        assert _sent(connected(), kind, view_id="00", extension=ALICE) == ("01", "00")
        assert _sent(incoming(), kind, view_id="01", extension="@self") == ("00", "01")
        assert _sent(incoming(), kind, view_id=None, transfer_number=BOB) == ("01", "00")
        assert _sent(connected(), kind, view_id=None, extension=BOB) == ("00", "01")
    retry = done(connected(), on(Transfer, send_call_to=ELSEWHERE), on(Answered, "02"))
    assert done(retry, on(Transfer, send_call_to=ELSEWHERE)) is retry


def _held_and_recorded() -> PhoneCall:
    return changed(held("00"), "00", recording=Recording(since=at(8)))


def _is_free_of_hold(kind: type[Action]) -> None:
    before = _held_and_recorded()
    sent = seen(done(before, on(kind, view_id="00")), "00")
    assert sent.state is (ANSWERED if kind is Transfer else CONNECTED)
    assert (sent.on_hold, sent.recording) == (None, seen(before, "00").recording)


def the_transferred_party_waits() -> None:
    """The transferred view is `ANSWERED`. Its own hold ends; a running recording continues."""
    _is_free_of_hold(Transfer)


def the_transferred_party_is_connected() -> None:
    """
    The transferred view is `CONNECTED`. Its own hold ends; a running recording continues. If it has no date of answer,
    it gets the time of the request as one, even if it was `CONNECTED` before.
    """
    undated = changed(connected(), "00", answered=None)
    assert seen(done(undated, on(TransferToVoicemail)), "00").answered == at(20)
    _is_free_of_hold(TransferToVoicemail)


def the_leg_rings() -> None:
    """
    A leg for `sendCallTo` is added on the transferor's side. An extension is `RINGING`; an outside number is `TRYING`
    and unlisted. Either is limited to the call's own `waitForPickup` (25 s unless the call was created with another
    value). When the leg answers, both are `CONNECTED`.
    """
    for number, state, listed in ((DAVE, RINGING, True), (ELSEWHERE, TRYING, False)):
        for wait in (25, 40):
            before = replace(connected(), wait_for_pickup=wait)
            call = done(before, on(Transfer, send_call_to=number))
            leg = only_adds(before, call, "00", "01")
            assert (leg.side, leg.state, leg.listed, leg.until) == (1, state, listed, at(20 + wait))
            assert states(done(call, on(Answered, "02"))) == (CONNECTED, ENDED, CONNECTED)


def nobody_answers() -> None:
    """If the leg does not answer, the call is over, because nobody is left on that side."""
    late = advance(done(connected(), on(Transfer)), at=at(45))
    assert late.over
    assert (seen(late, "02").reason, seen(late, "00").reason) == (EndReason.NO_ANSWER, EndReason.OTHER_LEFT)


def a_ringing_call_is_deflected() -> None:
    """
    If the transferor's phone still rings and nobody on its side has answered, the call is deflected: the transferor's
    view is `ENDED` (reason DEFLECTED, disposition NO ANSWER), the new leg takes its place, and the transferred party
    keeps its state. The other phones that ring on that side go on ringing.
    """
    for before in (fork(), changed(fork(), "00", state=TRYING)):
        call = done(before, on(Transfer, None, transfer_from_number=BOB))
        left = seen(call, "01")
        assert (left.reason, left.disposition) == (EndReason.DEFLECTED, Disposition.NO_ANSWER)
        assert (left.successor, seen(call, "03").side) == ("03", 1)
        assert seen(call, "00").state is seen(before, "00").state
        assert seen(call, "02").state is RINGING


def it_is_deflected_to_the_mailbox() -> None:
    """
    If the transferor's phone still rings and nobody on its side has answered, the call is deflected to the mailbox: the
    transferor's view is `ENDED` (reason DEFLECTED, disposition NO ANSWER), and so are the other phones that ring on
    that side (reason ANSWERED_ELSEWHERE), because the mailbox has answered.
    """
    call = done(fork(), on(TransferToVoicemail, None, transfer_from_number=BOB))
    assert states(call) == (CONNECTED, ENDED, ENDED, CONNECTED)
    reasons = [seen(call, left).reason for left in ("01", "02")]
    assert reasons == [EndReason.DEFLECTED, EndReason.ANSWERED_ELSEWHERE]
    assert {seen(call, left).disposition for left in ("01", "02")} == {Disposition.NO_ANSWER}


def several_phones_ring() -> None:
    """
    If several phones ring on that side, `transferFromNumber` must be the number of one of them, or the named view must
    be its view, or the asker must be its extension.
    """
    for kind in KINDS:
        for told in ({"transfer_from_number": CAROL}, {"extension": CAROL}, {"view_id": "02", "extension": CAROL}):
            fields = {"view_id": None, **told}
            assert seen(done(fork(), on(kind, **fields)), "02").reason is EndReason.DEFLECTED
        assert isinstance(apply_action(fork(), on(kind, None, transfer_number=ALICE), at=at(20)), DomainError)


def which_state_counts() -> None:
    """
    The state of the view is that of the transferred party. In `CONNECTED` and `ON_HOLD` the transferor must be
    `CONNECTED` or `ON_HOLD` too; in the other states the request is accepted only while the transferor's phone rings.
    """
    for kind in KINDS:
        for transferor, state in product((connected(), held("01")), (CONNECTED, ON_HOLD)):
            done(changed(transferor, "00", state=state, on_hold=at(8) if state is ON_HOLD else None), on(kind))
        for state in (OFF_HOOK, TRYING, ANSWERED):
            done(changed(ringing(), "00", state=state), on(kind))
            tried = changed(changed(ringing(), "00", state=state), "01", state=TRYING)
            assert isinstance(apply_action(tried, on(kind), at=at(20)), DomainError)


def which_number_is_wrong() -> None:
    """
    If the numbers name nobody who can be meant, the parameter is `transferNumber` if that number is given and is not
    that of a party opposite the transferor, as long as `transferFromNumber` is missing or is that of a transferor.
    Otherwise it is `transferFromNumber`. If both numbers are the same, it is `transferNumber`.
    """
    nobody, other = "0003*998", "0003*997"
    for kind in KINDS:
        for leaver, sent, parameter in (
            (nobody, None, "transferFromNumber"),
            (None, nobody, "transferNumber"),
            (ALICE, nobody, "transferNumber"),
            (nobody, ALICE, "transferFromNumber"),
            (nobody, other, "transferFromNumber"),
            (ALICE, ALICE, "transferNumber"),
        ):
            asked = on(kind, None, transfer_from_number=leaver, transfer_number=sent)
            assert refused(connected(), asked).parameter == parameter, (leaver, sent)


def the_transferor_leaves() -> None:
    """
    The transferor's view is `ENDED` (reason TRANSFERRED, disposition ANSWERED, unless the call is deflected). Its field
    `successor` is the id of the new leg.
    """
    for kind in KINDS:
        left = seen(done(connected(), on(kind)), "01")
        assert (left.state, left.reason, left.disposition) == (ENDED, EndReason.TRANSFERRED, Disposition.ANSWERED)
        assert left.successor == "02"


def its_supervisors_leave() -> None:
    """Legs that whisper to, monitor or ring to join the transferor end as well."""
    for kind in KINDS:
        for role, state in ((WHISPER, CONNECTED), (MONITOR, CONNECTED), (BARGE, RINGING)):
            before = supervised(role, state)
            assert seen(done(before, on(kind, "00")), "02").reason is EndReason.TARGET_LEFT
            assert seen(done(before, on(kind, "01")), "02").live


def the_mailbox_is_up() -> None:
    """
    A leg with the role VOICEMAIL is added on the transferor's side. It is `CONNECTED` immediately and unlisted, because
    the phone of that extension is idle.
    """
    call = done(connected(), on(TransferToVoicemail))
    leg = only_adds(connected(), call, "00", "01")
    assert (leg.role, leg.side, leg.state, leg.listed) == (VOICEMAIL, 1, CONNECTED, False)
    assert differ(connected(), call, "00") == set()
