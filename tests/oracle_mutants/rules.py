"""Mistakes about the rules across the views of one call."""

from tests.oracle_mutants.mutant import mutant

_RULES = "RULES = (\n    first_answer_wins,\n    the_source_first,\n    an_answer_reaches_the_caller,\n    a_barge_leg_opens_a_side,\n    two_sides_up_are_connected,\n    supervision_ends_with_its_target,\n)"
_LOST = "leg.side in won and not leg.up and leg.state != UNKNOWN]"
_HEARS = "if not up or 0 in up or len(callers) != 1 or not dials_itself(callers[0]):"
_SIDE = "        leg.side = call.next_side()\n        leg.target = None\n"
_ENOUGH = "    if not left or len(call.sides()) > 1:\n"
_SIDES = "return {lot.side for lot in self.lots()} | {leg.side for leg in self.live if leg.side is not None}"
_USED = "        used = [leg.side for leg in self.legs if leg.side is not None]\n"
_JOINED = "    joined = [leg for leg in call.live if leg.supervises and leg.state == ANSWERED]\n"
_ALONE = "leg.side is not None and leg.state in (CONNECTED, ON_HOLD)]"
_RUNG = '        ring_waiting(call, leg, at)\n        if not leg.outside:\n            leg.listed = True\n            leg.move("is rung", at)\n'


def _without(rule: str) -> str:
    return _RULES.replace(f"    {rule},\n", "")


MUTANTS = (
    mutant("the first answer does not end the other phones", "rules", _RULES, _without("first_answer_wins")),
    mutant(
        "the first answer ends a party of which nothing is known",
        "rules",
        _LOST,
        _LOST.replace(" and leg.state != UNKNOWN", ""),
    ),
    mutant(
        "the first answer ends only phones that ring",
        "rules",
        _LOST,
        _LOST.replace("leg.state != UNKNOWN", "leg.ringing is not None"),
    ),
    mutant(
        "the first answer ends only phones of the called end",
        "rules",
        _LOST,
        _LOST.replace("leg.side in won", "leg.side in won and leg.side != 0"),
    ),
    mutant(
        "a phone that answers where another is up stays on that side",
        "signals",
        "isinstance(signal, Answered | FarEndRang) and others",
        "False",
    ),
    mutant(
        "a phone that answers where another is up ends that one",
        "signals",
        "        leg.side = call.next_side()\n",
        "        for other in others:\n            other.hang_up(at, None)\n",
    ),
    mutant(
        "a destination rings although its source has not answered",
        "rules",
        "    if 0 not in call.sides_up():\n        return False\n    waiting",
        "    waiting",
    ),
    mutant("a destination never rings", "rules", _RULES, _without("the_source_first")),
    mutant(
        "a destination rings for 25 s",
        "rules",
        "    leg.until = after(at, call.value.wait_for_pickup)",
        "    leg.until = after(at, 25)",
    ),
    mutant(
        "a destination has no limit",
        "rules",
        "    leg.until = after(at, call.value.wait_for_pickup)",
        "    leg.until = None",
    ),
    mutant(
        "an outside destination rings and is listed as soon as it is dialled",
        "rules",
        _RUNG,
        _RUNG.replace("if not leg.outside:", "if True:"),
    ),
    mutant(
        "only the first destination rings",
        "rules",
        "    waiting = [leg for leg in call.live if leg.waits]\n",
        "    waiting = [leg for leg in call.live if leg.waits][:1]\n    for leg in call.live:\n        leg.waits = leg.waits and not waiting\n",
    ),
    mutant("the answer does not reach the caller", "rules", _RULES, _without("an_answer_reaches_the_caller")),
    mutant(
        "the answer does not reach a caller that is off the hook",
        "rules",
        _HEARS,
        _HEARS.replace(":", " or callers[0].state == OFF_HOOK:"),
    ),
    mutant(
        "the answer does not reach a caller that dials",
        "rules",
        _HEARS,
        _HEARS.replace(":", " or callers[0].state == TRYING:"),
    ),
    mutant(
        "the answer reaches a caller that the service rings",
        "rules",
        _HEARS,
        _HEARS.replace("not dials_itself(callers[0])", "callers[0].state not in (OFF_HOOK, TRYING)"),
    ),
    mutant(
        "the answer reaches one of several callers", "rules", _HEARS, _HEARS.replace("len(callers) != 1", "not callers")
    ),
    mutant("all who barge in stand on side 2", "rules", _SIDE, _SIDE.replace("call.next_side()", "2")),
    mutant(
        "a party that barges in stands on the side of its target",
        "rules",
        _SIDE,
        "        leg.side, leg.target = next(one.side for one in call.legs if one.id == leg.target), None\n",
    ),
    mutant("a new side is one more than those in use", "state", _USED, _USED.replace("self.legs", "self.live")),
    mutant(
        "a new side is the lowest that is free",
        "state",
        "        return max(used + [lot.side for lot in self.lots()], default=-1) + 1\n",
        "        return min(set(range(len(used) + 2)) - {leg.side for leg in self.live} - {lot.side for lot in self.lots()})\n",
    ),
    mutant("a party that barges in is a party", "rules", _SIDE, _SIDE + "        leg.role = Role.PARTY\n"),
    mutant(
        "a supervisor that answers stays ANSWERED",
        "rules",
        _JOINED,
        "    joined: list[Leg] = []\n",
        "    through = [leg for leg in call.live if leg.state == ANSWERED]",
        "    through = [leg for leg in call.live if leg.state == ANSWERED and not leg.supervises]",
    ),
    mutant("a party stays connected when it is alone", "rules", _ALONE, _ALONE.replace("(CONNECTED, ON_HOLD)", "()")),
    mutant(
        "a party that holds stays so when it is alone",
        "rules",
        _ALONE,
        _ALONE.replace("(CONNECTED, ON_HOLD)", "(CONNECTED,)"),
    ),
    mutant(
        "a party is alone although nothing is known of the other end",
        "rules",
        "    if unknown - call.sides_up():\n        return False\n",
        "",
    ),
    mutant(
        "a parked party stays in the lot when the phone is answered",
        "rules",
        "    retrieved = [leg for leg in call.live if leg.state == PARKED]\n",
        "    retrieved: list[Leg] = []\n",
    ),
    mutant(
        "a supervisor stays when its target is parked", "rules", "leg.state in (ENDED, PARKED)}", "leg.state == ENDED}"
    ),
    mutant(
        "a supervisor leaves when its target holds",
        "rules",
        "leg.state in (ENDED, PARKED)}",
        "leg.state in (ENDED, PARKED, ON_HOLD)}",
    ),
    mutant(
        "a supervisor leaves when its target is alone",
        "rules",
        "leg.state in (ENDED, PARKED)}",
        "leg.state in (ENDED, PARKED, ANSWERED)}",
    ),
    mutant(
        "a supervisor stays when its target leaves", "rules", "leg.state in (ENDED, PARKED)}", "leg.state == PARKED}"
    ),
    mutant(
        "a phone that rings to supervise stays when its target is parked",
        "rules",
        "if leg.target in off], at",
        "if leg.target in off and (leg.up or call.leg(leg.target).state == ENDED)], at",
    ),
    mutant(
        "a phone that rings is not an end of the call",
        "rules",
        _ENOUGH,
        "    if not left or len(call.sides_up() | {lot.side for lot in call.lots()}) > 1:\n",
    ),
    mutant(
        "the lot is not an end of the call",
        "state",
        _SIDES,
        "return {leg.side for leg in self.live if leg.side is not None}",
    ),
    mutant("a call goes on with one party", "rules", _ENOUGH, _ENOUGH.replace("> 1", "> 0")),
    mutant(
        "a call with two parties that talk is over when a third one leaves",
        "rules",
        _ENOUGH,
        _ENOUGH.replace("> 1", "> (2 if any(leg.side not in (0, 1, None) for leg in left) else 1)"),
    ),
    mutant(
        "supervisors stay when the call is over",
        "rules",
        '    for leg in call.live:\n        leg.end("is let go", at, EndReason.OTHER_LEFT, cause)\n',
        '    for leg in call.live:\n        if not leg.supervises:\n            leg.end("is let go", at, EndReason.OTHER_LEFT, cause)\n',
    ),
    mutant(
        "the rules are applied once",
        "rules",
        "    while sum(rule(call, at) for rule in RULES) > 0:\n        pass\n",
        "    sum(rule(call, at) for rule in RULES)\n",
    ),
    mutant(
        "two sides are connected before the first answer wins",
        "rules",
        "    while sum(rule(call, at) for rule in RULES) > 0:\n",
        "    while sum(rule(call, at) for rule in reversed(RULES)) > 0:\n",
    ),
)
