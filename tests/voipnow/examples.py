"""The vendor's own examples, as data: the request, the call that it finds, the answer, and what is left of the call.

One rule: a request stands here as the vendor writes it. Where an answer departs from the vendor's, or the vendor shows
none, `decided` says why it is as it is. Slips of the vendor's text that make it no JSON are repaired.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from unittest.mock import ANY

ID = "b817d2618fe6f1804333"
ORGANIZATION = {"ownerId": "3", "ownerName": "Default Organization"}
DATES = {"answered": "2012-06-27T16:08:55+03:00", "published": "2012-06-27T16:08:50+02:00"}

VIEW = {
    "id": "01",
    "extension": "0003*210",
    "answered": "2012-06-27T16:08:55+03:00",
    "status": "5",
    "callerId": "John Doe <3334444>",
    "source": ["0003*024"],
    "destination": ["0003*210"],
}
HELD = {**VIEW, "onHold": "2012-06-27T16:09:10+03:00", "holder": "1"}
RECORDED = {**VIEW, "recording": "2012-06-27T16:09:10+03:00"}
PARKED = {**VIEW, "parked": "2012-06-27T16:09:10+03:00", "parkedPos": "1", "parkedBy": "0003*024"}
RINGING = {**VIEW, "status": "3", "source": ["3334444"]}
WITH_CUSTOMER = {**VIEW, "source": ["3334444"]}

Json = dict[str, Any]  # Any: JSON


def call(view: Json, call_id: str = ID, extension: str = "0003*210") -> Json:
    """Write a call of one listed view."""
    return {"id": call_id, "extension": extension, **ORGANIZATION, **DATES, "phoneCallView": [view]}


def link(call_id: str = ID) -> Json:
    """Write where a call of the extension is read."""
    return {"self": f"https://x.x.x.x/uapi/phoneCalls/12/0003*210/{call_id}"}


def accepted(call_id: str = ID) -> Json:
    """Write the answer to an update."""
    return {"id": call_id, "extension": "0003*210", "link": link(call_id)}


def collection(*entries: Json) -> Json:
    """Write a page of calls."""
    return {"entry": list(entries), "totalResults": len(entries), "itemsPerPage": 20, "startIndex": 0}


class Example(NamedTuple):
    """One example; `left` tells where the live parties stand afterwards, by their numbers."""

    name: str
    request: str
    body: str = ""
    finds: Json | None = None
    status: int = 202
    answer: Any = None  # JSON
    left: Mapping[str, str] | None = None
    decided: str = ""
    token: str | None = "token"  # noqa: S105  # the vendor's placeholder


ENDS = "the vendor shows no answer, so it is that of OffHold"

EXAMPLES = (
    Example(
        "E1 OffHold",
        f"PUT /uapi/phoneCall/12/0003*210/{ID}",
        '{"action":"OffHold","phoneCallViewId":"01"}',
        call(HELD),
        answer=accepted(),
        left={"0003*210": "CONNECTED", "0003*024": "CONNECTED"},
        decided="the second slash before /uapi in the vendor's link is a slip",
    ),
    Example(
        "E2 List after OffHold",
        f"GET /uapi/phoneCalls/12/0003*210/{ID}",
        "",
        call(VIEW),
        200,
        collection({**call(VIEW), "link": link()}),
        decided="a list is a collection, as everywhere else, though the vendor shows its one call here without one",
    ),
    Example(
        "E3 OnHold",
        f"PUT /uapi/phoneCalls/12/0003*210/{ID}",
        '{"action":"OnHold","phoneCallViewId":"01"}',
        call(VIEW),
        answer=accepted(),
        left={"0003*210": "ON_HOLD", "0003*024": "CONNECTED"},
        decided=ENDS,
    ),
    Example(
        "E4 Park",
        f"PUT /uapi/phoneCalls/12/0003*210/{ID}",
        '{"action":"Park","maxInParking":"30","phoneCallViewId":"01"}',
        call(VIEW),
        answer=accepted(),
        left={"0003*024": "PARKED"},
        decided=f"{ENDS}; the named view is the asker's own, so the other party waits",
    ),
    Example(
        "E5 UnPark",
        f"PUT /uapi/phoneCalls/12/0003*210/{ID}",
        '{"action":"UnPark","sendCallTo":"0003*024","callerId":"John Doe <42420042>","waitForPickup":"20",'
        '"phoneCallViewId":"01"}',
        call(PARKED),
        answer=accepted(),
        left={"0003*210": "PARKED", "0003*024": "RINGING"},
        decided=ENDS,
    ),
    Example(
        "E6 PickUp",
        f"PUT /uapi/phoneCalls/@me/0003*210/{ID}",
        '{"action":"PickUp","sendCallTo":"0003*024","callerId":"John Doe <42420042>","waitForPickup":"20",'
        '"phoneCallViewId":"01"}',
        call(RINGING),
        answer=accepted(),
        left={"3334444": "ANSWERED", "0003*210": "RINGING", "0003*024": "RINGING"},
        decided=ENDS,
    ),
    Example(
        "E7 BargeIn",
        f"PUT /uapi/phoneCalls/12/0003*210/{ID}",
        '{"action":"BargeIn","sendCallTo":"0003*024","callerId":"John Doe <42420042>","waitForPickup":"20",'
        '"phoneCallViewId":"01"}',
        call(WITH_CUSTOMER),
        answer=accepted(),
        left={"3334444": "CONNECTED", "0003*210": "CONNECTED", "0003*024": "RINGING"},
        decided=ENDS,
    ),
    Example(
        "E8 Whisper",
        "PUT /uapi/phoneCalls/12/0003*210/444444",
        '{"action":"Whisper","sendCallTo":"0003*024","private":0,"callerId":"Whisper To Me <42420042>",'
        '"waitForPickup":"20","phoneCallViewId":"01"}',
        call(WITH_CUSTOMER, "444444"),
        answer=accepted("444444"),
        left={"3334444": "CONNECTED", "0003*210": "CONNECTED", "0003*024": "RINGING"},
        decided=ENDS,
    ),
    Example(
        "E9 Transfer",
        f"PUT /uapi/phoneCalls/12/0003*210/{ID}",
        '{"action":"Transfer","sendCallTo":"3334444","transferFromNumber":"0003*024","transferNumber":"0003*210"}',
        call(VIEW),
        answer=accepted(),
        left={"0003*210": "ANSWERED", "3334444": "TRYING"},
        decided=ENDS,
    ),
    Example(
        "E10 TransferToVoicemail",
        "GET /uapi/phoneCalls/12/0003*210/b817d2618fe6f1804db1",
        "",
        None,
        200,
        collection(),
        decided="the vendor shows a list of another call here; that of an unknown call is empty",
    ),
    Example(
        "E11 StartRecording",
        "PUT /uapi/phoneCall/12/0003*210/444444",
        '{"action":"StartRecording","format":"wav","phoneCallViewId":"01"}',
        call(VIEW, "444444"),
        answer=accepted("444444"),
        left={"0003*210": "CONNECTED, recorded in wav", "0003*024": "CONNECTED"},
        decided=ENDS,
    ),
    Example(
        "E12 StopRecording",
        "PUT /uapi/phoneCalls/12/0003*210/444444",
        '{"action":"StopRecording","phoneCallViewId":"01"}',
        call(RECORDED, "444444"),
        answer=accepted("444444"),
        left={"0003*210": "CONNECTED", "0003*024": "CONNECTED"},
        decided=ENDS,
    ),
    Example(
        "E13 List",
        "GET /uapi/phoneCalls/12/0003*210/b817d2618fe6f1804db1",
        "",
        call(VIEW, "b817d2618fe6f1804db1"),
        200,
        collection({**call(VIEW, "b817d2618fe6f1804db1"), "link": link("b817d2618fe6f1804db1")}),
    ),
    Example(
        "E14 Collection",
        "GET /uapi/phoneCalls/12/210/",
        "",
        call({**VIEW, "id": "00"}, "b817d2618fe6f1804db1"),
        200,
        collection({**call({**VIEW, "id": "00"}, "b817d2618fe6f1804db1"), "link": link("b817d2618fe6f1804db1")}),
        decided="numbers of extensions are answered in their extended form, though asked for by the short one",
    ),
    Example(
        "E15 PhoneCall",
        "GET /uapi/phoneCalls/@me/@self",
        "",
        call(VIEW),
        200,
        collection({**call(VIEW), "link": link()}),
    ),
    Example(
        "E16 PhoneCall",
        f"GET /uapi/phoneCalls/12/0003*210/{ID}",
        "",
        {
            "id": ID,
            "nonce": "130c5a97768be67df6543b5f5fa3cc51",
            "extension": "0003*210",
            "ownerId": "53tete535",
            "ownerName": "53tete535",
            "published": "2011-02-10T15:04:55Z",
            "answered": "2011-02-10T15:10:55Z",
            "phoneCallView": [
                {
                    "id": view_id,
                    "extension": extension,
                    "source": ["0003*211", "0003*210"],
                    "destination": ["3334444"],
                    "flow": 4,
                    "status": 3,
                    "ringing": "2011-02-10T15:04:55Z",
                    "callerID": "John Doe <3332222>",
                }
                for view_id, extension in (("00", "0003*210"), ("01", "0003*211"))
            ],
            "links": {"self": "..."},
        },
        200,
        collection(
            {
                "id": ID,
                "nonce": "130c5a97768be67df6543b5f5fa3cc51",
                "extension": "0003*210",
                "ownerId": "53tete535",
                "ownerName": "53tete535",
                "published": "2011-02-10T15:04:55Z",
                "answered": "2011-02-10T15:10:55Z",
                "phoneCallView": [
                    {
                        "id": view_id,
                        "extension": extension,
                        "source": ["0003*211", "0003*210"],
                        "destination": ["3334444"],
                        "flow": "4",
                        "status": "3",
                        "ringing": "2011-02-10T15:04:55Z",
                        "callerId": "John Doe <3332222>",
                    }
                    for view_id, extension in (("00", "0003*210"), ("01", "0003*211"))
                ],
                "link": link(),
            }
        ),
        decided="of the spellings of the vendor one is written: callerId, link, numbers as text",
    ),
    Example(
        "E17 Create simple",
        "POST /uapi/phoneCalls/@me/simple",
        '{"extension":"210","phoneCallView":[{"source":["5354353","5302040"],"destination":["5353535"],'
        '"callerId":"John Doe <4242425>"}]}',
        None,
        200,
        [
            {
                "id": "new0",
                "extension": "0003*210",
                **ORGANIZATION,
                "published": ANY,
                "phoneCallView": [],
                "links": link("new0"),
            }
        ],
        {"5354353": "TRYING", "5302040": "TRYING", "5353535": "TRYING"},
        decided="parties outside of the system have no views that are listed",
    ),
    Example(
        "E18 Create callback",
        "POST /uapi/phoneCalls/@me/callback",
        '{"extension":"212","phoneCallView":[{"source":["3334444"],"destination":["3235742879"],'
        '"callerId":"John Doe <4242425>"}]}',
        None,
        200,
        [
            {
                "id": "new0",
                "extension": "0003*212",
                **ORGANIZATION,
                "published": ANY,
                "phoneCallView": [],
                "links": {"self": "https://x.x.x.x/uapi/phoneCalls/12/0003*212/new0"},
            }
        ],
        {"3334444": "TRYING", "3235742879": "TRYING"},
    ),
    Example(
        "E19 Create conference invite",
        "POST /uapi/phoneCalls/@me/conferenceInvite?number=3&pin=2233",
        '{"extension":"211","phoneCallView":[{"source":["211"],"destination":["3235742879"],'
        '"callerId":"John Doe <4242425>"}]}',
        None,
        200,
        [
            {
                "id": "new0",
                "extension": "0003*211",
                **ORGANIZATION,
                "published": ANY,
                "phoneCallView": [
                    {
                        "id": "00",
                        "extension": "0003*211",
                        "answered": ANY,
                        "status": "4",
                        "flow": "4",
                        "callerId": "John Doe <4242425>",
                        "source": ["0003*211"],
                        "destination": ["3235742879"],
                    }
                ],
                "links": {"self": "https://x.x.x.x/uapi/phoneCalls/12/0003*211/new0"},
            }
        ],
        {"0003*211": "ANSWERED", "3235742879": "TRYING"},
        decided="the number and the PIN of a scheduled conference are not modelled",
    ),
    Example(
        "E20 Delete",
        "DELETE /uapi/phoneCalls/@me/0003*210/7d280cc4feae3255a497?phoneNumber=8887777",
        "",
        call({**VIEW, "source": ["8887777"]}, "7d280cc4feae3255a497"),
        200,
        [{"id": "7d280cc4feae3255a497"}],
        {},
        decided="the ids come as an array of calls that have but an id, for the vendor names both as the result",
    ),
    Example(
        "E20 Delete, of a number that is not in the call",
        "DELETE /uapi/phoneCalls/@me/0003*210/7d280cc4feae3255a497?phoneNumber=8887777",
        "",
        call(VIEW, "7d280cc4feae3255a497"),
        200,
        [],
        {"0003*024": "CONNECTED", "0003*210": "CONNECTED"},
    ),
    Example(
        "E21 Error body",
        f"GET /uapi/phoneCalls/12/0003*210/{ID}",
        "",
        call(VIEW),
        401,
        {"error": {"code": "access_denied", "message": ANY}},
        token="expired",  # noqa: S106  # no token at all
        decided="the code is spelled as in the vendor's table, not as in the example",
    ),
    Example(
        "E22 Token in the query",
        "GET /uapi/phoneCalls/12/0003*210/?accessRequestToken=token",
        "",
        call(VIEW),
        200,
        collection({**call(VIEW), "link": link()}),
        token=None,
    ),
)
