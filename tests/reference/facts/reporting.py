"""What is true of every signal."""

from collections.abc import Mapping

from callstate import (
    Action,
    Answered,
    Dialled,
    DomainError,
    ErrorCode,
    FarEndRang,
    Held,
    HungUp,
    Rang,
    Resumed,
    apply_action,
)
from callstate.domain import MONITOR, SIGNALS, TRYING, VOICEMAIL, WHISPER
from callstate.engine import LENIENT, STRICT
from callstate.engine.machine import OF_THE_CALLER
from tests.calls import at, callback, changed, connected, dialling, done, incoming, on, over, refused, supervised
from tests.reference.facts.fact import Fact


def about_any_view() -> None:
    """A signal can be about any [view](glossary.md#view), listed or unlisted."""
    assert done(incoming(), on(Held, "00")) != incoming()
    assert done(incoming(), on(Held, "01")) != incoming()


def what_it_has() -> None:
    """
    A signal has the id of the call and the id of a view. HungUp can also have a `disposition`: why the party could not
    be reached.
    """
    for kind in SIGNALS:
        more = {"disposition"} if kind is HungUp else set()
        assert set(kind.__struct_fields__) == {"call_id", "view_id", *more}


def late_reports_are_ignored() -> None:
    """
    Reports can arrive late, twice and in any order. A *late report* says something that is already known, or less than
    is known; it is ignored by both rule sets. After the call is over, every signal about one of its views is a late
    report.
    """
    for rules in (LENIENT, STRICT):
        for kind in (Rang, Answered, FarEndRang, Resumed):
            assert apply_action(connected(), on(kind), at=at(20), rules=rules) == connected()
        call = over()
        assert all(apply_action(call, on(signal), at=at(20), rules=rules) is call for signal in SIGNALS)


def what_is_refused() -> None:
    """
    A signal is refused with `pc_phonecall_invalid` if the call is unknown, with `pc_phonecallview_invalid` if the call
    never had such a view, even after it is over, and with `wrong_state` if a view in this role or state does not accept
    it.
    """
    for kind in SIGNALS:
        nobody = apply_action(None, on(kind), at=at(20))
        assert isinstance(nobody, DomainError)
        assert nobody.code is ErrorCode.PHONECALL_INVALID
        for call in (connected(), over()):
            assert refused(call, on(kind, "07")).code is ErrorCode.PHONECALLVIEW_INVALID
    assert refused(dialling(), on(Held)).code is ErrorCode.WRONG_STATE
    assert refused(supervised(), on(Held, "02")).code is ErrorCode.WRONG_STATE


DIALLED_ITSELF = (Dialled, FarEndRang)


def of_the_caller() -> None:
    """Only a view of the calling side (side 0) that dials itself accepts it."""
    assert set(DIALLED_ITSELF) == OF_THE_CALLER
    for kind in DIALLED_ITSELF:
        done(dialling(), on(kind, "00"))
        assert refused(dialling(), on(kind, "01")).code is ErrorCode.WRONG_STATE
        assert refused(callback(), on(kind, "00")).code is ErrorCode.WRONG_STATE


def not_of_the_caller() -> None:
    """A view of the calling side (side 0) that dials itself does not accept it."""
    assert refused(changed(dialling(), "00", state=TRYING), on(Rang)).code is ErrorCode.WRONG_STATE


def of_those_who_speak() -> None:
    """A leg that whispers or monitors does not accept it, nor does a mailbox."""
    at_the_mailbox = changed(connected(), "01", role=VOICEMAIL, listed=False)
    for kind in (Held, Resumed):
        for role in (WHISPER, MONITOR):
            assert refused(supervised(role), on(kind, "02")).code is ErrorCode.WRONG_STATE
        assert refused(at_the_mailbox, on(kind, "01")).code is ErrorCode.WRONG_STATE


FROM: Mapping[type[Action], Fact] = {
    **dict.fromkeys(DIALLED_ITSELF, of_the_caller),
    Rang: not_of_the_caller,
    Held: of_those_who_speak,
    Resumed: of_those_who_speak,
}
"""Which views accept a signal, where the state does not tell."""
