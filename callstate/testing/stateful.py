"""Random trials of a subject, as a state machine of hypothesis and as a plain loop.

One rule: a trial is decided by one draw of hypothesis and by the order of the rules. Nothing is drawn for a single
field of an input: that keeps long trials cheap, and `shrinking` needs no draws to make them short.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck
from hypothesis import settings as Settings  # noqa: N812  # it is a class, and users call the parameter `settings`
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from callstate.domain import Action, PhoneCall
from callstate.engine import LENIENT, Rules
from callstate.testing.diverged import Diverged
from callstate.testing.input_templates import PLACES, InputTemplate, promising
from callstate.testing.scope import EVERYTHING, KnownDifferences, Scope, Situation
from callstate.testing.steps import Begin, Input, Step, Wait
from callstate.testing.subjects import Subject
from callstate.testing.trial import Trial

ATTEMPTS = 6
MOST_CALLS = 5

_PAUSES = (*[0] * 14, 1, 1, 5, 25, 30, 60)
_LONG = (5, 10, 25, 25, 60, 180)
_LIVE = 9
_LAST = 0.7
_AVOIDED = 0.95


class CallMachine(RuleBasedStateMachine):
    """Trials of a subject: one call or several, with time going on between the inputs.

    Make a subclass with an `__init__` that calls `super().__init__(make_subject)`; its `TestCase` is a test.
    """

    def __init__(
        self,
        make_subject: Callable[[], Subject] | None = None,
        *,
        rules: Rules = LENIENT,
        scope: Scope = EVERYTHING,
        known: KnownDifferences | None = None,
    ) -> None:
        if make_subject is None:
            raise TypeError(
                "no subject: make a subclass of CallMachine with an __init__ that calls super().__init__(MySubject)"
            )
        super().__init__()
        self.subject: Subject = make_subject()
        self.trial: Trial = Trial(self.subject, rules=rules, finds_positions=True)
        self.random: Random = Random(0)  # noqa: S311  # no secret
        self._scope = scope
        self._known = known or KnownDifferences()
        self._ended = False

    @initialize(random=st.randoms(use_true_random=True))
    def first_call(self, random: Random) -> None:
        """Start a call; in another way, if the subject is not able to start in this one."""
        self.random = random
        self._do(Begin(random.choice(self._scope.starts)))
        if not self.trial.reference.calls:
            self._do(Begin(self._scope.starts[0]))

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
        actions = (self._any_input(call, self._scope.leading) for _ in range(ATTEMPTS))
        self._do(Input(promising(call, actions, at=at, rules=self.trial.rules), seconds))

    def apply_any(self) -> None:
        """Let a call have any input, sensible or not."""
        self._do(Input(self._any_input(self._any_call(), self.random.choice(self._scope.sources)), self._pause()))

    def retry(self) -> None:
        """Let an input come once more: the last one mostly, else any that came before."""
        inputs = [step for step in self.trial.steps if isinstance(step, Input)]
        if inputs:
            step = inputs[-1] if self.random.random() < _LAST else self.random.choice(inputs)
            self._do(Input(step.action, self._pause()))

    def wait(self) -> None:
        """Let nothing happen but deadlines."""
        self._do(Wait(self.random.choice(_LONG)))

    def start_another(self) -> None:
        """Start another call, unless there are many."""
        if len(self.trial.reference.calls) < MOST_CALLS:
            call_id = f"a{len(self.trial.reference.calls) + 1}"
            self._do(Begin(self.random.choice(self._scope.starts), call_id))

    def _do(self, step: Step) -> None:
        """Do a step, seldom one that has led to a known difference; after such a difference nothing can be compared."""
        situation = self._situation(step)
        avoided = situation in self._known.situations and self.random.random() < _AVOIDED
        if self._ended or avoided:
            return
        try:
            self.trial.do(step)
        except Diverged as found:
            self._ended = self._known.meet(found.id, situation)
            if not self._ended:
                raise

    def _situation(self, step: Step) -> Situation:
        match step:
            case Begin(start):
                return ("Begin", str(start))
            case Input(action, _):
                call = self.trial.reference.calls.get(action.call_id)
                views = () if call is None else call.views
                states = [f"{view.role} {view.state}" for view in views if view.id == action.view_id]
                return (type(action).__name__, *states)
            case _:
                return ("Wait",)

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

DEFAULTS = Settings(
    max_examples=500, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
"""The settings of `check_implementation`."""
