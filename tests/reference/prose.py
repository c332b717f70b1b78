"""What the pages of the actions say that the code cannot: what an action is for, and what it means for the others.

One rule: short sentences, each of which a test of the core holds; nothing here that the table or the forms tell.
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
    """What an action is for, what becomes of whom it is about, and of everybody else."""

    purpose: str
    after: tuple[str, ...]
    others: tuple[str, ...]


_RINGS = (
    "A new view of `sendCallTo` appears, with the highest id ever used in the call plus one, `RINGING` for "
    "`waitForPickup` seconds."
)
_STAYS = "The named view stays as it is."
_TWO_PARTIES = (
    "`transferFromNumber` is the transferor, who leaves; `transferNumber` is the transferred, who is sent. One that is "
    "missing is the other party. Both missing: the party of `phoneCallViewId` is the transferred; without that the "
    "asker is the transferor."
)
_TRANSFEROR = "The transferor's view is `ENDED`, with disposition ANSWERED."
_SUPERVISORS_GO = "Legs that whisper to, monitor or ring to join {whom} end with it."

PROSE: Mapping[type[Action], Prose] = {
    OnHold: Prose(
        "Put the call on hold, by the party of the named view.",
        ("The view is `ON_HOLD`; `onHold` is the instant of the hold, `holder` is 1.", "A recording goes on."),
        (
            (
                "No other view changes. The other end stays `CONNECTED`, or `ON_HOLD` if it holds too: each end has a "
                "hold of its own."
            ),
            "Who monitors or whispers stays.",
        ),
    ),
    OffHold: Prose(
        "Take back the hold of the party of the named view.",
        (
            "The view is `CONNECTED`; `onHold` and `holder` are gone.",
            "A party read without a date of answer gets none.",
        ),
        ("No other view changes. A hold of the other end goes on, and only that end can release it.",),
    ),
    Park: Prose(
        "Let one party wait in the parking lot while the other leaves.",
        (
            (
                "The party of the named view waits; if the view is the asker's own, the other party does. A party "
                "outside of the system never parks: if one of the two is outside, that one waits, whoever is named."
            ),
            "The waiting view is `PARKED`: since when, at which position, by whom, and until when. Its own hold ends.",
            "The position is the first free one of the organization's lot; whoever applies the action gives it.",
            (
                "Each time `maxInParking` is over, the parker's phone is rung for 25 s, unless one rings at that end "
                "already, and the time starts anew; after the tenth time it does not."
            ),
        ),
        (
            "The parker's view is `ENDED`, with disposition ANSWERED.",
            "A waiting party from outside is listed while it waits, under its parker's number.",
            _SUPERVISORS_GO.format(whom="either of the two"),
            "If the waiting party leaves, the call is over, and phones that ring to retrieve it stop.",
        ),
    ),
    UnPark: Prose(
        "Ring a phone to retrieve the parked party of the named view.",
        (
            f"{_RINGS} It stands at the end that the parker had.",
            "The named view stays `PARKED`. When the phone answers, both are `CONNECTED` and the position is free.",
            "If the phone does not answer, only its view ends (NO ANSWER), and the party stays parked.",
        ),
        ("Several phones may ring for one parked party: the first to answer has it, the others end (NO ANSWER).",),
    ),
    PickUp: Prose(
        "Ring another phone for the call that rings at the named view.",
        (
            f"{_RINGS} It stands at the same end as the named view, and has its source, destination and flow.",
            (
                "The named view goes on ringing. Whoever of the two answers first has the call; the other ends (NO "
                "ANSWER)."
            ),
        ),
        ("The other end hears nothing of it until somebody answers.",),
    ),
    BargeIn: Prose(
        "Ring a phone that joins the conversation of the named view as a further party.",
        (
            f"{_STAYS}",
            f"{_RINGS} Its role is BARGE, and the named view is its target while it rings.",
            "When it answers it stands at an end of its own, `CONNECTED`, and needs its target no more.",
        ),
        (
            (
                "With three ends the call is a conference: Park, UnPark and both transfers are refused until one end "
                "has left."
            ),
            "If the target leaves or is parked before the phone answers, the leg ends.",
        ),
    ),
    Whisper: Prose(
        "Ring a phone that speaks to the party of the named view alone.",
        (
            _STAYS,
            f"{_RINGS} Its role is WHISPER; with `private` 1 it does not hear the conversation.",
            "When it answers it is `CONNECTED`. It stands at no end, so it keeps no call alive.",
        ),
        ("The leg ends when its target leaves or is parked. Nobody else is touched.",),
    ),
    Monitor: Prose(
        "Ring a phone that listens to the conversation of the named view in silence.",
        (
            _STAYS,
            f"{_RINGS} Its role is MONITOR.",
            "When it answers it is `CONNECTED`. It stands at no end, so it keeps no call alive.",
        ),
        ("The leg ends when its target leaves or is parked. Nobody else is touched.",),
    ),
    Transfer: Prose(
        "Send one party to another phone, without asking there first.",
        (
            _TWO_PARTIES,
            "The transferred view is `ANSWERED`; its own hold ends, its recording goes on.",
            (
                "A new view appears at the transferor's end: an extension is `RINGING`, an outside number `TRYING` and "
                "unlisted, each for 25 s. When it answers, both are `CONNECTED`."
            ),
            "If it does not, the call is over: there is nobody left at that end.",
        ),
        (_TRANSFEROR, _SUPERVISORS_GO.format(whom="the transferor")),
    ),
    TransferToVoicemail: Prose(
        "Send one party to the mailbox of an extension.",
        (
            _TWO_PARTIES,
            "The transferred view is `CONNECTED`; its own hold ends, its recording goes on.",
            "A new view appears at the transferor's end, `CONNECTED` at once. Its role is VOICEMAIL.",
        ),
        (_TRANSFEROR, _SUPERVISORS_GO.format(whom="the transferor")),
    ),
    StartRecording: Prose(
        "Record the party of the named view.",
        (
            "`recording` is the instant of the start. The state stays.",
            "The recording goes on across hold, park and transfer of that party, and ends with its view.",
        ),
        ("No other view changes: each party is recorded by itself.",),
    ),
    StopRecording: Prose(
        "Stop the recording of the party of the named view.",
        ("`recording` is gone. The state stays.",),
        ("No other view changes.",),
    ),
    HangUp: Prose(
        "End the call, or one party's part in it.",
        (
            (
                "Without a number and a view the whole call ends. On the wire it is a DELETE, whose `phoneNumber` is "
                "the number."
            ),
            (
                "With `phoneNumber`, which counts before a view, or with a view, that party's view is `ENDED`: "
                "disposition ANSWERED if it was ever answered, else NO ANSWER. Hold, parking and recording end with it."
            ),
        ),
        (
            (
                "If fewer than two ends have a live view then, everybody's view ends and the call is over. While a "
                "party is parked, the lot is the other end."
            ),
            (
                "If two ends remain, their parties talk on. Who is alone at a call whose other end still rings is "
                "`ANSWERED`."
            ),
            _SUPERVISORS_GO.format(whom="a party that leaves"),
            "A call that is over stays a value, so that over is told from unknown.",
        ),
    ),
}

SIGNALS_PROSE: Mapping[type[Action], Prose] = {
    Dialled: Prose("The calling phone has dialled.", ("The view is `TRYING`.",), ("None.",)),
    Rang: Prose(
        "The phone that is rung rings.",
        (
            "The view is `RINGING`, and `ringing` is that instant.",
            (
                "A destination that waited for a source waits no more. It has the call's limit to ring, and is listed "
                "if it is an extension."
            ),
        ),
        ("None.",),
    ),
    FarEndRang: Prose(
        "The calling phone hears the other end ring.",
        ("The view is `ANSWERED`, without a date of answer: nobody has answered yet.",),
        ("If the other end is up, both are `CONNECTED`.",),
    ),
    Answered: Prose(
        "The phone that is rung was answered.",
        (
            "The view is `ANSWERED`, and `answered` is that instant; if another end is up, it is `CONNECTED` at once.",
            "A leg that rang to barge in has an end of its own from now on.",
        ),
        (
            "Every other view of the same end that is not up has lost: it ends, NO ANSWER.",
            "In a call that the service created, a source that is up lets the destinations ring.",
            "With two ends up, every `ANSWERED` or `PARKED` party is `CONNECTED`.",
        ),
    ),
    HungUp: Prose(
        "The party has hung up, or could not be reached.",
        (
            (
                "The view is `ENDED`. Its disposition is the one that is told, else ANSWERED if it was ever answered, "
                "else NO ANSWER."
            ),
        ),
        (
            "As for [HangUp](actions/HangUp.md) of that party.",
            (
                "If that ends the call, parties who were never answered take BUSY, FAILED or NOT ALLOWED from it: the "
                "caller of a busy phone is BUSY."
            ),
        ),
    ),
}

FIELDS: Mapping[str, str] = {
    "view_id": "the view that is meant",
    "send_call_to": "the phone to ring",
    "caller_id": "what that phone shows",
    "wait_for_pickup": "how long it rings, in seconds",
    "max_in_parking": "how long the party waits before its parker is rung back, in seconds",
    "position": "the place in the lot, 1 to 100, not on the wire: who keeps the lot gives it, `None` if it is full",
    "private": "1: the one who whispers does not hear the conversation",
    "format": "the format of the recording",
    "transfer_from_number": "the party that transfers and leaves",
    "transfer_number": "the party that is sent",
    "phone_number": "the party that leaves; a query parameter of the DELETE",
    "disposition": "why the party could not be reached",
}
"""What each field is for."""
