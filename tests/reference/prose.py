"""What the pages of the actions say that the code cannot: what an action does, and how it affects the other parties.

One rule: what an input does is said by facts, each of which shows on the engine that it is so; the purpose of an input
and of a field is said here in one sentence.
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
    Held,
    HungUp,
    Monitor,
    OffHold,
    OnHold,
    Park,
    PickUp,
    Rang,
    Resumed,
    StartRecording,
    StopRecording,
    Transfer,
    TransferToVoicemail,
    UnPark,
    Whisper,
)
from tests.reference.facts import (
    Fact,
    after_signals,
    hanging_up,
    holding,
    joining,
    parking,
    recording,
    transferring,
)


class Prose(NamedTuple):
    """What an input is there to do, in one sentence; what it does to the named party, and to everybody else."""

    purpose: str
    after: tuple[Fact, ...]
    others: tuple[Fact, ...]


PROSE: Mapping[type[Action], Prose] = {
    OnHold: Prose(
        "Put the call on hold on behalf of the party of the named view.",
        (holding.it_holds, holding.a_recording_continues),
        (holding.the_other_side_stays, holding.supervisors_stay, holding.a_call_that_was_read),
    ),
    OffHold: Prose(
        "End the hold of the party of the named view.",
        (holding.it_resumes, holding.an_undated_party_gets_a_date),
        (holding.the_other_hold_continues, holding.a_call_that_was_read),
    ),
    Park: Prose(
        "Put one party in the parking lot. The other party, the parker, leaves.",
        (
            parking.who_waits,
            parking.what_the_view_records,
            parking.who_gives_the_position,
            parking.the_lot_of_a_service,
            parking.when_the_time_runs_out,
        ),
        (
            parking.the_parker_leaves,
            parking.how_an_outside_party_is_listed,
            parking.supervisors_of_both_leave,
            parking.when_the_parked_party_leaves,
        ),
    ),
    UnPark: Prose(
        "Ring a phone to retrieve the parked party of the named view.",
        (
            parking.the_leg_rings,
            parking.it_stays_parked_until_then,
            parking.nobody_answers,
            parking.by_the_view_of_the_parker,
            parking.who_was_retrieved,
        ),
        (parking.several_may_ring,),
    ),
    PickUp: Prose(
        "Ring another phone for a call that rings at the named view.",
        (joining.the_leg_rings, joining.the_first_gets_it),
        (joining.the_other_side_waits,),
    ),
    BargeIn: Prose(
        "Ring a phone that joins the conversation of the named view as another party.",
        (
            joining.the_named_view_stays,
            joining.a_leg_rings_to_barge_in,
            joining.a_role_changes,
            joining.it_opens_a_side,
            joining.its_target_may_hold,
        ),
        (joining.it_makes_a_conference, joining.its_target_leaves),
    ),
    Whisper: Prose(
        "Ring a phone that speaks only to the party of the named view.",
        (
            joining.the_named_view_stays,
            joining.a_leg_rings_to_whisper,
            joining.a_role_changes,
            joining.it_stands_alone,
            joining.its_target_may_hold,
        ),
        (joining.it_ends_with_its_target,),
    ),
    Monitor: Prose(
        "Ring a phone that listens silently to the conversation of the named view.",
        (
            joining.the_named_view_stays,
            joining.a_leg_rings_to_monitor,
            joining.a_role_changes,
            joining.it_stands_alone,
            joining.its_target_may_hold,
        ),
        (joining.it_ends_with_its_target,),
    ),
    Transfer: Prose(
        "Send one party to another phone, without asking that phone first (a blind transfer).",
        (
            transferring.by_numbers,
            transferring.by_view,
            transferring.the_transferred_party_waits,
            transferring.the_leg_rings,
            transferring.nobody_answers,
            transferring.a_ringing_call_is_deflected,
            transferring.several_phones_ring,
        ),
        (transferring.the_transferor_leaves, transferring.its_supervisors_leave),
    ),
    TransferToVoicemail: Prose(
        "Send one party to the mailbox of an extension.",
        (
            transferring.by_numbers,
            transferring.by_view,
            transferring.the_transferred_party_is_connected,
            transferring.the_mailbox_is_up,
            transferring.it_is_deflected_to_the_mailbox,
            transferring.several_phones_ring,
        ),
        (transferring.the_transferor_leaves, transferring.its_supervisors_leave),
    ),
    StartRecording: Prose(
        "Start recording the party of the named view.",
        (recording.it_starts, recording.it_continues_and_ends),
        (recording.each_party_separately, holding.a_call_that_was_read),
    ),
    StopRecording: Prose(
        "Stop recording the party of the named view.",
        (recording.it_stops,),
        (recording.only_that_view, holding.a_call_that_was_read),
    ),
    HangUp: Prose(
        "End the call, or end one party's part in it. On the wire it is a DELETE, and the number is its parameter "
        "`phoneNumber`.",
        (hanging_up.the_whole_call_ends, hanging_up.some_end_only_their_own_views, hanging_up.one_party_leaves),
        (
            hanging_up.fewer_than_two_sides,
            hanging_up.two_sides_remain,
            hanging_up.its_supervisors_leave,
            hanging_up.it_remains_a_value,
        ),
    ),
}

SIGNALS_PROSE: Mapping[type[Action], Prose] = {
    Dialled: Prose("The calling phone has dialled.", (after_signals.it_dials,), (after_signals.nothing_else_changes,)),
    Rang: Prose(
        "The dialled phone rings.",
        (after_signals.it_rings, after_signals.it_waits_no_longer, after_signals.an_outside_leg_starts_again),
        (after_signals.no_other_view_changes,),
    ),
    FarEndRang: Prose(
        "The calling phone hears the other side ring.",
        (after_signals.the_caller_hears_it_ring,),
        (after_signals.the_other_side_is_up,),
    ),
    Answered: Prose(
        "The dialled phone was answered.",
        (after_signals.it_is_answered, after_signals.a_leg_has_barged_in, after_signals.it_takes_the_next_side),
        (
            after_signals.the_others_have_lost,
            after_signals.destinations_ring,
            after_signals.an_answer_reaches_the_caller,
            after_signals.two_sides_are_connected,
        ),
    ),
    Held: Prose(
        "The party put the call on hold at its phone, or the far network did.",
        (holding.as_after_on_hold,),
        (holding.no_other_view_changes, holding.a_call_that_was_read),
    ),
    Resumed: Prose(
        "The hold was ended at the phone or in the far network.",
        (holding.as_after_off_hold,),
        (holding.no_other_view_changes, holding.a_call_that_was_read),
    ),
    HungUp: Prose(
        "The party has hung up, or could not be reached.",
        (hanging_up.the_view_ends, hanging_up.its_reason),
        (hanging_up.as_after_hang_up, hanging_up.a_rejection_is_passed_on),
    ),
}

FIELDS: Mapping[str, str] = {
    "view_id": "the view that the input is about",
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
