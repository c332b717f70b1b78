"""Judging an implementation by random trials, and the shortest trial that fails.

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
from callstate.testing.starts import STARTS
from callstate.testing.steps import Begin, Input, Wait
from callstate.testing.subjects import NotJudgedError, Subject
from callstate.testing.trial import Diverged, Trial

ATTEMPTS = 6
MOST_CALLS = 5
MORE_TRIALS, MORE_STEPS = 40, 25

_KINDS = tuple(STARTS)
_PAUSES = (*[0] * 14, 1, 1, 5, 25, 30, 60)
_LONG = (5, 10, 25, 25, 60, 180)
_SOURCES = (SIGNALS, REQUESTS, WRONG)
_LIVE = 9
_LAST = 0.7


class CallMachine(RuleBasedStateMachine):
    """Trials of a subject: one call or several, with time going on between the inputs."""

    def __init__(self, make_subject: Callable[[], Subject], *, rules: Rules = LENIENT) -> None:
        super().__init__()
        self.subject: Subject = make_subject()
        self.trial: Trial = Trial(self.subject, rules=rules)
        self.random: Random = Random(0)  # noqa: S311  # no secret

    @initialize(random=st.randoms(use_true_random=True))
    def first_call(self, random: Random) -> None:
        """Start a call; in another way, if the subject is not able to start in this one."""
        self.random = random
        self.trial.do(Begin(random.choice(_KINDS)))
        if not self.trial.reference.calls:
            self.trial.do(Begin(_KINDS[0]))

    @rule()
    def next_step(self) -> None:
        """Do one of the moves, chosen so that calls live long and each of their ends is met too."""
        if self._live() or len(self.trial.reference.calls) == MOST_CALLS:
            self.random.choices(tuple(_MOVES), tuple(_MOVES.values()))[0](self)
        else:
            self.start_another()

    def apply_promising(self) -> None:
        """Let a call have an input that changes it, if one of some does, immediately or after a while."""
        call, seconds = self._any_call(), self._pause()
        at = self.trial.now + timedelta(seconds=seconds)
        actions = (self._any_input(call, LEADING) for _ in range(ATTEMPTS))
        self.trial.do(Input(promising(call, actions, at=at, rules=self.trial.rules), seconds))

    def apply_any(self) -> None:
        """Let a call have any input, sensible or not."""
        self.trial.do(Input(self._any_input(self._any_call(), self.random.choice(_SOURCES)), self._pause()))

    def retry(self) -> None:
        """Let an input come once more: the last one mostly, else any that came before."""
        inputs = [step for step in self.trial.steps if isinstance(step, Input)]
        if inputs:
            step = inputs[-1] if self.random.random() < _LAST else self.random.choice(inputs)
            self.trial.do(Input(step.action, self._pause()))

    def wait(self) -> None:
        """Let nothing happen but deadlines."""
        self.trial.do(Wait(self.random.choice(_LONG)))

    def start_another(self) -> None:
        """Start another call, unless there are many."""
        if len(self.trial.reference.calls) < MOST_CALLS:
            self.trial.do(Begin(self.random.choice(_KINDS), f"a{len(self.trial.reference.calls) + 1}"))

    def _pause(self) -> int:
        return self.random.choice(_PAUSES)

    def _live(self) -> list[PhoneCall]:
        return [call for call in self.trial.reference.calls.values() if not call.over]

    def _any_call(self) -> PhoneCall:
        """Choose a call, seldom one that is over."""
        return self.random.choice(self._live() * _LIVE + list(self.trial.reference.calls.values()))

    def _any_input(self, call: PhoneCall, templates: Sequence[InputTemplate]) -> Action:
        place, position = self.random.randrange(PLACES), self.trial.free_position()
        return self.random.choice(templates).on(call, place, position=position)

    def teardown(self) -> None:
        """Let the subject forget its calls."""
        self.subject.close()


_MOVES: Mapping[Callable[[CallMachine], None], int] = {
    CallMachine.apply_promising: 10,
    CallMachine.apply_any: 4,
    CallMachine.retry: 3,
    CallMachine.wait: 1,
    CallMachine.start_another: 1,
}
"""What the next step is, and how often."""


def check_implementation(
    make_subject: Callable[[], Subject], *, settings: Settings | None = None, rules: Rules = LENIENT
) -> None:
    """Judge an implementation; a `Diverged` shows the shortest trial in which it does otherwise than the core.

    A `NotJudgedError` says that there was nothing to judge: no input could be given to the subject.

    `make_subject` makes a new one for each trial. `settings` are those of hypothesis: `max_examples` says how many
    trials there are, `stateful_step_count` how long each is.
    """
    found = _find(make_subject, Settings(settings or DEFAULTS, report_multiple_bugs=False, phases=_FINDING), rules)
    if found is not None:
        raise _shortest(found, make_subject, rules).with_traceback(None)


def _find(make_subject: Callable[[], Subject], settings: Settings, rules: Rules) -> Diverged | None:
    judged = left_out = 0

    class Judging(CallMachine):
        def __init__(self) -> None:
            super().__init__(make_subject, rules=rules)

        def teardown(self) -> None:
            nonlocal judged, left_out
            judged += sum(isinstance(step, Input) for step in self.trial.steps)
            left_out += self.trial.left_out
            super().teardown()

    try:
        run_state_machine_as_test(Judging, settings=settings)
    except Diverged as found:
        return found
    except NotJudgedError as error:  # without the notes of hypothesis, which are about a trial
        raise NotJudgedError(*error.args) from None
    if left_out and not judged:
        raise NotJudgedError(f"nothing was judged: the subject was not able to do any of {left_out} steps")
    return None


def _shortest(found: Diverged, make_subject: Callable[[], Subject], rules: Rules) -> Diverged:
    """Shorten what was found, and some more that is found: one way down may end above the bottom."""
    stories = [shortest(found, make_subject, rules)]
    for seed in range(MORE_TRIALS):
        other = None if stories[-1].inputs <= 1 else find_by(Random(seed), make_subject, rules)  # noqa: S311  # no secret
        if other is not None:
            stories.append(shortest(other, make_subject, rules))
    return min(stories, key=size)


def find_by(random: Random, make_subject: Callable[[], Subject], rules: Rules) -> Diverged | None:
    """Do one trial as `random` has it; return the difference if there is one."""
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
