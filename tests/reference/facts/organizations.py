"""What a service that knows accounts and organizations adds to the question of who can ask."""

from callstate import Park, PhoneCall, Role
from tests.calls import ALICE, BOB, CALL, CAROL, DAVE, changed, connected, done, on, seen, supervised
from tests.voipnow.world import (
    ADMIN,
    ALICE_ID,
    BOB_ID,
    CAROL_ID,
    DAVE_ID,
    DAVES_OTHER,
    ERIN_ID,
    FAR,
    FAR_ID,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    Answer,
    Simulation,
    another,
)


def _asked(call: PhoneCall, account: str, path: str, action: str = "OnHold", **fields: str | None) -> Answer:
    named = {"phoneCallViewId": "00"} | fields
    body = {"action": action, **{name: value for name, value in named.items() if value is not None}}
    return Simulation(call).http(account, "PUT", path, body)


def _code(answer: Answer) -> str | None:
    return None if answer.status == 202 else answer.code


def which_users() -> None:
    """
    An administrator can act for every user, an organization for its own users, and a user for itself. Otherwise the
    answer is `access_denied`, with status 401.
    """
    for account, code in ((ADMIN, None), (ORGANIZATION, None), (ALICE_ID, None), (BOB_ID, "access_denied")):
        assert _code(_asked(connected(), account, f"{ALICE_ID}/{ALICE}/{CALL}")) == code
    denied = _asked(connected(), OTHER_ORGANIZATION, f"{ALICE_ID}/{ALICE}/{CALL}")
    assert (denied.status, denied.code) == (401, "access_denied")


def which_words() -> None:
    """
    The user in the path is an id, or `@me` or `@viewer` for the account of the token, or `@owner` for the owner of the
    extension that pays for the call (without a call: of the named extension). Anything else is `user_invalid`.
    """
    for word in ("@me", "@viewer", "@owner", ALICE_ID):
        assert _code(_asked(connected(), ALICE_ID, f"{word}/{ALICE}/{CALL}")) is None
    assert _code(_asked(connected(), BOB_ID, f"@owner/{ALICE}/{CALL}")) == "access_denied"
    assert _code(_asked(connected(), ALICE_ID, f"nobody/{ALICE}/{CALL}")) == "user_invalid"


def which_extension() -> None:
    """
    The extension in the path is one of the user's, in its extended or short form; another one is `extension_invalid`,
    or `access_denied` if it belongs to a user for whom the account cannot act.
    """
    for number in (ALICE, "210", "@self"):
        assert _code(_asked(connected(), ALICE_ID, f"@me/{number}/{CALL}")) is None
    assert _code(_asked(connected(), ALICE_ID, f"@me/{BOB}/{CALL}")) == "access_denied"
    assert _code(_asked(connected(), ORGANIZATION, f"{ALICE_ID}/{BOB}/{CALL}")) == "extension_invalid"
    assert _code(_asked(connected(), ALICE_ID, f"@me/0003*999/{CALL}")) == "extension_invalid"


def what_self_means() -> None:
    """
    With `@self`, the extension of the user that takes part in the call asks. If several do, the request is made on
    behalf of `@self`; if none does, on behalf of the one that pays, or of one that has left.
    """
    sent = _asked(connected(), BOB_ID, f"@me/@self/{CALL}", "Transfer", phoneCallViewId=None, sendCallTo=CAROL)
    assert [view.live for view in sent.changed[0].views] == [True, False, True]
    both = changed(changed(connected(), "00", extension=DAVE), "01", extension=DAVES_OTHER)
    assert _asked(both, DAVE_ID, f"@me/@self/{CALL}", "Park").changed[0].views[0].state == "PARKED"
    one = changed(both, "01", extension=BOB)
    assert _asked(one, DAVE_ID, f"@me/@self/{CALL}", "Park").changed[0].views[1].state == "PARKED"


def which_views() -> None:
    """
    A request can name the views of the asker's organization and those of outside parties. A view of another
    organization can be named only as the party that Park, Transfer or TransferToVoicemail sends away, and for UnPark if
    the asker's organization has parked it; otherwise the answer is `pc_phonecallview_invalid`.
    """
    far = changed(connected(), "00", extension=FAR)
    own = f"@me/{BOB}/{CALL}"
    assert _code(_asked(far, BOB_ID, own)) == "pc_phonecallview_invalid"
    assert _code(_asked(far, BOB_ID, own, phoneCallViewId="01")) is None
    assert _code(_asked(far, BOB_ID, own, "Park")) is None
    for action in ("Transfer", "TransferToVoicemail"):
        assert _code(_asked(far, BOB_ID, own, action, sendCallTo=CAROL)) is None
    lot = done(far, on(Park, "00", extension=BOB))
    fetches = f"@me/{CAROL}/{CALL}"
    assert _code(_asked(lot, CAROL_ID, fetches, "UnPark", sendCallTo=CAROL)) is None
    assert _code(_asked(lot, BOB_ID, own, "StopRecording")) == "pc_phonecallview_invalid"


def who_sees_a_supervisor() -> None:
    """
    A leg that whispers or monitors is listed to the owner of its extension, to the owner's organization and to
    administrators. For everybody else it does not exist: it is not listed, and it cannot be named.
    """
    call = supervised(Role.MONITOR)
    for account, path, number in (
        (CAROL_ID, f"@me/{CAROL}", 3),
        (ORGANIZATION, f"{BOB_ID}/{BOB}", 3),
        (ADMIN, f"{BOB_ID}/{BOB}", 3),
        (BOB_ID, f"@me/{BOB}", 2),
    ):
        (entry,) = Simulation(call).http(account, "GET", f"{path}/{CALL}").data["entry"]
        assert len(entry["phoneCallView"]) == number
    hidden = _asked(call, BOB_ID, f"@me/{BOB}/{CALL}", phoneCallViewId="02")
    assert _code(hidden) == "pc_phonecallview_invalid"


def who_is_a_stranger() -> None:
    """
    An extension that has nothing to do with the call is refused with `extension_invalid`, except for UnPark, PickUp,
    BargeIn, Whisper and Monitor by an extension of an organization that has a party in the call or pays for it.
    """
    for account, number, code in ((ERIN_ID, "0003*214", None), (FAR_ID, FAR, "extension_invalid")):
        path = f"@me/{number}/{CALL}"
        assert _code(_asked(connected(), account, path)) == "extension_invalid"
        assert _code(_asked(connected(), account, path, "Monitor", sendCallTo=CAROL)) == code


def without_a_call_id() -> None:
    """
    Without the id of a call, OnHold, Park, UnPark, Transfer and TransferToVoicemail are requested of each call of the
    extension, in the order of publishing, on its own view; the answer is an array with an outcome for each call. The
    extension is the transferor, and the party that Park does not send away. Other actions are refused with
    `pc_phonecall_invalid`. A hang-up ends each call of the extension.
    """
    calls = (connected(), another(connected(), "c2", 5))
    for action, ended in (("OnHold", None), ("Park", "01"), ("Transfer", "01")):
        world = Simulation(*calls)
        body = {"action": action, "sendCallTo": CAROL}
        answer = world.http(BOB_ID, "PUT", f"@me/{BOB}", body)
        assert [outcome["id"] for outcome in answer.data] == [CALL, "c2"]
        assert len(answer.changed) == 2
        assert all(ended is None or not seen(call, ended).live for call in answer.changed)
    assert Simulation(*calls).http(BOB_ID, "PUT", f"@me/{BOB}", {"action": "OffHold"}).code == "pc_phonecall_invalid"
    assert all(call.over for call in Simulation(*calls).http(BOB_ID, "DELETE", f"@me/{BOB}").changed)


def what_stays_hidden() -> None:
    """
    A refusal of the call, of the user or of the extension does not say which views the call has, what their state is or
    what is allowed. A list shows only calls that the extension has to do with: as a live party, as the parker of a
    parked party, or because it pays.
    """
    error = _asked(connected(), FAR_ID, f"@me/{FAR}/{CALL}")
    assert ALICE not in error.data["error"]["message"]
    assert Simulation(connected()).http(FAR_ID, "GET", f"@me/{FAR}").data["entry"] == []
    assert len(Simulation(done(connected(), on(Park, "00"))).http(BOB_ID, "GET", f"@me/{BOB}").data["entry"]) == 1


USERS = (which_users, which_words, which_extension, what_self_means)
CALLS = (who_is_a_stranger, which_views, who_sees_a_supervisor, what_stays_hidden)
