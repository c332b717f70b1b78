"""Judging an implementation by trials that are made up, and the shortest story of one that fails.

One rule: a trial is decided by one draw of hypothesis and by the order of the rules. Nothing is drawn for a single
field of an input: that keeps long trials cheap, and `shortening` needs no draws to make them short.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, Phase
from hypothesis import settings as Settings  # noqa: N812  # it is a class, and users call the parameter `settings`
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from callstate.domain import Action, PhoneCall
from callstate.engine import LENIENT, Rules
from callstate.testing.input_templates import LEADING, PLACES, REQUESTS, SIGNALS, WRONG, InputTemplate, promising
from callstate.testing.shrinking import shortest, size
from callstate.testing.starts import BEGINNINGS
from callstate.testing.steps import Begin, Input, Wait
from callstate.testing.subjects import Subject
from callstate.testing.trial import Diverged, Trial

ATTEMPTS = 6
MOST_CALLS = 5
MORE_TRIALS, MORE_STEPS = 40, 25

_KINDS = tuple(BEGINNINGS)
_PAUSES = (*[0] * 14, 1, 1, 5, 25, 30, 60)
_LONG = (5, 10, 25, 25, 60, 180)
_SOURCES = (SIGNALS, REQUESTS, WRONG)
_LIVE = 9


class CallMachine(RuleBasedStateMachine):
    """Trials of a subject: one call or several, with time going on between the inputs."""

    def __init__(self, make_subject: Callable[[], Subject], *, rules: Rules = LENIENT) -> None:
        super().__init__()
        self.subject: Subject = make_subject()
        self.trial: Trial = Trial(self.subject, rules=rules)
        self.random: Random = Random(0)  # noqa: S311  # no secret

    @initialize(random=st.randoms(use_true_random=True))
    def first_call(self, random: Random) -> None:
        """Begin a call; in another way, if the subject is not able to begin in this one."""
        self.random = random
        self.trial.do(Begin(random.choice(_KINDS)))
        if not self.trial.reference.calls:
            self.trial.do(Begin(_KINDS[0]))

    @rule()
    def next_step(self) -> None:
        """Let something happen. What it is, is chosen so that calls come far and each of their ends is met too."""
        if self._live() or len(self.trial.reference.calls) == MOST_CALLS:
            self.random.choices(tuple(_MOVES), tuple(_MOVES.values()))[0](self)
        else:
            self.another_begins()

    def something_leads_on(self) -> None:
        """Let a call have an input that changes it, if one of some does, at once or after a while."""
        call, seconds = self._any_call(), self._pause()
        at = self.trial.now + timedelta(seconds=seconds)
        actions = (self._any_input(call, LEADING) for _ in range(ATTEMPTS))
        self.trial.do(Input(promising(call, actions, at=at, rules=self.trial.rules), seconds))

    def anything_happens(self) -> None:
        """Let a call have any input, sensible or not."""
        self.trial.do(Input(self._any_input(self._any_call(), self.random.choice(_SOURCES)), self._pause()))

    def it_is_repeated(self) -> None:
        """Let the last input come once more."""
        for step in [step for step in self.trial.steps if isinstance(step, Input)][-1:]:
            self.trial.do(Input(step.action, self._pause()))

    def time_passes(self) -> None:
        """Let nothing happen but deadlines."""
        self.trial.do(Wait(self.random.choice(_LONG)))

    def another_begins(self) -> None:
        """Let another call begin."""
        if len(self.trial.reference.calls) < MOST_CALLS:
            self.trial.do(Begin(self.random.choice(_KINDS), f"a{len(self.trial.reference.calls) + 1}"))

    def _pause(self) -> int:
        return self.random.choice(_PAUSES)

    def _live(self) -> list[PhoneCall]:
        return [call for call in self.trial.reference.calls.values() if not call.over]

    def _any_call(self) -> PhoneCall:
        """Choose a call, seldom one that is over."""
        return self.random.choice(self._live() * _LIVE + list(self.trial.reference.calls.values()))

    def _any_input(self, call: PhoneCall, drafts: Sequence[InputTemplate]) -> Action:
        place, position = self.random.randrange(PLACES), self.trial.free_position()
        return self.random.choice(drafts).on(call, place, position=position)

    def teardown(self) -> None:
        """Let the subject forget its calls."""
        self.subject.close()


_MOVES: Mapping[Callable[[CallMachine], None], int] = {
    CallMachine.something_leads_on: 10,
    CallMachine.anything_happens: 4,
    CallMachine.it_is_repeated: 3,
    CallMachine.time_passes: 1,
    CallMachine.another_begins: 1,
}
"""What happens next, and how often."""


def check_implementation(
    make_subject: Callable[[], Subject], *, settings: Settings | None = None, rules: Rules = LENIENT
) -> None:
    """Judge an implementation; a `Diverged` tells the shortest story of what it does otherwise than the core.

    `make_subject` makes a new one for each trial. `settings` are those of hypothesis: `max_examples` says how many
    trials there are, `stateful_step_count` how long each is.
    """
    found = _find(make_subject, Settings(settings or DEFAULTS, report_multiple_bugs=False, phases=_FINDING), rules)
    if found is not None:
        raise _shortest(found, make_subject, rules).with_traceback(None)


def _find(make_subject: Callable[[], Subject], settings: Settings, rules: Rules) -> Diverged | None:
    class Judging(CallMachine):
        def __init__(self) -> None:
            super().__init__(make_subject, rules=rules)

    try:
        run_state_machine_as_test(Judging, settings=settings)
    except Diverged as found:
        return found
    return None


def _shortest(found: Diverged, make_subject: Callable[[], Subject], rules: Rules) -> Diverged:
    """Shorten what was found, and some more that is found: one way down may end above the bottom."""
    stories = [shortest(found, make_subject, rules)]
    for seed in range(MORE_TRIALS):
        other = None if stories[-1].inputs <= 1 else _find_by(Random(seed), make_subject, rules)  # noqa: S311  # no secret
        if other is not None:
            stories.append(shortest(other, make_subject, rules))
    return min(stories, key=size)


def _find_by(random: Random, make_subject: Callable[[], Subject], rules: Rules) -> Diverged | None:
    machine = CallMachine(make_subject, rules=rules)
    try:
        machine.first_call(random)
        for _ in range(MORE_STEPS):
            machine.next_step()
    except Diverged as found:
        return found
    finally:
        machine.teardown()
    return None


_FINDING = (Phase.explicit, Phase.reuse, Phase.generate)

DEFAULTS = Settings(
    max_examples=500, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
"""The settings of `check_implementation`."""
