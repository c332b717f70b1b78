"""Mistakes about time: when deadlines fire, in which order, and what time an input has."""

from tests.oracle_mutants.mutant import mutant

_EXPIRE = "    def _expire_before(self, at: datetime) -> None:\n        while (due := self._next_due()) is not None and due[0] < at:"
_ADVANCE = "        while (due := self._next_due()) is not None and due[0] <= at:\n            self._expire(due)\n"
_RINGS = "    rings = any(leg.state == RINGING for leg in call.on_side(lot.side))"
_RUNG_OUT = '            leg.end("is let go", at, EndReason.NO_ANSWER)'
_FIRST = "        at = self._not_before(at)\n        due = self._next_due()"

MUTANTS = (
    mutant(
        "the parker is rung back without end",
        "parking",
        "until = after(at, lot.seconds) if count < RING_BACKS else None",
        "until = after(at, lot.seconds)",
    ),
    mutant("the parker is rung back eleven times", "parking", "RING_BACKS = 10", "RING_BACKS = 11"),
    mutant("the parker is rung back nine times", "parking", "RING_BACKS = 10", "RING_BACKS = 9"),
    mutant(
        "the parker is rung back only once",
        "parking",
        "until = after(at, lot.seconds) if count < RING_BACKS else None",
        "until = None",
    ),
    mutant(
        "a deadline at the time of an input fires before it",
        "call",
        "and due[0] < at else None",
        "and due[0] <= at else None",
        _EXPIRE,
        _EXPIRE.replace("<", "<="),
    ),
    mutant(
        "no deadline fires before an input",
        "call",
        "        self._expire_before(at)\n        refusal",
        "        refusal",
    ),
    mutant(
        "no deadline fires before a request",
        "call",
        "        self._expire_before(at)\n        refusal",
        "        if not isinstance(action, Request):\n            self._expire_before(at)\n        refusal",
    ),
    mutant(
        "no deadline fires before a signal",
        "call",
        "        self._expire_before(at)\n        refusal",
        "        if isinstance(action, Request):\n            self._expire_before(at)\n        refusal",
    ),
    mutant(
        "only the first of several deadlines fires before an input",
        "call",
        _EXPIRE,
        _EXPIRE.replace("        while", "        if"),
    ),
    mutant(
        "only the first of several deadlines fires when time passes", "call", _ADVANCE, _ADVANCE.replace("while", "if")
    ),
    mutant("a deadline does not fire at its own time", "call", _ADVANCE, _ADVANCE.replace("<=", "<")),
    mutant(
        "a deadline that fires late has the time of the advance",
        "call",
        _ADVANCE,
        _ADVANCE.replace("(due)\n", "((at, *due[1:]))\n"),
    ),
    mutant(
        "a deadline that fires before an input has the time of the input",
        "call",
        _EXPIRE + "\n            self._expire(due)",
        _EXPIRE + "\n            self._expire((at, *due[1:]))",
    ),
    mutant(
        "of deadlines at one time the highest view comes first",
        "call",
        "found.append((until, leg.number, leg))",
        "found.append((until, 10**9 - leg.number, leg))",
    ),
    mutant(
        "of deadlines at one time that of the call comes last",
        "call",
        "(self.ends_by, -1, None)",
        "(self.ends_by, 10**9, None)",
    ),
    mutant(
        "a time before the last change is taken as it is",
        "call",
        "return at if self.updated is None else max(at, self.updated)",
        "return at",
    ),
    mutant(
        "the time of a signal before the last change is taken as it is",
        "call",
        _FIRST,
        _FIRST.replace("self._not_before(at)\n", "self._not_before(at) if isinstance(action, Request) else at\n"),
    ),
    mutant(
        "the time of a request before the last change is taken as it is",
        "call",
        _FIRST,
        _FIRST.replace("self._not_before(at)\n", "at if isinstance(action, Request) else self._not_before(at)\n"),
    ),
    mutant(
        "the longest duration of a call begins when it is answered",
        "call",
        "[] if self.ends_by is None else",
        "[] if self.ends_by is None or self.answered is None else",
    ).also(
        "rules",
        "    if through or retrieved:\n",
        "    if call.answered is None and call.ends_by is not None and call.value.published is not None:\n"
        "        call.ends_by += at - call.value.published\n    if through or retrieved:\n",
    ),
    mutant(
        "the longest duration ends no call that was not answered",
        "call",
        "[] if self.ends_by is None else",
        "[] if self.ends_by is None or self.answered is None else",
    ),
    mutant(
        "a phone that rings to retrieve and does not answer takes the parked party along",
        "call",
        _RUNG_OUT,
        _RUNG_OUT
        + "\n            for other in self.live:\n                if other.parking is not None and other.parking.side == leg.side:\n"
        '                    other.end("is let go", at, EndReason.OTHER_LEFT)',
    ),
    mutant(
        "a parked party is let go when its time runs out",
        "call",
        "ring_the_parker_back(self, leg, at)",
        _RUNG_OUT.strip(),
    ),
    mutant("a parker that cannot be rung counts as rung back", "parking", "+ (0 if rings else 1)", "+ 1"),
    mutant("the parker is rung back beside a phone that rings", "parking", _RINGS, "    rings = False"),
    mutant(
        "a parked party for whom a phone rings has no time any more",
        "parking",
        "    if rings:\n",
        "    if rings:\n        waiting.parking = replace(waiting.parking, until=None)\n",
    ),
    mutant("a parker is rung back for 25 s", "parking", "wait=call.value.wait_for_pickup", "wait=25"),
    mutant(
        "the time in the lot starts again at 180 s",
        "parking",
        "until = after(at, lot.seconds)",
        "until = after(at, 180)",
    ),
    mutant(
        "the extension that pays is rung back",
        "parking",
        "leg = call.new_leg(lot.by, ",
        "leg = call.new_leg(call.value.extension, ",
    ),
    mutant(
        "several deadlines are one version",
        "call",
        _ADVANCE,
        "        before = self.version\n" + _ADVANCE + "            self.version = before + 1\n",
    ),
    mutant("a deadline is not a version", "call", _RUNG_OUT + "\n", _RUNG_OUT + "\n        self.version -= 1\n"),
    mutant(
        "a repeat changes the version",
        "call",
        "        except Refused as",
        "            self.version += 1\n        except Refused as",
    ),
    mutant(
        "a repeat changes the time of the last change",
        "call",
        "        except Refused as",
        "            self.updated = at\n        except Refused as",
    ),
    mutant(
        "a signal is not a version",
        "call",
        "            hear(self, action, at)\n",
        "            hear(self, action, at)\n            self.version -= 1\n",
    ),
    mutant(
        "the time of the last change is not moved",
        "rules",
        "    call.updated = at\n",
        "    call.updated = call.updated or at\n",
    ),
)
