"""Mistakes about the strict rules, which refuse the repeats of actions."""

from tests.oracle_mutants.mutant import Mutant, mutant

_STRICT = "if self.strict and isinstance(action, Request):"


def _not_strict(what: str, *kinds: str) -> Mutant:
    names = ", ".join(map(repr, kinds))
    accepted = _STRICT.replace(":", f" and type(action).__name__ not in ({names},):")
    return mutant(f"strict: a repeated {what} is accepted", "call", _STRICT, accepted)


MUTANTS = (
    mutant(
        "strict: a hang-up of a call that is over is accepted",
        "call",
        "if self.over and (self.strict or not isinstance(request, HangUp)):",
        "if self.over and not isinstance(request, HangUp):",
    ).also("call", _STRICT, _STRICT.replace(":", " and not self.over:")),
    _not_strict("StopRecording", "StopRecording"),
    _not_strict("StartRecording", "StartRecording"),
    _not_strict("hold", "OnHold", "OffHold"),
    _not_strict("Park", "Park"),
    _not_strict("UnPark or PickUp", "UnPark", "PickUp"),
    _not_strict("supervision", "BargeIn", "Whisper", "Monitor"),
    _not_strict("transfer", "Transfer", "TransferToVoicemail"),
    _not_strict("hang-up", "HangUp"),
    mutant("strict: a late report is refused", "call", _STRICT, "if self.strict:"),
)
