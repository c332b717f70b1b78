"""The exploration that the documentation shows: from which calls, with which invariants, and its figures for people.

One rule: it returns values and text. It knows nothing of files, screens or clocks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from callstate import domain
from callstate.engine import LENIENT, Rules, create_call
from callstate.exploration.change_invariants import CHANGE_INVARIANTS
from callstate.exploration.invariants import INVARIANTS, OfACall
from callstate.exploration.search import RECORDED, Counterexample, Exploration, Progress, explore
from callstate.exploration.view_invariants import VIEW_INVARIANTS
from callstate.exploration.visits import EPOCH, TOTAL, Step, take
from callstate.voipnow.wire import decode_call, encode_call

CALL = "1"
AT = datetime(2030, 1, 1, tzinfo=UTC)
ALICE, BOB, CAROL = "0003*201", "0003*202", "0003*203"
OUTSIDE, ELSEWHERE = "0721000001", "0721000002"


# From which calls -----------------------------------------------------------------------------------------------------


def kinds() -> dict[str, domain.PhoneCall]:
    """Return a call of every kind, by the name of the kind."""
    return {
        "local": _dialled(ALICE, BOB),
        "outgoing": _dialled(ALICE, OUTSIDE),
        "incoming": _dialled(OUTSIDE, ALICE),
        "two sources": _created(domain.CreateSimple, (ALICE, BOB), (CAROL,)),
        "two destinations": _created(domain.CreateSimple, (ALICE,), (BOB, CAROL), call_duration=30),
        "callback": _created(domain.CreateCallback, (OUTSIDE,), (ELSEWHERE,)),
        "conference of two guests": _created(domain.CreateConferenceInvite, (ALICE,), (BOB, CAROL)),
        "read, connected": _read(f'"status":"5","answered":"{AT}"', f'"answered":"{AT}",'),
        "read, parked": _read(
            f'"status":"5","parked":"{AT}","parkedPos":"7","parkedBy":"{BOB}"', f'"answered":"{AT}",'
        ),
        "read, unknown": _read('"status":"0"', f'"published":"{AT}",'),
        "read, nobody listed": _nobody_listed(),
        "parked, one ring-back to come": _long_parked(),
    }


def _dialled(caller: str, called: str) -> domain.PhoneCall:
    views = (
        _view("00", caller, side=0, state=domain.OFF_HOOK, source=(caller,), destination=(called,)),
        _view("01", called, side=1, state=domain.TRYING, source=(caller,), destination=(called,)),
    )
    return domain.PhoneCall(id=CALL, extension=ALICE, views=views, published=AT, updated=AT)


def _view(view_id: str, number: str, **fields: Any) -> domain.PhoneCallView:  # Any: fields of a view
    outside = not LENIENT.numbering.is_extension(number)
    return domain.PhoneCallView(id=view_id, extension=number, listed=not outside, outside=outside, **fields)


def _created(
    kind: Callable[..., domain.Create], source: tuple[str, ...], destination: tuple[str, ...], **more: object
) -> domain.PhoneCall:
    request = kind(call_id=CALL, extension=ALICE, source=source, destination=destination, **more)
    return domain.unwrap(create_call(request, at=AT))


def _read(status: str, dates: str) -> domain.PhoneCall:
    view = f'{{"id":"00","extension":"{ALICE}","source":["{ALICE}"],"destination":["{BOB}"],{status}}}'
    return domain.unwrap(decode_call(f'{{"id":"{CALL}","extension":"{ALICE}",{dates}"phoneCallView":[{view}]}}'))


def _nobody_listed() -> domain.PhoneCall:
    return domain.unwrap(decode_call(f'{{"id":"{CALL}","extension":"{ALICE}","published":"{AT}","phoneCallView":[]}}'))


def _long_parked() -> domain.PhoneCall:
    """Build the call of a parked party with nine ring-backs: from the others it is nine equal steps away."""
    lot = domain.Parking(
        since=AT, position=1, by=BOB, side=1, seconds=10, until=domain.later(AT, 10), ring_backs=domain.RING_BACKS - 1
    )
    parker = domain.PhoneCallView(
        id="01",
        extension=BOB,
        state=domain.ENDED,
        side=1,
        ended=AT,
        disposition=domain.Disposition.ANSWERED,
        reason=domain.EndReason.PARKED,
        answered=AT,
    )
    waits = domain.PhoneCallView(id="00", extension=ALICE, state=domain.PARKED, side=0, parking=lot, answered=AT)
    return domain.PhoneCall(id=CALL, extension=ALICE, views=(waits, parker), published=AT, updated=AT, answered=AT)


# What is held ---------------------------------------------------------------------------------------------------------


class WireReadsBack:
    """Each call is shown by the wire so that a reader of that has one shown alike, where every invariant holds."""

    __name__ = "wire_reads_back"

    def __init__(self) -> None:
        self.read: set[bytes] = set()

    def __call__(self, call: domain.PhoneCall) -> str | None:
        """Read what is shown of a call, unless another call was shown alike: then it has been read."""
        shown = encode_call(call)
        if shown in self.read:
            return None
        reason = _not_read_back(shown)
        if reason is None:
            self.read.add(shown)
        return reason


def _not_read_back(shown: bytes) -> str | None:
    read = decode_call(shown)
    if isinstance(read, domain.DomainError):
        return read.message
    if encode_call(read) != shown:
        return f"{shown!r} is read as {encode_call(read)!r}"
    return next((reason for invariant in INVARIANTS if (reason := invariant(read)) is not None), None)


def call_invariants() -> tuple[OfACall, ...]:
    """Return the invariants of a call that an exploration holds."""
    return (*INVARIANTS, WireReadsBack())


def survey(
    *, rules: Rules = LENIENT, max_views: int = 4, progress: Progress | None = None, processes: int = 1
) -> Exploration:
    """Explore from every kind of call, with every invariant."""
    starts = kinds().values()
    return explore(
        starts, rules=rules, max_views=max_views, invariants=call_invariants(), progress=progress, processes=processes
    )


# What is shown --------------------------------------------------------------------------------------------------------


def report(found: Exploration) -> str:
    """Write the figures of an exploration in which every invariant holds, as Markdown."""
    return "\n".join((*_totals(found), "", *_by_kind(found), "", *_by_input(found), "", *_held()))


def _totals(found: Exploration) -> Iterator[str]:
    sizes = Counter(sum(view.live for view in call.views) for call in found.calls)
    yield f"{len(found.calls)} calls, {found.edges} edges; {found.tried} steps were tried."
    yield f"{found.beyond} of the edges lead to a recording in a call of more than {RECORDED} views and end there."
    yield ""
    yield from _table(("live views", "calls"), sorted(sizes.items()))


def _by_kind(found: Exploration) -> Iterator[str]:
    return _table(("from", "calls reached"), ((name, len(found.reached_from(call))) for name, call in kinds().items()))


def _by_input(found: Exploration) -> Iterator[str]:
    return _table(("step", "changes", "repeats", "refused"), ((name, *tally) for name, tally in found.tallies.items()))


def _held() -> Iterator[str]:
    rules = {
        invariant.__name__: invariant.__doc__
        for invariant in (*call_invariants(), *CHANGE_INVARIANTS, *VIEW_INVARIANTS)
    }
    rules[TOTAL] = "Every input is answered, never with an exception."
    return _table(("invariant", "rule", "verdict"), ((_words(name), rule, "holds") for name, rule in rules.items()))


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(map(str, row))} |"


def _words(name: str) -> str:
    return name.replace("_", " ")


def story(broken: Counterexample, rules: Rules) -> str:
    """Tell how an invariant breaks: the call at first, then each step and, except after the last, what it led to."""
    call = broken.path.start
    lines = [f"from     {_standing(call)}"]
    for step in broken.path.steps[:-1]:
        call = domain.unwrap(take(call, step, rules))
        lines += [_told(step, broken.path.start), f"         {_standing(call)}"]
    lines += [_told(step, broken.path.start) for step in broken.path.steps[-1:]]
    return "\n".join((*lines, f"BROKEN   {_words(broken.invariant)}: {broken.reason}"))


def _standing(call: domain.PhoneCall) -> str:
    return ", ".join(f"{view.id} {view.extension} {view.role} {view.state}" for view in call.views)


def _told(step: Step, start: domain.PhoneCall) -> str:
    seconds = (step.at - (start.updated or EPOCH)).total_seconds()
    if step.input is None:
        return f"{seconds:5.0f} s  {step.name} comes"
    fields = {name: getattr(step.input, name) for name in step.input.__struct_fields__ if name != "call_id"}
    told = ", ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
    return f"{seconds:5.0f} s  {step.name}({told})"
