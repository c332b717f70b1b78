"""The public names of each package, written down: none appears or vanishes unnoticed.

What users import has one stable home. Whoever adds, moves or removes a public name changes it here and on the page of
the API, in the same step.
"""

from collections.abc import Mapping
from importlib import import_module

import pytest

PUBLIC: Mapping[str, str] = {
    "callstate": """
        LENIENT STRICT Action Answered BargeIn CallStateError Change Check CreateCallback CreateConferenceInvite
        CreateSimple Dialled Disposition DomainError EndReason ErrorCode FarEndRang Flow HangUp Held HungUp Monitor
        Numbering OffHold OnHold Park Parking PhoneCall PhoneCallView PickUp Rang Recording Resumed Role Rules
        Signal StartRecording StopRecording Transfer TransferToVoicemail UnPark ViewState Whisper advance
        allowed_actions apply_action changes create_call explain next_deadline steps unwrap
    """,
    "callstate.lifecycle": """
        FAR_END STARTS Edge diagram edges lifecycle
    """,
    "callstate.stream": """
        Step step tick
    """,
    "callstate.voipnow.wire": """
        DATE OTHER_SPELLINGS TEXT TEXTS AcceptedBody CallBody Fields Kind Listed UnreadableError apply_body as_text
        decode decode_action decode_call encode_accepted encode_call encode_error explain_body http_status one_of
        read_request wire_code
    """,
    "callstate.voipnow.service": """
        COUNTS CREATES EVENT_FIELDS FIELDS FILTERED_BY FORM FULL_NUMBER LONGEST_NOTE NO_CHANGES PAGE PARAMETER_NAMES
        STARTS Account AccountKind CallEvent CallStatus Calls Changed Delivery Directory EventBody EventMethod
        EventParameters EventType Extension ExtensionKind MayCall OfEach Page Request Response Step Steps
        Subscription SubscriptionChanges SubscriptionOutcome SubscriptionRequest SubscriptionStore Subscriptions
        Verb by_publishing deliveries events handle handle_subscription is_loopback load_directory participants
    """,
    "callstate.voipnow.http": """
        BODY_LIMIT Application Asgi Exchange Grant HttpRequest HttpResponse Message Receive Scope Send Site Tokens
        capitalized json_response problem request_of respond split too_large
    """,
    "callstate.voipnow.stores": """
        Host MemoryStore MemorySubscriptions Store
    """,
    "callstate.voipnow.stores.sql": """
        Entry Outbox SqlStore SqlSubscriptions create_tables metadata
    """,
    "callstate.conformance": """
        Differs Divergence Found Judge Key Line Placed Reply Unreadable UnreadableLineError Verdict check judge_lines
        key line_of merged one_by_one read_line record record_listing record_start summary write_line
    """,
    "callstate.recording": """
        TraceMiddleware TraceWriter UnreadableHarError trace_of_har
    """,
    "callstate.exploration": """
        CHANGE_INVARIANTS INVARIANTS VIEW_INVARIANTS Counterexample Exploration Harm Path Retries Step explore report
        retries story survey take
    """,
    "callstate.testing": """
        LAWS STARTS Begin CallMachine CoreSubject Diverged HttpExchange HttpSubject Input Judgement Law Limits
        NotJudgedError Sandbox ScenarioOutcome Statistics Subject Timeline Unable Wait actions any_calls broken_requests
        calls check_implementation check_scenarios client_credentials judge replay requests signals timelines wire_calls
    """,
}
"""The names of each package, with spaces between them."""

SHARED = {"STARTS", "Step"}
"""Names that mean different things in two packages."""


def homes(name: str) -> list[str]:
    """Return the packages that have a name."""
    return [package for package, names in PUBLIC.items() if name in names.split()]


@pytest.mark.parametrize("package", PUBLIC)
def test_the_public_names_are_those_written_down(package: str) -> None:
    public, expected = set(import_module(package).__all__), set(PUBLIC[package].split())
    where = "add it to PUBLIC in this test and to docs/reference/api.md, or take it out of __all__"
    assert public <= expected, f"{package} has the new public name {sorted(public - expected)}: {where}"
    gone = "users import it: put it back, or remove it here, on the API page, and tell it in CHANGELOG.md"
    assert expected <= public, f"{package} has no public name {sorted(expected - public)} any more: {gone}"


@pytest.mark.parametrize("package", PUBLIC)
def test_each_public_name_can_be_imported(package: str) -> None:
    module = import_module(package)
    assert [name for name in PUBLIC[package].split() if not hasattr(module, name)] == []


def test_a_name_has_one_home() -> None:
    every = {name for names in PUBLIC.values() for name in names.split()}
    assert {name for name in every if len(homes(name)) > 1} == SHARED
