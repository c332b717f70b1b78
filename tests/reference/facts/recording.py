"""What StartRecording and StopRecording do."""

from callstate import HungUp, OffHold, OnHold, Park, PhoneCall, StartRecording, StopRecording, Transfer
from callstate.domain import Recording
from tests.calls import BOB, at, changed, connected, done, held, on, seen
from tests.reference.facts.fact import differ, only_changes


def recorded() -> PhoneCall:
    """Alice (00) talks to Bob (01) and is recorded."""
    return changed(connected(), "00", recording=Recording(since=at(8)))


def it_starts() -> None:
    """`recording` is the time of the start. The state does not change."""
    for call in (connected(), held()):
        started = done(call, on(StartRecording))
        assert differ(call, started, "00") == {"recording"}
        assert seen(started, "00").recording == Recording(since=at(20))


def it_continues_and_ends() -> None:
    """
    The recording continues when that party is put on hold, parked or transferred. It ends with the party's view.
    """
    before = seen(recorded(), "00").recording
    for inputs in (
        (on(OnHold), on(OffHold)),
        (on(Park, "00"),),
        (on(Transfer, None, extension=BOB),),
    ):
        assert seen(done(recorded(), *inputs), "00").recording == before
    assert seen(done(recorded(), on(HungUp)), "00").recording is None


def each_party_separately() -> None:
    """No other view changes. Each party is recorded separately."""
    call = done(recorded(), on(StartRecording, "01", format="wav49"))
    assert only_changes(recorded(), call, "01")
    assert seen(call, "00").recording == seen(recorded(), "00").recording


def it_stops() -> None:
    """`recording` is removed. The state does not change."""
    call = done(recorded(), on(StopRecording))
    assert differ(recorded(), call, "00") == {"recording"}
    assert seen(call, "00").recording is None


def only_that_view() -> None:
    """No other view changes."""
    assert only_changes(recorded(), done(recorded(), on(StopRecording)), "00")
