"""Items of a crime.

A phone announces an item first and sends its bytes afterwards, by upload, perhaps much later.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from bluelamp.casework.crimes.models import CrimeItem
from bluelamp.casework.crimes.policy import crime_item_policy, crime_policy
from bluelamp.casework.crimes.rules import ItemAnnouncement, SceneItem, crime_subject
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel import clock as our_clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.device_clock import (
    ClockRecord,
    DeviceTimes,
    audit_clock,
    describe_clock,
)
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.evidence.commands import ItemClaims, issue_upload_token
from bluelamp.records.evidence.models import Item


@command(permission="evidence.take_in", act="crime.item_captured", category=Category.COLLECTION)
def announce_captured_item(*, actor: Actor, at: datetime, capture: SceneItem, sha256: str) -> bool:
    """Announce an item that was captured on a device for a crime. Its bytes come afterwards.

    Args:
        capture: What the device says about the item.
        sha256: The hash of the capture's bytes, not of the item's.

    Returns:
        Whether the capture is new. One that is sent twice changes nothing.

    Raises:
        NotFound: The crime is another force's, or has not arrived yet.
        Conflict: The id was received before with other bytes.
        Refused: A field is too long or cannot be stored.
    """
    crime = crime_policy.get(actor, id=capture.crime_id)
    number = str(crime.number)
    item_id = str(capture.item_id)
    if not record_receipt(capture_id=capture.item_id, sha256=sha256, kind="item"):
        record_act(crime, ref=number, detail={"item": item_id, "received": "before"})
        return False
    clock = describe_clock(
        DeviceTimes(
            # A photo taken in the future, by its own time, comes from a clock that is wrong too.
            device_at=max(capture.device_at, capture.captured_at),
            made_at=capture.made_at,
            sent_at=capture.sent_at,
            received_at=at,
        )
    )
    CrimeItem.objects.create(
        crime=crime,
        announced_item_id=capture.item_id,
        added_at=at,
        announcement=_to_announcement(capture, clock),
    )
    record_act(
        crime,
        ref=number,
        detail={
            "item": item_id,
            "sha256": capture.sha256,
            **audit_clock(clock),
        },
    )
    return True


@command(permission="upload.token", act="crime.item_token_issued")
def issue_item_token(*, actor: Actor, at: datetime, item_id: UUID, size: int, sha256: str) -> str:
    """Return an upload token for the bytes of an item that a device announced, valid for a day.

    Args:
        item_id: The announced item.
        size: The number of bytes that the device will send.
        sha256: The hash of those bytes, in lower-case hexadecimal.

    Raises:
        NotFound: Nobody announced such an item in the actor's force.
        Conflict: The size or the hash is not the one announced.
    """
    announced = (
        crime_item_policy.queryset(actor)
        .select_related("crime__number")
        # Only what a device announced has a size and a hash that the bytes can be held to.
        .exclude(announcement={})
        .filter(announced_item_id=item_id)
        .first()
    )
    if announced is None:
        raise NotFound(crime_item_policy.not_found)
    announcement: ItemAnnouncement = announced.announcement
    if (announcement["size"], announcement["sha256"]) != (size, sha256):
        raise Conflict("crimes.item_differs")
    token = issue_upload_token(
        actor=actor,
        at=at,
        subject=crime_subject(announced.crime_id),
        max_bytes=size,
        item_id=item_id,
        sha256=sha256,
        claims=ItemClaims.from_data(announcement["about"]),
    )
    crime = announced.crime
    record_act(crime, ref=str(crime.number), detail={"item": str(item_id)})
    return token


@command(permission="evidence.take_in", act="crime.item_added", category=Category.COLLECTION)
def add_item(*, actor: Actor, at: datetime, crime_id: UUID, item_id: UUID) -> None:
    """Add an item to a crime. Its bytes may come later; an item that is there already stays.

    Raises NotFound for a crime that is not in the actor's force.
    """
    crime = crime_policy.get(actor, id=crime_id)
    is_received = Item.objects.filter(id=item_id).exists()
    CrimeItem.objects.bulk_create(
        [
            CrimeItem(
                crime=crime,
                announced_item_id=item_id,
                item_id=item_id if is_received else None,
                added_at=at,
            )
        ],
        # A phone that missed our answer announces the item again.
        ignore_conflicts=True,
    )
    record_act(crime, ref=str(crime.number), detail={"item": str(item_id)})


@command(permission="evidence.take_in", act="crime.items_received")
def connect_received_items(*, actor: Actor, at: datetime) -> int:
    """Connect the force's announced items with the evidence that has arrived for them.

    Returns how many were connected.
    """
    announced = crime_item_policy.queryset(actor).filter(item=None)
    arrived = Item.objects.filter(id__in=announced.values("announced_item_id"))
    count = announced.filter(announced_item_id__in=arrived.values("id")).update(
        item_id=F("announced_item_id")
    )
    record_act(None, detail={"count": count})
    return count


@periodic(cron="*/10 * * * *", name="crimes.connect_received_items", queue=Queue.BULK)
def connect_received_items_every_ten_minutes() -> None:
    """Connect what arrived since the last run, force by force."""
    announced = CrimeItem.objects.filter(item=None)
    arrived = Item.objects.filter(id__in=announced.values("announced_item_id"))
    # A command acts for one force, and policies show an actor the rows of one.
    for force in sorted(set(arrived.values_list("force", flat=True))):
        actor = Actor.system("item register", force=force, permissions={"evidence.take_in"})
        connect_received_items(actor=actor, at=our_clock.now())


def _to_announcement(capture: SceneItem, clock: ClockRecord) -> ItemAnnouncement:
    # Not cleaned like the description: a file's name is kept as the device had it.
    reject_unstorable({"filename": capture.filename, "media_type": capture.media_type})
    claims = ItemClaims(
        origin="officer app",
        description=clean_text(
            capture.description,
            max_length=4000,
            field="description",
            label="crimes.description_label",
        ),
        captured_at=capture.captured_at,
        latitude=capture.latitude,
        longitude=capture.longitude,
        accuracy_m=capture.accuracy_m,
        gps_at=capture.gps_at,
        gps_device_at=capture.gps_device_at,
        shot=capture.shot,
    )
    return ItemAnnouncement(
        size=capture.size,
        sha256=capture.sha256,
        filename=capture.filename,
        media_type=capture.media_type,
        device_id=str(capture.device_id),
        device_at=capture.device_at.isoformat(),
        about=claims.as_data(),
        clock=clock,
    )
