"""New calls: one class for each of the three kinds of request by which the service makes one.

One rule: a class holds the fields of its request and, in `field_rules`, what each of them must look like by itself.
"""

from typing import ClassVar, TypeAlias

from msgspec.structs import force_setattr

from callstate.domain import fields
from callstate.domain.field_types import numbers
from callstate.domain.fields import FieldRule
from callstate.domain.model import DEFAULT_WAIT

_SHOWN_TO_SOURCE = (fields.CALLER_ID, fields.CALLER_ID_LENGTH)
_SHOWN_TO_DESTINATION = (fields.CALLER_DESTINATION, fields.CALLER_DESTINATION_LENGTH)


class _Create(fields.Judged, frozen=True, gc=False, kw_only=True):
    """What every new call has: the extension it is charged to, and the numbers it connects.

    `caller_id` is what the source sees. A phone rings `wait_for_pickup` seconds (1 to 3600, `wait_for_pickup_invalid`);
    the default of 25 is the vendor's, the bounds are callstate's. `nonce` (at most 255 characters, `nonce_invalid`) is
    kept for the client, and does not make a second request a repeat. A request has at most 100 sources and at most 100
    destinations.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (*_SHOWN_TO_SOURCE, fields.WAIT, fields.NONCE)

    call_id: str
    extension: str
    source: tuple[str, ...]
    destination: tuple[str, ...]
    owner_id: str | None = None
    owner_name: str | None = None
    caller_id: str | None = None
    nonce: str | None = None
    wait_for_pickup: int | str = DEFAULT_WAIT

    def __post_init__(self) -> None:
        force_setattr(self, "source", numbers("source", self.source))
        force_setattr(self, "destination", numbers("destination", self.destination))


class CreateSimple(_Create, frozen=True, gc=False, kw_only=True):
    """Ring each source; when the first is up, ring each destination. Both may be extensions or outside numbers.

    `call_duration` limits the whole call (1 to 86400 seconds, `call_duration_invalid`); without it there is no limit,
    because the vendor's is a setting of its system. A call to outside numbers can be transferred only with
    `allow_public_transfer`, which means nothing for a call to extensions. `caller_destination` is what the destination
    sees (`caller_id_invalid`).
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (
        *_SHOWN_TO_SOURCE,
        *_SHOWN_TO_DESTINATION,
        fields.WAIT,
        fields.DURATION,
        fields.NONCE,
    )

    caller_destination: str | None = None
    call_duration: int | str | None = None
    allow_public_transfer: bool = False


class CreateCallback(_Create, frozen=True, gc=False, kw_only=True):
    """Call an outside number back, then connect it to another outside number; the callback extension is charged.

    Extensions as source or destination are refused: `source_invalid`, `destination_invalid`; the vendor's page says
    that both are public numbers.
    """

    field_rules: ClassVar[tuple[FieldRule, ...]] = (*_SHOWN_TO_SOURCE, fields.WAIT, fields.DURATION, fields.NONCE)

    call_duration: int | str | None = None


class CreateConferenceInvite(_Create, frozen=True, gc=False, kw_only=True):
    """Ring each destination for a conference: the only source is `extension`, a conference, which is up immediately.

    Each guest stands on a side of its own, so all who answer are in the conference; extensions and outside numbers may
    be invited together. Any other source is refused with `source_invalid`: the vendor's example has it so.
    """


Create: TypeAlias = CreateSimple | CreateCallback | CreateConferenceInvite
