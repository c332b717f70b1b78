"""Mistakes about what is allowed on a view, which a refusal tells."""

from tests.oracle_mutants.mutant import Mutant, mutant

_LEG = "    if leg is None or not leg.live or not leg.listed:\n"
_REFUSED = "    except (Refused, Repeated):\n        return False\n"
_KINDS = "tuple(kind.__name__ for kind in ACTIONS if"
_ASKERS = "    askers = (SELF, *dict.fromkeys(leg.extension for leg in call.live if leg.extension))\n"


def _never(kind: str) -> Mutant:
    return mutant(
        f"{kind} is never told to be allowed",
        "allowed",
        _KINDS,
        _KINDS.replace("if", f'if kind.__name__ != "{kind}" and'),
    )


MUTANTS = (
    mutant("nothing is told to be allowed", "allowed", _LEG, "    if True:\n"),
    mutant(
        "repeats are told to be allowed",
        "allowed",
        _REFUSED,
        "    except Refused:\n        return False\n    except Repeated:\n        return True\n",
    ),
    mutant(
        "repeats of recordings are told to be allowed",
        "allowed",
        _REFUSED,
        '    except Refused:\n        return False\n    except Repeated:\n        return "Recording" in type(request).__name__\n',
    ),
    mutant(
        "repeats of holds are told to be allowed",
        "allowed",
        _REFUSED,
        '    except Refused:\n        return False\n    except Repeated:\n        return "Hold" in type(request).__name__\n',
    ),
    mutant(
        "repeats of transfers are told to be allowed",
        "allowed",
        _REFUSED,
        '    except Refused:\n        return False\n    except Repeated:\n        return "Transfer" in type(request).__name__\n',
    ),
    mutant(
        "repeats of what rings a phone are told to be allowed",
        "allowed",
        _REFUSED,
        "    except Refused:\n        return False\n    except Repeated:\n        return isinstance(request, (UnPark, PickUp, BargeIn, Whisper, Monitor))\n",
    ),
    mutant(
        "something is told to be allowed on a view that is not listed",
        "allowed",
        _LEG,
        "    if leg is None or not leg.live:\n",
    ),
    mutant(
        "what is allowed is not told if the asker is wrong for it",
        "call",
        "state, allowed(self, action.view_id), refused.check",
        "state, () if refused.check is Check.ROLE else allowed(self, action.view_id), refused.check",
    ),
    mutant(
        "what is allowed is not told if a field is wrong",
        "call",
        "state, allowed(self, action.view_id), refused.check",
        "state, () if refused.check is Check.FIELDS else allowed(self, action.view_id), refused.check",
    ),
    mutant(
        "what is allowed is told only of a wrong state",
        "call",
        "state, allowed(self, action.view_id), refused.check",
        "state, allowed(self, action.view_id) if refused.code is ErrorCode.WRONG_STATE else (), refused.check",
    ),
    mutant(
        "Park is told to be allowed only for the asker's own view",
        "allowed",
        "        yield from (Park(**own, extension=asker) for asker in askers)\n",
        "        yield Park(**own, extension=call.leg(view_id).extension)\n",
    ),
    mutant(
        "a transfer to the public is not told to be allowed",
        "allowed",
        "*(_outside_numbers(call) if kind is Transfer else ())",
        "",
    ),
    mutant(
        "only phones that are not in the call are told to be rung",
        "allowed",
        "if number is not None), *there]",
        "if number is not None)]",
    ),
    mutant("whether two can part is told only for @self", "allowed", _ASKERS, "    askers = (SELF,)\n"),
    mutant(
        "recording is told to be allowed only in wav",
        "allowed",
        'for name in ("wav", "wav49"))',
        'for name in ("wav",))',
    ),
    *map(_never, ("HangUp", "Park", "UnPark", "PickUp", "BargeIn", "Monitor", "Transfer", "TransferToVoicemail")),
    *map(_never, ("StartRecording", "StopRecording", "OnHold", "OffHold")),
)
