"""Receive what an enquiry officer photographs at a visit with the officer app, often offline.

The app announces a photo first, and sends its bytes afterwards, by upload.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.device_clock import DeviceTimes, audit_clock, describe_clock
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.receipts import get_receipt, record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.evidence.commands import ItemClaims, issue_upload_token
from bluelamp.services.firearms.commands.stages import lock_application
from bluelamp.services.firearms.commands.visit_photos import ORIGIN
from bluelamp.services.firearms.lookups.files import application_subject
from bluelamp.services.firearms.models import Check
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.checks import CheckKind
from bluelamp.services.firearms.rules.stages import Stage

RECEIPT_KIND = "visit-photo"
# What the officer found goes with the photo that shows it.
MAX_NOTE_LENGTH = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class CapturedVisitPhoto:
    """A photo as a phone announces it.

    Attributes:
        photo_id: The id that the item gets, made on the phone.
        reference: That of the application.
        size: In bytes.
        sha256: Of the photo's bytes, in lower-case hexadecimal.
        captured_at: When it was taken, by the clock as the app corrects it.
        description: What it shows and what the officer found.
        device_at: When it was sealed, by the phone's own clock.
        made_at: The same moment by the corrected clock.
        sent_at: When it was sent, by the phone's own clock.
        gps_at: As in `ItemClaims`, like `gps_device_at` and `shot`.
    """

    photo_id: UUID
    reference: str
    filename: str
    media_type: str
    size: int
    sha256: str
    captured_at: datetime
    description: str
    device_at: datetime
    made_at: datetime | None = None
    sent_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    gps_at: datetime | None = None
    gps_device_at: datetime | None = None
    shot: str = ""


@command(
    permission="firearms.check",
    act="firearms.visit_photo_announced",
    category=Category.COLLECTION,
)
def announce_visit_photo(
    *, actor: Actor, at: datetime, photo: CapturedVisitPhoto, sha256: str
) -> bool:
    """Announce a photo of a visit. Its bytes come afterwards.

    Args:
        sha256: The hash of the capture's bytes, not of the photo's.

    Returns:
        Whether it is new. One that is sent twice changes nothing.

    Raises:
        NotFound: There is no such application of the actor's force, or it needs no visit.
        Conflict: The visit is another officer's, the application is not being checked any more, or
            the id was received before with other bytes.
        Refused: It does not say what it shows, or a text cannot be stored.
    """
    description = _clean_description(photo)
    application = lock_application(actor, photo.reference)
    # Before its stage is looked at: a photo that was taken in time stays taken when it comes again.
    if not record_receipt(capture_id=photo.photo_id, sha256=sha256, kind=RECEIPT_KIND):
        record_act(application, ref=application.reference, detail={"received": "before"})
        return False
    visit = Check.objects.filter(application=application, kind=CheckKind.VISIT).first()
    if visit is None:
        raise NotFound("There is no such visit.")
    if application.stage != Stage.CHECKS:
        raise Conflict("firearms.not_at_checks")
    # A visit that nobody was named for is anybody's who may record checks.
    if visit.planned_for_id not in (None, actor.id):
        raise Conflict("firearms.visit_of_another")
    if not description:
        raise Refused("firearms.photo_note_missing", field="description")
    clock = describe_clock(
        DeviceTimes(
            # A photo taken in the future, by its own time, comes from a clock that is wrong too.
            device_at=max(photo.device_at, photo.captured_at),
            made_at=photo.made_at,
            sent_at=photo.sent_at,
            received_at=at,
        )
    )
    record_act(
        application,
        ref=application.reference,
        detail={
            "item": str(photo.photo_id),
            "sha256": photo.sha256,
            "device_at": photo.device_at.isoformat(),
            "made_at": photo.made_at.isoformat() if photo.made_at else "",
            **audit_clock(clock),
        },
    )
    return True


@command(permission="firearms.check", act="firearms.visit_photo_token_issued")
def issue_visit_photo_token(
    *, actor: Actor, at: datetime, photo: CapturedVisitPhoto, sha256: str
) -> str:
    """Return an upload token for the bytes of a photo that was announced, valid for a day.

    Args:
        sha256: The hash of the capture's bytes, as it was announced.

    Raises:
        NotFound: No such photo was announced, or there is no such application.
    """
    receipt = get_receipt(capture_id=photo.photo_id)
    application = application_policy.get(actor, reference=photo.reference)
    if receipt is None or (receipt.kind, receipt.sha256) != (RECEIPT_KIND, sha256):
        raise NotFound("There is no such photo.")
    token = issue_upload_token(
        actor=actor,
        at=at,
        # With the application's files, which few may open.
        subject=application_subject(application.id),
        max_bytes=photo.size,
        item_id=photo.photo_id,
        sha256=photo.sha256,
        claims=ItemClaims(
            origin=ORIGIN,
            description=_clean_description(photo),
            captured_at=photo.captured_at,
            latitude=photo.latitude,
            longitude=photo.longitude,
            accuracy_m=photo.accuracy_m,
            gps_at=photo.gps_at,
            gps_device_at=photo.gps_device_at,
            shot=photo.shot,
        ),
    )
    record_act(application, ref=application.reference, detail={"item": str(photo.photo_id)})
    return token


def _clean_description(photo: CapturedVisitPhoto) -> str:
    # Not cleaned like the description: a file's name is kept as the phone had it.
    reject_unstorable({"filename": photo.filename, "media_type": photo.media_type})
    return clean_text(
        photo.description,
        max_length=MAX_NOTE_LENGTH,
        field="description",
        label="firearms.file_note_label",
    )
