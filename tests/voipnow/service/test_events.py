"""Call events: each situation of the vendor's service with its events, made by the engine."""

import pytest
from msgspec.structs import replace

from callstate import (
    Answered,
    BargeIn,
    Dialled,
    Disposition,
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
from callstate.domain import CreateCallback, CreateConferenceInvite, CreateSimple
from callstate.voipnow.service import PARAMETER_NAMES, EventType, events
from tests.calls import ALICE, BOB, CALL, CAROL, DAVE, ELSEWHERE, OUTSIDE, connected, retrieving
from tests.voipnow.line import Heard, Line, dialled, heard
from tests.voipnow.world import CALLBACK, CONFERENCE, DIRECTORY, QUEUE

IN, OUT, HANGUP, ANSWER_IN, ANSWER_OUT = range(5)


def simple(*destinations: str, source: tuple[str, ...] = (ALICE,), **more: object) -> Line:
    return Line().create(CreateSimple, source, destinations or (BOB,), **more)


def simple_answered() -> Line:
    """Alice has called Bob through the service; they talk."""
    line = simple()
    line.on(Answered, "00")
    line.on(Answered, "01")
    return line


def talking() -> Line:
    """Alice has dialled Bob; they talk."""
    line = Line(dialled(ALICE, BOB))
    line.on(Dialled, "00")
    line.on(Answered, "01")
    return line


def incoming() -> Line:
    """Somebody outside talks to Bob."""
    line = Line(dialled(OUTSIDE, BOB))
    line.on(Dialled, "00")
    line.on(Answered, "01")
    return line


# Calls that the service makes -----------------------------------------------------------------------------------------


def test_the_own_phone_rings() -> None:
    assert simple().told == []


def test_the_source_answers_and_the_destination_is_dialled() -> None:
    line = simple(BOB, CAROL)
    assert line.on(Answered, "00") == [
        Heard("alice", OUT, "CALLING"),
        Heard("bob", IN, "CALLING"),
        Heard("carol", IN, "CALLING"),
    ]


def test_the_destination_answers() -> None:
    line = simple(BOB, CAROL)
    line.on(Answered, "00")
    assert line.on(Answered, "02") == [
        Heard("alice", ANSWER_OUT, "ANSWER"),
        Heard("bob", HANGUP, "NOANSWER"),
        Heard("carol", ANSWER_IN, "ANSWER"),
    ]


def test_a_source_that_loses_or_never_answers_has_not_begun() -> None:
    line = simple(source=(ALICE, CAROL))
    assert line.on(Answered, "01") == [Heard("carol", OUT, "CALLING"), Heard("bob", IN, "CALLING")]
    assert line.of(ALICE) == []
    assert simple().wait(30) == []


def test_a_source_that_loses_has_begun_if_the_network_told_of_the_destination_before() -> None:
    line = simple(source=(ALICE, CAROL))
    assert line.on(Rang, "02") == [
        Heard("alice", OUT, "CALLING"),
        Heard("carol", OUT, "CALLING"),
        Heard("bob", IN, "CALLING"),
    ]
    assert line.on(Answered, "01") == [Heard("alice", HANGUP, "CANCEL")]


@pytest.mark.parametrize(
    ("disposition", "status"),
    [
        (Disposition.BUSY, "BUSY"),
        (Disposition.FAILED, "CONGESTION"),
        (Disposition.NOT_ALLOWED, "CONGESTION"),
        (Disposition.UNKNOWN, "UNKNOWN"),
        (Disposition.NO_ANSWER, "NOANSWER"),
    ],
)
@pytest.mark.parametrize("made", [simple, lambda: Line(dialled(ALICE, BOB))])
def test_the_destination_cannot_be_reached(made: type[Line], disposition: Disposition, status: str) -> None:
    line = made()
    if line.call.view("01") is not None and line.call.views[1].waits:
        line.on(Answered, "00")
    else:
        line.on(FarEndRang, "00")
    assert line.on(HungUp, "01", disposition=disposition) == [
        Heard("alice", HANGUP, status),
        Heard("bob", HANGUP, status),
    ]


def test_the_destination_does_not_answer() -> None:
    line = simple()
    line.on(Answered, "00")
    assert line.wait(30) == [Heard("alice", HANGUP, "NOANSWER"), Heard("bob", HANGUP, "NOANSWER")]


def test_a_destination_that_was_busy_before_says_nothing_of_the_end() -> None:
    line = simple(BOB, CAROL)
    line.on(Answered, "00")
    assert line.on(HungUp, "01", disposition=Disposition.BUSY) == [Heard("bob", HANGUP, "BUSY")]
    assert line.wait(30) == [Heard("alice", HANGUP, "NOANSWER"), Heard("carol", HANGUP, "NOANSWER")]


def test_a_source_that_does_not_answer_after_it_has_begun_gives_up() -> None:
    """Its own phone rang in vain; of the phone that it calls nobody knows whether it would have been answered."""
    line = simple()
    line.on(Rang, "01")
    assert line.wait(30) == [Heard("alice", HANGUP, "CANCEL"), Heard("bob", HANGUP, "CANCEL")]


def test_the_source_gives_up() -> None:
    line = simple()
    line.on(Answered, "00")
    assert line.on(HungUp, "00") == [Heard("alice", HANGUP, "CANCEL"), Heard("bob", HANGUP, "CANCEL")]


def test_one_of_two_phones_declines() -> None:
    line = simple(BOB, CAROL)
    line.on(Answered, "00")
    assert line.on(HungUp, "01") == [Heard("bob", HANGUP, "NOANSWER")]


@pytest.mark.parametrize("who", ["00", "01", None])
def test_it_is_hung_up_after_the_answer(who: str | None) -> None:
    line = simple_answered()
    assert line.on(HangUp, who) == [Heard("alice", HANGUP, "ANSWER"), Heard("bob", HANGUP, "ANSWER")]


def test_a_simple_call_to_an_outside_number() -> None:
    line = simple(OUTSIDE)
    assert line.on(Answered, "00") == [Heard("alice", OUT, "CALLING")]
    assert line.on(Rang, "01") == []
    assert line.on(Answered, "01") == [Heard("alice", ANSWER_OUT, "ANSWER")]
    assert line.on(HungUp, "01") == [Heard("alice", HANGUP, "ANSWER")]


def test_a_callback_is_nobodys() -> None:
    line = Line().create(CreateCallback, (OUTSIDE,), (ELSEWHERE,), extension=CALLBACK)
    line.on(Answered, "00")
    line.on(Answered, "01")
    line.on(HungUp, "00")
    assert line.call.over
    assert line.told == []


def test_a_callback_extension_has_no_events() -> None:
    line = Line(dialled(ALICE, CALLBACK))
    line.on(FarEndRang, "00")
    line.on(Answered, "01")
    assert {one.extension for one in line.told} == {ALICE}


def test_a_conference_invites_two() -> None:
    line = Line().create(CreateConferenceInvite, (CONFERENCE,), (BOB, CAROL))
    assert heard(line.told) == [
        Heard("room", OUT, "CALLING"),
        Heard("bob", IN, "CALLING"),
        Heard("carol", IN, "CALLING"),
    ]
    answered = line.on(Answered, "01")
    assert answered[:2] == [Heard("room", ANSWER_OUT, "ANSWER"), Heard("bob", ANSWER_IN, "ANSWER")]
    assert line.on(Answered, "02") == [Heard("carol", ANSWER_IN, "ANSWER")], "each guest who answers is in"
    assert line.on(HangUp) == [
        Heard("room", HANGUP, "ANSWER"),
        Heard("bob", HANGUP, "ANSWER"),
        Heard("carol", HANGUP, "ANSWER"),
    ]


def test_a_guest_who_does_not_answer() -> None:
    line = Line().create(CreateConferenceInvite, (CONFERENCE,), (BOB, CAROL))
    line.on(Answered, "01")
    assert line.wait(30) == [Heard("carol", HANGUP, "NOANSWER")]


# Calls of the network -------------------------------------------------------------------------------------------------


def test_a_call_between_extensions() -> None:
    line = Line(dialled(ALICE, BOB))
    assert heard(line.told) == [Heard("bob", IN, "CALLING")]
    assert line.on(Dialled, "00") == [Heard("alice", OUT, "CALLING")]
    assert line.on(Rang, "01") == []
    assert line.on(FarEndRang, "00") == []
    assert line.on(Answered, "01") == [Heard("alice", ANSWER_OUT, "ANSWER"), Heard("bob", ANSWER_IN, "ANSWER")]


def test_an_answer_makes_the_call_of_a_caller_that_only_dialled() -> None:
    line = Line(dialled(ALICE, BOB))
    line.on(Dialled, "00")
    assert line.on(Answered, "01") == [Heard("alice", ANSWER_OUT, "ANSWER"), Heard("bob", ANSWER_IN, "ANSWER")]


def test_an_outside_caller_gives_up() -> None:
    line = Line(dialled(OUTSIDE, BOB))
    assert heard(line.told) == [Heard("bob", IN, "CALLING")]
    line.on(FarEndRang, "00")
    assert line.on(HungUp, "00") == [Heard("bob", HANGUP, "CANCEL")]


def test_a_phone_that_declines_cannot_be_told_from_a_caller_that_gives_up_unless_it_is_busy() -> None:
    line = Line(dialled(OUTSIDE, BOB))
    line.on(FarEndRang, "00")
    assert line.on(HungUp, "01") == [Heard("bob", HANGUP, "CANCEL")]


def test_a_caller_that_the_network_never_reported_up_ends_with_cancel() -> None:
    line = Line(dialled(ALICE, OUTSIDE))
    line.on(Dialled, "00")
    assert line.on(HungUp, "00") == [Heard("alice", HANGUP, "CANCEL")]


def test_a_caller_that_never_dialled_has_not_begun() -> None:
    line = Line(dialled(ALICE, OUTSIDE))
    assert line.on(HungUp, "00") == []


def test_nobody_is_told_that_a_queue_answers() -> None:
    line = Line(dialled(OUTSIDE, QUEUE))
    line.on(FarEndRang, "00")
    assert line.on(Answered, "01") == []
    assert line.on(HungUp, "00") == [Heard("queue", HANGUP, "ANSWER")]


# What makes no event --------------------------------------------------------------------------------------------------


def test_hold_recording_and_repeats_are_told_nobody() -> None:
    line = talking()
    for kind in (OnHold, OnHold, StartRecording, StartRecording, StopRecording, OffHold, OffHold):
        assert line.on(kind, "01", extension=BOB) == []
    assert line.on(Answered, "01") == [], "a late report"


@pytest.mark.parametrize("role", [Whisper, Monitor])
def test_who_supervises_is_no_party(role: type[Whisper | Monitor]) -> None:
    line = talking()
    assert line.on(role, "01", send_call_to=CAROL) == []
    assert line.on(Answered, "02") == []
    assert line.on(HungUp, "02") == []


def test_a_refused_input_leaves_the_call_and_tells_nothing() -> None:
    call = connected()
    assert events(call, call, directory=DIRECTORY) == ()


# Transfers ------------------------------------------------------------------------------------------------------------


def test_a_transfer_that_is_answered() -> None:
    line = talking()
    transferred = line.on(Transfer, transfer_from_number=BOB, send_call_to=CAROL)
    assert transferred == [Heard("bob", HANGUP, "ANSWER"), Heard("carol", IN, "CALLING")]
    assert line.on(Answered, "02") == [Heard("carol", ANSWER_IN, "ANSWER")]
    assert line.on(HungUp, "00") == [Heard("alice", HANGUP, "ANSWER"), Heard("carol", HANGUP, "ANSWER")]


def test_a_transfer_by_the_caller_makes_the_new_leg_receive_a_call_on_the_calling_side() -> None:
    line = talking()
    transferred = line.on(Transfer, transfer_from_number=ALICE, send_call_to=CAROL)
    assert transferred == [Heard("alice", HANGUP, "ANSWER"), Heard("carol", IN, "CALLING")]
    assert line.call.views[2].side == 0


def test_a_transfer_that_is_not_answered() -> None:
    line = talking()
    line.on(Transfer, transfer_from_number=BOB, send_call_to=CAROL)
    assert line.wait(30) == [Heard("alice", HANGUP, "ANSWER"), Heard("carol", HANGUP, "NOANSWER")]


def test_a_transfer_to_an_outside_number() -> None:
    line = talking()
    assert line.on(Transfer, transfer_from_number=BOB, send_call_to=OUTSIDE) == [Heard("bob", HANGUP, "ANSWER")]
    assert line.on(Answered, "02") == []
    assert line.on(HungUp, "02") == [Heard("alice", HANGUP, "ANSWER")]


def test_a_transfer_to_a_mailbox() -> None:
    line = talking()
    sent = line.on(TransferToVoicemail, transfer_from_number=BOB, send_call_to=CAROL)
    assert sent == [Heard("bob", HANGUP, "ANSWER")]
    assert line.on(HungUp, "00") == [Heard("alice", HANGUP, "ANSWER")]


def test_a_deflection() -> None:
    """The phone that rang has hung up; the one that rings in its place has a call of its own."""
    line = Line(dialled(ALICE, BOB))
    line.on(FarEndRang, "00")
    line.on(Rang, "01")
    sent_on = line.on(Transfer, "01", extension=BOB, send_call_to=CAROL)
    assert sent_on == [Heard("bob", HANGUP, "NOANSWER"), Heard("carol", IN, "CALLING")]
    assert line.on(Answered, "02") == [Heard("alice", ANSWER_OUT, "ANSWER"), Heard("carol", ANSWER_IN, "ANSWER")]


def test_a_deflection_to_a_mailbox_answers_the_caller() -> None:
    line = Line(dialled(ALICE, BOB))
    line.on(FarEndRang, "00")
    line.on(Rang, "01")
    sent_on = line.on(TransferToVoicemail, "01", extension=BOB, send_call_to=BOB)
    assert sent_on == [Heard("alice", ANSWER_OUT, "ANSWER"), Heard("bob", HANGUP, "NOANSWER")]


# Phones that join -----------------------------------------------------------------------------------------------------


def test_a_pick_up() -> None:
    line = Line(dialled(ALICE, BOB))
    line.on(FarEndRang, "00")
    line.on(Rang, "01")
    assert line.on(PickUp, "01", extension=CAROL, send_call_to=CAROL) == [Heard("carol", IN, "CALLING")]
    assert line.on(Answered, "02") == [
        Heard("alice", ANSWER_OUT, "ANSWER"),
        Heard("bob", HANGUP, "NOANSWER"),
        Heard("carol", ANSWER_IN, "ANSWER"),
    ]


def test_a_pick_up_that_is_too_late_or_not_answered() -> None:
    line = Line(dialled(ALICE, BOB))
    line.on(FarEndRang, "00")
    line.on(Rang, "01")
    line.on(PickUp, "01", extension=CAROL, send_call_to=CAROL, wait_for_pickup=5)
    line.on(PickUp, "01", extension=DAVE, send_call_to=DAVE)
    assert line.wait(10) == [Heard("carol", HANGUP, "NOANSWER")]
    assert Heard("dave", HANGUP, "NOANSWER") in line.on(Answered, "01")


def test_a_pick_up_of_a_source_that_the_service_rings() -> None:
    line = simple()
    assert line.on(PickUp, "00", extension=CAROL, send_call_to=CAROL) == [Heard("carol", IN, "CALLING")]
    assert line.on(Answered, "02") == [Heard("bob", IN, "CALLING"), Heard("carol", ANSWER_IN, "ANSWER")]
    assert line.on(Answered, "01") == [Heard("bob", ANSWER_IN, "ANSWER")]
    assert line.of(ALICE) == []


def test_a_source_that_lost_and_picks_up_the_destination_receives_the_call() -> None:
    line = simple(source=(ALICE, CAROL))
    line.on(Answered, "00")
    assert line.on(PickUp, "02", extension=ALICE, send_call_to=CAROL) == [Heard("carol", IN, "CALLING")]
    assert CAROL in line.call.views[3].source
    assert told(line, CAROL)["CallFlow"] == "IN"


def test_a_barge_in() -> None:
    line = talking()
    assert line.on(BargeIn, "01", extension=CAROL, send_call_to=CAROL) == [Heard("carol", IN, "CALLING")]
    assert line.on(Answered, "02") == [Heard("carol", ANSWER_IN, "ANSWER")]
    assert line.on(HungUp, "02") == [Heard("carol", HANGUP, "ANSWER")]


def test_a_barge_in_where_the_target_leaves_before() -> None:
    line = talking()
    line.on(BargeIn, "01", extension=CAROL, send_call_to=CAROL)
    assert line.on(HungUp, "01") == [
        Heard("alice", HANGUP, "ANSWER"),
        Heard("bob", HANGUP, "ANSWER"),
        Heard("carol", HANGUP, "CANCEL"),
    ]


def test_a_barge_in_where_the_target_is_parked_before() -> None:
    line = talking()
    line.on(BargeIn, "00", extension=CAROL, send_call_to=CAROL)
    assert Heard("carol", HANGUP, "CANCEL") in line.on(Park, "00", extension=BOB)


def test_a_barge_in_that_is_turned_into_listening_is_a_hang_up_and_back_is_a_call() -> None:
    line = talking()
    line.on(BargeIn, "01", extension=CAROL, send_call_to=CAROL)
    assert line.on(Monitor, "01", extension=CAROL, send_call_to=CAROL) == [Heard("carol", HANGUP, "CANCEL")]
    assert line.on(Answered, "02") == []
    assert line.on(BargeIn, "01", extension=CAROL, send_call_to=CAROL) == [
        Heard("carol", IN, "CALLING"),
        Heard("carol", ANSWER_IN, "ANSWER"),
    ]


# The parking lot ------------------------------------------------------------------------------------------------------


def test_parking_and_unparking() -> None:
    line = talking()
    assert line.on(Park, "00", extension=BOB) == [Heard("bob", HANGUP, "ANSWER")]
    assert line.on(UnPark, "00", extension=CAROL, send_call_to=CAROL) == [Heard("carol", IN, "CALLING")]
    assert line.on(Answered, "02") == [Heard("carol", ANSWER_IN, "ANSWER")]


def test_an_unparking_that_is_not_answered() -> None:
    line = talking()
    line.on(Park, "00", extension=BOB)
    line.on(UnPark, "00", extension=CAROL, send_call_to=CAROL)
    assert line.wait(30) == [Heard("carol", HANGUP, "NOANSWER")]


def test_each_ring_back_is_a_call_of_its_own() -> None:
    line = talking()
    line.on(Park, "00", extension=BOB, max_in_parking=60)
    once = [Heard("bob", IN, "CALLING"), Heard("bob", HANGUP, "NOANSWER")]
    assert line.wait(60) == once[:1]
    assert line.wait(30) == once[1:]
    assert line.wait(60) == once
    line.wait(30)
    assert line.on(Answered, line.call.views[-1].id) == [Heard("bob", ANSWER_IN, "ANSWER")]


def test_the_parked_party_hangs_up() -> None:
    line = talking()
    line.on(Park, "00", extension=BOB)
    line.on(UnPark, "00", extension=CAROL, send_call_to=CAROL)
    assert line.on(HungUp, "00") == [Heard("alice", HANGUP, "ANSWER"), Heard("carol", HANGUP, "CANCEL")]


def test_an_outside_party_is_only_the_other_end_also_while_it_is_parked_and_listed() -> None:
    line = incoming()
    line.on(Park, "01", extension=BOB)
    line.on(UnPark, "00", extension=CAROL, send_call_to=CAROL)
    line.on(Answered, "02")
    assert {one.extension for one in line.told} == {BOB, CAROL}
    assert {one.parameters.caller_id_num for one in line.told} == {OUTSIDE}


# The end of everything ------------------------------------------------------------------------------------------------


def test_the_limit_of_a_call() -> None:
    line = simple(call_duration=60)
    line.on(Answered, "00")
    line.on(Answered, "01")
    assert line.wait(60) == [Heard("alice", HANGUP, "ANSWER"), Heard("bob", HANGUP, "ANSWER")]


def test_the_whole_call_is_hung_up_while_it_rings() -> None:
    line = simple()
    line.on(Answered, "00")
    assert line.on(HangUp) == [Heard("alice", HANGUP, "CANCEL"), Heard("bob", HANGUP, "CANCEL")]


# Calls that are seen for the first time -------------------------------------------------------------------------------


def test_a_call_that_is_adopted_tells_nothing_of_before_and_its_end() -> None:
    line = Line(connected())
    assert line.told == []
    assert line.on(HungUp, "00") == [Heard("alice", HANGUP, "ANSWER"), Heard("bob", HANGUP, "ANSWER")]


def test_in_an_adopted_call_who_rings_is_told() -> None:
    assert heard(Line(retrieving(CAROL)).told) == [Heard("carol", IN, "CALLING")]


# Parameters -----------------------------------------------------------------------------------------------------------


def told(line: Line, who: str) -> dict[str, str]:
    """Return the parameters of the first event of an extension."""
    return dict(line.of(who)[0].parameters.pairs())


def test_all_ten_parameters_come_in_the_order_of_the_vendor() -> None:
    (*_, last) = talking().told
    assert [name for name, _ in last.parameters.pairs()] == list(PARAMETER_NAMES)
    assert " ".join(PARAMETER_NAMES) == (
        "CallID CallerIDNum CallerIDName CalledDID CalledExtension CallStatus CallFlow CallerExtension CalledNumber"
        " CallAPIID"
    )


def test_a_call_between_extensions_names_both_ends_in_both_directions() -> None:
    line = talking()
    common = {
        "CallID": CALL,
        "CallerIDNum": ALICE,
        "CallerIDName": "12",
        "CalledDID": "",
        "CalledExtension": BOB,
        "CallerExtension": ALICE,
        "CalledNumber": BOB,
        "CallAPIID": CALL,
    }
    assert told(line, ALICE) == {**common, "CallFlow": "OUT", "CallStatus": "CALLING"}
    assert told(line, BOB) == {**common, "CallFlow": "IN", "CallStatus": "CALLING"}


def test_an_outside_caller_has_a_number_and_no_extension() -> None:
    shown = told(incoming(), BOB)
    assert (shown["CallerIDNum"], shown["CallerIDName"], shown["CallerExtension"]) == (OUTSIDE, OUTSIDE, "")


def test_an_outside_number_that_is_called_has_no_extension() -> None:
    line = Line(dialled(ALICE, OUTSIDE))
    line.on(Dialled, "00")
    shown = told(line, ALICE)
    assert (shown["CalledNumber"], shown["CalledExtension"], shown["CalledDID"]) == (OUTSIDE, "", "")


def test_a_public_number_that_was_dialled_is_the_did() -> None:
    call = dialled(OUTSIDE, BOB, destination=("0400",))
    shown = told(Line(call), BOB)
    assert (shown["CalledNumber"], shown["CalledDID"], shown["CalledExtension"]) == ("0400", "0400", BOB)


def test_who_picks_up_is_told_of_the_phone_that_rang() -> None:
    line = Line(dialled(ALICE, BOB))
    line.on(FarEndRang, "00")
    line.on(Rang, "01")
    line.on(PickUp, "01", extension=CAROL, send_call_to=CAROL)
    shown = told(line, CAROL)
    assert (shown["CalledNumber"], shown["CalledExtension"], shown["CallFlow"]) == (BOB, CAROL, "IN")


def test_each_of_several_destinations_is_told_its_own_number() -> None:
    line = simple(BOB, CAROL)
    line.on(Answered, "00")
    assert [told(line, who)["CalledNumber"] for who in (ALICE, BOB, CAROL)] == [BOB, BOB, CAROL]
    line.on(Answered, "02")
    answered = line.of(ALICE)[-1].parameters
    assert (answered.called_number, answered.called_extension) == (CAROL, CAROL), "who has answered counts"


def test_of_several_sources_the_one_that_answered_is_the_caller() -> None:
    line = simple(source=(ALICE, CAROL))
    line.on(Answered, "01")
    assert told(line, BOB)["CallerExtension"] == CAROL


def test_a_source_that_lost_and_answers_for_the_destination_is_not_the_caller() -> None:
    line = simple(source=(CAROL, ALICE))
    line.on(Answered, "01")
    line.on(PickUp, "02", extension=ALICE, send_call_to=CAROL)
    line.on(Answered, "03")
    assert [one.parameters.caller_extension for one in line.of(CAROL)] == [ALICE, ALICE]


@pytest.mark.parametrize(
    ("caller_id", "number", "name"),
    [
        ("Alice <0003*210>", ALICE, "Alice"),
        ("  John  Smith < 0721 >", "0721", "John  Smith"),
        ("<0721>", "0721", "12"),
        ("0721", "0721", "12"),
        ("+40721", "+40721", "12"),
        ("Alice", ALICE, "Alice"),
        ("A <B <0721", "0721", "A <B"),
        ("", ALICE, "12"),
        ("  ", ALICE, "12"),
        ("Nobody <>", ALICE, "Nobody"),
    ],
)
def test_the_caller_id_of_a_phone_that_rings(caller_id: str, number: str, name: str) -> None:
    shown = told(Line(dialled(ALICE, BOB, caller_id=caller_id)), BOB)
    assert (shown["CallerIDNum"], shown["CallerIDName"]) == (number, name)


def test_the_caller_is_told_of_itself_as_the_phone_that_it_calls_shows_it() -> None:
    line = Line(dialled(ALICE, BOB, caller_id="Support <0800>"))
    line.on(Dialled, "00")
    shown = told(line, ALICE)
    assert (shown["CallerIDNum"], shown["CallerIDName"], shown["CallerExtension"]) == ("0800", "Support", ALICE)


@pytest.mark.parametrize("caller_id", [None, "Secret", "Secret <>"])
def test_a_withheld_number_is_empty_name_and_all(caller_id: str | None) -> None:
    shown = told(Line(dialled("", BOB, source=(), caller_id=caller_id)), BOB)
    assert (shown["CallerIDNum"], shown["CallerIDName"], shown["CallerExtension"]) == ("", "", "")


def test_short_numbers_are_told_in_their_extended_form() -> None:
    call = dialled(ALICE, BOB, source=("210",), destination=("211",))
    shown = told(Line(call), BOB)
    assert (shown["CallerExtension"], shown["CallerIDName"], shown["CalledNumber"]) == (ALICE, "12", BOB)


def test_a_party_that_is_outside_of_the_system_has_no_events_whatever_its_number() -> None:
    call = dialled(ALICE, BOB)
    stranger = replace(call.views[1], outside=True, listed=False)
    assert Line(replace(call, views=(call.views[0], stranger))).told == []


def test_extensions_that_the_directory_does_not_know_have_no_events() -> None:
    assert Line(dialled(ALICE, "0009*999")).told == []


def test_the_types_are_those_of_the_vendor() -> None:
    assert [kind.name for kind in EventType] == ["DIAL_IN", "DIAL_OUT", "HANGUP", "ANSWER_IN", "ANSWER_OUT"]
    assert list(map(int, EventType)) == [0, 1, 2, 3, 4]
