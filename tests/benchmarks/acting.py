"""One action on one call: holding and resuming beside the contenders, refusals, repeats, whole calls, many views."""

from collections.abc import Callable, Iterator
from typing import Any

from callstate import Action, OffHold, OnHold, PhoneCall, apply_action, unwrap
from callstate.domain import RINGING, evolve
from tests.benchmarks import work
from tests.benchmarks.contenders import CONTENDERS, FLOOR
from tests.benchmarks.contenders.whole import WAYS
from tests.benchmarks.rows import Row, at_most, faster, target, timed
from tests.benchmarks.timing import Task, in_turn, ratio, spread
from tests.benchmarks.work import AT, HOLD, PICK_UP, RESUME
from tests.oracle import OracleCall

VIEWS = (1, 2, 10, 100, 1000)


def hold() -> Iterator[Row]:
    """Hold and resume in turn, by the core and by each contender."""
    tasks = {"core": _core(work.connected())}
    tasks |= {other.name: _in_turn(other.apply, other.build(work.connected())) for other in CONTENDERS}
    taken = in_turn(tasks)
    core, floor = taken["core"], taken[FLOOR.name]
    yield at_most("hold/resume: core", spread(core), ratio(core, floor), target(1.3, 0.9), of="the floor")
    yield timed(f"hold/resume: {FLOOR.name}, the floor", spread(floor))
    for name, samples in taken.items():
        if name not in ("core", FLOOR.name):
            yield faster(f"hold/resume: {name}", spread(samples), ratio(samples, core))


def _core(call: PhoneCall, hold: Action = HOLD, resume: Action = RESUME) -> Task:
    def task(times: int) -> None:
        for _ in range((times + 1) // 2):
            # It is never refused, which a test says.
            apply_action(apply_action(call, hold, at=AT), resume, at=AT)  # type: ignore[arg-type]  # neither is refused, which a test holds

    return task


def _in_turn(apply: Callable[[Any, Action, Any], Any], call: Any) -> Task:
    def task(times: int) -> None:
        for _ in range((times + 1) // 2):
            apply(apply(call, HOLD, AT), RESUME, AT)

    return task


def answers() -> Iterator[Row]:
    """A refusal with its allowed actions, and a repeat, beside an action that is accepted."""
    call = work.connected()
    held = unwrap(apply_action(call, HOLD, at=AT))
    rung = evolve(call, views=(call.views[0], evolve(call.views[1], state=RINGING, answered=None)))
    taken = in_turn(
        {
            "accepted": _core(call),
            "refused: hold of a ringing view": _refused(rung, HOLD),
            "refused: pick-up of a held view": _refused(held, PICK_UP),
            "repeat": _repeated(held),
        }
    )
    accepted = taken.pop("accepted")
    repeat = taken.pop("repeat")
    for name, samples in taken.items():
        yield at_most(name, spread(samples), ratio(samples, accepted), 1.5, of="an accepted action")
    yield at_most("repeat: second hold", spread(repeat), ratio(repeat, accepted), 0.7, of="an accepted action")


def _refused(call: PhoneCall, action: Action) -> Task:
    def task(times: int) -> None:
        for _ in range(times):
            apply_action(call, action, at=AT).allowed  # type: ignore[union-attr]  # noqa: B018  # it is refused

    return task


def _repeated(held: PhoneCall) -> Task:
    def task(times: int) -> None:
        for _ in range(times):
            apply_action(held, HOLD, at=AT)

    return task


def whole() -> Iterator[Row]:
    """A whole call, from its first ring to its end: by the core, and with all its rules by hand in several ways."""
    tasks = {"hold": _core(work.connected()), "core": _whole_by_the_core(work.begun())}
    tasks |= {way: _whole_by_hand(call_type, work.begun()) for way, call_type in WAYS.items()}
    taken = in_turn(tasks)
    core, name = taken["core"], f"a whole call of {len(work.WHOLE)} inputs"
    yield timed(f"{name}: core", spread(core))
    for way in WAYS:
        limit = target(15, 30) if way == "on transitions" else None
        yield faster(f"{name}: all rules by hand {way}", spread(taken[way]), ratio(taken[way], core), limit)
    each = [sample / len(work.WHOLE) for sample in core]
    yield at_most(
        "one input of it, on average", spread(each), ratio(each, taken["hold"]), target(4, 3), of="hold/resume"
    )


def _whole_by_the_core(begun: PhoneCall) -> Task:
    def task(times: int) -> None:
        for _ in range(times):
            call = begun
            for action in work.WHOLE:
                call = apply_action(call, action, at=AT)  # type: ignore[assignment]  # none is refused: see the tests

    return task


def _whole_by_hand(call_type: type[OracleCall], begun: PhoneCall) -> Task:
    def task(times: int) -> None:
        for _ in range(times):
            call = call_type(begun)
            for action in work.WHOLE:
                call.apply(action, AT)

    return task


def _by_the_last(count: int) -> tuple[Action, Action]:
    view_id = f"{count - 1:02d}"
    return OnHold(call_id=work.CALL_ID, view_id=view_id), OffHold(call_id=work.CALL_ID, view_id=view_id)


def views() -> Iterator[Row]:
    """Hold and resume in calls of more and more views."""
    tasks = {f"{count} views": _core(work.connected(count), *_by_the_last(count)) for count in VIEWS}
    taken = in_turn(tasks)
    for (name, samples), count in zip(taken.items(), VIEWS, strict=True):
        limit = 15 if count == max(VIEWS) else None
        of_two = ratio(samples, taken["2 views"])
        yield at_most(f"hold/resume: {name}", spread(samples), of_two, limit, of="2 views")
