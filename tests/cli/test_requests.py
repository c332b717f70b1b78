"""The commands that take a request, `apply` and `explain`, and the one that shows what can be asked, `allowed`."""

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from callstate.cli import main

Printed = pytest.CaptureFixture[str]
Json = dict[str, Any]  # Any: JSON
AT = "2026-03-02T10:00:00+01:00"
CLERK, GUARD = "0007*310", "0007*311"


def view(**fields: object) -> Json:
    return {"id": "00", "extension": CLERK, "status": "5", "source": [CLERK], "destination": [GUARD]} | fields


def call(*views: Json) -> str:
    return json.dumps({"id": "desk1", "extension": CLERK, "phoneCallView": views or (view(),)})


def ask(action: str, **fields: str) -> str:
    return json.dumps({"action": action, "phoneCallViewId": "00"} | fields)


HELD = view(onHold="2026-03-02T08:59:00Z")


# apply ----------------------------------------------------------------------------------------------------------------


def test_a_refusal_carries_what_is_allowed_now(capsys: Printed) -> None:
    assert main(["apply", call(), ask("PickUp", sendCallTo="0007*312"), "--at", AT]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "pc_wrong_state"
    assert {"OnHold", "HangUp"} <= set(error["allowed"])
    assert "PickUp" not in error["allowed"]
    assert main(["allowed", call(), "00"]) == 0
    assert capsys.readouterr().out.split() == error["allowed"]


@pytest.mark.parametrize(
    "arguments",
    [
        [ask("OnHold", phoneCallViewId="07")],
        [ask("Dance")],
        [ask("OnHold"), "--extension", "0007*399"],
    ],
)
def test_a_refusal_that_is_about_no_view_allows_nothing(arguments: list[str], capsys: Printed) -> None:
    assert main(["apply", call(), *arguments, "--at", AT]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["allowed"] == []


def test_a_stranger_is_refused_before_the_action_is_read(capsys: Printed) -> None:
    for body in (ask("Dance"), "{", "[]"):
        assert main(["apply", call(), body, "--extension", "0007*399"]) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "extension_invalid"


def test_dates_in_the_future_do_not_delay_an_action(capsys: Printed) -> None:
    late = call(view(answered="2036-03-02T09:00:00Z"))
    assert main(["apply", late, ask("OnHold"), "--at", AT]) == 0
    assert json.loads(capsys.readouterr().out)["phoneCallView"][0]["onHold"] == AT


@pytest.mark.parametrize("at", ["2026-03-02T10:00:00+01:00:30", "2026-03-02T10:00:00+01:00:00.5"])
def test_an_offset_is_whole_minutes(at: str, capsys: Printed) -> None:
    assert main(["apply", call(), ask("OnHold"), "--at", at]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "whole minutes" in err


# explain --------------------------------------------------------------------------------------------------------------


def marks(out: str) -> dict[str, str]:
    """Return the checks with their marks."""
    *lines, _ = out.splitlines()
    return {line.split()[1]: line.split()[0] for line in lines}


def test_an_accepted_request_passes_every_check(capsys: Printed) -> None:
    assert main(["explain", call(), ask("OnHold"), "--at", AT]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert set(marks(out).values()) == {"yes"}
    assert out.splitlines()[-1] == "accepted"


def test_a_repeat_is_told_as_one(capsys: Printed) -> None:
    assert main(["explain", call(HELD), ask("OnHold"), "--at", AT]) == 0
    assert "nothing changes" in capsys.readouterr().out.splitlines()[-1]
    assert main(["explain", call(HELD), ask("OnHold"), "--at", AT, "--strict"]) == 1
    out = capsys.readouterr().out
    assert marks(out)["state"] == "NO"
    assert out.splitlines()[-1] == "refused: wrong_state"


@pytest.mark.parametrize(
    ("body", "extension", "failed"),
    [
        (ask("OnHold"), "0007*399", "extension"),
        (ask("Dance"), CLERK, "action"),
        (ask("OnHold", phoneCallViewId="07"), CLERK, "view"),
        (ask("UnPark", sendCallTo="x"), CLERK, "fields"),
        (ask("UnPark", sendCallTo="0007*312"), CLERK, "state"),
        (ask("Monitor", sendCallTo=GUARD), CLERK, "context"),
    ],
)
def test_the_check_that_fails_is_marked_and_those_behind_it_are_not_made(
    body: str, extension: str, failed: str, capsys: Printed
) -> None:
    assert main(["explain", call(), body, "--at", AT, "--extension", extension]) == 1
    found = marks(capsys.readouterr().out)
    place = list(found).index(failed)
    assert list(found.values()) == ["yes"] * place + ["NO"] + ["-"] * (len(found) - place - 1)


@pytest.mark.parametrize("command", ["apply", "explain"])
@pytest.mark.parametrize("body", ["{", "[]", '{"action": "OnHold",}'])
def test_a_body_that_cannot_be_read_is_told_in_one_line(command: str, body: str, capsys: Printed) -> None:
    assert main([command, call(), body, "--at", AT]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("callstate: ACTION cannot be read: ")


def test_the_call_and_the_request_cannot_both_be_standard_input(capsys: Printed) -> None:
    assert main(["explain", "-", "-"]) == 2
    assert "read once" in capsys.readouterr().err


# allowed --------------------------------------------------------------------------------------------------------------


def test_each_listed_view_has_a_line(capsys: Printed) -> None:
    other = view(id="01", extension=GUARD, status="3", source=[CLERK], destination=[GUARD])
    assert main(["allowed", call(view(status="4"), other)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    first, second = out.splitlines()
    assert first.startswith(f"view 00, {CLERK}, ANSWERED: ")
    assert second.startswith(f"view 01, {GUARD}, RINGING: PickUp, ")


def test_of_one_view_each_action_has_a_line(capsys: Printed) -> None:
    assert main(["allowed", call(view(status="3")), "00"]) == 0
    actions = capsys.readouterr().out.splitlines()
    assert {"PickUp", "HangUp"} <= set(actions)
    assert "OnHold" not in actions


@pytest.mark.parametrize(("view_id", "listed"), [("07", "00"), ("01", "00"), ("0", "00"), ("9" * 5000, "00")])
def test_a_view_that_is_not_listed_is_told(view_id: str, listed: str, capsys: Printed) -> None:
    """View 01 is there: the outside party, which no request can name."""
    shown = call(view(flow="4", destination=["0730111222"]))
    assert main(["allowed", shown, view_id]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.endswith(f"it lists {listed}\n")


def test_a_call_without_views_allows_nothing(capsys: Printed) -> None:
    nobody = json.dumps({"id": "desk1", "extension": CLERK, "phoneCallView": []})
    assert main(["allowed", nobody]) == 0
    assert capsys.readouterr() == ("", "the call lists no view, so no action can name one\n")
    assert main(["allowed", nobody, "00"]) == 2
    assert capsys.readouterr().err.endswith("it lists none\n")


def test_a_parked_party_without_a_number_is_shown(capsys: Printed) -> None:
    parked = {"parked": "2026-03-02T08:59:00Z", "parkedPos": 3, "parkedBy": CLERK, "flow": "8", "source": []}
    assert main(["allowed", call(view(**parked, destination=[CLERK]))]) == 0
    assert capsys.readouterr().out.startswith("view 00, no number, PARKED: ")


def test_what_is_allowed_of_a_call_from_standard_input(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = BytesIO(f'{{"entry": [{call()}]}}'.encode())

    monkeypatch.setattr(sys, "stdin", Stdin())
    assert main(["allowed", "-"]) == 0
    assert "OnHold" in capsys.readouterr().out


def test_a_call_that_cannot_be_read_allows_nothing(capsys: Printed, tmp_path: Path) -> None:
    for argument in ("{", "{}", str(tmp_path), "[]"):
        assert main(["allowed", argument]) == 2
        assert capsys.readouterr().err.startswith("callstate: ")


# Help -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["apply", "explain", "allowed", "table", "check"])
def test_help_fits_a_terminal(command: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert command == "table" or "exit codes: 0 " in out
