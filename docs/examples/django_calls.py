"""Call control in Django: calls in a table with a version, a path for actions, refusals as problem+json.

One rule: a call is stored only if nobody has stored it since it was read; otherwise the action is applied again.
In a project of yours the settings are in its own module, and the extension is that of `request.user`.
"""

from datetime import UTC, datetime
from typing import Any

import django
import msgspec
from django.conf import settings
from django.db import models
from django.http import HttpRequest, JsonResponse
from django.urls import path

from callstate import DomainError, PhoneCall
from callstate.voipnow.service import participants
from callstate.voipnow.wire import apply_body, encode_call, http_status

if not settings.configured:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": "calls.sqlite3"}
    settings.configure(ROOT_URLCONF=__name__, DATABASES={"default": database}, USE_TZ=True)
    django.setup()

EXTENSIONS = {"alice": "0003*210", "bob": "0003*024"}
"""Who may ask, by bearer token."""


class CallField(models.BinaryField):  # type: ignore[misc]  # Django has no types
    """A column for a whole call."""

    def from_db_value(self, value: bytes | None, *_: Any) -> PhoneCall | None:  # Any: what Django passes
        """Read a call."""
        return None if value is None else msgspec.json.decode(value, type=PhoneCall)

    def get_prep_value(self, value: PhoneCall | None) -> bytes | None:
        """Write a call."""
        return None if value is None else msgspec.json.encode(value)


class StoredCall(models.Model):  # type: ignore[misc]  # Django has no types
    """A call and what is looked for: its id, its version, and when it changes by itself."""

    id = models.CharField(max_length=255, primary_key=True)
    version = models.IntegerField()
    deadline = models.DateTimeField(null=True, db_index=True)
    call = CallField()

    class Meta:
        """It belongs to an application of this name."""

        app_label = "calls"

    def __str__(self) -> str:
        return str(self.call)


def act(request: HttpRequest, call_id: str) -> JsonResponse:
    """POST an action, on behalf of the extension that the token stands for."""
    extension = EXTENSIONS.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if extension is None:
        return JsonResponse({"status": 401}, status=401, content_type="application/problem+json")
    while True:
        before = visible(call_id, extension)
        answer = apply_body(before, request.body, call_id=call_id, extension=extension, at=datetime.now(UTC))
        if isinstance(answer, DomainError):
            return refused(answer)
        if before is not None and (answer is before or kept(before, answer)):
            return JsonResponse(msgspec.json.decode(encode_call(answer)))


def visible(call_id: str, extension: str) -> PhoneCall | None:
    """Return a call that has to do with the extension; to all others it is as if there were none."""
    call = StoredCall.objects.filter(pk=call_id).values_list("call", flat=True).first()
    return call if call is not None and extension in participants(call) else None


def kept(before: PhoneCall, after: PhoneCall) -> bool:
    """Store a call, unless somebody else has stored it since it was read."""
    unchanged = StoredCall.objects.filter(pk=before.id, version=before.version)
    return bool(unchanged.update(version=after.version, deadline=after.deadline, call=after))


def refused(error: DomainError) -> JsonResponse:
    """Answer a refusal as problem+json (RFC 9457)."""
    status = http_status(error.code)
    problem = {"title": error.code, "status": status, "detail": error.message, "allowed": error.allowed}
    return JsonResponse(problem, status=status, content_type="application/problem+json")


urlpatterns = [path("calls/<call_id>/actions", act)]
