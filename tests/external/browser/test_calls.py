"""A person at the console: calls are made, answered, held, parked, rung back and hung up."""

import subprocess

from playwright.sync_api import expect

from tests.external.browser.chromium import Console
from tests.sandbox.running import RING, TALK, Running

ALICE, BOB, CAROL, DAVE = "0003*210", "0003*024", "0003*211", "0003*212"


def test_a_call_from_its_creation_over_a_ring_back_to_its_end(shown: Console, running: Running) -> None:
    page = shown.page
    page.get_by_role("button", name="Freeze").click()
    expect(page.locator("#pace")).to_have_text("frozen")
    running.control("POST", "clock", at="2100-01-01T12:00:00Z")

    page.get_by_role("button", name="Create a call").click()
    shown.fill(source=CAROL, destination=ALICE)
    expect(page.locator(".call.selected .title")).to_have_text("Carol → Alice")
    call = shown.selected
    shown.shows(call, "RINGING", "TRYING")
    expect(shown.party(call, "00").locator(".until")).to_have_text("rings out in 0:25")

    shown.press(call, "00", "Answer")
    shown.shows(call, "ANSWERED", "RINGING")
    shown.press(call, "01", "Answer")
    shown.shows(call, "CONNECTED", "CONNECTED")

    shown.press(call, "01", "OnHold")
    shown.shows(call, "CONNECTED", "ON HOLD")
    shown.press(call, "01", "OffHold")
    shown.shows(call, "CONNECTED", "CONNECTED")

    shown.press(call, "01", "Park…")
    shown.fill(maxInParking="60")
    shown.shows(call, "PARKED", "ENDED")
    expect(shown.party(call, "00")).to_contain_text("place 1, parked by Alice")
    expect(shown.party(call, "00").locator(".until")).to_have_text("rings back in 1:00")

    page.get_by_label("seconds").fill("45")
    page.get_by_role("button", name="Move on by").click()
    expect(shown.party(call, "00").locator(".until")).to_have_text("rings back in 0:15")
    expect(shown.party(call, "00").locator(".since")).to_have_text("0:45")
    page.get_by_role("button", name="To the next deadline, in 0:15").click()
    shown.shows(call, "PARKED", "ENDED", "RINGING")

    shown.press(call, "02", "Answer")
    shown.shows(call, "CONNECTED", "ENDED", "CONNECTED")
    shown.press(call, "02", "HangUp")
    expect(page.locator("#ends").locator(f'[data-call="{call}"]')).to_have_count(1)
    assert running.calls()[call]["ended_views"] == 3


def test_a_call_from_its_coming_in_to_its_end_by_the_keyboard_alone(shown: Console, running: Running) -> None:
    page, keys = shown.page, shown.page.keyboard
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")
    keys.press("i")
    keys.type("5551234")
    keys.press("Tab")
    keys.type(DAVE)
    keys.press("Enter")
    expect(page.locator(".call.selected .title")).to_have_text("5551234 → Dave")
    call = shown.selected
    expect(shown.call(call).locator(".head")).to_be_focused()
    keys.press("Tab")
    expect(shown.party(call, "00").get_by_role("button", name="Hang up")).to_be_focused()
    keys.press("ArrowRight")
    expect(shown.party(call, "01").get_by_role("button", name="Answer")).to_be_focused()
    keys.press("Enter")
    shown.shows(call, "CONNECTED", "CONNECTED")
    expect(shown.call(call).locator("button:focus")).to_have_count(1)
    hang_up = shown.party(call, "01").get_by_role("button", name="HangUp", exact=True)
    while not hang_up.evaluate("button => button === document.activeElement"):
        expect(shown.call(call).locator(":focus")).to_have_count(1)  # the buttons of the call come one after the other
        keys.press("Tab")
    keys.press("Space")
    expect(page.locator("#ends").locator(f'[data-call="{call}"]')).to_have_count(1)
    assert running.calls()[call]["ended_views"] == 2


def test_the_keyboard_goes_from_call_to_call_and_moves_the_clock(shown: Console) -> None:
    page, keys = shown.page, shown.page.keyboard
    assert shown.selected == RING
    keys.press("ArrowDown")
    assert shown.selected == TALK
    expect(shown.call(TALK).locator(".head")).to_be_focused()
    keys.press("k")
    assert shown.selected == RING
    keys.press("f")
    expect(page.locator("#pace")).to_have_text("frozen")
    keys.press("2")
    expect(page.locator("#requests")).to_be_visible()
    keys.press("3")
    expect(page.locator("#events")).to_be_visible()
    page.get_by_role("tab", name="Call events").press("ArrowRight")
    expect(page.get_by_role("tab", name="History")).to_be_focused()


def test_a_refusal_is_told_where_it_was_asked_and_in_the_journal(shown: Console) -> None:
    shown.select(TALK)
    shown.press(TALK, "01", "Transfer…")
    shown.fill(sendCallTo=BOB)
    refusal = shown.page.locator("dialog .refusal")
    expect(refusal).to_be_visible()
    told = refusal.inner_text()
    assert told.startswith("Transfer refused: ")
    shown.page.keyboard.press("Escape")
    shown.page.keyboard.press("2")
    first = shown.page.locator(".journal > li").first
    expect(first).to_contain_text("400")
    expect(first).to_contain_text(told)
    shown.shows(TALK, "CONNECTED", "CONNECTED")


def test_a_request_is_copied_as_commands_that_repeat_it(shown: Console, running: Running) -> None:
    shown.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.select(TALK)
    shown.press(TALK, "01", "OnHold")
    shown.page.keyboard.press("2")
    first = shown.page.locator(".journal > li").first
    expect(first).to_contain_text("OnHold")
    first.locator("summary").click()
    first.get_by_role("button", name="Copy as curl").click()
    expect(shown.page.locator(".note").last).to_have_text("Copied. Paste it into a shell.")
    commands = shown.page.evaluate("navigator.clipboard.readText()")
    running.signal(TALK, "01", "Resumed")
    subprocess.run(["bash", "-euc", commands], check=True, capture_output=True)  # noqa: S607  # the shell of a person
    shown.shows(TALK, "CONNECTED", "ON HOLD")
    once, again = (entry for entry in running.control("GET", "requests")["requests"] if entry["action"] == "OnHold")
    assert {**once, "number": 0, "at": ""} == {**again, "number": 0, "at": ""}


def test_the_history_is_a_ladder_and_text(shown: Console) -> None:
    shown.select(TALK)
    shown.press(TALK, "01", "OnHold")
    ladder = shown.page.locator("svg.ladder")
    expect(ladder).to_contain_text("OnHold")
    expect(ladder.locator('.mark[data-state="ON_HOLD"]')).to_have_count(1)
    shown.page.get_by_text("As text").click()
    expect(shown.page.locator(".lines li").last).to_contain_text("OnHold, Alice ON_HOLD")


def test_subscriptions_and_what_they_were_sent_are_shown(shown: Console, running: Running) -> None:
    with running.client("14") as carol:
        body = {"type": "0", "method": "1", "url": f"{running.url}/nobody", "status": "1", "note": "my app"}
        assert carol.post(f"/uapi/extensions/@me/{CAROL}/phoneCallEvents", json=body).status_code == 200
    running.control("POST", "calls", source="3334444", destination=CAROL)
    shown.page.keyboard.press("3")
    events = shown.page.locator("#events")
    expect(events).to_contain_text("my app")
    expect(events.locator("[data-number] .pill")).to_have_text("404")


def test_without_calls_the_page_says_how_one_comes_in(shown: Console, running: Running) -> None:
    running.control("PUT", "calls", calls=[])
    expect(shown.page.get_by_text("Nobody is calling.")).to_be_visible()
    shown.page.locator("#first").click()
    shown.fill(source="5550100")
    expect(shown.page.locator(".call.selected .title")).to_have_text("5550100 → Alice")
    shown.page.get_by_role("button", name="Reset").click()
    shown.shows(TALK, "CONNECTED", "CONNECTED")
    expect(shown.page.locator(".call")).to_have_count(2)
