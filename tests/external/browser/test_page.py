"""The page itself: what it loads, what others can put into it, and how it looks on small screens and after a stop."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Dialog, expect

from callstate.sandbox import PhoneSystem, Setup, demo, directory_of, listening, server_for
from tests.external.browser.chromium import NARROW, Console, let_in_many
from tests.external.browser.conftest import Opened
from tests.external.browser.picture import picture, scene, size
from tests.sandbox.running import AT, RING, TALK, Running

PICTURE = Path(__file__).parents[3] / "docs" / "how-to" / "console.png"

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_a_caller_id_of_markup_is_text(shown: Console, running: Running) -> None:
    dialogs: list[Dialog] = []
    shown.page.on("dialog", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108  # playwright marks what it calls, and a method cannot be
    call = running.control("POST", "calls", source="3334444", destination="0003*212", callerId=MARKUP)["id"]
    expect(shown.party(call, "01")).to_contain_text(MARKUP)
    shown.select(call)
    shown.press(call, "01", "Transfer…")
    shown.fill(sendCallTo=MARKUP)
    expect(shown.page.locator("dialog .refusal")).to_be_visible()
    shown.page.keyboard.press("Escape")
    shown.page.keyboard.press("2")
    expect(shown.page.locator(".journal").first).to_contain_text(MARKUP)
    assert shown.page.locator("main img, aside img, body script").count() == 0
    assert dialogs == []


def test_nothing_is_asked_of_any_other_site(shown: Console, running: Running) -> None:
    shown.select(TALK)
    shown.press(TALK, "01", "OnHold")
    shown.shows(TALK, "CONNECTED", "ON HOLD")
    assert {url.removeprefix(running.url)[:1] for url in shown.requests} == {"/"}


OTHER = "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("program", "directive"),
    [
        (f"fetch('{OTHER}').catch(() => 0)", "connect-src"),
        (
            f"document.head.append(Object.assign(document.createElement('script'), {{src: '{OTHER}'}}))",
            "script-src-elem",
        ),
        ("document.head.append(Object.assign(document.createElement('script'), {text: '1'}))", "script-src-elem"),
        (f"document.body.append(Object.assign(new Image(), {{src: '{OTHER}'}}))", "img-src"),
        ("document.body.setAttribute('style', 'color: red')", "style-src-attr"),
    ],
)
def test_the_policy_stops_what_is_not_of_the_sandbox(
    opened: Opened, running: Running, program: str, directive: str
) -> None:
    with opened() as shown:
        shown.open(running)
        listen = "addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective))"
        found = shown.page.evaluate(f"() => new Promise((done) => {{ {listen}; {program}; }})")
        assert found == directive


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_without_scrolling_to_the_side(
    opened: Opened, running: Running, scheme: Literal["light", "dark"]
) -> None:
    running.control("POST", "calls", source="9" * 64, destination="0003*212", callerId="W" * 255)
    with opened(viewport=NARROW, color_scheme=scheme) as shown:
        shown.open(running)
        shown.select(TALK)
        shown.press(TALK, "01", "OnHold")
        for key in ("1", "2", "3", "i"):
            shown.page.keyboard.press(key)
            assert shown.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
        assert shown.page.locator("dialog").bounding_box()["x"] >= 0  # type: ignore[index]  # it is visible


def test_colours_follow_the_setting_of_the_device_and_motion_can_be_less(opened: Opened, running: Running) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        with opened(color_scheme=scheme, reduced_motion="reduce") as shown:
            shown.open(running)
            colours.add(shown.page.evaluate("getComputedStyle(document.body).backgroundColor"))
            dot = "getComputedStyle(document.querySelector('.badge[data-state=RINGING]'), '::before').animationName"
            assert shown.page.evaluate(dot) == "none"
    assert len(colours) == 2


def test_a_frozen_clock_stands_still_in_the_page_too(shown: Console, running: Running) -> None:
    running.control("POST", "clock", at="2100-01-01T12:00:00Z", frozen=True)
    expect(shown.page.locator("#time")).to_have_text("12:00:00")
    shown.page.wait_for_timeout(1200)
    expect(shown.page.locator("#time")).to_have_text("12:00:00")
    running.control("POST", "clock", frozen=False)
    expect(shown.page.locator("#time")).to_have_text("12:00:01")


def test_five_hundred_calls_are_shown(shown: Console, running: Running) -> None:
    let_in_many(running, 500)
    expect(shown.page.locator("#live")).to_have_text("502")
    assert shown.page.locator("#board > .call").count() == 502


def test_a_page_that_nobody_looks_at_does_not_listen(shown: Console, running: Running) -> None:
    look = (
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    shown.page.evaluate(look, True)  # noqa: FBT003  # the argument of the function in the page
    for _ in range(500):
        shown.page.wait_for_timeout(10 * running.system.updates.watched)
    assert running.system.updates.watched == 0
    running.signal(RING, "01", "Answered")
    shown.page.evaluate(look, False)  # noqa: FBT003  # the argument of the function in the page
    shown.shows(RING, "CONNECTED", "CONNECTED")


@contextmanager
def served_on(port: int) -> Iterator[int]:
    server = server_for(
        PhoneSystem(Setup(directory=directory_of(None), calls=tuple(demo.calls(AT)))), lambda _line: None
    )
    with listening("127.0.0.1", port) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def test_a_sandbox_that_is_started_again_is_shown_from_the_beginning(opened: Opened) -> None:
    with opened() as shown:
        with served_on(0) as port:
            shown.page.goto(f"http://127.0.0.1:{port}")
            shown.select(TALK)
            shown.press(TALK, "01", "OnHold")
            shown.shows(TALK, "CONNECTED", "ON HOLD")
        expect(shown.page.locator("#connection")).to_have_text("reconnecting")
        with served_on(port):
            expect(shown.page.locator("#connection")).to_have_text("live", timeout=15_000)
            shown.shows(TALK, "CONNECTED", "CONNECTED")
            shown.press(TALK, "01", "OnHold")
            shown.shows(TALK, "CONNECTED", "ON HOLD")


def test_the_picture_of_the_documentation_can_be_made_again(opened: Opened) -> None:
    with opened() as shown, scene(shown) as call:
        shown.shows(call, "CONNECTED", "ENDED", "CONNECTED")
        assert size(picture(shown)) == size(PICTURE.read_bytes())
