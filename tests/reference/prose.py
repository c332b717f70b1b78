"""What the pages of the actions say that the code cannot: what an action does, and how it affects the other parties.

One rule: short sentences, each of which a test of the core holds; nothing here that the table or the field rules say.
"""

from collections.abc import Mapping
from typing import NamedTuple

from callstate import (
    Action,
    Answered,
    BargeIn,
    Dialled,
    FarEndRang,
    HangUp,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    Rang,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)


class Prose(NamedTuple):
    """What an input does: in one sentence, to the party that it is about, and to everybody else."""

    purpose: str
    after: tuple[str, ...]
    others: tuple[str, ...]


_RINGS = (
    "A leg for `sendCallTo` is added and is `RINGING` for `waitForPickup` seconds. Its id is one higher than the "
    "highest id ever used in the call."
)
_STAYS = "The named view keeps its state."
_SAME_LEG = (
    "If `sendCallTo` already has a leg on the same target that whispers, monitors or rings to barge in, that leg takes "
    "the new role instead, and no phone rings again."
)
_STANDS_ALONE = "When the leg answers it is `CONNECTED`. It stands on no side, so it does not keep the call alive."
_TARGET_LEAVES = "The leg ends when its target leaves or is parked. The other views do not change."
_TWO_PARTIES = (
    "`transferFromNumber` is the transferor, who leaves. `transferNumber` is the transferred party. If one of the two "
    "is missing, it is the other party of the call."
)
_BY_VIEW = (
    "If both are missing, the party of the named view is transferred. There are two exceptions: if the named view is "
    "the asker's own, the asker is the transferor; and an outside party is the transferor only if a number says so, "
    "unless it is the phone of `sendCallTo` itself. Without a view the asker is the transferor."
)
_DEFLECTION = (
    "If the transferor's phone still rings and nobody on its side has answered, the call is deflected: the "
    "transferor's view is `ENDED` (reason DEFLECTED, disposition NO ANSWER), the new leg takes its place, and the "
    "transferred party keeps its state. The other phones that ring on that side go on ringing."
)
_TRANSFEROR = "The transferor's view is `ENDED` (disposition ANSWERED, unless the call is deflected)."
_SUPERVISORS_GO = "Legs that whisper to, monitor or ring to join {whom} end as well."

PROSE: Mapping[type[Action], Prose] = {
    OnHold: Prose(
        "Put the call on hold on behalf of the party of the named view.",
        (
            "The view is `ON_HOLD`. `onHold` is the time of the hold and `holder` is 1.",
            "A running recording continues.",
        ),
        (
            (
                "No other view changes. The party on the other side stays `CONNECTED`, or `ON_HOLD` if it holds too: "
                "both sides can hold independently."
            ),
            "Legs that whisper or monitor stay.",
        ),
    ),
    OffHold: Prose(
        "End the hold of the party of the named view.",
        (
            "The view is `CONNECTED`. `onHold` and `holder` are removed.",
            (
                "A view that has no date of answer, because the listing it was read from had none, gets the time of "
                "the input as one."
            ),
        ),
        ("No other view changes. If the other side holds too, its hold continues; only that side can end it.",),
    ),
    Park: Prose(
        "Put one party in the parking lot. The other party, the parker, leaves.",
        (
            (
                "The party of the named view waits. If the named view is the asker's own, the other party waits "
                "instead. An outside party cannot be the parker: if one of the two is outside, it is the one that "
                "waits, whichever view is named."
            ),
            (
                "The waiting view is `PARKED`. It records the time, the position, the parker and when the parking time "
                "runs out. Its own hold ends."
            ),
            "The position is the first free one in the lot of the organization. The caller of `apply_action` gives it.",
            (
                "When `maxInParking` runs out, the parker's phone is rung for the call's own `waitForPickup` (25 s "
                "unless the call was created with another value), and the parking time starts again. If a phone rings "
                "on the parker's side already, no phone is rung and this does not count as a ring-back. After the "
                "tenth ring-back the parking time does not start again, and the party stays parked."
            ),
        ),
        (
            "The parker's view is `ENDED` (disposition ANSWERED).",
            "A parked outside party is listed while it is parked, under its parker's number.",
            _SUPERVISORS_GO.format(whom="either of the two parties"),
            "If the parked party leaves, the call is over. Phones that ring to retrieve it stop ringing.",
        ),
    ),
    UnPark: Prose(
        "Ring a phone to retrieve the parked party of the named view.",
        (
            f"{_RINGS} The leg stands on the side that the parker had.",
            (
                "The named view stays `PARKED`. When the leg answers, both are `CONNECTED` and the position is free "
                "again."
            ),
            "If the leg does not answer, only the leg ends (NO ANSWER). The party stays parked.",
            "The named view can also be the ended view of the parker; it then stands for the party that was parked.",
        ),
        ("Several phones can ring for one parked party. The first to answer gets it; the others end (NO ANSWER).",),
    ),
    PickUp: Prose(
        "Ring another phone for a call that rings at the named view.",
        (
            (
                f"{_RINGS} The leg stands on the side of the named view and has its source, its destination, its flow "
                "and, without a `callerId` in the request, its caller id."
            ),
            (
                "The named view goes on ringing. Whichever of the two answers first gets the call; the other one ends "
                "(NO ANSWER)."
            ),
        ),
        ("The other side does not change until one of the phones answers.",),
    ),
    BargeIn: Prose(
        "Ring a phone that joins the conversation of the named view as another party.",
        (
            _STAYS,
            f"{_RINGS} Its role is BARGE. The named view is its target while it rings.",
            _SAME_LEG,
            "When the leg answers it stands on a new side, is `CONNECTED` and has no target any more.",
        ),
        (
            (
                "A call with three sides is a conference: Park, UnPark, Transfer and TransferToVoicemail are refused "
                "until one side has left. A leg that still rings to barge in does not make a conference."
            ),
            "If the target leaves or is parked before the leg answers, the leg ends.",
        ),
    ),
    Whisper: Prose(
        "Ring a phone that speaks only to the party of the named view.",
        (
            _STAYS,
            f"{_RINGS} Its role is WHISPER. With `private` 1 it does not hear the conversation.",
            _SAME_LEG,
            _STANDS_ALONE,
        ),
        (_TARGET_LEAVES,),
    ),
    Monitor: Prose(
        "Ring a phone that listens silently to the conversation of the named view.",
        (_STAYS, f"{_RINGS} Its role is MONITOR.", _SAME_LEG, _STANDS_ALONE),
        (_TARGET_LEAVES,),
    ),
    Transfer: Prose(
        "Send one party to another phone, without asking that phone first (a blind transfer).",
        (
            _TWO_PARTIES,
            _BY_VIEW,
            "The transferred view is `ANSWERED`. Its own hold ends; a running recording continues.",
            (
                "A leg for `sendCallTo` is added on the transferor's side. An extension is `RINGING`; an outside "
                "number is `TRYING` and unlisted. Either is limited to the call's own `waitForPickup` (25 s unless "
                "the call was created with another value). When the leg answers, both are `CONNECTED`."
            ),
            "If the leg does not answer, the call is over, because nobody is left on that side.",
            _DEFLECTION,
        ),
        (_TRANSFEROR, _SUPERVISORS_GO.format(whom="the transferor")),
    ),
    TransferToVoicemail: Prose(
        "Send one party to the mailbox of an extension.",
        (
            _TWO_PARTIES,
            _BY_VIEW,
            "The transferred view is `CONNECTED`. Its own hold ends; a running recording continues.",
            (
                "A leg with the role VOICEMAIL is added on the transferor's side. It is `CONNECTED` immediately and "
                "unlisted, because the phone of that extension is idle."
            ),
            (
                "If the transferor's phone still rings and nobody on its side has answered, the call is deflected to "
                "the mailbox: the transferor's view is `ENDED` (reason DEFLECTED, disposition NO ANSWER), and so are "
                "the other phones that ring on that side, because the mailbox has answered."
            ),
        ),
        (_TRANSFEROR, _SUPERVISORS_GO.format(whom="the transferor")),
    ),
    StartRecording: Prose(
        "Start recording the party of the named view.",
        (
            "`recording` is the time of the start. The state does not change.",
            (
                "The recording continues when that party is put on hold, parked or transferred. It ends with the "
                "party's view."
            ),
        ),
        ("No other view changes. Each party is recorded separately.",),
    ),
    StopRecording: Prose(
        "Stop recording the party of the named view.",
        ("`recording` is removed. The state does not change.",),
        ("No other view changes.",),
    ),
    HangUp: Prose(
        "End the call, or end one party's part in it.",
        (
            (
                "Without a number and a view the whole call ends. On the wire it is a DELETE, and the number is its "
                "parameter `phoneNumber`."
            ),
            (
                "There is one exception: an asker that only has a ringing phone, or has only joined by BargeIn, "
                "Whisper or Monitor, ends just its own views, unless it pays for the call or has parked one of its "
                "parties."
            ),
            (
                "With `phoneNumber`, or else with a view, only that party leaves. Its view is `ENDED`: disposition "
                "ANSWERED if the party was ever answered, otherwise NO ANSWER. Its hold, parking and recording end."
            ),
        ),
        (
            (
                "If fewer than two sides then have a live view, every view ends and the call is over. While a party is "
                "parked, the lot counts as the other side."
            ),
            (
                "If two sides remain, their parties stay in the call. A party is `ANSWERED` if the other side still "
                "rings."
            ),
            _SUPERVISORS_GO.format(whom="a party that leaves"),
            "A call that is over remains a value, so that it can be distinguished from an unknown call.",
        ),
    ),
}

SIGNALS_PROSE: Mapping[type[Action], Prose] = {
    Dialled: Prose("The calling phone has dialled.", ("The view is `TRYING`.",), ("No other view changes.",)),
    Rang: Prose(
        "The dialled phone rings.",
        (
            "The view is `RINGING`, and `ringing` is the time of the signal.",
            (
                "If the view is a destination that waits for a source, it stops waiting: it can ring for the call's "
                "own `waitForPickup` from now on, and it is listed if it is an extension."
            ),
            "The time limit of an outside leg starts again, because setting up its connection took some of it.",
        ),
        ("No other view changes.",),
    ),
    FarEndRang: Prose(
        "The calling phone hears the other side ring.",
        ("The view is `ANSWERED`. It has no date of answer, because nobody has answered yet.",),
        ("If the other side is up, both are `CONNECTED`.",),
    ),
    Answered: Prose(
        "The dialled phone was answered.",
        (
            (
                "The view is `ANSWERED`, and `answered` is the time of the signal. If another side is up, the view is "
                "`CONNECTED`."
            ),
            "A leg that rang to barge in now stands on a side of its own.",
            "If another view of the same side is already up, the answering view moves to the next free side.",
        ),
        (
            "Every other view of the same side that is not up ends (NO ANSWER), because it lost the call.",
            "In a call that the service created, the destinations ring once a source is up.",
            "A caller that dials itself is `ANSWERED` when the other side answers, even if no ring was reported.",
            "When two sides are up, every `ANSWERED` or `PARKED` party is `CONNECTED`.",
        ),
    ),
    HungUp: Prose(
        "The party has hung up, or could not be reached.",
        (
            (
                "The view is `ENDED`. Its disposition is ANSWERED if it was ever answered, whatever the signal says. "
                "Otherwise it is the disposition of the signal, or NO ANSWER if the signal has none or says ANSWERED."
            ),
        ),
        (
            "The same as after a [HangUp](actions/HangUp.md) of that party.",
            (
                "If the call is over as a result, parties that were never answered take over BUSY, FAILED or NOT "
                "ALLOWED: the caller of a busy phone is BUSY."
            ),
        ),
    ),
}

FIELDS: Mapping[str, str] = {
    "view_id": "the view that the action is about",
    "send_call_to": "the phone to ring",
    "caller_id": "the caller id that this phone shows",
    "wait_for_pickup": "how long this phone rings, in seconds",
    "max_in_parking": "how long the party is parked before its parker is rung back, in seconds",
    "position": (
        "the position in the lot, 1 to 100. It is not sent on the wire: the program that keeps the lot gives it, or "
        "`None` if the lot is full"
    ),
    "private": "1: the whispering phone does not hear the conversation",
    "format": "the format of the recording",
    "transfer_from_number": "the number of the transferor, who leaves",
    "transfer_number": "the number of the transferred party",
    "phone_number": "the number of the party that leaves; a query parameter of the DELETE",
    "disposition": "why the party could not be reached",
}
"""What each field is."""
